/* SPDX-License-Identifier: MIT */
/*
 * Memory in blocks that is taken back all at once. The only malloc of decoding is here; it is asked
 * for before anything is written, and never beyond the limit.
 */
#include "internal.h"

#include <stdlib.h>

#define BLOCK_SMALLEST 4096u
#define BLOCK_LARGEST  65536u
#define ALIGN_LARGEST  64u

struct msgc__arena_block {
	struct msgc__arena_block *next;
	size_t size; /* with this header */
};

static char *block_begin(struct msgc__arena_block *block)
{
	return (char *)(block + 1);
}

static char *block_end(struct msgc__arena_block *block)
{
	return (char *)block + block->size;
}

void msgc_arena_init(struct msgc_arena *arena, size_t limit)
{
	*arena = (struct msgc_arena){.limit = limit};
}

void msgc_arena_init_fixed(struct msgc_arena *arena, void *memory, size_t size)
{
	*arena = (struct msgc_arena){.total = size, .fixed = memory, .at = memory};
	if (memory)
		arena->end = arena->at + size;
	else
		arena->limit = 1; /* less than any block: nothing is ever given out */
}

static void use_block(struct msgc_arena *arena, struct msgc__arena_block *block)
{
	arena->current = block;
	arena->at = block ? block_begin(block) : NULL;
	arena->end = block ? block_end(block) : NULL;
}

void msgc_arena_reset(struct msgc_arena *arena)
{
	if (arena->fixed)
		arena->at = arena->fixed;
	else
		use_block(arena, arena->first);
}

void msgc_arena_free(struct msgc_arena *arena)
{
	struct msgc__arena_block *block, *next;

	if (!arena)
		return;
	for (block = arena->first; block; block = next) {
		next = block->next;
		free(block);
	}
	if (arena->fixed) {
		arena->at = arena->fixed;
	} else {
		arena->first = NULL;
		arena->total = 0;
		use_block(arena, NULL);
	}
}

/*
 * A new block behind the current one, for at least `least` bytes; blocks double up to
 * BLOCK_LARGEST.
 */
static bool add_block(struct msgc_arena *arena, size_t least)
{
	struct msgc__arena_block *block;
	size_t size, left;

	if (least > SIZE_MAX - sizeof *block)
		return false;
	least += sizeof *block;
	size = arena->total < BLOCK_SMALLEST ? BLOCK_SMALLEST : arena->total;
	if (size > BLOCK_LARGEST)
		size = BLOCK_LARGEST;
	if (size < least)
		size = least;
	if (arena->limit) {
		left = arena->limit > arena->total ? arena->limit - arena->total : 0;
		if (left < least)
			return false;
		if (size > left)
			size = left;
	}
	block = malloc(size);
	if (!block)
		return false;
	block->size = size;
	block->next = NULL;
	if (arena->current) {
		block->next = arena->current->next;
		arena->current->next = block;
	} else {
		arena->first = block;
	}
	arena->total += size;
	use_block(arena, block);
	return true;
}

/* `size` bytes from the current block, or NULL. */
static void *take(struct msgc_arena *arena, size_t size, size_t align)
{
	size_t left = (size_t)(arena->end - arena->at);
	size_t pad = (size_t)(-(uintptr_t)arena->at & (align - 1));
	char *p;

	if (pad > left || left - pad < size)
		return NULL;
	p = arena->at + pad;
	arena->at = p + size;
	return p;
}

/*
 * Goes on in a block left from before the last reset. One that is too small is given back, so that
 * what stands in a block counts against the limit, and not what once stood there.
 */
static bool reuse_block(struct msgc_arena *arena, size_t size, size_t align)
{
	struct msgc__arena_block *next;

	while (arena->current && (next = arena->current->next)) {
		if (next->size - sizeof *next >= align &&
		        next->size - sizeof *next - align >= size) {
			use_block(arena, next);
			return true;
		}
		arena->current->next = next->next;
		arena->total -= next->size;
		free(next);
	}
	return false;
}

void *msgc_arena_alloc(struct msgc_arena *arena, size_t size, size_t align)
{
	void *p;

	if (align == 0 || (align & (align - 1)) || align > ALIGN_LARGEST)
		return NULL;
	if (size == 0)
		size = 1;
	if (arena->at) {
		p = take(arena, size, align);
		if (p || arena->fixed)
			return p;
	}
	if (reuse_block(arena, size, align))
		return take(arena, size, align);
	if (size > SIZE_MAX - ALIGN_LARGEST || !add_block(arena, size + align))
		return NULL;
	return take(arena, size, align);
}

void *msgc_arena_calloc(struct msgc_arena *arena, size_t count, size_t size)
{
	void *p;

	if (size && count > SIZE_MAX / size)
		return NULL;
	p = msgc_arena_alloc(arena, count * size, _Alignof(max_align_t));
	if (p)
		memset(p, 0, count * size);
	return p;
}

int msgc_arena_copy(struct msgc_arena *arena, struct msgc_str s, struct msgc_str *ret)
{
	char *p;

	if (s.len == SIZE_MAX)
		return MSGC_ENOMEM;
	p = msgc_arena_alloc(arena, s.len + 1, 1);
	if (!p)
		return MSGC_ENOMEM;
	if (s.len)
		memcpy(p, s.ptr, s.len);
	p[s.len] = '\0';
	*ret = msgc_str_of(p, s.len);
	return 0;
}

size_t msgc_arena_used(const struct msgc_arena *arena)
{
	size_t used = 0;
	struct msgc__arena_block *block;

	if (arena->fixed)
		return (size_t)(arena->at - arena->fixed);
	for (block = arena->first; block && block != arena->current; block = block->next)
		used += block->size - sizeof *block;
	if (block)
		used += (size_t)(arena->at - block_begin(block));
	return used;
}

struct msgc__arena_mark msgc__arena_mark(const struct msgc_arena *arena)
{
	return (struct msgc__arena_mark){arena->current, arena->at, arena->end};
}

void msgc__arena_rewind(struct msgc_arena *arena, struct msgc__arena_mark mark)
{
	if (!mark.current && !arena->fixed) {
		/* The arena was empty; its first block has come since. */
		use_block(arena, arena->first);
		return;
	}
	arena->current = mark.current;
	arena->at = mark.at;
	arena->end = mark.end;
}

bool msgc__arena_extend(struct msgc_arena *arena, const void *piece, size_t size, size_t more)
{
	if (!piece || (const char *)piece + size != arena->at ||
	        (size_t)(arena->end - arena->at) < more)
		return false;
	arena->at += more;
	return true;
}
