/* SPDX-License-Identifier: MIT */
/*
 * emit_c_choose.c - which types get functions of their own beside their tables, where a C compiler
 * would take too long over functions for all of them.
 *
 * What messages hold directly comes first, then what that holds, and so on; last what no message
 * holds. It knows how much a function is about, and nothing of what is in it.
 */
#include "emit_c_plan_parts.h"

/* As many pieces of code as a function has, roughly: each member, the element, the key. */
static size_t weight(const struct emit_c_node *node)
{
	const struct model_type *type = node->type;

	return type->kind == MODEL_RECORD ? type->n_members + 1 : 2;
}

/* In the order in which they are met; each once. */
struct queue {
	struct emit_c_plan *plan;
	struct vec nodes;
};

static void meet(struct queue *queue, const struct model_type *type)
{
	struct emit_c_node *node = emit_c_plan_node(queue->plan, type);

	if (node == NULL || node->is_met || !node->is_needed)
		return;
	node->is_met = true;
	vec_push(&queue->nodes, node);
}

static void meet_roots(struct queue *queue)
{
	const struct model_contract *contract = queue->plan->contract;

	for (size_t i = 0; i < contract->n_messages; i++)
		meet(queue, contract->messages[i]->record);
}

static void meet_parts(struct queue *queue, const struct emit_c_node *node)
{
	const struct model_use *use;
	const struct model_type *type;

	if (!emit_c_plan_descends(node))
		return;
	for (size_t i = 0; emit_c_plan_edge(node->type, i, &use, &type); i++)
		meet(queue, type);
}

/* Breadth first. */
static void spread(struct queue *queue)
{
	for (size_t i = 0; i < queue->nodes.n; i++)
		meet_parts(queue, queue->nodes.items[i]);
}

/* Who shares a function with a chosen one shares it with the first of its shape. */
static void choose(struct emit_c_plan *plan, struct emit_c_node *node)
{
	node->is_chosen = true;
	if (node->reader != NULL && node->reader != node)
		emit_c_plan_node(plan, node->reader->type)->is_chosen = true;
	if (node->writer != NULL && node->writer != node)
		emit_c_plan_node(plan, node->writer->type)->is_chosen = true;
}

static void choose_writers(struct emit_c_plan *plan, const struct vec *nodes, size_t budget)
{
	for (size_t i = 0; i < nodes->n; i++) {
		size_t cost = weight(nodes->items[i]);

		if (cost > budget)
			break;
		budget -= cost;
		choose(plan, nodes->items[i]);
	}
}

/* ---------------------------------------------------------------- readers */

static void choose_records(struct emit_c_plan *plan, const struct vec *nodes, size_t budget)
{
	for (size_t i = 0; i < nodes->n; i++) {
		struct emit_c_node *node = nodes->items[i];

		if (node->is_imported || !emit_c_is_readable(plan->w, node->type))
			continue;
		if (weight(node) > budget)
			break;
		budget -= weight(node);
		node->is_read = true;
	}
}

/* Lists that are read alike share a reader. */
static struct emit_c_node *first_reader(struct emit_c_plan *plan, struct emit_c_node *node)
{
	return node->reader != NULL ? emit_c_plan_node(plan, node->reader->type) : node;
}

/* A list that a record with a reader holds, and what it calls. */
static void choose_list(struct emit_c_plan *plan, struct emit_c_node *list)
{
	struct emit_c_node *element = emit_c_plan_node(plan, list->type->element.type);

	list->n_reads++;
	if (list->is_read)
		return;
	list->is_read = true;
	if (element != NULL && element->is_read)
		element->n_reads++;
}

static void choose_parts(struct emit_c_plan *plan, const struct model_type *record)
{
	for (size_t i = 0; i < record->n_members; i++) {
		const struct model_type *type = emit_c_quick_type(&record->members[i]);
		struct emit_c_node *node = emit_c_plan_node(plan, type);

		if (node == NULL)
			continue;
		if (type->kind == MODEL_RECORD && node->is_read)
			node->n_reads++;
		node = first_reader(plan, node);
		if (type->kind == MODEL_LIST && emit_c_is_readable_list(plan, node->type))
			choose_list(plan, node);
	}
}

static void choose_readers(struct emit_c_plan *plan, const struct vec *nodes, size_t budget)
{
	choose_records(plan, nodes, budget);
	for (size_t i = 0; i < nodes->n; i++) {
		const struct emit_c_node *node = nodes->items[i];

		if (node->is_read && node->type->kind == MODEL_RECORD)
			choose_parts(plan, node->type);
	}
}

void emit_c_plan_choose(struct emit_c_plan *plan, struct emit_c_budget budget)
{
	struct queue queue = {plan, {0}};

	meet_roots(&queue);
	spread(&queue);
	for (size_t i = 0; i < plan->order.n; i++)
		meet(&queue, ((const struct emit_c_node *)plan->order.items[i])->type);
	choose_writers(plan, &queue.nodes, budget.write);
	choose_readers(plan, &queue.nodes, budget.read);
	vec_clear(&queue.nodes);
}
