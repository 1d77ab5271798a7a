/* SPDX-License-Identifier: MIT */
/*
 * Whole texts to values: parameters of a URL, the `as string` forms, strings that hold times, ids
 * and bytes. Each tells its own problem. It knows no reader.
 */
#include "internal.h"

#include <stdio.h>

static bool refuse(struct msgc_scope *s, const char *type, const char *msg)
{
	msgc__scope_problem(s, type, msg, NULL);
	return false;
}

bool msgc_text_bool(struct msgc_scope *s, struct msgc_str text, bool *ret)
{
	bool value = msgc_key_is(text, "true");

	if (!value && !msgc_key_is(text, "false"))
		return refuse(s, "bool_parsing",
		        "Input should be a valid boolean, unable to interpret input");
	*ret = value;
	return true;
}

/* ---- integers ---- */

/* An integer without fraction and exponent: its sign and its digits. */
static bool plain_integer(struct msgc_scope *s, struct msgc_str text, struct msgc__digits *ret)
{
	struct msgc__number n;
	const char *bad;

	if (text.len == 0 ||
	        msgc__scan_number(text.ptr, text.ptr + text.len, &n, &bad) != text.ptr + text.len ||
	        !n.plain)
		return refuse(s, "int_parsing",
		        "Input should be a valid integer, unable to parse string as an integer");
	msgc__digits_of(text.ptr, text.len, ret);
	return true;
}

bool msgc_text_int(
        struct msgc_scope *s, struct msgc_str text, int64_t min, int64_t max, int64_t *ret)
{
	struct msgc__digits d;

	return plain_integer(s, text, &d) && msgc__digits_to_int(s, &d, min, max, ret);
}

bool msgc_text_uint(struct msgc_scope *s, struct msgc_str text, uint64_t max, uint64_t *ret)
{
	struct msgc__digits d;

	return plain_integer(s, text, &d) && msgc__digits_to_uint(s, &d, max, ret);
}

bool msgc_text_datetime_unix(struct msgc_scope *s, struct msgc_str text, struct msgc_datetime *ret)
{
	int64_t v;

	if (!msgc_text_int(s, text, MSGC__DATETIME_SECONDS_MIN, MSGC__DATETIME_SECONDS_MAX, &v))
		return false;
	*ret = (struct msgc_datetime){.seconds = v};
	return true;
}

bool msgc_text_datetime_unix_ms(
        struct msgc_scope *s, struct msgc_str text, struct msgc_datetime *ret)
{
	int64_t v;

	if (!msgc_text_int(s, text, MSGC__DATETIME_SECONDS_MIN * 1000,
	            MSGC__DATETIME_SECONDS_MAX * 1000 + 999, &v))
		return false;
	*ret = msgc__datetime_of_ms(v);
	return true;
}

MSGC__COLD static void refuse_integer(
        struct msgc_scope *s, bool too_small, bool negative, uint64_t magnitude)
{
	char text[24] = "-", *end = msgc__format_uint64(text + negative, magnitude);

	*end = '\0';
	if (too_small)
		msgc_refuse_min(s, text);
	else
		msgc_refuse_max(s, text);
}

static bool refuse_fraction(struct msgc_scope *s)
{
	return refuse(s, "int_from_float",
	        "Input should be a valid integer, got a number with a fractional part");
}

static uint64_t magnitude_of(int64_t v)
{
	return v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
}

bool msgc__digits_to_int(
        struct msgc_scope *s, const struct msgc__digits *d, int64_t min, int64_t max, int64_t *ret)
{
	uint64_t v, most = d->negative ? magnitude_of(min) : (uint64_t)max;
	int result = msgc__digits_to_uint64(d, &v);

	if (result == MSGC_EINVAL)
		return refuse_fraction(s);
	if (result || v > most) {
		refuse_integer(s, d->negative, d->negative, most);
		return false;
	}
	*ret = d->negative ? (int64_t)(0 - v) : (int64_t)v;
	return true;
}

bool msgc__digits_to_uint(
        struct msgc_scope *s, const struct msgc__digits *d, uint64_t max, uint64_t *ret)
{
	uint64_t v;
	int result = msgc__digits_to_uint64(d, &v);

	if (result == MSGC_EINVAL)
		return refuse_fraction(s);
	if (d->negative && (result || v)) {
		refuse_integer(s, true, false, 0);
		return false;
	}
	if (result || v > max) {
		refuse_integer(s, false, false, max);
		return false;
	}
	*ret = v;
	return true;
}

/* ---- other numbers ---- */

static bool whole_number(struct msgc_scope *s, struct msgc_str text, struct msgc__number *ret)
{
	const char *bad;

	if (text.len &&
	        msgc__scan_number(text.ptr, text.ptr + text.len, ret, &bad) == text.ptr + text.len)
		return true;
	return refuse(s, "float_parsing",
	        "Input should be a valid number, unable to parse string as a number");
}

bool msgc_text_float64(struct msgc_scope *s, struct msgc_str text, double *ret)
{
	struct msgc__number n;

	if (!whole_number(s, text, &n))
		return false;
	return msgc__number_to_float64(&n, ret) ||
	        refuse(s, "finite_number", "Input should be a finite number");
}

bool msgc_text_float32(struct msgc_scope *s, struct msgc_str text, float *ret)
{
	struct msgc__number n;

	if (!whole_number(s, text, &n))
		return false;
	return msgc__number_to_float32(&n, ret) ||
	        refuse(s, "finite_number", "Input should be a finite number");
}

bool msgc_text_decimal(struct msgc_scope *s, struct msgc_str text, struct msgc_decimal *ret)
{
	struct msgc_decimal v = {text.ptr, text.len};

	if (!msgc_check_decimal(s, v))
		return false;
	*ret = v;
	return true;
}

/* ---- times, ids, bytes ---- */

static bool refuse_time(struct msgc_scope *s, const char *type, const char *msg, const char *wrong)
{
	if (wrong == msgc__no_offset)
		return refuse(s, "timezone_aware", "Input should have timezone info");
	msgc__scope_parsing(s, type, msg, wrong);
	return false;
}

bool msgc_text_datetime(struct msgc_scope *s, struct msgc_str text, struct msgc_datetime *ret)
{
	struct msgc_datetime v;
	const char *wrong = msgc__parse_datetime(text, &v);

	if (wrong)
		return refuse_time(
		        s, "datetime_parsing", "Input should be a valid datetime, ", wrong);
	*ret = v;
	return true;
}

bool msgc_text_date(struct msgc_scope *s, struct msgc_str text, struct msgc_date *ret)
{
	struct msgc_date v;
	const char *wrong = msgc__parse_date(text, &v);

	if (wrong)
		return refuse_time(s, "date_parsing",
		        "Input should be a valid date in the format YYYY-MM-DD, ", wrong);
	*ret = v;
	return true;
}

bool msgc_text_time(struct msgc_scope *s, struct msgc_str text, struct msgc_time *ret)
{
	struct msgc_time v;
	const char *wrong = msgc__parse_time(text, &v);

	if (wrong)
		return refuse_time(
		        s, "time_parsing", "Input should be in a valid time format, ", wrong);
	*ret = v;
	return true;
}

bool msgc_text_duration(struct msgc_scope *s, struct msgc_str text, struct msgc_duration *ret)
{
	const char *wrong = msgc__parse_duration(text, ret);

	return wrong
	        ? refuse_time(s, "time_delta_parsing", "Input should be a valid duration, ", wrong)
	        : true;
}

#define UUID_LEN 36

/* False: a dash or a digit is something else. */
static bool uuid_of(const char *p, struct msgc_uuid *ret)
{
	static const uint8_t places[] = {0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34};
	uint32_t all = 0, v;

	for (size_t i = 0; i < sizeof places; i++) {
		v = msgc__hex[(uint8_t)p[places[i]]] << 4 | msgc__hex[(uint8_t)p[places[i] + 1]];
		ret->bytes[i] = (uint8_t)v;
		all |= v;
	}
	return all < MSGC__NO_HEX && p[8] == '-' && p[13] == '-' && p[18] == '-' && p[23] == '-';
}

const char *msgc__parse_uuid(struct msgc_str text, struct msgc_uuid *ret)
{
	struct msgc_uuid v;

	if (text.len != UUID_LEN)
		return "invalid length: expected 36 characters in five groups";
	if (uuid_of(text.ptr, &v)) {
		*ret = v;
		return NULL;
	}
	/* The first that is wrong: a dash before the digits behind it. */
	for (size_t i = 0; i < UUID_LEN; i++) {
		if (i == 8 || i == 13 || i == 18 || i == 23) {
			if (text.ptr[i] != '-')
				return "invalid group: expected `-`";
		} else if (msgc__hex_value(text.ptr[i]) < 0) {
			break;
		}
	}
	return "invalid character: expected a hexadecimal digit";
}

bool msgc_text_uuid(struct msgc_scope *s, struct msgc_str text, struct msgc_uuid *ret)
{
	const char *wrong = msgc__parse_uuid(text, ret);

	return wrong ? refuse_time(s, "uuid_parsing", "Input should be a valid UUID, ", wrong)
	             : true;
}

MSGC__COLD static bool refuse_base64(struct msgc_scope *s, const char *what, size_t at)
{
	char msg[128], ctx[128];

	snprintf(msg, sizeof msg, "Data should be valid base64: %s, offset %zu.", what, at);
	snprintf(ctx, sizeof ctx,
	        "{\"encoding\":\"base64\",\"encoding_error\":\"%s, offset %zu.\"}", what, at);
	msgc__scope_problem(s, "bytes_invalid_encoding", msg, ctx);
	return false;
}

bool msgc_text_bytes(
        struct msgc_scope *s, struct msgc_str text, uint8_t *to, struct msgc_bytes *ret)
{
	size_t bad, len = msgc__base64_decode(text, to, &bad);

	if (len == (size_t)-1)
		return refuse_base64(
		        s, bad == text.len ? "Invalid padding" : "Invalid symbol", bad);
	to[len] = 0;
	*ret = (struct msgc_bytes){to, len};
	return true;
}
