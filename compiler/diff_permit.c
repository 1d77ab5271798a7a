/* SPDX-License-Identifier: MIT */
/*
 * diff_permit.c - does the new permit clause let in whom the old one let in?
 *
 * Terms are yes or no, whatever they ask: with few of them, all combinations are tried.
 */
#include <string.h>

#include "diff_parts.h"

/* 65,536 combinations. */
#define PERMIT_MAX_TERMS 16

/* Terms of both clauses, each once; one bit a term. */
struct terms {
	const struct model_permit_term *list[PERMIT_MAX_TERMS];
	size_t n;
};

static bool same_term(const struct model_permit_term *a, const struct model_permit_term *b)
{
	return a->user_only == b->user_only && strcmp(a->name, b->name) == 0;
}

static size_t term_index(const struct terms *terms, const struct model_permit_term *term)
{
	size_t i = 0;

	while (i < terms->n && !same_term(terms->list[i], term))
		i++;
	return i;
}

static bool add_terms(struct terms *terms, const struct model_consumer *consumer)
{
	size_t i;

	for (i = 0; i < consumer->n_permit_terms; i++) {
		if (term_index(terms, &consumer->permit_terms[i]) < terms->n)
			continue;
		if (terms->n == PERMIT_MAX_TERMS)
			return false;
		terms->list[terms->n++] = &consumer->permit_terms[i];
	}
	return true;
}

static bool allows(const struct terms *terms, const struct model_consumer *consumer,
        const struct model_permit *permit, unsigned facts)
{
	if (permit == NULL)
		return true;
	switch (permit->op) {
	case MODEL_PERMIT_TERM:
		return (facts >> term_index(terms, &consumer->permit_terms[permit->term]) & 1u) !=
		        0;
	case MODEL_PERMIT_NOT: return !allows(terms, consumer, permit->left, facts);
	case MODEL_PERMIT_AND:
		return allows(terms, consumer, permit->left, facts) &&
		        allows(terms, consumer, permit->right, facts);
	case MODEL_PERMIT_OR:
		return allows(terms, consumer, permit->left, facts) ||
		        allows(terms, consumer, permit->right, facts);
	}
	return false;
}

static bool same_permit(const struct model_consumer *a, const struct model_permit *x,
        const struct model_consumer *b, const struct model_permit *y)
{
	if (x == NULL || y == NULL)
		return x == y;
	if (x->op != y->op)
		return false;
	if (x->op == MODEL_PERMIT_TERM)
		return same_term(&a->permit_terms[x->term], &b->permit_terms[y->term]);
	return same_permit(a, x->left, b, y->left) && same_permit(a, x->right, b, y->right);
}

bool diff_permit_within(const struct model_consumer *before, const struct model_consumer *after)
{
	struct terms terms = {.n = 0};
	unsigned facts;

	if (same_permit(before, before->permit, after, after->permit))
		return true;
	if (!add_terms(&terms, before) || !add_terms(&terms, after))
		return false;
	for (facts = 0; facts < 1u << terms.n; facts++) {
		if (allows(&terms, before, before->permit, facts) &&
		        !allows(&terms, after, after->permit, facts))
			return false;
	}
	return true;
}
