/* SPDX-License-Identifier: MIT */
/*
 * diff_flow.c - values on their way: does the reader take whatever the writer may write?
 *
 * One row per kind of type. Types within types wait in a list, so that contracts may nest and
 * recur as they like; each pair of types is looked at once a side.
 */
#include "diff_parts.h"

/* Kinds of JSON values, as bits. */
enum {
	JSON_NULL = 1,
	JSON_BOOL = 2,
	JSON_NUMBER = 4,
	JSON_STRING = 8,
	JSON_ARRAY = 16,
	JSON_OBJECT = 32
};

struct diff_waiting {
	const struct diff_path *path;
	struct diff_types types;
	enum diff_side side;
};

typedef void flow_fn(struct diff *d, const struct diff_path *path, struct diff_types types);

static const struct model_type *writer_of(const struct diff *d, const struct diff_types *types)
{
	return diff_writer(d, types->before, types->after);
}

static const struct model_type *reader_of(const struct diff *d, const struct diff_types *types)
{
	return diff_reader(d, types->before, types->after);
}

static void report_type(
        struct diff *d, const struct diff_path *path, const struct diff_types *types)
{
	diff_found(d, DIFF_TYPE, path, types->places, "was %s and is %s",
	        diff_type_words(d, types->before), diff_type_words(d, types->after));
}

/* ------------------------------------------------------------------- enums */

static const char *quoted(struct diff *d, const struct model_literal *literal)
{
	if (literal->kind == MODEL_LITERAL_STRING)
		return arena_printf(d->arena, "\"%s\"", literal->text);
	return literal->text;
}

static bool enum_has(const struct model_type *type, const struct model_literal *literal)
{
	size_t i;

	for (i = 0; i < type->n_values; i++) {
		if (diff_same_literal(&type->values[i].literal, literal))
			return true;
	}
	return false;
}

/* An open enum takes all others of the kind that its own values have. */
static bool enum_takes(const struct model_type *type, const struct model_literal *literal)
{
	return enum_has(type, literal) ||
	        (type->is_open && (literal->kind == MODEL_LITERAL_INT) == type->is_int_enum);
}

static bool takes(const struct model_type *reader, const struct model_literal *literal)
{
	size_t i;

	if (reader->kind == MODEL_ENUM)
		return enum_takes(reader, literal);
	if (reader->kind != MODEL_CHOICE)
		return diff_takes_literal(reader, literal);
	for (i = 0; i < reader->n_arms; i++) {
		if (takes(reader->arms[i].use.type, literal))
			return true;
	}
	return false;
}

/* Values of an enum, where something is read that may be an enum or not. */
static void flow_enum(struct diff *d, const struct diff_path *path, struct diff_types types)
{
	const struct model_type *writer = writer_of(d, &types), *reader = reader_of(d, &types);
	size_t i, refused = 0;

	for (i = 0; i < writer->n_values; i++)
		refused += !takes(reader, &writer->values[i].literal);
	if (reader->kind != MODEL_ENUM && refused == writer->n_values) {
		report_type(d, path, &types);
		return;
	}
	for (i = 0; i < writer->n_values; i++) {
		const struct model_enum_value *value = &writer->values[i];
		struct diff_places places = types.places;

		if (takes(reader, &value->literal))
			continue;
		if (d->side == DIFF_TO_CLIENT)
			places.after = &value->place;
		else
			places.before = &value->place;
		diff_found(d, DIFF_ENUM_VALUE, path, places, "%s %s", quoted(d, &value->literal),
		        d->side == DIFF_TO_CLIENT ? "is new" : "is gone");
	}
	if (writer->is_open && !(reader->kind == MODEL_ENUM ? reader->is_open : refused == 0))
		diff_found(d, DIFF_ENUM_OPEN, path, types.places, "the enum %s",
		        d->side == DIFF_TO_CLIENT ? "is open now" : "is not open any more");
}

/* --------------------------------------------------------------- composites */

static void flow_list(struct diff *d, const struct diff_path *path, struct diff_types types)
{
	diff_flow_counts(d, path, types);
	diff_flow(d, diff_path_add(d, path, "[]"),
	        (struct diff_uses){&types.before->element, &types.after->element, types.places});
}

static void flow_map(struct diff *d, const struct diff_path *path, struct diff_types types)
{
	static const struct model_type any_text = {.kind = MODEL_STRING};
	const struct model_type *before = types.before->key, *after = types.after->key;

	diff_flow_counts(d, path, types);
	diff_flow_type(d, diff_path_add(d, path, "{key}"),
	        (struct diff_types){before != NULL ? before : &any_text,
	                after != NULL ? after : &any_text, types.places});
	diff_flow(d, diff_path_add(d, path, "{}"),
	        (struct diff_uses){&types.before->element, &types.after->element, types.places});
}

/* --------------------------------------------------------- discriminated unions */

/* The arm with this tag, or the else arm; NULL: neither. */
static const struct model_arm *find_arm(
        const struct model_type *type, const struct model_arm *wanted)
{
	const struct model_arm *other = NULL;
	size_t i;

	for (i = 0; i < type->n_arms; i++) {
		const struct model_arm *arm = &type->arms[i];

		if (arm->is_else)
			other = arm;
		else if (!wanted->is_else && diff_same_literal(&arm->tag, &wanted->tag))
			return arm;
	}
	return other;
}

static void flow_arm(struct diff *d, const struct diff_path *path, const struct diff_types *types,
        const struct model_arm *arm)
{
	const struct model_arm *other = find_arm(reader_of(d, types), arm);
	struct diff_places places = types->places;

	if (other == NULL) {
		if (d->side == DIFF_TO_CLIENT)
			places.after = &arm->place;
		else
			places.before = &arm->place;
		diff_found(d, DIFF_ARM, path, places, "%s%s %s",
		        arm->is_else ? "the else arm" : "the arm ",
		        arm->is_else ? "" : quoted(d, &arm->tag),
		        d->side == DIFF_TO_CLIENT ? "is new" : "is gone");
		return;
	}
	/* What the reader does not know, it takes as it comes. */
	if (other->is_else)
		return;
	places = d->side == DIFF_TO_CLIENT ? (struct diff_places){&other->place, &arm->place}
	                                   : (struct diff_places){&arm->place, &other->place};
	diff_flow(d, diff_path_add(d, path, "%s", arm->name),
	        (struct diff_uses){d->side == DIFF_TO_CLIENT ? &other->use : &arm->use,
	                d->side == DIFF_TO_CLIENT ? &arm->use : &other->use, places});
}

static void flow_union(struct diff *d, const struct diff_path *path, struct diff_types types)
{
	const struct model_type *writer = writer_of(d, &types);
	size_t i;

	if (!diff_same_text(types.before->discriminator, types.after->discriminator))
		diff_found(d, DIFF_DISCRIMINATOR, path, types.places,
		        "the arms were told apart by '%s' and are by '%s'",
		        types.before->discriminator, types.after->discriminator);
	for (i = 0; i < writer->n_arms; i++)
		flow_arm(d, path, &types, &writer->arms[i]);
}

/* ----------------------------------------------------------- untagged unions */

static unsigned json_kinds(const struct model_type *type)
{
	unsigned kinds = 0;
	size_t i;

	switch (type->kind) {
	case MODEL_BOOL: return JSON_BOOL;
	case MODEL_NULL: return JSON_NULL;
	case MODEL_LIST:
	case MODEL_TUPLE: return JSON_ARRAY;
	case MODEL_RECORD:
	case MODEL_UNION:
	case MODEL_MAP: return JSON_OBJECT;
	case MODEL_JSON: return ~0u;
	case MODEL_ENUM:
		for (i = 0; i < type->n_values; i++)
			kinds |= type->values[i].literal.kind == MODEL_LITERAL_STRING ? JSON_STRING
			        : type->values[i].literal.kind == MODEL_LITERAL_INT   ? JSON_NUMBER
			                                                              : JSON_BOOL;
		return kinds;
	default: break;
	}
	if (type->wire_form == MODEL_WIRE_NUMBER || type->wire_form == MODEL_WIRE_UNIX ||
	        type->wire_form == MODEL_WIRE_UNIX_MS || type->kind == MODEL_FLOAT32 ||
	        type->kind == MODEL_FLOAT64)
		return JSON_NUMBER;
	return JSON_STRING;
}

/* The alternative that takes values of these kinds; NULL: none. */
static const struct model_type *find_alternative(const struct model_type *reader, unsigned kinds)
{
	size_t i;

	if (reader->kind != MODEL_CHOICE)
		return (json_kinds(reader) & kinds) == kinds ? reader : NULL;
	for (i = 0; i < reader->n_arms; i++) {
		if ((json_kinds(reader->arms[i].use.type) & kinds) == kinds)
			return reader->arms[i].use.type;
	}
	return NULL;
}

/* One thing that may be written, against all that are read: those of its JSON kind. */
static void flow_alternative(struct diff *d, const struct diff_path *path,
        const struct diff_types *types, const struct model_type *writer,
        const struct model_type *reader)
{
	const struct model_type *other = find_alternative(reader, json_kinds(writer));

	/* Each of its values may find an alternative of its own. */
	if (writer->kind == MODEL_ENUM)
		other = reader;
	if (other == NULL)
		diff_found(d, DIFF_TYPE, path, types->places, "%s %s", diff_type_words(d, writer),
		        d->side == DIFF_TO_CLIENT ? "may come now" : "is taken no longer");
	else
		diff_flow_type(d, path,
		        d->side == DIFF_TO_CLIENT
		                ? (struct diff_types){other, writer, types->places}
		                : (struct diff_types){writer, other, types->places});
}

static void flow_choice(struct diff *d, const struct diff_path *path, struct diff_types types)
{
	const struct model_type *writer = writer_of(d, &types), *reader = reader_of(d, &types);
	size_t i;

	if (writer->kind != MODEL_CHOICE) {
		flow_alternative(d, path, &types, writer, reader);
		return;
	}
	for (i = 0; i < writer->n_arms; i++)
		flow_alternative(d, path, &types, writer->arms[i].use.type, reader);
}

/* -------------------------------------------------------------------- types */

static flow_fn *flow_of(const struct model_type *writer, const struct model_type *reader)
{
	static flow_fn *const same_kind[] = {
	        [MODEL_RECORD] = diff_flow_record,
	        [MODEL_LIST] = flow_list,
	        [MODEL_MAP] = flow_map,
	        [MODEL_TUPLE] = diff_flow_tuple,
	        [MODEL_UNION] = flow_union,
	};

	if (writer->kind == MODEL_ENUM)
		return flow_enum;
	if (writer->kind == MODEL_CHOICE || reader->kind == MODEL_CHOICE)
		return flow_choice;
	if (writer->kind != reader->kind ||
	        (size_t)writer->kind >= sizeof(same_kind) / sizeof(same_kind[0]))
		return NULL;
	return same_kind[writer->kind];
}

/* Two names lead to findings of the type itself, not of the first place where it was met. */
static const struct diff_path *path_of(
        struct diff *d, const struct diff_path *path, const struct diff_types *types)
{
	const struct model_type *after = types->after;

	if (types->before->name == NULL || after->name == NULL || after->message != NULL)
		return path;
	if (after->contract == d->after->main)
		return diff_path_add(d, NULL, "type %s", after->name);
	return diff_path_add(d, NULL, "type %s.%s", after->contract->name, after->name);
}

void diff_flow_type(struct diff *d, const struct diff_path *path, struct diff_types types)
{
	const struct model_type *writer = writer_of(d, &types), *reader = reader_of(d, &types);
	struct diff_waiting *waiting;

	if (!diff_first_time(d, types.before, types.after) || reader->kind == MODEL_JSON)
		return;
	if (model_kind_is_scalar(writer->kind) && model_kind_is_scalar(reader->kind)) {
		diff_flow_scalar(d, path_of(d, path, &types), types);
		return;
	}
	waiting = arena_alloc(d->arena, sizeof(*waiting));
	*waiting = (struct diff_waiting){path_of(d, path, &types), types, d->side};
	if (waiting->path != path)
		waiting->types.places =
		        (struct diff_places){&types.before->place, &types.after->place};
	vec_push(&d->waiting, waiting);
}

static void flow_waiting(struct diff *d, const struct diff_waiting *waiting)
{
	const struct diff_types *types = &waiting->types;
	flow_fn *flow;

	d->side = waiting->side;
	flow = flow_of(writer_of(d, types), reader_of(d, types));
	if (flow != NULL)
		flow(d, waiting->path, *types);
	else
		report_type(d, waiting->path, types);
}

void diff_flow_all(struct diff *d)
{
	size_t i;

	for (i = 0; i < d->waiting.n; i++)
		flow_waiting(d, d->waiting.items[i]);
	d->waiting.n = 0;
}

void diff_flow(struct diff *d, const struct diff_path *path, struct diff_uses uses)
{
	const struct model_use *writer = diff_writer(d, uses.before, uses.after);
	const struct model_use *reader = diff_reader(d, uses.before, uses.after);

	if (writer->nullable && !reader->nullable && reader->type->kind != MODEL_JSON)
		diff_found(d, DIFF_NULL, path, uses.places, "null %s",
		        d->side == DIFF_TO_CLIENT ? "may come now" : "is taken no longer");
	diff_flow_type(
	        d, path, (struct diff_types){uses.before->type, uses.after->type, uses.places});
}
