/* SPDX-License-Identifier: MIT */
/*
 * One error for one frame. Contracts without standard messages have no word for it: their connections are closed, with 4400 for a frame
 * that breaks the contract and with the code of the reason for what else may go wrong. It must not know how frames are handled.
 */
#include "told.h"

#include <string.h>

#include "standard.h"
#include "worker.h"

enum { REASON_MAX = 124, CODE_BAD_FRAME = 4400 };

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

/* "payload.text: Field required": the first problem, as far as a CLOSE frame has room for it. */
static void close_with_problem(struct msgc__frame *frame, const struct msgc_problems *problems)
{
	char reason[REASON_MAX] = "the frame breaks the contract";
	struct msgc_buf text;

	msgc_buf_init(&text, 0);
	if (problems->kept > 0) {
		write_place(&text, problems->items[0].loc);
		msgc_buf_append_str(&text, problems->items[0].msg);
	}
	if (text.len > 0 && !text.error) {
		size_t len = msgc_utf8_cut(text.data, text.len, sizeof reason - 1);

		memcpy(reason, text.data, len);
		reason[len] = '\0';
	}
	msgc_buf_free(&text);
	msgc__connection_end(frame->connection, CODE_BAD_FRAME, reason);
}

void msgc__tell_problems(struct msgc__frame *frame, const struct msgc_problems *problems)
{
	const struct msgc_consumer *consumer = frame->connection->served->consumer;
	struct msgc__worker *worker = frame->worker;

	msgc__counter_add(
	        &msgc__connection_metrics(frame->connection)->told[MSGC__TOLD_INVALID], 1);
	if (consumer->speech.std_off)
		close_with_problem(frame, problems);
	else
		put(frame,
		        msgc__standard_problems(&worker->text, consumer, problems,
		                (struct msgc__address){frame->ref, frame->topic}));
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
	char detail[REASON_MAX];
	size_t len;

	msgc__counter_add(&msgc__connection_metrics(frame->connection)->told[reason->told], 1);
	if (!consumer->speech.std_off) {
		put(frame,
		        msgc__standard_error(&frame->worker->text, consumer, reason->name,
		                reason->detail, reason->retry_after,
		                (struct msgc__address){frame->ref, frame->topic}));
		return;
	}
	len = msgc_utf8_cut(reason->detail.ptr, reason->detail.len, sizeof detail - 1);
	memcpy(detail, reason->detail.ptr, len);
	detail[len] = '\0';
	msgc__connection_end(frame->connection, code_of(reason->told), detail);
}
