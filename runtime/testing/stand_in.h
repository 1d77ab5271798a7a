/* SPDX-License-Identifier: MIT */
/*
 * Stand-ins among the kit's own files: what stands between the server and the program's hooks, or its store. What a stand-in is to do is the
 * test's to say; these functions ask for it on the server's threads.
 */
#ifndef MSGC__STAND_IN_H
#define MSGC__STAND_IN_H

#include "../backends/backend.h"
#include "../server/core.h"
#include "testing.h"

struct msgc__test_captured; /* test_capture.c */

/* One server's. Calls of it are the test's and the server's threads'. */
struct msgc__test_stand_ins {
	struct msgc_test *test;
	const struct msgc_server *server; /* to be compared only, when it has ended */
	pthread_mutex_t lock;             /* of all that follows */
	struct msgc_arena arena;
	struct msgc_test_stand_in *all;
	struct msgc_test_capture *captures;

	/* Tables that have taken the place of the program's; made before the server starts, freed after it. */
	struct msgc__test_hooks *hooks;
	struct msgc__backend_ops ops;
	const struct msgc__backend_ops *real_ops;
	msgc_session_fn *find;
	msgc_basic_fn *check;
	msgc_ticket_fn *recall;
	msgc_token_fn *verify;
	void *find_app, *check_app, *recall_app, *verify_context;
	void (*verify_release)(void *context);
};

/* ---- test_stand_in.c */

void msgc__test_stand_ins_new(struct msgc_test *test);
void msgc__test_stand_ins_free(struct msgc_test *test);

/* What is to become of this call; counted. `type` and `in`: what is recorded, may be NULL. */
struct msgc__test_order {
	int result; /* negative: it fails with that */
	int64_t delay_ms;
};
struct msgc__test_order msgc__test_called(struct msgc__test_stand_ins *all, const char *scope,
        const char *name, const struct msgc_message *type, const void *in);

/* Runs `then` on a worker when the server's clock has moved on so far; where the server ends before, `drop` (may be NULL). False: no memory. */
bool msgc__test_after(struct msgc_server *server, int64_t ms, void (*then)(void *arg),
        void (*drop)(void *arg), void *arg);

/* ---- test_hooks.c */

/* After the program has made the server, before it starts. */
void msgc__test_hooks_put(struct msgc__test_stand_ins *all);
void msgc__test_hooks_free(struct msgc__test_stand_ins *all);

/* ---- test_store.c */

/* After the server has its backend, before its threads begin. */
void msgc__test_store_put(struct msgc__test_stand_ins *all);

/* ---- test_capture.c */

/* True: nobody gets it, for a capture has swallowed it. */
bool msgc__test_capture(
        struct msgc__test_stand_ins *all, const struct msgc__publication *publication);

#endif
