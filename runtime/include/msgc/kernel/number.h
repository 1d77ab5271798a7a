/* SPDX-License-Identifier: MIT */
/*
 * Floating-point numbers as most are written: some digits, a point, some digits. Both ends come from
 * one look at a block, so that the next number waits for one look, not for two. Everything else
 * (no point, an exponent, more than 19 digits, anything wrong) is left to number_scan.c.
 */
#ifndef MSGC_KERNEL_NUMBER_H
#define MSGC_KERNEL_NUMBER_H

#include <msgc/kernel/vector.h>

#define FRACTION_MOST 18 /* what two loads and a rest of two digits hold */

/*
 * The ends of the digits behind a sign that may stand at p, and of those behind the character that
 * follows, counted from the first digit; 0: too far.
 */
ALWAYS void two_runs(const char *p, unsigned sign, unsigned *ret_first, unsigned *ret_second)
{
#if BLOCK == 32
	/* The look does not wait for the sign. */
	mask m = block_not_digit(block_load(p)) & ~(mask)sign, rest = m & (m - 1);

	*ret_first = m ? mask_first(m) - sign : 0;
	*ret_second = rest ? mask_first(rest) - sign : 0;
#else
	unsigned whole, n;
	uint64_t v;

	p += sign;
	whole = swar_count(swar_load(p));
	*ret_first = whole;
	n = swar_count(swar_load(p + whole + 1));
	if (n == 8) {
		v = swar_load(p + whole + 9);
		n += swar_count(v);
		if (n == 16)
			n += swar_count(swar_load(p + whole + 17));
	}
	*ret_second = whole + 1 + n;
#endif
}

/* n digits, 1 to 18. */
ALWAYS uint64_t fraction_of(const char *p, unsigned n)
{
	uint64_t v = swar_load(p);

	if (n <= 8)
		return swar_some(v, n);
	if (n <= 16)
		return swar_eight(v) * msgc__tens[n - 8] + swar_some(swar_load(p + 8), n - 8);
	return ((uint64_t)swar_eight(v) * 100000000 + swar_eight(swar_load(p + 8))) *
	        msgc__tens[n - 16] +
	        swar_some(swar_load(p + 16), n - 16);
}

/* A number of this kind: behind it, else NULL. */
ALWAYS char *take_float64(char *p, double *ret)
{
	unsigned whole, end, fraction;
	struct msgc__number n;

	n.negative = *p == '-';
	two_runs(p, n.negative, &whole, &end);
	p += n.negative;
	fraction = end - whole - 1;
	if (MSGC__UNLIKELY(whole - 1 >= 8 || p[whole] != '.' || fraction - 1 >= FRACTION_MOST ||
	            whole + fraction > 19 || (*p == '0' && whole > 1) || (p[end] | 0x20) == 'e' ||
	            msgc__is_digit(p[end])))
		return NULL;
	n.digits = swar_some(swar_load(p), whole) * msgc__tens[fraction] +
	        fraction_of(p + whole + 1, fraction);
#if defined(MSGC__EXACT_TENS)
	if (MSGC__LIKELY(n.digits <= UINT64_C(1) << 53)) {
		double v = (double)n.digits / msgc__exact_tens[fraction];

		*ret = n.negative ? -v : v;
		return p + end;
	}
#endif
	n.exponent = -(int32_t)fraction;
	n.more = false;
	if (!msgc__number_to_float64(&n, ret))
		return NULL;
	return p + end;
}

#define INT_DIGITS 18 /* fit into 63 bits */

/* How many digits stand at p, and the number that they make, if they are no more than INT_DIGITS. */
ALWAYS unsigned take_digits(const char *p, uint64_t *ret)
{
#if KERNEL_SHUFFLES && KERNEL_X86
	unsigned n = sixteen_digits(p, ret);

	if (MSGC__LIKELY(n < 16))
		return n;
#endif
	return swar_digits(p, ret);
}

/*
 * Up to 18 digits and nothing else, which is what integers look like: behind them, else NULL. What
 * may not be negative has no sign here, and the place of its digits need not wait for the look.
 */
ALWAYS char *take_int(char *p, bool is_signed, int64_t *ret)
{
	bool negative = false;
	uint64_t v;
	unsigned n;

	/* Seldom; where there is no sign, one is no digit. */
	if (is_signed && MSGC__UNLIKELY(*p == '-')) {
		negative = true;
		p++;
	}
	/* The padding makes this safe at the end of the text. */
	n = take_digits(p, &v);
	if (MSGC__UNLIKELY(n - 1 >= INT_DIGITS) || (MSGC__UNLIKELY(*p == '0') && n > 1))
		return NULL;
	p += n;
	if (MSGC__UNLIKELY(*p != ',') && (*p == '.' || (*p | 0x20) == 'e'))
		return NULL;
	*ret = negative ? -(int64_t)v : (int64_t)v;
	return p;
}

/*
 * Up to eight digits and a comma, NULL for anything else. In a general register, without a branch on
 * how many they are: what follows waits six cycles less than for a vector.
 */
ALWAYS char *take_short_int(char *p, int64_t *ret)
{
	uint64_t v = swar_load(p);
#if KERNEL_ISA == ISA_AVX2
	unsigned n = (unsigned)_tzcnt_u64(swar_none(v)) / 8;
#else
	unsigned n = swar_count(v);
#endif

	if (MSGC__UNLIKELY(p[n] != ',' || n == 0) || (MSGC__UNLIKELY(*p == '0') && n > 1))
		return NULL;
	*ret = (int64_t)swar_some(v, n);
	return p + n;
}

#endif
