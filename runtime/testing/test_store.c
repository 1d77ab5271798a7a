/* SPDX-License-Identifier: MIT */
/*
 * Between the server and its backend, whichever that is: operations that fail, that begin later, and publications that are captured. It must not know what
 * a test has ordered, nor how anything is stored.
 */
#include <stdlib.h>
#include <string.h>

#include "../server/container.h"
#include "../server/worker.h"
#include "stand_in.h"

static struct msgc__test_stand_ins *of(const struct msgc__worker *worker)
{
	const struct msgc__backend_ops *ops = worker->server->backend->ops;

	return MSGC__CONTAINER_OF((void *)(uintptr_t)ops, struct msgc__test_stand_ins, ops);
}

static struct msgc__test_order ordered(const struct msgc__worker *worker, const char *name)
{
	return msgc__test_called(of(worker), "backend", name, NULL, NULL);
}

/* ---- operations that begin later */

struct waiting {
	void (*begin)(struct waiting *waiting);
	struct msgc__backend *backend;
	struct msgc__worker *worker;
	struct msgc__publication *publication; /* counted */
	enum msgc__put_mode mode;
	int64_t step, ttl_ms;
	union {
		msgc__published_fn *published;
		msgc__done_fn *done;
		msgc__value_fn *value;
		msgc__count_fn *count;
	} answer;
	void *arg;
	size_t key_len, value_len;
	char text[]; /* key, value */
};

static void begin_waiting(void *arg)
{
	struct waiting *waiting = arg;

	waiting->begin(waiting);
	free(waiting);
}

static struct msgc_str key_of(const struct waiting *waiting)
{
	return msgc_str_of(waiting->text, waiting->key_len);
}

/* A copy of what is asked, to be asked after `ms`. */
static int wait(
        const struct waiting *what, struct msgc_str key, struct msgc_bytes value, int64_t ms)
{
	struct waiting *waiting = malloc(sizeof(*waiting) + key.len + value.len);

	if (!waiting)
		return MSGC_ENOMEM;
	*waiting = *what;
	waiting->key_len = key.len;
	waiting->value_len = value.len;
	if (key.len > 0)
		memcpy(waiting->text, key.ptr, key.len);
	if (value.len > 0)
		memcpy(waiting->text + key.len, value.ptr, value.len);
	if (waiting->publication)
		msgc__publication_ref(waiting->publication);
	if (msgc__test_after(what->worker->server, ms, begin_waiting, waiting))
		return 0;
	if (waiting->publication)
		msgc__publication_unref(waiting->publication);
	free(waiting);
	return MSGC_ENOMEM;
}

static const struct msgc_bytes nothing = {NULL, 0};

/* ---- publications */

static void publish_later(struct waiting *w)
{
	static const struct msgc__position none;
	int result = of(w->worker)->real_ops->publish(
	        w->backend, w->worker, w->publication, w->answer.published, w->arg);

	if (result < 0)
		w->answer.published(w->arg, result, &none);
	msgc__publication_unref(w->publication);
}

static int publish(struct msgc__backend *backend, struct msgc__worker *worker,
        struct msgc__publication *publication, msgc__published_fn *done, void *arg)
{
	static const struct msgc__position none;
	struct msgc__test_order order = ordered(worker, "publish");
	struct waiting w = {.begin = publish_later,
	        .backend = backend,
	        .worker = worker,
	        .publication = publication,
	        .answer.published = done,
	        .arg = arg};

	if (order.result < 0)
		return order.result;
	if (msgc__test_capture(of(worker), publication)) {
		done(arg, 0, &none);
		return 0;
	}
	if (order.delay_ms > 0)
		return wait(&w, msgc_str_of("", 0), nothing, order.delay_ms);
	return of(worker)->real_ops->publish(backend, worker, publication, done, arg);
}

/* ---- groups and streams */

static void join_later(struct waiting *w)
{
	int result = of(w->worker)->real_ops->join(
	        w->backend, w->worker, key_of(w), w->answer.done, w->arg);

	if (result < 0)
		w->answer.done(w->arg, result);
}

static int join(struct msgc__backend *backend, struct msgc__worker *worker, struct msgc_str group,
        msgc__done_fn *done, void *arg)
{
	struct msgc__test_order order = ordered(worker, "join");
	struct waiting w = {.begin = join_later,
	        .backend = backend,
	        .worker = worker,
	        .answer.done = done,
	        .arg = arg};

	if (order.result < 0)
		return order.result;
	if (order.delay_ms > 0)
		return wait(&w, group, nothing, order.delay_ms);
	return of(worker)->real_ops->join(backend, worker, group, done, arg);
}

static int read_stream(struct msgc__backend *backend, struct msgc__worker *worker,
        struct msgc_str group, const struct msgc_history *history,
        const struct msgc__position *after, size_t max_bytes, msgc__read_fn *done, void *arg)
{
	struct msgc__test_order order = ordered(worker, "read");

	return order.result < 0 ? order.result
	                        : of(worker)->real_ops->read(backend, worker, group, history, after,
	                                  max_bytes, done, arg);
}

/* ---- rosters */

static int attend(struct msgc__backend *backend, struct msgc__worker *worker, struct msgc_str group,
        const struct msgc__attendee *who, const struct msgc__roster_policy *policy,
        msgc__roster_fn *done, void *arg)
{
	struct msgc__test_order order = ordered(worker, "attend");

	return order.result < 0
	        ? order.result
	        : of(worker)->real_ops->attend(backend, worker, group, who, policy, done, arg);
}

static int read_roster(struct msgc__backend *backend, struct msgc__worker *worker,
        struct msgc_str group, const struct msgc__roster_policy *policy, size_t most,
        msgc__roster_fn *done, void *arg)
{
	struct msgc__test_order order = ordered(worker, "roster");

	return order.result < 0
	        ? order.result
	        : of(worker)->real_ops->roster(backend, worker, group, policy, most, done, arg);
}

/* ---- keys */

static void put_later(struct waiting *w)
{
	struct msgc_bytes value = {(const uint8_t *)w->text + w->key_len, w->value_len};
	int result = of(w->worker)->real_ops->put(w->backend, w->worker, key_of(w), value,
	        w->ttl_ms, w->mode, w->answer.done, w->arg);

	if (result < 0)
		w->answer.done(w->arg, result);
}

static int put(struct msgc__backend *backend, struct msgc__worker *worker, struct msgc_str key,
        struct msgc_bytes value, int64_t ttl_ms, enum msgc__put_mode mode, msgc__done_fn *done,
        void *arg)
{
	struct msgc__test_order order = ordered(worker, "put");
	struct waiting w = {.begin = put_later,
	        .backend = backend,
	        .worker = worker,
	        .ttl_ms = ttl_ms,
	        .mode = mode,
	        .answer.done = done,
	        .arg = arg};

	if (order.result < 0)
		return order.result;
	if (order.delay_ms > 0)
		return wait(&w, key, value, order.delay_ms);
	return of(worker)->real_ops->put(backend, worker, key, value, ttl_ms, mode, done, arg);
}

static void get_later(struct waiting *w)
{
	int result = of(w->worker)->real_ops->get(
	        w->backend, w->worker, key_of(w), w->answer.value, w->arg);

	if (result < 0)
		w->answer.value(w->arg, result, nothing);
}

static void take_later(struct waiting *w)
{
	int result = of(w->worker)->real_ops->take(
	        w->backend, w->worker, key_of(w), w->answer.value, w->arg);

	if (result < 0)
		w->answer.value(w->arg, result, nothing);
}

static int get(struct msgc__backend *backend, struct msgc__worker *worker, struct msgc_str key,
        msgc__value_fn *done, void *arg)
{
	struct msgc__test_order order = ordered(worker, "get");
	struct waiting w = {.begin = get_later,
	        .backend = backend,
	        .worker = worker,
	        .answer.value = done,
	        .arg = arg};

	if (order.result < 0)
		return order.result;
	if (order.delay_ms > 0)
		return wait(&w, key, nothing, order.delay_ms);
	return of(worker)->real_ops->get(backend, worker, key, done, arg);
}

static int take(struct msgc__backend *backend, struct msgc__worker *worker, struct msgc_str key,
        msgc__value_fn *done, void *arg)
{
	struct msgc__test_order order = ordered(worker, "take");
	struct waiting w = {.begin = take_later,
	        .backend = backend,
	        .worker = worker,
	        .answer.value = done,
	        .arg = arg};

	if (order.result < 0)
		return order.result;
	if (order.delay_ms > 0)
		return wait(&w, key, nothing, order.delay_ms);
	return of(worker)->real_ops->take(backend, worker, key, done, arg);
}

static int count(struct msgc__backend *backend, struct msgc__worker *worker, struct msgc_str key,
        int64_t step, int64_t ttl_ms, msgc__count_fn *done, void *arg)
{
	struct msgc__test_order order = ordered(worker, "count");

	return order.result < 0
	        ? order.result
	        : of(worker)->real_ops->count(backend, worker, key, step, ttl_ms, done, arg);
}

/* What begins later is begun, or freed with the tasks of its worker, before the backend goes. */
void msgc__test_store_put(struct msgc__test_stand_ins *all)
{
	struct msgc__backend *backend = all->test->server->backend;

	all->real_ops = backend->ops;
	all->ops = *backend->ops;
	all->ops.publish = publish;
	all->ops.join = join;
	all->ops.read = read_stream;
	all->ops.attend = attend;
	all->ops.roster = read_roster;
	all->ops.put = put;
	all->ops.get = get;
	all->ops.take = take;
	all->ops.count = count;
	backend->ops = &all->ops;
}
