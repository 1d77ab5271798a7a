/* SPDX-License-Identifier: MIT */
/*
 * ticket.c - fetches a ticket: POST to an address of the server's, in plain HTTP, with the credentials that the command line gives. It must not know what a
 * ticket is for.
 */
#include <errno.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <json-c/json.h>
#include <msgc/codec_gen.h>

#include "call.h"

enum { ANSWER_MOST = 64 * 1024, WAIT_SECONDS = 10 };

/* "http://host:port/path" in three parts. */
struct spot {
	char host[256], port[8];
	const char *path;
};

static bool read_url(const char *url, struct spot *ret)
{
	static const char scheme[] = "http://";
	const char *at = url + sizeof(scheme) - 1;
	size_t len;

	if (strncmp(url, scheme, sizeof(scheme) - 1) != 0)
		return false;
	len = strcspn(at, ":/");
	if (len == 0 || len >= sizeof(ret->host))
		return false;
	memcpy(ret->host, at, len);
	ret->host[len] = '\0';
	at += len;
	strcpy(ret->port, "80");
	if (*at == ':') {
		len = strspn(at + 1, "0123456789");
		if (len == 0 || len > 5)
			return false;
		memcpy(ret->port, at + 1, len);
		ret->port[len] = '\0';
		at += 1 + len;
	}
	ret->path = *at == '\0' ? "/" : at;
	return *ret->path == '/';
}

static int connect_to(const struct spot *place)
{
	const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
	const struct timeval wait = {.tv_sec = WAIT_SECONDS};
	struct addrinfo *list, *at;
	int fd = -1;

	if (getaddrinfo(place->host, place->port, &hints, &list) != 0)
		return -1;
	for (at = list; at && fd < 0; at = at->ai_next) {
		fd = socket(at->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
		if (fd < 0)
			continue;
		setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait));
		setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof(wait));
		if (connect(fd, at->ai_addr, at->ai_addrlen) == 0)
			break;
		close(fd);
		fd = -1;
	}
	freeaddrinfo(list);
	return fd;
}

/* The path that the ticket is for: that of the call. */
static void write_request(struct call *call, const struct spot *place, struct msgc_buf *out)
{
	const char *authority = strstr(call->options.url, "://");
	const char *path = authority ? authority + 3 + strcspn(authority + 3, "/?#") : "/";
	struct msgc_buf body = {0};

	msgc_buf_append_str(&body, "{\"path\":");
	msgc_write_str(&body, msgc_str_of(path, strcspn(path, "?#")));
	msgc_buf_append_char(&body, '}');
	msgc_buf_printf(out,
	        "POST %.900s HTTP/1.1\r\nHost: %s:%s\r\nContent-Type: application/json\r\n"
	        "Connection: close\r\nContent-Length: %zu\r\n",
	        place->path, place->host, place->port, body.len);
	if (call->options.cookie) {
		msgc_buf_append_str(out, "Cookie: ");
		msgc_buf_append_str(out, call->options.cookie);
		msgc_buf_append_str(out, "\r\n");
	}
	if (call->options.token) {
		msgc_buf_append_str(out, "Authorization: Bearer ");
		msgc_buf_append_str(out, call->options.token);
		msgc_buf_append_str(out, "\r\n");
	}
	msgc_buf_append_str(out, "\r\n");
	msgc_buf_append(out, body.data, body.len);
	msgc_buf_free(&body);
}

static bool exchange(int fd, const struct msgc_buf *request, struct msgc_buf *answer)
{
	size_t sent = 0;
	ssize_t n;

	while (sent < request->len) {
		n = send(fd, request->data + sent, request->len - sent, MSG_NOSIGNAL);
		if (n <= 0)
			return false;
		sent += (size_t)n;
	}
	while (answer->len < ANSWER_MOST) {
		char *to = msgc_buf_reserve(answer, 4096);

		n = to ? recv(fd, to, 4096, 0) : -1;
		if (n <= 0)
			break;
		answer->len += (size_t)n;
	}
	return answer->len > 0 && msgc_buf_c(answer);
}

static bool read_ticket(const char *answer, struct msgc_buf *ret)
{
	const char *body = strstr(answer, "\r\n\r\n");
	struct json_object *object, *ticket = NULL;
	int status = 0;

	if (sscanf(answer, "HTTP/1.%*d %3d", &status) != 1 || !body) {
		fprintf(stderr, "msgc call: what gives out tickets does not speak HTTP\n");
		return false;
	}
	if (status != 200) {
		fprintf(stderr, "msgc call: no ticket: status %d\n", status);
		return false;
	}
	object = json_tokener_parse(body + 4);
	if (json_object_object_get_ex(object, "ticket", &ticket))
		msgc_buf_append_str(ret, json_object_get_string(ticket));
	json_object_put(object);
	if (ret->len == 0)
		fprintf(stderr, "msgc call: the answer holds no ticket\n");
	return ret->len > 0;
}

bool call_fetch_ticket(struct call *call, const char *url, struct msgc_buf *ret_ticket)
{
	struct msgc_buf request = {0}, answer = {0};
	struct spot place;
	bool result = false;
	int fd;

	if (!read_url(url, &place)) {
		fprintf(stderr, "msgc call: '%s' is not like http://127.0.0.1:8000/ticket\n", url);
		return false;
	}
	fd = connect_to(&place);
	write_request(call, &place, &request);
	if (fd < 0 || !exchange(fd, &request, &answer))
		fprintf(stderr, "msgc call: %s, port %s: no answer\n", place.host, place.port);
	else
		result = read_ticket(answer.data, ret_ticket);
	if (fd >= 0)
		close(fd);
	msgc_buf_free(&request);
	msgc_buf_free(&answer);
	return result;
}
