/* SPDX-License-Identifier: MIT */
/*
 * Tokens of RFC 8259: white space, literals, strings with their escapes. Eight bytes at a time
 * where that is cheap; the place for vector kernels. It reads between two pointers and knows no
 * reader.
 */
#include "internal.h"

#define ONES  UINT64_C(0x0101010101010101)
#define HIGHS UINT64_C(0x8080808080808080)

const char msgc__cut_value[] = "EOF while parsing a value";
const char msgc__cut_string[] = "EOF while parsing a string";

const char *msgc__scan_space(const char *p, const char *end)
{
	while (p < end && msgc__is_space(*p))
		p++;
	return p;
}

size_t msgc__scan_literal(const char *p, const char *end)
{
	size_t left = (size_t)(end - p);

	if (left >= 4 && (memcmp(p, "true", 4) == 0 || memcmp(p, "null", 4) == 0))
		return 4;
	return left >= 5 && memcmp(p, "false", 5) == 0 ? 5 : 0;
}

/*
 * Quotes, backslashes and control characters: the highest bit of each such byte; exact up to the
 * first of them.
 */
static uint64_t special_bytes(uint64_t v)
{
	uint64_t quote = v ^ ONES * '"', backslash = v ^ ONES * '\\';

	return ((quote - ONES) | (backslash - ONES) | (v - ONES * 0x20)) & ~v & HIGHS;
}

/*
 * The next byte that is not simply part of the string, or end. *ret_high collects bytes above 0x7F.
 */
static const char *find_special(const char *p, const char *end, uint64_t *ret_high)
{
	uint64_t v, special;

	for (; end - p >= 8; p += 8) {
		v = msgc__load8(p);
		special = special_bytes(v);
		if (special) {
			*ret_high |= v & HIGHS & (special - 1);
			return p + msgc__trailing_zeros(special) / 8;
		}
		*ret_high |= v & HIGHS;
	}
	for (; p < end; p++) {
		if (*p == '"' || *p == '\\' || (uint8_t)*p < 0x20)
			break;
		*ret_high |= (uint8_t)*p & 0x80;
	}
	return p;
}

/* Four hexadecimal digits, or -1. */
static int32_t scan_hex4(const char *p, const char *end)
{
	int32_t v = 0;
	int digit;

	if (end - p < 4)
		return -1;
	for (int i = 0; i < 4; i++) {
		digit = msgc__hex_value(p[i]);
		if (digit < 0)
			return -1;
		v = v << 4 | digit;
	}
	return v;
}

/* At a backslash. Moves behind the escape, both halves of a pair of surrogates together. */
static const char *scan_escape(const char **p, const char *end)
{
	const char *at = *p + 1;
	int32_t unit, low;

	if (at == end)
		return msgc__cut_string;
	if (*at != 'u') {
		if (!*at || !strchr("\"\\/bfnrt", *at))
			return "invalid escape";
		*p = at + 1;
		return NULL;
	}
	unit = scan_hex4(at + 1, end);
	if (unit < 0)
		return end - at <= 4 ? msgc__cut_string : "invalid escape";
	at += 5;
	if (unit >= 0xD800 && unit <= 0xDFFF) {
		low = unit <= 0xDBFF && end - at >= 2 && at[0] == '\\' && at[1] == 'u'
		        ? scan_hex4(at + 2, end)
		        : -1;
		if (low < 0xDC00 || low > 0xDFFF)
			return "lone surrogate in hex escape";
		at += 6;
	}
	*p = at;
	return NULL;
}

const char *msgc__scan_string(
        const char *p, const char *end, struct msgc__string *ret, const char **ret_bad)
{
	uint64_t high = 0;
	const char *wrong = NULL;
	size_t valid;

	*ret = (struct msgc__string){.raw = p};
	for (;;) {
		p = find_special(p, end, &high);
		*ret_bad = p;
		if (p == end)
			return msgc__cut_string;
		if (*p == '"')
			break;
		if (*p != '\\')
			return "control character (\\u0000-\\u001F) found while parsing a string";
		ret->escaped = true;
		wrong = scan_escape(&p, end);
		if (wrong)
			return wrong;
	}
	ret->len = (size_t)(p - ret->raw);
	if (high) {
		/* Escapes are ASCII, so that the raw text is valid exactly when the value is. */
		valid = msgc__utf8_prefix(ret->raw, ret->len);
		*ret_bad = ret->raw + valid;
		if (valid < ret->len)
			return "invalid unicode code point";
	}
	return NULL;
}

static char *put_utf8(char *to, uint32_t c)
{
	if (c < 0x80) {
		*to++ = (char)c;
	} else if (c < 0x800) {
		*to++ = (char)(0xC0 | c >> 6);
		*to++ = (char)(0x80 | (c & 63));
	} else if (c < 0x10000) {
		*to++ = (char)(0xE0 | c >> 12);
		*to++ = (char)(0x80 | (c >> 6 & 63));
		*to++ = (char)(0x80 | (c & 63));
	} else {
		*to++ = (char)(0xF0 | c >> 18);
		*to++ = (char)(0x80 | (c >> 12 & 63));
		*to++ = (char)(0x80 | (c >> 6 & 63));
		*to++ = (char)(0x80 | (c & 63));
	}
	return to;
}

static char unescape_letter(char c)
{
	switch (c) {
	case 'b': return '\b';
	case 'f': return '\f';
	case 'n': return '\n';
	case 'r': return '\r';
	case 't': return '\t';
	default: return c;
	}
}

size_t msgc__unescape(const struct msgc__string *s, char *to)
{
	const char *p = s->raw, *end = p + s->len, *backslash;
	char *begin = to;
	uint32_t c;

	while (p < end) {
		backslash = memchr(p, '\\', (size_t)(end - p));
		backslash = backslash ? backslash : end;
		memmove(to, p, (size_t)(backslash - p));
		to += backslash - p;
		p = backslash;
		if (p == end)
			break;
		if (p[1] != 'u') {
			*to++ = unescape_letter(p[1]);
			p += 2;
			continue;
		}
		c = (uint32_t)scan_hex4(p + 2, end);
		p += 6;
		if (c >= 0xD800 && c <= 0xDBFF) {
			c = 0x10000 + ((c & 0x3FF) << 10) +
			        ((uint32_t)scan_hex4(p + 2, end) & 0x3FF);
			p += 6;
		}
		to = put_utf8(to, c);
	}
	return (size_t)(to - begin);
}
