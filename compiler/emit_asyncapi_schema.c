/* SPDX-License-Identifier: MIT */
/*
 * emit_asyncapi_schema.c - schemas of JSON Schema 2020-12 as AsyncAPI takes them: draft-07.
 *
 * Works on what emit_jsonschema_*.c make, and on the keywords that these use. Knows nothing of the
 * model but messages, whose envelope has to be found.
 */
#include "emit_asyncapi.h"

#include <string.h>

#include "arena.h"

/* Where in a schema other schemas stand. */
static const struct {
	const char *key;
	enum { AS_SCHEMA, AS_LIST, AS_MAP } form;
} places[] = {
        {"items", AS_SCHEMA},
        {"additionalItems", AS_SCHEMA},
        {"prefixItems", AS_LIST},
        {"additionalProperties", AS_SCHEMA},
        {"unevaluatedProperties", AS_SCHEMA},
        {"propertyNames", AS_SCHEMA},
        {"not", AS_SCHEMA},
        {"allOf", AS_LIST},
        {"anyOf", AS_LIST},
        {"oneOf", AS_LIST},
        {"properties", AS_MAP},
};

static void adapt_list(struct json_object *list)
{
	for (size_t i = 0; i < json_object_array_length(list); i++)
		asyncapi_schema_adapt(json_object_array_get_idx(list, i));
}

static void adapt_map(struct json_object *map)
{
	json_object_object_foreach(map, key, value)
	{
		(void)key;
		asyncapi_schema_adapt(value);
	}
}

static void adapt_inside(struct json_object *schema)
{
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		struct json_object *value;

		if (!json_object_object_get_ex(schema, places[i].key, &value))
			continue;
		/* A schema that stands in two places is adapted twice: then "items" is a list. */
		if (places[i].form == AS_LIST || json_object_is_type(value, json_type_array))
			adapt_list(value);
		else if (places[i].form == AS_MAP)
			adapt_map(value);
		else
			asyncapi_schema_adapt(value);
	}
}

/* Gives what one key says to another one, behind all others. */
static void rename_key(struct json_object *schema, const char *from, const char *to)
{
	struct json_object *value;

	if (!json_object_object_get_ex(schema, from, &value))
		return;
	json_object_get(value);
	json_object_object_del(schema, from);
	schema_put(schema, to, value);
}

static void adapt_tuple(struct json_object *schema)
{
	if (!json_object_object_get_ex(schema, "prefixItems", NULL))
		return;
	rename_key(schema, "items", "additionalItems");
	rename_key(schema, "prefixItems", "items");
}

/* What stands beside a reference is not looked at: it becomes a part among others. */
static void adapt_reference(struct json_object *schema)
{
	struct json_object *target, *all, *part;

	if (!json_object_object_get_ex(schema, "$ref", &target) ||
	        json_object_object_length(schema) == 1)
		return;
	part = schema_object();
	schema_put(part, "$ref", json_object_get(target));
	json_object_object_del(schema, "$ref");
	if (!json_object_object_get_ex(schema, "allOf", &all)) {
		all = schema_array();
		schema_put(schema, "allOf", all);
	}
	schema_append(all, part);
}

void asyncapi_schema_adapt(struct json_object *schema)
{
	if (!json_object_is_type(schema, json_type_object))
		return; /* true, false */
	adapt_inside(schema);
	adapt_tuple(schema);
	adapt_reference(schema);
}

/* ---------------------------------------------------------------- payloads */

/* The envelope's members among the message's own, so that one schema sees all of them. */
static void inline_envelope(struct json_object *schema, const struct model_contract *contract)
{
	struct json_object *envelope = schema_of_envelope(contract), *members, *properties;

	if (!json_object_object_get_ex(schema, "$ref", NULL) || envelope == NULL) {
		json_object_put(envelope);
		return;
	}
	json_object_object_del(schema, "$ref");
	json_object_object_get_ex(envelope, "properties", &members);
	json_object_object_get_ex(schema, "properties", &properties);
	json_object_object_foreach(members, key, value)
	{
		schema_put(properties, key, json_object_get(value));
	}
	json_object_put(envelope);
}

struct json_object *asyncapi_payload(struct asyncapi *a, const struct model_message *message)
{
	struct model_message here = *message;
	struct json_object *schema;

	/* Another contract's message is framed as those of this one are, or it would not be here. */
	here.contract = a->contract;
	schema = schema_of_message(&a->doc, &here);
	/* The message itself has them. */
	json_object_object_del(schema, "examples");
	json_object_object_del(schema, "description");
	json_object_object_del(schema, "deprecated");
	if (json_object_object_get_ex(schema, "unevaluatedProperties", NULL)) {
		inline_envelope(schema, a->contract);
		rename_key(schema, "unevaluatedProperties", "additionalProperties");
	}
	asyncapi_schema_adapt(schema);
	return schema;
}

struct json_object *asyncapi_use(struct asyncapi *a, const struct model_use *use)
{
	struct json_object *schema = schema_of_use(&a->doc, use);

	asyncapi_schema_adapt(schema);
	return schema;
}
