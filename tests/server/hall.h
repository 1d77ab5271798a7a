/* SPDX-License-Identifier: MIT */
/*
 * What the server's tests share: a consumer written by hand whose handlers are the test's, and a server around it that is driven by hand
 * over the in-memory transport. The table is changed by a test before it starts, so that each says what it needs.
 */
#ifndef HALL_H
#define HALL_H

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include <msgc/consumer.h>

#include "../../runtime/server/connection.h"
#include "../../runtime/server/worker.h"
#include "../../runtime/transport/memory.h"

/* ------------------------------------------------------------------------------------------- the contract */

/* Every message here has one member: {"action":…,"payload":"at most 20 characters"}. */
struct note {
	struct msgc_str payload;
	bool has_tone;
	int64_t tone; /* said by clients, heard by nobody */
};
extern const struct msgc_message say_message;   /* client → server; "said" answers it */
extern const struct msgc_message store_message; /* client → server */
extern const struct msgc_message limited_message;
extern const struct msgc_message said_message;
extern const struct msgc_message reply_message; /* an answer to "hello", where that is asked */
extern const struct msgc_message hello_message; /* of the connected hook */
extern const struct msgc_message shout_message; /* to a group */
extern const struct msgc_message plain_message; /* to a group, without faces */
extern const struct msgc_message bell_message;  /* an event, handled */
extern const struct msgc_message horn_message;  /* an event, passed on */

/* "stream…": keeps the last five shouts for a minute. */
extern const struct msgc_group_kind stream_type;

struct hall;

struct hall_handlers {
	int (*load)(struct hall *hall, struct msgc_lookup *lookup, void **ret_object);
	void (*release)(void *object);
	int (*term[3])(struct hall *hall, struct msgc_lookup *lookup, bool *ret_allowed);
	int (*joins)(struct hall *hall);
	int (*connected)(struct hall *hall);
	void (*disconnected)(struct hall *hall, uint16_t code);
	int (*say)(struct hall *hall, const struct note *in, struct note *reply);
	int (*store)(struct hall *hall, const struct note *in, struct note *reply);
	int (*bell)(struct hall *hall, const struct note *in, struct note *ret);
};

/* The typed connection, as msgc would write it. */
struct hall {
	struct msgc_connection *connection;
	struct msgc_server *server;
	const struct msgc_sender *sender;
	const struct msgc_user *user;
	struct msgc_arena *arena;
	void *app;
	void *object;
	int64_t id;
	struct msgc_str mood; /* of the query; ptr NULL: absent */
	int state;            /* the test's */
};

/* What is answered later. */
struct hall_pending {
	struct msgc_pending *pending;
	struct msgc_server *server;
	const struct msgc_sender *sender;
	const struct note *in;
	struct note reply;
	int (*work)(struct hall_pending *pending);
	int (*done)(struct hall_pending *pending, struct hall *hall);
};
int hall_store_later(struct hall *hall, int (*work)(struct hall_pending *),
        int (*done)(struct hall_pending *, struct hall *));
int hall_store_defer(struct hall *hall, int (*done)(struct hall_pending *, struct hall *),
        struct hall_pending **ret);
int hall_connected_later(struct hall *hall, int (*work)(struct hall_pending *),
        int (*done)(struct hall_pending *, struct hall *));

int hall_join(struct hall *hall, const char *group);
int hall_leave(struct hall *hall, const char *group);
/* To a group, from a handler or from anywhere. */
int hall_publish(struct msgc_server *server, const char *group, const struct msgc_message *type,
        const struct msgc_sender *sender, const char *payload, unsigned flags);
/* With a place in the group's roster: "crowd…" shows who is there, "show…" a note too, "here". */
int hall_attend(struct hall *hall, const char *group);
/* The same with groups of stream_type. */
int hall_enter(struct hall *hall, const char *group);
int hall_broadcast(struct msgc_server *server, const char *group, const struct msgc_message *type,
        const struct msgc_sender *sender, const char *payload, unsigned flags);
int hall_send(struct hall *hall, const struct msgc_message *type, const char *payload);
struct msgc_str text(const char *c_string);

/* --------------------------------------------------------------------------------------------- a world */

struct world {
	struct msgc_server *server;
	struct msgc__memory memory;
	struct msgc_consumer consumer;
	struct msgc_action actions[4];
	struct msgc_event events[2];
	struct hall_handlers handlers;
	void *app;
	int log; /* what the server has logged goes to this file */
	bool running;
	unsigned entrance; /* index of the worker that clients come to */
};

/* The world that the running test has made. */
extern struct world *world;

/* A server with defaults and these arguments ("--outbox-limit=4KiB", …, NULL), not yet started; the consumer may be changed. */
void world_make_as(const char *program, ...) __attribute__((sentinel));
#define world_make(...) world_make_as("tests", __VA_ARGS__)
void world_start(void);
/* Ends it; the drain must be clean. */
void world_end(void);
/* Stops the server and gives its exit code; world_end() is still needed. */
int world_stop(void);
void world_pump(void);
/* Does the log hold this text? */
bool world_logged(const char *what);

/* -------------------------------------------------------------------------------------------- clients */

typedef struct msgc__memory_client client;

/* Headers are pairs of name and value, NULL at their end. The handshake is done when it returns. */
client *visit(const char *target, ...) __attribute__((sentinel));
/* "/ws/hall/7/", and its authentication has been read. */
client *enter(void);
client *enter_as(const char *session);
/* Sends, and lets the server do what it has to. */
void tell(client *c, const char *frame);
void tell_only(client *c, const char *frame);
void leave(client *c);
/* The next message is exactly this one. */
void expect(client *c, const char *message);
/* The next message begins with this text. */
void expect_begin(client *c, const char *begin);
void expect_nothing(client *c);
void expect_closed(client *c, uint16_t code);
void expect_open(client *c);
int status_of(client *c);

#define AUTHENTICATED                                                                              \
	"{\"action\":\"authentication\",\"payload\":{\"status_code\":200,\"status_text\":\"OK\","  \
	"\"data\":{\"detail\":\"OK\"}}}"

/* Runs these tests, NULL at the end: the program's exit status. */
int hall_main(const char *suite, const TTest *const *tests);

/* Another name for what says which message a frame is; after world_make(). */
void hall_discriminator(const char *key);

#endif
