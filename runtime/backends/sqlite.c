/* SPDX-License-Identifier: MIT */
/*
 * The SQLite backend: the memory backend, but histories and keys are on disk. Workers queue what they want and get the answer by mail; they
 * never wait for the disk. It must not know SQL.
 */
#include <msgc/sqlite.h>

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sqlite.h"

#include "../server/core.h"
#include "../server/group.h"

enum {
	BODY_MAX = 64 * 1024 * 1024,
	READS_LIMIT = 1024 * 1024 * 1024, /* there are not more of them than connections */
	OP_COST = 256,
	QUIET_MS = 10 * 1000, /* between two lines in the log about the same trouble */
};

static struct msgc__sqlite *of(struct msgc__backend *backend)
{
	return (struct msgc__sqlite *)(void *)backend;
}

int64_t msgc__sqlite_now(const struct msgc__sqlite *sqlite)
{
	return sqlite->base + msgc__server_now_ms(sqlite->server);
}

void msgc__sqlite_tell(
        struct msgc__sqlite *sqlite, struct msgc__publication *publication, int except)
{
	msgc__spreads_tell(&sqlite->memory.spreads, publication, except);
}

/* One line when it begins, one now and then while it lasts, one when it is over. */
void msgc__sqlite_note(struct msgc__sqlite *sqlite, sqlite3 *db, int result)
{
	int64_t now = msgc__server_now_ms(sqlite->server) | 1;
	bool failed = result < 0, tell;

	if (failed)
		msgc__counter_share(&sqlite->server->shared_metrics.store_failures, 1);
	pthread_mutex_lock(&sqlite->log_lock);
	tell = failed ? sqlite->failed_at == 0 || now - sqlite->failed_at >= QUIET_MS
	              : sqlite->failed_at != 0;
	if (tell)
		sqlite->failed_at = failed ? now : 0;
	pthread_mutex_unlock(&sqlite->log_lock);
	if (!tell)
		return;
	if (failed)
		msgc_log(sqlite->server, MSGC_LOG_ERROR, "store.failing",
		        "file=%s error=%s code=%d detail=%s", sqlite->path, msgc_error_name(result),
		        sqlite3_extended_errcode(db),
		        sqlite3_errcode(db) == SQLITE_OK ? "what stands there makes no sense"
		                                         : sqlite3_errmsg(db));
	else
		msgc_log(sqlite->server, MSGC_LOG_INFO, "store.works_again", "file=%s",
		        sqlite->path);
}

/* --------------------------------------------------------------------------------------- operations */

static void open_answer(struct msgc__worker *worker, struct msgc__mail *mail)
{
	struct msgc__sqlite_op *op = (struct msgc__sqlite_op *)(void *)mail;
	struct msgc__sqlite *sqlite = op->sqlite;

	(void)worker;
	switch (op->kind) {
	case MSGC__SQLITE_PUBLISH: break;
	case MSGC__SQLITE_PUT: op->done.put(op->arg, op->result); break;
	case MSGC__SQLITE_TAKE:
	case MSGC__SQLITE_GET: op->done.value(op->arg, op->result, op->value); break;
	case MSGC__SQLITE_READ:
		op->done.read(op->arg, op->result, op->result < 0 ? NULL : &op->page);
		pthread_mutex_lock(&sqlite->page_lock);
		sqlite->pages--;
		pthread_cond_signal(&sqlite->page_taken);
		pthread_mutex_unlock(&sqlite->page_lock);
		break;
	}
	msgc__sqlite_op_free(op);
}

void msgc__sqlite_op_free(struct msgc__sqlite_op *op)
{
	if (op->owns_value)
		free((void *)(uintptr_t)op->value.ptr);
	if (op->kind == MSGC__SQLITE_READ)
		msgc_arena_free(&op->arena);
	free(op);
}

void msgc__sqlite_answer(struct msgc__sqlite_op *op, int result)
{
	op->result = result;
	if (msgc__worker_post(op->worker, &op->mail, false) < 0)
		msgc__sqlite_op_free(op);
}

static struct msgc__sqlite_op *new_op(struct msgc__backend *backend, struct msgc__worker *worker,
        enum msgc__sqlite_kind kind, struct msgc_str key, struct msgc_bytes value)
{
	struct msgc__sqlite_op *op = calloc(1, sizeof *op + key.len + value.len);

	if (!op)
		return NULL;
	op->mail.deliver = open_answer;
	op->sqlite = of(backend);
	op->worker = worker;
	op->kind = kind;
	op->cost = OP_COST + key.len + value.len;
	op->now = of(backend)->base + worker->now;
	if (key.len > 0)
		memcpy(op->bytes, key.ptr, key.len);
	if (value.len > 0)
		memcpy(op->bytes + key.len, value.ptr, value.len);
	op->key = msgc_str_of(op->bytes, key.len);
	op->value = (struct msgc_bytes){(const uint8_t *)op->bytes + key.len, value.len};
	return op;
}

static int send_op(struct msgc__sqlite_queue *queue, struct msgc__sqlite_op *op, bool bounded)
{
	int result = msgc__sqlite_queue_put(queue, op, bounded);

	if (result < 0)
		msgc__sqlite_op_free(op);
	return result;
}

static const struct msgc_bytes nothing = {NULL, 0};

static int publish(struct msgc__backend *backend, struct msgc__worker *worker,
        struct msgc__publication *publication, msgc__published_fn *done, void *arg)
{
	struct msgc__sqlite_op *op;
	int result;

	if (!publication->group_kind || !msgc__history_is(publication->group_kind))
		return msgc__memory_backend_ops.publish(backend, worker, publication, done, arg);
	if (publication->body_len > BODY_MAX)
		return MSGC_ELIMIT;
	op = new_op(backend, worker, MSGC__SQLITE_PUBLISH, msgc_str_of("", 0), nothing);
	if (!op)
		return MSGC_ENOMEM;
	op->publication = publication;
	op->cost += publication->body_len;
	op->letter = msgc__letter_new(worker, publication, done, arg);
	if (!op->letter) {
		msgc__sqlite_op_free(op);
		return MSGC_ENOMEM;
	}
	result = msgc__sqlite_queue_put(&of(backend)->writes, op, true);
	if (result < 0) {
		msgc__letter_free(op->letter);
		msgc__sqlite_op_free(op);
	}
	return result;
}

static int read_stream(struct msgc__backend *backend, struct msgc__worker *worker,
        struct msgc_str group, const struct msgc_history *history,
        const struct msgc__position *after, size_t max_bytes, msgc__read_fn *done, void *arg)
{
	struct msgc__sqlite_op *op = new_op(backend, worker, MSGC__SQLITE_READ, group, nothing);

	if (!op)
		return MSGC_ENOMEM;
	op->read = (struct msgc__sqlite_read_args){.group = op->key,
	        .history = *history,
	        .after = *after,
	        .max_bytes = max_bytes,
	        .now = op->now};
	op->done.read = done;
	op->arg = arg;
	return send_op(&of(backend)->reads, op, false);
}

/* What must be absent is new, and may be told to come later; the rest concludes something. */
static int put(struct msgc__backend *backend, struct msgc__worker *worker, struct msgc_str key,
        struct msgc_bytes value, int64_t ttl_ms, enum msgc__put_mode mode, msgc__done_fn *done,
        void *arg)
{
	struct msgc__sqlite_op *op;

	if (key.len == 0 || ttl_ms <= 0)
		return MSGC_EINVAL;
	op = new_op(backend, worker, MSGC__SQLITE_PUT, key, value);
	if (!op)
		return MSGC_ENOMEM;
	op->mode = mode;
	op->ttl_ms = ttl_ms;
	op->done.put = done;
	op->arg = arg;
	return send_op(&of(backend)->writes, op, mode == MSGC__PUT_IF_ABSENT);
}

static int get(struct msgc__backend *backend, struct msgc__worker *worker, struct msgc_str key,
        msgc__value_fn *done, void *arg)
{
	struct msgc__sqlite_op *op = new_op(backend, worker, MSGC__SQLITE_GET, key, nothing);

	if (!op)
		return MSGC_ENOMEM;
	op->done.value = done;
	op->arg = arg;
	return send_op(&of(backend)->reads, op, false);
}

static int take(struct msgc__backend *backend, struct msgc__worker *worker, struct msgc_str key,
        msgc__value_fn *done, void *arg)
{
	struct msgc__sqlite_op *op = new_op(backend, worker, MSGC__SQLITE_TAKE, key, nothing);

	if (!op)
		return MSGC_ENOMEM;
	op->done.value = done;
	op->arg = arg;
	return send_op(&of(backend)->writes, op, false);
}

/* ----------------------------------------------------------------------------------------------- life */

/* What was accepted is written, or refused by the disk; both threads end. */
static void stop(struct msgc__backend *backend)
{
	struct msgc__sqlite *sqlite = of(backend);

	atomic_store(&sqlite->running, false);
	pthread_mutex_lock(&sqlite->page_lock);
	atomic_store(&sqlite->ending, true);
	pthread_cond_broadcast(&sqlite->page_taken);
	pthread_mutex_unlock(&sqlite->page_lock);
	msgc__sqlite_queue_stop(&sqlite->writes);
	msgc__sqlite_queue_stop(&sqlite->reads);
	if (sqlite->writer_runs)
		pthread_join(sqlite->writer, NULL);
	if (sqlite->reader_runs)
		pthread_join(sqlite->reader, NULL);
	sqlite->writer_runs = sqlite->reader_runs = false;
}

static void free_sqlite(struct msgc__backend *backend)
{
	struct msgc__sqlite *sqlite = of(backend);

	stop(backend);
	msgc__sqlite_close(&sqlite->read_file);
	msgc__sqlite_close_writer(&sqlite->write_file);
	if (sqlite->owner >= 0)
		close(sqlite->owner);
	msgc__sqlite_queue_free(&sqlite->writes);
	msgc__sqlite_queue_free(&sqlite->reads);
	pthread_mutex_destroy(&sqlite->order);
	pthread_mutex_destroy(&sqlite->log_lock);
	pthread_mutex_destroy(&sqlite->page_lock);
	pthread_cond_destroy(&sqlite->page_taken);
	msgc__memory_backend_end(&sqlite->memory);
	free(sqlite->path);
	free(sqlite);
}

static int start_threads(struct msgc__sqlite *sqlite)
{
	sigset_t all, before;

	/* Signals are for the thread that runs the server. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	sqlite->writer_runs =
	        pthread_create(&sqlite->writer, NULL, msgc__sqlite_write_main, sqlite) == 0;
	sqlite->reader_runs = sqlite->writer_runs &&
	        pthread_create(&sqlite->reader, NULL, msgc__sqlite_read_main, sqlite) == 0;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	atomic_store(&sqlite->running, sqlite->reader_runs);
	return sqlite->reader_runs ? 0 : MSGC_EIO;
}

/*
 * A lock beside the file, which goes with the process however that ends: two servers would give the same numbers, and tell only their own
 * members. Not on the file itself: closing it would drop SQLite's locks.
 */
static int own(struct msgc__sqlite *sqlite, const char **ret_why)
{
	static const char suffix[] = "-server";
	size_t len = strlen(sqlite->path);
	char *name = malloc(len + sizeof suffix);

	if (!name)
		return MSGC_ENOMEM;
	memcpy(name, sqlite->path, len);
	memcpy(name + len, suffix, sizeof suffix);
	sqlite->owner = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	free(name);
	if (sqlite->owner < 0) {
		*ret_why = "no file can be made beside it";
		return MSGC_ECONFIG;
	}
	if (flock(sqlite->owner, LOCK_EX | LOCK_NB) < 0) {
		*ret_why = "another server uses it";
		return MSGC_ECONFIG;
	}
	return 0;
}

static int open_files(struct msgc__sqlite *sqlite, const char **ret_why)
{
	struct msgc__sqlite_options options = {.path = sqlite->path,
	        .limit = sqlite->server->config.sqlite_limit,
	        .lock_ms = sqlite->lock_ms,
	        .unix_ms = msgc__server_unix_seconds(sqlite->server) * 1000,
	        .monotonic_ms = msgc__server_now_ms(sqlite->server)};
	struct msgc__sqlite_opened opened = {0, 0, 0, false};
	struct stat status;
	int result = own(sqlite, ret_why);

	if (result == 0)
		result = msgc__sqlite_open(&sqlite->write_file, &options, &opened, ret_why);
	if (result == 0 && msgc__sqlite_open_reader(&sqlite->read_file, &options) < 0) {
		*ret_why = "it cannot be opened a second time, for reading";
		result = MSGC_ECONFIG;
	}
	if (result < 0)
		return result;
	if (stat(sqlite->path, &status) == 0) {
		sqlite->device = status.st_dev;
		sqlite->inode = status.st_ino;
	}
	sqlite->base = opened.base;
	sqlite->key_bytes = opened.key_bytes;
	if (opened.renewed)
		msgc_log(sqlite->server, MSGC_LOG_WARNING, "store.renewed",
		        "file=%s detail=\"the machine went down: histories that are not durable "
		        "have "
		        "new epochs\"",
		        sqlite->path);
	return 0;
}

static void init(struct msgc__sqlite *sqlite, struct msgc_server *server)
{
	const struct msgc__config *config = &server->config;

	sqlite->ops = msgc__memory_backend_ops;
	sqlite->ops.name = "sqlite";
	sqlite->ops.publish = publish;
	sqlite->ops.read = read_stream;
	sqlite->ops.put = put;
	sqlite->ops.get = get;
	sqlite->ops.take = take;
	sqlite->ops.stop = stop;
	sqlite->ops.free = free_sqlite;
	sqlite->ops.alone = true;
	sqlite->ops.on_disk = true;
	msgc__memory_backend_init(&sqlite->memory, server, &sqlite->ops);
	sqlite->memory.spread_always = true;
	sqlite->server = server;
	sqlite->owner = -1;
	sqlite->lock_ms = config->sqlite_lock_timeout;
	sqlite->forget_ms = config->sqlite_forget;
	sqlite->key_limit = config->keys_memory;
	sqlite->write_file.hurry = sqlite->read_file.hurry = &sqlite->ending;
	pthread_mutex_init(&sqlite->order, NULL);
	pthread_mutex_init(&sqlite->log_lock, NULL);
	pthread_mutex_init(&sqlite->page_lock, NULL);
	pthread_cond_init(&sqlite->page_taken, NULL);
	msgc__sqlite_queue_init(&sqlite->writes, (size_t)config->sqlite_queue);
	msgc__sqlite_queue_init(&sqlite->reads, READS_LIMIT);
}

static int make(struct msgc_server *server, void *context, struct msgc__backend **ret)
{
	const char *file = *(char *)context ? context : server->config.sqlite_file;
	const char *why = NULL;
	struct msgc__sqlite *sqlite;
	int result;

	if (!*file)
		return msgc__memory_backend_new(server, ret);
	sqlite = calloc(1, sizeof *sqlite);
	if (!sqlite)
		return MSGC_ENOMEM;
	init(sqlite, server);
	sqlite->path = strdup(file);
	result = sqlite->path ? open_files(sqlite, &why) : MSGC_ENOMEM;
	if (result == 0)
		result = start_threads(sqlite);
	if (why)
		(void)msgc_server_fail(server, "%s: %s", file, why);
	if (result < 0)
		free_sqlite(&sqlite->memory.backend);
	else
		*ret = &sqlite->memory.backend;
	return result;
}

int msgc_server_use_sqlite(struct msgc_server *server, const char *file)
{
	char *copy;

	if (!server || server->storage.make)
		return MSGC_EINVAL;
	copy = strdup(file ? file : "");
	if (!copy)
		return MSGC_ENOMEM;
	server->storage.make = make;
	server->storage.context = copy;
	server->storage.release = free;
	return MSGC_OK;
}

struct msgc__sqlite *msgc__sqlite_of(struct msgc_server *server)
{
	struct msgc__backend *backend = server->backend;

	return backend && backend->ops->free == free_sqlite ? of(backend) : NULL;
}
