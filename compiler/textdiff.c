/* SPDX-License-Identifier: MIT */
/*
 * textdiff.c - the shortest way from one text to another, line by line (Myers 1986), as hunks.
 *
 * Where texts differ in more lines than a bound, what is between the first and the last difference
 * is replaced as a whole: longer than need be, and as correct. Knows nothing of what the texts are.
 */
#include "textdiff.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"

#define TEXTDIFF_CONTEXT 3
/* Memory and time grow with its square: 8 MiB. */
#define TEXTDIFF_MAX_CHANGES 1000

struct line {
	const char *bytes;
	size_t length; /* with its '\n', if it has one */
};

struct lines {
	struct line *list;
	size_t n;
	bool *changed; /* gone, or new */
};

static struct lines split(struct textdiff_text text)
{
	struct lines lines = {0};
	size_t capacity = 0, at = 0;

	while (at < text.length) {
		const char *begin = text.bytes + at;
		const char *end = memchr(begin, '\n', text.length - at);
		size_t length = end != NULL ? (size_t)(end - begin) + 1 : text.length - at;

		if (lines.n == capacity) {
			capacity = capacity == 0 ? 256 : capacity * 2;
			lines.list = memory_resize(lines.list, capacity * sizeof(*lines.list));
		}
		lines.list[lines.n++] = (struct line){begin, length};
		at += length;
	}
	lines.changed = memory_get(lines.n + 1);
	memset(lines.changed, 0, lines.n + 1);
	return lines;
}

static bool same(const struct line *a, const struct line *b)
{
	return a->length == b->length && memcmp(a->bytes, b->bytes, a->length) == 0;
}

/* --------------------------------------------------------------- comparing */

/* The middle of both texts: what is left between a common beginning and a common end. */
struct middle {
	const struct line *a;
	const struct line *b;
	long n_a;
	long n_b;
};

/* How far one gets along each diagonal with d changes: rows[d][k + d], for k from -d to d. */
static long *new_row(long **rows, long d)
{
	rows[d] = memory_get((size_t)(2 * d + 1) * sizeof(**rows));
	return rows[d];
}

static long reach(long *const *rows, long d, long k)
{
	return k < -d || k > d ? -1 : rows[d][k + d];
}

/*
 * Where the step to diagonal k leads: *ret_down for a line of b more, else a line of a less. -1: no
 * step leads there.
 */
static long step(const struct middle *m, long *const *rows, long d, long k, bool *ret_down)
{
	long down = reach(rows, d - 1, k + 1), right = reach(rows, d - 1, k - 1);

	if (down >= 0 && down - k > m->n_b)
		down = -1;
	right = right >= 0 && right < m->n_a ? right + 1 : -1;
	*ret_down = down >= right;
	return *ret_down ? down : right;
}

static bool run_row(const struct middle *m, long **rows, long d)
{
	long *row = new_row(rows, d);
	bool down;
	long k;

	for (k = -d; k <= d; k++) {
		long x = d == 0 ? 0 : (k + d) % 2 == 0 ? step(m, rows, d, k, &down) : -1;

		while (x >= 0 && x < m->n_a && x - k < m->n_b && same(&m->a[x], &m->b[x - k]))
			x++;
		row[k + d] = x;
		if (x == m->n_a && x - k == m->n_b)
			return true;
	}
	return false;
}

/* From the end back to the beginning. */
static void mark_path(const struct middle *m, long *const *rows, long d, bool *gone, bool *added)
{
	long k = m->n_a - m->n_b;

	for (; d > 0; d--) {
		bool down;
		long x = step(m, rows, d, k, &down);

		if (down) {
			added[x - k - 1] = true;
			k++;
		} else {
			gone[x - 1] = true;
			k--;
		}
	}
}

static void mark_changes(const struct middle *m, bool *gone, bool *added)
{
	long **rows = memory_get((TEXTDIFF_MAX_CHANGES + 1) * sizeof(*rows));
	bool found = false;
	long d = 0, i;

	for (; d <= TEXTDIFF_MAX_CHANGES && !found; d++)
		found = run_row(m, rows, d);
	if (found) {
		mark_path(m, rows, d - 1, gone, added);
	} else {
		memset(gone, true, (size_t)m->n_a);
		memset(added, true, (size_t)m->n_b);
	}
	for (i = 0; i < d; i++)
		free(rows[i]);
	free(rows);
}

static void compare(const struct lines *a, const struct lines *b)
{
	size_t first = 0, last = 0;
	struct middle m;

	while (first < a->n && first < b->n && same(&a->list[first], &b->list[first]))
		first++;
	while (last < a->n - first && last < b->n - first &&
	        same(&a->list[a->n - 1 - last], &b->list[b->n - 1 - last]))
		last++;
	m = (struct middle){.a = a->list + first,
	        .b = b->list + first,
	        .n_a = (long)(a->n - first - last),
	        .n_b = (long)(b->n - first - last)};
	mark_changes(&m, a->changed + first, b->changed + first);
}

/* ---------------------------------------------------------------- printing */

static void put_line(FILE *stream, char mark, const struct line *line)
{
	fputc(mark, stream);
	fwrite(line->bytes, 1, line->length, stream);
	if (line->bytes[line->length - 1] != '\n')
		fputs("\n\\ No newline at end of file\n", stream);
}

/* "12,3" as diff writes it: a single line has no count, no line stands behind the one before. */
static void put_range(FILE *stream, char mark, size_t start, size_t n)
{
	fprintf(stream, " %c%zu", mark, n == 0 ? start : start + 1);
	if (n != 1)
		fprintf(stream, ",%zu", n);
}

/* Both texts from lines i and j on: past the change there and all that are near it. */
static void hunk_end(const struct lines *a, const struct lines *b, size_t *i, size_t *j)
{
	size_t quiet = 0;

	while (quiet <= 2 * TEXTDIFF_CONTEXT && (*i < a->n || *j < b->n)) {
		if (*i < a->n && a->changed[*i]) {
			++*i;
			quiet = 0;
		} else if (*j < b->n && b->changed[*j]) {
			++*j;
			quiet = 0;
		} else {
			++*i;
			++*j;
			quiet++;
		}
	}
	if (quiet > TEXTDIFF_CONTEXT) {
		*i -= quiet - TEXTDIFF_CONTEXT;
		*j -= quiet - TEXTDIFF_CONTEXT;
	}
}

static void put_hunk(FILE *stream, const struct lines *a, const struct lines *b, size_t i, size_t j,
        size_t i_end, size_t j_end)
{
	fputs("@@", stream);
	put_range(stream, '-', i, i_end - i);
	put_range(stream, '+', j, j_end - j);
	fputs(" @@\n", stream);
	while (i < i_end || j < j_end) {
		if (i < i_end && a->changed[i]) {
			put_line(stream, '-', &a->list[i++]);
		} else if (j < j_end && b->changed[j]) {
			put_line(stream, '+', &b->list[j++]);
		} else {
			put_line(stream, ' ', &a->list[i++]);
			j++;
		}
	}
}

static void put_hunks(FILE *stream, const struct lines *a, const struct lines *b)
{
	size_t i = 0, j = 0;

	while (i < a->n || j < b->n) {
		size_t before, i_end, j_end;

		if (!(i < a->n && a->changed[i]) && !(j < b->n && b->changed[j])) {
			i++;
			j++;
			continue;
		}
		before = i < TEXTDIFF_CONTEXT ? i : TEXTDIFF_CONTEXT;
		i_end = i;
		j_end = j;
		hunk_end(a, b, &i_end, &j_end);
		put_hunk(stream, a, b, i - before, j - before, i_end, j_end);
		i = i_end;
		j = j_end;
	}
}

void textdiff_print(
        FILE *stream, const char *path, struct textdiff_text before, struct textdiff_text after)
{
	struct lines a, b;

	if (before.length == after.length && memcmp(before.bytes, after.bytes, after.length) == 0)
		return;
	a = split(before);
	b = split(after);
	compare(&a, &b);
	fprintf(stream, "--- %s\n+++ %s\n", path, path);
	put_hunks(stream, &a, &b);
	free(a.list);
	free(a.changed);
	free(b.list);
	free(b.changed);
}
