/* SPDX-License-Identifier: MIT */
/*
 * A whole record through everything: decode from const and in place, encode, validate, clone,
 * equal; memory that runs out at every place; buffers that end at a guard page.
 */
#include "record.h"
#include "codec_test.h"

#include <stdio.h>

static const char full[] =
        "{\"id\":10,\"text\":\" h\\u00e9llo \",\"role\":\"owner\",\"score\":-12.25,"
        "\"at\":\"2024-02-29T23:59:60.5+00:00\",\"tags\":[\"a\",\"\\n\",\"\xF0\x9F\x98\x80\"],"
        "\"marks\":{\"x\":-128,\"\\\"\":127},\"data\":\"/"
        "+8=\",\"price\":0.50,\"extra\":[1,{\"k\":\"\\t\"}],"
        "\"children\":[{\"id\":5,\"text\":\"c\",\"at\":null}],\"unknown\":{\"deep\":[{}]}}";
static const char canonical[] = "{\"id\":10,\"text\":\"h\xC3\xA9llo\",\"role\":\"owner\",\"score\":"
                                "-12.25,\"at\":\"2024-02-29T23:59:60.500Z\","
                                "\"tags\":[\"a\",\"\\n\",\"\xF0\x9F\x98\x80\"],\"marks\":{\"x\":-"
                                "128,\"\\\"\":127},\"data\":\"/+8=\",\"price\":0.50,"
                                "\"extra\":[1,{\"k\":\"\\t\"}],\"children\":[{\"id\":5,\"text\":"
                                "\"c\",\"role\":\"member\",\"at\":null,\"tags\":[],"
                                "\"children\":[]}]}";

START_TEST(reads_every_kind_of_member)
{
	struct msgc_arena arena = {0};
	struct msgc_problems problems;
	struct record v;

	ck_assert_int_eq(record_decode(LITERAL(full), NULL, &arena, &v, &problems), 0);
	ck_assert_int_eq(v.id, 10);
	ck_assert_str_eq(v.text.ptr, "h\xC3\xA9llo");
	ck_assert_uint_eq(v.text.len, 6);
	ck_assert_int_eq(v.role, ROLE_OWNER);
	ck_assert(v.has_score && v.score <= -12.25 && v.score >= -12.25);
	ck_assert_int_eq(v.at.seconds, 1709251199);
	ck_assert_int_eq(v.at.nanoseconds, 1500000000);
	ck_assert_uint_eq(v.tags.count, 3);
	ck_assert_str_eq(v.tags.items[1].ptr, "\n");
	ck_assert_str_eq(v.tags.items[2].ptr, "\xF0\x9F\x98\x80");
	ck_assert_uint_eq(v.marks.count, 2);
	ck_assert_str_eq(v.marks.items[0].key.ptr, "x");
	ck_assert_str_eq(v.marks.items[1].key.ptr, "\"");
	ck_assert_int_eq(v.marks.items[0].value, -128);
	ck_assert_mem_eq(v.data.ptr, "\xFF\xEF\0", 3);
	ck_assert_uint_eq(v.data.len, 2);
	ck_assert_mem_eq(v.price.ptr, "0.50", v.price.len);
	ck_assert_mem_eq(v.extra.ptr, "[1,{\"k\":\"\\t\"}]", v.extra.len);
	ck_assert_uint_eq(v.children.count, 1);
	ck_assert_int_eq(v.children.items[0].role, ROLE_MEMBER);
	ck_assert(v.children.items[0].at_is_null);
	msgc_arena_free(&arena);
}
END_TEST

START_TEST(writes_what_it_read_and_reads_it_again)
{
	struct msgc_arena arena = {0}, other = {0};
	struct msgc_buf out = {0};
	struct record v, copy, again;

	ck_assert_int_eq(record_decode(LITERAL(full), NULL, &arena, &v, NULL), 0);
	ck_assert_int_eq(record_validate(&v, NULL), 0);
	ck_assert_int_eq(record_encode(&v, &out), 0);
	ck_assert_str_eq(msgc_buf_c(&out), canonical);
	ck_assert_int_eq(record_clone(&v, &other, &copy), 0);
	ck_assert(record_equal(&v, &copy));
	msgc_arena_reset(&arena);
	ck_assert_int_eq(record_decode(out.data, out.len, NULL, &arena, &again, NULL), 0);
	ck_assert(record_equal(&copy, &again));
	copy.id = 15;
	ck_assert(!record_equal(&copy, &again));
	msgc_arena_free(&arena);
	msgc_arena_free(&other);
	msgc_buf_free(&out);
}
END_TEST

START_TEST(tells_all_problems_at_once_in_order)
{
	static const char bad[] =
	        "{\"id\":0,\"text\":\"toolong\",\"role\":\"king\",\"score\":100.1,\"at\":5,"
	        "\"tags\":[\"\",1,\"b\",\"c\"],"
	        "\"marks\":{\"abcde\":128},\"data\":\"?\",\"price\":0.49,\"children\":[{},7]}";
	static const char *const want[] = {
	        "[\"id\"] greater_than_equal Input should be greater than or equal to 1",
	        "[\"text\"] string_too_long String should have at most 5 characters",
	        "[\"role\"] enum Input should be 'owner' or 'member'",
	        "[\"score\"] less_than Input should be less than 100",
	        "[\"score\"] multiple_of Input should be a multiple of 0.25",
	        "[\"at\"] datetime_type Input should be a valid datetime",
	        "[\"tags\",0] string_too_short String should have at least 1 character",
	        "[\"tags\",1] string_type Input should be a valid string",
	        "[\"tags\"] too_long List should have at most 3 items after validation, not 4",
	        "[\"marks\",\"abcde\",\"[key]\"] string_too_long String should have at most 4 "
	        "characters",
	        "[\"marks\",\"abcde\"] less_than_equal Input should be less than or equal to 127",
	        "[\"data\"] bytes_invalid_encoding Data should be valid base64: Invalid padding, "
	        "offset 1.",
	        "[\"price\"] greater_than_equal Input should be greater than or equal to 0.5",
	        "[\"children\",0,\"id\"] missing Field required",
	        "[\"children\",0,\"text\"] missing Field required",
	        "[\"children\",0,\"at\"] missing Field required",
	};
	struct msgc_arena arena = {0};
	struct msgc_problems problems;
	struct record v = {.id = 77};
	char line[256];

	ck_assert_int_eq(record_decode(LITERAL(bad), NULL, &arena, &v, &problems), MSGC_ECONTRACT);
	ck_assert_int_eq(v.id, 77);
	ck_assert_uint_eq(problems.kept, 16);
	ck_assert_uint_eq(problems.count, 17); /* children[1] is counted only */
	for (uint32_t i = 0; i < problems.kept; i++) {
		snprintf(line, sizeof line, "%s %s %s", problems.items[i].loc,
		        problems.items[i].type, problems.items[i].msg);
		ck_assert_str_eq(line, want[i]);
	}
	msgc_arena_free(&arena);
}
END_TEST

START_TEST(validate_makes_the_checks_of_decode)
{
	struct msgc_str tags[] = {
	        MSGC_STR_INIT("a"), MSGC_STR_INIT(""), MSGC_STR_INIT("a"), MSGC_STR_INIT("\xFF")};
	struct record child = {
	        .id = INT64_MAX, .text = MSGC_STR_INIT("x"), .at = {.offset_minutes = 1440}};
	struct record v = {.id = 7,
	        .text = MSGC_STR_INIT(""),
	        .at_is_null = true,
	        .tags = {tags, 4},
	        .has_score = true,
	        .score = 0.1,
	        .has_price = true,
	        .price = {"x", 1},
	        .has_extra = true,
	        .extra = {"[", 1},
	        .children = {&child, 1}};
	static const char *const want[] = {
	        "[\"id\"] multiple_of",
	        "[\"text\"] string_too_short",
	        "[\"score\"] multiple_of",
	        "[\"tags\",1] string_too_short",
	        "[\"tags\",3] string_unicode",
	        "[\"tags\"] too_long",
	        "[\"tags\"] unique_list",
	        "[\"price\"] decimal_parsing",
	        "[\"extra\"] json_invalid",
	        "[\"children\",0,\"id\"] less_than_equal",
	        "[\"children\",0,\"at\"] datetime_parsing",
	};
	struct msgc_problems problems;
	char line[256];

	ck_assert_int_eq(record_validate(&v, &problems), MSGC_ECONTRACT);
	ck_assert_uint_eq(problems.count, sizeof want / sizeof *want);
	for (uint32_t i = 0; i < problems.kept; i++) {
		snprintf(line, sizeof line, "%s %s", problems.items[i].loc, problems.items[i].type);
		ck_assert_str_eq(line, want[i]);
	}
}
END_TEST

START_TEST(an_encode_that_fails_leaves_no_trace)
{
	struct record v = {.id = 5, .text = MSGC_STR_INIT("\xC3"), .at_is_null = true};
	struct msgc_buf out = {0};

	msgc_write_lit(&out, "before");
	ck_assert_int_eq(record_encode(&v, &out), MSGC_EINVAL);
	ck_assert_str_eq(msgc_buf_c(&out), "before");
	v.text = MSGC_STR("ok");
	ck_assert_int_eq(record_encode(&v, &out), 0);
	ck_assert_ptr_nonnull(strstr(msgc_buf_c(&out), "before{\"id\":5,\"text\":\"ok\""));
	v.children = (struct record_list){&v, 1}; /* holds itself */
	ck_assert_int_eq(record_encode(&v, &out), MSGC_EINVAL);
	ck_assert_int_eq(out.error, 0);
	ck_assert_int_eq(record_validate(&v, NULL), MSGC_ECONTRACT);
	msgc_buf_free(&out);
}
END_TEST

START_TEST(a_fixed_arena_is_enough_or_says_so)
{
	struct record v, want;
	struct msgc_arena arena, unlimited = {0};
	size_t size, needed = 0;
	char *memory;

	ck_assert_int_eq(record_decode(LITERAL(full), NULL, &unlimited, &want, NULL), 0);
	for (size = 0; size <= 8192; size++) {
		memory = malloc(size ? size : 1);
		ck_assert_ptr_nonnull(memory);
		msgc_arena_init_fixed(&arena, memory, size);
		if (record_decode(LITERAL(full), NULL, &arena, &v, NULL) == 0) {
			ck_assert(record_equal(&v, &want));
			ck_assert_uint_le(msgc_arena_used(&arena), size);
			needed = needed ? needed : size;
		} else {
			ck_assert_uint_eq(needed, 0);
		}
		free(memory);
	}
	ck_assert_uint_gt(needed, sizeof full);
	ck_assert_uint_lt(needed, 4096);
	msgc_arena_free(&unlimited);
}
END_TEST

START_TEST(a_fixed_buffer_is_enough_or_says_so)
{
	struct record v;
	struct msgc_arena arena = {0};
	struct msgc_buf out;
	char *memory;

	ck_assert_int_eq(record_decode(LITERAL(full), NULL, &arena, &v, NULL), 0);
	for (size_t size = 0; size <= sizeof canonical; size++) {
		memory = malloc(size ? size : 1);
		ck_assert_ptr_nonnull(memory);
		msgc_buf_init_fixed(&out, memory, size);
		if (size < sizeof canonical - 1) {
			ck_assert_int_eq(record_encode(&v, &out), MSGC_ENOMEM);
			ck_assert_uint_eq(out.len, 0);
		} else {
			ck_assert_int_eq(record_encode(&v, &out), 0);
			ck_assert_mem_eq(out.data, canonical, sizeof canonical - 1);
		}
		free(memory);
	}
	msgc_arena_free(&arena);
}
END_TEST

/*
 * Decodes the first `len` bytes of full, const up to a guard page and in place up to one behind the
 * padding.
 */
static void decode_at_page_end(size_t len)
{
	struct guarded exact = guarded_new(len), padded = guarded_new(len + MSGC_PADDING);
	struct msgc_arena arena = {0};
	struct msgc_problems problems;
	struct record v;
	int result = len == sizeof full - 1 ? 0 : MSGC_ECONTRACT;

	memcpy(exact.data, full, len);
	memcpy(padded.data, full, len);
	memset(padded.data + len, '"', MSGC_PADDING);
	ck_assert_int_eq(record_decode(exact.data, len, NULL, &arena, &v, &problems), result);
	ck_assert_mem_eq(exact.data, full, len);
	ck_assert_int_eq(msgc_json_validate(exact.data, len, NULL, &arena, &problems), result);
	ck_assert_int_eq(
	        record_decode_in_place(padded.data, len, NULL, &arena, &v, &problems), result);
	for (size_t i = 1; i < MSGC_PADDING; i++)
		ck_assert_int_eq(padded.data[len + i], '"');
	msgc_arena_free(&arena);
	guarded_free(&exact);
	guarded_free(&padded);
}

START_TEST(reads_nothing_beyond_its_input_or_padding)
{
	for (size_t len = 0; len < sizeof full; len++)
		decode_at_page_end(len);
}
END_TEST

START_TEST(shuffled_members_and_white_space_change_nothing)
{
	static const char shuffled[] = " {\n \"unknown\" : { } , \"children\" : [ ] ,\r\n\t\"at\" "
	                               ": null , \"text\" : \"x\" , \"i\\u0064\" : 5.0e0 } ";
	struct msgc_arena arena = {0};
	struct msgc_problems problems;
	struct record v;

	ck_assert_int_eq(record_decode(LITERAL(shuffled), NULL, &arena, &v, &problems), 0);
	ck_assert_int_eq(v.id, 5);
	ck_assert_str_eq(v.text.ptr, "x");
	msgc_arena_free(&arena);
}
END_TEST

static const char *const duplicates[] = {
        "{\"id\":5,\"id\":5,\"text\":\"x\",\"at\":null}",
        "{\"id\":5,\"text\":\"x\",\"at\":null,\"id\":5}",
        "{\"id\":5,\"text\":\"x\",\"at\":null,\"u\":1,\"u\":2}",
        "{\"id\":5,\"text\":\"x\",\"at\":null,\"\\u0061t\":null}",
        "{\"id\":5,\"text\":\"x\",\"at\":null,\"marks\":{\"a\":1,\"b\":1,\"a\":1}}",
        "{\"id\":5,\"text\":\"x\",\"at\":null,\"marks\":{\"a\":1,\"b\":1,\"c\":1,\"\\u0063\":1}}",
        "{\"id\":5,\"text\":\"x\",\"at\":null,\"extra\":{\"a\":1,\"a\":1}}",
        "{\"id\":{\"a\":1,\"a\":1},\"text\":\"x\",\"at\":null}",
        "{\"id\":5,\"text\":\"x\",\"at\":null,\"children\":[{\"id\":5,\"id\":5}]}",
};

START_TEST(refuses_duplicates_of_known_unknown_and_map_members)
{
	struct msgc_arena arena = {0};
	struct msgc_problems problems;
	struct record v;

	ck_assert_int_eq(
	        record_decode(duplicates[_i], strlen(duplicates[_i]), NULL, &arena, &v, &problems),
	        MSGC_ECONTRACT);
	ck_assert_uint_eq(problems.count, 1);
	ck_assert_str_eq(problems.items[0].type, "json_invalid");
	ck_assert_ptr_nonnull(strstr(problems.items[0].msg, "duplicate member name at byte "));
	msgc_arena_free(&arena);
}
END_TEST

/* children in children, `n` deep; each takes two levels. */
static int decode_family(size_t n, uint32_t max_depth)
{
	struct msgc_decode_options options = {.max_depth = max_depth};
	struct msgc_problems problems;
	struct msgc_arena arena = {0};
	struct msgc_buf text = {0};
	struct record v;
	int result;

	for (size_t i = 0; i < n; i++)
		msgc_write_lit(&text, "{\"id\":5,\"text\":\"x\",\"at\":null,\"children\":[");
	for (size_t i = 0; i < n; i++)
		msgc_write_lit(&text, "]}");
	result = record_decode(text.data, text.len, &options, &arena, &v, &problems);
	if (result)
		ck_assert_str_eq(problems.items[0].type, "json_invalid");
	msgc_arena_free(&arena);
	msgc_buf_free(&text);
	return result;
}

START_TEST(typed_recursion_is_bounded)
{
	ck_assert_int_eq(decode_family(32, 0), 0);
	ck_assert_int_eq(decode_family(33, 0), MSGC_ELIMIT);
	ck_assert_int_eq(decode_family(512, 1024), 0);
	ck_assert_int_eq(decode_family(513, 1024), MSGC_ELIMIT);
	ck_assert_int_eq(decode_family(100000, 0), MSGC_ELIMIT);
}
END_TEST

START_TEST(options_decide_about_unknown_members)
{
	static const char text[] =
	        "{\"id\":5,\"text\":\"x\",\"at\":null,\"nobody knows\":{\"a\":1}}";
	struct msgc_decode_options reject = {.unknown = MSGC_UNKNOWN_REJECT},
	                           ignore = {.unknown = MSGC_UNKNOWN_IGNORE};
	struct msgc_arena arena = {0};
	struct msgc_problems problems;
	struct record v;

	ck_assert_int_eq(record_decode(LITERAL(text), NULL, &arena, &v, &problems), 0);
	ck_assert_int_eq(record_decode(LITERAL(text), &ignore, &arena, &v, &problems), 0);
	ck_assert_int_eq(
	        record_decode(LITERAL(text), &reject, &arena, &v, &problems), MSGC_ECONTRACT);
	ASSERT_PROBLEM(&problems, "extra_forbidden", "[\"nobody knows\"]",
	        "Extra inputs are not permitted", NULL);
	msgc_arena_free(&arena);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("codec_record");
	TCase *samples = codec_test_loops(suite, "samples");
	const TTest *const whole[] = {reads_every_kind_of_member,
	        writes_what_it_read_and_reads_it_again, tells_all_problems_at_once_in_order,
	        validate_makes_the_checks_of_decode, an_encode_that_fails_leaves_no_trace,
	        shuffled_members_and_white_space_change_nothing,
	        options_decide_about_unknown_members, NULL};
	const TTest *const bounds[] = {a_fixed_arena_is_enough_or_says_so,
	        a_fixed_buffer_is_enough_or_says_so, reads_nothing_beyond_its_input_or_padding,
	        typed_recursion_is_bounded, NULL};

	tcase_add_loop_test(samples, refuses_duplicates_of_known_unknown_and_map_members, 0,
	        sizeof duplicates / sizeof *duplicates);
	codec_test_case(suite, "whole", whole);
	codec_test_case(suite, "bounds", bounds);
	return codec_test_run(suite);
}
