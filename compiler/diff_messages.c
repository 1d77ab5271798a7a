/* SPDX-License-Identifier: MIT */
/*
 * diff_messages.c - what a consumer or topic receives, answers, sends and asks.
 *
 * Messages are the same where their tags are. A message that the server sends of its own accord and
 * that old clients do not know is no break: they are expected to ignore it.
 */
#include <inttypes.h>
#include <string.h>

#include "diff_parts.h"

/* The consumer, old and new, and where findings about it belong. */
struct pair {
	const struct diff_path *path;
	const struct model_consumer *before;
	const struct model_consumer *after;
};

static const struct model_message_ref *find_ref(
        const struct model_message_ref *refs, size_t n, const struct model_message *message)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (diff_same_tags(refs[i].message, message))
			return &refs[i];
	}
	return NULL;
}

static const struct model_message_ref *find_name(
        const struct model_message_ref *refs, size_t n, const struct model_message *message)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (strcmp(refs[i].message->name, message->name) == 0)
			return &refs[i];
	}
	return NULL;
}

static void flow_message(
        struct diff *d, const struct model_message *before, const struct model_message *after)
{
	const struct diff_path *path = diff_path_add(d, NULL, "message %s", after->name);
	struct diff_places places = {&before->place, &after->place};

	if (d->side == DIFF_TO_CLIENT && before->kind == MODEL_MESSAGE_GROUP &&
	        after->kind != MODEL_MESSAGE_GROUP && diff_first_time(d, before, after))
		diff_found(d, DIFF_GROUP_MARKS, path, places, "is no group message any more");
	diff_flow_type(d, path, (struct diff_types){before->record, after->record, places});
}

/* ---------------------------------------------------------------- receiving */

static const struct model_receive *find_receive(
        const struct model_consumer *consumer, const struct model_message *message)
{
	size_t i;

	for (i = 0; i < consumer->n_receives; i++) {
		if (diff_same_tags(consumer->receives[i].in.message, message))
			return &consumer->receives[i];
	}
	return NULL;
}

static const struct model_receive *find_receive_name(
        const struct model_consumer *consumer, const char *name)
{
	size_t i;

	for (i = 0; i < consumer->n_receives; i++) {
		if (strcmp(consumer->receives[i].in.message->name, name) == 0)
			return &consumer->receives[i];
	}
	return NULL;
}

static void report_refused(
        struct diff *d, const struct pair *pair, const struct model_receive *before)
{
	const struct model_message *message = before->in.message;
	const struct model_receive *renamed = find_receive_name(pair->after, message->name);

	if (renamed != NULL)
		diff_found(d, DIFF_MESSAGE_RENAMED, pair->path,
		        (struct diff_places){&message->place, &renamed->in.message->place},
		        "message '%s' was \"%s\" and is \"%s\" in JSON", message->name,
		        message->wire, renamed->in.message->wire);
	else
		diff_found(d, DIFF_MESSAGE_REFUSED, pair->path,
		        (struct diff_places){&before->in.place, NULL}, "'%s' is received no longer",
		        message->name);
}

/* Somebody waits for one of these answers. */
static void flow_replies(struct diff *d, const struct pair *pair,
        const struct model_receive *before, const struct model_receive *after)
{
	struct diff_places places = {&before->in.place, &after->in.place};
	size_t i;

	if (before->n_replies == 0)
		return;
	if (after->n_replies == 0)
		diff_found(d, DIFF_REPLY, pair->path, places, "'%s' is not answered any more",
		        after->in.message->name);
	for (i = 0; i < after->n_replies; i++) {
		if (find_ref(before->replies, before->n_replies, after->replies[i].message) == NULL)
			diff_found(d, DIFF_REPLY, pair->path,
			        (struct diff_places){&before->in.place, &after->replies[i].place},
			        "'%s' may be answered by '%s' now", after->in.message->name,
			        after->replies[i].message->name);
	}
}

static void receiving(struct diff *d, const struct pair *pair)
{
	size_t i;

	for (i = 0; i < pair->before->n_receives; i++) {
		const struct model_receive *before = &pair->before->receives[i];
		const struct model_receive *after = find_receive(pair->after, before->in.message);

		d->side = DIFF_TO_SERVER;
		if (after == NULL) {
			report_refused(d, pair, before);
			continue;
		}
		flow_message(d, before->in.message, after->in.message);
		d->side = DIFF_TO_CLIENT;
		flow_replies(d, pair, before, after);
	}
}

/* ------------------------------------------------------------------ sending */

static bool is_reply(const struct model_consumer *consumer, const struct model_message *message)
{
	size_t i;

	for (i = 0; i < consumer->n_receives; i++) {
		const struct model_receive *receive = &consumer->receives[i];

		if (find_ref(receive->replies, receive->n_replies, message) != NULL)
			return true;
	}
	return false;
}

static void report_gone(
        struct diff *d, const struct pair *pair, const struct model_message_ref *before)
{
	const struct model_message *message = before->message;
	const struct model_message_ref *renamed =
	        find_name(pair->after->outgoing, pair->after->n_outgoing, message);

	if (renamed != NULL)
		diff_found(d, DIFF_MESSAGE_RENAMED, pair->path,
		        (struct diff_places){&message->place, &renamed->message->place},
		        "message '%s' was \"%s\" and is \"%s\" in JSON", message->name,
		        message->wire, renamed->message->wire);
	else if (!is_reply(pair->before, message))
		diff_found(d, DIFF_MESSAGE_GONE, pair->path,
		        (struct diff_places){&before->place, NULL}, "'%s' is sent no longer",
		        message->name);
}

static void sending(struct diff *d, const struct pair *pair)
{
	size_t i;

	d->side = DIFF_TO_CLIENT;
	for (i = 0; i < pair->before->n_outgoing; i++) {
		const struct model_message_ref *before = &pair->before->outgoing[i];
		const struct model_message_ref *after =
		        find_ref(pair->after->outgoing, pair->after->n_outgoing, before->message);

		if (after == NULL)
			report_gone(d, pair, before);
		else
			flow_message(d, before->message, after->message);
	}
	if (pair->before->completion && !pair->after->completion)
		diff_found(d, DIFF_COMPLETION, pair->path,
		        (struct diff_places){&pair->before->place, &pair->after->place},
		        "'completion' is gone");
}

/* ------------------------------------------------------------------- asking */

static const struct model_ask *find_ask(
        const struct model_consumer *consumer, const struct model_message *question)
{
	size_t i;

	for (i = 0; i < consumer->n_asks; i++) {
		if (diff_same_tags(consumer->asks[i].question.message, question))
			return &consumer->asks[i];
	}
	return NULL;
}

static void flow_answers(struct diff *d, const struct pair *pair, const struct model_ask *before,
        const struct model_ask *after)
{
	size_t i;

	d->side = DIFF_TO_SERVER;
	for (i = 0; i < before->n_answers; i++) {
		const struct model_message *message = before->answers[i].message;
		const struct model_message_ref *answer =
		        find_ref(after->answers, after->n_answers, message);

		if (answer != NULL)
			flow_message(d, message, answer->message);
		else
			diff_found(d, DIFF_QUESTION, pair->path,
			        (struct diff_places){
			                &before->answers[i].place, &after->question.place},
			        "'%s' is no answer to '%s' any more", message->name,
			        after->question.message->name);
	}
}

static void asking(struct diff *d, const struct pair *pair)
{
	size_t i;

	for (i = 0; i < pair->after->n_asks; i++) {
		const struct model_ask *after = &pair->after->asks[i];
		const struct model_ask *before = find_ask(pair->before, after->question.message);

		d->side = DIFF_TO_CLIENT;
		if (before == NULL) {
			diff_found(d, DIFF_QUESTION, pair->path,
			        (struct diff_places){NULL, &after->question.place},
			        "'%s' is asked now", after->question.message->name);
			continue;
		}
		flow_message(d, before->question.message, after->question.message);
		flow_answers(d, pair, before, after);
	}
}

/* ------------------------------------------------------------------- limits */

static const struct model_limit *find_limit(
        const struct model_consumer *consumer, const struct model_limit *wanted)
{
	size_t i;

	for (i = 0; i < consumer->n_limits; i++) {
		const struct model_limit *limit = &consumer->limits[i];

		if (limit->kind == wanted->kind &&
		        (limit->message == NULL || diff_same_tags(limit->message, wanted->message)))
			return limit;
	}
	return NULL;
}

static const char *limit_name(struct diff *d, const struct model_limit *limit)
{
	if (limit->kind == MODEL_LIMIT_ACTION)
		return arena_printf(d->arena, "'limit %s'", limit->message->name);
	return limit->kind == MODEL_LIMIT_FRAME ? "'limit frame'" : "'limit' over all frames";
}

/* Tokens per time; the product of 32 and 64 bits is compared in floating point. */
static bool is_slower(const struct model_limit *before, const struct model_limit *after)
{
	return (double)after->count * (double)before->period_ms <
	        (double)before->count * (double)after->period_ms;
}

static void flow_limit(struct diff *d, const struct pair *pair, const struct model_limit *after)
{
	const struct model_limit *before = find_limit(pair->before, after);
	struct diff_places places = {before != NULL ? &before->place : NULL, &after->place};

	if (before == NULL)
		diff_found(d, DIFF_LIMIT, pair->path, places, "%s is new", limit_name(d, after));
	else if (after->kind == MODEL_LIMIT_FRAME && after->bytes < before->bytes)
		diff_found(d, DIFF_LIMIT, pair->path, places,
		        "%s was %" PRIu64 " bytes and is %" PRIu64, limit_name(d, after),
		        before->bytes, after->bytes);
	else if (after->kind != MODEL_LIMIT_FRAME && is_slower(before, after))
		diff_found(d, DIFF_LIMIT, pair->path, places,
		        "%s was %" PRIu32 " per %" PRIu64 " ms and is %" PRIu32 " per %" PRIu64
		        " ms",
		        limit_name(d, after), before->count, before->period_ms, after->count,
		        after->period_ms);
	else if (after->kind != MODEL_LIMIT_FRAME && after->burst < before->burst)
		diff_found(d, DIFF_LIMIT, pair->path, places,
		        "the burst of %s was %" PRIu32 " and is %" PRIu32, limit_name(d, after),
		        before->burst, after->burst);
}

void diff_messages(struct diff *d, const struct diff_path *path,
        const struct model_consumer *before, const struct model_consumer *after)
{
	struct pair pair = {path, before, after};
	size_t i;

	receiving(d, &pair);
	sending(d, &pair);
	asking(d, &pair);
	d->side = DIFF_TO_SERVER;
	for (i = 0; i < after->n_limits; i++)
		flow_limit(d, &pair, &after->limits[i]);
}
