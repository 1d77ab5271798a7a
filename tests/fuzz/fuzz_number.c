/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as a number: it is one where RFC 8259 says so, its value is strtod's by every set of
 * kernels, the decimal equals itself, integers are strtoll's and agree with the decimal. And eight
 * bytes as a double: printed it is as short as printf can make it, and reads back; the point half-way
 * to its neighbour, cut off or a little beyond at any digit, is rounded as strtod rounds it.
 */
#include <errno.h>
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codec/kernels.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define REQUIRE(condition)                                                                         \
	do {                                                                                       \
		if (!(condition))                                                                  \
			abort();                                                                   \
	} while (0)

#define LIST(name, c_type)                                                                         \
	static const struct msgc_type name##s_type = {.kind = MSGC_KIND_LIST,                      \
	        .quick = MSGC_QUICK_LIST,                                                          \
	        .size = sizeof(struct msgc_float64_list),                                          \
	        .items = &(const struct msgc_type_items){                                          \
	                .element = &msgc_##name##_type, .item_size = sizeof(c_type), .max = 3}}
LIST(float64, double);
LIST(float32, float);
LIST(int64, int64_t);

static void require_same(double a, double b)
{
	REQUIRE(memcmp(&a, &b, sizeof a) == 0);
}

static void require_same_float(float a, float b)
{
	REQUIRE(memcmp(&a, &b, sizeof a) == 0);
}

/* RFC 8259 section 6, as it stands there. text[len] is NUL. */
static bool is_number(const char *text, size_t len)
{
	const char *p = text;

	p += *p == '-';
	if (*p == '0')
		p++;
	else if (!msgc__is_digit(*p))
		return false;
	else
		for (; msgc__is_digit(*p); p++)
			;
	if (*p == '.') {
		if (!msgc__is_digit(*++p))
			return false;
		for (; msgc__is_digit(*p); p++)
			;
	}
	if (*p == 'e' || *p == 'E') {
		p++;
		p += *p == '+' || *p == '-';
		if (!msgc__is_digit(*p))
			return false;
		for (; msgc__is_digit(*p); p++)
			;
	}
	return p == text + len;
}

/* The number three times in a list, read by its type's table. 0, or MSGC_ECONTRACT. */
static int read_list(const struct msgc_type *type, const char *text, size_t len,
        struct msgc_arena *arena, void *ret)
{
	size_t whole = 3 * len + 5;
	char *json = malloc(whole + MSGC_PADDING);
	int result;

	REQUIRE(json);
	json[0] = '[';
	memcpy(json + 1, text, len);
	memcpy(json + 1 + len, ", ", 2);
	memcpy(json + 3 + len, text, len);
	json[3 + 2 * len] = ',';
	memcpy(json + 4 + 2 * len, text, len);
	json[whole - 1] = ']';
	memset(json + whole, '7', MSGC_PADDING); /* what must not be taken for the text's */
	result = msgc_type_decode_in_place(type, json, whole, NULL, arena, ret, NULL);
	REQUIRE(result == 0 || result == MSGC_ECONTRACT);
	free(json);
	return result;
}

static void read_floats(const char *text, size_t len, struct msgc_arena *arena)
{
	double want = strtod(text, NULL);
	float want_float = strtof(text, NULL);
	struct msgc_float64_list doubles;
	struct msgc_float32_list floats;

	REQUIRE((read_list(&float64s_type, text, len, arena, &doubles) == 0) == isfinite(want));
	for (size_t i = 0; isfinite(want) && i < 3; i++)
		require_same(doubles.items[i], want);
	REQUIRE((read_list(&float32s_type, text, len, arena, &floats) == 0) ==
	        isfinite(want_float));
	for (size_t i = 0; isfinite(want_float) && i < 3; i++)
		require_same_float(floats.items[i], want_float);
}

static void read_integers(const char *text, size_t len, struct msgc_arena *arena)
{
	struct msgc_int64_list integers;
	int result = read_list(&int64s_type, text, len, arena, &integers);
	long long want;

	if (strpbrk(text, ".eE"))
		return; /* below, by the decimal */
	errno = 0;
	want = strtoll(text, NULL, 10);
	REQUIRE((result == 0) == (errno == 0));
	for (size_t i = 0; result == 0 && i < 3; i++)
		REQUIRE(integers.items[i] == want);
}

/* text[len] is NUL. */
static void read_by_all(const char *text, size_t len, bool is_right)
{
	static struct msgc_arena arena;

	for (const struct msgc__kernels *const *k = msgc__kernels_all(); *k; k++) {
		struct msgc_float64_list doubles;

		msgc__kernels_use((*k)->name);
		if (is_right) {
			REQUIRE(msgc_json_validate(text, len, NULL, &arena, NULL) == 0);
			read_floats(text, len, &arena);
			read_integers(text, len, &arena);
		} else if (strspn(text, "+-.0123456789eE") == len) {
			REQUIRE(msgc_json_validate(text, len, NULL, &arena, NULL) != 0);
			REQUIRE(read_list(&float64s_type, text, len, &arena, &doubles) != 0);
		}
		msgc_arena_reset(&arena);
	}
	msgc__kernels_use(NULL);
}

/* The digits of a number in any form, without zeros at either end; returns how many. */
static size_t digits_of(const char *text, char *ret)
{
	size_t n = 0;

	for (; *text && *text != 'e'; text++)
		if (msgc__is_digit(*text) && (n || *text != '0'))
			ret[n++] = *text;
	while (n && ret[n - 1] == '0')
		n--;
	ret[n] = '\0';
	return n;
}

/*
 * printf's shortest that reads back is the double rounded to so many digits; ours may be shorter where
 * the neighbours are not alike on both sides, and never another of the same length.
 */
static void print(double d)
{
	char text[MSGC_FLOAT64_MAX], other[64], ours[64], theirs[64];
	double back;
	size_t len = msgc_format_float64(d, text), n;
	int digits = 1;

	REQUIRE(len == strlen(text) && len < sizeof text && is_number(text, len));
	REQUIRE(msgc_parse_float64(text, len, &back) == 0);
	require_same(d, back);
	require_same(d, strtod(text, NULL));
	do
		snprintf(other, sizeof other, "%.*e", digits - 1, d);
	while (strtod(other, NULL) - d != 0 && ++digits);
	n = digits_of(text, ours);
	REQUIRE(n <= digits_of(other, theirs));
	REQUIRE(n != strlen(theirs) || strcmp(ours, theirs) == 0);
}

static void print_float(float f)
{
	char text[MSGC_FLOAT64_MAX], other[64], ours[64], theirs[64];
	size_t len = msgc_format_float32(f, text), n;
	int digits = 1;

	REQUIRE(len == strlen(text) && len < sizeof text && is_number(text, len));
	require_same_float(f, strtof(text, NULL));
	do
		snprintf(other, sizeof other, "%.*e", digits - 1, (double)f);
	while (strtof(other, NULL) - f != 0 && ++digits);
	n = digits_of(text, ours);
	REQUIRE(n <= digits_of(other, theirs));
	REQUIRE(n != strlen(theirs) || strcmp(ours, theirs) == 0);
}

/* Half-way from d to the next, exactly; choice says where it is cut off and what stands behind. */
static void round_half(double d, unsigned choice)
{
	static char text[1400];
	double next = nextafter(d, (double)INFINITY), back, want;
	long double half = ((long double)d + (long double)next) / 2;
	char *exponent;
	size_t len, least, cut;
	int result;

	/* Where no type is wider than a double, there is none that holds the point. */
	if (!isfinite(next) || LDBL_MANT_DIG == DBL_MANT_DIG)
		return;
	/* 767 digits are the most that any such point has. */
	snprintf(text, sizeof text, "%.800Le", half);
	exponent = strchr(text, 'e');
	len = (size_t)(exponent - text);
	least = *text == '-' ? 4 : 3; /* a digit, the point, a digit */
	cut = choice % 4 == 0 ? len : least + (choice >> 2) % (choice & 2 ? 24 : len - least);
	memmove(text + cut, exponent, strlen(exponent) + 1);
	if (choice & 1) {
		memmove(text + cut + 1, text + cut, strlen(text + cut) + 1);
		text[cut] = (char)('0' + (choice >> 12) % 10);
	}
	len = strlen(text);
	REQUIRE(is_number(text, len));
	want = strtod(text, NULL);
	result = msgc_parse_float64(text, len, &back);
	REQUIRE(result == (isfinite(want) ? 0 : MSGC_ELIMIT));
	if (result == 0)
		require_same(back, want);
	read_by_all(text, len, true);
}

static void print_and_round(const uint8_t *data, size_t size)
{
	double d;
	float f;
	uint16_t choice = 0;

	memcpy(&d, data, sizeof d);
	memcpy(&f, data, sizeof f);
	if (isfinite(f))
		print_float(f);
	if (!isfinite(d))
		return;
	print(d);
	if (size >= sizeof d + sizeof choice) {
		memcpy(&choice, data + sizeof d, sizeof choice);
		round_half(d, choice);
	}
}

static void read_integer(struct msgc_str text, double d)
{
	struct msgc_scope s = {0};
	struct msgc_buf out = {0};
	int64_t v;

	if (!msgc_text_int(&s, text, INT64_MIN, INT64_MAX, &v))
		return;
	msgc_write_int64(&out, v);
	REQUIRE(msgc_decimal_equal((struct msgc_decimal){text.ptr, text.len},
	        (struct msgc_decimal){out.data, out.len}));
	REQUIRE((double)v <= d && (double)v >= d);
	msgc_buf_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);
	struct msgc_decimal decimal = {text, size};
	struct msgc_scope s = {0};
	double d, want;
	int result;

	REQUIRE(text);
	memcpy(text, data, size);
	text[size] = '\0';
	if (size >= sizeof(double))
		print_and_round(data, size);
	result = msgc_parse_float64(text, size, &d);
	REQUIRE(is_number(text, size) == (result != MSGC_EINVAL));
	REQUIRE(msgc_check_decimal(&s, decimal) == (result != MSGC_EINVAL));
	read_by_all(text, size, result != MSGC_EINVAL);
	if (result != MSGC_EINVAL) {
		want = strtod(text, NULL);
		REQUIRE(!isfinite(want) == (result == MSGC_ELIMIT));
		if (result == 0) {
			require_same(d, want);
			read_integer(msgc_str_of(text, size), d);
		}
		REQUIRE(msgc_decimal_equal(decimal, decimal));
		REQUIRE(msgc_hash_decimal(1, decimal) == msgc_hash_decimal(1, decimal));
		(void)msgc_check_step(&s, msgc_str_of(text, size), "0.01");
	}
	free(text);
	return 0;
}
