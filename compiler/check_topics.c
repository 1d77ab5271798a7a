/* SPDX-License-Identifier: MIT */
/*
 * check_topics.c - topics: which clauses they have, and which consumers mount them; and
 * subprotocols.
 */
#include "checks.h"

#include <ctype.h>
#include <string.h>

/* A list of subprotocols in a handshake is short: libwebsockets reads 128 bytes of it. */
#define CHECK_MAX_SUBPROTOCOL 64

/* ----------------------------------------------------------------- clauses */

static const char *clause_word(enum ast_clause_kind kind)
{
	switch (kind) {
	case AST_CLAUSE_AUTH: return "auth";
	case AST_CLAUSE_JOIN: return "join";
	case AST_CLAUSE_COMPLETION: return "completion";
	case AST_CLAUSE_COMPRESSION: return "compression";
	case AST_CLAUSE_GREET: return "greet";
	case AST_CLAUSE_ERROR: return "error";
	case AST_CLAUSE_TOPICS: return "topics";
	case AST_CLAUSE_SUBPROTOCOL: return "subprotocol";
	default: return NULL;
	}
}

/* Who the client is, and how its connection is spoken to, only a route of its own can say. */
static bool needs_route(enum ast_clause_kind kind)
{
	return kind == AST_CLAUSE_AUTH || kind == AST_CLAUSE_SUBPROTOCOL ||
	        kind == AST_CLAUSE_COMPRESSION;
}

static void check_topic_clause(
        struct check *c, const struct symbol *symbol, const struct ast_clause *clause)
{
	const char *word = clause_word(clause->kind);
	bool has_route = symbol->decl->url.bytes != NULL;

	if (clause->kind == AST_CLAUSE_LIMIT && !clause->has_period && !has_route) {
		diag_report(c->diag, DIAG_TOPIC_CLAUSE, clause->place,
		        "how large frames may be says the consumer, not topic '%s'", symbol->name);
		return;
	}
	if (word == NULL || (has_route && needs_route(clause->kind)))
		return;
	diag_report(c->diag, DIAG_TOPIC_CLAUSE, clause->place,
	        "'%s' belongs to a consumer, not to topic '%s'", word, symbol->name);
	if (needs_route(clause->kind))
		diag_hint(c->diag, "a topic with a route of its own may say it: topic %s at \"/…\"",
		        symbol->name);
}

bool check_topic_clauses(struct check *c)
{
	struct symbol *symbol;
	size_t at = 0, i;

	while ((symbol = check_next(c, SYMBOL_TOPIC, &at)) != NULL) {
		for (i = 0; i < symbol->n_clauses; i++)
			check_topic_clause(c, symbol, symbol->clauses[i]);
	}
	return true;
}

/* ------------------------------------------------------------------ topics */

static const char *spelled(struct check *c, const struct model_consumer *topic)
{
	return topic->contract == c->contract
	        ? topic->name
	        : arena_printf(c->arena, "%s.%s", topic->contract->name, topic->name);
}

static void set_topics(struct check *c, const struct symbol *symbol)
{
	struct check_key keys[CHECK_MAX_PARTS];
	const struct model_consumer **topics =
	        arena_array(c->arena, CHECK_MAX_PARTS, sizeof(*topics));
	size_t n_keys = 0, n = 0, i, j;

	for (i = 0; i < symbol->n_clauses; i++) {
		const struct ast_clause *clause = symbol->clauses[i];

		for (j = 0; clause->kind == AST_CLAUSE_TOPICS && j < clause->n_names; j++) {
			const struct model_consumer *topic = check_find_topic(c, clause->names[j]);

			if (topic == NULL || n == CHECK_MAX_PARTS)
				continue;
			topics[n++] = topic;
			keys[n_keys++] =
			        (struct check_key){spelled(c, topic), clause->names[j]->place};
		}
	}
	check_unique(c, keys, n_keys, DIAG_CLAUSE_TWICE, "is said twice", "first said here");
	symbol->consumer->topics = topics;
	symbol->consumer->n_topics = n;
}

/* A topic is named in the envelope, and standard messages subscribe to it. */
static void check_envelope_of(struct check *c, const struct symbol *symbol)
{
	const struct ast_clause *clause = check_find_clause(symbol, AST_CLAUSE_TOPICS);
	const struct model_envelope *envelope = &c->contract->envelope;

	if (clause == NULL || (envelope->wire[MODEL_ENVELOPE_TOPIC] != NULL && !envelope->std_off))
		return;
	diag_report(c->diag, DIAG_TOPICS_OFF, clause->place,
	        "clients subscribe to topics with %s, which %s switched off here",
	        envelope->std_off ? "standard messages" : "'topic' in the envelope",
	        envelope->std_off ? "are" : "is");
	diag_note(c->diag, envelope->place, "here");
}

bool check_topics(struct check *c)
{
	struct symbol *symbol;
	size_t at = 0;

	while ((symbol = check_next(c, SYMBOL_CONSUMER, &at)) != NULL) {
		if (check_find_clause(symbol, AST_CLAUSE_TOPICS) == NULL)
			continue;
		set_topics(c, symbol);
		check_envelope_of(c, symbol);
	}
	return true;
}

/* ------------------------------------------------------------ subprotocols */

/* RFC 6455 section 4.1: a token of HTTP (RFC 9110 section 5.6.2). */
static bool check_token(struct check *c, const struct ast_string *text)
{
	size_t i;

	for (i = 0; i < text->length; i++) {
		unsigned char byte = (unsigned char)text->bytes[i];

		if (byte == '\0' || (!isalnum(byte) && strchr("!#$%&'*+-.^_`|~", byte) == NULL))
			break;
	}
	if (text->length != 0 && text->length <= CHECK_MAX_SUBPROTOCOL && i == text->length)
		return true;
	diag_report(c->diag, DIAG_SUBPROTOCOL, text->place,
	        "a subprotocol has 1 to %d letters, digits and signs of !#$%%&'*+-.^_`|~",
	        CHECK_MAX_SUBPROTOCOL);
	return false;
}

static void add_subprotocols(
        struct check *c, const struct ast_clause *clause, const char **list, size_t *n)
{
	struct check_key *keys = arena_array(c->arena, clause->n_strings, sizeof(*keys));
	size_t n_keys = 0, i;

	for (i = 0; i < clause->n_strings; i++) {
		if (!check_token(c, clause->strings[i]))
			continue;
		list[(*n)++] = clause->strings[i]->bytes;
		keys[n_keys++] =
		        (struct check_key){clause->strings[i]->bytes, clause->strings[i]->place};
	}
	check_unique(c, keys, n_keys, DIAG_CLAUSE_TWICE, "is said twice", "first said here");
}

/* The contract's, in one statement. */
static const struct ast_clause *contract_clause(struct check *c)
{
	size_t i;

	for (i = 1; i < c->file->n_subprotocols; i++) {
		diag_report(c->diag, DIAG_CLAUSE_TWICE, c->file->subprotocols[i]->place,
		        "'subprotocol' is said twice");
		diag_note(c->diag, c->file->subprotocols[0]->place, "first said here");
	}
	return c->file->n_subprotocols != 0 ? c->file->subprotocols[0] : NULL;
}

bool check_subprotocols(struct check *c)
{
	const struct ast_clause *common = contract_clause(c);
	const char **list = NULL;
	struct symbol *symbol;
	size_t at = 0, n = 0;

	if (common != NULL) {
		list = arena_array(c->arena, common->n_strings, sizeof(*list));
		add_subprotocols(c, common, list, &n);
	}
	while ((symbol = check_next_consumer(c, &at)) != NULL) {
		const struct ast_clause *own = check_find_clause(symbol, AST_CLAUSE_SUBPROTOCOL);
		const char **own_list;

		symbol->consumer->subprotocols = list;
		symbol->consumer->n_subprotocols = n;
		if (own == NULL)
			continue;
		own_list = arena_array(c->arena, own->n_strings, sizeof(*own_list));
		symbol->consumer->subprotocols = own_list;
		symbol->consumer->n_subprotocols = 0;
		add_subprotocols(c, own, own_list, &symbol->consumer->n_subprotocols);
	}
	return true;
}
