/* SPDX-License-Identifier: MIT */
/*
 * What a contract refuses, with the exact problems: each constraint at its edge, wrong types, missing
 * and doubled members, all problems of a frame at once. It must not know how any of it is found.
 */
#include <stdio.h>

#include "deep.msgc.h"
#include "everything.msgc.h"
#include "harness.h"
#include "lobby.msgc.h"
#include "wide.msgc.h"
#include "words.msgc.h"

/* A text that is right but for one member, and the problem with it: type and loc. */
struct edge {
	const char *member;
	const char *good;
	const char *bad;
	const char *type;
};

/* {"action":…,"MEMBER":{… all good, but for the one …}} */
static char *with_one(const char *before, const struct edge *edges, size_t n, size_t one,
        const char *value, const char *after)
{
	struct msgc_buf text = {0};
	char *copy;

	msgc_buf_append_str(&text, before);
	for (size_t i = 0; i < n; i++) {
		if (i > 0 && strcmp(edges[i].member, edges[i - 1].member) == 0)
			continue;
		msgc_buf_append_str(&text, text.data[text.len - 1] == '{' ? "\"" : ",\"");
		msgc_buf_append_str(&text, edges[i].member);
		msgc_buf_append_str(&text, "\":");
		msgc_buf_append_str(&text,
		        strcmp(edges[i].member, edges[one].member) == 0 ? value : edges[i].good);
	}
	msgc_buf_append_str(&text, after);
	copy = strdup(msgc_buf_c(&text));
	msgc_buf_free(&text);
	return copy;
}

static void check_edge(const struct msgc_message *message, const char *before,
        const struct edge *edges, size_t n, size_t one, const char *after, const char *loc)
{
	char *good = with_one(before, edges, n, one, edges[one].good, after);
	char *bad = with_one(before, edges, n, one, edges[one].bad, after);
	struct decoded *decoded;
	char expected[128];

	check_round_trip(message, good, NULL);
	decoded = decode(message, bad, strlen(bad));
	ck_assert_msg(decoded->result == MSGC_ECONTRACT, "accepted: %s", bad);
	ck_assert_msg(
	        decoded->problems.count == 1, "%u problems: %s", decoded->problems.count, bad);
	ck_assert_msg(strcmp(decoded->problems.items[0].type, edges[one].type) == 0,
	        "%s is %s, not %s", bad, decoded->problems.items[0].type, edges[one].type);
	snprintf(expected, sizeof(expected), loc, edges[one].member);
	/* An element's or a value's place is further in. */
	ck_assert_msg(strncmp(decoded->problems.items[0].loc, expected, strlen(expected)) == 0,
	        "%s at %s, not %s", bad, decoded->problems.items[0].loc, expected);
	decoded_free(decoded);
	free(good);
	free(bad);
}

static const struct edge limits[] = {
        {"small", "-5", "-6", "greater_than_equal"},
        {"small", "5", "6", "less_than_equal"},
        {"small", "5", "128", "less_than_equal"},
        {"low", "-3", "-4", "greater_than_equal"},
        {"low", "2147483647", "2147483648", "less_than_equal"},
        {"high", "3", "4", "less_than_equal"},
        {"high", "-2147483648", "-2147483649", "greater_than_equal"},
        {"above", "-9007199254740992", "-9007199254740993", "greater_than"},
        {"below", "18446744073709551614", "18446744073709551615", "less_than"},
        {"below", "0", "-1", "greater_than_equal"},
        {"fives", "-15", "-14", "multiple_of"},
        {"fives", "0", "7", "multiple_of"},
        {"count", "999", "1000", "less_than"},
        {"money", "\"0\"", "\"-0.01\"", "greater_than_equal"},
        {"money", "\"1234567890123456789012345678901234567890.12\"", "\"0.001\"", "multiple_of"},
        {"ratio", "0.9999", "1", "less_than"},
        {"ratio", "-0.9999", "-1.0", "greater_than"},
        {"halves", "0.5", "0.25", "multiple_of"},
        {"halves", "10", "10.5", "less_than_equal"},
        {"quarters", "-0.75", "0.1", "multiple_of"},
        {"exact", "\"0.2\"", "\"0.1\"", "greater_than"},
        {"exact", "\"999999999999999999999.9\"", "\"1000000000000000000000\"", "less_than"},
        {"exact", "\"0.2\"", "\"0.25\"", "multiple_of"},
        {"label", "\" 12345678 \"", "\"123456789\"", "string_too_long"},
        {"short", "\"\\u00e9\\ud83d\\ude00\\u0000\"", "\"abcd\"", "string_too_long"},
        {"long", "\"\xc3\xa9\xc3\xa9\xc3\xa9\"", "\"\xc3\xa9\xc3\xa9\"", "string_too_short"},
        {"just", "\"four\"", "\"fives\"", "string_too_long"},
        {"just", "\"four\"", "\"six\"", "string_too_short"},
        {"utf8", "\"\xc3\xa9\xc3\xa9\xc3\xa9\"", "\"\xc3\xa9\xc3\xa9\xc3\xa9.\"", "bytes_too_long"},
        {"utf8", "\"\xc3\xa9\"", "\"e\"", "bytes_too_short"},
        {"blank", "\" . \"", "\" \\u00a0\\n\"", "value_error"},
        {"blob", "\"AA==\"", "\"\"", "bytes_too_short"},
        {"blob", "\"AAAAAAAA\"", "\"AAAAAAAAAA==\"", "bytes_too_long"},
        {"any_blob", "\"AAAA\"", "\"AAA=\"", "bytes_too_short"},
        {"few", "[1]", "[]", "too_short"},
        {"few", "[1,2,3]", "[1,2,3,4]", "too_long"},
        {"few", "[1]", "[1,\"2\"]", "int_type"},
        {"some", "[true,false]", "[true]", "too_short"},
        {"pairs", "{\"a\":1}", "{}", "too_short"},
        {"pairs", "{\"a\":1,\"b\":2}", "{\"a\":1,\"b\":2,\"c\":3}", "too_long"},
        {"pairs", "{\"a\":1}", "{\"a\":128}", "less_than_equal"},
};

START_TEST(each_constraint_holds_at_its_edge)
{
	check_edge(&everything_checked_message, "{\"action\":\"limits.check\",\"limits\":{", limits,
	        sizeof(limits) / sizeof(limits[0]), (size_t)_i, "},\"formats\":{},\"uniques\":{}}",
	        "[\"limits\",\"%s\"");
}
END_TEST

static const struct edge uniques[] = {
        {"truths", "[true,false]", "[true,false,true]", "unique_list"},
        {"i8s", "[1,-1]", "[1,-1,1.0]", "unique_list"},
        {"i64s", "[9223372036854775807,9223372036854775806]",
                "[-9223372036854775808,1,-9223372036854775808]", "unique_list"},
        {"u64s", "[18446744073709551615,18446744073709551614]",
                "[18446744073709551615,1,18446744073709551615]", "unique_list"},
        {"f32s", "[0.5,0.25]", "[0.5,5e-1]", "unique_list"},
        {"f64s", "[0,1]", "[0,-0.0]", "unique_list"},
        {"exacts", "[\"1\",\"1.1\"]", "[\"1\",\"1.0\"]", "unique_list"},
        {"texts", "[\"a\",\"A\",\"\"]", "[\"a\",\"b\",\"\\u0061\"]", "unique_list"},
        {"raws", "[\"AA==\",\"AAA=\"]", "[\"AAA=\",\"AA==\",\"AAA=\"]", "unique_list"},
        {"days", "[\"2024-01-01\",\"2024-01-02\"]", "[\"2024-01-01\",\"2024-01-01\"]",
                "unique_list"},
        {"keys",
                "[\"00000000-0000-0000-0000-00000000000a\",\"00000000-0000-0000-0000-"
                "00000000000b\"]",
                "[\"00000000-0000-0000-0000-00000000000a\",\"00000000-0000-0000-0000-"
                "00000000000A\"]",
                "unique_list"},
        {"colors", "[\"red\",\"GREEN\"]", "[\"red\",\"GREEN\",\"red\"]", "unique_list"},
        {"steps", "[0,1]", "[1,0,1]", "unique_list"},
        {"people", "[{\"id\":1,\"name\":\"a\"},{\"id\":1,\"name\":\"a\",\"home\":null}]",
                "[{\"id\":1,\"name\":\"a\"},{\"id\":2,\"name\":\"a\"},{\"name\":\"a\",\"id\":1}]",
                "unique_list"},
        {"points", "[{\"x\":1},{\"x\":1,\"y\":null},{\"x\":1,\"y\":0}]",
                "[{\"x\":1,\"y\":null},{\"y\":null,\"x\":1}]", "unique_list"},
        {"holes", "[null,0]", "[null,0,null]", "unique_list"},
        {"rows", "[[],[1],[1,1]]", "[[1],[],[1]]", "unique_list"},
        {"maps", "[{},{\"a\":1},{\"a\":2}]", "[{\"a\":1,\"b\":2},{\"b\":2,\"a\":1}]",
                "unique_list"},
};

/* A text for everything_checked up to an opening '{', all limits kept. */
static char *with_good_limits(const char *after)
{
	struct edge all[sizeof(limits) / sizeof(limits[0])];

	memcpy(all, limits, sizeof(all));
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		all[i].bad = all[i].good;
	return with_one("{\"action\":\"limits.check\",\"limits\":{", all,
	        sizeof(all) / sizeof(all[0]), 0, all[0].good, after);
}

START_TEST(unique_compares_values)
{
	char *before = with_good_limits("},\"formats\":{},\"uniques\":{");

	check_edge(&everything_checked_message, before, uniques,
	        sizeof(uniques) / sizeof(uniques[0]), (size_t)_i, "}}", "[\"uniques\",\"%s\"]");
	free(before);
}
END_TEST

static const struct edge patterns[] = {
        {"code", "\"AB-12345\"", "\"AB12345\"", "string_pattern_mismatch"},
        {"code", "\"\\u0661\\u0662\\u0663\"", "\"12\"", "string_pattern_mismatch"},
        {"codes", "[\"123\",\"A-123\"]", "[\"123\",\"a-123\"]", "string_pattern_mismatch"},
        {"version", "\"1.2.3-rc.1\"", "\"1.2-\"", "string_pattern_mismatch"},
        {"version", "\"1.2\"", "\"\"", "string_pattern_mismatch"},
        {"mention", "\"hi @\xc3\xa9ta!\"", "\"a@b\"", "string_pattern_mismatch"},
        {"same", "\"@a\"", "\"@\"", "string_pattern_mismatch"},
        {"both", "\"a1\"", "\"1a\"", "string_pattern_mismatch"},
        {"both", "\"a1\"", "\"a1.\"", "value_error"},
        {"quoted", "\"\\\"\\ud83d\\ude00\\\"\"", "\"\\\"\\n\\\"\"", "string_pattern_mismatch"},
        {"quoted", "null", "\"\"", "string_pattern_mismatch"},
        {"by_code", "{\"x\":\"a\"}", "{\"x\":\"A\"}", "string_pattern_mismatch"},
};

START_TEST(a_pattern_decides)
{
	char *before = with_good_limits("},\"formats\":{");

	check_edge(&everything_checked_message, before, &patterns[_i], 1, 0, "},\"uniques\":{}}",
	        "[\"formats\",\"%s\"");
	free(before);
}
END_TEST

START_TEST(large_lists_are_compared_in_time)
{
	struct msgc_buf text = {0};
	struct decoded *decoded;

	/* 20,000 records that differ in one member: comparing each with each would take minutes. */
	msgc_buf_append_str(&text, "{\"action\":\"plant\",\"payload\":{\"forest\":[");
	for (int i = 0; i < 20000; i++)
		msgc_buf_printf(&text, "%s{\"name\":\"tree %d\",\"children\":[]}", i ? "," : "", i);
	msgc_buf_append_str(&text, "]}}");
	decoded = decode(&deep_plant_message, text.data, text.len);
	ck_assert_int_eq(decoded->result, 0);
	decoded_free(decoded);

	text.len -= 3;
	msgc_buf_append_str(&text, ",{\"children\":[],\"name\":\"tree 777\"}]}}");
	decoded = decode(&deep_plant_message, text.data, text.len);
	ck_assert_int_eq(decoded->result, MSGC_ECONTRACT);
	ck_assert_str_eq(decoded->problems.items[0].type, "unique_list");
	decoded_free(decoded);
	msgc_buf_free(&text);
}
END_TEST

static const struct {
	const struct msgc_message *message;
	const char *text;
	const char *problems;
} refusals[] = {
        /* The frame. */
        {&lobby_say_message, "",
                "[{\"type\":\"json_invalid\",\"loc\":[],\"msg\":\"Invalid JSON: EOF while parsing "
                "a value at byte 0\","
                "\"ctx\":{\"error\":\"EOF while parsing a value at byte 0\",\"byte\":0}}]"},
        {&lobby_say_message, "[]",
                "[{\"type\":\"model_type\",\"loc\":[],\"msg\":\"Input should be an object\"}]"},
        {&lobby_say_message, "{}",
                "[{\"type\":\"missing\",\"loc\":[\"action\"],\"msg\":\"Field required\"},"
                "{\"type\":\"missing\",\"loc\":[\"payload\"],\"msg\":\"Field required\"}]"},
        {&lobby_say_message, "{\"action\":\"knock\",\"payload\":\"x\"}",
                "[{\"type\":\"literal_error\",\"loc\":[\"action\"],\"msg\":\"Input should be "
                "'say'\","
                "\"ctx\":{\"expected\":\"'say'\"}}]"},
        {&lobby_say_message,
                "{\"action\":\"say\",\"payload\":\"x\",\"ref\":7,\"topic\":null,\"seq\":\"1\",\"is_"
                "mine\":0}",
                "[{\"type\":\"string_type\",\"loc\":[\"ref\"],\"msg\":\"Input should be a valid "
                "string\"},"
                "{\"type\":\"string_type\",\"loc\":[\"topic\"],\"msg\":\"Input should be a valid "
                "string\"},"
                "{\"type\":\"int_type\",\"loc\":[\"seq\"],\"msg\":\"Input should be a valid "
                "integer\"},"
                "{\"type\":\"bool_type\",\"loc\":[\"is_mine\"],\"msg\":\"Input should be a valid "
                "boolean\"}]"},
        /* Members that come twice, known, unknown or of the envelope, escaped or not. */
        {&lobby_say_message, "{\"action\":\"say\",\"payload\":\"x\",\"payload\":\"x\"}",
                "[{\"type\":\"json_invalid\",\"loc\":[],\"msg\":\"Invalid JSON: duplicate member "
                "name at byte 30\","
                "\"ctx\":{\"error\":\"duplicate member name at byte 30\",\"byte\":30}}]"},
        {&lobby_say_message, "{\"action\":\"say\",\"payload\":\"x\",\"p\\u0061yload\":1}",
                "[{\"type\":\"json_invalid\",\"loc\":[],\"msg\":\"Invalid JSON: duplicate member "
                "name at byte 30\","
                "\"ctx\":{\"error\":\"duplicate member name at byte 30\",\"byte\":30}}]"},
        {&lobby_say_message, "{\"ref\":\"1\",\"ref\":\"1\",\"action\":\"say\",\"payload\":\"x\"}",
                "[{\"type\":\"json_invalid\",\"loc\":[],\"msg\":\"Invalid JSON: duplicate member "
                "name at byte 11\","
                "\"ctx\":{\"error\":\"duplicate member name at byte 11\",\"byte\":11}}]"},
        {&lobby_knock_message, "{\"payload\":null,\"action\":\"knock\",\"payload\":null}",
                "[{\"type\":\"json_invalid\",\"loc\":[],\"msg\":\"Invalid JSON: duplicate member "
                "name at byte 33\","
                "\"ctx\":{\"error\":\"duplicate member name at byte 33\",\"byte\":33}}]"},
        /* Wrong kinds. */
        {&lobby_say_message, "{\"action\":\"say\",\"payload\":[1]}",
                "[{\"type\":\"string_type\",\"loc\":[\"payload\"],\"msg\":\"Input should be a "
                "valid string\"}]"},
        {&everything_bare_message, "{\"action\":\"bare\",\"payload\":\"1\"}",
                "[{\"type\":\"int_type\",\"loc\":[\"payload\"],\"msg\":\"Input should be a valid "
                "integer\"}]"},
        {&everything_bare_message, "{\"action\":\"bare\",\"payload\":1.5}",
                "[{\"type\":\"int_from_float\",\"loc\":[\"payload\"],\"msg\":\"Input should be a "
                "valid integer, got a "
                "number with a fractional part\"}]"},
        {&everything_moods_message,
                "{\"action\":\"moods\",\"payload\":[\"good\",\"ugly\",1],\"levels\":[2,\"low\"]}",
                "[{\"type\":\"enum\",\"loc\":[\"payload\",1],\"msg\":\"Input should be 'good' or "
                "'bad'\","
                "\"ctx\":{\"expected\":\"'good' or 'bad'\"}},"
                "{\"type\":\"enum\",\"loc\":[\"payload\",2],\"msg\":\"Input should be 'good' or "
                "'bad'\","
                "\"ctx\":{\"expected\":\"'good' or 'bad'\"}},"
                "{\"type\":\"enum\",\"loc\":[\"levels\",0],\"msg\":\"Input should be 1, 10 or -1\","
                "\"ctx\":{\"expected\":\"1, 10 or -1\"}},"
                "{\"type\":\"enum\",\"loc\":[\"levels\",1],\"msg\":\"Input should be 1, 10 or -1\","
                "\"ctx\":{\"expected\":\"1, 10 or -1\"}}]"},
        /* Constraints of an imported alias, and of a key. */
        {&everything_named_message, "{\"action\":\"named\",\"payload\":\"a b\"}",
                "[{\"type\":\"value_error\",\"loc\":[\"payload\"],\"msg\":\"Value error, should be "
                "a valid slug\","
                "\"ctx\":{\"error\":\"should be a valid slug\"}}]"},
        /* All problems at once, in the order of the text; what is missing at the end of its record. */
        {&lobby_history_message,
                "{\"action\":\"history\",\"payload\":{\"entries\":[{\"id\":0,\"author\":{\"id\":"
                "true},\"text\":7,"
                "\"edited_at\":\"soon\",\"tags\":[\"\",1],\"labels\":{\"a\":-1}},null],\"more\":1}"
                "}",
                "[{\"type\":\"greater_than_equal\",\"loc\":[\"payload\",\"entries\",0,\"id\"],"
                "\"msg\":\"Input should be greater than or equal to 1\",\"ctx\":{\"ge\":1}},"
                "{\"type\":\"int_type\",\"loc\":[\"payload\",\"entries\",0,\"author\",\"id\"],"
                "\"msg\":\"Input should be a valid integer\"},"
                "{\"type\":\"missing\",\"loc\":[\"payload\",\"entries\",0,\"author\",\"name\"],"
                "\"msg\":\"Field required\"},"
                "{\"type\":\"string_type\",\"loc\":[\"payload\",\"entries\",0,\"text\"],"
                "\"msg\":\"Input should be a valid string\"},"
                "{\"type\":\"datetime_parsing\",\"loc\":[\"payload\",\"entries\",0,\"edited_at\"],"
                "\"msg\":\"Input should be a valid datetime, input is too short\","
                "\"ctx\":{\"error\":\"input is too short\"}},"
                "{\"type\":\"string_too_short\",\"loc\":[\"payload\",\"entries\",0,\"tags\",0],"
                "\"msg\":\"String should have at least 1 character\",\"ctx\":{\"min_length\":1}},"
                "{\"type\":\"string_type\",\"loc\":[\"payload\",\"entries\",0,\"tags\",1],"
                "\"msg\":\"Input should be a valid string\"},"
                "{\"type\":\"greater_than_equal\",\"loc\":[\"payload\",\"entries\",0,\"labels\","
                "\"a\"],"
                "\"msg\":\"Input should be greater than or equal to 0\",\"ctx\":{\"ge\":0}},"
                "{\"type\":\"model_type\",\"loc\":[\"payload\",\"entries\",1],\"msg\":\"Input "
                "should be an object\"},"
                "{\"type\":\"bool_type\",\"loc\":[\"payload\",\"more\"],\"msg\":\"Input should be "
                "a valid boolean\"}]"},
        /* Names and words that need escaping. */
        {&words_void_message, "{\"action\":\"void\",\"payload\":{\"static\":{\"typedef\":[\"\"]}}}",
                "[{\"type\":\"enum\",\"loc\":[\"payload\",\"static\",\"typedef\",0],\"msg\":"
                "\"Input should be 'default', "
                "'register', 'cl\\\"ass\\\\', '%s%n', '*/' or "
                "'?\?/'\",\"ctx\":{\"expected\":\"'default', "
                "'register', 'cl\\\"ass\\\\', '%s%n', '*/' or '?\?/'\"}}]"},
        {&words_union_message, "{\"action\":\"union\",\"enum\":1}",
                "[{\"type\":\"literal_error\",\"loc\":[\"action\"],\"msg\":\"Input should be "
                "'what?\?/*/\\\"\\\\'\","
                "\"ctx\":{\"expected\":\"'what?\?/*/\\\"\\\\'\"}},"
                "{\"type\":\"model_type\",\"loc\":[\"enum\"],\"msg\":\"Input should be an "
                "object\"}]"},
};

START_TEST(a_refusal_says_what_and_where)
{
	check_refused(refusals[_i].message, refusals[_i].text, refusals[_i].problems);
}
END_TEST

START_TEST(unknown_members_are_refused_where_the_options_say_so)
{
	static const char text[] = "{\"action\":\"say\",\"ref\":\"1\",\"is_mine\":true,\"payload\":"
	                           "\"x\",\"more\":1,\"\":{}}";
	struct msgc_decode_options options = {.unknown = MSGC_UNKNOWN_REJECT};
	struct decoded *decoded = decode_with(&lobby_say_message, text, sizeof(text) - 1, &options);

	ck_assert_int_eq(decoded->result, MSGC_ECONTRACT);
	ck_assert_uint_eq(decoded->problems.count, 2);
	ck_assert_str_eq(decoded->problems.items[0].type, "extra_forbidden");
	ck_assert_str_eq(decoded->problems.items[0].loc, "[\"more\"]");
	ck_assert_str_eq(decoded->problems.items[1].loc, "[\"\"]");
	decoded_free(decoded);

	/* null for a payload that a message does not have is welcome all the same. */
	decoded = decode_with(
	        &lobby_knock_message, "{\"payload\":null,\"action\":\"knock\"}", 33, &options);
	ck_assert_int_eq(decoded->result, 0);
	decoded_free(decoded);
	decoded = decode_with(
	        &lobby_knock_message, "{\"payload\":true,\"action\":\"knock\"}", 33, &options);
	ck_assert_int_eq(decoded->result, MSGC_ECONTRACT);
	decoded_free(decoded);
}
END_TEST

START_TEST(every_missing_member_of_a_wide_record_is_counted)
{
	static const char text[] = "{\"action\":\"send\",\"payload\":{\"wide\":{\"m129\":1,"
	                           "\"m064\":1,\"m063\":2},\"mixed\":{},"
	                           "\"many\":[]}}";
	struct decoded *decoded = decode(&wide_send_message, text, sizeof(text) - 1);

	ck_assert_int_eq(decoded->result, MSGC_ECONTRACT);
	/* 44 are required; two of them came. */
	ck_assert_uint_eq(decoded->problems.count, 42);
	ck_assert_uint_eq(decoded->problems.kept, MSGC_PROBLEMS_KEPT);
	ck_assert_str_eq(decoded->problems.items[15].loc, "[\"payload\",\"wide\",\"m045\"]");
	decoded_free(decoded);
}
END_TEST

START_TEST(every_doubled_member_of_a_wide_record_is_found)
{
	for (int i = 0; i < 130; i++) {
		struct msgc_buf text = {0};
		struct decoded *decoded;

		msgc_buf_printf(&text,
		        "{\"action\":\"send\",\"payload\":{\"wide\":{\"m%03d\":1,\"m%03d\":1}}}", i,
		        i);
		decoded = decode(&wide_send_message, text.data, text.len);
		ck_assert_int_eq(decoded->result, MSGC_ECONTRACT);
		ck_assert_str_eq(decoded->problems.items[0].type, "json_invalid");
		decoded_free(decoded);
		msgc_buf_free(&text);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("refusals");
	TCase *tests = tcase_create("generated");
	SRunner *runner;
	int failed;

	tcase_add_loop_test(tests, each_constraint_holds_at_its_edge, 0,
	        (int)(sizeof(limits) / sizeof(limits[0])));
	tcase_add_loop_test(
	        tests, unique_compares_values, 0, (int)(sizeof(uniques) / sizeof(uniques[0])));
	tcase_add_loop_test(
	        tests, a_pattern_decides, 0, (int)(sizeof(patterns) / sizeof(patterns[0])));
	tcase_add_test(tests, large_lists_are_compared_in_time);
	tcase_add_loop_test(tests, a_refusal_says_what_and_where, 0,
	        (int)(sizeof(refusals) / sizeof(refusals[0])));
	tcase_add_test(tests, unknown_members_are_refused_where_the_options_say_so);
	tcase_add_test(tests, every_missing_member_of_a_wide_record_is_counted);
	tcase_add_test(tests, every_doubled_member_of_a_wide_record_is_found);
	suite_add_tcase(suite, tests);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
