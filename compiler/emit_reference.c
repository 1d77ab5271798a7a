/* SPDX-License-Identifier: MIT */
/*
 * emit_reference.c - types and messages as lines of a description: a line for each member, and what
 * has no name of its own right below it.
 *
 * Types that have names are led to, not repeated. Knows nothing of pages.
 */
#include "emit_reference.h"

#include <stdlib.h>
#include <string.h>

#include "emit_jsonschema.h"

struct reference *reference_new(const struct model *model)
{
	struct reference *r = memory_get(sizeof(*r));

	*r = (struct reference){
	        .arena = arena_new(), .model = model, .channels = channels_new(model)};
	reference_index(r);
	return r;
}

static void clear_rows(struct reference *r)
{
	for (size_t i = 0; i < r->rows.n; i++) {
		struct reference_row *row = r->rows.items[i];

		vec_clear(&row->pieces);
		vec_clear(&row->words);
	}
	vec_clear(&r->rows);
}

void reference_free(struct reference *reference)
{
	if (reference == NULL)
		return;
	clear_rows(reference);
	vec_clear(&reference->types);
	vec_clear(&reference->aliases);
	reference_index_clear(reference);
	emit_seen_clear(&reference->seen);
	channels_free(reference->channels);
	arena_free(reference->arena);
	free(reference);
}

/* -------------------------------------------------------------------- names */

const char *reference_name(
        struct reference *r, const struct model_contract *contract, const char *name)
{
	if (contract == r->model->main)
		return name;
	return arena_printf(r->arena, "%s.%s", contract->name, name);
}

static void push_once(struct reference *r, struct vec *list, const void *item)
{
	if (emit_seen_add(&r->seen, item))
		vec_push(list, (void *)(uintptr_t)item);
}

static void put_piece(
        struct reference *r, struct vec *pieces, const char *text, const char *anchor, bool is_code)
{
	struct reference_piece *piece = arena_alloc(r->arena, sizeof(*piece));

	*piece = (struct reference_piece){text, anchor, is_code};
	vec_push(pieces, piece);
}

static void put_words(struct reference *r, struct vec *pieces, const char *text)
{
	put_piece(r, pieces, text, NULL, false);
}

static void put_link(struct reference *r, struct vec *pieces, const struct model_contract *contract,
        const char *name)
{
	const char *text = reference_name(r, contract, name);

	put_piece(r, pieces, text, arena_printf(r->arena, "type-%s", text), false);
}

/* ------------------------------------------------------- what a type is called */

static const char *scalar_word(const struct model_type *type)
{
	bool is_text = type->wire_form == MODEL_WIRE_STRING;

	switch (type->kind) {
	case MODEL_BOOL: return "boolean";
	case MODEL_FLOAT32:
	case MODEL_FLOAT64: return "number";
	case MODEL_DECIMAL: return is_text ? "decimal, as a string" : "decimal";
	case MODEL_STRING: return "string";
	case MODEL_BYTES: return "base64 string";
	case MODEL_DATETIME:
		if (type->wire_form == MODEL_WIRE_UNIX)
			return "time in seconds since 1970";
		return type->wire_form == MODEL_WIRE_UNIX_MS ? "time in milliseconds since 1970"
		                                             : "date and time";
	case MODEL_DATE: return "date";
	case MODEL_TIME: return "time of day";
	case MODEL_DURATION: return "duration";
	case MODEL_UUID: return "UUID";
	case MODEL_JSON: return "any JSON";
	case MODEL_NULL: return "null";
	default: return is_text ? "integer, as a string" : "integer";
	}
}

/* Single literals, enums in place. */
static void put_literals(struct reference *r, struct vec *pieces, const struct model_type *type)
{
	for (size_t i = 0; i < type->n_values; i++) {
		if (i > 0)
			put_words(r, pieces, " or ");
		put_piece(r, pieces, reference_literal(r, &type->values[i].literal), NULL, true);
	}
}

static void put_choice(struct reference *r, struct vec *pieces, const struct model_type *type)
{
	for (size_t i = 0; i < type->n_arms; i++) {
		if (i > 0)
			put_words(r, pieces, " or ");
		reference_pieces(r, pieces, &type->arms[i].use);
	}
}

static void put_unnamed(struct reference *r, struct vec *pieces, const struct model_type *type)
{
	switch (type->kind) {
	case MODEL_ENUM: put_literals(r, pieces, type); break;
	case MODEL_RECORD: put_words(r, pieces, "object"); break;
	case MODEL_TUPLE: put_words(r, pieces, "array of fixed places"); break;
	case MODEL_CHOICE: put_choice(r, pieces, type); break;
	case MODEL_LIST:
		put_words(r, pieces, "array of ");
		reference_pieces(r, pieces, &type->element);
		break;
	case MODEL_MAP:
		put_words(r, pieces, "map of names to ");
		reference_pieces(r, pieces, &type->element);
		break;
	case MODEL_UNION:
		put_words(r, pieces, "one of, told apart by ");
		put_piece(r, pieces, type->discriminator, NULL, true);
		break;
	default: put_words(r, pieces, scalar_word(type)); break;
	}
}

void reference_pieces(struct reference *r, struct vec *pieces, const struct model_use *use)
{
	bool has_null = use->alias != NULL && use->alias->target.nullable;

	if (use->alias != NULL) {
		push_once(r, &r->aliases, use->alias);
		put_link(r, pieces, use->alias->contract, use->alias->name);
	} else if (use->type->name != NULL) {
		push_once(r, &r->types, use->type);
		put_link(r, pieces, use->type->contract, use->type->name);
	} else {
		put_unnamed(r, pieces, use->type);
	}
	if (use->nullable && !has_null)
		put_words(r, pieces, " or null");
}

/* --------------------------------------------------------------------- rows */

static void put_inside(struct reference *r, const struct model_use *use, unsigned depth);

static struct reference_row *put_row(
        struct reference *r, enum reference_kind kind, unsigned depth, const char *name)
{
	struct reference_row *row = arena_alloc(r->arena, sizeof(*row));

	*row = (struct reference_row){.kind = kind, .depth = depth, .name = name};
	vec_push(&r->rows, row);
	return row;
}

/* So many values of a named enum are said where it is used. */
#define FEW_VALUES 6

/* Of a type that has a name, what fits on a line; the rest is said in its own description. */
static void put_named_constraints(
        struct reference *r, struct reference_row *row, const struct model_type *type)
{
	const char *text = NULL;

	if (type->kind < MODEL_ENUM)
		reference_constraints(r, &row->words, type, "");
	if (type->kind != MODEL_ENUM || type->n_values > FEW_VALUES)
		return;
	for (size_t i = 0; i < type->n_values; i++) {
		const char *value = reference_literal(r, &type->values[i].literal);

		text = text == NULL ? value : arena_printf(r->arena, "%s, %s", text, value);
	}
	vec_push(&row->words, (void *)(uintptr_t)text);
	reference_constraints(r, &row->words, type, "");
}

static void put_constraints(
        struct reference *r, struct reference_row *row, const struct model_use *use)
{
	const struct model_type *type = use->type;
	const struct model_use *element = &type->element;

	if (use->alias != NULL || type->name != NULL) {
		put_named_constraints(r, row, type);
		return;
	}
	reference_constraints(r, &row->words, type, "");
	if (type->kind == MODEL_MAP && type->key != NULL && type->key->name == NULL)
		reference_constraints(r, &row->words, type->key, "names: ");
	if ((type->kind == MODEL_LIST || type->kind == MODEL_MAP) && element->alias == NULL &&
	        element->type->name == NULL)
		reference_constraints(r, &row->words, element->type, "each: ");
}

static void put_rule(struct reference *r, unsigned depth, const char *text)
{
	struct reference_row *row = put_row(r, REFERENCE_RULE, depth, NULL);

	vec_push(&row->words, (void *)(uintptr_t)text);
}

static void put_checks(
        struct reference *r, const struct model_check *checks, size_t n, unsigned depth)
{
	for (size_t i = 0; i < n; i++)
		put_rule(r, depth,
		        arena_printf(r->arena, "The server checks it: %s.", checks[i].name));
}

static void put_default(
        struct reference *r, struct reference_row *row, const struct model_member *member)
{
	struct writer *w;

	if (member->default_value == NULL)
		return;
	w = schema_text_begin();
	emit_value(w, member->use.type, member->default_value);
	row->default_json = arena_printf(r->arena, "%s", schema_text_result(w));
	writer_free(w);
}

/* An alternative, and what it is if that has no name. */
static void put_arm(struct reference *r, const struct model_arm *arm, const char *name,
        const struct model_use *use, unsigned depth)
{
	struct reference_row *row = put_row(r, REFERENCE_ARM, depth, name);

	row->doc = arm->doc;
	reference_pieces(r, &row->pieces, use);
	put_constraints(r, row, use);
	put_inside(r, use, depth + 1);
}

/* Arms by their tags; key: where those stand, NULL: beside. */
static void put_arms(struct reference *r, const struct model_type *type, unsigned depth)
{
	for (size_t i = 0; i < type->n_arms; i++) {
		const struct model_arm *arm = &type->arms[i];
		const char *name = arm->is_else ? "any other" : reference_literal(r, &arm->tag);

		put_arm(r, arm, name, &arm->use, depth);
	}
}

static void put_choices(struct reference *r, const struct model_type *type, unsigned depth)
{
	for (size_t i = 0; i < type->n_arms; i++) {
		const struct model_arm *arm = &type->arms[i];
		const struct model_type *inner = arm->use.type;

		/* What is said on the line above already is not said again. */
		if (arm->use.alias != NULL || inner->name != NULL ||
		        (inner->kind == MODEL_ENUM && arm->doc == NULL))
			continue;
		put_arm(r, arm, NULL, &arm->use, depth);
	}
}

static void put_beside(struct reference *r, const struct model_member *member, unsigned depth)
{
	const struct model_type *type = member->use.type;
	struct reference_row *row = put_row(r, REFERENCE_MEMBER, depth, member->beside);

	row->optional = member->optional;
	for (size_t i = 0; i < type->n_arms; i++) {
		if (i > 0)
			put_words(r, &row->pieces, " or ");
		if (type->arms[i].is_else)
			put_words(r, &row->pieces, "another");
		else
			put_piece(r, &row->pieces, reference_literal(r, &type->arms[i].tag), NULL,
			        true);
	}
	vec_push(&row->words, arena_printf(r->arena, "says what %s is", member->wire));
}

static void put_member(
        struct reference *r, const struct model_member *member, const char *name, unsigned depth)
{
	struct reference_row *row;

	if (member->beside != NULL)
		put_beside(r, member, depth);
	row = put_row(r, REFERENCE_MEMBER, depth, name);
	row->optional = member->optional;
	row->doc = member->doc;
	row->deprecated = member->deprecated;
	put_default(r, row, member);
	reference_pieces(r, &row->pieces, &member->use);
	put_constraints(r, row, &member->use);
	put_inside(r, &member->use, depth + 1);
}

static void put_record(struct reference *r, const struct model_type *record, unsigned depth)
{
	for (size_t i = 0; i < record->n_members; i++)
		put_member(r, &record->members[i], record->members[i].wire, depth);
	if (record->further != NULL) {
		struct reference_row *row = put_row(r, REFERENCE_MEMBER, depth, "any other name");

		row->optional = true;
		reference_pieces(r, &row->pieces, &record->further->element);
		reference_constraints(r, &row->words, record->further, "");
		put_inside(r, &record->further->element, depth + 1);
	}
	for (size_t i = 0; i < record->n_requires; i++)
		put_rule(
		        r, depth, arena_printf(r->arena, "Rule: %s.", record->requires[i].message));
	put_checks(r, record->checks, record->n_checks, depth);
	if (record->is_closed)
		put_rule(r, depth, "No other members are taken.");
}

/* Elements by their places; positions that something else fills are left out. */
static void put_tuple(
        struct reference *r, const struct model_type *tuple, const bool *taken, unsigned depth)
{
	size_t place = 0;

	for (size_t i = 0; i < tuple->n_members; i++, place++) {
		const struct model_member *member = &tuple->members[i];

		while (taken != NULL && taken[place])
			place++;
		put_member(
		        r, member, arena_printf(r->arena, "[%zu] %s", place, member->name), depth);
	}
	put_checks(r, tuple->checks, tuple->n_checks, depth);
}

static void put_values(struct reference *r, const struct model_type *type, unsigned depth)
{
	for (size_t i = 0; i < type->n_values; i++) {
		const struct model_enum_value *value = &type->values[i];
		struct reference_row *row =
		        put_row(r, REFERENCE_ARM, depth, reference_literal(r, &value->literal));

		row->doc = value->doc;
		if (value->name != NULL && !type->is_of_literals &&
		        (value->wire == NULL || strcmp(value->name, value->wire) != 0))
			put_words(r, &row->pieces, value->name);
	}
	if (type->is_open)
		put_rule(r, depth, "Other values may come: a later version may know more.");
}

/* What stands inside of a type, whether it has a name or not. */
static void put_content(struct reference *r, const struct model_type *type, unsigned depth)
{
	switch (type->kind) {
	case MODEL_RECORD: put_record(r, type, depth); break;
	case MODEL_TUPLE: put_tuple(r, type, NULL, depth); break;
	case MODEL_UNION: put_arms(r, type, depth); break;
	case MODEL_CHOICE: put_choices(r, type, depth); break;
	case MODEL_LIST:
	case MODEL_MAP: put_inside(r, &type->element, depth); break;
	default: break;
	}
}

static void put_inside(struct reference *r, const struct model_use *use, unsigned depth)
{
	if (use->alias == NULL && use->type->name == NULL)
		put_content(r, use->type, depth);
}

/* ------------------------------------------------------------------ messages */

static void put_tag(struct reference *r, const char *name, const struct model_literal *tag)
{
	struct reference_row *row = put_row(r, REFERENCE_MEMBER, 0, name);

	put_piece(r, &row->pieces, reference_literal(r, tag), NULL, true);
}

static void put_array_message(struct reference *r, const struct model_message *message)
{
	const struct model_discriminator *by = message->discriminator;
	int32_t ref = message->contract->envelope.ref_position;
	size_t n = ref >= 0 ? (size_t)ref + 1 : 0;
	bool *taken;

	for (size_t i = 0; i < message->n_tags; i++)
		n = by->positions[i] >= n ? by->positions[i] + (size_t)1 : n;
	taken = arena_array(r->arena, n + message->record->n_members + 1, sizeof(*taken));
	for (size_t i = 0; i < message->n_tags; i++) {
		taken[by->positions[i]] = true;
		put_tag(r, arena_printf(r->arena, "[%u]", (unsigned)by->positions[i]),
		        &message->tags[i]);
	}
	if (ref >= 0) {
		struct reference_row *row = put_row(
		        r, REFERENCE_MEMBER, 0, arena_printf(r->arena, "[%d] ref", (int)ref));

		taken[ref] = true;
		put_words(r, &row->pieces,
		        model_kind_is_int(message->contract->envelope.ref_kind) ? "integer or null"
		                                                                : "string or null");
	}
	put_tuple(r, message->record, taken, 0);
}

static const struct {
	const char *type; /* NULL: of ref, which the contract chooses */
	const char *words;
	const char *doc;
} envelope_rows[MODEL_N_ENVELOPE] = {
        [MODEL_ENVELOPE_REF] = {NULL, "you and the server",
                "Chosen by you; the answer to a frame, its completion and its error repeat it."},
        [MODEL_ENVELOPE_TOPIC] = {"string", "you and the server",
                "The topic that is meant, on a connection that has several."},
        [MODEL_ENVELOPE_MESSAGE_ID] = {"string", "you",
                "Makes sending twice harmless: the same one is answered as it was the first time."},
        [MODEL_ENVELOPE_SEQ] = {"integer", "the server", "Position in a group's history."},
        [MODEL_ENVELOPE_EPOCH] = {"string", "the server",
                "Which numbering `seq` belongs to; another one begins anew."},
        [MODEL_ENVELOPE_VERSION] = {"integer", "you and the server", "Of this envelope: 1."},
        [MODEL_ENVELOPE_IS_MINE] = {"boolean", "the server, on group messages",
                "From a connection of your own user."},
        [MODEL_ENVELOPE_IS_CURRENT] = {"boolean", "the server, on group messages",
                "From this very connection."},
};

static void put_envelope_row(struct reference *r, size_t member)
{
	const struct model_envelope *envelope = &r->model->main->envelope;
	const char *ref = model_kind_is_int(envelope->ref_kind) ? "integer" : "string";
	struct reference_row *row = put_row(r, REFERENCE_MEMBER, 0, envelope->wire[member]);

	row->optional = true;
	row->doc = envelope_rows[member].doc;
	put_words(r, &row->pieces,
	        envelope_rows[member].type != NULL ? envelope_rows[member].type : ref);
	vec_push(&row->words, arena_printf(r->arena, "from %s", envelope_rows[member].words));
}

void reference_envelope(struct reference *r)
{
	clear_rows(r);
	for (size_t i = 0; i < MODEL_N_ENVELOPE; i++) {
		if (r->model->main->envelope.wire[i] != NULL)
			put_envelope_row(r, i);
	}
}

/* What each receiver is told of a group's message. */
static void put_marks(struct reference *r, const struct model_message *message)
{
	const struct model_envelope *envelope = &r->model->main->envelope;

	if (message->kind != MODEL_MESSAGE_GROUP)
		return;
	for (size_t i = MODEL_ENVELOPE_IS_MINE; i <= MODEL_ENVELOPE_IS_CURRENT; i++) {
		struct reference_row *row;

		if (envelope->wire[i] == NULL)
			continue;
		row = put_row(r, REFERENCE_MEMBER, 0, envelope->wire[i]);
		put_words(r, &row->pieces, "boolean");
		row->doc = envelope_rows[i].doc;
	}
}

void reference_message(struct reference *r, const struct model_message *message)
{
	clear_rows(r);
	if (message->record->kind == MODEL_TUPLE) {
		put_array_message(r, message);
		return;
	}
	for (size_t i = 0; i < message->n_tags; i++)
		put_tag(r, message->discriminator->keys[i], &message->tags[i]);
	put_record(r, message->record, 0);
	put_marks(r, message);
}

void reference_type(struct reference *r, const struct model_type *type)
{
	struct reference_row *row;

	clear_rows(r);
	if (type->kind == MODEL_ENUM) {
		put_values(r, type, 0);
		return;
	}
	if (type->kind != MODEL_RECORD) {
		row = put_row(r, REFERENCE_ARM, 0, NULL);
		put_unnamed(r, &row->pieces, type);
		reference_constraints(r, &row->words, type, "");
		if ((type->kind == MODEL_LIST || type->kind == MODEL_MAP) &&
		        type->element.alias == NULL && type->element.type->name == NULL)
			reference_constraints(r, &row->words, type->element.type, "each: ");
	}
	put_content(r, type, type->kind == MODEL_RECORD ? 0 : 1);
}

void reference_alias(struct reference *r, const struct model_alias *alias)
{
	struct reference_row *row;

	clear_rows(r);
	row = put_row(r, REFERENCE_ARM, 0, NULL);
	reference_pieces(r, &row->pieces, &alias->target);
	put_constraints(r, row, &alias->target);
	put_inside(r, &alias->target, 1);
}

void reference_param(struct reference *r, const struct model_param *param)
{
	const struct model_member *member = &param->member;

	clear_rows(r);
	put_member(r, member, member->wire != NULL ? member->wire : member->name, 0);
}
