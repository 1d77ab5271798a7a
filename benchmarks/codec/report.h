/* SPDX-License-Identifier: MIT */
/*
 * Figures of one workload and direction, and the table of them. It knows nothing of how they were
 * measured.
 */
#ifndef BENCH_REPORT_H
#define BENCH_REPORT_H

#include <stddef.h>

#define ROUNDS_MOST 1001

struct figures {
	const char *name;
	size_t count;
	double ns[ROUNDS_MOST]; /* per message, one a round */
};

double figures_median(struct figures *f);
/*
 * Lines of a Markdown table: ns, MB/s (of `bytes` a message), the ratio to the first row that is no
 * floor, and to each floor. The first n_floors rows are floors.
 */
void report_print(
        const char *title, struct figures *rows, size_t n_rows, size_t n_floors, double bytes);

#endif
