/* SPDX-License-Identifier: MIT */
/*
 * Values as JSON by their type's tables, byte by byte: what the kernels leave over. Parts go back to
 * them, through msgc_type_write. How scalars are written is elsewhere (type_scalar.c).
 */
#include "types.h"

static void write_key(struct msgc_buf *out, const struct msgc_member *member, bool comma)
{
	size_t len = member->wire_len;
	char *to;

	if (member->role & MSGC_ROLE_ESCAPED) {
		if (comma)
			msgc_write_lit(out, ",");
		msgc_write_str(out, msgc_str_of(member->wire, len));
		msgc_write_lit(out, ":");
		return;
	}
	to = msgc_buf_reserve(out, len + 4);
	if (!to)
		return;
	*to = ',';
	to += comma;
	*to = '"';
	memcpy(to + 1, member->wire, len);
	memcpy(to + 1 + len, "\":", 2);
	out->len += len + 3 + comma;
}

static void write_presence(struct msgc_buf *out, const struct msgc_type *type,
        enum msgc__presence presence, const void *value)
{
	if (presence == MSGC__NULL)
		msgc_write_lit(out, "null");
	else
		msgc_type_write(out, type, value);
}

/* The tag that stands beside a union, before it. */
static void write_beside(struct msgc_buf *out, const struct msgc_type_union *u, const void *value)
{
	const struct msgc_arm *arm = msgc__arm_of(u, value);
	struct msgc_str tag;
	int64_t number;

	if (!arm) {
		msgc__fail(out, MSGC_EINVAL);
	} else if (!msgc__is_else(u, arm)) {
		msgc__write_literal(out, &arm->tag);
	} else if (u->else_int) {
		memcpy(&number, msgc__part(value, u->tag_at), sizeof number);
		msgc_write_int64(out, number);
	} else {
		memcpy(&tag, msgc__part(value, u->tag_at), sizeof tag);
		msgc_write_str(out, tag);
	}
}

/* The value of the arm, whose tag is written elsewhere. */
static void write_alone(struct msgc_buf *out, const struct msgc_type *type, const void *value)
{
	const struct msgc_type_union *u = type->arms;
	const struct msgc_arm *arm = msgc__arm_of(u, value);
	const void *part = arm ? msgc__arm_value(u, arm, value) : NULL;
	bool is_counted = type->flags & MSGC_TYPE_RECURSIVE;

	if (!arm || (!part && !(arm->shape & MSGC_SHAPE_NO_VALUE))) {
		msgc__fail(out, MSGC_EINVAL);
	} else if (!is_counted || msgc_write_enter(out)) {
		msgc_type_write(out, arm->type, part);
		if (is_counted)
			msgc_write_leave(out);
	}
}

bool msgc__write_member(struct msgc_buf *out, const struct msgc_member *member, bool is_beside,
        const void *record, bool comma)
{
	const void *value;
	enum msgc__presence presence;

	if (member->role & (MSGC_ROLE_REF | MSGC_ROLE_REF_INT)) {
		msgc_buf_append_str(out, comma ? ",null" : "null");
		return true;
	}
	if (!member->type) /* what stands beside members, and is written with them or not at all */
		return comma;
	presence = msgc__look(member, record, &value);
	if (presence == MSGC__ABSENT) {
		if (!(member->shape & MSGC_SHAPE_OPTIONAL))
			msgc__fail(out, MSGC_EINVAL);
		return comma;
	}
	if (is_beside) {
		write_key(out, member - 1, comma);
		write_beside(out, member->type->arms, value);
		write_key(out, member, true);
		write_alone(out, member->type, value);
		return true;
	}
	if (member->wire)
		write_key(out, member, comma);
	else if (comma)
		msgc_write_lit(out, ",");
	write_presence(out, member->type, presence, value);
	return true;
}

void msgc__write_further(
        struct msgc_buf *out, const struct msgc_type_record *record, const void *value, bool comma)
{
	const struct msgc_type_items *map = record->further->items;
	struct msgc__items further = msgc__items_at(msgc__part(value, record->further_at));
	const char *entry;
	struct msgc_str key;
	const void *part;

	for (size_t i = 0; i < further.count; i++) {
		enum msgc__presence presence;

		entry = msgc__part(further.items, i * map->item_size);
		memcpy(&key, entry, sizeof key);
		if (msgc__is_taken(record, key))
			msgc__fail(out, MSGC_EINVAL);
		if (comma)
			msgc_write_lit(out, ",");
		msgc_write_str(out, key);
		msgc_write_lit(out, ":");
		presence = msgc__look_item(map, entry, &part);
		write_presence(out, map->element, presence, part);
		comma = true;
	}
}

/* The last elements of a tuple may be absent together. */
static bool has_gap(const struct msgc_type_record *tuple, const void *value)
{
	bool absent = false;
	const void *part;

	for (size_t i = 0; i < tuple->n_members; i++) {
		if (msgc__look(&tuple->members[i], value, &part) == MSGC__ABSENT)
			absent = true;
		else if (absent)
			return true;
	}
	return false;
}

static void write_record(struct msgc_buf *out, const struct msgc_type *type, const void *value)
{
	const struct msgc_type_record *record = type->record;
	bool is_tuple = type->kind == MSGC_KIND_TUPLE, comma = false;

	if (is_tuple && has_gap(record, value))
		msgc__fail(out, MSGC_EINVAL);
	msgc__write_raw(out, is_tuple ? "[" : "{", 1);
	for (size_t i = 0; i < record->n_members; i++)
		comma = msgc__write_member(
		        out, &record->members[i], msgc__is_beside(record, i), value, comma);
	if (record->further)
		msgc__write_further(out, record, value, comma);
	msgc__write_raw(out, is_tuple ? "]" : "}", 1);
}

static void write_items(struct msgc_buf *out, const struct msgc_type *type, const void *value)
{
	const struct msgc_type_items *items = type->items;
	struct msgc__items list = msgc__items_at(value);
	bool is_map = type->kind == MSGC_KIND_MAP;
	const char *item;
	const void *part;
	struct msgc_str key;

	msgc__write_raw(out, is_map ? "{" : "[", 1);
	for (size_t i = 0; i < list.count; i++) {
		enum msgc__presence presence;

		item = msgc__part(list.items, i * items->item_size);
		if (i > 0)
			msgc_write_lit(out, ",");
		if (is_map) {
			memcpy(&key, item, sizeof key);
			msgc_write_str(out, key);
			msgc_write_lit(out, ":");
		}
		presence = msgc__look_item(items, item, &part);
		write_presence(out, items->element, presence, part);
	}
	msgc__write_raw(out, is_map ? "}" : "]", 1);
}

/*
 * An arm's object with the tag before its own members: the arm is written behind the tag, and its
 * opening brace becomes the comma between them.
 */
static void write_arm_inside(struct msgc_buf *out, const struct msgc_type_union *u,
        const struct msgc_arm *arm, const void *part)
{
	size_t brace;

	msgc_write_lit(out, "{");
	msgc_write_str(out, msgc_str_of(u->discriminator, u->discriminator_len));
	msgc_write_lit(out, ":");
	msgc__write_literal(out, &arm->tag);
	brace = out->len;
	msgc_type_write(out, arm->type, part);
	if (out->error)
		return;
	if (out->data[brace + 1] == '}') {
		out->data[brace] = '}';
		out->len = brace + 1;
	} else {
		out->data[brace] = ',';
	}
}

static void write_union(struct msgc_buf *out, const struct msgc_type *type, const void *value)
{
	const struct msgc_type_union *u = type->arms;
	const struct msgc_arm *arm = msgc__arm_of(u, value);
	const void *part = arm ? msgc__arm_value(u, arm, value) : NULL;

	if (!arm || (!part && !(arm->shape & MSGC_SHAPE_NO_VALUE)))
		msgc__fail(out, MSGC_EINVAL);
	else if (!u->discriminator || msgc__is_else(u, arm))
		msgc_type_write(out, arm->type, part);
	else
		write_arm_inside(out, u, arm, part);
}

static void write_any(struct msgc_buf *out, const struct msgc_type *type, const void *value)
{
	switch ((enum msgc_type_kind)type->kind) {
	case MSGC_KIND_CONSTANT: msgc__write_literal(out, &type->values->values->literal); break;
	case MSGC_KIND_ENUM: msgc__write_enum(out, type, value); break;
	case MSGC_KIND_RECORD:
	case MSGC_KIND_TUPLE: write_record(out, type, value); break;
	case MSGC_KIND_LIST:
	case MSGC_KIND_MAP: write_items(out, type, value); break;
	case MSGC_KIND_UNION:
	case MSGC_KIND_CHOICE: write_union(out, type, value); break;
	default: msgc__write_scalar(out, type, value);
	}
}

void msgc__write_by_tables(struct msgc_buf *out, const struct msgc_type *type, const void *value)
{
	if (!(type->flags & MSGC_TYPE_RECURSIVE)) {
		write_any(out, type, value);
	} else if (msgc_write_enter(out)) {
		write_any(out, type, value);
		msgc_write_leave(out);
	}
}
