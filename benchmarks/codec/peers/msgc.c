/* SPDX-License-Identifier: MIT */
/*
 * msgc: what it has generated from bench.msg, and no line beside. Compiled twice: once more with
 * the C of --optimize size.
 */
#include <string.h>

#include "../bench.h"

#ifndef BENCH_VARIANT
#define BENCH_VARIANT ""
#endif

static struct msgc_arena arena;
static struct msgc_buf out;

#define DECODE(name, type)                                                                         \
	static bool name(char *text, size_t len, void *ret)                                        \
	{                                                                                          \
		msgc_arena_reset(&arena);                                                          \
		return type##_decode_in_place(text, len, NULL, &arena, ret, NULL) == 0;            \
	}                                                                                          \
	static bool name##_const(char *text, size_t len, void *ret)                                \
	{                                                                                          \
		msgc_arena_reset(&arena);                                                          \
		return type##_decode(text, len, NULL, &arena, ret, NULL) == 0;                     \
	}
DECODE(decode_chat, bench_chat)
DECODE(decode_message, bench_new_message)
DECODE(decode_history, bench_history)
DECODE(decode_telemetry, bench_telemetry)

#define ENCODE(name, type)                                                                         \
	static size_t name(const void *value, const char **ret)                                    \
	{                                                                                          \
		msgc_buf_reset(&out);                                                              \
		if (type##_encode(value, &out) != 0)                                               \
			return 0;                                                                  \
		*ret = out.data;                                                                   \
		return out.len;                                                                    \
	}
ENCODE(encode_chat, bench_chat)
ENCODE(encode_message, bench_new_message)
ENCODE(encode_history, bench_history)
ENCODE(encode_telemetry, bench_telemetry)

static const struct peer in_place = {
        .name = "msgc" BENCH_VARIANT " in place",
        .decode = {decode_chat, decode_message, decode_history, decode_telemetry, decode_message},
        .encode = {encode_chat, encode_message, encode_history, encode_telemetry, NULL},
};

static const struct peer from_const = {
        .name = "msgc" BENCH_VARIANT " from const",
        .decode = {decode_chat_const, decode_message_const, decode_history_const,
                decode_telemetry_const, decode_message_const},
};

const struct peer *const *bench_peers(void)
{
	static const struct peer *const peers[] = {&in_place, &from_const, NULL};

	return peers;
}
