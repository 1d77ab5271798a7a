/* SPDX-License-Identifier: MIT */
/*
 * emit_c_print.c - the function that shows one record, list or map to a person: one line a member,
 * by the contract's own names. Nothing reads it back.
 */
#include "emit_c_parts.h"

static void print_value(
        const struct emit_c *c, const struct model_type *type, const char *value, bool pointer)
{
	const struct emit_c_scalar *scalar = emit_c_scalar(type);
	const char *op;

	if (type->kind == MODEL_NULL) {
		writer_line(c->w, "msgc_write_lit(out, \"null\");");
		return;
	}
	if (scalar != NULL) {
		writer_line(c->w, "msgc_write_%s(out, %s);", scalar->write, value);
		return;
	}
	if (type->kind == MODEL_ENUM) {
		writer_line(c->w, "%s(out, %s);", emit_c_function(c, type, EMIT_C_WRITE), value);
		return;
	}
	op = emit_c_function(c, type, EMIT_C_PRINT);
	writer_line(c->w, "%s(%s%s, out, level + 1);", op, pointer ? "" : "&", value);
}

static void print_nullable(
        const struct emit_c *c, const struct model_use *use, const char *is_null, const char *value)
{
	if (is_null == NULL || use->type->kind == MODEL_NULL) {
		print_value(c, use->type, value, use->boxed);
		return;
	}
	writer_line(c->w, "if (%s)", is_null);
	writer_line(c->w, "\tmsgc_write_lit(out, \"null\");");
	writer_line(c->w, "else");
	writer_indent(c->w);
	print_value(c, use->type, value, use->boxed);
	writer_dedent(c->w);
}

static void print_member(const struct emit_c *c, const struct model_member *member)
{
	struct writer *w = c->w;
	const char *id = member->c_id;
	const char *value = writer_format(w, "v->%s", id);
	const char *is_null = NULL;

	if (member->use.nullable)
		is_null = writer_format(w,
		        member->use.boxed && !member->optional ? "v->%s == NULL" : "v->%s_is_null",
		        id);
	if (member->optional)
		writer_open(w, "if (%s) {", emit_c_is_there(w, member, "v->"));
	writer_line(w, "msgc_print_name(out, level + 1, \"%s\");", member->name);
	print_nullable(c, &member->use, is_null, value);
	if (member->optional)
		writer_close(w, "}");
}

static void print_record(const struct emit_c *c, const struct emit_c_node *node)
{
	const struct model_type *record = node->type;
	const char *name = record->message != NULL ? record->message->name : record->name;

	writer_line(c->w, "msgc_write_lit(out, \"%s%s{\");", name != NULL ? name : "",
	        name != NULL ? " " : "");
	for (size_t i = 0; i < record->n_members; i++)
		print_member(c, &record->members[i]);
	if (record->n_members == 0) {
		writer_line(c->w, "(void)v;");
		writer_line(c->w, "(void)level;");
	} else {
		writer_line(c->w, "msgc_print_line(out, level);");
	}
	writer_line(c->w, "msgc_write_lit(out, \"}\");");
}

static void print_items(const struct emit_c *c, const struct model_type *type)
{
	struct writer *w = c->w;
	bool is_map = type->kind == MODEL_MAP;
	bool in_struct = is_map || emit_c_is_wrapped(&type->element);

	writer_line(w, "msgc_write_lit(out, \"%s\");", is_map ? "{" : "[");
	writer_open(w, "for (size_t i = 0; i < v->count; i++) {");
	writer_line(w, "msgc_print_line(out, level + 1);");
	if (is_map) {
		writer_line(w, "msgc_write_str(out, v->items[i].key);");
		writer_line(w, "msgc_write_lit(out, \": \");");
	}
	print_nullable(c, &type->element, type->element.nullable ? "v->items[i].is_null" : NULL,
	        in_struct ? "v->items[i].value" : "v->items[i]");
	writer_close(w, "}");
	writer_line(w, "if (v->count > 0)");
	writer_line(w, "\tmsgc_print_line(out, level);");
	writer_line(w, "msgc_write_lit(out, \"%s\");", is_map ? "}" : "]");
}

void emit_c_print_source(const struct emit_c *c, const struct emit_c_node *node)
{
	const struct model_type *type = node->type;
	bool is_shared = type->kind == MODEL_LIST || type->kind == MODEL_MAP;

	if (is_shared ? node->value != node : type->kind != MODEL_RECORD)
		return;
	emit_c_begin_function(c, type, EMIT_C_PRINT);
	if (node->is_forward) {
		writer_line(c->w, "if (!msgc_write_enter(out))");
		writer_line(c->w, "\treturn;");
	}
	if (type->kind == MODEL_RECORD)
		print_record(c, node);
	else
		print_items(c, type);
	if (node->is_forward)
		writer_line(c->w, "msgc_write_leave(out);");
	writer_close(c->w, "}");
}
