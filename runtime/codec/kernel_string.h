/* SPDX-License-Identifier: MIT */
/*
 * Strings and white space of a text, a block at a time. `slack` is how many bytes behind `end` may
 * be read: MSGC_PADDING in a reader's own text, where a NUL at `end` stops every scan, 0 elsewhere,
 * where the last bytes are looked at one by one. What is wrong ends in NULL; scan.c says why.
 */
#ifndef MSGC_CODEC_KERNEL_STRING_H
#define MSGC_CODEC_KERNEL_STRING_H

#include "kernel_utf8.h"

/* What a string's characters were like. */
struct seen {
	mask high;    /* bytes above 0x7F */
	bool escaped; /* a backslash */
};

/* The value of four hexadecimal digits, or at least 0x10000. */
ALWAYS uint32_t hex4(const char *p)
{
	return (uint32_t)msgc__hex[(uint8_t)p[0]] << 12 | (uint32_t)msgc__hex[(uint8_t)p[1]] << 8 |
	        (uint32_t)msgc__hex[(uint8_t)p[2]] << 4 | msgc__hex[(uint8_t)p[3]];
}

/* At a backslash: behind the escape, both surrogates of a pair together; NULL: it is none. */
static const char *escape_end(const char *p, const char *end)
{
	uint32_t unit;

	if (end - p < 2)
		return NULL;
	if (p[1] != 'u')
		return msgc__escapes[(uint8_t)p[1]] ? p + 2 : NULL;
	if (end - p < 6)
		return NULL;
	unit = hex4(p + 2);
	if (unit - 0xD800 >= 0x800)
		return unit > 0xFFFF ? NULL : p + 6;
	if (unit >= 0xDC00 || end - p < 12 || p[6] != '\\' || p[7] != 'u')
		return NULL;
	unit = hex4(p + 8);
	return unit - 0xDC00 < 0x400 ? p + 12 : NULL;
}

/* The next special byte, or end. */
ALWAYS const char *run_end(const char *p, const char *end, ptrdiff_t slack, struct seen *seen)
{
	block v;
	mask m;
	unsigned k;

	while (end - p + slack >= BLOCK) {
		v = block_load(p);
		m = block_special(v);
		if (m) {
			k = mask_first(m);
			seen->high |= block_high(v) & mask_below(k);
			return p + k;
		}
		seen->high |= block_high(v);
		p += BLOCK;
	}
	for (; p < end && *p != '"' && *p != '\\' && (uint8_t)*p >= 0x20; p++)
		seen->high |= (uint8_t)*p >> 7;
	return p;
}

/* From behind the opening quote to the closing one; NULL: the string is wrong somewhere. */
ALWAYS const char *string_end(const char *p, const char *end, ptrdiff_t slack, bool *ret_escaped)
{
	struct seen seen = {0, false};
	const char *begin = p;
	size_t len;

	for (;;) {
		p = run_end(p, end, slack, &seen);
		if (p >= end)
			return NULL;
		if (*p == '"')
			break;
		if (*p != '\\')
			return NULL;
		seen.escaped = true;
		do {
			p = escape_end(p, end);
			if (!p)
				return NULL;
		} while (p < end && *p == '\\');
	}
	*ret_escaped = seen.escaped;
	if (MSGC__LIKELY(!seen.high))
		return p;
	/* Escapes are ASCII, so that the raw text is valid exactly when the value is. */
	len = (size_t)(p - begin);
	if (end - p + slack >= U8_BLOCK)
		return u8_valid_padded(begin, len) ? p : NULL;
	return u8_valid(begin, len) ? p : NULL;
}

static const char *kernel_string_end(
        const char *p, const char *end, ptrdiff_t slack, bool *ret_escaped)
{
	return string_end(p, end, slack, ret_escaped);
}

static bool kernel_utf8_valid(const char *p, size_t len)
{
	return u8_valid(p, len);
}

/* ---- escapes resolved ---- */

ALWAYS char *put_utf8(char *to, uint32_t c)
{
	if (c < 0x80) {
		*to++ = (char)c;
		return to;
	}
	if (c < 0x800) {
		*to++ = (char)(0xC0 | c >> 6);
	} else {
		if (c < 0x10000) {
			*to++ = (char)(0xE0 | c >> 12);
		} else {
			*to++ = (char)(0xF0 | c >> 18);
			*to++ = (char)(0x80 | (c >> 12 & 63));
		}
		*to++ = (char)(0x80 | (c >> 6 & 63));
	}
	*to++ = (char)(0x80 | (c & 63));
	return to;
}

/* At the backslash of an escape that is right. */
ALWAYS const char *put_escape(const char *p, char **to)
{
	uint32_t c;

	if (MSGC__LIKELY(p[1] != 'u')) {
		*(*to)++ = msgc__escapes[(uint8_t)p[1]];
		return p + 2;
	}
	c = hex4(p + 2);
	p += 6;
	if (c - 0xD800 < 0x400) {
		c = 0x10000 + ((c & 0x3FF) << 10) + (hex4(p + 2) & 0x3FF);
		p += 6;
	}
	*to = put_utf8(*to, c);
	return p;
}

/* ---- white space ---- */

ALWAYS const char *space_end(const char *p, const char *end, ptrdiff_t slack)
{
	mask m;

	while (end - p + slack >= BLOCK) {
		m = block_not_space(block_load(p));
		if (m)
			return p + mask_first(m);
		p += BLOCK;
	}
	while (p < end && msgc__is_space(*p))
		p++;
	return p;
}

static const char *kernel_space_end(const char *p, const char *end, ptrdiff_t slack)
{
	return space_end(p, end, slack);
}

#endif
