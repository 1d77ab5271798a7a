/* SPDX-License-Identifier: MIT */
/*
 * names.h - identifiers of all targets: how the contract's names become C's, and that no two meet.
 *
 * One rule for clashes and keywords everywhere: a trailing underscore, as many as it takes. Knows
 * nothing of what is named.
 */
#ifndef MSGC_COMPILER_NAMES_H
#define MSGC_COMPILER_NAMES_H

#include <stdbool.h>

struct arena;

/* Identifiers that must differ from each other: a struct's members, all tags of a contract … */
struct names {
	struct arena *arena;
	void *taken;
};

void names_clear(struct names *names);

/*
 * An identifier for the wanted name: the name itself, with trailing underscores if it is taken
 * or a word that C, C++ or their standard headers keep for themselves.
 */
const char *names_claim(struct names *names, const char *wanted);

bool names_is_taken(const struct names *names, const char *name);

/* A keyword of C or C++, or a macro that standard headers define. */
bool names_is_reserved(const char *name);

/* "rooms" and "role" make "rooms_role". */
const char *names_join(struct arena *arena, const char *prefix, const char *name);

/* "ROOMS_ROLE" */
const char *names_upper(struct arena *arena, const char *name);

/*
 * A piece of an identifier that is made of any text: letters, digits and underscores stay, each run
 * of other characters is one underscore, none at the ends. "minus_1" for "-1", "value" where nothing
 * is left.
 */
const char *names_from_text(struct arena *arena, const char *text);

/* A letter, then letters, digits and underscores; no longer than a C prefix should be. */
bool names_is_prefix(const char *text);

#endif
