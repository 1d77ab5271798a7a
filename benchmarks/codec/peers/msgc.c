/* SPDX-License-Identifier: MIT */
/*
 * msgc: what it has generated from bench.msg, and no line beside, by each of its entrances, and with
 * the vector instructions that older processors have. Compiled twice: once more with the C of
 * --optimize size.
 */
#include <string.h>

#include "../bench.h"
#include "codec/kernels.h"

#ifndef BENCH_VARIANT
#define BENCH_VARIANT ""
#define BENCH_ALL_SETS
#endif

static struct msgc_arena arena;
static struct msgc_buf out;
static const struct msgc_decode_options slices = {.keep_text = true};

#define DECODE(name, type)                                                                         \
	static bool name(char *text, size_t len, void *ret)                                        \
	{                                                                                          \
		msgc_arena_reset(&arena);                                                          \
		return type##_decode_in_place(text, len, NULL, &arena, ret, NULL) == 0;            \
	}                                                                                          \
	static bool name##_slices(char *text, size_t len, void *ret)                               \
	{                                                                                          \
		msgc_arena_reset(&arena);                                                          \
		return type##_decode_in_place(text, len, &slices, &arena, ret, NULL) == 0;         \
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

#define IN_PLACE                                                                                   \
	{                                                                                          \
		decode_chat, decode_message, decode_history, decode_telemetry, decode_message      \
	}
#define AS_SLICES                                                                                  \
	{                                                                                          \
		decode_chat_slices, decode_message_slices, decode_history_slices,                  \
		        decode_telemetry_slices, decode_message_slices                             \
	}
#define FROM_CONST                                                                                 \
	{                                                                                          \
		decode_chat_const, decode_message_const, decode_history_const,                     \
		        decode_telemetry_const, decode_message_const                               \
	}

static void select_best(void)
{
	msgc__kernels_use(NULL);
}

static const struct peer in_place = {
        .name = "msgc" BENCH_VARIANT " in place",
        .select = select_best,
        .decode = IN_PLACE,
        .encode = {encode_chat, encode_message, encode_history, encode_telemetry, NULL},
};

static const struct peer from_const = {
        .name = "msgc" BENCH_VARIANT " from const",
        .select = select_best,
        .decode = FROM_CONST,
};

static const struct peer as_slices = {
        .name = "msgc" BENCH_VARIANT " slices",
        .select = select_best,
        .decode = AS_SLICES,
};

#if defined(BENCH_ALL_SETS)
static void select_sse2(void)
{
	msgc__kernels_use("sse2");
}

static void select_ssse3(void)
{
	msgc__kernels_use("ssse3");
}

static const struct peer ssse3 = {
        .name = "msgc in place, SSSE3", .select = select_ssse3, .decode = IN_PLACE};
static const struct peer sse2 = {
        .name = "msgc in place, SSE2", .select = select_sse2, .decode = IN_PLACE};
#endif

const struct peer *const *bench_peers(void)
{
#if defined(BENCH_ALL_SETS)
	static const struct peer *peers[6] = {&in_place, &as_slices, &from_const};
	size_t n = 3;

	if (msgc__kernels_use("ssse3"))
		peers[n++] = &ssse3;
	if (msgc__kernels_use("sse2"))
		peers[n++] = &sse2;
	return peers;
#else
	static const struct peer *const peers[] = {&in_place, &as_slices, &from_const, NULL};

	return peers;
#endif
}
