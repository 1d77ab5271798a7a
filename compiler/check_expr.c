/* SPDX-License-Identifier: MIT */
/*
 * check_expr.c - expressions of `require`: what their names mean, and that their types fit.
 *
 * Comparisons are in check_compare.c. Recursion follows the syntax, whose depth the parser has
 * bounded.
 */
#include "check_expr.h"

#include <stdlib.h>
#include <string.h>

#include "number.h"

/* So many names may a path have, and so many parts all expressions of a contract. */
#define CHECK_MAX_PATH        64
#define CHECK_MAX_EXPRESSIONS 50000

struct model_expr *check_expr_new(struct check_expr *e, const struct ast_expr *ast,
        enum model_expr_op op, enum model_expr_type type)
{
	struct model_expr *expr = arena_alloc(e->c->arena, sizeof(*expr));

	expr->op = op;
	expr->type = type;
	expr->place = ast->place;
	return expr;
}

const char *check_expr_word(enum model_expr_type type)
{
	static const char *const words[] = {[MODEL_EXPR_TYPE_BOOL] = "a truth value",
	        [MODEL_EXPR_TYPE_INT] = "a number",
	        [MODEL_EXPR_TYPE_FLOAT] = "a number",
	        [MODEL_EXPR_TYPE_DECIMAL] = "a decimal",
	        [MODEL_EXPR_TYPE_STRING] = "a string",
	        [MODEL_EXPR_TYPE_BYTES] = "bytes",
	        [MODEL_EXPR_TYPE_ENUM] = "an enum",
	        [MODEL_EXPR_TYPE_DATETIME] = "a datetime",
	        [MODEL_EXPR_TYPE_DATE] = "a date",
	        [MODEL_EXPR_TYPE_TIME] = "a time",
	        [MODEL_EXPR_TYPE_DURATION] = "a duration",
	        [MODEL_EXPR_TYPE_UUID] = "a uuid"};

	return words[type];
}

/* ------------------------------------------------------------------- paths */

void check_expr_unknown(
        struct check_expr *e, const struct model_type *type, const struct ast_name *name)
{
	struct suggestion suggestion = suggestion_for(name->text);
	size_t i;

	diag_report(e->c->diag, DIAG_UNKNOWN_MEMBER, name->place, "there is no member '%s' here",
	        name->text);
	for (i = 0; i < type->n_members; i++)
		suggestion_offer(&suggestion, type->members[i].name);
	diag_suggest(e->c->diag, &suggestion);
}

/* `a.b`, where a holds no members. */
static void report_no_members(
        struct check_expr *e, const struct model_member *member, const struct ast_name *name)
{
	struct check *c = e->c;

	diag_report(c->diag, DIAG_EXPRESSION, name->place, "'%s' is %s, and has no members",
	        member->name, check_kind_word(c, member->use.type->kind));
	if (member->use.type->kind == MODEL_ENUM)
		diag_hint(
		        c->diag, "a value of an enum is written by its name alone: %s", name->text);
	else if (member->use.type->kind == MODEL_UNION || member->use.type->kind == MODEL_CHOICE)
		diag_hint(c->diag,
		        "what is in it differs: say 'require' in the arm's record, or "
		        "'check NAME' here");
}

/* The members that a path names, from the record inwards. False: broken. */
static bool find_path(struct check_expr *e, const struct ast_expr *ast, struct model_expr *expr)
{
	const struct model_member **path = arena_array(e->c->arena, ast->n_names, sizeof(*path));
	const struct model_type *type = e->record;
	size_t i;

	if (ast->n_names > CHECK_MAX_PATH) {
		diag_report(e->c->diag, DIAG_TOO_DEEP, ast->place, "this path is too long");
		return false;
	}
	for (i = 0; i < ast->n_names; i++) {
		if (type->kind != MODEL_RECORD && type->kind != MODEL_TUPLE) {
			report_no_members(e, path[i - 1], ast->names[i]);
			return false;
		}
		path[i] = model_find_member(type, ast->names[i]->text);
		if (path[i] == NULL) {
			check_expr_unknown(e, type, ast->names[i]);
			return false;
		}
		type = path[i]->use.type;
		if (type == NULL)
			return false;
	}
	expr->path = path;
	expr->n_path = ast->n_names;
	e->n_paths++;
	return true;
}

static const struct model_type *path_type(const struct model_expr *expr)
{
	return expr->path[expr->n_path - 1]->use.type;
}

/* What a path's values are in an expression. False: nothing that it can compute with. */
static bool type_of(const struct model_type *type, enum model_expr_type *ret_type)
{
	if (model_kind_is_int(type->kind)) {
		*ret_type = MODEL_EXPR_TYPE_INT;
		return true;
	}
	switch (type->kind) {
	case MODEL_BOOL: *ret_type = MODEL_EXPR_TYPE_BOOL; return true;
	case MODEL_FLOAT32:
	case MODEL_FLOAT64: *ret_type = MODEL_EXPR_TYPE_FLOAT; return true;
	case MODEL_DECIMAL: *ret_type = MODEL_EXPR_TYPE_DECIMAL; return true;
	case MODEL_STRING: *ret_type = MODEL_EXPR_TYPE_STRING; return true;
	case MODEL_BYTES: *ret_type = MODEL_EXPR_TYPE_BYTES; return true;
	case MODEL_DATETIME: *ret_type = MODEL_EXPR_TYPE_DATETIME; return true;
	case MODEL_DATE: *ret_type = MODEL_EXPR_TYPE_DATE; return true;
	case MODEL_TIME: *ret_type = MODEL_EXPR_TYPE_TIME; return true;
	case MODEL_DURATION: *ret_type = MODEL_EXPR_TYPE_DURATION; return true;
	case MODEL_UUID: *ret_type = MODEL_EXPR_TYPE_UUID; return true;
	case MODEL_ENUM: *ret_type = MODEL_EXPR_TYPE_ENUM; return !type->is_constant;
	default: return false;
	}
}

/* ------------------------------------------------------------------- calls */

/* The member in the parentheses. NULL: reported. */
static struct model_expr *call_path(struct check_expr *e, const struct ast_expr *ast)
{
	struct model_expr *path =
	        check_expr_new(e, ast->left, MODEL_EXPR_PATH, MODEL_EXPR_TYPE_BOOL);

	if (ast->left->kind == AST_EXPR_BROKEN)
		return NULL;
	if (ast->left->kind != AST_EXPR_PATH) {
		diag_report(e->c->diag, DIAG_EXPRESSION, ast->left->place, "%s() takes a member",
		        ast->function.text);
		return NULL;
	}
	return find_path(e, ast->left, path) ? path : NULL;
}

bool check_expr_may_miss(const struct model_expr *path, bool null_only)
{
	size_t i;

	for (i = 0; i < path->n_path; i++) {
		if (path->path[i]->use.nullable || (!null_only && path->path[i]->optional))
			return true;
	}
	return false;
}

static struct model_expr *call_has(struct check_expr *e, const struct ast_expr *ast)
{
	struct model_expr *path = call_path(e, ast);

	if (path == NULL)
		return NULL;
	if (!check_expr_may_miss(path, false)) {
		diag_report(e->c->diag, DIAG_EXPRESSION_ALWAYS, ast->place,
		        "'%s' is always there: it is neither optional nor null",
		        path->path[path->n_path - 1]->name);
		return NULL;
	}
	path->op = MODEL_EXPR_HAS;
	path->place = ast->place;
	return path;
}

static struct model_expr *call_size(struct check_expr *e, const struct ast_expr *ast, bool is_len)
{
	struct model_expr *path = call_path(e, ast), *expr;
	enum model_kind kind;
	bool fits;

	if (path == NULL)
		return NULL;
	kind = path_type(path)->kind;
	fits = is_len ? kind == MODEL_STRING || kind == MODEL_BYTES
	              : kind == MODEL_LIST || kind == MODEL_MAP;
	if (!fits) {
		diag_report(e->c->diag, DIAG_EXPRESSION, ast->left->place,
		        is_len ? "len() is of strings and bytes; '%s' is %s"
		               : "count() is of lists and maps; '%s' is %s",
		        path->path[path->n_path - 1]->name, check_kind_word(e->c, kind));
		if (is_len && (kind == MODEL_LIST || kind == MODEL_MAP))
			diag_hint(e->c->diag, "count() says how many there are");
		return NULL;
	}
	if (is_len)
		path->type = kind == MODEL_STRING ? MODEL_EXPR_TYPE_STRING : MODEL_EXPR_TYPE_BYTES;
	expr = check_expr_new(
	        e, ast, is_len ? MODEL_EXPR_LEN : MODEL_EXPR_COUNT, MODEL_EXPR_TYPE_INT);
	expr->left = path;
	return expr;
}

static struct model_expr *call(struct check_expr *e, const struct ast_expr *ast)
{
	struct suggestion suggestion = suggestion_for(ast->function.text);

	if (strcmp(ast->function.text, "has") == 0)
		return call_has(e, ast);
	if (strcmp(ast->function.text, "len") == 0)
		return call_size(e, ast, true);
	if (strcmp(ast->function.text, "count") == 0)
		return call_size(e, ast, false);
	diag_report(e->c->diag, DIAG_EXPRESSION_CALL, ast->function.place, "unknown function '%s'",
	        ast->function.text);
	suggestion_offer(&suggestion, "has");
	suggestion_offer(&suggestion, "len");
	suggestion_offer(&suggestion, "count");
	if (suggestion.best != NULL)
		diag_suggest(e->c->diag, &suggestion);
	else
		diag_hint(e->c->diag,
		        "there are has(), len() and count(); 'check NAME' calls a "
		        "function of the program");
	return NULL;
}

/* ---------------------------------------------------------------- operands */

static struct model_expr *number_literal(struct check_expr *e, const struct ast_expr *ast,
        const struct ast_number *written, bool is_negative)
{
	struct model_expr *expr = check_expr_new(e, ast, MODEL_EXPR_NUMBER, MODEL_EXPR_TYPE_INT);
	const char *text =
	        is_negative ? arena_printf(e->c->arena, "-%s", written->text) : written->text;

	expr->number = number_read(e->c->arena, text);
	if (expr->number == NULL) {
		diag_report(e->c->diag, DIAG_LONG_NUMBER, ast->place,
		        "more than %d digits before or behind the point", NUMBER_MAX_DIGITS);
		return NULL;
	}
	if (!expr->number->is_int ||
	        (!expr->number->is_negative && expr->number->as_uint64 > INT64_MAX))
		expr->type = MODEL_EXPR_TYPE_FLOAT;
	return expr;
}

static void read_value(
        struct check_expr *e, const struct ast_expr *ast, struct check_operand *operand)
{
	const struct ast_value *value = ast->value;

	switch (value->kind) {
	case AST_VALUE_NULL: operand->is_null = true; return;
	case AST_VALUE_BOOL:
		operand->expr = check_expr_new(e, ast, MODEL_EXPR_BOOL, MODEL_EXPR_TYPE_BOOL);
		operand->expr->boolean = value->boolean;
		return;
	case AST_VALUE_NUMBER: operand->expr = number_literal(e, ast, &value->number, false); break;
	default:
		operand->expr = check_expr_new(e, ast, MODEL_EXPR_TEXT, MODEL_EXPR_TYPE_STRING);
		operand->expr->text = value->string.bytes;
		operand->expr->length = value->string.length;
	}
	operand->is_literal = true;
	operand->broken = operand->expr == NULL;
}

static void read_path(
        struct check_expr *e, const struct ast_expr *ast, struct check_operand *operand)
{
	struct model_expr *path = check_expr_new(e, ast, MODEL_EXPR_PATH, MODEL_EXPR_TYPE_BOOL);

	if (ast->n_names == 1 && model_find_member(e->record, ast->names[0]->text) == NULL) {
		operand->is_word = true;
		return;
	}
	operand->broken = !find_path(e, ast, path);
	if (operand->broken)
		return;
	operand->expr = path;
	operand->type = path_type(path);
}

static struct model_expr *build(struct check_expr *e, const struct ast_expr *ast);

/* `-5` is a literal, too. */
static bool read_negative(
        struct check_expr *e, const struct ast_expr *ast, struct check_operand *operand)
{
	const struct ast_expr *inner = ast->left;

	if (ast->kind != AST_EXPR_NEGATE || inner->kind != AST_EXPR_VALUE ||
	        inner->value->kind != AST_VALUE_NUMBER)
		return false;
	operand->expr = number_literal(e, ast, &inner->value->number, true);
	operand->is_literal = true;
	operand->broken = operand->expr == NULL;
	return true;
}

struct check_operand check_expr_operand(struct check_expr *e, const struct ast_expr *ast)
{
	struct check_operand operand = {.ast = ast};

	if (ast->kind == AST_EXPR_VALUE) {
		read_value(e, ast, &operand);
	} else if (ast->kind == AST_EXPR_PATH) {
		read_path(e, ast, &operand);
	} else if (!read_negative(e, ast, &operand)) {
		operand.expr = build(e, ast);
		operand.broken = operand.expr == NULL;
	}
	return operand;
}

/* A path that stands for its value. False: reported. */
static bool settle_path(struct check_expr *e, struct check_operand *operand)
{
	const struct model_member *member;

	if (operand->type == NULL || type_of(operand->type, &operand->expr->type))
		return true;
	member = operand->expr->path[operand->expr->n_path - 1];
	if (operand->type->is_constant)
		diag_report(e->c->diag, DIAG_EXPRESSION, operand->ast->place,
		        "'%s' has one value only", member->name);
	else
		diag_report(e->c->diag, DIAG_EXPRESSION, operand->ast->place,
		        "'%s' is %s: that cannot be compared", member->name,
		        check_kind_word(e->c, operand->type->kind));
	if (operand->type->kind == MODEL_LIST || operand->type->kind == MODEL_MAP)
		diag_hint(e->c->diag, "count(%s) is the number of its elements", member->name);
	else if (operand->type->kind == MODEL_RECORD || operand->type->kind == MODEL_TUPLE)
		diag_hint(e->c->diag, "compare what is in it: %s.%s", member->name,
		        operand->type->n_members != 0 ? operand->type->members[0].name : "…");
	return false;
}

/* A word that no comparison with an enum has explained. */
static bool settle_word(struct check_expr *e, struct check_operand *operand)
{
	if (operand->is_null) {
		diag_report(e->c->diag, DIAG_EXPRESSION, operand->ast->place,
		        "null stands beside == and != only");
		return false;
	}
	if (!operand->is_word)
		return true;
	check_expr_unknown(e, e->record, operand->ast->names[0]);
	return false;
}

bool check_expr_settle(struct check_expr *e, struct check_operand *operand)
{
	return !operand->broken && settle_word(e, operand) && settle_path(e, operand);
}

/* --------------------------------------------------------- other operators */

/* An operand of a certain type. NULL: reported. */
static struct model_expr *bool_operand(struct check_expr *e, const struct ast_expr *ast)
{
	struct check_operand operand = check_expr_operand(e, ast);

	if (!check_expr_settle(e, &operand))
		return NULL;
	if (operand.expr->type == MODEL_EXPR_TYPE_BOOL)
		return operand.expr;
	diag_report(e->c->diag, DIAG_EXPRESSION, ast->place, "%s is neither true nor false",
	        check_expr_word(operand.expr->type));
	return NULL;
}

static struct model_expr *number_operand(struct check_expr *e, const struct ast_expr *ast)
{
	struct check_operand operand = check_expr_operand(e, ast);

	if (!check_expr_settle(e, &operand))
		return NULL;
	if (check_expr_is_number(operand.expr))
		return operand.expr;
	diag_report(e->c->diag, DIAG_EXPRESSION, ast->place, "%s cannot be computed with",
	        check_expr_word(operand.expr->type));
	if (operand.expr->type == MODEL_EXPR_TYPE_DECIMAL)
		diag_hint(e->c->diag, "decimals are compared only: they are kept as their text");
	return NULL;
}

static struct model_expr *logic(
        struct check_expr *e, const struct ast_expr *ast, enum model_expr_op op)
{
	struct model_expr *expr = check_expr_new(e, ast, op, MODEL_EXPR_TYPE_BOOL);

	expr->left = bool_operand(e, ast->left);
	if (ast->right != NULL)
		expr->right = bool_operand(e, ast->right);
	return expr->left != NULL && (ast->right == NULL || expr->right != NULL) ? expr : NULL;
}

static struct model_expr *arithmetic(
        struct check_expr *e, const struct ast_expr *ast, enum model_expr_op op)
{
	struct model_expr *left = number_operand(e, ast->left), *right = NULL, *expr;

	if (ast->right != NULL)
		right = number_operand(e, ast->right);
	if (left == NULL || (ast->right != NULL && right == NULL))
		return NULL;
	if (right != NULL)
		check_expr_same_numbers(left, right);
	if (op == MODEL_EXPR_REMAINDER && left->type == MODEL_EXPR_TYPE_FLOAT) {
		diag_report(e->c->diag, DIAG_EXPRESSION, ast->place,
		        "%% is of integers: a float has no remainder");
		return NULL;
	}
	expr = check_expr_new(e, ast, op, left->type);
	expr->left = left;
	expr->right = right;
	return expr;
}

/* Everything that is more than a literal or a path. NULL: reported. */
static struct model_expr *build(struct check_expr *e, const struct ast_expr *ast)
{
	switch (ast->kind) {
	case AST_EXPR_VALUE:
	case AST_EXPR_PATH:
	case AST_EXPR_BROKEN: return NULL;
	case AST_EXPR_CALL: return call(e, ast);
	case AST_EXPR_NOT: return logic(e, ast, MODEL_EXPR_NOT);
	case AST_EXPR_AND: return logic(e, ast, MODEL_EXPR_AND);
	case AST_EXPR_OR: return logic(e, ast, MODEL_EXPR_OR);
	case AST_EXPR_EQUAL: return check_expr_compare(e, ast, MODEL_EXPR_EQUAL);
	case AST_EXPR_UNEQUAL: return check_expr_compare(e, ast, MODEL_EXPR_UNEQUAL);
	case AST_EXPR_LESS: return check_expr_compare(e, ast, MODEL_EXPR_LESS);
	case AST_EXPR_LESS_EQUAL: return check_expr_compare(e, ast, MODEL_EXPR_LESS_EQUAL);
	case AST_EXPR_GREATER: return check_expr_compare(e, ast, MODEL_EXPR_GREATER);
	case AST_EXPR_GREATER_EQUAL: return check_expr_compare(e, ast, MODEL_EXPR_GREATER_EQUAL);
	case AST_EXPR_ADD: return arithmetic(e, ast, MODEL_EXPR_ADD);
	case AST_EXPR_SUBTRACT: return arithmetic(e, ast, MODEL_EXPR_SUBTRACT);
	case AST_EXPR_MULTIPLY: return arithmetic(e, ast, MODEL_EXPR_MULTIPLY);
	case AST_EXPR_DIVIDE: return arithmetic(e, ast, MODEL_EXPR_DIVIDE);
	case AST_EXPR_REMAINDER: return arithmetic(e, ast, MODEL_EXPR_REMAINDER);
	case AST_EXPR_NEGATE: return arithmetic(e, ast, MODEL_EXPR_NEGATE);
	}
	return NULL;
}

static size_t count_parts(const struct ast_expr *ast, size_t most)
{
	size_t n = 1;

	if (ast->left != NULL)
		n += count_parts(ast->left, most);
	if (ast->right != NULL && n <= most)
		n += count_parts(ast->right, most);
	return n;
}

const struct model_expr *check_condition(
        struct check *c, const struct model_type *record, const struct ast_expr *ast)
{
	struct check_expr e = {c, record, 0};
	const struct model_expr *expr;

	c->expressions += count_parts(ast, CHECK_MAX_EXPRESSIONS);
	if (c->expressions > CHECK_MAX_EXPRESSIONS) {
		diag_report(c->diag, DIAG_TOO_MANY_PARTS, ast->place,
		        "the expressions of this contract have more than %d parts",
		        CHECK_MAX_EXPRESSIONS);
		return NULL;
	}
	expr = bool_operand(&e, ast);
	if (expr == NULL || e.n_paths != 0)
		return expr;
	diag_report(c->diag, DIAG_EXPRESSION_ALWAYS, ast->place,
	        "this names no member: it is the same for every value");
	return NULL;
}
