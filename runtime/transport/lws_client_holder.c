/* SPDX-License-Identifier: MIT */
/*
 * A client's WebSocket as its holder sees it (client/wire.h): queues to the thread that moves the bytes, and back. It must not know when that thread
 * does what.
 */
#include <openssl/ssl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "lws_client.h"

enum {
	RX_BUFFER = 4096,
	FEW_DESCRIPTORS = 16, /* a socket, and what libwebsockets itself needs */
};

/* ------------------------------------------------------------------------------------------------ queues */

static size_t padded(size_t len)
{
	return (len + MSGC_PADDING + MSGC__WIRE_GAP - 1) / MSGC__WIRE_GAP * MSGC__WIRE_GAP;
}

bool msgc__wire_put(
        struct msgc_buf *queue, const struct msgc__wire_record *record, const char *text)
{
	size_t len = record->len;
	char *to = len < SIZE_MAX / 4
	        ? msgc_buf_reserve(queue, (size_t)MSGC__WIRE_GAP * 2 + padded(len))
	        : NULL;

	if (!to)
		return false;
	memcpy(to, record, sizeof(*record));
	if (len > 0)
		memcpy(to + MSGC__WIRE_GAP * 2, text, len);
	memset(to + MSGC__WIRE_GAP * 2 + len, 0, padded(len) - len);
	queue->len += (size_t)MSGC__WIRE_GAP * 2 + padded(len);
	return true;
}

char *msgc__wire_take(struct msgc_buf *queue, size_t *at, struct msgc__wire_record *ret)
{
	char *text = queue->data + *at + MSGC__WIRE_GAP * 2;

	memcpy(ret, queue->data + *at, sizeof(*ret));
	*at += (size_t)MSGC__WIRE_GAP * 2 + padded(ret->len);
	return text;
}

/* ---------------------------------------------------------------------------------------- from beginning to end */

/*
 * Whom to trust. libwebsockets would do it alike, but finds its own again by a number that each new context of the process replaces: with two clients
 * it would lose one's authorities, 700 kB, for good.
 */
static bool make_tls(struct msgc__wire *wire)
{
	if (!wire->limits.is_tls)
		return true;
	wire->tls = SSL_CTX_new(TLS_client_method());
	if (!wire->tls || !SSL_CTX_set_min_proto_version(wire->tls, TLS1_2_VERSION))
		return false;
	SSL_CTX_set_mode(wire->tls, SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
	SSL_CTX_set_options(wire->tls, SSL_OP_NO_COMPRESSION);
	return wire->ca_file ? SSL_CTX_load_verify_file(wire->tls, wire->ca_file) == 1
	                     : SSL_CTX_set_default_verify_paths(wire->tls) == 1;
}

static bool make_context(struct msgc__wire *wire)
{
	struct lws_context_creation_info info;

	wire->protocols[0] = (struct lws_protocols){.name = "msgc-client",
	        .callback = msgc__wire_callback,
	        .rx_buffer_size = RX_BUFFER};
	memset(&info, 0, sizeof(info));
	info.port = CONTEXT_PORT_NO_LISTEN;
	info.protocols = wire->protocols;
	if (wire->limits.deflate) {
		msgc__wire_packing_extension(wire->extensions);
		info.extensions = wire->extensions;
	} else { /* what is deflated is no UTF-8 */
		info.options = LWS_SERVER_OPTION_VALIDATE_UTF8;
	}
	if (wire->tls) {
		info.options |= LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
		info.provided_client_ssl_ctx = wire->tls;
	}
	info.fd_limit_per_thread = FEW_DESCRIPTORS;
	info.max_http_header_data = 16384;
	info.user = wire;
	wire->context = lws_create_context(&info);
	return wire->context != NULL;
}

/* Signals are the program's. */
static bool start_thread(struct msgc__wire *wire)
{
	sigset_t all, before;
	bool started;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	started = pthread_create(&wire->thread, NULL, msgc__wire_run, wire) == 0;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return started;
}

int msgc__wire_new(int wake_fd, const struct msgc__wire_limits *limits, struct msgc__wire **ret)
{
	struct msgc__wire *wire = calloc(1, sizeof(*wire));

	if (!wire)
		return MSGC_ENOMEM;
	wire->wake_fd = wake_fd;
	wire->limits = *limits;
	wire->ca_file = limits->ca_file ? strdup(limits->ca_file) : NULL;
	pthread_mutex_init(&wire->lock, NULL);
	msgc__lws_log_to(NULL);
	if ((limits->ca_file && !wire->ca_file) || !make_tls(wire) || !make_context(wire) ||
	        !start_thread(wire)) {
		if (wire->context)
			lws_context_destroy(wire->context);
		SSL_CTX_free(wire->tls);
		pthread_mutex_destroy(&wire->lock);
		free(wire->ca_file);
		free(wire);
		return MSGC_EIO;
	}
	*ret = wire;
	return MSGC_OK;
}

void msgc__wire_free(struct msgc__wire *wire)
{
	if (!wire)
		return;
	pthread_mutex_lock(&wire->lock);
	wire->stop = true;
	if (wire->wanted) {
		wire->closing = wire->wanted;
		wire->close_code = 1000;
	}
	wire->wanted = 0;
	pthread_mutex_unlock(&wire->lock);
	lws_cancel_service(wire->context);
	pthread_join(wire->thread, NULL);
	lws_context_destroy(wire->context);
	SSL_CTX_free(wire->tls);
	pthread_mutex_destroy(&wire->lock);
	msgc_buf_free(&wire->in);
	msgc_buf_free(&wire->out);
	msgc_buf_free(&wire->reading);
	msgc_buf_free(&wire->writing);
	msgc_buf_free(&wire->partial);
	msgc__wire_packing_free(wire);
	free(wire->target_memory);
	free(wire->next_memory);
	free(wire->ca_file);
	free(wire);
}

static size_t text_size(const char *text)
{
	return text ? strlen(text) + 1 : 0;
}

static const char *copy_text(char **to, const char *text)
{
	char *copy = *to;
	size_t size = text_size(text);

	if (!text)
		return NULL;
	memcpy(copy, text, size);
	*to += size;
	return copy;
}

/* All texts of a target in one piece of memory. */
static char *copy_target(const struct msgc__wire_target *from, struct msgc__wire_target *to)
{
	size_t size = text_size(from->host) + text_size(from->authority) + text_size(from->path) +
	        text_size(from->protocols) + text_size(from->headers);
	char *memory = malloc(size), *at = memory;

	if (!memory)
		return NULL;
	*to = *from;
	to->host = copy_text(&at, from->host);
	to->authority = copy_text(&at, from->authority);
	to->path = copy_text(&at, from->path);
	to->protocols = copy_text(&at, from->protocols);
	to->headers = copy_text(&at, from->headers);
	return memory;
}

int msgc__wire_open(struct msgc__wire *wire, const struct msgc__wire_target *target)
{
	struct msgc__wire_target copy;
	char *memory = copy_target(target, &copy), *old;

	if (!memory)
		return MSGC_ENOMEM;
	pthread_mutex_lock(&wire->lock);
	wire->last = wire->last == UINT32_MAX ? 1 : wire->last + 1;
	wire->wanted = wire->last;
	wire->is_begun = false;
	wire->next = copy;
	old = wire->next_memory;
	wire->next_memory = memory;
	msgc_buf_reset(&wire->in);
	msgc_buf_reset(&wire->out);
	wire->is_full = false;
	pthread_mutex_unlock(&wire->lock);
	lws_cancel_service(wire->context);
	free(old);
	return MSGC_OK;
}

int msgc__wire_send(struct msgc__wire *wire, struct msgc_str text)
{
	struct msgc__wire_record record = {.len = text.len};
	int result = MSGC_OK;
	size_t waiting;

	pthread_mutex_lock(&wire->lock);
	record.number = wire->wanted;
	waiting = wire->out.len + wire->writing_left;
	if (waiting > 0 && (waiting >= wire->limits.out || text.len > wire->limits.out - waiting)) {
		wire->is_full = true;
		result = MSGC_EBUSY;
	} else if (!msgc__wire_put(&wire->out, &record, text.ptr)) {
		wire->out.error = 0;
		result = MSGC_ENOMEM;
	}
	pthread_mutex_unlock(&wire->lock);
	lws_cancel_service(wire->context);
	return result;
}

void msgc__wire_close(struct msgc__wire *wire, uint16_t code, const char *reason)
{
	pthread_mutex_lock(&wire->lock);
	wire->closing = wire->wanted;
	wire->wanted = 0;
	wire->close_code = code;
	strncpy(wire->close_reason, reason, MSGC__WIRE_REASON_MAX);
	pthread_mutex_unlock(&wire->lock);
	lws_cancel_service(wire->context);
}

void msgc__wire_drop(struct msgc__wire *wire)
{
	pthread_mutex_lock(&wire->lock);
	wire->wanted = 0;
	wire->closing = 0;
	pthread_mutex_unlock(&wire->lock);
	lws_cancel_service(wire->context);
}

/* Takes over all that waits at once; what follows is read without a lock. */
static void take_all(struct msgc__wire *wire)
{
	struct msgc_buf empty = wire->reading;
	bool was_paused;

	msgc_buf_reset(&empty);
	pthread_mutex_lock(&wire->lock);
	wire->reading = wire->in;
	wire->in = empty;
	was_paused = wire->is_paused;
	pthread_mutex_unlock(&wire->lock);
	wire->read = 0;
	if (was_paused)
		lws_cancel_service(wire->context);
}

bool msgc__wire_next(struct msgc__wire *wire, struct msgc__wire_event *ret)
{
	struct msgc__wire_record record;
	char *text;

	for (;;) {
		if (wire->read == wire->reading.len)
			take_all(wire);
		if (wire->read == wire->reading.len)
			return false;
		text = msgc__wire_take(&wire->reading, &wire->read, &record);
		/* `wanted` is written by this thread alone. */
		if (record.number != wire->wanted || record.number == 0)
			continue;
		*ret = (struct msgc__wire_event){.kind = (enum msgc__wire_kind)record.kind,
		        .text = text,
		        .len = record.len,
		        .code = record.code,
		        .status = record.status,
		        .retry_after = record.retry_after};
		return true;
	}
}
