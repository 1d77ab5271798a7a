/* SPDX-License-Identifier: MIT */
/*
 * emit_c_lookup.c - from a name to its number: members of records, values of enums, actions.
 *
 * A switch over the length leaves few candidates; where it leaves more than a handful, a switch
 * over the byte in which they differ most leaves fewer, and so on. Those few are compared whole.
 * Knows nothing of what the names stand for.
 */
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "emit_c.h"

/* More names than this with the same length are told apart by a byte first. */
enum { FEW = 3 };

struct entry {
	const char *name;
	size_t length;
	size_t index;
	unsigned char byte; /* at the place that tells its neighbours apart */
};

static int by_length(const void *left, const void *right)
{
	const struct entry *a = left;
	const struct entry *b = right;

	if (a->length != b->length)
		return a->length < b->length ? -1 : 1;
	return a->index < b->index ? -1 : a->index > b->index;
}

static int by_byte(const void *left, const void *right)
{
	const struct entry *a = left;
	const struct entry *b = right;

	if (a->byte != b->byte)
		return a->byte < b->byte ? -1 : 1;
	return a->index < b->index ? -1 : a->index > b->index;
}

/* The place where names of the same length show the most different bytes. */
static size_t telling_place(const struct entry *entries, size_t n)
{
	size_t best = 0;
	size_t most = 0;

	for (size_t place = 0; place < entries[0].length; place++) {
		bool seen[256] = {false};
		size_t count = 0;

		for (size_t i = 0; i < n; i++) {
			unsigned char byte = (unsigned char)entries[i].name[place];

			count += !seen[byte];
			seen[byte] = true;
		}
		if (count > most) {
			most = count;
			best = place;
		}
	}
	return best;
}

static void compare(struct writer *w, const char *ptr, const struct entry *entry)
{
	if (entry->length == 0) {
		writer_line(w, "return %zu;", entry->index);
		return;
	}
	writer_line(w, "if (memcmp(%s, %s, %zu) == 0)", ptr,
	        writer_c_literal(w, entry->name, entry->length), entry->length);
	writer_line(w, "\treturn %zu;", entry->index);
}

/* A case label for a byte: 'a' where it is a letter or digit, its number elsewhere. */
static const char *byte_label(struct writer *w, unsigned char byte)
{
	bool is_plain = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
	        (byte >= '0' && byte <= '9') || byte == '_';

	return writer_format(w, is_plain ? "'%c'" : "%d", byte);
}

static void put_entries(struct writer *w, const char *ptr, struct entry *entries, size_t n);

/* Names differ, so that each of the cases has fewer of them than there are here. */
static void by_telling_byte(struct writer *w, const char *ptr, struct entry *entries, size_t n)
{
	size_t place = telling_place(entries, n);

	for (size_t i = 0; i < n; i++)
		entries[i].byte = (unsigned char)entries[i].name[place];
	qsort(entries, n, sizeof(*entries), by_byte);
	writer_line(w, "switch ((unsigned char)%s[%zu]) {", ptr, place);
	for (size_t i = 0, same; i < n; i += same) {
		for (same = 1; i + same < n && entries[i + same].byte == entries[i].byte; same++)
			;
		writer_line(w, "case %s:", byte_label(w, entries[i].byte));
		put_entries(w, ptr, &entries[i], same);
	}
	writer_line(w, "}");
}

/* Behind a case's label. */
static void put_entries(struct writer *w, const char *ptr, struct entry *entries, size_t n)
{
	writer_indent(w);
	if (n > FEW)
		by_telling_byte(w, ptr, entries, n);
	else
		for (size_t i = 0; i < n; i++)
			compare(w, ptr, &entries[i]);
	writer_line(w, "break;");
	writer_dedent(w);
}

void emit_c_lookup(struct writer *w, const char *ptr, const char *len, const char *const *names,
        size_t n_names)
{
	struct entry *entries = memory_get((n_names + 1) * sizeof(*entries));

	for (size_t i = 0; i < n_names; i++)
		entries[i] = (struct entry){names[i], strlen(names[i]), i, 0};
	qsort(entries, n_names, sizeof(*entries), by_length);
	writer_line(w, "switch (%s) {", len);
	for (size_t i = 0; i < n_names;) {
		size_t same = 1;

		while (i + same < n_names && entries[i + same].length == entries[i].length)
			same++;
		writer_line(w, "case %zu:", entries[i].length);
		put_entries(w, ptr, &entries[i], same);
		i += same;
	}
	writer_line(w, "}");
	writer_line(w, "return -1;");
	free(entries);
}
