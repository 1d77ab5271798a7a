/* SPDX-License-Identifier: MIT */
/*
 * emit_ts_spec.c - a consumer or topic as a table that the client reads (clients/typescript/wire.ts says what it means), and its class.
 */
#include <string.h>

#include "arena.h"
#include "emit_clients.h"
#include "emit_ts.h"

static const char *quote(struct ts *ts, const char *text)
{
	return writer_json_string(ts->w, text, strlen(text));
}

/* -------------------------------------------------------------- addresses */

static void put_param(struct ts *ts, const struct model_param *param)
{
	const struct model_member *member = &param->member;

	writer_add(ts->w, "{ name: %s, ", quote(ts, member->name));
	if (member->wire != NULL && strcmp(member->wire, member->name) != 0)
		writer_add(ts->w, "wire: %s, ", quote(ts, member->wire));
	ts_put_shape_member(ts, member);
	writer_add(ts->w, " }");
}

static void put_path(struct ts *ts, const struct model_consumer *consumer)
{
	writer_add(ts->w, "path: [");
	for (size_t i = 0; i < consumer->n_segments; i++) {
		const struct model_segment *segment = &consumer->segments[i];

		writer_add(ts->w, "%s\"/\", ", i > 0 ? ", " : "");
		if (segment->param != NULL)
			put_param(ts, segment->param);
		else
			writer_add(ts->w, "encodeURIComponent(%s)", quote(ts, segment->literal));
	}
	if (consumer->trailing_slash || consumer->n_segments == 0)
		writer_add(ts->w, "%s\"/\"", consumer->n_segments > 0 ? ", " : "");
	writer_add(ts->w, "],");
	writer_end(ts->w);
	writer_add(ts->w, "query: [");
	for (size_t i = 0, n = 0; i < consumer->n_params && consumer->url != NULL; i++) {
		if (consumer->params[i].in_path)
			continue;
		writer_add(ts->w, "%s", n++ > 0 ? ", " : "");
		put_param(ts, &consumer->params[i]);
	}
	writer_add(ts->w, "],");
	writer_end(ts->w);
}

static void put_group_name(struct ts *ts, const struct model_group *group)
{
	writer_add(ts->w, "[");
	for (size_t i = 0; i < group->n_parts; i++) {
		const struct model_name_part *part = &group->parts[i];

		writer_add(ts->w, "%s", i > 0 ? ", " : "");
		if (part->literal != NULL)
			writer_add(ts->w, "%s", quote(ts, part->literal));
		else
			put_param(ts, part->param);
	}
	writer_add(ts->w, "]");
}

/* ------------------------------------------------------- keys and envelope */

static void add_keys(
        struct ts *ts, const char *name, const struct model_discriminator *discriminator)
{
	writer_add(ts->w, "%s: [", name);
	for (size_t i = 0; i < discriminator->n_keys; i++) {
		writer_add(ts->w, "%s", i > 0 ? ", " : "");
		if (discriminator->keys != NULL)
			writer_add(ts->w, "%s", quote(ts, discriminator->keys[i]));
		else
			writer_add(ts->w, "%u", discriminator->positions[i]);
	}
	writer_add(ts->w, "],");
}

static void put_keys(
        struct ts *ts, const char *name, const struct model_discriminator *discriminator)
{
	add_keys(ts, name, discriminator);
	writer_end(ts->w);
}

static void put_own_keys(struct ts *ts, const struct model_message *message)
{
	const struct model_discriminator *by = ts_discriminator(ts, message);

	if (message->n_tags == 0 || model_same_discriminator(by, &ts->model->main->options.send))
		return;
	add_keys(ts, "keys", by);
	writer_add(ts->w, " ");
}

static void put_envelope(struct ts *ts, const struct model_contract *contract)
{
	bool any = false;

	writer_add(ts->w, "envelope: {");
	for (size_t i = 0; i < MODEL_N_ENVELOPE; i++) {
		if (contract->envelope.wire[i] == NULL)
			continue;
		writer_add(ts->w, "%s %s: %s", any ? "," : "",
		        model_envelope_member_name((enum model_envelope_member)i),
		        quote(ts, contract->envelope.wire[i]));
		any = true;
	}
	writer_add(ts->w, any ? " }," : "},");
	writer_end(ts->w);
	if (contract->envelope.ref_position >= 0 && contract->options.discriminator == NULL)
		writer_line(ts->w, "refAt: %d,", contract->envelope.ref_position);
	if (model_kind_is_int(contract->envelope.ref_kind))
		writer_line(ts->w, "refIsInt: true,");
}

/* ---------------------------------------------------------------- messages */

static const char *spec_of(struct ts *ts, const struct model_message *message)
{
	return writer_format(ts->w, "messages$.%s", ts_name(ts, message, TS_RECEIVED));
}

static void put_sends(struct ts *ts, const struct model_consumer *consumer)
{
	writer_open(ts->w, "sends: {");
	for (size_t i = 0; i < consumer->n_receives; i++) {
		const struct model_receive *receive = &consumer->receives[i];

		writer_add(ts->w, "%s: { message: %s", ts_key(ts, receive->in.c_id, true),
		        spec_of(ts, receive->in.message));
		for (size_t j = 0; j < receive->n_replies; j++)
			writer_add(ts->w, "%s%s", j > 0 ? ", " : ", answers: [",
			        quote(ts, receive->replies[j].c_id));
		writer_add(ts->w, "%s },", receive->n_replies > 0 ? "]" : "");
		writer_end(ts->w);
	}
	writer_close(ts->w, "},");
}

static void put_incoming(struct ts *ts, const struct model_consumer *consumer)
{
	writer_open(ts->w, "incoming: {");
	for (size_t i = 0; i < consumer->n_outgoing; i++) {
		const struct model_message_ref *ref = &consumer->outgoing[i];

		if (client_hears(consumer, ref))
			writer_line(ts->w, "%s: %s,", ts_key(ts, ref->c_id, true),
			        spec_of(ts, ref->message));
	}
	writer_close(ts->w, "},");
}

static bool was_answer_before(const struct model_consumer *consumer, size_t receive, size_t reply)
{
	const struct model_message *message = consumer->receives[receive].replies[reply].message;

	for (size_t i = 0; i <= receive; i++) {
		size_t n = i < receive ? consumer->receives[i].n_replies : reply;

		for (size_t j = 0; j < n; j++) {
			if (consumer->receives[i].replies[j].message == message)
				return true;
		}
	}
	return false;
}

static void put_answers(struct ts *ts, const struct model_consumer *consumer)
{
	writer_open(ts->w, "answers: {");
	for (size_t i = 0; i < consumer->n_receives; i++) {
		for (size_t j = 0; j < consumer->receives[i].n_replies; j++) {
			const struct model_message_ref *ref = &consumer->receives[i].replies[j];

			if (!was_answer_before(consumer, i, j))
				writer_line(ts->w, "%s: %s,", ts_key(ts, ref->c_id, true),
				        spec_of(ts, ref->message));
		}
	}
	writer_close(ts->w, "},");
}

static void put_asks(struct ts *ts, const struct model_consumer *consumer)
{
	writer_open(ts->w, "asks: {");
	for (size_t i = 0; i < consumer->n_asks; i++) {
		const struct model_ask *ask = &consumer->asks[i];

		if (ask->question.message->is_std)
			continue;
		writer_add(ts->w, "%s: { message: %s, answers: {",
		        ts_key(ts, ask->question.c_id, true), spec_of(ts, ask->question.message));
		for (size_t j = 0; j < ask->n_answers; j++)
			writer_add(ts->w, "%s %s: %s", j > 0 ? "," : "",
			        ts_key(ts, ask->answers[j].c_id, true),
			        spec_of(ts, ask->answers[j].message));
		writer_add(ts->w, " } },");
		writer_end(ts->w);
	}
	writer_close(ts->w, "},");
}

/* ------------------------------------------------------------------ itself */

static void put_flags(struct ts *ts, const struct model_consumer *consumer)
{
	bool std = !consumer->contract->envelope.std_off &&
	        consumer->contract->options.discriminator != NULL;

	if (std)
		writer_line(ts->w, "std: true,");
	if (std && client_pings(consumer))
		writer_line(ts->w, "heartbeat: true,");
	if (consumer->completion)
		writer_line(ts->w, "completion: true,");
	if (std && client_recovers(consumer))
		writer_line(ts->w, "recoverable: true,");
	if (client_announces(consumer))
		writer_line(ts->w, "announces: true,");
	if (consumer->greeting != NULL)
		writer_line(ts->w, "greeting: %s,", quote(ts, consumer->greeting->c_id));
	if (consumer->error != NULL)
		writer_line(ts->w, "error: %s,", quote(ts, consumer->error->c_id));
	if (consumer->n_subprotocols > 0) {
		writer_add(ts->w, "subprotocols: [");
		for (size_t i = 0; i < consumer->n_subprotocols; i++)
			writer_add(ts->w, "%s%s", i > 0 ? ", " : "",
			        quote(ts, consumer->subprotocols[i]));
		writer_add(ts->w, "],");
		writer_end(ts->w);
	}
}

static void put_topics(struct ts *ts, const struct model_consumer *consumer)
{
	if (consumer->n_topics == 0)
		return;
	writer_add(ts->w, "topics: {");
	for (size_t i = 0; i < consumer->n_topics; i++)
		writer_add(ts->w, "%s %s: %s", i > 0 ? "," : "",
		        ts_key(ts, consumer->topics[i]->c_id, true),
		        ts_name(ts, consumer->topics[i], TS_SPEC));
	writer_add(ts->w, " },");
	writer_end(ts->w);
}

static void put_spec(struct ts *ts, const struct model_consumer *consumer)
{
	const struct model_contract *contract = consumer->contract;
	const char *type = consumer->topic != NULL ? "TopicSpec$" : "ConsumerSpec$";

	writer_blank(ts->w);
	writer_open(ts->w, "const %s%s%s = {", ts_name(ts, consumer, TS_SPEC),
	        ts->form == TS_TYPESCRIPT ? ": " : "", ts->form == TS_TYPESCRIPT ? type : "");
	writer_line(ts->w, "name: %s,", quote(ts, consumer->name));
	put_path(ts, consumer);
	put_keys(ts, "sendKeys", &contract->options.receive);
	put_keys(ts, "keys", &contract->options.send);
	put_envelope(ts, contract);
	put_flags(ts, consumer);
	put_sends(ts, consumer);
	put_incoming(ts, consumer);
	put_answers(ts, consumer);
	put_asks(ts, consumer);
	put_topics(ts, consumer);
	if (consumer->topic != NULL) {
		writer_add(ts->w, "group: ");
		put_group_name(ts, consumer->topic);
		writer_add(ts->w, ",");
		writer_end(ts->w);
	}
	writer_close(ts->w, "};");
}

static void put_messages(struct ts *ts)
{
	writer_open(
	        ts->w, ts->form == TS_TYPESCRIPT ? "const messages$ = {" : "const messages$ = {");
	for (size_t i = 0; i < ts->model->n_contracts; i++) {
		const struct model_contract *contract = ts->model->contracts[i];

		for (size_t j = 0; j < contract->n_messages && ts_writes(ts, contract); j++) {
			const struct model_message *message = contract->messages[j];
			const struct model_use use = {.type = message->record};

			if (!ts_uses(ts, message))
				continue;
			writer_add(ts->w, "%s: { tags: [", ts_name(ts, message, TS_RECEIVED));
			for (size_t k = 0; k < message->n_tags; k++) {
				writer_add(ts->w, "%s", k > 0 ? ", " : "");
				ts_put_literal(ts, &message->tags[k]);
			}
			writer_add(ts->w, "], ");
			put_own_keys(ts, message);
			writer_add(ts->w, "type: ");
			ts_put_shape(ts, &use);
			writer_add(ts->w, " },");
			writer_end(ts->w);
		}
	}
	writer_close(ts->w,
	        ts->form == TS_TYPESCRIPT ? "} satisfies { readonly [name: string]: MessageSpec$ };"
	                                  : "};");
}

static void put_checked_names(struct ts *ts)
{
	const char *between = "";

	writer_blank(ts->w);
	ts_put_doc(ts, "Types and messages by name, for check().", NULL);
	writer_add(ts->w, "export type CheckedName =");
	for (size_t i = 0; i < ts->model->n_contracts; i++) {
		const struct model_contract *contract = ts->model->contracts[i];

		for (size_t j = 0; j < contract->n_types && ts_writes(ts, contract); j++) {
			if (!ts_is_in_table(contract->types[j]))
				continue;
			writer_add(ts->w, "%s \"%s\"", between,
			        ts_name(ts, contract->types[j], TS_RECEIVED));
			between = " |";
		}
		for (size_t j = 0; j < contract->n_messages && ts_writes(ts, contract); j++) {
			if (!ts_uses(ts, contract->messages[j]))
				continue;
			writer_add(ts->w, "%s \"%s\"", between,
			        ts_name(ts, contract->messages[j], TS_RECEIVED));
			between = " |";
		}
	}
	writer_add(ts->w, *between != '\0' ? ";" : " never;");
	writer_end(ts->w);
}

/* Checks by name, for programs that get values another way. */
static void put_check(struct ts *ts)
{
	writer_blank(ts->w);
	ts_put_doc(ts,
	        "What is wrong with a value of that type, or with a whole frame, as it travels: "
	        "JSON.parse's result.",
	        NULL);
	switch (ts->form) {
	case TS_DECLARATIONS:
		writer_line(ts->w,
		        "export declare function check(name: CheckedName, value: unknown): "
		        "Problem[];");
		return;
	case TS_TYPESCRIPT:
		writer_open(ts->w,
		        "export function check(name: CheckedName, value: unknown): Problem[] {");
		break;
	case TS_JAVASCRIPT: writer_open(ts->w, "export function check(name, value) {"); break;
	}
	writer_line(ts->w, "return problemsOf$(frame$, shapes$, messages$, name, value);");
	writer_close(ts->w, "}");
}

void ts_put_tables(struct ts *ts)
{
	if (ts->form != TS_JAVASCRIPT)
		put_checked_names(ts);
	if (ts->form != TS_DECLARATIONS) {
		writer_blank(ts->w);
		ts_put_shapes(ts);
		writer_blank(ts->w);
		put_messages(ts);
		writer_blank(ts->w);
		writer_open(ts->w, "const frame$%s = {",
		        ts->form == TS_TYPESCRIPT ? ": FrameSpec$" : "");
		put_keys(ts, "keys", &ts->model->main->options.send);
		put_envelope(ts, ts->model->main);
		writer_close(ts->w, "};");
	}
	put_check(ts);
}

void ts_put_specs(struct ts *ts)
{
	for (size_t i = 0; i < ts->model->n_contracts; i++) {
		const struct model_contract *contract = ts->model->contracts[i];

		for (size_t j = 0; j < contract->n_topics; j++)
			put_spec(ts, contract->topics[j]);
	}
	for (size_t i = 0; i < ts->model->main->n_consumers; i++)
		put_spec(ts, ts->model->main->consumers[i]);
}

/* ------------------------------------------------------------------- class */

static void put_rosters(struct ts *ts, const struct model_consumer *consumer)
{
	bool any = false;

	writer_add(ts->w, "{");
	for (size_t i = 0; i < consumer->n_joins; i++) {
		const struct model_join *join = &consumer->joins[i];

		if (!join->group->has_presence)
			continue;
		writer_add(ts->w, "%s %s: ", any ? "," : "", ts_key(ts, join->c_id, true));
		put_group_name(ts, join->group);
		any = true;
	}
	writer_add(ts->w, any ? " }" : "}");
}

void ts_put_class(struct ts *ts, const struct model_consumer *consumer)
{
	const char *name = ts_name(ts, consumer, TS_CLASS);
	const char *protocol = ts_name(ts, consumer, TS_PROTOCOL);

	writer_blank(ts->w);
	ts_put_doc(ts, consumer->doc, NULL);
	if (ts->form == TS_JAVASCRIPT) {
		writer_open(ts->w, "export class %s extends Client {", name);
		writer_open(ts->w, "constructor(options) {");
	} else {
		writer_open(ts->w, "export %sclass %s extends Client<%s> {",
		        ts->form == TS_DECLARATIONS ? "declare " : "", name, protocol);
		writer_add(ts->w, "constructor(options: ClientOptions<%s>)", protocol);
		if (ts->form == TS_DECLARATIONS) {
			writer_add(ts->w, ";");
			writer_end(ts->w);
			writer_close(ts->w, "}");
			return;
		}
		writer_add(ts->w, " {");
		writer_end(ts->w);
		writer_indent(ts->w);
	}
	writer_add(ts->w, "super(%s, shapes$, ", ts_name(ts, consumer, TS_SPEC));
	put_rosters(ts, consumer);
	writer_add(ts->w, ", options);");
	writer_end(ts->w);
	writer_close(ts->w, "}");
	writer_close(ts->w, "}");
}
