/* SPDX-License-Identifier: MIT */
/*
 * diff_traffic.c - contracts, consumers, topics and groups: who is there, and who is let in.
 *
 * Consumers are the same where their names are, or else their paths. Only what clients see: functions
 * and handlers are in diff_c_calls.c.
 */
#include <inttypes.h>
#include <string.h>

#include "diff_parts.h"

/* ------------------------------------------------------------------- frames */

static bool same_keys(const struct model_options *a, const struct model_options *b,
        const struct model_discriminator *x, const struct model_discriminator *y)
{
	if (x->n_keys == 0 && y->n_keys == 0)
		return diff_same_text(a->discriminator, b->discriminator);
	return model_same_discriminator(x, y);
}

static void keys(struct diff *d, const struct diff_path *path, struct diff_places places)
{
	const struct model_options *before = &d->before->main->options;
	const struct model_options *after = &d->after->main->options;

	d->side = DIFF_TO_SERVER;
	if (!same_keys(before, after, &before->receive, &after->receive))
		diff_found(d, DIFF_MESSAGE_KEY, path, places,
		        "messages of clients are told apart by something else");
	d->side = DIFF_TO_CLIENT;
	if (!same_keys(before, after, &before->send, &after->send))
		diff_found(d, DIFF_MESSAGE_KEY, path, places,
		        "messages of the server are told apart by something else");
}

static const char *wire_words(struct diff *d, const char *wire)
{
	return wire == NULL ? "off" : arena_printf(d->arena, "\"%s\"", wire);
}

static void envelope(struct diff *d, const struct diff_path *path, struct diff_places places)
{
	static const struct {
		bool to_server;
		bool to_client;
	} members[] = {
	        [MODEL_ENVELOPE_REF] = {true, true},
	        [MODEL_ENVELOPE_TOPIC] = {true, true},
	        [MODEL_ENVELOPE_MESSAGE_ID] = {true, false},
	        [MODEL_ENVELOPE_SEQ] = {false, true},
	        [MODEL_ENVELOPE_EPOCH] = {false, true},
	        [MODEL_ENVELOPE_VERSION] = {true, true},
	        [MODEL_ENVELOPE_IS_MINE] = {false, true},
	        [MODEL_ENVELOPE_IS_CURRENT] = {false, true},
	};
	const struct model_envelope *before = &d->before->main->envelope;
	const struct model_envelope *after = &d->after->main->envelope;
	size_t i;

	for (d->side = DIFF_TO_SERVER; d->side <= DIFF_TO_CLIENT; d->side++) {
		for (i = 0; i < MODEL_N_ENVELOPE; i++) {
			if ((d->side == DIFF_TO_SERVER ? members[i].to_server
			                               : members[i].to_client) &&
			        before->wire[i] != NULL &&
			        !diff_same_text(before->wire[i], after->wire[i]))
				diff_found(d, DIFF_ENVELOPE, path, places, "'%s' was %s and is %s",
				        model_envelope_member_name((enum model_envelope_member)i),
				        wire_words(d, before->wire[i]),
				        wire_words(d, after->wire[i]));
		}
		if (before->ref_kind != after->ref_kind ||
		        before->ref_position != after->ref_position)
			diff_found(d, DIFF_ENVELOPE, path, places, "'ref' is another value now");
		if (!before->std_off && after->std_off)
			diff_found(d, DIFF_ENVELOPE, path, places,
			        "the standard messages are switched off");
	}
}

/* --------------------------------------------------------------------- paths */

static bool same_path(const struct model_consumer *a, const struct model_consumer *b)
{
	size_t i;

	if (a->url == NULL || b->url == NULL)
		return a->url == b->url;
	if (a->n_segments != b->n_segments || a->trailing_slash != b->trailing_slash)
		return false;
	for (i = 0; i < a->n_segments; i++) {
		if (!diff_same_text(a->segments[i].literal, b->segments[i].literal))
			return false;
	}
	return true;
}

static const struct model_param *find_query(
        const struct model_consumer *consumer, const struct model_member *member)
{
	size_t i;

	for (i = 0; i < consumer->n_params; i++) {
		if (!consumer->params[i].in_path &&
		        strcmp(consumer->params[i].member.wire, member->wire) == 0)
			return &consumer->params[i];
	}
	return NULL;
}

static bool may_be_absent(const struct model_member *member)
{
	return member->optional || member->default_value != NULL;
}

static void flow_param(struct diff *d, const struct diff_path *path,
        const struct model_member *before, const struct model_member *after)
{
	diff_flow(d, diff_path_add(d, path, "%s", after->name),
	        (struct diff_uses){&before->use, &after->use, {&before->place, &after->place}});
}

static void flow_path(struct diff *d, const struct diff_path *path,
        const struct model_consumer *before, const struct model_consumer *after)
{
	size_t i;

	for (i = 0; i < before->n_segments; i++) {
		if (before->segments[i].param != NULL)
			flow_param(d, path, &before->segments[i].param->member,
			        &after->segments[i].param->member);
	}
}

static void flow_query(struct diff *d, const struct diff_path *path,
        const struct model_consumer *before, const struct model_consumer *after)
{
	size_t i;

	for (i = 0; i < after->n_params; i++) {
		const struct model_member *member = &after->params[i].member;
		const struct model_param *old = find_query(before, member);

		if (after->params[i].in_path)
			continue;
		if (old != NULL)
			flow_param(d, path, &old->member, member);
		if (!may_be_absent(member) && (old == NULL || may_be_absent(&old->member)))
			diff_found(d, DIFF_PARAM_REQUIRED,
			        diff_path_add(d, path, "%s", member->name),
			        (struct diff_places){
			                old != NULL ? &old->member.place : NULL, &member->place},
			        old == NULL ? "is new and required" : "is required now");
	}
}

static void flow_url(struct diff *d, const struct diff_path *path, struct diff_places places,
        const struct model_consumer *before, const struct model_consumer *after)
{
	d->side = DIFF_TO_SERVER;
	if (before->url == NULL)
		return;
	if (!same_path(before, after)) {
		diff_found(d, DIFF_URL, path, places, "its path was \"%s\" and is %s", before->url,
		        after->url == NULL ? "gone" : wire_words(d, after->url));
		return;
	}
	flow_path(d, path, before, after);
	flow_query(d, path, before, after);
}

/* ----------------------------------------------------------------- admission */

static const char *const auth_names[] = {[MODEL_AUTH_SESSION] = "session",
        [MODEL_AUTH_JWT] = "jwt",
        [MODEL_AUTH_TICKET] = "ticket",
        [MODEL_AUTH_BASIC] = "basic",
        [MODEL_AUTH_ANONYMOUS] = "anonymous"};

/* Without a clause everybody is anonymous. */
static bool has_auth(const struct model_consumer *consumer, enum model_auth kind)
{
	size_t i;

	if (consumer->n_auth == 0)
		return kind == MODEL_AUTH_ANONYMOUS;
	for (i = 0; i < consumer->n_auth; i++) {
		if (consumer->auth[i] == kind)
			return true;
	}
	return false;
}

static bool has_subprotocol(const struct model_consumer *consumer, const char *name)
{
	size_t i;

	for (i = 0; i < consumer->n_subprotocols; i++) {
		if (strcmp(consumer->subprotocols[i], name) == 0)
			return true;
	}
	return false;
}

static void admission(struct diff *d, const struct diff_path *path, struct diff_places places,
        const struct model_consumer *before, const struct model_consumer *after)
{
	const struct model_message *old = before->auth_message, *new = after->auth_message;
	size_t i;

	d->side = DIFF_TO_SERVER;
	for (i = 0; i < sizeof(auth_names) / sizeof(auth_names[0]); i++) {
		if (has_auth(before, (enum model_auth)i) && !has_auth(after, (enum model_auth)i))
			diff_found(d, DIFF_AUTH, path, places, "'%s' authenticates nobody any more",
			        auth_names[i]);
	}
	if (old != NULL && (new == NULL || !diff_same_tags(old, new)))
		diff_found(d, DIFF_AUTH, path, places, "message '%s' authenticates nobody any more",
		        old->name);
	else if (old != NULL)
		diff_flow_type(d, diff_path_add(d, NULL, "message %s", new->name),
		        (struct diff_types){old->record, new->record, {&old->place, &new->place}});
	if (!diff_permit_within(before, after))
		diff_found(d, DIFF_PERMIT, path, places, "'permit' asks for more");
	for (i = 0; i < before->n_subprotocols; i++) {
		if (after->n_subprotocols != 0 && !has_subprotocol(after, before->subprotocols[i]))
			diff_found(d, DIFF_SUBPROTOCOL, path, places,
			        "subprotocol \"%s\" is spoken no longer", before->subprotocols[i]);
	}
}

/* -------------------------------------------------------- topics and consumers */

static const struct model_consumer *find_topic(
        const struct model_consumer *const *topics, size_t n, const char *name)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (strcmp(topics[i]->name, name) == 0)
			return topics[i];
	}
	return NULL;
}

static void mounted(struct diff *d, const struct diff_path *path, struct diff_places places,
        const struct model_consumer *before, const struct model_consumer *after)
{
	size_t i;

	d->side = DIFF_TO_SERVER;
	for (i = 0; i < before->n_topics; i++) {
		if (find_topic(after->topics, after->n_topics, before->topics[i]->name) == NULL)
			diff_found(d, DIFF_TOPIC_GONE, path, places, "topic '%s' is gone",
			        before->topics[i]->name);
	}
}

static void compare_consumer(struct diff *d, const char *word, const struct model_consumer *before,
        const struct model_consumer *after)
{
	const struct diff_path *path = diff_path_add(d, NULL, "%s %s", word, after->name);
	struct diff_places places = {&before->place, &after->place};

	flow_url(d, path, places, before, after);
	admission(d, path, places, before, after);
	diff_messages(d, path, before, after);
	mounted(d, path, places, before, after);
}

/* By name; else by path, where nobody else has the new name. */
static const struct model_consumer *find_consumer(
        const struct diff *d, const struct model_consumer *wanted)
{
	const struct model_contract *before = d->before->main, *after = d->after->main;
	size_t i;

	for (i = 0; i < after->n_consumers; i++) {
		if (strcmp(after->consumers[i]->name, wanted->name) == 0)
			return after->consumers[i];
	}
	for (i = 0; i < after->n_consumers; i++) {
		if (same_path(after->consumers[i], wanted) &&
		        find_topic(before->consumers, before->n_consumers,
		                after->consumers[i]->name) == NULL)
			return after->consumers[i];
	}
	return NULL;
}

static void compare_or_miss(struct diff *d, const char *word, const struct model_consumer *before,
        const struct model_consumer *after)
{
	d->side = DIFF_TO_SERVER;
	if (after != NULL)
		compare_consumer(d, word, before, after);
	else if (before->url != NULL)
		diff_found(d, DIFF_CONSUMER_GONE,
		        diff_path_add(d, NULL, "%s %s", word, before->name),
		        (struct diff_places){&before->place, NULL}, "is gone");
}

static void consumers(struct diff *d)
{
	const struct model_contract *before = d->before->main, *after = d->after->main;
	size_t i;

	for (i = 0; i < before->n_consumers; i++)
		compare_or_miss(d, "consumer", before->consumers[i],
		        find_consumer(d, before->consumers[i]));
	for (i = 0; i < before->n_topics; i++)
		compare_or_miss(d, "topic", before->topics[i],
		        find_topic(after->topics, after->n_topics, before->topics[i]->name));
}

/* -------------------------------------------------------------------- groups */

static bool same_name(const struct model_group *a, const struct model_group *b)
{
	size_t i;

	if (a->n_parts != b->n_parts)
		return false;
	for (i = 0; i < a->n_parts; i++) {
		if (!diff_same_text(a->parts[i].literal, b->parts[i].literal))
			return false;
	}
	return true;
}

static const struct model_history *find_history(
        const struct model_group *group, const struct model_message *message)
{
	size_t i;

	for (i = 0; i < group->n_histories; i++) {
		if (diff_same_tags(group->histories[i].message.message, message))
			return &group->histories[i];
	}
	return NULL;
}

/* 0 is without bound. */
static bool is_less(uint64_t before, uint64_t after)
{
	return after != 0 && (before == 0 || after < before);
}

static void histories(struct diff *d, const struct diff_path *path,
        const struct model_group *before, const struct model_group *after)
{
	size_t i;

	for (i = 0; i < before->n_histories; i++) {
		const struct model_history *old = &before->histories[i];
		const struct model_history *new = find_history(after, old->message.message);
		const char *name = old->message.message->name;

		if (new == NULL)
			diff_found(d, DIFF_HISTORY, path, (struct diff_places){&old->place, NULL},
			        "the history of '%s' is gone", name);
		else if (is_less(old->keep, new->keep) || is_less(old->for_ms, new->for_ms))
			diff_found(d, DIFF_HISTORY, path,
			        (struct diff_places){&old->place, &new->place},
			        "the history of '%s' is shorter", name);
	}
}

static void compare_group(
        struct diff *d, const struct model_group *before, const struct model_group *after)
{
	const struct diff_path *path = diff_path_add(
	        d, NULL, "%s %s", after->topic != NULL ? "topic" : "group", after->name);
	struct diff_places places = {&before->place, &after->place};
	bool is_seen =
	        before->topic != NULL || before->presence != NULL || before->n_histories != 0;

	for (d->side = DIFF_TO_SERVER; d->side <= DIFF_C; d->side++) {
		if (!same_name(before, after) &&
		        (d->side == DIFF_C || (d->side == DIFF_TO_CLIENT && is_seen) ||
		                before->topic != NULL))
			diff_found(d, DIFF_GROUP_NAME, path, places, "its name is made otherwise");
	}
	d->side = DIFF_TO_CLIENT;
	histories(d, path, before, after);
	if (before->is_durable && !after->is_durable && after->n_histories != 0)
		diff_found(d, DIFF_DURABLE, path, places, "it is no longer 'durable disk'");
	if (before->presence != NULL && after->presence == NULL)
		diff_found(d, DIFF_PRESENCE, path, places, "'presence' is gone");
	else if (before->presence != NULL)
		diff_flow_type(d, diff_path_add(d, path, "presence"),
		        (struct diff_types){before->presence, after->presence, places});
}

static void groups(struct diff *d)
{
	const struct model_contract *before = d->before->main, *after = d->after->main;
	size_t i, j;

	for (i = 0; i < before->n_groups; i++) {
		for (j = 0; j < after->n_groups; j++) {
			if (strcmp(before->groups[i]->name, after->groups[j]->name) == 0)
				compare_group(d, before->groups[i], after->groups[j]);
		}
	}
}

void diff_traffic(struct diff *d)
{
	const struct model_contract *before = d->before->main, *after = d->after->main;
	const struct diff_path *path = diff_path_add(d, NULL, "contract %s", after->name);
	struct diff_places places = {&before->place, &after->place};

	keys(d, path, places);
	envelope(d, path, places);
	consumers(d);
	groups(d);
	diff_flow_all(d);
}
