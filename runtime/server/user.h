/* SPDX-License-Identifier: MIT */
/*
 * A user as the server keeps it: strings copied, references counted, so that connections, pending frames and publications of one log-in
 * share it. Any thread.
 */
#ifndef MSGC__USER_H
#define MSGC__USER_H

#include <stdatomic.h>

#include <msgc/server.h>

struct msgc__user {
	struct msgc_user is; /* what the program sees */
	uint64_t hash;       /* of realm and id; 0: anonymous */
	atomic_uint refs;
};

/* Who sends: what `struct msgc_sender` of the public header is. */
struct msgc_sender {
	uint64_t connection; /* its id; 0: none */
	struct msgc__user *user;
};

/*
 * Copies the strings of what a hook has answered and takes `data` over, also when it fails (it is released then). `realm` stands in where
 * the hook left it empty. MSGC_ENOMEM.
 */
int msgc__user_new(const struct msgc_user *answered, const char *realm, struct msgc__user **ret);
struct msgc__user *msgc__user_ref(struct msgc__user *user); /* NULL gives NULL */
void msgc__user_unref(struct msgc__user *user);

/* Are both the same, and not anonymous? */
bool msgc__user_same(const struct msgc__user *a, const struct msgc__user *b);

#endif
