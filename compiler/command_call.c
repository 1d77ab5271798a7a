/* SPDX-License-Identifier: MIT */
/*
 * command_call.c - msgc call: becomes msgc-call, which stands beside this program or along PATH. What that needs of a run time, the compiler does not link.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "command.h"

static const char program[] = "msgc-call";

bool command_is_call(int argc, char **argv)
{
	return (argc > 1 && strcmp(argv[1], "call") == 0) ||
	        (argc == 3 && strcmp(argv[1], "help") == 0 && strcmp(argv[2], "call") == 0);
}

/* Where this program is: build trees have the other one in a folder of its own. */
static void run_beside(char **argv)
{
	static const char *const places[] = {"", "call/"};
	char path[PATH_MAX + sizeof("call/") + sizeof(program)];
	ssize_t len = readlink("/proc/self/exe", path, PATH_MAX);

	while (len > 0 && path[len - 1] != '/')
		len--;
	for (size_t i = 0; len > 0 && i < sizeof(places) / sizeof(places[0]); i++) {
		snprintf(path + len, sizeof(path) - (size_t)len, "%s%s", places[i], program);
		execv(path, argv);
	}
}

enum status command_call(int argc, char **argv)
{
	char option[] = "--help", *help[] = {argv[0], option, NULL};
	char **arguments = strcmp(argv[1], "help") == 0 ? help : argv + 1;

	(void)argc;
	run_beside(arguments);
	execvp(program, arguments);
	fprintf(stderr, "msgc: %s: %s\n", program, strerror(errno));
	return STATUS_FAILURE;
}
