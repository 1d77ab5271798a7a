/* SPDX-License-Identifier: MIT */
/* The client's connection: states, credentials, coming back, and what must not. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "party.h"

static void setup(void)
{
	static const char *const arguments[] = {"--reconnect-hint=300ms", NULL};

	stage_begin(arguments);
}

START_TEST(is_live_after_authentication_and_closes_for_good)
{
	struct person ada = {.name = "ada"};
	struct msgc_client_options options = options_for(&ada);
	struct fate fate = {0};

	enter_stage(&ada, fresh(), &options);
	EVENTUALLY(is_live(&ada));
	ck_assert_str_eq(joined(&ada.states), "connecting live");
	msgc_client_close(ada.client, 0, NULL);
	ck_assert_int_eq(phase_of(&ada), MSGC_CLIENT_CLOSED);
	ck_assert_uint_eq(msgc_client_state_of(ada.client)->code, 1000);
	ck_assert_int_eq(begin_say(&ada, "?", NULL, &fate), MSGC_EGONE);
	msgc_client_open(ada.client);
	EVENTUALLY(is_live(&ada));
	say(&ada, "back");
}
END_TEST

START_TEST(a_wrong_password_is_final_and_says_why)
{
	struct person ada = {.name = "ada"};
	struct msgc_client_options options = options_for(&ada);

	options.token = NULL;
	options.user = "ada";
	options.password = "guess";
	enter_stage(&ada, fresh(), &options);
	EVENTUALLY(phase_of(&ada) == MSGC_CLIENT_CLOSED);
	ck_assert_uint_eq(msgc_client_state_of(ada.client)->code, 4401);
	ck_assert_uint_gt(strlen(msgc_client_state_of(ada.client)->reason), 0);
	PASS(300);
	ck_assert_str_eq(joined(&ada.states), "connecting closed");
}
END_TEST

START_TEST(another_token_is_asked_for_once)
{
	struct person stale = {.name = "ada", .lasts = -60};
	struct msgc_client_options options = options_for(&stale);

	enter_stage(&stale, fresh(), &options);
	EVENTUALLY(phase_of(&stale) == MSGC_CLIENT_CLOSED);
	ck_assert_uint_eq(stale.tokens, 2);
	ck_assert_uint_eq(msgc_client_state_of(stale.client)->code, 4401);
}
END_TEST

START_TEST(tokens_go_in_a_header_and_passwords_too)
{
	struct person ada = {.name = "ada"}, grace = {.name = "grace"};
	struct msgc_client_options options = options_for(&ada);

	options.token_in_header = true;
	enter_stage(&ada, fresh(), &options);
	options = options_for(&grace);
	options.token = NULL;
	options.user = "grace";
	options.password = "sesame";
	enter_stage(&grace, fresh(), &options);
	EVENTUALLY(is_live(&ada) && is_live(&grace));
}
END_TEST

START_TEST(a_token_is_refreshed_before_it_expires)
{
	struct person ada = {.name = "ada", .lasts = 5, .tells_expiry = true};
	struct msgc_client_options options = options_for(&ada);

	enter_stage(&ada, fresh(), &options);
	EVENTUALLY(ada.refreshes >= 2);
	ck_assert_str_eq(joined(&ada.states), "connecting live");
	say(&ada, "still here");
}
END_TEST

START_TEST(an_expired_token_is_replaced)
{
	struct person ada = {.name = "ada", .lasts = 4};
	struct msgc_client_options options = options_for(&ada);

	enter_stage(&ada, fresh(), &options);
	EVENTUALLY(is_live(&ada));
	ada.lasts = 3600;
	EVENTUALLY(ada.states.count >= 5);
	ck_assert_str_eq(joined(&ada.states), "connecting live waiting connecting live");
	ck_assert_uint_eq(ada.tokens, 2);
}
END_TEST

static int later(void *app, struct msgc_client *client, struct msgc_credential *ret)
{
	struct person *person = app;

	(void)client;
	(void)ret;
	person->tokens++;
	return MSGC_LATER;
}

START_TEST(a_token_may_come_later)
{
	struct person ada = {.name = "ada"};
	struct msgc_client_options options = options_for(&ada);
	struct msgc_credential credential = {.text = msgc_str_from("ada.1.0")};

	options.token = later;
	enter_stage(&ada, fresh(), &options);
	EVENTUALLY(ada.tokens == 1);
	PASS(50);
	ck_assert_int_eq(phase_of(&ada), MSGC_CLIENT_CONNECTING);
	msgc_client_give(ada.client, MSGC_OK, &credential);
	EVENTUALLY(is_live(&ada));
}
END_TEST

START_TEST(an_unknown_path_is_final)
{
	struct person ada = {.name = "ada"};
	struct msgc_client_options options = options_for(&ada);
	char url[128];

	snprintf(url, sizeof(url), "%s/elsewhere", stage_url());
	options.url = url;
	enter_stage(&ada, fresh(), &options);
	EVENTUALLY(phase_of(&ada) == MSGC_CLIENT_CLOSED);
	ck_assert_uint_eq(msgc_client_state_of(ada.client)->http_status, 404);
	ck_assert_uint_eq(msgc_client_state_of(ada.client)->code, 4404);
	ck_assert_str_eq(msgc_client_state_of(ada.client)->reason,
	        "The server refuses the connection with status 404.");
}
END_TEST

START_TEST(nobody_is_sought_for_ever)
{
	struct person ada = {.name = "ada"};
	struct msgc_client_options options = options_for(&ada);

	options.url = "http://127.0.0.1:1";
	options.attempts = 3;
	options.first_delay_ms = 1;
	options.longest_delay_ms = 5;
	enter_stage(&ada, fresh(), &options);
	EVENTUALLY(phase_of(&ada) == MSGC_CLIENT_CLOSED);
	ck_assert_str_eq(joined(&ada.states),
	        "connecting waiting connecting waiting connecting waiting connecting closed");
}
END_TEST

/* Three seconds and half as many again at most; without its word it would be ten. */
START_TEST(a_refused_handshake_is_tried_again_when_the_server_says)
{
	static const char *const arguments[] = {"--handshake-rate=1 per 3s", NULL};
	struct person ada = {.name = "ada"}, grace = {.name = "grace"};
	struct msgc_client_options options = options_for(&ada);
	const struct msgc_client_state *state;

	stage_end(SIGKILL);
	stage_begin(arguments);
	options.url = stage_url();
	enter_stage(&ada, fresh(), &options);
	EVENTUALLY(is_live(&ada));
	options = options_for(&grace);
	enter_stage(&grace, fresh(), &options);
	EVENTUALLY(phase_of(&grace) == MSGC_CLIENT_WAITING);
	state = msgc_client_state_of(grace.client);
	ck_assert_uint_eq(state->http_status, 429);
	ck_assert_uint_eq(state->code, 4429);
	ck_assert_int_gt(state->retry_in_ms, 0);
	ck_assert_int_le(state->retry_in_ms, 3000 * 3 / 2 + 200);
	EVENTUALLY(is_live(&grace));
}
END_TEST

START_TEST(a_silent_server_is_noticed)
{
	struct person ada = {.name = "ada"};
	struct msgc_client_options options = options_for(&ada);

	options.heartbeat_ms = 100;
	options.pong_ms =
	        2000; /* not less than what a busy machine holds up a server that is there */
	options.connect_ms = 4000;
	enter_stage(&ada, fresh(), &options);
	EVENTUALLY(is_live(&ada));
	stage_signal(SIGSTOP);
	EVENTUALLY(!is_live(&ada));
	stage_signal(SIGCONT);
	EVENTUALLY(is_live(&ada));
	say(&ada, "there again");
}
END_TEST

START_TEST(wrong_options_are_refused)
{
	static const char *const urls[] = {NULL, "", "ftp://example.org", "http://",
	        "http://example.org:0", "http://example.org:65536", "http://example.org:80x",
	        "http://user:secret@example.org", "ws://[::1", "ws://example.org /"};
	static const char *const headers[] = {"X-One: 1\r\nX-Two: 2", NULL};
	const struct stage_gallery_params params = {.name = MSGC_STR("x")};
	struct stage_gallery_client *client = NULL;
	struct msgc_client_options options = {0};

	for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
		options.url = urls[i];
		ck_assert_int_eq(
		        stage_gallery_client_new(&options, &params, NULL, &client), MSGC_EINVAL);
	}
	options.url = "http://example.org";
	options.headers = headers;
	ck_assert_int_eq(stage_gallery_client_new(&options, &params, NULL, &client), MSGC_EINVAL);
	options.headers = NULL;
	options.cookie = "a=b\nX: y";
	ck_assert_int_eq(stage_gallery_client_new(&options, &params, NULL, &client), MSGC_EINVAL);
	options.cookie = NULL;
	ck_assert_int_eq(stage_gallery_client_new(&options, &params, NULL, &client), MSGC_OK);
	msgc_client_free(stage_gallery_client_connection(client));
}
END_TEST

START_TEST(paths_are_encoded)
{
	struct msgc_buf path = {0};
	const struct stage_stage_door_params params = {
	        .name = MSGC_STR("a b/\xc3\xa9-1"), .level = -7};

	ck_assert_int_eq(stage_stage_door_client_path(&params, &path), MSGC_OK);
	ck_assert_str_eq(msgc_buf_c(&path), "/ws/stage/a%20b%2F%C3%A9-1/?level=%2D7");
	msgc_buf_free(&path);
}
END_TEST

START_TEST(codes_are_final_or_not)
{
	static const uint16_t passing[] = {1001, 1005, 1006, 1011, 1013, 4408, 4429};
	static const uint16_t final[] = {
	        1000, 1003, 1008, 1009, 4400, 4401, 4403, 4404, 4410, 4999};

	for (size_t i = 0; i < sizeof(passing) / sizeof(passing[0]); i++)
		ck_assert(msgc_client_may_reconnect(passing[i]));
	for (size_t i = 0; i < sizeof(final) / sizeof(final[0]); i++)
		ck_assert(!msgc_client_may_reconnect(final[i]));
}
END_TEST

static struct msgc_client *to_stop;

static void stop(int signal)
{
	(void)signal;
	msgc_client_stop(to_stop);
}

START_TEST(run_ends_with_stop)
{
	struct person ada = {.name = "ada"};
	struct msgc_client_options options = options_for(&ada);

	enter_stage(&ada, fresh(), &options);
	EVENTUALLY(is_live(&ada));
	to_stop = ada.client;
	signal(SIGALRM, stop);
	alarm(1);
	ck_assert_int_eq(msgc_client_run(ada.client), MSGC_OK);
	ck_assert(is_live(&ada));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("client: connection");
	TCase *tests = tcase_create("connection");

	tcase_add_checked_fixture(tests, setup, leave_all);
	tcase_set_timeout(tests, 60);
	tcase_add_test(tests, is_live_after_authentication_and_closes_for_good);
	tcase_add_test(tests, a_wrong_password_is_final_and_says_why);
	tcase_add_test(tests, another_token_is_asked_for_once);
	tcase_add_test(tests, tokens_go_in_a_header_and_passwords_too);
	tcase_add_test(tests, a_token_is_refreshed_before_it_expires);
	tcase_add_test(tests, an_expired_token_is_replaced);
	tcase_add_test(tests, a_token_may_come_later);
	tcase_add_test(tests, an_unknown_path_is_final);
	tcase_add_test(tests, nobody_is_sought_for_ever);
	tcase_add_test(tests, a_refused_handshake_is_tried_again_when_the_server_says);
	tcase_add_test(tests, a_silent_server_is_noticed);
	tcase_add_test(tests, wrong_options_are_refused);
	tcase_add_test(tests, paths_are_encoded);
	tcase_add_test(tests, codes_are_final_or_not);
	tcase_add_test(tests, run_ends_with_stop);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
