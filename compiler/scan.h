/* SPDX-License-Identifier: MIT */
/*
 * scan.h - the scanner as the parser sees it.
 *
 * Needs parser.h (made by bison) before it.
 */
#ifndef MSGC_COMPILER_SCAN_H
#define MSGC_COMPILER_SCAN_H

struct parse;

/* A scanner at the beginning of parse->source, whose text it changes and restores as it goes. */
void *scan_open(struct parse *parse);
void scan_close(void *scanner);

int msgc_scan_lex(MSGC_PARSE_STYPE *value, MSGC_PARSE_LTYPE *place, void *scanner);

#endif
