/* SPDX-License-Identifier: MIT */
/*
 * check_unique.c - finding what is said twice, by sorting: no contract can make it slow.
 */
#include "checks.h"

#include <stdlib.h>
#include <string.h>

static int compare_keys(const void *a, const void *b)
{
	const struct check_key *x = a, *y = b;
	int order = strcmp(x->text, y->text);

	if (order != 0)
		return order;
	return x->place.start < y->place.start ? -1 : x->place.start > y->place.start;
}

void check_unique(struct check *c, struct check_key *keys, size_t n, enum diag_id id,
        const char *complaint, const char *note)
{
	size_t first = 0, i;

	if (n > 1)
		qsort(keys, n, sizeof(*keys), compare_keys);
	for (i = 1; i < n; i++) {
		if (strcmp(keys[i].text, keys[first].text) != 0) {
			first = i;
			continue;
		}
		diag_report(c->diag, id, keys[i].place, "'%s' %s", keys[i].text, complaint);
		diag_note(c->diag, keys[first].place, "%s", note);
	}
}
