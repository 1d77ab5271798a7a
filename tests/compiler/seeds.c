/* SPDX-License-Identifier: MIT */
/*
 * seeds.c - runs a fuzzer's target over files, without libFuzzer: each whole, cut off at many places,
 * and with one byte after the other changed.
 *
 * usage: PROGRAM FOLDER…
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* So many cuts and changes per file; large files are cut in larger steps. */
#ifndef SEEDS_STEPS
#define SEEDS_STEPS 20
#endif

#define SEEDS_MAX_BYTES 65536

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t runs;

/* A copy of exactly that size: a byte read behind it is found by the sanitizer. */
static void run(const uint8_t *bytes, size_t size)
{
	uint8_t *copy = malloc(size + (size == 0));

	if (copy == NULL)
		exit(1);
	memcpy(copy, bytes, size);
	LLVMFuzzerTestOneInput(copy, size);
	free(copy);
	runs++;
}

static void run_variants(uint8_t *bytes, size_t size)
{
	static const char replacements[] = "\0;}{(\"\\/.1a\xff";
	size_t step = size / SEEDS_STEPS + 1, i;

	run(bytes, size);
	for (i = 0; i < size; i += step) {
		uint8_t old = bytes[i];

		run(bytes, i);
		bytes[i] = (uint8_t)replacements[i / step % (sizeof(replacements) - 1)];
		run(bytes, size);
		bytes[i] = old;
	}
}

static void run_file(const char *path)
{
	static uint8_t bytes[SEEDS_MAX_BYTES];
	FILE *file = fopen(path, "rb");
	size_t size;

	if (file == NULL) {
		perror(path);
		exit(1);
	}
	size = fread(bytes, 1, sizeof(bytes), file);
	fclose(file);
	run_variants(bytes, size);
}

static size_t run_folder(const char *folder)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	char path[4096];
	struct stat info;
	size_t files = 0;

	if (dir == NULL) {
		perror(folder);
		exit(1);
	}
	while ((entry = readdir(dir)) != NULL) {
		if (snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name) >=
		                (int)sizeof(path) ||
		        stat(path, &info) != 0 || !S_ISREG(info.st_mode))
			continue;
		run_file(path);
		files++;
	}
	closedir(dir);
	return files;
}

int main(int argc, char **argv)
{
	size_t files = 0;
	int i;

	for (i = 1; i < argc; i++)
		files += run_folder(argv[i]);
	printf("%zu files, %zu inputs\n", files, runs);
	return files == 0;
}
