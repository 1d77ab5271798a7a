/* SPDX-License-Identifier: MIT */
/*
 * kit.h - patterns compiled and matched by both matchers, the compiler's and the codec's, and by
 * their shape if they have one. They share
 * no code, so that each is a test of the other.
 */
#ifndef TESTS_PATTERN_KIT_H
#define TESTS_PATTERN_KIT_H

#include <msgc/codec_gen.h>

#include "pattern.h"

struct arena;

struct compiled {
	struct arena *arena;
	enum pattern_result result;
	struct pattern_error error;
	struct model_pattern model;
	struct msgc_pattern table; /* what generated code holds unless there is a shape */
	bool has_shape;
	struct msgc_shape shape;
	struct msgc_pattern shaped; /* what it holds then */
	uint64_t work;              /* what was spent */
};

/* work: what may be spent. compiled_free() in any case. */
void compiled_init(struct compiled *compiled, const char *text, size_t length, uint64_t work);
void compiled_free(struct compiled *compiled);

/* 1, 0, or -1 where the two matchers, or the shape, disagree. */
int compiled_matches(const struct compiled *compiled, const char *text, size_t length);

#endif
