/* SPDX-License-Identifier: MIT */
/*
 * check_hooks.c - `check NAME`: functions that the program defines, behind a type's constraints or
 * among the members of a record.
 *
 * One name is one function of one C type: whoever uses it a second time must have a value of the
 * same type. What a record takes over with `...` is a function of its own for each record.
 */
#include "checks.h"

#include <stdlib.h>
#include <string.h>

/* A name that is in use, and for what. */
struct hook {
	const struct model_check *check;
	const struct model_type *type;
	const char *words; /* for the C type: equal for equal ones */
};

/* ------------------------------------------------------------------- types */

/* Scalars of one C type are one: int53 is int64_t. Composites are told by their C names. */
static const char *type_words(struct check *c, const struct model_type *type)
{
	if (type->kind == MODEL_INT53)
		return model_kind_name(MODEL_INT64);
	if (model_kind_is_scalar(type->kind))
		return model_kind_name(type->kind);
	if (type->kind == MODEL_LIST && !type->element.nullable && type->element.type != NULL &&
	        type->element.type->kind != MODEL_LIST && type->element.type->kind != MODEL_MAP)
		return arena_printf(c->arena, "%s[]", type_words(c, type->element.type));
	if (type->name != NULL)
		return type->name;
	return type->c_name != NULL ? type->c_name : model_kind_name(type->kind);
}

static int compare_hooks(const void *a, const void *b)
{
	const struct hook *x = *(struct hook *const *)a, *y = *(struct hook *const *)b;
	int order = strcmp(x->check->c_name, y->check->c_name);

	if (order != 0)
		return order;
	return x->check->place.start < y->check->place.start
	        ? -1
	        : x->check->place.start > y->check->place.start;
}

static void add_hooks(
        struct check *c, const struct model_type *type, const struct model_check *checks, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		struct hook *hook;

		/* What imported types say is declared there. */
		if (checks[i].place.source != c->file->source)
			continue;
		hook = arena_alloc(c->arena, sizeof(*hook));
		*hook = (struct hook){&checks[i], type, type_words(c, type)};
		vec_push(&c->hooks, hook);
	}
}

static struct model_check new_check(struct check *c, const struct ast_name *name)
{
	return (struct model_check){name->text,
	        names_join(
	                c->arena, c->contract->c_prefix, names_join(c->arena, "check", name->text)),
	        name->place};
}

/* Appends to an array that nobody else changes. */
static void append(struct check *c, const struct model_check **checks, size_t *n,
        const struct model_check *check)
{
	struct model_check *all = arena_array(c->arena, *n + 1, sizeof(*all));

	if (*n != 0)
		memcpy(all, *checks, *n * sizeof(*all));
	all[(*n)++] = *check;
	*checks = all;
}

/* --------------------------------------------------------- in parentheses */

void check_hook_constraint(
        struct check *c, struct model_type *type, const struct ast_constraint *ast)
{
	struct model_constraints *k = &type->constraints;
	struct model_check check;
	size_t i;

	if (ast->kind != AST_CONSTRAINT_WORD || strchr(ast->word.text, '-') != NULL) {
		diag_report(c->diag, DIAG_CONSTRAINT_FORM, ast->place,
		        "'check' is written like this: check plausible");
		return;
	}
	check = new_check(c, &ast->word);
	for (i = 0; i < k->n_checks; i++) {
		if (strcmp(k->checks[i].c_name, check.c_name) != 0)
			continue;
		diag_report(c->diag, DIAG_CONSTRAINT_TWICE, ast->place, "'check %s' is said twice",
		        check.name);
		diag_note(c->diag, k->checks[i].place, "first said here");
		return;
	}
	if (!check_parts(c, k->n_checks + 1, ast->place, "checks of one type"))
		return;
	append(c, &k->checks, &k->n_checks, &check);
}

/* -------------------------------------------------------------- in records */

static void record_hook(
        struct check *c, const struct ast_member *statement, struct model_type *type)
{
	struct model_check check = new_check(c, &statement->name);
	size_t i;

	for (i = 0; i < type->n_checks; i++) {
		if (strcmp(type->checks[i].name, check.name) != 0)
			continue;
		diag_report(c->diag, DIAG_CONSTRAINT_TWICE, statement->place,
		        "'check %s' is said twice", check.name);
		diag_note(c->diag, type->checks[i].place, "first said here");
		return;
	}
	append(c, &type->checks, &type->n_checks, &check);
}

/* rooms_check_post_plausible: a function of the record that takes `check plausible` over. */
static void brought_hooks(
        struct check *c, const struct check_spread *spread, struct model_type *type)
{
	const char *own = type->c_name + strlen(c->contract->c_prefix) + 1;
	size_t i;

	for (i = 0; spread->base != NULL && i < spread->base->n_checks; i++) {
		struct model_check check = spread->base->checks[i];

		if (!check_parts(c, type->n_checks + 1, spread->place, "checks of one record"))
			return;
		/* Each copies those before it. */
		c->brought += 1 + type->n_checks / 8;
		if (c->brought > CHECK_MAX_BROUGHT) {
			diag_report(c->diag, DIAG_TOO_MANY_PARTS, spread->place,
			        "more than %d members and conditions are taken over in this "
			        "contract",
			        CHECK_MAX_BROUGHT);
			return;
		}

		check.place = spread->place;
		check.c_name = arena_printf(
		        c->arena, "%s_check_%s_%s", c->contract->c_prefix, own, check.name);
		append(c, &type->checks, &type->n_checks, &check);
	}
}

static void fill_hooks(struct check *c, const struct check_record *record)
{
	struct model_type *type = record->type;
	size_t i;

	for (i = 0; i < record->n_spreads; i++)
		brought_hooks(c, record->spreads[i], type);
	for (i = 0; i < record->ast->n_statements; i++) {
		if (record->ast->statements[i]->kind == AST_MEMBER_CHECK)
			record_hook(c, record->ast->statements[i], type);
	}
}

/* ------------------------------------------------------------- all of them */

static void collect(struct check *c, const struct model_type *type)
{
	add_hooks(c, type, type->constraints.checks, type->constraints.n_checks);
	add_hooks(c, type, type->checks, type->n_checks);
}

/* Plain scalars stand in no list: those of members and elements are found where they are used. */
static void collect_uses(struct check *c)
{
	size_t i, j;

	for (i = 0; i < c->records.n; i++) {
		const struct check_record *record = c->records.items[i];

		for (j = 0; j < record->n; j++) {
			const struct model_type *type = record->members[j].use.type;

			if (type != NULL && type->c_name == NULL)
				collect(c, type);
		}
	}
	for (i = 0; i < c->types.n; i++) {
		const struct model_type *type = c->types.items[i];

		collect(c, type);
		for (j = 0; j < type->n_arms; j++) {
			if (type->arms[j].use.type->c_name == NULL)
				collect(c, type->arms[j].use.type);
		}
		if (type->element.type != NULL && type->element.type->c_name == NULL)
			collect(c, type->element.type);
		if (type->key != NULL && type->key->c_name == NULL)
			collect(c, type->key);
	}
}

/* Each name once, and of one type. */
static void unique_hooks(struct check *c)
{
	struct model_hook *hooks = arena_array(c->arena, c->hooks.n, sizeof(*hooks));
	const struct hook *first = NULL;
	size_t n = 0, i;

	if (c->hooks.n != 0)
		qsort(c->hooks.items, c->hooks.n, sizeof(void *), compare_hooks);
	for (i = 0; i < c->hooks.n; i++) {
		const struct hook *hook = c->hooks.items[i];

		if (first == NULL || strcmp(hook->check->c_name, first->check->c_name) != 0) {
			first = hook;
			hooks[n++] = (struct model_hook){hook->check, hook->type};
			continue;
		}
		if (strcmp(hook->words, first->words) == 0)
			continue;
		diag_report(c->diag, DIAG_CHECK_TYPE, hook->check->place,
		        "'check %s' is a function of %s, and cannot be one of %s too",
		        hook->check->name, first->words, hook->words);
		diag_note(c->diag, first->check->place, "first used here");
	}
	c->contract->hooks = hooks;
	c->contract->n_hooks = n;
}

bool check_hooks(struct check *c)
{
	size_t i;

	for (i = 0; i < c->records.n; i++) {
		const struct check_record *record = c->records.items[i];

		if (record->ast != NULL)
			fill_hooks(c, record);
	}
	collect_uses(c);
	unique_hooks(c);
	return true;
}
