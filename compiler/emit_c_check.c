/* SPDX-License-Identifier: MIT */
/*
 * emit_c_check.c - the constraints of scalars as C, the same for readers, validators and URL
 * parameters. A scalar with a name has them in one function; others have them in place.
 *
 * A bound that the C type keeps to anyway is left out: compilers warn of such comparisons.
 */
#include <inttypes.h>

#include "emit_c_parts.h"

/* Collects checks of one value. */
struct checks {
	struct writer *w;
	const struct model_type *type;
	const char *scope;
	const char *value;
	struct emit_c_check *items;
	size_t n;
};

static void add(struct checks *to, const char *condition, const char *call)
{
	if (to->n < EMIT_C_MAX_CHECKS)
		to->items[to->n++] = (struct emit_c_check){condition, call};
}

/* `if (value < 5) msgc_refuse_min(scope, "5");` */
static void add_bound(struct checks *to, const struct model_number *bound, const char *broken_if,
        const char *refusal)
{
	if (bound == NULL)
		return;
	add(to,
	        writer_format(to->w, "%s %s %s", to->value, broken_if,
	                emit_c_number(to->w, to->type->kind, bound)),
	        writer_format(
	                to->w, "msgc_refuse_%s(%s, \"%s\")", refusal, to->scope, bound->text));
}

void emit_c_drop_vacuous(const struct model_type *type, struct model_constraints *c)
{
	int64_t least;
	uint64_t most;

	if (!model_int_bounds(type->kind, &least, &most))
		return;
	if (c->min != NULL &&
	        (c->min->is_negative ? c->min->as_int64 <= least
	                             : least >= 0 && !c->min->as_uint64))
		c->min = NULL;
	if (c->max != NULL && !c->max->is_negative && c->max->as_uint64 >= most)
		c->max = NULL;
}

bool emit_c_has_limits(const struct model_type *type)
{
	struct model_constraints c = type->constraints;

	emit_c_drop_vacuous(type, &c);
	return c.min != NULL || c.max != NULL || c.above != NULL || c.below != NULL ||
	        c.step != NULL || c.len.has_min || c.len.has_max || c.bytes.has_min ||
	        c.bytes.has_max || c.trim || c.lower || c.upper || c.not_blank ||
	        c.format != MODEL_FORMAT_NONE || c.n_patterns > 0 || c.n_checks > 0;
}

static void add_int(struct checks *to, const struct model_constraints *constraints)
{
	struct model_constraints kept = *constraints;
	const struct model_constraints *c = &kept;

	emit_c_drop_vacuous(to->type, &kept);
	add_bound(to, c->min, "<", "min");
	add_bound(to, c->max, ">", "max");
	add_bound(to, c->above, "<=", "above");
	add_bound(to, c->below, ">=", "below");
	if (c->step != NULL)
		add(to,
		        writer_format(to->w, "%s %% %s != 0", to->value,
		                emit_c_number(to->w, to->type->kind, c->step)),
		        writer_format(
		                to->w, "msgc_refuse_step(%s, \"%s\")", to->scope, c->step->text));
}

static void add_float(struct checks *to, const struct model_constraints *c, const char *number)
{
	const char *kind = emit_c_scalar(to->type)->word;

	add_bound(to, c->min, "<", "min");
	add_bound(to, c->max, ">", "max");
	add_bound(to, c->above, "<=", "above");
	add_bound(to, c->below, ">=", "below");
	if (c->step != NULL && number != NULL)
		add(to, NULL,
		        writer_format(to->w, "msgc_check_step(%s, %s, \"%s\")", to->scope, number,
		                c->step->text));
	else if (c->step != NULL)
		add(to, NULL,
		        writer_format(to->w, "msgc_check_step_%s(%s, %s, \"%s\")", kind, to->scope,
		                to->value, c->step->text));
}

static void add_decimal_bound(
        struct checks *to, const struct model_number *bound, const char *which)
{
	if (bound != NULL)
		add(to, NULL,
		        writer_format(to->w, "msgc_check_decimal_%s(%s, %s, \"%s\")", which,
		                to->scope, to->value, bound->text));
}

static void add_decimal(struct checks *to, const struct model_constraints *c)
{
	add_decimal_bound(to, c->min, "min");
	add_decimal_bound(to, c->max, "max");
	add_decimal_bound(to, c->above, "above");
	add_decimal_bound(to, c->below, "below");
	if (c->step != NULL)
		add(to, NULL,
		        writer_format(to->w,
		                "msgc_check_step(%s, msgc_str_of(%s.ptr, %s.len), \"%s\")",
		                to->scope, to->value, to->value, c->step->text));
}

const char *emit_c_range(struct writer *w, const struct model_range *range)
{
	uint64_t min = range->has_min ? range->min : 0;

	if (!range->has_max)
		return writer_format(w, "%" PRIu64 ", MSGC_NO_MAX", min);
	return writer_format(w, "%" PRIu64 ", %" PRIu64, min, range->max);
}

static void add_range(
        struct checks *to, const struct model_range *range, const char *function, const char *part)
{
	if (range->has_min || range->has_max)
		add(to, NULL,
		        writer_format(to->w, "%s(%s, %s%s, %s)", function, to->scope, to->value,
		                part, emit_c_range(to->w, range)));
}

const char *emit_c_format(enum model_format format)
{
	static const char *const formats[] = {[MODEL_FORMAT_EMAIL] = "email",
	        [MODEL_FORMAT_URI] = "uri",
	        [MODEL_FORMAT_URI_REFERENCE] = "uri_reference",
	        [MODEL_FORMAT_HOSTNAME] = "hostname",
	        [MODEL_FORMAT_IPV4] = "ipv4",
	        [MODEL_FORMAT_IPV6] = "ipv6",
	        [MODEL_FORMAT_UUID] = "uuid_text",
	        [MODEL_FORMAT_DATE_TIME] = "datetime_text",
	        [MODEL_FORMAT_DATE] = "date_text",
	        [MODEL_FORMAT_TIME] = "time_text",
	        [MODEL_FORMAT_DURATION] = "duration_text",
	        [MODEL_FORMAT_JSON_POINTER] = "json_pointer",
	        [MODEL_FORMAT_SLUG] = "slug"};

	return formats[format];
}

static void add_string(struct checks *to, const struct model_constraints *c)
{
	add_range(to, &c->len, "msgc_check_len", "");
	add_range(to, &c->bytes, "msgc_check_bytes", ".len");
	if (c->not_blank)
		add(to, NULL,
		        writer_format(to->w, "msgc_check_not_blank(%s, %s)", to->scope, to->value));
	if (c->format != MODEL_FORMAT_NONE)
		add(to, NULL,
		        writer_format(to->w, "msgc_check_%s(%s, %s)", emit_c_format(c->format),
		                to->scope, to->value));
	for (size_t i = 0; i < c->n_patterns; i++)
		add(to, NULL,
		        writer_format(to->w, "msgc_check_pattern(%s, %s, &%s)", to->scope,
		                to->value, c->patterns[i]->c_name));
}

static void add_all(struct checks *to, const char *number)
{
	const struct model_constraints *c = &to->type->constraints;

	switch (to->type->kind) {
	case MODEL_FLOAT32:
	case MODEL_FLOAT64: add_float(to, c, number); break;
	case MODEL_DECIMAL: add_decimal(to, c); break;
	case MODEL_STRING: add_string(to, c); break;
	case MODEL_BYTES: add_range(to, &c->bytes, "msgc_check_bytes", ".len"); break;
	default: add_int(to, c); break;
	}
}

/* A float's step is checked on the text that was read, or else on the value: not in a function. */
bool emit_c_has_check_function(struct writer *w, const struct model_type *type)
{
	bool is_float = type->kind == MODEL_FLOAT32 || type->kind == MODEL_FLOAT64;
	struct emit_c_check items[EMIT_C_MAX_CHECKS];
	struct checks to = {w, type, "s", "v", items, 0};

	if (type->name == NULL || !model_kind_is_scalar(type->kind) ||
	        type->constraints.n_checks > 0 || (is_float && type->constraints.step != NULL))
		return false;
	add_all(&to, NULL);
	return to.n > 0;
}

size_t emit_c_list_checks(struct writer *w, const struct model_type *type, const char *scope,
        const char *value, const char *number, struct emit_c_check checks[EMIT_C_MAX_CHECKS])
{
	struct checks to = {w, type, scope, value, checks, 0};

	if (!model_kind_is_scalar(type->kind))
		return 0;
	if (emit_c_has_check_function(w, type))
		add(&to, NULL, writer_format(w, "%s__check(%s, %s)", type->c_name, scope, value));
	else
		add_all(&to, number);
	return to.n;
}

static void put_check(struct writer *w, const char *condition, const struct emit_c_check *check)
{
	if (condition != NULL && check->condition != NULL)
		writer_line(w, "if (%s && %s)", condition, check->condition);
	else if (condition != NULL || check->condition != NULL)
		writer_line(w, "if (%s)", condition != NULL ? condition : check->condition);
	else {
		writer_line(w, "%s;", check->call);
		return;
	}
	writer_line(w, "\t%s;", check->call);
}

void emit_c_put_checks(
        struct writer *w, const char *condition, const struct emit_c_check *checks, size_t n_checks)
{
	if (n_checks == 0 && condition != NULL)
		writer_line(w, "%s;", condition);
	else if (n_checks == 1)
		put_check(w, condition, &checks[0]);
	if (n_checks < 2)
		return;
	if (condition != NULL)
		writer_open(w, "if (%s) {", condition);
	for (size_t i = 0; i < n_checks; i++)
		put_check(w, NULL, &checks[i]);
	if (condition != NULL)
		writer_close(w, "}");
}

void emit_c_checks(
        const struct emit_c *c, const struct model_use *use, const char *scope, const char *value)
{
	struct emit_c_check checks[EMIT_C_MAX_CHECKS];
	size_t n = emit_c_list_checks(c->w, use->type, scope, value, NULL, checks);

	emit_c_put_checks(c->w, NULL, checks, n);
}

void emit_c_check_source(const struct emit_c *c, const struct emit_c_node *node)
{
	const struct model_type *type = node->type;
	struct emit_c_check items[EMIT_C_MAX_CHECKS];
	struct checks to = {c->w, type, "s", "v", items, 0};

	if (!emit_c_has_check_function(c->w, type))
		return;
	writer_blank(c->w);
	writer_doc(c->w, type->doc);
	writer_line(c->w, "static void %s__check(struct msgc_scope *s, %s v)", type->c_name,
	        emit_c_type(c->w, type));
	writer_open(c->w, "{");
	add_all(&to, NULL);
	emit_c_put_checks(c->w, NULL, items, to.n);
	writer_close(c->w, "}");
}
