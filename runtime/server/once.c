/* SPDX-License-Identifier: MIT */
/*
 * Idempotent sends. A key in the backend stands for user, place and id; its value is a hash of the body and, when the first one has been dealt
 * with, its answer. It must not know the backend.
 */
#include "once.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <msgc/codec_gen.h>

#include "connection.h"
#include "topic.h"
#include "worker.h"

enum {
	HASH_BYTES = 8,
	MARK_BYTES = HASH_BYTES + 1 + 8,
	IN_HAND =
	        'h', /* what stands behind the hash; then the process, big endian, or the answer's text */
	NO_ANSWER = 'n',
	LOST = 'l', /* dealt with, but the answer found no room */
	PLAIN = 'p',
	GROUP = 'g',
};

struct msgc__once {
	struct msgc_str key;
	uint8_t hash[HASH_BYTES];
	bool settled;
	bool answered; /* the backend has, within the call */
};

/* Answers that are given again have lost their own descriptors. */
static const struct msgc_message plain_answer = {.name = "", .kind = MSGC_MESSAGE_PLAIN};
static const struct msgc_message group_answer = {.name = "", .kind = MSGC_MESSAGE_GROUP};

/* FNV-1a: the same in every process that shares a backend. A user who finds two bodies with one hash deceives himself. */
static uint64_t hash_of(const char *bytes, size_t len)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < len; i++)
		hash = (hash ^ (unsigned char)bytes[i]) * UINT64_C(0x100000001b3);
	return hash;
}

/* Whose, where, which. Nobody's sends are told apart by their connections. */
static int write_key(struct msgc_buf *out, const struct msgc__frame *frame, struct msgc_str id)
{
	const struct msgc_connection *connection = frame->connection;
	const struct msgc_consumer *consumer = msgc__frame_served(frame)->consumer;
	struct msgc_str place = frame->subscription ? frame->subscription->group : connection->path;
	const struct msgc_user *user = &connection->user->is;

	if (msgc_user_is_anonymous(user)) {
		msgc_buf_printf(out, "sent/-%016" PRIx64 "%" PRIu64,
		        connection->worker->server->process, connection->id);
	} else {
		msgc_buf_printf(out, "sent/%zu/", user->realm.len);
		msgc_buf_append(out, user->realm.ptr, user->realm.len);
		msgc_buf_printf(out, "/%zu/", user->id.len);
		msgc_buf_append(out, user->id.ptr, user->id.len);
	}
	msgc_buf_printf(out, "/%s.%s/%016" PRIx64 "/", consumer->contract, consumer->name,
	        hash_of(place.ptr, place.len));
	msgc_buf_append(out, id.ptr, id.len);
	return out->error;
}

/* What the message says, however it was written: encoded anew. */
static int hash_body(struct msgc__frame *frame, uint8_t ret[HASH_BYTES])
{
	struct msgc_buf *text = &frame->worker->text;
	uint64_t hash;
	int result;

	msgc_buf_reset(text);
	result = msgc_message_encode(frame->message, frame->in, text);
	if (result < 0)
		return result;
	hash = hash_of(text->data, text->len);
	memcpy(ret, &hash, HASH_BYTES);
	return 0;
}

static int make(struct msgc__frame *frame, struct msgc_str id)
{
	struct msgc__once *once = msgc_arena_calloc(&frame->arena, 1, sizeof *once);
	struct msgc_buf *text = &frame->worker->text;
	int result;

	if (!once)
		return MSGC_ENOMEM;
	result = hash_body(frame, once->hash);
	if (result < 0)
		return result;
	msgc_buf_reset(text);
	result = write_key(text, frame, id);
	if (result == 0)
		result = msgc_arena_copy(&frame->arena, msgc_buf_str(text), &once->key);
	frame->once = once;
	return result;
}

/* ------------------------------------------------------------------------------------------------ before */

/* It ends here, and the key is not its own. */
static void end(struct msgc__frame *frame, int result)
{
	frame->once = NULL;
	msgc__frame_finish(frame, result);
}

/* The first one's answer, under this one's ref. */
static void answer_again(struct msgc__frame *frame, char kind, struct msgc_str text)
{
	struct msgc__stage *stage = &frame->stage;

	msgc__counter_add(&frame->worker->metrics.repeated, 1);
	if (kind != NO_ANSWER) {
		stage->reply = kind == GROUP ? &group_answer : &plain_answer;
		stage->reply_at = stage->text.len;
		stage->reply_len = text.len;
		msgc_buf_append(&stage->text, text.ptr, text.len);
	}
	end(frame, stage->text.error ? MSGC_ENOMEM : 0);
}

static void answer_is_lost(struct msgc__frame *frame)
{
	frame->lost = true;
	end(frame, MSGC_ECONFLICT);
}

static void outcome_is_unknown(struct msgc__frame *frame)
{
	frame->unknown = true;
	end(frame, MSGC_ECONFLICT);
}

static void write_mark(uint8_t out[MARK_BYTES], const struct msgc__frame *frame)
{
	memcpy(out, frame->once->hash, HASH_BYTES);
	out[HASH_BYTES] = IN_HAND;
	for (size_t i = 0; i < 8; i++)
		out[HASH_BYTES + 1 + i] = (uint8_t)(frame->worker->server->process >> (56 - 8 * i));
}

/* Of a frame that some process has in hand, or had: nobody else has the store when it has ended. */
static bool has_died(const struct msgc__frame *frame, struct msgc_bytes mark)
{
	uint8_t own[MARK_BYTES];

	write_mark(own, frame);
	return frame->worker->server->backend->ops->alone &&
	        (mark.len != sizeof own || memcmp(mark.ptr, own, sizeof own) != 0);
}

static void got(void *arg, int result, struct msgc_bytes value)
{
	struct msgc__frame *frame = arg;
	const char *bytes = (const char *)value.ptr;

	frame->once->answered = true;
	if (result < 0)
		end(frame, result);
	else if (!bytes || value.len <= HASH_BYTES)
		end(frame, MSGC_EBUSY); /* it has ended just now: next time it is the first */
	else if (memcmp(bytes, frame->once->hash, HASH_BYTES) != 0)
		end(frame, MSGC_ECONFLICT);
	else if (bytes[HASH_BYTES] == IN_HAND && has_died(frame, value))
		outcome_is_unknown(frame);
	else if (bytes[HASH_BYTES] == IN_HAND)
		end(frame, MSGC_EBUSY);
	else if (bytes[HASH_BYTES] == LOST)
		answer_is_lost(frame);
	else
		answer_again(frame, bytes[HASH_BYTES],
		        msgc_str_of(bytes + HASH_BYTES + 1, value.len - HASH_BYTES - 1));
}

static void ask(struct msgc__frame *frame)
{
	struct msgc__backend *backend = frame->worker->server->backend;
	int result = backend->ops->get(backend, frame->worker, frame->once->key, got, frame);

	if (result < 0)
		end(frame, result);
}

static void claimed(void *arg, int result)
{
	struct msgc__frame *frame = arg;

	frame->once->answered = true;
	if (result == 0 && frame->worker->state == MSGC__WORKER_STOPPED)
		msgc__frame_finish(frame, MSGC_ETIMEOUT); /* no code of the program runs any more */
	else if (result == 0)
		msgc__dispatch_handle(frame);
	else if (result == MSGC_ECONFLICT)
		ask(frame);
	else
		end(frame, result);
}

void msgc__once_begin(struct msgc__frame *frame, struct msgc_str message_id)
{
	struct msgc__worker *worker = frame->worker;
	struct msgc__backend *backend = worker->server->backend;
	struct msgc_connection *connection = msgc__connection_keep(frame->connection);
	uint8_t value[MARK_BYTES];
	int result = make(frame, message_id);

	if (result < 0) {
		end(frame, result);
		msgc__connection_drop(connection);
		return;
	}
	write_mark(value, frame);
	result = backend->ops->put(backend, worker, frame->once->key,
	        (struct msgc_bytes){value, sizeof value}, worker->config->message_id_window,
	        MSGC__PUT_IF_ABSENT, claimed, frame);
	if (result < 0)
		end(frame, result);
	else if (connection->in_hand == frame && frame->once && !frame->once->answered)
		msgc__frame_hold(frame); /* the backend takes its time */
	msgc__connection_drop(connection);
}

/* ------------------------------------------------------------------------------------------------- after */

static void settled(void *arg, int result)
{
	struct msgc__frame *frame = arg;

	if (result < 0)
		msgc_log(frame->worker->server, MSGC_LOG_ERROR, "message_id.keep",
		        "connection=%llu error=%s", (unsigned long long)frame->connection->id,
		        msgc_error_name(result));
	frame->waiting = false;
	if (!frame->publishing)
		msgc__frame_continue(frame);
}

static void forgotten(void *arg, int result, struct msgc_bytes value)
{
	(void)value;
	settled(arg, result);
}

/* As long as the mark of a frame in hand, in whose place it comes: there is room for it. */
static int keep_mark(struct msgc__frame *frame)
{
	struct msgc__worker *worker = frame->worker;
	struct msgc__backend *backend = worker->server->backend;
	uint8_t value[HASH_BYTES + 1];

	memcpy(value, frame->once->hash, HASH_BYTES);
	value[HASH_BYTES] = LOST;
	return backend->ops->put(backend, worker, frame->once->key,
	        (struct msgc_bytes){value, sizeof value}, worker->config->message_id_window,
	        MSGC__PUT_ALWAYS, settled, frame);
}

/* Without room for the answer it is at least known that there was one: a second effect would be worse. */
static void kept(void *arg, int result)
{
	struct msgc__frame *frame = arg;

	if (result < 0)
		result = keep_mark(frame);
	else
		settled(frame, 0);
	if (result < 0)
		settled(frame, result);
}

static int keep(struct msgc__frame *frame)
{
	struct msgc__worker *worker = frame->worker;
	struct msgc__backend *backend = worker->server->backend;
	const struct msgc__stage *stage = &frame->stage;
	struct msgc_buf *value = &worker->text;
	int result;

	msgc_buf_reset(value);
	msgc_buf_append(value, (const char *)frame->once->hash, HASH_BYTES);
	if (stage->reply) {
		msgc_buf_append_char(
		        value, stage->reply->kind == MSGC_MESSAGE_GROUP ? GROUP : PLAIN);
		msgc_buf_append(value, stage->text.data + stage->reply_at, stage->reply_len);
	} else {
		msgc_buf_append_char(value, NO_ANSWER);
	}
	result = value->error
	        ? MSGC_ENOMEM
	        : backend->ops->put(backend, worker, frame->once->key,
	                  (struct msgc_bytes){(const uint8_t *)value->data, value->len},
	                  worker->config->message_id_window, MSGC__PUT_ALWAYS, kept, frame);
	return result < 0 ? keep_mark(frame) : result;
}

bool msgc__once_settle(struct msgc__frame *frame)
{
	struct msgc__worker *worker = frame->worker;
	struct msgc__backend *backend = worker->server->backend;
	int result;

	if (!frame->once || frame->once->settled)
		return true;
	frame->once->settled = true;
	if (frame->result == MSGC_ETIMEOUT)
		return true; /* nobody knows what became of it: the id stays taken */
	frame->waiting = true;
	frame->publishing = true; /* an answer within the call does not recurse */
	result = frame->result < 0
	        ? backend->ops->take(backend, worker, frame->once->key, forgotten, frame)
	        : keep(frame);
	if (result < 0)
		settled(frame, result);
	frame->publishing = false;
	return !frame->waiting;
}
