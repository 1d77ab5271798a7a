/* SPDX-License-Identifier: MIT */
/*
 * The thread that reads: pages of histories, and keys. A write-ahead log lets it read while somebody writes, or when nobody can. It must
 * not know who asks.
 */
#include "sqlite.h"

#include "../server/core.h"

enum {
	BATCH_OPS = 64,
	WAIT_MS = 60 * 1000,
	PAGES_MOST = 32, /* that wait for workers */
	ARENA_MAX = 128 * 1024 * 1024,
};

/* A page may hold a quarter of a megabyte: no more of them are read than workers take. */
static void wait_for_room(struct msgc__sqlite *sqlite)
{
	pthread_mutex_lock(&sqlite->page_lock);
	while (sqlite->pages >= PAGES_MOST && !atomic_load(&sqlite->ending))
		pthread_cond_wait(&sqlite->page_taken, &sqlite->page_lock);
	sqlite->pages++;
	pthread_mutex_unlock(&sqlite->page_lock);
}

static int perform(struct msgc__sqlite *sqlite, struct msgc__sqlite_op *op)
{
	int result;

	if (op->kind == MSGC__SQLITE_GET) {
		struct msgc_bytes value = {NULL, 0};

		result = msgc__sqlite_get(&sqlite->read_file, op->key, op->now, &value);
		op->value = value;
		op->owns_value = true;
		return result;
	}
	msgc_arena_init(&op->arena, ARENA_MAX);
	wait_for_room(sqlite);
	return msgc__sqlite_read_page(&sqlite->read_file, &op->read, &op->arena, &op->page);
}

void *msgc__sqlite_read_main(void *arg)
{
	struct msgc__sqlite *sqlite = arg;
	bool stopping = false;

	while (!stopping) {
		struct msgc__sqlite_op *op = msgc__sqlite_queue_take(
		        &sqlite->reads, WAIT_MS, BATCH_OPS, SIZE_MAX, &stopping);

		while (op) {
			struct msgc__sqlite_op *next = op->next;
			int result = perform(sqlite, op);

			if (result < 0)
				msgc__sqlite_note(sqlite, sqlite->read_file.db, result);
			msgc__sqlite_answer(op, result);
			op = next;
		}
	}
	return NULL;
}
