/* SPDX-License-Identifier: MIT */
/*
 * Values by their types' tables, as they usually come. What is not as usual is handed over where it
 * begins, one value at a time, to the code that is compiled once (type_read.c, reader_object.c),
 * which can do everything and tells problems. It knows no members and no items.
 */
#ifndef MSGC_CODEC_KERNEL_VALUE_H
#define MSGC_CODEC_KERNEL_VALUE_H

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
	msgc__read_by_tables(r, type, value);
	return r->at;
}

static __attribute__((noinline)) void check_len(struct msgc_reader *r,
        const struct msgc_type_text *limits, const struct msgc_str *v, struct place at)
{
	/* Bytes are characters, or up to four make one. */
	if (v->len <= limits->len_max && v->len / 4 >= limits->len_min)
		return;
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
	if (MSGC__UNLIKELY(high || v->len - limits->len_min > limits->len_max - limits->len_min))
		check_len(r, limits, v, at);
	return end;
}

ALWAYS char *quick_int(char *p, const struct msgc_type *type, void *value)
{
	int64_t v;
	char *end = take_int(p, true, &v);

	if (MSGC__UNLIKELY(!end || v < type->number->least || v > type->number->most))
		return NULL;
	if (MSGC__LIKELY(type->size == 8)) {
		*(int64_t *)value = v;
		return end;
	}
	switch (type->size) {
	case 4: *(int32_t *)value = (int32_t)v; break;
	case 2: *(int16_t *)value = (int16_t)v; break;
	default: *(int8_t *)value = (int8_t)v;
	}
	return end;
}

ALWAYS char *quick_shape(struct msgc_reader *r, char *p, const struct msgc_type *type,
        bool is_fixed, struct msgc_str *value)
{
	const struct msgc_shape *shape = type->text->patterns[0]->shape;

	if (MSGC__UNLIKELY(*p != '"'))
		return NULL;
	return is_fixed ? take_places(r, p + 1, shape, value) : take_run(r, p + 1, shape, value);
}

ALWAYS char *value_at(
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

static __attribute__((noinline)) char *quick_value(
        struct msgc_reader *r, char *p, const struct msgc_type *type, void *value, struct place at)
{
	return value_at(r, p, type, value, at);
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

/* All zeros. Most values are of a few blocks: a call of memset would cost more than these. */
ALWAYS void clear(char *to, size_t size)
{
	static const char zeros[BLOCK];
	const block none = block_load(zeros);
	size_t i = 0;

	if (MSGC__LIKELY(size >= BLOCK)) {
		block_store(to, none);
		block_store(to + size - BLOCK, none);
		if (size <= 2 * BLOCK)
			return;
		block_store(to + BLOCK, none);
		block_store(to + size - 2 * BLOCK, none);
		if (MSGC__UNLIKELY(size > 4 * BLOCK))
			memset(to + 2 * BLOCK, 0, size - 4 * BLOCK);
		return;
	}
	for (; i + 8 <= size; i += 8)
		msgc__store8(to + i, 0);
	for (; i < size; i++)
		to[i] = 0;
}

#endif
