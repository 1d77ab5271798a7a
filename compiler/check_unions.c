/* SPDX-License-Identifier: MIT */
/*
 * check_unions.c - discriminated unions: tags and arms, and where the discriminator can stand.
 *
 * It stands among the members of an arm, so that all arms have to be objects; or beside the union,
 * where a member says so with `by`. Unions in unions put several discriminators into one object.
 */
#include "checks.h"

#include <string.h>

/* So many unions may stand in one another. */
#define CHECK_MAX_UNIONS 64

/* So many members may be compared with discriminators in a contract. */
#define CHECK_UNION_WORK 10000000

/* -------------------------------------------------------------------- arms */

static const char *kind_word(enum model_literal_kind kind)
{
	static const char *const words[] = {[MODEL_LITERAL_STRING] = "a text",
	        [MODEL_LITERAL_INT] = "a number",
	        [MODEL_LITERAL_BOOL] = "true or false"};

	return words[kind];
}

/* `as …`, or the arm's name. False: reported. */
static bool arm_tag(struct check *c, const struct ast_arm *ast, struct model_arm *arm)
{
	if (ast->tag != NULL)
		return check_literal(c, ast->tag, &arm->tag);
	arm->tag = (struct model_literal){.kind = MODEL_LITERAL_STRING, .text = ast->name.text};
	return true;
}

/* What stands behind `else` is kept as it came. */
static bool else_arm(struct check *c, const struct ast_decl *decl, size_t index,
        const struct model_arm *first, const struct model_arm *arm)
{
	const struct ast_arm *ast = decl->arms[index];

	if (index + 1 != decl->n_arms) {
		diag_report(c->diag, DIAG_ELSE, ast->place, "'else' stands at the end of a union");
		return false;
	}
	if (arm->use.type->kind != MODEL_JSON || arm->use.nullable) {
		diag_report(c->diag, DIAG_ELSE, ast->type->place,
		        "'else' takes json: what it is, only the other side knows");
		return false;
	}
	if (index != 0 && first->tag.kind == MODEL_LITERAL_BOOL) {
		diag_report(c->diag, DIAG_ELSE, ast->place,
		        "beside true and false there is nothing else");
		return false;
	}
	return true;
}

static bool fill_arm(struct check *c, const struct ast_decl *decl, size_t index,
        const struct model_type *type, struct model_arm *arms)
{
	const struct ast_arm *ast = decl->arms[index];
	struct model_arm *arm = &arms[index];

	arm->name = ast->name.text;
	arm->doc = ast->doc;
	arm->place = ast->name.place;
	arm->is_else = ast->is_else;
	check_type_use(c, ast->type, names_join(c->arena, type->c_name, arm->name), &arm->use);
	if (arm->use.type == NULL || !check_arm_not_null(c, &arm->use, ast->type->place))
		return false;
	return ast->is_else ? else_arm(c, decl, index, &arms[0], arm) : arm_tag(c, ast, arm);
}

static bool same_kinds(struct check *c, const struct ast_decl *decl, const struct model_arm *arms)
{
	size_t i;

	for (i = 1; i < decl->n_arms; i++) {
		const struct ast_arm *ast = decl->arms[i];

		if (arms[i].is_else || arms[i].tag.kind == arms[0].tag.kind)
			continue;
		diag_report(c->diag, DIAG_TAG_KIND, ast->tag != NULL ? ast->tag->place : ast->place,
		        "the tag of '%s' is %s, that of '%s' %s", arms[i].name,
		        kind_word(arms[i].tag.kind), arms[0].name, kind_word(arms[0].tag.kind));
		if (ast->tag == NULL)
			diag_hint(c->diag, "an arm without 'as' travels as its name: say %s as %s",
			        arms[i].name, arms[0].tag.kind == MODEL_LITERAL_INT ? "5" : "true");
		return false;
	}
	return true;
}

static bool unique_arms(struct check *c, const struct ast_decl *decl, const struct model_arm *arms)
{
	struct check_key *names = arena_array(c->arena, decl->n_arms, sizeof(*names));
	struct check_key *tags = arena_array(c->arena, decl->n_arms, sizeof(*tags));
	size_t errors = diag_errors(c->diag), n = 0, i;

	for (i = 0; i < decl->n_arms; i++) {
		const struct ast_arm *ast = decl->arms[i];

		if (arms[i].is_else)
			continue;
		names[n] = (struct check_key){arms[i].name, arms[i].place};
		tags[n++] = (struct check_key){check_literal_text(c, &arms[i].tag),
		        ast->tag != NULL ? ast->tag->place : arms[i].place};
	}
	check_unique(
	        c, names, n, DIAG_DUPLICATE_MEMBER, "is an arm already", "first declared here");
	if (diag_errors(c->diag) == errors)
		check_unique(c, tags, n, DIAG_DUPLICATE_WIRE, "is the tag of two arms",
		        "first used here");
	return diag_errors(c->diag) == errors;
}

void check_union_fill(struct check *c, const struct ast_decl *decl, struct model_type *type)
{
	struct check_arms *row;
	bool fine = check_wire_text(c, &decl->key, false);
	size_t i;

	type->discriminator = decl->key.bytes;
	vec_push(&c->types, type);
	if (decl->n_arms == 0 || decl->arms[0]->is_else) {
		diag_report(c->diag, DIAG_EMPTY_UNION, decl->name.place, "union '%s' has no arms%s",
		        type->name, decl->n_arms != 0 ? " beside 'else'" : "");
		return;
	}
	row = check_arms_new(c, type, decl->n_arms);
	for (i = 0; i < decl->n_arms; i++)
		fine = fill_arm(c, decl, i, type, row->arms) && fine;
	if (!fine || !same_kinds(c, decl, row->arms) || !unique_arms(c, decl, row->arms))
		return;
	check_arm_names(c, type, row->arms, row->n);
	type->arms = row->arms;
	type->n_arms = row->n;
}

/* --------------------------------------------------------- all arms objects */

static bool report_nesting(struct check *c, struct check_arms *row)
{
	diag_report(c->diag, DIAG_ALIAS_CYCLE, row->type->place,
	        row->state == CHECK_ARMS_OPEN ? "union '%s' is one of its own arms"
	                                      : "union '%s' stands in too many others",
	        row->type->name);
	row->state = CHECK_ARMS_DONE;
	return false;
}

/* Unions in unions first. False: broken. */
static bool find_objects(struct check *c, struct check_arms *row, unsigned depth)
{
	bool all = true, fine = row->type->n_arms != 0;
	size_t i;

	if (row->state == CHECK_ARMS_DONE)
		return row->fine;
	if (row->state == CHECK_ARMS_OPEN || depth > CHECK_MAX_UNIONS)
		return report_nesting(c, row);
	row->state = CHECK_ARMS_OPEN;
	for (i = 0; i < row->type->n_arms && row->state == CHECK_ARMS_OPEN; i++) {
		const struct model_type *type = row->arms[i].use.type;
		struct check_arms *inner =
		        type->kind == MODEL_UNION ? check_arms_of(c, type) : NULL;

		if (inner != NULL)
			fine = find_objects(c, inner, depth + 1) && fine;
		all = all &&
		        (row->arms[i].is_else || type->kind == MODEL_RECORD ||
		                (type->kind == MODEL_UNION && type->all_objects));
	}
	row->type->all_objects = all;
	row->fine = fine && row->state == CHECK_ARMS_OPEN;
	row->state = CHECK_ARMS_DONE;
	return row->fine;
}

/* ---------------------------------------------- members like a discriminator */

/* A union's discriminator, and what would be in its way. */
struct search {
	struct check *c;
	const struct model_type *outer;
	const struct model_arm *arm; /* of the outer union */
};

static void report_member(struct search *search, const struct model_member *member)
{
	struct check *c = search->c;

	diag_report(c->diag, DIAG_DISCRIMINATOR, search->arm->place,
	        "arm '%s' of union '%s' has a member '%s' of its own", search->arm->name,
	        search->outer->name, search->outer->discriminator);
	diag_note(c->diag, member->place, "declared here");
	diag_hint(c->diag, "leave it out: the union brings it, and it says which arm this is");
}

static bool search_record(struct search *search, const struct model_type *record)
{
	const char *key = search->outer->discriminator;
	size_t i;

	search->c->union_work += record->n_members;
	for (i = 0; i < record->n_members; i++) {
		const struct model_member *member = &record->members[i];

		if (strcmp(member->wire, key) != 0 &&
		        (member->beside == NULL || strcmp(member->beside, key) != 0))
			continue;
		report_member(search, member);
		return false;
	}
	return true;
}

static bool search_arms(struct search *search, const struct model_type *type, unsigned depth);

static bool search_union(struct search *search, const struct model_type *type, unsigned depth)
{
	if (strcmp(type->discriminator, search->outer->discriminator) != 0)
		return search_arms(search, type, depth + 1);
	diag_report(search->c->diag, DIAG_DISCRIMINATOR, search->arm->place,
	        "unions '%s' and '%s' stand in one object, and both are told by '%s'",
	        search->outer->name, type->name, type->discriminator);
	diag_note(search->c->diag, type->place, "declared here");
	return false;
}

static bool search_arms(struct search *search, const struct model_type *type, unsigned depth)
{
	bool fine = true;
	size_t i;

	if (depth > CHECK_MAX_UNIONS || search->c->union_work > CHECK_UNION_WORK)
		return true; /* reported at the end */
	search->c->union_work += type->n_arms;
	for (i = 0; i < type->n_arms && fine; i++) {
		const struct model_arm *arm = &type->arms[i];

		if (depth == 0)
			search->arm = arm;
		if (arm->use.type->kind == MODEL_RECORD)
			fine = search_record(search, arm->use.type);
		else if (arm->use.type->kind == MODEL_UNION)
			fine = search_union(search, arm->use.type, depth);
		/* Each arm of the outer union may have its own complaint. */
		fine = fine || depth == 0;
	}
	return fine;
}

bool check_unions(struct check *c)
{
	size_t i;

	for (i = 0; i < c->unions.n; i++) {
		struct check_arms *row = c->unions.items[i];
		struct search search = {.c = c, .outer = row->type};

		if (row->type->kind != MODEL_UNION || !find_objects(c, row, 0) ||
		        !row->type->all_objects)
			continue;
		search_arms(&search, row->type, 0);
		if (c->union_work > CHECK_UNION_WORK) {
			diag_report(c->diag, DIAG_TOO_MANY_PARTS, row->type->place,
			        "too many unions stand in one another");
			return false;
		}
	}
	return true;
}

/* ---------------------------------------------------------- inside, beside */

/* Where a union is used, its discriminator stands inside. */
static void check_inside(struct check *c, const struct model_use *use, struct place place)
{
	const struct model_type *type = use->type;
	const struct check_arms *row;
	size_t i;

	if (type == NULL || type->kind != MODEL_UNION || type->all_objects || type->n_arms == 0)
		return;
	row = check_arms_of(c, type);
	if (row != NULL && !row->fine)
		return;
	for (i = 0; i < type->n_arms; i++) {
		const struct model_type *arm = type->arms[i].use.type;

		if (!type->arms[i].is_else && arm->kind != MODEL_RECORD &&
		        (arm->kind != MODEL_UNION || !arm->all_objects))
			break;
	}
	diag_report(c->diag, DIAG_UNION_INSIDE, place,
	        "arm '%s' of union '%s' is no object: '%s' cannot stand in it", type->arms[i].name,
	        type->name, type->discriminator);
	diag_note(c->diag, type->arms[i].place, "this arm");
	diag_hint(c->diag, "a member of a record can have it beside: data: %s by %s;", type->name,
	        type->discriminator);
}

static void check_beside(
        struct check *c, const struct check_record *record, size_t i, const struct ast_member *ast)
{
	const struct model_member *member = &record->members[i];

	if (record->type == NULL) {
		diag_report(c->diag, DIAG_BESIDE, ast->beside.place,
		        "a parameter has no discriminator beside it");
		return;
	}
	check_wire_text(c, &ast->beside, false);
	if (member->use.type == NULL)
		return;
	if (member->use.type->kind != MODEL_UNION || member->use.nullable) {
		diag_report(c->diag, DIAG_BESIDE, ast->type->place,
		        "'by' stands behind the name of a union, and nothing else");
		if (member->use.nullable)
			diag_hint(c->diag,
			        "an arm may be null, and '%s?' says that the member and its tag "
			        "may be absent",
			        member->name);
		return;
	}
	if (ast->default_value != NULL)
		diag_report(c->diag, DIAG_BESIDE, ast->default_value->place,
		        "a union whose discriminator stands beside it has no default");
}

static void check_record_unions(struct check *c, const struct check_record *record)
{
	size_t i;

	for (i = 0; i < record->n; i++) {
		const struct ast_member *ast = record->asts[i];

		if (ast == NULL) /* taken over: checked where it is declared */
			continue;
		if (ast->beside.bytes != NULL)
			check_beside(c, record, i, ast);
		else
			check_inside(c, &record->members[i].use, ast->type->place);
	}
}

bool check_union_uses(struct check *c)
{
	size_t i, j;

	for (i = 0; i < c->records.n; i++)
		check_record_unions(c, c->records.items[i]);
	for (i = 0; i < c->types.n; i++) {
		const struct model_type *type = c->types.items[i];

		check_inside(c, &type->element, type->place);
	}
	for (i = 0; i < c->unions.n; i++) {
		const struct check_arms *row = c->unions.items[i];

		for (j = 0; j < row->type->n_arms; j++)
			check_inside(c, &row->arms[j].use, row->arms[j].place);
	}
	return true;
}
