/* SPDX-License-Identifier: MIT */
/*
 * A quick look at a value that a program has made, before it is written: what surely fits its type
 * needs no walk that could tell where it does not. It knows nothing of problems; UTF-8 is the
 * writer's affair.
 */
#include <math.h>

#include "types.h"

enum { DEPTH_MOST = 16 }; /* what is deeper is looked at closely */

static bool looks_fit(const struct msgc_type *type, const void *value, unsigned depth);

static struct msgc_str str_at(const void *value)
{
	struct msgc_str v;

	memcpy(&v, value, sizeof v);
	return v;
}

static bool is_within(const struct msgc_type_text *limits, struct msgc_str v)
{
	return v.len <= limits->len_max && v.len / 4 >= limits->len_min;
}

static inline bool is_int_within(const struct msgc_type *type, const void *value)
{
	int64_t v;

	switch ((enum msgc_type_kind)type->kind) {
	case MSGC_KIND_INT8: v = *(const int8_t *)value; break;
	case MSGC_KIND_INT16: v = *(const int16_t *)value; break;
	case MSGC_KIND_INT32: v = *(const int32_t *)value; break;
	case MSGC_KIND_INT53:
	case MSGC_KIND_INT64: v = *(const int64_t *)value; break;
	case MSGC_KIND_UINT8: v = *(const uint8_t *)value; break;
	case MSGC_KIND_UINT16: v = *(const uint16_t *)value; break;
	case MSGC_KIND_UINT32: v = *(const uint32_t *)value; break;
	default: return false;
	}
	return v >= type->number->least && v <= type->number->most;
}

/* What most members are, in line; false: it is another, or does not fit. */
static inline bool is_fit_scalar(const struct msgc_type *type, const void *value)
{
	switch (type->quick) {
	case MSGC_QUICK_STR:
	case MSGC_QUICK_BOOL: return true;
	case MSGC_QUICK_LEN: return is_within(type->text, str_at(value));
	case MSGC_QUICK_INT: return is_int_within(type, value);
	default: return false;
	}
}

static bool are_members_fit(
        const struct msgc_type_record *record, const void *value, unsigned depth)
{
	const struct msgc_member *member = record->members, *end = member + record->n_members;
	enum msgc__presence presence;
	const void *part;

	for (; member < end; member++) {
		if (member->role & MSGC_ROLE_BESIDE)
			return false;
		if (!member->type || member->type->flags & MSGC_TYPE_ANY)
			continue;
		if (!member->shape) {
			part = msgc__part(value, member->at);
			if (!is_fit_scalar(member->type, part) &&
			        !looks_fit(member->type, part, depth))
				return false;
			continue;
		}
		presence = msgc__look(member, value, &part);
		if (presence == MSGC__ABSENT && !(member->shape & MSGC_SHAPE_OPTIONAL))
			return false;
		if (presence == MSGC__VALUE && part && !looks_fit(member->type, part, depth))
			return false;
	}
	return !record->further && record->n_rules == 0;
}

static bool are_items_fit(const struct msgc_type *type, const void *value, unsigned depth)
{
	const struct msgc_type_items *items = type->items;
	struct msgc__items list = msgc__items_at(value);
	const void *item;

	if (list.count < items->min || list.count > items->max || type->flags & MSGC_TYPE_UNIQUE)
		return false;
	if (items->element->flags & MSGC_TYPE_ANY)
		return true;
	for (size_t i = 0; i < list.count; i++) {
		if (msgc__look_item(items, msgc__part(list.items, i * items->item_size), &item) ==
		                MSGC__VALUE &&
		        !looks_fit(items->element, item, depth))
			return false;
	}
	return true;
}

/* What has no quick look is walked by itself; its depth is counted only from here. */
static bool fits(const struct msgc_type *type, const void *value)
{
	struct msgc_scope s;

	if (type->flags & MSGC_TYPE_RECURSIVE)
		return false;
	msgc_scope_open(&s, NULL);
	msgc__validate(&s, type, value);
	return msgc_scope_close(&s) == 0;
}

static bool looks_fit(const struct msgc_type *type, const void *value, unsigned depth)
{
	if (type->checks || depth == DEPTH_MOST)
		return false;
	switch ((enum msgc_type_quick)type->quick) {
	case MSGC_QUICK_STR: return true;
	case MSGC_QUICK_LEN: return is_within(type->text, str_at(value));
	case MSGC_QUICK_RUN:
	case MSGC_QUICK_PLACES: return msgc_pattern_matches(type->text->patterns[0], str_at(value));
	case MSGC_QUICK_BOOL: return true;
	case MSGC_QUICK_INT: return is_int_within(type, value);
	case MSGC_QUICK_FLOAT64: return !type->number && isfinite(*(const double *)value);
	case MSGC_QUICK_ENUM:
		return msgc__find_enum_number(type->values, msgc__enum_at(value)) != SIZE_MAX;
	case MSGC_QUICK_RECORD: return are_members_fit(type->record, value, depth + 1);
	case MSGC_QUICK_LIST: return are_items_fit(type, value, depth + 1);
	default: return type->flags & MSGC_TYPE_ANY || fits(type, value);
	}
}

int msgc_message_encode_checked(
        const struct msgc_message *message, const void *value, struct msgc_buf *out)
{
	int result = 0;

	if (!looks_fit(message->type, value, 0))
		result = msgc_message_validate(message, value, NULL);
	if (result == 0)
		result = msgc_message_encode(message, value, out);
	return result == MSGC_EINVAL ? MSGC_ECONTRACT : result;
}
