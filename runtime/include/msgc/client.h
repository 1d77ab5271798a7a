/* SPDX-License-Identifier: MIT */
/*
 * A client of a server that speaks a contract: one connection that keeps itself alive. It comes back after a loss, says again who it is,
 * asks for what it has missed, follows its topics anew, and keeps what is to be sent meanwhile. What is typed about it (a handle for each
 * consumer and topic, a function for each message) is written by `msgc --emit c-client`; see docs/c-client.md.
 *
 * Threads: a client and all that belongs to it is for one thread at a time, on which its callbacks run, inside of msgc_client_run() and
 * msgc_client_step(); only msgc_client_stop() may be called from anywhere. The bytes are moved by a thread of the client's own, which
 * calls nothing of the program's.
 *
 * Memory: what a callback is handed lives until it returns; what is to be kept is cloned. Messages that are sent and options are copied
 * before the call returns. The memory of frames is used again and again, and bounded by the options.
 *
 * Callbacks may call everything but msgc_client_free(), msgc_client_run() and msgc_client_step().
 */
#ifndef MSGC_CLIENT_H
#define MSGC_CLIENT_H

#include <msgc/codec.h>

#ifdef __cplusplus
extern "C" {
#endif

struct msgc_client;  /* a connection */
struct msgc_channel; /* what is spoken on it: the consumer's protocol, or a topic's */
struct msgc_std_presence_state;
struct msgc_std_presence_diff;

/* ---- states ---- */

enum msgc_client_phase {
	MSGC_CLIENT_IDLE,       /* not opened yet */
	MSGC_CLIENT_CONNECTING, /* until it is authenticated */
	MSGC_CLIENT_LIVE,       /* what is sent arrives */
	MSGC_CLIENT_WAITING,    /* lost; it will be tried again */
	MSGC_CLIENT_CLOSED, /* for good: by the program, or because coming back would not help */
};

struct msgc_client_state {
	enum msgc_client_phase phase;
	unsigned attempt;    /* CONNECTING: how many have failed in a row */
	int64_t retry_in_ms; /* WAITING: from when it was told */
	uint16_t code; /* WAITING, CLOSED: RFC 6455 section 7.4; 1006: without a CLOSE frame */
	uint16_t http_status; /* the same: of a refused handshake; 0: it was not that */
	const char *reason;   /* the same: a text for people, maybe "" */
};

/* Whether it usually makes sense to come back after a close code. */
bool msgc_client_may_reconnect(uint16_t code);

/* ---- what comes in ---- */

/* What stands beside a message. */
struct msgc_client_frame {
	struct msgc_str text;     /* the whole frame, as it came */
	struct msgc_str action;   /* its first discriminator as text; empty: it has none */
	struct msgc_str ref;      /* empty: none */
	struct msgc_str topic;    /* empty: none */
	bool is_mine, is_current; /* of group messages: from this user; from this connection */
	bool has_position;        /* kept in a stream: */
	struct msgc_str epoch;
	int64_t seq;
};

/* What became of a request, or an error of the server's that no request waits for. */
struct msgc_outcome {
	/*
	 * MSGC_OK. What the server says: MSGC_ECONTRACT (invalid), MSGC_EREFUSED, MSGC_EBUSY (rate_limited, busy), MSGC_ELIMIT (too_large),
	 * MSGC_ECONFLICT, MSGC_EINTERNAL (handler_failed), MSGC_EDENIED (unauthorized), MSGC_ENOTFOUND (unknown_topic, not_subscribed).
	 * What the client finds out: MSGC_ETIMEOUT, MSGC_EGONE (disconnected, closed), MSGC_EBUSY (queue_full), MSGC_EINVAL
	 * (unanswered), MSGC_ECONTRACT (the answer breaks the contract: bad_answer).
	 */
	int result;
	struct msgc_str reason;  /* the word of it: "refused"; empty for MSGC_OK */
	struct msgc_str detail;  /* a sentence for people */
	struct msgc_str payload; /* of the server's error: JSON. A list of problems, or an object */
	int64_t retry_after_ms;  /* rate_limited, busy; else 0 */
	struct msgc_str ref;     /* empty: none */
	const void *refusal;     /* `error problem;` of the contract: that message; else NULL */
};

/* ---- credentials ---- */

struct msgc_credential {
	struct msgc_str text; /* the token, the ticket; copied */
	int64_t expires_at;   /* seconds since 1970; 0: not known (a JWT says so itself) */
};

/*
 * Provides a token or a ticket, afresh for each connection, and before a token expires. MSGC_OK, or MSGC_LATER: then msgc_client_give()
 * has to follow; anything else: this attempt has failed.
 */
typedef int msgc_credential_fn(
        void *app, struct msgc_client *client, struct msgc_credential *ret_credential);

/* ---- options ---- */

/* A place in a stream. */
struct msgc_position {
	char epoch[64];
	int64_t seq;
};
#define MSGC_POSITIONS_MOST 16

/* What a program is told beside messages; all may be NULL. `app` is that of the options. */
struct msgc_client_events {
	void (*state)(void *app, struct msgc_client *client, const struct msgc_client_state *state);
	/* The socket is open, and the server's greeting dealt with, where there is one: what is sent in here goes before anything else. For
	 * contracts with an `auth message`. */
	void (*introduce)(void *app, struct msgc_client *client);
	/* A channel's, or a topic's: messages that this version of the contract does not know, or that break it (problem says so, too). */
	void (*unknown)(
	        void *app, struct msgc_channel *channel, const struct msgc_client_frame *frame);
	/* Errors that no request waits for, and messages that were given up. */
	void (*problem)(
	        void *app, struct msgc_channel *channel, const struct msgc_outcome *problem);
	/* Something of this group was missed and could not be had: to be fetched afresh. */
	void (*gap)(void *app, struct msgc_channel *channel, struct msgc_str group);
	/* What was missed in this group has been told. */
	void (*recovered)(
	        void *app, struct msgc_channel *channel, struct msgc_str group, bool whole);
	/* "complete", "group_complete", "event_complete". */
	void (*completed)(void *app, struct msgc_channel *channel, struct msgc_str action,
	        struct msgc_str ref);
	/* Who is in a group or follows a topic; who has come and gone: <msgc/std.msgc.h>. */
	void (*presence_state)(void *app, struct msgc_client *client,
	        const struct msgc_std_presence_state *message);
	void (*presence_diff)(void *app, struct msgc_client *client,
	        const struct msgc_std_presence_diff *message);
	/* The server is about to close, and has said when to come back. */
	void (*draining)(void *app, struct msgc_client *client, int64_t reconnect_after_ms);
	/* The credentials have been renewed, until then (seconds since 1970). */
	void (*refreshed)(void *app, struct msgc_client *client, int64_t expires_at);
	/* Whether to come back, where the usual answer will not do. */
	bool (*reconnect)(void *app, struct msgc_client *client, uint16_t code, bool usual);
	/* Every frame as it came, before anything else is done with it. */
	void (*frame)(void *app, struct msgc_client *client, struct msgc_str text);
};

/* Zero means the default everywhere. Times in milliseconds. */
struct msgc_client_options {
	/* Where the server is: "https://chat.example.org", "ws://127.0.0.1:8000"; a path is what stands before the contract's. */
	const char *url;
	const char *origin;         /* of the handshake; none is sent */
	const char *cookie;         /* "session=…; other=…" */
	const char *const *headers; /* "Name: value", NULL at the end */
	const char *ca_file;        /* PEM, instead of the system's authorities */

	const char *user, *password; /* Basic, in a header */
	msgc_credential_fn *token;   /* as the first frame; or: */
	bool token_in_header;        /* Authorization: Bearer */
	msgc_credential_fn *ticket;  /* in the URL; or: */
	bool ticket_in_frame;

	bool stay_away;    /* never come back by itself */
	unsigned attempts; /* in a row; unlimited */
	int64_t first_delay_ms; /* before the first attempt at most; doubled for each that follows. 500 */
	int64_t longest_delay_ms; /* 30,000 */
	int64_t connect_ms;       /* for connecting and authenticating together. 15,000 */
	int64_t heartbeat_ms; /* between pings, where the consumer answers them. 25,000; -1: none */
	int64_t pong_ms;      /* how long a pong may take. 10,000 */
	int64_t request_ms;   /* how long an answer may take. 15,000 */

	unsigned queue_limit;    /* messages that wait for a connection or for room. 64 */
	bool queue_drops_oldest; /* one too many: the oldest is given up, instead of refusing it */
	bool no_queue;           /* nothing is kept while there is no connection */
	unsigned request_limit;  /* requests without an answer. 256 */
	size_t frame_limit;      /* bytes of a frame that comes in. 1 MiB */
	size_t send_limit;       /* bytes that wait to be written. 1 MiB */
	size_t memory_limit;     /* bytes that a decoded frame may take. 16 MiB */
	bool compression; /* offers permessage-deflate (RFC 7692), which the server may agree on */

	/* Where an earlier client of the same address stood: what has come since is asked for. */
	const struct msgc_position *positions;
	size_t position_count;

	struct msgc_client_events events;
	void *app;
};

/* ---- a client ---- */

/* Connects, and stays connected until msgc_client_close(); while it waits for the next attempt: attempts now. */
void msgc_client_open(struct msgc_client *client);
/* Ends it. What waits is given up: MSGC_EGONE, "closed". code 0: 1000. reason may be NULL; at most 123 bytes. */
void msgc_client_close(struct msgc_client *client, uint16_t code, const char *reason);
/* Closes it, and frees it with its channels. No callback is called. */
void msgc_client_free(struct msgc_client *client);

/* Borrowed until the next call of msgc_client_run() or msgc_client_step(). */
const struct msgc_client_state *msgc_client_state_of(const struct msgc_client *client);
void *msgc_client_app(const struct msgc_client *client);
/* The answer to a credential that comes later; result as msgc_credential_fn's. */
void msgc_client_give(
        struct msgc_client *client, int result, const struct msgc_credential *credential);

/*
 * Opens it and runs until msgc_client_stop(), or until it is closed for good. MSGC_OK: stopped, or closed by the program; MSGC_EGONE:
 * closed otherwise, the state says how; MSGC_EIO.
 */
int msgc_client_run(struct msgc_client *client);
/* Lets msgc_client_run() return. From any thread, and from a signal handler. */
void msgc_client_stop(struct msgc_client *client);

/*
 * For a loop of the program's own: whenever the descriptor is readable (poll, epoll, select, level-triggered), msgc_client_step() is to be
 * called; it does what there is to do and never waits. Timers are in the descriptor.
 */
int msgc_client_fd(const struct msgc_client *client);
void msgc_client_step(struct msgc_client *client);

/* ---- channels ---- */

/* The consumer's own. */
struct msgc_channel *msgc_client_channel(struct msgc_client *client);
struct msgc_client *msgc_channel_client(const struct msgc_channel *channel);
void *msgc_channel_app(const struct msgc_channel *channel);
/* A topic's name; empty: it is none. */
struct msgc_str msgc_channel_topic(const struct msgc_channel *channel);
/* Where it stands in its streams: at most MSGC_POSITIONS_MOST. Returns how many. */
size_t msgc_channel_positions(
        const struct msgc_channel *channel, struct msgc_position ret[MSGC_POSITIONS_MOST]);

struct msgc_send_options {
	/* Makes it idempotent: sent again with the same id it has no second effect. A request with an id is sent again by the client where the
	 * connection is lost before its answer. NULL: none. */
	const char *message_id;
	bool idempotent;    /* an id of the client's making */
	int64_t timeout_ms; /* of a request, waiting for a connection included; 0: request_ms */
};

/*
 * A text as it is, for programs that write frames themselves: at once, or not at all. MSGC_EGONE: the socket is not open; MSGC_EBUSY,
 * MSGC_ENOMEM.
 */
int msgc_client_send_text(struct msgc_client *client, struct msgc_str text);

/* ---- topics ---- */

enum msgc_topic_phase {
	MSGC_TOPIC_UNSUBSCRIBED,
	MSGC_TOPIC_SUBSCRIBING,
	MSGC_TOPIC_SUBSCRIBED,
	MSGC_TOPIC_REFUSED,
};

/* Is told of every change; `why`: REFUSED, or the server has ended it; else NULL. */
typedef void msgc_topic_fn(void *app, struct msgc_channel *topic, enum msgc_topic_phase phase,
        const struct msgc_outcome *why);
void msgc_topic_on_phase(struct msgc_channel *topic, msgc_topic_fn *told);
enum msgc_topic_phase msgc_topic_phase_of(const struct msgc_channel *topic);
/* Follows it from now on, on this connection and those that come after it. */
int msgc_topic_subscribe(struct msgc_channel *topic);
/* Follows it no longer. What waits to be sent is given up. */
void msgc_topic_unsubscribe(struct msgc_channel *topic);
/* Unsubscribes, and frees it. Not within a callback of this topic. */
void msgc_topic_free(struct msgc_channel *topic);

#ifdef __cplusplus
}
#endif

#endif
