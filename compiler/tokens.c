/* SPDX-License-Identifier: MIT */
/*
 * tokens.c - the parser's scanner without the parser.
 *
 * Knows nothing of the grammar, and of tokens no more than where they stand.
 */
#include "tokens.h"

#include "arena.h"
#include "parse.h"
#include "parser.h"
#include "scan.h"

bool tokens_scan(struct diag *diag, const struct source *source, tokens_fn *token, void *context)
{
	static const struct vec none;
	struct parse parse = {
	        .arena = arena_new(), .diag = diag, .source = source, .semicolons = &none};
	size_t errors = diag_errors(diag);
	MSGC_PARSE_STYPE value;
	struct place place;

	if (parse_bytes(diag, source)) {
		parse.scanner = scan_open(&parse);
		while (msgc_scan_lex(&value, &place, parse.scanner) != 0)
			token(context, place.start, place.end);
		scan_close(parse.scanner);
	}
	vec_clear(&parse.docs);
	arena_free(parse.arena);
	return diag_errors(diag) == errors;
}
