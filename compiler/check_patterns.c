/* SPDX-License-Identifier: MIT */
/*
 * check_patterns.c - patterns of a contract: each text compiled once, what is wrong with one shown
 * where it stands in the string.
 *
 * Knows nothing of how a pattern is compiled.
 */
#include "checks.h"

#include <string.h>

#include "pattern.h"

static const struct model_pattern *find(const struct check *c, const struct ast_string *text)
{
	size_t i;

	for (i = 0; i < c->patterns.n; i++) {
		const struct model_pattern *pattern = c->patterns.items[i];

		if (strcmp(pattern->text, text->bytes) == 0)
			return pattern;
	}
	return NULL;
}

static void report(struct check *c, const struct ast_string *text, enum pattern_result result,
        const struct pattern_error *error)
{
	static const enum diag_id ids[] = {[PATTERN_SYNTAX] = DIAG_PATTERN,
	        [PATTERN_UNSUPPORTED] = DIAG_PATTERN_UNSUPPORTED,
	        [PATTERN_TOO_BIG] = DIAG_PATTERN_TOO_BIG,
	        [PATTERN_NOTHING] = DIAG_PATTERN_NOTHING};

	diag_report(c->diag, ids[result], check_place_in(text, error->start, error->end), "%s",
	        error->message);
	if (error->hint != NULL)
		diag_hint(c->diag, "%s", error->hint);
}

const struct model_pattern *check_pattern(struct check *c, const struct ast_string *text)
{
	const struct model_pattern *found;
	struct model_pattern *pattern;
	struct pattern_error error;
	enum pattern_result result;

	if (strlen(text->bytes) != text->length) {
		diag_report(c->diag, DIAG_PATTERN, text->place, "a pattern holds no NUL");
		diag_hint(c->diag, "'\\0' in a raw string matches one");
		return NULL;
	}
	found = find(c, text);
	if (found != NULL)
		return found;
	pattern = arena_alloc(c->arena, sizeof(*pattern));
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
