/* SPDX-License-Identifier: MIT */
/*
 * Integers of every width at their edges, whatever way they are written; decimals, their order and
 * their multiples.
 */
#include "codec_test.h"

#include <inttypes.h>
#include <stdio.h>

enum width { I8, I16, I32, I53, I64, U8, U16, U32, U64, WIDTHS };

struct integer {
	bool ok, negative;
	uint64_t magnitude;
};

/* Reads with the reader of a width; the value as sign and magnitude. */
static bool read_one(struct msgc_reader *r, enum width width, struct integer *ret)
{
	int64_t i = 0;
	uint64_t u = 0;
	bool ok = false;

#define CASE(name, type, to)                                                                       \
	{                                                                                          \
		type v = (type)0;                                                                  \
                                                                                                   \
		ok = msgc_read_##name(r, &v);                                                      \
		to = v;                                                                            \
		break;                                                                             \
	}
	switch (width) {
	case I8: CASE(int8, int8_t, i)
	case I16: CASE(int16, int16_t, i)
	case I32: CASE(int32, int32_t, i)
	case I53: CASE(int53, int64_t, i)
	case I64: CASE(int64, int64_t, i)
	case U8: CASE(uint8, uint8_t, u)
	case U16: CASE(uint16, uint16_t, u)
	case U32: CASE(uint32, uint32_t, u)
	case U64: CASE(uint64, uint64_t, u)
	default: ck_abort();
	}
	*ret = (struct integer){ok, i < 0, i < 0 ? 0 - (uint64_t)i : (uint64_t)i + u};
	return ok;
}

static bool read_quoted(struct msgc_reader *r, enum width width, struct integer *ret)
{
	int64_t i = 0;
	uint64_t u = 0;
	bool ok = false;

	switch (width) {
	case I8: CASE(int8_str, int8_t, i)
	case I16: CASE(int16_str, int16_t, i)
	case I32: CASE(int32_str, int32_t, i)
	case I53: CASE(int53_str, int64_t, i)
	case I64: CASE(int64_str, int64_t, i)
	case U8: CASE(uint8_str, uint8_t, u)
	case U16: CASE(uint16_str, uint16_t, u)
	case U32: CASE(uint32_str, uint32_t, u)
	case U64: CASE(uint64_str, uint64_t, u)
	default: ck_abort();
	}
	*ret = (struct integer){ok, i < 0, i < 0 ? 0 - (uint64_t)i : (uint64_t)i + u};
	return ok;
}

static const struct {
	const char *min, *max, *below, *above;
} edges[WIDTHS] = {
        [I8] = {"-128", "127", "-129", "128"},
        [I16] = {"-32768", "32767", "-32769", "32768"},
        [I32] = {"-2147483648", "2147483647", "-2147483649", "2147483648"},
        [I53] = {"-9007199254740991", "9007199254740991", "-9007199254740992", "9007199254740993"},
        [I64] = {"-9223372036854775808", "9223372036854775807", "-9223372036854775809",
                "9223372036854775808"},
        [U8] = {"0", "255", "-1", "256"},
        [U16] = {"0", "65535", "-1", "65536"},
        [U32] = {"0", "4294967295", "-1", "4294967296"},
        [U64] = {"0", "18446744073709551615", "-1", "18446744073709551616"},
};

static void accepts(enum width width, const char *text, const char *want)
{
	char quoted[64];
	struct bench b;
	struct integer v;
	bool negative = *want == '-';

	bench_open(&b, text);
	ck_assert_msg(read_one(&b.r, width, &v), "%d: %s", width, text);
	ck_assert(v.negative == negative);
	ck_assert_uint_eq(v.magnitude, strtoull(want + negative, NULL, 10));
	ck_assert_int_eq(bench_close(&b), 0);
	if (strcmp(text, want) != 0)
		return;
	ck_assert_int_lt(snprintf(quoted, sizeof quoted, "\"%s\"", text), (int)sizeof quoted);
	bench_open(&b, quoted);
	ck_assert(read_quoted(&b.r, width, &v));
	ck_assert_uint_eq(v.magnitude, strtoull(want + negative, NULL, 10));
	ck_assert_int_eq(bench_close(&b), 0);
}

static void refuses(enum width width, const char *text, const char *type, const char *bound)
{
	bool min = strcmp(type, "greater_than_equal") == 0;
	char msg[100], ctx[100], quoted[64];
	struct bench b;
	struct integer v;

	snprintf(msg, sizeof msg, "Input should be %s than or equal to %s",
	        min ? "greater" : "less", bound);
	snprintf(ctx, sizeof ctx, "{\"%s\":%s}", min ? "ge" : "le", bound);
	bench_open(&b, text);
	ck_assert_msg(!read_one(&b.r, width, &v), "%d: %s", width, text);
	ck_assert_int_eq(bench_close(&b), MSGC_ECONTRACT);
	ASSERT_PROBLEM(&b.problems, type, "[]", msg, ctx);
	snprintf(quoted, sizeof quoted, "\"%.20s\"", text);
	if (strpbrk(text, ".e") || strlen(text) > 20)
		return;
	bench_open(&b, quoted);
	ck_assert(!read_quoted(&b.r, width, &v));
	ck_assert_int_eq(bench_close(&b), MSGC_ECONTRACT);
	ASSERT_PROBLEM(&b.problems, type, "[]", msg, ctx);
}

START_TEST(every_width_is_exact_at_its_edges)
{
	enum width w = (enum width)_i;
	char text[64];

	accepts(w, edges[w].min, edges[w].min);
	accepts(w, edges[w].max, edges[w].max);
	accepts(w, "0", "0");
	accepts(w, "1", "1");
	accepts(w, "-0", "0");
	accepts(w, "-0.0", "0");
	accepts(w, "0e5", "0");
	accepts(w, "1.0", "1");
	accepts(w, "1e2", "100");
	accepts(w, "1E+2", "100");
	accepts(w, "12.0e1", "120");
	accepts(w, "1200e-2", "12");
	accepts(w, "0.01e2", "1");
	accepts(w, "1.00000000000000000000000000000000000000000000", "1");
	accepts(w, "100000000000000000000000000000000000000000000e-44", "1");
	accepts(w, "0e99999999999999999999", "0");
	accepts(w, "0.0e-99999999999999999999", "0");
	snprintf(text, sizeof text, "%s.0", edges[w].max);
	accepts(w, text, edges[w].max);
	snprintf(text, sizeof text, "%s00e-2", edges[w].max);
	accepts(w, text, edges[w].max);
	snprintf(text, sizeof text, "%s.00e0", edges[w].min);
	accepts(w, text, edges[w].min);
	refuses(w, edges[w].below, "greater_than_equal", edges[w].min);
	refuses(w, edges[w].above, "less_than_equal", edges[w].max);
	refuses(w, "1e99", "less_than_equal", edges[w].max);
	refuses(w, "-1e99", "greater_than_equal", edges[w].min);
	refuses(w, "1e99999999999999999999", "less_than_equal", edges[w].max);
	refuses(w, "99999999999999999999", "less_than_equal", edges[w].max);
	refuses(w, "100000000000000000000000000000", "less_than_equal", edges[w].max);
}
END_TEST

static void tells(const char *text, const char *type, const char *msg)
{
	struct bench b;
	int64_t i;
	uint8_t u;

	bench_open(&b, text);
	ck_assert(!msgc_read_int64(&b.r, &i));
	ck_assert_int_eq(bench_close(&b), MSGC_ECONTRACT);
	ASSERT_PROBLEM(&b.problems, type, "[]", msg, NULL);
	bench_open(&b, text);
	ck_assert(!msgc_read_uint8(&b.r, &u));
	ck_assert_int_eq(bench_close(&b), MSGC_ECONTRACT);
	ASSERT_PROBLEM(&b.problems, type, "[]", msg, NULL);
}

START_TEST(other_values_are_told_apart)
{
	static const char type[] = "Input should be a valid integer";
	static const char fraction[] =
	        "Input should be a valid integer, got a number with a fractional part";

	tells("\"1\"", "int_type", type);
	tells("true", "int_type", type);
	tells("null", "int_type", type);
	tells("[1]", "int_type", type);
	tells("{}", "int_type", type);
	tells("1.5", "int_from_float", fraction);
	tells("1e-1", "int_from_float", fraction);
	tells("0.99999999999999999999999999", "int_from_float", fraction);
	tells("9007199254740993.5", "int_from_float", fraction);
	tells("1e-99999999999999999999", "int_from_float", fraction);
}
END_TEST

START_TEST(quoted_integers_take_no_other_spelling)
{
	static const char *const wrong[] = {"\"\"", "\" 1\"", "\"1 \"", "\"1.0\"", "\"1e2\"",
	        "\"+1\"", "\"01\"", "\"-\"", "\"0x1\"", "\"a\"", "\"1\\u0000\"", "\"--1\""};
	struct bench b;
	int64_t v;

	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		bench_open(&b, wrong[i]);
		ck_assert(!msgc_read_int64_str(&b.r, &v));
		ck_assert_int_eq(bench_close(&b), MSGC_ECONTRACT);
		ASSERT_PROBLEM(&b.problems, "int_parsing", "[]",
		        "Input should be a valid integer, unable to parse string as an integer",
		        NULL);
	}
	bench_open(&b, "1");
	ck_assert(!msgc_read_int64_str(&b.r, &v));
	ck_assert_int_eq(bench_close(&b), MSGC_ECONTRACT);
	ck_assert_str_eq(b.problems.items[0].type, "string_type");
}
END_TEST

START_TEST(broken_numbers_stop_the_reader)
{
	static const char *const broken[] = {"-", "01", "1.", "1e", "-a", "1.e1", "-01"};
	struct bench b;
	int64_t i;
	double d;

	for (size_t k = 0; k < sizeof broken / sizeof *broken; k++) {
		bench_open(&b, broken[k]);
		ck_assert(!msgc_read_int64(&b.r, &i));
		ck_assert_int_eq(bench_close(&b), MSGC_ECONTRACT);
		ck_assert_str_eq(b.problems.items[0].type, "json_invalid");
		bench_open(&b, broken[k]);
		ck_assert(!msgc_read_float64(&b.r, &d));
		ck_assert(!msgc_read_float64(&b.r, &d));
		ck_assert_int_eq(bench_close(&b), MSGC_ECONTRACT);
		ck_assert_str_eq(b.problems.items[0].type, "json_invalid");
		ck_assert_uint_eq(b.problems.count, 1);
	}
}
END_TEST

START_TEST(random_integers_survive_both_ways)
{
	uint64_t state = 42, u, read_u;
	int64_t i, read_i;
	struct msgc_buf out = {0};
	struct bench b;

	for (int n = 0; n < 20000; n++) {
		u = test_random(&state) >> test_random(&state) % 64;
		i = (int64_t)(n % 2 ? 0 - u : u);
		msgc_buf_reset(&out);
		msgc_write_lit(&out, "[");
		msgc_write_uint64(&out, u);
		msgc_write_lit(&out, ",");
		msgc_write_int64(&out, i);
		msgc_write_lit(&out, ",");
		msgc_write_uint64_str(&out, u);
		msgc_write_lit(&out, ",");
		msgc_write_int64_str(&out, i);
		msgc_write_lit(&out, "]");
		bench_open(&b, msgc_buf_c(&out));
		b.r.at++;
		ck_assert(msgc_read_uint64(&b.r, &read_u) && read_u == u);
		b.r.at++;
		ck_assert(msgc_read_int64(&b.r, &read_i) && read_i == i);
		b.r.at++;
		ck_assert(msgc_read_uint64_str(&b.r, &read_u) && read_u == u);
		b.r.at++;
		ck_assert(msgc_read_int64_str(&b.r, &read_i) && read_i == i);
		b.r.at++;
		ck_assert_int_eq(bench_close(&b), 0);
	}
	msgc_buf_free(&out);
}
END_TEST

static void expect_written(uint64_t u)
{
	struct msgc_buf out = {0};
	char text[64];

	msgc_write_uint64(&out, u);
	msgc_write_lit(&out, " ");
	msgc_write_int64(&out, (int64_t)(0 - u));
	snprintf(text, sizeof text, "%" PRIu64 " %" PRId64, u, (int64_t)(0 - u));
	ck_assert_str_eq(msgc_buf_c(&out), text);
	msgc_buf_free(&out);
}

/* Where a number gets another digit, and where it gets another bit. */
START_TEST(integers_around_powers_are_written_as_printf_does)
{
	for (uint64_t power = 1;; power *= 10) {
		for (uint64_t near = power - 1; near != power + 2; near++)
			expect_written(near);
		if (power > UINT64_MAX / 10)
			break;
	}
	for (unsigned bit = 0; bit < 64; bit++)
		for (uint64_t near = (UINT64_C(1) << bit) - 1; near != (UINT64_C(1) << bit) + 2;
		        near++)
			expect_written(near);
	expect_written(UINT64_MAX);
}
END_TEST

/* ---- decimals ---- */

static struct msgc_decimal decimal(const char *text)
{
	return (struct msgc_decimal){text, strlen(text)};
}

START_TEST(decimals_keep_their_text)
{
	static const char *const texts[] = {
	        "0", "-0", "1.10", "1e400", "-1E-400", "123456789012345678901234567890.123456789"};
	struct bench b;
	struct msgc_decimal v;
	char quoted[100];

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		bench_open(&b, texts[i]);
		ck_assert(msgc_read_decimal(&b.r, &v));
		ck_assert_uint_eq(v.len, strlen(texts[i]));
		ck_assert_mem_eq(v.ptr, texts[i], v.len);
		ck_assert_int_eq(bench_close(&b), 0);
		snprintf(quoted, sizeof quoted, "\"%s\"", texts[i]);
		bench_open(&b, quoted);
		ck_assert(msgc_read_decimal_str(&b.r, &v));
		ck_assert_str_eq(v.ptr, texts[i]);
		ck_assert_int_eq(bench_close(&b), 0);
	}
	bench_open(&b, "\"1.\"");
	ck_assert(!msgc_read_decimal_str(&b.r, &v));
	bench_close(&b);
	ASSERT_PROBLEM(
	        &b.problems, "decimal_parsing", "[]", "Input should be a valid decimal", NULL);
	bench_open(&b, "\"1\"");
	ck_assert(!msgc_read_decimal(&b.r, &v));
	bench_close(&b);
	ASSERT_PROBLEM(&b.problems, "float_type", "[]", "Input should be a valid number", NULL);
}
END_TEST

/* In rising order; those in one row are equal. */
static const char *const ordered[][4] = {
        {"-1e400", "-10e399"},
        {"-100.5", "-1005e-1"},
        {"-100"},
        {"-1", "-1.0", "-0.1e1"},
        {"-0.5"},
        {"-1e-400"},
        {"0", "-0", "0.000", "0e5"},
        {"1e-400", "0.1e-399"},
        {"0.09"},
        {"0.1", "0.10", "1e-1", "100e-3"},
        {"0.11"},
        {"0.9999999999999999999999999999"},
        {"1", "1.000", "10e-1", "0.001e3"},
        {"1.0000000000000000000000000001"},
        {"9"},
        {"10", "1e1", "10.0"},
        {"11"},
        {"99"},
        {"100", "1e2"},
        {"9007199254740993"},
        {"9007199254740993.1"},
        {"1e400"},
        {"1.1e400"},
};

START_TEST(decimals_compare_exactly)
{
	size_t rows = sizeof ordered / sizeof *ordered;

	for (size_t i = 0; i < rows * 4; i++) {
		for (size_t j = 0; j < rows * 4; j++) {
			const char *x = ordered[i / 4][i % 4], *y = ordered[j / 4][j % 4];
			int want = i / 4 < j / 4 ? -1 : i / 4 > j / 4;

			if (!x || !y)
				continue;
			ck_assert_msg(msgc_decimal_compare(decimal(x), decimal(y)) == want, "%s %s",
			        x, y);
			ck_assert(msgc_decimal_equal(decimal(x), decimal(y)) == (want == 0));
			if (want == 0)
				ck_assert_uint_eq(msgc_hash_decimal(7, decimal(x)),
				        msgc_hash_decimal(7, decimal(y)));
			else
				ck_assert_uint_ne(msgc_hash_decimal(7, decimal(x)),
				        msgc_hash_decimal(7, decimal(y)));
		}
	}
}
END_TEST

static const struct {
	const char *number, *step;
	bool multiple;
} steps[] = {
        {"0", "5", true},
        {"-0.0", "0.1", true},
        {"10", "5", true},
        {"12", "5", false},
        {"-15", "5", true},
        {"1e1", "5", true},
        {"0.3", "0.1", true},
        {"0.35", "0.1", false},
        {"0.35", "0.05", true},
        {"1.1", "0.1", true},
        {"1e-1", "0.1", true},
        {"19.99", "0.01", true},
        {"19.999", "0.01", false},
        {"4.02", "0.01", true},
        {"1", "0.3", false},
        {"0.9", "0.3", true},
        {"1e400", "3", false},
        {"3e400", "3", true},
        {"1e400", "0.0001", true},
        {"1e-400", "0.0001", false},
        {"1", "2", false},
        {"2e0", "2", true},
        {"2.0", "2", true},
        {"2.5", "0.5", true},
        {"100", "1e2", true},
        {"150", "1e2", false},
        {"9223372036854775807", "7", true},
        {"9223372036854775806", "7", false},
        {"18446744073709551615", "5", true},
        {"340282366920938463463374607431768211456", "16", true},
        {"340282366920938463463374607431768211457", "16", false},
        {"9999999999999999999000", "9999999999999999999", true},
        {"9999999999999999998", "9999999999999999999", false},
        {"0.1000000000000000055511151231257827", "0.1", false},
        {"123456789012345678901234567890", "10", true},
};

START_TEST(steps_are_exact_on_the_text)
{
	struct msgc_problems problems;
	struct msgc_scope s;
	char msg[100], ctx[100];

	msgc_scope_open(&s, &problems);
	ck_assert_msg(msgc_check_step(&s, msgc_str_from(steps[_i].number), steps[_i].step) ==
	                steps[_i].multiple,
	        "%s / %s", steps[_i].number, steps[_i].step);
	snprintf(msg, sizeof msg, "Input should be a multiple of %s", steps[_i].step);
	snprintf(ctx, sizeof ctx, "{\"multiple_of\":%s}", steps[_i].step);
	if (!steps[_i].multiple)
		ASSERT_PROBLEM(&problems, "multiple_of", "[]", msg, ctx);
	else
		ck_assert_uint_eq(problems.count, 0);
}
END_TEST

START_TEST(steps_of_c_values)
{
	struct msgc_scope s = {0};

	ck_assert(msgc_check_step_int64(&s, INT64_MIN, "2"));
	ck_assert(!msgc_check_step_int64(&s, INT64_MIN, "3"));
	ck_assert(msgc_check_step_int64(&s, -15, "5"));
	ck_assert(msgc_check_step_uint64(&s, UINT64_MAX, "5"));
	ck_assert(msgc_check_step_float64(&s, 0.3, "0.1"));
	ck_assert(!msgc_check_step_float64(&s, 0.1 + 0.2, "0.1"));
	ck_assert(msgc_check_step_float32(&s, 0.3f, "0.1"));
	ck_assert(!msgc_check_step_float64(&s, 1.0 / 0.0, "0.1"));
	ck_assert_uint_eq(s.refused, 3);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("codec_integers");
	TCase *loops = codec_test_loops(suite, "loops");
	const TTest *const integers[] = {other_values_are_told_apart,
	        quoted_integers_take_no_other_spelling, broken_numbers_stop_the_reader,
	        random_integers_survive_both_ways,
	        integers_around_powers_are_written_as_printf_does, NULL};
	const TTest *const decimals[] = {
	        decimals_keep_their_text, decimals_compare_exactly, steps_of_c_values, NULL};

	tcase_add_loop_test(loops, every_width_is_exact_at_its_edges, 0, WIDTHS);
	tcase_add_loop_test(loops, steps_are_exact_on_the_text, 0, sizeof steps / sizeof *steps);
	codec_test_case(suite, "integers", integers);
	codec_test_case(suite, "decimals", decimals);
	return codec_test_run(suite);
}
