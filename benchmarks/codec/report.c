/* SPDX-License-Identifier: MIT */
/* Medians and the table of them. */
#include "report.h"

#include <stdio.h>
#include <stdlib.h>

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

double figures_median(struct figures *f)
{
	if (f->count == 0)
		return 0;
	qsort(f->ns, f->count, sizeof f->ns[0], compare);
	return f->count % 2 ? f->ns[f->count / 2]
	                    : (f->ns[f->count / 2 - 1] + f->ns[f->count / 2]) / 2;
}

void report_print(
        const char *title, struct figures *rows, size_t n_rows, size_t n_floors, double bytes)
{
	double ours = 0, ns;

	printf("\n%s, %.0f bytes\n\n| | ns | MB/s | × ours |", title, bytes);
	for (size_t i = 0; i < n_floors; i++)
		printf(" × %s |", rows[i].name);
	printf("\n| --- | ---: | ---: | ---: |");
	for (size_t i = 0; i < n_floors; i++)
		printf(" ---: |");
	printf("\n");
	for (size_t i = n_floors; i < n_rows && ours == 0; i++)
		ours = figures_median(&rows[i]);
	for (size_t i = 0; i < n_rows; i++) {
		ns = figures_median(&rows[i]);
		if (ns == 0)
			continue;
		printf(ns < 100 ? "| %s | %.1f | %.0f | %.2f |" : "| %s | %.0f | %.0f | %.2f |",
		        rows[i].name, ns, bytes * 1000 / ns, ns / ours);
		for (size_t j = 0; j < n_floors; j++)
			printf(" %.1f |", ns / figures_median(&rows[j]));
		printf("\n");
	}
	fflush(stdout);
}
