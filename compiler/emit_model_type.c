/* SPDX-License-Identifier: MIT */
/*
 * emit_model_type.c - types of the model as plain text: members, arms, constraints, documentation.
 *
 * It must not know where types are used.
 */
#include "emit_model.h"

#include <inttypes.h>
#include <string.h>

static void put_number(struct writer *w, const char *name, const struct model_number *number)
{
	if (number != NULL)
		writer_add(w, " %s %s", name, number->text);
}

static void put_range(struct writer *w, const char *name, const struct model_range *range)
{
	if (!range->has_min && !range->has_max)
		return;
	writer_add(w, " %s ", name);
	if (range->has_min)
		writer_add(w, "%" PRIu64, range->min);
	writer_add(w, "..");
	if (range->has_max)
		writer_add(w, "%" PRIu64, range->max);
}

static void put_flag(struct writer *w, const char *name, bool is_set)
{
	if (is_set)
		writer_add(w, " %s", name);
}

static void put_checks(struct writer *w, const struct model_check *checks, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		writer_add(w, " check %s (%s)", checks[i].name, checks[i].c_name);
}

static void put_constraints(struct writer *w, const struct model_type *type)
{
	static const char *const forms[] = {[MODEL_WIRE_NATURAL] = "",
	        [MODEL_WIRE_NUMBER] = " as number",
	        [MODEL_WIRE_STRING] = " as string",
	        [MODEL_WIRE_RFC3339] = " as rfc3339",
	        [MODEL_WIRE_UNIX] = " as unix",
	        [MODEL_WIRE_UNIX_MS] = " as unix_ms"};
	const struct model_constraints *k = &type->constraints;

	writer_add(w, "%s", forms[type->wire_form]);
	put_number(w, "min", k->min);
	put_number(w, "max", k->max);
	put_number(w, "above", k->above);
	put_number(w, "below", k->below);
	put_number(w, "step", k->step);
	put_range(w, "len", &k->len);
	put_range(w, "bytes", &k->bytes);
	put_range(w, "count", &k->count);
	put_flag(w, "unique", k->unique);
	put_flag(w, "trim", k->trim);
	put_flag(w, "lower", k->lower);
	put_flag(w, "upper", k->upper);
	put_flag(w, "not_blank", k->not_blank);
	if (k->format != MODEL_FORMAT_NONE)
		writer_add(w, " format %s", model_format_name(k->format));
	for (size_t i = 0; i < k->n_patterns; i++)
		writer_add(w, " pattern %s %s", k->patterns[i]->c_name,
		        writer_json_string(w, k->patterns[i]->text, strlen(k->patterns[i]->text)));
	put_checks(w, k->checks, k->n_checks);
}

/* A named type by its C name, a constant as JSON, a plain scalar by its kind and constraints. */
void emit_model_type_name(struct writer *w, const struct model_type *type)
{
	if (type->is_constant) {
		writer_add(w, "%s", emit_model_literal(w, &type->values[0].literal));
	} else if (type->c_name != NULL) {
		writer_add(w, "%s", type->c_name);
	} else {
		writer_add(w, "%s", model_kind_name(type->kind));
		put_constraints(w, type);
	}
}

void emit_model_use(struct writer *w, const struct model_use *use)
{
	if (use->alias != NULL)
		writer_add(w, "%s = ", use->alias->name);
	emit_model_type_name(w, use->type);
	put_flag(w, "| null", use->nullable);
	put_flag(w, "boxed", use->boxed);
}

void emit_model_deprecated(struct writer *w, const char *text)
{
	if (text != NULL)
		writer_add(w, ", deprecated %s", writer_json_string(w, text, strlen(text)));
}

void emit_model_doc(struct writer *w, const char *doc)
{
	if (doc != NULL)
		writer_line(w, "doc %s", writer_json_string(w, doc, strlen(doc)));
}

void emit_model_member(struct writer *w, const struct model_member *member)
{
	writer_add(w, "%s%s: ", member->name, member->optional ? "?" : "");
	emit_model_use(w, &member->use);
	if (member->beside != NULL)
		writer_add(w, ", by %s",
		        writer_json_string(w, member->beside, strlen(member->beside)));
	if (member->wire != NULL && strcmp(member->wire, member->name) != 0)
		writer_add(
		        w, ", wire %s", writer_json_string(w, member->wire, strlen(member->wire)));
	if (strcmp(member->c_id, member->name) != 0)
		writer_add(w, ", C %s", member->c_id);
	if (member->default_value != NULL) {
		writer_add(w, ", default ");
		emit_model_value(w, member->default_value);
	}
	emit_model_deprecated(w, member->deprecated);
	writer_end(w);
	writer_indent(w);
	emit_model_doc(w, member->doc);
	writer_dedent(w);
}

static void put_enum_value(
        struct writer *w, const struct model_type *type, const struct model_enum_value *value)
{
	writer_add(w, "%s %s = %" PRId32, value->name, value->c_name, value->number);
	if (!type->is_int_enum)
		writer_add(w, " %s", emit_model_literal(w, &value->literal));
	writer_end(w);
	writer_indent(w);
	emit_model_doc(w, value->doc);
	writer_dedent(w);
}

static void put_arm(struct writer *w, const struct model_type *type, const struct model_arm *arm)
{
	writer_add(
	        w, "%s%s %s (%s)", arm->is_else ? "else " : "", arm->name, arm->c_name, arm->c_id);
	if (type->kind == MODEL_UNION && !arm->is_else)
		writer_add(w, " %s", emit_model_literal(w, &arm->tag));
	writer_add(w, ": ");
	emit_model_use(w, &arm->use);
	writer_end(w);
	writer_indent(w);
	emit_model_doc(w, arm->doc);
	writer_dedent(w);
}

/* What stands behind a type's name, on its line. */
static void put_type_head(struct writer *w, const struct model_type *type)
{
	static const char *const kinds[] = {"string", "number", "boolean", "array", "object"};
	size_t i;

	if (type->element.type != NULL) {
		writer_add(w, " of ");
		emit_model_use(w, &type->element);
	}
	if (type->key != NULL) {
		writer_add(w, ", keys ");
		emit_model_type_name(w, type->key);
	}
	if (type->unknown_c_name != NULL)
		writer_add(w, " open %s", type->unknown_c_name);
	if (type->kind == MODEL_UNION)
		writer_add(w, " by %s%s",
		        writer_json_string(w, type->discriminator, strlen(type->discriminator)),
		        type->all_objects ? "" : " beside only");
	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]) && type->kind == MODEL_CHOICE; i++) {
		if ((type->json_kinds & 1u << i) != 0)
			writer_add(w, " %s", kinds[i]);
	}
	put_flag(w, "closed", type->is_closed);
	put_constraints(w, type);
	put_checks(w, type->checks, type->n_checks);
}

void emit_model_type(struct writer *w, const struct model_type *type)
{
	size_t i;

	writer_add(w, "%s %s", type->kind == MODEL_CHOICE ? "choice" : model_kind_name(type->kind),
	        type->c_name);
	if (type->name != NULL)
		writer_add(w, " (%s%s)", type->message != NULL ? "message " : "", type->name);
	put_type_head(w, type);
	writer_end(w);
	writer_indent(w);
	if (type->message == NULL)
		emit_model_doc(w, type->doc);
	for (i = 0; i < type->n_values; i++)
		put_enum_value(w, type, &type->values[i]);
	for (i = 0; i < type->n_members; i++)
		emit_model_member(w, &type->members[i]);
	for (i = 0; i < type->n_arms; i++)
		put_arm(w, type, &type->arms[i]);
	if (type->further != NULL)
		writer_line(w, "further %s: %s", type->further_id, type->further->c_name);
	for (i = 0; i < type->n_requires; i++) {
		const char *message = type->requires[i].message;

		writer_add(w, "require ");
		emit_model_expr(w, type->requires[i].expr);
		writer_add(w, ": %s", writer_json_string(w, message, strlen(message)));
		writer_end(w);
	}
	writer_dedent(w);
}
