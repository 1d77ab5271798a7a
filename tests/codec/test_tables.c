/* SPDX-License-Identifier: MIT */
/*
 * Reading and writing by tables that no contract made: records of every number of members around
 * the bounds of a word, enums of every kind and size, limits at their edges, lists and maps.
 *
 * Written by hand to reach what few contracts reach. Programs do not do this: tables may change
 * with every version of the generator.
 */
#include "codec_test.h"

#include <limits.h>
#include <stdio.h>

#include "codec/name_hash.h"
#include "codec/types.h"
#include "name_slots.h"

/* ---- tables made here ---- */

enum { MOST = 300 };

/* As the compiler lays them out. */
static struct msgc_type_slots slots_of(const char *const *names, size_t n)
{
	struct name_slots slots;

	ck_assert(name_slots_lay_out(&slots, names, n));
	return (struct msgc_type_slots){
	        slots.at, slots.mask, slots.moves, slots.move_mask, slots.seed};
}

static void release_slots(struct msgc_type_slots *slots)
{
	free((void *)(uintptr_t)slots->at);
	free((void *)(uintptr_t)slots->moves);
}

/* m0, m1, … as a pool of texts. */
static const char *name_of(size_t i)
{
	static char names[MOST][8];

	snprintf(names[i], sizeof names[i], "m%zu", i);
	return names[i];
}

/* A record of n int32: m0, m1, …, each required. */
struct wide {
	struct msgc_type type;
	struct msgc_type_record record;
	struct msgc_member members[MOST];
	const char *names[MOST];
};

static void make_wide(struct wide *w, size_t n, bool with_slots)
{
	memset(w, 0, sizeof *w);
	for (size_t i = 0; i < n; i++) {
		w->names[i] = name_of(i);
		w->members[i] = (struct msgc_member){.wire = w->names[i],
		        .wire_len = (uint16_t)strlen(w->names[i]),
		        .type = &msgc_int32_type,
		        .at = (uint32_t)(i * sizeof(int32_t))};
	}
	w->record =
	        (struct msgc_type_record){.name = "wide", .members = w->members, .n_members = n};
	if (with_slots)
		w->record.slots = slots_of(w->names, n);
	w->type = (struct msgc_type){.kind = MSGC_KIND_RECORD,
	        .flags = MSGC_TYPE_FLAT,
	        .size = (uint32_t)(n * sizeof(int32_t)),
	        .record = &w->record};
}

/* ---- one value there and back ---- */

struct held {
	struct msgc_arena arena;
	struct msgc_problems problems;
	union {
		char bytes[MOST * 4];
		max_align_t aligned;
	} value;
};

static int decode(struct held *h, const struct msgc_type *type, const char *text)
{
	memset(h, 0, sizeof *h);
	return msgc_type_decode(type, text, strlen(text), NULL, &h->arena, &h->value, &h->problems);
}

static void release(struct held *h)
{
	msgc_arena_free(&h->arena);
}

/* Taken, valid, and written as `again`. */
static void assert_taken(const struct msgc_type *type, const char *text, const char *again)
{
	struct msgc_buf out = {0};
	struct held h;

	if (decode(&h, type, text) != 0)
		ck_abort_msg("%s is refused: %s %s", text, h.problems.items[0].type,
		        h.problems.items[0].msg);
	ck_assert_int_eq(msgc_type_validate(type, &h.value, NULL), 0);
	ck_assert_int_eq(msgc_type_encode(type, &h.value, &out), 0);
	ck_assert_str_eq(msgc_buf_c(&out), again);
	msgc_buf_free(&out);
	release(&h);
}

/* Refused with one problem, of this type and at this place. */
static void assert_refused(
        const struct msgc_type *type, const char *text, const char *problem, const char *loc)
{
	struct held h;

	if (decode(&h, type, text) != MSGC_ECONTRACT)
		ck_abort_msg("%s is not refused", text);
	ck_assert_uint_eq(h.problems.count, 1);
	ck_assert_str_eq(h.problems.items[0].type, problem);
	ck_assert_str_eq(h.problems.items[0].loc, loc);
	release(&h);
}

/* ---- records ---- */

/* {"m0":0,"m1":1,…}: without `missing`, with `twice` again at the end, from the last to the first. */
static char *wide_text(size_t n, size_t missing, size_t twice, bool backwards)
{
	char *text = malloc(n * 16 + 32), *at = text;

	ck_assert_ptr_nonnull(text);
	*at++ = '{';
	for (size_t k = 0; k < n; k++) {
		size_t i = backwards ? n - 1 - k : k;

		if (i != missing)
			at += sprintf(at, "%s\"m%zu\":%zu", at[-1] == '{' ? "" : ",", i, i);
	}
	if (twice < n)
		at += sprintf(at, ",\"m%zu\":0", twice);
	strcpy(at, "}");
	return text;
}

static const size_t sizes[] = {
        0, 1, 2, 4, 5, 31, 32, 33, 62, 63, 64, 65, 66, 127, 128, 129, 192, MOST};

START_TEST(records_of_any_number_of_members)
{
	size_t n = sizes[_i / 2], none = SIZE_MAX;
	char *straight = wide_text(n, none, none, false), *back = wide_text(n, none, none, true);
	static struct wide w;

	make_wide(&w, n, _i % 2);
	assert_taken(&w.type, straight, straight);
	assert_taken(&w.type, back, straight);
	for (size_t i = 0; i < n; i++) {
		char *text = wide_text(n, i, none, i % 2), loc[32];

		snprintf(loc, sizeof loc, "[\"m%zu\"]", i);
		assert_refused(&w.type, text, "missing", loc);
		free(text);
		text = wide_text(n, none, i, i % 2);
		assert_refused(&w.type, text, "json_invalid", "[]");
		free(text);
	}
	free(straight);
	free(back);
	release_slots(&w.record.slots);
}
END_TEST

START_TEST(names_are_found_in_any_table)
{
	static struct wide w;

	for (size_t n = 1; n <= MOST; n++) {
		make_wide(&w, n, true);
		for (size_t i = 0; i < MOST; i++)
			ck_assert_uint_eq(msgc_find_member(&w.record, msgc_str_from(name_of(i))),
			        i < n ? i : SIZE_MAX);
		ck_assert_uint_eq(msgc_find_member(&w.record, msgc_str_from("m")), SIZE_MAX);
		ck_assert_uint_eq(msgc_find_member(&w.record, msgc_str_from("")), SIZE_MAX);
		ck_assert_uint_eq(msgc_find_member(&w.record, msgc_str_of("m1\0", 3)), SIZE_MAX);
		release_slots(&w.record.slots);
	}
}
END_TEST

/* As many names as a table can have, some of them absent, some of them twice. */
START_TEST(each_name_has_a_slot_of_its_own)
{
	enum { NAMES = UINT16_MAX - 1 };
	static char texts[NAMES][8];
	static const char *names[NAMES];
	static bool seen[NAMES];

	for (size_t i = 0; i < NAMES; i++)
		snprintf(texts[i], sizeof texts[i], "%zx", i * 7);
	for (size_t n = 1; n <= NAMES; n = n * 5 / 2 + 1) {
		struct msgc_type_slots slots;
		size_t found = 0, wanted = 0;

		memset(seen, 0, sizeof seen);
		for (size_t i = 0; i < n; i++) {
			names[i] = i % 5 == 3 ? NULL : texts[i];
			if (i % 7 == 6 && names[i - 6])
				names[i] = names[i - 6];
			wanted += names[i] == texts[i];
		}
		slots = slots_of(names, n);
		for (uint32_t at = 0; at <= slots.mask; at++) {
			size_t place = slots.at[at] - (size_t)1;
			uint32_t hash;

			if (place == SIZE_MAX)
				continue;
			ck_assert_uint_lt(place, n);
			ck_assert(!seen[place] && names[place] == texts[place]);
			seen[place] = true;
			found++;
			hash = msgc__name_hash(names[place], strlen(names[place]), slots.seed);
			ck_assert_uint_eq(at,
			        msgc__name_slot(hash,
			                slots.moves[msgc__name_bucket(hash, slots.move_mask)],
			                slots.mask));
		}
		ck_assert_uint_eq(found, wanted);
		ck_assert_uint_le(slots.mask, 8 * n);
		release_slots(&slots);
	}
}
END_TEST

/* What all the names are but for one letter, at each place of names of each length. */
START_TEST(names_that_differ_in_one_letter_have_slots)
{
	enum { NAMES = 90, LONGEST = 40 };
	static char texts[NAMES][LONGEST + 1];
	static const char *names[NAMES];

	for (size_t len = 1; len <= LONGEST; len++) {
		for (size_t place = 0; place < len; place++) {
			for (size_t i = 0; i < NAMES; i++) {
				memset(texts[i], 'a', len);
				texts[i][len] = '\0';
				texts[i][place] = (char)(' ' + i);
				names[i] = texts[i];
			}
			for (size_t n = 5; n <= NAMES; n += 17) {
				struct msgc_type_slots slots = slots_of(names, n);

				ck_assert_uint_lt(slots.mask, 3 * n);
				release_slots(&slots);
			}
		}
	}
}
END_TEST

/* ---- enums ---- */

struct numbers {
	struct msgc_type type;
	struct msgc_type_enum values;
	struct msgc_enum_value items[MOST];
	uint16_t by_number[MOST];
	char texts[MOST][12];
};

/* The numbers in the order of the contract; sorted: their places by number. */
static void make_numbers(
        struct numbers *e, const int32_t *numbers, size_t n, const uint16_t *sorted)
{
	memset(e, 0, sizeof *e);
	for (size_t i = 0; i < n; i++) {
		snprintf(e->texts[i], sizeof e->texts[i], "%d", (int)numbers[i]);
		e->items[i] = (struct msgc_enum_value){
		        {MSGC_LITERAL_INT, e->texts[i], strlen(e->texts[i]), numbers[i]},
		        numbers[i], "name"};
	}
	e->values = (struct msgc_type_enum){.values = e->items,
	        .n_values = n,
	        .expected = "numbers",
	        .json = MSGC_JSON_NUMBER,
	        .by_number = sorted,
	        .n_by_number = sorted ? (uint32_t)n : 0};
	e->type = (struct msgc_type){.kind = MSGC_KIND_ENUM,
	        .flags = MSGC_TYPE_FLAT,
	        .size = sizeof(int32_t),
	        .values = &e->values};
}

/* Each of the numbers and its neighbours, read and written. */
static void try_numbers(const struct numbers *e, const int32_t *numbers, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		for (int64_t at = (int64_t)numbers[i] - 1; at <= (int64_t)numbers[i] + 1; at++) {
			char text[24];
			bool is_one = false;

			for (size_t k = 0; k < n; k++)
				is_one = is_one || numbers[k] == at;
			snprintf(text, sizeof text, "%lld", (long long)at);
			if (is_one)
				assert_taken(&e->type, text, text);
			else
				assert_refused(&e->type, text, "enum", "[]");
		}
	}
	assert_refused(&e->type, "9007199254740991", "enum", "[]");
	assert_refused(&e->type, "-9007199254740991", "enum", "[]");
	assert_refused(&e->type, "\"1\"", "enum", "[]");
}

START_TEST(integers_in_a_row_scattered_and_few)
{
	static const int32_t row[] = {-3, -2, -1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
	static const int32_t broken_row[] = {1, 2, 3, 4, 6, 7, 8, 5, 40};
	static const uint16_t broken_sorted[] = {0, 1, 2, 3, 7, 4, 5, 6, 8};
	static const int32_t scattered[] = {
	        INT32_MAX, 0, -7, 1000, 44, INT32_MIN + 1, 45, 46, -8, 77};
	static const uint16_t sorted[] = {5, 8, 2, 1, 4, 6, 7, 9, 3, 0};
	static const int32_t high[] = {INT32_MAX - 1, INT32_MAX};
	static const int32_t one[] = {INT32_MIN + 1};
	static struct numbers e;

	make_numbers(&e, row, 15, NULL);
	try_numbers(&e, row, 15);
	make_numbers(&e, broken_row, 9, broken_sorted);
	try_numbers(&e, broken_row, 9);
	make_numbers(&e, broken_row, 9, NULL);
	try_numbers(&e, broken_row, 9);
	make_numbers(&e, scattered, 10, sorted);
	try_numbers(&e, scattered, 10);
	make_numbers(&e, scattered, 10, NULL);
	try_numbers(&e, scattered, 10);
	make_numbers(&e, high, 2, NULL);
	try_numbers(&e, high, 2);
	make_numbers(&e, one, 1, NULL);
	try_numbers(&e, one, 1);
}
END_TEST

START_TEST(enumerators_that_are_none_are_not_written)
{
	static const int32_t numbers[] = {1, 5, 9};
	static const int32_t wrong[] = {INT32_MIN, -1, 0, 2, 3, 10, INT32_MAX};
	static struct numbers e;
	struct msgc_buf out = {0};

	make_numbers(&e, numbers, 3, NULL);
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		struct msgc_problems problems;

		ck_assert_int_eq(msgc_type_encode(&e.type, &wrong[i], &out), MSGC_EINVAL);
		ck_assert_uint_eq(out.len, 0);
		ck_assert_int_eq(msgc_type_validate(&e.type, &wrong[i], &problems), MSGC_ECONTRACT);
		ASSERT_PROBLEM(&problems, "enum", "[]", "Input should be numbers",
		        "{\"expected\":\"numbers\"}");
		ck_assert_ptr_null(msgc_enum_name(&e.type, wrong[i]));
		msgc_buf_reset(&out);
	}
	ck_assert_str_eq(msgc_enum_name(&e.type, 9), "name");
	msgc_buf_free(&out);
}
END_TEST

static const struct msgc_enum_value literals[] = {
        {MSGC_LITERAL_OF_STR("1"), 0, NULL},
        {MSGC_LITERAL_OF_INT(1), 1, NULL},
        {MSGC_LITERAL_OF_BOOL(true), 2, NULL},
        {MSGC_LITERAL_OF_INT(-9007199254740991), 3, NULL},
        {MSGC_LITERAL_OF_STR(""), 4, NULL},
        {MSGC_LITERAL_OF_STR("a\"b"), 5, NULL},
};
static const struct msgc_type literal_type = {.kind = MSGC_KIND_ENUM,
        .flags = MSGC_TYPE_FLAT,
        .size = sizeof(int32_t),
        .values = &(const struct msgc_type_enum){.values = literals,
                .n_values = 6,
                .expected = "these",
                .json = MSGC_JSON_STRING | MSGC_JSON_NUMBER | MSGC_JSON_BOOLEAN}};
static const char *const taken[][2] = {{"\"1\"", "\"1\""}, {"1", "1"}, {"1.0", "1"},
        {"true", "true"}, {"-9007199254740991", "-9007199254740991"}, {"\"\"", "\"\""},
        {"\"a\\u0022b\"", "\"a\\\"b\""}};
static const char *const refused[] = {
        "false", "0", "2", "\"2\"", "\"true\"", "null", "[]", "{}", "1.5", "9007199254740991"};

/* Words, numbers and booleans in one, its enumerators places. */
START_TEST(enums_of_every_kind_of_literal)
{
	for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
		assert_taken(&literal_type, taken[i][0], taken[i][1]);
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
		assert_refused(&literal_type, refused[i], "enum", "[]");
}
END_TEST

/* ---- limits ---- */

/* A scalar with one bound, and texts on both sides of it. */
struct edge {
	struct msgc_type scalar;
	struct msgc_bound bound;
	const char *in, *out, *problem;
};

#define KIND(name, c_type)                                                                         \
	{                                                                                          \
		.kind = MSGC_KIND_##name, .size = sizeof(c_type)                                   \
	}

static const struct edge edges[] = {
        {KIND(INT8, int8_t), {MSGC_MIN, "-128", {.i = -128}}, "-128", "-129", "greater_than_equal"},
        {KIND(INT8, int8_t), {MSGC_ABOVE, "126", {.i = 126}}, "127", "126", "greater_than"},
        {KIND(INT16, int16_t), {MSGC_BELOW, "-32767", {.i = -32767}}, "-32768", "-32767",
                "less_than"},
        {KIND(INT32, int32_t), {MSGC_MAX, "-1", {.i = -1}}, "-1", "0", "less_than_equal"},
        {KIND(INT53, int64_t), {MSGC_STEP, "3", {.i = 3}}, "9007199254740990", "9007199254740991",
                "multiple_of"},
        {KIND(INT64, int64_t), {MSGC_MIN, "0", {.i = INT64_MIN + 1}}, "-9223372036854775807",
                "-9223372036854775808", "greater_than_equal"},
        {KIND(INT64, int64_t), {MSGC_STEP, "2", {.i = 2}}, "-9223372036854775808",
                "9223372036854775807", "multiple_of"},
        {KIND(UINT8, uint8_t), {MSGC_BELOW, "255", {.u = 255}}, "254", "255", "less_than"},
        {KIND(UINT16, uint16_t), {MSGC_MIN, "65535", {.u = 65535}}, "65535", "65534",
                "greater_than_equal"},
        {KIND(UINT32, uint32_t), {MSGC_MAX, "4294967294", {.u = 4294967294}}, "4294967294",
                "4294967295", "less_than_equal"},
        {KIND(UINT64, uint64_t), {MSGC_ABOVE, "big", {.u = UINT64_MAX - 1}}, "18446744073709551615",
                "18446744073709551614", "greater_than"},
        {KIND(UINT64, uint64_t), {MSGC_STEP, "5", {.u = 5}}, "18446744073709551615",
                "18446744073709551614", "multiple_of"},
        {KIND(FLOAT32, float), {MSGC_MIN, "0.5", {.f = 0.5}}, "0.5", "0.49999997",
                "greater_than_equal"},
        {KIND(FLOAT64, double), {MSGC_ABOVE, "0", {.f = 0}}, "5e-324", "-0", "greater_than"},
        {KIND(FLOAT64, double), {MSGC_MAX, "1e308", {.f = 1e308}}, "1e308",
                "1.0000000000000002e308", "less_than_equal"},
        {KIND(FLOAT64, double), {MSGC_STEP, "0.1", {.f = 0.1}}, "0.3", "0.30000000000000004",
                "multiple_of"},
        {KIND(DECIMAL, struct msgc_decimal), {MSGC_MAX, "0.1", {.i = 0}}, "0.1",
                "0.1000000000000000000000000000001", "less_than_equal"},
        {KIND(DECIMAL, struct msgc_decimal), {MSGC_STEP, "0.01", {.i = 0}}, "1e2", "1e-3",
                "multiple_of"},
};

START_TEST(bounds_at_their_edges)
{
	const struct edge *edge = &edges[_i];
	const struct msgc_type_number number = {.bounds = &edge->bound, .n_bounds = 1};
	struct msgc_type type = edge->scalar;
	struct msgc_buf out = {0};
	struct held h;

	type.number = &number;
	if (decode(&h, &type, edge->in) != 0)
		ck_abort_msg("%s is refused", edge->in);
	ck_assert_int_eq(msgc_type_validate(&type, &h.value, NULL), 0);
	ck_assert_int_eq(msgc_type_encode(&type, &h.value, &out), 0);
	release(&h);
	assert_refused(&type, edge->out, edge->problem, "[]");
	msgc_buf_free(&out);
}
END_TEST

static const struct msgc_type_number all_bounds = {
        .bounds = (const struct msgc_bound[]){{MSGC_MIN, "9", {.i = 9}}, {MSGC_MAX, "3", {.i = 3}},
                {MSGC_ABOVE, "8", {.i = 8}}, {MSGC_BELOW, "4", {.i = 4}},
                {MSGC_STEP, "2", {.i = 2}}},
        .n_bounds = 5};
static const struct msgc_type bounded_type = {
        .kind = MSGC_KIND_INT32, .size = sizeof(int32_t), .number = &all_bounds};
static const char *const told[] = {
        "greater_than_equal", "less_than_equal", "greater_than", "less_than", "multiple_of"};

START_TEST(all_bounds_are_told_in_their_order)
{
	struct held h;

	ck_assert_int_eq(decode(&h, &bounded_type, "5"), MSGC_ECONTRACT);
	ck_assert_uint_eq(h.problems.count, 5);
	for (size_t i = 0; i < 5; i++)
		ck_assert_str_eq(h.problems.items[i].type, told[i]);
	release(&h);
}
END_TEST

/* ---- lists, maps, depth ---- */

static const struct msgc_type_items two_to_three = {
        .element = &msgc_bool_type, .item_size = sizeof(bool), .min = 2, .max = 3};
static const struct msgc_type flags_type = {
        .kind = MSGC_KIND_LIST, .size = sizeof(struct msgc_bool_list), .items = &two_to_three};

START_TEST(counts_at_their_edges)
{
	assert_taken(&flags_type, "[true,false]", "[true,false]");
	assert_taken(&flags_type, " [ true , true , true ] ", "[true,true,true]");
	assert_refused(&flags_type, "[]", "too_short", "[]");
	assert_refused(&flags_type, "[true]", "too_short", "[]");
	assert_refused(&flags_type, "[true,true,true,true]", "too_long", "[]");
	assert_refused(&flags_type, "[true,1]", "bool_type", "[1]");
	assert_refused(&flags_type, "null", "list_type", "[]");
	assert_refused(&flags_type, "[true,]", "json_invalid", "[]");
}
END_TEST

struct key_and_int {
	struct msgc_str key;
	int32_t value;
	bool is_null;
};

static const struct msgc_type short_key_type = {.kind = MSGC_KIND_STR,
        .size = sizeof(struct msgc_str),
        .text = &(const struct msgc_type_text){.flags = MSGC_TEXT_LEN, .len_min = 1, .len_max = 2}};
static const struct msgc_type map_type = {.kind = MSGC_KIND_MAP,
        .size = sizeof(struct msgc_str_list),
        .items = &(const struct msgc_type_items){.element = &msgc_int32_type,
                .key = &short_key_type,
                .item_size = sizeof(struct key_and_int),
                .value_at = offsetof(struct key_and_int, value),
                .is_wrapped = true,
                .null_at = offsetof(struct key_and_int, is_null),
                .max = 2}};

START_TEST(maps_with_keys_and_null)
{
	assert_taken(&map_type, "{}", "{}");
	assert_taken(&map_type, "{\"b\":null,\"aa\":-1}", "{\"b\":null,\"aa\":-1}");
	assert_taken(&map_type, "{\"\\u00e9\\u00e9\":1}", "{\"\u00e9\u00e9\":1}");
	assert_refused(&map_type, "{\"\":1}", "string_too_short", "[\"\",\"[key]\"]");
	assert_refused(&map_type, "{\"abc\":1}", "string_too_long", "[\"abc\",\"[key]\"]");
	assert_refused(&map_type, "{\"a\":true}", "int_type", "[\"a\"]");
	assert_refused(&map_type, "{\"a\":1,\"b\":1,\"c\":1}", "too_long", "[]");
	assert_refused(&map_type, "{\"a\":1,\"\\u0061\":1}", "json_invalid", "[]");
}
END_TEST

struct chain {
	struct chain *next;
};
extern const struct msgc_type chain_type;
const struct msgc_type chain_type = {.kind = MSGC_KIND_RECORD,
        .flags = MSGC_TYPE_RECURSIVE,
        .size = sizeof(struct chain),
        .record = &(const struct msgc_type_record){
                .members = &(const struct msgc_member){MSGC_MEMBER(ODD, "n", &chain_type),
                        MSGC_BOXED_OPTIONAL(chain, next)},
                .n_members = 1}};

static char *chain_text(size_t depth)
{
	char *text = malloc(depth * 6 + 1), *at = text;

	ck_assert_ptr_nonnull(text);
	for (size_t i = 1; i < depth; i++)
		at += sprintf(at, "{\"n\":");
	at += sprintf(at, "{}");
	memset(at, '}', depth - 1);
	at[depth - 1] = '\0';
	return text;
}

START_TEST(depth_is_counted_by_readers_validators_and_writers)
{
	char *fits = chain_text(MSGC_DEPTH_DEFAULT), *beyond = chain_text(MSGC_DEPTH_DEFAULT + 1);
	static struct chain links[MSGC_DEPTH_MOST + 1];
	struct msgc_problems problems;
	struct msgc_buf out = {0};
	struct held h;

	assert_taken(&chain_type, fits, fits);
	ck_assert_int_eq(decode(&h, &chain_type, beyond), MSGC_ELIMIT);
	release(&h);
	for (size_t i = 0; i < MSGC_DEPTH_MOST; i++)
		links[i].next = &links[i + 1];
	ck_assert_int_eq(msgc_type_validate(&chain_type, &links[1], NULL), 0);
	ck_assert_int_eq(msgc_type_encode(&chain_type, &links[1], &out), 0);
	ck_assert_int_eq(msgc_type_validate(&chain_type, &links[0], &problems), MSGC_ECONTRACT);
	ck_assert_int_eq(msgc_type_encode(&chain_type, &links[0], &out), MSGC_EINVAL);
	links[MSGC_DEPTH_MOST].next = links; /* without end */
	ck_assert_int_eq(msgc_type_validate(&chain_type, links, &problems), MSGC_ECONTRACT);
	msgc_buf_free(&out);
	free(fits);
	free(beyond);
}
END_TEST

/* Numbers and a word, called by names; a name is no word that travels. */
START_TEST(values_are_found_by_what_they_are_called)
{
	static struct msgc_enum_value values[MOST];
	static const char *names[MOST];
	static char texts[MOST][12];
	const struct msgc_type_slots none = {0};
	struct msgc_type_enum all = {.values = values, .n_values = MOST};
	struct msgc_type type = {.kind = MSGC_KIND_ENUM, .values = &all};
	int32_t number;

	for (size_t i = 0; i < MOST; i++) {
		snprintf(texts[i], sizeof texts[i], "%zu", 7 * i);
		names[i] = i == 5 ? "word" : name_of(i);
		values[i] = (struct msgc_enum_value){
		        {MSGC_LITERAL_INT, texts[i], strlen(texts[i]), (int64_t)(7 * i)},
		        (int32_t)(7 * i), names[i]};
	}
	values[5] = (struct msgc_enum_value){MSGC_LITERAL_OF_STR("word"), 35, NULL};
	for (int with_slots = 0; with_slots < 2; with_slots++) {
		all.slots = with_slots ? slots_of(names, MOST) : none;
		for (size_t i = 0; i < MOST; i++) {
			ck_assert(msgc_enum_from_name(&type, msgc_str_from(names[i]), &number));
			ck_assert_int_eq(number, (int32_t)(7 * i));
			ck_assert_uint_eq(msgc_find_value(&all, msgc_str_from(names[i])),
			        i == 5 ? 5 : SIZE_MAX);
			ck_assert_uint_eq(msgc_find_value(&all, msgc_str_from(texts[i])), SIZE_MAX);
		}
		number = -1;
		ck_assert(!msgc_enum_from_name(&type, msgc_str_from("m5"), &number));
		ck_assert(!msgc_enum_from_name(&type, msgc_str_from("14"), &number));
		ck_assert_int_eq(number, -1);
		release_slots(&all.slots);
	}
}
END_TEST

START_TEST(tags_are_found_by_their_numbers)
{
	static struct msgc_arm arms[MOST + 1];
	static uint16_t by_number[MOST];
	struct msgc_type_union u = {.arms = arms, .has_else = true};

	for (int64_t factor = -3; factor <= 3; factor++)
		for (size_t n = 1; factor && n <= MOST; n = n * 2 + 1)
			for (int sorted = 0; sorted < 2; sorted++) {
				u.n_arms = n + 1;
				u.by_number = sorted ? by_number : NULL;
				u.n_by_number = sorted ? (uint32_t)n : 0;
				for (size_t i = 0; i < n; i++) {
					arms[i].tag.kind = MSGC_LITERAL_INT;
					arms[i].tag.number = factor * (int64_t)i;
					by_number[i] = (uint16_t)(factor < 0 ? n - 1 - i : i);
				}
				for (size_t i = 0; i < n; i++)
					ck_assert_uint_eq(
					        msgc__find_tag_int(&u, factor * (int64_t)i), i);
				ck_assert_uint_eq(msgc__find_tag_int(&u, -factor), SIZE_MAX);
				ck_assert_uint_eq(msgc__find_tag_int(&u, INT64_MAX), SIZE_MAX);
				ck_assert_uint_eq(msgc__find_tag_int(&u, INT64_MIN), SIZE_MAX);
				ck_assert_uint_eq(
				        msgc__find_tag_int(&u, factor * (int64_t)n), SIZE_MAX);
			}
	u.n_arms = 1;
	ck_assert_uint_eq(msgc__find_tag_int(&u, 0), SIZE_MAX);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("codec_tables");
	TCase *loops = codec_test_loops(suite, "edges");
	const TTest *const tables[] = {names_are_found_in_any_table,
	        each_name_has_a_slot_of_its_own, names_that_differ_in_one_letter_have_slots,
	        integers_in_a_row_scattered_and_few, enumerators_that_are_none_are_not_written,
	        values_are_found_by_what_they_are_called, tags_are_found_by_their_numbers,
	        enums_of_every_kind_of_literal, all_bounds_are_told_in_their_order,
	        counts_at_their_edges, maps_with_keys_and_null,
	        depth_is_counted_by_readers_validators_and_writers, NULL};

	tcase_add_loop_test(loops, records_of_any_number_of_members, 0,
	        2 * (int)(sizeof sizes / sizeof *sizes));
	tcase_add_loop_test(loops, bounds_at_their_edges, 0, (int)(sizeof edges / sizeof *edges));
	codec_test_case(suite, "tables", tables);
	return codec_test_run(suite);
}
