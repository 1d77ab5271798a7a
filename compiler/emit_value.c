/* SPDX-License-Identifier: MIT */
/*
 * emit_value.c - values of the contract, defaults, as the JSON text that would travel. Knows nothing
 * of schemas.
 */
#include <string.h>

#include "emit_jsonschema.h"
#include "writer.h"

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

/* The type of one item, and its name before it. */
static const struct model_type *write_name(
        struct writer *w, const struct model_type *type, const struct model_value *value, size_t i)
{
	const struct model_value_item *item = &value->items[i];

	if (value->kind == MODEL_VALUE_RECORD && item->member != NULL) {
		const char *wire = item->member->wire;

		writer_add(w, "%s: ", writer_json_string(w, wire, strlen(wire)));
		return item->member->use.type;
	}
	if (value->kind != MODEL_VALUE_LIST)
		writer_add(w, "%s: ", writer_json_string(w, item->key, item->key_length));
	if (type->kind == MODEL_TUPLE)
		return type->members[i].use.type;
	/* further members of a record */
	return type->kind == MODEL_RECORD ? type->further->element.type : type->element.type;
}

static void write_items(
        struct writer *w, const struct model_type *type, const struct model_value *value)
{
	bool is_list = value->kind == MODEL_VALUE_LIST;

	writer_add(w, is_list ? "[" : "{");
	for (size_t i = 0; i < value->n_items; i++) {
		if (i > 0)
			writer_add(w, ", ");
		emit_value(w, write_name(w, type, value, i), &value->items[i].value);
	}
	writer_add(w, is_list ? "]" : "}");
}

static void write_literal(struct writer *w, const struct model_literal *literal)
{
	if (literal->kind == MODEL_LITERAL_STRING)
		writer_add(w, "%s", writer_json_string(w, literal->text, strlen(literal->text)));
	else
		writer_add(w, "%s", literal->text);
}

/* A choice's arm for a value: its numbers may be written as strings. */
static const struct model_type *arm_for(
        const struct model_type *choice, const struct model_value *value)
{
	for (size_t i = 0; i < choice->n_arms; i++) {
		const struct model_type *type = choice->arms[i].use.type;
		bool is_number = model_kind_is_number(type->kind) || type->kind == MODEL_DATETIME;

		if ((value->kind == MODEL_VALUE_NUMBER && is_number) ||
		        (value->kind == MODEL_VALUE_BYTES && type->kind == MODEL_BYTES) ||
		        (value->kind == MODEL_VALUE_RECORD && type->kind == MODEL_RECORD) ||
		        (value->kind == MODEL_VALUE_MAP && type->kind == MODEL_MAP) ||
		        (value->kind == MODEL_VALUE_LIST &&
		                (type->kind == MODEL_LIST || type->kind == MODEL_TUPLE)))
			return type;
	}
	return choice;
}

void emit_value(struct writer *w, const struct model_type *type, const struct model_value *value)
{
	if (type->kind == MODEL_CHOICE)
		type = arm_for(type, value);
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
	case MODEL_VALUE_ENUM: write_literal(w, &value->enumerator->literal); break;
	case MODEL_VALUE_JSON: writer_add(w, "%s", value->text); break;
	case MODEL_VALUE_LIST:
	case MODEL_VALUE_RECORD:
	case MODEL_VALUE_MAP: write_items(w, type, value); break;
	}
}
