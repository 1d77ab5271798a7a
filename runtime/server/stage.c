/* SPDX-License-Identifier: MIT */
/*
 * Staging: what a handler broadcasts, sends, replies and closes is kept until it has returned. Messages are encoded here, so that a
 * handler hears at once when one breaks the contract. It must not know when, or whether, the effects leave.
 */
#include "stage.h"

#include <string.h>

#include "connection.h"
#include "question.h"
#include "topic.h"
#include "worker.h"

void msgc__stage_init(struct msgc__stage *stage)
{
	stage->broadcasts = NULL;
	stage->broadcasts_end = &stage->broadcasts;
	stage->sends = NULL;
	stage->sends_end = &stage->sends;
	stage->closes = NULL;
	stage->closes_end = &stage->closes;
	stage->reply = NULL;
	msgc_buf_reset(&stage->text);
}

void msgc__stage_drop(struct msgc__stage *stage)
{
	while (stage->broadcasts) {
		struct msgc__publication *publication = stage->broadcasts;

		stage->broadcasts = publication->next;
		msgc__publication_unref(publication);
	}
	stage->broadcasts_end = &stage->broadcasts;
	for (struct msgc__staged_send *send = stage->sends; send; send = send->next) {
		if (send->question) {
			send->question->staged = NULL;
			msgc__question_end(send->question, MSGC_EREFUSED);
		}
		msgc__subscription_drop(send->on);
		msgc__connection_drop(send->to);
	}
	stage->sends = NULL;
	stage->sends_end = &stage->sends;
	stage->reply = NULL;
	msgc_buf_reset(&stage->text);
}

void msgc__stage_publish(struct msgc__frame *frame, struct msgc__publication *publication)
{
	publication->next = NULL;
	*frame->stage.broadcasts_end = publication;
	frame->stage.broadcasts_end = &publication->next;
}

/* What no outbox could take is refused here, where the handler can still say something else. */
static int encode(struct msgc__frame *frame, const struct msgc_message *type, const void *message)
{
	struct msgc__worker *worker = frame->worker;
	struct msgc_buf *text = &frame->stage.text;
	size_t at = text->len;
	int result = msgc__encode(worker->server, type, message, text);

	if (result == 0 && text->len - at > msgc__connection_outbox_limit(frame->connection)) {
		text->len = at;
		result = MSGC_ELIMIT;
	}
	return result;
}

static int stage_send(struct msgc__frame *frame, struct msgc_connection *to,
        struct msgc_subscription *on, const struct msgc_message *type, const void *message,
        struct msgc__staged_send **ret)
{
	struct msgc__stage *stage = &frame->stage;
	struct msgc__staged_send *send = msgc_arena_calloc(&frame->arena, 1, sizeof *send);
	int result;

	if (!send)
		return MSGC_ENOMEM;
	send->at = stage->text.len;
	result = encode(frame, type, message);
	if (result < 0)
		return result;
	send->len = stage->text.len - send->at;
	send->to = msgc__connection_keep(to);
	send->on = on ? msgc__subscription_keep(on) : NULL;
	send->type = type;
	*stage->sends_end = send;
	stage->sends_end = &send->next;
	*ret = send;
	return 0;
}

int msgc__stage_send(struct msgc__frame *frame, struct msgc_connection *to,
        struct msgc_subscription *on, const struct msgc_message *type, const void *message)
{
	struct msgc__staged_send *send;

	return stage_send(frame, to, on, type, message, &send);
}

int msgc__stage_ask(struct msgc__frame *frame, struct msgc__question *question, const void *message)
{
	struct msgc__staged_send *send;
	int result = stage_send(frame, question->connection, question->subscription,
	        question->ask->question, message, &send);

	if (result < 0)
		return result;
	send->asks = true;
	send->question = question;
	question->staged = send;
	return 0;
}

void msgc__stage_let_ask(struct msgc__frame *frame)
{
	const char *text = frame->stage.text.data;

	for (struct msgc__staged_send *send = frame->stage.sends; send; send = send->next) {
		struct msgc__question *question = send->question;

		/* Nothing of a topic comes before the client has been told that it follows it. */
		if (!question || (send->on && send->on->state != MSGC__FOLLOWING))
			continue;
		send->question = NULL;
		msgc__question_put(question, msgc_str_of(text + send->at, send->len));
		msgc__question_sent(question);
	}
}

int msgc__stage_close(
        struct msgc__frame *frame, struct msgc_connection *to, uint16_t code, const char *reason)
{
	struct msgc__stage *stage = &frame->stage;
	struct msgc__staged_close *close = msgc_arena_calloc(&frame->arena, 1, sizeof *close);
	struct msgc_str copy = {NULL, 0};

	if (!close || (reason && msgc_arena_copy(&frame->arena, msgc_str_from(reason), &copy) < 0))
		return MSGC_ENOMEM;
	close->to = msgc__connection_keep(to);
	close->code = code;
	close->reason = copy.ptr;
	*stage->closes_end = close;
	stage->closes_end = &close->next;
	return 0;
}

int msgc_reply_put(struct msgc_reply *reply, const struct msgc_message *type, const void *message)
{
	struct msgc__stage *stage = &reply->frame->stage;
	size_t at = stage->text.len;
	int result;

	if (stage->reply)
		return MSGC_EINVAL;
	result = encode(reply->frame, type, message);
	if (result < 0)
		return result;
	stage->reply = type;
	stage->reply_at = at;
	stage->reply_len = stage->text.len - at;
	return 0;
}
