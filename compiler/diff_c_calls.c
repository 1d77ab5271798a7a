/* SPDX-License-Identifier: MIT */
/*
 * diff_c_calls.c - the functions that a contract's header offers, and those that it asks for.
 *
 * Signatures are words that are compared, not C: they change where the C ones do.
 */
#include "diff_parts.h"

/* A consumer or group on its way into the list. */
struct owner {
	struct diff *d;
	struct vec *symbols;
	const char *c_name;
	const char *key;
};

static void add(const struct owner *owner, enum diff_symbol_kind kind, const char *key,
        const char *type, struct place place)
{
	diff_c_add(owner->d, owner->symbols,
	        (struct diff_symbol){.kind = kind,
	                .key = key,
	                .owner = owner->key,
	                .type = type,
	                .place = place});
}

static struct owner new_owner(
        struct diff *d, struct vec *symbols, const char *c_name, struct place place)
{
	struct owner owner = {d, symbols, c_name, arena_printf(d->arena, "%s()", c_name)};

	diff_c_add(d, symbols,
	        (struct diff_symbol){.kind = DIFF_SYMBOL_OWNER,
	                .key = owner.key,
	                .name = c_name,
	                .place = place});
	return owner;
}

static const char *message_type(const struct owner *owner, const struct model_message *message)
{
	return arena_printf(owner->d->arena, "struct %s", message->c_name);
}

/* ------------------------------------------------------------------ groups */

static const char *group_params(struct diff *d, const struct model_group *group)
{
	const char *text = "(";
	size_t i;

	for (i = 0; i < group->n_params; i++)
		text = arena_printf(d->arena, "%s%s %s, ", text,
		        diff_c_type(d, &group->params[i].member.use), group->params[i].member.c_id);
	return text;
}

static void add_group(struct diff *d, struct vec *symbols, const struct model_group *group)
{
	struct owner owner = new_owner(d, symbols, group->c_name, group->place);
	const char *params = group_params(d, group);
	size_t i;

	for (i = 0; i < group->n_broadcasts; i++) {
		const struct model_message_ref *ref = &group->broadcasts[i];

		add(&owner, DIFF_SYMBOL_FUNCTION,
		        arena_printf(d->arena, "%s_broadcast_%s", group->c_name, ref->c_id),
		        arena_printf(d->arena, "%s%s%s)", params,
		                message_type(&owner, ref->message),
		                ref->message->kind == MODEL_MESSAGE_GROUP ? " to each" : ""),
		        ref->place);
	}
	for (i = 0; i < group->n_events; i++) {
		const struct model_message_ref *ref = &group->events[i].event;

		add(&owner, DIFF_SYMBOL_FUNCTION,
		        arena_printf(d->arena, "%s_event_%s", group->c_name, ref->c_id),
		        arena_printf(d->arena, "%s%s)", params, message_type(&owner, ref->message)),
		        ref->place);
	}
	if (group->has_presence)
		add(&owner, DIFF_SYMBOL_FUNCTION,
		        arena_printf(d->arena, "%s_read_roster", group->c_name),
		        arena_printf(d->arena, "%s%s)", params,
		                group->presence != NULL ? group->presence->c_name : ""),
		        group->place);
}

/* --------------------------------------------------------------- consumers */

static const char *handler_name(const struct owner *owner, const char *prefix, const char *c_id)
{
	return arena_printf(owner->d->arena, "%s_handlers.%s%s", owner->c_name, prefix, c_id);
}

static const char *answer_words(const struct owner *owner, const struct model_message *in,
        const struct model_message_ref *replies, size_t n)
{
	const char *text = message_type(owner, in);
	size_t i;

	if (n == 1)
		return arena_printf(owner->d->arena, "(%s, %s *)", text,
		        message_type(owner, replies[0].message));
	text = arena_printf(owner->d->arena, "(%s%s", text, n == 0 ? "" : ", one of");
	for (i = 0; i < n; i++)
		text = arena_printf(owner->d->arena, "%s %s", text, replies[i].c_id);
	return arena_printf(owner->d->arena, "%s)", text);
}

/* The server answers ping by itself. */
static bool is_handled(const struct model_receive *receive)
{
	return !receive->in.message->is_std;
}

static void add_handlers(const struct owner *owner, const struct model_consumer *consumer)
{
	size_t i;

	for (i = 0; i < consumer->n_receives; i++) {
		const struct model_receive *receive = &consumer->receives[i];

		if (is_handled(receive))
			add(owner, DIFF_SYMBOL_HANDLER, handler_name(owner, "", receive->in.c_id),
			        answer_words(owner, receive->in.message, receive->replies,
			                receive->n_replies),
			        receive->in.place);
	}
	for (i = 0; i < consumer->n_events; i++) {
		const struct model_consumer_event *event = &consumer->events[i];

		if (event->output != NULL)
			add(owner, DIFF_SYMBOL_HANDLER,
			        handler_name(owner, "event_", event->event.c_id),
			        answer_words(owner, event->event.message, event->output, 1),
			        event->event.place);
	}
	if (consumer->greeting != NULL)
		add(owner, DIFF_SYMBOL_HANDLER,
		        handler_name(owner, "greet_", consumer->greeting->c_id),
		        message_type(owner, consumer->greeting->message),
		        consumer->greeting->place);
	if (consumer->error != NULL)
		add(owner, DIFF_SYMBOL_HANDLER, handler_name(owner, "", "error"),
		        message_type(owner, consumer->error->message), consumer->error->place);
	for (i = 0; i < consumer->n_asks; i++) {
		const struct model_ask *ask = &consumer->asks[i];

		add(owner, DIFF_SYMBOL_FUNCTION,
		        arena_printf(
		                owner->d->arena, "%s_ask_%s", owner->c_name, ask->question.c_id),
		        answer_words(owner, ask->question.message, ask->answers, ask->n_answers),
		        ask->question.place);
	}
}

static void add_look_ups(const struct owner *owner, const struct model_consumer *consumer)
{
	const char *object = consumer->object != NULL ? consumer->object->name : NULL;
	size_t i;

	for (i = 0; i < consumer->n_permit_terms; i++) {
		const struct model_permit_term *term = &consumer->permit_terms[i];

		if (!term->is_authenticated)
			add(owner, DIFF_SYMBOL_HANDLER, handler_name(owner, "", term->c_id),
			        arena_printf(owner->d->arena, "(user%s%s)",
			                !term->user_only && consumer->n_params != 0 ? ", params"
			                                                            : "",
			                !term->user_only && term->after_object && object != NULL
			                        ? arena_printf(
			                                  owner->d->arena, ", struct %s", object)
			                        : ""),
			        term->place);
	}
	if (object != NULL) {
		add(owner, DIFF_SYMBOL_HANDLER, handler_name(owner, "load_", object), NULL,
		        consumer->object->place);
		add(owner, DIFF_SYMBOL_HANDLER, handler_name(owner, "release_", object), NULL,
		        consumer->object->place);
	}
}

/* The hook that gives an entry, and the function that changes it. */
static void add_presence(const struct owner *owner, const struct model_join *join)
{
	const struct model_group *group = join->group;
	const char *type;

	if (group->presence == NULL)
		return;
	type = arena_printf(owner->d->arena, "%sstruct %s)", group_params(owner->d, group),
	        group->presence->c_name);
	add(owner, DIFF_SYMBOL_HANDLER, handler_name(owner, "present_", join->c_id), type,
	        join->place);
	add(owner, DIFF_SYMBOL_FUNCTION,
	        arena_printf(owner->d->arena, "%s_present_%s", owner->c_name, join->c_id), type,
	        join->place);
}

static void add_calls(const struct owner *owner, const struct model_consumer *consumer)
{
	struct diff *d = owner->d;
	size_t i;

	for (i = 0; i < consumer->n_sends; i++)
		add(owner, DIFF_SYMBOL_FUNCTION,
		        arena_printf(
		                d->arena, "%s_send_%s", owner->c_name, consumer->sends[i].c_id),
		        message_type(owner, consumer->sends[i].message), consumer->sends[i].place);
	for (i = 0; i < consumer->n_sends && consumer->topic == NULL; i++)
		add(owner, DIFF_SYMBOL_FUNCTION,
		        arena_printf(
		                d->arena, "%s_tell_%s", owner->c_name, consumer->sends[i].c_id),
		        message_type(owner, consumer->sends[i].message), consumer->sends[i].place);
	for (i = 0; i < consumer->n_joins; i++)
		add(owner, DIFF_SYMBOL_FUNCTION,
		        arena_printf(
		                d->arena, "%s_join_%s", owner->c_name, consumer->joins[i].c_id),
		        NULL, consumer->joins[i].place);
	for (i = 0; i < consumer->n_joins; i++)
		add_presence(owner, &consumer->joins[i]);
	for (i = 0; i < consumer->n_params; i++) {
		const struct model_member *member = &consumer->params[i].member;

		diff_c_use(d, owner->symbols, &member->use);
		diff_c_add(d, owner->symbols,
		        (struct diff_symbol){.kind = DIFF_SYMBOL_MEMBER,
		                .key = arena_printf(
		                        d->arena, "%s_params.%s", owner->c_name, member->c_id),
		                .owner = owner->key,
		                .type = diff_c_type(d, &member->use),
		                .is_optional = member->optional,
		                .place = member->place});
	}
}

static void add_consumer(struct diff *d, struct vec *symbols, const struct model_consumer *consumer)
{
	struct owner owner = new_owner(d, symbols,
	        consumer->topic != NULL ? arena_printf(d->arena, "%s_topic", consumer->c_name)
	                                : consumer->c_name,
	        consumer->place);

	owner.c_name = consumer->c_name;
	add_handlers(&owner, consumer);
	add_look_ups(&owner, consumer);
	add_calls(&owner, consumer);
}

void diff_c_calls(struct diff *d, const struct model_contract *contract, struct vec *symbols)
{
	size_t i;

	for (i = 0; i < contract->n_groups; i++)
		add_group(d, symbols, contract->groups[i]);
	for (i = 0; i < contract->n_consumers; i++)
		add_consumer(d, symbols, contract->consumers[i]);
	for (i = 0; i < contract->n_topics; i++)
		add_consumer(d, symbols, contract->topics[i]);
}
