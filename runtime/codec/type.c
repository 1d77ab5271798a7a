/* SPDX-License-Identifier: MIT */
/*
 * Types as programs use them: decode, encode and all that MSGC_TYPE_FUNCTIONS wraps, for any type;
 * and the scalars that have no limits. How each is done is in the other type_*.c.
 */
#include "types.h"

const char msgc_fill_zero[1], msgc_fill_null[1];

#define SCALAR(name, of_kind, of_form, of_flags, c_type)                                           \
	const struct msgc_type msgc_##name##_type = {.kind = MSGC_KIND_##of_kind,                  \
	        .form = MSGC_FORM_##of_form,                                                       \
	        .flags = of_flags,                                                                 \
	        .size = sizeof(c_type)}
#define QUICK(name, of_kind, of_flags, c_type)                                                     \
	const struct msgc_type msgc_##name##_type = {.kind = MSGC_KIND_##of_kind,                  \
	        .flags = of_flags,                                                                 \
	        .quick = MSGC_QUICK_##of_kind,                                                     \
	        .size = sizeof(c_type)}
#define INTEGER(name, of_kind, of_flags, c_type, from, to)                                         \
	const struct msgc_type msgc_##name##_type = {.kind = MSGC_KIND_##of_kind,                  \
	        .flags = of_flags,                                                                 \
	        .quick = MSGC_QUICK_INT,                                                           \
	        .size = sizeof(c_type),                                                            \
	        .number = &(const struct msgc_type_number){.least = from, .most = to}}
#define FLAT     MSGC_TYPE_FLAT
#define FLAT_ANY (MSGC_TYPE_FLAT | MSGC_TYPE_ANY)

QUICK(bool, BOOL, FLAT_ANY, bool);
INTEGER(int8, INT8, FLAT_ANY, int8_t, INT8_MIN, INT8_MAX);
INTEGER(int16, INT16, FLAT_ANY, int16_t, INT16_MIN, INT16_MAX);
INTEGER(int32, INT32, FLAT_ANY, int32_t, INT32_MIN, INT32_MAX);
INTEGER(int53, INT53, FLAT, int64_t, -MSGC__INT53_MOST, MSGC__INT53_MOST);
INTEGER(int64, INT64, FLAT_ANY, int64_t, INT64_MIN, INT64_MAX);
INTEGER(uint8, UINT8, FLAT_ANY, uint8_t, 0, UINT8_MAX);
INTEGER(uint16, UINT16, FLAT_ANY, uint16_t, 0, UINT16_MAX);
INTEGER(uint32, UINT32, FLAT_ANY, uint32_t, 0, UINT32_MAX);
INTEGER(uint64, UINT64, FLAT_ANY, uint64_t, 0, INT64_MAX);
SCALAR(float32, FLOAT32, NATURAL, FLAT, float);
QUICK(float64, FLOAT64, FLAT, double);
SCALAR(decimal, DECIMAL, NATURAL, 0, struct msgc_decimal);
QUICK(str, STR, 0, struct msgc_str);
SCALAR(bytes, BYTES, NATURAL, MSGC_TYPE_ANY, struct msgc_bytes);
SCALAR(datetime, DATETIME, NATURAL, FLAT, struct msgc_datetime);
SCALAR(date, DATE, NATURAL, FLAT, struct msgc_date);
SCALAR(time, TIME, NATURAL, FLAT, struct msgc_time);
SCALAR(duration, DURATION, NATURAL, FLAT, struct msgc_duration);
SCALAR(uuid, UUID, NATURAL, FLAT_ANY, struct msgc_uuid);
SCALAR(json, JSON, NATURAL, 0, struct msgc_json);
const struct msgc_type msgc_null_type = {.kind = MSGC_KIND_NULL, .flags = FLAT_ANY};
SCALAR(int8_str, INT8, STRING, FLAT_ANY, int8_t);
SCALAR(int16_str, INT16, STRING, FLAT_ANY, int16_t);
SCALAR(int32_str, INT32, STRING, FLAT_ANY, int32_t);
SCALAR(int53_str, INT53, STRING, FLAT, int64_t);
SCALAR(int64_str, INT64, STRING, FLAT_ANY, int64_t);
SCALAR(uint8_str, UINT8, STRING, FLAT_ANY, uint8_t);
SCALAR(uint16_str, UINT16, STRING, FLAT_ANY, uint16_t);
SCALAR(uint32_str, UINT32, STRING, FLAT_ANY, uint32_t);
SCALAR(uint64_str, UINT64, STRING, FLAT_ANY, uint64_t);
SCALAR(decimal_str, DECIMAL, STRING, 0, struct msgc_decimal);
SCALAR(datetime_unix, DATETIME, UNIX, FLAT, struct msgc_datetime);
SCALAR(datetime_unix_ms, DATETIME, UNIX_MS, FLAT, struct msgc_datetime);

void msgc_type_read(struct msgc_reader *r, const struct msgc_type *type, void *value)
{
	if (type->quick == MSGC_QUICK_RECORD)
		msgc__kernels->read_record(r, type, value);
	else if (type->quick == MSGC_QUICK_LIST)
		msgc__kernels->read_list(r, type, value);
	else
		msgc__read_by_tables(r, type, value);
}

void msgc_type_write(struct msgc_buf *out, const struct msgc_type *type, const void *value)
{
	msgc__kernels->write(out, type, value);
}

int msgc_type_decode(const struct msgc_type *type, const char *text, size_t len,
        const struct msgc_decode_options *options, struct msgc_arena *arena, void *ret,
        struct msgc_problems *problems)
{
	struct msgc_reader r;

	if (!msgc_reader_open_copy(&r, text, len, options, arena, problems)) {
		memset(ret, 0, type->size);
		return msgc_reader_close(&r);
	}
	return msgc__kernels->decode(type, r.text, len, options, arena, ret, problems);
}

int msgc_type_decode_in_place(const struct msgc_type *type, char *text, size_t len,
        const struct msgc_decode_options *options, struct msgc_arena *arena, void *ret,
        struct msgc_problems *problems)
{
	return msgc__kernels->decode(type, text, len, options, arena, ret, problems);
}

int msgc_type_encode(const struct msgc_type *type, const void *value, struct msgc_buf *out)
{
	return msgc__kernels->encode(type, value, out);
}

int msgc_type_validate(
        const struct msgc_type *type, const void *value, struct msgc_problems *problems)
{
	struct msgc_scope s;

	msgc_scope_open(&s, problems);
	msgc__validate(&s, type, value);
	return msgc_scope_close(&s);
}

bool msgc_type_equal(const struct msgc_type *type, const void *a, const void *b)
{
	return msgc__equal(type, a, b, 0);
}

/* ---- looking into values ---- */

enum msgc__presence msgc__look(
        const struct msgc_member *member, const void *record, const void **ret_value)
{
	unsigned shape = member->shape;
	bool optional = shape & MSGC_SHAPE_OPTIONAL, nullable = shape & MSGC_SHAPE_NULLABLE;

	*ret_value = shape & MSGC_SHAPE_NO_VALUE ? NULL : msgc__part(record, member->at);
	if (shape & MSGC_SHAPE_BOXED) {
		if (optional && nullable && msgc__bool_at(msgc__part(record, member->null_at)))
			return MSGC__NULL;
		*ret_value = msgc__pointer_at(*ret_value);
		if (*ret_value)
			return MSGC__VALUE;
		return nullable && !optional ? MSGC__NULL : MSGC__ABSENT;
	}
	if (optional && !msgc__bool_at(msgc__part(record, member->has_at)))
		return MSGC__ABSENT;
	if (nullable && msgc__bool_at(msgc__part(record, member->null_at)))
		return MSGC__NULL;
	return MSGC__VALUE;
}

const struct msgc_arm *msgc__arm_of(const struct msgc_type_union *u, const void *value)
{
	int32_t kind = msgc__enum_at(value);

	return kind >= 1 && (size_t)kind <= u->n_arms ? &u->arms[kind - 1] : NULL;
}

const void *msgc__arm_value(
        const struct msgc_type_union *u, const struct msgc_arm *arm, const void *value)
{
	if (arm->shape & MSGC_SHAPE_NO_VALUE)
		return NULL;
	value = msgc__part(value, u->value_at);
	return arm->shape & MSGC_SHAPE_BOXED ? msgc__pointer_at(value) : value;
}

unsigned msgc__json_kind(char c)
{
	switch (c) {
	case '"': return MSGC_JSON_STRING;
	case 't':
	case 'f': return MSGC_JSON_BOOLEAN;
	case 'n': return MSGC_JSON_NULL;
	case '[': return MSGC_JSON_LIST;
	case '{': return MSGC_JSON_OBJECT;
	default: return c == '-' || msgc__is_digit(c) ? MSGC_JSON_NUMBER : 0;
	}
}

/* ---- messages ---- */

int msgc_message_decode_in_place(const struct msgc_message *message, char *text, size_t len,
        const struct msgc_decode_options *options, struct msgc_arena *arena, void *ret,
        struct msgc_problems *problems)
{
	return msgc_type_decode_in_place(message->type, text, len, options, arena, ret, problems);
}

int msgc_message_encode(const struct msgc_message *message, const void *value, struct msgc_buf *out)
{
	return msgc_type_encode(message->type, value, out);
}

int msgc_message_validate(
        const struct msgc_message *message, const void *value, struct msgc_problems *problems)
{
	return msgc_type_validate(message->type, value, problems);
}

int msgc_message_clone(
        const struct msgc_message *message, const void *value, struct msgc_arena *arena, void *ret)
{
	return msgc_type_clone(message->type, value, arena, ret);
}

bool msgc_message_equal(const struct msgc_message *message, const void *a, const void *b)
{
	return msgc_type_equal(message->type, a, b);
}

int msgc_message_print(const struct msgc_message *message, const void *value, struct msgc_buf *out)
{
	return msgc_type_print(message->type, value, out);
}
