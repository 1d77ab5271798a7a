/* SPDX-License-Identifier: MIT */
/*
 * Members in another order than the contract's, with white space between, unknown ones, and those
 * that may be absent or null: all that kernel_record.h does not expect next.
 */
#ifndef MSGC_CODEC_KERNEL_MEMBERS_H
#define MSGC_CODEC_KERNEL_MEMBERS_H

#include "kernel_value.h"

/*
 * Past white space and the comma or brace: at the quote of a name; NULL: something else stands there.
 */
ALWAYS char *find_name(struct msgc_reader *r, char *p, char before)
{
	if (before == ',')
		p = space(r, p);
	if (*p != before)
		return NULL;
	p = space(r, p + 1);
	return *p == '"' ? p : NULL;
}

#define SEARCH_MOST 16

/*
 * Which of the members has this name, at p, and a colon behind it; n: none, or there are too many.
 * All are looked at: which one it is cannot be foreseen, that there is one can.
 */
ALWAYS size_t search_member(const char *p, const struct msgc_member *members, size_t n)
{
	uint32_t found = 0;

	if (n > SEARCH_MOST)
		return n;
	for (size_t i = 0; i < n; i++) {
		const struct msgc_expect *expect = &members[i].expect;

		found |= (uint32_t)alike(p - 1, expect) << i;
	}
	return found ? msgc__trailing_zeros(found) : n;
}

#define NO_MEMBER                                                                                  \
	(SIZE_MAX - 1) /* the object has ended; SIZE_MAX: one that the contract does not know */

/* p not NULL: where the comma before this member's name is, or might be. Else the reader is on its value. */
struct found {
	char *p;
	size_t index;
};

/* Another member than the one that is expected, or white space. p: behind a value, or at the brace. */
static __attribute__((noinline)) struct found other_member(struct msgc_reader *r, char *p,
        char before, struct msgc_object *o, const struct msgc_type_record *record)
{
	char *name = find_name(r, p, before);
	size_t index = record->n_members;

	if (name)
		index = search_member(name, record->members, record->n_members);
	if (index < record->n_members)
		return (struct found){name - 1, index};
	o->count = before == ',';
	r->at = p + (before == '{');
	index = kernel_read_member(r, o) ? msgc_find_member(record, o->at.key) : NO_MEMBER;
	return (struct found){NULL, index};
}

static __attribute__((noinline)) char *unknown_member(
        struct msgc_reader *r, char *p, struct msgc_object *o, const struct msgc_type *type)
{
	bool is_closed = type->flags & MSGC_TYPE_CLOSED;

	r->at = p;
	if (type->record->beside)
		msgc_read_beside(r, o, type->record->beside, is_closed);
	else
		msgc_read_unknown(r, o, is_closed);
	return r->at;
}

static __attribute__((noinline)) char *duplicate(
        struct msgc_reader *r, char *p, struct msgc_object *o, char *name)
{
	r->at = p;
	o->key_at = name;
	msgc__read_duplicate(r, o);
	return r->at;
}

/* One that may be absent or null, that is held by pointer, or of which C holds nothing. */
static __attribute__((noinline)) char *odd_member(struct msgc_reader *r, char *p,
        const struct msgc_member *member, char *value, struct place at)
{
	unsigned shape = member->shape;

	tell_place(at);
	r->at = p;
	if (shape & (MSGC_SHAPE_BOXED | MSGC_SHAPE_NO_VALUE)) {
		msgc__read_record_member(r, member, value);
		return r->at;
	}
	if (shape & MSGC_SHAPE_OPTIONAL)
		*(bool *)(value + member->has_at) = true;
	if (shape & MSGC_SHAPE_NULLABLE) {
		*(bool *)(value + member->null_at) = msgc_read_null(r);
		if (*(bool *)(value + member->null_at))
			return r->at;
		p = r->at;
	}
	return quick_value(r, p, member->type, value + member->at, at);
}

static char *any_member(struct msgc_reader *r, char *p, struct msgc_object *o,
        const struct msgc_type *type, const struct msgc_member *member, char *value)
{
	struct place at = {&o->at, member};

	if (member->role & MSGC_ROLE_SPARE) {
		r->at = p;
		return msgc_read_null(r) ? r->at : unknown_member(r, p, o, type);
	}
	if (member->shape)
		return odd_member(r, p, member, value, at);
	return quick_value(r, p, member->type, value + member->at, at);
}

ALWAYS void begin_names(struct msgc_object *o)
{
	o->at.key.ptr = "";
	o->at.key.len = 0;
	o->names.items = NULL;
	o->names.table = NULL;
	o->names.count = o->names.cap = o->names.mask = 0;
	o->n_stepped = 0;
}

/* Members in any order, from the brace or the comma at p on. *seen: those that have come. */
static __attribute__((noinline)) char *other_members(struct msgc_reader *r, char *p, char before,
        struct msgc_object *o, const struct msgc_type *type, char *value, uint64_t *seen)
{
	const struct msgc_type_record *record = type->record;
	const struct msgc_member *member;
	struct found found;
	uint64_t bit;
	char *name;

	begin_names(o);
	for (;; before = ',') {
		if (*p == '}' && before == ',')
			return p + 1;
		found = other_member(r, p, before, o, record);
		if (found.index == NO_MEMBER)
			return r->at;
		if (MSGC__UNLIKELY(found.index == SIZE_MAX)) {
			p = unknown_member(r, r->at, o, type);
			continue;
		}
		member = &record->members[found.index];
		bit = UINT64_C(1) << found.index;
		name = o->key_at;
		p = r->at;
		if (MSGC__LIKELY(found.p != NULL)) {
			name = found.p + 1;
			p = found.p + member->expect.len;
			p += *p == ' ';
		}
		if (MSGC__UNLIKELY(*seen & bit))
			p = duplicate(r, p, o, name);
		else if (member->expect.quick != MSGC_QUICK_WHOLE || !found.p)
			p = any_member(r, p, o, type, member, value);
		*seen |= bit;
	}
}

#endif
