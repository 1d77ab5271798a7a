/* SPDX-License-Identifier: MIT */
/*
 * Tokens of RFC 8259: white space, literals, strings with their escapes. What is right goes by the
 * kernels; what they refuse is gone through once more, byte by byte, to say what is wrong and where.
 * It reads between two pointers and knows no reader.
 */
#include "internal.h"

const char msgc__escapes[256] = {['"'] = '"',
        ['\\'] = '\\',
        ['/'] = '/',
        ['b'] = '\b',
        ['f'] = '\f',
        ['n'] = '\n',
        ['r'] = '\r',
        ['t'] = '\t'};

const char msgc__cut_value[] = "EOF while parsing a value";
const char msgc__cut_string[] = "EOF while parsing a string";

size_t msgc__scan_literal(const char *p, const char *end)
{
	size_t left = (size_t)(end - p);

	if (left >= 4 && (memcmp(p, "true", 4) == 0 || memcmp(p, "null", 4) == 0))
		return 4;
	return left >= 5 && memcmp(p, "false", 5) == 0 ? 5 : 0;
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
		if (!msgc__escapes[(uint8_t)*at])
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

/* The string once more, slowly: what is wrong with it, and where. */
MSGC__COLD static const char *wrong_string(const char *p, const char *end, const char **ret_bad)
{
	const char *begin = p, *wrong;

	for (;;) {
		while (p < end && *p != '"' && *p != '\\' && (uint8_t)*p >= 0x20)
			p++;
		*ret_bad = p;
		if (p == end)
			return msgc__cut_string;
		if (*p == '"')
			break;
		if (*p != '\\')
			return "control character (\\u0000-\\u001F) found while parsing a string";
		wrong = scan_escape(&p, end);
		if (wrong)
			return wrong;
	}
	/* Escapes are ASCII, so that the raw text is valid exactly when the value is. */
	*ret_bad = begin + msgc__utf8_prefix(begin, (size_t)(p - begin));
	return "invalid unicode code point";
}

const char *msgc__scan_string(const char *p, const char *end, ptrdiff_t slack,
        struct msgc__string *ret, const char **ret_bad)
{
	const char *quote = msgc__kernels->string_end(p, end, slack, &ret->escaped);

	if (MSGC__UNLIKELY(!quote))
		return wrong_string(p, end, ret_bad);
	ret->raw = p;
	ret->len = (size_t)(quote - p);
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

/* The escape at *p, which moves behind it. The text has been scanned. */
static char *unescape_one(const char **p, const char *end, char *to)
{
	const char *at = *p;
	uint32_t c;

	if (at[1] != 'u') {
		*to = msgc__escapes[(uint8_t)at[1]];
		*p = at + 2;
		return to + 1;
	}
	c = (uint32_t)scan_hex4(at + 2, end);
	at += 6;
	if (c >= 0xD800 && c <= 0xDBFF) {
		c = 0x10000 + ((c & 0x3FF) << 10) + ((uint32_t)scan_hex4(at + 2, end) & 0x3FF);
		at += 6;
	}
	*p = at;
	return put_utf8(to, c);
}

size_t msgc__unescape(const struct msgc__string *s, char *to)
{
	const char *p = s->raw, *end = p + s->len, *backslash;
	char *begin = to;

	while (p < end) {
		backslash = memchr(p, '\\', (size_t)(end - p));
		backslash = backslash ? backslash : end;
		memmove(to, p, (size_t)(backslash - p));
		to += backslash - p;
		p = backslash;
		if (p < end)
			to = unescape_one(&p, end, to);
	}
	return (size_t)(to - begin);
}

bool msgc__string_is(const struct msgc__string *s, struct msgc_str text)
{
	const char *p = s->raw, *end = p + s->len, *at = text.ptr, *stop = at + text.len;
	char one[4];
	size_t n;

	if (!s->escaped)
		return msgc_str_equal(msgc_str_of(p, s->len), text);
	for (; p < end; at += n) {
		n = 1;
		one[0] = *p;
		if (*p == '\\')
			n = (size_t)(unescape_one(&p, end, one) - one);
		else
			p++;
		if ((size_t)(stop - at) < n || memcmp(one, at, n) != 0)
			return false;
	}
	return at == stop;
}
