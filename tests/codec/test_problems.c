/* SPDX-License-Identifier: MIT */
/*
 * The words of every refusal, exactly as pydantic 2 has them; paths; bounds of the list; its JSON.
 */
#include "codec_test.h"

#include <stdio.h>

static struct msgc_problems problems;
static struct msgc_scope s;

static void open_scope(void)
{
	msgc_scope_open(&s, &problems);
}

#define REFUSED(call, type, msg, ctx)                                                              \
	do {                                                                                       \
		open_scope();                                                                      \
		call;                                                                              \
		ASSERT_PROBLEM(&problems, type, "[]", msg, ctx);                                   \
		ck_assert_int_eq(msgc_scope_close(&s), MSGC_ECONTRACT);                            \
	} while (0)

START_TEST(constraints_have_pydantics_words)
{
	struct msgc_str text = MSGC_STR("a\xC3\xA9\"");

	REFUSED(msgc_refuse_min(&s, "1"), "greater_than_equal",
	        "Input should be greater than or equal to 1", "{\"ge\":1}");
	REFUSED(msgc_refuse_max(&s, "-0.5"), "less_than_equal",
	        "Input should be less than or equal to -0.5", "{\"le\":-0.5}");
	REFUSED(msgc_refuse_above(&s, "0"), "greater_than", "Input should be greater than 0",
	        "{\"gt\":0}");
	REFUSED(msgc_refuse_below(&s, "1e3"), "less_than", "Input should be less than 1e3",
	        "{\"lt\":1e3}");
	REFUSED(msgc_refuse_step(&s, "0.01"), "multiple_of", "Input should be a multiple of 0.01",
	        "{\"multiple_of\":0.01}");
	REFUSED(msgc_refuse_enum(&s, "'a', 'b' or 'c'"), "enum", "Input should be 'a', 'b' or 'c'",
	        "{\"expected\":\"'a', 'b' or 'c'\"}");
	REFUSED(msgc_refuse_literal(&s, "'\"'"), "literal_error", "Input should be '\"'",
	        "{\"expected\":\"'\\\"'\"}");
	REFUSED(msgc_refuse_pattern(&s, "^\\d+$"), "string_pattern_mismatch",
	        "String should match pattern '^\\d+$'", "{\"pattern\":\"^\\\\d+$\"}");
	REFUSED(msgc_refuse_unique(&s), "unique_list", "List must be unique", NULL);
	REFUSED(msgc_refuse_missing(&s), "missing", "Field required", NULL);
	REFUSED(msgc_refuse_blank(&s), "value_error", "Value error, must not be blank",
	        "{\"error\":\"must not be blank\"}");
	REFUSED(msgc_refuse_value(&s, "an edit cannot precede its message"), "value_error",
	        "Value error, an edit cannot precede its message",
	        "{\"error\":\"an edit cannot precede its message\"}");
	REFUSED(msgc_refuse_other(&s, "x", "y", "{}"), "x", "y", "{}");
	REFUSED(msgc_check_len(&s, text, 4, 9), "string_too_short",
	        "String should have at least 4 characters", "{\"min_length\":4}");
	REFUSED(msgc_check_len(&s, text, 0, 2), "string_too_long",
	        "String should have at most 2 characters", "{\"max_length\":2}");
	REFUSED(msgc_check_len(&s, text, 0, 1), "string_too_long",
	        "String should have at most 1 character", "{\"max_length\":1}");
	REFUSED(msgc_check_len(&s, MSGC_STR(""), 1, 9), "string_too_short",
	        "String should have at least 1 character", "{\"min_length\":1}");
	REFUSED(msgc_check_bytes(&s, 0, 1, 9), "bytes_too_short",
	        "Data should have at least 1 byte", "{\"min_length\":1}");
	REFUSED(msgc_check_bytes(&s, 10, 1, 9), "bytes_too_long",
	        "Data should have at most 9 bytes", "{\"max_length\":9}");
	REFUSED(msgc_check_count(&s, 1, 2, 9), "too_short",
	        "List should have at least 2 items after validation, not 1",
	        "{\"field_type\":\"List\",\"min_length\":2,\"actual_length\":1}");
	REFUSED(msgc_check_count(&s, 3, 0, 1), "too_long",
	        "List should have at most 1 item after validation, not 3",
	        "{\"field_type\":\"List\",\"max_length\":1,\"actual_length\":3}");
	REFUSED(msgc_check_map_count(&s, 0, 1, 9), "too_short",
	        "Dictionary should have at least 1 item after validation, not 0",
	        "{\"field_type\":\"Dictionary\",\"min_length\":1,\"actual_length\":0}");
	REFUSED(msgc_check_int53(&s, INT64_C(9007199254740992)), "less_than_equal",
	        "Input should be less than or equal to 9007199254740991",
	        "{\"le\":9007199254740991}");
	REFUSED(msgc_check_int53(&s, INT64_C(-9007199254740992)), "greater_than_equal",
	        "Input should be greater than or equal to -9007199254740991",
	        "{\"ge\":-9007199254740991}");
	REFUSED(msgc_check_str(&s, MSGC_STR("\xFF")), "string_unicode",
	        "Input should be a valid string, unable to parse raw data as a unicode string",
	        NULL);
	REFUSED(msgc_check_email(&s, MSGC_STR("x")), "value_error",
	        "value is not a valid email address", NULL);
	REFUSED(msgc_check_uri(&s, MSGC_STR("x")), "url_parsing",
	        "Input should be a valid URL, relative URL without a base",
	        "{\"error\":\"relative URL without a base\"}");
	REFUSED(msgc_check_ipv4(&s, MSGC_STR("x")), "ip_v4_address",
	        "Input is not a valid IPv4 address", NULL);
	REFUSED(msgc_check_ipv6(&s, MSGC_STR("x")), "ip_v6_address",
	        "Input is not a valid IPv6 address", NULL);
	REFUSED(msgc_check_slug(&s, MSGC_STR("x y")), "value_error",
	        "Value error, should be a valid slug", "{\"error\":\"should be a valid slug\"}");
	REFUSED(msgc_check_decimal_above(&s, (struct msgc_decimal){"0.50", 4}, "0.5"),
	        "greater_than", "Input should be greater than 0.5", "{\"gt\":0.5}");
	REFUSED(msgc_check_decimal_below(&s, (struct msgc_decimal){"0.50", 4}, "0.5"), "less_than",
	        "Input should be less than 0.5", "{\"lt\":0.5}");
	REFUSED(msgc_check_decimal_max(&s, (struct msgc_decimal){"0.51", 4}, "0.5"),
	        "less_than_equal", "Input should be less than or equal to 0.5", "{\"le\":0.5}");
}
END_TEST

START_TEST(values_within_their_bounds_are_no_problem)
{
	struct msgc_str text = MSGC_STR("a\xC3\xA9\xF0\x9F\x98\x80");

	open_scope();
	ck_assert(msgc_check_len(&s, text, 3, 3));
	ck_assert(msgc_check_len(&s, MSGC_STR(""), 0, 0));
	ck_assert(msgc_check_len(&s, text, 0, MSGC_NO_MAX));
	ck_assert(msgc_check_bytes(&s, 0, 0, 0));
	ck_assert(msgc_check_count(&s, 5, 5, 5));
	ck_assert(msgc_check_map_count(&s, 5, 0, MSGC_NO_MAX));
	ck_assert(msgc_check_decimal_min(&s, (struct msgc_decimal){"0.5", 3}, "0.50"));
	ck_assert(msgc_check_decimal_max(&s, (struct msgc_decimal){"-1", 2}, "-1.0"));
	ck_assert(msgc_check_int53(&s, INT64_C(9007199254740991)) &&
	        msgc_check_int53(&s, INT64_C(-9007199254740991)));
	ck_assert(msgc_check_json(&s, (struct msgc_json){"[1]", 3}));
	ck_assert(!msgc_check_json(&s, (struct msgc_json){NULL, 0}));
	ck_assert_uint_eq(problems.count, 1);
}
END_TEST

typedef bool read_fn(struct msgc_reader *r);

static bool read_bool(struct msgc_reader *r)
{
	bool v;

	return msgc_read_bool(r, &v);
}

static bool read_str(struct msgc_reader *r)
{
	struct msgc_str v;

	return msgc_read_str(r, &v);
}

static bool read_list(struct msgc_reader *r)
{
	struct msgc_list l;

	if (!msgc_read_list(r, &l, 0, 0))
		return false;
	while (msgc_read_item(r, &l))
		ck_abort();
	msgc_read_list_end(r, &l);
	return true;
}

static bool read_object(struct msgc_reader *r)
{
	struct msgc_object o;

	return msgc_read_object(r, &o);
}

static bool read_map(struct msgc_reader *r)
{
	struct msgc_object o;

	return msgc_read_map(r, &o, 0, 0);
}

static bool read_enum_str(struct msgc_reader *r)
{
	struct msgc_str v;

	return msgc_read_enum_str(r, "'a'", &v);
}

static bool read_enum_int(struct msgc_reader *r)
{
	int64_t v;

	return msgc_read_enum_int(r, "1 or 2", &v);
}

static bool read_literal_str(struct msgc_reader *r)
{
	return msgc_read_literal_str(r, MSGC_STR("chat"), "'chat'");
}

static bool read_literal_int(struct msgc_reader *r)
{
	return msgc_read_literal_int(r, -3, "-3");
}

static bool read_literal_true(struct msgc_reader *r)
{
	return msgc_read_literal_bool(r, true, "True");
}

static bool read_envelope_str(struct msgc_reader *r)
{
	msgc_read_envelope_str(r);
	return !r->error && r->scope.refused == 0;
}

static bool read_envelope_int(struct msgc_reader *r)
{
	msgc_read_envelope_int(r);
	return !r->error && r->scope.refused == 0;
}

static bool read_datetime(struct msgc_reader *r)
{
	struct msgc_datetime v;

	return msgc_read_datetime(r, &v);
}

static bool read_date(struct msgc_reader *r)
{
	struct msgc_date v;

	return msgc_read_date(r, &v);
}

static bool read_time(struct msgc_reader *r)
{
	struct msgc_time v;

	return msgc_read_time(r, &v);
}

static bool read_duration(struct msgc_reader *r)
{
	struct msgc_duration v;

	return msgc_read_duration(r, &v);
}

static const struct {
	read_fn *read;
	const char *good[4], *bad[8], *type, *msg, *ctx;
} kinds[] = {
        {read_bool, {"true", "false", " true "}, {"1", "\"true\"", "null", "[]"}, "bool_type",
                "Input should be a valid boolean", NULL},
        {read_str, {"\"\""}, {"1", "true", "null", "[\"a\"]", "{}"}, "string_type",
                "Input should be a valid string", NULL},
        {read_list, {"[]", "[ ]"}, {"1", "{}", "\"[]\"", "null"}, "list_type",
                "Input should be a valid array", NULL},
        {read_object, {NULL}, {"1", "[]", "\"{}\"", "null"}, "model_type",
                "Input should be an object", NULL},
        {read_map, {NULL}, {"1", "[]", "null", "true"}, "dict_type", "Input should be an object",
                NULL},
        {msgc_read_none, {"null"}, {"0", "\"null\"", "false", "[]"}, "none_required",
                "Input should be null", NULL},
        {read_enum_str, {"\"a\"", "\"z\""}, {"1", "null", "[]"}, "enum", "Input should be 'a'",
                "{\"expected\":\"'a'\"}"},
        {read_enum_int, {"1", "7", "1.0"}, {"\"1\"", "null", "1.5", "1e99", "{}"}, "enum",
                "Input should be 1 or 2", "{\"expected\":\"1 or 2\"}"},
        {read_literal_str, {"\"chat\"", "\"ch\\u0061t\""},
                {"\"cha\"", "\"chat \"", "\"Chat\"", "1", "null", "[\"chat\"]"}, "literal_error",
                "Input should be 'chat'", "{\"expected\":\"'chat'\"}"},
        {read_literal_int, {"-3", "-3.0", "-0.3e1"}, {"3", "-3.1", "\"-3\"", "null", "-30", "1e30"},
                "literal_error", "Input should be -3", "{\"expected\":\"-3\"}"},
        {read_literal_true, {"true"}, {"false", "1", "\"true\"", "null"}, "literal_error",
                "Input should be True", "{\"expected\":\"True\"}"},
        {read_envelope_str, {"\"\"", "\"\\u0061\""}, {"1", "null", "{}"}, "string_type",
                "Input should be a valid string", NULL},
        {read_envelope_int, {"1", "-5", "1e300"}, {"\"1\"", "null", "{}"}, "int_type",
                "Input should be a valid integer", NULL},
        {read_datetime, {"\"2024-01-01T00:00:00Z\""}, {"1", "null"}, "datetime_type",
                "Input should be a valid datetime", NULL},
        {read_date, {"\"2024-01-01\""}, {"1", "null"}, "date_type", "Input should be a valid date",
                NULL},
        {read_time, {"\"00:00:00Z\""}, {"1", "null"}, "time_type", "Input should be a valid time",
                NULL},
        {read_duration, {"\"P1D\""}, {"1", "null"}, "time_delta_type",
                "Input should be a valid duration", NULL},
};

START_TEST(values_of_another_kind_are_told_and_skipped)
{
	struct bench b;

	for (size_t i = 0; i < 4 && kinds[_i].good[i]; i++) {
		bench_open(&b, kinds[_i].good[i]);
		ck_assert_msg(kinds[_i].read(&b.r), "%s", kinds[_i].good[i]);
		ck_assert_int_eq(bench_close(&b), 0);
	}
	for (size_t i = 0; i < 8 && kinds[_i].bad[i]; i++) {
		bench_open(&b, kinds[_i].bad[i]);
		ck_assert_msg(!kinds[_i].read(&b.r), "%s", kinds[_i].bad[i]);
		ck_assert_int_eq(bench_close(&b), MSGC_ECONTRACT);
		ASSERT_PROBLEM(&b.problems, kinds[_i].type, "[]", kinds[_i].msg, kinds[_i].ctx);
	}
	/* What is no JSON is json_invalid alone, and the reader has stopped. */
	bench_open(&b, "?");
	ck_assert(!kinds[_i].read(&b.r));
	ck_assert(!kinds[_i].read(&b.r));
	ck_assert_int_eq(bench_close(&b), MSGC_ECONTRACT);
	ASSERT_PROBLEM(&b.problems, "json_invalid", "[]", "Invalid JSON: expected value at byte 0",
	        "{\"error\":\"expected value at byte 0\",\"byte\":0}");
}
END_TEST

START_TEST(paths_lead_through_members_indexes_and_keys)
{
	struct msgc_loc a, b, c, d;

	open_scope();
	ck_assert(msgc_scope_enter(&s, &a));
	msgc_scope_member(&s, "pay\"load");
	ck_assert(msgc_scope_enter(&s, &b));
	msgc_scope_index(&s, 17);
	ck_assert(msgc_scope_enter(&s, &c));
	msgc_scope_entry(&s, msgc_str_of("k\0\n", 3));
	msgc_scope_key_begin(&s, &d);
	msgc_refuse_blank(&s);
	msgc_scope_key_end(&s);
	msgc_refuse_blank(&s);
	msgc_scope_leave(&s);
	msgc_refuse_blank(&s);
	msgc_scope_leave(&s);
	msgc_scope_leave(&s);
	msgc_refuse_blank(&s);
	ck_assert_str_eq(problems.items[0].loc, "[\"pay\\\"load\",17,\"k\\u0000\\n\",\"[key]\"]");
	ck_assert_str_eq(problems.items[1].loc, "[\"pay\\\"load\",17,\"k\\u0000\\n\"]");
	ck_assert_str_eq(problems.items[2].loc, "[\"pay\\\"load\",17]");
	ck_assert_str_eq(problems.items[3].loc, "[]");
}
END_TEST

START_TEST(long_paths_lose_their_outer_part)
{
	struct msgc_loc links[200];
	char long_key[2000];

	memset(long_key, 'k', sizeof long_key);
	open_scope();
	for (size_t i = 0; i < 200; i++) {
		ck_assert(msgc_scope_enter(&s, &links[i]));
		msgc_scope_entry(&s, msgc_str_of(long_key, i % 2 ? 20 : sizeof long_key));
	}
	msgc_scope_member(&s, "last");
	msgc_refuse_blank(&s);
	ck_assert_uint_eq(problems.kept, 1);
	ck_assert_uint_lt(strlen(problems.items[0].loc), 1024);
	ck_assert_int_eq(strncmp(problems.items[0].loc, "[\"\xE2\x80\xA6\",\"kkk", 11), 0);
	ck_assert_str_eq(problems.items[0].loc + strlen(problems.items[0].loc) - 8, ",\"last\"]");
	ck_assert_int_eq(
	        codec_test_validate(problems.items[0].loc, strlen(problems.items[0].loc), NULL), 0);
}
END_TEST

START_TEST(names_of_unknown_members_are_cut_at_64_bytes)
{
	struct bench b;
	struct msgc_object o;
	char json[200] = "{\"", want[100] = "[\"";

	for (int i = 0; i < 70; i++)
		strcat(json, i == 62 ? "\xF0\x9F\x98\x80" : "x");
	strcat(json, "\":1}");
	memset(want + 2, 'x', 62); /* the emoji would end at 66 */
	strcpy(want + 64, "\"]");
	bench_open(&b, json);
	ck_assert(msgc_read_object(&b.r, &o));
	while (msgc_read_member(&b.r, &o))
		msgc_read_unknown(&b.r, &o, true);
	msgc_read_object_end(&b.r, &o);
	ck_assert_int_eq(bench_close(&b), MSGC_ECONTRACT);
	ASSERT_PROBLEM(
	        &b.problems, "extra_forbidden", want, "Extra inputs are not permitted", NULL);
}
END_TEST

START_TEST(keeps_sixteen_and_counts_the_rest)
{
	struct msgc_buf out = {0};

	open_scope();
	for (int i = 0; i < 100; i++)
		msgc_refuse_blank(&s);
	ck_assert_uint_eq(problems.count, 100);
	ck_assert_uint_eq(problems.kept, MSGC_PROBLEMS_KEPT);
	ck_assert_int_eq(msgc_problems_print(&problems, &out), 0);
	ck_assert_ptr_nonnull(strstr(msgc_buf_c(&out), "and 84 more\n"));
	msgc_problems_clear(&problems);
	ck_assert_uint_eq(problems.count + problems.kept + problems.used, 0);
	msgc_buf_free(&out);
}
END_TEST

START_TEST(long_texts_are_cut_or_dropped_never_overrun)
{
	char expected[10000];
	struct msgc_buf out = {0};

	memset(expected, 'e', sizeof expected);
	expected[sizeof expected - 1] = '\0';
	open_scope();
	for (int i = 0; i < 5; i++)
		msgc_refuse_enum(&s, expected);
	ck_assert_uint_eq(problems.count, 5);
	ck_assert_uint_ge(problems.kept, 1);
	ck_assert_uint_le(problems.used, sizeof problems.text);
	ck_assert_ptr_null(problems.items[0].ctx);
	ck_assert_int_eq(strncmp(problems.items[0].msg, "Input should be eee", 19), 0);
	ck_assert_int_eq(msgc_problems_write(&problems, &out), 0);
	ck_assert_int_eq(codec_test_validate(out.data, out.len, NULL), 0);
	msgc_buf_free(&out);
}
END_TEST

START_TEST(a_problem_that_does_not_fit_leaves_its_room_to_others)
{
	static char loc[MSGC_PROBLEMS_TEXT - 8];

	memset(loc, 'x', sizeof loc - 1);
	msgc_problems_clear(&problems);
	msgc_problems_add(&problems, "t", loc, "too much", NULL);
	ck_assert_uint_eq(problems.kept, 0);
	msgc_problems_add(&problems, "type", "[]", "message", "{}");
	ck_assert_uint_eq(problems.count, 2);
	ck_assert_uint_eq(problems.kept, 1);
	ck_assert_str_eq(problems.items[0].ctx, "{}");
}
END_TEST

START_TEST(the_list_becomes_json)
{
	struct msgc_loc at;
	struct msgc_buf out = {0};

	open_scope();
	ck_assert(msgc_scope_enter(&s, &at));
	msgc_scope_member(&s, "content");
	msgc_check_len(&s, MSGC_STR("abc"), 0, 2);
	msgc_scope_leave(&s);
	msgc_refuse_value(&s, "say \"no\"\n");
	msgc_refuse_unique(&s);
	ck_assert_int_eq(msgc_problems_write(&problems, &out), 0);
	ck_assert_str_eq(msgc_buf_c(&out),
	        "[{\"type\":\"string_too_long\",\"loc\":[\"content\"],\"msg\":\"String should have "
	        "at most 2 characters\",\"ctx\":{\"max_length\":2}},"
	        "{\"type\":\"value_error\",\"loc\":[],\"msg\":\"Value error, say "
	        "\\\"no\\\"\\n\",\"ctx\":{\"error\":\"say \\\"no\\\"\\n\"}},"
	        "{\"type\":\"unique_list\",\"loc\":[],\"msg\":\"List must be unique\"}]");
	msgc_buf_reset(&out);
	msgc_problems_clear(&problems);
	ck_assert_int_eq(msgc_problems_write(&problems, &out), 0);
	ck_assert_str_eq(msgc_buf_c(&out), "[]");
	msgc_buf_free(&out);
}
END_TEST

START_TEST(unknown_actions_name_the_allowed_ones)
{
	msgc_problems_clear(&problems);
	msgc_problems_add_unknown_action(&problems, "action", "'chat', 'ping'");
	ASSERT_PROBLEM(&problems, "union_tag_invalid", "[]",
	        "Input tag found using 'action' does not match any of the expected tags: 'chat', "
	        "'ping'",
	        "{\"discriminator\":\"'action'\",\"expected_tags\":\"'chat', 'ping'\"}");
	msgc_problems_add_unknown_action(NULL, "action", "'chat'");
}
END_TEST

START_TEST(nobody_needs_the_list)
{
	struct msgc_scope silent = {0};

	msgc_refuse_min(&silent, "1");
	msgc_problems_add(NULL, "a", "b", "c", NULL);
	msgc_problems_clear(NULL);
	ck_assert_uint_eq(silent.refused, 1);
	ck_assert_int_eq(msgc_scope_close(&silent), MSGC_ECONTRACT);
}
END_TEST

START_TEST(depth_of_a_value_is_bounded_for_validators)
{
	static struct msgc_loc links[MSGC_DEPTH_MOST + 1];

	open_scope();
	for (size_t i = 0; i < MSGC_DEPTH_MOST; i++)
		ck_assert(msgc_scope_enter(&s, &links[i]));
	ck_assert(!msgc_scope_enter(&s, &links[MSGC_DEPTH_MOST]));
	ck_assert_str_eq(problems.items[0].type, "recursion_depth_exceeded");
	ck_assert_str_eq(
	        problems.items[0].msg, "Recursion error - maximum validation depth exceeded");
	for (size_t i = 0; i < MSGC_DEPTH_MOST; i++)
		msgc_scope_leave(&s);
	ck_assert_ptr_null(s.at);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("codec_problems");
	TCase *loops = codec_test_loops(suite, "kinds");
	const TTest *const words[] = {constraints_have_pydantics_words,
	        values_within_their_bounds_are_no_problem, unknown_actions_name_the_allowed_ones,
	        NULL};
	const TTest *const list[] = {paths_lead_through_members_indexes_and_keys,
	        long_paths_lose_their_outer_part, names_of_unknown_members_are_cut_at_64_bytes,
	        keeps_sixteen_and_counts_the_rest, long_texts_are_cut_or_dropped_never_overrun,
	        the_list_becomes_json, a_problem_that_does_not_fit_leaves_its_room_to_others,
	        nobody_needs_the_list, depth_of_a_value_is_bounded_for_validators, NULL};

	tcase_add_loop_test(loops, values_of_another_kind_are_told_and_skipped, 0,
	        sizeof kinds / sizeof *kinds);
	codec_test_case(suite, "words", words);
	codec_test_case(suite, "list", list);
	return codec_test_run(suite);
}
