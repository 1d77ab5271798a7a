/* SPDX-License-Identifier: MIT */
/*
 * depfile.h - what outputs depend on, as a rule for make and ninja.
 *
 * Knows their way of quoting, nothing of contracts.
 */
#ifndef MSGC_COMPILER_DEPFILE_H
#define MSGC_COMPILER_DEPFILE_H

#include <stdbool.h>
#include <stddef.h>

#include "vec.h"

/*
 * "targets: sources", lines broken behind each source. with_phony adds an empty rule for each but the
 * first source, so that a file that is gone stops no build. The text is malloc'd; NULL if there is
 * no memory. *ret_length without the NUL.
 */
char *depfile_text(
        const struct vec *targets, const struct vec *sources, bool with_phony, size_t *ret_length);

#endif
