/* SPDX-License-Identifier: MIT */
/*
 * emit_c_entries.c - what a record's or tuple's table has: its members, and what travels beside
 * them without a place in C: the tags of messages and of unions, the envelope of array frames.
 *
 * The order is that of the wire. Tables and readers number members by it.
 */
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "emit_c_parts.h"

static void add(struct emit_c_entries *to, enum emit_c_role role, const char *wire,
        const struct model_member *member)
{
	to->items[to->n++] = (struct emit_c_entry){.role = role, .wire = wire, .member = member};
}

/* The k-th tag of a message. Where it has none, its own members may stand, or anything. */
static void add_tag(struct emit_c_entries *to, const struct model_message *message, size_t k)
{
	const struct model_discriminator *by = message->discriminator;

	add(to, EMIT_C_TAG, by->keys != NULL ? by->keys[k] : NULL, NULL);
	to->items[to->n - 1].tag = &message->tags[k];
}

static void add_members(struct emit_c_entries *to, const struct model_type *record)
{
	for (size_t i = 0; i < record->n_members; i++) {
		const struct model_member *member = &record->members[i];

		if (member->beside != NULL)
			add(to, EMIT_C_BESIDE, member->beside, member);
		add(to, EMIT_C_MEMBER, member->wire, member);
	}
}

/* `payload` is the name of a tag, or of a member of the envelope. */
static bool has_payload(const struct model_message *message)
{
	const struct model_envelope *envelope = &message->contract->envelope;
	const struct model_discriminator *by = message->discriminator;

	for (size_t k = 0; k < message->n_tags; k++)
		if (strcmp(by->keys[k], "payload") == 0)
			return true;
	for (size_t i = 0; i < MODEL_N_ENVELOPE; i++)
		if (envelope->wire[i] != NULL && strcmp(envelope->wire[i], "payload") == 0)
			return true;
	return false;
}

/* A frame that is an object: tags first. */
static void object_frame(struct emit_c_entries *to, const struct model_type *record)
{
	const struct model_message *message = record->message;

	for (size_t k = 0; k < message->n_tags; k++)
		add_tag(to, message, k);
	add_members(to, record);
	if (record->n_members == 0 && !has_payload(message))
		add(to, EMIT_C_SPARE, "payload", NULL);
}

/* Which tag stands at this position; n_tags: none. */
static size_t key_at(const struct model_message *message, size_t position)
{
	const struct model_discriminator *by = message->discriminator;
	size_t k = 0;

	while (k < message->n_tags && by->positions[k] != position)
		k++;
	return k;
}

/* A frame that is an array: the elements fill what tags and the envelope leave. */
static void array_frame(struct emit_c_entries *to, const struct model_type *record)
{
	const struct model_message *message = record->message;
	int32_t ref = record->contract->envelope.ref_position;
	size_t fixed = message->n_tags + (ref >= 0), member = 0;

	while (to->n < record->n_members + fixed) {
		size_t k = key_at(message, to->n);

		if (k < message->n_tags)
			add_tag(to, message, k);
		else if (ref >= 0 && (size_t)ref == to->n)
			add(to, EMIT_C_REF, NULL, NULL);
		else if (member < record->n_members)
			add(to, EMIT_C_MEMBER, NULL, &record->members[member++]);
		else
			break; /* a discriminator that lies beyond: nothing to stand before it */
	}
}

struct emit_c_entries emit_c_entries_of(const struct model_type *record)
{
	const struct model_message *message = record->message;
	size_t n_keys = message != NULL ? message->discriminator->n_keys : 0;
	struct emit_c_entries entries = {0};

	entries.items = memory_get((record->n_members * 2 + n_keys + 2) * sizeof(*entries.items));
	if (message == NULL)
		add_members(&entries, record);
	else if (record->kind == MODEL_TUPLE)
		array_frame(&entries, record);
	else
		object_frame(&entries, record);
	return entries;
}
