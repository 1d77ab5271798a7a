/* SPDX-License-Identifier: MIT */
/*
 * Buffers, a ring of references per connection, and the joining of many small frames for one write. It must not know what the
 * frames say, nor who they are for.
 */
#include "outbox.h"

#include <stdlib.h>
#include <string.h>

#include "../deflate/deflate.h"

enum { FEW = 4, FREE_MOST = 1024 };

size_t msgc__wire_head(unsigned char head[MSGC__WIRE_HEAD_MAX], size_t len)
{
	head[0] = 0x81; /* FIN, text */
	if (len < 126) {
		head[1] = (unsigned char)len;
		return 2;
	}
	if (len < 65536) {
		head[1] = 126;
		head[2] = (unsigned char)(len >> 8);
		head[3] = (unsigned char)len;
		return 4;
	}
	head[1] = 127;
	for (unsigned i = 0; i < 8; i++)
		head[2 + i] = (unsigned char)((uint64_t)len >> (56 - 8 * i));
	return 10;
}

size_t msgc__wire_head_of(const char *frame)
{
	unsigned char len = (unsigned char)frame[1];

	return len < 126 ? 2 : len == 126 ? 4 : 10;
}

/* --------------------------------------------------------------------------------------------- buffers */

int msgc__output_init(struct msgc__output *output)
{
	memset(output, 0, sizeof *output);
	output->dirty_end = &output->dirty;
	output->scratch = malloc(MSGC__BATCH_MAX);
	return output->scratch ? 0 : MSGC_ENOMEM;
}

void msgc__output_free(struct msgc__output *output)
{
	while (output->free) {
		struct msgc__buffer *buffer = output->free;

		output->free = buffer->next;
		free(buffer);
	}
	free(output->scratch);
	output->scratch = NULL;
	free(output->packing);
	output->packing = NULL;
	msgc__deflater_free(output->deflater);
	output->deflater = NULL;
}

static void begin(struct msgc__output *output, struct msgc__buffer *buffer)
{
	buffer->serial = ++output->serial;
	buffer->appended = 0;
	buffer->before = buffer->len = buffer->frame_len = 0;
	buffer->refs = 1;
	buffer->kind = MSGC__BUFFER_OWN;
	buffer->window = buffer->tried = 0;
	buffer->deflated = NULL;
}

size_t msgc__buffer_frame_len(const struct msgc__buffer *buffer)
{
	return buffer->frame_len > 0 ? buffer->frame_len : buffer->len;
}

struct msgc__buffer *msgc__buffer_new(struct msgc__output *output, size_t room)
{
	struct msgc__buffer *buffer = output->free;

	if (room <= MSGC__BUFFER_SMALL) {
		room = MSGC__BUFFER_SMALL;
		if (buffer) {
			output->free = buffer->next;
			output->free_count--;
			begin(output, buffer);
			return buffer;
		}
	}
	if (room > UINT32_MAX)
		return NULL;
	buffer = malloc(sizeof *buffer + room);
	if (!buffer)
		return NULL;
	buffer->next = NULL;
	buffer->cap = (uint32_t)room;
	begin(output, buffer);
	return buffer;
}

static inline void let_go(struct msgc__output *output, struct msgc__buffer *buffer)
{
	if (buffer->cap == MSGC__BUFFER_SMALL && output->free_count < FREE_MOST) {
		buffer->next = output->free;
		output->free = buffer;
		output->free_count++;
	} else {
		free(buffer);
	}
}

static void let_deflated_go(struct msgc__output *output, struct msgc__buffer *deflated)
{
	struct msgc__buffer *next;

	for (; deflated; deflated = next) {
		next = deflated->next;
		if (--deflated->refs == 0)
			let_go(output, deflated);
	}
}

void msgc__buffer_unref(struct msgc__output *output, struct msgc__buffer *buffer)
{
	if (!buffer || --buffer->refs > 0)
		return;
	if (buffer->deflated)
		let_deflated_go(output, buffer->deflated);
	let_go(output, buffer);
}

/* --------------------------------------------------------------------------------------------- outbox */

void msgc__outbox_init(struct msgc__outbox *outbox)
{
	memset(outbox, 0, sizeof *outbox);
	outbox->ring = outbox->few;
	outbox->cap = FEW;
}

static struct msgc__piece *at(const struct msgc__outbox *outbox, uint32_t i)
{
	return &outbox->ring[(outbox->head + i) & (outbox->cap - 1)];
}

void msgc__outbox_clear(struct msgc__output *output, struct msgc__outbox *outbox)
{
	struct msgc__batch all = {.buffers = outbox->count, .len = outbox->bytes};

	msgc__outbox_took(output, outbox, &all);
}

static size_t memory_of(const struct msgc__buffer *buffer)
{
	return buffer->cap + (size_t)MSGC__OUTBOX_OVERHEAD;
}

/* Whether `room` bytes more of memory may be kept; `limit` bytes of frames alone always may. */
static bool may_hold(const struct msgc__outbox *outbox, size_t limit, size_t room)
{
	size_t most, more;

	if (__builtin_add_overflow(limit, (size_t)MSGC__OUTBOX_SLACK, &most) ||
	        __builtin_add_overflow(room, (size_t)MSGC__OUTBOX_OVERHEAD, &more))
		return true; /* no limit at all */
	return more <= most && outbox->held <= most - more;
}

static int grow(struct msgc__outbox *outbox)
{
	struct msgc__piece *ring = malloc((size_t)outbox->cap * 2 * sizeof *ring);

	if (!ring)
		return MSGC_ENOMEM;
	for (uint32_t i = 0; i < outbox->count; i++)
		ring[i] = *at(outbox, i);
	if (outbox->ring != outbox->few)
		free(outbox->ring);
	outbox->ring = ring;
	outbox->head = 0;
	outbox->cap *= 2;
	return 0;
}

static int push(struct msgc__output *output, struct msgc__outbox *outbox,
        struct msgc__buffer *buffer, size_t len)
{
	if (outbox->count == outbox->cap && grow(outbox) < 0)
		return MSGC_ENOMEM;
	*at(outbox, outbox->count++) = (struct msgc__piece){buffer, len};
	outbox->bytes += len;
	outbox->held += memory_of(buffer);
	output->bytes += len;
	return 0;
}

/* The last piece, and all that is queued, are longer by so much. */
static void lengthen(struct msgc__output *output, struct msgc__outbox *outbox, size_t len)
{
	at(outbox, outbox->count - 1)->len += len;
	outbox->bytes += len;
	output->bytes += len;
}

/* A buffer of this connection's own with room at its end. */
static int tail_with_room(struct msgc__output *output, struct msgc__outbox *outbox, size_t limit,
        size_t room, struct msgc__buffer **ret)
{
	struct msgc__buffer *tail =
	        outbox->open_tail ? at(outbox, outbox->count - 1)->buffer : NULL;
	int result;

	if (tail && tail->cap - tail->len >= room) {
		*ret = tail;
		return 0;
	}
	if (outbox->count >= MSGC__OUTBOX_REFS && room < MSGC__OUTBOX_CHUNK)
		room = MSGC__OUTBOX_CHUNK;
	if (!may_hold(outbox, limit, room > MSGC__BUFFER_SMALL ? room : MSGC__BUFFER_SMALL))
		return MSGC_ELIMIT;
	tail = msgc__buffer_new(output, room);
	if (!tail)
		return MSGC_ENOMEM;
	result = push(output, outbox, tail, 0);
	if (result < 0) {
		msgc__buffer_unref(output, tail);
		return result;
	}
	outbox->open_tail = true;
	*ret = tail;
	return 0;
}

int msgc__outbox_put(struct msgc__output *output, struct msgc__outbox *outbox, size_t limit,
        unsigned char bits, struct msgc_str head, struct msgc_str tail)
{
	unsigned char frame_head[MSGC__WIRE_HEAD_MAX];
	struct msgc__buffer *buffer;
	size_t head_len, payload, all;
	int result;

	if (__builtin_add_overflow(head.len, tail.len, &payload) || payload > limit)
		return MSGC_ELIMIT;
	head_len = msgc__wire_head(frame_head, payload);
	all = head_len + payload;
	if (all > limit || outbox->bytes > limit - all)
		return MSGC_ELIMIT;
	result = tail_with_room(output, outbox, limit, all, &buffer);
	if (result < 0)
		return result;
	frame_head[0] |= bits;
	memcpy(buffer->bytes + buffer->len, frame_head, head_len);
	if (head.len > 0)
		memcpy(buffer->bytes + buffer->len + head_len, head.ptr, head.len);
	if (tail.len > 0)
		memcpy(buffer->bytes + buffer->len + head_len + head.len, tail.ptr, tail.len);
	buffer->len += all;
	lengthen(output, outbox, all);
	return 0;
}

static int copy(struct msgc__output *output, struct msgc__outbox *outbox, size_t limit,
        const struct msgc__buffer *frame)
{
	struct msgc__buffer *buffer;
	int result = tail_with_room(output, outbox, limit, frame->frame_len, &buffer);

	if (result < 0)
		return result;
	memcpy(buffer->bytes + buffer->len, frame->bytes, frame->frame_len);
	buffer->len += frame->frame_len;
	lengthen(output, outbox, frame->frame_len);
	return 0;
}

/*
 * The first member whose outbox ends with all of a shared buffer appends the frame to it; the others find it there. Whoever has only a part
 * of that buffer goes on having that part.
 */
static bool join(
        struct msgc__output *output, struct msgc__outbox *outbox, const struct msgc__buffer *frame)
{
	struct msgc__piece *last;
	struct msgc__buffer *buffer;

	if (outbox->count == 0 || outbox->open_tail || outbox->by_reference)
		return false;
	last = at(outbox, outbox->count - 1);
	buffer = last->buffer;
	if (buffer->appended != frame->serial || last->len != buffer->before) {
		if (last->len != buffer->len || buffer->cap - buffer->len < frame->frame_len)
			return false;
		memcpy(buffer->bytes + buffer->len, frame->bytes, frame->frame_len);
		buffer->before = buffer->len;
		buffer->appended = frame->serial;
		buffer->len += frame->frame_len;
	}
	lengthen(output, outbox, frame->frame_len);
	return true;
}

int msgc__outbox_share(struct msgc__output *output, struct msgc__outbox *outbox, size_t limit,
        struct msgc__buffer *buffer)
{
	size_t len = buffer->frame_len = msgc__buffer_frame_len(buffer);
	int result;

	outbox->shares = true;
	if (len > limit || outbox->bytes > limit - len)
		return MSGC_ELIMIT;
	if (join(output, outbox, buffer))
		return 0;
	if (!outbox->by_reference && outbox->count >= MSGC__OUTBOX_REFS && len <= MSGC__OUTBOX_COPY)
		return copy(output, outbox, limit, buffer);
	if (!may_hold(outbox, limit, buffer->cap))
		return MSGC_ELIMIT;
	result = push(output, outbox, buffer, len);
	if (result < 0)
		return result;
	buffer->refs++;
	outbox->open_tail = false;
	return 0;
}

struct msgc__batch msgc__outbox_batch(
        struct msgc__output *output, const struct msgc__outbox *outbox)
{
	struct msgc__batch batch = {NULL, 0, 0};

	if (outbox->count == 0)
		return batch;
	/* A lone buffer, or one that is large anyway, goes out as it lies. */
	batch.bytes = at(outbox, 0)->buffer->bytes;
	batch.len = at(outbox, 0)->len;
	batch.buffers = 1;
	if (outbox->count == 1 || batch.len + at(outbox, 1)->len > MSGC__BATCH_MAX)
		return batch;
	batch = (struct msgc__batch){output->scratch, 0, 0};
	while (batch.buffers < outbox->count) {
		const struct msgc__piece *piece = at(outbox, batch.buffers);

		if (batch.len + piece->len > MSGC__BATCH_MAX)
			break;
		memcpy(output->scratch + batch.len, piece->buffer->bytes, piece->len);
		batch.len += piece->len;
		batch.buffers++;
	}
	return batch;
}

static void begin_anew(struct msgc__outbox *outbox)
{
	outbox->head = 0;
	outbox->open_tail = outbox->shares = false;
	if (outbox->ring == outbox->few)
		return;
	free(outbox->ring);
	outbox->ring = outbox->few;
	outbox->cap = FEW;
}

void msgc__outbox_took(
        struct msgc__output *output, struct msgc__outbox *outbox, const struct msgc__batch *batch)
{
	for (uint32_t i = 0; i < batch->buffers; i++) {
		outbox->held -= memory_of(at(outbox, i)->buffer);
		msgc__buffer_unref(output, at(outbox, i)->buffer);
	}
	outbox->head = (outbox->head + batch->buffers) & (outbox->cap - 1);
	outbox->count -= batch->buffers;
	outbox->bytes -= batch->len;
	output->bytes -= batch->len;
	if (outbox->count == 0)
		begin_anew(outbox);
}

/* The buffers before it move up by one: there are few, for they are this connection's own. */
static void take_out(struct msgc__output *output, struct msgc__outbox *outbox, uint32_t place)
{
	const struct msgc__piece piece = *at(outbox, place);

	for (uint32_t i = place; i > 0; i--)
		*at(outbox, i) = *at(outbox, i - 1);
	outbox->head = (outbox->head + 1) & (outbox->cap - 1);
	outbox->count--;
	outbox->bytes -= piece.len;
	output->bytes -= piece.len;
	outbox->held -= memory_of(piece.buffer);
	msgc__buffer_unref(output, piece.buffer);
	if (outbox->count == 0)
		begin_anew(outbox);
}

unsigned msgc__outbox_drop_oldest(struct msgc__output *output, struct msgc__outbox *outbox)
{
	uint32_t place = 0;

	while (place < outbox->count && at(outbox, place)->buffer->kind != MSGC__BUFFER_GROUP)
		place++;
	if (place == outbox->count)
		return 0;
	take_out(output, outbox, place);
	if (place == outbox->count || at(outbox, place)->buffer->kind != MSGC__BUFFER_COMPLETION)
		return 1;
	take_out(output, outbox, place);
	return 2;
}
