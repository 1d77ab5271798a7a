/* SPDX-License-Identifier: MIT */
/*
 * RFC 8259, the grammar and what it leaves to those who read: see rfc_cases.h.
 */
#include "rfc_cases.h"

/* clang-format off */
const struct rfc_rule rfc_8259_rules[] = {
	{"2", "A text is one value of any kind, and nothing else", RFC_TEXT, NULL, RFC_CASES(
		YES("0"), YES("-1.5e3"), YES("\"\""), YES("true"), YES("false"), YES("null"), YES("[]"),
		YES("{}"), YES(" 1"), YES("1 "), YES("\t\n\r 1\t\n\r "),
		NO(""), NO(" "), NO("\n\t\r "), NO("1 2"), NO("1,2"), NO("1,"), NO(",1"), NO("{}{}"),
		NO("[][]"), NO("[1]2"), NO("\"a\" \"b\""), NO("\"a\"\"b\""), NO("null null"), NO("true,"),
		NO("[1]]"), NO("{}}"), NO("1]"), NO("1}"), NO("\"a\":1"), NO("{\"a\":1},"), NO("[1]x"),
		NO("1\0"), NO("1\0 "), NO("[]\0"), NO("{}\0{}"), NO("{\"a\":1}\0\0"), NO("\0"), NO("\0" "1"))},
	{"2", "White space is blank, tab, line feed and carriage return, around any token", RFC_VALUE, NULL,
		RFC_CASES(
		YES(" 1"), YES("1 "), YES(" [ 1 , 2 ] "), YES("[ ]"), YES("{ }"), YES("[\t]"), YES("{\n}"),
		YES(" { \"a\" : 1 , \"b\" : 2 } "), YES("\n{\r\"a\"\t:\n[\r]\t}\n"),
		YES("[\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n1]"),
		NO("\f1"), NO("\v1"), NO("1\f"), NO("[1\v]"), NO("[\f]"), NO("[ \x08]"), NO("[\0]"),
		NO("[1\0]"), NO("\x1E[]"), NO("[1,\xC2\xA0" "2]"), NO("\xC2\x85" "1"), NO("\xE2\x80\xA8" "1"),
		NO("[\xE3\x80\x80]"), NO("[\xEF\xBB\xBF]"), NO("{\"a\"\f:1}"), NO("{\"a\":\v1}"),
		NO("{\"a\":1\x1C}"), NO("tr ue"), NO("1 .5"), NO("- 1"))},
	{"2", "There are no comments", RFC_VALUE, NULL, RFC_CASES(
		YES("[\"/**/\",\"//\",\"#\"]"),
		NO("/**/1"), NO("1/**/"), NO("[/**/]"), NO("[1//\n]"), NO("[1]//"), NO("[1]#"),
		NO("{\"a\":/*c*/1}"), NO("{/**/}"), NO("{\"a\":1}/"), NO("[1,#\n2]"), NO("<!--1-->"))},
	{"2", "The structural characters are [ { ] } : and ,", RFC_VALUE, NULL, RFC_CASES(
		YES("[{\"a\":[]},{}]"),
		NO("(1)"), NO("<1>"), NO("[1;2]"), NO("{\"a\"=1}"), NO("{\"a\":1;}"), NO("[1|2]"),
		NO("[1)"), NO("{\"a\"=>1}"), NO("[1:2]"), NO("{\"a\",1}"))},
	{"3", "The literals are true, false and null, in small letters", RFC_VALUE, NULL, RFC_CASES(
		YES("true"), YES("false"), YES("null"), YES("[true,false,null]"),
		IS(BOOL, "true", "true"), IS(BOOL, "false", "false"), NOT(BOOL, "null"), NOT(BOOL, "0"),
		NOT(BOOL, "\"true\""),
		NO("t"), NO("tr"), NO("tru"), NO("truE"), NO("True"), NO("TRUE"), NO("truee"), NO("trux"),
		NO("true1"), NO("n"), NO("nu"), NO("nul"), NO("nulx"), NO("NULL"), NO("Null"), NO("nulll"),
		NO("nil"), NO("none"), NO("f"), NO("fals"), NO("falsx"), NO("falsee"), NO("False"),
		NO("undefined"), NO("[true false]"), NO("[nulx]"), NO("{\"a\":nulx}"), NO("truefalse"),
		NO("yes"), NO("a"), NO("*"), NO("?"), NO("\\n"), NO("$1"), NO("{...}"))},
	{"4", "An object: names, colons and values, with commas between", RFC_VALUE, NULL, RFC_CASES(
		YES("{}"), YES("{\"a\":1}"), YES("{\"a\":{\"a\":{}}}"), YES("{\"a\":true,\"b\":[],\"c\":null}"),
		NO("{"), NO("{\"a\""), NO("{\"a\":"), NO("{\"a\":1"), NO("{\"a\":1,"), NO("{\"a\":1,}"),
		NO("{,}"), NO("{,\"a\":1}"), NO("{\"a\":1,,\"b\":2}"), NO("{\"a\" 1}"), NO("{\"a\"}"),
		NO("{\"a\"::1}"), NO("{\"a\":}"), NO("{:1}"), NO("{\"a\":1]"), NO("{\"a\":1 \"b\":2}"),
		NO("{\"a\":1:2}"), NO("{\"a\",\"b\"}"), NO("{\"a\":1}}"), NO("}"), NO("{\"a\":1 2}"),
		NO("{{}:1}"), NO("{\"a\":{\"b\":1}"))},
	{"4", "A name is a string", RFC_VALUE, NULL, RFC_CASES(
		YES("{\"\":0}"), YES("{\"a b\":0}"), YES("{\"1\":0}"), YES("{\"\\u0000\":0}"),
		YES("{\"a name that is longer than two blocks of thirty-two bytes each, and a little more\":0}"),
		NO("{a:1}"), NO("{'a':1}"), NO("{1:1}"), NO("{null:1}"), NO("{true:1}"), NO("{[]:1}"),
		NO("{-1:1}"), NO("{9999E9999:1}"), NO("{a\":1}"), NO("{\"a:1}"))},
	{"5", "A list: values with commas between, of any kinds", RFC_VALUE, NULL, RFC_CASES(
		YES("[]"), YES("[0]"), YES("[\"a\",\"b\"]"), YES("[1,[2,[3]]]"), YES("[1,\"a\",null,{},[],true]"),
		IS(STRS, "[\"a\",\"b\"]", "[\"a\",\"b\"]"), IS(FLOATS, "[0.5,2]", "[0.5,2.0]"),
		IS(INTS, "[1 , -2]", "[1,-2]"), NOT(INTS, "[1,\"2\"]"), NOT(STRS, "{}"),
		NO("["), NO("]"), NO("[1"), NO("[1,"), NO("[1,]"), NO("[,]"), NO("[,1]"), NO("[1,,2]"),
		NO("[1 2]"), NO("[1}"), NO("[[]"), NO("[[1]"), NO("[]]"), NO("[\"a\"\"b\"]"), NO("[\"a\""),
		NO("[\"a\",\n4\n,1,"), NO("[{}"), NO("[{]}"), NO("[\"a\",]"), NO("[1.5,]"), NO("[\"a\" ,, 1]"))},
	{"6", "A number begins with its digits, a minus before them", RFC_VALUE, NULL, RFC_CASES(
		YES("0"), YES("-0"), YES("-1"), YES("10"), YES("123456789012345678901234567890"),
		NO("-"), NO("+1"), NO("+"), NO("--1"), NO("-a"), NO("-+1"), NO("1-"), NO("1+2"), NO("[-]"),
		NO("[-foo]"), NO("-\"1\""), NO("\xE2\x88\x92" "1"), NO("+0.5"), NO("-.1"), NO(".1"), NO("."))},
	{"6", "No zeros lead", RFC_VALUE, NULL, RFC_CASES(
		YES("0"), YES("0.0"), YES("-0.0"), YES("100"), YES("0e1"), YES("10.01"),
		NO("01"), NO("-01"), NO("00"), NO("-00"), NO("000"), NO("00.5"), NO("012"), NO("-012"),
		NO("0123.5"), NO("[00]"), NO("01e1"), NO("00000000000000000001"))},
	{"6", "Digits stand on both sides of the point", RFC_VALUE, NULL, RFC_CASES(
		YES("1.5"), YES("0.5"), YES("-0.5"), YES("0.00000000000000000000000000000000000001"),
		YES("123456789.123456789123456789123456789"),
		NO("1."), NO("[1.]"), NO("1.e1"), NO("0.e1"), NO("2.e-3"), NO("1.2.3"), NO("1..2"), NO("-1."),
		NO("1.a"), NO("1.-5"), NO("12345678901234567890."), NO("1.+1"))},
	{"6", "An exponent: e or E, a sign or none, digits", RFC_VALUE, NULL, RFC_CASES(
		YES("1e1"), YES("1E1"), YES("1e+1"), YES("1e-1"), YES("1e0"), YES("1e00"), YES("0E-0"),
		YES("1.5e007"), YES("1e-999"),
		NO("1e"), NO("1E"), NO("1e+"), NO("1e-"), NO("1eE2"), NO("1e1e1"), NO("1.2e3.4"), NO("1e1.5"),
		NO("0e"), NO("0e+"), NO("0.3e+"), NO("1.5e"), NO("e1"), NO("1e+-1"), NO("1e 1"), NO("1ee1"),
		NO("1f1"))},
	{"6", "Nothing else is a number: no other base, digits, names or signs between", RFC_VALUE, NULL, RFC_CASES(
		YES("10000"),
		NO("0x1"), NO("0x"), NO("0b1"), NO("0o7"), NO("1_000"), NO("1 000"), NO("1a"), NO("1l"),
		NO("1f"), NO("1e1f"), NO("-1x"), NO("NaN"), NO("nan"), NO("[nan]"), NO("-NaN"), NO("Infinity"),
		NO("-Infinity"), NO("inf"), NO("1\x00" "2"), NO("1#INF"), NO("\xEF\xBC\x91"), NO("1\xD9\xA1"),
		NO("1\x80"), NO("1'000"), NO("1%"))},
	{"6", "Range and precision are the reader's: doubles are rounded correctly, or too large", RFC_VALUE, NULL,
		RFC_CASES(
		YES("1e999"), YES("-1e999"), YES("1e-999"),
		IS(FLOAT64, "0", "0.0"), IS(FLOAT64, "-0", "-0.0"), IS(FLOAT64, "-0.0", "-0.0"),
		IS(FLOAT64, "-0e5", "-0.0"), IS(FLOAT64, "1e-999", "0.0"), IS(FLOAT64, "-1e-999", "-0.0"),
		IS(FLOAT64, "0.1", "0.1"), IS(FLOAT64, "1E2", "100.0"),
		IS(FLOAT64, "1.7976931348623157e308", "1.7976931348623157e308"),
		IS(FLOAT64, "1.7976931348623158e308", "1.7976931348623157e308"),
		NOT(FLOAT64, "1.7976931348623159e308"), NOT(FLOAT64, "1e309"), NOT(FLOAT64, "1e999"),
		NOT(FLOAT64, "-1e999"), NOT(FLOAT64, "1e99999999999999999999"),
		NOT(FLOAT64, "100000000000000000000e290"),
		IS(FLOAT64, "0e99999999999999999999", "0.0"), IS(FLOAT64, "1e-99999999999999999999", "0.0"),
		IS(FLOAT64, "5e-324", "5e-324"), IS(FLOAT64, "2.4703282292062328e-324", "5e-324"),
		IS(FLOAT64, "2.4703282292062327e-324", "0.0"),
		IS(FLOAT64, "2.2250738585072011e-308", "2.225073858507201e-308"),
		IS(FLOAT64, "2.2250738585072012e-308", "2.2250738585072014e-308"),
		IS(FLOAT64, "9007199254740993", "9007199254740992.0"),
		IS(FLOAT64, "9007199254740993.0000000000000000000000000001", "9007199254740994.0"),
		/* half-way between 1 and the next, a little less, a little more: no rounding twice */
		IS(FLOAT64, "1.00000000000000011102230246251565404236316680908203125", "1.0"),
		IS(FLOAT64, "1.00000000000000011102230246251565404236316680908203124", "1.0"),
		IS(FLOAT64, "1.00000000000000011102230246251565404236316680908203126", "1.0000000000000002"),
		IS(FLOAT64, "1.00000000000000033306690738754696212708950042724609375", "1.0000000000000004"),
		IS(FLOAT32, "0.1", "0.1"), IS(FLOAT32, "3.4028235e38", "3.4028235e38"),
		NOT(FLOAT32, "3.4028236e38"), NOT(FLOAT32, "1e39"),
		/* as a double it would be half-way between two floats */
		IS(FLOAT32, "1.000000059604644775390626", "1.0000001"),
		IS(FLOAT32, "1.000000059604644775390625", "1.0"), NOT(FLOAT64, "\"1\""), NOT(FLOAT64, "true"),
		NOT(FLOAT64, "null"), NOT(FLOAT64, "[1]"))},
	{"6", "Integers are exact to their last digit, however they are written", RFC_VALUE, NULL, RFC_CASES(
		IS(INT64, "0", "0"), IS(INT64, "-0", "0"), IS(INT64, "9007199254740993", "9007199254740993"),
		IS(INT64, "9223372036854775807", "9223372036854775807"), NOT(INT64, "9223372036854775808"),
		IS(INT64, "-9223372036854775808", "-9223372036854775808"), NOT(INT64, "-9223372036854775809"),
		NOT(INT64, "18446744073709551616"), NOT(INT64, "123456789012345678901234567890"),
		NOT(INT64, "1e999"), IS(INT64, "1.0", "1"), IS(INT64, "1e2", "100"), IS(INT64, "1200e-2", "12"),
		IS(INT64, "-0.0", "0"), IS(INT64, "0e999", "0"), IS(INT64, "9223372036854775807.000", "9223372036854775807"),
		IS(INT64, "9.223372036854775807e18", "9223372036854775807"), NOT(INT64, "1.5"), NOT(INT64, "1e-1"),
		NOT(INT64, "1e-999"), NOT(INT64, "9223372036854775807.5"), NOT(INT64, "\"1\""), NOT(INT64, "true"))},
	{"7", "A string begins and ends with a quotation mark", RFC_STRING, NULL, RFC_CASES(
		YES("\"\""), YES("\"a\""), YES("\"'\""), YES("\"a text of more than thirty-two bytes, at least\""),
		NO("\""), NO("\"a"), NO("'a'"), NO("\"a'"), NO("a\""), NO("`a`"), NO("\"a\\\""), NO("\"\\"),
		NO("\xE2\x80\x9C" "a\xE2\x80\x9D"), NO("\"a text of more than thirty-two bytes, and no end"))},
	{"7", "Control characters are escaped, all of U+0000 to U+001F; DEL need not be", RFC_STRING,
		"codec_strings: refuses_raw_control_characters",
		RFC_CASES(
		YES("\"\x7F\""), IS(STR, "\"\\u0000\\u001f\"", "\"\\u0000\\u001f\""), YES("\" \""),
		NO("\"\x00\""), NO("\"a\x00" "b\""), NO("\"\x01\""), NO("\"\x02\""), NO("\"\x07\""), NO("\"\b\""),
		NO("\"\t\""), NO("\"\n\""), NO("\"\v\""), NO("\"\f\""), NO("\"\r\""), NO("\"\x10\""), NO("\"\x1B\""),
		NO("\"\x1E\""), NO("\"\x1F\""), NO("\"a\nb\""), NO("\"a text of more than thirty-two bytes,\tor so\""),
		NO("\"\xC3\xA9\x1F\""))},
	{"7", "Two-character escapes: \\\" \\\\ \\/ \\b \\f \\n \\r \\t, no others", RFC_STRING, NULL, RFC_CASES(
		IS(STR, "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\\"\\\\/\\b\\f\\n\\r\\t\""), YES("\"\\\\\""),
		YES("\"\\\\\\\"\""), YES("\"sixteen bytes ..\\nand more than sixteen bytes behind\""),
		NO("\"\\a\""), NO("\"\\v\""), NO("\"\\0\""), NO("\"\\1\""), NO("\"\\x41\""), NO("\"\\'\""),
		NO("\"\\e\""), NO("\"\\N\""), NO("\"\\B\""), NO("\"\\ \""), NO("\"\\\n\""), NO("\"\\\x00\""),
		NO("\"\\\xC3\xA9\""), NO("\"\\\x80\""), NO("\"\\{\""))},
	{"7", "\\u and four hexadecimal digits of either case", RFC_STRING, NULL, RFC_CASES(
		IS(STR, "\"\\u0041\\u00e9\\u00E9\\u20AC\"", "\"A\xC3\xA9\xC3\xA9\xE2\x82\xAC\""),
		IS(STR, "\"\\u0000\"", "\"\\u0000\""), IS(STR, "\"\\uFFFF\\uabcd\"", "\"\xEF\xBF\xBF\xEA\xAF\x8D\""),
		IS(STR, "\"\\u00410\"", "\"A0\""),
		NO("\"\\u\""), NO("\"\\u1\""), NO("\"\\u12\""), NO("\"\\u123\""), NO("\"\\u123g\""), NO("\"\\uG000\""),
		NO("\"\\u 123\""), NO("\"\\u-123\""), NO("\"\\u+123\""), NO("\"\\U0041\""), NO("\"\\u{41}\""),
		NO("\"\\u00\xC3\xA9\""), NO("\"\\u004"), NO("\"\\u0x1\""), NO("\"\\u\\u0041\""), NO("\"\\u004\0\""))},
	{"7", "Beyond U+FFFF: a pair of surrogates", RFC_STRING, NULL, RFC_CASES(
		IS(STR, "\"\\ud834\\udd1e\"", "\"\xF0\x9D\x84\x9E\""), IS(STR, "\"\\uD800\\uDC00\"", "\"\xF0\x90\x80\x80\""),
		IS(STR, "\"\\udbff\\udfff\"", "\"\xF4\x8F\xBF\xBF\""),
		IS(STR, "\"\\ud83d\\ude00\\ud83d\\ude00\"", "\"\xF0\x9F\x98\x80\xF0\x9F\x98\x80\""),
		NO("\"\\ud83d\\ude0\""), NO("\"\\ud83d\\ude0g\""), NO("\"\\ud83d\\xde00\""), NO("\"\\ud83d\\Ude00\""),
		NO("\"\\ud83d \\ude00\""))},
	{"8.1", "The text is UTF-8 without a byte order mark", RFC_TEXT, NULL, RFC_CASES(
		YES("\"\xEF\xBB\xBF\""), YES("\"\xC3\xA9\""),
		NO("\xEF\xBB\xBF" "1"), NO("\xEF\xBB\xBF{}"), NO("\xEF\xBB\xBF"), NO("\xEF\xBB{}"), NO("{}\xEF\xBB\xBF"),
		NO("\xFE\xFF\0[\0]"), NO("\xFF\xFE[\0]\0"), NO("[\0]\0"), NO("\0[\0]"), NO("\0\0\0[\0\0\0]"),
		NO("\"\xE9\""), NO("\"\x93" "a\x94\""))},
	{"8.2", "No half of a pair of surrogates stands alone", RFC_STRING, NULL, RFC_CASES(
		YES("\"\\ud7ff\""), YES("\"\\ue000\""),
		NO("\"\\ud800\""), NO("\"\\udc00\""), NO("\"\\udbff\""), NO("\"\\udfff\""), NO("\"\\uD83D\""),
		NO("\"\\ud800a\""), NO("\"\\ud800\\n\""), NO("\"\\ud800\\u0041\""), NO("\"\\ud800\\ud800\""),
		NO("\"\\ud800\\ue000\""), NO("\"\\udc00\\ud800\""), NO("\"\\ud83d\\ude00\\ud83d\""),
		NO("\"\\ud800\\udbff\""), NO("\"\\ud800\xED\xB0\x80\""))},
	{"8.3", "Names are compared by what they say, not by how they are written", RFC_MESSAGE, NULL, RFC_CASES(
		IS(FLOAT64, "{\"\\u0076\":1}", "1.0"), IS(STR, "{ \"\\u0076\" : \"\\u0061\" }", "\"a\""),
		NOT(FLOAT64, "{\"V\":1}"), NOT(FLOAT64, "{\"v \":1}"), NOT(FLOAT64, "{\"v\\u0000\":1}"),
		NOT(FLOAT64, "{\"\\\\u0076\":1}"), NOT(FLOAT64, "{\"\":1}"))},
	{"9", "Depth and length are bounded, whatever the text", RFC_TEXT,
		"codec_rfc: depth_is_bounded_everywhere; codec_grammar: bounds_the_depth, "
		"depth_200000_is_refused_without_recursion, bounds_the_size", RFC_CASES(
		YES("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["
		    "]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]"),
		NO("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["
		   "]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]"))},
	{"10", "What is written is JSON: every value above that is taken is written, and read again", RFC_STRING,
		"codec_rfc: what_is_written_is_read_again; codec_strings: writes_nothing_that_is_not_utf8; "
		"codec_floats: only_finite_numbers_are_written",
		RFC_CASES(
		IS(STR, "\"\\u2028\\u2029\\u007f\"", "\"\xE2\x80\xA8\xE2\x80\xA9\x7F\""), IS(STR, "\"\\/\"", "\"/\""),
		IS(STR, "\"\\u0022\\u005c\\u0001\"", "\"\\\"\\\\\\u0001\""))},
	{.section = NULL},
};
