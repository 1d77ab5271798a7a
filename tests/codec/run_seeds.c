/* SPDX-License-Identifier: MIT */
/*
 * A fuzz target without the fuzzer, for every compiler: each seed as it is, cut at every byte, and with each byte changed
 * in a few ways. usage: run_seeds FOLDER
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void vary(uint8_t *data, size_t size)
{
	static const uint8_t others[] = {0, '"', '\\', '0', '9', '-', '.', 'e', '{', '}', '[', ']',
	        ',', ':', ' ', 'u', 0x1F, 0x80, 0xC3, 0xED, 0xFF};
	uint8_t kept;

	for (size_t len = 0; len <= size; len++)
		LLVMFuzzerTestOneInput(data, len);
	for (size_t i = 0; i < size; i++) {
		kept = data[i];
		for (size_t k = 0; k < sizeof others; k++) {
			data[i] = others[k];
			LLVMFuzzerTestOneInput(data, size);
		}
		data[i] = kept;
	}
}

static int run(const char *path)
{
	static uint8_t data[65536];
	FILE *file = fopen(path, "rb");
	size_t size;

	if (!file) {
		perror(path);
		return 1;
	}
	size = fread(data, 1, sizeof data, file);
	fclose(file);
	vary(data, size);
	return 0;
}

int main(int argc, char **argv)
{
	DIR *folder = argc == 2 ? opendir(argv[1]) : NULL;
	struct dirent *entry;
	char path[4096];
	int seeds = 0, failed = 0;

	if (!folder) {
		fprintf(stderr, "usage: %s FOLDER\n", argv[0]);
		return 2;
	}
	while ((entry = readdir(folder))) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof path, "%s/%s", argv[1], entry->d_name);
		failed |= run(path);
		seeds++;
	}
	closedir(folder);
	printf("%d seeds\n", seeds);
	return failed || seeds == 0;
}
