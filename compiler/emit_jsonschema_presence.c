/* SPDX-License-Identifier: MIT */
/*
 * emit_jsonschema_presence.c - what a group's members are told of its roster, as schemas: the
 * standard messages presence_state and presence_diff with the entries that the contract declares.
 * Knows nothing of documents.
 */
#include "emit_jsonschema.h"

static struct json_object *of_kind(const char *kind)
{
	struct json_object *schema = schema_object();

	schema_put_text(schema, "type", kind);
	return schema;
}

static struct json_object *count_schema(void)
{
	struct json_object *schema = of_kind("integer");

	schema_put_uint(schema, "minimum", 0);
	schema_put_uint(schema, "maximum", UINT32_MAX);
	return schema;
}

static struct json_object *named(const char *name)
{
	struct json_object *names = schema_array();

	schema_append(names, schema_text(name));
	return names;
}

/* "room-presence-state": no name of a contract has a hyphen. */
static void put_definition(struct json_object *defs, const struct model_group *group,
        const char *what, struct json_object *schema)
{
	struct writer *w = schema_text_begin();

	writer_add(w, "%s-presence-%s", group->name, what);
	schema_put(defs, schema_text_result(w), schema);
	writer_free(w);
}

static struct json_object *users_schema(
        struct schema_document *doc, const struct model_group *group)
{
	struct json_object *schema = of_kind("array");
	struct writer *w = schema_text_begin();

	writer_add(w, "%s-presence-user", group->name);
	schema_put(schema, "items", schema_reference(doc, group->contract, schema_text_result(w)));
	writer_free(w);
	return schema;
}

static struct json_object *user_schema(struct schema_document *doc, const struct model_group *group)
{
	struct json_object *schema = of_kind("object"), *properties = schema_object();
	struct json_object *required = named("id");
	struct model_use use = {.type = group->presence};

	schema_put_text(schema, "description", "A user in the roster.");
	schema_put(properties, "id", of_kind("string"));
	schema_put(properties, "connections", count_schema());
	schema_put(properties, "info",
	        group->presence != NULL ? schema_of_use(doc, &use) : of_kind("null"));
	schema_put(schema, "properties", properties);
	schema_append(required, schema_text("connections"));
	schema_append(required, schema_text("info"));
	schema_put(schema, "required", required);
	return schema;
}

/* A standard message in the contract's own words; `payload` and `required` are consumed. */
static struct json_object *frame_schema(struct schema_document *doc,
        const struct model_group *group, const char *action, const char *description,
        struct json_object *payload, struct json_object *required)
{
	const struct model_contract *contract = group->contract;
	const char *key = contract->options.send.keys[0];
	struct json_object *schema = schema_object(), *properties = schema_object();
	struct json_object *body = of_kind("object"), *tag = schema_object();
	struct json_object *envelope = schema_of_envelope(contract), *both = named(key);

	schema_put_text(schema, "title", action);
	schema_put_text(schema, "description", description);
	if (envelope != NULL)
		schema_merge(schema, schema_reference(doc, contract, SCHEMA_ENVELOPE));
	json_object_put(envelope);
	schema_put_text(schema, "type", "object");
	schema_put_text(tag, "const", action);
	schema_put(properties, key, tag);
	schema_put(body, "properties", payload);
	schema_put(body, "required", required);
	schema_put(properties, "payload", body);
	schema_put(schema, "properties", properties);
	schema_append(both, schema_text("payload"));
	schema_put(schema, "required", both);
	return schema;
}

static struct json_object *state_schema(
        struct schema_document *doc, const struct model_group *group)
{
	struct json_object *payload = schema_object(), *required = named("group");

	schema_put(payload, "group", of_kind("string"));
	schema_put(payload, "users", users_schema(doc, group));
	schema_put(payload, "count", count_schema());
	schema_append(required, schema_text("count"));
	return frame_schema(doc, group, "presence_state",
	        "Who is in the group. Without users: they are too many to be listed.", payload,
	        required);
}

static struct json_object *diff_schema(struct schema_document *doc, const struct model_group *group)
{
	struct json_object *payload = schema_object(), *required = named("group");

	schema_put(payload, "group", of_kind("string"));
	schema_put(payload, "joins", users_schema(doc, group));
	schema_put(payload, "leaves", users_schema(doc, group));
	schema_put(payload, "count", count_schema());
	schema_append(required, schema_text("joins"));
	schema_append(required, schema_text("leaves"));
	schema_append(required, schema_text("count"));
	return frame_schema(doc, group, "presence_diff",
	        "Who has come to the group, shows something else, or has left it.", payload,
	        required);
}

void schema_put_presence(
        struct json_object *defs, struct schema_document *doc, const struct model_group *group)
{
	const struct model_contract *contract = group->contract;

	/* Where no standard message is spoken, nobody is told. */
	if (!group->has_presence || contract->envelope.std_off ||
	        contract->options.send.keys == NULL || contract->options.send.n_keys == 0)
		return;
	put_definition(defs, group, "user", user_schema(doc, group));
	put_definition(defs, group, "state", state_schema(doc, group));
	put_definition(defs, group, "diff", diff_schema(doc, group));
}
