/* SPDX-License-Identifier: MIT */
/*
 * RFC 3629, UTF-8, in strings and names: see rfc_cases.h.
 */
#include "rfc_cases.h"

/* clang-format off */
const struct rfc_rule rfc_3629_rules[] = {
	{"3", "One octet: U+0000 to U+007F", RFC_STRING,
		"codec_strings: utf8_all_of_one_and_two_bytes", RFC_CASES(
		YES("\" \""), YES("\"~\""), YES("\"\x7F\""),
		NO("\"\x80\""), NO("\"\xBF\""), NO("\"a\x80\""), NO("\"\xC3\xA9\xA9\""), NO("\"\xF0\x9F\x98\x80\x80\""))},
	{"3", "Two octets: U+0080 to U+07FF", RFC_STRING, NULL, RFC_CASES(
		IS(STR, "\"\xC2\x80\"", "\"\xC2\x80\""), IS(STR, "\"\xDF\xBF\"", "\"\xDF\xBF\""), YES("\"\xC3\xA9t\xC3\xA9\""),
		NO("\"\xC2\""), NO("\"\xDF\""), NO("\"\xC3" "a\""), NO("\"\xC3\x7F\""), NO("\"\xC3\xC0\""),
		NO("\"\xC3\xC3\xA9\""), NO("\"\xDF\"\xBF"), YES("\"\xC2\xBF\""), YES("\"\xDF\x80\""),
		NO("\"\xC2\x7F\""), NO("\"\xC2\xC0\""), NO("\"\xDF\x7F\""), NO("\"\xDF\xC0\""))},
	{"3", "Three octets: U+0800 to U+FFFF", RFC_STRING, NULL, RFC_CASES(
		IS(STR, "\"\xE0\xA0\x80\"", "\"\xE0\xA0\x80\""), YES("\"\xED\x9F\xBF\""), YES("\"\xEE\x80\x80\""),
		IS(STR, "\"\xEF\xBF\xBD\"", "\"\xEF\xBF\xBD\""), YES("\"\xE2\x82\xAC\xE2\x82\xAC\""),
		NO("\"\xE2\""), NO("\"\xE2\x82\""), NO("\"\xE2" "ab\""), NO("\"\xE2\x82" "a\""), NO("\"\xE2\xC0\x80\""),
		NO("\"\xE2\x82\xC0\""), NO("\"\xE2\x82\xE2\x82\xAC\""), NO("\"\xE2\"\x82\xAC"),
		/* the rows of section 4, their first and last, one below and one above */
		YES("\"\xE0\xBF\xBF\""), YES("\"\xE1\x80\x80\""), YES("\"\xEC\xBF\xBF\""), YES("\"\xED\x80\x80\""),
		YES("\"\xEE\xBF\xBF\""), YES("\"\xEF\x80\x80\""), YES("\"\xEF\xBF\xBF\""), NO("\"\xE0\x7F\x80\""),
		NO("\"\xE0\xC0\x80\""), NO("\"\xE1\x7F\x80\""), NO("\"\xE1\xC0\x80\""), NO("\"\xEC\x7F\xBF\""),
		NO("\"\xEC\xC0\x80\""), NO("\"\xED\x7F\xBF\""), NO("\"\xEE\x7F\x80\""), NO("\"\xEF\xC0\x80\""),
		NO("\"\xE0\xA0\x7F\""), NO("\"\xE1\x80\x7F\""), NO("\"\xED\x9F\xC0\""), NO("\"\xEF\xBF\xC0\""),
		NO("\"\xE6\x97\xA5\xD1\x88\xFA\""), NO("\"\xE0\xFF\""))},
	{"3", "Four octets: U+10000 to U+10FFFF", RFC_STRING, NULL, RFC_CASES(
		IS(STR, "\"\xF0\x90\x80\x80\"", "\"\xF0\x90\x80\x80\""), YES("\"\xF0\x9F\x98\x80\""), YES("\"\xF3\xBF\xBF\xBF\""),
		IS(STR, "\"\xF4\x8F\xBF\xBF\"", "\"\xF4\x8F\xBF\xBF\""),
		NO("\"\xF0\""), NO("\"\xF0\x9F\""), NO("\"\xF0\x9F\x98\""), NO("\"\xF0\x9F\x98" "a\""), NO("\"\xF0\x9F" "ab\""),
		NO("\"\xF0\x9F\x98\xC0\""), NO("\"\xF0\xC0\x98\x80\""), NO("\"\xF1\x7F\x80\x80\""),
		NO("\"\xF0\x9F\x98\xF0\x9F\x98\x80\""), NO("\"\xF3\xBF\xBF\"\xBF"),
		YES("\"\xF0\xBF\xBF\xBF\""), YES("\"\xF1\x80\x80\x80\""), YES("\"\xF4\x80\x80\x80\""), NO("\"\xF0\x7F\x80\x80\""),
		NO("\"\xF1\xC0\x80\x80\""), NO("\"\xF3\x7F\x80\x80\""), NO("\"\xF3\xC0\x80\x80\""), NO("\"\xF4\x7F\xBF\xBF\""),
		NO("\"\xF0\x90\x7F\x80\""), NO("\"\xF0\x90\xC0\x80\""), NO("\"\xF1\x80\x7F\x80\""), NO("\"\xF1\x80\xC0\x80\""),
		NO("\"\xF4\x8F\x7F\xBF\""), NO("\"\xF4\x8F\xC0\x80\""), NO("\"\xF4\x8F\xBF\x7F\""), NO("\"\xF4\x8F\xBF\xC0\""),
		NO("\"\xF0\x90\x80\x7F\""), NO("\"\xF1\x80\x80\xC0\""), NO("\"\xF4\x8F\xBF\""), NO("\"\xF1\x80\""))},
	{"3", "No overlong sequence: the shortest is the only one", RFC_STRING, NULL, RFC_CASES(
		YES("\"\xC2\x80\xE0\xA0\x80\xF0\x90\x80\x80\""),
		NO("\"\xC0\x80\""), NO("\"\xC0\xAF\""), NO("\"\xC1\xBF\""), NO("\"\xC0\xA2\""), NO("\"\xE0\x80\x80\""),
		NO("\"\xE0\x80\xAF\""), NO("\"\xE0\x9F\xBF\""), NO("\"\xF0\x80\x80\x80\""), NO("\"\xF0\x80\x80\xAF\""),
		NO("\"\xF0\x8F\xBF\xBF\""), NO("\"\xFC\x83\xBF\xBF\xBF\xBF\""), NO("\"\xFC\x80\x80\x80\x80\x80\""), NO("\"\xF8\x87\xBF\xBF\xBF\""), NO("\"\xF8\x80\x80\x80\xAF\""), NO("\"\xFC\x80\x80\x80\x80\xAF\""),
		NO("\"some text of more than two blocks, an overlong slash behind it: .............\xC0\xAF\""))},
	{"3", "No surrogates: U+D800 to U+DFFF are no characters", RFC_STRING, NULL, RFC_CASES(
		YES("\"\xED\x9F\xBF\xEE\x80\x80\""),
		NO("\"\xED\xA0\x80\""), NO("\"\xED\xAD\xBF\""), NO("\"\xED\xAE\x80\""), NO("\"\xED\xAF\xBF\""),
		NO("\"\xED\xB0\x80\""), NO("\"\xED\xBE\x80\""), NO("\"\xED\xBF\xBF\""), NO("\"\xED\xA0\xBD\xED\xB8\x80\""),
		NO("\"\xED\xAF\xBF\xED\xBF\xBF\""),
		NO("\"some text of more than two blocks, a surrogate behind it: .................\xED\xA0\x80\""))},
	{"3, 4", "Nothing beyond U+10FFFF, and no octets C0, C1, F5 to FF", RFC_STRING,
		"codec_strings: utf8_every_lead_with_edges_behind, utf8_every_code_point_and_alignment", RFC_CASES(
		YES("\"\xF4\x8F\xBF\xBF\""),
		NO("\"\xF4\x90\x80\x80\""), NO("\"\xF4\xBF\xBF\xBF\""), NO("\"\xF5\x80\x80\x80\""), NO("\"\xF6\x80\x80\x80\""),
		NO("\"\xF7\xBF\xBF\xBF\""), NO("\"\xF8\x88\x80\x80\x80\""), NO("\"\xFB\xBF\xBF\xBF\xBF\""),
		NO("\"\xFC\x84\x80\x80\x80\x80\""), NO("\"\xFD\xBF\xBF\xBF\xBF\xBF\""), NO("\"\xFE\""), NO("\"\xFF\""),
		NO("\"\xC0\""), NO("\"\xC1\""), NO("\"\xF5\""), NO("\"\xFE\xFE\xFF\xFF\""))},
	{"4", "Octets of a sequence follow each other, whatever ends the string or the text", RFC_STRING, NULL, RFC_CASES(
		YES("\"\xC3\xA9\\n\xE2\x82\xAC\\u00e9\xF0\x9F\x98\x80\""),
		NO("\"\xC3\\u00a9\""), NO("\"\xE2\\n\x82\xAC\""), NO("\"\xF0\x9F\\\\\x98\x80\""), NO("\"\\\xE2\x82\xAC\""),
		NO("\"\xE2\x82"), NO("\"\xF0\x9F\x98"), NO("\"\xC3"), NO("\"\xC3\0\xA9\""))},
	{"6", "U+FEFF is a character within a string, and no signature", RFC_STRING, NULL, RFC_CASES(
		IS(STR, "\"\xEF\xBB\xBF\"", "\"\xEF\xBB\xBF\""), IS(STR, "\"a\xEF\xBB\xBF" "b\"", "\"a\xEF\xBB\xBF" "b\""),
		IS(STR, "\"\\ufeff\"", "\"\xEF\xBB\xBF\""),
		NO("\xEF\xBB\xBF\"a\""), NO("\"a\"\xEF\xBB\xBF"), NO("\"\xEF\xBB\""))},
	{"10", "Security: nothing hides in a sequence that others read as ASCII", RFC_STRING, NULL, RFC_CASES(
		YES("\"\\u002e\\u002e/\""),
		NO("\"\xC0\xAE\xC0\xAE/\""), NO("\"\xC0\xA2,\xC0\xA2" "admin\xC0\xA2:1\""), NO("\"\x2F\xC0\xAE\x2E\x2F\""),
		NO("\"\xC0\x80\""), NO("\"\xE0\x80\xA2\""))},
	{.section = NULL},
};
