/* SPDX-License-Identifier: MIT */
/*
 * emit_c_union.c - unions and choices: a struct of the arm's enumerator and, in an unnamed union,
 * the values of the arms; and the table that says how to tell the arms apart.
 */
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "emit_c_parts.h"

void emit_c_union_kinds(const struct emit_c *c, const struct model_type *type)
{
	writer_blank(c->w);
	writer_open(c->w, "enum %s_kind {", type->c_name);
	for (size_t i = 0; i < type->n_arms; i++) {
		writer_doc(c->w, type->arms[i].doc);
		writer_line(c->w, i == 0 ? "%s = 1," : "%s,", type->arms[i].c_name);
	}
	writer_close(c->w, "};");
}

/* The else arm, which comes last; NULL: there is none. */
static const struct model_arm *else_of(const struct model_type *type)
{
	const struct model_arm *last = &type->arms[type->n_arms - 1];

	return last->is_else ? last : NULL;
}

static bool has_int_tags(const struct model_type *type)
{
	return !type->arms[0].is_else && type->arms[0].tag.kind == MODEL_LITERAL_INT;
}

/* The first arm of which C holds something; NULL: none. */
static const struct model_arm *first_value(const struct model_type *type)
{
	for (size_t i = 0; i < type->n_arms; i++)
		if (!emit_c_has_no_value(type->arms[i].use.type))
			return &type->arms[i];
	return NULL;
}

void emit_c_union_struct(const struct emit_c *c, const struct model_type *type)
{
	struct writer *w = c->w;

	writer_blank(w);
	writer_doc(w, type->doc);
	writer_open(w, "struct %s {", type->c_name);
	writer_line(w, "enum %s_kind kind; /* 0: not set */", type->c_name);
	if (type->kind == MODEL_UNION && else_of(type) != NULL)
		writer_line(w, "%stag; /* %s: the tag that came */",
		        has_int_tags(type) ? "int64_t " : "struct msgc_str ",
		        else_of(type)->c_name);
	if (first_value(type) != NULL) {
		writer_open(w, "union {");
		for (size_t i = 0; i < type->n_arms; i++) {
			const struct model_arm *arm = &type->arms[i];

			if (!emit_c_has_no_value(arm->use.type))
				writer_line(w, "%s%s;", emit_c_declare(w, &arm->use), arm->c_id);
		}
		writer_close(w, "};");
	}
	writer_close(w, "};");
}

/* ------------------------------------------------------------------ table */

/* "MSGC_JSON_STRING | MSGC_JSON_NULL" */
static const char *json_kinds(struct writer *w, unsigned kinds)
{
	static const struct {
		unsigned bit;
		const char *name;
	} names[] = {
	        {MODEL_JSON_STRING, "STRING"},
	        {MODEL_JSON_NUMBER, "NUMBER"},
	        {MODEL_JSON_BOOLEAN, "BOOLEAN"},
	        {MODEL_JSON_NULL, "NULL"},
	        {MODEL_JSON_ARRAY, "LIST"},
	        {MODEL_JSON_OBJECT, "OBJECT"},
	};
	const char *text = "";

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (kinds & names[i].bit)
			text = writer_format(
			        w, "%s%sMSGC_JSON_%s", text, *text ? " | " : "", names[i].name);
	return text;
}

static void put_arm(
        const struct emit_c *c, const struct model_type *type, const struct model_arm *arm)
{
	struct writer *w = c->w;

	writer_open(w, "{");
	writer_line(w, ".name = %s,", writer_c_literal(w, arm->name, strlen(arm->name)));
	if (type->kind == MODEL_UNION && !arm->is_else)
		writer_line(w, ".tag = %s,", emit_c_literal_initializer(w, &arm->tag));
	emit_c_wrap(w, 4, writer_format(w, ".type = %s,", emit_c_type_address(c, arm->use.type)));
	if (emit_c_has_no_value(arm->use.type))
		writer_line(w, ".shape = MSGC_SHAPE_NO_VALUE,");
	else if (arm->use.boxed)
		writer_line(w, ".shape = MSGC_SHAPE_BOXED,");
	if (type->kind == MODEL_CHOICE)
		writer_line(w, ".json = %s,", json_kinds(w, model_json_kinds(arm->use.type)));
	writer_close(w, "},");
}

/* "'text', 'image'" as the server says of actions that it knows. */
const char *emit_c_expected_tags(struct writer *w, const struct model_type *type)
{
	enum { ENOUGH = 1000 };
	const char *text = "";

	for (size_t i = 0; i < type->n_arms && !type->arms[i].is_else; i++) {
		const struct model_literal *tag = &type->arms[i].tag;

		if (strlen(text) > ENOUGH)
			return writer_format(w, "%s, ...", text);
		text = writer_format(w, tag->kind == MODEL_LITERAL_STRING ? "%s%s'%s'" : "%s%s%s",
		        text, i > 0 ? ", " : "", tag->text);
	}
	return text;
}

/* "string, integer or object": what a value may look like. */
const char *emit_c_expected_kinds(struct writer *w, const struct model_type *type)
{
	const char *words[7];
	const char *text = "";
	size_t n = 0;
	unsigned kinds = 0;
	bool is_int = true;

	for (size_t i = 0; i < type->n_arms; i++) {
		const struct model_type *arm = type->arms[i].use.type;
		unsigned of_arm = model_json_kinds(arm);

		kinds |= of_arm;
		if (of_arm & MODEL_JSON_NUMBER && !model_kind_is_int(arm->kind) &&
		        arm->kind != MODEL_ENUM)
			is_int = false;
	}
	if (kinds & MODEL_JSON_STRING)
		words[n++] = "string";
	if (kinds & MODEL_JSON_NUMBER)
		words[n++] = is_int ? "integer" : "number";
	if (kinds & MODEL_JSON_BOOLEAN)
		words[n++] = "boolean";
	if (kinds & MODEL_JSON_ARRAY)
		words[n++] = "array";
	if (kinds & MODEL_JSON_OBJECT)
		words[n++] = "object";
	if (kinds & MODEL_JSON_NULL)
		words[n++] = "null";
	for (size_t i = 0; i < n; i++)
		text = writer_format(w, "%s%s%s", text,
		        i == 0              ? ""
		                : i + 1 < n ? ", "
		                            : " or ",
		        words[i]);
	return text;
}

/* How an arm is found by its tag, where there are many. */
static void put_tags(const struct emit_c *c, const struct model_type *type)
{
	struct emit_c_number *numbers = memory_get(type->n_arms * sizeof(*numbers));
	const char **names = memory_get(type->n_arms * sizeof(*names));
	size_t n = 0;

	for (; n < type->n_arms && !type->arms[n].is_else; n++) {
		names[n] = type->arms[n].tag.text;
		numbers[n] = (struct emit_c_number){type->arms[n].tag.number, n};
	}
	if (type->arms[0].tag.kind == MODEL_LITERAL_STRING)
		emit_c_slots(c->w, names, n);
	else if (has_int_tags(type))
		emit_c_by_number(c->w, numbers, n);
	free(names);
	free(numbers);
}

static void put_arms(const struct emit_c *c, const struct model_type *type)
{
	writer_open(c->w, ".arms = (const struct msgc_arm[]){");
	for (size_t i = 0; i < type->n_arms; i++)
		put_arm(c, type, &type->arms[i]);
	writer_close(c->w, "},");
}

/* Everything of the table but where the tag stands. */
static void put_union(const struct emit_c *c, const struct model_type *type, const char *by)
{
	const char *expected = type->kind == MODEL_UNION ? emit_c_expected_tags(c->w, type)
	                                                 : emit_c_expected_kinds(c->w, type);
	const struct model_arm *value = first_value(type);
	struct writer *w = c->w;

	if (by != NULL) {
		writer_line(w, ".discriminator = %s,", writer_c_literal(w, by, strlen(by)));
		writer_line(w, ".discriminator_len = %zu,", strlen(by));
	}
	writer_line(w, ".n_arms = %zu,", type->n_arms);
	emit_c_wrap(w, 2,
	        writer_format(
	                w, ".expected = %s,", writer_c_literal(w, expected, strlen(expected))));
	if (value != NULL)
		writer_line(w, ".value_at = MSGC_AT(%s, %s),", type->c_name, value->c_id);
	if (type->kind == MODEL_CHOICE)
		return;
	put_tags(c, type);
	if (else_of(type) == NULL)
		return;
	writer_line(w, ".has_else = true,");
	if (has_int_tags(type))
		writer_line(w, ".else_int = true,");
	writer_line(w, ".tag_at = MSGC_AT(%s, tag),", type->c_name);
}

void emit_c_union_table(const struct emit_c *c, const struct emit_c_node *node)
{
	const struct model_type *type = node->type;
	struct writer *w = c->w;

	emit_c_begin_type(c, node, type->kind == MODEL_UNION ? "UNION" : "CHOICE");
	writer_open(w, ".arms = &(const struct msgc_type_union){");
	put_arms(c, type);
	put_union(c, type, type->kind == MODEL_UNION ? type->discriminator : NULL);
	writer_close(w, "},");
	writer_close(w, "};");
}
