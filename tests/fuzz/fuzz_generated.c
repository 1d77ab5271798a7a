/* SPDX-License-Identifier: MIT */
/*
 * fuzz_generated.c - the generated decoders of contracts with every kind of value. The first byte
 * chooses the message, the rest is the text. What is accepted must be valid, and survive encode and
 * decode, clone and print; both ways to decode must agree.
 */
#include <stdlib.h>
#include <string.h>

#include "deep.msgc.h"
#include "everything.msgc.h"
#include "kinds.msgc.h"
#include "lobby.msgc.h"
#include "rules.msgc.h"
#include "words.msgc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef int decode_fn(const char *, size_t, const struct msgc_decode_options *, struct msgc_arena *,
        void *, struct msgc_problems *);

/* decode takes const text and its own struct; the descriptor has only the other way. */
#define CONST_DECODER(type)                                                                        \
	static int type##_const(const char *text, size_t len,                                      \
	        const struct msgc_decode_options *options, struct msgc_arena *arena, void *ret,    \
	        struct msgc_problems *problems)                                                    \
	{                                                                                          \
		return type##_decode(text, len, options, arena, ret, problems);                    \
	}
CONST_DECODER(everything_all)
CONST_DECODER(everything_maybes)
CONST_DECODER(everything_checked)
CONST_DECODER(everything_filled)
CONST_DECODER(deep_plant)
CONST_DECODER(lobby_history)
CONST_DECODER(lobby_knock)
CONST_DECODER(words_union)
CONST_DECODER(kinds_docs)
CONST_DECODER(kinds_fills)
CONST_DECODER(kinds_frames)
CONST_DECODER(kinds_bodies)
CONST_DECODER(kinds_extra)
CONST_DECODER(kinds_tight)
CONST_DECODER(kinds_open_end)
CONST_DECODER(kinds_meet)
CONST_DECODER(rules_place)

static const struct {
	const struct msgc_message *message;
	decode_fn *decode;
} targets[] = {
        {&everything_all_message, everything_all_const},
        {&everything_maybes_message, everything_maybes_const},
        {&everything_checked_message, everything_checked_const},
        {&everything_filled_message, everything_filled_const},
        {&deep_plant_message, deep_plant_const},
        {&lobby_history_message, lobby_history_const},
        {&lobby_knock_message, lobby_knock_const},
        {&words_union_message, words_union_const},
        {&kinds_docs_message, kinds_docs_const},
        {&kinds_fills_message, kinds_fills_const},
        {&kinds_frames_message, kinds_frames_const},
        {&kinds_bodies_message, kinds_bodies_const},
        {&kinds_extra_message, kinds_extra_const},
        {&kinds_tight_message, kinds_tight_const},
        {&kinds_open_end_message, kinds_open_end_const},
        {&kinds_meet_message, kinds_meet_const},
        {&rules_place_message, rules_place_const},
};

/* value has just been decoded. Keeps nothing. */
static void check_value(const struct msgc_message *message, decode_fn *decode, const void *value,
        struct msgc_arena *arena)
{
	struct msgc_problems problems;
	struct msgc_buf once = {0}, twice = {0};
	void *again = calloc(1, message->size);
	void *clone = calloc(1, message->size);

	if (!again || !clone || msgc_message_validate(message, value, &problems) != 0 ||
	        msgc_message_encode(message, value, &once) != 0 ||
	        decode(once.data, once.len, NULL, arena, again, &problems) != 0 ||
	        !msgc_message_equal(message, value, again) ||
	        msgc_message_encode(message, again, &twice) != 0 || once.len != twice.len ||
	        memcmp(once.data, twice.data, once.len) != 0 ||
	        msgc_message_clone(message, again, arena, clone) != 0 ||
	        !msgc_message_equal(message, clone, value))
		abort();
	msgc_buf_reset(&twice);
	if (msgc_message_print(message, clone, &twice) != 0)
		abort();
	msgc_buf_free(&once);
	msgc_buf_free(&twice);
	free(again);
	free(clone);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t which = size ? (data[0] - (size_t)'A') % (sizeof(targets) / sizeof(targets[0])) : 0;
	const struct msgc_message *message = targets[which].message;
	const char *text = (const char *)data + 1;
	size_t len = size ? size - 1 : 0;
	struct msgc_arena arena = {0};
	struct msgc_problems problems, others;
	void *value = calloc(1, message->size), *other = calloc(1, message->size);
	char *copy = malloc(len + MSGC_PADDING);
	int result, same;

	if (!value || !other || !copy)
		abort();
	if (len)
		memcpy(copy, text, len);
	result = targets[which].decode(len ? text : "", len, NULL, &arena, value, &problems);
	same = msgc_message_decode_in_place(message, copy, len, NULL, &arena, other, &others);
	if (same != result || problems.count != others.count || (result == 0) != !problems.count)
		abort();
	if (result == 0) {
		if (!msgc_message_equal(message, value, other))
			abort();
		check_value(message, targets[which].decode, value, &arena);
	}
	msgc_arena_free(&arena);
	free(value);
	free(other);
	free(copy);
	return 0;
}
