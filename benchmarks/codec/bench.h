/* SPDX-License-Identifier: MIT */
/*
 * What the benchmark and the libraries under it agree on: the five workloads, and what a library
 * (a "peer", ours among them) does with them. All fill the structs that msgc has generated from
 * bench.msg, so that results can be compared.
 */
#ifndef BENCH_H
#define BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bench.msgc.h"

#ifdef __cplusplus
extern "C" {
#endif

enum workload {
	CHAT,      /* struct bench_chat, 75 bytes */
	MESSAGE,   /* struct bench_new_message, 189 bytes */
	HISTORY,   /* struct bench_history, 50 lines */
	TELEMETRY, /* struct bench_telemetry, 200 doubles and 200 integers */
	SHUFFLED, /* struct bench_new_message again: any order, pretty-printed, one unknown member */
	N_WORKLOADS
};

#define PADDING 64 /* bytes that may be read and written behind a text; the first is NUL */

struct peer {
	const char *name;
	/* NULL, or called before messages are decoded or encoded by this peer. */
	void (*select)(void);
	/*
	 * One message, every member into ret, all that bench.msg demands checked; false: refused. What
	 * ret points to lives until the next call or `release`. May write to the text. NULL: cannot.
	 */
	bool (*decode[N_WORKLOADS])(char *text, size_t len, void *ret);
	/* The text of a value, valid until the next call; its length, or 0. */
	size_t (*encode[N_WORKLOADS])(const void *value, const char **ret);
	/* Gives back what the last call has taken. Timed. May be NULL. */
	void (*release)(void);
};

/* What a shared object with peers exports: an array that ends in NULL. */
typedef const struct peer *const *peers_function(void);
__attribute__((visibility("default"))) peers_function bench_peers;

#ifdef __cplusplus
}
#endif

#endif
