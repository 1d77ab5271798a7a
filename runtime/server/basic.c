/* SPDX-License-Identifier: MIT */
/*
 * Basic credentials (RFC 7617, charset UTF-8) out of an Authorization header, and the brake on guessing them. It must not know who is
 * who.
 */
#include "credentials.h"

#include <string.h>
#include <strings.h>

#include <msgc/codec_gen.h>

#include "connection.h"
#include "worker.h"

enum { SCOPE_ADDRESS = 11, SCOPE_NAME = 12 };

static int sextet(char c)
{
	static const char digits[] =
	        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *at = c ? strchr(digits, c) : NULL;

	return at ? (int)(at - digits) : -1;
}

/* Base64 with or without padding (clients differ). Bytes written, or -1. */
static long decode(const char *text, size_t len, char *out, size_t room)
{
	uint32_t bits = 0;
	unsigned have = 0;
	size_t n = 0;

	for (int pads = 0; len > 0 && text[len - 1] == '=' && pads < 2; pads++)
		len--;
	for (size_t i = 0; i < len; i++) {
		int value = sextet(text[i]);

		if (value < 0)
			return -1;
		bits = bits << 6 | (uint32_t)value;
		have += 6;
		if (have < 8)
			continue;
		have -= 8;
		if (n == room)
			return -1;
		out[n++] = (char)(bits >> have & 0xff);
	}
	return have == 6 || (bits & ((1u << have) - 1)) != 0 ? -1 : (long)n;
}

static bool has_control(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f)
			return true;
	}
	return false;
}

int msgc__basic_read(struct msgc_str header, char out[MSGC__BASIC_MAX + 2],
        struct msgc_str *ret_name, struct msgc_str *ret_password)
{
	static const char scheme[] = "basic ";
	size_t at = sizeof scheme - 1;
	const char *colon;
	long len;

	if (!header.ptr || header.len <= at || strncasecmp(header.ptr, scheme, at) != 0)
		return MSGC_EINVAL;
	while (at < header.len && header.ptr[at] == ' ')
		at++;
	len = decode(header.ptr + at, header.len - at, out, MSGC__BASIC_MAX);
	colon = len > 0 ? memchr(out, ':', (size_t)len) : NULL;
	if (!colon || has_control(out, (size_t)len) || !msgc_utf8_valid(out, (size_t)len)) {
		explicit_bzero(out, MSGC__BASIC_MAX);
		return MSGC_EINVAL;
	}
	*ret_name = msgc_str_of(out, (size_t)(colon - out));
	*ret_password = msgc_str_of(colon + 1, (size_t)(out + len - colon - 1));
	out[ret_name->len] = '\0';
	out[len] = '\0';
	return 0;
}

/* ------------------------------------------------------------------------------------------- guessing */

static uint64_t key_of_name(struct msgc_str name)
{
	return msgc_hash_bytes(SCOPE_NAME, name.ptr, name.len) | 1;
}

int64_t msgc__basic_wait(struct msgc_server *server, const struct msgc_rate *rate,
        const char *address, struct msgc_str name)
{
	int64_t now = msgc__server_now_ms(server), by_address, by_name;

	if (rate->tokens == 0)
		return 0;
	by_address = msgc__throttle_look_key(
	        server->rates, msgc__throttle_key(SCOPE_ADDRESS, address), rate, now);
	by_name = msgc__throttle_look_key(server->rates, key_of_name(name), rate, now);
	return by_address > by_name ? by_address : by_name;
}

void msgc__basic_failed(struct msgc_server *server, const struct msgc_rate *rate,
        const char *address, struct msgc_str name)
{
	int64_t now = msgc__server_now_ms(server);

	if (rate->tokens == 0)
		return;
	(void)msgc__throttle_take_key(
	        server->rates, msgc__throttle_key(SCOPE_ADDRESS, address), rate, now);
	(void)msgc__throttle_take_key(server->rates, key_of_name(name), rate, now);
}
