/* SPDX-License-Identifier: MIT */
/*
 * emit_asyncapi.c - a document of AsyncAPI 3.0 per contract, NAME.asyncapi.json: what a client may
 * say where, what it hears, and how both look. Needs no other document.
 *
 * Knows nothing of C, and of schemas only where they go.
 */
#include "emit_asyncapi.h"

#include <string.h>

#include "emit.h"

static void put_unless_empty(struct json_object *into, const char *key, struct json_object *object)
{
	if (object != NULL && json_object_object_length(object) > 0)
		schema_put(into, key, object);
	else
		json_object_put(object);
}

/* All that the contract declares, used or not. */
static void define_own(struct asyncapi *a)
{
	const struct model_contract *contract = a->contract;

	for (size_t i = 0; i < contract->n_types; i++) {
		const struct model_type *type = contract->types[i];

		if (type->name != NULL && type->message == NULL)
			vec_push(&a->doc.types, (void *)(uintptr_t)type);
	}
	for (size_t i = 0; i < contract->n_aliases; i++)
		vec_push(&a->doc.aliases, (void *)(uintptr_t)contract->aliases[i]);
	for (size_t i = 0; i < contract->n_messages; i++)
		asyncapi_message_key(a, contract->messages[i], false);
}

static void put_channels(
        struct asyncapi *a, struct json_object *channels, struct json_object *operations)
{
	for (size_t i = 0; i < a->channels->list.n; i++) {
		const struct channel *channel = a->channels->list.items[i];

		schema_put(channels, channel->id, asyncapi_channel(a, channel));
		asyncapi_put_operations(a, operations, channel);
	}
}

static bool has_object_messages(const struct json_object *messages)
{
	return messages != NULL && json_object_object_length(messages) > 0;
}

/* Definitions come last, when all of them are known. */
static void put_components(struct asyncapi *a, struct json_object *root)
{
	struct json_object *components = schema_object();
	struct json_object *envelope = schema_of_envelope(a->contract);

	schema_define_pending(&a->doc);
	json_object_object_foreach(a->doc.defs, key, value)
	{
		(void)key;
		asyncapi_schema_adapt(value);
	}
	if (envelope != NULL && has_object_messages(a->messages))
		schema_put(a->doc.defs, SCHEMA_ENVELOPE, envelope);
	else
		json_object_put(envelope);
	put_unless_empty(components, "messages", a->messages);
	put_unless_empty(components, "schemas", a->doc.defs);
	put_unless_empty(components, "securitySchemes", a->security);
	put_unless_empty(components, "correlationIds", asyncapi_correlation(a->contract));
	put_unless_empty(root, "components", components);
}

/* What the envelope's members are called where they are renamed, by their own names. */
static struct json_object *renamed_members(const struct model_contract *contract)
{
	struct json_object *names = schema_object();

	for (size_t i = 0; i < MODEL_N_ENVELOPE; i++) {
		const char *own = model_envelope_member_name((enum model_envelope_member)i);
		const char *wire = contract->envelope.wire[i];

		if (wire != NULL && strcmp(wire, own) != 0)
			schema_put_text(names, own, wire);
	}
	return names;
}

static struct json_object *make_document(struct asyncapi *a)
{
	struct json_object *root = schema_object();
	struct json_object *channels = schema_object(), *operations = schema_object();

	schema_put_text(root, "asyncapi", "3.0.0");
	schema_put(root, "info", asyncapi_info(a->contract));
	if (a->contract->options.server_url != NULL)
		schema_put(root, "servers", asyncapi_servers(a->contract));
	schema_put_text(root, "defaultContentType", "application/json");
	define_own(a);
	put_channels(a, channels, operations);
	schema_put(root, "channels", channels);
	schema_put(root, "operations", operations);
	put_components(a, root);
	put_unless_empty(root, "x-envelope", renamed_members(a->contract));
	return root;
}

struct json_object *asyncapi_contract(const struct model *model)
{
	struct asyncapi a = {.model = model,
	        .contract = model->main,
	        .channels = channels_new(model),
	        .doc = {.contract = model->main,
	                .defs = schema_object(),
	                .defs_at = "#/components/schemas/"},
	        .messages = schema_object(),
	        .security = schema_object()};
	struct json_object *root;

	root = make_document(&a);
	vec_clear(&a.doc.types);
	vec_clear(&a.doc.aliases);
	channels_free(a.channels);
	return root;
}

void emit_asyncapi(const struct model *model, struct writer *writer)
{
	schema_write(writer, asyncapi_contract(model));
}
