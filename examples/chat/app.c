/* SPDX-License-Identifier: MIT */
/*
 * Puts the parts together: store, sessions, the contract's consumers, routes, pages. What each of
 * them does is elsewhere.
 */
#include "chat.documents.h"
#include "chat.h"

#include <limits.h>
#include <time.h>

#include <msgc/sqlite.h>

enum {
	PAGE_BYTES = 4096,
	/* Wrong passwords for one name from one address: ten at once, then one in twenty seconds. */
	LOGIN_BURST = 10,
	LOGIN_REFILL_MS = 20 * 1000,
	/* For one name from all addresses together: a hundred, then one in two seconds. */
	LOGIN_NAME_BURST = 100,
	LOGIN_NAME_REFILL_MS = 2 * 1000,
	LOGIN_KEYS = 10000,
};

/* The pages load nothing from elsewhere, hold no script or style in place and may not be framed. */
static const char content_policy[] =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src "
        "'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/* ---- small things that every part needs ---- */

int64_t app_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

struct msgc_datetime app_datetime(int64_t unix_ms)
{
	int64_t ms = unix_ms % 1000;

	if (ms < 0)
		ms += 1000;
	return (struct msgc_datetime){
	        .seconds = (unix_ms - ms) / 1000, .nanoseconds = (int32_t)(ms * 1000000)};
}

struct store_text store_text_of(struct msgc_str s)
{
	return (struct store_text){s.ptr, s.len};
}

int app_result(struct app *app, const char *what, int store_result)
{
	switch (store_result) {
	case STORE_OK: return MSGC_OK;
	case STORE_ENOTFOUND: return MSGC_ENOTFOUND;
	case STORE_EDENIED: return MSGC_EDENIED;
	case STORE_ETAKEN: return MSGC_ECONFLICT;
	case STORE_EINVAL: return MSGC_ECONTRACT;
	default: break;
	}
	msgc_log(app->server, MSGC_LOG_WARNING, "chat.store", "to=%s detail=%s", what,
	        store_strerror(store_result));
	switch (store_result) {
	case STORE_EBUSY:
	case STORE_EFULL: return MSGC_EBUSY;
	case STORE_ENOMEM: return MSGC_ENOMEM;
	case STORE_ELIMIT: return MSGC_ELIMIT;
	case STORE_ECORRUPT:
	case STORE_EIO: return MSGC_EIO;
	default: return MSGC_EINTERNAL;
	}
}

/* ---- start and end ---- */

static void stopped(void *app_)
{
	struct app *app = app_;

	visits_free(&app->visits);
	throttle_free(app->logins);
	throttle_free(app->logins_by_name);
	store_close(app->store);
	app->logins = NULL;
	app->logins_by_name = NULL;
	app->store = NULL;
}

/* Settings are 64 bits wide; what is beyond its bounds the store refuses. */
static unsigned narrowed(int64_t value)
{
	return value > UINT_MAX ? UINT_MAX : (unsigned)value;
}

static int open_store(struct app *app)
{
	const struct store_options options = {
	        .demo = app->demo,
	        .busy_timeout_ms = narrowed(app->lock_timeout),
	        .max_pages = narrowed(
	                app->database_limit / PAGE_BYTES + (app->database_limit % PAGE_BYTES != 0)),
	};
	int result = store_open(app->database, &options, &app->store);

	if (result != STORE_OK)
		return msgc_server_fail(
		        app->server, "%s: %s", app->database, store_strerror(result));
	app->logins = throttle_new(LOGIN_BURST, LOGIN_REFILL_MS, LOGIN_KEYS);
	app->logins_by_name = throttle_new(LOGIN_NAME_BURST, LOGIN_NAME_REFILL_MS, LOGIN_KEYS);
	if (!app->logins || !app->logins_by_name)
		return msgc_server_fail(app->server, "out of memory");
	return MSGC_OK;
}

void app_start(struct app *app, struct msgc_server *server)
{
	app->server = server;
	msgc_server_on_stop(server, stopped, app);
	if (open_store(app) != MSGC_OK)
		return;
	/* Beside our own tables: what the rooms remember, and what has been said once. */
	msgc_server_use_sqlite(server, app->database);
	/* From here on msgc_server_run() itself says, by name, whatever is wrong. */
	msgc_server_use_sessions(server, CHAT_COOKIE, find_account, app);
	chat_talk_serve(server, &room_handlers, app);
	chat_lobby_serve(server, &lobby_handlers, app);
	chat_room_news_serve(server, &room_news_handlers, app);
	msgc_server_routes(server, routes, route_count, app);
	msgc_server_documents(server, &chat_documents); /* where --documents allows it */
	msgc_server_static(server, "/", app->www);
	msgc_server_header(server, "Content-Security-Policy", content_policy);
	msgc_server_header(server, "Cross-Origin-Opener-Policy", "same-origin");
}
