/* SPDX-License-Identifier: MIT */
/*
 * Text that grows at its end, up to a limit. The first failure sticks. It knows bytes only, not
 * JSON.
 */
#include "internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define BUF_SMALLEST 256u

void msgc_buf_init(struct msgc_buf *buf, size_t limit)
{
	*buf = (struct msgc_buf){.limit = limit};
}

void msgc_buf_init_fixed(struct msgc_buf *buf, void *memory, size_t size)
{
	*buf = (struct msgc_buf){.data = memory, .cap = size, .limit = size, .fixed = true};
}

void msgc_buf_reset(struct msgc_buf *buf)
{
	buf->len = 0;
	buf->error = 0;
	buf->depth = 0;
}

void msgc_buf_free(struct msgc_buf *buf)
{
	if (!buf)
		return;
	if (!buf->fixed) {
		free(buf->data);
		buf->data = NULL;
		buf->cap = 0;
	}
	msgc_buf_reset(buf);
}

/* Room for `need` bytes in all; doubles so that many appends cost linear time. */
static bool grow(struct msgc_buf *buf, size_t need)
{
	size_t most = buf->limit ? buf->limit : SIZE_MAX / 2,
	       cap = buf->cap < BUF_SMALLEST ? BUF_SMALLEST : buf->cap;
	char *data;

	if (buf->fixed || need > most)
		return false;
	while (cap < need)
		cap = cap > most / 2 ? most : cap * 2;
	if (cap > most)
		cap = most;
	data = realloc(buf->data, cap);
	if (!data)
		return false;
	buf->data = data;
	buf->cap = cap;
	return true;
}

bool msgc__buf_try(struct msgc_buf *buf, size_t more)
{
	if (buf->data && buf->cap - buf->len >= more)
		return true;
	return more <= SIZE_MAX / 2 - buf->len && grow(buf, buf->len + more);
}

char *msgc_buf_reserve(struct msgc_buf *buf, size_t more)
{
	if (buf->error)
		return NULL;
	if (buf->cap - buf->len < more || !buf->data) {
		if (more > SIZE_MAX / 2 - buf->len || !grow(buf, buf->len + more)) {
			buf->error = MSGC_ENOMEM;
			return NULL;
		}
	}
	return buf->data + buf->len;
}

void msgc_buf_append(struct msgc_buf *buf, const void *bytes, size_t len)
{
	char *to;

	if (len == 0)
		return;
	to = msgc_buf_reserve(buf, len);
	if (!to)
		return;
	memcpy(to, bytes, len);
	buf->len += len;
}

void msgc_buf_append_str(struct msgc_buf *buf, const char *c_string)
{
	msgc_buf_append(buf, c_string, strlen(c_string));
}

void msgc_buf_append_char(struct msgc_buf *buf, char c)
{
	msgc_buf_append(buf, &c, 1);
}

void msgc_buf_printf(struct msgc_buf *buf, const char *format, ...)
{
	char text[1024];
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(text, sizeof text, format, args);
	va_end(args);
	if (len < 0)
		buf->error = buf->error ? buf->error : MSGC_EINVAL;
	else
		msgc_buf_append(
		        buf, text, (size_t)len < sizeof text ? (size_t)len : sizeof text - 1);
}

const char *msgc_buf_c(struct msgc_buf *buf)
{
	char *to = msgc_buf_reserve(buf, 1);

	if (!to)
		return NULL;
	*to = '\0';
	return buf->data;
}

struct msgc_str msgc_buf_str(const struct msgc_buf *buf)
{
	return msgc_str_of(buf->data ? buf->data : "", buf->len);
}
