/* SPDX-License-Identifier: MIT */
/*
 * emit_jsonschema_doc.c - building json-c objects and writing them. Knows nothing of schemas but
 * their annotations.
 *
 * Lack of memory ends the process, as everywhere in the compiler. Numbers are kept as the text that
 * the contract has: none goes through a double.
 */
#define _GNU_SOURCE /* vasprintf() */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "emit_jsonschema.h"
#include "writer.h"

static struct json_object *made(struct json_object *object)
{
	if (object == NULL)
		memory_exhausted();
	return object;
}

struct json_object *schema_object(void)
{
	return made(json_object_new_object());
}

struct json_object *schema_array(void)
{
	return made(json_object_new_array());
}

struct json_object *schema_text(const char *text)
{
	return made(json_object_new_string(text));
}

/* json-c writes a double that was made with a text as that text, whatever the text is. */
struct json_object *schema_raw(const char *json)
{
	return made(json_object_new_double_s(0, json));
}

struct json_object *schema_literal(const struct model_literal *literal)
{
	if (literal->kind == MODEL_LITERAL_STRING)
		return schema_text(literal->text);
	return schema_raw(literal->text);
}

void schema_put(struct json_object *object, const char *key, struct json_object *value)
{
	if (json_object_object_add(object, key, value) != 0)
		memory_exhausted();
}

void schema_put_text(struct json_object *object, const char *key, const char *text)
{
	schema_put(object, key, schema_text(text));
}

void schema_put_raw(struct json_object *object, const char *key, const char *json)
{
	schema_put(object, key, schema_raw(json));
}

void schema_put_bool(struct json_object *object, const char *key, bool value)
{
	schema_put(object, key, made(json_object_new_boolean(value)));
}

void schema_put_uint(struct json_object *object, const char *key, uint64_t number)
{
	schema_put(object, key, made(json_object_new_uint64(number)));
}

void schema_put_range(struct json_object *object, const struct model_range *range,
        const char *min_key, const char *max_key)
{
	if (range->has_min && range->min > 0)
		schema_put_uint(object, min_key, range->min);
	if (range->has_max)
		schema_put_uint(object, max_key, range->max);
}

void schema_append(struct json_object *array, struct json_object *value)
{
	if (json_object_array_add(array, value) != 0)
		memory_exhausted();
}

void schema_put_unless_empty(struct json_object *object, const char *key, struct json_object *array)
{
	if (json_object_array_length(array) > 0)
		schema_put(object, key, array);
	else
		json_object_put(array);
}

void schema_merge(struct json_object *into, struct json_object *from)
{
	json_object_object_foreach(from, key, value)
	{
		schema_put(into, key, json_object_get(value));
	}
	json_object_put(from);
}

struct writer *schema_text_begin(void)
{
	struct writer *w = writer_new("");

	if (w == NULL)
		memory_exhausted();
	return w;
}

const char *schema_text_result(struct writer *w)
{
	size_t length;

	if (writer_failed(w))
		memory_exhausted();
	return writer_text(w, &length);
}

/* Two texts as one, a separator between them. */
static void put_joined(
        struct json_object *schema, const char *key, const char *separator, const char *text)
{
	struct writer *w = schema_text_begin();
	struct json_object *old;

	if (json_object_object_get_ex(schema, key, &old))
		writer_add(w, "%s%s", json_object_get_string(old), separator);
	writer_add(w, "%s", text);
	schema_put_text(schema, key, schema_text_result(w));
	writer_free(w);
}

void schema_note(struct json_object *schema, const char *format, ...)
{
	va_list args;
	char *text;
	int length;

	va_start(args, format);
	length = vasprintf(&text, format, args);
	va_end(args);
	if (length < 0)
		memory_exhausted();
	put_joined(schema, "$comment", "; ", text);
	free(text);
}

void schema_put_doc(
        struct json_object *schema, const char *title, const char *doc, const char *deprecated)
{
	if (title != NULL)
		schema_put_text(schema, "title", title);
	if (doc != NULL)
		schema_put_text(schema, "description", doc);
	if (deprecated == NULL)
		return;
	schema_put_bool(schema, "deprecated", true);
	if (*deprecated != '\0') {
		put_joined(schema, "description", "\n\n", "Deprecated: ");
		put_joined(schema, "description", "", deprecated);
	}
}

void schema_write(struct writer *writer, struct json_object *root)
{
	const int flags =
	        JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED | JSON_C_TO_STRING_NOSLASHESCAPE;
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
