/* SPDX-License-Identifier: MIT */
/*
 * Floating point against the C library in its "C" locale: reading rounds correctly, printing is the
 * shortest text that reads back, and a locale with another decimal point changes neither.
 */
#define _GNU_SOURCE /* strtod_l */
#include "codec_test.h"

#include <float.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>

static locale_t c_locale;

static uint64_t bits_of(double d)
{
	uint64_t bits;

	memcpy(&bits, &d, sizeof bits);
	return bits;
}

static double double_of(uint64_t bits)
{
	double d;

	memcpy(&d, &bits, sizeof d);
	return d;
}

static float float_of(uint32_t bits)
{
	float f;

	memcpy(&f, &bits, sizeof f);
	return f;
}

/* The same as strtod_l and strtof_l, or beyond the range in both. */
static void reads_as_libc_does(const char *text)
{
	double want = strtod_l(text, NULL, c_locale), got = -1;
	float want32 = strtof_l(text, NULL, c_locale), got32 = -1;
	struct msgc_scope s = {0};
	int result = msgc_parse_float64(text, strlen(text), &got);

	/* Not ck_assert: this runs a million times, and that one reports each time. */
	if (result != (isinf(want) ? MSGC_ELIMIT : 0) ||
	        (!isinf(want) && bits_of(got) != bits_of(want)))
		ck_abort_msg("%.60s: %a (%d), not %a", text, got, result, want);
	if (msgc_text_float32(&s, msgc_str_from(text), &got32) == !!isinf(want32) ||
	        (!isinf(want32) && memcmp(&got32, &want32, sizeof got32) != 0))
		ck_abort_msg("%.60s: %a, not %a", text, (double)got32, (double)want32);
}

static const char *const hard[] = {
        "0",
        "-0",
        "0.0",
        "-0.0e5",
        "1",
        "0.1",
        "0.2",
        "0.3",
        "1e22",
        "1e23",
        "-1e23",
        "9007199254740991",
        "9007199254740992",
        "9007199254740993",
        "9007199254740994",
        "9007199254740995",
        "9007199254740993.0000000000000000000000000000000001",
        "9007199254740992.9999999999999999999999999999999999",
        "1.7976931348623157e308",
        "1.7976931348623158e308",
        "1.7976931348623159e308",
        "1.797693134862315807e308",
        "179769313486231580793728971405301e276",
        "1e308",
        "1e309",
        "2e308",
        "1e999",
        "-1e999",
        "1e99999999999",
        "4.9e-324",
        "5e-324",
        "2.4703282292062327e-324",
        "2.4703282292062328e-324",
        "2.47032822920623272e-324",
        "1e-323",
        "1e-324",
        "1e-325",
        "1e-999",
        "1e-99999999999",
        "2.2250738585072011e-308",
        "2.2250738585072012e-308",
        "2.2250738585072014e-308",
        "2.225073858507201136057409796709131975934819546351645648e-308",
        "6.631236846766476e-316",
        "3."
        "237883913302901289588352412501532174863037669423108059901297049552301970670676565786835742"
        "587"
        "795578606157765598382834355143910841531692526891905643964595773946180389283653051434639551"
        "00356696665629202017331344031"
        "73004436043133218420e-320",
        "7.2057594037927933e16",
        "1.448997445238699",
        "8.7e-310",
        "5.4776e-317",
        "0.00000000000000000000000000000000000000000000000000000000000000000000001",
        "1000000000000000000000000000000000000000000000000000000000000000000000000000",
        "0.1000000000000000055511151231257827021181583404541015625",
        "0.1000000000000000055511151231257827021181583404541015624",
        "0.1000000000000000055511151231257827021181583404541015626",
        "1.00000005960464477539062499",
        "1.000000059604644775390625",
        "1.00000005960464477539062501",
        "7.038531e-26",
        "3.4028234663852886e38",
        "3.4028235677973366e38",
        "3.4028235677973362e38",
        "1.1754943508222875e-38",
        "1.401298464324817e-45",
        "7.006492321624085e-46",
        "7.0064923216240854e-46",
        "16777217",
        "33554433",
        "8388609.5",
        "1.17549429e-38",
        "9.5367431640625e-7",
        "123456789012345678901234567890",
        "1e-400",
        "12345678901234567890e-320",
        "99999999999999999999e288",
        "2.98023223876953125e-8",
        "4503599627370496.5",
        "4503599627370497.5",
        "4503599627370497.4999999999999999999",
        "36028797018963966",
        "36028797018963970",
        "0.500000000000000166533453693773481063544750213623046875",
        "3.518437208883201171875e13",
        "62.5364939768271845828",
        "8.10109172351e-10",
        "1.50000000000000011102230246251565",
        "31.245270191439438",
        "4.0041e21",
        "1.7339253062092163730578609458683877051596800000000000000000000000e+42",
};

START_TEST(hard_cases_round_correctly)
{
	reads_as_libc_does(hard[_i]);
}
END_TEST

/* A text with `more` digits around the point half-way between a random double and its neighbour. */
START_TEST(half_way_points_round_to_even)
{
	uint64_t state = 7, bits;
	char text[1500];

	/* Where no type is wider than a double, there is none that holds the point. */
	if (LDBL_MANT_DIG == DBL_MANT_DIG)
		return;
	for (int i = 0; i < 3000; i++) {
		size_t len;
		double low, high;

		bits = test_random(&state) % UINT64_C(0x7FEFFFFFFFFFFFFF);
		if (i % 3 == 0)
			bits %= UINT64_C(1) << 52; /* subnormal */
		low = double_of(bits);
		high = double_of(bits + 1);
		/* Exact: the half-way point has one bit more than a long double's 64 can hold. */
		len = (size_t)snprintf(
		        text, sizeof text, "%.1100Le", ((long double)low + (long double)high) / 2);
		reads_as_libc_does(text);
		/* A little less, a little more. */
		char *e = strchr(text, 'e');
		ck_assert_uint_lt(len, sizeof text);
		e[-1] = '1';
		reads_as_libc_does(text);
	}
}
END_TEST

START_TEST(random_texts_round_correctly)
{
	uint64_t state = 99;
	char text[128];

	for (int i = 0; i < 100000; i++) {
		uint64_t a = test_random(&state), b = test_random(&state);
		int exponent = (int)(test_random(&state) % 700) - 360;

		switch (i % 5) {
		case 0: snprintf(text, sizeof text, "%llu", (unsigned long long)a); break;
		case 1:
			snprintf(text, sizeof text, "%llue%d", (unsigned long long)a, exponent);
			break;
		case 2:
			snprintf(text, sizeof text, "%llu.%llue%d",
			        (unsigned long long)(a >> b % 64), (unsigned long long)b, exponent);
			break;
		case 3:
			snprintf(text, sizeof text, "-0.%020llu%llue%d",
			        (unsigned long long)(a >> 50), (unsigned long long)b, exponent);
			break;
		default:
			snprintf(text, sizeof text, "%llu%llu.%llu", (unsigned long long)a,
			        (unsigned long long)b, (unsigned long long)a);
		}
		if (text[0] == '0' && text[1] != '.' && text[1] != 'e' && text[1])
			continue;
		reads_as_libc_does(text);
	}
}
END_TEST

START_TEST(digits_without_end_round_correctly)
{
	static const size_t lengths[] = {
	        19, 20, 21, 40, 767, 768, 769, 799, 800, 801, 2000, 100000};
	char *text = malloc(200010);

	ck_assert_ptr_nonnull(text);
	for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
		size_t n = lengths[i];

		memset(text, '9', n);
		text[n] = '\0';
		reads_as_libc_does(text);
		memcpy(text, "0.", 2);
		memset(text + 2, '3', n);
		text[n + 2] = '\0';
		reads_as_libc_does(text);
		memset(text + 2, '0', n);
		strcpy(text + n + 2, "1e300");
		reads_as_libc_does(text);
		/* 2^53 + 1, exactly half-way, and a digit far behind that makes it more. */
		strcpy(text, "9007199254740993.");
		memset(text + 17, '0', n);
		strcpy(text + 17 + n, "1");
		reads_as_libc_does(text);
		text[17 + n] = '0';
		reads_as_libc_does(text);
	}
	free(text);
}
END_TEST

/* The significant digits of a text, without zeros at either end; their number. */
static int significant(const char *text, char *ret)
{
	int count = 0, last = 0;

	for (; *text && *text != 'e'; text++) {
		if (*text == '-' || *text == '.' || (*text == '0' && count == 0))
			continue;
		ret[count++] = *text;
		last = *text == '0' ? last : count;
	}
	ret[last] = '\0';
	return last;
}

/*
 * Reads back, is the shortest, and of the shortest the nearest: what printf gives with that many
 * digits.
 */
static void prints_shortest(double d)
{
	char text[MSGC_FLOAT64_MAX], other[64], digits[64], other_digits[64];
	size_t len = msgc_format_float64(d, text);
	int count = significant(text, digits);

	if (len != strlen(text) || len >= MSGC_FLOAT64_MAX || !strpbrk(text, ".e") ||
	        bits_of(strtod_l(text, NULL, c_locale)) != bits_of(d))
		ck_abort_msg("%s for %a", text, d);
	if (count > 1) {
		snprintf(other, sizeof other, "%.*e", count - 2, d);
		if (bits_of(strtod_l(other, NULL, c_locale)) == bits_of(d))
			ck_abort_msg("%s, but also %s", text, other);
	}
	/* The nearest with as many digits, if it reads back at all. */
	snprintf(other, sizeof other, "%.*e", count > 1 ? count - 1 : 0, d);
	significant(other, other_digits);
	if (bits_of(strtod_l(other, NULL, c_locale)) == bits_of(d) &&
	        strcmp(digits, other_digits) != 0)
		ck_abort_msg("%s, but %s is nearer", text, other);
}

START_TEST(prints_the_shortest_text)
{
	static const struct {
		double d;
		const char *text;
	} known[] = {
	        {0.0, "0.0"},
	        {-0.0, "-0.0"},
	        {1, "1.0"},
	        {-1, "-1.0"},
	        {0.1, "0.1"},
	        {0.3, "0.3"},
	        {0.1 + 0.2, "0.30000000000000004"},
	        {100, "100.0"},
	        {1e15, "1000000000000000.0"},
	        {123456789012345680.0, "1.2345678901234568e17"},
	        {9007199254740993.0, "9007199254740992.0"},
	        {1e16, "1e16"},
	        {1e21, "1e21"},
	        {1e22, "1e22"},
	        {1e23, "1e23"},
	        {0.0001, "0.0001"},
	        {0.00012, "0.00012"},
	        {0.00001, "1e-5"},
	        {1.5e-7, "1.5e-7"},
	        {5e-324, "5e-324"},
	        {1.7976931348623157e308, "1.7976931348623157e308"},
	        {2.2250738585072014e-308, "2.2250738585072014e-308"},
	        {4.35, "4.35"},
	        {2e-3, "0.002"},
	        {9.5e-3, "0.0095"},
	        {1234.5678, "1234.5678"},
	        {9007199254740991.0, "9007199254740991.0"},
	        {4.9406564584124654e-324, "5e-324"},
	        {9.5367431640625e-7, "9.5367431640625e-7"},
	        {1.0 / 3, "0.3333333333333333"},
	        {2.0 / 3, "0.6666666666666666"},
	        {1e-4 / 3, "3.3333333333333335e-5"},
	};
	char text[MSGC_FLOAT64_MAX];

	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		msgc_format_float64(known[i].d, text);
		ck_assert_str_eq(text, known[i].text);
	}
}
END_TEST

START_TEST(random_bits_survive_printing)
{
	uint64_t state = 3;

	for (int i = 0; i < 100000; i++) {
		uint64_t bits = test_random(&state);
		double d;

		switch (i % 6) {
		case 0: bits &= ~((UINT64_C(1) << test_random(&state) % 53) - 1); break;
		case 1: bits &= UINT64_C(0x800FFFFFFFFFFFFF); break;        /* subnormal */
		case 2: bits &= UINT64_C(0xFFF0000000000000); break;        /* powers of two */
		case 3: bits = bits_of((double)(bits >> 20) / 1000); break; /* few decimals */
		case 4: bits = bits_of((double)(bits >> test_random(&state) % 64)); break;
		default: break;
		}
		d = double_of(bits);
		if (isfinite(d))
			prints_shortest(d);
	}
}
END_TEST

START_TEST(every_power_of_two_and_ten_survives)
{
	char text[16];

	for (int e = -1074; e < 1024; e++) {
		prints_shortest(ldexp(1, e));
		prints_shortest(nextafter(ldexp(1, e), 0));
		prints_shortest(nextafter(ldexp(1, e), HUGE_VAL) > 1e308
		                ? 1
		                : nextafter(ldexp(1, e), HUGE_VAL));
	}
	for (int e = -323; e < 309; e++) {
		snprintf(text, sizeof text, "1e%d", e);
		reads_as_libc_does(text);
		prints_shortest(strtod_l(text, NULL, c_locale));
	}
}
END_TEST

START_TEST(float32_survives_printing)
{
	static const struct {
		float f;
		const char *text;
	} known[] = {{0.1f, "0.1"}, {0.3f, "0.3"}, {16777216.0f, "16777216.0"},
	        {3.4028235e38f, "3.4028235e38"}, {1e-45f, "1e-45"},
	        {1.17549435e-38f, "1.1754944e-38"}, {-0.0f, "-0.0"}, {1.0f / 3, "0.33333334"},
	        {8388608.5f, "8388608.0"}};
	char text[MSGC_FLOAT64_MAX], shorter[64], digits[64];
	uint64_t state = 11;
	int count;

	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		msgc_format_float32(known[i].f, text);
		ck_assert_str_eq(text, known[i].text);
	}
	for (int i = 0; i < 200000; i++) {
		uint32_t bits = (uint32_t)test_random(&state);
		float f = float_of(bits), back;

		if (!isfinite(f))
			continue;
		msgc_format_float32(f, text);
		back = strtof_l(text, NULL, c_locale);
		if (memcmp(&back, &f, sizeof f) != 0)
			ck_abort_msg("%s for %a", text, (double)f);
		count = significant(text, digits);
		if (count > 1) {
			snprintf(shorter, sizeof shorter, "%.*e", count - 2, (double)f);
			back = strtof_l(shorter, NULL, c_locale);
			if (memcmp(&back, &f, sizeof f) == 0)
				ck_abort_msg("%s, but also %s", text, shorter);
		}
	}
}
END_TEST

/* Called with MSGC_TEST_COMMA, the C library writes 1,5; what asks it above would be wrong then. */
START_TEST(another_locale_changes_nothing)
{
	static const double values[] = {1.5, 1234567.25, 1e300, 5e-324, -0.1, 3};
	bool comma = getenv("MSGC_TEST_COMMA") != NULL;
	char text[MSGC_FLOAT64_MAX], theirs[64];
	double d;

	snprintf(theirs, sizeof theirs, "%.17g", 1.5);
	ck_assert_str_eq(theirs, comma ? "1,5" : "1.5");
	msgc_format_float64(1.5, text);
	ck_assert_str_eq(text, "1.5");
	for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
		size_t len = msgc_format_float64(values[i], text);

		ck_assert_ptr_null(strchr(text, ','));
		ck_assert_int_eq(msgc_parse_float64(text, len, &d), 0);
		ck_assert_mem_eq(&d, &values[i], sizeof d);
		ck_assert_mem_eq(&d, &(double){strtod_l(text, NULL, c_locale)}, sizeof d);
	}
	/* more digits than the quick ways take */
	ck_assert_int_eq(msgc_parse_float64(
	                         "1.00000000000000011102230246251565404236316680908203126", 55, &d),
	        0);
	ck_assert(d > 1);
	ck_assert_int_eq(msgc_parse_float64("1,5", 3, &d), MSGC_EINVAL);
	ck_assert_int_eq(msgc_parse_float64("1.000,5", 7, &d), MSGC_EINVAL);
}
END_TEST

START_TEST(readers_tell_what_is_no_number_or_too_large)
{
	struct bench b;
	double d = 7;
	float f = 7;

	bench_open(&b, "1e400");
	ck_assert(!msgc_read_float64(&b.r, &d));
	ck_assert_int_eq(bench_close(&b), MSGC_ECONTRACT);
	ASSERT_PROBLEM(&b.problems, "finite_number", "[]", "Input should be a finite number", NULL);
	bench_open(&b, "1e39");
	ck_assert(!msgc_read_float32(&b.r, &f));
	ck_assert_int_eq(bench_close(&b), MSGC_ECONTRACT);
	ASSERT_PROBLEM(&b.problems, "finite_number", "[]", "Input should be a finite number", NULL);
	bench_open(&b, "\"1\"");
	ck_assert(!msgc_read_float64(&b.r, &d));
	ck_assert_int_eq(bench_close(&b), MSGC_ECONTRACT);
	ASSERT_PROBLEM(&b.problems, "float_type", "[]", "Input should be a valid number", NULL);
	ck_assert(d >= 7 && d <= 7 && f >= 7 && f <= 7);
}
END_TEST

START_TEST(only_finite_numbers_are_written)
{
	struct msgc_buf out = {0};
	size_t start;

	for (int i = 0; i < 4; i++) {
		start = msgc_write_begin(&out);
		if (i % 2)
			msgc_write_float64(&out, i == 1 ? NAN : HUGE_VAL);
		else
			msgc_write_float32(&out, i == 0 ? NAN : -HUGE_VALF);
		ck_assert_int_eq(msgc_write_end(&out, start), MSGC_EINVAL);
	}
	ck_assert_uint_eq(out.len, 0);
	msgc_write_float64(&out, -2.5);
	ck_assert_str_eq(msgc_buf_c(&out), "-2.5");
	msgc_buf_free(&out);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("codec_floats");
	TCase *cases = codec_test_loops(suite, "hard");
	const TTest *const reading[] = {half_way_points_round_to_even, random_texts_round_correctly,
	        digits_without_end_round_correctly, readers_tell_what_is_no_number_or_too_large,
	        NULL};
	const TTest *const printing[] = {prints_the_shortest_text, random_bits_survive_printing,
	        every_power_of_two_and_ten_survives, float32_survives_printing,
	        only_finite_numbers_are_written, NULL};
	const TTest *const locale[] = {another_locale_changes_nothing, NULL};

	c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
	tcase_add_loop_test(cases, hard_cases_round_correctly, 0, sizeof hard / sizeof *hard);
	codec_test_case(suite, "reading", reading);
	codec_test_case(suite, "printing", printing);
	codec_test_case(suite, "locale", locale);
	return codec_test_run(suite);
}
