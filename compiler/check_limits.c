/* SPDX-License-Identifier: MIT */
/*
 * check_limits.c - limit clauses: sizes of frames, frames and messages per time.
 */
#include "checks.h"

#include <string.h>

/* Every frame with a discriminator fits into this. */
#define CHECK_MIN_FRAME 64

#define CHECK_MAX_RATE 1000000000

static const struct model_message *find_received(
        struct check *c, const struct model_consumer *consumer, const struct ast_qname *name)
{
	struct model_message_ref ref;
	size_t i;

	if (!check_find_message(c, name, &ref))
		return NULL;
	for (i = 0; i < consumer->n_receives; i++) {
		if (consumer->receives[i].in.message == ref.message)
			return ref.message;
	}
	diag_report(c->diag, DIAG_LIMIT_NAME, name->place, "%s '%s' does not receive '%s'",
	        consumer->topic != NULL ? "topic" : "consumer", consumer->name, ref.message->name);
	return NULL;
}

static bool frame_limit(struct check *c, const struct ast_clause *clause, struct model_limit *limit)
{
	const struct ast_qname *name = clause->n_names != 0 ? clause->names[0] : NULL;

	if (name == NULL || name->scope.text != NULL || strcmp(name->name.text, "frame") != 0) {
		diag_report(c->diag, DIAG_LIMIT_FORM, clause->place,
		        "a limit counts per time, or is a frame's size");
		diag_hint(c->diag,
		        "limit chat 5 per 1s burst 10;  limit 120 per 60s;  limit frame 64KiB;");
		return false;
	}
	limit->kind = MODEL_LIMIT_FRAME;
	if (!check_size(c, &clause->count, &limit->bytes))
		return false;
	if (limit->bytes >= CHECK_MIN_FRAME)
		return true;
	diag_report(c->diag, DIAG_QUANTITY, clause->count.place, "a frame needs at least %d bytes",
	        CHECK_MIN_FRAME);
	return false;
}

static bool rate_limit(struct check *c, const struct model_consumer *consumer,
        const struct ast_clause *clause, struct model_limit *limit)
{
	uint64_t count, burst;

	limit->kind = MODEL_LIMIT_ALL;
	if (clause->n_names != 0) {
		limit->kind = MODEL_LIMIT_ACTION;
		limit->message = find_received(c, consumer, clause->names[0]);
		if (limit->message == NULL)
			return false;
	}
	if (!check_count(c, &clause->count, 1, CHECK_MAX_RATE, &count) ||
	        !check_duration(c, &clause->period, &limit->period_ms))
		return false;
	burst = count;
	if (clause->has_burst && !check_count(c, &clause->burst, 1, CHECK_MAX_RATE, &burst))
		return false;
	if (limit->period_ms == 0) {
		diag_report(c->diag, DIAG_QUANTITY, clause->period.place,
		        "a period is longer than nothing");
		return false;
	}
	limit->count = (uint32_t)count;
	limit->burst = (uint32_t)burst;
	return true;
}

static bool said_already(struct check *c, const struct model_limit *limits, size_t n,
        const struct model_limit *limit)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (limits[i].kind != limit->kind || limits[i].message != limit->message)
			continue;
		diag_report(c->diag, DIAG_CLAUSE_TWICE, limit->place, "this limit is said twice");
		diag_note(c->diag, limits[i].place, "first said here");
		return true;
	}
	return false;
}

static void set_limits(struct check *c, const struct symbol *symbol)
{
	struct model_limit *limits = arena_array(c->arena, symbol->n_clauses, sizeof(*limits));
	size_t n = 0, i;

	for (i = 0; i < symbol->n_clauses; i++) {
		const struct ast_clause *clause = symbol->clauses[i];
		struct model_limit limit = {.place = clause->place};

		if (clause->kind != AST_CLAUSE_LIMIT)
			continue;
		if (clause->has_period ? !rate_limit(c, symbol->consumer, clause, &limit)
		                       : !frame_limit(c, clause, &limit))
			continue;
		if (!said_already(c, limits, n, &limit))
			limits[n++] = limit;
	}
	symbol->consumer->limits = limits;
	symbol->consumer->n_limits = n;
}

bool check_limits(struct check *c)
{
	struct symbol *symbol;
	size_t at = 0;

	while ((symbol = check_next_consumer(c, &at)) != NULL)
		set_limits(c, symbol);
	return true;
}
