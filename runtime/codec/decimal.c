/* SPDX-License-Identifier: MIT */
/*
 * Exact arithmetic on the text of a number, whatever its length: is it an integer, which of two is
 * greater, is it a multiple of a step. Time is linear in the text; exponents are never written out.
 */
#include "internal.h"

#define EXPONENT_MOST INT64_C(100000000000000000) /* beyond, exponents count as equal */

/* The exponent behind `p`, which stands on the e. */
static int64_t read_exponent(const char *p, const char *end)
{
	bool negative = *++p == '-';
	int64_t e = 0;

	if (*p == '-' || *p == '+')
		p++;
	for (; p < end; p++)
		if (e < EXPONENT_MOST)
			e = e * 10 + (*p - '0');
	return negative ? -e : e;
}

void msgc__digits_of(const char *text, size_t len, struct msgc__digits *ret)
{
	const char *p, *end, *point = NULL, *first = NULL, *last = NULL;
	int64_t exponent = 0;

	*ret = (struct msgc__digits){0};
	if (len == 0)
		return;
	end = text + len;
	ret->negative = *text == '-';
	for (p = text + ret->negative; p < end; p++) {
		if (*p == '.') {
			point = p;
		} else if (*p == 'e' || *p == 'E') {
			exponent = read_exponent(p, end);
			break;
		} else if (*p != '0') {
			first = first ? first : p;
			last = p;
		}
	}
	if (!first)
		return;
	ret->first = first;
	ret->count = (size_t)(last - first) + 1;
	if (!point)
		point = p;
	if (point > first && point < last)
		ret->count--;
	ret->exponent = exponent + (point > last ? point - last - 1 : point - last);
}

/* The next digit, stepping over a point. */
static inline unsigned next_digit(const char **p)
{
	if (**p == '.')
		++*p;
	return (unsigned)(*(*p)++ - '0');
}

int msgc__digits_to_uint64(const struct msgc__digits *d, uint64_t *ret)
{
	const char *p = d->first;
	uint64_t v = 0;
	unsigned digit;

	if (d->count == 0) {
		*ret = 0;
		return 0;
	}
	if (d->exponent < 0)
		return MSGC_EINVAL;
	if (d->exponent > 20 || d->count > 20 || d->count + (size_t)d->exponent > 20)
		return MSGC_ELIMIT;
	for (size_t i = 0; i < d->count + (size_t)d->exponent; i++) {
		digit = i < d->count ? next_digit(&p) : 0;
		if (v > (UINT64_MAX - digit) / 10)
			return MSGC_ELIMIT;
		v = v * 10 + digit;
	}
	*ret = v;
	return 0;
}

/* Of two that are not zero, without their signs. */
static int compare_magnitude(const struct msgc__digits *a, const struct msgc__digits *b)
{
	int64_t top_a = a->exponent + (int64_t)a->count, top_b = b->exponent + (int64_t)b->count;
	const char *p = a->first, *q = b->first;
	unsigned x, y;

	if (top_a != top_b)
		return top_a < top_b ? -1 : 1;
	for (size_t i = 0; i < a->count || i < b->count; i++) {
		x = i < a->count ? next_digit(&p) : 0;
		y = i < b->count ? next_digit(&q) : 0;
		if (x != y)
			return x < y ? -1 : 1;
	}
	return 0;
}

int msgc__digits_compare(const struct msgc__digits *a, const struct msgc__digits *b)
{
	int sign_a = a->count == 0 ? 0
	        : a->negative      ? -1
	                           : 1,
	    sign_b = b->count == 0 ? 0
	        : b->negative      ? -1
	                           : 1;

	if (sign_a != sign_b)
		return sign_a < sign_b ? -1 : 1;
	return sign_a == 0 ? 0 : sign_a * compare_magnitude(a, b);
}

/* a * b mod m without overflow. */
static uint64_t multiply_mod(uint64_t a, uint64_t b, uint64_t m)
{
	uint64_t r = 0;

	for (; b; b >>= 1) {
		if (b & 1)
			r = r >= m - a ? r - (m - a) : r + a;
		a = a >= m - a ? a - (m - a) : a + a;
	}
	return r;
}

static uint64_t power_of_ten_mod(int64_t e, uint64_t m)
{
	uint64_t r = 1 % m, base = 10 % m;

	for (; e; e >>= 1) {
		if (e & 1)
			r = multiply_mod(r, base, m);
		base = multiply_mod(base, base, m);
	}
	return r;
}

bool msgc__digits_multiple(const struct msgc__digits *number, const struct msgc__digits *step)
{
	uint64_t m = 0, rest = 0;
	const char *p = step->first;

	if (number->count == 0)
		return true;
	/*
	 * The last digit of the number is not 0, so that no power of ten of the step's divides it.
	 */
	if (number->exponent < step->exponent || step->count == 0 || step->count > 19)
		return false;
	for (size_t i = 0; i < step->count; i++)
		m = m * 10 + next_digit(&p);
	p = number->first;
	for (size_t i = 0; i < number->count; i++)
		rest = (multiply_mod(rest, 10, m) + next_digit(&p) % m) % m;
	return multiply_mod(rest, power_of_ten_mod(number->exponent - step->exponent, m), m) == 0;
}

int msgc_decimal_compare(struct msgc_decimal a, struct msgc_decimal b)
{
	struct msgc__digits x, y;

	msgc__digits_of(a.ptr, a.len, &x);
	msgc__digits_of(b.ptr, b.len, &y);
	return msgc__digits_compare(&x, &y);
}

bool msgc_decimal_equal(struct msgc_decimal a, struct msgc_decimal b)
{
	return msgc_decimal_compare(a, b) == 0;
}
