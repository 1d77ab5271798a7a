/* SPDX-License-Identifier: MIT */
/*
 * Operations on their way to a thread of the SQLite backend: a list under a lock, bounded by what waits in it. It must not know what
 * they do.
 */
#include "sqlite.h"

#include <time.h>

void msgc__sqlite_queue_init(struct msgc__sqlite_queue *queue, size_t limit)
{
	pthread_condattr_t monotonic;

	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_mutex_init(&queue->lock, NULL);
	pthread_cond_init(&queue->wanted, &monotonic);
	pthread_condattr_destroy(&monotonic);
	queue->first = NULL;
	queue->last = &queue->first;
	queue->waiting = 0;
	queue->limit = limit;
	queue->stopping = false;
}

void msgc__sqlite_queue_free(struct msgc__sqlite_queue *queue)
{
	pthread_cond_destroy(&queue->wanted);
	pthread_mutex_destroy(&queue->lock);
}

int msgc__sqlite_queue_put(
        struct msgc__sqlite_queue *queue, struct msgc__sqlite_op *op, bool bounded)
{
	int result = 0;

	pthread_mutex_lock(&queue->lock);
	if (queue->stopping) {
		result = MSGC_EGONE;
	} else if (bounded && queue->waiting > 0 && op->cost > queue->limit - queue->waiting) {
		result = MSGC_EBUSY;
	} else {
		op->next = NULL;
		if (!queue->first)
			pthread_cond_signal(&queue->wanted);
		*queue->last = op;
		queue->last = &op->next;
		/* What is not bounded may fill the queue for the rest, but never overflows it. */
		op->cost = op->cost < queue->limit - queue->waiting ? op->cost
		                                                    : queue->limit - queue->waiting;
		queue->waiting += op->cost;
	}
	pthread_mutex_unlock(&queue->lock);
	return result;
}

static struct timespec in(int64_t ms)
{
	struct timespec at;

	clock_gettime(CLOCK_MONOTONIC, &at);
	at.tv_sec += (time_t)(ms / 1000);
	at.tv_nsec += (long)(ms % 1000) * 1000000;
	if (at.tv_nsec >= 1000000000) {
		at.tv_sec++;
		at.tv_nsec -= 1000000000;
	}
	return at;
}

/* With the lock held. The beginning of the list, up to the bounds, at least one. */
static struct msgc__sqlite_op *cut(struct msgc__sqlite_queue *queue, size_t most, size_t most_cost)
{
	struct msgc__sqlite_op *first = queue->first, *op = first;
	size_t count = 0, cost = 0;

	while (op) {
		struct msgc__sqlite_op *next = op->next;

		count++;
		cost += op->cost;
		queue->first = next;
		if (!next || count >= most || cost + next->cost > most_cost) {
			op->next = NULL;
			break;
		}
		op = next;
	}
	if (!queue->first)
		queue->last = &queue->first;
	queue->waiting -= cost;
	return first;
}

struct msgc__sqlite_op *msgc__sqlite_queue_take(struct msgc__sqlite_queue *queue, int64_t wait_ms,
        size_t most, size_t most_cost, bool *ret_stopping)
{
	struct timespec until = in(wait_ms);
	struct msgc__sqlite_op *first;
	int waited = 0;

	pthread_mutex_lock(&queue->lock);
	while (!queue->first && !queue->stopping && waited == 0)
		waited = pthread_cond_timedwait(&queue->wanted, &queue->lock, &until);
	first = cut(queue, most, most_cost);
	*ret_stopping = queue->stopping && !first;
	pthread_mutex_unlock(&queue->lock);
	return first;
}

void msgc__sqlite_queue_stop(struct msgc__sqlite_queue *queue)
{
	pthread_mutex_lock(&queue->lock);
	queue->stopping = true;
	pthread_cond_broadcast(&queue->wanted);
	pthread_mutex_unlock(&queue->lock);
}
