/* SPDX-License-Identifier: MIT */
/*
 * What the files of the libwebsockets transport share: the loop of one worker, the sockets that it has accepted, and the calls between the
 * files. One thread per loop; nothing here is locked. It must not know consumers, routes or groups: transport.h is all it sees of
 * the core.
 *
 * libwebsockets does: TLS, HTTP/1.1 request heads, the WebSocket handshake, parsing frames with TLS, holding output that the socket refused.
 * Done here, because its own way was measured and found wanting (README.md): listening and accepting, judging requests,
 * responses, parsing frames without TLS, inflating messages, reassembly, output in whole frames, the close handshake, and every deadline.
 */
#ifndef MSGC__LWS_INTERNAL_H
#define MSGC__LWS_INTERNAL_H

#include <ev.h>
#include <libwebsockets.h>
#include <stdatomic.h>

#include "../deflate/deflate.h"
#include "../server/timer.h"
#include "lws.h"
#include "transport.h"

enum {
	MSGC__LWS_ADDRESS_MAX = 46,     /* an IPv6 address as text, with NUL */
	MSGC__LWS_SUBPROTOCOL_MAX = 63, /* what libwebsockets reads into its own buffer */
	MSGC__LWS_LIST_MAX = 126,       /* the same for Connection and Sec-WebSocket-Protocol */
	MSGC__LWS_CHUNK = 64 * 1024,    /* of a response, for one write */
	MSGC__LWS_LISTENERS_MAX = 8,
	MSGC__LWS_LINGER_BYTES = 1
	        << 20, /* of a refused body that are thrown away before hanging up */
	MSGC__LWS_LINGER_MS = 2000,
	MSGC__LWS_CLOSE_FRAME_MAX = 127,
	/* Of libwebsockets' buffer, its answer to a handshake within: it starts at 400, and is as long with subprotocol. */
	MSGC__LWS_ASIDE = 1024,
	MSGC__LWS_SERVICE =
	        16384, /* the same buffer; heads and bodies of requests are read into it */
	MSGC__LWS_INPUT = 64 * 1024, /* read at once from WebSockets by lws_reader.c */
	MSGC__LWS_PONGS = 2048,
};

struct msgc__lws_loop;
struct msgc__lws_sock;

/* ------------------------------------------------------------------------------------------- settings */

/* What the server's configuration says to this worker's loop. Strings are the server's. */
struct msgc__lws_settings {
	struct msgc_server *server;
	unsigned worker, workers;
	const char *host, *admin_host;
	int port, admin_port;                  /* 0: any free one; -1: none */
	const char *tls_certificate, *tls_key; /* NULL: no TLS */
	size_t header_limit;
	/* Of the public listener and all workers: what is served, and what is accepted, so that the rest can be told 503. */
	size_t connections_max, sockets_max;
	int64_t handshake_ms, request_ms, keepalive_ms, close_ms, ping_ms, hangup_ms;
	/* Request headers that the core wants to see, in lower case. */
	const char *const *header_names;
	size_t header_name_count;
};

/* Reads them, and makes room for as many descriptors as they need. MSGC_ECONFIG is logged. */
int msgc__lws_settings_read(struct msgc__lws_settings *settings, struct msgc_server *server,
        const struct msgc__worker *worker);

/* Those that may change while the loop runs. */
void msgc__lws_settings_reload(
        struct msgc__lws_settings *settings, const struct msgc__config *config);

/* ------------------------------------------------------------------------------------------- sockets */

enum msgc__lws_phase {
	MSGC__LWS_HEAD,      /* TLS, then the head of the next request, is awaited */
	MSGC__LWS_BODY,      /* a request's body comes in */
	MSGC__LWS_ANSWERING, /* the core works on the answer; nothing is read */
	MSGC__LWS_SENDING,   /* the response is on its way; nothing is read */
	MSGC__LWS_LINGERING, /* answered before the body had come: what still comes is thrown away */
	MSGC__LWS_UPGRADING, /* admitted; libwebsockets answers the handshake */
	MSGC__LWS_OPEN,      /* a WebSocket */
	MSGC__LWS_RETURNING, /* the peer's CLOSE frame has come; libwebsockets sends it back and hangs up */
	MSGC__LWS_CLOSING, /* ours has left; the peer's is awaited */
	MSGC__LWS_ENDED,   /* the core has been told; only the socket is left */
};

/* Bits of sock->todo: what is done at the end of the turn, outside of libwebsockets' callbacks. */
enum {
	MSGC__LWS_TODO_SEND = 1u << 0,
	MSGC__LWS_TODO_KILL = 1u << 1,
	MSGC__LWS_TODO_READ = 1u << 2, /* what had been read when the core paused */
};

struct msgc__lws_http {
	struct msgc__exchange *exchange;
	const struct msgc__response *response;
	const char *method; /* constant */
	bool starting;      /* inside msgc__exchange_begin() or _body() */
	bool keep;          /* the connection serves another request afterwards */
	bool reads_body;    /* libwebsockets will deliver what follows the head */
	bool whole;         /* nothing of the request is outstanding */
	char *body;
	size_t body_len, body_cap, body_limit;
	size_t thrown;       /* bytes, while lingering */
	int file;            /* -1: none */
	size_t sent, length; /* of the response's body */
	bool head_sent;
	ev_io writable;
};

/* What every message touches comes first. */
struct msgc__lws_websocket {
	struct msgc_connection *connection; /* until it is told that the link has ended */
	bool congested, paused, pinged;
	bool ours;   /* read by lws_reader.c */
	bool more;   /* there is more to decrypt, of which epoll knows nothing */
	bool broken; /* the peer has broken the protocol: nothing more is understood */
	bool in_message, unwanted; /* unwanted: refused, the rest of it is skipped */
	bool deflate;              /* has been agreed on: RSV1 may be set */
	bool deflated;             /* the message that comes in several pieces */
	uint32_t gathered;         /* its place in loop->gathered, from 1 on; 0: none */
	int64_t heard;             /* when something came last */
	size_t limit;              /* of a message */
	ev_io readable;
	char *input; /* the beginning of a frame; or what waits while paused */
	size_t input_len, input_cap;
	uint64_t skip; /* bytes to come of a frame that is not wanted */

	size_t len, cap;     /* of: */
	char *message;       /* a message that comes in several pieces */
	unsigned char *pong; /* a frame that leaves when output is no longer held up */
	struct msgc__admission *admission; /* until the link is open */
	uint16_t sent_code;                /* of our CLOSE frame; 0: none */
	uint16_t peer_code;                /* 0: no CLOSE frame yet */
};

struct msgc__lws_sock {
	struct msgc__lws_loop *loop;
	struct lws *wsi; /* NULL: not yet, or no longer */
	int fd;
	enum msgc__lws_phase phase;
	unsigned todo;
	bool queued; /* in the loop's list */
	bool admin, secure;
	bool surplus; /* beyond max-connections when it was accepted */
	bool served;  /* has been answered once */
	bool dying;   /* killed, or about to be */
	union {
		struct msgc__lws_http http;    /* up to LINGERING */
		struct msgc__lws_websocket ws; /* from UPGRADING on */
	};
	struct msgc__lws_sock *next, **prev; /* of the loop */
	struct msgc__lws_sock *next_todo;
	uint64_t read_before; /* bytes that had been read when it was answered last */
	struct msgc__timer deadline;
	char address[MSGC__LWS_ADDRESS_MAX];
};

/* lws_sock.c */
int msgc__lws_sock_adopt(struct msgc__lws_loop *loop, int fd, bool admin, const char *address);
/* Beyond max-connections when it was accepted, and no room since: its request is answered with 503. */
bool msgc__lws_sock_is_surplus(struct msgc__lws_sock *sock);
/* libwebsockets has let go of it, or never had it. */
void msgc__lws_sock_gone(struct msgc__lws_sock *sock);
/* Milliseconds from now; negative: none. */
void msgc__lws_sock_deadline(struct msgc__lws_sock *sock, int64_t ms);
void msgc__lws_sock_todo(struct msgc__lws_sock *sock, unsigned what);
/* At the end of the turn: drops the connection, whatever is pending. */
void msgc__lws_sock_kill(struct msgc__lws_sock *sock);
/* Now: closes it, letting go of what libwebsockets holds. Not within its callbacks; the sock is gone afterwards, or soon. */
void msgc__lws_sock_close(struct msgc__lws_sock *sock);
bool msgc__lws_run_todo(struct msgc__lws_loop *loop); /* false: there was nothing to do */
bool msgc__lws_is_websocket(const struct msgc__lws_sock *sock);

/* ------------------------------------------------------------------------------------------- the loop */

/* What has been received from a socket. `bytes` may also be its own memory. */
struct msgc__lws_reading {
	char *bytes;
	size_t len; /* 0: nothing, or the socket is dead */
};

/* Those that have something to read, in the opposite order; NULL: it is gone. */
struct msgc__lws_gathered {
	struct msgc__lws_sock **socks;
	uint32_t count, cap;
};

struct msgc__lws_listener {
	ev_io io;
	struct msgc__lws_loop *loop;
	int fd;
	bool admin;
	int64_t accepted_ns; /* when somebody was let in last; monotonic */
};

struct msgc__lws_loop {
	struct msgc__lws_settings set;
	struct msgc__worker *worker;
	struct ev_loop *ev;
	ev_prepare prepare;
	ev_check check;
	ev_async async;
	ev_timer timer;
	int64_t now;       /* monotonic milliseconds, as of this turn */
	int64_t timer_due; /* when `timer` fires; -1: it is not set */
	bool stopping;

	struct lws_context *context;
	struct lws_vhost *vhost, *admin_vhost;
	struct lws_protocols protocols[3];
	char subprotocol[MSGC__LWS_SUBPROTOCOL_MAX + 1]; /* see lws_guard.c */
	char extensions[MSGC__DEFLATE_ANSWER_MAX]; /* the same, for lws_guard.c; empty: none */
	bool finding_buffer;                       /* see lws_buffer.c */
	char *buffer;
	char aside[MSGC__LWS_ASIDE];

	struct msgc__lws_listener listeners[MSGC__LWS_LISTENERS_MAX];
	unsigned listener_count;
	int port, admin_port; /* as bound; -1: none */
	bool draining;
	bool starved; /* of descriptors or memory: accept_again is awaited */
	struct msgc__timer accept_again;
	int64_t accept_logged; /* when the lack of descriptors was logged last; 0: never */

	struct msgc__lws_sock *socks;
	size_t sock_count, admin_count; /* all of them, and the administrative ones */
	struct msgc__lws_crowd *crowd;
	struct msgc__lws_sock *adopting;
	struct msgc__lws_sock *todo, **todo_end;
	struct msgc__timers timers;

	struct msgc__lws_gathered gathered;
	char *input; /* MSGC__LWS_INPUT bytes; of nobody between two batches of readings */
	unsigned char pongs[MSGC__LWS_PONGS], *last_pong; /* of one reading */
	size_t pongs_len, last_pong_len;
	char *message; /* whole messages are copied here: message_cap bytes and MSGC_PADDING */
	size_t message_cap;
	struct msgc__inflater *inflater; /* NULL: nothing was inflated yet */
	char *scratch;                   /* of one request's head, or one piece of a response */
	size_t scratch_size;
	struct msgc__header *headers; /* room for all that a request can have */
	size_t header_max;
	time_t date_at;
	char date[48]; /* as in a Date header */
};

/* lws_loop.c */
int64_t msgc__lws_clock(void);
/* The core's turn, which writes what it has queued. Not from within a call of the core. */
void msgc__lws_turn(struct msgc__lws_loop *loop);

/* lws_context.c */
int msgc__lws_context_open(struct msgc__lws_loop *loop);
void msgc__lws_context_close(struct msgc__lws_loop *loop);

/*
 * lws_buffer.c. _find: once, when the virtual hosts are there; _found: what LWS_CALLBACK_RAW_RX says meanwhile, and what it returns.
 * _save and _restore: before and after libwebsockets answers a handshake; nothing else is read in between.
 */
int msgc__lws_buffer_find(struct msgc__lws_loop *loop);
int msgc__lws_buffer_found(struct msgc__lws_loop *loop, void *in);
void msgc__lws_buffer_save(struct msgc__lws_loop *loop);
void msgc__lws_buffer_restore(struct msgc__lws_loop *loop);

/* lws_tls.c: certificate and key of the settings are read anew, where there is TLS. New connections get them. */
void msgc__lws_tls_reload(struct msgc__lws_loop *loop);

/*
 * lws_decrypt.c: reading from OpenSSL, under libwebsockets, which goes on writing through it. _watch: a new socket, so that _is_unread() can tell where in
 * loop->buffer nothing of its request has been read to. _start: from here on it is read with _read(), which is as recv(); ws->more is set where that has more at
 * hand of which the socket knows nothing; _wants: what to wait for, libev's bits; _end: nothing more is written.
 */
void msgc__lws_decrypt_watch(struct msgc__lws_sock *sock);
bool msgc__lws_decrypt_is_unread(const struct msgc__lws_sock *sock, size_t at);
void msgc__lws_decrypt_start(struct msgc__lws_sock *sock);
ssize_t msgc__lws_decrypt_read(struct msgc__lws_sock *sock, void *bytes, size_t room);
int msgc__lws_decrypt_wants(const struct msgc__lws_sock *sock);
void msgc__lws_decrypt_end(struct msgc__lws_sock *sock);

/*
 * lws_inherit.c: listening sockets that a service manager has handed over (sd_listen_fds(3)); the one that is named "admin" is the
 * administrative one. Fills in up to `most` descriptors, this worker's own duplicates; returns how many.
 */
unsigned msgc__lws_inherited(bool admin, int *ret_fds, unsigned most);

/* lws_listen.c */
int msgc__lws_listen(struct msgc__lws_loop *loop);
void msgc__lws_listen_close(struct msgc__lws_loop *loop);
/* A socket has gone: there is room again. */
void msgc__lws_listen_resume(struct msgc__lws_loop *loop);

/* lws_crowd.c: public sockets of one server. Shared by its loops; counted in lws_sock.c. */
struct msgc__lws_crowd {
	const struct msgc_server *server;
	unsigned loops;
	atomic_size_t sockets;
	struct msgc__lws_crowd *next;
};
int msgc__lws_crowd_join(struct msgc__lws_loop *loop);
void msgc__lws_crowd_leave(struct msgc__lws_loop *loop);

/* lws_log.c: libwebsockets' own lines go to the server's log. */
void msgc__lws_log_to(struct msgc__lws_loop *loop);
void msgc__lws_log_forget(struct msgc__lws_loop *loop);

/* ------------------------------------------------------------------------------------------ requests */

/* What libwebsockets has read of a request. Lives in the loop's scratch memory until the next one is read. */
struct msgc__lws_head {
	struct msgc__request request;
	bool is_get;
	bool is_11;      /* HTTP/1.1 */
	bool reads_body; /* libwebsockets goes on reading after the head */
	bool has_length;
	size_t length; /* of the body */
	bool chunked;  /* any Transfer-Encoding */
	bool close;    /* Connection: close */
	bool expects;  /* Expect: 100-continue */
};

/* A refusal by the transport itself. status 0: none. `detail` is constant. */
struct msgc__lws_refusal {
	int status;
	int retry_after;
	const char *detail;
	const char *header; /* one more, with its line end; may be NULL */
};

/* lws_head.c */
void msgc__lws_head_read(struct msgc__lws_sock *sock, struct msgc__lws_head *ret,
        struct msgc__lws_refusal *ret_refusal);
const struct msgc_str *msgc__lws_head_find(const struct msgc__lws_head *head, const char *name);
/* Is `word` (lower case) one of the comma-separated words? */
bool msgc__lws_has_word(const struct msgc_str *list, const char *word);

/* lws_guard.c: LWS_CALLBACK_HTTP_CONFIRM_UPGRADE. What the callback returns. */
int msgc__lws_guard(struct msgc__lws_sock *sock);
/* LWS_CALLBACK_ADD_HEADERS: what the answer to a handshake says beside. The same. */
int msgc__lws_guard_headers(struct msgc__lws_sock *sock, struct lws_process_html_args *args);

/* lws_refuse.c */
const char *msgc__lws_status_text(int status);
/* Status line, Date and Connection; `size` bytes at `out`. Returns the length, 0: does not fit. */
size_t msgc__lws_response_start(
        struct msgc__lws_loop *loop, char *out, size_t size, int status, bool keep);
/* Writes the refusal; the caller closes. Negative: the socket is dead. */
int msgc__lws_refuse(
        struct msgc__lws_sock *sock, const struct msgc__lws_refusal *refusal, bool head_only);

/* lws_http.c: callbacks, which return what libwebsockets wants. */
int msgc__lws_http_request(struct msgc__lws_sock *sock);
int msgc__lws_http_body(struct msgc__lws_sock *sock, const void *bytes, size_t len);
int msgc__lws_http_body_end(struct msgc__lws_sock *sock);
void msgc__lws_http_gone(struct msgc__lws_sock *sock);
/* Answered, with a body on its way: it is thrown away for a while. */
void msgc__lws_http_linger(struct msgc__lws_sock *sock);
void msgc__lws_http_deadline(struct msgc__lws_sock *sock);

/* lws_send.c */
void msgc__lws_send_start(struct msgc__lws_sock *sock);
void msgc__lws_send_drop(struct msgc__lws_sock *sock);

/* ---------------------------------------------------------------------------------------- WebSockets */

/* lws_link.c */
int msgc__lws_link_open(struct msgc__lws_sock *sock);
void msgc__lws_link_writable(struct msgc__lws_sock *sock);
int msgc__lws_link_peer_close(
        struct msgc__lws_sock *sock, const unsigned char *payload, size_t len);
/* The core is told that the link has ended; idempotent. */
void msgc__lws_link_end(struct msgc__lws_sock *sock);
void msgc__lws_link_deadline(struct msgc__lws_sock *sock);
void msgc__lws_link_heard(struct msgc__lws_sock *sock);
/* Whole frames, at once. Negative: the socket is dead. */
int msgc__lws_link_write(struct msgc__lws_sock *sock, const void *frames, size_t len);
/* As ops->close. */
void msgc__lws_link_close(struct msgc__lws_sock *sock, uint16_t code, const char *reason);

/* lws_receive.c */
struct msgc__lws_piece {
	const char *bytes;
	size_t len;
	size_t to_come; /* of the same frame */
	bool final;     /* the message ends with it */
	bool binary;    /* of a message's first piece */
	bool deflated;  /* the same */
};
int msgc__lws_receive(struct msgc__lws_sock *sock, const struct msgc__lws_piece *piece);
/* How much more of a message may come; `deflated`: it begins so now. */
static inline size_t msgc__lws_receive_room(const struct msgc__lws_websocket *ws, bool deflated)
{
	return deflated || ws->deflated ? msgc__deflated_limit(ws->limit) - ws->len
	                                : ws->limit - ws->len;
}
/* Closes; the rest of the message is not wanted. */
int msgc__lws_receive_refuse(struct msgc__lws_sock *sock, uint16_t code, const char *reason);
void msgc__lws_receive_drop(struct msgc__lws_sock *sock);

/*
 * lws_reader.c. _may: while the handshake is judged; _start: when the link is open; _pause: as ops->pause; _go_on: at the end of the turn,
 * after MSGC__LWS_TODO_READ; _writable: output is no longer held up; _stop: before the socket is closed, idempotent.
 */
bool msgc__lws_reader_may(const struct msgc__lws_sock *sock);
void msgc__lws_reader_start(struct msgc__lws_sock *sock);
void msgc__lws_reader_pause(struct msgc__lws_sock *sock, bool paused);
void msgc__lws_reader_go_on(struct msgc__lws_sock *sock);
void msgc__lws_reader_writable(struct msgc__lws_sock *sock);
void msgc__lws_reader_stop(struct msgc__lws_sock *sock);
/*
 * A reading, in three steps: what has come, into `room` bytes at `bytes` or into memory of its own; its frames are handed up; what they were
 * answered leaves.
 */
void msgc__lws_reader_receive(struct msgc__lws_sock *sock, char *bytes, size_t room,
        struct msgc__lws_reading *ret_reading);
void msgc__lws_reader_take(struct msgc__lws_sock *sock, const struct msgc__lws_reading *reading);
void msgc__lws_reader_answer(struct msgc__lws_sock *sock);

/*
 * lws_gather.c: sockets with something to read. _add: false: no memory; _drop: before the socket is gone, idempotent; _run: at the end of the
 * round, all of them.
 */
bool msgc__lws_gather_add(struct msgc__lws_sock *sock);
void msgc__lws_gather_drop(struct msgc__lws_sock *sock);
void msgc__lws_gather_run(struct msgc__lws_loop *loop);
void msgc__lws_gather_free(struct msgc__lws_loop *loop);

#endif
