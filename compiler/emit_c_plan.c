/* SPDX-License-Identifier: MIT */
/*
 * emit_c_plan.c - walks the graph of types once and decides which tables there will be.
 *
 * The walk keeps its own stack: a contract may chain as many types as it likes. It descends into
 * imported types for what must be known of them, but their tables are made elsewhere.
 */
#include <stdlib.h>

#include "arena.h"
#include "emit_c_plan_parts.h"

enum { WHITE, GREY, BLACK };

/* ------------------------------------------------------------------ graph */

/* The index-th type that this one is made of. False behind the last. *ret may be NULL. */
bool emit_c_plan_edge(const struct model_type *type, size_t index, const struct model_use **ret_use,
        const struct model_type **ret)
{
	size_t n_uses = type->n_members;

	*ret_use = NULL;
	*ret = NULL;
	switch (type->kind) {
	case MODEL_RECORD:
	case MODEL_TUPLE:
		if (index < n_uses)
			*ret_use = &type->members[index].use;
		else
			*ret = type->further;
		break;
	case MODEL_UNION:
	case MODEL_CHOICE:
		n_uses = type->n_arms;
		if (index < n_uses)
			*ret_use = &type->arms[index].use;
		break;
	case MODEL_LIST:
		n_uses = 1;
		*ret_use = &type->element;
		break;
	case MODEL_MAP:
		n_uses = 1;
		if (index == 0)
			*ret_use = &type->element;
		else
			*ret = type->key;
		break;
	default: return false;
	}
	if (index < n_uses)
		*ret = (*ret_use)->type;
	return index < n_uses || (index == n_uses && *ret != NULL);
}

struct emit_c_node *emit_c_plan_node(struct emit_c_plan *plan, const struct model_type *type)
{
	struct emit_c_node *node;

	if (type == NULL || type->c_name == NULL)
		return NULL; /* a plain scalar, a constant */
	node = table_get(&plan->types, type);
	if (node == NULL) {
		node = arena_alloc(plan->arena, sizeof(*node));
		node->type = type;
		node->first = node;
		node->is_imported = type->contract != plan->contract;
		node->stem = type->c_name;
		table_put(&plan->types, type, node);
	}
	return node;
}

/* Depth first; what is met again while it is still open closes a cycle. */
static void walk(struct emit_c_plan *plan, const struct model_type *root)
{
	struct vec stack = {0};
	struct emit_c_node *node = emit_c_plan_node(plan, root);

	if (node == NULL || node->state != WHITE)
		return;
	node->state = GREY;
	vec_push(&stack, node);
	while (stack.n > 0) {
		const struct model_use *use;
		const struct model_type *type;
		struct emit_c_node *child;

		node = stack.items[stack.n - 1];
		if (!emit_c_plan_edge(node->type, node->next_edge++, &use, &type)) {
			node->state = BLACK;
			vec_push(&plan->order, node);
			stack.n--;
			continue;
		}
		child = emit_c_plan_node(plan, type);
		if (child == NULL)
			continue;
		if (child->state == GREY)
			child->is_forward = true;
		if (child->state == WHITE) {
			child->state = GREY;
			vec_push(&stack, child);
		}
	}
	vec_clear(&stack);
}

/* What a record's table names needs a table, too; an imported record brings its own. */
bool emit_c_plan_descends(const struct emit_c_node *node)
{
	return !(node->is_imported && emit_c_is_struct(node->type));
}

static bool need(struct emit_c_node *node)
{
	bool is_new = node != NULL && !node->is_needed;

	if (is_new)
		node->is_needed = true;
	return is_new;
}

/* Marks all that is reached from the start. */
static void spread_need(struct emit_c_plan *plan, struct emit_c_node *start)
{
	struct vec stack = {0};

	if (need(start))
		vec_push(&stack, start);
	while (stack.n > 0) {
		struct emit_c_node *node = stack.items[--stack.n];
		const struct model_use *use;
		const struct model_type *type;

		if (!emit_c_plan_descends(node))
			continue;
		for (size_t i = 0; emit_c_plan_edge(node->type, i, &use, &type); i++) {
			struct emit_c_node *child = emit_c_plan_node(plan, type);

			if (need(child))
				vec_push(&stack, child);
		}
	}
	vec_clear(&stack);
}

/* ------------------------------------------------------------------ facts */

static bool scalar_is_flat(enum model_kind kind)
{
	return kind != MODEL_STRING && kind != MODEL_BYTES && kind != MODEL_DECIMAL &&
	        kind != MODEL_JSON;
}

/* Not what any value of its C type is. */
static bool scalar_is_checked(const struct model_type *type)
{
	const struct model_constraints *c = &type->constraints;

	if (c->n_checks > 0)
		return true;
	switch (type->kind) {
	case MODEL_INT8:
	case MODEL_INT16:
	case MODEL_INT32:
	case MODEL_INT64:
	case MODEL_UINT8:
	case MODEL_UINT16:
	case MODEL_UINT32:
	case MODEL_UINT64: return c->min || c->max || c->above || c->below || c->step;
	case MODEL_BYTES: return c->bytes.has_min || c->bytes.has_max;
	case MODEL_BOOL:
	case MODEL_UUID:
	case MODEL_ENUM: /* a constant */
	case MODEL_NULL: return false;
	default: return true;
	}
}

bool emit_c_is_flat(const struct emit_c_plan *plan, const struct model_use *use)
{
	const struct emit_c_node *node = emit_c_node(plan, use->type);

	if (use->boxed)
		return false;
	return node != NULL ? node->is_flat : scalar_is_flat(use->type->kind);
}

bool emit_c_is_checked(const struct emit_c_plan *plan, const struct model_use *use)
{
	const struct emit_c_node *node = emit_c_node(plan, use->type);

	return node != NULL ? node->is_checked || node->is_forward : scalar_is_checked(use->type);
}

/* A union that keeps the text of tags it does not know. */
static bool has_kept_tag(const struct model_type *type)
{
	return type->kind == MODEL_UNION && type->arms[type->n_arms - 1].is_else;
}

/*
 * In the plan's order, so that only recursion meets parts that are not known yet. What takes part
 * in recursion counts as checked, for its depth is: so every contract's plan finds the same.
 */
static void find_facts(const struct emit_c_plan *plan, struct emit_c_node *node)
{
	const struct model_type *type = node->type;

	const struct model_use *use;
	const struct model_type *part;

	switch (type->kind) {
	case MODEL_RECORD:
	case MODEL_TUPLE:
	case MODEL_UNION:
	case MODEL_CHOICE:
		node->is_flat = type->further == NULL && !has_kept_tag(type);
		node->is_checked = node->is_forward || type->n_arms > 0 || type->further != NULL ||
		        type->n_requires > 0 || type->n_checks > 0;
		for (size_t i = 0; emit_c_plan_edge(type, i, &use, &part) && use != NULL; i++) {
			node->is_flat = node->is_flat && emit_c_is_flat(plan, use);
			node->is_checked = node->is_checked || emit_c_is_checked(plan, use);
		}
		/* A tuple's last elements are absent together. */
		if (type->kind == MODEL_TUPLE && type->n_members > 1 &&
		        type->members[type->n_members - 2].optional)
			node->is_checked = true;
		break;
	case MODEL_LIST:
		node->is_checked = node->is_forward || type->constraints.count.has_min ||
		        type->constraints.count.has_max || type->constraints.unique ||
		        type->constraints.n_checks > 0 || emit_c_is_checked(plan, &type->element);
		break;
	case MODEL_MAP: node->is_checked = true; break;
	case MODEL_ENUM:
		node->is_flat = !type->is_open || type->is_int_enum;
		node->is_checked = true;
		break;
	default:
		node->is_flat = scalar_is_flat(type->kind);
		node->is_checked = scalar_is_checked(type);
		break;
	}
}

/* ---------------------------------------------------------------- scalars */

/* What a scalar without a name is called: the place that it is first used at. */
static const char *stem_of(
        const struct emit_c_plan *plan, const struct model_type *owner, size_t index)
{
	switch (owner->kind) {
	case MODEL_RECORD:
	case MODEL_TUPLE:
		return writer_format(plan->w, "%s__%s", owner->c_name, owner->members[index].c_id);
	case MODEL_UNION:
	case MODEL_CHOICE:
		return writer_format(plan->w, "%s__%s", owner->c_name, owner->arms[index].c_id);
	case MODEL_LIST: return writer_format(plan->w, "%s__item", owner->c_name);
	default:
		return writer_format(
		        plan->w, "%s__%s", owner->c_name, index == 0 ? "value" : "key");
	}
}

/* Scalars with limits and without a name get nodes, each before the type that it is part of. */
static void add_scalars(struct emit_c_plan *plan)
{
	struct vec order = plan->order;

	plan->order = (struct vec){0};
	for (size_t i = 0; i < order.n; i++) {
		struct emit_c_node *owner = order.items[i];
		const struct model_use *use;
		const struct model_type *type;

		for (size_t j = 0; owner->is_needed && emit_c_plan_descends(owner) &&
		        emit_c_plan_edge(owner->type, j, &use, &type);
		        j++) {
			struct emit_c_node *node;

			if (type == NULL || type->c_name != NULL ||
			        !model_kind_is_scalar(type->kind) || !emit_c_has_limits(type) ||
			        table_get(&plan->types, type) != NULL)
				continue;
			node = arena_alloc(plan->arena, sizeof(*node));
			node->type = type;
			node->first = node;
			node->is_needed = true;
			node->stem = stem_of(plan, owner->type, j);
			table_put(&plan->types, type, node);
			vec_push(&plan->order, node);
		}
		vec_push(&plan->order, owner);
	}
	vec_clear(&order);
}

/* ------------------------------------------------------------------- plan */

/* A list's or map's element that has no name is reached by whoever reaches the list. */
static void mark_exported(struct emit_c_plan *plan, const struct model_type *type)
{
	for (;;) {
		struct emit_c_node *node = emit_c_plan_node(plan, type);

		if (node == NULL || node->is_imported || node->is_followed)
			return;
		node->is_followed = true;
		if (type->kind != MODEL_LIST && type->kind != MODEL_MAP) {
			node->is_exported = true;
			return;
		}
		type = type->element.type;
	}
}

static void find_exports(struct emit_c_plan *plan)
{
	const struct model_contract *contract = plan->contract;

	for (size_t i = 0; i < contract->n_types; i++) {
		if (contract->types[i]->name != NULL && contract->types[i]->message == NULL)
			mark_exported(plan, contract->types[i]);
	}
	for (size_t i = 0; i < contract->n_aliases; i++)
		mark_exported(plan, contract->aliases[i]->target.type);
}

static void add_params(struct emit_c_plan *plan, const struct model_param *params, size_t n_params)
{
	for (size_t i = 0; i < n_params; i++) {
		struct emit_c_node *node = emit_c_plan_node(plan, params[i].member.use.type);

		walk(plan, params[i].member.use.type);
		if (node != NULL)
			node->is_param = true;
	}
}

static void add_roots(struct emit_c_plan *plan)
{
	const struct model_contract *contract = plan->contract;

	for (size_t i = 0; i < contract->n_types; i++) {
		const struct model_type *type = contract->types[i];

		if (!emit_c_is_struct(type) && type->kind != MODEL_ENUM)
			continue;
		walk(plan, type);
		spread_need(plan, emit_c_plan_node(plan, type));
	}
	for (size_t i = 0; i < contract->n_consumers; i++)
		add_params(plan, contract->consumers[i]->params, contract->consumers[i]->n_params);
}

struct emit_c_plan *emit_c_plan_new(
        struct writer *w, const struct model_contract *contract, size_t readers)
{
	struct emit_c_plan *plan = memory_get(sizeof(*plan));

	*plan = (struct emit_c_plan){
	        .arena = arena_new(),
	        .w = w,
	        .contract = contract,
	        .shapes = {.is_text = true},
	};
	add_roots(plan);
	find_exports(plan);
	add_scalars(plan);
	for (size_t i = 0; i < plan->order.n; i++) {
		find_facts(plan, plan->order.items[i]);
		emit_c_plan_shape(plan, plan->order.items[i]);
	}
	emit_c_plan_choose(plan, readers);
	return plan;
}

void emit_c_plan_free(struct emit_c_plan *plan)
{
	if (plan == NULL)
		return;
	table_clear(&plan->types);
	table_clear(&plan->shapes);
	vec_clear(&plan->order);
	arena_free(plan->arena);
	free(plan);
}

size_t emit_c_plan_count(const struct emit_c_plan *plan)
{
	return plan->order.n;
}

const struct emit_c_node *emit_c_plan_at(const struct emit_c_plan *plan, size_t index)
{
	return plan->order.items[index];
}

const struct emit_c_node *emit_c_node(const struct emit_c_plan *plan, const struct model_type *type)
{
	return type != NULL ? table_get(&plan->types, type) : NULL;
}
