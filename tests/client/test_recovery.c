/* SPDX-License-Identifier: MIT */
/* A server that goes and comes again: what was missed is heard once and in order, or a gap is told. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "party.h"

static void setup(void)
{
	static const char *const arguments[] = {"--reconnect-hint=300ms", NULL};

	stage_begin(arguments);
}

/* Somebody who speaks, and somebody who listens. */
static void enter_both(struct person *ada, struct person *grace, const char *name)
{
	struct msgc_client_options options;

	ada->name = "ada";
	options = options_for(ada);
	enter_stage(ada, name, &options);
	options = options_for(grace);
	options.token = NULL;
	enter_gallery(grace, name, &options);
	EVENTUALLY(is_live(ada) && is_live(grace));
}

START_TEST(what_was_missed_is_heard_once_and_in_order)
{
	struct person ada = {0}, grace = {0}, later = {0};
	const char *name = fresh();
	struct msgc_position positions[MSGC_POSITIONS_MOST];
	struct msgc_client_options options;
	size_t n;

	enter_both(&ada, &grace, name);
	say(&ada, "1");
	EVENTUALLY(grace.heard.count == 1);
	n = msgc_channel_positions(stage_gallery_client_channel(grace.gallery), positions);
	ck_assert_uint_eq(n, 1);
	msgc_client_close(grace.client, 0, NULL);
	say(&ada, "2");
	say(&ada, "3");
	say(&ada, "4");
	msgc_client_open(grace.client);
	EVENTUALLY(grace.heard.count == 4);
	say(&ada, "5");
	EVENTUALLY(grace.heard.count == 5);
	ck_assert_str_eq(joined(&grace.heard), "1 2 3 4 5");
	ck_assert_uint_eq(grace.gaps.count, 0);
	ck_assert_str_eq(grace.recovered.items[grace.recovered.count - 1], "whole");

	/* Another client that was handed the position. */
	options = options_for(&later);
	options.token = NULL;
	options.positions = positions;
	options.position_count = n;
	enter_gallery(&later, name, &options);
	EVENTUALLY(later.heard.count == 4);
	ck_assert_str_eq(joined(&later.heard), "2 3 4 5");
}
END_TEST

START_TEST(a_gap_is_told_when_more_was_missed_than_is_kept)
{
	struct person ada = {0}, grace = {0};
	const char *name = fresh();
	char group[64];

	enter_both(&ada, &grace, name);
	say(&ada, "first");
	EVENTUALLY(grace.heard.count == 1);
	msgc_client_close(grace.client, 0, NULL);
	for (int i = 0; i < 25; i++)
		say(&ada, "missed");
	msgc_client_open(grace.client);
	EVENTUALLY(grace.gaps.count == 1);
	say(&ada, "after");
	EVENTUALLY(strcmp(grace.heard.items[grace.heard.count - 1], "after") == 0);
	snprintf(group, sizeof(group), "stage_%.4s", name);
	ck_assert_int_eq(strncmp(grace.gaps.items[0], group, strlen(group)), 0);
}
END_TEST

static void server_goes(int signal, unsigned drainings)
{
	struct person ada = {.name = "ada"};
	struct msgc_client_options options = options_for(&ada);
	struct fate fate = {0};

	enter_stage(&ada, fresh(), &options);
	EVENTUALLY(is_live(&ada));
	say(&ada, "before");
	EVENTUALLY(ada.heard.count == 1);
	stage_end(signal);
	EVENTUALLY(!is_live(&ada));
	ck_assert_int_eq(begin_say(&ada, "meanwhile", NULL, &fate), MSGC_OK);
	stage_again();
	EVENTUALLY(fate.is_known && ada.heard.count == 2);
	ck_assert_int_eq(fate.result, MSGC_OK);
	ck_assert_str_eq(joined(&ada.heard), "before meanwhile");
	ck_assert_uint_eq(ada.gaps.count, 1);
	ck_assert_uint_eq(ada.drainings, drainings);
}

START_TEST(a_server_that_drains_is_found_again)
{
	server_goes(SIGTERM, 1);
}
END_TEST

START_TEST(a_server_that_is_killed_is_found_again)
{
	server_goes(SIGKILL, 0);
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

START_TEST(idempotent_requests_are_sent_again_and_others_fail)
{
	const struct stage_wait_for long_time = {.payload = 5000};
	const struct msgc_send_options idempotent = {.idempotent = true};
	struct person ada = {.name = "ada"};
	struct msgc_client_options options = options_for(&ada);
	struct fate lost = {0}, kept = {0};

	enter_stage(&ada, fresh(), &options);
	EVENTUALLY(is_live(&ada));
	ck_assert_int_eq(
	        stage_stage_door_client_request_wait_for(ada.door, &long_time, NULL, waited, &lost),
	        MSGC_OK);
	ck_assert_int_eq(begin_say(&ada, "kept", &idempotent, &kept), MSGC_OK);
	stage_end(SIGKILL);
	EVENTUALLY(lost.is_known);
	ck_assert_int_eq(lost.result, MSGC_EGONE);
	ck_assert_str_eq(lost.reason, "disconnected");
	ck_assert(!kept.is_known);
	stage_again();
	EVENTUALLY(kept.is_known);
	ck_assert_int_eq(kept.result, MSGC_OK);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("client: recovery");
	TCase *tests = tcase_create("recovery");

	tcase_add_checked_fixture(tests, setup, leave_all);
	tcase_set_timeout(tests, 60);
	tcase_add_test(tests, what_was_missed_is_heard_once_and_in_order);
	tcase_add_test(tests, a_gap_is_told_when_more_was_missed_than_is_kept);
	tcase_add_test(tests, a_server_that_drains_is_found_again);
	tcase_add_test(tests, a_server_that_is_killed_is_found_again);
	tcase_add_test(tests, idempotent_requests_are_sent_again_and_others_fail);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
