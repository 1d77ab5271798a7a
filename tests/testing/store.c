/* SPDX-License-Identifier: MIT */
/*
 * A store that only counts. It must not know who asks.
 */
#include "store.h"

#include <stdatomic.h>

int store_line(struct msgc_str line, int64_t *ret_number)
{
	static _Atomic int64_t count;

	(void)line;
	*ret_number = ++count;
	return MSGC_OK;
}
