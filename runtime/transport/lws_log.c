/* SPDX-License-Identifier: MIT */
/*
 * What libwebsockets itself has to say goes to the server's log: warnings and errors only, a few lines per span of time, because clients can
 * provoke them. Its log function takes no context, so the loop of this thread is kept in a thread-local variable.
 */
#include <string.h>

#include "lws_internal.h"

enum { LINES_PER_SPAN = 8, SPAN_MS = 10000 };

static _Thread_local struct {
	struct msgc__lws_loop *loop;
	int64_t since;
	unsigned lines, left_out;
} here;

/* True: there is room for one more line now. */
static bool may_speak(int64_t now)
{
	if (!here.since || now - here.since >= SPAN_MS) {
		if (here.left_out)
			msgc_log(here.loop->set.server, MSGC_LOG_WARNING, "libwebsockets",
			        "left_out=%u", here.left_out);
		here.since = now;
		here.lines = here.left_out = 0;
	}
	if (here.lines >= LINES_PER_SPAN) {
		here.left_out++;
		return false;
	}
	here.lines++;
	return true;
}

static void emit(int level, const char *line)
{
	size_t len = strcspn(line, "\r\n");

	if (!here.loop || !may_speak(msgc__lws_clock()))
		return;
	msgc_log(here.loop->set.server, level & LLL_ERR ? MSGC_LOG_WARNING : MSGC_LOG_INFO,
	        "libwebsockets", "text=%.*s", (int)len, line);
}

void msgc__lws_log_to(struct msgc__lws_loop *loop)
{
	here.loop = loop;
	lws_set_log_level(LLL_ERR | LLL_WARN, emit);
}

void msgc__lws_log_forget(struct msgc__lws_loop *loop)
{
	if (here.loop == loop)
		here.loop = NULL;
}
