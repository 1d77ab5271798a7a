/* SPDX-License-Identifier: MIT */
/*
 * A file that names keys, one a line, so that they can be rotated by whoever keeps the server. It must not know of servers.
 */
#include "jwt_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/crypto.h>

enum { FILE_BYTES = 64 * 1024, KEYS_MAX = 64, REASON = 256, PATH_BYTES = 1024 };

struct place {
	const char *path;
	int line;
	char *reason; /* NULL: nobody asks */
};

static int wrong(const struct place *place, int result, const char *format, ...) MSGC_PRINTF(3, 4);
static int wrong(const struct place *place, int result, const char *format, ...)
{
	char text[REASON / 2];
	va_list args;

	if (!place->reason)
		return result;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	snprintf(place->reason, REASON, "%.100s:%d: %s", place->path, place->line, text);
	return result;
}

/* A whole file; wiped and freed by the caller. */
static int read_file(const struct place *place, const char *path, char **ret, size_t *ret_len)
{
	char *text = malloc(FILE_BYTES + 1);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat about;
	ssize_t n = 1;
	size_t len = 0;

	if (fd < 0 || fstat(fd, &about) || !S_ISREG(about.st_mode) || !text) {
		int why = errno;

		free(text);
		if (fd < 0)
			return wrong(place, MSGC_EIO, "%.60s: %s", path, strerror(why));
		close(fd);
		return wrong(place, MSGC_EIO, "%.60s cannot be read", path);
	}
	while (len <= FILE_BYTES && (n = read(fd, text + len, FILE_BYTES + 1 - len)) > 0)
		len += (size_t)n;
	close(fd);
	if (n < 0 || len > FILE_BYTES) {
		OPENSSL_cleanse(text, len);
		free(text);
		return wrong(place, MSGC_EIO, "%.60s cannot be read, or is too long", path);
	}
	*ret = text;
	*ret_len = len;
	return MSGC_OK;
}

static bool read_algorithm(const char *word, enum msgc_jwt_algorithm *ret)
{
	static const char *const names[] = {"HS256", "RS256", "ES256", "EdDSA"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(names[i], word) == 0) {
			*ret = (enum msgc_jwt_algorithm)i;
			return true;
		}
	}
	return false;
}

static int add_key(const struct place *place, struct msgc_jwt_keys *keys,
        enum msgc_jwt_algorithm algorithm, const char *kid, const char *file)
{
	const char *slash = strrchr(place->path, '/'), *why = "?";
	char path[PATH_BYTES], *text;
	size_t len;
	int result;

	if (file[0] == '/' || !slash)
		snprintf(path, sizeof(path), "%s", file);
	else
		snprintf(path, sizeof(path), "%.*s/%s", (int)(slash - place->path), place->path,
		        file);
	result = read_file(place, path, &text, &len);
	if (result)
		return result;
	result = msgc_jwt_keys_add(
	        keys, algorithm, strcmp(kid, "-") == 0 ? NULL : kid, msgc_str_of(text, len), &why);
	OPENSSL_cleanse(text, len);
	free(text);
	return result ? wrong(place, result, "%s", why) : MSGC_OK;
}

/* One line without its end: blank, a comment, or three words. */
static int read_line(const struct place *place, struct msgc_jwt_keys *keys, char *line)
{
	char *rest = NULL, *words[4];
	enum msgc_jwt_algorithm algorithm;
	size_t count = 0;

	line[strcspn(line, "#")] = '\0';
	for (char *word = strtok_r(line, " \t\r", &rest); word && count < 4;
	        word = strtok_r(NULL, " \t\r", &rest))
		words[count++] = word;
	if (count == 0)
		return MSGC_OK;
	if (count != 3)
		return wrong(place, MSGC_EINVAL, "a key is ALGORITHM KID FILE");
	if (!read_algorithm(words[0], &algorithm))
		return wrong(place, MSGC_EINVAL, "no algorithm: HS256, RS256, ES256 or EdDSA");
	if (keys->count == KEYS_MAX)
		return wrong(place, MSGC_EINVAL, "more than %d keys", KEYS_MAX);
	return add_key(place, keys, algorithm, words[1], words[2]);
}

int msgc_jwt_keys_load(const char *path, struct msgc_jwt_keys **ret_keys, char ret_reason[256])
{
	struct place place = {.path = path, .reason = ret_reason};
	struct msgc_jwt_keys *keys;
	char *text, *rest;
	size_t len;
	int result = read_file(&place, path, &text, &len);

	if (result)
		return result;
	text[len] = '\0';
	keys = msgc_jwt_keys_new();
	result = keys ? MSGC_OK : wrong(&place, MSGC_ENOMEM, "no memory");
	for (rest = text; rest && !result;) {
		char *end = strchr(rest, '\n');

		if (end)
			*end = '\0';
		place.line++;
		result = read_line(&place, keys, rest);
		rest = end ? end + 1 : NULL;
	}
	if (!result && keys->count == 0)
		result = wrong(&place, MSGC_EINVAL, "there is no key");
	free(text);
	if (result) {
		msgc_jwt_keys_free(keys);
		return result;
	}
	*ret_keys = keys;
	return MSGC_OK;
}
