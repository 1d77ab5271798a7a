/* SPDX-License-Identifier: MIT */
/*
 * check_choices.c - `A | B`: what stands between the bars, and whether it can be told apart.
 *
 * Literals alone are an enum, or a constant; one type beside null is that type; everything else is
 * a choice, whose arms differ in their JSON kind. All literals of a choice are one arm.
 */
#include "checks.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* So many choices may stand in one another. */
#define CHECK_MAX_CHOICES 64

/* ------------------------------------------------------------------ syntax */

static void read_part(struct check *c, const struct ast_type *ast, struct check_choice *choice)
{
	size_t i;

	switch (ast->kind) {
	case AST_TYPE_BROKEN: choice->broken = true; return;
	case AST_TYPE_CHOICE:
		for (i = 0; i < ast->n_choices; i++)
			read_part(c, ast->choices[i], choice);
		return;
	case AST_TYPE_NULL:
		if (choice->null != NULL) {
			diag_report(c->diag, DIAG_NULL_TWICE, ast->place, "'null' is said twice");
			choice->broken = true;
		}
		choice->null = ast;
		return;
	case AST_TYPE_LITERAL:
		if (choice->literals.n == 0)
			choice->literals_at = choice->types.n;
		vec_push(&choice->literals, ast->literal);
		return;
	default: vec_push(&choice->types, (void *)(uintptr_t)ast);
	}
}

static enum check_choice_kind kind_of(const struct check_choice *choice)
{
	if (choice->broken || (choice->types.n == 0 && choice->literals.n == 0))
		return CHECK_CHOICE_BROKEN;
	if (choice->types.n == 0)
		return choice->literals.n == 1 ? CHECK_CHOICE_CONSTANT : CHECK_CHOICE_ENUM;
	if (choice->types.n == 1 && choice->literals.n == 0)
		return CHECK_CHOICE_ONE;
	return CHECK_CHOICE_MANY;
}

void check_choice_read(struct check *c, const struct ast_type *ast, struct check_choice *ret_choice)
{
	*ret_choice = (struct check_choice){0};
	read_part(c, ast, ret_choice);
	ret_choice->kind = kind_of(ret_choice);
}

void check_choice_clear(struct check_choice *choice)
{
	vec_clear(&choice->types);
	vec_clear(&choice->literals);
}

/* -------------------------------------------------------------------- arms */

static const char *lower_word(struct check *c, const char *text)
{
	const char *name = names_from_text(c->arena, text);
	char *word = arena_copy(c->arena, name, strlen(name));
	char *at;

	for (at = word; *at != '\0'; at++)
		*at = (char)tolower((unsigned char)*at);
	return word;
}

/* What an arm is called: as its type is. */
static const char *arm_name(struct check *c, const struct model_use *use)
{
	if (use->alias != NULL)
		return use->alias->name;
	if (use->type->name != NULL)
		return use->type->name;
	if (use->type->is_constant)
		return lower_word(c, use->type->values[0].literal.text);
	return model_kind_name(use->type->kind);
}

/* The word of the kind that is written here, for the path of what is made of it. */
static const char *path_word(const struct ast_type *ast)
{
	switch (ast->kind) {
	case AST_TYPE_LIST: return "array"; /* …_list and …_map are lists and maps of it */
	case AST_TYPE_MAP: return "object";
	case AST_TYPE_TUPLE: return "tuple";
	default: return "record";
	}
}

bool check_arm_not_null(struct check *c, const struct model_use *use, struct place place)
{
	if (!use->nullable)
		return true;
	diag_report(c->diag, DIAG_ARM_NULL, place, "%s%s%s may be null already",
	        use->alias != NULL ? "'" : "", use->alias != NULL ? use->alias->name : "this type",
	        use->alias != NULL ? "'" : "");
	if (use->alias != NULL)
		diag_note(c->diag, use->alias->place, "declared here");
	diag_hint(c->diag, "name a type that is not null here, and say '| null' of the whole");
	return false;
}

static bool literal_arm(
        struct check *c, const struct check_choice *choice, const char *path, struct model_arm *arm)
{
	const struct ast_value *first = choice->literals.items[0];
	struct model_type *type = check_type_new(c, MODEL_ENUM, first->place);

	arm->use.type = type;
	arm->place = first->place;
	if (choice->literals.n == 1)
		return check_constant(c, first, type);
	type->c_name = check_claim_type(c, names_join(c->arena, path, "enum"), MODEL_ENUM);
	vec_push(&c->types, type);
	return check_enum_in_place(
	        c, (struct ast_value *const *)choice->literals.items, choice->literals.n, type);
}

static bool type_arm(
        struct check *c, const struct ast_type *ast, const char *path, struct model_arm *arm)
{
	check_type_use(c, ast, names_join(c->arena, path, path_word(ast)), &arm->use);
	arm->place = ast->place;
	return arm->use.type != NULL && check_arm_not_null(c, &arm->use, ast->place);
}

void check_arm_names(struct check *c, struct model_type *type, struct model_arm *arms, size_t n)
{
	const char *prefix = names_upper(c->arena, type->c_name);
	struct names ids = {.arena = c->arena};
	size_t i;

	names_claim(&ids, "kind");
	names_claim(&ids, "tag");
	for (i = 0; i < n; i++) {
		arms[i].c_id = names_claim(&ids, arms[i].is_else ? "other" : arms[i].name);
		arms[i].c_name = names_claim(&c->enumerators,
		        names_join(c->arena, prefix, names_upper(c->arena, arms[i].name)));
	}
	names_clear(&ids);
}

struct check_arms *check_arms_new(struct check *c, struct model_type *type, size_t n)
{
	struct check_arms *row = arena_alloc(c->arena, sizeof(*row));

	row->type = type;
	row->arms = arena_array(c->arena, n, sizeof(*row->arms));
	row->n = n;
	vec_push(&c->unions, row);
	return row;
}

bool check_choice_fill(struct check *c, const struct check_choice *choice, struct model_type *type)
{
	size_t n = choice->types.n + (choice->literals.n != 0), at = 0, i;
	struct check_arms *row;
	bool fine = check_parts(c, n, type->place, "types in a choice");

	if (!fine)
		return false;
	row = check_arms_new(c, type, n);
	for (i = 0; i <= choice->types.n; i++) {
		if (choice->literals.n != 0 && i == choice->literals_at)
			fine = literal_arm(c, choice, type->c_name, &row->arms[at++]) && fine;
		if (i < choice->types.n)
			fine = type_arm(
			               c, choice->types.items[i], type->c_name, &row->arms[at++]) &&
			        fine;
	}
	if (!fine)
		return false;
	for (i = 0; i < n; i++)
		row->arms[i].name = arm_name(c, &row->arms[i].use);
	check_arm_names(c, type, row->arms, n);
	type->arms = row->arms;
	type->n_arms = n;
	return true;
}

/* -------------------------------------------------------------- JSON kinds */

static int compare_rows(const void *a, const void *b)
{
	const struct check_arms *x = *(struct check_arms *const *)a;
	const struct check_arms *y = *(struct check_arms *const *)b;

	return (uintptr_t)x->type < (uintptr_t)y->type ? -1
	                                               : (uintptr_t)x->type > (uintptr_t)y->type;
}

struct check_arms *check_arms_of(const struct check *c, const struct model_type *type)
{
	size_t low = 0, high = c->unions.n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		struct check_arms *row = c->unions.items[middle];

		if (row->type == type)
			return row;
		if ((uintptr_t)row->type < (uintptr_t)type)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

/* "strings", for the kinds that two arms have in common. */
static const char *kinds_word(unsigned kinds)
{
	return (kinds & MODEL_JSON_STRING) != 0     ? "strings"
	        : (kinds & MODEL_JSON_NUMBER) != 0  ? "numbers"
	        : (kinds & MODEL_JSON_BOOLEAN) != 0 ? "booleans"
	        : (kinds & MODEL_JSON_ARRAY) != 0   ? "arrays"
	        : (kinds & MODEL_JSON_OBJECT) != 0  ? "objects"
	                                            : "null";
}

/* An arm as a person would name it. */
static const char *arm_word(struct check *c, const struct model_arm *arm)
{
	if (arm->use.type->is_constant)
		return check_literal_text(c, &arm->use.type->values[0].literal);
	if (arm->use.type->kind == MODEL_ENUM && arm->use.type->name == NULL &&
	        arm->use.alias == NULL)
		return check_literal_text(c, &arm->use.type->values[0].literal);
	return arena_printf(c->arena, "'%s'", arm->name);
}

static void report_ambiguous(
        struct check *c, const struct model_arm *one, const struct model_arm *other)
{
	unsigned common = model_json_kinds(one->use.type) & model_json_kinds(other->use.type);

	if (one->use.type->kind == MODEL_JSON || other->use.type->kind == MODEL_JSON) {
		diag_report(c->diag, DIAG_AMBIGUOUS, other->place,
		        "json is everything: %s and %s cannot be told apart", arm_word(c, one),
		        arm_word(c, other));
		return;
	}
	diag_report(c->diag, DIAG_AMBIGUOUS, other->place,
	        "%s and %s are both %s, and cannot be told apart", arm_word(c, one),
	        arm_word(c, other), kinds_word(common));
	diag_note(c->diag, one->place, "the other one");
	if ((common & MODEL_JSON_OBJECT) != 0)
		diag_hint(c->diag,
		        "a union has a member that tells them apart: union NAME by "
		        "kind { … }");
	else if ((common & MODEL_JSON_STRING) != 0)
		diag_hint(c->diag,
		        "a string takes all that is written as one: dates, decimals, "
		        "enums and literals too");
}

/* Kinds of all arms together; complains about the first two that overlap. False: reported. */
static bool collect_kinds(struct check *c, struct check_arms *row)
{
	size_t i, j;

	for (i = 0; i < row->n; i++) {
		unsigned kinds = model_json_kinds(row->arms[i].use.type);

		if (kinds == 0) { /* reported where it is declared */
			row->type->json_kinds = 0;
			return false;
		}
		for (j = 0; j < i; j++) {
			if ((model_json_kinds(row->arms[j].use.type) & kinds) == 0)
				continue;
			report_ambiguous(c, &row->arms[j], &row->arms[i]);
			row->type->json_kinds = 0;
			return false;
		}
		row->type->json_kinds |= kinds;
	}
	return true;
}

/* Choices in choices first. False: broken. */
static bool choice_kinds(struct check *c, struct check_arms *row, unsigned depth)
{
	bool fine = true;
	size_t i;

	if (row->state == CHECK_ARMS_DONE)
		return row->fine;
	if (row->state == CHECK_ARMS_OPEN || depth > CHECK_MAX_CHOICES) {
		diag_report(c->diag, DIAG_ALIAS_CYCLE, row->type->place,
		        row->state == CHECK_ARMS_OPEN ? "this choice is one of its own parts"
		                                      : "too many choices stand in one another");
		row->state = CHECK_ARMS_DONE;
		return false;
	}
	row->state = CHECK_ARMS_OPEN;
	for (i = 0; i < row->n && row->state == CHECK_ARMS_OPEN; i++) {
		const struct model_type *type = row->arms[i].use.type;
		struct check_arms *inner =
		        type != NULL && type->kind == MODEL_CHOICE ? check_arms_of(c, type) : NULL;

		fine = type != NULL && fine;
		if (inner != NULL)
			fine = choice_kinds(c, inner, depth + 1) && fine;
	}
	fine = fine && row->state == CHECK_ARMS_OPEN && row->type->n_arms != 0;
	row->state = CHECK_ARMS_DONE;
	row->fine = fine && collect_kinds(c, row);
	return row->fine;
}

bool check_choices(struct check *c)
{
	size_t i;

	if (c->unions.n != 0)
		qsort(c->unions.items, c->unions.n, sizeof(void *), compare_rows);
	for (i = 0; i < c->unions.n; i++) {
		struct check_arms *row = c->unions.items[i];

		if (row->type->kind == MODEL_CHOICE)
			choice_kinds(c, row, 0);
	}
	return true;
}
