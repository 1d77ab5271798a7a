/* SPDX-License-Identifier: MIT */
/*
 * suggest.c - which of several names was probably meant, by edit distance.
 *
 * Names longer than a bound are not compared: the cost of a hint stays small whatever the input.
 * Knows nothing of where the names come from.
 */
#include "diag.h"

#include <ctype.h>
#include <string.h>

#define SUGGEST_MAX_LENGTH 48

struct suggestion suggestion_for(const char *word)
{
	size_t length = strlen(word);

	/* The first distance that is too far: one slip in a short word, one more per three letters. */
	return (struct suggestion){.word = word,
	        .distance =
	                length < 3 || length > SUGGEST_MAX_LENGTH ? 2 : (unsigned)length / 3 + 1};
}

static unsigned smallest(unsigned a, unsigned b, unsigned c)
{
	unsigned least = a < b ? a : b;

	return least < c ? least : c;
}

/* Letters that differ in case only count as equal: a wrong case is the likeliest slip of all. */
static bool letters_differ(char a, char b)
{
	return tolower((unsigned char)a) != tolower((unsigned char)b);
}

/* Insertions, deletions, substitutions and swaps of neighbours, each at cost 1. */
static unsigned edit_distance(const char *a, size_t n, const char *b, size_t m)
{
	unsigned rows[3][SUGGEST_MAX_LENGTH + 1];
	unsigned *before = rows[0], *last = rows[1], *row = rows[2], *spare;
	size_t i, j;

	for (j = 0; j <= m; j++)
		last[j] = (unsigned)j;
	memset(before, 0, sizeof(rows[0]));
	for (i = 1; i <= n; i++) {
		row[0] = (unsigned)i;
		for (j = 1; j <= m; j++) {
			row[j] = smallest(last[j] + 1, row[j - 1] + 1,
			        last[j - 1] + letters_differ(a[i - 1], b[j - 1]));
			if (i > 1 && j > 1 && !letters_differ(a[i - 1], b[j - 2]) &&
			        !letters_differ(a[i - 2], b[j - 1]) && before[j - 2] + 1 < row[j])
				row[j] = before[j - 2] + 1;
		}
		spare = before;
		before = last;
		last = row;
		row = spare;
	}
	return last[m];
}

void suggestion_offer(struct suggestion *suggestion, const char *candidate)
{
	size_t n = strlen(suggestion->word), m = strlen(candidate);
	size_t difference = n > m ? n - m : m - n;
	unsigned distance;

	/* "minimum" for "min", "desc" for "description": the last choice among those that are near. */
	if (suggestion->best == NULL && n >= 3 && m >= 3 &&
	        strncmp(suggestion->word, candidate, n < m ? n : m) == 0)
		suggestion->best = candidate;
	if (n > SUGGEST_MAX_LENGTH || m > SUGGEST_MAX_LENGTH || difference >= suggestion->distance)
		return;
	distance = edit_distance(suggestion->word, n, candidate, m);
	if (distance < suggestion->distance && distance < (n > m ? n : m)) {
		suggestion->distance = distance;
		suggestion->best = candidate;
	}
}

void diag_suggest(struct diag *diag, const struct suggestion *suggestion)
{
	if (suggestion->best != NULL)
		diag_hint(diag, "did you mean '%s'?", suggestion->best);
}
