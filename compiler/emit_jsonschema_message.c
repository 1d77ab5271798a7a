/* SPDX-License-Identifier: MIT */
/*
 * emit_jsonschema_message.c - messages as schemas: a frame's discriminators and envelope around a
 * record, or among the elements of an array frame. Knows nothing of documents.
 */
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "emit_jsonschema.h"

static const struct {
	enum model_envelope_member member;
	const char *type;
} envelope_members[] = {
        {MODEL_ENVELOPE_REF, "string"},
        {MODEL_ENVELOPE_TOPIC, "string"},
        {MODEL_ENVELOPE_MESSAGE_ID, "string"},
        {MODEL_ENVELOPE_SEQ, "integer"},
        {MODEL_ENVELOPE_EPOCH, "string"},
        {MODEL_ENVELOPE_VERSION, "integer"},
        {MODEL_ENVELOPE_IS_MINE, "boolean"},
        {MODEL_ENVELOPE_IS_CURRENT, "boolean"},
};

#define N_ENVELOPE_MEMBERS (sizeof(envelope_members) / sizeof(envelope_members[0]))

static struct json_object *of_kind(const char *kind)
{
	struct json_object *schema = schema_object();

	schema_put_text(schema, "type", kind);
	return schema;
}

/* What echoes a question: a string, or an integer; how large, the server looks at, no parser. */
static const char *ref_type(const struct model_contract *contract)
{
	return model_kind_is_int(contract->envelope.ref_kind) ? "integer" : "string";
}

/* In an array frame its position is always there: null where nothing is echoed. */
static struct json_object *placed_ref_schema(const struct model_contract *contract)
{
	struct json_object *schema = schema_object(), *types = schema_array();

	schema_append(types, schema_text(ref_type(contract)));
	schema_append(types, schema_text("null"));
	schema_put(schema, "type", types);
	return schema;
}

struct json_object *schema_of_envelope(const struct model_contract *contract)
{
	struct json_object *properties = schema_object(), *schema;

	for (size_t i = 0; i < N_ENVELOPE_MEMBERS; i++) {
		enum model_envelope_member member = envelope_members[i].member;
		const char *wire = contract->envelope.wire[member];

		if (wire == NULL)
			continue;
		schema_put(properties, wire,
		        member == MODEL_ENVELOPE_REF ? of_kind(ref_type(contract))
		                                     : of_kind(envelope_members[i].type));
	}
	if (json_object_object_length(properties) == 0) {
		json_object_put(properties);
		return NULL;
	}
	schema = schema_object();
	schema_put_text(schema, "description", "What may stand beside a message's own members.");
	schema_put_text(schema, "type", "object");
	schema_put(schema, "properties", properties);
	return schema;
}

static struct json_object *tag_schema(const struct model_message *message, size_t i)
{
	struct json_object *schema = schema_object();

	schema_put(schema, "const", schema_literal(&message->tags[i]));
	return schema;
}

static void put_object_frame(struct json_object *schema, struct schema_document *doc,
        const struct model_message *message)
{
	const struct model_discriminator *by = message->discriminator;
	struct json_object *properties, *envelope = schema_of_envelope(message->contract);
	size_t n_keys = by->keys != NULL ? by->n_keys : 0;
	struct schema_tags *tags = memory_get((by->n_keys + 1) * sizeof(*tags));
	size_t n = 0;

	for (size_t i = message->n_tags; i > 0; i--, n++)
		tags[n] = (struct schema_tags){NULL, by->keys[i - 1], tag_schema(message, i - 1)};
	for (size_t i = n; i > 1; i--)
		tags[i - 1].up = &tags[i - 2];
	if (envelope != NULL)
		schema_merge(schema, schema_reference(doc, message->contract, SCHEMA_ENVELOPE));
	schema_put_record(schema, doc, message->record, n > 0 ? &tags[n - 1] : NULL);
	json_object_object_get_ex(schema, "properties", &properties);
	/* Where the message has no tag, anything may stand. */
	for (size_t i = message->n_tags; i < n_keys; i++) {
		if (!json_object_object_get_ex(properties, by->keys[i], NULL))
			schema_put(properties, by->keys[i], schema_object());
	}
	for (size_t i = 0; i < n; i++)
		json_object_put(tags[i].schema);
	json_object_put(envelope);
	free(tags);
}

/* Its tags and ref stand at positions of their own, the elements at the others. */
static void put_array_frame(struct json_object *schema, struct schema_document *doc,
        const struct model_message *message)
{
	const struct model_discriminator *by = message->discriminator;
	int32_t ref = message->contract->envelope.ref_position;
	size_t n = ref >= 0 ? (size_t)ref + 1 : 0;
	struct json_object **fixed;

	for (size_t i = 0; i < message->n_tags; i++)
		n = by->positions[i] >= n ? by->positions[i] + (size_t)1 : n;
	fixed = memory_get((n + 1) * sizeof(struct json_object *));
	memset(fixed, 0, (n + 1) * sizeof(struct json_object *));
	if (ref >= 0)
		fixed[ref] = placed_ref_schema(message->contract);
	for (size_t i = 0; i < message->n_tags; i++)
		fixed[by->positions[i]] = tag_schema(message, i);
	schema_put_tuple(schema, doc, message->record, fixed, n);
	for (size_t i = 0; i < n; i++)
		json_object_put(fixed[i]);
	free(fixed);
}

struct json_object *schema_of_message(
        struct schema_document *doc, const struct model_message *message)
{
	struct json_object *schema = schema_object();
	struct writer *w;

	schema_put_doc(schema, message->name, message->doc, message->deprecated);
	if (message->record->kind == MODEL_TUPLE)
		put_array_frame(schema, doc, message);
	else
		put_object_frame(schema, doc, message);
	w = schema_text_begin();
	if (emit_example_message(w, message)) {
		struct json_object *examples = schema_array();

		schema_append(examples, schema_raw(schema_text_result(w)));
		schema_put(schema, "examples", examples);
	}
	writer_free(w);
	return schema;
}
