/* SPDX-License-Identifier: MIT */
/*
 * Allocations that fail by their number, on any thread. The linker puts the functions with __wrap_ in front of the C library's.
 */
#include "shortage.h"

#include <stdatomic.h>

static atomic_bool armed;
static atomic_ulong count, fail_from, fail_to;
static _Thread_local bool spared;

void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t size);
char *__real_strdup(const char *s);
char *__real_strndup(const char *s, size_t n);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t size);
char *__wrap_strdup(const char *s);
char *__wrap_strndup(const char *s, size_t n);

void shortage_of(unsigned long from, unsigned long to)
{
	atomic_store(&fail_from, from);
	atomic_store(&fail_to, to);
	atomic_store(&count, 0);
}

bool shortage_arm(bool on)
{
	return atomic_exchange(&armed, on);
}

unsigned long shortage_count(void)
{
	return atomic_load(&count);
}

void shortage_spare_this_thread(bool spare)
{
	spared = spare;
}

bool shortage_strikes(void)
{
	unsigned long n;

	if (spared || !atomic_load(&armed))
		return false;
	n = atomic_fetch_add(&count, 1) + 1;
	return n >= atomic_load(&fail_from) && n <= atomic_load(&fail_to);
}

void *__wrap_malloc(size_t size)
{
	return shortage_strikes() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t n, size_t size)
{
	return shortage_strikes() ? NULL : __real_calloc(n, size);
}

void *__wrap_realloc(void *p, size_t size)
{
	return shortage_strikes() ? NULL : __real_realloc(p, size);
}

char *__wrap_strdup(const char *s)
{
	return shortage_strikes() ? NULL : __real_strdup(s);
}

char *__wrap_strndup(const char *s, size_t n)
{
	return shortage_strikes() ? NULL : __real_strndup(s, n);
}

char *shortage_strdup(const char *text)
{
	return __real_strdup(text);
}
