/* SPDX-License-Identifier: MIT */
/*
 * Topics fed without sockets: each line of the input is something that a client, another thread or the clock does. What the server writes
 * must be whole frames of valid JSON, and when all have gone no subscription, object or membership may be left.
 *
 * A line: a letter that says what, a digit that says which of four clients (where it matters), then the text.
 *   c connect to the target that follows      t text frame      s subscribe to this topic      u unsubscribe
 *   m cancel, v wave, y say to this topic      x CLOSE frame     d the line is cut             r it is read
 *   w the socket takes 16 times the text's length more          p one piece of pool work
 *   a the clock goes on by the square of the text's length      e an event to a discussion      g a group message
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <msgc/codec.h>

#include "../topics/program.h"

#include "server/connection.h"
#include "server/worker.h"
#include "transport/memory.h"

enum { CLIENTS = 4, STEPS_MAX = 200 };

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct msgc__memory_client client;

static struct msgc_server *server;
static struct msgc__memory memory;
static client *clients_of[CLIENTS];

#define MUST(condition)                                                                            \
	do {                                                                                       \
		if (!(condition)) {                                                                \
			fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);            \
			abort();                                                                   \
		}                                                                                  \
	} while (0)

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	static char *arguments[] = {(char *)(uintptr_t) "fuzz",
	        (char *)(uintptr_t) "--frame-limit=1KiB", (char *)(uintptr_t) "--outbox-limit=4KiB",
	        (char *)(uintptr_t) "--pending-frames=4",
	        (char *)(uintptr_t) "--bad-frame-limit=20", (char *)(uintptr_t) "--max-topics=3",
	        (char *)(uintptr_t) "--depth-limit=8", NULL};

	(void)argc, (void)argv;
	server = msgc_server_new(7, arguments);
	MUST(server && msgc_server_will_run(server));
	server->log.level = (enum msgc_log_level)(MSGC_LOG_ERROR + 1);
	topics_serve(server, NULL);
	MUST(msgc__memory_start(&memory, server) == 0);
	memory.hold_pool = true;
	return 0;
}

/* --------------------------------------------------------------------------------------------- one step */

/* "/door/?epoch= sid=anna": a target, and a Cookie header if there is a blank. */
static void connect_client(client **c, const char *line)
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

static void read_all(client *c)
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

/* A frame for the topic that the line names, as it stands. */
static void send_to(client *c, const char *action, const char *payload, const char *topic)
{
	static char frame[8192];
	int len = snprintf(frame, sizeof frame,
	        "{\"action\":\"%s\"%s,\"topic\":\"%s\",\"ref\":\"r\"}", action, payload, topic);

	if (len > 0 && (size_t)len < sizeof frame)
		msgc__memory_send(c, frame, (size_t)len);
}

static void client_step(client **c, char what, const char *text, size_t len)
{
	switch (what) {
	case 't': msgc__memory_send(*c, text, len); break;
	case 's': send_to(*c, "subscribe", "", text); break;
	case 'u': send_to(*c, "unsubscribe", "", text); break;
	case 'm': send_to(*c, "cancel", "", text); break;
	case 'v': send_to(*c, "wave", ",\"payload\":\"w\"", text); break;
	case 'y': send_to(*c, "say", ",\"payload\":{\"text\":\"later\"}", text); break;
	case 'x': msgc__memory_close(*c, 1000); break;
	case 'w': msgc__memory_window(*c, len * 16); break;
	case 'r': read_all(*c); break;
	case 'd':
		read_all(*c);
		msgc__memory_free(*c);
		*c = NULL;
		break;
	}
}

static void step(char *line, size_t len)
{
	static const struct topics_archived archived = {.payload = {.reason = {"old", 3}}};
	static const struct topics_posted posted = {.payload = {.id = 1, .text = {"news", 4}}};
	client **c = &clients_of[len > 1 ? line[1] & 3 : 0];
	const char *text_of = len > 2 ? line + 2 : "";
	size_t text_len = len > 2 ? len - 2 : 0;

	switch (line[0]) {
	case 'c': connect_client(c, text_of); break;
	case 'p': (void)msgc__memory_pool(&memory); break;
	case 'a': msgc__memory_advance(&memory, (int64_t)(text_len * text_len)); break;
	case 'e':
		(void)topics_discussion_event_archived(server, (int64_t)text_len + 1, &archived);
		break;
	case 'g':
		(void)topics_discussion_broadcast_posted(
		        server, (int64_t)text_len + 1, NULL, &posted, MSGC_TO_ALL);
		break;
	default:
		if (*c)
			client_step(c, line[0], text_of, text_len);
	}
	if (line[0] >= 'a')
		msgc__memory_pump(&memory);
}

static void all_leave(void)
{
	struct msgc__worker *worker = server->workers[0];

	for (int i = 0; i < CLIENTS; i++) {
		if (!clients_of[i])
			continue;
		read_all(clients_of[i]);
		msgc__memory_free(clients_of[i]);
		clients_of[i] = NULL;
	}
	do
		msgc__memory_pump(&memory);
	while (msgc__memory_pool(&memory));
	(void)topics_told();
	MUST(worker->connection_count == 0);
	MUST(worker->groups.count == 0);
	MUST(worker->output.bytes == 0);
	MUST(atomic_load(&worker->holds) == 0);
	MUST(atomic_load(&server->connections) == 0);
	MUST(msgc__counter_get(&worker->metrics.subscriptions) == 0);
	MUST(topics_following() == 0);
	MUST(topics_objects() == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text_of = malloc(size + 1), *line = text_of;

	if (!text_of)
		return 0;
	memcpy(text_of, data, size);
	text_of[size] = '\0';
	for (int i = 0; i < STEPS_MAX && line; i++) {
		char *end = memchr(line, '\n', (size_t)(text_of + size - line));
		size_t len = end ? (size_t)(end - line) : (size_t)(text_of + size - line);

		line[len] = '\0';
		if (len > 0)
			step(line, len);
		line = end ? end + 1 : NULL;
	}
	all_leave();
	free(text_of);
	return 0;
}
