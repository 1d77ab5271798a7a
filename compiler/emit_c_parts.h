/* SPDX-License-Identifier: MIT */
/*
 * emit_c_parts.h - what the files for types, records and messages share: names, one function for
 * each piece of generated code that several of them write, and the pieces that emit_c.c puts
 * together. The consumer part does not need it.
 */
#ifndef MSGC_COMPILER_EMIT_C_PARTS_H
#define MSGC_COMPILER_EMIT_C_PARTS_H

#include <stdbool.h>
#include <stddef.h>

#include "emit_c.h"
#include "emit_c_plan.h"
#include "model.h"
#include "writer.h"

/* ----------------------------------------------------- emit_c_names.c */

/* What a scalar is in C, by the names of <msgc/codec.h> and <msgc/codec_gen.h>. */
struct emit_c_scalar {
	const char *type; /* int64_t; NULL: no value */
	const char *list; /* msgc_…_list */
	const char *word; /* msgc_…_type, msgc_text_… */
};

/* NULL for enums, records, lists and maps. */
const struct emit_c_scalar *emit_c_scalar(const struct model_type *type);

/* What the wire form adds to a scalar's word: "", "_str", "_unix", "_unix_ms". */
const char *emit_c_form(const struct model_type *type);

/* As an element or a map's value: held in a struct with is_null. */
bool emit_c_is_wrapped(const struct model_use *use);

/* The C type of a list's items. */
const char *emit_c_item_type(struct writer *w, const struct model_type *list);

/* emit_c_type without "struct" or "enum". */
const char *emit_c_tag(struct writer *w, const struct model_type *type);

/* The condition under which a member holds a value; NULL: always. owner: "v->", "v->inner.". */
const char *emit_c_has_value(
        struct writer *w, const struct model_member *member, const char *owner);

/* A record, tuple, union or choice with a name, or a message: decode, encode and all the others. */
bool emit_c_has_api(const struct model_type *type);

/* A number of the contract as a constant of the kind's C type. */
const char *emit_c_number(
        struct writer *w, enum model_kind kind, const struct model_number *number);

/* Records, tuples, unions and choices: structs of their own. */
bool emit_c_is_struct(const struct model_type *type);

/* True for null and constants: C holds nothing of them. */
bool emit_c_has_no_value(const struct model_type *type);

/* True if the header declares the type's table: other contracts, or programs, may name it. */
bool emit_c_is_public(const struct emit_c_node *node);

/* ------------------------------------------------------ emit_c_text.c */

/* One line at this depth (in tabs), or several where it is longer than 100 columns. */
void emit_c_wrap(struct writer *w, unsigned depth, const char *text);

/* Numbers with commas, in lines as long as may be. Zeroed but for w to begin with. */
struct emit_c_rows {
	struct writer *w;
	size_t column;
	bool begun;
};

void emit_c_row_put(struct emit_c_rows *rows, unsigned number);
void emit_c_row_end(struct emit_c_rows *rows);

/* ----------------------------------------------------- emit_c_slots.c */

/* The initializer of a struct msgc_type_slots, as a line ".slots = ..."; none for a few names. */
void emit_c_slots(struct writer *w, const char *const *names, size_t n_names);

/* ------------------------------------------------------ emit_c_enum.c */

/* An integer among literals, and its place there. */
struct emit_c_number {
	int64_t number;
	size_t place;
};
/* The initializers ".by_number = ..."; none for few integers, or some in a row. Sorts them. */
void emit_c_by_number(struct writer *w, struct emit_c_number *numbers, size_t n);
void emit_c_enum_by_number(struct writer *w, const struct model_type *type);

/* ----------------------------------------------------- emit_c_check.c */

/* One constraint: `if (condition) call;`, or call alone where it decides by itself. */
struct emit_c_check {
	const char *condition; /* NULL: none */
	const char *call;
};

/* Five for a number; four and the patterns for a string; and what goes before them. */
#define EMIT_C_MAX_CHECKS (8 + MODEL_MAX_PATTERNS)

/*
 * The checks of a scalar's constraints on value, an expression; a call of the function where the
 * scalar has a name and constraints, and so a function of its own. number: an expression for the
 * text that the value was read from, NULL where there is none. Returns how many there are.
 */
size_t emit_c_list_checks(struct writer *w, const struct model_type *type, const char *scope,
        const char *value, const char *number, struct emit_c_check checks[EMIT_C_MAX_CHECKS]);

/* Statements: the checks if `condition` holds (NULL: always). Without checks, the condition alone. */
void emit_c_put_checks(struct writer *w, const char *condition, const struct emit_c_check *checks,
        size_t n_checks);

/* True if the type, a scalar, is more than its kind. */
bool emit_c_has_limits(const struct model_type *type);

/* Takes away the bounds that an integer's C type keeps to anyway. */
void emit_c_drop_vacuous(const struct model_type *type, struct model_constraints *constraints);

/* What msgc_check_... is called for a format: "datetime_text". */
const char *emit_c_format(enum model_format format);

/* "1, 20"; "1, MSGC_NO_MAX" */
const char *emit_c_range(struct writer *w, const struct model_range *range);

/* True if the scalar's constraints are in a function, rooms_text__check(). */
bool emit_c_has_check_function(struct writer *w, const struct model_type *type);
void emit_c_check_source(const struct emit_c *c, const struct emit_c_node *node);

/* --------------------------------------------------------- the pieces */

/* emit_c_types.c: enums, structs and prototypes of the header. */
void emit_c_types(const struct emit_c *c);
void emit_c_prototypes(const struct emit_c *c);

/* emit_c_pattern.c: the tables of the contract's patterns, and their declarations. */
void emit_c_patterns_header(const struct emit_c *c);
void emit_c_patterns_source(const struct emit_c *c);

/* emit_c_type.c: the type's table, and an expression for its address. */
void emit_c_type_source(const struct emit_c *c, const struct emit_c_node *node);
const char *emit_c_type_address(const struct emit_c *c, const struct model_type *type);

/* emit_c_default.c: the constants behind defaults of lists, records and maps; and an expression for
 * the address of a member's default, NULL where there is none. */
void emit_c_default_objects(const struct emit_c *c, const struct model_type *record);
const char *emit_c_fill(
        const struct emit_c *c, const struct model_type *record, const struct model_member *member);

/* The words for one literal in a list of what is expected: 'chat', 10. */
const char *emit_c_literal_words(struct writer *w, const struct model_literal *literal);

/* emit_c_envelope.c: what may stand in a message beside its own members: the name of the table, and
 * the tables that the contract needs, if the codec's own is not what it says. */
const char *emit_c_beside(struct writer *w, const struct model_message *message);
void emit_c_beside_source(const struct emit_c *c);

/* The initializers of a consumer's struct msgc_envelope_names and struct msgc_speech. */
void emit_c_envelope_names(struct writer *w, const struct model_contract *contract,
        const struct model_discriminator *by, bool untagged);
void emit_c_speech(struct writer *w, const struct model_contract *contract);

/* As emit_c_expected(), without quotes. */
const char *emit_c_expected_words(struct writer *w, const struct model_type *type);

/* -------------------------------------------------- emit_c_entries.c */

enum emit_c_role {
	EMIT_C_MEMBER,
	EMIT_C_TAG,    /* of the message: a constant */
	EMIT_C_SPARE,  /* `payload` of a message without members: null is welcome */
	EMIT_C_REF,    /* the ref of an array frame: of no interest here; null is written */
	EMIT_C_BESIDE, /* the tag of the member behind it */
};

struct emit_c_entry {
	enum emit_c_role role;
	const char *wire;                  /* NULL: a tuple's */
	const struct model_member *member; /* MEMBER, BESIDE */
	const struct model_literal *tag;   /* TAG */
};

struct emit_c_entries {
	struct emit_c_entry *items; /* to be freed */
	size_t n;
};

/* What the table of a record or tuple has, in the order of the wire. */
struct emit_c_entries emit_c_entries_of(const struct model_type *record);

/* -------------------------------------------------------- emit_c_union.c */

/* What may come, in words: "'text', 'image'"; "string or integer". */
const char *emit_c_expected_tags(struct writer *w, const struct model_type *type);
const char *emit_c_expected_kinds(struct writer *w, const struct model_type *type);

/* The enum and struct of a union or choice, and its table. */
void emit_c_union_kinds(const struct emit_c *c, const struct model_type *type);
void emit_c_union_struct(const struct emit_c *c, const struct model_type *type);
void emit_c_union_table(const struct emit_c *c, const struct emit_c_node *node);

/* The beginning of a table up to what its kind alone has. */
void emit_c_begin_type(const struct emit_c *c, const struct emit_c_node *node, const char *kind);
/* The initializer of a struct msgc_literal. */
const char *emit_c_literal_initializer(struct writer *w, const struct model_literal *literal);

/* ----------------------------------------------------- emit_c_require.c
 *
 * `require` and `check`: the functions, what a table says of them, and the prototypes of those that
 * the program defines.
 */
void emit_c_require_functions(const struct emit_c *c, const struct model_type *record);
void emit_c_require_table(const struct emit_c *c, const struct model_type *record);
void emit_c_check_thunks(const struct emit_c *c, const char *stem, const struct model_check *checks,
        size_t n_checks);
void emit_c_check_table(const struct emit_c *c, const char *stem, size_t n_checks);
void emit_c_check_prototypes(const struct emit_c *c);

/* -------------------------------------------------------- emit_c_quick.c */

/* "MSGC_MEMBER(RUN, "sender", &rooms_name__type)", or MSGC_LONG_MEMBER where nothing is expected. */
const char *emit_c_named_member(
        struct writer *w, const struct emit_c_entry *entry, const char *type);
bool emit_c_is_quick_record(const struct model_type *record);
/* MSGC_WHOLE_MEMBER(...): a constant with its value; NULL: it cannot be one. */
const char *emit_c_whole_member(
        struct writer *w, const char *wire, const struct model_literal *tag, const char *type);
bool emit_c_needs_escapes(struct writer *w, const char *wire);
/* ".quick = MSGC_QUICK_...,", and what goes with it; nothing where the type is not quick. */
void emit_c_quick(struct writer *w, const struct model_type *type);
void emit_c_must_come(
        struct writer *w, const struct model_type *record, const struct emit_c_entries *all);
/* ".least" and ".most" of a quick integer; false: nothing was written. */
bool emit_c_int_range(struct writer *w, const struct model_type *type);
/* "RUN" of MSGC_QUICK_RUN; NULL: none. */
const char *emit_c_quick_word(const struct model_type *type);
/* The name in quotes, a colon, a tag's value; NULL: nothing is expected of the entry. */
const char *emit_c_expected_text(struct writer *w, const struct emit_c_entry *entry);
/* What a quick integer may be, as constants. */
struct emit_c_int_limits {
	const char *least, *most;
};
struct emit_c_int_limits emit_c_int_limits(struct writer *w, const struct model_type *type);

/* -------------------------------------------------------- emit_c_read.c */

/* Is there code that reads values of this type beside its table? */
bool emit_c_has_reader(const struct emit_c_node *node);
/* Does the table say so? Not where one other reader calls it: there it is compiled in line. */
bool emit_c_is_read_by_table(const struct emit_c_node *node);
/* Could there be some? */
bool emit_c_is_readable(struct writer *w, const struct model_type *record);
bool emit_c_is_readable_list(const struct emit_c_plan *plan, const struct model_type *list);
/* The type of a member whose value is just that, and quick; else NULL. */
const struct model_type *emit_c_quick_type(const struct model_member *member);
/* Does any type have some? */
bool emit_c_has_readers(const struct emit_c *c);
/* Their declarations, and themselves at the end of the file. */
void emit_c_declare_readers(const struct emit_c *c);
void emit_c_readers_source(const struct emit_c *c);

#endif
