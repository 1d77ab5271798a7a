/* SPDX-License-Identifier: MIT */
/*
 * emit_jsonschema_type.c - enums, lists, maps, tuples and records as schemas, and what a use adds to
 * its type: a reference, null, an annotation. Knows nothing of documents.
 *
 * ajv's strict mode is kept to: a type beside its keywords, at most one type and null, tuples whose
 * length is said.
 */
#include <inttypes.h>
#include <string.h>

#include "emit_jsonschema.h"

static void note_checks(
        struct json_object *schema, const struct model_check *checks, size_t n_checks)
{
	for (size_t i = 0; i < n_checks; i++)
		schema_note(schema, "checked by %s", checks[i].name);
}

/* ------------------------------------------------------------------ enums */

/* The type of all values, or NULL where they differ. */
static const char *enum_kind(const struct model_type *type)
{
	static const char *const kinds[] = {[MODEL_LITERAL_STRING] = "string",
	        [MODEL_LITERAL_INT] = "integer",
	        [MODEL_LITERAL_BOOL] = "boolean"};

	for (size_t i = 1; i < type->n_values; i++) {
		if (type->values[i].literal.kind != type->values[0].literal.kind)
			return NULL;
	}
	return kinds[type->values[0].literal.kind];
}

/* Values with comments, each as a constant that says what it means. */
static struct json_object *described_values(const struct model_type *type)
{
	struct json_object *list = schema_array();

	for (size_t i = 0; i < type->n_values; i++) {
		struct json_object *value = schema_object();

		schema_put_doc(value, type->values[i].name, type->values[i].doc, NULL);
		schema_put(value, "const", schema_literal(&type->values[i].literal));
		schema_append(list, value);
	}
	return list;
}

static void put_values(struct json_object *schema, const struct model_type *type)
{
	struct json_object *list;

	for (size_t i = 0; i < type->n_values; i++) {
		if (type->values[i].doc != NULL) {
			schema_put(schema, "oneOf", described_values(type));
			return;
		}
	}
	list = schema_array();
	for (size_t i = 0; i < type->n_values; i++)
		schema_append(list, schema_literal(&type->values[i].literal));
	schema_put(schema, "enum", list);
}

/* Any value, but people and generators of code see those that are known today. */
static void put_open_enum(struct json_object *schema, const struct model_type *type)
{
	struct json_object *known = schema_object(), *later = schema_object();
	struct json_object *either = schema_array();

	schema_put_text(schema, "type", type->is_int_enum ? "integer" : "string");
	schema_put_text(known, "title", "known");
	put_values(known, type);
	schema_append(either, known);
	schema_put_text(later, "title", "of another version");
	if (type->is_int_enum) {
		schema_put_raw(later, "minimum", "-9223372036854775808");
		schema_put_raw(later, "maximum", "9223372036854775807");
	}
	schema_append(either, later);
	schema_put(schema, "anyOf", either);
}

static void put_enum(struct json_object *schema, const struct model_type *type)
{
	const char *kind = enum_kind(type);

	if (type->is_constant) {
		schema_put(schema, "const", schema_literal(&type->values[0].literal));
		return;
	}
	if (type->is_open) {
		put_open_enum(schema, type);
		return;
	}
	if (kind != NULL)
		schema_put_text(schema, "type", kind);
	put_values(schema, type);
}

/* --------------------------------------------------- lists, maps and tuples */

static void put_list(
        struct json_object *schema, struct schema_document *doc, const struct model_type *type)
{
	schema_put_text(schema, "type", "array");
	schema_put(schema, "items", schema_of_use(doc, &type->element));
	schema_put_range(schema, &type->constraints.count, "minItems", "maxItems");
	if (type->constraints.unique)
		schema_put_bool(schema, "uniqueItems", true);
}

static void put_map(
        struct json_object *schema, struct schema_document *doc, const struct model_type *type)
{
	schema_put_text(schema, "type", "object");
	if (type->key != NULL) {
		struct model_use key = {.type = type->key};

		schema_put(schema, "propertyNames", schema_of_use(doc, &key));
	}
	schema_put(schema, "additionalProperties", schema_of_use(doc, &type->element));
	schema_put_range(schema, &type->constraints.count, "minProperties", "maxProperties");
}

static struct json_object *member_schema(
        struct schema_document *doc, const struct model_member *member)
{
	struct json_object *schema = schema_object();

	schema_put_doc(schema, NULL, member->doc, member->deprecated);
	schema_merge(schema, schema_of_use(doc, &member->use));
	if (member->default_value != NULL) {
		struct writer *w = schema_text_begin();

		emit_value(w, member->use.type, member->default_value);
		schema_put_raw(schema, "default", schema_text_result(w));
		writer_free(w);
	}
	return schema;
}

/* The first `length` elements and no more; elements have titles where the contract names them. */
static struct json_object *tuple_of(struct schema_document *doc, const struct model_type *tuple,
        struct json_object *const *fixed, size_t n_fixed, size_t length)
{
	struct json_object *schema = schema_object(), *items = schema_array();
	size_t element = 0;

	for (size_t i = 0; i < length; i++) {
		const struct model_member *member;
		struct json_object *item;

		if (i < n_fixed && fixed[i] != NULL) {
			schema_append(items, json_object_get(fixed[i]));
			continue;
		}
		member = &tuple->members[element++];
		item = schema_object();
		schema_put_text(item, "title", member->name);
		schema_merge(item, member_schema(doc, member));
		schema_append(items, item);
	}
	schema_put_unless_empty(schema, "prefixItems", items);
	if (length > 0)
		schema_put_bool(schema, "items", false);
	schema_put_uint(schema, "minItems", length);
	schema_put_uint(schema, "maxItems", length);
	return schema;
}

void schema_put_tuple(struct json_object *schema, struct schema_document *doc,
        const struct model_type *tuple, struct json_object *const *fixed, size_t n_fixed)
{
	size_t least = 0, most = tuple->n_members;
	struct json_object *either;

	for (size_t i = 0; i < n_fixed; i++)
		most += fixed[i] != NULL;
	least = most;
	for (size_t i = tuple->n_members; i > 0 && tuple->members[i - 1].optional; i--)
		least--;
	schema_put_text(schema, "type", "array");
	if (least == most) {
		schema_merge(schema, tuple_of(doc, tuple, fixed, n_fixed, most));
		return;
	}
	either = schema_array();
	for (size_t length = least; length <= most; length++)
		schema_append(either, tuple_of(doc, tuple, fixed, n_fixed, length));
	schema_put(schema, "anyOf", either);
}

/* ---------------------------------------------------------------- records */

static void put_members(struct json_object *schema, struct schema_document *doc,
        const struct model_type *record, struct json_object *properties,
        struct json_object *required)
{
	for (size_t i = 0; i < record->n_members; i++) {
		const struct model_member *member = &record->members[i];

		if (member->beside != NULL)
			schema_put_beside(schema, properties, doc, member);
		else
			schema_put(properties, member->wire, member_schema(doc, member));
		if (member->optional || member->default_value != NULL)
			continue;
		if (member->beside != NULL)
			schema_append(required, schema_text(member->beside));
		schema_append(required, schema_text(member->wire));
	}
}

/*
 * What stands beside a message's own members is known to another schema, and only the keywords that
 * begin with "unevaluated" see it.
 */
static void put_others(
        struct json_object *schema, struct schema_document *doc, const struct model_type *record)
{
	const char *key =
	        record->message != NULL ? "unevaluatedProperties" : "additionalProperties";

	if (record->further != NULL) {
		const struct model_range *count = &record->further->constraints.count;

		schema_put(schema, key, schema_of_use(doc, &record->further->element));
		if (count->has_max)
			schema_note(schema, "at most %" PRIu64 " further members", count->max);
		if (count->has_min)
			schema_note(schema, "at least %" PRIu64 " further members", count->min);
	} else if (record->is_closed) {
		schema_put_bool(schema, key, false);
	}
}

void schema_put_record(struct json_object *schema, struct schema_document *doc,
        const struct model_type *record, const struct schema_tags *tags)
{
	struct json_object *properties = schema_object(), *required = schema_array();

	schema_put_text(schema, "type", "object");
	for (; tags != NULL; tags = tags->up) {
		schema_put(properties, tags->key, json_object_get(tags->schema));
		schema_append(required, schema_text(tags->key));
	}
	put_members(schema, doc, record, properties, required);
	schema_put(schema, "properties", properties);
	schema_put_unless_empty(schema, "required", required);
	put_others(schema, doc, record);
	for (size_t i = 0; i < record->n_requires; i++)
		schema_note(schema, "refused otherwise: %s", record->requires[i].message);
	note_checks(schema, record->checks, record->n_checks);
}

/* -------------------------------------------------------------------- uses */

void schema_put_type(struct json_object *schema, struct schema_document *doc,
        const struct model_type *type, const struct schema_tags *tags)
{
	switch (type->kind) {
	case MODEL_ENUM: put_enum(schema, type); break;
	case MODEL_RECORD: schema_put_record(schema, doc, type, tags); break;
	case MODEL_LIST: put_list(schema, doc, type); break;
	case MODEL_MAP: put_map(schema, doc, type); break;
	case MODEL_TUPLE: schema_put_tuple(schema, doc, type, NULL, 0); break;
	case MODEL_UNION: schema_put_union(schema, doc, type, tags); break;
	case MODEL_CHOICE: schema_put_choice(schema, doc, type); break;
	default: schema_put_scalar(schema, type); break;
	}
	note_checks(schema, type->constraints.checks, type->constraints.n_checks);
}

struct json_object *schema_of_type(struct schema_document *doc, const struct model_type *type)
{
	struct json_object *schema = schema_object();

	schema_put_doc(schema, type->name, type->doc, NULL);
	schema_put_type(schema, doc, type, NULL);
	return schema;
}

struct json_object *schema_of_alias(struct schema_document *doc, const struct model_alias *alias)
{
	struct json_object *schema = schema_object();

	schema_put_doc(schema, alias->name, alias->doc, NULL);
	schema_merge(schema, schema_of_use(doc, &alias->target));
	return schema;
}

/* Keywords that look at null as well as at everything else. */
static bool decides_itself(struct json_object *schema)
{
	static const char *const keywords[] = {
	        "$ref", "enum", "const", "oneOf", "anyOf", "allOf", "not"};

	for (size_t i = 0; i < sizeof(keywords) / sizeof(keywords[0]); i++) {
		struct json_object *value;

		/* Parts of "allOf" that are more patterns do not apply to null. */
		if (!json_object_object_get_ex(schema, keywords[i], &value))
			continue;
		if (strcmp(keywords[i], "allOf") != 0 ||
		        !json_object_object_get_ex(
		                json_object_array_get_idx(value, 0), "pattern", NULL))
			return true;
	}
	return false;
}

/* The same schema, and null. */
static struct json_object *or_null(struct json_object *schema)
{
	struct json_object *type, *null, *values;
	struct json_object *either;

	if (json_object_object_length(schema) == 0)
		return schema; /* anything at all */
	if (json_object_object_get_ex(schema, "enum", &values)) {
		json_object_object_del(schema, "type");
		schema_append(values, NULL);
		return schema;
	}
	either = schema_array();
	if (!decides_itself(schema) && json_object_object_get_ex(schema, "type", &type)) {
		schema_append(either, json_object_get(type));
		schema_append(either, schema_text("null"));
		schema_put(schema, "type", either);
		return schema;
	}
	null = schema_object();
	schema_put_text(null, "type", "null");
	if (json_object_object_length(schema) == 1 &&
	        json_object_object_get_ex(schema, "anyOf", &values)) {
		schema_append(values, null);
		json_object_put(either);
		return schema;
	}
	schema_append(either, schema);
	schema_append(either, null);
	schema = schema_object();
	schema_put(schema, "anyOf", either);
	return schema;
}

struct json_object *schema_of_use(struct schema_document *doc, const struct model_use *use)
{
	const struct model_type *type = use->type;
	bool has_null = use->alias != NULL && use->alias->target.nullable;
	struct json_object *schema;

	if (use->alias != NULL) {
		schema = schema_reference(doc, use->alias->contract, use->alias->name);
		if (doc->defs != NULL)
			vec_push(&doc->aliases, (void *)(uintptr_t)use->alias);
	} else if (type->name != NULL) {
		schema = schema_reference(doc, type->contract, type->name);
		if (doc->defs != NULL)
			vec_push(&doc->types, (void *)(uintptr_t)type);
	} else {
		schema = schema_object();
		schema_put_type(schema, doc, type, NULL);
	}
	return use->nullable && !has_null ? or_null(schema) : schema;
}
