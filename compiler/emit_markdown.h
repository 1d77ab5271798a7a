/* SPDX-License-Identifier: MIT */
/*
 * emit_markdown.h - what the files that write the Markdown page share.
 *
 * Nothing of a contract gets onto the page but through markdown_text(), markdown_code() and what is
 * built on them: no text of it is markup, HTML least of all.
 */
#ifndef MSGC_COMPILER_EMIT_MARKDOWN_H
#define MSGC_COMPILER_EMIT_MARKDOWN_H

#include "emit_reference.h"
#include "writer.h"

struct markdown {
	struct writer *w;
	struct reference *r;
};

/* ---------------------------------------------------------- parts (emit_markdown_parts.c)
 *
 * text, code and pieces add to the line at hand; the others write lines, and an empty one behind.
 */
void markdown_text(struct markdown *m, const char *text);
void markdown_code(struct markdown *m, const char *text);
void markdown_pieces(struct markdown *m, const struct vec *pieces);
void markdown_prose(struct markdown *m, const char *doc);
/* "### `NAME`", and what links lead to: KIND-NAME. */
void markdown_heading(struct markdown *m, const char *kind, const char *name);
/* The rows of the reference at hand as a table; nothing if there are none. */
void markdown_rows(struct markdown *m);
void markdown_example(struct markdown *m, const char *json);
/* "[`ID`](#message-ID)" */
void markdown_link(struct markdown *m, const char *kind, const char *name);
/* "- **NAME:** " begins a line of facts; the caller ends it. */
void markdown_fact(struct markdown *m, const char *name);

/* ------------------------------------------------- connections (emit_markdown_channel.c) */
void markdown_channel(struct markdown *m, const struct channel *channel);
void markdown_group(struct markdown *m, const struct model_group *group);

#endif
