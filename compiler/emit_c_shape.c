/* SPDX-License-Identifier: MIT */
/*
 * emit_c_shape.c - which lists, maps and scalars are alike: these share a table.
 *
 * A shape is a text; types with the same text are alike. It decides nothing else.
 */
#include <inttypes.h>

#include "emit_c_plan_parts.h"

static const char *number_text(const struct model_number *number)
{
	return number != NULL ? number->text : "-";
}

static const char *range_text(struct writer *w, const struct model_range *range)
{
	return writer_format(w, "%d%" PRIu64 ",%d%" PRIu64, range->has_min, range->min,
	        range->has_max, range->max);
}

static const char *patterns_text(struct writer *w, const struct model_constraints *c)
{
	const char *text = "-";

	for (size_t i = 0; i < c->n_patterns; i++)
		text = writer_format(w, "%s %s", text, c->patterns[i]->c_name);
	return text;
}

static const char *checks_text(struct writer *w, const struct model_constraints *c)
{
	const char *text = "-";

	for (size_t i = 0; i < c->n_checks; i++)
		text = writer_format(w, "%s %s", text, c->checks[i].c_name);
	return text;
}

static const char *constraints_text(struct writer *w, const struct model_constraints *c)
{
	return writer_format(w, "(%s %s %s %s %s %s %s %s %d%d%d%d%d %d %s %s)",
	        number_text(c->min), number_text(c->max), number_text(c->above),
	        number_text(c->below), number_text(c->step), range_text(w, &c->len),
	        range_text(w, &c->bytes), range_text(w, &c->count), c->unique, c->trim, c->lower,
	        c->upper, c->not_blank, (int)c->format, patterns_text(w, c), checks_text(w, c));
}

/* What a part contributes to the list or map around it. */
static const char *part_text(const struct emit_c_plan *plan, const struct model_type *type)
{
	const struct emit_c_node *node = emit_c_node(plan, type);

	/* In recursion a list is not known yet: it shares with nobody. */
	if (type->c_name != NULL)
		return node != NULL ? node->first->type->c_name : type->c_name;
	return writer_format(plan->w, "%d.%d%s", (int)type->kind, (int)type->wire_form,
	        constraints_text(plan->w, &type->constraints));
}

static const char *whole_text(const struct emit_c_plan *plan, const struct model_type *type)
{
	const char *key = type->key != NULL ? part_text(plan, type->key) : "";

	return writer_format(plan->w, "%s %s [%s] %s", emit_c_type(plan->w, type),
	        constraints_text(plan->w, &type->constraints), key,
	        part_text(plan, type->element.type));
}

/* The first with this shape. Who uses a node ahead of its definition uses the first ahead, too. */
static const struct emit_c_node *first_of(
        struct emit_c_plan *plan, const char *shape, struct emit_c_node *node)
{
	struct emit_c_node *first = table_put(&plan->shapes, shape, node);

	first->is_forward = first->is_forward || node->is_forward;
	return first;
}

void emit_c_plan_shape(struct emit_c_plan *plan, struct emit_c_node *node)
{
	const struct model_type *type = node->type;

	if (!node->is_needed)
		return;
	if (type->kind == MODEL_LIST || type->kind == MODEL_MAP)
		node->first = first_of(plan, whole_text(plan, type), node);
	else if (type->c_name == NULL)
		node->first = first_of(plan, part_text(plan, type), node);
}
