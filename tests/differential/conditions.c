/* SPDX-License-Identifier: MIT */
/*
 * conditions.c - what `check` asks for in tests/compiler/model/conditions.msg: each function refuses something that a walk over the schema makes.
 * The list of differences knows that a schema cannot say so. It must not know who asks.
 */
#include "conditions.msgc.h"

const char *conditions_check_known(const struct msgc_str *value)
{
	return value->len > 0 && value->ptr[0] == 'Q' ? "not known" : NULL;
}

const char *conditions_check_price_step(const struct msgc_decimal *value)
{
	return value->len > 20 ? "no price_step: too fine" : NULL;
}

const char *conditions_check_sorted(const struct msgc_str_list *value)
{
	return value->count > 4 ? "not sorted: too many" : NULL;
}

const char *conditions_check_sorted_bytes(const struct msgc_bytes *value)
{
	return value->len > 0 && value->ptr[0] == 0xff ? "not sorted_bytes" : NULL;
}

const char *conditions_check_plausible(const struct conditions_range *value)
{
	return value->scores.count > 5 ? "not plausible: too many scores" : NULL;
}

const char *conditions_check_wider_plausible(const struct conditions_wider *value)
{
	return value->scores.count > 5 ? "not plausible: too many scores" : NULL;
}

const char *conditions_check_more_plausible(const struct conditions_wider *value)
{
	return value->more == 77 ? "not more_plausible: seventy-seven" : NULL;
}

const char *conditions_check_note_plausible(const struct conditions_note *value)
{
	return value->scores.count > 5 ? "not plausible: too many scores" : NULL;
}

const char *conditions_check_note_more_plausible(const struct conditions_note *value)
{
	return value->more == 77 ? "not more_plausible: seventy-seven" : NULL;
}
