/* SPDX-License-Identifier: MIT */
/*
 * Recovery: a client comes back with a position in a group's stream and gets what it has missed, in order, before what is live. It is a member
 * first; what is live is held back until it has caught up, so that nothing falls between. It must not know where streams are kept.
 */
#ifndef MSGC__RECOVER_H
#define MSGC__RECOVER_H

#include "group.h"

struct msgc__buffer;
struct msgc__served;

/* ------------------------------------------------------------------------------------------ positions */

enum { MSGC__POSITION_TAIL_MAX = 512 };

/* What takes the place of the last brace of a message with a position: faces (of group messages only), seq and epoch. Lives in `room`. */
struct msgc_str msgc__position_tail(char room[MSGC__POSITION_TAIL_MAX],
        const struct msgc__served *served, enum msgc_message_kind kind, bool mine, bool current,
        const struct msgc__position *position);

/* ------------------------------------------------------------------------------------- what is asked for */

/*
 * "?epoch=…&seq=…", in pairs where there are several streams: an epoch says which stream it belongs to. An empty epoch, or one that is no
 * epoch, asks for nothing but the present position. Consumers with parameters of these names cannot be asked. MSGC_ENOMEM.
 */
int msgc__wish_read(struct msgc_connection *connection, struct msgc_str query);
/* A position; an epoch that is none is "". */
void msgc__position_read(struct msgc_str epoch, uint64_t seq, struct msgc__position *ret);

/* ------------------------------------------------------------------------------------------ recoveries */

/* Is it to catch up first, that joins now? */
bool msgc__recovery_wanted(const struct msgc__membership *membership);
int msgc__recovery_new(struct msgc__membership *membership);
/* NULL-safe; also while the backend reads for it. */
void msgc__recovery_free(struct msgc__membership *membership);

/* Looks whether a topic's stream has what its client asks for; msgc__subscribe_looked() is told. Nothing is shown yet. */
struct msgc__frame;
void msgc__recovery_look(struct msgc__membership *membership, struct msgc__frame *frame);

/*
 * Goes on with what was asked for, one group after another, a page whenever the outbox is empty. True: nothing is left to do, or the
 * connection ends; else the connection is made ready when it can go on.
 */
bool msgc__recover(struct msgc_connection *connection);

/* For delivery: is this message, which has a position, to be shown now? No: it has been already, or will be read. */
bool msgc__recovery_shows(
        struct msgc__membership *membership, const struct msgc__publication *publication);
/* For delivery: a message without a position waits until message `after`, behind which it came, has been read. `completion` may be NULL. */
void msgc__recovery_hold(struct msgc__membership *membership, uint64_t after,
        struct msgc__buffer *frame, struct msgc__buffer *completion);

#endif
