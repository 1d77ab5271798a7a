/* SPDX-License-Identifier: MIT */
/*
 * check_made_names.c - C names: declared ones, those of types in place, and what generated code makes
 * of them (names.c has the list). No two are one.
 *
 * Declared names stay as they are, so that a clash of theirs is an error. Types in place are named by
 * their paths, and give way.
 */
#include "checks.h"

#include <stdlib.h>
#include <string.h>

/* ------------------------------------------------------------------- kinds */

unsigned check_names_of(enum model_kind kind)
{
	switch (kind) {
	case MODEL_ENUM: return NAMES_OF_TYPE | NAMES_OF_ENUM;
	case MODEL_UNION:
	case MODEL_CHOICE: return NAMES_OF_TYPE | NAMES_OF_UNION;
	default: return NAMES_OF_TYPE;
	}
}

/* What may become of `type X = …`, before anything has been looked up. */
static unsigned names_of_type(const struct ast_type *ast)
{
	switch (ast->kind) {
	case AST_TYPE_RECORD: return NAMES_OF_TYPE | NAMES_OF_RECORD;
	case AST_TYPE_CHOICE: return NAMES_OF_TYPE | NAMES_OF_ENUM | NAMES_OF_UNION;
	default: return NAMES_OF_TYPE;
	}
}

static unsigned names_of(const struct symbol *symbol)
{
	switch (symbol->decl->kind) {
	case AST_DECL_ENUM: return NAMES_OF_TYPE | NAMES_OF_ENUM;
	case AST_DECL_UNION: return NAMES_OF_TYPE | NAMES_OF_UNION;
	case AST_DECL_RECORD: return NAMES_OF_TYPE | NAMES_OF_RECORD;
	case AST_DECL_TYPE: return names_of_type(symbol->decl->type);
	case AST_DECL_MESSAGE:
	case AST_DECL_GROUP_MESSAGE:
	case AST_DECL_EVENT: return NAMES_OF_RECORD | NAMES_OF_MESSAGE;
	case AST_DECL_GROUP: return NAMES_OF_GROUP;
	case AST_DECL_CONSUMER: return NAMES_OF_CONSUMER;
	case AST_DECL_TOPIC: return NAMES_OF_GROUP | NAMES_OF_CONSUMER | NAMES_OF_TOPIC;
	case AST_DECL_MIXIN:
	case AST_DECL_BROKEN: break;
	}
	return 0;
}

/* ------------------------------------------------------------- made of what */

/* Long enough for all names but those of types in place that nest deeply. */
#define BUFFER_SIZE 256

/* The first `length` bytes of a name and a tail; in the buffer if they fit. */
static const char *put(struct check *c, char buffer[BUFFER_SIZE], const char *name, size_t length,
        const char *tail)
{
	if (length + strlen(tail) >= BUFFER_SIZE)
		return arena_printf(c->arena, "%.*s%s", (int)length, name, tail);
	memcpy(buffer, name, length);
	memcpy(buffer + length, tail, strlen(tail) + 1);
	return buffer;
}

/* How long the name is without the tail; 0: it does not end so. */
static size_t without(const char *name, const char *tail)
{
	size_t length = strlen(name), end = strlen(tail);

	if (length <= end || strcmp(name + length - end, tail) != 0)
		return 0;
	return length - end;
}

/* A name of this kind: what can be made of it is not free from now on. */
static void add_maker(struct check *c, const char *name, unsigned of)
{
	unsigned i;

	for (i = 0; i < CHECK_N_MAKERS; i++) {
		if ((of & 1u << i) != 0)
			names_claim(&c->makers[i], name);
	}
}

static bool is_maker(const struct check *c, const char *name, unsigned of)
{
	unsigned i;

	for (i = 0; i < CHECK_N_MAKERS; i++) {
		if ((of & 1u << i) != 0 && names_is_taken(&c->makers[i], name))
			return true;
	}
	return false;
}

bool check_c_name_is_taken(struct check *c, const char *name)
{
	char buffer[BUFFER_SIZE];
	size_t i, length;

	if (names_is_taken(&c->tags, name))
		return true;
	for (i = 0; i < n_names_made; i++) {
		length = without(name, names_made[i].tail);
		if (length != 0 && is_maker(c, put(c, buffer, name, length, ""), names_made[i].of))
			return true;
	}
	return false;
}

/* ---------------------------------------------------------- types in place */

/* True if the name and all that is made of it are free. */
static bool is_free(struct check *c, const char *name, unsigned of)
{
	char buffer[BUFFER_SIZE];
	size_t i;

	if (check_c_name_is_taken(c, name))
		return false;
	for (i = 0; i < n_names_made; i++) {
		if ((names_made[i].of & of) != 0 &&
		        check_c_name_is_taken(
		                c, put(c, buffer, name, strlen(name), names_made[i].tail)))
			return false;
	}
	return true;
}

const char *check_claim_type(struct check *c, const char *path, enum model_kind kind)
{
	unsigned of = check_names_of(kind);

	while (!is_free(c, path, of))
		path = names_join(c->arena, path, "");
	names_claim(&c->tags, path);
	add_maker(c, path, of);
	return path;
}

/* ---------------------------------------------------------- declared names */

/* `role` and `role_from` make one name: the second of them is refused. */
static void check_made_twice(
        struct check *c, const struct symbol *symbol, const char *name, size_t row)
{
	char buffer[BUFFER_SIZE];
	const struct symbol *other;
	size_t i, length;

	for (i = 0; i < n_names_made; i++) {
		length = i != row ? without(name, names_made[i].tail) : 0;
		other = length != 0 ? scope_find(&c->unit->scope, put(c, buffer, name, length, ""))
		                    : NULL;
		if (other == NULL || (names_of(other) & names_made[i].of) == 0 ||
		        other->place.start >= symbol->place.start)
			continue;
		diag_report(c->diag, DIAG_MADE_NAME, symbol->place,
		        "in C '%s' would be made of '%s' and of '%s'", name, other->name,
		        symbol->name);
		diag_note(c->diag, other->place, "the other one");
	}
}

static void check_symbol(struct check *c, const struct symbol *symbol)
{
	char buffer[BUFFER_SIZE];
	size_t i;

	for (i = 0; i < n_names_made; i++) {
		const char *name;
		const struct symbol *other;

		if ((names_made[i].of & names_of(symbol)) == 0)
			continue;
		name = put(c, buffer, symbol->name, strlen(symbol->name), names_made[i].tail);
		other = scope_find(&c->unit->scope, name);
		if (other != NULL) {
			diag_report(c->diag, DIAG_MADE_NAME, other->place,
			        "in C '%s' is what msgc makes of '%s': %s", name, symbol->name,
			        names_made[i].what);
			diag_note(c->diag, symbol->place, "declared here");
		}
		check_made_twice(c, symbol, name, i);
	}
}

/* Declared names first, as they are; those that are derived from them give way. */
bool check_c_names(struct check *c)
{
	const struct scope *scope = &c->unit->scope;
	const char *prefix = c->contract->c_prefix;
	size_t i;

	/* The header's guard is a macro. */
	names_claim(&c->enumerators, names_join(c->arena, c->contract->c_prefix_upper, "MSGC_H"));
	for (i = 0; i < scope->n; i++) {
		const struct symbol *symbol = scope->in_order[i];
		const char *name = names_join(c->arena, prefix, symbol->name);

		names_claim(&c->tags, name);
		add_maker(c, name, names_of(symbol));
		check_symbol(c, symbol);
	}
	return true;
}

/* ------------------------------------------------- consumers and their messages */

static int compare_made(const void *a, const void *b)
{
	const struct check_made *x = *(struct check_made *const *)a,
	                        *y = *(struct check_made *const *)b;
	int order = strcmp(x->name, y->name);

	if (order != 0)
		return order;
	return x->place.start < y->place.start ? -1 : x->place.start > y->place.start;
}

static void add_made(
        struct check *c, struct vec *all, const char *of, unsigned kinds, struct place place)
{
	size_t i;

	for (i = 0; i < n_names_made; i++) {
		struct check_made *made;

		if ((names_made[i].of & kinds) == 0)
			continue;
		made = arena_alloc(c->arena, sizeof(*made));
		*made = (struct check_made){arena_printf(c->arena, "%s%s", of, names_made[i].tail),
		        of, names_made[i].what, place};
		vec_push(all, made);
	}
}

static void report_declared(
        struct check *c, const struct check_made *made, const struct symbol *other)
{
	diag_report(c->diag, DIAG_MADE_NAME, other->place,
	        "in C '%s' is what msgc makes of '%s': %s", made->name, made->of, made->what);
	diag_note(c->diag, made->place, "declared here");
}

static void report_twice(
        struct check *c, const struct check_made *made, const struct check_made *before)
{
	diag_report(c->diag, DIAG_MADE_NAME, made->place,
	        "in C '%s' would be made of '%s' and of '%s'", made->name, before->of, made->of);
	diag_note(c->diag, before->place, "the other one");
}

/* Sorted: equal names are neighbours. Of two that make several names of one kind, one is reported. */
static void unique_made(struct check *c, struct vec *all)
{
	const struct check_made *said = NULL;
	size_t i;

	if (all->n != 0)
		qsort(all->items, all->n, sizeof(void *), compare_made);
	for (i = 0; i < all->n; i++) {
		const struct check_made *made = all->items[i], *before;
		const struct symbol *other = scope_find(&c->unit->scope, made->name);

		if (other != NULL)
			report_declared(c, made, other);
		before = i != 0 ? all->items[i - 1] : NULL;
		/* Said of one thing twice is no clash: `join a; join a(1);` */
		if (before == NULL || strcmp(before->name, made->name) != 0 ||
		        strcmp(before->of, made->of) == 0)
			continue;
		if (said == NULL || said->of != made->of)
			report_twice(c, made, before);
		said = made;
	}
}

/* rooms_room_send_chat: made of two names, and free. */
static void add_call(struct check *c, struct vec *all, const char *of, const char *verb,
        const char *id, struct place place)
{
	struct check_made *made = arena_alloc(c->arena, sizeof(*made));

	*made = (struct check_made){arena_printf(c->arena, "%s_%s_%s", of, verb, id),
	        arena_printf(c->arena, "%s %s", verb, id), "a function", place};
	vec_push(all, made);
}

static void add_consumer(struct check *c, struct vec *all, const struct model_consumer *consumer)
{
	size_t i;

	for (i = 0; i < consumer->n_receives; i++)
		add_made(c, all,
		        names_join(c->arena, consumer->name, consumer->receives[i].in.c_id),
		        NAMES_OF_HANDLER, consumer->receives[i].in.place);
	for (i = 0; i < consumer->n_events; i++) {
		if (consumer->events[i].output != NULL)
			add_made(c, all,
			        arena_printf(c->arena, "%s_event_%s", consumer->name,
			                consumer->events[i].event.c_id),
			        NAMES_OF_HANDLER, consumer->events[i].event.place);
	}
	for (i = 0; i < consumer->n_sends; i++) {
		add_call(c, all, consumer->name, "send", consumer->sends[i].c_id,
		        consumer->sends[i].place);
		if (consumer->topic == NULL)
			add_call(c, all, consumer->name, "tell", consumer->sends[i].c_id,
			        consumer->sends[i].place);
	}
	for (i = 0; i < consumer->n_asks; i++) {
		const struct model_message_ref *question = &consumer->asks[i].question;

		add_call(c, all, consumer->name, "ask", question->c_id, question->place);
		add_made(c, all, names_join(c->arena, consumer->name, question->c_id),
		        NAMES_OF_QUESTION, question->place);
	}
	for (i = 0; i < consumer->n_joins; i++) {
		add_call(c, all, consumer->name, "join", consumer->joins[i].c_id,
		        consumer->joins[i].place);
		add_call(c, all, consumer->name, "leave", consumer->joins[i].c_id,
		        consumer->joins[i].place);
		if (consumer->joins[i].group->presence != NULL)
			add_call(c, all, consumer->name, "present", consumer->joins[i].c_id,
			        consumer->joins[i].place);
	}
}

static void add_tail(struct check *c, struct vec *all, const struct model_group *group,
        const char *tail, const char *what)
{
	struct check_made *made = arena_alloc(c->arena, sizeof(*made));

	*made = (struct check_made){arena_printf(c->arena, "%s_%s", group->name, tail), group->name,
	        what, group->place};
	vec_push(all, made);
}

static void add_group(struct check *c, struct vec *all, const struct model_group *group)
{
	size_t i;

	for (i = 0; i < group->n_broadcasts; i++)
		add_call(c, all, group->name, "broadcast", group->broadcasts[i].c_id,
		        group->broadcasts[i].place);
	for (i = 0; i < group->n_events; i++)
		add_call(c, all, group->name, "event", group->events[i].event.c_id,
		        group->events[i].event.place);
	if (group->topic != NULL && group->presence != NULL)
		add_tail(c, all, group, "present_as", "the function that changes an entry");
	if (group->has_presence) {
		add_tail(c, all, group, "present", "a user who is present in it");
		add_tail(c, all, group, "roster", "its roster");
		add_tail(c, all, group, "read_roster", "the function that reads its roster");
	}
}

/* What the names of the contract have taken is not free any more. */
static void check_taken(struct check *c, const struct vec *all)
{
	size_t i;

	for (i = 0; i < all->n; i++) {
		const struct check_made *made = all->items[i];
		const char *name = names_join(c->arena, c->contract->c_prefix, made->name);

		if (!check_c_name_is_taken(c, name) ||
		        scope_find(&c->unit->scope, made->name) != NULL)
			continue;
		diag_report(c->diag, DIAG_MADE_NAME, made->place,
		        "in C '%s' would be %s, and is something else already", made->name,
		        made->what);
	}
}

void check_calls_of(struct check *c, struct vec *all, const struct check_served *served)
{
	size_t i;

	for (i = 0; i < served->n_consumers; i++)
		add_consumer(c, all, served->consumers[i]);
	for (i = 0; i < served->n_topics; i++)
		add_consumer(c, all, served->topics[i]);
	for (i = 0; i < served->n_groups; i++)
		add_group(c, all, served->groups[i]);
}

/* Of the contract that is being checked. */
void check_own_calls(struct check *c, struct vec *all)
{
	check_calls_of(c, all,
	        &(struct check_served){(const struct model_consumer *const *)c->consumers.items,
	                c->consumers.n, (const struct model_consumer *const *)c->topics.items,
	                c->topics.n, (const struct model_group *const *)c->groups.items,
	                c->groups.n});
}

bool check_call_names(struct check *c)
{
	struct vec all = {0};

	check_own_calls(c, &all);
	unique_made(c, &all);
	check_taken(c, &all);
	vec_clear(&all);
	return true;
}
