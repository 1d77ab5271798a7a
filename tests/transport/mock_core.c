/* SPDX-License-Identifier: MIT */
/* See mock_core.h: the WebSocket half, the worker's turn, and starting and stopping. */
#define _GNU_SOURCE
#include "mock_core.h"

#include <check.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../../runtime/server/core.h"
#include "../../runtime/server/worker.h"
#include "../../runtime/transport/lws.h"
#include "../../runtime/transport/transport.h"

enum { OUTBOX_MAX = 1 << 20, LOG_MAX = 1 << 16, WAIT_MS = 20000 };

struct msgc__admission {
	size_t limit;
	bool no_memory;
};

struct msgc_connection {
	const struct msgc__link_ops *ops;
	void *link;
	struct msgc_connection *next, **prev;
	size_t limit, len;
	char *outbox;
	int64_t resume_at;   /* 0: not paused */
	uint16_t close_code; /* to be closed once the outbox is empty; 0: no */
	char close_reason[128];
	bool told_close, silent, waiting;
};

struct mock_counts mock_counts;

static struct msgc_server server;
static struct msgc__worker worker;
static void *loop;
static pthread_t thread;
static atomic_uintptr_t owner; /* the thread that runs the loop */
static struct msgc_connection *connections;
static atomic_bool want_stop, want_stop_accepting, want_count;
static atomic_size_t sockets;
static char log_text[LOG_MAX];
static size_t log_len;
static pthread_mutex_t log_lock = PTHREAD_MUTEX_INITIALIZER;

int64_t mock_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void rule(bool kept, const char *text)
{
	if (kept)
		return;
	fprintf(stderr, "mock core: rule broken: %s\n", text);
	mock_counts.wrong++;
}

static void on_worker(void)
{
	rule((uintptr_t)pthread_self() == owner, "called from another thread");
}

/* ---------------------------------------------------------------------------------------------- output */

static void put(struct msgc_connection *connection, const char *text, size_t len)
{
	unsigned char head[10] = {0x81};
	size_t head_len = 2, i;

	if (len < 126) {
		head[1] = (unsigned char)len;
	} else if (len < 65536) {
		head[1] = 126;
		head[2] = (unsigned char)(len >> 8);
		head[3] = (unsigned char)len;
		head_len = 4;
	} else {
		head[1] = 127;
		for (i = 0; i < 8; i++)
			head[2 + i] = (unsigned char)((uint64_t)len >> (56 - 8 * i));
		head_len = 10;
	}
	if (connection->close_code || connection->told_close)
		return;
	if (connection->len + head_len + len > OUTBOX_MAX) {
		connection->close_code = 4408;
		snprintf(connection->close_reason, sizeof(connection->close_reason), "too slow");
		return;
	}
	memcpy(connection->outbox + connection->len, head, head_len);
	memcpy(connection->outbox + connection->len + head_len, text, len);
	connection->len += head_len + len;
	if (connection->len > mock_counts.outbox_most)
		mock_counts.outbox_most = connection->len;
}

static void flush(struct msgc_connection *connection)
{
	const struct msgc__link_ops *ops = connection->ops;

	if (connection->len && !connection->waiting) {
		size_t len = connection->len;

		connection->len = 0;
		if (ops->write(connection->link, connection->outbox, len))
			return;
		connection->waiting = ops->congested(connection->link);
	}
	if (connection->close_code && !connection->told_close &&
	        (!connection->len || connection->close_code == 4408)) {
		connection->told_close = true;
		ops->close(connection->link, connection->close_code, connection->close_reason);
	}
}

/* ------------------------------------------------------------------------------------------- handshake */

static const struct msgc_str *header(const struct msgc__request *request, const char *name)
{
	size_t i;

	for (i = 0; i < request->header_count; i++)
		if (!strcmp(request->headers[i].name, name))
			return &request->headers[i].value;
	return NULL;
}

static bool path_is(const struct msgc__request *request, const char *path)
{
	return msgc_str_equal(request->path, msgc_str_from(path));
}

/* At /deflate permessage-deflate is spoken. */
static void agree(const struct msgc__request *request, struct msgc__verdict *verdict)
{
	static char answer[MSGC__DEFLATE_ANSWER_MAX];
	const struct msgc_str *offers = header(request, "sec-websocket-extensions");
	struct msgc__deflate_terms terms;

	if (request->may_deflate)
		mock_counts.might_deflate++;
	if (!path_is(request, "/deflate") || !request->may_deflate || !offers ||
	        !msgc__deflate_choose(*offers, &terms))
		return;
	verdict->extensions = msgc_str_of(answer, msgc__deflate_answer(&terms, answer));
}

void msgc__worker_handshake(struct msgc__worker *of, const struct msgc__request *request,
        struct msgc__verdict *ret_verdict)
{
	const struct msgc_str *offered = header(request, "sec-websocket-protocol");

	on_worker();
	rule(of == &worker, "another worker's handshake");
	mock_counts.handshakes++;
	agree(request, ret_verdict);
	ret_verdict->status = 101;
	if (path_is(request, "/busy")) {
		*ret_verdict = (struct msgc__verdict){
		        .status = 503, .retry_after = 7, .detail = "too many connections"};
		return;
	}
	if (!path_is(request, "/echo") && !path_is(request, "/small") &&
	        !path_is(request, "/dry") && !path_is(request, "/deflate")) {
		*ret_verdict = (struct msgc__verdict){.status = 404, .detail = "no such path"};
		return;
	}
	if (offered && memmem(offered->ptr, offered->len, "ocpp1.6", 7))
		ret_verdict->subprotocol = MSGC_STR("ocpp1.6");
	else if (offered && memmem(offered->ptr, offered->len, "one", 3))
		ret_verdict->subprotocol = MSGC_STR("one");
	ret_verdict->admission = calloc(1, sizeof(*ret_verdict->admission));
	ret_verdict->admission->limit = path_is(request, "/small") ? 1000
	        : path_is(request, "/deflate")                     ? 65536
	                                                           : 8 << 20;
	ret_verdict->admission->no_memory = path_is(request, "/dry");
}

void msgc__admission_drop(struct msgc__admission *admission)
{
	on_worker();
	mock_counts.dropped++;
	free(admission);
}

struct msgc_connection *msgc__connection_open(struct msgc__worker *of,
        struct msgc__admission *admission, const struct msgc__link_ops *ops, void *link)
{
	struct msgc_connection *connection;

	on_worker();
	rule(of == &worker, "another worker's link");
	if (admission->no_memory) {
		msgc__admission_drop(admission);
		return NULL;
	}
	connection = calloc(1, sizeof(*connection));
	connection->ops = ops;
	connection->link = link;
	connection->limit = admission->limit;
	connection->outbox = malloc(OUTBOX_MAX);
	connection->next = connections;
	connection->prev = &connections;
	if (connections)
		connections->prev = &connection->next;
	connections = connection;
	free(admission);
	mock_counts.opened++;
	return connection;
}

size_t msgc__connection_frame_limit(const struct msgc_connection *connection)
{
	return connection->limit;
}

/* ---------------------------------------------------------------------------------------------- input */

static void command(struct msgc_connection *connection, const char *text)
{
	unsigned code = 0, count = 0, size = 0, i;
	char line[64];
	int at = 0;

	if (sscanf(text, "!close %u %n", &code, &at) == 1) {
		connection->close_code = (uint16_t)code;
		snprintf(connection->close_reason, sizeof(connection->close_reason), "%s",
		        text + at);
	} else if (!strcmp(text, "!abort")) {
		connection->ops->abort(connection->link);
	} else if (sscanf(text, "!sleep %u", &count) == 1) {
		struct timespec span = {0, (long)count * 1000000};

		nanosleep(&span, NULL);
	} else if (!strcmp(text, "!number")) {
		int len = snprintf(line, sizeof(line), "%d", (int)mock_counts.texts);

		put(connection, line, (size_t)len);
	} else if (!strcmp(text, "!silent")) {
		connection->silent = true;
	} else if (sscanf(text, "!pause %u", &count) == 1) {
		connection->resume_at = mock_now() + count;
		connection->ops->pause(connection->link, true);
	} else if (sscanf(text, "!flood %u %u", &count, &size) == 2) {
		char *body = calloc(1, size + 1);

		memset(body, 'f', size);
		for (i = 0; i < count; i++)
			put(connection, body, size);
		free(body);
	} else if (sscanf(text, "!say %u", &count) == 1) {
		for (i = 0; i < count; i++) {
			int len = snprintf(line, sizeof(line), "line %u", i);

			put(connection, line, (size_t)len);
		}
		put(connection, "end", 3);
	}
}

void msgc__connection_text(struct msgc_connection *connection, char *text, size_t len)
{
	size_t i;

	on_worker();
	rule(!connection->told_close, "input after close");
	rule(!connection->resume_at, "input while paused");
	rule(len <= connection->limit, "a message beyond the limit");
	mock_counts.texts++;
	if (len > mock_counts.longest_text)
		mock_counts.longest_text = len;
	for (i = 0; i < MSGC_PADDING; i++)
		text[len + i] = '\0'; /* the padding may be written to */
	if (!msgc_utf8_valid(text, len)) {
		connection->close_code = 1007;
		snprintf(connection->close_reason, sizeof(connection->close_reason), "not UTF-8");
	} else if (text[0] == '!') {
		command(connection, text);
	} else if (!connection->silent) {
		put(connection, text, len);
	}
}

void msgc__worker_reading(struct msgc__worker *of)
{
	(void)of;
	on_worker();
}

void msgc__connection_inflated(struct msgc_connection *connection, size_t from, size_t to)
{
	on_worker();
	rule(to <= connection->limit, "inflated beyond the limit");
	mock_counts.inflated++;
	mock_counts.inflated_from += from;
	mock_counts.inflated_to += to;
}

void msgc__connection_read(struct msgc_connection *connection)
{
	(void)connection;
	on_worker();
}

void msgc__connection_binary(struct msgc_connection *connection)
{
	on_worker();
	mock_counts.binaries++;
	connection->close_code = 1003;
}

void msgc__connection_writable(struct msgc_connection *connection)
{
	on_worker();
	rule(!connection->ops->congested(connection->link), "writable, yet congested");
	mock_counts.writable++;
	connection->waiting = false;
}

void msgc__connection_closed(struct msgc_connection *connection, uint16_t code)
{
	mock_counts.last_code = code; /* first: tests wait for the count */
	mock_counts.closed++;
	*connection->prev = connection->next;
	if (connection->next)
		connection->next->prev = connection->prev;
	free(connection->outbox);
	free(connection);
}

/* ---------------------------------------------------------------------------------------------- turns */

static int64_t sooner(int64_t a, int64_t b)
{
	return a < 0 || (b >= 0 && b < a) ? b : a;
}

int64_t msgc__worker_turn(struct msgc__worker *of)
{
	struct msgc_connection *connection, *next;
	int64_t now = mock_now(), wait = -1;

	rule(of == &worker, "another worker's turn");
	mock_counts.turns++;
	wait = sooner(wait, mock_http_turn(now));
	for (connection = connections; connection; connection = next) {
		next = connection->next;
		if (connection->resume_at && connection->resume_at <= now) {
			connection->resume_at = 0;
			connection->ops->pause(connection->link, false);
		} else if (connection->resume_at) {
			wait = sooner(wait, connection->resume_at - now);
		}
		flush(connection);
	}
	/* Done first, told afterwards: who asked waits for the flag to fall. */
	if (atomic_load(&want_count)) {
		sockets = msgc__lws_sockets(loop);
		atomic_store(&want_count, false);
	}
	if (atomic_load(&want_stop_accepting)) {
		msgc__lws_transport.stop_accepting(loop);
		atomic_store(&want_stop_accepting, false);
	}
	if (atomic_exchange(&want_stop, false))
		msgc__lws_transport.stop(loop);
	return wait;
}

void msgc_log(struct msgc_server *of, enum msgc_log_level level, const char *event,
        const char *format, ...)
{
	char line[2048];
	va_list args;

	(void)of;
	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	pthread_mutex_lock(&log_lock);
	if (log_len < LOG_MAX - 1)
		log_len += (size_t)snprintf(log_text + log_len, LOG_MAX - log_len, "%d %s %s\n",
		        (int)level, event, line);
	if (log_len > LOG_MAX - 1)
		log_len = LOG_MAX - 1;
	pthread_mutex_unlock(&log_lock);
}

const char *mock_log(void)
{
	static char copy[LOG_MAX];

	pthread_mutex_lock(&log_lock);
	memcpy(copy, log_text, log_len);
	copy[log_len] = '\0';
	pthread_mutex_unlock(&log_lock);
	return copy;
}

void mock_await(const atomic_int *counter, int value)
{
	int64_t until = mock_now() + WAIT_MS;

	while (atomic_load(counter) < value && mock_now() < until)
		usleep(1000);
	ck_assert_int_eq(atomic_load(counter), value);
}

void mock_await_log(const char *text)
{
	int64_t until = mock_now() + WAIT_MS;

	while (!strstr(mock_log(), text) && mock_now() < until)
		usleep(1000);
	ck_assert_msg(
	        strstr(mock_log(), text) != NULL, "%s is not in the log: %s", text, mock_log());
}

unsigned mock_log_lines(void)
{
	const char *text = mock_log();
	unsigned lines = 0;

	for (; *text; text++)
		lines += *text == '\n';
	return lines;
}

size_t msgc__http_header_names(const struct msgc__http *http, const char *const **ret_names)
{
	static const char *const names[] = {"host", "x-forwarded-proto", "x-custom", "cookie"};

	(void)http;
	*ret_names = names;
	return sizeof(names) / sizeof(names[0]);
}

/* ------------------------------------------------------------------------------------- start and stop */

static int64_t or_else(int64_t value, int64_t otherwise)
{
	return value ? value : otherwise;
}

static void *run(void *arg)
{
	(void)arg;
	owner = (uintptr_t)pthread_self();
	msgc__lws_transport.run(loop);
	return NULL;
}

static void configure(struct msgc__config *config, const struct mock_options *options)
{
	*config = (struct msgc__config){
	        .host = "127.0.0.1",
	        .port = options->port,
	        .admin_host = "127.0.0.1",
	        .admin_port = options->admin ? 0 : MSGC__PORT_OFF,
	        .tls_certificate = options->certificate ? options->certificate : "",
	        .tls_key = options->key ? options->key : "",
	        .max_connections = or_else(options->max_connections, 1000),
	        .workers = 1,
	        .handshake_timeout = or_else(options->handshake_ms, 60000),
	        .request_timeout = or_else(options->request_ms, 60000),
	        .keepalive_timeout = or_else(options->keepalive_ms, 60000),
	        .ping_interval = or_else(options->ping_ms, 60000),
	        .ping_timeout = or_else(options->hangup_ms, 80000),
	        .close_timeout = or_else(options->close_ms, 60000),
	        .header_limit = or_else(options->header_limit, 16384),
	};
}

int mock_try(const struct mock_options *options)
{
	int result;

	configure(&server.config, options);
	worker.server = &server;
	worker.index = 0;
	result = msgc__lws_transport.open(&server, &worker, &loop);
	if (!result)
		ck_assert_int_eq(pthread_create(&thread, NULL, run, NULL), 0);
	return result;
}

void mock_try_two_workers(int ret_ports[2], int *ret_third)
{
	static struct msgc_server other;
	static struct msgc__worker second = {.server = &server, .index = 1};
	static struct msgc__worker foreign = {.server = &other};
	const struct mock_options none = {0};
	void *loops[2], *third;

	configure(&server.config, &none);
	server.config.workers = 2;
	worker.server = &server;
	ck_assert_int_eq(msgc__lws_transport.open(&server, &worker, &loops[0]), 0);
	ck_assert_int_eq(msgc__lws_transport.open(&server, &second, &loops[1]), 0);
	ret_ports[0] = msgc__lws_port(loops[0], false);
	ret_ports[1] = msgc__lws_port(loops[1], false);
	other.config = server.config;
	other.config.port = ret_ports[0];
	*ret_third = msgc__lws_transport.open(&other, &foreign, &third);
	msgc__lws_transport.close(loops[1]);
	msgc__lws_transport.close(loops[0]);
}

void mock_start(const struct mock_options *options)
{
	ck_assert_msg(!mock_try(options), "the transport does not start: %s", mock_log());
}

int mock_port(void)
{
	return msgc__lws_port(loop, false);
}

int mock_admin_port(void)
{
	return msgc__lws_port(loop, true);
}

static void tell(atomic_bool *what)
{
	atomic_store(what, true);
	msgc__lws_transport.wake(loop);
	while (atomic_load(what))
		sched_yield();
}

void mock_stop_accepting(void)
{
	tell(&want_stop_accepting);
}

size_t mock_sockets(void)
{
	tell(&want_count);
	return sockets;
}

void mock_stop(void)
{
	atomic_store(&want_stop, true);
	msgc__lws_transport.wake(loop);
	pthread_join(thread, NULL);
	owner = (uintptr_t)pthread_self();
	msgc__lws_transport.close(loop);
	ck_assert_int_eq(mock_counts.opened, mock_counts.closed);
	ck_assert_int_eq(mock_counts.begun, mock_counts.ended);
	ck_assert_int_eq(mock_counts.wrong, 0);
	ck_assert_ptr_null(connections);
}
