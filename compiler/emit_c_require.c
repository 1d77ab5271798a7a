/* SPDX-License-Identifier: MIT */
/*
 * emit_c_require.c - `require` and `check` as C: a function for each rule of a record, which the
 * record's table points to, and the declarations of what the program defines.
 *
 * A comparison is false where a path in it is absent or null, or a number leaves int64_t.
 */
#include <inttypes.h>
#include <string.h>

#include "emit_c_parts.h"

/* -------------------------------------------------------------- expressions */

/* A comparison on its way: what must be there, and whether it can overflow. */
struct operand {
	struct writer *w;
	const char *present; /* "v->has_x && "; "" */
	bool may_overflow;
};

static void must_be_there(struct operand *o, const struct model_member *member, const char *owner)
{
	const char *has = emit_c_has_value(o->w, member, owner);

	if (has != NULL)
		o->present = writer_format(o->w, "%s%s && ", o->present, has);
}

/* What stands before the name of a path's last member: "v->", "v->inner."; what must hold for the
 * records on the way to be there goes to o->present. */
static const char *path_owner(
        struct operand *o, const struct model_member *const *path, size_t n_path)
{
	const char *owner = "v->";

	for (size_t i = 0; i + 1 < n_path; i++) {
		must_be_there(o, path[i], owner);
		owner = writer_format(
		        o->w, path[i]->use.boxed ? "%s%s->" : "%s%s.", owner, path[i]->c_id);
	}
	return owner;
}

/* The value that a path leads to. */
static const char *path_value(
        struct operand *o, const struct model_member *const *path, size_t n_path)
{
	const char *owner = path_owner(o, path, n_path);
	const struct model_member *last = path[n_path - 1];

	must_be_there(o, last, owner);
	return writer_format(o->w, last->use.boxed ? "(*%s%s)" : "%s%s", owner, last->c_id);
}

static const struct model_type *type_of(const struct model_expr *expr)
{
	return expr->path[expr->n_path - 1]->use.type;
}

static const char *value_of(struct operand *o, const struct model_expr *expr);

static const char *path_operand(struct operand *o, const struct model_expr *expr)
{
	const char *value = path_value(o, expr->path, expr->n_path);
	const struct model_type *type = type_of(expr);

	if (type->kind == MODEL_ENUM && type->is_open)
		return writer_format(o->w, "%s.value", value);
	if (type->kind == MODEL_FLOAT32)
		return writer_format(o->w, "(double)%s", value);
	if (expr->type != MODEL_EXPR_TYPE_INT)
		return value;
	if (type->kind == MODEL_INT64 || type->kind == MODEL_INT53)
		return value;
	if (type->kind != MODEL_UINT64)
		return writer_format(o->w, "(int64_t)%s", value);
	o->may_overflow = true;
	return writer_format(o->w, "msgc_int_of(%s, &fits)", value);
}

/* An integer where a float is wanted, too. */
static const char *number_of(struct operand *o, const struct model_expr *expr, bool is_float)
{
	const char *value = value_of(o, expr);

	if (is_float && expr->type == MODEL_EXPR_TYPE_INT)
		return writer_format(o->w, "(double)%s", value);
	return value;
}

static const char *arithmetic(struct operand *o, const struct model_expr *expr)
{
	static const char *const words[] = {[MODEL_EXPR_ADD] = "add",
	        [MODEL_EXPR_SUBTRACT] = "subtract",
	        [MODEL_EXPR_MULTIPLY] = "multiply",
	        [MODEL_EXPR_DIVIDE] = "divide",
	        [MODEL_EXPR_REMAINDER] = "remainder",
	        [MODEL_EXPR_NEGATE] = "subtract"};
	static const char signs[] = {[MODEL_EXPR_ADD] = '+',
	        [MODEL_EXPR_SUBTRACT] = '-',
	        [MODEL_EXPR_MULTIPLY] = '*',
	        [MODEL_EXPR_DIVIDE] = '/',
	        [MODEL_EXPR_REMAINDER] = '%'};
	bool is_float = expr->type == MODEL_EXPR_TYPE_FLOAT;
	const char *left = number_of(o, expr->left, is_float);
	const char *right = expr->right != NULL ? number_of(o, expr->right, is_float) : NULL;

	if (is_float && right == NULL)
		return writer_format(o->w, "(-%s)", left);
	if (is_float)
		return writer_format(o->w, "(%s %c %s)", left, signs[expr->op], right);
	o->may_overflow = true;
	if (right == NULL)
		return writer_format(o->w, "msgc_int_subtract(0, %s, &fits)", left);
	return writer_format(o->w, "msgc_int_%s(%s, %s, &fits)", words[expr->op], left, right);
}

static const char *number_literal(struct operand *o, const struct model_expr *expr)
{
	if (expr->type == MODEL_EXPR_TYPE_DECIMAL)
		return writer_format(o->w, "((struct msgc_decimal){\"%s\", %zu})",
		        expr->number->text, strlen(expr->number->text));
	if (expr->type == MODEL_EXPR_TYPE_FLOAT)
		return emit_c_number(o->w, MODEL_FLOAT64, expr->number);
	return emit_c_number(o->w, MODEL_INT64, expr->number);
}

static const char *literal_value(struct operand *o, const struct model_expr *expr)
{
	static const enum model_kind kinds[] = {[MODEL_EXPR_TYPE_DATETIME] = MODEL_DATETIME,
	        [MODEL_EXPR_TYPE_DATE] = MODEL_DATE,
	        [MODEL_EXPR_TYPE_TIME] = MODEL_TIME,
	        [MODEL_EXPR_TYPE_DURATION] = MODEL_DURATION,
	        [MODEL_EXPR_TYPE_UUID] = MODEL_UUID,
	        [MODEL_EXPR_TYPE_BYTES] = MODEL_BYTES};
	struct model_type type = {.kind = kinds[expr->type]};

	return writer_format(o->w, "(%s)", emit_c_literal(o->w, &type, expr->value));
}

static const char *value_of(struct operand *o, const struct model_expr *expr)
{
	switch (expr->op) {
	case MODEL_EXPR_NUMBER: return number_literal(o, expr);
	case MODEL_EXPR_TEXT:
		return writer_format(
		        o->w, "MSGC_STR(%s)", writer_c_literal(o->w, expr->text, expr->length));
	case MODEL_EXPR_BOOL: return expr->boolean ? "true" : "false";
	case MODEL_EXPR_ENUM: return expr->enumerator->c_name;
	case MODEL_EXPR_VALUE: return literal_value(o, expr);
	case MODEL_EXPR_PATH: return path_operand(o, expr);
	case MODEL_EXPR_LEN:
		if (expr->left->type == MODEL_EXPR_TYPE_STRING)
			return writer_format(
			        o->w, "(int64_t)msgc_utf8_count(%s)", value_of(o, expr->left));
		return writer_format(o->w, "(int64_t)%s.len", value_of(o, expr->left));
	case MODEL_EXPR_COUNT:
		return writer_format(o->w, "(int64_t)%s.count", value_of(o, expr->left));
	default: return arithmetic(o, expr);
	}
}

/* "a < b", or by the function that compares such values. */
static const char *compared(struct writer *w, const struct model_expr *left, const char *a,
        const char *b, const char *sign)
{
	static const char *const words[] = {[MODEL_EXPR_TYPE_STRING] = "str",
	        [MODEL_EXPR_TYPE_DECIMAL] = "decimal",
	        [MODEL_EXPR_TYPE_BYTES] = "bytes",
	        [MODEL_EXPR_TYPE_DATETIME] = "datetime",
	        [MODEL_EXPR_TYPE_DATE] = "date",
	        [MODEL_EXPR_TYPE_TIME] = "time",
	        [MODEL_EXPR_TYPE_DURATION] = "duration",
	        [MODEL_EXPR_TYPE_UUID] = "uuid"};
	const char *word = words[left->type];

	switch (left->type) {
	case MODEL_EXPR_TYPE_BOOL:
	case MODEL_EXPR_TYPE_INT:
	case MODEL_EXPR_TYPE_FLOAT:
	case MODEL_EXPR_TYPE_ENUM: return writer_format(w, "%s %s %s", a, sign, b);
	case MODEL_EXPR_TYPE_BYTES:
	case MODEL_EXPR_TYPE_DURATION:
	case MODEL_EXPR_TYPE_UUID:
		return writer_format(
		        w, "%smsgc_%s_equal(%s, %s)", sign[0] == '!' ? "!" : "", word, a, b);
	default: return writer_format(w, "msgc_%s_compare(%s, %s) %s 0", word, a, b, sign);
	}
}

static const char *comparison(struct writer *w, const struct model_expr *expr)
{
	static const char *const signs[] = {[MODEL_EXPR_EQUAL] = "==",
	        [MODEL_EXPR_UNEQUAL] = "!=",
	        [MODEL_EXPR_LESS] = "<",
	        [MODEL_EXPR_LESS_EQUAL] = "<=",
	        [MODEL_EXPR_GREATER] = ">",
	        [MODEL_EXPR_GREATER_EQUAL] = ">="};
	struct operand o = {w, "", false};
	bool is_float = expr->left->type == MODEL_EXPR_TYPE_FLOAT ||
	        expr->right->type == MODEL_EXPR_TYPE_FLOAT;
	const char *a = number_of(&o, expr->left, is_float);
	const char *b = number_of(&o, expr->right, is_float);
	const char *text = compared(w, expr->left, a, b, signs[expr->op]);

	if (o.may_overflow)
		text = writer_format(w, "((fits = true), %s) && fits", text);
	if (*o.present == '\0' && !o.may_overflow)
		return text;
	return writer_format(w, "(%s%s)", o.present, text);
}

/* "v->has_a && v->a.has_b", of what path_value() has gathered; "true" of nothing. */
static const char *all_present(struct writer *w, const char *present)
{
	static const char end[] = " && ";
	size_t length = strlen(present);
	const char *text;

	if (length == 0)
		return "true";
	text = writer_format(w, "%.*s", (int)(length - strlen(end)), present);
	return strstr(text, "&&") != NULL ? writer_format(w, "(%s)", text) : text;
}

/* Is the path's value there; is it null. */
static const char *presence(struct writer *w, const struct model_expr *expr)
{
	struct operand o = {w, "", false};
	const struct model_member *last = expr->path[expr->n_path - 1];
	const char *owner, *id = last->c_id;

	if (expr->op == MODEL_EXPR_HAS) {
		(void)path_value(&o, expr->path, expr->n_path);
		return all_present(w, o.present);
	}
	owner = path_owner(&o, expr->path, expr->n_path);
	if (!last->use.nullable)
		return "false";
	if (last->use.boxed && !last->optional)
		o.present = writer_format(w, "%s%s%s == NULL && ", o.present, owner, id);
	else if (last->optional && !last->use.boxed)
		o.present = writer_format(
		        w, "%s%shas_%s && %s%s_is_null && ", o.present, owner, id, owner, id);
	else
		o.present = writer_format(w, "%s%s%s_is_null && ", o.present, owner, id);
	return all_present(w, o.present);
}

/* Without the parentheses around all of it, if there are any. */
static const char *bare(struct writer *w, const char *text)
{
	size_t last = strlen(text) - 1;
	size_t depth = 0;
	bool is_text = false; /* its parentheses are no code's */

	if (text[0] != '(')
		return text;
	for (size_t i = 0; i < last; i++) {
		if (text[i] == '"')
			is_text = !is_text;
		else if (is_text && text[i] == '\\')
			i++;
		depth += !is_text && text[i] == '(';
		depth -= !is_text && text[i] == ')';
		if (depth == 0)
			return text;
	}
	return writer_format(w, "%.*s", (int)(last - 1), text + 1);
}

static const char *negation(struct writer *w, const char *text)
{
	bool is_one = bare(w, text) != text || strchr(text, ' ') == NULL;

	return writer_format(w, is_one ? "!%s" : "!(%s)", text);
}

static const char *condition(struct writer *w, const struct model_expr *expr);

/* What stands on a side of && or ||: in parentheses only where C, or its reader, wants them. */
static const char *part(struct writer *w, enum model_expr_op op, const struct model_expr *expr)
{
	const char *text = condition(w, expr);
	bool is_or = expr->op == MODEL_EXPR_OR;

	return is_or == (op == MODEL_EXPR_OR) ? bare(w, text) : text;
}

/* A condition, which is a C expression of the type bool. */
static const char *condition(struct writer *w, const struct model_expr *expr)
{
	struct operand o = {w, "", false};
	const char *value;

	switch (expr->op) {
	case MODEL_EXPR_NOT: return negation(w, condition(w, expr->left));
	case MODEL_EXPR_AND:
	case MODEL_EXPR_OR:
		return writer_format(w, expr->op == MODEL_EXPR_AND ? "(%s && %s)" : "(%s || %s)",
		        part(w, expr->op, expr->left), part(w, expr->op, expr->right));
	case MODEL_EXPR_HAS:
	case MODEL_EXPR_IS_NULL: return presence(w, expr);
	case MODEL_EXPR_BOOL: return expr->boolean ? "true" : "false";
	case MODEL_EXPR_PATH:
		value = path_value(&o, expr->path, expr->n_path);
		o.present = writer_format(w, "%s%s && ", o.present, value);
		return all_present(w, o.present);
	default: return comparison(w, expr);
	}
}

void emit_c_require_functions(const struct emit_c *c, const struct model_type *record)
{
	struct writer *w = c->w;

	for (size_t i = 0; i < record->n_requires; i++) {
		const char *text = bare(w, condition(w, record->requires[i].expr));

		writer_blank(w);
		writer_line(
		        w, "static bool %s__require_%zu(const void *value)", record->c_name, i + 1);
		writer_open(w, "{");
		writer_line(w, "const struct %s *v = value;", record->c_name);
		if (strstr(text, "fits") != NULL)
			writer_line(w, "bool fits;");
		writer_blank(w);
		emit_c_wrap(w, 1, writer_format(w, "return %s;", text));
		writer_close(w, "}");
	}
}

void emit_c_require_table(const struct emit_c *c, const struct model_type *record)
{
	if (record->n_requires == 0)
		return;
	writer_open(c->w, ".rules = (const struct msgc_rule[]){");
	for (size_t i = 0; i < record->n_requires; i++) {
		const char *message = record->requires[i].message;

		writer_line(c->w, "{%s__require_%zu, %s},", record->c_name, i + 1,
		        writer_c_literal(c->w, message, strlen(message)));
	}
	writer_close(c->w, "},");
	writer_line(c->w, ".n_rules = %zu,", record->n_requires);
}

/* ------------------------------------------------------------------ checks */

/* `static const char *rooms_entry__check_1(const void *value)`: calls what the program defines. */
void emit_c_check_thunks(
        const struct emit_c *c, const char *stem, const struct model_check *checks, size_t n_checks)
{
	for (size_t i = 0; i < n_checks; i++) {
		writer_blank(c->w);
		writer_line(
		        c->w, "static const char *%s__check_%zu(const void *value)", stem, i + 1);
		writer_open(c->w, "{");
		writer_line(c->w, "return %s(value);", checks[i].c_name);
		writer_close(c->w, "}");
	}
}

void emit_c_check_table(const struct emit_c *c, const char *stem, size_t n_checks)
{
	if (n_checks == 0)
		return;
	writer_open(c->w, ".checks = (msgc_type_check_fn *const[]){");
	for (size_t i = 0; i < n_checks; i++)
		writer_line(c->w, "%s__check_%zu,", stem, i + 1);
	writer_line(c->w, "NULL,");
	writer_close(c->w, "},");
}

void emit_c_check_prototypes(const struct emit_c *c)
{
	const struct model_contract *contract = c->contract;

	if (contract->n_hooks == 0)
		return;
	writer_blank(c->w);
	writer_comment(c->w,
	        "The program defines these: NULL, or what is wrong with the value, a text that "
	        "stays.");
	for (size_t i = 0; i < contract->n_hooks; i++)
		writer_line(c->w, "const char *%s(const %s *value);",
		        contract->hooks[i].check->c_name,
		        emit_c_type(c->w, contract->hooks[i].type));
}
