/* SPDX-License-Identifier: MIT */
/*
 * A client from its options to its end. It must not know how it connects.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "internal.h"

int64_t msgc__client_clock(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void msgc__client_after(struct msgc_client *client, struct msgc__timer *timer, int64_t ms)
{
	msgc__timer_arm(&client->timers, timer, msgc__client_clock() + (ms > 0 ? ms : 0));
	msgc__loop_schedule(client);
}

double msgc__client_random(void)
{
	uint32_t number;

	if (getrandom(&number, sizeof(number), GRND_NONBLOCK) != (ssize_t)sizeof(number))
		return 0.5;
	return number / 4294967296.0;
}

/* ----------------------------------------------------------------------------------------------- options */

/* A line of the handshake: nothing that could begin another one. */
static bool is_line(const char *text)
{
	return !text || strpbrk(text, "\r\n") == NULL;
}

static bool are_sound(const struct msgc_client_options *options)
{
	for (size_t i = 0; options->headers && options->headers[i]; i++) {
		if (!is_line(options->headers[i]) || !strchr(options->headers[i], ':'))
			return false;
	}
	return is_line(options->cookie) && is_line(options->origin) &&
	        !(options->token && options->ticket) &&
	        (!options->user || !strchr(options->user, ':'));
}

static size_t size_of(const char *text)
{
	return text ? strlen(text) + 1 : 0;
}

static const char *copy(char **to, const char *text)
{
	char *result = *to;

	if (!text)
		return NULL;
	memcpy(result, text, size_of(text));
	*to += size_of(text);
	return result;
}

/* The options with texts of their own, in one piece of memory: the list of headers first. */
static char *copy_options(const struct msgc_client_options *from, struct msgc_client_options *to)
{
	size_t n_headers = 0, size;
	const char **headers;
	char *memory, *at;

	size = size_of(from->origin) + size_of(from->cookie) + size_of(from->ca_file) +
	        size_of(from->user) + size_of(from->password) + 1;
	for (; from->headers && from->headers[n_headers]; n_headers++)
		size += size_of(from->headers[n_headers]);
	memory = malloc(size + (n_headers + 1) * sizeof(*headers));
	if (!memory)
		return NULL;
	headers = (const char **)(void *)memory;
	at = memory + (n_headers + 1) * sizeof(*headers);
	*to = *from;
	to->url = NULL;
	to->origin = copy(&at, from->origin);
	to->cookie = copy(&at, from->cookie);
	to->ca_file = copy(&at, from->ca_file);
	to->user = copy(&at, from->user);
	to->password = copy(&at, from->password);
	for (size_t i = 0; i < n_headers; i++)
		headers[i] = copy(&at, from->headers[i]);
	headers[n_headers] = NULL;
	to->headers = headers;
	to->positions = NULL;
	return memory;
}

static void usual(int64_t *number, int64_t value)
{
	if (*number == 0)
		*number = value;
}

static void usual_size(size_t *size, size_t value)
{
	if (*size == 0)
		*size = value;
}

static void fill_defaults(struct msgc_client_options *options)
{
	usual(&options->first_delay_ms, 500);
	usual(&options->longest_delay_ms, 30000);
	usual(&options->connect_ms, 15000);
	usual(&options->heartbeat_ms, 25000);
	usual(&options->pong_ms, 10000);
	usual(&options->request_ms, 15000);
	usual_size(&options->frame_limit, (size_t)1 << 20);
	usual_size(&options->send_limit, (size_t)1 << 20);
	usual_size(&options->memory_limit, (size_t)16 << 20);
	if (options->queue_limit == 0)
		options->queue_limit = 64;
	if (options->request_limit == 0)
		options->request_limit = 256;
}

/* ------------------------------------------------------------------------------------------ beginning and end */

static int begin(struct msgc_client *client, const struct msgc_client_type *type,
        const struct msgc_client_options *options, struct msgc_str path, const void *handlers)
{
	struct msgc__wire_limits limits;
	int result = msgc__place_read(options->url, &client->place);

	if (result != MSGC_OK || !are_sound(options) || (client->place.has_query && path.len > 0))
		return MSGC_EINVAL;
	client->memory = copy_options(options, &client->options);
	if (!client->memory)
		return MSGC_ENOMEM;
	fill_defaults(&client->options);
	msgc_buf_append(&client->path, path.ptr, path.len);
	msgc_arena_init(&client->arena, client->options.memory_limit);
	msgc__keep_init(client);
	msgc__credentials_init(client);
	result = msgc__channel_init(&client->main, client, type, handlers, client->options.app);
	if (result != MSGC_OK || client->path.error)
		return MSGC_ENOMEM;
	msgc__positions_init(&client->main.positions, options->positions, options->position_count);
	result = msgc__loop_init(client);
	if (result != MSGC_OK)
		return result;
	limits = (struct msgc__wire_limits){.frame = client->options.frame_limit,
	        .deflate = client->options.compression,
	        .out = client->options.send_limit,
	        .is_tls = client->place.is_tls,
	        .ca_file = client->options.ca_file};
	return msgc__wire_new(client->wake_fd, &limits, &client->wire);
}

int msgc_client_new(const struct msgc_client_type *type, const struct msgc_client_options *options,
        struct msgc_str path, const void *handlers, struct msgc_client **ret)
{
	struct msgc_client *client;
	int result;

	if (type->abi != MSGC_GENERATED_ABI)
		return MSGC_ECONFIG;
	client = calloc(1, sizeof(*client));
	if (!client)
		return MSGC_ENOMEM;
	client->type = type;
	client->poll_fd = client->wake_fd = client->timer_fd = -1;
	LIST_INIT(&client->topics);
	TAILQ_INIT(&client->waiting);
	TAILQ_INIT(&client->spare);
	TAILQ_INIT(&client->main.queue);
	client->main.client = client;
	result = begin(client, type, options, path, handlers);
	if (result == MSGC_OK)
		*ret = client;
	else
		msgc_client_free(client);
	return result;
}

void msgc_client_free(struct msgc_client *client)
{
	struct msgc_channel *topic;

	if (!client)
		return;
	msgc__wire_free(client->wire);
	while ((topic = LIST_FIRST(&client->topics)) != NULL) {
		LIST_REMOVE(topic, link);
		msgc__channel_clear(topic);
		free(topic);
	}
	msgc__channel_clear(&client->main);
	msgc__parcels_free(client);
	msgc__loop_clear(client);
	msgc_buf_free(&client->path);
	msgc_buf_free(&client->credential);
	msgc_buf_free(&client->scratch);
	msgc_arena_free(&client->arena);
	free(client->memory);
	free(client);
}

/* ------------------------------------------------------------------------------------------- for programs */

void msgc_client_open(struct msgc_client *client)
{
	msgc__keep_open(client);
}

const struct msgc_client_state *msgc_client_state_of(const struct msgc_client *client)
{
	return &client->state;
}

void *msgc_client_app(const struct msgc_client *client)
{
	return client->options.app;
}

struct msgc_channel *msgc_client_channel(struct msgc_client *client)
{
	return &client->main;
}

int msgc_client_send_text(struct msgc_client *client, struct msgc_str text)
{
	return client->is_open ? msgc__wire_send(client->wire, text) : MSGC_EGONE;
}
