/* SPDX-License-Identifier: MIT */
/*
 * command_publish.c - msgc publish: a message or an event for a group of a running server, through
 * POST /publish of its administrative listener. The server checks it by its contract; nothing here
 * knows contracts.
 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "http_once.h"

#define MESSAGE_MAX (1024 * 1024)
#define ANSWER_MAX  (64 * 1024)
#define KEY_MAX     1024

static enum status fail(const char *format, ...) __attribute__((format(printf, 1, 2)));
static enum status fail(const char *format, ...)
{
	va_list args;

	fputs("msgc: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	return STATUS_FAILURE;
}

/* http://HOST:PORT and nothing else. */
static bool read_url(const char *url, struct http_place *ret)
{
	return http_place_read(url, ret) && ret->port[0] != '\0' &&
	        (strcmp(ret->path, "") == 0 || strcmp(ret->path, "/") == 0);
}

/* All of a stream, up to `most` bytes; NULL: too much, or it cannot be read. */
static char *read_all(FILE *stream, size_t most)
{
	char *text = malloc(most + 2);
	size_t length;

	if (text == NULL)
		return NULL;
	length = fread(text, 1, most + 1, stream);
	if (ferror(stream) || length > most) {
		free(text);
		return NULL;
	}
	text[length] = '\0';
	return text;
}

/* The first line of the file, or the environment's. */
static bool read_key(const char *path, char key[KEY_MAX + 1])
{
	const char *given = getenv("MSGC_PUBLISH_KEY");
	FILE *file;

	if (path == NULL) {
		if (given == NULL || *given == '\0' || strlen(given) > KEY_MAX)
			return false;
		strcpy(key, given);
	} else {
		file = fopen(path, "re");
		if (file == NULL)
			return false;
		if (fgets(key, KEY_MAX + 1, file) == NULL)
			key[0] = '\0';
		fclose(file);
	}
	key[strcspn(key, "\r\n")] = '\0';
	return key[0] != '\0' && strpbrk(key, "\t ") == NULL;
}

/* ------------------------------------------------------------ the request */

static void write_string(FILE *out, const char *text)
{
	fputc('"', out);
	for (; *text != '\0'; text++) {
		if (*text == '"' || *text == '\\')
			fprintf(out, "\\%c", *text);
		else if ((unsigned char)*text < 0x20)
			fprintf(out, "\\u%04x", (unsigned char)*text);
		else
			fputc(*text, out);
	}
	fputc('"', out);
}

/* NULL: no memory. */
static char *make_request(
        const struct http_place *place, const char *key, const char *group, const char *message)
{
	char *body = NULL, *request = NULL;
	size_t size;
	FILE *out = open_memstream(&body, &size);

	if (out == NULL)
		return NULL;
	fputs("{\"group\":", out);
	write_string(out, group);
	fprintf(out, ",\"message\":%s}", message);
	if (fclose(out) != 0 || (out = open_memstream(&request, &size)) == NULL) {
		free(body);
		return NULL;
	}
	fprintf(out,
	        "POST /publish HTTP/1.1\r\nHost: " HTTP_HOST_FORMAT
	        "\r\nAuthorization: Bearer %s\r\n"
	        "Content-Type: application/json\r\nContent-Length: %zu\r\nConnection: "
	        "close\r\n\r\n%s",
	        HTTP_HOST_ARGS(place), key, strlen(body), body);
	free(body);
	if (fclose(out) == 0)
		return request;
	free(request);
	return NULL;
}

/* ------------------------------------------------------------- the answer */

static enum status judge(const char *answer)
{
	const char *body = strstr(answer, "\r\n\r\n");
	int code = 0;

	if (sscanf(answer, "HTTP/1.1 %3d", &code) != 1 || body == NULL)
		return fail("what answers there is no server of msgc");
	if (code == 202)
		return STATUS_FINE;
	fprintf(stderr, "msgc: refused with status %d: %s\n", code, body + 4);
	return STATUS_FOUND;
}

static enum status exchange(const struct http_place *place, const char *request)
{
	static char answer[ANSWER_MAX + 1];
	const char *why;

	if (http_once(place, request, strlen(request), answer, ANSWER_MAX, &why) == 0)
		return fail("%s, port %s: %s", place->host, place->port, why);
	return judge(answer);
}

enum status command_publish(const struct options *options)
{
	const char *group = options->files.items[0];
	const char *given = options->files.n > 1 ? options->files.items[1] : "-";
	char key[KEY_MAX + 1], *message, *request;
	enum status status;
	struct http_place place;

	if (!read_url(options->url, &place))
		return fail("'%s' is not like http://127.0.0.1:9000", options->url);
	if (!read_key(options->key_file, key))
		return fail("there is no key: --key-file FILE, or MSGC_PUBLISH_KEY");
	message = strcmp(given, "-") == 0 ? read_all(stdin, MESSAGE_MAX) : strdup(given);
	if (message == NULL)
		return fail("the message cannot be read, or is too long");
	request = make_request(&place, key, group, message);
	free(message);
	if (request == NULL)
		return fail("out of memory");
	status = exchange(&place, request);
	free(request);
	return status;
}
