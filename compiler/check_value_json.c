/* SPDX-License-Identifier: MIT */
/*
 * check_value_json.c - literals as JSON text, and whether values of a list are equal.
 *
 * Recursion follows literals, whose depth the parser has bounded.
 */
#include "checks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "number.h"

/* ------------------------------------------------------------------- JSON */

void check_put_string(FILE *out, const char *text, size_t length)
{
	size_t i;

	fputc('"', out);
	for (i = 0; i < length; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c < 0x20 || c == 0x7f)
			fprintf(out, "\\u%04x", c);
		else if (c == '"' || c == '\\')
			fprintf(out, "\\%c", c);
		else
			fputc(c, out);
	}
	fputc('"', out);
}

static bool put_json(struct check *c, FILE *out, const struct ast_value *ast);

static bool put_items(struct check *c, FILE *out, const struct ast_value *ast)
{
	bool is_record = ast->kind == AST_VALUE_RECORD;
	bool fine = true;
	size_t i;

	fputc(is_record ? '{' : '[', out);
	for (i = 0; i < ast->n_items; i++) {
		const struct ast_item *item = ast->items[i];

		if (i != 0)
			fputc(',', out);
		if (is_record) {
			check_put_string(out, item->key.bytes, item->key.length);
			fputc(':', out);
		}
		fine = put_json(c, out, item->value) && fine;
	}
	fputc(is_record ? '}' : ']', out);
	return fine;
}

static bool put_number(struct check *c, FILE *out, const struct ast_value *ast)
{
	const struct model_number *number = number_read(c->arena, ast->number.text);

	if (number == NULL) {
		diag_report(c->diag, DIAG_LONG_NUMBER, ast->place,
		        "more than %d digits before or behind the point", NUMBER_MAX_DIGITS);
		return false;
	}
	fputs(number->text, out);
	return true;
}

static bool put_json(struct check *c, FILE *out, const struct ast_value *ast)
{
	switch (ast->kind) {
	case AST_VALUE_NULL: fputs("null", out); return true;
	case AST_VALUE_BOOL: fputs(ast->boolean ? "true" : "false", out); return true;
	case AST_VALUE_NUMBER: return put_number(c, out, ast);
	case AST_VALUE_STRING:
		check_put_string(out, ast->string.bytes, ast->string.length);
		return true;
	case AST_VALUE_LIST:
	case AST_VALUE_RECORD: return put_items(c, out, ast);
	case AST_VALUE_NAME:
		diag_report(c->diag, DIAG_VALUE, ast->place, "this value is not JSON");
		diag_hint(c->diag, "texts stand in quotes: \"%s\"", ast->name.text);
		return false;
	case AST_VALUE_BROKEN: break;
	}
	return false;
}

/* Keys stand once in every object: the run time would refuse it otherwise. */
static bool check_objects_keys(struct check *c, const struct ast_value *ast)
{
	struct check_key *keys;
	size_t errors = diag_errors(c->diag), i;

	if (ast->kind != AST_VALUE_RECORD && ast->kind != AST_VALUE_LIST)
		return true;
	keys = arena_array(c->arena, ast->n_items, sizeof(*keys));
	for (i = 0; i < ast->n_items; i++) {
		check_objects_keys(c, ast->items[i]->value);
		keys[i] = (struct check_key){ast->items[i]->key.bytes, ast->items[i]->key.place};
	}
	if (ast->kind == AST_VALUE_RECORD)
		check_unique(
		        c, keys, ast->n_items, DIAG_VALUE_KEY, "stands here twice", "first here");
	return diag_errors(c->diag) == errors;
}

bool check_value_json(struct check *c, const struct ast_value *ast, struct model_value *value)
{
	char *text = NULL;
	size_t length = 0;
	FILE *out;
	bool fine;

	if (!check_objects_keys(c, ast))
		return false;
	out = open_memstream(&text, &length);
	if (out == NULL)
		memory_exhausted();
	fine = put_json(c, out, ast);
	if (fclose(out) != 0)
		memory_exhausted();
	value->kind = MODEL_VALUE_JSON;
	value->text = arena_copy(c->arena, text, length);
	value->length = length;
	free(text);
	return fine;
}

/* ---------------------------------------------------------------- equality */

static int compare_bytes(const char *a, size_t n, const char *b, size_t m)
{
	int order = memcmp(a, b, n < m ? n : m);

	return order != 0 ? order : n < m ? -1 : n > m;
}

static int compare_values(const struct model_value *a, const struct model_value *b);

/* Any order will do, as long as equal values are neighbours in it. */
static int compare_items(const struct model_value *a, const struct model_value *b)
{
	size_t i;

	if (a->n_items != b->n_items)
		return a->n_items < b->n_items ? -1 : 1;
	for (i = 0; i < a->n_items; i++) {
		const struct model_value_item *x = &a->items[i], *y = &b->items[i];
		int order = 0;

		if (x->member != y->member)
			order = x->member < y->member ? -1 : 1;
		else if (x->key != NULL)
			order = compare_bytes(x->key, x->key_length, y->key, y->key_length);
		if (order == 0)
			order = compare_values(&x->value, &y->value);
		if (order != 0)
			return order;
	}
	return 0;
}

static int compare_values(const struct model_value *a, const struct model_value *b)
{
	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	switch (a->kind) {
	case MODEL_VALUE_NULL: return 0;
	case MODEL_VALUE_BOOL: return (int)a->boolean - (int)b->boolean;
	case MODEL_VALUE_NUMBER: return number_compare(a->number, b->number);
	case MODEL_VALUE_ENUM: return strcmp(a->enumerator->name, b->enumerator->name);
	case MODEL_VALUE_TEXT:
	case MODEL_VALUE_BYTES:
	case MODEL_VALUE_JSON: return compare_bytes(a->text, a->length, b->text, b->length);
	case MODEL_VALUE_ARM:
		if (a->arm != b->arm)
			return a->arm < b->arm ? -1 : 1;
		return compare_items(a, b);
	case MODEL_VALUE_LIST:
	case MODEL_VALUE_TUPLE:
	case MODEL_VALUE_RECORD:
	case MODEL_VALUE_MAP: return compare_items(a, b);
	}
	return 0;
}

static int compare_pointers(const void *a, const void *b)
{
	return compare_values(
	        *(const struct model_value *const *)a, *(const struct model_value *const *)b);
}

bool check_value_unique(struct check *c, const struct model_value *list)
{
	const struct model_value **sorted = arena_array(c->arena, list->n_items, sizeof(*sorted));
	size_t i;

	for (i = 0; i < list->n_items; i++)
		sorted[i] = &list->items[i].value;
	if (list->n_items > 1)
		qsort(sorted, list->n_items, sizeof(*sorted), compare_pointers);
	for (i = 1; i < list->n_items; i++) {
		if (compare_values(sorted[i - 1], sorted[i]) == 0)
			return false;
	}
	return true;
}
