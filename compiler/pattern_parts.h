/* SPDX-License-Identifier: MIT */
/*
 * pattern_parts.h - what the stages of a pattern share: text → tree → graph → automaton → minimal.
 *
 * pattern.c calls them one after the other; each knows only what is handed to it.
 */
#ifndef MSGC_COMPILER_PATTERN_PARTS_H
#define MSGC_COMPILER_PATTERN_PARTS_H

#include "arena.h"
#include "pattern.h"

#define PATTERN_CODE_POINTS UINT32_C(0x110000)

/* ------------------------------------------------- code points (pattern_set.c)
 *
 * A set is a list of bounds: [bounds[0], bounds[1]) is in it, [bounds[1], bounds[2]) is not, and so
 * on; their number is even.
 */
struct pattern_set {
	uint32_t *bounds;
	size_t n;
};

/* Ranges on the way to a set, in any order. */
struct pattern_ranges {
	struct arena *arena;
	uint64_t *items;
	size_t n;
	size_t capacity;
};

/* Adds first … last, both included. */
void pattern_add(struct pattern_ranges *ranges, uint32_t first, uint32_t last);
void pattern_add_set(struct pattern_ranges *ranges, const struct pattern_set *set);

/* The set of all ranges added, or of all code points that are in none. */
const struct pattern_set *pattern_set_of(struct pattern_ranges *ranges, bool negated);

bool pattern_set_has(const struct pattern_set *set, uint32_t code_point);

/* The sets of \d, \w, \s and '.'; letter in capitals: everything else. NULL for other letters. */
const struct pattern_set *pattern_set_named(struct arena *arena, char letter);

/*
 * The set of \p{NAME} (pattern_property.c), or NULL: no property of ECMA-262; then *ret_near is the
 * closest name, or NULL.
 */
const struct pattern_set *pattern_property(
        struct arena *arena, const char *name, size_t length, bool negated, const char **ret_near);

/* Runs of one General_Category (pattern_unicode.c): first code point << 5 | category, ascending. */
enum pattern_category {
	PATTERN_CN,
	PATTERN_LU,
	PATTERN_LL,
	PATTERN_LT,
	PATTERN_LM,
	PATTERN_LO,
	PATTERN_MN,
	PATTERN_MC,
	PATTERN_ME,
	PATTERN_ND,
	PATTERN_NL,
	PATTERN_NO,
	PATTERN_PC,
	PATTERN_PD,
	PATTERN_PS,
	PATTERN_PE,
	PATTERN_PI,
	PATTERN_PF,
	PATTERN_PO,
	PATTERN_SM,
	PATTERN_SC,
	PATTERN_SK,
	PATTERN_SO,
	PATTERN_ZS,
	PATTERN_ZL,
	PATTERN_ZP,
	PATTERN_CC,
	PATTERN_CF,
	PATTERN_CS,
	PATTERN_CO,
};
extern const uint32_t pattern_unicode_runs[];
extern const size_t pattern_unicode_n_runs;

/* The bounds of a set: n of them, packed from byte `at` of pattern_property_bytes on. */
struct pattern_packed {
	uint32_t at;
	uint32_t n;
};

/* Properties (pattern_properties.c) by up to three names. extensions: of scripts. */
struct pattern_property {
	const char *name;
	const char *alias; /* NULL: none */
	const char *other; /* NULL: none */
	struct pattern_packed set;
	struct pattern_packed extensions;
};
extern const struct pattern_property pattern_binary[];
extern const size_t pattern_binary_n;
extern const struct pattern_property pattern_scripts[];
extern const size_t pattern_scripts_n;
extern const uint8_t pattern_property_bytes[];

/* Lessens what may still be spent. False: it is not enough. */
static inline bool pattern_spend(uint64_t *work, uint64_t cost)
{
	bool enough = *work >= cost;

	*work -= enough ? cost : *work;
	return enough;
}

/* Decodes the code point at text; *ret_length is 1 to 4. What is no UTF-8 counts as one byte. */
uint32_t pattern_decode(const char *text, size_t length, size_t *ret_length);

/* ----------------------------------------------------- trees (pattern_parse.c) */

enum pattern_node_kind {
	PATTERN_NODE_LIST,      /* one child behind the other; none: the empty text */
	PATTERN_NODE_EITHER,    /* any one of the children */
	PATTERN_NODE_REPEAT,    /* the child, min to max times */
	PATTERN_NODE_SET,       /* one code point */
	PATTERN_NODE_ASSERTION, /* no code point, but a condition */
};

enum pattern_assertion {
	PATTERN_AT_START,
	PATTERN_AT_END,
	PATTERN_AT_WORD_EDGE,
	PATTERN_NOT_AT_WORD_EDGE,
};

#define PATTERN_UNBOUNDED UINT32_MAX

struct pattern_node {
	enum pattern_node_kind kind;
	const struct pattern_set *set;
	enum pattern_assertion assertion;
	uint32_t min;
	uint32_t max;
	struct pattern_node **children;
	size_t n_children;
};

/* A group's name, without its escapes. */
struct pattern_name {
	uint32_t *characters;
	size_t n;
};

/* Where parsing stands. The first error ends it. */
struct pattern_parser {
	struct arena *arena;
	const char *text;
	size_t length;
	size_t at;
	unsigned depth;
	uint64_t *work;
	enum pattern_result result;
	struct pattern_error *error;
	struct pattern_name *names; /* of groups */
	size_t n_names;
	const struct pattern_set
	        *identifier_sets[2]; /* ID_Continue, ID_Start; NULL: not needed yet */
};

/* NULL: parser->result and *parser->error say why. */
const struct pattern_node *pattern_parse(struct pattern_parser *parser);

/* Says what is wrong with bytes [start, end), unless something has been. Returns NULL. */
void *pattern_fail(struct pattern_parser *parser, enum pattern_result result, size_t start,
        size_t end, const char *message, const char *hint);

/* The next character is c: it is taken. */
bool pattern_eat(struct pattern_parser *parser, char c);

/* The name behind "(?<", with its '>' (pattern_name.c). False: reported. */
bool pattern_group_name(struct pattern_parser *parser);

/* The digits behind "\u", of which start is the place (pattern_class.c). False: reported. */
bool pattern_unicode_escape(struct pattern_parser *parser, size_t start, uint32_t *ret_code_point);

/* The class at '[' (pattern_class.c). */
const struct pattern_set *pattern_class(struct pattern_parser *parser);

/*
 * The escape at '\', in a class or outside: a set of one code point, or of several (\d, \p{…});
 * *ret_code_point is the one, or PATTERN_CODE_POINTS. Not for assertions and back-references.
 */
const struct pattern_set *pattern_escape(
        struct pattern_parser *parser, bool in_class, uint32_t *ret_code_point);

/* ------------------------------------------------------ graphs (pattern_nfa.c) */

enum pattern_step_kind {
	PATTERN_STEP_SET,
	PATTERN_STEP_SPLIT,
	PATTERN_STEP_ASSERTION,
	PATTERN_STEP_MATCH,
};

struct pattern_step {
	enum pattern_step_kind kind;
	uint32_t next;
	uint32_t other; /* SPLIT: the second way; SET: index of the set; ASSERTION: which */
};

struct pattern_nfa {
	struct arena *arena;
	uint64_t *work;
	struct pattern_step *steps;
	uint32_t n_steps;
	uint32_t capacity;
	const struct pattern_set **sets; /* no two equal */
	uint32_t n_sets;
	uint32_t sets_capacity;
	bool has_word_edges;
	uint32_t root;
};

/* The graph that searches for the tree anywhere. False: too big. */
bool pattern_nfa(struct pattern_nfa *nfa, const struct pattern_node *tree);

/* ---------------------------------------------------- classes (pattern_classes.c)
 *
 * Code points that no set of the pattern tells apart are one class.
 */
#define PATTERN_MAX_CLASSES 256

struct pattern_classes {
	uint32_t *ranges; /* first code point << 8 | class, ascending from 0 */
	size_t n_ranges;
	uint32_t n;
	uint8_t *members; /* members[set * PATTERN_MAX_CLASSES + class]: the class is in the set */
	uint8_t is_word[PATTERN_MAX_CLASSES];
};

/* False: more than PATTERN_MAX_CLASSES, or too much work. */
bool pattern_classes(struct pattern_classes *classes, const struct pattern_nfa *nfa);

/* The class of a code point. */
uint32_t pattern_class_of(const uint32_t *ranges, size_t n_ranges, uint32_t code_point);

/* -------------------------------------------------- automata (pattern_dfa.c) */

/* The first two states of every automaton: nothing that follows matches; everything does. */
enum { PATTERN_DEAD, PATTERN_FULL };

struct pattern_dfa {
	uint32_t n_states;
	uint32_t n_classes;
	uint32_t start;
	uint32_t *next; /* next[state * n_classes + class] */
	uint8_t *final; /* by state: a text that ends here matches */
};

/* False: too many states, or too much work. */
bool pattern_dfa(struct pattern_dfa *dfa, const struct pattern_nfa *nfa,
        const struct pattern_classes *classes);

/* The least automaton that does the same; again with its first two states (pattern_minimal.c). */
void pattern_minimize(struct arena *arena, struct pattern_dfa *dfa);

#endif
