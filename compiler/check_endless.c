/* SPDX-License-Identifier: MIT */
/*
 * check_endless.c - types of which no value ever ends, because each contains another one of them.
 *
 * A record has a value once all its members have one, a union once an arm has. What is found so is
 * handed on to those that wait for it, each once: the work grows with the contract and no faster.
 * Circles of records alone are found by check_contains.c.
 */
#include "checks.h"

#include <stdlib.h>

struct wait {
	struct node *who;
	struct wait *next;
};

struct node {
	const struct model_type *type;
	size_t missing; /* so many parts have no value yet */
	bool ends;
	struct wait *waiting; /* for this one */
};

struct graph {
	struct check *c;
	struct node *nodes; /* sorted by type */
	size_t n;
	struct vec found; /* struct node *: end, and have not been handed on */
};

static int compare_nodes(const void *a, const void *b)
{
	const struct node *x = a, *y = b;

	return (uintptr_t)x->type < (uintptr_t)y->type ? -1
	                                               : (uintptr_t)x->type > (uintptr_t)y->type;
}

static struct node *find_node(const struct graph *graph, const struct model_type *type)
{
	struct node key = {.type = type};

	if (graph->n == 0)
		return NULL;
	return bsearch(&key, graph->nodes, graph->n, sizeof(key), compare_nodes);
}

static void ends(struct graph *graph, struct node *node)
{
	if (node->ends)
		return;
	node->ends = true;
	vec_push(&graph->found, node);
}

/* The node needs a value of this type, unless that is sure to be there. */
static void needs(struct graph *graph, struct node *node, const struct model_use *use)
{
	struct node *part = use->nullable ? NULL : find_node(graph, use->type);
	struct wait *wait;

	if (part == NULL)
		return;
	wait = arena_alloc(graph->c->arena, sizeof(*wait));
	*wait = (struct wait){node, part->waiting};
	part->waiting = wait;
	node->missing++;
}

static void add_members(struct graph *graph, struct node *node)
{
	size_t i;

	for (i = 0; i < node->type->n_members; i++) {
		const struct model_member *member = &node->type->members[i];

		if (!member->optional && member->default_value == NULL)
			needs(graph, node, &member->use);
	}
}

/* Any arm will do: whichever ends first. */
static void add_arms(struct graph *graph, struct node *node)
{
	size_t before, i;

	for (i = 0; i < node->type->n_arms; i++) {
		before = node->missing;
		needs(graph, node, &node->type->arms[i].use);
		if (node->missing == before)
			ends(graph, node);
	}
}

static void add_parts(struct graph *graph, struct node *node)
{
	switch (node->type->kind) {
	case MODEL_RECORD:
	case MODEL_TUPLE: add_members(graph, node); break;
	case MODEL_UNION:
	case MODEL_CHOICE:
		add_arms(graph, node);
		if (node->type->n_arms == 0) /* refused */
			ends(graph, node);
		return;
	case MODEL_LIST:
	case MODEL_MAP:
		if (node->type->constraints.count.has_min && node->type->constraints.count.min > 0)
			needs(graph, node, &node->type->element);
		break;
	default: break;
	}
	if (node->missing == 0)
		ends(graph, node);
}

static bool is_either(const struct model_type *type)
{
	return type->kind == MODEL_UNION || type->kind == MODEL_CHOICE;
}

static void hand_on(struct graph *graph)
{
	while (graph->found.n != 0) {
		struct node *node = graph->found.items[--graph->found.n];
		const struct wait *wait;

		for (wait = node->waiting; wait != NULL; wait = wait->next) {
			if (--wait->who->missing == 0 || is_either(wait->who->type))
				ends(graph, wait->who);
		}
	}
}

static void report(struct check *c, const struct model_type *type)
{
	const char *name = type->name != NULL ? type->name : type->c_name;

	diag_report(c->diag, DIAG_ENDLESS, type->place,
	        is_either(type) ? "every alternative of '%s' contains '%s' again"
	                        : "every value of '%s' contains '%s' again",
	        name, name);
	diag_hint(c->diag,
	        is_either(type) ? "one of them has to come to an end"
	                        : "something has to be optional, null, or an empty list");
}

/* Unions first: where there are any, they are what should have ended the rest. */
static void report_endless(struct graph *graph)
{
	struct check *c = graph->c;
	const struct model_type *first = NULL;
	bool reported = false;
	size_t i;

	for (i = 0; i < c->types.n; i++) {
		const struct model_type *type = c->types.items[i];

		if (find_node(graph, type)->ends)
			continue;
		first = first != NULL ? first : type;
		if (is_either(type))
			report(c, type);
		reported = reported || is_either(type);
	}
	if (first != NULL && !reported)
		report(c, first);
}

/* Unions and choices that were refused have no arms, or the wrong ones. */
static bool all_fine(const struct check *c)
{
	size_t i;

	for (i = 0; i < c->unions.n; i++) {
		if (!((const struct check_arms *)c->unions.items[i])->fine)
			return false;
	}
	return true;
}

bool check_endless(struct check *c)
{
	struct graph graph = {.c = c, .n = c->types.n};
	size_t i;

	if (!all_fine(c))
		return true;
	graph.nodes = arena_array(c->arena, graph.n, sizeof(*graph.nodes));
	for (i = 0; i < graph.n; i++)
		graph.nodes[i].type = c->types.items[i];
	if (graph.n != 0)
		qsort(graph.nodes, graph.n, sizeof(*graph.nodes), compare_nodes);
	for (i = 0; i < graph.n; i++)
		add_parts(&graph, &graph.nodes[i]);
	hand_on(&graph);
	report_endless(&graph);
	vec_clear(&graph.found);
	return true;
}
