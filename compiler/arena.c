/* SPDX-License-Identifier: MIT */
/*
 * arena.c - memory in chunks of growing size, zeroed.
 *
 * Knows nothing of what is stored.
 */
#include "arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ARENA_FIRST_CHUNK ((size_t)16 * 1024)
#define ARENA_LAST_CHUNK  ((size_t)1024 * 1024)

struct arena_chunk {
	struct arena_chunk *next;
	size_t size;
	size_t used;
	alignas(max_align_t) unsigned char bytes[];
};

struct arena {
	struct arena_chunk *chunk;
	size_t next_size;
};

_Noreturn void memory_exhausted(void)
{
	fputs("msgc: out of memory\n", stderr);
	exit(2);
}

void *memory_get(size_t size)
{
	void *memory = malloc(size);

	if (memory == NULL)
		memory_exhausted();
	return memory;
}

void *memory_resize(void *memory, size_t size)
{
	memory = realloc(memory, size);
	if (memory == NULL)
		memory_exhausted();
	return memory;
}

struct arena *arena_new(void)
{
	struct arena *arena = memory_get(sizeof(*arena));

	*arena = (struct arena){.next_size = ARENA_FIRST_CHUNK};
	return arena;
}

void arena_free(struct arena *arena)
{
	struct arena_chunk *chunk, *next;

	if (arena == NULL)
		return;
	for (chunk = arena->chunk; chunk != NULL; chunk = next) {
		next = chunk->next;
		free(chunk);
	}
	free(arena);
}

static void arena_grow(struct arena *arena, size_t size)
{
	size_t capacity = size > arena->next_size ? size : arena->next_size;
	struct arena_chunk *chunk;

	if (capacity > SIZE_MAX - sizeof(*chunk))
		memory_exhausted();
	chunk = memory_get(sizeof(*chunk) + capacity);
	chunk->next = arena->chunk;
	chunk->size = capacity;
	chunk->used = 0;
	arena->chunk = chunk;
	if (arena->next_size < ARENA_LAST_CHUNK)
		arena->next_size *= 2;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	const size_t align = alignof(max_align_t);
	void *memory;

	if (size > SIZE_MAX - align)
		memory_exhausted();
	size = (size + align - 1) / align * align;
	if (arena->chunk == NULL || arena->chunk->size - arena->chunk->used < size)
		arena_grow(arena, size);
	memory = arena->chunk->bytes + arena->chunk->used;
	arena->chunk->used += size;
	return memset(memory, 0, size);
}

void *arena_array(struct arena *arena, size_t count, size_t size)
{
	if (size != 0 && count > SIZE_MAX / size)
		memory_exhausted();
	return arena_alloc(arena, count * size);
}

char *arena_copy(struct arena *arena, const char *bytes, size_t length)
{
	char *copy;

	if (length == SIZE_MAX)
		memory_exhausted();
	copy = arena_alloc(arena, length + 1);
	if (length != 0)
		memcpy(copy, bytes, length);
	return copy;
}

char *arena_vprintf(struct arena *arena, const char *format, va_list args)
{
	va_list again;
	int length;
	char *text;

	va_copy(again, args);
	length = vsnprintf(NULL, 0, format, again);
	va_end(again);
	if (length < 0)
		memory_exhausted();
	text = arena_alloc(arena, (size_t)length + 1);
	vsnprintf(text, (size_t)length + 1, format, args);
	return text;
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	text = arena_vprintf(arena, format, args);
	va_end(args);
	return text;
}
