/* SPDX-License-Identifier: MIT */
/*
 * say.c - from a line to a frame: the message that is meant, its members, and what the contract has against it, in the server's words and with the place. It must not
 * know where lines come from.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>
#include <msgc/codec_gen.h>

#include "arena.h"
#include "call.h"

/* ------------------------------------------------------------------ places */

static size_t skip_space(const char *text, size_t len, size_t at)
{
	while (at < len && strchr(" \t\r\n", text[at]))
		at++;
	return at;
}

/* Behind the string that begins at `at`. */
static size_t skip_string(const char *text, size_t len, size_t at)
{
	for (at++; at < len && text[at] != '"'; at++)
		at += text[at] == '\\';
	return at < len ? at + 1 : len;
}

/* Behind the value that begins at `at`. */
static size_t skip_value(const char *text, size_t len, size_t at)
{
	size_t depth = 0;

	do {
		if (at >= len)
			return len;
		if (text[at] == '"') {
			at = skip_string(text, len, at);
			continue;
		}
		depth += text[at] == '{' || text[at] == '[';
		if (text[at] == '}' || text[at] == ']') {
			if (depth == 0)
				return at;
			depth--;
		} else if (text[at] == ',' && depth == 0) {
			return at;
		}
		at++;
	} while (depth > 0 || (at < len && !strchr(",}]", text[at])));
	return at;
}

/* The value of a member; SIZE_MAX: there is none. */
static size_t find_member(const char *text, size_t len, size_t at, const char *name)
{
	size_t name_len = strlen(name);

	for (at = skip_space(text, len, at + 1); at < len && text[at] == '"';) {
		size_t end = skip_string(text, len, at);
		bool is_it = end - at == name_len + 2 && memcmp(text + at + 1, name, name_len) == 0;

		at = skip_space(text, len, end);
		at = skip_space(text, len, at + (at < len));
		if (is_it)
			return at;
		at = skip_space(text, len, skip_value(text, len, at));
		if (at < len && text[at] == ',')
			at = skip_space(text, len, at + 1);
	}
	return SIZE_MAX;
}

static size_t find_item(const char *text, size_t len, size_t at, size_t index)
{
	for (at = skip_space(text, len, at + 1); at < len && index > 0; index--) {
		at = skip_space(text, len, skip_value(text, len, at));
		at = skip_space(text, len, at + (at < len));
	}
	return at;
}

size_t call_locate(const char *text, size_t len, const char *loc)
{
	struct json_object *path = json_tokener_parse(loc);
	size_t at = skip_space(text, len, 0), next;

	for (size_t i = 0; path && i < json_object_array_length(path) && at < len; i++) {
		struct json_object *step = json_object_array_get_idx(path, i);

		if (json_object_is_type(step, json_type_int) && text[at] == '[')
			next = find_item(text, len, at, (size_t)json_object_get_int64(step));
		else if (text[at] == '{')
			next = find_member(text, len, at, json_object_get_string(step));
		else
			break;
		if (next == SIZE_MAX)
			break;
		at = next;
	}
	json_object_put(path);
	return at < len ? at : len;
}

/* ----------------------------------------------------------------- problems */

/* "… at byte 37" is where JSON broke. False: it is another problem. */
static bool broke_at(const struct msgc_problem *problem, size_t *ret)
{
	const char *at = strstr(problem->msg, "at byte ");

	if (strcmp(problem->type, "json_invalid") != 0 || !at)
		return false;
	*ret = strtoul(at + strlen("at byte "), NULL, 10);
	return true;
}

/* "["payload","mood"] Input should be …" with the place under the line. */
static void show_problem(
        struct call *call, const struct msgc_problem *problem, struct msgc_str typed, size_t before)
{
	struct msgc_str frame = msgc_buf_str(&call->text);
	size_t at = call_locate(frame.ptr, frame.len, problem->loc), column;

	if (broke_at(problem, &column))
		at = column;
	at = at > before ? at - before : 0;
	if (at > typed.len)
		at = typed.len;
	call_complain(call, "%s %s", problem->loc, problem->msg);
	column = msgc_utf8_count(msgc_str_of(typed.ptr, msgc_utf8_cut(typed.ptr, typed.len, at)));
	call_note(call, "  %.*s", (int)typed.len, typed.ptr);
	call_note(call, "  %*s^", (int)column, "");
}

/* False: the contract refuses it, and it has been said why. before: bytes of the frame that were not typed. */
static bool check(struct call *call, const struct model_message *message, struct msgc_str typed,
        size_t before)
{
	const struct msgc_message *type = call_types_message(call->types, message);
	struct msgc_problems *problems = memory_get(sizeof(*problems));
	void *value = NULL;
	int result;

	msgc_arena_reset(&call->arena);
	msgc_problems_clear(problems);
	value = msgc_arena_calloc(&call->arena, 1, type->size + 1);
	result = value ? msgc_type_decode(type->type, call->text.data, call->text.len, NULL,
	                         &call->arena, value, problems)
	               : MSGC_ENOMEM;
	for (uint32_t i = 0; i < problems->kept; i++)
		show_problem(call, &problems->items[i], typed, before);
	if (result != MSGC_OK && problems->kept == 0)
		call_complain(call, "%s", msgc_error_name(result));
	free(problems);
	return result == MSGC_OK;
}

/* ------------------------------------------------------------------- frames */

const struct call_action *call_find_action(const struct call *call, const char *name, size_t len)
{
	for (int by_wire = 1; by_wire >= 0; by_wire--) {
		for (size_t i = 0; i < call->actions.n; i++) {
			const struct call_action *action = call->actions.items[i];
			const char *known = by_wire ? action->name : action->message->name;

			if (strlen(known) == len && memcmp(known, name, len) == 0)
				return action;
		}
	}
	return NULL;
}

const struct model_member *call_payload(const struct model_message *message, bool *ret_is_all)
{
	const struct model_type *record = message->record;

	*ret_is_all = record->n_members == 1;
	for (size_t i = 0; i < record->n_members && record->kind == MODEL_RECORD; i++) {
		if (strcmp(record->members[i].wire, "payload") == 0)
			return &record->members[i];
	}
	return NULL;
}

static bool has_member(const struct model_message *message, const char *name)
{
	const struct model_type *record = message->record;

	for (size_t i = 0; i < record->n_members; i++) {
		if (record->members[i].wire && strcmp(record->members[i].wire, name) == 0)
			return true;
	}
	return record->further != NULL;
}

/* Is this object the message's own members, or what its payload is? */
static bool is_members(const struct model_message *message, const char *json)
{
	struct json_object *object = json_tokener_parse(json);
	bool is_all = true, has_any = false, only_payload;

	if (!call_payload(message, &only_payload))
		is_all = true;
	else if (!json_object_is_type(object, json_type_object))
		is_all = false;
	else {
		json_object_object_foreach(object, key, value)
		{
			(void)value;
			has_any = true;
			is_all = is_all && has_member(message, key);
		}
		is_all = is_all && (has_any || !only_payload);
	}
	json_object_put(object);
	return is_all;
}

static void put_tags(struct call *call, const struct model_message *message)
{
	const struct model_discriminator *by = message->discriminator;

	for (size_t i = 0; i < message->n_tags; i++) {
		msgc_buf_append_str(&call->text, i > 0 ? "," : "");
		msgc_write_str(&call->text, msgc_str_from(by->keys[i]));
		msgc_buf_append_char(&call->text, ':');
		if (message->tags[i].kind == MODEL_LITERAL_STRING)
			msgc_write_str(&call->text, msgc_str_from(message->tags[i].text));
		else
			msgc_buf_append_str(&call->text, message->tags[i].text);
	}
}

/* {"action":"say", what was typed}. Returns how much stands before that. */
static size_t compose(struct call *call, const struct model_message *message, const char *json)
{
	size_t len = strlen(json), before;
	bool members = *json == '{' && is_members(message, json);

	msgc_buf_reset(&call->text);
	msgc_buf_append_char(&call->text, '{');
	put_tags(call, message);
	if (len == 0) {
		msgc_buf_append_char(&call->text, '}');
		return call->text.len;
	}
	if (members) {
		/* Its brace is the frame's. */
		if (skip_space(json, len, 1) + 1 < len && message->n_tags > 0)
			msgc_buf_append_char(&call->text, ',');
		before = call->text.len;
		msgc_buf_append(&call->text, json + 1, len - 1);
		return before - (before > 0);
	}
	msgc_buf_append_str(&call->text, message->n_tags > 0 ? ",\"payload\":" : "\"payload\":");
	before = call->text.len;
	msgc_buf_append(&call->text, json, len);
	msgc_buf_append_char(&call->text, '}');
	return before;
}

/* So that frames are one line each, whatever was typed. */
static bool put_envelope(struct call *call, const struct call_action *action, char ret_ref[24])
{
	const struct msgc_envelope_names *names = &call->type.said;
	struct msgc_envelope envelope = {0};
	bool is_answer = action->question != NULL && call->question.ref != NULL;

	ret_ref[0] = '\0';
	if (is_answer) {
		snprintf(ret_ref, 24, "%s", call->question.ref);
	} else if (action->receive && (names->ref || names->ref_at > 0)) {
		/* Those of the client itself are numbers from 1 on. */
		snprintf(ret_ref, 24, names->ref_type ? "9%06" PRIu64 : "c%" PRIu64,
		        ++call->last_ref);
	}
	envelope.has_ref = ret_ref[0] != '\0';
	envelope.ref = is_answer ? msgc_str_from(call->question.ref) : msgc_str_from(ret_ref);
	envelope.has_topic = call->topic != NULL && names->topic != NULL;
	envelope.topic = msgc_str_from(call->topic);
	return msgc_envelope_write(&call->text, names, &envelope) == MSGC_OK;
}

/* A frame that was typed whole. */
static enum call_said say_frame(struct call *call, const char *line, char ret_ref[24],
        const struct call_action **ret_action)
{
	struct msgc_problems *problems = memory_get(sizeof(*problems));
	struct msgc_envelope envelope;
	char *copy = memory_get(strlen(line) + MSGC_PADDING);
	int result;

	memcpy(copy, line, strlen(line) + 1);
	msgc_arena_reset(&call->arena);
	msgc_problems_clear(problems);
	msgc_buf_reset(&call->text);
	msgc_buf_append_str(&call->text, line);
	result = msgc_envelope_read(
	        copy, strlen(line), &call->type.said, NULL, &call->arena, &envelope, problems);
	for (uint32_t i = 0; i < problems->kept; i++)
		show_problem(call, &problems->items[i], msgc_str_from(line), 0);
	if (result == MSGC_OK && envelope.tag_count > 0 && envelope.tags[0].kind == MSGC_TAG_STRING)
		*ret_action = call_find_action(
		        call, envelope.tags[0].text.ptr, envelope.tags[0].text.len);
	snprintf(ret_ref, 24, "%.*s", (int)envelope.ref.len,
	        envelope.has_ref ? envelope.ref.ptr : "");
	free(problems);
	free(copy);
	if (result != MSGC_OK)
		return CALL_SAID_WRONG;
	if (*ret_action && !check(call, (*ret_action)->message, msgc_str_from(line), 0))
		return CALL_SAID_WRONG;
	return CALL_SAID_FRAME;
}

static enum call_said say_action(struct call *call, const char *line, char ret_ref[24],
        const struct call_action **ret_action)
{
	size_t word = strcspn(line, " \t");
	const char *json = line + word + strspn(line + word, " \t");
	const struct call_action *action = call_find_action(call, line, word);
	bool is_all;
	size_t before;

	if (!action) {
		call_complain(call, "there is no message '%.*s' here; /actions lists them",
		        (int)word, line);
		return CALL_SAID_WRONG;
	}
	if (action->message->record->kind != MODEL_RECORD) {
		call_complain(call, "frames of this contract are arrays: type it whole");
		return CALL_SAID_WRONG;
	}
	if (*json != '\0' && *json != '{' && !call_payload(action->message, &is_all)) {
		call_complain(call, "'%s' has no payload: give its members, {\"name\": value}",
		        action->name);
		return CALL_SAID_WRONG;
	}
	before = compose(call, action->message, json);
	if (!check(call, action->message, msgc_str_from(json), before))
		return CALL_SAID_WRONG;
	*ret_action = action;
	return put_envelope(call, action, ret_ref) ? CALL_SAID_FRAME : CALL_SAID_WRONG;
}

enum call_said call_say(struct call *call, const char *line, char ret_ref[24],
        const struct call_action **ret_action)
{
	*ret_action = NULL;
	ret_ref[0] = '\0';
	line += strspn(line, " \t");
	switch (*line) {
	case '\0':
	case '#': return CALL_SAID_NOTHING;
	case '/': return call_command(call, line) ? CALL_SAID_COMMAND : CALL_SAID_WRONG;
	case '{':
	case '[': return say_frame(call, line, ret_ref, ret_action);
	default: return say_action(call, line, ret_ref, ret_action);
	}
}
