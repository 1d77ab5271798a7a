/* SPDX-License-Identifier: MIT */
/*
 * Questions of the server, `send ask -> answer;`: from the program's call until it has been called back, exactly once, with the answer or with
 * why there is none. Each belongs to its connection, on that one's worker. It must not know what questions and answers say.
 */
#ifndef MSGC__QUESTION_H
#define MSGC__QUESTION_H

#include <stddef.h>

#include <msgc/consumer.h>

#include "timer.h"

struct msgc__frame;
struct msgc__staged_send;

enum { MSGC__QUESTION_REF_MAX = 32 };

struct msgc__question {
	struct msgc__question *next, **prev; /* of the connection, in the order of asking */
	struct msgc_connection *connection;
	struct msgc_subscription *subscription; /* kept; NULL: the connection's own */
	const struct msgc_ask *ask;
	msgc_answered_fn *answered;
	void *arg;
	/* The frame that was in hand when it was asked, as long as it is: it may wait for the answer. NULL: none. */
	const struct msgc__frame *asker;
	struct msgc__staged_send *staged; /* it waits for its handler's end; NULL: it has left */
	struct msgc__timer deadline;
	int64_t timeout;  /* from leaving on; milliseconds */
	bool misanswered; /* something came that breaks the contract */
	bool ended; /* there will be no answer: `result` says why, and the program is yet to be told */
	int result;
	struct msgc_str ref; /* in `text`; an integer as JSON has it */
	char text[MSGC__QUESTION_REF_MAX];
	/* What the program is shown: the generated struct, ask->size bytes, which the answer is read into. */
	_Alignas(max_align_t) char outcome[];
};

/* --------------------------------------------------------------------------------------------- question.c */

/* Puts it into the outbox, with its ref and its topic. */
void msgc__question_put(const struct msgc__question *question, struct msgc_str body);
/* Its frame has left: the time begins. */
void msgc__question_sent(struct msgc__question *question);
/* There will be no answer; the program is told at the end of this turn. Does nothing to one that has ended. */
void msgc__question_end(struct msgc__question *question, int result);
/* All of a connection's. */
void msgc__questions_end(struct msgc_connection *connection, int result);
/* A subscription's, which ends: the program is told at once, before it is told of that. */
void msgc__questions_leave(struct msgc_subscription *subscription);
/* The frame is no longer in hand: nobody waits in it. */
void msgc__questions_forget(struct msgc_connection *connection, const struct msgc__frame *asker);
/* Tells the program of those that have ended, one after another, unless a frame that does not wait for them is in hand. */
void msgc__questions_run(struct msgc_connection *connection);
/* It has its answer, or has been told of: it is its frame's now. */
void msgc__question_take(struct msgc__question *question, struct msgc__frame *frame);
void msgc__question_free(struct msgc__question *question); /* NULL does nothing */
/* Without a word to the program. */
void msgc__questions_free(struct msgc_connection *connection);

/* ----------------------------------------------------------------------------------------------- answer.c */

/*
 * A frame that is none of the consumer's actions: an answer? False: it is not, and nothing has happened. `result`: of the envelope's reader.
 * Else the frame has been dealt with: the program called back, its problems told, or (nobody asked, or no longer) nothing at all.
 */
bool msgc__answer_frame(struct msgc__frame *frame, const struct msgc_envelope *envelope, int result,
        char *text, size_t len);

/* Does the frame in hand wait for the answer that this frame is? */
bool msgc__answer_is_awaited(
        const struct msgc_connection *connection, const struct msgc_envelope *envelope);

/* Could there be such a frame? */
bool msgc__answer_is_possible(const struct msgc_connection *connection);

#endif
