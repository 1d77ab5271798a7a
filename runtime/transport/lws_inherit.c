/* SPDX-License-Identifier: MIT */
/*
 * Socket activation: the descriptors from 3 on that LISTEN_FDS counts are listening sockets, and LISTEN_FDNAMES names them (sd_listen_fds(3)). It
 * must not know what comes in on them.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lws_internal.h"

enum { FIRST = 3, MOST = 64 };

static long number(const char *name)
{
	const char *text = getenv(name);
	char *end;
	long value;

	if (!text || !*text)
		return -1;
	value = strtol(text, &end, 10);
	return *end ? -1 : value;
}

/* Is the i-th of the colon-separated names this one? */
static bool is_named(const char *names, long i, const char *name)
{
	size_t len = strlen(name);

	for (; names && i > 0; i--) {
		names = strchr(names, ':');
		names += names != NULL;
	}
	return names && !strncmp(names, name, len) && (names[len] == ':' || !names[len]);
}

static bool listens(int fd)
{
	socklen_t len = sizeof(int);
	int yes = 0;

	return !getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &yes, &len) && yes;
}

unsigned msgc__lws_inherited(bool admin, int *ret_fds, unsigned most)
{
	const char *names = getenv("LISTEN_FDNAMES");
	long count = number("LISTEN_FDS"), i;
	unsigned found = 0;

	if (number("LISTEN_PID") != (long)getpid() || count < 1 || count > MOST)
		return 0;
	for (i = 0; i < count && found < most; i++) {
		int fd = FIRST + (int)i, copy;

		if (is_named(names, i, "admin") != admin || !listens(fd))
			continue;
		copy = fcntl(fd, F_DUPFD_CLOEXEC, FIRST);
		if (copy < 0)
			break;
		fcntl(copy, F_SETFL, fcntl(copy, F_GETFL) | O_NONBLOCK);
		ret_fds[found++] = copy;
	}
	return found;
}
