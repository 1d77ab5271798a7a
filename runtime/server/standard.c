/* SPDX-License-Identifier: MIT */
/*
 * The server's own messages, through the types that msgc makes of schemas/std.msg. A contract may have another name for the
 * discriminator; that is changed in the finished text. It must not know when these are sent.
 */
#include "standard.h"

#include <string.h>

#include <msgc/codec_gen.h>

#include "../backends/backend.h"
#include "std.msgc.h"

/* What the generated encoders of std.msg begin with: {"action": */
enum { OWN_BEGIN = 10 };

static int rename_discriminator(struct msgc_buf *out, const struct msgc_consumer *consumer)
{
	const char *key = consumer->speech.key;
	struct msgc_buf begin = {0};
	size_t own = OWN_BEGIN, rest;

	if (out->error || !key || strcmp(key, "action") == 0)
		return out->error;
	msgc_buf_append_char(&begin, '{');
	msgc_write_str(&begin, msgc_str_from(key));
	msgc_buf_append_char(&begin, ':');
	if (begin.error || (begin.len > own && !msgc_buf_reserve(out, begin.len - own))) {
		out->error = MSGC_ENOMEM;
	} else {
		rest = out->len - own;
		memmove(out->data + begin.len, out->data + own, rest);
		memcpy(out->data, begin.data, begin.len);
		out->len = begin.len + rest;
	}
	msgc_buf_free(&begin);
	return out->error;
}

void msgc__standard_write_ref(
        struct msgc_buf *out, const struct msgc_consumer *consumer, struct msgc_str ref)
{
	if (consumer->envelope.ref_type)
		msgc_buf_append(out, ref.ptr, ref.len);
	else
		msgc_write_str(out, ref);
}

static void write_name(struct msgc_buf *out, const char *name)
{
	msgc_buf_append_char(out, ',');
	msgc_write_str(out, msgc_str_from(name));
	msgc_buf_append_char(out, ':');
}

int msgc__standard_tail(
        struct msgc_buf *out, const struct msgc_consumer *consumer, struct msgc__address address)
{
	const struct msgc_speech *speech = &consumer->speech;

	if (address.topic.ptr && speech->names.topic) {
		if (speech->version) {
			write_name(out, speech->version);
			msgc_buf_append_char(out, '1');
		}
		write_name(out, speech->names.topic);
		msgc_write_str(out, address.topic);
	}
	if (address.ref.ptr && consumer->envelope.ref) {
		write_name(out, consumer->envelope.ref);
		msgc__standard_write_ref(out, consumer, address.ref);
	}
	msgc_buf_append_char(out, '}');
	return out->error;
}

/* The encoded object in `out` gets its discriminator and its address. */
static int finish(struct msgc_buf *out, int encoded, const struct msgc_consumer *consumer,
        struct msgc__address address)
{
	if (encoded < 0)
		return encoded;
	if (address.ref.ptr || address.topic.ptr) {
		out->len--;
		(void)msgc__standard_tail(out, consumer, address);
	}
	return rename_discriminator(out, consumer);
}

bool msgc__standard_is(const struct msgc_message *type)
{
	return type == &msgc_std_ping_message || type == &msgc_std_pong_message;
}

int msgc__standard_plain(struct msgc_buf *out, const struct msgc_consumer *consumer,
        const struct msgc_message *type, struct msgc__address address)
{
	static const struct msgc_std_ping nothing; /* neither of them has members */

	msgc_buf_reset(out);
	return finish(out, msgc_message_encode(type, &nothing, out), consumer, address);
}

static const struct msgc__address no_address = {{NULL, 0}, {NULL, 0}};

int msgc__standard_adopt(struct msgc_buf *out, const struct msgc_consumer *consumer)
{
	return rename_discriminator(out, consumer);
}

static const char *status_text(int status)
{
	switch (status) {
	case 200: return "OK";
	case 401: return "Unauthorized";
	case 403: return "Forbidden";
	case 404: return "Not Found";
	default: return "Internal Server Error";
	}
}

int msgc__standard_authentication(
        struct msgc_buf *out, const struct msgc_consumer *consumer, int status, const char *detail)
{
	struct msgc_std_authentication message = {
	        .payload = {.status_code = (uint16_t)status,
	                .status_text = msgc_str_from(status_text(status)),
	                .data = {.detail = msgc_str_from(detail)}}};

	msgc_buf_reset(out);
	return finish(out, msgc_std_authentication_encode(&message, out), consumer, no_address);
}

/* `payload` is JSON that we wrote ourselves. */
static int error(struct msgc_buf *out, const struct msgc_consumer *consumer,
        struct msgc_buf *payload, struct msgc__address address)
{
	struct msgc_std_error message = {.payload = {payload->data, payload->len}};
	int result = payload->error;

	msgc_buf_reset(out);
	if (result == 0)
		result = finish(out, msgc_std_error_encode(&message, out), consumer, address);
	msgc_buf_free(payload);
	return result;
}

int msgc__standard_problems(struct msgc_buf *out, const struct msgc_consumer *consumer,
        const struct msgc_problems *problems, struct msgc__address address)
{
	struct msgc_buf payload = {0};

	(void)msgc_problems_write(problems, &payload);
	return error(out, consumer, &payload, address);
}

int msgc__standard_error(struct msgc_buf *out, const struct msgc_consumer *consumer,
        const char *reason, struct msgc_str detail, int64_t retry_after,
        struct msgc__address address)
{
	struct msgc_buf payload = {0};

	msgc_write_lit(&payload, "{\"reason\":");
	msgc_write_str(&payload, msgc_str_from(reason));
	msgc_write_lit(&payload, ",\"detail\":");
	msgc_write_str(&payload, detail);
	if (retry_after >= 0) {
		msgc_write_lit(&payload, ",\"retry_after\":");
		msgc_write_int64(&payload, retry_after);
	}
	msgc_buf_append_char(&payload, '}');
	return error(out, consumer, &payload, address);
}

int msgc__standard_complete(
        struct msgc_buf *out, const struct msgc_consumer *consumer, struct msgc__address address)
{
	struct msgc_std_complete message = {0};

	msgc_buf_reset(out);
	return finish(out, msgc_std_complete_encode(&message, out), consumer, address);
}

int msgc__standard_group_complete(
        struct msgc_buf *out, const struct msgc_consumer *consumer, struct msgc__address address)
{
	struct msgc_std_group_complete message = {0};

	msgc_buf_reset(out);
	return finish(out, msgc_std_group_complete_encode(&message, out), consumer, address);
}

int msgc__standard_event_complete(
        struct msgc_buf *out, const struct msgc_consumer *consumer, struct msgc__address address)
{
	struct msgc_std_event_complete message = {0};

	msgc_buf_reset(out);
	return finish(out, msgc_std_event_complete_encode(&message, out), consumer, address);
}

int msgc__standard_draining(
        struct msgc_buf *out, const struct msgc_consumer *consumer, int64_t reconnect_after_ms)
{
	struct msgc_std_draining message = {
	        .payload = {.reconnect_after_ms = (uint32_t)reconnect_after_ms}};

	msgc_buf_reset(out);
	return finish(out, msgc_std_draining_encode(&message, out), consumer, no_address);
}

int msgc__standard_refreshed(struct msgc_buf *out, const struct msgc_consumer *consumer,
        int64_t expires_at, struct msgc_str ref)
{
	static const int64_t last = INT64_C(253402300799); /* 9999-12-31T23:59:59Z: no end */
	struct msgc_std_refreshed message = {
	        .payload = {
	                .expires_at = {.seconds = expires_at > 0 && expires_at < last ? expires_at
	                                                                              : last}}};

	msgc_buf_reset(out);
	return finish(out, msgc_std_refreshed_encode(&message, out), consumer,
	        (struct msgc__address){.ref = ref});
}

bool msgc__standard_meant(const struct msgc_envelope *envelope, const char *name)
{
	return envelope->tag_count > 0 && envelope->tags[0].kind == MSGC_TAG_STRING &&
	        msgc_str_equal(envelope->tags[0].text, msgc_str_from(name));
}

int msgc__standard_recovered(struct msgc_buf *out, const struct msgc_consumer *consumer,
        struct msgc_str group, bool whole, const struct msgc__position *position,
        struct msgc__address address)
{
	struct msgc_std_recovered message = {.payload = {.group = group,
	                                             .recovered = whole,
	                                             .epoch = msgc_str_from(position->epoch),
	                                             .seq = (int64_t)position->seq}};

	msgc_buf_reset(out);
	return finish(out, msgc_std_recovered_encode(&message, out), consumer, address);
}

int msgc__standard_subscribed(struct msgc_buf *out, const struct msgc_consumer *consumer,
        bool recovered, const struct msgc__position *position, struct msgc__address address)
{
	struct msgc_std_subscribed message = {0};

	if (position) {
		message.has_payload = true;
		message.payload.recovered = recovered;
		message.payload.epoch = msgc_str_from(position->epoch);
		message.payload.seq = (int64_t)position->seq;
	}
	msgc_buf_reset(out);
	return finish(out, msgc_std_subscribed_encode(&message, out), consumer, address);
}

int msgc__standard_unsubscribed(
        struct msgc_buf *out, const struct msgc_consumer *consumer, struct msgc__address address)
{
	struct msgc_std_unsubscribed message = {0};

	msgc_buf_reset(out);
	return finish(out, msgc_std_unsubscribed_encode(&message, out), consumer, address);
}

static void read_payload(struct msgc_reader *r, struct msgc_str *token)
{
	struct msgc_object payload;
	uint64_t seen = 0;

	if (!msgc_read_object(r, &payload))
		return;
	while (msgc_read_member(r, &payload)) {
		if (msgc_key_is(payload.at.key, "token")) {
			msgc_read_once(r, &payload, &seen, 0);
			(void)msgc_read_str(r, token);
		} else {
			msgc_read_unknown(r, &payload, false);
		}
	}
	if (!seen)
		msgc_read_missing(r, &payload, "token");
	msgc_read_object_end(r, &payload);
}

/*
 * By hand, since the generated decoder of `authenticate` knows no other discriminator than its own, and here the consumer's counts.
 */
int msgc__standard_read_token(char *text, size_t len, const char *action,
        const struct msgc_consumer *consumer, struct msgc_arena *arena, struct msgc_str *ret_token,
        struct msgc_problems *problems)
{
	struct msgc_str token = {NULL, 0};
	struct msgc_envelope envelope;
	struct msgc_object frame;
	struct msgc_reader r;
	uint64_t seen = 0;
	int result;

	result = msgc_envelope_read(
	        text, len, &consumer->envelope, NULL, arena, &envelope, problems);
	if (result < 0)
		return result;
	if (!msgc__standard_meant(&envelope, action))
		return MSGC_ECONTRACT;
	if (msgc_reader_open(&r, text, len, NULL, arena, problems) &&
	        msgc_read_object(&r, &frame)) {
		while (msgc_read_member(&r, &frame)) {
			if (msgc_key_is(frame.at.key, "payload")) {
				msgc_read_once(&r, &frame, &seen, 0);
				read_payload(&r, &token);
			} else {
				msgc_read_unknown(&r, &frame, false);
			}
		}
		if (!seen)
			msgc_read_missing(&r, &frame, "payload");
		msgc_read_object_end(&r, &frame);
	}
	result = msgc_reader_close(&r);
	if (result == 0)
		*ret_token = token;
	return result;
}

static void read_position(struct msgc_reader *r, struct msgc_str *epoch, int64_t *seq)
{
	struct msgc_object payload;
	uint64_t seen = 0;

	if (!msgc_read_object(r, &payload))
		return;
	while (msgc_read_member(r, &payload)) {
		if (msgc_key_is(payload.at.key, "epoch")) {
			msgc_read_once(r, &payload, &seen, 0);
			(void)msgc_read_str(r, epoch);
		} else if (msgc_key_is(payload.at.key, "seq")) {
			msgc_read_once(r, &payload, &seen, 1);
			if (msgc_read_int53(r, seq) && *seq < 0)
				msgc_refuse_min(&r->scope, "0");
		} else {
			msgc_read_unknown(r, &payload, false);
		}
	}
	if (!(seen & 1))
		msgc_read_missing(r, &payload, "epoch");
	if (!(seen & 2))
		msgc_read_missing(r, &payload, "seq");
	msgc_read_object_end(r, &payload);
}

int msgc__standard_read_position(char *text, size_t len, struct msgc_arena *arena, bool *ret_asked,
        struct msgc_str *ret_epoch, int64_t *ret_seq, struct msgc_problems *problems)
{
	struct msgc_object frame;
	struct msgc_reader r;
	uint64_t seen = 0;

	*ret_asked = false;
	if (msgc_reader_open(&r, text, len, NULL, arena, problems) &&
	        msgc_read_object(&r, &frame)) {
		while (msgc_read_member(&r, &frame)) {
			if (!msgc_key_is(frame.at.key, "payload")) {
				msgc_read_unknown(&r, &frame, false);
				continue;
			}
			msgc_read_once(&r, &frame, &seen, 0);
			if (!msgc_read_null(&r)) {
				*ret_asked = true;
				read_position(&r, ret_epoch, ret_seq);
			}
		}
		msgc_read_object_end(&r, &frame);
	}
	return msgc_reader_close(&r);
}
