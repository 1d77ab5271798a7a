/* SPDX-License-Identifier: MIT */
/*
 * The clock that the server under test goes by: real time, moved on by the test, or standing still. It must not know what is due when.
 */
#include "testing.h"

#include <time.h>

#include "../server/worker.h"
#include "../transport/memory.h"

static int64_t now_ms(void *context)
{
	struct msgc_test *test = context;

	if (atomic_load(&test->clock.stopped))
		return atomic_load(&test->clock.at_ms);
	return msgc__test_now_ms() + atomic_load(&test->clock.offset_ms);
}

static int64_t unix_seconds(void *context)
{
	struct msgc_test *test = context;

	return test->clock.began_unix + (now_ms(test) - test->clock.began_ms) / 1000;
}

void msgc__test_clock_start(struct msgc_test *test)
{
	test->clock.began_ms = msgc__test_now_ms();
	test->clock.began_unix = (int64_t)time(NULL);
	pthread_mutex_init(&test->clock.lock, NULL);
	test->server->clock = (struct msgc__clock){now_ms, unix_seconds, test, 0};
}

static bool is_in_memory(const struct msgc_test *test)
{
	return test->ways == &msgc__test_memory_ways;
}

/* ---- threads that sleep by it */

struct msgc__test_sleeper {
	struct msgc__test_sleeper *next;
	int64_t until;
};

enum { LOOK_AGAIN_NS = 500000 };

/* They are looked at often enough; nobody has to wake them. */
void msgc__test_sleep(struct msgc_test *test, int64_t ms)
{
	struct msgc__test_clock *clock = &test->clock;
	struct msgc__test_sleeper self = {.until = now_ms(test) + ms}, **link;

	pthread_mutex_lock(&clock->lock);
	self.next = clock->sleepers;
	clock->sleepers = &self;
	while (now_ms(test) < self.until) {
		pthread_mutex_unlock(&clock->lock);
		nanosleep(&(struct timespec){.tv_nsec = LOOK_AGAIN_NS}, NULL);
		pthread_mutex_lock(&clock->lock);
	}
	link = &clock->sleepers;
	while (*link != &self)
		link = &(*link)->next;
	*link = self.next;
	pthread_mutex_unlock(&clock->lock);
}

/* How many there are; when the first is to wake up. */
static unsigned sleepers(struct msgc_test *test, int64_t *ret_due)
{
	struct msgc__test_clock *clock = &test->clock;
	unsigned count = 0;

	*ret_due = INT64_MAX;
	pthread_mutex_lock(&clock->lock);
	for (struct msgc__test_sleeper *s = clock->sleepers; s; s = s->next) {
		count++;
		if (s->until < *ret_due)
			*ret_due = s->until;
	}
	pthread_mutex_unlock(&clock->lock);
	return count;
}

/* ---- moving it on */

static bool rests(struct msgc_test *test, int64_t *ret_due)
{
	int64_t asleep_until;
	unsigned count = sleepers(test, &asleep_until);

	if (asleep_until <= now_ms(test) || !msgc__memory_rests(test->server, count, ret_due))
		return false;
	if (asleep_until < *ret_due)
		*ret_due = asleep_until;
	return true;
}

/* Waits until the server rests; when it has something to do again. */
static int64_t rest(struct msgc_test *test)
{
	int64_t until = msgc__test_now_ms() + test->timeout_ms, due;

	while (!rests(test, &due)) {
		if (msgc__test_now_ms() >= until)
			msgc__test_fail("the server does not come to rest within %lld ms",
			        (long long)test->timeout_ms);
		nanosleep(&(struct timespec){.tv_nsec = 50000}, NULL);
	}
	return due;
}

static void wake_all(struct msgc_test *test)
{
	struct msgc_server *server = test->server;

	for (unsigned i = 0; i < server->worker_count; i++)
		server->transport->wake(server->workers[i]->loop);
}

void msgc_test_settle(struct msgc_test *test)
{
	if (is_in_memory(test))
		(void)rest(test);
}

void msgc_test_stop_clock(struct msgc_test *test)
{
	if (!is_in_memory(test))
		msgc__test_fail(
		        "msgc_test_stop_clock() needs memory: sockets have a time of their own");
	atomic_store(&test->clock.at_ms, now_ms(test) + 1); /* nobody has seen a later time */
	atomic_store(&test->clock.stopped, true);
	wake_all(test); /* what sleeps by real time looks at this one */
	(void)rest(test);
}

/* One deadline after another, so that what is caused by one of them happens before the next. */
static void advance_standing(struct msgc_test *test, int64_t to)
{
	int64_t now, due = rest(test);

	while ((now = atomic_load(&test->clock.at_ms)) < to) {
		atomic_store(&test->clock.at_ms,
		        due > now && due < to ? due
		                : due <= now  ? now + 1
		                              : to);
		wake_all(test);
		due = rest(test);
	}
}

void msgc_test_advance(struct msgc_test *test, int64_t ms)
{
	if (ms < 0)
		msgc__test_fail("time does not go backwards");
	if (atomic_load(&test->clock.stopped)) {
		advance_standing(test, atomic_load(&test->clock.at_ms) + ms);
		return;
	}
	atomic_fetch_add(&test->clock.offset_ms, ms);
	wake_all(test);
}

int64_t msgc__test_silence(struct msgc_test *test)
{
	if (!atomic_load(&test->clock.stopped))
		return test->idle_ms;
	(void)rest(test);
	return 0;
}
