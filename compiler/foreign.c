/* SPDX-License-Identifier: MIT */
/*
 * foreign.c - what people who come from other languages write, and what ours has instead.
 *
 * One table for the types and one for the words that begin something. A word is looked up only when it has been found to be wrong: nothing here
 * makes a word reserved, and a name of the contract's own comes first.
 */
#include "foreign.h"

#include <string.h>

struct foreign_word {
	const char *word;
	const char *ours;
};

static const struct foreign_word types[] = {
        {"int", "int32, int53 or int64"},
        {"integer", "int32, int53 or int64"},
        {"long", "int64"},
        {"number", "float64, int53 or decimal"},
        {"float", "float64"},
        {"double", "float64"},
        {"boolean", "bool"},
        {"str", "string"},
        {"text", "string"},
        {"char", "string(len 1)"},
        {"timestamp", "datetime"},
        {"blob", "bytes"},
        {"any", "json"},
        {"object", "json, map<T> or a record { … }"},
        {"array", "T[], for example string[]"},
        {"list", "T[], for example string[]"},
        {"vector", "T[], for example string[]"},
        {"set", "T[](unique), for example string[](unique)"},
        {"repeated", "T[], for example string[]"},
        {"dict", "map<T>, for example map<int32>"},
        {"record", "map<T> or a record { … }"},
        {"optional", "members that may be absent: NAME?: T"},
        {"nullable", "T | null, for example string | null"},
        {NULL, NULL},
};

static const struct foreign_word beginnings[] = {
        {"msgc", "contract NAME VERSION; for the first line"},
        {"syntax", "contract NAME VERSION; for the first line"},
        {"package", "contract NAME VERSION; for the first line"},
        {"namespace", "contract NAME VERSION; for the first line"},
        {"struct", "type NAME { MEMBER: TYPE; … }"},
        {"interface", "type NAME { MEMBER: TYPE; … }"},
        {"class", "type NAME { MEMBER: TYPE; … }"},
        {"record", "type NAME { MEMBER: TYPE; … }"},
        {"object", "type NAME { MEMBER: TYPE; … }"},
        {"typedef", "type NAME = TYPE;"},
        {"oneof", "union NAME by MEMBER { … }, or type NAME = A | B;"},
        {"service", "consumer NAME at \"/path/\" { … }"},
        {"channel", "consumer NAME at \"/path/\" { … }"},
        {"endpoint", "consumer NAME at \"/path/\" { … }"},
        {"route", "consumer NAME at \"/path/\" { … }"},
        {"room", "group NAME { broadcast MESSAGE; … }, and join NAME in a consumer"},
        {"action", "message NAME { payload: TYPE; }, and receive NAME -> REPLY in a consumer"},
        {"rpc", "message NAME { payload: TYPE; }, and receive NAME -> REPLY in a consumer"},
        {"method", "message NAME { payload: TYPE; }, and receive NAME -> REPLY in a consumer"},
        {"on", "receive NAME -> REPLY in a consumer"},
        {"include", "import \"FILE\";"},
        {"use", "import \"FILE\"; and, in a consumer, use MIXIN"},
        {NULL, NULL},
};

static const char *find(const struct foreign_word *words, const char *word)
{
	for (; words->word != NULL; words++) {
		if (strcmp(words->word, word) == 0)
			return words->ours;
	}
	return NULL;
}

static bool hint(struct diag *diag, const char *ours)
{
	if (ours != NULL)
		diag_hint(diag, "the language has %s", ours);
	return ours != NULL;
}

bool foreign_type_hint(struct diag *diag, const char *word)
{
	return hint(diag, find(types, word));
}

bool foreign_beginning_hint(struct diag *diag, const char *word)
{
	return hint(diag, find(beginnings, word));
}
