/* SPDX-License-Identifier: MIT */
/*
 * A program that keeps histories, and rows of its own in one transaction with them. It must not know what is tested with it.
 */
#include "program.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static int find_session(
        void *app, struct msgc_lookup *lookup, struct msgc_str cookie, struct msgc_user *ret_user)
{
	(void)app;
	(void)lookup;
	ret_user->id = cookie;
	return MSGC_OK;
}

static int say(struct streams_talk *talk, const struct streams_say *in, struct streams_said *reply)
{
	const struct streams_line line = {.payload = in->payload};

	(void)reply;
	return streams_channel_broadcast_line(
	        talk->server, talk->params.name, talk->sender, &line, MSGC_TO_ALL);
}

static int wave(struct streams_talk *talk, const struct streams_wave *in)
{
	const struct streams_wink wink = {.payload = in->payload};

	return streams_channel_broadcast_wink(
	        talk->server, talk->params.name, talk->sender, &wink, MSGC_TO_ALL);
}

static int lay_up(
        struct streams_hoard *hoard, const struct streams_lay_up *in, struct streams_laid_up *reply)
{
	const struct streams_coin coin = {.payload = in->payload};

	(void)reply;
	return streams_treasure_broadcast_coin(hoard->server, hoard->sender, &coin, MSGC_TO_ALL);
}

/* ------------------------------------------------------------------------- a row and a message at once */

static int insert_note(struct streams_app *app, struct msgc_str text)
{
	sqlite3_stmt *insert = NULL;
	int code = sqlite3_prepare_v2(
	        app->db, "INSERT INTO notes (text) VALUES (?1)", -1, &insert, NULL);

	if (code == SQLITE_OK)
		code = sqlite3_bind_text64(
		        insert, 1, text.ptr, text.len, SQLITE_STATIC, SQLITE_UTF8);
	if (code == SQLITE_OK)
		code = sqlite3_step(insert);
	sqlite3_finalize(insert);
	if (app->sabotage == 1)
		return MSGC_EIO;
	return code == SQLITE_DONE ? MSGC_OK : MSGC_EIO;
}

static int tell(struct streams_talk_note_pending *pending)
{
	struct streams_app *app = pending->app;
	const struct streams_line line = {.payload = pending->in->payload};
	const struct streams_wink wink = {.payload = pending->in->payload};
	int result = streams_channel_broadcast_line(
	        pending->server, pending->params.name, pending->sender, &line, MSGC_TO_ALL);

	if (result == MSGC_OK)
		result = streams_channel_broadcast_wink(
		        pending->server, pending->params.name, pending->sender, &wink, MSGC_TO_ALL);
	if (result == MSGC_OK && app->sabotage == 3)
		result = streams_channel_broadcast_line(
		        pending->server, pending->params.name, pending->sender, &line, MSGC_TO_ALL);
	return result;
}

static int note_locked(struct streams_talk_note_pending *pending)
{
	struct streams_app *app = pending->app;
	struct msgc_sqlite_transaction *transaction;
	int result;

	if (sqlite3_exec(app->db, "BEGIN IMMEDIATE", NULL, NULL, NULL) != SQLITE_OK)
		return MSGC_EBUSY;
	result = msgc_sqlite_join(pending->server, app->db, &transaction);
	if (result < 0) {
		while (!sqlite3_get_autocommit(app->db)) /* memory may be short for a while */
			sqlite3_exec(app->db, "ROLLBACK", NULL, NULL, NULL);
		return result;
	}
	result = tell(pending);
	if (result == MSGC_OK)
		result = insert_note(app, pending->in->payload);
	if (result == MSGC_OK && app->sabotage != 2)
		return msgc_sqlite_commit(transaction);
	msgc_sqlite_rollback(transaction);
	return result < 0 ? result : msgc_pending_refuse(pending->pending, "not today");
}

static int note_work(struct streams_talk_note_pending *pending)
{
	struct streams_app *app = pending->app;
	int result;

	if (!app || !app->db)
		return MSGC_EINTERNAL;
	pthread_mutex_lock(&app->lock);
	result = note_locked(pending);
	pthread_mutex_unlock(&app->lock);
	return result;
}

static int note(
        struct streams_talk *talk, const struct streams_note *in, struct streams_noted *reply)
{
	(void)in, (void)reply;
	return streams_talk_note_later(talk, note_work, NULL);
}

void streams_app_open(struct streams_app *app, const char *file)
{
	pthread_mutex_init(&app->lock, NULL);
	if (sqlite3_open(file, &app->db) != SQLITE_OK)
		abort();
	sqlite3_busy_timeout(app->db, 60000); /* whoever writes at the same time */
	if (sqlite3_exec(app->db,
	            "PRAGMA journal_mode = WAL; CREATE TABLE IF NOT EXISTS notes (text TEXT)", NULL,
	            NULL, NULL) != SQLITE_OK)
		abort();
}

void streams_app_close(struct streams_app *app)
{
	sqlite3_close(app->db);
	app->db = NULL;
	pthread_mutex_destroy(&app->lock);
}

int streams_app_count(struct streams_app *app, const char *sql)
{
	sqlite3_stmt *statement = NULL;
	int count = -1;

	if (sqlite3_prepare_v2(app->db, sql, -1, &statement, NULL) == SQLITE_OK &&
	        sqlite3_step(statement) == SQLITE_ROW)
		count = sqlite3_column_int(statement, 0);
	sqlite3_finalize(statement);
	return count;
}

/* ---------------------------------------------------------------------------------------------- file */

/* In memory where there is such a place: what is tested here does not need a disk. */
static char folder[48];
static char file[64], file_key[80];

const char *streams_file(void)
{
	if (file[0])
		return file;
	snprintf(folder, sizeof folder, "%s/msgc-streams-XXXXXX",
	        access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	if (!mkdtemp(folder))
		abort();
	snprintf(file, sizeof file, "%s/streams", folder);
	snprintf(file_key, sizeof file_key, "--sqlite-file=%s", file);
	return file;
}

const char *streams_file_key(void)
{
	(void)streams_file();
	return file_key;
}

void streams_file_clear(void)
{
	static const char *const endings[] = {"", "-server", "-wal", "-shm"};
	char path[80];

	for (size_t i = 0; file[0] && i < sizeof endings / sizeof endings[0]; i++) {
		snprintf(path, sizeof path, "%s%s", file, endings[i]);
		(void)unlink(path);
	}
}

void streams_file_remove(void)
{
	streams_file_clear();
	if (file[0])
		(void)rmdir(folder);
}

/* --------------------------------------------------------------------------------------------- start */

static int start_worker(void *app, unsigned worker)
{
	(void)app;
	(void)worker;
	return MSGC_OK;
}

struct msgc_server *streams_make(int argc, char **argv, void *app)
{
	static const struct streams_talk_handlers talk = {.say = say, .wave = wave, .note = note};
	static const struct streams_hoard_handlers hoard = {.lay_up = lay_up};
	struct msgc_server *server = msgc_server_new(argc, argv);

	msgc_server_use_sessions(server, "sid", find_session, NULL);
	msgc_server_on_worker(server, start_worker, NULL, NULL);
	msgc_server_use_sqlite(server, NULL); /* as --sqlite-file says */
	streams_talk_serve(server, &talk, app);
	if (app)
		streams_hoard_serve(server, &hoard, app);
	return server;
}
