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
	AST_TYPE_CHOICE, /* A | B | … */
	AST_TYPE_BROKEN, /* refused already */
};

struct ast_type {
	enum ast_type_kind kind;
	unsigned depth;
	struct place place;
	struct ast_qname name;
	struct ast_type *element; /* LIST; MAP: the values */
	struct ast_member **members;
	size_t n_members;
	struct ast_type **choices;
	size_t n_choices;
	struct ast_constraint **constraints;
	size_t n_constraints;
};

/* A member of a record or message, or a parameter. */
struct ast_member {
	struct ast_name name;
	struct ast_string wire;
	bool optional;
	struct ast_type *type;
	struct ast_value *default_value; /* NULL: none */
	struct ast_string deprecated;
	const char *doc; /* NULL: none */
	struct place place;
};

struct ast_enum_value {
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
	/* consumers */
	AST_CLAUSE_AUTH, /* words */
	AST_CLAUSE_PERMIT,
	AST_CLAUSE_OBJECT,  /* word, words: the parameters */
	AST_CLAUSE_JOIN,    /* names[0], args */
	AST_CLAUSE_RECEIVE, /* names, replies */
	AST_CLAUSE_SEND,    /* names */
	AST_CLAUSE_LIMIT,
	AST_CLAUSE_COMPLETION,
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
	AST_DECL_BROKEN, /* refused already; its name is known */
};

struct ast_decl {
	enum ast_decl_kind kind;
	struct ast_name name;
	const char *doc;
	struct place place;

	struct ast_name base; /* ENUM: behind the colon */
	struct ast_enum_value **values;
	size_t n_values;

	struct ast_type *type;  /* RECORD, TYPE; messages: their members as a record */
	struct ast_string wire; /* messages */

	struct ast_string text; /* GROUP: name template; CONSUMER: URL pattern */
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

/* One file. */
struct ast_file {
	const struct source *source;
	struct ast_header **headers; /* one, if all is well */
	size_t n_headers;
	struct ast_import **imports;
	size_t n_imports;
	struct ast_option **options;
	size_t n_options;
	struct ast_decl **decls;
	size_t n_decls;
};

/* The word for a kind of declaration: "type", "group message", … */
const char *ast_decl_word(enum ast_decl_kind kind);

#endif
