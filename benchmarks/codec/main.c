/* SPDX-License-Identifier: MIT */
/*
 * codec-bench: times decoding and encoding of the five workloads by every library in the shared
 * objects that it is given, ours first. Results are compared before anything is timed. Rounds are
 * interleaved: each takes every library once over all messages of a workload, so that what else the
 * machine does meets all of them. Texts are fresh in every round (some decoders write to them);
 * making them so is not timed.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bench.h"
#include "floor.h"
#include "report.h"
#include "workload.h"

#if defined(BENCH_CALLGRIND)
#include <valgrind/callgrind.h>
#else
#define CALLGRIND_ZERO_STATS
#define CALLGRIND_DUMP_STATS_AT(name) ((void)(name))
#endif

#define PEERS_MOST 48

struct bench {
	const struct peer *peers[PEERS_MOST];
	size_t n_peers;
	size_t rounds;
	size_t count; /* of messages; 0: as many as is usual */
	bool instructions;
	const char *only; /* a workload's name, or NULL */
};

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * UINT64_C(1000000000) + (uint64_t)t.tv_nsec;
}

/* Room for any decoded value. */
union any {
	struct bench_chat chat;
	struct bench_new_message message;
	struct bench_history history;
	struct bench_telemetry telemetry;
};

static void select_peer(const struct peer *peer)
{
	if (peer->select)
		peer->select();
}

static void release(const struct peer *peer)
{
	if (peer->release)
		peer->release();
}

/* ---- are the results right? ---- */

static bool right_decode(
        const struct peer *peer, enum workload w, const struct corpus *c, char *work)
{
	union any value;
	bool good;

	for (size_t i = 0; i < c->count; i++) {
		memset(&value, 0, sizeof value);
		good = peer->decode[w](work + c->offset[i], c->len[i], &value) &&
		        msgc_message_equal(c->type, &value, corpus_value(c, i));
		release(peer);
		if (!good) {
			fprintf(stderr, "codec-bench: %s reads %s %zu wrongly:\n%s\n", peer->name,
			        c->name, i, c->texts + c->offset[i]);
			return false;
		}
	}
	return true;
}

/* The text that a peer has written must read back as the value. */
static bool right_encode(const struct peer *peer, enum workload w, const struct corpus *c)
{
	static char text[1 << 17];
	struct msgc_arena arena = {0};
	union any value;
	const char *from;
	size_t len;
	bool good = true;

	for (size_t i = 0; i < c->count && good; i++) {
		len = peer->encode[w](corpus_value(c, i), &from);
		good = len > 0 && len < sizeof text - MSGC_PADDING;
		if (good)
			memcpy(text, from, len);
		msgc_arena_reset(&arena);
		good = good &&
		        msgc_message_decode_in_place(
		                c->type, text, len, NULL, &arena, &value, NULL) == 0 &&
		        msgc_message_equal(c->type, &value, corpus_value(c, i));
		release(peer);
		if (!good)
			fprintf(stderr, "codec-bench: %s writes %s %zu wrongly:\n%.*s\n",
			        peer->name, c->name, i, (int)len, from);
	}
	msgc_arena_free(&arena);
	return good;
}

/* ---- one pass over all messages: what is timed ---- */

static void pass_copy(const struct corpus *c, const char *work)
{
	for (size_t i = 0; i < c->count; i++)
		floor_copy(work + c->offset[i], c->len[i]);
}

static bool pass_scan(const struct corpus *c, const char *work)
{
	bool good = true;

	for (size_t i = 0; i < c->count; i++)
		good &= floor_scan(work + c->offset[i], c->len[i]);
	return good;
}

static bool pass_decode(
        const struct peer *peer, enum workload w, const struct corpus *c, char *work)
{
	bool (*decode)(char *, size_t, void *) = peer->decode[w];
	void (*give_back)(void) = peer->release;
	union any value;
	bool good = true;

	for (size_t i = 0; i < c->count; i++) {
		good &= decode(work + c->offset[i], c->len[i], &value);
		if (give_back)
			give_back();
	}
	return good;
}

static bool pass_encode(const struct peer *peer, enum workload w, const struct corpus *c)
{
	size_t (*encode)(const void *, const char **) = peer->encode[w];
	void (*give_back)(void) = peer->release;
	const char *text;
	bool good = true;

	for (size_t i = 0; i < c->count; i++) {
		good &= encode(corpus_value(c, i), &text) > 0;
		if (give_back)
			give_back();
	}
	return good;
}

/* ---- rounds ---- */

enum direction { DECODE, ENCODE };

static bool takes_part(const struct peer *peer, enum direction direction, enum workload w)
{
	return direction == DECODE ? peer->decode[w] != NULL : peer->encode[w] != NULL;
}

static bool all_right(const struct bench *b, enum direction direction, enum workload w,
        const struct corpus *c, char *work)
{
	bool good = true;

	for (size_t i = 0; i < b->n_peers; i++) {
		if (!takes_part(b->peers[i], direction, w))
			continue;
		memcpy(work, c->texts, c->size);
		select_peer(b->peers[i]);
		good &= direction == DECODE ? right_decode(b->peers[i], w, c, work)
		                            : right_encode(b->peers[i], w, c);
	}
	return good;
}

static void add(struct figures *f, uint64_t ns, const struct corpus *c)
{
	f->ns[f->count++] = (double)ns / (double)c->count;
}

static bool round_of(const struct bench *b, enum direction direction, enum workload w,
        const struct corpus *c, char *work, struct figures *rows)
{
	uint64_t start;
	bool good = true;

	if (direction == DECODE) {
		memcpy(work, c->texts, c->size);
		start = now_ns();
		pass_copy(c, work);
		add(&rows[0], now_ns() - start, c);
		start = now_ns();
		good &= pass_scan(c, work);
		add(&rows[1], now_ns() - start, c);
	}
	for (size_t i = 0; i < b->n_peers; i++) {
		const struct peer *peer = b->peers[i];
		struct figures *row = &rows[i + (direction == DECODE ? 2 : 0)];

		if (!takes_part(peer, direction, w))
			continue;
		select_peer(peer);
		if (direction == DECODE)
			memcpy(work, c->texts, c->size);
		start = now_ns();
		good &= direction == DECODE ? pass_decode(peer, w, c, work)
		                            : pass_encode(peer, w, c);
		add(row, now_ns() - start, c);
	}
	return good;
}

/* Under callgrind: one pass each, a dump of its cost behind it. */
static void count_instructions(const struct bench *b, enum direction direction, enum workload w,
        const struct corpus *c, char *work)
{
	char label[128];

	for (size_t i = 0; i < b->n_peers; i++) {
		if (!takes_part(b->peers[i], direction, w))
			continue;
		memcpy(work, c->texts, c->size);
		select_peer(b->peers[i]);
		snprintf(label, sizeof label, "%s|%s|%s|%zu|",
		        direction == DECODE ? "decode" : "encode", c->name, b->peers[i]->name,
		        c->count);
		CALLGRIND_ZERO_STATS;
		if (direction == DECODE)
			pass_decode(b->peers[i], w, c, work);
		else
			pass_encode(b->peers[i], w, c);
		CALLGRIND_DUMP_STATS_AT(label);
	}
}

static bool measure(const struct bench *b, enum direction direction, enum workload w,
        const struct corpus *c, char *work)
{
	size_t n_floors = direction == DECODE ? 2 : 0, n_rows = b->n_peers + n_floors;
	struct figures *rows;
	char title[64];
	bool good = true;

	if (!all_right(b, direction, w, c, work))
		return false;
	if (b->instructions) {
		count_instructions(b, direction, w, c, work);
		return true;
	}
	rows = calloc(n_rows, sizeof *rows);
	if (!rows)
		return false;
	if (n_floors) {
		rows[0].name = "memcpy";
		rows[1].name = "scan";
	}
	for (size_t i = 0; i < b->n_peers; i++)
		rows[i + n_floors].name = b->peers[i]->name;
	for (size_t i = 0; i < b->rounds; i++)
		good &= round_of(b, direction, w, c, work, rows);
	snprintf(title, sizeof title, "%s %s", direction == DECODE ? "Decode" : "Encode", c->name);
	report_print(title, rows, n_rows, n_floors,
	        (double)(c->size - c->count * PADDING) / (double)c->count);
	free(rows);
	return good;
}

static bool run_workload(const struct bench *b, enum direction direction, enum workload w)
{
	struct corpus c;
	char *work = NULL;
	bool good = false;

	if (corpus_make(&c, w, b->count ? b->count : corpus_usual_count(w)) == 0) {
		work = malloc(c.size);
		if (work && b->only && strcmp(b->only, c.name) != 0)
			good = true;
		else if (work)
			good = measure(b, direction, w, &c, work);
	}
	free(work);
	corpus_free(&c);
	return good;
}

/* ---- the command line ---- */

static bool load(struct bench *b, const char *path)
{
	void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	peers_function *peers = NULL;
	void *symbol = library ? dlsym(library, "bench_peers") : NULL;
	const struct peer *const *peer;

	if (!symbol) {
		fprintf(stderr, "codec-bench: %s\n", dlerror());
		return false;
	}
	/* C has no other way from dlsym's pointer to a function's. */
	memcpy(&peers, &symbol, sizeof peers);
	for (peer = peers(); *peer && b->n_peers < PEERS_MOST; peer++)
		b->peers[b->n_peers++] = *peer;
	return true;
}

static bool parse_arguments(struct bench *b, int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--rounds") == 0 && i + 1 < argc)
			b->rounds = (size_t)strtoul(argv[++i], NULL, 10);
		else if (strcmp(argv[i], "--count") == 0 && i + 1 < argc)
			b->count = (size_t)strtoul(argv[++i], NULL, 10);
		else if (strcmp(argv[i], "--only") == 0 && i + 1 < argc)
			b->only = argv[++i];
		else if (strcmp(argv[i], "--instructions") == 0)
			b->instructions = true;
		else if (argv[i][0] == '-' || !load(b, argv[i]))
			return false;
	}
	return b->n_peers > 0 && b->rounds > 0 && b->rounds <= ROUNDS_MOST;
}

int main(int argc, char **argv)
{
	static struct bench b = {.rounds = 101};
	bool good = true;

	if (!parse_arguments(&b, argc, argv)) {
		fprintf(stderr,
		        "usage: codec-bench [--rounds N] [--count N] [--only WORKLOAD] "
		        "[--instructions] peer.so...\n");
		return 2;
	}
	for (int w = 0; w < N_WORKLOADS; w++)
		good &= run_workload(&b, DECODE, (enum workload)w);
	for (int w = 0; w < N_WORKLOADS; w++)
		if (w != SHUFFLED)
			good &= run_workload(&b, ENCODE, (enum workload)w);
	return good ? 0 : 1;
}
