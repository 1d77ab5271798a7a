/* SPDX-License-Identifier: MIT */
/*
 * options.h - the command line of msgc.
 *
 * Knows which options there are, and nothing of what is done about them.
 */
#ifndef MSGC_COMPILER_OPTIONS_H
#define MSGC_COMPILER_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "vec.h"

enum options_action {
	OPTIONS_COMPILE,
	OPTIONS_HELP,
	OPTIONS_VERSION,
	OPTIONS_USAGE_ERROR, /* one line on stderr has said why */
};

struct options {
	const char *output_dir; /* "." by default */
	struct vec include_dirs;
	struct vec files;
	struct vec emitters; /* const struct emitter * */
	bool chosen;         /* --emit: these and no others */
	bool depends_only;   /* -M: write dependencies and nothing else */
	bool depends;        /* -MD, -MF */
	const char *depends_file;
	struct vec depends_targets; /* -MT */
	bool depends_phony;         /* -MP */
	bool show_ids;              /* --diagnostic-ids */
};

enum options_action options_read(struct options *options, int argc, char **argv);
void options_clear(struct options *options);
void options_help(FILE *stream);

#endif
