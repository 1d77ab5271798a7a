/* SPDX-License-Identifier: MIT */
/*
 * Frames: masked on their way out, checked on their way in. Pings are answered, a CLOSE frame too; whatever the server does against RFC
 * 6455 fails the test.
 */
#include "test_websocket.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

enum { CONTINUATION = 0, TEXT = 1, BINARY = 2, CLOSE = 8, PING = 9, PONG = 10, CONTROL_MAX = 125 };

static const char question[] = "are you there"; /* the payload of a ping */

/* ---- out */

void msgc__test_websocket_deflate(struct msgc__test_link *link)
{
	link->inflater = msgc__inflater_new();
	link->deflater = msgc__deflater_new();
	if (!link->inflater || !link->deflater)
		msgc__test_fail("no memory");
}

bool msgc__test_websocket_deflates(const struct msgc__test_link *link)
{
	return link->deflater;
}

static void send_frame(
        struct msgc__test_link *link, unsigned opcode, bool final, const void *bytes, size_t len)
{
	uint8_t *frame = malloc(len + 14), mask[4];
	size_t at = 2;

	if (!frame || getrandom(mask, sizeof(mask), 0) != (ssize_t)sizeof(mask))
		msgc__test_fail("no memory or no random bytes");
	frame[0] = (uint8_t)((final ? 0x80u : 0u) | opcode);
	if (len < 126) {
		frame[1] = (uint8_t)(0x80 | len);
	} else {
		unsigned count = len < 65536 ? 2 : 8;

		frame[1] = (uint8_t)(0x80 | (count == 2 ? 126 : 127));
		for (unsigned i = count; i > 0; i--)
			frame[at++] = (uint8_t)((uint64_t)len >> (8 * (i - 1)));
	}
	memcpy(frame + at, mask, sizeof(mask));
	at += sizeof(mask);
	for (size_t i = 0; i < len; i++)
		frame[at + i] = ((const uint8_t *)bytes)[i] ^ mask[i % 4];
	/* A server that has gone is what the next receive tells. */
	msgc__test_tcp_write(&link->tcp, frame, at + len);
	free(frame);
}

static void send_text(
        struct msgc__test_link *link, unsigned opcode, const char *text, size_t len, size_t piece)
{
	while (piece > 0 && len > piece) {
		send_frame(link, opcode, false, text, piece);
		send_frame(link, PING, true, "between", 7);
		text += piece;
		len -= piece;
		opcode = CONTINUATION;
	}
	send_frame(link, opcode, true, text, len);
}

void msgc__test_websocket_send(
        struct msgc__test_link *link, const char *text, size_t len, size_t piece)
{
	size_t room = msgc__deflated_limit(len), deflated;
	char *bytes;

	if (!link->deflater) {
		send_text(link, TEXT, text, len, piece);
		return;
	}
	bytes = malloc(room);
	if (!bytes ||
	        msgc__deflate(link->deflater, MSGC__DEFLATE_WINDOW_MAX, msgc_str_of(text, len),
	                msgc_str_of(NULL, 0), bytes, room, &deflated) < 0)
		msgc__test_fail("a message of %zu bytes cannot be deflated", len);
	send_text(link, MSGC__DEFLATE_RSV1 | TEXT, bytes, deflated, piece);
	free(bytes);
}

void msgc__test_websocket_send_binary(struct msgc__test_link *link, const void *bytes, size_t len)
{
	send_frame(link, BINARY, true, bytes, len);
}

void msgc__test_websocket_send_raw(struct msgc__test_link *link, const void *bytes, size_t len)
{
	msgc__test_tcp_write(&link->tcp, bytes, len);
}

/* ---- in */

struct frame {
	unsigned opcode;
	bool final, deflated;
	size_t head, len;
};

/* The head of the frame at the start of the input. False: it has not all come. */
static bool read_head(const struct msgc__test_link *link, struct frame *ret)
{
	const struct msgc_buf *in = &link->tcp.in;
	const uint8_t *at = (const uint8_t *)in->data;
	unsigned allowed = link->inflater ? MSGC__DEFLATE_RSV1 : 0;
	size_t extra;

	if (in->len < 2)
		return false;
	if (at[0] & 0x70 & ~allowed || (at[0] & 0x70 && (at[0] & 15) != TEXT))
		msgc__test_fail("a frame with a reserved bit: 0x%02x", at[0]);
	if (at[1] & 0x80)
		msgc__test_fail("the server masks its frames");
	*ret = (struct frame){.opcode = at[0] & 15,
	        .final = at[0] & 0x80,
	        .deflated = at[0] & 0x70,
	        .len = at[1]};
	extra = ret->len == 126 ? 2 : ret->len == 127 ? 8 : 0;
	ret->head = 2 + extra;
	if (in->len < ret->head)
		return false;
	if (extra > 0)
		ret->len = 0;
	for (size_t i = 0; i < extra; i++)
		ret->len = ret->len << 8 | at[2 + i];
	if ((extra == 2 && ret->len < 126) || (extra == 8 && ret->len < 65536))
		msgc__test_fail("a length in more bytes than it needs");
	if (ret->len > (size_t)256 << 20)
		msgc__test_fail("a frame of %zu bytes", ret->len);
	return true;
}

static bool is_close_code(unsigned code)
{
	return (code >= 1000 && code <= 1014 && code != 1004 && code != 1005 && code != 1006) ||
	        (code >= 3000 && code <= 4999);
}

static void take_close(struct msgc__test_link *link, const char *bytes, size_t len)
{
	const uint8_t *at = (const uint8_t *)bytes;

	if (len == 1)
		msgc__test_fail("a CLOSE frame with one byte");
	link->close_code = (uint16_t)(len == 0 ? 1005 : at[0] << 8 | at[1]);
	if (len > 0 && !is_close_code(link->close_code))
		msgc__test_fail("a CLOSE frame with %u", link->close_code);
	if (len > 2 && !msgc_utf8_valid(bytes + 2, len - 2))
		msgc__test_fail("the reason of a CLOSE frame is not UTF-8");
	if (len > 2)
		memcpy(link->close_reason, bytes + 2, len - 2);
	link->close_reason[len > 2 ? len - 2 : 0] = '\0';
	link->close_received = true;
	if (!link->close_sent)
		send_frame(link, CLOSE, true, bytes, len < 2 ? 0 : 2);
	link->close_sent = true;
}

static void take_control(struct msgc__test_link *link, const struct frame *frame, const char *bytes)
{
	if (!frame->final || frame->len > CONTROL_MAX)
		msgc__test_fail("a control frame in fragments, or too long");
	switch (frame->opcode) {
	case CLOSE: take_close(link, bytes, frame->len); break;
	case PING: send_frame(link, PONG, true, bytes, frame->len); break;
	case PONG:
		if (frame->len == sizeof(question) - 1 && memcmp(bytes, question, frame->len) == 0)
			link->answered = true;
		break;
	default: msgc__test_fail("opcode %u", frame->opcode);
	}
}

static void inflate_message(struct msgc__test_link *link)
{
	enum { LIMIT = 256 << 20, ROOM = 4096 };
	size_t cap = ROOM, len;
	char *memory = malloc(ROOM + MSGC_PADDING);

	if (!memory ||
	        msgc__inflate(link->inflater, msgc_buf_str(&link->message), LIMIT, &memory, &cap,
	                &len) < 0)
		msgc__test_fail("a message that cannot be inflated");
	msgc_buf_reset(&link->message);
	msgc_buf_append(&link->message, memory, len);
	free(memory);
	link->deflated_count++;
}

/* A text frame or a part of one. True: the message is complete. */
static bool take_data(struct msgc__test_link *link, const struct frame *frame, const char *bytes)
{
	if (frame->opcode != TEXT && frame->opcode != CONTINUATION)
		msgc__test_fail("opcode %u, where only text is spoken", frame->opcode);
	if ((frame->opcode == CONTINUATION) != link->in_message)
		msgc__test_fail(link->in_message ? "a new message inside of another"
		                                 : "the continuation of nothing");
	if (!link->in_message)
		link->deflated = frame->deflated;
	msgc_buf_append(&link->message, bytes, frame->len);
	link->in_message = !frame->final;
	if (!frame->final)
		return false;
	if (link->deflated)
		inflate_message(link);
	if (!msgc_utf8_valid(link->message.data, link->message.len))
		msgc__test_fail("the server sent what is not UTF-8");
	return true;
}

/* The next frame of the input. True: it completes a message. False with `*ret_more`: there may be another. */
static bool take_frame(struct msgc__test_link *link, bool *ret_more)
{
	struct frame frame;
	const char *bytes;
	bool complete = false;

	*ret_more = false;
	if (!read_head(link, &frame) || link->tcp.in.len - frame.head < frame.len)
		return false;
	if (link->close_received)
		msgc__test_fail("a frame behind the CLOSE frame");
	bytes = link->tcp.in.data + frame.head;
	if (frame.opcode >= 8)
		take_control(link, &frame, bytes);
	else
		complete = take_data(link, &frame, bytes);
	msgc__test_tcp_take(&link->tcp, frame.head + frame.len);
	*ret_more = true;
	return complete;
}

/* Keeps the message that has just been completed. */
static void keep(struct msgc__test_link *link)
{
	struct msgc__test_kept *kept = msgc__test_alloc(link->test, sizeof(*kept));

	kept->text = msgc__test_copy(link->test, link->message.data, link->message.len);
	kept->len = link->message.len;
	*link->kept_end = kept;
	link->kept_end = &kept->next;
	msgc_buf_reset(&link->message);
}

static bool receive_kept(struct msgc__test_link *link, struct msgc_buf *out)
{
	struct msgc__test_kept *kept = link->kept;

	if (!kept)
		return false;
	link->kept = kept->next;
	if (!link->kept)
		link->kept_end = &link->kept;
	msgc_buf_append(out, kept->text, kept->len);
	return true;
}

int msgc__test_websocket_receive(
        struct msgc__test_link *link, struct msgc_buf *out, int64_t wait_ms)
{
	int64_t deadline = msgc__test_now_ms() + wait_ms;
	bool more;

	if (receive_kept(link, out))
		return MSGC__TEST_MESSAGE;
	do {
		do {
			if (take_frame(link, &more)) {
				msgc_buf_append(out, link->message.data, link->message.len);
				msgc_buf_reset(&link->message);
				return MSGC__TEST_MESSAGE;
			}
		} while (more);
	} while (msgc__test_tcp_read(&link->tcp, deadline));
	if (!link->tcp.ended)
		return MSGC__TEST_TIMED_OUT;
	if (link->tcp.in.len > 0)
		msgc__test_fail("the server hung up inside of a frame");
	return MSGC__TEST_CLOSED;
}

/* Keeps messages until `is_done` or the time is over. */
static bool wait_until(
        struct msgc__test_link *link, bool (*is_done)(const struct msgc__test_link *link))
{
	int64_t deadline = msgc__test_now_ms() + link->test->timeout_ms;
	bool more;

	do {
		do {
			if (take_frame(link, &more))
				keep(link);
			if (is_done(link))
				return true;
		} while (more);
	} while (msgc__test_tcp_read(&link->tcp, deadline));
	return is_done(link);
}

static bool is_answered(const struct msgc__test_link *link)
{
	return link->answered;
}

void msgc__test_websocket_ping(struct msgc__test_link *link)
{
	link->answered = false;
	send_frame(link, PING, true, question, sizeof(question) - 1);
	if (!wait_until(link, is_answered))
		msgc__test_fail("a ping is not answered");
}

/* ---- the end */

uint16_t msgc__test_websocket_close_code(struct msgc__test_link *link)
{
	return link->close_code;
}

const char *msgc__test_websocket_close_reason(struct msgc__test_link *link)
{
	return link->close_reason;
}

static bool has_ended(const struct msgc__test_link *link)
{
	return link->tcp.ended;
}

void msgc__test_websocket_close(struct msgc__test_link *link, uint16_t code)
{
	const uint8_t bytes[2] = {(uint8_t)(code >> 8), (uint8_t)code};

	send_frame(link, CLOSE, true, bytes, code ? 2 : 0);
	link->close_sent = true;
	if (!wait_until(link, has_ended))
		msgc__test_fail("the server does not hang up after the closing handshake");
	if (!link->close_received)
		msgc__test_fail("the server does not answer the CLOSE frame");
}

void msgc__test_websocket_drop(struct msgc__test_link *link)
{
	msgc__test_tcp_close(&link->tcp, true);
}

void msgc__test_websocket_free(struct msgc__test_link *link)
{
	msgc__test_tcp_close(&link->tcp, false);
	msgc_buf_free(&link->message);
	msgc__inflater_free(link->inflater);
	msgc__deflater_free(link->deflater);
}
