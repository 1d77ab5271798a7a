/* SPDX-License-Identifier: MIT */
/*
 * model.h - what a contract means, complete, ordered and const.
 *
 * The checks build it from the syntax tree; emitters read it and nothing else. It knows nothing
 * of syntax, of files other than places for late diagnostics, and of any output. Everything lives
 * in one arena until model_free(). Arrays are (pointer, n_…) pairs; a pointer that may be NULL
 * says so. Texts are UTF-8 and NUL-terminated; only values of defaults may hold a NUL inside and
 * carry their length.
 *
 * Names: `name` is the word of the contract, `wire` what travels, `c_name` a complete C identifier
 * with the contract's prefix (struct and enum tags, functions' stems), `c_id` an identifier
 * without prefix (a struct's member, the tail of a function's name), escaped where it is a keyword
 * of C or C++. All of them come from names.c; emitters append to them and never make up their own.
 */
#ifndef MSGC_COMPILER_MODEL_H
#define MSGC_COMPILER_MODEL_H

#include "model_types.h"

/* --------------------------------------------------------------- messages */

enum model_message_kind {
	MODEL_MESSAGE_PLAIN,
	MODEL_MESSAGE_GROUP, /* with is_mine and is_current for each receiver */
	MODEL_MESSAGE_EVENT, /* never from a client */
};

/*
 * The members that say which message a frame is, in order; or, for array frames, the positions that
 * do. Where there are several keys, a message has a tag for each, or for the first ones only: then
 * the others may hold anything.
 */
struct model_discriminator {
	size_t n_keys;
	const char *const *keys;   /* names of members; NULL: array frames */
	const uint32_t *positions; /* array frames: `option discriminator = 0, 2;`; else NULL */
};

struct model_message {
	enum model_message_kind kind;
	const char *name;
	const char *c_name;
	const char *wire;                 /* the first tag as text: "chat", "10" */
	const struct model_literal *tags; /* strings or integers */
	/* 1 to the number of the discriminator's keys. 0 (`message result as null {...}`): travels
	 * without one. A server may send any number of these; of those that it may receive, at most
	 * one can have none: it is taken where a frame has no discriminator. Answers (`a -> b` in
	 * either direction) are told apart by their ref as well: those of different questions may
	 * share tags. */
	size_t n_tags;
	/* By which it is told apart: the contract's, for its direction. */
	const struct model_discriminator *discriminator;
	bool authenticates; /* `auth message`: as the first frame it names the user */
	const char *doc;
	const char *deprecated; /* NULL: not deprecated */
	/* Its members: a MODEL_RECORD, or for array frames a MODEL_TUPLE whose elements leave out
	 * the positions of the discriminator and of the envelope; record->message points back. */
	const struct model_type *record;
	const struct model_contract *contract;
	bool is_std; /* declared by the built-in contract std */
	struct place place;
};

/*
 * A message named by a group or a consumer. c_id is its identifier in the functions, tables and
 * handlers of that group or consumer: "chat", or "accounts_note" for one of an imported contract.
 */
struct model_message_ref {
	const struct model_message *message;
	const char *c_id;
	struct place place;
};

/* ----------------------------------------------------------------- groups */

/* A piece of a group's name: a literal, or a parameter's value (exactly one is not NULL). */
struct model_name_part {
	const char *literal;
	const struct model_param *param;
};

/* `event X;`: output is NULL, members get X itself. `event X -> Y;`: each member's consumer has a
 * handler that turns X into Y. */
struct model_group_event {
	struct model_message_ref event;
	const struct model_message_ref *output;
};

/* `history chat_posted keep 500 for 24h;` */
struct model_history {
	struct model_message_ref message; /* one of the group's broadcasts */
	uint32_t keep;                    /* messages; 0: bounded by the time only */
	uint64_t for_ms;                  /* 0: bounded by the number only */
	struct place place;
};

struct model_group {
	const char *name;
	const char *c_name;
	const char *c_id;
	const char *doc;
	const struct model_contract *contract;
	const struct model_param *params;
	size_t n_params;
	const struct model_name_part *parts;
	size_t n_parts;
	const struct model_message_ref *broadcasts;
	size_t n_broadcasts;
	const struct model_group_event *events;
	size_t n_events;
	bool has_presence; /* there is a roster: `presence;`, `presence T;` */
	/* What the roster shows of a user: a record. NULL: nothing but who it is. */
	const struct model_type *presence;
	const struct model_history *histories; /* one stream: they share its numbers */
	size_t n_histories;
	bool is_durable; /* `durable disk;`: what is stored survives loss of power */
	const struct model_consumer *topic; /* this group is a topic: its clauses. NULL: none */
	struct place place;
};

/* -------------------------------------------------------------- consumers */

enum model_auth {
	MODEL_AUTH_SESSION,
	MODEL_AUTH_JWT,
	MODEL_AUTH_TICKET,
	MODEL_AUTH_BASIC,
	MODEL_AUTH_ANONYMOUS,
};

/* One question of a permit clause, asked at most once per connection. */
struct model_permit_term {
	const char *name;
	const char *c_id;
	bool is_authenticated; /* built in; all others are functions of the program */
	bool user_only;        /* NAME(user): handed the user and nothing else */
	bool after_object;     /* needs the object: asked after it has been loaded */
	struct place place;
};

enum model_permit_op {
	MODEL_PERMIT_TERM,
	MODEL_PERMIT_NOT, /* left only */
	MODEL_PERMIT_AND,
	MODEL_PERMIT_OR,
};

struct model_permit {
	enum model_permit_op op;
	size_t term; /* MODEL_PERMIT_TERM: index into the consumer's permit_terms */
	const struct model_permit *left;
	const struct model_permit *right;
};

/* `object chat_room by room_id;`: the program's own struct, loaded by these parameters. */
struct model_object {
	const char *name; /* the struct's tag, a C identifier, without the contract's prefix */
	const struct model_param *const *by;
	size_t n_by;
	struct place place;
};

/* An argument of a join: a URL parameter or a literal (exactly one is not NULL). */
struct model_join_arg {
	const struct model_param *param;
	const struct model_value *value;
};

/*
 * at_start: joined when the connection starts, with args (one per parameter of the group, in
 * order; none for a group without parameters). Else the program joins and leaves while it runs.
 */
struct model_join {
	const struct model_group *group;
	const char *c_id; /* the group in this consumer's functions: "chat_room" */
	bool at_start;
	const struct model_join_arg *args;
	size_t n_args;
	struct place place;
};

struct model_receive {
	struct model_message_ref in;
	const struct model_message_ref
	        *replies; /* the handler chooses one where there are several */
	size_t n_replies;
	/* The function that finds out whom it names, among the handlers: "authenticate_identify".
	 * NULL: the message does not authenticate. */
	const char *authenticate_id;
};

enum model_limit_kind {
	MODEL_LIMIT_FRAME,  /* bytes */
	MODEL_LIMIT_ALL,    /* all frames: count per period */
	MODEL_LIMIT_ACTION, /* frames of one message */
};

struct model_limit {
	enum model_limit_kind kind;
	const struct model_message *message; /* MODEL_LIMIT_ACTION */
	uint64_t bytes;                      /* MODEL_LIMIT_FRAME */
	uint32_t count;                      /* tokens gained per period */
	uint64_t period_ms;
	uint32_t burst; /* the bucket's size; count where the contract does not say */
	struct place place;
};

/* A piece of the URL's path between two slashes: a literal or a parameter (exactly one set). */
struct model_segment {
	const char *literal; /* decoded: what the request's path is after percent-decoding */
	const struct model_param *param;
};

/* An event that reaches this consumer through the groups that it joins, group being the first. */
struct model_consumer_event {
	const struct model_group *group;
	struct model_message_ref event;
	const struct model_message_ref *output; /* NULL: passed on as it is, no handler */
};

/* `send ask -> answer;`: the server asks; the client's answer carries the question's ref. */
struct model_ask {
	struct model_message_ref question;
	const struct model_message_ref *answers;
	size_t n_answers;
};

/*
 * A consumer; or a topic: a group that clients subscribe to, with a consumer's clauses. A topic has
 * no joins, topics or completion of its own; its params are its group's; url is set where it
 * is also served on a route of its own: only then it has auth, subprotocols and compression.
 */
struct model_consumer {
	const char *name;
	const char *c_name;
	const char *c_id;
	const char *doc;
	const struct model_contract *contract;
	const struct model_group *topic; /* NULL: a consumer */

	const char *url; /* as written: "/ws/chat/{room_id}/"; NULL: a topic without a route */
	const struct model_segment *segments;
	size_t n_segments;
	bool trailing_slash;
	const struct model_param *params; /* in the order of their declaration */
	size_t n_params;

	const enum model_auth *auth; /* in the order in which they are asked; none: anonymous */
	size_t n_auth;
	bool accepts_authenticate; /* a first frame `authenticate` may name the user */

	const struct model_permit *permit; /* NULL: everybody */
	const struct model_permit_term *permit_terms;
	size_t n_permit_terms;
	const struct model_object *object; /* NULL: none */

	const struct model_join *joins;
	size_t n_joins;
	const struct model_receive *receives;
	size_t n_receives;
	const struct model_message_ref *sends; /* questions are not among them */
	size_t n_sends;
	const struct model_ask *asks;
	size_t n_asks;
	/* `greet hello;`: the first frame of all, before the client says who it is. One of sends; NULL:
	 * nothing is. */
	const struct model_message_ref *greeting;
	/* `error call_error;`: what tells of a refused frame, under its ref, where there are no standard
	 * messages. NULL: the connection is closed instead. */
	const struct model_message_ref *error;
	const struct model_limit *limits;
	size_t n_limits;
	bool completion;
	bool compression; /* clients that offer permessage-deflate get it */
	const struct model_consumer *const *topics; /* that clients may subscribe to here */
	size_t n_topics;
	const char *const
	        *subprotocols; /* in the order of the server's liking; none: any or none */
	size_t n_subprotocols;
	/* The first of those that it receives and that authenticate: NULL: none. A client whom no
	 * kind of `auth` recognises sends one of them as its first frame. */
	const struct model_message *auth_message;

	/* Derived: each event of all joined groups, once; it has one output whatever the group. */
	const struct model_consumer_event *events;
	size_t n_events;
	/* Derived: every message that may go out (sends, replies, broadcasts of its groups, events
	 * passed on, events' outputs), each once, in order of first mention. Beside them go the
	 * standard messages that every consumer sends: authentication, error and, with completion,
	 * complete, group_complete, event_complete. */
	const struct model_message_ref *outgoing;
	size_t n_outgoing;
	struct place place;
};

/* -------------------------------------------------------------- contracts */

enum model_case {
	MODEL_CASE_AS_IS,
	MODEL_CASE_CAMEL, /* members of records and messages: room_id travels as roomId */
	MODEL_CASE_PASCAL,
	MODEL_CASE_KEBAB,
};

/* `envelope { ... }`: what a contract's frames hold beside their messages' own members. */
enum model_envelope_member {
	MODEL_ENVELOPE_REF,
	MODEL_ENVELOPE_TOPIC,
	MODEL_ENVELOPE_MESSAGE_ID,
	MODEL_ENVELOPE_SEQ,
	MODEL_ENVELOPE_EPOCH,
	MODEL_ENVELOPE_VERSION,
	MODEL_ENVELOPE_IS_MINE,
	MODEL_ENVELOPE_IS_CURRENT,
	MODEL_N_ENVELOPE,
};

/* "ref": what it is called in contracts and, unless renamed, on the wire. */
const char *model_envelope_member_name(enum model_envelope_member member);

struct model_envelope {
	const char *wire[MODEL_N_ENVELOPE]; /* NULL: switched off */
	enum model_kind ref_kind;           /* MODEL_STRING, or an integer kind */
	/* Array frames: `envelope { ref as 1: string; }`, the position of ref; -1: none. Then wire[]
	 * is NULL throughout: array frames have no other room for an envelope. */
	int32_t ref_position;
	bool std_off; /* no standard message is understood or sent */
	struct place place;
};

struct model_options {
	const char *discriminator; /* the first key, "action" by default; NULL: array frames */
	/* What clients send and what the server sends; the same unless the contract tells them apart. */
	struct model_discriminator receive;
	struct model_discriminator send;
	enum model_case member_case;
	bool reject_unknown; /* `option unknown = reject` */
	const char *title;   /* NULL: not said; so for all that follow */
	const char *description;
	const char *server_url;
	const char *licence;
	const char *contact;
};

/* A function that the program defines, `check NAME`, and a type of its values. */
struct model_hook {
	const struct model_check *check;
	const struct model_type *type; /* a record or tuple, a list, a map, a scalar */
};

struct model_contract {
	const char *name;
	uint32_t version;           /* major version, from 1 */
	const char *c_prefix;       /* "rooms": identifiers are rooms_… */
	const char *c_prefix_upper; /* "ROOMS": macros and enumerators are ROOMS_… */
	const char *stem; /* file name without folder and .msg: "rooms" → rooms.msgc.h */
	const char *file; /* file name without folder: "rooms.msg" */
	const char *doc;  /* NULL: none */
	bool is_builtin;  /* its generated code comes with the runtime (msgc/std.msgc.h) */
	struct model_options options;
	struct model_envelope envelope;

	/* Contracts that it imports, in order; std is among them if the contract uses it. */
	const struct model_contract *const *imports;
	size_t n_imports;

	/*
	 * All types that C must define: named, in place, and the messages' records. A type stands
	 * behind every type that it holds by value, and behind every enum and named scalar that it
	 * mentions; elements of lists and values of maps may come later and need only a forward
	 * declaration of their struct.
	 */
	const struct model_type *const *types;
	size_t n_types;
	/* In the order in which constraints name them. */
	const struct model_pattern *const *patterns;
	size_t n_patterns;
	/* What `check` says in this contract: each function once, by its C name. */
	const struct model_hook *hooks;
	size_t n_hooks;
	const struct model_alias *const *aliases; /* in the order of the file, as all that follow */
	size_t n_aliases;
	const struct model_message *const *messages;
	size_t n_messages;
	const struct model_group *const *groups;
	size_t n_groups;
	const struct model_consumer *const *consumers;
	size_t n_consumers;
	const struct model_consumer *const *topics; /* their groups are among groups */
	size_t n_topics;
	struct place place;
};

/* A contract with all that it imports, dependencies first; contracts[n_contracts - 1] is main. */
struct model {
	const struct model_contract *main;
	const struct model_contract *const *contracts;
	size_t n_contracts;
};

/* The same keys, or the same positions, in the same order. */
bool model_same_discriminator(
        const struct model_discriminator *a, const struct model_discriminator *b);

#endif
