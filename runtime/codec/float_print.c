/* SPDX-License-Identifier: MIT */
/*
 * Binary floating point to the shortest decimal that reads back as the same number, and of those
 * the nearest: Raffaello Giulietti, "The Schubfach way to render doubles" (2020). Independent of
 * the locale. Integers in decimal, too.
 */
#include "internal.h"

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
	bool odd = b.c & 1, down, up;
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
	uint64_t s = middle / 4, tens = s / 10;

	if (s >= 10) {
		down = lower <= 40 * tens;
		up = 40 * tens + 40 <= upper;
		if (down != up)
			return (struct decimal){tens + up, k + 1};
	}
	down = lower <= 4 * s;
	up = 4 * s + 4 <= upper;
	if (down == up)
		up = middle > 4 * s + 2 || (middle == 4 * s + 2 && (s & 1));
	return (struct decimal){s + up, k};
}

char *msgc__format_uint64(char *to, uint64_t v)
{
	static const char pairs[] = "00010203040506070809101112131415161718192021222324"
	                            "25262728293031323334353637383940414243444546474849"
	                            "50515253545556575859606162636465666768697071727374"
	                            "75767778798081828384858687888990919293949596979899";
	char text[20], *p = text + sizeof text;
	size_t len;

	for (; v >= 100; v /= 100) {
		p -= 2;
		memcpy(p, pairs + v % 100 * 2, 2);
	}
	if (v >= 10) {
		p -= 2;
		memcpy(p, pairs + v * 2, 2);
	} else {
		*--p = (char)('0' + v);
	}
	len = (size_t)(text + sizeof text - p);
	memcpy(to, p, len);
	return to + len;
}

/*
 * As JavaScript and Python lay it out, but that a whole number keeps its ".0": 0.0001, 12.5, 1e16,
 * 1.5e-7.
 */
static size_t lay_out(char *to, struct decimal d)
{
	char digits[20], *p = to;
	int count = (int)(msgc__format_uint64(digits, d.digits) - digits), point;

	while (count > 1 && digits[count - 1] == '0') {
		count--;
		d.exponent++;
	}
	point = count + d.exponent; /* digits before the point */
	if (point > 16 || point < -3) {
		*p++ = digits[0];
		if (count > 1) {
			*p++ = '.';
			memcpy(p, digits + 1, (size_t)count - 1);
			p += count - 1;
		}
		*p++ = 'e';
		if (point < 1)
			*p++ = '-';
		p = msgc__format_uint64(p, (uint64_t)(point < 1 ? 1 - point : point - 1));
	} else if (point <= 0) {
		memcpy(p, "0.000", (size_t)(2 - point));
		p += 2 - point;
		memcpy(p, digits, (size_t)count);
		p += count;
	} else if (point < count) {
		memcpy(p, digits, (size_t)point);
		p[point] = '.';
		memcpy(p + point + 1, digits + point, (size_t)(count - point));
		p += count + 1;
	} else {
		memcpy(p, digits, (size_t)count);
		memset(p + count, '0', (size_t)(point - count));
		memcpy(p + point, ".0", 2);
		p += point + 2;
	}
	*p = '\0';
	return (size_t)(p - to);
}

static size_t format_binary(char *to, bool negative, uint64_t bits, int mantissa_bits, int bias)
{
	uint64_t hidden = UINT64_C(1) << mantissa_bits, fraction = bits & (hidden - 1);
	int field = (int)(bits >> mantissa_bits);
	struct binary b = {field ? fraction | hidden : fraction,
	        (field ? field : 1) - bias - mantissa_bits, fraction == 0 && field > 1};

	*to = '-';
	to += negative;
	if (bits == 0) {
		memcpy(to, "0.0", 4);
		return 3u + negative;
	}
	/* Whole numbers that the format holds exactly. */
	if (b.q <= 0 && b.q > -mantissa_bits - 1 && (b.c & ((UINT64_C(1) << -b.q) - 1)) == 0)
		return negative + lay_out(to, (struct decimal){b.c >> -b.q, 0});
	return negative + lay_out(to, shortest(b));
}

size_t msgc_format_float64(double value, char ret[MSGC_FLOAT64_MAX])
{
	uint64_t bits;

	memcpy(&bits, &value, sizeof bits);
	return format_binary(ret, bits >> 63, bits & (UINT64_MAX >> 1), 52, 1023);
}

size_t msgc_format_float32(float value, char ret[MSGC_FLOAT64_MAX])
{
	uint32_t bits;

	memcpy(&bits, &value, sizeof bits);
	return format_binary(ret, bits >> 31, bits & (UINT32_MAX >> 1), 23, 127);
}
