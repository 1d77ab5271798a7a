/* SPDX-License-Identifier: MIT */
/*
 * Any bytes, read by json-c and by us: what both take has the same values. json-c's tree says which
 * of our functions reads what stands there. Where json-c is known to be wrong it is not asked: it
 * takes texts that are no JSON (so ours may refuse), ends names at a NUL, and cuts integers beyond
 * 64 bits.
 */
#include <json-c/json.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <msgc/codec_gen.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define REQUIRE(condition)                                                                         \
	do {                                                                                       \
		if (!(condition))                                                                  \
			abort();                                                                   \
	} while (0)

#define NAME_MOST 8192

static void same(struct msgc_reader *r, json_object *want);

static void same_object(struct msgc_reader *r, json_object *want)
{
	struct msgc_object o;
	json_object *member;
	char name[NAME_MOST];
	int count = 0;

	REQUIRE(msgc_read_object(r, &o));
	while (msgc_read_member(r, &o)) {
		count++;
		REQUIRE(o.at.key.len < sizeof name);
		memcpy(name, o.at.key.ptr, o.at.key.len);
		name[o.at.key.len] = '\0';
		REQUIRE(json_object_object_get_ex(want, name, &member));
		same(r, member);
	}
	msgc_read_object_end(r, &o);
	REQUIRE(count == json_object_object_length(want));
}

static void same_list(struct msgc_reader *r, json_object *want)
{
	struct msgc_list l;
	size_t count = 0;

	REQUIRE(msgc_read_list(r, &l, 0, MSGC_NO_MAX));
	while (msgc_read_item(r, &l)) {
		REQUIRE(count < json_object_array_length(want));
		same(r, json_object_array_get_idx(want, count++));
	}
	msgc_read_list_end(r, &l);
	REQUIRE(count == json_object_array_length(want));
}

static void same_string(struct msgc_reader *r, json_object *want)
{
	struct msgc_str s;

	REQUIRE(msgc_read_str(r, &s));
	REQUIRE(s.len == (size_t)json_object_get_string_len(want));
	REQUIRE(memcmp(s.ptr, json_object_get_string(want), s.len) == 0);
}

static void same_integer(struct msgc_reader *r, json_object *want)
{
	int64_t v, w = json_object_get_int64(want);

	if (w == INT64_MAX || w == INT64_MIN)
		msgc_read_skip(r);
	else
		REQUIRE(msgc_read_int64(r, &v) && v == w);
}

static void same_double(struct msgc_reader *r, json_object *want)
{
	double d, w = json_object_get_double(want);

	if (!isfinite(w))
		msgc_read_skip(r);
	else
		REQUIRE(msgc_read_float64(r, &d) && memcmp(&d, &w, sizeof d) == 0);
}

static void same(struct msgc_reader *r, json_object *want)
{
	bool b;

	switch (json_object_get_type(want)) {
	case json_type_object: same_object(r, want); break;
	case json_type_array: same_list(r, want); break;
	case json_type_string: same_string(r, want); break;
	case json_type_int: same_integer(r, want); break;
	case json_type_double: same_double(r, want); break;
	case json_type_boolean:
		REQUIRE(msgc_read_bool(r, &b) && b == json_object_get_boolean(want));
		break;
	default: REQUIRE(msgc_read_null(r));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct msgc_arena arena;
	struct msgc_decode_options shallow = {.max_depth = 24};
	struct msgc_reader r;
	json_tokener *tokener;
	json_object *want;
	char *text = calloc(1, size + MSGC_PADDING);

	REQUIRE(text);
	memcpy(text, data, size);
	if (size < NAME_MOST && !strstr(text, "\\u0000") &&
	        msgc_json_validate(text, size, &shallow, &arena, NULL) == 0) {
		tokener = json_tokener_new();
		json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
		want = json_tokener_parse_ex(tokener, text, (int)size + 1);
		if (json_tokener_get_error(tokener) == json_tokener_success) {
			REQUIRE(msgc_reader_open(&r, text, size, &shallow, &arena, NULL));
			same(&r, want);
			REQUIRE(msgc_reader_close(&r) == 0);
		}
		json_object_put(want);
		json_tokener_free(tokener);
	}
	msgc_arena_reset(&arena);
	free(text);
	return 0;
}
