/* SPDX-License-Identifier: MIT */
/*
 * Telling a client that its frame is refused, or that it failed: in a standard message, or, for contracts that have none, by closing the
 * connection with a code and a reason. It must not know why a frame is refused.
 */
#ifndef MSGC__TOLD_H
#define MSGC__TOLD_H

#include "connection.h"
#include "metrics.h"

struct msgc__told_reason {
	enum msgc__told told;
	const char *name; /* "busy" */
	struct msgc_str detail;
	int64_t retry_after; /* seconds; negative: left out */
};

enum { MSGC__REASON_MAX = 124 };
/* "payload.text: Field required": the first problem, as far as a CLOSE frame has room for it. */
void msgc__tell_first(const struct msgc_problems *problems, char reason[MSGC__REASON_MAX]);

void msgc__tell_problems(struct msgc__frame *frame, const struct msgc_problems *problems);
void msgc__tell_reason(struct msgc__frame *frame, const struct msgc__told_reason *reason);

#endif
