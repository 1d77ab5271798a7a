/* SPDX-License-Identifier: MIT */
/*
 * fmt_parts.h - what the parts of fmt share: tokens with their gaps, and the text being written.
 *
 * Everything is a range of token indices. A *container* is the file or what stands in brackets; it
 * consists of *items*: statements, members, values, clauses, each with the ';' or ',' behind it.
 */
#ifndef MSGC_COMPILER_FMT_PARTS_H
#define MSGC_COMPILER_FMT_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fmt.h"

#define FMT_COLUMNS 100
#define FMT_INDENT  4
/* Lines that an item goes on with stand this much further in. */
#define FMT_HANG 8
/* Brackets nest so deep at most: more than any contract that can be compiled. */
#define FMT_MAX_DEPTH 256
/* A longer head (a member's name and wire name, say) stands outside of its column. */
#define FMT_MAX_HEAD 40
/* Comments behind items begin here, if they fit: those of all sections in one column. */
#define FMT_COMMENT_COLUMN 40

enum fmt_kind {
	FMT_WORD,
	FMT_STRING,
	FMT_NUMBER,
	FMT_OPEN,      /* ( [ { and the < of map<T>, with a partner */
	FMT_CLOSE,     /* its partner */
	FMT_SEPARATOR, /* ; , */
	FMT_SIGN,      /* everything else */
	FMT_END,       /* behind the last token */
};

/* Signs of more than one character. */
enum { FMT_ARROW = 'a', FMT_RANGE = 'r', FMT_ELLIPSIS = 'e', FMT_COMPARE = 'c' };

struct fmt_token {
	uint32_t start; /* bytes of the source */
	uint32_t end;
	uint32_t match;    /* of brackets: the partner */
	uint32_t comments; /* the first comment in the gap before it */
	uint32_t column;   /* where it would begin if everything stood on one line */
	uint32_t width;    /* in code points */
	uint32_t n_braces; /* pairs of { } that open before it */
	uint32_t n_forced; /* those of them that a person has begun with a new line */
	uint8_t kind;
	char sign;        /* the character, or one of the above */
	uint8_t newlines; /* between it and what stands before it; 2: a blank line */
	bool space;       /* a blank before it where it does not begin a line */
	bool broken_gap;  /* a new line begins somewhere in the gap before it */
};

struct fmt_comment {
	uint32_t start;
	uint32_t end;
	uint32_t width;
	uint8_t newlines; /* before it; 0: it stands behind a token, on its line */
};

enum fmt_container {
	FMT_FILE,    /* statements; a body's } ends one, too */
	FMT_MEMBERS, /* of records, unions, envelopes, literals; ; and , part them */
	FMT_ENUM,    /* values */
	FMT_CLAUSES, /* of groups, consumers, topics, mixins; ; alone parts them */
	FMT_LIST,    /* ( ) [ ] < > */
};

struct fmt {
	const struct source *source;
	struct fmt_token *tokens; /* n_tokens, and one FMT_END */
	uint32_t n_tokens;
	uint32_t capacity;
	struct fmt_comment *comments;
	uint32_t n_comments;
	uint32_t comments_capacity;

	char *text; /* the result */
	size_t length;
	size_t text_capacity;
	uint32_t column; /* of the next character */
	uint32_t indent; /* to be written before it; only at the beginning of a line */
	bool too_big;
};

/* fmt_tokens.c: fills tokens and comments. False: reported. */
bool fmt_read(struct fmt *f, struct diag *diag);

/* fmt_space.c: space, column, n_braces, n_forced of all tokens. */
void fmt_space(struct fmt *f);

/* fmt_layout.c: writes everything. */
void fmt_layout(struct fmt *f);

/* ------------------------------------------------------------- fmt_items.c */

/* The token's text is this word. */
bool fmt_is_word(const struct fmt *f, uint32_t i, const char *word);

/* Behind the item that begins at token i; end is where its container ends. */
uint32_t fmt_item_end(const struct fmt *f, uint32_t i, uint32_t end, enum fmt_container kind);

/* What the brackets that open at token i hold, in an item of a container. */
enum fmt_container fmt_inner(
        const struct fmt *f, enum fmt_container kind, uint32_t item, uint32_t i);

/* `require …` or another statement among members, rather than a member of that name. */
bool fmt_is_statement(const struct fmt *f, uint32_t item, uint32_t end, const char *word);

/*
 * The first cell of an item that stands in columns with its neighbours: its first token behind the
 * cell; item itself if it has none. *ret_as: where `as "wire"` begins in a member's head, or 0.
 */
uint32_t fmt_head_end(const struct fmt *f, uint32_t item, uint32_t end, enum fmt_container kind,
        uint32_t *ret_as);

/* Of tokens [from, to) on one line. */
uint32_t fmt_width(const struct fmt *f, uint32_t from, uint32_t to);

/* Comments in the gaps between tokens [from, to), the first and the last one's outer gaps not counted. */
bool fmt_has_comments(const struct fmt *f, uint32_t from, uint32_t to);
bool fmt_has_braces(const struct fmt *f, uint32_t from, uint32_t to);

/* Nothing in [from, to) asks for more than one line. */
bool fmt_is_inline(const struct fmt *f, uint32_t from, uint32_t to);

/* --------------------------------------------------------------- fmt_out.c */

void fmt_put(struct fmt *f, uint32_t start, uint32_t end, uint32_t width);
void fmt_put_blanks(struct fmt *f, uint32_t n);
/* Ends the line, if one has been begun, and begins another. */
void fmt_line(struct fmt *f, uint32_t indent);
void fmt_blank_line(struct fmt *f);
/* Tokens [from, to) as they stand on one line, without a blank before the first. */
void fmt_put_tokens(struct fmt *f, uint32_t from, uint32_t to);
/* A comment of the source at the present column. */
void fmt_put_comment(struct fmt *f, const struct fmt_comment *comment);

#endif
