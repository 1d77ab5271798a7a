/* SPDX-License-Identifier: MIT */
/*
 * yajl: callbacks that know where they are by depth and the last name; strings are copied into one
 * piece of memory, since they do not outlive their callback. UTF-8 is validated, as it is by
 * default.
 */
#include <yajl/yajl_gen.h>
#include <yajl/yajl_parse.h>
#include <yajl/yajl_version.h>

#include "checks.h"

enum name {
	NONE,
	N_ACTION,
	N_PAYLOAD,
	N_CONTENT,
	N_SENDER,
	N_RAW,
	N_STAMP,
	N_REPLY,
	N_MENTIONS,
	N_USERNAME,
	N_MESSAGE,
	N_ID,
	N_VALUES,
	N_IDS
};

static struct {
	int depth; /* open objects and lists */
	enum name top, inner;
	const char *action;
	unsigned frame, seen;
	void *ret;
	size_t count;
	char *to, strings[1 << 15];
} state;

static yajl_handle parser;

static struct msgc_str keep(const unsigned char *text, size_t len)
{
	struct msgc_str s = {state.to, len};

	if (len > (size_t)(state.strings + sizeof state.strings - state.to))
		return (struct msgc_str){NULL, 0};
	memcpy(state.to, text, len);
	state.to += len;
	return s;
}

static enum name name_of(const unsigned char *text, size_t len)
{
	struct msgc_str s = {(const char *)text, len};

	switch (len) {
	case 2: return IS(s, "id") ? N_ID : NONE;
	case 3: return IS(s, "raw") ? N_RAW : IS(s, "ids") ? N_IDS : NONE;
	case 6: return IS(s, "action") ? N_ACTION : IS(s, "values") ? N_VALUES : NONE;
	case 7:
		return IS(s, "payload")    ? N_PAYLOAD
		        : IS(s, "content") ? N_CONTENT
		        : IS(s, "message") ? N_MESSAGE
		                           : NONE;
	case 8:
		return IS(s, "reply_to")    ? N_REPLY
		        : IS(s, "mentions") ? N_MENTIONS
		        : IS(s, "username") ? N_USERNAME
		                            : NONE;
	case 9: return IS(s, "timestamp") ? N_STAMP : NONE;
	case 11: return IS(s, "sender_name") ? N_SENDER : NONE;
	default: return NONE;
	}
}

static int on_key(void *ctx, const unsigned char *text, size_t len)
{
	enum name name = name_of(text, len);

	(void)ctx;
	if (state.depth == 1) {
		state.top = name;
		if (name == N_PAYLOAD)
			state.frame |= PAYLOAD;
	} else {
		state.inner = name;
	}
	return 1;
}

static int begin(void *ctx)
{
	(void)ctx;
	state.depth++;
	return 1;
}

static int end(void *ctx)
{
	(void)ctx;
	state.depth--;
	return 1;
}

static int string_at_top(const unsigned char *text, size_t len)
{
	struct msgc_str s = {(const char *)text, len};

	if (state.top == N_ACTION) {
		state.frame |= ACTION;
		return is_text(s, state.action, strlen(state.action));
	}
	return 1;
}

static bool parse(
        char *text, size_t len, const char *action, const yajl_callbacks *callbacks, void *ret)
{
	bool good;

	state.depth = 0;
	state.frame = state.seen = 0;
	state.top = state.inner = NONE;
	state.action = action;
	state.ret = ret;
	state.count = 0;
	state.to = state.strings;
	parser = yajl_alloc(callbacks, NULL, NULL);
	good = yajl_parse(parser, (unsigned char *)text, len) == yajl_status_ok &&
	        yajl_complete_parse(parser) == yajl_status_ok;
	yajl_free(parser);
	return good && state.frame == FRAME_ALL;
}

/* ---- the small chat ---- */

static int chat_string(void *ctx, const unsigned char *text, size_t len)
{
	struct bench_chat *v = state.ret;

	(void)ctx;
	if (state.depth == 1 && state.top == N_PAYLOAD) {
		v->payload = keep(text, len);
		state.seen = 1;
	}
	return string_at_top(text, len);
}

static bool decode_chat(char *text, size_t len, void *ret)
{
	static const yajl_callbacks callbacks = {.yajl_string = chat_string,
	        .yajl_map_key = on_key,
	        .yajl_start_map = begin,
	        .yajl_end_map = end,
	        .yajl_start_array = begin,
	        .yajl_end_array = end};

	return parse(text, len, "chat", &callbacks, ret) && state.seen &&
	        check_text(((struct bench_chat *)ret)->payload);
}

/* ---- the structured chat ---- */

static int message_string(void *ctx, const unsigned char *text, size_t len)
{
	struct bench_new_message_payload *v = &((struct bench_new_message *)state.ret)->payload;

	(void)ctx;
	if (state.depth == 1)
		return string_at_top(text, len);
	if (state.top != N_PAYLOAD)
		return 1;
	if (state.depth == 3 && state.inner == N_MENTIONS) {
		if (state.count == MENTIONS_MOST)
			return 0;
		mentions_room[state.count++] = keep(text, len);
		return 1;
	}
	if (state.depth != 2)
		return 1;
	if (state.inner == N_CONTENT) {
		v->content = keep(text, len);
		state.seen |= CONTENT;
	} else if (state.inner == N_SENDER) {
		v->sender_name = keep(text, len);
		state.seen |= SENDER;
	} else if (state.inner == N_STAMP) {
		v->timestamp = keep(text, len);
		state.seen |= STAMP;
	}
	return 1;
}

static int message_bool(void *ctx, int value)
{
	(void)ctx;
	if (state.depth == 2 && state.inner == N_RAW) {
		((struct bench_new_message *)state.ret)->payload.raw = value;
		state.seen |= RAW;
	}
	return 1;
}

static int message_integer(void *ctx, long long value)
{
	(void)ctx;
	if (state.depth == 2 && state.inner == N_REPLY) {
		((struct bench_new_message *)state.ret)->payload.reply_to = value;
		state.seen |= REPLY;
	}
	return 1;
}

static int message_list(void *ctx)
{
	(void)ctx;
	if (state.depth == 2 && state.inner == N_MENTIONS)
		state.seen |= MENTIONS;
	return begin(ctx);
}

static bool decode_message(char *text, size_t len, void *ret)
{
	static const yajl_callbacks callbacks = {.yajl_boolean = message_bool,
	        .yajl_integer = message_integer,
	        .yajl_string = message_string,
	        .yajl_map_key = on_key,
	        .yajl_start_map = begin,
	        .yajl_end_map = end,
	        .yajl_start_array = message_list,
	        .yajl_end_array = end};
	struct bench_new_message_payload *v = &((struct bench_new_message *)ret)->payload;

	if (!parse(text, len, "new_message", &callbacks, ret) || state.seen != MESSAGE_ALL)
		return false;
	v->mentions.items = mentions_room;
	v->mentions.count = state.count;
	return check_message(v);
}

/* ---- the history ---- */

static int line_begin(void *ctx)
{
	if (state.depth == 2) {
		if (state.count == LINES_MOST)
			return 0;
		state.seen = 0;
	}
	return begin(ctx);
}

static int line_end(void *ctx)
{
	end(ctx);
	if (state.depth != 2)
		return 1;
	return state.seen == LINE_ALL && check_line(&lines_room[state.count++]);
}

static int line_string(void *ctx, const unsigned char *text, size_t len)
{
	struct bench_line *l = &lines_room[state.count];

	(void)ctx;
	if (state.depth == 1)
		return string_at_top(text, len);
	if (state.depth != 3)
		return 1;
	if (state.inner == N_USERNAME) {
		l->username = keep(text, len);
		state.seen |= L_USER;
	} else if (state.inner == N_MESSAGE) {
		l->message = keep(text, len);
		state.seen |= L_TEXT;
	} else if (state.inner == N_STAMP) {
		l->timestamp = keep(text, len);
		state.seen |= L_STAMP;
	}
	return 1;
}

static int line_integer(void *ctx, long long value)
{
	(void)ctx;
	if (state.depth == 3 && state.inner == N_ID) {
		lines_room[state.count].id = value;
		state.seen |= L_ID;
	}
	return 1;
}

static bool decode_history(char *text, size_t len, void *ret)
{
	static const yajl_callbacks callbacks = {.yajl_integer = line_integer,
	        .yajl_string = line_string,
	        .yajl_map_key = on_key,
	        .yajl_start_map = line_begin,
	        .yajl_end_map = line_end,
	        .yajl_start_array = begin,
	        .yajl_end_array = end};
	struct bench_history *v = ret;

	if (!parse(text, len, "history", &callbacks, ret))
		return false;
	v->payload.items = lines_room;
	v->payload.count = state.count;
	return true;
}

/* ---- the numbers ---- */

static size_t n_ids;

static int number_integer(void *ctx, long long value)
{
	(void)ctx;
	if (state.depth != 3)
		return 1;
	if (state.inner == N_IDS) {
		if (n_ids == NUMBERS_MOST)
			return 0;
		ids_room[n_ids++] = value;
	} else if (state.inner == N_VALUES) {
		if (state.count == NUMBERS_MOST)
			return 0;
		values_room[state.count++] = (double)value;
	}
	return 1;
}

static int number_double(void *ctx, double value)
{
	(void)ctx;
	if (state.depth != 3 || state.inner != N_VALUES)
		return state.inner != N_IDS;
	if (state.count == NUMBERS_MOST)
		return 0;
	values_room[state.count++] = value;
	return 1;
}

static int number_string(void *ctx, const unsigned char *text, size_t len)
{
	(void)ctx;
	return state.depth != 1 || string_at_top(text, len);
}

static int number_list(void *ctx)
{
	state.seen |= state.inner == N_VALUES ? VALUES : state.inner == N_IDS ? IDS : 0u;
	return begin(ctx);
}

static bool decode_telemetry(char *text, size_t len, void *ret)
{
	static const yajl_callbacks callbacks = {.yajl_integer = number_integer,
	        .yajl_double = number_double,
	        .yajl_string = number_string,
	        .yajl_map_key = on_key,
	        .yajl_start_map = begin,
	        .yajl_end_map = end,
	        .yajl_start_array = number_list,
	        .yajl_end_array = end};
	struct bench_telemetry_payload *v = &((struct bench_telemetry *)ret)->payload;

	n_ids = 0;
	if (!parse(text, len, "telemetry", &callbacks, ret) || state.seen != TELEMETRY_ALL)
		return false;
	v->values.items = values_room;
	v->values.count = state.count;
	v->ids.items = ids_room;
	v->ids.count = n_ids;
	return true;
}

/* ---- writing: one generator for all ---- */

static yajl_gen gen;

static void put(const char *text)
{
	yajl_gen_string(gen, (const unsigned char *)text, strlen(text));
}

static void put_str(struct msgc_str s)
{
	yajl_gen_string(gen, (const unsigned char *)s.ptr, s.len);
}

static void open_frame(const char *action)
{
	if (!gen) {
		gen = yajl_gen_alloc(NULL);
		yajl_gen_config(gen, yajl_gen_validate_utf8, 1);
	}
	yajl_gen_reset(gen, NULL);
	yajl_gen_clear(gen);
	yajl_gen_map_open(gen);
	put("action");
	put(action);
	put("payload");
}

static size_t close_frame(const char **ret)
{
	const unsigned char *text;
	size_t len;

	yajl_gen_map_close(gen);
	if (yajl_gen_get_buf(gen, &text, &len) != yajl_gen_status_ok)
		return 0;
	*ret = (const char *)text;
	return len;
}

static size_t encode_chat(const void *value, const char **ret)
{
	open_frame("chat");
	put_str(((const struct bench_chat *)value)->payload);
	return close_frame(ret);
}

static size_t encode_message(const void *value, const char **ret)
{
	const struct bench_new_message_payload *v =
	        &((const struct bench_new_message *)value)->payload;

	open_frame("new_message");
	yajl_gen_map_open(gen);
	put("content");
	put_str(v->content);
	put("sender_name");
	put_str(v->sender_name);
	put("raw");
	yajl_gen_bool(gen, v->raw);
	put("timestamp");
	put_str(v->timestamp);
	put("reply_to");
	yajl_gen_integer(gen, v->reply_to);
	put("mentions");
	yajl_gen_array_open(gen);
	for (size_t i = 0; i < v->mentions.count; i++)
		put_str(v->mentions.items[i]);
	yajl_gen_array_close(gen);
	yajl_gen_map_close(gen);
	return close_frame(ret);
}

static size_t encode_history(const void *value, const char **ret)
{
	const struct bench_history *v = value;

	open_frame("history");
	yajl_gen_array_open(gen);
	for (size_t i = 0; i < v->payload.count; i++) {
		const struct bench_line *l = &v->payload.items[i];

		yajl_gen_map_open(gen);
		put("username");
		put_str(l->username);
		put("message");
		put_str(l->message);
		put("timestamp");
		put_str(l->timestamp);
		put("id");
		yajl_gen_integer(gen, l->id);
		yajl_gen_map_close(gen);
	}
	yajl_gen_array_close(gen);
	return close_frame(ret);
}

static size_t encode_telemetry(const void *value, const char **ret)
{
	const struct bench_telemetry_payload *v = &((const struct bench_telemetry *)value)->payload;

	open_frame("telemetry");
	yajl_gen_map_open(gen);
	put("values");
	yajl_gen_array_open(gen);
	for (size_t i = 0; i < v->values.count; i++)
		yajl_gen_double(gen, v->values.items[i]);
	yajl_gen_array_close(gen);
	put("ids");
	yajl_gen_array_open(gen);
	for (size_t i = 0; i < v->ids.count; i++)
		yajl_gen_integer(gen, v->ids.items[i]);
	yajl_gen_array_close(gen);
	yajl_gen_map_close(gen);
	return close_frame(ret);
}

#define TEXT_OF(x)          #x
#define VERSION_OF(x, y, z) TEXT_OF(x) "." TEXT_OF(y) "." TEXT_OF(z)

static const struct peer yajl = {
        .name = "yajl " VERSION_OF(YAJL_MAJOR, YAJL_MINOR, YAJL_MICRO),
        .decode = {decode_chat, decode_message, decode_history, decode_telemetry, decode_message},
        .encode = {encode_chat, encode_message, encode_history, encode_telemetry, NULL},
};

const struct peer *const *bench_peers(void)
{
	static const struct peer *const peers[] = {&yajl, NULL};

	return peers;
}
