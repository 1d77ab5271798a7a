/* SPDX-License-Identifier: MIT */
/*
 * check_traffic.c - messages as consumers and groups use them: which may go where, all that leaves
 * and enters a consumer, and that the wire tells it apart.
 */
#include "checks.h"

#include <string.h>

void check_report_kind(struct check *c, const struct model_message_ref *ref, const char *what)
{
	diag_report(c->diag, DIAG_MESSAGE_KIND, ref->place, "'%s' %s", ref->message->name, what);
	diag_note(c->diag, ref->message->place, "declared here");
}

static void report_twice(struct check *c, const struct model_message_ref *ref, struct place first)
{
	diag_report(
	        c->diag, DIAG_CLAUSE_TWICE, ref->place, "'%s' is said twice", ref->message->name);
	diag_note(c->diag, first, "first said here");
}

/* Adds what is not there yet; items are refs or events, which begin with a ref. */
void check_add_ref(struct check *c, struct vec *list, struct model_message_ref *ref)
{
	size_t i;

	if (list->n == CHECK_MAX_PARTS) {
		check_parts(c, list->n + 1, ref->place, "messages");
		return;
	}
	for (i = 0; i < list->n; i++) {
		const struct model_message_ref *other = list->items[i];

		if (other->message == ref->message) {
			report_twice(c, ref, other->place);
			return;
		}
	}
	vec_push(list, ref);
}

bool check_own_use(struct check *c, const struct model_message_ref *ref)
{
	const char *name = ref->message->name;

	if (!ref->message->is_std || strcmp(name, "ping") == 0 || strcmp(name, "pong") == 0)
		return true;
	diag_report(c->diag, DIAG_STD_USE, ref->place, "the server itself deals with '%s'", name);
	diag_hint(c->diag, "of the standard messages a contract names ping and pong only");
	return false;
}

bool check_sendable(struct check *c, const struct model_message_ref *ref)
{
	switch (ref->message->kind) {
	case MODEL_MESSAGE_EVENT:
		check_report_kind(c, ref, "is an event: it reaches groups, not clients");
		return false;
	case MODEL_MESSAGE_GROUP:
		check_report_kind(c, ref, "is a group message: it is broadcast, not sent");
		diag_hint(c->diag, "a plain 'message' can be both");
		return false;
	case MODEL_MESSAGE_PLAIN: break;
	}
	return check_own_use(c, ref);
}

/* ------------------------------------------------------ what leaves and enters */

/* Messages of one direction, each once. */
struct traffic {
	struct check *c;
	struct vec refs; /* struct model_message_ref * */
	struct names names;
};

static void add_traffic(struct traffic *t, const struct model_message_ref *ref)
{
	/* The C name of a message is its own; a set of names tells whether it is there. */
	if (t->refs.n > CHECK_MAX_PARTS || names_is_taken(&t->names, ref->message->c_name))
		return;
	names_claim(&t->names, ref->message->c_name);
	vec_push(&t->refs, (void *)(uintptr_t)ref);
}

static void add_std(struct traffic *t, const struct model_consumer *consumer, const char *name)
{
	struct model_message_ref *ref;
	const struct symbol *symbol;

	if (t->c->std == NULL)
		return;
	symbol = scope_find(&t->c->std->scope, name);
	ref = arena_alloc(t->c->arena, sizeof(*ref));
	*ref = (struct model_message_ref){symbol->message, name, consumer->place};
	add_traffic(t, ref);
}

static void check_wires(struct traffic *t, const char *complaint)
{
	struct check_key *keys = arena_array(t->c->arena, t->refs.n, sizeof(*keys));
	size_t i;

	for (i = 0; i < t->refs.n; i++) {
		const struct model_message_ref *ref = t->refs.items[i];

		keys[i] = (struct check_key){ref->message->wire, ref->place};
	}
	check_unique(t->c, keys, t->refs.n, DIAG_SAME_WIRE, complaint, "the other one");
}

static void traffic_clear(struct traffic *t)
{
	names_clear(&t->names);
	vec_clear(&t->refs);
}

static void check_incoming(struct check *c, const struct model_consumer *consumer)
{
	struct traffic t = {.c = c, .names = {.arena = c->arena}};
	size_t i;

	for (i = 0; i < consumer->n_receives; i++)
		add_traffic(&t, &consumer->receives[i].in);
	if (consumer->accepts_authenticate)
		add_std(&t, consumer, "authenticate");
	check_wires(&t, "is what two received messages are called on the wire");
	traffic_clear(&t);
}

/* A ref of a group, which may be another contract's, as this contract sees it. */
static const struct model_message_ref *from_here(
        struct check *c, const struct model_message_ref *ref, struct place place)
{
	struct model_message_ref *here;

	if (ref == NULL)
		return NULL;
	here = arena_alloc(c->arena, sizeof(*here));
	*here = (struct model_message_ref){ref->message,
	        check_id_from_here(c, ref->message->contract, ref->message->name), place};
	return here;
}

static const struct model_message *output_of(const struct model_message_ref *output)
{
	return output != NULL ? output->message : NULL;
}

/* An event reaches a consumer once, whatever groups it comes by: it has one handler. */
static void add_event(struct check *c, struct vec *events, const struct model_join *join,
        const struct model_group_event *event)
{
	struct model_consumer_event *own;
	size_t i;

	if (events->n > CHECK_MAX_PARTS)
		return;
	for (i = 0; i < events->n; i++) {
		own = events->items[i];
		if (own->event.message != event->event.message)
			continue;
		if (output_of(own->output) != output_of(event->output)) {
			diag_report(c->diag, DIAG_EVENT_TWO_WAYS, join->place,
			        "event '%s' comes by this group and by '%s', and becomes different "
			        "messages",
			        event->event.message->name, own->group->name);
			diag_note(c->diag, own->event.place, "the other group is joined here");
		}
		return;
	}
	own = arena_alloc(c->arena, sizeof(*own));
	own->group = join->group;
	own->event = *from_here(c, &event->event, join->place);
	own->output = from_here(c, event->output, join->place);
	vec_push(events, own);
}

static void set_events(struct check *c, struct model_consumer *consumer)
{
	struct names groups = {.arena = c->arena};
	struct vec events = {0};
	struct model_consumer_event *list;
	size_t i, j;

	for (i = 0; i < consumer->n_joins; i++) {
		const struct model_join *join = &consumer->joins[i];

		if (names_is_taken(&groups, join->group->c_name))
			continue;
		names_claim(&groups, join->group->c_name);
		for (j = 0; j < join->group->n_events; j++)
			add_event(c, &events, join, &join->group->events[j]);
	}
	names_clear(&groups);
	check_parts(c, events.n, consumer->place, "events");
	list = arena_array(c->arena, events.n, sizeof(*list));
	for (i = 0; i < events.n; i++)
		list[i] = *(struct model_consumer_event *)events.items[i];
	consumer->events = list;
	consumer->n_events = events.n;
	vec_clear(&events);
}

static void add_broadcasts(struct traffic *t, const struct model_join *join)
{
	size_t i;

	for (i = 0; i < join->group->n_broadcasts; i++) {
		const struct model_message_ref *ref = &join->group->broadcasts[i];

		if (!names_is_taken(&t->names, ref->message->c_name))
			add_traffic(t, from_here(t->c, ref, join->place));
	}
}

/* Everything that its clauses let out, in the order of the clauses' kinds. */
static void add_outgoing(struct traffic *t, const struct model_consumer *consumer)
{
	size_t i, j;

	for (i = 0; i < consumer->n_receives; i++) {
		for (j = 0; j < consumer->receives[i].n_replies; j++)
			add_traffic(t, &consumer->receives[i].replies[j]);
	}
	for (i = 0; i < consumer->n_sends; i++)
		add_traffic(t, &consumer->sends[i]);
	for (i = 0; i < consumer->n_joins; i++)
		add_broadcasts(t, &consumer->joins[i]);
	for (i = 0; i < consumer->n_events; i++)
		add_traffic(t,
		        consumer->events[i].output != NULL ? consumer->events[i].output
		                                           : &consumer->events[i].event);
	check_parts(t->c, t->refs.n, consumer->place, "messages");
}

static void set_outgoing(struct check *c, struct model_consumer *consumer)
{
	struct traffic t = {.c = c, .names = {.arena = c->arena}};
	struct model_message_ref *refs;
	size_t i;

	add_outgoing(&t, consumer);
	refs = arena_array(c->arena, t.refs.n, sizeof(*refs));
	for (i = 0; i < t.refs.n; i++)
		refs[i] = *(struct model_message_ref *)t.refs.items[i];
	consumer->outgoing = refs;
	consumer->n_outgoing = t.refs.n;
	add_std(&t, consumer, "authentication");
	add_std(&t, consumer, "error");
	add_std(&t, consumer, "draining");
	if (consumer->completion) {
		add_std(&t, consumer, "complete");
		add_std(&t, consumer, "group_complete");
		add_std(&t, consumer, "event_complete");
	}
	check_wires(&t, "is what two messages sent here are called on the wire");
	traffic_clear(&t);
}

bool check_traffic(struct check *c)
{
	struct symbol *symbol;
	size_t at = 0;

	while ((symbol = check_next(c, SYMBOL_CONSUMER, &at)) != NULL) {
		check_incoming(c, symbol->consumer);
		set_events(c, symbol->consumer);
		set_outgoing(c, symbol->consumer);
	}
	return true;
}

/* --------------------------------------------------------------- handlers' ids */

/* In C each handler may have structs of its own, for answering later and for choosing an answer. */
static void check_handler_tags(
        struct check *c, const struct model_consumer *consumer, const struct model_receive *receive)
{
	static const char *const tails[] = {"reply", "pending"};
	size_t i;

	for (i = 0; i < sizeof(tails) / sizeof(tails[0]); i++) {
		const char *stem = names_join(c->arena, consumer->c_name, receive->in.c_id);
		const char *tag = names_join(c->arena, stem, tails[i]);

		if (names_is_taken(&c->tags, tag))
			diag_report(c->diag, DIAG_MADE_NAME, receive->in.place,
			        "in C 'struct %s' belongs to the handler of '%s', and to another "
			        "type of this "
			        "contract",
			        tag, receive->in.message->name);
	}
}

/* Members of a consumer's handlers in C: hooks, then terms, then messages, in this order. */
static void claim_handlers(struct check *c, struct symbol *symbol)
{
	struct names ids = {.arena = c->arena};
	const struct model_consumer *consumer = symbol->consumer;
	size_t i;

	names_claim(&ids, "connected");
	names_claim(&ids, "disconnected");
	if (consumer->object != NULL) {
		names_claim(&ids, names_join(c->arena, "load", consumer->object->name));
		names_claim(&ids, names_join(c->arena, "release", consumer->object->name));
	}
	for (i = 0; i < consumer->n_permit_terms; i++)
		symbol->permit_terms[i].c_id = names_claim(&ids, symbol->permit_terms[i].name);
	for (i = 0; i < consumer->n_receives; i++) {
		symbol->receives[i].in.c_id = names_claim(&ids, symbol->receives[i].in.c_id);
		check_handler_tags(c, consumer, &symbol->receives[i]);
	}
	names_clear(&ids);
}

bool check_handler_ids(struct check *c)
{
	struct symbol *symbol;
	size_t at = 0;

	while ((symbol = check_next(c, SYMBOL_CONSUMER, &at)) != NULL)
		claim_handlers(c, symbol);
	return true;
}
