/* SPDX-License-Identifier: MIT */
/*
 * Tables of consumers in place of the program's, for the two files that put functions into them: test_hooks.c and test_lookups.c.
 */
#ifndef MSGC__TEST_HOOKS_H
#define MSGC__TEST_HOOKS_H

#include "../server/worker.h"
#include "stand_in.h"

/* A consumer's table in place of the program's. */
struct msgc__test_hooks {
	struct msgc_consumer table; /* first: found by it */
	const struct msgc_consumer *real;
	struct msgc__test_hooks *next, *next_table;
	struct msgc__test_stand_ins *all;
	const void *handlers;
	struct msgc_action *actions;
	struct msgc_event *events;
	struct msgc_permit_term *terms;
	struct msgc_object_type object;
	struct msgc_ask *asks;
};

static inline struct msgc__test_hooks *msgc__test_hooks_of(const struct msgc__served *served)
{
	return (struct msgc__test_hooks *)(uintptr_t)served->consumer;
}

/* ---- test_lookups.c */

/* Functions of such a table. */
int msgc__test_ask_term(
        const void *handlers, void *self, struct msgc_lookup *lookup, bool *ret_allowed);
int msgc__test_load(
        const void *handlers, void *self, struct msgc_lookup *lookup, void **ret_object);
int msgc__test_authenticate(const void *handlers, void *self, struct msgc_lookup *lookup,
        const void *in, struct msgc_user *ret_user);
/* The server's own. */
void msgc__test_credentials_put(struct msgc__test_stand_ins *all, struct msgc_server *server);

#endif
