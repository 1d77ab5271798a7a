/* SPDX-License-Identifier: MIT */
/*
 * emit_gap_protocol.c - what of messages, groups and consumers an output cannot write
 * yet. Knows nothing of types, nor of what is written.
 */
#include "emit.h"

static bool in_consumer(struct emit_gap_search *search, const struct model_consumer *consumer)
{
	return consumer->topic != NULL && consumer->n_asks != 0 &&
	        emit_gap_met(search, EMIT_GAP_TOPICS, consumer->asks[0].question.place,
	                "questions of topics ('send ask -> answer') are");
}

bool emit_find_protocol_gap(
        unsigned gaps, const struct model_contract *contract, struct emit_gap *ret_gap)
{
	struct emit_gap_search search = {gaps, ret_gap};
	bool found = false;
	size_t i;

	for (i = 0; i < contract->n_consumers && !found; i++)
		found = in_consumer(&search, contract->consumers[i]);
	for (i = 0; i < contract->n_topics && !found; i++)
		found = in_consumer(&search, contract->topics[i]);
	return found;
}
