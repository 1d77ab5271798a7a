/* SPDX-License-Identifier: MIT */
/*
 * output.c - temporary files and renames.
 *
 * Knows nothing of what is written.
 */
#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "arena.h"
#include "vec.h"

/* temporary == NULL once it has been put in place. */
struct output {
	char *path;
	char *temporary;
};

struct outputs {
	struct arena *arena;
	struct vec list;
};

struct outputs *outputs_new(void)
{
	struct outputs *outputs = memory_get(sizeof(*outputs));

	*outputs = (struct outputs){.arena = arena_new()};
	return outputs;
}

void outputs_free(struct outputs *outputs)
{
	size_t i;

	if (outputs == NULL)
		return;
	for (i = 0; i < outputs->list.n; i++) {
		const struct output *output = outputs->list.items[i];

		if (output->temporary != NULL)
			unlink(output->temporary);
	}
	vec_clear(&outputs->list);
	arena_free(outputs->arena);
	free(outputs);
}

static bool complain(const char *path)
{
	fprintf(stderr, "msgc: cannot write '%s': %s\n", path, strerror(errno));
	return false;
}

/* The file holds exactly these bytes. */
static bool has_bytes(const char *path, const char *bytes, size_t length)
{
	FILE *file = fopen(path, "rb");
	bool same = file != NULL;
	char buffer[8192];

	while (same && length > 0) {
		size_t n =
		        fread(buffer, 1, length < sizeof(buffer) ? length : sizeof(buffer), file);

		same = n > 0 && memcmp(buffer, bytes, n) == 0;
		bytes += n;
		length -= n;
	}
	same = same && fgetc(file) == EOF && !ferror(file);
	if (file != NULL)
		fclose(file);
	return same;
}

static bool write_all(int fd, const char *bytes, size_t length)
{
	while (length > 0) {
		ssize_t n = write(fd, bytes, length);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		bytes += n;
		length -= (size_t)n;
	}
	return true;
}

/* mkstemp makes files for nobody else; outputs are as readable as any other new file. */
static mode_t usual_mode(void)
{
	mode_t mask = umask(0);

	umask(mask);
	return 0666 & ~mask;
}

static bool write_temporary(struct output *output, const char *bytes, size_t length, mode_t mode)
{
	int fd = mkstemp(output->temporary);
	bool fine;

	if (fd < 0) {
		output->temporary = NULL;
		return complain(output->path);
	}
	fine = write_all(fd, bytes, length) && fchmod(fd, mode) == 0;
	if (close(fd) != 0)
		fine = false;
	return fine || complain(output->path);
}

static bool prepare(
        struct outputs *outputs, const char *path, const char *bytes, size_t length, mode_t mode)
{
	struct output *output = arena_alloc(outputs->arena, sizeof(*output));

	output->path = arena_copy(outputs->arena, path, strlen(path));
	output->temporary = arena_printf(outputs->arena, "%s.XXXXXX", path);
	vec_push(&outputs->list, output);
	return write_temporary(output, bytes, length, mode);
}

bool outputs_add(struct outputs *outputs, const char *path, const char *bytes, size_t length,
        bool keep_existing)
{
	struct stat info;

	if (keep_existing && lstat(path, &info) == 0)
		return true;
	if (has_bytes(path, bytes, length))
		return true;
	return prepare(outputs, path, bytes, length, usual_mode());
}

bool outputs_replace(struct outputs *outputs, const char *path, const char *bytes, size_t length)
{
	char *real = realpath(path, NULL);
	struct stat info;
	bool fine;

	if (real == NULL || stat(real, &info) != 0) {
		free(real);
		return complain(path);
	}
	fine = prepare(outputs, real, bytes, length, info.st_mode & 07777);
	free(real);
	return fine;
}

bool outputs_folder(const char *path)
{
	return mkdir(path, 0777) == 0 || errno == EEXIST || complain(path);
}

bool outputs_commit(struct outputs *outputs)
{
	size_t i;

	for (i = 0; i < outputs->list.n; i++) {
		struct output *output = outputs->list.items[i];

		if (rename(output->temporary, output->path) != 0)
			return complain(output->path);
		output->temporary = NULL;
	}
	return true;
}
