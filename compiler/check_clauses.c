/* SPDX-License-Identifier: MIT */
/*
 * check_clauses.c - what a consumer joins, receives, sends and limits.
 */
#include "checks.h"

#include <string.h>

/* ------------------------------------------------------------------- joins */

static bool is_optional(const struct symbol *symbol, const struct model_param *param)
{
	return symbol->param_members[param - symbol->params].optional;
}

/* A URL parameter stands for a group's parameter of the same type, and is always there. */
static bool join_param(struct check *c, const struct symbol *symbol, const struct ast_value *ast,
        const struct model_param *wanted, struct model_join_arg *arg)
{
	const struct model_param *param = check_find_param(c, symbol, &ast->name);
	const struct model_type *type, *wanted_type = wanted->member.use.type;

	if (param == NULL)
		return false;
	type = symbol->param_members[param - symbol->params].use.type;
	if (type == NULL || wanted_type == NULL)
		return false;
	if (type->kind != wanted_type->kind || (type->kind == MODEL_ENUM && type != wanted_type)) {
		diag_report(c->diag, DIAG_JOIN_TYPE, ast->place,
		        "parameter '%s' is %s, the group takes %s", ast->name.text,
		        type->name != NULL ? type->name : model_kind_name(type->kind),
		        wanted_type->name != NULL ? wanted_type->name
		                                  : model_kind_name(wanted_type->kind));
		diag_note(c->diag, wanted->member.place, "the group's parameter");
		return false;
	}
	if (is_optional(symbol, param)) {
		diag_report(c->diag, DIAG_PARAM_OPTIONAL, ast->place,
		        "parameter '%s' may be absent", ast->name.text);
		return false;
	}
	arg->param = param;
	return true;
}

static const struct model_enum_value *find_enumerator(
        const struct model_type *type, const char *name)
{
	size_t i;

	for (i = 0; type != NULL && type->kind == MODEL_ENUM && i < type->n_values; i++) {
		if (strcmp(type->values[i].name, name) == 0)
			return &type->values[i];
	}
	return NULL;
}

static bool names_param(const struct symbol *symbol, const char *name)
{
	size_t i;

	for (i = 0; i < symbol->n_params; i++) {
		if (strcmp(symbol->param_members[i].name, name) == 0)
			return true;
	}
	return false;
}

static bool join_arg(struct check *c, const struct symbol *symbol, const struct ast_value *ast,
        const struct model_param *wanted, struct model_join_arg *arg)
{
	struct model_value *value;

	/* A name is a parameter's; failing that, a value of the enum that the group takes. */
	if (ast->kind == AST_VALUE_NAME &&
	        (names_param(symbol, ast->name.text) ||
	                find_enumerator(wanted->member.use.type, ast->name.text) == NULL))
		return join_param(c, symbol, ast, wanted, arg);
	value = arena_alloc(c->arena, sizeof(*value));
	arg->value = value;
	return check_value(c, ast, &wanted->member.use, value);
}

static bool join_args(struct check *c, const struct symbol *symbol, const struct ast_clause *clause,
        struct model_join *join)
{
	const struct model_group *group = join->group;
	struct model_join_arg *args = arena_array(c->arena, clause->n_args, sizeof(*args));
	bool fine = true;
	size_t i;

	if (clause->n_args != group->n_params) {
		diag_report(c->diag, DIAG_JOIN_COUNT, clause->place,
		        "group '%s' takes %zu argument%s", group->name, group->n_params,
		        group->n_params == 1 ? "" : "s");
		diag_note(c->diag, group->place, "declared here");
		return false;
	}
	for (i = 0; i < clause->n_args; i++)
		fine = join_arg(c, symbol, clause->args[i], &group->params[i], &args[i]) && fine;
	join->args = args;
	join->n_args = clause->n_args;
	return fine;
}

static bool set_join(struct check *c, const struct symbol *symbol, const struct ast_clause *clause,
        struct model_join *join)
{
	join->group = check_find_group(c, clause->names[0], &join->c_id);
	if (join->group == NULL)
		return false;
	join->place = clause->names[0]->place;
	join->at_start = clause->has_args || join->group->n_params == 0;
	return !clause->has_args || join_args(c, symbol, clause, join);
}

bool check_joins(struct check *c)
{
	struct symbol *symbol;
	size_t at = 0, i;

	while ((symbol = check_next(c, SYMBOL_CONSUMER, &at)) != NULL) {
		const struct ast_decl *decl = symbol->decl;
		struct model_join *joins = arena_array(c->arena, decl->n_clauses, sizeof(*joins));
		size_t n = 0;

		for (i = 0; i < decl->n_clauses; i++) {
			if (decl->clauses[i]->kind == AST_CLAUSE_JOIN &&
			        set_join(c, symbol, decl->clauses[i], &joins[n]))
				n++;
		}
		symbol->consumer->joins = joins;
		symbol->consumer->n_joins = n;
	}
	return true;
}

/* ---------------------------------------------------------------- receives */

/* What a client may send: no event, no group message; of the standard ones ping alone. */
static bool is_receivable(struct check *c, const struct model_message_ref *ref)
{
	switch (ref->message->kind) {
	case MODEL_MESSAGE_EVENT:
		check_report_kind(c, ref, "is an event: it never comes from a client");
		return false;
	case MODEL_MESSAGE_GROUP:
		check_report_kind(c, ref, "is a group message: it never comes from a client");
		return false;
	case MODEL_MESSAGE_PLAIN: break;
	}
	if (ref->message->is_std && strcmp(ref->message->name, "pong") == 0) {
		check_report_kind(c, ref, "is the answer to ping, and not received");
		return false;
	}
	return check_own_use(c, ref);
}

static void set_replies(
        struct check *c, const struct ast_clause *clause, struct model_receive *receive)
{
	struct vec replies = {0};
	struct model_message_ref *refs;
	size_t i;

	for (i = 0; i < clause->n_replies; i++) {
		struct model_message_ref *ref = arena_alloc(c->arena, sizeof(*ref));

		if (check_find_message(c, clause->replies[i], ref) && check_sendable(c, ref))
			check_add_ref(c, &replies, ref);
	}
	refs = arena_array(c->arena, replies.n, sizeof(*refs));
	for (i = 0; i < replies.n; i++)
		refs[i] = *(struct model_message_ref *)replies.items[i];
	receive->replies = refs;
	receive->n_replies = replies.n;
	vec_clear(&replies);
}

static void receive_clause(struct check *c, const struct ast_clause *clause, struct vec *receives)
{
	size_t i;

	if (clause->n_names > 1 && clause->n_replies > 0) {
		diag_report(c->diag, DIAG_RECEIVE_MANY, clause->names[1]->place,
		        "one message stands before '->'");
		diag_hint(c->diag, "a clause for each says what each is answered by");
		return;
	}
	for (i = 0; i < clause->n_names; i++) {
		struct model_receive *receive = arena_alloc(c->arena, sizeof(*receive));

		if (!check_find_message(c, clause->names[i], &receive->in) ||
		        !is_receivable(c, &receive->in))
			continue;
		set_replies(c, clause, receive);
		check_add_ref(c, receives, &receive->in);
	}
}

bool check_receives(struct check *c)
{
	struct symbol *symbol;
	size_t at = 0, i;

	while ((symbol = check_next(c, SYMBOL_CONSUMER, &at)) != NULL) {
		struct vec receives = {0};

		for (i = 0; i < symbol->decl->n_clauses; i++) {
			if (symbol->decl->clauses[i]->kind == AST_CLAUSE_RECEIVE)
				receive_clause(c, symbol->decl->clauses[i], &receives);
		}
		symbol->receives = arena_array(c->arena, receives.n, sizeof(*symbol->receives));
		for (i = 0; i < receives.n; i++)
			symbol->receives[i] = *(struct model_receive *)receives.items[i];
		symbol->consumer->receives = symbol->receives;
		symbol->consumer->n_receives = receives.n;
		vec_clear(&receives);
	}
	return true;
}

/* ------------------------------------------------------------------- sends */

static void send_clause(struct check *c, const struct ast_clause *clause, struct vec *sends)
{
	size_t i;

	for (i = 0; i < clause->n_names; i++) {
		struct model_message_ref *ref = arena_alloc(c->arena, sizeof(*ref));

		if (check_find_message(c, clause->names[i], ref) && check_sendable(c, ref))
			check_add_ref(c, sends, ref);
	}
}

bool check_sends(struct check *c)
{
	struct symbol *symbol;
	size_t at = 0, i;

	while ((symbol = check_next(c, SYMBOL_CONSUMER, &at)) != NULL) {
		struct model_message_ref *refs;
		struct vec sends = {0};

		for (i = 0; i < symbol->decl->n_clauses; i++) {
			if (symbol->decl->clauses[i]->kind == AST_CLAUSE_SEND)
				send_clause(c, symbol->decl->clauses[i], &sends);
		}
		refs = arena_array(c->arena, sends.n, sizeof(*refs));
		for (i = 0; i < sends.n; i++)
			refs[i] = *(struct model_message_ref *)sends.items[i];
		symbol->consumer->sends = refs;
		symbol->consumer->n_sends = sends.n;
		vec_clear(&sends);
	}
	return true;
}
