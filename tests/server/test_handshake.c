/* SPDX-License-Identifier: MIT */
/*
 * The verdict on a handshake: path, parameters, Origin, subprotocols, capacity. Nobody is authenticated here.
 */
#include "hall.h"

static int find_session(
        void *app, struct msgc_lookup *lookup, struct msgc_str cookie, struct msgc_user *ret)
{
	(void)app, (void)lookup;
	ret->id = cookie;
	return 0;
}

static const enum msgc_auth_kind by_session[] = {MSGC_AUTH_SESSION};
static const enum msgc_auth_kind by_session_or_nobody[] = {MSGC_AUTH_SESSION, MSGC_AUTH_ANONYMOUS};

static int64_t seen_id;
static char seen_mood[32];
static int see(struct hall *hall)
{
	seen_id = hall->id;
	seen_mood[0] = '\0';
	if (hall->mood.ptr)
		strncat(seen_mood, hall->mood.ptr, hall->mood.len);
	else
		strcpy(seen_mood, "(none)");
	return 0;
}

START_TEST(the_path_picks_the_consumer_and_its_parameters)
{
	static const struct {
		const char *target;
		int64_t id;
		const char *mood;
	} good[] = {{"/ws/hall/7/", 7, "(none)"}, {"/ws/hall/8", 8, "(none)"},
	        {"/ws/hall/%39?mood=so+so&other=1", 9, "so so"}, {"/ws/hall/1/?mood=", 1, ""}};
	static const char *const bad[] = {"/", "/ws", "/ws/hall", "/ws/hall/", "/ws/hall//",
	        "/ws/hall/0", "/ws/hall/x", "/ws/hall/7/8", "/ws/hall/7?mood=a&mood=b",
	        "/ws/hall/%zz", "/ws/Hall/7", "/ws/hall/7%00", "ws/hall/7",
	        "/ws/hall/7?mood=%C3%28"};

	world_make(NULL);
	world->handlers.connected = see;
	world_start();
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
		ck_assert_int_eq(status_of(visit(good[i].target, NULL)), 101);
		ck_assert_int_eq(seen_id, good[i].id);
		ck_assert_str_eq(seen_mood, good[i].mood);
	}
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		ck_assert_msg(status_of(visit(bad[i], NULL)) == 404, "%s", bad[i]);
	ck_assert_int_eq(status_of(visit("/ws/haul/7?ticket=secret", NULL)), 404);
	ck_assert(world_logged("event=handshake.refused"));
	ck_assert(world_logged("status=404 path=/ws/haul/7 "));
	ck_assert(world_logged("why=\"no consumer has such a path\""));
	ck_assert(world_logged("why=\"path.id: "));
	ck_assert(world_logged("why=\"the query is malformed, or has a parameter twice\""));
	ck_assert(!world_logged("secret"));
	ck_assert_uint_eq(atomic_load(&world->server->connections), 4);
	world_end();
}
END_TEST

START_TEST(literals_win_over_parameters)
{
	static const struct msgc_segment lobby_path[] = {{"ws", 0}, {"hall", 0}, {"5", 0}};
	struct msgc_consumer lobby;

	world_make(NULL);
	world->handlers.connected = see;
	lobby = world->consumer;
	lobby.name = "lobby";
	lobby.path = lobby_path;
	lobby.read_params = NULL;
	lobby.param_count = 0;
	ck_assert_int_eq(msgc_server_serve(world->server, &lobby, &world->handlers, NULL), 0);
	world_start();
	ck_assert_int_eq(status_of(visit("/ws/hall/5", NULL)), 101);
	ck_assert_int_eq(seen_id, 0);
	ck_assert_int_eq(status_of(visit("/ws/hall/6", NULL)), 101);
	ck_assert_int_eq(seen_id, 6);
	world_end();
}
END_TEST

START_TEST(a_foreign_origin_is_refused_where_only_cookies_could_authenticate)
{
	world_make(NULL);
	msgc_server_use_sessions(world->server, "session", find_session, NULL);
	world->consumer.auth = by_session;
	world->consumer.auth_count = 1;
	world_start();
	ck_assert_int_eq(status_of(visit("/ws/hall/1", "origin", "http://evil.example", "cookie",
	                         "session=anna", NULL)),
	        403);
	ck_assert_int_eq(
	        status_of(visit("/ws/hall/1", "origin", "null", "cookie", "session=anna", NULL)),
	        403);
	expect_begin(visit("/ws/hall/1", "cookie", "session=anna", NULL),
	        "{\"action\":\"authentication\",\"payload\":{\"status_code\":401");
	ck_assert_int_eq(status_of(visit("/ws/hall/1", "origin", "http://hall.example", "cookie",
	                         "session=anna", NULL)),
	        101);
	ck_assert_int_eq(status_of(visit("/ws/hall/1", "origin", "https://hall.example", "cookie",
	                         "session=anna", NULL)),
	        403);
	world_end();
}
END_TEST

static char seen_user[32];
static int see_user(struct hall *hall)
{
	seen_user[0] = '\0';
	strncat(seen_user, hall->user->id.ptr, hall->user->id.len);
	return 0;
}

START_TEST(a_foreign_origin_disables_cookies_where_there_are_other_ways)
{
	world_make(NULL);
	msgc_server_use_sessions(world->server, "session", find_session, NULL);
	world->consumer.auth = by_session_or_nobody;
	world->consumer.auth_count = 2;
	world->handlers.connected = see_user;
	world_start();
	ck_assert_int_eq(status_of(visit("/ws/hall/1", "origin", "http://evil.example", "cookie",
	                         "session=anna", NULL)),
	        101);
	ck_assert_str_eq(seen_user, "");
	ck_assert_int_eq(status_of(visit("/ws/hall/1", "origin", "http://hall.example", "cookie",
	                         "session=anna", NULL)),
	        101);
	ck_assert_str_eq(seen_user, "anna");
	world_end();
}
END_TEST

START_TEST(clients_that_are_no_browsers_may_be_let_in_with_cookies)
{
	world_make("--origin-required=no", NULL);
	msgc_server_use_sessions(world->server, "session", find_session, NULL);
	world->consumer.auth = by_session;
	world->consumer.auth_count = 1;
	world_start();
	ck_assert_int_eq(status_of(visit("/ws/hall/1", "cookie", "session=anna", NULL)), 101);
	ck_assert_int_eq(status_of(visit("/ws/hall/1", "origin", "http://evil.example", "cookie",
	                         "session=anna", NULL)),
	        403);
	world_end();
}
END_TEST

START_TEST(a_client_that_offers_only_unknown_subprotocols_is_refused)
{
	world_make(NULL);
	world_start();
	ck_assert_int_eq(
	        status_of(visit("/ws/hall/1", "sec-websocket-protocol", "chat, x", NULL)), 400);
	ck_assert_int_eq(status_of(visit("/ws/hall/1", NULL)), 101);
	world_end();
}
END_TEST

START_TEST(too_many_connections_are_told_when_to_come_back)
{
	struct msgc__memory_state state;
	client *first, *third;

	world_make("--max-connections=2", NULL);
	world_start();
	first = enter();
	enter();
	third = visit("/ws/hall/7/", NULL);
	msgc__memory_look(third, &state);
	ck_assert_int_eq(state.status, 503);
	ck_assert_int_gt(state.retry_after, 0);
	leave(first);
	/* Those that are refused for something else do not count. */
	ck_assert_int_eq(status_of(visit("/ws/hall/x", NULL)), 404);
	enter();
	ck_assert_uint_eq(atomic_load(&world->server->connections), 2);
	world_end();
}
END_TEST

START_TEST(one_address_may_have_so_many_connections)
{
	client *first;

	world_make("--max-connections-per-address=1", NULL);
	world_start();
	first = enter();
	ck_assert_int_eq(status_of(visit("/ws/hall/7/", NULL)), 503);
	msgc__memory_drop(first);
	world_pump();
	enter();
	world_end();
}
END_TEST

START_TEST(behind_a_trusted_proxy_exactly_one_address_is_wanted)
{
	world_make("--trusted-proxies=127.0.0.1", "--max-connections-per-address=1", NULL);
	world_start();
	ck_assert_int_eq(status_of(visit("/ws/hall/1", NULL)), 400);
	ck_assert_int_eq(
	        status_of(visit("/ws/hall/1", "x-forwarded-for", "192.0.2.1, 192.0.2.2", NULL)),
	        400);
	ck_assert_int_eq(status_of(visit("/ws/hall/1", "x-forwarded-for", "192.0.2.1", NULL)), 101);
	ck_assert_int_eq(status_of(visit("/ws/hall/1", "x-forwarded-for", "192.0.2.1", NULL)), 503);
	ck_assert_int_eq(status_of(visit("/ws/hall/1", "x-forwarded-for", "192.0.2.2", NULL)), 101);
	world_end();
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
	        the_path_picks_the_consumer_and_its_parameters,
	        literals_win_over_parameters,
	        a_foreign_origin_is_refused_where_only_cookies_could_authenticate,
	        a_foreign_origin_disables_cookies_where_there_are_other_ways,
	        clients_that_are_no_browsers_may_be_let_in_with_cookies,
	        a_client_that_offers_only_unknown_subprotocols_is_refused,
	        too_many_connections_are_told_when_to_come_back,
	        one_address_may_have_so_many_connections,
	        behind_a_trusted_proxy_exactly_one_address_is_wanted,
	        NULL,
	};

	return hall_main("server handshake", tests);
}
