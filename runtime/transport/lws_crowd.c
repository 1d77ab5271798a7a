/* SPDX-License-Identifier: MIT */
/*
 * How many sockets of the public listener a server has, over all of its workers: each has a loop and a thread of its own, but max-connections
 * is the process's. It must not know what is done when there are too many.
 */
#include <pthread.h>
#include <stdlib.h>

#include <msgc/base.h>

#include "lws_internal.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct msgc__lws_crowd *crowds;

int msgc__lws_crowd_join(struct msgc__lws_loop *loop)
{
	const struct msgc_server *server = loop->set.server;
	struct msgc__lws_crowd *crowd;

	pthread_mutex_lock(&lock);
	for (crowd = crowds; crowd && crowd->server != server; crowd = crowd->next)
		;
	if (!crowd) {
		crowd = calloc(1, sizeof(*crowd));
		if (crowd) {
			crowd->server = server;
			crowd->next = crowds;
			crowds = crowd;
		}
	}
	if (crowd)
		crowd->loops++;
	pthread_mutex_unlock(&lock);
	loop->crowd = crowd;
	return crowd ? 0 : MSGC_ENOMEM;
}

void msgc__lws_crowd_leave(struct msgc__lws_loop *loop)
{
	struct msgc__lws_crowd **at = &crowds, *crowd = loop->crowd;

	if (!crowd)
		return;
	loop->crowd = NULL;
	pthread_mutex_lock(&lock);
	if (--crowd->loops == 0) {
		while (*at != crowd)
			at = &(*at)->next;
		*at = crowd->next;
		free(crowd);
	}
	pthread_mutex_unlock(&lock);
}
