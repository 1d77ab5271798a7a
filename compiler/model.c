/* SPDX-License-Identifier: MIT */
/*
 * model.c - what can be said about kinds without a contract.
 */
#include "model.h"

#include <string.h>

static const char *const kind_names[] = {
        [MODEL_BOOL] = "bool",
        [MODEL_INT8] = "int8",
        [MODEL_INT16] = "int16",
        [MODEL_INT32] = "int32",
        [MODEL_INT53] = "int53",
        [MODEL_INT64] = "int64",
        [MODEL_UINT8] = "uint8",
        [MODEL_UINT16] = "uint16",
        [MODEL_UINT32] = "uint32",
        [MODEL_UINT64] = "uint64",
        [MODEL_FLOAT32] = "float32",
        [MODEL_FLOAT64] = "float64",
        [MODEL_DECIMAL] = "decimal",
        [MODEL_STRING] = "string",
        [MODEL_BYTES] = "bytes",
        [MODEL_DATETIME] = "datetime",
        [MODEL_DATE] = "date",
        [MODEL_TIME] = "time",
        [MODEL_DURATION] = "duration",
        [MODEL_UUID] = "uuid",
        [MODEL_JSON] = "json",
        [MODEL_NULL] = "null",
        [MODEL_ENUM] = "enum",
        [MODEL_RECORD] = "record",
        [MODEL_LIST] = "list",
        [MODEL_MAP] = "map",
        [MODEL_TUPLE] = "tuple",
        [MODEL_UNION] = "union",
        [MODEL_CHOICE] = "union",
};

static const char *const format_names[] = {
        [MODEL_FORMAT_NONE] = NULL,
        [MODEL_FORMAT_EMAIL] = "email",
        [MODEL_FORMAT_URI] = "uri",
        [MODEL_FORMAT_URI_REFERENCE] = "uri-reference",
        [MODEL_FORMAT_HOSTNAME] = "hostname",
        [MODEL_FORMAT_IPV4] = "ipv4",
        [MODEL_FORMAT_IPV6] = "ipv6",
        [MODEL_FORMAT_UUID] = "uuid",
        [MODEL_FORMAT_DATE_TIME] = "date-time",
        [MODEL_FORMAT_DATE] = "date",
        [MODEL_FORMAT_TIME] = "time",
        [MODEL_FORMAT_DURATION] = "duration",
        [MODEL_FORMAT_JSON_POINTER] = "json-pointer",
        [MODEL_FORMAT_SLUG] = "slug",
};

bool model_kind_is_int(enum model_kind kind)
{
	return kind >= MODEL_INT8 && kind <= MODEL_UINT64;
}

bool model_kind_is_number(enum model_kind kind)
{
	return kind >= MODEL_INT8 && kind <= MODEL_DECIMAL;
}

bool model_kind_is_scalar(enum model_kind kind)
{
	return kind <= MODEL_NULL;
}

const char *model_kind_name(enum model_kind kind)
{
	return kind_names[kind];
}

const char *model_envelope_member_name(enum model_envelope_member member)
{
	static const char *const names[MODEL_N_ENVELOPE] = {
	        [MODEL_ENVELOPE_REF] = "ref",
	        [MODEL_ENVELOPE_TOPIC] = "topic",
	        [MODEL_ENVELOPE_MESSAGE_ID] = "message_id",
	        [MODEL_ENVELOPE_SEQ] = "seq",
	        [MODEL_ENVELOPE_EPOCH] = "epoch",
	        [MODEL_ENVELOPE_VERSION] = "version",
	        [MODEL_ENVELOPE_IS_MINE] = "is_mine",
	        [MODEL_ENVELOPE_IS_CURRENT] = "is_current",
	};

	return names[member];
}

const char *model_format_name(enum model_format format)
{
	return format_names[format];
}

bool model_int_bounds(enum model_kind kind, int64_t *ret_min, uint64_t *ret_max)
{
	const int64_t safe = (INT64_C(1) << 53) - 1;

	switch (kind) {
	case MODEL_INT8: *ret_min = INT8_MIN, *ret_max = INT8_MAX; return true;
	case MODEL_INT16: *ret_min = INT16_MIN, *ret_max = INT16_MAX; return true;
	case MODEL_INT32: *ret_min = INT32_MIN, *ret_max = INT32_MAX; return true;
	case MODEL_INT53: *ret_min = -safe, *ret_max = (uint64_t)safe; return true;
	case MODEL_INT64: *ret_min = INT64_MIN, *ret_max = INT64_MAX; return true;
	case MODEL_UINT8: *ret_min = 0, *ret_max = UINT8_MAX; return true;
	case MODEL_UINT16: *ret_min = 0, *ret_max = UINT16_MAX; return true;
	case MODEL_UINT32: *ret_min = 0, *ret_max = UINT32_MAX; return true;
	case MODEL_UINT64: *ret_min = 0, *ret_max = UINT64_MAX; return true;
	default: return false;
	}
}

static unsigned enum_json_kinds(const struct model_type *type)
{
	static const unsigned kinds[] = {[MODEL_LITERAL_STRING] = MODEL_JSON_STRING,
	        [MODEL_LITERAL_INT] = MODEL_JSON_NUMBER,
	        [MODEL_LITERAL_BOOL] = MODEL_JSON_BOOLEAN};
	unsigned all = 0;
	size_t i;

	for (i = 0; i < type->n_values; i++)
		all |= kinds[type->values[i].literal.kind];
	return all;
}

unsigned model_json_kinds(const struct model_type *type)
{
	switch (type->kind) {
	case MODEL_BOOL: return MODEL_JSON_BOOLEAN;
	case MODEL_JSON: return MODEL_JSON_ANY;
	case MODEL_NULL: return MODEL_JSON_NULL;
	case MODEL_ENUM: return enum_json_kinds(type);
	case MODEL_RECORD:
	case MODEL_UNION:
	case MODEL_MAP: return MODEL_JSON_OBJECT;
	case MODEL_LIST:
	case MODEL_TUPLE: return MODEL_JSON_ARRAY;
	case MODEL_CHOICE: return type->json_kinds;
	case MODEL_FLOAT32:
	case MODEL_FLOAT64: return MODEL_JSON_NUMBER;
	default: break;
	}
	switch (type->wire_form) {
	case MODEL_WIRE_NUMBER:
	case MODEL_WIRE_UNIX:
	case MODEL_WIRE_UNIX_MS: return MODEL_JSON_NUMBER;
	default: return MODEL_JSON_STRING;
	}
}

const struct model_member *model_find_member(const struct model_type *type, const char *name)
{
	size_t i;

	for (i = 0; i < type->n_members; i++) {
		if (strcmp(type->members[i].name, name) == 0)
			return &type->members[i];
	}
	return NULL;
}

bool model_same_discriminator(
        const struct model_discriminator *a, const struct model_discriminator *b)
{
	size_t i;

	if (a->n_keys != b->n_keys || (a->keys == NULL) != (b->keys == NULL))
		return false;
	for (i = 0; i < a->n_keys; i++) {
		if (a->keys != NULL ? strcmp(a->keys[i], b->keys[i]) != 0
		                    : a->positions[i] != b->positions[i])
			return false;
	}
	return true;
}
