/* SPDX-License-Identifier: MIT */
/*
 * What is seldom written: maps, lists with null among their items, and records that are not read
 * quickly (very many members, further ones, a tag beside its union). Where there is no room for
 * more than a value takes, and for all that has no words here, the tables do it byte by byte. The
 * usual kinds are in kernel_encode.h.
 */
#ifndef MSGC_CODEC_KERNEL_RARE_H
#define MSGC_CODEC_KERNEL_RARE_H

#include "kernel_encode.h"

/* Room for a name and a value, if there is any to be had. */
ALWAYS char *look_for_room(struct pen *pen, char *to)
{
	pen_look(pen);
	if (MSGC__UNLIKELY(to >= pen->limit)) {
		to = more_room(pen->out, to);
		pen_look(pen);
	}
	return to;
}

/* ---- maps, and lists with null among their items ---- */

ALWAYS bool is_null(const struct msgc_type_items *items, const char *entry)
{
	return items->is_wrapped && msgc__bool_at(entry + items->null_at);
}

/* The value of an entry, or an item, behind a colon, bracket or comma. */
static __attribute__((noinline)) char *exact_value(struct msgc_buf *out, char *to, char before,
        const struct msgc_type_items *items, const char *entry)
{
	out->len = (size_t)(to - out->data);
	msgc__write_raw(out, &before, 1);
	if (is_null(items, entry))
		msgc_write_lit(out, "null");
	else
		msgc__write_by_tables(out, items->element, entry + items->value_at);
	return end_of(out);
}

/* A key behind a brace or comma. */
static __attribute__((noinline)) char *exact_key(
        struct msgc_buf *out, char *to, char before, const struct msgc_str *key)
{
	size_t start = (size_t)(to - out->data);

	out->len = start;
	msgc__write_raw(out, &before, 1);
	return out->error ? NULL : exact_str(out, out->len, key->ptr, key->len);
}

/* An entry or item, behind `before`. There need not be any room. */
ALWAYS char *put_entry(
        struct pen *pen, char *to, char before, const struct msgc_type *type, const char *entry)
{
	const struct msgc_type_items *items = type->items;
	const struct msgc_str *key = (const void *)entry;

	to = look_for_room(pen, to);
	if (type->kind == MSGC_KIND_MAP) {
		if (MSGC__LIKELY(to < pen->limit)) {
			*to = before;
			to = put_text(pen, to + 1, key);
		} else {
			to = exact_key(pen->out, to, before, key);
		}
		if (MSGC__UNLIKELY(!to))
			return NULL;
		to = look_for_room(pen, to);
		before = ':';
	}
	if (MSGC__UNLIKELY(to >= pen->limit))
		return exact_value(pen->out, to, before, items, entry);
	*to++ = before;
	if (is_null(items, entry)) {
		store4(to, load4("null"));
		return to + 4;
	}
	return put_any(pen->out, to, items->element, entry + items->value_at);
}

/* There is room for brackets. */
static __attribute__((noinline)) char *put_entries(
        struct msgc_buf *out, char *to, const struct msgc_type *type, const void *value)
{
	struct msgc__items list = msgc__items_at(value);
	const char *entry = list.items;
	bool is_map = type->kind == MSGC_KIND_MAP;
	struct pen pen = {out, NULL};
	char before = is_map ? '{' : '[';

	if (list.count == 0) {
		memcpy(to, is_map ? "{}" : "[]", 2);
		return to + 2;
	}
	for (size_t i = 0; i < list.count; i++) {
		to = put_entry(&pen, to, before, type, entry);
		if (MSGC__UNLIKELY(!to))
			return NULL;
		entry += type->items->item_size;
		before = ',';
	}
	return exact_end(out, to, is_map ? '}' : ']');
}

/* ---- records ---- */

/* A member behind others. There need not be any room, nor an expected text: tables need not be msgc's. */
ALWAYS char *put_later_member(struct pen *pen, char *to, const struct msgc_type_record *record,
        size_t index, const char *value)
{
	const struct msgc_member *member = &record->members[index];

	to = look_for_room(pen, to);
	if (to >= pen->limit || !member->expect.len || msgc__is_beside(record, index))
		return slow_member(pen->out, to, member, msgc__is_beside(record, index), value);
	put_name(to, member);
	to += member->expect.len;
	switch ((enum msgc_type_quick)member->expect.quick) {
	case MSGC_QUICK_WHOLE: return to;
	case MSGC_QUICK_ODD: return put_odd(pen->out, to, member, value);
	default: return put_any(pen->out, to, member->type, value + member->at);
	}
}

static __attribute__((noinline)) char *put_rare_record(
        struct msgc_buf *out, char *to, const struct msgc_type *type, const char *value)
{
	const struct msgc_type_record *record = type->record;
	struct pen pen = {out, NULL};
	bool comma = false;
	size_t i;

	out->len = (size_t)(to - out->data);
	msgc__write_raw(out, "{", 1);
	for (i = 0; !comma && i < record->n_members; i++)
		comma = msgc__write_member(
		        out, &record->members[i], msgc__is_beside(record, i), value, false);
	to = end_of(out);
	for (; to && i < record->n_members; i++)
		to = put_later_member(&pen, to, record, i, value);
	if (MSGC__UNLIKELY(!to))
		return NULL;
	out->len = (size_t)(to - out->data);
	if (record->further)
		msgc__write_further(out, record, value, comma);
	msgc__write_raw(out, "}", 1);
	return end_of(out);
}

/* ---- all of them ---- */

static __attribute__((noinline)) char *put_rare(
        struct msgc_buf *out, char *to, const struct msgc_type *type, const void *value)
{
	bool is_record = type->kind == MSGC_KIND_RECORD;

	if (!is_record && type->kind != MSGC_KIND_MAP && type->kind != MSGC_KIND_LIST)
		return slow_write(out, to, type, value);
	if (MSGC__UNLIKELY(!pen_enter(out, type)))
		return NULL;
	to = is_record ? put_rare_record(out, to, type, value) : put_entries(out, to, type, value);
	pen_leave(out, type);
	return to;
}

#endif
