/* SPDX-License-Identifier: MIT */
/*
 * Values that a program has made, held against their type: all that a reader checks, and what a C
 * type lets through that JSON does not. It knows neither JSON text nor how values are made.
 */
#include <stdio.h>

#include "types.h"

/* ---- what rules are made of ---- */

int64_t msgc_int_add(int64_t a, int64_t b, bool *fits)
{
	if (b > 0 ? a > INT64_MAX - b : a < INT64_MIN - b) {
		*fits = false;
		return 0;
	}
	return a + b;
}

int64_t msgc_int_subtract(int64_t a, int64_t b, bool *fits)
{
	if (b < 0 ? a > INT64_MAX + b : a < INT64_MIN + b) {
		*fits = false;
		return 0;
	}
	return a - b;
}

static uint64_t magnitude(int64_t v)
{
	return v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
}

int64_t msgc_int_multiply(int64_t a, int64_t b, bool *fits)
{
	bool negative = (a < 0) != (b < 0);
	uint64_t high, low = msgc__mul128(magnitude(a), magnitude(b), &high);

	if (high || low > (uint64_t)INT64_MAX + negative) {
		*fits = false;
		return 0;
	}
	if (!negative)
		return (int64_t)low;
	return low == 0 ? 0 : -(int64_t)(low - 1) - 1;
}

int64_t msgc_int_divide(int64_t a, int64_t b, bool *fits)
{
	if (b == 0 || (a == INT64_MIN && b == -1)) {
		*fits = false;
		return 0;
	}
	return a / b;
}

int64_t msgc_int_remainder(int64_t a, int64_t b, bool *fits)
{
	if (b == 0) {
		*fits = false;
		return 0;
	}
	return b == -1 ? 0 : a % b;
}

int msgc_str_compare(struct msgc_str a, struct msgc_str b)
{
	size_t len = a.len < b.len ? a.len : b.len;
	int order = len ? memcmp(a.ptr, b.ptr, len) : 0;

	return order ? order : (a.len > b.len) - (a.len < b.len);
}

void msgc__run_checks(struct msgc_scope *s, const struct msgc_type *type, const void *value)
{
	const char *wrong;

	for (msgc_type_check_fn *const *check = type->checks; check && *check; check++) {
		wrong = (*check)(value);
		if (wrong)
			msgc_refuse_value(s, wrong);
	}
}

void msgc__run_rules(struct msgc_scope *s, const struct msgc_type_record *record, const void *value)
{
	for (size_t i = 0; i < record->n_rules; i++)
		if (!record->rules[i].holds(value))
			msgc_refuse_value(s, record->rules[i].message);
}

/* What the type itself demands. */
static bool check_scalar(struct msgc_scope *s, const struct msgc_type *type, const void *v)
{
	switch ((enum msgc_type_kind)type->kind) {
	case MSGC_KIND_INT53: return msgc_check_int53(s, *(const int64_t *)v);
	case MSGC_KIND_FLOAT32: return msgc_check_float32(s, *(const float *)v);
	case MSGC_KIND_FLOAT64: return msgc_check_float64(s, *(const double *)v);
	case MSGC_KIND_DECIMAL: return msgc_check_decimal(s, *(const struct msgc_decimal *)v);
	case MSGC_KIND_STR: return msgc_check_str(s, *(const struct msgc_str *)v);
	case MSGC_KIND_DATETIME: return msgc_check_datetime(s, *(const struct msgc_datetime *)v);
	case MSGC_KIND_DATE: return msgc_check_date(s, *(const struct msgc_date *)v);
	case MSGC_KIND_TIME: return msgc_check_time(s, *(const struct msgc_time *)v);
	case MSGC_KIND_DURATION: return msgc_check_duration(s, *(const struct msgc_duration *)v);
	case MSGC_KIND_JSON: return msgc_check_json(s, *(const struct msgc_json *)v);
	default: return true;
	}
}

/* A reader would change the letters; a validator changes nothing. */
static bool check_case(
        struct msgc_scope *s, const struct msgc_type_text *limits, const struct msgc_str *v)
{
	if (limits->flags & MSGC_TEXT_LOWER && !msgc_check_lower(s, *v))
		return false;
	return !(limits->flags & MSGC_TEXT_UPPER) || msgc_check_upper(s, *v);
}

static void validate_scalar(struct msgc_scope *s, const struct msgc_type *type, const void *value)
{
	struct msgc_str trimmed;
	const void *checked = value;

	if (!check_scalar(s, type, value))
		return;
	if (type->kind == MSGC_KIND_STR && type->text && type->text->flags & MSGC_TEXT_TRIM) {
		trimmed = msgc_str_trimmed(*(const struct msgc_str *)value);
		checked = &trimmed;
	}
	if (type->kind == MSGC_KIND_STR && type->text && !check_case(s, type->text, checked))
		return;
	msgc__check_limits(s, type, checked, (struct msgc_str){NULL, 0});
}

static void validate_enum(struct msgc_scope *s, const struct msgc_type *type, const void *value)
{
	const struct msgc_type_enum *values = type->values;
	int32_t number = msgc__enum_at(value);
	struct msgc_str unknown;

	if (msgc__find_enum_number(values, number) != SIZE_MAX)
		return;
	if (!(type->flags & MSGC_TYPE_OPEN) || number != values->unknown) {
		msgc_refuse_enum(s, values->expected);
	} else if (!values->open_int) {
		memcpy(&unknown, msgc__part(value, values->unknown_at), sizeof unknown);
		msgc_check_str(s, unknown);
	}
}

/* ---- records and tuples ---- */

/* Keys of further members must be none that the record declares. */
static void validate_further(
        struct msgc_scope *s, const struct msgc_type_record *record, const void *value)
{
	const struct msgc_type_items *map = record->further->items;
	struct msgc__items further = msgc__items_at(msgc__part(value, record->further_at));
	struct msgc_str key;

	for (size_t i = 0; i < further.count; i++) {
		memcpy(&key, msgc__part(further.items, i * map->item_size), sizeof key);
		if (!msgc__is_taken(record, key))
			continue;
		msgc_scope_entry(s, key);
		msgc_refuse_value(s, "the key is the name of a declared member");
	}
}

static void validate_members(struct msgc_scope *s, const struct msgc_type *type, const void *value)
{
	const struct msgc_type_record *record = type->record;
	const struct msgc_member *member = record->members;
	bool is_tuple = type->kind == MSGC_KIND_TUPLE, gap = false;
	enum msgc__presence presence;
	const void *part;

	for (size_t i = 0; i < record->n_members; i++, member++) {
		if (!member->type || (member->type->flags & MSGC_TYPE_ANY && !is_tuple))
			continue;
		if (is_tuple)
			msgc_scope_index(s, i);
		else
			msgc_scope_entry(s, msgc_str_of(member->wire, member->wire_len));
		presence = msgc__look(member, value, &part);
		if (presence == MSGC__VALUE && msgc__is_beside(record, i))
			msgc__validate_union(s, member->type->arms, part, member[-1].wire, true);
		else if (presence == MSGC__VALUE && part)
			msgc__validate(s, member->type, part);
		else if (presence == MSGC__ABSENT && !(member->shape & MSGC_SHAPE_OPTIONAL))
			msgc_refuse_missing(s);
		/* The last elements of a tuple may be absent together. */
		if (presence != MSGC__ABSENT && gap)
			msgc_refuse_value(s, "an element before this one is absent");
		gap = gap || (is_tuple && presence == MSGC__ABSENT);
	}
}

static void validate_record(struct msgc_scope *s, const struct msgc_type *type, const void *value)
{
	const struct msgc_type_record *record = type->record;
	struct msgc_loc loc;
	uint32_t refused = s->refused;

	if (!msgc_scope_enter(s, &loc))
		return;
	validate_members(s, type, value);
	msgc_scope_leave(s);
	if (record->further) {
		msgc__validate(s, record->further, msgc__part(value, record->further_at));
		if (msgc_scope_enter(s, &loc)) {
			validate_further(s, record, value);
			msgc_scope_leave(s);
		}
	}
	if (s->refused == refused)
		msgc__run_rules(s, record, value);
}

/* ---- lists and maps ---- */

static void validate_item(
        struct msgc_scope *s, const struct msgc_type_items *items, const void *item)
{
	const void *value;

	if (!(items->element->flags & MSGC_TYPE_ANY) &&
	        msgc__look_item(items, item, &value) == MSGC__VALUE)
		msgc__validate(s, items->element, value);
}

static void validate_list(struct msgc_scope *s, const struct msgc_type *type, const void *value)
{
	const struct msgc_type_items *items = type->items;
	struct msgc__items list = msgc__items_at(value);
	struct msgc_loc loc;

	if (!(items->element->flags & MSGC_TYPE_ANY)) {
		if (!msgc_scope_enter(s, &loc))
			return;
		for (size_t i = 0; i < list.count; i++) {
			msgc_scope_index(s, i);
			validate_item(s, items, msgc__part(list.items, i * items->item_size));
		}
		msgc_scope_leave(s);
	}
	msgc_check_count(s, list.count, items->min, items->max);
	if (type->flags & MSGC_TYPE_UNIQUE)
		msgc_check_unique(s, type, value, NULL);
}

static bool is_earlier_key(const struct msgc__items *map, size_t width, size_t index)
{
	struct msgc_str key, other;

	memcpy(&key, msgc__part(map->items, index * width), sizeof key);
	for (size_t i = 0; i < index; i++) {
		memcpy(&other, msgc__part(map->items, i * width), sizeof other);
		if (msgc_str_equal(key, other))
			return true;
	}
	return false;
}

static void validate_key(
        struct msgc_scope *s, const struct msgc_type *key, struct msgc_str text, bool comes_twice)
{
	struct msgc_loc loc;

	msgc_scope_key_begin(s, &loc);
	msgc__validate(s, key ? key : &msgc_str_type, &text);
	if (comes_twice)
		msgc_refuse_value(s, "the same key comes twice");
	msgc_scope_key_end(s);
}

static void validate_map(struct msgc_scope *s, const struct msgc_type *type, const void *value)
{
	const struct msgc_type_items *items = type->items;
	struct msgc__items map = msgc__items_at(value);
	bool are_unique = msgc__unique_keys(map.items, map.count, items->item_size);
	struct msgc_loc loc;
	struct msgc_str key;
	const char *entry;

	if (!msgc_scope_enter(s, &loc))
		return;
	for (size_t i = 0; i < map.count; i++) {
		entry = msgc__part(map.items, i * items->item_size);
		memcpy(&key, entry, sizeof key);
		msgc_scope_entry(s, key);
		validate_key(s, items->key, key,
		        !are_unique && is_earlier_key(&map, items->item_size, i));
		validate_item(s, items, entry);
	}
	msgc_scope_leave(s);
	msgc_check_map_count(s, map.count, items->min, items->max);
}

static void validate_any(struct msgc_scope *s, const struct msgc_type *type, const void *value)
{
	switch ((enum msgc_type_kind)type->kind) {
	case MSGC_KIND_CONSTANT: break;
	case MSGC_KIND_ENUM: validate_enum(s, type, value); break;
	case MSGC_KIND_RECORD:
	case MSGC_KIND_TUPLE: validate_record(s, type, value); break;
	case MSGC_KIND_LIST: validate_list(s, type, value); break;
	case MSGC_KIND_MAP: validate_map(s, type, value); break;
	case MSGC_KIND_UNION:
	case MSGC_KIND_CHOICE:
		msgc__validate_union(s, type->arms, value, type->arms->discriminator, false);
		break;
	default: validate_scalar(s, type, value);
	}
}

void msgc__validate(struct msgc_scope *s, const struct msgc_type *type, const void *value)
{
	uint32_t refused = s->refused;

	if (type->flags & MSGC_TYPE_ANY)
		return;
	validate_any(s, type, value);
	if (type->checks && s->refused == refused)
		msgc__run_checks(s, type, value);
}
