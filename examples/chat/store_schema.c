/* SPDX-License-Identifier: MIT */
/*
 * The tables, version by version, and what a new database holds. PRAGMA user_version counts the
 * steps that have been taken, application_id says whose file it is. A step, once released, is never
 * changed: a new one is added behind it.
 */
#include "store_db.h"

#include <string.h>

#define APPLICATION_ID 0x63686174 /* "chat" */

static const char *const steps[] = {
        "CREATE TABLE users ("
        "  id INTEGER PRIMARY KEY AUTOINCREMENT,"
        "  name TEXT NOT NULL UNIQUE,"
        "  display TEXT NOT NULL,"
        "  password TEXT NOT NULL,"
        "  created_at INTEGER NOT NULL"
        ") STRICT;"
        "CREATE TABLE sessions ("
        "  hash BLOB NOT NULL UNIQUE,"
        "  user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,"
        "  created_at INTEGER NOT NULL,"
        "  expires_at INTEGER NOT NULL,"
        "  seen_at INTEGER NOT NULL"
        ") STRICT;"
        "CREATE INDEX sessions_by_user ON sessions (user_id, created_at);"
        "CREATE INDEX sessions_by_expiry ON sessions (expires_at);"
        "CREATE TABLE rooms ("
        "  id INTEGER PRIMARY KEY AUTOINCREMENT,"
        "  slug TEXT NOT NULL UNIQUE,"
        "  title TEXT NOT NULL,"
        "  created_at INTEGER NOT NULL"
        ") STRICT;"
        "CREATE TABLE members ("
        "  room_id INTEGER NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,"
        "  user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,"
        "  joined_at INTEGER NOT NULL,"
        "  PRIMARY KEY (room_id, user_id)"
        ") STRICT, WITHOUT ROWID;"
        "CREATE TABLE messages ("
        "  id INTEGER PRIMARY KEY AUTOINCREMENT,"
        "  room_id INTEGER NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,"
        "  user_id INTEGER NOT NULL REFERENCES users (id),"
        "  body TEXT NOT NULL,"
        "  created_at INTEGER NOT NULL"
        ") STRICT;"
        "CREATE INDEX messages_by_room ON messages (room_id, id);",
};

enum { STEPS = sizeof steps / sizeof *steps };

#define TEXT(literal) ((struct store_text){"" literal, sizeof(literal) - 1})

static int read_number(struct store_conn *conn, const char *sql, int64_t *ret_number)
{
	sqlite3_stmt *statement;
	int code = sqlite3_prepare_v2(conn->db, sql, -1, &statement, NULL);

	if (code != SQLITE_OK)
		return store__result(code);
	code = sqlite3_step(statement);
	if (code == SQLITE_ROW)
		*ret_number = sqlite3_column_int64(statement, 0);
	sqlite3_finalize(statement);
	return code == SQLITE_ROW ? STORE_OK : store__result(code);
}

/* `version` 0 and 0 tables: a new file. Anything that is not ours and not new is left as it is. */
static int read_version(struct store_conn *conn, int64_t *ret_version)
{
	int64_t version = 0, application = 0, tables = 0;
	int result = read_number(conn, "PRAGMA user_version", &version);

	if (!result)
		result = read_number(conn, "PRAGMA application_id", &application);
	if (!result)
		result = read_number(conn, "SELECT count(*) FROM sqlite_schema", &tables);
	if (result)
		return result;
	if (tables ? application != APPLICATION_ID : version != 0)
		return STORE_EVERSION;
	if (version < 0 || version > STEPS)
		return STORE_EVERSION;
	*ret_version = version;
	return STORE_OK;
}

static int mark_version(struct store_conn *conn)
{
	char sql[96];

	sqlite3_snprintf(sizeof sql, sql, "PRAGMA user_version = %d; PRAGMA application_id = %d",
	        (int)(sizeof steps / sizeof *steps), APPLICATION_ID);
	return store__exec(conn, sql);
}

static const struct store_user people[] = {
        {.name = "ada", .display = "Ada Lovelace"},
        {.name = "grace", .display = "Grace Hopper"},
};

enum { PEOPLE = sizeof people / sizeof *people };

typedef char demo_hashes[PEOPLE][crypto_pwhash_STRBYTES];

static int demo_hash(demo_hashes ret_hashes)
{
	int result = STORE_OK;
	size_t i;

	for (i = 0; !result && i < PEOPLE; i++)
		result = store__password_hash(TEXT("demo-password"), ret_hashes[i]);
	return result;
}

static int demo_insert(struct store *store, struct store_conn *conn, demo_hashes hashes)
{
	int64_t lobby = 0, engine_room = 0, user = 0;
	int result = store__room_insert(store, conn, TEXT("lobby"), TEXT("Lobby"), &lobby);
	size_t i;

	if (!result)
		result = store__room_insert(
		        store, conn, TEXT("engine-room"), TEXT("Engine room"), &engine_room);
	for (i = 0; !result && i < PEOPLE; i++) {
		result = store__user_insert(store, conn, &people[i], hashes[i], &user);
		if (!result)
			result = store__member_insert(store, conn, lobby, user);
	}
	return result;
}

int store__migrate(struct store *store, struct store_conn *conn)
{
	demo_hashes hashes;
	int64_t version = 0;
	bool demo;
	int result = read_version(conn, &version);

	if (result || version == STEPS)
		return result;
	/* Hashing is slow on purpose: not with the write lock in hand. */
	demo = version == 0 && store->options.demo;
	if (demo)
		result = demo_hash(hashes);
	if (!result)
		result = store__begin(conn);
	if (result)
		return result;
	/* Somebody else may have been at it since. */
	result = read_version(conn, &version);
	demo = demo && version == 0;
	for (; !result && version < STEPS; version++)
		result = store__exec(conn, steps[version]);
	if (!result)
		result = mark_version(conn);
	if (!result && demo)
		result = demo_insert(store, conn, hashes);
	return store__end(conn, result);
}
