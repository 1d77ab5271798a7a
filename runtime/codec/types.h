/* SPDX-License-Identifier: MIT */
/*
 * What the files that work by a type's tables (type_*.c) share: looking into values whose C type
 * only the tables know. It must not know any contract, nor what is done with the parts.
 *
 * Pointers and counts are copied in and out by memcpy, because the struct that holds them has
 * another type than any that stands here.
 */
#ifndef MSGC_CODEC_TYPES_H
#define MSGC_CODEC_TYPES_H

#include <msgc/type.h>

#include "internal.h"

static inline const char *msgc__part(const void *value, size_t at)
{
	return (const char *)value + at;
}

static inline const void *msgc__pointer_at(const void *at)
{
	const void *pointer;

	memcpy(&pointer, at, sizeof pointer);
	return pointer;
}

static inline bool msgc__bool_at(const void *at)
{
	return *(const bool *)at;
}

static inline int32_t msgc__enum_at(const void *at)
{
	int32_t number;

	memcpy(&number, at, sizeof number);
	return number;
}

static inline struct msgc__items msgc__items_at(const void *at)
{
	struct msgc__items items;

	memcpy(&items, at, sizeof items);
	return items;
}

enum msgc__presence { MSGC__ABSENT, MSGC__NULL, MSGC__VALUE };

/* What the struct holds of this member; *ret_value: where, NULL where C holds nothing. */
enum msgc__presence msgc__look(
        const struct msgc_member *member, const void *record, const void **ret_value);
/* The same of an element of a list or the value of a map's entry. */
static inline enum msgc__presence msgc__look_item(
        const struct msgc_type_items *items, const void *item, const void **ret_value)
{
	*ret_value = msgc__part(item, items->value_at);
	return items->is_wrapped && msgc__bool_at(msgc__part(item, items->null_at)) ? MSGC__NULL
	                                                                            : MSGC__VALUE;
}

/* The arm of a union or choice that its kind says; NULL: none. */
const struct msgc_arm *msgc__arm_of(const struct msgc_type_union *u, const void *value);
/* Where the arm's value is; NULL: nowhere (no value, or a box that is empty). */
const void *msgc__arm_value(
        const struct msgc_type_union *u, const struct msgc_arm *arm, const void *value);
/* The member's value is a union whose tag stands beside it, in the entry before. */
static inline bool msgc__is_beside(const struct msgc_type_record *record, size_t index)
{
	return index > 0 && record->members[index - 1].role & MSGC_ROLE_BESIDE;
}
/* A member of the envelope that may stand in this message; beside NULL: it is none. */
bool msgc__is_envelope(const struct msgc_beside *beside, struct msgc_str name);
/* A name that no further member may have. */
bool msgc__is_taken(const struct msgc_type_record *record, struct msgc_str name);
/* The else arm of this union, and it keeps its tag. */
static inline bool msgc__is_else(const struct msgc_type_union *u, const struct msgc_arm *arm)
{
	return u->has_else && arm == &u->arms[u->n_arms - 1];
}

/* ---- names ---- */

/* The entry that this text or number is the literal of, or SIZE_MAX. */
size_t msgc__find_enum_number(const struct msgc_type_enum *values, int32_t number);
size_t msgc__find_literal_int(const struct msgc_type_enum *values, int64_t number);
size_t msgc__find_literal_bool(const struct msgc_type_enum *values, bool value);
size_t msgc__find_tag(const struct msgc_type_union *u, struct msgc_str tag);
size_t msgc__find_tag_int(const struct msgc_type_union *u, int64_t number);

/* ---- one value, nested; what the public functions begin ---- */

/* The limits of a scalar on a value that is one. number: the text it was read from, or ptr NULL. */
void msgc__check_limits(struct msgc_scope *s, const struct msgc_type *type, const void *value,
        struct msgc_str number);
void msgc__run_checks(struct msgc_scope *s, const struct msgc_type *type, const void *value);
void msgc__run_rules(
        struct msgc_scope *s, const struct msgc_type_record *record, const void *value);

void msgc__validate(struct msgc_scope *s, const struct msgc_type *type, const void *value);
bool msgc__equal(const struct msgc_type *type, const void *a, const void *b, unsigned depth);
uint64_t msgc__hash(uint64_t so_far, const struct msgc_type *type, const void *v, unsigned depth);
/* Of one element of a list. */
bool msgc__item_equal(
        const struct msgc_type_items *items, const void *a, const void *b, unsigned depth);
uint64_t msgc__item_hash(
        uint64_t so_far, const struct msgc_type_items *items, const void *item, unsigned depth);
/* The value of a member, into the record. */
void msgc__read_record_member(
        struct msgc_reader *r, const struct msgc_member *member, char *record);
/* By the tables alone; its parts go the usual way. */
void msgc__read_by_tables(struct msgc_reader *r, const struct msgc_type *type, void *value);
void msgc__write_by_tables(struct msgc_buf *out, const struct msgc_type *type, const void *value);
/*
 * One member, behind a comma if there is one before it; returns whether there is one before the
 * next. is_beside: its tag is the entry before it.
 */
bool msgc__write_member(struct msgc_buf *out, const struct msgc_member *member, bool is_beside,
        const void *record, bool comma);
/* All further members. */
void msgc__write_further(
        struct msgc_buf *out, const struct msgc_type_record *record, const void *value, bool comma);
void msgc__read_scalar(struct msgc_reader *r, const struct msgc_type *type, void *value);
void msgc__write_scalar(struct msgc_buf *out, const struct msgc_type *type, const void *value);
void msgc__read_constant(struct msgc_reader *r, const struct msgc_type *type);
void msgc__read_enum(struct msgc_reader *r, const struct msgc_type *type, void *value);
void msgc__write_enum(struct msgc_buf *out, const struct msgc_type *type, const void *value);
void msgc__write_literal(struct msgc_buf *out, const struct msgc_literal *literal);

/* Which of MSGC_JSON_... the value at p begins; 0: none. */
unsigned msgc__json_kind(char c);

/* A string in one list of a struct may be unique without scratch memory; see unique.c. */
bool msgc__unique_keys(const void *entries, size_t count, size_t width);

/* ---- unions ---- */

/* by: the discriminator's name, which is another where the tag stands beside the union. */
void msgc__refuse_union(
        struct msgc_scope *s, const struct msgc_type_union *u, const char *by, bool is_unset);
/* The reader stands on a tag: chooses the arm. False: refused, or the reader has stopped. */
bool msgc__read_tag(
        struct msgc_reader *r, const struct msgc_type_union *u, const char *by, void *value);
/* The value alone of the arm that was chosen. */
void msgc__read_arm(struct msgc_reader *r, const struct msgc_type_union *u, void *value);
void msgc__read_union(struct msgc_reader *r, const struct msgc_type *type, void *value);
void msgc__read_choice(struct msgc_reader *r, const struct msgc_type *type, void *value);
/* is_beside: the tag is no part of the value. */
void msgc__validate_union(struct msgc_scope *s, const struct msgc_type_union *u, const void *value,
        const char *by, bool is_beside);

/* ---- parts of records and maps ---- */

/* Key and value of a map's entry; the key's text has been read. */
void msgc__read_entry_value(
        struct msgc_reader *r, const struct msgc_type_items *map, struct msgc_str key, char *entry);
/* requires and checks, if nothing of the value was refused. */
void msgc__read_rules(
        struct msgc_reader *r, const struct msgc_type *type, uint32_t refused, const void *value);

static inline void msgc__fail(struct msgc_buf *out, int error)
{
	if (!out->error)
		out->error = error;
}

#endif
