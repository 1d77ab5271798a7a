/* SPDX-License-Identifier: MIT */
/*
 * A room in the terminal: lines that are typed are said, what others say is shown, once, whatever happens to the connection in between. It knows its contract and
 * msgc's client, and nothing of how the server stores anything.
 *
 *	chat_client http://127.0.0.1:8000 ROOM_ID 'chat_session=…'
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <msgc/std.msgc.h>

#include "chat.client.h"

enum { LINE_MAX_BYTES = 8192 };

struct room {
	struct chat_talk_client *talk;
	int64_t last_id; /* the newest that was shown */
	unsigned unsaid; /* lines without word of what became of them */
	bool has_ended;  /* nobody types any more */
	char line[LINE_MAX_BYTES];
	size_t line_len;
};

static struct msgc_client *connection(const struct room *room)
{
	return chat_talk_client_connection(room->talk);
}

/* What others have written must not move the cursor: control characters are left out, C1 ones (U+0080 to U+009F) too. */
static void put(struct msgc_str text)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];

		if (c == 0xc2 && i + 1 < text.len && (unsigned char)text.ptr[i + 1] < 0xa0)
			i++;
		else if (c >= ' ' && c != 0x7f)
			putchar(c);
	}
}

/* ---- what comes in ---- */

static void show(struct room *room, int64_t id, struct msgc_str name, struct msgc_str text)
{
	/* History and live talk overlap; ids rise. */
	if (id <= room->last_id)
		return;
	room->last_id = id;
	put(name);
	fputs(": ", stdout);
	put(text);
	putchar('\n');
}

static void on_history(void *app, struct chat_talk_client *talk, const struct chat_history *history,
        const struct msgc_client_frame *frame)
{
	(void)talk;
	(void)frame;
	for (size_t i = 0; i < history->payload.count; i++) {
		const struct chat_entry *entry = &history->payload.items[i];

		show(app, entry->id, entry->display_name, entry->message);
	}
}

static void on_posted(void *app, struct chat_talk_client *talk,
        const struct chat_chat_posted *posted, const struct msgc_client_frame *frame)
{
	(void)talk;
	(void)frame;
	show(app, posted->id, posted->display_name, posted->payload);
}

static void passage(const struct chat_passage *who, const char *what)
{
	fputs("* ", stdout);
	put(who->display_name);
	printf(" %s\n", what);
}

static void on_joined(void *app, struct chat_talk_client *talk,
        const struct chat_user_joined *joined, const struct msgc_client_frame *frame)
{
	(void)app;
	(void)talk;
	if (!frame->is_current)
		passage(&joined->payload, "has come");
}

static void on_left(void *app, struct chat_talk_client *talk, const struct chat_user_left *left,
        const struct msgc_client_frame *frame)
{
	(void)app;
	(void)talk;
	(void)frame;
	passage(&left->payload, "has gone");
}

static void on_presence(
        void *app, struct msgc_client *client, const struct msgc_std_presence_state *state)
{
	(void)app;
	(void)client;
	printf("* %u here\n", state->payload.count);
}

static void on_gap(void *app, struct msgc_channel *channel, struct msgc_str group)
{
	(void)app;
	(void)channel;
	(void)group;
	puts("* some of what was said meanwhile is missing");
}

static void on_state(void *app, struct msgc_client *client, const struct msgc_client_state *state)
{
	(void)app;
	(void)client;
	if (state->phase == MSGC_CLIENT_WAITING)
		printf("* the connection is lost; trying again in %.1f s\n",
		        (double)state->retry_in_ms / 1000);
	else if (state->phase == MSGC_CLIENT_CLOSED && state->code != 1000)
		printf("* closed: %s (%u)\n", state->reason, state->code);
}

/* ---- what is said ---- */

static void leave_when_done(struct room *room)
{
	if (room->has_ended && room->unsaid == 0)
		msgc_client_close(connection(room), 0, NULL);
}

static void was_said(
        void *app, struct chat_talk_client *talk, const struct msgc_outcome *outcome, void *arg)
{
	struct room *room = app;

	(void)talk;
	(void)arg;
	if (outcome->result != MSGC_OK) {
		fputs("* not said: ", stdout);
		put(outcome->detail);
		putchar('\n');
	}
	room->unsaid--;
	leave_when_done(room);
}

static void say(struct room *room, const char *line, size_t len)
{
	/* An id, so that it is said once, even where the answer is lost with the connection. */
	static const struct msgc_send_options once = {.idempotent = true};
	const struct chat_chat message = {.payload = msgc_str_trimmed(msgc_str_of(line, len))};
	int result;

	if (message.payload.len == 0)
		return;
	result = chat_talk_client_request_chat(room->talk, &message, &once, was_said, NULL);
	if (result == MSGC_OK)
		room->unsaid++;
	else
		printf("* not said: %s\n", msgc_error_name(result));
}

static void read_lines(struct room *room)
{
	ssize_t n = read(
	        STDIN_FILENO, room->line + room->line_len, sizeof(room->line) - room->line_len);
	char *end;

	if (n <= 0) {
		room->has_ended = true;
		leave_when_done(room);
		return;
	}
	room->line_len += (size_t)n;
	while ((end = memchr(room->line, '\n', room->line_len)) != NULL) {
		size_t len = (size_t)(end - room->line);

		say(room, room->line, len);
		room->line_len -= len + 1;
		memmove(room->line, end + 1, room->line_len);
	}
	if (room->line_len == sizeof(room->line)) {
		puts("* not said: that is too long");
		room->line_len = 0;
	}
}

/* ---- both ---- */

static int talk(struct room *room)
{
	struct msgc_client *client = connection(room);

	msgc_client_open(client);
	while (msgc_client_state_of(client)->phase != MSGC_CLIENT_CLOSED) {
		struct pollfd ready[] = {{.fd = msgc_client_fd(client), .events = POLLIN},
		        {.fd = room->has_ended ? -1 : STDIN_FILENO, .events = POLLIN}};

		fflush(stdout);
		if (poll(ready, 2, -1) < 0)
			continue;
		if (ready[0].revents)
			msgc_client_step(client);
		if (ready[1].revents)
			read_lines(room);
	}
	return msgc_client_state_of(client)->code == 1000 ? EXIT_SUCCESS : EXIT_FAILURE;
}

int main(int argc, char **argv)
{
	static const struct chat_talk_client_handlers handlers = {.history = on_history,
	        .chat_posted = on_posted,
	        .user_joined = on_joined,
	        .user_left = on_left};
	static struct room room;
	const struct chat_talk_params params = {.room_id = argc > 2 ? atoll(argv[2]) : 0};
	/* The server believes a cookie beside its own origin. */
	struct msgc_client_options options = {.url = argc > 1 ? argv[1] : NULL,
	        .origin = argc > 1 ? argv[1] : NULL,
	        .cookie = argc > 3 ? argv[3] : getenv("CHAT_COOKIE"),
	        .app = &room,
	        .events = {.state = on_state, .gap = on_gap, .presence_state = on_presence}};
	int result;

	if (params.room_id < 1 ||
	        chat_talk_client_new(&options, &params, &handlers, &room.talk) != MSGC_OK) {
		fprintf(stderr, "usage: %s http://HOST:PORT ROOM_ID 'chat_session=...'\n", argv[0]);
		return 2;
	}
	result = talk(&room);
	msgc_client_free(connection(&room));
	return result;
}
