/* SPDX-License-Identifier: MIT */
/*
 * lint.h - what a careful reader would ask about a contract that has no errors.
 *
 * Every question is a warning with a name of its own; msgc check asks them, compiling does not.
 */
#ifndef MSGC_COMPILER_LINT_H
#define MSGC_COMPILER_LINT_H

#include "diag.h"
#include "load.h"

/* A contract whose checks have succeeded. What it imports is asked when it is checked itself. */
void lint_unit(struct diag *diag, const struct unit *unit);

#endif
