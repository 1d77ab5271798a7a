/* SPDX-License-Identifier: MIT */
/* The client in C, with permessage-deflate and without, against a server over sockets: what its metrics say has travelled deflated. */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "packed.client.h"
#include "program.h"

enum { LONG = 150000, PATIENCE = 5000 };

static struct msgc_test *test;
static struct packed_packed_client *client;
static char text[LONG + 1];
static unsigned answered, told;

static void on_said(void *app, struct packed_packed_client *of, const struct msgc_outcome *outcome,
        const struct packed_said *answer, void *arg)
{
	size_t *len = arg;

	(void)app, (void)of, (void)outcome;
	ck_assert_ptr_nonnull(answer);
	ck_assert_uint_eq(answer->payload.len, *len);
	ck_assert_mem_eq(answer->payload.ptr, text, *len);
	answered++;
}

static void on_told(void *app, struct packed_packed_client *of, const struct packed_told *message,
        const struct msgc_client_frame *frame)
{
	(void)app, (void)of, (void)frame;
	ck_assert_uint_eq(message->payload.len, 3000);
	told++;
}

static void run_until(const unsigned *count, unsigned wanted)
{
	struct msgc_client *connection = packed_packed_client_connection(client);

	for (int i = 0; i < PATIENCE / 10 && *count < wanted; i++) {
		struct pollfd ready = {.fd = msgc_client_fd(connection), .events = POLLIN};

		if (poll(&ready, 1, 10) > 0)
			msgc_client_step(connection);
	}
	ck_assert_uint_eq(*count, wanted);
}

static void start(bool compression)
{
	static const struct packed_packed_client_handlers handlers = {.told = on_told};
	const struct packed_packed_params params = {.id = 1};
	struct msgc_client_options options = {.compression = compression, .stay_away = true};
	char url[64];

	for (size_t i = 0; i < LONG; i++)
		text[i] = "what is said again and again, and once more "[(i + i / 999) % 44];
	test = msgc_test_start(MSGC_TEST_SOCKETS, packed_make, NULL, NULL);
	snprintf(url, sizeof(url), "http://127.0.0.1:%d", msgc_test_port(test));
	options.url = url;
	ck_assert_int_eq(packed_packed_client_new(&options, &params, &handlers, &client), MSGC_OK);
	msgc_client_open(packed_packed_client_connection(client));
}

static void stop(void)
{
	msgc_client_free(packed_packed_client_connection(client));
	msgc_test_stop(test);
}

static long counter(const char *name)
{
	const struct msgc_test_response *all =
	        msgc_test_admin_get(msgc_test_browser_new(test), "/metrics");
	char line[128];
	const char *at;

	snprintf(line, sizeof(line), "\n%s{", name);
	at = strstr(all->body.ptr, line);
	ck_assert_ptr_nonnull(at);
	return strtol(strchr(at, '}') + 1, NULL, 10);
}

static void say(size_t len)
{
	static size_t lens[16];
	static unsigned count;
	const struct packed_say message = {.payload = msgc_str_of(text, len)};
	size_t *of_this = &lens[count++ % 16];
	unsigned before = answered;

	*of_this = len;
	ck_assert_int_eq(packed_packed_client_request_say(client, &message, NULL, on_said, of_this),
	        MSGC_OK);
	run_until(&answered, before + 1);
}

START_TEST(messages_travel_deflated)
{
	const struct packed_tell tell = {.payload = msgc_str_of(text, 3000)};

	start(_i);
	say(5);
	say(400);
	say(3000);
	say(40000);
	say(LONG);
	ck_assert_int_eq(packed_packed_client_send_tell(client, &tell, NULL), MSGC_OK);
	run_until(&told, 1);
	ck_assert_int_eq(counter("msgc_inflated_messages_total"), _i ? 4 : 0);
	ck_assert_int_eq(counter("msgc_deflated_frames_sent_total"), _i ? 4 : 0);
	stop();
}
END_TEST

/* What a server may send that is longer than the client takes is not inflated to its end. */
START_TEST(a_message_beyond_the_limit_ends_the_connection)
{
	const struct packed_packed_params params = {.id = 1};
	const struct packed_pour pour = {.payload = 1};
	struct msgc_client_options options = {
	        .compression = true, .stay_away = true, .frame_limit = 50000};
	const struct msgc_client_state *state;
	char url[64];

	test = msgc_test_start(MSGC_TEST_SOCKETS, packed_make, NULL, NULL);
	snprintf(url, sizeof(url), "http://127.0.0.1:%d", msgc_test_port(test));
	options.url = url;
	ck_assert_int_eq(packed_packed_client_new(&options, &params, NULL, &client), MSGC_OK);
	msgc_client_open(packed_packed_client_connection(client));
	ck_assert_int_eq(packed_packed_client_send_pour(client, &pour, NULL), MSGC_OK);
	for (int i = 0; i < PATIENCE / 10; i++) {
		struct pollfd ready = {
		        .fd = msgc_client_fd(packed_packed_client_connection(client)),
		        .events = POLLIN};

		if (poll(&ready, 1, 10) > 0)
			msgc_client_step(packed_packed_client_connection(client));
		state = msgc_client_state_of(packed_packed_client_connection(client));
		if (state->phase == MSGC_CLIENT_CLOSED)
			break;
	}
	ck_assert_int_eq(state->phase, MSGC_CLIENT_CLOSED);
	ck_assert_int_eq(state->code, 1009);
	stop();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("deflate, the client in C");
	TCase *all = tcase_create("all");
	SRunner *runner;
	int failed;

	tcase_set_timeout(all, 60);
	tcase_add_loop_test(all, messages_travel_deflated, 0, 2);
	tcase_add_test(all, a_message_beyond_the_limit_ends_the_connection);
	suite_add_tcase(suite, all);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
