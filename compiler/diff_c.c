/* SPDX-License-Identifier: MIT */
/*
 * diff_c.c - what programs written for the old header do not find in the new one, or find changed.
 *
 * Layouts in memory do not matter, since headers and programs are compiled together; names and
 * types do, and members that a program must know of to fill a message.
 */
#include <stdlib.h>
#include <string.h>

#include "diff_parts.h"

/* ------------------------------------------------------------------- types */

static const char *const scalar_types[] = {
        [MODEL_BOOL] = "bool",
        [MODEL_INT8] = "int8_t",
        [MODEL_INT16] = "int16_t",
        [MODEL_INT32] = "int32_t",
        [MODEL_INT53] = "int64_t",
        [MODEL_INT64] = "int64_t",
        [MODEL_UINT8] = "uint8_t",
        [MODEL_UINT16] = "uint16_t",
        [MODEL_UINT32] = "uint32_t",
        [MODEL_UINT64] = "uint64_t",
        [MODEL_FLOAT32] = "float",
        [MODEL_FLOAT64] = "double",
        [MODEL_DECIMAL] = "struct msgc_decimal",
        [MODEL_STRING] = "struct msgc_str",
        [MODEL_BYTES] = "struct msgc_bytes",
        [MODEL_DATETIME] = "struct msgc_datetime",
        [MODEL_DATE] = "struct msgc_date",
        [MODEL_TIME] = "struct msgc_time",
        [MODEL_DURATION] = "struct msgc_duration",
        [MODEL_UUID] = "struct msgc_uuid",
        [MODEL_JSON] = "struct msgc_json",
        [MODEL_NULL] = "nothing",
};

static const char *type_name(struct diff *d, const struct model_type *type)
{
	const char *name = type->c_name;

	if (type->is_constant)
		return "nothing";
	switch (type->kind) {
	case MODEL_ENUM:
		return type->is_open ? arena_printf(d->arena, "struct %s_open", name)
		                     : arena_printf(d->arena, "enum %s", name);
	case MODEL_MAP: return arena_printf(d->arena, "struct %s_map", name);
	case MODEL_RECORD:
	case MODEL_TUPLE:
	case MODEL_UNION:
	case MODEL_CHOICE: return arena_printf(d->arena, "struct %s", name);
	default: return scalar_types[type->kind];
	}
}

const char *diff_c_type(struct diff *d, const struct model_use *use)
{
	const char *tail = use->boxed ? " *" : "";
	const struct model_type *type = use->type;

	/* Lists of lists end where a type has a name of its own. */
	for (; type->kind == MODEL_LIST; type = type->element.type)
		tail = arena_printf(
		        d->arena, "[]%s%s", type->element.nullable ? " with null" : "", tail);
	return arena_printf(d->arena, "%s%s", type_name(d, type), tail);
}

/* ----------------------------------------------------------------- collecting */

void diff_c_add(struct diff *d, struct vec *symbols, struct diff_symbol symbol)
{
	struct diff_symbol *copy = arena_alloc(d->arena, sizeof(*copy));

	*copy = symbol;
	if (copy->name == NULL)
		copy->name = copy->key;
	vec_push(symbols, copy);
}

static void add_member(struct diff *d, struct vec *symbols, const struct model_type *type,
        const char *owner, const struct model_member *member)
{
	diff_c_add(d, symbols,
	        (struct diff_symbol){.kind = DIFF_SYMBOL_MEMBER,
	                .key = arena_printf(d->arena, "%s.%s", type->c_name, member->c_id),
	                .owner = owner,
	                .type = diff_c_type(d, &member->use),
	                .is_optional = member->optional,
	                .is_nullable = member->use.nullable,
	                .is_filled = !member->optional && !member->use.type->is_constant &&
	                        member->use.type->kind != MODEL_NULL,
	                .record = type,
	                .place = member->place});
}

static void add_value(struct diff *d, struct vec *symbols, const char *owner, const char *c_name,
        struct place place)
{
	diff_c_add(d, symbols,
	        (struct diff_symbol){
	                .kind = DIFF_SYMBOL_VALUE, .key = c_name, .owner = owner, .place = place});
}

static void add_arm(struct diff *d, struct vec *symbols, const struct model_type *type,
        const char *owner, const struct model_arm *arm)
{
	add_value(d, symbols, owner, arm->c_name, arm->place);
	diff_c_add(d, symbols,
	        (struct diff_symbol){.kind = DIFF_SYMBOL_MEMBER,
	                .key = arena_printf(d->arena, "%s.%s", type->c_name, arm->c_id),
	                .owner = arm->c_name,
	                .type = diff_c_type(d, &arm->use),
	                .place = arm->place});
}

static void add_checks(
        struct diff *d, struct vec *symbols, const struct model_check *checks, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		diff_c_add(d, symbols,
		        (struct diff_symbol){.kind = DIFF_SYMBOL_CHECK,
		                .key = checks[i].c_name,
		                .place = checks[i].place});
}

void diff_c_use(struct diff *d, struct vec *symbols, const struct model_use *use)
{
	if (use->type != NULL && use->type->c_name == NULL)
		add_checks(
		        d, symbols, use->type->constraints.checks, use->type->constraints.n_checks);
}

/* Of the type itself, and of plain scalars in it: those with a name are in the list by themselves. */
static void add_all_checks(struct diff *d, struct vec *symbols, const struct model_type *type)
{
	size_t i;

	add_checks(d, symbols, type->checks, type->n_checks);
	add_checks(d, symbols, type->constraints.checks, type->constraints.n_checks);
	diff_c_use(d, symbols, &type->element);
	for (i = 0; i < type->n_members; i++)
		diff_c_use(d, symbols, &type->members[i].use);
	for (i = 0; i < type->n_arms; i++)
		diff_c_use(d, symbols, &type->arms[i].use);
}

static void add_type(struct diff *d, struct vec *symbols, const struct model_type *type)
{
	const char *name;
	size_t i;

	add_all_checks(d, symbols, type);
	if (model_kind_is_scalar(type->kind) || type->kind == MODEL_LIST || type->is_constant)
		return;
	name = type_name(d, type);
	diff_c_add(d, symbols,
	        (struct diff_symbol){.kind = DIFF_SYMBOL_TYPE,
	                .key = type->c_name,
	                .name = name,
	                .type = type->kind == MODEL_MAP ? diff_c_type(d, &type->element) : name,
	                .place = type->place});
	for (i = 0; i < type->n_members; i++)
		add_member(d, symbols, type, type->c_name, &type->members[i]);
	for (i = 0; i < type->n_values; i++)
		add_value(d, symbols, type->c_name, type->values[i].c_name, type->values[i].place);
	for (i = 0; i < type->n_arms; i++)
		add_arm(d, symbols, type, type->c_name, &type->arms[i]);
}

static int compare_symbols(const void *a, const void *b)
{
	const struct diff_symbol *x = *(void *const *)a, *y = *(void *const *)b;

	return strcmp(x->key, y->key);
}

/* Sorted, each once. */
static struct vec collect(struct diff *d, const struct model_contract *contract)
{
	struct vec symbols = {0};
	size_t i, n = 0;

	for (i = 0; i < contract->n_types; i++)
		add_type(d, &symbols, contract->types[i]);
	diff_c_calls(d, contract, &symbols);
	if (symbols.n != 0)
		qsort(symbols.items, symbols.n, sizeof(void *), compare_symbols);
	for (i = 0; i < symbols.n; i++) {
		if (n == 0 || compare_symbols(&symbols.items[n - 1], &symbols.items[i]) != 0)
			symbols.items[n++] = symbols.items[i];
	}
	symbols.n = n;
	return symbols;
}

/* ------------------------------------------------------------------ comparing */

static bool has_symbol(const struct vec *symbols, const char *key)
{
	struct diff_symbol wanted = {.key = key};
	void *pointer = &wanted;

	return key == NULL ||
	        (symbols->n != 0 &&
	                bsearch(&pointer, symbols->items, symbols->n, sizeof(void *),
	                        compare_symbols) != NULL);
}

static const struct diff_path *path_of(struct diff *d, const struct diff_symbol *symbol)
{
	return diff_path_add(d, NULL, "%s", symbol->name);
}

/* What belongs to something that is gone is gone with it. */
static void symbol_gone(struct diff *d, const struct diff_symbol *old, const struct vec *after)
{
	static const enum diff_rule rules[] = {[DIFF_SYMBOL_TYPE] = DIFF_C_NAME,
	        [DIFF_SYMBOL_OWNER] = DIFF_C_NAME,
	        [DIFF_SYMBOL_MEMBER] = DIFF_C_MEMBER,
	        [DIFF_SYMBOL_VALUE] = DIFF_C_VALUE,
	        [DIFF_SYMBOL_FUNCTION] = DIFF_C_FUNCTION,
	        [DIFF_SYMBOL_HANDLER] = DIFF_C_HANDLER_GONE};

	if (old->kind != DIFF_SYMBOL_CHECK && has_symbol(after, old->owner))
		diff_found(d, rules[old->kind], path_of(d, old),
		        (struct diff_places){&old->place, NULL}, "is gone");
}

static void symbol_new(struct diff *d, const struct diff_symbol *new, const struct vec *before)
{
	struct diff_places places = {NULL, &new->place};

	if (!has_symbol(before, new->owner))
		return;
	if (new->kind == DIFF_SYMBOL_HANDLER)
		diff_found(d, DIFF_C_HANDLER, path_of(d, new), places, "is new");
	else if (new->kind == DIFF_SYMBOL_CHECK)
		diff_found(d, DIFF_C_CHECK, path_of(d, new), places, "is new");
	else if (new->kind == DIFF_SYMBOL_MEMBER &&new->is_filled &&
	        diff_was_reached(d, DIFF_TO_CLIENT, new->record))
		diff_found(d, DIFF_C_NEW_MEMBER, path_of(d, new), places, "is new");
}

/* The companions of an optional or nullable member. */
static void symbol_flag(struct diff *d, const struct diff_symbol *new, struct diff_places places,
        const char *flag, bool is_there)
{
	diff_found(d, DIFF_C_OPTIONAL, path_of(d, new), places, "%s is %s", flag,
	        is_there ? "new" : "gone");
}

static void symbol_flags(struct diff *d, const struct diff_symbol *old,
        const struct diff_symbol *new, struct diff_places places)
{
	const char *member = strrchr(new->key, '.');

	if (member == NULL)
		return;
	if (old->is_optional != new->is_optional)
		symbol_flag(d, new, places, arena_printf(d->arena, "has_%s", member + 1),
		        new->is_optional);
	if (old->is_nullable != new->is_nullable)
		symbol_flag(d, new, places, arena_printf(d->arena, "%s_is_null", member + 1),
		        new->is_nullable);
}

static void symbol_changed(
        struct diff *d, const struct diff_symbol *old, const struct diff_symbol *new)
{
	struct diff_places places = {&old->place, &new->place};

	if (old->kind != new->kind || !diff_same_text(old->type, new->type))
		diff_found(d,
		        new->kind == DIFF_SYMBOL_FUNCTION || new->kind == DIFF_SYMBOL_HANDLER
		                ? DIFF_C_SIGNATURE
		                : DIFF_C_TYPE,
		        path_of(d, new), places, "was %s and is %s", old->type, new->type);
	symbol_flags(d, old, new, places);
}

static void compare(struct diff *d, const struct vec *before, const struct vec *after)
{
	size_t i = 0, j = 0;

	while (i < before->n || j < after->n) {
		int order = i == before->n ? 1
		        : j == after->n    ? -1
		                           : compare_symbols(&before->items[i], &after->items[j]);

		if (order < 0)
			symbol_gone(d, before->items[i++], after);
		else if (order > 0)
			symbol_new(d, after->items[j++], before);
		else
			symbol_changed(d, before->items[i++], after->items[j++]);
	}
}

void diff_c(struct diff *d)
{
	const struct model_contract *old = d->before->main, *new = d->after->main;
	struct vec before, after;

	d->side = DIFF_C;
	if (strcmp(old->c_prefix, new->c_prefix) != 0) {
		diff_found(d, DIFF_C_PREFIX, diff_path_add(d, NULL, "contract %s", new->name),
		        (struct diff_places){&old->place, &new->place},
		        "the prefix of C names was '%s' and is '%s'", old->c_prefix, new->c_prefix);
		return;
	}
	before = collect(d, old);
	after = collect(d, new);
	compare(d, &before, &after);
	vec_clear(&before);
	vec_clear(&after);
}
