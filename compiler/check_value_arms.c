/* SPDX-License-Identifier: MIT */
/*
 * check_value_arms.c - literals for enums, tuples, choices and unions.
 *
 * A choice's arm is the one of the literal's JSON kind; a union's is told by its discriminator,
 * which stands among the literal's members. Recursion follows the literal, whose depth the parser
 * has bounded, and choices in choices, which are bounded by check_choices.c.
 */
#include "checks.h"

#include <string.h>

/* ------------------------------------------------------------------- enums */

/* Values of an enum of literals are written as these; NULL: it is none of them. */
static const struct model_enum_value *find_literal(
        struct check *c, const struct ast_value *ast, const struct model_type *type)
{
	struct model_literal literal;
	size_t i;

	if ((ast->kind != AST_VALUE_STRING && ast->kind != AST_VALUE_NUMBER &&
	            ast->kind != AST_VALUE_BOOL) ||
	        !check_literal(c, ast, &literal))
		return NULL;
	for (i = 0; i < type->n_values; i++) {
		if (check_literal_equal(&type->values[i].literal, &literal))
			return &type->values[i];
	}
	return NULL;
}

/* "one of "a", "b" and 3" */
static const char *literals_text(struct check *c, const struct model_type *type)
{
	const char *text = check_literal_text(c, &type->values[0].literal);
	size_t i;

	if (type->n_values == 1)
		return text;
	for (i = 1; i < type->n_values && i < 8; i++)
		text = arena_printf(c->arena, "%s%s%s", text,
		        i + 1 == type->n_values ? " or " : ", ",
		        check_literal_text(c, &type->values[i].literal));
	return arena_printf(c->arena, "%s%s", text, i < type->n_values ? " …" : "");
}

static bool literal_value(struct check *c, const struct ast_value *ast,
        const struct model_type *type, struct model_value *value)
{
	if (type->n_values == 0)
		return false;
	value->kind = MODEL_VALUE_ENUM;
	value->enumerator = find_literal(c, ast, type);
	return value->enumerator != NULL ||
	        check_value_mismatch(c, ast->place, literals_text(c, type));
}

bool check_value_enum(struct check *c, const struct ast_value *ast, const struct model_type *type,
        struct model_value *value)
{
	struct suggestion suggestion;
	size_t i;

	if (type->is_of_literals)
		return literal_value(c, ast, type, value);
	if (ast->kind != AST_VALUE_NAME)
		return check_value_mismatch(c, ast->place,
		        arena_printf(c->arena, "the name of a value of '%s'", type->name));
	suggestion = suggestion_for(ast->name.text);
	for (i = 0; i < type->n_values; i++) {
		suggestion_offer(&suggestion, type->values[i].name);
		if (strcmp(type->values[i].name, ast->name.text) != 0)
			continue;
		value->kind = MODEL_VALUE_ENUM;
		value->enumerator = &type->values[i];
		return true;
	}
	/* An enum without values has been refused itself. */
	if (type->n_values == 0)
		return false;
	diag_report(c->diag, DIAG_UNKNOWN_VALUE, ast->place, "enum '%s' has no value '%s'",
	        type->name, ast->name.text);
	diag_suggest(c->diag, &suggestion);
	return false;
}

/* ------------------------------------------------------------------ tuples */

static void report_elements(
        struct check *c, const struct ast_value *ast, size_t required, size_t all)
{
	size_t limit = ast->n_items > all ? all : required;
	const char *word = required == all ? "" : limit == all ? "at most " : "at least ";

	diag_report(c->diag, DIAG_VALUE, ast->place,
	        "the tuple has %s%zu element%s, this value has %zu", word, limit,
	        limit == 1 ? "" : "s", ast->n_items);
}

bool check_value_tuple(struct check *c, const struct ast_value *ast, const struct model_type *type,
        struct model_value *value)
{
	struct model_value_item *items;
	size_t required = type->n_members, i;
	bool fine = true;

	if (ast->kind != AST_VALUE_LIST)
		return check_value_mismatch(c, ast->place, "a tuple [ … ]");
	while (required != 0 && type->members[required - 1].optional)
		required--;
	if (ast->n_items < required || ast->n_items > type->n_members) {
		report_elements(c, ast, required, type->n_members);
		return false;
	}
	items = arena_array(c->arena, ast->n_items, sizeof(*items));
	for (i = 0; i < ast->n_items; i++) {
		items[i].member = &type->members[i];
		fine = check_value(
		               c, ast->items[i]->value, &type->members[i].use, &items[i].value) &&
		        fine;
	}
	value->kind = MODEL_VALUE_TUPLE;
	value->items = items;
	value->n_items = ast->n_items;
	return fine;
}

/* ----------------------------------------------------------------- choices */

static unsigned kind_of(const struct ast_value *ast)
{
	switch (ast->kind) {
	case AST_VALUE_STRING: return MODEL_JSON_STRING;
	case AST_VALUE_NUMBER: return MODEL_JSON_NUMBER;
	case AST_VALUE_BOOL: return MODEL_JSON_BOOLEAN;
	case AST_VALUE_LIST: return MODEL_JSON_ARRAY;
	case AST_VALUE_RECORD: return MODEL_JSON_OBJECT;
	default: return 0;
	}
}

static bool has_name(const struct model_type *type, const char *name)
{
	size_t i;

	for (i = 0; i < type->n_values && !type->is_of_literals; i++) {
		if (strcmp(type->values[i].name, name) == 0)
			return true;
	}
	/* Choices in choices have arms of other kinds: there are few, however they are nested. */
	for (i = 0; i < type->n_arms && type->kind == MODEL_CHOICE; i++) {
		if (has_name(type->arms[i].use.type, name))
			return true;
	}
	return false;
}

static bool fits(const struct ast_value *ast, const struct model_type *type)
{
	if (ast->kind == AST_VALUE_NAME)
		return has_name(type, ast->name.text);
	return (model_json_kinds(type) & kind_of(ast)) != 0;
}

static bool arm_value(struct check *c, const struct ast_value *ast, const struct model_arm *arm,
        struct model_value *value)
{
	struct model_value_item *item = arena_alloc(c->arena, sizeof(*item));

	value->kind = MODEL_VALUE_ARM;
	value->arm = arm;
	value->items = item;
	value->n_items = 1;
	return check_value(c, ast, &arm->use, &item->value);
}

bool check_value_choice(struct check *c, const struct ast_value *ast, const struct model_type *type,
        struct model_value *value)
{
	const char *names = "";
	size_t i;

	if (type->json_kinds == 0) /* broken */
		return false;
	for (i = 0; i < type->n_arms; i++) {
		if (fits(ast, type->arms[i].use.type))
			return arm_value(c, ast, &type->arms[i], value);
		names = arena_printf(c->arena, "%s%s%s", names,
		        i == 0                          ? ""
		                : i + 1 == type->n_arms ? " nor "
		                                        : ", ",
		        type->arms[i].name);
	}
	return check_value_mismatch(c, ast->place, names);
}

/* ------------------------------------------------------------------ unions */

/* The literal without the member that tells the arm. */
static struct ast_value *without(
        struct check *c, const struct ast_value *ast, const struct ast_item *tag)
{
	struct ast_value *rest = arena_alloc(c->arena, sizeof(*rest));
	size_t i;

	*rest = *ast;
	rest->items = arena_array(c->arena, ast->n_items, sizeof(*rest->items));
	rest->n_items = 0;
	for (i = 0; i < ast->n_items; i++) {
		if (ast->items[i] != tag)
			rest->items[rest->n_items++] = ast->items[i];
	}
	return rest;
}

static const struct model_arm *find_arm(
        struct check *c, const struct ast_value *ast, const struct model_type *type)
{
	struct model_literal literal;
	struct suggestion suggestion;
	size_t i;

	if (ast->kind != AST_VALUE_STRING && ast->kind != AST_VALUE_NUMBER &&
	        ast->kind != AST_VALUE_BOOL) {
		check_value_mismatch(c, ast->place, "a tag of the union, as it travels");
		return NULL;
	}
	if (!check_literal(c, ast, &literal))
		return NULL;
	suggestion = suggestion_for(literal.text);
	for (i = 0; i < type->n_arms; i++) {
		if (type->arms[i].is_else)
			continue;
		if (check_literal_equal(&type->arms[i].tag, &literal))
			return &type->arms[i];
		suggestion_offer(&suggestion, type->arms[i].tag.text);
	}
	diag_report(c->diag, DIAG_UNKNOWN_VALUE, ast->place, "union '%s' has no arm for %s",
	        type->name, check_literal_text(c, &literal));
	diag_suggest(c->diag, &suggestion);
	return NULL;
}

bool check_value_union(struct check *c, const struct ast_value *ast, const struct model_type *type,
        struct model_value *value)
{
	const struct model_arm *arm;
	size_t i;

	if (!type->all_objects || type->n_arms == 0) /* refused where it is used */
		return false;
	if (ast->kind != AST_VALUE_RECORD)
		return check_value_mismatch(c, ast->place,
		        arena_printf(c->arena, "a record { %s: …, … }", type->discriminator));
	for (i = 0; i < ast->n_items; i++) {
		if (strcmp(ast->items[i]->key.bytes, type->discriminator) != 0)
			continue;
		arm = find_arm(c, ast->items[i]->value, type);
		return arm != NULL && arm_value(c, without(c, ast, ast->items[i]), arm, value);
	}
	diag_report(c->diag, DIAG_VALUE_INCOMPLETE, ast->place,
	        "member '%s' is required: it tells the union's arms apart", type->discriminator);
	diag_note(c->diag, type->place, "declared here");
	return false;
}
