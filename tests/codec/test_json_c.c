/* SPDX-License-Identifier: MIT */
/*
 * <msgc/json_c.h>: a member of the type json, decoded, then opened with json-c; what json-c would
 * change without a word is refused.
 */
#include "codec_test.h"

#include <stdio.h>

#include <json-c/json.h>
#include <limits.h>
#include <msgc/json_c.h>
#include <msgc/type.h>

struct letter {
	struct msgc_json extra;
};

static const struct msgc_type letter_type = {.kind = MSGC_KIND_RECORD,
        .quick = MSGC_QUICK_RECORD,
        .size = sizeof(struct letter),
        .record = &(const struct msgc_type_record){
                .members = (const struct msgc_member[]){{MSGC_MEMBER(ODD, "extra", &msgc_json_type),
                                                                MSGC_REQUIRED(letter, extra)},
                        MSGC_NO_MEMBER},
                .n_members = 1,
                .must_come = 1}};

/* {"extra":…} read from const memory that ends at a guard page, and its member opened. */
static int open_extra(const char *text, struct json_object **ret)
{
	static char whole[8192];
	struct msgc_decode_options options = {.max_depth = MSGC_DEPTH_MOST};
	struct msgc_arena arena = {0};
	struct letter letter;
	int len = snprintf(whole, sizeof whole, "{\"extra\": %s }", text), result;
	struct guarded exact = guarded_new((size_t)len), value;

	ck_assert_int_lt(len, (int)sizeof whole);
	memcpy(exact.data, whole, (size_t)len);
	ck_assert_int_eq(msgc_type_decode(&letter_type, exact.data, (size_t)len, &options, &arena,
	                         &letter, NULL),
	        0);
	guarded_free(&exact);
	/* Nothing behind the value is json-c's to read. */
	value = guarded_new(letter.extra.len);
	memcpy(value.data, letter.extra.ptr, letter.extra.len);
	letter.extra.ptr = value.data;
	msgc_arena_free(&arena);
	result = msgc_json_open(letter.extra, ret);
	guarded_free(&value);
	return result;
}

START_TEST(values_of_every_kind_are_opened)
{
	static const struct {
		const char *text, *again;
		enum json_type type;
	} values[] = {
	        {"null", NULL, json_type_null},
	        {"true", "true", json_type_boolean},
	        {"0", "0", json_type_int},
	        {"-9223372036854775808", "-9223372036854775808", json_type_int},
	        {"18446744073709551615", "18446744073709551615", json_type_int},
	        {"1.5e3", "1.5e3", json_type_double},
	        {"\"\"", "\"\"", json_type_string},
	        {"\"a\\u0000\\ud83d\\ude00\\n\"", "\"a\\u0000\xF0\x9F\x98\x80\\n\"",
	                json_type_string},
	        {"[]", "[]", json_type_array},
	        {"[1,[true,null],{\"a\":\"b\"}]", "[1,[true,null],{\"a\":\"b\"}]", json_type_array},
	        {"{}", "{}", json_type_object},
	        {"{\"a\":{\"b\":[\"\\u0000\"]},\"\\\\u0000\":1}",
	                "{\"a\":{\"b\":[\"\\u0000\"]},\"\\\\u0000\":1}", json_type_object},
	};
	struct json_object *object = NULL;

	ck_assert_int_eq(open_extra(values[_i].text, &object), 0);
	ck_assert_int_eq(json_object_get_type(object), values[_i].type);
	if (values[_i].again)
		ck_assert_str_eq(json_object_to_json_string_ext(object,
		                         JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE),
		        values[_i].again);
	else
		ck_assert_ptr_null(object);
	json_object_put(object);
}
END_TEST
#define N_VALUES 12

START_TEST(names_that_json_c_would_cut_are_refused)
{
	static const char *const texts[] = {"{\"\\u0000\":1}", "{\"a\\u0000b\":1,\"a\":2}",
	        "[{\"x\":{\"\\u0000\" \n:1}}]", "{\"a\":\"\\\"\\u0000\",\"\\\\\\u0000\":1}"};
	struct json_object *object = (struct json_object *)&object;

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		ck_assert_int_eq(open_extra(texts[i], &object), MSGC_ECONTRACT);
	ck_assert_ptr_eq(object, (struct json_object *)&object); /* written on success only */
}
END_TEST

/* `levels` of arrays, or objects, with a number in the middle. */
static int open_nested(int levels, bool objects, struct json_object **ret)
{
	struct msgc_buf text = {0};
	int result;

	for (int i = 0; i < levels; i++)
		msgc_buf_append_str(&text, objects ? "{\"a\":" : "[");
	msgc_buf_append_char(&text, '1');
	for (int i = 0; i < levels; i++)
		msgc_buf_append_char(&text, objects ? '}' : ']');
	ck_assert_int_eq(text.error, 0);
	result = msgc_json_open((struct msgc_json){text.data, text.len}, ret);
	msgc_buf_free(&text);
	return result;
}

START_TEST(all_that_a_decoder_takes_is_not_too_deep)
{
	struct json_object *object;

	for (int objects = 0; objects < 2; objects++) {
		ck_assert_int_eq(open_nested(MSGC_DEPTH_MOST, objects, &object), 0);
		json_object_put(object);
		ck_assert_int_eq(open_nested(MSGC_DEPTH_MOST + 1, objects, &object), MSGC_ELIMIT);
		ck_assert_int_eq(open_nested(200000, objects, &object), MSGC_ELIMIT);
	}
}
END_TEST

START_TEST(what_is_no_json_is_refused)
{
	static const char *const texts[] = {"", "[", "nul", "{\"a\":1,}", "\"a", "1 2", "[1]x",
	        "\"\xC3\"", "tru", "{\"a\"", "\"\\u0000", "-"};
	struct json_object *object;

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		ck_assert_msg(msgc_json_open((struct msgc_json){texts[i], strlen(texts[i])},
		                      &object) == MSGC_EINVAL,
		        "%s", texts[i]);
	ck_assert_int_eq(
	        msgc_json_open((struct msgc_json){"1", (size_t)INT_MAX + 1}, &object), MSGC_EINVAL);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("codec_json_c");
	TCase *values = codec_test_loops(suite, "values");
	const TTest *const others[] = {names_that_json_c_would_cut_are_refused,
	        all_that_a_decoder_takes_is_not_too_deep, what_is_no_json_is_refused, NULL};

	tcase_add_loop_test(values, values_of_every_kind_are_opened, 0, N_VALUES);
	codec_test_case(suite, "others", others);
	return codec_test_run(suite);
}
