/* SPDX-License-Identifier: MIT */
/*
 * check_types.c - what type expressions mean: names found, aliases followed, composites named.
 *
 * Records, lists and maps may mention each other in any order, since only their names are needed
 * for that; aliases are resolved when they are first met. Everything that nests is bounded: type
 * expressions by the parser, aliases here.
 */
#include "checks.h"

#include <string.h>

/* So many aliases may stand behind one another. */
#define CHECK_MAX_ALIASES 64

static void resolve_alias(struct check *c, struct symbol *symbol);

/* ---------------------------------------------------------------- new types */

static enum model_wire_form default_form(enum model_kind kind)
{
	if (model_kind_is_int(kind))
		return MODEL_WIRE_NUMBER;
	if (kind == MODEL_DECIMAL)
		return MODEL_WIRE_STRING;
	if (kind == MODEL_DATETIME)
		return MODEL_WIRE_RFC3339;
	return MODEL_WIRE_NATURAL;
}

static struct model_type *new_type(struct check *c, enum model_kind kind, struct place place)
{
	struct model_type *type = arena_alloc(c->arena, sizeof(*type));

	type->kind = kind;
	type->contract = c->contract;
	type->place = place;
	type->wire_form = default_form(kind);
	return type;
}

struct model_type *check_type_named(struct check *c, enum model_kind kind, struct symbol *symbol)
{
	struct model_type *type = new_type(c, kind, symbol->place);

	type->name = symbol->name;
	type->doc = symbol->decl->doc;
	type->c_name = names_join(c->arena, c->contract->c_prefix, symbol->name);
	symbol->type = type;
	symbol->kind = SYMBOL_TYPE;
	if (kind == MODEL_ENUM)
		vec_push(&c->types, type);
	return type;
}

/* ------------------------------------------------------------------- names */

/* A type of the language by its name, or MODEL_ENUM for none. */
static enum model_kind scalar_of(const struct ast_qname *name)
{
	int kind;

	for (kind = MODEL_BOOL; kind < MODEL_NULL && name->scope.text == NULL; kind++) {
		if (strcmp(name->name.text, model_kind_name((enum model_kind)kind)) == 0)
			return (enum model_kind)kind;
	}
	return MODEL_ENUM;
}

static bool says_form(const struct ast_type *ast)
{
	size_t i;

	for (i = 0; i < ast->n_constraints; i++) {
		if (ast->constraints[i]->kind == AST_CONSTRAINT_AS)
			return true;
	}
	return false;
}

static const struct model_type *use_scalar(
        struct check *c, const struct ast_type *ast, enum model_kind kind)
{
	struct model_type *type = new_type(c, kind, ast->place);

	check_constraints(c, type, ast->constraints, ast->n_constraints);
	if ((kind == MODEL_INT64 || kind == MODEL_UINT64) && !says_form(ast))
		vec_push(&c->wide_ints, type);
	return type;
}

/* text(len ..10): the named type with more constraints. Composites are narrowed where they stand. */
static const struct model_type *narrowed(
        struct check *c, const struct ast_type *ast, const struct model_type *base)
{
	struct model_type *type;

	if (base == NULL || ast->n_constraints == 0)
		return base;
	if (!model_kind_is_scalar(base->kind)) {
		diag_report(c->diag, DIAG_NARROWED_COMPOSITE, ast->constraints[0]->place,
		        "'%s' is a%s %s, and has its constraints where it is declared",
		        ast->name.name.text, base->kind == MODEL_ENUM ? "n" : "",
		        model_kind_name(base->kind));
		return base;
	}
	type = new_type(c, base->kind, ast->place);
	type->wire_form = base->wire_form;
	type->constraints = base->constraints;
	check_constraints(c, type, ast->constraints, ast->n_constraints);
	return type;
}

static void use_symbol(struct check *c, const struct ast_type *ast, const struct symbol *symbol,
        struct model_use *ret_use)
{
	if (symbol->kind == SYMBOL_TYPE)
		*ret_use = (struct model_use){.type = symbol->type};
	else if (symbol->kind == SYMBOL_ALIAS)
		*ret_use = symbol->alias->target, ret_use->alias = symbol->alias;
	else
		return;
	if (ast->n_constraints != 0)
		ret_use->alias = NULL;
	ret_use->type = narrowed(c, ast, ret_use->type);
	if (symbol->depth > c->alias_depth)
		c->alias_depth = symbol->depth;
}

static void use_name(struct check *c, const struct ast_type *ast, struct model_use *ret_use)
{
	enum model_kind kind = scalar_of(&ast->name);
	const struct unit *unit;
	struct symbol *symbol;

	if (kind != MODEL_ENUM) {
		ret_use->type = use_scalar(c, ast, kind);
		return;
	}
	symbol = check_find(c, &ast->name, "type", &unit);
	if (symbol == NULL)
		return;
	if (symbol->kind == SYMBOL_ALIAS && unit == c->unit)
		resolve_alias(c, symbol);
	if (symbol->kind != SYMBOL_TYPE && symbol->kind != SYMBOL_ALIAS &&
	        symbol->kind != SYMBOL_BROKEN) {
		diag_report(
		        c->diag, DIAG_OTHER_KIND, ast->name.place, "'%s' is no type", symbol->name);
		diag_note(c->diag, symbol->place, "it is declared here as %s %s",
		        symbol->decl->kind == AST_DECL_EVENT ? "an" : "a", symbol_word(symbol));
		return;
	}
	use_symbol(c, ast, symbol, ret_use);
}

/* -------------------------------------------------------------- composites */

/* Elements of lists and values of maps. False: broken. */
static bool fill_element(
        struct check *c, const struct ast_type *ast, const char *path, struct model_type *type)
{
	const char *tail = type->kind == MODEL_LIST ? "item" : "value";

	check_type_use(c, ast->element, names_join(c->arena, path, tail), &type->element);
	check_constraints(c, type, ast->constraints, ast->n_constraints);
	return type->element.type != NULL;
}

static void fill_record(
        struct check *c, const struct ast_type *ast, const char *path, struct model_type *type)
{
	struct check_record *record = check_record_new(c, ast->members, ast->n_members, path, type);

	type->members = record->members;
	type->n_members = record->n;
}

/* The inside of a list, map or record; the type follows it in c->types. */
static bool fill_composite(
        struct check *c, const struct ast_type *ast, const char *path, struct model_type *type)
{
	bool fine = true;

	if (type->kind == MODEL_RECORD)
		fill_record(c, ast, path, type);
	else if (type->kind == MODEL_LIST || type->kind == MODEL_MAP)
		fine = fill_element(c, ast, path, type);
	vec_push(&c->types, type);
	return fine;
}

static enum model_kind composite_of(const struct ast_type *ast)
{
	switch (ast->kind) {
	case AST_TYPE_LIST: return MODEL_LIST;
	case AST_TYPE_MAP: return MODEL_MAP;
	case AST_TYPE_RECORD: return MODEL_RECORD;
	default: return MODEL_NULL;
	}
}

/* One that stands where it is used: named by its path. */
static void use_composite(
        struct check *c, const struct ast_type *ast, const char *path, struct model_use *ret_use)
{
	struct model_type *type = new_type(c, composite_of(ast), ast->place);

	type->c_name = check_claim_type(c, path);
	if (fill_composite(c, ast, type->c_name, type))
		ret_use->type = type;
}

/* A | null */
static void use_choice(
        struct check *c, const struct ast_type *ast, const char *path, struct model_use *ret_use)
{
	const struct ast_type *type = NULL, *null = NULL;
	size_t i;

	for (i = 0; i < ast->n_choices; i++) {
		const struct ast_type *choice = ast->choices[i];
		bool is_null = choice->kind == AST_TYPE_NULL;

		if (choice->kind == AST_TYPE_BROKEN)
			return;
		if (is_null && null != NULL) {
			diag_report(
			        c->diag, DIAG_NULL_TWICE, choice->place, "'null' is said twice");
			return;
		}
		if (!is_null && type != NULL) {
			diag_report(c->diag, DIAG_NOT_YET, choice->place,
			        "a choice between types, other than '| null', is not yet "
			        "supported");
			return;
		}
		if (is_null)
			null = choice;
		else
			type = choice;
	}
	check_type_use(c, type, path, ret_use);
	if (ret_use->type == NULL)
		return;
	if (ret_use->nullable) {
		diag_report(c->diag, DIAG_NULL_TWICE, null->place, "'%s' may be null already",
		        ret_use->alias != NULL ? ret_use->alias->name : "this type");
		if (ret_use->alias != NULL)
			diag_note(c->diag, ret_use->alias->place, "declared here");
	}
	ret_use->nullable = true;
	ret_use->alias = NULL;
}

void check_type_use(
        struct check *c, const struct ast_type *ast, const char *path, struct model_use *ret_use)
{
	*ret_use = (struct model_use){0};
	switch (ast->kind) {
	case AST_TYPE_NAME: use_name(c, ast, ret_use); break;
	case AST_TYPE_LIST:
	case AST_TYPE_MAP:
	case AST_TYPE_RECORD: use_composite(c, ast, path, ret_use); break;
	case AST_TYPE_NULL: ret_use->type = new_type(c, MODEL_NULL, ast->place); break;
	case AST_TYPE_CHOICE: use_choice(c, ast, path, ret_use); break;
	case AST_TYPE_LITERAL:
	case AST_TYPE_TUPLE:
	case AST_TYPE_BROKEN: break;
	}
}

/* ----------------------------------------------------------------- members */

static struct ast_member *const *own_members(
        struct check *c, struct ast_member *const *asts, size_t *n)
{
	struct ast_member **own = arena_array(c->arena, *n, sizeof(*own));
	size_t n_own = 0, i;

	for (i = 0; i < *n; i++) {
		if (asts[i]->kind == AST_MEMBER)
			own[n_own++] = asts[i];
	}
	*n = n_own;
	return own;
}

struct check_record *check_record_new(struct check *c, struct ast_member *const *asts, size_t n,
        const char *path, struct model_type *type)
{
	struct check_record *record = arena_alloc(c->arena, sizeof(*record));
	size_t i;

	asts = own_members(c, asts, &n);
	if (n != 0 && !check_parts(c, n, asts[0]->place, "members"))
		n = 0;
	record->asts = asts;
	record->members = arena_array(c->arena, n, sizeof(*record->members));
	record->n = n;
	record->type = type;
	for (i = 0; i < n; i++) {
		const struct ast_member *ast = asts[i];
		struct model_member *member = &record->members[i];

		member->name = ast->name.text;
		member->c_id = ast->name.text;
		member->wire = ast->wire.bytes != NULL ? ast->wire.bytes : ast->name.text;
		member->doc = ast->doc;
		member->deprecated = ast->deprecated.bytes;
		member->optional = ast->optional;
		member->place = ast->name.place;
		/* Filled in by "defaults"; that there is one is known from now on. */
		if (ast->default_value != NULL)
			member->default_value =
			        arena_alloc(c->arena, sizeof(*member->default_value));
		check_type_use(
		        c, ast->type, names_join(c->arena, path, member->name), &member->use);
	}
	vec_push(&c->records, record);
	return record;
}

/* ------------------------------------------------------------ declarations */

static void broken_alias(struct check *c, struct symbol *symbol, const char *text)
{
	diag_report(c->diag, DIAG_ALIAS_CYCLE, symbol->place, "'%s' %s", symbol->name, text);
	symbol->kind = SYMBOL_BROKEN;
}

/* `type a = b;`: a plain scalar gets the name for itself; everything else keeps its own. */
static void set_alias(struct check *c, struct symbol *symbol, const struct model_use *use)
{
	struct model_alias *alias;

	if (symbol->decl->type->kind == AST_TYPE_NAME && use->alias == NULL && !use->nullable &&
	        use->type->name == NULL) {
		struct model_type *type = check_type_named(c, use->type->kind, symbol);

		type->wire_form = use->type->wire_form;
		type->constraints = use->type->constraints;
		vec_push(&c->types, type);
		return;
	}
	alias = arena_alloc(c->arena, sizeof(*alias));
	alias->name = symbol->name;
	alias->c_name = names_join(c->arena, c->contract->c_prefix, symbol->name);
	alias->doc = symbol->decl->doc;
	alias->target = *use;
	alias->contract = c->contract;
	alias->place = symbol->place;
	symbol->alias = alias;
}

static void resolve_alias(struct check *c, struct symbol *symbol)
{
	unsigned depth = c->alias_depth;
	struct model_use use;

	if (symbol->state == SYMBOL_DONE)
		return;
	if (symbol->state == SYMBOL_OPEN) {
		broken_alias(c, symbol, "is declared by itself");
		return;
	}
	symbol->state = SYMBOL_OPEN;
	c->alias_depth = 0;
	if (++c->open_aliases > CHECK_MAX_ALIASES)
		broken_alias(c, symbol, "stands at the end of too many names for names");
	else
		check_type_use(c, symbol->decl->type,
		        names_join(c->arena, c->contract->c_prefix, symbol->name), &use);
	c->open_aliases--;
	symbol->state = SYMBOL_DONE;
	symbol->depth = c->alias_depth + 1;
	c->alias_depth = depth;
	if (symbol->kind == SYMBOL_BROKEN)
		return;
	if (symbol->depth > CHECK_MAX_ALIASES)
		broken_alias(c, symbol, "stands at the end of too many names for names");
	else if (use.type == NULL)
		symbol->kind = SYMBOL_BROKEN;
	else
		set_alias(c, symbol, &use);
}

/* Names first, so that types may mention each other in any order. */
static void declare_types(struct check *c)
{
	struct symbol *symbol;
	size_t at = 0;

	while ((symbol = check_next(c, SYMBOL_TYPE, &at)) != NULL) {
		if (symbol->decl->kind != AST_DECL_ENUM)
			check_type_named(c, composite_of(symbol->decl->type), symbol);
	}
}

bool check_types(struct check *c)
{
	size_t i;

	declare_types(c);
	for (i = 0; i < c->unit->scope.n; i++) {
		struct symbol *symbol = c->unit->scope.in_order[i];

		if (symbol->kind == SYMBOL_ALIAS)
			resolve_alias(c, symbol);
		else if (symbol->kind == SYMBOL_TYPE && symbol->type->kind != MODEL_ENUM &&
		        symbol->decl->type->kind != AST_TYPE_NAME)
			fill_composite(c, symbol->decl->type, symbol->type->c_name, symbol->type);
		if (symbol->kind == SYMBOL_ALIAS)
			vec_push(&c->aliases, symbol->alias);
	}
	return true;
}
