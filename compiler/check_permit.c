/* SPDX-License-Identifier: MIT */
/*
 * check_permit.c - permit clauses: their terms, and which of them need the object.
 *
 * Recursion follows the expression, whose depth the parser has bounded.
 */
#include "checks.h"

#include <string.h>

struct permit {
	struct check *c;
	struct model_consumer *consumer;
	struct vec terms;
};

/* The user is known before the object is: so are is_authenticated and terms that say (user). */
static bool is_after_object(const struct permit *p, const struct ast_permit *ast)
{
	return p->consumer->object != NULL && ast->argument.text == NULL &&
	        strcmp(ast->term.text, "is_authenticated") != 0;
}

static void report_two_ways(
        struct permit *p, const struct ast_permit *ast, const struct model_permit_term *other)
{
	diag_report(p->c->diag, DIAG_PERMIT_TWO_WAYS, ast->place,
	        "'%s' is asked with and without (user)", ast->term.text);
	diag_note(p->c->diag, other->place, "asked otherwise here");
}

/* The term's number; the same question is asked once. */
static size_t add_term(struct permit *p, const struct ast_permit *ast)
{
	struct model_permit_term *term;
	size_t i;

	for (i = 0; i < p->terms.n; i++) {
		term = p->terms.items[i];
		if (strcmp(term->name, ast->term.text) != 0)
			continue;
		if (term->user_only != (ast->argument.text != NULL))
			report_two_ways(p, ast, term);
		return i;
	}
	term = arena_alloc(p->c->arena, sizeof(*term));
	term->name = ast->term.text;
	term->c_id = ast->term.text;
	term->is_authenticated = strcmp(term->name, "is_authenticated") == 0;
	term->user_only = ast->argument.text != NULL;
	term->after_object = is_after_object(p, ast);
	term->place = ast->term.place;
	vec_push(&p->terms, term);
	return i;
}

static const struct model_permit *permit_node(struct permit *p, const struct ast_permit *ast)
{
	static const enum model_permit_op ops[] = {
	        [AST_PERMIT_NOT] = MODEL_PERMIT_NOT,
	        [AST_PERMIT_AND] = MODEL_PERMIT_AND,
	        [AST_PERMIT_OR] = MODEL_PERMIT_OR,
	};
	struct model_permit *node = arena_alloc(p->c->arena, sizeof(*node));

	if (ast->kind == AST_PERMIT_BROKEN)
		return node;
	if (ast->kind == AST_PERMIT_TERM) {
		if (ast->argument.text != NULL && strcmp(ast->argument.text, "user") != 0)
			diag_report(p->c->diag, DIAG_PERMIT_ARGUMENT, ast->argument.place,
			        "a term takes (user), or nothing");
		if (p->terms.n == CHECK_MAX_PARTS)
			check_parts(p->c, p->terms.n + 1, ast->place, "terms");
		else
			node->term = add_term(p, ast);
		node->op = MODEL_PERMIT_TERM;
		return node;
	}
	node->op = ops[ast->kind];
	node->left = permit_node(p, ast->left);
	if (ast->right != NULL)
		node->right = permit_node(p, ast->right);
	return node;
}

/* With nobody to recognise clients, is_authenticated is never true. */
static void check_authenticated(struct permit *p)
{
	size_t i;

	/* Whoever mounts a topic recognises its clients. */
	if (p->consumer->auth_message != NULL ||
	        (p->consumer->topic != NULL && p->consumer->url == NULL))
		return;
	for (i = 0; i < p->consumer->n_auth; i++) {
		if (p->consumer->auth[i] != MODEL_AUTH_ANONYMOUS)
			return;
	}
	for (i = 0; i < p->terms.n; i++) {
		const struct model_permit_term *term = p->terms.items[i];

		if (!term->is_authenticated)
			continue;
		diag_report(p->c->diag, DIAG_NEVER_AUTHENTICATED, term->place,
		        "nobody is ever authenticated here");
		diag_hint(p->c->diag, "'auth' says how clients are recognised: auth session, jwt;");
	}
}

static void set_permit(struct check *c, struct symbol *symbol, const struct ast_permit *ast)
{
	struct permit p = {.c = c, .consumer = symbol->consumer};
	struct model_permit_term *terms;
	size_t i;

	p.consumer->permit = permit_node(&p, ast);
	check_authenticated(&p);
	terms = arena_array(c->arena, p.terms.n, sizeof(*terms));
	for (i = 0; i < p.terms.n; i++)
		terms[i] = *(struct model_permit_term *)p.terms.items[i];
	symbol->permit_terms = terms;
	p.consumer->permit_terms = terms;
	p.consumer->n_permit_terms = p.terms.n;
	vec_clear(&p.terms);
}

bool check_permits(struct check *c)
{
	struct symbol *symbol;
	size_t at = 0, i;

	while ((symbol = check_next_consumer(c, &at)) != NULL) {
		for (i = 0; i < symbol->n_clauses; i++) {
			const struct ast_clause *clause = symbol->clauses[i];

			if (clause->kind != AST_CLAUSE_PERMIT)
				continue;
			set_permit(c, symbol, clause->permit);
			break;
		}
	}
	return true;
}
