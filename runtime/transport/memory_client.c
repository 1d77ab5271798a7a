/* SPDX-License-Identifier: MIT */
/*
 * The client's end of the in-memory transport: what it does is queued for the loop, what it gets is read as a strict client would. It
 * must not know what the messages say.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "memory_internal.h"

/* ----------------------------------------------------------------------------------------------- life */

void msgc__memory_loop_unlock(struct msgc__memory_loop *loop)
{
	bool last = loop->refs == 0;

	pthread_mutex_unlock(&loop->lock);
	if (!last)
		return;
	pthread_cond_destroy(&loop->turned);
	pthread_mutex_destroy(&loop->lock);
	free(loop);
}

void msgc__memory_client_unref(struct msgc__memory_client *client)
{
	if (--client->refs > 0)
		return;
	if (client->prev) {
		*client->prev = client->next;
		if (client->next)
			client->next->prev = client->prev;
	}
	while (client->messages) {
		struct msgc__memory_message *message = client->messages;

		client->messages = message->next;
		free(message);
	}
	msgc_buf_free(&client->headers);
	msgc_buf_free(&client->body);
	msgc_arena_free(&client->arena);
	client->loop->refs--;
	free(client->spare);
	free(client);
}

static int copy_request(struct msgc__memory_client *client, const struct msgc__request *request)
{
	struct msgc_arena *arena = &client->arena;
	struct msgc__header *headers;
	struct msgc_str text;
	int result;

	client->request = *request;
	headers = msgc_arena_calloc(arena, request->header_count + 1, sizeof headers[0]);
	result = headers ? msgc_arena_copy(arena, request->path, &client->request.path)
	                 : MSGC_ENOMEM;
	if (result == 0)
		result = msgc_arena_copy(arena, request->query, &client->request.query);
	if (result == 0)
		result = msgc_arena_copy(arena, msgc_str_from(request->method), &text);
	if (result == 0) {
		client->request.method = text.ptr;
		result = msgc_arena_copy(arena, msgc_str_from(request->address), &text);
	}
	if (result == 0)
		client->request.address = text.ptr;
	for (size_t i = 0; i < request->header_count && result == 0; i++) {
		result = msgc_arena_copy(arena, msgc_str_from(request->headers[i].name), &text);
		headers[i].name = text.ptr;
		if (result == 0)
			result = msgc_arena_copy(
			        arena, request->headers[i].value, &headers[i].value);
	}
	client->request.headers = headers;
	return result;
}

static struct msgc__memory_client *make(struct msgc_server *server, unsigned worker,
        const struct msgc__request *request, bool admin, enum msgc__memory_what what,
        struct msgc_str body)
{
	struct msgc__memory_loop *loop =
	        worker < server->worker_count ? server->workers[worker]->loop : NULL;
	struct msgc__memory_client *client = loop ? calloc(1, sizeof *client) : NULL;
	int result;

	if (!client)
		return NULL;
	client->loop = loop;
	client->refs = 1;
	client->admin = admin;
	client->window = SIZE_MAX;
	client->messages_end = &client->messages;
	client->spare = malloc(sizeof *client->spare + MSGC_PADDING);
	result = client->spare ? copy_request(client, request) : MSGC_ENOMEM;
	pthread_mutex_lock(&loop->lock);
	loop->refs++;
	client->next = loop->clients;
	client->prev = &loop->clients;
	if (client->next)
		client->next->prev = &client->next;
	loop->clients = client;
	if (result == 0)
		result = msgc__memory_queue(client, what, 0, body.ptr, body.len);
	if (result < 0) {
		msgc__memory_client_unref(client);
		client = NULL;
	}
	pthread_mutex_unlock(&loop->lock);
	return client;
}

struct msgc__memory_client *msgc__memory_connect(
        struct msgc_server *server, unsigned worker, const struct msgc__request *request)
{
	return make(server, worker, request, false, MSGC__MEMORY_CONNECT, msgc_str_of(NULL, 0));
}

struct msgc__memory_client *msgc__memory_request(struct msgc_server *server, unsigned worker,
        const struct msgc__request *request, bool admin, struct msgc_str body)
{
	return make(server, worker, request, admin, MSGC__MEMORY_REQUEST, body);
}

void msgc__memory_free(struct msgc__memory_client *client)
{
	struct msgc__memory_loop *loop;

	if (!client)
		return;
	loop = client->loop;
	pthread_mutex_lock(&loop->lock);
	(void)msgc__memory_queue(client, MSGC__MEMORY_DROP, 1006, NULL, 0);
	msgc__memory_client_unref(client);
	msgc__memory_loop_unlock(loop);
}

/* --------------------------------------------------------------------------------------------- acting */

int msgc__memory_queue(struct msgc__memory_client *client, enum msgc__memory_what what,
        uint16_t code, const char *text, size_t len)
{
	struct msgc__memory_loop *loop = client->loop;
	struct msgc__memory_action *action;

	if (!loop->last)
		return 0; /* closed */
	action = malloc(sizeof *action + len + MSGC_PADDING);
	if (!action && len == 0 && (what == MSGC__MEMORY_DROP || what == MSGC__MEMORY_ENDED)) {
		action = client->spare;
		client->spare = NULL;
	}
	if (!action)
		return MSGC_ENOMEM;
	action->next = NULL;
	action->client = client;
	action->what = what;
	action->code = code;
	action->len = len;
	if (len > 0)
		memcpy(action->text, text, len);
	memset(action->text + len, 0, MSGC_PADDING);
	client->refs++;
	*loop->last = action;
	loop->last = &action->next;
	loop->woken = true;
	pthread_cond_broadcast(&loop->turned);
	return 0;
}

static void act(struct msgc__memory_client *client, enum msgc__memory_what what, uint16_t code,
        const char *text, size_t len)
{
	pthread_mutex_lock(&client->loop->lock);
	(void)msgc__memory_queue(client, what, code, text, len);
	pthread_mutex_unlock(&client->loop->lock);
}

void msgc__memory_send(struct msgc__memory_client *client, const char *text, size_t len)
{
	act(client, MSGC__MEMORY_TEXT, 0, text, len);
}

void msgc__memory_send_binary(struct msgc__memory_client *client)
{
	act(client, MSGC__MEMORY_BINARY, 0, NULL, 0);
}

void msgc__memory_close(struct msgc__memory_client *client, uint16_t code)
{
	act(client, MSGC__MEMORY_CLOSE, code, NULL, 0);
}

void msgc__memory_drop(struct msgc__memory_client *client)
{
	act(client, MSGC__MEMORY_DROP, 1006, NULL, 0);
}

void msgc__memory_window(struct msgc__memory_client *client, size_t bytes)
{
	pthread_mutex_lock(&client->loop->lock);
	client->window = bytes;
	if (bytes > 0)
		(void)msgc__memory_queue(client, MSGC__MEMORY_WRITABLE, 0, NULL, 0);
	pthread_mutex_unlock(&client->loop->lock);
}

void msgc__memory_be_rude(struct msgc__memory_client *client)
{
	pthread_mutex_lock(&client->loop->lock);
	client->rude = true;
	pthread_mutex_unlock(&client->loop->lock);
}

/* -------------------------------------------------------------------------------------------- reading */

/* A text frame's head, as RFC 6455 section 5.2 wants it from a server: 0, or MSGC_EINVAL. */
static int read_head(const unsigned char *at, size_t left, size_t *ret_head, size_t *ret_len)
{
	size_t head = 2, len;

	if (left < 2 || at[0] != 0x81 || (at[1] & 0x80))
		return MSGC_EINVAL;
	len = at[1];
	if (len == 126 || len == 127) {
		size_t count = len == 126 ? 2 : 8, least = len == 126 ? 126 : 65536;

		head += count;
		if (left < head)
			return MSGC_EINVAL;
		len = 0;
		for (size_t i = 2; i < head; i++)
			len = len << 8 | at[i];
		if (len < least)
			return MSGC_EINVAL;
	}
	if (left - head < len)
		return MSGC_EINVAL;
	*ret_head = head;
	*ret_len = len;
	return 0;
}

void msgc__memory_read_frames(struct msgc__memory_client *client, const char *bytes, size_t len)
{
	while (len > 0) {
		struct msgc__memory_message *message;
		size_t head, payload;

		if (read_head((const unsigned char *)bytes, len, &head, &payload) < 0) {
			client->state.malformed = true;
			return;
		}
		message = malloc(sizeof *message + payload);
		if (!message) {
			client->state.lost = true;
			return;
		}
		message->next = NULL;
		message->len = payload;
		memcpy(message->text, bytes + head, payload);
		*client->messages_end = message;
		client->messages_end = &message->next;
		client->state.frames++;
		bytes += head + payload;
		len -= head + payload;
	}
}

void msgc__memory_look(struct msgc__memory_client *client, struct msgc__memory_state *ret)
{
	pthread_mutex_lock(&client->loop->lock);
	*ret = client->state;
	pthread_mutex_unlock(&client->loop->lock);
}

/* With the lock held: false when the time is over. */
static bool wait_turn(struct msgc__memory_loop *loop, const struct timespec *until)
{
	return pthread_cond_timedwait(&loop->turned, &loop->lock, until) == 0;
}

static struct timespec in_ms(int64_t ms)
{
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += (time_t)(ms / 1000);
	until.tv_nsec += (long)(ms % 1000) * 1000000;
	until.tv_sec += until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	return until;
}

bool msgc__memory_receive(struct msgc__memory_client *client, struct msgc_buf *out, int64_t wait_ms)
{
	struct timespec until = in_ms(wait_ms);
	struct msgc__memory_message *message;

	pthread_mutex_lock(&client->loop->lock);
	while (!client->messages && !client->state.closed && wait_ms > 0) {
		if (!wait_turn(client->loop, &until))
			break;
	}
	message = client->messages;
	if (message) {
		client->messages = message->next;
		if (!client->messages)
			client->messages_end = &client->messages;
		if (out)
			msgc_buf_append(out, message->text, message->len);
		free(message);
	}
	pthread_mutex_unlock(&client->loop->lock);
	return message != NULL;
}

bool msgc__memory_response(struct msgc__memory_client *client, struct msgc_buf *ret_headers,
        struct msgc_buf *ret_body, int64_t wait_ms)
{
	struct timespec until = in_ms(wait_ms);
	bool responded;

	pthread_mutex_lock(&client->loop->lock);
	while (!client->responded && !client->state.closed && wait_ms > 0) {
		if (!wait_turn(client->loop, &until))
			break;
	}
	responded = client->responded;
	if (responded && ret_headers)
		msgc_buf_append(ret_headers, client->headers.data, client->headers.len);
	if (responded && ret_body)
		msgc_buf_append(ret_body, client->body.data, client->body.len);
	pthread_mutex_unlock(&client->loop->lock);
	return responded;
}
