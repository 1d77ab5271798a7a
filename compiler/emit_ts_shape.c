/* SPDX-License-Identifier: MIT */
/*
 * emit_ts_shape.c - types of the contract as tables that the client reads (clients/typescript/shapes.ts says what they mean): what is
 * converted on its way, which defaults are filled in, what a validator checks. Knows nothing of messages.
 */
#include <inttypes.h>
#include <string.h>

#include "emit_jsonschema.h"
#include "emit_ts.h"

static void put_text(struct ts *ts, const char *key, const char *text)
{
	writer_add(ts->w, ", %s: %s", key, writer_json_string(ts->w, text, strlen(text)));
}

static void put_range(struct ts *ts, const char *key, const struct model_range *range)
{
	if (!range->has_min && !range->has_max)
		return;
	writer_add(ts->w, ", %s: [", key);
	if (range->has_min)
		writer_add(ts->w, "%" PRIu64, range->min);
	writer_add(ts->w, range->has_min ? ", " : "null, ");
	if (range->has_max)
		writer_add(ts->w, "%" PRIu64, range->max);
	writer_add(ts->w, range->has_max ? "]" : "null]");
}

/* ----------------------------------------------------------------- numbers */

static void put_bound(struct ts *ts, const char *key, const struct model_number *number)
{
	if (number != NULL)
		put_text(ts, key, number->text);
}

static void put_bounds(struct ts *ts, const struct model_type *type)
{
	const struct model_constraints *c = &type->constraints;
	int64_t min;
	uint64_t max;

	if (c->min == NULL && c->above == NULL && model_int_bounds(type->kind, &min, &max))
		writer_add(ts->w, ", min: \"%" PRId64 "\"", min);
	if (c->max == NULL && c->below == NULL && model_int_bounds(type->kind, &min, &max))
		writer_add(ts->w, ", max: \"%" PRIu64 "\"", max);
	put_bound(ts, "min", c->min);
	put_bound(ts, "max", c->max);
	put_bound(ts, "above", c->above);
	put_bound(ts, "below", c->below);
	put_bound(ts, "step", c->step);
}

static void put_number(struct ts *ts, const struct model_type *type)
{
	bool quoted = type->wire_form == MODEL_WIRE_STRING;

	if (type->kind == MODEL_DECIMAL)
		writer_add(ts->w, "{ is: \"decimal\"%s", quoted ? "" : ", held: \"digits\"");
	else if (model_kind_is_int(type->kind))
		writer_add(ts->w, "{ is: \"int\"%s",
		        !quoted && (type->kind == MODEL_INT64 || type->kind == MODEL_UINT64)
		                ? ", held: \"bigint\""
		                : "");
	else
		writer_add(ts->w, "{ is: \"number\"%s",
		        type->kind == MODEL_FLOAT32 ? ", single: true" : "");
	writer_add(ts->w, "%s", quoted ? ", quoted: true" : "");
	put_bounds(ts, type);
	writer_add(ts->w, " }");
}

/* Instants that RFC 3339 can write: the years 0 to 9999. */
static void put_unix(struct ts *ts, const struct model_type *type, const char *min, const char *max)
{
	const struct model_constraints *c = &type->constraints;

	writer_add(ts->w, "{ is: \"int\"");
	put_text(ts, "min", c->min != NULL ? c->min->text : min);
	put_text(ts, "max", c->max != NULL ? c->max->text : max);
	put_bound(ts, "above", c->above);
	put_bound(ts, "below", c->below);
	put_bound(ts, "step", c->step);
	writer_add(ts->w, " }");
}

/* ----------------------------------------------------------------- strings */

static void put_string(struct ts *ts, const struct model_constraints *c)
{
	writer_add(ts->w, "{ is: \"string\"");
	put_range(ts, "len", &c->len);
	put_range(ts, "bytes", &c->bytes);
	if (c->n_patterns > 0) {
		writer_add(ts->w, ", patterns: [");
		for (size_t i = 0; i < c->n_patterns; i++)
			writer_add(ts->w, "%s%s", i > 0 ? ", " : "",
			        writer_json_string(
			                ts->w, c->patterns[i]->text, strlen(c->patterns[i]->text)));
		writer_add(ts->w, "]");
	}
	if (c->format != MODEL_FORMAT_NONE)
		put_text(ts, "format", model_format_name(c->format));
	if (c->not_blank)
		writer_add(ts->w, ", notBlank: true");
	if (c->trim)
		writer_add(ts->w, ", trim: true");
	if (c->lower || c->upper)
		put_text(ts, "letters", c->lower ? "lower" : "upper");
	writer_add(ts->w, " }");
}

static void put_formatted(struct ts *ts, const char *format)
{
	writer_add(ts->w, "{ is: \"string\", format: \"%s\" }", format);
}

static void put_datetime(struct ts *ts, const struct model_type *type)
{
	switch (type->wire_form) {
	case MODEL_WIRE_UNIX: put_unix(ts, type, "-62167219200", "253402300799"); break;
	case MODEL_WIRE_UNIX_MS: put_unix(ts, type, "-62167219200000", "253402300799999"); break;
	default: put_formatted(ts, "date-time"); break;
	}
}

static void put_scalar(struct ts *ts, const struct model_type *type)
{
	switch (type->kind) {
	case MODEL_BOOL: writer_add(ts->w, "{ is: \"bool\" }"); break;
	case MODEL_STRING: put_string(ts, &type->constraints); break;
	case MODEL_BYTES:
		writer_add(ts->w, "{ is: \"bytes\"");
		put_range(ts, "bytes", &type->constraints.bytes);
		writer_add(ts->w, " }");
		break;
	case MODEL_DATETIME: put_datetime(ts, type); break;
	case MODEL_DATE: put_formatted(ts, "date"); break;
	case MODEL_TIME: put_formatted(ts, "time"); break;
	case MODEL_DURATION: put_formatted(ts, "duration"); break;
	case MODEL_UUID: put_formatted(ts, "uuid"); break;
	case MODEL_JSON: writer_add(ts->w, "{ is: \"json\" }"); break;
	case MODEL_NULL: writer_add(ts->w, "{ is: \"null\" }"); break;
	default: put_number(ts, type); break;
	}
}

/* -------------------------------------------------------------- composites */

/* As it would travel. A literal of JavaScript loses digits, and __proto__ is none of its names. */
static void put_default(struct ts *ts, const struct model_member *member)
{
	struct writer *w = schema_text_begin();
	const char *text;
	size_t digits = 0, most = 0;

	emit_value(w, member->use.type, member->default_value);
	text = schema_text_result(w);
	for (const char *c = text; *c != '\0'; c++) {
		digits = *c >= '0' && *c <= '9' ? digits + 1 : 0;
		most = digits > most ? digits : most;
	}
	if (most > 15 || strstr(text, "__proto__") != NULL)
		writer_add(ts->w, "parseExact$(%s)", writer_json_string(ts->w, text, strlen(text)));
	else
		writer_add(ts->w, "%s", text);
	writer_free(w);
}

void ts_put_shape_member(struct ts *ts, const struct model_member *member)
{
	writer_add(ts->w, "type: ");
	ts_put_shape(ts, &member->use);
	if (member->use.nullable)
		writer_add(ts->w, ", nullable: true");
	if (member->optional)
		writer_add(ts->w, ", optional: true");
	if (member->default_value != NULL) {
		writer_add(ts->w, ", default: ");
		put_default(ts, member);
	}
	if (member->beside != NULL)
		put_text(ts, "beside", member->beside);
}

void ts_put_shape_use(struct ts *ts, const struct model_use *use)
{
	writer_add(ts->w, "{ type: ");
	ts_put_shape(ts, use);
	writer_add(ts->w, "%s }", use->nullable ? ", nullable: true" : "");
}

static void put_record(struct ts *ts, const struct model_type *type)
{
	writer_add(ts->w, "{ is: \"record\", members: {");
	if (type->n_members > 0) {
		writer_end(ts->w);
		writer_indent(ts->w);
		for (size_t i = 0; i < type->n_members; i++) {
			writer_add(ts->w, "%s: { ", ts_key(ts, type->members[i].wire, true));
			ts_put_shape_member(ts, &type->members[i]);
			writer_add(ts->w, " },");
			writer_end(ts->w);
		}
		writer_dedent(ts->w);
	}
	writer_add(ts->w, "}%s", type->is_closed ? ", closed: true" : "");
	if (type->further != NULL) {
		writer_add(ts->w, ", further: ");
		ts_put_shape_use(ts, &type->further->element);
		put_range(ts, "count", &type->further->constraints.count);
	}
	writer_add(ts->w, " }");
}

static void put_enum(struct ts *ts, const struct model_type *type)
{
	writer_add(ts->w, "{ is: \"enum\", values: [");
	for (size_t i = 0; i < type->n_values; i++) {
		writer_add(ts->w, "%s", i > 0 ? ", " : "");
		ts_put_literal(ts, &type->values[i].literal);
	}
	writer_add(ts->w, "]");
	if (type->is_open)
		put_text(ts, "open", type->is_int_enum ? "int" : "string");
	writer_add(ts->w, " }");
}

static void put_map(struct ts *ts, const struct model_type *type)
{
	writer_add(ts->w, "{ is: \"map\", of: ");
	ts_put_shape_use(ts, &type->element);
	if (type->key != NULL) {
		const struct model_use key = {.type = type->key};

		writer_add(ts->w, ", key: ");
		ts_put_shape(ts, &key);
	}
	put_range(ts, "count", &type->constraints.count);
	writer_add(ts->w, " }");
}

static void put_tuple(struct ts *ts, const struct model_type *type)
{
	writer_add(ts->w, "{ is: \"tuple\", of: [");
	for (size_t i = 0; i < type->n_members; i++) {
		writer_add(ts->w, "%s{ ", i > 0 ? ", " : "");
		ts_put_shape_member(ts, &type->members[i]);
		writer_add(ts->w, " }");
	}
	writer_add(ts->w, "] }");
}

static void put_union(struct ts *ts, const struct model_type *type)
{
	bool any = false, other = false;

	writer_add(ts->w, "{ is: \"union\", by: %s, arms: [",
	        writer_json_string(ts->w, type->discriminator, strlen(type->discriminator)));
	for (size_t i = 0; i < type->n_arms; i++) {
		if (type->arms[i].is_else) {
			other = true;
			continue;
		}
		writer_add(ts->w, "%s{ tag: ", any ? ", " : "");
		ts_put_literal(ts, &type->arms[i].tag);
		writer_add(ts->w, ", type: ");
		ts_put_shape(ts, &type->arms[i].use);
		writer_add(ts->w, " }");
		any = true;
	}
	writer_add(ts->w, "]%s }", other ? ", other: true" : "");
}

static void put_choice(struct ts *ts, const struct model_type *type)
{
	writer_add(ts->w, "{ is: \"choice\", arms: [");
	for (size_t i = 0; i < type->n_arms; i++) {
		writer_add(ts->w, "%s", i > 0 ? ", " : "");
		ts_put_shape(ts, &type->arms[i].use);
	}
	writer_add(ts->w, "] }");
}

static void put_type(struct ts *ts, const struct model_type *type)
{
	switch (type->kind) {
	case MODEL_ENUM: put_enum(ts, type); break;
	case MODEL_RECORD: put_record(ts, type); break;
	case MODEL_LIST:
		writer_add(ts->w, "{ is: \"list\", of: ");
		ts_put_shape_use(ts, &type->element);
		put_range(ts, "count", &type->constraints.count);
		writer_add(ts->w, "%s }", type->constraints.unique ? ", unique: true" : "");
		break;
	case MODEL_MAP: put_map(ts, type); break;
	case MODEL_TUPLE: put_tuple(ts, type); break;
	case MODEL_UNION: put_union(ts, type); break;
	case MODEL_CHOICE: put_choice(ts, type); break;
	default: put_scalar(ts, type); break;
	}
}

/* Those that stand in the table, where others refer to them. */
static bool is_composite(const struct model_type *type)
{
	return type->kind >= MODEL_ENUM && !type->is_constant;
}

bool ts_is_in_table(const struct model_type *type)
{
	return type->name != NULL && type->message == NULL && is_composite(type);
}

void ts_put_shape(struct ts *ts, const struct model_use *use)
{
	const char *name = NULL;

	if (use->alias != NULL && is_composite(use->type))
		name = ts_name(ts, use->alias, TS_RECEIVED);
	else if (ts_is_in_table(use->type))
		name = ts_name(ts, use->type, TS_RECEIVED);
	if (name != NULL)
		writer_add(ts->w, "{ is: \"ref\", to: \"%s\" }", name);
	else
		put_type(ts, use->type);
}

static void put_entry(struct ts *ts, const void *of, const struct model_use *use)
{
	writer_add(ts->w, "%s: ", ts_name(ts, of, TS_RECEIVED));
	if (use->alias != NULL || (ts_is_in_table(use->type) && of != use->type))
		ts_put_shape(ts, use);
	else
		put_type(ts, use->type);
	writer_add(ts->w, ",");
	writer_end(ts->w);
}

static void put_entries(struct ts *ts, const struct model_contract *contract)
{
	for (size_t i = 0; i < contract->n_types; i++) {
		const struct model_use use = {.type = contract->types[i]};

		if (ts_is_in_table(use.type))
			put_entry(ts, use.type, &use);
	}
	for (size_t i = 0; i < contract->n_aliases; i++) {
		struct model_use use = contract->aliases[i]->target;

		if (is_composite(use.type))
			put_entry(ts, contract->aliases[i], &use);
	}
}

void ts_put_shapes(struct ts *ts)
{
	writer_open(ts->w,
	        ts->form == TS_TYPESCRIPT ? "const shapes$: Shapes$ = {" : "const shapes$ = {");
	for (size_t i = 0; i < ts->model->n_contracts; i++) {
		if (ts_writes(ts, ts->model->contracts[i]))
			put_entries(ts, ts->model->contracts[i]);
	}
	writer_close(ts->w, "};");
}
