/* SPDX-License-Identifier: MIT */
/*
 * Values as JSON by their types' tables: one call a message. The place in the buffer stays in a
 * register from the first brace to the last; before each member or item there is room for its name
 * and for any scalar that is no string. Where room cannot be had, and for kinds that are rare, the
 * code that is compiled once (type_write.c) writes it, to the byte; then it goes on here.
 */
#ifndef MSGC_CODEC_KERNEL_ENCODE_H
#define MSGC_CODEC_KERNEL_ENCODE_H

#include <math.h>

#include "digits.h"
#include "kernel_writer.h"
#include "types.h"

/* At the limit: more room, if there is any. Never NULL but in a buffer that has nothing. */
static __attribute__((noinline)) char *more_room(struct msgc_buf *out, char *to)
{
	out->len = (size_t)(to - out->data);
	msgc__buf_try(out, PEN_ROOM + 1);
	return out->data + out->len;
}

/* All others return behind what they wrote, NULL: out->error says why not. */

static __attribute__((noinline)) char *slow_write(
        struct msgc_buf *out, char *to, const struct msgc_type *type, const void *value)
{
	out->len = (size_t)(to - out->data);
	msgc__write_by_tables(out, type, value);
	return end_of(out);
}

/* A member behind others. is_beside: its tag is the entry before it. */
static __attribute__((noinline)) char *slow_member(struct msgc_buf *out, char *to,
        const struct msgc_member *member, bool is_beside, const void *record)
{
	out->len = (size_t)(to - out->data);
	msgc__write_member(out, member, is_beside, record, true);
	return end_of(out);
}

struct begun {
	char *to;
	const struct msgc_member *next;
};

/* The brace, and members up to the first that is there. */
static __attribute__((noinline)) struct begun first_members(
        struct msgc_buf *out, char *to, const struct msgc_member *member, const void *record)
{
	bool comma = false;

	out->len = (size_t)(to - out->data);
	msgc__write_raw(out, "{", 1);
	for (; !comma && member->expect.quick != MSGC_QUICK_END; member++)
		comma = msgc__write_member(out, member, false, record, false);
	return (struct begun){end_of(out), member};
}

/* From this member on to the closing brace, where there is no room for more than that. */
static __attribute__((noinline)) char *rest_of(struct msgc_buf *out, char *to,
        const struct msgc_member *member, const void *record, bool comma)
{
	out->len = (size_t)(to - out->data);
	if (!comma)
		msgc__write_raw(out, "{", 1);
	for (; member->expect.quick != MSGC_QUICK_END; member++)
		comma = msgc__write_member(out, member, false, record, comma);
	msgc__write_raw(out, "}", 1);
	return end_of(out);
}

/* ---- scalars ---- */

ALWAYS char *put_bool(char *to, bool v)
{
	/* Which of the two it is cannot be foreseen: no branch. */
	store4(to, load4(v ? "true" : "fals"));
	to[4] = 'e';
	return to + 5 - v;
}

/* Fewer than eight bytes. */
static __attribute__((noinline)) int64_t small_int(const struct msgc_type *type, const void *value)
{
	switch ((enum msgc_type_kind)type->kind) {
	case MSGC_KIND_INT8: return *(const int8_t *)value;
	case MSGC_KIND_INT16: return *(const int16_t *)value;
	case MSGC_KIND_INT32: return *(const int32_t *)value;
	case MSGC_KIND_UINT8: return *(const uint8_t *)value;
	case MSGC_KIND_UINT16: return *(const uint16_t *)value;
	default: return *(const uint32_t *)value;
	}
}

ALWAYS char *put_int(char *to, const struct msgc_type *type, const void *value)
{
	int64_t v =
	        MSGC__LIKELY(type->size == 8) ? *(const int64_t *)value : small_int(type, value);
	bool negative = (v < 0) & (type->kind != MSGC_KIND_UINT64);

	*to = '-';
	return put_uint64(to + negative, negative ? 0 - (uint64_t)v : (uint64_t)v);
}

ALWAYS char *put_float64(struct msgc_buf *out, char *to, double v)
{
	if (MSGC__LIKELY(isfinite(v)))
		return msgc__put_float64(to, v);
	out->error = MSGC_EINVAL;
	return NULL;
}

ALWAYS char *put_text(struct pen *pen, char *to, const void *value)
{
	const struct msgc_str *s = value;

	return put_str(pen, to, s->ptr, s->len, false);
}

/* What has a shape is short. */
ALWAYS char *put_word(struct pen *pen, char *to, const void *value)
{
	const struct msgc_str *s = value;

	return put_str(pen, to, s->ptr, s->len, true);
}

ALWAYS char *put_enum(struct pen *pen, char *to, const struct msgc_type *type, const void *value)
{
	const struct msgc_type_enum *values = type->values;
	uint32_t number = (uint32_t)msgc__enum_at(value);
	const struct msgc_literal *literal;

	/* Words are numbered from 0 on. */
	if (MSGC__UNLIKELY(number >= values->n_values)) {
		pen->out->error = MSGC_EINVAL;
		return NULL;
	}
	literal = &values->values[number].literal;
	return put_str(pen, to, literal->text, literal->len, true);
}

/* ---- what holds others ---- */

static char *put_list(
        struct msgc_buf *out, char *to, const struct msgc_type *type, const void *value);
static char *record_apart(
        struct msgc_buf *out, char *to, const struct msgc_type *type, const void *value);
static char *put_rare(
        struct msgc_buf *out, char *to, const struct msgc_type *type, const void *value);

/* Any value, where there is PEN_ROOM less a name. */
static __attribute__((noinline)) char *put_any(
        struct msgc_buf *out, char *to, const struct msgc_type *type, const void *value)
{
	struct pen pen = {out, NULL};

	switch ((enum msgc_type_quick)type->quick) {
	case MSGC_QUICK_STR:
	case MSGC_QUICK_LEN:
	case MSGC_QUICK_RUN:
	case MSGC_QUICK_PLACES: return put_text(&pen, to, value);
	case MSGC_QUICK_BOOL: return put_bool(to, *(const bool *)value);
	case MSGC_QUICK_INT: return put_int(to, type, value);
	case MSGC_QUICK_FLOAT64: return put_float64(out, to, *(const double *)value);
	case MSGC_QUICK_ENUM: return put_enum(&pen, to, type, value);
	case MSGC_QUICK_RECORD: return record_apart(out, to, type, value);
	case MSGC_QUICK_LIST: return put_list(out, to, type, value);
	default: break;
	}
	if (type->kind == MSGC_KIND_STR)
		return put_text(&pen, to, value);
	return put_rare(out, to, type, value);
}

/* A member that may be absent or null, or is of a rare kind. Its name stands before `to`. */
static __attribute__((noinline)) char *put_odd(
        struct msgc_buf *out, char *to, const struct msgc_member *member, const char *record)
{
	unsigned shape = member->shape;
	size_t len = member->expect.len;

	if (shape & (MSGC_SHAPE_BOXED | MSGC_SHAPE_NO_VALUE) || !member->type ||
	        member->expect.text[0] != ',')
		return slow_member(out, to - len, member, false, record);
	if (shape & MSGC_SHAPE_OPTIONAL && !msgc__bool_at(record + member->has_at))
		return to - len;
	if (shape & MSGC_SHAPE_NULLABLE && msgc__bool_at(record + member->null_at)) {
		store4(to, load4("null"));
		return to + 4;
	}
	return put_any(out, to, member->type, record + member->at);
}

/* A comma, the name, a colon. */
ALWAYS void put_name(char *to, const struct msgc_member *member)
{
#if BLOCK == 32
	block_store(to, block_load(member->expect.text));
#else
	memcpy(to, member->expect.text, sizeof member->expect.text);
#endif
}

/* A record on its way, and where it goes on behind the one inside it. */
struct open_value {
	const struct msgc_member *member;
	const char *value;
};

#define VALUES_OPEN 3 /* so many inside each other without a call */

/* There need not be any room. Not one that can hold itself. */
ALWAYS char *put_record(struct pen *pen, char *to, const struct msgc_type *type, const char *value)
{
	struct open_value open[VALUES_OPEN], *now = open;
	const struct msgc_member *member;
	const struct msgc_type *of;
	const char *part;

begin:
	member = type->record->members;
	if (MSGC__UNLIKELY(to >= pen->limit)) {
		to = more_room(pen->out, to);
		pen_look(pen);
		if (to >= pen->limit) {
			to = rest_of(pen->out, to, member, value, false);
			pen_look(pen);
			goto leave;
		}
	}
	if (MSGC__UNLIKELY(member->expect.quick == MSGC_QUICK_ODD)) {
		struct begun begun = first_members(pen->out, to, member, value);

		to = begun.to;
		member = begun.next;
		pen_look(pen);
		goto next;
	}
	put_name(to, member);
	*to = '{';
	for (;;) {
		to += member->expect.len;
		part = value + member->at;
		of = member->type;
		switch ((enum msgc_type_quick)member->expect.quick) {
		case MSGC_QUICK_STR:
		case MSGC_QUICK_LEN: to = put_text(pen, to, part); break;
		case MSGC_QUICK_RUN:
		case MSGC_QUICK_PLACES: to = put_word(pen, to, part); break;
		case MSGC_QUICK_BOOL: to = put_bool(to, *(const bool *)part); break;
		case MSGC_QUICK_INT: to = put_int(to, of, part); break;
		case MSGC_QUICK_FLOAT64:
			to = put_float64(pen->out, to, *(const double *)part);
			break;
		case MSGC_QUICK_ENUM: to = put_enum(pen, to, of, part); break;
		case MSGC_QUICK_RECORD:
			if (MSGC__LIKELY(now < open + VALUES_OPEN - 1 &&
			            !(of->flags & MSGC_TYPE_RECURSIVE))) {
				now->member = member;
				now->value = value;
				now++;
				type = of;
				value = part;
				goto begin;
			}
			to = record_apart(pen->out, to, of, part);
			pen_look(pen);
			break;
		case MSGC_QUICK_LIST:
			to = put_list(pen->out, to, of, part);
			pen_look(pen);
			break;
		case MSGC_QUICK_WHOLE: break;
		case MSGC_QUICK_END: goto leave;
		case MSGC_QUICK_NONE:
		case MSGC_QUICK_ODD:
			to = put_odd(pen->out, to, member, value);
			pen_look(pen);
			break;
		default: MSGC__NEVER();
		}
	behind:
		member++;
	next:
		if (MSGC__UNLIKELY(!to))
			return NULL;
		if (MSGC__UNLIKELY(to >= pen->limit)) {
			to = more_room(pen->out, to);
			pen_look(pen);
			if (to >= pen->limit) {
				to = rest_of(pen->out, to, member, value, true);
				pen_look(pen);
				goto leave;
			}
		}
		put_name(to, member);
	}
leave:
	if (now == open)
		return to;
	now--;
	value = now->value;
	member = now->member;
	goto behind;
}

static bool pen_enter(struct msgc_buf *out, const struct msgc_type *type)
{
	return !(type->flags & MSGC_TYPE_RECURSIVE) || msgc_write_enter(out);
}

static void pen_leave(struct msgc_buf *out, const struct msgc_type *type)
{
	if (type->flags & MSGC_TYPE_RECURSIVE)
		msgc_write_leave(out);
}

static __attribute__((noinline)) char *record_apart(
        struct msgc_buf *out, char *to, const struct msgc_type *type, const void *value)
{
	struct pen pen = {out, NULL};

	if (!pen_enter(out, type))
		return NULL;
	pen_look(&pen);
	to = put_record(&pen, to, type, value);
	pen_leave(out, type);
	return to;
}

/* ---- lists ---- */

/* A bracket or comma and what it stands before, where there is no room for more than that. */
static __attribute__((noinline)) char *exact_item(struct msgc_buf *out, char *to, char before,
        const struct msgc_type *type, const void *value)
{
	out->len = (size_t)(to - out->data);
	msgc__write_raw(out, &before, 1);
	msgc__write_by_tables(out, type, value);
	return end_of(out);
}

static __attribute__((noinline)) char *exact_end(struct msgc_buf *out, char *to, char end)
{
	out->len = (size_t)(to - out->data);
	msgc__write_raw(out, &end, 1);
	return end_of(out);
}

/* Items of one kind: the loop is compiled once for each. */
#define PUT_ITEMS(call)                                                                            \
	for (; item < end; item += size, before = ',') {                                           \
		if (MSGC__UNLIKELY(to >= pen.limit)) {                                             \
			to = more_room(out, to);                                                   \
			pen_look(&pen);                                                            \
		}                                                                                  \
		if (MSGC__LIKELY(to < pen.limit)) {                                                \
			*to++ = before;                                                            \
			to = call;                                                                 \
		} else {                                                                           \
			to = exact_item(out, to, before, element, item);                           \
			pen_look(&pen);                                                            \
		}                                                                                  \
		if (MSGC__UNLIKELY(!to))                                                           \
			return NULL;                                                               \
	}

/* There is an item. */
ALWAYS char *put_items(struct msgc_buf *out, char *to, const struct msgc_type_items *items,
        struct msgc__items list)
{
	const struct msgc_type *element = items->element;
	size_t size = items->item_size;
	const char *item = list.items, *end = item + list.count * size;
	enum msgc_type_quick how = (enum msgc_type_quick)element->quick;
	struct pen pen = {out, NULL};
	char before = '[';

	if (element->flags & MSGC_TYPE_RECURSIVE) /* whose depth is counted */
		how = MSGC_QUICK_NONE;
	pen_look(&pen);
	switch (how) {
	case MSGC_QUICK_STR:
	case MSGC_QUICK_LEN: PUT_ITEMS(put_text(&pen, to, item)); break;
	case MSGC_QUICK_RUN:
	case MSGC_QUICK_PLACES: PUT_ITEMS(put_word(&pen, to, item)); break;
	case MSGC_QUICK_INT: PUT_ITEMS(put_int(to, element, item)); break;
	case MSGC_QUICK_RECORD: PUT_ITEMS(put_record(&pen, to, element, item)); break;
	default: PUT_ITEMS((to = put_any(out, to, element, item), pen_look(&pen), to));
	}
	if (MSGC__UNLIKELY(to >= pen.limit))
		return exact_end(out, to, ']');
	*to++ = ']';
	return to;
}

/* There is room for brackets. */
static __attribute__((noinline)) char *put_list(
        struct msgc_buf *out, char *to, const struct msgc_type *type, const void *value)
{
	const struct msgc_type_items *items = type->items;
	struct msgc__items list = msgc__items_at(value);

	if (MSGC__UNLIKELY(list.count == 0)) {
		memcpy(to, "[]", 2);
		return to + 2;
	}
	if (items->element->quick == MSGC_QUICK_FLOAT64) {
		out->len = (size_t)(to - out->data);
		msgc_write_float64s(out, list.items, list.count);
		return end_of(out);
	}
	if (MSGC__UNLIKELY(!pen_enter(out, type)))
		return NULL;
	to = put_items(out, to, items, list);
	pen_leave(out, type);
	return to;
}

/* ---- entries ---- */

static void kernel_write(struct msgc_buf *out, const struct msgc_type *type, const void *value)
{
	char *to;

	if (out->error)
		return;
	if (MSGC__UNLIKELY(out->cap - out->len < PEN_ROOM && !msgc__buf_try(out, PEN_ROOM))) {
		msgc__write_by_tables(out, type, value);
		return;
	}
	to = put_any(out, out->data + out->len, type, value);
	if (MSGC__LIKELY(to != NULL))
		out->len = (size_t)(to - out->data);
}

/* A whole message: compiled into one function with its outermost record. */
static int kernel_encode(const struct msgc_type *type, const void *value, struct msgc_buf *out)
{
	struct pen pen = {out, NULL};
	size_t start = out->len;
	char *to;
	int error;

	if (MSGC__LIKELY(type->quick == MSGC_QUICK_RECORD && !out->error && out->data &&
	            !(type->flags & MSGC_TYPE_RECURSIVE))) {
		pen_look(&pen);
		to = put_record(&pen, out->data + start, type, value);
		if (MSGC__LIKELY(to != NULL)) {
			out->len = (size_t)(to - out->data);
			return 0;
		}
		error = out->error;
		out->error = 0;
		out->len = start;
		return error;
	}
	start = msgc_write_begin(out);
	msgc_type_write(out, type, value);
	return msgc_write_end(out, start);
}

#endif
