/* SPDX-License-Identifier: MIT */
/*
 * emit_clients.h - a consumer or topic as its clients see it.
 */
#ifndef MSGC_COMPILER_EMIT_CLIENTS_H
#define MSGC_COMPILER_EMIT_CLIENTS_H

#include "model.h"

/*
 * One of `outgoing` that comes of itself, or may: no question, no standard message, and no answer that only its ref tells from
 * another message.
 */
bool client_hears(const struct model_consumer *consumer, const struct model_message_ref *ref);

/* Pings are answered. */
bool client_pings(const struct model_consumer *consumer);

/* Who comes without credentials is nobody, unless the URL says that the first frame will bring some. */
bool client_announces(const struct model_consumer *consumer);

/* What was missed can be asked for. */
bool client_recovers(const struct model_consumer *consumer);

#endif
