/* SPDX-License-Identifier: MIT */
/*
 * Tickets: a POST of somebody who is recognised gets one; it opens one WebSocket, soon, on the path that it was asked for. For clients that
 * can send neither headers nor cookies. It must not know how the user was recognised.
 */
#include "credentials.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include <msgc/codec_gen.h>

#include "connection.h"
#include "http_exchange.h"
#include "worker.h"

enum { TICKET_BYTES = 32, VALUE_MAX = 16 * 1024, PER_MINUTE = 120, SCOPE = 13 };

static const char prefix[] = "ticket/";

/* --------------------------------------------------------------------------------- what is stored */

/* Two names for one path have one text here: decoded, with or without a slash at the end. */
void msgc__ticket_path(struct msgc_buf *out, const struct msgc__path *path)
{
	for (size_t i = 0; i < path->count; i++) {
		msgc_buf_append_char(out, '\x1f');
		msgc_buf_append(out, path->segments[i].ptr, path->segments[i].len);
	}
}

static void put_number(struct msgc_buf *out, uint64_t number)
{
	for (int shift = 56; shift >= 0; shift -= 8)
		msgc_buf_append_char(out, (char)(number >> shift & 0xff));
}

static void put_text(struct msgc_buf *out, struct msgc_str text)
{
	put_number(out, text.len);
	msgc_buf_append(out, text.ptr, text.len);
}

/* What is left of a value; `bad` once it was too short. */
struct stored {
	const char *at;
	size_t left;
	bool bad;
};

static uint64_t take_number(struct stored *in)
{
	uint64_t number = 0;

	if (in->left < 8) {
		in->bad = true;
		return 0;
	}
	for (int i = 0; i < 8; i++)
		number = number << 8 | (unsigned char)in->at[i];
	in->at += 8;
	in->left -= 8;
	return number;
}

static struct msgc_str take_text(struct stored *in)
{
	uint64_t len = take_number(in);
	struct msgc_str text = {in->at, (size_t)len};

	if (in->bad || len > in->left) {
		in->bad = true;
		return msgc_str_of("", 0);
	}
	in->at += text.len;
	in->left -= text.len;
	return text;
}

static void put_user(struct msgc_buf *out, const struct msgc_user *user, struct msgc__moment now)
{
	put_text(out, user->realm);
	put_text(out, user->id);
	put_text(out, user->name);
	put_number(out, (uint64_t)user->expires_at);
	put_number(out, now.clock);
	put_number(out, (uint64_t)now.ms);
	put_number(out, (uint64_t)now.unix_seconds);
}

/* ------------------------------------------------------------------------------------------ using one */

static bool is_ticket(struct msgc_str text)
{
	static const char digits[] =
	        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

	return text.len == MSGC__TICKET_LEN && strspn(text.ptr, digits) >= text.len;
}

static int read_value(struct msgc_lookup *lookup, struct msgc_bytes value)
{
	const struct msgc_connection *connection = lookup->connection;
	struct msgc_user *user = &lookup->ret.user;
	struct stored in = {NULL, value.len, false};
	struct msgc_str path;

	/* The strings of what was found have to live until the answer has been looked at. */
	lookup->value = malloc(value.len + 1);
	if (!lookup->value)
		return MSGC_ENOMEM;
	lookup->value_len = value.len;
	memcpy(lookup->value, value.ptr, value.len);
	in.at = lookup->value;
	path = take_text(&in);
	user->realm = take_text(&in);
	user->id = take_text(&in);
	user->name = take_text(&in);
	user->expires_at = (int64_t)take_number(&in);
	lookup->proved.clock = take_number(&in);
	lookup->proved.ms = (int64_t)take_number(&in);
	lookup->proved.unix_seconds = (int64_t)take_number(&in);
	if (in.bad || in.left > 0)
		return MSGC_EINTERNAL;
	return msgc_str_equal(path, connection->path) ? 0 : MSGC_EUNAUTHENTICATED;
}

static void checked(void *arg, int result)
{
	msgc__lookup_reply(arg, result);
}

static void taken(void *arg, int result, struct msgc_bytes value)
{
	struct msgc_lookup *lookup = arg;

	if (result == 0)
		result = value.ptr ? read_value(lookup, value) : MSGC_EUNAUTHENTICATED;
	if (result == 0) {
		result = msgc__revoke_ask(
		        lookup->worker, &lookup->ret.user, lookup->proved, checked, lookup);
		if (result == 0)
			return;
	}
	msgc__lookup_reply(lookup, result);
}

/* Taken out whatever comes of it: a ticket that was shown at the wrong door is spent. */
int msgc__ticket_call(struct msgc_lookup *lookup)
{
	struct msgc__backend *backend = lookup->worker->server->backend;
	struct msgc_str ticket = msgc_str_of(lookup->credential, lookup->credential_len);
	char key[sizeof prefix + MSGC__TICKET_LEN];
	int result;

	if (!is_ticket(ticket))
		return MSGC_EUNAUTHENTICATED;
	memcpy(key, prefix, sizeof prefix - 1);
	memcpy(key + sizeof prefix - 1, ticket.ptr, ticket.len);
	result = backend->ops->take(backend, lookup->worker,
	        msgc_str_of(key, sizeof prefix - 1 + ticket.len), taken, lookup);
	explicit_bzero(key, sizeof key);
	return result < 0 ? result : MSGC_LATER;
}

/* --------------------------------------------------------------------------------------- getting one */

static int make_text(char out[MSGC__TICKET_LEN + 1])
{
	static const char digits[] =
	        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	uint8_t bytes[TICKET_BYTES + 1] = {0};

	if (getrandom(bytes, TICKET_BYTES, 0) != TICKET_BYTES)
		return MSGC_EIO;
	for (size_t i = 0; i < MSGC__TICKET_LEN; i++) {
		size_t bit = i * 6;
		unsigned pair = (unsigned)bytes[bit / 8] << 8 | bytes[bit / 8 + 1];

		out[i] = digits[pair >> (10 - bit % 8) & 63];
	}
	out[MSGC__TICKET_LEN] = '\0';
	explicit_bzero(bytes, sizeof bytes);
	return 0;
}

/* {"path":"/ws/chat/7/"}; other members are passed over. */
static int read_path(struct msgc_http_request *request, struct msgc_str *ret_path)
{
	struct msgc_str path = {NULL, 0};
	struct msgc_object object;
	struct msgc_reader r;
	uint64_t seen = 0;
	int result;

	/* The body is a copy of the exchange's own, with the padding that the reader wants. */
	if (msgc_reader_open(&r, (char *)(uintptr_t)request->body.ptr, request->body.len, NULL,
	            &request->arena, NULL) &&
	        msgc_read_object(&r, &object)) {
		while (msgc_read_member(&r, &object)) {
			if (msgc_key_is(object.at.key, "path")) {
				msgc_read_once(&r, &object, &seen, 0);
				(void)msgc_read_str(&r, &path);
			} else {
				msgc_read_unknown(&r, &object, false);
			}
		}
		if (!seen)
			msgc_read_missing(&r, &object, "path");
		msgc_read_object_end(&r, &object);
	}
	result = msgc_reader_close(&r);
	if (result == 0)
		*ret_path = path;
	return result;
}

static bool takes_tickets(const struct msgc__served *served)
{
	for (size_t i = 0; served && i < served->consumer->auth_count; i++) {
		if (served->consumer->auth[i] == MSGC_AUTH_TICKET)
			return true;
	}
	return false;
}

static int find_path(struct msgc__exchange *exchange, struct msgc_buf *out)
{
	struct msgc_http_request *request = &exchange->request;
	struct msgc_str text = {NULL, 0}, path_text;
	struct msgc__path path;
	struct msgc_buf joined;
	int result = read_path(request, &text);

	if (result < 0)
		return result;
	if (!msgc_str_c(text))
		return MSGC_ECONTRACT;
	result = msgc__path_split(
	        msgc_str_of(text.ptr, strcspn(text.ptr, "?#")), &request->arena, &path);
	if (result < 0)
		return result == MSGC_ENOMEM ? result : MSGC_ECONTRACT;
	if (!takes_tickets(msgc__route_find(exchange->server, &path)))
		return MSGC_ENOTFOUND;
	msgc_buf_init(&joined, 0);
	msgc__ticket_path(&joined, &path);
	path_text = msgc_buf_str(&joined);
	put_text(out, path_text);
	result = joined.error;
	msgc_buf_free(&joined);
	return result;
}

static int throttle(struct msgc__exchange *exchange, const struct msgc__user *user)
{
	static const struct msgc_rate rate = {.tokens = PER_MINUTE, .per_ms = 60000};
	struct msgc_server *server = exchange->server;

	return msgc__throttle_take_key(
	               server->rates, user->hash ^ SCOPE, &rate, msgc__server_now_ms(server)) > 0
	        ? MSGC_EBUSY
	        : 0;
}

static int prepare(struct msgc__exchange *exchange, struct msgc_buf *value)
{
	struct msgc_http_request *request = &exchange->request;
	const struct msgc_user *user;
	int result;

	exchange->proved = msgc__moment_now(exchange->server);
	result = msgc_http_user(request, &user);

	if (result == 0 && msgc_user_is_anonymous(user))
		result = MSGC_EUNAUTHENTICATED;
	if (result == 0)
		result = throttle(exchange, request->user);
	if (result == 0)
		result = find_path(exchange, value);
	if (result == 0)
		result = make_text(exchange->ticket);
	if (result < 0)
		return result;
	put_user(value, user, msgc__moment_now(exchange->server));
	if (value->error)
		return MSGC_ENOMEM;
	return msgc_arena_copy(&request->arena, msgc_buf_str(value), &exchange->ticket_value);
}

void msgc__ticket_prepare(struct msgc__exchange *exchange)
{
	struct msgc_buf value, text;
	int result;

	msgc_buf_init(&value, VALUE_MAX);
	result = prepare(exchange, &value);
	msgc_buf_free(&value);
	if (result < 0) {
		exchange->ticket[0] = '\0';
		msgc__response_fail(&exchange->response, result);
		return;
	}
	msgc_buf_init(&text, 0);
	msgc_buf_printf(&text, "{\"ticket\":\"%s\",\"expires_in\":%lld}", exchange->ticket,
	        (long long)(exchange->config->ticket_lifetime / 1000));
	if (text.error || msgc_http_json(&exchange->response, msgc_buf_str(&text)) < 0)
		exchange->response.no_memory = true;
	msgc_buf_free(&text);
}

/* ------------------------------------------------------------------------------------------ storing it */

static void stored(void *arg, int result)
{
	struct msgc__exchange *exchange = arg;

	if (result < 0)
		msgc__response_fail(
		        &exchange->response, result == MSGC_EUNAUTHENTICATED ? result : MSGC_EBUSY);
	explicit_bzero(exchange->ticket, sizeof exchange->ticket);
	msgc__exchange_finish(exchange);
}

static void not_revoked(void *arg, int result)
{
	struct msgc__exchange *exchange = arg;
	struct msgc__backend *backend = exchange->server->backend;
	char key[sizeof prefix + MSGC__TICKET_LEN];
	struct msgc_bytes value = {
	        (const uint8_t *)exchange->ticket_value.ptr, exchange->ticket_value.len};

	if (result == 0) {
		memcpy(key, prefix, sizeof prefix - 1);
		memcpy(key + sizeof prefix - 1, exchange->ticket, MSGC__TICKET_LEN);
		result = backend->ops->put(backend, exchange->worker,
		        msgc_str_of(key, sizeof prefix - 1 + MSGC__TICKET_LEN), value,
		        exchange->config->ticket_lifetime, MSGC__PUT_IF_ABSENT, stored, exchange);
		explicit_bzero(key, sizeof key);
		if (result == 0)
			return;
	}
	stored(exchange, result);
}

/* A token that outlives its revocation must not be changed into a ticket that does not know of it. */
void msgc__ticket_store(struct msgc__exchange *exchange)
{
	const struct msgc_user *user = &exchange->request.user->is;
	struct msgc__moment proved = exchange->proved;
	int result;

	if (user->issued_at != 0)
		proved = (struct msgc__moment){.unix_seconds = user->issued_at};
	result = msgc__revoke_ask(exchange->worker, user, proved, not_revoked, exchange);
	if (result < 0)
		stored(exchange, result);
}
