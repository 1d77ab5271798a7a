/* SPDX-License-Identifier: MIT */
/*
 * What a service manager wants to hear (sd_notify(3)): datagrams to the socket that NOTIFY_SOCKET names; nothing where there is none. Only of a
 * server that msgc_server_run() serves. No library is needed.
 */
#ifndef MSGC__NOTIFY_H
#define MSGC__NOTIFY_H

#include <stdbool.h>
#include <stdint.h>

struct msgc_server;
struct msgc__worker;

struct msgc__notify {
	int fd;              /* -1: nobody listens */
	int64_t watchdog_ms; /* 0: none is wanted */
};

void msgc__notify_open(struct msgc_server *server);
void msgc__notify_close(struct msgc_server *server);

void msgc__notify_ready(struct msgc_server *server); /* once all workers serve; any thread */
void msgc__notify_reloading(struct msgc_server *server);
void msgc__notify_stopping(struct msgc_server *server);

/* On a worker that begins to serve: from now on it shows that it is alive; the first one tells that all are. */
void msgc__notify_watch(struct msgc__worker *worker);

#endif
