/* SPDX-License-Identifier: MIT */
/*
 * emit_c_envelope.c - what a contract's frames have beside their messages' members, as the codec and
 * the server must know it. It must not know how either uses it.
 */
#include <string.h>

#include "emit_c_parts.h"

static const char *const kinds[MODEL_N_ENVELOPE] = {
        [MODEL_ENVELOPE_REF] = "STRING",
        [MODEL_ENVELOPE_TOPIC] = "STRING",
        [MODEL_ENVELOPE_MESSAGE_ID] = "STRING",
        [MODEL_ENVELOPE_SEQ] = "INTEGER",
        [MODEL_ENVELOPE_EPOCH] = "STRING",
        [MODEL_ENVELOPE_VERSION] = "INTEGER",
        [MODEL_ENVELOPE_IS_MINE] = "BOOLEAN",
        [MODEL_ENVELOPE_IS_CURRENT] = "BOOLEAN",
};

static bool is_usual(const struct model_envelope *envelope)
{
	for (size_t i = 0; i < MODEL_N_ENVELOPE; i++) {
		if (envelope->wire[i] == NULL ||
		        strcmp(envelope->wire[i],
		                model_envelope_member_name((enum model_envelope_member)i)) != 0)
			return false;
	}
	return envelope->ref_kind == MODEL_STRING;
}

/* So many discriminators, from this one on, hold anything in a message that takes nothing else. */
static size_t first_free(const struct model_message *message)
{
	const struct model_discriminator *by = message->discriminator;

	return message->record->is_closed && by->keys != NULL ? message->n_tags : by->n_keys;
}

const char *emit_c_beside(struct writer *w, const struct model_message *message)
{
	const struct model_contract *contract = message->contract;
	size_t free = first_free(message);

	if (free < message->discriminator->n_keys)
		return writer_format(w, "%s__beside_%s_%zu", contract->c_prefix,
		        message->discriminator == &contract->options.receive ? "in" : "out", free);
	return is_usual(&contract->envelope) ? "msgc_envelope_beside"
	                                     : writer_format(w, "%s__beside", contract->c_prefix);
}

static void put_table(
        struct writer *w, const char *name, const struct model_message *message, size_t free)
{
	const struct model_envelope *envelope = &message->contract->envelope;
	const struct model_discriminator *by = message->discriminator;

	writer_blank(w);
	writer_open(w, "static const struct msgc_beside %s[] = {", name);
	for (size_t i = 0; i < MODEL_N_ENVELOPE; i++) {
		const char *wire = envelope->wire[i];
		bool is_number = i == MODEL_ENVELOPE_REF && envelope->ref_kind != MODEL_STRING;

		if (wire != NULL)
			writer_line(w, "{%s, MSGC_BESIDE_%s},",
			        writer_c_literal(w, wire, strlen(wire)),
			        is_number ? "INTEGER" : kinds[i]);
	}
	for (size_t i = free; i < by->n_keys; i++)
		writer_line(w, "{%s, MSGC_BESIDE_ANY},",
		        writer_c_literal(w, by->keys[i], strlen(by->keys[i])));
	writer_line(w, "{NULL, MSGC_BESIDE_STRING},");
	writer_close(w, "};");
}

/* Whether an earlier message has the same table. */
static bool came_before(struct writer *w, const struct model_contract *contract, size_t n)
{
	const char *name = emit_c_beside(w, contract->messages[n]);

	for (size_t i = 0; i < n; i++) {
		if (contract->messages[i]->record->kind == MODEL_RECORD &&
		        strcmp(emit_c_beside(w, contract->messages[i]), name) == 0)
			return true;
	}
	return false;
}

void emit_c_beside_source(const struct emit_c *c)
{
	const struct model_contract *contract = c->contract;
	bool usual_only = is_usual(&contract->envelope);

	for (size_t i = 0; i < contract->n_messages; i++) {
		const struct model_message *message = contract->messages[i];
		size_t free = first_free(message);

		if (message->record->kind != MODEL_RECORD ||
		        (usual_only && free == message->discriminator->n_keys) ||
		        came_before(c->w, contract, i))
			continue;
		put_table(c->w, emit_c_beside(c->w, message), message, free);
	}
}

/* ------------------------------------------------------------- for the server */

static void put_name(struct writer *w, const char *member, const char *wire)
{
	if (wire != NULL)
		writer_line(w, ".%s = %s,", member, writer_c_literal(w, wire, strlen(wire)));
}

static void put_keys(struct writer *w, const struct model_discriminator *by)
{
	const char *list = "";

	for (size_t i = 0; i < by->n_keys; i++) {
		const char *between = i == 0 ? "" : ", ";

		list = by->keys != NULL
		        ? writer_format(w, "%s%s%s", list, between,
		                  writer_c_literal(w, by->keys[i], strlen(by->keys[i])))
		        : writer_format(w, "%s%s%u", list, between, (unsigned)by->positions[i]);
	}
	writer_line(w, ".%s = (const %s[]){%s},", by->keys != NULL ? "keys" : "positions",
	        by->keys != NULL ? "char *const" : "uint8_t", list);
	writer_line(w, ".key_count = %zu,", by->n_keys);
}

void emit_c_envelope_names(struct writer *w, const struct model_contract *contract,
        const struct model_discriminator *by, bool untagged)
{
	const struct model_envelope *envelope = &contract->envelope;

	put_keys(w, by);
	put_name(w, "ref", envelope->wire[MODEL_ENVELOPE_REF]);
	put_name(w, "topic", envelope->wire[MODEL_ENVELOPE_TOPIC]);
	put_name(w, "message_id", envelope->wire[MODEL_ENVELOPE_MESSAGE_ID]);
	if (envelope->ref_position >= 0)
		writer_line(w, ".ref_at = %d,", (int)envelope->ref_position + 1);
	if (envelope->ref_kind != MODEL_STRING)
		writer_line(w, ".ref_type = &msgc_%s_type,", model_kind_name(envelope->ref_kind));
	if (untagged)
		writer_line(w, ".untagged = true,");
}

static bool any_untagged(const struct model_contract *contract)
{
	for (size_t i = 0; i < contract->n_messages; i++) {
		if (contract->messages[i]->n_tags == 0)
			return true;
	}
	return false;
}

void emit_c_speech(struct writer *w, const struct model_contract *contract)
{
	const struct model_envelope *envelope = &contract->envelope;
	const struct model_discriminator *by = &contract->options.send;

	if (by->keys != NULL)
		put_name(w, "key", by->keys[0]);
	writer_open(w, ".names = {");
	emit_c_envelope_names(w, contract, by, any_untagged(contract));
	writer_close(w, "},");
	put_name(w, "is_mine", envelope->wire[MODEL_ENVELOPE_IS_MINE]);
	put_name(w, "is_current", envelope->wire[MODEL_ENVELOPE_IS_CURRENT]);
	put_name(w, "seq", envelope->wire[MODEL_ENVELOPE_SEQ]);
	put_name(w, "epoch", envelope->wire[MODEL_ENVELOPE_EPOCH]);
	put_name(w, "version", envelope->wire[MODEL_ENVELOPE_VERSION]);
	if (envelope->std_off)
		writer_line(w, ".std_off = true,");
}
