/* SPDX-License-Identifier: MIT */
/*
 * diff_same.c - things of two models that say the same.
 */
#include <string.h>

#include "diff_parts.h"

bool diff_same_text(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

bool diff_same_literal(const struct model_literal *a, const struct model_literal *b)
{
	if (a->kind != b->kind)
		return false;
	switch (a->kind) {
	case MODEL_LITERAL_STRING: return strcmp(a->text, b->text) == 0;
	case MODEL_LITERAL_INT: return a->number == b->number;
	case MODEL_LITERAL_BOOL: return a->boolean == b->boolean;
	}
	return false;
}

/* ------------------------------------------------------------------ values */

static bool same_bytes(const struct model_value *a, const struct model_value *b)
{
	return a->length == b->length &&
	        (a->length == 0 || memcmp(a->text, b->text, a->length) == 0);
}

/* Items of records and maps stand in the order in which they were written. */
static const struct model_value_item *find_item(
        const struct model_value *value, const struct model_value_item *wanted, size_t at)
{
	size_t i;

	if (value->kind == MODEL_VALUE_LIST)
		return &value->items[at];
	for (i = 0; i < value->n_items; i++) {
		const struct model_value_item *item = &value->items[i];

		if (wanted->member != NULL && item->member != NULL &&
		        strcmp(wanted->member->wire, item->member->wire) == 0)
			return item;
		if (wanted->key != NULL && item->key != NULL &&
		        wanted->key_length == item->key_length &&
		        memcmp(wanted->key, item->key, item->key_length) == 0)
			return item;
	}
	return NULL;
}

static bool same_items(const struct model_value *a, const struct model_value *b)
{
	size_t i;

	if (a->n_items != b->n_items)
		return false;
	for (i = 0; i < a->n_items; i++) {
		const struct model_value_item *item = find_item(b, &a->items[i], i);

		if (item == NULL || !diff_same_value(&a->items[i].value, &item->value))
			return false;
	}
	return true;
}

bool diff_same_value(const struct model_value *a, const struct model_value *b)
{
	if (a->kind != b->kind)
		return false;
	switch (a->kind) {
	case MODEL_VALUE_NULL: return true;
	case MODEL_VALUE_BOOL: return a->boolean == b->boolean;
	case MODEL_VALUE_NUMBER: return strcmp(a->number->text, b->number->text) == 0;
	case MODEL_VALUE_TEXT:
	case MODEL_VALUE_BYTES:
	case MODEL_VALUE_JSON: return same_bytes(a, b);
	case MODEL_VALUE_ENUM:
		return diff_same_literal(&a->enumerator->literal, &b->enumerator->literal);
	default: return same_items(a, b);
	}
}

/* ------------------------------------------------------------- expressions */

static bool same_path(const struct model_expr *a, const struct model_expr *b)
{
	size_t i;

	if (a->n_path != b->n_path)
		return false;
	for (i = 0; i < a->n_path; i++) {
		if (strcmp(a->path[i]->name, b->path[i]->name) != 0)
			return false;
	}
	return true;
}

static bool same_leaf(const struct model_expr *a, const struct model_expr *b)
{
	switch (a->op) {
	case MODEL_EXPR_NUMBER: return strcmp(a->number->text, b->number->text) == 0;
	case MODEL_EXPR_TEXT:
		return a->length == b->length && memcmp(a->text, b->text, a->length) == 0;
	case MODEL_EXPR_BOOL: return a->boolean == b->boolean;
	case MODEL_EXPR_ENUM:
		return diff_same_literal(&a->enumerator->literal, &b->enumerator->literal);
	case MODEL_EXPR_VALUE: return diff_same_value(a->value, b->value);
	default: return same_path(a, b);
	}
}

bool diff_same_expr(const struct model_expr *a, const struct model_expr *b)
{
	if (a == NULL || b == NULL)
		return a == b;
	return a->op == b->op && a->type == b->type && same_leaf(a, b) &&
	        diff_same_expr(a->left, b->left) && diff_same_expr(a->right, b->right);
}

/* ---------------------------------------------------------------- messages */

bool diff_same_tags(const struct model_message *a, const struct model_message *b)
{
	size_t i;

	if (a->n_tags != b->n_tags)
		return false;
	for (i = 0; i < a->n_tags; i++) {
		if (!diff_same_literal(&a->tags[i], &b->tags[i]))
			return false;
	}
	if (a->n_tags != 0)
		return true;
	/* Those without a tag are known by what they answer. */
	return a->wire != NULL && b->wire != NULL ? strcmp(a->wire, b->wire) == 0
	                                          : strcmp(a->name, b->name) == 0;
}
