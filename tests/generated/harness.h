/* SPDX-License-Identifier: MIT */
/*
 * What the tests of generated code share: decoding any message by its descriptor from memory that
 * ends where it says, and what must hold for every value that was decoded.
 */
#ifndef MSGC_TESTS_GENERATED_HARNESS_H
#define MSGC_TESTS_GENERATED_HARNESS_H

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include <msgc/codec.h>

/* One decoded message with all that it lies in. */
struct decoded {
	const struct msgc_message *message;
	struct msgc_arena arena;
	struct msgc_problems problems;
	char *text;
	void *value;
	int result;
};

/* Decodes in place a copy of the text that is followed by its padding and nothing more. */
struct decoded *decode(const struct msgc_message *message, const char *text, size_t len);
struct decoded *decode_with(const struct msgc_message *message, const char *text, size_t len,
        const struct msgc_decode_options *options);
void decoded_free(struct decoded *decoded);

/* The value as JSON; ends the test if it cannot be written. free() it. */
char *encoded(const struct msgc_message *message, const void *value);

/*
 * The text is accepted, and its value survives everything: validate, encode and decode again,
 * clone into memory of its own, print. json NULL: what is written is not compared.
 */
void check_round_trip(const struct msgc_message *message, const char *text, const char *json);

/* The text is refused with exactly these problems, as msgc_problems_write() writes them. */
void check_refused(const struct msgc_message *message, const char *text, const char *problems);

#endif
