/* SPDX-License-Identifier: MIT */
/*
 * parse.h - from a source to its syntax tree, and what scanner and parser share.
 *
 * The scanner hands out tokens with byte offsets; the parser builds the tree. Neither looks a name
 * up nor decides whether a value fits: that is the checks' work.
 */
#ifndef MSGC_COMPILER_PARSE_H
#define MSGC_COMPILER_PARSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "ast.h"
#include "diag.h"
#include "vec.h"

/* Longer names are refused: C compilers need not tell apart more, and people cannot. */
#define PARSE_MAX_NAME 64

/*
 * Reads a whole file. Reports what is wrong and goes on; the tree then holds what could be read.
 * Never NULL.
 */
const struct ast_file *parse_source(
        struct arena *arena, struct diag *diag, const struct source *source);

/* False, with a message, if the bytes are no text that the scanner should see. */
bool parse_bytes(struct diag *diag, const struct source *source);

/* ------------------------------------------ shared by lexer.l, parser.y, parse.c and parse_*.c */

/* `///` lines, waiting for the token that they stand before. */
struct parse_doc {
	struct place place;
	uint32_t token; /* where the token behind it starts; UINT32_MAX until it has come */
	bool used;
};

struct parse {
	struct arena *arena;
	struct diag *diag;
	const struct source *source;
	void *scanner;

	uint32_t offset;              /* of the next byte to scan */
	uint32_t token_end;           /* end of the token scanned last */
	uint32_t before_end;          /* end of the one before */
	const struct vec *semicolons; /* struct place *: where one is missing, in order */
	size_t n_skipped;             /* clauses that there are not */
	size_t next_semicolon;
	struct place *missing; /* the first that is found to be missing; NULL: none was */
	struct vec docs;
	struct parse_doc *open_doc; /* the last one, as long as no token has followed */

	struct vec headers;
	struct vec imports;
	struct vec options;
	struct vec envelopes;
	struct vec subprotocols;
	struct vec decls;
};

/* The scanner's side. Texts are what stands between quotes or slashes. */
void parse_token(struct parse *parse, struct place place);
bool parse_wants_semicolon(struct parse *parse, struct place place);
void parse_doc_line(struct parse *parse, struct place place);
struct ast_name parse_name(
        struct parse *parse, struct place place, const char *text, size_t length);
struct ast_name parse_foreign_name(
        struct parse *parse, struct place place, const char *text, size_t length);
struct ast_string parse_string(
        struct parse *parse, struct place place, const char *text, size_t length);
struct ast_string parse_raw_string(
        struct parse *parse, struct place place, const char *text, size_t length);
struct ast_number parse_number(
        struct parse *parse, struct place place, const char *text, size_t length);

struct ast_number parse_negative(
        struct parse *parse, const struct ast_number *number, struct place place);

/* The doc comment before the token that starts at the place, or NULL. */
const char *parse_take_doc(struct parse *parse, struct place place);

/* A word that begins no statement here; words is a NULL-terminated list of those that do. */
void parse_unknown_word(struct parse *parse, enum diag_id id, const char *what,
        struct ast_name word, const char *const *words);
extern const char *const parse_declaration_words[];
extern const char *const parse_group_words[];
extern const char *const parse_consumer_words[];
extern const char *const parse_topic_words[];

/* The token at the place cannot stand there; these could. */
struct parse_expected {
	const char *const *names;
	size_t n_names;
	bool semicolon; /* ';' is among them */
	bool name;      /* a name is among them */
	bool at_end;    /* the token is the end of the file */
};
void parse_syntax_error(
        struct parse *parse, struct place place, const struct parse_expected *expected);
void parse_too_deep(struct parse *parse, struct place place);

/* Two tokens that mean something together must not be apart: `>=`. */
void parse_one_sign(struct parse *parse, struct place first, struct place second);

/* ----------------------------------------------------------------- nodes (parse_node.c)
 *
 * Vectors passed in are consumed. Where a node would nest deeper than AST_MAX_DEPTH, that is
 * reported and a broken node stands in its place.
 */

struct ast_qname *node_qname(
        struct parse *parse, struct ast_name scope, struct ast_name name, struct place place);
struct ast_name *node_name(struct parse *parse, struct ast_name name);
struct ast_name node_dashed(
        struct parse *parse, struct ast_name left, struct ast_name right, struct place place);

struct ast_value *node_value(struct parse *parse, enum ast_value_kind kind, struct place place);
struct ast_value *node_text(struct parse *parse, struct ast_string text, struct place place);
struct ast_value *node_number(
        struct parse *parse, const struct ast_number *number, struct place place);
struct ast_value *node_bool(struct parse *parse, bool boolean, struct place place);
struct ast_value *node_value_name(struct parse *parse, struct ast_name name, struct place place);
struct ast_value *node_value_list(
        struct parse *parse, enum ast_value_kind kind, struct place place, struct vec *items);
struct ast_item *node_item(struct parse *parse, struct ast_string key, struct ast_value *value);

struct ast_type *node_type(struct parse *parse, enum ast_type_kind kind, struct place place);
struct ast_type *node_type_literal(
        struct parse *parse, struct ast_value *literal, struct place place);
struct ast_type *node_type_name(
        struct parse *parse, struct ast_qname *name, struct vec *constraints, struct place place);
struct ast_type *node_type_of(struct parse *parse, enum ast_type_kind kind,
        struct ast_type *element, struct vec *constraints, struct place place);
struct ast_type *node_type_choice(
        struct parse *parse, struct ast_type *left, struct ast_type *right, struct place place);
struct ast_type *node_record(struct parse *parse, struct vec *members, struct place place);
struct ast_type *node_tuple(struct parse *parse, struct vec *elements, struct place place);

struct ast_member *node_member(struct parse *parse, enum ast_member_kind kind, struct ast_name name,
        struct ast_type *type, struct place place);
struct ast_member *node_require(struct parse *parse, struct ast_expr *condition,
        struct ast_string message, struct place place);
struct ast_member *node_element(struct parse *parse, struct ast_name name, bool optional,
        struct ast_type *type, struct place place);

struct ast_arm *node_arm(struct parse *parse, struct ast_name name, struct ast_value *tag,
        struct ast_type *type, struct place place);
struct ast_arm *node_else(
        struct parse *parse, struct ast_name word, struct ast_type *type, struct place place);
struct ast_enum_value *node_enum_word(
        struct parse *parse, struct ast_name name, struct ast_string wire, struct place place);
struct ast_enum_value *node_enum_number(struct parse *parse, struct ast_name name,
        const struct ast_number *number, struct place place);
struct ast_enum_value *node_enum_rest(struct parse *parse, struct place place);

/* The members among them; the rest has no place in parentheses, and is reported. */
struct vec *node_params(struct parse *parse, struct vec *members);
struct ast_expr *node_expr(struct parse *parse, enum ast_expr_kind kind, struct ast_expr *left,
        struct ast_expr *right, struct place place);
struct ast_expr *node_operand(struct parse *parse, struct ast_value *value, struct place place);
struct ast_expr *node_path(struct parse *parse, struct vec *names, struct place place);
struct ast_expr *node_call(struct parse *parse, struct ast_name function, struct ast_expr *argument,
        struct place place);
struct ast_string *node_string(struct parse *parse, struct ast_string string);

struct ast_constraint *node_constraint(struct parse *parse, enum ast_constraint_kind kind,
        struct ast_name name, struct place place);
struct ast_constraint *node_constraint_number(struct parse *parse, struct ast_name name,
        const struct ast_number *number, struct place place);
struct ast_constraint *node_constraint_word(
        struct parse *parse, struct ast_name name, struct ast_name word, struct place place);
struct ast_constraint *node_constraint_string(
        struct parse *parse, struct ast_name name, struct ast_string string, struct place place);
struct ast_constraint *node_constraint_as(
        struct parse *parse, struct ast_name word, struct place as, struct place place);
struct ast_constraint *node_range(struct parse *parse, struct ast_name name,
        const struct ast_number *low, const struct ast_number *high, struct place place);

struct ast_permit *node_permit(struct parse *parse, enum ast_permit_kind kind,
        struct ast_permit *left, struct ast_permit *right, struct place place);
struct ast_permit *node_permit_term(
        struct parse *parse, struct ast_name term, struct ast_name argument, struct place place);

/* ------------------------------------------------------ lists of the grammar */

/* A list of one, or of none where something was wrong with it; and one more in it. */
struct vec *list_of(void *item);
struct vec *list_add(struct vec *list, void *item);

/* ---------------------------------- statements, declarations and clauses (parse_decl.c)
 *
 * Vectors passed in are consumed, NULL among them. Statements add themselves to the file's lists;
 * word is the place of the word that they begin with.
 */

void parse_header(
        struct parse *parse, struct ast_name name, struct ast_number version, struct place word);
void parse_import(struct parse *parse, struct ast_string path, struct place place);
void parse_option(
        struct parse *parse, struct ast_name name, struct vec *values, struct place place);
void parse_envelope(struct parse *parse, struct vec *items, struct place word);
void parse_declaration(struct parse *parse, struct ast_decl *decl, struct place place);
void parse_openness(
        struct parse *parse, struct ast_decl *decl, enum ast_openness openness, struct place word);
void parse_auth_message(struct parse *parse, struct ast_decl *decl, struct place word);

/* `ref as "reqid": int53`; `seq off`; `ref as 1: string` */
struct ast_envelope_item *envelope_named(struct parse *parse, struct ast_name name,
        struct ast_string wire, struct ast_qname *type, struct place place);
struct ast_envelope_item *envelope_word(
        struct parse *parse, struct ast_name name, struct ast_name word, struct place place);
struct ast_envelope_item *envelope_placed(struct parse *parse, struct ast_name name,
        const struct ast_number *position, struct ast_qname *type, struct place place);

struct ast_decl *decl_type(
        struct parse *parse, enum ast_decl_kind kind, struct ast_name name, struct ast_type *type);
struct ast_decl *decl_message(struct parse *parse, enum ast_decl_kind kind, struct ast_name name,
        struct vec *tags, struct ast_type *members);
struct ast_decl *decl_enum(
        struct parse *parse, struct ast_name name, struct ast_name base, struct vec *values);
struct ast_decl *decl_union(
        struct parse *parse, struct ast_name name, struct ast_string key, struct vec *arms);
/* A group, topic, mixin or consumer; its texts are the caller's to set. */
struct ast_decl *decl_served(struct parse *parse, enum ast_decl_kind kind, struct ast_name name,
        struct vec *params, struct vec *clauses);

struct ast_clause *node_clause(struct parse *parse, enum ast_clause_kind kind, struct place place);
struct ast_clause *clause_names(struct parse *parse, enum ast_clause_kind kind, struct vec *names,
        struct vec *replies, struct place place);
struct ast_clause *clause_words(struct parse *parse, enum ast_clause_kind kind,
        struct ast_name word, struct vec *words, struct place place);
struct ast_clause *clause_strings(struct parse *parse, struct vec *strings, struct place place);
struct ast_clause *clause_permit(
        struct parse *parse, struct ast_permit *permit, struct place place);
struct ast_clause *clause_presence(struct parse *parse, struct ast_type *type, struct place place);
struct ast_clause *clause_join(
        struct parse *parse, struct ast_qname *group, struct vec *arguments, struct place place);
/* What a history or limit is bounded by, NULL what is not said; then clause_of() says of what. */
struct ast_clause *clause_keep(struct parse *parse, const struct ast_number *count,
        const struct ast_number *period, struct place place);
struct ast_clause *clause_limit(struct parse *parse, const struct ast_number *count,
        const struct ast_number *period, const struct ast_number *burst, struct place place);
struct ast_clause *clause_of(
        struct parse *parse, struct ast_clause *bounds, struct vec *names, struct place place);

#endif
