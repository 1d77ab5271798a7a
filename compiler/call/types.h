/* SPDX-License-Identifier: MIT */
/*
 * types.h - the codec's tables of a contract, made at run time from its model: what msgc --emit c writes as C. So `msgc call` reads and checks messages
 * with the very code that servers do it with, and in their words.
 *
 * `require` and `check` are not in the tables: they are functions in C, and the server's to ask.
 */
#ifndef MSGC_CALL_TYPES_H
#define MSGC_CALL_TYPES_H

#include <msgc/type.h>

#include "model.h"
#include "writer.h"

struct call_types;

/* Models are borrowed until it is freed. Never NULL. */
struct call_types *call_types_new(void);
void call_types_free(struct call_types *types);

/* The same for the same message. Lives as long as the tables. */
const struct msgc_message *call_types_message(
        struct call_types *types, const struct model_message *message);

#endif
