/* SPDX-License-Identifier: MIT */
/*
 * emit_ts_type.c - types of the contract as TypeScript's. What travels is what programs hold, but for three things: integers of 64 bits
 * that travel as numbers are bigints, decimals that do are strings, bytes are Uint8Arrays. Knows nothing of messages.
 */
#include <string.h>

#include "emit_ts.h"

/* ---------------------------------------------------------------- comments */

/* Nothing in the text ends the comment. */
static void put_comment_line(struct ts *ts, const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		if (text[i] == '*' && i + 1 < length && text[i + 1] == '/')
			writer_add(ts->w, "*\xe2\x81\x84"), i++; /* a fraction slash */
		else if ((unsigned char)text[i] >= ' ')
			writer_add(ts->w, "%c", text[i]);
	}
}

static void put_lines(struct ts *ts, const char *text)
{
	while (*text != '\0') {
		size_t length = strcspn(text, "\n");

		writer_add(ts->w, length > 0 ? " * " : " *");
		put_comment_line(ts, text, length);
		writer_end(ts->w);
		text += length + (text[length] == '\n');
	}
}

void ts_put_doc(struct ts *ts, const char *doc, const char *deprecated)
{
	if (doc == NULL && deprecated == NULL)
		return;
	if (doc != NULL && deprecated == NULL && strchr(doc, '\n') == NULL && strlen(doc) < 120) {
		writer_add(ts->w, "/** ");
		put_comment_line(ts, doc, strlen(doc));
		writer_add(ts->w, " */");
		writer_end(ts->w);
		return;
	}
	writer_line(ts->w, "/**");
	if (doc != NULL)
		put_lines(ts, doc);
	if (deprecated != NULL) {
		writer_add(ts->w, " * @deprecated ");
		put_comment_line(ts, deprecated, strlen(deprecated));
		writer_end(ts->w);
	}
	writer_line(ts->w, " */");
}

/* ------------------------------------------------------------------- scalars */

static const char *scalar_name(const struct model_type *type)
{
	bool quoted = type->wire_form == MODEL_WIRE_STRING;

	switch (type->kind) {
	case MODEL_BOOL: return "boolean";
	case MODEL_INT64:
	case MODEL_UINT64: return quoted ? "string" : "bigint";
	case MODEL_DECIMAL: return "string";
	case MODEL_FLOAT32:
	case MODEL_FLOAT64: return quoted ? "string" : "number";
	case MODEL_BYTES: return "Uint8Array";
	case MODEL_DATETIME:
		return type->wire_form == MODEL_WIRE_UNIX || type->wire_form == MODEL_WIRE_UNIX_MS
		        ? "number"
		        : "string";
	case MODEL_JSON: return "unknown";
	case MODEL_NULL: return "null";
	default: return model_kind_is_int(type->kind) && !quoted ? "number" : "string";
	}
}

void ts_put_literal(struct ts *ts, const struct model_literal *literal)
{
	if (literal->kind == MODEL_LITERAL_STRING)
		writer_add(ts->w, "%s",
		        writer_json_string(ts->w, literal->text, strlen(literal->text)));
	else
		writer_add(ts->w, "%s", literal->text);
}

static void put_enum(struct ts *ts, const struct model_type *type)
{
	for (size_t i = 0; i < type->n_values; i++) {
		writer_add(ts->w, "%s", i > 0 ? " | " : "");
		ts_put_literal(ts, &type->values[i].literal);
	}
	/* Known values stay known to editors beside all others. */
	if (type->is_open)
		writer_add(ts->w, " | (%s & {})", type->is_int_enum ? "number" : "string");
}

/* ------------------------------------------------------------------ records */

static void put_member_type(struct ts *ts, const struct model_member *member, enum ts_role role)
{
	ts_put_use(ts, &member->use, role);
}

static bool may_be_absent(const struct model_member *member, enum ts_role role)
{
	return member->optional || (role == TS_SENT && member->default_value != NULL);
}

/* An index signature must hold for the declared members, too. */
static void put_further(struct ts *ts, const struct model_type *record, enum ts_role role)
{
	writer_add(ts->w, "[member: string]: ");
	ts_put_use(ts, &record->further->element, role);
	for (size_t i = 0; i < record->n_members; i++) {
		writer_add(ts->w, " | ");
		put_member_type(ts, &record->members[i], role);
	}
	if (record->message != NULL)
		writer_add(ts->w, " | string | number | boolean");
	writer_add(ts->w, " | undefined;");
	writer_end(ts->w);
}

void ts_put_members(struct ts *ts, const struct model_type *record, enum ts_role role)
{
	for (size_t i = 0; i < record->n_members; i++) {
		const struct model_member *member = &record->members[i];

		if (member->beside != NULL)
			continue; /* told with its tag: ts_put_besides() */
		ts_put_doc(ts, member->doc, member->deprecated);
		writer_add(ts->w, "%s%s: ", ts_key(ts, member->wire, false),
		        may_be_absent(member, role) ? "?" : "");
		put_member_type(ts, member, role);
		writer_add(ts->w, ";");
		writer_end(ts->w);
	}
	if (record->further != NULL)
		put_further(ts, record, role);
}

static void put_tag_kind(struct ts *ts, const struct model_type *type)
{
	const char *kind = "string";

	for (size_t i = 0; i < type->n_arms; i++) {
		if (!type->arms[i].is_else && type->arms[i].tag.kind == MODEL_LITERAL_INT)
			kind = "number";
	}
	writer_add(ts->w, "%s", kind);
}

static void put_beside_arm(struct ts *ts, const struct model_member *member,
        const struct model_arm *arm, enum ts_role role)
{
	const char *tag = ts_key(ts, member->beside, false);
	const char *name = ts_key(ts, member->wire, false);
	struct model_use use = arm->use;

	use.nullable = member->use.nullable && use.type->kind != MODEL_NULL;
	if (arm->is_else) {
		writer_add(ts->w, "{ %s?: undefined; %s: UnknownValue<", tag, name);
		put_tag_kind(ts, member->use.type);
		writer_add(ts->w, ">%s }", use.nullable ? " | null" : "");
		return;
	}
	writer_add(ts->w, "{ %s: ", tag);
	ts_put_literal(ts, &arm->tag);
	writer_add(ts->w, "; %s: ", name);
	ts_put_use(ts, &use, role);
	writer_add(ts->w, " }");
}

/* Behind the record: "& ({ t: "A"; d: … } | …)" for each union that has its tag beside it. */
void ts_put_besides(struct ts *ts, const struct model_type *record, enum ts_role role)
{
	for (size_t i = 0; i < record->n_members; i++) {
		const struct model_member *member = &record->members[i];
		const struct model_type *type = member->use.type;

		if (member->beside == NULL)
			continue;
		writer_add(ts->w, " & (");
		for (size_t j = 0; j < type->n_arms; j++) {
			writer_add(ts->w, "%s", j > 0 ? " | " : "");
			put_beside_arm(ts, member, &type->arms[j], role);
		}
		if (may_be_absent(member, role))
			writer_add(ts->w, " | { %s?: undefined; %s?: undefined }",
			        ts_key(ts, member->beside, false), ts_key(ts, member->wire, false));
		writer_add(ts->w, ")");
	}
}

bool ts_has_beside(const struct model_type *record)
{
	for (size_t i = 0; record->kind == MODEL_RECORD && i < record->n_members; i++) {
		if (record->members[i].beside != NULL)
			return true;
	}
	return false;
}

static void put_record(struct ts *ts, const struct model_type *type, enum ts_role role)
{
	if (type->n_members == 0 && type->further == NULL) {
		writer_add(ts->w, "Record<string, unknown>");
		return;
	}
	writer_add(ts->w, "{");
	writer_end(ts->w);
	writer_indent(ts->w);
	ts_put_members(ts, type, role);
	writer_dedent(ts->w);
	writer_add(ts->w, "}");
	ts_put_besides(ts, type, role);
}

/* ----------------------------------------------------- unions, lists, tuples */

static void put_union(struct ts *ts, const struct model_type *type, enum ts_role role)
{
	for (size_t i = 0; i < type->n_arms; i++) {
		const struct model_arm *arm = &type->arms[i];

		writer_add(ts->w, "%s", i > 0 ? " | " : "");
		if (!type->all_objects) {
			ts_put_use(ts, &arm->use, role);
		} else if (arm->is_else) {
			writer_add(ts->w,
			        "{ %s?: undefined; unknown: { [member: string]: unknown } }",
			        ts_key(ts, type->discriminator, false));
		} else {
			writer_add(ts->w, "({ %s: ", ts_key(ts, type->discriminator, false));
			ts_put_literal(ts, &arm->tag);
			writer_add(ts->w, " }");
			if (arm->use.type->n_members > 0 || arm->use.type->kind != MODEL_RECORD ||
			        arm->use.type->further != NULL) {
				writer_add(ts->w, " & (");
				ts_put_use(ts, &arm->use, role);
				writer_add(ts->w, ")");
			}
			writer_add(ts->w, ")");
		}
	}
}

static void put_choice(struct ts *ts, const struct model_type *type, enum ts_role role)
{
	for (size_t i = 0; i < type->n_arms; i++) {
		writer_add(ts->w, "%s", i > 0 ? " | " : "");
		ts_put_use(ts, &type->arms[i].use, role);
	}
}

void ts_put_element(struct ts *ts, const struct model_member *element, enum ts_role role)
{
	writer_add(ts->w, "%s%s: ", element->name, element->optional ? "?" : "");
	ts_put_use(ts, &element->use, role);
}

static void put_tuple(struct ts *ts, const struct model_type *type, enum ts_role role)
{
	writer_add(ts->w, "[");
	for (size_t i = 0; i < type->n_members; i++) {
		writer_add(ts->w, "%s", i > 0 ? ", " : "");
		ts_put_element(ts, &type->members[i], role);
	}
	writer_add(ts->w, "]");
}

/* Of one word, so that "[]" may stand behind it. */
static bool is_word(const struct model_use *use)
{
	return !use->nullable &&
	        (use->alias != NULL || use->type->name != NULL ||
	                model_kind_is_scalar(use->type->kind));
}

static void put_list(struct ts *ts, const struct model_type *type, enum ts_role role)
{
	bool word = is_word(&type->element);

	writer_add(ts->w, word ? "" : "Array<");
	ts_put_use(ts, &type->element, role);
	writer_add(ts->w, word ? "[]" : ">");
}

/* The type itself, whatever its name. */
static void put_type(struct ts *ts, const struct model_type *type, enum ts_role role)
{
	switch (type->kind) {
	case MODEL_ENUM: put_enum(ts, type); break;
	case MODEL_RECORD: put_record(ts, type, role); break;
	case MODEL_LIST: put_list(ts, type, role); break;
	case MODEL_MAP:
		writer_add(ts->w, "{ [key: string]: ");
		ts_put_use(ts, &type->element, role);
		writer_add(ts->w, " }");
		break;
	case MODEL_TUPLE: put_tuple(ts, type, role); break;
	case MODEL_UNION: put_union(ts, type, role); break;
	case MODEL_CHOICE: put_choice(ts, type, role); break;
	default: writer_add(ts->w, "%s", scalar_name(type)); break;
	}
}

static void put_name(
        struct ts *ts, const void *of, const struct model_type *type, enum ts_role role)
{
	bool input = role == TS_SENT && ts_has_input(ts, type);

	writer_add(ts->w, "%s", ts_name(ts, of, input ? TS_SENT : TS_RECEIVED));
}

void ts_put_use(struct ts *ts, const struct model_use *use, enum ts_role role)
{
	bool has_null = use->alias != NULL && use->alias->target.nullable;
	bool in_parts = use->alias == NULL && use->type->name == NULL && use->nullable &&
	        (use->type->kind == MODEL_UNION || ts_has_beside(use->type));

	writer_add(ts->w, "%s", in_parts ? "(" : "");
	if (use->alias != NULL)
		put_name(ts, use->alias, use->alias->target.type, role);
	else if (use->type->name != NULL)
		put_name(ts, use->type, use->type, role);
	else
		put_type(ts, use->type, role);
	writer_add(ts->w, "%s%s", in_parts ? ")" : "", use->nullable && !has_null ? " | null" : "");
}

/* ------------------------------------------------------------- declarations */

/* Values by their names, where they have some. */
static void put_enum_values(struct ts *ts, const struct model_type *type)
{
	const char *name = ts_name(ts, type, TS_RECEIVED);

	ts_put_doc(ts, type->doc, NULL);
	writer_open(ts->w,
	        ts->form == TS_DECLARATIONS ? "export declare const %s: {" : "export const %s = {",
	        name);
	for (size_t i = 0; i < type->n_values; i++) {
		const struct model_enum_value *value = &type->values[i];

		ts_put_doc(ts, value->doc, NULL);
		writer_add(ts->w, "%s%s: ", ts->form == TS_DECLARATIONS ? "readonly " : "",
		        ts_key(ts, value->name, true));
		ts_put_literal(ts, &value->literal);
		writer_add(ts->w, ts->form == TS_DECLARATIONS ? ";" : ",");
		writer_end(ts->w);
	}
	writer_close(ts->w, ts->form == TS_TYPESCRIPT ? "} as const;" : "};");
}

static void put_named_type(struct ts *ts, const struct model_type *type, enum ts_role role)
{
	const char *name = ts_name(ts, type, role);

	ts_put_doc(ts, type->doc, NULL);
	if (type->kind == MODEL_RECORD && !ts_has_beside(type) &&
	        (type->n_members > 0 || type->further != NULL)) {
		writer_open(ts->w, "export interface %s {", name);
		ts_put_members(ts, type, role);
		writer_close(ts->w, "}");
		return;
	}
	writer_add(ts->w, "export type %s = ", name);
	put_type(ts, type, role);
	writer_add(ts->w, ";");
	writer_end(ts->w);
}

static void put_alias(struct ts *ts, const struct model_alias *alias, enum ts_role role)
{
	ts_put_doc(ts, alias->doc, NULL);
	writer_add(ts->w, "export type %s = ", ts_name(ts, alias, role));
	ts_put_use(ts, &alias->target, role);
	writer_add(ts->w, ";");
	writer_end(ts->w);
}

void ts_put_types(struct ts *ts, const struct model_contract *contract)
{
	if (contract->is_builtin && contract != ts->model->main)
		return; /* the client has its own */
	for (size_t i = 0; i < contract->n_types; i++) {
		const struct model_type *type = contract->types[i];

		if (type->name == NULL || type->message != NULL)
			continue;
		writer_blank(ts->w);
		if (type->kind == MODEL_ENUM && !type->is_of_literals)
			put_enum_values(ts, type);
		if (ts->form == TS_JAVASCRIPT)
			continue;
		put_named_type(ts, type, TS_RECEIVED);
		if (ts_has_input(ts, type))
			put_named_type(ts, type, TS_SENT);
	}
	for (size_t i = 0; i < contract->n_aliases && ts->form != TS_JAVASCRIPT; i++) {
		const struct model_alias *alias = contract->aliases[i];

		writer_blank(ts->w);
		put_alias(ts, alias, TS_RECEIVED);
		if (ts_has_input(ts, alias->target.type))
			put_alias(ts, alias, TS_SENT);
	}
}
