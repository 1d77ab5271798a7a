/* SPDX-License-Identifier: MIT */
/*
 * POST /publish of the administrative listener: a message or an event for a group, from a program that knows no C, checked by the contract's own
 * decoder. It must not know who the members are.
 */
#include <string.h>

#include <msgc/codec_gen.h>

#include "connection.h"
#include "http_exchange.h"
#include "tags.h"

/* {"group":"chat_room_7","message":{…}}: what it says. */
struct publication {
	struct msgc_str group;
	struct msgc_json message;
	const struct msgc_group_type *type;
	const struct msgc_consumer *consumer; /* one that joins it: its envelope's names count */
};

/* ------------------------------------------------------------------------------------------- the key */

/* Every byte is looked at, however early they differ. */
static bool same(struct msgc_str given, const char *key)
{
	size_t len = strlen(key);
	unsigned char difference = given.len != len;

	for (size_t i = 0; i < given.len; i++)
		difference |= (unsigned char)(given.ptr[i] ^ key[len ? i % len : 0]);
	return difference == 0 && len > 0;
}

static bool has_key(const struct msgc__exchange *exchange)
{
	static const char scheme[] = "Bearer ";
	const struct msgc_str *header =
	        msgc__request_header(&exchange->request.head, "authorization");
	size_t at = sizeof scheme - 1;

	if (!header || header->len <= at || memcmp(header->ptr, scheme, at) != 0)
		return false;
	return same(msgc_str_of(header->ptr + at, header->len - at), exchange->config->publish_key);
}

/* ------------------------------------------------------------------------------------------ the group */

/* What the value of a parameter becomes in a name: see msgc_group_name_text(). */
static bool is_of_value(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	        c == '%' || c == '-';
}

/* Where the name can be after one part more: `reached` and `next` tell for each place in it. */
static void step(const char *part, struct msgc_str name, const bool *reached, bool *next)
{
	size_t literal = part ? strlen(part) : 0;

	memset(next, 0, (MSGC_GROUP_NAME_MAX + 1) * sizeof next[0]);
	for (size_t at = 0; at <= name.len; at++) {
		if (!reached[at])
			continue;
		if (part) {
			if (name.len - at >= literal && memcmp(name.ptr + at, part, literal) == 0)
				next[at + literal] = true;
			continue;
		}
		next[at] = true;
		for (size_t end = at; end < name.len && is_of_value(name.ptr[end]); end++)
			next[end + 1] = true;
	}
}

static bool fits(const struct msgc_group_type *type, struct msgc_str name)
{
	bool places[2][MSGC_GROUP_NAME_MAX + 1] = {{true}};

	if (name.len > MSGC_GROUP_NAME_MAX)
		return false;
	for (size_t i = 0; i < type->part_count; i++)
		step(type->parts[i], name, places[i % 2], places[(i + 1) % 2]);
	return places[type->part_count % 2][name.len];
}

static bool find_group(const struct msgc_server *server, struct publication *publication)
{
	struct msgc_str name = publication->group;

	for (size_t i = 0; i < server->served_count; i++) {
		const struct msgc_consumer *consumer = server->served[i]->consumer;

		for (size_t k = 0; k < consumer->group_count; k++) {
			if (!fits(&consumer->groups[k], name))
				continue;
			publication->type = &consumer->groups[k];
			publication->consumer = consumer;
			return true;
		}
	}
	return false;
}

/* ---------------------------------------------------------------------------------------- the message */

static int read_body(
        struct msgc__exchange *exchange, struct publication *ret, struct msgc_problems *problems)
{
	struct msgc_http_request *request = &exchange->request;
	struct msgc_object object;
	struct msgc_reader r;
	uint64_t seen = 0;

	if (msgc_reader_open(&r, (char *)(uintptr_t)request->body.ptr, request->body.len, NULL,
	            &request->arena, problems) &&
	        msgc_read_object(&r, &object)) {
		while (msgc_read_member(&r, &object)) {
			if (msgc_key_is(object.at.key, "group")) {
				msgc_read_once(&r, &object, &seen, 0);
				(void)msgc_read_str(&r, &ret->group);
			} else if (msgc_key_is(object.at.key, "message")) {
				msgc_read_once(&r, &object, &seen, 1);
				(void)msgc_read_json(&r, &ret->message);
			} else {
				msgc_read_unknown(&r, &object, true);
			}
		}
		if (!(seen & 1))
			msgc_read_missing(&r, &object, "group");
		if (!(seen & 2))
			msgc_read_missing(&r, &object, "message");
		msgc_read_object_end(&r, &object);
	}
	return msgc_reader_close(&r);
}

static bool has_tags_of(const struct msgc_message *message, const struct msgc_envelope *envelope)
{
	if (message->tag_count > envelope->tag_count)
		return false;
	for (size_t i = 0; i < message->tag_count; i++) {
		if (!msgc_tag_equal(&message->tags[i], &envelope->tags[i]))
			return false;
	}
	return message->tag_count > 0 || envelope->tag_count == 0;
}

/* Of those that fit the one with the most tags. */
static const struct msgc_message *find_message(
        const struct msgc_group_type *type, const struct msgc_envelope *envelope)
{
	const struct msgc_message *found = NULL;

	for (size_t i = 0; i < type->message_count; i++) {
		const struct msgc_message *message = type->messages[i];

		if (has_tags_of(message, envelope) &&
		        (!found || message->tag_count > found->tag_count))
			found = message;
	}
	return found;
}

static void add_unknown(struct publication *publication, struct msgc_problems *problems)
{
	const struct msgc_group_type *type = publication->type;
	const char *key = publication->consumer->speech.key;
	struct msgc_buf expected;

	msgc_buf_init(&expected, 4096);
	for (size_t i = 0; i < type->message_count; i++) {
		if (i > 0)
			msgc_buf_append_str(&expected, ", ");
		msgc__tags_print(&expected, type->messages[i]);
	}
	msgc_problems_add_unknown_action(
	        problems, key ? key : "0", msgc_buf_c(&expected) ? msgc_buf_c(&expected) : "?");
	msgc_buf_free(&expected);
}

/* The message in memory of its own: a decoder wants room behind it, and may write. */
static int decode(struct msgc__exchange *exchange, struct publication *publication,
        const struct msgc_message **ret_type, void **ret_value, struct msgc_problems *problems)
{
	struct msgc_arena *arena = &exchange->request.arena;
	struct msgc_decode_options options = {.max_depth = (uint32_t)exchange->config->depth_limit};
	size_t len = publication->message.len;
	char *text = msgc_arena_alloc(arena, len + MSGC_PADDING, 1);
	struct msgc_envelope envelope;
	const struct msgc_message *type;
	int result;

	if (!text)
		return MSGC_ENOMEM;
	memcpy(text, publication->message.ptr, len);
	memset(text + len, 0, MSGC_PADDING);
	result = msgc_envelope_read(text, len, &publication->consumer->speech.names, &options,
	        arena, &envelope, problems);
	if (result < 0)
		return result;
	type = find_message(publication->type, &envelope);
	if (!type) {
		add_unknown(publication, problems);
		return MSGC_ECONTRACT;
	}
	*ret_value = msgc_arena_calloc(arena, 1, type->size);
	*ret_type = type;
	if (!*ret_value)
		return MSGC_ENOMEM;
	return msgc_message_decode_in_place(type, text, len, &options, arena, *ret_value, problems);
}

/* ----------------------------------------------------------------------------------------- answering */

static void tell_problems(struct msgc__exchange *exchange, const struct msgc_problems *problems)
{
	struct msgc_buf text;

	msgc_buf_init(&text, 0);
	msgc_buf_append_str(&text, "{\"error\":{\"reason\":\"invalid\",\"problems\":");
	(void)msgc_problems_write(problems, &text);
	msgc_buf_append_str(&text, "}}");
	if (text.error || msgc_http_json(&exchange->response, msgc_buf_str(&text)) < 0)
		exchange->response.no_memory = true;
	exchange->response.status = 400;
	msgc_buf_free(&text);
}

static int publish(struct msgc__exchange *exchange, struct msgc_problems *problems)
{
	struct publication publication = {0};
	const struct msgc_message *type = NULL;
	void *value = NULL;
	int result = read_body(exchange, &publication, problems);

	if (result == 0 && !find_group(exchange->server, &publication))
		result = MSGC_ENOTFOUND;
	if (result == 0)
		result = decode(exchange, &publication, &type, &value, problems);
	if (result == 0)
		result = msgc__group_publish_from(exchange->server, publication.type->kind,
		        publication.group, type, value, MSGC__BY_ADMIN);
	if (result < 0)
		return result;
	(void)msgc_http_json(&exchange->response, MSGC_STR("{\"status\":\"published\"}"));
	exchange->response.status = 202;
	return 0;
}

/* On a pool thread. */
static void run(struct msgc__exchange *exchange)
{
	struct msgc_problems problems;
	int result;

	msgc_problems_clear(&problems);
	result = publish(exchange, &problems);
	if (result == 0)
		return;
	if (result == MSGC_ECONTRACT)
		tell_problems(exchange, &problems);
	else if (result == MSGC_ENOTFOUND)
		msgc_http_error(&exchange->response, 404, "unknown_group",
		        "No group that is served here has such a name.");
	else
		msgc__response_fail(&exchange->response, result);
}

void msgc__exchange_publish(struct msgc__exchange *exchange)
{
	if (!*exchange->config->publish_key) {
		msgc__exchange_answer(exchange, 404, "There is no publish-key.");
	} else if (!has_key(exchange)) {
		msgc__response_fail(&exchange->response, MSGC_EUNAUTHENTICATED);
	} else {
		exchange->todo = MSGC__DO_ADMIN;
		exchange->admin = run;
	}
}
