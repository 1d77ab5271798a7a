/* SPDX-License-Identifier: MIT */
/*
 * The reader of WebSocket frames (lws_reader.c, lws_receive.c, lws_link.c, deflate/), fed the same bytes in pieces of any size, with permessage-deflate and
 * without, against a model that reads all of them at once, a frame after the other, and inflates a byte at a time: the same messages, the same CLOSE frame, the
 * same pongs. Input: one byte of options, one that the pieces are cut by, then what the client sends.
 */
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "transport/lws_internal.h"
#include "transport/lws_kernel.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define REQUIRE(condition)                                                                         \
	do {                                                                                       \
		if (!(condition))                                                                  \
			abort();                                                                   \
	} while (0)

enum { EVENTS_MAX = 4096, OUTPUT_MAX = 1 << 16, INPUT_MAX = 8192 };
enum kind { MESSAGE, BINARY, PONG, CLOSE };

/* What happened, in the order in which it did; each kind is compared by itself. */
struct story {
	struct event {
		enum kind kind;
		uint32_t hash;
		size_t len;
	} events[EVENTS_MAX];
	size_t count;
};

static struct story told, expected;

static void note(struct story *story, enum kind kind, const void *bytes, size_t len)
{
	const unsigned char *at = bytes;
	uint32_t hash = 2166136261u;

	REQUIRE(story->count < EVENTS_MAX);
	for (size_t i = 0; i < len; i++)
		hash = (hash ^ at[i]) * 16777619u;
	story->events[story->count++] = (struct event){kind, hash, len};
}

/* ----------------------------------------------------------------- what surrounds the reader, as far as it asks */

static struct msgc__lws_loop loop;
static struct msgc__lws_sock sock;
static const struct msgc__link_ops *ops;
static const unsigned char *next_piece;
static size_t next_len;
static int wsi;

struct msgc_connection {
	size_t limit;
} connection;

ssize_t msgc__lws_decrypt_read(struct msgc__lws_sock *of, void *bytes, size_t room)
{
	size_t len = next_len < room ? next_len : room;

	(void)of;
	if (len > 0)
		memcpy(bytes, next_piece, len);
	next_piece += len;
	next_len -= len;
	if (len > 0)
		return (ssize_t)len;
	errno = EAGAIN;
	return -1;
}

int msgc__lws_decrypt_wants(const struct msgc__lws_sock *of)
{
	(void)of;
	return EV_READ;
}

void msgc__lws_decrypt_start(struct msgc__lws_sock *of)
{
	(void)of;
}

bool msgc__lws_decrypt_is_unread(const struct msgc__lws_sock *of, size_t at)
{
	(void)of;
	(void)at;
	return false;
}

void msgc__lws_decrypt_end(struct msgc__lws_sock *of)
{
	(void)of;
}

void ev_io_start(struct ev_loop *ev, ev_io *io)
{
	(void)ev;
	io->active = 1;
}

void ev_io_stop(struct ev_loop *ev, ev_io *io)
{
	(void)ev;
	io->active = 0;
}

int lws_rx_flow_control(struct lws *of, int enable)
{
	(void)of;
	(void)enable;
	return 0;
}

int lws_partial_buffered(struct lws *of)
{
	(void)of;
	return 0;
}

int lws_callback_on_writable(struct lws *of)
{
	(void)of;
	return 0;
}

/* Whole frames: PONG and CLOSE, since the core here sends nothing. */
int lws_write(struct lws *of, unsigned char *bytes, size_t len, enum lws_write_protocol protocol)
{
	size_t at = 0, payload;

	(void)of;
	REQUIRE(protocol == LWS_WRITE_RAW);
	for (; at < len; at += 2 + payload) {
		REQUIRE(len - at >= 2 && bytes[at + 1] < 126);
		payload = bytes[at + 1];
		REQUIRE(payload <= len - at - 2);
		REQUIRE(bytes[at] == 0x8a || bytes[at] == 0x88);
		/* Of a CLOSE frame that is ours the code counts, not what it says. */
		note(&told, bytes[at] == 0x8a ? PONG : CLOSE, bytes + at + 2,
		        bytes[at] == 0x8a     ? payload
		                : payload < 2 ? 0
		                              : 2);
	}
	return (int)len;
}

bool msgc__lws_gather_add(struct msgc__lws_sock *of)
{
	(void)of;
	return false;
}

void msgc__lws_gather_drop(struct msgc__lws_sock *of)
{
	(void)of;
}

uint64_t msgc__lws_bytes_read_or_more(int fd)
{
	(void)fd;
	return UINT64_MAX;
}

void msgc__lws_sock_todo(struct msgc__lws_sock *of, unsigned what)
{
	of->todo |= what;
}

void msgc__lws_sock_kill(struct msgc__lws_sock *of)
{
	of->dying = true;
}

void msgc__lws_sock_close(struct msgc__lws_sock *of)
{
	of->dying = true;
}

void msgc__lws_sock_deadline(struct msgc__lws_sock *of, int64_t ms)
{
	(void)of;
	(void)ms;
}

void msgc__lws_turn(struct msgc__lws_loop *of)
{
	(void)of;
}

/* ------------------------------------------------------------------------------------------------ the core */

static bool pauses;

void msgc__admission_drop(struct msgc__admission *admission)
{
	(void)admission;
}

struct msgc_connection *msgc__connection_open(struct msgc__worker *worker,
        struct msgc__admission *admission, const struct msgc__link_ops *link_ops, void *link)
{
	(void)worker;
	(void)admission;
	REQUIRE(link == &sock);
	ops = link_ops;
	return &connection;
}

size_t msgc__connection_frame_limit(const struct msgc_connection *of)
{
	return of->limit;
}

void msgc__connection_text(struct msgc_connection *of, char *text, size_t len)
{
	REQUIRE(len <= of->limit);
	note(&told, MESSAGE, text, len);
	memset(text + len, 'p', MSGC_PADDING); /* it may be written to */
	if (pauses && len % 3 == 1)
		ops->pause(&sock, true);
}

void msgc__connection_inflated(struct msgc_connection *of, size_t from, size_t to)
{
	REQUIRE(to <= of->limit && from <= msgc__deflated_limit(of->limit));
}

void msgc__connection_binary(struct msgc_connection *of)
{
	(void)of;
	note(&told, BINARY, "", 0);
}

void msgc__connection_read(struct msgc_connection *of)
{
	(void)of;
}

void msgc__connection_writable(struct msgc_connection *of)
{
	(void)of;
}

void msgc__connection_closed(struct msgc_connection *of, uint16_t code)
{
	(void)of;
	(void)code;
}

/* ------------------------------------------------------------------------------------------------ the model */

struct model {
	bool deflate, closed, ended, unwanted, in_message, deflated;
	size_t limit, len;
	unsigned char *message;
};

static void model_close(struct model *model, unsigned code)
{
	const unsigned char bytes[2] = {(unsigned char)(code >> 8), (unsigned char)code};

	if (!model->closed)
		note(&expected, CLOSE, bytes, code ? 2 : 0);
	model->closed = true;
}

/* A byte at a time. 0, 1009 or 1007. */
static unsigned model_inflate(
        const unsigned char *bytes, size_t len, size_t limit, unsigned char *out, size_t *ret_len)
{
	static const unsigned char tail[4] = {0, 0, 0xff, 0xff};
	z_stream stream = {.next_out = out, .avail_out = (uInt)limit + 1};
	unsigned ends = 0, code = 0;
	bool at_end = false;

	REQUIRE(inflateInit2(&stream, -15) == Z_OK);
	for (size_t i = 0; i < len + 4 && !code; i++) {
		unsigned char byte = i < len ? bytes[i] : tail[i - len];
		int result;

		stream.next_in = &byte;
		stream.avail_in = 1;
		result = inflate(&stream, Z_SYNC_FLUSH);
		at_end = result == Z_STREAM_END;
		if (stream.avail_out == 0)
			code = 1009;
		else if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR)
			code = 1007;
		if (!code && at_end) {
			size_t done = limit + 1 - stream.avail_out;
			size_t back = done < 32768 ? done : 32768;

			if (++ends > 8)
				code = 1007;
			REQUIRE(inflateReset(&stream) == Z_OK);
			if (back)
				REQUIRE(inflateSetDictionary(
				                &stream, out + done - back, (uInt)back) == Z_OK);
		}
	}
	if (!code && !at_end && (stream.data_type & 0xbf) != 128)
		code = 1007;
	*ret_len = limit + 1 - stream.avail_out;
	inflateEnd(&stream);
	return code;
}

static void model_message(struct model *model)
{
	unsigned char *out = malloc(model->limit + 1);
	size_t len = 0;
	unsigned code = 0;

	if (model->deflated)
		code = model_inflate(model->message, model->len, model->limit, out, &len);
	if (code)
		model_close(model, code);
	else
		note(&expected, MESSAGE, model->deflated ? out : model->message,
		        model->deflated ? len : model->len);
	free(out);
	model->len = 0;
	model->in_message = false;
}

static bool is_code(unsigned code)
{
	return (code >= 1000 && code < 1015 && (code < 1004 || code > 1006)) ||
	        (code >= 3000 && code < 5000);
}

static void model_control(
        struct model *model, unsigned opcode, const unsigned char *payload, size_t len)
{
	unsigned code = len >= 2 ? (unsigned)payload[0] << 8 | payload[1] : 0;

	if (opcode == 9 && !model->closed)
		note(&expected, PONG, payload, len);
	if (opcode != 8)
		return;
	if (len == 1 || (len >= 2 && !is_code(code)))
		code = 1002;
	else if (len > 2 && !msgc_utf8_valid((const char *)payload + 2, len - 2))
		code = 1007;
	model_close(model, code);
	model->ended = true;
}

/* False: the rest of it is skipped. */
static bool model_wants(struct model *model, unsigned opcode, unsigned first, uint64_t len)
{
	size_t room;

	if (model->closed || model->unwanted)
		return false;
	if ((opcode == 0) != model->in_message) {
		model_close(model, 1002);
		model->ended = true;
		return false;
	}
	if (opcode == 2) {
		model->unwanted = true;
		note(&expected, BINARY, "", 0);
		return false;
	}
	if (opcode == 1)
		model->deflated = first & 0x40;
	room = (model->deflated ? model->limit + model->limit / 8 + 64 : model->limit) - model->len;
	if (len > room) {
		model_close(model, 1009);
		return false;
	}
	return true;
}

/* One frame; the bytes that it takes, 0: it is not complete. */
static size_t model_frame(struct model *model, const unsigned char *at, size_t have)
{
	unsigned opcode, rsv;
	size_t head = 6;
	uint64_t len;

	if (have < 2)
		return 0;
	opcode = at[0] & 15;
	rsv = at[0] & 0x70;
	len = at[1] & 127;
	if ((rsv && !(rsv == 0x40 && model->deflate && (opcode == 1 || opcode == 2))) ||
	        at[1] < 128 || (opcode > 2 && opcode < 8) || opcode > 10 ||
	        (opcode > 7 && (at[0] < 128 || len > 125)))
		goto broken;
	if (len > 125) {
		size_t more = len == 126 ? 2 : 8;

		head += more;
		if (have < head)
			return 0;
		len = 0;
		for (size_t i = 0; i < more; i++)
			len = len << 8 | at[2 + i];
	}
	if (have < head)
		return 0;
	if (len >> 63)
		goto broken;
	if (opcode < 8 && !model_wants(model, opcode, at[0], len))
		return len > have - head ? have : head + (size_t)len;
	if (have - head < len)
		return 0;
	{
		unsigned char *payload = malloc((size_t)len + 1);

		for (size_t i = 0; i < len; i++)
			payload[i] = at[head + i] ^ at[head - 4 + i % 4];
		if (opcode > 7) {
			model_control(model, opcode, payload, (size_t)len);
		} else {
			memcpy(model->message + model->len, payload, (size_t)len);
			model->len += (size_t)len;
			model->in_message = true;
			if (at[0] >= 128)
				model_message(model);
		}
		free(payload);
	}
	return head + (size_t)len;
broken:
	model_close(model, 1002);
	model->ended = true;
	return have;
}

static void run_model(const unsigned char *bytes, size_t len, bool deflate, size_t limit)
{
	struct model model = {.deflate = deflate, .limit = limit};
	size_t at = 0, taken = 1;

	model.message = malloc(limit + limit / 8 + 64 + INPUT_MAX);
	while (at < len && taken && !model.ended) {
		taken = model_frame(&model, bytes + at, len - at);
		at += taken;
	}
	free(model.message);
}

/* --------------------------------------------------------------------------------------------------- both */

static void run_reader(const unsigned char *bytes, size_t len, bool deflate, unsigned cut)
{
	static char input[MSGC__LWS_INPUT];
	unsigned state = cut;

	memset(&sock, 0, sizeof(sock));
	loop.input = input;
	loop.pongs_len = 0;
	sock.loop = &loop;
	sock.wsi = (struct lws *)(void *)&wsi;
	sock.fd = -1;
	sock.secure = true;
	sock.phase = MSGC__LWS_UPGRADING;
	sock.ws.ours = true;
	sock.ws.deflate = deflate;
	sock.ws.admission = (struct msgc__admission *)(void *)&wsi;
	REQUIRE(msgc__lws_link_open(&sock) == 0);
	while ((len > 0 || sock.ws.paused || next_len > 0) && !sock.dying) {
		struct msgc__lws_reading reading = {NULL, 0};

		if (sock.ws.paused) {
			ops->pause(&sock, false);
			msgc__lws_reader_go_on(&sock);
			continue;
		}
		if (next_len == 0) {
			state = state * 1103515245 + 12345;
			next_len = cut ? 1 + (state >> 16) % (cut < 128 ? cut : cut * 16u) : len;
			if (next_len > len)
				next_len = len;
			next_piece = bytes;
			bytes += next_len;
			len -= next_len;
		}
		msgc__lws_reader_receive(&sock, input, sizeof(input), &reading);
		if (reading.len)
			msgc__lws_reader_take(&sock, &reading);
		msgc__lws_reader_answer(&sock);
	}
	next_len = 0;
	msgc__lws_link_end(&sock);
}

/* The n-th of a kind. */
static const struct event *find(const struct story *story, enum kind kind, size_t n)
{
	for (size_t i = 0; i < story->count; i++)
		if (story->events[i].kind == kind && n-- == 0)
			return &story->events[i];
	return NULL;
}

static void compare(enum kind kind, bool may_end_sooner)
{
	for (size_t n = 0;; n++) {
		const struct event *was = find(&told, kind, n), *is = find(&expected, kind, n);

		if (!was && (!is || may_end_sooner))
			return;
		REQUIRE(was && is && was->hash == is->hash && was->len == is->len);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const size_t limits[] = {16, 300, 3000, 70000};
	bool deflate;

	if (size < 2 || size > INPUT_MAX)
		return 0;
	if (!loop.message) {
		loop.message_cap = 16;
		loop.message = malloc(loop.message_cap + MSGC_PADDING);
	}
	told.count = expected.count = 0;
	deflate = data[0] & 1;
	pauses = data[0] & 8;
	connection.limit = limits[data[0] >> 1 & 3];
	run_reader(data + 2, size - 2, deflate, data[1]);
	run_model(data + 2, size - 2, deflate, connection.limit);
	compare(MESSAGE, false);
	compare(BINARY, false);
	compare(CLOSE, false);
	/* Behind a CLOSE frame nothing is sent: then answers to the last pings are missing. */
	compare(PONG, find(&expected, CLOSE, 0) != NULL);
	return 0;
}
