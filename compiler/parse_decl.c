/* SPDX-License-Identifier: MIT */
/*
 * parse_decl.c - nodes of statements, declarations and clauses, as the grammar puts them together.
 *
 * Knows nothing of the grammar's rules, and looks no name up.
 */
#include "parse.h"

/* -------------------------------------------------------------- statements */

void parse_header(
        struct parse *parse, struct ast_name name, struct ast_number version, struct place word)
{
	struct ast_header *header = arena_alloc(parse->arena, sizeof(*header));

	*header = (struct ast_header){name, version, parse_take_doc(parse, word), name.place};
	vec_push(&parse->headers, header);
}

void parse_import(struct parse *parse, struct ast_string path, struct place place)
{
	struct ast_import *import = arena_alloc(parse->arena, sizeof(*import));

	*import = (struct ast_import){path, place};
	vec_push(&parse->imports, import);
}

void parse_option(struct parse *parse, struct ast_name name, struct vec *values, struct place place)
{
	struct ast_option *option = arena_alloc(parse->arena, sizeof(*option));

	*option = (struct ast_option){.name = name, .place = place};
	option->values = vec_freeze(values, parse->arena, &option->n_values);
	vec_push(&parse->options, option);
}

void parse_envelope(struct parse *parse, struct vec *items, struct place word)
{
	struct ast_envelope *envelope = arena_alloc(parse->arena, sizeof(*envelope));

	envelope->place = word;
	envelope->items = vec_freeze(items, parse->arena, &envelope->n_items);
	vec_push(&parse->envelopes, envelope);
}

void parse_declaration(struct parse *parse, struct ast_decl *decl, struct place place)
{
	decl->doc = parse_take_doc(parse, place);
	vec_push(&parse->decls, decl);
}

void parse_openness(
        struct parse *parse, struct ast_decl *decl, enum ast_openness openness, struct place word)
{
	decl->openness = openness;
	decl->openness_place = word;
	parse_declaration(parse, decl, word);
}

void parse_auth_message(struct parse *parse, struct ast_decl *decl, struct place word)
{
	decl->authenticates = true;
	decl->auth_place = word;
	parse_declaration(parse, decl, word);
}

/* ------------------------------------------------------------ the envelope */

static struct ast_envelope_item *envelope_item(
        struct parse *parse, const struct ast_envelope_item *item)
{
	struct ast_envelope_item *node = arena_alloc(parse->arena, sizeof(*node));

	*node = *item;
	return node;
}

struct ast_envelope_item *envelope_named(struct parse *parse, struct ast_name name,
        struct ast_string wire, struct ast_qname *type, struct place place)
{
	return envelope_item(parse,
	        &(struct ast_envelope_item){
	                .name = name, .wire = wire, .type = type, .place = place});
}

struct ast_envelope_item *envelope_word(
        struct parse *parse, struct ast_name name, struct ast_name word, struct place place)
{
	return envelope_item(
	        parse, &(struct ast_envelope_item){.name = name, .word = word, .place = place});
}

struct ast_envelope_item *envelope_placed(struct parse *parse, struct ast_name name,
        const struct ast_number *position, struct ast_qname *type, struct place place)
{
	return envelope_item(parse,
	        &(struct ast_envelope_item){.name = name,
	                .position = *position,
	                .has_position = true,
	                .type = type,
	                .place = place});
}

/* ------------------------------------------------------------ declarations */

static struct ast_decl *node_decl(
        struct parse *parse, enum ast_decl_kind kind, struct ast_name name)
{
	struct ast_decl *node = arena_alloc(parse->arena, sizeof(*node));

	*node = (struct ast_decl){.kind = kind, .name = name, .place = name.place};
	return node;
}

struct ast_decl *decl_type(
        struct parse *parse, enum ast_decl_kind kind, struct ast_name name, struct ast_type *type)
{
	struct ast_decl *node = node_decl(parse, kind, name);

	node->type = type;
	return node;
}

struct ast_decl *decl_message(struct parse *parse, enum ast_decl_kind kind, struct ast_name name,
        struct vec *tags, struct ast_type *members)
{
	struct ast_decl *node = decl_type(parse, kind, name, members);

	node->tags = vec_freeze(tags, parse->arena, &node->n_tags);
	return node;
}

/* Values, and apart from them the first `...`, and the second. */
struct ast_decl *decl_enum(
        struct parse *parse, struct ast_name name, struct ast_name base, struct vec *values)
{
	struct ast_decl *decl = node_decl(parse, AST_DECL_ENUM, name);
	size_t n, i;
	struct ast_enum_value **all = vec_freeze(values, parse->arena, &n);

	decl->base = base;
	decl->values = all;
	for (i = 0; i < n; i++) {
		if (!all[i]->is_ellipsis) {
			decl->values[decl->n_values++] = all[i];
		} else if (decl->ellipsis == NULL) {
			decl->ellipsis = all[i];
			decl->before_ellipsis = decl->n_values;
		} else if (decl->second_ellipsis == NULL) {
			decl->second_ellipsis = all[i];
		}
	}
	return decl;
}

struct ast_decl *decl_union(
        struct parse *parse, struct ast_name name, struct ast_string key, struct vec *arms)
{
	struct ast_decl *node = node_decl(parse, AST_DECL_UNION, name);

	node->key = key;
	node->arms = vec_freeze(arms, parse->arena, &node->n_arms);
	return node;
}

struct ast_decl *decl_served(struct parse *parse, enum ast_decl_kind kind, struct ast_name name,
        struct vec *params, struct vec *clauses)
{
	struct ast_decl *node = node_decl(parse, kind, name);

	node->params = vec_freeze(params, parse->arena, &node->n_params);
	node->clauses = vec_freeze(clauses, parse->arena, &node->n_clauses);
	return node;
}

/* ----------------------------------------------------------------- clauses */

struct ast_clause *node_clause(struct parse *parse, enum ast_clause_kind kind, struct place place)
{
	struct ast_clause *node = arena_alloc(parse->arena, sizeof(*node));

	*node = (struct ast_clause){.kind = kind, .place = place};
	return node;
}

struct ast_clause *clause_names(struct parse *parse, enum ast_clause_kind kind, struct vec *names,
        struct vec *replies, struct place place)
{
	struct ast_clause *node = node_clause(parse, kind, place);

	node->names = vec_freeze(names, parse->arena, &node->n_names);
	node->replies = vec_freeze(replies, parse->arena, &node->n_replies);
	return node;
}

struct ast_clause *clause_words(struct parse *parse, enum ast_clause_kind kind,
        struct ast_name word, struct vec *words, struct place place)
{
	struct ast_clause *node = node_clause(parse, kind, place);

	node->word = word;
	node->words = vec_freeze(words, parse->arena, &node->n_words);
	return node;
}

struct ast_clause *clause_strings(struct parse *parse, struct vec *strings, struct place place)
{
	struct ast_clause *node = node_clause(parse, AST_CLAUSE_SUBPROTOCOL, place);

	node->strings = vec_freeze(strings, parse->arena, &node->n_strings);
	return node;
}

struct ast_clause *clause_permit(struct parse *parse, struct ast_permit *permit, struct place place)
{
	struct ast_clause *node = node_clause(parse, AST_CLAUSE_PERMIT, place);

	node->permit = permit;
	return node;
}

struct ast_clause *clause_presence(struct parse *parse, struct ast_type *type, struct place place)
{
	struct ast_clause *node = node_clause(parse, AST_CLAUSE_PRESENCE, place);

	node->type = type;
	return node;
}

struct ast_clause *clause_join(
        struct parse *parse, struct ast_qname *group, struct vec *arguments, struct place place)
{
	struct ast_clause *node = clause_names(parse, AST_CLAUSE_JOIN, list_of(group), NULL, place);

	node->args = vec_freeze(arguments, parse->arena, &node->n_args);
	node->has_args = true;
	return node;
}

struct ast_clause *clause_keep(struct parse *parse, const struct ast_number *count,
        const struct ast_number *period, struct place place)
{
	struct ast_clause *node = node_clause(parse, AST_CLAUSE_HISTORY, place);

	if (count != NULL) {
		node->has_count = true;
		node->count = *count;
	}
	if (period != NULL) {
		node->has_period = true;
		node->period = *period;
	}
	return node;
}

struct ast_clause *clause_limit(struct parse *parse, const struct ast_number *count,
        const struct ast_number *period, const struct ast_number *burst, struct place place)
{
	struct ast_clause *node = node_clause(parse, AST_CLAUSE_LIMIT, place);

	node->count = *count;
	if (period != NULL) {
		node->has_period = true;
		node->period = *period;
	}
	if (burst != NULL) {
		node->has_burst = true;
		node->burst = *burst;
	}
	return node;
}

struct ast_clause *clause_of(
        struct parse *parse, struct ast_clause *bounds, struct vec *names, struct place place)
{
	bounds->names = vec_freeze(names, parse->arena, &bounds->n_names);
	bounds->place = place;
	return bounds;
}
