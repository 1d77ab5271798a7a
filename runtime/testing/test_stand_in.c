/* SPDX-License-Identifier: MIT */
/*
 * Stand-ins: by name, what a test has ordered and what has been called. It must not know what they stand for.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stand_in.h"

/* One call's message, cloned. */
struct call {
	struct call *next;
	const struct msgc_message *type; /* NULL: nothing of it was recorded */
	const void *in;
};

struct msgc_test_stand_in {
	struct msgc_test_stand_in *next;
	struct msgc__test_stand_ins *all;
	char *name;
	unsigned count;              /* calls */
	unsigned fail_from, fail_to; /* calls, from 1; 0: none fails */
	int result;
	int64_t delay_ms;
	struct call *calls, **last;
};

/* Of programs' functions that the linker wraps, which know no server: those of the server that was started last. */
static pthread_mutex_t current_lock = PTHREAD_MUTEX_INITIALIZER;
static struct msgc__test_stand_ins *current;

static void drop_laters(const struct msgc_server *server);

void msgc__test_stand_ins_new(struct msgc_test *test)
{
	struct msgc__test_stand_ins *all = calloc(1, sizeof(*all));

	if (!all)
		msgc__test_fail("no memory");
	all->test = test;
	all->server = test->server;
	pthread_mutex_init(&all->lock, NULL);
	msgc_arena_init(&all->arena, 0);
	test->stand_ins = all;
	pthread_mutex_lock(&current_lock);
	current = all;
	pthread_mutex_unlock(&current_lock);
}

void msgc__test_stand_ins_free(struct msgc_test *test)
{
	struct msgc__test_stand_ins *all = test->stand_ins;

	pthread_mutex_lock(&current_lock);
	if (current == all)
		current = NULL;
	pthread_mutex_unlock(&current_lock);
	drop_laters(all->server);
	msgc__test_hooks_free(all);
	pthread_mutex_destroy(&all->lock);
	msgc_arena_free(&all->arena);
	free(all);
	test->stand_ins = NULL;
}

/* With the lock held, as all that follow: in memory that lives as long as the test. */
static void *room(struct msgc__test_stand_ins *all, size_t size)
{
	void *p = msgc_arena_calloc(&all->arena, 1, size);

	if (!p)
		msgc__test_fail("no memory");
	return p;
}

static struct msgc_test_stand_in *find(struct msgc__test_stand_ins *all, const char *name)
{
	struct msgc_test_stand_in *stand_in = all->all;

	while (stand_in && strcmp(stand_in->name, name) != 0)
		stand_in = stand_in->next;
	return stand_in;
}

static struct msgc_test_stand_in *get(struct msgc__test_stand_ins *all, const char *name)
{
	struct msgc_test_stand_in *stand_in = find(all, name);

	if (stand_in)
		return stand_in;
	stand_in = room(all, sizeof(*stand_in));
	stand_in->name = room(all, strlen(name) + 1);
	memcpy(stand_in->name, name, strlen(name));
	stand_in->all = all;
	stand_in->last = &stand_in->calls;
	stand_in->next = all->all;
	all->all = stand_in;
	return stand_in;
}

static void record(
        struct msgc_test_stand_in *stand_in, const struct msgc_message *type, const void *in)
{
	struct msgc__test_stand_ins *all = stand_in->all;
	struct call *call = room(all, sizeof(*call));

	if (type) {
		void *copy = room(all, type->size);

		call->type = type;
		call->in = copy;
		if (msgc_message_clone(type, in, &all->arena, copy) < 0)
			msgc__test_fail("%s: the message cannot be recorded", stand_in->name);
	}
	*stand_in->last = call;
	stand_in->last = &call->next;
}

static struct msgc__test_order order(struct msgc_test_stand_in *stand_in)
{
	unsigned n = ++stand_in->count;
	bool fails = stand_in->fail_from > 0 && n >= stand_in->fail_from && n <= stand_in->fail_to;

	return (struct msgc__test_order){fails ? stand_in->result : 0, stand_in->delay_ms};
}

struct msgc__test_order msgc__test_called(struct msgc__test_stand_ins *all, const char *scope,
        const char *name, const struct msgc_message *type, const void *in)
{
	struct msgc__test_order what = {0, 0};
	struct msgc_test_stand_in *stand_in;
	char full[256];

	snprintf(full, sizeof(full), "%s%s%s", scope, *scope ? "." : "", name);
	pthread_mutex_lock(&all->lock);
	stand_in = find(all, full); /* only what the test has named */
	if (stand_in) {
		record(stand_in, type, in);
		what = order(stand_in);
	}
	pthread_mutex_unlock(&all->lock);
	return what;
}

/* ---- later */

struct later {
	struct later *next;
	const struct msgc_server *server;
	void (*then)(void *arg);
	void (*drop)(void *arg);
	void *arg;
};

static pthread_mutex_t laters_lock = PTHREAD_MUTEX_INITIALIZER;
static struct later
        *laters; /* of all servers; those of one that has ended before their time are dropped */

static void add_later(struct later *later)
{
	pthread_mutex_lock(&laters_lock);
	later->next = laters;
	laters = later;
	pthread_mutex_unlock(&laters_lock);
}

static void remove_later(const struct later *later)
{
	struct later **link = &laters;

	pthread_mutex_lock(&laters_lock);
	while (*link != later)
		link = &(*link)->next;
	*link = later->next;
	pthread_mutex_unlock(&laters_lock);
}

static void drop_laters(const struct msgc_server *server)
{
	struct later **link = &laters;

	pthread_mutex_lock(&laters_lock);
	while (*link) {
		struct later *later = *link;

		if (later->server != server) {
			link = &later->next;
			continue;
		}
		*link = later->next;
		if (later->drop)
			later->drop(later->arg);
		free(later);
	}
	pthread_mutex_unlock(&laters_lock);
}

static void run_later(struct msgc_server *server, void *arg)
{
	struct later *later = arg;

	(void)server;
	remove_later(later);
	later->then(later->arg);
	free(later);
}

bool msgc__test_after(struct msgc_server *server, int64_t ms, void (*then)(void *arg),
        void (*drop)(void *arg), void *arg)
{
	struct later *later = malloc(sizeof(*later));

	if (!later)
		return false;
	*later = (struct later){NULL, server, then, drop, arg};
	add_later(later);
	if (msgc_server_after(server, ms, run_later, later) == 0)
		return true;
	remove_later(later);
	free(later);
	return false;
}

/* ---- for tests */

struct msgc_test_stand_in *msgc_test_stand_in_for(struct msgc_test *test, const char *what)
{
	struct msgc_test_stand_in *stand_in;

	pthread_mutex_lock(&test->stand_ins->lock);
	stand_in = get(test->stand_ins, what);
	pthread_mutex_unlock(&test->stand_ins->lock);
	return stand_in;
}

void msgc_test_let_fail(
        struct msgc_test_stand_in *stand_in, unsigned nth, unsigned times, int result)
{
	pthread_mutex_lock(&stand_in->all->lock);
	stand_in->fail_from = nth > 0 ? stand_in->count + nth : 0;
	stand_in->fail_to = times > 0 ? stand_in->fail_from + times - 1 : (unsigned)-1;
	stand_in->result = result;
	pthread_mutex_unlock(&stand_in->all->lock);
}

void msgc_test_let_wait(struct msgc_test_stand_in *stand_in, int64_t ms)
{
	pthread_mutex_lock(&stand_in->all->lock);
	stand_in->delay_ms = ms;
	pthread_mutex_unlock(&stand_in->all->lock);
}

unsigned msgc_test_calls(struct msgc_test_stand_in *stand_in)
{
	unsigned count;

	pthread_mutex_lock(&stand_in->all->lock);
	count = stand_in->count;
	pthread_mutex_unlock(&stand_in->all->lock);
	return count;
}

const void *msgc_test_call(
        struct msgc_test_stand_in *stand_in, unsigned n, const struct msgc_message *type)
{
	struct call *call;

	pthread_mutex_lock(&stand_in->all->lock);
	call = stand_in->calls;
	for (unsigned i = 0; call && i < n; i++)
		call = call->next;
	pthread_mutex_unlock(&stand_in->all->lock);
	if (!call)
		msgc__test_fail("%s: there is no call %u", stand_in->name, n);
	if (call->type != type)
		msgc__test_fail("%s: call %u was of another message: %s", stand_in->name, n,
		        call->type ? call->type->name : "none");
	return call->in;
}

bool msgc_test_wrapped(const char *name, int *ret_result)
{
	struct msgc__test_order what = {0, 0};
	struct msgc_test *test = NULL;

	pthread_mutex_lock(&current_lock);
	if (current) {
		test = current->test;
		what = msgc__test_called(current, "", name, NULL, NULL);
	}
	pthread_mutex_unlock(&current_lock);
	if (test && what.delay_ms > 0)
		msgc__test_sleep(test, what.delay_ms);
	*ret_result = what.result;
	return what.result < 0;
}
