/* SPDX-License-Identifier: MIT */
/*
 * The messages of one workload: values, and their texts as a client would write them. The same in
 * every run and on every machine.
 */
#ifndef BENCH_WORKLOAD_H
#define BENCH_WORKLOAD_H

#include "bench.h"

/* Texts lie one behind the other in one piece of memory, each followed by PADDING zero bytes. */
struct corpus {
	const char *name;
	size_t count;
	void *values; /* count structs of value_size bytes */
	size_t value_size;
	char *texts;
	size_t size;          /* of all texts with their padding */
	size_t *offset, *len; /* of each */
	struct msgc_arena arena;
	/* msgc's own functions for the type of this workload, to compare results with. */
	const struct msgc_message *type;
};

/* 0, or MSGC_ENOMEM. */
int corpus_make(struct corpus *c, enum workload workload, size_t count);
void corpus_free(struct corpus *c);
/* How many different messages a workload has: 2048, fewer where they are large. */
size_t corpus_usual_count(enum workload workload);

static inline const void *corpus_value(const struct corpus *c, size_t i)
{
	return (const char *)c->values + i * c->value_size;
}

#endif
