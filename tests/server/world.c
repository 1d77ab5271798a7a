/* SPDX-License-Identifier: MIT */
/*
 * The world around a test: a server over the in-memory transport, clients, and what they expect. It must not know what is tested.
 */
#define _GNU_SOURCE
#include "hall.h"

#include <stdarg.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

enum { ARGUMENTS_MAX = 16, HEADERS_MAX = 16, LOG_MAX = 1 << 20 };

struct world *world;
static client *clients[16384];
static size_t client_count;

void hall_fill_table(struct world *w);

/* ---------------------------------------------------------------------------------------------- server */

static int say_nothing(struct hall *hall, const struct note *in, struct note *reply)
{
	(void)hall, (void)in, (void)reply;
	return 0;
}

void world_make_as(const char *program, ...)
{
	static char *argv[ARGUMENTS_MAX + 2];
	int argc = 0;
	va_list args;

	va_start(args, program);
	for (const char *a = program; a && argc <= ARGUMENTS_MAX; a = va_arg(args, const char *))
		argv[argc++] = (char *)(uintptr_t)a;
	va_end(args);
	argv[argc] = NULL;
	world = calloc(1, sizeof *world);
	client_count = 0;
	world->server = msgc_server_new(argc, argv);
	ck_assert_ptr_nonnull(world->server);
	ck_assert(msgc_server_will_run(world->server));
	world->log = memfd_create("log", MFD_CLOEXEC);
	world->server->log.fd = world->log;
	world->server->log.level = MSGC_LOG_DEBUG;
	hall_fill_table(world);
	world->handlers.say = say_nothing;
	world->handlers.store = say_nothing;
	world->handlers.bell = say_nothing;
}

void world_start(void)
{
	ck_assert_int_eq(
	        msgc_server_serve(world->server, &world->consumer, &world->handlers, world->app),
	        0);
	ck_assert_int_eq(msgc__memory_start(&world->memory, world->server), 0);
	world->running = true;
}

int world_stop(void)
{
	world->running = false;
	return msgc__memory_stop(&world->memory);
}

void world_end(void)
{
	int code = world->running ? world_stop() : 0;

	for (size_t i = 0; i < client_count; i++) {
		struct msgc__memory_state state;

		msgc__memory_look(clients[i], &state);
		ck_assert(!state.malformed);
		msgc__memory_free(clients[i]);
	}
	msgc_server_free(world->server);
	close(world->log);
	free(world);
	world = NULL;
	ck_assert_int_eq(code, 0);
}

void world_pump(void)
{
	msgc__memory_pump(&world->memory);
}

bool world_logged(const char *what)
{
	static char log[LOG_MAX];
	ssize_t len = pread(world->log, log, sizeof log - 1, 0);

	log[len < 0 ? 0 : len] = '\0';
	return strstr(log, what) != NULL;
}

/* --------------------------------------------------------------------------------------------- clients */

static client *visit_with(const char *target, const struct msgc__header *headers, size_t count)
{
	const char *query = strchr(target, '?');
	size_t path_len = query ? (size_t)(query - target) : strlen(target);
	struct msgc__request request = {
	        .method = "GET",
	        .path = {target, path_len},
	        .query = query ? msgc_str_from(query + 1) : msgc_str_from(""),
	        .headers = headers,
	        .header_count = count,
	        .address = "127.0.0.1",
	};
	client *c = msgc__memory_connect(world->server, world->entrance, &request);

	ck_assert_ptr_nonnull(c);
	ck_assert_uint_lt(client_count, sizeof clients / sizeof clients[0]);
	clients[client_count++] = c;
	world_pump();
	return c;
}

client *visit(const char *target, ...)
{
	struct msgc__header headers[HEADERS_MAX] = {{"host", MSGC_STR_INIT("hall.example")}};
	const char *name;
	size_t count = 1;
	va_list args;

	va_start(args, target);
	while ((name = va_arg(args, const char *)) != NULL) {
		const char *value = va_arg(args, const char *);
		size_t at = strcmp(name, "host") == 0 ? 0 : count++;

		headers[at] = (struct msgc__header){name, msgc_str_from(value)};
	}
	va_end(args);
	return visit_with(target, headers, count);
}

client *enter(void)
{
	client *c = visit("/ws/hall/7/", NULL);

	ck_assert_int_eq(status_of(c), 101);
	expect(c, AUTHENTICATED);
	return c;
}

client *enter_as(const char *session)
{
	char cookie[64];
	client *c;

	snprintf(cookie, sizeof cookie, "session=%s", session);
	c = visit("/ws/hall/7/", "origin", "http://hall.example", "cookie", cookie, NULL);
	ck_assert_int_eq(status_of(c), 101);
	expect(c, AUTHENTICATED);
	return c;
}

void tell_only(client *c, const char *frame)
{
	msgc__memory_send(c, frame, strlen(frame));
}

void tell(client *c, const char *frame)
{
	tell_only(c, frame);
	world_pump();
}

void leave(client *c)
{
	msgc__memory_close(c, 1000);
	world_pump();
}

static bool next_message(client *c, struct msgc_buf *message)
{
	msgc_buf_init(message, 0);
	return msgc__memory_receive(c, message, 0);
}

void expect(client *c, const char *message)
{
	struct msgc_buf got;

	if (!next_message(c, &got))
		ck_abort_msg("nothing came instead of %s", message);
	ck_assert_str_eq(msgc_buf_c(&got), message);
	msgc_buf_free(&got);
}

void expect_begin(client *c, const char *begin)
{
	struct msgc_buf got;

	if (!next_message(c, &got))
		ck_abort_msg("nothing came instead of %s", begin);
	if (strncmp(msgc_buf_c(&got), begin, strlen(begin)) != 0)
		ck_abort_msg("%s came instead of %s", msgc_buf_c(&got), begin);
	msgc_buf_free(&got);
}

void expect_nothing(client *c)
{
	struct msgc_buf got;

	if (next_message(c, &got))
		ck_abort_msg("%s came instead of nothing", msgc_buf_c(&got));
	msgc_buf_free(&got);
}

void expect_closed(client *c, uint16_t code)
{
	struct msgc__memory_state state;

	msgc__memory_look(c, &state);
	ck_assert_msg(state.closed, "it is open");
	ck_assert_uint_eq(state.close_code, code);
}

void expect_open(client *c)
{
	struct msgc__memory_state state;

	msgc__memory_look(c, &state);
	ck_assert_int_eq(state.status, 101);
	ck_assert_msg(!state.closed, "closed with %u", state.close_code);
}

int status_of(client *c)
{
	struct msgc__memory_state state;

	msgc__memory_look(c, &state);
	return state.status;
}

/* ----------------------------------------------------------------------------------------------- main */

int hall_main(const char *name, const TTest *const *tests)
{
	Suite *suite = suite_create(name);
	TCase *all = tcase_create(name);
	SRunner *runner;
	int failed;

	tcase_set_timeout(all, 60);
	for (; *tests; tests++)
		tcase_add_test(all, *tests);
	suite_add_tcase(suite, all);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
