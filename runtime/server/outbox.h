/* SPDX-License-Identifier: MIT */
/*
 * What leaves on a connection: whole WebSocket frames (RFC 6455 section 5.2, unmasked, not fragmented) in buffers, queued per connection and
 * written once per turn. A buffer with a group's frame is shared by reference among the members' outboxes; small frames for one
 * connection are appended to a buffer of its own. It must not know what the frames say.
 */
#ifndef MSGC__OUTBOX_H
#define MSGC__OUTBOX_H

#include <msgc/codec.h>

struct msgc_connection;
struct msgc__worker;
struct msgc__deflater;

enum {
	MSGC__WIRE_HEAD_MAX = 10,
	MSGC__BATCH_MAX = 256 * 1024, /* bytes joined for one write */
	MSGC__BUFFER_SMALL = 2048,    /* payload of a buffer from the free list */
};

/* Bytes of a text frame's head for a payload of `len` bytes, written to `head`: 2, 4 or 10. */
size_t msgc__wire_head(unsigned char head[MSGC__WIRE_HEAD_MAX], size_t len);
/* The same of a frame that begins here. */
size_t msgc__wire_head_of(const char *frame);

/* What may be dropped where a reader is too slow for it. */
enum msgc__buffer_kind {
	MSGC__BUFFER_OWN,        /* one connection's: nothing */
	MSGC__BUFFER_GROUP,      /* a group's message: all of it */
	MSGC__BUFFER_COMPLETION, /* what follows that: together with it */
};

/*
 * Belongs to one worker: not atomic. A frame that is shared is the first `frame_len` bytes. What the members of a group get one after the
 * other is appended to the first of it, once for all: members that have all that is there hold one buffer instead of many.
 */
struct msgc__buffer {
	struct msgc__buffer *next; /* in the free list, or of another's `deflated` */
	uint64_t serial;           /* no other buffer of this worker has it */
	uint64_t appended;         /* the serial of what was appended last; 0: nothing was */
	size_t before;             /* length before that */
	size_t len;
	size_t frame_len; /* of what it was made for; 0: not shared yet, all of it */
	unsigned refs;
	uint32_t cap;
	enum msgc__buffer_kind kind;
	uint8_t window; /* of a deflated frame; 0: it is plain */
	uint8_t tried; /* a bit for each window, from the least, with which deflating it does not pay */
	struct msgc__buffer *
	        deflated; /* the same frame for those who inflate, one for each window: linked by `next` */
	char bytes[];
};

/* What an outbox has of a buffer: its first bytes. */
struct msgc__piece {
	struct msgc__buffer *buffer;
	size_t len;
};

/* Per worker. */
struct msgc__output {
	struct msgc__buffer *free; /* small ones */
	unsigned free_count;
	uint64_t serial;                 /* of the last buffer */
	char *scratch;                   /* MSGC__BATCH_MAX */
	struct msgc__deflater *deflater; /* NULL: nothing was deflated yet */
	char *packing;                   /* room for what is being deflated: compress.c */
	size_t packing_cap;
	struct msgc_connection *dirty,
	        **dirty_end; /* connections with something to write this turn */
	size_t bytes; /* in all outboxes of this worker, shared buffers counted once for each member */
};

enum {
	MSGC__OUTBOX_REFS = 8, /* buffers that wait before frames are gathered in larger ones */
	MSGC__OUTBOX_CHUNK = 8 * 1024, /* one of those */
	MSGC__OUTBOX_COPY = 4 * 1024,  /* most that is copied into them though it could be shared */
	MSGC__OUTBOX_OVERHEAD = sizeof(struct msgc__buffer) + 2 * sizeof(struct msgc__piece),
	MSGC__OUTBOX_SLACK = MSGC__OUTBOX_REFS * (MSGC__BUFFER_SMALL + MSGC__OUTBOX_OVERHEAD) +
	        MSGC__OUTBOX_CHUNK + MSGC__OUTBOX_OVERHEAD,
};

/* Per connection. */
struct msgc__outbox {
	struct msgc__piece *ring; /* cap is a power of two; `few` while it is enough */
	uint32_t head, count, cap;
	bool by_reference; /* shared buffers are never copied: they can be dropped one by one */
	bool open_tail;    /* the last buffer is this connection's own and may be appended to */
	bool shares;       /* something has been shared with it since it was empty */
	size_t bytes;      /* of frames that wait */
	size_t held; /* of memory that they keep: buffers whole, shared ones counted as if they were this outbox's alone */
	struct msgc__piece few[4];
};

int msgc__output_init(struct msgc__output *output);
void msgc__output_free(struct msgc__output *output);

/* An empty buffer with room for `room` bytes and one reference. NULL: no memory. */
struct msgc__buffer *msgc__buffer_new(struct msgc__output *output, size_t room);
void msgc__buffer_unref(struct msgc__output *output, struct msgc__buffer *buffer);
/* Of the frame that it was made for. */
size_t msgc__buffer_frame_len(const struct msgc__buffer *buffer);

void msgc__outbox_init(struct msgc__outbox *outbox);
void msgc__outbox_clear(struct msgc__output *output, struct msgc__outbox *outbox);

/*
 * One text frame whose payload is `head` followed by `tail` (either may be empty), copied; `bits` are added to its first byte. MSGC_ELIMIT: more than `limit` bytes would wait, or
 * keep more than `limit` + MSGC__OUTBOX_SLACK bytes of memory; MSGC_ENOMEM. Nothing has been queued then.
 */
int msgc__outbox_put(struct msgc__output *output, struct msgc__outbox *outbox, size_t limit,
        unsigned char bits, struct msgc_str head, struct msgc_str tail);
/*
 * A ready frame, by reference: to what was made of it and of the frame before, where the outbox ends with that. Copied where the reader is
 * slow and it is small, so that few bytes do not keep whole buffers.
 */
int msgc__outbox_share(struct msgc__output *output, struct msgc__outbox *outbox, size_t limit,
        struct msgc__buffer *buffer);

/* Drops the group message that has waited longest, with its completion: how many frames that were; 0: there is none. */
unsigned msgc__outbox_drop_oldest(struct msgc__output *output, struct msgc__outbox *outbox);

/*
 * The next batch of whole frames: either a queued buffer itself or several joined in output->scratch. Valid until the outbox changes. Empty:
 * nothing is queued. _took() takes exactly that batch out.
 */
struct msgc__batch {
	const char *bytes;
	size_t len;
	uint32_t buffers;
};
struct msgc__batch msgc__outbox_batch(
        struct msgc__output *output, const struct msgc__outbox *outbox);
void msgc__outbox_took(
        struct msgc__output *output, struct msgc__outbox *outbox, const struct msgc__batch *batch);

#endif
