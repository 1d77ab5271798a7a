/* SPDX-License-Identifier: MIT */
/*
 * A transaction of the program's that groups' messages belong to: they are numbered and stored on its connection, and told when it has been
 * committed. It must not know what else stands in the transaction.
 */
#include <msgc/sqlite.h>

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "sqlite.h"

#include "../server/core.h"
#include "../server/container.h"
#include "../server/group.h"

struct msgc_sqlite_transaction {
	struct msgc__scope_of_thread scope;
	struct msgc__sqlite *sqlite;
	struct msgc__sqlite_file file;   /* the program's connection */
	sqlite3_stmt *commit, *rollback; /* ready: they must not fail for want of memory */
	struct msgc__publication *first, **last;
	uint64_t kept;
	int result; /* of the first that failed: then nothing can be committed */
};

static int read_synchronous(sqlite3 *db)
{
	sqlite3_stmt *statement = NULL;
	int value = 0;

	if (sqlite3_prepare_v2(db, "PRAGMA synchronous", -1, &statement, NULL) == SQLITE_OK &&
	        sqlite3_step(statement) == SQLITE_ROW)
		value = sqlite3_column_int(statement, 0);
	sqlite3_finalize(statement);
	return value;
}

static int check_durable(
        struct msgc_sqlite_transaction *transaction, const struct msgc__publication *publication)
{
	enum { FULL = 2 };

	if (!publication->group_kind->history.durable ||
	        read_synchronous(transaction->file.db) >= FULL)
		return 0;
	msgc_log(transaction->scope.server, MSGC_LOG_ERROR, "store.not_durable",
	        "group=%s detail=\"PRAGMA synchronous must be FULL on the program's connection\"",
	        publication->group_kind->name);
	return MSGC_EINVAL;
}

static int store(struct msgc_sqlite_transaction *transaction, struct msgc__publication *publication)
{
	struct msgc__sqlite *sqlite = transaction->sqlite;
	int result;

	if (!publication->kept)
		return msgc__sqlite_head(&transaction->file, publication);
	result = check_durable(transaction, publication);
	if (result == 0)
		result = msgc__sqlite_append(
		        &transaction->file, publication, msgc__sqlite_now(sqlite));
	if (result == 0)
		transaction->kept++;
	else if (result != MSGC_EINVAL)
		msgc__sqlite_note(sqlite, transaction->file.db, result);
	return result;
}

static int take(struct msgc__scope_of_thread *scope, struct msgc__publication *publication)
{
	struct msgc_sqlite_transaction *transaction =
	        MSGC__CONTAINER_OF(scope, struct msgc_sqlite_transaction, scope);
	int result = transaction->result;

	if (result == 0 && publication->group_kind && msgc__history_is(publication->group_kind))
		result = store(transaction, publication);
	if (result < 0) {
		transaction->result = result;
		msgc__publication_unref(publication);
		return result;
	}
	publication->next = NULL;
	*transaction->last = publication;
	transaction->last = &publication->next;
	return 0;
}

static bool is_same_file(const struct msgc__sqlite *sqlite, sqlite3 *db)
{
	const char *name = sqlite3_db_filename(db, "main");
	struct stat status;

	return name && stat(name, &status) == 0 && status.st_dev == sqlite->device &&
	        status.st_ino == sqlite->inode;
}

static void free_transaction(struct msgc_sqlite_transaction *transaction)
{
	sqlite3_finalize(transaction->commit);
	sqlite3_finalize(transaction->rollback);
	free(transaction);
}

int msgc_sqlite_join(struct msgc_server *server, sqlite3 *db, struct msgc_sqlite_transaction **ret)
{
	struct msgc__sqlite *sqlite = server ? msgc__sqlite_of(server) : NULL;
	struct msgc_sqlite_transaction *transaction;

	if (!server || !db || !ret || msgc__publication_scope() || sqlite3_get_autocommit(db))
		return MSGC_EINVAL;
	if (!sqlite)
		return server->backend ? MSGC_EINVAL : MSGC_EGONE;
	if (!atomic_load(&sqlite->running))
		return MSGC_EGONE;
	if (!is_same_file(sqlite, db))
		return MSGC_EINVAL;
	transaction = calloc(1, sizeof *transaction);
	if (!transaction)
		return MSGC_ENOMEM;
	transaction->scope.server = server;
	transaction->scope.publish = take;
	transaction->sqlite = sqlite;
	transaction->file.db = db;
	transaction->file.borrowed = true;
	transaction->last = &transaction->first;
	if (sqlite3_prepare_v2(db, "COMMIT", -1, &transaction->commit, NULL) != SQLITE_OK ||
	        sqlite3_prepare_v2(db, "ROLLBACK", -1, &transaction->rollback, NULL) != SQLITE_OK) {
		free_transaction(transaction);
		return MSGC_ENOMEM;
	}
	msgc__publication_set_scope(&transaction->scope);
	*ret = transaction;
	return MSGC_OK;
}

static void end(struct msgc_sqlite_transaction *transaction)
{
	while (transaction->first) {
		struct msgc__publication *publication = transaction->first;

		transaction->first = publication->next;
		msgc__publication_unref(publication);
	}
	msgc__publication_set_scope(NULL);
	free_transaction(transaction);
}

int msgc_sqlite_commit(struct msgc_sqlite_transaction *transaction)
{
	struct msgc__sqlite *sqlite = transaction->sqlite;
	int result = transaction->result;

	if (result < 0) {
		msgc_sqlite_rollback(transaction);
		return result;
	}
	pthread_mutex_lock(&sqlite->order);
	result =
	        msgc__sqlite_commit(&transaction->file, transaction->commit, transaction->rollback);
	for (struct msgc__publication *p = transaction->first; p && result == 0; p = p->next)
		msgc__sqlite_tell(sqlite, p, MSGC__NOBODY);
	pthread_mutex_unlock(&sqlite->order);
	msgc__sqlite_note(sqlite, transaction->file.db, result);
	if (result < 0) {
		msgc_sqlite_rollback(transaction);
		return result;
	}
	msgc__counter_share(&transaction->scope.server->shared_metrics.kept, transaction->kept);
	end(transaction);
	return MSGC_OK;
}

void msgc_sqlite_rollback(struct msgc_sqlite_transaction *transaction)
{
	if (!transaction)
		return;
	if (!sqlite3_get_autocommit(transaction->file.db))
		(void)sqlite3_step(transaction->rollback);
	end(transaction);
}
