/* SPDX-License-Identifier: MIT */
/*
 * UTF-8 as RFC 3629 defines it: shortest forms only, no surrogates, nothing past U+10FFFF; code
 * points and white space. Portable C: where it is only asked whether a text is valid, a kernel
 * answers faster.
 */
#include "internal.h"

#define HIGH_BITS UINT64_C(0x8080808080808080)

/* RFC 3629 section 4. */
size_t msgc__utf8_sequence(const uint8_t *p, size_t left)
{
	uint8_t c = p[0], low = 0x80, high = 0xBF;
	size_t len;

	if (c < 0xC2) {
		return 0;
	} else if (c < 0xE0) {
		len = 2;
	} else if (c < 0xF0) {
		len = 3;
		if (c == 0xE0)
			low = 0xA0;
		else if (c == 0xED)
			high = 0x9F;
	} else if (c < 0xF5) {
		len = 4;
		if (c == 0xF0)
			low = 0x90;
		else if (c == 0xF4)
			high = 0x8F;
	} else {
		return 0;
	}
	if (left < len || p[1] < low || p[1] > high)
		return 0;
	for (size_t i = 2; i < len; i++)
		if ((p[i] & 0xC0) != 0x80)
			return 0;
	return len;
}

size_t msgc__utf8_prefix(const char *text, size_t len)
{
	const uint8_t *begin = (const uint8_t *)text, *p = begin, *end = begin + len;
	size_t n;

	while (p < end) {
		if (*p < 0x80) {
			if (end - p >= 8 && !(msgc__load8(p) & HIGH_BITS))
				p += 8;
			else
				p++;
			continue;
		}
		n = msgc__utf8_sequence(p, (size_t)(end - p));
		if (n == 0)
			break;
		p += n;
	}
	return (size_t)(p - begin);
}

bool msgc_utf8_valid(const char *text, size_t len)
{
	return len == 0 || msgc__kernels->utf8_valid(text, len);
}

size_t msgc_utf8_count(struct msgc_str s)
{
	size_t count = 0, i = 0;
	uint64_t v;

	for (; s.len - i >= 8; i += 8) {
		/* A byte continues a sequence when its upper bits are 10. */
		v = msgc__load8(s.ptr + i);
		v = (v >> 7) & ~(v >> 6) & UINT64_C(0x0101010101010101);
		count += 8 - (size_t)((v * UINT64_C(0x0101010101010101)) >> 56);
	}
	for (; i < s.len; i++)
		count += ((uint8_t)s.ptr[i] & 0xC0) != 0x80;
	return count;
}

size_t msgc_utf8_cut(const char *text, size_t len, size_t most)
{
	if (len <= most)
		return len;
	while (most > 0 && ((uint8_t)text[most] & 0xC0) == 0x80)
		most--;
	return most;
}

size_t msgc__space_at(const char *p, const char *end)
{
	const uint8_t *u = (const uint8_t *)p;
	size_t left = (size_t)(end - p);

	if (left == 0)
		return 0;
	if (u[0] == ' ' || (u[0] >= '\t' && u[0] <= '\r'))
		return 1;
	if (u[0] == 0xC2)
		return left >= 2 && u[1] == 0xA0 ? 2 : 0; /* U+00A0 */
	if (left < 3)
		return 0;
	switch (u[0]) {
	case 0xE1: /* U+1680 */ return u[1] == 0x9A && u[2] == 0x80 ? 3 : 0;
	case 0xE2: /* U+2000 to U+200A, U+2028, U+2029, U+202F, U+205F */
		if (u[1] == 0x80)
			return u[2] <= 0x8A || u[2] == 0xA8 || u[2] == 0xA9 || u[2] == 0xAF ? 3 : 0;
		return u[1] == 0x81 && u[2] == 0x9F ? 3 : 0;
	case 0xE3: /* U+3000 */ return u[1] == 0x80 && u[2] == 0x80 ? 3 : 0;
	case 0xEF: /* U+FEFF */ return u[1] == 0xBB && u[2] == 0xBF ? 3 : 0;
	default: return 0;
	}
}

struct msgc_str msgc_str_trimmed(struct msgc_str s)
{
	const char *p, *end, *q;
	size_t n;

	if (s.len == 0)
		return s;
	p = s.ptr;
	end = p + s.len;
	while ((n = msgc__space_at(p, end)) > 0)
		p += n;
	while (end > p) {
		for (q = end - 1; q > p && ((uint8_t)*q & 0xC0) == 0x80; q--)
			;
		if (msgc__space_at(q, end) != (size_t)(end - q))
			break;
		end = q;
	}
	return msgc_str_of(p, (size_t)(end - p));
}

#define NONE4   MSGC__NO_HEX, MSGC__NO_HEX, MSGC__NO_HEX, MSGC__NO_HEX
#define NONE16  NONE4, NONE4, NONE4, NONE4
#define NONE64  NONE16, NONE16, NONE16, NONE16
#define LETTERS MSGC__NO_HEX, 10, 11, 12, 13, 14, 15, MSGC__NO_HEX, NONE4, NONE4, NONE16

const uint32_t msgc__hex[256] = {NONE16, NONE16, NONE16, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, MSGC__NO_HEX,
        MSGC__NO_HEX, NONE4, LETTERS, LETTERS, NONE64, NONE64};

int msgc__hex_value(char c)
{
	uint32_t v = msgc__hex[(uint8_t)c];

	return v == MSGC__NO_HEX ? -1 : (int)v;
}
