/* SPDX-License-Identifier: MIT */
/*
 * emit_model.c - the model as plain text: a debugging aid, and what tests of the front end compare.
 *
 * One line per fact, in the model's order. Not meant for programs: it changes as the model does.
 */
#include "emit_model.h"

#include <inttypes.h>
#include <string.h>

/* --------------------------------------------------------- messages, groups */

static void put_literal(struct writer *w, const struct model_literal *literal)
{
	writer_add(w, "%s",
	        literal->kind == MODEL_LITERAL_STRING
	                ? writer_json_string(w, literal->text, strlen(literal->text))
	                : literal->text);
}

static void put_discriminator(struct writer *w, const struct model_discriminator *discriminator)
{
	size_t i;

	for (i = 0; i < discriminator->n_keys; i++) {
		if (discriminator->keys != NULL)
			writer_add(w, " %s",
			        writer_json_string(
			                w, discriminator->keys[i], strlen(discriminator->keys[i])));
		else
			writer_add(w, " [%" PRIu32 "]", discriminator->positions[i]);
	}
}

/* "action", or another member, and nothing else. */
static bool is_default(const struct model_discriminator *discriminator)
{
	return discriminator->n_keys == 1 && discriminator->keys != NULL;
}

static void put_message(struct writer *w, const struct model_message *message)
{
	static const char *const kinds[] = {[MODEL_MESSAGE_PLAIN] = "message",
	        [MODEL_MESSAGE_GROUP] = "group message",
	        [MODEL_MESSAGE_EVENT] = "event"};
	size_t i;

	writer_add(w, "%s%s %s: %s %s", message->authenticates ? "auth " : "", kinds[message->kind],
	        message->name, model_kind_name(message->record->kind), message->record->c_name);
	for (i = 0; i < message->n_tags; i++) {
		writer_add(w, i == 0 ? ", wire " : ", ");
		put_literal(w, &message->tags[i]);
	}
	if (message->n_tags == 0)
		writer_add(w, ", no wire");
	if (!is_default(message->discriminator)) {
		writer_add(w, " by");
		put_discriminator(w, message->discriminator);
	}
	emit_model_deprecated(w, message->deprecated);
	writer_end(w);
	writer_indent(w);
	emit_model_doc(w, message->doc);
	writer_dedent(w);
}

static void put_ref(struct writer *w, const struct model_message_ref *ref)
{
	writer_add(w, "%s", ref->message->c_name);
	if (strcmp(ref->c_id, ref->message->name) != 0)
		writer_add(w, " (%s)", ref->c_id);
}

static void put_refs(
        struct writer *w, const char *word, const struct model_message_ref *refs, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		writer_add(w, "%s ", word);
		put_ref(w, &refs[i]);
		writer_end(w);
	}
}

static void put_param(struct writer *w, const struct model_param *param, const char *where)
{
	writer_add(w, "%s ", where);
	emit_model_member(w, &param->member);
}

static void put_event(struct writer *w, const struct model_message_ref *event,
        const struct model_message_ref *output)
{
	writer_add(w, "event ");
	put_ref(w, event);
	if (output != NULL) {
		writer_add(w, " -> ");
		put_ref(w, output);
	}
	writer_end(w);
}

static void put_group(struct writer *w, const struct model_group *group)
{
	size_t i;

	writer_open(w, "%s %s: %s", group->topic != NULL ? "topic group" : "group", group->name,
	        group->c_name);
	emit_model_doc(w, group->doc);
	for (i = 0; i < group->n_params; i++)
		put_param(w, &group->params[i], "param");
	writer_add(w, "called");
	for (i = 0; i < group->n_parts; i++) {
		const struct model_name_part *part = &group->parts[i];

		if (part->literal != NULL)
			writer_add(w, " %s",
			        writer_json_string(w, part->literal, strlen(part->literal)));
		else
			writer_add(w, " %s", part->param->member.name);
	}
	writer_end(w);
	put_refs(w, "broadcast", group->broadcasts, group->n_broadcasts);
	for (i = 0; i < group->n_events; i++)
		put_event(w, &group->events[i].event, group->events[i].output);
	if (group->has_presence)
		writer_line(w, "presence%s%s", group->presence != NULL ? " " : "",
		        group->presence != NULL ? group->presence->c_name : "");
	for (i = 0; i < group->n_histories; i++) {
		writer_add(w, "history ");
		put_ref(w, &group->histories[i].message);
		if (group->histories[i].keep != 0)
			writer_add(w, " keep %" PRIu32, group->histories[i].keep);
		if (group->histories[i].for_ms != 0)
			writer_add(w, " for %" PRIu64 " ms", group->histories[i].for_ms);
		writer_end(w);
	}
	if (group->is_durable)
		writer_line(w, "durable disk");
	writer_dedent(w);
}

/* --------------------------------------------------------------- consumers */

static void put_url(struct writer *w, const struct model_consumer *consumer)
{
	size_t i;

	if (consumer->url == NULL)
		return;
	writer_add(w, "path");
	for (i = 0; i < consumer->n_segments; i++) {
		const struct model_segment *segment = &consumer->segments[i];

		if (segment->literal != NULL)
			writer_add(w, " %s",
			        writer_json_string(w, segment->literal, strlen(segment->literal)));
		else
			writer_add(w, " %s", segment->param->member.name);
	}
	writer_add(w, "%s", consumer->trailing_slash ? " /" : "");
	writer_end(w);
}

static void put_auth(struct writer *w, const struct model_consumer *consumer)
{
	static const char *const kinds[] = {[MODEL_AUTH_SESSION] = "session",
	        [MODEL_AUTH_JWT] = "jwt",
	        [MODEL_AUTH_TICKET] = "ticket",
	        [MODEL_AUTH_BASIC] = "basic",
	        [MODEL_AUTH_ANONYMOUS] = "anonymous"};
	size_t i;

	for (i = 0; i < consumer->n_auth; i++)
		writer_line(w, "auth %s", kinds[consumer->auth[i]]);
	if (consumer->accepts_authenticate)
		writer_line(w, "accepts authenticate");
	if (consumer->auth_message != NULL)
		writer_line(w, "auth message %s", consumer->auth_message->c_name);
	for (i = 0; i < consumer->n_subprotocols; i++)
		writer_line(w, "subprotocol %s", consumer->subprotocols[i]);
}

static void put_permit(
        struct writer *w, const struct model_consumer *consumer, const struct model_permit *permit)
{
	if (permit->op == MODEL_PERMIT_TERM) {
		writer_add(w, "%s", consumer->permit_terms[permit->term].name);
		return;
	}
	writer_add(w,
	        permit->op == MODEL_PERMIT_NOT           ? "(not "
	                : permit->op == MODEL_PERMIT_AND ? "(and "
	                                                 : "(or ");
	put_permit(w, consumer, permit->left);
	if (permit->right != NULL) {
		writer_add(w, " ");
		put_permit(w, consumer, permit->right);
	}
	writer_add(w, ")");
}

static void put_permission(struct writer *w, const struct model_consumer *consumer)
{
	size_t i;

	if (consumer->object != NULL) {
		writer_add(w, "object %s by", consumer->object->name);
		for (i = 0; i < consumer->object->n_by; i++)
			writer_add(w, " %s", consumer->object->by[i]->member.name);
		writer_end(w);
	}
	for (i = 0; i < consumer->n_permit_terms; i++) {
		const struct model_permit_term *term = &consumer->permit_terms[i];

		writer_line(w, "term %s (%s)%s%s", term->name, term->c_id,
		        term->is_authenticated ? " built in" : "",
		        term->after_object ? " after object" : "");
	}
	if (consumer->permit != NULL) {
		writer_add(w, "permit ");
		put_permit(w, consumer, consumer->permit);
		writer_end(w);
	}
}

static void put_joins(struct writer *w, const struct model_consumer *consumer)
{
	size_t i, j;

	for (i = 0; i < consumer->n_joins; i++) {
		const struct model_join *join = &consumer->joins[i];

		writer_add(w, "join %s (%s)%s", join->group->c_name, join->c_id,
		        join->at_start ? " at start" : "");
		for (j = 0; j < join->n_args; j++) {
			writer_add(w, ", ");
			if (join->args[j].param != NULL)
				writer_add(w, "%s", join->args[j].param->member.name);
			else
				emit_model_value(w, join->args[j].value);
		}
		writer_end(w);
	}
}

static void put_limits(struct writer *w, const struct model_consumer *consumer)
{
	size_t i;

	for (i = 0; i < consumer->n_limits; i++) {
		const struct model_limit *limit = &consumer->limits[i];

		if (limit->kind == MODEL_LIMIT_FRAME)
			writer_line(w, "limit frame %" PRIu64 " bytes", limit->bytes);
		else
			writer_line(w, "limit %s %" PRIu32 " per %" PRIu64 " ms burst %" PRIu32,
			        limit->message != NULL ? limit->message->c_name : "all",
			        limit->count, limit->period_ms, limit->burst);
	}
}

static void put_traffic(struct writer *w, const struct model_consumer *consumer)
{
	size_t i, j;

	for (i = 0; i < consumer->n_receives; i++) {
		const struct model_receive *receive = &consumer->receives[i];

		writer_add(w, "receive ");
		put_ref(w, &receive->in);
		for (j = 0; j < receive->n_replies; j++) {
			writer_add(w, j == 0 ? " -> " : " | ");
			put_ref(w, &receive->replies[j]);
		}
		if (receive->authenticate_id != NULL)
			writer_add(w, ", by %s", receive->authenticate_id);
		writer_end(w);
	}
	put_refs(w, "send", consumer->sends, consumer->n_sends);
	for (i = 0; i < consumer->n_asks; i++) {
		writer_add(w, "ask ");
		put_ref(w, &consumer->asks[i].question);
		for (j = 0; j < consumer->asks[i].n_answers; j++) {
			writer_add(w, j == 0 ? " -> " : " | ");
			put_ref(w, &consumer->asks[i].answers[j]);
		}
		writer_end(w);
	}
	for (i = 0; i < consumer->n_events; i++)
		put_event(w, &consumer->events[i].event, consumer->events[i].output);
	if (consumer->greeting != NULL)
		put_refs(w, "greet", consumer->greeting, 1);
	if (consumer->error != NULL)
		put_refs(w, "error", consumer->error, 1);
	put_refs(w, "out", consumer->outgoing, consumer->n_outgoing);
}

static void put_consumer(struct writer *w, const struct model_consumer *consumer)
{
	size_t i;

	writer_open(w, "%s %s: %s", consumer->topic != NULL ? "topic" : "consumer", consumer->name,
	        consumer->c_name);
	emit_model_doc(w, consumer->doc);
	put_url(w, consumer);
	for (i = 0; i < consumer->n_params && consumer->url != NULL; i++)
		put_param(w, &consumer->params[i], consumer->params[i].in_path ? "path" : "query");
	put_auth(w, consumer);
	put_permission(w, consumer);
	put_joins(w, consumer);
	put_traffic(w, consumer);
	put_limits(w, consumer);
	for (i = 0; i < consumer->n_topics; i++)
		writer_line(w, "topic %s", consumer->topics[i]->c_name);
	if (consumer->completion)
		writer_line(w, "completion");
	if (consumer->compression)
		writer_line(w, "compression");
	writer_dedent(w);
}

/* --------------------------------------------------------------- contracts */

static void put_option(struct writer *w, const char *name, const char *value)
{
	if (value != NULL)
		writer_line(w, "option %s %s", name, writer_json_string(w, value, strlen(value)));
}

static void put_discriminators(struct writer *w, const struct model_contract *contract)
{
	writer_add(w, "received by");
	put_discriminator(w, &contract->options.receive);
	writer_add(w, ", sent by");
	put_discriminator(w, &contract->options.send);
	writer_end(w);
}

/* What is not as it is by itself. */
static void put_envelope(struct writer *w, const struct model_envelope *envelope)
{
	static const char *const names[MODEL_N_ENVELOPE] = {
	        "ref", "topic", "message_id", "seq", "epoch", "version", "is_mine", "is_current"};
	size_t i;

	for (i = 0; i < MODEL_N_ENVELOPE; i++) {
		if (envelope->wire[i] == NULL)
			writer_line(w, "envelope %s off", names[i]);
		else if (strcmp(envelope->wire[i], names[i]) != 0)
			writer_line(w, "envelope %s %s", names[i],
			        writer_json_string(
			                w, envelope->wire[i], strlen(envelope->wire[i])));
	}
	if (envelope->ref_kind != MODEL_STRING)
		writer_line(w, "envelope ref is %s", model_kind_name(envelope->ref_kind));
	if (envelope->ref_position >= 0)
		writer_line(w, "envelope ref at %" PRId32, envelope->ref_position);
	if (envelope->std_off)
		writer_line(w, "envelope std off");
}

static void put_head(struct writer *w, const struct model_contract *contract)
{
	size_t i;

	writer_open(w, "contract %s %" PRIu32 "%s", contract->name, contract->version,
	        contract->is_builtin ? " (built in)" : "");
	emit_model_doc(w, contract->doc);
	writer_line(w, "file %s, stem %s, prefix %s, %s", contract->file, contract->stem,
	        contract->c_prefix, contract->c_prefix_upper);
	put_discriminators(w, contract);
	put_envelope(w, &contract->envelope);
	put_option(w, "title", contract->options.title);
	put_option(w, "description", contract->options.description);
	put_option(w, "server_url", contract->options.server_url);
	put_option(w, "licence", contract->options.licence);
	put_option(w, "contact", contract->options.contact);
	for (i = 0; i < contract->n_imports; i++)
		writer_line(w, "import %s", contract->imports[i]->name);
	writer_dedent(w);
}

static void put_aliases(struct writer *w, const struct model_contract *contract)
{
	size_t i;

	for (i = 0; i < contract->n_aliases; i++) {
		writer_add(w, "alias %s: ", contract->aliases[i]->name);
		emit_model_use(w, &contract->aliases[i]->target);
		writer_end(w);
	}
}

void emit_model(const struct model *model, struct writer *w)
{
	const struct model_contract *contract = model->main;
	size_t i;

	put_head(w, contract);
	for (i = 0; i < contract->n_types; i++)
		emit_model_type(w, contract->types[i]);
	put_aliases(w, contract);
	for (i = 0; i < contract->n_hooks; i++) {
		writer_add(w, "hook %s: ", contract->hooks[i].check->c_name);
		emit_model_type_name(w, contract->hooks[i].type);
		writer_end(w);
	}
	for (i = 0; i < contract->n_messages; i++)
		put_message(w, contract->messages[i]);
	for (i = 0; i < contract->n_groups; i++)
		put_group(w, contract->groups[i]);
	for (i = 0; i < contract->n_consumers; i++)
		put_consumer(w, contract->consumers[i]);
	for (i = 0; i < contract->n_topics; i++)
		put_consumer(w, contract->topics[i]);
}
