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
		struct model_join *joins = arena_array(c->arena, symbol->n_clauses, sizeof(*joins));
		size_t n = 0;

		for (i = 0; i < symbol->n_clauses; i++) {
			if (symbol->clauses[i]->kind == AST_CLAUSE_JOIN &&
			        set_join(c, symbol, symbol->clauses[i], &joins[n]))
				n++;
		}
		symbol->consumer->joins = joins;
		symbol->consumer->n_joins = n;
	}
	return true;
}

/* ---------------------------------------------------------------- receives */

bool check_receivable(struct check *c, const struct model_message_ref *ref)
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

/* As members of the struct that says which of several it is, beside `first` and `second`. */
static void claim_members(struct check *c, struct model_message_ref *refs, size_t n,
        const char *first, const char *second)
{
	struct names ids = {.arena = c->arena};
	size_t i;

	names_claim(&ids, first);
	names_claim(&ids, second);
	for (i = 0; i < n; i++)
		refs[i].c_id = names_claim(&ids, refs[i].c_id);
	names_clear(&ids);
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
	claim_members(c, refs, replies.n, "kind", "kind");
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
		        !check_receivable(c, &receive->in))
			continue;
		set_replies(c, clause, receive);
		check_add_ref(c, receives, &receive->in);
	}
}

bool check_receives(struct check *c)
{
	struct symbol *symbol;
	size_t at = 0, i;

	while ((symbol = check_next_consumer(c, &at)) != NULL) {
		struct vec receives = {0};

		for (i = 0; i < symbol->n_clauses; i++) {
			if (symbol->clauses[i]->kind == AST_CLAUSE_RECEIVE)
				receive_clause(c, symbol->clauses[i], &receives);
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

/* Questions and answers find each other by ref. */
static bool check_has_ref(
        struct check *c, const struct ast_clause *clause, const struct model_message_ref *question)
{
	const struct model_envelope *envelope = &c->contract->envelope;

	if (question->message->record->kind == MODEL_TUPLE
	                ? envelope->ref_position >= 0
	                : envelope->wire[MODEL_ENVELOPE_REF] != NULL)
		return true;
	diag_report(c->diag, DIAG_ASK_REF, clause->place,
	        "answers are told apart by the 'ref' of their question, and there is none here");
	diag_note(c->diag, envelope->place, "the envelope");
	return false;
}

static bool is_std(const struct model_message_ref *ref, const char *name)
{
	return ref->message != NULL && ref->message->is_std &&
	        strcmp(ref->message->name, name) == 0;
}

static void ask_clause(struct check *c, const struct ast_clause *clause, struct vec *asks)
{
	struct model_ask *ask = arena_alloc(c->arena, sizeof(*ask));
	struct vec answers = {0};
	struct model_message_ref *refs;
	bool is_fine;
	size_t i;

	if (clause->n_names > 1) {
		diag_report(c->diag, DIAG_RECEIVE_MANY, clause->names[1]->place,
		        "one message stands before '->'");
		diag_hint(c->diag, "a clause for each says what each is answered by");
		return;
	}
	is_fine = check_find_message(c, clause->names[0], &ask->question) &&
	        check_sendable(c, &ask->question) && check_has_ref(c, clause, &ask->question);
	for (i = 0; i < clause->n_replies; i++) {
		struct model_message_ref *ref = arena_alloc(c->arena, sizeof(*ref));

		if (check_find_message(c, clause->replies[i], ref) &&
		        ((is_std(&ask->question, "ping") && is_std(ref, "pong")) ||
		                check_receivable(c, ref)))
			check_add_ref(c, &answers, ref);
	}
	refs = arena_array(c->arena, answers.n, sizeof(*refs));
	for (i = 0; i < answers.n; i++)
		refs[i] = *(struct model_message_ref *)answers.items[i];
	claim_members(c, refs, answers.n, "result", "kind");
	ask->answers = refs;
	ask->n_answers = answers.n;
	vec_clear(&answers);
	if (is_fine)
		check_add_ref(c, asks, &ask->question);
}

static void send_clause(struct check *c, const struct ast_clause *clause, struct vec *sends)
{
	size_t i;

	for (i = 0; i < clause->n_names; i++) {
		struct model_message_ref *ref = arena_alloc(c->arena, sizeof(*ref));

		if (check_find_message(c, clause->names[i], ref) && check_sendable(c, ref))
			check_add_ref(c, sends, ref);
	}
}

/* As it is told apart from others here: "note", "accounts.note". */
static const char *spelled(struct check *c, const struct model_message_ref *ref)
{
	const struct model_contract *contract = ref->message->contract;

	return contract == c->contract
	        ? ref->message->name
	        : arena_printf(c->arena, "%s.%s", contract->name, ref->message->name);
}

/* A message is sent with an answer to come, or without. */
static void check_asked_and_sent(struct check *c, const struct vec *asks, const struct vec *sends)
{
	struct check_key *keys = arena_array(c->arena, asks->n + sends->n, sizeof(*keys));
	size_t n = 0, i;

	for (i = 0; i < asks->n; i++) {
		const struct model_message_ref *ref = asks->items[i];

		keys[n++] = (struct check_key){spelled(c, ref), ref->place};
	}
	for (i = 0; i < sends->n; i++) {
		const struct model_message_ref *ref = sends->items[i];

		keys[n++] = (struct check_key){spelled(c, ref), ref->place};
	}
	check_unique(c, keys, n, DIAG_CLAUSE_TWICE, "is said twice, with and without an answer",
	        "the other one");
}

static void set_sends(
        struct check *c, struct model_consumer *consumer, struct vec *sends, struct vec *asks)
{
	struct model_message_ref *refs = arena_array(c->arena, sends->n, sizeof(*refs));
	struct model_ask *list = arena_array(c->arena, asks->n, sizeof(*list));
	size_t i;

	for (i = 0; i < sends->n; i++)
		refs[i] = *(struct model_message_ref *)sends->items[i];
	for (i = 0; i < asks->n; i++)
		list[i] = *(struct model_ask *)asks->items[i];
	consumer->sends = refs;
	consumer->n_sends = sends->n;
	consumer->asks = list;
	consumer->n_asks = asks->n;
}

bool check_sends(struct check *c)
{
	struct symbol *symbol;
	size_t at = 0, i;

	while ((symbol = check_next_consumer(c, &at)) != NULL) {
		struct vec sends = {0}, asks = {0};

		for (i = 0; i < symbol->n_clauses; i++) {
			const struct ast_clause *clause = symbol->clauses[i];

			if (clause->kind == AST_CLAUSE_SEND && clause->n_replies == 0)
				send_clause(c, clause, &sends);
			else if (clause->kind == AST_CLAUSE_SEND)
				ask_clause(c, clause, &asks);
		}
		check_asked_and_sent(c, &asks, &sends);
		set_sends(c, symbol->consumer, &sends, &asks);
		vec_clear(&sends);
		vec_clear(&asks);
	}
	return true;
}
