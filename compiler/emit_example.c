/* SPDX-License-Identifier: MIT */
/*
 * emit_example.c - one value for each message, for people who read its documents.
 *
 * What can be chosen is chosen small and plain; patterns are met by the shortest way through their
 * automaton. Nothing is searched for that is not found at the first look: then there is no example.
 * Knows nothing of schemas.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "emit_example.h"
#include "emit_jsonschema.h"

/* So many values make an example at most, so deep, before only what must be there is shown. */
#define MAX_VALUES   200
#define PLENTY       60
#define DEPTH_PLENTY 5
#define DEPTH_MOST   24

static bool put_use(struct example *e, const struct model_use *use);

/* ----------------------------------------------------------------- texts */

static bool put_text(struct example *e, const char *text)
{
	writer_add(e->w, "%s", writer_json_string(e->w, text, strlen(text)));
	return true;
}

static bool put_literal(struct example *e, const struct model_literal *literal)
{
	if (literal->kind == MODEL_LITERAL_STRING)
		return put_text(e, literal->text);
	writer_add(e->w, "%s", literal->text);
	return true;
}

static bool put_bytes(struct example *e, const struct model_range *range)
{
	uint64_t length = range->has_min && range->min > 3 ? range->min : 3;

	if (range->has_max && range->max < length)
		length = range->max;
	if (length > 64)
		return false;
	writer_add(e->w, "\"");
	for (uint64_t left = length; left > 0; left -= left < 3 ? left : 3)
		writer_add(e->w, left == 1 ? "AA==" : left == 2 ? "AAA=" : "AAAA");
	writer_add(e->w, "\"");
	return true;
}

/* ---------------------------------------------------------------- members */

static bool put_name(struct example *e, const char *name, bool *is_first)
{
	writer_add(e->w, "%s%s: ", *is_first ? "" : ", ",
	        writer_json_string(e->w, name, strlen(name)));
	*is_first = false;
	return true;
}

static bool is_plenty(const struct example *e)
{
	return e->depth > DEPTH_PLENTY || e->n_values > PLENTY;
}

static bool put_beside(struct example *e, const struct model_member *member, bool *is_first)
{
	const struct model_arm *arm = &member->use.type->arms[0];

	if (arm->is_else)
		return false;
	put_name(e, member->beside, is_first);
	put_literal(e, &arm->tag);
	put_name(e, member->wire, is_first);
	return put_use(e, &arm->use);
}

static bool put_required(struct example *e, const struct model_member *member, bool *is_first)
{
	if (member->beside != NULL)
		return put_beside(e, member, is_first);
	put_name(e, member->wire, is_first);
	if (member->default_value != NULL) {
		emit_value(e->w, member->use.type, member->default_value);
		return true;
	}
	return put_use(e, &member->use);
}

/* What may be absent is, where no value is found for it. */
static bool put_optional(struct example *e, const struct model_member *member, bool *is_first)
{
	struct writer *w = schema_text_begin();
	struct example part = {w, e->n_values, e->depth};
	bool first = *is_first;

	if (put_required(&part, member, &first)) {
		writer_add(e->w, "%s", schema_text_result(w));
		*is_first = first;
		e->n_values = part.n_values;
	}
	writer_free(w);
	return true;
}

static bool put_member(struct example *e, const struct model_member *member, bool *is_first)
{
	if (!member->optional && member->default_value == NULL)
		return put_required(e, member, is_first);
	if (member->deprecated != NULL || member->use.boxed || is_plenty(e))
		return true;
	return put_optional(e, member, is_first);
}

static bool put_members(struct example *e, const struct model_type *record, bool *is_first)
{
	if (record->n_requires > 0 || record->n_checks > 0)
		return false;
	if (record->further != NULL && record->further->constraints.count.min > 0)
		return false;
	for (size_t i = 0; i < record->n_members; i++) {
		if (!put_member(e, &record->members[i], is_first))
			return false;
	}
	return true;
}

static bool put_object(struct example *e, const struct model_type *type, bool *is_first);

/* The first arm that is declared, its tag before it. */
static bool put_union(struct example *e, const struct model_type *type, bool *is_first)
{
	const struct model_arm *arm = &type->arms[0];

	if (!type->all_objects || arm->is_else)
		return false;
	put_name(e, type->discriminator, is_first);
	put_literal(e, &arm->tag);
	return put_object(e, arm->use.type, is_first);
}

/* What stands between the braces. */
static bool put_object(struct example *e, const struct model_type *type, bool *is_first)
{
	if (++e->n_values > MAX_VALUES || e->depth > DEPTH_MOST)
		return false;
	if (type->kind == MODEL_RECORD)
		return put_members(e, type, is_first);
	if (type->kind == MODEL_UNION)
		return put_union(e, type, is_first);
	return type->kind == MODEL_MAP && type->constraints.count.min == 0;
}

/* ----------------------------------------------------------- lists and maps */

/* One element where none need be, unless that would go on and on. */
static bool choose_count(
        const struct example *e, const struct model_constraints *k, uint64_t *ret_count)
{
	uint64_t count = is_plenty(e) ? 0 : 1;

	if (k->count.has_max && k->count.max < count)
		count = k->count.max;
	if (k->count.has_min && k->count.min > count)
		count = k->count.min;
	*ret_count = count;
	return count <= 8 && !(k->unique && count > 1) && k->n_checks == 0;
}

static bool put_list(struct example *e, const struct model_type *type)
{
	uint64_t count;

	if (!choose_count(e, &type->constraints, &count))
		return false;
	writer_add(e->w, "[");
	for (uint64_t i = 0; i < count; i++) {
		writer_add(e->w, i > 0 ? ", " : "");
		if (!put_use(e, &type->element))
			return false;
	}
	writer_add(e->w, "]");
	return true;
}

static bool put_map(struct example *e, const struct model_type *type)
{
	uint64_t count;

	if (!choose_count(e, &type->constraints, &count) || (type->key != NULL && count > 1))
		return false;
	writer_add(e->w, "{");
	for (uint64_t i = 0; i < count; i++) {
		writer_add(e->w, i > 0 ? ", " : "");
		if (type->key == NULL)
			writer_add(e->w, "\"key%" PRIu64 "\"", i + 1);
		else if (!example_string(e, &type->key->constraints))
			return false;
		writer_add(e->w, ": ");
		if (!put_use(e, &type->element))
			return false;
	}
	writer_add(e->w, "}");
	return true;
}

static bool put_tuple(struct example *e, const struct model_type *type)
{
	writer_add(e->w, "[");
	for (size_t i = 0; i < type->n_members; i++) {
		if (type->members[i].optional)
			break;
		writer_add(e->w, i > 0 ? ", " : "");
		if (!put_use(e, &type->members[i].use))
			return false;
	}
	writer_add(e->w, "]");
	return type->n_checks == 0;
}

/* ------------------------------------------------------------------ values */

static bool put_datetime(struct example *e, const struct model_type *type)
{
	if (type->wire_form == MODEL_WIRE_RFC3339)
		return put_text(e, "2026-01-31T09:30:00Z");
	return example_number(
	        e, type, type->wire_form == MODEL_WIRE_UNIX ? "1769851800" : "1769851800000");
}

static bool put_scalar(struct example *e, const struct model_type *type)
{
	switch (type->kind) {
	case MODEL_BOOL: writer_add(e->w, "true"); return true;
	case MODEL_STRING: return example_string(e, &type->constraints);
	case MODEL_BYTES: return put_bytes(e, &type->constraints.bytes);
	case MODEL_DATETIME: return put_datetime(e, type);
	case MODEL_DATE: return put_text(e, "2026-01-31");
	case MODEL_TIME: return put_text(e, "09:30:00Z");
	case MODEL_DURATION: return put_text(e, "PT1H30M");
	case MODEL_UUID: return put_text(e, "6f1c0b0e-3c5d-4a9b-8a53-0d8f5b1c2e7a");
	case MODEL_JSON: writer_add(e->w, "{}"); return true;
	case MODEL_NULL: writer_add(e->w, "null"); return true;
	default: return example_number(e, type, "1");
	}
}

static bool put_braced(struct example *e, const struct model_type *type)
{
	bool is_first = true, fine;

	writer_add(e->w, "{");
	fine = put_object(e, type, &is_first);
	writer_add(e->w, "}");
	return fine;
}

static bool put_value(struct example *e, const struct model_type *type)
{
	switch (type->kind) {
	case MODEL_ENUM: return put_literal(e, &type->values[0].literal);
	case MODEL_RECORD:
	case MODEL_UNION: return put_braced(e, type);
	case MODEL_LIST: return put_list(e, type);
	case MODEL_MAP: return put_map(e, type);
	case MODEL_TUPLE: return put_tuple(e, type);
	case MODEL_CHOICE: return put_use(e, &type->arms[0].use);
	default: return type->constraints.n_checks == 0 && put_scalar(e, type);
	}
}

/* A recursive type stops where it may. */
static bool put_use(struct example *e, const struct model_use *use)
{
	bool fine;

	if (++e->n_values > MAX_VALUES || e->depth > DEPTH_MOST)
		return false;
	if (use->nullable && (use->boxed || is_plenty(e))) {
		writer_add(e->w, "null");
		return true;
	}
	e->depth++;
	fine = put_value(e, use->type);
	e->depth--;
	return fine;
}

/* ---------------------------------------------------------------- messages */

/* Standard messages of which every server says the same, or whose type says little. */
static const struct {
	const char *message;
	const char *payload;
} std_payloads[] = {
        {"authentication",
                "{\"status_code\": 200, \"status_text\": \"OK\", \"data\": {\"detail\": "
                "\"OK\"}}"},
        {"error",
                "[{\"type\": \"missing\", \"loc\": [\"payload\", \"text\"], \"msg\": \"Field "
                "required\"}]"},
};

static bool put_std_payload(struct example *e, const struct model_message *message, bool *is_first)
{
	for (size_t i = 0; message->is_std && i < sizeof(std_payloads) / sizeof(std_payloads[0]);
	        i++) {
		if (strcmp(std_payloads[i].message, message->name) != 0)
			continue;
		put_name(e, "payload", is_first);
		writer_add(e->w, "%s", std_payloads[i].payload);
		return true;
	}
	return false;
}

static bool put_object_frame(struct example *e, const struct model_message *message)
{
	bool is_first = true, fine;

	writer_add(e->w, "{");
	for (size_t i = 0; i < message->n_tags; i++) {
		put_name(e, message->discriminator->keys[i], &is_first);
		put_literal(e, &message->tags[i]);
	}
	fine = put_std_payload(e, message, &is_first) || put_members(e, message->record, &is_first);
	writer_add(e->w, "}");
	return fine;
}

/* Which tag stands at a position, or -1. */
static int tag_at(const struct model_message *message, uint32_t position)
{
	const struct model_discriminator *by = message->discriminator;

	for (size_t i = 0; i < message->n_tags; i++) {
		if (by->positions[i] == position)
			return (int)i;
	}
	return -1;
}

static bool put_fixed(struct example *e, const struct model_message *message, uint32_t position)
{
	const struct model_envelope *envelope = &message->contract->envelope;
	int tag = tag_at(message, position);

	if (tag >= 0)
		return put_literal(e, &message->tags[tag]);
	writer_add(e->w, model_kind_is_int(envelope->ref_kind) ? "1" : "\"1\"");
	return true;
}

static bool put_array_frame(struct example *e, const struct model_message *message)
{
	const struct model_type *tuple = message->record;
	int32_t ref = message->contract->envelope.ref_position;
	size_t fixed = message->n_tags + (ref >= 0);
	size_t element = 0;

	writer_add(e->w, "[");
	for (uint32_t position = 0; element < tuple->n_members || fixed > 0; position++) {
		bool is_fixed =
		        tag_at(message, position) >= 0 || (ref >= 0 && position == (uint32_t)ref);

		if (!is_fixed && element == tuple->n_members)
			return false;
		writer_add(e->w, position > 0 ? ", " : "");
		if (is_fixed)
			put_fixed(e, message, position), fixed--;
		else if (!put_use(e, &tuple->members[element++].use))
			return false;
	}
	writer_add(e->w, "]");
	return true;
}

bool emit_example_message(struct writer *w, const struct model_message *message)
{
	struct example e = {.w = w};

	if (message->record->kind == MODEL_TUPLE)
		return put_array_frame(&e, message);
	return put_object_frame(&e, message);
}
