/* SPDX-License-Identifier: MIT */
/*
 * check_expr.h - what the files for expressions of `require` share.
 */
#ifndef MSGC_COMPILER_CHECK_EXPR_H
#define MSGC_COMPILER_CHECK_EXPR_H

#include "checks.h"

/* A condition of a record that is being checked. */
struct check_expr {
	struct check *c;
	const struct model_type *record;
	size_t n_paths; /* met so far */
};

/* A side of a comparison or an operand, on its way to a type. */
struct check_operand {
	struct model_expr *expr; /* NULL: broken, or not yet known (see below) */
	const struct ast_expr *ast;
	const struct model_type *type; /* of a path; NULL: of the language's own */
	bool is_null;
	bool is_literal; /* a string or number that takes the type of the other side */
	bool is_word;    /* a name that is no member: perhaps a value of an enum */
	bool broken;
};

struct model_expr *check_expr_new(struct check_expr *e, const struct ast_expr *ast,
        enum model_expr_op op, enum model_expr_type type);

/* An operand as it stands there; and what it is by itself. False: reported. */
struct check_operand check_expr_operand(struct check_expr *e, const struct ast_expr *ast);
bool check_expr_settle(struct check_expr *e, struct check_operand *operand);

/* A name that is no member, with a suggestion. */
void check_expr_unknown(
        struct check_expr *e, const struct model_type *type, const struct ast_name *name);

/* Something on the path may be null; or, unless null_only, absent. */
bool check_expr_may_miss(const struct model_expr *path, bool null_only);

/* "a string", "an enum" */
const char *check_expr_word(enum model_expr_type type);

/* Two numbers: both floats if one of them is. */
bool check_expr_is_number(const struct model_expr *expr);
void check_expr_same_numbers(struct model_expr *left, struct model_expr *right);

/* NULL: reported. */
struct model_expr *check_expr_compare(
        struct check_expr *e, const struct ast_expr *ast, enum model_expr_op op);

#endif
