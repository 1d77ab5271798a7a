/* SPDX-License-Identifier: MIT */
/*
 * output.h - files, written whole or not at all, and only if they change.
 *
 * All outputs of a run are prepared first, each as a temporary file beside its place, and put in
 * place together at the end. Knows nothing of what is in them.
 */
#ifndef MSGC_COMPILER_OUTPUT_H
#define MSGC_COMPILER_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

struct outputs;

struct outputs *outputs_new(void);

/* Removes what has been prepared and not put in place. */
void outputs_free(struct outputs *outputs);

/*
 * Prepares a file with these bytes. A file that has them already stays as it is, times included;
 * with keep_existing any file that is there stays. False, with a line on stderr, if it cannot be
 * written.
 */
bool outputs_add(struct outputs *outputs, const char *path, const char *bytes, size_t length,
        bool keep_existing);

/* Makes a folder that outputs go to, unless it is there. False, with a line on stderr, if it cannot. */
bool outputs_folder(const char *path);

/*
 * Prepares what a file that is there shall hold: one that a link leads to is replaced itself, with
 * its mode.
 */
bool outputs_replace(struct outputs *outputs, const char *path, const char *bytes, size_t length);

/* Puts everything in place. False, with a line on stderr, if something could not be. */
bool outputs_commit(struct outputs *outputs);

#endif
