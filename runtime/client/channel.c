/* SPDX-License-Identifier: MIT */
/*
 * What a consumer and a topic have in common: which message a frame is, whose answer it is, and which function of the program is told. It must not
 * know how frames travel.
 */
#include <stdlib.h>
#include <string.h>

#include <msgc/codec_gen.h>

#include "internal.h"

int msgc__channel_init(struct msgc_channel *channel, struct msgc_client *client,
        const struct msgc_client_type *type, const void *handlers, void *app)
{
	channel->client = client;
	channel->type = type;
	channel->app = app;
	TAILQ_INIT(&channel->queue);
	if (!handlers)
		return MSGC_OK;
	channel->handlers = malloc(type->handlers_size);
	if (!channel->handlers)
		return MSGC_ENOMEM;
	memcpy(channel->handlers, handlers, type->handlers_size);
	return MSGC_OK;
}

void msgc__channel_clear(struct msgc_channel *channel)
{
	msgc__parcels_forget(channel);
	free(channel->handlers);
	free(channel->name);
}

bool msgc__channel_is_ready(const struct msgc_channel *channel)
{
	const struct msgc_client *client = channel->client;

	if (channel->name)
		return channel->phase == MSGC_TOPIC_SUBSCRIBED;
	return client->is_introducing || client->state.phase == MSGC_CLIENT_LIVE;
}

/* ---------------------------------------------------------------------------------------- what is told */

void msgc__channel_problem(struct msgc_channel *channel, const struct msgc_outcome *problem)
{
	const struct msgc_client_options *options = &channel->client->options;

	if (options->events.problem)
		options->events.problem(options->app, channel, problem);
}

void msgc__channel_unknown(struct msgc_channel *channel, const struct msgc_client_frame *frame)
{
	const struct msgc_client_options *options = &channel->client->options;

	if (options->events.unknown)
		options->events.unknown(options->app, channel, frame);
}

void msgc__channel_gap(struct msgc_channel *channel, struct msgc_str group)
{
	const struct msgc_client_options *options = &channel->client->options;

	if (options->events.gap)
		options->events.gap(options->app, channel, group);
}

/* ------------------------------------------------------------------------------------------ which message */

/* How many of its tags the message wants; -1: it is another one. */
static int fit(const struct msgc_message *message, const struct msgc_envelope *envelope)
{
	if (message->tag_count > envelope->tag_count)
		return -1;
	if (message->tag_count == 0)
		return envelope->tag_count == 0 ? 0 : -1;
	for (size_t i = 0; i < message->tag_count; i++) {
		if (!msgc_tag_equal(&message->tags[i], &envelope->tags[i]))
			return -1;
	}
	return (int)message->tag_count;
}

/* NULL: it breaks the contract, or there is no memory; `ret_problems` says what is wrong, as JSON. */
static void *decode(struct msgc_client *client, const struct msgc_message *message,
        struct msgc_str text, struct msgc_str *ret_problems)
{
	struct msgc_problems *problems = msgc_arena_alloc(&client->arena, sizeof(*problems), 16);
	void *value = msgc_arena_calloc(&client->arena, 1, message->size ? message->size : 1);

	*ret_problems = msgc_str_from("[]");
	if (!problems || !value)
		return NULL;
	msgc_problems_clear(problems);
	if (msgc_type_decode(message->type, text.ptr, text.len, NULL, &client->arena, value,
	            problems) == MSGC_OK)
		return value;
	msgc_buf_reset(&client->scratch);
	if (msgc_problems_write(problems, &client->scratch) == 0)
		(void)msgc_arena_copy(&client->arena, msgc_buf_str(&client->scratch), ret_problems);
	return NULL;
}

static struct msgc_outcome broken(struct msgc_str problems)
{
	struct msgc_outcome outcome = msgc__outcome(
	        MSGC_ECONTRACT, "bad_answer", "What the server has sent breaks the contract.");

	outcome.payload = problems;
	return outcome;
}

static void incoming(struct msgc_channel *channel, const struct msgc_client_frame *frame,
        const struct msgc_envelope *envelope)
{
	const struct msgc_client_type *type = channel->type;
	struct msgc_client_call call = {channel, frame, channel->handlers, channel->app};
	const struct msgc_client_incoming *row = NULL;
	struct msgc_outcome outcome;
	struct msgc_str problems;
	int best = -1, fits;
	void *value;

	for (size_t i = 0; i < type->incoming_count; i++) {
		fits = fit(type->incoming[i].message, envelope);
		if (fits > best) {
			best = fits;
			row = &type->incoming[i];
		}
	}
	if (!row) {
		msgc__channel_unknown(channel, frame);
		return;
	}
	if (frame->has_position &&
	        !msgc__positions_admit(&channel->positions, frame->epoch, frame->seq))
		return;
	value = decode(channel->client, row->message, frame->text, &problems);
	if (value) {
		if (row->call(&call, value) || !row->is_question)
			return;
		outcome = msgc__outcome(
		        MSGC_EINVAL, "unanswered", "The server asks, and nothing answers.");
		outcome.ref = frame->ref;
		msgc__channel_problem(channel, &outcome);
		return;
	}
	outcome = broken(problems);
	msgc__channel_problem(channel, &outcome);
	msgc__channel_unknown(channel, frame);
}

/* ------------------------------------------------------------------------------------------------- answers */

static bool refusal(struct msgc__parcel *parcel, const struct msgc_client_frame *frame,
        const struct msgc_envelope *envelope)
{
	const struct msgc_message *message = parcel->channel->type->refusal;
	struct msgc_outcome outcome =
	        msgc__outcome(MSGC_EREFUSED, "refused", "The server refuses it.");

	if (!message || fit(message, envelope) < 0)
		return false;
	outcome.refusal = decode(parcel->channel->client, message, frame->text, &outcome.payload);
	msgc__parcel_done(parcel, &outcome, frame, 0, NULL);
	return true;
}

static bool answer(struct msgc__parcel *parcel, const struct msgc_client_frame *frame,
        const struct msgc_envelope *envelope)
{
	const struct msgc_client_sent *row = parcel->row;
	struct msgc_outcome outcome = {0};
	int best = -1, fits;
	struct msgc_str problems;
	unsigned which = 0;
	void *value;

	for (size_t i = 0; i < row->answer_count; i++) {
		fits = fit(row->answers[i], envelope);
		if (fits > best) {
			best = fits;
			which = (unsigned)i;
		}
	}
	if (best < 0)
		return refusal(parcel, frame, envelope);
	value = decode(parcel->channel->client, row->answers[which], frame->text, &problems);
	if (!value)
		outcome = broken(problems);
	msgc__parcel_done(parcel, &outcome, frame, which, value);
	return true;
}

static void complete(struct msgc_channel *channel, const struct msgc_client_frame *frame,
        struct msgc__parcel *parcel)
{
	const struct msgc_client_options *options = &channel->client->options;
	struct msgc_outcome outcome = {0};

	if (parcel && msgc_key_is(frame->action, "complete")) {
		if (parcel->row->answer_count > 0)
			outcome = msgc__outcome(MSGC_EINVAL, "unanswered",
			        "The server has dealt with it and sent no answer.");
		msgc__parcel_done(parcel, &outcome, frame, 0, NULL);
	}
	if (options->events.completed)
		options->events.completed(options->app, channel, frame->action, frame->ref);
}

static void error(struct msgc_channel *channel, const struct msgc_client_frame *frame,
        struct msgc_str payload, struct msgc__parcel *parcel)
{
	struct msgc_outcome outcome;

	msgc__standard_outcome(channel->client, payload, &outcome);
	outcome.ref = frame->ref;
	if (parcel)
		msgc__parcel_done(parcel, &outcome, frame, 0, NULL);
	else
		msgc__channel_problem(channel, &outcome);
}

void msgc__channel_receive(struct msgc_channel *channel, const struct msgc_client_frame *frame,
        const struct msgc_envelope *envelope, struct msgc_str payload)
{
	struct msgc__parcel *parcel = msgc__parcel_find(channel->client, frame->ref);
	bool has_std = channel->client->type->has_std;

	if (has_std &&
	        (msgc_key_is(frame->action, "complete") ||
	                msgc_key_is(frame->action, "group_complete") ||
	                msgc_key_is(frame->action, "event_complete")))
		complete(channel, frame, parcel);
	else if (has_std && msgc_key_is(frame->action, "error"))
		error(channel, frame, payload, parcel);
	else if (!parcel || !answer(parcel, frame, envelope))
		incoming(channel, frame, envelope);
}

/* ------------------------------------------------------------------------------------------- for programs */

struct msgc_client *msgc_channel_client(const struct msgc_channel *channel)
{
	return channel->client;
}

void *msgc_channel_app(const struct msgc_channel *channel)
{
	return channel->app;
}

struct msgc_str msgc_channel_topic(const struct msgc_channel *channel)
{
	return msgc_str_from(channel->name);
}

size_t msgc_channel_positions(
        const struct msgc_channel *channel, struct msgc_position ret[MSGC_POSITIONS_MOST])
{
	for (size_t i = 0; i < channel->positions.count; i++)
		ret[i] = channel->positions.items[i].at;
	return channel->positions.count;
}

int msgc_channel_send(struct msgc_channel *channel, unsigned row, const void *message,
        const struct msgc_send_options *options)
{
	return msgc__parcel_post(channel, &channel->type->sent[row], message, options, NULL, NULL);
}

int msgc_channel_request(struct msgc_channel *channel, unsigned row, const void *message,
        const struct msgc_send_options *options, msgc_client_fn *answered, void *arg)
{
	if (!answered)
		return MSGC_EINVAL;
	return msgc__parcel_post(
	        channel, &channel->type->sent[row], message, options, answered, arg);
}

int msgc_channel_answer(struct msgc_channel *channel, const struct msgc_message *type,
        const void *message, struct msgc_str ref)
{
	struct msgc_client *client = channel->client;
	struct msgc_envelope envelope = {.has_ref = ref.len > 0, .ref = ref};
	struct msgc_buf *out = &client->scratch;
	int result = msgc_message_validate(type, message, NULL);

	if (result != MSGC_OK)
		return result;
	if (!client->is_open)
		return MSGC_EGONE;
	envelope.has_topic = channel->name != NULL;
	envelope.topic = msgc_channel_topic(channel);
	msgc_buf_reset(out);
	result = msgc_message_encode(type, message, out);
	if (result == MSGC_OK)
		result = msgc_envelope_write(out, &client->type->said, &envelope);
	return result == MSGC_OK ? msgc__wire_send(client->wire, msgc_buf_str(out)) : result;
}
