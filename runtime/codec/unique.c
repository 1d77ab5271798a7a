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

static bool unique_with(const struct elements *e, size_t count, struct msgc_arena *scratch)
{
	struct msgc__arena_mark mark;
	struct msgc_unique u;
	bool unique = true;

	mark = msgc__arena_mark(scratch);
	msgc_unique_begin(&u, scratch, count);
	if (!u.table) {
		msgc__arena_rewind(scratch, mark);
		return unique_many(e, count);
	}
	for (size_t i = 0, j; i < count && unique; i++) {
		msgc_unique_put(&u, i, element_hash(e, i));
		while (unique && msgc_unique_next(&u, &j))
			unique = !element_equal(e, i, j);
	}
	msgc__arena_rewind(scratch, mark);
	return unique;
}

static bool check_unique(
        struct msgc_scope *s, const struct elements *e, size_t count, struct msgc_arena *scratch)
{
	bool unique;

	if (count <= FEW)
		unique = unique_few(e, count);
	else if (scratch)
		unique = unique_with(e, count, scratch);
	else
		unique = unique_many(e, count);
	if (!unique)
		msgc_refuse_unique(s);
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

	return check_unique(s, &e, items.count, scratch);
}

bool msgc__unique_keys(const void *entries, size_t count, size_t width)
{
	struct elements e = {entries, width, ELEMENTS_STR, NULL};

	return count <= FEW ? unique_few(&e, count) : unique_many(&e, count);
}

bool msgc_check_unique_str(struct msgc_scope *s, const struct msgc_str *items, size_t count,
        struct msgc_arena *scratch)
{
	struct elements e = {(const char *)items, sizeof *items, ELEMENTS_STR, NULL};

	return check_unique(s, &e, count, scratch);
}

bool msgc_check_unique_int(struct msgc_scope *s, const void *items, size_t count, size_t width,
        struct msgc_arena *scratch)
{
	struct elements e = {items, width, ELEMENTS_INT, NULL};

	return check_unique(s, &e, count, scratch);
}

bool msgc_check_unique_float64(
        struct msgc_scope *s, const double *items, size_t count, struct msgc_arena *scratch)
{
	struct elements e = {(const char *)items, sizeof *items, ELEMENTS_FLOAT64, NULL};

	return check_unique(s, &e, count, scratch);
}

bool msgc_check_unique_float32(
        struct msgc_scope *s, const float *items, size_t count, struct msgc_arena *scratch)
{
	struct elements e = {(const char *)items, sizeof *items, ELEMENTS_FLOAT32, NULL};

	return check_unique(s, &e, count, scratch);
}

void msgc_unique_begin(struct msgc_unique *u, struct msgc_arena *scratch, size_t count)
{
	size_t slots = 8;

	*u = (struct msgc_unique){0};
	if (!scratch || count > UINT32_MAX / 4)
		return;
	while (slots < count * 2)
		slots *= 2;
	u->hashes = msgc_arena_alloc(scratch, (count + 1) * sizeof *u->hashes, _Alignof(uint64_t));
	if (u->hashes)
		u->table = msgc_arena_calloc(scratch, slots, sizeof *u->table);
	if (!u->table)
		u->hashes = NULL;
	u->mask = slots - 1;
}

void msgc_unique_put(struct msgc_unique *u, size_t item, uint64_t hash)
{
	u->item = item;
	u->hash = hash;
	u->probe = hash & u->mask;
	u->next = 0;
	if (!u->table)
		return;
	u->hashes[item] = hash;
}

bool msgc_unique_next(struct msgc_unique *u, size_t *ret_item)
{
	size_t found;

	if (!u->table) {
		if (u->next == u->item)
			return false;
		*ret_item = u->next++;
		return true;
	}
	for (; u->table[u->probe]; u->probe = (u->probe + 1) & u->mask) {
		found = u->table[u->probe] - 1;
		if (u->hashes[found] == u->hash) {
			u->probe = (u->probe + 1) & u->mask;
			*ret_item = found;
			return true;
		}
	}
	/* Every candidate was another value: the item takes the free slot. */
	u->table[u->probe] = (uint32_t)u->item + 1;
	return false;
}
