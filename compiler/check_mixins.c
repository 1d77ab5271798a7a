/* SPDX-License-Identifier: MIT */
/*
 * check_mixins.c - `use`: the clauses of mixins take their places among those of consumers and
 * topics. Later checks see flattened lists, whose clauses still have the places where they stand.
 */
#include "checks.h"

/* So many mixins may use one another. */
#define CHECK_MAX_MIXINS 32

struct flattening {
	struct check *c;
	struct vec clauses;
	struct vec used;                             /* struct symbol *: whose clauses are there */
	const struct symbol *open[CHECK_MAX_MIXINS]; /* from the outermost to this one */
	size_t n_open;
};

static void add_clauses(struct flattening *f, const struct ast_decl *decl);

static bool has(const struct vec *list, const struct symbol *symbol)
{
	size_t i;

	for (i = 0; i < list->n; i++) {
		if (list->items[i] == symbol)
			return true;
	}
	return false;
}

/* Each once: what two mixins share is there already. */
static void use_mixin(struct flattening *f, const struct ast_qname *name)
{
	struct symbol *mixin = check_find_mixin(f->c, name);
	size_t i;

	if (mixin == NULL)
		return;
	for (i = 0; i < f->n_open; i++) {
		if (f->open[i] != mixin)
			continue;
		diag_report(f->c->diag, DIAG_MIXIN_CYCLE, name->place, "mixin '%s' uses itself",
		        mixin->name);
		diag_note(f->c->diag, mixin->place, "declared here");
		return;
	}
	if (has(&f->used, mixin))
		return;
	if (f->n_open == CHECK_MAX_MIXINS) {
		diag_report(f->c->diag, DIAG_MIXIN_CYCLE, name->place,
		        "more than %d mixins use one another", CHECK_MAX_MIXINS);
		return;
	}
	vec_push(&f->used, mixin);
	f->open[f->n_open++] = mixin;
	add_clauses(f, mixin->decl);
	f->n_open--;
}

static void check_used_once(struct check *c, const struct ast_decl *decl)
{
	struct check_key *keys;
	size_t n = 0, i, j;

	for (i = 0; i < decl->n_clauses; i++)
		n += decl->clauses[i]->kind == AST_CLAUSE_USE ? decl->clauses[i]->n_names : 0;
	keys = arena_array(c->arena, n, sizeof(*keys));
	n = 0;
	for (i = 0; i < decl->n_clauses; i++) {
		const struct ast_clause *clause = decl->clauses[i];

		for (j = 0; clause->kind == AST_CLAUSE_USE && j < clause->n_names; j++)
			keys[n++] = (struct check_key){
			        clause->names[j]->name.text, clause->names[j]->place};
	}
	check_unique(c, keys, n, DIAG_CLAUSE_TWICE, "is said twice", "first said here");
}

static void add_clauses(struct flattening *f, const struct ast_decl *decl)
{
	size_t i, j;

	for (i = 0; i < decl->n_clauses; i++) {
		struct ast_clause *clause = decl->clauses[i];

		if (clause->kind != AST_CLAUSE_USE) {
			vec_push(&f->clauses, clause);
			continue;
		}
		for (j = 0; j < clause->n_names; j++)
			use_mixin(f, clause->names[j]);
	}
}

static void flatten(struct check *c, struct symbol *symbol)
{
	struct flattening f = {.c = c};

	if (symbol->kind == SYMBOL_MIXIN)
		f.open[f.n_open++] = symbol;
	check_used_once(c, symbol->decl);
	add_clauses(&f, symbol->decl);
	if (!check_parts(c, f.clauses.n, symbol->place, "clauses, those of mixins included"))
		f.clauses.n = CHECK_MAX_PARTS;
	symbol->n_clauses = f.clauses.n;
	symbol->clauses = vec_copy(&f.clauses, c->arena);
	vec_clear(&f.clauses);
	vec_clear(&f.used);
}

bool check_mixins(struct check *c)
{
	size_t i;

	for (i = 0; i < c->unit->scope.n; i++) {
		struct symbol *symbol = c->unit->scope.in_order[i];

		if (symbol->decl->n_clauses != 0 && symbol->kind != SYMBOL_BROKEN)
			flatten(c, symbol);
	}
	return true;
}

const struct ast_clause *check_find_clause(const struct symbol *symbol, enum ast_clause_kind kind)
{
	size_t i;

	for (i = 0; i < symbol->n_clauses; i++) {
		if (symbol->clauses[i]->kind == kind)
			return symbol->clauses[i];
	}
	return NULL;
}

/* What no consumer uses is looked at all the same: the names in it. */
static void check_names(struct check *c, const struct ast_clause *clause)
{
	struct model_message_ref ref;
	const char *id;
	size_t i;

	for (i = 0; i < clause->n_names; i++) {
		if (clause->kind == AST_CLAUSE_JOIN)
			check_find_group(c, clause->names[i], &id);
		else if (clause->kind == AST_CLAUSE_TOPICS)
			check_find_topic(c, clause->names[i]);
		else if (clause->kind == AST_CLAUSE_RECEIVE || clause->kind == AST_CLAUSE_SEND ||
		        clause->kind == AST_CLAUSE_GREET || clause->kind == AST_CLAUSE_ERROR)
			check_find_message(c, clause->names[i], &ref);
	}
	for (i = 0; i < clause->n_replies; i++)
		check_find_message(c, clause->replies[i], &ref);
}

bool check_mixin_names(struct check *c)
{
	struct symbol *symbol;
	size_t at = 0, i;

	while ((symbol = check_next(c, SYMBOL_MIXIN, &at)) != NULL) {
		for (i = 0; i < symbol->decl->n_clauses; i++)
			check_names(c, symbol->decl->clauses[i]);
	}
	return true;
}
