/* SPDX-License-Identifier: MIT */
/*
 * libmsgc, the server: what a program calls beside the functions that msgc generates for its contract.
 * Order: results → server → users and look-ups → connections → groups → later → tasks → log.
 *
 * Threads. A connection belongs to one worker thread; its handlers and hooks run there, one at a time, and must not block.
 * Blocking work goes to a pool thread (…_later() of generated code, msgc_server_submit(), look-up hooks that return
 * MSGC_BLOCKS, all HTTP routes). "Any thread" in a comment means just that; everything else is for the worker that calls.
 */
#ifndef MSGC_SERVER_H
#define MSGC_SERVER_H

#include <msgc/base.h>
#include <msgc/codec.h>

#ifdef __cplusplus
extern "C" {
#endif

struct msgc_server;       /* one process: configuration, consumers, workers, pool */
struct msgc_connection;   /* one client's WebSocket */
struct msgc_subscription; /* that a client follows a topic, on one connection */
struct msgc_lookup;       /* one question to the program: who is this, what object, is it allowed */
struct msgc_pending;      /* a frame that is answered later */
struct msgc_consumer;     /* a generated table: consumer.h */

/* ------------------------------------------------------------------------------------------------ server */

enum msgc_setting_type {
	MSGC_SETTING_STRING,   /* target: const char * (owned by the server) */
	MSGC_SETTING_INT,      /* target: int64_t */
	MSGC_SETTING_BOOL,     /* target: bool; "yes", "true", "on", "1" and their opposites */
	MSGC_SETTING_SIZE,     /* target: int64_t, bytes; "64KiB", "1MiB" */
	MSGC_SETTING_DURATION, /* target: int64_t, milliseconds; "250ms", "10s", "5m", "24h" */
};

/*
 * A configuration key of the program itself, read the same way as the server's own: `--database=chat.sqlite`,
 * `CHAT_DATABASE` (program name and key in capitals), `database = chat.sqlite` in the file of --config. The command line wins over the
 * environment, the environment over the file, the file over `initial`.
 */
struct msgc_setting {
	const char *name; /* lower case, words joined by '-' */
	enum msgc_setting_type type;
	void *target;
	const char *initial; /* as text; NULL: must be given */
	const char *help;    /* one line for --help */
	bool secret;         /* never shown by --print-config or in a log */
};

/*
 * A server configured from the command line, MSGC_… environment variables and the file named by --config (see
 * docs/configuration.md; `--help` lists the keys). Returns NULL only when memory is short. Whatever is wrong with the
 * configuration, and --help, --version and --print-config, take effect in msgc_server_run(): a main function needs no check
 * in between. `argv` is borrowed until the server is freed.
 */
struct msgc_server *msgc_server_new(int argc, char **argv);

/* The same with `count` keys of the program. Targets are set when the call returns. `settings` is borrowed likewise. */
struct msgc_server *msgc_server_new_with(
        int argc, char **argv, const struct msgc_setting *settings, size_t count);

/*
 * True when the server will really serve: false after --help, --print-config or an error so far. For programs that would
 * otherwise open a database in vain.
 */
bool msgc_server_will_run(const struct msgc_server *server);

/*
 * Starts everything and serves until msgc_server_stop(), SIGTERM or SIGINT; then drains: no new connections, clients are told
 * 1001, what was accepted is finished. Frees the server. Returns an exit code: 0 after a clean drain, 1 when it could not start
 * (one line in the log says why) or had to give up, 2 for a wrong command line. NULL gives 1.
 */
int msgc_server_run(struct msgc_server *server);

/* Begins the drain. Any thread, and from a signal handler. */
void msgc_server_stop(struct msgc_server *server);

/*
 * Reads the configuration anew, as SIGHUP does: what can change takes effect, the log says what needs a restart. The program's own keys keep
 * their values. Any thread, and from a signal handler.
 */
void msgc_server_reload(struct msgc_server *server);

/*
 * Runs with each reload, on a pool thread, where it may block: the program reads its own files anew. At most 8, registered before the server
 * runs; `reload` NULL takes back what was registered with that `app`.
 */
int msgc_server_on_reload(struct msgc_server *server, int (*reload)(void *app), void *app);

/* For a server that was never run. */
void msgc_server_free(struct msgc_server *server);

/*
 * Records that the program itself cannot start ("database: locked"): logged once, msgc_server_run() returns 1. Returns
 * MSGC_ECONFIG.
 */
int msgc_server_fail(struct msgc_server *server, const char *format, ...) MSGC_PRINTF(2, 3);

/* Runs before a worker serves (after it has stopped serving). NULL is allowed for both. Without a start hook, `workers` must be 1. */
void msgc_server_on_worker(struct msgc_server *server, int (*start)(void *app, unsigned worker),
        void (*stop)(void *app, unsigned worker), void *app);

/* Runs after the drain, when no handler runs any more, before the server is freed: the place to close a database. */
void msgc_server_on_stop(struct msgc_server *server, void (*stopped)(void *app), void *app);

/*
 * May clients be sent here? Asked for each GET /readyz of the administrative listener, on a pool thread, where it may block; false is
 * answered with 503. Without a hook the server is ready when it listens and does not drain.
 */
void msgc_server_on_ready(struct msgc_server *server, bool (*ready)(void *app), void *app);

/* -------------------------------------------------------------------------------------- users and look-ups */

/*
 * Who a client is. `realm` and `id` together name a user; an empty id is the anonymous user, whose messages are nobody's
 * ("is_mine" is false). A hook fills this in; the strings are copied when the hook has answered, `data` is taken over and
 * released with `release` (may be NULL) when the last connection or pending frame of this log-in has ended, on any thread.
 */
struct msgc_user {
	struct msgc_str
	        realm; /* empty: the name of the kind of authentication that recognised it */
	struct msgc_str id;
	struct msgc_str name; /* for people and logs; may be empty */
	int64_t expires_at;   /* Unix seconds; 0: no end. The connection is closed with 4410 then */
	int64_t issued_at; /* of a token: Unix seconds; 0: not known, older than every revocation */
	void *data;
	void (*release)(void *data);
};

bool msgc_user_is_anonymous(const struct msgc_user *user); /* true for NULL */
bool msgc_user_equal(
        const struct msgc_user *a, const struct msgc_user *b); /* false if either is anonymous */

/*
 * A hook that looks something up answers in one of three ways:
 *  - at once: it returns MSGC_OK (having written its ret_… parameter) or a negative code;
 *  - it returns MSGC_BLOCKS: it is then called once more with the same arguments on a pool thread, where it may block
 *    (`if (!msgc_lookup_may_block(lookup)) return MSGC_BLOCKS;` as its first line);
 *  - it returns MSGC_LATER and keeps `lookup`: somebody writes ret_… (which stays valid) and calls msgc_lookup_finish().
 * A look-up that has not been answered within `auth-timeout` is given up as MSGC_ETIMEOUT; a later finish is ignored safely.
 * With `lookup` NULL (a program calling its own hook, from an HTTP route say) blocking is allowed.
 */
enum { MSGC_BLOCKS = 2 };
bool msgc_lookup_may_block(const struct msgc_lookup *lookup);
void msgc_lookup_finish(struct msgc_lookup *lookup, int result); /* any thread, exactly once */

/*
 * Authentication kind `session`: the value of the cookie `cookie_name` is looked up by the program.
 * MSGC_EUNAUTHENTICATED: not a valid session (the next kind is asked); other errors end the handshake with 500.
 */
typedef int msgc_session_fn(
        void *app, struct msgc_lookup *lookup, struct msgc_str cookie, struct msgc_user *ret_user);
void msgc_server_use_sessions(
        struct msgc_server *server, const char *cookie_name, msgc_session_fn *find, void *app);

/*
 * Authentication kind `jwt`: a bearer token is verified (msgc/jwt.h has an implementation with keys; a program may bring its
 * own). Must not block. `cookie_name` NULL: tokens are not taken from a cookie. `release` may be NULL.
 */
typedef int msgc_token_fn(void *context, struct msgc_str token, int64_t now_unix_seconds,
        struct msgc_arena *arena, struct msgc_user *ret_user);
void msgc_server_use_tokens(struct msgc_server *server, msgc_token_fn *verify,
        const char *cookie_name, void *context, void (*release)(void *context));

/*
 * Authentication kind `basic`, for machines: name and password of an Authorization header (RFC 7617), which the program checks.
 * MSGC_EUNAUTHENTICATED: they are wrong; such attempts are slowed down by auth-failure-rate. `name` and `password` are valid until the
 * hook has answered.
 */
typedef int msgc_basic_fn(void *app, struct msgc_lookup *lookup, struct msgc_str name,
        struct msgc_str password, struct msgc_user *ret_user);
void msgc_server_use_basic(struct msgc_server *server, msgc_basic_fn *check, void *app);

/*
 * Authentication kind `ticket`: POST to `route` with {"path":"/ws/chat/7/"} by somebody whom msgc_http_user() recognises is answered with
 * {"ticket":"…","expires_in":30}. The ticket opens one WebSocket on that path ("?ticket=…", or the first frame `authenticate`), within
 * ticket-lifetime. `recall` (may be NULL) turns the user of a ticket into one of today: `data`, or a refusal; else he is what he was when he asked,
 * without `data`. `route` is borrowed.
 */
typedef int msgc_ticket_fn(void *app, struct msgc_lookup *lookup, const struct msgc_user *user,
        struct msgc_user *ret_user);
int msgc_server_use_tickets(
        struct msgc_server *server, const char *route, msgc_ticket_fn *recall, void *app);

/*
 * Logs a user out everywhere: all his connections are closed with 4410, and tickets and tokens made before (by `issued_at`) open no new one
 * for revocation-memory. His sessions are the program's: it ends them first. HTTP routes that believe tokens are not told. Takes effect at once, also
 * within a handler. Any thread. MSGC_EINVAL: no id, or one of more than 1024 bytes; MSGC_ENOMEM.
 */
int msgc_server_revoke(struct msgc_server *server, struct msgc_str realm, struct msgc_str id);

/*
 * Closes all connections of a user, at every consumer and on every worker; `except`: msgc_connection_id() of one that stays, 0: none. He may come
 * back at once: msgc_server_revoke() is for who may not. Called by a handler it is one of its effects, as a broadcast is, and happens before its reply; else it happens at once. Any
 * thread. `reason`: at most 123 bytes of UTF-8; may be NULL. MSGC_EINVAL: no id, or too long a one, a code that must not be sent; MSGC_EGONE,
 * MSGC_EBUSY, MSGC_ENOMEM.
 */
int msgc_server_close_user(struct msgc_server *server, struct msgc_str realm, struct msgc_str id,
        uint16_t code, const char *reason, uint64_t except);

/* ------------------------------------------------------------------------------------------- connections */

/* Who sends, as groups need to know it: is_mine and is_current are derived from it. NULL: nobody's message. */
struct msgc_sender;

uint64_t msgc_connection_id(
        const struct msgc_connection *connection); /* unique in this process, never 0 */
const char *msgc_connection_address(
        const struct msgc_connection *connection); /* the client's, for logs and limits */
struct msgc_str msgc_connection_ref(
        const struct msgc_connection *connection); /* of the frame in hand; empty: none */

/* Closes once everything sent before has left. `reason`: at most 123 bytes of UTF-8, for people; may be NULL. */
void msgc_connection_close(struct msgc_connection *connection, uint16_t code, const char *reason);

/*
 * For a handler that says no: `return msgc_refuse(room->connection, "the room is full");`. All staged effects are dropped and
 * the client gets one error {"reason":"refused","detail":…}. Returns MSGC_EREFUSED.
 */
int msgc_refuse(struct msgc_connection *connection, const char *format, ...) MSGC_PRINTF(2, 3);

/*
 * Why a frame is refused, for contracts that have their own word for it (`error call_error;`): what the standard message `error` would say. All of
 * it lives until the hook has returned.
 */
enum msgc_refusal_kind {
	MSGC_REFUSAL_INVALID,      /* it breaks the contract: `problems` say where */
	MSGC_REFUSAL_TOO_LARGE,    /* it, or its answer */
	MSGC_REFUSAL_RATE_LIMITED, /* too many frames */
	MSGC_REFUSAL_REFUSED,      /* a handler refused: `detail` is what it said */
	MSGC_REFUSAL_BUSY,
	MSGC_REFUSAL_CONFLICT,   /* another message had this message_id */
	MSGC_REFUSAL_NOT_STORED, /* what it would have caused could not be kept */
	MSGC_REFUSAL_LOST, /* it was dealt with before, but its answer could not be kept; or nobody knows whether it was */
	MSGC_REFUSAL_FAILED, /* a handler failed */
};
struct msgc_refusal {
	enum msgc_refusal_kind kind;
	const char *name; /* the reason's word: "handler_failed" */
	struct msgc_str
	        detail; /* for people; of INVALID the first problem: "payload.text: Field required" */
	int64_t retry_after;                  /* seconds; negative: not known */
	const struct msgc_problems *problems; /* of INVALID; else NULL */
	const struct msgc_message
	        *message;    /* which message it was; NULL: none that is known here */
	struct msgc_str ref; /* ptr NULL: it has none */
};
/* What such a hook returns to pass over a frame without a word. */
enum { MSGC_SAY_NOTHING = 3 };

/*
 * Sends a message on the server's own initiative; generated code wraps it, typed. Within a handler the message is staged; outside (in
 * a task on this connection's worker) it leaves at the end of the turn. MSGC_ECONTRACT when the value breaks the contract.
 */
int msgc_connection_send(
        struct msgc_connection *connection, const struct msgc_message *type, const void *message);

/* ------------------------------------------------------------------------------------------------ groups */

enum {
	MSGC_TO_ALL = 0,
	MSGC_EXCLUDE_CURRENT = 1u << 0, /* not to the very connection that sends */
};

/*
 * Joining and leaving beyond what the contract's `join` clauses do; generated code wraps them, typed. On the connection's worker.
 * Idempotent.
 */
int msgc_connection_join(struct msgc_connection *connection, struct msgc_str group);
int msgc_connection_leave(struct msgc_connection *connection, struct msgc_str group);

/*
 * Sends a message (or an event) to every member of a group; generated code wraps it, typed. Any thread. Called by a handler on its
 * worker it is staged with the handler's effects; else it takes effect at once. The message is encoded before the call returns.
 */
int msgc_group_publish(struct msgc_server *server, struct msgc_str group,
        const struct msgc_message *type, const void *message, const struct msgc_sender *sender,
        unsigned flags);

/* One user who is present in a group: part of what the generated …_read_roster() functions give. */
struct msgc_present {
	struct msgc_str id; /* as clients see it */
	struct msgc_str
	        realm; /* as struct msgc_user has them; both empty: the anonymous user of one connection */
	struct msgc_str user;
	uint32_t
	        connections; /* of this user in the group; those that may come back within presence-linger included */
};

/* ------------------------------------------------------------------------------------------------- later */

/*
 * A frame that is answered later; generated code hands out typed ones (`struct rooms_room_chat_pending`). It keeps frame,
 * arena, staged effects, user and object alive, also when the connection has gone. A pending frame not finished within
 * `handler-timeout` is answered with `handler_failed`; what finishes after that still takes effect, without a reply.
 */
struct msgc_arena *msgc_pending_arena(
        struct msgc_pending *pending); /* the pool thread's while work runs */
int msgc_pending_refuse(struct msgc_pending *pending, const char *format, ...) MSGC_PRINTF(2, 3);
void msgc_pending_finish(
        struct msgc_pending *pending, int result); /* any thread, exactly once; after …_defer() */

/* ------------------------------------------------------------------------------------------------- tasks */

/* Runs `task` on a worker, soon, in order of the calls. Any thread. MSGC_EBUSY when the worker's mailbox is full. */
int msgc_server_post(
        struct msgc_server *server, void (*task)(struct msgc_server *server, void *arg), void *arg);

/*
 * Runs `work` on a pool thread, then `done` (may be NULL) on a worker. Any thread. MSGC_EBUSY when the pool's queue is full:
 * neither will run.
 */
int msgc_server_submit(struct msgc_server *server, int (*work)(void *arg),
        void (*done)(struct msgc_server *server, void *arg, int result), void *arg);

/* Runs `task` on a worker once, after at least `delay_ms`; from within a task again for periodic work. Any thread. */
int msgc_server_after(struct msgc_server *server, int64_t delay_ms,
        void (*task)(struct msgc_server *server, void *arg), void *arg);

/* --------------------------------------------------------------------------------------------------- log */

enum msgc_log_level { MSGC_LOG_DEBUG, MSGC_LOG_INFO, MSGC_LOG_WARNING, MSGC_LOG_ERROR };

/*
 * One line: time, level, event, then the pairs; logfmt or JSON as configured. `event` is a short constant ("chat.stored"). After the
 * format come the pairs' values, printf-wise: msgc_log(server, MSGC_LOG_INFO, "chat.stored", "room=%lld id=%lld", …). Values with blanks,
 * quotes or control characters are quoted. Any thread. Never log a token, cookie or password.
 */
void msgc_log(struct msgc_server *server, enum msgc_log_level level, const char *event,
        const char *format, ...) MSGC_PRINTF(4, 5);

#ifdef __cplusplus
}
#endif

#endif
