/* SPDX-License-Identifier: MIT */
/*
 * types.c - from the model to the codec's tables. The order of what is in them, and what counts as what, is emit_c_type.c's; only where values stand in
 * memory is of our own making, since nobody looks at them.
 */
#include "types.h"

#include <stdlib.h>
#include <string.h>

#include <msgc/codec_gen.h>

#include "arena.h"
#include "emit_c_parts.h"
#include "vec.h"

enum { ALIGN = 16, ASCII_END = 128, NARROW_MOST = 256 };

struct made {
	const struct model_type *of;
	struct msgc_type *type;
};

struct made_message {
	const struct model_message *of;
	struct msgc_message *message;
};

struct call_types {
	struct arena *arena;
	struct writer *w; /* for texts that stay */
	struct vec types, messages;
	struct vec unplaced; /* lists and maps, until the sizes of what they hold are known */
};

static const struct msgc_type *type_of(struct call_types *t, const struct model_type *of);

static uint32_t aligned(uint32_t size)
{
	return (size + ALIGN - 1) / ALIGN * ALIGN;
}

/* --------------------------------------------------------------- scalars */

static uint32_t scalar_size(enum model_kind kind)
{
	static const uint32_t sizes[] = {[MODEL_BOOL] = sizeof(bool),
	        [MODEL_INT8] = 1,
	        [MODEL_INT16] = 2,
	        [MODEL_INT32] = 4,
	        [MODEL_INT53] = 8,
	        [MODEL_INT64] = 8,
	        [MODEL_UINT8] = 1,
	        [MODEL_UINT16] = 2,
	        [MODEL_UINT32] = 4,
	        [MODEL_UINT64] = 8,
	        [MODEL_FLOAT32] = sizeof(float),
	        [MODEL_FLOAT64] = sizeof(double),
	        [MODEL_DECIMAL] = sizeof(struct msgc_decimal),
	        [MODEL_STRING] = sizeof(struct msgc_str),
	        [MODEL_BYTES] = sizeof(struct msgc_bytes),
	        [MODEL_DATETIME] = sizeof(struct msgc_datetime),
	        [MODEL_DATE] = sizeof(struct msgc_date),
	        [MODEL_TIME] = sizeof(struct msgc_time),
	        [MODEL_DURATION] = sizeof(struct msgc_duration),
	        [MODEL_UUID] = sizeof(struct msgc_uuid),
	        [MODEL_JSON] = sizeof(struct msgc_json),
	        [MODEL_NULL] = 0};

	return sizes[kind];
}

static uint8_t scalar_kind(enum model_kind kind)
{
	static const uint8_t kinds[] = {[MODEL_BOOL] = MSGC_KIND_BOOL,
	        [MODEL_INT8] = MSGC_KIND_INT8,
	        [MODEL_INT16] = MSGC_KIND_INT16,
	        [MODEL_INT32] = MSGC_KIND_INT32,
	        [MODEL_INT53] = MSGC_KIND_INT53,
	        [MODEL_INT64] = MSGC_KIND_INT64,
	        [MODEL_UINT8] = MSGC_KIND_UINT8,
	        [MODEL_UINT16] = MSGC_KIND_UINT16,
	        [MODEL_UINT32] = MSGC_KIND_UINT32,
	        [MODEL_UINT64] = MSGC_KIND_UINT64,
	        [MODEL_FLOAT32] = MSGC_KIND_FLOAT32,
	        [MODEL_FLOAT64] = MSGC_KIND_FLOAT64,
	        [MODEL_DECIMAL] = MSGC_KIND_DECIMAL,
	        [MODEL_STRING] = MSGC_KIND_STR,
	        [MODEL_BYTES] = MSGC_KIND_BYTES,
	        [MODEL_DATETIME] = MSGC_KIND_DATETIME,
	        [MODEL_DATE] = MSGC_KIND_DATE,
	        [MODEL_TIME] = MSGC_KIND_TIME,
	        [MODEL_DURATION] = MSGC_KIND_DURATION,
	        [MODEL_UUID] = MSGC_KIND_UUID,
	        [MODEL_JSON] = MSGC_KIND_JSON,
	        [MODEL_NULL] = MSGC_KIND_NULL};

	return kinds[kind];
}

static uint8_t form_of(const struct model_type *of)
{
	bool has_forms = model_kind_is_int(of->kind) || of->kind == MODEL_DECIMAL;

	if (of->wire_form == MODEL_WIRE_STRING && has_forms)
		return MSGC_FORM_STRING;
	if (of->kind == MODEL_DATETIME && of->wire_form == MODEL_WIRE_UNIX)
		return MSGC_FORM_UNIX;
	if (of->kind == MODEL_DATETIME && of->wire_form == MODEL_WIRE_UNIX_MS)
		return MSGC_FORM_UNIX_MS;
	return MSGC_FORM_NATURAL;
}

static void add_bound(struct msgc_bound *bounds, size_t *n, enum msgc_bound_kind kind,
        enum model_kind of, const struct model_number *number)
{
	struct msgc_bound bound = {.kind = kind};

	if (number == NULL)
		return;
	bound.text = number->text;
	if (of == MODEL_FLOAT32)
		bound.f = (float)number->as_double;
	else if (of == MODEL_FLOAT64)
		bound.f = number->as_double;
	else if (of >= MODEL_UINT8 && of <= MODEL_UINT64)
		bound.u = number->as_uint64;
	else if (of != MODEL_DECIMAL)
		bound.i = number->as_int64;
	bounds[(*n)++] = bound;
}

static const struct msgc_type_number *number_of(struct call_types *t, const struct model_type *of)
{
	struct msgc_type_number *number = arena_alloc(t->arena, sizeof(*number));
	struct msgc_bound *bounds = arena_array(t->arena, 5, sizeof(*bounds));
	struct model_constraints c = of->constraints;

	emit_c_drop_vacuous(of, &c);
	number->bounds = bounds;
	add_bound(bounds, &number->n_bounds, MSGC_MIN, of->kind, c.min);
	add_bound(bounds, &number->n_bounds, MSGC_MAX, of->kind, c.max);
	add_bound(bounds, &number->n_bounds, MSGC_ABOVE, of->kind, c.above);
	add_bound(bounds, &number->n_bounds, MSGC_BELOW, of->kind, c.below);
	add_bound(bounds, &number->n_bounds, MSGC_STEP, of->kind, c.step);
	return number->n_bounds > 0 ? number : NULL;
}

typedef bool format_fn(struct msgc_scope *s, struct msgc_str v);

static format_fn *format_of(enum model_format format)
{
	static format_fn *const formats[] = {[MODEL_FORMAT_NONE] = NULL,
	        [MODEL_FORMAT_EMAIL] = msgc_check_email,
	        [MODEL_FORMAT_URI] = msgc_check_uri,
	        [MODEL_FORMAT_URI_REFERENCE] = msgc_check_uri_reference,
	        [MODEL_FORMAT_HOSTNAME] = msgc_check_hostname,
	        [MODEL_FORMAT_IPV4] = msgc_check_ipv4,
	        [MODEL_FORMAT_IPV6] = msgc_check_ipv6,
	        [MODEL_FORMAT_UUID] = msgc_check_uuid_text,
	        [MODEL_FORMAT_DATE_TIME] = msgc_check_datetime_text,
	        [MODEL_FORMAT_DATE] = msgc_check_date_text,
	        [MODEL_FORMAT_TIME] = msgc_check_time_text,
	        [MODEL_FORMAT_DURATION] = msgc_check_duration_text,
	        [MODEL_FORMAT_JSON_POINTER] = msgc_check_json_pointer,
	        [MODEL_FORMAT_SLUG] = msgc_check_slug};

	return formats[format];
}

/* The automaton; of shapes, too: they are only quicker. */
static const struct msgc_pattern *pattern_of(struct call_types *t, const struct model_pattern *of)
{
	struct msgc_pattern *pattern = arena_alloc(t->arena, sizeof(*pattern));
	size_t n = (size_t)of->n_states * of->n_classes, first = of->n_ranges - 1;
	uint32_t *ranges;
	uint8_t *narrow;

	pattern->text = of->text;
	pattern->n_classes = (uint16_t)of->n_classes;
	pattern->start = (uint16_t)of->start;
	pattern->first_final = (uint16_t)of->first_final;
	pattern->wide = of->next;
	if (of->n_states <= NARROW_MOST) {
		narrow = arena_array(t->arena, n, sizeof(*narrow));
		for (size_t i = 0; i < n; i++)
			narrow[i] = (uint8_t)of->next[i];
		pattern->narrow = narrow;
		pattern->wide = NULL;
	}
	for (uint32_t c = 0, at = 0; c < ASCII_END; c++) {
		while (at + 1 < of->n_ranges && of->ranges[at + 1] >> 8 <= c)
			at++;
		pattern->ascii[c] = (uint8_t)(of->ranges[at] & 0xFF);
	}
	while (of->ranges[first] >> 8 > ASCII_END)
		first--;
	ranges = arena_array(t->arena, of->n_ranges - first, sizeof(*ranges));
	for (size_t i = first; i < of->n_ranges; i++) {
		uint32_t begin = of->ranges[i] >> 8;

		ranges[i - first] =
		        (begin < ASCII_END ? ASCII_END : begin) << 8 | (of->ranges[i] & 0xFF);
	}
	pattern->ranges = ranges;
	pattern->n_ranges = (uint32_t)(of->n_ranges - first);
	return pattern;
}

static void range_of(const struct model_range *of, unsigned flag, unsigned *flags, size_t *ret_min,
        size_t *ret_max)
{
	if (!of->has_min && !of->has_max)
		return;
	*flags |= flag;
	*ret_min = of->has_min ? (size_t)of->min : 0;
	*ret_max = of->has_max ? (size_t)of->max : MSGC_NO_MAX;
}

static const struct msgc_type_text *text_of(struct call_types *t, const struct model_type *of)
{
	const struct model_constraints *c = &of->constraints;
	struct msgc_type_text *text = arena_alloc(t->arena, sizeof(*text));
	const struct msgc_pattern **patterns =
	        arena_array(t->arena, c->n_patterns, sizeof(const struct msgc_pattern *));

	text->flags = (c->trim ? MSGC_TEXT_TRIM : 0) | (c->lower ? MSGC_TEXT_LOWER : 0) |
	        (c->upper ? MSGC_TEXT_UPPER : 0) | (c->not_blank ? MSGC_TEXT_NOT_BLANK : 0);
	range_of(&c->len, MSGC_TEXT_LEN, &text->flags, &text->len_min, &text->len_max);
	range_of(&c->bytes, MSGC_TEXT_BYTES, &text->flags, &text->bytes_min, &text->bytes_max);
	text->format = format_of(c->format);
	for (size_t i = 0; i < c->n_patterns; i++)
		patterns[i] = pattern_of(t, c->patterns[i]);
	text->patterns = patterns;
	text->n_patterns = c->n_patterns;
	return text;
}

/* ----------------------------------------------------------------- enums */

static struct msgc_literal literal_of(const struct model_literal *of)
{
	struct msgc_literal literal = {.text = of->text, .len = strlen(of->text)};

	literal.kind = of->kind == MODEL_LITERAL_STRING ? MSGC_LITERAL_STR
	        : of->kind == MODEL_LITERAL_INT         ? MSGC_LITERAL_INT
	                                                : MSGC_LITERAL_BOOL;
	literal.number = of->kind == MODEL_LITERAL_BOOL ? of->boolean : of->number;
	return literal;
}

static uint8_t json_of(enum msgc_literal_kind kind)
{
	return kind == MSGC_LITERAL_STR    ? MSGC_JSON_STRING
	        : kind == MSGC_LITERAL_INT ? MSGC_JSON_NUMBER
	                                   : MSGC_JSON_BOOLEAN;
}

/* The value of an open enum. */
struct open_enum {
	int32_t value;
	union {
		struct msgc_str text;
		int64_t number;
	} unknown;
};

static void fill_enum(struct call_types *t, struct msgc_type *type, const struct model_type *of)
{
	struct msgc_type_enum *values = arena_alloc(t->arena, sizeof(*values));
	struct msgc_enum_value *all =
	        arena_array(t->arena, of->n_values, sizeof(struct msgc_enum_value));

	for (size_t i = 0; i < of->n_values; i++) {
		const struct model_enum_value *value = &of->values[i];
		struct model_literal literal = value->literal;

		if (value->wire != NULL) {
			literal.kind = MODEL_LITERAL_STRING;
			literal.text = value->wire;
		} else if (of->is_int_enum) {
			literal.kind = MODEL_LITERAL_INT;
			literal.text = arena_printf(t->arena, "%d", (int)value->number);
			literal.number = value->number;
		}
		all[i].literal = literal_of(&literal);
		all[i].number = value->number;
		all[i].name = value->name;
		values->json |= json_of(all[i].literal.kind);
	}
	values->values = all;
	values->n_values = of->n_values;
	values->expected = emit_c_expected_words(t->w, of);
	type->values = values;
	type->size = sizeof(int32_t);
	if (!of->is_open)
		return;
	type->flags |= MSGC_TYPE_OPEN;
	type->size = sizeof(struct open_enum);
	values->open_int = of->is_int_enum;
	values->unknown = of->is_int_enum ? INT32_MIN : -1;
	values->unknown_at = offsetof(struct open_enum, unknown);
}

static const struct msgc_type *constant_of(
        struct call_types *t, const struct model_literal *literal)
{
	struct msgc_type *type = arena_alloc(t->arena, sizeof(*type));
	struct msgc_type_enum *values = arena_alloc(t->arena, sizeof(*values));
	struct msgc_enum_value *value = arena_alloc(t->arena, sizeof(*value));

	value->literal = literal_of(literal);
	values->values = value;
	values->n_values = 1;
	values->expected = arena_printf(
	        t->arena, literal->kind == MODEL_LITERAL_STRING ? "'%s'" : "%s", literal->text);
	values->json = json_of(value->literal.kind);
	type->kind = MSGC_KIND_CONSTANT;
	type->flags = MSGC_TYPE_FLAT | MSGC_TYPE_ANY;
	type->values = values;
	return type;
}

/* --------------------------------------------------------------- records */

static uint8_t shape_of(const struct model_member *member)
{
	const struct model_use *use = &member->use;
	bool no_value = emit_c_has_no_value(use->type);

	return (uint8_t)((member->optional ? MSGC_SHAPE_OPTIONAL : 0) |
	        (use->nullable && use->type->kind != MODEL_NULL ? MSGC_SHAPE_NULLABLE : 0) |
	        (use->boxed && !no_value ? MSGC_SHAPE_BOXED : 0) |
	        (no_value ? MSGC_SHAPE_NO_VALUE : 0));
}

static void name_member(struct call_types *t, struct msgc_member *member, const char *wire)
{
	static const struct msgc_expect nothing = MSGC_EXPECT_NOTHING;

	member->expect = nothing;
	member->wire = wire;
	if (wire == NULL)
		return;
	member->wire_len = (uint16_t)strlen(wire);
	if (emit_c_needs_escapes(t->w, wire))
		member->role |= MSGC_ROLE_ESCAPED;
}

/* A value's place behind what the record has so far. */
static void place_member(struct call_types *t, struct msgc_type *record, struct msgc_member *member,
        const struct model_member *of)
{
	member->shape = shape_of(of);
	member->type = type_of(t, of->use.type);
	member->name = of->name;
	/* What is absent has a default: which, the server knows. */
	member->fill = of->default_value != NULL ? msgc_fill_zero : NULL;
	member->has_at = record->size;
	member->null_at = record->size + 1;
	member->at = record->size + ALIGN;
	record->size = aligned(member->at +
	        (member->shape & MSGC_SHAPE_BOXED ? (uint32_t)sizeof(void *) : member->type->size));
}

static void fill_member(struct call_types *t, struct msgc_type *record, struct msgc_member *member,
        const struct emit_c_entry *entry, const struct model_type *of)
{
	name_member(t, member, entry->wire);
	member->shape = MSGC_SHAPE_NO_VALUE;
	switch (entry->role) {
	case EMIT_C_MEMBER: place_member(t, record, member, entry->member); break;
	case EMIT_C_TAG:
		member->type = constant_of(t, entry->tag);
		member->role |= MSGC_ROLE_TAG;
		break;
	case EMIT_C_SPARE: member->role |= MSGC_ROLE_SPARE; break;
	case EMIT_C_REF:
		member->role |= model_kind_is_int(of->contract->envelope.ref_kind)
		        ? MSGC_ROLE_REF_INT
		        : MSGC_ROLE_REF;
		break;
	case EMIT_C_BESIDE: member->role |= MSGC_ROLE_BESIDE; break;
	}
}

static const struct msgc_beside *beside_of(
        struct call_types *t, const struct model_message *message)
{
	static const enum msgc_beside_kind kinds[MODEL_N_ENVELOPE] = {
	        [MODEL_ENVELOPE_SEQ] = MSGC_BESIDE_INTEGER,
	        [MODEL_ENVELOPE_VERSION] = MSGC_BESIDE_INTEGER,
	        [MODEL_ENVELOPE_IS_MINE] = MSGC_BESIDE_BOOLEAN,
	        [MODEL_ENVELOPE_IS_CURRENT] = MSGC_BESIDE_BOOLEAN};
	const struct model_envelope *envelope = &message->contract->envelope;
	const struct model_discriminator *by = message->discriminator;
	struct msgc_beside *all =
	        arena_array(t->arena, MODEL_N_ENVELOPE + by->n_keys + 1, sizeof(*all));
	size_t n = 0;

	for (size_t i = 0; i < MODEL_N_ENVELOPE; i++) {
		enum msgc_beside_kind kind = kinds[i];

		if (i == MODEL_ENVELOPE_REF && envelope->ref_kind != MODEL_STRING)
			kind = MSGC_BESIDE_INTEGER;
		if (envelope->wire[i] != NULL)
			all[n++] = (struct msgc_beside){envelope->wire[i], kind};
	}
	for (size_t i = message->record->is_closed ? message->n_tags : by->n_keys; i < by->n_keys;
	        i++)
		all[n++] = (struct msgc_beside){by->keys[i], MSGC_BESIDE_ANY};
	return all;
}

static void fill_record(struct call_types *t, struct msgc_type *type, const struct model_type *of)
{
	static const struct msgc_member end = MSGC_NO_MEMBER;
	struct msgc_type_record *record = arena_alloc(t->arena, sizeof(*record));
	struct emit_c_entries entries = emit_c_entries_of(of);
	struct msgc_member *members =
	        arena_array(t->arena, entries.n + 1, sizeof(struct msgc_member));

	type->record = record;
	type->flags |= of->is_closed ? MSGC_TYPE_CLOSED : 0;
	record->name = of->message != NULL ? of->message->name : of->name;
	for (size_t i = 0; i < entries.n; i++)
		fill_member(t, type, &members[i], &entries.items[i], of);
	members[entries.n] = end;
	record->members = members;
	record->n_members = entries.n;
	free(entries.items);
	if (of->message != NULL && of->kind == MODEL_RECORD)
		record->beside = beside_of(t, of->message);
	if (of->further != NULL) {
		record->further = type_of(t, of->further);
		record->further_at = type->size;
		type->size = aligned(type->size + record->further->size);
	}
}

/* --------------------------------------------------------- lists and maps */

/* In C: items and count. */
struct collection {
	const void *items;
	size_t count;
};

static void fill_items(struct call_types *t, struct msgc_type *type, const struct model_type *of)
{
	struct msgc_type_items *items = arena_alloc(t->arena, sizeof(*items));
	const struct model_range *count = &of->constraints.count;
	bool is_map = of->kind == MODEL_MAP;

	type->items = items;
	type->size = sizeof(struct collection);
	type->flags |= of->kind == MODEL_LIST && of->constraints.unique ? MSGC_TYPE_UNIQUE : 0;
	items->element = type_of(t, of->element.type);
	if (is_map && of->key != NULL)
		items->key = type_of(t, of->key);
	items->is_wrapped = emit_c_is_wrapped(&of->element);
	items->value_at = is_map ? aligned(sizeof(struct msgc_str)) : 0;
	items->min = count->has_min ? (size_t)count->min : 0;
	items->max = count->has_max ? (size_t)count->max : MSGC_NO_MAX;
	vec_push(&t->unplaced, items);
}

static void place_items(struct call_types *t)
{
	for (size_t i = 0; i < t->unplaced.n; i++) {
		struct msgc_type_items *items = t->unplaced.items[i];

		items->null_at = aligned(items->value_at + items->element->size);
		items->item_size = aligned(items->null_at + 1);
	}
	vec_clear(&t->unplaced);
}

/* ------------------------------------------------------- unions and choices */

static uint8_t json_kinds(unsigned of)
{
	return (uint8_t)((of & MODEL_JSON_STRING ? MSGC_JSON_STRING : 0) |
	        (of & MODEL_JSON_NUMBER ? MSGC_JSON_NUMBER : 0) |
	        (of & MODEL_JSON_BOOLEAN ? MSGC_JSON_BOOLEAN : 0) |
	        (of & MODEL_JSON_NULL ? MSGC_JSON_NULL : 0) |
	        (of & MODEL_JSON_ARRAY ? MSGC_JSON_LIST : 0) |
	        (of & MODEL_JSON_OBJECT ? MSGC_JSON_OBJECT : 0));
}

static void fill_arm(struct call_types *t, struct msgc_arm *arm, const struct model_type *of,
        const struct model_arm *from)
{
	arm->name = from->name;
	if (of->kind == MODEL_UNION && !from->is_else)
		arm->tag = literal_of(&from->tag);
	arm->type = type_of(t, from->use.type);
	if (emit_c_has_no_value(from->use.type))
		arm->shape = MSGC_SHAPE_NO_VALUE;
	else if (from->use.boxed)
		arm->shape = MSGC_SHAPE_BOXED;
	if (of->kind == MODEL_CHOICE)
		arm->json = json_kinds(model_json_kinds(from->use.type));
}

static void fill_union(struct call_types *t, struct msgc_type *type, const struct model_type *of)
{
	struct msgc_type_union *arms = arena_alloc(t->arena, sizeof(*arms));
	struct msgc_arm *all = arena_array(t->arena, of->n_arms, sizeof(struct msgc_arm));
	uint32_t most = sizeof(void *);

	type->arms = arms;
	if (of->kind == MODEL_UNION && of->discriminator != NULL) {
		arms->discriminator = of->discriminator;
		arms->discriminator_len = strlen(of->discriminator);
	}
	for (size_t i = 0; i < of->n_arms; i++) {
		fill_arm(t, &all[i], of, &of->arms[i]);
		if (!(all[i].shape & MSGC_SHAPE_BOXED) && all[i].type->size > most)
			most = all[i].type->size;
	}
	arms->arms = all;
	arms->n_arms = of->n_arms;
	arms->expected = of->kind == MODEL_UNION ? emit_c_expected_tags(t->w, of)
	                                         : emit_c_expected_kinds(t->w, of);
	arms->has_else = of->kind == MODEL_UNION && of->arms[of->n_arms - 1].is_else;
	arms->else_int =
	        arms->has_else && !of->arms[0].is_else && of->arms[0].tag.kind == MODEL_LITERAL_INT;
	arms->tag_at = ALIGN;
	arms->value_at = ALIGN * 2;
	type->size = aligned(arms->value_at + most);
}

/* ------------------------------------------------------------------- all */

static void fill(struct call_types *t, struct msgc_type *type, const struct model_type *of)
{
	switch (of->kind) {
	case MODEL_ENUM:
		type->kind = MSGC_KIND_ENUM;
		fill_enum(t, type, of);
		break;
	case MODEL_RECORD:
		type->kind = MSGC_KIND_RECORD;
		fill_record(t, type, of);
		break;
	case MODEL_TUPLE:
		type->kind = MSGC_KIND_TUPLE;
		fill_record(t, type, of);
		break;
	case MODEL_LIST:
		type->kind = MSGC_KIND_LIST;
		fill_items(t, type, of);
		break;
	case MODEL_MAP:
		type->kind = MSGC_KIND_MAP;
		fill_items(t, type, of);
		break;
	case MODEL_UNION:
		type->kind = MSGC_KIND_UNION;
		fill_union(t, type, of);
		break;
	case MODEL_CHOICE:
		type->kind = MSGC_KIND_CHOICE;
		fill_union(t, type, of);
		break;
	default:
		type->kind = scalar_kind(of->kind);
		type->form = form_of(of);
		type->size = scalar_size(of->kind);
		if (of->kind == MODEL_STRING || of->kind == MODEL_BYTES)
			type->text = text_of(t, of);
		else
			type->number = number_of(t, of);
	}
}

/*
 * Types that hold themselves find their own table here, unfinished: they do so through a list, a map or a pointer, whose size does not depend on
 * theirs.
 */
static const struct msgc_type *type_of(struct call_types *t, const struct model_type *of)
{
	struct made *made;

	if (of->kind == MODEL_ENUM && of->is_constant)
		return constant_of(t, &of->values[0].literal);
	for (size_t i = 0; i < t->types.n; i++) {
		made = t->types.items[i];
		if (made->of == of)
			return made->type;
	}
	made = arena_alloc(t->arena, sizeof(*made));
	made->of = of;
	made->type = arena_alloc(t->arena, sizeof(*made->type));
	made->type->flags = MSGC_TYPE_RECURSIVE;
	vec_push(&t->types, made);
	fill(t, made->type, of);
	return made->type;
}

static void fill_tags(
        struct call_types *t, struct msgc_message *message, const struct model_message *of)
{
	struct msgc_tag *tags = arena_array(t->arena, of->n_tags, sizeof(struct msgc_tag));

	for (size_t i = 0; i < of->n_tags; i++) {
		const struct model_literal *tag = &of->tags[i];

		tags[i].kind =
		        tag->kind == MODEL_LITERAL_STRING ? MSGC_TAG_STRING : MSGC_TAG_INTEGER;
		if (tag->kind == MODEL_LITERAL_STRING)
			tags[i].text = msgc_str_from(tag->text);
		else
			tags[i].number = tag->number;
	}
	message->tags = tags;
	message->tag_count = of->n_tags;
}

const struct msgc_message *call_types_message(
        struct call_types *types, const struct model_message *of)
{
	struct made_message *made;

	for (size_t i = 0; i < types->messages.n; i++) {
		made = types->messages.items[i];
		if (made->of == of)
			return made->message;
	}
	made = arena_alloc(types->arena, sizeof(*made));
	made->of = of;
	made->message = arena_alloc(types->arena, sizeof(*made->message));
	made->message->name = of->wire != NULL ? of->wire : of->name;
	made->message->name_len = strlen(made->message->name);
	fill_tags(types, made->message, of);
	made->message->type = type_of(types, of->record);
	made->message->size = made->message->type->size;
	place_items(types);
	vec_push(&types->messages, made);
	return made->message;
}

struct call_types *call_types_new(void)
{
	struct call_types *types = memory_get(sizeof(*types));

	*types = (struct call_types){.arena = arena_new(), .w = writer_new("\t")};
	if (types->w == NULL)
		memory_exhausted();
	return types;
}

void call_types_free(struct call_types *types)
{
	if (types == NULL)
		return;
	vec_clear(&types->types);
	vec_clear(&types->messages);
	vec_clear(&types->unplaced);
	writer_free(types->w);
	arena_free(types->arena);
	free(types);
}
