/* SPDX-License-Identifier: MIT */
/*
 * check_spread.c - `...base;`: members that a record takes over from another one.
 *
 * They are copies: their types are the base's own, what depends on the record that holds them (C
 * identifiers, boxes) is found anew. Chains are bounded, and so is what all of them bring, since a
 * few lines could bring members without end.
 */
#include "checks.h"

#include <string.h>

/* So many records may take over from one another in a row. */
#define CHECK_MAX_SPREADS 64

/* The symbol of a record of this contract; NULL: of another one. */
static struct symbol *symbol_of(struct check *c, const struct model_type *type)
{
	struct symbol *symbol;

	if (type->contract != c->contract || type->name == NULL)
		return NULL;
	symbol = scope_find(&c->unit->scope, type->name);
	return symbol != NULL && symbol->type == type ? symbol : NULL;
}

/* The record behind the dots must be complete: it is filled now if it is not yet. */
static bool complete(struct check *c, struct check_spread *spread, const struct model_type *base)
{
	struct symbol *symbol = symbol_of(c, base);

	if (symbol == NULL)
		return true;
	if (symbol->inside == SYMBOL_OPEN) {
		diag_report(c->diag, DIAG_SPREAD_CYCLE, spread->place,
		        "'%s' would take over its own members", symbol->name);
		diag_note(c->diag, symbol->place, "declared here");
		return false;
	}
	if (++c->open_spreads <= CHECK_MAX_SPREADS)
		check_type_fill(c, symbol);
	c->open_spreads--;
	if (symbol->inside == SYMBOL_DONE && symbol->spreads < CHECK_MAX_SPREADS) {
		if (symbol->spreads + 1 > c->spread_depth)
			c->spread_depth = symbol->spreads + 1;
		return true;
	}
	diag_report(c->diag, DIAG_SPREAD_CYCLE, spread->place,
	        "more than %d records take over members from one another", CHECK_MAX_SPREADS);
	return false;
}

static bool is_record(struct check *c, const struct ast_member *ast, const struct model_use *use)
{
	if (use->type->kind == MODEL_RECORD && !use->nullable)
		return true;
	diag_report(c->diag, DIAG_SPREAD, ast->type->place, "'%s' %s: only a record has members",
	        ast->type->name.name.text, use->nullable ? "may be null" : "is no record");
	return false;
}

static bool is_affordable(struct check *c, const struct check_spread *spread, size_t n)
{
	c->brought += n;
	if (c->brought <= CHECK_MAX_BROUGHT)
		return true;
	diag_report(c->diag, DIAG_TOO_MANY_PARTS, spread->place,
	        "more than %d members are taken over in this contract", CHECK_MAX_BROUGHT);
	return false;
}

struct check_spread *check_spread_new(struct check *c, const struct ast_member *ast)
{
	struct check_spread *spread = arena_alloc(c->arena, sizeof(*spread));
	struct model_use use;

	spread->place = ast->place;
	check_type_use(c, ast->type, "", &use);
	if (use.type == NULL || !is_record(c, ast, &use) || !complete(c, spread, use.type) ||
	        !is_affordable(c, spread, use.type->n_members))
		return spread;
	spread->base = use.type;
	spread->name = ast->type->name.name.text;
	spread->n = use.type->n_members;
	return spread;
}

size_t check_spread_copy(struct check_spread *spread, struct check_record *record, size_t at)
{
	size_t i;

	spread->first = at;
	for (i = 0; i < spread->n; i++) {
		struct model_member *member = &record->members[at + i];

		*member = spread->base->members[i];
		member->c_id = member->name;
		member->use.boxed = false;
	}
	return spread->n;
}

const struct check_spread *check_spread_of(const struct check_record *record, size_t member)
{
	size_t i;

	for (i = 0; i < record->n_spreads; i++) {
		const struct check_spread *spread = record->spreads[i];

		if (member >= spread->first && member - spread->first < spread->n)
			return spread;
	}
	return NULL;
}
