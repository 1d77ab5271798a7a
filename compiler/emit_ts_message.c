/* SPDX-License-Identifier: MIT */
/*
 * emit_ts_message.c - messages as TypeScript's types: the frame that arrives, with its discriminators and envelope, and what a program
 * writes, which is the message's own members. Knows nothing of consumers.
 */
#include <string.h>

#include "arena.h"
#include "emit_ts.h"

/* ---------------------------------------------------------------- envelope */

static const struct {
	enum model_envelope_member member;
	const char *type;
	const char *doc;
} envelope_members[] = {
        {MODEL_ENVELOPE_REF, NULL, "The ref of the frame that this answers."},
        {MODEL_ENVELOPE_TOPIC, "string", "The topic that it belongs to."},
        {MODEL_ENVELOPE_SEQ, "number", "Its place in a recoverable stream."},
        {MODEL_ENVELOPE_EPOCH, "string", "The life of that stream."},
        {MODEL_ENVELOPE_VERSION, "number", "Of the envelope."},
};

#define N_ENVELOPE_MEMBERS (sizeof(envelope_members) / sizeof(envelope_members[0]))

static const char *ref_kind(const struct model_contract *contract)
{
	return model_kind_is_int(contract->envelope.ref_kind) ? "number" : "string";
}

static bool has_envelope(const struct model_contract *contract)
{
	for (size_t i = 0; i < N_ENVELOPE_MEMBERS; i++) {
		if (contract->envelope.wire[envelope_members[i].member] != NULL)
			return true;
	}
	return false;
}

static void put_envelope(struct ts *ts, const struct model_contract *contract)
{
	if (!has_envelope(contract))
		return;
	writer_blank(ts->w);
	ts_put_doc(ts, "What may stand beside a message's own members.", NULL);
	writer_open(ts->w, "export interface %s {", ts_name(ts, contract, TS_ENVELOPE));
	for (size_t i = 0; i < N_ENVELOPE_MEMBERS; i++) {
		const char *wire = contract->envelope.wire[envelope_members[i].member];
		const char *type = envelope_members[i].type;

		if (wire == NULL)
			continue;
		ts_put_doc(ts, envelope_members[i].doc, NULL);
		writer_line(ts->w, "%s?: %s;", ts_key(ts, wire, false),
		        type != NULL ? type : ref_kind(contract));
	}
	writer_close(ts->w, "}");
}

static void put_faces(struct ts *ts, const struct model_message *message)
{
	const struct model_contract *contract = ts_carrier(ts, message);
	const char *mine = contract->envelope.wire[MODEL_ENVELOPE_IS_MINE];
	const char *current = contract->envelope.wire[MODEL_ENVELOPE_IS_CURRENT];

	if (message->kind != MODEL_MESSAGE_GROUP)
		return;
	if (mine != NULL) {
		ts_put_doc(ts, "From this receiver's own user.", NULL);
		writer_line(ts->w, "%s: boolean;", ts_key(ts, mine, false));
	}
	if (current != NULL) {
		ts_put_doc(ts, "From this very connection.", NULL);
		writer_line(ts->w, "%s: boolean;", ts_key(ts, current, false));
	}
}

/* ----------------------------------------------------------- object frames */

static void put_frame_members(struct ts *ts, const struct model_message *message)
{
	const struct model_discriminator *by = ts_discriminator(ts, message);

	for (size_t i = 0; i < message->n_tags && by->keys != NULL; i++) {
		writer_add(ts->w, "%s: ", ts_key(ts, by->keys[i], false));
		ts_put_literal(ts, &message->tags[i]);
		writer_add(ts->w, ";");
		writer_end(ts->w);
	}
	ts_put_members(ts, message->record, TS_RECEIVED);
	put_faces(ts, message);
}

static void put_object_frame(struct ts *ts, const struct model_message *message)
{
	const struct model_contract *carrier = ts_carrier(ts, message);
	const char *name = ts_name(ts, message, TS_RECEIVED);
	bool enveloped = has_envelope(carrier), beside = ts_has_beside(message->record);
	const char *envelope = ts_name(ts, carrier, TS_ENVELOPE);

	ts_put_doc(ts, message->doc, message->deprecated);
	if (beside)
		writer_open(ts->w, "export type %s = %s%s{", name, enveloped ? envelope : "",
		        enveloped ? " & " : "");
	else
		writer_open(ts->w, "export interface %s%s%s {", name, enveloped ? " extends " : "",
		        enveloped ? envelope : "");
	put_frame_members(ts, message);
	writer_dedent(ts->w);
	writer_add(ts->w, "}");
	ts_put_besides(ts, message->record, TS_RECEIVED);
	writer_add(ts->w, "%s", beside ? ";" : "");
	writer_end(ts->w);
}

static void put_object_body(struct ts *ts, const struct model_message *message)
{
	const struct model_type *record = message->record;
	const char *name = ts_name(ts, message, TS_BODY);

	if (record->n_members == 0 && record->further == NULL) {
		writer_line(ts->w, "export type %s = Record<string, never>;", name);
		return;
	}
	if (ts_has_beside(record))
		writer_open(ts->w, "export type %s = {", name);
	else
		writer_open(ts->w, "export interface %s {", name);
	ts_put_members(ts, record, TS_SENT);
	writer_dedent(ts->w);
	writer_add(ts->w, "}");
	ts_put_besides(ts, record, TS_SENT);
	writer_add(ts->w, "%s", ts_has_beside(record) ? ";" : "");
	writer_end(ts->w);
}

/* ------------------------------------------------------------ array frames */

/* Its tags and ref stand at positions of their own, the elements at the others. */
static void put_array_frame(struct ts *ts, const struct model_message *message)
{
	const struct model_discriminator *by = message->discriminator;
	int32_t ref = message->contract->envelope.ref_position;
	size_t fixed = message->n_tags + (ref >= 0), element = 0;
	size_t length = fixed + message->record->n_members;

	ts_put_doc(ts, message->doc, message->deprecated);
	writer_add(ts->w, "export type %s = [", ts_name(ts, message, TS_RECEIVED));
	for (size_t i = 0; i < length; i++) {
		size_t tag = 0;

		writer_add(ts->w, "%s", i > 0 ? ", " : "");
		while (tag < message->n_tags && by->positions[tag] != i)
			tag++;
		if (tag < message->n_tags) {
			writer_add(ts->w, "tag%zu: ", tag);
			ts_put_literal(ts, &message->tags[tag]);
		} else if (ref >= 0 && (size_t)ref == i) {
			writer_add(ts->w, "ref: %s | null", ref_kind(message->contract));
		} else if (element < message->record->n_members) {
			ts_put_element(ts, &message->record->members[element++], TS_RECEIVED);
		} else {
			writer_add(ts->w, "unused: unknown"); /* before a tag far behind */
		}
	}
	writer_add(ts->w, "];");
	writer_end(ts->w);
}

static void put_array_body(struct ts *ts, const struct model_message *message)
{
	writer_add(ts->w, "export type %s = [", ts_name(ts, message, TS_BODY));
	for (size_t i = 0; i < message->record->n_members; i++) {
		writer_add(ts->w, "%s", i > 0 ? ", " : "");
		ts_put_element(ts, &message->record->members[i], TS_SENT);
	}
	writer_add(ts->w, "];");
	writer_end(ts->w);
}

static bool mentions(
        const struct model_message_ref *refs, size_t n, const struct model_message *message)
{
	for (size_t i = 0; i < n; i++) {
		if (refs[i].message == message)
			return true;
	}
	return false;
}

/* A client writes it. */
static bool is_written(const struct model_consumer *consumer, const struct model_message *message)
{
	for (size_t i = 0; i < consumer->n_receives; i++) {
		if (consumer->receives[i].in.message == message)
			return true;
	}
	for (size_t i = 0; i < consumer->n_asks; i++) {
		if (mentions(consumer->asks[i].answers, consumer->asks[i].n_answers, message))
			return true;
	}
	return false;
}

/* A client is told it. */
static bool is_read(const struct model_consumer *consumer, const struct model_message *message)
{
	for (size_t i = 0; i < consumer->n_receives; i++) {
		if (mentions(consumer->receives[i].replies, consumer->receives[i].n_replies,
		            message))
			return true;
	}
	return mentions(consumer->outgoing, consumer->n_outgoing, message);
}

typedef bool use_fn(const struct model_consumer *consumer, const struct model_message *message);

static bool is_used(const struct ts *ts, use_fn *use, const struct model_message *message)
{
	const struct model_contract *main = ts->model->main;

	for (size_t i = 0; i < main->n_consumers; i++) {
		if (use(main->consumers[i], message))
			return true;
	}
	for (size_t i = 0; i < ts->model->n_contracts; i++) {
		const struct model_contract *contract = ts->model->contracts[i];

		for (size_t j = 0; j < contract->n_topics; j++) {
			if (use(contract->topics[j], message))
				return true;
		}
	}
	return false;
}

bool ts_uses(const struct ts *ts, const struct model_message *message)
{
	return !message->is_std || message->contract == ts->model->main ||
	        is_used(ts, is_read, message) || is_used(ts, is_written, message);
}

static void put_message(struct ts *ts, const struct model_message *message)
{
	bool is_array = message->record->kind == MODEL_TUPLE;

	writer_blank(ts->w);
	if (is_array)
		put_array_frame(ts, message);
	else
		put_object_frame(ts, message);
	if (!is_used(ts, is_written, message))
		return;
	writer_blank(ts->w);
	writer_add(ts->w, "/** What a client writes of {@link %s}. */",
	        ts_name(ts, message, TS_RECEIVED));
	writer_end(ts->w);
	if (is_array)
		put_array_body(ts, message);
	else
		put_object_body(ts, message);
}

void ts_put_messages(struct ts *ts, const struct model_contract *contract)
{
	if (contract->n_messages > 0 && (!contract->is_builtin || contract == ts->model->main))
		put_envelope(ts, contract);
	for (size_t i = 0; i < contract->n_messages; i++) {
		if (ts_uses(ts, contract->messages[i]))
			put_message(ts, contract->messages[i]);
	}
}
