/* SPDX-License-Identifier: MIT */
/*
 * fuzz_generated.c - the generated decoders of contracts with every kind of value. The first byte
 * chooses the message, the rest is the text. What is accepted must be valid, and survive encode and
 * decode, clone and print; both ways to decode must agree.
 */
#include <stdlib.h>
#include <string.h>

#include "messages.h"

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
FUZZ_MESSAGES(CONST_DECODER)

static const struct {
	const struct msgc_message *message;
	decode_fn *decode;
} targets[] = {
#define TARGET(type) {&type##_message, type##_const},
        FUZZ_MESSAGES(TARGET)
#undef TARGET
};

/* A macro, so that the trace shows the line. */
#define must(condition)                                                                            \
	do {                                                                                       \
		if (!(condition))                                                                  \
			abort();                                                                   \
	} while (0)

/* value has just been decoded. Keeps nothing. */
static void check_value(const struct msgc_message *message, decode_fn *decode, const void *value,
        struct msgc_arena *arena)
{
	struct msgc_problems problems;
	struct msgc_buf once = {0}, twice = {0};
	void *again = calloc(1, message->size);
	void *clone = calloc(1, message->size);

	must(again && clone);
	must(msgc_message_validate(message, value, &problems) == 0);
	must(msgc_message_encode(message, value, &once) == 0);
	must(decode(once.data, once.len, NULL, arena, again, &problems) == 0);
	must(msgc_message_equal(message, value, again));
	must(msgc_message_encode(message, again, &twice) == 0);
	must(once.len == twice.len && memcmp(once.data, twice.data, once.len) == 0);
	must(msgc_message_clone(message, again, arena, clone) == 0);
	must(msgc_message_equal(message, clone, value));
	msgc_buf_reset(&twice);
	must(msgc_message_print(message, clone, &twice) == 0);
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
