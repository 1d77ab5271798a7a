/* SPDX-License-Identifier: MIT */
/* Topics over the client's connection, presence, and questions of the server. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "party.h"

static void setup(void)
{
	static const char *const arguments[] = {"--reconnect-hint=100ms", "--presence-window=20ms",
	        "--presence-linger=200ms", NULL};

	stage_begin(arguments);
}

/* What is followed, and what has come of it. */
struct interest {
	struct stage_discussion_client *topic;
	struct texts told, phases;
	char why[TEXT_MOST];
};

static struct msgc_channel *channel_of(const struct interest *interest)
{
	return stage_discussion_client_channel(interest->topic);
}

static void on_told(void *app, struct stage_discussion_client *topic,
        const struct stage_told *message, const struct msgc_client_frame *frame)
{
	struct interest *interest = app;

	(void)topic;
	(void)frame;
	remember(&interest->told, message->payload.ptr, message->payload.len);
}

static void on_phase(void *app, struct msgc_channel *topic, enum msgc_topic_phase phase,
        const struct msgc_outcome *why)
{
	static const char *const names[] = {"left", "asking", "in", "refused"};
	struct interest *interest = app;

	(void)topic;
	remember(&interest->phases, names[phase], 16);
	if (why)
		snprintf(interest->why, sizeof(interest->why), "%.*s", (int)why->reason.len,
		        why->reason.ptr);
}

static void follow(struct person *person, const char *id, struct interest *interest)
{
	static const struct stage_discussion_client_handlers handlers = {.told = on_told};

	ck_assert_int_eq(stage_lounge_door_client_topic_discussion(person->lounge,
	                         msgc_str_from(id), &handlers, interest, &interest->topic),
	        MSGC_OK);
	msgc_topic_on_phase(channel_of(interest), on_phase);
	ck_assert_int_eq(msgc_topic_subscribe(channel_of(interest)), MSGC_OK);
}

static bool is_in(const struct interest *interest)
{
	return msgc_topic_phase_of(channel_of(interest)) == MSGC_TOPIC_SUBSCRIBED;
}

static void talked(void *app, struct stage_discussion_client *topic,
        const struct msgc_outcome *outcome, const struct stage_talked *answer, void *arg)
{
	(void)app;
	(void)topic;
	(void)answer;
	fate_of(arg, outcome);
}

static void talk(struct interest *interest, const char *text)
{
	const struct stage_talk message = {.payload = msgc_str_from(text)};
	struct fate fate = {0};

	ck_assert_int_eq(stage_discussion_client_request_talk(
	                         interest->topic, &message, NULL, talked, &fate),
	        MSGC_OK);
	EVENTUALLY(fate.is_known);
	ck_assert_int_eq(fate.result, MSGC_OK);
}

static void enter(struct person *person, const char *user)
{
	struct msgc_client_options options;

	person->name = user;
	options = options_for(person);
	enter_lounge(person, "main", &options);
	EVENTUALLY(is_live(person));
}

START_TEST(a_topic_is_followed_spoken_to_and_left)
{
	struct person ada = {0}, grace = {0};
	struct interest hers = {0}, its = {0};
	const struct stage_talk late = {.payload = MSGC_STR("too late")};
	const char *id = fresh();

	enter(&ada, "ada");
	enter(&grace, "grace");
	follow(&ada, id, &hers);
	follow(&grace, id, &its);
	EVENTUALLY(is_in(&hers) && is_in(&its));
	talk(&hers, "one");
	EVENTUALLY(hers.told.count == 1 && its.told.count == 1);
	msgc_topic_unsubscribe(channel_of(&its));
	ck_assert_int_eq(stage_discussion_client_send_talk(its.topic, &late, NULL), MSGC_EGONE);
	talk(&hers, "two");
	EVENTUALLY(hers.told.count == 2);
	PASS(50);
	ck_assert_str_eq(joined(&its.told), "one");
	ck_assert_int_eq(msgc_topic_subscribe(channel_of(&its)), MSGC_OK);
	EVENTUALLY(is_in(&its));
	talk(&hers, "three");
	EVENTUALLY(its.told.count == 2);
	ck_assert_str_eq(joined(&its.told), "one three");
	ck_assert_str_eq(joined(&its.phases), "asking in left asking in");
	msgc_topic_free(channel_of(&its));
	ck_assert_uint_eq(ada.problems.count + grace.problems.count, 0);
}
END_TEST

START_TEST(what_may_not_be_followed_is_refused)
{
	struct person ada = {0};
	struct interest secret = {0}, open = {0};

	enter(&ada, "ada");
	follow(&ada, "secret", &secret);
	follow(&ada, fresh(), &open);
	EVENTUALLY(msgc_topic_phase_of(channel_of(&secret)) == MSGC_TOPIC_REFUSED);
	ck_assert_str_eq(secret.why, "unauthorized");
	EVENTUALLY(is_in(&open));
}
END_TEST

START_TEST(topics_are_followed_anew_from_where_they_stood)
{
	struct person ada = {0}, grace = {0};
	struct interest hers = {0}, its = {0};
	const char *id = fresh();

	enter(&ada, "ada");
	enter(&grace, "grace");
	follow(&ada, id, &hers);
	follow(&grace, id, &its);
	EVENTUALLY(is_in(&hers) && is_in(&its));
	talk(&hers, "1");
	EVENTUALLY(its.told.count == 1);
	msgc_client_close(grace.client, 0, NULL);
	talk(&hers, "2");
	talk(&hers, "3");
	msgc_client_open(grace.client);
	ck_assert_int_eq(msgc_topic_subscribe(channel_of(&its)), MSGC_OK);
	EVENTUALLY(its.told.count == 3);
	talk(&hers, "4");
	EVENTUALLY(its.told.count == 4);
	ck_assert_str_eq(joined(&its.told), "1 2 3 4");
	ck_assert_uint_eq(grace.gaps.count, 0);
}
END_TEST

START_TEST(a_server_that_was_killed_has_forgotten_and_a_gap_is_told)
{
	struct person ada = {0};
	struct interest hers = {0};

	enter(&ada, "ada");
	follow(&ada, fresh(), &hers);
	EVENTUALLY(is_in(&hers));
	talk(&hers, "1");
	EVENTUALLY(hers.told.count == 1);
	stage_end(SIGKILL);
	EVENTUALLY(!is_live(&ada));
	stage_again();
	EVENTUALLY(is_in(&hers));
	EVENTUALLY(ada.gaps.count == 1);
	talk(&hers, "2");
	EVENTUALLY(hers.told.count == 2);
}
END_TEST

START_TEST(the_server_asks_and_is_answered)
{
	const struct stage_quiz quiz = {0};
	struct person ada = {0};

	enter(&ada, "ada");
	ck_assert_int_eq(stage_lounge_door_client_send_quiz(ada.lounge, &quiz, NULL), MSGC_OK);
	EVENTUALLY(ada.result[0]);
	ck_assert_str_eq(ada.question, "1 + 2?");
	ck_assert_str_eq(ada.result, "right");
}
END_TEST

START_TEST(who_is_there_is_told)
{
	struct person ada = {0}, grace = {0};

	enter(&ada, "ada");
	EVENTUALLY(ada.present == 1);
	enter(&grace, "grace");
	EVENTUALLY(ada.present == 2 && grace.present == 2);
	msgc_client_close(grace.client, 0, NULL);
	EVENTUALLY(ada.present == 1);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("client: topics");
	TCase *tests = tcase_create("topics");

	tcase_add_checked_fixture(tests, setup, leave_all);
	tcase_set_timeout(tests, 60);
	tcase_add_test(tests, a_topic_is_followed_spoken_to_and_left);
	tcase_add_test(tests, what_may_not_be_followed_is_refused);
	tcase_add_test(tests, topics_are_followed_anew_from_where_they_stood);
	tcase_add_test(tests, a_server_that_was_killed_has_forgotten_and_a_gap_is_told);
	tcase_add_test(tests, the_server_asks_and_is_answered);
	tcase_add_test(tests, who_is_there_is_told);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
