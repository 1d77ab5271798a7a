/* SPDX-License-Identifier: MIT */
/*
 * emit_html.h - what the files that write the HTML page share.
 *
 * Nothing of a contract gets onto the page but through html_text() and what is built on it; ids are
 * made of names, which are ASCII letters, digits, '_' and '.'.
 */
#ifndef MSGC_COMPILER_EMIT_HTML_H
#define MSGC_COMPILER_EMIT_HTML_H

#include "emit_reference.h"
#include "writer.h"

struct html {
	struct writer *w;
	struct reference *r;
};

/* ------------------------------------------------------------ parts (emit_html_parts.c) */

/* Text, escaped for elements and for attributes in double quotes. Adds to the line at hand. */
void html_text(struct html *h, const char *text);

/* The end of the line at hand: writer_line() would begin another one. */
void html_close(struct html *h, const char *text);

/* A doc comment: paragraphs between blank lines, `code`. Adds to the line at hand. */
void html_prose(struct html *h, const char *doc);

/* "<div class=CLASS>…</div>", or nothing without a doc. */
void html_doc(struct html *h, const char *class, const char *doc);

/* What a type is called, with links. */
void html_pieces(struct html *h, const struct vec *pieces);

/* The rows of the reference at hand as a list; nothing if there are none. */
void html_rows(struct html *h);

/* An article of rows that says what may stand beside the members of any message; nothing where there
 * is nothing. */
void html_envelope(struct html *h);

/* A figure with an example, or nothing. */
void html_example(struct html *h, const char *json);

/* "<a href=#message-ID><code>ID</code></a>" */
void html_message_link(struct html *h, const char *id);

/* "Deprecated" with what to use instead; nothing where it is not. */
void html_deprecated(struct html *h, const char *deprecated);

/* ------------------------------------------------------------------ what stands on it */

void html_channel(struct html *h, const struct channel *channel);   /* emit_html_channel.c */
void html_group(struct html *h, const struct model_group *group);   /* emit_html_channel.c */
void html_message(struct html *h, const struct reference_entry *e); /* emit_html_message.c */
void html_type(struct html *h, const struct model_type *type);      /* emit_html_message.c */
void html_alias(struct html *h, const struct model_alias *alias);   /* emit_html_message.c */

#endif
