/* SPDX-License-Identifier: MIT */
/*
 * From `subscribe` to `subscribed`: the name, the terms, the object, the group, where the client comes back the first page of what it has
 * missed, the hook; and the way back. Each step may take its time, while the connection's other frames wait. One answer for each wish.
 * It must not know how frames are read or written.
 */
#include <stdlib.h>
#include <string.h>

#include "presence.h"
#include "recover.h"
#include "stage.h"
#include "question.h"
#include "standard.h"
#include "told.h"
#include "topic.h"
#include "worker.h"

static void go_on(struct msgc__frame *frame);

static void count(const struct msgc__frame *frame, enum msgc__subscribing result)
{
	msgc__counter_add(&frame->worker->metrics.subscribes[result], 1);
}

/* ------------------------------------------------------------------------------------------ refusals */

/* The client has been told, and nothing of the frame leaves any more. */
static void end_told(struct msgc__frame *frame)
{
	frame->detached = true;
	msgc__frame_finish(frame, MSGC_EREFUSED);
}

static void refuse(struct msgc__frame *frame, enum msgc__subscribing result, enum msgc__told told,
        const char *name, const char *detail)
{
	struct msgc__told_reason reason = {told, name, msgc_str_from(detail), -1};

	count(frame, result);
	if (!frame->detached)
		msgc__tell_reason(frame, &reason);
	msgc__dispatch_bad(frame->connection);
	end_told(frame);
}

static void refuse_unknown(struct msgc__frame *frame)
{
	refuse(frame, MSGC__SUBSCRIBE_UNKNOWN, MSGC__TOLD_UNKNOWN_TOPIC, "unknown_topic",
	        "There is no such topic.");
}

static void refuse_unauthorized(struct msgc__frame *frame)
{
	refuse(frame, MSGC__SUBSCRIBE_UNAUTHORIZED, MSGC__TOLD_UNAUTHORIZED, "unauthorized",
	        "Not allowed to subscribe to this topic.");
}

static void refuse_too_many(struct msgc__frame *frame)
{
	refuse(frame, MSGC__SUBSCRIBE_TOO_MANY, MSGC__TOLD_REFUSED, "refused",
	        "Too many topics on this connection.");
}

/* What is no fault of the client's. */
static void fail(struct msgc__frame *frame, const char *what, const char *name, int result)
{
	msgc_log(frame->worker->server, MSGC_LOG_ERROR, "topic.subscribe",
	        "connection=%llu topic=%s what=%s name=%s error=%s",
	        (unsigned long long)frame->connection->id,
	        frame->subscription ? frame->subscription->served->consumer->name : "?", what, name,
	        msgc_error_name(result));
	count(frame, MSGC__SUBSCRIBE_FAILED);
	msgc__frame_finish(frame, result);
}

/* Nobody waits for it any more: the connection has ended, or the frame has been answered. */
static bool is_over(struct msgc__frame *frame)
{
	if (!frame->detached && frame->connection->state < MSGC__CLOSING)
		return false;
	msgc__frame_finish(frame, MSGC_EGONE);
	return true;
}

/* -------------------------------------------------------------------------------- terms and the object */

static struct msgc__frame *give_frame_back(struct msgc_lookup *lookup)
{
	struct msgc__frame *frame = lookup->frame;

	lookup->frame = NULL;
	return frame;
}

static void ask(struct msgc__frame *frame, unsigned term, int (*call)(struct msgc_lookup *lookup),
        void (*answered)(struct msgc_connection *, struct msgc_lookup *, int),
        void (*dropped)(struct msgc_lookup *, int))
{
	struct msgc_lookup *lookup = msgc__lookup_new(frame->connection);

	if (!lookup) {
		fail(frame, "look-up", "memory", MSGC_EBUSY);
		return;
	}
	lookup->frame = frame;
	lookup->subscription = msgc__subscription_keep(frame->subscription);
	lookup->term = term;
	lookup->call = call;
	lookup->answered = answered;
	lookup->dropped = dropped;
	msgc__frame_hold(frame);
	msgc__lookup_start(lookup);
}

static int call_term(struct msgc_lookup *lookup)
{
	const struct msgc_subscription *subscription = lookup->subscription;
	const struct msgc__served *served = subscription->served;

	return served->consumer->terms[lookup->term].ask(
	        served->handlers, subscription->self, lookup, &lookup->ret.allowed);
}

static void term_answered(
        struct msgc_connection *connection, struct msgc_lookup *lookup, int result)
{
	struct msgc__frame *frame = give_frame_back(lookup);
	struct msgc_subscription *subscription = lookup->subscription;
	const struct msgc_consumer *topic = subscription->served->consumer;

	(void)connection;
	if (result == 0 || result == MSGC_EDENIED) {
		subscription->terms[lookup->term] =
		        result == 0 && lookup->ret.allowed ? MSGC__TRUE : MSGC__FALSE;
		go_on(frame);
	} else {
		fail(frame, "permit", topic->terms[lookup->term].name, result);
	}
}

static void term_dropped(struct msgc_lookup *lookup, int result)
{
	struct msgc__frame *frame = give_frame_back(lookup);

	(void)result;
	if (frame)
		msgc__frame_finish(frame, MSGC_EGONE);
}

static int call_load(struct msgc_lookup *lookup)
{
	const struct msgc_subscription *subscription = lookup->subscription;
	const struct msgc__served *served = subscription->served;

	return served->consumer->object->load(
	        served->handlers, subscription->self, lookup, &lookup->ret.object);
}

static void load_answered(
        struct msgc_connection *connection, struct msgc_lookup *lookup, int result)
{
	struct msgc__frame *frame = give_frame_back(lookup);
	struct msgc_subscription *subscription = lookup->subscription;

	(void)connection;
	if (result == 0) {
		subscription->object = lookup->ret.object;
		subscription->has_object = subscription->loaded = true;
		subscription->bound = NULL;
		go_on(frame);
	} else if (result == MSGC_ENOTFOUND) {
		refuse_unknown(frame);
	} else if (result == MSGC_EDENIED) {
		refuse_unauthorized(frame);
	} else {
		fail(frame, "object", subscription->served->consumer->object->name, result);
	}
}

static void load_dropped(struct msgc_lookup *lookup, int result)
{
	const struct msgc__served *served = lookup->subscription->served;

	if (result == 0 && served->consumer->object->release)
		served->consumer->object->release(served->handlers, lookup->ret.object);
	term_dropped(lookup, result);
}

/* ----------------------------------------------------------------------------------- group and stream */

static void run_hook(struct msgc__frame *frame)
{
	struct msgc_subscription *subscription = frame->subscription;
	const struct msgc__served *served = subscription->served;
	struct msgc__frame *before;
	int result;

	if (is_over(frame))
		return;
	if (frame->worker->state == MSGC__WORKER_STOPPED) {
		msgc__frame_finish(frame, MSGC_ETIMEOUT); /* no code of the program runs any more */
		return;
	}
	subscription->owed = true;
	msgc__metrics_began(frame);
	before = msgc__frame_enter(frame);
	result = served->consumer->connected(served->handlers, subscription->self, &frame->reply);
	msgc__frame_leave(frame, before);
	msgc__frame_returned(frame, result);
}

void msgc__subscribe_looked(struct msgc__frame *frame, int result)
{
	if (result < 0)
		fail(frame, "history", "read", MSGC_EBUSY);
	else
		run_hook(frame);
}

void msgc__subscribe_joined(struct msgc__frame *frame)
{
	struct msgc_connection *connection = frame->connection;
	struct msgc_subscription *subscription = frame->subscription;
	int result = connection->join_result;

	frame->awaits_joins = false;
	connection->join_result = 0;
	if (is_over(frame))
		return;
	if (result < 0 || !subscription->membership) {
		fail(frame, "group", "join", result < 0 ? result : MSGC_EGONE);
		return;
	}
	result = msgc__presence_follow(subscription);
	if (result < 0) {
		fail(frame, "presence", "entry", result);
		return;
	}
	if (subscription->membership->recovery) {
		msgc__frame_hold(frame);
		msgc__recovery_look(subscription->membership, frame);
	} else {
		subscription->position = (struct msgc__position){"", 0}; /* there is no stream */
		run_hook(frame);
	}
}

static void join(struct msgc__frame *frame)
{
	struct msgc_subscription *subscription = frame->subscription;
	int result = msgc__group_follow(
	        subscription, subscription->served->consumer->groups[0].kind, subscription->group);

	if (result == MSGC_ELIMIT) {
		refuse_too_many(frame);
	} else if (result < 0) {
		fail(frame, "group", "join", result);
	} else if (frame->connection->joining > 0) {
		frame->awaits_joins = true;
		msgc__frame_hold(frame); /* the connection is made ready when the backend has it */
	} else {
		msgc__subscribe_joined(frame);
	}
}

/* What is known decides, or says what to ask next. */
static void go_on(struct msgc__frame *frame)
{
	struct msgc_subscription *subscription = frame->subscription;
	const struct msgc_consumer *topic = subscription->served->consumer;
	const struct msgc__user *user = frame->connection->user;
	bool with_object = subscription->loaded || !topic->object;
	enum msgc__truth truth;
	int next;

	if (is_over(frame))
		return;
	truth = msgc__permit_eval(topic, subscription->terms,
	        user && !msgc_user_is_anonymous(&user->is), with_object, &next);
	msgc__subscription_bind(subscription, &subscription->arena);
	if (truth == MSGC__FALSE)
		refuse_unauthorized(frame);
	else if (truth == MSGC__UNKNOWN && next >= 0)
		ask(frame, (unsigned)next, call_term, term_answered, term_dropped);
	else if (topic->object && !subscription->loaded)
		ask(frame, 0, call_load, load_answered, load_dropped);
	else if (truth == MSGC__TRUE)
		join(frame);
	else
		fail(frame, "permit", "?", MSGC_EINTERNAL);
}

/* ---------------------------------------------------------------------------------------- subscribing */

static void tell_subscribed(struct msgc__frame *frame)
{
	struct msgc_connection *connection = frame->connection;
	const struct msgc_subscription *subscription = frame->subscription;
	struct msgc_buf *text = &frame->worker->text;
	struct msgc__address address = {frame->ref, frame->topic};

	if (msgc__standard_subscribed(text, connection->served->consumer, subscription->recovered,
	            subscription->asked ? &subscription->position : NULL, address) == 0)
		msgc__connection_put(connection, msgc_buf_str(text), msgc_str_of(NULL, 0));
	else
		msgc__connection_no_memory(connection);
}

/* It follows the topic already: it is told so again, without a position, for it has missed nothing. */
static void subscribe_again(struct msgc__frame *frame, struct msgc_subscription *subscription)
{
	struct msgc_connection *connection = frame->connection;
	struct msgc_buf *text = &frame->worker->text;
	struct msgc__address address = {frame->ref, frame->topic};
	int result = msgc__subscription_rename(subscription, frame->topic);

	if (result == 0)
		result = msgc__standard_subscribed(
		        text, connection->served->consumer, false, NULL, address);
	if (result == 0)
		msgc__connection_put(connection, msgc_buf_str(text), msgc_str_of(NULL, 0));
	msgc__frame_finish(frame, result);
}

static bool read_position(
        struct msgc__frame *frame, struct msgc_subscription *ret, char *text, size_t len)
{
	struct msgc__worker *worker = frame->worker;
	struct msgc_str epoch = {NULL, 0};
	int64_t seq = 0;
	int result;

	msgc_problems_clear(&worker->problems);
	result = msgc__standard_read_position(
	        text, len, &frame->arena, &ret->asked, &epoch, &seq, &worker->problems);
	if (result < 0) {
		msgc__dispatch_refuse(frame, result);
		return false;
	}
	if (ret->asked)
		msgc__position_read(epoch, (uint64_t)seq, &ret->position);
	return true;
}

void msgc__subscribe_begin(struct msgc__frame *frame, char *text, size_t len)
{
	struct msgc_connection *connection = frame->connection;
	struct msgc_subscription *subscription = msgc__subscription_find(connection, frame->topic);
	int result;

	frame->kind = MSGC__FRAME_SUBSCRIBE;
	if (subscription) {
		subscribe_again(frame, subscription);
		return;
	}
	result = msgc__subscription_new(connection, frame->topic, &subscription);
	if (result == 0 && !read_position(frame, subscription, text, len)) {
		msgc__subscription_drop(subscription);
		return;
	}
	if (result == MSGC_ENOTFOUND) {
		refuse_unknown(frame);
		return;
	}
	if (result < 0) {
		fail(frame, "memory", "?", MSGC_EBUSY);
		return;
	}
	frame->subscription = subscription; /* its only reference */
	if (connection->subscription_count >= (uint64_t)frame->worker->config->max_topics) {
		refuse_too_many(frame);
		return;
	}
	msgc__subscription_add(subscription);
	go_on(frame);
}

int msgc__subscribe_followed(struct msgc__frame *frame)
{
	struct msgc_subscription *subscription = frame->subscription;

	if (!subscription || frame->detached || subscription->state != MSGC__SUBSCRIBING)
		return 0;
	if (!subscription->membership)
		return MSGC_EGONE; /* the group has been lost meanwhile */
	subscription->state = MSGC__FOLLOWING;
	count(frame, MSGC__SUBSCRIBE_OK);
	tell_subscribed(frame);
	if (frame->connection->recovering > 0)
		msgc__connection_make_ready(frame->connection);
	return 0;
}

/* -------------------------------------------------------------------------------------- unsubscribing */

static void tell_unsubscribed(struct msgc_connection *connection, struct msgc__address address)
{
	struct msgc_buf *text = &connection->worker->text;

	if (msgc__standard_unsubscribed(text, connection->served->consumer, address) == 0)
		msgc__connection_put(connection, msgc_buf_str(text), msgc_str_of(NULL, 0));
	else
		msgc__connection_no_memory(connection);
}

/* In a frame that stages what it sends. */
static void run_unsubscribed(struct msgc__frame *frame, uint16_t code)
{
	struct msgc_subscription *subscription = frame->subscription;
	const struct msgc__served *served = subscription->served;
	struct msgc__frame *before;

	subscription->owed = false;
	msgc__metrics_began(frame);
	before = msgc__frame_enter(frame);
	served->consumer->disconnected(served->handlers, subscription->self, code);
	msgc__frame_leave(frame, before);
}

void msgc__unsubscribe_begin(struct msgc__frame *frame)
{
	struct msgc_subscription *subscription = frame->subscription;

	frame->kind = MSGC__FRAME_UNSUBSCRIBE;
	if (subscription) {
		msgc__subscription_leave(subscription);
		msgc__questions_leave(subscription);
		if (subscription->owed)
			run_unsubscribed(frame, 0);
	}
	msgc__frame_finish(frame, 0);
}

void msgc__subscription_end(struct msgc_subscription *subscription, uint16_t code)
{
	struct msgc_connection *connection = subscription->connection;
	const struct msgc__served *served = subscription->served;
	bool owed = subscription->owed && connection->worker->state != MSGC__WORKER_STOPPED;
	struct msgc__frame *frame = NULL;

	(void)msgc__subscription_keep(subscription);
	msgc__subscription_leave(subscription);
	msgc__questions_leave(subscription);
	if (owed)
		frame = msgc__frame_new(connection, MSGC__FRAME_UNSUBSCRIBED);
	if (frame) {
		frame->subscription = msgc__subscription_keep(subscription);
		run_unsubscribed(frame, code);
		msgc__frame_finish(frame, 0);
	} else if (owed) {
		/* Without memory to stage in, the hook still runs; what it broadcasts takes effect at once. */
		subscription->owed = false;
		msgc__subscription_bind(subscription, &subscription->arena);
		served->consumer->disconnected(served->handlers, subscription->self, code);
	}
	msgc__subscription_drop(subscription);
}

void msgc__subscribe_concluded(struct msgc__frame *frame)
{
	struct msgc_subscription *subscription = frame->subscription;
	struct msgc__address address = {frame->ref, frame->topic};
	bool had;

	if (frame->kind == MSGC__FRAME_UNSUBSCRIBE && frame->result >= 0)
		tell_unsubscribed(frame->connection, address);
	if (frame->kind != MSGC__FRAME_SUBSCRIBE || !subscription)
		return;
	had = subscription->state == MSGC__FOLLOWING;
	if (frame->result >= 0 && had)
		return;
	/* It was told that it follows the topic, and something of the hook's could not be published. */
	if (subscription->owed && !had)
		count(frame, MSGC__SUBSCRIBE_FAILED);
	if (had)
		tell_unsubscribed(frame->connection, (struct msgc__address){.topic = frame->topic});
	msgc__subscription_end(subscription,
	        frame->connection->state < MSGC__CLOSING ? 0 : frame->connection->close_code);
}

/* ------------------------------------------------------------------------------- by the program's wish */

static void end_by_program(struct msgc_subscription *subscription)
{
	if (subscription->state == MSGC__FOLLOWING)
		tell_unsubscribed(subscription->connection,
		        (struct msgc__address){
		                .topic = msgc_str_of(subscription->name, subscription->name_len)});
	msgc__subscription_end(subscription, 0);
}

void msgc__subscription_end_wanted(struct msgc__frame *frame)
{
	struct msgc_subscription *subscription = frame->subscription;

	if (!subscription || !subscription->ending)
		return;
	subscription->ending = false;
	if (subscription->state != MSGC__UNSUBSCRIBED)
		end_by_program(subscription);
}

int msgc_subscription_end(struct msgc_subscription *subscription)
{
	const struct msgc__frame *frame = msgc__frame_current();

	if (!subscription)
		return MSGC_EINVAL;
	if (subscription->connection->state >= MSGC__CLOSING ||
	        subscription->state == MSGC__UNSUBSCRIBED)
		return MSGC_EGONE;
	if (frame && frame->subscription == subscription)
		subscription->ending = true;
	else if (subscription->state == MSGC__FOLLOWING)
		end_by_program(subscription);
	else
		return MSGC_EINVAL;
	return 0;
}
