/* SPDX-License-Identifier: MIT */
/*
 * The server of the chaos runs: stores what is said, by itself or beside rows of its own, and logs users out. It must not know who breaks
 * what.
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <msgc/sqlite.h>

#include "chaos.msgc.h"
#include "shim.h"

static const char *file, *wishes;
static struct msgc_server *server;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* of db */
static sqlite3 *db;

/* "sid": who one is. */
static int find_session(
        void *app, struct msgc_lookup *lookup, struct msgc_str cookie, struct msgc_user *ret_user)
{
	(void)app, (void)lookup;
	ret_user->id = cookie;
	return cookie.len > 0 ? MSGC_OK : MSGC_EUNAUTHENTICATED;
}

/* ---- the program's own row and the stream's message */

typedef int broadcast_fn(struct msgc_server *server, struct msgc_str name,
        const struct msgc_sender *sender, const struct chaos_line *message, unsigned flags);

static int insert(struct msgc_str group, const struct chaos_word *word)
{
	sqlite3_stmt *statement = NULL;
	int code = sqlite3_prepare_v2(db,
	        "INSERT INTO notes (place, author, number) VALUES (?1, ?2, ?3)", -1, &statement,
	        NULL);

	if (code == SQLITE_OK) {
		sqlite3_bind_text64(statement, 1, group.ptr, group.len, SQLITE_STATIC, SQLITE_UTF8);
		sqlite3_bind_text64(statement, 2, word->author.ptr, word->author.len, SQLITE_STATIC,
		        SQLITE_UTF8);
		sqlite3_bind_int(statement, 3, word->number);
		code = sqlite3_step(statement);
	}
	sqlite3_finalize(statement);
	return code == SQLITE_DONE ? MSGC_OK : MSGC_EBUSY;
}

static int keep(broadcast_fn *broadcast, struct msgc_str name, const struct msgc_sender *sender,
        const struct chaos_word *word)
{
	const struct chaos_line line = {.payload = *word};
	struct msgc_sqlite_transaction *transaction;
	int result;

	if (sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL) != SQLITE_OK)
		return MSGC_EBUSY;
	result = msgc_sqlite_join(server, db, &transaction);
	if (result < 0) {
		sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
		return result;
	}
	result = insert(name, word);
	if (result == MSGC_OK)
		result = broadcast(server, name, sender, &line, MSGC_TO_ALL);
	if (result == MSGC_OK)
		return msgc_sqlite_commit(transaction);
	msgc_sqlite_rollback(transaction);
	return result;
}

/* ---- three kinds of places, all alike */

#define PLACE(consumer, group)                                                                     \
	static int consumer##_say(struct chaos_##consumer *self, const struct chaos_say *in,       \
	        struct chaos_said *reply)                                                          \
	{                                                                                          \
		const struct chaos_line line = {.payload = in->payload};                           \
                                                                                                   \
		(void)reply;                                                                       \
		return chaos_##group##_broadcast_line(                                             \
		        self->server, self->params.name, self->sender, &line, MSGC_TO_ALL);        \
	}                                                                                          \
	static int consumer##_wave(struct chaos_##consumer *self, const struct chaos_wave *in)     \
	{                                                                                          \
		const struct chaos_wink wink = {.payload = in->payload};                           \
                                                                                                   \
		return chaos_##group##_broadcast_wink(                                             \
		        self->server, self->params.name, self->sender, &wink, MSGC_TO_ALL);        \
	}                                                                                          \
	static int consumer##_keep(struct chaos_##consumer##_note_pending *pending)                \
	{                                                                                          \
		int result;                                                                        \
                                                                                                   \
		pthread_mutex_lock(&lock);                                                         \
		result = keep(chaos_##group##_broadcast_line, pending->params.name,                \
		        pending->sender, &pending->in->payload);                                   \
		pthread_mutex_unlock(&lock);                                                       \
		return result;                                                                     \
	}                                                                                          \
	static int consumer##_note(struct chaos_##consumer *self, const struct chaos_note *in,     \
	        struct chaos_noted *reply)                                                         \
	{                                                                                          \
		(void)in, (void)reply;                                                             \
		return chaos_##consumer##_note_later(self, consumer##_keep, NULL);                 \
	}

PLACE(in_room, room)
PLACE(in_vault, vault)
PLACE(at_brook, brook)

static int banish(
        struct chaos_in_room *self, const struct chaos_banish *in, struct chaos_banished *reply)
{
	(void)reply;
	return msgc_server_revoke(self->server, MSGC_STR("session"), in->payload.user);
}

/* ---- start */

static int start_worker(void *app, unsigned worker)
{
	(void)app, (void)worker;
	return MSGC_OK;
}

static void stopped(void *app)
{
	(void)app;
	sqlite3_close(db);
}

static int open_database(void)
{
	if (chaos_shim_install(wishes) < 0)
		return msgc_server_fail(server, "%s cannot be mapped", wishes);
	if (sqlite3_open(file, &db) != SQLITE_OK)
		return msgc_server_fail(server, "%s cannot be opened", file);
	sqlite3_busy_timeout(db, 1000);
	if (sqlite3_exec(db,
	            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
	            "CREATE TABLE IF NOT EXISTS notes (place TEXT, author TEXT, number INTEGER)",
	            NULL, NULL, NULL) != SQLITE_OK)
		return msgc_server_fail(server, "%s: %s", file, sqlite3_errmsg(db));
	return msgc_server_use_sqlite(server, file);
}

int main(int argc, char **argv)
{
	static const struct msgc_setting settings[] = {
	        {"file", MSGC_SETTING_STRING, &file, NULL, "SQLite file", false},
	        {"wishes", MSGC_SETTING_STRING, &wishes, NULL, "file that says what fails", false},
	};
	static const struct chaos_in_room_handlers room = {
	        .say = in_room_say, .note = in_room_note, .wave = in_room_wave, .banish = banish};
	static const struct chaos_in_vault_handlers vault = {
	        .say = in_vault_say, .note = in_vault_note, .wave = in_vault_wave};
	static const struct chaos_at_brook_handlers brook = {
	        .say = at_brook_say, .note = at_brook_note, .wave = at_brook_wave};

	server = msgc_server_new_with(argc, argv, settings, 2);
	if (msgc_server_will_run(server) && open_database() == MSGC_OK) {
		msgc_server_use_sessions(server, "sid", find_session, NULL);
		msgc_server_on_worker(server, start_worker, NULL, NULL);
		msgc_server_on_stop(server, stopped, NULL);
		chaos_in_room_serve(server, &room, NULL);
		chaos_in_vault_serve(server, &vault, NULL);
		chaos_at_brook_serve(server, &brook, NULL);
	}
	return msgc_server_run(server);
}
