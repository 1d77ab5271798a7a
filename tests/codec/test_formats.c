/* SPDX-License-Identifier: MIT */
/*
 * Formats against their RFCs, with what is valid and what is nearly; base64 and uuid.
 */
#include "codec_test.h"

#include <stdio.h>

typedef bool check_fn(struct msgc_scope *s, struct msgc_str v);

#define MOST 60

static const struct {
	check_fn *check;
	const char *type;
	const char *good[MOST], *bad[MOST];
} formats[] = {
        {msgc_check_email, "value_error",
                {"a@b", "joe@example.com", "joe.bloggs@example.com", "joe+tag@sub.example.co.uk",
                        "!#$%&'*+-/=?^_`{|}~@example.com", "\"joe bloggs\"@example.com",
                        "\"joe..bloggs\"@example.com", "\"joe@bloggs\"@example.com",
                        "\"a\\\"b\"@example.com", "\"\"@example.com", "joe@[127.0.0.1]",
                        "joe@[IPv6:::1]", "te~st@example.com", "1@2.com", "joe@EXAMPLE.com",
                        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@example."
                        "com",
                        "x@a-b.c"},
                {"", "@", "a@", "@b", "joe", "joe.example.com", ".joe@example.com",
                        "joe.@example.com", "joe..bloggs@example.com", "joe@exa mple.com",
                        "joe @example.com", " joe@example.com", "joe@example.com ",
                        "joe@@example.com", "joe@a@b.com", "joe@-example.com", "joe@example-.com",
                        "joe@.com", "joe@example.", "joe@example..com", "joe@127.0.0.1]",
                        "joe@[127.0.0.300]", "joe@[127.0.0.1", "joe@[IPv6:1::2::3]", "joe@[]",
                        "\"joe@example.com", "joe\"@example.com", "\"a\"b\"@example.com",
                        "\"a\\\"@example.com", "\"a\nb\"@example.com", "j\xC3\xB6@example.com",
                        "joe@ex\xC3\xA4mple.com", "joe@exam_ple.com", "(joe)@example.com",
                        "joe,b@example.com", "joe;b@example.com", "joe@example.com\n",
                        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@example."
                        "com"}},
        {msgc_check_hostname, "value_error",
                {"a", "example", "www.example.com", "xn--4gbwdl.xn--wgbh1c", "3com.com", "1.2.3.4",
                        "a-b", "A-B.C", "a--b", "hostnam3", "0",
                        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.com",
                        /* 253 */
                        "a12345678901234567890123456789012345678901234567890123456789012."
                        "a12345678901234567890123456789012345678901234567890123456789012."
                        "a12345678901234567890123456789012345678901234567890123456789012."
                        "a123456789012345678901234567890123456789012345678901234567890"},
                {"", ".", "-a", "a-", "a.-b", "a-.b", "a..b", ".a", "a.", "a_b", "a b", "a/b",
                        "a:1", "\xC3\xA4.com", "a.b.", "*", "a.*",
                        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.com",
                        "a\n", "a.com\n",
                        "a12345678901234567890123456789012345678901234567890123456789012."
                        "a12345678901234567890123456789012345678901234567890123456789012."
                        "a12345678901234567890123456789012345678901234567890123456789012."
                        "a1234567890123456789012345678901234567890123456789012345678901"}},
        {msgc_check_ipv4, "ip_v4_address",
                {"0.0.0.0", "127.0.0.1", "192.168.10.255", "255.255.255.255", "1.2.3.4"},
                {"", "1", "1.2.3", "1.2.3.4.5", "256.0.0.1", "1.2.3.256", "01.2.3.4", "1.2.3.04",
                        "1.2.3.00", "0x7f.0.0.1", "1..2.3", "1.2.3.", ".1.2.3", "1.2.3.4 ",
                        " 1.2.3.4", "1.2.3.4/8", "1.2.3.a", "-1.2.3.4", "+1.2.3.4", "1,2,3,4",
                        "2130706433", "1.2.3.1000", "1\xE0\xA7\xAA.2.3.4", "1.2.3.4\n", "999.1.1.1",
                        "00.0.0.0"}},
        {msgc_check_ipv6, "ip_v6_address",
                {"::", "::1", "1::", "1:2:3:4:5:6:7:8", "1::8", "1:2:3:4:5:6:7::",
                        "::2:3:4:5:6:7:8", "1:2:3::6:7:8", "fe80::1", "FE80::ABCD",
                        "abcd:ef01:2345:6789:abcd:ef01:2345:6789", "::ffff:192.168.0.1",
                        "::1.2.3.4", "1:2:3:4:5:6:1.2.3.4", "1:2::1.2.3.4", "1:2:3:4:5::1.2.3.4",
                        "0000:0000:0000:0000:0000:0000:0000:0000", "2001:db8::", "1::2:3:4:5:6:7"},
                {"", ":", ":::", "1", "1:", ":1", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3",
                        "12345::", "1:::2", "::g", "fe80::1%eth0", "::1/64", "[::1]",
                        "1:2:3:4:5:6:7:1.2.3.4", "::1.2.3", "::1.2.3.4.5", "::1.2.3.256", "1.2.3.4",
                        "1:2:3:4:5:6:7:8:", "::1 ", " ::1", ":2:3:4:5:6:7:8",
                        "1:2:3:4:5:6:7:", "::ffff:1.2.3.4:1", "1::2:3:4:5:6:7:8", "::-1",
                        "1:2:3:4:5:6::1.2.3.4", "::01.2.3.4", "1:2:3:4:5:6:7:8::"}},
        {msgc_check_uri, "url_parsing",
                {"http://example.com", "http://example.com/",
                        "https://user:pass@example.com:8080/a/b;c=1?q=a/b?c&d=%20#frag/?x",
                        "ftp://ftp.is.co.za/rfc/rfc1808.txt", "http://www.ietf.org/rfc/rfc2396.txt",
                        "ldap://[2001:db8::7]/c=GB?objectClass?one", "mailto:John.Doe@example.com",
                        "news:comp.infosystems.www.servers.unix", "tel:+1-816-555-1212",
                        "telnet://192.0.2.16:80/",
                        "urn:oasis:names:specification:docbook:dtd:xml:4.1.2", "a:", "a:b", "a:/",
                        "a:/b", "a://", "a:///b", "file:///etc/passwd", "http://[::1]:80/",
                        "http://[v1.a:b]/", "http://example.com:/", "http://%41.com", "http://a@b",
                        "x+y-z.1:q", "http://a/%C3%A9", "http://example.com?#", "data:,hello",
                        "http://user@", "http:", "http://a/b:c@d", "http://-a.com", "http://a_b",
                        "http://foo.bar/?q=Test%20URL-encoded%20stuff"},
                {"", "example.com", "//example.com", "/abc", "abc", "://a", "1http://a", "http//a",
                        "ht tp://a", "http://a b", "http://a/b c", "http://a/\"", "http://a/<b>",
                        "http://a/{b}", "http://a/|", "http://a/\\", "http://a/^", "http://a/`",
                        "http://a/%", "http://a/%2", "http://a/%zz", "http://a#b#c",
                        "http://\xC3\xA9.com", "http://a/\xC3\xA9", "http://[::1", "http://::1]",
                        "http://[1.2.3.4]", "http://[::1]x", "http://a:80a", "http://a:b:c",
                        "http://a@b@c", "http://[v.a]", "http://[v1.]", "http://a\n", " http://a",
                        "http://a/[b]", "\\\\share", ":a", "a_b:c", "http://[fe80::1%25eth0]/"}},
        {msgc_check_uri_reference, "url_parsing",
                {"", "http://example.com", "//example.com/a", "/a/b", "a/b", "a", ".", "..", "../a",
                        "./a:b", "?q", "#f", "?q#f", "a/b:c", "/a:b", "//a:80", "a?b:c", "a#b:c",
                        "//", "g;x=1/../y", "%41", "*", "urn:x"},
                {"1a:b", ":a", "a b", "\\a", "a\"", "#a#b", "%", "//a b", "//[::1", "\xC3\xA9",
                        "a[b]", "<a>", "-a:b", "a%4", "#\xC3\xA9"}},
        {msgc_check_slug, "value_error", {"a", "a-b", "a_b", "A1", "-", "_", "general-chat-2"},
                {"", "a b", "a.b", "a/b", "\xC3\xA9", "a\n", " a", "a+", "a\\b"}},
        {msgc_check_uuid_text, "uuid_parsing",
                {"00000000-0000-0000-0000-000000000000", "123e4567-e89b-12d3-a456-426614174000",
                        "ABCDEFAB-CDEF-abcd-efAB-CDEFabcdef01",
                        "ffffffff-ffff-ffff-ffff-ffffffffffff"},
                {"", "123e4567-e89b-12d3-a456-42661417400", "123e4567-e89b-12d3-a456-4266141740000",
                        "123e4567e89b12d3a456426614174000",
                        "{123e4567-e89b-12d3-a456-426614174000}",
                        "urn:uuid:123e4567-e89b-12d3-a456-426614174000",
                        "123e4567-e89b-12d3-a456-42661417400g",
                        "123e4567_e89b-12d3-a456-426614174000",
                        "123e456-7e89b-12d3-a456-426614174000",
                        "123e4567-e89b-12d3-a456 426614174000",
                        "123e4567-e89b-12d3a-456-426614174000",
                        "123e4567-e89b-12d3-a456-4266141740-0",
                        "123e4567-e89b-12d3-a456-42661417400\xC3"}},
        {msgc_check_datetime_text, "datetime_parsing",
                {"2024-01-01T00:00:00Z", "2024-01-01t00:00:00.1-01:00"},
                {"2024-01-01T00:00:00+1", "x"}},
        {msgc_check_date_text, "date_parsing", {"2024-02-29"}, {"2023-02-29", "x", ""}},
        {msgc_check_time_text, "time_parsing", {"00:00:00Z"}, {"24:00:00Z", "x", ""}},
        {msgc_check_duration_text, "time_delta_parsing",
                {"P1Y2M3DT4H5M6S", "P4W", "PT0S", "P1Y1D", "PT36H", "P1DT1S", "P0012D",
                        "P99999999999999999999999Y", "PT9223372036854775808H",
                        "P9223372036854775807Y9223372036854775807M"},
                {"", "P", "PT", "1D", "P1", "P1W1D", "P1DT", "P-1D", "+P1D", "PT1.5S", "P1M1Y",
                        "P1D1D", "p1d", "P1H", "PT1D", "P1W ", "P99999999999999999999999",
                        "PT99999999999999999999999X", "P1D\n"}},
        {msgc_check_json_pointer, "value_error",
                {"/", "/a", "/a/b", "//", "/~0~1", "/a~1b/0", "/ ", "/%", "/\"\\", "/\xC3\xA9",
                        "/-", "/~01"},
                {"a", "a/b", "#", "#/a", "~0", "/~", "/~2", "/a~", "/~~0", "/a/~/b", " /a", "0"}},
};

START_TEST(accepts_and_refuses_what_the_rfcs_say)
{
	struct msgc_problems problems;
	struct msgc_scope s;

	for (size_t i = 0; i < MOST && formats[_i].good[i]; i++) {
		msgc_scope_open(&s, &problems);
		ck_assert_msg(formats[_i].check(&s, msgc_str_from(formats[_i].good[i])),
		        "refused: %s", formats[_i].good[i]);
		ck_assert_uint_eq(problems.count, 0);
	}
	for (size_t i = 0; i < MOST && formats[_i].bad[i]; i++) {
		msgc_scope_open(&s, &problems);
		ck_assert_msg(!formats[_i].check(&s, msgc_str_from(formats[_i].bad[i])),
		        "accepted: %s", formats[_i].bad[i]);
		ck_assert_uint_eq(problems.count, 1);
		ck_assert_str_eq(problems.items[0].type, formats[_i].type);
		/* The value itself is never shown. */
		if (strlen(formats[_i].bad[i]) > 4)
			ck_assert_ptr_null(strstr(problems.items[0].msg, formats[_i].bad[i]));
	}
}
END_TEST

/* A NUL inside is part of no format but a JSON Pointer, and nothing is read behind the end. */
START_TEST(every_format_keeps_to_the_length)
{
	struct msgc_scope s = {0};

	for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
		for (size_t k = 0; k < MOST && formats[i].good[k]; k++) {
			size_t len = strlen(formats[i].good[k]);
			struct guarded g = guarded_new(len + 1);

			memcpy(g.data, formats[i].good[k], len);
			g.data[len] = '\0';
			ck_assert(formats[i].check(&s, msgc_str_of(g.data, len + 1)) ==
			        (formats[i].check == msgc_check_json_pointer));
			memmove(g.data + 1, g.data, len);
			ck_assert_msg(formats[i].check(&s, msgc_str_of(g.data + 1, len)), "%s",
			        formats[i].good[k]);
			/*
			 * Its ends alone, each against the guard page: a fault would be the
			 * failure.
			 */
			for (size_t cut = 0; cut < len; cut++)
				(void)formats[i].check(
				        &s, msgc_str_of(g.data + len + 1 - cut, cut));
			guarded_free(&g);
		}
	}
}
END_TEST

/* A zeroed struct is a value like any other: the sanitizers are the judges here. */
START_TEST(strings_without_an_address_are_empty)
{
	struct msgc_scope s = {0};
	struct msgc_str none = {0};
	struct msgc_decimal zero = {0};
	struct msgc_buf out = {0};
	struct msgc_duration duration;
	double d;

	for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
		ck_assert(formats[i].check(&s, none) ==
		        (formats[i].check == msgc_check_uri_reference ||
		                formats[i].check == msgc_check_json_pointer));
	ck_assert(msgc_check_str(&s, none) && msgc_check_len(&s, none, 0, 0));
	ck_assert(!msgc_check_not_blank(&s, none) && !msgc_check_decimal(&s, zero));
	ck_assert(!msgc_text_duration(&s, none, &duration) && !msgc_text_float64(&s, none, &d));
	ck_assert(msgc_decimal_equal(zero, (struct msgc_decimal){"0.0", 3}));
	ck_assert_uint_eq(
	        msgc_hash_decimal(1, zero), msgc_hash_decimal(1, (struct msgc_decimal){"-0", 2}));
	ck_assert(msgc_bytes_equal((struct msgc_bytes){0}, (struct msgc_bytes){0}));
	msgc_write_str(&out, none);
	msgc_write_bytes(&out, (struct msgc_bytes){0});
	ck_assert_str_eq(msgc_buf_c(&out), "\"\"\"\"");
	msgc_write_json(&out, (struct msgc_json){0});
	ck_assert_int_eq(out.error, MSGC_EINVAL);
	msgc_buf_free(&out);
}
END_TEST

/* ---- base64 ---- */

START_TEST(base64_vectors_of_rfc_4648)
{
	static const struct {
		const char *bytes, *text;
	} vectors[] = {{"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"},
	        {"foob", "Zm9vYg=="}, {"fooba", "Zm9vYmE="}, {"foobar", "Zm9vYmFy"},
	        {"\xFB\xFF\xFE", "+//+"}};
	struct msgc_buf out = {0};
	struct msgc_bytes v;
	struct bench b;
	char quoted[32];

	for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
		size_t len = strlen(vectors[i].bytes);

		snprintf(quoted, sizeof quoted, "\"%s\"", vectors[i].text);
		msgc_buf_reset(&out);
		msgc_write_bytes(&out, (struct msgc_bytes){(const uint8_t *)vectors[i].bytes, len});
		ck_assert_str_eq(msgc_buf_c(&out), quoted);
		bench_open(&b, quoted);
		ck_assert(msgc_read_bytes(&b.r, &v));
		ck_assert_uint_eq(v.len, len);
		ck_assert_mem_eq(v.ptr, vectors[i].bytes, len);
		ck_assert_int_eq(bench_close(&b), 0);
	}
	msgc_buf_free(&out);
}
END_TEST

START_TEST(base64_has_one_spelling)
{
	static const struct {
		const char *text, *what;
	} bad[] = {
	        {"Z", "Invalid padding, offset 1."},
	        {"Zg", "Invalid padding, offset 2."},
	        {"Zg=", "Invalid padding, offset 3."},
	        {"Zg==Zg==", "Invalid symbol, offset 2."},
	        {"=", "Invalid padding, offset 1."},
	        {"====", "Invalid symbol, offset 0."},
	        {"Z===", "Invalid symbol, offset 1."},
	        {"Zh==", "Invalid symbol, offset 1."},
	        {"Zm9=", "Invalid symbol, offset 2."},
	        {"Zm9-", "Invalid symbol, offset 3."},
	        {"Zm9_", "Invalid symbol, offset 3."},
	        {"Zm 9", "Invalid symbol, offset 2."},
	        {"Zm9v\\nZm9v", "Invalid padding, offset 9."},
	        {"Zm9v\\n\\n\\n\\n", "Invalid symbol, offset 4."},
	        {"\xC3\xA9==", "Invalid symbol, offset 0."},
	        {"Zg=a", "Invalid symbol, offset 2."},
	        {"!!!!", "Invalid symbol, offset 0."},
	};
	struct msgc_bytes v;
	struct bench b;
	char quoted[64], msg[100], ctx[100];

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		snprintf(quoted, sizeof quoted, "\"%s\"", bad[i].text);
		snprintf(msg, sizeof msg, "Data should be valid base64: %s", bad[i].what);
		snprintf(ctx, sizeof ctx, "{\"encoding\":\"base64\",\"encoding_error\":\"%s\"}",
		        bad[i].what);
		bench_open(&b, quoted);
		ck_assert_msg(!msgc_read_bytes(&b.r, &v), "%s", quoted);
		ck_assert_int_eq(bench_close(&b), MSGC_ECONTRACT);
		ASSERT_PROBLEM(&b.problems, "bytes_invalid_encoding", "[]", msg, ctx);
	}
	bench_open(&b, "5");
	ck_assert(!msgc_read_bytes(&b.r, &v));
	ck_assert_int_eq(bench_close(&b), MSGC_ECONTRACT);
	ASSERT_PROBLEM(&b.problems, "bytes_type", "[]", "Input should be a valid bytes", NULL);
}
END_TEST

START_TEST(base64_random_bytes_survive)
{
	struct msgc_buf out = {0};
	struct msgc_bytes v;
	struct bench b;
	uint64_t state = 8;
	uint8_t bytes[100];

	for (size_t len = 0; len < sizeof bytes; len++) {
		for (size_t i = 0; i < len; i++)
			bytes[i] = (uint8_t)test_random(&state);
		msgc_buf_reset(&out);
		msgc_write_bytes(&out, (struct msgc_bytes){bytes, len});
		bench_open(&b, msgc_buf_c(&out));
		ck_assert(msgc_read_bytes(&b.r, &v));
		ck_assert_uint_eq(v.len, len);
		ck_assert_mem_eq(v.ptr, bytes, len);
		ck_assert_int_eq(bench_close(&b), 0);
	}
	msgc_buf_free(&out);
}
END_TEST

START_TEST(uuids_become_bytes_and_lower_case)
{
	struct msgc_buf out = {0};
	struct msgc_uuid v;
	struct bench b;

	bench_open(&b, "\"123E4567-e89b-12d3-A456-426614174000\"");
	ck_assert(msgc_read_uuid(&b.r, &v));
	ck_assert_int_eq(bench_close(&b), 0);
	ck_assert_mem_eq(
	        v.bytes, "\x12\x3E\x45\x67\xE8\x9B\x12\xD3\xA4\x56\x42\x66\x14\x17\x40\x00", 16);
	msgc_write_uuid(&out, v);
	ck_assert_str_eq(msgc_buf_c(&out), "\"123e4567-e89b-12d3-a456-426614174000\"");
	msgc_buf_free(&out);
	bench_open(&b, "[]");
	ck_assert(!msgc_read_uuid(&b.r, &v));
	ck_assert_int_eq(bench_close(&b), MSGC_ECONTRACT);
	ASSERT_PROBLEM(&b.problems, "uuid_type", "[]",
	        "UUID input should be a string, bytes or UUID object", NULL);
}
END_TEST

/* Every byte in place of every byte. */
START_TEST(uuids_are_digits_and_dashes)
{
	static const char usual[] = "123e4567-e89b-12d3-A456-42661417400F";
	struct msgc_problems problems = {0};
	struct msgc_scope s;
	struct msgc_uuid v;
	char text[sizeof usual];

	for (size_t i = 0; i < sizeof usual - 1; i++)
		for (int c = 1; c < 256; c++) {
			bool is_dash = usual[i] == '-';

			memcpy(text, usual, sizeof text);
			text[i] = (char)c;
			msgc_scope_open(&s, &problems);
			ck_assert_int_eq(
			        msgc_text_uuid(&s, msgc_str_of(text, sizeof usual - 1), &v),
			        is_dash ? c == '-' : strchr("0123456789abcdefABCDEF", c) != NULL);
			if (problems.count)
				ck_assert_str_eq(problems.items[0].msg,
				        is_dash ? "Input should be a valid UUID, invalid group: "
				                  "expected `-`"
				                : "Input should be a valid UUID, invalid "
				                  "character: expected "
				                  "a hexadecimal digit");
			msgc_scope_close(&s);
			msgc_problems_clear(&problems);
		}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("codec_formats");
	TCase *loops = codec_test_loops(suite, "loops");
	const TTest *const texts[] = {every_format_keeps_to_the_length,
	        strings_without_an_address_are_empty, uuids_become_bytes_and_lower_case,
	        uuids_are_digits_and_dashes, NULL};
	const TTest *const base64[] = {base64_vectors_of_rfc_4648, base64_has_one_spelling,
	        base64_random_bytes_survive, NULL};

	tcase_add_loop_test(
	        loops, accepts_and_refuses_what_the_rfcs_say, 0, sizeof formats / sizeof *formats);
	codec_test_case(suite, "texts", texts);
	codec_test_case(suite, "base64", base64);
	return codec_test_run(suite);
}
