/* SPDX-License-Identifier: MIT */
/*
 * fmt.h - a contract in its canonical layout.
 *
 * Only white space changes: every token and every comment stays as it is, in its order. Works on
 * tokens, brackets and separators; knows no more of the grammar than that, and nothing of meaning.
 */
#ifndef MSGC_COMPILER_FMT_H
#define MSGC_COMPILER_FMT_H

#include <stdbool.h>
#include <stddef.h>

#include "diag.h"
#include "source.h"

/*
 * Lays out a source that need not be a contract, as long as it consists of tokens. *ret_text is the
 * caller's, to be freed. False, with messages: something in it is no token, its brackets nest too
 * deeply, or the result would be larger than a contract may be.
 */
bool fmt_source(
        struct diag *diag, const struct source *source, char **ret_text, size_t *ret_length);

#endif
