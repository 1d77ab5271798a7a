/* SPDX-License-Identifier: MIT */
/*
 * The program's own work on workers and pool threads: post, submit, after. It must not know connections.
 */
#include <stdlib.h>

#include "worker.h"
#include "container.h"

/* The calling worker itself, so that what belongs together stays on one thread; others in turn. */
static struct msgc__worker *pick(struct msgc_server *server)
{
	struct msgc__worker *worker = msgc__worker_current();

	if (worker && worker->server == server)
		return worker;
	if (server->worker_count == 0)
		return NULL;
	return server->workers[atomic_fetch_add(&server->next_worker, 1) % server->worker_count];
}

/* ----------------------------------------------------------------------------------------------- post */

struct task {
	struct msgc__mail mail;
	void (*run)(struct msgc_server *server, void *arg);
	void *arg;
};

static void run_task(struct msgc__worker *worker, struct msgc__mail *mail)
{
	struct task *task = (struct task *)(void *)mail;

	if (worker->state != MSGC__WORKER_STOPPED)
		task->run(worker->server, task->arg);
	free(task);
}

/* In order of the calls: always the same worker for threads that are none. */
int msgc_server_post(
        struct msgc_server *server, void (*run)(struct msgc_server *server, void *arg), void *arg)
{
	struct msgc__worker *worker = msgc__worker_current();
	struct task *task;
	int result;

	if (!server || !run)
		return MSGC_EINVAL;
	if (!worker || worker->server != server)
		worker = server->worker_count > 0 ? server->workers[0] : NULL;
	if (!worker)
		return MSGC_EGONE;
	task = calloc(1, sizeof *task);
	if (!task)
		return MSGC_ENOMEM;
	task->mail.deliver = run_task;
	task->run = run;
	task->arg = arg;
	result = msgc__worker_post(worker, &task->mail, true);
	if (result < 0)
		free(task);
	return result;
}

/* --------------------------------------------------------------------------------------------- submit */

struct job {
	struct msgc__work work;
	struct msgc_server *server;
	int (*run)(void *arg);
	void (*done)(struct msgc_server *server, void *arg, int result);
	void *arg;
	int result;
};

static void run_job(struct msgc__work *work)
{
	struct job *job = (struct job *)(void *)work;

	job->result = job->run(job->arg);
}

static void end_job(struct msgc__worker *worker, struct msgc__work *work)
{
	struct job *job = (struct job *)(void *)work;

	if (job->done && !work->dropped && worker->state != MSGC__WORKER_STOPPED)
		job->done(job->server, job->arg, job->result);
	free(job);
	msgc__worker_release(worker);
}

int msgc_server_submit(struct msgc_server *server, int (*work)(void *arg),
        void (*done)(struct msgc_server *server, void *arg, int result), void *arg)
{
	struct msgc__worker *worker = server ? pick(server) : NULL;
	struct job *job;
	int result;

	if (!server || !work)
		return MSGC_EINVAL;
	if (!worker)
		return MSGC_EGONE;
	job = calloc(1, sizeof *job);
	if (!job)
		return MSGC_ENOMEM;
	job->work.run = run_job;
	job->work.done = end_job;
	job->work.worker = worker;
	job->server = server;
	job->run = work;
	job->done = done;
	job->arg = arg;
	msgc__worker_hold(worker); /* the drain waits for it */
	result = msgc__pool_submit(server->pool, &job->work);
	if (result < 0) {
		msgc__worker_release(worker);
		free(job);
	}
	return result;
}

/* ---------------------------------------------------------------------------------------------- after */

struct msgc__later_task {
	struct msgc__mail mail;
	struct msgc__timer timer;
	struct msgc__worker *worker;
	struct msgc__later_task *next, **prev; /* of the worker, once it is armed */
	int64_t due;
	void (*run)(struct msgc_server *server, void *arg);
	void *arg;
};

static void run_later(struct msgc__timer *timer)
{
	struct msgc__later_task *task = MSGC__CONTAINER_OF(timer, struct msgc__later_task, timer);
	struct msgc__worker *worker = task->worker;

	*task->prev = task->next;
	if (task->next)
		task->next->prev = task->prev;
	if (worker->state != MSGC__WORKER_STOPPED)
		task->run(worker->server, task->arg);
	free(task);
}

static void arm_later(struct msgc__worker *worker, struct msgc__later_task *task)
{
	task->next = worker->later_tasks;
	task->prev = &worker->later_tasks;
	if (task->next)
		task->next->prev = &task->next;
	worker->later_tasks = task;
	task->timer.fire = run_later;
	msgc__timer_arm(&worker->timers, &task->timer, task->due);
}

static void open_later(struct msgc__worker *worker, struct msgc__mail *mail)
{
	arm_later(worker, (struct msgc__later_task *)(void *)mail);
}

int msgc_server_after(struct msgc_server *server, int64_t delay_ms,
        void (*run)(struct msgc_server *server, void *arg), void *arg)
{
	struct msgc__worker *worker = server ? pick(server) : NULL;
	struct msgc__later_task *task;
	int result;

	if (!server || !run || delay_ms < 0)
		return MSGC_EINVAL;
	if (!worker)
		return MSGC_EGONE;
	task = calloc(1, sizeof *task);
	if (!task)
		return MSGC_ENOMEM;
	task->worker = worker;
	task->run = run;
	task->arg = arg;
	if (__builtin_add_overflow(msgc__server_now_ms(server), delay_ms, &task->due))
		task->due = INT64_MAX;
	if (worker == msgc__worker_current()) {
		arm_later(worker, task);
		return 0;
	}
	task->mail.deliver = open_later;
	result = msgc__worker_post(worker, &task->mail, true);
	if (result < 0)
		free(task);
	return result;
}

void msgc__later_tasks_free(struct msgc__worker *worker)
{
	while (worker->later_tasks) {
		struct msgc__later_task *task = worker->later_tasks;

		worker->later_tasks = task->next;
		free(task);
	}
}
