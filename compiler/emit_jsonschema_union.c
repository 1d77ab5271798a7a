/* SPDX-License-Identifier: MIT */
/*
 * emit_jsonschema_union.c - unions as schemas: "oneOf" with a constant tag and a title for each arm;
 * untagged ones as "anyOf", since their JSON kinds differ. Knows nothing of documents.
 */
#include <string.h>

#include "emit_jsonschema.h"

/* ------------------------------------------------------------------- tags */

static struct json_object *tag_list(const struct model_type *type)
{
	struct json_object *tags = schema_array();

	for (size_t i = 0; i < type->n_arms; i++) {
		if (!type->arms[i].is_else)
			schema_append(tags, schema_literal(&type->arms[i].tag));
	}
	return tags;
}

/* Tags of one union are all of one kind. */
static const char *tag_kind(const struct model_type *type)
{
	for (size_t i = 0; i < type->n_arms; i++) {
		if (type->arms[i].is_else)
			continue;
		switch (type->arms[i].tag.kind) {
		case MODEL_LITERAL_INT: return "integer";
		case MODEL_LITERAL_BOOL: return "boolean";
		case MODEL_LITERAL_STRING: break;
		}
	}
	return "string";
}

/* What an else arm may hold: any other tag. */
static void put_other_tag(struct json_object *schema, const struct model_type *type)
{
	struct json_object *known = schema_object();

	schema_put_text(schema, "type", tag_kind(type));
	if (strcmp(tag_kind(type), "integer") == 0) {
		schema_put_raw(schema, "minimum", "-9223372036854775808");
		schema_put_raw(schema, "maximum", "9223372036854775807");
	}
	schema_put(known, "enum", tag_list(type));
	schema_put(schema, "not", known);
}

static struct json_object *tag_schema(const struct model_type *type, const struct model_arm *arm)
{
	struct json_object *schema = schema_object();

	if (arm->is_else)
		put_other_tag(schema, type);
	else
		schema_put(schema, "const", schema_literal(&arm->tag));
	return schema;
}

static struct json_object *arm_begin(const struct model_arm *arm)
{
	struct json_object *schema = schema_object();

	schema_put_doc(schema, arm->name, arm->doc, NULL);
	return schema;
}

/* ------------------------------------------------------------ tags inside */

/* Unions in unions multiply their arms: there is an end to writing them out. */
#define MAX_INLINED 10000

/*
 * True where a schema must list all members of its object, those of the unions around it too. A
 * union that contains itself as an arm has been refused, so this ends.
 */
static bool lists_members(const struct model_type *type)
{
	switch (type->kind) {
	case MODEL_RECORD: return type->is_closed || type->further != NULL;
	case MODEL_MAP: return true;
	case MODEL_UNION:
		for (size_t i = 0; i < type->n_arms; i++) {
			if (lists_members(type->arms[i].use.type))
				return true;
		}
		return false;
	default: return false;
	}
}

/* "properties" and "required" of the tags alone. */
static void put_tags(struct json_object *schema, const struct schema_tags *tags)
{
	struct json_object *properties = schema_object(), *required = schema_array();

	for (; tags != NULL; tags = tags->up) {
		schema_put(properties, tags->key, json_object_get(tags->schema));
		schema_append(required, schema_text(tags->key));
	}
	schema_put(schema, "properties", properties);
	schema_put(schema, "required", required);
}

static struct json_object *arm_inside(struct schema_document *doc, const struct model_type *type,
        const struct model_arm *arm, const struct schema_tags *up)
{
	const struct model_type *value = arm->use.type;
	struct json_object *schema = arm_begin(arm);
	struct schema_tags tags = {up, type->discriminator, tag_schema(type, arm)};
	bool in_place = arm->use.alias == NULL && value->name == NULL;

	if ((in_place && value->kind == MODEL_RECORD) ||
	        (lists_members(value) && doc->n_inlined++ < MAX_INLINED)) {
		schema_put_type(schema, doc, value, &tags);
		if (value->kind == MODEL_MAP)
			put_tags(schema, &tags);
	} else {
		schema_put_text(schema, "type", "object");
		put_tags(schema, &tags);
		schema_merge(schema, schema_of_use(doc, &arm->use));
	}
	json_object_put(tags.schema);
	return schema;
}

/* ------------------------------------------------------------ tags beside */

/* The values alone, for a union whose tag never stands inside. */
static void put_values(
        struct json_object *schema, struct schema_document *doc, const struct model_type *type)
{
	struct json_object *either = schema_array();

	for (size_t i = 0; i < type->n_arms; i++) {
		struct json_object *arm = arm_begin(&type->arms[i]);

		schema_merge(arm, schema_of_use(doc, &type->arms[i].use));
		schema_append(either, arm);
	}
	schema_put(schema, "anyOf", either);
	schema_note(schema, "told apart by the member beside it");
}

void schema_put_union(struct json_object *schema, struct schema_document *doc,
        const struct model_type *type, const struct schema_tags *tags)
{
	struct json_object *arms;

	if (!type->all_objects) {
		put_values(schema, doc, type);
		return;
	}
	arms = schema_array();
	for (size_t i = 0; i < type->n_arms; i++)
		schema_append(arms, arm_inside(doc, type, &type->arms[i], tags));
	schema_put_text(schema, "type", "object");
	schema_put(schema, "oneOf", arms);
	schema_note(schema, "told apart by \"%s\"", type->discriminator);
}

/* One arm of a union with the tag beside it, as something that the record around must be. */
static struct json_object *arm_beside(
        struct schema_document *doc, const struct model_member *member, const struct model_arm *arm)
{
	struct json_object *schema = arm_begin(arm), *properties = schema_object();
	struct json_object *required = schema_array();
	struct model_use use = arm->use;

	use.nullable = member->use.nullable && use.type->kind != MODEL_NULL;
	schema_put(properties, member->beside, tag_schema(member->use.type, arm));
	schema_put(properties, member->wire, schema_of_use(doc, &use));
	schema_put(schema, "properties", properties);
	schema_append(required, schema_text(member->beside));
	schema_append(required, schema_text(member->wire));
	schema_put(schema, "required", required);
	return schema;
}

/* Neither of the two is there. */
static struct json_object *neither(const struct model_member *member)
{
	struct json_object *schema = schema_object(), *properties = schema_object();

	schema_put_text(schema, "title", "absent");
	schema_put_bool(properties, member->beside, false);
	schema_put_bool(properties, member->wire, false);
	schema_put(schema, "properties", properties);
	return schema;
}

/* The tag, for people: which values it has. */
static struct json_object *tag_summary(const struct model_type *type)
{
	struct json_object *schema = schema_object();

	schema_put_text(schema, "type", tag_kind(type));
	for (size_t i = 0; i < type->n_arms; i++) {
		if (type->arms[i].is_else)
			return schema;
	}
	schema_put(schema, "enum", tag_list(type));
	return schema;
}

void schema_put_beside(struct json_object *schema, struct json_object *properties,
        struct schema_document *doc, const struct model_member *member)
{
	const struct model_type *type = member->use.type;
	struct json_object *value = schema_object(), *arms = schema_array();
	struct json_object *part = schema_object(), *all;

	schema_put(properties, member->beside, tag_summary(type));
	schema_put_doc(value, NULL, member->doc, member->deprecated);
	schema_note(value, "what it is, \"%s\" says", member->beside);
	schema_put(properties, member->wire, value);
	for (size_t i = 0; i < type->n_arms; i++)
		schema_append(arms, arm_beside(doc, member, &type->arms[i]));
	if (member->optional)
		schema_append(arms, neither(member));
	schema_put(part, "oneOf", arms);
	if (!json_object_object_get_ex(schema, "allOf", &all)) {
		all = schema_array();
		schema_put(schema, "allOf", all);
	}
	schema_append(all, part);
}

/* ---------------------------------------------------------------- choices */

void schema_put_choice(
        struct json_object *schema, struct schema_document *doc, const struct model_type *type)
{
	struct json_object *either = schema_array();

	for (size_t i = 0; i < type->n_arms; i++) {
		struct json_object *arm = schema_object();

		if (type->arms[i].doc != NULL)
			schema_put_text(arm, "description", type->arms[i].doc);
		schema_merge(arm, schema_of_use(doc, &type->arms[i].use));
		schema_append(either, arm);
	}
	schema_put(schema, "anyOf", either);
}
