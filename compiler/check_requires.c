/* SPDX-License-Identifier: MIT */
/*
 * check_requires.c - `require` statements: their conditions, their messages, and those that come
 * along with `...base`.
 */
#include "checks.h"

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

/* Where a comment or blank at `at` ends; at itself if there is none. */
static size_t skip_blank(const char *text, size_t at, size_t end)
{
	if (strchr(" \t\r\n", text[at]) != NULL)
		return at + 1;
	if (text[at] != '/' || at + 1 == end || text[at + 1] != '/')
		return at;
	while (at < end && text[at] != '\n')
		at++;
	return at;
}

/* One token or character of the condition; texts in quotes whole. */
static size_t token_end(const char *text, size_t at, size_t end)
{
	bool is_raw = at != 0 && text[at - 1] == 'r';

	if (text[at] != '"')
		return at + 1;
	for (at++; at < end && text[at] != '"'; at++) {
		if (text[at] == '\\' && !is_raw && at + 1 < end)
			at++;
	}
	return at < end ? at + 1 : end;
}

/* The condition as it is written, on one line and without comments. */
static const char *words_of(struct check *c, struct place place)
{
	const char *text = place.source->text;
	char *words = arena_alloc(c->arena, place.end - place.start + 4);
	size_t n = 0, at = place.start;

	while (at < place.end) {
		size_t end = skip_blank(text, at, place.end);

		if (end != at) {
			if (n != 0 && words[n - 1] != ' ')
				words[n++] = ' ';
			at = end;
			continue;
		}
		end = token_end(text, at, place.end);
		memcpy(words + n, text + at, end - at);
		n += end - at;
		at = end;
	}
	while (n != 0 && words[n - 1] == ' ')
		n--;
	if (n <= CHECK_MAX_WORDS) {
		words[n] = '\0';
		return words;
	}
	for (n = CHECK_MAX_WORDS; ((unsigned char)words[n] & 0xC0) == 0x80;)
		n--;
	memcpy(words + n, "…", sizeof("…"));
	return words;
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
		message = words_of(c, statement->condition->place);
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
