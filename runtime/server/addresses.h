/* SPDX-License-Identifier: MIT */
/*
 * How many connections each client address has, for the limit per address. Any thread.
 */
#ifndef MSGC__ADDRESSES_H
#define MSGC__ADDRESSES_H

#include <stdint.h>

struct msgc__address_count;

int msgc__addresses_new(struct msgc__address_count **ret);
void msgc__addresses_free(struct msgc__address_count *addresses);

/* MSGC_ELIMIT: the address has `most` already (0: any number); MSGC_ENOMEM. */
int msgc__addresses_enter(struct msgc__address_count *addresses, const char *address, int64_t most);
void msgc__addresses_leave(struct msgc__address_count *addresses, const char *address);

#endif
