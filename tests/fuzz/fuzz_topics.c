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
#include "../topics/program.h"
#include "clients.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct msgc__memory_client client;

static struct msgc_server *server;
static struct msgc__memory memory;

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
	case 'd': cut_line(c); break;
	}
}

static void step(const char *line, size_t len)
{
	static const struct topics_archived archived = {.payload = {.reason = {"old", 3}}};
	static const struct topics_posted posted = {.payload = {.id = 1, .text = {"news", 4}}};
	client **c = &clients_of[len > 1 ? line[1] & 3 : 0];
	const char *text_of = len > 2 ? line + 2 : "";
	size_t text_len = len > 2 ? len - 2 : 0;

	switch (line[0]) {
	case 'c': connect_client(server, c, text_of); break;
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
	all_are_gone(&memory, server);
	(void)topics_told();
	MUST(msgc__counter_get(&server->workers[0]->metrics.subscriptions) == 0);
	MUST(topics_following() == 0);
	MUST(topics_objects() == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	each_line(data, size, step);
	all_leave();
	return 0;
}
