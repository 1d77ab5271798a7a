/* SPDX-License-Identifier: MIT */
/*
 * One error for one frame. Contracts without standard messages say it in a message of their own, filled by the program; or have no word for it:
 * then the connection is closed, with 4400 for a frame that breaks the contract and with the code of the reason for what else may go wrong. It must not
 * know how frames are handled.
 */
#include "told.h"

#include <stdio.h>
#include <string.h>

#include "standard.h"
#include "stage.h"
#include "worker.h"

enum { CODE_BAD_FRAME = 4400 };

static void put(struct msgc__frame *frame, int written)
{
	if (written == 0)
		msgc__connection_put(frame->connection, msgc_buf_str(&frame->worker->text),
		        msgc_str_of(NULL, 0));
	else
		msgc__connection_no_memory(frame->connection);
}

/* ["payload","text"] as payload.text; names with signs of JSON in them look odd, and do no harm. */
static void write_place(struct msgc_buf *out, const char *loc)
{
	size_t start = out->len;

	for (; *loc; loc++) {
		if (*loc == ',')
			msgc_buf_append_char(out, '.');
		else if (!strchr("[]\"", *loc))
			msgc_buf_append_char(out, *loc);
	}
	if (out->len > start)
		msgc_buf_append_str(out, ": ");
}

void msgc__tell_first(const struct msgc_problems *problems, char reason[MSGC__REASON_MAX])
{
	struct msgc_buf text;

	snprintf(reason, MSGC__REASON_MAX, "%s", "the frame breaks the contract");
	msgc_buf_init(&text, 0);
	if (problems->kept > 0) {
		write_place(&text, problems->items[0].loc);
		msgc_buf_append_str(&text, problems->items[0].msg);
	}
	if (text.len > 0 && !text.error) {
		size_t len = msgc_utf8_cut(text.data, text.len, MSGC__REASON_MAX - 1);

		memcpy(reason, text.data, len);
		reason[len] = '\0';
	}
	msgc_buf_free(&text);
}

/* ----------------------------------------------------------------------------------- the contract's own words */

/* The frame's own arena may be a pool thread's, and what the hook sends is no effect of the frame. */
static int ask_for_words(
        struct msgc__frame *frame, const struct msgc_refusal *refusal, struct msgc_buf *text)
{
	struct msgc_connection *connection = frame->connection;
	const struct msgc__served *served = connection->served;
	const struct msgc_message *type = served->consumer->error_message;
	struct msgc__worker *worker = frame->worker;
	void *message;
	int result;

	msgc_arena_reset(&worker->scratch);
	message = msgc_arena_calloc(&worker->scratch, 1, type->size);
	if (!message)
		return MSGC_ENOMEM;
	msgc__connection_bind(connection, &worker->scratch);
	result = served->consumer->error(served->handlers, connection->self, refusal, message);
	connection->bound = NULL;
	return result == 0 ? msgc__encode(worker->server, type, message, text) : result;
}

/* False: the contract has no words for it, and the connection is to be closed. */
static bool tell_in_own_words(struct msgc__frame *frame, struct msgc_refusal *refusal)
{
	struct msgc_connection *connection = frame->connection;
	struct msgc_buf text = {0};
	int result;

	if (!connection->served->consumer->error || connection->state >= MSGC__CLOSING ||
	        frame->worker->state == MSGC__WORKER_STOPPED)
		return false;
	refusal->ref = frame->ref;
	refusal->message = frame->message;
	result = ask_for_words(frame, refusal, &text);
	if (result == 0)
		msgc__message_put(connection, connection->served->consumer->error_message,
		        msgc_buf_str(&text), (struct msgc__address){.ref = frame->ref});
	msgc_buf_free(&text);
	return result == 0 || result == MSGC_SAY_NOTHING;
}

static void tell_problems_plainly(struct msgc__frame *frame, const struct msgc_problems *problems)
{
	char reason[MSGC__REASON_MAX];
	struct msgc_refusal refusal = {.kind = MSGC_REFUSAL_INVALID,
	        .name = "invalid",
	        .retry_after = -1,
	        .problems = problems};

	msgc__tell_first(problems, reason);
	refusal.detail = msgc_str_from(reason);
	if (!tell_in_own_words(frame, &refusal))
		msgc__connection_end(frame->connection, CODE_BAD_FRAME, reason);
}

void msgc__tell_problems(struct msgc__frame *frame, const struct msgc_problems *problems)
{
	const struct msgc_consumer *consumer = frame->connection->served->consumer;
	struct msgc__worker *worker = frame->worker;

	msgc__counter_add(
	        &msgc__connection_metrics(frame->connection)->told[MSGC__TOLD_INVALID], 1);
	if (consumer->speech.std_off)
		tell_problems_plainly(frame, problems);
	else
		put(frame,
		        msgc__standard_problems(&worker->text, consumer, problems,
		                (struct msgc__address){frame->ref, frame->topic}));
}

static enum msgc_refusal_kind kind_of(enum msgc__told told)
{
	switch (told) {
	case MSGC__TOLD_INVALID: return MSGC_REFUSAL_INVALID;
	case MSGC__TOLD_TOO_LARGE: return MSGC_REFUSAL_TOO_LARGE;
	case MSGC__TOLD_RATE_LIMITED: return MSGC_REFUSAL_RATE_LIMITED;
	case MSGC__TOLD_REFUSED: return MSGC_REFUSAL_REFUSED;
	case MSGC__TOLD_BUSY: return MSGC_REFUSAL_BUSY;
	case MSGC__TOLD_CONFLICT: return MSGC_REFUSAL_CONFLICT;
	case MSGC__TOLD_NOT_STORED: return MSGC_REFUSAL_NOT_STORED;
	case MSGC__TOLD_LOST: return MSGC_REFUSAL_LOST;
	default: return MSGC_REFUSAL_FAILED;
	}
}

static uint16_t code_of(enum msgc__told told)
{
	switch (told) {
	case MSGC__TOLD_RATE_LIMITED: return 4429;
	case MSGC__TOLD_TOO_LARGE: return 1009;
	case MSGC__TOLD_REFUSED: return 4403;
	case MSGC__TOLD_BUSY: return 1013;
	case MSGC__TOLD_CONFLICT: return 4409;
	default: return 1011;
	}
}

void msgc__tell_reason(struct msgc__frame *frame, const struct msgc__told_reason *reason)
{
	const struct msgc_consumer *consumer = frame->connection->served->consumer;
	struct msgc_refusal refusal = {.kind = kind_of(reason->told),
	        .name = reason->name,
	        .detail = reason->detail,
	        .retry_after = reason->retry_after};
	char detail[MSGC__REASON_MAX];
	size_t len;

	msgc__counter_add(&msgc__connection_metrics(frame->connection)->told[reason->told], 1);
	if (!consumer->speech.std_off) {
		put(frame,
		        msgc__standard_error(&frame->worker->text, consumer, reason->name,
		                reason->detail, reason->retry_after,
		                (struct msgc__address){frame->ref, frame->topic}));
		return;
	}
	if (tell_in_own_words(frame, &refusal))
		return;
	len = msgc_utf8_cut(reason->detail.ptr, reason->detail.len, sizeof detail - 1);
	memcpy(detail, reason->detail.ptr, len);
	detail[len] = '\0';
	msgc__connection_end(frame->connection, code_of(reason->told), detail);
}
