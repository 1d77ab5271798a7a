/* SPDX-License-Identifier: MIT */
/*
 * RFC 4648 section 4: the standard alphabet, padding demanded, no line breaks, no bits left over;
 * so that each text has one meaning and each value one text.
 */
#include "internal.h"

#define BAD 0xFF

static uint8_t sextet(char c)
{
	if (c >= 'A' && c <= 'Z')
		return (uint8_t)(c - 'A');
	if (c >= 'a' && c <= 'z')
		return (uint8_t)(c - 'a' + 26);
	if (msgc__is_digit(c))
		return (uint8_t)(c - '0' + 52);
	return c == '+' ? 62 : c == '/' ? 63 : BAD;
}

size_t msgc__base64_decode(struct msgc_str text, uint8_t *to, size_t *ret_bad)
{
	size_t len = text.len, n = 0, i;
	uint32_t bits = 0;
	uint8_t v;

	*ret_bad = len;
	if (len % 4)
		return (size_t)-1;
	if (len && text.ptr[len - 1] == '=')
		len -= text.ptr[len - 2] == '=' ? 2 : 1;
	for (i = 0; i < len; i++) {
		v = sextet(text.ptr[i]);
		if (v == BAD) {
			*ret_bad = i;
			return (size_t)-1;
		}
		bits = bits << 6 | v;
		if (i % 4) /* the first sextet of four completes no byte */
			to[n++] = (uint8_t)(bits >> (6 - 2 * (i % 4)));
	}
	/* What the last sextet has beyond its byte must be 0. */
	if ((i % 4 == 2 && bits & 0xF) || (i % 4 == 3 && bits & 3)) {
		*ret_bad = i - 1;
		return (size_t)-1;
	}
	return n;
}

void msgc_write_bytes(struct msgc_buf *out, struct msgc_bytes v)
{
	static const char alphabet[] =
	        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	size_t i = 0, left = v.len % 3, whole = v.len - left;
	uint32_t bits;
	char *p;

	if (v.len > SIZE_MAX / 4) {
		out->error = out->error ? out->error : MSGC_ENOMEM;
		return;
	}
	p = msgc_buf_reserve(out, (v.len + 2) / 3 * 4 + 2);
	if (!p)
		return;
	*p++ = '"';
	for (; i < whole; i += 3) {
		bits = (uint32_t)v.ptr[i] << 16 | (uint32_t)v.ptr[i + 1] << 8 | v.ptr[i + 2];
		*p++ = alphabet[bits >> 18];
		*p++ = alphabet[bits >> 12 & 63];
		*p++ = alphabet[bits >> 6 & 63];
		*p++ = alphabet[bits & 63];
	}
	if (left) {
		bits = (uint32_t)v.ptr[i] << 16 | (left == 2 ? (uint32_t)v.ptr[i + 1] << 8 : 0);
		*p++ = alphabet[bits >> 18];
		*p++ = alphabet[bits >> 12 & 63];
		*p++ = left == 2 ? alphabet[bits >> 6 & 63] : '=';
		*p++ = '=';
	}
	*p++ = '"';
	out->len = (size_t)(p - out->data);
}
