/* SPDX-License-Identifier: MIT */
/*
 * ast.h - a contract as it was written.
 *
 * The parser builds it in an arena, the checks read it. Every node has a place. Nothing here has
 * been looked up, checked or merged; nodes nest at most AST_MAX_DEPTH deep, so that walking them
 * recursively is safe.
 */
#ifndef MSGC_COMPILER_AST_H
#define MSGC_COMPILER_AST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "source.h"

#define AST_MAX_DEPTH 64

/* text is NUL-terminated; NULL where an optional name does not stand. */
struct ast_name {
	const char *text;
	struct place place;
};

/* `name` or `scope.name`. */
struct ast_qname {
	struct ast_name scope;
	struct ast_name name;
	struct place place;
};

/* Decoded; may hold NULs and has one behind it. bytes == NULL where an optional one is absent. */
struct ast_string {
	const char *bytes;
	size_t length;
	struct place place;
};

/* As written: "-12", "1.5e3"; unit "KiB" of 64KiB, "" without. */
struct ast_number {
	const char *text;
	const char *unit;
	bool is_float; /* has a fraction or an exponent */
	struct place place;
};

enum ast_value_kind {
	AST_VALUE_NULL,
	AST_VALUE_BOOL,
	AST_VALUE_NUMBER,
	AST_VALUE_STRING,
	AST_VALUE_NAME,
	AST_VALUE_LIST,
	AST_VALUE_RECORD,
	AST_VALUE_BROKEN, /* nested too deeply: already reported */
};

struct ast_value {
	enum ast_value_kind kind;
	unsigned depth;
	struct place place;
	bool boolean;
	struct ast_number number;
	struct ast_string string;
	struct ast_name name;
	struct ast_item **items; /* LIST, RECORD */
	size_t n_items;
};

struct ast_item {
	struct ast_string key; /* RECORD */
	struct ast_value *value;
};

enum ast_constraint_kind {
	AST_CONSTRAINT_FLAG,   /* unique */
	AST_CONSTRAINT_NUMBER, /* min 5, len 26 */
	AST_CONSTRAINT_RANGE,  /* len 1..20 */
	AST_CONSTRAINT_WORD,   /* format date-time */
	AST_CONSTRAINT_STRING, /* pattern r"…" */
	AST_CONSTRAINT_AS,     /* as string */
};

struct ast_constraint {
	enum ast_constraint_kind kind;
	struct ast_name name; /* "as" for AST_CONSTRAINT_AS */
	bool has_low;
	bool has_high;
	struct ast_number low; /* NUMBER: the number */
	struct ast_number high;
	struct ast_name word;
	struct ast_string string;
	struct place place;
};

enum ast_type_kind {
	AST_TYPE_NAME,
	AST_TYPE_LIST,
	AST_TYPE_MAP,
	AST_TYPE_RECORD,
	AST_TYPE_NULL,
	AST_TYPE_LITERAL, /* "text", 5, true */
	AST_TYPE_TUPLE,   /* [A, b: B] */
	AST_TYPE_CHOICE,  /* A | B | … */
	AST_TYPE_BROKEN,  /* refused already */
};

struct ast_type {
	enum ast_type_kind kind;
	unsigned depth;
	struct place place;
	struct ast_qname name;
	struct ast_type *key;     /* MAP: the keys; NULL: not said */
	struct ast_type *element; /* LIST; MAP: the values */
	struct ast_value *literal;
	struct ast_member **members; /* RECORD: members and spreads; TUPLE: elements */
	size_t n_members;
	struct ast_member **statements; /* RECORD: `require`, `check` and `...: T` */
	size_t n_statements;
	struct ast_type **choices;
	size_t n_choices;
	struct ast_constraint **constraints;
	size_t n_constraints;
};

enum ast_expr_kind {
	AST_EXPR_VALUE, /* a number, string, bool or null */
	AST_EXPR_PATH,  /* names: a.b.c; or an enum's value */
	AST_EXPR_CALL,  /* function, left: len(x), count(x), has(x) */
	AST_EXPR_NOT,   /* left */
	AST_EXPR_NEGATE,
	AST_EXPR_AND,
	AST_EXPR_OR,
	AST_EXPR_EQUAL,
	AST_EXPR_UNEQUAL,
	AST_EXPR_LESS,
	AST_EXPR_LESS_EQUAL,
	AST_EXPR_GREATER,
	AST_EXPR_GREATER_EQUAL,
	AST_EXPR_ADD,
	AST_EXPR_SUBTRACT,
	AST_EXPR_MULTIPLY,
	AST_EXPR_DIVIDE,
	AST_EXPR_REMAINDER,
	AST_EXPR_BROKEN, /* nested too deeply: already reported */
};

struct ast_expr {
	enum ast_expr_kind kind;
	unsigned depth;
	struct ast_value *value;
	struct ast_name **names;
	size_t n_names;
	struct ast_name function;
	struct ast_expr *left;
	struct ast_expr *right;
	struct place place;
};

enum ast_member_kind {
	AST_MEMBER,
	AST_MEMBER_SPREAD,  /* `...base`: type */
	AST_MEMBER_FURTHER, /* `...: T`: type */
	AST_MEMBER_REQUIRE, /* condition, message */
	AST_MEMBER_CHECK,   /* name */
};

/* A member of a record or message, an element of a tuple, a parameter; or what stands among them. */
struct ast_member {
	enum ast_member_kind kind;
	struct ast_name name; /* text NULL: an element without one */
	struct ast_string wire;
	bool optional;
	struct ast_type *type;
	struct ast_string beside;        /* `by t` */
	struct ast_value *default_value; /* NULL: none */
	struct ast_string deprecated;
	struct ast_expr *condition;
	struct ast_string message; /* REQUIRE; bytes NULL: not said */
	const char *doc;           /* NULL: none */
	struct place place;
};

/* An alternative of a discriminated union. */
struct ast_arm {
	struct ast_name name;  /* else: the word itself */
	struct ast_value *tag; /* `as "…"`, `as 3`, `as true`; NULL: its name */
	bool is_else;
	struct ast_type *type;
	const char *doc;
	struct place place;
};

struct ast_enum_value {
	bool is_ellipsis; /* `...` */
	struct ast_name name;
	struct ast_string wire;   /* `as "…"` */
	struct ast_number number; /* `= 5` */
	bool has_number;
	const char *doc;
	struct place place;
};

enum ast_permit_kind {
	AST_PERMIT_TERM,
	AST_PERMIT_NOT, /* left */
	AST_PERMIT_AND,
	AST_PERMIT_OR,
	AST_PERMIT_BROKEN, /* nested too deeply: already reported */
};

struct ast_permit {
	enum ast_permit_kind kind;
	unsigned depth;
	struct ast_name term;
	struct ast_name argument; /* `(user)` */
	struct ast_permit *left;
	struct ast_permit *right;
	struct place place;
};

enum ast_clause_kind {
	/* groups */
	AST_CLAUSE_BROADCAST, /* names */
	AST_CLAUSE_EVENT,     /* names[0], output */
	AST_CLAUSE_PRESENCE,  /* type */
	AST_CLAUSE_HISTORY,   /* names, count (has_count), period (has_period) */
	AST_CLAUSE_DURABLE,   /* word */
	/* consumers */
	AST_CLAUSE_AUTH, /* words */
	AST_CLAUSE_PERMIT,
	AST_CLAUSE_OBJECT,  /* word, words: the parameters */
	AST_CLAUSE_JOIN,    /* names[0], args */
	AST_CLAUSE_RECEIVE, /* names, replies */
	AST_CLAUSE_SEND,    /* names, replies: what the client answers */
	AST_CLAUSE_GREET,   /* names[0] */
	AST_CLAUSE_ERROR,   /* names[0] */
	AST_CLAUSE_LIMIT,
	AST_CLAUSE_COMPLETION,
	AST_CLAUSE_COMPRESSION,
	AST_CLAUSE_TOPICS,      /* names */
	AST_CLAUSE_USE,         /* names: mixins */
	AST_CLAUSE_SUBPROTOCOL, /* strings */
};

struct ast_clause {
	enum ast_clause_kind kind;
	struct place place;
	struct ast_qname **names;
	size_t n_names;
	struct ast_qname **replies; /* RECEIVE: behind the arrow; EVENT: the output */
	size_t n_replies;
	struct ast_name word;
	struct ast_name **words;
	size_t n_words;
	struct ast_value **args;
	size_t n_args;
	bool has_args;
	struct ast_permit *permit;
	struct ast_type *type; /* PRESENCE; NULL: none said */
	struct ast_string **strings;
	size_t n_strings;
	bool has_count;
	/* LIMIT: names[0] (none: all frames) and either a size or count per period */
	struct ast_number count;
	struct ast_number period;
	struct ast_number burst;
	bool has_period;
	bool has_burst;
};

enum ast_decl_kind {
	AST_DECL_ENUM,
	AST_DECL_RECORD, /* type X { … } */
	AST_DECL_TYPE,   /* type X = …; */
	AST_DECL_MESSAGE,
	AST_DECL_GROUP_MESSAGE,
	AST_DECL_EVENT,
	AST_DECL_GROUP,
	AST_DECL_CONSUMER,
	AST_DECL_UNION,
	AST_DECL_TOPIC,
	AST_DECL_MIXIN,
	AST_DECL_BROKEN, /* refused already; its name is known */
};

enum ast_openness {
	AST_OPENNESS_UNSAID,
	AST_OPENNESS_CLOSED,
	AST_OPENNESS_OPEN,
};

struct ast_decl {
	enum ast_decl_kind kind;
	struct ast_name name;
	const char *doc;
	struct place place;

	struct ast_name base; /* ENUM: behind the colon */
	struct ast_enum_value **values;
	size_t n_values;
	struct ast_enum_value *ellipsis;        /* ENUM: `...`; NULL: none */
	size_t before_ellipsis;                 /* so many values stand before it */
	struct ast_enum_value *second_ellipsis; /* one too many; NULL: none */

	struct ast_type *type; /* RECORD, TYPE; messages: their members, a record or a tuple */
	/* messages: strings and numbers; none: the name; a single null: no discriminator */
	struct ast_value **tags;
	size_t n_tags;
	struct ast_string deprecated; /* messages; bytes NULL: not said */
	enum ast_openness openness;   /* RECORD, messages */
	struct place openness_place;
	bool authenticates; /* MESSAGE: `auth message` */
	struct place auth_place;

	struct ast_string key; /* UNION: behind `by` */
	struct ast_arm **arms;
	size_t n_arms;

	struct ast_string text; /* GROUP, TOPIC: name template; CONSUMER: URL pattern */
	struct ast_string url;  /* TOPIC: its own route */
	struct ast_member **params;
	size_t n_params;
	struct ast_clause **clauses;
	size_t n_clauses;
};

struct ast_option {
	struct ast_name name;
	struct ast_value **values;
	size_t n_values;
	struct place place;
};

struct ast_import {
	struct ast_string path;
	struct place place;
};

struct ast_header {
	struct ast_name name;
	struct ast_number version;
	const char *doc;
	struct place place;
};

/* `ref as "reqid": int53;`, `seq off;` */
struct ast_envelope_item {
	struct ast_name name;
	struct ast_string wire;
	struct ast_number position; /* `ref as 1`: in array frames */
	bool has_position;
	struct ast_qname *type; /* NULL: not said */
	struct ast_name word;   /* off */
	struct place place;
};

struct ast_envelope {
	struct ast_envelope_item **items;
	size_t n_items;
	struct place place;
};

/* One file. */
struct ast_file {
	/* So many of its errors leave the rest as it was meant: it can be checked all the same. */
	size_t n_mended;
	const struct source *source;
	struct ast_header **headers; /* one, if all is well */
	size_t n_headers;
	struct ast_import **imports;
	size_t n_imports;
	struct ast_option **options;
	size_t n_options;
	struct ast_envelope **envelopes; /* at most one, if all is well */
	size_t n_envelopes;
	struct ast_clause **subprotocols;
	size_t n_subprotocols;
	struct ast_decl **decls;
	size_t n_decls;
};

/* The word for a kind of declaration: "type", "group message", … */
const char *ast_decl_word(enum ast_decl_kind kind);

#endif
