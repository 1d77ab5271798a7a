/* SPDX-License-Identifier: MIT */
/*
 * emit_c_choose.c - which types get readers beside their tables, where a C compiler would take too
 * long over readers for all of them.
 *
 * What messages hold directly comes first, then what that holds, and so on; last what no message
 * holds. It knows how much a reader is about, and nothing of what is in it.
 */
#include "emit_c_plan_parts.h"

/* As many pieces of code as a reader has, roughly. */
static size_t weight(const struct emit_c_node *record)
{
	return record->type->n_members + 1;
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
		node = emit_c_plan_node(plan, node->first->type);
		if (type->kind == MODEL_LIST && emit_c_is_readable_list(plan, node->type))
			choose_list(plan, node);
	}
}

void emit_c_plan_choose(struct emit_c_plan *plan, size_t budget)
{
	struct queue queue = {plan, {0}};

	meet_roots(&queue);
	spread(&queue);
	for (size_t i = 0; i < plan->order.n; i++)
		meet(&queue, ((const struct emit_c_node *)plan->order.items[i])->type);
	choose_records(plan, &queue.nodes, budget);
	for (size_t i = 0; i < queue.nodes.n; i++) {
		const struct emit_c_node *node = queue.nodes.items[i];

		if (node->is_read && node->type->kind == MODEL_RECORD)
			choose_parts(plan, node->type);
	}
	vec_clear(&queue.nodes);
}
