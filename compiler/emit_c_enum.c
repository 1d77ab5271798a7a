/* SPDX-License-Identifier: MIT */
/*
 * emit_c_enum.c - what goes with an enum: names, and how it is read, written and checked.
 *
 * Imported enums come with these functions, so none of them is made twice.
 */
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "emit_c_parts.h"

/* What the world calls a value: the wire's word, or for integers the contract's. */
static const char *name_of(const struct model_enum_value *value)
{
	return value->wire != NULL ? value->wire : value->name;
}

/* The value as JSON. */
static const char *json_of(struct writer *w, const struct model_enum_value *value)
{
	if (value->wire != NULL)
		return writer_json_string(w, value->wire, strlen(value->wire));
	return writer_format(w, "%d", (int)value->number);
}

/* "'owner', 'member' or 'guest'" for a refusal; not all of very many. */
const char *emit_c_expected(struct writer *w, const struct model_type *type)
{
	enum { ENOUGH = 1000 };
	const char *text = "";
	size_t i;

	for (i = 0; i < type->n_values && strlen(text) < ENOUGH; i++) {
		const struct model_enum_value *value = &type->values[i];
		const char *between = i == 0 ? "" : i + 1 < type->n_values ? ", " : " or ";

		if (value->wire != NULL)
			text = writer_format(w, "%s%s'%s'", text, between, value->wire);
		else
			text = writer_format(w, "%s%s%d", text, between, (int)value->number);
	}
	if (i < type->n_values)
		text = writer_format(w, "%s and others", text);
	return writer_c_literal(w, text, strlen(text));
}

static void expected(const struct emit_c *c, const struct model_type *type)
{
	writer_blank(c->w);
	writer_line(c->w, "static const char %s__expected[] =", type->c_name);
	writer_line(c->w, "\t%s;", emit_c_expected(c->w, type));
}

static void name_function(const struct emit_c *c, const struct model_type *type)
{
	writer_blank(c->w);
	writer_line(c->w, "const char *%s_name(enum %s value)", type->c_name, type->c_name);
	writer_open(c->w, "{");
	writer_line(c->w, "switch (value) {");
	for (size_t i = 0; i < type->n_values; i++) {
		const char *name = name_of(&type->values[i]);

		writer_line(c->w, "case %s:", type->values[i].c_name);
		writer_line(c->w, "\treturn %s;", writer_c_literal(c->w, name, strlen(name)));
	}
	writer_line(c->w, "}");
	writer_line(c->w, "return NULL;");
	writer_close(c->w, "}");
}

static void from_name_function(const struct emit_c *c, const struct model_type *type)
{
	const char **names = memory_get((type->n_values + 1) * sizeof(*names));
	struct writer *w = c->w;

	for (size_t i = 0; i < type->n_values; i++)
		names[i] = name_of(&type->values[i]);
	writer_blank(w);
	writer_line(w, "static int %s__index(struct msgc_str name)", type->c_name);
	writer_open(w, "{");
	emit_c_lookup(w, "name.ptr", "name.len", names, type->n_values);
	writer_close(w, "}");
	free(names);

	writer_blank(w);
	writer_line(w, "bool %s_from_name(struct msgc_str name, enum %s *ret)", type->c_name,
	        type->c_name);
	writer_open(w, "{");
	if (type->is_int_enum) {
		writer_line(w, "static const enum %s values[] = {", type->c_name);
		for (size_t i = 0; i < type->n_values; i++)
			writer_line(w, "\t%s,", type->values[i].c_name);
		writer_line(w, "};");
	}
	writer_line(w, "int index = %s__index(name);", type->c_name);
	writer_blank(w);
	writer_line(w, "if (index < 0)");
	writer_line(w, "\treturn false;");
	if (type->is_int_enum)
		writer_line(w, "*ret = values[index];");
	else
		writer_line(w, "*ret = (enum %s)index;", type->c_name);
	writer_line(w, "return true;");
	writer_close(w, "}");
}

static void read_word(const struct emit_c *c, const struct model_type *type)
{
	writer_line(c->w, "struct msgc_str name;");
	writer_blank(c->w);
	writer_line(c->w,
	        "if (msgc_read_enum_str(r, %s__expected, &name) && !%s_from_name(name, v))",
	        type->c_name, type->c_name);
	writer_line(c->w, "\tmsgc_refuse_enum(&r->scope, %s__expected);", type->c_name);
}

static void read_number(const struct emit_c *c, const struct model_type *type)
{
	struct writer *w = c->w;

	writer_line(w, "int64_t number;");
	writer_blank(w);
	writer_line(w, "if (!msgc_read_enum_int(r, %s__expected, &number))", type->c_name);
	writer_line(w, "\treturn;");
	writer_line(w, "switch (number) {");
	for (size_t i = 0; i < type->n_values; i++)
		writer_line(w, "case %s:", type->values[i].c_name);
	writer_line(w, "\t*v = (enum %s)number;", type->c_name);
	writer_line(w, "\tbreak;");
	writer_line(w, "default:");
	writer_line(w, "\tmsgc_refuse_enum(&r->scope, %s__expected);", type->c_name);
	writer_line(w, "}");
}

static void read_function(const struct emit_c *c, const struct model_type *type)
{
	emit_c_begin_function(c, type, EMIT_C_READ);
	if (type->is_int_enum)
		read_number(c, type);
	else
		read_word(c, type);
	writer_close(c->w, "}");
}

static void validate_function(const struct emit_c *c, const struct model_type *type)
{
	emit_c_begin_function(c, type, EMIT_C_VALIDATE);
	writer_line(c->w, "if (%s_name(v) == NULL)", type->c_name);
	writer_line(c->w, "\tmsgc_refuse_enum(s, %s__expected);", type->c_name);
	writer_close(c->w, "}");
}

static void write_function(const struct emit_c *c, const struct model_type *type)
{
	struct writer *w = c->w;

	writer_blank(w);
	writer_line(
	        w, "void %s__write(struct msgc_buf *out, enum %s v)", type->c_name, type->c_name);
	writer_open(w, "{");
	writer_line(w, "switch (v) {");
	for (size_t i = 0; i < type->n_values; i++) {
		const char *json = json_of(w, &type->values[i]);

		writer_line(w, "case %s:", type->values[i].c_name);
		writer_line(
		        w, "\tmsgc_write_lit(out, %s);", writer_c_literal(w, json, strlen(json)));
		writer_line(w, "\treturn;");
	}
	writer_line(w, "}");
	writer_line(w, "if (!out->error)");
	writer_line(w, "\tout->error = MSGC_EINVAL;");
	writer_close(w, "}");
}

void emit_c_enum_source(const struct emit_c *c, const struct emit_c_node *node)
{
	const struct model_type *type = node->type;

	if (type->kind != MODEL_ENUM || node->is_imported)
		return;
	expected(c, type);
	name_function(c, type);
	from_name_function(c, type);
	read_function(c, type);
	validate_function(c, type);
	write_function(c, type);
}
