/* SPDX-License-Identifier: MIT */
/*
 * foreign.h - hints for words of other languages (foreign.c).
 *
 * Both add a hint to the last diagnostic and return true if the word is known; they are asked about words that are wrong where they stand.
 */
#ifndef MSGC_FOREIGN_H
#define MSGC_FOREIGN_H

#include "diag.h"

/* Where a type is wanted: 'integer', 'array'. */
bool foreign_type_hint(struct diag *diag, const char *word);
/* Where a declaration or a clause begins: 'struct', 'action'. */
bool foreign_beginning_hint(struct diag *diag, const char *word);

#endif
