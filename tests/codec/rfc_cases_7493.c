/* SPDX-License-Identifier: MIT */
/*
 * RFC 7493, I-JSON, as far as it binds those who read: see rfc_cases.h.
 */
#include "rfc_cases.h"

/* clang-format off */
const struct rfc_rule rfc_7493_rules[] = {
	{"2.1", "UTF-8, and no surrogates, neither as they are nor escaped. Noncharacters are taken: since Unicode's "
		"Corrigendum 9 they may be interchanged, and RFC 8259 forbids none", RFC_STRING, NULL, RFC_CASES(
		YES("\"\xEF\xBF\xBE\""), YES("\"\\ufdd0\\uffff\""), YES("\"\\ud83f\\udfff\""), YES("\"\xF4\x8F\xBF\xBE\""),
		NO("\"\\uDEAD\""), NO("\"\\ud83f\""), NO("\"\xED\xBA\xAD\""))},
	{"2.2", "Integers beyond 2^53 - 1 are not relied on: int53 refuses them, int64 may travel as a string", RFC_VALUE, NULL,
		RFC_CASES(
		IS(INT53, "9007199254740991", "9007199254740991"), IS(INT53, "-9007199254740991", "-9007199254740991"),
		IS(INT53, "9.007199254740991e15", "9007199254740991"), NOT(INT53, "9007199254740992"),
		NOT(INT53, "-9007199254740992"), NOT(INT53, "9007199254740993"), NOT(INT53, "9223372036854775808"),
		NOT(INT53, "1e16"), IS(INT64_STR, "\"9223372036854775807\"", "\"9223372036854775807\""),
		NOT(INT64_STR, "\"9223372036854775808\""), NOT(INT64_STR, "9223372036854775807"),
		NOT(INT64_STR, "\"01\""), NOT(INT64_STR, "\" 1\""), NOT(INT64_STR, "\"1.0\""))},
	{"2.2", "Numbers beyond a double's range or precision: rounded, and refused where they would be infinite", RFC_VALUE, NULL,
		RFC_CASES(
		IS(FLOAT64, "3.141592653589793238462643383279", "3.141592653589793"), NOT(FLOAT64, "1E400"),
		NOT(FLOATS, "[1,1E400]"), IS(FLOATS, "[3.141592653589793238462643383279]", "[3.141592653589793]"))},
	{"2.3", "No name twice in one object, at any depth, however it is written", RFC_VALUE,
		"codec_grammar: finds_duplicates_among_many", RFC_CASES(
		YES("{\"a\":1,\"b\":2}"), YES("{\"a\":{\"a\":1},\"b\":{\"a\":1}}"), YES("[{\"a\":1},{\"a\":1}]"),
		YES("{\"\\u0061\":1,\"b\":2}"), YES("{\"a\":1,\"A\":2}"), YES("{\"a\":1,\"a \":2}"),
		YES("{\"a\\u0000\":1,\"a\":2}"), YES("{\"\xC3\xA9\":1,\"e\xCC\x81\":2}"),
		YES("{\"a\":0,\"b\":0,\"c\":0,\"d\":0,\"e\":0,\"f\":0,\"g\":0,\"h\":0,\"i\":0,\"j\":0,\"k\":0,\"l\":0,"
		    "\"m\":0,\"n\":0,\"o\":0,\"p\":0,\"q\":0,\"r\":0}"),
		NO("{\"a\":1,\"a\":1}"), NO("{\"a\":1,\"b\":2,\"a\":3}"), NO("{\"\":1,\"\":2}"),
		NO("{\"a\":1,\"\\u0061\":2}"), NO("{\"\\u0061\":1,\"a\":2}"), NO("{\"\\u0061\":1,\"\\u0061\":2}"),
		NO("{\"\\u00e9\":1,\"\xC3\xA9\":2}"), NO("{\"\\ud83d\\ude00\":1,\"\xF0\x9F\x98\x80\":2}"),
		NO("{\"\\u002f\":1,\"\\/\":2}"), NO("{\"\\n\":1,\"\\u000A\":2}"), NO("[{\"a\":1,\"a\":1}]"),
		NO("{\"x\":{\"y\":{\"a\":1,\"a\":2}}}"), NO("{\"x\":[{\"a\":[],\"a\":[]}]}"),
		NO("{\"a\":{\"b\":1},\"b\":{},\"a\":0}"), NO("{\"a\\u0000\":1,\"a\\u0000\":2}"),
		NO("{\"a\":0,\"b\":0,\"c\":0,\"d\":0,\"e\":0,\"f\":0,\"g\":0,\"h\":0,\"i\":0,\"j\":0,\"k\":0,\"l\":0,"
		   "\"m\":0,\"n\":0,\"o\":0,\"p\":0,\"q\":0,\"a\":0}"))},
	{"2.3", "The same for members that the contract knows", RFC_MESSAGE, NULL, RFC_CASES(
		IS(FLOAT64, "{\"v\":1,\"w\":2}", "1.0"), IS(STR, "{\"w\":2,\"v\":\"a\"}", "\"a\""),
		NOT(FLOAT64, "{\"v\":1,\"v\":1}"), NOT(FLOAT64, "{\"v\":1,\"\\u0076\":1}"),
		NOT(FLOAT64, "{\"w\":1,\"v\":1,\"w\":1}"), NOT(STR, "{\"v\":\"a\",\"v\":\"a\"}"),
		NOT(ANY, "{\"v\":{},\"x\":1,\"v\":{}}"))},
	{"2.3", "Their order means nothing", RFC_MESSAGE, NULL, RFC_CASES(
		IS(FLOAT64, "{\"v\":1,\"w\":{\"v\":2}}", "1.0"), IS(FLOAT64, "{\"w\":{\"v\":2},\"v\":1}", "1.0"),
		NOT(FLOAT64, "{\"w\":{\"v\":2}}"))},
	{"4.1", "Members that nobody knows are ignored, unless the record is closed; they are checked all the same",
		RFC_MESSAGE, NULL, RFC_CASES(
		IS(FLOAT64, "{\"x\":[{\"a\":null}],\"v\":1,\"y\":\"\\u0000\"}", "1.0"), NOT(FLOAT64, "{\"x\":nulx,\"v\":1}"),
		NOT(FLOAT64, "{\"x\":1.2.3,\"v\":1}"), NOT(FLOAT64, "{\"x\":[1},\"v\":1}"), NOT(FLOAT64, "{\"x\":\"\xC0\x80\",\"v\":1}"),
		NOT(FLOAT64, "{\"\xED\xA0\x80\":1,\"v\":1}"), NOT(FLOAT64, "{\"x\":\"\\ud800\",\"v\":1}"),
		NOT(FLOAT64, "{\"x\":{\"a\":1,\"a\":2},\"v\":1}"), NOT(FLOAT64, "{\"x\":01,\"v\":1}"), NOT(FLOAT64, "{\"x\":\"\n\",\"v\":1}"),
		NOT(FLOAT64, "{\"v\":1,\"x\":-}"), NOT(FLOAT64, "{\"v\":1,\"x\":\"\\x\"}"),
		IS(CLOSED, "{\"v\":1}", "1.0"), NOT(CLOSED, "{\"v\":1,\"x\":1}"), NOT(CLOSED, "{\"x\":1,\"v\":1}"),
		NOT(CLOSED, "{\"v\":1,\"\":null}"))},
	{"4.2", "A message is an object (a text of another kind is JSON, and no message)", RFC_MESSAGE, NULL, RFC_CASES(
		IS(ANY, " {\"v\":null} ", "null"), NOT(ANY, "[]"), NOT(ANY, "1"), NOT(ANY, "\"v\""), NOT(ANY, "null"),
		NOT(ANY, "[{\"v\":1}]"), NOT(ANY, ""), NOT(ANY, " "), NOT(ANY, "{\"v\":1}\0"), NOT(ANY, "{\"v\":1}{}"),
		NOT(ANY, "\xEF\xBB\xBF{\"v\":1}"), NOT(ANY, "{\"v\":1}]"), NOT(ANY, "{\"v\":1},"), NOT(ANY, "{\"v\":1}x"))},
	{"4.3", "Times are RFC 3339's, with an offset; written with capital T and Z", RFC_VALUE,
		"codec_times", RFC_CASES(
		IS(DATETIME, "\"2026-11-22T11:00:00Z\"", "\"2026-11-22T11:00:00Z\""),
		IS(DATETIME, "\"2026-11-22t11:00:00z\"", "\"2026-11-22T11:00:00Z\""), NOT(DATETIME, "\"2026-11-22\""),
		NOT(DATETIME, "\"2026-11-22T11:00:00\""), NOT(DATETIME, "\"2026-11-22T11:00Z\""), NOT(DATETIME, "1763809200"))},
	{"4.4", "Binary data in a string: RFC 4648's base64, padded (the contract's choice; I-JSON recommends its URL form)",
		RFC_VALUE,
		"codec_formats", RFC_CASES(
		IS(BYTES, "\"+/8=\"", "\"+/8=\""), IS(BYTES, "\"\"", "\"\""), NOT(BYTES, "\"-_8=\""), NOT(BYTES, "\"+/8\""),
		NOT(BYTES, "\"+/9=\""), NOT(BYTES, "\"+/ 8=\""), NOT(BYTES, "1"))},
	{.section = NULL},
};
