/* SPDX-License-Identifier: MIT */
/*
 * emit_c_validate.c - the function that checks one record, list or map that a program has made:
 * all that a reader checks, and what a C type lets through that JSON does not.
 *
 * Also the comparison of a list's elements, which readers use, too.
 */
#include <string.h>

#include "emit_c_parts.h"

static void check_scalar(const struct emit_c *c, const struct model_type *type, const char *value)
{
	const char *validate = emit_c_scalar(type)->validate;
	struct emit_c_check checks[EMIT_C_MAX_CHECKS];
	const char *trimmed = value;
	size_t n;

	if (type->kind == MODEL_STRING && type->constraints.trim)
		trimmed = writer_format(c->w, "msgc_str_trimmed(%s)", value);
	n = emit_c_list_checks(c->w, type, "s", trimmed, NULL, checks);
	emit_c_put_checks(c->w,
	        validate ? writer_format(c->w, "msgc_check_%s(s, %s)", validate, value) : NULL,
	        checks, n);
}

/* pointer: value is one already (boxed members). */
static void check_value(
        const struct emit_c *c, const struct model_type *type, const char *value, bool pointer)
{
	if (model_kind_is_scalar(type->kind))
		check_scalar(c, type, value);
	else
		writer_line(c->w, "%s(s, %s%s);", emit_c_function(c, type, EMIT_C_VALIDATE),
		        pointer || type->kind == MODEL_ENUM ? "" : "&", value);
}

static void check_member(const struct emit_c *c, const struct model_member *member)
{
	const char *has_value = emit_c_has_value(c->w, member, "v");
	const char *value = writer_format(c->w, "v->%s", member->c_id);

	if (!emit_c_is_checked(c->plan, &member->use))
		return;
	if (has_value != NULL)
		writer_open(c->w, "if (%s) {", has_value);
	writer_line(c->w, "msgc_scope_member(s, %s);",
	        writer_c_literal(c->w, member->wire, strlen(member->wire)));
	check_value(c, member->use.type, value, member->use.boxed);
	if (has_value != NULL)
		writer_close(c->w, "}");
}

static void validate_record(const struct emit_c *c, const struct model_type *record)
{
	writer_line(c->w, "struct msgc_loc loc;");
	writer_blank(c->w);
	writer_line(c->w, "if (!msgc_scope_enter(s, &loc))");
	writer_line(c->w, "\treturn;");
	for (size_t i = 0; i < record->n_members; i++)
		check_member(c, &record->members[i]);
	writer_line(c->w, "msgc_scope_leave(s);");
}

/* ------------------------------------------------------------------ lists */

void emit_c_unique_call(
        const struct emit_c *c, const struct model_type *list, const char *scope, const char *arena)
{
	const struct emit_c_scalar *scalar = emit_c_scalar(list->element.type);
	enum model_kind kind = list->element.type->kind;
	const char *items = writer_format(c->w, "%s, v->items, v->count", scope);

	if (emit_c_needs_hash(list))
		writer_line(c->w, "%s__unique(%s, v, %s);", list->c_name, scope, arena);
	else if (kind == MODEL_STRING || scalar == NULL || kind == MODEL_FLOAT32 ||
	        kind == MODEL_FLOAT64)
		writer_line(c->w,
		        scalar ? "msgc_check_unique_%s(%s, %s);"
		               : "msgc_check_unique_%s(%s, sizeof(*v->items), %s);",
		        scalar ? scalar->list : "int", items, arena);
	else
		writer_line(
		        c->w, "msgc_check_unique_int(%s, sizeof(*v->items), %s);", items, arena);
}

/* The codec compares strings, integers and floats by itself; enums and bools are integers. */
bool emit_c_needs_hash(const struct model_type *list)
{
	enum model_kind kind = list->element.type->kind;

	return emit_c_is_wrapped(&list->element) ||
	        !(kind == MODEL_STRING || kind == MODEL_FLOAT32 || kind == MODEL_FLOAT64 ||
	                kind == MODEL_BOOL || kind == MODEL_ENUM || model_kind_is_int(kind));
}

/* Elements with the same hash are compared. */
static void unique_function(const struct emit_c *c, const struct model_type *list)
{
	struct writer *w = c->w;
	bool wrapped = emit_c_is_wrapped(&list->element);

	writer_blank(w);
	emit_c_wrap(w, 0,
	        writer_format(w,
	                "static void %s__unique(struct msgc_scope *s, const %s *v, struct "
	                "msgc_arena *scratch)",
	                list->c_name, emit_c_type(w, list)));
	writer_open(w, "{");
	writer_line(w, "struct msgc_unique u;");
	writer_blank(w);
	writer_line(w, "msgc_unique_begin(&u, scratch, v->count);");
	writer_open(w, "for (size_t i = 0, j; i < v->count; i++) {");
	emit_c_wrap(w, 2,
	        writer_format(w, "msgc_unique_put(&u, i, %s);",
	                emit_c_hash_part(c, &list->element, "0", "v->items[i]", wrapped)));
	writer_open(w, "while (msgc_unique_next(&u, &j)) {");
	emit_c_wrap(w, 3,
	        writer_format(w, "if (%s) {",
	                emit_c_equal_part(
	                        c, &list->element, "v->items[i]", "v->items[j]", wrapped)));
	writer_line(w, "\tmsgc_refuse_unique(s);");
	writer_line(w, "\treturn;");
	writer_line(w, "}");
	writer_close(w, "}");
	writer_close(w, "}");
	writer_close(w, "}");
}

void emit_c_unique_source(const struct emit_c *c, const struct emit_c_node *node)
{
	if (node->type->kind == MODEL_LIST && node->reader == node &&
	        node->type->constraints.unique && emit_c_needs_hash(node->type))
		unique_function(c, node->type);
}

/* An element or a map's value: &v->items[i], or its member value. */
static void check_part(const struct emit_c *c, const struct model_use *use, bool in_struct)
{
	bool has_null = use->nullable && use->type->kind != MODEL_NULL;

	if (!emit_c_is_checked(c->plan, use))
		return;
	if (has_null)
		writer_open(c->w, "if (!v->items[i].is_null) {");
	check_value(c, use->type, in_struct ? "v->items[i].value" : "v->items[i]", false);
	if (has_null)
		writer_close(c->w, "}");
}

static void validate_list(const struct emit_c *c, const struct model_type *list)
{
	const struct model_range *count = &list->constraints.count;
	struct writer *w = c->w;

	if (emit_c_is_checked(c->plan, &list->element)) {
		writer_line(w, "struct msgc_loc loc;");
		writer_blank(w);
		writer_line(w, "if (!msgc_scope_enter(s, &loc))");
		writer_line(w, "\treturn;");
		writer_open(w, "for (size_t i = 0; i < v->count; i++) {");
		writer_line(w, "msgc_scope_index(s, i);");
		check_part(c, &list->element, emit_c_is_wrapped(&list->element));
		writer_close(w, "}");
		writer_line(w, "msgc_scope_leave(s);");
	}
	if (count->has_min || count->has_max)
		writer_line(w, "msgc_check_count(s, v->count, %s);", emit_c_range(w, count));
	if (list->constraints.unique)
		emit_c_unique_call(c, list, "s", "NULL");
}

/* Keys are strings, each once. */
static void validate_map(const struct emit_c *c, const struct model_type *map)
{
	const struct model_range *count = &map->constraints.count;
	struct emit_c_check checks[EMIT_C_MAX_CHECKS];
	struct writer *w = c->w;
	size_t n = 0;

	if (map->key != NULL)
		n = emit_c_list_checks(w, map->key, "s", "v->items[i].key", NULL, checks);
	writer_line(w, "struct msgc_loc loc, key;");
	writer_blank(w);
	writer_line(w, "if (!msgc_scope_enter(s, &loc))");
	writer_line(w, "\treturn;");
	writer_open(w, "for (size_t i = 0; i < v->count; i++) {");
	writer_line(w, "msgc_scope_entry(s, v->items[i].key);");
	writer_line(w, "msgc_scope_key_begin(s, &key);");
	emit_c_put_checks(w, "msgc_check_str(s, v->items[i].key)", checks, n);
	writer_line(w, "for (size_t j = 0; j < i; j++)");
	writer_indent(w);
	writer_line(w, "if (msgc_str_equal(v->items[i].key, v->items[j].key))");
	writer_line(w, "\tmsgc_refuse_value(s, \"the same key comes twice\");");
	writer_dedent(w);
	writer_line(w, "msgc_scope_key_end(s);");
	check_part(c, &map->element, true);
	writer_close(w, "}");
	writer_line(w, "msgc_scope_leave(s);");
	if (count->has_min || count->has_max)
		writer_line(w, "msgc_check_map_count(s, v->count, %s);", emit_c_range(w, count));
}

void emit_c_validate_source(const struct emit_c *c, const struct emit_c_node *node)
{
	const struct model_type *type = node->type;
	bool is_shared = type->kind == MODEL_LIST || type->kind == MODEL_MAP;

	if (!node->is_checked || !(type->kind == MODEL_RECORD || is_shared) ||
	        (is_shared && node->reader != node))
		return;
	emit_c_begin_function(c, type, EMIT_C_VALIDATE);
	if (type->kind == MODEL_RECORD)
		validate_record(c, type);
	else if (type->kind == MODEL_LIST)
		validate_list(c, type);
	else
		validate_map(c, type);
	writer_close(c->w, "}");
}
