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
};
/* What comes until then, without the completions. */
struct msgc_test_frames msgc_test_receive_all(
        struct msgc_test_client *client, enum msgc_test_until until);
/* What comes until a frame of that action, which is the last of them; without the completions. */
struct msgc_test_frames msgc_test_receive_until_action(
        struct msgc_test_client *client, const char *action);
/* The frame of that action alone. */
const struct msgc_test_frame *msgc_test_expect(struct msgc_test_client *client, const char *action);
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

/* ---- places --------------------------------------------------------------------------------------------------------
 * Each call above leaves its place in the test's source, so that a failure names it.
 */
void msgc_test_at(const char *file, int line);

#ifndef MSGC_TEST_NO_PLACES
#define MSGC__HERE(call)                    (msgc_test_at(__FILE__, __LINE__), call)
#define msgc_test_start(...)                MSGC__HERE(msgc_test_start(__VA_ARGS__))
#define msgc_test_stop(...)                 MSGC__HERE(msgc_test_stop(__VA_ARGS__))
#define msgc_test_stop_code(...)            MSGC__HERE(msgc_test_stop_code(__VA_ARGS__))
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
