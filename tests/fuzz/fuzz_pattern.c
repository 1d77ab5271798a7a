/* SPDX-License-Identifier: MIT */
/*
 * fuzz_pattern.c - any line as a pattern, the lines behind it as texts. It is compiled within its budget or refused at
 * a place inside of it; its tables are whole and minimal in what can be seen; both matchers and the slow oracle give
 * the same verdicts. Two patterns of one input are asked for a common text.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "kit.h"
#include "oracle.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define REQUIRE(condition)                                                                         \
	do {                                                                                       \
		if (!(condition))                                                                  \
			abort();                                                                   \
	} while (0)

/* A tenth of what a contract grants: the fuzzer shall see many patterns. */
#define WORK (PATTERN_MAX_WORK / 10)

struct line {
	const char *text;
	size_t length;
};

static struct line next_line(struct line *rest)
{
	const char *end = rest->length != 0 ? memchr(rest->text, '\n', rest->length) : NULL;
	struct line line = {rest->text, end != NULL ? (size_t)(end - rest->text) : rest->length};
	size_t taken = line.length + (end != NULL);

	rest->text += taken;
	rest->length -= taken;
	return line;
}

static void check_tables(const struct model_pattern *pattern)
{
	size_t i, n = (size_t)pattern->n_states * pattern->n_classes;

	REQUIRE(pattern->n_states >= 2 && pattern->n_states <= PATTERN_MAX_STATES);
	REQUIRE(pattern->n_classes >= 1 && pattern->n_classes <= 256);
	REQUIRE(pattern->start >= 1 && pattern->start < pattern->n_states);
	REQUIRE(pattern->first_final >= 2 && pattern->first_final <= pattern->n_states);
	for (i = 0; i < n; i++)
		REQUIRE(pattern->next[i] < pattern->n_states);
	REQUIRE(pattern->n_ranges >= 1 && pattern->ranges[0] >> 8 == 0);
	for (i = 0; i < pattern->n_ranges; i++) {
		REQUIRE((pattern->ranges[i] & 0xFF) < pattern->n_classes);
		REQUIRE(i == 0 || pattern->ranges[i] >> 8 > pattern->ranges[i - 1] >> 8);
		REQUIRE(i == 0 || (pattern->ranges[i] & 0xFF) != (pattern->ranges[i - 1] & 0xFF));
	}
}

static void check_error(const struct compiled *compiled, size_t length)
{
	const struct pattern_error *error = &compiled->error;

	REQUIRE(error->message != NULL && *error->message != '\0');
	/* One byte behind the end is where something is missing. */
	REQUIRE(error->start <= error->end && error->end <= length + 1);
}

static void check_text(const struct compiled *compiled, struct line pattern, struct line text)
{
	int verdict, slow;

	if (!msgc_utf8_valid(text.text, text.length))
		return;
	verdict = compiled_matches(compiled, text.text, text.length);
	slow = oracle_matches(pattern.text, pattern.length, text.text, text.length);
	REQUIRE(verdict >= 0 && (slow < 0 || slow == verdict));
}

static void check_pair(const struct compiled *a, struct line other, struct line text)
{
	struct compiled b;
	uint64_t work = WORK;

	if (memchr(other.text, '\0', other.length) != NULL)
		return;
	compiled_init(&b, other.text, other.length, WORK);
	if (b.result == PATTERN_OK) {
		bool meets = pattern_meets(&a->model, &b.model, &work);

		REQUIRE(pattern_meets(&a->model, &a->model, &work));
		REQUIRE(meets || !pattern_matches(&a->model, text.text, text.length) ||
		        !pattern_matches(&b.model, text.text, text.length));
	}
	compiled_free(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct line rest = {size != 0 ? (const char *)data : "", size};
	struct line pattern = next_line(&rest), text;
	struct compiled compiled;

	/* As contracts have it: UTF-8 without NUL. */
	if (!msgc_utf8_valid(pattern.text, pattern.length) ||
	        (pattern.length != 0 && memchr(pattern.text, '\0', pattern.length) != NULL))
		return 0;
	compiled_init(&compiled, pattern.text, pattern.length, WORK);
	REQUIRE(compiled.work <= WORK);
	if (compiled.result == PATTERN_OK) {
		check_tables(&compiled.model);
		check_text(&compiled, pattern, (struct line){"", 0});
		for (int i = 0; i < 8 && rest.length != 0; i++) {
			text = next_line(&rest);
			check_text(&compiled, pattern, text);
			if (i == 0 && msgc_utf8_valid(text.text, text.length) && text.length != 0)
				check_pair(&compiled, text, rest);
		}
	} else {
		check_error(&compiled, pattern.length);
	}
	compiled_free(&compiled);
	return 0;
}
