/* SPDX-License-Identifier: MIT */
/*
 * See shim_power.h. One lock for all files: what is written and what is synced at the same time must not be mistaken for each other.
 */
#include "shim_power.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FILES_MOST = 4, NAME_MOST = 512, PIECE = 65536 };

struct chaos_power {
	char name[NAME_MOST]; /* of what is remembered */
	int fd;
	unsigned users;
};

static struct chaos_power files[FILES_MOST];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void fail(const char *what)
{
	fprintf(stderr, "event=chaos.forgetful what=%s error=%s\n", what, strerror(errno));
	abort();
}

static void name_of(const char *file, char *ret_name)
{
	if (snprintf(ret_name, NAME_MOST, "%s.unsynced", file) >= NAME_MOST)
		fail("name");
}

struct chaos_power *chaos_power_open(const char *file)
{
	struct chaos_power *power = NULL;
	char name[NAME_MOST];

	name_of(file, name);
	pthread_mutex_lock(&lock);
	for (unsigned i = 0; i < FILES_MOST && !power; i++)
		if (files[i].users > 0 && strcmp(files[i].name, name) == 0)
			power = &files[i];
	for (unsigned i = 0; i < FILES_MOST && !power; i++) {
		if (files[i].users > 0)
			continue;
		power = &files[i];
		memcpy(power->name, name, sizeof name);
		power->fd = open(name, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	}
	if (!power || power->fd < 0)
		fail("open");
	power->users++;
	pthread_mutex_unlock(&lock);
	return power;
}

void chaos_power_close(struct chaos_power *power)
{
	if (!power)
		return;
	pthread_mutex_lock(&lock);
	if (--power->users == 0)
		close(power->fd);
	pthread_mutex_unlock(&lock);
}

void chaos_power_forget(const char *file)
{
	char name[NAME_MOST];

	name_of(file, name);
	pthread_mutex_lock(&lock);
	(void)unlink(name);
	pthread_mutex_unlock(&lock);
}

static void append(struct chaos_power *power, const void *from, size_t len)
{
	if (write(power->fd, from, len) != (ssize_t)len)
		fail("write");
}

/* What stands from `offset` on, `length` bytes of a file of `size`; behind its end nothing does. */
static void remember(
        struct chaos_power *power, sqlite3_file *real, int64_t size, int64_t offset, int64_t length)
{
	static char piece[PIECE]; /* with the lock */
	int64_t head[3] = {offset, size, 0};

	if (offset < size)
		head[2] = size - offset < length ? size - offset : length;
	append(power, head, sizeof head);
	for (int64_t at = 0; at < head[2]; at += PIECE) {
		int want = head[2] - at < PIECE ? (int)(head[2] - at) : PIECE;

		if (real->pMethods->xRead(real, piece, want, offset + at) != SQLITE_OK)
			fail("read");
		append(power, piece, (size_t)want);
	}
}

int chaos_power_write(struct chaos_power *power, sqlite3_file *real, const void *from, int amount,
        sqlite3_int64 offset)
{
	sqlite3_int64 size;
	int result;

	if (!power)
		return real->pMethods->xWrite(real, from, amount, offset);
	pthread_mutex_lock(&lock);
	result = real->pMethods->xFileSize(real, &size);
	if (result == SQLITE_OK) {
		remember(power, real, size, offset, amount);
		result = real->pMethods->xWrite(real, from, amount, offset);
	}
	pthread_mutex_unlock(&lock);
	return result;
}

int chaos_power_truncate(struct chaos_power *power, sqlite3_file *real, sqlite3_int64 size)
{
	sqlite3_int64 before;
	int result;

	if (!power)
		return real->pMethods->xTruncate(real, size);
	pthread_mutex_lock(&lock);
	result = real->pMethods->xFileSize(real, &before);
	if (result == SQLITE_OK) {
		remember(power, real, before, size, before > size ? before - size : 0);
		result = real->pMethods->xTruncate(real, size);
	}
	pthread_mutex_unlock(&lock);
	return result;
}

int chaos_power_sync(struct chaos_power *power, sqlite3_file *real, int flags)
{
	int result;

	if (!power)
		return real->pMethods->xSync(real, flags);
	pthread_mutex_lock(&lock);
	result = real->pMethods->xSync(real, flags);
	if (result == SQLITE_OK && ftruncate(power->fd, 0) != 0)
		fail("truncate");
	pthread_mutex_unlock(&lock);
	return result;
}
