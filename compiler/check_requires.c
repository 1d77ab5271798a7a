/* SPDX-License-Identifier: MIT */
/*
 * check_requires.c - `require` statements: their conditions, their messages, and those that come
 * along with `...base`.
 */
#include "checks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Longest message, in bytes; and so much of a condition is shown where none is said. */
#define CHECK_MAX_MESSAGE 255
#define CHECK_MAX_WORDS   200

/* ---------------------------------------------------------------- messages */

static bool is_message(struct check *c, const struct ast_string *text)
{
	size_t i;

	if (text->length == 0 || text->length > CHECK_MAX_MESSAGE) {
		diag_report(c->diag, DIAG_REQUIRE_MESSAGE, text->place,
		        "the message of 'require' has 1 to %d bytes", CHECK_MAX_MESSAGE);
		return false;
	}
	for (i = 0; i < text->length; i++) {
		if ((unsigned char)text->bytes[i] >= 0x20 && text->bytes[i] != 0x7f)
			continue;
		diag_report(c->diag, DIAG_REQUIRE_MESSAGE, text->place,
		        "the message of 'require' has no control characters");
		return false;
	}
	return true;
}

/* How tightly an operator binds; what binds less stands in parentheses below it. */
static unsigned strength(enum ast_expr_kind kind)
{
	switch (kind) {
	case AST_EXPR_OR: return 1;
	case AST_EXPR_AND: return 2;
	case AST_EXPR_NOT: return 3;
	case AST_EXPR_EQUAL:
	case AST_EXPR_UNEQUAL:
	case AST_EXPR_LESS:
	case AST_EXPR_LESS_EQUAL:
	case AST_EXPR_GREATER:
	case AST_EXPR_GREATER_EQUAL: return 4;
	case AST_EXPR_ADD:
	case AST_EXPR_SUBTRACT: return 6;
	case AST_EXPR_MULTIPLY:
	case AST_EXPR_DIVIDE:
	case AST_EXPR_REMAINDER: return 8;
	case AST_EXPR_NEGATE: return 10;
	default: return 12;
	}
}

static void put_value(FILE *out, const struct ast_value *value)
{
	switch (value->kind) {
	case AST_VALUE_NULL: fputs("null", out); break;
	case AST_VALUE_BOOL: fputs(value->boolean ? "true" : "false", out); break;
	case AST_VALUE_NUMBER: fputs(value->number.text, out); break;
	default: check_put_string(out, value->string.bytes, value->string.length);
	}
}

static void put_path(FILE *out, const struct ast_expr *ast)
{
	size_t i;

	for (i = 0; i < ast->n_names; i++)
		fprintf(out, "%s%s", i == 0 ? "" : ".", ast->names[i]->text);
}

static void put_words(FILE *out, const struct ast_expr *ast, unsigned least)
{
	static const char *const signs[] = {[AST_EXPR_AND] = " and ",
	        [AST_EXPR_OR] = " or ",
	        [AST_EXPR_EQUAL] = " == ",
	        [AST_EXPR_UNEQUAL] = " != ",
	        [AST_EXPR_LESS] = " < ",
	        [AST_EXPR_LESS_EQUAL] = " <= ",
	        [AST_EXPR_GREATER] = " > ",
	        [AST_EXPR_GREATER_EQUAL] = " >= ",
	        [AST_EXPR_ADD] = " + ",
	        [AST_EXPR_SUBTRACT] = " - ",
	        [AST_EXPR_MULTIPLY] = " * ",
	        [AST_EXPR_DIVIDE] = " / ",
	        [AST_EXPR_REMAINDER] = " % "};
	unsigned own = strength(ast->kind);

	/* Nothing is told by more than this. */
	if (ftell(out) > CHECK_MAX_WORDS)
		return;
	if (own < least)
		fputc('(', out);
	switch (ast->kind) {
	case AST_EXPR_VALUE: put_value(out, ast->value); break;
	case AST_EXPR_PATH: put_path(out, ast); break;
	case AST_EXPR_CALL:
		fprintf(out, "%s(", ast->function.text);
		put_words(out, ast->left, 0);
		fputc(')', out);
		break;
	case AST_EXPR_NOT:
	case AST_EXPR_NEGATE:
		fputs(ast->kind == AST_EXPR_NOT ? "not " : "-", out);
		put_words(out, ast->left, own);
		break;
	case AST_EXPR_BROKEN: break;
	default:
		put_words(out, ast->left, own + (own == 4));
		fputs(signs[ast->kind], out);
		put_words(out, ast->right, own + 1);
	}
	if (own < least)
		fputc(')', out);
}

/* The condition in words, however it is laid out. */
static const char *words_of(struct check *c, const struct ast_expr *ast)
{
	char *text = NULL, *words;
	size_t length = 0, n = CHECK_MAX_WORDS;
	FILE *out = open_memstream(&text, &length);

	if (out == NULL)
		memory_exhausted();
	put_words(out, ast, 0);
	if (fclose(out) != 0)
		memory_exhausted();
	words = arena_copy(c->arena, text, length);
	free(text);
	if (length <= CHECK_MAX_WORDS)
		return words;
	while (((unsigned char)words[n] & 0xC0) == 0x80)
		n--;
	return arena_printf(c->arena, "%.*s…", (int)n, words);
}

/* -------------------------------------------------------------- taken over */

/* Copies of conditions name the members of the record that takes them over. */
static const struct model_expr *copy_expr(
        struct check *c, const struct model_expr *expr, const struct check_record *record)
{
	struct model_expr *copy;
	const struct model_member **path;
	size_t i;

	if (expr == NULL || ++c->brought > CHECK_MAX_BROUGHT)
		return NULL;
	copy = arena_alloc(c->arena, sizeof(*copy));
	*copy = *expr;
	copy->left = copy_expr(c, expr->left, record);
	copy->right = copy_expr(c, expr->right, record);
	if (expr->n_path == 0)
		return copy;
	path = arena_array(c->arena, expr->n_path, sizeof(*path));
	memcpy(path, expr->path, expr->n_path * sizeof(*path));
	for (i = 0; i < record->n; i++) {
		if (strcmp(record->members[i].name, path[0]->name) == 0)
			path[0] = &record->members[i];
	}
	copy->path = path;
	return copy;
}

static void add(struct check *c, struct vec *all, const struct model_expr *expr,
        const char *message, struct place place)
{
	struct model_require *require = arena_alloc(c->arena, sizeof(*require));

	*require = (struct model_require){expr, message, place};
	vec_push(all, require);
}

static void brought(struct check *c, const struct check_record *record,
        const struct check_spread *spread, struct vec *all)
{
	size_t i;

	for (i = 0; spread->base != NULL && i < spread->base->n_requires; i++) {
		const struct model_require *require = &spread->base->requires[i];

		add(c, all, copy_expr(c, require->expr, record), require->message, spread->place);
	}
	if (c->brought > CHECK_MAX_BROUGHT)
		diag_report(c->diag, DIAG_TOO_MANY_PARTS, spread->place,
		        "more than %d members and conditions are taken over in this contract",
		        CHECK_MAX_BROUGHT);
}

/* ----------------------------------------------------------------- records */

static void own(struct check *c, const struct check_record *record,
        const struct ast_member *statement, struct vec *all)
{
	const struct model_expr *expr = check_condition(c, record->type, statement->condition);
	const char *message = statement->message.bytes;

	if (message == NULL)
		message = words_of(c, statement->condition);
	else if (!is_message(c, &statement->message))
		return;
	if (expr != NULL)
		add(c, all, expr, message, statement->place);
}

static void fill_requires(struct check *c, const struct check_record *record)
{
	const struct ast_type *ast = record->ast;
	struct model_require *requires;
	struct vec all = {0};
	size_t i;

	for (i = 0; i < record->n_spreads && c->brought <= CHECK_MAX_BROUGHT; i++)
		brought(c, record, record->spreads[i], &all);
	for (i = 0; i < ast->n_statements; i++) {
		if (ast->statements[i]->kind == AST_MEMBER_REQUIRE)
			own(c, record, ast->statements[i], &all);
	}
	requires = arena_array(c->arena, all.n, sizeof(*requires));
	for (i = 0; i < all.n; i++)
	requires[i] = *(const struct model_require *)all.items[i];
	record->type->requires = requires;
	record->type->n_requires = all.n;
	vec_clear(&all);
}

bool check_requires(struct check *c)
{
	size_t i;

	for (i = 0; i < c->records.n; i++) {
		const struct check_record *record = c->records.items[i];

		if (record->ast != NULL && !record->has_duplicates)
			fill_requires(c, record);
	}
	return true;
}
