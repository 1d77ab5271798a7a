/* SPDX-License-Identifier: MIT */
/*
 * check_types.c - what type expressions mean: names found, aliases followed, composites named.
 *
 * Types of their own (records, lists, unions …) may mention each other in any order, since only
 * their names are needed for that; aliases are resolved when they are first met. Everything that
 * nests is bounded: type expressions by the parser, aliases here.
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

struct model_type *check_type_new(struct check *c, enum model_kind kind, struct place place)
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
	struct model_type *type = check_type_new(c, kind, symbol->place);

	type->name = symbol->name;
	type->doc = symbol->decl->doc;
	type->c_name = names_join(c->arena, c->contract->c_prefix, symbol->name);
	symbol->type = type;
	symbol->kind = SYMBOL_TYPE;
	return type;
}

/* "a list", "an enum" */
const char *check_kind_word(struct check *c, enum model_kind kind)
{
	const char *name = model_kind_name(kind);
	bool is_vowel = strchr("aeio", name[0]) != NULL; /* no one says "an union" */

	if (kind == MODEL_JSON || kind == MODEL_BYTES || kind == MODEL_NULL)
		return name;
	return arena_printf(c->arena, "a%s %s", is_vowel ? "n" : "", name);
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
	struct model_type *type = check_type_new(c, kind, ast->place);

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
		        "'%s' is %s, and has its constraints where it is declared",
		        ast->name.name.text, check_kind_word(c, base->kind));
		return base;
	}
	type = check_type_new(c, base->kind, ast->place);
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

/* Of what there may be any number: a single literal would leave nothing to hold. */
bool check_type_is_held(struct check *c, const struct model_use *use, struct place place)
{
	if (use->type == NULL)
		return false;
	if (!use->type->is_constant)
		return true;
	diag_report(c->diag, DIAG_CONSTANT_PLACE, place,
	        "a single literal stands in members, tuples and unions only");
	diag_hint(c->diag,
	        "elements and values that are all the same say nothing: how many there "
	        "are is a number");
	return false;
}

/* Elements of lists and values of maps. False: broken. */
static bool fill_element(
        struct check *c, const struct ast_type *ast, const char *path, struct model_type *type)
{
	const char *tail = type->kind == MODEL_LIST ? "item" : "value";

	check_type_use(c, ast->element, names_join(c->arena, path, tail), &type->element);
	check_constraints(c, type, ast->constraints, ast->n_constraints);
	return check_type_is_held(c, &type->element, ast->element->place);
}

/* map<K, T>: K is a string that is read as it came, since it names an entry. */
static bool fill_key(
        struct check *c, const struct ast_type *ast, const char *path, struct model_type *type)
{
	struct model_use key;

	if (ast->key == NULL)
		return true;
	check_type_use(c, ast->key, names_join(c->arena, path, "key"), &key);
	if (key.type == NULL)
		return false;
	if (key.type->kind != MODEL_STRING || key.nullable) {
		diag_report(c->diag, DIAG_MAP_KEY, ast->key->place, "keys of a map are strings");
		diag_hint(c->diag, "their constraints may say more: map<string(format uuid), T>");
		return false;
	}
	if (key.type->constraints.trim || key.type->constraints.lower ||
	        key.type->constraints.upper) {
		diag_report(c->diag, DIAG_MAP_KEY, ast->key->place,
		        "keys of a map are not changed: they have no trim, lower or upper");
		diag_hint(c->diag, "two keys could become one");
		return false;
	}
	type->key = key.type;
	return true;
}

/* Elements are told by their positions: none may be absent before one that is there. */
static void check_optional_end(struct check *c, const struct check_record *record)
{
	size_t i;

	for (i = 1; i < record->n; i++) {
		if (record->members[i].optional || !record->members[i - 1].optional)
			continue;
		diag_report(c->diag, DIAG_TUPLE_OPTIONAL, record->members[i].place,
		        "an element that is always there stands behind one that may be absent");
		diag_note(c->diag, record->members[i - 1].place, "this one may be absent");
	}
}

void check_tuple_fill(
        struct check *c, const struct ast_type *ast, const char *path, struct model_type *type)
{
	struct check_record *record = check_record_new(c, ast->members, ast->n_members, path, type);

	type->members = record->members;
	type->n_members = record->n;
	check_optional_end(c, record);
}

static bool fill_tuple(
        struct check *c, const struct ast_type *ast, const char *path, struct model_type *type)
{
	if (ast->n_members == 0) {
		diag_report(
		        c->diag, DIAG_EMPTY_TUPLE, ast->place, "a tuple has one element at least");
		return false;
	}
	check_tuple_fill(c, ast, path, type);
	return true;
}

/* The inside of a list, map, tuple or record; the type follows it in c->types. */
static bool fill_composite(
        struct check *c, const struct ast_type *ast, const char *path, struct model_type *type)
{
	bool fine = true;

	if (type->kind == MODEL_RECORD)
		check_record_fill(c, ast, path, type);
	else if (type->kind == MODEL_TUPLE)
		fine = fill_tuple(c, ast, path, type);
	else if (type->kind == MODEL_MAP)
		fine = fill_key(c, ast, path, type) && fill_element(c, ast, path, type);
	else if (type->kind == MODEL_LIST)
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
	case AST_TYPE_TUPLE: return MODEL_TUPLE;
	default: return MODEL_NULL;
	}
}

/* One that stands where it is used: named by its path. */
static void use_composite(
        struct check *c, const struct ast_type *ast, const char *path, struct model_use *ret_use)
{
	struct model_type *type = check_type_new(c, composite_of(ast), ast->place);

	type->c_name = check_claim_type(c, path, type->kind);
	if (fill_composite(c, ast, type->c_name, type))
		ret_use->type = type;
}

/* ---------------------------------------------------- choices and literals */

static void use_constant(struct check *c, const struct ast_value *ast, struct model_use *ret_use)
{
	struct model_type *type = check_type_new(c, MODEL_ENUM, ast->place);

	if (check_constant(c, ast, type))
		ret_use->type = type;
}

/* The inside of what `A | B` declares or is: an enum, or a choice. */
static bool fill_alternatives(
        struct check *c, const struct check_choice *choice, struct model_type *type)
{
	bool fine;

	if (type->kind == MODEL_ENUM)
		fine = check_enum_in_place(c, (struct ast_value *const *)choice->literals.items,
		        choice->literals.n, type);
	else
		fine = check_choice_fill(c, choice, type);
	vec_push(&c->types, type);
	return fine;
}

static void use_alternatives(struct check *c, const struct check_choice *choice, const char *path,
        struct place place, struct model_use *ret_use)
{
	struct model_type *type = check_type_new(
	        c, choice->kind == CHECK_CHOICE_ENUM ? MODEL_ENUM : MODEL_CHOICE, place);

	type->c_name = check_claim_type(c, path, type->kind);
	if (fill_alternatives(c, choice, type))
		ret_use->type = type;
}

/* `| null` behind a use that is there already. */
static void add_null(struct check *c, const struct ast_type *null, struct model_use *use)
{
	if (use->type == NULL)
		return;
	if (use->nullable || use->type->kind == MODEL_NULL) {
		diag_report(c->diag, DIAG_NULL_TWICE, null->place, "'%s' may be null already",
		        use->alias != NULL ? use->alias->name : "this type");
		if (use->alias != NULL)
			diag_note(c->diag, use->alias->place, "declared here");
	}
	use->nullable = true;
	use->alias = NULL;
}

static void use_choice(
        struct check *c, const struct ast_type *ast, const char *path, struct model_use *ret_use)
{
	struct check_choice choice;

	check_choice_read(c, ast, &choice);
	switch (choice.kind) {
	case CHECK_CHOICE_BROKEN: break;
	case CHECK_CHOICE_ONE: check_type_use(c, choice.types.items[0], path, ret_use); break;
	case CHECK_CHOICE_CONSTANT: use_constant(c, choice.literals.items[0], ret_use); break;
	case CHECK_CHOICE_ENUM:
	case CHECK_CHOICE_MANY: use_alternatives(c, &choice, path, ast->place, ret_use); break;
	}
	if (choice.null != NULL)
		add_null(c, choice.null, ret_use);
	check_choice_clear(&choice);
}

void check_type_use(
        struct check *c, const struct ast_type *ast, const char *path, struct model_use *ret_use)
{
	*ret_use = (struct model_use){0};
	switch (ast->kind) {
	case AST_TYPE_NAME: use_name(c, ast, ret_use); break;
	case AST_TYPE_LIST:
	case AST_TYPE_MAP:
	case AST_TYPE_TUPLE:
	case AST_TYPE_RECORD: use_composite(c, ast, path, ret_use); break;
	case AST_TYPE_NULL: ret_use->type = check_type_new(c, MODEL_NULL, ast->place); break;
	case AST_TYPE_CHOICE: use_choice(c, ast, path, ret_use); break;
	case AST_TYPE_LITERAL: use_constant(c, ast->literal, ret_use); break;
	case AST_TYPE_BROKEN: break;
	}
}

/* ------------------------------------------------------------ declarations */

static void broken_alias(struct check *c, struct symbol *symbol, const char *text)
{
	diag_report(c->diag, DIAG_ALIAS_CYCLE, symbol->place, "'%s' %s", symbol->name, text);
	symbol->kind = SYMBOL_BROKEN;
}

static void new_alias(struct check *c, struct symbol *symbol, const struct model_use *use)
{
	struct model_alias *alias = arena_alloc(c->arena, sizeof(*alias));

	alias->name = symbol->name;
	alias->c_name = names_join(c->arena, c->contract->c_prefix, symbol->name);
	alias->doc = symbol->decl->doc;
	alias->target = *use;
	alias->contract = c->contract;
	alias->place = symbol->place;
	symbol->alias = alias;
}

/* `type a = b;`: a plain scalar gets the name for itself; everything else keeps its own. */
static void set_alias(struct check *c, struct symbol *symbol, const struct model_use *use)
{
	if (symbol->decl->type->kind == AST_TYPE_NAME && use->alias == NULL && !use->nullable &&
	        use->type->name == NULL && model_kind_is_scalar(use->type->kind)) {
		struct model_type *type = check_type_named(c, use->type->kind, symbol);

		type->wire_form = use->type->wire_form;
		type->constraints = use->type->constraints;
		vec_push(&c->types, type);
		return;
	}
	new_alias(c, symbol, use);
}

static void resolve_alias(struct check *c, struct symbol *symbol)
{
	enum ast_openness openness = c->openness;
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
	c->openness = symbol->decl->openness;
	if (++c->open_aliases > CHECK_MAX_ALIASES)
		broken_alias(c, symbol, "stands at the end of too many names for names");
	else
		check_type_use(c, symbol->decl->type,
		        names_join(c->arena, c->contract->c_prefix, symbol->name), &use);
	c->open_aliases--;
	symbol->state = SYMBOL_DONE;
	symbol->depth = c->alias_depth + 1;
	c->alias_depth = depth;
	c->openness = openness;
	if (symbol->kind == SYMBOL_BROKEN)
		return;
	if (symbol->depth > CHECK_MAX_ALIASES)
		broken_alias(c, symbol, "stands at the end of too many names for names");
	else if (use.type == NULL)
		symbol->kind = SYMBOL_BROKEN;
	else
		set_alias(c, symbol, &use);
}

/*
 * `type a = B | C | null;` is a type of its own, whose parts may mention it; and where it may be
 * null, a name for that.
 */
static void declare_choice(struct check *c, struct symbol *symbol)
{
	struct check_choice choice;
	struct model_type *type;

	check_choice_read(c, symbol->decl->type, &choice);
	if (choice.kind == CHECK_CHOICE_BROKEN) {
		symbol->kind = SYMBOL_BROKEN;
	} else if (choice.kind == CHECK_CHOICE_ENUM || choice.kind == CHECK_CHOICE_MANY) {
		type = check_type_named(
		        c, choice.kind == CHECK_CHOICE_ENUM ? MODEL_ENUM : MODEL_CHOICE, symbol);
		if (choice.null != NULL) {
			type->name = NULL;
			new_alias(c, symbol, &(struct model_use){.type = type, .nullable = true});
			symbol->kind = SYMBOL_ALIAS;
			symbol->state = SYMBOL_DONE;
			symbol->depth = 1;
		}
	}
	check_choice_clear(&choice);
}

/* Names first, so that types may mention each other in any order. */
static void declare_types(struct check *c)
{
	size_t i;

	for (i = 0; i < c->unit->scope.n; i++) {
		struct symbol *symbol = c->unit->scope.in_order[i];
		const struct ast_decl *decl = symbol->decl;

		if (symbol->kind == SYMBOL_ALIAS && decl->type->kind == AST_TYPE_CHOICE)
			declare_choice(c, symbol);
		else if (symbol->kind == SYMBOL_TYPE && decl->kind == AST_DECL_UNION)
			check_type_named(c, MODEL_UNION, symbol);
		else if (symbol->kind == SYMBOL_TYPE && decl->kind != AST_DECL_ENUM)
			check_type_named(c, composite_of(decl->type), symbol);
	}
}

/* What stands behind the name of a declared type that is no other name. */
void check_type_fill(struct check *c, struct symbol *symbol)
{
	enum ast_openness openness = c->openness;
	unsigned depth = c->alias_depth, spreads = c->spread_depth;
	struct check_choice choice;

	if (symbol->type == NULL || symbol->inside != SYMBOL_NEW)
		return;
	symbol->inside = SYMBOL_OPEN;
	c->openness = symbol->decl->openness;
	c->spread_depth = 0;
	if (symbol->decl->kind == AST_DECL_UNION) {
		check_union_fill(c, symbol->decl, symbol->type);
	} else if (symbol->decl->type->kind == AST_TYPE_CHOICE) {
		check_choice_read(c, symbol->decl->type, &choice);
		fill_alternatives(c, &choice, symbol->type);
		check_choice_clear(&choice);
	} else {
		fill_composite(c, symbol->decl->type, symbol->type->c_name, symbol->type);
	}
	c->openness = openness;
	c->alias_depth = depth;
	symbol->spreads = c->spread_depth;
	c->spread_depth = spreads;
	symbol->inside = SYMBOL_DONE;
}

/* `closed` and `open` are said of records, and of what holds records in place. */
static void check_openness(struct check *c, const struct ast_decl *decl)
{
	bool has_records = decl->kind == AST_DECL_RECORD || decl->kind == AST_DECL_MESSAGE ||
	        decl->kind == AST_DECL_GROUP_MESSAGE || decl->kind == AST_DECL_EVENT ||
	        decl->kind == AST_DECL_UNION;

	if (decl->kind == AST_DECL_TYPE)
		has_records = decl->type->kind != AST_TYPE_NAME &&
		        decl->type->kind != AST_TYPE_LITERAL && decl->type->kind != AST_TYPE_NULL;
	if (decl->openness == AST_OPENNESS_UNSAID || has_records)
		return;
	diag_report(c->diag, DIAG_OPENNESS, decl->openness_place,
	        "'%s' is said of types with members, and of messages",
	        decl->openness == AST_OPENNESS_CLOSED ? "closed" : "open");
}

/* By check_enums.c, or as another name for a scalar. */
static bool is_filled(const struct ast_decl *decl)
{
	return decl->kind == AST_DECL_ENUM ||
	        (decl->kind != AST_DECL_UNION && decl->type->kind == AST_TYPE_NAME);
}

bool check_types(struct check *c)
{
	size_t i;

	declare_types(c);
	for (i = 0; i < c->unit->scope.n; i++) {
		struct symbol *symbol = c->unit->scope.in_order[i];

		check_openness(c, symbol->decl);
		if (symbol->kind == SYMBOL_ALIAS)
			resolve_alias(c, symbol);
		if (symbol->type != NULL && !is_filled(symbol->decl))
			check_type_fill(c, symbol);
		if (symbol->kind == SYMBOL_ALIAS)
			vec_push(&c->aliases, symbol->alias);
	}
	return true;
}
