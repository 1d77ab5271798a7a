/* SPDX-License-Identifier: MIT */
/*
 * The protocol of sd_notify(3) and its watchdog. It must not know what readiness means.
 */
#include "notify.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "container.h"
#include "worker.h"

/* Nothing is retried: a manager that does not listen is no reason to stop serving. */
static void say(const struct msgc_server *server, const char *text)
{
	if (server->notify.fd >= 0)
		(void)!send(server->notify.fd, text, strlen(text), MSG_NOSIGNAL | MSG_DONTWAIT);
}

static int connect_to(const char *path)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	size_t len = strlen(path);
	int fd;

	if ((path[0] != '/' && path[0] != '@') || len < 2 || len >= sizeof at.sun_path)
		return -1;
	memcpy(at.sun_path, path, len);
	if (path[0] == '@')
		at.sun_path[0] = '\0'; /* an abstract one */
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -1;
	if (connect(fd, (struct sockaddr *)&at,
	            (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len)) == 0)
		return fd;
	close(fd);
	return -1;
}

static int64_t number(const char *name)
{
	const char *text = getenv(name);
	char *end;
	long long value;

	if (!text || !*text)
		return 0;
	value = strtoll(text, &end, 10);
	return *end == '\0' && value > 0 ? value : 0;
}

void msgc__notify_open(struct msgc_server *server)
{
	const char *path = getenv("NOTIFY_SOCKET");
	int64_t pid = number("WATCHDOG_PID");

	server->notify.fd = path ? connect_to(path) : -1;
	if (server->notify.fd >= 0 && (pid == 0 || pid == (int64_t)getpid()))
		server->notify.watchdog_ms = number("WATCHDOG_USEC") / 1000;
}

void msgc__notify_close(struct msgc_server *server)
{
	if (server->notify.fd >= 0)
		close(server->notify.fd);
	server->notify.fd = -1;
}

void msgc__notify_ready(struct msgc_server *server)
{
	if (atomic_load(&server->serving) == server->worker_count)
		say(server, "READY=1\nSTATUS=serving");
}

void msgc__notify_reloading(struct msgc_server *server)
{
	char text[96];

	snprintf(text, sizeof text, "RELOADING=1\nMONOTONIC_USEC=%" PRId64,
	        msgc__server_now_ms(server) * 1000);
	say(server, text);
}

void msgc__notify_stopping(struct msgc_server *server)
{
	say(server, "STOPPING=1\nSTATUS=draining");
}

/* ----------------------------------------------------------------------------------------- watchdog */

static bool all_alive(const struct msgc_server *server, int64_t now)
{
	for (unsigned i = 0; i < server->worker_count; i++) {
		if (now - atomic_load(&server->workers[i]->alive_at) >
		        server->notify.watchdog_ms / 2)
			return false;
	}
	return true;
}

static void beat(struct msgc__timer *timer)
{
	struct msgc__worker *worker = MSGC__CONTAINER_OF(timer, struct msgc__worker, heartbeat);
	struct msgc_server *server = worker->server;

	atomic_store(&worker->alive_at, worker->now);
	if (worker->index == 0 && all_alive(server, worker->now))
		say(server, "WATCHDOG=1");
	msgc__timer_arm(&worker->timers, timer, worker->now + server->notify.watchdog_ms / 4);
}

void msgc__notify_watch(struct msgc__worker *worker)
{
	if (worker->server->notify.watchdog_ms < 4)
		return;
	worker->heartbeat.fire = beat;
	beat(&worker->heartbeat);
}
