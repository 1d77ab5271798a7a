/* SPDX-License-Identifier: MIT */
/*
 * Records and lists by their types' tables, as they usually come: members in the order of the
 * contract or in another one, values of the kind that is expected. The place in the text stays in a
 * register from the first brace to the last. Whatever is not as usual is handed over where it
 * begins, one value at a time, to the code that is compiled once (type_read.c, reader_object.c),
 * which can do everything and tells problems; then it goes on here.
 */
#ifndef MSGC_CODEC_KERNEL_RECORD_H
#define MSGC_CODEC_KERNEL_RECORD_H

#include <msgc/type.h>

#include "kernel_number.h"
#include "kernel_reader.h"
#include "types.h"

/*
 * Where a value is, for problems: the link of the record or list that holds it, and the member;
 * NULL: an item, whose index is there already. Written down only when somebody may ask.
 */
struct place {
	struct msgc_loc *loc;
	const struct msgc_member *member;
};

ALWAYS void tell_place(struct place at)
{
	if (at.member) {
		at.loc->key.ptr = at.member->wire;
		at.loc->key.len = at.member->wire_len;
	}
}

/*
 * All quick_... functions take the beginning of a value and return what is behind it; a value that
 * was refused, or the end of the text where the reader has stopped.
 */
static char *quick_record(
        struct msgc_reader *r, char *p, const struct msgc_type *type, char *value);
static char *quick_list(struct msgc_reader *r, char *p, const struct msgc_type *type, void *value);

/* The general way. */
static __attribute__((noinline)) char *slow_value(
        struct msgc_reader *r, char *p, const struct msgc_type *type, void *value, struct place at)
{
	tell_place(at);
	if (!at.member)
		memset(value, 0, type->size);
	r->at = p;
	if (type->read)
		type->read(r, value);
	else
		msgc__read_by_tables(r, type, value);
	return r->at;
}

static __attribute__((noinline)) void check_len(struct msgc_reader *r,
        const struct msgc_type_text *limits, const struct msgc_str *v, struct place at)
{
	tell_place(at);
	msgc_check_len(&r->scope, *v, limits->len_min, limits->len_max);
}

/* ---- scalars: NULL where the value is not as usual, and nothing has happened ---- */

ALWAYS char *quick_str(struct msgc_reader *r, char *p, struct msgc_str *v)
{
	bool high;

	return MSGC__LIKELY(*p == '"') ? take_string(r, p + 1, v, &high) : NULL;
}

ALWAYS char *quick_len(struct msgc_reader *r, char *p, const struct msgc_type_text *limits,
        struct msgc_str *v, struct place at)
{
	char *end;
	bool high;

	if (MSGC__UNLIKELY(*p != '"'))
		return NULL;
	end = take_string(r, p + 1, v, &high);
	if (MSGC__UNLIKELY(!end))
		return NULL;
	/* Bytes are characters, or fewer of them. */
	if (MSGC__UNLIKELY(
	            v->len > limits->len_max || (high ? v->len / 4 : v->len) < limits->len_min))
		check_len(r, limits, v, at);
	return end;
}

ALWAYS char *quick_int(char *p, const struct msgc_type *type, void *value)
{
	int64_t v;
	char *end = take_int(p, &v);

	if (MSGC__UNLIKELY(!end || v < type->number->least || v > type->number->most))
		return NULL;
	switch (type->size) {
	case 8: *(int64_t *)value = v; break;
	case 4: *(int32_t *)value = (int32_t)v; break;
	case 2: *(int16_t *)value = (int16_t)v; break;
	default: *(int8_t *)value = (int8_t)v;
	}
	return end;
}

ALWAYS char *quick_bool(char *p, bool *value)
{
	if (memcmp(p, "true", 4) == 0) {
		*value = true;
		return p + 4;
	}
	if (memcmp(p, "false", 5) == 0) {
		*value = false;
		return p + 5;
	}
	return NULL;
}

/* A word without escapes. */
ALWAYS char *quick_enum(char *p, const struct msgc_type *type, void *value)
{
	mask m = block_special(block_load(p + 1));
	size_t k = m ? mask_first(m) : 0, index;

	if (MSGC__UNLIKELY(*p != '"' || !m || p[1 + k] != '"'))
		return NULL;
	index = msgc_find_value(type->values, (struct msgc_str){p + 1, k});
	if (MSGC__UNLIKELY(index == SIZE_MAX))
		return NULL;
	memcpy(value, &type->values->values[index].number, sizeof(int32_t));
	return p + k + 2;
}

ALWAYS char *quick_shape(struct msgc_reader *r, char *p, const struct msgc_type *type,
        bool is_fixed, struct msgc_str *value)
{
	const struct msgc_shape *shape = type->text->patterns[0]->shape;

	if (MSGC__UNLIKELY(*p != '"'))
		return NULL;
	return is_fixed ? take_places(r, p + 1, shape, value) : take_run(r, p + 1, shape, value);
}

static __attribute__((noinline)) char *quick_value(
        struct msgc_reader *r, char *p, const struct msgc_type *type, void *value, struct place at)
{
	char *end = NULL;

	switch ((enum msgc_type_quick)type->quick) {
	case MSGC_QUICK_STR: end = quick_str(r, p, value); break;
	case MSGC_QUICK_LEN: end = quick_len(r, p, type->text, value, at); break;
	case MSGC_QUICK_RUN: end = quick_shape(r, p, type, false, value); break;
	case MSGC_QUICK_PLACES: end = quick_shape(r, p, type, true, value); break;
	case MSGC_QUICK_BOOL: end = quick_bool(p, value); break;
	case MSGC_QUICK_INT: end = quick_int(p, type, value); break;
	case MSGC_QUICK_FLOAT64: end = take_float64(p, value); break;
	case MSGC_QUICK_ENUM: end = quick_enum(p, type, value); break;
	case MSGC_QUICK_RECORD: tell_place(at); return quick_record(r, p, type, value);
	case MSGC_QUICK_LIST: tell_place(at); return quick_list(r, p, type, value);
	default: break;
	}
	return MSGC__LIKELY(end != NULL) ? end : slow_value(r, p, type, value, at);
}

/* ---- levels ---- */

/* At a value that opens one with this bracket; white space may stand before it. */
ALWAYS bool enter(struct msgc_reader *r, char **p, char bracket, struct msgc_loc *loc)
{
	if (MSGC__UNLIKELY(**p != bracket)) {
		*p = space(r, *p);
		if (**p != bracket)
			return false;
	}
	if (MSGC__UNLIKELY(r->depth >= r->max_depth))
		return false;
	r->depth++;
	loc->up = r->scope.at;
	r->scope.at = loc;
	return true;
}

ALWAYS void leave(struct msgc_reader *r, struct msgc_loc *loc)
{
	r->scope.at = loc->up;
	r->depth--;
}

/* ---- records ---- */

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

		found |= (uint32_t)(expect->len != 0 && alike(p - 1, expect)) << i;
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

/* The same members, or as many of them, in the order in which the contract has them. */
ALWAYS char *quick_members(struct msgc_reader *r, char *p, struct msgc_object *o,
        const struct msgc_type *type, char *value, uint64_t *ret_seen)
{
	const struct msgc_member *const members = type->record->members, *member = members;
	struct place at = {&o->at, NULL};
	const struct msgc_type *of;
	char *end, before = '{';
	void *to;

	/* A brace stands where the others have a comma. */
	if (MSGC__UNLIKELY(
	            !type->record->n_members || !member->expect.len || !alike(p, &member->expect)))
		goto other;
	for (;; member++) {
		p += member->expect.len;
		to = value + member->at;
		of = member->type;
		at.member = member;
		switch ((enum msgc_type_quick)member->expect.quick) {
		case MSGC_QUICK_STR: end = quick_str(r, p, to); break;
		case MSGC_QUICK_LEN: end = quick_len(r, p, of->text, to, at); break;
		case MSGC_QUICK_RUN: end = quick_shape(r, p, of, false, to); break;
		case MSGC_QUICK_PLACES: end = quick_shape(r, p, of, true, to); break;
		case MSGC_QUICK_BOOL: end = quick_bool(p, to); break;
		case MSGC_QUICK_INT: end = quick_int(p, of, to); break;
		case MSGC_QUICK_FLOAT64: end = take_float64(p, to); break;
		case MSGC_QUICK_ENUM: end = quick_enum(p, of, to); break;
		case MSGC_QUICK_RECORD:
			tell_place(at);
			end = quick_record(r, p, of, to);
			break;
		case MSGC_QUICK_LIST:
			tell_place(at);
			end = quick_list(r, p, of, to);
			break;
		case MSGC_QUICK_WHOLE: end = p; break;
		case MSGC_QUICK_END: *ret_seen = UINT64_MAX; return p;
		default: end = odd_member(r, p, member, value, at); break;
		}
		p = MSGC__LIKELY(end != NULL) ? end : slow_value(r, p, of, to, at);
		if (MSGC__UNLIKELY(!alike_all(p, &member[1].expect)))
			break;
	}
	before = ',';
	member++;
other:
	*ret_seen = member - members < 64 ? (UINT64_C(1) << (member - members)) - 1 : UINT64_MAX;
	return other_members(r, p, before, o, type, value, ret_seen);
}

/* What comes with a value beside its parts. */
static __attribute__((noinline)) char *run_rules(struct msgc_reader *r, char *p,
        const struct msgc_type *type, uint32_t refused, const void *value)
{
	r->at = p;
	msgc__read_rules(r, type, refused, value);
	return r->at;
}

ALWAYS char *record_at(struct msgc_reader *r, char *p, const struct msgc_type *type, char *value)
{
	const struct msgc_type_record *record = type->record;
	uint32_t refused = r->scope.refused;
	struct msgc_object o;
	uint64_t seen;

	if (MSGC__UNLIKELY(!enter(r, &p, '{', &o.at)))
		return slow_value(r, p, type, value, (struct place){NULL, NULL});
	o.stepped = r->stepped;
	if (MSGC__UNLIKELY(o.stepped != NULL))
		r->stepped = NULL;
	p = quick_members(r, p, &o, type, value, &seen);
	if (MSGC__UNLIKELY(record->must_come & ~seen)) {
		r->at = p;
		msgc_read_absent(r, &o, type, &seen, value);
		p = r->at;
	}
	leave(r, &o.at);
	if (MSGC__UNLIKELY(record->n_rules))
		p = run_rules(r, p, type, refused, value);
	return p;
}

static char *quick_record(struct msgc_reader *r, char *p, const struct msgc_type *type, char *value)
{
	return record_at(r, p, type, value);
}

/* ---- lists ---- */

/* An array on its way. */
struct quick_items {
	struct msgc_list l;
	struct msgc_items items;
	size_t size, room; /* of an item; for how many there is room, not more than there may be */
};

/* Behind an item or the opening bracket: on the next item, or NULL, and the reader behind the list. */
static char *find_item(struct msgc_reader *r, char *p, struct msgc_list *l)
{
	if (MSGC__LIKELY(l->count < l->max)) {
		p = space(r, p);
		if (*p == ']') {
			r->at = p + 1;
			return NULL;
		}
		if (*p == ',' && l->count) {
			char *item = space(r, p + 1);

			if (MSGC__LIKELY(*item != ']')) {
				l->at.index = l->count++;
				return item;
			}
		}
	}
	r->at = p;
	return msgc__read_item(r, l) ? r->at : NULL;
}

/*
 * Item n, where it does not follow at once, or there is no room for it. p: at the bracket or behind
 * an item. NULL: there is none, or no memory; the reader stands where it has to.
 */
static __attribute__((noinline)) char *other_item(
        struct msgc_reader *r, char *p, struct quick_items *to, size_t n)
{
	to->items.count = to->l.count = n;
	p = find_item(r, n ? p : p + 1, &to->l);
	if (p && n == to->items.cap) {
		if (!msgc__items_grow(r, &to->items, to->size, to->l.max))
			return NULL;
		to->room = to->items.cap < to->l.max ? to->items.cap : to->l.max;
	}
	return p;
}

/* All zeros. */
ALWAYS void clear(char *to, size_t size)
{
	size_t i = 0;

	for (; i + 16 <= size; i += 16) {
		msgc__store8(to + i, 0);
		msgc__store8(to + i + 8, 0);
	}
	for (; i + 8 <= size; i += 8)
		msgc__store8(to + i, 0);
	for (; i < size; i++)
		to[i] = 0;
}

/* Items of one kind: the loop is compiled once for each. `call` reads the item at p. */
#define QUICK_ITEMS(call)                                                                          \
	for (;; n++, item += size, before = ',') {                                                 \
		if (MSGC__LIKELY(                                                                  \
		            n < to->room && *p == before && (uint8_t)p[1] > ' ' && p[1] != ']')) { \
			p++;                                                                       \
		} else {                                                                           \
			p = other_item(r, p, to, n);                                               \
			if (!p)                                                                    \
				break;                                                             \
			item = to->items.bytes + n * size;                                         \
		}                                                                                  \
		to->l.at.index = n;                                                                \
		end = call;                                                                        \
		p = MSGC__LIKELY(end != NULL) ? end : slow_value(r, p, element, item, at);         \
	}

static void quick_items(
        struct msgc_reader *r, char *p, const struct msgc_type *element, struct quick_items *to)
{
	struct place at = {&to->l.at, NULL};
	size_t n = 0, size = to->size;
	char *item = NULL, *end, before = '[';

	switch ((enum msgc_type_quick)element->quick) {
	case MSGC_QUICK_FLOAT64: QUICK_ITEMS(take_float64(p, (void *)item)); break;
	case MSGC_QUICK_INT: QUICK_ITEMS(quick_int(p, element, item)); break;
	case MSGC_QUICK_LEN: QUICK_ITEMS(quick_len(r, p, element->text, (void *)item, at)); break;
	case MSGC_QUICK_RUN: QUICK_ITEMS(quick_shape(r, p, element, false, (void *)item)); break;
	case MSGC_QUICK_RECORD:
		QUICK_ITEMS((clear(item, size), quick_record(r, p, element, item)));
		break;
	default: QUICK_ITEMS((clear(item, size), quick_value(r, p, element, item, at)));
	}
	to->items.count = n;
}

static char *quick_list(struct msgc_reader *r, char *p, const struct msgc_type *type, void *value)
{
	const struct msgc_type_items *tables = type->items;
	uint32_t refused = r->scope.refused;
	struct quick_items to;
	struct msgc_list *l = &to.l;

	if (MSGC__UNLIKELY(!enter(r, &p, '[', &l->at)))
		return slow_value(r, p, type, value, (struct place){NULL, NULL});
	l->at.key.ptr = NULL;
	l->min = tables->min;
	l->max = tables->max;
	to.items.items = NULL;
	to.items.count = to.items.cap = 0;
	to.size = tables->item_size;
	to.room = 0;
	quick_items(r, p, tables->element, &to);
	msgc__items_trim(r, &to.items, to.size);
	memcpy(value, &(struct msgc__items){to.items.items, to.items.count},
	        sizeof(struct msgc__items));
	leave(r, &l->at);
	if (MSGC__UNLIKELY(l->count - l->min > l->max - l->min && !r->error))
		msgc_check_count(&r->scope, l->count, l->min, l->max);
	if (MSGC__UNLIKELY(type->flags & MSGC_TYPE_UNIQUE && r->scope.refused == refused))
		msgc_check_unique(&r->scope, type, value, r->arena);
	return r->at;
}

/* ---- into the kernels' table ---- */

/* A whole message: compiled into one function with its outermost record. */
static int kernel_decode(const struct msgc_type *type, char *text, size_t len,
        const struct msgc_decode_options *options, struct msgc_arena *arena, void *ret,
        struct msgc_problems *problems)
{
	struct msgc_reader r;
	int result;

	clear(ret, type->size);
	if (MSGC__LIKELY(msgc__reader_begin(&r, text, len, options, arena, problems))) {
		if (MSGC__LIKELY(type->quick == MSGC_QUICK_RECORD))
			r.at = record_at(&r, text, type, ret);
		else
			msgc_type_read(&r, type, ret);
		if (MSGC__LIKELY(r.at == r.end && !r.error && !r.scope.refused))
			return 0;
	}
	result = msgc_reader_close(&r);
	if (result)
		memset(ret, 0, type->size);
	return result;
}

static void kernel_read_record(struct msgc_reader *r, const struct msgc_type *type, void *value)
{
	r->at = quick_record(r, r->at, type, value);
}

static void kernel_read_list(struct msgc_reader *r, const struct msgc_type *type, void *value)
{
	r->at = quick_list(r, r->at, type, value);
}

#endif
