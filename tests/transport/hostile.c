/* SPDX-License-Identifier: MIT */
/* See hostile.h. */
#define _GNU_SOURCE
#include "hostile.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#define UPGRADE    "Upgrade: websocket\r\n"
#define CONNECTION "Connection: Upgrade\r\n"
#define KEY        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
#define VERSION    "Sec-WebSocket-Version: 13\r\n"
#define HOST       "Host: 127.0.0.1\r\n"
#define GET        "GET /echo HTTP/1.1\r\n"
#define GOOD       GET HOST UPGRADE CONNECTION KEY VERSION
#define TWELVE     ", abcdefghij"

#define R(what, text, expected)                                                                    \
	{                                                                                          \
		what, text, sizeof(text) - 1, expected                                             \
	}
#define WITH(what, headers, expected) R(what, GOOD headers "\r\n", expected)
#define LIST(list, expected)                                                                       \
	WITH("subprotocols " list, "Sec-WebSocket-Protocol: " list "\r\n", expected)

const struct hostile hostile_requests[] = {
        /* other versions */
        R("version 8", GET HOST UPGRADE CONNECTION KEY "Sec-WebSocket-Version: 8\r\n\r\n", 426),
        R("version 0", GET HOST UPGRADE CONNECTION KEY "Sec-WebSocket-Version: 0\r\n\r\n", 426),
        R("version 013", GET HOST UPGRADE CONNECTION KEY "Sec-WebSocket-Version: 013\r\n\r\n", 426),
        R("version 14", GET HOST UPGRADE CONNECTION KEY "Sec-WebSocket-Version: 14\r\n\r\n", 426),
        R("versions 13, 8", GET HOST UPGRADE CONNECTION KEY "Sec-WebSocket-Version: 13, 8\r\n\r\n",
                426),
        R("no version", GET HOST UPGRADE CONNECTION KEY "\r\n", 426),

        /* other methods and protocols */
        R("POST",
                "POST /echo HTTP/1.1\r\nContent-Length: 0\r\n" HOST UPGRADE CONNECTION KEY VERSION
                "\r\n",
                405),
        R("PUT",
                "PUT /echo HTTP/1.1\r\nContent-Length: 0\r\n" HOST UPGRADE CONNECTION KEY VERSION
                "\r\n",
                405),
        R("PATCH",
                "PATCH /echo HTTP/1.1\r\nContent-Length: 0\r\n" HOST UPGRADE CONNECTION KEY VERSION
                "\r\n",
                405),
        R("DELETE", "DELETE /echo HTTP/1.1\r\n" HOST UPGRADE CONNECTION KEY VERSION "\r\n", 405),
        R("OPTIONS", "OPTIONS /echo HTTP/1.1\r\n" HOST UPGRADE CONNECTION KEY VERSION "\r\n", 405),
        R("HEAD", "HEAD /echo HTTP/1.1\r\n" HOST UPGRADE CONNECTION KEY VERSION "\r\n", 405),
        R("HTTP/1.0", "GET /echo HTTP/1.0\r\n" HOST UPGRADE CONNECTION KEY VERSION "\r\n", 505),
        R("HTTP/2.0", "GET /echo HTTP/2.0\r\n" HOST UPGRADE CONNECTION KEY VERSION "\r\n", 505),
        R("HTTP/1.11", "GET /echo HTTP/1.11\r\n" HOST UPGRADE CONNECTION KEY VERSION "\r\n", 505),
        R("h2c",
                GET HOST "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: "
                         "AAMAAABkAARAAAAAAAIAAAAA\r\n\r\n",
                400),
        R("CONNECT", "CONNECT example.org:443 HTTP/1.1\r\nHost: example.org\r\n\r\nraw bytes",
                HANGS_UP),
        R("HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", REFUSES),
        R("another protocol", "SSH-2.0-OpenSSH_9.2\r\n\r\n", REFUSES),
        R("mail", "EHLO x\r\n\r\n", REFUSES),
        R("empty lines", "\r\n\r\n\r\n", REFUSES),
        R("a method alone", "GET\r\n\r\n", REFUSES),
        R("garbage", "\xff\xfe\xfd garbage \x80\x81\r\n\r\n", REFUSES),
        R("TLS", "\x16\x03\x01\x00\x05\x01\x00\x00\x01\x03", REFUSES),

        /* what to upgrade to */
        R("websocket, h2c", GET HOST "Upgrade: websocket, h2c\r\n" CONNECTION KEY VERSION "\r\n",
                REFUSES),
        R("h2c, websocket", GET HOST "Upgrade: h2c, websocket\r\n" CONNECTION KEY VERSION "\r\n",
                REFUSES),
        R("websocketx", GET HOST "Upgrade: websocketx\r\n" CONNECTION KEY VERSION "\r\n", REFUSES),
        R("\"websocket\"", GET HOST "Upgrade: \"websocket\"\r\n" CONNECTION KEY VERSION "\r\n",
                REFUSES),

        /* headers twice */
        WITH("two Host", "Host: 127.0.0.1\r\n", 400),
        WITH("two Origin", "Origin: http://a\r\nOrigin: http://b\r\n", 400),
        WITH("twice the same Origin", "Origin: http://a\r\nOrigin: http://a\r\n", 400),
        WITH("an empty Origin and another", "Origin:\r\nOrigin: http://a\r\n", 400),
        WITH("two Origin apart", "Origin: http://a\r\nX-Between: 1\r\nORIGIN: http://b\r\n", 400),
        WITH("two keys", KEY, 400),
        WITH("two versions", VERSION, 400),
        WITH("two Upgrade", UPGRADE, 400),
        WITH("two Sec-WebSocket-Protocol",
                "Sec-WebSocket-Protocol: one\r\nSec-WebSocket-Protocol: two\r\n", 400),
        WITH("two Cookie", "Cookie: a=1\r\nCookie: b=2\r\n", 400),
        WITH("two Authorization", "Authorization: Bearer a\r\nAuthorization: Bearer b\r\n", 400),

        /* missing and malformed */
        R("no Host", GET UPGRADE CONNECTION KEY VERSION "\r\n", 400),
        R("no key", GET HOST UPGRADE CONNECTION VERSION "\r\n", 400),
        R("short key", GET HOST UPGRADE CONNECTION VERSION "Sec-WebSocket-Key: abc\r\n\r\n", 400),
        R("key that is not base64",
                GET HOST UPGRADE CONNECTION VERSION
                "Sec-WebSocket-Key: !GhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
                400),
        R("key with bits left over",
                GET HOST UPGRADE CONNECTION VERSION
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZR==\r\n\r\n",
                400),
        R("long key",
                GET HOST UPGRADE CONNECTION VERSION
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
                400),
        R("no Connection", GET HOST UPGRADE KEY VERSION "\r\n", 400),
        R("Connection: keep-alive",
                GET HOST UPGRADE "Connection: keep-alive\r\n" KEY VERSION "\r\n", 400),
        R("Connection: up", GET HOST UPGRADE "Connection: up\r\n" KEY VERSION "\r\n", 400),
        R("a Connection header that libwebsockets does not read",
                GET HOST UPGRADE "Connection: Upgrade" TWELVE TWELVE TWELVE TWELVE TWELVE TWELVE
                        TWELVE TWELVE TWELVE TWELVE TWELVE "\r\n" KEY VERSION "\r\n",
                400),
        R("a body", GOOD "Content-Length: 5\r\n\r\nhello", 400),
        R("a chunked body", GOOD "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 411),
        R("a path with &", "GET /echo&x HTTP/1.1\r\n" HOST UPGRADE CONNECTION KEY VERSION "\r\n",
                REFUSES),

        /* control characters */
        WITH("NUL in Origin", "Origin: http://a\0.evil\r\n", REFUSES),
        WITH("NUL before Origin", "Origin: \0http://a\r\n", 400),
        WITH("control character in Cookie", "Cookie: a=\x01\r\n", 400),
        WITH("DEL in Cookie", "Cookie: a=\x7f\r\n", 400),
        WITH("escape sequence in User-Agent", "User-Agent: \x1b[31m\r\n", 400),
        WITH("NUL in X-Forwarded-Proto", "X-Forwarded-Proto: a\0b\r\n", 400),

        /* subprotocols that nobody here speaks, or nobody can */
        LIST("two", 400),
        LIST("two, three", 400),
        LIST("one\"", 400),
        LIST("13", 400),
        LIST("1.5", 400),
        LIST("x y", 400),
        LIST(",x", 400),
        LIST("x,,y", 400),
        LIST("a-token-of-more-than-sixty-three-bytes-which-does-not-fit-anywhere, x", 400),
        LIST("x" TWELVE TWELVE TWELVE TWELVE TWELVE TWELVE TWELVE TWELVE TWELVE TWELVE TWELVE, 400),
};
const size_t hostile_request_count = sizeof(hostile_requests) / sizeof(hostile_requests[0]);

const struct hostile hostile_frames[] = {
        R("rsv1", "\xc1\x81\1\2\3\4x", 1002),
        R("rsv2", "\xa1\x81\1\2\3\4x", 1002),
        R("rsv3", "\x91\x81\1\2\3\4x", 1002),
        R("opcode 3", "\x83\x81\1\2\3\4x", 1002),
        R("opcode 7", "\x87\x80\1\2\3\4", 1002),
        R("opcode 11", "\x8b\x80\1\2\3\4", 1002),
        R("opcode 15", "\x8f\x80\1\2\3\4", 1002),
        R("fragmented ping", "\x09\x80\1\2\3\4", 1002),
        R("fragmented close", "\x08\x80\1\2\3\4", 1002),
        R("continuation of nothing", "\x80\x81\1\2\3\4x", 1002),
        R("text inside a message", "\x01\x80\1\2\3\4\x81\x80\1\2\3\4", 1002),
        R("binary inside a message", "\x01\x80\1\2\3\4\x82\x80\1\2\3\4", 1002),
        R("close of one byte", "\x88\x81\0\0\0\0x", 1002),
        R("close 999", "\x88\x82\0\0\0\0\x03\xe7", 1002),
        R("close 1005", "\x88\x82\0\0\0\0\x03\xed", 1002),
        R("close 5000", "\x88\x82\0\0\0\0\x13\x88", 1002),
        R("close reason that is not UTF-8", "\x88\x83\0\0\0\0\x03\xe8\xff", 1007),
        R("text that is not UTF-8", "\x81\x81\0\0\0\0\xff", 1007),
        R("half a code point", "\x81\x81\0\0\0\0\xc3", 1007),
        R("surrogate over two frames", "\x01\x81\0\0\0\0\xed\x80\x82\0\0\0\0\xa0\x80", 1007),
        R("binary", "\x82\x81\0\0\0\0x", 1003),
        R("fragmented binary", "\x02\x81\0\0\0\0x\x80\x81\0\0\0\0x", 1003),
        R("a terabyte announced", "\x81\xff\0\0\1\0\0\0\0\0\1\2\3\4x", 1009),
        R("the longest length", "\x81\xff\x7f\xff\xff\xff\xff\xff\xff\xff\1\2\3\4x", 1009),
        R("a negative length", "\x81\xff\x80\0\0\0\0\0\0\1\1\2\3\4x", BREAKS),
        R("ping of 126 bytes", "\x89\xfe\0\x7e\1\2\3\4", BREAKS),
        R("close of 126 bytes", "\x88\xfe\0\x7e\1\2\3\4", BREAKS),
};
const size_t hostile_frame_count = sizeof(hostile_frames) / sizeof(hostile_frames[0]);

void hostile_request(int port, const char *path, const struct hostile *hostile)
{
	struct raw raw = raw_open(port);
	const char *place = memmem(hostile->bytes, hostile->len, "/echo", 5);
	struct raw_answer answer;
	int result;

	if (place) {
		raw_send(&raw, hostile->bytes, (size_t)(place - hostile->bytes));
		raw_print(&raw, "%s", path);
		raw_send(&raw, place + 5, (size_t)(hostile->bytes + hostile->len - place - 5));
	} else {
		raw_send(&raw, hostile->bytes, hostile->len);
	}
	result = raw_answer(&raw, &answer);
	if (result > 0)
		result = answer.status;
	raw_answer_done(&answer);
	ck_assert_msg(result != RAW_TIMEOUT, "%s: no answer", hostile->what);
	if (hostile->expected == HANGS_UP)
		ck_assert_msg(result <= 0, "%s: %d", hostile->what, result);
	else if (hostile->expected == REFUSES)
		ck_assert_msg(result <= 0 || result >= 400, "%s: %d", hostile->what, result);
	else
		ck_assert_msg(result == hostile->expected, "%s: %d", hostile->what, result);
	ck_assert_msg(result <= 0 || raw_hangs_up(&raw, RAW_WAIT), "%s: the connection stays",
	        hostile->what);
	raw_done(&raw);
}

void hostile_frame(struct raw *open, const struct hostile *hostile)
{
	int code;

	raw_send(open, hostile->bytes, hostile->len);
	code = raw_close_code(open, RAW_WAIT);
	if (hostile->expected == BREAKS && raw_in_pieces())
		ck_assert_msg(code == RAW_EOF || code == RAW_RESET, "%s: %d", hostile->what, code);
	else if (hostile->expected == BREAKS)
		ck_assert_msg(code == 1002, "%s: %d", hostile->what, code);
	else
		ck_assert_msg(code == hostile->expected, "%s: %d", hostile->what, code);
}
