/* SPDX-License-Identifier: MIT */
/*
 * A question to the program (who is this, what object, is it allowed) that may be answered at once, on the pool, or later, with a deadline;
 * and the evaluation of permit expressions. It must not know what follows from an answer.
 */
#ifndef MSGC__LOOKUP_H
#define MSGC__LOOKUP_H

#include <stdatomic.h>

#include "credentials.h"
#include "pool.h"
#include "timer.h"

#include <msgc/consumer.h>

struct msgc_connection;

struct msgc_lookup {
	struct msgc__work work;
	struct msgc__mail mail; /* of msgc_lookup_finish() */
	struct msgc__timer deadline;
	struct msgc__worker *worker;
	struct msgc_connection *connection; /* kept */
	/* Calls the hook; on the worker or on a pool thread. */
	int (*call)(struct msgc_lookup *lookup);
	/* On the worker, once, while the connection waits; takes what `ret` holds unless the result is MSGC_ETIMEOUT. */
	void (*answered)(
	        struct msgc_connection *connection, struct msgc_lookup *lookup, int result);
	/* Nobody waits any more: releases what `ret` holds. On the worker. */
	void (*dropped)(struct msgc_lookup *lookup, int result);

	bool may_block;  /* it is called on the pool */
	bool on_pool;    /* the pool has not given it back */
	bool later;      /* the program will call msgc_lookup_finish() */
	bool has_answer; /* and has */
	bool abandoned;
	bool calling, replied; /* msgc__lookup_reply() during `call` */
	atomic_bool finished;
	int answer; /* of msgc_lookup_finish() */
	int result;

	char *credential; /* a copy, since the connection may end meanwhile; wiped */
	size_t credential_len;
	size_t name_len; /* of Basic credentials: name, NUL, password */
	char *value;     /* what a ticket stands for; wiped */
	size_t value_len;
	struct msgc_user given; /* by a ticket, in `value` */
	struct msgc__moment proved;
	enum msgc_auth_kind kind;
	struct msgc__frame *frame;              /* a `refresh` or a `subscribe` that waits for it */
	struct msgc_subscription *subscription; /* kept: whose struct the hook looks at; or NULL */
	unsigned term;                          /* of a permit */
	unsigned action;                        /* of an `auth message`, */
	struct msgc_arena arena;                /* and what it says, which is kept here */
	void *in;
	struct {
		struct msgc_user user;
		void *object;
		bool allowed;
	} ret;
};

/*
 * NULL: no memory. Then `call`, `answered` and `dropped` are to be set, and it is started: `answered` may have run, and the look-up be gone,
 * when that returns.
 */
struct msgc_lookup *msgc__lookup_new(struct msgc_connection *connection);
void msgc__lookup_start(struct msgc_lookup *lookup);
/* One that is not started after all. NULL does nothing. */
void msgc__lookup_unused(struct msgc_lookup *lookup);
/* For a `call` that asks the backend and returns MSGC_LATER: its answer, before the call returns or later. On the worker. */
void msgc__lookup_reply(struct msgc_lookup *lookup, int result);
/* The connection no longer waits for it. */
void msgc__lookup_abandon(struct msgc_lookup *lookup);

/* ------------------------------------------------------------------------------------- permit (permit.c) */

enum msgc__truth { MSGC__FALSE, MSGC__TRUE, MSGC__UNKNOWN };

/*
 * Kleene's logic over what is known of each term. `*ret_next`: the term to ask next, the first that can still change the outcome and
 * may be asked (needs_object only `with_object`); -1: none. No expression is true.
 */
enum msgc__truth msgc__permit_eval(const struct msgc_consumer *consumer,
        const enum msgc__truth *terms, bool is_authenticated, bool with_object, int *ret_next);

/* Is the expression well-formed: depth of its stack, numbers of its terms? */
bool msgc__permit_check(const struct msgc_consumer *consumer);

#endif
