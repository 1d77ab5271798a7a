/* SPDX-License-Identifier: MIT */
/*
 * model.h - what a contract means, complete, ordered and const.
 *
 * The checks build it from the syntax tree; emitters read it and nothing else. It knows nothing
 * of syntax, of files other than places for late diagnostics, and of any output. Everything lives
 * in one arena until model_free(). Arrays are (pointer, n_…) pairs; a pointer that may be NULL
 * says so. Texts are UTF-8 and NUL-terminated; only values of defaults may hold a NUL inside and
 * carry their length.
 *
 * Names: `name` is the word of the contract, `wire` what travels, `c_name` a complete C identifier
 * with the contract's prefix (struct and enum tags, functions' stems), `c_id` an identifier
 * without prefix (a struct's member, the tail of a function's name), escaped where it is a keyword
 * of C or C++. All of them come from names.c; emitters append to them and never make up their own.
 */
#ifndef MSGC_COMPILER_MODEL_H
#define MSGC_COMPILER_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "source.h"

struct model_contract;
struct model_enum_value;
struct model_member;
struct model_message;
struct model_type;

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
	/*
	 * Still to come, each with fields of its own in struct model_type: MODEL_TUPLE,
	 * MODEL_UNION (discriminated), MODEL_CHOICE (untagged), MODEL_LITERAL.
	 */
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

/* What a value must keep to, already merged along aliases. Only what applies to the kind is set. */
struct model_constraints {
	const struct model_number *min;      /* >=; NULL: none. Numbers of every kind */
	const struct model_number *max;      /* <= */
	const struct model_number *above;    /* >  */
	const struct model_number *below;    /* <  */
	const struct model_number *step;     /* multiple of, > 0 */
	struct model_range len;              /* strings: code points */
	struct model_range bytes;            /* strings: UTF-8 bytes; bytes: decoded bytes */
	struct model_range count;            /* lists: elements; maps: entries */
	bool unique;                         /* lists: no two equal elements */
	bool trim;                           /* strings: white space cut off before checking */
	bool lower;                          /* strings: before checking (later issue) */
	bool upper;                          /* strings: before checking (later issue) */
	bool not_blank;                      /* strings: more than white space */
	enum model_format format;            /* strings */
	const struct model_pattern *pattern; /* strings; NULL: none */
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

	/* MODEL_RECORD. */
	const struct model_member *members;
	size_t n_members;
	bool is_closed; /* refuse members that it does not know (later issue: false always) */
	const struct model_message *message; /* the message that this record is; NULL: a type */

	/* MODEL_ENUM. */
	const struct model_enum_value *values;
	size_t n_values;
	bool is_int_enum; /* wire values are integers, else strings */
	bool is_open;     /* values unknown to this version are kept (later issue: false always) */
};

struct model_enum_value {
	const char *name;
	const char *c_name; /* ROOMS_ROLE_OWNER */
	const char *wire;   /* string enums; NULL for integers */
	int32_t number;     /* integer enums: the wire value; string enums: its index from 0 */
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
	MODEL_VALUE_JSON, /* JSON text, for MODEL_JSON */
};

/* A default, already checked against its type and the type's constraints. */
struct model_value {
	enum model_value_kind kind;
	bool boolean;
	const struct model_number *number;
	const char *text; /* TEXT, BYTES, JSON; may hold NULs, and has one behind it */
	size_t length;
	const struct model_enum_value *enumerator;
	const struct model_value_item *items; /* LIST, RECORD, MAP */
	size_t n_items;
};

struct model_value_item {
	const struct model_member *member; /* RECORD */
	const char *key;                   /* MAP; may hold NULs */
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
	const char *wire;
	const char *c_id;
	const char *doc;        /* NULL: none */
	const char *deprecated; /* what to use instead; NULL: not deprecated */
	struct model_use use;
	bool optional;
	const struct model_value *default_value; /* NULL: none */
	struct place place;
};

/* A parameter of a consumer's URL or of a group: a scalar or an enum, never nullable. */
struct model_param {
	struct model_member member;
	bool in_path; /* consumers: part of the path; else a query parameter */
};

/* --------------------------------------------------------------- messages */

enum model_message_kind {
	MODEL_MESSAGE_PLAIN,
	MODEL_MESSAGE_GROUP, /* with is_mine and is_current for each receiver */
	MODEL_MESSAGE_EVENT, /* never from a client */
};

struct model_message {
	enum model_message_kind kind;
	const char *name;
	const char *c_name;
	const char *wire; /* the discriminator's value */
	const char *doc;
	const char *deprecated;          /* NULL: not deprecated */
	const struct model_type *record; /* its members; record->message points back */
	const struct model_contract *contract;
	bool is_std; /* declared by the built-in contract std */
	struct place place;
};

/*
 * A message named by a group or a consumer. c_id is its identifier in the functions, tables and
 * handlers of that group or consumer: "chat", or "accounts_note" for one of an imported contract.
 */
struct model_message_ref {
	const struct model_message *message;
	const char *c_id;
	struct place place;
};

/* ----------------------------------------------------------------- groups */

/* A piece of a group's name: a literal, or a parameter's value (exactly one is not NULL). */
struct model_name_part {
	const char *literal;
	const struct model_param *param;
};

/* `event X;`: output is NULL, members get X itself. `event X -> Y;`: each member's consumer has a
 * handler that turns X into Y. */
struct model_group_event {
	struct model_message_ref event;
	const struct model_message_ref *output;
};

struct model_group {
	const char *name;
	const char *c_name;
	const char *c_id;
	const char *doc;
	const struct model_contract *contract;
	const struct model_param *params;
	size_t n_params;
	const struct model_name_part *parts;
	size_t n_parts;
	const struct model_message_ref *broadcasts;
	size_t n_broadcasts;
	const struct model_group_event *events;
	size_t n_events;
	struct place place;
};

/* -------------------------------------------------------------- consumers */

enum model_auth {
	MODEL_AUTH_SESSION,
	MODEL_AUTH_JWT,
	MODEL_AUTH_TICKET, /* later issue */
	MODEL_AUTH_BASIC,  /* later issue */
	MODEL_AUTH_ANONYMOUS,
};

/* One question of a permit clause, asked at most once per connection. */
struct model_permit_term {
	const char *name;
	const char *c_id;
	bool is_authenticated; /* built in; all others are functions of the program */
	bool user_only;        /* NAME(user): handed the user and nothing else */
	bool after_object;     /* needs the object: asked after it has been loaded */
	struct place place;
};

enum model_permit_op {
	MODEL_PERMIT_TERM,
	MODEL_PERMIT_NOT, /* left only */
	MODEL_PERMIT_AND,
	MODEL_PERMIT_OR,
};

struct model_permit {
	enum model_permit_op op;
	size_t term; /* MODEL_PERMIT_TERM: index into the consumer's permit_terms */
	const struct model_permit *left;
	const struct model_permit *right;
};

/* `object chat_room by room_id;`: the program's own struct, loaded by these parameters. */
struct model_object {
	const char *name; /* the struct's tag, a C identifier, without the contract's prefix */
	const struct model_param *const *by;
	size_t n_by;
	struct place place;
};

/* An argument of a join: a URL parameter or a literal (exactly one is not NULL). */
struct model_join_arg {
	const struct model_param *param;
	const struct model_value *value;
};

/*
 * at_start: joined when the connection starts, with args (one per parameter of the group, in
 * order; none for a group without parameters). Else the program joins and leaves while it runs.
 */
struct model_join {
	const struct model_group *group;
	const char *c_id; /* the group in this consumer's functions: "chat_room" */
	bool at_start;
	const struct model_join_arg *args;
	size_t n_args;
	struct place place;
};

struct model_receive {
	struct model_message_ref in;
	const struct model_message_ref
	        *replies; /* the handler chooses one where there are several */
	size_t n_replies;
};

enum model_limit_kind {
	MODEL_LIMIT_FRAME,  /* bytes */
	MODEL_LIMIT_ALL,    /* all frames: count per period */
	MODEL_LIMIT_ACTION, /* frames of one message */
};

struct model_limit {
	enum model_limit_kind kind;
	const struct model_message *message; /* MODEL_LIMIT_ACTION */
	uint64_t bytes;                      /* MODEL_LIMIT_FRAME */
	uint32_t count;                      /* tokens gained per period */
	uint64_t period_ms;
	uint32_t burst; /* the bucket's size; count where the contract does not say */
	struct place place;
};

/* A piece of the URL's path between two slashes: a literal or a parameter (exactly one set). */
struct model_segment {
	const char *literal; /* decoded: what the request's path is after percent-decoding */
	const struct model_param *param;
};

/* An event that reaches this consumer through the groups that it joins, group being the first. */
struct model_consumer_event {
	const struct model_group *group;
	struct model_message_ref event;
	const struct model_message_ref *output; /* NULL: passed on as it is, no handler */
};

struct model_consumer {
	const char *name;
	const char *c_name;
	const char *c_id;
	const char *doc;
	const struct model_contract *contract;

	const char *url; /* as written: "/ws/chat/{room_id}/" */
	const struct model_segment *segments;
	size_t n_segments;
	bool trailing_slash;
	const struct model_param *params; /* in the order of their declaration */
	size_t n_params;

	const enum model_auth *auth; /* in the order in which they are asked; none: anonymous */
	size_t n_auth;
	bool accepts_authenticate; /* a first frame `authenticate` may name the user */

	const struct model_permit *permit; /* NULL: everybody */
	const struct model_permit_term *permit_terms;
	size_t n_permit_terms;
	const struct model_object *object; /* NULL: none */

	const struct model_join *joins;
	size_t n_joins;
	const struct model_receive *receives;
	size_t n_receives;
	const struct model_message_ref *sends;
	size_t n_sends;
	const struct model_limit *limits;
	size_t n_limits;
	bool completion;

	/* Derived: each event of all joined groups, once; it has one output whatever the group. */
	const struct model_consumer_event *events;
	size_t n_events;
	/* Derived: every message that may go out (sends, replies, broadcasts of its groups, events
	 * passed on, events' outputs), each once, in order of first mention. Beside them go the
	 * standard messages that every consumer sends: authentication, error and, with completion,
	 * complete, group_complete, event_complete. */
	const struct model_message_ref *outgoing;
	size_t n_outgoing;
	struct place place;
};

/* -------------------------------------------------------------- contracts */

struct model_options {
	const char *discriminator; /* "action" by default */
	const char *title;         /* NULL: not said; so for all that follow */
	const char *description;
	const char *server_url;
	const char *licence;
	const char *contact;
};

struct model_contract {
	const char *name;
	uint32_t version;           /* major version, from 1 */
	const char *c_prefix;       /* "rooms": identifiers are rooms_… */
	const char *c_prefix_upper; /* "ROOMS": macros and enumerators are ROOMS_… */
	const char *stem; /* file name without folder and .msg: "rooms" → rooms.msgc.h */
	const char *file; /* file name without folder: "rooms.msg" */
	const char *doc;  /* NULL: none */
	bool is_builtin;  /* its generated code comes with the runtime (msgc/std.msgc.h) */
	struct model_options options;

	/* Contracts that it imports, in order; std is among them if the contract uses it. */
	const struct model_contract *const *imports;
	size_t n_imports;

	/*
	 * All types that C must define: named, in place, and the messages' records. A type stands
	 * behind every type that it holds by value, and behind every enum and named scalar that it
	 * mentions; elements of lists and values of maps may come later and need only a forward
	 * declaration of their struct.
	 */
	const struct model_type *const *types;
	size_t n_types;
	/* In the order in which constraints name them. */
	const struct model_pattern *const *patterns;
	size_t n_patterns;
	const struct model_alias *const *aliases; /* in the order of the file, as all that follow */
	size_t n_aliases;
	const struct model_message *const *messages;
	size_t n_messages;
	const struct model_group *const *groups;
	size_t n_groups;
	const struct model_consumer *const *consumers;
	size_t n_consumers;
	struct place place;
};

/* A contract with all that it imports, dependencies first; contracts[n_contracts - 1] is main. */
struct model {
	const struct model_contract *main;
	const struct model_contract *const *contracts;
	size_t n_contracts;
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

/* The kind's own bounds. False if it is no integer. *ret_max is exact for uint64 too. */
bool model_int_bounds(enum model_kind kind, int64_t *ret_min, uint64_t *ret_max);

#endif
