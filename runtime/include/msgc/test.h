/* SPDX-License-Identifier: MIT */
/*
 * libmsgc-test: the kit for tests of a program's contract with Check. It starts the program's server, over real sockets on a free port of the
 * loopback or in memory, and plays its clients: browsers with a cookie jar, and WebSockets.
 *
 *	static struct msgc_server *make(int argc, char **argv, void *app)
 *	{
 *		struct msgc_server *server = msgc_server_new(argc, argv);
 *
 *		rooms_room_serve(server, &handlers, app);
 *		return server;
 *	}
 *
 *	START_TEST(what_is_said_comes_back)
 *	{
 *		struct msgc_test *test = msgc_test_start(MSGC_TEST_MEMORY, make, NULL, NULL);
 *		struct msgc_test_client *ada = msgc_test_connect(msgc_test_browser_new(test), "/ws/rooms/1/");
 *
 *		msgc_test_wait_for_auth(ada);
 *		msgc_test_send(ada, "{\"action\":\"say\",\"payload\":\"hello\"}");
 *		struct msgc_test_frames frames = msgc_test_receive_all(ada, MSGC_TEST_COMPLETE);
 *		ck_assert_uint_eq(frames.count, 1);
 *		msgc_test_assert_json(&frames.items[0], "/payload", "\"hello\"");
 *		msgc_test_stop(test);
 *	}
 *	END_TEST
 *
 * What goes wrong fails the running Check test, at the line that called the kit: a time-out, a refused handshake, a server that breaks
 * RFC 6455. Everything that the kit hands out lives until msgc_test_stop(), which also closes what is still open. One thread uses one
 * struct msgc_test. MSGC_TEST_LOG=debug in the environment shows the server's log, MSGC_TEST_TIMEOUT_MS sets how long to wait (5000).
 */
#ifndef MSGC_TEST_H
#define MSGC_TEST_H

#include <msgc/codec.h>
#include <msgc/server.h>

#ifdef __cplusplus
extern "C" {
#endif

struct msgc_test;         /* one server under test */
struct msgc_test_browser; /* a cookie jar, an Origin, headers of its own */
struct msgc_test_client;  /* one WebSocket */

/* ---- server --------------------------------------------------------------------------------------------------------*/

enum msgc_test_mode {
	MSGC_TEST_SOCKETS, /* libwebsockets, 127.0.0.1, a free port */
	MSGC_TEST_MEMORY,  /* no sockets: quicker, and nothing but the program's own code at work */
};

/* What the program's main() does, but for msgc_server_run(). */
typedef struct msgc_server *msgc_test_make_fn(int argc, char **argv, void *app);

/*
 * Makes a server and serves it on threads of its own. `arguments`: further ones of the command line ("--database=:memory:"), NULL at the
 * end; may be NULL. Returns when it serves.
 */
struct msgc_test *msgc_test_start(
        enum msgc_test_mode mode, msgc_test_make_fn *make, void *app, const char *const *arguments);
struct msgc_server *msgc_test_server(struct msgc_test *test);
int msgc_test_port(const struct msgc_test *test); /* 0 in memory */

/* Begins the drain, as SIGTERM would; clients can then watch it. */
void msgc_test_begin_stop(struct msgc_test *test);
/* Drains, waits for the end, frees everything. The drain must be clean (exit code 0). */
void msgc_test_stop(struct msgc_test *test);
/* The same, returning the exit code. */
int msgc_test_stop_code(struct msgc_test *test);

/* How long a silence is the end of it, for MSGC_TEST_IDLE and msgc_test_assert_silent(): 150 ms at first. */
void msgc_test_set_idle(struct msgc_test *test, int64_t ms);
/* For contracts with `option discriminator` or `envelope`. Borrowed. */
void msgc_test_set_envelope(struct msgc_test *test, const struct msgc_envelope_names *names);

/* ---- time ----------------------------------------------------------------------------------------------------------
 * What the server does later (timeouts, rates, tickets, windows of presence and history, msgc_server_after() …) goes by a clock of the test's.
 */

/* From now on it stands still, but for msgc_test_advance(). In memory only. */
void msgc_test_stop_clock(struct msgc_test *test);
/*
 * Moves it on. Where it stands, it stops at every deadline on the way, and returns when the server has done what was due; else the server's
 * threads find out by themselves, over sockets too.
 */
void msgc_test_advance(struct msgc_test *test, int64_t ms);
/* In memory: waits until the server has nothing more to do before its clock moves on. Threads of the program's own are not waited for. Over sockets: nothing. */
void msgc_test_settle(struct msgc_test *test);

/* ---- browsers ------------------------------------------------------------------------------------------------------
 * A new one has no cookies and the server's own origin.
 */
struct msgc_test_browser *msgc_test_browser_new(struct msgc_test *test);
/* Sent with every request and handshake of this browser; value NULL: not sent. "Origin" is one of them. */
void msgc_test_set_header(struct msgc_test_browser *browser, const char *name, const char *value);
/* Value NULL: forgets it. */
void msgc_test_set_cookie(struct msgc_test_browser *browser, const char *name, const char *value);
const char *msgc_test_cookie(
        const struct msgc_test_browser *browser, const char *name); /* NULL: has none */

struct msgc_test_response {
	int status;
	const char *headers;  /* "name: value\n" …, names in lower case */
	struct msgc_str body; /* followed by a NUL */
};

/* One request; cookies that come back go into the jar. Redirects are not followed. content_type and body may be NULL. */
const struct msgc_test_response *msgc_test_http(struct msgc_test_browser *browser,
        const char *method, const char *target, const char *content_type, const char *body);
const struct msgc_test_response *msgc_test_get(
        struct msgc_test_browser *browser, const char *target);
/* form: "name=ada&password=secret", urlencoded. */
const struct msgc_test_response *msgc_test_post_form(
        struct msgc_test_browser *browser, const char *target, const char *form);
const struct msgc_test_response *msgc_test_post_json(
        struct msgc_test_browser *browser, const char *target, const char *json);
/* Of the administrative listener, which is on in a test unless the arguments say otherwise. */
const struct msgc_test_response *msgc_test_admin_get(
        struct msgc_test_browser *browser, const char *target);
/* Posts a form that must be answered with a status below 400 and a new or changed cookie. */
void msgc_test_log_in(struct msgc_test_browser *browser, const char *target, const char *form);
/* The value of a header; NULL: it is not there. */
const char *msgc_test_header(const struct msgc_test_response *response, const char *name);

/* ---- WebSockets ----------------------------------------------------------------------------------------------------*/

/* Shakes hands, with the browser's cookies and headers; must be accepted. */
struct msgc_test_client *msgc_test_connect(struct msgc_test_browser *browser, const char *target);
/* The same, but a refusal is an answer too: msgc_test_status() tells (101: open). */
struct msgc_test_client *msgc_test_try_connect(
        struct msgc_test_browser *browser, const char *target);
int msgc_test_status(const struct msgc_test_client *client);
/*
 * Offers permessage-deflate (RFC 7692) with every handshake of this browser from now on; where it is agreed on, messages of the kit's client travel deflated.
 * Over sockets only: in memory nothing travels, and nothing is agreed on.
 */
void msgc_test_offer_compression(struct msgc_test_browser *browser);
/* Whether it was. */
bool msgc_test_is_compressed(const struct msgc_test_client *client);

struct msgc_test_frame {
	struct msgc_str text;   /* as it came; followed by a NUL */
	struct msgc_str action; /* empty: it has none */
	struct msgc_str ref;    /* empty: it has none */
	struct msgc_str topic;  /* empty: it has none */
	struct msgc_test *test;
};
struct msgc_test_frames {
	const struct msgc_test_frame *items;
	size_t count;
};

/* The next frame is `authentication` with status_code 200, or with `status`. */
const struct msgc_test_frame *msgc_test_wait_for_auth(struct msgc_test_client *client);
const struct msgc_test_frame *msgc_test_assert_auth(struct msgc_test_client *client, int status);

/* Sends a text frame. */
void msgc_test_send(struct msgc_test_client *client, const char *text);
void msgc_test_sendf(struct msgc_test_client *client, const char *format, ...) MSGC_PRINTF(2, 3);
void msgc_test_send_text(struct msgc_test_client *client, const char *text, size_t len);
/* Sends `message`, a struct of that type; with `ref` unless that is NULL. */
void msgc_test_send_message(struct msgc_test_client *client, const struct msgc_message *type,
        const void *message, const char *ref);
/* Sends `message` as the answer to a question of the server: with its ref, which it must have. */
void msgc_test_answer(struct msgc_test_client *client, const struct msgc_test_frame *question,
        const struct msgc_message *type, const void *message);
/* In fragments of `piece` bytes, with a ping between them. In memory there are no fragments: it is sent whole. */
void msgc_test_send_fragments(struct msgc_test_client *client, const char *text, size_t piece);
void msgc_test_send_binary(struct msgc_test_client *client, const void *bytes, size_t len);
/* Bytes as they are, right or wrong. Over sockets only. */
void msgc_test_send_raw(struct msgc_test_client *client, const void *bytes, size_t len);
/* A ping that must be answered. Nothing in memory. */
void msgc_test_ping(struct msgc_test_client *client);

enum msgc_test_until {
	MSGC_TEST_IDLE,           /* until nothing has come for a while, or it was closed */
	MSGC_TEST_COMPLETE,       /* until `complete` has come */
	MSGC_TEST_GROUP_COMPLETE, /* until `group_complete` has come */
	MSGC_TEST_EVENT_COMPLETE, /* until `event_complete` has come */
	/* With one of these: what comes to all members of a group (frames with faces) is left out. */
	MSGC_TEST_WITHOUT_GROUP = 1 << 4,
};
/* What comes until then, without the completions. */
struct msgc_test_frames msgc_test_receive_all(
        struct msgc_test_client *client, enum msgc_test_until until);
/* What comes until a frame of that action, which is the last of them; without the completions. */
struct msgc_test_frames msgc_test_receive_until_action(
        struct msgc_test_client *client, const char *action);
/* The frame of that action alone. */
const struct msgc_test_frame *msgc_test_expect(struct msgc_test_client *client, const char *action);
/* The frame of that action on that topic; frames of others are passed over. */
const struct msgc_test_frame *msgc_test_expect_on(
        struct msgc_test_client *client, const char *topic, const char *action);
/* The next frame, whatever it is, completions too. */
const struct msgc_test_frame *msgc_test_receive(struct msgc_test_client *client);
/* Nothing comes for a while. */
void msgc_test_assert_silent(struct msgc_test_client *client);

/*
 * Topics. Subscribes, unsubscribes, with a ref of the kit's: what was asked must be granted. The answer; what comes before it is passed over.
 */
const struct msgc_test_frame *msgc_test_subscribe(
        struct msgc_test_client *client, const char *topic);
const struct msgc_test_frame *msgc_test_unsubscribe(
        struct msgc_test_client *client, const char *topic);
/* Comes back with a position. */
const struct msgc_test_frame *msgc_test_subscribe_from(
        struct msgc_test_client *client, const char *topic, const char *epoch, int64_t seq);
/* The same as subscribing, but a refusal is an answer too: an `error` with that reason. */
const struct msgc_test_frame *msgc_test_subscribe_refused(
        struct msgc_test_client *client, const char *topic, const char *reason);
/* msgc_test_send_message(), to a topic. */
void msgc_test_send_topic(struct msgc_test_client *client, const char *topic,
        const struct msgc_message *type, const void *message, const char *ref);
/* The next frame, which must come from that topic; completions are passed over. */
const struct msgc_test_frame *msgc_test_receive_topic(
        struct msgc_test_client *client, const char *topic);

/* The frame as a struct of that type, which must fit. */
void msgc_test_decode(
        const struct msgc_test_frame *frame, const struct msgc_message *type, void *ret_message);
/* The JSON text at an RFC 6901 pointer ("/payload/0/id", "" for all of it). False: there is nothing. */
bool msgc_test_json(
        const struct msgc_test_frame *frame, const char *pointer, struct msgc_str *ret_json);
/* The JSON text at `pointer` is `json`, byte for byte; NULL: there is nothing. */
void msgc_test_assert_json(
        const struct msgc_test_frame *frame, const char *pointer, const char *json);

/* The server closes, has closed: with `code` (1006: without a CLOSE frame). Frames before that are passed over. */
void msgc_test_assert_closed(struct msgc_test_client *client, uint16_t code);
const char *msgc_test_close_reason(
        const struct msgc_test_client *client); /* after that; "": none */
/* Shakes hands on the end. code 0: a CLOSE frame without one. */
void msgc_test_close(struct msgc_test_client *client, uint16_t code);
/* Cuts the line. */
void msgc_test_drop(struct msgc_test_client *client);

/* ---- groups --------------------------------------------------------------------------------------------------------
 * What the program publishes to groups, messages and events alike, in the order in which it is published, whoever is a member.
 */
struct msgc_test_capture;
struct msgc_test_published {
	struct msgc_str group; /* its name */
	const struct msgc_message *type;
	bool is_event;
	struct msgc_str user; /* the id of whose message it is; empty: nobody's */
	struct msgc_test_frame
	        frame; /* the message, for msgc_test_decode() and msgc_test_assert_json() */
};
/* From now on. swallow: members get nothing of it. */
struct msgc_test_capture *msgc_test_begin_capture(struct msgc_test *test, bool swallow);
void msgc_test_end_capture(struct msgc_test_capture *capture);
unsigned msgc_test_captured(struct msgc_test_capture *capture); /* so far */
/* The nth of them, from 0, which is waited for. */
const struct msgc_test_published *msgc_test_publication(
        struct msgc_test_capture *capture, unsigned n);

/* ---- stand-ins -----------------------------------------------------------------------------------------------------
 * What stands between the server and the program's own functions, or the store: its calls are counted, with their messages, and may be made to fail
 * or to be late. By name: "room.say", "room.event_nudge", "room.connected", "room.load_chat_room", "room.is_member" for handlers and look-up hooks of
 * the consumer `room`; "sessions", "tokens", "basic", "tickets" for what msgc_server_use_…() was given; "backend.publish", "backend.join",
 * "backend.read", "backend.put", "backend.get", "backend.take", "backend.count", "backend.attend", "backend.roster" for the store;
 * and any function wrapped by MSGC_TEST_WRAP(). Counted from the call of msgc_test_stand_in_for() on.
 */
struct msgc_test_stand_in;
struct msgc_test_stand_in *msgc_test_stand_in_for(struct msgc_test *test, const char *what);
/* The nth call from now (1: the next) fails with `result`, and `times` of them in all; times 0: all that follow. nth 0: no more. The program's function is not called. */
void msgc_test_let_fail(
        struct msgc_test_stand_in *stand_in, unsigned nth, unsigned times, int result);
/*
 * Each call begins `ms` of the server's clock later. Handlers that answer later themselves cannot be delayed, nor can "connected", "tokens",
 * "backend.read", "backend.count", "backend.attend" and "backend.roster".
 */
void msgc_test_let_wait(struct msgc_test_stand_in *stand_in, int64_t ms);
unsigned msgc_test_calls(struct msgc_test_stand_in *stand_in);
/* Of the nth call, from 0: what a handler of that message was given. Lives as long as the test. */
const void *msgc_test_call(
        struct msgc_test_stand_in *stand_in, unsigned n, const struct msgc_message *type);

/*
 * A function of the program that returns MSGC_OK or an error, such as one of its database, as a stand-in of its name. It must be in another source file
 * than its callers, and the test program is linked with -Wl,--wrap=NAME:
 *
 *	MSGC_TEST_WRAP(store_line, (struct store *store, const char *line), (store, line))
 */
#define MSGC_TEST_WRAP(name, params, args)                                                         \
	int __real_##name params;                                                                  \
	int __wrap_##name params;                                                                  \
	int __wrap_##name params                                                                   \
	{                                                                                          \
		int result;                                                                        \
                                                                                                   \
		return msgc_test_wrapped(#name, &result) ? result : __real_##name args;            \
	}
bool msgc_test_wrapped(const char *name, int *ret_result);

/* ---- places --------------------------------------------------------------------------------------------------------
 * Each call above leaves its place in the test's source, so that a failure names it.
 */
void msgc_test_at(const char *file, int line);

#ifndef MSGC_TEST_NO_PLACES
#define MSGC__HERE(call)                    (msgc_test_at(__FILE__, __LINE__), call)
#define msgc_test_start(...)                MSGC__HERE(msgc_test_start(__VA_ARGS__))
#define msgc_test_stop(...)                 MSGC__HERE(msgc_test_stop(__VA_ARGS__))
#define msgc_test_stop_code(...)            MSGC__HERE(msgc_test_stop_code(__VA_ARGS__))
#define msgc_test_stop_clock(...)           MSGC__HERE(msgc_test_stop_clock(__VA_ARGS__))
#define msgc_test_advance(...)              MSGC__HERE(msgc_test_advance(__VA_ARGS__))
#define msgc_test_settle(...)               MSGC__HERE(msgc_test_settle(__VA_ARGS__))
#define msgc_test_http(...)                 MSGC__HERE(msgc_test_http(__VA_ARGS__))
#define msgc_test_get(...)                  MSGC__HERE(msgc_test_get(__VA_ARGS__))
#define msgc_test_post_form(...)            MSGC__HERE(msgc_test_post_form(__VA_ARGS__))
#define msgc_test_post_json(...)            MSGC__HERE(msgc_test_post_json(__VA_ARGS__))
#define msgc_test_admin_get(...)            MSGC__HERE(msgc_test_admin_get(__VA_ARGS__))
#define msgc_test_log_in(...)               MSGC__HERE(msgc_test_log_in(__VA_ARGS__))
#define msgc_test_connect(...)              MSGC__HERE(msgc_test_connect(__VA_ARGS__))
#define msgc_test_try_connect(...)          MSGC__HERE(msgc_test_try_connect(__VA_ARGS__))
#define msgc_test_wait_for_auth(...)        MSGC__HERE(msgc_test_wait_for_auth(__VA_ARGS__))
#define msgc_test_assert_auth(...)          MSGC__HERE(msgc_test_assert_auth(__VA_ARGS__))
#define msgc_test_send(...)                 MSGC__HERE(msgc_test_send(__VA_ARGS__))
#define msgc_test_sendf(...)                MSGC__HERE(msgc_test_sendf(__VA_ARGS__))
#define msgc_test_send_text(...)            MSGC__HERE(msgc_test_send_text(__VA_ARGS__))
#define msgc_test_send_message(...)         MSGC__HERE(msgc_test_send_message(__VA_ARGS__))
#define msgc_test_answer(...)               MSGC__HERE(msgc_test_answer(__VA_ARGS__))
#define msgc_test_send_fragments(...)       MSGC__HERE(msgc_test_send_fragments(__VA_ARGS__))
#define msgc_test_send_binary(...)          MSGC__HERE(msgc_test_send_binary(__VA_ARGS__))
#define msgc_test_send_raw(...)             MSGC__HERE(msgc_test_send_raw(__VA_ARGS__))
#define msgc_test_ping(...)                 MSGC__HERE(msgc_test_ping(__VA_ARGS__))
#define msgc_test_receive_all(...)          MSGC__HERE(msgc_test_receive_all(__VA_ARGS__))
#define msgc_test_receive_until_action(...) MSGC__HERE(msgc_test_receive_until_action(__VA_ARGS__))
#define msgc_test_expect(...)               MSGC__HERE(msgc_test_expect(__VA_ARGS__))
#define msgc_test_expect_on(...)            MSGC__HERE(msgc_test_expect_on(__VA_ARGS__))
#define msgc_test_publication(...)          MSGC__HERE(msgc_test_publication(__VA_ARGS__))
#define msgc_test_call(...)                 MSGC__HERE(msgc_test_call(__VA_ARGS__))
#define msgc_test_receive(...)              MSGC__HERE(msgc_test_receive(__VA_ARGS__))
#define msgc_test_assert_silent(...)        MSGC__HERE(msgc_test_assert_silent(__VA_ARGS__))
#define msgc_test_subscribe(...)            MSGC__HERE(msgc_test_subscribe(__VA_ARGS__))
#define msgc_test_unsubscribe(...)          MSGC__HERE(msgc_test_unsubscribe(__VA_ARGS__))
#define msgc_test_subscribe_from(...)       MSGC__HERE(msgc_test_subscribe_from(__VA_ARGS__))
#define msgc_test_subscribe_refused(...)    MSGC__HERE(msgc_test_subscribe_refused(__VA_ARGS__))
#define msgc_test_send_topic(...)           MSGC__HERE(msgc_test_send_topic(__VA_ARGS__))
#define msgc_test_receive_topic(...)        MSGC__HERE(msgc_test_receive_topic(__VA_ARGS__))
#define msgc_test_decode(...)               MSGC__HERE(msgc_test_decode(__VA_ARGS__))
#define msgc_test_json(...)                 MSGC__HERE(msgc_test_json(__VA_ARGS__))
#define msgc_test_assert_json(...)          MSGC__HERE(msgc_test_assert_json(__VA_ARGS__))
#define msgc_test_assert_closed(...)        MSGC__HERE(msgc_test_assert_closed(__VA_ARGS__))
#define msgc_test_close(...)                MSGC__HERE(msgc_test_close(__VA_ARGS__))
#endif

#ifdef __cplusplus
}
#endif

#endif
