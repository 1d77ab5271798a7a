/* SPDX-License-Identifier: MIT */
/*
 * Numbers of a reader, and the other scalars that are no strings: true, false, null, raw JSON.
 * Integers are exact, whatever way they are written.
 */
#include "reader.h"

#define SMALL_DIGITS 18 /* fit into 63 bits */

/* At a number: its token. */
static bool read_number(struct msgc_reader *r, struct msgc__number *ret)
{
	const char *bad, *end = msgc__scan_number(r->at, r->end, ret, &bad);

	if (!end) {
		msgc__reader_stop(r, bad == r->end ? msgc__cut_value : "invalid number", bad);
		return false;
	}
	r->number = msgc_str_of(r->at, (size_t)(end - r->at));
	r->at += end - r->at;
	return true;
}

static bool at_number(struct msgc_reader *r)
{
	msgc__reader_space(r);
	return *r->at == '-' || msgc__is_digit(*r->at);
}

static bool not_a_number(struct msgc_reader *r)
{
	return msgc__read_wrong_kind(r, "float_type", "Input should be a valid number");
}

/* Up to 18 digits and nothing else, which is what integers look like. Else nothing has happened. */
static bool read_small(struct msgc_reader *r, int64_t *ret)
{
	char *begin = r->at, *p = begin;
	bool negative = *p == '-';
	uint64_t v;
	unsigned n;

	p += negative;
	/* The padding makes this safe at the end of the text. */
	n = swar_digits(p, &v);
	if (MSGC__UNLIKELY(n - 1 >= SMALL_DIGITS || (*p == '0' && n > 1)))
		return false;
	p += n;
	if (MSGC__UNLIKELY(*p == '.' || (*p | 0x20) == 'e'))
		return false;
	r->number.ptr = begin;
	r->number.len = (size_t)(p - begin);
	r->at = p;
	*ret = negative ? -(int64_t)v : (int64_t)v;
	return true;
}

/* Any integer, as its digits. */
static bool read_digits(struct msgc_reader *r, struct msgc__digits *ret)
{
	struct msgc__number n;

	if (!at_number(r))
		return msgc__read_wrong_kind(r, "int_type", "Input should be a valid integer");
	if (!read_number(r, &n))
		return false;
	msgc__digits_of(r->number.ptr, r->number.len, ret);
	return true;
}

static bool read_int(struct msgc_reader *r, int64_t min, int64_t max, int64_t *ret)
{
	struct msgc__digits d;
	int64_t v;

	if ((uint8_t)*r->at <= ' ')
		msgc__reader_space(r);
	if (MSGC__LIKELY(read_small(r, &v))) {
		if (MSGC__LIKELY(v >= min && v <= max)) {
			*ret = v;
			return true;
		}
		msgc__digits_of(r->number.ptr, r->number.len, &d);
	} else if (!read_digits(r, &d)) {
		return false;
	}
	return msgc__digits_to_int(&r->scope, &d, min, max, ret);
}

static bool read_uint(struct msgc_reader *r, uint64_t max, uint64_t *ret)
{
	struct msgc__digits d;
	int64_t v;

	msgc__reader_space(r);
	if (MSGC__LIKELY(read_small(r, &v))) {
		if (MSGC__LIKELY(v >= 0 && (uint64_t)v <= max)) {
			*ret = (uint64_t)v;
			return true;
		}
		msgc__digits_of(r->number.ptr, r->number.len, &d);
	} else if (!read_digits(r, &d)) {
		return false;
	}
	return msgc__digits_to_uint(&r->scope, &d, max, ret);
}

#define READ_INT(name, type, min, max)                                                             \
	bool msgc_read_##name(struct msgc_reader *r, type *ret)                                    \
	{                                                                                          \
		int64_t v;                                                                         \
                                                                                                   \
		if (!read_int(r, min, max, &v))                                                    \
			return false;                                                              \
		*ret = (type)v;                                                                    \
		return true;                                                                       \
	}

#define READ_UINT(name, type, max)                                                                 \
	bool msgc_read_##name(struct msgc_reader *r, type *ret)                                    \
	{                                                                                          \
		uint64_t v;                                                                        \
                                                                                                   \
		if (!read_uint(r, max, &v))                                                        \
			return false;                                                              \
		*ret = (type)v;                                                                    \
		return true;                                                                       \
	}

READ_INT(int8, int8_t, INT8_MIN, INT8_MAX)
READ_INT(int16, int16_t, INT16_MIN, INT16_MAX)
READ_INT(int32, int32_t, INT32_MIN, INT32_MAX)
READ_INT(int53, int64_t, -MSGC__INT53_MOST, MSGC__INT53_MOST)
READ_INT(int64, int64_t, INT64_MIN, INT64_MAX)
READ_UINT(uint8, uint8_t, UINT8_MAX)
READ_UINT(uint16, uint16_t, UINT16_MAX)
READ_UINT(uint32, uint32_t, UINT32_MAX)
READ_UINT(uint64, uint64_t, UINT64_MAX)

static bool refuse_infinite(struct msgc_reader *r)
{
	msgc__scope_problem(&r->scope, "finite_number", "Input should be a finite number", NULL);
	return false;
}

bool msgc_read_float64(struct msgc_reader *r, double *ret)
{
	struct msgc__number n;

	if (MSGC__LIKELY(msgc__kernels->take_float64(r, ret)))
		return true;
	if (!at_number(r))
		return not_a_number(r);
	return read_number(r, &n) && (msgc__number_to_float64(&n, ret) || refuse_infinite(r));
}

bool msgc_read_float32(struct msgc_reader *r, float *ret)
{
	struct msgc__number n;

	if (!at_number(r))
		return not_a_number(r);
	return read_number(r, &n) && (msgc__number_to_float32(&n, ret) || refuse_infinite(r));
}

bool msgc_read_decimal(struct msgc_reader *r, struct msgc_decimal *ret)
{
	struct msgc__number n;

	if (!at_number(r))
		return not_a_number(r);
	if (!read_number(r, &n))
		return false;
	*ret = (struct msgc_decimal){r->number.ptr, r->number.len};
	return true;
}

bool msgc_read_datetime_unix(struct msgc_reader *r, struct msgc_datetime *ret)
{
	int64_t v;

	if (!read_int(r, MSGC__DATETIME_SECONDS_MIN, MSGC__DATETIME_SECONDS_MAX, &v))
		return false;
	*ret = (struct msgc_datetime){.seconds = v};
	return true;
}

bool msgc_read_datetime_unix_ms(struct msgc_reader *r, struct msgc_datetime *ret)
{
	int64_t v;

	if (!read_int(r, MSGC__DATETIME_SECONDS_MIN * 1000, MSGC__DATETIME_SECONDS_MAX * 1000 + 999,
	            &v))
		return false;
	*ret = msgc__datetime_of_ms(v);
	return true;
}

/* ---- literals ---- */

static bool is_literal(const struct msgc_reader *r, const char *word, size_t len)
{
	/* The padding makes the comparison safe at the end of the text. */
	return memcmp(r->at, word, len) == 0;
}

bool msgc_read_bool(struct msgc_reader *r, bool *ret)
{
	msgc__reader_space(r);
	if (is_literal(r, "true", 4)) {
		r->at += 4;
		*ret = true;
		return true;
	}
	if (is_literal(r, "false", 5)) {
		r->at += 5;
		*ret = false;
		return true;
	}
	return msgc__read_wrong_kind(r, "bool_type", "Input should be a valid boolean");
}

bool msgc_read_null(struct msgc_reader *r)
{
	msgc__reader_space(r);
	if (!is_literal(r, "null", 4))
		return false;
	r->at += 4;
	return true;
}

bool msgc_read_none(struct msgc_reader *r)
{
	return msgc_read_null(r) ||
	        msgc__read_wrong_kind(r, "none_required", "Input should be null");
}

bool msgc_read_json(struct msgc_reader *r, struct msgc_json *ret)
{
	const char *from;

	msgc__reader_space(r);
	from = r->at;
	msgc__reader_skip(r);
	if (r->error)
		return false;
	*ret = (struct msgc_json){from, (size_t)(r->at - from)};
	return true;
}

/* ---- one value, or one of some ---- */

bool msgc_read_enum_int(struct msgc_reader *r, const char *expected, int64_t *ret)
{
	struct msgc_scope quiet = {0};
	struct msgc__digits d;

	if (at_number(r)) {
		if (!read_digits(r, &d))
			return false;
		if (msgc__digits_to_int(&quiet, &d, INT64_MIN, INT64_MAX, ret))
			return true;
		msgc_refuse_enum(&r->scope, expected);
		return false;
	}
	if (!r->error)
		msgc_refuse_enum(&r->scope, expected);
	msgc__reader_skip(r);
	return false;
}

static bool wrong_literal(struct msgc_reader *r, const char *expected)
{
	if (!r->error)
		msgc_refuse_literal(&r->scope, expected);
	msgc__reader_skip(r);
	return false;
}

bool msgc_read_literal_int(struct msgc_reader *r, int64_t value, const char *expected)
{
	struct msgc_scope quiet = {0};
	struct msgc__digits d;
	int64_t v;

	if (!at_number(r))
		return wrong_literal(r, expected);
	if (!read_digits(r, &d))
		return false;
	if (msgc__digits_to_int(&quiet, &d, INT64_MIN, INT64_MAX, &v) && v == value)
		return true;
	msgc_refuse_literal(&r->scope, expected);
	return false;
}

bool msgc_read_literal_bool(struct msgc_reader *r, bool value, const char *expected)
{
	msgc__reader_space(r);
	if (value ? !is_literal(r, "true", 4) : !is_literal(r, "false", 5))
		return wrong_literal(r, expected);
	r->at += value ? 4 : 5;
	return true;
}

void msgc_read_envelope_int(struct msgc_reader *r)
{
	struct msgc__digits d;
	uint64_t v;

	if (read_digits(r, &d) && msgc__digits_to_uint64(&d, &v) == MSGC_EINVAL)
		msgc__scope_problem(&r->scope, "int_from_float",
		        "Input should be a valid integer, got a number with a fractional part",
		        NULL);
}
