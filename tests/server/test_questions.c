/* SPDX-License-Identifier: MIT */
/*
 * Questions when memory is short: the Nth allocation fails, for every N, between asking and the connection's end. Nothing crashes or leaks, and
 * the program hears once of each question that was asked, and of no other.
 */
#include "hall.h"

#include <stdio.h>

#include <msgc/codec_gen.h>

#include "shortage.h"

/* --------------------------------------------------------------------------------------------- the program */

struct outcome {
	int result;
	struct note said;
};

static int asked, told, answered, ends, wrong;

static int call(void *self, void *outcome, int result, unsigned which, msgc_answered_fn *function,
        void *arg)
{
	struct outcome *what = outcome;

	(void)which;
	what->result = result;
	return ((int (*)(struct hall *, const struct outcome *, void *))function)(self, what, arg);
}

/* The answer to "hello" is one that no action is. */
static struct msgc_ask_answer answers[1];
static struct msgc_ask asks[1];

static int on_answer(struct hall *hall, const struct outcome *what, void *arg)
{
	told++;
	wrong += arg != &told || ends > 0; /* Check's own words need memory */
	if (what->result != MSGC_OK)
		return MSGC_OK;
	answered++;
	return hall_send(hall, &shout_message, "heard");
}

static int ask_twice(struct hall *hall, const struct note *in, struct note *reply)
{
	struct note question = {.payload = text("well?")};
	int result = MSGC_OK;

	(void)in;
	for (int i = 0; i < 2 && result == MSGC_OK; i++) {
		result = msgc_connection_ask(
		        hall->connection, asks, &question, 0, (msgc_answered_fn *)on_answer, &told);
		asked += result == MSGC_OK;
	}
	reply->payload = text("asked");
	return result;
}

static void farewell(struct hall *hall, uint16_t code)
{
	(void)hall, (void)code;
	ends++;
}

/* ------------------------------------------------------------------------------------------------- the tests */

static void prepare(void)
{
	answers[0] = (struct msgc_ask_answer){&reply_message, offsetof(struct outcome, said)};
	asks[0] = (struct msgc_ask){.question = &hello_message,
	        .answers = answers,
	        .answer_count = 1,
	        .size = sizeof(struct outcome),
	        .call = call};
	asked = told = answered = ends = wrong = 0;
	world_make(NULL);
	world->consumer.asks = asks;
	world->consumer.ask_count = 1;
	world->handlers.say = ask_twice;
	world->handlers.disconnected = farewell;
	world_start();
}

/* The ref of the first question that came; false: none did. */
static bool ref_of_question(client *c, char ref[40])
{
	bool found = false;
	struct msgc_buf got;

	msgc_buf_init(&got, 0);
	while (msgc__memory_receive(c, &got, 0)) {
		const char *at = strstr(msgc_buf_c(&got), "\"ref\":\"q");

		if (!found && at)
			found = sscanf(at, "\"ref\":\"%39[^\"]", ref) == 1;
		msgc_buf_reset(&got);
	}
	msgc_buf_free(&got);
	return found;
}

/* Asks twice, answers once, goes. `*ret_more`: not all allocations have had their turn. */
static void converse(unsigned long from, unsigned long to, bool *ret_more)
{
	char ref[40], frame[120];
	client *c;

	prepare();
	c = enter();
	shortage_of(from, to);
	shortage_arm(true);
	tell_only(c, "{\"action\":\"say\",\"payload\":\"go\",\"ref\":\"1\"}");
	world_pump();
	shortage_arm(false);
	if (ref_of_question(c, ref)) {
		snprintf(frame, sizeof frame,
		        "{\"action\":\"reply\",\"payload\":\"yes\",\"ref\":\"%s\"}", ref);
		shortage_arm(true);
		tell_only(c, frame);
		world_pump();
		shortage_arm(false);
	}
	shortage_arm(true);
	leave(c);
	world_pump();
	shortage_arm(false);
	*ret_more = shortage_count() >= from;
	world_end();
	ck_assert_int_eq(wrong, 0);
	ck_assert_int_eq(told, asked);
	ck_assert_int_eq(ends, 1);
}

START_TEST(any_single_allocation_may_fail)
{
	bool more = true;
	unsigned long n = 1;

	for (; more; n++)
		converse(n, n, &more);
	ck_assert_uint_gt(n, 5);
	ck_assert_int_eq(asked, 2); /* the last time, when none has failed */
	ck_assert_int_eq(answered, 1);
}
END_TEST

START_TEST(memory_may_be_gone_for_good)
{
	bool more = true;

	for (unsigned long n = 1; more; n++)
		converse(n, SHORTAGE_FOR_GOOD, &more);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
	        any_single_allocation_may_fail, memory_may_be_gone_for_good, NULL};

	return hall_main("server questions", tests);
}
