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

void emit_c_plan_choose(struct emit_c_plan *plan, size_t budget)
{
	struct queue queue = {plan, {0}};

	meet_roots(&queue);
	spread(&queue);
	for (size_t i = 0; i < plan->order.n; i++)
		meet(&queue, ((const struct emit_c_node *)plan->order.items[i])->type);
	for (size_t i = 0; i < queue.nodes.n; i++) {
		size_t cost = weight(queue.nodes.items[i]);

		if (cost > budget)
			break;
		budget -= cost;
		choose(plan, queue.nodes.items[i]);
	}
	vec_clear(&queue.nodes);
}
