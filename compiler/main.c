/* SPDX-License-Identifier: MIT */
/*
 * main.c - msgc: one program, several commands.
 *
 * Exit status: see enum status in command.h.
 */
#include <stdio.h>

#include "command.h"

struct front *command_front(const struct options *options)
{
	struct front *front = front_new(
	        (const char *const *)options->include_dirs.items, options->include_dirs.n);

	diag_set_policy(front_diag(front), &options->policy);
	return front;
}

enum status command_status(const struct front *front, enum front_result result)
{
	if (result == FRONT_UNREADABLE)
		return STATUS_FAILURE;
	return front_failed(front) ? STATUS_FOUND : STATUS_FINE;
}

static enum status run(const struct options *options)
{
	switch (options->command) {
	case COMMAND_COMPILE: return command_compile(options);
	case COMMAND_CHECK: return command_check(options);
	case COMMAND_FMT: return command_fmt(options);
	case COMMAND_DIFF: return command_diff(options);
	case COMMAND_INIT: return command_init(options);
	case COMMAND_PUBLISH: return command_publish(options);
	}
	return STATUS_FAILURE;
}

/* What went to stdout has arrived. */
static enum status flush_stdout(enum status status)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	fputs("msgc: cannot write to the standard output\n", stderr);
	return STATUS_FAILURE;
}

int main(int argc, char **argv)
{
	struct options options;
	enum status status = STATUS_FINE;

	if (command_is_call(argc, argv))
		return (int)command_call(argc, argv);
	switch (options_read(&options, argc, argv)) {
	case OPTIONS_HELP: options_help(stdout, options.command); break;
	case OPTIONS_VERSION: puts("msgc " MSGC_COMPILER_VERSION); break;
	case OPTIONS_RUN: status = run(&options); break;
	case OPTIONS_USAGE_ERROR: status = STATUS_FAILURE; break;
	}
	options_clear(&options);
	return (int)flush_stdout(status);
}
