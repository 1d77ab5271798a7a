/* SPDX-License-Identifier: MIT */
/*
 * What the files of the client share: the connection that keeps itself alive (client.c, keep.c), credentials (credentials.c), frames that
 * come in (frame.c, standard.c), channels and what they send (channel.c, parcel.c), topics (topic.c), positions in streams (positions.c), and
 * the program's loop (loop.c). Nothing of it knows libwebsockets: that is behind wire.h.
 */
#ifndef MSGC__CLIENT_INTERNAL_H
#define MSGC__CLIENT_INTERNAL_H

#include <stdatomic.h>
#include <sys/queue.h>

#include <msgc/client_gen.h>

#include "../server/timer.h"
#include "wire.h"

/* ---- positions ---- */

struct msgc__positions {
	struct {
		struct msgc_position at;
		uint64_t hash; /* of the group that owns it; 0: none has said so yet */
	} items[MSGC_POSITIONS_MOST];
	size_t count;
	struct {
		uint64_t hash;
		bool is_empty; /* its stream has no epoch yet */
	} groups[MSGC_POSITIONS_MOST];
	size_t group_count;
};

void msgc__positions_init(
        struct msgc__positions *positions, const struct msgc_position *from, size_t count);
/* False: it has been shown already. */
bool msgc__positions_admit(struct msgc__positions *positions, struct msgc_str epoch, int64_t seq);
/* A stream's place as the server tells it. True: something may be missing. */
bool msgc__positions_settle(struct msgc__positions *positions, struct msgc_str group,
        bool recovered, struct msgc_str epoch, int64_t seq);

/* ---- parcels: what is sent ---- */

enum msgc__parcel_state { MSGC__PARCEL_QUEUED, MSGC__PARCEL_SENT };

struct msgc__parcel {
	TAILQ_ENTRY(msgc__parcel) link;
	struct msgc_channel *channel;
	const struct msgc_client_sent *row;
	struct msgc_buf text;
	uint64_t ref;   /* 0: none */
	uint64_t order; /* in which they were given */
	enum msgc__parcel_state state;
	bool is_request, is_idempotent;
	msgc_client_fn *answered;
	void *arg;
	struct msgc__timer timer;
};
TAILQ_HEAD(msgc__parcels, msgc__parcel);

/* ---- channels ---- */

struct msgc_channel {
	struct msgc_client *client;
	const struct msgc_client_type *type;
	void *handlers; /* a copy; NULL: none */
	void *app;
	struct msgc__parcels queue;
	unsigned queued;
	struct msgc__positions positions;
	int closed; /* why nothing can be sent: MSGC_EGONE; 0: it can */

	/* Topics. */
	LIST_ENTRY(msgc_channel) link;
	char *name; /* NULL: the consumer's own */
	enum msgc_topic_phase phase;
	msgc_topic_fn *told;
	bool is_wanted;
	bool was_subscribed; /* since it was wanted: a hole is a gap from then on */
	uint64_t asked;      /* the ref of our subscribe; 0: none */
};

/* Where a server is. */
struct msgc__place {
	char host[256], authority[300]; /* without and with the port and brackets */
	char prefix[2048];              /* what stands before a path; "" or "/…" */
	int port;
	bool is_tls, has_query;
};
/* MSGC_EINVAL. */
int msgc__place_read(const char *url, struct msgc__place *ret);

struct msgc_client {
	const struct msgc_client_type *type;
	struct msgc_client_options options;
	char *memory; /* of the options' texts */
	struct msgc_buf path;
	struct msgc__wire *wire;
	struct msgc__place place;

	int poll_fd, wake_fd, timer_fd;
	atomic_bool stop;
	int64_t armed_for; /* what timer_fd is set to; -1: nothing */

	struct msgc_client_state state;
	char reason[256];
	struct msgc__timers timers;
	struct msgc__timer connect_timer, steady_timer, ping_timer, pong_timer, retry_timer,
	        refresh_timer;
	unsigned attempt;
	unsigned renewals;
	int64_t hint_ms; /* the server's, for the next attempt; -1: none */
	uint64_t number; /* of attempts: credentials of an earlier one come too late */
	bool is_open;    /* the socket */
	bool is_greeted;
	bool is_introducing; /* what is sent now goes before the connection is live */
	char refusal[256];   /* what `authentication` said */

	enum { MSGC__WISH_NONE, MSGC__WISH_CONNECT, MSGC__WISH_REFRESH } wish; /* a credential's */
	struct msgc_buf credential;
	int64_t expires_at; /* seconds; 0: not known */

	struct msgc_channel main;
	LIST_HEAD(, msgc_channel) topics;
	struct msgc__parcels waiting, spare;
	unsigned parcel_count, waiting_count;
	uint64_t last_ref, last_order;

	struct msgc_arena arena; /* of the frame in hand */
	struct msgc_buf scratch;
};

/* ---- client.c ---- */
int64_t msgc__client_clock(void);
/* Arms a timer for so many ms from now on. */
void msgc__client_after(struct msgc_client *client, struct msgc__timer *timer, int64_t ms);
double msgc__client_random(void); /* from 0 to 1 */

/* ---- keep.c: the connection ---- */
void msgc__keep_init(struct msgc_client *client);
void msgc__keep_open(struct msgc_client *client);
void msgc__keep_event(struct msgc_client *client, const struct msgc__wire_event *event);
/* Authenticated. */
void msgc__keep_live(struct msgc_client *client);
/* Any frame has come: the peer is there. */
void msgc__keep_heard(struct msgc_client *client);
/* The connection is no good any more. */
void msgc__keep_drop(struct msgc_client *client, uint16_t code, const char *reason);
/* Who it is has been found out: the socket may be opened. result < 0: it could not be. */
void msgc__keep_connect(struct msgc_client *client, int result);
/* The socket is open and the server has greeted: what goes first. */
void msgc__keep_introduce(struct msgc_client *client);

/* ---- credentials.c ---- */
/* Asks for what the next connection needs; msgc__keep_connect() follows, now or later. */
void msgc__credentials_ask(struct msgc_client *client);
bool msgc__credentials_renew(const struct msgc_client *client); /* new ones can be had */
/* The path and query of the next connection, and its headers; both are appended. */
void msgc__credentials_path(struct msgc_client *client, struct msgc_buf *path);
void msgc__credentials_headers(struct msgc_client *client, struct msgc_buf *headers);
/* The first frame, if credentials are in one. */
void msgc__credentials_say(struct msgc_client *client);
void msgc__credentials_schedule(struct msgc_client *client);
void msgc__credentials_init(struct msgc_client *client);

/* ---- frame.c ---- */
void msgc__frame_receive(struct msgc_client *client, char *text, size_t len);

/* ---- standard.c ---- */
/* {"action":"subscribe","payload":…,"topic":…,"ref":"7"}; payload, topic NULL: none; ref 0: none. */
int msgc__standard_send(struct msgc_client *client, const char *action, const char *payload,
        const char *topic, uint64_t ref);
/* True: it was a standard message, and has been dealt with. `payload`: empty where there is none. */
bool msgc__standard_take(struct msgc_client *client, struct msgc_channel *channel,
        const struct msgc_client_frame *frame, struct msgc_str payload);
/* The payload of an `error`. Texts live in the client's arena. */
void msgc__standard_outcome(
        struct msgc_client *client, struct msgc_str payload, struct msgc_outcome *ret);

/* ---- parcel.c ---- */
int msgc__parcel_post(struct msgc_channel *channel, const struct msgc_client_sent *row,
        const void *message, const struct msgc_send_options *options, msgc_client_fn *answered,
        void *arg);
/* What waits goes, in its order. */
void msgc__parcels_flush(struct msgc_channel *channel);
void msgc__parcels_flush_all(struct msgc_client *client);
/* The connection is gone: requests that may have arrived have failed, the others wait again. */
void msgc__parcels_lost(struct msgc_client *client);
/* Nothing can be sent here any more: what waits is given up. */
void msgc__parcels_close(struct msgc_channel *channel, const struct msgc_outcome *why);
/* The same for requests of the channel that wait for an answer. */
void msgc__parcels_abandon(struct msgc_channel *channel, const struct msgc_outcome *why);
struct msgc__parcel *msgc__parcel_find(struct msgc_client *client, struct msgc_str ref);
void msgc__parcel_done(struct msgc__parcel *parcel, const struct msgc_outcome *outcome,
        const struct msgc_client_frame *frame, unsigned which, const void *answer);
void msgc__parcels_free(struct msgc_client *client);
/* Frees all that the channel has. */
void msgc__parcels_forget(struct msgc_channel *channel);
/* A problem of the client's own making, with texts that stay. */
struct msgc_outcome msgc__outcome(int result, const char *reason, const char *detail);

/* ---- channel.c ---- */
int msgc__channel_init(struct msgc_channel *channel, struct msgc_client *client,
        const struct msgc_client_type *type, const void *handlers, void *app);
void msgc__channel_clear(struct msgc_channel *channel);
/* A frame for this channel that is no standard message about the connection. */
void msgc__channel_receive(struct msgc_channel *channel, const struct msgc_client_frame *frame,
        const struct msgc_envelope *envelope, struct msgc_str payload);
void msgc__channel_problem(struct msgc_channel *channel, const struct msgc_outcome *problem);
void msgc__channel_unknown(struct msgc_channel *channel, const struct msgc_client_frame *frame);
bool msgc__channel_is_ready(const struct msgc_channel *channel);
void msgc__channel_gap(struct msgc_channel *channel, struct msgc_str group);

/* ---- topic.c ---- */
struct msgc_channel *msgc__topic_find(struct msgc_client *client, struct msgc_str name);
void msgc__topics_live(struct msgc_client *client);
void msgc__topics_down(struct msgc_client *client, bool is_final, const struct msgc_outcome *why);
void msgc__topic_frame(struct msgc_channel *topic, const struct msgc_client_frame *frame,
        const struct msgc_envelope *envelope, struct msgc_str payload);

/* ---- loop.c ---- */
int msgc__loop_init(struct msgc_client *client);
void msgc__loop_clear(struct msgc_client *client);
/* The next deadline may have changed. */
void msgc__loop_schedule(struct msgc_client *client);

#endif
