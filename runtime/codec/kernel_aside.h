/* SPDX-License-Identifier: MIT */
/*
 * What generated readers leave to the kernels: a value that is not as usual, the rest of a record
 * whose members come in another order, an item that does not follow at once. A reader that has
 * handed over goes on where it is told to, or has handed over all of its value. It knows nothing of
 * what is usual.
 */
#ifndef MSGC_CODEC_KERNEL_ASIDE_H
#define MSGC_CODEC_KERNEL_ASIDE_H

#include "kernel_list.h"

/* Nothing of the record has been read. */
static char *aside_record(struct msgc_reader *r, char *p, const struct msgc_type *type, void *value)
{
	return record_at(r, p, type, value);
}

/* The record is open, and the first n members are read, but for those in `absent`. */
static char *aside_rest(struct msgc_reader *r, char *p, const struct msgc_type *type, size_t n,
        uint64_t absent, void *value)
{
	const struct msgc_type_record *record = type->record;
	uint64_t seen = (n < 64 ? (UINT64_C(1) << n) - 1 : UINT64_MAX) & ~absent;
	struct msgc_loc *open = r->scope.at;
	struct open_record now;

	now.o.at.up = open->up;
	now.o.stepped = NULL;
	now.type = type;
	now.value = value;
	r->scope.at = &now.o.at;
	p = other_members(r, p, ',', &now.o, type, value, &seen);
	if (record->must_come & ~seen)
		p = read_absent(r, p, &now, &seen);
	leave(r, &now.o.at);
	return p;
}

/* A member's value, whatever it is. */
static char *aside_member(
        struct msgc_reader *r, char *p, const struct msgc_type *type, size_t index, void *value)
{
	const struct msgc_member *member = &type->record->members[index];
	struct place at = {r->scope.at, member};

	if (member->shape)
		return odd_member(r, p, member, value, at);
	return quick_value(r, p, member->type, (char *)value + member->at, at);
}

/* The same of a member that is there and not null; not as usual. */
static char *aside_value(
        struct msgc_reader *r, char *p, const struct msgc_type *type, size_t index, void *value)
{
	const struct msgc_member *member = &type->record->members[index];

	return slow_value(r, p, member->type, (char *)value + member->at,
	        (struct place){r->scope.at, member});
}

/* A string that was read: more bytes than characters may be, or fewer, or no ASCII. */
static void aside_len(
        struct msgc_reader *r, const struct msgc_type *type, size_t index, void *value)
{
	const struct msgc_member *member = &type->record->members[index];

	check_len(r, member->type->text, (const void *)((char *)value + member->at),
	        (struct place){r->scope.at, member});
}

/* Nothing of the list has been read. */
static char *aside_list(struct msgc_reader *r, char *p, const struct msgc_type *type, void *value)
{
	return quick_list(r, p, type, value);
}

static char *aside_item(struct msgc_reader *r, char *p, const struct msgc_type *list,
        struct msgc__room *to, size_t n)
{
	return other_item(r, p, list->items, to, n);
}

static char *aside_item_value(struct msgc_reader *r, char *p, const struct msgc_type *list,
        struct msgc__room *to, size_t n, void *item)
{
	to->l.at.index = n;
	return slow_value(r, p, list->items->element, item, (struct place){&to->l.at, NULL});
}

static void aside_item_len(struct msgc_reader *r, const struct msgc_type *list,
        struct msgc__room *to, size_t n, const void *item)
{
	to->l.at.index = n;
	check_len(r, list->items->element->text, item, (struct place){&to->l.at, NULL});
}

/* All items are read. */
static void aside_items(struct msgc_reader *r, const struct msgc_type *list, size_t n,
        uint32_t refused, const void *value)
{
	check_items(r, list, n, refused, value);
}

static const struct msgc__aside kernel_aside = {
        .record = aside_record,
        .rest = aside_rest,
        .member = aside_member,
        .value = aside_value,
        .len = aside_len,
        .list = aside_list,
        .item = aside_item,
        .item_value = aside_item_value,
        .item_len = aside_item_len,
        .items = aside_items,
        .take_escaped = take_escaped,
        .run_on = class_run_on,
        .utf8_valid = u8_valid_padded,
};

#endif
