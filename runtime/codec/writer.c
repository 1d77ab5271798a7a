/* SPDX-License-Identifier: MIT */
/*
 * JSON text from values: strings escaped and checked in one pass, numbers, brackets. What JSON
 * cannot say sets MSGC_EINVAL in the buffer. It knows no contract.
 */
#include "digits.h"

#include <math.h>

/* All numbers with so many bits have so many zeros; those below a power of ten do, others one less. */
#define ALL_HAVE(zeros)          ((uint64_t)(zeros) << 32 | UINT32_MAX)
#define BELOW_HAVE(power, zeros) ((uint64_t)(zeros) << 32 | ((power)-1))

const uint64_t msgc__zeros_by_bits[28] = {ALL_HAVE(7), ALL_HAVE(7), ALL_HAVE(7), ALL_HAVE(7),
        BELOW_HAVE(10, 7), ALL_HAVE(6), ALL_HAVE(6), BELOW_HAVE(100, 6), ALL_HAVE(5), ALL_HAVE(5),
        BELOW_HAVE(1000, 5), ALL_HAVE(4), ALL_HAVE(4), ALL_HAVE(4), BELOW_HAVE(10000, 4),
        ALL_HAVE(3), ALL_HAVE(3), BELOW_HAVE(100000, 3), ALL_HAVE(2), ALL_HAVE(2),
        BELOW_HAVE(1000000, 2), ALL_HAVE(1), ALL_HAVE(1), ALL_HAVE(1), BELOW_HAVE(10000000, 1),
        ALL_HAVE(0), ALL_HAVE(0), ALL_HAVE(0)};

#define ONES  UINT64_C(0x0101010101010101)
#define HIGHS UINT64_C(0x8080808080808080)

static void fail(struct msgc_buf *out, int error)
{
	if (!out->error)
		out->error = error;
}

size_t msgc_write_begin(struct msgc_buf *out)
{
	return out->error ? SIZE_MAX : out->len;
}

int msgc_write_end(struct msgc_buf *out, size_t start)
{
	int error = out->error;

	if (error && start != SIZE_MAX) {
		out->len = start;
		out->error = 0;
	}
	return error;
}

static void close_with(struct msgc_buf *out, char bracket)
{
	if (!out->error && out->len && out->data[out->len - 1] == ',')
		out->data[out->len - 1] = bracket;
	else
		msgc_buf_append(out, &bracket, 1);
}

void msgc_write_object_end(struct msgc_buf *out)
{
	close_with(out, '}');
}

void msgc_write_list_end(struct msgc_buf *out)
{
	close_with(out, ']');
}

bool msgc_write_enter(struct msgc_buf *out)
{
	if (out->depth >= MSGC_DEPTH_MOST) {
		fail(out, MSGC_EINVAL);
		return false;
	}
	out->depth++;
	return true;
}

void msgc_print_line(struct msgc_buf *out, unsigned level)
{
	msgc_buf_append_char(out, '\n');
	while (level--)
		msgc_buf_append(out, "  ", 2);
}

void msgc_print_name(struct msgc_buf *out, unsigned level, const char *name)
{
	msgc_print_line(out, level);
	msgc_buf_append_str(out, name);
	msgc_buf_append(out, ": ", 2);
}

/* ---- strings: RFC 8259 section 7 ---- */

/* How many bytes from p on may stand in a string as they are, not looking at those above 0x7F. */
static size_t plain_run(const char *p, const char *end, uint64_t *high)
{
	const char *begin = p;
	uint64_t v, special;

	for (; end - p >= 8; p += 8) {
		v = msgc__load8(p);
		special = (((v ^ ONES * '"') - ONES) | ((v ^ ONES * '\\') - ONES) |
		                  (v - ONES * 0x20)) &
		        ~v & HIGHS;
		*high |= v & HIGHS;
		if (special)
			return (size_t)(p - begin) + msgc__trailing_zeros(special) / 8;
	}
	for (; p < end && *p != '"' && *p != '\\' && (uint8_t)*p >= 0x20; p++)
		*high |= (uint8_t)*p & 0x80;
	return (size_t)(p - begin);
}

#define U(hex)                                                                                     \
	{                                                                                          \
		"\\u00" hex, 6                                                                     \
	}
#define SHORT(c)                                                                                   \
	{                                                                                          \
		"\\" c, 2                                                                          \
	}
#define EIGHT(n) U(n "0"), U(n "1"), U(n "2"), U(n "3"), U(n "4"), U(n "5"), U(n "6"), U(n "7")
/* clang-format off */
const struct msgc__escape msgc__escape_texts['\\' + 1] = {
	EIGHT("0"), SHORT("b"), SHORT("t"), SHORT("n"), U("0b"), SHORT("f"), SHORT("r"), U("0e"), U("0f"),
	EIGHT("1"), U("18"), U("19"), U("1a"), U("1b"), U("1c"), U("1d"), U("1e"), U("1f"),
	['"'] = SHORT("\""), ['\\'] = SHORT("\\"),
};
/* clang-format on */

void msgc__write_escaped(struct msgc_buf *out, const char *text, size_t len)
{
	const char *p = text, *end;
	uint64_t high = 0;
	const struct msgc__escape *escape;
	size_t run;

	if (len == 0)
		return;
	end = text + len;
	while (p < end && !out->error) {
		run = plain_run(p, end, &high);
		msgc__write_raw(out, p, run);
		p += run;
		if (p < end) {
			escape = &msgc__escape_texts[(uint8_t)*p++];
			msgc__write_raw(out, escape->text, escape->len);
		}
	}
	if (high && !msgc_utf8_valid(text, len))
		fail(out, MSGC_EINVAL);
}

void msgc__write_str(struct msgc_buf *out, struct msgc_str v)
{
	msgc_write_lit(out, "\"");
	msgc__write_escaped(out, v.ptr, v.len);
	msgc_write_lit(out, "\"");
}

/* ---- numbers ---- */

void msgc_write_bool(struct msgc_buf *out, bool v)
{
	if (v)
		msgc_write_lit(out, "true");
	else
		msgc_write_lit(out, "false");
}

#define INTEGER_ROOM 24 /* two quotes, a sign, 20 digits */

/* Where something can be written that may store more than it takes. */
static bool has_room(struct msgc_buf *out, size_t room)
{
	return !out->error && (out->cap - out->len >= room || msgc__buf_try(out, room));
}

static void set_end(struct msgc_buf *out, const char *end)
{
	out->len = (size_t)(end - out->data);
}

static char *put_integer(char *to, bool negative, uint64_t magnitude, bool quoted)
{
	*to = '"';
	to += quoted;
	*to = '-';
	to = put_uint64(to + negative, magnitude);
	*to = '"';
	return to + quoted;
}

static void write_integer(struct msgc_buf *out, bool negative, uint64_t magnitude, bool quoted)
{
	char text[INTEGER_ROOM];

	if (MSGC__LIKELY(has_room(out, INTEGER_ROOM)))
		set_end(out, put_integer(out->data + out->len, negative, magnitude, quoted));
	else
		msgc_buf_append(
		        out, text, (size_t)(put_integer(text, negative, magnitude, quoted) - text));
}

static uint64_t magnitude_of(int64_t v)
{
	return v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
}

/* What is not finite is found afterwards: all of it is taken back then. */
static char *put_float64(struct msgc_buf *out, char *to, double v, bool few)
{
	if (MSGC__LIKELY(isfinite(v)))
		return msgc__put_one_float64(to, v, few);
	fail(out, MSGC_EINVAL);
	return to;
}

/*
 * Room for some of the items at a time, however long they get; where there is none, one by one,
 * since they may be short.
 */
void msgc_write_float64s(struct msgc_buf *out, const double *items, size_t count)
{
	enum { AT_ONCE = 64 };

	msgc_write_lit(out, "[");
	for (size_t i = 0, n; i < count && !out->error; i += n) {
		n = count - i < AT_ONCE ? count - i : AT_ONCE;
		if (MSGC__LIKELY(has_room(out, n * MSGC__FLOAT_ROOM))) {
			uint64_t few = msgc__few_decimals(items + i, n);
			char *to = out->data + out->len;

			for (size_t k = 0; k < n; k++) {
				to = put_float64(out, to, items[i + k], few >> k & 1);
				*to++ = ',';
			}
			set_end(out, to);
		} else {
			msgc_write_float64(out, items[i]);
			msgc_write_lit(out, ",");
			n = 1;
		}
	}
	msgc_write_list_end(out);
}

void msgc_write_int64(struct msgc_buf *out, int64_t v)
{
	write_integer(out, v < 0, magnitude_of(v), false);
}

void msgc_write_uint64(struct msgc_buf *out, uint64_t v)
{
	write_integer(out, false, v, false);
}

void msgc_write_int64_str(struct msgc_buf *out, int64_t v)
{
	write_integer(out, v < 0, magnitude_of(v), true);
}

void msgc_write_uint64_str(struct msgc_buf *out, uint64_t v)
{
	write_integer(out, false, v, true);
}

void msgc_write_float64(struct msgc_buf *out, double v)
{
	char text[MSGC__FLOAT_ROOM];

	if (MSGC__UNLIKELY(!isfinite(v)))
		fail(out, MSGC_EINVAL);
	else if (MSGC__LIKELY(has_room(out, MSGC__FLOAT_ROOM)))
		set_end(out, msgc__put_float64(out->data + out->len, v));
	else
		msgc_buf_append(out, text, (size_t)(msgc__put_float64(text, v) - text));
}

void msgc_write_float32(struct msgc_buf *out, float v)
{
	char text[MSGC__FLOAT_ROOM];

	if (isfinite(v))
		msgc__write_raw(out, text, (size_t)(msgc__put_float32(text, v) - text));
	else
		fail(out, MSGC_EINVAL);
}

void msgc_write_decimal(struct msgc_buf *out, struct msgc_decimal v)
{
	if (msgc__is_number(v.ptr, v.len))
		msgc__write_raw(out, v.ptr, v.len);
	else
		fail(out, MSGC_EINVAL);
}

void msgc_write_decimal_str(struct msgc_buf *out, struct msgc_decimal v)
{
	msgc_write_lit(out, "\"");
	msgc_write_decimal(out, v);
	msgc_write_lit(out, "\"");
}

void msgc_write_json(struct msgc_buf *out, struct msgc_json v)
{
	if (msgc__json_wrong(v.ptr, v.len))
		fail(out, MSGC_EINVAL);
	else
		msgc__write_raw(out, v.ptr, v.len);
}
