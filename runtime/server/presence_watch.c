/* SPDX-License-Identifier: MIT */
/*
 * Watches: when the backend says that a telling of a roster is due, its changes are fetched and published to the group. A telling that fails is not
 * forgotten: those who miss it are told that they know less than there is. It must not know members.
 */
#include <stdlib.h>
#include <string.h>

#include <msgc/codec_gen.h>

#include "container.h"
#include "presence.h"

enum { WATCH_BUCKETS = 256, RETRY_MS = 100, LISTING_SHARE = 4 };

int msgc__presence_init(struct msgc__worker *worker)
{
	worker->watches = calloc(WATCH_BUCKETS, sizeof(struct msgc__watch *));
	return worker->watches ? 0 : MSGC_ENOMEM;
}

void msgc__presence_free(struct msgc__worker *worker)
{
	for (size_t i = 0; worker->watches && i < WATCH_BUCKETS; i++) {
		while (worker->watches[i]) {
			struct msgc__watch *watch = worker->watches[i];

			worker->watches[i] = watch->next;
			msgc__timer_cancel(&worker->timers, &watch->timer);
			free(watch);
		}
	}
	free(worker->watches);
}

struct msgc__roster_policy msgc__presence_policy(const struct msgc__worker *worker)
{
	const struct msgc__config *config = worker->config;

	return (struct msgc__roster_policy){
	        .limit = (size_t)config->presence_limit,
	        .bytes = (size_t)config->outbox_limit / LISTING_SHARE,
	        .window_ms = config->presence_window,
	};
}

/* -------------------------------------------------------------------------------------------- lifetime */

static struct msgc__watch **find(struct msgc__worker *worker, uint64_t hash, struct msgc_str group)
{
	struct msgc__watch **link = &worker->watches[hash % WATCH_BUCKETS];

	while (*link &&
	        ((*link)->hash != hash || (*link)->len != group.len ||
	                memcmp((*link)->name, group.ptr, group.len) != 0))
		link = &(*link)->next;
	return link;
}

struct msgc__watch *msgc__watch_get(struct msgc__worker *worker, struct msgc_str group)
{
	uint64_t hash = msgc_hash_bytes(0, group.ptr, group.len);
	struct msgc__watch **link = find(worker, hash, group), *watch = *link;

	if (!watch) {
		watch = calloc(1, sizeof *watch + group.len + 1);
		if (!watch)
			return NULL;
		watch->worker = worker;
		watch->hash = hash;
		watch->len = group.len;
		memcpy(watch->name, group.ptr, group.len);
		*link = watch;
	}
	watch->refs++;
	return watch;
}

void msgc__watch_keep(struct msgc__watch *watch)
{
	watch->refs++;
}

static void forget(struct msgc__watch *watch)
{
	struct msgc__watch **link;

	if (watch->refs > 0 || watch->timer.armed)
		return;
	link = find(watch->worker, watch->hash, msgc_str_of(watch->name, watch->len));
	*link = watch->next;
	free(watch);
}

void msgc__watch_drop(struct msgc__watch *watch)
{
	watch->refs--;
	forget(watch);
}

/* ---------------------------------------------------------------------------------------------- telling */

static void said(void *arg, int result, const struct msgc__position *position)
{
	struct msgc__watch *watch = arg;

	(void)position;
	if (result < 0)
		msgc_log(watch->worker->server, MSGC_LOG_WARNING, "presence.tell",
		        "group=%s error=%s", watch->name, msgc_error_name(result));
	else
		watch->unsaid = 0;
	if (watch->unsaid > 0)
		msgc__watch_due(watch, RETRY_MS);
	msgc__watch_drop(watch);
}

/* Published, or remembered as unsaid. */
static void say(
        struct msgc__watch *watch, const struct msgc__roster_text *text, uint64_t from, uint64_t to)
{
	struct msgc__worker *worker = watch->worker;
	struct msgc__backend *backend = worker->server->backend;
	struct msgc__publication *publication = NULL;
	int result = msgc__presence_publication(worker, text, &publication);

	watch->unsaid = to;
	msgc__watch_keep(watch);
	if (result == 0) {
		publication->urgent = true;
		publication->roster_from = from;
		publication->roster_to = to;
		result = backend->ops->publish(backend, worker, publication, said, watch);
		msgc__publication_unref(publication);
	}
	if (result < 0)
		said(watch, result, NULL);
}

static void count(struct msgc__watch *watch, enum msgc__changes_kind kind)
{
	static const enum msgc__telling tellings[] = {
	        [MSGC__CHANGES_DIFF] = MSGC__TELLING_DIFF,
	        [MSGC__CHANGES_LIST] = MSGC__TELLING_LIST,
	        [MSGC__CHANGES_COUNT] = MSGC__TELLING_COUNT,
	};

	msgc__counter_add(&watch->worker->metrics.roster_tellings[tellings[kind]], 1);
}

/* States say everything: nobody needs to have known anything before. */
static void tell(struct msgc__watch *watch, const struct msgc__changes *changes)
{
	bool is_diff = changes->kind == MSGC__CHANGES_DIFF;
	struct msgc__roster_text text = {
	        .group = msgc_str_of(watch->name, watch->len),
	        .is_diff = is_diff,
	        .listed = changes->kind == MSGC__CHANGES_LIST,
	        .users = changes->joins,
	        .user_count = changes->join_count,
	        .leaves = changes->leaves,
	        .leave_count = changes->leave_count,
	        .count = changes->count,
	};

	count(watch, changes->kind);
	say(watch, &text, is_diff ? changes->from : 0, changes->to);
}

/* An empty diff behind what could not be said: who does not know that sees the gap. */
static void tell_gap(struct msgc__watch *watch)
{
	struct msgc__roster_text text = {
	        .group = msgc_str_of(watch->name, watch->len), .is_diff = true};

	say(watch, &text, watch->unsaid, watch->unsaid);
}

static void changed(void *arg, int result, const struct msgc__changes *changes)
{
	struct msgc__watch *watch = arg;

	watch->asking = false;
	if (result < 0) {
		msgc_log(watch->worker->server, MSGC_LOG_WARNING, "presence.changes",
		        "group=%s error=%s", watch->name, msgc_error_name(result));
		msgc__watch_due(watch, RETRY_MS);
	} else {
		if (changes->kind != MSGC__CHANGES_NONE)
			tell(watch, changes);
		else if (watch->unsaid > 0)
			tell_gap(watch);
		msgc__watch_due(watch, changes->due_ms);
	}
	msgc__watch_drop(watch);
}

static void fire(struct msgc__timer *timer)
{
	struct msgc__watch *watch = MSGC__CONTAINER_OF(timer, struct msgc__watch, timer);
	struct msgc__worker *worker = watch->worker;
	struct msgc__backend *backend = worker->server->backend;
	struct msgc__roster_policy policy = msgc__presence_policy(worker);
	int result;

	if (watch->asking) {
		msgc__watch_due(watch, RETRY_MS);
		return;
	}
	watch->asking = true;
	msgc__watch_keep(watch);
	result = backend->ops->changes(
	        backend, worker, msgc_str_of(watch->name, watch->len), &policy, changed, watch);
	if (result < 0)
		changed(watch, result, NULL);
}

void msgc__watch_due(struct msgc__watch *watch, int64_t due_ms)
{
	struct msgc__worker *worker = watch->worker;
	int64_t due = worker->now + due_ms;

	if (due_ms < 0 || (watch->timer.armed && watch->timer.due <= due))
		return;
	watch->timer.fire = fire;
	msgc__timer_arm(&worker->timers, &watch->timer, due);
}
