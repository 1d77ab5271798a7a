/* SPDX-License-Identifier: MIT */
/*
 * The server under test: made by the program's own function, started in the steps that msgc_server_run() has, served by threads of
 * its own. It must not know what a client does.
 */
#include "stand_in.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../server/worker.h"
#include "../transport/lws.h"
#include "../transport/memory.h"

enum { ARGUMENTS_MAX = 64 };

/* ---- starting */

/* Defaults first, so that what the test gives overrides them. */
static int make_arguments(struct msgc_test *test, const char *const *arguments, char **argv)
{
	static const char *const defaults[] = {
	        "test", "--host=127.0.0.1", "--port=0", "--admin-port=0", "--drain-timeout=5s"};
	const char *log = getenv("MSGC_TEST_LOG");
	char level[32];
	int argc = 0;

	for (size_t i = 0; i < sizeof(defaults) / sizeof(defaults[0]); i++)
		argv[argc++] = msgc__test_copy(test, defaults[i], strlen(defaults[i]));
	snprintf(level, sizeof(level), "--log-level=%.10s", log && *log ? log : "error");
	argv[argc++] = msgc__test_copy(test, level, strlen(level));
	for (; arguments && *arguments; arguments++) {
		if (argc == ARGUMENTS_MAX)
			msgc__test_fail("more than %d arguments", ARGUMENTS_MAX);
		argv[argc++] = msgc__test_copy(test, *arguments, strlen(*arguments));
	}
	argv[argc] = NULL;
	return argc;
}

static void make_server(
        struct msgc_test *test, msgc_test_make_fn *make, void *app, const char *const *arguments)
{
	char **argv = msgc__test_alloc(test, (ARGUMENTS_MAX + 1) * sizeof(*argv));
	int argc = make_arguments(test, arguments, argv);

	test->server = make(argc, argv, app);
	if (!test->server)
		msgc__test_fail("the program made no server");
	if (msgc__config_conclude(&test->server->config, &test->server->log, stderr) >= 0)
		msgc__test_fail("the server's configuration is wrong: see the log");
}

static void *serve(void *arg)
{
	struct msgc__worker *worker = arg;
	struct msgc_server *server = worker->server;
	int result = msgc__worker_begin(worker);

	if (result == 0) {
		result = server->transport->run(worker->loop);
		msgc__worker_end(worker);
	}
	if (result < 0) {
		atomic_store(&server->gave_up, true);
		msgc_server_stop(server);
	}
	return NULL;
}

static void start_threads(struct msgc_test *test)
{
	struct msgc_server *server = test->server;
	sigset_t all, before;

	test->threads = msgc__test_alloc(test, server->worker_count * sizeof(*test->threads));
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	for (; test->thread_count < server->worker_count; test->thread_count++) {
		if (pthread_create(&test->threads[test->thread_count], NULL, serve,
		            server->workers[test->thread_count]) != 0)
			break;
	}
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (test->thread_count < server->worker_count)
		msgc__test_fail("the server's threads could not be started");
}

static void note_addresses(struct msgc_test *test, enum msgc_test_mode mode)
{
	if (mode == MSGC_TEST_SOCKETS) {
		test->port = msgc__lws_port(test->server->workers[0]->loop, false);
		test->admin_port = msgc__lws_port(test->server->workers[0]->loop, true);
		snprintf(test->host, sizeof(test->host), "127.0.0.1:%d", test->port);
	} else {
		snprintf(test->host, sizeof(test->host), "memory.test");
	}
	snprintf(test->origin, sizeof(test->origin), "http://%s", test->host);
}

static const char *const usual_keys[] = {"action"};

struct msgc_test *msgc_test_start(
        enum msgc_test_mode mode, msgc_test_make_fn *make, void *app, const char *const *arguments)
{
	const char *timeout = getenv("MSGC_TEST_TIMEOUT_MS");
	struct msgc_test *test = calloc(1, sizeof(*test));

	if (!test)
		msgc__test_fail("no memory");
	signal(SIGPIPE, SIG_IGN); /* as in msgc_server_run(): a client may have gone */
	msgc_arena_init(&test->arena, 0);
	test->timeout_ms = timeout && atoi(timeout) > 0 ? atoi(timeout) : 5000;
	test->idle_ms = 150;
	test->names = (struct msgc_envelope_names){.keys = usual_keys,
	        .key_count = 1,
	        .ref = "ref",
	        .topic = "topic",
	        .message_id = "message_id"};
	test->ways = mode == MSGC_TEST_MEMORY ? &msgc__test_memory_ways : &msgc__test_socket_ways;
	make_server(test, make, app, arguments);
	msgc__test_clock_start(test);
	msgc__test_stand_ins_new(test);
	msgc__test_hooks_put(test->stand_ins);
	if (mode == MSGC_TEST_MEMORY)
		test->server->transport = &msgc__memory_transport;
	if (msgc__server_start(test->server) < 0)
		msgc__test_fail("the server does not start: see the log");
	msgc__test_store_put(test->stand_ins);
	start_threads(test);
	note_addresses(test, mode);
	return test;
}

/* ---- what others ask for */

struct msgc_server *msgc_test_server(struct msgc_test *test)
{
	return test->server;
}

int msgc_test_port(const struct msgc_test *test)
{
	return test->port;
}

unsigned msgc__test_worker(struct msgc_test *test)
{
	return test->next_worker++ % test->server->worker_count;
}

void msgc_test_set_idle(struct msgc_test *test, int64_t ms)
{
	test->idle_ms = ms;
}

void msgc_test_set_envelope(struct msgc_test *test, const struct msgc_envelope_names *names)
{
	test->names = *names;
}

/* ---- stopping */

void msgc_test_begin_stop(struct msgc_test *test)
{
	msgc_server_stop(test->server);
}

int msgc_test_stop_code(struct msgc_test *test)
{
	int code;

	for (struct msgc_test_client *client = test->clients; client; client = client->next) {
		if (client->link)
			test->ways->free(client->link);
	}
	msgc_server_stop(test->server);
	for (unsigned i = 0; i < test->thread_count; i++)
		pthread_join(test->threads[i], NULL);
	code = msgc__server_finish(test->server);
	if (code >= 0) { /* else a thread of the program is still at work in it */
		msgc_server_free(test->server);
		msgc__test_stand_ins_free(test);
	}
	msgc_arena_free(&test->arena);
	free(test);
	return code < 0 ? 1 : code;
}

void msgc_test_stop(struct msgc_test *test)
{
	int code = msgc_test_stop_code(test);

	if (code != 0)
		msgc__test_fail("the server did not end cleanly: exit code %d", code);
}
