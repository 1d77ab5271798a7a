/* SPDX-License-Identifier: MIT */
/*
 * Expiring keys in the SQLite file. It must not know what the keys are for.
 */
#include "sqlite.h"

#include <stdlib.h>
#include <string.h>

enum { SWEEP_KEYS = 256 };

static void bind_key(sqlite3_stmt *statement, struct msgc_str key)
{
	(void)sqlite3_bind_blob64(statement, 1, key.ptr, key.len, SQLITE_STATIC);
}

/* The first column, for the caller to free. */
static int copy_value(sqlite3_stmt *row, struct msgc_bytes *ret)
{
	const void *value = sqlite3_column_blob(row, 0);
	int len = sqlite3_column_bytes(row, 0);
	uint8_t *copy = malloc((size_t)len + 1);

	if (!copy)
		return MSGC_ENOMEM;
	if (len > 0)
		memcpy(copy, value, (size_t)len);
	*ret = (struct msgc_bytes){copy, (size_t)len};
	return 0;
}

/* Takes a key out, whether its time is over or not. `ret_value` NULL: it is not wanted. */
static int remove_key(struct msgc__sqlite_file *file, struct msgc_str key, int64_t now,
        int64_t *key_bytes, struct msgc_bytes *ret_value)
{
	sqlite3_stmt *statement = msgc__sqlite_use(file, MSGC__SQL_KEY_DELETE);
	int code, result = 0;

	bind_key(statement, key);
	code = msgc__sqlite_step(file, statement);
	if (code == SQLITE_ROW) {
		*key_bytes -= sqlite3_column_int64(statement, 2);
		if (ret_value && sqlite3_column_int64(statement, 1) > now)
			result = copy_value(statement, ret_value);
	} else {
		result = msgc__sqlite_result(code);
	}
	msgc__sqlite_done(file, statement);
	return result;
}

static int is_there(struct msgc__sqlite_file *file, struct msgc_str key, int64_t now, bool *ret)
{
	sqlite3_stmt *statement = msgc__sqlite_use(file, MSGC__SQL_KEY_GET);
	int code;

	bind_key(statement, key);
	sqlite3_bind_int64(statement, 2, now);
	code = msgc__sqlite_step(file, statement);
	*ret = code == SQLITE_ROW;
	msgc__sqlite_done(file, statement);
	return msgc__sqlite_result(code);
}

int msgc__sqlite_put(struct msgc__sqlite_file *file, struct msgc_str key, struct msgc_bytes value,
        int64_t due, int64_t now, bool if_absent, int64_t limit, int64_t *key_bytes)
{
	int64_t size = (int64_t)key.len + (int64_t)value.len;
	sqlite3_stmt *insert;
	bool there = false;
	int result = if_absent ? is_there(file, key, now, &there) : 0;

	if (result == 0 && there)
		return MSGC_ECONFLICT;
	if (result == 0 && if_absent && *key_bytes > limit - size)
		return MSGC_EBUSY;
	if (result == 0)
		result = remove_key(file, key, now, key_bytes, NULL);
	if (result < 0)
		return result;
	insert = msgc__sqlite_use(file, MSGC__SQL_KEY_INSERT);
	bind_key(insert, key);
	sqlite3_bind_blob64(
	        insert, 2, value.len ? (const void *)value.ptr : "", value.len, SQLITE_STATIC);
	sqlite3_bind_int64(insert, 3, due);
	result = msgc__sqlite_run(file, insert);
	if (result == 0)
		*key_bytes += size;
	return result;
}

int msgc__sqlite_get(struct msgc__sqlite_file *file, struct msgc_str key, int64_t now,
        struct msgc_bytes *ret_value)
{
	sqlite3_stmt *statement = msgc__sqlite_use(file, MSGC__SQL_KEY_GET);
	int code, result;

	bind_key(statement, key);
	sqlite3_bind_int64(statement, 2, now);
	code = msgc__sqlite_step(file, statement);
	result = code == SQLITE_ROW ? copy_value(statement, ret_value) : msgc__sqlite_result(code);
	msgc__sqlite_done(file, statement);
	return result;
}

int msgc__sqlite_take(struct msgc__sqlite_file *file, struct msgc_str key, int64_t now,
        int64_t *key_bytes, struct msgc_bytes *ret_value)
{
	return remove_key(file, key, now, key_bytes, ret_value);
}

int msgc__sqlite_sweep_keys(
        struct msgc__sqlite_file *file, int64_t now, int64_t *key_bytes, bool *ret_more)
{
	sqlite3_stmt *statement = msgc__sqlite_use(file, MSGC__SQL_KEYS_OLD);
	int count = 0, code;

	sqlite3_bind_int64(statement, 1, now);
	sqlite3_bind_int64(statement, 2, SWEEP_KEYS);
	while ((code = msgc__sqlite_step(file, statement)) == SQLITE_ROW) {
		*key_bytes -= sqlite3_column_int64(statement, 0);
		count++;
	}
	msgc__sqlite_done(file, statement);
	*ret_more = count == SWEEP_KEYS;
	return msgc__sqlite_result(code);
}
