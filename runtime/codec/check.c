/* SPDX-License-Identifier: MIT */
/*
 * Checks of numbers, and what validators ask of values that a C program has made: is it something
 * that the type can hold and that JSON can say.
 */
#include "internal.h"

#include <math.h>

bool msgc_check_step(struct msgc_scope *s, struct msgc_str number, const char *step)
{
	struct msgc__digits n, of;

	msgc__digits_of(number.ptr, number.len, &n);
	msgc__digits_of(step, strlen(step), &of);
	if (msgc__digits_multiple(&n, &of))
		return true;
	msgc_refuse_step(s, step);
	return false;
}

bool msgc_check_step_uint64(struct msgc_scope *s, uint64_t v, const char *step)
{
	char text[20];

	return msgc_check_step(
	        s, msgc_str_of(text, (size_t)(msgc__format_uint64(text, v) - text)), step);
}

bool msgc_check_step_int64(struct msgc_scope *s, int64_t v, const char *step)
{
	return msgc_check_step_uint64(s, v < 0 ? 0 - (uint64_t)v : (uint64_t)v, step);
}

bool msgc_check_step_float64(struct msgc_scope *s, double v, const char *step)
{
	char text[MSGC_FLOAT64_MAX];

	if (!isfinite(v))
		return msgc_check_float64(s, v);
	return msgc_check_step(s, msgc_str_of(text, msgc_format_float64(v, text)), step);
}

bool msgc_check_step_float32(struct msgc_scope *s, float v, const char *step)
{
	char text[MSGC_FLOAT64_MAX];

	if (!isfinite(v))
		return msgc_check_float32(s, v);
	return msgc_check_step(s, msgc_str_of(text, msgc_format_float32(v, text)), step);
}

static int compare_with(struct msgc_decimal v, const char *bound)
{
	struct msgc_decimal b = {bound, strlen(bound)};

	return msgc_decimal_compare(v, b);
}

bool msgc_check_decimal_min(struct msgc_scope *s, struct msgc_decimal v, const char *bound)
{
	if (compare_with(v, bound) >= 0)
		return true;
	msgc_refuse_min(s, bound);
	return false;
}

bool msgc_check_decimal_max(struct msgc_scope *s, struct msgc_decimal v, const char *bound)
{
	if (compare_with(v, bound) <= 0)
		return true;
	msgc_refuse_max(s, bound);
	return false;
}

bool msgc_check_decimal_above(struct msgc_scope *s, struct msgc_decimal v, const char *bound)
{
	if (compare_with(v, bound) > 0)
		return true;
	msgc_refuse_above(s, bound);
	return false;
}

bool msgc_check_decimal_below(struct msgc_scope *s, struct msgc_decimal v, const char *bound)
{
	if (compare_with(v, bound) < 0)
		return true;
	msgc_refuse_below(s, bound);
	return false;
}

bool msgc_check_int53(struct msgc_scope *s, int64_t v)
{
	if (v > MSGC__INT53_MOST)
		msgc_refuse_max(s, "9007199254740991");
	else if (v < -MSGC__INT53_MOST)
		msgc_refuse_min(s, "-9007199254740991");
	else
		return true;
	return false;
}

static bool refuse_infinite(struct msgc_scope *s)
{
	msgc__scope_problem(s, "finite_number", "Input should be a finite number", NULL);
	return false;
}

bool msgc_check_float64(struct msgc_scope *s, double v)
{
	return isfinite(v) ? true : refuse_infinite(s);
}

bool msgc_check_float32(struct msgc_scope *s, float v)
{
	return isfinite(v) ? true : refuse_infinite(s);
}

bool msgc_check_str(struct msgc_scope *s, struct msgc_str v)
{
	if (msgc_utf8_valid(v.ptr, v.len))
		return true;
	msgc__scope_problem(s, "string_unicode",
	        "Input should be a valid string, unable to parse raw data as a unicode string",
	        NULL);
	return false;
}

bool msgc_check_decimal(struct msgc_scope *s, struct msgc_decimal v)
{
	if (msgc__is_number(v.ptr, v.len))
		return true;
	msgc__scope_problem(s, "decimal_parsing", "Input should be a valid decimal", NULL);
	return false;
}

bool msgc_check_json(struct msgc_scope *s, struct msgc_json v)
{
	const char *wrong = msgc__json_wrong(v.ptr, v.len);

	if (!wrong)
		return true;
	msgc__scope_parsing(s, "json_invalid", "Invalid JSON: ", wrong);
	return false;
}

static bool refuse_time(struct msgc_scope *s, const char *type, const char *msg)
{
	msgc__scope_parsing(s, type, msg, "value is outside expected range");
	return false;
}

bool msgc_check_datetime(struct msgc_scope *s, struct msgc_datetime v)
{
	return msgc__datetime_valid(v)
	        ? true
	        : refuse_time(s, "datetime_parsing", "Input should be a valid datetime, ");
}

bool msgc_check_date(struct msgc_scope *s, struct msgc_date v)
{
	return msgc__date_valid(v)
	        ? true
	        : refuse_time(s, "date_parsing",
	                  "Input should be a valid date in the format YYYY-MM-DD, ");
}

bool msgc_check_time(struct msgc_scope *s, struct msgc_time v)
{
	return msgc__time_valid(v)
	        ? true
	        : refuse_time(s, "time_parsing", "Input should be in a valid time format, ");
}

bool msgc_check_duration(struct msgc_scope *s, struct msgc_duration v)
{
	return v.months >= 0 && v.days >= 0 && v.seconds >= 0
	        ? true
	        : refuse_time(s, "time_delta_parsing", "Input should be a valid duration, ");
}
