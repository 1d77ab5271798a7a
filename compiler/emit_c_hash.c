/* SPDX-License-Identifier: MIT */
/*
 * emit_c_hash.c - hashes of values, for lists whose elements must differ. Only what such elements
 * hold gets a function. Equal values have equal hashes; knows nothing of how they are compared.
 */
#include "emit_c_parts.h"

/* hash goes on over value; both are expressions. */
static const char *hash_scalar(
        struct writer *w, enum model_kind kind, const char *hash, const char *v)
{
	switch (kind) {
	case MODEL_NULL: return hash;
	case MODEL_FLOAT32:
	case MODEL_FLOAT64: return writer_format(w, "msgc_hash_float64(%s, (double)%s)", hash, v);
	case MODEL_DECIMAL: return writer_format(w, "msgc_hash_decimal(%s, %s)", hash, v);
	case MODEL_STRING:
	case MODEL_BYTES:
	case MODEL_JSON: return writer_format(w, "msgc_hash_bytes(%s, %s.ptr, %s.len)", hash, v, v);
	case MODEL_UUID:
		return writer_format(
		        w, "msgc_hash_bytes(%s, %s.bytes, sizeof(%s.bytes))", hash, v, v);
	case MODEL_DATE:
		return writer_format(w,
		        "msgc_hash_uint64(%s, (uint64_t)(%s.year * 400 + %s.month * 32 + %s.day))",
		        hash, v, v, v);
	case MODEL_DATETIME:
	case MODEL_DURATION:
		return writer_format(w, "msgc_hash_uint64(%s, (uint64_t)%s.seconds)", hash, v);
	case MODEL_TIME:
		return writer_format(w,
		        "msgc_hash_uint64(%s, (uint64_t)(%s.hour * 3600 + %s.minute * 60 + "
		        "%s.second))",
		        hash, v, v, v);
	default: return writer_format(w, "msgc_hash_uint64(%s, (uint64_t)%s)", hash, v);
	}
}

static const char *hash_value(
        const struct emit_c *c, const struct model_use *use, const char *hash, const char *value)
{
	enum model_kind kind = use->type->kind;

	if (model_kind_is_scalar(kind) || kind == MODEL_ENUM)
		return hash_scalar(c->w, kind, hash, value);
	return writer_format(c->w, use->boxed ? "%s(%s, %s)" : "%s(%s, &%s)",
	        emit_c_function(c, use->type, EMIT_C_HASH), hash, value);
}

const char *emit_c_hash_part(const struct emit_c *c, const struct model_use *use, const char *hash,
        const char *part, bool in_struct)
{
	const char *value = writer_format(c->w, "%s%s", part, in_struct ? ".value" : "");

	if (use->nullable)
		return writer_format(
		        c->w, "%s.is_null ? %s : %s", part, hash, hash_value(c, use, hash, value));
	return hash_value(c, use, hash, value);
}

static void hash_record(const struct emit_c *c, const struct model_type *record)
{
	size_t n = 0;

	for (size_t i = 0; i < record->n_members; i++) {
		const struct model_member *member = &record->members[i];
		const char *has_value = emit_c_has_value(c->w, member, "v");

		if (member->use.type->kind == MODEL_NULL)
			continue;
		if (has_value != NULL)
			writer_line(c->w, "if (%s)", has_value);
		writer_line(c->w, "%sh = %s;", has_value != NULL ? "\t" : "",
		        hash_value(
		                c, &member->use, "h", writer_format(c->w, "v->%s", member->c_id)));
		n++;
	}
	if (n == 0)
		writer_line(c->w, "(void)v;");
	writer_line(c->w, "return h;");
}

static void hash_list(const struct emit_c *c, const struct model_type *list)
{
	writer_line(c->w, "h = msgc_hash_uint64(h, v->count);");
	if (list->element.type->kind != MODEL_NULL) {
		writer_line(c->w, "for (size_t i = 0; i < v->count; i++)");
		writer_line(c->w, "\th = %s;",
		        emit_c_hash_part(c, &list->element, "h", "v->items[i]",
		                emit_c_is_wrapped(&list->element)));
	}
	writer_line(c->w, "return h;");
}

/* The order of entries is of no importance: their hashes are added up. */
static void hash_map(const struct emit_c *c, const struct model_type *map)
{
	writer_line(c->w, "uint64_t sum = 0;");
	writer_blank(c->w);
	writer_open(c->w, "for (size_t i = 0; i < v->count; i++) {");
	writer_line(c->w, "struct msgc_str key = v->items[i].key;");
	writer_line(c->w, "uint64_t hash = msgc_hash_bytes(0, key.ptr, key.len);");
	writer_blank(c->w);
	writer_line(c->w, "sum += %s;",
	        emit_c_hash_part(c, &map->element, "hash", "v->items[i]", true));
	writer_close(c->w, "}");
	writer_line(c->w, "return msgc_hash_uint64(h, sum);");
}

void emit_c_hash_source(const struct emit_c *c, const struct emit_c_node *node)
{
	const struct model_type *type = node->type;
	bool is_shared = type->kind == MODEL_LIST || type->kind == MODEL_MAP;

	if (!node->is_hashed || (type->kind != MODEL_RECORD && !is_shared) ||
	        (is_shared && node->hasher != node))
		return;
	emit_c_begin_function(c, type, EMIT_C_HASH);
	if (type->kind == MODEL_RECORD)
		hash_record(c, type);
	else if (type->kind == MODEL_LIST)
		hash_list(c, type);
	else
		hash_map(c, type);
	writer_close(c->w, "}");
}
