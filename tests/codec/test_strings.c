/* SPDX-License-Identifier: MIT */
/*
 * Strings: every escape, surrogates, UTF-8 by RFC 3629 at every place of a word, where they are
 * kept, white space, writing.
 */
#include "codec_test.h"

#include <stdio.h>

static void reads(const char *json, const char *want, size_t want_len)
{
	struct bench b;
	struct msgc_str v;

	bench_open(&b, json);
	ck_assert_msg(msgc_read_str(&b.r, &v), "%s", json);
	ck_assert_uint_eq(v.len, want_len);
	ck_assert_mem_eq(v.ptr, want, want_len);
	ck_assert_int_eq(v.ptr[v.len], '\0');
	ck_assert_int_eq(bench_close(&b), 0);
}

static void stops(const char *json, const char *what)
{
	struct bench b;
	struct msgc_str v = {"untouched", 9};

	bench_open(&b, json);
	ck_assert_msg(!msgc_read_str(&b.r, &v), "%s", json);
	ck_assert_str_eq(v.ptr, "untouched");
	ck_assert_int_eq(bench_close(&b), MSGC_ECONTRACT);
	ck_assert_str_eq(b.problems.items[0].type, "json_invalid");
	ck_assert_msg(strstr(b.problems.items[0].msg, what) != NULL, "%s: %s", json,
	        b.problems.items[0].msg);
}

START_TEST(resolves_every_escape)
{
	reads("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\b\f\n\r\t", 8);
	reads("\"\\u0000\"", "\0", 1);
	reads("\"a\\u0000b\"", "a\0b", 3);
	reads("\"\\u001F\\u0020\\u007f\"", "\x1F \x7F", 3);
	reads("\"\\u0080\\u07ff\"", "\xC2\x80\xDF\xBF", 4);
	reads("\"\\u0800\\uD7FF\\uE000\\uffff\"",
	        "\xE0\xA0\x80\xED\x9F\xBF\xEE\x80\x80\xEF\xBF\xBF", 12);
	reads("\"\\uD800\\uDC00\"", "\xF0\x90\x80\x80", 4);
	reads("\"\\udbff\\udfff\"", "\xF4\x8F\xBF\xBF", 4);
	reads("\"\\ud83d\\ude00\\ud83d\\ude00\"", "\xF0\x9F\x98\x80\xF0\x9F\x98\x80", 8);
	reads("\"\\uABCD\\uabcd\"", "\xEA\xAF\x8D\xEA\xAF\x8D", 6);
	reads("\"plain then \\u00e9 then \xC3\xA9\"", "plain then \xC3\xA9 then \xC3\xA9", 21);
}
END_TEST

START_TEST(refuses_lone_surrogates_and_bad_escapes)
{
	static const char *const lone[] = {"\"\\ud800\"", "\"\\udc00\"", "\"\\udfff\"",
	        "\"\\ud800a\"", "\"\\ud800\\n\"", "\"\\ud800\\u0041\"", "\"\\ud800\\ud800\"",
	        "\"\\ud800\\ue000\"", "\"\\udc00\\ud800\"", "\"\\ud83d\\ude00\\ud83d\"",
	        "\"\\ud83d \\ude00\"", "\"\\uDBFF\"", "\"\\ud800\\udbff\""};
	static const char *const bad[] = {"\"\\a\"", "\"\\x00\"", "\"\\'\"", "\"\\U0001\"",
	        "\"\\u00g0\"", "\"\\u-000\"", "\"\\u+000\"", "\"\\u 000\"", "\"\\u00\xC3\xA9\"",
	        "\"\\ \"", "\"\\0\""};

	for (size_t i = 0; i < sizeof lone / sizeof *lone; i++)
		stops(lone[i], "lone surrogate in hex escape");
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		stops(bad[i], "invalid escape");
	stops("\"\\", "EOF while parsing a string");
	stops("\"\\u", "EOF while parsing a string");
	stops("\"\\u12", "EOF while parsing a string");
	stops("\"", "EOF while parsing a string");
}
END_TEST

START_TEST(refuses_raw_control_characters)
{
	char json[8];

	for (int c = 0; c < 0x20; c++) {
		for (int at = 1; at < 4; at++) {
			struct msgc_problems problems;

			memcpy(json, "\"aaa\"", 6);
			json[at] = (char)c;
			ck_assert_int_eq(codec_test_validate(json, 5, &problems), MSGC_ECONTRACT);
			ck_assert_ptr_nonnull(strstr(
			        problems.items[0].msg, "control character (\\u0000-\\u001F)"));
		}
	}
	reads("\"\x7F\"", "\x7F", 1);
}
END_TEST

/* RFC 3629 section 4, spelled out once more, slowly and from the code point. */
static bool slow_valid(const uint8_t *p, size_t len)
{
	for (size_t i = 0; i < len;) {
		uint32_t c = p[i];
		size_t n = c < 0x80             ? 1
		        : c >= 0xC0 && c < 0xE0 ? 2
		        : c >= 0xE0 && c < 0xF0 ? 3
		        : c >= 0xF0 && c < 0xF8 ? 4
		                                : 0;

		if (n == 0 || len - i < n)
			return false;
		c = n == 1 ? c : c & (0xFFu >> (n + 1));
		for (size_t k = 1; k < n; k++) {
			if (p[i + k] >> 6 != 2)
				return false;
			c = c << 6 | (p[i + k] & 63u);
		}
		if (c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF) || (n == 2 && c < 0x80) ||
		        (n == 3 && c < 0x800) || (n == 4 && c < 0x10000))
			return false;
		i += n;
	}
	return true;
}

START_TEST(utf8_all_of_one_and_two_bytes)
{
	uint8_t text[3];

	for (int a = 0; a < 256; a++) {
		text[0] = (uint8_t)a;
		ck_assert(msgc_utf8_valid((char *)text, 1) == slow_valid(text, 1));
		for (int b = 0; b < 256; b++) {
			text[1] = (uint8_t)b;
			ck_assert(msgc_utf8_valid((char *)text, 2) == slow_valid(text, 2));
		}
	}
	ck_assert(msgc_utf8_valid(NULL, 0));
}
END_TEST

START_TEST(utf8_every_lead_with_edges_behind)
{
	static const uint8_t edge[] = {
	        0x00, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC2, 0xE0, 0xF0, 0xFF};
	size_t n = sizeof edge;
	uint8_t text[5] = {0};
	long invalid = 0;

	for (int a = 0x80; a < 256; a++) {
		for (size_t i = 0; i < n * n * n; i++) {
			text[0] = (uint8_t)a;
			text[1] = edge[i % n];
			text[2] = edge[i / n % n];
			text[3] = edge[i / n / n];
			for (size_t len = 1; len <= 4; len++) {
				bool want = slow_valid(text, len);

				if (msgc_utf8_valid((char *)text, len) != want)
					ck_abort_msg("%02x %02x %02x %02x, %zu bytes", text[0],
					        text[1], text[2], text[3], len);
				invalid += !want;
			}
		}
	}
	ck_assert_int_gt(invalid, 100000);
}
END_TEST

/* Every code point, at every place of an eight-byte word, cut at every byte. */
START_TEST(utf8_every_code_point_and_alignment)
{
	uint8_t text[32];
	size_t len;

	for (uint32_t c = 0x80; c < 0x110000; c += c % 0x1000 < 0x40 || c > 0xFFF00 ? 1 : 97) {
		if (c >= 0xD800 && c < 0xE000)
			continue;
		for (size_t at = 0; at < 9; at++) {
			memset(text, 'a', sizeof text);
			len = at;
			if (c < 0x800) {
				text[len++] = (uint8_t)(0xC0 | c >> 6);
			} else if (c < 0x10000) {
				text[len++] = (uint8_t)(0xE0 | c >> 12);
				text[len++] = (uint8_t)(0x80 | (c >> 6 & 63));
			} else {
				text[len++] = (uint8_t)(0xF0 | c >> 18);
				text[len++] = (uint8_t)(0x80 | (c >> 12 & 63));
				text[len++] = (uint8_t)(0x80 | (c >> 6 & 63));
			}
			text[len++] = (uint8_t)(0x80 | (c & 63));
			if (!msgc_utf8_valid((char *)text, sizeof text) ||
			        !msgc_utf8_valid((char *)text, len) ||
			        msgc_utf8_valid((char *)text, len - 1) ||
			        msgc_utf8_count(msgc_str_of((char *)text, len)) != at + 1)
				ck_abort_msg("U+%04X at %zu", c, at);
		}
	}
}
END_TEST

START_TEST(bad_utf8_is_refused_in_values_names_and_skipped_members)
{
	static const char *const bad[] = {"\xC0\x80", "\xC1\xBF", "\xE0\x80\x80", "\xE0\x9F\xBF",
	        "\xF0\x80\x80\x80", "\xF0\x8F\xBF\xBF", "\xED\xA0\x80", "\xED\xBF\xBF",
	        "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xF8\x88\x80\x80\x80", "\xFE", "\xFF",
	        "\x80", "\xBF", "\xC3", "\xE2\x82", "\xF0\x9F\x98", "\xC3(", "\xE2(\xA1",
	        "\xF0\x9F(\x80", "\xED\xA0\xBD\xED\xB8\x80"};
	char json[128], filler[16];
	struct msgc_problems problems;

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		for (size_t n = 0; n < 12; n++) {
			memset(filler, 'a', n);
			filler[n] = '\0';
			snprintf(json, sizeof json, "\"%s%s%s\"", filler, bad[i], filler);
			stops(json, "invalid unicode code point");
			snprintf(json, sizeof json, "{\"%s%s%s\":1}", filler, bad[i], filler);
			ck_assert_int_eq(
			        codec_test_validate(json, strlen(json), &problems), MSGC_ECONTRACT);
			snprintf(json, sizeof json, "[{\"x\":[\"%s%s%s\"]}]", filler, bad[i],
			        filler);
			ck_assert_int_eq(
			        codec_test_validate(json, strlen(json), &problems), MSGC_ECONTRACT);
			ck_assert_ptr_nonnull(
			        strstr(problems.items[0].msg, "invalid unicode code point"));
		}
	}
}
END_TEST

START_TEST(special_characters_are_found_at_every_place)
{
	char json[64], text[64];

	for (size_t len = 0; len < 40; len++) {
		for (size_t at = 0; at < len; at++) {
			memset(json, 'a', sizeof json);
			memset(text, 'a', sizeof text);
			json[0] = '"';
			memcpy(json + 1 + at, "\\n", 2);
			text[at] = '\n';
			json[len + 2] = '"';
			json[len + 3] = '\0';
			reads(json, text, len);
			memcpy(json + 1 + at, "\xC3\xA9", 2);
			memcpy(text + at, "\xC3\xA9", 2);
			reads(json, text, len + 1);
		}
	}
}
END_TEST

START_TEST(strings_stay_in_the_text_unless_they_hold_escapes)
{
	struct bench b;
	struct msgc_str v;

	bench_open(&b, "\"plain\"");
	ck_assert(msgc_read_str(&b.r, &v));
	ck_assert_ptr_eq(v.ptr, b.text + 1);
	ck_assert_uint_eq(msgc_arena_used(&b.arena), 0);
	ck_assert_int_eq(bench_close(&b), 0);
	bench_open(&b, "\"esc\\u0061ped\"");
	ck_assert(msgc_read_str(&b.r, &v));
	ck_assert_str_eq(v.ptr, "escaped");
	ck_assert_uint_gt(msgc_arena_used(&b.arena), 0);
	ck_assert_int_eq(bench_close(&b), 0);
}
END_TEST

START_TEST(trims_as_ecma_262_does)
{
	static const char *const spaces[] = {" ", "\t", "\n", "\v", "\f", "\r", "\xC2\xA0",
	        "\xE1\x9A\x80", "\xE2\x80\x80", "\xE2\x80\x8A", "\xE2\x80\xA8", "\xE2\x80\xA9",
	        "\xE2\x80\xAF", "\xE2\x81\x9F", "\xE3\x80\x80", "\xEF\xBB\xBF"};
	static const char *const others[] = {"a", "\xC2\x85", "\xE2\x80\x8B", "\xE1\x9A\x81",
	        "\xE2\x80\x8C", "\xE1\xA0\x8E", "\x1C", "\xC3\xA9"};
	struct msgc_scope s = {0};
	char text[32];
	struct msgc_str t;

	for (size_t i = 0; i < sizeof spaces / sizeof *spaces; i++) {
		snprintf(text, sizeof text, "%s%sx y%s", spaces[i], spaces[15 - i], spaces[i]);
		t = msgc_str_trimmed(msgc_str_from(text));
		ck_assert_uint_eq(t.len, 3);
		ck_assert_mem_eq(t.ptr, "x y", 3);
		ck_assert(!msgc_check_not_blank(&s, msgc_str_from(spaces[i])));
		ck_assert_uint_eq(msgc_str_trimmed(msgc_str_from(spaces[i])).len, 0);
	}
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		ck_assert_uint_eq(
		        msgc_str_trimmed(msgc_str_from(others[i])).len, strlen(others[i]));
		ck_assert(msgc_check_not_blank(&s, msgc_str_from(others[i])));
	}
	ck_assert(!msgc_check_not_blank(&s, msgc_str_from("")));
	ck_assert_uint_eq(msgc_str_trimmed(msgc_str_of(NULL, 0)).len, 0);
}
END_TEST

START_TEST(a_trimmed_string_ends_in_nul)
{
	struct bench b;
	struct msgc_str v;

	bench_open(&b, "\"  a b \\t\"");
	ck_assert(msgc_read_str(&b.r, &v));
	msgc_read_trim(&b.r, &v);
	ck_assert_str_eq(v.ptr, "a b");
	ck_assert_int_eq(bench_close(&b), 0);
	bench_open(&b, "\" in place \"");
	ck_assert(msgc_read_str(&b.r, &v));
	msgc_read_trim(&b.r, &v);
	ck_assert_str_eq(v.ptr, "in place");
	ck_assert_int_eq(bench_close(&b), 0);
}
END_TEST

static void writes(const char *text, size_t len, const char *want)
{
	struct msgc_buf out = {0};

	msgc_write_str(&out, msgc_str_of(text, len));
	ck_assert_str_eq(msgc_buf_c(&out), want);
	ck_assert_int_eq(codec_test_validate(out.data, out.len, NULL), 0);
	msgc_buf_free(&out);
}

START_TEST(writes_strings_that_read_back)
{
	uint64_t state = 5;
	char text[200];
	struct msgc_buf out = {0};
	struct bench b;
	struct msgc_str v;

	writes("", 0, "\"\"");
	writes(NULL, 0, "\"\"");
	writes("a\0b", 3, "\"a\\u0000b\"");
	writes("\"\\/\b\f\n\r\t\x01\x1F\x7F", 11, "\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u001f\x7F\"");
	writes("\xC3\xA9\xF0\x9F\x98\x80", 6, "\"\xC3\xA9\xF0\x9F\x98\x80\"");
	for (int i = 0; i < 3000; i++) {
		size_t len = test_random(&state) % sizeof text;

		for (size_t k = 0; k < len; k++)
			text[k] = (char)(test_random(&state) % (i % 3 ? 128 : 48));
		msgc_buf_reset(&out);
		msgc_write_str(&out, msgc_str_of(text, len));
		bench_open(&b, msgc_buf_c(&out));
		ck_assert(msgc_read_str(&b.r, &v));
		ck_assert_uint_eq(v.len, len);
		ck_assert_mem_eq(v.ptr, text, len);
		ck_assert_int_eq(bench_close(&b), 0);
	}
	msgc_buf_free(&out);
}
END_TEST

START_TEST(writes_nothing_that_is_not_utf8)
{
	static const char *const bad[] = {
	        "\xFF", "aaaaaaaaa\xC3", "\xED\xA0\x80", "\xC0\x80", "abc\xF4\x90\x80\x80xyz\n"};
	struct msgc_buf out = {0};

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		size_t start = msgc_write_begin(&out);

		msgc_write_str(&out, msgc_str_from(bad[i]));
		ck_assert_int_eq(msgc_write_end(&out, start), MSGC_EINVAL);
		ck_assert_uint_eq(out.len, 0);
	}
	msgc_buf_free(&out);
}
END_TEST

START_TEST(c_strings_do_not_lose_what_is_behind_a_nul)
{
	ck_assert_str_eq(msgc_str_c(msgc_str_from("abc")), "abc");
	ck_assert_str_eq(msgc_str_c(msgc_str_from(NULL)), "");
	ck_assert_ptr_null(msgc_str_c(msgc_str_of("a\0b", 3)));
	ck_assert(msgc_str_equal(msgc_str_from("ab"), msgc_str_of("abc", 2)));
	ck_assert(!msgc_str_equal(msgc_str_from("ab"), msgc_str_from("ac")));
	ck_assert(msgc_str_equal(msgc_str_of(NULL, 0), msgc_str_from("")));
	ck_assert_str_eq(msgc_error_name(MSGC_ECONTRACT), "MSGC_ECONTRACT");
	ck_assert_str_eq(msgc_error_name(99), "unknown");
}
END_TEST

START_TEST(cuts_at_code_points)
{
	ck_assert_uint_eq(msgc_utf8_cut("abc", 3, 5), 3);
	ck_assert_uint_eq(msgc_utf8_cut("abc", 3, 2), 2);
	ck_assert_uint_eq(msgc_utf8_cut("a\xF0\x9F\x98\x80", 5, 4), 1);
	ck_assert_uint_eq(msgc_utf8_cut("a\xF0\x9F\x98\x80z", 6, 5), 5);
	ck_assert_uint_eq(msgc_utf8_cut("\xF0\x9F\x98\x80", 4, 3), 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("codec_strings");
	const TTest *const reading[] = {resolves_every_escape,
	        refuses_lone_surrogates_and_bad_escapes, refuses_raw_control_characters,
	        special_characters_are_found_at_every_place,
	        strings_stay_in_the_text_unless_they_hold_escapes, trims_as_ecma_262_does,
	        a_trimmed_string_ends_in_nul, NULL};
	const TTest *const utf8[] = {utf8_all_of_one_and_two_bytes,
	        utf8_every_lead_with_edges_behind, utf8_every_code_point_and_alignment,
	        bad_utf8_is_refused_in_values_names_and_skipped_members, cuts_at_code_points, NULL};
	const TTest *const writing[] = {writes_strings_that_read_back,
	        writes_nothing_that_is_not_utf8, c_strings_do_not_lose_what_is_behind_a_nul, NULL};

	codec_test_case(suite, "reading", reading);
	codec_test_case(suite, "utf8", utf8);
	codec_test_case(suite, "writing", writing);
	return codec_test_run(suite);
}
