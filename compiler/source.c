/* SPDX-License-Identifier: MIT */
/*
 * source.c - reading contract files, and finding lines and columns in them.
 *
 * A position is computed by walking the text from its beginning: that is done only for what is
 * printed, and a run prints a few dozen places at most. Knows nothing of the language.
 */
#include "source.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "arena.h"

static const char *source_dir(struct arena *arena, const char *path)
{
	const char *slash = strrchr(path, '/');

	if (slash == NULL)
		return ".";
	if (slash == path)
		return "/";
	return arena_copy(arena, path, (size_t)(slash - path));
}

/* Reads at most limit bytes and returns how many, or -1 with errno. */
static ssize_t read_all(int fd, char *buffer, size_t limit)
{
	size_t length = 0;

	while (length < limit) {
		ssize_t got = read(fd, buffer + length, limit - length);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -1;
		if (got == 0)
			break;
		length += (size_t)got;
	}
	return (ssize_t)length;
}

static enum source_result source_fill(struct arena *arena, int fd, struct source *source)
{
	struct stat info;
	size_t limit = SOURCE_MAX_BYTES;
	ssize_t length;
	char probe;

	if (fstat(fd, &info) != 0)
		return SOURCE_UNREADABLE;
	if (S_ISDIR(info.st_mode)) {
		errno = EISDIR;
		return SOURCE_UNREADABLE;
	}
	if (info.st_size > (off_t)SOURCE_MAX_BYTES)
		return SOURCE_TOO_BIG;
	/* A pipe has no size beforehand; a file may grow meanwhile, and is cut there. */
	if (S_ISREG(info.st_mode))
		limit = (size_t)info.st_size;
	source->text = arena_alloc(arena, limit + 2);
	length = read_all(fd, source->text, limit);
	if (length < 0)
		return SOURCE_UNREADABLE;
	if (!S_ISREG(info.st_mode) && (size_t)length == limit && read_all(fd, &probe, 1) != 0)
		return SOURCE_TOO_BIG;
	source->length = (size_t)length;
	return SOURCE_OK;
}

enum source_result source_read(
        struct arena *arena, const char *path, const struct source **ret_source)
{
	struct source *source = arena_alloc(arena, sizeof(*source));
	enum source_result result;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int saved;

	if (fd < 0)
		return errno == ENOENT || errno == ENOTDIR ? SOURCE_MISSING : SOURCE_UNREADABLE;
	source->path = arena_copy(arena, path, strlen(path));
	source->dir = source_dir(arena, path);
	result = source_fill(arena, fd, source);
	saved = errno;
	close(fd);
	errno = saved;
	if (result == SOURCE_OK)
		*ret_source = source;
	return result;
}

enum source_result source_read_stdin(struct arena *arena, const struct source **ret_source)
{
	struct source *source = arena_alloc(arena, sizeof(*source));
	enum source_result result;

	source->path = "<stdin>";
	source->dir = ".";
	result = source_fill(arena, STDIN_FILENO, source);
	if (result == SOURCE_OK)
		*ret_source = source;
	return result;
}

enum source_result source_from_memory(struct arena *arena, const char *path, const char *text,
        size_t length, bool is_builtin, const struct source **ret_source)
{
	struct source *source;

	if (length > SOURCE_MAX_BYTES)
		return SOURCE_TOO_BIG;
	source = arena_alloc(arena, sizeof(*source));
	source->path = arena_copy(arena, path, strlen(path));
	source->text = arena_alloc(arena, length + 2);
	if (length != 0)
		memcpy(source->text, text, length);
	source->length = length;
	source->is_builtin = is_builtin;
	*ret_source = source;
	return SOURCE_OK;
}

/* True for every byte of UTF-8 text that begins a code point. */
static bool begins_code_point(char c)
{
	return ((unsigned char)c & 0xC0) != 0x80;
}

struct source_position source_position(const struct source *source, uint32_t offset)
{
	struct source_position position = {.line = 1, .column = 1};
	uint32_t length = (uint32_t)source->length;
	uint32_t i;

	if (offset > length)
		offset = length;
	for (i = 0; i < offset; i++) {
		if (source->text[i] == '\n') {
			position.line++;
			position.line_start = i + 1;
		}
	}
	for (i = position.line_start; i < offset; i++) {
		if (begins_code_point(source->text[i]))
			position.column++;
	}
	position.line_end = position.line_start;
	while (position.line_end < length && source->text[position.line_end] != '\n')
		position.line_end++;
	if (position.line_end > position.line_start && source->text[position.line_end - 1] == '\r')
		position.line_end--;
	return position;
}

struct place place_join(struct place a, struct place b)
{
	if (a.source == NULL)
		return b;
	if (b.source == a.source && b.end > a.end)
		a.end = b.end;
	return a;
}
