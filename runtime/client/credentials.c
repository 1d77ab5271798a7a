/* SPDX-License-Identifier: MIT */
/*
 * Who the client is: asked for before each connection, put into its address, its headers or its first frame, and renewed before it expires. It must
 * not know what is in a token, but for when a JWT ends (RFC 7519 section 4.1.4).
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <msgc/codec_gen.h>

#include "internal.h"

enum {
	REFRESH_LEAST_MS = 1000,
	REFRESH_AHEAD_MS = 60000, /* at most */
	JWT_MOST = 8192,
};

static msgc_credential_fn *provider(const struct msgc_client *client)
{
	return client->options.token ? client->options.token : client->options.ticket;
}

bool msgc__credentials_renew(const struct msgc_client *client)
{
	return provider(client) != NULL;
}

/* ------------------------------------------------------------------------------------------- when it ends */

/* The second part of three, in base64 of RFC 4648 section 5, as JSON. */
static bool jwt_claims(struct msgc_client *client, struct msgc_str token, struct msgc_bytes *ret)
{
	const char *begin = memchr(token.ptr, '.', token.len), *end;
	struct msgc_scope quiet;
	size_t len, room;
	char *text;

	begin = begin ? begin + 1 : NULL;
	end = begin ? memchr(begin, '.', token.len - (size_t)(begin - token.ptr)) : NULL;
	if (!end || end - begin > JWT_MOST)
		return false;
	len = (size_t)(end - begin);
	room = (len + 3) / 4 * 4;
	text = msgc_arena_alloc(&client->arena, room + 1, 1);
	if (!text)
		return false;
	for (size_t i = 0; i < room; i++)
		text[i] = i >= len ? '=' : begin[i] == '-' ? '+' : begin[i] == '_' ? '/' : begin[i];
	text[room] = '\0';
	msgc_scope_open(&quiet, NULL);
	return msgc_text_bytes(&quiet, msgc_str_of(text, room), (uint8_t *)text, ret);
}

/* 0: it does not say, or is no JWT. */
static int64_t jwt_expiry(struct msgc_client *client, struct msgc_str token)
{
	struct msgc_object object;
	struct msgc_bytes claims;
	struct msgc_reader r;
	double expires_at = 0;

	if (!jwt_claims(client, token, &claims) ||
	        !msgc_reader_open_copy(
	                &r, (const char *)claims.ptr, claims.len, NULL, &client->arena, NULL) ||
	        !msgc_read_object(&r, &object))
		return 0;
	while (msgc_read_member(&r, &object)) {
		if (msgc_key_is(object.at.key, "exp"))
			(void)msgc_read_float64(&r, &expires_at);
		else
			msgc_read_skip(&r);
	}
	msgc_read_object_end(&r, &object);
	(void)msgc_reader_close(&r);
	return expires_at > 0 && expires_at < 1e12 ? (int64_t)expires_at : 0;
}

static int64_t wall_clock_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void msgc__credentials_schedule(struct msgc_client *client)
{
	int64_t left, ahead;

	msgc__timer_cancel(&client->timers, &client->refresh_timer);
	if (!client->options.token || !client->expires_at || !client->type->has_std)
		return;
	left = client->expires_at * 1000 - wall_clock_ms();
	ahead = left / 5 < REFRESH_AHEAD_MS ? left / 5 : REFRESH_AHEAD_MS;
	msgc__client_after(client, &client->refresh_timer,
	        left - ahead > REFRESH_LEAST_MS ? left - ahead : REFRESH_LEAST_MS);
}

/* -------------------------------------------------------------------------------------------- asking for it */

/* It goes into a line of its own, or into an address. */
static bool is_sound(struct msgc_str text)
{
	for (size_t i = 0; i < text.len; i++) {
		if ((unsigned char)text.ptr[i] <= ' ' || text.ptr[i] == 0x7f)
			return false;
	}
	return text.len > 0;
}

static int keep(struct msgc_client *client, const struct msgc_credential *credential)
{
	if (!is_sound(credential->text))
		return MSGC_EINVAL;
	msgc_buf_reset(&client->credential);
	msgc_buf_append(&client->credential, credential->text.ptr, credential->text.len);
	if (client->credential.error)
		return MSGC_ENOMEM;
	client->expires_at = 0;
	if (client->options.token)
		client->expires_at = credential->expires_at ? credential->expires_at
		                                            : jwt_expiry(client, credential->text);
	return MSGC_OK;
}

static int write_token(const struct msgc_client *client, struct msgc_buf *payload)
{
	msgc_buf_append_str(payload, "{\"token\":");
	msgc_write_str(payload, msgc_buf_str(&client->credential));
	msgc_buf_append_char(payload, '}');
	return payload->error;
}

static void say_token(struct msgc_client *client, const char *action, uint64_t ref)
{
	struct msgc_buf payload = {0};

	if (write_token(client, &payload) == 0)
		(void)msgc__standard_send(client, action, msgc_buf_c(&payload), NULL, ref);
	msgc_buf_free(&payload);
}

static void refresh(struct msgc_client *client, int result)
{
	struct msgc_outcome problem =
	        msgc__outcome(result, "refused", "There are no new credentials.");

	if (result != MSGC_OK)
		msgc__channel_problem(&client->main, &problem);
	else
		say_token(client, "refresh", ++client->last_ref);
}

void msgc_client_give(
        struct msgc_client *client, int result, const struct msgc_credential *credential)
{
	bool is_refresh = client->wish == MSGC__WISH_REFRESH;

	if (client->wish == MSGC__WISH_NONE)
		return;
	client->wish = MSGC__WISH_NONE;
	if (result == MSGC_OK)
		result = keep(client, credential);
	if (is_refresh)
		refresh(client, result);
	else
		msgc__keep_connect(client, result);
}

static void ask(struct msgc_client *client)
{
	struct msgc_credential credential = {{NULL, 0}, 0};
	uint64_t number = client->number;
	int result = provider(client)(client->options.app, client, &credential);

	/* It may have closed the client, or given it already. */
	if (result != MSGC_LATER && client->number == number && client->wish != MSGC__WISH_NONE)
		msgc_client_give(client, result, &credential);
}

void msgc__credentials_ask(struct msgc_client *client)
{
	if (!provider(client)) {
		msgc__keep_connect(client, MSGC_OK);
		return;
	}
	client->wish = MSGC__WISH_CONNECT;
	ask(client);
}

static void refresh_due(struct msgc__timer *timer)
{
	struct msgc_client *client =
	        (void *)((char *)timer - offsetof(struct msgc_client, refresh_timer));

	if (client->state.phase != MSGC_CLIENT_LIVE)
		return;
	client->wish = MSGC__WISH_REFRESH;
	ask(client);
}

void msgc__credentials_init(struct msgc_client *client)
{
	client->refresh_timer.fire = refresh_due;
}

/* --------------------------------------------------------------------------------------------- where it goes */

/* The first frame is one of ours. */
static bool says_token(const struct msgc_client_options *options)
{
	return (options->token && !options->token_in_header) ||
	        (options->ticket && options->ticket_in_frame);
}

void msgc__credentials_path(struct msgc_client *client, struct msgc_buf *path)
{
	const struct msgc__positions *positions = &client->main.positions;

	msgc_buf_append(path, client->path.data, client->path.len);
	if (client->options.ticket && !client->options.ticket_in_frame) {
		msgc_url_query(path, "ticket");
		msgc_url_str(path, msgc_buf_str(&client->credential));
	}
	if (client->type->announces &&
	        (says_token(&client->options) || client->options.events.introduce)) {
		msgc_url_query(path, "authenticate");
		msgc_url_text(path, "frame");
	}
	if (!client->type->recoverable)
		return;
	for (size_t i = 0; i < positions->count; i++) {
		msgc_url_query(path, "epoch");
		msgc_url_str(path, msgc_str_from(positions->items[i].at.epoch));
		msgc_url_query(path, "seq");
		msgc_write_int64(path, positions->items[i].at.seq);
	}
	/* An empty epoch asks where the streams stand. */
	if (positions->count == 0)
		msgc_url_query(path, "epoch");
}

static void add_header(struct msgc_buf *headers, const char *name, const char *value)
{
	msgc_buf_append_str(headers, name);
	msgc_buf_append_str(headers, value);
	msgc_buf_append_str(headers, "\r\n");
}

static void add_basic(const struct msgc_client *client, struct msgc_buf *headers)
{
	struct msgc_buf plain = {0}, coded = {0};

	msgc_buf_append_str(&plain, client->options.user);
	msgc_buf_append_char(&plain, ':');
	msgc_buf_append_str(&plain, client->options.password ? client->options.password : "");
	msgc_write_bytes(
	        &coded, (struct msgc_bytes){(const uint8_t *)msgc_buf_c(&plain), plain.len});
	msgc_buf_append_str(headers, "Authorization: Basic ");
	/* It stands in quotes, as in JSON. */
	if (coded.len > 2)
		msgc_buf_append(headers, coded.data + 1, coded.len - 2);
	msgc_buf_append_str(headers, "\r\n");
	if (plain.error || coded.error)
		headers->error = MSGC_ENOMEM;
	msgc_buf_free(&plain);
	msgc_buf_free(&coded);
}

void msgc__credentials_headers(struct msgc_client *client, struct msgc_buf *headers)
{
	const struct msgc_client_options *options = &client->options;

	/* libwebsockets' own would have a scheme of its making. */
	if (options->origin)
		add_header(headers, "Origin: ", options->origin);
	if (options->cookie)
		add_header(headers, "Cookie: ", options->cookie);
	for (size_t i = 0; options->headers && options->headers[i]; i++)
		add_header(headers, "", options->headers[i]);
	if (options->user)
		add_basic(client, headers);
	if (options->token && options->token_in_header)
		add_header(headers, "Authorization: Bearer ", msgc_buf_c(&client->credential));
}

void msgc__credentials_say(struct msgc_client *client)
{
	if (says_token(&client->options))
		say_token(client, "authenticate", 0);
}
