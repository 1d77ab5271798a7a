/* SPDX-License-Identifier: MIT */
/*
 * The number token of RFC 8259 section 6: its grammar, and its first 19 significant digits with a
 * power of ten. What the number becomes is decided elsewhere.
 */
#include "internal.h"

const uint64_t msgc__tens[20] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000,
        1000000000, 10000000000, 100000000000, 1000000000000, 10000000000000, 100000000000000,
        1000000000000000, 10000000000000000, 100000000000000000, 1000000000000000000,
        UINT64_C(10000000000000000000)};

#define DIGITS_MOST 19 /* always fit into 64 bits */
#define EXPONENT_READ                                                                              \
	INT64_C(100000000000000000) /* far beyond what the length of a text can make up for */
#define EXPONENT_MOST 1000000000

/* What is being gathered. */
struct scan {
	uint64_t digits;
	unsigned count; /* significant digits in `digits` */
	int64_t shift;  /* power of ten owed to digits left out, or behind the point */
	bool more;
};

static const char *scan_digits(const char *p, const char *end, struct scan *s, bool fraction)
{
	for (; p < end && msgc__is_digit(*p); p++) {
		if (s->count < DIGITS_MOST) {
			s->digits = s->digits * 10 + (uint64_t)(*p - '0');
			s->count += s->digits != 0;
			s->shift -= fraction;
		} else {
			s->more |= *p != '0';
			s->shift += !fraction;
		}
	}
	return p;
}

/* Behind the e. NULL: no digits; *ret_bad says where. */
static const char *scan_exponent(const char *p, const char *end, int64_t *ret, const char **ret_bad)
{
	bool negative = p < end && *p == '-';
	int64_t e = 0;

	if (p < end && (*p == '-' || *p == '+'))
		p++;
	if (p == end || !msgc__is_digit(*p)) {
		*ret_bad = p;
		return NULL;
	}
	for (; p < end && msgc__is_digit(*p); p++)
		if (e < EXPONENT_READ)
			e = e * 10 + (*p - '0');
	*ret = negative ? -e : e;
	return p;
}

static int32_t saturate(int64_t e)
{
	return (int32_t)(e > EXPONENT_MOST   ? EXPONENT_MOST
	                : e < -EXPONENT_MOST ? -EXPONENT_MOST
	                                     : e);
}

const char *msgc__scan_number(
        const char *p, const char *end, struct msgc__number *ret, const char **ret_bad)
{
	struct scan s = {0};
	int64_t exponent = 0;

	*ret = (struct msgc__number){.at = p, .plain = true};
	if (p < end && *p == '-') {
		ret->negative = true;
		p++;
	}
	if (p == end || !msgc__is_digit(*p)) {
		*ret_bad = p;
		return NULL;
	}
	if (*p == '0' && p + 1 < end && msgc__is_digit(p[1])) {
		*ret_bad = p + 1;
		return NULL;
	}
	p = scan_digits(p, end, &s, false);
	if (p < end && *p == '.') {
		ret->plain = false;
		if (p + 1 == end || !msgc__is_digit(p[1])) {
			*ret_bad = p + 1;
			return NULL;
		}
		p = scan_digits(p + 1, end, &s, true);
	}
	if (p < end && (*p == 'e' || *p == 'E')) {
		ret->plain = false;
		p = scan_exponent(p + 1, end, &exponent, ret_bad);
		if (!p)
			return NULL;
	}
	ret->end = p;
	ret->digits = s.digits;
	ret->exponent = saturate(exponent + s.shift);
	ret->more = s.more;
	return p;
}

bool msgc__is_number(const char *text, size_t len)
{
	struct msgc__number n;
	const char *bad;

	return len > 0 && msgc__scan_number(text, text + len, &n, &bad) == text + len;
}
