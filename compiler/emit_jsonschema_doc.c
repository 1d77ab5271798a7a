/* SPDX-License-Identifier: MIT */
/*
 * emit_jsonschema_doc.c - building json-c objects, and the values of defaults. Knows nothing of
 * schemas.
 *
 * Lack of memory ends the process, as everywhere in the compiler. Numbers are kept as the text that
 * the contract has: none goes through a double.
 */
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

void schema_append(struct json_object *array, struct json_object *value)
{
	if (json_object_array_add(array, value) != 0)
		memory_exhausted();
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

/* RFC 4648 section 4. */
static void write_base64(struct writer *w, const char *bytes, size_t length)
{
	static const char alphabet[] =
	        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const unsigned char *in = (const unsigned char *)bytes;

	for (size_t i = 0; i < length; i += 3) {
		size_t left = length - i;
		unsigned group = (unsigned)in[i] << 16;

		if (left > 1)
			group |= (unsigned)in[i + 1] << 8;
		if (left > 2)
			group |= in[i + 2];
		writer_add(w, "%c%c%c%c", alphabet[group >> 18], alphabet[group >> 12 & 63],
		        left > 1 ? alphabet[group >> 6 & 63] : '=',
		        left > 2 ? alphabet[group & 63] : '=');
	}
}

static void write_value(
        struct writer *w, const struct model_type *type, const struct model_value *value);

/* The members of a record, the entries of a map, the elements of a list. */
static void write_items(
        struct writer *w, const struct model_type *type, const struct model_value *value)
{
	for (size_t i = 0; i < value->n_items; i++) {
		const struct model_value_item *item = &value->items[i];
		const struct model_type *of = type->element.type;

		if (i > 0)
			writer_add(w, ", ");
		if (value->kind == MODEL_VALUE_RECORD) {
			const char *wire = item->member->wire;

			writer_add(w, "%s: ", writer_json_string(w, wire, strlen(wire)));
			of = item->member->use.type;
		} else if (value->kind == MODEL_VALUE_MAP) {
			writer_add(w, "%s: ", writer_json_string(w, item->key, item->key_length));
		}
		write_value(w, of, &item->value);
	}
}

static void write_value(
        struct writer *w, const struct model_type *type, const struct model_value *value)
{
	const struct model_enum_value *enumerator = value->enumerator;

	switch (value->kind) {
	case MODEL_VALUE_NULL: writer_add(w, "null"); break;
	case MODEL_VALUE_BOOL: writer_add(w, value->boolean ? "true" : "false"); break;
	case MODEL_VALUE_NUMBER:
		writer_add(w, type->wire_form == MODEL_WIRE_STRING ? "\"%s\"" : "%s",
		        value->number->text);
		break;
	case MODEL_VALUE_TEXT:
		writer_add(w, "%s", writer_json_string(w, value->text, value->length));
		break;
	case MODEL_VALUE_BYTES:
		writer_add(w, "\"");
		write_base64(w, value->text, value->length);
		writer_add(w, "\"");
		break;
	case MODEL_VALUE_ENUM:
		if (enumerator->wire == NULL)
			writer_add(w, "%d", (int)enumerator->number);
		else
			writer_add(w, "%s",
			        writer_json_string(w, enumerator->wire, strlen(enumerator->wire)));
		break;
	case MODEL_VALUE_JSON: writer_add(w, "%s", value->text); break;
	case MODEL_VALUE_LIST:
		writer_add(w, "[");
		write_items(w, type, value);
		writer_add(w, "]");
		break;
	case MODEL_VALUE_RECORD:
	case MODEL_VALUE_MAP:
		writer_add(w, "{");
		write_items(w, type, value);
		writer_add(w, "}");
		break;
	}
}

void schema_put_value(struct json_object *object, const char *key, const struct model_type *type,
        const struct model_value *value)
{
	struct writer *w = schema_text_begin();

	write_value(w, type, value);
	schema_put_raw(object, key, schema_text_result(w));
	writer_free(w);
}
