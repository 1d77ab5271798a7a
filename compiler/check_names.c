/* SPDX-License-Identifier: MIT */
/*
 * check_names.c - the names that a contract declares, and finding those that it uses.
 */
#include "checks.h"
#include "foreign.h"

#include <string.h>

/* ------------------------------------------------------------ declarations */

static bool is_scalar_name(const char *name)
{
	int kind;

	for (kind = MODEL_BOOL; kind < MODEL_NULL; kind++) {
		if (strcmp(name, model_kind_name((enum model_kind)kind)) == 0)
			return true;
	}
	return false;
}

/* Built-in types and standard messages keep their names. */
static void check_reserved_name(struct check *c, struct symbol *symbol)
{
	struct symbol *standard = NULL;

	if (is_scalar_name(symbol->name) || strcmp(symbol->name, "map") == 0) {
		diag_report(c->diag, DIAG_BUILTIN_TYPE_NAME, symbol->place,
		        "'%s' is a type of the language", symbol->name);
		return;
	}
	if (c->std != NULL && !c->contract->envelope.std_off)
		standard = scope_find(&c->std->scope, symbol->name);
	if (standard == NULL || standard->kind != SYMBOL_MESSAGE)
		return;
	diag_report(
	        c->diag, DIAG_STD_NAME, symbol->place, "'%s' is a standard message", symbol->name);
	if (symbol->kind == SYMBOL_MESSAGE)
		diag_hint(c->diag,
		        "another name may have the same word on the wire: message my_%s as \"%s\"",
		        symbol->name, symbol->name);
	else
		diag_hint(c->diag, "choose another name");
}

bool check_declared_names(struct check *c)
{
	size_t i;

	scope_build(c->arena, c->diag, c->file, &c->unit->scope);
	for (i = 0; i < c->unit->scope.n; i++)
		check_reserved_name(c, c->unit->scope.in_order[i]);
	return true;
}

/* ---------------------------------------------------------------- look-ups */

static void report_unknown(
        struct check *c, const struct ast_qname *name, const char *wanted, const struct unit *unit)
{
	struct suggestion suggestion = suggestion_for(name->name.text);
	bool is_type = strcmp(wanted, "type") == 0;
	int kind;

	if (unit != c->unit)
		diag_report(c->diag, DIAG_UNKNOWN_NAME, name->name.place, "'%s' has no %s '%s'",
		        unit->contract->name, wanted, name->name.text);
	else
		diag_report(c->diag, DIAG_UNKNOWN_NAME, name->name.place, "unknown %s '%s'", wanted,
		        name->name.text);
	scope_suggest(&unit->scope, &suggestion);
	/* Their 'int' is not our 'int8', however near the letters are. */
	if (suggestion.best == NULL && is_type && foreign_type_hint(c->diag, name->name.text))
		return;
	for (kind = MODEL_BOOL; is_type && unit == c->unit && kind < MODEL_NULL; kind++)
		suggestion_offer(&suggestion, model_kind_name((enum model_kind)kind));
	if (!is_type && c->std != NULL && unit == c->unit && !c->contract->envelope.std_off)
		scope_suggest(&c->std->scope, &suggestion);
	if (suggestion.best != NULL)
		diag_suggest(c->diag, &suggestion);
}

static const struct unit *find_scope(struct check *c, const struct ast_name *scope)
{
	struct suggestion suggestion = suggestion_for(scope->text);
	size_t i;

	for (i = 0; i < c->unit->n_imports; i++) {
		struct unit_import *import = &c->unit->imports[i];

		suggestion_offer(&suggestion, import->unit->contract->name);
		if (strcmp(import->unit->contract->name, scope->text) == 0) {
			import->used = true;
			return import->unit;
		}
	}
	if (c->std != NULL && strcmp(scope->text, "std") == 0)
		return c->std;
	if (strcmp(scope->text, c->contract->name) == 0)
		return c->unit;
	diag_report(c->diag, DIAG_UNKNOWN_SCOPE, scope->place, "no contract '%s' is imported",
	        scope->text);
	diag_suggest(c->diag, &suggestion);
	return NULL;
}

struct symbol *check_find(struct check *c, const struct ast_qname *name, const char *wanted,
        const struct unit **ret_unit)
{
	const struct unit *unit = c->unit;
	struct symbol *symbol;

	if (name->scope.text != NULL)
		unit = find_scope(c, &name->scope);
	if (unit == NULL)
		return NULL;
	symbol = scope_find(&unit->scope, name->name.text);
	/* Standard messages are seen without their contract's name, where they are spoken. */
	if (symbol == NULL && unit == c->unit && c->std != NULL && !c->contract->envelope.std_off) {
		symbol = scope_find(&c->std->scope, name->name.text);
		if (symbol != NULL && symbol->kind != SYMBOL_MESSAGE)
			symbol = NULL;
		if (symbol != NULL)
			unit = c->std;
	}
	if (symbol == NULL)
		report_unknown(c, name, wanted, unit);
	if (symbol == NULL || symbol->kind == SYMBOL_BROKEN)
		return NULL;
	if (unit == c->std && unit != NULL)
		c->uses_std = true;
	symbol->used = true;
	*ret_unit = unit;
	return symbol;
}

static void report_other_kind(struct check *c, const struct ast_qname *name,
        const struct symbol *symbol, const char *wanted)
{
	diag_report(c->diag, DIAG_OTHER_KIND, name->place, "'%s' is no %s", symbol->name, wanted);
	diag_note(c->diag, symbol->place, "it is declared here as %s %s",
	        strchr("aeiou", symbol_word(symbol)[0]) != NULL ? "an" : "a", symbol_word(symbol));
}

const char *check_id_from_here(
        struct check *c, const struct model_contract *contract, const char *name)
{
	bool is_std = c->std != NULL && contract == c->std->contract;

	if (contract != c->contract && !is_std) {
		name = names_join(c->arena, contract->name, name);
		while (scope_find(&c->unit->scope, name) != NULL)
			name = names_join(c->arena, name, "");
	}
	if (names_is_reserved(name))
		name = names_join(c->arena, name, "");
	return name;
}

bool check_find_message(
        struct check *c, const struct ast_qname *name, struct model_message_ref *ret_ref)
{
	const struct unit *unit;
	const struct symbol *symbol = check_find(c, name, "message", &unit);

	if (symbol == NULL)
		return false;
	if (symbol->kind != SYMBOL_MESSAGE) {
		report_other_kind(c, name, symbol, "message");
		return false;
	}
	if (symbol->message == NULL)
		return false;
	*ret_ref = (struct model_message_ref){
	        symbol->message, check_id_from_here(c, unit->contract, symbol->name), name->place};
	return true;
}

const struct model_group *check_find_group(
        struct check *c, const struct ast_qname *name, const char **ret_id)
{
	const struct unit *unit;
	const struct symbol *symbol = check_find(c, name, "group", &unit);

	if (symbol == NULL)
		return NULL;
	if (symbol->kind != SYMBOL_GROUP) {
		report_other_kind(c, name, symbol, "group");
		if (symbol->kind == SYMBOL_TOPIC)
			diag_hint(c->diag, "clients subscribe to topics: topics %s;", symbol->name);
		return NULL;
	}
	*ret_id = check_id_from_here(c, unit->contract, symbol->name);
	return symbol->group;
}

struct symbol *check_find_mixin(struct check *c, const struct ast_qname *name)
{
	const struct unit *unit;
	struct symbol *symbol = check_find(c, name, "mixin", &unit);

	if (symbol == NULL)
		return NULL;
	if (symbol->kind != SYMBOL_MIXIN) {
		report_other_kind(c, name, symbol, "mixin");
		return NULL;
	}
	if (unit == c->unit)
		return symbol;
	diag_report(c->diag, DIAG_MIXIN_FOREIGN, name->place,
	        "a mixin is used by its own contract only: its names mean something there");
	diag_note(c->diag, symbol->place, "declared here");
	return NULL;
}

const struct model_consumer *check_find_topic(struct check *c, const struct ast_qname *name)
{
	const struct unit *unit;
	const struct symbol *symbol = check_find(c, name, "topic", &unit);

	if (symbol == NULL)
		return NULL;
	if (symbol->kind == SYMBOL_TOPIC)
		return symbol->consumer;
	report_other_kind(c, name, symbol, "topic");
	return NULL;
}
