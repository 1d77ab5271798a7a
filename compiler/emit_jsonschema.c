/* SPDX-License-Identifier: MIT */
/*
 * emit_jsonschema.c - NAME.schema.json: one document per contract, JSON Schema 2020-12, with a
 * definition for every named type and every message.
 *
 * A schema accepts what the generated parser accepts, but for the list in the language reference.
 * References to imported contracts are relative to the document. Knows nothing of C.
 */
#include <string.h>

#include "arena.h"
#include "emit.h"
#include "emit_jsonschema.h"

/* No name of a contract has a hyphen, so this one clashes with none. */
#define ENVELOPE "envelope-members"

/* ------------------------------------------------------------- references */

/* A document's name as a relative URI: percent-encoded but for "unreserved" of RFC 3986. */
static void add_document(struct writer *w, const struct model_contract *contract)
{
	for (const char *at = contract->stem; *at != '\0'; at++) {
		bool is_plain = (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') ||
		        (*at >= '0' && *at <= '9') || strchr("-._~", *at) != NULL;

		writer_add(w, is_plain ? "%c" : "%%%02X", (unsigned char)*at);
	}
	writer_add(w, ".schema.json");
}

static struct json_object *reference(
        const struct model_contract *from, const struct model_contract *to, const char *name)
{
	struct json_object *schema = schema_object();
	struct writer *w = schema_text_begin();

	if (from != to)
		add_document(w, to);
	writer_add(w, "#/$defs/%s", name);
	schema_put_text(schema, "$ref", schema_text_result(w));
	writer_free(w);
	return schema;
}

/* ------------------------------------------------------------------ types */

/* Moves what a schema says into another, behind what is there. */
static void merge(struct json_object *into, struct json_object *from)
{
	json_object_object_foreach(from, key, value)
	{
		schema_put(into, key, json_object_get(value));
	}
	json_object_put(from);
}

static void put_range(struct json_object *schema, const struct model_range *range,
        const char *min_key, const char *max_key)
{
	if (range->has_min && range->min > 0)
		schema_put_uint(schema, min_key, range->min);
	if (range->has_max)
		schema_put_uint(schema, max_key, range->max);
}

static void put_enum(struct json_object *schema, const struct model_type *type)
{
	struct json_object *values = schema_array();

	schema_put_text(schema, "type", type->is_int_enum ? "integer" : "string");
	for (size_t i = 0; i < type->n_values; i++) {
		const struct model_enum_value *value = &type->values[i];
		struct writer *w = schema_text_begin();

		if (value->wire != NULL) {
			schema_append(values, schema_text(value->wire));
		} else {
			writer_add(w, "%d", (int)value->number);
			schema_append(values, schema_raw(schema_text_result(w)));
		}
		writer_free(w);
	}
	schema_put(schema, "enum", values);
}

static void put_list(struct json_object *schema, const struct model_contract *contract,
        const struct model_type *type)
{
	schema_put_text(schema, "type", "array");
	schema_put(schema, "items", schema_of_use(contract, &type->element));
	put_range(schema, &type->constraints.count, "minItems", "maxItems");
	if (type->constraints.unique)
		schema_put_bool(schema, "uniqueItems", true);
}

static void put_map(struct json_object *schema, const struct model_contract *contract,
        const struct model_type *type)
{
	schema_put_text(schema, "type", "object");
	if (type->key != NULL) {
		struct model_use key = {.type = type->key};

		schema_put(schema, "propertyNames", schema_of_use(contract, &key));
	}
	schema_put(schema, "additionalProperties", schema_of_use(contract, &type->element));
	put_range(schema, &type->constraints.count, "minProperties", "maxProperties");
}

static void put_doc(struct json_object *schema, const char *doc, const char *deprecated)
{
	if (doc != NULL)
		schema_put_text(schema, "description", doc);
	if (deprecated != NULL)
		schema_put_bool(schema, "deprecated", true);
}

static struct json_object *member_schema(
        const struct model_contract *contract, const struct model_member *member)
{
	struct json_object *schema = schema_object();

	put_doc(schema, member->doc, member->deprecated);
	merge(schema, schema_of_use(contract, &member->use));
	if (member->default_value != NULL)
		schema_put_value(schema, "default", member->use.type, member->default_value);
	return schema;
}

/* "properties" and "required"; a message's begin with the discriminator. */
static void put_members(struct json_object *schema, const struct model_contract *contract,
        const struct model_type *record)
{
	struct json_object *properties = schema_object();
	struct json_object *required = schema_array();

	if (record->message != NULL) {
		struct json_object *discriminator = schema_object();

		schema_put_text(discriminator, "const", record->message->wire);
		schema_put(properties, contract->options.discriminator, discriminator);
		schema_append(required, schema_text(contract->options.discriminator));
	}
	for (size_t i = 0; i < record->n_members; i++) {
		const struct model_member *member = &record->members[i];

		schema_put(properties, member->wire, member_schema(contract, member));
		if (!member->optional && member->default_value == NULL)
			schema_append(required, schema_text(member->wire));
	}
	schema_put(schema, "properties", properties);
	if (json_object_array_length(required) > 0)
		schema_put(schema, "required", required);
	else
		json_object_put(required);
}

static void put_record(struct json_object *schema, const struct model_contract *contract,
        const struct model_type *record)
{
	schema_put_text(schema, "type", "object");
	if (record->message != NULL)
		schema_put_text(schema, "$ref", "#/$defs/" ENVELOPE);
	put_members(schema, contract, record);
	/* Only this keyword sees what the referenced envelope allows, too. */
	if (record->is_closed)
		schema_put_bool(schema,
		        record->message != NULL ? "unevaluatedProperties" : "additionalProperties",
		        false);
}

static void put_type(struct json_object *schema, const struct model_contract *contract,
        const struct model_type *type)
{
	switch (type->kind) {
	case MODEL_ENUM: put_enum(schema, type); break;
	case MODEL_RECORD: put_record(schema, contract, type); break;
	case MODEL_LIST: put_list(schema, contract, type); break;
	case MODEL_MAP: put_map(schema, contract, type); break;
	default: schema_scalar(schema, type); break;
	}
}

/* The same schema, and null. */
static struct json_object *or_null(struct json_object *schema)
{
	struct json_object *type;
	struct json_object *either;

	if (json_object_object_length(schema) == 0)
		return schema; /* anything at all */
	either = schema_array();
	if (json_object_object_get_ex(schema, "type", &type)) {
		schema_append(either, json_object_get(type));
		schema_append(either, schema_text("null"));
		schema_put(schema, "type", either);
	} else {
		struct json_object *null = schema_object();

		schema_put_text(null, "type", "null");
		schema_append(either, schema);
		schema_append(either, null);
		schema = schema_object();
		schema_put(schema, "anyOf", either);
	}
	return schema;
}

struct json_object *schema_of_use(
        const struct model_contract *contract, const struct model_use *use)
{
	const struct model_type *type = use->type;
	bool has_null = use->alias != NULL && use->alias->target.nullable;
	struct json_object *schema;

	if (use->alias != NULL) {
		schema = reference(contract, use->alias->contract, use->alias->name);
	} else if (type->name != NULL) {
		schema = reference(contract, type->contract, type->name);
	} else {
		schema = schema_object();
		put_type(schema, contract, type);
	}
	return use->nullable && !has_null ? or_null(schema) : schema;
}

/* -------------------------------------------------------------- document */

static void put_definitions(struct json_object *defs, const struct model_contract *contract)
{
	for (size_t i = 0; i < contract->n_types; i++) {
		const struct model_type *type = contract->types[i];
		struct json_object *schema;

		if (type->name == NULL || type->message != NULL)
			continue;
		schema = schema_object();
		put_doc(schema, type->doc, NULL);
		put_type(schema, contract, type);
		schema_put(defs, type->name, schema);
	}
	for (size_t i = 0; i < contract->n_aliases; i++) {
		const struct model_alias *alias = contract->aliases[i];
		struct json_object *schema = schema_object();

		put_doc(schema, alias->doc, NULL);
		merge(schema, schema_of_use(contract, &alias->target));
		schema_put(defs, alias->name, schema);
	}
}

static void put_messages(struct json_object *defs, const struct model_contract *contract)
{
	static const struct {
		const char *name;
		const char *type;
	} envelope[] = {
	        {"ref", "string"},
	        {"topic", "string"},
	        {"message_id", "string"},
	        {"seq", "integer"},
	        {"epoch", "string"},
	        {"version", "integer"},
	        {"is_mine", "boolean"},
	        {"is_current", "boolean"},
	};
	struct json_object *schema, *properties;

	if (contract->n_messages == 0)
		return;
	for (size_t i = 0; i < contract->n_messages; i++) {
		const struct model_message *message = contract->messages[i];

		schema = schema_object();
		put_doc(schema, message->doc, message->deprecated);
		put_type(schema, contract, message->record);
		schema_put(defs, message->name, schema);
	}
	schema = schema_object();
	properties = schema_object();
	schema_put_text(schema, "description", "What may stand beside a message's own members.");
	schema_put_text(schema, "type", "object");
	for (size_t i = 0; i < sizeof(envelope) / sizeof(envelope[0]); i++) {
		struct json_object *member = schema_object();

		schema_put_text(member, "type", envelope[i].type);
		schema_put(properties, envelope[i].name, member);
	}
	schema_put(schema, "properties", properties);
	schema_put(defs, ENVELOPE, schema);
}

static struct json_object *document(const struct model_contract *contract)
{
	const struct model_options *options = &contract->options;
	const char *description =
	        options->description != NULL ? options->description : contract->doc;
	struct json_object *root = schema_object();
	struct json_object *defs = schema_object();
	struct writer *w = schema_text_begin();

	schema_put_text(root, "$schema", "https://json-schema.org/draft/2020-12/schema");
	add_document(w, contract);
	schema_put_text(root, "$id", schema_text_result(w));
	writer_free(w);
	schema_put_text(root, "title", options->title != NULL ? options->title : contract->name);
	if (description != NULL)
		schema_put_text(root, "description", description);
	put_definitions(defs, contract);
	put_messages(defs, contract);
	schema_put(root, "$defs", defs);
	return root;
}

void emit_jsonschema(const struct model *model, struct writer *writer)
{
	const int flags =
	        JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED | JSON_C_TO_STRING_NOSLASHESCAPE;
	struct json_object *root = document(model->main);
	const char *text = json_object_to_json_string_ext(root, flags);

	if (text == NULL)
		memory_exhausted();
	while (*text != '\0') {
		size_t length = strcspn(text, "\n");

		writer_add(writer, "%.*s", (int)length, text);
		writer_end(writer);
		text += length + (text[length] == '\n');
	}
	json_object_put(root);
}
