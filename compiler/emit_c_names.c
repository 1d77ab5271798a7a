/* SPDX-License-Identifier: MIT */
/*
 * emit_c_names.c - the C types and literals that stand for the model's types.
 *
 * A table says what each scalar is in C; all else is made of the identifiers that the model holds.
 * Knows nothing of the statements around them.
 */
#include <inttypes.h>
#include <string.h>

#include "emit_c_parts.h"

/* clang-format off */
static const struct emit_c_scalar scalars[] = {
	[MODEL_BOOL] = {"bool", "bool", "bool"},
	[MODEL_INT8] = {"int8_t", "int8", "int8"},
	[MODEL_INT16] = {"int16_t", "int16", "int16"},
	[MODEL_INT32] = {"int32_t", "int32", "int32"},
	[MODEL_INT53] = {"int64_t", "int64", "int53"},
	[MODEL_INT64] = {"int64_t", "int64", "int64"},
	[MODEL_UINT8] = {"uint8_t", "uint8", "uint8"},
	[MODEL_UINT16] = {"uint16_t", "uint16", "uint16"},
	[MODEL_UINT32] = {"uint32_t", "uint32", "uint32"},
	[MODEL_UINT64] = {"uint64_t", "uint64", "uint64"},
	[MODEL_FLOAT32] = {"float", "float32", "float32"},
	[MODEL_FLOAT64] = {"double", "float64", "float64"},
	[MODEL_DECIMAL] = {"struct msgc_decimal", "decimal", "decimal"},
	[MODEL_STRING] = {"struct msgc_str", "str", "str"},
	[MODEL_BYTES] = {"struct msgc_bytes", "bytes", "bytes"},
	[MODEL_DATETIME] = {"struct msgc_datetime", "datetime", "datetime"},
	[MODEL_DATE] = {"struct msgc_date", "date", "date"},
	[MODEL_TIME] = {"struct msgc_time", "time", "time"},
	[MODEL_DURATION] = {"struct msgc_duration", "duration", "duration"},
	[MODEL_UUID] = {"struct msgc_uuid", "uuid", "uuid"},
	[MODEL_JSON] = {"struct msgc_json", "json", "json"},
	[MODEL_NULL] = {NULL, NULL, "none"},
};
/* clang-format on */

const struct emit_c_scalar *emit_c_scalar(const struct model_type *type)
{
	return model_kind_is_scalar(type->kind) ? &scalars[type->kind] : NULL;
}

/* `as string` and the unix forms have functions of their own. */
const char *emit_c_form(const struct model_type *type)
{
	bool has_forms = model_kind_is_int(type->kind) || type->kind == MODEL_DECIMAL;

	if (type->wire_form == MODEL_WIRE_STRING && has_forms)
		return "_str";
	if (type->kind == MODEL_DATETIME && type->wire_form == MODEL_WIRE_UNIX)
		return "_unix";
	if (type->kind == MODEL_DATETIME && type->wire_form == MODEL_WIRE_UNIX_MS)
		return "_unix_ms";
	return "";
}

bool emit_c_is_wrapped(const struct model_use *use)
{
	return use->nullable || use->type->kind == MODEL_NULL;
}

static const char *list_type(struct writer *w, const struct model_type *list)
{
	const struct model_type *element = list->element.type;

	if (emit_c_is_wrapped(&list->element) || element->kind == MODEL_LIST ||
	        element->kind == MODEL_MAP)
		return writer_format(w, "struct %s_list", list->c_name);
	if (emit_c_scalar(element) != NULL)
		return writer_format(w, "struct msgc_%s_list", emit_c_scalar(element)->list);
	return writer_format(w, "struct %s_list", element->c_name);
}

const char *emit_c_type(struct writer *w, const struct model_type *type)
{
	switch (type->kind) {
	case MODEL_ENUM:
		return writer_format(w, type->is_open ? "struct %s_open" : "enum %s", type->c_name);
	case MODEL_RECORD:
	case MODEL_TUPLE:
	case MODEL_UNION:
	case MODEL_CHOICE: return writer_format(w, "struct %s", type->c_name);
	case MODEL_LIST: return list_type(w, type);
	case MODEL_MAP: return writer_format(w, "struct %s_map", type->c_name);
	default: return scalars[type->kind].type;
	}
}

const char *emit_c_declare(struct writer *w, const struct model_use *use)
{
	const char *type = emit_c_type(w, use->type);

	return writer_format(w, use->boxed ? "const %s *" : "%s ", type != NULL ? type : "void");
}

const char *emit_c_item_type(struct writer *w, const struct model_type *list)
{
	if (emit_c_is_wrapped(&list->element))
		return writer_format(w, "struct %s_list_item", list->c_name);
	return emit_c_type(w, list->element.type);
}

/* "struct rooms_entry_list" → "rooms_entry_list" */
const char *emit_c_tag(struct writer *w, const struct model_type *type)
{
	const char *name = emit_c_type(w, type);
	const char *blank = strchr(name, ' ');

	return blank != NULL ? blank + 1 : name;
}

bool emit_c_is_struct(const struct model_type *type)
{
	return type->kind == MODEL_RECORD || type->kind == MODEL_TUPLE ||
	        type->kind == MODEL_UNION || type->kind == MODEL_CHOICE;
}

bool emit_c_has_no_value(const struct model_type *type)
{
	return type->kind == MODEL_NULL || (type->kind == MODEL_ENUM && type->is_constant);
}

bool emit_c_is_public(const struct emit_c_node *node)
{
	return node->type->kind == MODEL_ENUM ||
	        (emit_c_is_struct(node->type) &&
	                (node->is_imported || node->is_exported || emit_c_has_api(node->type)));
}

bool emit_c_has_api(const struct model_type *type)
{
	if (type->kind == MODEL_UNION && !type->all_objects)
		return false; /* its tag always stands beside it */
	return emit_c_is_struct(type) && (type->name != NULL || type->message != NULL);
}

const char *emit_c_number(struct writer *w, enum model_kind kind, const struct model_number *number)
{
	if (kind == MODEL_FLOAT32)
		return writer_format(w, strchr(number->text, '.') ? "%sf" : "%s.0f", number->text);
	if (kind == MODEL_FLOAT64)
		return writer_format(w, strchr(number->text, '.') ? "%s" : "%s.0", number->text);
	if (number->is_negative && number->as_int64 == INT64_MIN)
		return "INT64_MIN";
	if (number->is_negative)
		return writer_format(w,
		        number->as_int64 >= -INT32_MAX ? "%" PRId64 : "INT64_C(%" PRId64 ")",
		        number->as_int64);
	if (number->as_uint64 <= INT32_MAX)
		return writer_format(w, "%" PRIu64, number->as_uint64);
	return writer_format(w,
	        number->as_uint64 <= INT64_MAX ? "INT64_C(%" PRIu64 ")" : "UINT64_C(%" PRIu64 ")",
	        number->as_uint64);
}

const char *emit_c_has_value(struct writer *w, const struct model_member *member, const char *owner)
{
	const char *id = member->c_id;

	if (member->use.boxed && !member->optional && !member->use.nullable)
		return NULL;
	if (member->use.boxed && member->optional && member->use.nullable)
		return writer_format(w, "!%s%s_is_null && %s%s != NULL", owner, id, owner, id);
	if (member->use.boxed)
		return writer_format(w, "%s%s != NULL", owner, id);
	if (member->optional && member->use.nullable)
		return writer_format(w, "%shas_%s && !%s%s_is_null", owner, id, owner, id);
	if (member->optional)
		return writer_format(w, "%shas_%s", owner, id);
	if (member->use.nullable)
		return writer_format(w, "!%s%s_is_null", owner, id);
	return NULL;
}
