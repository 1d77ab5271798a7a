/* SPDX-License-Identifier: MIT */
/*
 * check_traffic.c - messages as consumers and groups use them: which may go where, all that leaves
 * and enters a consumer, and that the wire tells it apart.
 */
#include "checks.h"

#include <stdlib.h>
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

	if (ref->message->is_std && c->contract->envelope.std_off) {
		diag_report(c->diag, DIAG_STD_OFF, ref->place,
		        "'%s' is a standard message, and these are switched off here", name);
		diag_note(c->diag, c->contract->envelope.place, "here");
		return false;
	}
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

/* -------------------------------------------------------- messages of a direction */

/* Messages of one direction, each once. */
struct traffic {
	struct check *c;
	const struct model_consumer *consumer;
	bool incoming;
	struct vec refs;      /* struct model_message_ref * */
	struct vec questions; /* what each answers; NULL: it stands for itself */
	struct names names;
};

/* What stands for itself is added first: a message that is both does not depend on its ref. */
static void add_answer(struct traffic *t, const struct model_message_ref *ref, const void *question)
{
	/* The C name of a message is its own; a set of names tells whether it is there. */
	if (t->refs.n > CHECK_MAX_PARTS || names_is_taken(&t->names, ref->message->c_name))
		return;
	names_claim(&t->names, ref->message->c_name);
	vec_push(&t->refs, (void *)(uintptr_t)ref);
	vec_push(&t->questions, (void *)(uintptr_t)question);
}

static void add_traffic(struct traffic *t, const struct model_message_ref *ref)
{
	add_answer(t, ref, NULL);
}

static void add_std(struct traffic *t, const char *name)
{
	struct model_message_ref *ref;
	const struct symbol *symbol;

	if (t->c->std == NULL || t->c->contract->envelope.std_off)
		return;
	symbol = scope_find(&t->c->std->scope, name);
	ref = arena_alloc(t->c->arena, sizeof(*ref));
	*ref = (struct model_message_ref){symbol->message, name, t->consumer->place};
	add_traffic(t, ref);
}

static void traffic_clear(struct traffic *t)
{
	names_clear(&t->names);
	vec_clear(&t->refs);
	vec_clear(&t->questions);
}

/* ------------------------------------------------------- told apart by their tags */

/* Without a ref, order alone would tell whose answer one is. */
static bool has_ref(const struct check *c)
{
	const struct model_envelope *envelope = &c->contract->envelope;

	return envelope->ref_position >= 0 || envelope->wire[MODEL_ENVELOPE_REF] != NULL;
}

/* Tags of what stands for itself, sorted by check_unique(). */
static struct check_key *own_keys(struct traffic *t, size_t *ret_n)
{
	struct check_key *keys = arena_array(t->c->arena, t->refs.n, sizeof(*keys));
	size_t n = 0, i;

	for (i = 0; i < t->refs.n; i++) {
		const struct model_message_ref *ref = t->refs.items[i];

		if ((t->questions.items[i] != NULL && has_ref(t->c)) ||
		        (ref->message->n_tags == 0 && !t->incoming))
			continue;
		keys[n++] = (struct check_key){check_tags_text(t->c, ref->message), ref->place};
	}
	*ret_n = n;
	return keys;
}

static int compare_key(const void *a, const void *b)
{
	const struct check_key *x = a, *y = b;

	return strcmp(x->text, y->text);
}

/* An answer differs from what is no answer, and from other answers of its question. */
static void check_answers(struct traffic *t, const struct check_key *own, size_t n_own)
{
	struct check_key *keys = arena_array(t->c->arena, t->refs.n, sizeof(*keys));
	const void *question = NULL;
	size_t n = 0, i;

	for (i = 0; i < t->refs.n; i++) {
		const struct model_message_ref *ref = t->refs.items[i];
		struct check_key key = {check_tags_text(t->c, ref->message), ref->place};
		const struct check_key *found;

		if (t->questions.items[i] == NULL || (ref->message->n_tags == 0 && !t->incoming))
			continue;
		found = n_own == 0 ? NULL : bsearch(&key, own, n_own, sizeof(key), compare_key);
		if (found != NULL) {
			diag_report(t->c->diag, DIAG_SAME_WIRE, key.place,
			        "'%s' is an answer on the wire, and something else", key.text);
			diag_note(t->c->diag, found->place, "the other one");
		}
		if (question != t->questions.items[i]) {
			check_unique(t->c, keys, n, DIAG_SAME_WIRE,
			        "is what two answers are called on the wire", "the other one");
			n = 0;
		}
		question = t->questions.items[i];
		keys[n++] = key;
	}
	check_unique(t->c, keys, n, DIAG_SAME_WIRE, "is what two answers are called on the wire",
	        "the other one");
}

/* Frames of a consumer are read by one contract's rules: what it takes from others keeps to them. */
static void check_foreign(struct traffic *t, const struct model_message_ref *ref)
{
	const struct model_contract *here = t->c->contract, *there = ref->message->contract;
	const struct model_discriminator *discriminator =
	        t->incoming ? &here->options.receive : &here->options.send;
	bool fine;
	size_t i;

	if (here == there || ref->message->is_std)
		return;
	fine = model_same_discriminator(ref->message->discriminator, discriminator) &&
	        here->envelope.ref_position == there->envelope.ref_position;
	for (i = 0; i < MODEL_N_ENVELOPE && fine; i++) {
		const char *a = here->envelope.wire[i], *b = there->envelope.wire[i];

		fine = (a == NULL) == (b == NULL) && (a == NULL || strcmp(a, b) == 0);
	}
	if (fine)
		return;
	diag_report(t->c->diag, DIAG_FOREIGN_MESSAGE, ref->place,
	        "frames of '%s.%s' are made in another way than those of this contract",
	        there->name, ref->message->name);
	diag_hint(t->c->diag, "discriminators and envelopes of both contracts have to be the same");
	diag_note(t->c->diag, ref->message->place, "declared here");
}

static void check_wires(struct traffic *t, const char *complaint)
{
	struct check_key *keys;
	size_t n, i;

	for (i = 0; i < t->refs.n; i++)
		check_foreign(t, t->refs.items[i]);
	keys = own_keys(t, &n);
	check_unique(t->c, keys, n, DIAG_SAME_WIRE, complaint, "the other one");
	if (has_ref(t->c))
		check_answers(t, keys, n);
}

/* ------------------------------------------------------ what leaves and enters */

static void check_incoming(struct check *c, const struct model_consumer *consumer)
{
	struct traffic t = {
	        .c = c, .consumer = consumer, .incoming = true, .names = {.arena = c->arena}};
	size_t i, j;

	for (i = 0; i < consumer->n_receives; i++)
		add_traffic(&t, &consumer->receives[i].in);
	if (consumer->accepts_authenticate)
		add_std(&t, "authenticate");
	for (i = 0; i < consumer->n_asks; i++) {
		for (j = 0; j < consumer->asks[i].n_answers; j++)
			add_answer(&t, &consumer->asks[i].answers[j], &consumer->asks[i]);
	}
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
static void add_event(struct check *c, struct vec *events, const struct model_group *group,
        const struct model_group_event *event, struct place place)
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
			diag_report(c->diag, DIAG_EVENT_TWO_WAYS, place,
			        "event '%s' comes by this group and by '%s', and becomes different "
			        "messages",
			        event->event.message->name, own->group->name);
			diag_note(c->diag, own->event.place, "the other group is joined here");
		}
		return;
	}
	own = arena_alloc(c->arena, sizeof(*own));
	own->group = group;
	own->event = *from_here(c, &event->event, place);
	own->output = from_here(c, event->output, place);
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
			add_event(c, &events, join->group, &join->group->events[j], join->place);
	}
	for (i = 0; consumer->topic != NULL && i < consumer->topic->n_events; i++)
		add_event(c, &events, consumer->topic, &consumer->topic->events[i],
		        consumer->topic->events[i].event.place);
	names_clear(&groups);
	check_parts(c, events.n, consumer->place, "events");
	list = arena_array(c->arena, events.n, sizeof(*list));
	for (i = 0; i < events.n; i++)
		list[i] = *(struct model_consumer_event *)events.items[i];
	consumer->events = list;
	consumer->n_events = events.n;
	vec_clear(&events);
}

static void add_broadcasts(struct traffic *t, const struct model_group *group, struct place place)
{
	size_t i;

	for (i = 0; i < group->n_broadcasts; i++) {
		const struct model_message_ref *ref = &group->broadcasts[i];

		if (!names_is_taken(&t->names, ref->message->c_name))
			add_traffic(t, from_here(t->c, ref, place));
	}
}

/* What leaves by itself, in the order of the clauses' kinds. */
static void add_own(struct traffic *t, const struct model_consumer *consumer)
{
	size_t i;

	for (i = 0; i < consumer->n_sends; i++)
		add_traffic(t, &consumer->sends[i]);
	for (i = 0; i < consumer->n_asks; i++)
		add_traffic(t, &consumer->asks[i].question);
	if (consumer->topic != NULL)
		add_broadcasts(t, consumer->topic, consumer->place);
	for (i = 0; i < consumer->n_joins; i++)
		add_broadcasts(t, consumer->joins[i].group, consumer->joins[i].place);
	for (i = 0; i < consumer->n_events; i++)
		add_traffic(t,
		        consumer->events[i].output != NULL ? consumer->events[i].output
		                                           : &consumer->events[i].event);
}

static void add_replies(struct traffic *t, const struct model_consumer *consumer)
{
	size_t i, j;

	for (i = 0; i < consumer->n_receives; i++) {
		for (j = 0; j < consumer->receives[i].n_replies; j++)
			add_answer(t, &consumer->receives[i].replies[j], &consumer->receives[i]);
	}
}

static void check_outgoing(struct check *c, const struct model_consumer *consumer)
{
	struct traffic t = {.c = c, .consumer = consumer, .names = {.arena = c->arena}};

	add_own(&t, consumer);
	add_std(&t, "authentication");
	add_std(&t, "error");
	add_std(&t, "draining");
	if (consumer->completion) {
		add_std(&t, "complete");
		add_std(&t, "group_complete");
		add_std(&t, "event_complete");
	}
	if (consumer->topic != NULL) {
		add_std(&t, "subscribed");
		add_std(&t, "unsubscribed");
	}
	add_replies(&t, consumer);
	if (consumer->error != NULL)
		add_answer(&t, consumer->error, consumer);
	check_wires(&t, "is what two messages sent here are called on the wire");
	traffic_clear(&t);
}

/* Everything that its clauses let out, replies first. */
static void set_outgoing(struct check *c, struct model_consumer *consumer)
{
	struct traffic t = {.c = c, .consumer = consumer, .names = {.arena = c->arena}};
	struct model_message_ref *refs;
	size_t i;

	add_replies(&t, consumer);
	add_own(&t, consumer);
	if (consumer->error != NULL)
		add_traffic(&t, consumer->error);
	check_parts(c, t.refs.n, consumer->place, "messages");
	refs = arena_array(c->arena, t.refs.n, sizeof(*refs));
	for (i = 0; i < t.refs.n; i++)
		refs[i] = *(struct model_message_ref *)t.refs.items[i];
	consumer->outgoing = refs;
	consumer->n_outgoing = t.refs.n;
	traffic_clear(&t);
}

bool check_traffic(struct check *c)
{
	struct symbol *symbol;
	size_t at = 0;

	while ((symbol = check_next_consumer(c, &at)) != NULL) {
		check_incoming(c, symbol->consumer);
		set_events(c, symbol->consumer);
		set_outgoing(c, symbol->consumer);
		check_outgoing(c, symbol->consumer);
	}
	return true;
}

/* --------------------------------------------------------------- handlers' ids */

/* Members of a consumer's handlers in C: hooks, then terms, then messages, in this order. */
static void claim_handlers(struct check *c, struct symbol *symbol)
{
	struct names ids = {.arena = c->arena};
	const struct model_consumer *consumer = symbol->consumer;
	size_t i;

	names_claim(&ids, "connected");
	names_claim(&ids, "disconnected");
	if (consumer->error != NULL)
		names_claim(&ids, "error");
	if (consumer->greeting != NULL)
		names_claim(&ids, names_join(c->arena, "greet", consumer->greeting->c_id));
	if (consumer->topic != NULL) {
		names_claim(&ids, "subscribed");
		names_claim(&ids, "unsubscribed");
		if (consumer->topic->presence != NULL)
			names_claim(&ids, "present");
	}
	/* Before the messages: two functions of one message do not change places. */
	for (i = 0; i < consumer->n_receives; i++) {
		if (consumer->receives[i].in.message->authenticates)
			symbol->receives[i].authenticate_id = names_claim(&ids,
			        names_join(
			                c->arena, "authenticate", consumer->receives[i].in.c_id));
	}
	if (consumer->object != NULL) {
		names_claim(&ids, names_join(c->arena, "load", consumer->object->name));
		names_claim(&ids, names_join(c->arena, "release", consumer->object->name));
	}
	for (i = 0; i < consumer->n_joins; i++) {
		if (consumer->joins[i].group->presence != NULL)
			names_claim(&ids, names_join(c->arena, "present", consumer->joins[i].c_id));
	}
	for (i = 0; i < consumer->n_permit_terms; i++)
		symbol->permit_terms[i].c_id = names_claim(&ids, symbol->permit_terms[i].name);
	for (i = 0; i < consumer->n_receives; i++) {
		symbol->receives[i].in.c_id = names_claim(&ids, symbol->receives[i].in.c_id);
	}
	names_clear(&ids);
}

bool check_handler_ids(struct check *c)
{
	struct symbol *symbol;
	size_t at = 0;

	while ((symbol = check_next_consumer(c, &at)) != NULL)
		claim_handlers(c, symbol);
	return true;
}
