/* SPDX-License-Identifier: MIT */
/*
 * yyjson as its documentation recommends for speed: in place, its trees in one piece of memory that
 * is used again. An object's members are walked once; strings are referred to, not copied, where a
 * tree is made for writing.
 */
#include <yyjson.h>

#include "checks.h"

static char room[1 << 20];
static yyjson_alc pool;

/* For each message again: that is cheaper than to give back what the pool holds. */
static void select_yyjson(void)
{
	yyjson_alc_pool_init(&pool, room, sizeof room);
}

static bool is(yyjson_val *name, const char *literal)
{
	return yyjson_equals_str(name, literal);
}

static bool get_str(yyjson_val *o, struct msgc_str *ret)
{
	if (!yyjson_is_str(o))
		return false;
	*ret = str_of(unsafe_yyjson_get_str(o), unsafe_yyjson_get_len(o));
	return true;
}

static bool get_int64(yyjson_val *o, int64_t *ret)
{
	if (!yyjson_is_int(o) || (yyjson_is_uint(o) && yyjson_get_uint(o) > INT64_MAX))
		return false;
	*ret = yyjson_get_sint(o);
	return true;
}

static bool get_double(yyjson_val *o, double *ret)
{
	*ret = yyjson_get_num(o);
	return yyjson_is_num(o);
}

static bool parse(char *text, size_t len, const char *action, yyjson_val **ret)
{
	yyjson_doc *doc;
	yyjson_val *name, *root;
	yyjson_obj_iter it;
	unsigned seen = 0;

	select_yyjson();
	memset(text + len, 0, YYJSON_PADDING_SIZE);
	doc = yyjson_read_opts(text, len, YYJSON_READ_INSITU, &pool, NULL);
	root = yyjson_doc_get_root(doc);
	if (!yyjson_is_obj(root))
		return false;
	it = yyjson_obj_iter_with(root);
	while ((name = yyjson_obj_iter_next(&it))) {
		yyjson_val *o = yyjson_obj_iter_get_val(name);

		if (is(name, "action")) {
			if (!yyjson_equals_str(o, action))
				return false;
			seen |= ACTION;
		} else if (is(name, "payload")) {
			*ret = o;
			seen |= PAYLOAD;
		}
	}
	return seen == FRAME_ALL;
}

static bool decode_chat(char *text, size_t len, void *ret)
{
	struct bench_chat *v = ret;
	yyjson_val *payload;

	return parse(text, len, "chat", &payload) && get_str(payload, &v->payload) &&
	        check_text(v->payload);
}

static bool get_mentions(yyjson_val *list, struct msgc_str_list *ret)
{
	yyjson_arr_iter it;
	yyjson_val *o;
	size_t n = 0;

	if (!yyjson_arr_iter_init(list, &it))
		return false;
	while ((o = yyjson_arr_iter_next(&it)))
		if (n == MENTIONS_MOST || !get_str(o, &mentions_room[n++]))
			return false;
	ret->items = mentions_room;
	ret->count = n;
	return true;
}

static bool decode_message(char *text, size_t len, void *ret)
{
	struct bench_new_message_payload *v = &((struct bench_new_message *)ret)->payload;
	yyjson_val *payload, *name;
	yyjson_obj_iter it;
	unsigned seen = 0;

	if (!parse(text, len, "new_message", &payload) || !yyjson_obj_iter_init(payload, &it))
		return false;
	while ((name = yyjson_obj_iter_next(&it))) {
		yyjson_val *o = yyjson_obj_iter_get_val(name);

		if (is(name, "content") && get_str(o, &v->content))
			seen |= CONTENT;
		else if (is(name, "sender_name") && get_str(o, &v->sender_name))
			seen |= SENDER;
		else if (is(name, "raw") && yyjson_is_bool(o)) {
			v->raw = yyjson_get_bool(o);
			seen |= RAW;
		} else if (is(name, "timestamp") && get_str(o, &v->timestamp))
			seen |= STAMP;
		else if (is(name, "reply_to") && get_int64(o, &v->reply_to))
			seen |= REPLY;
		else if (is(name, "mentions") && get_mentions(o, &v->mentions))
			seen |= MENTIONS;
	}
	return seen == MESSAGE_ALL && check_message(v);
}

static bool get_line(yyjson_val *line, struct bench_line *ret)
{
	yyjson_obj_iter it;
	yyjson_val *name;
	unsigned seen = 0;

	if (!yyjson_obj_iter_init(line, &it))
		return false;
	while ((name = yyjson_obj_iter_next(&it))) {
		yyjson_val *o = yyjson_obj_iter_get_val(name);

		if (is(name, "username") && get_str(o, &ret->username))
			seen |= L_USER;
		else if (is(name, "message") && get_str(o, &ret->message))
			seen |= L_TEXT;
		else if (is(name, "timestamp") && get_str(o, &ret->timestamp))
			seen |= L_STAMP;
		else if (is(name, "id") && get_int64(o, &ret->id))
			seen |= L_ID;
	}
	return seen == LINE_ALL && check_line(ret);
}

static bool decode_history(char *text, size_t len, void *ret)
{
	struct bench_history *v = ret;
	yyjson_val *payload, *o;
	yyjson_arr_iter it;
	size_t n = 0;

	if (!parse(text, len, "history", &payload) || !yyjson_arr_iter_init(payload, &it))
		return false;
	while ((o = yyjson_arr_iter_next(&it)))
		if (n == LINES_MOST || !get_line(o, &lines_room[n++]))
			return false;
	v->payload.items = lines_room;
	v->payload.count = n;
	return true;
}

static bool get_values(yyjson_val *list, struct msgc_float64_list *ret)
{
	yyjson_arr_iter it;
	yyjson_val *o;
	size_t n = 0;

	if (!yyjson_arr_iter_init(list, &it))
		return false;
	while ((o = yyjson_arr_iter_next(&it)))
		if (n == NUMBERS_MOST || !get_double(o, &values_room[n++]))
			return false;
	ret->items = values_room;
	ret->count = n;
	return true;
}

static bool get_ids(yyjson_val *list, struct msgc_int64_list *ret)
{
	yyjson_arr_iter it;
	yyjson_val *o;
	size_t n = 0;

	if (!yyjson_arr_iter_init(list, &it))
		return false;
	while ((o = yyjson_arr_iter_next(&it)))
		if (n == NUMBERS_MOST || !get_int64(o, &ids_room[n++]))
			return false;
	ret->items = ids_room;
	ret->count = n;
	return true;
}

static bool decode_telemetry(char *text, size_t len, void *ret)
{
	struct bench_telemetry_payload *v = &((struct bench_telemetry *)ret)->payload;
	yyjson_val *payload, *name;
	yyjson_obj_iter it;
	unsigned seen = 0;

	if (!parse(text, len, "telemetry", &payload) || !yyjson_obj_iter_init(payload, &it))
		return false;
	while ((name = yyjson_obj_iter_next(&it))) {
		yyjson_val *o = yyjson_obj_iter_get_val(name);

		if (is(name, "values") && get_values(o, &v->values))
			seen |= VALUES;
		else if (is(name, "ids") && get_ids(o, &v->ids))
			seen |= IDS;
	}
	return seen == TELEMETRY_ALL;
}

/* ---- writing ---- */

static yyjson_mut_doc *begin(const char *action, yyjson_mut_val **ret_root)
{
	yyjson_mut_doc *doc;

	select_yyjson();
	doc = yyjson_mut_doc_new(&pool);
	*ret_root = yyjson_mut_obj(doc);
	yyjson_mut_doc_set_root(doc, *ret_root);
	yyjson_mut_obj_add_str(doc, *ret_root, "action", action);
	return doc;
}

static size_t print(yyjson_mut_doc *doc, const char **ret)
{
	size_t len;

	*ret = yyjson_mut_write_opts(doc, YYJSON_WRITE_NOFLAG, &pool, &len, NULL);
	return *ret ? len : 0;
}

static void add_str(yyjson_mut_doc *doc, yyjson_mut_val *o, const char *name, struct msgc_str s)
{
	yyjson_mut_obj_add_strn(doc, o, name, s.ptr, s.len);
}

static size_t encode_chat(const void *value, const char **ret)
{
	yyjson_mut_val *root;
	yyjson_mut_doc *doc = begin("chat", &root);

	add_str(doc, root, "payload", ((const struct bench_chat *)value)->payload);
	return print(doc, ret);
}

static size_t encode_message(const void *value, const char **ret)
{
	const struct bench_new_message_payload *v =
	        &((const struct bench_new_message *)value)->payload;
	yyjson_mut_val *root, *o, *mentions;
	yyjson_mut_doc *doc = begin("new_message", &root);

	o = yyjson_mut_obj_add_obj(doc, root, "payload");
	add_str(doc, o, "content", v->content);
	add_str(doc, o, "sender_name", v->sender_name);
	yyjson_mut_obj_add_bool(doc, o, "raw", v->raw);
	add_str(doc, o, "timestamp", v->timestamp);
	yyjson_mut_obj_add_sint(doc, o, "reply_to", v->reply_to);
	mentions = yyjson_mut_obj_add_arr(doc, o, "mentions");
	for (size_t i = 0; i < v->mentions.count; i++)
		yyjson_mut_arr_add_strn(
		        doc, mentions, v->mentions.items[i].ptr, v->mentions.items[i].len);
	return print(doc, ret);
}

static size_t encode_history(const void *value, const char **ret)
{
	const struct bench_history *v = value;
	yyjson_mut_val *root, *list;
	yyjson_mut_doc *doc = begin("history", &root);

	list = yyjson_mut_obj_add_arr(doc, root, "payload");
	for (size_t i = 0; i < v->payload.count; i++) {
		const struct bench_line *l = &v->payload.items[i];
		yyjson_mut_val *o = yyjson_mut_arr_add_obj(doc, list);

		add_str(doc, o, "username", l->username);
		add_str(doc, o, "message", l->message);
		add_str(doc, o, "timestamp", l->timestamp);
		yyjson_mut_obj_add_sint(doc, o, "id", l->id);
	}
	return print(doc, ret);
}

static size_t encode_telemetry(const void *value, const char **ret)
{
	const struct bench_telemetry_payload *v = &((const struct bench_telemetry *)value)->payload;
	yyjson_mut_val *root, *o, *list;
	yyjson_mut_doc *doc = begin("telemetry", &root);

	o = yyjson_mut_obj_add_obj(doc, root, "payload");
	list = yyjson_mut_arr_with_real(doc, v->values.items, v->values.count);
	yyjson_mut_obj_add_val(doc, o, "values", list);
	list = yyjson_mut_arr_with_sint64(doc, v->ids.items, v->ids.count);
	yyjson_mut_obj_add_val(doc, o, "ids", list);
	return print(doc, ret);
}

static const struct peer yyjson = {
        .name = "yyjson " YYJSON_VERSION_STRING,
        .select = select_yyjson,
        .decode = {decode_chat, decode_message, decode_history, decode_telemetry, decode_message},
        .encode = {encode_chat, encode_message, encode_history, encode_telemetry, NULL},
};

const struct peer *const *bench_peers(void)
{
	static const struct peer *const peers[] = {&yyjson, NULL};

	return peers;
}
