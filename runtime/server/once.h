/* SPDX-License-Identifier: MIT */
/*
 * Sends with a `message_id` happen once: the first answer is kept in the backend for `message-id-window`, and given again to whoever sends the
 * same once more. It must not know what a message says.
 */
#ifndef MSGC__ONCE_H
#define MSGC__ONCE_H

#include "stage.h"

enum { MSGC__MESSAGE_ID_MAX = 128 }; /* bytes */

/*
 * The frame, decoded, has this id: its handler runs (msgc__dispatch_handle()), now or when the backend has answered; or it is answered as it was the
 * first time; or it ends with an error: conflict (another body), busy (the first is still in hand).
 */
void msgc__once_begin(struct msgc__frame *frame, struct msgc_str message_id);

/*
 * The frame is about to be concluded: keeps its answer, or forgets the id where it has failed. True: it has been dealt with; else the frame goes
 * on with msgc__frame_continue() when it has.
 */
bool msgc__once_settle(struct msgc__frame *frame);

#endif
