/* SPDX-License-Identifier: MIT */
/*
 * Decimal to binary floating point, correctly rounded (ties to even) for any length of text,
 * independent of the locale: Clinger's exact cases, then Lemire's 128-bit product, then, where more
 * than 19 digits leave two candidates, a comparison with the point half-way between them in big
 * integers.
 */
#include "internal.h"

#include <float.h>

/* A binary format as IEEE 754 lays it out. */
struct format {
	int mantissa_bits; /* without the hidden one */
	int exponent_min;  /* -bias */
	int exponent_all;  /* the exponent field of infinity */
	int tens_min,
	        tens_max; /* below: 0, above: infinity, whatever 64-bit integer stands before */
	int tens_even_min, tens_even_max; /* where w * 10^q can be exactly half-way */
};

static const struct format float64_format = {52, -1023, 0x7FF, -342, 308, -4, 23};
static const struct format float32_format = {23, -127, 0xFF, -65, 38, -17, 10};

static uint64_t infinity_of(const struct format *f)
{
	return (uint64_t)f->exponent_all << f->mantissa_bits;
}

/*
 * The upper bits of w * 10^q, w with its highest bit set; the table's second half only where the
 * first leaves doubt.
 */
static uint64_t product(const struct format *f, uint64_t w, int q, uint64_t *ret_low)
{
	const uint64_t *ten = msgc__pow10[q - MSGC__POW10_MIN];
	uint64_t doubt = UINT64_MAX >> (f->mantissa_bits + 3), high, low, more;

	low = msgc__mul128(w, ten[0], &high);
	if ((high & doubt) == doubt) {
		msgc__mul128(w, ten[1], &more);
		low += more;
		high += low < more;
	}
	*ret_low = low;
	return high;
}

/*
 * The bits of the number nearest to w * 10^q. Proven exact for every w below 2^64 (Mushtak and
 * Lemire, 2023).
 */
static uint64_t nearest(const struct format *f, uint64_t w, int q)
{
	uint64_t high, low, mantissa;
	int zeros, top, shift, exponent;

	if (w == 0 || q < f->tens_min)
		return 0;
	if (q > f->tens_max)
		return infinity_of(f);
	zeros = (int)msgc__leading_zeros(w);
	high = product(f, w << zeros, q, &low);
	top = (int)(high >> 63);
	shift = top + 64 - f->mantissa_bits - 3;
	mantissa = high >> shift;
	/*
	 * floor(q * log2(10)) by a fixed-point product; q may be negative, and >> then rounds down.
	 */
	exponent = ((217706 * q) >> 16) + 63 + top - zeros - f->exponent_min;
	if (exponent <= 0) {
		if (1 - exponent >= 64)
			return 0;
		mantissa >>= 1 - exponent;
		/*
		 * A carry into the hidden bit's place makes the smallest normal number by itself.
		 */
		return (mantissa + (mantissa & 1)) >> 1;
	}
	if (low <= 1 && q >= f->tens_even_min && q <= f->tens_even_max && (mantissa & 3) == 1 &&
	        mantissa << shift == high)
		mantissa &= ~UINT64_C(1);
	mantissa = (mantissa + (mantissa & 1)) >> 1;
	if (mantissa >> (f->mantissa_bits + 1)) {
		mantissa >>= 1;
		exponent++;
	}
	if (exponent >= f->exponent_all)
		return infinity_of(f);
	mantissa &= ~(UINT64_C(1) << f->mantissa_bits);
	return mantissa | (uint64_t)exponent << f->mantissa_bits;
}

/* ---- more than 19 digits ---- */

#define BIG_LIMBS   128 /* 4096 bits; 2,800 are needed */
#define DIGITS_MOST 800 /* no half-way point has more than 767 */

struct big {
	uint32_t limb[BIG_LIMBS]; /* lowest first */
	int count;
};

static void big_multiply_add(struct big *b, uint32_t factor, uint32_t add)
{
	uint64_t carry = add;

	for (int i = 0; i < b->count; i++) {
		carry += (uint64_t)b->limb[i] * factor;
		b->limb[i] = (uint32_t)carry;
		carry >>= 32;
	}
	if (carry && b->count < BIG_LIMBS)
		b->limb[b->count++] = (uint32_t)carry;
}

static void big_multiply_power_of_five(struct big *b, int64_t n)
{
	for (; n >= 13; n -= 13)
		big_multiply_add(b, 1220703125, 0);
	for (; n > 0; n--)
		big_multiply_add(b, 5, 0);
}

static void big_shift_left(struct big *b, int64_t bits)
{
	int limbs = (int)(bits / 32);

	if (b->count + limbs >= BIG_LIMBS)
		limbs = BIG_LIMBS - 1 - b->count;
	if (limbs > 0) {
		memmove(b->limb + limbs, b->limb, (size_t)b->count * sizeof *b->limb);
		memset(b->limb, 0, (size_t)limbs * sizeof *b->limb);
		b->count += limbs;
	}
	big_multiply_add(b, UINT32_C(1) << bits % 32, 0);
}

static int big_compare(const struct big *a, const struct big *b)
{
	if (a->count != b->count)
		return a->count < b->count ? -1 : 1;
	for (int i = a->count - 1; i >= 0; i--)
		if (a->limb[i] != b->limb[i])
			return a->limb[i] < b->limb[i] ? -1 : 1;
	return 0;
}

static void big_from_digits(struct big *b, const struct msgc__digits *d, size_t count)
{
	const char *p = d->first;
	uint32_t chunk = 0, factor = 1;

	b->count = 0;
	for (size_t i = 0; i < count; i++, p++) {
		if (*p == '.')
			p++;
		chunk = chunk * 10 + (uint32_t)(*p - '0');
		factor *= 10;
		if (factor == 1000000000 || i + 1 == count) {
			big_multiply_add(b, factor, chunk);
			chunk = 0;
			factor = 1;
		}
	}
}

static void big_from_uint64(struct big *b, uint64_t v)
{
	b->limb[0] = (uint32_t)v;
	b->limb[1] = (uint32_t)(v >> 32);
	b->count = b->limb[1] ? 2 : 1;
}

/* The number's text against the point half-way between the float `bits` and the next. */
static int compare_half_way(const struct format *f, uint64_t bits, const struct msgc__digits *d)
{
	struct big number, half;
	uint64_t hidden = UINT64_C(1) << f->mantissa_bits, mantissa = bits & (hidden - 1);
	int64_t field = (int64_t)(bits >> f->mantissa_bits), tens = d->exponent, twos;
	size_t count = d->count;
	int order;

	if (field)
		mantissa |= hidden;
	else
		field = 1;
	twos = field + f->exponent_min - f->mantissa_bits - 1;
	if (count > DIGITS_MOST) {
		tens += (int64_t)(count - DIGITS_MOST);
		count = DIGITS_MOST;
	}
	big_from_digits(&number, d, count);
	big_from_uint64(&half, 2 * mantissa + 1);
	if (tens >= 0)
		big_multiply_power_of_five(&number, tens);
	else
		big_multiply_power_of_five(&half, -tens);
	if (tens >= twos)
		big_shift_left(&number, tens - twos);
	else
		big_shift_left(&half, twos - tens);
	order = big_compare(&number, &half);
	/* What was cut off ends in a digit that is not 0. */
	return order == 0 && count < d->count ? 1 : order;
}

MSGC__COLD static uint64_t nearest_of_long(const struct format *f, const struct msgc__number *n)
{
	uint64_t below = nearest(f, n->digits, n->exponent),
	         above = nearest(f, n->digits + 1, n->exponent);
	struct msgc__digits d;
	int order;

	if (below == above)
		return below;
	msgc__digits_of(n->at, (size_t)(n->end - n->at), &d);
	order = compare_half_way(f, below, &d);
	return order < 0 || (order == 0 && !(below & 1)) ? below : above;
}

static uint64_t nearest_of(const struct format *f, const struct msgc__number *n)
{
	int q = n->exponent;

	if (MSGC__UNLIKELY(n->more))
		return nearest_of_long(f, n);
	return nearest(f, n->digits, q);
}

#if defined(FLT_EVAL_METHOD) && FLT_EVAL_METHOD == 0
/* Both operands exact, one rounding: Clinger 1990. */
const double msgc__exact_tens[] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
        1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

static bool exact_case(const struct msgc__number *n, double *ret)
{
	if (n->more || n->digits > UINT64_C(1) << 53 || n->exponent < -MSGC__EXACT_TENS ||
	        n->exponent > MSGC__EXACT_TENS)
		return false;
	if (n->exponent < 0)
		*ret = (double)n->digits / msgc__exact_tens[-n->exponent];
	else
		*ret = (double)n->digits * msgc__exact_tens[n->exponent];
	return true;
}
#else
static bool exact_case(const struct msgc__number *n, double *ret)
{
	(void)n;
	(void)ret;
	return false;
}
#endif

bool msgc__number_to_float64(const struct msgc__number *n, double *ret)
{
	uint64_t bits;
	double v;

	if (!exact_case(n, &v)) {
		bits = nearest_of(&float64_format, n);
		if (bits == infinity_of(&float64_format))
			return false;
		memcpy(&v, &bits, sizeof v);
	}
	*ret = n->negative ? -v : v;
	return true;
}

bool msgc__number_to_float32(const struct msgc__number *n, float *ret)
{
	uint64_t wide = nearest_of(&float32_format, n);
	uint32_t bits = (uint32_t)wide;
	float v;

	if (wide == infinity_of(&float32_format))
		return false;
	memcpy(&v, &bits, sizeof v);
	*ret = n->negative ? -v : v;
	return true;
}

int msgc_parse_float64(const char *text, size_t len, double *ret)
{
	struct msgc__number n;
	const char *bad;

	if (len == 0 || msgc__scan_number(text, text + len, &n, &bad) != text + len)
		return MSGC_EINVAL;
	return msgc__number_to_float64(&n, ret) ? 0 : MSGC_ELIMIT;
}
