/* SPDX-License-Identifier: MIT */
/*
 * Binary floating point to the shortest decimal that reads back as the same number, and of those
 * the nearest: Raffaello Giulietti, "The Schubfach way to render doubles" (2020). Independent of
 * the locale.
 */
#include "digits.h"

#include <float.h>
#include <math.h>

/* digits * 10^exponent */
struct decimal {
	uint64_t digits;
	int exponent;
};

/*
 * c * 2^q as the format stores it; `closer`: the next float below is only half as far away as the
 * one above.
 */
struct binary {
	uint64_t c;
	int q;
	bool closer;
};

/*
 * floor(g * cp / 2^128), its last bit set if anything was cut off: enough to compare and round
 * with.
 */
static uint64_t round_to_odd(uint64_t g_high, uint64_t g_low, uint64_t cp)
{
	uint64_t high, low, carry;

	msgc__mul128(g_low, cp, &carry);
	low = msgc__mul128(g_high, cp, &high);
	low += carry;
	high += low < carry;
	return high | (low > 1);
}

static struct decimal shortest(struct binary b)
{
	bool odd = b.c & 1, down, up, tens_down, tens_up;
	int k = (b.q * 1262611 - (b.closer ? 524031 : 0)) >>
	        22; /* floor(log10) of the interval's length */
	int h = b.q + ((-k * 1741647) >> 19) + 1;
	const uint64_t *g = msgc__pow10[-k - MSGC__POW10_MIN];
	/*
	 * Schubfach wants 10^-k rounded up; the table is exact or rounded up from -27 to 55, and
	 * cut off elsewhere.
	 */
	uint64_t g_low = g[1] + (-k < -27 || -k > 55), g_high = g[0] + (g_low < g[1]);
	uint64_t middle = round_to_odd(g_high, g_low, (4 * b.c) << h);
	uint64_t lower = round_to_odd(g_high, g_low, (4 * b.c - 2 + b.closer) << h) + odd;
	uint64_t upper = round_to_odd(g_high, g_low, (4 * b.c + 2) << h) - odd;
	uint64_t s = middle / 4, tens = s / 10, one, ten;

	/*
	 * Both candidates, then a choice without a branch: which of them it is cannot be foreseen
	 * for numbers that use all digits.
	 */
	tens_down = lower <= 40 * tens;
	tens_up = 40 * tens + 40 <= upper;
	ten = (tens + tens_up) * 10;
	down = lower <= 4 * s;
	up = 4 * s + 4 <= upper;
	if (down == up)
		up = middle > 4 * s + 2 || (middle == 4 * s + 2 && (s & 1));
	one = s + up;
	return (struct decimal){((tens_down != tens_up) & (s >= 10)) ? ten : one, k};
}

/* ---- digits ---- */

char *msgc__format_uint64(char *to, uint64_t v)
{
	return put_uint64(to, v);
}

/* d as 17 digits: the first, eight, eight; without zeros at the end there are `count`. */
struct digits17 {
	char first;
	uint64_t middle, last; /* ASCII */
	int count, point;      /* digits before the decimal point */
};

static struct digits17 spread(struct decimal d)
{
	const uint64_t e8 = 100000000;
	unsigned bits = 64 - msgc__leading_zeros(d.digits);
	int n = (int)(bits * 1233 >> 12); /* digits, or one fewer */
	struct digits16 both;
	struct digits17 r;
	uint64_t high;

	n += d.digits >= msgc__tens[n];
	d.digits *= msgc__tens[17 - n];
	high = d.digits / e8;
	both = digits16((uint32_t)(high % e8), (uint32_t)(d.digits % e8));
	r.first = (char)('0' + high / e8);
	if (both.last)
		r.count = 17 - (int)(msgc__leading_zeros(both.last) / 8);
	else
		r.count = both.first ? 9 - (int)(msgc__leading_zeros(both.first) / 8) : 1;
	r.middle = both.first | ASCII_ZEROS;
	r.last = both.last | ASCII_ZEROS;
	r.point = n + d.exponent;
	return r;
}

static void put17(char *to, const struct digits17 *d)
{
	*to = d->first;
	msgc__store8(to + 1, d->middle);
	msgc__store8(to + 9, d->last);
}

/* The digits behind the point, n digits before it (1 to 16): 16 bytes, taken from registers. */
static void put_behind(char *to, const struct digits17 *d, int n)
{
	unsigned shift = 8 * (unsigned)(n - 1) % 64;
	uint64_t low = n > 8 ? d->last : d->middle, high = n > 8 ? 0 : d->last;

	if (shift) {
		low = low >> shift | high << (64 - shift);
		high >>= shift;
	}
	msgc__store8(to, low);
	msgc__store8(to + 8, high);
}

/*
 * As JavaScript and Python lay it out, but that a whole number keeps its ".0": 0.0001, 12.5, 1e16,
 * 1.5e-7. Stores up to MSGC__FLOAT_ROOM bytes.
 */
static char *lay_out(char *to, struct decimal decimal)
{
	struct digits17 d = spread(decimal);
	int exponent = d.point - 1;

	if (MSGC__LIKELY(d.point > 0 && d.point < d.count)) {
		put17(to, &d);
		put_behind(to + d.point + 1, &d, d.point);
		to[d.point] = '.';
		return to + d.count + 1;
	}
	if (d.point > 16 || d.point < -3) {
		put17(to + 1, &d);
		to[0] = d.first;
		to[1] = '.';
		to += d.count > 1 ? d.count + 1 : 1;
		*to++ = 'e';
		*to = '-';
		to += exponent < 0;
		return put_few(to, (uint32_t)(exponent < 0 ? -exponent : exponent));
	}
	if (d.point <= 0) {
		memcpy(to, "0.000", 5);
		put17(to + 2 - d.point, &d);
		return to + 2 - d.point + d.count;
	}
	put17(to, &d);
	memcpy(to + d.point, ".0", 2);
	return to + d.point + 2;
}

/* ---- floats ---- */

static char *put_binary(char *to, uint64_t bits, int mantissa_bits, int bias)
{
	uint64_t hidden = UINT64_C(1) << mantissa_bits, fraction = bits & (hidden - 1);
	int field = (int)(bits >> mantissa_bits);
	struct binary b = {field ? fraction | hidden : fraction,
	        (field ? field : 1) - bias - mantissa_bits, fraction == 0 && field > 1};

	if (bits == 0) {
		memcpy(to, "0.0", 3);
		return to + 3;
	}
	/* Whole numbers that the format holds exactly. */
	if (b.q <= 0 && b.q > -mantissa_bits - 1 && (b.c & ((UINT64_C(1) << -b.q) - 1)) == 0)
		return lay_out(to, (struct decimal){b.c >> -b.q, 0});
	return lay_out(to, shortest(b));
}

#if defined(FLT_EVAL_METHOD) && FLT_EVAL_METHOD == 0
/*
 * Up to six decimals, as most numbers have that people or sensors write: r / 10^6 with r < 10^14
 * reads back as v, and no other decimal of 15 digits or fewer does, so that it is the shortest.
 * No branch: which numbers of a list are such cannot be foreseen.
 */
static inline bool has_few_decimals(double v)
{
	bool fits = (v >= 0.001) & (v < 1e8);
	double some = fits ? v : 0;
	double same = (double)(int64_t)(some * 1e6 + 0.5) / 1e6;

	return fits & (same >= v) & (same <= v);
}

static char *put_few_decimals(char *to, double v)
{
	uint64_t r = (uint64_t)(int64_t)(v * 1e6 + 0.5);
	uint32_t whole = (uint32_t)(r / 1000000);
	struct digits16 d = digits16(whole, (uint32_t)(r % 1000000) * 100);
	unsigned zeros = zeros_of(whole);

	msgc__store8(to, (d.first | ASCII_ZEROS) >> 8 * zeros);
	to += 8 - zeros;
	*to++ = '.';
	msgc__store8(to, d.last | ASCII_ZEROS);
	return to + (d.last ? 8 - msgc__leading_zeros(d.last) / 8 : 1);
}
#else
static inline bool has_few_decimals(double v)
{
	(void)v;
	return false;
}

static char *put_few_decimals(char *to, double v)
{
	(void)v;
	return to;
}
#endif

uint64_t msgc__few_decimals(const double *items, size_t n)
{
	uint64_t few = 0;

	for (size_t i = 0; i < n; i++)
		few |= (uint64_t)has_few_decimals(fabs(items[i])) << i;
	return few;
}

char *msgc__put_one_float64(char *to, double value, bool few)
{
	uint64_t bits;

	memcpy(&bits, &value, sizeof bits);
	*to = '-';
	to += bits >> 63;
	bits &= UINT64_MAX >> 1;
	memcpy(&value, &bits, sizeof bits);
	return few ? put_few_decimals(to, value) : put_binary(to, bits, 52, 1023);
}

char *msgc__put_float64(char *to, double value)
{
	return msgc__put_one_float64(to, value, has_few_decimals(fabs(value)));
}

char *msgc__put_float32(char *to, float value)
{
	uint32_t bits;

	memcpy(&bits, &value, sizeof bits);
	*to = '-';
	to += bits >> 31;
	return put_binary(to, bits & (UINT32_MAX >> 1), 23, 127);
}

static size_t finish(const char *text, const char *end, char *ret)
{
	size_t len = (size_t)(end - text);

	memcpy(ret, text, len);
	ret[len] = '\0';
	return len;
}

size_t msgc_format_float64(double value, char ret[MSGC_FLOAT64_MAX])
{
	char text[MSGC__FLOAT_ROOM];

	return finish(text, msgc__put_float64(text, value), ret);
}

size_t msgc_format_float32(float value, char ret[MSGC_FLOAT64_MAX])
{
	char text[MSGC__FLOAT_ROOM];

	return finish(text, msgc__put_float32(text, value), ret);
}
