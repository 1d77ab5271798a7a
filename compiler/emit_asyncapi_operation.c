/* SPDX-License-Identifier: MIT */
/*
 * emit_asyncapi_operation.c - what is done in a channel, seen from the server, and the security
 * schemes that doing it asks for.
 */
#include "emit_asyncapi.h"

#include <string.h>

#include "arena.h"

/* ------------------------------------------------------------------ security */

static const struct scheme {
	enum model_auth kind;
	const char *words[8]; /* keys and values of the scheme */
} schemes[] = {
        {MODEL_AUTH_SESSION,
                {"type", "httpApiKey", "in", "cookie", "name", "session", "description",
                        "A cookie of the session; the program says what it is called. Cookies "
                        "count only with "
                        "an Origin that is allowed."}},
        {MODEL_AUTH_JWT,
                {"type", "http", "scheme", "bearer", "bearerFormat", "JWT", "description",
                        "In the Authorization header, in a cookie, or as the first frame "
                        "`authenticate`."}},
        {MODEL_AUTH_TICKET,
                {"type", "httpApiKey", "in", "query", "name", "ticket", "description",
                        "One use, from an HTTP route of the server: in the URL, or as the first "
                        "frame "
                        "`authenticate`."}},
        {MODEL_AUTH_BASIC,
                {"type", "http", "scheme", "basic", "description",
                        "Name and password in the Authorization header, for machines."}},
};

static const struct scheme *find_scheme(enum model_auth kind)
{
	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
		if (schemes[i].kind == kind)
			return &schemes[i];
	}
	return NULL;
}

static void define_scheme(struct asyncapi *a, const char *name, const struct scheme *scheme)
{
	struct json_object *object;

	if (json_object_object_get_ex(a->security, name, NULL))
		return;
	object = schema_object();
	for (size_t i = 0; i + 1 < sizeof(scheme->words) / sizeof(scheme->words[0]); i += 2) {
		if (scheme->words[i] != NULL)
			schema_put_text(object, scheme->words[i], scheme->words[i + 1]);
	}
	schema_put(a->security, name, object);
}

/* One of them is enough. Where everybody is let in, nothing is asked for. */
static struct json_object *security_of(struct asyncapi *a, const struct model_consumer *route)
{
	struct json_object *list = schema_array();

	for (size_t i = 0; i < route->n_auth; i++) {
		const struct scheme *scheme = find_scheme(route->auth[i]);
		const char *name = channel_auth_name(route->auth[i]);

		if (scheme == NULL)
			continue; /* anonymous: x-auth says so */
		define_scheme(a, name, scheme);
		schema_append(list, asyncapi_reference("#/components/securitySchemes/%s", name));
	}
	return list;
}

/* ---------------------------------------------------------------- operations */

static struct json_object *message_in(const struct channel *channel, const char *id)
{
	return asyncapi_reference("#/channels/%s/messages/%s", channel->id, id);
}

static const struct channel_message *find_message(const struct channel *channel, const char *name)
{
	for (size_t i = 0; i < channel->messages.n; i++) {
		const struct channel_message *entry = channel->messages.items[i];

		if (entry->message->is_std && strcmp(entry->message->name, name) == 0)
			return entry;
	}
	return NULL;
}

/* What may follow a client's frame beside its answers. */
static void append_standard(
        struct json_object *messages, const struct channel *channel, const char *name)
{
	const struct channel_message *entry = find_message(channel, name);

	if (entry != NULL)
		schema_append(messages, message_in(channel, entry->id));
}

static void put_reply(struct json_object *object, const struct channel *channel,
        const struct channel_operation *operation)
{
	struct json_object *reply = schema_object(), *messages = schema_array();

	for (size_t i = 0; i < operation->n_replies; i++)
		schema_append(messages, message_in(channel, operation->replies[i]->id));
	if (operation->verb == CHANNEL_RECEIVE) {
		append_standard(messages, channel, "complete");
		append_standard(messages, channel, "error");
	}
	if (json_object_array_length(messages) == 0) {
		json_object_put(messages);
		json_object_put(reply);
		return;
	}
	schema_put(reply, "channel", asyncapi_reference("#/channels/%s", channel->id));
	schema_put(reply, "messages", messages);
	schema_put(object, "reply", reply);
}

static const char *summary_of(const struct channel_operation *operation)
{
	switch (operation->verb) {
	case CHANNEL_RECEIVE: return "A client sends it.";
	case CHANNEL_SEND: return "The server sends it on its own initiative.";
	case CHANNEL_ASK: return "The server asks.";
	case CHANNEL_BROADCAST: return "To every member of a group.";
	case CHANNEL_EVENT: return "From outside, to every member of a group.";
	default: return "The server says it by itself.";
	}
}

static struct json_object *operation_object(struct asyncapi *a, const struct channel *channel,
        const struct channel_operation *operation)
{
	struct json_object *object = schema_object(), *messages = schema_array();

	schema_put_text(object, "action", operation->verb == CHANNEL_RECEIVE ? "receive" : "send");
	schema_put(object, "channel", asyncapi_reference("#/channels/%s", channel->id));
	schema_put_text(object, "summary", summary_of(operation));
	schema_put_unless_empty(object, "security", security_of(a, channel->route));
	schema_put(object, "tags", asyncapi_tag(channel->id));
	schema_append(messages, message_in(channel, operation->message->id));
	schema_put(object, "messages", messages);
	put_reply(object, channel, operation);
	if (operation->group != NULL)
		schema_put_text(object, "x-group", operation->group->name);
	return object;
}

void asyncapi_put_operations(
        struct asyncapi *a, struct json_object *operations, const struct channel *channel)
{
	for (size_t i = 0; i < channel->operations.n; i++) {
		const struct channel_operation *operation = channel->operations.items[i];
		struct writer *w = schema_text_begin();

		writer_add(w, "%s-%s-%s", channel->id, channel_verb_name(operation->verb),
		        operation->message->id);
		schema_put(
		        operations, schema_text_result(w), operation_object(a, channel, operation));
		writer_free(w);
	}
}
