/* SPDX-License-Identifier: MIT */
/*
 * Scalars by their tables: read, written, and held against their limits. One switch over the kind
 * for each; it knows nothing of what scalars are parts of.
 */
#include "reader.h"
#include "types.h"

/* ---- limits ---- */

static bool refuse_bound(struct msgc_scope *s, const struct msgc_bound *bound)
{
	switch (bound->kind) {
	case MSGC_MIN: msgc_refuse_min(s, bound->text); break;
	case MSGC_MAX: msgc_refuse_max(s, bound->text); break;
	case MSGC_ABOVE: msgc_refuse_above(s, bound->text); break;
	case MSGC_BELOW: msgc_refuse_below(s, bound->text); break;
	case MSGC_STEP: msgc_refuse_step(s, bound->text); break;
	}
	return false;
}

#define KEEPS_TO(v, bound, number)                                                                 \
	((bound)->kind == MSGC_MIN                    ? (v) >= (number)                            \
	                : (bound)->kind == MSGC_MAX   ? (v) <= (number)                            \
	                : (bound)->kind == MSGC_ABOVE ? (v) > (number)                             \
	                : (bound)->kind == MSGC_BELOW ? (v) < (number)                             \
	                                              : true)

static bool check_int(struct msgc_scope *s, const struct msgc_bound *bound, int64_t v)
{
	bool fine = bound->kind == MSGC_STEP ? v % bound->i == 0 : KEEPS_TO(v, bound, bound->i);

	return fine || refuse_bound(s, bound);
}

static bool check_uint(struct msgc_scope *s, const struct msgc_bound *bound, uint64_t v)
{
	bool fine = bound->kind == MSGC_STEP ? v % bound->u == 0 : KEEPS_TO(v, bound, bound->u);

	return fine || refuse_bound(s, bound);
}

/* number: its text, where it has just been read. */
static bool check_float(struct msgc_scope *s, const struct msgc_bound *bound, double v,
        struct msgc_str number, bool is_float32)
{
	if (bound->kind != MSGC_STEP)
		return KEEPS_TO(v, bound, bound->f) || refuse_bound(s, bound);
	if (number.ptr)
		return msgc_check_step(s, number, bound->text);
	return is_float32 ? msgc_check_step_float32(s, (float)v, bound->text)
	                  : msgc_check_step_float64(s, v, bound->text);
}

static bool check_decimal(
        struct msgc_scope *s, const struct msgc_bound *bound, struct msgc_decimal v)
{
	switch (bound->kind) {
	case MSGC_MIN: return msgc_check_decimal_min(s, v, bound->text);
	case MSGC_MAX: return msgc_check_decimal_max(s, v, bound->text);
	case MSGC_ABOVE: return msgc_check_decimal_above(s, v, bound->text);
	case MSGC_BELOW: return msgc_check_decimal_below(s, v, bound->text);
	default: return msgc_check_step(s, msgc_str_of(v.ptr, v.len), bound->text);
	}
}

static void check_bound(struct msgc_scope *s, const struct msgc_type *type,
        const struct msgc_bound *bound, const void *v, struct msgc_str number)
{
	switch ((enum msgc_type_kind)type->kind) {
	case MSGC_KIND_INT8: check_int(s, bound, *(const int8_t *)v); break;
	case MSGC_KIND_INT16: check_int(s, bound, *(const int16_t *)v); break;
	case MSGC_KIND_INT32: check_int(s, bound, *(const int32_t *)v); break;
	case MSGC_KIND_INT53:
	case MSGC_KIND_INT64: check_int(s, bound, *(const int64_t *)v); break;
	case MSGC_KIND_UINT8: check_uint(s, bound, *(const uint8_t *)v); break;
	case MSGC_KIND_UINT16: check_uint(s, bound, *(const uint16_t *)v); break;
	case MSGC_KIND_UINT32: check_uint(s, bound, *(const uint32_t *)v); break;
	case MSGC_KIND_UINT64: check_uint(s, bound, *(const uint64_t *)v); break;
	case MSGC_KIND_FLOAT32:
		check_float(s, bound, (double)*(const float *)v, number, true);
		break;
	case MSGC_KIND_FLOAT64: check_float(s, bound, *(const double *)v, number, false); break;
	case MSGC_KIND_DECIMAL: check_decimal(s, bound, *(const struct msgc_decimal *)v); break;
	default: break;
	}
}

static void check_text(struct msgc_scope *s, const struct msgc_type_text *limits, struct msgc_str v)
{
	if (limits->flags & MSGC_TEXT_LEN)
		msgc_check_len(s, v, limits->len_min, limits->len_max);
	if (limits->flags & MSGC_TEXT_BYTES)
		msgc_check_bytes(s, v.len, limits->bytes_min, limits->bytes_max);
	if (limits->flags & MSGC_TEXT_NOT_BLANK)
		msgc_check_not_blank(s, v);
	if (limits->format)
		limits->format(s, v);
	for (size_t i = 0; i < limits->n_patterns; i++)
		msgc_check_pattern(s, v, limits->patterns[i]);
}

/* A type may be one of its own for a `check` alone: then it has no bounds. */
static void check_bytes(
        struct msgc_scope *s, const struct msgc_type_text *limits, const struct msgc_bytes *v)
{
	if (limits->flags & MSGC_TEXT_BYTES)
		msgc_check_bytes(s, v->len, limits->bytes_min, limits->bytes_max);
}

void msgc__check_limits(struct msgc_scope *s, const struct msgc_type *type, const void *value,
        struct msgc_str number)
{
	const struct msgc_type_text *text = type->text;

	if (!type->number)
		return;
	if (type->kind == MSGC_KIND_STR)
		check_text(s, text, *(const struct msgc_str *)value);
	else if (type->kind == MSGC_KIND_BYTES && !(text->flags & MSGC_TEXT_BYTES))
		return; /* checks, and no limits */
	else if (type->kind == MSGC_KIND_BYTES)
		check_bytes(s, text, (const struct msgc_bytes *)value);
	else
		for (size_t i = 0; i < type->number->n_bounds; i++)
			check_bound(s, type, &type->number->bounds[i], value, number);
}

/* ---- reading ---- */

static bool read_str(struct msgc_reader *r, const struct msgc_type_text *limits, struct msgc_str *v)
{
	if (!msgc_read_str(r, v))
		return false;
	if (limits && limits->flags & MSGC_TEXT_TRIM)
		msgc_read_trim(r, v);
	if (limits && limits->flags & MSGC_TEXT_LOWER)
		msgc_read_lower(r, v);
	if (limits && limits->flags & MSGC_TEXT_UPPER)
		msgc_read_upper(r, v);
	return true;
}

static bool read_datetime(struct msgc_reader *r, enum msgc_type_form form, struct msgc_datetime *v)
{
	switch (form) {
	case MSGC_FORM_UNIX: return msgc_read_datetime_unix(r, v);
	case MSGC_FORM_UNIX_MS: return msgc_read_datetime_unix_ms(r, v);
	default: return msgc_read_datetime(r, v);
	}
}

#define READ_NUMBER(name) (quoted ? msgc_read_##name##_str(r, v) : msgc_read_##name(r, v))

static bool read_value(struct msgc_reader *r, const struct msgc_type *type, void *v)
{
	bool quoted = type->form == MSGC_FORM_STRING;

	switch ((enum msgc_type_kind)type->kind) {
	case MSGC_KIND_BOOL: return msgc_read_bool(r, v);
	case MSGC_KIND_INT8: return READ_NUMBER(int8);
	case MSGC_KIND_INT16: return READ_NUMBER(int16);
	case MSGC_KIND_INT32: return READ_NUMBER(int32);
	case MSGC_KIND_INT53: return READ_NUMBER(int53);
	case MSGC_KIND_INT64: return READ_NUMBER(int64);
	case MSGC_KIND_UINT8: return READ_NUMBER(uint8);
	case MSGC_KIND_UINT16: return READ_NUMBER(uint16);
	case MSGC_KIND_UINT32: return READ_NUMBER(uint32);
	case MSGC_KIND_UINT64: return READ_NUMBER(uint64);
	case MSGC_KIND_FLOAT32: return msgc_read_float32(r, v);
	case MSGC_KIND_FLOAT64: return msgc_read_float64(r, v);
	case MSGC_KIND_DECIMAL: return READ_NUMBER(decimal);
	case MSGC_KIND_STR: return read_str(r, type->text, v);
	case MSGC_KIND_BYTES: return msgc_read_bytes(r, v);
	case MSGC_KIND_DATETIME: return read_datetime(r, (enum msgc_type_form)type->form, v);
	case MSGC_KIND_DATE: return msgc_read_date(r, v);
	case MSGC_KIND_TIME: return msgc_read_time(r, v);
	case MSGC_KIND_DURATION: return msgc_read_duration(r, v);
	case MSGC_KIND_UUID: return msgc_read_uuid(r, v);
	case MSGC_KIND_JSON: return msgc_read_json(r, v);
	default: return msgc_read_none(r);
	}
}

void msgc__read_scalar(struct msgc_reader *r, const struct msgc_type *type, void *value)
{
	uint32_t refused = r->scope.refused;

	if (!read_value(r, type, value))
		return;
	if (type->number)
		msgc__check_limits(&r->scope, type, value, r->number);
	if (type->checks && r->scope.refused == refused)
		msgc__run_checks(&r->scope, type, value);
}

/* ---- writing ---- */

static void write_int(struct msgc_buf *out, bool quoted, int64_t v)
{
	if (quoted)
		msgc_write_int64_str(out, v);
	else
		msgc_write_int64(out, v);
}

static void write_uint(struct msgc_buf *out, bool quoted, uint64_t v)
{
	if (quoted)
		msgc_write_uint64_str(out, v);
	else
		msgc_write_uint64(out, v);
}

static void write_decimal(struct msgc_buf *out, bool quoted, struct msgc_decimal v)
{
	if (quoted)
		msgc_write_decimal_str(out, v);
	else
		msgc_write_decimal(out, v);
}

static void write_datetime(struct msgc_buf *out, enum msgc_type_form form, struct msgc_datetime v)
{
	switch (form) {
	case MSGC_FORM_UNIX: msgc_write_datetime_unix(out, v); break;
	case MSGC_FORM_UNIX_MS: msgc_write_datetime_unix_ms(out, v); break;
	default: msgc_write_datetime(out, v);
	}
}

void msgc__write_scalar(struct msgc_buf *out, const struct msgc_type *type, const void *v)
{
	bool quoted = type->form == MSGC_FORM_STRING;

	switch ((enum msgc_type_kind)type->kind) {
	case MSGC_KIND_BOOL: msgc_write_bool(out, *(const bool *)v); break;
	case MSGC_KIND_INT8: write_int(out, quoted, *(const int8_t *)v); break;
	case MSGC_KIND_INT16: write_int(out, quoted, *(const int16_t *)v); break;
	case MSGC_KIND_INT32: write_int(out, quoted, *(const int32_t *)v); break;
	case MSGC_KIND_INT53:
	case MSGC_KIND_INT64: write_int(out, quoted, *(const int64_t *)v); break;
	case MSGC_KIND_UINT8: write_uint(out, quoted, *(const uint8_t *)v); break;
	case MSGC_KIND_UINT16: write_uint(out, quoted, *(const uint16_t *)v); break;
	case MSGC_KIND_UINT32: write_uint(out, quoted, *(const uint32_t *)v); break;
	case MSGC_KIND_UINT64: write_uint(out, quoted, *(const uint64_t *)v); break;
	case MSGC_KIND_FLOAT32: msgc_write_float32(out, *(const float *)v); break;
	case MSGC_KIND_FLOAT64: msgc_write_float64(out, *(const double *)v); break;
	case MSGC_KIND_DECIMAL: write_decimal(out, quoted, *(const struct msgc_decimal *)v); break;
	case MSGC_KIND_STR: msgc_write_str(out, *(const struct msgc_str *)v); break;
	case MSGC_KIND_BYTES: msgc_write_bytes(out, *(const struct msgc_bytes *)v); break;
	case MSGC_KIND_DATETIME:
		write_datetime(
		        out, (enum msgc_type_form)type->form, *(const struct msgc_datetime *)v);
		break;
	case MSGC_KIND_DATE: msgc_write_date(out, *(const struct msgc_date *)v); break;
	case MSGC_KIND_TIME: msgc_write_time(out, *(const struct msgc_time *)v); break;
	case MSGC_KIND_DURATION: msgc_write_duration(out, *(const struct msgc_duration *)v); break;
	case MSGC_KIND_UUID: msgc_write_uuid(out, *(const struct msgc_uuid *)v); break;
	case MSGC_KIND_JSON: msgc_write_json(out, *(const struct msgc_json *)v); break;
	default: msgc_write_lit(out, "null");
	}
}

/* ---- enums and constants ---- */

void msgc__write_literal(struct msgc_buf *out, const struct msgc_literal *literal)
{
	if (literal->kind == MSGC_LITERAL_STR)
		msgc_write_str(out, msgc_str_of(literal->text, literal->len));
	else
		msgc__write_raw(out, literal->text, literal->len);
}

/* Unknown values of an open enum go behind its enumerator. */
static void write_unknown(
        struct msgc_buf *out, const struct msgc_type_enum *values, const void *value)
{
	int64_t number;
	struct msgc_str text;

	if (values->open_int) {
		memcpy(&number, msgc__part(value, values->unknown_at), sizeof number);
		msgc_write_int64(out, number);
	} else {
		memcpy(&text, msgc__part(value, values->unknown_at), sizeof text);
		msgc_write_str(out, text);
	}
}

void msgc__write_enum(struct msgc_buf *out, const struct msgc_type *type, const void *value)
{
	const struct msgc_type_enum *values = type->values;
	int32_t number = msgc__enum_at(value);
	size_t index = msgc__find_enum_number(values, number);

	if (index != SIZE_MAX)
		msgc__write_literal(out, &values->values[index].literal);
	else if (type->flags & MSGC_TYPE_OPEN && number == values->unknown)
		write_unknown(out, values, value);
	else
		msgc__fail(out, MSGC_EINVAL);
}

void msgc__read_constant(struct msgc_reader *r, const struct msgc_type *type)
{
	const struct msgc_type_enum *values = type->values;
	const struct msgc_literal *literal = &values->values[0].literal;

	switch (literal->kind) {
	case MSGC_LITERAL_STR:
		msgc_read_literal_str(
		        r, msgc_str_of(literal->text, literal->len), values->expected);
		break;
	case MSGC_LITERAL_INT: msgc_read_literal_int(r, literal->number, values->expected); break;
	default: msgc_read_literal_bool(r, literal->number != 0, values->expected);
	}
}

/* The value behind index, or what came where it is unknown: kept or refused. */
static void take_str(
        struct msgc_reader *r, const struct msgc_type *type, struct msgc_str text, void *value)
{
	const struct msgc_type_enum *values = type->values;
	size_t index = msgc_find_value(values, text);

	if (index != SIZE_MAX) {
		memcpy(value, &values->values[index].number, sizeof(int32_t));
	} else if (type->flags & MSGC_TYPE_OPEN) {
		memcpy(value, &values->unknown, sizeof(int32_t));
		memcpy((char *)value + values->unknown_at, &text, sizeof text);
	} else {
		msgc_refuse_enum(&r->scope, values->expected);
	}
}

static void take_number(
        struct msgc_reader *r, const struct msgc_type *type, int64_t number, void *value)
{
	const struct msgc_type_enum *values = type->values;
	size_t index = msgc__find_literal_int(values, number);

	if (index != SIZE_MAX) {
		memcpy(value, &values->values[index].number, sizeof(int32_t));
	} else if (type->flags & MSGC_TYPE_OPEN) {
		memcpy(value, &values->unknown, sizeof(int32_t));
		memcpy((char *)value + values->unknown_at, &number, sizeof number);
	} else {
		msgc_refuse_enum(&r->scope, values->expected);
	}
}

static void take_bool(struct msgc_reader *r, const struct msgc_type *type, bool v, void *value)
{
	size_t index = msgc__find_literal_bool(type->values, v);

	if (index != SIZE_MAX)
		memcpy(value, &type->values->values[index].number, sizeof(int32_t));
	else
		msgc_refuse_enum(&r->scope, type->values->expected);
}

static void read_word(struct msgc_reader *r, const struct msgc_type *type, void *value)
{
	struct msgc_str text;

	if (msgc_read_enum_str(r, type->values->expected, &text))
		take_str(r, type, text, value);
}

void msgc__read_enum(struct msgc_reader *r, const struct msgc_type *type, void *value)
{
	unsigned kinds = type->values->json, here;
	int64_t number;
	bool boolean;

	if (kinds == MSGC_JSON_STRING) {
		read_word(r, type, value);
		return;
	}
	msgc__reader_space(r);
	here = msgc__json_kind(*r->at) & kinds;
	if (here == MSGC_JSON_STRING) {
		read_word(r, type, value);
	} else if (here == MSGC_JSON_BOOLEAN) {
		if (msgc_read_bool(r, &boolean))
			take_bool(r, type, boolean, value);
	} else if (kinds & MSGC_JSON_NUMBER) {
		/* Any other kind of value is refused by this one. */
		if (msgc_read_enum_int(r, type->values->expected, &number))
			take_number(r, type, number, value);
	} else if (msgc_read_enum_str(r, type->values->expected, &(struct msgc_str){NULL, 0})) {
		/* Booleans only, and a string came. */
		msgc_refuse_enum(&r->scope, type->values->expected);
	}
}
