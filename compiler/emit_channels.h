/* SPDX-License-Identifier: MIT */
/*
 * emit_channels.h - what travels over each connection and about each topic, standard messages among
 * it: the model turned towards documents and clients.
 *
 * Seen from the server. Standard messages come from the built-in contract, framed as the contract at
 * hand frames its own: with its discriminator and envelope. Everything lives until channels_free().
 */
#ifndef MSGC_COMPILER_EMIT_CHANNELS_H
#define MSGC_COMPILER_EMIT_CHANNELS_H

#include "model.h"
#include "vec.h"

enum channel_verb {
	CHANNEL_RECEIVE,   /* a client's message, with what answers it */
	CHANNEL_SEND,      /* the server's own initiative */
	CHANNEL_ASK,       /* the server's question, with what answers it */
	CHANNEL_BROADCAST, /* to the members of `group` */
	CHANNEL_EVENT,     /* an event passed on, or what a handler has made of it; `group` */
	CHANNEL_STANDARD,  /* what the server says of itself */
	CHANNEL_N_VERBS,
};

/* A message as it stands in a channel; id is what it is called there: "chat", or "accounts.note" of an
 * imported contract. */
struct channel_message {
	const struct model_message *message;
	const char *id;
	bool incoming; /* from a client: what is received, and answers to questions */
};

struct channel_operation {
	enum channel_verb verb;
	const struct channel_message *message;
	const struct channel_message *const *replies; /* RECEIVE, ASK: what may answer it */
	size_t n_replies;
	const struct model_group *group; /* BROADCAST, EVENT */
};

/* A consumer, or a topic as it is on one route: its own, or that of a consumer that mounts it. */
struct channel {
	const char *id;                      /* "room", "door.discussion"; unique */
	const struct model_consumer *route;  /* whose URL, auth and subprotocols it has */
	const struct model_consumer *clause; /* whose clauses are meant: the route, or the topic */
	bool is_mounted;                     /* a topic that clients subscribe to on the route */
	struct vec groups;                   /* const struct model_group *: what members hear */
	struct vec messages;                 /* struct channel_message *: each once */
	struct vec operations;               /* struct channel_operation * */
};

struct channels {
	struct arena *arena;
	const struct model *model;
	const struct model_contract *std; /* NULL: there are no standard messages */
	struct vec list;                  /* struct channel *, in the order of the contract */
	struct vec standard;              /* struct channel_standard * */
};

/* Of the main contract. Never NULL. */
struct channels *channels_new(const struct model *model);
void channels_free(struct channels *channels);

/* "receive", "send", "ask" … */
const char *channel_verb_name(enum channel_verb verb);

/* A kind of authentication by its word in the language: "session". */
const char *channel_auth_name(enum model_auth kind);

/* True for one of the channel's groups. */
bool channel_has_presence(const struct channel *channel);
bool channel_has_history(const struct channel *channel);

#endif
