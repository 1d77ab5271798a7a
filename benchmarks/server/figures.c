/* SPDX-License-Identifier: MIT */
/*
 * What is measured beside counts: how long messages took, what the server's process costs. Reads /proc. It must not know of messages.
 */
#include "load.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* 64 steps for each power of two: bucket = exponent * 64 + the six bits behind the first one. */
enum { STEPS = 64, BUCKETS = 64 * STEPS };

static uint64_t buckets[BUCKETS], total;

static unsigned bucket_of(uint64_t ns)
{
	unsigned exponent;

	if (ns < STEPS)
		return (unsigned)ns;
	exponent = 63u - (unsigned)__builtin_clzll(ns);
	return (exponent - 5) * STEPS + (unsigned)(ns >> (exponent - 6) & (STEPS - 1));
}

static double middle_of(unsigned bucket)
{
	unsigned exponent = bucket / STEPS + 5;

	if (bucket < STEPS)
		return bucket;
	return (double)(STEPS + bucket % STEPS) * (double)(1ull << (exponent - 6)) +
	        (double)(1ull << (exponent - 6)) / 2;
}

void latency_add(uint64_t ns)
{
	buckets[bucket_of(ns)]++;
	total++;
}

void latency_reset(void)
{
	memset(buckets, 0, sizeof(buckets));
	total = 0;
}

double latency_at(double share)
{
	uint64_t seen = 0, want = (uint64_t)((double)total * share);

	for (unsigned i = 0; i < BUCKETS; i++) {
		seen += buckets[i];
		if (seen > want)
			return middle_of(i) / 1000;
	}
	return 0;
}

/* The scheduler's own account is in nanoseconds, where utime and stime of stat(5) are in hundredths of a second. */
static uint64_t thread_cpu(const char *process, const char *thread)
{
	char path[300];
	unsigned long long ns = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%s/task/%s/schedstat", process, thread);
	file = fopen(path, "r");
	if (!file)
		return 0; /* the thread has ended */
	if (fscanf(file, "%llu", &ns) != 1)
		ns = 0;
	fclose(file);
	return ns;
}

uint64_t process_cpu(int pid)
{
	char process[32] = "self", path[64];
	struct dirent *entry;
	uint64_t ns = 0;
	DIR *threads;

	if (pid)
		snprintf(process, sizeof(process), "%d", pid);
	snprintf(path, sizeof(path), "/proc/%s/task", process);
	threads = opendir(path);
	if (!threads)
		fail("the server (process %d) has gone", pid);
	while ((entry = readdir(threads)))
		if (entry->d_name[0] != '.')
			ns += thread_cpu(process, entry->d_name);
	closedir(threads);
	return ns;
}

uint64_t process_resident(int pid)
{
	char path[64];
	unsigned long long size, pages;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/statm", pid);
	file = fopen(path, "r");
	if (!file || fscanf(file, "%llu %llu", &size, &pages) != 2)
		fail("the server (process %d) has gone", pid);
	fclose(file);
	return pages * (uint64_t)sysconf(_SC_PAGESIZE);
}
