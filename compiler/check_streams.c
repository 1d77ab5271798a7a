/* SPDX-License-Identifier: MIT */
/*
 * check_streams.c - what a group remembers: who is there (`presence`), and what was said
 * (`history`, `durable`).
 */
#include "checks.h"

#include <string.h>

/* More messages than anybody keeps in one group. */
#define CHECK_MAX_KEPT (1000 * 1000)

static const struct ast_clause *single(
        struct check *c, const struct symbol *symbol, enum ast_clause_kind kind, const char *word)
{
	const struct ast_clause *first = check_find_clause(symbol, kind);
	size_t i;

	for (i = 0; i < symbol->n_clauses; i++) {
		const struct ast_clause *clause = symbol->clauses[i];

		if (clause->kind != kind || clause == first)
			continue;
		diag_report(c->diag, DIAG_CLAUSE_TWICE, clause->place, "'%s' is said twice", word);
		diag_note(c->diag, first->place, "first said here");
	}
	return first;
}

void check_presence(struct check *c, const struct symbol *symbol, struct model_group *group)
{
	const struct ast_clause *clause = single(c, symbol, AST_CLAUSE_PRESENCE, "presence");
	struct model_use use;

	if (clause == NULL)
		return;
	group->has_presence = true;
	if (clause->type == NULL)
		return;
	check_type_use(c, clause->type, names_join(c->arena, group->c_name, "presence"), &use);
	if (use.type == NULL)
		return;
	if (use.type->kind == MODEL_RECORD && !use.nullable && use.type->message == NULL) {
		group->presence = use.type;
		return;
	}
	diag_report(c->diag, DIAG_PRESENCE_TYPE, clause->type->place,
	        "what the roster shows of a user is a record");
	diag_hint(c->diag, "for example: presence { name: string; };  or 'presence;' alone");
}

/* ----------------------------------------------------------------- history */

static bool find_broadcast(struct check *c, const struct model_group *group,
        const struct ast_qname *name, struct model_message_ref *ret_ref)
{
	size_t i;

	if (!check_find_message(c, name, ret_ref))
		return false;
	for (i = 0; i < group->n_broadcasts; i++) {
		if (group->broadcasts[i].message == ret_ref->message)
			return true;
	}
	diag_report(c->diag, DIAG_HISTORY_MESSAGE, name->place, "'%s' is not broadcast here",
	        ret_ref->message->name);
	diag_hint(c->diag, "a history keeps what 'broadcast' names");
	return false;
}

static bool read_bounds(
        struct check *c, const struct ast_clause *clause, struct model_history *history)
{
	uint64_t keep = 0;

	if (clause->has_count && !check_count(c, &clause->count, 1, CHECK_MAX_KEPT, &keep))
		return false;
	if (clause->has_period && !check_duration(c, &clause->period, &history->for_ms))
		return false;
	history->keep = (uint32_t)keep;
	if (!clause->has_period || history->for_ms != 0)
		return true;
	diag_report(c->diag, DIAG_QUANTITY, clause->period.place,
	        "a history is kept longer than not at all");
	return false;
}

static void history_clause(struct check *c, const struct model_group *group,
        const struct ast_clause *clause, struct vec *histories)
{
	struct model_history bounds = {0};
	size_t i;

	if (!read_bounds(c, clause, &bounds))
		return;
	for (i = 0; i < clause->n_names; i++) {
		struct model_history *history = arena_alloc(c->arena, sizeof(*history));

		*history = bounds;
		history->place = clause->place;
		if (find_broadcast(c, group, clause->names[i], &history->message))
			check_add_ref(c, histories, &history->message);
	}
}

/* Of what is kept one may ask that it survives more than the process. */
static void durable_clause(struct check *c, const struct symbol *symbol)
{
	const struct ast_clause *clause = single(c, symbol, AST_CLAUSE_DURABLE, "durable");

	if (clause == NULL)
		return;
	if (strcmp(clause->word.text, "disk") != 0) {
		diag_report(c->diag, DIAG_DURABLE, clause->word.place, "nothing is durable '%s'",
		        clause->word.text);
		diag_hint(c->diag, "durable disk;");
	} else if (check_find_clause(symbol, AST_CLAUSE_HISTORY) == NULL) {
		diag_report(c->diag, DIAG_DURABLE, clause->place,
		        "nothing of this group is kept that could be durable");
		diag_hint(c->diag, "'history' says what is kept");
	} else {
		symbol->group->is_durable = true;
	}
}

bool check_group_streams(struct check *c)
{
	struct symbol *symbol;
	size_t at = 0, i;

	while ((symbol = check_next_group(c, &at)) != NULL) {
		struct vec histories = {0};
		struct model_history *list;

		for (i = 0; i < symbol->n_clauses; i++) {
			if (symbol->clauses[i]->kind == AST_CLAUSE_HISTORY)
				history_clause(c, symbol->group, symbol->clauses[i], &histories);
		}
		list = arena_array(c->arena, histories.n, sizeof(*list));
		for (i = 0; i < histories.n; i++)
			list[i] = *(struct model_history *)histories.items[i];
		symbol->group->histories = list;
		symbol->group->n_histories = histories.n;
		vec_clear(&histories);
		durable_clause(c, symbol);
	}
	return true;
}
