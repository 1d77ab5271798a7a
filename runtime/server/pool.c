/* SPDX-License-Identifier: MIT */
/*
 * Pool threads and their queue. Finished work goes back to its worker by mail, which is never refused: there is not more of it than the
 * queue held. It must not know what the work is.
 */
#include "pool.h"
#include "container.h"

#include <signal.h>
#include <stdlib.h>
#include <time.h>

#include <msgc/base.h>

#include "worker.h"

struct msgc__pool {
	pthread_mutex_t lock;
	pthread_cond_t wanted;
	struct msgc__work *first, **last;
	size_t waiting; /* reservations included */
	size_t limit;
	bool stopping;
	pthread_cond_t idle;
	unsigned count, started, busy;
	uint64_t taken, refused;
	pthread_t threads[];
};

int msgc__pool_new(unsigned threads, size_t queue_limit, struct msgc__pool **ret)
{
	struct msgc__pool *pool = calloc(1, sizeof *pool + threads * sizeof pool->threads[0]);
	pthread_condattr_t monotonic;

	if (!pool)
		return MSGC_ENOMEM;
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_mutex_init(&pool->lock, NULL);
	pthread_cond_init(&pool->wanted, NULL);
	pthread_cond_init(&pool->idle, &monotonic);
	pthread_condattr_destroy(&monotonic);
	pool->last = &pool->first;
	pool->limit = queue_limit;
	pool->count = threads;
	*ret = pool;
	return 0;
}

/* With the lock held. */
static struct msgc__work *take(struct msgc__pool *pool)
{
	struct msgc__work *work = pool->first;

	if (!work)
		return NULL;
	pool->first = work->next;
	if (!pool->first)
		pool->last = &pool->first;
	pool->waiting--;
	return work;
}

static void deliver(struct msgc__worker *worker, struct msgc__mail *mail)
{
	struct msgc__work *work = MSGC__CONTAINER_OF(mail, struct msgc__work, mail);

	work->done(worker, work);
}

static void give_back(struct msgc__work *work)
{
	work->mail.deliver = deliver;
	/* A worker outlives the pool, so that there is always somebody to take the letter. */
	(void)msgc__worker_post(work->worker, &work->mail, false);
}

static void perform(struct msgc__work *work)
{
	work->run(work);
	give_back(work);
}

static void *thread_main(void *arg)
{
	struct msgc__pool *pool = arg;

	pthread_mutex_lock(&pool->lock);
	for (;;) {
		struct msgc__work *work;

		while (!pool->first && !pool->stopping)
			pthread_cond_wait(&pool->wanted, &pool->lock);
		if (pool->stopping)
			break;
		work = take(pool);
		pool->busy++;
		pthread_mutex_unlock(&pool->lock);
		perform(work);
		pthread_mutex_lock(&pool->lock);
		if (--pool->busy == 0)
			pthread_cond_signal(&pool->idle);
	}
	pthread_mutex_unlock(&pool->lock);
	return NULL;
}

int msgc__pool_start(struct msgc__pool *pool)
{
	sigset_t all, before;
	int result = 0;

	/* Signals are for the thread that runs the server. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	while (pool->started < pool->count) {
		if (pthread_create(&pool->threads[pool->started], NULL, thread_main, pool) != 0) {
			result = MSGC_EIO;
			break;
		}
		pool->started++;
	}
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return result;
}

int msgc__pool_reserve(struct msgc__pool *pool)
{
	int result = 0;

	pthread_mutex_lock(&pool->lock);
	if (pool->stopping)
		result = MSGC_EGONE;
	else if (pool->waiting >= pool->limit)
		result = MSGC_EBUSY;
	else
		pool->waiting++;
	if (result == 0)
		pool->taken++;
	else
		pool->refused++;
	pthread_mutex_unlock(&pool->lock);
	return result;
}

void msgc__pool_submit_reserved(struct msgc__pool *pool, struct msgc__work *work)
{
	pthread_mutex_lock(&pool->lock);
	work->next = NULL;
	*pool->last = work;
	pool->last = &work->next;
	pthread_cond_signal(&pool->wanted);
	pthread_mutex_unlock(&pool->lock);
}

void msgc__pool_unreserve(struct msgc__pool *pool)
{
	pthread_mutex_lock(&pool->lock);
	pool->waiting--;
	pool->taken--;
	pthread_mutex_unlock(&pool->lock);
}

int msgc__pool_submit(struct msgc__pool *pool, struct msgc__work *work)
{
	int result = msgc__pool_reserve(pool);

	if (result == 0)
		msgc__pool_submit_reserved(pool, work);
	return result;
}

void msgc__pool_look(struct msgc__pool *pool, struct msgc__pool_state *ret)
{
	pthread_mutex_lock(&pool->lock);
	*ret = (struct msgc__pool_state){pool->waiting, pool->busy, pool->taken, pool->refused};
	pthread_mutex_unlock(&pool->lock);
}

bool msgc__pool_step(struct msgc__pool *pool)
{
	struct msgc__work *work;

	pthread_mutex_lock(&pool->lock);
	work = take(pool);
	pthread_mutex_unlock(&pool->lock);
	if (work)
		perform(work);
	return work != NULL;
}

/* With the lock held. */
static bool wait_idle(struct msgc__pool *pool, int64_t wait_ms)
{
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += (time_t)(wait_ms / 1000);
	until.tv_nsec += (long)(wait_ms % 1000) * 1000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000;
	}
	while (pool->busy > 0) {
		if (pthread_cond_timedwait(&pool->idle, &pool->lock, &until) != 0)
			return pool->busy == 0;
	}
	return true;
}

int msgc__pool_stop(struct msgc__pool *pool, int64_t wait_ms)
{
	struct msgc__work *work;
	bool idle;

	pthread_mutex_lock(&pool->lock);
	pool->stopping = true;
	pthread_cond_broadcast(&pool->wanted);
	idle = wait_idle(pool, wait_ms);
	pthread_mutex_unlock(&pool->lock);
	if (!idle)
		return MSGC_ETIMEOUT;
	while (pool->started > 0)
		pthread_join(pool->threads[--pool->started], NULL);
	while ((work = take(pool)) != NULL) {
		work->dropped = true;
		give_back(work);
	}
	return 0;
}

void msgc__pool_free(struct msgc__pool *pool)
{
	if (!pool)
		return;
	pthread_cond_destroy(&pool->idle);
	pthread_cond_destroy(&pool->wanted);
	pthread_mutex_destroy(&pool->lock);
	free(pool);
}
