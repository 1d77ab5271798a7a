/* SPDX-License-Identifier: MIT */
/*
 * Reading the configuration anew while the server runs. What can change takes effect on each worker by mail; the rest is named in the
 * log. It must not know what the keys mean.
 */
#ifndef MSGC__RELOAD_H
#define MSGC__RELOAD_H

#include "config.h"

struct msgc_server;
struct msgc__worker;
struct msgc__reload; /* one reading, its values and the letters that carry them */

enum { MSGC__RELOAD_HOOKS_MAX = 8 };

struct msgc__reload_hook {
	int (*reload)(void *app);
	void *app;
};

/* On the first worker's turn: begins one if it was asked for and none is under way. */
void msgc__reload_look(struct msgc__worker *worker);
/* Frees all that were ever read. */
void msgc__reloads_free(struct msgc_server *server);

/*
 * What can change: `*ret` is `now` with those values of `fresh` that may, whose texts it borrows. The names of keys with other values go
 * to the two lists, parted by ", ". MSGC_ENOMEM. (config_live.c)
 */
int msgc__config_merge(const struct msgc__config *started, const struct msgc__config *now,
        const struct msgc__config *fresh, struct msgc__config *ret, struct msgc_buf *ret_changed,
        struct msgc_buf *ret_restart);

#endif
