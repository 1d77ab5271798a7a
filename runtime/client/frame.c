/* SPDX-License-Identifier: MIT */
/*
 * A frame that has come in: what stands beside its message, and whose it is: the connection's, a topic's, the consumer's. It must not know what
 * is done about it.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <msgc/codec_gen.h>

#include "internal.h"

/* The payload and what the server says of a message. The text has been read once, and is right. */
struct beside {
	struct msgc_json payload;
	bool is_mine, is_current, has_seq, has_epoch;
	struct msgc_str epoch;
	int64_t seq;
};

static bool is_name(struct msgc_str key, const char *name)
{
	return name && msgc_str_equal(key, msgc_str_from(name));
}

static void read_beside(struct msgc_client *client, char *text, size_t len, struct beside *ret)
{
	static const struct msgc_decode_options keep = {.keep_text = true};
	const struct msgc_speech *speech = &client->type->heard;
	struct msgc_object frame;
	struct msgc_reader r;

	if (!speech->key || !msgc_reader_open(&r, text, len, &keep, &client->arena, NULL) ||
	        !msgc_read_object(&r, &frame))
		return;
	while (msgc_read_member(&r, &frame)) {
		struct msgc_str key = frame.at.key;

		if (is_name(key, "payload"))
			(void)msgc_read_json(&r, &ret->payload);
		else if (is_name(key, speech->is_mine))
			(void)msgc_read_bool(&r, &ret->is_mine);
		else if (is_name(key, speech->is_current))
			(void)msgc_read_bool(&r, &ret->is_current);
		else if (is_name(key, speech->seq))
			ret->has_seq = msgc_read_int53(&r, &ret->seq);
		else if (is_name(key, speech->epoch))
			ret->has_epoch = msgc_read_str(&r, &ret->epoch);
		else
			msgc_read_skip(&r);
	}
	msgc_read_object_end(&r, &frame);
	(void)msgc_reader_close(&r);
}

/* The first discriminator, as text. */
static struct msgc_str action_of(const struct msgc_envelope *envelope, char number[24])
{
	const struct msgc_tag *tag = &envelope->tags[0];

	if (envelope->tag_count == 0)
		return msgc_str_from(NULL);
	if (tag->kind != MSGC_TAG_INTEGER)
		return tag->text;
	snprintf(number, 24, "%" PRId64, tag->number);
	return msgc_str_from(number);
}

static void hand_out(struct msgc_client *client, const struct msgc_client_frame *frame,
        const struct msgc_envelope *envelope, struct msgc_str payload)
{
	struct msgc_channel *topic =
	        envelope->has_topic ? msgc__topic_find(client, envelope->topic) : NULL;

	if (topic) {
		msgc__topic_frame(topic, frame, envelope, payload);
		return;
	}
	if (msgc__standard_take(client, &client->main, frame, payload))
		return;
	/* Of a topic that is followed no longer, unless it answers one of ours. */
	if (envelope->has_topic && !msgc__parcel_find(client, frame->ref))
		return;
	msgc__channel_receive(&client->main, frame, envelope, payload);
}

void msgc__frame_receive(struct msgc_client *client, char *text, size_t len)
{
	struct msgc_client_frame frame = {.text = msgc_str_of(text, len)};
	struct msgc_envelope envelope;
	struct beside beside = {0};
	char number[24];
	uint64_t attempt = client->number;

	msgc__keep_heard(client);
	msgc_arena_reset(&client->arena);
	if (client->options.events.frame)
		client->options.events.frame(client->options.app, client, frame.text);
	if (msgc_envelope_read(text, len, &client->type->heard.names, NULL, &client->arena,
	            &envelope, NULL) != MSGC_OK) {
		msgc__channel_unknown(&client->main, &frame);
		return;
	}
	read_beside(client, text, len, &beside);
	frame.action = action_of(&envelope, number);
	frame.ref = envelope.ref;
	frame.topic = envelope.topic;
	frame.is_mine = beside.is_mine;
	frame.is_current = beside.is_current;
	frame.has_position = beside.has_seq && beside.has_epoch;
	frame.epoch = beside.epoch;
	frame.seq = beside.seq;
	hand_out(client, &frame, &envelope, msgc_str_of(beside.payload.ptr, beside.payload.len));
	if (!client->is_greeted && client->is_open && client->number == attempt) {
		client->is_greeted = true;
		msgc__keep_introduce(client);
	}
}
