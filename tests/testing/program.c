/* SPDX-License-Identifier: MIT */
/*
 * A small program as a user would write it, but for main().
 */
#include "program.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <msgc/http.h>

#include "kit.msgc.h"
#include "store.h"

enum { UNWELCOME = 13, LARGE = 100000 };

/* ---- who is who: the cookie is the name */

static int find_session(
        void *app, struct msgc_lookup *lookup, struct msgc_str cookie, struct msgc_user *ret_user)
{
	(void)app;
	if (!msgc_lookup_may_block(lookup))
		return MSGC_BLOCKS;
	if (!msgc_str_equal(cookie, MSGC_STR("ada")) && !msgc_str_equal(cookie, MSGC_STR("bob")))
		return MSGC_EUNAUTHENTICATED;
	ret_user->id = cookie;
	return MSGC_OK;
}

static int is_welcome(void *app, struct msgc_lookup *lookup, const struct msgc_user *user,
        const struct kit_room_params *params, bool *ret_allowed)
{
	(void)app;
	(void)lookup;
	(void)user;
	*ret_allowed = params->id != UNWELCOME;
	return MSGC_OK;
}

/* ---- the room */

static int connected(struct kit_room *room)
{
	const struct kit_welcome welcome = {
	        .payload = {.id = room->params.id, .user = room->user->id}};

	return kit_room_send_welcome(room, &welcome);
}

static void disconnected(struct kit_room *room, uint16_t code)
{
	struct program *program = room->app;

	atomic_store(&program->last_code, code);
	atomic_fetch_add(&program->disconnected, 1);
}

static int say(struct kit_room *room, const struct kit_say *in, struct kit_said *reply)
{
	if (msgc_str_equal(in->payload, MSGC_STR("secret")))
		return msgc_refuse(room->connection, "that is not said here");
	reply->payload = in->payload;
	return MSGC_OK;
}

static int shout(struct kit_room *room, const struct kit_shout *in)
{
	const struct kit_heard heard = {.payload = in->payload};

	return kit_hall_broadcast_heard(
	        room->server, room->params.id, room->sender, &heard, MSGC_TO_ALL);
}

static int keep_line(struct kit_room_keep_pending *pending)
{
	return store_line(pending->in->payload, &pending->reply.payload);
}

static int keep(struct kit_room *room, const struct kit_keep *in, struct kit_kept *reply)
{
	(void)in;
	(void)reply;
	return kit_room_keep_later(room, keep_line, NULL);
}

static int leave(struct kit_room *room, const struct kit_leave *in)
{
	msgc_connection_close(room->connection, (uint16_t)in->payload, "as you wish");
	return MSGC_OK;
}

static int summon(struct kit_room *room, const struct kit_summon *in, struct kit_summoned *reply)
{
	const struct kit_welcome welcome = {
	        .payload = {.id = room->params.id, .user = in->payload.user}};
	int result = kit_room_tell_welcome(
	        room->server, MSGC_STR("session"), in->payload.user, &welcome);

	(void)reply;
	return in->payload.fails ? MSGC_EIO : result;
}

static int alone(struct kit_room *room, const struct kit_alone *in, struct kit_left_alone *reply)
{
	(void)in;
	(void)reply;
	return msgc_server_close_user(room->server, room->user->realm, room->user->id, 4001,
	        "elsewhere", msgc_connection_id(room->connection));
}

static int nudge(struct kit_room *room, const struct kit_nudge *event, struct kit_nudged *ret)
{
	(void)room;
	ret->payload = event->payload;
	return MSGC_OK;
}

/* ---- routes */

static int log_in(void *app, struct msgc_http_request *request, struct msgc_http_response *response)
{
	struct msgc_str name = msgc_http_form(request, "name");

	(void)app;
	if (name.len == 0)
		return MSGC_EUNAUTHENTICATED;
	msgc_http_set_cookie(response, "theme", "dark", NULL);
	if (msgc_http_set_cookie(response, "sid", name.ptr, NULL))
		return MSGC_ECONTRACT;
	return msgc_http_redirect(response, 303, "/");
}

static int log_out(
        void *app, struct msgc_http_request *request, struct msgc_http_response *response)
{
	const struct msgc_http_cookie_options gone = {.max_age = -1};

	(void)app;
	(void)request;
	return msgc_http_set_cookie(response, "sid", "", &gone);
}

static int who(void *app, struct msgc_http_request *request, struct msgc_http_response *response)
{
	const struct msgc_user *user;
	int result = msgc_http_user(request, &user);

	(void)app;
	return result ? result : msgc_http_text(response, "text/plain", user->id);
}

static int echo(void *app, struct msgc_http_request *request, struct msgc_http_response *response)
{
	(void)app;
	msgc_http_set_header(response, "X-Own", msgc_http_header(request, "X-Own").ptr);
	msgc_http_set_header(response, "X-Query", msgc_http_query(request, "q").ptr);
	return msgc_http_text(response, "text/plain", msgc_http_body(request));
}

static int large(void *app, struct msgc_http_request *request, struct msgc_http_response *response)
{
	static char text[LARGE];

	(void)app;
	(void)request;
	memset(text, 'l', sizeof(text));
	return msgc_http_text(response, "text/plain", msgc_str_of(text, sizeof(text)));
}

static const struct msgc_http_route routes[] = {
        {.method = "POST", .pattern = "/login", .handler = log_in},
        {.method = "POST", .pattern = "/logout", .handler = log_out},
        {.method = "GET", .pattern = "/who", .handler = who},
        {.method = "POST", .pattern = "/echo", .handler = echo},
        {.method = "PUT", .pattern = "/echo", .handler = echo},
        {.method = "GET", .pattern = "/large", .handler = large},
};

static int start_worker(void *app, unsigned worker)
{
	(void)app;
	(void)worker;
	return MSGC_OK;
}

struct msgc_server *program_make(int argc, char **argv, void *app)
{
	static const struct kit_room_handlers handlers = {
	        .is_welcome = is_welcome,
	        .connected = connected,
	        .disconnected = disconnected,
	        .say = say,
	        .shout = shout,
	        .keep = keep,
	        .leave = leave,
	        .summon = summon,
	        .alone = alone,
	        .event_nudge = nudge,
	};
	struct msgc_server *server = msgc_server_new(argc, argv);

	msgc_server_on_worker(server, start_worker, NULL, app);
	msgc_server_use_sessions(server, "sid", find_session, app);
	msgc_server_keep_header(server, "X-Own");
	msgc_server_routes(server, routes, sizeof(routes) / sizeof(routes[0]), app);
	kit_room_serve(server, &handlers, app);
	return server;
}
