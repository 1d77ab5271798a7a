/* SPDX-License-Identifier: MIT */
/*
 * options.h - the command line of msgc.
 *
 * Knows which commands and options there are, and nothing of what is done about them.
 */
#ifndef MSGC_COMPILER_OPTIONS_H
#define MSGC_COMPILER_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "diag.h"
#include "vec.h"

enum options_command {
	COMMAND_COMPILE, /* without a command's name */
	COMMAND_CHECK,
	COMMAND_FMT,
	COMMAND_DIFF,
	COMMAND_INIT,
	COMMAND_PUBLISH,
};

enum options_action {
	OPTIONS_RUN,
	OPTIONS_HELP,
	OPTIONS_VERSION,
	OPTIONS_USAGE_ERROR, /* one line on stderr has said why */
};

enum options_optimize {
	OPTIMIZE_AUTO,
	OPTIMIZE_SPEED,
	OPTIMIZE_SIZE,
};

struct options {
	enum options_command command;
	struct vec
	        files; /* names of contracts; COMMAND_INIT: the new contract's name; COMMAND_PUBLISH: group and message */
	struct vec include_dirs;
	struct diag_style style;   /* --message-format, --diagnostic-ids */
	struct diag_policy policy; /* -W */

	/* COMMAND_COMPILE; output_dir: COMMAND_INIT, too */
	const char *output_dir; /* NULL: not said */
	struct vec emitters;    /* const struct emitter * */
	bool chosen;            /* --emit: these and no others */
	enum options_optimize optimize;
	bool depends_only; /* -M: write dependencies and nothing else */
	bool depends;      /* -MD, -MF */
	const char *depends_file;
	struct vec depends_targets; /* -MT */
	bool depends_phony;         /* -MP */

	/* COMMAND_FMT */
	bool fmt_check; /* --check */
	bool fmt_diff;  /* --diff */

	/* COMMAND_PUBLISH */
	const char *url;      /* --url: of the administrative listener */
	const char *key_file; /* --key-file; NULL: the environment's */
};

enum options_action options_read(struct options *options, int argc, char **argv);
void options_clear(struct options *options);

/* The text of --help for a command. */
void options_help(FILE *stream, enum options_command command);

#endif
