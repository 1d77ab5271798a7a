/* SPDX-License-Identifier: MIT */
/*
 * check_record.c - the members of records and messages, elements of tuples, parameters.
 *
 * Members that a record takes over from another one are copied in check_spread.c. What is said of
 * names, defaults and the rest is checked when all of them are known: check_members.c.
 */
#include "checks.h"

#include <ctype.h>
#include <string.h>

/* -------------------------------------------------------------- wire names */

/* The words of a name, as `option case` puts them together. */
static const char *with_case(struct check *c, const char *name)
{
	enum model_case style = c->contract->options.member_case;
	char *text = arena_copy(c->arena, name, strlen(name));
	bool begins = style == MODEL_CASE_PASCAL;
	size_t n = 0;

	for (; *name != '\0'; name++) {
		if (*name == '_') {
			begins = true;
			continue;
		}
		if (begins && n != 0 && style == MODEL_CASE_KEBAB)
			text[n++] = '-';
		text[n++] = begins && style != MODEL_CASE_KEBAB
		        ? (char)toupper((unsigned char)*name)
		        : *name;
		begins = false;
	}
	text[n] = '\0';
	return text;
}

static const char *wire_of(
        struct check *c, const struct ast_member *ast, const struct model_type *type)
{
	if (type != NULL && type->kind == MODEL_TUPLE)
		return NULL;
	if (ast->wire.bytes != NULL)
		return ast->wire.bytes;
	if (type == NULL || c->contract->options.member_case == MODEL_CASE_AS_IS)
		return ast->name.text;
	return with_case(c, ast->name.text);
}

/* ----------------------------------------------------------------- members */

static void set_member(struct check *c, const struct ast_member *ast, size_t index,
        const char *path, const struct model_type *type, struct model_member *member)
{
	bool is_named = ast->name.text != NULL;

	member->name = is_named ? ast->name.text : arena_printf(c->arena, "item%zu", index);
	member->c_id = member->name;
	member->wire = wire_of(c, ast, type);
	member->doc = ast->doc;
	member->deprecated = ast->deprecated.bytes;
	member->optional = ast->optional;
	member->beside = ast->beside.bytes;
	member->place = is_named ? ast->name.place : ast->place;
	/* Filled in by "defaults"; that there is one is known from now on. */
	if (ast->default_value != NULL)
		member->default_value = arena_alloc(c->arena, sizeof(*member->default_value));
	check_type_use(c, ast->type, names_join(c->arena, path, member->name), &member->use);
}

/* What `...` brings, so that it is known how many members there are. */
static size_t read_spreads(
        struct check *c, struct ast_member *const *asts, size_t n, struct vec *spreads)
{
	size_t total = 0, i;

	for (i = 0; i < n; i++) {
		struct check_spread *spread;

		if (asts[i]->kind == AST_MEMBER) {
			total++;
			continue;
		}
		spread = check_spread_new(c, asts[i]);
		total += spread->n;
		vec_push(spreads, spread);
	}
	return total;
}

static void fill_members(struct check *c, struct ast_member *const *asts, size_t n,
        const char *path, struct check_record *record)
{
	size_t at = 0, spread = 0, i;

	for (i = 0; i < n; i++) {
		if (asts[i]->kind == AST_MEMBER_SPREAD) {
			at += check_spread_copy(record->spreads[spread++], record, at);
			continue;
		}
		record->asts[at] = asts[i];
		set_member(c, asts[i], at, path, record->type, &record->members[at]);
		at++;
	}
}

struct check_record *check_record_new(struct check *c, struct ast_member *const *asts, size_t n,
        const char *path, struct model_type *type)
{
	struct check_record *record = arena_alloc(c->arena, sizeof(*record));
	struct vec spreads = {0};

	record->n = read_spreads(c, asts, n, &spreads);
	if (record->n != 0 && !check_parts(c, record->n, asts[0]->place, "members"))
		record->n = n = spreads.n = 0;
	record->spreads = vec_copy(&spreads, c->arena);
	record->n_spreads = spreads.n;
	vec_clear(&spreads);
	record->asts = arena_array(c->arena, record->n, sizeof(*record->asts));
	record->members = arena_array(c->arena, record->n, sizeof(*record->members));
	record->type = type;
	fill_members(c, asts, n, path, record);
	vec_push(&c->records, record);
	return record;
}

/* ---------------------------------------------------------- further members */

static void report_further(struct check *c, struct place place, struct place first)
{
	diag_report(c->diag, DIAG_FURTHER, place, "further members are said twice");
	diag_note(c->diag, first, "first said here");
}

/* `...: T`: what is not declared, as a map of T. */
static void own_further(
        struct check *c, const struct ast_member *ast, const char *path, struct model_type *type)
{
	struct model_type *map = check_type_new(c, MODEL_MAP, ast->place);

	map->c_name = check_claim_type(c, names_join(c->arena, path, "further"), MODEL_MAP);
	check_type_use(c, ast->type, names_join(c->arena, map->c_name, "value"), &map->element);
	vec_push(&c->types, map);
	if (check_type_is_held(c, &map->element, ast->type->place))
		type->further = map;
}

static void fill_further(
        struct check *c, const struct ast_type *ast, const char *path, struct check_record *record)
{
	const struct ast_member *own = NULL;
	const struct model_type *brought = NULL;
	size_t i;

	for (i = 0; i < ast->n_statements; i++) {
		const struct ast_member *statement = ast->statements[i];

		if (statement->kind != AST_MEMBER_FURTHER)
			continue;
		if (own != NULL)
			report_further(c, statement->place, own->place);
		own = own != NULL ? own : statement;
	}
	for (i = 0; i < record->n_spreads; i++) {
		const struct check_spread *spread = record->spreads[i];

		if (spread->base == NULL || spread->base->further == NULL)
			continue;
		if (own != NULL || brought != NULL)
			report_further(c, spread->place, own != NULL ? own->place : brought->place);
		brought = brought != NULL ? brought : spread->base->further;
	}
	record->type->further = brought;
	if (own != NULL)
		own_further(c, own, path, record->type);
}

/* Refuses what it does not know: because it says so, or because the contract does. */
static void set_closed(struct check *c, struct model_type *type)
{
	if (type->further == NULL) {
		type->is_closed = c->openness == AST_OPENNESS_CLOSED ||
		        (c->openness == AST_OPENNESS_UNSAID && c->contract->options.reject_unknown);
		return;
	}
	if (c->openness != AST_OPENNESS_CLOSED)
		return;
	diag_report(c->diag, DIAG_OPENNESS, type->further->place,
	        "a closed type takes no further members");
}

struct check_record *check_record_fill(
        struct check *c, const struct ast_type *ast, const char *path, struct model_type *type)
{
	struct check_record *record = check_record_new(c, ast->members, ast->n_members, path, type);

	type->members = record->members;
	type->n_members = record->n;
	if (check_parts(c, ast->n_statements, ast->place, "statements in one record")) {
		record->ast = ast;
		fill_further(c, ast, path, record);
	}
	set_closed(c, type);
	return record;
}
