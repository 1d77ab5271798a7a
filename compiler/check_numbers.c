/* SPDX-License-Identifier: MIT */
/*
 * check_numbers.c - numbers of a contract: do they fit their kind, and what do their units mean.
 */
#include "checks.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "number.h"

bool check_number_kind(struct check *c, enum model_kind kind, const struct model_number *number,
        struct place place)
{
	int64_t min;
	uint64_t max;

	if (kind == MODEL_FLOAT32 && fabs(number->as_double) > (double)FLT_MAX) {
		diag_report(c->diag, DIAG_NUMBER_RANGE, place, "%s is beyond what float32 can hold",
		        number->text);
		return false;
	}
	if (!model_int_bounds(kind, &min, &max))
		return true;
	if (!number_is_integral(number)) {
		diag_report(c->diag, DIAG_NUMBER_FRACTION, place, "%s holds whole numbers only",
		        model_kind_name(kind));
		return false;
	}
	if (!number->is_int || (number->is_negative && number->as_int64 < min) ||
	        (!number->is_negative && number->as_uint64 > max)) {
		diag_report(c->diag, DIAG_NUMBER_RANGE, place, "%s is beyond what %s can hold",
		        number->text, model_kind_name(kind));
		if (min < 0)
			diag_hint(c->diag, "it holds %lld to %llu", (long long)min,
			        (unsigned long long)max);
		else
			diag_hint(c->diag, "it holds 0 to %llu", (unsigned long long)max);
		return false;
	}
	return true;
}

bool check_count(struct check *c, const struct ast_number *number, uint64_t min, uint64_t max,
        uint64_t *ret_count)
{
	const struct model_number *value = number_read(c->arena, number->text);

	if (number->unit[0] != '\0' || value == NULL || !value->is_int || value->is_negative ||
	        value->as_uint64 < min || value->as_uint64 > max) {
		diag_report(c->diag, DIAG_COUNT, number->place,
		        "expected a whole number from %llu to %llu", (unsigned long long)min,
		        (unsigned long long)max);
		return false;
	}
	*ret_count = value->as_uint64;
	return true;
}

/* ------------------------------------------------------------------- units */

struct unit_row {
	const char *name;
	uint64_t factor;
};

static const struct unit_row size_units[] = {{"", 1}, {"B", 1}, {"KiB", 1024}, {"MiB", 1024 * 1024},
        {"GiB", 1024 * 1024 * 1024}, {NULL, 0}};

static const struct unit_row duration_units[] = {{"ms", 1}, {"s", 1000}, {"m", 60 * 1000},
        {"h", 3600 * 1000}, {"d", 24 * 3600 * 1000}, {NULL, 0}};

/* number times its unit, at most max. */
static bool check_quantity(struct check *c, const struct ast_number *number,
        const struct unit_row *units, const char *expected, uint64_t max, uint64_t *ret_value)
{
	const struct model_number *value = number_read(c->arena, number->text);

	for (; units->name != NULL; units++) {
		if (strcmp(units->name, number->unit) == 0)
			break;
	}
	if (units->name == NULL || value == NULL || !value->is_int || value->is_negative) {
		diag_report(c->diag, DIAG_UNIT, number->place, "expected %s", expected);
		return false;
	}
	if (value->as_uint64 > max / units->factor) {
		diag_report(c->diag, DIAG_QUANTITY, number->place,
		        "this is more than anybody can mean");
		return false;
	}
	*ret_value = value->as_uint64 * units->factor;
	return true;
}

bool check_size(struct check *c, const struct ast_number *number, uint64_t *ret_bytes)
{
	return check_quantity(c, number, size_units,
	        "a size, a whole number with or without B, KiB, MiB or GiB", UINT32_MAX, ret_bytes);
}

bool check_duration(struct check *c, const struct ast_number *number, uint64_t *ret_ms)
{
	return check_quantity(c, number, duration_units,
	        "a duration, a whole number with ms, s, m, h or d",
	        UINT64_C(366) * 24 * 3600 * 1000, ret_ms);
}
