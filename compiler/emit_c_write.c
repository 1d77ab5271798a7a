/* SPDX-License-Identifier: MIT */
/*
 * emit_c_write.c - the function that writes one record, list, map or enum as JSON.
 *
 * Text that is always the same is gathered and written in one piece: names, punctuation, and the
 * beginnings of records in place, which the record around them writes itself. It must not know how
 * values are escaped.
 */
#include <stdlib.h>
#include <string.h>

#include "emit_c_parts.h"

/* Constant text waits in `pending` until something else has to be written. */
struct fragments {
	const struct emit_c *c;
	const char *pending;
};

static void text(struct fragments *f, const char *piece)
{
	f->pending = writer_format(f->c->w, "%s%s", f->pending, piece);
}

static void flush(struct fragments *f)
{
	if (f->pending[0] != '\0')
		writer_line(f->c->w, "msgc_write_lit(out, %s);",
		        writer_c_literal(f->c->w, f->pending, strlen(f->pending)));
	f->pending = "";
}

/* ----------------------------------------------------------------- values */

static void write_members(struct fragments *f, const struct model_type *record, const char *prefix);

/* value: an expression; pointer: it is one (boxed members). */
static void write_value(
        struct fragments *f, const struct model_type *type, const char *value, bool pointer)
{
	const struct emit_c_node *node = emit_c_node(f->c->plan, type);
	const struct emit_c_scalar *scalar = emit_c_scalar(type);

	if (type->kind == MODEL_NULL) {
		text(f, "null");
		return;
	}
	if (emit_c_has_no_value(type)) {
		flush(f);
		writer_line(f->c->w, "msgc_type_write(out, %s, NULL);",
		        emit_c_type_address(f->c, type));
		return;
	}
	if (type->kind == MODEL_RECORD && node->is_inlined) {
		write_members(f, type, writer_format(f->c->w, "%s.", value));
		return;
	}
	flush(f);
	if (scalar != NULL)
		writer_line(f->c->w, "msgc_write_%s%s(out, %s);", scalar->write, emit_c_form(type),
		        value);
	else if (emit_c_has_function(node))
		writer_line(f->c->w, "%s(out, %s%s);", emit_c_function(f->c, type),
		        pointer ? "" : "&", value);
	else
		writer_line(f->c->w, "msgc_type_write(out, %s, %s%s);",
		        emit_c_type_address(f->c, type), pointer ? "" : "&", value);
}

/* is_null: an expression. Braces unless both branches are one line. */
static void write_nullable(
        struct fragments *f, const struct model_use *use, const char *is_null, const char *value)
{
	const struct emit_c_node *node = emit_c_node(f->c->plan, use->type);
	bool braces = node != NULL && node->is_inlined;
	struct writer *w = f->c->w;

	flush(f);
	writer_line(w, braces ? "if (%s) {" : "if (%s)", is_null);
	writer_line(w, "\tmsgc_write_lit(out, \"null\");");
	writer_line(w, braces ? "} else {" : "else");
	writer_indent(w);
	write_value(f, use->type, value, use->boxed);
	flush(f);
	writer_dedent(w);
	if (braces)
		writer_line(w, "}");
}

/* ---------------------------------------------------------------- records */

static void write_member_value(
        struct fragments *f, const struct model_member *member, const char *prefix)
{
	struct writer *w = f->c->w;
	const struct model_use *use = &member->use;
	const char *value = writer_format(w, "%s%s", prefix, member->c_id);

	if (!use->nullable || use->type->kind == MODEL_NULL)
		write_value(f, use->type, value, use->boxed);
	else if (use->boxed && !member->optional)
		write_nullable(f, use, writer_format(w, "%s == NULL", value), value);
	else
		write_nullable(f, use, writer_format(w, "%s_is_null", value), value);
}

/*
 * Behind a member that is always there, each begins with a comma. Before the first of these, each
 * ends with one, and the codec puts the closing brace in the last comma's place.
 */
static void write_member(struct fragments *f, const struct model_member *member, const char *prefix,
        bool leading_comma, bool trailing_comma)
{
	struct writer *w = f->c->w;

	if (member->optional) {
		flush(f);
		writer_open(w, "if (%s) {", emit_c_is_there(w, member, prefix));
	}
	text(f,
	        writer_format(w, "%s%s:", leading_comma ? "," : "",
	                writer_json_string(w, member->wire, strlen(member->wire))));
	write_member_value(f, member, prefix);
	if (trailing_comma)
		text(f, ",");
	if (member->optional) {
		flush(f);
		writer_close(w, "}");
	}
}

static const char *tag_text(struct writer *w, const struct emit_c_entry *entry)
{
	const struct model_literal *tag = entry->tag;

	return writer_format(w, "%s:%s", writer_json_string(w, entry->wire, strlen(entry->wire)),
	        tag->kind == MODEL_LITERAL_STRING
	                ? writer_json_string(w, tag->text, strlen(tag->text))
	                : tag->text);
}

/* The object with its braces. A message begins with its tags. */
static void write_members(struct fragments *f, const struct model_type *record, const char *prefix)
{
	struct emit_c_entries all = emit_c_entries_of(record);
	bool has_first = record->n_members == 0 || !record->members[0].optional;
	bool any = false;

	text(f, "{");
	for (size_t i = 0; i < all.n; i++)
		has_first = has_first || all.items[i].role == EMIT_C_TAG;
	for (size_t i = 0; i < all.n; i++) {
		const struct emit_c_entry *entry = &all.items[i];

		if (entry->role == EMIT_C_TAG)
			text(f,
			        writer_format(
			                f->c->w, "%s%s", any ? "," : "", tag_text(f->c->w, entry)));
		else if (entry->role == EMIT_C_MEMBER)
			write_member(f, entry->member, prefix, has_first && any, !has_first);
		any = any || entry->role == EMIT_C_TAG || entry->role == EMIT_C_MEMBER;
	}
	free(all.items);
	if (has_first) {
		text(f, "}");
		return;
	}
	flush(f);
	writer_line(f->c->w, "msgc_write_object_end(out);");
}

/* --------------------------------------------------------- lists and maps */

static void write_part(struct fragments *f, const struct model_use *use, bool in_struct)
{
	const char *value = in_struct ? "v->items[i].value" : "v->items[i]";

	if (use->nullable && use->type->kind != MODEL_NULL)
		write_nullable(f, use, "v->items[i].is_null", value);
	else
		write_value(f, use->type, value, false);
}

/* The codec writes lists of plain numbers as a whole: "int64s". NULL: it does not. */
static const char *whole_list(const struct model_type *type)
{
	const struct model_type *element = type->element.type;

	if (type->kind != MODEL_LIST || emit_c_is_wrapped(&type->element) ||
	        element->wire_form == MODEL_WIRE_STRING)
		return NULL;
	if (element->kind == MODEL_INT53 || element->kind == MODEL_INT64)
		return "int64s";
	return element->kind == MODEL_FLOAT64 ? "float64s" : NULL;
}

static void write_items(struct fragments *f, const struct model_type *type)
{
	struct writer *w = f->c->w;
	bool is_map = type->kind == MODEL_MAP;

	if (whole_list(type) != NULL) {
		writer_line(w, "msgc_write_%s(out, v->items, v->count);", whole_list(type));
		return;
	}
	writer_line(w, "msgc_write_lit(out, \"%s\");", is_map ? "{" : "[");
	writer_open(w, "for (size_t i = 0; i < v->count; i++) {");
	if (is_map) {
		writer_line(w, "msgc_write_str(out, v->items[i].key);");
		text(f, ":");
	}
	write_part(f, &type->element, is_map || emit_c_is_wrapped(&type->element));
	text(f, ",");
	flush(f);
	writer_close(w, "}");
	writer_line(w, "msgc_write_%s_end(out);", is_map ? "object" : "list");
}

/* -------------------------------------------------------------- functions */

/* Recursion is counted, so that a value too deep is an error and no crash. */
/* All of its members are always there and always the same. */
static bool holds_nothing(const struct model_type *record)
{
	for (size_t i = 0; i < record->n_members; i++) {
		const struct model_member *member = &record->members[i];
		const struct model_type *type = member->use.type;

		if (member->optional || member->use.nullable ||
		        !(type->is_constant || type->kind == MODEL_NULL))
			return false;
	}
	return true;
}

static void write_body(struct fragments *f, const struct emit_c_node *node)
{
	struct writer *w = f->c->w;

	writer_blank(w);
	if (node->is_forward) {
		writer_line(w, "if (!msgc_write_enter(out))");
		writer_line(w, "\treturn;");
	}
	if (node->type->kind == MODEL_RECORD) {
		if (holds_nothing(node->type))
			writer_line(w, "(void)v;");
		write_members(f, node->type, "v->");
		flush(f);
	} else {
		write_items(f, node->type);
	}
	if (node->is_forward)
		writer_line(w, "msgc_write_leave(out);");
}

void emit_c_write_source(const struct emit_c *c, const struct emit_c_node *node)
{
	const struct model_type *type = node->type;
	struct fragments f = {c, ""};

	if (!emit_c_has_function(node) || (node->writer != NULL && node->writer != node))
		return;
	emit_c_begin_function(c, type);
	write_body(&f, node);
	writer_close(c->w, "}");
}
