/* SPDX-License-Identifier: MIT */
/*
 * check_greetings.c - what a consumer says before and beside all that is asked of it: `greet hello;`,
 * the first frame of all, and `error call_error;`, its own word for what is refused.
 */
#include "checks.h"

/* The message that the clause names. NULL: there is no such clause, or it is wrong. */
static struct model_message_ref *named_message(
        struct check *c, const struct symbol *symbol, enum ast_clause_kind kind)
{
	const struct ast_clause *clause = check_find_clause(symbol, kind);
	struct model_message_ref *ref;

	if (clause == NULL)
		return NULL;
	ref = arena_alloc(c->arena, sizeof(*ref));
	return check_find_message(c, clause->names[0], ref) && check_sendable(c, ref) ? ref : NULL;
}

/* What greets is one of the sends, if it is not said to be one. */
static const struct model_message_ref *add_greeting(
        struct check *c, struct model_consumer *consumer, const struct model_message_ref *greeting)
{
	struct model_message_ref *sends =
	        arena_array(c->arena, consumer->n_sends + 1, sizeof(*sends));
	size_t i;

	for (i = 0; i < consumer->n_sends; i++) {
		if (consumer->sends[i].message == greeting->message)
			return &consumer->sends[i];
		sends[i] = consumer->sends[i];
	}
	sends[consumer->n_sends] = *greeting;
	consumer->sends = sends;
	consumer->n_sends++;
	return &sends[consumer->n_sends - 1];
}

static bool may_have_errors(struct check *c, const struct model_message_ref *ref)
{
	if (c->contract->envelope.std_off)
		return true;
	diag_report(c->diag, DIAG_ERROR_STD, ref->place,
	        "what is refused is told by the standard message 'error'");
	diag_hint(c->diag, "with 'envelope { std off; }' a contract has errors of its own");
	return false;
}

bool check_greetings(struct check *c)
{
	struct symbol *symbol;
	size_t at = 0;

	while ((symbol = check_next_consumer(c, &at)) != NULL) {
		struct model_message_ref *greeting = named_message(c, symbol, AST_CLAUSE_GREET);
		struct model_message_ref *error = named_message(c, symbol, AST_CLAUSE_ERROR);

		if (greeting != NULL)
			symbol->consumer->greeting = add_greeting(c, symbol->consumer, greeting);
		if (error != NULL && may_have_errors(c, error))
			symbol->consumer->error = error;
	}
	return true;
}
