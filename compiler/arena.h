/* SPDX-License-Identifier: MIT */
/*
 * arena.h - memory of one run of the compiler, freed as a whole.
 *
 * Running out of memory ends the process with exit code 2 after one line on stderr: nothing has
 * been written by then, and there is nothing better to do. Knows nothing of what it holds.
 */
#ifndef MSGC_COMPILER_ARENA_H
#define MSGC_COMPILER_ARENA_H

#include <stdarg.h>
#include <stddef.h>

struct arena;

struct arena *arena_new(void);
void arena_free(struct arena *arena);

/* Zeroed, aligned for any object. Never NULL. */
void *arena_alloc(struct arena *arena, size_t size);

/* The same for count objects; the product is checked. count 0 gives a valid pointer. */
void *arena_array(struct arena *arena, size_t count, size_t size);

/* A copy with a NUL behind it. */
char *arena_copy(struct arena *arena, const char *bytes, size_t length);

char *arena_printf(struct arena *arena, const char *format, ...)
        __attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *arena, const char *format, va_list args)
        __attribute__((format(printf, 2, 0)));

/* Ends the process as above. */
_Noreturn void memory_exhausted(void);

/* malloc and realloc that do so where there is no memory. */
void *memory_get(size_t size);
void *memory_resize(void *memory, size_t size);

#endif
