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
#include <stddef.h>

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

/*
 * What generated C makes of a name by appending to it: types, functions and objects. The list is
 * closed: an emitter that needs another one adds it here, so that nothing else can be called so.
 */
enum {
	NAMES_OF_TYPE = 1, /* whatever there may be lists and maps of */
	NAMES_OF_ENUM = 2,
	NAMES_OF_UNION = 4,
	NAMES_OF_RECORD = 8, /* with a name: the functions of <msgc/codec.h> */
	NAMES_OF_MESSAGE = 16,
	NAMES_OF_GROUP = 32,
	NAMES_OF_CONSUMER = 64,
	NAMES_OF_HANDLER = 128,  /* of consumer and message: rooms_room_chat */
	NAMES_OF_QUESTION = 256, /* of consumer and message: rooms_room_confirm */
	NAMES_OF_TOPIC = 512,
};

struct names_made {
	unsigned of; /* NAMES_OF_…, several */
	const char *tail;
	const char *what; /* in words: "a list of it" */
};
extern const struct names_made names_made[];
extern const size_t n_names_made;

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
