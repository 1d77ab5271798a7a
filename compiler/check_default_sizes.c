/* SPDX-License-Identifier: MIT */
/*
 * check_default_sizes.c - how many values defaults come to.
 *
 * A record in a default takes the defaults of the members that it does not name, and so on: forty
 * lines of contract can make a default of a million million values. Each output writes them out.
 */
#include "checks.h"
#include "table.h"

enum {
	MOST_VALUES = 100000, /* of all defaults of a contract together */
	MOST_DEPTH = 64,      /* what decoders take, unless asked for more */
};

/* What a value comes to with all that is filled in. */
struct extent {
	size_t size;    /* values; beyond MOST_VALUES any number will do */
	unsigned depth; /* levels; the same beyond MOST_DEPTH */
};

struct sizes {
	struct arena *arena;
	struct table known; /* from a default's struct model_value to its struct extent */
};

static struct extent extent_of(struct sizes *sizes, const struct model_value *value,
        const struct model_type *type, unsigned above);

static struct extent extent_of_default(
        struct sizes *sizes, const struct model_member *member, unsigned above)
{
	struct extent *known = table_get(&sizes->known, member->default_value);

	if (known == NULL) {
		known = arena_alloc(sizes->arena, sizeof(*known));
		*known = extent_of(sizes, member->default_value, member->use.type, above);
		table_put(&sizes->known, member->default_value, known);
	}
	return *known;
}

static void add_part(struct extent *whole, struct extent part)
{
	whole->size += part.size;
	if (part.depth >= whole->depth)
		whole->depth = part.depth + 1;
}

static bool names(const struct model_value *value, const struct model_member *member)
{
	for (size_t i = 0; i < value->n_items; i++) {
		if (value->items[i].member == member)
			return true;
	}
	return false;
}

/* The members that a literal leaves out. */
static void add_rest(struct sizes *sizes, const struct model_value *value,
        const struct model_type *record, unsigned above, struct extent *whole)
{
	for (size_t i = 0; i < record->n_members && whole->size <= MOST_VALUES; i++) {
		const struct model_member *member = &record->members[i];

		if (member->default_value != NULL && !names(value, member))
			add_part(whole, extent_of_default(sizes, member, above));
	}
}

/* The type of a literal's index-th part. */
static const struct model_type *part_type(
        const struct model_value *value, const struct model_type *type, size_t index)
{
	const struct model_member *member = value->items[index].member;

	if (value->kind == MODEL_VALUE_ARM)
		return value->arm->use.type;
	if (member != NULL)
		return member->use.type;
	if (type->kind == MODEL_RECORD)
		type = type->further;
	return type != NULL ? type->element.type : NULL;
}

/* above: so many levels are open. type may be NULL where something is wrong with it. */
static struct extent extent_of(struct sizes *sizes, const struct model_value *value,
        const struct model_type *type, unsigned above)
{
	struct extent whole = {1, 1};

	if (above > MOST_DEPTH)
		whole.depth = MOST_DEPTH + 1;
	if (above > MOST_DEPTH || type == NULL)
		return whole;
	for (size_t i = 0; i < value->n_items && whole.size <= MOST_VALUES; i++)
		add_part(&whole,
		        extent_of(sizes, &value->items[i].value, part_type(value, type, i),
		                above + 1));
	if (value->kind == MODEL_VALUE_RECORD && type->kind == MODEL_RECORD)
		add_rest(sizes, value, type, above + 1, &whole);
	return whole;
}

static bool refuse(struct check *c, struct place place, bool too_deep)
{
	if (too_deep)
		diag_report(c->diag, DIAG_TOO_MANY_PARTS, place,
		        "with the defaults of its members, this one is nested more than %d deep",
		        MOST_DEPTH);
	else
		diag_report(c->diag, DIAG_TOO_MANY_PARTS, place,
		        "with the defaults of their members, the defaults of this contract come "
		        "to more than %d values",
		        MOST_VALUES);
	return false;
}

bool check_default_sizes(struct check *c)
{
	struct sizes sizes = {.arena = c->arena};
	size_t size = 0;
	bool fine = true;

	for (size_t i = 0; i < c->records.n && fine; i++) {
		const struct check_record *record = c->records.items[i];

		for (size_t j = 0; j < record->n && fine; j++) {
			struct extent extent;

			if (record->members[j].default_value == NULL || record->asts[j] == NULL)
				continue;
			extent = extent_of_default(&sizes, &record->members[j], 1);
			size += extent.size;
			if (size > MOST_VALUES || extent.depth > MOST_DEPTH)
				fine = refuse(c, record->asts[j]->default_value->place,
				        extent.depth > MOST_DEPTH);
		}
	}
	table_clear(&sizes.known);
	return fine;
}
