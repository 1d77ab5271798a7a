/* SPDX-License-Identifier: MIT */
/*
 * http_once.c - a place is looked up, connected to, written to and read from, one after the other.
 */
#include "http_once.h"

#include <errno.h>
#include <netdb.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#define WAIT_SECONDS 10

bool http_place_read(const char *url, struct http_place *ret)
{
	static const char scheme[] = "http://";
	const char *at = url + sizeof(scheme) - 1, *end;
	size_t length;

	if (strncmp(url, scheme, sizeof(scheme) - 1) != 0)
		return false;
	ret->is_ipv6 = *at == '[';
	at += ret->is_ipv6;
	end = ret->is_ipv6 ? strchr(at, ']') : at + strcspn(at, ":/");
	if (end == NULL || end == at || (size_t)(end - at) >= sizeof(ret->host))
		return false;
	length = (size_t)(end - at);
	memcpy(ret->host, at, length);
	ret->host[length] = '\0';
	at = end + ret->is_ipv6;
	length = 0;
	if (*at == ':') {
		at++;
		length = strspn(at, "0123456789");
		if (length == 0 || length > 5)
			return false;
	}
	memcpy(ret->port, at, length);
	ret->port[length] = '\0';
	ret->path = at + length;
	return *ret->path == '\0' || *ret->path == '/';
}

/* Negative: *ret_why says why not. */
static int connect_to(const struct http_place *place, const char **ret_why)
{
	const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
	const struct timeval wait = {.tv_sec = WAIT_SECONDS};
	struct addrinfo *list, *at;
	int fd = -1, result = getaddrinfo(place->host, place->port, &hints, &list);

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

static bool send_all(int fd, const char *bytes, size_t left)
{
	while (left > 0) {
		ssize_t n = send(fd, bytes, left, MSG_NOSIGNAL);

		if (n <= 0)
			return false;
		bytes += n;
		left -= (size_t)n;
	}
	return true;
}

static size_t receive_all(int fd, char *answer, size_t most)
{
	size_t length = 0;
	ssize_t n = 1;

	while (n > 0 && length < most) {
		n = recv(fd, answer + length, most - length, 0);
		if (n > 0)
			length += (size_t)n;
	}
	return length;
}

size_t http_once(const struct http_place *place, const void *request, size_t len, char *answer,
        size_t most, const char **ret_why)
{
	size_t length = 0;
	int fd;

	*ret_why = "no answer";
	fd = connect_to(place, ret_why);
	if (fd < 0)
		return 0;
	if (send_all(fd, request, len))
		length = receive_all(fd, answer, most);
	answer[length] = '\0';
	close(fd);
	return length;
}
