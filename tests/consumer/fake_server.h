/* SPDX-License-Identifier: MIT */
/*
 * fake_server.h - the server's side of <msgc/consumer.h> that does nothing but write down what generated code asks of
 * it, so that generated code can be tested by itself. Knows nothing of sockets, threads or any contract.
 */
#ifndef MSGC_TESTS_FAKE_SERVER_H
#define MSGC_TESTS_FAKE_SERVER_H

#include <msgc/consumer.h>

struct msgc_server {
	const struct msgc_consumer *consumer; /* served last */
	const void *handlers;
	void *app;
};

/* What generated code passes on without a look. */
struct msgc_connection {
	uint64_t id;
};
struct msgc_sender {
	int dummy;
};
struct msgc_reply {
	int dummy;
};
struct msgc_pending {
	const struct msgc_pending_type *type;
	void *typed;
	bool submitted, deferred;
};

/* One line a call, in order: "join chat_room_7\n", "reply chat_saved {…}\n". */
extern char fake_log[4096];
void fake_clear(void);

/* The frame in hand, for msgc_pending_new(). */
extern const struct msgc_message *fake_in_hand;
extern const void *fake_in;
extern struct msgc_pending fake_pending;

/* What the calls return from now on. */
extern int fake_result;

#endif
