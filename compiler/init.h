/* SPDX-License-Identifier: MIT */
/*
 * init.h - the files of a new project.
 *
 * Makes texts; writes nothing.
 */
#ifndef MSGC_COMPILER_INIT_H
#define MSGC_COMPILER_INIT_H

#include <stdbool.h>

struct arena;

/* What all names in C may begin with, and not msgc's own. */
bool init_is_name(const char *name);

/* The contract, and the CMakeLists.txt of a program that serves it. version: of msgc, "0.1". */
const char *init_contract(struct arena *arena, const char *name);
const char *init_cmake(struct arena *arena, const char *name, const char *version);

#endif
