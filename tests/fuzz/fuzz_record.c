/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as the record of tests/codec: const and in place must agree; what was accepted validates, survives a clone,
 * and is the same after encode and decode.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define REQUIRE(condition)                                                                         \
	do {                                                                                       \
		if (!(condition))                                                                  \
			abort();                                                                   \
	} while (0)

/* Above, a multiple of the step may have a shorter text that is none. */
static bool step_is_certain(const struct record *v)
{
	for (size_t i = 0; i < v->children.count; i++)
		if (!step_is_certain(&v->children.items[i]))
			return false;
	return !v->has_score || fabs(v->score) < 1e12;
}

static void require_round_trip(const struct record *v)
{
	struct msgc_arena arena = {0}, other = {0};
	struct msgc_buf out = {0};
	struct record copy, again;

	REQUIRE(record_clone(v, &other, &copy) == 0);
	REQUIRE(record_equal(v, &copy));
	if (step_is_certain(v)) {
		REQUIRE(record_validate(v, NULL) == 0);
		REQUIRE(record_encode(&copy, &out) == 0);
		REQUIRE(record_decode(out.data, out.len, NULL, &arena, &again, NULL) == 0);
		REQUIRE(record_equal(&copy, &again));
	}
	msgc_buf_free(&out);
	msgc_arena_free(&arena);
	msgc_arena_free(&other);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct msgc_arena arena = {0}, in_place = {0}, little;
	struct msgc_problems problems, same;
	struct record v, w;
	char *text = malloc(size + MSGC_PADDING), *exact = malloc(size ? size : 1), memory[512];
	int result;

	REQUIRE(text && exact);
	memcpy(text, data, size);
	memcpy(exact, data, size);
	memset(text + size, 'e', MSGC_PADDING);
	result = record_decode(exact, size, NULL, &arena, &v, &problems);
	REQUIRE(memcmp(exact, data, size) == 0);
	REQUIRE(record_decode_in_place(text, size, NULL, &in_place, &w, &same) == result);
	REQUIRE(problems.count == same.count && problems.kept == same.kept);
	for (uint32_t i = 0; i < problems.kept; i++)
		REQUIRE(strcmp(problems.items[i].msg, same.items[i].msg) == 0);
	REQUIRE((result == 0) == (problems.count == 0));
	if (result == 0) {
		REQUIRE(record_equal(&v, &w));
		require_round_trip(&v);
	}
	msgc_arena_init_fixed(&little, memory, sizeof memory);
	(void)record_decode(exact, size, NULL, &little, &v, NULL);
	msgc_arena_free(&arena);
	msgc_arena_free(&in_place);
	free(text);
	free(exact);
	return 0;
}
