/* SPDX-License-Identifier: MIT */
/*
 * Histories, message_ids, tickets and revocations in a SQLite file, so that they survive the process. A component of its own: a program
 * that does not use it links no SQLite. Order: use → transactions.
 *
 * The tables' names begin with "msgc_"; a program may keep its own tables in the same file, and then its rows and what the groups' members
 * are told of them share one transaction. The file is one server's: a second one that opens it refuses to start.
 */
#ifndef MSGC_SQLITE_H
#define MSGC_SQLITE_H

#include <sqlite3.h>

#include <msgc/server.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Keeps them in `file`, which is opened when the server starts and created where it is missing (mode 0600). NULL: in what the key `sqlite-file`
 * says, in memory where that is empty. Before the server runs, once. What is wrong with the file (damaged, another server's, of a newer
 * version, locked) makes msgc_server_run() refuse to start and say why. MSGC_EINVAL, MSGC_ENOMEM.
 */
int msgc_server_use_sqlite(struct msgc_server *server, const char *file);

/*
 * One transaction for the program's rows and the groups' messages. On one thread (a pool thread: all of this blocks), after BEGIN IMMEDIATE on a
 * connection of the program's to the same file:
 *
 *     result = msgc_sqlite_join(server, db, &transaction);
 *     ... rows; then, typed as always: rooms_chat_room_broadcast_chat_posted(server, ...)
 *     result = msgc_sqlite_commit(transaction);
 *
 * From join to commit or rollback everything that this thread broadcasts belongs to the transaction: messages of a history are numbered and
 * stored in it at once, and the members get all of it, in order, when it has been committed. If the process dies right behind the commit, members that come
 * back find it in the history. A broadcast that fails says so; then roll back.
 */
struct msgc_sqlite_transaction;

/*
 * MSGC_EINVAL: `db` is in no transaction, is not the server's file, or this thread has joined one already; the server does not use SQLite.
 * MSGC_EGONE: it does not run (any more). MSGC_ENOMEM.
 */
int msgc_sqlite_join(struct msgc_server *server, sqlite3 *db, struct msgc_sqlite_transaction **ret);

/*
 * Executes COMMIT and tells the members. On failure (MSGC_EBUSY: locked; MSGC_EIO: the disk is full or broken, the file is damaged) the
 * transaction has been rolled back and nobody hears of anything. MSGC_ETIMEOUT: so it has, but if the process is killed now it may turn out to have
 * happened after all; a handler that returns this code keeps the frame's message_id from having a second effect. Frees `transaction` either way. A group that is `durable` wants PRAGMA synchronous to be
 * FULL or EXTRA on `db`: its broadcasts fail with MSGC_EINVAL otherwise.
 */
int msgc_sqlite_commit(struct msgc_sqlite_transaction *transaction);

/* Executes ROLLBACK where SQLite has not done so itself. Nobody hears of anything. Accepts NULL. */
void msgc_sqlite_rollback(struct msgc_sqlite_transaction *transaction);

#ifdef __cplusplus
}
#endif

#endif
