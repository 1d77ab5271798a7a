/* SPDX-License-Identifier: MIT */
/*
 * The server's life: configuration, start, threads, signals, drain, end. It must not know what a connection does.
 */
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "addresses.h"
#include "boot.h"
#include "worker.h"

enum {
	RATE_BUCKETS = 32 * 1024, /* users and addresses whose rates are kept at once */
	POOL_GRACE_MS = 2000, /* for pool threads that are still at work when the drain has ended */
};

extern char **environ;

/* ----------------------------------------------------------------------------------------------- time */

static int64_t monotonic_ms(void *context)
{
	struct timespec now;

	(void)context;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int64_t unix_seconds(void *context)
{
	(void)context;
	return (int64_t)time(NULL);
}

int64_t msgc__server_now_ms(const struct msgc_server *server)
{
	return server->clock.monotonic_ms(server->clock.context);
}

int64_t msgc__server_unix_seconds(const struct msgc_server *server)
{
	return server->clock.unix_seconds(server->clock.context);
}

uint64_t msgc__random(void)
{
	uint64_t number;

	if (getrandom(&number, sizeof number, GRND_NONBLOCK) == (ssize_t)sizeof number)
		return number;
	return (uint64_t)monotonic_ms(NULL) * UINT64_C(0x9E3779B97F4A7C15);
}

/* ------------------------------------------------------------------------------------------ new and free */

struct msgc_server *msgc_server_new_with(
        int argc, char **argv, const struct msgc_setting *settings, size_t count)
{
	struct msgc_server *server = calloc(1, sizeof *server);

	if (!server)
		return NULL;
	server->clock = (struct msgc__clock){monotonic_ms, unix_seconds, NULL, msgc__boot_number()};
	server->transport = &msgc__lws_transport;
	server->argc = argc;
	server->argv = argv;
	server->settings = settings;
	server->setting_count = count;
	server->notify.fd = -1;
	msgc__log_init(&server->log);
	msgc__http_init(&server->http);
	if (msgc__config_load(&server->config, argc, argv, environ, settings, count) < 0) {
		msgc__http_free(&server->http);
		free(server);
		return NULL;
	}
	msgc__config_apply_log(&server->config, &server->log);
	return server;
}

struct msgc_server *msgc_server_new(int argc, char **argv)
{
	return msgc_server_new_with(argc, argv, NULL, 0);
}

bool msgc_server_will_run(const struct msgc_server *server)
{
	return server && !server->failed && server->config.outcome == MSGC__CONFIG_SERVE;
}

void msgc_server_free(struct msgc_server *server)
{
	if (!server)
		return;
	if (server->tokens.release)
		server->tokens.release(server->tokens.context);
	if (server->storage.release)
		server->storage.release(server->storage.context);
	msgc__registration_free(server);
	msgc__http_free(&server->http);
	msgc__origins_free(&server->origins);
	msgc__reloads_free(server);
	msgc__config_free(&server->config);
	free(server);
}

int msgc_server_fail(struct msgc_server *server, const char *format, ...)
{
	char detail[512];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(detail, sizeof detail, format, args);
	va_end(args);
	msgc_log(server, MSGC_LOG_ERROR, "server.failed", "detail=%s", detail);
	server->failed = true;
	return MSGC_ECONFIG;
}

void msgc_log(struct msgc_server *server, enum msgc_log_level level, const char *event,
        const char *format, ...)
{
	va_list args;

	va_start(args, format);
	msgc__log_vwrite(&server->log, level, event, format, args);
	va_end(args);
}

/* ---------------------------------------------------------------------------------------------- start */

/* Goes on after a complaint: whoever starts the server next time has heard of all of them. */
static int check(struct msgc_server *server)
{
	const struct msgc__config *config = &server->config;
	const char *wrong = NULL;
	int result;

	if (config->workers > 1 && !server->on_worker.start)
		msgc_server_fail(server,
		        "workers: more than one needs a worker_start hook (msgc_server_on_worker)");
	result = msgc__origins_init(&server->origins, config, &wrong);
	if (result == MSGC_ECONFIG)
		msgc_server_fail(server, "no origin or network: %s", wrong ? wrong : "?");
	else if (result < 0)
		return result;
	msgc__registration_check(server);
	result = msgc__http_prepare(server);
	return result < 0 || !server->failed ? result : MSGC_ECONFIG;
}

static int make_workers(struct msgc_server *server)
{
	unsigned count = (unsigned)server->config.workers;
	int result = 0;

	server->workers = calloc(count, sizeof server->workers[0]);
	if (!server->workers)
		return MSGC_ENOMEM;
	for (unsigned i = 0; i < count && result == 0; i++) {
		result = msgc__worker_new(server, i, &server->workers[i]);
		if (result == 0)
			server->worker_count++;
	}
	return result;
}

static int open_loops(struct msgc_server *server)
{
	for (unsigned i = 0; i < server->worker_count; i++) {
		struct msgc__worker *worker = server->workers[i];
		int result = server->transport->open(server, worker, &worker->loop);

		if (result < 0)
			return result;
		msgc__mailbox_open(&worker->mailbox, server->transport->wake, worker->loop);
	}
	return 0;
}

/* Known before any worker runs: what they read of it does not change. */
static void learn_ports(struct msgc_server *server)
{
	const struct msgc__transport *transport = server->transport;
	const void *loop = server->workers[0]->loop;

	server->port = transport->port ? transport->port(loop, false) : -1;
	server->admin_port = transport->port ? transport->port(loop, true) : -1;
	server->playground = msgc__config_playground(&server->config);
	if (!server->playground || server->admin_port <= 0)
		return;
	server->origins.playground_port = (uint16_t)server->admin_port;
	msgc_log(server, MSGC_LOG_INFO, "playground.ready",
	        strchr(server->config.admin_host, ':') ? "url=http://[%s]:%d/playground"
	                                               : "url=http://%s:%d/playground",
	        server->config.admin_host, server->admin_port);
}

static int make_backend(struct msgc_server *server)
{
	int result;

	if (!server->storage.make && server->config.sqlite_file[0])
		return msgc_server_fail(server,
		        "sqlite-file: this program keeps nothing there (it does not use "
		        "msgc::sqlite)");
	result = server->storage.make
	        ? server->storage.make(server, server->storage.context, &server->backend)
	        : msgc__memory_backend_new(server, &server->backend);
	return result < 0 ? result : msgc__registration_durable(server);
}

static int start(struct msgc_server *server)
{
	const struct msgc__config *config = &server->config;
	int result;

	server->started_at = msgc__server_unix_seconds(server);
	server->process = msgc__random() | 1;
	result = msgc__addresses_new(&server->addresses);
	if (result == 0)
		result = msgc__throttle_new(RATE_BUCKETS, &server->rates);
	if (result == 0)
		result = make_backend(server);
	if (result == 0)
		result = msgc__pool_new(
		        (unsigned)config->pool_threads, (size_t)config->pool_queue, &server->pool);
	if (result == 0)
		result = make_workers(server);
	if (result == 0)
		result = open_loops(server);
	if (result == 0)
		learn_ports(server);
	if (result == 0)
		result = msgc__pool_start(server->pool);
	return result;
}

int msgc__server_start(struct msgc_server *server)
{
	int result = check(server);

	if (result < 0)
		return result;
	result = start(server);
	if (result < 0) {
		/* What the transport could not open it has logged itself. */
		if (result != MSGC_ECONFIG && result != MSGC_EIO)
			msgc_server_fail(server, "could not start: %s", msgc_error_name(result));
		return result;
	}
	atomic_store(&server->started, true);
	return 0;
}

/* ------------------------------------------------------------------------------------------------ end */

static void close_loops(struct msgc_server *server)
{
	for (unsigned i = 0; i < server->worker_count; i++) {
		struct msgc__worker *worker = server->workers[i];

		msgc__mailbox_close(&worker->mailbox);
		msgc__worker_enter(worker);
		worker->state = MSGC__WORKER_STOPPED;
		if (worker->loop)
			server->transport->close(worker->loop);
		worker->loop = NULL;
	}
	/* What one worker leaves behind may still touch another. */
	for (unsigned i = 0; i < server->worker_count; i++)
		msgc__worker_settle(server->workers[i]);
}

static void free_parts(struct msgc_server *server)
{
	for (unsigned i = 0; i < server->worker_count; i++)
		msgc__worker_free(server->workers[i]);
	free(server->workers);
	server->workers = NULL;
	server->worker_count = 0;
	msgc__pool_free(server->pool);
	server->pool = NULL;
	if (server->backend)
		server->backend->ops->free(server->backend);
	server->backend = NULL;
	msgc__addresses_free(server->addresses);
	server->addresses = NULL;
	msgc__throttle_free(server->rates);
	server->rates = NULL;
}

int msgc__server_finish(struct msgc_server *server)
{
	atomic_store(&server->started, false);
	while (atomic_load(&server->stoppers) > 0)
		sched_yield(); /* somebody is waking the loops */
	if (server->pool && msgc__pool_stop(server->pool, POOL_GRACE_MS) < 0) {
		msgc_log(server, MSGC_LOG_ERROR, "server.gave_up",
		        "detail=\"a pool thread does not come back\"");
		return -1;
	}
	if (server->backend && server->backend->ops->stop)
		server->backend->ops->stop(server->backend);
	close_loops(server);
	/* Requests that a drain gave up hold users, whose release is the program's: before its last hook. */
	msgc__http_drop_all(&server->http);
	/* Until this returns, the program's threads may call what they like: they are told that it has gone. */
	if (server->on_stop.stopped)
		server->on_stop.stopped(server->on_stop.app);
	free_parts(server);
	return atomic_load(&server->gave_up) ? 1 : 0;
}

/* The server is not touched after the last step, for msgc_server_run() may free it then. */
void msgc_server_stop(struct msgc_server *server)
{
	atomic_fetch_add(&server->stoppers, 1);
	atomic_store(&server->stopping, true);
	if (atomic_load(&server->started)) {
		for (unsigned i = 0; i < server->worker_count; i++)
			server->transport->wake(server->workers[i]->loop);
	}
	atomic_fetch_sub(&server->stoppers, 1);
}

/* -------------------------------------------------------------------------------------------- threads */

static void *run_worker(void *arg)
{
	struct msgc__worker *worker = arg;
	struct msgc_server *server = worker->server;
	int result = msgc__worker_begin(worker);

	if (result == 0) {
		result = server->transport->run(worker->loop);
		msgc__worker_end(worker);
	} else {
		worker->state = MSGC__WORKER_STOPPED;
		msgc_log(server, MSGC_LOG_ERROR, "worker.failed", "worker=%u error=%s",
		        worker->index, msgc_error_name(result));
	}
	if (result < 0) {
		atomic_store(&server->gave_up, true);
		msgc_server_stop(server);
	}
	return NULL;
}

static void run_workers(struct msgc_server *server)
{
	pthread_t threads[MSGC__WORKERS_MOST];
	sigset_t all, before;
	unsigned started = 1;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	for (; started < server->worker_count; started++) {
		if (pthread_create(&threads[started], NULL, run_worker, server->workers[started]) !=
		        0)
			break;
	}
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (started < server->worker_count) {
		msgc_server_fail(server, "no more than %u threads could be started", started);
		atomic_store(&server->gave_up, true);
		msgc_server_stop(server);
	}
	run_worker(server->workers[0]);
	while (--started > 0)
		pthread_join(threads[started], NULL);
}

/* -------------------------------------------------------------------------------------------- signals */

static _Atomic(struct msgc_server *) to_be_stopped;

static void on_hangup(int number)
{
	struct msgc_server *server = atomic_load(&to_be_stopped);

	(void)number;
	if (server)
		msgc_server_reload(server);
}

/* A second signal of the kind kills: the first has not been enough. */
static void on_signal(int number)
{
	struct msgc_server *server = atomic_load(&to_be_stopped);

	(void)number;
	if (server)
		msgc_server_stop(server);
}

struct signals {
	struct sigaction term, interrupt, hangup, pipe;
};

static void take_signals(struct msgc_server *server, struct signals *before)
{
	struct sigaction stop = {
	        .sa_handler = on_signal, .sa_flags = SA_RESTART | (int)SA_RESETHAND};
	struct sigaction reload = {.sa_handler = on_hangup, .sa_flags = SA_RESTART};
	struct sigaction ignore = {.sa_handler = SIG_IGN};

	atomic_store(&to_be_stopped, server);
	sigaction(SIGTERM, &stop, &before->term);
	sigaction(SIGINT, &stop, &before->interrupt);
	sigaction(SIGHUP, &reload, &before->hangup);
	sigaction(SIGPIPE, &ignore, &before->pipe);
}

static void give_signals_back(const struct signals *before)
{
	sigaction(SIGTERM, &before->term, NULL);
	sigaction(SIGINT, &before->interrupt, NULL);
	sigaction(SIGHUP, &before->hangup, NULL);
	sigaction(SIGPIPE, &before->pipe, NULL);
	atomic_store(&to_be_stopped, NULL);
}

static int serve(struct msgc_server *server)
{
	struct signals before;
	int code;

	take_signals(server, &before);
	msgc__notify_open(server);
	if (msgc__server_start(server) < 0) {
		(void)msgc__server_finish(server);
		code = 1;
	} else {
		msgc_log(server, MSGC_LOG_INFO, "server.started", "workers=%u consumers=%zu",
		        server->worker_count, server->served_count);
		run_workers(server);
		code = msgc__server_finish(server);
		if (code >= 0)
			msgc_log(server, MSGC_LOG_INFO, "server.stopped", "clean=%s",
			        code == 0 ? "yes" : "no");
	}
	if (code >= 0)
		msgc__notify_close(server);
	give_signals_back(&before);
	return code;
}

int msgc_server_run(struct msgc_server *server)
{
	int code;

	if (!server)
		return 1;
	code = msgc__config_conclude(&server->config, &server->log, stdout);
	if (code >= 0) {
		msgc_server_free(server);
		return code;
	}
	code = serve(server);
	if (code < 0)
		return 1; /* a thread of the program may still be at work in it */
	msgc_server_free(server);
	return code;
}
