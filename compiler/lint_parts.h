/* SPDX-License-Identifier: MIT */
/*
 * lint_parts.h - what the questions share.
 */
#ifndef MSGC_COMPILER_LINT_PARTS_H
#define MSGC_COMPILER_LINT_PARTS_H

#include <stdbool.h>

#include "arena.h"
#include "lint.h"
#include "vec.h"

/* Types that values of one direction reach, each once, those of other contracts among them. */
struct lint_reach {
	struct vec types;   /* const struct model_type * */
	const void **table; /* the same, by hash; NULL where there is none */
	size_t capacity;
};

struct lint {
	struct arena *arena;
	struct diag *diag;
	const struct unit *unit;
	const struct model_contract *contract;
	struct lint_reach from_clients;
	struct lint_reach to_clients;
};

/* lint_reach.c */
void lint_reach(struct lint *lint);

/* True for the contract that is being asked about. */
bool lint_is_own(const struct lint *lint, const struct model_type *type);

/* lint.c, lint_values.c, lint_names.c: one question each. */
void lint_unused(struct lint *lint);
void lint_idle_consumers(struct lint *lint);
void lint_limits(struct lint *lint);
void lint_docs(struct lint *lint);
void lint_unbounded(struct lint *lint);
void lint_deprecated(struct lint *lint);
void lint_closed_enums(struct lint *lint);
void lint_confusable(struct lint *lint);

#endif
