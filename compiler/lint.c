/* SPDX-License-Identifier: MIT */
/*
 * lint.c - the list of questions, and those about declarations: used, limited, documented.
 *
 * Adding a question is one function, one row, and one row of diagnostics.def.
 */
#include "lint.h"

#include "lint_parts.h"

typedef void question_fn(struct lint *lint);

static question_fn *const questions[] = {
        lint_unused,
        lint_idle_consumers,
        lint_limits,
        lint_docs,
        lint_unbounded,
        lint_deprecated,
        lint_closed_enums,
        lint_confusable,
};

void lint_unit(struct diag *diag, const struct unit *unit)
{
	struct lint lint = {
	        .arena = arena_new(), .diag = diag, .unit = unit, .contract = unit->contract};
	size_t i;

	lint_reach(&lint);
	for (i = 0; i < sizeof(questions) / sizeof(questions[0]); i++)
		questions[i](&lint);
	vec_clear(&lint.from_clients.types);
	vec_clear(&lint.to_clients.types);
	arena_free(lint.arena);
}

bool lint_is_own(const struct lint *lint, const struct model_type *type)
{
	return type->contract == lint->contract;
}

/* --------------------------------------------------------------------- unused */

static void report_unused(struct lint *lint, const struct symbol *symbol)
{
	switch (symbol->kind) {
	case SYMBOL_TYPE:
	case SYMBOL_ALIAS:
		diag_report(lint->diag, DIAG_UNUSED_TYPE, symbol->place, "nothing uses type '%s'",
		        symbol->name);
		break;
	case SYMBOL_MESSAGE:
		if (symbol->decl->kind == AST_DECL_EVENT)
			diag_report(lint->diag, DIAG_UNUSED_EVENT, symbol->place,
			        "event '%s' reaches no group", symbol->name);
		else
			diag_report(lint->diag, DIAG_UNUSED_MESSAGE, symbol->place,
			        "nobody sends or receives message '%s'", symbol->name);
		break;
	case SYMBOL_GROUP:
		diag_report(lint->diag, DIAG_UNUSED_GROUP, symbol->place,
		        "no consumer joins group '%s'", symbol->name);
		break;
	case SYMBOL_TOPIC:
		if (symbol->consumer->url == NULL)
			diag_report(lint->diag, DIAG_UNUSED_TOPIC, symbol->place,
			        "topic '%s' is part of no consumer and has no route of its own",
			        symbol->name);
		break;
	case SYMBOL_MIXIN:
		diag_report(lint->diag, DIAG_UNUSED_MIXIN, symbol->place, "nobody uses mixin '%s'",
		        symbol->name);
		break;
	case SYMBOL_CONSUMER:
	case SYMBOL_BROKEN: break;
	}
}

/* A contract that serves nobody is there for others, which may use all of it. */
void lint_unused(struct lint *lint)
{
	const struct scope *scope = &lint->unit->scope;
	size_t i;

	if (lint->contract->n_consumers == 0)
		return;
	for (i = 0; i < scope->n; i++) {
		if (!scope->in_order[i]->used)
			report_unused(lint, scope->in_order[i]);
	}
}

void lint_idle_consumers(struct lint *lint)
{
	size_t i;

	for (i = 0; i < lint->contract->n_consumers; i++) {
		const struct model_consumer *consumer = lint->contract->consumers[i];

		if (consumer->n_receives == 0 && consumer->n_outgoing == 0 &&
		        consumer->n_asks == 0 && consumer->n_topics == 0)
			diag_report(lint->diag, DIAG_IDLE_CONSUMER, consumer->place,
			        "consumer '%s' neither receives nor sends anything",
			        consumer->name);
	}
}

/* --------------------------------------------------------------------- limits */

static bool is_limited(const struct model_consumer *consumer, const struct model_message *message)
{
	size_t i;

	for (i = 0; i < consumer->n_limits; i++) {
		const struct model_limit *limit = &consumer->limits[i];

		if (limit->kind == MODEL_LIMIT_ALL ||
		        (limit->kind == MODEL_LIMIT_ACTION && limit->message == message))
			return true;
	}
	return false;
}

static void ask_limits(struct lint *lint, const struct model_consumer *consumer)
{
	size_t i;

	for (i = 0; i < consumer->n_receives; i++) {
		const struct model_message_ref *ref = &consumer->receives[i].in;

		if (ref->message->is_std || is_limited(consumer, ref->message))
			continue;
		diag_report(lint->diag, DIAG_NO_LIMIT, ref->place,
		        "the contract does not say how often clients may send '%s'",
		        ref->message->name);
		diag_hint(lint->diag, "for example: limit %s 5 per 1s burst 10;", ref->c_id);
	}
}

void lint_limits(struct lint *lint)
{
	size_t i;

	for (i = 0; i < lint->contract->n_consumers; i++)
		ask_limits(lint, lint->contract->consumers[i]);
	for (i = 0; i < lint->contract->n_topics; i++)
		ask_limits(lint, lint->contract->topics[i]);
}

/* ----------------------------------------------------------------------- docs */

void lint_docs(struct lint *lint)
{
	const struct scope *scope = &lint->unit->scope;
	size_t i;

	for (i = 0; i < scope->n; i++) {
		const struct symbol *symbol = scope->in_order[i];

		if (symbol->decl->doc == NULL && symbol->kind != SYMBOL_BROKEN)
			diag_report(lint->diag, DIAG_MISSING_DOC, symbol->place,
			        "%s '%s' has no doc comment", symbol_word(symbol), symbol->name);
	}
}
