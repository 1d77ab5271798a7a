/* SPDX-License-Identifier: MIT */
/*
 * fuzz_diff.c - two versions of a contract, told apart by a byte 0xFF between them, compared both ways.
 *
 * Nothing breaks between a contract and itself.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "diff.h"
#include "front.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* NULL: no contract. */
static const struct model *compile(struct front *front, const uint8_t *data, size_t size)
{
	const struct model *model;

	if (front_compile_memory(front, "fuzz.msg", (const char *)data, size, &model) != FRONT_OK)
		return NULL;
	return model;
}

static size_t compare(const struct model *before, const struct model *after)
{
	static FILE *nowhere;
	struct diff *diff = diff_new(before, after);
	size_t n = diff_count(diff);

	if (nowhere == NULL)
		nowhere = fopen("/dev/null", "w");
	if (nowhere == NULL)
		abort();
	diff_print(diff, nowhere, DIAG_TEXT);
	diff_print(diff, nowhere, DIAG_JSON);
	diff_print(diff, nowhere, DIAG_GITHUB);
	diff_free(diff);
	return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *part = size == 0 ? NULL : memchr(data, 0xFF, size);
	struct front *fronts[] = {front_new(NULL, 0), front_new(NULL, 0)};
	const struct model *before =
	        compile(fronts[0], data, part != NULL ? (size_t)(part - data) : size);
	const struct model *after = NULL;

	if (part != NULL)
		after = compile(fronts[1], part + 1, size - (size_t)(part - data) - 1);
	if (before != NULL && compare(before, before) != 0)
		abort();
	if (before != NULL && after != NULL) {
		compare(before, after);
		compare(after, before);
	}
	front_free(fronts[0]);
	front_free(fronts[1]);
	return 0;
}
