/* SPDX-License-Identifier: MIT */
/*
 * The backend of one process: which workers have members of a group, and expiring keys. Nothing is stored: it keeps no streams yet. It
 * must not know connections.
 */
#include "memory.h"

#include <stdlib.h>
#include <string.h>

#include <msgc/codec_gen.h>

#include "../server/worker.h"

/* Which workers have joined a group. */
struct spread {
	struct spread *next;
	uint64_t hash;
	uint64_t workers; /* a bit each */
	size_t len;
	char name[];
};

struct memory {
	struct msgc__backend backend;
	struct msgc_server *server;
	pthread_mutex_t lock; /* of the spreads; not needed while there is one worker */
	struct spread *spreads[MSGC__MEMORY_BUCKETS];
	struct msgc__memory_keys keys;
};

static struct memory *of(struct msgc__backend *backend)
{
	return (struct memory *)(void *)backend;
}

/* With the lock held: the link that points to the group, or to NULL at the end of its bucket. */
static struct spread **find(struct memory *memory, struct msgc_str group, uint64_t hash)
{
	struct spread **link = &memory->spreads[hash % MSGC__MEMORY_BUCKETS];

	while (*link &&
	        ((*link)->hash != hash || (*link)->len != group.len ||
	                memcmp((*link)->name, group.ptr, group.len) != 0))
		link = &(*link)->next;
	return link;
}

/* --------------------------------------------------------------------------------------------- groups */

struct letter {
	struct msgc__mail mail;
	struct msgc__publication *publication;
};

static void open_letter(struct msgc__worker *worker, struct msgc__mail *mail)
{
	struct letter *letter = (struct letter *)(void *)mail;

	if (worker->state != MSGC__WORKER_STOPPED)
		msgc__group_deliver(worker, letter->publication);
	msgc__publication_unref(letter->publication);
	free(letter);
}

static int send_letter(struct msgc__worker *to, struct msgc__publication *publication)
{
	struct letter *letter = calloc(1, sizeof *letter);
	int result;

	if (!letter)
		return MSGC_ENOMEM;
	letter->mail.deliver = open_letter;
	letter->publication = msgc__publication_ref(publication);
	result = msgc__worker_post(to, &letter->mail, !publication->urgent);
	if (result < 0) {
		msgc__publication_unref(publication);
		free(letter);
	}
	/* A worker that has ended has no members any more. */
	return result == MSGC_EGONE ? 0 : result;
}

static uint64_t workers_of(struct memory *memory, struct msgc_str group)
{
	uint64_t hash = msgc_hash_bytes(0, group.ptr, group.len), workers = 0;
	struct spread *spread;

	pthread_mutex_lock(&memory->lock);
	spread = *find(memory, group, hash);
	if (spread)
		workers = spread->workers;
	pthread_mutex_unlock(&memory->lock);
	return workers;
}

/*
 * A worker that has no room misses it, as a slow reader would. Workers before it have the message already: to call that a failure would make
 * the sender say it twice.
 */
static void tell(
        struct msgc_server *server, struct msgc__worker *to, struct msgc__publication *publication)
{
	struct msgc_str group = msgc__publication_group(publication);
	int result = send_letter(to, publication);

	if (result < 0)
		msgc_log(server, MSGC_LOG_WARNING, "group.missed", "worker=%u group=%.*s error=%s",
		        to->index, (int)group.len, group.ptr, msgc_error_name(result));
}

static int publish(struct msgc__backend *backend, struct msgc__worker *worker,
        struct msgc__publication *publication, msgc__published_fn *done, void *arg)
{
	struct memory *memory = of(backend);
	struct msgc_server *server = memory->server;
	struct msgc__position none = {0};
	uint64_t others = 0;

	if (server->worker_count > 1)
		others = workers_of(memory, msgc__publication_group(publication)) &
		        ~(UINT64_C(1) << worker->index);
	for (unsigned i = 0; i < server->worker_count; i++) {
		if (others >> i & 1)
			tell(server, server->workers[i], publication);
	}
	msgc__group_deliver(worker, publication);
	done(arg, 0, &none);
	return 0;
}

static int spread_to(struct memory *memory, unsigned worker, struct msgc_str group)
{
	uint64_t hash = msgc_hash_bytes(0, group.ptr, group.len);
	struct spread **link = find(memory, group, hash);

	if (!*link) {
		*link = calloc(1, sizeof **link + group.len);
		if (!*link)
			return MSGC_ENOMEM;
		(*link)->hash = hash;
		(*link)->len = group.len;
		memcpy((*link)->name, group.ptr, group.len);
	}
	(*link)->workers |= UINT64_C(1) << worker;
	return 0;
}

static int join(struct msgc__backend *backend, struct msgc__worker *worker, struct msgc_str group,
        msgc__done_fn *done, void *arg)
{
	struct memory *memory = of(backend);
	int result = 0;

	if (memory->server->worker_count > 1) {
		pthread_mutex_lock(&memory->lock);
		result = spread_to(memory, worker->index, group);
		pthread_mutex_unlock(&memory->lock);
	}
	if (result == 0)
		done(arg, 0);
	return result;
}

static int leave(struct msgc__backend *backend, struct msgc__worker *worker, struct msgc_str group,
        msgc__done_fn *done, void *arg)
{
	struct memory *memory = of(backend);
	struct spread **link, *spread;

	pthread_mutex_lock(&memory->lock);
	link = find(memory, group, msgc_hash_bytes(0, group.ptr, group.len));
	spread = *link;
	if (spread) {
		spread->workers &= ~(UINT64_C(1) << worker->index);
		if (spread->workers == 0) {
			*link = spread->next;
			free(spread);
		}
	}
	pthread_mutex_unlock(&memory->lock);
	done(arg, 0);
	return 0;
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

static void free_memory(struct msgc__backend *backend)
{
	struct memory *memory = of(backend);

	for (size_t i = 0; i < MSGC__MEMORY_BUCKETS; i++) {
		while (memory->spreads[i]) {
			struct spread *spread = memory->spreads[i];

			memory->spreads[i] = spread->next;
			free(spread);
		}
	}
	msgc__memory_keys_free(&memory->keys);
	pthread_mutex_destroy(&memory->lock);
	free(memory);
}

int msgc__memory_backend_new(struct msgc_server *server, struct msgc__backend **ret)
{
	static const struct msgc__backend_ops ops = {
	        .name = "memory",
	        .publish = publish,
	        .join = join,
	        .leave = leave,
	        .read = NULL, /* no streams */
	        .put = put,
	        .get = get,
	        .take = take,
	        .count = count,
	        .free = free_memory,
	};
	struct memory *memory = calloc(1, sizeof *memory);

	if (!memory)
		return MSGC_ENOMEM;
	memory->backend.ops = &ops;
	memory->server = server;
	pthread_mutex_init(&memory->lock, NULL);
	msgc__memory_keys_init(&memory->keys);
	*ret = &memory->backend;
	return 0;
}
