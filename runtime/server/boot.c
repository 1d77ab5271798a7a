/* SPDX-License-Identifier: MIT */
/*
 * Which life of the machine this is, from what Linux says of it. It must not know who compares times.
 */
#include "boot.h"

#include <stdio.h>
#include <string.h>

void msgc__boot_read(char boot[MSGC__BOOT_MAX])
{
	FILE *file = fopen("/proc/sys/kernel/random/boot_id", "re");

	boot[0] = '\0';
	if (!file)
		return;
	if (!fgets(boot, MSGC__BOOT_MAX, file))
		boot[0] = '\0';
	boot[strspn(boot, "0123456789abcdef-")] = '\0';
	fclose(file);
}

/* FNV-1a: the same in every process. */
uint64_t msgc__boot_number(void)
{
	uint64_t number = UINT64_C(0xcbf29ce484222325);
	char boot[MSGC__BOOT_MAX];

	msgc__boot_read(boot);
	for (const char *c = boot; *c; c++)
		number = (number ^ (unsigned char)*c) * UINT64_C(0x100000001b3);
	return boot[0] ? number | 1 : 0;
}
