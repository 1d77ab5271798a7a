/* SPDX-License-Identifier: MIT */
/*
 * only_tables.c - copies a graph of types. Types may hold themselves: a copy is known before its
 * parts are made.
 */
#include "only_tables.h"

#include <stdlib.h>

static struct {
	const struct msgc_type *from;
	struct msgc_type *to;
} known[4096];
static size_t n_known;

static void *copy(const void *from, size_t count, size_t size)
{
	void *to = calloc(count + 1, size);

	if (!to)
		abort();
	return count > 0 ? memcpy(to, from, count * size) : to;
}

static const struct msgc_type_record *copy_record(const struct msgc_type_record *from)
{
	struct msgc_type_record *record = copy(from, 1, sizeof *record);
	struct msgc_member *members = copy(from->members, from->n_members, sizeof *members);

	for (size_t i = 0; i < from->n_members; i++) {
		members[i].type = only_tables(members[i].type);
		members[i].expect = (struct msgc_expect)MSGC_EXPECT_NOTHING;
	}
	record->members = members;
	record->further = only_tables(from->further);
	return record;
}

static const struct msgc_type_items *copy_items(const struct msgc_type_items *from)
{
	struct msgc_type_items *items = copy(from, 1, sizeof *items);

	items->element = only_tables(from->element);
	items->key = only_tables(from->key);
	return items;
}

static const struct msgc_type_union *copy_union(const struct msgc_type_union *from)
{
	struct msgc_type_union *all = copy(from, 1, sizeof *all);
	struct msgc_arm *arms = copy(from->arms, from->n_arms, sizeof *arms);

	for (size_t i = 0; i < from->n_arms; i++)
		arms[i].type = only_tables(arms[i].type);
	all->arms = arms;
	return all;
}

static void copy_parts(struct msgc_type *type)
{
	switch ((enum msgc_type_kind)type->kind) {
	case MSGC_KIND_RECORD:
	case MSGC_KIND_TUPLE: type->record = copy_record(type->record); break;
	case MSGC_KIND_LIST:
	case MSGC_KIND_MAP: type->items = copy_items(type->items); break;
	case MSGC_KIND_UNION:
	case MSGC_KIND_CHOICE: type->arms = copy_union(type->arms); break;
	default: break;
	}
}

const struct msgc_type *only_tables(const struct msgc_type *type)
{
	struct msgc_type *to;

	if (!type)
		return NULL;
	for (size_t i = 0; i < n_known; i++)
		if (known[i].from == type)
			return known[i].to;
	if (n_known == sizeof known / sizeof known[0])
		abort();
	to = copy(type, 1, sizeof *to);
	to->quick = MSGC_QUICK_NONE;
	to->straight = NULL;
	known[n_known].from = type;
	known[n_known++].to = to;
	copy_parts(to);
	return to;
}
