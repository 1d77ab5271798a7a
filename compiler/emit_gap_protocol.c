/* SPDX-License-Identifier: MIT */
/*
 * emit_gap_protocol.c - what of messages, groups and consumers an output cannot write
 * yet. Knows nothing of types, nor of what is written.
 */
#include "emit.h"

static bool in_group(struct emit_gap_search *search, const struct model_group *group)
{
	return group->topic != NULL &&
	        emit_gap_met(search, EMIT_GAP_TOPICS, group->place, "topics are");
}

static bool in_consumer(struct emit_gap_search *search, const struct model_consumer *consumer)
{
	return consumer->n_topics != 0 &&
	        emit_gap_met(search, EMIT_GAP_TOPICS, consumer->place, "topics are");
}

bool emit_find_protocol_gap(
        unsigned gaps, const struct model_contract *contract, struct emit_gap *ret_gap)
{
	struct emit_gap_search search = {gaps, ret_gap};
	bool found = false;
	size_t i;

	for (i = 0; i < contract->n_groups && !found; i++)
		found = in_group(&search, contract->groups[i]);
	for (i = 0; i < contract->n_consumers && !found; i++)
		found = in_consumer(&search, contract->consumers[i]);
	return found;
}
