/* SPDX-License-Identifier: MIT */
/*
 * scope.c - a sorted table of a contract's names.
 *
 * Sorted, not hashed: no contract can make it slow. Knows nothing of other contracts.
 */
#include "scope.h"

#include <stdlib.h>
#include <string.h>

#include "arena.h"

/* What `type X = …` is: its syntax says so by itself, or another name has to be looked up. */
static enum symbol_kind kind_of_type(const struct ast_type *type)
{
	switch (type->kind) {
	case AST_TYPE_LIST:
	case AST_TYPE_MAP:
	case AST_TYPE_RECORD:
	case AST_TYPE_TUPLE:
	case AST_TYPE_NULL: return SYMBOL_TYPE;
	case AST_TYPE_BROKEN: return SYMBOL_BROKEN;
	case AST_TYPE_NAME:
	case AST_TYPE_LITERAL:
	case AST_TYPE_CHOICE: break;
	}
	return SYMBOL_ALIAS;
}

static enum symbol_kind kind_of(const struct ast_decl *decl)
{
	switch (decl->kind) {
	case AST_DECL_ENUM:
	case AST_DECL_UNION:
	case AST_DECL_RECORD: return SYMBOL_TYPE;
	case AST_DECL_TYPE: return kind_of_type(decl->type);
	case AST_DECL_MESSAGE:
	case AST_DECL_GROUP_MESSAGE:
	case AST_DECL_EVENT: return SYMBOL_MESSAGE;
	case AST_DECL_GROUP: return SYMBOL_GROUP;
	case AST_DECL_CONSUMER: return SYMBOL_CONSUMER;
	case AST_DECL_TOPIC: return SYMBOL_TOPIC;
	case AST_DECL_MIXIN: return SYMBOL_MIXIN;
	case AST_DECL_BROKEN: break;
	}
	return SYMBOL_BROKEN;
}

static int compare_symbols(const void *a, const void *b)
{
	const struct symbol *x = *(struct symbol *const *)a, *y = *(struct symbol *const *)b;
	int order = strcmp(x->name, y->name);

	if (order != 0)
		return order;
	return x->place.start < y->place.start ? -1 : x->place.start > y->place.start;
}

/* Keeps the first of each name. */
static void drop_duplicates(struct diag *diag, struct scope *scope)
{
	size_t kept = 0, i;

	for (i = 0; i < scope->n; i++) {
		struct symbol *symbol = scope->by_name[i];

		if (kept == 0 || strcmp(scope->by_name[kept - 1]->name, symbol->name) != 0) {
			scope->by_name[kept++] = symbol;
			continue;
		}
		diag_report(diag, DIAG_DUPLICATE_NAME, symbol->place, "'%s' is declared already",
		        symbol->name);
		diag_note(diag, scope->by_name[kept - 1]->place, "first declared here");
		symbol->decl = NULL;
	}
	scope->n = kept;
}

void scope_build(struct arena *arena, struct diag *diag, const struct ast_file *file,
        struct scope *ret_scope)
{
	struct symbol *symbols = arena_array(arena, file->n_decls, sizeof(*symbols));
	struct scope scope = {.n = file->n_decls};
	size_t kept = 0, i;

	scope.by_name = arena_array(arena, scope.n, sizeof(*scope.by_name));
	scope.in_order = arena_array(arena, scope.n, sizeof(*scope.in_order));
	for (i = 0; i < scope.n; i++) {
		const struct ast_decl *decl = file->decls[i];

		symbols[i] = (struct symbol){.name = decl->name.text,
		        .place = decl->name.place,
		        .decl = decl,
		        .kind = kind_of(decl)};
		scope.by_name[i] = &symbols[i];
	}
	if (scope.n != 0)
		qsort(scope.by_name, scope.n, sizeof(*scope.by_name), compare_symbols);
	drop_duplicates(diag, &scope);
	for (i = 0; i < file->n_decls; i++) {
		if (symbols[i].decl != NULL)
			scope.in_order[kept++] = &symbols[i];
	}
	*ret_scope = scope;
}

struct symbol *scope_find(const struct scope *scope, const char *name)
{
	size_t low = 0, high = scope->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(name, scope->by_name[middle]->name);

		if (order == 0)
			return scope->by_name[middle];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

void scope_suggest(const struct scope *scope, struct suggestion *suggestion)
{
	const size_t affordable = 4000;
	size_t i;

	for (i = 0; i < scope->n && scope->n <= affordable; i++)
		suggestion_offer(suggestion, scope->by_name[i]->name);
}

const char *symbol_word(const struct symbol *symbol)
{
	return ast_decl_word(symbol->decl->kind);
}
