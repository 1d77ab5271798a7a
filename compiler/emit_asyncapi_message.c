/* SPDX-License-Identifier: MIT */
/*
 * emit_asyncapi_message.c - messages as AsyncAPI has them, each defined once in
 * components.messages. Knows nothing of channels.
 */
#include "emit_asyncapi.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "arena.h"

#define REF "ref"

struct json_object *asyncapi_reference(const char *format, ...)
{
	struct json_object *reference = schema_object();
	struct arena *arena = arena_new();
	va_list args;

	va_start(args, format);
	schema_put_text(reference, "$ref", arena_vprintf(arena, format, args));
	va_end(args);
	arena_free(arena);
	return reference;
}

struct json_object *asyncapi_tag(const char *name)
{
	struct json_object *tags = schema_array(), *tag = schema_object();

	schema_put_text(tag, "name", name);
	schema_append(tags, tag);
	return tags;
}

/* ------------------------------------------------------------- correlation */

/* A part of a JSON pointer: RFC 6901. */
static void add_pointer(struct writer *w, const char *name)
{
	for (; *name != '\0'; name++) {
		switch (*name) {
		case '~': writer_add(w, "~0"); break;
		case '/': writer_add(w, "~1"); break;
		default: writer_add(w, "%c", *name); break;
		}
	}
}

static bool has_ref(const struct model_contract *contract)
{
	const struct model_envelope *envelope = &contract->envelope;

	return envelope->wire[MODEL_ENVELOPE_REF] != NULL || envelope->ref_position >= 0;
}

struct json_object *asyncapi_correlation(const struct model_contract *contract)
{
	const struct model_envelope *envelope = &contract->envelope;
	struct json_object *ids, *id;
	struct writer *w;

	if (!has_ref(contract))
		return NULL;
	w = schema_text_begin();
	writer_add(w, "$message.payload#/");
	if (envelope->ref_position >= 0)
		writer_add(w, "%d", (int)envelope->ref_position);
	else
		add_pointer(w, envelope->wire[MODEL_ENVELOPE_REF]);
	id = schema_object();
	schema_put_text(id, "description",
	        "Chosen by whoever asks; the answer to a frame, its completion and its error "
	        "repeat "
	        "it.");
	schema_put_text(id, "location", schema_text_result(w));
	writer_free(w);
	ids = schema_object();
	schema_put(ids, REF, id);
	return ids;
}

/* ---------------------------------------------------------------- messages */

static const char *tag_of(const struct model_message *message)
{
	if (message->is_std)
		return "standard";
	switch (message->kind) {
	case MODEL_MESSAGE_GROUP: return "group";
	case MODEL_MESSAGE_EVENT: return "event";
	default: return NULL;
	}
}

static void put_words(struct json_object *object, const struct model_message *message)
{
	schema_put_text(object, "name", message->name);
	schema_put_text(object, "title", message->wire);
	if (message->doc != NULL)
		schema_put_text(object, "description", message->doc);
	if (message->deprecated == NULL)
		return;
	schema_put_bool(object, "deprecated", true);
	if (*message->deprecated != '\0')
		schema_put_text(object, "x-deprecated", message->deprecated);
}

static void put_example(struct json_object *object, const struct model_message *message)
{
	struct writer *w = schema_text_begin();

	if (emit_example_message(w, message)) {
		struct json_object *examples = schema_array(), *example = schema_object();

		schema_put_raw(example, "payload", schema_text_result(w));
		schema_append(examples, example);
		schema_put(object, "examples", examples);
	}
	writer_free(w);
}

static struct json_object *message_object(struct asyncapi *a, const struct model_message *message)
{
	struct json_object *object = schema_object();
	const char *tag = tag_of(message);

	put_words(object, message);
	schema_put_text(object, "contentType", "application/json");
	if (has_ref(message->contract))
		schema_put(object, "correlationId",
		        asyncapi_reference("#/components/correlationIds/" REF));
	if (tag != NULL)
		schema_put(object, "tags", asyncapi_tag(tag));
	if (message->authenticates)
		schema_put_bool(object, "x-authenticates", true);
	schema_put(object, "payload", asyncapi_payload(a, message));
	put_example(object, message);
	return object;
}

/*
 * A standard message stands there under its own name, which nothing else may have, and another time
 * where what clients send has another discriminator than what they hear.
 */
const char *asyncapi_message_key(
        struct asyncapi *a, const struct model_message *message, bool incoming)
{
	const struct model_options *options = &a->contract->options;
	bool is_apart = incoming && !model_same_discriminator(&options->receive, &options->send);
	struct arena *arena = a->channels->arena;
	const char *key = message->name;

	if (message->is_std && is_apart && a->contract != a->channels->std)
		key = arena_printf(arena, "%s.received", key);
	else if (!message->is_std && message->contract != a->contract)
		key = arena_printf(arena, "%s.%s", message->contract->name, key);
	if (!json_object_object_get_ex(a->messages, key, NULL))
		schema_put(a->messages, key, message_object(a, message));
	return key;
}
