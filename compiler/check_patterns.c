/* SPDX-License-Identifier: MIT */
/*
 * check_patterns.c - patterns of a contract: each text compiled once, what is wrong with one shown
 * where it stands in the string.
 *
 * Knows nothing of how a pattern is compiled.
 */
#define _GNU_SOURCE /* tdestroy() */
#include "checks.h"

#include <search.h>
#include <string.h>

#include "pattern.h"

static int compare(const void *a, const void *b)
{
	return strcmp(
	        ((const struct model_pattern *)a)->text, ((const struct model_pattern *)b)->text);
}

static void keep(void *pattern)
{
	(void)pattern; /* It is the arena's. */
}

void check_patterns_clear(struct check *c)
{
	tdestroy(c->pattern_texts, keep);
	vec_clear(&c->patterns);
}

static void report(struct check *c, const struct ast_string *text, enum pattern_result result,
        const struct pattern_error *error)
{
	static const enum diag_id ids[] = {[PATTERN_SYNTAX] = DIAG_PATTERN,
	        [PATTERN_UNSUPPORTED] = DIAG_PATTERN_UNSUPPORTED,
	        [PATTERN_TOO_BIG] = DIAG_PATTERN_TOO_BIG,
	        [PATTERN_NOTHING] = DIAG_PATTERN_NOTHING};

	if (result == PATTERN_TOO_BIG && c->pattern_work == 0) {
		diag_report(c->diag, DIAG_PATTERN_TOO_BIG, text->place,
		        "the patterns of this contract, up to this one, are too much to be made "
		        "into automata");
		return;
	}
	diag_report(c->diag, ids[result], check_place_in(text, error->start, error->end), "%s",
	        error->message);
	if (error->hint != NULL)
		diag_hint(c->diag, "%s", error->hint);
}

/* A text that has not been met before. */
static struct model_pattern *compile(struct check *c, const struct ast_string *text)
{
	struct model_pattern *pattern = arena_alloc(c->arena, sizeof(*pattern));
	struct pattern_error error;
	enum pattern_result result;

	/* That nothing is left has been said. */
	if (c->pattern_work == 0)
		return NULL;
	result = pattern_compile(
	        c->arena, text->bytes, text->length, &c->pattern_work, pattern, &error);
	if (result != PATTERN_OK) {
		report(c, text, result, &error);
		return NULL;
	}
	vec_push(&c->patterns, pattern);
	pattern->contract = c->contract;
	pattern->c_name =
	        arena_printf(c->arena, "%s__pattern_%zu", c->contract->c_prefix, c->patterns.n);
	return pattern;
}

bool check_pattern_fits(struct check *c, const struct model_constraints *constraints,
        const struct model_pattern *pattern, struct place place)
{
	uint64_t granted, left;
	bool fits = true;
	size_t i;

	if (constraints->n_patterns == MODEL_MAX_PATTERNS) {
		diag_report(c->diag, DIAG_PATTERN_TOO_BIG, place, "a type has at most %d patterns",
		        MODEL_MAX_PATTERNS);
		return false;
	}
	for (i = 0; i < constraints->n_patterns && fits; i++) {
		/* Half of it: that nothing is left for patterns is said by the one that needs it. */
		granted = left = c->pattern_work / 2;
		fits = pattern_meets(pattern, constraints->patterns[i], &left);
		c->pattern_work -= granted - left;
		if (!fits)
			diag_report(c->diag, DIAG_PATTERN_NOTHING, place,
			        "no text matches both this pattern and '%s'",
			        constraints->patterns[i]->text);
	}
	return fits;
}

const struct model_pattern *check_pattern(struct check *c, const struct ast_string *text)
{
	const struct model_pattern key = {.text = text->bytes};
	struct model_pattern *const *found;
	struct model_pattern *pattern;

	if (strlen(text->bytes) != text->length) {
		diag_report(c->diag, DIAG_PATTERN, text->place, "a pattern holds no NUL");
		diag_hint(c->diag, "'\\0' in a raw string matches one");
		return NULL;
	}
	found = tfind(&key, &c->pattern_texts, compare);
	if (found != NULL)
		return *found;
	pattern = compile(c, text);
	if (pattern != NULL && tsearch(pattern, &c->pattern_texts, compare) == NULL)
		memory_exhausted();
	return pattern;
}
