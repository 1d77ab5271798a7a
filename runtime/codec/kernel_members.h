/* SPDX-License-Identifier: MIT */
/*
 * Members in another order than the contract's, with white space between, unknown ones, and those
 * that may be absent or null: all that kernel_record.h does not expect next.
 */
#ifndef MSGC_CODEC_KERNEL_MEMBERS_H
#define MSGC_CODEC_KERNEL_MEMBERS_H

#include "kernel_value.h"

#define SEARCH_MOST 30
#define SEARCH_AT   1 /* behind the comma: the quote, and what follows it */

/*
 * Which of the members has this name, at p, and a colon behind it; n: none, or there are too many.
 * The beginnings of all are looked at: which one it is cannot be foreseen, that there is one can.
 */
ALWAYS size_t search_member(const char *p, const struct msgc_member *members, size_t n)
{
	uint32_t begin, other, found = 0;

	if (n > SEARCH_MOST)
		return n;
	memcpy(&begin, p, sizeof begin);
	/* Two at once: behind the last one stands MSGC_NO_MEMBER. */
	for (size_t i = 0; i < n; i += 2) {
		memcpy(&other, members[i].expect.text + SEARCH_AT, sizeof other);
		found |= (uint32_t)(begin == other) << i;
		memcpy(&other, members[i + 1].expect.text + SEARCH_AT, sizeof other);
		found |= (uint32_t)(begin == other) << (i + 1);
	}
	for (; found; found &= found - 1) {
		size_t i = msgc__trailing_zeros(found);

		if (MSGC__LIKELY(alike(p - SEARCH_AT, &members[i].expect)))
			return i;
	}
	return n;
}

#define NO_MEMBER                                                                                  \
	(SIZE_MAX - 1) /* the object has ended; SIZE_MAX: one that the contract does not know */

/*
 * A member that was not found at once: its name has escapes, or is long, or is none of the
 * contract's; or something is wrong. p: behind a value, or at the brace. The reader is on its value.
 */
static __attribute__((noinline)) size_t other_member(struct msgc_reader *r, char *p, char before,
        struct msgc_object *o, const struct msgc_type_record *record)
{
	o->count = before == ',';
	r->at = p + (before == '{');
	return kernel_read_member(r, o) ? msgc_find_member(record, o->at.key) : NO_MEMBER;
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

/* Past white space and the comma or brace: at the quote of a name; NULL: something else is there. */
ALWAYS char *find_name(struct msgc_reader *r, char *p, char before)
{
	if (MSGC__UNLIKELY(*p != before))
		return NULL;
	p = space(r, p + 1);
	return *p == '"' ? p : NULL;
}

/* Members in any order, from the brace or the comma at p on. *seen: those that have come. */
static __attribute__((noinline)) char *other_members(struct msgc_reader *r, char *p, char before,
        struct msgc_object *o, const struct msgc_type *type, char *value, uint64_t *seen)
{
	const struct msgc_type_record *record = type->record;
	const struct msgc_member *members = record->members, *member;
	size_t n = record->n_members, index;
	uint64_t bit;
	char *name;

	begin_names(o);
	for (;; before = ',') {
		if (before == ',') {
			p = space(r, p);
			if (*p == '}')
				return p + 1;
		}
		name = find_name(r, p, before);
		index = name ? search_member(name, members, n) : n;
		member = &members[index];
		if (MSGC__LIKELY(index < n)) {
			p = name - 1 + member->expect.len;
			p += *p == ' ';
		} else {
			index = other_member(r, p, before, o, record);
			p = r->at;
			if (index == NO_MEMBER)
				return p;
			if (index == SIZE_MAX) {
				p = unknown_member(r, p, o, type);
				continue;
			}
			member = &members[index];
			name = NULL;
		}
		bit = UINT64_C(1) << index;
		if (MSGC__UNLIKELY(*seen & bit))
			p = duplicate(r, p, o, name ? name : o->key_at);
		else if (!name || member->expect.quick == MSGC_QUICK_ODD)
			p = any_member(r, p, o, type, member, value);
		else if (member->expect.quick != MSGC_QUICK_WHOLE)
			p = value_at(r, p, member->type, value + member->at,
			        (struct place){&o->at, member});
		*seen |= bit;
	}
}

#endif
