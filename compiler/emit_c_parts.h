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
	const char *type;     /* int64_t; NULL: no value */
	const char *list;     /* msgc_…_list */
	const char *read;     /* msgc_read_… */
	const char *write;    /* msgc_write_… */
	const char *validate; /* msgc_check_…; NULL: any value of the C type will do */
	const char *equal;    /* msgc_…_equal; NULL: == */
	const char *clone;    /* msgc_clone_…; NULL: copied by assignment */
};

/* NULL for enums, records, lists and maps. */
const struct emit_c_scalar *emit_c_scalar(const struct model_type *type);

/* The end of a scalar's read and write functions: "", "_str", "_unix", "_unix_ms". */
const char *emit_c_form(const struct model_type *type);

/* As an element or a map's value: held in a struct with is_null. */
bool emit_c_is_wrapped(const struct model_use *use);

/* The C type of a list's items. */
const char *emit_c_item_type(struct writer *w, const struct model_type *list);

/* emit_c_type without "struct" or "enum". */
const char *emit_c_tag(struct writer *w, const struct model_type *type);

/* The condition under which a member of *record holds a value; NULL: always. */
const char *emit_c_has_value(
        struct writer *w, const struct model_member *member, const char *record);

/* The condition under which an optional member is there, null or not. prefix: "v->". */
const char *emit_c_is_there(
        struct writer *w, const struct model_member *member, const char *prefix);

/* A named record or a message: decode, encode and all that are in the header. */
bool emit_c_has_api(const struct model_type *type);

/* A number of the contract as a constant of the kind's C type. */
const char *emit_c_number(
        struct writer *w, enum model_kind kind, const struct model_number *number);

enum emit_c_op {
	EMIT_C_READ,
	EMIT_C_VALIDATE,
	EMIT_C_WRITE,
	EMIT_C_CLONE,
	EMIT_C_EQUAL,
	EMIT_C_HASH,
	EMIT_C_PRINT,
};

/* The function that does it for an enum, record, list or map: "rooms_entry__read". */
const char *emit_c_function(
        const struct emit_c *c, const struct model_type *type, enum emit_c_op op);

/*
 * The beginning of that function, up to its brace, and its declaration: static unless the header
 * declares it.
 */
void emit_c_begin_function(
        const struct emit_c *c, const struct model_type *type, enum emit_c_op op);
void emit_c_declare_function(
        const struct emit_c *c, const struct model_type *type, enum emit_c_op op);
bool emit_c_is_in_header(const struct emit_c *c, const struct model_type *type, enum emit_c_op op);

/* ------------------------------------------------------ emit_c_text.c */

/* One line at this depth (in tabs), or several where it is longer than 100 columns. */
void emit_c_wrap(struct writer *w, unsigned depth, const char *text);

/* The opposite of a condition. */
const char *emit_c_not(struct writer *w, const char *condition);

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

/* emit_c_enum.c */
void emit_c_enum_source(const struct emit_c *c, const struct emit_c_node *node);

/* emit_c_default.c: the constants behind defaults of lists, records and maps; and the assignment of a
 * member's default to v->member, NULL where zeroed memory says it already. */
void emit_c_default_objects(const struct emit_c *c, const struct model_type *record);
const char *emit_c_default(
        const struct emit_c *c, const struct model_type *record, const struct model_member *member);

/* emit_c_read.c */
void emit_c_read_source(const struct emit_c *c, const struct emit_c_node *node);
bool emit_c_key_is_checked(struct writer *w, const struct model_type *map);

/* emit_c_validate.c */
void emit_c_unique_source(const struct emit_c *c, const struct emit_c_node *node);
void emit_c_validate_source(const struct emit_c *c, const struct emit_c_node *node);
/* The statement that compares a list's elements, *v, with each other. */
void emit_c_unique_call(const struct emit_c *c, const struct model_type *list, const char *scope,
        const char *arena);
/* Lists whose elements the codec cannot compare by itself. */
bool emit_c_needs_hash(const struct model_type *list);

/* emit_c_write.c, emit_c_print.c */
void emit_c_write_source(const struct emit_c *c, const struct emit_c_node *node);
void emit_c_print_source(const struct emit_c *c, const struct emit_c_node *node);

/* emit_c_value.c */
void emit_c_equal_source(const struct emit_c *c, const struct emit_c_node *node);
void emit_c_clone_source(const struct emit_c *c, const struct emit_c_node *node);
void emit_c_hash_source(const struct emit_c *c, const struct emit_c_node *node);
/*
 * Expressions over elements of a list or entries of a map, in_struct: over their members `value`.
 * Whether both are equal; the hash that goes on from another.
 */
const char *emit_c_equal_part(const struct emit_c *c, const struct model_use *use, const char *a,
        const char *b, bool in_struct);
const char *emit_c_hash_part(const struct emit_c *c, const struct model_use *use, const char *hash,
        const char *part, bool in_struct);

/* The functions of a record's header beside clone and equal, in the order of their declaration. */
enum emit_c_api {
	EMIT_C_API_DECODE,
	EMIT_C_API_DECODE_IN_PLACE,
	EMIT_C_API_ENCODE,
	EMIT_C_API_VALIDATE,
	EMIT_C_API_PRINT,
	EMIT_C_N_API,
};

/* "int rooms_entry_encode(const struct rooms_entry *value, struct msgc_buf *out)" */
const char *emit_c_api_prototype(struct writer *w, const char *c_name, enum emit_c_api api);

/* emit_c_api.c: the functions and descriptors that programs use, and what the header says of them. */
void emit_c_api_source(const struct emit_c *c, const struct emit_c_node *node);
void emit_c_api_comment(struct writer *w);

#endif
