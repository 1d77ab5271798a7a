/* SPDX-License-Identifier: MIT */
/*
 * What the load says: one JSON object, the same for all servers, with a place for the speaker and one for the message's number; and how it
 * comes back. It must not know of sockets.
 */
#include "load.h"

#include <stdio.h>
#include <string.h>

enum { NAME_DIGITS = 5, NUMBER_DIGITS = 10 };
static const uint64_t NUMBER_FIRST = 1000000000;

static char sample[TEXT_MAX];
static size_t sample_len, name_at, number_at, head_len;

void message_init(void)
{
	static const char letters[] = "the-quick-brown-fox-jumps-over-the-lazy-dog,";
	const char *head = options.socketio ? "42[\"message\"," : "";
	size_t at, end;

	head_len = strlen(head);
	at = (size_t)snprintf(sample, sizeof(sample),
	        "%s{\"action\":\"chat\",\"payload\":{\"id\":1000000000,\"name\":\"user-00000\","
	        "\"text\":\"",
	        head);
	number_at = (size_t)(strstr(sample, "1000000000") - sample);
	name_at = (size_t)(strstr(sample, "user-") - sample) + 5;
	end = head_len + options.size - 3;
	if (end < at + 1 || end + 8 > sizeof(sample))
		fail("--size must be from %zu to %zu", at + 4 - head_len, sizeof(sample) - 32);
	for (size_t i = 0; at < end; i++)
		sample[at++] = letters[i % (sizeof(letters) - 1)];
	sample_len = at +
	        (size_t)snprintf(
	                sample + at, sizeof(sample) - at, "\"}}%s", options.socketio ? "]" : "");
}

static void put_digits(char *to, unsigned digits, uint64_t value)
{
	while (digits-- > 0) {
		to[digits] = (char)('0' + value % 10);
		value /= 10;
	}
}

size_t message_make(char text[TEXT_MAX], unsigned connection, uint64_t number)
{
	memcpy(text, sample, sample_len + 1);
	put_digits(text + name_at, NAME_DIGITS, connection);
	put_digits(text + number_at, NUMBER_DIGITS, NUMBER_FIRST + number);
	return sample_len;
}

/* The slow way, for servers that put blanks between tokens; the messages themselves have none. */
static bool is_same_but_blanks(const char *text, size_t len, const char *want, size_t want_len)
{
	size_t i, at = 0;

	for (i = 0; i < len; i++) {
		if (text[i] == ' ')
			continue;
		if (at == want_len || text[i] != want[at])
			return false;
		at++;
	}
	return at == want_len;
}

static bool is_same(const char *text, size_t len, const char *want, size_t want_len)
{
	return (len == want_len && !memcmp(text, want, len)) ||
	        is_same_but_blanks(text, len, want, want_len);
}

bool message_is(const char *text, size_t len, const char *want, size_t want_len, bool mine)
{
	static const char *const faces[] = {",\"is_mine\":false,\"is_current\":false}",
	        ",\"is_mine\":false,\"is_current\":true}"};
	char whole[TEXT_MAX + 64];
	const size_t tail = options.socketio ? 2 : 1; /* of `want`, from the object's brace on */

	if (!options.faces)
		return is_same(text, len, want, want_len);
	/* The quick way for what nearly all of them are. */
	if (len > want_len && !options.socketio && !memcmp(text, want, want_len - 1) &&
	        !strncmp(text + want_len - 1, faces[mine], len - want_len + 1))
		return len - want_len + 1 == strlen(faces[mine]);
	for (unsigned i = 0; i <= mine; i++) {
		size_t whole_len = (size_t)snprintf(whole, sizeof(whole), "%.*s%s%s",
		        (int)(want_len - tail), want, faces[i], options.socketio ? "]" : "");

		if (is_same(text, len, whole, whole_len))
			return true;
	}
	return false;
}

size_t frame_make(unsigned char frame[FRAME_MAX], unsigned opcode, const char *payload, size_t len)
{
	static uint32_t mask = 0x9e3779b9;
	uint64_t wide, word;
	size_t at = 2, i;

	frame[0] = (unsigned char)(0x80 | opcode);
	frame[1] = (unsigned char)(0x80 | (len < 126 ? len : 126));
	if (len >= 126) {
		frame[2] = (unsigned char)(len >> 8);
		frame[3] = (unsigned char)len;
		at = 4;
	}
	mask = mask * 1664525u +
	        1013904223u; /* a new one each time, as RFC 6455 section 5.3 wants */
	memcpy(frame + at, &mask, 4);
	at += 4;
	wide = (uint64_t)mask << 32 | mask;
	for (i = 0; i + 8 <= len; i += 8) {
		memcpy(&word, payload + i, 8);
		word ^= wide;
		memcpy(frame + at + i, &word, 8);
	}
	for (; i < len; i++)
		frame[at + i] = (unsigned char)((unsigned char)payload[i] ^
		        (unsigned char)(wide >> 8 * (i & 7)));
	return at + len;
}
