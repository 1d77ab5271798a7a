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
#include <stdio.h>

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

/* So many members, and parts of conditions, may a contract take over in all. */
#define CHECK_MAX_BROUGHT 100000

#define CHECK_N_MAKERS 10

/* A longer template leaves no room for parameters in what the run time takes as a name. */
#define CHECK_MAX_TEMPLATE 200

/* Elements of an array frame that say which message it is, or whose answer, stand up to here. */
#define CHECK_MAX_POSITION 63

/* Three of the most laborious patterns, or ten thousand ordinary ones: well below a second. */
#define CHECK_PATTERN_WORK ((uint64_t)60 * 1000 * 1000)

/* `...base;`: members [first, first + n) of a record are copies of the base's. */
struct check_spread {
	struct place place;
	const char *name;
	const struct model_type *base; /* NULL: broken */
	size_t first;
	size_t n;
};

/* A record of the contract, a tuple or parameters, while they are still being filled. */
struct check_record {
	const struct ast_member **asts; /* members[i] is made of asts[i]; NULL: taken over */
	struct model_member *members;
	size_t n;
	struct check_spread **spreads; /* in the order of their members */
	size_t n_spreads;
	struct model_type *type;    /* NULL: parameters */
	const struct ast_type *ast; /* records: with its statements; NULL: others */
	bool has_duplicates;        /* of names: enough has been said then */
};

/* The arms of a union or choice of the contract. */
enum check_arms_state { CHECK_ARMS_NEW, CHECK_ARMS_OPEN, CHECK_ARMS_DONE };

struct check_arms {
	struct model_type *type;
	struct model_arm *arms;
	size_t n;
	enum check_arms_state state; /* of "choices" and "unions" */
	bool fine;
};

/* What stands between the bars of a choice. */
enum check_choice_kind {
	CHECK_CHOICE_BROKEN,   /* reported, or nothing but null */
	CHECK_CHOICE_ONE,      /* one type */
	CHECK_CHOICE_CONSTANT, /* one literal */
	CHECK_CHOICE_ENUM,     /* literals */
	CHECK_CHOICE_MANY,
};

struct check_choice {
	enum check_choice_kind kind;
	struct vec types;    /* const struct ast_type *: neither null nor literals */
	struct vec literals; /* struct ast_value * */
	size_t literals_at;  /* so many types stand before the first of them */
	const struct ast_type *null;
	bool broken;
};

struct check {
	struct arena *arena;
	struct diag *diag;
	struct unit *unit;
	const struct ast_file *file;
	struct unit *std; /* NULL: this is the contract std itself */
	struct model_contract *contract;

	struct names tags;                   /* C names of types, messages, groups and consumers */
	struct names makers[CHECK_N_MAKERS]; /* those of each kind, NAMES_OF_…: see names.h */
	struct names enumerators;            /* of all enums: they share C's ordinary name space */
	struct vec types; /* struct model_type *: all that have a C name, inner ones first */
	struct vec aliases;
	struct vec messages;
	struct vec groups;
	struct vec consumers;
	struct vec topics;  /* struct model_consumer *: their groups are among groups */
	struct vec records; /* struct check_record *: with parameters of groups and consumers;
	                        * what is taken over stands before what takes it */
	struct vec
	        unions; /* struct check_arms *: of unions and choices; by type from "choices" on */
	struct vec patterns;        /* struct model_pattern * */
	void *pattern_texts;        /* the same, found by their texts */
	uint64_t pattern_work;      /* what patterns may still take: all of a contract share it */
	struct vec wide_ints;       /* struct model_type *: 64-bit integers without `as` */
	unsigned open_aliases;      /* being resolved, one for the sake of another */
	unsigned alias_depth;       /* of the deepest alias met since this was set to 0 */
	unsigned open_spreads;      /* records being filled, one for the sake of another */
	unsigned spread_depth;      /* of the deepest record taken over since this was set to 0 */
	size_t brought;             /* members taken over so far */
	size_t expressions;         /* parts of conditions so far */
	struct vec hooks;           /* of check_hooks.c */
	size_t union_work;          /* members compared with discriminators so far */
	enum ast_openness openness; /* of the declaration that is being filled */
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
bool check_envelope(struct check *c);
bool check_imports(struct check *c);
bool check_declared_names(struct check *c);
bool check_c_names(struct check *c);
bool check_call_names(struct check *c);
bool check_mixins(struct check *c);
bool check_directions(struct check *c);
bool check_enums(struct check *c);
bool check_types(struct check *c);
bool check_messages(struct check *c);
bool check_choices(struct check *c);
bool check_unions(struct check *c);
bool check_union_uses(struct check *c);
bool check_requires(struct check *c);
bool check_hooks(struct check *c);
bool check_member_names(struct check *c);
bool check_wire_names(struct check *c);
bool check_envelope_names(struct check *c);
bool check_member_ids(struct check *c);
bool check_optional_defaults(struct check *c);
bool check_defaults(struct check *c);
bool check_default_sizes(struct check *c); /* check_default_sizes.c */
bool check_javascript_numbers(struct check *c);
bool check_containment(struct check *c);
bool check_endless(struct check *c);
bool check_group_params(struct check *c);
bool check_group_names(struct check *c);
bool check_group_clauses(struct check *c);
bool check_group_streams(struct check *c);
bool check_topic_clauses(struct check *c);
bool check_mixin_names(struct check *c);
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
bool check_greetings(struct check *c);
bool check_auth_messages(struct check *c);
bool check_subprotocols(struct check *c);
bool check_topics(struct check *c);
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
const char *check_claim_type(struct check *c, const char *path, enum model_kind kind);

/* Is in use in C, or is made of a name that is. */
bool check_c_name_is_taken(struct check *c, const char *name);

/* A name that is made of a consumer or a group and its messages, of whom, and where that stands. */
struct check_made {
	const char *name; /* in C, without the prefix */
	const char *of;
	const char *what;
	struct place place;
};

struct check_served {
	const struct model_consumer *const *consumers;
	size_t n_consumers;
	const struct model_consumer *const *topics;
	size_t n_topics;
	const struct model_group *const *groups;
	size_t n_groups;
};

/* All such names, a struct check_made each: of what a contract serves; of this contract. */
void check_calls_of(struct check *c, struct vec *all, const struct check_served *served);
void check_own_calls(struct check *c, struct vec *all);

/* NAMES_OF_…: what C makes of the name of a type in place. */
unsigned check_names_of(enum model_kind kind);

/*
 * "chat", or "accounts_note" for what another contract calls "note"; standard messages keep their
 * names. Escaped where it is a word of C.
 */
const char *check_id_from_here(
        struct check *c, const struct model_contract *contract, const char *name);

/* A group, of this contract or an imported one, with its identifier as seen from here. */
const struct model_group *check_find_group(
        struct check *c, const struct ast_qname *name, const char **ret_id);

/* A mixin of this contract; a topic, of this one or an imported one. */
struct symbol *check_find_mixin(struct check *c, const struct ast_qname *name);
const struct model_consumer *check_find_topic(struct check *c, const struct ast_qname *name);

/* ------------------------------------------------------------- clauses (check_mixins.c) */

/* The first clause of its kind, or NULL. */
const struct ast_clause *check_find_clause(const struct symbol *symbol, enum ast_clause_kind kind);

/* ---------------------------------------- discriminators (check_discriminators.c) */

/* The values of an option: names of members, or positions. False: reported. */
bool check_discriminator(
        struct check *c, const struct ast_option *option, struct model_discriminator *ret);

/* What a message is called: its tags (check_messages.c). */
const char *check_tags_text(struct check *c, const struct model_message *message);

/* ---------------------------------------------------------- types (check_types.c) */

/* A type in place. It belongs into c->types if C has to define it. */
struct model_type *check_type_new(struct check *c, enum model_kind kind, struct place place);

/* A type under the name that it is declared by; symbol->type is set. Goes into c->types filled. */
struct model_type *check_type_named(struct check *c, enum model_kind kind, struct symbol *symbol);

/*
 * What a type expression means. path is the C name of what stands here and has no name of its own.
 * ret_use->type is NULL if the type is broken.
 */
void check_type_use(
        struct check *c, const struct ast_type *ast, const char *path, struct model_use *ret_use);

/* What is declared by that name, unless it is filled already. */
void check_type_fill(struct check *c, struct symbol *symbol);

/* Of what there may be any number is no constant. False: reported, or broken. */
bool check_type_is_held(struct check *c, const struct model_use *use, struct place place);

/* "a list", "an enum" */
const char *check_kind_word(struct check *c, enum model_kind kind);

/* -------------------------------------------- members (check_record.c, check_spread.c)
 *
 * Members of a record, elements of a tuple, or parameters (type NULL): what asts say, and a row in
 * c->records. path is the C name of the whole.
 */
struct check_record *check_record_new(struct check *c, struct ast_member *const *asts, size_t n,
        const char *path, struct model_type *type);

/* The inside of a record: its members and further ones, and whether it is closed. */
struct check_record *check_record_fill(
        struct check *c, const struct ast_type *ast, const char *path, struct model_type *type);

/* The inside of a tuple, or of an array frame, which may be without elements (check_types.c). */
void check_tuple_fill(
        struct check *c, const struct ast_type *ast, const char *path, struct model_type *type);

/* `...base`: how many members it brings is known behind the first of these. */
struct check_spread *check_spread_new(struct check *c, const struct ast_member *ast);
size_t check_spread_copy(struct check_spread *spread, struct check_record *record, size_t at);

/* What brings this member, or NULL. */
const struct check_spread *check_spread_of(const struct check_record *record, size_t member);

/* ----------------------------------------------- literals as types (check_literals.c) */

/* A literal that travels as it is. False: reported. */
bool check_literal(struct check *c, const struct ast_value *ast, struct model_literal *ret_literal);

/* As it is written: with quotes where it is a text. */
const char *check_literal_text(struct check *c, const struct model_literal *literal);
bool check_literal_equal(const struct model_literal *a, const struct model_literal *b);

/* Makes an enum of one literal, or of several; the latter has a c_name. False: reported. */
bool check_constant(struct check *c, const struct ast_value *ast, struct model_type *type);
bool check_enum_in_place(
        struct check *c, struct ast_value *const *asts, size_t n, struct model_type *type);

/* ------------------------------------------------------- choices (check_choices.c) */

void check_choice_read(
        struct check *c, const struct ast_type *ast, struct check_choice *ret_choice);
void check_choice_clear(struct check_choice *choice);

/* The arms of a choice of many. False: broken. */
bool check_choice_fill(struct check *c, const struct check_choice *choice, struct model_type *type);

/* A row in c->unions with n arms; their identifiers in C, from their names; and finding it. */
struct check_arms *check_arms_new(struct check *c, struct model_type *type, size_t n);
void check_arm_names(struct check *c, struct model_type *type, struct model_arm *arms, size_t n);
struct check_arms *check_arms_of(const struct check *c, const struct model_type *type);

/* The arms of a declared union (check_unions.c); nothing if they are broken. */
void check_union_fill(struct check *c, const struct ast_decl *decl, struct model_type *type);

/* Arms are never null by themselves. False: reported. */
bool check_arm_not_null(struct check *c, const struct model_use *use, struct place place);

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

/* `presence T;` of a group: its type stands in a declaration (check_streams.c). */
void check_presence(struct check *c, const struct symbol *symbol, struct model_group *group);

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

/* What a client may send: no event, no group message, of the standard ones ping. False: reported
 * (check_clauses.c). */
bool check_receivable(struct check *c, const struct model_message_ref *ref);

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

/* `check NAME` behind a type (check_hooks.c). */
void check_hook_constraint(
        struct check *c, struct model_type *type, const struct ast_constraint *ast);

/* Would `upper`, or else `lower`, change this text (check_letters.c)? It is valid UTF-8. */
bool check_letters_change(bool upper, const char *text, size_t length);

/* ---------------------------------------------------------- expressions (check_expr.c) */

/* What `require` says of a record whose members are known. NULL: reported, or broken. */
const struct model_expr *check_condition(
        struct check *c, const struct model_type *record, const struct ast_expr *ast);

/* --------------------------------------------------------- values (check_values.c) */

/* A literal against the type that it is for. False: reported. */
bool check_value(struct check *c, const struct ast_value *ast, const struct model_use *use,
        struct model_value *ret_value);

/* "this value is not EXPECTED". Always false. */
bool check_value_mismatch(struct check *c, struct place place, const char *expected);

/* The kinds that have files of their own (check_value_arms.c). */
bool check_value_enum(struct check *c, const struct ast_value *ast, const struct model_type *type,
        struct model_value *value);
bool check_value_tuple(struct check *c, const struct ast_value *ast, const struct model_type *type,
        struct model_value *value);
bool check_value_choice(struct check *c, const struct ast_value *ast, const struct model_type *type,
        struct model_value *value);
bool check_value_union(struct check *c, const struct ast_value *ast, const struct model_type *type,
        struct model_value *value);

/* True if no two items of a list are equal (check_value_json.c, as the next one). */
bool check_value_unique(struct check *c, const struct model_value *list);

/* A text as JSON has it, in quotes. */
void check_put_string(FILE *out, const char *text, size_t length);

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

/* Groups and topics; consumers and topics. */
struct symbol *check_next_group(const struct check *c, size_t *at);
struct symbol *check_next_consumer(const struct check *c, size_t *at);

#endif
