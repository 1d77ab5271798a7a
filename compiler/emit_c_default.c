/* SPDX-License-Identifier: MIT */
/*
 * emit_c_default.c - literals of the contract as C: expressions, initializers, and the defaults
 * that a record's table names.
 *
 * The checks have made sure of every text, so times and identifiers are taken apart without looking
 * for errors again.
 */
#include <inttypes.h>
#include <string.h>

#include "emit_c_parts.h"

/* ------------------------------------------------------- times and uuids */

/* A decimal number; *at ends behind it. */
static int64_t digits(const char **at)
{
	int64_t value = 0;

	while (**at >= '0' && **at <= '9')
		value = value * 10 + (*(*at)++ - '0');
	return value;
}

/* The same, and steps over what separates it from the next. */
static int64_t field(const char **at)
{
	int64_t value = digits(at);

	if (**at != '\0')
		++*at;
	return value;
}

/* Days since 1970-01-01 in the Gregorian calendar: years begin in March, eras have 400 of them. */
static int64_t days_since_epoch(int64_t year, int64_t month, int64_t day)
{
	int64_t era, year_of_era, day_of_year;

	year -= month <= 2;
	era = (year >= 0 ? year : year - 399) / 400;
	year_of_era = year - era * 400;
	day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 +
	        day_of_year - 719468;
}

struct clock {
	int64_t hour, minute, second, nanoseconds, offset;
};

/* full-time of RFC 3339: "12:00:05.25+01:00". */
static struct clock parse_clock(const char *at)
{
	struct clock clock = {0};
	int64_t sign;

	clock.hour = field(&at);
	clock.minute = field(&at);
	clock.second = digits(&at);
	if (*at == '.') {
		int64_t unit = 1000000000;

		for (at++; *at >= '0' && *at <= '9'; at++) {
			unit /= 10;
			clock.nanoseconds += unit * (*at - '0');
		}
	}
	if (*at != '+' && *at != '-')
		return clock;
	sign = *at++ == '-' ? -1 : 1;
	clock.offset = field(&at) * 60;
	clock.offset = sign * (clock.offset + field(&at));
	return clock;
}

static const char *datetime_initializer(struct writer *w, const char *at)
{
	int64_t year = field(&at);
	int64_t month = field(&at);
	int64_t day = field(&at);
	struct clock clock = parse_clock(at);
	int64_t seconds = days_since_epoch(year, month, day) * 86400 + clock.hour * 3600 +
	        (clock.minute - clock.offset) * 60 + clock.second;

	/* A leap second is told by nanoseconds behind the second before it. */
	if (clock.second == 60) {
		seconds--;
		clock.nanoseconds += 1000000000;
	}
	return writer_format(w, "{INT64_C(%" PRId64 "), %" PRId64 ", %" PRId64 "}", seconds,
	        clock.nanoseconds, clock.offset);
}

static const char *date_initializer(struct writer *w, const char *at)
{
	int64_t year = field(&at);
	int64_t month = field(&at);

	return writer_format(
	        w, "{%" PRId64 ", %" PRId64 ", %" PRId64 "}", year, month, digits(&at));
}

static const char *time_initializer(struct writer *w, const char *at)
{
	struct clock clock = parse_clock(at);

	return writer_format(w, "{%" PRId64 ", %" PRId64 ", %" PRId64 ", %" PRId64 ", %" PRId64 "}",
	        clock.nanoseconds, clock.hour, clock.minute, clock.second, clock.offset);
}

/* "P1Y2M3DT4H5M6S", "P2W" */
static const char *duration_initializer(struct writer *w, const char *at)
{
	int64_t months = 0, days = 0, seconds = 0;
	bool in_time = false;

	for (at++; *at != '\0'; at++) {
		int64_t n = digits(&at);

		switch (*at) {
		case 'T': in_time = true; break;
		case 'Y': months += 12 * n; break;
		case 'W': days += 7 * n; break;
		case 'D': days += n; break;
		case 'H': seconds += 3600 * n; break;
		case 'M':
			if (in_time)
				seconds += 60 * n;
			else
				months += n;
			break;
		default: seconds += n; break;
		}
	}
	return writer_format(w,
	        "{INT64_C(%" PRId64 "), INT64_C(%" PRId64 "), INT64_C(%" PRId64 ")}", months, days,
	        seconds);
}

static const char *uuid_initializer(struct writer *w, const char *at)
{
	const char *text = "{{";

	for (; *at != '\0'; at += 2) {
		if (*at == '-')
			at++;
		text = writer_format(w, "%s0x%.2s, ", text, at);
	}
	return writer_format(w, "%.*s}}", (int)strlen(text) - 2, text);
}

/* --------------------------------------------------------------- scalars */

static const char *counted(struct writer *w, const char *cast, const struct model_value *value)
{
	return writer_format(w, "{%s%s, %zu}", cast,
	        writer_c_literal(w, value->text, value->length), value->length);
}

static const char *text_initializer(
        struct writer *w, const struct model_type *type, const struct model_value *value)
{
	switch (type->kind) {
	case MODEL_DATETIME: return datetime_initializer(w, value->text);
	case MODEL_DATE: return date_initializer(w, value->text);
	case MODEL_TIME: return time_initializer(w, value->text);
	case MODEL_DURATION: return duration_initializer(w, value->text);
	case MODEL_UUID: return uuid_initializer(w, value->text);
	default:
		return writer_format(
		        w, "MSGC_STR_INIT(%s)", writer_c_literal(w, value->text, value->length));
	}
}

static const char *number_initializer(
        struct writer *w, const struct model_type *type, const struct model_number *number)
{
	int64_t n = number->as_int64;

	if (type->kind == MODEL_DECIMAL)
		return writer_format(w, "{\"%s\", %zu}", number->text, strlen(number->text));
	if (type->kind != MODEL_DATETIME)
		return emit_c_number(w, type->kind, number);
	if (type->wire_form != MODEL_WIRE_UNIX_MS)
		return writer_format(w, "{INT64_C(%" PRId64 "), 0, 0}", n);
	return writer_format(w, "{INT64_C(%" PRId64 "), %" PRId64 ", 0}", n / 1000 - (n % 1000 < 0),
	        (n % 1000 + 1000) % 1000 * 1000000);
}

static const char *initializer(
        struct writer *w, const struct model_type *type, const struct model_value *value);

/* ------------------------------------------------------------- composites */

static const char *list_initializer(
        struct writer *w, const struct model_type *type, const struct model_value *value)
{
	const char *items = "";

	if (value->n_items == 0)
		return "{NULL, 0}";
	for (size_t i = 0; i < value->n_items; i++) {
		const struct model_value *item = &value->items[i].value;
		const char *text;

		if (item->kind == MODEL_VALUE_NULL)
			text = "{.is_null = true}";
		else if (emit_c_is_wrapped(&type->element))
			text = writer_format(
			        w, "{.value = %s}", initializer(w, type->element.type, item));
		else
			text = initializer(w, type->element.type, item);
		items = writer_format(w, "%s%s%s", items, i > 0 ? ", " : "", text);
	}
	return writer_format(
	        w, "{(const %s[]){%s}, %zu}", emit_c_item_type(w, type), items, value->n_items);
}

/* The entries of a map; of a record those that are no members: the further ones. */
static const char *map_initializer(
        struct writer *w, const struct model_type *type, const struct model_value *value)
{
	const char *items = "";
	size_t n = 0;

	for (size_t i = 0; i < value->n_items; i++) {
		const struct model_value_item *item = &value->items[i];
		const char *key;
		const char *text;

		if (item->member != NULL)
			continue;
		key = writer_c_literal(w, item->key, item->key_length);
		if (item->value.kind == MODEL_VALUE_NULL)
			text = ".is_null = true";
		else
			text = writer_format(
			        w, ".value = %s", initializer(w, type->element.type, &item->value));
		items = writer_format(w, "%s%s{.key = MSGC_STR_INIT(%s), %s}", items,
		        n++ > 0 ? ", " : "", key, text);
	}
	if (n == 0)
		return "{NULL, 0}";
	return writer_format(w, "{(const struct %s_map_entry[]){%s}, %zu}", type->c_name, items, n);
}

static const char *further_initializer(
        struct writer *w, const struct model_type *record, const struct model_value *value)
{
	bool any = false;

	for (size_t i = 0; i < value->n_items; i++)
		any = any || value->items[i].member == NULL;
	if (!any || record->further == NULL)
		return "";
	return writer_format(
	        w, ".%s = %s, ", record->further_id, map_initializer(w, record->further, value));
}

/* What the literal says of a member, or else the member's own default; NULL: neither. */
static const struct model_value *value_of(
        const struct model_value *record, const struct model_member *member)
{
	for (size_t i = 0; i < record->n_items; i++) {
		if (record->items[i].member == member)
			return &record->items[i].value;
	}
	return member->default_value;
}

static const char *member_initializer(
        struct writer *w, const struct model_member *member, const struct model_value *value)
{
	const struct model_type *type = member->use.type;
	const char *has = "";

	if (member->optional && !member->use.boxed)
		has = writer_format(w, ".has_%s = true, ", member->c_id);
	if (value->kind == MODEL_VALUE_NULL) {
		if (type->kind == MODEL_NULL || (member->use.boxed && !member->optional))
			return has;
		return writer_format(w, "%s.%s_is_null = true, ", has, member->c_id);
	}
	if (emit_c_has_no_value(type))
		return has;
	if (member->use.boxed)
		return writer_format(w, ".%s = &(const %s)%s, ", member->c_id, emit_c_type(w, type),
		        initializer(w, type, value));
	return writer_format(w, "%s.%s = %s, ", has, member->c_id, initializer(w, type, value));
}

static const char *record_initializer(
        struct writer *w, const struct model_type *type, const struct model_value *value)
{
	const char *members = "";

	for (size_t i = 0; i < type->n_members; i++) {
		const struct model_value *part = value_of(value, &type->members[i]);

		if (part != NULL)
			members = writer_format(
			        w, "%s%s", members, member_initializer(w, &type->members[i], part));
	}
	members = writer_format(w, "%s%s", members, further_initializer(w, type, value));
	if (members[0] == '\0')
		return "{0}";
	return writer_format(w, "{%.*s}", (int)strlen(members) - 2, members);
}

/* The arm's enumerator, and its value where C holds one. */
static const char *arm_initializer(struct writer *w, const struct model_value *value)
{
	const struct model_arm *arm = value->arm;
	const struct model_type *type = arm->use.type;
	const char *text;

	if (emit_c_has_no_value(type))
		return writer_format(w, "{.kind = %s}", arm->c_name);
	text = initializer(w, type, &value->items[0].value);
	if (arm->use.boxed)
		text = writer_format(w, "&(const %s)%s", emit_c_type(w, type), text);
	return writer_format(w, "{.kind = %s, .%s = %s}", arm->c_name, arm->c_id, text);
}

static const char *initializer(
        struct writer *w, const struct model_type *type, const struct model_value *value)
{
	switch (value->kind) {
	case MODEL_VALUE_BOOL: return value->boolean ? "true" : "false";
	case MODEL_VALUE_NUMBER: return number_initializer(w, type, value->number);
	case MODEL_VALUE_TEXT: return text_initializer(w, type, value);
	case MODEL_VALUE_BYTES: return counted(w, "(const uint8_t *)", value);
	case MODEL_VALUE_JSON: return counted(w, "", value);
	case MODEL_VALUE_ENUM:
		return writer_format(
		        w, type->is_open ? "{.value = %s}" : "%s", value->enumerator->c_name);
	case MODEL_VALUE_LIST: return list_initializer(w, type, value);
	case MODEL_VALUE_MAP: return map_initializer(w, type, value);
	case MODEL_VALUE_RECORD:
	case MODEL_VALUE_TUPLE: return record_initializer(w, type, value);
	case MODEL_VALUE_ARM: return arm_initializer(w, value);
	case MODEL_VALUE_NULL: break;
	}
	return "{0}";
}

/* --------------------------------------------------------------- in code */

const char *emit_c_literal(
        struct writer *w, const struct model_type *type, const struct model_value *value)
{
	const char *text = initializer(w, type, value);

	if (value->kind == MODEL_VALUE_TEXT && type->kind == MODEL_STRING)
		return writer_format(
		        w, "MSGC_STR(%s)", writer_c_literal(w, value->text, value->length));
	if (text[0] == '{')
		return writer_format(w, "(%s)%s", emit_c_type(w, type), text);
	return text;
}

static bool is_composite(const struct model_value *value)
{
	return value->kind == MODEL_VALUE_RECORD || value->kind == MODEL_VALUE_LIST ||
	        value->kind == MODEL_VALUE_MAP || value->kind == MODEL_VALUE_TUPLE ||
	        value->kind == MODEL_VALUE_ARM;
}

/* An empty list or map is what zeroed memory says already. */
static bool is_zero(const struct model_value *value)
{
	return (value->kind == MODEL_VALUE_LIST || value->kind == MODEL_VALUE_MAP) &&
	        value->n_items == 0;
}

void emit_c_default_objects(const struct emit_c *c, const struct model_type *record)
{
	for (size_t i = 0; i < record->n_members; i++) {
		const struct model_member *member = &record->members[i];
		const struct model_value *value = member->default_value;

		if (value == NULL || !is_composite(value) || is_zero(value))
			continue;
		writer_blank(c->w);
		writer_line(c->w,
		        "static const %s %s__%s_default =", emit_c_type(c->w, member->use.type),
		        record->c_name, member->c_id);
		writer_line(c->w, "\t%s;", initializer(c->w, member->use.type, value));
	}
}

static bool is_braced(const char *initializer)
{
	return initializer[0] == '{' || strncmp(initializer, "MSGC_STR_INIT", 13) == 0;
}

const char *emit_c_fill(
        const struct emit_c *c, const struct model_type *record, const struct model_member *member)
{
	const struct model_type *type = member->use.type;
	const struct model_value *value = member->default_value;
	struct writer *w = c->w;
	const char *text;

	if (value == NULL)
		return NULL;
	if (is_zero(value) || emit_c_has_no_value(type))
		return "msgc_fill_zero";
	if (value->kind == MODEL_VALUE_NULL)
		return "msgc_fill_null";
	if (is_composite(value))
		return writer_format(w, "&%s__%s_default", record->c_name, member->c_id);
	text = initializer(w, type, value);
	return writer_format(w, is_braced(text) ? "&(const %s)%s" : "&(const %s){%s}",
	        emit_c_type(w, type), text);
}
