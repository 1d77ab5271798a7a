/* SPDX-License-Identifier: MIT */
/*
 * check_consumers.c - consumers: parameters, who may come in, what is loaded for them.
 */
#include "checks.h"

#include <string.h>

bool check_consumer_params(struct check *c)
{
	struct symbol *symbol;
	size_t at = 0;

	while ((symbol = check_next_consumer(c, &at)) != NULL) {
		struct model_consumer *consumer = arena_alloc(c->arena, sizeof(*consumer));

		consumer->name = symbol->name;
		consumer->c_id = symbol->name;
		consumer->c_name = names_join(c->arena, c->contract->c_prefix, symbol->name);
		consumer->doc = symbol->decl->doc;
		consumer->contract = c->contract;
		consumer->place = symbol->place;
		symbol->consumer = consumer;
		if (symbol->kind == SYMBOL_TOPIC) {
			/* Its parameters are its group's. */
			consumer->topic = symbol->group;
			symbol->group->topic = consumer;
		} else {
			check_params(c, symbol, consumer->c_name);
		}
		consumer->params = symbol->params;
		consumer->n_params = symbol->n_params;
		vec_push(symbol->kind == SYMBOL_TOPIC ? &c->topics : &c->consumers, consumer);
	}
	return true;
}

/* ---------------------------------------------------------- single clauses */

static void check_single(
        struct check *c, const struct symbol *symbol, enum ast_clause_kind kind, const char *word)
{
	const struct ast_clause *first = NULL;
	size_t i;

	for (i = 0; i < symbol->n_clauses; i++) {
		const struct ast_clause *clause = symbol->clauses[i];

		if (clause->kind != kind)
			continue;
		if (first != NULL) {
			diag_report(c->diag, DIAG_CLAUSE_TWICE, clause->place, "'%s' is said twice",
			        word);
			diag_note(c->diag, first->place, "first said here");
		}
		first = first != NULL ? first : clause;
	}
}

static void check_completion(struct check *c, struct symbol *symbol)
{
	const struct ast_clause *clause = check_find_clause(symbol, AST_CLAUSE_COMPLETION);

	symbol->consumer->completion = clause != NULL;
	if (clause == NULL || !c->contract->envelope.std_off)
		return;
	diag_report(c->diag, DIAG_STD_OFF, clause->place,
	        "what tells of completion are standard messages, which are switched off here");
	diag_note(c->diag, c->contract->envelope.place, "here");
}

bool check_single_clauses(struct check *c)
{
	struct symbol *symbol;
	size_t at = 0;

	while ((symbol = check_next_consumer(c, &at)) != NULL) {
		check_single(c, symbol, AST_CLAUSE_AUTH, "auth");
		check_single(c, symbol, AST_CLAUSE_PERMIT, "permit");
		check_single(c, symbol, AST_CLAUSE_OBJECT, "object");
		check_single(c, symbol, AST_CLAUSE_COMPLETION, "completion");
		check_single(c, symbol, AST_CLAUSE_COMPRESSION, "compression");
		check_single(c, symbol, AST_CLAUSE_GREET, "greet");
		check_single(c, symbol, AST_CLAUSE_ERROR, "error");
		check_single(c, symbol, AST_CLAUSE_SUBPROTOCOL, "subprotocol");
		check_completion(c, symbol);
		symbol->consumer->compression =
		        check_find_clause(symbol, AST_CLAUSE_COMPRESSION) != NULL;
	}
	return true;
}

/* -------------------------------------------------------------------- auth */

static const struct auth_row {
	const char *name;
	enum model_auth kind;
} auth_rows[] = {
        {"session", MODEL_AUTH_SESSION},
        {"jwt", MODEL_AUTH_JWT},
        {"ticket", MODEL_AUTH_TICKET},
        {"basic", MODEL_AUTH_BASIC},
        {"anonymous", MODEL_AUTH_ANONYMOUS},
};

#define N_AUTH (sizeof(auth_rows) / sizeof(auth_rows[0]))

static const struct auth_row *find_auth(struct check *c, const struct ast_name *word)
{
	struct suggestion suggestion = suggestion_for(word->text);
	size_t i;

	for (i = 0; i < N_AUTH; i++) {
		suggestion_offer(&suggestion, auth_rows[i].name);
		if (strcmp(auth_rows[i].name, word->text) == 0)
			return &auth_rows[i];
	}
	diag_report(c->diag, DIAG_UNKNOWN_AUTH, word->place, "unknown kind of authentication '%s'",
	        word->text);
	if (suggestion.best != NULL)
		diag_suggest(c->diag, &suggestion);
	else
		diag_hint(c->diag, "there are session, jwt, ticket, basic and anonymous");
	return NULL;
}

static void set_auth(
        struct check *c, const struct ast_clause *clause, struct model_consumer *consumer)
{
	enum model_auth *kinds = arena_array(c->arena, clause->n_words, sizeof(*kinds));
	const struct ast_name *seen[N_AUTH] = {NULL};
	size_t n = 0, i;

	for (i = 0; i < clause->n_words; i++) {
		const struct ast_name *word = clause->words[i];
		const struct auth_row *row = find_auth(c, word);

		if (row == NULL)
			continue;
		if (seen[row - auth_rows] != NULL) {
			diag_report(c->diag, DIAG_CLAUSE_TWICE, word->place, "'%s' is said twice",
			        word->text);
			diag_note(c->diag, seen[row - auth_rows]->place, "first said here");
			continue;
		}
		seen[row - auth_rows] = word;
		if (row->kind == MODEL_AUTH_ANONYMOUS && i + 1 < clause->n_words)
			diag_report(c->diag, DIAG_ANONYMOUS_NOT_LAST, word->place,
			        "'anonymous' lets everybody in: what stands behind it is never "
			        "asked");
		if ((row->kind == MODEL_AUTH_JWT || row->kind == MODEL_AUTH_TICKET) &&
		        !c->contract->envelope.std_off)
			consumer->accepts_authenticate = true;
		kinds[n++] = row->kind;
	}
	consumer->auth = kinds;
	consumer->n_auth = n;
}

bool check_auth(struct check *c)
{
	struct symbol *symbol;
	size_t at = 0;

	while ((symbol = check_next_consumer(c, &at)) != NULL) {
		const struct ast_clause *clause = check_find_clause(symbol, AST_CLAUSE_AUTH);

		if (clause != NULL)
			set_auth(c, clause, symbol->consumer);
	}
	return true;
}

/* Of those that it receives; there may be several, such as a log-in and the return to a session. */
static void set_auth_message(struct check *c, struct symbol *symbol)
{
	struct model_consumer *consumer = symbol->consumer;
	const struct model_message_ref *first = NULL;
	size_t i;

	for (i = 0; i < consumer->n_receives; i++) {
		const struct model_message_ref *in = &consumer->receives[i].in;

		if (!in->message->authenticates)
			continue;
		if (consumer->topic != NULL && consumer->url == NULL) {
			check_report_kind(
			        c, in, "names the user of a connection: no topic receives it");
			return;
		}
		first = first != NULL ? first : in;
	}
	if (first == NULL)
		return;
	consumer->auth_message = first->message;
	if (consumer->n_auth == 0 || consumer->auth[consumer->n_auth - 1] != MODEL_AUTH_ANONYMOUS)
		return;
	diag_report(c->diag, DIAG_AUTH_MESSAGE, first->place,
	        "'anonymous' lets everybody in: '%s' would never name anybody",
	        first->message->name);
	diag_note(c->diag, check_find_clause(symbol, AST_CLAUSE_AUTH)->place, "said here");
}

bool check_auth_messages(struct check *c)
{
	struct symbol *symbol;
	size_t at = 0;

	while ((symbol = check_next_consumer(c, &at)) != NULL)
		set_auth_message(c, symbol);
	return true;
}

/* ----------------------------------------------------------------- objects */

const struct model_param *check_find_param(
        struct check *c, const struct symbol *symbol, const struct ast_name *name)
{
	struct suggestion suggestion = suggestion_for(name->text);
	size_t i;

	for (i = 0; i < symbol->n_params; i++) {
		suggestion_offer(&suggestion, symbol->param_members[i].name);
		if (strcmp(symbol->param_members[i].name, name->text) == 0)
			return &symbol->params[i];
	}
	diag_report(c->diag, DIAG_UNKNOWN_PARAM, name->place, "%s '%s' has no parameter '%s'",
	        symbol_word(symbol), symbol->name, name->text);
	diag_suggest(c->diag, &suggestion);
	return NULL;
}

/* An object is found by what is always there. */
static bool check_object_param(struct check *c, const struct symbol *symbol,
        const struct model_param *param, struct place place)
{
	const struct model_member *member = &symbol->param_members[param - symbol->params];

	if (!member->optional)
		return true;
	diag_report(
	        c->diag, DIAG_PARAM_OPTIONAL, place, "parameter '%s' may be absent", member->name);
	diag_note(c->diag, member->place, "declared here");
	return false;
}

/* The struct's tag is the program's: it must not be one of those that are made from contracts. */
static void check_object_name(struct check *c, const struct ast_name *name)
{
	if (names_is_reserved(name->text))
		diag_report(c->diag, DIAG_OBJECT_NAME, name->place,
		        "'%s' cannot be the name of a struct in C", name->text);
	else if (names_is_taken(&c->tags, name->text) || strncmp(name->text, "msgc_", 5) == 0)
		diag_report(c->diag, DIAG_OBJECT_NAME, name->place,
		        "'%s' is the name of a struct that msgc makes", name->text);
}

static void set_object(
        struct check *c, const struct symbol *symbol, const struct ast_clause *clause)
{
	struct model_object *object = arena_alloc(c->arena, sizeof(*object));
	const struct model_param **by = arena_array(c->arena, clause->n_words, sizeof(*by));
	struct check_key *keys = arena_array(c->arena, clause->n_words, sizeof(*keys));
	size_t i;

	check_object_name(c, &clause->word);
	for (i = 0; i < clause->n_words; i++) {
		const struct model_param *param = check_find_param(c, symbol, clause->words[i]);

		keys[i] = (struct check_key){clause->words[i]->text, clause->words[i]->place};
		if (param != NULL && check_object_param(c, symbol, param, clause->words[i]->place))
			by[object->n_by++] = param;
	}
	check_unique(
	        c, keys, clause->n_words, DIAG_CLAUSE_TWICE, "is said twice", "first said here");
	object->name = clause->word.text;
	object->by = by;
	object->place = clause->word.place;
	symbol->consumer->object = object;
}

bool check_objects(struct check *c)
{
	struct symbol *symbol;
	size_t at = 0;

	while ((symbol = check_next_consumer(c, &at)) != NULL) {
		const struct ast_clause *clause = check_find_clause(symbol, AST_CLAUSE_OBJECT);

		if (clause != NULL)
			set_object(c, symbol, clause);
	}
	return true;
}
