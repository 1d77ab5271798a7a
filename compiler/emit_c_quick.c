/* SPDX-License-Identifier: MIT */
/*
 * emit_c_quick.c - what a type's table says so that the codec can read it fast: how a member stands
 * in most texts, which members may not be absent, which strings are a shape and nothing more. It
 * must not know how the codec reads.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "emit_c_parts.h"
#include "pattern_shape.h"

enum {
	EXPECT_MOST = 31, /* MSGC_EXPECT_MOST of <msgc/type.h> */
	QUICK_MEMBERS = 64,
};

/* ----------------------------------------------------------------- names */

bool emit_c_needs_escapes(struct writer *w, const char *wire)
{
	return strlen(writer_json_string(w, wire, strlen(wire))) != strlen(wire) + 2;
}

/* A comma, the name in quotes, a colon, and the value: does the table hold as much? */
static bool can_be_expected(struct writer *w, const char *wire, const char *value)
{
	return strlen(wire) + strlen(value) + 4 <= EXPECT_MOST && !emit_c_needs_escapes(w, wire);
}

const char *emit_c_expected_text(struct writer *w, const struct emit_c_entry *entry)
{
	const char *value = "", *wire = entry->wire;

	if (wire == NULL || (entry->role != EMIT_C_MEMBER && entry->role != EMIT_C_TAG))
		return NULL;
	if (entry->role == EMIT_C_TAG && entry->tag->kind != MODEL_LITERAL_STRING)
		return NULL;
	if (entry->role == EMIT_C_TAG)
		value = writer_json_string(w, entry->tag->text, strlen(entry->tag->text));
	if (!can_be_expected(w, wire, value))
		return NULL;
	return writer_format(w, "\"%s\":%s", wire, value);
}

const char *emit_c_whole_member(
        struct writer *w, const char *wire, const struct model_literal *tag, const char *type)
{
	const char *json = tag->text;

	if (tag->kind == MODEL_LITERAL_STRING)
		json = writer_json_string(w, tag->text, strlen(tag->text));
	if (tag->kind != MODEL_LITERAL_STRING || !can_be_expected(w, wire, json))
		return NULL;
	return writer_format(w, "MSGC_WHOLE_MEMBER(%s, %s, %s)",
	        writer_c_literal(w, wire, strlen(wire)), writer_c_literal(w, json, strlen(json)),
	        type);
}

/* --------------------------------------------------------------- records */

static bool is_quick_record(const struct model_type *record)
{
	struct emit_c_entries all = emit_c_entries_of(record);
	bool is_quick = record->further == NULL && all.n > 0 && all.n <= QUICK_MEMBERS;

	for (size_t i = 0; i < all.n; i++)
		is_quick = is_quick && all.items[i].role != EMIT_C_BESIDE;
	free(all.items);
	return is_quick;
}

static bool must_come(const struct emit_c_entry *entry)
{
	if (entry->role != EMIT_C_MEMBER)
		return entry->role == EMIT_C_TAG;
	return !entry->member->optional || entry->member->default_value != NULL;
}

void emit_c_must_come(
        struct writer *w, const struct model_type *record, const struct emit_c_entries *all)
{
	uint64_t bits = 0;

	for (size_t i = 0; i < all->n && i < QUICK_MEMBERS; i++)
		if (must_come(&all->items[i]))
			bits |= UINT64_C(1) << i;
	if (bits != 0 && record->kind == MODEL_RECORD && is_quick_record(record))
		writer_line(w, ".must_come = UINT64_C(0x%" PRIX64 "),", bits);
}

bool emit_c_is_quick_record(const struct model_type *record)
{
	return record->kind == MODEL_RECORD && is_quick_record(record);
}

/* --------------------------------------------------------------- strings */

static bool has_range(const struct model_range *range)
{
	return range->has_min || range->has_max;
}

/* "RUN", "PLACES": a string of the one pattern's shape keeps to everything that is demanded. */
static const char *quick_shape(const struct model_constraints *c)
{
	struct pattern_shape shape;

	if (c->n_patterns != 1 || has_range(&c->bytes) || !pattern_shape(c->patterns[0], &shape) ||
	        (c->len.has_min && c->len.min > shape.least) ||
	        (c->len.has_max && c->len.max < shape.most))
		return NULL;
	return shape.is_fixed ? "PLACES" : "RUN";
}

static const char *quick_string(const struct model_constraints *c)
{
	if (c->format != MODEL_FORMAT_NONE || c->not_blank || c->trim || c->lower || c->upper)
		return NULL;
	if (c->n_patterns > 0)
		return quick_shape(c);
	if (has_range(&c->bytes))
		return NULL;
	return has_range(&c->len) ? "LEN" : "STR";
}

/* --------------------------------------------------------------- numbers */

static const char *quick_number(const struct model_type *type)
{
	const struct model_constraints *c = &type->constraints;

	if (type->wire_form == MODEL_WIRE_STRING || c->step != NULL)
		return NULL;
	if (type->kind == MODEL_FLOAT64 && !c->min && !c->max && !c->above && !c->below)
		return "FLOAT64";
	return model_kind_is_int(type->kind) ? "INT" : NULL;
}

struct int_range {
	int64_t least, most;
};

static struct int_range range_of_kind(enum model_kind kind)
{
	const int64_t int53 = INT64_C(9007199254740991);

	switch (kind) {
	case MODEL_INT8: return (struct int_range){INT8_MIN, INT8_MAX};
	case MODEL_INT16: return (struct int_range){INT16_MIN, INT16_MAX};
	case MODEL_INT32: return (struct int_range){INT32_MIN, INT32_MAX};
	case MODEL_INT53: return (struct int_range){-int53, int53};
	case MODEL_INT64: return (struct int_range){INT64_MIN, INT64_MAX};
	case MODEL_UINT8: return (struct int_range){0, UINT8_MAX};
	case MODEL_UINT16: return (struct int_range){0, UINT16_MAX};
	case MODEL_UINT32: return (struct int_range){0, UINT32_MAX};
	default: return (struct int_range){0, INT64_MAX};
	}
}

/* As far as int64_t goes. */
static int64_t bound_of(const struct model_number *number)
{
	if (number->is_negative)
		return number->as_int64;
	return number->as_uint64 > INT64_MAX ? INT64_MAX : (int64_t)number->as_uint64;
}

/* A range that nothing is in stays one. */
static struct int_range range_of(const struct model_type *type)
{
	const struct model_constraints *c = &type->constraints;
	struct int_range r = range_of_kind(type->kind);

	if (c->min != NULL && bound_of(c->min) > r.least)
		r.least = bound_of(c->min);
	if (c->above != NULL && bound_of(c->above) >= r.least)
		r.least = bound_of(c->above) < INT64_MAX ? bound_of(c->above) + 1 : INT64_MAX;
	if (c->max != NULL && bound_of(c->max) < r.most)
		r.most = bound_of(c->max);
	if (c->below != NULL && bound_of(c->below) <= r.most)
		r.most = bound_of(c->below) > INT64_MIN ? bound_of(c->below) - 1 : INT64_MIN;
	return r;
}

static const char *int_text(struct writer *w, int64_t v)
{
	if (v == INT64_MIN)
		return "INT64_MIN";
	return writer_format(
	        w, v > INT32_MAX || v < -INT32_MAX ? "INT64_C(%" PRId64 ")" : "%" PRId64, v);
}

struct emit_c_int_limits emit_c_int_limits(struct writer *w, const struct model_type *type)
{
	struct int_range r = range_of(type);

	return (struct emit_c_int_limits){int_text(w, r.least), int_text(w, r.most)};
}

bool emit_c_int_range(struct writer *w, const struct model_type *type)
{
	struct emit_c_int_limits limits;

	if (type->constraints.n_checks > 0 || !model_kind_is_int(type->kind) ||
	        quick_number(type) == NULL)
		return false;
	limits = emit_c_int_limits(w, type);
	writer_line(w, ".least = %s,", limits.least);
	writer_line(w, ".most = %s,", limits.most);
	return true;
}

/* ----------------------------------------------------------------- types */

static bool is_quick_enum(const struct model_type *type)
{
	for (size_t i = 0; i < type->n_values; i++)
		if (type->values[i].wire == NULL)
			return false;
	return !type->is_open;
}

const char *emit_c_quick_word(const struct model_type *type)
{
	if (type->constraints.n_checks > 0 || type->n_checks > 0)
		return NULL;
	switch (type->kind) {
	case MODEL_STRING: return quick_string(&type->constraints);
	case MODEL_BOOL: return "BOOL";
	case MODEL_ENUM: return !type->is_constant && is_quick_enum(type) ? "ENUM" : NULL;
	case MODEL_RECORD: return is_quick_record(type) ? "RECORD" : NULL;
	case MODEL_LIST: return emit_c_is_wrapped(&type->element) ? NULL : "LIST";
	default: return quick_number(type);
	}
}

void emit_c_quick(struct writer *w, const struct model_type *type)
{
	const char *how = emit_c_quick_word(type);

	if (how != NULL)
		writer_line(w, ".quick = MSGC_QUICK_%s,", how);
}

/* ----------------------------------------------------------------- members */

const char *emit_c_named_member(
        struct writer *w, const struct emit_c_entry *entry, const char *type)
{
	const char *name = writer_c_literal(w, entry->wire, strlen(entry->wire)), *how = NULL;
	const struct model_member *member = entry->member;

	if (entry->role != EMIT_C_MEMBER || !can_be_expected(w, entry->wire, ""))
		return writer_format(w, "MSGC_LONG_MEMBER(%s, %s)", name, type);
	if (!member->optional && !member->use.nullable && !member->use.boxed)
		how = emit_c_quick_word(member->use.type);
	return writer_format(w, "MSGC_MEMBER(%s, %s, %s)", how != NULL ? how : "ODD", name, type);
}
