/* SPDX-License-Identifier: MIT */
/*
 * emit_jsonschema.c - documents of JSON Schema 2020-12: NAME.schema.json, one per contract, with a
 * definition for every named type and every message; and NAME/MESSAGE.schema.json, one per message,
 * which needs no other document.
 *
 * A schema accepts what the generated parser accepts, but for the list in the language reference.
 * References to imported contracts are relative to the document. Knows nothing of C.
 */
#include <string.h>

#include "arena.h"
#include "emit.h"
#include "emit_jsonschema.h"

#define DIALECT "https://json-schema.org/draft/2020-12/schema"

/* ------------------------------------------------------------- references */

/* A part of a relative URI: percent-encoded but for "unreserved" of RFC 3986. */
static void add_encoded(struct writer *w, const char *text)
{
	for (const char *at = text; *at != '\0'; at++) {
		bool is_plain = (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') ||
		        (*at >= '0' && *at <= '9') || strchr("-._~", *at) != NULL;

		writer_add(w, is_plain ? "%c" : "%%%02X", (unsigned char)*at);
	}
}

/* Under which key a definition stands in a bundled document. */
static void add_key(struct writer *w, const struct schema_document *doc,
        const struct model_contract *contract, const char *name)
{
	if (contract != doc->contract)
		writer_add(w, "%s.", contract->name);
	writer_add(w, "%s", name);
}

struct json_object *schema_reference(
        struct schema_document *doc, const struct model_contract *contract, const char *name)
{
	struct json_object *schema = schema_object();
	struct writer *w = schema_text_begin();

	if (doc->defs == NULL && contract != doc->contract) {
		add_encoded(w, contract->stem);
		writer_add(w, ".schema.json");
	}
	writer_add(w, "%s", doc->defs_at != NULL ? doc->defs_at : "#/$defs/");
	if (doc->defs != NULL)
		add_key(w, doc, contract, name);
	else
		writer_add(w, "%s", name);
	schema_put_text(schema, "$ref", schema_text_result(w));
	writer_free(w);
	return schema;
}

/* --------------------------------------------------------------- contracts */

static void put_id(struct json_object *root, const struct model_contract *contract,
        const struct model_message *message)
{
	struct writer *w = schema_text_begin();

	schema_put_text(root, "$schema", DIALECT);
	add_encoded(w, contract->stem);
	if (message != NULL) {
		writer_add(w, "/");
		add_encoded(w, message->name);
	}
	writer_add(w, ".schema.json");
	schema_put_text(root, "$id", schema_text_result(w));
	writer_free(w);
}

static void put_definitions(struct json_object *defs, struct schema_document *doc)
{
	const struct model_contract *contract = doc->contract;
	struct json_object *envelope = schema_of_envelope(contract);
	bool has_frames = contract->n_messages > 0;

	for (size_t i = 0; i < contract->n_types; i++) {
		const struct model_type *type = contract->types[i];

		if (type->name != NULL && type->message == NULL)
			schema_put(defs, type->name, schema_of_type(doc, type));
	}
	for (size_t i = 0; i < contract->n_aliases; i++)
		schema_put(defs, contract->aliases[i]->name,
		        schema_of_alias(doc, contract->aliases[i]));
	for (size_t i = 0; i < contract->n_messages; i++)
		schema_put(defs, contract->messages[i]->name,
		        schema_of_message(doc, contract->messages[i]));
	for (size_t i = 0; i < contract->n_groups; i++) {
		schema_put_presence(defs, doc, contract->groups[i]);
		has_frames |= contract->groups[i]->has_presence;
	}
	if (envelope != NULL && has_frames)
		schema_put(defs, SCHEMA_ENVELOPE, envelope);
	else
		json_object_put(envelope);
}

struct json_object *schema_contract(const struct model *model)
{
	const struct model_contract *contract = model->main;
	const struct model_options *options = &contract->options;
	struct schema_document doc = {.contract = contract};
	struct json_object *root = schema_object(), *defs = schema_object();

	put_id(root, contract, NULL);
	schema_put_doc(root, options->title != NULL ? options->title : contract->name,
	        options->description != NULL ? options->description : contract->doc, NULL);
	put_definitions(defs, &doc);
	schema_put(root, "$defs", defs);
	return root;
}

void emit_jsonschema(const struct model *model, struct writer *writer)
{
	schema_write(writer, schema_contract(model));
}

/* ---------------------------------------------------------------- messages */

/* True the first time. */
static bool reserve(struct schema_document *doc, const struct model_contract *contract,
        const char *name, struct writer *ret_key)
{
	add_key(ret_key, doc, contract, name);
	return !json_object_object_get_ex(doc->defs, schema_text_result(ret_key), NULL);
}

static void define_type(struct schema_document *doc, const struct model_type *type)
{
	struct writer *w = schema_text_begin();

	if (reserve(doc, type->contract, type->name, w))
		schema_put(doc->defs, schema_text_result(w), schema_of_type(doc, type));
	writer_free(w);
}

static void define_alias(struct schema_document *doc, const struct model_alias *alias)
{
	struct writer *w = schema_text_begin();

	if (reserve(doc, alias->contract, alias->name, w))
		schema_put(doc->defs, schema_text_result(w), schema_of_alias(doc, alias));
	writer_free(w);
}

void schema_define_pending(struct schema_document *doc)
{
	for (size_t type = 0, alias = 0; type < doc->types.n || alias < doc->aliases.n;) {
		if (type < doc->types.n)
			define_type(doc, doc->types.items[type++]);
		else
			define_alias(doc, doc->aliases.items[alias++]);
	}
}

void emit_jsonschema_message(
        const struct model *model, const struct model_message *message, struct writer *writer)
{
	const struct model_contract *contract = model->main;
	struct schema_document doc = {.contract = contract, .defs = schema_object()};
	struct json_object *root = schema_object();
	struct json_object *envelope = schema_of_envelope(contract);

	put_id(root, contract, message);
	schema_merge(root, schema_of_message(&doc, message));
	schema_define_pending(&doc);
	if (envelope != NULL && message->record->kind == MODEL_RECORD)
		schema_put(doc.defs, SCHEMA_ENVELOPE, envelope);
	else
		json_object_put(envelope);
	if (json_object_object_length(doc.defs) > 0)
		schema_put(root, "$defs", doc.defs);
	else
		json_object_put(doc.defs);
	vec_clear(&doc.types);
	vec_clear(&doc.aliases);
	schema_write(writer, root);
}
