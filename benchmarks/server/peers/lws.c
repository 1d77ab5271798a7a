/* SPDX-License-Identifier: MIT */
/*
 * libwebsockets as its documentation and minimal examples teach: its own loop, one callback, a list of pending messages in each session, one
 * lws_write() for each LWS_CALLBACK_SERVER_WRITEABLE, which is asked for again while more is pending. JSON by json-c: parsed, looked at
 * for its action and members, written again. Broadcasts are one message, counted by its readers, on everybody's list.
 *
 *   lws PORT
 */
#include <json-c/json.h>
#include <libwebsockets.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

enum { MESSAGE_MAX = 64 * 1024 };

struct message {
	unsigned readers;
	size_t len;
	unsigned char bytes[]; /* LWS_PRE, then the text */
};

struct pending {
	struct pending *next;
	struct message *message;
};

struct session {
	struct lws *wsi;
	struct session *next, **before; /* of the room */
	struct pending *first, **last;
	char *text; /* a message that comes in pieces */
	size_t len;
};

static struct session *room;

static struct message *message_new(json_object *json)
{
	size_t len;
	const char *text = json_object_to_json_string_length(
	        json, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE, &len);
	struct message *message = malloc(sizeof(*message) + LWS_PRE + len);

	if (!message)
		return NULL;
	message->readers = 1;
	message->len = len;
	memcpy(message->bytes + LWS_PRE, text, len);
	return message;
}

static void message_drop(struct message *message)
{
	if (message && --message->readers == 0)
		free(message);
}

static void queue(struct session *session, struct message *message)
{
	struct pending *pending = malloc(sizeof(*pending));

	if (!pending)
		return;
	pending->next = NULL;
	pending->message = message;
	message->readers++;
	*session->last = pending;
	session->last = &pending->next;
	lws_callback_on_writable(session->wsi);
}

static struct message *dequeue(struct session *session)
{
	struct pending *pending = session->first;
	struct message *message = pending->message;

	session->first = pending->next;
	if (!session->first)
		session->last = &session->first;
	free(pending);
	return message;
}

/* What a careful program asks before it believes a message. */
static bool is_chat(json_object *json)
{
	json_object *action, *payload, *id, *name, *text;

	return json_object_object_get_ex(json, "action", &action) &&
	        json_object_is_type(action, json_type_string) &&
	        !strcmp(json_object_get_string(action), "chat") &&
	        json_object_object_get_ex(json, "payload", &payload) &&
	        json_object_object_get_ex(payload, "id", &id) &&
	        json_object_is_type(id, json_type_int) &&
	        json_object_object_get_ex(payload, "name", &name) &&
	        json_object_is_type(name, json_type_string) &&
	        json_object_object_get_ex(payload, "text", &text) &&
	        json_object_is_type(text, json_type_string);
}

static void handle(struct session *session, const char *text, size_t len)
{
	json_tokener *tokener = json_tokener_new();
	json_object *json = tokener ? json_tokener_parse_ex(tokener, text, (int)len) : NULL;
	struct message *message = NULL;

	if (json && is_chat(json)) {
		if (session->before) {
			json_object_object_add(json, "is_mine", json_object_new_boolean(0));
			json_object_object_add(json, "is_current", json_object_new_boolean(0));
		}
		message = message_new(json);
	}
	if (message && session->before)
		for (struct session *member = room; member; member = member->next)
			queue(member, message);
	else if (message)
		queue(session, message);
	message_drop(message);
	json_object_put(json);
	json_tokener_free(tokener);
}

static int receive(struct session *session, const char *in, size_t len)
{
	bool first = lws_is_first_fragment(session->wsi),
	     final = lws_is_final_fragment(session->wsi);
	char *text;

	if (first && final) {
		handle(session, in, len);
		return 0;
	}
	if (session->len + len > MESSAGE_MAX)
		return -1;
	text = realloc(session->text, session->len + len + 1);
	if (!text)
		return -1;
	memcpy(text + session->len, in, len);
	session->text = text;
	session->len += len;
	if (final) {
		handle(session, session->text, session->len);
		free(session->text);
		session->text = NULL;
		session->len = 0;
	}
	return 0;
}

static int write_one(struct session *session)
{
	struct message *message;
	int written;

	if (!session->first)
		return 0;
	message = dequeue(session);
	/* lws_write() writes its head before the text, the same one each time. */
	written = lws_write(session->wsi, message->bytes + LWS_PRE, message->len, LWS_WRITE_TEXT);
	if (written < (int)message->len) {
		message_drop(message);
		return -1;
	}
	message_drop(message);
	if (session->first)
		lws_callback_on_writable(session->wsi);
	return 0;
}

static void enter(struct session *session, struct lws *wsi)
{
	char path[64] = "";

	memset(session, 0, sizeof(*session));
	session->wsi = wsi;
	session->last = &session->first;
	lws_hdr_copy(wsi, path, sizeof(path), WSI_TOKEN_GET_URI);
	if (strcmp(path, "/room/"))
		return;
	session->next = room;
	session->before = &room;
	if (room)
		room->before = &session->next;
	room = session;
}

static void leave(struct session *session)
{
	if (session->before) {
		*session->before = session->next;
		if (session->next)
			session->next->before = session->before;
	}
	while (session->first)
		message_drop(dequeue(session));
	free(session->text);
}

static int callback(
        struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	switch (reason) {
	case LWS_CALLBACK_ESTABLISHED: enter(user, wsi); return 0;
	case LWS_CALLBACK_RECEIVE: return receive(user, in, len);
	case LWS_CALLBACK_SERVER_WRITEABLE: return write_one(user);
	case LWS_CALLBACK_CLOSED: leave(user); return 0;
	default: return lws_callback_http_dummy(wsi, reason, user, in, len);
	}
}

int main(int argc, char **argv)
{
	static const struct lws_protocols protocols[] = {
	        {"speed", callback, sizeof(struct session), 4096, 0, NULL, 0}, {0}};
	struct lws_context_creation_info info;
	struct lws_context *context;
	struct rlimit limit;

	if (argc != 2)
		return 2;
	if (!getrlimit(RLIMIT_NOFILE, &limit)) { /* the library has a table of this length */
		limit.rlim_cur = limit.rlim_max < 65536 ? limit.rlim_max : 65536;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
	lws_set_log_level(LLL_ERR | LLL_WARN, NULL);
	memset(&info, 0, sizeof(info));
	info.port = atoi(argv[1]);
	info.iface = "127.0.0.1";
	info.protocols = protocols;
	context = lws_create_context(&info);
	if (!context)
		return 1;
	while (lws_service(context, 0) >= 0)
		;
	lws_context_destroy(context);
	return 0;
}
