/* SPDX-License-Identifier: MIT */
/*
 * check_values.c - literals against the types that they are for.
 *
 * A value must keep to everything that a value from a client must keep to. Recursion follows the
 * literal, whose depth the parser has bounded.
 */
#include "checks.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "number.h"
#include "pattern.h"

bool check_value_mismatch(struct check *c, struct place place, const char *expected)
{
	diag_report(c->diag, DIAG_VALUE, place, "this value is not %s", expected);
	return false;
}

static bool breaks(struct check *c, struct place place, const char *rule)
{
	diag_report(
	        c->diag, DIAG_VALUE_CONSTRAINT, place, "this value breaks the type's '%s'", rule);
	return false;
}

/* ----------------------------------------------------------------- numbers */

static bool check_bounds(struct check *c, const struct ast_value *ast,
        const struct model_constraints *k, const struct model_number *number)
{
	const char *name = NULL;
	const struct model_number *bound = NULL;

	if (k->min != NULL && number_compare(number, k->min) < 0)
		name = "min", bound = k->min;
	else if (k->max != NULL && number_compare(number, k->max) > 0)
		name = "max", bound = k->max;
	else if (k->above != NULL && number_compare(number, k->above) <= 0)
		name = "above", bound = k->above;
	else if (k->below != NULL && number_compare(number, k->below) >= 0)
		name = "below", bound = k->below;
	else if (k->step != NULL && !number_is_multiple(number, k->step))
		name = "step", bound = k->step;
	if (name == NULL)
		return true;
	return breaks(c, ast->place, arena_printf(c->arena, "%s %s", name, bound->text));
}

static bool number_value(struct check *c, const struct ast_value *ast,
        const struct model_type *type, struct model_value *value)
{
	enum model_kind kind = type->kind == MODEL_DATETIME ? MODEL_INT64 : type->kind;
	const struct model_number *number;

	if (ast->kind != AST_VALUE_NUMBER)
		return check_value_mismatch(c, ast->place, "a number");
	number = number_read(c->arena, ast->number.text);
	if (number == NULL) {
		diag_report(c->diag, DIAG_LONG_NUMBER, ast->place,
		        "more than %d digits before or behind the point", NUMBER_MAX_DIGITS);
		return false;
	}
	if (!check_number_kind(c, kind, number, ast->place))
		return false;
	value->kind = MODEL_VALUE_NUMBER;
	value->number = number;
	return check_bounds(c, ast, &type->constraints, number);
}

/* ------------------------------------------------------------------- texts */

static uint64_t code_points(const char *text, size_t length)
{
	uint64_t n = 0;
	size_t i;

	for (i = 0; i < length; i++)
		n += ((unsigned char)text[i] & 0xC0) != 0x80;
	return n;
}

static bool is_within(const struct model_range *range, uint64_t n)
{
	return (!range->has_min || n >= range->min) && (!range->has_max || n <= range->max);
}

/* ASCII white space: what trim cuts off at the ends of a default, and not_blank does not count. */
static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool check_string(struct check *c, struct place place, const struct model_constraints *k,
        const char *text, size_t length)
{
	const char *example = check_text_format(k->format, text, length);
	size_t i = 0;

	if (example != NULL)
		return check_value_mismatch(c, place, example);
	if (k->trim && length != 0 && (is_blank(text[0]) || is_blank(text[length - 1])))
		return breaks(c, place, "trim");
	if (k->lower && check_letters_change(false, text, length))
		return breaks(c, place, "lower");
	if (k->upper && check_letters_change(true, text, length))
		return breaks(c, place, "upper");
	if (!is_within(&k->len, code_points(text, length)))
		return breaks(c, place, "len");
	if (!is_within(&k->bytes, length))
		return breaks(c, place, "bytes");
	for (size_t n = 0; n < k->n_patterns; n++) {
		if (!pattern_matches(k->patterns[n], text, length))
			return breaks(c, place,
			        arena_printf(c->arena, "pattern %s", k->patterns[n]->text));
	}
	while (i < length && is_blank(text[i]))
		i++;
	return !k->not_blank || i < length || breaks(c, place, "not_blank");
}

static bool bytes_value(struct check *c, const struct ast_value *ast, const struct model_type *type,
        struct model_value *value)
{
	value->kind = MODEL_VALUE_BYTES;
	value->text =
	        check_text_base64(c->arena, ast->string.bytes, ast->string.length, &value->length);
	if (value->text == NULL)
		return check_value_mismatch(c, ast->place, "base64 with padding");
	return is_within(&type->constraints.bytes, value->length) || breaks(c, ast->place, "bytes");
}

static bool text_value(struct check *c, const struct ast_value *ast, const struct model_type *type,
        struct model_value *value)
{
	const char *example;
	char *text;

	if (ast->kind != AST_VALUE_STRING)
		return check_value_mismatch(c, ast->place, "a text in quotes");
	if (type->kind == MODEL_BYTES)
		return bytes_value(c, ast, type, value);
	value->kind = MODEL_VALUE_TEXT;
	value->text = ast->string.bytes;
	value->length = ast->string.length;
	if (type->kind == MODEL_STRING)
		return check_string(c, ast->place, &type->constraints, value->text, value->length);
	example = check_text_kind(type->kind, value->text, value->length);
	if (example != NULL)
		return check_value_mismatch(c, ast->place, example);
	if (type->kind == MODEL_UUID) {
		value->text = text = arena_copy(c->arena, value->text, value->length);
		for (; *text != '\0'; text++)
			*text = (char)tolower((unsigned char)*text);
	}
	return true;
}

/* -------------------------------------------------------------- composites */

static bool list_value(struct check *c, const struct ast_value *ast, const struct model_type *type,
        struct model_value *value)
{
	struct model_value_item *items = arena_array(c->arena, ast->n_items, sizeof(*items));
	bool fine = true;
	size_t i;

	if (ast->kind != AST_VALUE_LIST)
		return check_value_mismatch(c, ast->place, "a list [ … ]");
	for (i = 0; i < ast->n_items; i++)
		fine = check_value(c, ast->items[i]->value, &type->element, &items[i].value) &&
		        fine;
	value->kind = MODEL_VALUE_LIST;
	value->items = items;
	value->n_items = ast->n_items;
	if (!fine)
		return false;
	if (!is_within(&type->constraints.count, value->n_items))
		return breaks(c, ast->place, "count");
	return !type->constraints.unique || check_value_unique(c, value) ||
	        breaks(c, ast->place, "unique");
}

static bool record_item(struct check *c, const struct ast_item *ast, const struct model_type *type,
        struct model_value_item *item)
{
	struct suggestion suggestion = suggestion_for(ast->key.bytes);
	size_t i;

	item->member = model_find_member(type, ast->key.bytes);
	if (item->member != NULL)
		return check_value(c, ast->value, &item->member->use, &item->value);
	if (type->further != NULL) {
		item->key = ast->key.bytes;
		item->key_length = ast->key.length;
		return check_value(c, ast->value, &type->further->element, &item->value);
	}
	for (i = 0; i < type->n_members; i++)
		suggestion_offer(&suggestion, type->members[i].name);
	diag_report(c->diag, DIAG_UNKNOWN_MEMBER, ast->key.place, "the record has no member '%s'",
	        ast->key.bytes);
	diag_suggest(c->diag, &suggestion);
	return false;
}

static bool is_named(const struct model_value *value, const struct model_member *member)
{
	size_t i;

	for (i = 0; i < value->n_items; i++) {
		if (value->items[i].member == member)
			return true;
	}
	return false;
}

/* Members that are neither optional nor have a default stand in every literal. */
static bool check_complete(struct check *c, const struct ast_value *ast,
        const struct model_type *type, const struct model_value *value)
{
	size_t i;

	for (i = 0; i < type->n_members; i++) {
		const struct model_member *member = &type->members[i];

		if (member->optional || member->default_value != NULL || is_named(value, member) ||
		        member->use.type == NULL || member->use.type->is_constant)
			continue;
		diag_report(c->diag, DIAG_VALUE_INCOMPLETE, ast->place, "member '%s' is required",
		        member->name);
		diag_note(c->diag, member->place, "declared here");
		return false;
	}
	return true;
}

/* Keys of a record or map literal, each once. */
static bool check_keys(struct check *c, const struct ast_value *ast)
{
	struct check_key *keys = arena_array(c->arena, ast->n_items, sizeof(*keys));
	size_t errors = diag_errors(c->diag), i;

	for (i = 0; i < ast->n_items; i++)
		keys[i] = (struct check_key){ast->items[i]->key.bytes, ast->items[i]->key.place};
	check_unique(c, keys, ast->n_items, DIAG_VALUE_KEY, "stands here twice", "first here");
	return diag_errors(c->diag) == errors;
}

/* The order of the record's declaration; further members by their names, before all others. */
static int compare_members(const void *a, const void *b)
{
	const struct model_value_item *x = a, *y = b;

	if (x->member == NULL && y->member == NULL)
		return strcmp(x->key, y->key);
	return x->member < y->member ? -1 : x->member > y->member;
}

/* Constants say nothing that the type does not say: they may stand in a literal, but not here. */
static size_t drop_constants(struct model_value_item *items, size_t n)
{
	size_t kept = 0, i;

	for (i = 0; i < n; i++) {
		if (items[i].member == NULL || !items[i].member->use.type->is_constant)
			items[kept++] = items[i];
	}
	return kept;
}

static int compare_map_keys(const void *a, const void *b)
{
	const struct model_value_item *x = a, *y = b;

	return strcmp(x->key, y->key);
}

static bool record_value(struct check *c, const struct ast_value *ast,
        const struct model_type *type, struct model_value *value)
{
	struct model_value_item *items = arena_array(c->arena, ast->n_items, sizeof(*items));
	bool fine;
	size_t i;

	if (ast->kind != AST_VALUE_RECORD)
		return check_value_mismatch(c, ast->place, "a record { … }");
	fine = check_keys(c, ast) &&
	        (type->further == NULL || check_parts(c, ast->n_items, ast->place, "members"));
	/* With more keys than members one is unknown, and is found among the first of them. */
	for (i = 0; i < ast->n_items && fine && (type->further != NULL || i <= type->n_members);
	        i++)
		fine = record_item(c, ast->items[i], type, &items[i]) && fine;
	value->kind = MODEL_VALUE_RECORD;
	value->items = items;
	if (!fine)
		return false;
	value->n_items = drop_constants(items, ast->n_items);
	if (value->n_items > 1)
		qsort(items, value->n_items, sizeof(*items), compare_members);
	return check_complete(c, ast, type, value);
}

static bool map_value(struct check *c, const struct ast_value *ast, const struct model_type *type,
        struct model_value *value)
{
	struct model_value_item *items = arena_array(c->arena, ast->n_items, sizeof(*items));
	bool fine;
	size_t i;

	if (ast->kind != AST_VALUE_RECORD)
		return check_value_mismatch(c, ast->place, "a map { … }");
	fine = check_keys(c, ast);
	for (i = 0; i < ast->n_items; i++) {
		items[i].key = ast->items[i]->key.bytes;
		items[i].key_length = ast->items[i]->key.length;
		fine = check_value(c, ast->items[i]->value, &type->element, &items[i].value) &&
		        fine;
	}
	value->kind = MODEL_VALUE_MAP;
	value->items = items;
	value->n_items = ast->n_items;
	if (value->n_items > 1)
		qsort(items, value->n_items, sizeof(*items), compare_map_keys);
	return fine &&
	        (is_within(&type->constraints.count, value->n_items) ||
	                breaks(c, ast->place, "count"));
}

/* --------------------------------------------------------------- any value */

static bool bool_value(struct check *c, const struct ast_value *ast, struct model_value *value)
{
	if (ast->kind != AST_VALUE_BOOL)
		return check_value_mismatch(c, ast->place, "true or false");
	value->kind = MODEL_VALUE_BOOL;
	value->boolean = ast->boolean;
	return true;
}

static bool value_of_kind(struct check *c, const struct ast_value *ast,
        const struct model_type *type, struct model_value *value)
{
	if (model_kind_is_number(type->kind) ||
	        (type->kind == MODEL_DATETIME && type->wire_form != MODEL_WIRE_RFC3339))
		return number_value(c, ast, type, value);
	switch (type->kind) {
	case MODEL_BOOL: return bool_value(c, ast, value);
	case MODEL_NULL: return check_value_mismatch(c, ast->place, "null");
	case MODEL_ENUM: return check_value_enum(c, ast, type, value);
	case MODEL_RECORD: return record_value(c, ast, type, value);
	case MODEL_LIST: return list_value(c, ast, type, value);
	case MODEL_MAP: return map_value(c, ast, type, value);
	case MODEL_TUPLE: return check_value_tuple(c, ast, type, value);
	case MODEL_UNION: return check_value_union(c, ast, type, value);
	case MODEL_CHOICE: return check_value_choice(c, ast, type, value);
	case MODEL_JSON: return check_value_json(c, ast, value);
	default: return text_value(c, ast, type, value);
	}
}

bool check_value(struct check *c, const struct ast_value *ast, const struct model_use *use,
        struct model_value *ret_value)
{
	struct model_value value = {.kind = MODEL_VALUE_NULL};

	if (use->type == NULL || ast->kind == AST_VALUE_BROKEN)
		return false;
	if (ast->kind == AST_VALUE_NULL && use->type->kind != MODEL_JSON &&
	        use->type->kind != MODEL_NULL && !use->nullable) {
		diag_report(c->diag, DIAG_VALUE, ast->place, "this value cannot be null");
		diag_hint(c->diag, "'| null' behind the type allows it");
		return false;
	}
	if (ast->kind != AST_VALUE_NULL || use->type->kind == MODEL_JSON) {
		if (!value_of_kind(c, ast, use->type, &value))
			return false;
	}
	*ret_value = value;
	return true;
}
