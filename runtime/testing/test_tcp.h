/* SPDX-License-Identifier: MIT */
/*
 * A blocking TCP connection with deadlines and an input buffer, and HTTP/1.1 over it: what the kit's socket clients stand on. Shares no
 * code with the server.
 */
#ifndef MSGC__TEST_TCP_H
#define MSGC__TEST_TCP_H

#include "testing.h"

struct msgc__test_tcp {
	struct msgc_test *test;
	int fd;
	struct msgc_buf in; /* what has been read and not yet taken */
	bool ended;         /* the server has sent its last byte, or reset the connection */
};

/* Fails the test if nothing listens there. */
void msgc__test_tcp_open(struct msgc__test_tcp *tcp, struct msgc_test *test, int port);
void msgc__test_tcp_close(struct msgc__test_tcp *tcp, bool reset);
/* Writes all of it; reads meanwhile, so that neither side waits for the other. False: the server has gone. */
bool msgc__test_tcp_write(struct msgc__test_tcp *tcp, const void *bytes, size_t len);
/* Waits for more input until `deadline`. False: there is none, because of the time or the end. */
bool msgc__test_tcp_read(struct msgc__test_tcp *tcp, int64_t deadline);
/* Takes `len` bytes away from the input. */
void msgc__test_tcp_take(struct msgc__test_tcp *tcp, size_t len);

/* Writes the head of a request; `extra` as it is ("Name: value\r\n" …). */
void msgc__test_http_write(
        struct msgc__test_tcp *tcp, const struct msgc__request *request, const char *extra);
/* Reads status line and headers; the input then stands behind them. Returns the status. */
int msgc__test_http_head(struct msgc__test_tcp *tcp, struct msgc_buf *ret_headers);
/* The value of a header in such a list, copied; NULL: it is not there. */
char *msgc__test_http_value(
        struct msgc_test *test, const struct msgc_buf *headers, const char *name);

#endif
