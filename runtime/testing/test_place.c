/* SPDX-License-Identifier: MIT */
/*
 * How the kit fails a test: at the line that called it. And its memory, which never is the test's concern.
 */
#include "testing.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <check.h>

static _Thread_local const char *place_file = __FILE__;
static _Thread_local int place_line = __LINE__;

void msgc_test_at(const char *file, int line)
{
	place_file = file;
	place_line = line;
}

void msgc__test_fail(const char *format, ...)
{
	char text[2048];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	_ck_assert_failed(place_file, place_line, "msgc_test", "%s", text);
}

void *msgc__test_alloc(struct msgc_test *test, size_t size)
{
	void *memory = msgc_arena_calloc(&test->arena, 1, size ? size : 1);

	if (!memory)
		msgc__test_fail("no memory");
	return memory;
}

char *msgc__test_copy(struct msgc_test *test, const char *text, size_t len)
{
	char *copy = msgc__test_alloc(test, len + 1);

	if (len > 0)
		memcpy(copy, text, len);
	return copy;
}

int64_t msgc__test_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}
