/* SPDX-License-Identifier: MIT */
/*
 * HTTP/1.1 as a strict client reads it, one request per connection. It must not know cookies.
 */
#define _GNU_SOURCE 1 /* memmem */

#include "test_tcp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HEAD_MAX = 64 * 1024 };

void msgc__test_http_write(
        struct msgc__test_tcp *tcp, const struct msgc__request *request, const char *extra)
{
	struct msgc_buf head;

	msgc_buf_init(&head, 0);
	msgc_buf_append_str(&head, request->method);
	msgc_buf_append_char(&head, ' ');
	msgc_buf_append(&head, request->path.ptr, request->path.len);
	if (request->query.len > 0) {
		msgc_buf_append_char(&head, '?');
		msgc_buf_append(&head, request->query.ptr, request->query.len);
	}
	msgc_buf_append_str(&head, " HTTP/1.1\r\n");
	for (size_t i = 0; i < request->header_count; i++) {
		msgc_buf_append_str(&head, request->headers[i].name);
		msgc_buf_append_str(&head, ": ");
		msgc_buf_append(
		        &head, request->headers[i].value.ptr, request->headers[i].value.len);
		msgc_buf_append_str(&head, "\r\n");
	}
	msgc_buf_append_str(&head, extra);
	msgc_buf_append_str(&head, "\r\n");
	if (head.error)
		msgc__test_fail("no memory");
	msgc__test_tcp_write(tcp, head.data, head.len);
	msgc_buf_free(&head);
}

/* "Name: value" as "name: value\n". */
static void add_header(struct msgc_buf *headers, const char *line, size_t len)
{
	const char *colon = memchr(line, ':', len);
	size_t name_len = colon ? (size_t)(colon - line) : 0;
	const char *value = colon ? colon + 1 : line;

	if (name_len == 0 || memchr(line, ' ', name_len))
		msgc__test_fail("a header without a name: %.*s", (int)len, line);
	for (size_t i = 0; i < name_len; i++)
		msgc_buf_append_char(
		        headers, line[i] >= 'A' && line[i] <= 'Z' ? (char)(line[i] + 32) : line[i]);
	while (value < line + len && *value == ' ')
		value++;
	msgc_buf_append_str(headers, ": ");
	msgc_buf_append(headers, value, (size_t)(line + len - value));
	msgc_buf_append_char(headers, '\n');
}

static int read_status(const char *line, size_t len)
{
	if (len < 12 || memcmp(line, "HTTP/1.1 ", 9) != 0 || strspn(line + 9, "0123456789") != 3 ||
	        (len > 12 && line[12] != ' '))
		msgc__test_fail("no HTTP/1.1 status line: %.*s", (int)len, line);
	return atoi(line + 9);
}

/* How long the head is, its empty line included; 0: it has not all come. */
static size_t head_length(const struct msgc_buf *in)
{
	const char *end = in->len > 0 ? memmem(in->data, in->len, "\r\n\r\n", 4) : NULL;

	return end ? (size_t)(end - in->data) + 4 : 0;
}

int msgc__test_http_head(struct msgc__test_tcp *tcp, struct msgc_buf *ret_headers)
{
	int64_t deadline = msgc__test_now_ms() + tcp->test->timeout_ms;
	size_t len, line_len;
	const char *line;
	int status;

	while ((len = head_length(&tcp->in)) == 0) {
		if (tcp->in.len > HEAD_MAX)
			msgc__test_fail("the head of the response is too long");
		if (!msgc__test_tcp_read(tcp, deadline))
			msgc__test_fail(tcp->ended ? "the server hung up without a response"
			                           : "no response");
	}
	line = tcp->in.data;
	line_len = (size_t)((const char *)memmem(line, len, "\r\n", 2) - line);
	status = read_status(line, line_len);
	for (line += line_len + 2; *line != '\r'; line += line_len + 2) {
		line_len = (size_t)((const char *)memmem(
		                            line, len - (size_t)(line - tcp->in.data), "\r\n", 2) -
		        line);
		add_header(ret_headers, line, line_len);
	}
	msgc__test_tcp_take(tcp, len);
	return status;
}

char *msgc__test_http_value(
        struct msgc_test *test, const struct msgc_buf *headers, const char *name)
{
	size_t name_len = strlen(name);
	const char *line = headers->data, *end = line ? line + headers->len : NULL;

	while (line < end) {
		size_t len =
		        (size_t)((const char *)memchr(line, '\n', (size_t)(end - line)) - line);

		if (len >= name_len + 2 && memcmp(line, name, name_len) == 0 &&
		        line[name_len] == ':')
			return msgc__test_copy(test, line + name_len + 2, len - name_len - 2);
		line += len + 1;
	}
	return NULL;
}
