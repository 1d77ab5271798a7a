/* SPDX-License-Identifier: MIT */
/*
 * Any bytes, read by json-c and by us: what both take has the same values. json-c's tree says which
 * of our functions reads what stands there, and whether a record of typed members must be taken or
 * refused. Where json-c 0.16 is wrong it is not asked: it takes texts that are no JSON (so ours may
 * refuse), ends names at a NUL, cuts integers beyond 64 bits, and gives U+FFFD for escaped characters
 * beyond U+FFFF whose lower 16 bits look like a surrogate.
 */
#include <json-c/json.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "codec/kernels.h"
#include "thing.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define REQUIRE(condition)                                                                         \
	do {                                                                                       \
		if (!(condition))                                                                  \
			abort();                                                                   \
	} while (0)

#define NAME_MOST 8192

/* ---- value by value ---- */

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

static void require_str(struct msgc_str s, json_object *want)
{
	REQUIRE(s.len == (size_t)json_object_get_string_len(want));
	REQUIRE(memcmp(s.ptr, json_object_get_string(want), s.len) == 0);
	REQUIRE(s.ptr[s.len] == '\0');
}

/* An integer that json-c has not cut. */
static bool is_whole(json_object *want)
{
	int64_t w = json_object_get_int64(want);

	return json_object_is_type(want, json_type_int) && w != INT64_MAX && w != INT64_MIN;
}

/* To json-c -0 is an integer, and 0. */
static void require_double(double d, json_object *want)
{
	double w = json_object_get_double(want);

	if (is_whole(want))
		REQUIRE(d >= w && d <= w);
	else if (json_object_is_type(want, json_type_double))
		REQUIRE(memcmp(&d, &w, sizeof d) == 0);
}

static void same_string(struct msgc_reader *r, json_object *want)
{
	struct msgc_str s;

	REQUIRE(msgc_read_str(r, &s));
	require_str(s, want);
}

static void same_integer(struct msgc_reader *r, json_object *want)
{
	int64_t v;

	if (is_whole(want))
		REQUIRE(msgc_read_int64(r, &v) && v == json_object_get_int64(want));
	else
		msgc_read_skip(r);
}

static void same_double(struct msgc_reader *r, json_object *want)
{
	double d;

	if (isfinite(json_object_get_double(want))) {
		REQUIRE(msgc_read_float64(r, &d));
		require_double(d, want);
	} else {
		msgc_read_skip(r);
	}
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

/* ---- the same as a record, by its type's table (thing.h) ---- */

/* Must it be taken? MAYBE: json-c cannot say. */
enum fit { NO, MAYBE, YES };

static enum fit worse(enum fit a, enum fit b)
{
	return a < b ? a : b;
}

static enum fit fits_member(
        json_object *o, const char *name, bool is_optional, enum fit (*fits)(json_object *))
{
	json_object *member;

	if (!json_object_object_get_ex(o, name, &member))
		return is_optional ? YES : NO;
	return fits(member);
}

static enum fit fits_list(json_object *v, enum fit (*fits)(json_object *))
{
	enum fit fit = YES;

	if (!json_object_is_type(v, json_type_array))
		return NO;
	for (size_t i = 0; i < json_object_array_length(v); i++)
		fit = worse(fit, fits(json_object_array_get_idx(v, i)));
	return fit;
}

static enum fit fits_str(json_object *v)
{
	return json_object_is_type(v, json_type_string) ? YES : NO;
}

static enum fit fits_bool(json_object *v)
{
	return json_object_is_type(v, json_type_boolean) ? YES : NO;
}

static enum fit fits_float(json_object *v)
{
	if (json_object_is_type(v, json_type_double))
		return isfinite(json_object_get_double(v)) ? YES : NO;
	if (!json_object_is_type(v, json_type_int))
		return NO;
	return is_whole(v) ? YES : MAYBE;
}

/* 1.0 and 1e3 are integers, too. */
static enum fit fits_int(json_object *v)
{
	if (json_object_is_type(v, json_type_double))
		return MAYBE;
	if (!json_object_is_type(v, json_type_int))
		return NO;
	return is_whole(v) ? YES : MAYBE;
}

static enum fit fits_anything(json_object *v)
{
	(void)v;
	return YES;
}

static enum fit fits_strs(json_object *v)
{
	return fits_list(v, fits_str);
}

static enum fit fits_floats(json_object *v)
{
	return fits_list(v, fits_float);
}

static enum fit fits_ints(json_object *v)
{
	return fits_list(v, fits_int);
}

static enum fit fits_thing(json_object *v);

static enum fit fits_things(json_object *v)
{
	return fits_list(v, fits_thing);
}

static enum fit fits_thing(json_object *v)
{
	enum fit fit;

	if (!json_object_is_type(v, json_type_object))
		return NO;
	fit = fits_member(v, "s", false, fits_str);
	fit = worse(fit, fits_member(v, "x", false, fits_float));
	fit = worse(fit, fits_member(v, "n", false, fits_int));
	fit = worse(fit, fits_member(v, "b", false, fits_bool));
	fit = worse(fit, fits_member(v, "ss", false, fits_strs));
	fit = worse(fit, fits_member(v, "xs", false, fits_floats));
	fit = worse(fit, fits_member(v, "ns", false, fits_ints));
	fit = worse(fit, fits_member(v, "any", true, fits_anything));
	return worse(fit, fits_member(v, "more", true, fits_things));
}

static void require_int(int64_t v, json_object *want)
{
	double w = json_object_get_double(want);

	if (is_whole(want))
		REQUIRE(v == json_object_get_int64(want));
	else if (json_object_is_type(want, json_type_double))
		REQUIRE((double)v >= w && (double)v <= w);
}

static json_object *items_of(json_object *o, const char *name, size_t n)
{
	json_object *list = json_object_object_get(o, name);

	REQUIRE(n == (list ? json_object_array_length(list) : 0));
	return list;
}

static void same_thing(const struct thing *v, json_object *want)
{
	json_object *list;

	require_str(v->s, json_object_object_get(want, "s"));
	require_double(v->x, json_object_object_get(want, "x"));
	require_int(v->n, json_object_object_get(want, "n"));
	REQUIRE(v->b == json_object_get_boolean(json_object_object_get(want, "b")));
	list = items_of(want, "ss", v->ss.count);
	for (size_t i = 0; i < v->ss.count; i++)
		require_str(v->ss.items[i], json_object_array_get_idx(list, i));
	list = items_of(want, "xs", v->xs.count);
	for (size_t i = 0; i < v->xs.count; i++)
		require_double(v->xs.items[i], json_object_array_get_idx(list, i));
	list = items_of(want, "ns", v->ns.count);
	for (size_t i = 0; i < v->ns.count; i++)
		require_int(v->ns.items[i], json_object_array_get_idx(list, i));
	REQUIRE(v->has_any == json_object_object_get_ex(want, "any", NULL));
	if (!v->has_more)
		return;
	list = items_of(want, "more", v->more.count);
	for (size_t i = 0; i < v->more.count; i++)
		same_thing(&v->more.items[i], json_object_array_get_idx(list, i));
}

static void same_typed(const char *text, size_t size, const struct msgc_decode_options *options,
        struct msgc_arena *arena, json_object *want)
{
	enum fit fit = fits_thing(want);
	struct thing thing;
	int result = msgc_type_decode(&thing_type, text, size, options, arena, &thing, NULL);

	REQUIRE(result == 0 || result == MSGC_ECONTRACT);
	REQUIRE(fit != YES || result == 0);
	REQUIRE(fit != NO || result != 0);
	if (result == 0)
		same_thing(&thing, want);
}

/* ---- both ---- */

static void compare(char *text, size_t size, const struct msgc_decode_options *options,
        struct msgc_arena *arena)
{
	json_tokener *tokener = json_tokener_new();
	json_object *want;
	struct msgc_reader r;

	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
	want = json_tokener_parse_ex(tokener, text, (int)size + 1);
	if (json_tokener_get_error(tokener) == json_tokener_success) {
		same_typed(text, size, options, arena, want);
		REQUIRE(msgc_reader_open(&r, text, size, options, arena, NULL));
		same(&r, want);
		REQUIRE(msgc_reader_close(&r) == 0);
	}
	json_object_put(want);
	json_tokener_free(tokener);
}

/* \uD836 and its like, the first half of a pair that json-c gets wrong. */
static bool has_odd_pair(const char *text)
{
	while ((text = strstr(text, "\\u")) != NULL) {
		text += 2;
		if ((text[0] | 0x20) == 'd' && text[1] && strchr("89aAbB", text[1]) && text[2] &&
		        strchr("37bBfF", text[2]) && (text[3] == '6' || text[3] == '7'))
			return true;
	}
	return false;
}

static bool json_c_knows(const char *text, size_t size)
{
	return size < NAME_MOST && !(strstr(text, "\\u0000") && strchr(text, '{')) &&
	        !has_odd_pair(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct msgc_arena arena;
	struct msgc_decode_options shallow = {.max_depth = 24};
	const struct msgc__kernels *const *all = msgc__kernels_all();
	size_t n = 0;
	char *text = calloc(1, size + MSGC_PADDING);

	REQUIRE(text);
	memcpy(text, data, size);
	while (all[n])
		n++;
	/* Each text by one set; fuzz_kernels.c holds them against each other. */
	REQUIRE(msgc__kernels_use(all[size % n]->name));
	if (json_c_knows(text, size) && msgc_json_validate(text, size, &shallow, &arena, NULL) == 0)
		compare(text, size, &shallow, &arena);
	msgc_arena_reset(&arena);
	free(text);
	return 0;
}
