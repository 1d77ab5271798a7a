/* SPDX-License-Identifier: MIT */
/*
 * emit_gap_protocol.c - what of messages, envelopes, groups and consumers an output cannot write
 * yet. Knows nothing of types, nor of what is written.
 */
#include "emit.h"

#include <string.h>

/* What is looked for, and what has been found. */
struct search {
	unsigned gaps;
	struct emit_gap *gap;
};

/* True: this is one, and the search is over. */
static bool met(struct search *search, unsigned gap, struct place place, const char *what)
{
	if ((search->gaps & gap) == 0)
		return false;
	*search->gap = (struct emit_gap){place, what};
	return true;
}

static bool in_message(struct search *search, const struct model_message *message)
{
	const struct model_discriminator *by = message->discriminator;
	const struct model_options *options = &message->contract->options;

	if (by->keys == NULL || message->record->kind == MODEL_TUPLE)
		return met(search, EMIT_GAP_FRAMES, message->place, "array frames are");
	if (message->n_tags == 0)
		return met(search, EMIT_GAP_FRAMES, message->place,
		        "messages without a discriminator are");
	if (by->n_keys > 1)
		return met(search, EMIT_GAP_FRAMES, message->place, "several discriminators are");
	if (message->tags[0].kind != MODEL_LITERAL_STRING)
		return met(
		        search, EMIT_GAP_FRAMES, message->place, "numbers as discriminators are");
	return strcmp(by->keys[0], options->receive.keys[0]) != 0 &&
	        met(search, EMIT_GAP_FRAMES, message->place, "discriminators of one direction are");
}

static bool in_envelope(struct search *search, const struct model_envelope *envelope)
{
	static const char *const names[MODEL_N_ENVELOPE] = {
	        "ref", "topic", "message_id", "seq", "epoch", "version", "is_mine", "is_current"};
	bool changed = envelope->std_off || envelope->ref_kind != MODEL_STRING;
	size_t i;

	for (i = 0; i < MODEL_N_ENVELOPE && !changed; i++)
		changed = envelope->wire[i] == NULL || strcmp(envelope->wire[i], names[i]) != 0;
	return changed &&
	        met(search, EMIT_GAP_ENVELOPE, envelope->place, "changes of the envelope are");
}

static bool in_group(struct search *search, const struct model_group *group)
{
	if (group->topic != NULL)
		return met(search, EMIT_GAP_TOPICS, group->place, "topics are");
	if (group->has_presence)
		return met(search, EMIT_GAP_TOPICS, group->place, "presence is");
	return group->n_histories != 0 &&
	        met(search, EMIT_GAP_TOPICS, group->place, "histories of groups are");
}

static bool in_consumer(struct search *search, const struct model_consumer *consumer)
{
	if (consumer->n_subprotocols != 0)
		return met(search, EMIT_GAP_CONSUMERS, consumer->place, "subprotocols are");
	if (consumer->auth_message != NULL)
		return met(search, EMIT_GAP_CONSUMERS, consumer->place,
		        "messages that authenticate ('auth message') are");
	if (consumer->n_topics != 0)
		return met(search, EMIT_GAP_TOPICS, consumer->place, "topics are");
	return consumer->n_asks != 0 &&
	        met(search, EMIT_GAP_CONSUMERS, consumer->asks[0].question.place,
	                "questions of the server ('send ask -> answer') are");
}

bool emit_find_protocol_gap(
        unsigned gaps, const struct model_contract *contract, struct emit_gap *ret_gap)
{
	struct search search = {gaps, ret_gap};
	bool found = in_envelope(&search, &contract->envelope);
	size_t i;

	for (i = 0; i < contract->n_messages && !found; i++)
		found = in_message(&search, contract->messages[i]);
	for (i = 0; i < contract->n_groups && !found; i++)
		found = in_group(&search, contract->groups[i]);
	for (i = 0; i < contract->n_consumers && !found; i++)
		found = in_consumer(&search, contract->consumers[i]);
	return found;
}
