/* SPDX-License-Identifier: MIT */
/*
 * emit_c_client.h - what the files of the C client share: consumers and topics as their clients see them, in C.
 *
 * Knows the tables of <msgc/client_gen.h> by heart; knows nothing of how types are encoded.
 */
#ifndef MSGC_COMPILER_EMIT_C_CLIENT_H
#define MSGC_COMPILER_EMIT_C_CLIENT_H

#include "emit_c_consumer.h"

/* A client on its way to C. */
struct client_c {
	const struct emit_c *c;
	struct writer *w;
	const struct model_consumer *consumer;
	const char *stem; /* "rooms_room_client" */
};

struct client_c client_view(const struct emit_c *c, const struct model_consumer *consumer);

/* The next message that clients send; begin with *at = 0. NULL at the end. Pings are the run time's. */
const struct model_receive *client_next_sent(const struct client_c *cc, size_t *at);

/* The next message that comes in and its doc; questions of the server among them. */
const struct model_message_ref *client_next_heard(
        const struct client_c *cc, size_t *at, bool *ret_is_question);

/* A request can be made of it: something answers, or says that it is done. */
bool client_is_request(const struct client_c *cc, const struct model_receive *receive);

/* What the program's function is handed as the answer, with a comma and a name: ", const struct rooms_saved *answer"; "" where nothing is. */
const char *client_answer_param(const struct client_c *cc, const struct model_receive *receive);

/* Has the server of this consumer or topic an address of its own? */
bool client_has_url(const struct model_consumer *consumer);

/* Prototypes, without semicolon: declared and defined. */
const char *client_new_prototype(const struct client_c *cc);
const char *client_path_prototype(const struct client_c *cc);
const char *client_topic_prototype(const struct client_c *cc, const struct model_consumer *topic);

/* The functions behind them (emit_c_client_calls.c). */
void client_source_calls(const struct client_c *cc);
void client_source_tables(const struct client_c *cc);

#endif
