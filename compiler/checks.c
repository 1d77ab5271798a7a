/* SPDX-License-Identifier: MIT */
/*
 * checks.c - the list of checks, and running them over one contract.
 *
 * Adding a check is one function and one row. A row's prerequisites stand above it.
 */
#include "checks.h"

#include <string.h>

#define CHECK_MAX_NEEDS 3

struct check_row {
	const char *name;
	bool (*run)(struct check *c);
	const char *needs[CHECK_MAX_NEEDS]; /* NULL where there are fewer */
};

static const struct check_row rows[] = {
        /* the contract itself: check_contract.c */
        {"sizes", check_sizes, {NULL}},
        {"statement", check_statement, {"sizes"}},
        {"stem", check_stem, {NULL}},
        {"options", check_options, {"statement"}},
        {"envelope", check_envelope, {"options"}},
        {"imports", check_imports, {"statement"}},
        /* its names: check_names.c, check_made_names.c */
        {"declared-names", check_declared_names, {"envelope"}},
        {"c-names", check_c_names, {"declared-names", "options"}},
        /* which way messages go, by the clauses: check_mixins.c, check_discriminators.c */
        {"mixins", check_mixins, {"declared-names"}},
        {"directions", check_directions, {"mixins", "envelope"}},
        /* types and messages: check_enums.c, check_types.c, check_messages.c */
        {"enums", check_enums, {"declared-names"}},
        {"types", check_types, {"enums", "imports"}},
        {"messages", check_messages, {"types", "directions"}},
        {"choices", check_choices, {"messages"}},
        {"unions", check_unions, {"choices"}},
        /* groups and consumers, as far as they have members: check_groups.c, check_consumers.c */
        {"group-params", check_group_params, {"types", "mixins"}},
        {"consumer-params", check_consumer_params, {"group-params"}},
        /* members of all of these: check_members.c */
        {"member-names", check_member_names, {"messages", "group-params", "consumer-params"}},
        {"wire-names", check_wire_names, {"member-names"}},
        {"envelope-names", check_envelope_names, {"messages"}},
        {"member-ids", check_member_ids, {"member-names"}},
        {"optional-defaults", check_optional_defaults, {"member-names"}},
        {"union-uses", check_union_uses, {"unions", "member-names"}},
        {"requires", check_requires, {"member-names", "unions"}},
        {"hooks", check_hooks, {"member-names", "unions"}},
        {"defaults", check_defaults, {"member-names", "unions"}},
        {"javascript-numbers", check_javascript_numbers, {"member-names"}},
        {"containment", check_containment, {"unions"}},
        {"default-sizes", check_default_sizes, {"defaults", "containment"}},
        {"endless", check_endless, {"containment"}},
        /* groups: check_groups.c, check_group_clash.c */
        {"group-names", check_group_names, {"group-params"}},
        {"same-group-names", check_same_group_names, {"group-names", "imports"}},
        {"group-clauses", check_group_clauses, {"group-params", "messages"}},
        {"group-streams", check_group_streams, {"group-clauses"}},
        /* consumers: check_url.c, check_consumers.c, check_permit.c, check_clauses.c */
        {"urls", check_urls, {"consumer-params"}},
        {"same-urls", check_same_urls, {"urls"}},
        {"topic-clauses", check_topic_clauses, {"consumer-params"}},
        {"single-clauses", check_single_clauses, {"consumer-params"}},
        {"subprotocols", check_subprotocols, {"single-clauses"}},
        {"auth", check_auth, {"single-clauses"}},
        {"receives", check_receives, {"consumer-params", "messages"}},
        {"auth-messages", check_auth_messages, {"auth", "receives"}},
        {"objects", check_objects, {"single-clauses"}},
        {"permits", check_permits, {"auth-messages", "objects"}},
        {"joins", check_joins, {"consumer-params", "group-clauses"}},
        {"sends", check_sends, {"consumer-params", "messages"}},
        {"greetings", check_greetings, {"sends", "single-clauses"}},
        {"limits", check_limits, {"receives"}},
        {"handler-ids", check_handler_ids, {"permits", "greetings", "joins"}},
        {"topics", check_topics, {"consumer-params"}},
        {"traffic", check_traffic, {"receives", "greetings", "joins"}},
        {"call-names", check_call_names, {"traffic", "c-names", "group-clauses"}},
        {"mixin-names", check_mixin_names, {"traffic"}},
        /* the whole: check_contract.c, check_contains.c */
        {"imported-names", check_imported_names, {"call-names", "imports"}},
        {"unused-imports", check_unused_imports, {"types"}},
        {"order", check_order, {"containment"}},
};

#define N_ROWS (sizeof(rows) / sizeof(rows[0]))

/* Whether the check called name, which stands before row n, has succeeded. */
static bool has_succeeded(const bool *results, size_t n, const char *name)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (strcmp(rows[i].name, name) == 0)
			return results[i];
	}
	return false;
}

static bool may_run(const bool *results, size_t n)
{
	size_t i;

	for (i = 0; i < CHECK_MAX_NEEDS && rows[n].needs[i] != NULL; i++) {
		if (!has_succeeded(results, n, rows[n].needs[i]))
			return false;
	}
	return true;
}

static void run_rows(struct check *c)
{
	bool results[N_ROWS] = {false};
	size_t i;

	for (i = 0; i < N_ROWS && !diag_full(c->diag); i++)
		results[i] = may_run(results, i) && rows[i].run(c);
}

/* The contracts that this one builds on, std among them if it was used. */
static void set_imports(struct check *c)
{
	struct vec imports = {0};
	size_t i;

	for (i = 0; i < c->unit->n_imports; i++) {
		if (c->unit->imports[i].unit != c->std)
			vec_push(&imports, c->unit->imports[i].unit->contract);
	}
	if (c->uses_std)
		vec_push(&imports, c->std->contract);
	c->contract->imports = vec_copy(&imports, c->arena);
	c->contract->n_imports = imports.n;
	vec_clear(&imports);
}

/* What the checks have collected, in the order of the file. Types are put in by "order". */
static void set_lists(struct check *c)
{
	struct model_contract *contract = c->contract;

	contract->aliases = vec_copy(&c->aliases, c->arena);
	contract->n_aliases = c->aliases.n;
	contract->messages = vec_copy(&c->messages, c->arena);
	contract->n_messages = c->messages.n;
	contract->groups = vec_copy(&c->groups, c->arena);
	contract->n_groups = c->groups.n;
	contract->consumers = vec_copy(&c->consumers, c->arena);
	contract->n_consumers = c->consumers.n;
	contract->topics = vec_copy(&c->topics, c->arena);
	contract->n_topics = c->topics.n;
	contract->patterns = vec_copy(&c->patterns, c->arena);
	contract->n_patterns = c->patterns.n;
}

static void check_clear(struct check *c)
{
	size_t i;

	for (i = 0; i < CHECK_N_MAKERS; i++)
		names_clear(&c->makers[i]);
	names_clear(&c->tags);
	names_clear(&c->enumerators);
	vec_clear(&c->types);
	vec_clear(&c->aliases);
	vec_clear(&c->messages);
	vec_clear(&c->groups);
	vec_clear(&c->consumers);
	vec_clear(&c->topics);
	vec_clear(&c->records);
	vec_clear(&c->unions);
	vec_clear(&c->hooks);
	vec_clear(&c->wide_ints);
	check_patterns_clear(c);
}

void check_unit(struct arena *arena, struct diag *diag, struct unit *unit, struct unit *std)
{
	struct check c = {.arena = arena,
	        .diag = diag,
	        .unit = unit,
	        .file = unit->file,
	        .std = std,
	        .tags = {.arena = arena},
	        .pattern_work = CHECK_PATTERN_WORK,
	        .enumerators = {.arena = arena}};
	size_t errors = diag_errors(diag), i;

	for (i = 0; i < CHECK_N_MAKERS; i++)
		c.makers[i].arena = arena;
	c.contract = arena_alloc(arena, sizeof(*c.contract));
	unit->contract = c.contract;
	run_rows(&c);
	if (diag_errors(diag) != errors)
		unit->broken = true;
	set_imports(&c);
	set_lists(&c);
	check_clear(&c);
}

struct symbol *check_next(const struct check *c, enum symbol_kind kind, size_t *at)
{
	while (*at < c->unit->scope.n) {
		struct symbol *symbol = c->unit->scope.in_order[(*at)++];

		if (symbol->kind == kind)
			return symbol;
	}
	return NULL;
}

struct symbol *check_next_group(const struct check *c, size_t *at)
{
	while (*at < c->unit->scope.n) {
		struct symbol *symbol = c->unit->scope.in_order[(*at)++];

		if (symbol->kind == SYMBOL_GROUP || symbol->kind == SYMBOL_TOPIC)
			return symbol;
	}
	return NULL;
}

struct symbol *check_next_consumer(const struct check *c, size_t *at)
{
	while (*at < c->unit->scope.n) {
		struct symbol *symbol = c->unit->scope.in_order[(*at)++];

		if (symbol->kind == SYMBOL_CONSUMER || symbol->kind == SYMBOL_TOPIC)
			return symbol;
	}
	return NULL;
}
