/* SPDX-License-Identifier: MIT */
/*
 * Answers to the server's questions: found by their ref, told apart by their tags, decoded, handed to the program. It must not know how
 * questions are asked.
 */
#include "question.h"

#include <string.h>

#include <msgc/codec_gen.h>

#include "connection.h"
#include "standard.h"
#include "tags.h"
#include "topic.h"
#include "worker.h"

/* Refs are the connection's: whose question one is, of the connection itself or of which topic, is another matter. */
static struct msgc__question *find_question(
        const struct msgc_connection *connection, const struct msgc_envelope *envelope)
{
	struct msgc__question *q = envelope->has_ref ? connection->questions : NULL;

	while (q && (q->ended || q->staged || !msgc_str_equal(q->ref, envelope->ref)))
		q = q->next;
	return q;
}

static bool fits(const struct msgc_message *message, const struct msgc_envelope *envelope)
{
	if (message->tag_count > envelope->tag_count)
		return false;
	for (size_t i = 0; i < message->tag_count; i++) {
		if (!msgc_tag_equal(&message->tags[i], &envelope->tags[i]))
			return false;
	}
	return true;
}

/* Of several that fit, the one with most tags; one without any is meant where nothing else is. -1: none. */
static int find_answer(const struct msgc_ask *ask, const struct msgc_envelope *envelope)
{
	int found = -1;

	for (size_t i = 0; i < ask->answer_count; i++) {
		const struct msgc_message *message = ask->answers[i].message;

		if (fits(message, envelope) &&
		        (found < 0 || message->tag_count > ask->answers[found].message->tag_count))
			found = (int)i;
	}
	return found;
}

static bool answers_any(const struct msgc_consumer *consumer, const struct msgc_envelope *envelope)
{
	for (size_t i = 0; i < consumer->ask_count; i++) {
		if (find_answer(&consumer->asks[i], envelope) >= 0)
			return true;
	}
	return false;
}

/* ------------------------------------------------------------------------------------------ what is wrong */

/* Late, or never asked for: the client may not know better, so it is not told. A flood is one all the same. */
static void ignore(struct msgc__frame *frame)
{
	struct msgc_connection *connection = frame->connection;

	msgc__counter_add(&msgc__frame_metrics(frame)->stray_answers, 1);
	if (msgc__log_enabled(&frame->worker->server->log, MSGC_LOG_DEBUG))
		msgc_log(frame->worker->server, MSGC_LOG_DEBUG, "answer.ignored", "connection=%llu",
		        (unsigned long long)connection->id);
	msgc__dispatch_bad(connection);
	msgc__connection_frame_left(connection, frame, 0);
	msgc__frame_free(frame);
}

static void refuse_without_ref(struct msgc__frame *frame)
{
	const struct msgc_envelope_names *names = &frame->connection->served->consumer->envelope;
	char memory[256];
	struct msgc_buf loc;

	msgc_buf_init_fixed(&loc, memory, sizeof memory);
	msgc_buf_append_char(&loc, '[');
	if (names->ref)
		msgc_write_str(&loc, msgc_str_from(names->ref));
	else
		msgc_buf_printf(&loc, "%u", names->ref_at - 1u);
	msgc_buf_append_char(&loc, ']');
	msgc_problems_add(
	        &frame->worker->problems, "missing", msgc_buf_c(&loc), "Field required", NULL);
	msgc__dispatch_refuse(frame, MSGC_ECONTRACT);
}

/* "'yes', 'no'": what the question may be answered by. */
static void refuse_tags(struct msgc__frame *frame, struct msgc__question *question)
{
	const struct msgc_consumer *consumer = frame->connection->served->consumer;
	struct msgc_buf expected = {0};

	for (size_t i = 0; i < question->ask->answer_count; i++) {
		if (i > 0)
			msgc_buf_append_str(&expected, ", ");
		msgc__tags_print(&expected, question->ask->answers[i].message);
	}
	question->misanswered = true;
	msgc_problems_add_unknown_action(&frame->worker->problems,
	        consumer->envelope.keys ? consumer->envelope.keys[0] : "0",
	        msgc_buf_c(&expected) ? msgc_buf_c(&expected) : "");
	msgc_buf_free(&expected);
	msgc__dispatch_refuse(frame, MSGC_ECONTRACT);
}

/* -------------------------------------------------------------------------------------------- what is right */

static int decode(struct msgc__frame *frame, struct msgc__question *question, int which, char *text,
        size_t len)
{
	struct msgc__worker *worker = frame->worker;
	const struct msgc_ask *ask = question->ask;
	const struct msgc_ask_answer *answer = &ask->answers[which];
	struct msgc_decode_options options = {.max_depth = (uint32_t)worker->config->depth_limit};

	memset(question->outcome, 0, ask->size);
	/* Standard messages would look for their own discriminator; those that come here have no members. */
	if (msgc__standard_is(answer->message))
		return 0;
	return msgc_message_decode_in_place(answer->message, text, len, &options, &frame->arena,
	        question->outcome + answer->offset, &worker->problems);
}

static void hand_over(struct msgc__frame *frame, struct msgc__question *question, int which)
{
	struct msgc_connection *connection = frame->connection;
	void *self = question->subscription ? question->subscription->self : connection->self;
	struct msgc__frame *before;
	int result;

	msgc__counter_add(&msgc__frame_metrics(frame)->questions[MSGC__QUESTION_ANSWERED], 1);
	msgc__question_take(question, frame);
	msgc__metrics_began(frame);
	before = msgc__frame_enter(frame);
	result = question->ask->call(self, question->outcome, MSGC_OK, (unsigned)which,
	        question->answered, question->arg);
	msgc__frame_leave(frame, before);
	msgc__frame_returned(frame, result);
}

bool msgc__answer_frame(struct msgc__frame *frame, const struct msgc_envelope *envelope, int result,
        char *text, size_t len)
{
	struct msgc_connection *connection = frame->connection;
	struct msgc__question *question = find_question(connection, envelope);
	bool is_here = question && question->subscription == frame->subscription;
	int which = is_here ? find_answer(question->ask, envelope) : -1;

	if (!is_here) {
		if (result < 0 || !answers_any(msgc__frame_served(frame)->consumer, envelope))
			return false;
		if (envelope->has_ref)
			ignore(frame);
		else
			refuse_without_ref(frame);
		return true;
	}
	if (which < 0 && result < 0)
		return false;
	if (which < 0) {
		refuse_tags(frame, question);
		return true;
	}
	/* The envelope's problems are found again, with all others. */
	msgc_problems_clear(&frame->worker->problems);
	frame->message = question->ask->answers[which].message;
	result = decode(frame, question, which, text, len);
	if (result < 0) {
		question->misanswered = true;
		msgc__dispatch_refuse(frame, result);
	} else {
		hand_over(frame, question, which);
	}
	return true;
}

/* --------------------------------------------------------------------------------------- before its turn */

static bool is_awaited(
        const struct msgc_connection *connection, const struct msgc__question *question)
{
	return connection->in_hand && question->asker == connection->in_hand && !question->ended &&
	        !question->staged;
}

bool msgc__answer_is_possible(const struct msgc_connection *connection)
{
	for (const struct msgc__question *q = connection->questions; q; q = q->next) {
		if (is_awaited(connection, q))
			return true;
	}
	return false;
}

bool msgc__answer_is_awaited(
        const struct msgc_connection *connection, const struct msgc_envelope *envelope)
{
	const struct msgc__question *question = find_question(connection, envelope);

	return question && is_awaited(connection, question) &&
	        find_answer(question->ask, envelope) >= 0;
}
