/* SPDX-License-Identifier: MIT */
/*
 * What is sent: at once, or when there is a connection and room; and what is waited for, by ref. Frames are texts here. It must not know what
 * is in them, but for where the envelope stands.
 *
 * Parcels and their texts are used again: there are never more than the options allow.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "internal.h"

enum { ID_BYTES = 16 };

struct msgc_outcome msgc__outcome(int result, const char *reason, const char *detail)
{
	return (struct msgc_outcome){
	        .result = result, .reason = msgc_str_from(reason), .detail = msgc_str_from(detail)};
}

/* ------------------------------------------------------------------------------------------------ parcels */

static struct msgc__parcel *take_spare(struct msgc_client *client)
{
	const struct msgc_client_options *options = &client->options;
	struct msgc__parcel *parcel = TAILQ_FIRST(&client->spare);
	size_t most = (size_t)options->queue_limit + options->request_limit + 1;

	if (parcel) {
		TAILQ_REMOVE(&client->spare, parcel, link);
		return parcel;
	}
	/* Topics have queues of their own. */
	for (struct msgc_channel *topic = LIST_FIRST(&client->topics); topic;
	        topic = LIST_NEXT(topic, link))
		most += options->queue_limit;
	if (client->parcel_count >= most)
		return NULL;
	parcel = calloc(1, sizeof(*parcel));
	if (parcel)
		client->parcel_count++;
	return parcel;
}

static void give_spare(struct msgc__parcel *parcel)
{
	struct msgc_client *client = parcel->channel->client;

	msgc__timer_cancel(&client->timers, &parcel->timer);
	msgc_buf_reset(&parcel->text);
	TAILQ_INSERT_HEAD(&client->spare, parcel, link);
}

static void unlink_parcel(struct msgc__parcel *parcel)
{
	if (parcel->state == MSGC__PARCEL_SENT) {
		TAILQ_REMOVE(&parcel->channel->client->waiting, parcel, link);
		parcel->channel->client->waiting_count--;
	} else {
		TAILQ_REMOVE(&parcel->channel->queue, parcel, link);
		parcel->channel->queued--;
	}
}

static void ref_text(const struct msgc__parcel *parcel, char text[24])
{
	snprintf(text, 24, "%" PRIu64, parcel->ref);
}

/* It is over with a parcel that stands in no list any more. */
static void end(struct msgc__parcel *parcel, const struct msgc_outcome *outcome,
        const struct msgc_client_frame *frame, unsigned which, const void *answer)
{
	struct msgc_channel *channel = parcel->channel;
	struct msgc_client_call call = {.channel = channel,
	        .frame = frame,
	        .handlers = channel->handlers,
	        .app = channel->app};
	const struct msgc_client_sent *row = parcel->row;
	msgc_client_fn *answered = parcel->answered;
	bool is_request = parcel->is_request;
	struct msgc_outcome told = *outcome;
	void *arg = parcel->arg;
	char ref[24];

	ref_text(parcel, ref);
	if (parcel->ref)
		told.ref = msgc_str_from(ref);
	give_spare(parcel);
	if (!is_request)
		msgc__channel_problem(channel, &told);
	else if (answered)
		row->call(&call, &told, which, answer, answered, arg);
}

void msgc__parcel_done(struct msgc__parcel *parcel, const struct msgc_outcome *outcome,
        const struct msgc_client_frame *frame, unsigned which, const void *answer)
{
	unlink_parcel(parcel);
	end(parcel, outcome, frame, which, answer);
}

static void timed_out(struct msgc__timer *timer)
{
	struct msgc__parcel *parcel =
	        (void *)((char *)timer - offsetof(struct msgc__parcel, timer));
	struct msgc_outcome outcome =
	        msgc__outcome(MSGC_ETIMEOUT, "timeout", "There was no answer in time.");

	msgc__parcel_done(parcel, &outcome, NULL, 0, NULL);
}

struct msgc__parcel *msgc__parcel_find(struct msgc_client *client, struct msgc_str ref)
{
	struct msgc__parcel *parcel;
	uint64_t number = 0;

	if (ref.len == 0 || ref.len > 19 || ref.ptr[0] == '0')
		return NULL;
	for (size_t i = 0; i < ref.len; i++) {
		if (ref.ptr[i] < '0' || ref.ptr[i] > '9')
			return NULL;
		number = number * 10 + (uint64_t)(ref.ptr[i] - '0');
	}
	TAILQ_FOREACH(parcel, &client->waiting, link)
	{
		if (parcel->ref == number)
			return parcel;
	}
	return NULL;
}

/* ------------------------------------------------------------------------------------------------ posting */

static bool has_refs(const struct msgc_client_type *type)
{
	return type->said.ref != NULL || type->said.ref_at > 0;
}

/* 128 random bits in hexadecimal. */
static int make_id(char id[ID_BYTES * 2 + 1])
{
	uint8_t bytes[ID_BYTES];

	if (getrandom(bytes, sizeof(bytes), 0) != (ssize_t)sizeof(bytes))
		return MSGC_EIO;
	for (size_t i = 0; i < sizeof(bytes); i++)
		snprintf(id + i * 2, 3, "%02x", bytes[i]);
	return MSGC_OK;
}

/* The whole frame. */
static int write_frame(
        struct msgc__parcel *parcel, const void *message, const struct msgc_send_options *options)
{
	struct msgc_channel *channel = parcel->channel;
	const struct msgc_envelope_names *names = &channel->client->type->said;
	struct msgc_envelope envelope = {0};
	char ref[24], id[ID_BYTES * 2 + 1];
	int result;

	ref_text(parcel, ref);
	envelope.has_ref = parcel->ref != 0;
	envelope.ref = msgc_str_from(ref);
	envelope.has_topic = channel->name != NULL;
	envelope.topic = msgc_str_from(channel->name);
	parcel->is_idempotent = envelope.has_message_id =
	        options->message_id || options->idempotent;
	if (options->message_id) {
		envelope.message_id = msgc_str_from(options->message_id);
	} else if (options->idempotent) {
		result = make_id(id);
		if (result != MSGC_OK)
			return result;
		envelope.message_id = msgc_str_from(id);
	}
	result = msgc_message_validate(parcel->row->message, message, NULL);
	if (result == MSGC_OK)
		result = msgc_message_encode(parcel->row->message, message, &parcel->text);
	return result == MSGC_OK ? msgc_envelope_write(&parcel->text, names, &envelope) : result;
}

/* Hands it to the wire. False: not now. */
static bool deliver(struct msgc__parcel *parcel)
{
	struct msgc_channel *channel = parcel->channel;
	struct msgc_client *client = channel->client;

	if (!msgc__channel_is_ready(channel) ||
	        msgc__wire_send(client->wire, msgc_buf_str(&parcel->text)) != MSGC_OK)
		return false;
	if (!parcel->is_request) {
		give_spare(parcel);
		return true;
	}
	parcel->state = MSGC__PARCEL_SENT;
	TAILQ_INSERT_TAIL(&client->waiting, parcel, link);
	client->waiting_count++;
	return true;
}

static void enqueue(struct msgc__parcel *parcel)
{
	struct msgc__parcels *queue = &parcel->channel->queue;
	struct msgc__parcel *at = TAILQ_LAST(queue, msgc__parcels);

	parcel->state = MSGC__PARCEL_QUEUED;
	while (at && at->order > parcel->order)
		at = TAILQ_PREV(at, msgc__parcels, link);
	if (at)
		TAILQ_INSERT_AFTER(queue, at, parcel, link);
	else
		TAILQ_INSERT_HEAD(queue, parcel, link);
	parcel->channel->queued++;
}

/* Room for one more in the queue. */
static int make_room(struct msgc_channel *channel)
{
	const struct msgc_client_options *options = &channel->client->options;
	struct msgc_outcome outcome =
	        msgc__outcome(MSGC_EBUSY, "queue_full", "It was given up for later ones.");

	if (options->no_queue)
		return MSGC_EBUSY;
	if (channel->queued < options->queue_limit)
		return MSGC_OK;
	if (!options->queue_drops_oldest || channel->queued == 0)
		return MSGC_EBUSY;
	msgc__parcel_done(TAILQ_FIRST(&channel->queue), &outcome, NULL, 0, NULL);
	return MSGC_OK;
}

static int place(struct msgc__parcel *parcel)
{
	struct msgc_channel *channel = parcel->channel;
	int result;

	/* What introduces the program goes before what has waited for a connection. */
	if ((channel->queued == 0 || channel->client->is_introducing) && deliver(parcel))
		return MSGC_OK;
	result = make_room(channel);
	if (result == MSGC_OK)
		enqueue(parcel);
	return result;
}

static int may_post(
        struct msgc_channel *channel, const struct msgc_client_sent *row, bool is_request)
{
	const struct msgc_client *client = channel->client;

	if (channel->closed)
		return channel->closed;
	if (!is_request)
		return MSGC_OK;
	if (!has_refs(client->type) || (row->answer_count == 0 && !client->type->completion))
		return MSGC_EINVAL; /* nothing could answer it */
	return client->waiting_count < client->options.request_limit ? MSGC_OK : MSGC_EBUSY;
}

int msgc__parcel_post(struct msgc_channel *channel, const struct msgc_client_sent *row,
        const void *message, const struct msgc_send_options *options, msgc_client_fn *answered,
        void *arg)
{
	static const struct msgc_send_options usual;
	struct msgc_client *client = channel->client;
	bool is_request = answered != NULL;
	struct msgc__parcel *parcel;
	int result = may_post(channel, row, is_request);
	int64_t timeout;

	if (result != MSGC_OK)
		return result;
	parcel = take_spare(client);
	if (!parcel)
		return MSGC_EBUSY;
	options = options ? options : &usual;
	parcel->channel = channel;
	parcel->row = row;
	parcel->is_request = is_request;
	parcel->answered = answered;
	parcel->arg = arg;
	parcel->order = ++client->last_order;
	parcel->ref = has_refs(client->type) ? ++client->last_ref : 0;
	result = write_frame(parcel, message, options);
	if (result == MSGC_OK)
		result = place(parcel);
	if (result != MSGC_OK) {
		give_spare(parcel);
		return result;
	}
	if (!is_request)
		return MSGC_OK;
	timeout = options->timeout_ms > 0 ? options->timeout_ms : client->options.request_ms;
	parcel->timer.fire = timed_out;
	msgc__client_after(client, &parcel->timer, timeout);
	return MSGC_OK;
}

/* --------------------------------------------------------------------------------------- coming and going */

void msgc__parcels_flush(struct msgc_channel *channel)
{
	struct msgc__parcel *parcel;

	while ((parcel = TAILQ_FIRST(&channel->queue)) != NULL) {
		unlink_parcel(parcel);
		if (deliver(parcel))
			continue;
		enqueue(parcel);
		return;
	}
}

void msgc__parcels_flush_all(struct msgc_client *client)
{
	struct msgc_channel *topic;

	msgc__parcels_flush(&client->main);
	LIST_FOREACH(topic, &client->topics, link)
	msgc__parcels_flush(topic);
}

/* Ends all of a list that `is_meant` says; a callback may change the list, so it is begun anew each time. */
static void end_some(struct msgc__parcels *list, const struct msgc_channel *channel,
        bool idempotent_too, const struct msgc_outcome *why)
{
	struct msgc__parcel *parcel;

	do {
		TAILQ_FOREACH(parcel, list, link)
		{
			if ((!channel || parcel->channel == channel) &&
			        (idempotent_too || !parcel->is_idempotent))
				break;
		}
		if (parcel)
			msgc__parcel_done(parcel, why, NULL, 0, NULL);
	} while (parcel);
}

void msgc__parcels_lost(struct msgc_client *client)
{
	struct msgc_outcome outcome = msgc__outcome(MSGC_EGONE, "disconnected",
	        "The connection was lost before the answer: it may have arrived, or not.");
	struct msgc__parcel *parcel;

	end_some(&client->waiting, NULL, false, &outcome);
	while ((parcel = TAILQ_FIRST(&client->waiting)) != NULL) {
		unlink_parcel(parcel);
		enqueue(parcel);
	}
}

void msgc__parcels_close(struct msgc_channel *channel, const struct msgc_outcome *why)
{
	channel->closed = MSGC_EGONE;
	end_some(&channel->queue, NULL, true, why);
}

void msgc__parcels_abandon(struct msgc_channel *channel, const struct msgc_outcome *why)
{
	end_some(&channel->client->waiting, channel, true, why);
}

static void forget_all(struct msgc__parcels *list, const struct msgc_channel *channel)
{
	struct msgc__parcel *parcel = TAILQ_FIRST(list), *next;

	for (; parcel; parcel = next) {
		next = TAILQ_NEXT(parcel, link);
		if (channel && parcel->channel != channel)
			continue;
		unlink_parcel(parcel);
		give_spare(parcel);
	}
}

void msgc__parcels_forget(struct msgc_channel *channel)
{
	forget_all(&channel->queue, NULL);
	forget_all(&channel->client->waiting, channel);
}

void msgc__parcels_free(struct msgc_client *client)
{
	struct msgc__parcel *parcel;

	while ((parcel = TAILQ_FIRST(&client->spare)) != NULL) {
		TAILQ_REMOVE(&client->spare, parcel, link);
		msgc_buf_free(&parcel->text);
		free(parcel);
	}
}
