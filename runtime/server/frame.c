/* SPDX-License-Identifier: MIT */
/*
 * A frame from its handler's return to its end: effects leave in the order broadcasts, sends, reply, complete, each publish being waited
 * for; or one error leaves instead. It must not know how a frame came in.
 */
#include "stage.h"

#include <stdlib.h>

#include <msgc/codec_gen.h>

#include "connection.h"
#include "once.h"
#include "question.h"
#include "standard.h"
#include "told.h"
#include "topic.h"
#include "worker.h"

enum {
	SPARES_MOST = 64,
	SPARE_ARENA_MOST = 64 * 1024, /* bytes that a spare frame may keep */
	ARENA_MIN = 1024 * 1024,
	ARENA_FACTOR = 32, /* decoded structs are larger than their text */
	RETRY_SECONDS = 1,
};

static _Thread_local struct msgc__frame *current;

struct msgc__frame *msgc__frame_current(void)
{
	return current;
}

/* ---------------------------------------------------------------------------------------------- life */

struct msgc__frame *msgc__frame_new(struct msgc_connection *connection, enum msgc__frame_kind kind)
{
	struct msgc__worker *worker = connection->worker;
	struct msgc__frame *frame = worker->spare_frames;

	if (frame) {
		worker->spare_frames = frame->next;
		worker->spare_count--;
	} else {
		frame = calloc(1, sizeof *frame);
		if (!frame)
			return NULL;
		frame->worker = worker;
		frame->reply.frame = frame;
	}
	frame->arena.limit = ARENA_MIN + connection->served->frame_limit * (size_t)ARENA_FACTOR;
	frame->kind = kind;
	frame->connection = msgc__connection_keep(connection);
	frame->subscription = NULL;
	frame->topic = msgc_str_of(NULL, 0);
	frame->message = NULL;
	frame->in = NULL;
	frame->handler = 0;
	frame->began_ns = 0;
	frame->ref = msgc_str_of(NULL, 0);
	frame->item = NULL;
	frame->raw = msgc_str_of(NULL, 0);
	frame->pending = NULL;
	frame->once = NULL;
	frame->question = NULL;
	if (connection->joining == 0)
		connection->join_result =
		        0; /* of a join outside of all frames, which has been logged */
	frame->has_refusal = frame->detached = frame->publishing = frame->waiting = frame->held =
	        frame->guessed = false;
	frame->awaits_joins = frame->not_stored = frame->lost = frame->unknown = false;
	frame->result = 0;
	msgc__stage_init(&frame->stage);
	return frame;
}

static void release(struct msgc__frame *frame)
{
	msgc_arena_free(&frame->arena);
	msgc_buf_free(&frame->stage.text);
	free(frame);
}

void msgc__frame_free(struct msgc__frame *frame)
{
	struct msgc__worker *worker = frame->worker;
	struct msgc_connection *connection = frame->connection;

	msgc__stage_drop(&frame->stage);
	for (struct msgc__staged_close *close = frame->stage.closes; close; close = close->next)
		msgc__connection_drop(close->to);
	msgc__item_free(frame->item);
	msgc__question_free(frame->question);
	if (connection->bound == &frame->arena)
		connection->bound = NULL;
	if (frame->subscription && frame->subscription->bound == &frame->arena)
		frame->subscription->bound = NULL;
	msgc__subscription_drop(frame->subscription);
	if (worker->spare_count < SPARES_MOST) {
		if (frame->arena.total > SPARE_ARENA_MOST)
			msgc_arena_free(&frame->arena);
		else
			msgc_arena_reset(&frame->arena);
		if (frame->stage.text.cap > SPARE_ARENA_MOST)
			msgc_buf_free(&frame->stage.text);
		frame->next = worker->spare_frames;
		worker->spare_frames = frame;
		worker->spare_count++;
	} else {
		release(frame);
	}
	msgc__connection_drop(connection);
}

void msgc__frames_free(struct msgc__worker *worker)
{
	while (worker->spare_frames) {
		struct msgc__frame *frame = worker->spare_frames;

		worker->spare_frames = frame->next;
		release(frame);
	}
}

void msgc__frame_hold(struct msgc__frame *frame)
{
	struct msgc__worker *worker = frame->worker;

	if (frame->held)
		return;
	frame->held = true;
	msgc__counter_add(&worker->metrics.later_frames, 1);
	frame->next = worker->held_frames;
	frame->prev = &worker->held_frames;
	if (frame->next)
		frame->next->prev = &frame->next;
	worker->held_frames = frame;
	msgc__worker_hold(worker);
}

static void release_hold(struct msgc__frame *frame)
{
	if (!frame->held)
		return;
	msgc__counter_add(&frame->worker->metrics.later_frames, (uint64_t)-1);
	*frame->prev = frame->next;
	if (frame->next)
		frame->next->prev = frame->prev;
	msgc__worker_release(frame->worker);
}

const struct msgc__served *msgc__frame_served(const struct msgc__frame *frame)
{
	return frame->subscription ? frame->subscription->served : frame->connection->served;
}

/* NULL: the topic is not followed any more. */
void *msgc__frame_self(const struct msgc__frame *frame)
{
	const struct msgc_subscription *subscription = frame->subscription;

	if (!subscription)
		return frame->connection->self;
	return subscription->state == MSGC__UNSUBSCRIBED ? NULL : subscription->self;
}

struct msgc__frame *msgc__frame_enter(struct msgc__frame *frame)
{
	struct msgc__frame *before = current;

	if (frame->subscription)
		msgc__subscription_bind(frame->subscription, &frame->arena);
	else
		msgc__connection_bind(frame->connection, &frame->arena);
	frame->running = true;
	current = frame;
	return before;
}

void msgc__frame_leave(struct msgc__frame *frame, struct msgc__frame *before)
{
	frame->running = false;
	current = before;
}

/* --------------------------------------------------------------------------------------------- error */

struct reason {
	int result;
	enum msgc__told told;
	const char *name;
	const char *detail;
	int64_t retry_after;
};

static const struct reason *reason_for(int result)
{
	static const struct reason reasons[] = {
	        {MSGC_EREFUSED, MSGC__TOLD_REFUSED, "refused", "Refused.", -1},
	        {MSGC_EBUSY, MSGC__TOLD_BUSY, "busy", "The server is busy.", RETRY_SECONDS},
	        {MSGC_ECONFLICT, MSGC__TOLD_CONFLICT, "conflict", "Another message had this id.",
	                -1},
	        {MSGC_ELIMIT, MSGC__TOLD_TOO_LARGE, "too_large", "The answer is too large.", -1},
	        {0, MSGC__TOLD_FAILED, "handler_failed", "The message could not be handled.", -1},
	};
	const struct reason *reason = reasons;

	while (reason->result != 0 && reason->result != result)
		reason++;
	return reason;
}

static const char *name_of(const struct msgc__frame *frame)
{
	if (frame->message)
		return frame->message->name;
	switch (frame->kind) {
	case MSGC__FRAME_CLIENT: return "refresh";
	case MSGC__FRAME_TASK: return "task";
	case MSGC__FRAME_CONNECTED: return "connected";
	case MSGC__FRAME_SUBSCRIBE: return "subscribed";
	case MSGC__FRAME_UNSUBSCRIBE:
	case MSGC__FRAME_UNSUBSCRIBED: return "unsubscribed";
	default: return "disconnected";
	}
}

static void log_failure(const struct msgc__frame *frame, int result)
{
	enum msgc_log_level level = result == MSGC_EREFUSED ? MSGC_LOG_DEBUG : MSGC_LOG_WARNING;

	msgc_log(frame->worker->server, level, "handler.failed",
	        "connection=%llu consumer=%s handler=%s error=%s",
	        (unsigned long long)frame->connection->id,
	        msgc__frame_served(frame)->consumer->name, name_of(frame), msgc_error_name(result));
}

/* A client's frame, or an answer of his: not a question's end for want of one. */
static bool is_of_client(const struct msgc__frame *frame)
{
	return frame->kind == MSGC__FRAME_CLIENT ||
	        (frame->kind == MSGC__FRAME_ANSWER && frame->ref.ptr);
}

/* A client waits for what becomes of it. */
static bool is_asked(const struct msgc__frame *frame)
{
	return is_of_client(frame) || frame->kind == MSGC__FRAME_CONNECTED ||
	        frame->kind == MSGC__FRAME_SUBSCRIBE || frame->kind == MSGC__FRAME_UNSUBSCRIBE;
}

/* Whoever caused it is told; an event's failure is nobody's among the clients. */
static void tell_error(struct msgc__frame *frame, int result)
{
	static const struct reason not_stored = {MSGC_EIO, MSGC__TOLD_NOT_STORED, "not_stored",
	        "The message could not be stored.", -1};
	static const struct reason lost = {MSGC_ECONFLICT, MSGC__TOLD_LOST, "lost",
	        "It was dealt with, but its answer could not be kept.", -1};
	static const struct reason unknown = {MSGC_ECONFLICT, MSGC__TOLD_LOST, "lost",
	        "The server ended while it had this in hand: what became of it is not known.", -1};
	const struct reason *reason = frame->not_stored ? &not_stored
	        : frame->lost                           ? &lost
	        : frame->unknown                        ? &unknown
	                                                : reason_for(result);
	struct msgc__told_reason told = {
	        reason->told, reason->name, msgc_str_from(reason->detail), reason->retry_after};

	log_failure(frame, result);
	if (!is_asked(frame))
		return;
	if (result == MSGC_EREFUSED && frame->pending && frame->pending->has_refusal)
		told.detail = msgc_str_from(frame->pending->refusal);
	else if (result == MSGC_EREFUSED && frame->has_refusal)
		told.detail = msgc_str_from(frame->refusal);
	msgc__tell_reason(frame, &told);
}

/* ------------------------------------------------------------------------------------------- effects */

/* A message for one receiver: its face where it is a group message, whom it answers, what topic it comes from. */
static void put_object(struct msgc_connection *to, const struct msgc_message *type,
        struct msgc_str body, bool answers, struct msgc__address address)
{
	struct msgc_buf *tail = &to->worker->text;

	if (type->kind != MSGC_MESSAGE_GROUP && !address.ref.ptr && !address.topic.ptr) {
		msgc__connection_put(to, body, msgc_str_of(NULL, 0));
		return;
	}
	msgc_buf_reset(tail);
	if (type->kind == MSGC_MESSAGE_GROUP) {
		bool mine = answers && to->user && !msgc_user_is_anonymous(&to->user->is);
		struct msgc_str face = msgc__face_tail(to->served, mine, answers);

		msgc_buf_append(tail, face.ptr, face.len - 1);
	}
	if (msgc__standard_tail(tail, to->served->consumer, address) != 0) {
		msgc__connection_no_memory(to);
		return;
	}
	body.len--;
	msgc__connection_put(to, body, msgc_buf_str(tail));
}

/* ping and pong: whatever the contract calls its discriminator. */
static void put_standard(
        struct msgc_connection *to, const struct msgc_message *type, struct msgc__address address)
{
	struct msgc_buf *text = &to->worker->text;

	if (msgc__standard_plain(text, to->served->consumer, type, address) == 0)
		msgc__connection_put(to, msgc_buf_str(text), msgc_str_of(NULL, 0));
	else
		msgc__connection_no_memory(to);
}

/* An array has its ref among its elements: null, where the encoder left room for it. */
static void put_array(struct msgc_connection *to, struct msgc_str body, struct msgc_str ref)
{
	const struct msgc_consumer *consumer = to->served->consumer;
	struct msgc_buf *text = &to->worker->text;
	const size_t null_len = 4;
	size_t at;

	if (!ref.ptr || consumer->envelope.ref_at == 0) {
		msgc__connection_put(to, body, msgc_str_of(NULL, 0));
		return;
	}
	at = msgc__json_element(body, consumer->envelope.ref_at - 1u);
	if (at + null_len >= body.len) { /* not one of ours: as it is */
		msgc__connection_put(to, body, msgc_str_of(NULL, 0));
		return;
	}
	msgc_buf_reset(text);
	msgc__standard_write_ref(text, consumer, ref);
	msgc_buf_append(text, body.ptr + at + null_len, body.len - at - null_len);
	if (text->error)
		msgc__connection_no_memory(to);
	else
		msgc__connection_put(to, msgc_str_of(body.ptr, at), msgc_buf_str(text));
}

static void put_message(struct msgc_connection *to, const struct msgc_message *type,
        struct msgc_str body, bool answers, struct msgc__address address)
{
	if (msgc__standard_is(type))
		put_standard(to, type, address);
	else if (*body.ptr == '[')
		put_array(to, body, address.ref);
	else
		put_object(to, type, body, answers, address);
}

void msgc__message_put(struct msgc_connection *to, const struct msgc_message *type,
        struct msgc_str body, struct msgc__address address)
{
	put_message(to, type, body, false, address);
}

static void put_complete(struct msgc__frame *frame)
{
	struct msgc_connection *connection = frame->connection;
	const struct msgc_consumer *consumer = connection->served->consumer;
	struct msgc__address address = {frame->ref, frame->topic};
	struct msgc_buf *text = &frame->worker->text;
	int result;

	if (!consumer->completion)
		return;
	if (is_of_client(frame))
		result = msgc__standard_complete(text, consumer, address);
	else if (frame->kind == MSGC__FRAME_EVENT)
		result = msgc__standard_event_complete(text, consumer, address);
	else
		return;
	if (result == 0)
		msgc__connection_put(connection, msgc_buf_str(text), msgc_str_of(NULL, 0));
	else
		msgc__connection_no_memory(connection);
}

/* Of a topic only while it is followed, but for the last words of its own hook. */
static void put_send(
        struct msgc__frame *frame, const struct msgc__staged_send *send, struct msgc_str body)
{
	const struct msgc_subscription *on = send->on;
	struct msgc__address address = {
	        .ref = send->question ? send->question->ref : msgc_str_of(NULL, 0)};

	if (on) {
		if (on->state != MSGC__FOLLOWING &&
		        (frame->kind != MSGC__FRAME_UNSUBSCRIBE || frame->subscription != on))
			return;
		address.topic = msgc_str_of(on->name, on->name_len);
	}
	put_message(send->to, send->type, body, false, address);
}

static void let_out(struct msgc__frame *frame)
{
	struct msgc__stage *stage = &frame->stage;
	const char *text = stage->text.data;

	for (struct msgc__staged_send *send = stage->sends; send; send = send->next) {
		struct msgc__question *question = send->question;

		if (send->asks && !question)
			continue;
		put_send(frame, send, msgc_str_of(text + send->at, send->len));
		send->question = NULL;
		if (question)
			msgc__question_sent(question);
	}
	if (frame->detached)
		return;
	if (stage->reply)
		put_message(frame->connection, stage->reply,
		        msgc_str_of(text + stage->reply_at, stage->reply_len), true,
		        (struct msgc__address){frame->ref, frame->topic});
	put_complete(frame);
}

static void conclude(struct msgc__frame *frame)
{
	if (frame->result < 0) {
		msgc__stage_drop(&frame->stage);
		if (!frame->detached)
			tell_error(frame, frame->result);
	} else {
		let_out(frame);
	}
	if (frame->kind == MSGC__FRAME_SUBSCRIBE || frame->kind == MSGC__FRAME_UNSUBSCRIBE)
		msgc__subscribe_concluded(frame);
	msgc__subscription_end_wanted(frame);
	for (struct msgc__staged_close *close = frame->stage.closes; close; close = close->next)
		msgc__connection_end(close->to, close->code, close->reason);
	msgc__connection_frame_left(frame->connection, frame, frame->result);
	release_hold(frame);
	msgc__metrics_ended(frame);
	msgc__frame_free(frame);
}

/* --------------------------------------------------------------------------------------- one after another */

static void published(void *arg, int result, const struct msgc__position *position)
{
	struct msgc__frame *frame = arg;

	if (result >= 0 && position->epoch[0])
		msgc__counter_add(&frame->worker->metrics.kept, 1);
	frame->waiting = false;
	if (result < 0 && frame->result == 0) {
		frame->result = result;
		frame->not_stored = result == MSGC_EIO || result == MSGC_ETIMEOUT;
	}
	if (!frame->publishing)
		msgc__frame_continue(frame);
}

static void publish_all(struct msgc__frame *frame)
{
	struct msgc__worker *worker = frame->worker;
	struct msgc__backend *backend = worker->server->backend;

	frame->publishing = true;
	while (frame->stage.broadcasts && frame->result == 0 && !frame->waiting) {
		struct msgc__publication *publication = frame->stage.broadcasts;
		int result;

		frame->stage.broadcasts = publication->next;
		frame->waiting = true;
		result = backend->ops->publish(backend, worker, publication, published, frame);
		if (result < 0)
			published(frame, result, NULL);
		msgc__publication_unref(publication);
	}
	frame->publishing = false;
}

void msgc__frame_continue(struct msgc__frame *frame)
{
	struct msgc_connection *connection = frame->connection;

	if (!frame->waiting)
		publish_all(frame);
	if (frame->waiting) {
		msgc__frame_hold(frame);
		return;
	}
	if (connection->in_hand == frame) {
		frame->awaits_joins = connection->joining > 0;
		if (frame->awaits_joins) {
			msgc__frame_hold(frame); /* the connection is made ready when they are */
			return;
		}
		if (connection->join_result < 0 && frame->result == 0)
			frame->result = connection->join_result;
		connection->join_result = 0;
	}
	if (!msgc__once_settle(frame)) {
		msgc__frame_hold(frame);
		return;
	}
	conclude(frame);
}

void msgc__frame_finish(struct msgc__frame *frame, int result)
{
	if (result == 0 && frame->kind == MSGC__FRAME_SUBSCRIBE)
		result = msgc__subscribe_followed(frame);
	frame->result = result;
	if (result < 0)
		msgc__stage_drop(&frame->stage);
	msgc__frame_continue(frame);
}

void msgc__frame_returned(struct msgc__frame *frame, int result)
{
	struct msgc_pending *pending = frame->pending;

	if (result == MSGC_LATER && pending && msgc__pending_begin(pending))
		return;
	if (result > 0)
		result = MSGC_EINTERNAL; /* "later", and nobody is there to do it */
	if (pending && !msgc__pending_cancel(pending)) {
		msgc__frame_detach(frame, result < 0 ? result : MSGC_EINTERNAL);
		return;
	}
	if (pending && result == 0)
		result = MSGC_EINTERNAL; /* done, and later as well */
	msgc__frame_finish(frame, result);
}

void msgc__frame_detach(struct msgc__frame *frame, int result)
{
	tell_error(frame, result);
	frame->detached = true;
	if (frame->kind == MSGC__FRAME_SUBSCRIBE && frame->subscription)
		msgc__subscription_leave(frame->subscription);
	msgc__connection_frame_left(frame->connection, frame, result);
}

void msgc__frames_abandon(struct msgc__worker *worker)
{
	for (struct msgc__frame *frame = worker->held_frames, *next; frame; frame = next) {
		next = frame->next;
		if (frame->pending)
			msgc__timer_cancel(&worker->timers, &frame->pending->deadline);
		if (frame->detached)
			continue;
		msgc__frame_detach(frame, MSGC_ETIMEOUT);
		/* Its connection will not come back to it. */
		if (frame->awaits_joins && frame->kind == MSGC__FRAME_SUBSCRIBE)
			msgc__subscribe_joined(frame);
		else if (frame->awaits_joins)
			msgc__frame_continue(frame);
	}
}
