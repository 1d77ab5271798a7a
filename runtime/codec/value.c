/* SPDX-License-Identifier: MIT */
/*
 * Equality, order and deep copies of scalars. It knows neither JSON nor contracts.
 */
#include "internal.h"

bool msgc_bytes_equal(struct msgc_bytes a, struct msgc_bytes b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

bool msgc_json_equal(struct msgc_json a, struct msgc_json b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

static int order(int64_t a, int64_t b)
{
	return a < b ? -1 : a > b;
}

bool msgc_datetime_equal(struct msgc_datetime a, struct msgc_datetime b)
{
	return msgc_datetime_compare(a, b) == 0 && a.offset_minutes == b.offset_minutes;
}

int msgc_datetime_compare(struct msgc_datetime a, struct msgc_datetime b)
{
	int seconds = order(a.seconds, b.seconds);

	return seconds ? seconds : order(a.nanoseconds, b.nanoseconds);
}

bool msgc_date_equal(struct msgc_date a, struct msgc_date b)
{
	return msgc_date_compare(a, b) == 0;
}

int msgc_date_compare(struct msgc_date a, struct msgc_date b)
{
	return order(
	        a.year * 10000 + a.month * 100 + a.day, b.year * 10000 + b.month * 100 + b.day);
}

bool msgc_time_equal(struct msgc_time a, struct msgc_time b)
{
	return msgc_time_compare(a, b) == 0 && a.offset_minutes == b.offset_minutes;
}

int msgc_time_compare(struct msgc_time a, struct msgc_time b)
{
	int minutes = order((int64_t)a.hour * 60 + a.minute - a.offset_minutes,
	        (int64_t)b.hour * 60 + b.minute - b.offset_minutes);

	if (minutes)
		return minutes;
	return a.second != b.second ? order(a.second, b.second)
	                            : order(a.nanoseconds, b.nanoseconds);
}

bool msgc_duration_equal(struct msgc_duration a, struct msgc_duration b)
{
	return a.months == b.months && a.days == b.days && a.seconds == b.seconds;
}

bool msgc_uuid_equal(struct msgc_uuid a, struct msgc_uuid b)
{
	return memcmp(a.bytes, b.bytes, sizeof a.bytes) == 0;
}

int msgc_clone_str(struct msgc_arena *arena, struct msgc_str v, struct msgc_str *ret)
{
	return msgc_arena_copy(arena, v, ret);
}

int msgc_clone_bytes(struct msgc_arena *arena, struct msgc_bytes v, struct msgc_bytes *ret)
{
	struct msgc_str copy;
	int result = msgc_arena_copy(arena, msgc_str_of((const char *)v.ptr, v.len), &copy);

	if (result == 0)
		*ret = (struct msgc_bytes){(const uint8_t *)copy.ptr, copy.len};
	return result;
}

int msgc_clone_json(struct msgc_arena *arena, struct msgc_json v, struct msgc_json *ret)
{
	struct msgc_str copy;
	int result = msgc_arena_copy(arena, msgc_str_of(v.ptr, v.len), &copy);

	if (result == 0)
		*ret = (struct msgc_json){copy.ptr, copy.len};
	return result;
}

int msgc_clone_decimal(struct msgc_arena *arena, struct msgc_decimal v, struct msgc_decimal *ret)
{
	struct msgc_str copy;
	int result = msgc_arena_copy(arena, msgc_str_of(v.ptr, v.len), &copy);

	if (result == 0)
		*ret = (struct msgc_decimal){copy.ptr, copy.len};
	return result;
}

void *msgc_clone_items(struct msgc_arena *arena, const void *items, size_t count, size_t size)
{
	void *to = count ? msgc_arena_calloc(arena, count, size) : NULL;

	if (to)
		memcpy(to, items, count * size);
	return to;
}
