/* SPDX-License-Identifier: MIT */
/*
 * check_literals.c - literals that stand for themselves: as types, as tags, as enums in place.
 *
 * One literal alone is a constant, of which C holds nothing; several are an enum, whose values are
 * called after them.
 */
#include "checks.h"

#include <string.h>

#include "number.h"

/* Longest literal that travels, in bytes: that of a name on the wire. */
#define CHECK_MAX_LITERAL 255

/* ---------------------------------------------------------------- literals */

static bool string_literal(
        struct check *c, const struct ast_string *string, struct model_literal *ret_literal)
{
	size_t i;

	if (string->length > CHECK_MAX_LITERAL) {
		diag_report(c->diag, DIAG_LITERAL, string->place,
		        "a text that stands for itself has at most %d bytes", CHECK_MAX_LITERAL);
		return false;
	}
	for (i = 0; i < string->length; i++) {
		if ((unsigned char)string->bytes[i] >= 0x20 && string->bytes[i] != 0x7f)
			continue;
		diag_report(c->diag, DIAG_LITERAL, string->place,
		        "a text that stands for itself has no control characters");
		return false;
	}
	*ret_literal = (struct model_literal){.kind = MODEL_LITERAL_STRING, .text = string->bytes};
	return true;
}

static bool number_literal(
        struct check *c, const struct ast_value *ast, struct model_literal *ret_literal)
{
	const struct model_number *number = number_read(c->arena, ast->number.text);
	int64_t min;
	uint64_t max;

	model_int_bounds(MODEL_INT53, &min, &max);
	if (number == NULL || !number->is_int || number->as_int64 < min ||
	        number->as_uint64 > max || number->as_int64 > (int64_t)max) {
		diag_report(c->diag, DIAG_LITERAL, ast->place,
		        "a number that stands for itself is whole, and not beyond 2^53");
		return false;
	}
	*ret_literal = (struct model_literal){.kind = MODEL_LITERAL_INT,
	        .text = arena_printf(c->arena, "%lld", (long long)number->as_int64),
	        .number = number->as_int64};
	return true;
}

bool check_literal(struct check *c, const struct ast_value *ast, struct model_literal *ret_literal)
{
	switch (ast->kind) {
	case AST_VALUE_STRING: return string_literal(c, &ast->string, ret_literal);
	case AST_VALUE_NUMBER: return number_literal(c, ast, ret_literal);
	default: break;
	}
	*ret_literal = (struct model_literal){.kind = MODEL_LITERAL_BOOL,
	        .text = ast->boolean ? "true" : "false",
	        .boolean = ast->boolean};
	return true;
}

const char *check_literal_text(struct check *c, const struct model_literal *literal)
{
	if (literal->kind != MODEL_LITERAL_STRING)
		return literal->text;
	return arena_printf(c->arena, "\"%s\"", literal->text);
}

bool check_literal_equal(const struct model_literal *a, const struct model_literal *b)
{
	return a->kind == b->kind && strcmp(a->text, b->text) == 0;
}

/* --------------------------------------------------------- enums, constants */

static bool literal_value(
        struct check *c, const struct ast_value *ast, struct model_enum_value *value)
{
	if (!check_literal(c, ast, &value->literal))
		return false;
	value->name = value->literal.text;
	value->wire = value->literal.kind == MODEL_LITERAL_STRING ? value->literal.text : NULL;
	value->place = ast->place;
	return true;
}

bool check_constant(struct check *c, const struct ast_value *ast, struct model_type *type)
{
	struct model_enum_value *value = arena_alloc(c->arena, sizeof(*value));

	type->is_constant = true;
	type->is_of_literals = true;
	type->values = value;
	type->n_values = 1;
	return literal_value(c, ast, value);
}

/* One literal, one value: said twice is a mistake. */
static bool unique_literals(struct check *c, const struct model_enum_value *values, size_t n)
{
	struct check_key *keys = arena_array(c->arena, n, sizeof(*keys));
	size_t errors = diag_errors(c->diag), i;

	for (i = 0; i < n; i++)
		keys[i] = (struct check_key){
		        check_literal_text(c, &values[i].literal), values[i].place};
	check_unique(c, keys, n, DIAG_DUPLICATE_VALUE, "stands here twice", "first here");
	return diag_errors(c->diag) == errors;
}

bool check_enum_in_place(
        struct check *c, struct ast_value *const *asts, size_t n, struct model_type *type)
{
	struct model_enum_value *values;
	const char *prefix = names_upper(c->arena, type->c_name);
	bool fine = true;
	size_t i;

	type->is_of_literals = true;
	if (!check_parts(c, n, type->place, "values of an enum"))
		return false;
	values = arena_array(c->arena, n, sizeof(*values));
	for (i = 0; i < n; i++) {
		values[i].number = (int32_t)i;
		fine = literal_value(c, asts[i], &values[i]) && fine;
	}
	if (!fine || !unique_literals(c, values, n))
		return false;
	for (i = 0; i < n; i++)
		values[i].c_name = names_claim(&c->enumerators,
		        names_join(c->arena, prefix,
		                names_upper(c->arena,
		                        names_from_text(c->arena, values[i].literal.text))));
	type->values = values;
	type->n_values = n;
	return true;
}
