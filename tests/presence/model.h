/* SPDX-License-Identifier: MIT */
/*
 * What a client makes of the rosters that it is told: a list of users, kept up to date by states and diffs as protocol.md says.
 */
#ifndef PRESENCE_MODEL_H
#define PRESENCE_MODEL_H

#include <msgc/std.msgc.h>
#include <msgc/test.h>

struct model_user {
	char id[64];
	char info[96];
	unsigned connections;
};

struct model {
	struct model_user users[256];
	size_t count;
	bool listed;
	unsigned told; /* users, as the server says */
	unsigned states, diffs;
};

/* A presence_state or presence_diff: a diff must fit what is known. */
void model_take(struct model *model, const struct msgc_test_frame *frame);

/* "session:ada session:bob*2", in alphabetical order; "3" where there is only a count. */
const char *model_text(const struct model *model);
/* What is shown of a user; NULL: he is not there. */
const char *model_info(const struct model *model, const char *id);

/* Receives until the roster is that. Other frames fail the test. */
void model_await(struct model *model, struct msgc_test_client *client, const char *text);

#endif
