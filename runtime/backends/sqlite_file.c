/* SPDX-License-Identifier: MIT */
/*
 * The file of the SQLite backend: connections, prepared statements, the schema and its versions, and whether what stands there can be trusted.
 * It must not know what the statements are for.
 */
#include "sqlite.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../server/boot.h"

enum {
	VERSION = 1,
	ROW_BYTES_MAX =
	        64 * 1024 * 1024 + 64 * 1024, /* the largest frame-limit, and its neighbours */
	WAIT_FIRST_US = 200,
	WAIT_MOST_US = 5000,
	WAIT_HURRY_US = 200 * 1000,
};

static const char *const sql_of[MSGC__SQL_COUNT] = {
        [MSGC__SQL_BEGIN] = "BEGIN IMMEDIATE",
        [MSGC__SQL_BEGIN_READ] = "BEGIN",
        [MSGC__SQL_COMMIT] = "COMMIT",
        [MSGC__SQL_ROLLBACK] = "ROLLBACK",
        /* Time never goes back within a stream, so that its oldest message is always its first. */
        [MSGC__SQL_STREAM_APPEND] =
                "INSERT INTO msgc_streams (name, epoch, seq, at, keep, for_ms, durable, due) "
                "VALUES (?1, lower(hex(randomblob(8))), 1, ?2, ?3, ?4, ?5, ?2 + ?4) "
                "ON CONFLICT (name) DO UPDATE SET seq = seq + 1, at = max(at, excluded.at), "
                "keep = excluded.keep, for_ms = excluded.for_ms, durable = excluded.durable "
                "RETURNING id, epoch, seq, at",
        [MSGC__SQL_STREAM_HEAD] = "SELECT id, epoch, seq FROM msgc_streams WHERE name = ?1",
        [MSGC__SQL_STREAM_FIRST] = "SELECT seq FROM msgc_items WHERE stream = ?1 AND seq > ?2 "
                                   "AND at > ?3 ORDER BY seq LIMIT 1",
        [MSGC__SQL_STREAM_OLDEST] =
                "SELECT seq, at FROM msgc_items WHERE stream = ?1 ORDER BY seq LIMIT 1",
        /* At most ?4 of the oldest: numbers up to ?2, and those from before ?3. */
        [MSGC__SQL_STREAM_TRIM] =
                "DELETE FROM msgc_items WHERE stream = ?1 AND seq IN (SELECT seq FROM (SELECT seq, "
                "at FROM msgc_items WHERE stream = ?1 ORDER BY seq LIMIT ?4) "
                "WHERE seq <= ?2 OR at <= ?3)",
        [MSGC__SQL_STREAMS_OLD] =
                "SELECT id, for_ms, at FROM msgc_streams WHERE due <= ?1 ORDER BY due LIMIT ?2",
        [MSGC__SQL_STREAM_LATER] = "UPDATE msgc_streams SET due = ?2 WHERE id = ?1",
        [MSGC__SQL_STREAM_FORGET] = "DELETE FROM msgc_streams WHERE id = ?1",
        [MSGC__SQL_ITEM_INSERT] =
                "INSERT INTO msgc_items (stream, seq, at, is_group, realm, user, body) "
                "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        [MSGC__SQL_ITEMS_AFTER] = "SELECT seq, is_group, realm, user, body FROM msgc_items "
                                  "WHERE stream = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3",
        [MSGC__SQL_KEY_INSERT] = "INSERT INTO msgc_keys (key, value, due) VALUES (?1, ?2, ?3)",
        [MSGC__SQL_KEY_DELETE] = "DELETE FROM msgc_keys WHERE key = ?1 "
                                 "RETURNING value, due, length(key) + length(value)",
        [MSGC__SQL_KEY_GET] = "SELECT value FROM msgc_keys WHERE key = ?1 AND due > ?2",
        [MSGC__SQL_KEYS_OLD] = "DELETE FROM msgc_keys WHERE key IN (SELECT key FROM msgc_keys "
                               "WHERE due <= ?1 ORDER BY due LIMIT ?2) "
                               "RETURNING length(key) + length(value)",
        [MSGC__SQL_ANY_OLD] = "SELECT EXISTS (SELECT 1 FROM msgc_streams WHERE due <= ?1) "
                              "OR EXISTS (SELECT 1 FROM msgc_keys WHERE due <= ?1)",
};

/* Version by version. A step, once released, is never changed: a new one is added behind it. */
static const char *const steps[VERSION] = {
        "CREATE TABLE msgc_meta ("
        "  one INTEGER PRIMARY KEY CHECK (one = 1),"
        "  version INTEGER NOT NULL,"
        "  clean INTEGER NOT NULL," /* it was closed, and everything is on the disk */
        "  boot TEXT NOT NULL,"     /* of the machine, when it was last opened */
        "  base INTEGER NOT NULL"   /* then: Unix ms when the monotonic clock was 0 */
        ") STRICT;"
        "CREATE TABLE msgc_streams ("
        "  id INTEGER PRIMARY KEY,"
        "  name TEXT NOT NULL UNIQUE,"
        "  epoch TEXT NOT NULL,"
        "  seq INTEGER NOT NULL," /* of the last message */
        "  at INTEGER NOT NULL,"  /* its time: Unix ms */
        "  keep INTEGER NOT NULL,"
        "  for_ms INTEGER NOT NULL,"
        "  durable INTEGER NOT NULL,"
        "  due INTEGER NOT NULL" /* when the sweeper is to look at it next: Unix ms */
        ") STRICT;"
        "CREATE INDEX msgc_streams_by_due ON msgc_streams (due);"
        "CREATE TABLE msgc_items ("
        "  stream INTEGER NOT NULL,"
        "  seq INTEGER NOT NULL,"
        "  at INTEGER NOT NULL,"
        "  is_group INTEGER NOT NULL,"
        "  realm TEXT NOT NULL,"
        "  user TEXT NOT NULL,"
        "  body TEXT NOT NULL,"
        "  PRIMARY KEY (stream, seq)"
        ") STRICT, WITHOUT ROWID;"
        "CREATE TABLE msgc_keys ("
        "  key BLOB NOT NULL PRIMARY KEY,"
        "  value BLOB NOT NULL,"
        "  due INTEGER NOT NULL"
        ") STRICT, WITHOUT ROWID;"
        "CREATE INDEX msgc_keys_by_due ON msgc_keys (due);"
        "INSERT INTO msgc_meta VALUES (1, 0, 1, '', 0);",
};

int msgc__sqlite_result(int code)
{
	switch (code & 0xff) {
	case SQLITE_OK:
	case SQLITE_ROW:
	case SQLITE_DONE: return 0;
	case SQLITE_BUSY:
	case SQLITE_LOCKED: return MSGC_EBUSY;
	case SQLITE_NOMEM: return MSGC_ENOMEM;
	case SQLITE_TOOBIG: return MSGC_ELIMIT;
	default: return MSGC_EIO;
	}
}

/* ------------------------------------------------------------------------------------------ statements */

sqlite3_stmt *msgc__sqlite_use(struct msgc__sqlite_file *file, enum msgc__sqlite_statement which)
{
	sqlite3_stmt **kept = &file->statements[which], *own = NULL;

	file->waited_us = 0;
	if (file->borrowed) {
		(void)sqlite3_prepare_v3(file->db, sql_of[which], -1, 0, &own, NULL);
		return own;
	}
	if (!*kept)
		(void)sqlite3_prepare_v3(
		        file->db, sql_of[which], -1, SQLITE_PREPARE_PERSISTENT, kept, NULL);
	return *kept;
}

void msgc__sqlite_done(struct msgc__sqlite_file *file, sqlite3_stmt *statement)
{
	if (!statement)
		return;
	if (file->borrowed) {
		sqlite3_finalize(statement);
		return;
	}
	sqlite3_reset(statement);
	sqlite3_clear_bindings(statement);
}

int msgc__sqlite_step(struct msgc__sqlite_file *file, sqlite3_stmt *statement)
{
	int code = statement ? sqlite3_step(statement) : sqlite3_errcode(file->db);

	return statement || code != SQLITE_OK ? code : SQLITE_NOMEM;
}

int msgc__sqlite_run(struct msgc__sqlite_file *file, sqlite3_stmt *statement)
{
	int result = msgc__sqlite_result(msgc__sqlite_step(file, statement));

	msgc__sqlite_done(file, statement);
	return result;
}

int msgc__sqlite_run_plain(struct msgc__sqlite_file *file, enum msgc__sqlite_statement which)
{
	return msgc__sqlite_run(file, msgc__sqlite_use(file, which));
}

static int execute(struct msgc__sqlite_file *file, const char *sql)
{
	file->waited_us = 0;
	return msgc__sqlite_result(sqlite3_exec(file->db, sql, NULL, NULL, NULL));
}

/* A small commit takes the place in the log where the one that failed began. */
static int write_over(struct msgc__sqlite_file *file)
{
	int result = execute(file, "BEGIN IMMEDIATE; UPDATE msgc_meta SET clean = 0; COMMIT");

	if (result < 0 && !sqlite3_get_autocommit(file->db))
		(void)execute(file, "ROLLBACK");
	return result;
}

int msgc__sqlite_commit(
        struct msgc__sqlite_file *file, sqlite3_stmt *commit, sqlite3_stmt *rollback)
{
	bool is_open = !sqlite3_get_autocommit(file->db);
	int result = msgc__sqlite_result(msgc__sqlite_step(file, commit));

	sqlite3_reset(commit);
	if (result == 0)
		return 0;
	if (!sqlite3_get_autocommit(file->db))
		(void)sqlite3_step(rollback);
	sqlite3_reset(rollback);
	return !is_open || write_over(file) == 0 ? result : MSGC_ETIMEOUT;
}

int msgc__sqlite_set_full(struct msgc__sqlite_file *file, bool full)
{
	int result = 0;

	if (file->full != full)
		result = execute(
		        file, full ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
	if (result == 0)
		file->full = full;
	return result;
}

/* The first column of the first row: a number, and where `text` is given, its text. */
static int ask(
        struct msgc__sqlite_file *file, const char *sql, int64_t *ret, char *text, size_t text_size)
{
	sqlite3_stmt *statement = NULL;
	int code = sqlite3_prepare_v2(file->db, sql, -1, &statement, NULL);

	file->waited_us = 0;
	if (code == SQLITE_OK)
		code = sqlite3_step(statement);
	if (code == SQLITE_ROW && ret)
		*ret = sqlite3_column_int64(statement, 0);
	if (code == SQLITE_ROW && text) {
		const unsigned char *column = sqlite3_column_text(statement, 0);

		(void)snprintf(text, text_size, "%s", column ? (const char *)column : "");
	}
	sqlite3_finalize(statement);
	return code == SQLITE_DONE ? MSGC_EIO : msgc__sqlite_result(code);
}

/* --------------------------------------------------------------------------------------------- opening */

/* Waits for locks in small steps: SQLite's own are up to a tenth of a second. */
static int on_busy(void *arg, int count)
{
	struct msgc__sqlite_file *file = arg;
	int64_t most =
	        file->hurry && atomic_load(file->hurry) ? WAIT_HURRY_US : file->lock_ms * 1000;
	int64_t us = count < 5 ? (int64_t)WAIT_FIRST_US << count : WAIT_MOST_US;
	struct timespec pause = {.tv_nsec = (long)us * 1000};

	if (file->waited_us >= most)
		return 0;
	nanosleep(&pause, NULL);
	file->waited_us += us;
	return 1;
}

/* What people say to each other is nobody else's to read. SQLite gives its other files the same mode. */
static int create_private(const char *path)
{
	/* O_EXCL: closing a file that SQLite has open elsewhere in this process would drop its locks. */
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd < 0)
		return errno == EEXIST ? 0 : MSGC_EIO;
	close(fd);
	return 0;
}

static int connect_to(struct msgc__sqlite_file *file, const struct msgc__sqlite_options *options)
{
	/* NOMUTEX: each connection is one thread's. */
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
	int result = msgc__sqlite_result(sqlite3_open_v2(options->path, &file->db, flags, NULL));

	file->lock_ms = options->lock_ms;
	file->full = true; /* as SQLite has it */
	if (result < 0)
		return result;
	sqlite3_busy_handler(file->db, on_busy, file);
	sqlite3_limit(file->db, SQLITE_LIMIT_LENGTH, ROW_BYTES_MAX);
	sqlite3_db_config(file->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(file->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	return 0;
}

static int set_wal(struct msgc__sqlite_file *file, const char **ret_why)
{
	char mode[16] = "";
	int result = ask(file, "PRAGMA journal_mode = WAL", NULL, mode, sizeof mode);

	/* It answers with the mode that is on: another one where the file system has no shared memory. */
	if (result == 0 && strcmp(mode, "wal") != 0) {
		*ret_why = "the file system cannot keep a write-ahead log";
		result = MSGC_ECONFIG;
	}
	return result;
}

static int set_limit(struct msgc__sqlite_file *file, int64_t bytes)
{
	int64_t page_bytes = 0;
	char sql[64];
	int result = bytes > 0 ? ask(file, "PRAGMA page_size", &page_bytes, NULL, 0) : 0;

	if (result < 0 || page_bytes <= 0)
		return result;
	sqlite3_snprintf(sizeof sql, sql, "PRAGMA max_page_count = %lld",
	        (long long)((bytes + page_bytes - 1) / page_bytes));
	return execute(file, sql);
}

static int read_version(struct msgc__sqlite_file *file, int64_t *ret, const char **ret_why)
{
	int64_t ours = 0, version = 0;
	int result = ask(file,
	        "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name LIKE 'msgc\\_%' "
	        "ESCAPE '\\'",
	        &ours, NULL, 0);

	if (result == 0 && ours > 0) {
		result = ask(file, "SELECT version FROM msgc_meta", &version, NULL, 0);
		if (result == MSGC_EIO) {
			*ret_why = "its tables named msgc_… are not ours, or damaged";
			return MSGC_ECONFIG;
		}
	}
	if (result == 0 && (version < 0 || version > VERSION)) {
		*ret_why = "it belongs to a newer version of msgc";
		return MSGC_ECONFIG;
	}
	if (result == 0)
		*ret = version;
	return result;
}

static int finish(struct msgc__sqlite_file *file, int result)
{
	if (result == 0)
		result = msgc__sqlite_run_plain(file, MSGC__SQL_COMMIT);
	/* A full disk or an I/O error may have rolled back already. */
	if (result < 0 && !sqlite3_get_autocommit(file->db))
		(void)msgc__sqlite_run_plain(file, MSGC__SQL_ROLLBACK);
	return result;
}

static int migrate(struct msgc__sqlite_file *file, const char **ret_why)
{
	char sql[64];
	int64_t version = 0;
	int result = read_version(file, &version, ret_why);

	if (result < 0 || version == VERSION)
		return result;
	result = msgc__sqlite_run_plain(file, MSGC__SQL_BEGIN);
	if (result < 0)
		return result;
	result = read_version(file, &version, ret_why);
	for (; result == 0 && version < VERSION; version++)
		result = execute(file, steps[version]);
	sqlite3_snprintf(sizeof sql, sql, "UPDATE msgc_meta SET version = %d", (int)VERSION);
	if (result == 0)
		result = execute(file, sql);
	return finish(file, result);
}

static int check(struct msgc__sqlite_file *file, const char **ret_why)
{
	static const char *const questions[] = {
	        "PRAGMA quick_check('msgc_meta')",
	        "PRAGMA quick_check('msgc_streams')",
	        "PRAGMA quick_check('msgc_items')",
	        "PRAGMA quick_check('msgc_keys')",
	};
	int result = 0;

	for (size_t i = 0; result == 0 && i < sizeof questions / sizeof questions[0]; i++) {
		char answer[8] = "";

		result = ask(file, questions[i], NULL, answer, sizeof answer);
		if (result == 0 && strcmp(answer, "ok") != 0)
			result = MSGC_EIO;
	}
	if (result == MSGC_EIO)
		*ret_why = "it is damaged";
	return result;
}

/*
 * When the machine went down with the file open, the last commits of streams that are not durable may be lost, while clients have seen them. Their numbers must
 * not mean something else to those who come back: new epochs.
 */
static int renew(struct msgc__sqlite_file *file, const struct msgc__sqlite_options *options,
        struct msgc__sqlite_opened *ret)
{
	char boot[MSGC__BOOT_MAX], before[MSGC__BOOT_MAX] = "", sql[160];
	int64_t clean = 0, base = 0;
	bool is_same;
	int result = ask(file, "SELECT clean FROM msgc_meta", &clean, NULL, 0);

	msgc__boot_read(boot);
	if (result == 0)
		result = ask(file, "SELECT base FROM msgc_meta", &base, NULL, 0);
	if (result == 0)
		result = ask(file, "SELECT boot FROM msgc_meta", NULL, before, sizeof before);
	if (result == 0)
		result = msgc__sqlite_run_plain(file, MSGC__SQL_BEGIN);
	if (result < 0)
		return result;
	is_same = boot[0] && strcmp(boot, before) == 0;
	ret->renewed = !clean && !is_same;
	/*
	 * In one life of the machine the monotonic clock goes on from one process to the next, whatever becomes of the wall clock. In another
	 * one nothing may become older than it is because the wall clock was set back.
	 */
	ret->base = options->unix_ms - options->monotonic_ms;
	if (is_same && base != 0)
		ret->base = base;
	else if (ret->base < ret->latest - options->monotonic_ms)
		ret->base = ret->latest - options->monotonic_ms;
	if (ret->renewed)
		result = execute(file,
		        "UPDATE msgc_streams SET epoch = lower(hex(randomblob(8))) WHERE durable = "
		        "0");
	sqlite3_snprintf(sizeof sql, sql, "UPDATE msgc_meta SET clean = 0, boot = %Q, base = %lld",
	        boot, (long long)ret->base);
	if (result == 0)
		result = execute(file, sql);
	return finish(file, result);
}

static int measure(struct msgc__sqlite_file *file, struct msgc__sqlite_opened *ret)
{
	int result =
	        ask(file, "SELECT coalesce(max(at), 0) FROM msgc_streams", &ret->latest, NULL, 0);

	if (result == 0)
		result = ask(file,
		        "SELECT coalesce(sum(length(key) + length(value)), 0) FROM msgc_keys",
		        &ret->key_bytes, NULL, 0);
	return result;
}

static const char *sentence(struct msgc__sqlite_file *file, int result)
{
	int code = file->db ? sqlite3_extended_errcode(file->db) : SQLITE_OK;

	if (result == MSGC_EBUSY)
		return "it is locked by somebody else";
	switch (code & 0xff) {
	case SQLITE_FULL: return "the disk is full, or the file as large as it may be";
	case SQLITE_CORRUPT: return "it is damaged";
	case SQLITE_NOTADB: return "it is no SQLite file";
	case SQLITE_READONLY: return "it cannot be written";
	default: return "it cannot be opened, read or written";
	}
}

int msgc__sqlite_open(struct msgc__sqlite_file *file, const struct msgc__sqlite_options *options,
        struct msgc__sqlite_opened *ret, const char **ret_why)
{
	const char *why = NULL;
	int result = create_private(options->path);

	if (result == 0)
		result = connect_to(file, options);
	if (result == 0)
		result = set_wal(file, &why);
	if (result == 0)
		result = set_limit(file, options->limit);
	if (result == 0)
		result = migrate(file, &why);
	if (result == 0)
		result = check(file, &why);
	if (result == 0)
		result = measure(file, ret);
	if (result == 0)
		result = renew(file, options, ret);
	if (result == 0)
		result = msgc__sqlite_set_full(file, false);
	/* What ends a transaction must not fail for want of memory. */
	if (result == 0 &&
	        (!msgc__sqlite_use(file, MSGC__SQL_COMMIT) ||
	                !msgc__sqlite_use(file, MSGC__SQL_ROLLBACK)))
		result = MSGC_ENOMEM;
	file->checked = result == 0;
	if (result == 0 || result == MSGC_ENOMEM)
		return result;
	*ret_why = why ? why : sentence(file, result);
	return MSGC_ECONFIG;
}

int msgc__sqlite_open_reader(
        struct msgc__sqlite_file *file, const struct msgc__sqlite_options *options)
{
	int result = connect_to(file, options);

	if (result == 0)
		result = execute(file, "PRAGMA query_only = ON");
	if (result == 0 && !msgc__sqlite_use(file, MSGC__SQL_ROLLBACK))
		result = MSGC_ENOMEM;
	return result;
}

void msgc__sqlite_close(struct msgc__sqlite_file *file)
{
	for (size_t i = 0; i < MSGC__SQL_COUNT; i++)
		sqlite3_finalize(file->statements[i]);
	memset(file->statements, 0, sizeof file->statements);
	sqlite3_close(file->db);
	file->db = NULL;
}

/* A commit that is synchronous FULL takes all before it to the disk. */
void msgc__sqlite_close_writer(struct msgc__sqlite_file *file)
{
	if (file->checked && msgc__sqlite_set_full(file, true) == 0)
		(void)execute(file, "UPDATE msgc_meta SET clean = 1");
	msgc__sqlite_close(file);
}
