/* SPDX-License-Identifier: MIT */
/*
 * Formats of texts that name or measure something: slugs, UUIDs, times, JSON Pointers. The texts are
 * checked and stay as they are. See codec_gen.h for their RFCs. It knows text only.
 */
#include "internal.h"

static bool is_slug_char(char c)
{
	return msgc__is_alpha(c) || msgc__is_digit(c) || c == '-' || c == '_';
}

bool msgc_check_slug(struct msgc_scope *s, struct msgc_str v)
{
	size_t i = 0;

	while (i < v.len && is_slug_char(v.ptr[i]))
		i++;
	if (v.len && i == v.len)
		return true;
	msgc_refuse_value(s, "should be a valid slug");
	return false;
}

/* *( "/" *( unescaped / "~0" / "~1" ) ) */
static bool is_json_pointer(const char *p, const char *end)
{
	if (p < end && *p != '/')
		return false;
	for (; p < end; p++) {
		if (*p == '~' && (end - p < 2 || (p[1] != '0' && p[1] != '1')))
			return false;
	}
	return true;
}

bool msgc_check_json_pointer(struct msgc_scope *s, struct msgc_str v)
{
	if (v.len == 0 || is_json_pointer(v.ptr, v.ptr + v.len))
		return true;
	msgc_refuse_value(s, "should be a valid JSON Pointer");
	return false;
}

bool msgc_check_uuid_text(struct msgc_scope *s, struct msgc_str v)
{
	struct msgc_uuid uuid;

	return msgc_text_uuid(s, v, &uuid);
}

bool msgc_check_datetime_text(struct msgc_scope *s, struct msgc_str v)
{
	struct msgc_datetime datetime;

	return msgc_text_datetime(s, v, &datetime);
}

bool msgc_check_date_text(struct msgc_scope *s, struct msgc_str v)
{
	struct msgc_date date;

	return msgc_text_date(s, v, &date);
}

bool msgc_check_time_text(struct msgc_scope *s, struct msgc_str v)
{
	struct msgc_time time;

	return msgc_text_time(s, v, &time);
}

/* The text is kept, so its numbers may be larger than those of struct msgc_duration. */
bool msgc_check_duration_text(struct msgc_scope *s, struct msgc_str v)
{
	const char *wrong = msgc__scan_duration(v);

	if (!wrong)
		return true;
	msgc__scope_parsing(s, "time_delta_parsing", "Input should be a valid duration, ", wrong);
	return false;
}
