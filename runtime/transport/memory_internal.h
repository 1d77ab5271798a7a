/* SPDX-License-Identifier: MIT */
/*
 * What the files of the in-memory transport share: a loop per worker with a queue of what its clients do, and the clients.
 */
#ifndef MSGC__MEMORY_INTERNAL_H
#define MSGC__MEMORY_INTERNAL_H

#include <pthread.h>

#include "../server/timer.h"
#include "../server/worker.h"
#include "memory.h"

enum msgc__memory_what {
	MSGC__MEMORY_CONNECT,
	MSGC__MEMORY_REQUEST,
	MSGC__MEMORY_TEXT,
	MSGC__MEMORY_BINARY,
	MSGC__MEMORY_CLOSE,    /* the client's CLOSE frame */
	MSGC__MEMORY_ENDED,    /* the closing handshake is done */
	MSGC__MEMORY_DROP,     /* the socket is gone */
	MSGC__MEMORY_WRITABLE, /* there is room again */
};

struct msgc__memory_action {
	struct msgc__memory_action *next;
	struct msgc__memory_client *client; /* counted */
	enum msgc__memory_what what;
	uint16_t code;
	size_t len;
	char text[]; /* with MSGC_PADDING behind */
};

struct msgc__memory_message {
	struct msgc__memory_message *next;
	size_t len;
	char text[];
};

struct msgc__memory_loop {
	struct msgc_server *server;
	struct msgc__worker *worker;
	pthread_mutex_t lock;  /* of all that follows, clients included */
	pthread_cond_t turned; /* something has happened that somebody may wait for */
	struct msgc__memory_action *first, **last;
	struct msgc__memory_client *clients;
	struct msgc__timers timers; /* of closing handshakes; on the loop's thread only */
	bool woken, stopping, refusing;
	bool asleep;     /* nothing is to do before somebody wakes it, or `due` */
	uint64_t rounds; /* how often it has looked */
	int64_t due;     /* while asleep: of the server's clock; INT64_MAX: never */
	unsigned refs;   /* the loop itself and its clients */
};

struct msgc__memory_client {
	struct msgc__memory_loop *loop; /* counted */
	struct msgc__memory_client *next, **prev;
	unsigned refs;                /* its owner, its actions, its link */
	struct msgc__request request; /* a copy, in `arena` */
	struct msgc_arena arena;
	bool admin;

	struct msgc_connection *connection; /* on the loop's thread only */
	struct msgc__exchange *exchange;
	struct msgc__timer close_deadline;

	struct msgc__memory_action
	        *spare; /* for its end, which needs no memory with a real socket either */
	struct msgc__memory_state state;
	size_t window;
	bool rude, closing, aborted;
	struct msgc__memory_message *messages, **messages_end;
	bool responded;
	struct msgc_buf headers, body;
};

/* With the lock held. */
void msgc__memory_client_unref(struct msgc__memory_client *client);
/* Takes `client`'s reference for itself. MSGC_ENOMEM: nothing has been queued. `text` may be NULL. */
int msgc__memory_queue(struct msgc__memory_client *client, enum msgc__memory_what what,
        uint16_t code, const char *text, size_t len);
/* The link's frames, read as a client would: into messages. */
void msgc__memory_read_frames(struct msgc__memory_client *client, const char *bytes, size_t len);

/* Drops the loop's lock for good and frees it, if this was the last reference. */
void msgc__memory_loop_unlock(struct msgc__memory_loop *loop);

/* One action of a client, if one may be done now. */
bool msgc__memory_act(struct msgc__memory_loop *loop);

#endif
