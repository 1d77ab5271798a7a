/* SPDX-License-Identifier: MIT */
/*
 * What other threads have for a worker: a queue of letters that live inside the structs they belong to. Letters that answer something
 * (finished work, finished look-ups) are always taken; those that ask for something new are counted and bounded.
 */
#ifndef MSGC__MAILBOX_H
#define MSGC__MAILBOX_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct msgc__worker;

struct msgc__mail {
	struct msgc__mail *next;
	void (*deliver)(struct msgc__worker *worker, struct msgc__mail *mail); /* on the worker */
	bool counted;
};

struct msgc__mailbox {
	pthread_mutex_t lock;
	struct msgc__mail *first, **last;
	size_t counted, limit;
	uint64_t refused; /* because it was full */
	bool woken;       /* the loop has been since letters were taken last */
	bool closed;      /* the worker has ended */
	void (*wake)(void *loop);
	void *loop; /* NULL: nobody to wake yet */
};

void msgc__mailbox_init(struct msgc__mailbox *mailbox, size_t limit);
void msgc__mailbox_free(struct msgc__mailbox *mailbox);

/* The first letter wakes the loop. */
void msgc__mailbox_open(struct msgc__mailbox *mailbox, void (*wake)(void *loop), void *loop);

/*
 * Any thread. MSGC_EBUSY: counted and full; MSGC_EGONE: closed; the letter is the caller's again then. _leave() does not wake the loop: who has
 * left some letters calls _ring() soon.
 */
int msgc__mailbox_put(struct msgc__mailbox *mailbox, struct msgc__mail *mail, bool counted);
int msgc__mailbox_leave(struct msgc__mailbox *mailbox, struct msgc__mail *mail, bool counted);
void msgc__mailbox_ring(struct msgc__mailbox *mailbox);

/* Takes all letters out, in order; NULL: none. */
struct msgc__mail *msgc__mailbox_take(struct msgc__mailbox *mailbox);

/* Letters that are counted and wait; `*ret_refused`: how many have been refused. Any thread. */
size_t msgc__mailbox_look(struct msgc__mailbox *mailbox, uint64_t *ret_refused);

/* From now on puts give MSGC_EGONE, and nothing is woken. */
void msgc__mailbox_close(struct msgc__mailbox *mailbox);

#endif
