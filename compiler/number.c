/* SPDX-License-Identifier: MIT */
/*
 * number.c - decimal numbers as text: canonical form, order, divisibility.
 *
 * A number is brought to digits around a point once; everything else compares or divides digits.
 * Knows nothing of types.
 */
#include "number.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"

/* Exponents beyond this cannot give a number within NUMBER_MAX_DIGITS, unless it is zero. */
#define NUMBER_MAX_EXPONENT 1000000

/* All digits of a mantissa, and how many of them stand before the point (may be negative). */
struct digits {
	const char *first;
	size_t n;
	long point;
};

/* A decimal exponent, cut at the maximum in both directions. */
static long read_exponent(const char *text)
{
	bool negative = *text == '-';
	long value = 0;

	if (*text == '-' || *text == '+')
		text++;
	for (; *text >= '0' && *text <= '9'; text++) {
		if (value < NUMBER_MAX_EXPONENT)
			value = value * 10 + (*text - '0');
	}
	return negative ? -value : value;
}

/* The digits of an unsigned number, without leading and trailing zeros; n == 0 for zero. */
static struct digits read_digits(struct arena *arena, const char *text)
{
	size_t whole = strspn(text, "0123456789"), fraction = 0, n, leading = 0;
	const char *rest = text + whole;
	char *digits;

	if (*rest == '.') {
		fraction = strspn(rest + 1, "0123456789");
		rest += 1 + fraction;
	}
	n = whole + fraction;
	digits = arena_alloc(arena, n + 1);
	memcpy(digits, text, whole);
	memcpy(digits + whole, text + whole + (fraction != 0), fraction);
	while (leading < n && digits[leading] == '0')
		leading++;
	while (n > leading && digits[n - 1] == '0')
		n--;
	return (struct digits){digits + leading, n - leading,
	        (long)whole - (long)leading +
	                (*rest == 'e' || *rest == 'E' ? read_exponent(rest + 1) : 0)};
}

/* "-12.5" from digits "125" and point 2. */
static const char *canonical_text(struct arena *arena, struct digits d, bool negative)
{
	char *text = arena_alloc(arena, 2 * NUMBER_MAX_DIGITS + 4);
	size_t at = 0, i;

	if (d.n == 0)
		return "0";
	if (negative)
		text[at++] = '-';
	if (d.point <= 0)
		text[at++] = '0';
	for (i = 0; (long)i < d.point; i++)
		text[at++] = i < d.n ? d.first[i] : '0';
	if ((long)d.n > d.point) {
		text[at++] = '.';
		for (; d.point < 0; d.point++)
			text[at++] = '0';
		for (; i < d.n; i++)
			text[at++] = d.first[i];
	}
	text[at] = '\0';
	return text;
}

static void set_integers(struct model_number *number)
{
	const char *magnitude = number->text + number->is_negative;
	unsigned long long value;
	char *end;

	errno = 0;
	value = strtoull(magnitude, &end, 10);
	if (*end != '\0' || errno != 0)
		return;
	if (number->is_negative) {
		if (value > (unsigned long long)INT64_MAX + 1)
			return;
		number->as_int64 =
		        value > (unsigned long long)INT64_MAX ? INT64_MIN : -(int64_t)value;
	} else {
		number->as_uint64 = value;
		number->as_int64 = value <= (unsigned long long)INT64_MAX ? (int64_t)value : 0;
	}
	number->is_int = true;
}

const struct model_number *number_read(struct arena *arena, const char *text)
{
	struct model_number *number = arena_alloc(arena, sizeof(*number));
	bool negative = *text == '-';
	struct digits digits = read_digits(arena, text + negative);

	if (digits.n != 0 &&
	        (digits.point > NUMBER_MAX_DIGITS ||
	                (long)digits.n - digits.point > NUMBER_MAX_DIGITS))
		return NULL;
	number->is_negative = negative && digits.n != 0;
	number->text = canonical_text(arena, digits, number->is_negative);
	number->as_double = strtod(number->text, NULL);
	set_integers(number);
	return number;
}

/* The digits before the point of a canonical text without its sign. */
static size_t whole_length(const char *text)
{
	return strspn(text, "0123456789");
}

static int compare_magnitudes(const char *a, const char *b)
{
	size_t n = whole_length(a), m = whole_length(b);
	int order;

	if (n != m)
		return n < m ? -1 : 1;
	order = memcmp(a, b, n);
	if (order != 0)
		return order;
	/* Fractions without trailing zeros, "" or ".5": the order of the texts is theirs. */
	return strcmp(a + n, b + n);
}

int number_compare(const struct model_number *a, const struct model_number *b)
{
	if (a->is_negative != b->is_negative)
		return a->is_negative ? -1 : 1;
	if (a->is_negative)
		return compare_magnitudes(b->text + 1, a->text + 1);
	return compare_magnitudes(a->text, b->text);
}

bool number_is_integral(const struct model_number *number)
{
	return strchr(number->text, '.') == NULL;
}

/* The digits of a canonical number with exactly `scale` of them behind the point; returns how many. */
static size_t scaled_digits(const struct model_number *number, size_t scale, char *out)
{
	const char *text = number->text + number->is_negative;
	size_t n = whole_length(text), fraction = text[n] == '.' ? strlen(text + n + 1) : 0;

	memcpy(out, text, n);
	if (fraction != 0)
		memcpy(out + n, text + n + 1, fraction);
	memset(out + n + fraction, '0', scale - fraction);
	return n + scale;
}

static size_t fraction_length(const struct model_number *number)
{
	const char *point = strchr(number->text, '.');

	return point == NULL ? 0 : strlen(point + 1);
}

#define NUMBER_MAX_SCALED (2 * NUMBER_MAX_DIGITS + 1)

/* The remainder's digits, as numbers, most significant first; one more than the divisor has. */
struct remainder {
	signed char digit[NUMBER_MAX_SCALED + 1];
	size_t n;
};

static bool subtract_if_not_less(struct remainder *r, const char *divisor)
{
	signed char result[NUMBER_MAX_SCALED + 1];
	int borrow = 0;
	size_t i;

	for (i = r->n; i-- > 0;) {
		int digit = r->digit[i] - (i == 0 ? 0 : divisor[i - 1] - '0') - borrow;

		borrow = digit < 0;
		result[i] = (signed char)(borrow ? digit + 10 : digit);
	}
	if (borrow)
		return false;
	memcpy(r->digit, result, r->n);
	return true;
}

/* School division: digit after digit of the value into the remainder. */
bool number_is_multiple(const struct model_number *value, const struct model_number *step)
{
	char dividend[NUMBER_MAX_SCALED], divisor[NUMBER_MAX_SCALED];
	size_t scale = fraction_length(value), n, m, i;
	struct remainder r = {.n = 0};

	if (fraction_length(step) > scale)
		scale = fraction_length(step);
	n = scaled_digits(value, scale, dividend);
	m = scaled_digits(step, scale, divisor);
	r.n = m + 1;
	for (i = 0; i < n; i++) {
		memmove(r.digit, r.digit + 1, m);
		r.digit[m] = (signed char)(dividend[i] - '0');
		while (subtract_if_not_less(&r, divisor))
			;
	}
	for (i = 0; i < r.n; i++) {
		if (r.digit[i] != 0)
			return false;
	}
	return true;
}
