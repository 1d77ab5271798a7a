/* SPDX-License-Identifier: MIT */
/*
 * rules.c - what `check` in rules.msg asks the program for. It must not know who asks.
 */
#include "rules.h"

int rules_asked;

const char *rules_check_iban(const struct msgc_str *value)
{
	return value->ptr[0] == 'X' ? "no such country" : NULL;
}

const char *rules_check_good_name(const struct msgc_str *value)
{
	return msgc_str_equal(*value, MSGC_STR("bad")) ? "a bad name" : NULL;
}

const char *rules_check_whole(const struct rules_order *value)
{
	rules_asked++;
	return value->low == 77 ? "seventy-seven" : NULL;
}
