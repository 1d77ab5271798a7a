/* SPDX-License-Identifier: MIT */
/*
 * base64url, strict: one text for each sequence of bytes, so that a token cannot be rewritten into another text that is still
 * good.
 */
#include "jwt_internal.h"

/* 0 to 63, or -1. */
static int value_of(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '-')
		return 62;
	return c == '_' ? 63 : -1;
}

int msgc__base64url_decode(const char *text, size_t len, uint8_t *out)
{
	uint32_t bits = 0;
	unsigned count = 0;

	if (len % 4 == 1)
		return MSGC_EINVAL;
	for (size_t i = 0; i < len; i++) {
		int value = value_of(text[i]);

		if (value < 0)
			return MSGC_EINVAL;
		bits = (bits << 6 | (uint32_t)value) & 0xffffff;
		count += 6;
		if (count >= 8) {
			count -= 8;
			*out++ = (uint8_t)(bits >> count & 0xff);
		}
	}
	return bits & ((1u << count) - 1) ? MSGC_EINVAL : MSGC_OK;
}
