/* SPDX-License-Identifier: MIT */
/*
 * The desk's program. It must not know what is tested with it.
 */
#include "desk.h"

#include <stdio.h>
#include <string.h>

#include <msgc/http.h>

static int find_session(
        void *app, struct msgc_lookup *lookup, struct msgc_str cookie, struct msgc_user *ret_user)
{
	(void)app;
	if (!msgc_lookup_may_block(lookup))
		return MSGC_BLOCKS;
	ret_user->realm = MSGC_STR("desk");
	ret_user->id = cookie;
	return MSGC_OK;
}

static int verify(void *context, struct msgc_str token, int64_t now, struct msgc_arena *arena,
        struct msgc_user *ret_user)
{
	char name[32];
	long long issued, expires;

	(void)context;
	if (sscanf(token.ptr, "%30[a-z].%lld.%lld", name, &issued, &expires) != 3 ||
	        (expires && expires <= now))
		return MSGC_EUNAUTHENTICATED;
	ret_user->realm = MSGC_STR("desk");
	ret_user->issued_at = issued;
	ret_user->expires_at = expires;
	return msgc_arena_copy(arena, msgc_str_from(name), &ret_user->id);
}

static int check_basic(void *app, struct msgc_lookup *lookup, struct msgc_str name,
        struct msgc_str password, struct msgc_user *ret_user)
{
	(void)app;
	if (!msgc_lookup_may_block(lookup))
		return MSGC_BLOCKS;
	if (!msgc_str_equal(password, MSGC_STR("sesame")))
		return MSGC_EUNAUTHENTICATED;
	ret_user->realm = MSGC_STR("desk");
	ret_user->id = name;
	return MSGC_OK;
}

static int say(struct desk_desk *desk, const struct desk_say *in, struct desk_said *reply)
{
	(void)desk;
	reply->payload = in->payload;
	return MSGC_OK;
}

static int bell(struct desk_desk *desk, const struct desk_bell *event, struct desk_rung *ret)
{
	(void)desk;
	ret->payload = event->payload.count;
	return MSGC_OK;
}

static int door_say(struct desk_door *door, const struct desk_say *in, struct desk_said *reply)
{
	(void)door;
	reply->payload = in->payload;
	return MSGC_OK;
}

static int door_who(struct desk_door *door, const struct desk_who *in, struct desk_you *reply)
{
	(void)in;
	reply->payload = door->user->id;
	return MSGC_OK;
}

static int log_in(void *app, struct msgc_http_request *request, struct msgc_http_response *response)
{
	struct msgc_str name = msgc_http_form(request, "name");

	(void)app;
	if (name.len == 0)
		return MSGC_EUNAUTHENTICATED;
	return msgc_http_set_cookie(response, "sid", name.ptr, NULL);
}

static int log_out_everywhere(
        void *app, struct msgc_http_request *request, struct msgc_http_response *response)
{
	const struct msgc_user *user;
	int result = msgc_http_user(request, &user);

	(void)app;
	(void)response;
	if (result)
		return result;
	return msgc_server_revoke(msgc_http_server(request), user->realm, user->id);
}

static const struct msgc_http_route routes[] = {
        {.method = "POST", .pattern = "/login", .handler = log_in},
        {.method = "POST", .pattern = "/everywhere", .handler = log_out_everywhere},
};

static int start_worker(void *app, unsigned worker)
{
	(void)app;
	(void)worker;
	return MSGC_OK;
}

struct msgc_server *desk_make(int argc, char **argv, void *app)
{
	static const struct desk_desk_handlers handlers = {.say = say, .event_bell = bell};
	static const struct desk_door_handlers door = {.say = door_say, .who = door_who};
	struct msgc_server *server = msgc_server_new(argc, argv);

	msgc_server_on_worker(server, start_worker, NULL, NULL);
	msgc_server_use_sessions(server, "sid", find_session, NULL);
	msgc_server_use_tokens(server, verify, NULL, NULL, NULL);
	msgc_server_use_basic(server, check_basic, NULL);
	msgc_server_use_tickets(server, "/ticket", NULL, NULL);
	msgc_server_routes(server, routes, sizeof(routes) / sizeof(routes[0]), NULL);
	desk_desk_serve(server, &handlers, app);
	desk_door_serve(server, &door, app);
	return server;
}
