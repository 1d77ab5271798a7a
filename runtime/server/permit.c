/* SPDX-License-Identifier: MIT */
/*
 * Permit expressions in Kleene's logic over what is known of their terms. It must not know who asks the terms, nor what follows.
 */
#include "lookup.h"

enum { STACK_MAX = 64, IS_AUTHENTICATED = -1 };

/* The value of a part of the expression, and the term to ask if it is to be known better. */
struct part {
	enum msgc__truth truth;
	int next;
};

static struct part negate(struct part a)
{
	if (a.truth == MSGC__UNKNOWN)
		return a;
	return (struct part){a.truth == MSGC__TRUE ? MSGC__FALSE : MSGC__TRUE, -1};
}

/* `decisive`: the value that settles the outcome alone: false for `and`, true for `or`. */
static struct part combine(struct part a, struct part b, enum msgc__truth decisive)
{
	if (a.truth == decisive || b.truth == decisive)
		return (struct part){decisive, -1};
	if (a.truth != MSGC__UNKNOWN)
		return b;
	if (b.truth != MSGC__UNKNOWN)
		return a;
	return (struct part){MSGC__UNKNOWN, a.next >= 0 ? a.next : b.next};
}

static struct part look_up(const struct msgc_consumer *consumer, const enum msgc__truth *terms,
        bool is_authenticated, bool with_object, int term)
{
	struct part part = {MSGC__UNKNOWN, -1};

	if (term == IS_AUTHENTICATED) {
		part.truth = is_authenticated ? MSGC__TRUE : MSGC__FALSE;
		return part;
	}
	part.truth = terms[term];
	if (part.truth == MSGC__UNKNOWN && (with_object || !consumer->terms[term].needs_object))
		part.next = term;
	return part;
}

enum msgc__truth msgc__permit_eval(const struct msgc_consumer *consumer,
        const enum msgc__truth *terms, bool is_authenticated, bool with_object, int *ret_next)
{
	struct part stack[STACK_MAX];
	size_t depth = 0;

	*ret_next = -1;
	if (consumer->permit_count == 0)
		return MSGC__TRUE;
	for (size_t i = 0; i < consumer->permit_count; i++) {
		const struct msgc_permit_op *op = &consumer->permit[i];

		switch (op->kind) {
		case MSGC_PERMIT_TERM:
			stack[depth++] =
			        look_up(consumer, terms, is_authenticated, with_object, op->term);
			break;
		case MSGC_PERMIT_NOT: stack[depth - 1] = negate(stack[depth - 1]); break;
		case MSGC_PERMIT_AND:
		case MSGC_PERMIT_OR:
			depth--;
			stack[depth - 1] = combine(stack[depth - 1], stack[depth],
			        op->kind == MSGC_PERMIT_AND ? MSGC__FALSE : MSGC__TRUE);
			break;
		}
	}
	*ret_next = stack[0].next;
	return stack[0].truth;
}

bool msgc__permit_check(const struct msgc_consumer *consumer)
{
	size_t depth = 0;

	for (size_t i = 0; i < consumer->permit_count; i++) {
		const struct msgc_permit_op *op = &consumer->permit[i];
		size_t takes = op->kind == MSGC_PERMIT_TERM ? 0
		        : op->kind == MSGC_PERMIT_NOT       ? 1
		                                            : 2;

		if (depth < takes)
			return false;
		depth = depth - takes + 1;
		if (depth > STACK_MAX)
			return false;
		if (op->kind == MSGC_PERMIT_TERM && op->term != IS_AUTHENTICATED &&
		        (op->term < 0 || (size_t)op->term >= consumer->term_count))
			return false;
	}
	return consumer->permit_count == 0 || depth == 1;
}
