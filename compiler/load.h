/* SPDX-License-Identifier: MIT */
/*
 * load.h - a contract and all that it imports, parsed, dependencies first.
 *
 * An import is looked for beside the importing file, then in the folders given, then among the
 * built-in contracts. Each file is read once. Knows nothing of what contracts mean.
 */
#ifndef MSGC_COMPILER_LOAD_H
#define MSGC_COMPILER_LOAD_H

#include <stdbool.h>
#include <stddef.h>

#include "ast.h"
#include "diag.h"
#include "scope.h"
#include "vec.h"

/* So many files make up one contract at most. */
#define LOAD_MAX_FILES 256

struct unit;

struct unit_import {
	struct unit *unit;
	struct place place;
	bool used; /* set by the checks */
};

/* One contract file on its way to a model. */
struct unit {
	const struct source *source;
	const struct ast_file *file;
	const char *key; /* tells files apart */
	struct unit_import *imports;
	size_t n_imports;
	bool open;   /* its imports are being loaded */
	bool broken; /* has errors, or imports what has: nobody may build on it */
	/* filled in by the checks */
	struct scope scope;
	struct model_contract *contract;
};

struct load {
	struct arena *arena;
	struct diag *diag;
	const char *const *include_dirs;
	size_t n_include_dirs;
	struct vec units; /* all that have been read, in order of reading */
	struct vec order; /* dependencies first */
	struct vec open;  /* from the main file to the one being loaded */
};

/*
 * The file that the compiler was called with. NULL if it cannot be read, which is reported without
 * a place; else a unit, which may be broken.
 */
struct unit *load_file(struct load *load, const char *path);

/* The same with text from memory. Its imports are looked for in the folders and built-ins only. */
struct unit *load_memory(struct load *load, const char *name, const char *text, size_t length);

/* A built-in contract, by its name as an import says it; loaded once. NULL: there is none. */
struct unit *load_builtin(struct load *load, const char *name);

void load_clear(struct load *load);

#endif
