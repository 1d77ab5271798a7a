/* SPDX-License-Identifier: MIT */
/*
 * check_imported_names.c - contracts that one C program holds have no name in common. Where one prefix
 * begins another, rooms_chat_x is x of rooms_chat, or chat_x of rooms.
 *
 * Looks at all that generated C makes of names, not at what the program makes use of.
 */
#include "checks.h"

#include <string.h>

/* What imports have, as far as they have been looked at. */
struct imported {
	struct check *c;
	const struct unit_import *import;
	struct names *own;    /* names of calls of the contract itself */
	struct names *others; /* everything of the imports before this one */
	struct vec names;     /* of this import */
	bool fine;
};

static void remember(struct names *names, const char *name)
{
	if (!names_is_taken(names, name))
		names_claim(names, name);
}

static void add(struct imported *i, const char *name)
{
	vec_push(&i->names, (void *)(uintptr_t)name);
}

static void add_with_tails(struct imported *i, const char *name, unsigned of)
{
	add(i, name);
	for (size_t row = 0; row < n_names_made; row++) {
		if ((names_made[row].of & of) != 0)
			add(i, arena_printf(i->c->arena, "%s%s", name, names_made[row].tail));
	}
}

static void add_type(struct imported *i, const struct model_type *type)
{
	unsigned of = check_names_of(type->kind);

	if (type->kind == MODEL_RECORD && type->name != NULL)
		of |= NAMES_OF_RECORD;
	if (type->message != NULL)
		of |= NAMES_OF_RECORD | NAMES_OF_MESSAGE;
	add_with_tails(i, type->c_name, of);
	for (size_t n = 0; n < type->n_values; n++)
		add(i, type->values[n].c_name);
	for (size_t n = 0; n < type->n_arms; n++) {
		if (type->arms[n].c_name != NULL)
			add(i, type->arms[n].c_name);
	}
	if (type->unknown_c_name != NULL)
		add(i, type->unknown_c_name);
}

static void add_all(struct imported *i)
{
	const struct model_contract *contract = i->import->unit->contract;
	struct vec calls = {0};

	for (size_t n = 0; n < contract->n_types; n++)
		add_type(i, contract->types[n]);
	for (size_t n = 0; n < contract->n_groups; n++)
		add_with_tails(i, contract->groups[n]->c_name, NAMES_OF_GROUP);
	for (size_t n = 0; n < contract->n_consumers; n++)
		add_with_tails(i, contract->consumers[n]->c_name, NAMES_OF_CONSUMER);
	for (size_t n = 0; n < contract->n_topics; n++)
		add_with_tails(i, contract->topics[n]->c_name, NAMES_OF_CONSUMER | NAMES_OF_TOPIC);
	check_calls_of(i->c, &calls,
	        &(struct check_served){contract->consumers, contract->n_consumers, contract->topics,
	                contract->n_topics, contract->groups, contract->n_groups});
	for (size_t n = 0; n < calls.n; n++) {
		const struct check_made *made = calls.items[n];

		add(i, names_join(i->c->arena, contract->c_prefix, made->name));
	}
	vec_clear(&calls);
}

static bool is_own(struct imported *i, const char *name)
{
	return check_c_name_is_taken(i->c, name) || names_is_taken(i->own, name) ||
	        names_is_taken(&i->c->enumerators, name);
}

static void look(struct imported *i)
{
	for (size_t n = 0; n < i->names.n && i->fine; n++) {
		const char *name = i->names.items[n];
		bool own = is_own(i, name);

		if (!own && !names_is_taken(i->others, name))
			continue;
		diag_report(i->c->diag, DIAG_SAME_PREFIX, i->import->place,
		        own ? "in C '%s' would be something of this contract and of '%s'"
		            : "in C '%s' would be something of two imported contracts, '%s' and "
		              "another one",
		        name, i->import->unit->contract->name);
		diag_hint(i->c->diag, "set option c_prefix in one of them");
		i->fine = false;
	}
}

static bool begins(const char *prefix, const char *other)
{
	size_t length = strlen(prefix);

	return strncmp(prefix, other, length) == 0 && other[length] == '_';
}

/* Names begin with a prefix and '_': only where one prefix begins another can two be one. */
static bool may_clash(const struct check *c, const struct unit_import *import)
{
	const char *prefix = import->unit->contract->c_prefix, *other = c->contract->c_prefix;

	if (begins(prefix, other) || begins(other, prefix))
		return true;
	for (size_t n = 0; n < c->unit->n_imports; n++) {
		other = c->unit->imports[n].unit->contract->c_prefix;
		if (begins(prefix, other) || begins(other, prefix))
			return true;
	}
	return false;
}

bool check_imported_names(struct check *c)
{
	struct names own = {.arena = c->arena}, others = {.arena = c->arena};
	struct vec calls = {0};
	bool fine = true;

	check_own_calls(c, &calls);
	for (size_t n = 0; n < calls.n; n++) {
		const struct check_made *made = calls.items[n];

		remember(&own, names_join(c->arena, c->contract->c_prefix, made->name));
	}
	for (size_t n = 0; n < c->unit->n_imports; n++) {
		struct imported i = {c, &c->unit->imports[n], &own, &others, {0}, true};

		if (!may_clash(c, i.import))
			continue;
		add_all(&i);
		look(&i);
		for (size_t name = 0; name < i.names.n && i.fine; name++)
			remember(&others, i.names.items[name]);
		vec_clear(&i.names);
		fine = fine && i.fine;
	}
	vec_clear(&calls);
	names_clear(&own);
	names_clear(&others);
	return fine;
}
