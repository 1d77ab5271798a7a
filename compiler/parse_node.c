/* SPDX-License-Identifier: MIT */
/*
 * parse_node.c - making nodes of the syntax tree: types, members, values, expressions.
 *
 * Bounds how deep nodes nest, so that everybody may walk them recursively. Knows nothing of the
 * grammar's rules.
 */
#include "parse.h"

#include <string.h>

/* ------------------------------------------------------------------- nodes */

struct vec *list_of(void *item)
{
	return list_add(NULL, item);
}

struct vec *list_add(struct vec *list, void *item)
{
	if (item == NULL)
		return list;
	return vec_push(list != NULL ? list : vec_new(), item);
}

struct ast_qname *node_qname(
        struct parse *parse, struct ast_name scope, struct ast_name name, struct place place)
{
	struct ast_qname *node = arena_alloc(parse->arena, sizeof(*node));

	*node = (struct ast_qname){scope, name, place};
	return node;
}

struct ast_name *node_name(struct parse *parse, struct ast_name name)
{
	struct ast_name *node = arena_alloc(parse->arena, sizeof(*node));

	*node = name;
	return node;
}

struct ast_name node_dashed(
        struct parse *parse, struct ast_name left, struct ast_name right, struct place place)
{
	return (struct ast_name){arena_printf(parse->arena, "%s-%s", left.text, right.text), place};
}

struct ast_value *node_value(struct parse *parse, enum ast_value_kind kind, struct place place)
{
	struct ast_value *node = arena_alloc(parse->arena, sizeof(*node));

	*node = (struct ast_value){.kind = kind, .depth = 1, .place = place};
	return node;
}

struct ast_value *node_text(struct parse *parse, struct ast_string text, struct place place)
{
	struct ast_value *node = node_value(parse, AST_VALUE_STRING, place);

	node->string = text;
	return node;
}

struct ast_value *node_number(
        struct parse *parse, const struct ast_number *number, struct place place)
{
	struct ast_value *node = node_value(parse, AST_VALUE_NUMBER, place);

	node->number = *number;
	return node;
}

struct ast_value *node_bool(struct parse *parse, bool boolean, struct place place)
{
	struct ast_value *node = node_value(parse, AST_VALUE_BOOL, place);

	node->boolean = boolean;
	return node;
}

struct ast_value *node_value_name(struct parse *parse, struct ast_name name, struct place place)
{
	struct ast_value *node = node_value(parse, AST_VALUE_NAME, place);

	node->name = name;
	return node;
}

struct ast_value *node_value_list(
        struct parse *parse, enum ast_value_kind kind, struct place place, struct vec *items)
{
	struct ast_value *node = node_value(parse, kind, place);
	size_t i;

	node->items = vec_freeze(items, parse->arena, &node->n_items);
	for (i = 0; i < node->n_items; i++) {
		if (node->items[i]->value->depth >= node->depth)
			node->depth = node->items[i]->value->depth + 1;
	}
	if (node->depth > AST_MAX_DEPTH) {
		parse_too_deep(parse, place);
		return node_value(parse, AST_VALUE_BROKEN, place);
	}
	return node;
}

struct ast_item *node_item(struct parse *parse, struct ast_string key, struct ast_value *value)
{
	struct ast_item *node = arena_alloc(parse->arena, sizeof(*node));

	*node = (struct ast_item){key, value};
	return node;
}

struct ast_type *node_type(struct parse *parse, enum ast_type_kind kind, struct place place)
{
	struct ast_type *node = arena_alloc(parse->arena, sizeof(*node));

	*node = (struct ast_type){.kind = kind, .depth = 1, .place = place};
	return node;
}

struct ast_type *node_type_literal(
        struct parse *parse, struct ast_value *literal, struct place place)
{
	struct ast_type *node = node_type(parse, AST_TYPE_LITERAL, place);

	node->literal = literal;
	return node;
}

/* The node one level above a part of the given depth, or a broken one in its place. */
static struct ast_type *node_above(struct parse *parse, struct ast_type *node, unsigned depth)
{
	if (depth < node->depth)
		return node;
	node->depth = depth + 1;
	if (node->depth <= AST_MAX_DEPTH)
		return node;
	parse_too_deep(parse, node->place);
	return node_type(parse, AST_TYPE_BROKEN, node->place);
}

struct ast_type *node_type_name(
        struct parse *parse, struct ast_qname *name, struct vec *constraints, struct place place)
{
	struct ast_type *node = node_type(parse, AST_TYPE_NAME, place);

	node->name = *name;
	node->constraints = vec_freeze(constraints, parse->arena, &node->n_constraints);
	return node;
}

struct ast_type *node_type_of(struct parse *parse, enum ast_type_kind kind,
        struct ast_type *element, struct vec *constraints, struct place place)
{
	struct ast_type *node = node_type(parse, kind, place);

	node->element = element;
	node->constraints = vec_freeze(constraints, parse->arena, &node->n_constraints);
	return node_above(parse, node, element->depth);
}

struct ast_type *node_type_choice(
        struct parse *parse, struct ast_type *left, struct ast_type *right, struct place place)
{
	struct ast_type *node = left;

	if (left->kind != AST_TYPE_CHOICE) {
		node = node_type(parse, AST_TYPE_CHOICE, place);
		node->choices = arena_array(parse->arena, 2, sizeof(left));
		node->choices[node->n_choices++] = left;
		node = node_above(parse, node, left->depth);
		if (node->kind != AST_TYPE_CHOICE)
			return node;
	} else if ((node->n_choices & (node->n_choices - 1)) == 0) {
		/* Room for twice as many whenever the number is a power of two. */
		struct ast_type **more =
		        arena_array(parse->arena, node->n_choices * 2, sizeof(left));

		memcpy(more, node->choices, node->n_choices * sizeof(left));
		node->choices = more;
	}
	node->choices[node->n_choices++] = right;
	node->place = place;
	return node_above(parse, node, right->depth);
}

static unsigned deepest(struct ast_member *const *members, size_t n)
{
	unsigned depth = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		if (members[i]->type != NULL && members[i]->type->depth > depth)
			depth = members[i]->type->depth;
	}
	return depth;
}

/* Members and what is taken over from other types stay in order; the rest goes into a list of its own. */
struct ast_type *node_record(struct parse *parse, struct vec *members, struct place place)
{
	struct ast_type *node = node_type(parse, AST_TYPE_RECORD, place);
	size_t n, i;
	struct ast_member **all = vec_freeze(members, parse->arena, &n);
	unsigned depth = deepest(all, n);

	node->members = arena_array(parse->arena, n, sizeof(*all));
	node->statements = arena_array(parse->arena, n, sizeof(*all));
	for (i = 0; i < n; i++) {
		if (all[i]->kind == AST_MEMBER || all[i]->kind == AST_MEMBER_SPREAD)
			node->members[node->n_members++] = all[i];
		else
			node->statements[node->n_statements++] = all[i];
	}
	return node_above(parse, node, depth);
}

struct ast_type *node_tuple(struct parse *parse, struct vec *elements, struct place place)
{
	struct ast_type *node = node_type(parse, AST_TYPE_TUPLE, place);

	node->members = vec_freeze(elements, parse->arena, &node->n_members);
	return node_above(parse, node, deepest(node->members, node->n_members));
}

struct ast_member *node_member(struct parse *parse, enum ast_member_kind kind, struct ast_name name,
        struct ast_type *type, struct place place)
{
	struct ast_member *node = arena_alloc(parse->arena, sizeof(*node));

	*node = (struct ast_member){.kind = kind, .name = name, .type = type, .place = place};
	return node;
}

struct ast_member *node_require(struct parse *parse, struct ast_expr *condition,
        struct ast_string message, struct place place)
{
	struct ast_member *node =
	        node_member(parse, AST_MEMBER_REQUIRE, (struct ast_name){0}, NULL, place);

	node->condition = condition;
	node->message = message;
	return node;
}

struct ast_member *node_element(struct parse *parse, struct ast_name name, bool optional,
        struct ast_type *type, struct place place)
{
	struct ast_member *node = node_member(parse, AST_MEMBER, name, type, place);

	node->optional = optional;
	node->doc = parse_take_doc(parse, place);
	return node;
}

/* ----------------------------------------------------- arms, values of enums */

struct ast_arm *node_arm(struct parse *parse, struct ast_name name, struct ast_value *tag,
        struct ast_type *type, struct place place)
{
	struct ast_arm *node = arena_alloc(parse->arena, sizeof(*node));

	*node = (struct ast_arm){.name = name, .tag = tag, .type = type, .place = place};
	node->doc = parse_take_doc(parse, place);
	return node;
}

struct ast_arm *node_else(
        struct parse *parse, struct ast_name word, struct ast_type *type, struct place place)
{
	struct ast_arm *node = node_arm(parse, word, NULL, type, place);

	node->is_else = true;
	return node;
}

struct ast_enum_value *node_enum_word(
        struct parse *parse, struct ast_name name, struct ast_string wire, struct place place)
{
	struct ast_enum_value *node = arena_alloc(parse->arena, sizeof(*node));

	*node = (struct ast_enum_value){.name = name, .wire = wire, .place = place};
	node->doc = parse_take_doc(parse, place);
	return node;
}

struct ast_enum_value *node_enum_number(struct parse *parse, struct ast_name name,
        const struct ast_number *number, struct place place)
{
	struct ast_enum_value *node = node_enum_word(parse, name, (struct ast_string){0}, place);

	node->number = *number;
	node->has_number = true;
	return node;
}

struct ast_enum_value *node_enum_rest(struct parse *parse, struct place place)
{
	struct ast_enum_value *node = arena_alloc(parse->arena, sizeof(*node));

	*node = (struct ast_enum_value){.is_ellipsis = true, .place = place};
	return node;
}

struct vec *node_params(struct parse *parse, struct vec *members)
{
	size_t kept = 0, i;

	if (members == NULL)
		return NULL;
	for (i = 0; i < members->n; i++) {
		struct ast_member *member = members->items[i];

		if (member->kind == AST_MEMBER)
			members->items[kept++] = member;
		else
			diag_report(parse->diag, DIAG_PARAM_STATEMENT, member->place,
			        "only parameters stand in these parentheses");
	}
	members->n = kept;
	return members;
}

static unsigned depth_above(unsigned left, unsigned right)
{
	return (left > right ? left : right) + 1;
}

struct ast_expr *node_expr(struct parse *parse, enum ast_expr_kind kind, struct ast_expr *left,
        struct ast_expr *right, struct place place)
{
	struct ast_expr *node = arena_alloc(parse->arena, sizeof(*node));

	*node = (struct ast_expr){.kind = kind, .left = left, .right = right, .place = place};
	node->depth = depth_above(left != NULL ? left->depth : 0, right != NULL ? right->depth : 0);
	if (node->depth > AST_MAX_DEPTH) {
		parse_too_deep(parse, place);
		*node = (struct ast_expr){.kind = AST_EXPR_BROKEN, .depth = 1, .place = place};
	}
	return node;
}

struct ast_expr *node_operand(struct parse *parse, struct ast_value *value, struct place place)
{
	struct ast_expr *node = node_expr(parse, AST_EXPR_VALUE, NULL, NULL, place);

	node->value = value;
	return node;
}

struct ast_expr *node_path(struct parse *parse, struct vec *names, struct place place)
{
	struct ast_expr *node = node_expr(parse, AST_EXPR_PATH, NULL, NULL, place);

	node->names = vec_freeze(names, parse->arena, &node->n_names);
	return node;
}

struct ast_expr *node_call(struct parse *parse, struct ast_name function, struct ast_expr *argument,
        struct place place)
{
	struct ast_expr *node = node_expr(parse, AST_EXPR_CALL, argument, NULL, place);

	node->function = function;
	return node;
}

struct ast_string *node_string(struct parse *parse, struct ast_string string)
{
	struct ast_string *node = arena_alloc(parse->arena, sizeof(*node));

	*node = string;
	return node;
}

struct ast_constraint *node_constraint(struct parse *parse, enum ast_constraint_kind kind,
        struct ast_name name, struct place place)
{
	struct ast_constraint *node = arena_alloc(parse->arena, sizeof(*node));

	*node = (struct ast_constraint){.kind = kind, .name = name, .place = place};
	return node;
}

struct ast_constraint *node_constraint_number(struct parse *parse, struct ast_name name,
        const struct ast_number *number, struct place place)
{
	struct ast_constraint *node = node_constraint(parse, AST_CONSTRAINT_NUMBER, name, place);

	node->low = *number;
	return node;
}

struct ast_constraint *node_constraint_word(
        struct parse *parse, struct ast_name name, struct ast_name word, struct place place)
{
	struct ast_constraint *node = node_constraint(parse, AST_CONSTRAINT_WORD, name, place);

	node->word = word;
	return node;
}

struct ast_constraint *node_constraint_string(
        struct parse *parse, struct ast_name name, struct ast_string string, struct place place)
{
	struct ast_constraint *node = node_constraint(parse, AST_CONSTRAINT_STRING, name, place);

	node->string = string;
	return node;
}

struct ast_constraint *node_constraint_as(
        struct parse *parse, struct ast_name word, struct place as, struct place place)
{
	struct ast_constraint *node =
	        node_constraint(parse, AST_CONSTRAINT_AS, (struct ast_name){"as", as}, place);

	node->word = word;
	return node;
}

struct ast_constraint *node_range(struct parse *parse, struct ast_name name,
        const struct ast_number *low, const struct ast_number *high, struct place place)
{
	struct ast_constraint *node = node_constraint(parse, AST_CONSTRAINT_RANGE, name, place);

	if (low != NULL) {
		node->has_low = true;
		node->low = *low;
	}
	if (high != NULL) {
		node->has_high = true;
		node->high = *high;
	}
	return node;
}

struct ast_permit *node_permit(struct parse *parse, enum ast_permit_kind kind,
        struct ast_permit *left, struct ast_permit *right, struct place place)
{
	struct ast_permit *node = arena_alloc(parse->arena, sizeof(*node));

	*node = (struct ast_permit){.kind = kind, .left = left, .right = right, .place = place};
	node->depth = depth_above(left != NULL ? left->depth : 0, right != NULL ? right->depth : 0);
	if (node->depth > AST_MAX_DEPTH) {
		parse_too_deep(parse, place);
		*node = (struct ast_permit){.kind = AST_PERMIT_BROKEN, .depth = 1, .place = place};
	}
	return node;
}

struct ast_permit *node_permit_term(
        struct parse *parse, struct ast_name term, struct ast_name argument, struct place place)
{
	struct ast_permit *node = node_permit(parse, AST_PERMIT_TERM, NULL, NULL, place);

	node->term = term;
	node->argument = argument;
	return node;
}
