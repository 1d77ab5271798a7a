/* SPDX-License-Identifier: MIT */
/*
 * command_publish.c - msgc publish: a message or an event for a group of a running server, through
 * POST /publish of its administrative listener. The server checks it by its contract; nothing here
 * knows contracts.
 */
#include <errno.h>
#include <netdb.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "command.h"

#define MESSAGE_MAX  (1024 * 1024)
#define ANSWER_MAX   (64 * 1024)
#define KEY_MAX      1024
#define WAIT_SECONDS 10

/* http://HOST:PORT */
struct address {
	char host[256], port[8];
	bool is_ipv6;
};

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

static bool read_url(const char *url, struct address *ret)
{
	static const char scheme[] = "http://";
	const char *at = url + sizeof(scheme) - 1, *end;
	size_t length;

	if (strncmp(url, scheme, sizeof(scheme) - 1) != 0)
		return false;
	ret->is_ipv6 = *at == '[';
	end = ret->is_ipv6 ? strchr(at, ']') : at + strcspn(at, ":/");
	if (end == NULL)
		return false;
	at += ret->is_ipv6;
	length = (size_t)(end - at);
	if (length == 0 || length >= sizeof(ret->host))
		return false;
	memcpy(ret->host, at, length);
	ret->host[length] = '\0';
	at = end + ret->is_ipv6;
	length = *at == ':' ? strspn(at + 1, "0123456789") : 0;
	if (length == 0 || length > 5 ||
	        (strcmp(at + 1 + length, "") != 0 && strcmp(at + 1 + length, "/") != 0))
		return false;
	memcpy(ret->port, at + 1, length);
	ret->port[length] = '\0';
	return true;
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
        const struct address *address, const char *key, const char *group, const char *message)
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
	        "POST /publish HTTP/1.1\r\nHost: %s%s%s:%s\r\nAuthorization: Bearer %s\r\n"
	        "Content-Type: application/json\r\nContent-Length: %zu\r\nConnection: "
	        "close\r\n\r\n%s",
	        address->is_ipv6 ? "[" : "", address->host, address->is_ipv6 ? "]" : "",
	        address->port, key, strlen(body), body);
	free(body);
	if (fclose(out) == 0)
		return request;
	free(request);
	return NULL;
}

static int connect_to(const struct address *address, const char **ret_why)
{
	const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
	const struct timeval wait = {.tv_sec = WAIT_SECONDS};
	struct addrinfo *list, *at;
	int fd = -1, result = getaddrinfo(address->host, address->port, &hints, &list);

	if (result != 0) {
		*ret_why = gai_strerror(result);
		return -1;
	}
	for (at = list; at != NULL && fd < 0; at = at->ai_next) {
		fd = socket(at->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
		if (fd < 0)
			continue;
		setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait));
		setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof(wait));
		if (connect(fd, at->ai_addr, at->ai_addrlen) == 0)
			break;
		*ret_why = strerror(errno);
		close(fd);
		fd = -1;
	}
	freeaddrinfo(list);
	return fd;
}

static bool send_all(int fd, const char *text)
{
	size_t left = strlen(text);

	while (left > 0) {
		ssize_t n = send(fd, text, left, MSG_NOSIGNAL);

		if (n <= 0)
			return false;
		text += n;
		left -= (size_t)n;
	}
	return true;
}

/* The whole answer, NUL-terminated: the server closes behind it. */
static size_t receive_all(int fd, char *answer)
{
	size_t length = 0;
	ssize_t n = 1;

	while (n > 0 && length < ANSWER_MAX) {
		n = recv(fd, answer + length, ANSWER_MAX - length, 0);
		if (n > 0)
			length += (size_t)n;
	}
	answer[length] = '\0';
	return length;
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

static enum status exchange(const struct address *address, const char *request)
{
	static char answer[ANSWER_MAX + 1];
	const char *why = "?";
	int fd = connect_to(address, &why);
	size_t length;

	if (fd < 0)
		return fail("%s, port %s: %s", address->host, address->port, why);
	length = send_all(fd, request) ? receive_all(fd, answer) : 0;
	close(fd);
	return length > 0 ? judge(answer)
	                  : fail("%s, port %s: no answer", address->host, address->port);
}

enum status command_publish(const struct options *options)
{
	const char *group = options->files.items[0];
	const char *given = options->files.n > 1 ? options->files.items[1] : "-";
	char key[KEY_MAX + 1], *message, *request;
	enum status status;
	struct address address;

	if (!read_url(options->url, &address))
		return fail("'%s' is not like http://127.0.0.1:9000", options->url);
	if (!read_key(options->key_file, key))
		return fail("there is no key: --key-file FILE, or MSGC_PUBLISH_KEY");
	message = strcmp(given, "-") == 0 ? read_all(stdin, MESSAGE_MAX) : strdup(given);
	if (message == NULL)
		return fail("the message cannot be read, or is too long");
	request = make_request(&address, key, group, message);
	free(message);
	if (request == NULL)
		return fail("out of memory");
	status = exchange(&address, request);
	free(request);
	return status;
}
