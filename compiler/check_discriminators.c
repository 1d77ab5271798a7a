/* SPDX-License-Identifier: MIT */
/*
 * check_discriminators.c - how frames say which message they are: the options, each message's
 * direction and tags, and where they stand in array frames.
 *
 * A message's direction follows from the clauses that name it. Knows nothing of its members.
 */
#include "checks.h"

#include <inttypes.h>
#include <string.h>

/* More keys or positions than anybody tells messages apart by. */
#define CHECK_MAX_KEYS 8

/* ----------------------------------------------------------------- options */

static bool is_key(const struct ast_string *text)
{
	size_t i;

	for (i = 0; i < text->length; i++) {
		if ((unsigned char)text->bytes[i] < 0x20)
			return false;
	}
	return text->length != 0;
}

static bool read_key(struct check *c, const struct ast_option *option, size_t n, const char **keys)
{
	const struct ast_value *value = option->values[n];
	size_t i;

	if (!is_key(&value->string)) {
		diag_report(c->diag, DIAG_OPTION_VALUE, value->place,
		        "option %s takes the name of a member, without control characters",
		        option->name.text);
		return false;
	}
	keys[n] = value->string.bytes;
	for (i = 0; i < n; i++) {
		if (strcmp(keys[i], keys[n]) != 0)
			continue;
		diag_report(
		        c->diag, DIAG_OPTION_VALUE, value->place, "'%s' is said twice", keys[n]);
		return false;
	}
	return true;
}

static bool read_position(
        struct check *c, const struct ast_option *option, size_t n, uint32_t *positions)
{
	const struct ast_value *value = option->values[n];
	uint64_t position;
	size_t i;

	if (!check_count(c, &value->number, 0, CHECK_MAX_POSITION, &position))
		return false;
	positions[n] = (uint32_t)position;
	for (i = 0; i < n; i++) {
		if (positions[i] != positions[n])
			continue;
		diag_report(c->diag, DIAG_OPTION_VALUE, value->place,
		        "position %" PRIu32 " is said twice", positions[n]);
		return false;
	}
	return true;
}

bool check_discriminator(
        struct check *c, const struct ast_option *option, struct model_discriminator *ret)
{
	const char **keys = arena_array(c->arena, option->n_values, sizeof(*keys));
	uint32_t *positions = arena_array(c->arena, option->n_values, sizeof(*positions));
	enum ast_value_kind kind = option->values[0]->kind;
	size_t i;

	if (option->n_values > CHECK_MAX_KEYS) {
		diag_report(c->diag, DIAG_OPTION_VALUE, option->values[CHECK_MAX_KEYS]->place,
		        "option %s takes %d names or positions at most", option->name.text,
		        CHECK_MAX_KEYS);
		return false;
	}
	for (i = 0; i < option->n_values; i++) {
		if ((kind != AST_VALUE_STRING && kind != AST_VALUE_NUMBER) ||
		        option->values[i]->kind != kind) {
			diag_report(c->diag, DIAG_OPTION_VALUE, option->values[i]->place,
			        "option %s takes names of members in quotes, or positions in "
			        "arrays",
			        option->name.text);
			return false;
		}
		if (kind == AST_VALUE_STRING ? !read_key(c, option, i, keys)
		                             : !read_position(c, option, i, positions))
			return false;
	}
	*ret = (struct model_discriminator){.n_keys = option->n_values,
	        .keys = kind == AST_VALUE_STRING ? keys : NULL,
	        .positions = kind == AST_VALUE_STRING ? NULL : positions};
	return true;
}

/* -------------------------------------------------------------- directions */

/* Marks a message of this contract; what names something else is other checks' business. */
static void mark(struct check *c, const struct ast_qname *name, bool received)
{
	const char *scope = name->scope.text;
	struct symbol *symbol;

	if (scope != NULL && strcmp(scope, c->contract->name) != 0)
		return;
	symbol = scope_find(&c->unit->scope, name->name.text);
	if (symbol == NULL || symbol->kind != SYMBOL_MESSAGE)
		return;
	if (received && symbol->received_at.source == NULL)
		symbol->received_at = name->place;
	if (!received && symbol->sent_at.source == NULL)
		symbol->sent_at = name->place;
}

static void mark_clause(struct check *c, const struct ast_clause *clause)
{
	bool received = clause->kind == AST_CLAUSE_RECEIVE;
	size_t i;

	switch (clause->kind) {
	case AST_CLAUSE_RECEIVE:
	case AST_CLAUSE_SEND:
	case AST_CLAUSE_GREET:
	case AST_CLAUSE_ERROR:
	case AST_CLAUSE_BROADCAST:
	case AST_CLAUSE_EVENT: break;
	default: return;
	}
	for (i = 0; i < clause->n_names; i++)
		mark(c, clause->names[i], received);
	for (i = 0; i < clause->n_replies; i++)
		mark(c, clause->replies[i], clause->kind == AST_CLAUSE_SEND);
}

/* A message that no clause names is whatever its members can be. */
static const struct model_discriminator *any_that_fits(
        const struct check *c, const struct ast_decl *decl)
{
	const struct model_options *options = &c->contract->options;
	bool wants_array = decl->type->kind == AST_TYPE_TUPLE;

	return (options->send.keys == NULL) == wants_array ? &options->send : &options->receive;
}

/* `as null` */
static bool is_untagged(const struct ast_decl *decl)
{
	return decl->n_tags == 1 && decl->tags[0]->kind == AST_VALUE_NULL;
}

static void set_discriminator(struct check *c, struct symbol *symbol)
{
	const struct model_options *options = &c->contract->options;
	bool is_received = symbol->received_at.source != NULL;
	bool is_sent = symbol->sent_at.source != NULL || symbol->decl->kind != AST_DECL_MESSAGE;

	if (model_same_discriminator(&options->receive, &options->send) || !is_received) {
		symbol->discriminator = is_sent ? &options->send : any_that_fits(c, symbol->decl);
		return;
	}
	symbol->discriminator = &options->receive;
	if (symbol->sent_at.source == NULL || is_untagged(symbol->decl))
		return;
	diag_report(c->diag, DIAG_BOTH_WAYS, symbol->place,
	        "'%s' is received and sent, and in each direction messages are told apart by "
	        "something else",
	        symbol->name);
	diag_hint(c->diag, "declare two messages, one for each direction");
	diag_note(c->diag, symbol->received_at, "received here");
	diag_note(c->diag, symbol->sent_at, "sent here");
}

bool check_directions(struct check *c)
{
	struct symbol *symbol;
	size_t at, i;

	for (i = 0; i < c->unit->scope.n; i++) {
		symbol = c->unit->scope.in_order[i];
		for (at = 0; at < symbol->n_clauses; at++)
			mark_clause(c, symbol->clauses[at]);
	}
	at = 0;
	while ((symbol = check_next(c, SYMBOL_MESSAGE, &at)) != NULL)
		set_discriminator(c, symbol);
	return true;
}
