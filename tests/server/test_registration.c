/* SPDX-License-Identifier: MIT */
/*
 * What a program must have said before the server starts: whatever is missing is named, and it does not start.
 */
#include "hall.h"

#include <stdio.h>

/* msgc_server_run() frees the server; the world keeps its log. */
static int run(void)
{
	struct msgc_server *server = world->server;

	server->transport = &msgc__memory_transport;
	world->server = NULL;
	return msgc_server_run(server);
}

START_TEST(all_missing_handlers_are_named_and_the_server_refuses_to_start)
{
	world_make(NULL);
	world->handlers.say = NULL;
	world->handlers.bell = NULL;
	ck_assert_int_eq(msgc_server_serve(world->server, &world->consumer, &world->handlers, NULL),
	        MSGC_ECONFIG);
	ck_assert(!msgc_server_will_run(world->server));
	ck_assert(world_logged("which=\"say, bell\""));
	ck_assert(world_logged("consumer=tests.hall"));
	ck_assert_int_eq(run(), 1);
	world_end();
}
END_TEST

START_TEST(no_handlers_at_all_are_all_missing)
{
	world_make(NULL);
	ck_assert_int_eq(
	        msgc_server_serve(world->server, &world->consumer, NULL, NULL), MSGC_ECONFIG);
	ck_assert(world_logged("which=\"say, store, bell\""));
	world_end();
}
END_TEST

START_TEST(authentication_kinds_need_their_hooks)
{
	static const enum msgc_auth_kind kinds[] = {
	        MSGC_AUTH_SESSION, MSGC_AUTH_JWT, MSGC_AUTH_TICKET, MSGC_AUTH_BASIC};

	world_make(NULL);
	world->consumer.auth = kinds;
	world->consumer.auth_count = 4;
	ck_assert_int_eq(
	        msgc_server_serve(world->server, &world->consumer, &world->handlers, NULL), 0);
	ck_assert_int_eq(run(), 1);
	ck_assert(world_logged("msgc_server_use_sessions()"));
	ck_assert(world_logged("msgc_server_use_jwt()"));
	ck_assert(world_logged("auth ticket"));
	ck_assert(world_logged("auth basic"));
	world_end();
}
END_TEST

START_TEST(whatever_is_wrong_is_logged_at_once)
{
	static const enum msgc_auth_kind kinds[] = {MSGC_AUTH_SESSION, MSGC_AUTH_JWT};
	struct msgc_consumer other;

	world_make("--workers=2", NULL);
	world->consumer.auth = kinds;
	world->consumer.auth_count = 2;
	other = world->consumer;
	other.name = "other";
	ck_assert_int_eq(
	        msgc_server_serve(world->server, &world->consumer, NULL, NULL), MSGC_ECONFIG);
	ck_assert_int_eq(
	        msgc_server_serve(world->server, &other, &world->handlers, NULL), MSGC_ECONFIG);
	ck_assert_int_eq(run(), 1);
	ck_assert(world_logged("which=\"say, store, bell\""));
	ck_assert(world_logged("consumer=tests.hall problem=\"auth session has no hook\""));
	ck_assert(world_logged("consumer=tests.hall problem=\"auth jwt has no hook\""));
	ck_assert(world_logged("consumer=tests.other problem=\"path is taken"));
	ck_assert(world_logged("consumer=tests.other problem=\"auth session has no hook\""));
	ck_assert(world_logged("worker_start hook"));
	world_end();
}
END_TEST

START_TEST(two_consumers_cannot_have_one_path)
{
	static const struct msgc_segment same[] = {{"ws", 0}, {"hall", 0}, {NULL, 1}};
	struct msgc_consumer twin;

	world_make(NULL);
	twin = world->consumer;
	twin.name = "twin";
	twin.path = same;
	ck_assert_int_eq(
	        msgc_server_serve(world->server, &world->consumer, &world->handlers, NULL), 0);
	ck_assert_int_eq(
	        msgc_server_serve(world->server, &twin, &world->handlers, NULL), MSGC_ECONFIG);
	ck_assert(world_logged("which=hall"));
	ck_assert_int_eq(run(), 1);
	world_end();
}
END_TEST

START_TEST(tables_of_another_version_are_refused)
{
	world_make(NULL);
	world->consumer.abi = MSGC_GENERATED_ABI + 1;
	ck_assert_int_eq(msgc_server_serve(world->server, &world->consumer, &world->handlers, NULL),
	        MSGC_ECONFIG);
	ck_assert_int_eq(run(), 1);
	world_end();
}
END_TEST

static int fail_worker(void *app, unsigned worker)
{
	(void)app, (void)worker;
	return MSGC_EIO;
}

START_TEST(more_than_one_worker_needs_a_hook_and_a_hook_that_fails_ends_it)
{
	world_make("--workers=2", NULL);
	ck_assert_int_eq(
	        msgc_server_serve(world->server, &world->consumer, &world->handlers, NULL), 0);
	ck_assert_int_eq(run(), 1);
	ck_assert(world_logged("worker_start hook"));
	world_end();

	world_make("--workers=2", NULL);
	msgc_server_on_worker(world->server, fail_worker, NULL, NULL);
	ck_assert_int_eq(
	        msgc_server_serve(world->server, &world->consumer, &world->handlers, NULL), 0);
	ck_assert_int_eq(run(), 1);
	ck_assert(world_logged("event=worker.failed"));
	world_end();
}
END_TEST

START_TEST(the_programs_own_failure_is_logged_and_ends_it)
{
	world_make(NULL);
	ck_assert_int_eq(msgc_server_fail(world->server, "database: %s", "locked"), MSGC_ECONFIG);
	ck_assert(!msgc_server_will_run(world->server));
	ck_assert(world_logged("database: locked"));
	ck_assert_int_eq(run(), 1);
	world_end();
}
END_TEST

START_TEST(a_server_without_consumers_is_warned_of)
{
	world_make(NULL);
	msgc_server_on_worker(world->server, fail_worker, NULL, NULL);
	ck_assert_int_eq(run(), 1);
	ck_assert(world_logged("level=warning event=server.no_consumers"));
	world_end();

	world_make(NULL);
	ck_assert_int_eq(
	        msgc_server_serve(world->server, &world->consumer, &world->handlers, NULL), 0);
	msgc_server_on_worker(world->server, fail_worker, NULL, NULL);
	ck_assert_int_eq(run(), 1);
	ck_assert(!world_logged("server.no_consumers"));
	world_end();
}
END_TEST

static bool released;
static void release_context(void *context)
{
	ck_assert_ptr_eq(context, &released);
	released = true;
}

START_TEST(a_wrong_command_line_is_2_and_help_is_0)
{
	static char *wrong[] = {
	        (char *)(uintptr_t) "tests", (char *)(uintptr_t) "--no-such-key=1", NULL};
	static char *version[] = {
	        (char *)(uintptr_t) "tests", (char *)(uintptr_t) "--version", NULL};
	struct msgc_server *server;

	ck_assert_int_eq(msgc_server_run(NULL), 1);
	server = msgc_server_new(2, wrong);
	ck_assert(!msgc_server_will_run(server));
	ck_assert_int_eq(msgc_server_run(server), 2);
	server = msgc_server_new(2, version);
	ck_assert(!msgc_server_will_run(server));
	ck_assert_int_eq(msgc_server_run(server), 0);
	/* What was handed over is given back also when nothing ran. */
	server = msgc_server_new(1, version);
	msgc_server_use_tokens(server, (msgc_token_fn *)abort, NULL, &released, release_context);
	msgc_server_free(server);
	ck_assert(released);
	msgc_server_free(NULL);
}
END_TEST

START_TEST(many_actions_are_cut_in_the_list_of_the_allowed_ones)
{
	static struct msgc_message messages[60];
	static struct msgc_action actions[60];
	static struct msgc_tag tags[60];
	static char names[60][40];

	world_make(NULL);
	for (int i = 0; i < 60; i++) {
		snprintf(names[i], sizeof names[i], "an_action_number_%d", i);
		messages[i] = say_message;
		messages[i].name = names[i];
		messages[i].name_len = strlen(names[i]);
		tags[i] = (struct msgc_tag){MSGC_TAG_STRING, msgc_str_from(names[i]), 0};
		messages[i].tags = &tags[i];
		actions[i] = world->actions[0];
		actions[i].message = &messages[i];
	}
	world->consumer.actions = actions;
	world->consumer.action_count = 60;
	ck_assert_int_eq(
	        msgc_server_serve(world->server, &world->consumer, &world->handlers, NULL), 0);
	ck_assert_uint_lt(strlen(world->server->served[0]->expected), 800);
	ck_assert_ptr_nonnull(
	        strstr(world->server->served[0]->expected, "'an_action_number_20', "));
	ck_assert_ptr_nonnull(strstr(world->server->served[0]->expected, "\xE2\x80\xA6"));
	world_end();
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
	        all_missing_handlers_are_named_and_the_server_refuses_to_start,
	        no_handlers_at_all_are_all_missing,
	        authentication_kinds_need_their_hooks,
	        whatever_is_wrong_is_logged_at_once,
	        two_consumers_cannot_have_one_path,
	        tables_of_another_version_are_refused,
	        more_than_one_worker_needs_a_hook_and_a_hook_that_fails_ends_it,
	        a_server_without_consumers_is_warned_of,
	        the_programs_own_failure_is_logged_and_ends_it,
	        a_wrong_command_line_is_2_and_help_is_0,
	        many_actions_are_cut_in_the_list_of_the_allowed_ones,
	        NULL,
	};

	return hall_main("server registration", tests);
}
