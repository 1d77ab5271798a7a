/* SPDX-License-Identifier: MIT */
/*
 * RFC 3339 dates, times and durations: the calendar against the C library, offsets, leap seconds,
 * words of refusal; and back to text.
 */
#define _GNU_SOURCE /* timegm */
#include "codec_test.h"

#include <stdio.h>
#include <time.h>

/* The value read and written again. */
static void datetime_becomes(
        const char *text, int64_t seconds, int32_t nanoseconds, int offset, const char *want)
{
	struct msgc_scope s = {0};
	struct msgc_datetime v;
	struct msgc_buf out = {0};
	char quoted[80];

	ck_assert_msg(msgc_text_datetime(&s, msgc_str_from(text), &v), "%s", text);
	ck_assert_int_eq(v.seconds, seconds);
	ck_assert_int_eq(v.nanoseconds, nanoseconds);
	ck_assert_int_eq(v.offset_minutes, offset);
	msgc_write_datetime(&out, v);
	snprintf(quoted, sizeof quoted, "\"%s\"", want);
	ck_assert_str_eq(msgc_buf_c(&out), quoted);
	msgc_buf_free(&out);
}

START_TEST(datetimes_are_instants_with_an_offset)
{
	datetime_becomes("1970-01-01T00:00:00Z", 0, 0, 0, "1970-01-01T00:00:00Z");
	datetime_becomes(
	        "1985-04-12T23:20:50.52Z", 482196050, 520000000, 0, "1985-04-12T23:20:50.520Z");
	datetime_becomes(
	        "1996-12-19T16:39:57-08:00", 851042397, 0, -480, "1996-12-19T16:39:57-08:00");
	datetime_becomes("1937-01-01T12:00:27.87+00:20", -1041337173, 870000000, 20,
	        "1937-01-01T12:00:27.870+00:20");
	datetime_becomes("2024-02-29t12:34:56.123456z", 1709210096, 123456000, 0,
	        "2024-02-29T12:34:56.123456Z");
	datetime_becomes("2024-01-01T00:00:00.1234567891Z", 1704067200, 123456789, 0,
	        "2024-01-01T00:00:00.123456789Z");
	datetime_becomes(
	        "2024-01-01T00:00:00.000000000Z", 1704067200, 0, 0, "2024-01-01T00:00:00Z");
	datetime_becomes("2024-01-01T00:00:00-00:00", 1704067200, 0, 0, "2024-01-01T00:00:00Z");
	datetime_becomes(
	        "2024-01-01T00:00:00+23:59", 1703980860, 0, 1439, "2024-01-01T00:00:00+23:59");
	datetime_becomes(
	        "0000-01-01T00:00:00Z", INT64_C(-62167219200), 0, 0, "0000-01-01T00:00:00Z");
	datetime_becomes("0000-01-01T00:00:00+23:59", INT64_C(-62167305540), 0, 1439,
	        "0000-01-01T00:00:00+23:59");
	datetime_becomes("9999-12-31T23:59:59.999999999Z", INT64_C(253402300799), 999999999, 0,
	        "9999-12-31T23:59:59.999999999Z");
	datetime_becomes("9999-12-31T23:59:59-23:59", INT64_C(253402387139), 0, -1439,
	        "9999-12-31T23:59:59-23:59");
}
END_TEST

START_TEST(leap_seconds_stand_where_they_can)
{
	static const char *const good[] = {"2016-12-31T23:59:60Z", "2016-12-31T23:59:60.5Z",
	        "1990-12-31T15:59:60-08:00", "2017-01-01T00:59:60+01:00", "2015-06-30T23:59:60Z",
	        "2016-02-29T23:59:60Z", "2016-12-31T00:00:60-23:59"};
	static const char *const bad[] = {"2016-12-31T23:58:60Z", "2016-12-31T22:59:60Z",
	        "2016-12-30T23:59:60Z", "2016-12-31T23:59:61Z", "2016-12-31T23:59:60+01:00",
	        "2016-02-28T23:59:60Z", "1990-12-31T15:59:60-08:01"};
	struct msgc_scope s = {0};
	struct msgc_datetime v;

	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		ck_assert_msg(msgc_text_datetime(&s, msgc_str_from(good[i]), &v), "%s", good[i]);
		ck_assert_int_ge(v.nanoseconds, 1000000000);
	}
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		ck_assert_msg(!msgc_text_datetime(&s, msgc_str_from(bad[i]), &v), "%s", bad[i]);
	datetime_becomes(
	        "2016-12-31T23:59:60.25Z", 1483228799, 1250000000, 0, "2016-12-31T23:59:60.250Z");
	datetime_becomes("1990-12-31T15:59:60-08:00", 662687999, 1000000000, -480,
	        "1990-12-31T15:59:60-08:00");
}
END_TEST

START_TEST(the_calendar_is_the_c_librarys)
{
	struct msgc_scope s = {0};
	struct msgc_datetime v;
	struct msgc_date d;
	struct msgc_buf out = {0};
	char text[64], quoted[64];

	for (int64_t day = -719528; day <= 2932896; day += 1 + (day % 17 == 0 ? 40 : 0)) {
		time_t seconds = (time_t)(day * 86400 + 86399 - (day & 1) * 80000);
		struct tm tm;

		gmtime_r(&seconds, &tm);
		strftime(text, sizeof text, "%H:%M:%SZ", &tm);
		snprintf(quoted, sizeof quoted, "\"%04d-%02d-%02dT%.20s\"", tm.tm_year + 1900,
		        tm.tm_mon + 1, tm.tm_mday, text);
		if (!msgc_text_datetime(&s, msgc_str_of(quoted + 1, strlen(quoted) - 2), &v) ||
		        v.seconds != seconds)
			ck_abort_msg("%s", quoted);
		msgc_buf_reset(&out);
		msgc_write_datetime(&out, v);
		if (strcmp(msgc_buf_c(&out), quoted) != 0)
			ck_abort_msg("%s, not %s", msgc_buf_c(&out), quoted);
		if (msgc_datetime_date(v, &d) || d.year != tm.tm_year + 1900 ||
		        d.month != tm.tm_mon + 1 || d.day != tm.tm_mday)
			ck_abort_msg("%s", quoted);
	}
	msgc_buf_free(&out);
}
END_TEST

START_TEST(february_has_29_days_in_leap_years_only)
{
	static const char *const good[] = {
	        "2024-02-29", "2000-02-29", "1600-02-29", "0000-02-29", "2023-02-28", "2024-12-31"};
	static const char *const bad[] = {"2023-02-29", "1900-02-29", "2100-02-29", "2024-02-30",
	        "2024-04-31", "2024-06-31", "2024-09-31", "2024-11-31", "2024-01-32", "2024-01-00"};
	struct msgc_problems problems;
	struct msgc_scope s;
	struct msgc_date v;

	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		msgc_scope_open(&s, &problems);
		ck_assert_msg(msgc_text_date(&s, msgc_str_from(good[i]), &v), "%s", good[i]);
	}
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		msgc_scope_open(&s, &problems);
		ck_assert_msg(!msgc_text_date(&s, msgc_str_from(bad[i]), &v), "%s", bad[i]);
		ASSERT_PROBLEM(&problems, "date_parsing", "[]",
		        "Input should be a valid date in the format YYYY-MM-DD, day value is "
		        "outside expected range",
		        "{\"error\":\"day value is outside expected range\"}");
	}
}
END_TEST

enum { DATE, TIME, DATETIME, DURATION };

static const struct {
	int what;
	const char *text, *type, *error;
} refusals[] = {
        {DATE, "", "date_parsing", "input is too short"},
        {DATE, "2024-1-1", "date_parsing", "input is too short"},
        {DATE, "2O24-01-01", "date_parsing", "invalid character in year"},
        {DATE, "+024-01-01", "date_parsing", "invalid character in year"},
        {DATE, "2024/01/01", "date_parsing", "invalid date separator, expected `-`"},
        {DATE, "2024-0a-01", "date_parsing", "invalid character in month"},
        {DATE, "2024-01-0a", "date_parsing", "invalid character in day"},
        {DATE, "2024-13-01", "date_parsing", "month value is outside expected range of 1-12"},
        {DATE, "2024-00-01", "date_parsing", "month value is outside expected range of 1-12"},
        {DATE, "2024-01-011", "date_parsing",
                "unexpected extra characters at the end of the input"},
        {DATE, "2024-01-01 ", "date_parsing",
                "unexpected extra characters at the end of the input"},
        {DATE, "2024-01-01T00:00:00Z", "date_parsing",
                "unexpected extra characters at the end of the input"},
        {DATE, "20240101  ", "date_parsing", "invalid date separator, expected `-`"},
        {TIME, "12:00", "time_parsing", "input is too short"},
        {TIME, "1:00:00Z", "time_parsing", "invalid character in hour"},
        {TIME, "12-00:00", "time_parsing", "invalid time separator, expected `:`"},
        {TIME, "24:00:00Z", "time_parsing", "hour value is outside expected range of 0-23"},
        {TIME, "12:60:00Z", "time_parsing", "minute value is outside expected range of 0-59"},
        {TIME, "12:00:61Z", "time_parsing", "second value is outside expected range of 0-59"},
        {TIME, "12:00:60Z", "time_parsing", "second value is outside expected range of 0-59"},
        {TIME, "12:00:00.Z", "time_parsing", "second fraction value is missing"},
        {TIME, "12:00:00,5Z", "time_parsing", "invalid timezone sign"},
        {TIME, "12:00:00 Z", "time_parsing", "invalid timezone sign"},
        {TIME, "12:00:00+1:00", "time_parsing", "invalid timezone hour"},
        {TIME, "12:00:00+0100", "time_parsing", "invalid timezone minute"},
        {TIME, "12:00:00+01", "time_parsing", "invalid timezone minute"},
        {TIME, "12:00:00+24:00", "time_parsing", "timezone offset must be less than 24 hours"},
        {TIME, "12:00:00+00:60", "time_parsing", "timezone offset must be less than 24 hours"},
        {TIME, "12:00:00ZZ", "time_parsing", "unexpected extra characters at the end of the input"},
        {TIME, "12:00:00", "timezone_aware", NULL},
        {TIME, "12:00:00.5", "timezone_aware", NULL},
        {DATETIME, "2024-01-01", "datetime_parsing", "input is too short"},
        {DATETIME, "2024-01-01 00:00:00Z", "datetime_parsing",
                "invalid datetime separator, expected `T` or `t`"},
        {DATETIME, "2024-01-01T", "datetime_parsing", "input is too short"},
        {DATETIME, "2024-13-01T00:00:00Z", "datetime_parsing",
                "month value is outside expected range of 1-12"},
        {DATETIME, "2024-02-30T00:00:00Z", "datetime_parsing",
                "day value is outside expected range"},
        {DATETIME, "2024-01-01T00:00:00", "timezone_aware", NULL},
        {DATETIME, "2024-01-01T00:00:00Z ", "datetime_parsing",
                "unexpected extra characters at the end of the input"},
        {DATETIME, "2024-01-01T24:00:00Z", "datetime_parsing",
                "hour value is outside expected range of 0-23"},
        {DURATION, "", "time_delta_parsing", "input is too short"},
        {DURATION, "P", "time_delta_parsing", "input is too short"},
        {DURATION, "PT", "time_delta_parsing", "input is too short"},
        {DURATION, "1DT1H", "time_delta_parsing", "invalid character in duration, expected `P`"},
        {DURATION, "P1D2Y", "time_delta_parsing", "quantity invalid in duration"},
        {DURATION, "P1Y1Y", "time_delta_parsing", "quantity invalid in duration"},
        {DURATION, "P1H", "time_delta_parsing", "quantity invalid in duration"},
        {DURATION, "PT1D", "time_delta_parsing", "quantity invalid in duration"},
        {DURATION, "P1YT", "time_delta_parsing", "invalid digit in duration"},
        {DURATION, "P1Y2W", "time_delta_parsing", "quantity invalid in duration"},
        {DURATION, "P2W1D", "time_delta_parsing", "quantity invalid in duration"},
        {DURATION, "P-1D", "time_delta_parsing", "invalid digit in duration"},
        {DURATION, "-P1D", "time_delta_parsing", "invalid character in duration, expected `P`"},
        {DURATION, "P1.5D", "time_delta_parsing", "quantity invalid in duration"},
        {DURATION, "PT0.5S", "time_delta_parsing", "quantity invalid in duration"},
        {DURATION, "P1D ", "time_delta_parsing", "invalid digit in duration"},
        {DURATION, "P12", "time_delta_parsing", "quantity invalid in duration"},
        {DURATION, "p1d", "time_delta_parsing", "invalid character in duration, expected `P`"},
        {DURATION, "P9223372036854775808D", "time_delta_parsing",
                "a numeric value in the duration is too large"},
        {DURATION, "P999999999999999999Y", "time_delta_parsing",
                "a numeric value in the duration is too large"},
        {DURATION, "PT2562047788015216H", "time_delta_parsing",
                "a numeric value in the duration is too large"},
        {DURATION, "P1DT1H1H", "time_delta_parsing", "quantity invalid in duration"},
};

START_TEST(refusals_have_pydantics_words)
{
	static const char *const words[] = {
	        "Input should be a valid date in the format YYYY-MM-DD, ",
	        "Input should be in a valid time format, ", "Input should be a valid datetime, ",
	        "Input should be a valid duration, "};
	struct msgc_str text = msgc_str_from(refusals[_i].text);
	struct msgc_problems problems;
	struct msgc_scope s;
	union {
		struct msgc_date date;
		struct msgc_time time;
		struct msgc_datetime datetime;
		struct msgc_duration duration;
	} v;
	char msg[200], ctx[200];
	bool ok;

	msgc_scope_open(&s, &problems);
	switch (refusals[_i].what) {
	case DATE: ok = msgc_text_date(&s, text, &v.date); break;
	case TIME: ok = msgc_text_time(&s, text, &v.time); break;
	case DATETIME: ok = msgc_text_datetime(&s, text, &v.datetime); break;
	default: ok = msgc_text_duration(&s, text, &v.duration);
	}
	ck_assert_msg(!ok, "%s", refusals[_i].text);
	if (!refusals[_i].error) {
		ASSERT_PROBLEM(&problems, refusals[_i].type, "[]",
		        "Input should have timezone info", NULL);
		return;
	}
	snprintf(msg, sizeof msg, "%s%s", words[refusals[_i].what], refusals[_i].error);
	snprintf(ctx, sizeof ctx, "{\"error\":\"%s\"}", refusals[_i].error);
	ASSERT_PROBLEM(&problems, refusals[_i].type, "[]", msg, ctx);
}
END_TEST

START_TEST(times_of_day)
{
	static const char *const texts[] = {"00:00:00Z", "23:59:59Z", "23:59:60Z",
	        "12:30:45.500+05:30", "15:59:60-08:00", "01:02:03.000001Z", "00:29:60+00:30"};
	struct msgc_scope s = {0};
	struct msgc_time v, w;
	struct msgc_buf out = {0};
	char quoted[40];

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		ck_assert_msg(msgc_text_time(&s, msgc_str_from(texts[i]), &v), "%s", texts[i]);
		msgc_buf_reset(&out);
		msgc_write_time(&out, v);
		snprintf(quoted, sizeof quoted, "\"%s\"", texts[i]);
		ck_assert_str_eq(msgc_buf_c(&out), quoted);
		ck_assert(msgc_time_equal(v, v));
	}
	ck_assert(msgc_text_time(&s, msgc_str_from("12:00:00Z"), &v) &&
	        msgc_text_time(&s, msgc_str_from("13:00:00+01:00"), &w));
	ck_assert_int_eq(msgc_time_compare(v, w), 0);
	ck_assert(!msgc_time_equal(v, w));
	w.minute = 1;
	ck_assert_int_lt(msgc_time_compare(v, w), 0);
	msgc_buf_free(&out);
}
END_TEST

static const struct {
	const char *text;
	int64_t months, days, seconds;
	const char *written;
} durations[] = {
        {"P1Y", 12, 0, 0, "P1Y"},
        {"P1M", 1, 0, 0, "P1M"},
        {"P1D", 0, 1, 0, "P1D"},
        {"PT1H", 0, 0, 3600, "PT1H"},
        {"PT1M", 0, 0, 60, "PT1M"},
        {"PT1S", 0, 0, 1, "PT1S"},
        {"P2W", 0, 14, 0, "P14D"},
        {"PT0S", 0, 0, 0, "PT0S"},
        {"P0D", 0, 0, 0, "PT0S"},
        {"P1Y2M3DT4H5M6S", 14, 3, 14706, "P1Y2M3DT4H5M6S"},
        {"P18M", 18, 0, 0, "P1Y6M"},
        {"PT36H", 0, 0, 129600, "PT36H"},
        {"P1Y3D", 12, 3, 0, "P1Y0M3D"},
        {"PT1H6S", 0, 0, 3606, "PT1H0M6S"},
        {"P3DT12H", 0, 3, 43200, "P3DT12H"},
        {"P9223372036854775807D", 0, INT64_MAX, 0, "P9223372036854775807D"},
        {"P768614336404564650Y7M", INT64_MAX, 0, 0, "P768614336404564650Y7M"},
};

START_TEST(durations_keep_months_days_and_seconds)
{
	struct msgc_scope s = {0};
	struct msgc_duration v, again;
	struct msgc_buf out = {0};

	ck_assert_msg(msgc_text_duration(&s, msgc_str_from(durations[_i].text), &v), "%s",
	        durations[_i].text);
	ck_assert_int_eq(v.months, durations[_i].months);
	ck_assert_int_eq(v.days, durations[_i].days);
	ck_assert_int_eq(v.seconds, durations[_i].seconds);
	msgc_write_duration(&out, v);
	ck_assert_uint_eq(out.len, strlen(durations[_i].written) + 2);
	ck_assert_mem_eq(out.data + 1, durations[_i].written, out.len - 2);
	ck_assert(msgc_text_duration(&s, msgc_str_of(out.data + 1, out.len - 2), &again));
	ck_assert(msgc_duration_equal(v, again));
	msgc_buf_free(&out);
}
END_TEST

START_TEST(values_that_no_text_stands_for_are_not_written)
{
	static const struct msgc_datetime datetimes[] = {{.seconds = INT64_MAX},
	        {.seconds = INT64_MIN}, {.seconds = 253402300800}, {.seconds = -62167219201},
	        {.nanoseconds = -1}, {.nanoseconds = 2000000000}, {.nanoseconds = 1000000000},
	        {.offset_minutes = 1440}, {.offset_minutes = -1440},
	        {.seconds = 253402300799, .offset_minutes = 1}};
	static const struct msgc_date dates[] = {{-1, 1, 1}, {10000, 1, 1}, {2024, 0, 1},
	        {2024, 13, 1}, {2024, 1, 0}, {2023, 2, 29}};
	static const struct msgc_time times[] = {{.hour = 24}, {.minute = 60}, {.second = 61},
	        {.second = 60}, {.nanoseconds = 1000000000}, {.nanoseconds = -1},
	        {.offset_minutes = 1440}};
	static const struct msgc_duration spans[] = {{-1, 0, 0}, {0, -1, 0}, {0, 0, -1}};
	struct msgc_scope s = {0};
	struct msgc_buf out = {0};

#define REFUSED(list, name)                                                                        \
	for (size_t i = 0; i < sizeof list / sizeof *list; i++) {                                  \
		ck_assert(!msgc_check_##name(&s, list[i]));                                        \
		msgc_buf_reset(&out);                                                              \
		msgc_write_##name(&out, list[i]);                                                  \
		ck_assert_int_eq(out.error, MSGC_EINVAL);                                          \
		ck_assert_uint_eq(out.len, 0);                                                     \
	}
	REFUSED(datetimes, datetime)
	REFUSED(dates, date)
	REFUSED(times, time)
	REFUSED(spans, duration)
	ck_assert(msgc_check_datetime(&s, (struct msgc_datetime){0}));
	ck_assert(msgc_check_time(&s, (struct msgc_time){0}));
	ck_assert(msgc_check_duration(&s, (struct msgc_duration){0}));
	msgc_buf_free(&out);
}
END_TEST

START_TEST(unix_times)
{
	static const struct {
		const char *text;
		int64_t seconds;
		int32_t nanoseconds;
	} ms[] = {{"0", 0, 0}, {"1", 0, 1000000}, {"-1", -1, 999000000},
	        {"1700000000123", 1700000000, 123000000}, {"1e3", 1, 0}, {"-1000", -1, 0},
	        {"253402300799999", 253402300799, 999000000}};
	struct msgc_datetime v;
	struct msgc_buf out = {0};
	struct bench b;

	for (size_t i = 0; i < sizeof ms / sizeof *ms; i++) {
		bench_open(&b, ms[i].text);
		ck_assert(msgc_read_datetime_unix_ms(&b.r, &v));
		ck_assert_int_eq(v.seconds, ms[i].seconds);
		ck_assert_int_eq(v.nanoseconds, ms[i].nanoseconds);
		ck_assert_int_eq(bench_close(&b), 0);
		msgc_buf_reset(&out);
		msgc_write_datetime_unix_ms(&out, v);
		ck_assert_int_eq(
		        strtoll(msgc_buf_c(&out), NULL, 10), (long long)strtod(ms[i].text, NULL));
	}
	bench_open(&b, "-5");
	ck_assert(msgc_read_datetime_unix(&b.r, &v));
	ck_assert_int_eq(v.seconds, -5);
	ck_assert_int_eq(bench_close(&b), 0);
	bench_open(&b, "253402300800");
	ck_assert(!msgc_read_datetime_unix(&b.r, &v));
	ck_assert_int_eq(bench_close(&b), MSGC_ECONTRACT);
	ASSERT_PROBLEM(&b.problems, "less_than_equal", "[]",
	        "Input should be less than or equal to 253402300799", "{\"le\":253402300799}");
	msgc_buf_reset(&out);
	msgc_write_datetime_unix(&out, v);
	ck_assert_str_eq(msgc_buf_c(&out), "-5");
	msgc_scope_open(&b.r.scope, &b.problems);
	ck_assert(msgc_text_datetime_unix_ms(&b.r.scope, msgc_str_from("-1"), &v));
	ck_assert(v.seconds == -1 && v.nanoseconds == 999000000);
	ck_assert(msgc_text_datetime_unix(&b.r.scope, msgc_str_from("1700000000"), &v) &&
	        v.seconds == 1700000000);
	ck_assert(!msgc_text_datetime_unix(&b.r.scope, msgc_str_from("1.0"), &v));
	ck_assert_str_eq(b.problems.items[0].type, "int_parsing");
	ck_assert_int_eq(msgc_datetime_from_unix_ns(-1, &v), 0);
	ck_assert_int_eq(v.seconds, -1);
	ck_assert_int_eq(v.nanoseconds, 999999999);
	msgc_buf_free(&out);
}
END_TEST

START_TEST(instants_are_ordered_whatever_their_offset)
{
	struct msgc_scope s = {0};
	struct msgc_datetime a, b, c;
	struct msgc_date d = {2024, 1, 31}, e = {2024, 2, 1};

	ck_assert(msgc_text_datetime(&s, msgc_str_from("2024-01-01T01:00:00+01:00"), &a));
	ck_assert(msgc_text_datetime(&s, msgc_str_from("2024-01-01T00:00:00Z"), &b));
	ck_assert(msgc_text_datetime(&s, msgc_str_from("2024-01-01T00:00:00.000000001Z"), &c));
	ck_assert_int_eq(msgc_datetime_compare(a, b), 0);
	ck_assert(!msgc_datetime_equal(a, b));
	ck_assert_int_lt(msgc_datetime_compare(b, c), 0);
	ck_assert_int_gt(msgc_datetime_compare(c, a), 0);
	ck_assert_int_lt(msgc_date_compare(d, e), 0);
	ck_assert(msgc_date_equal(d, d) && !msgc_date_equal(d, e));
}
END_TEST

/*
 * Every byte in place of every byte: with T, where all of it is read at once if it is as usual, as
 * with t, where one is read after the other.
 */
START_TEST(datetimes_at_once_are_as_one_by_one)
{
	static const char *const texts[] = {"2024-02-29T23:59:59Z", "1999-12-31T00:00:00.25+05:30",
	        "0000-01-01T19:38:07-23:59", "2023-02-28T12:34:56Z"};
	const char *text = texts[_i];
	char quick[40], slow[40];

	for (size_t n = 0; n < strlen(text) * 256; n++) {
		size_t i = n / 256;
		struct msgc_problems a = {0}, b = {0};
		struct msgc_datetime v = {0}, w = {0};
		struct msgc_scope s, t;
		bool good;

		memcpy(quick, text, strlen(text) + 1);
		quick[i] = (char)n;
		memcpy(slow, quick, sizeof slow);
		if (slow[10] == 'T')
			slow[10] = 't';
		msgc_scope_open(&s, &a);
		msgc_scope_open(&t, &b);
		good = msgc_text_datetime(&s, msgc_str_of(quick, strlen(text)), &v);
		ck_assert_int_eq(msgc_text_datetime(&t, msgc_str_of(slow, strlen(text)), &w), good);
		if (good)
			ck_assert(msgc_datetime_equal(v, w));
		else
			ck_assert_str_eq(a.items[0].msg, b.items[0].msg);
		msgc_scope_close(&s);
		msgc_scope_close(&t);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("codec_times");
	TCase *loops = codec_test_loops(suite, "loops");
	const TTest *const dates[] = {datetimes_are_instants_with_an_offset,
	        leap_seconds_stand_where_they_can, the_calendar_is_the_c_librarys,
	        february_has_29_days_in_leap_years_only, times_of_day,
	        values_that_no_text_stands_for_are_not_written, unix_times,
	        instants_are_ordered_whatever_their_offset, NULL};

	tcase_add_loop_test(
	        loops, refusals_have_pydantics_words, 0, sizeof refusals / sizeof *refusals);
	tcase_add_loop_test(loops, durations_keep_months_days_and_seconds, 0,
	        sizeof durations / sizeof *durations);
	tcase_add_loop_test(loops, datetimes_at_once_are_as_one_by_one, 0, 4);
	codec_test_case(suite, "dates", dates);
	return codec_test_run(suite);
}
