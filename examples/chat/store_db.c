/* SPDX-License-Identifier: MIT */
/*
 * Opening the database, the pool of connections, statements and transactions. Knows SQL's rules,
 * not the chat's: what is asked stands in the table below, what the answers mean in
 * store_accounts.c and store_rooms.c.
 */
#include "store_db.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { CONNECTIONS_DEFAULT = 4, BUSY_TIMEOUT_DEFAULT_MS = 2000, ROW_BYTES_MAX = 1 << 20 };

#define ROOM_COLUMNS                                                                               \
	"SELECT r.id, r.slug, r.title, "                                                           \
	"(SELECT count(*) FROM members m WHERE m.room_id = r.id), "                                \
	"coalesce((SELECT g.created_at FROM messages g WHERE g.room_id = r.id ORDER BY g.id DESC " \
	"LIMIT 1), 0), "                                                                           \
	"EXISTS (SELECT 1 FROM members m WHERE m.room_id = r.id AND m.user_id = ?1) AS mine FROM " \
	"rooms r "

static const char *const sql_of[STORE_SQL_COUNT] = {
        [STORE_SQL_BEGIN] = "BEGIN IMMEDIATE",
        [STORE_SQL_COMMIT] = "COMMIT",
        [STORE_SQL_ROLLBACK] = "ROLLBACK",
        [STORE_SQL_USER_INSERT] = "INSERT INTO users (name, display, password, created_at) VALUES "
                                  "(?1, ?2, ?3, ?4) RETURNING id",
        [STORE_SQL_USER_BY_NAME] = "SELECT id, name, display, password FROM users WHERE name = ?1",
        [STORE_SQL_SESSION_INSERT] =
                "INSERT INTO sessions (hash, user_id, created_at, expires_at, seen_at) "
                "VALUES (?1, ?2, ?3, ?4, ?3)",
        [STORE_SQL_SESSION_LOOKUP] =
                "SELECT u.id, u.name, u.display, s.created_at, s.expires_at, s.seen_at FROM "
                "sessions s "
                "JOIN users u ON u.id = s.user_id WHERE s.hash = ?1 AND s.expires_at > ?2",
        [STORE_SQL_SESSION_TOUCH] = "UPDATE sessions SET seen_at = ?2 WHERE hash = ?1",
        [STORE_SQL_SESSION_DELETE] = "DELETE FROM sessions WHERE hash = ?1",
        [STORE_SQL_SESSION_EXPIRE] = "DELETE FROM sessions WHERE expires_at <= ?1",
        [STORE_SQL_SESSION_PRUNE] =
                "DELETE FROM sessions WHERE user_id = ?1 AND rowid NOT IN (SELECT rowid FROM "
                "sessions WHERE user_id = ?1 ORDER BY created_at DESC, rowid DESC LIMIT ?2)",
        [STORE_SQL_ROOM_COUNT] = "SELECT count(*) FROM rooms",
        [STORE_SQL_ROOM_INSERT] =
                "INSERT INTO rooms (slug, title, created_at) VALUES (?1, ?2, ?3) RETURNING id",
        [STORE_SQL_ROOM_LIST] =
                ROOM_COLUMNS "ORDER BY mine DESC, r.title COLLATE NOCASE, r.id LIMIT ?2",
        [STORE_SQL_ROOM_BY_SLUG] = ROOM_COLUMNS "WHERE r.slug = ?2",
        [STORE_SQL_ROOM_BY_ID] = ROOM_COLUMNS "WHERE r.id = ?2",
        [STORE_SQL_MEMBER_INSERT] =
                "INSERT INTO members (room_id, user_id, joined_at) VALUES (?1, ?2, ?3) "
                "ON CONFLICT (room_id, user_id) DO NOTHING",
        [STORE_SQL_MEMBER_EXISTS] = "SELECT 1 FROM members WHERE room_id = ?1 AND user_id = ?2",
        [STORE_SQL_MESSAGE_INSERT] =
                "INSERT INTO messages (room_id, user_id, body, created_at) SELECT room_id, "
                "user_id, ?3, ?4 "
                "FROM members WHERE room_id = ?1 AND user_id = ?2 RETURNING id",
        [STORE_SQL_MESSAGE_LAST] =
                "SELECT id, user_id, created_at, name, display, body FROM (SELECT g.id, g.user_id, "
                "g.created_at, "
                "u.name, u.display, g.body FROM messages g JOIN users u ON u.id = g.user_id "
                "WHERE g.room_id = ?1 ORDER BY g.id DESC LIMIT ?2) ORDER BY id",
};

int store__result(int sqlite_code)
{
	switch (sqlite_code) {
	case SQLITE_CONSTRAINT_UNIQUE:
	case SQLITE_CONSTRAINT_PRIMARYKEY: return STORE_ETAKEN;
	}
	switch (sqlite_code & 0xff) {
	case SQLITE_OK:
	case SQLITE_ROW:
	case SQLITE_DONE: return STORE_OK;
	case SQLITE_BUSY:
	case SQLITE_LOCKED: return STORE_EBUSY;
	case SQLITE_FULL: return STORE_EFULL;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB: return STORE_ECORRUPT;
	case SQLITE_CONSTRAINT: return STORE_ECONSTRAINT;
	case SQLITE_NOMEM: return STORE_ENOMEM;
	case SQLITE_TOOBIG: return STORE_EINVAL;
	default: return STORE_EIO;
	}
}

const char *store_strerror(int code)
{
	switch (code) {
	case STORE_OK: return "no error";
	case STORE_EINVAL: return "a value is outside its bounds";
	case STORE_ENOMEM: return "out of memory";
	case STORE_EBUSY: return "the database is locked by somebody else";
	case STORE_EFULL: return "the disk is full, or the database as large as it may be";
	case STORE_ECORRUPT: return "the file is damaged or no database";
	case STORE_EIO: return "the file cannot be opened, read or written";
	case STORE_ETAKEN: return "the name is taken";
	case STORE_ECONSTRAINT: return "it refers to something that does not exist";
	case STORE_ENOTFOUND: return "there is no such thing";
	case STORE_EDENIED: return "not allowed";
	case STORE_ELIMIT: return "there are as many as there may be";
	case STORE_EVERSION:
		return "the database belongs to another program or to a newer version of this one";
	case STORE_EUNKNOWN: return "nobody knows whether it has been stored";
	default: return "unknown error";
	}
}

int64_t store__now(const struct store *store)
{
	struct timespec now;

	if (store->options.now_ms)
		return store->options.now_ms(store->options.now_ctx);
	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static struct timespec deadline_in(unsigned milliseconds)
{
	struct timespec at;

	clock_gettime(CLOCK_MONOTONIC, &at);
	at.tv_sec += (time_t)(milliseconds / 1000);
	at.tv_nsec += (long)(milliseconds % 1000) * 1000000;
	if (at.tv_nsec >= 1000000000) {
		at.tv_nsec -= 1000000000;
		at.tv_sec++;
	}
	return at;
}

int store__borrow(struct store *store, struct store_conn **ret_conn)
{
	struct timespec deadline = deadline_in(store->options.busy_timeout_ms);
	int waited = 0;

	pthread_mutex_lock(&store->lock);
	while (!store->free && waited != ETIMEDOUT)
		waited = pthread_cond_timedwait(&store->returned, &store->lock, &deadline);
	if (store->free) {
		*ret_conn = store->free;
		store->free = (*ret_conn)->next;
		waited = 0;
	}
	pthread_mutex_unlock(&store->lock);
	return waited ? STORE_EBUSY : STORE_OK;
}

void store__return(struct store *store, struct store_conn *conn)
{
	pthread_mutex_lock(&store->lock);
	conn->next = store->free;
	store->free = conn;
	pthread_cond_signal(&store->returned);
	pthread_mutex_unlock(&store->lock);
}

struct store_query store__query(struct store_conn *conn, enum store_statement which)
{
	struct store_query query = {NULL, STORE_OK};

	if (!conn->statements[which])
		query.result = store__result(sqlite3_prepare_v3(conn->db, sql_of[which], -1,
		        SQLITE_PREPARE_PERSISTENT, &conn->statements[which], NULL));
	query.statement = conn->statements[which];
	return query;
}

void store__bind_int(struct store_query *query, int at, int64_t value)
{
	if (!query->result)
		query->result = store__result(sqlite3_bind_int64(query->statement, at, value));
}

/* SQLITE_STATIC: what callers lend outlives the run, and store__done() forgets it. */
void store__bind_text(struct store_query *query, int at, struct store_text text)
{
	/* A NULL pointer would bind NULL, not the empty text. */
	const char *ptr = text.len ? text.ptr : "";

	if (!query->result)
		query->result = store__result(sqlite3_bind_text64(
		        query->statement, at, ptr, text.len, SQLITE_STATIC, SQLITE_UTF8));
}

void store__bind_blob(struct store_query *query, int at, const void *bytes, size_t len)
{
	if (!query->result)
		query->result = store__result(
		        sqlite3_bind_blob64(query->statement, at, bytes, len, SQLITE_STATIC));
}

int store__row(struct store_query *query)
{
	int code;

	if (query->result)
		return query->result;
	code = sqlite3_step(query->statement);
	if (code == SQLITE_ROW)
		return STORE_OK;
	query->result = code == SQLITE_DONE ? STORE_ENOTFOUND : store__result(code);
	return query->result;
}

int store__column(
        const struct store_query *query, int column, size_t max, struct store_text *ret_text)
{
	const unsigned char *text = sqlite3_column_text(query->statement, column);
	int len = sqlite3_column_bytes(query->statement, column);

	if (!text)
		return sqlite3_column_type(query->statement, column) == SQLITE_NULL ? STORE_ECORRUPT
		                                                                    : STORE_ENOMEM;
	if (len < 0 || (size_t)len > max)
		return STORE_ECORRUPT;
	*ret_text = (struct store_text){(const char *)text, (size_t)len};
	return STORE_OK;
}

int store__column_text(const struct store_query *query, int column, char *buffer, size_t size)
{
	struct store_text text;
	int result = store__column(query, column, size - 1, &text);

	if (result)
		return result;
	memcpy(buffer, text.ptr, text.len);
	buffer[text.len] = '\0';
	return STORE_OK;
}

void store__done(struct store_query *query)
{
	if (!query->statement) /* it could not be prepared */
		return;
	sqlite3_reset(query->statement);
	sqlite3_clear_bindings(query->statement);
}

int store__run(struct store_query *query)
{
	int result = store__row(query);

	store__done(query);
	return result == STORE_ENOTFOUND ? STORE_OK : result;
}

int store__insert(struct store_query *query, int64_t *ret_id)
{
	int64_t id = 0;
	int result = store__row(query);

	if (!result) {
		id = sqlite3_column_int64(query->statement, 0);
		/*
		 * Outside a transaction the commit comes with the step after the last row, and may
		 * fail.
		 */
		result = store__row(query);
		result = result == STORE_ENOTFOUND ? STORE_OK : result;
	}
	store__done(query);
	if (!result)
		*ret_id = id;
	return result;
}

int store__exec(struct store_conn *conn, const char *sql)
{
	return store__result(sqlite3_exec(conn->db, sql, NULL, NULL, NULL));
}

int store__begin(struct store_conn *conn)
{
	struct store_query begin = store__query(conn, STORE_SQL_BEGIN);

	return store__run(&begin);
}

int store__end(struct store_conn *conn, int result)
{
	struct store_query query;

	if (!result) {
		query = store__query(conn, STORE_SQL_COMMIT);
		result = store__run(&query);
	}
	/* A full disk or an I/O error may have rolled back already. */
	if (result && !sqlite3_get_autocommit(conn->db)) {
		query = store__query(conn, STORE_SQL_ROLLBACK);
		store__run(&query);
	}
	return result;
}

/*
 * The file holds hashes of passwords: nobody else's eyes. SQLite gives its WAL the database's mode.
 */
static int create_private(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	/*
	 * O_EXCL: closing a file that SQLite has open elsewhere in this process would drop its
	 * locks.
	 */
	if (fd < 0)
		return errno == EEXIST ? STORE_OK : errno == ENOSPC ? STORE_EFULL : STORE_EIO;
	close(fd);
	return STORE_OK;
}

static int set_wal(struct store_conn *conn)
{
	sqlite3_stmt *statement;
	int code = sqlite3_prepare_v2(conn->db, "PRAGMA journal_mode = WAL", -1, &statement, NULL);
	int result;

	if (code != SQLITE_OK)
		return store__result(code);
	code = sqlite3_step(statement);
	result = store__result(code);
	/*
	 * It answers with the mode that is on: "memory" or "delete" where the file system has no
	 * shared memory.
	 */
	if (!result &&
	        (code != SQLITE_ROW ||
	                sqlite3_stricmp((const char *)sqlite3_column_text(statement, 0), "wal")))
		result = STORE_EIO;
	sqlite3_finalize(statement);
	return result;
}

static int limit_pages(struct store_conn *conn, unsigned pages)
{
	char sql[64];

	if (!pages)
		return STORE_OK;
	sqlite3_snprintf(sizeof sql, sql, "PRAGMA max_page_count = %u", pages);
	return store__exec(conn, sql);
}

static int conn_open(struct store *store, struct store_conn *conn, const char *path)
{
	/* NOMUTEX: the pool gives a connection to one thread at a time. */
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
	int result = store__result(sqlite3_open_v2(path, &conn->db, flags, NULL));

	if (result)
		return result;
	sqlite3_busy_timeout(conn->db, (int)store->options.busy_timeout_ms);
	sqlite3_limit(conn->db, SQLITE_LIMIT_LENGTH, ROW_BYTES_MAX);
	sqlite3_db_config(conn->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(conn->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_db_config(conn->db, SQLITE_DBCONFIG_ENABLE_FKEY, 1, NULL);
	result = set_wal(conn);
	if (!result)
		result = store__exec(conn, "PRAGMA synchronous = FULL");
	if (!result)
		result = limit_pages(conn, store->options.max_pages);
	return result;
}

static void conn_close(struct store_conn *conn)
{
	size_t i;

	for (i = 0; i < STORE_SQL_COUNT; i++)
		sqlite3_finalize(conn->statements[i]);
	sqlite3_close(conn->db);
}

static int options_fill(struct store_options *options)
{
	if (!options->connections)
		options->connections = CONNECTIONS_DEFAULT;
	if (!options->busy_timeout_ms)
		options->busy_timeout_ms = BUSY_TIMEOUT_DEFAULT_MS;
	if (options->connections > STORE_CONNECTIONS_MAX || options->busy_timeout_ms > 60 * 1000)
		return STORE_EINVAL;
	return STORE_OK;
}

/* A hash of something nobody knows, at the same cost as everybody's. */
static int hash_nobody(struct store *store)
{
	char secret[32];

	randombytes_buf(secret, sizeof secret);
	return store__password_hash(
	        (struct store_text){secret, sizeof secret}, store->nobodys_hash);
}

static int store_fill(struct store *store, const char *path)
{
	unsigned i;
	int result = hash_nobody(store);

	if (!result)
		result = create_private(path);
	for (i = 0; !result && i < store->options.connections; i++) {
		result = conn_open(store, &store->conns[i], path);
		if (!result && i == 0)
			result = store__migrate(store, &store->conns[0]);
		if (!result)
			store__return(store, &store->conns[i]);
	}
	return result;
}

int store_open(const char *path, const struct store_options *options, struct store **ret_store)
{
	struct store *store;
	pthread_condattr_t monotonic;
	int result;

	if (!path || !*path)
		return STORE_EINVAL;
	if (sodium_init() < 0)
		return STORE_EIO;
	store = calloc(1, sizeof *store);
	if (!store)
		return STORE_ENOMEM;
	if (options)
		store->options = *options;
	pthread_mutex_init(&store->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&store->returned, &monotonic);
	pthread_condattr_destroy(&monotonic);
	result = options_fill(&store->options);
	if (!result)
		result = store_fill(store, path);
	if (result) {
		store_close(store);
		return result;
	}
	*ret_store = store;
	return STORE_OK;
}

void store_close(struct store *store)
{
	size_t i;

	if (!store)
		return;
	for (i = 0; i < STORE_CONNECTIONS_MAX; i++)
		conn_close(&store->conns[i]);
	pthread_cond_destroy(&store->returned);
	pthread_mutex_destroy(&store->lock);
	sodium_memzero(store->nobodys_hash, sizeof store->nobodys_hash);
	free(store);
}
