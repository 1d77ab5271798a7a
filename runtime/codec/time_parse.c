/* SPDX-License-Identifier: MIT */
/*
 * RFC 3339 texts: date, time, date-time (section 5.6) and duration (appendix A); the calendar
 * behind them. Leap seconds are let through where section 5.7 has them: the last second, in UTC, of
 * a month. It knows text and numbers only.
 */
#include "internal.h"

#define SECONDS_A_DAY 86400
#define NANOS         INT32_C(1000000000)

const char msgc__no_offset[] = "offset missing";

/* A text that is being read from the left. */
struct cursor {
	const char *p, *end;
};

/* Exactly n digits. */
static bool digits(struct cursor *c, int n, int *ret)
{
	int v = 0;

	if (c->end - c->p < n)
		return false;
	for (int i = 0; i < n; i++) {
		if (!msgc__is_digit(c->p[i]))
			return false;
		v = v * 10 + (c->p[i] - '0');
	}
	c->p += n;
	*ret = v;
	return true;
}

static bool literal(struct cursor *c, char wanted)
{
	if (c->p == c->end || *c->p != wanted)
		return false;
	c->p++;
	return true;
}

/* T and Z may be lower case: section 5.6. */
static bool letter(struct cursor *c, char upper)
{
	return literal(c, upper) || literal(c, (char)(upper | 0x20));
}

int64_t msgc__days_from_civil(int year, unsigned month, unsigned day)
{
	/* Years begin in March here, so that February's length is the last thing that matters. */
	int64_t y = year - (month <= 2), era = (y >= 0 ? y : y - 399) / 400;
	unsigned of_era = (unsigned)(y - era * 400), shifted = month > 2 ? month - 3 : month + 9;
	unsigned of_year = (153 * shifted + 2) / 5 + day - 1;

	return era * 146097 + (int64_t)(of_era * 365 + of_era / 4 - of_era / 100 + of_year) -
	        719468;
}

void msgc__civil_from_days(int64_t days, int *ret_year, unsigned *ret_month, unsigned *ret_day)
{
	int64_t z = days + 719468, era = (z >= 0 ? z : z - 146096) / 146097;
	unsigned of_era = (unsigned)(z - era * 146097);
	unsigned y = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	unsigned of_year = of_era - (365 * y + y / 4 - y / 100), shifted = (5 * of_year + 2) / 153;

	*ret_day = of_year - (153 * shifted + 2) / 5 + 1;
	*ret_month = shifted < 10 ? shifted + 3 : shifted - 9;
	*ret_year = (int)(y + (unsigned)(*ret_month <= 2)) + (int)(era * 400);
}

unsigned msgc__days_in_month(int year, unsigned month)
{
	static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	if (month == 2 && year % 4 == 0 && (year % 100 != 0 || year % 400 == 0))
		return 29;
	return days[month - 1];
}

static const char *parse_date(struct cursor *c, struct msgc_date *ret)
{
	int year, month, day;

	if (c->end - c->p < 10)
		return "input is too short";
	if (!digits(c, 4, &year))
		return "invalid character in year";
	if (!literal(c, '-'))
		return "invalid date separator, expected `-`";
	if (!digits(c, 2, &month))
		return "invalid character in month";
	if (!literal(c, '-'))
		return "invalid date separator, expected `-`";
	if (!digits(c, 2, &day))
		return "invalid character in day";
	if (month < 1 || month > 12)
		return "month value is outside expected range of 1-12";
	if (day < 1 || (unsigned)day > msgc__days_in_month(year, (unsigned)month))
		return "day value is outside expected range";
	*ret = (struct msgc_date){(int16_t)year, (uint8_t)month, (uint8_t)day};
	return NULL;
}

static const char *parse_fraction(struct cursor *c, int32_t *ret)
{
	int32_t v = 0, unit = NANOS / 10;

	if (c->p == c->end || !msgc__is_digit(*c->p))
		return "second fraction value is missing";
	/* Digits behind the ninth say nothing that the struct can hold. */
	for (; c->p < c->end && msgc__is_digit(*c->p); c->p++, unit /= 10)
		v += (*c->p - '0') * unit;
	*ret = v;
	return NULL;
}

static const char *parse_offset(struct cursor *c, int16_t *ret)
{
	int hours, minutes, sign;

	if (letter(c, 'Z')) {
		*ret = 0;
		return NULL;
	}
	if (c->p == c->end)
		return msgc__no_offset;
	sign = *c->p == '-' ? -1 : 1;
	if (!literal(c, '+') && !literal(c, '-'))
		return "invalid timezone sign";
	if (!digits(c, 2, &hours))
		return "invalid timezone hour";
	if (!literal(c, ':') || !digits(c, 2, &minutes))
		return "invalid timezone minute";
	if (hours > 23 || minutes > 59)
		return "timezone offset must be less than 24 hours";
	*ret = (int16_t)(sign * (hours * 60 + minutes));
	return NULL;
}

/* Behind the seconds. */
static const char *parse_time_end(struct cursor *c, struct msgc_time *ret)
{
	const char *wrong;

	if (literal(c, '.')) {
		wrong = parse_fraction(c, &ret->nanoseconds);
		if (wrong)
			return wrong;
	}
	return parse_offset(c, &ret->offset_minutes);
}

/* full-time; whether a leap second may stand here is the caller's to say. */
static const char *parse_time(struct cursor *c, struct msgc_time *ret)
{
	int hour, minute, second;

	*ret = (struct msgc_time){0};
	if (c->end - c->p < 8)
		return "input is too short";
	if (!digits(c, 2, &hour))
		return "invalid character in hour";
	if (!literal(c, ':'))
		return "invalid time separator, expected `:`";
	if (!digits(c, 2, &minute))
		return "invalid character in minute";
	if (!literal(c, ':'))
		return "invalid time separator, expected `:`";
	if (!digits(c, 2, &second))
		return "invalid character in second";
	if (hour > 23)
		return "hour value is outside expected range of 0-23";
	if (minute > 59)
		return "minute value is outside expected range of 0-59";
	if (second > 60)
		return "second value is outside expected range of 0-59";
	ret->hour = (uint8_t)hour;
	ret->minute = (uint8_t)minute;
	ret->second = (uint8_t)second;
	return parse_time_end(c, ret);
}

#define SECONDS_LEN 19 /* 2026-01-02T03:04:05 */

/* Digits of eight bytes, and what stands between them as zeros; *wrong: bits where it does not. */
static uint64_t eight_of(const char *p, uint64_t pattern, uint64_t most, uint64_t *wrong)
{
	uint64_t v = msgc__load8(p) ^ pattern;

	*wrong |= v | (v + most);
	return v * 10 + (v >> 8); /* in the place of the first digit of two: both */
}

/*
 * A date and a time to the second, as almost all are; false: to be looked at one by one, by who can
 * say what is wrong. SECONDS_LEN bytes can be read.
 */
static bool usual_seconds(const char *p, struct msgc_date *ret_date, struct msgc_time *ret_time)
{
	/* A byte and what is added to it stay below 0x80 where it is a digit, or as wanted. */
	const uint64_t years = UINT64_C(0x2D30302D30303030), days = UINT64_C(0x30303A3030543030);
	const uint64_t seconds = UINT64_C(0x30303A30303A3030);
	const uint64_t most = UINT64_C(0x76767F76767F7676);
	uint64_t wrong = 0;
	uint64_t y = eight_of(p, years, UINT64_C(0x7F76767F76767676), &wrong);
	uint64_t d = eight_of(p + 8, days, most, &wrong) & 0xFF;
	uint64_t s = eight_of(p + 11, seconds, most, &wrong);
	unsigned month = y >> 40 & 0xFF;
	int year = (int)((y & 0xFF) * 100 + (y >> 16 & 0xFF));

	*ret_date = (struct msgc_date){(int16_t)year, (uint8_t)month, (uint8_t)d};
	*ret_time = (struct msgc_time){
	        .hour = (uint8_t)s, .minute = (uint8_t)(s >> 24), .second = (uint8_t)(s >> 48)};
	return !(wrong & UINT64_C(0x8080808080808080)) && month - 1 < 12 &&
	        d - 1 < msgc__days_in_month(year, month) && ret_time->hour < 24 &&
	        ret_time->minute < 60 && ret_time->second < 60;
}

static const char *parse_date_time(
        struct cursor *c, struct msgc_date *ret_date, struct msgc_time *ret_time)
{
	const char *wrong = parse_date(c, ret_date);

	if (wrong)
		return wrong;
	if (!letter(c, 'T'))
		return c->p == c->end ? "input is too short"
		                      : "invalid datetime separator, expected `T` or `t`";
	return parse_time(c, ret_time);
}

/* Minutes of the day in UTC, which may lie on the day before or after. */
static int utc_minutes(const struct msgc_time *t)
{
	return t->hour * 60 + t->minute - t->offset_minutes;
}

static const char leap_elsewhere[] = "second value is outside expected range of 0-59";
static const char extra[] = "unexpected extra characters at the end of the input";

const char *msgc__parse_date(struct msgc_str text, struct msgc_date *ret)
{
	struct cursor c = {text.ptr, msgc__str_end(text)};
	const char *wrong = parse_date(&c, ret);

	return wrong ? wrong : c.p < c.end ? extra : NULL;
}

const char *msgc__parse_time(struct msgc_str text, struct msgc_time *ret)
{
	struct cursor c = {text.ptr, msgc__str_end(text)};
	const char *wrong = parse_time(&c, ret);

	if (wrong)
		return wrong;
	if (c.p < c.end)
		return extra;
	return msgc__time_valid(*ret) ? NULL : leap_elsewhere;
}

const char *msgc__parse_datetime(struct msgc_str text, struct msgc_datetime *ret)
{
	struct cursor c = {text.ptr, msgc__str_end(text)};
	struct msgc_date d;
	struct msgc_time t;
	const char *wrong;
	bool leap;

	if (text.len >= SECONDS_LEN && usual_seconds(text.ptr, &d, &t)) {
		c.p += SECONDS_LEN;
		wrong = parse_time_end(&c, &t);
	} else {
		wrong = parse_date_time(&c, &d, &t);
	}
	if (wrong)
		return wrong;
	if (c.p < c.end)
		return extra;
	leap = t.second == 60;
	ret->seconds = msgc__days_from_civil(d.year, d.month, d.day) * SECONDS_A_DAY +
	        (int64_t)utc_minutes(&t) * 60 + t.second - leap;
	ret->nanoseconds = t.nanoseconds + (leap ? NANOS : 0);
	ret->offset_minutes = t.offset_minutes;
	return msgc__datetime_valid(*ret) ? NULL : leap_elsewhere;
}

/* Where numbers go. What is too large is told at the end, if nothing else is wrong. */
struct sums {
	struct msgc_duration duration;
	bool too_large;
};

/* 1*DIGIT and a unit letter out of `units`, which must not go back. */
static const char *parse_quantity(
        struct cursor *c, const char *units, const char **ret_unit, int64_t *ret, bool *too_large)
{
	int64_t v = 0;

	if (c->p == c->end || !msgc__is_digit(*c->p))
		return "invalid digit in duration";
	for (; c->p < c->end && msgc__is_digit(*c->p); c->p++) {
		if (v > (INT64_MAX - (*c->p - '0')) / 10)
			*too_large = true;
		else
			v = v * 10 + (*c->p - '0');
	}
	*ret_unit = c->p < c->end && *c->p ? strchr(units, *c->p) : NULL;
	if (!*ret_unit)
		return "quantity invalid in duration";
	c->p++;
	*ret = v;
	return NULL;
}

static bool add_scaled(int64_t *sum, int64_t v, int64_t scale)
{
	if (v > (INT64_MAX - *sum) / scale)
		return false;
	*sum += v * scale;
	return true;
}

/* Years to days, or hours to seconds: the largest unit first, each at most once. */
static const char *parse_units(
        struct cursor *c, const char *units, const int64_t *scales, int64_t **sums, bool *too_large)
{
	const char *next = units, *unit, *wrong;
	size_t which;
	int64_t v;

	do {
		wrong = parse_quantity(c, next, &unit, &v, too_large);
		if (wrong)
			return wrong;
		which = (size_t)(unit - units);
		if (!add_scaled(sums[which], v, scales[which]))
			*too_large = true;
		next = unit + 1;
	} while (c->p < c->end && *c->p != 'T');
	return NULL;
}

static const char *parse_duration(struct msgc_str text, struct sums *sums)
{
	static const int64_t date_scales[] = {12, 1, 1}, time_scales[] = {3600, 60, 1},
	                     week_scale[] = {7};
	struct cursor c = {text.ptr, msgc__str_end(text)};
	struct msgc_duration *d = &sums->duration;
	int64_t *date_sums[] = {&d->months, &d->months, &d->days},
	        *time_sums[] = {&d->seconds, &d->seconds, &d->seconds}, *week_sum[] = {&d->days};
	const char *wrong = NULL;

	if (text.len < 3)
		return "input is too short";
	if (!literal(&c, 'P'))
		return "invalid character in duration, expected `P`";
	if (c.end[-1] == 'W') {
		wrong = parse_units(&c, "W", week_scale, week_sum, &sums->too_large);
	} else {
		if (*c.p != 'T')
			wrong = parse_units(&c, "YMD", date_scales, date_sums, &sums->too_large);
		if (!wrong && literal(&c, 'T'))
			wrong = parse_units(&c, "HMS", time_scales, time_sums, &sums->too_large);
	}
	return wrong ? wrong : c.p < c.end ? extra : NULL;
}

const char *msgc__scan_duration(struct msgc_str text)
{
	struct sums sums = {.too_large = false};

	return parse_duration(text, &sums);
}

const char *msgc__parse_duration(struct msgc_str text, struct msgc_duration *ret)
{
	struct sums sums = {.too_large = false};
	const char *wrong = parse_duration(text, &sums);

	if (wrong)
		return wrong;
	if (sums.too_large)
		return "a numeric value in the duration is too large";
	*ret = sums.duration;
	return NULL;
}

/* ---- what the structs may hold ---- */

bool msgc__date_valid(struct msgc_date v)
{
	return v.year >= 0 && v.year <= 9999 && v.month >= 1 && v.month <= 12 && v.day >= 1 &&
	        v.day <= msgc__days_in_month(v.year, v.month);
}

static bool offset_valid(int16_t minutes)
{
	return minutes > -1440 && minutes < 1440;
}

bool msgc__time_valid(struct msgc_time v)
{
	int minutes = utc_minutes(&v);

	if (v.hour > 23 || v.minute > 59 || v.second > 60 || v.nanoseconds < 0 ||
	        v.nanoseconds >= NANOS || !offset_valid(v.offset_minutes))
		return false;
	return v.second < 60 || (minutes + 1) % 1440 == 0;
}

bool msgc__datetime_valid(struct msgc_datetime v)
{
	int64_t local, days;
	unsigned month, day;
	int year;

	if (v.nanoseconds < 0 || v.nanoseconds >= 2 * NANOS || !offset_valid(v.offset_minutes) ||
	        v.seconds < MSGC__DATETIME_SECONDS_MIN - SECONDS_A_DAY ||
	        v.seconds > MSGC__DATETIME_SECONDS_MAX + SECONDS_A_DAY)
		return false;
	local = v.seconds + (int64_t)v.offset_minutes * 60;
	if (local < MSGC__DATETIME_SECONDS_MIN || local > MSGC__DATETIME_SECONDS_MAX)
		return false;
	if (v.nanoseconds < NANOS)
		return true;
	/* Within a leap second: the last of a month in UTC. */
	days = v.seconds >= 0 ? v.seconds / SECONDS_A_DAY
	                      : -((-v.seconds + SECONDS_A_DAY - 1) / SECONDS_A_DAY);
	msgc__civil_from_days(days + 1, &year, &month, &day);
	return v.seconds - days * SECONDS_A_DAY == SECONDS_A_DAY - 1 && day == 1;
}

int msgc_datetime_date(struct msgc_datetime d, struct msgc_date *ret)
{
	int64_t local;
	unsigned month, day;
	int year;

	if (!msgc__datetime_valid(d))
		return MSGC_EINVAL;
	/* Counted from the year 0, so that the division needs no care for what is negative. */
	local = d.seconds + (int64_t)d.offset_minutes * 60 - MSGC__DATETIME_SECONDS_MIN;
	msgc__civil_from_days(local / SECONDS_A_DAY + MSGC__DATETIME_SECONDS_MIN / SECONDS_A_DAY,
	        &year, &month, &day);
	*ret = (struct msgc_date){(int16_t)year, (uint8_t)month, (uint8_t)day};
	return 0;
}

int msgc_datetime_from_unix_ns(int64_t ns, struct msgc_datetime *ret)
{
	int64_t seconds = ns / NANOS, rest = ns % NANOS;

	if (rest < 0) {
		rest += NANOS;
		seconds--;
	}
	*ret = (struct msgc_datetime){.seconds = seconds, .nanoseconds = (int32_t)rest};
	return 0;
}
