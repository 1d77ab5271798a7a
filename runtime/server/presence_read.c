/* SPDX-License-Identifier: MIT */
/*
 * Rosters for the program: asked of the backend on a worker's thread, waited for on any other, given as the structs that msgc generated. It must
 * not know what is told to clients.
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <msgc/codec_gen.h>

#include "presence.h"

enum { SLICE_MS = 100 };

/* Owned by who asks and by who answers: the last of them frees it. */
struct question {
	struct msgc__mail mail;
	pthread_mutex_t lock;
	pthread_cond_t answered;
	unsigned refs;
	bool done;
	int result;
	uint64_t count;
	struct msgc__roster_entry *entries; /* their texts behind them */
	size_t entry_count;
	size_t most;
	size_t group_len;
	char group[];
};

static struct question *question_new(struct msgc_str group, size_t most)
{
	struct question *question = calloc(1, sizeof *question + group.len + 1);
	pthread_condattr_t monotonic;

	if (!question)
		return NULL;
	question->refs = 1;
	question->most = most;
	question->group_len = group.len;
	memcpy(question->group, group.ptr, group.len);
	pthread_mutex_init(&question->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&question->answered, &monotonic);
	pthread_condattr_destroy(&monotonic);
	return question;
}

static void drop(struct question *question)
{
	bool last;

	pthread_mutex_lock(&question->lock);
	last = --question->refs == 0;
	pthread_mutex_unlock(&question->lock);
	if (!last)
		return;
	pthread_mutex_destroy(&question->lock);
	pthread_cond_destroy(&question->answered);
	free(question->entries);
	free(question);
}

static void keep(struct question *question)
{
	pthread_mutex_lock(&question->lock);
	question->refs++;
	pthread_mutex_unlock(&question->lock);
}

/* --------------------------------------------------------------------------------------------- answering */

static int copy_entries(struct question *question, const struct msgc__roster *roster)
{
	size_t bytes = 0;
	char *text;

	for (size_t i = 0; i < roster->entry_count; i++)
		bytes += roster->entries[i].id.len + roster->entries[i].info.len;
	question->entries = malloc((roster->entry_count + 1) * sizeof question->entries[0] + bytes);
	if (!question->entries)
		return MSGC_ENOMEM;
	text = (char *)(question->entries + roster->entry_count + 1);
	for (size_t i = 0; i < roster->entry_count; i++) {
		const struct msgc__roster_entry *from = &roster->entries[i];
		struct msgc__roster_entry *to = &question->entries[i];

		memcpy(text, from->id.ptr, from->id.len);
		to->id = msgc_str_of(text, from->id.len);
		text += from->id.len;
		memcpy(text, from->info.ptr, from->info.len);
		to->info = msgc_str_of(text, from->info.len);
		text += from->info.len;
		to->connections = from->connections;
	}
	question->entry_count = roster->entry_count;
	question->count = roster->count;
	return 0;
}

static void answer(void *arg, int result, const struct msgc__roster *roster)
{
	struct question *question = arg;

	pthread_mutex_lock(&question->lock);
	question->result = result < 0 ? result : copy_entries(question, roster);
	question->done = true;
	pthread_cond_signal(&question->answered);
	pthread_mutex_unlock(&question->lock);
	drop(question);
}

static void ask(struct msgc__worker *worker, struct question *question)
{
	struct msgc__backend *backend = worker->server->backend;
	int result = backend->ops->roster(backend, worker,
	        msgc_str_of(question->group, question->group_len), NULL, question->most, answer,
	        question);

	if (result < 0)
		answer(question, result, NULL);
}

static void open_letter(struct msgc__worker *worker, struct msgc__mail *mail)
{
	struct question *question = (struct question *)(void *)mail;

	if (worker->state == MSGC__WORKER_STOPPED)
		answer(question, MSGC_EGONE, NULL);
	else
		ask(worker, question);
}

/* ------------------------------------------------------------------------------------------------ waiting */

static bool is_done(struct question *question)
{
	bool done;

	pthread_mutex_lock(&question->lock);
	done = question->done;
	pthread_mutex_unlock(&question->lock);
	return done;
}

static bool wait_slice(struct question *question)
{
	struct timespec until;
	bool done;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_nsec += SLICE_MS * 1000000L;
	if (until.tv_nsec >= 1000000000L) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000L;
	}
	pthread_mutex_lock(&question->lock);
	if (!question->done)
		(void)pthread_cond_timedwait(&question->answered, &question->lock, &until);
	done = question->done;
	pthread_mutex_unlock(&question->lock);
	return done;
}

/* In slices, so that a server that ends does not wait for us. */
static int wait_for(struct msgc_server *server, struct question *question)
{
	for (int64_t left = server->config.handler_timeout; left > 0; left -= SLICE_MS) {
		if (wait_slice(question))
			return question->result;
		if (!atomic_load(&server->started))
			return MSGC_EGONE;
	}
	return MSGC_ETIMEOUT;
}

static int put_question(struct msgc_server *server, struct question *question)
{
	struct msgc__worker *worker = msgc__worker_current();
	bool is_here = worker && worker->server == server;
	int result;

	if (!is_here && !atomic_load(&server->started))
		return MSGC_EGONE;
	keep(question);
	if (is_here) {
		ask(worker, question);
		return is_done(question) ? question->result : MSGC_EBUSY;
	}
	worker = server->workers[atomic_fetch_add(&server->next_worker, 1) % server->worker_count];
	question->mail.deliver = open_letter;
	result = msgc__worker_post(worker, &question->mail, true);
	if (result < 0) {
		drop(question);
		return result;
	}
	return wait_for(server, question);
}

/* ------------------------------------------------------------------------------------------------- structs */

static int hex(char c)
{
	return c == '3' ? 0x3a : 0x25; /* nothing else is written: ':' and '%' */
}

/* The realm as it was before msgc__presence_id() wrote it. */
static int read_id(struct msgc_present *to, struct msgc_arena *arena)
{
	const char *end = memchr(to->id.ptr, ':', to->id.len);
	size_t len = end ? (size_t)(end - to->id.ptr) : 0, n = 0;
	char *realm;

	if (len == 0)
		return 0;
	realm = msgc_arena_alloc(arena, len + 1, 1);
	if (!realm)
		return MSGC_ENOMEM;
	for (size_t i = 0; i < len; i++) {
		if (to->id.ptr[i] == '%' && i + 2 < len) {
			realm[n++] = (char)hex(to->id.ptr[i + 1]);
			i += 2;
		} else {
			realm[n++] = to->id.ptr[i];
		}
	}
	realm[n] = '\0';
	to->realm = msgc_str_of(realm, n);
	to->user = msgc_str_of(end + 1, to->id.len - len - 1);
	return 0;
}

static int make_item(const struct msgc_presence_kind *kind, const struct msgc__roster_entry *from,
        struct msgc_arena *arena, void *item)
{
	struct msgc_present *to = item;
	int result = msgc_arena_copy(arena, from->id, &to->id);

	to->connections = from->connections;
	if (result == 0)
		result = read_id(to, arena);
	if (result == 0 && kind->type)
		result = msgc_type_decode(kind->type, from->info.ptr, from->info.len, NULL, arena,
		        (char *)item + kind->info_at, NULL);
	return result;
}

static int make_items(const struct msgc_presence_kind *kind, const struct question *question,
        struct msgc_arena *arena, struct msgc_roster *ret)
{
	char *items = msgc_arena_calloc(arena, question->entry_count + 1, kind->item_size);

	if (!items)
		return MSGC_ENOMEM;
	for (size_t i = 0; i < question->entry_count; i++) {
		int result =
		        make_item(kind, &question->entries[i], arena, items + i * kind->item_size);

		if (result < 0)
			return result;
	}
	*ret = (struct msgc_roster){question->count, items, question->entry_count};
	return 0;
}

int msgc_group_roster(struct msgc_server *server, const struct msgc_group_kind *kind,
        struct msgc_str group, size_t most, struct msgc_arena *arena, struct msgc_roster *ret)
{
	struct question *question;
	int result;

	if (!server || !kind || !kind->presence || !arena || !ret)
		return MSGC_EINVAL;
	question = question_new(group, most);
	if (!question)
		return MSGC_ENOMEM;
	result = put_question(server, question);
	if (result == 0)
		result = make_items(kind->presence, question, arena, ret);
	drop(question);
	return result;
}
