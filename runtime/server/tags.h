/* SPDX-License-Identifier: MIT */
/*
 * From the tags of a frame to the action that it is, for consumers whose messages are not told apart by one word. It must not know what
 * an action does.
 */
#ifndef MSGC__TAGS_H
#define MSGC__TAGS_H

#include "core.h"

/* The numbers of a consumer's actions, in the order of their tags; to be freed. NULL: no memory. */
unsigned *msgc__tags_sort(const struct msgc_consumer *consumer);

/*
 * The action that a frame is, or -1. A message with more tags that fit is meant before one with fewer; one without any, where the frame
 * has none.
 */
int msgc__tags_find(const struct msgc__served *served, const struct msgc_envelope *envelope);

/* "'chat'", "10", "0, 'READY'": what a client may send, for people. */
void msgc__tags_print(struct msgc_buf *out, const struct msgc_message *message);

#endif
