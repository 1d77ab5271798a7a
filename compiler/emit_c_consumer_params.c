/* SPDX-License-Identifier: MIT */
/*
 * emit_c_consumer_params.c - reads a consumer's URL parameters: from percent-decoded texts to the
 * typed struct, with the same checks and the same words as members of a message. Those of the path
 * are always there; those of the query may be absent, and are read after them.
 */
#include <inttypes.h>
#include <string.h>

#include "emit_c_consumer.h"

/* The C text of an integer kind's bounds, as <stdint.h> names them. */
static const char *int_min(enum model_kind kind)
{
	switch (kind) {
	case MODEL_INT8: return "INT8_MIN";
	case MODEL_INT16: return "INT16_MIN";
	case MODEL_INT32: return "INT32_MIN";
	case MODEL_INT53: return "INT64_C(-9007199254740991)";
	default: return "INT64_MIN";
	}
}

static const char *int_max(enum model_kind kind)
{
	switch (kind) {
	case MODEL_INT8: return "INT8_MAX";
	case MODEL_INT16: return "INT16_MAX";
	case MODEL_INT32: return "INT32_MAX";
	case MODEL_INT53: return "INT64_C(9007199254740991)";
	case MODEL_UINT8: return "UINT8_MAX";
	case MODEL_UINT16: return "UINT16_MAX";
	case MODEL_UINT32: return "UINT32_MAX";
	case MODEL_UINT64: return "UINT64_MAX";
	default: return "INT64_MAX";
	}
}

static bool is_signed(enum model_kind kind)
{
	return kind <= MODEL_INT64 && model_kind_is_int(kind);
}

/* The reader of a text of this type: msgc_text_X. Integers, strings and enums have their own. */
static const char *text_reader(const struct model_type *type)
{
	switch (type->wire_form) {
	case MODEL_WIRE_UNIX: return "datetime_unix";
	case MODEL_WIRE_UNIX_MS: return "datetime_unix_ms";
	default: return model_kind_name(type->kind);
	}
}

/* How deep the code of a parameter stands: one of the query is in a block of its own. */
static unsigned depth_of(const struct consumer_c *cc, size_t i)
{
	return cc->consumer->params[i].in_path ? 1 : 2;
}

/* Opens the block in which the parameter has its value. */
static void open_int(const struct consumer_c *cc, size_t i, const char *target)
{
	const struct model_type *type = cc->consumer->params[i].member.use.type;
	struct writer *w = cc->w;
	bool narrow = type->kind != MODEL_INT53 && type->kind != MODEL_INT64 &&
	        type->kind != MODEL_UINT64;
	const char *number = is_signed(type->kind) ? "number" : "natural";
	const char *call = is_signed(type->kind)
	        ? writer_format(w, "msgc_text_int(&s, values[%zu], %s, %s, &number)", i,
	                  int_min(type->kind), int_max(type->kind))
	        : writer_format(w, "msgc_text_uint(&s, values[%zu], %s, &natural)", i,
	                  int_max(type->kind));

	wrap_line(w, depth_of(cc, i), writer_format(w, "if (%s) {", call));
	writer_indent(w);
	if (narrow)
		writer_line(w, "%s = (%s)%s;", target, emit_c_type(w, type), number);
	else
		writer_line(w, "%s = %s;", target, number);
}

static void read_enum(struct writer *w, const struct model_type *type, size_t i, const char *target)
{
	if (type->is_int_enum) {
		writer_open(w,
		        "if (msgc_text_int(&s, values[%zu], INT32_MIN, INT32_MAX, &number)) {", i);
		writer_line(w, "%s = (enum %s)number;", target, type->c_name);
		writer_line(w, "if (%s_name(%s) == NULL)", type->c_name, target);
		writer_line(w, "\tmsgc_refuse_enum(&s, %s);", emit_c_expected(w, type));
		writer_close(w, "}");
		return;
	}
	writer_line(w, "if (!%s_from_name(values[%zu], &%s))", type->c_name, i, target);
	writer_line(w, "\tmsgc_refuse_enum(&s, %s);", emit_c_expected(w, type));
}

static void change_letters(
        const struct consumer_c *cc, const struct model_type *type, size_t i, const char *target)
{
	const struct model_constraints *k = &type->constraints;
	struct writer *w = cc->w;

	if (!k->lower && !k->upper)
		return;
	wrap_line(w, depth_of(cc, i),
	        writer_format(w, "if (msgc_str_%s(arena, %s, &%s) != MSGC_OK)",
	                k->lower ? "lower" : "upper", target, target));
	writer_line(w, "\treturn MSGC_ENOMEM;");
}

/* `check NAME`: asked when nothing else is wrong with the value. */
static void own_checks(
        const struct consumer_c *cc, const struct model_type *type, const char *target)
{
	const struct model_constraints *k = &type->constraints;
	struct writer *w = cc->w;

	for (size_t i = 0; i < k->n_checks; i++) {
		writer_line(w, "if (s.refused == refused)");
		writer_line(w, "\tmsgc_refuse_if(&s, %s(&%s));", k->checks[i].c_name, target);
	}
}

/* What is to be remembered before the checks of a value. */
static void begin_checks(const struct consumer_c *cc, const struct model_type *type)
{
	if (type->constraints.n_checks > 0)
		writer_line(cc->w, "refused = s.refused;");
}

static void read_string(
        const struct consumer_c *cc, const struct model_use *use, size_t i, const char *target)
{
	struct writer *w = cc->w;

	writer_line(w, "%s = values[%zu];", target, i);
	if (use->type->constraints.trim) {
		wrap_line(w, depth_of(cc, i),
		        writer_format(w,
		                "if (msgc_arena_copy(arena, msgc_str_trimmed(%s), &%s) != MSGC_OK)",
		                target, target));
		writer_line(w, "\treturn MSGC_ENOMEM;");
	}
	change_letters(cc, use->type, i, target);
	emit_c_checks(cc->c, use, "&s", target);
	own_checks(cc, use->type, target);
}

/* Of what is neither string nor integer. */
static bool is_bounded(const struct model_constraints *constraints)
{
	return constraints->n_checks > 0 || constraints->min != NULL || constraints->max != NULL ||
	        constraints->above != NULL || constraints->below != NULL ||
	        constraints->step != NULL;
}

static void read_value(const struct consumer_c *cc, size_t i)
{
	const struct model_member *member = &cc->consumer->params[i].member;
	const struct model_type *type = member->use.type;
	struct writer *w = cc->w;
	const char *target = writer_format(w, "params->%s", member->c_id);

	begin_checks(cc, type);
	if (type->kind == MODEL_ENUM) {
		read_enum(w, type, i, target);
	} else if (type->kind == MODEL_STRING) {
		read_string(cc, &member->use, i, target);
	} else if (model_kind_is_int(type->kind)) {
		open_int(cc, i, target);
		emit_c_checks(cc->c, &member->use, "&s", target);
		own_checks(cc, type, target);
		writer_close(w, "}");
	} else if (is_bounded(&type->constraints)) {
		writer_open(w, "if (msgc_text_%s(&s, values[%zu], &%s)) {", text_reader(type), i,
		        target);
		emit_c_checks(cc->c, &member->use, "&s", target);
		own_checks(cc, type, target);
		writer_close(w, "}");
	} else {
		writer_line(w, "msgc_text_%s(&s, values[%zu], &%s);", text_reader(type), i, target);
	}
}

/* One of the query: its default, a problem or nothing where it is absent. */
static void read_query(const struct consumer_c *cc, size_t i)
{
	const struct model_member *member = &cc->consumer->params[i].member;
	struct writer *w = cc->w;

	writer_open(w, "if (values[%zu].ptr) {", i);
	if (member->optional)
		writer_line(w, "params->has_%s = true;", member->c_id);
	read_value(cc, i);
	if (member->default_value != NULL) {
		writer_outdent(w, "} else {");
		writer_line(w, "params->%s = %s;", member->c_id,
		        emit_c_literal(w, member->use.type, member->default_value));
	} else if (!member->optional) {
		writer_outdent(w, "} else {");
		writer_line(w, "msgc_refuse_missing(&s);");
	}
	writer_close(w, "}");
}

static void read_params(const struct consumer_c *cc, bool in_path)
{
	struct writer *w = cc->w;
	bool any = false;

	for (size_t i = 0; i < cc->consumer->n_params; i++) {
		const struct model_param *param = &cc->consumer->params[i];

		if (param->in_path != in_path)
			continue;
		if (!any) {
			writer_line(
			        w, "msgc_scope_member(&s, \"%s\");", in_path ? "path" : "query");
			writer_line(w, "msgc_scope_enter(&s, &name);");
			any = true;
		}
		writer_blank(w);
		writer_line(w, "msgc_scope_member(&s, %s);",
		        writer_c_literal(w, param->member.wire, strlen(param->member.wire)));
		if (in_path)
			read_value(cc, i);
		else
			read_query(cc, i);
	}
	if (any) {
		writer_blank(w);
		writer_line(w, "msgc_scope_leave(&s);");
	}
}

static bool has_int(const struct model_consumer *consumer, bool want_signed)
{
	for (size_t i = 0; i < consumer->n_params; i++) {
		const struct model_type *type = consumer->params[i].member.use.type;

		if (type->kind == MODEL_ENUM ? want_signed && type->is_int_enum
		                             : model_kind_is_int(type->kind) &&
		                        is_signed(type->kind) == want_signed)
			return true;
	}
	return false;
}

/* Some text is changed, and its new one needs memory. */
static bool has_changes(const struct model_consumer *consumer)
{
	for (size_t i = 0; i < consumer->n_params; i++) {
		const struct model_constraints *k =
		        &consumer->params[i].member.use.type->constraints;

		if (k->trim || k->lower || k->upper)
			return true;
	}
	return false;
}

static bool has_checks(const struct model_consumer *consumer)
{
	for (size_t i = 0; i < consumer->n_params; i++) {
		if (consumer->params[i].member.use.type->constraints.n_checks > 0)
			return true;
	}
	return false;
}

void consumer_source_params(const struct consumer_c *cc)
{
	struct writer *w = cc->w;

	if (cc->consumer->n_params == 0)
		return;
	writer_blank(w);
	wrap_line(w, 0,
	        writer_format(w,
	                "static int %s__read_params(void *self, const struct msgc_str *values, "
	                "struct "
	                "msgc_arena *arena, struct msgc_problems *problems)",
	                cc->stem));
	writer_open(w, "{");
	writer_line(
	        w, "struct %s_params *params = &((struct %s *)self)->params;", cc->stem, cc->stem);
	writer_line(w, "struct msgc_loc url, name;");
	writer_line(w, "struct msgc_scope s;");
	if (has_int(cc->consumer, true))
		writer_line(w, "int64_t number;");
	if (has_int(cc->consumer, false))
		writer_line(w, "uint64_t natural;");
	if (has_checks(cc->consumer))
		writer_line(w, "uint32_t refused;");
	writer_blank(w);
	if (!has_changes(cc->consumer))
		writer_line(w, "(void)arena;");
	writer_line(w, "msgc_scope_open(&s, problems);");
	writer_line(w, "msgc_scope_enter(&s, &url);");
	read_params(cc, true);
	read_params(cc, false);
	writer_line(w, "return msgc_scope_close(&s);");
	writer_close(w, "}");
}
