/* SPDX-License-Identifier: MIT */
/*
 * checks.h - from syntax trees to the model: what the checks share.
 *
 * A check is one function with one row in checks.c: its name, the function, and the checks that
 * must have succeeded before it. A check reports what is wrong with a contract and adds what it
 * has found out to the model in the making. Something that was refused is broken: later checks
 * pass over it in silence.
 */
#ifndef MSGC_COMPILER_CHECKS_H
#define MSGC_COMPILER_CHECKS_H

#include <stdbool.h>
#include <stddef.h>

#include "arena.h"
#include "ast.h"
#include "diag.h"
#include "load.h"
#include "model.h"
#include "names.h"
#include "scope.h"
#include "vec.h"

/*
 * So many parts may one thing have: what the checks and the output do with each pair of them stays
 * affordable, whatever the contract.
 */
#define CHECK_MAX_PARTS 1024

/* A longer template leaves no room for parameters in what the run time takes as a name. */
#define CHECK_MAX_TEMPLATE 200

/* Three of the most laborious patterns, or ten thousand ordinary ones: well below a second. */
#define CHECK_PATTERN_WORK ((uint64_t)60 * 1000 * 1000)

/* A record of the contract, while it is still being filled. */
struct check_record {
	struct ast_member *const *asts;
	struct model_member *members; /* members[i] is made of asts[i] */
	size_t n;
	struct model_type *type; /* NULL: parameters */
	bool has_duplicates;     /* of names: enough has been said then */
};

struct check {
	struct arena *arena;
	struct diag *diag;
	struct unit *unit;
	const struct ast_file *file;
	struct unit *std; /* NULL: this is the contract std itself */
	struct model_contract *contract;

	struct names tags;        /* C names of types, messages, groups and consumers */
	struct names enumerators; /* of all enums: they share C's ordinary name space */
	struct vec types; /* struct model_type *: all that have a C name, inner ones first */
	struct vec aliases;
	struct vec messages;
	struct vec groups;
	struct vec consumers;
	struct vec records;    /* struct check_record *: with parameters of groups and consumers */
	struct vec patterns;   /* struct model_pattern * */
	void *pattern_texts;   /* the same, found by their texts */
	uint64_t pattern_work; /* what patterns may still take: all of a contract share it */
	struct vec wide_ints;  /* struct model_type *: 64-bit integers without `as` */
	unsigned open_aliases; /* being resolved, one for the sake of another */
	unsigned alias_depth;  /* of the deepest alias met since this was set to 0 */
	bool uses_std;
};

/*
 * Checks one contract whose imports have been checked. Sets unit->contract and unit->scope;
 * unit->broken if there was an error.
 */
void check_unit(struct arena *arena, struct diag *diag, struct unit *unit, struct unit *std);

/* The checks, in the order of checks.c. False: those that need this one cannot run. */
bool check_sizes(struct check *c);
bool check_statement(struct check *c);
bool check_stem(struct check *c);
bool check_options(struct check *c);
bool check_imports(struct check *c);
bool check_declared_names(struct check *c);
bool check_c_names(struct check *c);
bool check_enums(struct check *c);
bool check_types(struct check *c);
bool check_messages(struct check *c);
bool check_member_names(struct check *c);
bool check_wire_names(struct check *c);
bool check_envelope_names(struct check *c);
bool check_member_ids(struct check *c);
bool check_optional_defaults(struct check *c);
bool check_defaults(struct check *c);
bool check_javascript_numbers(struct check *c);
bool check_containment(struct check *c);
bool check_group_params(struct check *c);
bool check_group_names(struct check *c);
bool check_group_clauses(struct check *c);
bool check_same_group_names(struct check *c);
bool check_consumer_params(struct check *c);
bool check_urls(struct check *c);
bool check_same_urls(struct check *c);
bool check_single_clauses(struct check *c);
bool check_auth(struct check *c);
bool check_permits(struct check *c);
bool check_objects(struct check *c);
bool check_joins(struct check *c);
bool check_receives(struct check *c);
bool check_sends(struct check *c);
bool check_limits(struct check *c);
bool check_traffic(struct check *c);
bool check_handler_ids(struct check *c);
bool check_imported_names(struct check *c);
bool check_unused_imports(struct check *c);
bool check_order(struct check *c);

/* ------------------------------------------------- looking names up (check_names.c)
 *
 * NULL if there is nothing of that name, with a message; or if it is broken, without one.
 */

/* A type by its name; wanted says what it is looked up for: "type". */
struct symbol *check_find(struct check *c, const struct ast_qname *name, const char *wanted,
        const struct unit **ret_unit);

/* A message, with its identifier as seen from this contract. */
bool check_find_message(
        struct check *c, const struct ast_qname *name, struct model_message_ref *ret_ref);

/* The C name of a type in place: its path, unless that or what is made of it means something else. */
const char *check_claim_type(struct check *c, const char *path);

/*
 * "chat", or "accounts_note" for what another contract calls "note"; standard messages keep their
 * names. Escaped where it is a word of C.
 */
const char *check_id_from_here(
        struct check *c, const struct model_contract *contract, const char *name);

/* A group, of this contract or an imported one, with its identifier as seen from here. */
const struct model_group *check_find_group(
        struct check *c, const struct ast_qname *name, const char **ret_id);

/* ---------------------------------------------------------- types (check_types.c) */

/* A type under the name that it is declared by; symbol->type is set. */
struct model_type *check_type_named(struct check *c, enum model_kind kind, struct symbol *symbol);

/*
 * What a type expression means. path is the C name of a record, list or map that stands here.
 * ret_use->type is NULL if the type is broken.
 */
void check_type_use(
        struct check *c, const struct ast_type *ast, const char *path, struct model_use *ret_use);

/*
 * Members of a record, or parameters: what asts say, and a row in c->records. path is the C name of
 * the whole. type NULL: parameters.
 */
struct check_record *check_record_new(struct check *c, struct ast_member *const *asts, size_t n,
        const char *path, struct model_type *type);

/* False, with a message, if there are more than CHECK_MAX_PARTS. */
bool check_parts(struct check *c, size_t n, struct place place, const char *what);

/* Text that travels: no control characters; not empty unless that is allowed. False: reported. */
bool check_wire_text(struct check *c, const struct ast_string *text, bool may_be_empty);

/* ------------------------------------------------------- parameters (check_groups.c) */

/* The parameters of a group or consumer, from its declaration. path is its C name. */
void check_params(struct check *c, struct symbol *symbol, const char *path);

/* A parameter's type; and that it is always there, unless it stands in a query. */
void check_param(struct check *c, const struct ast_member *ast, const struct model_member *member,
        bool in_query);

/* Copies the members, once they are complete, to where the model wants them. */
void check_params_done(struct symbol *symbol);

/*
 * How many bytes from here on could be part of a parameter's value in a group's name: letters,
 * digits and '%', the rest is encoded by the run time (check_group_clash.c).
 */
size_t check_value_span(const char *text);

/* A parameter of a consumer by its name, or NULL with a message. */
const struct model_param *check_find_param(
        struct check *c, const struct symbol *symbol, const struct ast_name *name);

/* The place of bytes [start, end) of a string's value (check_places.c). */
struct place check_place_in(const struct ast_string *text, size_t start, size_t end);

/* ------------------------------------------------ messages in clauses (check_traffic.c) */

/* What a consumer may send or answer: no event, no group message. False: reported. */
bool check_sendable(struct check *c, const struct model_message_ref *ref);

/* Standard messages other than ping and pong are the server's own. False: reported. */
bool check_own_use(struct check *c, const struct model_message_ref *ref);

/* "'chat' WHAT", with a note where it is declared. */
void check_report_kind(struct check *c, const struct model_message_ref *ref, const char *what);

/* Appends to a list of things that begin with a ref; reports what is there already. */
void check_add_ref(struct check *c, struct vec *list, struct model_message_ref *ref);

/* ------------------------------------------------ constraints (check_constraints.c) */

/* Adds constraints to those that the type has already; reports what does not apply or fit. */
void check_constraints(struct check *c, struct model_type *type,
        struct ast_constraint *const *constraints, size_t n);

/* The automaton of a pattern: one for each text. NULL: reported (check_patterns.c). */
const struct model_pattern *check_pattern(struct check *c, const struct ast_string *text);
/* Reports a pattern that there is no room for, or that no text matches which the others match. */
bool check_pattern_fits(struct check *c, const struct model_constraints *constraints,
        const struct model_pattern *pattern, struct place place);
void check_patterns_clear(struct check *c);

/* --------------------------------------------------------- values (check_values.c) */

/* A literal against the type that it is for. False: reported. */
bool check_value(struct check *c, const struct ast_value *ast, const struct model_use *use,
        struct model_value *ret_value);

/* True if no two items of a list are equal (check_value_json.c, as the next one). */
bool check_value_unique(struct check *c, const struct model_value *list);

/* A literal as JSON text. Names are no JSON: reported. */
bool check_value_json(struct check *c, const struct ast_value *ast, struct model_value *value);

/* Why a text is no value of this kind or format, or NULL if it is one (check_text.c). */
const char *check_text_kind(enum model_kind kind, const char *text, size_t length);
const char *check_text_format(enum model_format format, const char *text, size_t length);

/* Decodes base64 (RFC 4648 section 4, padded). NULL if it is none. */
char *check_text_base64(struct arena *arena, const char *text, size_t length, size_t *ret_length);

/* -------------------------------------------------------- numbers (check_numbers.c) */

/* A value or bound of a number kind: whole where that is due, and within it. False: reported. */
bool check_number_kind(struct check *c, enum model_kind kind, const struct model_number *number,
        struct place place);

/* A whole number without unit, from min to max. False: reported. */
bool check_count(struct check *c, const struct ast_number *number, uint64_t min, uint64_t max,
        uint64_t *ret_count);

/* Sizes and durations: "64KiB" in bytes, "24h" in milliseconds. False: reported. */
bool check_size(struct check *c, const struct ast_number *number, uint64_t *ret_bytes);
bool check_duration(struct check *c, const struct ast_number *number, uint64_t *ret_ms);

/* --------------------------------------------------- things said twice (check_unique.c) */

struct check_key {
	const char *text;
	struct place place;
};

/* Sorts keys; for each that stands a second time reports "'KEY' …: first … here". */
void check_unique(struct check *c, struct check_key *keys, size_t n, enum diag_id id,
        const char *complaint, const char *note);

/* ----------------------------------------------------------------- iteration */

/* The declarations of one kind, from *at on; NULL at the end. */
struct symbol *check_next(const struct check *c, enum symbol_kind kind, size_t *at);

#endif
