/* SPDX-License-Identifier: MIT */
/*
 * Streams in memory: a ring of messages for each group that keeps a history, bounded by number and age as the contract says, and all of
 * them together by bytes. It must not know who is sent what.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <msgc/codec_gen.h>

#include "memory.h"
#include "../server/container.h"
#include "../server/core.h"
#include "../server/group.h"

enum { RING_FIRST = 8 };

/* ------------------------------------------------------------------------------------------------ items */

static void unref_item(struct msgc__memory_item *item)
{
	if (atomic_fetch_sub_explicit(&item->refs, 1, memory_order_acq_rel) == 1)
		free(item);
}

static size_t size_of(const struct msgc__memory_item *item)
{
	return sizeof *item + item->realm_len + item->user_len + item->body_len;
}

static struct msgc__memory_item *new_item(const struct msgc__publication *publication, int64_t now)
{
	const struct msgc__user *sender = publication->sender;
	bool named = sender && !msgc_user_is_anonymous(&sender->is);
	struct msgc_str realm = named ? sender->is.realm : msgc_str_of("", 0);
	struct msgc_str user = named ? sender->is.id : msgc_str_of("", 0);
	struct msgc_str body = msgc__publication_body(publication);
	struct msgc__memory_item *item = malloc(sizeof *item + realm.len + user.len + body.len);

	if (!item)
		return NULL;
	atomic_init(&item->refs, 1);
	item->at = now;
	item->is_group = publication->type->kind == MSGC_MESSAGE_GROUP;
	item->realm_len = realm.len;
	item->user_len = user.len;
	item->body_len = body.len;
	memcpy(item->bytes, realm.ptr, realm.len);
	memcpy(item->bytes + realm.len, user.ptr, user.len);
	memcpy(item->bytes + realm.len + user.len, body.ptr, body.len);
	return item;
}

/* ---------------------------------------------------------------------------------------------- streams */

void msgc__memory_streams_init(struct msgc__memory_streams *streams, size_t limit)
{
	memset(streams, 0, sizeof *streams);
	streams->limit = limit;
}

/* The link that points to the stream, or to NULL at the end of its bucket. */
static struct msgc__memory_stream **find(
        struct msgc__memory_streams *streams, struct msgc_str name, uint64_t hash)
{
	struct msgc__memory_stream **link = &streams->buckets[hash % MSGC__MEMORY_BUCKETS];

	while (*link &&
	        ((*link)->hash != hash || (*link)->len != name.len ||
	                memcmp((*link)->name, name.ptr, name.len) != 0))
		link = &(*link)->next;
	return link;
}

static struct msgc__memory_item **place(const struct msgc__memory_stream *stream, uint64_t seq)
{
	return &stream->ring[seq & (stream->cap - 1)];
}

static uint64_t first_seq(const struct msgc__memory_stream *stream)
{
	return stream->head.seq - stream->count + 1;
}

static void charge(struct msgc__memory_stream *stream, size_t bytes)
{
	stream->bytes += bytes;
	stream->streams->bytes += bytes;
}

static void discharge(struct msgc__memory_stream *stream, size_t bytes)
{
	stream->bytes -= bytes;
	stream->streams->bytes -= bytes;
}

static void drop_first(struct msgc__memory_stream *stream)
{
	struct msgc__memory_item *item = *place(stream, first_seq(stream));

	discharge(stream, size_of(item));
	stream->count--;
	unref_item(item);
}

static void unlink_age(struct msgc__memory_stream *stream)
{
	struct msgc__memory_streams *streams = stream->streams;

	*(stream->older ? &stream->older->newer : &streams->oldest) = stream->newer;
	*(stream->newer ? &stream->newer->older : &streams->newest) = stream->older;
}

static void link_newest(struct msgc__memory_stream *stream)
{
	struct msgc__memory_streams *streams = stream->streams;

	stream->older = streams->newest;
	stream->newer = NULL;
	*(stream->older ? &stream->older->newer : &streams->oldest) = stream;
	streams->newest = stream;
}

/* The epoch ends: whoever comes with a position in it is told to start afresh. */
static void remove_stream(struct msgc__memory_stream *stream)
{
	struct msgc__memory_streams *streams = stream->streams;
	struct msgc__memory_stream **link =
	        find(streams, msgc_str_of(stream->name, stream->len), stream->hash);

	*link = stream->next;
	unlink_age(stream);
	msgc__timer_cancel(&streams->timers, &stream->expiry);
	while (stream->count > 0)
		drop_first(stream);
	streams->bytes -= stream->bytes;
	free(stream->ring);
	free(stream);
}

/* Everything is too old. The epoch lives on, so that whoever has missed nothing is told so. */
static void expire(struct msgc__timer *timer)
{
	struct msgc__memory_stream *stream =
	        MSGC__CONTAINER_OF(timer, struct msgc__memory_stream, expiry);
	struct msgc__memory_item **ring;

	while (stream->count > 0)
		drop_first(stream);
	ring = stream->cap > RING_FIRST ? calloc(RING_FIRST, sizeof ring[0]) : NULL;
	if (!ring)
		return;
	discharge(stream, (stream->cap - RING_FIRST) * sizeof ring[0]);
	free(stream->ring);
	stream->ring = ring;
	stream->cap = RING_FIRST;
}

void msgc__memory_streams_free(struct msgc__memory_streams *streams)
{
	while (streams->oldest)
		remove_stream(streams->oldest);
}

static struct msgc__memory_stream *add(
        struct msgc__memory_streams *streams, struct msgc_str name, uint64_t hash)
{
	struct msgc__memory_stream *stream = calloc(1, sizeof *stream + name.len);
	struct msgc__memory_stream **bucket = &streams->buckets[hash % MSGC__MEMORY_BUCKETS];

	if (!stream)
		return NULL;
	stream->ring = calloc(RING_FIRST, sizeof stream->ring[0]);
	if (!stream->ring) {
		free(stream);
		return NULL;
	}
	stream->cap = RING_FIRST;
	stream->streams = streams;
	stream->expiry.fire = expire;
	stream->hash = hash;
	stream->len = name.len;
	memcpy(stream->name, name.ptr, name.len);
	(void)snprintf(
	        stream->head.epoch, sizeof stream->head.epoch, "%016" PRIx64, msgc__random());
	stream->next = *bucket;
	*bucket = stream;
	link_newest(stream);
	charge(stream, sizeof *stream + name.len + RING_FIRST * sizeof stream->ring[0]);
	return stream;
}

static int grow(struct msgc__memory_stream *stream)
{
	size_t cap = stream->cap * 2;
	struct msgc__memory_item **ring, **before = stream->ring;

	if (stream->count < stream->cap)
		return 0;
	ring = calloc(cap, sizeof ring[0]);
	if (!ring)
		return MSGC_ENOMEM;
	for (uint64_t seq = first_seq(stream); seq <= stream->head.seq; seq++)
		ring[seq & (cap - 1)] = *place(stream, seq);
	charge(stream, (cap - stream->cap) * sizeof ring[0]);
	stream->ring = ring;
	stream->cap = cap;
	free(before);
	return 0;
}

static bool is_over(const struct msgc__memory_stream *stream, int64_t at, int64_t now)
{
	return stream->history.for_ms > 0 && now - at >= stream->history.for_ms;
}

static void trim(struct msgc__memory_stream *stream, int64_t now)
{
	const struct msgc_history *history = &stream->history;

	while (stream->count > 0 &&
	        ((history->keep > 0 && stream->count > history->keep) ||
	                is_over(stream, (*place(stream, first_seq(stream)))->at, now)))
		drop_first(stream);
}

/* Whole streams go first, the one that has been silent longest before all; then this one's own beginning. */
static void make_room(struct msgc__memory_stream *stream)
{
	struct msgc__memory_streams *streams = stream->streams;

	while (streams->bytes > streams->limit && streams->oldest != stream) {
		remove_stream(streams->oldest);
		streams->evicted++;
	}
	while (streams->bytes > streams->limit && stream->count > 1)
		drop_first(stream);
}

int msgc__memory_streams_append(struct msgc__memory_streams *streams,
        const struct msgc__publication *publication, int64_t now,
        struct msgc__position *ret_position)
{
	struct msgc_str name = msgc__publication_group(publication);
	uint64_t hash = msgc_hash_bytes(0, name.ptr, name.len);
	struct msgc__memory_item *item = new_item(publication, now);
	struct msgc__memory_stream *stream;

	msgc__timers_run(&streams->timers, now);
	stream = *find(streams, name, hash);
	if (item && !stream)
		stream = add(streams, name, hash);
	if (!item || !stream || grow(stream) < 0) {
		if (stream && stream->head.seq == 0)
			remove_stream(stream);
		free(item);
		return MSGC_ENOMEM;
	}
	stream->history = publication->group_kind->history;
	item->seq = ++stream->head.seq;
	*place(stream, item->seq) = item;
	stream->count++;
	charge(stream, size_of(item));
	trim(stream, now);
	unlink_age(stream);
	link_newest(stream);
	make_room(stream);
	if (stream->history.for_ms > 0)
		msgc__timer_arm(&streams->timers, &stream->expiry, now + stream->history.for_ms);
	*ret_position = stream->head;
	return 0;
}

void msgc__memory_streams_head(struct msgc__memory_streams *streams, struct msgc_str group,
        struct msgc__position *ret_position)
{
	const struct msgc__memory_stream *stream =
	        *find(streams, group, msgc_hash_bytes(0, group.ptr, group.len));

	if (stream)
		*ret_position = stream->head;
}

/* ---------------------------------------------------------------------------------------------- reading */

static void add_to_page(struct msgc__memory_page *to, struct msgc__memory_item *item)
{
	size_t at = to->page.count++;
	const char *user = item->bytes + item->realm_len;

	atomic_fetch_add_explicit(&item->refs, 1, memory_order_relaxed);
	to->items[at] = item;
	to->stored[at] = (struct msgc__stored){
	        .seq = item->seq,
	        .is_group = item->is_group,
	        .body = {user + item->user_len, item->body_len},
	        .realm = {item->bytes, item->realm_len},
	        .user = {user, item->user_len},
	};
}

static void fill_page(const struct msgc__memory_stream *stream, uint64_t after, size_t max_bytes,
        struct msgc__memory_page *to)
{
	uint64_t seq = after;
	size_t left = max_bytes;

	while (seq < stream->head.seq && to->page.count < MSGC__PAGE_MOST) {
		struct msgc__memory_item *item = *place(stream, seq + 1);
		size_t cost = item->body_len + (size_t)MSGC__STORED_OVERHEAD;

		if (to->page.count > 0 && cost > left)
			break;
		add_to_page(to, item);
		left -= cost < left ? cost : left;
		seq++;
	}
	to->page.complete = seq == stream->head.seq;
}

void msgc__memory_streams_read(struct msgc__memory_streams *streams, struct msgc_str group,
        const struct msgc_history *history, const struct msgc__position *after, size_t max_bytes,
        int64_t now, struct msgc__memory_page *ret)
{
	struct msgc__memory_stream *stream;

	ret->page = (struct msgc__page){.items = ret->stored, .complete = true};
	msgc__timers_run(&streams->timers, now);
	stream = *find(streams, group, msgc_hash_bytes(0, group.ptr, group.len));
	if (!stream)
		return;
	stream->history = *history;
	trim(stream, now);
	ret->page.head = stream->head;
	ret->page.whole = strcmp(after->epoch, stream->head.epoch) == 0 &&
	        after->seq <= stream->head.seq && after->seq + 1 >= first_seq(stream);
	if (ret->page.whole)
		fill_page(stream, after->seq, max_bytes, ret);
}

void msgc__memory_page_free(struct msgc__memory_page *page)
{
	for (size_t i = 0; i < page->page.count; i++)
		unref_item(page->items[i]);
}
