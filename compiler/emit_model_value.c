/* SPDX-License-Identifier: MIT */
/*
 * emit_model_value.c - values and expressions of the model as plain text.
 */
#include "emit_model.h"

#include <string.h>

/* ------------------------------------------------------------------ values */

static void put_items(struct writer *w, const struct model_value *value)
{
	bool is_list = value->kind == MODEL_VALUE_LIST || value->kind == MODEL_VALUE_TUPLE;

	size_t i;

	writer_add(w, is_list ? "[" : "{");
	for (i = 0; i < value->n_items; i++) {
		const struct model_value_item *item = &value->items[i];

		if (i != 0)
			writer_add(w, ", ");
		if (item->member != NULL && !is_list)
			writer_add(w, "%s: ", item->member->name);
		else if (item->key != NULL)
			writer_add(w, "%s: ", writer_json_string(w, item->key, item->key_length));
		emit_model_value(w, &item->value);
	}
	writer_add(w, is_list ? "]" : "}");
}

/* A literal of the contract, as JSON. */
const char *emit_model_literal(struct writer *w, const struct model_literal *literal)
{
	if (literal->kind != MODEL_LITERAL_STRING)
		return literal->text;
	return writer_json_string(w, literal->text, strlen(literal->text));
}

void emit_model_value(struct writer *w, const struct model_value *value)
{
	switch (value->kind) {
	case MODEL_VALUE_NULL: writer_add(w, "null"); break;
	case MODEL_VALUE_BOOL: writer_add(w, value->boolean ? "true" : "false"); break;
	case MODEL_VALUE_NUMBER: writer_add(w, "%s", value->number->text); break;
	case MODEL_VALUE_TEXT:
		writer_add(w, "%s", writer_json_string(w, value->text, value->length));
		break;
	case MODEL_VALUE_BYTES:
		writer_add(w, "bytes %s", writer_c_literal(w, value->text, value->length));
		break;
	case MODEL_VALUE_ENUM:
		writer_add(w, "%s",
		        value->enumerator->c_name != NULL
		                ? value->enumerator->c_name
		                : emit_model_literal(w, &value->enumerator->literal));
		break;
	case MODEL_VALUE_ARM:
		writer_add(w, "%s ", value->arm->c_name);
		emit_model_value(w, &value->items[0].value);
		break;
	case MODEL_VALUE_JSON: writer_add(w, "json %s", value->text); break;
	case MODEL_VALUE_LIST:
	case MODEL_VALUE_TUPLE:
	case MODEL_VALUE_RECORD:
	case MODEL_VALUE_MAP: put_items(w, value); break;
	}
}

/* ------------------------------------------------------------- expressions */

static void put_path(struct writer *w, const struct model_expr *expr)
{
	size_t i;

	for (i = 0; i < expr->n_path; i++)
		writer_add(w, "%s%s", i == 0 ? "" : ".", expr->path[i]->name);
}

/* What has no operands of its own. */
static void put_operand(struct writer *w, const struct model_expr *expr)
{
	switch (expr->op) {
	case MODEL_EXPR_NUMBER: writer_add(w, "%s", expr->number->text); break;
	case MODEL_EXPR_TEXT:
		writer_add(w, "%s", writer_json_string(w, expr->text, expr->length));
		break;
	case MODEL_EXPR_BOOL: writer_add(w, expr->boolean ? "true" : "false"); break;
	case MODEL_EXPR_ENUM: writer_add(w, "%s", expr->enumerator->c_name); break;
	case MODEL_EXPR_VALUE: emit_model_value(w, expr->value); break;
	default: put_path(w, expr); break;
	}
}

/* Operators before their operands, and what they compare or compute: "(< int a.b 5)". */
void emit_model_expr(struct writer *w, const struct model_expr *expr)
{
	static const char *const types[] = {"bool", "int", "float", "decimal", "string", "bytes",
	        "enum", "datetime", "date", "time", "duration", "uuid"};
	static const char *const ops[] = {[MODEL_EXPR_HAS] = "has",
	        [MODEL_EXPR_IS_NULL] = "is-null",
	        [MODEL_EXPR_LEN] = "len",
	        [MODEL_EXPR_COUNT] = "count",
	        [MODEL_EXPR_NOT] = "not",
	        [MODEL_EXPR_AND] = "and",
	        [MODEL_EXPR_OR] = "or",
	        [MODEL_EXPR_EQUAL] = "==",
	        [MODEL_EXPR_UNEQUAL] = "!=",
	        [MODEL_EXPR_LESS] = "<",
	        [MODEL_EXPR_LESS_EQUAL] = "<=",
	        [MODEL_EXPR_GREATER] = ">",
	        [MODEL_EXPR_GREATER_EQUAL] = ">=",
	        [MODEL_EXPR_ADD] = "+",
	        [MODEL_EXPR_SUBTRACT] = "-",
	        [MODEL_EXPR_MULTIPLY] = "*",
	        [MODEL_EXPR_DIVIDE] = "/",
	        [MODEL_EXPR_REMAINDER] = "%",
	        [MODEL_EXPR_NEGATE] = "negate"};

	if (expr->op <= MODEL_EXPR_PATH) {
		put_operand(w, expr);
		return;
	}
	writer_add(w, "(%s", ops[expr->op]);
	if (expr->op >= MODEL_EXPR_EQUAL)
		writer_add(w, " %s", types[expr->left->type]);
	if (expr->n_path != 0) {
		writer_add(w, " ");
		put_path(w, expr);
	}
	if (expr->left != NULL) {
		writer_add(w, " ");
		emit_model_expr(w, expr->left);
	}
	if (expr->right != NULL) {
		writer_add(w, " ");
		emit_model_expr(w, expr->right);
	}
	writer_add(w, ")");
}
