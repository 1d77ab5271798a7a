/* SPDX-License-Identifier: MIT */
/*
 * The backend of one process: which workers have members of a group, streams, and expiring keys. Nothing of it survives the process. It
 * must not know connections.
 */
#include "memory.h"

#include <stdlib.h>
#include <string.h>

static struct msgc__memory_backend *of(struct msgc__backend *backend)
{
	return (struct msgc__memory_backend *)(void *)backend;
}

/* --------------------------------------------------------------------------------------------- groups */

/* Streams that had to go because all of them together were too large: the operator has promised more than there is room for. */
static void note_evictions(struct msgc__memory_backend *memory)
{
	uint64_t before = memory->evicted;

	memory->evicted = memory->streams.evicted;
	if (memory->evicted != before)
		msgc_log(memory->server, MSGC_LOG_WARNING, "history.evicted",
		        "streams=%llu detail=\"history-memory is too small\"",
		        (unsigned long long)(memory->evicted - before));
}

/*
 * With several workers even the sender's own gets it by mail, behind what others have numbered before. The lock makes the order of numbers that of
 * the letters.
 */
static int publish_in_order(struct msgc__memory_backend *memory, struct msgc__worker *worker,
        struct msgc__publication *publication, msgc__published_fn *done, void *arg)
{
	struct msgc__letter *letter = NULL;
	bool posted = false;
	int result = 0;

	if (memory->server->worker_count > 1) {
		letter = msgc__letter_new(worker, publication, done, arg);
		if (!letter)
			return MSGC_ENOMEM;
	}
	pthread_mutex_lock(&memory->lock);
	if (publication->kept)
		result = msgc__memory_streams_append(
		        &memory->streams, publication, worker->now, &publication->position);
	else
		msgc__memory_streams_head(&memory->streams, msgc__publication_group(publication),
		        &publication->position);
	if (result == 0 && letter) {
		msgc__spreads_tell(&memory->spreads, publication, (int)worker->index);
		posted = msgc__letter_post(letter, 0) == 0;
	}
	note_evictions(memory);
	pthread_mutex_unlock(&memory->lock);
	if (result < 0 && letter)
		msgc__letter_free(letter);
	if (result < 0 || posted)
		return result;
	msgc__group_deliver(worker, publication);
	done(arg, 0, msgc__publication_position(publication));
	return 0;
}

static int publish(struct msgc__backend *backend, struct msgc__worker *worker,
        struct msgc__publication *publication, msgc__published_fn *done, void *arg)
{
	struct msgc__memory_backend *memory = of(backend);

	if (publication->group_kind && msgc__history_is(publication->group_kind))
		return publish_in_order(memory, worker, publication, done, arg);
	if (memory->server->worker_count > 1)
		msgc__spreads_tell(&memory->spreads, publication, (int)worker->index);
	msgc__group_deliver(worker, publication);
	done(arg, 0, msgc__publication_position(publication));
	return 0;
}

static int join(struct msgc__backend *backend, struct msgc__worker *worker, struct msgc_str group,
        msgc__done_fn *done, void *arg)
{
	struct msgc__memory_backend *memory = of(backend);
	int result = 0;

	if (memory->server->worker_count > 1 || memory->spread_always)
		result = msgc__spreads_join(&memory->spreads, worker->index, group);
	if (result == 0)
		done(arg, 0);
	return result;
}

static int leave(struct msgc__backend *backend, struct msgc__worker *worker, struct msgc_str group,
        msgc__done_fn *done, void *arg)
{
	msgc__spreads_leave(&of(backend)->spreads, worker->index, group);
	done(arg, 0);
	return 0;
}

static int read_stream(struct msgc__backend *backend, struct msgc__worker *worker,
        struct msgc_str group, const struct msgc_history *history,
        const struct msgc__position *after, size_t max_bytes, msgc__read_fn *done, void *arg)
{
	struct msgc__memory_backend *memory = of(backend);
	struct msgc__memory_page page;

	pthread_mutex_lock(&memory->lock);
	msgc__memory_streams_read(
	        &memory->streams, group, history, after, max_bytes, worker->now, &page);
	pthread_mutex_unlock(&memory->lock);
	done(arg, 0, &page.page);
	msgc__memory_page_free(&page);
	return 0;
}

/* -------------------------------------------------------------------------------------------- rosters */

static int attend(struct msgc__backend *backend, struct msgc__worker *worker, struct msgc_str group,
        const struct msgc__attendee *who, const struct msgc__roster_policy *policy,
        msgc__roster_fn *done, void *arg)
{
	return msgc__rosters_attend(
	        &of(backend)->rosters, group, who, policy, worker->now, done, arg);
}

static int depart(struct msgc__backend *backend, struct msgc__worker *worker, struct msgc_str group,
        const struct msgc__attendee *who, int64_t linger_ms,
        const struct msgc__roster_policy *policy, msgc__departed_fn *done, void *arg)
{
	return msgc__rosters_depart(
	        &of(backend)->rosters, group, who, linger_ms, policy, worker->now, done, arg);
}

static int read_roster(struct msgc__backend *backend, struct msgc__worker *worker,
        struct msgc_str group, const struct msgc__roster_policy *policy, size_t most,
        msgc__roster_fn *done, void *arg)
{
	(void)worker;
	return msgc__rosters_read(&of(backend)->rosters, group, policy, most, done, arg);
}

static int changes(struct msgc__backend *backend, struct msgc__worker *worker,
        struct msgc_str group, const struct msgc__roster_policy *policy, msgc__changes_fn *done,
        void *arg)
{
	return msgc__rosters_changes(&of(backend)->rosters, group, policy, worker->now, done, arg);
}

/* ----------------------------------------------------------------------------------------------- keys */

static int put(struct msgc__backend *backend, struct msgc__worker *worker, struct msgc_str key,
        struct msgc_bytes value, int64_t ttl_ms, enum msgc__put_mode mode, msgc__done_fn *done,
        void *arg)
{
	int result =
	        msgc__memory_keys_put(&of(backend)->keys, key, value, ttl_ms, mode, worker->now);

	if (result == MSGC_EINVAL)
		return result;
	done(arg, result);
	return 0;
}

static int look(struct msgc__backend *backend, struct msgc__worker *worker, struct msgc_str key,
        bool take, msgc__value_fn *done, void *arg)
{
	struct msgc_bytes value = {NULL, 0};
	int result = msgc__memory_keys_get(&of(backend)->keys, key, take, worker->now, &value);

	done(arg, result, value);
	free((void *)(uintptr_t)value.ptr);
	return 0;
}

static int get(struct msgc__backend *backend, struct msgc__worker *worker, struct msgc_str key,
        msgc__value_fn *done, void *arg)
{
	return look(backend, worker, key, false, done, arg);
}

static int take(struct msgc__backend *backend, struct msgc__worker *worker, struct msgc_str key,
        msgc__value_fn *done, void *arg)
{
	return look(backend, worker, key, true, done, arg);
}

static int count(struct msgc__backend *backend, struct msgc__worker *worker, struct msgc_str key,
        int64_t step, int64_t ttl_ms, msgc__count_fn *done, void *arg)
{
	int64_t sum = 0;
	int result =
	        msgc__memory_keys_count(&of(backend)->keys, key, step, ttl_ms, worker->now, &sum);

	if (result == MSGC_EINVAL)
		return result;
	done(arg, result, sum);
	return 0;
}

/* ----------------------------------------------------------------------------------------------- life */

void msgc__memory_backend_end(struct msgc__memory_backend *memory)
{
	msgc__spreads_free(&memory->spreads);
	msgc__memory_streams_free(&memory->streams);
	msgc__memory_keys_free(&memory->keys);
	msgc__rosters_free(&memory->rosters);
	pthread_mutex_destroy(&memory->lock);
}

static void free_memory(struct msgc__backend *backend)
{
	msgc__memory_backend_end(of(backend));
	free(of(backend));
}

const struct msgc__backend_ops msgc__memory_backend_ops = {
        .name = "memory",
        .publish = publish,
        .join = join,
        .leave = leave,
        .read = read_stream,
        .attend = attend,
        .depart = depart,
        .roster = read_roster,
        .changes = changes,
        .put = put,
        .get = get,
        .take = take,
        .count = count,
        .free = free_memory,
};

void msgc__memory_backend_init(struct msgc__memory_backend *memory, struct msgc_server *server,
        const struct msgc__backend_ops *ops)
{
	memory->backend.ops = ops;
	memory->server = server;
	pthread_mutex_init(&memory->lock, NULL);
	msgc__spreads_init(&memory->spreads, server);
	msgc__memory_streams_init(&memory->streams, (size_t)server->config.history_memory);
	msgc__memory_keys_init(&memory->keys, (size_t)server->config.keys_memory);
	msgc__rosters_init(&memory->rosters);
}

int msgc__memory_backend_new(struct msgc_server *server, struct msgc__backend **ret)
{
	struct msgc__memory_backend *memory = calloc(1, sizeof *memory);

	if (!memory)
		return MSGC_ENOMEM;
	msgc__memory_backend_init(memory, server, &msgc__memory_backend_ops);
	*ret = &memory->backend;
	return 0;
}
