/* SPDX-License-Identifier: MIT */
/*
 * A hash table of connections, and letters to them: a task finds its connection on its worker, or that it has gone. It must not know what the
 * task does.
 */
#include "directory.h"

#include <stdlib.h>

#include "connection.h"
#include "worker.h"

enum { BUCKETS_LEAST = 64 };

/* -------------------------------------------------------------------------------------------- table */

/* Numbers count: their low bits are spread as they are. */
static struct msgc_connection **bucket_of(const struct msgc__directory *directory, uint64_t id)
{
	return &directory->buckets[id & (directory->bucket_count - 1)];
}

uint64_t msgc__directory_number(struct msgc_server *server, unsigned worker)
{
	uint64_t number = atomic_fetch_add(&server->next_id, 1) + 1;

	return number * server->worker_count + worker;
}

int msgc__directory_init(struct msgc__directory *directory)
{
	directory->buckets = calloc(BUCKETS_LEAST, sizeof(struct msgc_connection *));
	directory->bucket_count = BUCKETS_LEAST;
	return directory->buckets ? 0 : MSGC_ENOMEM;
}

void msgc__directory_free(struct msgc__directory *directory)
{
	free(directory->buckets);
}

/* Without memory to grow its chains are longer, no more. */
static void grow(struct msgc__directory *directory)
{
	struct msgc__directory larger = {.bucket_count = directory->bucket_count * 2};

	larger.buckets = calloc(larger.bucket_count, sizeof(struct msgc_connection *));
	if (!larger.buckets)
		return;
	for (size_t i = 0; i < directory->bucket_count; i++) {
		for (struct msgc_connection *c = directory->buckets[i], *next; c; c = next) {
			struct msgc_connection **bucket = bucket_of(&larger, c->id);

			next = c->next_by_id;
			c->next_by_id = *bucket;
			*bucket = c;
		}
	}
	free(directory->buckets);
	directory->buckets = larger.buckets;
	directory->bucket_count = larger.bucket_count;
}

void msgc__directory_add(struct msgc__directory *directory, struct msgc_connection *connection)
{
	struct msgc_connection **bucket;

	if (directory->count >= directory->bucket_count)
		grow(directory);
	bucket = bucket_of(directory, connection->id);
	connection->next_by_id = *bucket;
	*bucket = connection;
	directory->count++;
}

void msgc__directory_remove(struct msgc__directory *directory, struct msgc_connection *connection)
{
	struct msgc_connection **at = bucket_of(directory, connection->id);

	while (*at && *at != connection)
		at = &(*at)->next_by_id;
	if (!*at)
		return;
	*at = connection->next_by_id;
	directory->count--;
}

struct msgc_connection *msgc__directory_find(const struct msgc__directory *directory, uint64_t id)
{
	struct msgc_connection *connection = *bucket_of(directory, id);

	while (connection && connection->id != id)
		connection = connection->next_by_id;
	return connection;
}

/* ------------------------------------------------------------------------------------------- letters */

struct letter {
	struct msgc__mail mail;
	const struct msgc_consumer *consumer;
	uint64_t id;
	void (*call)(void *self, msgc_task_fn *task, void *arg);
	msgc_task_fn *task;
	void *arg;
};

/* A frame of its own: what it causes leaves when it has returned. Without memory for one, it takes effect at once. */
static void run_for(struct letter *letter, struct msgc_connection *connection)
{
	struct msgc__frame *frame = msgc__frame_new(connection, MSGC__FRAME_TASK), *before;

	if (!frame) {
		msgc__connection_bind(connection, &connection->arena);
		letter->call(connection->self, letter->task, letter->arg);
		return;
	}
	before = msgc__frame_enter(frame);
	letter->call(connection->self, letter->task, letter->arg);
	msgc__frame_leave(frame, before);
	msgc__frame_finish(frame, 0);
}

static bool is_in(const struct msgc_connection *connection)
{
	return connection->state == MSGC__CONNECTING || connection->state == MSGC__OPEN;
}

static void open_letter(struct msgc__worker *worker, struct msgc__mail *mail)
{
	struct letter *letter = (struct letter *)(void *)mail;
	struct msgc_connection *connection = msgc__directory_find(&worker->directory, letter->id);

	if (connection &&
	        (connection->served->registered != letter->consumer || !is_in(connection)))
		connection = NULL;
	if (worker->state == MSGC__WORKER_STOPPED) {
		free(letter); /* no code of the program runs any more */
		return;
	}
	if (connection)
		run_for(letter, connection);
	else
		letter->call(NULL, letter->task, letter->arg);
	free(letter);
}

int msgc_connection_post(struct msgc_server *server, const struct msgc_consumer *consumer,
        uint64_t id, void (*call)(void *self, msgc_task_fn *task, void *arg), msgc_task_fn *task,
        void *arg)
{
	struct letter *letter;
	int result;

	if (!server || !task || id == 0)
		return MSGC_EINVAL;
	if (server->worker_count == 0)
		return MSGC_EGONE;
	letter = calloc(1, sizeof *letter);
	if (!letter)
		return MSGC_ENOMEM;
	*letter = (struct letter){{.deliver = open_letter}, consumer, id, call, task, arg};
	result = msgc__worker_post(server->workers[id % server->worker_count], &letter->mail, true);
	if (result < 0)
		free(letter);
	return result;
}
