/* SPDX-License-Identifier: MIT */
/*
 * Static files: from decoded path segments to an open file that surely lies below the directory. It must not know of requests and
 * responses.
 */
#include "http_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/openat2.h>

static const struct {
	const char *extension;
	const char *type;
} types[] = {
        {"avif", "image/avif"},
        {"css", "text/css; charset=utf-8"},
        {"csv", "text/csv; charset=utf-8"},
        {"gif", "image/gif"},
        {"htm", "text/html; charset=utf-8"},
        {"html", "text/html; charset=utf-8"},
        {"ico", "image/x-icon"},
        {"jpeg", "image/jpeg"},
        {"jpg", "image/jpeg"},
        {"js", "text/javascript; charset=utf-8"},
        {"json", "application/json"},
        {"map", "application/json"},
        {"md", "text/markdown; charset=utf-8"},
        {"mjs", "text/javascript; charset=utf-8"},
        {"mp3", "audio/mpeg"},
        {"mp4", "video/mp4"},
        {"oga", "audio/ogg"},
        {"ogg", "audio/ogg"},
        {"otf", "font/otf"},
        {"pdf", "application/pdf"},
        {"png", "image/png"},
        {"svg", "image/svg+xml"},
        {"ttf", "font/ttf"},
        {"txt", "text/plain; charset=utf-8"},
        {"wasm", "application/wasm"},
        {"webm", "video/webm"},
        {"webmanifest", "application/manifest+json"},
        {"webp", "image/webp"},
        {"woff", "font/woff"},
        {"woff2", "font/woff2"},
        {"xml", "application/xml"},
        {"zip", "application/zip"},
};

const char *msgc__mime_type(const char *file_name)
{
	const char *dot = strrchr(file_name, '.');

	for (size_t i = 0; dot && i < sizeof(types) / sizeof(types[0]); i++) {
		if (strcasecmp(dot + 1, types[i].extension) == 0)
			return types[i].type;
	}
	return "application/octet-stream";
}

bool msgc__etag_matches(struct msgc_str header, const char *etag)
{
	size_t etag_len = strlen(etag);
	const char *at = header.ptr, *end = header.ptr + header.len;

	while (at < end) {
		const char *comma = memchr(at, ',', (size_t)(end - at));
		const char *stop = comma ? comma : end;
		const char *next = comma ? comma + 1 : end;

		while (at < stop && (*at == ' ' || *at == '\t'))
			at++;
		while (stop > at && (stop[-1] == ' ' || stop[-1] == '\t'))
			stop--;
		if (stop - at == 1 && *at == '*')
			return true;
		if (stop - at > 2 && at[0] == 'W' && at[1] == '/')
			at += 2;
		if ((size_t)(stop - at) == etag_len && memcmp(at, etag, etag_len) == 0)
			return true;
		at = next;
	}
	return false;
}

/* ------------------------------------------------------------------------------------ opening */

/*
 * "a/b/c", or "a/index.html" for a directory. Segments that are empty, begin with a dot or hold a separator are never
 * looked up.
 */
static int join(const struct msgc_str *segments, size_t count, bool slash, char *out, size_t size)
{
	size_t len = 0;

	for (size_t i = 0; i < count; i++) {
		struct msgc_str s = segments[i];

		if (s.len == 0 || s.ptr[0] == '.' || s.len > NAME_MAX)
			return MSGC_ENOTFOUND;
		if (memchr(s.ptr, '/', s.len) || memchr(s.ptr, '\\', s.len) ||
		        memchr(s.ptr, '\0', s.len))
			return MSGC_ENOTFOUND;
		if (s.len + 1 >= size - len)
			return MSGC_ENOTFOUND;
		if (len > 0)
			out[len++] = '/';
		memcpy(out + len, s.ptr, s.len);
		len += s.len;
	}
	if (slash || count == 0) {
		if (sizeof("/index.html") >= size - len)
			return MSGC_ENOTFOUND;
		len += (size_t)snprintf(
		        out + len, size - len, len > 0 ? "/index.html" : "index.html");
	}
	out[len] = '\0';
	return MSGC_OK;
}

enum { FLAGS = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY };

/*
 * For kernels or sandboxes without openat2(2). Between the look and the opening somebody who may write into the directory could
 * swap a link; therefore the opened file is compared with the one that was looked at.
 */
static int open_checked(const struct msgc__static *directory, const char *path)
{
	char full[PATH_MAX], real[PATH_MAX];
	size_t root = strlen(directory->directory);
	struct stat looked, opened;
	int fd;

	if (snprintf(full, sizeof(full), "%s/%s", directory->directory, path) >= (int)sizeof(full))
		return -1;
	if (!realpath(full, real) || lstat(real, &looked))
		return -1;
	if (strncmp(real, directory->directory, root) != 0 ||
	        (root > 1 && real[root] != '/' && real[root]))
		return -1;
	fd = open(real, FLAGS | O_NOFOLLOW);
	if (fd >= 0 &&
	        (fstat(fd, &opened) || opened.st_ino != looked.st_ino ||
	                opened.st_dev != looked.st_dev)) {
		close(fd);
		return -1;
	}
	return fd;
}

static int open_beneath(const struct msgc__static *directory, const char *path)
{
	struct open_how how = {.flags = FLAGS, .resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS};
	long fd = -1;

	/* EAGAIN: something was renamed meanwhile, so that the kernel could not be sure. */
	for (int i = 0; i < 8; i++) {
		fd = syscall(SYS_openat2, directory->fd, path, &how, sizeof(how));
		if (fd >= 0 || (errno != EINTR && errno != EAGAIN))
			break;
	}
	if (fd < 0 && (errno == ENOSYS || errno == EPERM))
		return open_checked(directory, path);
	return (int)fd;
}

static void describe(struct msgc__file *file, int fd, const struct stat *st, const char *name)
{
	*file = (struct msgc__file){
	        .fd = fd,
	        .size = st->st_size,
	        .type = msgc__mime_type(name),
	};
	snprintf(file->etag, sizeof(file->etag), "\"%llx-%llx-%llx\"",
	        (unsigned long long)st->st_ino, (unsigned long long)st->st_size,
	        (unsigned long long)st->st_mtim.tv_sec * 1000000000ULL +
	                (unsigned long long)st->st_mtim.tv_nsec);
}

int msgc__static_open(const struct msgc__static *directory, const struct msgc_str *segments,
        size_t count, bool slash, struct msgc__file *ret)
{
	char path[PATH_MAX];
	const char *name;
	struct stat st;
	int fd, result = join(segments, count, slash, path, sizeof(path));

	if (result)
		return result;
	fd = open_beneath(directory, path);
	if (fd < 0)
		return errno == EMFILE || errno == ENFILE || errno == ENOMEM ? MSGC_EBUSY
		                                                             : MSGC_ENOTFOUND;
	if (fstat(fd, &st)) {
		close(fd);
		return MSGC_EIO;
	}
	if (!S_ISREG(st.st_mode)) {
		/* A directory is only there for those who can have its index. */
		bool has_index =
		        S_ISDIR(st.st_mode) && !slash && faccessat(fd, "index.html", R_OK, 0) == 0;

		close(fd);
		return has_index ? MSGC_LATER : MSGC_ENOTFOUND;
	}
	name = strrchr(path, '/');
	describe(ret, fd, &st, name ? name + 1 : path);
	return MSGC_OK;
}
