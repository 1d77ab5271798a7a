/* SPDX-License-Identifier: MIT */
/*
 * msgc: what it has generated from bench.msg, and no line beside. In place with strings that end in
 * NUL, which is the default; as slices of a text that stays as it is; from const memory; and each
 * set of kernels that this machine has.
 */
#include <string.h>

#include "../bench.h"
#include "codec/kernels.h"

static struct msgc_arena arena;
static struct msgc_buf out;
static struct msgc_decode_options options;

#define DECODE(name, type)                                                                         \
	static bool name(char *text, size_t len, void *ret)                                        \
	{                                                                                          \
		msgc_arena_reset(&arena);                                                          \
		return type##_decode_in_place(text, len, &options, &arena, ret, NULL) == 0;        \
	}                                                                                          \
	static bool name##_const(char *text, size_t len, void *ret)                                \
	{                                                                                          \
		msgc_arena_reset(&arena);                                                          \
		return type##_decode(text, len, &options, &arena, ret, NULL) == 0;                 \
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

#define IN_PLACE decode_chat, decode_message, decode_history, decode_telemetry, decode_message
#define FROM_CONST                                                                                 \
	decode_chat_const, decode_message_const, decode_history_const, decode_telemetry_const,     \
	        decode_message_const
#define WRITERS encode_chat, encode_message, encode_history, encode_telemetry, NULL

/* One row: a way to decode, by these kernels (NULL: the best). */
#define ROW(id, title, kernels, keep, ...)                                                         \
	static void select_##id(void)                                                              \
	{                                                                                          \
		options.keep_text = keep;                                                          \
		msgc__kernels_use(kernels);                                                        \
	}                                                                                          \
	static const struct peer id = {.name = title, .select = select_##id, __VA_ARGS__}

ROW(slices, "msgc, slices", NULL, true, .decode = {IN_PLACE}, .encode = {WRITERS});
ROW(terminated, "msgc, NUL-terminated", NULL, false, .decode = {IN_PLACE});
ROW(from_const, "msgc, from const", NULL, false, .decode = {FROM_CONST});
ROW(ssse3, "msgc, slices, SSSE3", "ssse3", true, .decode = {IN_PLACE}, .encode = {WRITERS});
ROW(sse2, "msgc, slices, SSE2", "sse2", true, .decode = {IN_PLACE}, .encode = {WRITERS});
ROW(portable, "msgc, slices, plain C", "portable", true, .decode = {IN_PLACE}, .encode = {WRITERS});

const struct peer *const *bench_peers(void)
{
	static const struct peer *const most[] = {
	        &slices, &terminated, &from_const, &portable, NULL};
	static const struct peer *const x86[] = {
	        &slices, &terminated, &from_const, &ssse3, &sse2, &portable, NULL};

	return msgc__kernels_use("avx2") ? x86 : most;
}
