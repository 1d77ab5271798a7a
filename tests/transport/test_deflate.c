/* SPDX-License-Identifier: MIT */
/*
 * permessage-deflate (RFC 7692) by hand: what is agreed on in the handshake, and what a client may send then. Where libwebsockets reads the frames nothing is agreed
 * on: with RAW_PIECES these tests show that.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "mock_core.h"
#include "raw.h"
#include "suites.h"

enum { RSV1 = 0x40, RSV2 = 0x20, RSV3 = 0x10, LIMIT = 65536 };

#define OFFER "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n"
#define FRESH "permessage-deflate; server_no_context_takeover; client_no_context_takeover"

static struct raw ws;

static void up(void)
{
	server_up();
	ws = raw_open(mock_port());
	ck_assert_int_eq(raw_upgrade(&ws, "/deflate", OFFER), 101);
	ck_assert_str_eq(raw_upgraded_header("Sec-WebSocket-Extensions"), FRESH);
}

static void down(void)
{
	raw_done(&ws);
	server_down();
}

static void expect(const char *text, size_t len)
{
	struct raw_frame frame;

	ck_assert_int_eq(raw_next(&ws, &frame, RAW_WAIT), 1);
	ck_assert_int_eq(frame.opcode, RAW_TEXT);
	ck_assert_uint_eq(frame.len, len);
	ck_assert_mem_eq(frame.payload, text, len);
}

static void still_echoes(void)
{
	raw_say(&ws, "still there");
	expect("still there", 11);
}

static void expect_close(int code)
{
	ck_assert_int_eq(raw_close_code(&ws, RAW_WAIT), code);
}

/* As a peer does it that has zlib only; to be freed. */
static char *deflated(const void *text, size_t len, size_t *ret_len)
{
	size_t room = len + len / 8 + 100;
	char *out = malloc(room);
	z_stream stream = {.next_in = (Bytef *)(uintptr_t)text,
	        .avail_in = (uInt)len,
	        .next_out = (Bytef *)out,
	        .avail_out = (uInt)room};

	ck_assert_int_eq(deflateInit2(&stream, 9, Z_DEFLATED, -15, 9, Z_DEFAULT_STRATEGY), Z_OK);
	ck_assert_int_eq(deflate(&stream, Z_SYNC_FLUSH), Z_OK);
	*ret_len = room - stream.avail_out - 4;
	deflateEnd(&stream);
	return out;
}

static void say_deflated(const void *text, size_t len)
{
	size_t size;
	char *bytes = deflated(text, len, &size);

	raw_frame(&ws, true, RSV1 | RAW_TEXT, bytes, size);
	free(bytes);
}

/* ---- the handshake */

static const struct {
	const char *path, *headers, *answer;
} handshakes[] = {
        {"/deflate", OFFER, FRESH},
        {"/deflate", "", ""},
        {"/echo", OFFER, ""},
        {"/deflate", "Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=10\r\n",
                FRESH "; server_max_window_bits=10"},
        {"/deflate", "Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=7\r\n",
                ""},
        {"/deflate", "Sec-WebSocket-Extensions: permessage-deflate; nonsense=1\r\n", ""},
        {"/deflate", "Sec-WebSocket-Extensions: mux\r\n", ""},
        {"/deflate", "Sec-WebSocket-Extensions: permessage-deflate; =\r\n", ""},
        {"/deflate",
                "Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=8\r\n"
                "Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=9\r\n",
                FRESH "; server_max_window_bits=9"},
        {"/deflate", "Sec-WebSocket-Protocol: one\r\n" OFFER, FRESH},
};
enum { HANDSHAKES = sizeof(handshakes) / sizeof(handshakes[0]) };

START_TEST(what_is_answered)
{
	ws = raw_open(mock_port());
	ck_assert_int_eq(raw_upgrade(&ws, handshakes[_i].path, handshakes[_i].headers), 101);
	ck_assert_str_eq(raw_upgraded_header("Sec-WebSocket-Extensions"),
	        raw_in_pieces() ? "" : handshakes[_i].answer);
	ck_assert_str_eq(raw_upgraded_header("Sec-WebSocket-Protocol"),
	        strstr(handshakes[_i].headers, "Protocol") ? "one" : "");
	ck_assert_int_eq(mock_counts.might_deflate, raw_in_pieces() ? 0 : 1);
	still_echoes();
	raw_done(&ws);
}
END_TEST

/* What one connection has agreed on is not told to the next. */
START_TEST(an_answer_is_one_connection_s)
{
	for (int i = 0; i < 4; i++) {
		ws = raw_open(mock_port());
		ck_assert_int_eq(raw_upgrade(&ws, "/deflate", i % 2 ? "" : OFFER), 101);
		ck_assert_str_eq(raw_upgraded_header("Sec-WebSocket-Extensions"),
		        i % 2 || raw_in_pieces() ? "" : FRESH);
		raw_done(&ws);
		ws = raw_open(mock_port());
		ck_assert_int_eq(raw_upgrade(&ws, "/nowhere", OFFER), 404);
		raw_done(&ws);
	}
}
END_TEST

START_TEST(not_with_frames_behind_the_handshake)
{
	size_t len;
	char *frame = raw_frame_bytes(true, RAW_TEXT, "at once", 7, &len), packet[1024];
	int head = snprintf(packet, sizeof(packet),
	        "GET /deflate HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: "
	        "Upgrade\r\n"
	        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n" OFFER
	        "\r\n");
	struct raw_answer answer;

	memcpy(packet + head, frame, len);
	free(frame);
	ws = raw_open(mock_port());
	raw_send(&ws, packet, (size_t)head + len);
	ck_assert_int_eq(raw_answer(&ws, &answer), 1);
	ck_assert_int_eq(answer.status, 101);
	ck_assert_str_eq(raw_header(&answer, "Sec-WebSocket-Extensions"), "");
	raw_answer_done(&answer);
	expect("at once", 7);
	say_deflated("deflated all the same", 21);
	expect_close(1002);
	raw_done(&ws);
}
END_TEST

/* Nothing was agreed on: a reserved bit is one. */
START_TEST(without_an_agreement_it_is_refused)
{
	ws = raw_open(mock_port());
	ck_assert_int_eq(raw_upgrade(&ws, _i ? "/echo" : "/deflate", _i ? OFFER : ""), 101);
	say_deflated("hello", 5);
	expect_close(1002);
	ck_assert_int_eq(mock_counts.texts, 0);
	raw_done(&ws);
}
END_TEST

/* ---- messages */

START_TEST(deflated_messages_of_all_sizes)
{
	static const size_t sizes[] = {0, 1, 5, 100, 4096, 16384, 16385, 50000, LIMIT};
	size_t len = sizes[_i];
	char *text = malloc(LIMIT);

	for (size_t i = 0; i < len; i++)
		text[i] = (char)('a' + i * i % 23);
	for (int i = 0; i < 3; i++) {
		say_deflated(text, len);
		expect(text, len);
	}
	still_echoes();
	ck_assert_int_eq(mock_counts.inflated, 3);
	ck_assert_uint_eq(mock_counts.inflated_to, 3 * len);
	free(text);
}
END_TEST

START_TEST(fragments_with_pings_between)
{
	static const char text[] = "one message in many fragments, many fragments, fragments";
	size_t len, i;
	char *bytes = deflated(text, sizeof(text) - 1, &len);
	struct raw_frame frame;

	for (i = 0; i < len; i++) {
		raw_frame(&ws, i == len - 1, i ? RAW_CONT : RSV1 | RAW_TEXT, bytes + i, 1);
		if (i == len / 2)
			raw_frame(&ws, true, RAW_PING, "between", 7);
	}
	ck_assert_int_eq(raw_next(&ws, &frame, RAW_WAIT), 1);
	ck_assert_int_eq(frame.opcode, RAW_PONG);
	expect(text, sizeof(text) - 1);
	raw_frame(&ws, false, RSV1 | RAW_TEXT, "", 0);
	raw_frame(&ws, false, RAW_CONT, bytes, len);
	raw_frame(&ws, true, RAW_CONT, "", 0);
	expect(text, sizeof(text) - 1);
	/* And one that is not deflated, in fragments too. */
	raw_frame(&ws, false, RAW_TEXT, "pl", 2);
	raw_frame(&ws, true, RAW_CONT, "ain", 3);
	expect("plain", 5);
	free(bytes);
	still_echoes();
	ck_assert_int_eq(mock_counts.inflated, 2);
}
END_TEST

START_TEST(byte_by_byte)
{
	size_t len, size;
	char *bytes = deflated("one byte at a time, at a time", 29, &len);
	char *frame = raw_frame_bytes(true, RSV1 | RAW_TEXT, bytes, len, &size);

	for (size_t i = 0; i < size; i++) {
		raw_send(&ws, frame + i, 1);
		raw_sleep(1);
	}
	expect("one byte at a time, at a time", 29);
	free(frame);
	free(bytes);
}
END_TEST

/* One state is lent to all, for one message at a time: fragments of several clients lie between each other. */
START_TEST(two_clients_take_turns)
{
	struct raw first = ws, second = raw_open(mock_port());
	size_t len[2];
	char *bytes[2] = {deflated("the first one, the first one", 28, &len[0]),
	        deflated("the other one, the other one", 28, &len[1])};

	ck_assert_int_eq(raw_upgrade(&second, "/deflate", OFFER), 101);
	for (size_t i = 0; i < len[0] || i < len[1]; i++) {
		if (i < len[0])
			raw_frame(&first, i == len[0] - 1, i ? RAW_CONT : RSV1 | RAW_TEXT,
			        bytes[0] + i, 1);
		if (i < len[1])
			raw_frame(&second, i == len[1] - 1, i ? RAW_CONT : RSV1 | RAW_TEXT,
			        bytes[1] + i, 1);
	}
	expect("the first one, the first one", 28);
	ws = second;
	expect("the other one, the other one", 28);
	raw_done(&ws);
	ws = first;
	free(bytes[0]);
	free(bytes[1]);
}
END_TEST

/* Nothing of a message can be referred to by a later one, of whatever client (no context takeover). */
START_TEST(nothing_is_left_of_a_message)
{
	struct raw other = raw_open(mock_port());

	ck_assert_int_eq(raw_upgrade(&other, "/deflate", OFFER), 101);
	say_deflated("Hello", 5);
	expect("Hello", 5);
	raw_frame(_i ? &other : &ws, true, RSV1 | RAW_TEXT, "\x02\x13\x00\x00", 4);
	if (_i) {
		raw_done(&ws);
		ws = other;
	}
	expect_close(1007);
	if (!_i)
		raw_done(&other);
}
END_TEST

START_TEST(kept_while_the_core_pauses)
{
	raw_say(&ws, "!pause 200");
	for (int i = 0; i < 50; i++)
		say_deflated("while it is paused, while it is paused", 38);
	for (int i = 0; i < 50; i++)
		expect("while it is paused, while it is paused", 38);
	still_echoes();
}
END_TEST

START_TEST(a_client_that_goes_in_the_middle)
{
	raw_frame(&ws, false, RSV1 | RAW_TEXT, "\xf2\x48", 2);
	raw_done(&ws);
	ws = raw_open(mock_port());
	ck_assert_int_eq(raw_upgrade(&ws, "/deflate", OFFER), 101);
	say_deflated("the next one", 12);
	expect("the next one", 12);
}
END_TEST

/* ---- misuse */

static const struct {
	const char *frames[3];
	int code;
} misuse[] = {
        /* First bytes; each frame is two bytes long. */
        {{"\xa1"}, 1002},         /* RSV2 */
        {{"\x91"}, 1002},         /* RSV3 */
        {{"\xe1"}, 1002},         /* RSV1 and RSV2 */
        {{"\xc9"}, 1002},         /* PING */
        {{"\xca"}, 1002},         /* PONG */
        {{"\xc8"}, 1002},         /* CLOSE */
        {{"\xc0"}, 1002},         /* a continuation of nothing */
        {{"\x41", "\xc0"}, 1002}, /* only a message's first fragment has it */
        {{"\x01", "\xc0"}, 1002}, /* the same, of one that is not deflated */
        {{"\x41", "\xc1"}, 1002}, /* a message inside of another */
        {{"\x41", "\x81"}, 1002}, /* the same */
        {{"\xc2"}, 1003},         /* a binary one, deflated */
        {{"\x42", "\x80"}, 1003}, /* the same, in fragments */
        {{"\xc3"}, 1002},         /* an opcode that there is not */
};
enum { MISUSE = sizeof(misuse) / sizeof(misuse[0]) };

START_TEST(reserved_bits_where_they_must_not_be)
{
	for (int i = 0; i < 3 && misuse[_i].frames[i]; i++) {
		unsigned first = (unsigned char)misuse[_i].frames[i][0];

		raw_frame(&ws, first & 0x80, (int)(first & 0x7f), "ab", 2);
	}
	expect_close(misuse[_i].code);
	ck_assert_int_eq(mock_counts.texts, 0);
}
END_TEST

static const struct {
	const char *bytes;
	size_t len;
} malformed[] = {
#define BYTES(bytes) bytes, sizeof(bytes) - 1
        {BYTES("")},
        {BYTES("\xff\xff\xff")},
        {BYTES("\x00\x05\x00\xfa\xfe\x48\x65\x6c\x6c\x6f\x00")},
        {BYTES("\xf2\x48\xcd")},
        {BYTES("not deflated")},
};
enum { MALFORMED = sizeof(malformed) / sizeof(malformed[0]) };

START_TEST(malformed_data_closes_1007)
{
	raw_frame(&ws, true, RSV1 | RAW_TEXT, malformed[_i].bytes, malformed[_i].len);
	raw_say(&ws, "not looked at");
	expect_close(1007);
	ck_assert_int_eq(mock_counts.texts, 0);
}
END_TEST

START_TEST(inflated_text_has_to_be_utf8)
{
	say_deflated("a\xc3(", 3);
	expect_close(1007);
}
END_TEST

/* ---- bombs */

START_TEST(one_byte_too_many)
{
	char *text = malloc(LIMIT + 1);

	memset(text, 't', LIMIT + 1);
	if (_i) {
		size_t len;
		char *bytes = deflated(text, LIMIT + 1, &len);

		raw_frame(&ws, false, RSV1 | RAW_TEXT, bytes, len / 2);
		raw_frame(&ws, true, RAW_CONT, bytes + len / 2, len - len / 2);
		free(bytes);
	} else {
		say_deflated(text, LIMIT + 1);
	}
	expect_close(1009);
	ck_assert_int_eq(mock_counts.texts, 0);
	free(text);
}
END_TEST

/* A thousandfold: 64 MiB in 65 kB. What is behind the limit is not looked at: its last bytes are no good. */
START_TEST(a_bomb_closes_1009)
{
	size_t size = 60 << 20, len;
	char *zeros = calloc(1, size), *bytes = deflated(zeros, size, &len);

	free(zeros);
	ck_assert_uint_lt(len, LIMIT);
	memset(bytes + len - 100, 0xff, 100);
	raw_frame(&ws, true, RSV1 | RAW_TEXT, bytes, len);
	free(bytes);
	expect_close(1009);
	ck_assert_int_eq(mock_counts.texts, 0);
}
END_TEST

/* What comes is bounded, too, whatever it would inflate to: empty blocks, of which any number is nothing. */
START_TEST(no_end_of_nothing)
{
	char block[1000];
	bool sent = true;

	for (size_t i = 0; i < sizeof(block); i += 5)
		memcpy(block + i, "\x00\x00\x00\xff\xff", 5);
	raw_frame(&ws, false, RSV1 | RAW_TEXT, block, sizeof(block));
	for (int i = 0; i < 200 && sent; i++) {
		size_t len;
		char *frame = raw_frame_bytes(false, RAW_CONT, block, sizeof(block), &len);

		sent = raw_try_send(&ws, frame, len);
		free(frame);
	}
	expect_close(1009);
	ck_assert_int_eq(mock_counts.texts, 0);
}
END_TEST

START_TEST(a_long_frame_is_refused_by_its_head)
{
	static const unsigned char head[] = {0xc1, 0xff, 0, 0, 0, 0, 0, 2, 0, 0, 1, 2, 3, 4};

	raw_send(&ws, head, sizeof(head));
	expect_close(1009);
}
END_TEST

Suite *suite_deflate(void)
{
	Suite *suite = suite_create("deflate");
	TCase *handshake = tcase_create("handshake"), *frames = tcase_create("frames");

	tcase_add_checked_fixture(handshake, server_up, server_down);
	tcase_add_loop_test(handshake, what_is_answered, 0, HANDSHAKES);
	tcase_add_test(handshake, an_answer_is_one_connection_s);
	tcase_add_test(handshake, not_with_frames_behind_the_handshake);
	tcase_add_loop_test(handshake, without_an_agreement_it_is_refused, 0, 2);
	suite_add_tcase(suite, handshake);
	suite_add_tcase(suite, frames);
	if (raw_in_pieces())
		return suite;

	tcase_add_checked_fixture(frames, up, down);
	tcase_set_timeout(frames, 30);
	tcase_add_loop_test(frames, deflated_messages_of_all_sizes, 0, 9);
	tcase_add_test(frames, fragments_with_pings_between);
	tcase_add_test(frames, byte_by_byte);
	tcase_add_test(frames, two_clients_take_turns);
	tcase_add_loop_test(frames, nothing_is_left_of_a_message, 0, 2);
	tcase_add_test(frames, kept_while_the_core_pauses);
	tcase_add_test(frames, a_client_that_goes_in_the_middle);
	tcase_add_loop_test(frames, reserved_bits_where_they_must_not_be, 0, MISUSE);
	tcase_add_loop_test(frames, malformed_data_closes_1007, 0, MALFORMED);
	tcase_add_test(frames, inflated_text_has_to_be_utf8);
	tcase_add_loop_test(frames, one_byte_too_many, 0, 2);
	tcase_add_test(frames, a_bomb_closes_1009);
	tcase_add_test(frames, no_end_of_nothing);
	tcase_add_test(frames, a_long_frame_is_refused_by_its_head);
	return suite;
}
