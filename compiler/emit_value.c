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

static void write_literal(struct writer *w, const struct model_literal *literal)
{
	if (literal->kind == MODEL_LITERAL_STRING)
		writer_add(w, "%s", writer_json_string(w, literal->text, strlen(literal->text)));
	else
		writer_add(w, "%s", literal->text);
}

static void write_key(struct writer *w, const char *key, size_t length, bool *ret_any)
{
	writer_add(w, "%s%s: ", *ret_any ? ", " : "", writer_json_string(w, key, length));
	*ret_any = true;
}

/* Values do not hold what has one value only. */
static void write_constants(struct writer *w, const struct model_type *record, bool *any)
{
	for (size_t i = 0; i < record->n_members; i++) {
		const struct model_member *member = &record->members[i];

		if (!member->use.type->is_constant || member->optional)
			continue;
		write_key(w, member->wire, strlen(member->wire), any);
		write_literal(w, &member->use.type->values[0].literal);
	}
}

/* The members of an object, behind those that are written already. */
static void write_members(
        struct writer *w, const struct model_type *type, const struct model_value *value, bool any)
{
	if (type->kind == MODEL_RECORD)
		write_constants(w, type, &any);
	for (size_t i = 0; i < value->n_items; i++) {
		const struct model_value_item *item = &value->items[i];
		const struct model_type *of = type->element.type;

		if (item->member != NULL) {
			of = item->member->use.type;
			write_key(w, item->member->wire, strlen(item->member->wire), &any);
		} else {
			write_key(w, item->key, item->key_length, &any);
			of = type->kind == MODEL_RECORD ? type->further->element.type : of;
		}
		emit_value(w, of, &item->value);
	}
}

static void write_elements(
        struct writer *w, const struct model_type *type, const struct model_value *value)
{
	for (size_t i = 0; i < value->n_items; i++) {
		const struct model_value_item *item = &value->items[i];

		writer_add(w, "%s", i != 0 ? ", " : "");
		emit_value(w, item->member != NULL ? item->member->use.type : type->element.type,
		        &item->value);
	}
}

/* Unions in unions put their discriminators into one object. */
static void write_arm(
        struct writer *w, const struct model_type *type, const struct model_value *value)
{
	bool any = false;

	if (type->kind == MODEL_CHOICE) {
		emit_value(w, value->arm->use.type, &value->items[0].value);
		return;
	}
	writer_add(w, "{");
	for (; value->kind == MODEL_VALUE_ARM; value = &value->items[0].value) {
		write_key(w, type->discriminator, strlen(type->discriminator), &any);
		write_literal(w, &value->arm->tag);
		type = value->arm->use.type;
	}
	write_members(w, type, value, any);
	writer_add(w, "}");
}

void emit_value(struct writer *w, const struct model_type *type, const struct model_value *value)
{
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
	case MODEL_VALUE_ARM: write_arm(w, type, value); break;
	case MODEL_VALUE_LIST:
	case MODEL_VALUE_TUPLE:
		writer_add(w, "[");
		write_elements(w, type, value);
		writer_add(w, "]");
		break;
	case MODEL_VALUE_RECORD:
	case MODEL_VALUE_MAP:
		writer_add(w, "{");
		write_members(w, type, value, false);
		writer_add(w, "}");
		break;
	}
}
