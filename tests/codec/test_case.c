/* SPDX-License-Identifier: MIT */
/*
 * lower and upper: where the text goes when it keeps its size, shrinks or grows, what is no UTF-8, and
 * memory that fails. Which character becomes which is compared with another implementation in
 * tests/format.
 */
#include "codec_test.h"

#include <stdio.h>

typedef void read_fn(struct msgc_reader *r, struct msgc_str *v);
typedef int map_fn(struct msgc_arena *arena, struct msgc_str s, struct msgc_str *ret);
typedef bool check_fn(struct msgc_scope *s, struct msgc_str v);

enum place { SAME, IN_PLACE, ARENA };

static const struct {
	read_fn *read;
	map_fn *map;
	check_fn *check;
	const char *text, *want;
	enum place place;
} rows[] = {
#define LOWER msgc_read_lower, msgc_str_lower, msgc_check_lower
#define UPPER msgc_read_upper, msgc_str_upper, msgc_check_upper
        {LOWER, "", "", SAME},
        {LOWER, "already low, 123 @[`{", "already low, 123 @[`{", SAME},
        {LOWER, "A", "a", IN_PLACE},
        {LOWER, "ABCXYZ @[`{ abcxyz", "abcxyz @[`{ abcxyz", IN_PLACE},
        {LOWER, "ÄÖÜ ẞ ΑΒΓΣ ЖЯ Ա", "äöü ß αβγσ жя ա", IN_PLACE},
        {LOWER, "straße ς σ", "straße ς σ", SAME},
        {LOWER, "ǄǅǆĀāĂă", "ǆǆǆāāăă", IN_PLACE},
        {LOWER, "𐐀𞤀😀", "𐐨𞤢😀", IN_PLACE},
        {LOWER, "中ー文", "中ー文", SAME},
        /* shorter: U+0130, the signs of Kelvin, Ohm, Angstrom */
        {LOWER, "İxKyΩzÅ", "ixkyωzå", IN_PLACE},
        /* longer: U+023A, U+023E */
        {LOWER, "ȺxȾ", "ⱥxⱦ", ARENA},
        {LOWER, "KȺ", "kⱥ", ARENA},
        {UPPER, "abcxyz @[`{ ABC", "ABCXYZ @[`{ ABC", IN_PLACE},
        {UPPER, "äöü ß ﬁ αβγσς жя", "ÄÖÜ ß ﬁ ΑΒΓΣΣ ЖЯ", IN_PLACE},
        {UPPER, "ıſ", "IS", IN_PLACE},
        {UPPER, "ɐɑa", "ⱯⱭA", ARENA},
        {UPPER, "ÿµ", "ŸΜ", IN_PLACE},
        {UPPER, "ALREADY", "ALREADY", SAME},
};

static struct msgc_str str_of(const char *text)
{
	return msgc_str_of(text, strlen(text));
}

START_TEST(every_text_goes_where_it_fits)
{
	struct bench b;
	struct msgc_str v, before;
	char json[200];

	snprintf(json, sizeof json, "\"%s\"", rows[_i].text);
	bench_open(&b, json);
	ck_assert(msgc_read_str(&b.r, &v));
	before = v;
	rows[_i].read(&b.r, &v);
	ck_assert_uint_eq(v.len, strlen(rows[_i].want));
	ck_assert_str_eq(v.ptr, rows[_i].want);
	ck_assert((v.ptr == before.ptr) == (rows[_i].place != ARENA));
	/* Once is enough. */
	before = v;
	rows[_i].read(&b.r, &v);
	ck_assert(v.ptr == before.ptr && v.len == before.len);
	ck_assert_int_eq(bench_close(&b), 0);
}
END_TEST

START_TEST(a_text_of_others_is_copied_only_where_it_changes)
{
	struct msgc_arena arena = {0};
	struct msgc_scope scope;
	struct msgc_problems problems;
	struct guarded g = guarded_new(strlen(rows[_i].text));
	struct msgc_str text, v;

	memcpy(g.data, rows[_i].text, strlen(rows[_i].text));
	text = msgc_str_of(g.data, strlen(rows[_i].text));
	ck_assert_int_eq(rows[_i].map(&arena, text, &v), 0);
	ck_assert_uint_eq(v.len, strlen(rows[_i].want));
	ck_assert_mem_eq(v.ptr, rows[_i].want, v.len);
	ck_assert((v.ptr == text.ptr) == (rows[_i].place == SAME));
	if (rows[_i].place != SAME)
		ck_assert_int_eq(v.ptr[v.len], '\0');
	/* The original is as it was. */
	ck_assert_mem_eq(text.ptr, rows[_i].text, text.len);
	msgc_scope_open(&scope, &problems);
	ck_assert(rows[_i].check(&scope, v));
	ck_assert(rows[_i].check(&scope, text) == (rows[_i].place == SAME));
	ck_assert_uint_eq(problems.count, rows[_i].place != SAME);
	guarded_free(&g);
	msgc_arena_free(&arena);
}
END_TEST

/* A NUL is a character; an escaped text is in the arena already; what is no UTF-8 stays. */
START_TEST(odd_texts)
{
	static const char broken[] = "A\xC3\xC3\x84\xE1\xBA\xF0\x90\x90\xFFZ\xC8";
	static const char mapped[] = "a\xC3\xC3\xA4\xE1\xBA\xF0\x90\x90\xFFz\xC8";
	struct msgc_arena arena = {0};
	struct bench b;
	struct msgc_str v;

	bench_open(&b, "\"A\\u0000B\\u00c4\\uD801\\uDC00C\"");
	ck_assert(msgc_read_str(&b.r, &v));
	msgc_read_lower(&b.r, &v);
	ck_assert_uint_eq(v.len, 10);
	ck_assert_mem_eq(v.ptr,
	        "a\0b\xC3\xA4\xF0\x90\x90\xA8"
	        "c",
	        11);
	ck_assert_int_eq(bench_close(&b), 0);
	for (size_t len = 0; len < sizeof broken; len++) {
		struct guarded g = guarded_new(len);

		memcpy(g.data, broken, len);
		ck_assert_int_eq(msgc_str_lower(&arena, msgc_str_of(g.data, len), &v), 0);
		ck_assert_uint_eq(v.len, len);
		/* U+00C4 cut in two is none. */
		if (len != 3)
			ck_assert_mem_eq(v.ptr, mapped, len);
		guarded_free(&g);
	}
	ck_assert_int_eq(msgc_str_upper(&arena, (struct msgc_str){0}, &v), 0);
	ck_assert(v.ptr == NULL && v.len == 0);
	msgc_arena_free(&arena);
}
END_TEST

/* After trim the text begins behind its space; the two work together. */
START_TEST(trim_and_case)
{
	struct bench b;
	struct msgc_str v;

	bench_open(&b, "\" \\u00a0Ada LOVELACE \"");
	ck_assert(msgc_read_str(&b.r, &v));
	msgc_read_trim(&b.r, &v);
	msgc_read_lower(&b.r, &v);
	ck_assert_str_eq(v.ptr, "ada lovelace");
	msgc_read_upper(&b.r, &v);
	ck_assert_str_eq(v.ptr, "ADA LOVELACE");
	ck_assert_int_eq(bench_close(&b), 0);
}
END_TEST

/* The texts that the arena gets: nothing is written where it does not. */
START_TEST(without_memory_the_reader_stops)
{
	struct bench b;
	struct msgc_str v, before;

	bench_open(&b, "\"K\u2126\u023aK\"");
	ck_assert(msgc_read_str(&b.r, &v));
	/* What there is, is all there will be. */
	b.arena.limit = 1;
	while (msgc_arena_alloc(&b.arena, 1, 1))
		;
	before = v;
	msgc_read_lower(&b.r, &v);
	ck_assert(v.ptr == before.ptr && v.len == before.len);
	ck_assert_str_eq(v.ptr, "K\xE2\x84\xA6\xC8\xBAK");
	ck_assert_int_eq(msgc_str_upper(&b.arena, str_of("a"), &v), MSGC_ENOMEM);
	ck_assert(v.ptr == before.ptr);
	ck_assert_int_eq(bench_close(&b), MSGC_ENOMEM);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("codec_case");
	TCase *loops = codec_test_loops(suite, "loops");
	const TTest *const others[] = {
	        odd_texts, trim_and_case, without_memory_the_reader_stops, NULL};

	tcase_add_loop_test(loops, every_text_goes_where_it_fits, 0, sizeof rows / sizeof *rows);
	tcase_add_loop_test(loops, a_text_of_others_is_copied_only_where_it_changes, 0,
	        sizeof rows / sizeof *rows);
	codec_test_case(suite, "others", others);
	return codec_test_run(suite);
}
