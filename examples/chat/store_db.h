/* SPDX-License-Identifier: MIT */
/*
 * Inside the store: the pool of connections, prepared statements, transactions and what SQLite's
 * results mean. The files that ask the database something (store_accounts.c, store_rooms.c) stand
 * on this; nobody else includes it.
 */
#ifndef CHAT_STORE_DB_H
#define CHAT_STORE_DB_H

#include <pthread.h>
#include <sodium.h>
#include <sqlite3.h>

#include "store.h"

enum { STORE_CONNECTIONS_MAX = 16 };

enum store_statement {
	STORE_SQL_BEGIN,
	STORE_SQL_COMMIT,
	STORE_SQL_ROLLBACK,
	STORE_SQL_USER_INSERT,
	STORE_SQL_USER_BY_NAME,
	STORE_SQL_SESSION_INSERT,
	STORE_SQL_SESSION_LOOKUP,
	STORE_SQL_SESSION_TOUCH,
	STORE_SQL_SESSION_DELETE,
	STORE_SQL_SESSION_EXPIRE,
	STORE_SQL_SESSION_PRUNE,
	STORE_SQL_ROOM_COUNT,
	STORE_SQL_ROOM_INSERT,
	STORE_SQL_ROOM_LIST,
	STORE_SQL_ROOM_BY_SLUG,
	STORE_SQL_ROOM_BY_ID,
	STORE_SQL_MEMBER_INSERT,
	STORE_SQL_MEMBER_EXISTS,
	STORE_SQL_MESSAGE_INSERT,
	STORE_SQL_MESSAGE_LAST,
	STORE_SQL_COUNT,
};

struct store_conn {
	struct store_conn *next; /* in the list of free ones */
	sqlite3 *db;
	sqlite3_stmt *statements[STORE_SQL_COUNT];
};

struct store {
	struct store_options options;
	pthread_mutex_t lock; /* guards `free`, nothing else */
	pthread_cond_t returned;
	struct store_conn *free;
	struct store_conn conns[STORE_CONNECTIONS_MAX];
	char nobodys_hash[crypto_pwhash_STRBYTES]; /* what an unknown name's password is checked
	                                              against */
};

/* What a result code of SQLite, plain or extended, means to callers of the store. */
int store__result(int sqlite_code);
int64_t store__now(const struct store *store);

int store__borrow(struct store *store, struct store_conn **ret_conn);
void store__return(struct store *store, struct store_conn *conn);

/*
 * One run of a prepared statement: bind, then store__run(), store__insert() or store__row() …
 * store__done(). The first error is kept and makes the rest do nothing, so that only the last
 * step's result needs a look. What is bound is borrowed until the run has ended.
 */
struct store_query {
	sqlite3_stmt *statement;
	int result;
};

struct store_query store__query(struct store_conn *conn, enum store_statement which);
void store__bind_int(struct store_query *query, int at, int64_t value);
void store__bind_text(struct store_query *query, int at, struct store_text text);
void store__bind_blob(struct store_query *query, int at, const void *bytes, size_t len);
/* The next row: 0, ENOTFOUND when there is none (left), or an error. */
int store__row(struct store_query *query);
/*
 * A column of at most `max` bytes, borrowed until the next row. ECORRUPT where it is longer: such a
 * row is not ours.
 */
int store__column(
        const struct store_query *query, int column, size_t max, struct store_text *ret_text);
/* The same into a buffer, with a final NUL. */
int store__column_text(const struct store_query *query, int column, char *buffer, size_t size);
/* Ends a run early. */
void store__done(struct store_query *query);
/* Runs a statement that gives no rows. */
int store__run(struct store_query *query);
/* Runs an INSERT … RETURNING id of one row. ENOTFOUND: nothing was inserted. */
int store__insert(struct store_query *query, int64_t *ret_id);

int store__exec(struct store_conn *conn, const char *sql);

/* Takes the write lock at once, so that nothing inside can fail for want of it. */
int store__begin(struct store_conn *conn);
/* Commits if `result` is 0, rolls back if not. Returns `result`, or what became of the commit. */
int store__end(struct store_conn *conn, int result);

/* Brings the database up to this version's schema, in one transaction (schema and demo data). */
int store__migrate(struct store *store, struct store_conn *conn);

/* store_accounts.c: also for the demo data, which comes before anyone can call. */
int store__password_hash(struct store_text password, char ret_hash[crypto_pwhash_STRBYTES]);
int store__user_insert(struct store *store, struct store_conn *conn, const struct store_user *user,
        const char *hash, int64_t *ret_id);
/* store_rooms.c */
int store__room_insert(struct store *store, struct store_conn *conn, struct store_text slug,
        struct store_text title, int64_t *ret_id);
int store__member_insert(
        struct store *store, struct store_conn *conn, int64_t room_id, int64_t user_id);

/*
 * store_text.c. Valid UTF-8 (RFC 3629) of min to max code points; `plain`: no control characters
 * (C0, DEL, C1).
 */
bool store__text_fits(struct store_text text, size_t min, size_t max, bool plain);
bool store__name_fits(struct store_text name);
/*
 * Writes a slug for a title; never empty, at most STORE_SLUG_MAX less room for "-" and `digits`
 * more.
 */
void store__slug(struct store_text title, size_t room_for, char ret_slug[STORE_SLUG_MAX + 1]);

#endif
