/* SPDX-License-Identifier: MIT */
/*
 * emit_c_consumer_table.c - the const tables that describe a consumer to the server, and serve().
 * The tables' types are those of <msgc/consumer.h>, member for member.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "emit_c_consumer.h"
#include "emit_c_parts.h"

static void open_table(const struct consumer_c *cc, const char *type, const char *name)
{
	writer_blank(cc->w);
	writer_open(cc->w, "static const %s %s__%s[] = {", type, cc->stem, name);
}

static void close_table(const struct consumer_c *cc)
{
	writer_close(cc->w, "};");
}

/* ---------------------------------------------------------- path and auth */

static void path_tables(const struct consumer_c *cc)
{
	const struct model_consumer *consumer = cc->consumer;
	struct writer *w = cc->w;

	if (consumer->n_segments > 0) {
		open_table(cc, "struct msgc_segment", "path");
		for (size_t i = 0; i < consumer->n_segments; i++) {
			const struct model_segment *segment = &consumer->segments[i];

			if (segment->literal)
				writer_line(w, "{.literal = %s},",
				        writer_c_literal(
				                w, segment->literal, strlen(segment->literal)));
			else
				writer_line(w, "{.param = %zu},",
				        (size_t)(segment->param - consumer->params));
		}
		close_table(cc);
	}
	if (consumer->n_params > 0) {
		open_table(cc, "char *const", "params");
		for (size_t i = 0; i < consumer->n_params; i++) {
			const char *wire = consumer->params[i].member.wire;

			writer_line(w, "%s,", writer_c_literal(w, wire, strlen(wire)));
		}
		close_table(cc);
	}
}

static void auth_table(const struct consumer_c *cc)
{
	static const char *const kinds[] = {
	        [MODEL_AUTH_SESSION] = "MSGC_AUTH_SESSION",
	        [MODEL_AUTH_JWT] = "MSGC_AUTH_JWT",
	        [MODEL_AUTH_TICKET] = "MSGC_AUTH_TICKET",
	        [MODEL_AUTH_BASIC] = "MSGC_AUTH_BASIC",
	        [MODEL_AUTH_ANONYMOUS] = "MSGC_AUTH_ANONYMOUS",
	};

	if (cc->consumer->n_auth == 0)
		return;
	open_table(cc, "enum msgc_auth_kind", "auth");
	for (size_t i = 0; i < cc->consumer->n_auth; i++)
		writer_line(cc->w, "%s,", kinds[cc->consumer->auth[i]]);
	close_table(cc);
}

/* ----------------------------------------------------------------- permit */

/* The number of a term among those that the program answers. */
static size_t term_number(const struct model_consumer *consumer, size_t term)
{
	size_t number = 0;

	for (size_t i = 0; i < term; i++)
		number += !consumer->permit_terms[i].is_authenticated;
	return number;
}

/* Postfix order. The parser bounds how deep an expression is. */
static void permit_ops(const struct consumer_c *cc, const struct model_permit *permit)
{
	struct writer *w = cc->w;

	switch (permit->op) {
	case MODEL_PERMIT_TERM:
		if (cc->consumer->permit_terms[permit->term].is_authenticated)
			writer_line(w, "{MSGC_PERMIT_TERM, -1}, /* is_authenticated */");
		else
			writer_line(w, "{MSGC_PERMIT_TERM, %zu}, /* %s */",
			        term_number(cc->consumer, permit->term),
			        cc->consumer->permit_terms[permit->term].name);
		break;
	case MODEL_PERMIT_NOT:
		permit_ops(cc, permit->left);
		writer_line(w, "{MSGC_PERMIT_NOT, 0},");
		break;
	case MODEL_PERMIT_AND:
	case MODEL_PERMIT_OR:
		permit_ops(cc, permit->left);
		permit_ops(cc, permit->right);
		writer_line(
		        w, "{MSGC_PERMIT_%s, 0},", permit->op == MODEL_PERMIT_AND ? "AND" : "OR");
		break;
	}
}

static size_t count_terms(const struct model_consumer *consumer)
{
	return term_number(consumer, consumer->n_permit_terms);
}

static void permit_tables(const struct consumer_c *cc)
{
	const struct model_consumer *consumer = cc->consumer;

	if (consumer->permit) {
		open_table(cc, "struct msgc_permit_op", "permit");
		permit_ops(cc, consumer->permit);
		close_table(cc);
	}
	if (count_terms(consumer) == 0)
		return;
	open_table(cc, "struct msgc_permit_term", "terms");
	for (size_t i = 0; i < consumer->n_permit_terms; i++) {
		const struct model_permit_term *term = &consumer->permit_terms[i];

		if (term->is_authenticated)
			continue;
		wrap_line(cc->w, 1,
		        writer_format(cc->w, "{.name = \"%s\", %s.ask = %s__ask_%s},", term->name,
		                consumer_term_needs_object(consumer, term)
		                        ? ".needs_object = true, "
		                        : "",
		                cc->stem, term->c_id));
	}
	close_table(cc);
}

static void object_table(const struct consumer_c *cc)
{
	struct writer *w = cc->w;

	if (!cc->consumer->object)
		return;
	writer_blank(w);
	writer_open(w, "static const struct msgc_object_type %s__object = {", cc->stem);
	writer_line(w, ".name = \"%s\",", cc->consumer->object->name);
	writer_line(w, ".load = %s__load,", cc->stem);
	writer_line(w, ".release = %s__release,", cc->stem);
	writer_close(w, "};");
}

/* ------------------------------------------------------ actions and events */

static const struct model_limit *find_limit(const struct model_consumer *consumer,
        enum model_limit_kind kind, const struct model_message *message)
{
	for (size_t i = 0; i < consumer->n_limits; i++) {
		const struct model_limit *limit = &consumer->limits[i];

		if (limit->kind == kind &&
		        (kind != MODEL_LIMIT_ACTION || limit->message == message))
			return limit;
	}
	return NULL;
}

static void rate_member(const struct consumer_c *cc, const struct model_limit *limit)
{
	if (limit)
		writer_line(cc->w,
		        ".rate = {.tokens = %" PRIu32 ", .burst = %" PRIu32 ", .per_ms = %" PRIu64
		        "},",
		        limit->count, limit->burst, limit->period_ms);
}

static void actions_table(const struct consumer_c *cc)
{
	const struct model_consumer *consumer = cc->consumer;
	struct writer *w = cc->w;

	if (consumer->n_receives == 0)
		return;
	open_table(cc, "struct msgc_action", "actions");
	for (size_t i = 0; i < consumer->n_receives; i++) {
		const struct model_receive *receive = &consumer->receives[i];

		writer_open(w, "{");
		writer_line(w, ".message = &%s_message,", receive->in.message->c_name);
		if (!consumer_receive_is_ping(receive))
			writer_line(w, ".handler = \"%s\",", receive->in.c_id);
		writer_line(w, ".handle = %s__handle_%s,", cc->stem, receive->in.c_id);
		if (receive->authenticate_id != NULL)
			writer_line(
			        w, ".authenticate = %s__%s,", cc->stem, receive->authenticate_id);
		rate_member(cc, find_limit(consumer, MODEL_LIMIT_ACTION, receive->in.message));
		writer_close(w, "},");
	}
	close_table(cc);
}

static void events_table(const struct consumer_c *cc)
{
	const struct model_consumer *consumer = cc->consumer;
	struct writer *w = cc->w;

	if (consumer->n_events == 0)
		return;
	open_table(cc, "struct msgc_event", "events");
	for (size_t i = 0; i < consumer->n_events; i++) {
		const struct model_consumer_event *event = &consumer->events[i];
		const char *id = event->event.c_id;

		writer_open(w, "{");
		writer_line(w, ".message = &%s_message,", event->event.message->c_name);
		if (event->output) {
			writer_line(w, ".handler = \"event_%s\",", id);
			writer_line(w, ".handle = %s__handle_event_%s,", cc->stem, id);
		}
		writer_close(w, "},");
	}
	close_table(cc);
}

/* One discriminator, and what is received has a word there: the usual case, and the fast one. */
static bool has_words(const struct consumer_c *cc)
{
	const struct model_consumer *consumer = cc->consumer;

	for (size_t i = 0; i < consumer->n_receives; i++) {
		const struct model_message *message = consumer->receives[i].in.message;

		if (message->n_tags != 1 || message->tags[0].kind != MODEL_LITERAL_STRING)
			return false;
	}
	return cc->c->contract->options.receive.n_keys == 1;
}

static void find_source(const struct consumer_c *cc)
{
	const struct model_consumer *consumer = cc->consumer;
	struct writer *w = cc->w;
	const char **names = memory_get((consumer->n_receives + 1) * sizeof(*names));

	for (size_t i = 0; i < consumer->n_receives; i++)
		names[i] = consumer->receives[i].in.message->wire;
	if (!has_words(cc)) {
		free(names);
		return;
	}
	writer_blank(w);
	writer_line(w, "static int %s__find_action(const char *name, size_t len)", cc->stem);
	writer_open(w, "{");
	if (consumer->n_receives == 0) {
		writer_line(w, "(void)name;");
		writer_line(w, "(void)len;");
		writer_line(w, "return -1;");
	} else {
		emit_c_lookup(w, "name", "len", names, consumer->n_receives);
	}
	writer_close(w, "}");
	free(names);
}

/* ----------------------------------------------------------------- groups */

static bool joined_before(const struct model_consumer *consumer, size_t join)
{
	for (size_t i = 0; i < join; i++) {
		if (consumer->joins[i].group == consumer->joins[join].group)
			return true;
	}
	return false;
}

static void group_parts(const struct consumer_c *cc, const struct model_group *group, size_t at)
{
	struct writer *w = cc->w;

	writer_blank(w);
	writer_open(w, "static const char *const %s__group_%zu_parts[] = {", cc->stem, at);
	for (size_t i = 0; i < group->n_parts; i++) {
		const struct model_name_part *part = &group->parts[i];

		if (part->param)
			writer_line(w, "NULL, /* %s */", part->param->member.name);
		else
			writer_line(w, "%s,",
			        writer_c_literal(w, part->literal, strlen(part->literal)));
	}
	writer_close(w, "};");
}

static void group_messages(const struct consumer_c *cc, const struct model_group *group, size_t at)
{
	struct writer *w = cc->w;

	if (group->n_broadcasts + group->n_events == 0)
		return;
	writer_open(w, "static const struct msgc_message *const %s__group_%zu_messages[] = {",
	        cc->stem, at);
	for (size_t i = 0; i < group->n_broadcasts; i++)
		writer_line(w, "&%s_message,", group->broadcasts[i].message->c_name);
	for (size_t i = 0; i < group->n_events; i++)
		writer_line(w, "&%s_message,", group->events[i].event.message->c_name);
	writer_close(w, "};");
}

static void group_row(const struct consumer_c *cc, const struct model_group *group, size_t at)
{
	struct writer *w = cc->w;

	writer_open(w, "{");
	writer_line(w, ".name = \"%s\",", group->name);
	writer_line(w, ".parts = %s__group_%zu_parts,", cc->stem, at);
	writer_line(w, ".part_count = %zu,", group->n_parts);
	if (group->n_broadcasts + group->n_events > 0) {
		writer_line(w, ".messages = %s__group_%zu_messages,", cc->stem, at);
		writer_line(w, ".message_count = %zu,", group->n_broadcasts + group->n_events);
	}
	if (group_has_kind(group))
		writer_line(w, ".kind = &%s__group,", group->c_name);
	writer_close(w, "},");
}

static void groups_table(const struct consumer_c *cc)
{
	const struct model_consumer *consumer = cc->consumer;

	if (consumer->n_joins == 0 && !consumer->topic)
		return;
	if (consumer->topic) {
		group_parts(cc, consumer->topic, 0);
		group_messages(cc, consumer->topic, 0);
	}
	for (size_t i = 0; i < consumer->n_joins; i++) {
		if (joined_before(consumer, i))
			continue;
		group_parts(cc, consumer->joins[i].group, i);
		group_messages(cc, consumer->joins[i].group, i);
	}
	open_table(cc, "struct msgc_group_type", "groups");
	if (consumer->topic)
		group_row(cc, consumer->topic, 0);
	for (size_t i = 0; i < consumer->n_joins; i++) {
		if (!joined_before(consumer, i))
			group_row(cc, consumer->joins[i].group, i);
	}
	close_table(cc);
}

/* --------------------------------------------------------------- required */

static void required(const struct consumer_c *cc, const char *member)
{
	wrap_line(cc->w, 1,
	        writer_format(cc->w, "{\"%s\", offsetof(struct %s_handlers, %s)},", member,
	                cc->stem, member));
}

static bool has_required(const struct consumer_c *cc)
{
	struct handler_c handler;
	size_t at = 0;

	return cc->consumer->object || cc->consumer->greeting || cc->consumer->error ||
	        presence_next_join(cc->consumer, &(size_t){0}) || presence_in_topic(cc->consumer) ||
	        count_terms(cc->consumer) > 0 || consumer_next_handler(cc, &at, &handler);
}

static void required_table(const struct consumer_c *cc)
{
	const struct model_consumer *consumer = cc->consumer;
	const struct model_join *join;
	struct handler_c handler;
	size_t at = 0;

	if (!has_required(cc))
		return;
	open_table(cc, "struct msgc_required", "required");
	if (consumer->greeting)
		required(cc, writer_format(cc->w, "greet_%s", consumer->greeting->c_id));
	if (consumer->error)
		required(cc, "error");
	if (consumer->object)
		required(cc, writer_format(cc->w, "load_%s", consumer->object->name));
	for (size_t i = 0; i < consumer->n_permit_terms; i++) {
		if (!consumer->permit_terms[i].is_authenticated)
			required(cc, consumer->permit_terms[i].c_id);
	}
	for (size_t i = 0; i < consumer->n_receives; i++) {
		if (consumer->receives[i].authenticate_id != NULL)
			required(cc, consumer->receives[i].authenticate_id);
	}
	while (consumer_next_handler(cc, &at, &handler))
		required(cc, handler.member);
	if (presence_in_topic(consumer))
		required(cc, "present");
	at = 0;
	while ((join = presence_next_join(consumer, &at)) != NULL)
		required(cc, writer_format(cc->w, "present_%s", join->c_id));
	close_table(cc);
}

/* --------------------------------------------------------------- consumer */

/* .path and .path_count, for a table that exists only if it has elements. */
static void array_members(
        const struct consumer_c *cc, const char *member, const char *count, size_t n)
{
	if (n == 0)
		return;
	writer_line(cc->w, ".%s = %s__%s,", member, cc->stem, member);
	writer_line(cc->w, ".%s = sizeof(%s__%s) / sizeof(%s__%s[0]),", count, cc->stem, member,
	        cc->stem, member);
}

static bool has_untagged_answer(const struct model_ask *ask)
{
	for (size_t i = 0; i < ask->n_answers; i++) {
		if (ask->answers[i].message->n_tags == 0)
			return true;
	}
	return false;
}

static void envelope_members(const struct consumer_c *cc)
{
	const struct model_consumer *consumer = cc->consumer;
	struct writer *w = cc->w;
	bool untagged = false;

	for (size_t i = 0; i < consumer->n_receives; i++)
		untagged = untagged || consumer->receives[i].in.message->n_tags == 0;
	for (size_t i = 0; i < consumer->n_asks; i++)
		untagged = untagged || has_untagged_answer(&consumer->asks[i]);
	writer_open(w, ".envelope = {");
	emit_c_envelope_names(w, cc->c->contract, &cc->c->contract->options.receive, untagged);
	writer_close(w, "},");
	writer_open(w, ".speech = {");
	emit_c_speech(w, cc->c->contract);
	writer_close(w, "},");
}

static void subprotocols_table(const struct consumer_c *cc)
{
	if (cc->consumer->n_subprotocols == 0)
		return;
	open_table(cc, "char *const", "subprotocols");
	for (size_t i = 0; i < cc->consumer->n_subprotocols; i++)
		writer_line(cc->w, "\"%s\",", cc->consumer->subprotocols[i]);
	close_table(cc);
}

static void limit_members(const struct consumer_c *cc)
{
	const struct model_limit *frame = find_limit(cc->consumer, MODEL_LIMIT_FRAME, NULL);

	rate_member(cc, find_limit(cc->consumer, MODEL_LIMIT_ALL, NULL));
	if (frame)
		writer_line(cc->w, ".frame_limit = %" PRIu64 ",", frame->bytes);
}

static bool joins_at_start(const struct model_consumer *consumer)
{
	for (size_t i = 0; i < consumer->n_joins; i++) {
		if (consumer->joins[i].at_start)
			return true;
	}
	return false;
}

static void consumer_table(const struct consumer_c *cc)
{
	const struct model_consumer *consumer = cc->consumer;
	struct writer *w = cc->w;

	writer_blank(w);
	writer_open(w, "%sconst struct msgc_consumer %s__%s = {", consumer->topic ? "" : "static ",
	        cc->stem, cc->table);
	writer_line(w, ".abi = MSGC_GENERATED_ABI,");
	writer_line(w, ".contract = \"%s\",", cc->c->contract->name);
	writer_line(w, ".name = \"%s\",", consumer->name);
	writer_line(w, ".handlers_size = sizeof(struct %s_handlers),", cc->stem);
	writer_line(w, ".self_size = sizeof(struct %s),", cc->stem);
	array_members(cc, "path", "path_count", consumer->n_segments);
	if (consumer->trailing_slash)
		writer_line(w, ".path_slash = true,");
	array_members(cc, "params", "param_count", consumer->n_params);
	if (consumer->n_params > 0)
		writer_line(w, ".read_params = %s__read_params,", cc->stem);
	array_members(cc, "auth", "auth_count", consumer->n_auth);
	if (consumer->auth_message != NULL)
		writer_line(w, ".auth_message = true,");
	array_members(cc, "permit", "permit_count", consumer->permit != NULL);
	array_members(cc, "terms", "term_count", count_terms(consumer));
	if (consumer->object)
		writer_line(w, ".object = &%s__object,", cc->stem);
	writer_line(w, ".bind = %s__bind,", cc->stem);
	if (joins_at_start(consumer))
		writer_line(w, ".joins = %s__joins,", cc->stem);
	if (consumer->greeting) {
		writer_line(w, ".greeting = &%s_message,", consumer->greeting->message->c_name);
		writer_line(w, ".greet = %s__greet,", cc->stem);
	}
	if (consumer->error) {
		writer_line(w, ".error_message = &%s_message,", consumer->error->message->c_name);
		writer_line(w, ".error = %s__error,", cc->stem);
	}
	writer_line(w, ".connected = %s__%s,", cc->stem, cc->hook);
	writer_line(w, ".disconnected = %s__%s,", cc->stem,
	        consumer->topic ? "unsubscribed" : "disconnected");
	array_members(cc, "actions", "action_count", consumer->n_receives);
	if (has_words(cc))
		writer_line(w, ".find_action = %s__find_action,", cc->stem);
	array_members(cc, "events", "event_count", consumer->n_events);
	array_members(cc, "asks", "ask_count", consumer->n_asks);
	array_members(cc, "required", "required_count", has_required(cc));
	array_members(cc, "groups", "group_count", consumer->n_joins + (consumer->topic != NULL));
	topic_table_members(cc);
	array_members(cc, "topics", "topic_count", consumer->n_topics);
	envelope_members(cc);
	array_members(cc, "subprotocols", "subprotocol_count", consumer->n_subprotocols);
	limit_members(cc);
	if (consumer->completion)
		writer_line(w, ".completion = true,");
	if (consumer->compression)
		writer_line(w, ".compression = true,");
	writer_close(w, "};");
}

void consumer_source_table(const struct consumer_c *cc)
{
	struct writer *w = cc->w;

	path_tables(cc);
	auth_table(cc);
	permit_tables(cc);
	object_table(cc);
	actions_table(cc);
	find_source(cc);
	events_table(cc);
	required_table(cc);
	groups_table(cc);
	subprotocols_table(cc);
	topics_table(cc);
	consumer_table(cc);

	writer_blank(w);
	wrap_line(w, 0,
	        writer_format(w,
	                "int %s_serve(struct msgc_server *server, const struct %s_handlers "
	                "*handlers, "
	                "void *app)",
	                cc->stem, cc->stem));
	writer_open(w, "{");
	wrap_line(w, 1,
	        writer_format(w, "return msgc_server_serve(server, &%s__%s, handlers, app);",
	                cc->stem, cc->table));
	writer_close(w, "}");
}
