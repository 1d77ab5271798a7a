/* SPDX-License-Identifier: MIT */
/* json-c: one tokener for all texts, strict; members by look-up. */
#include <json-c/json.h>

#include "checks.h"

static json_tokener *tokener;
static json_object *held;

static void release(void)
{
	json_object_put(held);
	held = NULL;
}

static bool get_str(json_object *o, struct msgc_str *ret)
{
	if (!json_object_is_type(o, json_type_string))
		return false;
	*ret = str_of(json_object_get_string(o), (size_t)json_object_get_string_len(o));
	return true;
}

static bool member_str(json_object *o, const char *name, struct msgc_str *ret)
{
	json_object *v;

	return json_object_object_get_ex(o, name, &v) && get_str(v, ret);
}

static bool member_int(json_object *o, const char *name, int64_t *ret)
{
	json_object *v;

	if (!json_object_object_get_ex(o, name, &v) || !json_object_is_type(v, json_type_int))
		return false;
	*ret = json_object_get_int64(v);
	return true;
}

/* The whole text; ret: its payload. */
static bool parse(
        char *text, size_t len, const char *action, enum json_type type, json_object **ret)
{
	struct msgc_str a;

	if (!tokener) {
		tokener = json_tokener_new();
		json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
	}
	json_tokener_reset(tokener);
	/* With the NUL, so that it knows that the text ends here. */
	held = json_tokener_parse_ex(tokener, text, (int)len + 1);
	return held && member_str(held, "action", &a) && is_text(a, action, strlen(action)) &&
	        json_object_object_get_ex(held, "payload", ret) && json_object_is_type(*ret, type);
}

static bool decode_chat(char *text, size_t len, void *ret)
{
	struct bench_chat *v = ret;
	json_object *payload;

	return parse(text, len, "chat", json_type_string, &payload) &&
	        get_str(payload, &v->payload) && check_text(v->payload);
}

static bool decode_message(char *text, size_t len, void *ret)
{
	struct bench_new_message_payload *v = &((struct bench_new_message *)ret)->payload;
	json_object *payload, *o;
	size_t n;

	if (!parse(text, len, "new_message", json_type_object, &payload) ||
	        !member_str(payload, "content", &v->content) ||
	        !member_str(payload, "sender_name", &v->sender_name) ||
	        !member_str(payload, "timestamp", &v->timestamp) ||
	        !member_int(payload, "reply_to", &v->reply_to) ||
	        !json_object_object_get_ex(payload, "raw", &o) ||
	        !json_object_is_type(o, json_type_boolean))
		return false;
	v->raw = json_object_get_boolean(o);
	if (!json_object_object_get_ex(payload, "mentions", &o) ||
	        !json_object_is_type(o, json_type_array))
		return false;
	n = json_object_array_length(o);
	if (n > MENTIONS_MOST)
		return false;
	for (size_t i = 0; i < n; i++)
		if (!get_str(json_object_array_get_idx(o, i), &mentions_room[i]))
			return false;
	v->mentions.items = mentions_room;
	v->mentions.count = n;
	return check_message(v);
}

static bool decode_history(char *text, size_t len, void *ret)
{
	struct bench_history *v = ret;
	json_object *payload, *o;
	size_t n;

	if (!parse(text, len, "history", json_type_array, &payload))
		return false;
	n = json_object_array_length(payload);
	if (n > LINES_MOST)
		return false;
	for (size_t i = 0; i < n; i++) {
		struct bench_line *l = &lines_room[i];

		o = json_object_array_get_idx(payload, i);
		if (!json_object_is_type(o, json_type_object) ||
		        !member_str(o, "username", &l->username) ||
		        !member_str(o, "message", &l->message) ||
		        !member_str(o, "timestamp", &l->timestamp) ||
		        !member_int(o, "id", &l->id) || !check_line(l))
			return false;
	}
	v->payload.items = lines_room;
	v->payload.count = n;
	return true;
}

static bool decode_telemetry(char *text, size_t len, void *ret)
{
	struct bench_telemetry_payload *v = &((struct bench_telemetry *)ret)->payload;
	json_object *payload, *values, *ids, *o;

	if (!parse(text, len, "telemetry", json_type_object, &payload) ||
	        !json_object_object_get_ex(payload, "values", &values) ||
	        !json_object_object_get_ex(payload, "ids", &ids) ||
	        !json_object_is_type(values, json_type_array) ||
	        !json_object_is_type(ids, json_type_array))
		return false;
	v->values.count = json_object_array_length(values);
	v->ids.count = json_object_array_length(ids);
	if (v->values.count > NUMBERS_MOST || v->ids.count > NUMBERS_MOST)
		return false;
	for (size_t i = 0; i < v->values.count; i++) {
		o = json_object_array_get_idx(values, i);
		if (!json_object_is_type(o, json_type_double) &&
		        !json_object_is_type(o, json_type_int))
			return false;
		values_room[i] = json_object_get_double(o);
	}
	for (size_t i = 0; i < v->ids.count; i++) {
		o = json_object_array_get_idx(ids, i);
		if (!json_object_is_type(o, json_type_int))
			return false;
		ids_room[i] = json_object_get_int64(o);
	}
	v->values.items = values_room;
	v->ids.items = ids_room;
	return true;
}

/* ---- writing: a tree, then its text ---- */

static json_object *new_str(struct msgc_str s)
{
	return json_object_new_string_len(s.ptr, (int)s.len);
}

static void add(json_object *to, const char *name, json_object *v)
{
	json_object_object_add_ex(
	        to, name, v, JSON_C_OBJECT_ADD_KEY_IS_NEW | JSON_C_OBJECT_ADD_CONSTANT_KEY);
}

static size_t print(const char *action, json_object *payload, const char **ret)
{
	size_t len;

	held = json_object_new_object();
	add(held, "action", json_object_new_string(action));
	add(held, "payload", payload);
	*ret = json_object_to_json_string_length(
	        held, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE, &len);
	return len;
}

static size_t encode_chat(const void *value, const char **ret)
{
	const struct bench_chat *v = value;

	return print("chat", new_str(v->payload), ret);
}

static size_t encode_message(const void *value, const char **ret)
{
	const struct bench_new_message_payload *v =
	        &((const struct bench_new_message *)value)->payload;
	json_object *o = json_object_new_object(),
	            *mentions = json_object_new_array_ext((int)v->mentions.count);

	add(o, "content", new_str(v->content));
	add(o, "sender_name", new_str(v->sender_name));
	add(o, "raw", json_object_new_boolean(v->raw));
	add(o, "timestamp", new_str(v->timestamp));
	add(o, "reply_to", json_object_new_int64(v->reply_to));
	for (size_t i = 0; i < v->mentions.count; i++)
		json_object_array_add(mentions, new_str(v->mentions.items[i]));
	add(o, "mentions", mentions);
	return print("new_message", o, ret);
}

static size_t encode_history(const void *value, const char **ret)
{
	const struct bench_history *v = value;
	json_object *list = json_object_new_array_ext((int)v->payload.count), *o;

	for (size_t i = 0; i < v->payload.count; i++) {
		const struct bench_line *l = &v->payload.items[i];

		o = json_object_new_object();
		add(o, "username", new_str(l->username));
		add(o, "message", new_str(l->message));
		add(o, "timestamp", new_str(l->timestamp));
		add(o, "id", json_object_new_int64(l->id));
		json_object_array_add(list, o);
	}
	return print("history", list, ret);
}

static size_t encode_telemetry(const void *value, const char **ret)
{
	const struct bench_telemetry_payload *v = &((const struct bench_telemetry *)value)->payload;
	json_object *o = json_object_new_object(),
	            *values = json_object_new_array_ext((int)v->values.count),
	            *ids = json_object_new_array_ext((int)v->ids.count);

	for (size_t i = 0; i < v->values.count; i++)
		json_object_array_add(values, json_object_new_double(v->values.items[i]));
	for (size_t i = 0; i < v->ids.count; i++)
		json_object_array_add(ids, json_object_new_int64(v->ids.items[i]));
	add(o, "values", values);
	add(o, "ids", ids);
	return print("telemetry", o, ret);
}

static const struct peer json_c = {
        .name = "json-c " JSON_C_VERSION,
        .decode = {decode_chat, decode_message, decode_history, decode_telemetry, decode_message},
        .encode = {encode_chat, encode_message, encode_history, encode_telemetry, NULL},
        .release = release,
};

const struct peer *const *bench_peers(void)
{
	static const struct peer *const peers[] = {&json_c, NULL};

	return peers;
}
