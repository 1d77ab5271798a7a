/* SPDX-License-Identifier: MIT */
/*
 * `unique`: is there a value twice in a list. Hashes are seeded. Without scratch memory the list is
 * gone through several times, each time for a share of the hashes that fits a small table on the
 * stack.
 */
#include "types.h"

#define STACK_SLOTS 1024u
#define STACK_LOAD  (STACK_SLOTS / 4)
#define FEW         16u /* compared one by one */
#define EMPTY       SIZE_MAX

/* Where the elements are, and what it means that two are the same. */
struct elements {
	const char *items;
	size_t width;
	enum { ELEMENTS_STR, ELEMENTS_INT, ELEMENTS_FLOAT64, ELEMENTS_FLOAT32, ELEMENTS_TYPE } kind;
	const struct msgc_type_items *type; /* ELEMENTS_TYPE */
};

static double float_at(const struct elements *e, size_t i)
{
	double d;
	float f;

	if (e->kind == ELEMENTS_FLOAT64) {
		memcpy(&d, e->items + i * sizeof d, sizeof d);
		return d;
	}
	memcpy(&f, e->items + i * sizeof f, sizeof f);
	return (double)f;
}

static struct msgc_str str_at(const struct elements *e, size_t i)
{
	struct msgc_str s;

	memcpy(&s, e->items + i * e->width, sizeof s);
	return s;
}

static uint64_t element_hash(const struct elements *e, size_t i)
{
	struct msgc_str s;

	switch (e->kind) {
	case ELEMENTS_STR: s = str_at(e, i); return msgc_hash_bytes(0, s.ptr, s.len);
	case ELEMENTS_INT: return msgc_hash_bytes(0, e->items + i * e->width, e->width);
	case ELEMENTS_TYPE: return msgc__item_hash(0, e->type, e->items + i * e->width, 0);
	default: return msgc_hash_float64(0, float_at(e, i));
	}
}

static bool element_equal(const struct elements *e, size_t i, size_t j)
{
	switch (e->kind) {
	case ELEMENTS_STR: return msgc_str_equal(str_at(e, i), str_at(e, j));
	case ELEMENTS_INT:
		return memcmp(e->items + i * e->width, e->items + j * e->width, e->width) == 0;
	case ELEMENTS_TYPE:
		return msgc__item_equal(
		        e->type, e->items + i * e->width, e->items + j * e->width, 0);
	default: return float_at(e, i) <= float_at(e, j) && float_at(e, i) >= float_at(e, j);
	}
}

static bool unique_few(const struct elements *e, size_t count)
{
	for (size_t i = 1; i < count; i++)
		for (size_t j = 0; j < i; j++)
			if (element_equal(e, i, j))
				return false;
	return true;
}

/*
 * Elements whose upper hash bits fall into one share. 1: unique, 0: not, -1: the table was too
 * small.
 */
static int unique_share(const struct elements *e, size_t count, size_t share, size_t shares)
{
	size_t slots[STACK_SLOTS], used = 0, at;
	uint64_t hash;

	for (size_t i = 0; i < STACK_SLOTS; i++)
		slots[i] = EMPTY;
	for (size_t i = 0; i < count; i++) {
		hash = element_hash(e, i);
		if ((hash >> 32) % shares != share)
			continue;
		for (at = hash % STACK_SLOTS; slots[at] != EMPTY; at = (at + 1) % STACK_SLOTS)
			if (element_equal(e, slots[at], i))
				return 0;
		if (++used == STACK_SLOTS)
			return -1;
		slots[at] = i;
	}
	return 1;
}

static bool unique_many(const struct elements *e, size_t count)
{
	size_t shares = (count + STACK_LOAD - 1) / STACK_LOAD;

	for (size_t share = 0; share < shares; share++) {
		switch (unique_share(e, count, share, shares)) {
		case 0: return false;
		case 1: break;
		default:
			return unique_few(
			        e, count); /* four times the average: as good as impossible */
		}
	}
	return true;
}

/* Elements seen so far, by their hashes; in the arena. */
struct seen {
	uint64_t *hashes;
	uint32_t *table; /* place + 1; 0: free */
	size_t mask;
};

static bool seen_begin(struct seen *seen, struct msgc_arena *scratch, size_t count)
{
	size_t slots = 8;

	if (count > UINT32_MAX / 4)
		return false;
	while (slots < count * 2)
		slots *= 2;
	seen->mask = slots - 1;
	seen->hashes = msgc_arena_alloc(scratch, count * sizeof(uint64_t), _Alignof(uint64_t));
	seen->table = seen->hashes ? msgc_arena_calloc(scratch, slots, sizeof(uint32_t)) : NULL;
	return seen->table != NULL;
}

/* False: an earlier element is equal to this one. */
static bool seen_put(struct seen *seen, const struct elements *e, size_t i)
{
	uint64_t hash = element_hash(e, i);
	size_t at = (size_t)hash & seen->mask;

	for (; seen->table[at]; at = (at + 1) & seen->mask) {
		size_t earlier = seen->table[at] - 1;

		if (seen->hashes[earlier] == hash && element_equal(e, i, earlier))
			return false;
	}
	seen->hashes[i] = hash;
	seen->table[at] = (uint32_t)i + 1;
	return true;
}

static bool unique_with(const struct elements *e, size_t count, struct msgc_arena *scratch)
{
	struct msgc__arena_mark mark = msgc__arena_mark(scratch);
	struct seen seen;
	bool unique = true;

	if (seen_begin(&seen, scratch, count))
		for (size_t i = 0; i < count && unique; i++)
			unique = seen_put(&seen, e, i);
	else
		unique = unique_many(e, count);
	msgc__arena_rewind(scratch, mark);
	return unique;
}

/* What the codec compares by itself; all else goes by its tables. */
static struct elements elements_of(const struct msgc_type_items *items, const void *first)
{
	struct elements e = {first, items->item_size, ELEMENTS_TYPE, items};

	if (items->is_wrapped)
		return e;
	switch ((enum msgc_type_kind)items->element->kind) {
	case MSGC_KIND_STR: e.kind = ELEMENTS_STR; break;
	case MSGC_KIND_FLOAT64: e.kind = ELEMENTS_FLOAT64; break;
	case MSGC_KIND_FLOAT32: e.kind = ELEMENTS_FLOAT32; break;
	case MSGC_KIND_ENUM:
		if (!(items->element->flags & MSGC_TYPE_OPEN))
			e.kind = ELEMENTS_INT;
		break;
	default:
		if (items->element->kind <= MSGC_KIND_UINT64)
			e.kind = ELEMENTS_INT;
	}
	return e;
}

bool msgc_check_unique(struct msgc_scope *s, const struct msgc_type *list, const void *value,
        struct msgc_arena *scratch)
{
	struct msgc__items items = msgc__items_at(value);
	struct elements e = elements_of(list->items, items.items);
	bool unique;

	if (items.count <= FEW)
		unique = unique_few(&e, items.count);
	else if (scratch)
		unique = unique_with(&e, items.count, scratch);
	else
		unique = unique_many(&e, items.count);
	if (!unique)
		msgc_refuse_unique(s);
	return unique;
}

bool msgc__unique_keys(const void *entries, size_t count, size_t width)
{
	struct elements e = {entries, width, ELEMENTS_STR, NULL};

	return count <= FEW ? unique_few(&e, count) : unique_many(&e, count);
}
