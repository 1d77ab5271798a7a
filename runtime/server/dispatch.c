/* SPDX-License-Identifier: MIT */
/*
 * One frame: envelope, limits, the consumer's table, decoding, handler. Whatever is wrong before the handler is told in one `error` with
 * all problems. It must not know how effects leave.
 */
#include <string.h>

#include <msgc/codec_gen.h>

#include "connection.h"
#include "once.h"
#include "question.h"
#include "standard.h"
#include "tags.h"
#include "told.h"
#include "topic.h"
#include "worker.h"

enum { BAD_FRAMES_PER_MS = 10 * 1000 };

void msgc__dispatch_bad(struct msgc_connection *connection)
{
	struct msgc__worker *worker = connection->worker;
	int64_t most = worker->config->bad_frame_limit;
	struct msgc_rate rate = {.per_ms = BAD_FRAMES_PER_MS};

	if (most <= 0)
		return;
	rate.tokens = most > UINT32_MAX ? UINT32_MAX : (uint32_t)most;
	if (msgc__bucket_take(&connection->bad, &rate, worker->now) > 0)
		msgc__connection_end(connection, 4429, "too many bad frames");
}

void msgc__dispatch_end(struct msgc__frame *frame)
{
	struct msgc_connection *connection = frame->connection;

	msgc__dispatch_bad(connection);
	msgc__connection_frame_left(connection, frame, 0);
	msgc__frame_free(frame);
}

static void refuse_problems(struct msgc__frame *frame, const struct msgc_problems *problems)
{
	msgc__tell_problems(frame, problems);
	msgc__dispatch_end(frame);
}

static void refuse_reason(struct msgc__frame *frame, enum msgc__told told, const char *name,
        const char *detail, int64_t retry_after)
{
	struct msgc__told_reason reason = {told, name, msgc_str_from(detail), retry_after};

	msgc__tell_reason(frame, &reason);
	msgc__dispatch_end(frame);
}

void msgc__dispatch_refuse(struct msgc__frame *frame, int result)
{
	if (result == MSGC_ENOMEM)
		refuse_reason(frame, MSGC__TOLD_TOO_LARGE, "too_large",
		        "The message needs too much memory.", -1);
	else
		refuse_problems(frame, &frame->worker->problems);
}

/* Is there a token? `wait`: what a bucket has answered. */
static bool may_go_on(struct msgc__frame *frame, enum msgc__scope scope, int64_t wait)
{
	if (wait == 0)
		return true;
	msgc__counter_add(&msgc__connection_metrics(frame->connection)->limited[scope], 1);
	refuse_reason(frame, MSGC__TOLD_RATE_LIMITED, "rate_limited", "Too many messages.",
	        wait / 1000 + (wait % 1000 != 0));
	return false;
}

static bool within_rate(struct msgc__frame *frame, enum msgc__scope scope,
        struct msgc__bucket *bucket, const struct msgc_rate *rate)
{
	return may_go_on(frame, scope, msgc__bucket_take(bucket, rate, frame->worker->now));
}

/* The same in a table that all workers share; those who do not configure such a rate do not pay for it. */
static bool within_shared_rate(struct msgc__frame *frame, enum msgc__scope scope, uint64_t key,
        const struct msgc_rate *rate)
{
	struct msgc__worker *worker = frame->worker;

	if (rate->tokens == 0)
		return true;
	return may_go_on(frame, scope,
	        msgc__throttle_take_key(worker->server->rates, key, rate, worker->now));
}

/* Rates that do not ask what the frame says. */
static bool within_rates(struct msgc__frame *frame)
{
	struct msgc_connection *connection = frame->connection;
	const struct msgc__config *config = frame->worker->config;
	const struct msgc__user *user = connection->user;

	if (!within_rate(frame, MSGC__SCOPE_CONNECTION, &connection->rate,
	            &connection->served->consumer->rate) ||
	        !within_rate(frame, MSGC__SCOPE_CONNECTION, &connection->own_rate,
	                &config->connection_rate))
		return false;
	/* A hash as key: two users that share one would share a rate, no more. Anonymous ones have none. */
	if (user && user->hash != 0 &&
	        !within_shared_rate(
	                frame, MSGC__SCOPE_USER, user->hash ^ MSGC__RATE_USER, &config->user_rate))
		return false;
	return within_shared_rate(
	        frame, MSGC__SCOPE_ADDRESS, connection->address_key, &config->address_rate);
}

void msgc__dispatch_handle(struct msgc__frame *frame)
{
	const struct msgc__served *served = msgc__frame_served(frame);
	const struct msgc_action *action = &served->consumer->actions[frame->handler];
	struct msgc__frame *before = msgc__frame_enter(frame);
	int result;

	msgc__metrics_began(frame);
	result =
	        action->handle(served->handlers, msgc__frame_self(frame), frame->in, &frame->reply);
	msgc__frame_leave(frame, before);
	msgc__frame_returned(frame, result);
}

/* With padding behind. NULL: no memory. */
static char *text_copy(struct msgc_arena *arena, const char *text, size_t len)
{
	char *copy = msgc_arena_alloc(arena, len + MSGC_PADDING, 1);

	if (!copy)
		return NULL;
	memcpy(copy, text, len);
	memset(copy + len, 0, MSGC_PADDING);
	return copy;
}

/* Nothing is told: who cannot write UTF-8 (RFC 6455 section 8.1) is not spoken to. */
static void refuse_text(struct msgc__frame *frame)
{
	struct msgc_connection *connection = frame->connection;

	msgc__connection_end(connection, 1007, "not UTF-8");
	msgc__connection_frame_left(connection, frame, 0);
	msgc__frame_free(frame);
}

/* A decoder has found faults in a frame whose envelope was only guessed at. Faults of the envelope come first. */
static void refuse_guessed(struct msgc__frame *frame, int result)
{
	struct msgc__worker *worker = frame->worker;
	const struct msgc_consumer *consumer = frame->connection->served->consumer;
	struct msgc_decode_options options = {.max_depth = (uint32_t)worker->config->depth_limit};
	struct msgc_problems *found = msgc_arena_alloc(&frame->arena, sizeof *found, 8);
	char *again = text_copy(&frame->arena, frame->raw.ptr, frame->raw.len);
	struct msgc_envelope envelope;
	int read;

	if (!msgc_utf8_valid(frame->raw.ptr, frame->raw.len)) {
		refuse_text(frame);
		return;
	}
	if (result == MSGC_ENOMEM || !found || !again) {
		msgc__dispatch_refuse(frame, MSGC_ENOMEM);
		return;
	}
	*found = worker->problems;
	msgc_problems_clear(&worker->problems);
	read = msgc_envelope_read(again, frame->raw.len, &consumer->envelope, &options,
	        &frame->arena, &envelope, &worker->problems);
	frame->ref = envelope.has_ref ? envelope.ref : msgc_str_of(NULL, 0);
	if (read == 0 ||
	        (read == MSGC_ECONTRACT &&
	                msgc__tags_find(msgc__frame_served(frame), &envelope) >= 0))
		refuse_problems(frame, found);
	else
		msgc__dispatch_refuse(frame, read);
}

/* `id`: of the message, for which it happens once; ptr NULL: none. */
static void decode_and_handle(struct msgc__frame *frame, const struct msgc_action *action,
        char *text, size_t len, struct msgc_str id)
{
	struct msgc__worker *worker = frame->worker;
	const struct msgc_message *message = action->message;
	struct msgc_decode_options options = {.max_depth = (uint32_t)worker->config->depth_limit};
	void *in = msgc_arena_calloc(&frame->arena, 1, message->size);
	int result = MSGC_ENOMEM;

	/* Standard messages would look for their own discriminator; those that come here have no members. */
	if (in && msgc__standard_is(message))
		result = 0;
	else if (in)
		result = msgc_message_decode_in_place(
		        message, text, len, &options, &frame->arena, in, &worker->problems);
	if (result < 0) {
		if (frame->guessed)
			refuse_guessed(frame, result);
		else
			msgc__dispatch_refuse(frame, result);
		return;
	}
	frame->raw = msgc_str_of(NULL, 0);
	frame->message = message;
	frame->in = in;
	if (msgc__log_enabled(&worker->server->log, MSGC_LOG_DEBUG) &&
	        !msgc__log_muted(&worker->server->log, message->name, message->name_len))
		msgc_log(worker->server, MSGC_LOG_DEBUG, "frame.received",
		        "connection=%llu action=%s bytes=%zu",
		        (unsigned long long)frame->connection->id, message->name, len);
	if (id.ptr && action->handler && !action->authenticate)
		msgc__once_begin(frame, id);
	else
		msgc__dispatch_handle(frame);
}

/*
 * The envelope is wrong, but the message is known: its decoder, which looks at the envelope's members too, tells all problems at once.
 */
static void refuse_whole(
        struct msgc__frame *frame, const struct msgc_message *message, char *text, size_t len)
{
	struct msgc__worker *worker = frame->worker;
	struct msgc_decode_options options = {.max_depth = (uint32_t)worker->config->depth_limit};
	void *in = msgc_arena_calloc(&frame->arena, 1, message->size);
	struct msgc_problems *all = msgc_arena_calloc(&frame->arena, 1, sizeof *all);

	if (!in || !all ||
	        msgc_message_decode_in_place(
	                message, text, len, &options, &frame->arena, in, all) != MSGC_ECONTRACT)
		all = &worker->problems;
	refuse_problems(frame, all);
}

/* Those that its topic has, and those of its action. */
static bool within_own_rates(struct msgc__frame *frame, unsigned action)
{
	struct msgc_subscription *subscription = frame->subscription;
	const struct msgc_consumer *consumer = msgc__frame_served(frame)->consumer;
	struct msgc__bucket *rates = subscription ? subscription->rates : frame->connection->rates;

	if (subscription && !subscription->is_own &&
	        !within_rate(frame, MSGC__SCOPE_TOPIC, &subscription->rate, &consumer->rate))
		return false;
	return !rates ||
	        within_rate(
	                frame, MSGC__SCOPE_ACTION, &rates[action], &consumer->actions[action].rate);
}

static void refuse_unknown(struct msgc__frame *frame)
{
	const struct msgc__served *served = msgc__frame_served(frame);
	const struct msgc_envelope_names *envelope = &served->consumer->envelope;

	msgc_problems_add_unknown_action(&frame->worker->problems,
	        envelope->keys ? envelope->keys[0] : "0", served->expected);
	refuse_problems(frame, &frame->worker->problems);
}

/* False: it has been refused. */
static bool is_message_id(struct msgc__frame *frame, struct msgc_str id)
{
	struct msgc__worker *worker = frame->worker;
	char memory[256];
	struct msgc_buf loc;

	if (id.len > 0 && id.len <= MSGC__MESSAGE_ID_MAX)
		return true;
	msgc_buf_init_fixed(&loc, memory, sizeof memory);
	msgc_buf_append_char(&loc, '[');
	msgc_write_str(
	        &loc, msgc_str_from(frame->connection->served->consumer->envelope.message_id));
	msgc_buf_append_char(&loc, ']');
	if (id.len == 0)
		msgc_problems_add(&worker->problems, "string_too_short", msgc_buf_c(&loc),
		        "String should have at least 1 character", "{\"min_length\":1}");
	else
		msgc_problems_add(&worker->problems, "string_too_long", msgc_buf_c(&loc),
		        "String should have at most 128 bytes", "{\"max_length\":128}");
	refuse_problems(frame, &worker->problems);
	return false;
}

/* What it is among the messages of the connection, or of its topic; its envelope has been read with that `result`. */
static void read_message(struct msgc__frame *frame, const struct msgc_envelope *envelope,
        int result, char *text, size_t len)
{
	struct msgc_connection *connection = frame->connection;
	const struct msgc__served *served = msgc__frame_served(frame);
	const struct msgc_consumer *consumer = served->consumer;
	int action = -1;

	if (frame->guessed)
		action = (int)frame->handler;
	else if (result == 0 || result == MSGC_ECONTRACT)
		action = msgc__tags_find(served, envelope);

	if (action >= 0) {
		frame->message = consumer->actions[action].message;
		msgc__counter_add(&msgc__frame_metrics(frame)->received[action], 1);
	}
	if (action < 0 && consumer->ask_count > 0 &&
	        msgc__answer_frame(frame, envelope, result, text, len))
		return;
	if (result == MSGC_ECONTRACT && action >= 0) {
		refuse_whole(frame, consumer->actions[action].message, text, len);
		return;
	}
	if (result < 0) {
		msgc__dispatch_refuse(frame, result);
		return;
	}
	if (action < 0 && msgc__refresh_is(connection, envelope)) {
		msgc__refresh_frame(frame, text, len);
		return;
	}
	if (action < 0) {
		if (!msgc__topic_unnamed(frame, envelope))
			refuse_unknown(frame);
		return;
	}
	if (!within_own_rates(frame, (unsigned)action))
		return;
	if (consumer->actions[action].authenticate && !connection->names_itself) {
		refuse_reason(
		        frame, MSGC__TOLD_REFUSED, "refused", "You are authenticated already.", -1);
		return;
	}
	connection->names_itself = false;
	frame->handler = (unsigned)action;
	if (envelope->has_message_id && !is_message_id(frame, envelope->message_id))
		return;
	decode_and_handle(frame, &consumer->actions[action], text, len,
	        envelope->has_message_id ? envelope->message_id : msgc_str_of(NULL, 0));
}

/*
 * What the frame is, from a look that checks nothing: only where that finds a message whose decoder will look at all of it. Everything else is
 * read with care.
 */
static bool guess(
        struct msgc__frame *frame, const char *text, size_t len, struct msgc_envelope *ret_envelope)
{
	struct msgc_connection *connection = frame->connection;
	const struct msgc__served *served = connection->served;
	const struct msgc_subscription *subscription = connection->own_topic;
	int action;

	if (!frame->raw.ptr ||
	        !msgc_envelope_guess(
	                text, len, &served->consumer->envelope, &frame->arena, ret_envelope))
		return false;
	if (msgc__topic_any(connection) && ret_envelope->has_topic)
		subscription = msgc__subscription_find(connection, ret_envelope->topic);
	if (msgc__topic_any(connection) && !subscription)
		return false;
	if (subscription)
		served = subscription->served;
	action = msgc__tags_find(served, ret_envelope);
	frame->handler = action < 0 ? 0 : (unsigned)action;
	return action >= 0 && !msgc__standard_is(served->consumer->actions[action].message);
}

static void read_frame(struct msgc__frame *frame, char *text, size_t len)
{
	struct msgc__worker *worker = frame->worker;
	const struct msgc_consumer *consumer = frame->connection->served->consumer;
	struct msgc_decode_options options = {.max_depth = (uint32_t)worker->config->depth_limit};
	struct msgc_envelope envelope;
	int result = 0;

	msgc_problems_clear(&worker->problems);
	frame->guessed = guess(frame, text, len, &envelope);
	if (!frame->guessed) {
		if (frame->raw.ptr && !msgc_utf8_valid(text, len)) {
			refuse_text(frame);
			return;
		}
		frame->raw = msgc_str_of(NULL, 0);
		result = msgc_envelope_read(text, len, &consumer->envelope, &options, &frame->arena,
		        &envelope, &worker->problems);
	}
	if (envelope.has_ref)
		frame->ref = envelope.ref;
	if (result == 0 || result == MSGC_ECONTRACT)
		msgc__topic_address(frame, &envelope);
	if (!within_rates(frame))
		return;
	if (!frame->topic.ptr || !msgc__topic_take(frame, &envelope, result, text, len))
		read_message(frame, &envelope, result, text, len);
}

void msgc__dispatch_frame(
        struct msgc_connection *connection, const char *text, size_t len, struct msgc__item *item)
{
	struct msgc__frame *frame = msgc__frame_new(connection, MSGC__FRAME_CLIENT);
	char *own = item ? item->text : NULL;

	if (!frame) {
		msgc__item_free(item);
		msgc__connection_no_memory(connection);
		return;
	}
	frame->item = item;
	connection->in_hand = frame;
	if (!own) {
		/* Decoded strings stay where they stand: the text lives as long as the frame, which may be answered later. */
		own = text_copy(&frame->arena, text, len);
		if (!own) {
			msgc__dispatch_refuse(frame, MSGC_ENOMEM);
			return;
		}
		frame->raw = msgc_str_of(text, len);
	}
	read_frame(frame, own, len);
}

/* Looked at before its turn, and then read like any other frame. */
bool msgc__dispatch_overtakes(struct msgc_connection *connection, const char *text, size_t len)
{
	struct msgc__worker *worker = connection->worker;
	struct msgc_decode_options options = {.max_depth = (uint32_t)worker->config->depth_limit};
	struct msgc__item *item =
	        msgc__answer_is_possible(connection) ? msgc__item_new(text, len) : NULL;
	struct msgc_envelope envelope;
	struct msgc__frame *frame = NULL;

	if (!item)
		return false;
	msgc_arena_reset(&worker->scratch);
	if (msgc_envelope_read(item->text, len, &connection->served->consumer->envelope, &options,
	            &worker->scratch, &envelope, NULL) == 0 &&
	        msgc__answer_is_awaited(connection, &envelope))
		frame = msgc__frame_new(connection, MSGC__FRAME_CLIENT);
	if (!frame) {
		msgc__item_free(item);
		return false;
	}
	frame->item = item;
	read_frame(frame, item->text, len);
	return true;
}

void msgc__dispatch_event(struct msgc_connection *connection, struct msgc__item *item)
{
	const struct msgc__served *served;
	struct msgc__frame *frame, *before;
	int result;

	if (item->subscription && item->subscription->state != MSGC__FOLLOWING) {
		msgc__item_free(item); /* the client follows the topic no longer */
		return;
	}
	frame = msgc__frame_new(connection, MSGC__FRAME_EVENT);
	if (!frame) {
		msgc__item_free(item);
		msgc__connection_no_memory(connection);
		return;
	}
	frame->item = item;
	frame->message = item->event->message;
	frame->in = item->delivery->event;
	if (item->subscription) {
		frame->subscription = msgc__subscription_keep(item->subscription);
		frame->topic = msgc_str_of(item->subscription->name, item->subscription->name_len);
	}
	served = msgc__frame_served(frame);
	frame->handler = (unsigned)(item->event - served->consumer->events);
	connection->in_hand = frame;
	msgc__metrics_began(frame);
	before = msgc__frame_enter(frame);
	result = item->event->handle(
	        served->handlers, msgc__frame_self(frame), frame->in, &frame->reply);
	msgc__frame_leave(frame, before);
	msgc__frame_returned(frame, result);
}
