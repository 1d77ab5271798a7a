/* SPDX-License-Identifier: MIT */
/*
 * RFC 8259, rule by rule: what is JSON and what is not; RFC 7493's ban on duplicate members; depth.
 * Each text goes through msgc_json_validate and, as an unknown member, through a reader.
 */
#include "codec_test.h"

#include <stdio.h>

struct sample {
	const char *text;
	size_t len;
};

#define T(s)                                                                                       \
	{                                                                                          \
		("" s), sizeof(s) - 1                                                              \
	}

static const struct sample accepted[] = {
        /* section 2: any value is a text; white space around every token */
        T("0"), T("-0"), T("\"\""), T("true"), T("false"), T("null"), T("[]"), T("{}"), T(" 1"),
        T("1 "), T("\t\n\r 1\t\n\r "), T(" [ ] "), T(" { } "), T(" [ 1 , 2 ] "),
        T(" { \"a\" : 1 , \"b\" : 2 } "), T("\n{\r\"a\"\t:\n[\r]\t}\n"),
        /* section 3: values inside values */
        T("[true,false,null]"), T("{\"a\":true,\"b\":false,\"c\":null}"), T("[[[]]]"),
        T("{\"a\":{\"a\":{}}}"), T("[{},{\"a\":[]},[{}]]"),
        /* section 4: names may be empty, long, escaped, alike in other objects */
        T("{\"\":0}"), T("{\"a\":{\"a\":1},\"b\":{\"a\":1}}"), T("[{\"a\":1},{\"a\":1}]"),
        T("{\"\\u0061\":1,\"b\":2}"), T("{\"a\":1,\"A\":2}"), T("{\"a\":1,\"a \":2}"),
        T("{\"a\\u0000\":1,\"a\":2}"),
        /* section 5 */
        T("[0]"), T("[\"a\",\"b\"]"), T("[1,[2,[3]]]"),
        /* section 6 */
        T("-1"), T("10"), T("1.5"), T("0.0"), T("-0.0"), T("1e1"), T("1E1"), T("1e+1"), T("1e-1"),
        T("1e0"), T("1e00"), T("0e1"), T("0E-0"), T("123456789012345678901234567890"), T("1e999"),
        T("1e-999"), T("-1e999"), T("0.00000000000000000000000000000000000001"),
        T("1.7976931348623157e308"), T("-9223372036854775809"),
        /* section 7 and 8: tested in test_strings.c */
        T("\"a\""), T("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\""), T("\"\\u0000\""), T("\"\x7F\""),
        T("\"\xEF\xBB\xBF\""),
        T("\"\xEF\xBF\xBF\""), /* a noncharacter is a code point all the same */
};

static const struct sample refused[] = {
        /* nothing, or more than one value */
        T(""),
        T(" "),
        T("\n"),
        T("1 2"),
        T("1,2"),
        T("{}{}"),
        T("[][]"),
        T("\"a\" \"b\""),
        T("1]"),
        T("1}"),
        T("[1]]"),
        T("{}}"),
        T("null null"),
        T("1\0"),
        T("1\0 "),
        T("[]\0"),
        T("\0"),
        T("\0"
          "1"),
        /* a byte order mark, white space of other kinds */
        T("\xEF\xBB\xBF"
          "1"),
        T("\xFE\xFF"),
        T("\f1"),
        T("\v1"),
        T("1\f"),
        T("[1,\xC2\xA0"
          "2]"),
        T("\xE2\x80\xA8"
          "1"),
        T("[\f]"),
        T("\x1E[]"),
        T("[ \x08]"),
        /* literals */
        T("t"),
        T("tru"),
        T("truE"),
        T("True"),
        T("TRUE"),
        T("truee"),
        T("nul"),
        T("nulx"),
        T("NULL"),
        T("nil"),
        T("n"),
        T("fals"),
        T("falsee"),
        T("False"),
        T("undefined"),
        T("NaN"),
        T("Infinity"),
        T("-Infinity"),
        T("-NaN"),
        T("inf"),
        T("[nan]"),
        T("[true false]"),
        T("true,"),
        T("tr ue"),
        /* arrays */
        T("["),
        T("]"),
        T("[1"),
        T("[1,"),
        T("[1,]"),
        T("[,]"),
        T("[,1]"),
        T("[1,,2]"),
        T("[1 2]"),
        T("[1;2]"),
        T("[1:2]"),
        T("[1}"),
        T("[[]"),
        T("[]]"),
        T("[\"a\"\"b\"]"),
        T("[\"a\",\n4\n,1,"),
        T("[1,\n1\n,1"),
        T("[{}"),
        T("[{]}"),
        T("[*]"),
        T("[\"a\"]x"),
        T("(1)"),
        T("<1>"),
        T("[\\n]"),
        T("[//]"),
        T("[/**/]"),
        T("[1/**/]"),
        T("[1]//"),
        T("[1]#"),
        /* objects */
        T("{"),
        T("}"),
        T("{\"a\""),
        T("{\"a\":"),
        T("{\"a\":1"),
        T("{\"a\":1,"),
        T("{\"a\":1,}"),
        T("{,}"),
        T("{,\"a\":1}"),
        T("{\"a\":1,,\"b\":2}"),
        T("{\"a\" 1}"),
        T("{\"a\"}"),
        T("{\"a\",1}"),
        T("{\"a\"::1}"),
        T("{\"a\":}"),
        T("{:1}"),
        T("{a:1}"),
        T("{'a':1}"),
        T("{1:1}"),
        T("{null:1}"),
        T("{true:1}"),
        T("{[]:1}"),
        T("{{}:1}"),
        T("{\"a\":1]"),
        T("{\"a\":1 \"b\":2}"),
        T("{\"a\"=1}"),
        T("{\"a\":1;}"),
        T("{\"a\":/*c*/1}"),
        T("{\"a\":\"b\"}/"),
        T("{\"a\":'b'}"),
        T("{\"a\":a}"),
        T("{ \"a\": \"\xC3\" }"),
        T("{\"a\":1}#{}"),
        T("{\"a\":1:2}"),
        T("{\"a\",\"b\"}"),
        T("{...}"),
        T("{\"a\":\"b\",#\"c\"}"),
        T("{9999E9999:1}"),
        /* numbers */
        T("-"),
        T("+1"),
        T("+"),
        T("--1"),
        T("-a"),
        T("- 1"),
        T("01"),
        T("-01"),
        T("00"),
        T("-00"),
        T("000"),
        T("1."),
        T("1.]"),
        T("[1.]"),
        T(".1"),
        T("-.1"),
        T("."),
        T("1.e1"),
        T("0.e1"),
        T("1e"),
        T("1e+"),
        T("1e-"),
        T("1E"),
        T("1eE2"),
        T("1e1e1"),
        T("1.2.3"),
        T("1.2e3.4"),
        T("1e1.5"),
        T("0x1"),
        T("0x"),
        T("0b1"),
        T("1_000"),
        T("1,000"),
        T("1 000"),
        T("1a"),
        T("1l"),
        T("1f"),
        T("1e1f"),
        T("012"),
        T("-012"),
        T("1+2"),
        T("0.3e+"),
        T("0e"),
        T("0e+"),
        T("2.e3"),
        T("2.e-3"),
        T("1\x00"
          "2"),
        T("\xEF\xBC\x91"),
        T("-1x"),
        T("[-]"),
        T("[-foo]"),
        T("1.5e"),
        T("$1"),
        T("\xE2\x88\x92"
          "1"),
        /* strings */
        T("\""),
        T("\"a"),
        T("'a'"),
        T("\"a'"),
        T("a"),
        T("\"\\\""),
        T("\"\\"),
        T("\"a\nb\""),
        T("\"\t\""),
        T("\"\x00\""),
        T("\"\x1F\""),
        T("\"\r\""),
        T("\"\\a\""),
        T("\"\\x41\""),
        T("\"\\'\""),
        T("\"\\0\""),
        T("\"\\v\""),
        T("\"\\U0041\""),
        T("\"\\u\""),
        T("\"\\u1\""),
        T("\"\\u12\""),
        T("\"\\u123\""),
        T("\"\\u123g\""),
        T("\"\\uG000\""),
        T("\"\\u 123\""),
        T("\"\\\n\""),
        T("\"\\\xC3\xA9\""),
        T("\"\\u00e\""),
        T("\"\\\x00\""),
        T("[\"a\"]\""),
        T("`a`"),
        T("\xE2\x80\x9C"
          "a\xE2\x80\x9D"),
        /* duplicates: RFC 7493 section 2.3, at any depth, however the name is written */
        T("{\"a\":1,\"a\":1}"),
        T("{\"a\":1,\"b\":2,\"a\":3}"),
        T("{\"\":1,\"\":2}"),
        T("{\"a\":1,\"\\u0061\":2}"),
        T("{\"\\u0061\":1,\"a\":2}"),
        T("{\"\\u00e9\":1,\"\xC3\xA9\":2}"),
        T("{\"\\ud83d\\ude00\":1,\"\xF0\x9F\x98\x80\":2}"),
        T("[{\"a\":1,\"a\":1}]"),
        T("{\"x\":{\"y\":{\"a\":1,\"a\":2}}}"),
        T("{\"x\":[{\"a\":[],\"a\":[]}]}"),
        T("{\"a\":{\"b\":1},\"a\":{\"b\":1}}"),
        T("{\"\\u002f\":1,\"\\/\":2}"),
        T("{\"\\n\":1,\"\\u000A\":2}"),
        T("{\"a\":{\"b\":1},\"b\":{},\"a\":0}"),
};

/* The same text as the value of a member that nobody knows. */
static int as_unknown_member(const struct sample *s, struct msgc_problems *problems)
{
	struct msgc_arena arena = {0};
	struct msgc_reader r;
	struct msgc_object o;
	char *text = malloc(s->len + 6 + MSGC_PADDING);
	int result;

	ck_assert_ptr_nonnull(text);
	memcpy(text, "{\"z\":", 5);
	memcpy(text + 5, s->text, s->len);
	text[5 + s->len] = '}';
	if (msgc_reader_open(&r, text, s->len + 6, NULL, &arena, problems) &&
	        msgc_read_object(&r, &o)) {
		while (msgc_read_member(&r, &o))
			msgc_read_unknown(&r, &o, false);
		msgc_read_object_end(&r, &o);
	}
	result = msgc_reader_close(&r);
	msgc_arena_free(&arena);
	free(text);
	return result;
}

START_TEST(accepts_what_rfc_8259_allows)
{
	const struct sample *s = &accepted[_i];
	struct msgc_problems problems;

	ck_assert_msg(codec_test_validate(s->text, s->len, &problems) == 0, "%s: %s", s->text,
	        problems.items[0].msg);
	ck_assert_uint_eq(problems.count, 0);
	ck_assert_int_eq(as_unknown_member(s, &problems), 0);
}
END_TEST

START_TEST(refuses_what_it_does_not)
{
	const struct sample *s = &refused[_i];
	struct msgc_problems problems;

	ck_assert_msg(
	        codec_test_validate(s->text, s->len, &problems) == MSGC_ECONTRACT, "%s", s->text);
	ck_assert_uint_eq(problems.count, 1);
	ck_assert_str_eq(problems.items[0].type, "json_invalid");
	ck_assert_str_eq(problems.items[0].loc, "[]");
	ck_assert_int_eq(codec_test_validate(s->text, s->len, NULL), MSGC_ECONTRACT);
	/*
	 * "1}", "{}}" and the like end the outer object instead, and "1,"… goes on with it: still
	 * broken.
	 */
	ck_assert_msg(as_unknown_member(s, &problems) == MSGC_ECONTRACT, "{\"z\":%s}", s->text);
	ck_assert_str_eq(problems.items[0].type, "json_invalid");
}
END_TEST

/*
 * A good text with one byte changed to every other, and cut at every place: never a crash, and the
 * cut ones are refused.
 */
START_TEST(survives_every_changed_byte)
{
	static const char text[] =
	        "{\"a\":[1,-2.5e3,\"\\u00e9\\ud83d\\ude00\xC3\xA9\xF0\x9F\x98\x80\"],\"b\":{\"c\":"
	        "null,\"d\":true}}";
	char copy[sizeof text];
	struct msgc_problems problems;
	int refusals = 0;

	ck_assert_int_eq(codec_test_validate(text, sizeof text - 1, &problems), 0);
	for (size_t i = 0; i < sizeof text - 1; i++) {
		ck_assert_int_eq(codec_test_validate(text, i, &problems), MSGC_ECONTRACT);
		memcpy(copy, text, sizeof text);
		for (int c = 0; c < 256; c++) {
			copy[i] = (char)c;
			refusals += codec_test_validate(copy, sizeof text - 1, &problems) != 0;
		}
	}
	ck_assert_int_gt(refusals, (int)sizeof text * 128);
}
END_TEST

struct place {
	const char *text;
	const char *error;
};

/* The words, and the byte where it broke. */
static const struct place places[] = {
        {"", "EOF while parsing a value at byte 0"},
        {"   ", "EOF while parsing a value at byte 3"},
        {"{", "EOF while parsing an object at byte 1"},
        {"{\"a\"", "EOF while parsing an object at byte 4"},
        {"{\"a\":", "EOF while parsing a value at byte 5"},
        {"{\"a\":1", "EOF while parsing an object at byte 6"},
        {"[", "EOF while parsing a value at byte 1"},
        {"[1", "EOF while parsing a list at byte 2"},
        {"[1,", "EOF while parsing a value at byte 3"},
        {"{\"a\":1,}", "trailing comma at byte 7"},
        {"[1,]", "trailing comma at byte 3"},
        {"[1 2]", "expected `,` or `]` at byte 3"},
        {"{\"a\":1 2}", "expected `,` or `}` at byte 7"},
        {"{\"a\" 1}", "expected `:` at byte 5"},
        {"{a:1}", "key must be a string at byte 1"},
        {"nulx", "expected value at byte 0"},
        {"[?]", "expected value at byte 1"},
        {"1 2", "trailing characters at byte 2"},
        {"\"\\x\"", "invalid escape at byte 1"},
        {"\"ab\\ud800\"", "lone surrogate in hex escape at byte 3"},
        {"\"\\udc00\"", "lone surrogate in hex escape at byte 1"},
        {"\"a\x01\"", "control character (\\u0000-\\u001F) found while parsing a string at byte 2"},
        {"\"ab\xC3\"", "invalid unicode code point at byte 3"},
        {"01", "invalid number at byte 1"},
        {"1.", "EOF while parsing a value at byte 2"},
        {"[1.]", "invalid number at byte 3"},
        {"\"abc", "EOF while parsing a string at byte 4"},
        {"\"\\u12", "EOF while parsing a string at byte 1"},
        {"{\"a\":1,\"a\":2}", "duplicate member name at byte 7"},
};

START_TEST(says_what_broke_and_where)
{
	const struct place *place = &places[_i];
	struct msgc_problems problems;
	struct msgc_buf ctx = {0};
	char msg[256];

	ck_assert_int_eq(
	        codec_test_validate(place->text, strlen(place->text), &problems), MSGC_ECONTRACT);
	snprintf(msg, sizeof msg, "Invalid JSON: %s", place->error);
	msgc_write_lit(&ctx, "{\"error\":");
	msgc_write_str(&ctx, msgc_str_from(place->error));
	msgc_buf_printf(&ctx, ",\"byte\":%s}", strrchr(place->error, ' ') + 1);
	ASSERT_PROBLEM(&problems, "json_invalid", "[]", msg, msgc_buf_c(&ctx));
	msgc_buf_free(&ctx);
}
END_TEST

/* `n` open brackets of a kind, a value, and the same number of closing ones. */
static char *nested(size_t n, bool objects, bool closed, size_t *ret_len)
{
	const char *open = objects ? "{\"a\":" : "[";
	size_t width = strlen(open);
	char *text = malloc(n * (width + 1) + 2), *p = text;

	ck_assert_ptr_nonnull(text);
	for (size_t i = 0; i < n; i++, p += width)
		memcpy(p, open, width);
	*p++ = '1';
	for (size_t i = 0; closed && i < n; i++)
		*p++ = objects ? '}' : ']';
	*ret_len = (size_t)(p - text);
	return text;
}

static int validate_nested(size_t n, bool objects, bool closed, uint32_t max_depth)
{
	struct msgc_decode_options options = {.max_depth = max_depth};
	struct msgc_problems problems;
	struct msgc_arena arena = {0};
	size_t len;
	char *text = nested(n, objects, closed, &len);
	int result = msgc_json_validate(text, len, &options, &arena, &problems);

	if (result == MSGC_ELIMIT)
		ck_assert_ptr_nonnull(
		        strstr(problems.items[0].msg, "recursion limit exceeded at byte "));
	msgc_arena_free(&arena);
	free(text);
	return result;
}

START_TEST(bounds_the_depth)
{
	for (int objects = 0; objects < 2; objects++) {
		ck_assert_int_eq(validate_nested(64, objects, true, 0), 0);
		ck_assert_int_eq(validate_nested(65, objects, true, 0), MSGC_ELIMIT);
		ck_assert_int_eq(validate_nested(1, objects, true, 1), 0);
		ck_assert_int_eq(validate_nested(2, objects, true, 1), MSGC_ELIMIT);
		ck_assert_int_eq(validate_nested(1024, objects, true, 1024), 0);
		ck_assert_int_eq(validate_nested(1025, objects, true, 1024), MSGC_ELIMIT);
		ck_assert_int_eq(validate_nested(1025, objects, true, UINT32_MAX), MSGC_ELIMIT);
		ck_assert_int_eq(validate_nested(1024, objects, false, 1024), MSGC_ECONTRACT);
	}
}
END_TEST

START_TEST(depth_200000_is_refused_without_recursion)
{
	for (int objects = 0; objects < 2; objects++)
		for (int closed = 0; closed < 2; closed++)
			ck_assert_int_eq(validate_nested(200000, objects, closed, 0), MSGC_ELIMIT);
}
END_TEST

START_TEST(bounds_the_size)
{
	struct msgc_decode_options options = {.max_size = 4};
	struct msgc_problems problems;
	struct msgc_arena arena = {0};

	ck_assert_int_eq(msgc_json_validate("1234", 4, &options, &arena, &problems), 0);
	ck_assert_int_eq(msgc_json_validate("12345", 5, &options, &arena, &problems), MSGC_ELIMIT);
	ASSERT_PROBLEM(&problems, "json_invalid", "[]", "Invalid JSON: text too long at byte 0",
	        "{\"error\":\"text too long at byte 0\",\"byte\":0}");
	msgc_arena_free(&arena);
}
END_TEST

/* One object with `n` names, the last of them equal to the one at `twin` (n: to none). */
static int many_names(size_t n, size_t twin)
{
	struct msgc_buf text = {0};
	struct msgc_problems problems;
	struct sample member;
	int result;

	msgc_write_lit(&text, "{");
	for (size_t i = 0; i < n; i++)
		msgc_buf_printf(&text, "%s\"name%zu\":%zu", i ? "," : "",
		        i + 1 == n && twin < n ? twin : i, i);
	msgc_write_lit(&text, "}");
	result = codec_test_validate(text.data, text.len, &problems);
	member.text = text.data;
	member.len = text.len;
	ck_assert_int_eq(as_unknown_member(&member, &problems), result);
	msgc_buf_free(&text);
	return result;
}

START_TEST(finds_duplicates_among_many)
{
	static const size_t counts[] = {
	        2, 7, 8, 9, 10, 16, 17, 33, 100, 127, 128, 129, 130, 1000, 20000};

	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
		size_t n = counts[i];

		ck_assert_int_eq(many_names(n, n), 0);
		ck_assert_int_eq(many_names(n, 0), MSGC_ECONTRACT);
		ck_assert_int_eq(many_names(n, n / 2), n > 1 && n / 2 < n - 1 ? MSGC_ECONTRACT : 0);
		ck_assert_int_eq(many_names(n, n - 2), MSGC_ECONTRACT);
	}
}
END_TEST

START_TEST(gives_its_scratch_memory_back)
{
	struct msgc_arena arena;
	struct msgc_problems problems;
	size_t used;

	msgc_arena_init(&arena, 0);
	ck_assert_ptr_nonnull(msgc_arena_alloc(&arena, 100, 8));
	used = msgc_arena_used(&arena);
	ck_assert_int_eq(msgc_json_validate(LITERAL("{\"a\":{\"b\":{},\"\\u0063\":[{\"d\":1}]}}"),
	                         NULL, &arena, &problems),
	        0);
	ck_assert_uint_eq(msgc_arena_used(&arena), used);
	ck_assert_int_eq(msgc_json_validate(LITERAL("{\"a\":{\"b\":{},\"\\u0063\":[{\"d\":1"), NULL,
	                         &arena, &problems),
	        MSGC_ECONTRACT);
	ck_assert_uint_eq(msgc_arena_used(&arena), used);
	msgc_arena_free(&arena);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("codec_grammar");
	TCase *samples = codec_test_loops(suite, "samples");
	const TTest *const bounds[] = {survives_every_changed_byte, bounds_the_depth,
	        depth_200000_is_refused_without_recursion, bounds_the_size,
	        finds_duplicates_among_many, gives_its_scratch_memory_back, NULL};

	tcase_add_loop_test(
	        samples, accepts_what_rfc_8259_allows, 0, sizeof accepted / sizeof *accepted);
	tcase_add_loop_test(samples, refuses_what_it_does_not, 0, sizeof refused / sizeof *refused);
	tcase_add_loop_test(samples, says_what_broke_and_where, 0, sizeof places / sizeof *places);
	codec_test_case(suite, "bounds", bounds);
	return codec_test_run(suite);
}
