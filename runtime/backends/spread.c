/* SPDX-License-Identifier: MIT */
/*
 * A hash table of groups with a bit for each worker that has members, and the mail between workers. It must not know what a publication
 * says, nor where it stands in a stream.
 */
#include "spread.h"

#include <stdlib.h>
#include <string.h>

#include <msgc/codec_gen.h>

struct msgc__spread {
	struct msgc__spread *next;
	uint64_t hash;
	uint64_t workers; /* a bit each */
	uint64_t lagging; /* those that have missed something and have not been told */
	size_t len;
	char name[];
};

void msgc__spreads_init(struct msgc__spreads *spreads, struct msgc_server *server)
{
	memset(spreads, 0, sizeof *spreads);
	spreads->server = server;
	pthread_mutex_init(&spreads->lock, NULL);
}

void msgc__spreads_free(struct msgc__spreads *spreads)
{
	for (size_t i = 0; i < MSGC__SPREAD_BUCKETS; i++) {
		while (spreads->buckets[i]) {
			struct msgc__spread *spread = spreads->buckets[i];

			spreads->buckets[i] = spread->next;
			free(spread);
		}
	}
	pthread_mutex_destroy(&spreads->lock);
}

/* With the lock held, as all that follow: the link that points to the group, or to NULL at the end of its bucket. */
static struct msgc__spread **find(struct msgc__spreads *spreads, struct msgc_str group)
{
	uint64_t hash = msgc_hash_bytes(0, group.ptr, group.len);
	struct msgc__spread **link = &spreads->buckets[hash % MSGC__SPREAD_BUCKETS];

	while (*link &&
	        ((*link)->hash != hash || (*link)->len != group.len ||
	                memcmp((*link)->name, group.ptr, group.len) != 0))
		link = &(*link)->next;
	return link;
}

static struct msgc__spread *add(struct msgc__spread **link, struct msgc_str group)
{
	struct msgc__spread *spread = calloc(1, sizeof *spread + group.len);

	if (!spread)
		return NULL;
	spread->hash = msgc_hash_bytes(0, group.ptr, group.len);
	spread->len = group.len;
	memcpy(spread->name, group.ptr, group.len);
	*link = spread;
	return spread;
}

int msgc__spreads_join(struct msgc__spreads *spreads, unsigned worker, struct msgc_str group)
{
	struct msgc__spread **link, *spread;

	pthread_mutex_lock(&spreads->lock);
	link = find(spreads, group);
	spread = *link ? *link : add(link, group);
	if (spread)
		spread->workers |= UINT64_C(1) << worker;
	pthread_mutex_unlock(&spreads->lock);
	return spread ? 0 : MSGC_ENOMEM;
}

void msgc__spreads_leave(struct msgc__spreads *spreads, unsigned worker, struct msgc_str group)
{
	struct msgc__spread **link, *spread;

	pthread_mutex_lock(&spreads->lock);
	link = find(spreads, group);
	spread = *link;
	if (spread) {
		spread->workers &= ~(UINT64_C(1) << worker);
		spread->lagging &= spread->workers;
	}
	if (spread && spread->workers == 0) {
		*link = spread->next;
		free(spread);
	}
	pthread_mutex_unlock(&spreads->lock);
}

/* ---------------------------------------------------------------------------------------------- letters */

struct msgc__letter {
	struct msgc__mail mail;
	struct msgc__worker *to;
	struct msgc__publication *publication;
	msgc__published_fn *done; /* NULL: nobody asks */
	void *arg;
	int result;
};

static void open_letter(struct msgc__worker *worker, struct msgc__mail *mail)
{
	struct msgc__letter *letter = (struct msgc__letter *)(void *)mail;

	if (letter->result == 0 && worker->state != MSGC__WORKER_STOPPED)
		msgc__group_deliver(worker, letter->publication);
	if (letter->done)
		letter->done(letter->arg, letter->result,
		        msgc__publication_position(letter->publication));
	msgc__letter_free(letter);
}

struct msgc__letter *msgc__letter_new(struct msgc__worker *to,
        struct msgc__publication *publication, msgc__published_fn *done, void *arg)
{
	struct msgc__letter *letter = calloc(1, sizeof *letter);

	if (!letter)
		return NULL;
	letter->mail.deliver = open_letter;
	letter->to = to;
	letter->publication = msgc__publication_ref(publication);
	letter->done = done;
	letter->arg = arg;
	return letter;
}

void msgc__letter_free(struct msgc__letter *letter)
{
	msgc__publication_unref(letter->publication);
	free(letter);
}

int msgc__letter_post(struct msgc__letter *letter, int result)
{
	int posted;

	letter->result = result;
	posted = msgc__worker_post(letter->to, &letter->mail, false);
	if (posted < 0)
		msgc__letter_free(letter);
	return posted;
}

/* --------------------------------------------------------------------------------------------- missing */

/* The first group that this worker must be told of; false: none is left. */
static bool next_missed(struct msgc__spreads *spreads, unsigned worker, struct msgc_group_name *ret)
{
	uint64_t bit = UINT64_C(1) << worker;

	for (size_t i = 0; i < MSGC__SPREAD_BUCKETS; i++) {
		for (struct msgc__spread *spread = spreads->buckets[i]; spread;
		        spread = spread->next) {
			if (!(spread->lagging & bit))
				continue;
			spread->lagging &= ~bit;
			memcpy(ret->text, spread->name, spread->len);
			ret->len = spread->len;
			return true;
		}
	}
	spreads->missed[worker].posted = false;
	return false;
}

static void tell_missed(struct msgc__worker *worker, struct msgc__mail *mail)
{
	struct msgc__spreads *spreads = ((struct msgc__missed *)(void *)mail)->spreads;
	struct msgc_group_name name;
	bool any = true;

	while (any) {
		pthread_mutex_lock(&spreads->lock);
		any = next_missed(spreads, worker->index, &name);
		pthread_mutex_unlock(&spreads->lock);
		if (any && worker->state != MSGC__WORKER_STOPPED)
			msgc__group_missed(worker, msgc_str_of(name.text, name.len));
	}
}

static void note_missed(
        struct msgc__spreads *spreads, struct msgc__spread *spread, struct msgc__worker *to)
{
	struct msgc__missed *missed = &spreads->missed[to->index];

	spread->lagging |= UINT64_C(1) << to->index;
	if (missed->posted)
		return;
	missed->mail.deliver = tell_missed;
	missed->spreads = spreads;
	missed->posted = msgc__worker_post(to, &missed->mail, false) == 0;
}

static int send_letter(struct msgc__worker *to, struct msgc__publication *publication)
{
	struct msgc__letter *letter = msgc__letter_new(to, publication, NULL, NULL);
	int result;

	if (!letter)
		return MSGC_ENOMEM;
	result = msgc__worker_post(to, &letter->mail, !publication->urgent);
	if (result < 0)
		msgc__letter_free(letter);
	/* A worker that has ended has no members any more. */
	return result == MSGC_EGONE ? 0 : result;
}

/*
 * A worker that has no room misses it, as a slow reader would. Workers before it have the message already: to call that a failure would make
 * the sender say it twice.
 */
static void tell(struct msgc__spreads *spreads, struct msgc__spread *spread,
        struct msgc__worker *to, struct msgc__publication *publication)
{
	struct msgc_str group = msgc__publication_group(publication);
	int result = send_letter(to, publication);

	if (result == 0)
		return;
	msgc_log(spreads->server, MSGC_LOG_WARNING, "group.missed", "worker=%u group=%.*s error=%s",
	        to->index, (int)group.len, group.ptr, msgc_error_name(result));
	if ((publication->group_kind && msgc__history_is(publication->group_kind)) ||
	        publication->roster_to > 0)
		note_missed(spreads, spread, to);
}

void msgc__spreads_tell(
        struct msgc__spreads *spreads, struct msgc__publication *publication, int except)
{
	struct msgc_server *server = spreads->server;
	struct msgc__spread *spread;

	pthread_mutex_lock(&spreads->lock);
	spread = *find(spreads, msgc__publication_group(publication));
	for (unsigned i = 0; spread && i < server->worker_count; i++) {
		if ((int)i != except && spread->workers >> i & 1)
			tell(spreads, spread, server->workers[i], publication);
	}
	pthread_mutex_unlock(&spreads->lock);
}
