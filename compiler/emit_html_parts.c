/* SPDX-License-Identifier: MIT */
/*
 * emit_html_parts.c - texts, members, examples as HTML. The only place that puts a contract's text
 * onto the page.
 */
#include "emit_html.h"

#include <string.h>

/* -------------------------------------------------------------------- texts */

/* What a character becomes; NULL: itself. Control characters have no place in HTML. */
static const char *escape_of(char c)
{
	switch (c) {
	case '&': return "&amp;";
	case '<': return "&lt;";
	case '>': return "&gt;";
	case '"': return "&quot;";
	case '\'': return "&#39;";
	case '\n':
	case '\t': return " ";
	default: return (unsigned char)c < 0x20 || c == 0x7f ? "&#xfffd;" : NULL;
	}
}

static void add_text(struct html *h, const char *text, size_t length)
{
	size_t from = 0;

	for (size_t i = 0; i < length; i++) {
		const char *escape = escape_of(text[i]);

		if (escape == NULL)
			continue;
		writer_add(h->w, "%.*s%s", (int)(i - from), text + from, escape);
		from = i + 1;
	}
	writer_add(h->w, "%.*s", (int)(length - from), text + from);
}

void html_text(struct html *h, const char *text)
{
	add_text(h, text, strlen(text));
}

void html_close(struct html *h, const char *text)
{
	writer_add(h->w, "%s", text);
	writer_end(h->w);
}

/* A paragraph: `code` where a second backtick follows. */
static void add_paragraph(struct html *h, const char *text, size_t length)
{
	const char *end = text + length;

	writer_add(h->w, "<p dir=\"auto\">");
	while (text < end) {
		const char *tick = memchr(text, '`', (size_t)(end - text)), *other = NULL;

		if (tick != NULL && tick + 1 < end)
			other = memchr(tick + 1, '`', (size_t)(end - tick) - 1);
		if (other == NULL) {
			add_text(h, text, (size_t)(end - text));
			break;
		}
		add_text(h, text, (size_t)(tick - text));
		writer_add(h->w, "<code>");
		add_text(h, tick + 1, (size_t)(other - tick) - 1);
		writer_add(h->w, "</code>");
		text = other + 1;
	}
	writer_add(h->w, "</p>");
}

void html_prose(struct html *h, const char *doc)
{
	while (*doc != '\0') {
		const char *end = strstr(doc, "\n\n");
		size_t length = end != NULL ? (size_t)(end - doc) : strlen(doc);

		if (length > 0)
			add_paragraph(h, doc, length);
		doc += length;
		doc += strspn(doc, "\n");
	}
}

void html_doc(struct html *h, const char *class, const char *doc)
{
	if (doc == NULL || *doc == '\0')
		return;
	writer_add(h->w, "<div class=\"%s\">", class);
	html_prose(h, doc);
	html_close(h, "</div>");
}

void html_deprecated(struct html *h, const char *deprecated)
{
	if (deprecated == NULL)
		return;
	writer_add(h->w, "<p class=\"gone\"><b>Deprecated</b>%s", *deprecated != '\0' ? ": " : "");
	html_text(h, deprecated);
	html_close(h, "</p>");
}

/* ------------------------------------------------------------------ members */

void html_pieces(struct html *h, const struct vec *pieces)
{
	for (size_t i = 0; i < pieces->n; i++) {
		const struct reference_piece *piece = pieces->items[i];

		if (piece->anchor != NULL)
			writer_add(h->w, "<a href=\"#%s\">", piece->anchor);
		else if (piece->is_code)
			writer_add(h->w, "<code>");
		html_text(h, piece->text);
		if (piece->anchor != NULL)
			writer_add(h->w, "</a>");
		else if (piece->is_code)
			writer_add(h->w, "</code>");
	}
}

static void add_words(struct html *h, const struct reference_row *row)
{
	if (row->words.n == 0 && row->default_json == NULL)
		return;
	writer_add(h->w, "<div class=\"says\">");
	for (size_t i = 0; i < row->words.n; i++) {
		writer_add(h->w, "<span>");
		html_text(h, row->words.items[i]);
		writer_add(h->w, "</span>");
	}
	if (row->default_json != NULL) {
		writer_add(h->w, "<span>absent means <code>");
		html_text(h, row->default_json);
		writer_add(h->w, "</code></span>");
	}
	writer_add(h->w, "</div>");
}

static void add_row(struct html *h, const struct reference_row *row)
{
	if (row->name != NULL) {
		writer_add(h->w, "<code class=\"row-name\">");
		html_text(h, row->name);
		writer_add(h->w, "</code>");
	}
	writer_add(h->w, "<span class=\"row-type\">");
	html_pieces(h, &row->pieces);
	writer_add(h->w, "</span>");
	if (row->optional || row->default_json != NULL)
		writer_add(h->w, "<span class=\"row-flag\">optional</span>");
	if (row->deprecated != NULL)
		writer_add(h->w, "<span class=\"row-flag must\">deprecated</span>");
	add_words(h, row);
	if (row->doc != NULL) {
		writer_add(h->w, "<div class=\"row-doc\">");
		html_prose(h, row->doc);
		writer_add(h->w, "</div>");
	}
	if (row->deprecated != NULL && *row->deprecated != '\0') {
		writer_add(h->w, "<div class=\"says\">");
		html_text(h, row->deprecated);
		writer_add(h->w, "</div>");
	}
}

void html_rows(struct html *h)
{
	if (h->r->rows.n == 0)
		return;
	writer_line(h->w, "<ul class=\"rows\">");
	for (size_t i = 0; i < h->r->rows.n; i++) {
		const struct reference_row *row = h->r->rows.items[i];

		writer_add(h->w, "<li class=\"d%u%s\">", row->depth < 5 ? row->depth : 5,
		        row->kind == REFERENCE_RULE ? " rule" : "");
		if (row->kind == REFERENCE_RULE)
			html_text(h, row->words.items[0]);
		else
			add_row(h, row);
		html_close(h, "</li>");
	}
	html_close(h, "</ul>");
}

/* ----------------------------------------------------------------- examples */

static void put_token(void *context, enum reference_token token, const char *text, size_t length)
{
	static const char classes[] = {[REFERENCE_TOKEN_KEY] = 'k',
	        [REFERENCE_TOKEN_STRING] = 's',
	        [REFERENCE_TOKEN_NUMBER] = 'n',
	        [REFERENCE_TOKEN_WORD] = 'w',
	        [REFERENCE_TOKEN_SIGN] = 'p'};
	struct html *h = context;

	if (token == REFERENCE_TOKEN_BREAK) {
		writer_end(h->w);
		for (size_t i = 0; i < length; i++)
			writer_add(h->w, "  ");
		return;
	}
	writer_add(h->w, "<span class=\"%c\">", classes[token]);
	add_text(h, text, length);
	writer_add(h->w, "</span>");
}

void html_example(struct html *h, const char *json)
{
	if (json == NULL)
		return;
	writer_line(h->w,
	        "<figure class=\"example\"><figcaption>Example <button type=\"button\" "
	        "hidden>Copy</button></figcaption>");
	writer_add(h->w, "<pre><code>");
	reference_json(json, put_token, h);
	html_close(h, "</code></pre></figure>");
}

void html_message_link(struct html *h, const char *id)
{
	writer_add(h->w, "<a href=\"#message-%s\"><code>%s</code></a>", id, id);
}
