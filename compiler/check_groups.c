/* SPDX-License-Identifier: MIT */
/*
 * check_groups.c - groups: parameters, the template of their names, what is sent to them.
 */
#include "checks.h"

#include <string.h>

/* -------------------------------------------------------------- parameters */

/* A parameter has to become text and come back: a scalar or an enum, never null. */
void check_param(struct check *c, const struct ast_member *ast, const struct model_member *member,
        bool in_query)
{
	const struct model_type *type = member->use.type;

	if (type == NULL)
		return;
	if (member->use.nullable ||
	        (!model_kind_is_scalar(type->kind) && type->kind != MODEL_ENUM) ||
	        type->kind == MODEL_JSON || type->kind == MODEL_NULL || type->kind == MODEL_BYTES ||
	        type->is_constant || type->is_open) {
		diag_report(c->diag, DIAG_PARAM_TYPE, ast->type->place,
		        "a parameter is a string, a number, a bool, a time, a uuid or an enum");
		return;
	}
	if (in_query)
		return;
	if (ast->optional)
		diag_report(c->diag, DIAG_PARAM_OPTIONAL, ast->name.place,
		        "parameter '%s' cannot be absent: it is part of a name", ast->name.text);
	if (ast->default_value != NULL)
		diag_report(c->diag, DIAG_PARAM_OPTIONAL, ast->default_value->place,
		        "parameter '%s' has no default: it is part of a name", ast->name.text);
}

void check_params(struct check *c, struct symbol *symbol, const char *path)
{
	size_t wide_ints = c->wide_ints.n;
	struct check_record *record =
	        check_record_new(c, symbol->decl->params, symbol->decl->n_params, path, NULL);

	/* Parameters do not travel as JSON numbers. */
	c->wide_ints.n = wide_ints;
	symbol->param_members = record->members;
	symbol->n_params = record->n;
	symbol->params = arena_array(c->arena, record->n, sizeof(*symbol->params));
}

void check_params_done(struct symbol *symbol)
{
	size_t i;

	for (i = 0; i < symbol->n_params; i++)
		symbol->params[i].member = symbol->param_members[i];
}

bool check_group_params(struct check *c)
{
	struct symbol *symbol;
	size_t at = 0, i;

	while ((symbol = check_next_group(c, &at)) != NULL) {
		struct model_group *group = arena_alloc(c->arena, sizeof(*group));

		group->name = symbol->name;
		group->c_id = symbol->name;
		group->c_name = names_join(c->arena, c->contract->c_prefix, symbol->name);
		group->doc = symbol->decl->doc;
		group->contract = c->contract;
		group->place = symbol->place;
		symbol->group = group;
		check_params(c, symbol, group->c_name);
		group->params = symbol->params;
		group->n_params = symbol->n_params;
		for (i = 0; i < group->n_params; i++)
			check_param(c, symbol->decl->params[i], &symbol->param_members[i], false);
		check_presence(c, symbol, group);
		vec_push(&c->groups, group);
	}
	return true;
}

/* ------------------------------------------------------------------- names */

struct template
{
	struct check *c;
	const struct ast_string *text;
	const struct model_group *group;
	struct vec parts;
	bool *used; /* parameters */
};

static void add_part(struct template *t, const char *literal, const struct model_param *param)
{
	struct model_name_part *part = arena_alloc(t->c->arena, sizeof(*part));

	*part = (struct model_name_part){literal, param};
	vec_push(&t->parts, part);
}

/* What stands between this parameter and the one before has to tell where that one ends. */
static void check_between(struct template *t, struct place place)
{
	const struct model_name_part *last =
	        t->parts.n != 0 ? t->parts.items[t->parts.n - 1] : NULL;

	if (last == NULL)
		return;
	if (last->param != NULL) {
		diag_report(t->c->diag, DIAG_TEMPLATE_ADJACENT, place,
		        "two parameters touch: 1 and 23 would make the same name as 12 and 3");
	} else if (t->parts.n > 1 && last->literal[check_value_span(last->literal)] == '\0') {
		diag_report(t->c->diag, DIAG_TEMPLATE_AMBIGUOUS, place,
		        "'%s' between two parameters could be part of one of them", last->literal);
		diag_hint(t->c->diag,
		        "put a character there that no value is written with, such as '_', '-' or "
		        "':'");
	}
}

/* {room_id}, from start (the brace) on; returns where it ends, or 0 with a message. */
static size_t param_part(struct template *t, size_t start)
{
	const char *text = t->text->bytes;
	size_t length = strcspn(text + start + 1, "}"), i;
	const char *name = arena_copy(t->c->arena, text + start + 1, length);
	struct suggestion suggestion = suggestion_for(name);
	struct place place = check_place_in(t->text, start, start + length + 2);
	const struct model_param *found = NULL;

	if (text[start + 1 + length] != '}') {
		diag_report(t->c->diag, DIAG_TEMPLATE, place, "a '{' without its '}'");
		return 0;
	}
	check_between(t, place);
	for (i = 0; i < t->group->n_params; i++) {
		suggestion_offer(&suggestion, t->group->params[i].member.name);
		if (strcmp(t->group->params[i].member.name, name) != 0)
			continue;
		t->used[i] = true;
		found = found != NULL ? found : &t->group->params[i];
	}
	if (found != NULL) {
		add_part(t, NULL, found);
		return start + length + 2;
	}
	diag_report(t->c->diag, DIAG_UNKNOWN_PARAM, place, "group '%s' has no parameter '%s'",
	        t->group->name, name);
	diag_suggest(t->c->diag, &suggestion);
	return 0;
}

/* Printable ASCII without braces and quotes: names of groups stand in keys, URLs and logs. */
static size_t literal_part(struct template *t, size_t start)
{
	const char *text = t->text->bytes;
	size_t end = start;

	while (end < t->text->length && text[end] > ' ' && text[end] <= '~' &&
	        strchr("{}\"\\", text[end]) == NULL)
		end++;
	if (end == start) {
		diag_report(t->c->diag, DIAG_TEMPLATE, check_place_in(t->text, start, start + 1),
		        "a group's name holds printable ASCII characters other than blanks, "
		        "braces, '\"' "
		        "and '\\'");
		return 0;
	}
	add_part(t, arena_copy(t->c->arena, text + start, end - start), NULL);
	return end;
}

static void check_all_used(struct template *t)
{
	size_t i;

	for (i = 0; i < t->group->n_params; i++) {
		const struct model_member *member = &t->group->params[i].member;

		if (t->used[i])
			continue;
		diag_report(t->c->diag, DIAG_PARAM_UNUSED, member->place,
		        "parameter '%s' is not in the group's name: groups that differ in it would "
		        "be one",
		        member->name);
		diag_note(t->c->diag, t->text->place, "the name");
	}
}

/* Without a template: the group's name and, behind underscores, its parameters. */
static void default_parts(struct template *t)
{
	const char *literal = t->group->name;
	size_t i;

	for (i = 0; i < t->group->n_params; i++) {
		add_part(t, i == 0 ? names_join(t->c->arena, literal, "") : "_", NULL);
		add_part(t, NULL, &t->group->params[i]);
	}
	if (t->group->n_params == 0)
		add_part(t, literal, NULL);
}

static void template_parts(struct template *t)
{
	size_t at = 0;

	if (t->text->length == 0 || t->text->length > CHECK_MAX_TEMPLATE) {
		diag_report(t->c->diag, DIAG_TEMPLATE, t->text->place,
		        "a group's name has 1 to %d characters", CHECK_MAX_TEMPLATE);
		return;
	}
	while (at < t->text->length) {
		at = t->text->bytes[at] == '{' ? param_part(t, at) : literal_part(t, at);
		if (at == 0) {
			t->parts.n = 0;
			return;
		}
	}
	check_all_used(t);
}

static void set_parts(struct check *c, struct symbol *symbol)
{
	struct model_group *group = symbol->group;
	struct template t = {.c = c, .text = &symbol->decl->text, .group = group};
	struct model_name_part *parts;
	size_t i;

	t.used = arena_array(c->arena, group->n_params, sizeof(*t.used));
	if (t.text->bytes == NULL)
		default_parts(&t);
	else
		template_parts(&t);
	parts = arena_array(c->arena, t.parts.n, sizeof(*parts));
	for (i = 0; i < t.parts.n; i++)
		parts[i] = *(struct model_name_part *)t.parts.items[i];
	group->parts = parts;
	group->n_parts = t.parts.n;
	vec_clear(&t.parts);
}

bool check_group_names(struct check *c)
{
	struct symbol *symbol;
	size_t at = 0;

	while ((symbol = check_next_group(c, &at)) != NULL) {
		check_params_done(symbol);
		set_parts(c, symbol);
	}
	return true;
}

/* ----------------------------------------------------------------- clauses */

/* A message that may go to a group. */
static bool find_broadcast(
        struct check *c, const struct ast_qname *name, struct model_message_ref *ret_ref)
{
	if (!check_find_message(c, name, ret_ref))
		return false;
	if (ret_ref->message->kind == MODEL_MESSAGE_EVENT) {
		check_report_kind(c, ret_ref, "is an event; 'event' says that it reaches a group");
		return false;
	}
	return check_own_use(c, ret_ref);
}

/* An event and, behind the arrow, the message that each member's consumer makes of it. */
static bool find_event(
        struct check *c, const struct ast_clause *clause, struct model_group_event *event)
{
	struct model_message_ref *output;

	if (!check_find_message(c, clause->names[0], &event->event))
		return false;
	if (event->event.message->kind != MODEL_MESSAGE_EVENT) {
		check_report_kind(c, &event->event, "is no event");
		return false;
	}
	if (clause->n_replies == 0)
		return true;
	output = arena_alloc(c->arena, sizeof(*output));
	if (!check_find_message(c, clause->replies[0], output) || !check_sendable(c, output))
		return false;
	event->output = output;
	return true;
}

static void broadcast_clause(
        struct check *c, const struct ast_clause *clause, struct vec *broadcasts)
{
	size_t i;

	for (i = 0; i < clause->n_names; i++) {
		struct model_message_ref *ref = arena_alloc(c->arena, sizeof(*ref));

		if (find_broadcast(c, clause->names[i], ref))
			check_add_ref(c, broadcasts, ref);
	}
}

static void event_clause(struct check *c, const struct ast_clause *clause, struct vec *events)
{
	struct model_group_event *event = arena_alloc(c->arena, sizeof(*event));

	if (find_event(c, clause, event))
		check_add_ref(c, events, &event->event);
}

static void set_clauses(struct check *c, const struct symbol *symbol, struct model_group *group)
{
	struct vec broadcasts = {0}, events = {0};
	struct model_message_ref *refs;
	struct model_group_event *outs;
	size_t i;

	for (i = 0; i < symbol->n_clauses; i++) {
		if (symbol->clauses[i]->kind == AST_CLAUSE_BROADCAST)
			broadcast_clause(c, symbol->clauses[i], &broadcasts);
		else if (symbol->clauses[i]->kind == AST_CLAUSE_EVENT)
			event_clause(c, symbol->clauses[i], &events);
	}
	refs = arena_array(c->arena, broadcasts.n, sizeof(*refs));
	for (i = 0; i < broadcasts.n; i++)
		refs[i] = *(struct model_message_ref *)broadcasts.items[i];
	outs = arena_array(c->arena, events.n, sizeof(*outs));
	for (i = 0; i < events.n; i++)
		outs[i] = *(struct model_group_event *)events.items[i];
	group->broadcasts = refs;
	group->n_broadcasts = broadcasts.n;
	group->events = outs;
	group->n_events = events.n;
	vec_clear(&broadcasts);
	vec_clear(&events);
}

bool check_group_clauses(struct check *c)
{
	struct symbol *symbol;
	size_t at = 0;

	while ((symbol = check_next_group(c, &at)) != NULL)
		set_clauses(c, symbol, symbol->group);
	return true;
}
