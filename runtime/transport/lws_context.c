/* SPDX-License-Identifier: MIT */
/*
 * libwebsockets' context, its two virtual hosts, and the one callback through which all that it has to tell comes in. It must not decide
 * anything: each reason is handed to the file that knows.
 */
#include <string.h>

#include <msgc/base.h>

#include "lws_internal.h"

enum {
	/* Read at once from a WebSocket, and as much memory for each; rarely is one read here at all (lws_reader.c). */
	RX_BUFFER = 512,
	TX_PACKET = 1 << 28, /* never cut what is written */
};

/*
 * No validity timers of libwebsockets: a sorted list, slow with thousands of connections; pings are ours. A zeroed policy turns them
 * off, a missing one would mean five minutes.
 */
static const lws_retry_bo_t no_policy;

static int receive(struct msgc__lws_sock *sock, const char *bytes, size_t len)
{
	const struct msgc__lws_piece piece = {
	        .bytes = bytes,
	        .len = len,
	        .to_come = lws_remaining_packet_payload(sock->wsi),
	        .final = lws_is_final_fragment(sock->wsi),
	        .binary = lws_frame_is_binary(sock->wsi),
	};

	return msgc__lws_receive(sock, &piece);
}

static int websocket_callback(
        struct msgc__lws_sock *sock, enum lws_callback_reasons reason, void *in, size_t len)
{
	switch (reason) {
	case LWS_CALLBACK_ESTABLISHED:
		msgc__lws_buffer_restore(sock->loop);
		return msgc__lws_link_open(sock);
	case LWS_CALLBACK_RECEIVE: return sock->ws.ours ? -1 : receive(sock, in, len);
	case LWS_CALLBACK_RECEIVE_PONG: msgc__lws_link_heard(sock); return 0;
	case LWS_CALLBACK_SERVER_WRITEABLE: msgc__lws_link_writable(sock); return 0;
	case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE: return msgc__lws_link_peer_close(sock, in, len);
	default: /* LWS_CALLBACK_WS_SERVER_DROP_PROTOCOL comes first, _CLOSED up to seconds later */
		msgc__lws_link_end(sock);
		return 0;
	}
}

static int http_callback(
        struct msgc__lws_sock *sock, enum lws_callback_reasons reason, void *in, size_t len)
{
	switch (reason) {
	case LWS_CALLBACK_HTTP: return msgc__lws_http_request(sock);
	case LWS_CALLBACK_HTTP_BODY: return msgc__lws_http_body(sock, in, len);
	default: return msgc__lws_http_body_end(sock);
	}
}

/* CONNECT would turn a connection into a raw one; the only one that may be is that of lws_buffer.c. */
static int raw_callback(struct lws *wsi, enum lws_callback_reasons reason, void *in)
{
	struct msgc__lws_loop *loop = lws_context_user(lws_get_context(wsi));

	if (!loop->finding_buffer)
		return -1;
	return reason == LWS_CALLBACK_RAW_RX ? msgc__lws_buffer_found(loop, in) : 0;
}

static int callback(
        struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	struct msgc__lws_sock *sock;

	(void)user;
	switch (reason) {
	case LWS_CALLBACK_RAW_ADOPT:
	case LWS_CALLBACK_RAW_RX:
	case LWS_CALLBACK_RAW_WRITEABLE:
	case LWS_CALLBACK_RAW_PROXY_SRV_ADOPT: return raw_callback(wsi, reason, in);
	case LWS_CALLBACK_HTTP_CONFIRM_UPGRADE:
		/* `in` may point to freed memory here (CVE-2025-11677). */
		sock = lws_get_opaque_user_data(wsi);
		return sock ? msgc__lws_guard(sock) : -1;
	case LWS_CALLBACK_ADD_HEADERS:
		sock = lws_get_opaque_user_data(wsi);
		return sock ? msgc__lws_guard_headers(sock, in) : 0;
	case LWS_CALLBACK_HTTP:
	case LWS_CALLBACK_HTTP_BODY:
	case LWS_CALLBACK_HTTP_BODY_COMPLETION:
		sock = lws_get_opaque_user_data(wsi);
		return sock && !msgc__lws_is_websocket(sock) ? http_callback(sock, reason, in, len)
		                                             : -1;
	case LWS_CALLBACK_ESTABLISHED:
	case LWS_CALLBACK_RECEIVE:
	case LWS_CALLBACK_RECEIVE_PONG:
	case LWS_CALLBACK_SERVER_WRITEABLE:
	case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE:
	case LWS_CALLBACK_WS_SERVER_DROP_PROTOCOL:
	case LWS_CALLBACK_CLOSED:
		sock = lws_get_opaque_user_data(wsi);
		return sock && msgc__lws_is_websocket(sock)
		        ? websocket_callback(sock, reason, in, len)
		        : -1;
	case LWS_CALLBACK_SERVER_NEW_CLIENT_INSTANTIATED:
		sock = lws_get_opaque_user_data(wsi);
		if (sock)
			sock->wsi = wsi;
		return sock ? 0 : -1;
	case LWS_CALLBACK_CLOSED_HTTP:
		/* The descriptor is still open: its watcher has to go first. */
		sock = lws_get_opaque_user_data(wsi);
		if (sock && !msgc__lws_is_websocket(sock))
			msgc__lws_send_drop(sock);
		return 0;
	case LWS_CALLBACK_WSI_DESTROY:
		sock = lws_get_opaque_user_data(wsi);
		if (sock)
			msgc__lws_sock_gone(sock);
		return 0;
	default: return 0;
	}
}

static int seconds(int64_t ms)
{
	return (int)(ms / 1000) + 1;
}

static void fill_protocols(struct msgc__lws_loop *loop)
{
	/*
	 * The first serves HTTP and clients without a subprotocol; its name is none that a client can ask for. The second one's is
	 * written by the guard for each handshake. Memory per session has to be asked for: without it libwebsockets does not tell
	 * of the end.
	 */
	loop->protocols[0] = (struct lws_protocols){
	        .name = "no subprotocol",
	        .callback = callback,
	        .per_session_data_size = sizeof(void *),
	        .rx_buffer_size = RX_BUFFER,
	        .tx_packet_size = TX_PACKET,
	};
	loop->protocols[1] = loop->protocols[0];
	loop->protocols[1].name = loop->subprotocol;
}

int msgc__lws_context_open(struct msgc__lws_loop *loop)
{
	const struct msgc__lws_settings *set = &loop->set;
	struct lws_context_creation_info info;
	void *foreign[1] = {loop->ev};
	/* Last resorts only, in case one of our own deadlines were lost; they have to be the longer ones. */
	int64_t longest = set->handshake_ms + set->request_ms + set->keepalive_ms + 10000;

	fill_protocols(loop);
	memset(&info, 0, sizeof(info));
	info.options = LWS_SERVER_OPTION_LIBEV | LWS_SERVER_OPTION_EXPLICIT_VHOSTS;
	if (set->tls_certificate)
		info.options |= LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
	info.foreign_loops = foreign;
	info.protocols = loop->protocols;
	info.pt_serv_buf_size = MSGC__LWS_SERVICE;
	info.max_http_header_data2 = (unsigned)set->header_limit;
	info.retry_and_idle_policy = &no_policy;
	info.timeout_secs = (unsigned)seconds(longest);
	info.timeout_secs_ah_idle = (unsigned)seconds(longest);
	info.keepalive_timeout = seconds(longest);
	info.user = loop;
	loop->context = lws_create_context(&info);
	if (!loop->context)
		goto failed;

	/* Two different ports that are none: a Host header must never lead from one virtual host to the other. */
	info.port = CONTEXT_PORT_NO_LISTEN;
	info.vhost_name = "admin";
	loop->admin_vhost = lws_create_vhost(loop->context, &info);
	info.port = CONTEXT_PORT_NO_LISTEN_SERVER;
	info.vhost_name = "server";
	if (set->tls_certificate) {
		info.ssl_cert_filepath = set->tls_certificate;
		info.ssl_private_key_filepath = set->tls_key;
		info.ssl_options_set =
		        SSL_OP_NO_TLSv1 | SSL_OP_NO_TLSv1_1 | SSL_OP_NO_RENEGOTIATION;
		info.alpn = "http/1.1";
	}
	loop->vhost = lws_create_vhost(loop->context, &info);
	if (loop->vhost && loop->admin_vhost) {
		if (msgc__lws_buffer_find(loop))
			msgc_log(set->server, MSGC_LOG_WARNING, "listen.buffer",
			        "detail=\"frames in the packet of a handshake cannot be kept\"");
		return 0;
	}
failed:
	msgc_log(set->server, MSGC_LOG_ERROR, "listen.failed", "detail=%s",
	        set->tls_certificate && loop->context && !loop->vhost
	                ? "the TLS certificate or its key cannot be used"
	                : "libwebsockets does not start (is its libev plugin installed?)");
	return MSGC_EIO;
}

void msgc__lws_context_close(struct msgc__lws_loop *loop)
{
	lws_context_destroy(loop->context);
	loop->context = NULL;
}
