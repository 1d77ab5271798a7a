/* SPDX-License-Identifier: MIT */
/*
 * A value for people: one line a member, by the contract's own names. Nothing reads it back. It
 * knows the tables and how scalars are written.
 */
#include "types.h"

static void print(
        struct msgc_buf *out, const struct msgc_type *type, const void *value, unsigned level);

static void print_part(struct msgc_buf *out, const struct msgc_type *type,
        enum msgc__presence presence, const void *value, unsigned level)
{
	if (presence == MSGC__NULL)
		msgc_write_lit(out, "null");
	else
		print(out, type, value, level);
}

static void print_record(
        struct msgc_buf *out, const struct msgc_type *type, const void *value, unsigned level)
{
	const struct msgc_type_record *record = type->record;
	const struct msgc_member *member = record->members;
	enum msgc__presence presence;
	bool any = false;
	const void *part;

	if (record->name) {
		msgc_buf_append_str(out, record->name);
		msgc_write_lit(out, " ");
	}
	msgc_write_lit(out, "{");
	for (size_t i = 0; i < record->n_members; i++, member++) {
		if (!member->type || member->role & MSGC_ROLE_TAG)
			continue;
		any = true;
		presence = msgc__look(member, value, &part);
		if (presence == MSGC__ABSENT)
			continue;
		msgc_print_name(out, level + 1, member->name ? member->name : member->wire);
		print_part(out, member->type, presence, part, level + 1);
	}
	if (record->further) {
		any = true;
		msgc_print_name(out, level + 1, "...");
		print(out, record->further, msgc__part(value, record->further_at), level + 1);
	}
	if (any)
		msgc_print_line(out, level);
	msgc_write_lit(out, "}");
}

static void print_items(
        struct msgc_buf *out, const struct msgc_type *type, const void *value, unsigned level)
{
	const struct msgc_type_items *items = type->items;
	struct msgc__items list = msgc__items_at(value);
	bool is_map = type->kind == MSGC_KIND_MAP;
	enum msgc__presence presence;
	const void *part;
	const char *item;

	msgc_buf_append_char(out, is_map ? '{' : '[');
	for (size_t i = 0; i < list.count; i++) {
		item = msgc__part(list.items, i * items->item_size);
		msgc_print_line(out, level + 1);
		if (is_map) {
			msgc__write_scalar(out, &msgc_str_type, item);
			msgc_write_lit(out, ": ");
		}
		presence = msgc__look_item(items, item, &part);
		print_part(out, items->element, presence, part, level + 1);
	}
	if (list.count > 0)
		msgc_print_line(out, level);
	msgc_buf_append_char(out, is_map ? '}' : ']');
}

/* The arm's name goes before its value. */
static void print_union(
        struct msgc_buf *out, const struct msgc_type *type, const void *value, unsigned level)
{
	const struct msgc_type_union *u = type->arms;
	const struct msgc_arm *arm = msgc__arm_of(u, value);
	const void *part;

	if (!arm) {
		msgc_write_lit(out, "?");
		return;
	}
	msgc_buf_append_str(out, arm->name);
	part = msgc__arm_value(u, arm, value);
	if (arm->shape & MSGC_SHAPE_NO_VALUE)
		return;
	msgc_write_lit(out, " ");
	if (part)
		print(out, arm->type, part, level);
	else
		msgc_write_lit(out, "?");
}

static void print_scalar(struct msgc_buf *out, const struct msgc_type *type, const void *value)
{
	struct msgc_type natural = {.kind = type->kind, .size = type->size};

	msgc__write_scalar(out, &natural, value);
}

static void print_any(
        struct msgc_buf *out, const struct msgc_type *type, const void *value, unsigned level)
{
	switch ((enum msgc_type_kind)type->kind) {
	case MSGC_KIND_CONSTANT: msgc__write_literal(out, &type->values->values->literal); break;
	case MSGC_KIND_ENUM: msgc__write_enum(out, type, value); break;
	case MSGC_KIND_RECORD:
	case MSGC_KIND_TUPLE: print_record(out, type, value, level); break;
	case MSGC_KIND_LIST:
	case MSGC_KIND_MAP: print_items(out, type, value, level); break;
	case MSGC_KIND_UNION:
	case MSGC_KIND_CHOICE: print_union(out, type, value, level); break;
	default: print_scalar(out, type, value);
	}
}

static void print(
        struct msgc_buf *out, const struct msgc_type *type, const void *value, unsigned level)
{
	if (!(type->flags & MSGC_TYPE_RECURSIVE)) {
		print_any(out, type, value, level);
	} else if (msgc_write_enter(out)) {
		print_any(out, type, value, level);
		msgc_write_leave(out);
	}
}

int msgc_type_print(const struct msgc_type *type, const void *value, struct msgc_buf *out)
{
	size_t start = msgc_write_begin(out);

	print(out, type, value, 0);
	return msgc_write_end(out, start);
}
