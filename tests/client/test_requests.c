/* SPDX-License-Identifier: MIT */
/* Requests of the client: answers by ref, refusals, a slow server, a queue with an end; and what it does not know. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "party.h"

static void setup(void)
{
	stage_begin(NULL);
}

static void enter(struct person *ada)
{
	struct msgc_client_options options = options_for(ada);

	ada->name = "ada";
	enter_stage(ada, fresh(), &options);
	EVENTUALLY(is_live(ada));
}

static void summed(void *app, struct stage_stage_door_client *client,
        const struct msgc_outcome *outcome, const struct stage_sum *answer, void *arg)
{
	struct fate *fate = arg;

	(void)app;
	(void)client;
	fate_of(fate, outcome);
	if (!answer)
		return;
	fate->number = answer->payload.total;
	snprintf(fate->text, sizeof(fate->text), "%.*s", (int)answer->payload.price.len,
	        answer->payload.price.ptr);
}

START_TEST(answers_come_by_ref_with_all_digits)
{
	const struct stage_add first = {.payload = {.a = INT64_C(9007199254740993),
	                                        .b = 1,
	                                        .price = {"12345678901234567890.10", 23}}};
	const struct stage_add second = {.payload = {.a = -1, .b = 1, .price = {"0.5", 3}}};
	struct person ada = {0};
	struct fate one = {0}, two = {0};

	enter(&ada);
	ck_assert_int_eq(
	        stage_stage_door_client_request_add(ada.door, &first, NULL, summed, &one), MSGC_OK);
	ck_assert_int_eq(stage_stage_door_client_request_add(ada.door, &second, NULL, summed, &two),
	        MSGC_OK);
	EVENTUALLY(one.is_known && two.is_known);
	ck_assert_int_eq(one.result, MSGC_OK);
	ck_assert_int_eq(one.number, INT64_C(9007199254740994));
	ck_assert_str_eq(one.text, "12345678901234567890.10");
	ck_assert_int_eq(two.number, 0);
	ck_assert_str_eq(two.text, "0.5");
}
END_TEST

START_TEST(what_breaks_the_contract_is_not_sent)
{
	const struct stage_say blank = {.payload = MSGC_STR(" ")};
	struct person ada = {0};

	enter(&ada);
	ck_assert_int_eq(stage_stage_door_client_send_say(ada.door, &blank, NULL), MSGC_ECONTRACT);
	say(&ada, "and all is well");
	ck_assert_uint_eq(ada.problems.count, 0);
}
END_TEST

static void refused(void *app, struct stage_stage_door_client *client,
        const struct msgc_outcome *outcome, const struct stage_fine *answer, void *arg)
{
	(void)app;
	(void)client;
	ck_assert_ptr_null(answer);
	fate_of(arg, outcome);
}

START_TEST(a_handler_refuses_in_its_words)
{
	const struct stage_refuse message = {.payload = MSGC_STR("not today")};
	struct person ada = {0};
	struct fate fate = {0};

	enter(&ada);
	ck_assert_int_eq(
	        stage_stage_door_client_request_refuse(ada.door, &message, NULL, refused, &fate),
	        MSGC_OK);
	EVENTUALLY(fate.is_known);
	ck_assert_int_eq(fate.result, MSGC_EREFUSED);
	ck_assert_str_eq(fate.reason, "refused");
	ck_assert_str_eq(fate.detail, "not today");
}
END_TEST

/* A frame that no typed function would write: the server's words come through. */
START_TEST(a_refused_frame_says_every_problem)
{
	static const char frame[] =
	        "{\"action\":\"say\",\"payload\":\"\",\"mood\":7,\"ref\":\"1\"}";
	struct person ada = {0};

	enter(&ada);
	ck_assert_int_eq(msgc_client_send_text(ada.client, msgc_str_from(frame)), MSGC_OK);
	EVENTUALLY(ada.problems.count == 1);
	ck_assert_str_eq(joined(&ada.problems), "invalid");
	ck_assert_ptr_nonnull(strstr(ada.payload, "\"string_too_short\""));
	ck_assert_ptr_nonnull(strstr(ada.payload, "\"loc\":[\"mood\"]"));
	say(&ada, "and all goes on");
}
END_TEST

START_TEST(too_fast_says_when_to_try_again)
{
	const struct stage_wave wave = {0};
	struct person ada = {0};

	enter(&ada);
	for (int i = 0; i < 6; i++)
		ck_assert_int_eq(stage_stage_door_client_send_wave(ada.door, &wave, NULL), MSGC_OK);
	EVENTUALLY(ada.problems.count > 0);
	ck_assert_str_eq(ada.problems.items[0], "rate_limited");
}
END_TEST

static void waited(void *app, struct stage_stage_door_client *client,
        const struct msgc_outcome *outcome, const struct stage_waited *answer, void *arg)
{
	(void)app;
	(void)client;
	(void)answer;
	fate_of(arg, outcome);
}

START_TEST(a_slow_server_is_given_up_and_all_goes_on)
{
	const struct stage_wait_for long_time = {.payload = 400}, short_time = {.payload = 1};
	const struct msgc_send_options soon = {.timeout_ms = 100};
	struct person ada = {0};
	struct fate one = {0}, two = {0};

	enter(&ada);
	ck_assert_int_eq(
	        stage_stage_door_client_request_wait_for(ada.door, &long_time, &soon, waited, &one),
	        MSGC_OK);
	EVENTUALLY(one.is_known);
	ck_assert_int_eq(one.result, MSGC_ETIMEOUT);
	ck_assert_str_eq(one.reason, "timeout");
	ck_assert_int_eq(
	        stage_stage_door_client_request_wait_for(ada.door, &short_time, NULL, waited, &two),
	        MSGC_OK);
	EVENTUALLY(two.is_known);
	ck_assert_int_eq(two.result, MSGC_OK);
}
END_TEST

static void completed(void *app, struct stage_gallery_client *client,
        const struct msgc_outcome *outcome, void *arg)
{
	(void)app;
	(void)client;
	fate_of(arg, outcome);
}

START_TEST(what_nothing_answers_is_completed)
{
	const struct stage_say hello = {.payload = MSGC_STR("hello")};
	const struct stage_refuse no = {.payload = MSGC_STR("no")};
	struct person ada = {.name = "ada"};
	struct msgc_client_options options = options_for(&ada);
	struct fate one = {0}, two = {0};

	options.token = NULL;
	enter_gallery(&ada, fresh(), &options);
	ck_assert_int_eq(
	        stage_gallery_client_request_say(ada.gallery, &hello, NULL, completed, &one),
	        MSGC_OK);
	ck_assert_int_eq(
	        stage_gallery_client_request_refuse(ada.gallery, &no, NULL, completed, &two),
	        MSGC_OK);
	EVENTUALLY(one.is_known && two.is_known && ada.heard.count == 1);
	ck_assert_int_eq(one.result, MSGC_OK);
	ck_assert_int_eq(two.result, MSGC_EREFUSED);
	EVENTUALLY(strstr(joined(&ada.completed), "group_complete") != NULL);
}
END_TEST

START_TEST(an_id_has_one_effect)
{
	const struct msgc_send_options once = {.message_id = "the-very-same"};
	struct person ada = {0};
	struct fate one = {0}, two = {0}, three = {0};

	enter(&ada);
	ck_assert_int_eq(begin_say(&ada, "once", &once, &one), MSGC_OK);
	EVENTUALLY(one.is_known);
	ck_assert_int_eq(begin_say(&ada, "once", &once, &two), MSGC_OK);
	ck_assert_int_eq(begin_say(&ada, "another", &once, &three), MSGC_OK);
	EVENTUALLY(two.is_known && three.is_known);
	ck_assert_int_eq(one.number, two.number);
	ck_assert_int_eq(three.result, MSGC_ECONFLICT);
	EVENTUALLY(ada.heard.count == 1);
	ck_assert_str_eq(joined(&ada.mine), "mine");
}
END_TEST

START_TEST(what_this_version_does_not_know_is_told)
{
	const struct stage_wonder wonder = {0};
	struct person ada = {0};

	enter(&ada);
	ck_assert_int_eq(stage_stage_door_client_send_wonder(ada.door, &wonder, NULL), MSGC_OK);
	EVENTUALLY(ada.unknown.count == 1);
	ck_assert_str_eq(joined(&ada.unknown), "surprise");
	ck_assert(is_live(&ada));
}
END_TEST

START_TEST(bytes_and_unions_come_as_the_contract_says)
{
	const char *name = fresh();
	const struct stage_wave wave = {.payload = {(const uint8_t *)"\0\xff", 2}};
	struct person ada = {.name = "ada"}, grace = {.name = "grace"};
	struct msgc_client_options options = options_for(&ada);

	enter_stage(&ada, name, &options);
	options = options_for(&grace);
	options.token = NULL;
	enter_gallery(&grace, name, &options);
	EVENTUALLY(is_live(&ada) && is_live(&grace));
	ck_assert_int_eq(stage_stage_door_client_send_wave(ada.door, &wave, NULL), MSGC_OK);
	EVENTUALLY(grace.waved == 1);
	ck_assert_uint_eq(grace.last_wave, 2);
}
END_TEST

START_TEST(the_queue_has_an_end)
{
	struct person refusing = {.name = "ada"}, dropping = {.name = "grace"};
	struct msgc_client_options options = options_for(&refusing);
	struct fate fates[3] = {{0}};

	stage_signal(SIGSTOP);
	options.queue_limit = 2;
	enter_stage(&refusing, fresh(), &options);
	ck_assert_int_eq(begin_say(&refusing, "1", NULL, &fates[0]), MSGC_OK);
	ck_assert_int_eq(begin_say(&refusing, "2", NULL, &fates[1]), MSGC_OK);
	ck_assert_int_eq(begin_say(&refusing, "3", NULL, &fates[2]), MSGC_EBUSY);
	stage_signal(SIGCONT);
	EVENTUALLY(refusing.heard.count == 2 && fates[0].is_known && fates[1].is_known);
	ck_assert_str_eq(joined(&refusing.heard), "1 2");

	memset(fates, 0, sizeof(fates));
	stage_signal(SIGSTOP);
	options = options_for(&dropping);
	options.queue_limit = 2;
	options.queue_drops_oldest = true;
	enter_stage(&dropping, fresh(), &options);
	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(begin_say(&dropping, "x", NULL, &fates[i]), MSGC_OK);
	ck_assert_str_eq(fates[0].reason, "queue_full");
	stage_signal(SIGCONT);
	EVENTUALLY(fates[1].is_known && fates[2].is_known);
	ck_assert_int_eq(fates[1].result, MSGC_OK);
	ck_assert_int_eq(fates[2].result, MSGC_OK);
}
END_TEST

START_TEST(a_request_waits_for_a_connection_no_longer_than_it_may)
{
	const struct msgc_send_options soon = {.timeout_ms = 100};
	struct person ada = {.name = "ada"};
	struct msgc_client_options options = options_for(&ada);
	struct fate fate = {0};

	options.url = "http://127.0.0.1:1";
	enter_stage(&ada, fresh(), &options);
	ck_assert_int_eq(begin_say(&ada, "?", &soon, &fate), MSGC_OK);
	EVENTUALLY(fate.is_known);
	ck_assert_int_eq(fate.result, MSGC_ETIMEOUT);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("client: requests");
	TCase *tests = tcase_create("requests");

	tcase_add_checked_fixture(tests, setup, leave_all);
	tcase_set_timeout(tests, 60);
	tcase_add_test(tests, answers_come_by_ref_with_all_digits);
	tcase_add_test(tests, what_breaks_the_contract_is_not_sent);
	tcase_add_test(tests, a_handler_refuses_in_its_words);
	tcase_add_test(tests, a_refused_frame_says_every_problem);
	tcase_add_test(tests, too_fast_says_when_to_try_again);
	tcase_add_test(tests, a_slow_server_is_given_up_and_all_goes_on);
	tcase_add_test(tests, what_nothing_answers_is_completed);
	tcase_add_test(tests, an_id_has_one_effect);
	tcase_add_test(tests, what_this_version_does_not_know_is_told);
	tcase_add_test(tests, bytes_and_unions_come_as_the_contract_says);
	tcase_add_test(tests, the_queue_has_an_end);
	tcase_add_test(tests, a_request_waits_for_a_connection_no_longer_than_it_may);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
