/* SPDX-License-Identifier: MIT */
/*
 * check_contains.c - types that hold themselves, and the order in which C can define types.
 *
 * Members that may be absent or null break a circle: C holds them by pointer then ("boxed"), as it
 * does elements of lists and values of maps. Where a circle is left, arms of unions and choices
 * within it are held by pointer: some other arm ends it (check_endless.c sees to that). A circle
 * without any of these is an error. Walks keep their own stacks: chains of types may be as long as a
 * contract.
 */
#include "checks.h"

#include <stdlib.h>
#include <string.h>

/* From a type to one that C must have defined before it. */
struct edge {
	const struct model_type *to;
	bool *boxed; /* NULL: cannot be held by pointer */
	bool is_arm;
};

/*
 * A type of this contract as a node of a graph. Edges lead from a record, tuple or union to all that
 * it holds by value, from lists and maps to the enum or the named scalar that they are of.
 */
struct node {
	struct model_type *type;
	struct edge *edges;
	size_t n;
	size_t next;        /* the edge to walk along next */
	unsigned index;     /* order of discovery, from 1; 0: not met yet */
	unsigned low;       /* Tarjan: the earliest node reachable */
	unsigned component; /* from 1 */
	bool on_stack;
	struct node *caller;
};

struct graph {
	struct check *c;
	struct node *nodes; /* sorted by type */
	size_t n;
	unsigned indexes;
	unsigned components;
	struct vec stack;
};

/* ------------------------------------------------------------------- graph */

static int compare_nodes(const void *a, const void *b)
{
	const struct node *x = a, *y = b;

	return (uintptr_t)x->type < (uintptr_t)y->type ? -1
	                                               : (uintptr_t)x->type > (uintptr_t)y->type;
}

static struct node *find_node(const struct graph *graph, const struct model_type *type)
{
	struct node key = {.type = (struct model_type *)(uintptr_t)type};

	if (type == NULL || graph->n == 0)
		return NULL;
	return bsearch(&key, graph->nodes, graph->n, sizeof(key), compare_nodes);
}

/* Lists and maps hold pointers: they need nothing but what has no struct of its own. */
static void add_element(struct node *node, const struct model_type *to)
{
	if (to != NULL && (model_kind_is_scalar(to->kind) || to->kind == MODEL_ENUM))
		node->edges[node->n++].to = to;
}

static void element_edges(struct graph *graph, struct node *node)
{
	if (node->type->kind != MODEL_LIST && node->type->kind != MODEL_MAP)
		return;
	node->edges = arena_array(graph->c->arena, 2, sizeof(*node->edges));
	add_element(node, node->type->element.type);
	add_element(node, node->type->key);
}

static void member_edges(struct graph *graph, const struct check_record *record)
{
	struct node *node = find_node(graph, record->type);
	size_t i;

	if (node == NULL)
		return;
	node->edges = arena_array(graph->c->arena, record->n + 1, sizeof(*node->edges));
	for (i = 0; i < record->n; i++) {
		struct model_member *member = &record->members[i];
		bool may_box = member->optional || member->use.nullable;

		node->edges[node->n++] =
		        (struct edge){member->use.type, may_box ? &member->use.boxed : NULL, false};
	}
	node->edges[node->n++].to = record->type->further;
}

static void arm_edges(struct graph *graph, const struct check_arms *row)
{
	struct node *node = find_node(graph, row->type);
	size_t i;

	if (node == NULL)
		return;
	node->edges = arena_array(graph->c->arena, row->n, sizeof(*node->edges));
	for (i = 0; i < row->n; i++)
		node->edges[node->n++] =
		        (struct edge){row->arms[i].use.type, &row->arms[i].use.boxed, true};
}

static void graph_init(struct graph *graph, struct check *c)
{
	size_t i;

	*graph = (struct graph){.c = c, .n = c->types.n};
	graph->nodes = arena_array(c->arena, graph->n, sizeof(*graph->nodes));
	for (i = 0; i < graph->n; i++)
		graph->nodes[i].type = c->types.items[i];
	if (graph->n != 0)
		qsort(graph->nodes, graph->n, sizeof(*graph->nodes), compare_nodes);
	for (i = 0; i < graph->n; i++)
		element_edges(graph, &graph->nodes[i]);
	for (i = 0; i < c->records.n; i++)
		member_edges(graph, c->records.items[i]);
	for (i = 0; i < c->unions.n; i++)
		arm_edges(graph, c->unions.items[i]);
}

/* Where an edge leads, or NULL: to another contract, to what is held by pointer, or nowhere. */
static struct node *target_of(const struct graph *graph, const struct node *node, size_t edge)
{
	if (node->edges[edge].boxed != NULL && *node->edges[edge].boxed)
		return NULL;
	return find_node(graph, node->edges[edge].to);
}

/* ------------------------------------------------- components, after Tarjan */

static void open_node(struct graph *graph, struct node *node, struct node *caller)
{
	node->index = node->low = ++graph->indexes;
	node->caller = caller;
	node->on_stack = true;
	vec_push(&graph->stack, node);
}

static void close_node(struct graph *graph, struct node *node)
{
	struct node *member;

	if (node->caller != NULL && node->low < node->caller->low)
		node->caller->low = node->low;
	if (node->low != node->index)
		return;
	graph->components++;
	do {
		member = graph->stack.items[--graph->stack.n];
		member->on_stack = false;
		member->component = graph->components;
	} while (member != node);
}

static void find_components_from(struct graph *graph, struct node *node)
{
	open_node(graph, node, NULL);
	while (node != NULL) {
		struct node *target = NULL;

		while (node->next < node->n && target == NULL)
			target = target_of(graph, node, node->next++);
		if (target == NULL) {
			close_node(graph, node);
			node = node->caller;
		} else if (target->index == 0) {
			open_node(graph, target, node);
			node = target;
		} else if (target->on_stack && target->index < node->low) {
			node->low = target->index;
		}
	}
}

static void find_components(struct graph *graph)
{
	size_t i;

	for (i = 0; i < graph->n; i++) {
		if (graph->nodes[i].index == 0)
			find_components_from(graph, &graph->nodes[i]);
	}
	vec_clear(&graph->stack);
}

/* Within a circle: members that may be absent or null; or arms. */
static void box_within(struct graph *graph, bool arms)
{
	size_t i, j;

	for (i = 0; i < graph->n; i++) {
		struct node *node = &graph->nodes[i];

		for (j = 0; j < node->n; j++) {
			struct edge *edge = &node->edges[j];
			const struct node *target = target_of(graph, node, j);

			if (target != NULL && target->component == node->component &&
			        edge->boxed != NULL && edge->is_arm == arms)
				*edge->boxed = true;
		}
	}
}

static void reset_nodes(struct graph *graph)
{
	size_t i;

	for (i = 0; i < graph->n; i++) {
		graph->nodes[i].index = 0;
		graph->nodes[i].next = 0;
		graph->nodes[i].component = 0;
		graph->nodes[i].on_stack = false;
	}
	graph->indexes = graph->components = 0;
}

/* ----------------------------------------------------------------- circles */

static const char *type_name(const struct model_type *type)
{
	return type->name != NULL ? type->name : type->c_name;
}

/* From the node that was met again down to the present one. */
static void report_circle(struct graph *graph, struct node *node, const struct node *start)
{
	struct arena *arena = graph->c->arena;
	const char *path = type_name(start->type);
	unsigned shown = 0;

	for (; node != start && shown < 8; node = node->caller, shown++)
		path = arena_printf(arena, "%s -> %s", type_name(node->type), path);
	path = arena_printf(
	        arena, "%s -> %s%s", type_name(start->type), node != start ? "… -> " : "", path);
	diag_report(graph->c->diag, DIAG_CONTAINS_ITSELF, start->type->place,
	        "'%s' would contain itself: %s", type_name(start->type), path);
	diag_hint(graph->c->diag,
	        "a member of them that is optional, may be null, or is a list ends the circle");
}

/*
 * Depth first over what is held by value. Appends each node to order when all that it holds is
 * there. Nodes are open (on_stack) from the first visit to that moment.
 */
static void walk_from(struct graph *graph, struct node *node, struct vec *order)
{
	node->caller = NULL;
	node->index = 1;
	node->on_stack = true;
	while (node != NULL) {
		struct node *target = NULL;

		while (node->next < node->n && target == NULL)
			target = target_of(graph, node, node->next++);
		if (target == NULL) {
			node->on_stack = false;
			vec_push(order, node->type);
			node = node->caller;
		} else if (target->on_stack) {
			report_circle(graph, node, target);
		} else if (target->index == 0) {
			target->caller = node;
			target->index = 1;
			target->on_stack = true;
			node = target;
		}
	}
}

static bool walk(struct graph *graph, struct vec *order)
{
	size_t errors = diag_errors(graph->c->diag), i;

	for (i = 0; i < graph->c->types.n; i++) {
		struct node *node = find_node(graph, graph->c->types.items[i]);

		if (node->index == 0)
			walk_from(graph, node, order);
	}
	return diag_errors(graph->c->diag) == errors;
}

bool check_containment(struct check *c)
{
	struct vec order = {0};
	struct graph graph;
	bool fine;

	graph_init(&graph, c);
	find_components(&graph);
	box_within(&graph, false);
	reset_nodes(&graph);
	find_components(&graph);
	box_within(&graph, true);
	reset_nodes(&graph);
	fine = walk(&graph, &order);
	vec_clear(&order);
	return fine;
}

/* ------------------------------------------------------------------- order */

bool check_order(struct check *c)
{
	struct vec order = {0};
	struct graph graph;

	graph_init(&graph, c);
	walk(&graph, &order);
	c->contract->types = vec_copy(&order, c->arena);
	c->contract->n_types = order.n;
	vec_clear(&order);
	return true;
}
