/* SPDX-License-Identifier: MIT */
/*
 * What the parts of the server share: the application's one object, and what each file offers the
 * others. It must not know how messages look on the wire (the contracts do) nor how they are stored
 * (store.h does).
 */
#ifndef CHAT_CHAT_H
#define CHAT_CHAT_H

#include <msgc/http.h>
#include <msgc/server.h>

#include "api.msgc.h"
#include "chat.msgc.h"
#include "store.h"
#include "throttle.h"
#include "visits.h"

#define CHAT_COOKIE "chat_session"

struct app {
	/* Settings: see main.c. */
	const char *database;
	const char *www;
	bool demo;
	int64_t lock_timeout;   /* ms */
	int64_t database_limit; /* bytes; 0: none */

	struct msgc_server *server;
	struct store *store;
	struct throttle *logins;         /* by name and address */
	struct throttle *logins_by_name; /* roomier: by name, from wherever */
	struct visits visits;
};

/* ---- app.c ---- */

/*
 * Opens the database and tells the server what to serve. What is missing or wrong makes
 * msgc_server_run() refuse to start. `app` must live until that has returned; the database is
 * closed then.
 */
void app_start(struct app *app, struct msgc_server *server);

/*
 * What a result of the store means to the server. Failures of the store itself are logged; `what`
 * was being done.
 */
int app_result(struct app *app, const char *what, int store_result);

/* Milliseconds since 1970, and as it goes into messages. */
int64_t app_now_ms(void);
struct msgc_datetime app_datetime(int64_t unix_ms);

/* Text from one world to the other. */
struct store_text store_text_of(struct msgc_str s);

/* ---- access.c: who is it, where do they want to go, may they? ---- */

/* Who is logged in: `data` of every struct msgc_user that find_account() has answered. */
struct account {
	struct store_user user;
	char id[24];                     /* user.id as text */
	char token[STORE_TOKEN_LEN + 1]; /* of the session */
};

/*
 * The program's object behind a connection: a generated declaration knows its name, nobody but us
 * what is in it.
 */
struct chat_room {
	struct store_room stored;
};

/*
 * Hooks, as the server wants them; any of them may be called with `lookup` NULL where blocking is
 * allowed.
 */
int find_account(
        void *app, struct msgc_lookup *lookup, struct msgc_str cookie, struct msgc_user *ret_user);
int load_chat_room(void *app, struct msgc_lookup *lookup, const struct msgc_user *user,
        const struct chat_talk_params *params, struct chat_room **ret_room);
int load_news_room(void *app, struct msgc_lookup *lookup, const struct msgc_user *user,
        const struct chat_room_news_params *params, struct chat_room **ret_room);
void release_chat_room(struct chat_room *room);
int is_member(void *app, struct msgc_lookup *lookup, const struct msgc_user *user,
        const struct chat_talk_params *params, struct chat_room *room, bool *ret_allowed);
int is_news_member(void *app, struct msgc_lookup *lookup, const struct msgc_user *user,
        const struct chat_room_news_params *params, struct chat_room *room, bool *ret_allowed);

const struct account *account_of(const struct msgc_user *user);

/*
 * Whether the session that let somebody in is there yet: a log-out closes the connections that it
 * finds in app->visits, and one that came while ours was not among them is seen here. Blocks.
 */
int session_still_there(struct app *app, const struct msgc_user *user, bool *ret_there);

/* ---- room.c, lobby.c, routes.c ---- */

extern const struct chat_talk_handlers room_handlers;
extern const struct chat_lobby_handlers lobby_handlers;
extern const struct chat_room_news_handlers room_news_handlers;

/* What lists of rooms are told of a text: its beginning, valid as long as `text` is. */
struct msgc_str news_beginning(struct msgc_str text);

extern const struct msgc_http_route routes[];
extern const size_t route_count;

/* ---- routes_accounts.c, routes_rooms.c: the handlers that routes.c lists ---- */

msgc_http_fn route_login, route_signup, route_logout, route_me;
msgc_http_fn route_rooms, route_room, route_room_create, route_room_join;

/*
 * What the handlers share (routes.c). `answer_json` sends what an …_encode() has written (`result`
 * is what that returned) and frees it; `answer_problems` says what a body has wrong; both return
 * what a handler returns. `request_account`: who asks, or MSGC_EUNAUTHENTICATED.
 */
int answer_json(struct msgc_http_response *response, int result, struct msgc_buf *json);
int answer_problems(
        struct msgc_http_response *response, int result, const struct msgc_problems *problems);
int request_account(struct msgc_http_request *request, const struct account **ret_account);

#endif
