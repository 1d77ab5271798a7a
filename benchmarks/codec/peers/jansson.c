/* SPDX-License-Identifier: MIT */
/* Jansson: a tree, its members by look-up; written into a buffer of ours. */
#include <jansson.h>

#include "checks.h"

static json_t *held;
static char printed[1 << 16];

static void release(void)
{
	json_decref(held);
	held = NULL;
}

static bool get_str(const json_t *o, struct msgc_str *ret)
{
	if (!json_is_string(o))
		return false;
	*ret = str_of(json_string_value(o), json_string_length(o));
	return true;
}

static bool get_int(const json_t *o, int64_t *ret)
{
	if (!json_is_integer(o))
		return false;
	*ret = json_integer_value(o);
	return true;
}

static bool parse(char *text, size_t len, const char *action, json_t **ret)
{
	struct msgc_str a;
	json_error_t error;

	held = json_loadb(text, len, 0, &error);
	*ret = json_object_get(held, "payload");
	return *ret && get_str(json_object_get(held, "action"), &a) &&
	        is_text(a, action, strlen(action));
}

static bool decode_chat(char *text, size_t len, void *ret)
{
	struct bench_chat *v = ret;
	json_t *payload;

	return parse(text, len, "chat", &payload) && get_str(payload, &v->payload) &&
	        check_text(v->payload);
}

static bool decode_message(char *text, size_t len, void *ret)
{
	struct bench_new_message_payload *v = &((struct bench_new_message *)ret)->payload;
	json_t *payload, *raw, *mentions;

	if (!parse(text, len, "new_message", &payload))
		return false;
	raw = json_object_get(payload, "raw");
	mentions = json_object_get(payload, "mentions");
	if (!get_str(json_object_get(payload, "content"), &v->content) ||
	        !get_str(json_object_get(payload, "sender_name"), &v->sender_name) ||
	        !get_str(json_object_get(payload, "timestamp"), &v->timestamp) ||
	        !get_int(json_object_get(payload, "reply_to"), &v->reply_to) ||
	        !json_is_boolean(raw) || !json_is_array(mentions) ||
	        json_array_size(mentions) > MENTIONS_MOST)
		return false;
	v->raw = json_is_true(raw);
	v->mentions.items = mentions_room;
	v->mentions.count = json_array_size(mentions);
	for (size_t i = 0; i < v->mentions.count; i++)
		if (!get_str(json_array_get(mentions, i), &mentions_room[i]))
			return false;
	return check_message(v);
}

static bool decode_history(char *text, size_t len, void *ret)
{
	struct bench_history *v = ret;
	json_t *payload, *o;

	if (!parse(text, len, "history", &payload) || !json_is_array(payload) ||
	        json_array_size(payload) > LINES_MOST)
		return false;
	v->payload.items = lines_room;
	v->payload.count = json_array_size(payload);
	for (size_t i = 0; i < v->payload.count; i++) {
		struct bench_line *l = &lines_room[i];

		o = json_array_get(payload, i);
		if (!get_str(json_object_get(o, "username"), &l->username) ||
		        !get_str(json_object_get(o, "message"), &l->message) ||
		        !get_str(json_object_get(o, "timestamp"), &l->timestamp) ||
		        !get_int(json_object_get(o, "id"), &l->id) || !check_line(l))
			return false;
	}
	return true;
}

static bool decode_telemetry(char *text, size_t len, void *ret)
{
	struct bench_telemetry_payload *v = &((struct bench_telemetry *)ret)->payload;
	json_t *payload, *values, *ids, *o;

	if (!parse(text, len, "telemetry", &payload))
		return false;
	values = json_object_get(payload, "values");
	ids = json_object_get(payload, "ids");
	if (!json_is_array(values) || !json_is_array(ids) ||
	        json_array_size(values) > NUMBERS_MOST || json_array_size(ids) > NUMBERS_MOST)
		return false;
	v->values.items = values_room;
	v->values.count = json_array_size(values);
	v->ids.items = ids_room;
	v->ids.count = json_array_size(ids);
	for (size_t i = 0; i < v->values.count; i++) {
		o = json_array_get(values, i);
		if (!json_is_number(o))
			return false;
		values_room[i] = json_number_value(o);
	}
	for (size_t i = 0; i < v->ids.count; i++)
		if (!get_int(json_array_get(ids, i), &ids_room[i]))
			return false;
	return true;
}

/* ---- writing ---- */

static json_t *new_str(struct msgc_str s)
{
	return json_stringn(s.ptr, s.len);
}

static size_t print(const char *action, json_t *payload, const char **ret)
{
	held = json_object();
	json_object_set_new_nocheck(held, "action", json_string_nocheck(action));
	json_object_set_new_nocheck(held, "payload", payload);
	*ret = printed;
	return json_dumpb(held, printed, sizeof printed, JSON_COMPACT);
}

static size_t encode_chat(const void *value, const char **ret)
{
	return print("chat", new_str(((const struct bench_chat *)value)->payload), ret);
}

static size_t encode_message(const void *value, const char **ret)
{
	const struct bench_new_message_payload *v =
	        &((const struct bench_new_message *)value)->payload;
	json_t *o = json_object(), *mentions = json_array();

	json_object_set_new_nocheck(o, "content", new_str(v->content));
	json_object_set_new_nocheck(o, "sender_name", new_str(v->sender_name));
	json_object_set_new_nocheck(o, "raw", json_boolean(v->raw));
	json_object_set_new_nocheck(o, "timestamp", new_str(v->timestamp));
	json_object_set_new_nocheck(o, "reply_to", json_integer(v->reply_to));
	for (size_t i = 0; i < v->mentions.count; i++)
		json_array_append_new(mentions, new_str(v->mentions.items[i]));
	json_object_set_new_nocheck(o, "mentions", mentions);
	return print("new_message", o, ret);
}

static size_t encode_history(const void *value, const char **ret)
{
	const struct bench_history *v = value;
	json_t *list = json_array(), *o;

	for (size_t i = 0; i < v->payload.count; i++) {
		const struct bench_line *l = &v->payload.items[i];

		o = json_object();
		json_object_set_new_nocheck(o, "username", new_str(l->username));
		json_object_set_new_nocheck(o, "message", new_str(l->message));
		json_object_set_new_nocheck(o, "timestamp", new_str(l->timestamp));
		json_object_set_new_nocheck(o, "id", json_integer(l->id));
		json_array_append_new(list, o);
	}
	return print("history", list, ret);
}

static size_t encode_telemetry(const void *value, const char **ret)
{
	const struct bench_telemetry_payload *v = &((const struct bench_telemetry *)value)->payload;
	json_t *o = json_object(), *values = json_array(), *ids = json_array();

	for (size_t i = 0; i < v->values.count; i++)
		json_array_append_new(values, json_real(v->values.items[i]));
	for (size_t i = 0; i < v->ids.count; i++)
		json_array_append_new(ids, json_integer(v->ids.items[i]));
	json_object_set_new_nocheck(o, "values", values);
	json_object_set_new_nocheck(o, "ids", ids);
	return print("telemetry", o, ret);
}

static const struct peer jansson = {
        .name = "Jansson " JANSSON_VERSION,
        .decode = {decode_chat, decode_message, decode_history, decode_telemetry, decode_message},
        .encode = {encode_chat, encode_message, encode_history, encode_telemetry, NULL},
        .release = release,
};

const struct peer *const *bench_peers(void)
{
	static const struct peer *const peers[] = {&jansson, NULL};

	return peers;
}
