/* SPDX-License-Identifier: MIT */
/*
 * pattern_property.c - what stands in the braces of \p{…} as a set: a General_Category, a script, a
 * binary property; all that ECMA-262 knows, by all of their names.
 *
 * The tables are written by pattern_unicode.py and pattern_properties.pl. Knows nothing of a
 * pattern's syntax.
 */
#include "pattern_parts.h"

#include <string.h>

#include "diag.h"

/* -------------------------------------------------------------- categories */

#define IN(category) (UINT32_C(1) << PATTERN_##category)
#define CASED        (IN(LU) | IN(LL) | IN(LT))
#define LETTERS      (CASED | IN(LM) | IN(LO))
#define MARKS        (IN(MN) | IN(MC) | IN(ME))
#define NUMBERS      (IN(ND) | IN(NL) | IN(NO))
#define PUNCTUATION  (IN(PC) | IN(PD) | IN(PS) | IN(PE) | IN(PI) | IN(PF) | IN(PO))
#define SYMBOLS      (IN(SM) | IN(SC) | IN(SK) | IN(SO))
#define SEPARATORS   (IN(ZS) | IN(ZL) | IN(ZP))
#define OTHERS       (IN(CC) | IN(CF) | IN(CS) | IN(CO) | IN(CN))
#define EVERYTHING   (LETTERS | MARKS | NUMBERS | PUNCTUATION | SYMBOLS | SEPARATORS | OTHERS)

/* Names and aliases of PropertyValueAliases.txt. */
static const struct category {
	const char *name;
	const char *long_name;
	const char *alias; /* NULL: none */
	uint32_t mask;
} categories[] = {
        {"L", "Letter", NULL, LETTERS},
        {"LC", "Cased_Letter", NULL, CASED},
        {"Lu", "Uppercase_Letter", NULL, IN(LU)},
        {"Ll", "Lowercase_Letter", NULL, IN(LL)},
        {"Lt", "Titlecase_Letter", NULL, IN(LT)},
        {"Lm", "Modifier_Letter", NULL, IN(LM)},
        {"Lo", "Other_Letter", NULL, IN(LO)},
        {"M", "Mark", "Combining_Mark", MARKS},
        {"Mn", "Nonspacing_Mark", NULL, IN(MN)},
        {"Mc", "Spacing_Mark", NULL, IN(MC)},
        {"Me", "Enclosing_Mark", NULL, IN(ME)},
        {"N", "Number", NULL, NUMBERS},
        {"Nd", "Decimal_Number", "digit", IN(ND)},
        {"Nl", "Letter_Number", NULL, IN(NL)},
        {"No", "Other_Number", NULL, IN(NO)},
        {"P", "Punctuation", "punct", PUNCTUATION},
        {"Pc", "Connector_Punctuation", NULL, IN(PC)},
        {"Pd", "Dash_Punctuation", NULL, IN(PD)},
        {"Ps", "Open_Punctuation", NULL, IN(PS)},
        {"Pe", "Close_Punctuation", NULL, IN(PE)},
        {"Pi", "Initial_Punctuation", NULL, IN(PI)},
        {"Pf", "Final_Punctuation", NULL, IN(PF)},
        {"Po", "Other_Punctuation", NULL, IN(PO)},
        {"S", "Symbol", NULL, SYMBOLS},
        {"Sm", "Math_Symbol", NULL, IN(SM)},
        {"Sc", "Currency_Symbol", NULL, IN(SC)},
        {"Sk", "Modifier_Symbol", NULL, IN(SK)},
        {"So", "Other_Symbol", NULL, IN(SO)},
        {"Z", "Separator", NULL, SEPARATORS},
        {"Zs", "Space_Separator", NULL, IN(ZS)},
        {"Zl", "Line_Separator", NULL, IN(ZL)},
        {"Zp", "Paragraph_Separator", NULL, IN(ZP)},
        {"C", "Other", NULL, OTHERS},
        {"Cc", "Control", "cntrl", IN(CC)},
        {"Cf", "Format", NULL, IN(CF)},
        {"Cs", "Surrogate", NULL, IN(CS)},
        {"Co", "Private_Use", NULL, IN(CO)},
        {"Cn", "Unassigned", NULL, IN(CN)},
};

static const struct pattern_set *of_categories(struct arena *arena, uint32_t mask, bool negated)
{
	struct pattern_ranges ranges = {.arena = arena};
	size_t i;

	for (i = 0; i < pattern_unicode_n_runs; i++) {
		uint32_t end = i + 1 < pattern_unicode_n_runs ? pattern_unicode_runs[i + 1] >> 5
		                                              : PATTERN_CODE_POINTS;

		if ((mask >> (pattern_unicode_runs[i] & 31) & 1) != 0)
			pattern_add(&ranges, pattern_unicode_runs[i] >> 5, end - 1);
	}
	return pattern_set_of(&ranges, negated);
}

/* ------------------------------------------------------------------ lookup */

/* A name that is looked for, and the nearest one that was met on the way. */
struct search {
	struct arena *arena;
	const char *text;
	bool negated;
	struct suggestion near;
};

static bool is_name(struct search *search, const char *name)
{
	if (name == NULL)
		return false;
	suggestion_offer(&search->near, name);
	return strcmp(name, search->text) == 0;
}

static const struct pattern_set *find_category(struct search *search)
{
	size_t i;

	for (i = 0; i < sizeof(categories) / sizeof(categories[0]); i++) {
		const struct category *row = &categories[i];

		if (is_name(search, row->name) || is_name(search, row->long_name) ||
		        is_name(search, row->alias))
			return of_categories(search->arena, row->mask, search->negated);
	}
	return NULL;
}

/* Bounds in their packed form: see pattern_properties.pl. */
static const struct pattern_set *unpack(
        const struct search *search, const struct pattern_packed *packed)
{
	struct pattern_ranges ranges = {.arena = search->arena};
	const uint8_t *at = pattern_property_bytes + packed->at;
	uint32_t bound = 0, first = 0, distance;
	unsigned shift;
	size_t i;

	for (i = 0; i < packed->n; i++) {
		distance = 0;
		for (shift = 0; *at >= 128; shift += 7)
			distance |= (*at++ & 127u) << shift;
		distance |= (uint32_t)*at++ << shift;
		bound += distance;
		if (i % 2 == 1)
			pattern_add(&ranges, first, bound - 1);
		first = bound;
	}
	return pattern_set_of(&ranges, search->negated);
}

static const struct pattern_property *find_row(
        struct search *search, const struct pattern_property *rows, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (is_name(search, rows[i].name) || is_name(search, rows[i].alias) ||
		        is_name(search, rows[i].other))
			return &rows[i];
	}
	return NULL;
}

static const struct pattern_set *find_script(struct search *search, bool extensions)
{
	const struct pattern_property *row = find_row(search, pattern_scripts, pattern_scripts_n);

	if (row == NULL)
		return NULL;
	return unpack(search, extensions ? &row->extensions : &row->set);
}

static const struct pattern_set *find_binary(struct search *search)
{
	const struct pattern_property *row;

	if (is_name(search, "Any"))
		return of_categories(search->arena, EVERYTHING, search->negated);
	if (is_name(search, "Assigned"))
		return of_categories(search->arena, EVERYTHING & ~IN(CN), search->negated);
	if (is_name(search, "ASCII")) {
		struct pattern_ranges ranges = {.arena = search->arena};

		pattern_add(&ranges, 0, 0x7F);
		return pattern_set_of(&ranges, search->negated);
	}
	row = find_row(search, pattern_binary, pattern_binary_n);
	return row != NULL ? unpack(search, &row->set) : NULL;
}

enum kind { LONE, CATEGORY, SCRIPT, EXTENSIONS };

/* What stands before '=', which is taken off. */
static enum kind kind_of(const char **text)
{
	static const struct prefix {
		const char *text;
		enum kind kind;
	} prefixes[] = {{"General_Category=", CATEGORY}, {"gc=", CATEGORY}, {"Script=", SCRIPT},
	        {"sc=", SCRIPT}, {"Script_Extensions=", EXTENSIONS}, {"scx=", EXTENSIONS}};
	size_t i;

	for (i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
		size_t length = strlen(prefixes[i].text);

		if (strncmp(*text, prefixes[i].text, length) == 0) {
			*text += length;
			return prefixes[i].kind;
		}
	}
	return LONE;
}

/* A script's name alone is a slip that is often made. */
static const char *near_of(struct search *search)
{
	const char *best = search->near.best;

	if (find_row(search, pattern_scripts, pattern_scripts_n) != NULL)
		return arena_printf(search->arena, "Script=%s", search->text);
	return best;
}

const struct pattern_set *pattern_property(
        struct arena *arena, const char *name, size_t length, bool negated, const char **ret_near)
{
	struct search search = {
	        .arena = arena, .text = arena_copy(arena, name, length), .negated = negated};
	enum kind kind = kind_of(&search.text);
	const struct pattern_set *set = NULL;

	search.near = suggestion_for(search.text);
	switch (kind) {
	case CATEGORY: set = find_category(&search); break;
	case SCRIPT: set = find_script(&search, false); break;
	case EXTENSIONS: set = find_script(&search, true); break;
	case LONE:
		set = find_category(&search);
		set = set != NULL ? set : find_binary(&search);
		break;
	}
	if (set == NULL)
		*ret_near = kind == LONE ? near_of(&search) : search.near.best;
	return set;
}
