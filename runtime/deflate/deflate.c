/* SPDX-License-Identifier: MIT */
/*
 * Messages through zlib, each by itself. States are reset for each message, which costs as much as their tables are long: so small messages have a small one.
 * It must not keep anything of a message when it is done.
 */
#include "deflate.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum {
	LEVEL = 3, /* six takes up to three times as long, for a twentieth less */
	SMALL_WINDOW = 12,
	ENDS_MOST = 8, /* final blocks within one message: each costs a copy of the window */
};

static const unsigned char tail_bytes[MSGC__DEFLATE_TAIL] = {0, 0, 0xff, 0xff};

/* zlib's memory comes from where ours does, so that tests can let it fail. */
static voidpf take_memory(voidpf opaque, uInt items, uInt size)
{
	(void)opaque;
	return calloc(items, size);
}

static void free_memory(voidpf opaque, voidpf memory)
{
	(void)opaque;
	free(memory);
}

/* ------------------------------------------------------------------------------------------------ deflate */

struct msgc__deflater {
	z_stream streams[MSGC__DEFLATE_WINDOW_MAX + 1];
	bool ready[MSGC__DEFLATE_WINDOW_MAX + 1];
};

struct msgc__deflater *msgc__deflater_new(void)
{
	return calloc(1, sizeof(struct msgc__deflater));
}

void msgc__deflater_free(struct msgc__deflater *deflater)
{
	unsigned i;

	if (!deflater)
		return;
	for (i = 0; i <= MSGC__DEFLATE_WINDOW_MAX; i++)
		if (deflater->ready[i])
			deflateEnd(&deflater->streams[i]);
	free(deflater);
}

unsigned msgc__deflate_window(unsigned window, size_t len)
{
	return len <= (size_t)1 << SMALL_WINDOW && len <= (size_t)1 << window ? SMALL_WINDOW
	                                                                      : window;
}

/* zlib's table of places is as long as its memory level says: 2^(level + 7) entries, and 8 is what it takes for the largest window. */
static z_stream *deflate_stream(struct msgc__deflater *deflater, unsigned window)
{
	z_stream *stream = &deflater->streams[window];
	int level = window >= MSGC__DEFLATE_WINDOW_MAX ? 8 : (int)window - 7;

	if (deflater->ready[window])
		return deflateReset(stream) == Z_OK ? stream : NULL;
	stream->zalloc = take_memory;
	stream->zfree = free_memory;
	if (deflateInit2(stream, LEVEL, Z_DEFLATED, -(int)window, level, Z_DEFAULT_STRATEGY) !=
	        Z_OK)
		return NULL;
	deflater->ready[window] = true;
	return stream;
}

/* zlib does not change what it reads, but lacks the const. */
static void give(z_stream *stream, const char *bytes, size_t len)
{
	stream->next_in = (Bytef *)(uintptr_t)bytes;
	stream->avail_in = (uInt)len;
}

int msgc__deflate(struct msgc__deflater *deflater, unsigned window, struct msgc_str head,
        struct msgc_str tail, char *out, size_t room, size_t *ret_len)
{
	z_stream *stream;
	size_t len;

	if (window < MSGC__DEFLATE_WINDOW_MIN || window > MSGC__DEFLATE_WINDOW_MAX)
		return MSGC_EINVAL;
	if (head.len > UINT32_MAX || tail.len > UINT32_MAX)
		return MSGC_ELIMIT;
	if (room > UINT32_MAX)
		room = UINT32_MAX;
	stream = deflate_stream(deflater, window);
	if (!stream)
		return MSGC_ENOMEM;
	stream->next_out = (Bytef *)out;
	stream->avail_out = (uInt)room;
	give(stream, head.ptr, head.len);
	if (head.len > 0 && (deflate(stream, Z_NO_FLUSH) != Z_OK || stream->avail_in > 0))
		return MSGC_ELIMIT;
	give(stream, tail.ptr, tail.len);
	/* Where room is left all of it has been written (zlib.h on Z_SYNC_FLUSH), and it ends with the tail. */
	if (deflate(stream, Z_SYNC_FLUSH) != Z_OK || stream->avail_out == 0)
		return MSGC_ELIMIT;
	len = room - stream->avail_out;
	if (len < MSGC__DEFLATE_TAIL ||
	        memcmp(out + len - MSGC__DEFLATE_TAIL, tail_bytes, MSGC__DEFLATE_TAIL) != 0)
		return MSGC_EINVAL;
	*ret_len = len - MSGC__DEFLATE_TAIL;
	return 0;
}

/* ------------------------------------------------------------------------------------------------ inflate */

struct msgc__inflater {
	z_stream stream;
	bool ready;
};

struct msgc__inflater *msgc__inflater_new(void)
{
	return calloc(1, sizeof(struct msgc__inflater));
}

void msgc__inflater_free(struct msgc__inflater *inflater)
{
	if (inflater && inflater->ready)
		inflateEnd(&inflater->stream);
	free(inflater);
}

size_t msgc__deflated_limit(size_t limit)
{
	return limit + limit / 8 + 64;
}

/* What one message has become so far. */
struct work {
	z_stream *stream;
	char **memory;
	size_t *cap;
	size_t limit, len;
	unsigned ends;
	bool at_end; /* the last block said that it was that */
};

/* Room for one byte beyond the limit, which tells that there are too many: it lies in the padding. */
static int make_room(struct work *work)
{
	size_t cap = *work->cap, room;
	char *larger;

	if (work->len >= cap && cap < work->limit) {
		cap = cap > work->limit / 2 ? work->limit : cap * 2;
		larger = realloc(*work->memory, cap + MSGC_PADDING);
		if (!larger)
			return MSGC_ENOMEM;
		*work->memory = larger;
		*work->cap = cap;
	}
	room = (cap < work->limit ? cap : work->limit + 1) - work->len;
	work->stream->next_out = (Bytef *)*work->memory + work->len;
	work->stream->avail_out = (uInt)room;
	return 0;
}

/* A block that says to be the last one: others may follow (section 7.2.3.4), which may refer to what was before. */
static int go_on(struct work *work)
{
	size_t back = work->len < 32768 ? work->len : 32768;

	if (++work->ends > ENDS_MOST || inflateReset(work->stream) != Z_OK)
		return MSGC_EINVAL;
	if (back > 0 &&
	        inflateSetDictionary(work->stream, (Bytef *)*work->memory + work->len - back,
	                (uInt)back) != Z_OK)
		return MSGC_EINVAL;
	return 0;
}

static int feed(struct work *work, const char *bytes, size_t len)
{
	z_stream *stream = work->stream;
	size_t room;
	int result, what;

	give(stream, bytes, len);
	for (;;) {
		result = make_room(work);
		if (result < 0)
			return result;
		room = stream->avail_out;
		what = inflate(stream, Z_SYNC_FLUSH);
		work->len += room - stream->avail_out;
		work->at_end = what == Z_STREAM_END;
		if (work->len > work->limit)
			return MSGC_ELIMIT;
		if (what == Z_MEM_ERROR)
			return MSGC_ENOMEM;
		if (what != Z_OK && what != Z_STREAM_END && what != Z_BUF_ERROR)
			return MSGC_EINVAL;
		if (work->at_end && (result = go_on(work)) < 0)
			return result;
		/* With room left it has stopped for want of input. */
		if (stream->avail_in == 0 && stream->avail_out > 0)
			return 0;
		if (what == Z_BUF_ERROR && stream->avail_out > 0)
			return MSGC_EINVAL;
	}
}

int msgc__inflate(struct msgc__inflater *inflater, struct msgc_str message, size_t limit,
        char **memory, size_t *cap, size_t *ret_len)
{
	struct work work = {&inflater->stream, memory, cap, limit, 0, 0, false};
	int result;

	if (message.len > UINT32_MAX || limit >= UINT32_MAX)
		return MSGC_ELIMIT;
	if (!inflater->ready) {
		work.stream->zalloc = take_memory;
		work.stream->zfree = free_memory;
	}
	if (inflater->ready ? inflateReset(work.stream) != Z_OK
	                    : inflateInit2(work.stream, -MSGC__DEFLATE_WINDOW_MAX) != Z_OK)
		return MSGC_ENOMEM;
	inflater->ready = true;
	result = feed(&work, message.ptr, message.len);
	if (result == 0)
		result = feed(&work, (const char *)tail_bytes, sizeof(tail_bytes));
	if (result < 0)
		return result;
	/* Behind the tail a new block would begin (zlib.h on data_type), or nothing; anything else was cut off. */
	if (!work.at_end &&
	        ((work.stream->data_type & 128) == 0 || (work.stream->data_type & 63) != 0))
		return MSGC_EINVAL;
	*ret_len = work.len;
	return 0;
}
