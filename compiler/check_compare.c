/* SPDX-License-Identifier: MIT */
/*
 * check_compare.c - comparisons of `require`: both sides become one type.
 *
 * Members say what the other side is: a word is a value of their enum, a text is one of their times.
 * Numbers are integers until one side is a float.
 */
#include "check_expr.h"

#include <string.h>

static bool is_equality(enum model_expr_op op)
{
	return op == MODEL_EXPR_EQUAL || op == MODEL_EXPR_UNEQUAL;
}

/* `x == null` is null; `x != null` is there: false where anything on the way is absent. */
static struct model_expr *compare_null(struct check_expr *e, const struct ast_expr *ast,
        enum model_expr_op op, const struct check_operand *operand)
{
	struct model_expr *expr = operand->expr;

	if (operand->broken)
		return NULL;
	if (operand->is_word) {
		check_expr_unknown(e, e->record, operand->ast->names[0]);
		return NULL;
	}
	if (expr == NULL || expr->op != MODEL_EXPR_PATH || !is_equality(op)) {
		diag_report(e->c->diag, DIAG_EXPRESSION, ast->place,
		        "null is compared with a member, by == or !=");
		return NULL;
	}
	if (!expr->path[expr->n_path - 1]->use.nullable) {
		diag_report(e->c->diag, DIAG_EXPRESSION_ALWAYS, operand->ast->place,
		        "'%s' is never null", expr->path[expr->n_path - 1]->name);
		if (check_expr_may_miss(expr, false))
			diag_hint(e->c->diag, "it may be absent: has() says whether it is there");
		return NULL;
	}
	expr->op = op == MODEL_EXPR_EQUAL ? MODEL_EXPR_IS_NULL : MODEL_EXPR_HAS;
	expr->type = MODEL_EXPR_TYPE_BOOL;
	expr->place = ast->place;
	return expr;
}

static const struct model_enum_value *find_enumerator(
        const struct model_type *type, const struct check_operand *operand)
{
	const struct model_expr *expr = operand->expr;
	size_t i;

	for (i = 0; i < type->n_values; i++) {
		const struct model_enum_value *value = &type->values[i];
		const struct model_literal *literal = &value->literal;

		if (operand->is_word) {
			if (!type->is_of_literals &&
			        strcmp(value->name, operand->ast->names[0]->text) == 0)
				return value;
		} else if (expr->op == MODEL_EXPR_TEXT && literal->kind == MODEL_LITERAL_STRING) {
			if (strlen(literal->text) == expr->length &&
			        memcmp(literal->text, expr->text, expr->length) == 0)
				return value;
		} else if (expr->op == MODEL_EXPR_NUMBER && literal->kind == MODEL_LITERAL_INT) {
			if (expr->number->is_int && expr->number->as_int64 == literal->number &&
			        expr->number->is_negative == (literal->number < 0))
				return value;
		} else if (expr->op == MODEL_EXPR_BOOL && literal->kind == MODEL_LITERAL_BOOL &&
		        literal->boolean == expr->boolean) {
			return value;
		}
	}
	return NULL;
}

/* A name, or what travels: one of the enum's values. False: reported. */
static bool become_enumerator(
        struct check_expr *e, struct check_operand *operand, const struct model_type *type)
{
	const struct model_enum_value *value = find_enumerator(type, operand);
	const char *word = operand->is_word            ? operand->ast->names[0]->text
	        : operand->expr->op == MODEL_EXPR_TEXT ? operand->expr->text
	                                               : "";
	struct suggestion suggestion = suggestion_for(word);
	size_t i;

	if (value != NULL) {
		operand->expr =
		        check_expr_new(e, operand->ast, MODEL_EXPR_ENUM, MODEL_EXPR_TYPE_ENUM);
		operand->expr->enumerator = value;
		return true;
	}
	diag_report(e->c->diag, DIAG_UNKNOWN_VALUE, operand->ast->place,
	        type->name != NULL ? "this is no value of enum '%s'" : "this is no value of %s",
	        type->name != NULL ? type->name : "that enum");
	for (i = 0; i < type->n_values; i++)
		suggestion_offer(&suggestion,
		        operand->is_word ? type->values[i].name : type->values[i].literal.text);
	diag_suggest(e->c->diag, &suggestion);
	return false;
}

/* A text that is a date, a uuid …; a number that is a unix time. False: reported. */
static bool become_value(struct check_expr *e, struct check_operand *operand,
        enum model_expr_type type, const struct model_type *of)
{
	struct model_type plain = {.kind = of->kind, .wire_form = of->wire_form};
	struct model_use use = {.type = &plain};
	struct model_value *value = arena_alloc(e->c->arena, sizeof(*value));
	struct ast_value ast = {.place = operand->ast->place};

	if (operand->expr->op == MODEL_EXPR_TEXT) {
		ast.kind = AST_VALUE_STRING;
		ast.string = (struct ast_string){
		        operand->expr->text, operand->expr->length, operand->ast->place};
	} else {
		ast.kind = AST_VALUE_NUMBER;
		ast.number.text = operand->expr->number->text;
		ast.number.place = operand->ast->place;
	}
	if (!check_value(e->c, &ast, &use, value))
		return false;
	operand->expr = check_expr_new(e, operand->ast, MODEL_EXPR_VALUE, type);
	operand->expr->value = value;
	return true;
}

/* A literal beside a member takes the member's type, where it can. False: reported. */
static bool adapt(
        struct check_expr *e, struct check_operand *operand, const struct check_operand *other)
{
	enum model_expr_type type = other->expr->type;
	bool is_number = operand->expr->op == MODEL_EXPR_NUMBER;

	switch (type) {
	case MODEL_EXPR_TYPE_DECIMAL:
		if (is_number)
			operand->expr->type = type;
		return true;
	case MODEL_EXPR_TYPE_BYTES:
	case MODEL_EXPR_TYPE_DATETIME:
	case MODEL_EXPR_TYPE_DATE:
	case MODEL_EXPR_TYPE_TIME:
	case MODEL_EXPR_TYPE_DURATION:
	case MODEL_EXPR_TYPE_UUID:
		return other->type == NULL || become_value(e, operand, type, other->type);
	default: return true;
	}
}

/* Numbers are computed as floats from here inwards. */
static void make_float(struct model_expr *expr)
{
	if (expr == NULL || expr->type != MODEL_EXPR_TYPE_INT)
		return;
	expr->type = MODEL_EXPR_TYPE_FLOAT;
	if (expr->op == MODEL_EXPR_LEN || expr->op == MODEL_EXPR_COUNT)
		return;
	make_float((struct model_expr *)(uintptr_t)expr->left);
	make_float((struct model_expr *)(uintptr_t)expr->right);
}

bool check_expr_is_number(const struct model_expr *expr)
{
	return expr->type == MODEL_EXPR_TYPE_INT || expr->type == MODEL_EXPR_TYPE_FLOAT;
}

void check_expr_same_numbers(struct model_expr *left, struct model_expr *right)
{
	if (left->type == MODEL_EXPR_TYPE_FLOAT)
		make_float(right);
	if (right->type == MODEL_EXPR_TYPE_FLOAT)
		make_float(left);
}

static bool is_ordered(enum model_expr_type type)
{
	return type != MODEL_EXPR_TYPE_BOOL && type != MODEL_EXPR_TYPE_BYTES &&
	        type != MODEL_EXPR_TYPE_ENUM && type != MODEL_EXPR_TYPE_DURATION &&
	        type != MODEL_EXPR_TYPE_UUID;
}

static bool report_unlike(struct check_expr *e, const struct ast_expr *ast,
        const struct check_operand *left, const struct check_operand *right)
{
	diag_report(e->c->diag, DIAG_EXPRESSION, ast->place, "%s cannot be compared with %s",
	        check_expr_word(left->expr->type), check_expr_word(right->expr->type));
	if ((left->expr->type == MODEL_EXPR_TYPE_DECIMAL && check_expr_is_number(right->expr)) ||
	        (right->expr->type == MODEL_EXPR_TYPE_DECIMAL && check_expr_is_number(left->expr)))
		diag_hint(e->c->diag,
		        "a decimal is compared with another one, or with a number written here");
	return false;
}

static bool is_enum(const struct check_operand *operand)
{
	return !operand->broken && operand->type != NULL && operand->type->kind == MODEL_ENUM &&
	        !operand->type->is_constant;
}

/* Both are of one type now. False: reported. */
static bool unify(struct check_expr *e, const struct ast_expr *ast, struct check_operand *left,
        struct check_operand *right)
{
	if (is_enum(left) && !is_enum(right) && (right->is_word || right->expr != NULL) &&
	        (right->is_word || right->is_literal || right->expr->op == MODEL_EXPR_BOOL))
		return check_expr_settle(e, left) && become_enumerator(e, right, left->type);
	if (is_enum(right) && !is_enum(left) && (left->is_word || left->expr != NULL) &&
	        (left->is_word || left->is_literal || left->expr->op == MODEL_EXPR_BOOL))
		return check_expr_settle(e, right) && become_enumerator(e, left, right->type);
	if (!check_expr_settle(e, left) || !check_expr_settle(e, right))
		return false;
	if ((left->is_literal && !adapt(e, left, right)) ||
	        (right->is_literal && !adapt(e, right, left)))
		return false;
	if (check_expr_is_number(left->expr) && check_expr_is_number(right->expr)) {
		check_expr_same_numbers(left->expr, right->expr);
		return true;
	}
	if (left->expr->type != right->expr->type)
		return report_unlike(e, ast, left, right);
	if (left->type == NULL || right->type == NULL || left->type == right->type ||
	        left->expr->type != MODEL_EXPR_TYPE_ENUM)
		return true;
	diag_report(e->c->diag, DIAG_EXPRESSION, ast->place,
	        "values of two different enums are never equal");
	return false;
}

struct model_expr *check_expr_compare(
        struct check_expr *e, const struct ast_expr *ast, enum model_expr_op op)
{
	struct check_operand left = check_expr_operand(e, ast->left),
	                     right = check_expr_operand(e, ast->right);
	struct model_expr *expr;

	if (left.is_null != right.is_null)
		return compare_null(e, ast, op, left.is_null ? &right : &left);
	if (left.broken || right.broken || !unify(e, ast, &left, &right))
		return NULL;
	if (!is_equality(op) && !is_ordered(left.expr->type)) {
		diag_report(e->c->diag, DIAG_EXPRESSION, ast->place,
		        "there is no order of %s: they are compared by == and !=",
		        left.expr->type == MODEL_EXPR_TYPE_ENUM               ? "enums"
		                : left.expr->type == MODEL_EXPR_TYPE_BYTES    ? "bytes"
		                : left.expr->type == MODEL_EXPR_TYPE_DURATION ? "durations"
		                : left.expr->type == MODEL_EXPR_TYPE_UUID     ? "uuids"
		                                                              : "truth values");
		return NULL;
	}
	expr = check_expr_new(e, ast, op, MODEL_EXPR_TYPE_BOOL);
	expr->left = left.expr;
	expr->right = right.expr;
	return expr;
}
