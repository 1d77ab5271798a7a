/* SPDX-License-Identifier: MIT */
/*
 * tokens.h - the words of a contract in order, without its grammar.
 *
 * For tools that care how a contract is laid out. The scanner is the parser's own, so that both see
 * the same words.
 */
#ifndef MSGC_COMPILER_TOKENS_H
#define MSGC_COMPILER_TOKENS_H

#include <stdbool.h>
#include <stdint.h>

#include "diag.h"
#include "source.h"

/* Bytes [start, end) are a token: not a comment, not white space. */
typedef void tokens_fn(void *context, uint32_t start, uint32_t end);

/*
 * Hands over all tokens of the source. False, with messages, if there is something in it that is no
 * token; what was handed over before is of no use then. Warnings are reported too.
 */
bool tokens_scan(struct diag *diag, const struct source *source, tokens_fn *token, void *context);

#endif
