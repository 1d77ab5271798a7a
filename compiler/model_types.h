/* SPDX-License-Identifier: MIT */
/*
 * model_types.h - the part of the model that says what values are: types, constraints, literals,
 * expressions, members. model.h has the rest, and the rules for memory and names.
 */
#ifndef MSGC_COMPILER_MODEL_TYPES_H
#define MSGC_COMPILER_MODEL_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "source.h"

struct model_arm;
struct model_check;
struct model_consumer;
struct model_contract;
struct model_enum_value;
struct model_expr;
struct model_member;
struct model_message;
struct model_require;
struct model_type;
struct model_value;

/* ------------------------------------------------------------------ types */

enum model_kind {
	MODEL_BOOL,
	MODEL_INT8,
	MODEL_INT16,
	MODEL_INT32,
	MODEL_INT53, /* -(2^53 - 1) … 2^53 - 1; int64_t in C */
	MODEL_INT64,
	MODEL_UINT8,
	MODEL_UINT16,
	MODEL_UINT32,
	MODEL_UINT64,
	MODEL_FLOAT32,
	MODEL_FLOAT64,
	MODEL_DECIMAL, /* kept as its text */
	MODEL_STRING,
	MODEL_BYTES, /* base64 on the wire */
	MODEL_DATETIME,
	MODEL_DATE,
	MODEL_TIME,
	MODEL_DURATION,
	MODEL_UUID,
	MODEL_JSON, /* any valid JSON, kept as its text */
	MODEL_NULL, /* the value null and no other */
	MODEL_ENUM,
	MODEL_RECORD,
	MODEL_LIST,
	MODEL_MAP,
	MODEL_TUPLE,  /* an array of fixed length, each element of a type of its own */
	MODEL_UNION,  /* arms told apart by a discriminator */
	MODEL_CHOICE, /* arms told apart by their JSON kind */
};

/*
 * A literal of the contract that travels as it is: an enum's value, a union's tag, a message's tag.
 */
enum model_literal_kind {
	MODEL_LITERAL_STRING,
	MODEL_LITERAL_INT,
	MODEL_LITERAL_BOOL,
};

struct model_literal {
	enum model_literal_kind kind;
	const char
	        *text;  /* STRING: UTF-8 without NULs; INT, BOOL: as JSON has them, "10", "true" */
	int64_t number; /* INT: within +-(2^53 - 1) */
	bool boolean;   /* BOOL */
};

/* How a scalar is written. The model holds the resolved form, never "the default". */
enum model_wire_form {
	MODEL_WIRE_NATURAL, /* the only form its kind has (string, bool, float64, …) */
	MODEL_WIRE_NUMBER,  /* integers (their default), decimal(as number) */
	MODEL_WIRE_STRING,  /* decimal (its default), int64(as string) … */
	MODEL_WIRE_RFC3339, /* datetime (its default) */
	MODEL_WIRE_UNIX,    /* datetime(as unix): integer, seconds */
	MODEL_WIRE_UNIX_MS, /* datetime(as unix_ms): integer, milliseconds */
};

enum model_format {
	MODEL_FORMAT_NONE,
	MODEL_FORMAT_EMAIL,
	MODEL_FORMAT_URI,
	MODEL_FORMAT_URI_REFERENCE,
	MODEL_FORMAT_HOSTNAME,
	MODEL_FORMAT_IPV4,
	MODEL_FORMAT_IPV6,
	MODEL_FORMAT_UUID,
	MODEL_FORMAT_DATE_TIME,
	MODEL_FORMAT_DATE,
	MODEL_FORMAT_TIME,
	MODEL_FORMAT_DURATION,
	MODEL_FORMAT_JSON_POINTER,
	MODEL_FORMAT_SLUG, /* ^[-a-zA-Z0-9_]+$ */
};

/*
 * A number written in the contract, exact. text is canonical: an optional '-', digits without
 * leading zeros, optionally '.' and digits without trailing zeros; never an exponent; valid JSON.
 * For integer kinds is_int is true always and the value has been checked against the kind.
 */
struct model_number {
	const char *text;
	bool is_int; /* integral, and within int64_t or uint64_t */
	bool is_negative;
	int64_t as_int64;   /* exact if is_int and it fits, else 0 */
	uint64_t as_uint64; /* exact if is_int and not negative, else 0 */
	double as_double;   /* the nearest double */
};

/* Bounds of a length or a count, both inclusive. Neither set: no bound. */
struct model_range {
	bool has_min;
	bool has_max;
	uint64_t min;
	uint64_t max;
};

/*
 * A pattern, compiled: a deterministic automaton that searches for it in one pass over a text's code
 * points. Each contract has its own, each text once. State 0: no match, whatever follows; state 1: a
 * match, whatever follows; from first_final on: a match if the text ends here.
 */
struct model_pattern {
	const char *text;   /* ECMAScript's syntax, as it was written */
	const char *c_name; /* rooms__pattern_1 */
	const struct model_contract *contract;
	uint32_t n_states;
	uint32_t n_classes; /* of code points, at most 256 */
	uint32_t start;
	uint32_t first_final;
	const uint32_t
	        *ranges; /* first code point << 8 | class of it and those behind; from 0 on */
	size_t n_ranges;
	const uint16_t *next; /* next[state * n_classes + class] */
};

/* So many patterns may a type have, its own and those of the named type that it is made from. */
#define MODEL_MAX_PATTERNS 8

/* What a value must keep to, already merged along aliases. Only what applies to the kind is set. */
struct model_constraints {
	const struct model_number *min;   /* >=; NULL: none. Numbers of every kind */
	const struct model_number *max;   /* <= */
	const struct model_number *above; /* >  */
	const struct model_number *below; /* <  */
	const struct model_number *step;  /* multiple of, > 0 */
	struct model_range len;           /* strings: code points */
	struct model_range bytes;         /* strings: UTF-8 bytes; bytes: decoded bytes */
	struct model_range count;         /* lists: elements; maps: entries */
	bool unique;                      /* lists: no two equal elements */
	bool trim;                        /* strings: white space cut off before checking */
	bool lower;                       /* strings: made lower case before checking */
	bool upper;                       /* strings: made upper case before checking */
	bool not_blank;                   /* strings: more than white space */
	enum model_format format;         /* strings */
	const struct model_pattern *const *patterns; /* strings: every one must match */
	size_t n_patterns;
	const struct model_check *checks; /* `check NAME` in parentheses: scalars, lists, maps */
	size_t n_checks;
};

/*
 * `check NAME`: what only C can decide. The program defines
 *
 *	const char *c_name(const TYPE *value);	NULL, or what is wrong: a text that stays
 *
 * where TYPE is the value's C type (struct msgc_str for strings). Declared in the header of the
 * contract that says it; one name is one C type.
 */
struct model_check {
	const char *name;
	const char *c_name; /* rooms_check_NAME */
	struct place place;
};

/*
 * A type where it is used: as a member, an element, a map's value, a parameter.
 * type is never an alias; alias remembers the name it was reached by (documents refer to it).
 */
struct model_use {
	const struct model_type *type;
	const struct model_alias *alias; /* NULL: used directly */
	bool nullable;                   /* `| null`, here or in the alias */
	bool boxed; /* held by pointer in C: the type contains itself through this member */
};

/* `type a = b;` and `type a = b | null;`: another name for a use. Scalars with constraints of
 * their own are no aliases but named types. */
struct model_alias {
	const char *name;
	const char *c_name;
	const char *doc; /* NULL: none */
	struct model_use target;
	const struct model_contract *contract;
	struct place place;
};

/*
 * A type. Every enum, record, list and map, named or not, has a c_name; so has every scalar that
 * was given a name. Types in place are named by their path: member payload of message chat is
 * rooms_chat_payload, a list's element …_item, a map's value …_value.
 */
struct model_type {
	enum model_kind kind;
	const char *name;   /* the contract's name for it; NULL: in place, or a plain scalar */
	const char *c_name; /* NULL: a plain scalar */
	const char *doc;    /* NULL: none */
	const struct model_contract *contract; /* whose it is; its header declares it */
	struct place place;

	enum model_wire_form wire_form; /* scalars */
	struct model_constraints constraints;

	/* MODEL_LIST: elements; MODEL_MAP: values. */
	struct model_use element;
	/* MODEL_MAP: the keys' type, a string; constraints and all. NULL: any string. */
	const struct model_type *key;

	/*
	 * MODEL_RECORD, MODEL_TUPLE. Members of a tuple are its elements: no defaults, optional
	 * only at the end (`[price: decimal, mark?: "r"]`), wire NULL; name and c_id as written or
	 * item0, item1 ...
	 */
	const struct model_member *members;
	size_t n_members;
	/* RECORD: `...: T`, the members that it does not declare: a MODEL_MAP whose element is T,
	 * held by the struct's member further_id. NULL: none. */
	const struct model_type *further;
	const char *further_id;
	bool is_closed; /* RECORD: refuses members that it does not know */
	const struct model_require *requires;
	size_t n_requires;
	const struct model_check *checks; /* `check NAME;` among the members */
	size_t n_checks;
	const struct model_message *message; /* that this record or tuple is; NULL: a type */

	/*
	 * MODEL_ENUM. Declared ones have values that are all strings (C counts from 0) or all
	 * integers (is_int_enum: C has the wire's number). Enums in place, `"a" | "b" | 3`, mix
	 * them, and C counts from 0.
	 */
	const struct model_enum_value *values;
	size_t n_values;
	bool is_int_enum;
	bool is_of_literals; /* in place, or `type a = "x" | "y";`: its values have no names */
	/* A final `...`: values unknown to this version are kept as they came. In C a struct
	 * NAME_open of `value`, the enumerator (one more than declared: NAME_UNKNOWN, -1 for
	 * strings, INT32_MIN for integers) and `unknown`: what came, a msgc_str or an int64_t. */
	bool is_open;
	const char *unknown_c_name; /* ROOMS_ROLE_UNKNOWN of an open enum; NULL of others */
	/* A single literal in place: it travels, and C holds nothing of it: no member, no element,
	 * no arm's value. Optional and nullable ones have their flags. Never an element of a list
	 * or a map's value. It has one value, and neither it nor that has a c_name. */
	bool is_constant;

	/* MODEL_UNION, MODEL_CHOICE. In C a struct of `kind`, an enumerator from 1 on (0: nobody
	 * has set it), and an unnamed union of the arms' values. */
	const struct model_arm *arms;
	size_t n_arms;
	/* UNION: the member that tells the arms apart. It stands among the arm's own members or,
	 * where a member says `by`, beside the value (model_member.beside). */
	const char *discriminator;
	/* UNION: every arm is an object, so that the discriminator may stand inside. */
	bool all_objects;
	unsigned json_kinds; /* CHOICE: MODEL_JSON_… of all arms together */
};

/* What a value may look like as JSON. */
enum {
	MODEL_JSON_STRING = 1,
	MODEL_JSON_NUMBER = 2,
	MODEL_JSON_BOOLEAN = 4,
	MODEL_JSON_ARRAY = 8,
	MODEL_JSON_OBJECT = 16,
	MODEL_JSON_NULL = 32, /* of MODEL_NULL and MODEL_JSON; a use's `nullable` is not in it */
	MODEL_JSON_ANY = 63,
};

/* One alternative of a union or choice. */
struct model_arm {
	/* CHOICE: of its type: "int64", "list", a declared name; "enum" for several literals; of a
	 * single literal its word. */
	const char *name;
	const char *c_id;   /* its member in C's union */
	const char *c_name; /* its enumerator: ROOMS_BODY_TEXT */
	const char *doc;
	struct model_literal tag; /* UNION; unused in the else arm */
	/* UNION: all other tags. use is json, the whole value as it came; and C keeps the tag that
	 * came in the struct's member `tag`, a msgc_str or an int64_t. */
	bool is_else;
	/* Never nullable: null is an arm of its own, or makes the use of the choice nullable. */
	struct model_use use;
	struct place place;
};

/* `require EXPR : "message";` of a record: refused with this message where it is false. */
struct model_require {
	const struct model_expr *expr;
	const char *message; /* never NULL: `require EXPR;` alone gets the words of EXPR */
	struct place place;
};

enum model_expr_op {
	MODEL_EXPR_NUMBER,  /* number */
	MODEL_EXPR_TEXT,    /* text */
	MODEL_EXPR_BOOL,    /* boolean */
	MODEL_EXPR_ENUM,    /* enumerator */
	MODEL_EXPR_VALUE,   /* value: of a date, time, duration, uuid */
	MODEL_EXPR_PATH,    /* path: a member's value */
	MODEL_EXPR_HAS,     /* path: is it there, and not null? */
	MODEL_EXPR_IS_NULL, /* path: `x == null`; `x != null` is HAS */
	MODEL_EXPR_LEN,     /* left: a PATH; code points of a string, decoded bytes */
	MODEL_EXPR_COUNT,   /* left: elements of a list or map: a PATH, whose type says nothing */
	MODEL_EXPR_NOT,
	MODEL_EXPR_AND,
	MODEL_EXPR_OR,
	MODEL_EXPR_EQUAL,
	MODEL_EXPR_UNEQUAL,
	MODEL_EXPR_LESS,
	MODEL_EXPR_LESS_EQUAL,
	MODEL_EXPR_GREATER,
	MODEL_EXPR_GREATER_EQUAL,
	MODEL_EXPR_ADD,
	MODEL_EXPR_SUBTRACT,
	MODEL_EXPR_MULTIPLY,
	MODEL_EXPR_DIVIDE,
	MODEL_EXPR_REMAINDER,
	MODEL_EXPR_NEGATE,
};

/* What an expression is. Both sides of a comparison are the same. */
enum model_expr_type {
	MODEL_EXPR_TYPE_BOOL,
	MODEL_EXPR_TYPE_INT,     /* computed in int64_t; overflow, /0: the comparison is false */
	MODEL_EXPR_TYPE_FLOAT,   /* double: where one operand is a float; paths of integers, too */
	MODEL_EXPR_TYPE_DECIMAL, /* compared exactly; no arithmetic */
	MODEL_EXPR_TYPE_STRING,
	MODEL_EXPR_TYPE_BYTES, /* == and != only */
	MODEL_EXPR_TYPE_ENUM,  /* == and != only, of one enum */
	MODEL_EXPR_TYPE_DATETIME,
	MODEL_EXPR_TYPE_DATE,
	MODEL_EXPR_TYPE_TIME,
	MODEL_EXPR_TYPE_DURATION, /* == and != only */
	MODEL_EXPR_TYPE_UUID,     /* == and != only */
};

/*
 * A comparison in which a path is absent or null is false, whatever its operator; above that, and,
 * or and not are ordinary two-valued logic.
 */
struct model_expr {
	enum model_expr_op op;
	enum model_expr_type type;
	const struct model_expr *left;
	const struct model_expr *right;
	const struct model_number *number;
	const char *text;
	size_t length;
	bool boolean;
	const struct model_enum_value *enumerator;
	const struct model_value *value;
	/* PATH, HAS, IS_NULL: from the record inwards, each a member of the one before. */
	const struct model_member *const *path;
	size_t n_path;
	struct place place;
};

struct model_enum_value {
	const char *name;
	const char *c_name; /* ROOMS_ROLE_OWNER */
	const char *wire;   /* its text where it is a string; NULL for integers and booleans */
	struct model_literal literal; /* what travels */
	int32_t number; /* of the enumerator in C: is_int_enum: the wire value; else an index from 0 */
	const char *doc;
	struct place place;
};

/* --------------------------------------------------------- literal values */

enum model_value_kind {
	MODEL_VALUE_NULL,
	MODEL_VALUE_BOOL,
	MODEL_VALUE_NUMBER, /* for every number kind, decimal included; datetime(as unix…) */
	MODEL_VALUE_TEXT,   /* string, uuid, datetime, date, time, duration: checked, canonical */
	MODEL_VALUE_BYTES,  /* decoded */
	MODEL_VALUE_ENUM,
	MODEL_VALUE_LIST,
	MODEL_VALUE_RECORD, /* only the members that the literal names */
	MODEL_VALUE_MAP,
	MODEL_VALUE_JSON,  /* JSON text, for MODEL_JSON */
	MODEL_VALUE_TUPLE, /* items: its elements in order; optional ones may be left out */
	MODEL_VALUE_ARM,   /* of a union or choice: arm, and its value in items[0] */
};

/* A default, already checked against its type and the type's constraints. */
struct model_value {
	enum model_value_kind kind;
	bool boolean;
	const struct model_number *number;
	const char *text; /* TEXT, BYTES, JSON; may hold NULs, and has one behind it */
	size_t length;
	const struct model_enum_value *enumerator;
	const struct model_arm *arm; /* ARM; of constants and nulls items[0] says nothing more */
	const struct model_value_item *items; /* LIST, RECORD, MAP, TUPLE, ARM */
	size_t n_items;
};

struct model_value_item {
	const struct model_member *member; /* RECORD, TUPLE; NULL: a further member, see key */
	const char *key;                   /* MAP, further members of a RECORD; may hold NULs */
	size_t key_length;
	struct model_value value;
};

/* ---------------------------------------------------------------- members */

/*
 * A member of a record or message, or a parameter. A member is absent-able when it is optional;
 * one with a default is absent-able on input only: C always holds a value. optional and
 * has a default never come together.
 */
struct model_member {
	const char *name;
	const char *wire; /* NULL: an element of a tuple */
	const char *c_id;
	const char *doc;        /* NULL: none */
	const char *deprecated; /* what to use instead; NULL: not deprecated */
	struct model_use use;
	bool optional;
	const struct model_value *default_value; /* NULL: none */
	/* `d: dispatch by t;`: the wire name of the member beside this one that tells the union's
	 * arms apart. It travels if and only if this member does, and C has no member for it. */
	const char *beside; /* NULL: none */
	struct place place;
};

/* A parameter of a consumer's URL or of a group: a scalar or an enum, never nullable. */
struct model_param {
	struct model_member member;
	bool in_path; /* consumers: part of the path; else a query parameter */
};

/* True for the scalars that hold an integer. */
bool model_kind_is_int(enum model_kind kind);

/* True for integers, floats and decimal. */
bool model_kind_is_number(enum model_kind kind);

/* True for everything but enums, records, lists and maps. */
bool model_kind_is_scalar(enum model_kind kind);

/* The word of the language: "int32", "record", … */
const char *model_kind_name(enum model_kind kind);

/* The format's name as JSON Schema and the contract spell it: "date-time". NULL for NONE. */
const char *model_format_name(enum model_format format);

/* MODEL_JSON_…: what values of a type look like. Of a CHOICE once its json_kinds are known. */
unsigned model_json_kinds(const struct model_type *type);

/* The kind's own bounds. False if it is no integer. *ret_max is exact for uint64 too. */
bool model_int_bounds(enum model_kind kind, int64_t *ret_min, uint64_t *ret_max);

/* A record's or tuple's member of this name. NULL: none. */
const struct model_member *model_find_member(const struct model_type *type, const char *name);

#endif
