/* SPDX-License-Identifier: MIT */
/*
 * cJSON: an object's members are a list, walked once; strings are referred to, not copied, where a
 * tree is made for writing. It knows no UTF-8 and no integers beyond 2^53, and what it prints of a
 * double with 16 digits or more need not read back as the same: it writes no telemetry.
 */
#include <cjson/cJSON.h>

#include "checks.h"

static cJSON *held;
static char printed[1 << 16];

static void release(void)
{
	cJSON_Delete(held);
	held = NULL;
}

static bool get_str(const cJSON *o, struct msgc_str *ret)
{
	if (!cJSON_IsString(o))
		return false;
	*ret = str_of(o->valuestring, strlen(o->valuestring));
	return true;
}

static bool get_int(const cJSON *o, int64_t *ret)
{
	if (!cJSON_IsNumber(o) || !(o->valuedouble >= -9007199254740991.0) ||
	        !(o->valuedouble <= 9007199254740991.0))
		return false;
	*ret = (int64_t)o->valuedouble;
	return (double)*ret == o->valuedouble;
}

static bool parse(char *text, size_t len, const char *action, const cJSON **ret)
{
	const char *end;
	const cJSON *o;
	unsigned seen = 0;

	held = cJSON_ParseWithLengthOpts(text, len + 1, &end, true);
	if (!cJSON_IsObject(held))
		return false;
	cJSON_ArrayForEach(o, held)
	{
		if (strcmp(o->string, "action") == 0) {
			if (!cJSON_IsString(o) || strcmp(o->valuestring, action) != 0)
				return false;
			seen |= ACTION;
		} else if (strcmp(o->string, "payload") == 0) {
			*ret = o;
			seen |= PAYLOAD;
		}
	}
	return seen == FRAME_ALL;
}

static bool decode_chat(char *text, size_t len, void *ret)
{
	struct bench_chat *v = ret;
	const cJSON *payload;

	return parse(text, len, "chat", &payload) && get_str(payload, &v->payload) &&
	        check_text(v->payload);
}

static bool get_mentions(const cJSON *list, struct msgc_str_list *ret)
{
	const cJSON *o;
	size_t n = 0;

	if (!cJSON_IsArray(list))
		return false;
	cJSON_ArrayForEach(o, list)
	{
		if (n == MENTIONS_MOST || !get_str(o, &mentions_room[n++]))
			return false;
	}
	ret->items = mentions_room;
	ret->count = n;
	return true;
}

static bool decode_message(char *text, size_t len, void *ret)
{
	struct bench_new_message_payload *v = &((struct bench_new_message *)ret)->payload;
	const cJSON *payload, *o;
	unsigned seen = 0;

	if (!parse(text, len, "new_message", &payload) || !cJSON_IsObject(payload))
		return false;
	cJSON_ArrayForEach(o, payload)
	{
		if (strcmp(o->string, "content") == 0 && get_str(o, &v->content))
			seen |= CONTENT;
		else if (strcmp(o->string, "sender_name") == 0 && get_str(o, &v->sender_name))
			seen |= SENDER;
		else if (strcmp(o->string, "raw") == 0 && cJSON_IsBool(o)) {
			v->raw = cJSON_IsTrue(o);
			seen |= RAW;
		} else if (strcmp(o->string, "timestamp") == 0 && get_str(o, &v->timestamp))
			seen |= STAMP;
		else if (strcmp(o->string, "reply_to") == 0 && get_int(o, &v->reply_to))
			seen |= REPLY;
		else if (strcmp(o->string, "mentions") == 0 && get_mentions(o, &v->mentions))
			seen |= MENTIONS;
	}
	return seen == MESSAGE_ALL && check_message(v);
}

static bool get_line(const cJSON *line, struct bench_line *ret)
{
	const cJSON *o;
	unsigned seen = 0;

	if (!cJSON_IsObject(line))
		return false;
	cJSON_ArrayForEach(o, line)
	{
		if (strcmp(o->string, "username") == 0 && get_str(o, &ret->username))
			seen |= L_USER;
		else if (strcmp(o->string, "message") == 0 && get_str(o, &ret->message))
			seen |= L_TEXT;
		else if (strcmp(o->string, "timestamp") == 0 && get_str(o, &ret->timestamp))
			seen |= L_STAMP;
		else if (strcmp(o->string, "id") == 0 && get_int(o, &ret->id))
			seen |= L_ID;
	}
	return seen == LINE_ALL && check_line(ret);
}

static bool decode_history(char *text, size_t len, void *ret)
{
	struct bench_history *v = ret;
	const cJSON *payload, *o;
	size_t n = 0;

	if (!parse(text, len, "history", &payload) || !cJSON_IsArray(payload))
		return false;
	cJSON_ArrayForEach(o, payload)
	{
		if (n == LINES_MOST || !get_line(o, &lines_room[n++]))
			return false;
	}
	v->payload.items = lines_room;
	v->payload.count = n;
	return true;
}

static bool get_values(const cJSON *list, struct msgc_float64_list *ret)
{
	const cJSON *o;
	size_t n = 0;

	if (!cJSON_IsArray(list))
		return false;
	cJSON_ArrayForEach(o, list)
	{
		if (n == NUMBERS_MOST || !cJSON_IsNumber(o))
			return false;
		values_room[n++] = o->valuedouble;
	}
	ret->items = values_room;
	ret->count = n;
	return true;
}

static bool get_ids(const cJSON *list, struct msgc_int64_list *ret)
{
	const cJSON *o;
	size_t n = 0;

	if (!cJSON_IsArray(list))
		return false;
	cJSON_ArrayForEach(o, list)
	{
		if (n == NUMBERS_MOST || !get_int(o, &ids_room[n++]))
			return false;
	}
	ret->items = ids_room;
	ret->count = n;
	return true;
}

static bool decode_telemetry(char *text, size_t len, void *ret)
{
	struct bench_telemetry_payload *v = &((struct bench_telemetry *)ret)->payload;
	const cJSON *payload, *o;
	unsigned seen = 0;

	if (!parse(text, len, "telemetry", &payload) || !cJSON_IsObject(payload))
		return false;
	cJSON_ArrayForEach(o, payload)
	{
		if (strcmp(o->string, "values") == 0 && get_values(o, &v->values))
			seen |= VALUES;
		else if (strcmp(o->string, "ids") == 0 && get_ids(o, &v->ids))
			seen |= IDS;
	}
	return seen == TELEMETRY_ALL;
}

/* ---- writing ---- */

static void add(cJSON *to, const char *name, cJSON *v)
{
	cJSON_AddItemToObjectCS(to, name, v);
}

/* Its strings end in NUL, as those of the workloads do. */
static cJSON *new_str(struct msgc_str s)
{
	return cJSON_CreateStringReference(s.ptr);
}

static size_t print(const char *action, cJSON *payload, const char **ret)
{
	held = cJSON_CreateObject();
	add(held, "action", cJSON_CreateStringReference(action));
	add(held, "payload", payload);
	if (!cJSON_PrintPreallocated(held, printed, (int)sizeof printed, false))
		return 0;
	*ret = printed;
	return strlen(printed);
}

static size_t encode_chat(const void *value, const char **ret)
{
	return print("chat", new_str(((const struct bench_chat *)value)->payload), ret);
}

static size_t encode_message(const void *value, const char **ret)
{
	const struct bench_new_message_payload *v =
	        &((const struct bench_new_message *)value)->payload;
	cJSON *o = cJSON_CreateObject(), *mentions = cJSON_CreateArray();

	add(o, "content", new_str(v->content));
	add(o, "sender_name", new_str(v->sender_name));
	add(o, "raw", cJSON_CreateBool(v->raw));
	add(o, "timestamp", new_str(v->timestamp));
	add(o, "reply_to", cJSON_CreateNumber((double)v->reply_to));
	for (size_t i = 0; i < v->mentions.count; i++)
		cJSON_AddItemToArray(mentions, new_str(v->mentions.items[i]));
	add(o, "mentions", mentions);
	return print("new_message", o, ret);
}

static size_t encode_history(const void *value, const char **ret)
{
	const struct bench_history *v = value;
	cJSON *list = cJSON_CreateArray(), *o;

	for (size_t i = 0; i < v->payload.count; i++) {
		const struct bench_line *l = &v->payload.items[i];

		o = cJSON_CreateObject();
		add(o, "username", new_str(l->username));
		add(o, "message", new_str(l->message));
		add(o, "timestamp", new_str(l->timestamp));
		add(o, "id", cJSON_CreateNumber((double)l->id));
		cJSON_AddItemToArray(list, o);
	}
	return print("history", list, ret);
}

#define TEXT_OF(x)          #x
#define VERSION_OF(a, b, c) TEXT_OF(a) "." TEXT_OF(b) "." TEXT_OF(c)

static const struct peer cjson = {
        .name = "cJSON " VERSION_OF(CJSON_VERSION_MAJOR, CJSON_VERSION_MINOR, CJSON_VERSION_PATCH),
        .decode = {decode_chat, decode_message, decode_history, decode_telemetry, decode_message},
        .encode = {encode_chat, encode_message, encode_history, NULL, NULL},
        .release = release,
};

const struct peer *const *bench_peers(void)
{
	static const struct peer *const peers[] = {&cjson, NULL};

	return peers;
}
