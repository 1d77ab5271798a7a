/* SPDX-License-Identifier: MIT */
/*
 * What is counted. Each worker has counters of its own, which only its thread writes: counting is a load and a store without a lock
 * or a locked instruction. A scrape reads those of all workers and adds them up. It must not know how the sums are written.
 */
#ifndef MSGC__METRICS_H
#define MSGC__METRICS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct msgc_server;
struct msgc__worker;
struct msgc__frame;

struct msgc__counter {
	_Atomic uint64_t value;
};

static inline uint64_t msgc__counter_get(const struct msgc__counter *counter)
{
	return atomic_load_explicit(&counter->value, memory_order_relaxed);
}

static inline void msgc__counter_set(struct msgc__counter *counter, uint64_t value)
{
	atomic_store_explicit(&counter->value, value, memory_order_relaxed);
}

/* By the one thread that writes it. */
static inline void msgc__counter_add(struct msgc__counter *counter, uint64_t more)
{
	msgc__counter_set(counter, msgc__counter_get(counter) + more);
}

/* By any thread. */
static inline void msgc__counter_share(struct msgc__counter *counter, uint64_t more)
{
	atomic_fetch_add_explicit(&counter->value, more, memory_order_relaxed);
}

/* --------------------------------------------------------------------------------- what labels can say */

/* Names are in metrics_text.c, in the same order. */
enum msgc__told { /* errors that clients are told */
	MSGC__TOLD_INVALID,
	MSGC__TOLD_TOO_LARGE,
	MSGC__TOLD_RATE_LIMITED,
	MSGC__TOLD_REFUSED,
	MSGC__TOLD_BUSY,
	MSGC__TOLD_CONFLICT,
	MSGC__TOLD_NOT_STORED,
	MSGC__TOLD_UNKNOWN_TOPIC,
	MSGC__TOLD_UNAUTHORIZED,
	MSGC__TOLD_NOT_SUBSCRIBED,
	MSGC__TOLD_LOST,
	MSGC__TOLD_FAILED,
	MSGC__TOLD_KINDS
};

enum msgc__entry_result { /* of authentication and permission together */
	MSGC__ENTRY_OK,
	MSGC__ENTRY_UNAUTHENTICATED,
	MSGC__ENTRY_FORBIDDEN,
	MSGC__ENTRY_NOT_FOUND,
	MSGC__ENTRY_FAILED,
	MSGC__ENTRY_TIMEOUT,
	MSGC__ENTRY_RESULTS
};

enum msgc__proof_result { /* of one kind of credentials */
	MSGC__PROOF_OK,
	MSGC__PROOF_REFUSED,
	MSGC__PROOF_FAILED,
	MSGC__PROOF_RESULTS
};

enum msgc__scope { /* that a rate limit counts in */
	MSGC__SCOPE_CONNECTION,
	MSGC__SCOPE_ACTION,
	MSGC__SCOPE_TOPIC,
	MSGC__SCOPE_USER,
	MSGC__SCOPE_ADDRESS,
	MSGC__SCOPES
};

enum msgc__question_result { /* what came of questions to clients */
	MSGC__QUESTION_ANSWERED,
	MSGC__QUESTION_TIMEOUT,
	MSGC__QUESTION_MISANSWERED, /* in time, but against the contract */
	MSGC__QUESTION_GONE,
	MSGC__QUESTION_DROPPED, /* with the other effects of its handler */
	MSGC__QUESTION_FULL,    /* not asked: too many are pending */
	MSGC__QUESTION_RESULTS
};

enum msgc__publisher { /* of publications */
	MSGC__BY_HANDLER,
	MSGC__BY_TASK,
	MSGC__BY_THREAD,
	MSGC__BY_ADMIN,
	MSGC__PUBLISHERS
};

enum msgc__subscribing { /* what became of a wish to follow a topic */
	MSGC__SUBSCRIBE_OK,
	MSGC__SUBSCRIBE_UNKNOWN,
	MSGC__SUBSCRIBE_UNAUTHORIZED,
	MSGC__SUBSCRIBE_TOO_MANY,
	MSGC__SUBSCRIBE_FAILED,
	MSGC__SUBSCRIBE_RESULTS
};

enum msgc__shortage { /* what could not be done for want of memory */
	MSGC__SHORT_CONNECTION,
	MSGC__SHORT_HANDSHAKE,
	MSGC__SHORT_LOOKUP,
	MSGC__SHORT_HTTP,
	MSGC__SHORTAGES
};

enum msgc__telling { /* of who is present: once for a group, or for one who came */
	MSGC__TELLING_DIFF,
	MSGC__TELLING_LIST,
	MSGC__TELLING_COUNT,
	MSGC__TELLING_STATE,
	MSGC__TELLINGS
};

enum {
	MSGC__AUTH_KINDS = 5,      /* of enum msgc_auth_kind */
	MSGC__PUBLISHED_KINDS = 2, /* messages, events */
	MSGC__CLOSE_CODES = 22,    /* the last: any other */
	MSGC__HTTP_STATUSES = 26,  /* the last: any other */
	MSGC__DURATIONS = 12,      /* upper bounds; longer ones have a place of their own */
};

/* ------------------------------------------------------------------------------------------- counters */

/* Of one handler: an action's, an event's, a hook's. */
struct msgc__handler_metrics {
	struct msgc__counter within[MSGC__DURATIONS + 1];
	struct msgc__counter nanoseconds;
};

struct msgc__consumer_metrics {
	struct msgc__counter opened, closed[MSGC__CLOSE_CODES];
	struct msgc__counter frames_in, bytes_in, frames_out, bytes_out;
	/* Frames put into outboxes; messages, and their bytes before and after. */
	struct msgc__counter frames_deflated, deflated, deflated_from, deflated_to;
	struct msgc__counter inflated, inflated_from, inflated_to;
	struct msgc__counter slow_readers, dropped_oldest, dropped_new;
	struct msgc__counter limited[MSGC__SCOPES];
	struct msgc__counter told[MSGC__TOLD_KINDS];
	struct msgc__counter proofs[MSGC__AUTH_KINDS][MSGC__PROOF_RESULTS];
	struct msgc__counter entries[MSGC__ENTRY_RESULTS];
	struct msgc__counter questions[MSGC__QUESTION_RESULTS], stray_answers;
	struct msgc__counter *received; /* by action */
	struct msgc__handler_metrics *
	        handlers; /* of actions, of events, of the hooks connected and disconnected, of questions */
};

/* Of one worker. Those from `connections` on say how things are, as of the end of its last turn. */
struct msgc__metrics {
	bool timed; /* somebody can ask for the histograms: the time is looked at */
	struct msgc__consumer_metrics *consumers; /* one for each that is served */
	struct msgc__counter *counters;           /* what `received` and `handlers` point into */
	struct msgc__counter handshakes_refused[MSGC__HTTP_STATUSES];
	struct msgc__counter responses[MSGC__HTTP_STATUSES];
	struct msgc__counter published[MSGC__PUBLISHERS][MSGC__PUBLISHED_KINDS];
	struct msgc__counter delivered;
	struct msgc__counter repeated;      /* sends whose first answer was given again */
	struct msgc__counter kept;          /* publications that were numbered and stored */
	struct msgc__counter recoveries[2]; /* not whole, whole */
	struct msgc__counter recovered_messages;
	struct msgc__counter subscribes[MSGC__SUBSCRIBE_RESULTS];
	struct msgc__counter short_of_memory[MSGC__SHORTAGES];
	struct msgc__counter roster_tellings[MSGC__TELLINGS];
	struct msgc__counter roster_returns;
	struct msgc__counter roster_seats; /* now */

	struct msgc__counter connections, groups, memberships, subscriptions;
	struct msgc__counter outbox_bytes, outbox_most;
	struct msgc__counter later_frames, waiting_frames, questions;
};

/* What threads that are no workers count. */
struct msgc__shared_metrics {
	struct msgc__counter published[MSGC__PUBLISHERS][MSGC__PUBLISHED_KINDS];
	struct msgc__counter kept; /* in transactions of the program's */
	struct msgc__counter
	        store_failures; /* transactions of the backend that could not be committed */
};

/* After the consumers have been registered. MSGC_ENOMEM. */
int msgc__metrics_init(struct msgc__worker *worker);
void msgc__metrics_free(struct msgc__worker *worker);

/* At the end of a turn: how things are. */
void msgc__metrics_settle(struct msgc__worker *worker);

/* The place of a status or close code in its array. */
unsigned msgc__metrics_status(int status);
unsigned msgc__metrics_close(uint16_t code);

void msgc__metrics_published(struct msgc_server *server, enum msgc__publisher by, bool is_event);

/* Around a frame: from the call of its handler until its effects have left. */
void msgc__metrics_began(struct msgc__frame *frame);
void msgc__metrics_ended(struct msgc__frame *frame);

/* All of it as Prometheus reads it (text format 0.0.4). On a worker's thread. (metrics_text.c) */
struct msgc_buf;
int msgc__metrics_write(struct msgc_server *server, struct msgc_buf *out);

/* For metrics_text.c: what stands at the places of the arrays; 0: any other. Seconds of a duration's bound, as text. */
extern const int msgc__metrics_statuses[MSGC__HTTP_STATUSES];
extern const uint16_t msgc__metrics_closes[MSGC__CLOSE_CODES];
extern const char *const msgc__metrics_bounds[MSGC__DURATIONS];

#endif
