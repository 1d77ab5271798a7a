/* SPDX-License-Identifier: MIT */
/*
 * Messages by their tags: a sorted list, and a search in it for each number of tags that a message may have. It must not know how tags
 * are read.
 */
#include "tags.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static int compare_tag(const struct msgc_tag *a, const struct msgc_tag *b)
{
	size_t least;
	int order;

	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	if (a->kind == MSGC_TAG_INTEGER)
		return a->number < b->number ? -1 : a->number > b->number;
	if (a->kind != MSGC_TAG_STRING)
		return 0;
	least = a->text.len < b->text.len ? a->text.len : b->text.len;
	order = least ? memcmp(a->text.ptr, b->text.ptr, least) : 0;
	if (order != 0)
		return order;
	return a->text.len < b->text.len ? -1 : a->text.len > b->text.len;
}

static int compare(const struct msgc_tag *a, size_t n_a, const struct msgc_tag *b, size_t n_b)
{
	if (n_a != n_b)
		return n_a < n_b ? -1 : 1;
	for (size_t i = 0; i < n_a; i++) {
		int order = compare_tag(&a[i], &b[i]);

		if (order != 0)
			return order;
	}
	return 0;
}

/* qsort() hands nothing through: the consumer's actions come along with each number. */
struct entry {
	const struct msgc_message *message;
	unsigned action;
};

static int compare_entries(const void *left, const void *right)
{
	const struct entry *a = left, *b = right;

	return compare(
	        a->message->tags, a->message->tag_count, b->message->tags, b->message->tag_count);
}

unsigned *msgc__tags_sort(const struct msgc_consumer *consumer)
{
	size_t n = consumer->action_count;
	unsigned *sorted = malloc((n + 1) * sizeof sorted[0]);
	struct entry *entries = malloc((n + 1) * sizeof entries[0]);

	if (sorted && entries) {
		for (size_t i = 0; i < n; i++)
			entries[i] = (struct entry){consumer->actions[i].message, (unsigned)i};
		qsort(entries, n, sizeof entries[0], compare_entries);
		for (size_t i = 0; i < n; i++)
			sorted[i] = entries[i].action;
	} else {
		free(sorted);
		sorted = NULL;
	}
	free(entries);
	return sorted;
}

static int find(const struct msgc__served *served, const struct msgc_tag *tags, size_t n)
{
	const struct msgc_consumer *consumer = served->consumer;
	size_t low = 0, high = consumer->action_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct msgc_message *message =
		        consumer->actions[served->by_tags[middle]].message;
		int order = compare(tags, n, message->tags, message->tag_count);

		if (order == 0)
			return (int)served->by_tags[middle];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return -1;
}

int msgc__tags_find(const struct msgc__served *served, const struct msgc_envelope *envelope)
{
	const struct msgc_consumer *consumer = served->consumer;
	int action = -1;

	if (envelope->tag_count == 0)
		return consumer->envelope.untagged ? find(served, NULL, 0) : -1;
	if (consumer->find_action)
		return envelope->tags[0].kind == MSGC_TAG_STRING
		        ? consumer->find_action(
		                  envelope->tags[0].text.ptr, envelope->tags[0].text.len)
		        : -1;
	for (size_t n = envelope->tag_count; n > 0 && action < 0; n--)
		action = find(served, envelope->tags, n);
	return action;
}

void msgc__tags_print(struct msgc_buf *out, const struct msgc_message *message)
{
	if (message->tag_count == 0)
		msgc_buf_append_str(out, "none");
	for (size_t i = 0; i < message->tag_count; i++) {
		const struct msgc_tag *tag = &message->tags[i];

		if (i > 0)
			msgc_buf_append_str(out, " + ");
		if (tag->kind == MSGC_TAG_INTEGER)
			msgc_buf_printf(out, "%" PRId64, tag->number);
		else
			msgc_buf_printf(out, "'%s'", tag->text.ptr);
	}
}
