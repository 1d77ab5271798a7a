/* SPDX-License-Identifier: MIT */
/*
 * The client in a loop: one descriptor that is readable whenever there is something to do, be it a frame, a deadline or a wish of another thread's.
 * It must not know what there is to do.
 */
#include <errno.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "internal.h"

static bool watch(int poll_fd, int fd)
{
	struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};

	return fd >= 0 && epoll_ctl(poll_fd, EPOLL_CTL_ADD, fd, &event) == 0;
}

int msgc__loop_init(struct msgc_client *client)
{
	client->armed_for = -1;
	client->poll_fd = epoll_create1(EPOLL_CLOEXEC);
	client->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	client->timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (client->poll_fd < 0 || !watch(client->poll_fd, client->wake_fd) ||
	        !watch(client->poll_fd, client->timer_fd))
		return MSGC_EIO;
	return MSGC_OK;
}

static void close_fd(int fd)
{
	if (fd >= 0)
		close(fd);
}

void msgc__loop_clear(struct msgc_client *client)
{
	close_fd(client->poll_fd);
	close_fd(client->wake_fd);
	close_fd(client->timer_fd);
}

void msgc__loop_schedule(struct msgc_client *client)
{
	int64_t next = msgc__timers_next(&client->timers);
	struct itimerspec when = {0};

	if (next == client->armed_for)
		return;
	client->armed_for = next;
	if (next >= 0) {
		when.it_value.tv_sec = (time_t)(next / 1000);
		when.it_value.tv_nsec = (long)(next % 1000 * 1000000);
	}
	(void)timerfd_settime(client->timer_fd, TFD_TIMER_ABSTIME, &when, NULL);
}

/* So that it is not readable any more. */
static void empty(int fd)
{
	uint64_t count;

	while (read(fd, &count, sizeof(count)) < 0 && errno == EINTR)
		;
}

void msgc_client_step(struct msgc_client *client)
{
	struct msgc__wire_event event;

	empty(client->wake_fd);
	empty(client->timer_fd);
	client->armed_for = -1;
	while (msgc__wire_next(client->wire, &event))
		msgc__keep_event(client, &event);
	msgc__timers_run(&client->timers, msgc__client_clock());
	msgc__loop_schedule(client);
}

int msgc_client_fd(const struct msgc_client *client)
{
	return client->poll_fd;
}

void msgc_client_stop(struct msgc_client *client)
{
	const uint64_t one = 1;
	int error = errno;

	atomic_store(&client->stop, true);
	while (write(client->wake_fd, &one, sizeof(one)) < 0 && errno == EINTR)
		;
	errno = error;
}

int msgc_client_run(struct msgc_client *client)
{
	struct pollfd ready = {.fd = client->poll_fd, .events = POLLIN};

	msgc_client_open(client);
	while (!atomic_exchange(&client->stop, false)) {
		if (client->state.phase == MSGC_CLIENT_CLOSED)
			return client->state.code == 1000 ? MSGC_OK : MSGC_EGONE;
		if (poll(&ready, 1, -1) < 0 && errno != EINTR)
			return MSGC_EIO;
		msgc_client_step(client);
	}
	return MSGC_OK;
}
