/* SPDX-License-Identifier: MIT */
/*
 * emit_c_value.c - what is done with values without JSON: equality, copies into an arena, hashes.
 *
 * Types that hold no pointers are copied by assignment and have no clone function of their own,
 * but for the public ones.
 */
#include "emit_c_parts.h"

static bool is_shared(const struct model_type *type)
{
	return type->kind == MODEL_LIST || type->kind == MODEL_MAP;
}

/* --------------------------------------------------------------- equality */

static const char *equal_value(
        const struct emit_c *c, const struct model_use *use, const char *a, const char *b)
{
	const struct model_type *type = use->type;
	const struct emit_c_scalar *scalar = emit_c_scalar(type);

	if (type->kind == MODEL_ENUM || (scalar != NULL && scalar->equal == NULL))
		return writer_format(c->w, "%s == %s", a, b);
	if (scalar != NULL)
		return writer_format(c->w, "msgc_%s_equal(%s, %s)", scalar->equal, a, b);
	return writer_format(c->w, use->boxed ? "%s(%s, %s)" : "%s(&%s, &%s)",
	        emit_c_function(c, type, EMIT_C_EQUAL), a, b);
}

/* Both null, or neither and what `equal` says. */
static const char *equal_nullable(
        struct writer *w, const char *a_is_null, const char *b_is_null, const char *equal)
{
	return writer_format(w, "%s == %s && (%s || %s)", a_is_null, b_is_null, a_is_null, equal);
}

static const char *equal_boxed(const struct emit_c *c, const struct model_member *member)
{
	struct writer *w = c->w;
	const char *id = member->c_id;
	const char *equal = equal_value(
	        c, &member->use, writer_format(w, "a->%s", id), writer_format(w, "b->%s", id));

	if (!member->optional && !member->use.nullable)
		return equal;
	equal = equal_nullable(w, writer_format(w, "(a->%s == NULL)", id),
	        writer_format(w, "(b->%s == NULL)", id), equal);
	if (member->optional && member->use.nullable)
		equal = equal_nullable(w, writer_format(w, "a->%s_is_null", id),
		        writer_format(w, "b->%s_is_null", id), writer_format(w, "(%s)", equal));
	return equal;
}

/* NULL: nothing to compare. */
static const char *equal_member(const struct emit_c *c, const struct model_member *member)
{
	struct writer *w = c->w;
	const char *id = member->c_id;
	const char *equal = NULL;

	if (member->use.boxed)
		return equal_boxed(c, member);
	if (member->use.type->kind != MODEL_NULL)
		equal = equal_value(c, &member->use, writer_format(w, "a->%s", id),
		        writer_format(w, "b->%s", id));
	if (equal != NULL && member->use.nullable)
		equal = equal_nullable(w, writer_format(w, "a->%s_is_null", id),
		        writer_format(w, "b->%s_is_null", id), equal);
	if (!member->optional)
		return equal;
	if (equal == NULL)
		return writer_format(w, "a->has_%s == b->has_%s", id, id);
	return writer_format(w,
	        member->use.nullable ? "a->has_%s == b->has_%s && (!a->has_%s || (%s))"
	                             : "a->has_%s == b->has_%s && (!a->has_%s || %s)",
	        id, id, id, equal);
}

static void equal_record(const struct emit_c *c, const struct model_type *record)
{
	const char *start = "return ";
	const char *pending = NULL;

	for (size_t i = 0; i < record->n_members; i++) {
		const char *equal = equal_member(c, &record->members[i]);

		if (equal == NULL)
			continue;
		if (pending != NULL) {
			emit_c_wrap(c->w, 1, writer_format(c->w, "%s%s &&", start, pending));
			start = "\t";
		}
		pending = equal;
	}
	if (pending == NULL) {
		writer_line(c->w, "(void)a;");
		writer_line(c->w, "(void)b;");
	}
	emit_c_wrap(
	        c->w, 1, writer_format(c->w, "%s%s;", start, pending != NULL ? pending : "true"));
}

const char *emit_c_equal_part(const struct emit_c *c, const struct model_use *use, const char *a,
        const char *b, bool in_struct)
{
	const char *part = in_struct ? ".value" : "";
	const char *equal = "true";

	if (use->type->kind != MODEL_NULL)
		equal = equal_value(c, use, writer_format(c->w, "%s%s", a, part),
		        writer_format(c->w, "%s%s", b, part));
	if (use->nullable)
		equal = equal_nullable(c->w, writer_format(c->w, "%s.is_null", a),
		        writer_format(c->w, "%s.is_null", b), equal);
	return equal;
}

static void equal_list(const struct emit_c *c, const struct model_type *list)
{
	const char *equal = emit_c_equal_part(
	        c, &list->element, "a->items[i]", "b->items[i]", emit_c_is_wrapped(&list->element));

	writer_line(c->w, "if (a->count != b->count)");
	writer_line(c->w, "\treturn false;");
	writer_open(c->w, "for (size_t i = 0; i < a->count; i++) {");
	emit_c_wrap(c->w, 2, writer_format(c->w, "if (%s)", emit_c_not(c->w, equal)));
	writer_line(c->w, "\treturn false;");
	writer_close(c->w, "}");
	writer_line(c->w, "return true;");
}

/* The order of a map's entries is kept and of no importance; most often it is the same. */
static void equal_map(const struct emit_c *c, const struct model_type *map)
{
	const char *equal = emit_c_equal_part(c, &map->element, "a->items[i]", "b->items[j]", true);

	writer_line(c->w, "if (a->count != b->count)");
	writer_line(c->w, "\treturn false;");
	writer_open(c->w, "for (size_t i = 0, j = 0; i < a->count; i++, j++) {");
	writer_line(c->w, "size_t left = b->count;");
	writer_blank(c->w);
	writer_open(c->w, "for (; left > 0; left--, j++) {");
	writer_line(c->w, "j = j < b->count ? j : 0;");
	writer_line(c->w, "if (msgc_str_equal(a->items[i].key, b->items[j].key))");
	writer_line(c->w, "\tbreak;");
	writer_close(c->w, "}");
	emit_c_wrap(c->w, 2, writer_format(c->w, "if (left == 0 || %s)", emit_c_not(c->w, equal)));
	writer_line(c->w, "\treturn false;");
	writer_close(c->w, "}");
	writer_line(c->w, "return true;");
}

void emit_c_equal_source(const struct emit_c *c, const struct emit_c_node *node)
{
	const struct model_type *type = node->type;

	if (is_shared(type) ? node->value != node : type->kind != MODEL_RECORD)
		return;
	emit_c_begin_function(c, type, EMIT_C_EQUAL);
	if (type->kind == MODEL_RECORD)
		equal_record(c, type);
	else if (type->kind == MODEL_LIST)
		equal_list(c, type);
	else
		equal_map(c, type);
	writer_close(c->w, "}");
}

/* ----------------------------------------------------------------- copies */

/* The call that copies a value; what is no pointer has been copied by assignment. */
static const char *clone_call(
        const struct emit_c *c, const struct model_type *type, const char *from, const char *to)
{
	const struct emit_c_scalar *scalar = emit_c_scalar(type);

	if (scalar != NULL)
		return writer_format(
		        c->w, "msgc_clone_%s(arena, %s, &%s)", scalar->clone, from, to);
	return writer_format(
	        c->w, "%s(&%s, arena, &%s)", emit_c_function(c, type, EMIT_C_CLONE), from, to);
}

static void clone_boxed(const struct emit_c *c, const struct model_member *member)
{
	const struct model_type *type = member->use.type;
	const char *has_value = emit_c_has_value(c->w, member, "v");
	const char *id = member->c_id;

	writer_open(c->w, "if (%s) {", has_value != NULL ? has_value : "true");
	writer_line(c->w, "%s *boxed = msgc_clone_items(arena, v->%s, 1, sizeof(*boxed));",
	        emit_c_type(c->w, type), id);
	writer_blank(c->w);
	writer_line(c->w, "if (boxed == NULL || %s(v->%s, arena, boxed) != 0)",
	        emit_c_function(c, type, EMIT_C_CLONE), id);
	writer_line(c->w, "\treturn MSGC_ENOMEM;");
	writer_line(c->w, "copy.%s = boxed;", id);
	writer_close(c->w, "}");
}

static void clone_member(const struct emit_c *c, const struct model_member *member)
{
	const char *has_value = emit_c_has_value(c->w, member, "v");
	const char *call;

	if (emit_c_is_flat(c->plan, &member->use))
		return;
	if (member->use.boxed) {
		clone_boxed(c, member);
		return;
	}
	call = clone_call(c, member->use.type, writer_format(c->w, "v->%s", member->c_id),
	        writer_format(c->w, "copy.%s", member->c_id));
	writer_line(c->w, "if (%s%s%s != 0)", has_value != NULL ? has_value : "",
	        has_value != NULL ? " && " : "", call);
	writer_line(c->w, "\treturn MSGC_ENOMEM;");
}

static void clone_record(const struct emit_c *c, const struct emit_c_node *node)
{
	const struct model_type *record = node->type;

	if (node->is_flat) {
		writer_line(c->w, "(void)arena;");
		writer_line(c->w, "*ret = *v;");
		writer_line(c->w, "return 0;");
		return;
	}
	writer_line(c->w, "struct %s copy = *v;", record->c_name);
	writer_blank(c->w);
	for (size_t i = 0; i < record->n_members; i++)
		clone_member(c, &record->members[i]);
	writer_line(c->w, "*ret = copy;");
	writer_line(c->w, "return 0;");
}

static void clone_part(const struct emit_c *c, const struct model_use *use, const char *part)
{
	const char *call;

	if (emit_c_is_flat(c->plan, use))
		return;
	call = clone_call(c, use->type, writer_format(c->w, "v->items[i]%s", part),
	        writer_format(c->w, "items[i]%s", part));
	writer_line(c->w, "if (%s%s != 0)", use->nullable ? "!v->items[i].is_null && " : "", call);
	writer_line(c->w, "\treturn MSGC_ENOMEM;");
}

static void clone_items(const struct emit_c *c, const struct model_type *type)
{
	bool is_map = type->kind == MODEL_MAP;
	const char *item = is_map ? writer_format(c->w, "struct %s_map_entry", type->c_name)
	                          : emit_c_item_type(c->w, type);
	bool in_struct = is_map || emit_c_is_wrapped(&type->element);

	emit_c_wrap(c->w, 1,
	        writer_format(c->w,
	                "%s *items = msgc_clone_items(arena, v->items, v->count, sizeof(*items));",
	                item));
	writer_blank(c->w);
	writer_line(c->w, "if (items == NULL && v->count > 0)");
	writer_line(c->w, "\treturn MSGC_ENOMEM;");
	if (is_map || !emit_c_is_flat(c->plan, &type->element)) {
		writer_open(c->w, "for (size_t i = 0; i < v->count; i++) {");
		if (is_map) {
			writer_line(c->w,
			        "if (msgc_clone_str(arena, v->items[i].key, &items[i].key) != 0)");
			writer_line(c->w, "\treturn MSGC_ENOMEM;");
		}
		clone_part(c, &type->element, in_struct ? ".value" : "");
		writer_close(c->w, "}");
	}
	writer_line(c->w, "ret->items = items;");
	writer_line(c->w, "ret->count = v->count;");
	writer_line(c->w, "return 0;");
}

void emit_c_clone_source(const struct emit_c *c, const struct emit_c_node *node)
{
	const struct model_type *type = node->type;

	if (is_shared(type) ? node->value != node : type->kind != MODEL_RECORD)
		return;
	if (node->is_flat && !emit_c_has_api(type))
		return;
	emit_c_begin_function(c, type, EMIT_C_CLONE);
	if (type->kind == MODEL_RECORD)
		clone_record(c, node);
	else
		clone_items(c, type);
	writer_close(c->w, "}");
}
