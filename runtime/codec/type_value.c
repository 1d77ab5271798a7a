/* SPDX-License-Identifier: MIT */
/*
 * What is done with values without JSON: equality, hashes, copies into an arena, by their type's
 * tables. Equal values have equal hashes. Types that can hold themselves count their depth: beyond
 * MSGC_DEPTH_MOST, where no JSON text can follow, nothing equals and nothing is copied.
 */
#include "types.h"

/* ---- equality ---- */

static bool floats_equal(double a, double b)
{
	return a <= b && a >= b;
}

static bool scalars_equal(const struct msgc_type *type, const void *a, const void *b)
{
#define EQUAL(name)                                                                                \
	msgc_##name##_equal(*(const struct msgc_##name *)a, *(const struct msgc_##name *)b)
	switch ((enum msgc_type_kind)type->kind) {
	case MSGC_KIND_FLOAT32:
		return floats_equal((double)*(const float *)a, (double)*(const float *)b);
	case MSGC_KIND_FLOAT64: return floats_equal(*(const double *)a, *(const double *)b);
	case MSGC_KIND_DECIMAL: return EQUAL(decimal);
	case MSGC_KIND_STR: return EQUAL(str);
	case MSGC_KIND_BYTES: return EQUAL(bytes);
	case MSGC_KIND_DATETIME: return EQUAL(datetime);
	case MSGC_KIND_DATE: return EQUAL(date);
	case MSGC_KIND_TIME: return EQUAL(time);
	case MSGC_KIND_DURATION: return EQUAL(duration);
	case MSGC_KIND_JSON: return EQUAL(json);
	default: return memcmp(a, b, type->size) == 0; /* integers, booleans, uuids */
	}
#undef EQUAL
}

/* What came and was kept, an unknown value or tag: a number or a text at `at`. */
static bool kept_equal(const void *a, const void *b, size_t at, bool is_int)
{
	struct msgc_str text_a, text_b;

	if (is_int)
		return memcmp(msgc__part(a, at), msgc__part(b, at), sizeof(int64_t)) == 0;
	memcpy(&text_a, msgc__part(a, at), sizeof text_a);
	memcpy(&text_b, msgc__part(b, at), sizeof text_b);
	return msgc_str_equal(text_a, text_b);
}

static bool enums_equal(const struct msgc_type *type, const void *a, const void *b)
{
	const struct msgc_type_enum *values = type->values;

	if (msgc__enum_at(a) != msgc__enum_at(b))
		return false;
	return !(type->flags & MSGC_TYPE_OPEN) || msgc__enum_at(a) != values->unknown ||
	        kept_equal(a, b, values->unknown_at, values->open_int);
}

static bool records_equal(
        const struct msgc_type *type, const void *a, const void *b, unsigned depth)
{
	const struct msgc_type_record *record = type->record;
	const struct msgc_member *member = record->members;
	const void *part_a, *part_b;
	enum msgc__presence presence;

	for (size_t i = 0; i < record->n_members; i++, member++) {
		presence = msgc__look(member, a, &part_a);
		if (presence != msgc__look(member, b, &part_b))
			return false;
		if (presence == MSGC__VALUE && part_a &&
		        !msgc__equal(member->type, part_a, part_b, depth))
			return false;
	}
	return !record->further ||
	        msgc__equal(record->further, msgc__part(a, record->further_at),
	                msgc__part(b, record->further_at), depth);
}

bool msgc__item_equal(
        const struct msgc_type_items *items, const void *a, const void *b, unsigned depth)
{
	const void *part_a, *part_b;
	enum msgc__presence presence = msgc__look_item(items, a, &part_a);

	if (presence != msgc__look_item(items, b, &part_b))
		return false;
	return presence != MSGC__VALUE || msgc__equal(items->element, part_a, part_b, depth);
}

static bool lists_equal(const struct msgc_type *type, const void *a, const void *b, unsigned depth)
{
	const struct msgc_type_items *items = type->items;
	struct msgc__items list_a = msgc__items_at(a), list_b = msgc__items_at(b);

	if (list_a.count != list_b.count)
		return false;
	for (size_t i = 0, at = 0; i < list_a.count; i++, at += items->item_size)
		if (!msgc__item_equal(items, msgc__part(list_a.items, at),
		            msgc__part(list_b.items, at), depth))
			return false;
	return true;
}

/* The order of a map's entries is kept and of no importance; most often it is the same. */
static bool maps_equal(const struct msgc_type *type, const void *a, const void *b, unsigned depth)
{
	const struct msgc_type_items *items = type->items;
	struct msgc__items map_a = msgc__items_at(a), map_b = msgc__items_at(b);
	struct msgc_str key, other;
	const char *entry, *match = NULL;
	size_t j = 0, left;

	if (map_a.count != map_b.count)
		return false;
	for (size_t i = 0; i < map_a.count; i++, j++) {
		entry = msgc__part(map_a.items, i * items->item_size);
		memcpy(&key, entry, sizeof key);
		for (left = map_b.count; left > 0; left--, j++) {
			j = j < map_b.count ? j : 0;
			match = msgc__part(map_b.items, j * items->item_size);
			memcpy(&other, match, sizeof other);
			if (msgc_str_equal(key, other))
				break;
		}
		if (left == 0 || !msgc__item_equal(items, entry, match, depth))
			return false;
	}
	return true;
}

static bool unions_equal(const struct msgc_type *type, const void *a, const void *b, unsigned depth)
{
	const struct msgc_type_union *u = type->arms;
	const struct msgc_arm *arm = msgc__arm_of(u, a);
	const void *part_a, *part_b;

	if (msgc__enum_at(a) != msgc__enum_at(b))
		return false;
	if (!arm)
		return true;
	if (msgc__is_else(u, arm) && !kept_equal(a, b, u->tag_at, u->else_int))
		return false;
	part_a = msgc__arm_value(u, arm, a);
	part_b = msgc__arm_value(u, arm, b);
	if (!part_a || !part_b)
		return part_a == part_b;
	return msgc__equal(arm->type, part_a, part_b, depth);
}

bool msgc__equal(const struct msgc_type *type, const void *a, const void *b, unsigned depth)
{
	if (type->flags & MSGC_TYPE_RECURSIVE && depth++ >= MSGC_DEPTH_MOST)
		return false;
	switch ((enum msgc_type_kind)type->kind) {
	case MSGC_KIND_NULL:
	case MSGC_KIND_CONSTANT: return true;
	case MSGC_KIND_ENUM: return enums_equal(type, a, b);
	case MSGC_KIND_RECORD:
	case MSGC_KIND_TUPLE: return records_equal(type, a, b, depth);
	case MSGC_KIND_LIST: return lists_equal(type, a, b, depth);
	case MSGC_KIND_MAP: return maps_equal(type, a, b, depth);
	case MSGC_KIND_UNION:
	case MSGC_KIND_CHOICE: return unions_equal(type, a, b, depth);
	default: return scalars_equal(type, a, b);
	}
}

/* ---- hashes ---- */

static uint64_t hash_scalar(uint64_t h, const struct msgc_type *type, const void *v)
{
	const struct msgc_date *date = v;
	const struct msgc_time *time = v;

	switch ((enum msgc_type_kind)type->kind) {
	case MSGC_KIND_FLOAT32: return msgc_hash_float64(h, (double)*(const float *)v);
	case MSGC_KIND_FLOAT64: return msgc_hash_float64(h, *(const double *)v);
	case MSGC_KIND_DECIMAL: return msgc_hash_decimal(h, *(const struct msgc_decimal *)v);
	case MSGC_KIND_STR:
		return msgc_hash_bytes(
		        h, ((const struct msgc_str *)v)->ptr, ((const struct msgc_str *)v)->len);
	case MSGC_KIND_BYTES:
		return msgc_hash_bytes(h, ((const struct msgc_bytes *)v)->ptr,
		        ((const struct msgc_bytes *)v)->len);
	case MSGC_KIND_JSON:
		return msgc_hash_bytes(
		        h, ((const struct msgc_json *)v)->ptr, ((const struct msgc_json *)v)->len);
	case MSGC_KIND_DATETIME:
		return msgc_hash_uint64(h, (uint64_t)((const struct msgc_datetime *)v)->seconds);
	case MSGC_KIND_DURATION:
		return msgc_hash_uint64(h, (uint64_t)((const struct msgc_duration *)v)->seconds);
	case MSGC_KIND_DATE:
		return msgc_hash_uint64(
		        h, (uint64_t)(date->year * 400 + date->month * 32 + date->day));
	case MSGC_KIND_TIME: {
		/* The instant, for times of different offsets may be equal. */
		int minutes = time->hour * 60 + time->minute - time->offset_minutes;

		return msgc_hash_uint64(h, (uint64_t)(minutes * 61 + time->second));
	}
	default: return msgc_hash_bytes(h, v, type->size); /* integers, booleans, uuids */
	}
}

static uint64_t hash_record(
        uint64_t h, const struct msgc_type *type, const void *value, unsigned depth)
{
	const struct msgc_type_record *record = type->record;
	const struct msgc_member *member = record->members;
	const void *part;

	for (size_t i = 0; i < record->n_members; i++, member++)
		if (msgc__look(member, value, &part) == MSGC__VALUE && part)
			h = msgc__hash(h, member->type, part, depth);
	return h;
}

uint64_t msgc__item_hash(
        uint64_t h, const struct msgc_type_items *items, const void *item, unsigned depth)
{
	const void *value;

	return msgc__look_item(items, item, &value) == MSGC__VALUE
	        ? msgc__hash(h, items->element, value, depth)
	        : h;
}

/* The order of a map's entries is of no importance: their hashes are added up. */
static uint64_t hash_items(
        uint64_t h, const struct msgc_type *type, const void *value, unsigned depth)
{
	const struct msgc_type_items *items = type->items;
	struct msgc__items list = msgc__items_at(value);
	bool is_map = type->kind == MSGC_KIND_MAP;
	uint64_t sum = 0;
	struct msgc_str key;
	const char *item;

	h = msgc_hash_uint64(h, list.count);
	for (size_t i = 0; i < list.count; i++) {
		item = msgc__part(list.items, i * items->item_size);
		if (!is_map) {
			h = msgc__item_hash(h, items, item, depth);
			continue;
		}
		memcpy(&key, item, sizeof key);
		sum += msgc__item_hash(msgc_hash_bytes(0, key.ptr, key.len), items, item, depth);
	}
	return is_map ? msgc_hash_uint64(h, sum) : h;
}

static uint64_t hash_union(
        uint64_t h, const struct msgc_type *type, const void *value, unsigned depth)
{
	const struct msgc_type_union *u = type->arms;
	const struct msgc_arm *arm = msgc__arm_of(u, value);
	const void *part = arm ? msgc__arm_value(u, arm, value) : NULL;

	h = msgc_hash_uint64(h, (uint64_t)msgc__enum_at(value));
	return part ? msgc__hash(h, arm->type, part, depth) : h;
}

uint64_t msgc__hash(uint64_t h, const struct msgc_type *type, const void *v, unsigned depth)
{
	if (type->flags & MSGC_TYPE_RECURSIVE && depth++ >= MSGC_DEPTH_MOST)
		return h;
	switch ((enum msgc_type_kind)type->kind) {
	case MSGC_KIND_NULL:
	case MSGC_KIND_CONSTANT: return h;
	case MSGC_KIND_ENUM: return msgc_hash_uint64(h, (uint64_t)msgc__enum_at(v));
	case MSGC_KIND_RECORD:
	case MSGC_KIND_TUPLE: return hash_record(h, type, v, depth);
	case MSGC_KIND_LIST:
	case MSGC_KIND_MAP: return hash_items(h, type, v, depth);
	case MSGC_KIND_UNION:
	case MSGC_KIND_CHOICE: return hash_union(h, type, v, depth);
	default: return hash_scalar(h, type, v);
	}
}

/* ---- copies ----
 * Each function finds a value that has been copied by assignment and replaces its pointers by
 * pointers to copies.
 */

static int deepen(
        const struct msgc_type *type, void *copy, struct msgc_arena *arena, unsigned depth);

static int deepen_scalar(const struct msgc_type *type, void *copy, struct msgc_arena *arena)
{
#define CLONE(name)                                                                                \
	msgc_clone_##name(arena, *(const struct msgc_##name *)copy, (struct msgc_##name *)copy)
	switch ((enum msgc_type_kind)type->kind) {
	case MSGC_KIND_STR: return CLONE(str);
	case MSGC_KIND_BYTES: return CLONE(bytes);
	case MSGC_KIND_JSON: return CLONE(json);
	case MSGC_KIND_DECIMAL: return CLONE(decimal);
	default: return 0;
	}
#undef CLONE
}

/* A pointer to a value of this type, at `at`. */
static int deepen_box(
        const struct msgc_type *type, void *at, struct msgc_arena *arena, unsigned depth)
{
	void *boxed = msgc_clone_items(arena, msgc__pointer_at(at), 1, type->size);

	if (!boxed)
		return MSGC_ENOMEM;
	memcpy(at, &boxed, sizeof boxed);
	return deepen(type, boxed, arena, depth);
}

static int deepen_record(
        const struct msgc_type *type, void *copy, struct msgc_arena *arena, unsigned depth)
{
	const struct msgc_type_record *record = type->record;
	const struct msgc_member *member = record->members;
	const void *part;
	int result = 0;

	for (size_t i = 0; i < record->n_members && result == 0; i++, member++) {
		if (!member->type ||
		        (member->type->flags & MSGC_TYPE_FLAT &&
		                !(member->shape & MSGC_SHAPE_BOXED)))
			continue;
		if (msgc__look(member, copy, &part) != MSGC__VALUE || !part)
			continue;
		if (member->shape & MSGC_SHAPE_BOXED)
			result = deepen_box(member->type, (char *)copy + member->at, arena, depth);
		else
			result = deepen(member->type, (char *)copy + member->at, arena, depth);
	}
	if (result == 0 && record->further)
		result = deepen(record->further, (char *)copy + record->further_at, arena, depth);
	return result;
}

static int deepen_item(const struct msgc_type_items *items, bool is_map, char *item,
        struct msgc_arena *arena, unsigned depth)
{
	const void *value;
	int result = is_map ? deepen_scalar(&msgc_str_type, item, arena) : 0;

	if (result == 0 && !(items->element->flags & MSGC_TYPE_FLAT) &&
	        msgc__look_item(items, item, &value) == MSGC__VALUE)
		result = deepen(items->element, item + items->value_at, arena, depth);
	return result;
}

static int deepen_items(
        const struct msgc_type *type, void *copy, struct msgc_arena *arena, unsigned depth)
{
	const struct msgc_type_items *items = type->items;
	struct msgc__items list = msgc__items_at(copy);
	bool is_map = type->kind == MSGC_KIND_MAP;
	char *to = msgc_clone_items(arena, list.items, list.count, items->item_size);
	int result = 0;

	if (!to && list.count > 0)
		return MSGC_ENOMEM;
	list.items = to;
	memcpy(copy, &list, sizeof list);
	if (!is_map && items->element->flags & MSGC_TYPE_FLAT)
		return 0;
	for (size_t i = 0; i < list.count && result == 0; i++)
		result = deepen_item(items, is_map, to + i * items->item_size, arena, depth);
	return result;
}

static int deepen_union(
        const struct msgc_type *type, void *copy, struct msgc_arena *arena, unsigned depth)
{
	const struct msgc_type_union *u = type->arms;
	const struct msgc_arm *arm = msgc__arm_of(u, copy);
	int result = 0;

	if (!arm || arm->shape & MSGC_SHAPE_NO_VALUE || !msgc__arm_value(u, arm, copy))
		return 0;
	if (msgc__is_else(u, arm) && !u->else_int)
		result = deepen_scalar(&msgc_str_type, (char *)copy + u->tag_at, arena);
	if (result)
		return result;
	if (arm->shape & MSGC_SHAPE_BOXED)
		return deepen_box(arm->type, (char *)copy + u->value_at, arena, depth);
	return deepen(arm->type, (char *)copy + u->value_at, arena, depth);
}

static int deepen_enum(const struct msgc_type *type, void *copy, struct msgc_arena *arena)
{
	const struct msgc_type_enum *values = type->values;

	if (!(type->flags & MSGC_TYPE_OPEN) || values->open_int ||
	        msgc__enum_at(copy) != values->unknown)
		return 0;
	return deepen_scalar(&msgc_str_type, (char *)copy + values->unknown_at, arena);
}

static int deepen(
        const struct msgc_type *type, void *copy, struct msgc_arena *arena, unsigned depth)
{
	if (type->flags & MSGC_TYPE_RECURSIVE && depth++ >= MSGC_DEPTH_MOST)
		return MSGC_EINVAL;
	if (type->flags & MSGC_TYPE_FLAT)
		return 0;
	switch ((enum msgc_type_kind)type->kind) {
	case MSGC_KIND_ENUM: return deepen_enum(type, copy, arena);
	case MSGC_KIND_RECORD:
	case MSGC_KIND_TUPLE: return deepen_record(type, copy, arena, depth);
	case MSGC_KIND_LIST:
	case MSGC_KIND_MAP: return deepen_items(type, copy, arena, depth);
	case MSGC_KIND_UNION:
	case MSGC_KIND_CHOICE: return deepen_union(type, copy, arena, depth);
	default: return deepen_scalar(type, copy, arena);
	}
}

int msgc_type_clone(
        const struct msgc_type *type, const void *value, struct msgc_arena *arena, void *ret)
{
	if (ret != value)
		memcpy(ret, value, type->size);
	return deepen(type, ret, arena, 0);
}
