/* SPDX-License-Identifier: MIT */
/*
 * Requests and frames that a server must not take, as tables: for the transport against its mock core, and for whole servers. It must not know
 * which server is under test.
 */
#ifndef HOSTILE_H
#define HOSTILE_H

#include <stddef.h>

#include "raw.h"

enum {
	HANGS_UP = 0,
	REFUSES = 1, /* any status from 400 on, or hangs up */
	BREAKS = 2,  /* 1002; hangs up where the library reads */
};

struct hostile {
	const char *what;
	const char *bytes; /* "/echo" in it stands for the path of a WebSocket */
	size_t len;
	int expected; /* a status or close code, or one of the above */
};

extern const struct hostile hostile_requests[];
extern const size_t hostile_request_count;
/* Sent on an open WebSocket. */
extern const struct hostile hostile_frames[];
extern const size_t hostile_frame_count;

/* Fail the test when the answer is another, or none comes. */
void hostile_request(int port, const char *path, const struct hostile *hostile);
void hostile_frame(struct raw *open, const struct hostile *hostile);

#endif
