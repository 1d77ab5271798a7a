/* SPDX-License-Identifier: MIT */
/*
 * check_enums.c - enums: what their values are called, here and on the wire.
 */
#include "checks.h"

#include <inttypes.h>
#include <string.h>

#include "number.h"

/* string by default; int on demand. False: something else. */
static bool enum_base(struct check *c, const struct ast_decl *decl, bool *ret_is_int)
{
	const char *base = decl->base.text;

	*ret_is_int = base != NULL && strcmp(base, "int") == 0;
	if (base == NULL || *ret_is_int || strcmp(base, "string") == 0)
		return true;
	diag_report(c->diag, DIAG_ENUM_BASE, decl->base.place,
	        "values of an enum are strings, or with ': int' integers");
	return false;
}

static bool int_value(struct check *c, const struct ast_enum_value *ast, int32_t *ret_number)
{
	const struct model_number *number;

	if (!ast->has_number) {
		diag_report(c->diag, DIAG_ENUM_NUMBER, ast->place,
		        "a value of an integer enum says its number");
		diag_hint(c->diag, "for example: %s = 1", ast->name.text);
		return false;
	}
	number = number_read(c->arena, ast->number.text);
	if (number == NULL || !number->is_int || number->as_int64 < INT32_MIN ||
	        number->as_int64 > INT32_MAX || number->as_uint64 > INT32_MAX) {
		diag_report(c->diag, DIAG_ENUM_RANGE, ast->number.place,
		        "a value of an integer enum is a whole number from %d to %d", INT32_MIN,
		        INT32_MAX);
		return false;
	}
	*ret_number = (int32_t)number->as_int64;
	return true;
}

static bool string_value(struct check *c, const struct ast_enum_value *ast, const char **ret_wire)
{
	if (ast->has_number) {
		diag_report(c->diag, DIAG_ENUM_NUMBER, ast->number.place,
		        "values of this enum are strings");
		diag_hint(c->diag, "integers need ': int' behind the enum's name");
		return false;
	}
	*ret_wire = ast->name.text;
	if (ast->wire.bytes == NULL)
		return true;
	*ret_wire = ast->wire.bytes;
	return check_wire_text(c, &ast->wire, true);
}

/* False: the value is broken. */
static bool enum_value(struct check *c, const struct model_type *type, const char *prefix,
        const struct ast_enum_value *ast, struct model_enum_value *value)
{
	value->name = ast->name.text;
	value->doc = ast->doc;
	value->place = ast->name.place;
	value->c_name = names_claim(&c->enumerators,
	        names_join(c->arena, prefix, names_upper(c->arena, ast->name.text)));
	if (!type->is_int_enum) {
		if (!string_value(c, ast, &value->wire))
			return false;
		value->literal =
		        (struct model_literal){.kind = MODEL_LITERAL_STRING, .text = value->wire};
		return true;
	}
	if (ast->wire.bytes != NULL) {
		diag_report(c->diag, DIAG_ENUM_NUMBER, ast->wire.place,
		        "values of this enum are integers");
		return false;
	}
	if (!int_value(c, ast, &value->number))
		return false;
	value->literal = (struct model_literal){.kind = MODEL_LITERAL_INT,
	        .text = arena_printf(c->arena, "%d", (int)value->number),
	        .number = value->number};
	return true;
}

/*
 * `...`: the enumerator for what this version does not know comes first, so that a value that is
 * called so gives way.
 */
static void open_enum(
        struct check *c, const struct ast_decl *decl, const char *prefix, struct model_type *type)
{
	if (decl->ellipsis == NULL)
		return;
	type->is_open = true;
	type->unknown_c_name =
	        names_claim(&c->enumerators, names_join(c->arena, prefix, "UNKNOWN"));
	if (decl->before_ellipsis != decl->n_values)
		diag_report(c->diag, DIAG_ELLIPSIS, decl->ellipsis->place,
		        "'...' stands at the end of an enum");
	if (decl->second_ellipsis == NULL)
		return;
	diag_report(c->diag, DIAG_ELLIPSIS, decl->second_ellipsis->place,
	        "'...' is said twice in an enum");
	diag_note(c->diag, decl->ellipsis->place, "first said here");
}

/* INT32_MIN says "unknown" in C. */
static void check_open_numbers(struct check *c, const struct model_type *type)
{
	size_t i;

	for (i = 0; i < type->n_values && type->is_open && type->is_int_enum; i++) {
		if (type->values[i].number != INT32_MIN)
			continue;
		diag_report(c->diag, DIAG_ENUM_RANGE, type->values[i].place,
		        "%d stands for values that are not known, in an enum that ends in '...'",
		        INT32_MIN);
	}
}

/* Values of one name, or one wire value. */
static void unique_values(struct check *c, const struct model_type *type)
{
	struct check_key *names = arena_array(c->arena, type->n_values, sizeof(*names));
	struct check_key *wires = arena_array(c->arena, type->n_values, sizeof(*wires));
	size_t errors, i;

	for (i = 0; i < type->n_values; i++) {
		const struct model_enum_value *value = &type->values[i];
		const char *wire = value->wire;

		if (type->is_int_enum)
			wire = arena_printf(c->arena, "%d", (int)value->number);
		names[i] = (struct check_key){value->name, value->place};
		wires[i] = (struct check_key){wire, value->place};
	}
	errors = diag_errors(c->diag);
	check_unique(c, names, type->n_values, DIAG_DUPLICATE_VALUE,
	        "is a value of this enum already", "first declared here");
	/* One name twice is one wire value twice as well, and enough has been said then. */
	if (diag_errors(c->diag) == errors)
		check_unique(c, wires, type->n_values, DIAG_DUPLICATE_WIRE,
		        "is the wire value of two values of this enum", "first used here");
}

static void fill_enum(struct check *c, const struct ast_decl *decl, struct model_type *type)
{
	struct model_enum_value *values = arena_array(c->arena, decl->n_values, sizeof(*values));
	const char *prefix = names_join(
	        c->arena, c->contract->c_prefix_upper, names_upper(c->arena, type->name));
	bool fine = true;
	size_t i;

	if (!enum_base(c, decl, &type->is_int_enum))
		return;
	open_enum(c, decl, prefix, type);
	for (i = 0; i < decl->n_values; i++) {
		if (!enum_value(c, type, prefix, decl->values[i], &values[i]))
			fine = false;
		if (!type->is_int_enum)
			values[i].number = (int32_t)i;
	}
	if (!fine)
		return;
	type->values = values;
	type->n_values = decl->n_values;
	if (type->n_values == 0)
		diag_report(c->diag, DIAG_EMPTY_ENUM, decl->name.place, "enum '%s' has no values",
		        decl->name.text);
	unique_values(c, type);
	check_open_numbers(c, type);
}

bool check_enums(struct check *c)
{
	struct symbol *symbol;
	size_t at = 0;

	while ((symbol = check_next(c, SYMBOL_TYPE, &at)) != NULL) {
		struct model_type *type;

		if (symbol->decl->kind != AST_DECL_ENUM)
			continue;
		type = check_type_named(c, MODEL_ENUM, symbol);
		vec_push(&c->types, type);
		fill_enum(c, symbol->decl, type);
	}
	return true;
}
