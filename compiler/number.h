/* SPDX-License-Identifier: MIT */
/*
 * number.h - numbers of a contract, exact: reading, comparing, dividing.
 *
 * Works on decimal text of bounded length; nothing goes through a double but the one field that
 * says so. Knows nothing of types.
 */
#ifndef MSGC_COMPILER_NUMBER_H
#define MSGC_COMPILER_NUMBER_H

#include <stdbool.h>

#include "model.h"

struct arena;

/* Digits before and behind the point, without leading and trailing zeros. */
#define NUMBER_MAX_DIGITS 64

/*
 * Reads JSON's number syntax (leading zeros are taken as well). NULL if it has more digits than
 * NUMBER_MAX_DIGITS on either side of the point.
 */
const struct model_number *number_read(struct arena *arena, const char *text);

/* Below, equal or above zero as a is less than, equal to or greater than b. */
int number_compare(const struct model_number *a, const struct model_number *b);

/* No fraction. */
bool number_is_integral(const struct model_number *number);

/* value is step times an integer. step is not zero. */
bool number_is_multiple(const struct model_number *value, const struct model_number *step);

#endif
