/* SPDX-License-Identifier: MIT */
/*
 * Times and ids as JSON strings: RFC 3339 and RFC 9562. Values that no such text stands for set
 * MSGC_EINVAL.
 */
#include "internal.h"

#define SECONDS_A_DAY 86400
#define NANOS         INT32_C(1000000000)

static void fail(struct msgc_buf *out)
{
	if (!out->error)
		out->error = MSGC_EINVAL;
}

/* n digits, zeros in front. */
static char *put_digits(char *to, unsigned v, int n)
{
	for (int i = n - 1; i >= 0; i--, v /= 10)
		to[i] = (char)('0' + v % 10);
	return to + n;
}

static char *put_date(char *to, int year, unsigned month, unsigned day)
{
	to = put_digits(to, (unsigned)year, 4);
	*to++ = '-';
	to = put_digits(to, month, 2);
	*to++ = '-';
	return put_digits(to, day, 2);
}

/* Nothing, or 3, 6 or 9 digits behind a point. */
static char *put_fraction(char *to, unsigned nanoseconds)
{
	if (nanoseconds == 0)
		return to;
	*to++ = '.';
	if (nanoseconds % 1000000 == 0)
		return put_digits(to, nanoseconds / 1000000, 3);
	if (nanoseconds % 1000 == 0)
		return put_digits(to, nanoseconds / 1000, 6);
	return put_digits(to, nanoseconds, 9);
}

static char *put_time(
        char *to, unsigned hour, unsigned minute, unsigned second, unsigned nanoseconds, int offset)
{
	unsigned minutes = (unsigned)(offset < 0 ? -offset : offset);

	to = put_digits(to, hour, 2);
	*to++ = ':';
	to = put_digits(to, minute, 2);
	*to++ = ':';
	to = put_digits(to, second, 2);
	to = put_fraction(to, nanoseconds);
	if (offset == 0) {
		*to++ = 'Z';
		return to;
	}
	*to++ = offset < 0 ? '-' : '+';
	to = put_digits(to, minutes / 60, 2);
	*to++ = ':';
	return put_digits(to, minutes % 60, 2);
}

void msgc_write_date(struct msgc_buf *out, struct msgc_date v)
{
	char text[16] = "\"", *p = text + 1;

	if (!msgc__date_valid(v)) {
		fail(out);
		return;
	}
	p = put_date(p, v.year, v.month, v.day);
	*p++ = '"';
	msgc__write_raw(out, text, (size_t)(p - text));
}

void msgc_write_time(struct msgc_buf *out, struct msgc_time v)
{
	char text[40] = "\"", *p = text + 1;

	if (!msgc__time_valid(v)) {
		fail(out);
		return;
	}
	p = put_time(p, v.hour, v.minute, v.second, (unsigned)v.nanoseconds, v.offset_minutes);
	*p++ = '"';
	msgc__write_raw(out, text, (size_t)(p - text));
}

void msgc_write_datetime(struct msgc_buf *out, struct msgc_datetime v)
{
	char text[48] = "\"", *p = text + 1;
	bool leap = v.nanoseconds >= NANOS;
	int64_t local;
	unsigned second;
	struct msgc_date d;

	if (msgc_datetime_date(v, &d)) {
		fail(out);
		return;
	}
	local = v.seconds + (int64_t)v.offset_minutes * 60 - MSGC__DATETIME_SECONDS_MIN;
	second = (unsigned)(local % SECONDS_A_DAY);
	p = put_date(p, d.year, d.month, d.day);
	*p++ = 'T';
	p = put_time(p, second / 3600, second / 60 % 60, second % 60 + leap,
	        (unsigned)(leap ? v.nanoseconds - NANOS : v.nanoseconds), v.offset_minutes);
	*p++ = '"';
	msgc__write_raw(out, text, (size_t)(p - text));
}

void msgc_write_datetime_unix(struct msgc_buf *out, struct msgc_datetime v)
{
	if (!msgc__datetime_valid(v))
		fail(out);
	else
		msgc_write_int64(out, v.seconds);
}

void msgc_write_datetime_unix_ms(struct msgc_buf *out, struct msgc_datetime v)
{
	/* Unix time has no leap seconds: within one it stands on the second before. */
	int32_t milliseconds = v.nanoseconds >= NANOS ? 999 : v.nanoseconds / 1000000;

	if (!msgc__datetime_valid(v))
		fail(out);
	else
		msgc_write_int64(out, v.seconds * 1000 + milliseconds);
}

static char *put_unit(char *to, int64_t v, char unit)
{
	to = msgc__format_uint64(to, (uint64_t)v);
	*to++ = unit;
	return to;
}

/* No unit is left out between two others: RFC 3339 appendix A wants it so. */
void msgc_write_duration(struct msgc_buf *out, struct msgc_duration v)
{
	char text[160] = "\"P", *p = text + 2;
	int64_t years = v.months / 12, months = v.months % 12;
	int64_t hours = v.seconds / 3600, minutes = v.seconds / 60 % 60, seconds = v.seconds % 60;

	if (v.months < 0 || v.days < 0 || v.seconds < 0) {
		fail(out);
		return;
	}
	if (years)
		p = put_unit(p, years, 'Y');
	if (months || (years && v.days))
		p = put_unit(p, months, 'M');
	if (v.days)
		p = put_unit(p, v.days, 'D');
	if (v.seconds || p == text + 2)
		*p++ = 'T';
	if (hours)
		p = put_unit(p, hours, 'H');
	if (minutes || (hours && seconds))
		p = put_unit(p, minutes, 'M');
	if (seconds || p[-1] == 'T')
		p = put_unit(p, seconds, 'S');
	*p++ = '"';
	msgc__write_raw(out, text, (size_t)(p - text));
}

void msgc_write_uuid(struct msgc_buf *out, struct msgc_uuid v)
{
	static const char hex[] = "0123456789abcdef";
	char text[38] = "\"", *p = text + 1;

	for (int i = 0; i < 16; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			*p++ = '-';
		*p++ = hex[v.bytes[i] >> 4];
		*p++ = hex[v.bytes[i] & 15];
	}
	*p++ = '"';
	msgc__write_raw(out, text, (size_t)(p - text));
}
