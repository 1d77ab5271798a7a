/* SPDX-License-Identifier: MIT */
/*
 * builtin.h - the contracts that are part of the compiler.
 *
 * The table is made from schemas/ at build time. Knows nothing of what they say.
 */
#ifndef MSGC_COMPILER_BUILTIN_H
#define MSGC_COMPILER_BUILTIN_H

#include <stddef.h>

struct builtin {
	const char *name; /* as an import says it: "std.msg" */
	const char *text;
	size_t length;
};

extern const struct builtin builtins[];
extern const size_t n_builtins;

#endif
