/* SPDX-License-Identifier: MIT */
/*
 * Captures: what is published to groups, messages and events alike, as it is published and before anybody gets it. It must not know who does.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../server/worker.h"
#include "stand_in.h"

enum { LOOK_AGAIN_NS = 500000 };

struct published {
	struct published *next;
	struct msgc_test_published is;
};

struct msgc_test_capture {
	struct msgc_test_capture *next;
	struct msgc__test_stand_ins *all;
	bool swallows, ended;
	struct published *first, **last;
	unsigned count;
};

static struct msgc_str copy(struct msgc__test_stand_ins *all, struct msgc_str text)
{
	struct msgc_str to;

	if (msgc_arena_copy(&all->arena, text, &to) < 0)
		msgc__test_fail("no memory");
	return to;
}

static void note(struct msgc_test_capture *capture, const struct msgc__publication *publication)
{
	struct msgc__test_stand_ins *all = capture->all;
	struct published *published = msgc_arena_calloc(&all->arena, 1, sizeof(*published));

	if (!published)
		msgc__test_fail("no memory");
	published->is = (struct msgc_test_published){
	        .group = copy(all, msgc__publication_group(publication)),
	        .type = publication->type,
	        .is_event = publication->type->kind == MSGC_MESSAGE_EVENT,
	        .frame =
	                {
	                        .text = copy(all, msgc__publication_body(publication)),
	                        .action = msgc_str_of(
	                                publication->type->name, publication->type->name_len),
	                        .ref = msgc_str_of("", 0),
	                        .test = all->test,
	                },
	        .user = msgc_str_of("", 0),
	};
	if (publication->sender)
		published->is.user = copy(all, publication->sender->is.id);
	*capture->last = published;
	capture->last = &published->next;
	capture->count++;
}

bool msgc__test_capture(
        struct msgc__test_stand_ins *all, const struct msgc__publication *publication)
{
	bool swallowed = false;

	/* What the server tells itself is nobody's business. */
	if (publication->roster_to > 0 || publication->bytes[0] < ' ')
		return false;
	pthread_mutex_lock(&all->lock);
	for (struct msgc_test_capture *c = all->captures; c; c = c->next) {
		if (c->ended)
			continue;
		note(c, publication);
		swallowed |= c->swallows;
	}
	pthread_mutex_unlock(&all->lock);
	return swallowed;
}

/* ---- for tests */

struct msgc_test_capture *msgc_test_begin_capture(struct msgc_test *test, bool swallow)
{
	struct msgc__test_stand_ins *all = test->stand_ins;
	struct msgc_test_capture *capture = msgc__test_alloc(test, sizeof(*capture));

	capture->all = all;
	capture->swallows = swallow;
	capture->last = &capture->first;
	pthread_mutex_lock(&all->lock);
	capture->next = all->captures;
	all->captures = capture;
	pthread_mutex_unlock(&all->lock);
	return capture;
}

void msgc_test_end_capture(struct msgc_test_capture *capture)
{
	pthread_mutex_lock(&capture->all->lock);
	capture->ended = true;
	pthread_mutex_unlock(&capture->all->lock);
}

unsigned msgc_test_captured(struct msgc_test_capture *capture)
{
	unsigned count;

	pthread_mutex_lock(&capture->all->lock);
	count = capture->count;
	pthread_mutex_unlock(&capture->all->lock);
	return count;
}

static const struct msgc_test_published *look(struct msgc_test_capture *capture, unsigned n)
{
	struct published *published;

	pthread_mutex_lock(&capture->all->lock);
	published = capture->first;
	for (unsigned i = 0; published && i < n; i++)
		published = published->next;
	pthread_mutex_unlock(&capture->all->lock);
	return published ? &published->is : NULL;
}

const struct msgc_test_published *msgc_test_publication(
        struct msgc_test_capture *capture, unsigned n)
{
	struct msgc_test *test = capture->all->test;
	int64_t until = msgc__test_now_ms() + test->timeout_ms;
	const struct msgc_test_published *published;

	while (!(published = look(capture, n)) && msgc__test_now_ms() < until)
		nanosleep(&(struct timespec){.tv_nsec = LOOK_AGAIN_NS}, NULL);
	if (!published)
		msgc__test_fail("publication %u did not come within %lld ms; there are %u", n,
		        (long long)test->timeout_ms, msgc_test_captured(capture));
	return published;
}
