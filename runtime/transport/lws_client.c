/* SPDX-License-Identifier: MIT */
/*
 * The thread of a client's WebSocket over libwebsockets: handshake, TLS, masking and frames are the library's. A thread of its own, so that neither
 * looking up a name nor a program's own loop ever waits for the other. It must not know what is in a message.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "lws_client.h"

enum {
	FAREWELL_MS = 1000,
	CODE_BINARY = 1003,
	CODE_NONE = 1005,
	CODE_LOST = 1006,
	CODE_TOO_BIG = 1009,
	CODE_PROTOCOL = 1002,
};

static int64_t clock_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void wake_holder(const struct msgc__wire *wire)
{
	const uint64_t one = 1;

	while (write(wire->wake_fd, &one, sizeof(one)) < 0 && errno == EINTR)
		;
}

/* Tells the holder. False: no memory, and the connection cannot go on. */
static bool tell(struct msgc__wire *wire, struct msgc__wire_record record, const char *text)
{
	bool is_told;

	record.number = wire->number;
	pthread_mutex_lock(&wire->lock);
	is_told = msgc__wire_put(&wire->in, &record, text);
	if (!is_told)
		msgc_buf_reset(&wire->in);
	if (wire->in.len > wire->limits.frame && !wire->is_paused && wire->phase == PHASE_OPEN) {
		wire->is_paused = true;
		lws_rx_flow_control(wire->wsi, 0);
	}
	pthread_mutex_unlock(&wire->lock);
	wake_holder(wire);
	return is_told;
}

/* ---------------------------------------------------------------------------------------- the connection's end */

static void forget(struct msgc__wire *wire)
{
	wire->wsi = NULL;
	wire->phase = PHASE_NONE;
	msgc_buf_reset(&wire->partial);
	wire->is_inside = wire->packing.is_agreed = false;
	pthread_mutex_lock(&wire->lock);
	msgc_buf_reset(&wire->writing);
	wire->written = wire->writing_left = 0;
	pthread_mutex_unlock(&wire->lock);
}

static void tell_end(struct msgc__wire *wire, uint16_t status, uint32_t retry_after)
{
	struct msgc__wire_record record = {.kind = MSGC__WIRE_CLOSED,
	        .code = wire->end_code ? wire->end_code : CODE_LOST,
	        .status = status,
	        .retry_after = retry_after,
	        .len = wire->end_len};

	/* The end is told even where there is no memory left: its record is put where others were. */
	if (!tell(wire, record, wire->end_reason)) {
		record.len = 0;
		(void)tell(wire, record, "");
	}
	forget(wire);
	wire->number = 0;
}

static void set_end(struct msgc__wire *wire, uint16_t code, const char *reason, size_t len)
{
	wire->end_code = code;
	wire->end_len = len < MSGC__WIRE_REASON_MAX ? len : MSGC__WIRE_REASON_MAX;
	memcpy(wire->end_reason, reason, wire->end_len);
}

/* Closes for what the other side has done. */
static int give_up(struct msgc__wire *wire, uint16_t code, const char *reason)
{
	set_end(wire, code, reason, strlen(reason));
	lws_close_reason(wire->wsi, (enum lws_close_status)code, (unsigned char *)wire->end_reason,
	        wire->end_len);
	return -1;
}

static int peer_closes(struct msgc__wire *wire, const uint8_t *in, size_t len)
{
	if (len >= 2)
		set_end(wire, (uint16_t)(in[0] << 8 | in[1]), (const char *)in + 2, len - 2);
	else
		set_end(wire, CODE_NONE, "", 0); /* a CLOSE frame without a code */
	return 0;
}

/* -------------------------------------------------------------------------------------------- the handshake */

static int put_headers(struct msgc__wire *wire, char **at, size_t room)
{
	size_t len = wire->target.headers ? strlen(wire->target.headers) : 0;

	if (len >= room)
		return -1;
	if (len > 0)
		memcpy(*at, wire->target.headers, len);
	*at += len;
	return 0;
}

/* The seconds of Retry-After; a date, or none, is 0. */
static uint32_t retry_after(struct lws *wsi)
{
	char text[16];
	unsigned long seconds;

	if (lws_hdr_copy(wsi, text, sizeof(text), WSI_TOKEN_HTTP_RETRY_AFTER) <= 0)
		return 0;
	seconds = strtoul(text, NULL, 10);
	return seconds > 86400 ? 86400 : (uint32_t)seconds;
}

static int failed(struct msgc__wire *wire, struct lws *wsi, const char *why, size_t len)
{
	unsigned status = wsi ? lws_http_client_http_response(wsi) : 0;

	set_end(wire, CODE_LOST, why ? why : "",
	        why ? strnlen(why, len ? len : MSGC__WIRE_REASON_MAX) : 0);
	tell_end(wire, status < 1000 ? (uint16_t)status : 0, status >= 400 ? retry_after(wsi) : 0);
	return 0;
}

static int opened(struct msgc__wire *wire)
{
	wire->phase = PHASE_OPEN;
	lws_callback_on_writable(wire->wsi);
	return tell(wire, (struct msgc__wire_record){.kind = MSGC__WIRE_OPENED}, "")
	        ? 0
	        : give_up(wire, CODE_LOST, "out of memory");
}

static struct lws *connect_now(struct msgc__wire *wire, const struct msgc__wire_target *target)
{
	struct lws_client_connect_info info;

	memset(&info, 0, sizeof(info));
	info.context = wire->context;
	info.address = target->host;
	info.port = target->port;
	info.path = target->path;
	info.host = target->authority;
	info.protocol = target->protocols;
	info.local_protocol_name = wire->protocols[0].name;
	info.ietf_version_or_minus_one = -1;
	info.ssl_connection =
	        (target->is_tls ? LCCSCF_USE_SSL : 0) | LCCSCF_HTTP_NO_FOLLOW_REDIRECT;
	info.alpn = "http/1.1";
	info.opaque_user_data = (void *)(uintptr_t)wire->number;
	info.pwsi = &wire->wsi;
	return lws_client_connect_via_info(&info);
}

/* Takes the target over: the holder may have another one meanwhile. */
static void begin(struct msgc__wire *wire)
{
	uint32_t number;

	pthread_mutex_lock(&wire->lock);
	free(wire->target_memory);
	wire->target = wire->next;
	wire->target_memory = wire->next_memory;
	wire->next_memory = NULL;
	wire->number = number = wire->wanted;
	wire->is_begun = true;
	pthread_mutex_unlock(&wire->lock);
	wire->phase = PHASE_CONNECTING;
	wire->end_code = 0;
	wire->end_len = 0;
	if (!connect_now(wire, &wire->target) && wire->number == number)
		failed(wire, NULL, "it cannot be connected to", 0);
}

/* ------------------------------------------------------------------------------------------------- frames */

static int receive(struct msgc__wire *wire, const char *in, size_t len)
{
	struct lws *wsi = wire->wsi;
	struct msgc__wire_record record = {.kind = MSGC__WIRE_TEXT};
	const char *text;
	uint16_t code;

	if (wire->phase != PHASE_OPEN)
		return 0;
	if (lws_frame_is_binary(wsi))
		return give_up(wire, CODE_BINARY, "binary frame");
	if (!msgc__wire_packing_begins(wire, wsi))
		return give_up(wire, CODE_PROTOCOL, "reserved bits");
	if (len > msgc__wire_packing_limit(wire) - wire->partial.len)
		return give_up(wire, CODE_TOO_BIG, "message too big");
	msgc_buf_append(&wire->partial, in, len);
	if (lws_remaining_packet_payload(wsi) > 0 || !lws_is_final_fragment(wsi))
		return 0;
	wire->is_inside = false;
	code = wire->partial.error ? CODE_LOST : msgc__wire_packing_read(wire, &text, &record.len);
	if (code && code != CODE_LOST)
		return give_up(wire, code, "not readable");
	if (code || !tell(wire, record, text))
		return give_up(wire, CODE_LOST, "out of memory");
	msgc_buf_reset(&wire->partial);
	return 0;
}

/* The next text that waits, of this connection; false: none. */
static bool next_text(struct msgc__wire *wire, struct msgc__wire_record *ret, char **ret_text)
{
	struct msgc_buf empty;
	bool found;

	do {
		pthread_mutex_lock(&wire->lock);
		if (wire->written == wire->writing.len) {
			empty = wire->writing;
			msgc_buf_reset(&empty);
			wire->writing = wire->out;
			wire->out = empty;
			wire->written = 0;
		}
		found = wire->written < wire->writing.len;
		if (found)
			*ret_text = msgc__wire_take(&wire->writing, &wire->written, ret);
		wire->writing_left = wire->writing.len - wire->written;
		pthread_mutex_unlock(&wire->lock);
	} while (found && ret->number != wire->number);
	return found;
}

static void tell_room(struct msgc__wire *wire)
{
	bool is_awaited;

	pthread_mutex_lock(&wire->lock);
	is_awaited = wire->is_full && wire->out.len + wire->writing_left <= wire->limits.out / 2;
	if (is_awaited)
		wire->is_full = false;
	pthread_mutex_unlock(&wire->lock);
	if (is_awaited)
		(void)tell(wire, (struct msgc__wire_record){.kind = MSGC__WIRE_ROOM}, "");
}

static int say_farewell(struct msgc__wire *wire)
{
	pthread_mutex_lock(&wire->lock);
	lws_close_reason(wire->wsi, (enum lws_close_status)wire->close_code,
	        (unsigned char *)wire->close_reason, strlen(wire->close_reason));
	pthread_mutex_unlock(&wire->lock);
	return -1;
}

/* One text a call: what libwebsockets has not got rid of yet must not be mixed with another frame. */
static int write_next(struct msgc__wire *wire)
{
	struct msgc__wire_record record;
	char *text;
	int result;

	if (wire->phase != PHASE_OPEN && wire->phase != PHASE_CLOSING)
		return 0;
	if (lws_partial_buffered(wire->wsi)) {
		lws_callback_on_writable(wire->wsi);
		return 0;
	}
	if (!next_text(wire, &record, &text)) {
		tell_room(wire);
		return wire->phase == PHASE_CLOSING ? say_farewell(wire) : 0;
	}
	result = msgc__wire_packing_write(wire, text, record.len);
	if (result < 0 ||
	        (result == 0 &&
	                lws_write(wire->wsi, (unsigned char *)text, record.len, LWS_WRITE_TEXT) <
	                        0))
		return -1;
	tell_room(wire);
	lws_callback_on_writable(wire->wsi);
	return 0;
}

/* ----------------------------------------------------------------------------------------------- callbacks */

int msgc__wire_callback(
        struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	struct msgc__wire *wire = lws_context_user(lws_get_context(wsi));
	uint32_t number = (uint32_t)(uintptr_t)lws_get_opaque_user_data(wsi);
	bool is_ours = wire && number != 0 && number == wire->number;

	(void)user;
	switch (reason) {
	case LWS_CALLBACK_CLIENT_APPEND_HANDSHAKE_HEADER:
		return is_ours ? put_headers(wire, in, len) : -1;
	case LWS_CALLBACK_CLIENT_FILTER_PRE_ESTABLISH:
		return !is_ours || msgc__wire_packing_agree(wire, wsi) ? 0 : -1;
	case LWS_CALLBACK_CLIENT_ESTABLISHED:
		if (is_ours)
			wire->wsi = wsi;
		return is_ours ? opened(wire) : -1;
	case LWS_CALLBACK_CLIENT_CONNECTION_ERROR: return is_ours ? failed(wire, wsi, in, len) : 0;
	case LWS_CALLBACK_CLIENT_RECEIVE: return is_ours ? receive(wire, in, len) : -1;
	case LWS_CALLBACK_CLIENT_WRITEABLE: return is_ours ? write_next(wire) : -1;
	case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE: return is_ours ? peer_closes(wire, in, len) : 0;
	case LWS_CALLBACK_CLIENT_CLOSED:
		if (is_ours)
			tell_end(wire, 0, 0);
		return 0;
	default: return 0;
	}
}

/* ------------------------------------------------------------------------------------------------ the thread */

/* Lets go of the connection that is there: in good order where it is open and nobody wants it quickly. */
static void let_go(struct msgc__wire *wire, bool at_once)
{
	struct lws *wsi = wire->wsi;

	if (!wire->number)
		return;
	if (!at_once && wire->phase == PHASE_OPEN) {
		wire->phase = PHASE_CLOSING;
		lws_rx_flow_control(wsi, 1);
		lws_callback_on_writable(wsi);
		return;
	}
	if (wire->phase == PHASE_CLOSING && !at_once)
		return;
	wire->number = 0;
	forget(wire);
	if (wsi)
		lws_set_timeout(wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_ASYNC);
}

/* What the holder wishes. True: to go on. */
static bool obey(struct msgc__wire *wire)
{
	uint32_t wanted, closing;
	bool stop, resume, begun;

	pthread_mutex_lock(&wire->lock);
	wanted = wire->wanted;
	closing = wire->closing;
	stop = wire->stop;
	resume = wire->is_paused && wire->in.len == 0;
	if (resume)
		wire->is_paused = false;
	begun = wire->is_begun;
	pthread_mutex_unlock(&wire->lock);

	if (wire->number && wire->number != wanted)
		let_go(wire, wire->number != closing || (wanted != 0 && !stop));
	if (!wire->number && wanted && !begun && !stop)
		begin(wire);
	if (resume && wire->phase == PHASE_OPEN)
		lws_rx_flow_control(wire->wsi, 1);
	if (wire->phase == PHASE_OPEN)
		lws_callback_on_writable(wire->wsi);
	return !stop;
}

void *msgc__wire_run(void *arg)
{
	struct msgc__wire *wire = arg;
	int64_t until;

	while (obey(wire))
		lws_service(wire->context, 0);
	until = clock_ms() + FAREWELL_MS;
	while (wire->phase == PHASE_CLOSING && clock_ms() < until) {
		/* Woken so that the time is looked at. */
		lws_set_timer_usecs(wire->wsi, 50 * LWS_US_PER_MS);
		lws_service(wire->context, 0);
	}
	let_go(wire, true);
	return NULL;
}
