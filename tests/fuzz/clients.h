/* SPDX-License-Identifier: MIT */
/*
 * What the fuzzers of whole servers share: a few clients in memory, and an input that is lines, each something that one of them, another thread or the clock
 * does. It must not know what the server serves.
 */
#ifndef MSGC_TESTS_FUZZ_CLIENTS_H
#define MSGC_TESTS_FUZZ_CLIENTS_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <msgc/codec.h>

#include "server/worker.h"
#include "transport/memory.h"

enum { CLIENTS = 4, STEPS_MAX = 200 };

static struct msgc__memory_client *clients_of[CLIENTS];

#define MUST(condition)                                                                            \
	do {                                                                                       \
		if (!(condition)) {                                                                \
			fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);            \
			abort();                                                                   \
		}                                                                                  \
	} while (0)

/* "/ws/hall/7 session=anna": a target, and a Cookie header if there is a blank. */
static void connect_client(
        struct msgc_server *server, struct msgc__memory_client **c, const char *line)
{
	const char *blank = strchr(line, ' '), *query = strchr(line, '?');
	size_t target_len = blank ? (size_t)(blank - line) : strlen(line);
	size_t path_len = query && query < line + target_len ? (size_t)(query - line) : target_len;
	struct msgc__header headers[] = {{"host", MSGC_STR_INIT("a.example")},
	        {"origin", MSGC_STR_INIT("http://a.example")},
	        {"cookie", msgc_str_from(blank ? blank + 1 : "")}};
	struct msgc__request request = {.method = "GET",
	        .path = {line, path_len},
	        .query = path_len < target_len ? msgc_str_of(query + 1, target_len - path_len - 1)
	                                       : msgc_str_of("", 0),
	        .headers = headers,
	        .header_count = blank ? 3 : 2,
	        .address = "127.0.0.1"};

	if (!*c)
		*c = msgc__memory_connect(server, 0, &request);
	MUST(*c);
}

/* What the server has written: whole frames of valid JSON. */
static void read_all(struct msgc__memory_client *c)
{
	struct msgc__memory_state state;
	struct msgc_arena arena = {0};
	struct msgc_buf message = {0};

	while (msgc__memory_receive(c, &message, 0)) {
		msgc_buf_append(&message, "", 1);
		MUST(msgc_json_validate(message.data, message.len - 1, NULL, &arena, NULL) == 0);
		MUST(message.data[0] == '{' && message.data[message.len - 2] == '}');
		msgc_buf_reset(&message);
		msgc_arena_reset(&arena);
	}
	msgc__memory_look(c, &state);
	MUST(!state.malformed);
	msgc_buf_free(&message);
	msgc_arena_free(&arena);
}

static void cut_line(struct msgc__memory_client **c)
{
	read_all(*c);
	msgc__memory_free(*c);
	*c = NULL;
}

/* Then nothing may be left of them. */
static void all_are_gone(struct msgc__memory *memory, struct msgc_server *server)
{
	struct msgc__worker *worker = server->workers[0];

	for (int i = 0; i < CLIENTS; i++)
		if (clients_of[i])
			cut_line(&clients_of[i]);
	do
		msgc__memory_pump(memory);
	while (msgc__memory_pool(memory));
	MUST(worker->connection_count == 0);
	MUST(worker->groups.count == 0);
	MUST(worker->output.bytes == 0);
	MUST(atomic_load(&worker->holds) == 0);
	MUST(atomic_load(&server->connections) == 0);
}

/* Each line of the input, NUL-terminated, that is not empty. */
static void each_line(const uint8_t *data, size_t size, void (*step)(const char *line, size_t len))
{
	char *text = malloc(size + 1), *line = text;

	if (!text)
		return;
	memcpy(text, data, size);
	text[size] = '\0';
	for (int i = 0; i < STEPS_MAX && line; i++) {
		char *end = memchr(line, '\n', (size_t)(text + size - line));
		size_t len = end ? (size_t)(end - line) : (size_t)(text + size - line);

		line[len] = '\0';
		if (len > 0)
			step(line, len);
		line = end ? end + 1 : NULL;
	}
	free(text);
}

#endif
