/* SPDX-License-Identifier: MIT */
/*
 * Strings of a reader, and the scalars that are written as strings. What has no escape stays in the
 * text; what has goes to the arena.
 */
#include "reader.h"

bool msgc__read_string(struct msgc_reader *r, struct msgc__string *ret)
{
	const char *bad, *wrong = msgc__scan_string(r->at + 1, r->end, r->slack, ret, &bad);

	if (MSGC__UNLIKELY(wrong != NULL)) {
		msgc__reader_stop(r, wrong, bad);
		return false;
	}
	r->at += ret->len + 2;
	return true;
}

/* Into the arena, without its escapes. */
static bool unescape(struct msgc_reader *r, const struct msgc__string *s, struct msgc_str *ret)
{
	char *to = msgc_arena_alloc(r->arena, s->len + 1, 1);
	size_t len;

	if (!to) {
		msgc_reader_no_memory(r);
		return false;
	}
	len = msgc__unescape(s, to);
	to[len] = '\0';
	*ret = msgc_str_of(to, len);
	return true;
}

bool msgc__string_peek(struct msgc_reader *r, const struct msgc__string *s, struct msgc_str *ret)
{
	if (MSGC__UNLIKELY(s->escaped))
		return unescape(r, s, ret);
	*ret = msgc_str_of(s->raw, s->len);
	return true;
}

bool msgc__string_value(struct msgc_reader *r, const struct msgc__string *s, struct msgc_str *ret)
{
	if (MSGC__UNLIKELY(s->escaped))
		return unescape(r, s, ret);
	/* The quote has been read: its place takes the NUL. */
	if (!r->keep_text)
		r->text[s->raw - r->text + (ptrdiff_t)s->len] = '\0';
	*ret = msgc_str_of(s->raw, s->len);
	return true;
}

bool msgc__read_text(struct msgc_reader *r, const char *type, const char *msg, struct msgc_str *ret)
{
	struct msgc__string s;

	if (MSGC__LIKELY(msgc__kernels->take_str(r, ret)))
		return true;
	msgc__reader_space(r);
	if (*r->at != '"')
		return msgc__read_wrong_kind(r, type, msg);
	return msgc__read_string(r, &s) && msgc__string_value(r, &s, ret);
}

static bool read_str(struct msgc_reader *r, struct msgc_str *ret)
{
	return msgc__read_text(r, "string_type", "Input should be a valid string", ret);
}

bool msgc__read_str(struct msgc_reader *r, struct msgc_str *ret)
{
	return read_str(r, ret);
}

void msgc_read_trim(struct msgc_reader *r, struct msgc_str *v)
{
	struct msgc_str trimmed = msgc_str_trimmed(*v);

	/* A string just read stands in the text or in the arena, both ours to write. */
	if (trimmed.len != v->len && !r->keep_text)
		((char *)(uintptr_t)trimmed.ptr)[trimmed.len] = '\0';
	*v = trimmed;
}

bool msgc_read_bytes(struct msgc_reader *r, struct msgc_bytes *ret)
{
	struct msgc_str text;
	uint8_t *to;

	if (!msgc__read_text(r, "bytes_type", "Input should be a valid bytes", &text))
		return false;
	to = (uint8_t *)(uintptr_t)text.ptr;
	if (r->keep_text)
		to = msgc_arena_alloc(r->arena, text.len / 4 * 3 + 1, 1);
	if (!to) {
		msgc_reader_no_memory(r);
		return false;
	}
	return msgc_text_bytes(&r->scope, text, to, ret);
}

bool msgc_read_datetime(struct msgc_reader *r, struct msgc_datetime *ret)
{
	struct msgc_str text;

	return msgc__read_text(r, "datetime_type", "Input should be a valid datetime", &text) &&
	        msgc_text_datetime(&r->scope, text, ret);
}

bool msgc_read_date(struct msgc_reader *r, struct msgc_date *ret)
{
	struct msgc_str text;

	return msgc__read_text(r, "date_type", "Input should be a valid date", &text) &&
	        msgc_text_date(&r->scope, text, ret);
}

bool msgc_read_time(struct msgc_reader *r, struct msgc_time *ret)
{
	struct msgc_str text;

	return msgc__read_text(r, "time_type", "Input should be a valid time", &text) &&
	        msgc_text_time(&r->scope, text, ret);
}

bool msgc_read_duration(struct msgc_reader *r, struct msgc_duration *ret)
{
	struct msgc_str text;

	return msgc__read_text(r, "time_delta_type", "Input should be a valid duration", &text) &&
	        msgc_text_duration(&r->scope, text, ret);
}

bool msgc_read_uuid(struct msgc_reader *r, struct msgc_uuid *ret)
{
	struct msgc_str text;

	return msgc__read_text(r, "uuid_type",
	               "UUID input should be a string, bytes or UUID object", &text) &&
	        msgc_text_uuid(&r->scope, text, ret);
}

/* ---- numbers in quotes ---- */

#define READ_INT_STR(name, type, min, max)                                                         \
	bool msgc_read_##name##_str(struct msgc_reader *r, type *ret)                              \
	{                                                                                          \
		struct msgc_str text;                                                              \
		int64_t v;                                                                         \
                                                                                                   \
		if (!read_str(r, &text) || !msgc_text_int(&r->scope, text, min, max, &v))          \
			return false;                                                              \
		*ret = (type)v;                                                                    \
		return true;                                                                       \
	}

#define READ_UINT_STR(name, type, max)                                                             \
	bool msgc_read_##name##_str(struct msgc_reader *r, type *ret)                              \
	{                                                                                          \
		struct msgc_str text;                                                              \
		uint64_t v;                                                                        \
                                                                                                   \
		if (!read_str(r, &text) || !msgc_text_uint(&r->scope, text, max, &v))              \
			return false;                                                              \
		*ret = (type)v;                                                                    \
		return true;                                                                       \
	}

READ_INT_STR(int8, int8_t, INT8_MIN, INT8_MAX)
READ_INT_STR(int16, int16_t, INT16_MIN, INT16_MAX)
READ_INT_STR(int32, int32_t, INT32_MIN, INT32_MAX)
READ_INT_STR(int53, int64_t, -MSGC__INT53_MOST, MSGC__INT53_MOST)
READ_INT_STR(int64, int64_t, INT64_MIN, INT64_MAX)
READ_UINT_STR(uint8, uint8_t, UINT8_MAX)
READ_UINT_STR(uint16, uint16_t, UINT16_MAX)
READ_UINT_STR(uint32, uint32_t, UINT32_MAX)
READ_UINT_STR(uint64, uint64_t, UINT64_MAX)

bool msgc_read_decimal_str(struct msgc_reader *r, struct msgc_decimal *ret)
{
	struct msgc_str text;

	return read_str(r, &text) && msgc_text_decimal(&r->scope, text, ret);
}

/* ---- one value, or one of some ---- */

bool msgc_read_enum_str(struct msgc_reader *r, const char *expected, struct msgc_str *ret)
{
	msgc__reader_space(r);
	if (*r->at == '"')
		return read_str(r, ret);
	if (!r->error)
		msgc_refuse_enum(&r->scope, expected);
	msgc__reader_skip(r);
	return false;
}

bool msgc__read_literal_str(struct msgc_reader *r, struct msgc_str value, const char *expected)
{
	struct msgc__string s;
	struct msgc_str v;

	msgc__reader_space(r);
	if (*r->at == '"') {
		if (!msgc__read_string(r, &s) || !msgc__string_peek(r, &s, &v))
			return false;
		if (msgc_str_equal(v, value))
			return true;
		msgc_refuse_literal(&r->scope, expected);
		return false;
	}
	if (!r->error)
		msgc_refuse_literal(&r->scope, expected);
	msgc__reader_skip(r);
	return false;
}

void msgc_read_envelope_str(struct msgc_reader *r)
{
	msgc__reader_space(r);
	if (*r->at == '"')
		msgc__reader_skip(r);
	else
		msgc__read_wrong_kind(r, "string_type", "Input should be a valid string");
}
