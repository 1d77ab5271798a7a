/* SPDX-License-Identifier: MIT */
/*
 * What generated code hands to the server: const tables that describe groups and consumers, and the few calls that its thin typed
 * functions wrap. Programs do not use this header directly; it may change with MSGC_GENERATED_ABI.
 */
#ifndef MSGC_CONSUMER_H
#define MSGC_CONSUMER_H

#include <msgc/codec.h>
#include <msgc/server.h>

#ifdef __cplusplus
extern "C" {
#endif

/* --------------------------------------------------------------------------------------- group names */

/*
 * The text of a group's name, built from its template. Values of parameters are percent-encoded but for ASCII letters and digits, a negative
 * number's '-' too: msgc refuses templates that could give one name to two groups, and reckons with these characters only.
 */
enum { MSGC_GROUP_NAME_MAX = 255 };
struct msgc_group_name {
	size_t len;
	bool too_long;
	char text[MSGC_GROUP_NAME_MAX + 1];
};
void msgc_group_name_text(struct msgc_group_name *name, const char *literal, size_t len);
void msgc_group_name_int(struct msgc_group_name *name, int64_t value);
void msgc_group_name_uint(struct msgc_group_name *name, uint64_t value);
void msgc_group_name_str(struct msgc_group_name *name, struct msgc_str value);
/* As in JSON, without quotes; what JSON cannot say counts as too long. */
void msgc_group_name_float64(struct msgc_group_name *name, double value);
void msgc_group_name_float32(struct msgc_group_name *name, float value);
void msgc_group_name_decimal(struct msgc_group_name *name, struct msgc_decimal value);
void msgc_group_name_datetime(struct msgc_group_name *name, struct msgc_datetime value);
void msgc_group_name_date(struct msgc_group_name *name, struct msgc_date value);
void msgc_group_name_time(struct msgc_group_name *name, struct msgc_time value);
void msgc_group_name_duration(struct msgc_group_name *name, struct msgc_duration value);
void msgc_group_name_uuid(struct msgc_group_name *name, struct msgc_uuid value);

/* ----------------------------------------------------------------------------------------------- groups */

/*
 * What a stream keeps: the last `keep` messages (0: any number), none older than `for_ms` (0: of any age). Both 0: there is no stream.
 * `durable`: what has been acknowledged survives loss of power, or the server does not start.
 */
struct msgc_history {
	uint32_t keep;
	int64_t for_ms;
	bool durable;
};

/* What a roster shows of a user beside who it is. */
struct msgc_presence_kind {
	const struct msgc_type *type; /* NULL: nothing */
	size_t item_size; /* of the generated struct of one user: begins with a struct msgc_present */
	size_t info_at;   /* where its value of `type` is */
};

/* What all groups of one declaration have in common. */
struct msgc_group_kind {
	const char *name;                          /* "chat_room" */
	const struct msgc_presence_kind *presence; /* NULL: there is no roster */
	struct msgc_history history;
	const struct msgc_message *const *kept; /* those of its messages that the history keeps */
	size_t kept_count;
};

/* As msgc_connection_join() and msgc_group_publish(), for a group of a declared type; `kind` must stay. */
int msgc_connection_enter(struct msgc_connection *connection, const struct msgc_group_kind *kind,
        struct msgc_str group);
int msgc_group_broadcast(struct msgc_server *server, const struct msgc_group_kind *kind,
        struct msgc_str group, const struct msgc_message *message_type, const void *message,
        const struct msgc_sender *sender, unsigned flags);

/*
 * The same for a group with presence: the connection is listed in its roster. `present`, called before the call returns, has its entry, a value of
 * the kind's type, zeroed before; NULL: there is none. `args`: the group's parameters, for `present`. Joined already: nothing happens.
 * MSGC_ECONTRACT: the entry breaks the contract; MSGC_ELIMIT: it is longer than presence-entry; what `present` returns.
 */
typedef int msgc_present_fn(const void *handlers, void *self, const void *args, void *ret_entry);
int msgc_connection_attend(struct msgc_connection *connection, const struct msgc_group_kind *kind,
        struct msgc_str group, msgc_present_fn *present, const void *args);
/* Another entry from now on. MSGC_ENOTFOUND: not in that group; else as above. */
int msgc_connection_present(struct msgc_connection *connection, const struct msgc_group_kind *kind,
        struct msgc_str group, const void *entry);

/*
 * Who is present: at most `most` users, the longest present first, as generated structs in `arena`. Any thread: a worker gets the answer at once, or
 * MSGC_EBUSY where the backend would have to be waited for; other threads wait for a worker. MSGC_EGONE: the server does not run;
 * MSGC_ETIMEOUT, MSGC_ENOMEM; the backend's own.
 */
struct msgc_roster {
	uint64_t count; /* users, listed or not */
	const void *items;
	size_t item_count;
};
int msgc_group_roster(struct msgc_server *server, const struct msgc_group_kind *kind,
        struct msgc_str group, size_t most, struct msgc_arena *arena, struct msgc_roster *ret);

/* -------------------------------------------------------------------------------------------- consumers */

enum msgc_auth_kind {
	MSGC_AUTH_SESSION,
	MSGC_AUTH_JWT,
	MSGC_AUTH_TICKET,
	MSGC_AUTH_BASIC,
	MSGC_AUTH_ANONYMOUS
};

/* One segment of a URL path: a literal, or (literal NULL) the parameter of that number. */
struct msgc_segment {
	const char *literal;
	unsigned param;
};

/*
 * A `permit` expression in postfix order. Terms are numbered; term -1 is is_authenticated. Evaluated in Kleene's three-valued
 * logic: before the object is loaded, terms that need it are unknown.
 */
enum msgc_permit_kind { MSGC_PERMIT_TERM, MSGC_PERMIT_AND, MSGC_PERMIT_OR, MSGC_PERMIT_NOT };
struct msgc_permit_op {
	enum msgc_permit_kind kind;
	int term;
};

/* `self` below is the generated struct of a connection (struct rooms_room), of self_size bytes, zeroed by the server. */

struct msgc_permit_term {
	const char *name;
	bool needs_object; /* asked after the object has been loaded */
	int (*ask)(const void *handlers, void *self, struct msgc_lookup *lookup, bool *ret_allowed);
};

struct msgc_object_type {
	const char *name; /* "chat_room" */
	int (*load)(
	        const void *handlers, void *self, struct msgc_lookup *lookup, void **ret_object);
	void (*release)(const void *handlers, void *object); /* NULL handler: nothing to do */
};

/* Tokens per duration; burst 0: the same as tokens. tokens 0: no limit. */
struct msgc_rate {
	uint32_t tokens;
	uint32_t burst;
	int64_t per_ms;
};

/*
 * What becomes of group messages (and events that are passed on) when a client reads too slowly and its outbox is full. Replies, errors and
 * what the server sends to this client alone are never dropped: where they find no room, the client is sent away with 4408.
 */
enum msgc_outbox_policy {
	MSGC_OUTBOX_DEFAULT,     /* as the server's configuration says */
	MSGC_OUTBOX_DISCONNECT,  /* close 4408 */
	MSGC_OUTBOX_DROP_OLDEST, /* those that have waited longest make room */
	MSGC_OUTBOX_DROP_NEW,    /* those that come now are left out */
};

/* Where a handler's reply goes: opaque; see msgc_reply_put(). */
struct msgc_reply;

/* What a client may send. */
struct msgc_action {
	const struct msgc_message *message;
	const char *
	        handler; /* its member in the handlers struct; NULL: the server answers by itself (ping) */
	int (*handle)(const void *handlers, void *self, const void *in, struct msgc_reply *reply);
	struct msgc_rate rate;
	/* `auth message`: whom does it name? A look-up hook; `in` lives until it has answered. NULL: nobody. */
	int (*authenticate)(const void *handlers, void *self, struct msgc_lookup *lookup,
	        const void *in, struct msgc_user *ret_user);
};

/*
 * A question of the server, and what a client may answer. `size`: of the generated struct that shows the program what came of it; at
 * `offset` in it an answer's message is decoded. `call` writes the rest of that struct (`which` answer it is counts if `result` is MSGC_OK)
 * and calls `answered`, which the program gave with the question.
 */
typedef void msgc_answered_fn(void); /* to be cast to what it is */
struct msgc_ask_answer {
	const struct msgc_message *message;
	size_t offset;
};
struct msgc_ask {
	const struct msgc_message *question;
	const struct msgc_ask_answer *answers;
	size_t answer_count;
	size_t size;
	int (*call)(void *self, void *outcome, int result, unsigned which,
	        msgc_answered_fn *answered, void *arg);
};

/*
 * Asks; within a handler the question is staged. `timeout_ms` 0: as configured. `answered` is called once, on the connection's worker, if
 * and only if this returns MSGC_OK. MSGC_EBUSY: pending-questions; MSGC_EGONE, MSGC_ECONTRACT, MSGC_ELIMIT, MSGC_ENOMEM; MSGC_EINVAL.
 */
int msgc_connection_ask(struct msgc_connection *connection, const struct msgc_ask *ask,
        const void *question, int64_t timeout_ms, msgc_answered_fn *answered, void *arg);
/* The same on a topic, whose name question and answer carry. MSGC_EGONE: the client follows it no longer. */
int msgc_subscription_ask(struct msgc_subscription *subscription, const struct msgc_ask *ask,
        const void *question, int64_t timeout_ms, msgc_answered_fn *answered, void *arg);

/*
 * Runs `call`, which runs `task`, for the connection of that number (msgc_connection_id()), on its worker, in order of the calls; what it sends
 * leaves when it has returned. `self` NULL: it has gone, or is no connection of this consumer. Any thread. MSGC_EBUSY: its worker's mailbox is
 * full; MSGC_EGONE: the server has ended; MSGC_ENOMEM, MSGC_EINVAL. Then, and when the server has to end before its turn, it does not run.
 */
typedef void msgc_task_fn(void); /* to be cast to what it is */
struct msgc_consumer;
int msgc_connection_post(struct msgc_server *server, const struct msgc_consumer *consumer,
        uint64_t id, void (*call)(void *self, msgc_task_fn *task, void *arg), msgc_task_fn *task,
        void *arg);

/* What reaches the members of a joined group from outside. `handle` NULL: the event itself is passed on to the client. */
struct msgc_event {
	const struct msgc_message *message;
	const char *handler;
	int (*handle)(const void *handlers, void *self, const void *in, struct msgc_reply *reply);
};

/*
 * A group that this consumer joins, and what may be published to it: for publishers that know no C. `parts` are those of its names: literal
 * texts, NULL for the value of a parameter.
 */
struct msgc_group_type {
	const char *name;
	const char *const *parts;
	size_t part_count;
	const struct msgc_message *const *messages; /* broadcasts and events */
	size_t message_count;
	const struct msgc_group_kind *kind; /* NULL: there is nothing more to know */
};

/* A function pointer that must not be NULL, by its offset in the handlers struct. */
struct msgc_required {
	const char *name;
	size_t offset;
};

/* What a topic is beside a consumer: a group that clients subscribe to. It is the first one in `groups`. */
struct msgc_topic_type {
	bool has_route;         /* it is also served at `path` */
	const unsigned *params; /* which of the parameters each NULL among the name's parts is */
	/* The group's name, from the parameters of `self`. MSGC_ELIMIT. */
	int (*name)(const void *self, struct msgc_group_name *ret_name);
	msgc_present_fn *present; /* a client's entry in its roster; NULL: there is none */
};

/* What the server knows of a connection and generated code copies into its typed struct. */
struct msgc_context {
	struct msgc_connection *connection;
	struct msgc_subscription *subscription; /* NULL: not to a topic */
	struct msgc_server *server;
	const struct msgc_sender *sender;
	const struct msgc_user *user;
	struct msgc_arena
	        *arena; /* memory until the effects of the handler in hand have been sent */
	void *app;
	void *object;
};

/* How frames that go out are made; beside what they share with those that come in. */
struct msgc_speech {
	const char *key; /* the first discriminator; NULL: arrays */
	struct msgc_envelope_names
	        names; /* for who reads them: foreign publishers write such frames */
	const char *is_mine, *is_current; /* NULL: switched off; so for all that follow */
	const char *seq, *epoch, *version;
	bool std_off; /* no standard message is understood or sent: refusals close the connection */
};

struct msgc_consumer {
	unsigned abi;         /* MSGC_GENERATED_ABI */
	const char *contract; /* "rooms" */
	const char *name;     /* "room" */
	size_t handlers_size;
	size_t self_size;

	const struct msgc_segment *path;
	size_t path_count;
	bool path_slash;           /* the path ends in '/'; a client may add or leave it */
	const char *const *params; /* names, in the order of the contract */
	size_t param_count;
	/*
	 * Values percent-decoded, in the order of `params`; ptr NULL: a query parameter that is absent. They are NUL-terminated and live as
	 * long as `arena`, so that typed strings may point into them. Refused values are problems with loc ["path", name] or
	 * ["query", name].
	 */
	int (*read_params)(void *self, const struct msgc_str *values, struct msgc_arena *arena,
	        struct msgc_problems *problems);

	const enum msgc_auth_kind *auth; /* asked in this order; none: everybody is anonymous */
	size_t auth_count;
	bool auth_message; /* one of the actions names the user of a client that no kind recognises */
	const struct msgc_permit_op *permit;
	size_t permit_count;
	const struct msgc_permit_term *terms;
	size_t term_count;
	const struct msgc_object_type *object; /* NULL: none */

	void (*bind)(void *self, const struct msgc_context *context);
	int (*joins)(
	        void *self); /* joins the groups of the contract's `join` clauses; NULL: none */
	/* `greet`: fills the first frame of all. `error`: fills what tells of a refused frame, where there are no standard messages. NULL: the
	 * contract has no such clause. */
	const struct msgc_message *greeting;
	int (*greet)(const void *handlers, void *self, void *message);
	const struct msgc_message *error_message;
	int (*error)(const void *handlers, void *self, const struct msgc_refusal *refusal,
	        void *message);
	/* Hooks: the generated functions cope with a NULL handler. connected may answer later. Of a topic they are subscribed and unsubscribed. */
	int (*connected)(const void *handlers, void *self, struct msgc_reply *reply);
	void (*disconnected)(const void *handlers, void *self, uint16_t close_code);

	const struct msgc_action *actions;
	size_t action_count;
	/* The action of a frame's only discriminator, a text: index, or -1. NULL: messages are told
	 * apart in other ways, and looked up by their tags. */
	int (*find_action)(const char *name, size_t len);
	const struct msgc_event *events;
	size_t event_count;
	const struct msgc_ask *asks;
	size_t ask_count;
	const struct msgc_required *required;
	size_t required_count;
	const struct msgc_group_type *groups;
	size_t group_count;
	const struct msgc_topic_type *topic;       /* NULL: this is no topic */
	const struct msgc_consumer *const *topics; /* that clients may subscribe to here */
	size_t topic_count;

	struct msgc_envelope_names envelope; /* of frames that come in: codec.h */
	struct msgc_speech speech;           /* of frames that go out */
	const char *const *subprotocols;     /* in the order of liking; none: clients offer none */
	size_t subprotocol_count;
	struct msgc_rate rate; /* over all frames */
	size_t frame_limit;    /* bytes; 0: the server's */
	size_t outbox_limit;   /* bytes that may wait for a slow reader; 0: the server's */
	enum msgc_outbox_policy outbox_policy;
	bool completion;
	bool compression; /* clients that offer permessage-deflate (RFC 7692) get it */
};

/*
 * Serves a consumer. Whatever is wrong (missing handlers, each by name; an authentication kind without its hook; a path that another
 * consumer has) is logged and makes msgc_server_run() refuse to start. `handlers` is copied, `app` is handed to every handler.
 */
int msgc_server_serve(struct msgc_server *server, const struct msgc_consumer *consumer,
        const void *handlers, void *app);

/*
 * Sends a message to all connections that a user has at this consumer, on every worker, as far as they have been let in. Any thread; by a handler it is
 * staged, as a broadcast is. MSGC_EINVAL: no id, or one of more than 1024 bytes; MSGC_ECONTRACT, MSGC_EGONE, MSGC_EBUSY, MSGC_ENOMEM.
 */
int msgc_consumer_tell(struct msgc_server *server, const struct msgc_consumer *consumer,
        struct msgc_str realm, struct msgc_str id, const struct msgc_message *type,
        const void *message);

/*
 * As msgc_connection_send(), with the topic's name on it. MSGC_EGONE: the client follows the topic no longer.
 */
int msgc_subscription_send(struct msgc_subscription *subscription, const struct msgc_message *type,
        const void *message);

/*
 * The client follows the topic no longer, and is told so; in a handler of that subscription it happens after what that has sent. On the
 * connection's worker. MSGC_EGONE: it has ended already.
 */
int msgc_subscription_end(struct msgc_subscription *subscription);

/* As msgc_connection_present(). MSGC_ENOTFOUND: the client follows the topic no longer. */
int msgc_subscription_present(struct msgc_subscription *subscription, const void *entry);

/* ------------------------------------------------------------------------- for generated trampolines */

/* Stages the reply (validated, encoded). At most one per frame. */
int msgc_reply_put(struct msgc_reply *reply, const struct msgc_message *type, const void *message);

/*
 * A pending frame, for the handler of an action or an event and for the connected hook, while they run. `message` is the descriptor of
 * what is being handled, NULL for the connected hook. `work` runs on a pool thread, `done` on the worker when work (or the
 * program's own doing, after _defer) has succeeded; `self` NULL: the connection has gone, and what is put into `reply` goes nowhere.
 */
struct msgc_pending_type {
	size_t size; /* of the generated struct */
	const struct msgc_message *message;
	int (*work)(void *typed);
	int (*done)(void *typed, void *self, struct msgc_reply *reply);
};
/*
 * Makes the frame in hand pending: `*ret_typed` is `type->size` zeroed bytes in the frame's arena, `*ret_in` the decoded message (NULL for
 * the connected hook). Then one of the two below must follow. From now on until the frame is finished stay alive: the
 * decoded message, the arena, the stage, sender, user and object of the context, and the parameters' arena (read_params).
 * MSGC_EINVAL: `type->message` is not what is being handled now, or it is pending already. MSGC_ENOMEM.
 */
int msgc_pending_new(struct msgc_connection *connection, const struct msgc_pending_type *type,
        void **ret_typed, const void **ret_in, struct msgc_pending **ret_pending);
int msgc_pending_submit(struct msgc_pending *pending); /* to the pool; MSGC_LATER, or MSGC_EBUSY */
int msgc_pending_defer(
        struct msgc_pending *pending); /* MSGC_LATER; the program calls msgc_pending_finish() */

#ifdef __cplusplus
}
#endif

#endif
