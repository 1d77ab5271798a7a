/* SPDX-License-Identifier: MIT */
/*
 * emit_html.c - a reference page in one file, NAME.html: it needs no network, and runs under its own
 * Content-Security-Policy, which lets in its one script and its one style by their hashes.
 */
#include "emit_html.h"

#include <string.h>

#include "emit.h"
#include "emit_page.h"
#include "emit_sha256.h"

/* ---------------------------------------------------------------------- head */

static const char *title_of(const struct html *h)
{
	const struct model_contract *main = h->r->model->main;

	return main->options.title != NULL ? main->options.title : main->name;
}

/* A text of ours as it is, line by line. */
static void put_lines(struct html *h, const char *text)
{
	while (*text != '\0') {
		size_t length = strcspn(text, "\n");

		writer_add(h->w, "%.*s", (int)length, text);
		writer_end(h->w);
		text += length + (text[length] == '\n');
	}
}

static void put_head(struct html *h)
{
	char style[EMIT_SHA256_BASE64], script[EMIT_SHA256_BASE64];

	emit_sha256_base64(page_reference_css, strlen(page_reference_css), style);
	emit_sha256_base64(page_reference_js, strlen(page_reference_js), script);
	writer_line(h->w, "<!doctype html>");
	writer_line(h->w, "<html lang=\"en\">");
	writer_line(h->w, "<head>");
	writer_line(h->w, "<meta charset=\"utf-8\">");
	writer_line(h->w,
	        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
	        "script-src 'sha256-%s'; style-src 'sha256-%s'; img-src data:; base-uri 'none'; "
	        "form-action 'none'\">",
	        script, style);
	writer_line(
	        h->w, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
	writer_line(h->w, "<meta name=\"color-scheme\" content=\"light dark\">");
	writer_line(h->w, "<meta name=\"referrer\" content=\"no-referrer\">");
	writer_line(h->w, "<link rel=\"icon\" href=\"data:,\">");
	writer_add(h->w, "<title>");
	html_text(h, title_of(h));
	writer_line(h->w, " · reference</title>");
	writer_add(h->w, "<style>");
	put_lines(h, page_reference_css);
	html_close(h, "</style>");
	html_close(h, "</head>");
}

static void put_bar(struct html *h)
{
	writer_line(h->w, "<body>");
	writer_line(h->w, "<a class=\"skip\" href=\"#main\">Skip to the contents</a>");
	writer_line(h->w,
	        "<input class=\"menu-toggle\" type=\"checkbox\" id=\"menu\" aria-label=\"Show the "
	        "list of contents\">");
	writer_line(h->w, "<div class=\"bar\">");
	writer_line(h->w,
	        "<label class=\"menu-button\" for=\"menu\"><svg viewBox=\"0 0 16 16\" "
	        "aria-hidden=\"true\"><path d=\"M1.5 4h13M1.5 8h13M1.5 12h13\"/></svg></label>");
	writer_add(h->w, "<a class=\"brand\" href=\"#top\">");
	html_text(h, title_of(h));
	html_close(h, "</a>");
	writer_line(h->w,
	        "<div class=\"search\"><input type=\"search\" id=\"search\" placeholder=\"Search\" "
	        "aria-label=\"Search messages, members and types\" autocomplete=\"off\" "
	        "spellcheck=\"false\"><kbd>/</kbd></div>");
	writer_line(h->w,
	        "<button type=\"button\" id=\"theme\" aria-label=\"Light or dark\" title=\"Light "
	        "or "
	        "dark\"><svg viewBox=\"0 0 18 18\" aria-hidden=\"true\"><path d=\"M9 1a8 8 0 1 0 0 "
	        "16A8 8 0 0 0 9 1zm0 1.6v12.8a6.4 6.4 0 0 1 0-12.8z\"/></svg></button>");
	html_close(h, "</div>");
}

/* ------------------------------------------------------------------- contents */

static void nav_link(struct html *h, const char *kind, const char *name, bool is_sub)
{
	writer_line(h->w, "<a%s href=\"#%s-%s\">%s</a>", is_sub ? " class=\"sub\"" : "", kind, name,
	        name);
}

/* Of std itself all messages are its own. */
static bool is_standard(const struct html *h, const struct reference_entry *entry)
{
	return entry->message->is_std && !h->r->model->main->is_builtin;
}

static void nav_messages(struct html *h, bool standard, const char *title)
{
	bool any = false;

	for (size_t i = 0; i < h->r->entries.n; i++) {
		const struct reference_entry *entry = h->r->entries.items[i];

		if (is_standard(h, entry) != standard)
			continue;
		if (!any)
			writer_line(h->w, "<h2>%s</h2>", title);
		any = true;
		nav_link(h, "message", entry->id, false);
	}
}

static void nav_channels(struct html *h)
{
	const struct vec *list = &h->r->channels->list;

	if (list->n > 0)
		writer_line(h->w, "<h2>Connections</h2>");
	for (size_t i = 0; i < list->n; i++) {
		const struct channel *channel = list->items[i];

		nav_link(h, "channel", channel->id, channel->is_mounted);
	}
}

static void nav_groups(struct html *h, const struct vec *groups)
{
	if (groups->n > 0)
		writer_line(h->w, "<h2>Groups</h2>");
	for (size_t i = 0; i < groups->n; i++) {
		const struct model_group *group = groups->items[i];

		nav_link(h, "group", reference_name(h->r, group->contract, group->name), false);
	}
}

static void nav_types(struct html *h)
{
	const struct reference *r = h->r;

	if (r->types.n + r->aliases.n > 0)
		writer_line(h->w, "<h2>Types</h2>");
	for (size_t i = 0; i < r->aliases.n; i++) {
		const struct model_alias *alias = r->aliases.items[i];

		nav_link(h, "type", reference_name(h->r, alias->contract, alias->name), false);
	}
	for (size_t i = 0; i < r->types.n; i++) {
		const struct model_type *type = r->types.items[i];

		nav_link(h, "type", reference_name(h->r, type->contract, type->name), false);
	}
}

/* ----------------------------------------------------------------------- parts */

static void put_title(struct html *h)
{
	const struct model_contract *main = h->r->model->main;
	const char *words =
	        main->options.description != NULL ? main->options.description : main->doc;

	writer_add(h->w, "<div class=\"title\" id=\"top\"><h1>");
	html_text(h, title_of(h));
	html_close(h, "</h1>");
	html_doc(h, "lede", words);
	writer_add(h->w,
	        "<div class=\"colophon\"><span>Contract <b>%s</b>, version <b>%u</b></span>",
	        main->name, main->version);
	if (main->options.licence != NULL) {
		writer_add(h->w, "<span>Licence <b>");
		html_text(h, main->options.licence);
		writer_add(h->w, "</b></span>");
	}
	if (main->options.contact != NULL) {
		writer_add(h->w, "<span>Contact <b>");
		html_text(h, main->options.contact);
		writer_add(h->w, "</b></span>");
	}
	html_close(h, "</div></div>");
}

static void open_part(struct html *h, const char *title)
{
	writer_line(h->w, "<section class=\"part\"><h2>%s</h2>", title);
}

static void put_messages(struct html *h, bool standard)
{
	bool any = false;

	for (size_t i = 0; i < h->r->entries.n; i++) {
		const struct reference_entry *entry = h->r->entries.items[i];

		if (is_standard(h, entry) != standard)
			continue;
		if (!any) {
			open_part(h, standard ? "Standard messages" : "Messages");
			if (!standard)
				html_envelope(h);
		}
		any = true;
		html_message(h, entry);
	}
	if (any)
		html_close(h, "</section>");
}

static void put_channels(struct html *h)
{
	const struct vec *list = &h->r->channels->list;

	if (list->n == 0)
		return;
	open_part(h, "Connections");
	for (size_t i = 0; i < list->n; i++)
		html_channel(h, list->items[i]);
	html_close(h, "</section>");
}

static void put_groups(struct html *h, const struct vec *groups)
{
	if (groups->n == 0)
		return;
	open_part(h, "Groups");
	writer_line(h->w, "<p>Who is in a group hears what is sent to it.</p>");
	for (size_t i = 0; i < groups->n; i++)
		html_group(h, groups->items[i]);
	html_close(h, "</section>");
}

/* Describing one may lead to more of them. */
static void put_types(struct html *h)
{
	const struct reference *r = h->r;

	if (r->types.n + r->aliases.n == 0)
		return;
	open_part(h, "Types");
	for (size_t alias = 0, type = 0; alias < r->aliases.n || type < r->types.n;) {
		if (alias < r->aliases.n)
			html_alias(h, r->aliases.items[alias++]);
		else
			html_type(h, r->types.items[type++]);
	}
	html_close(h, "</section>");
}

static void put_codes(
        struct html *h, const char *id, const char *title, const struct reference_error *rows)
{
	writer_line(h->w, "<article class=\"entry\" id=\"%s\" data-find=\"\">", id);
	writer_line(h->w, "<header><h3><a href=\"#%s\">%s</a></h3></header>", id, title);
	writer_line(h->w, "<dl class=\"codes\">");
	for (; rows->name != NULL; rows++) {
		writer_add(h->w, "<div><dt><code>%s</code></dt><dd>", rows->name);
		html_prose(h, rows->meaning);
		html_close(h, "</dd></div>");
	}
	html_close(h, "</dl></article>");
}

static void put_refusals(struct html *h)
{
	if (h->r->channels->list.n == 0)
		return;
	open_part(h, "When something goes wrong");
	if (h->r->channels->std != NULL) {
		writer_line(h->w,
		        "<p>A frame that breaks the contract is answered with <a "
		        "href=\"#message-error\"><code>error</code></a>, whose payload lists every "
		        "problem with its <code>type</code>, its place <code>loc</code> and a "
		        "sentence "
		        "<code>msg</code>; the connection stays open. Otherwise the payload has a "
		        "<code>reason</code> and a <code>detail</code>.</p>");
		put_codes(h, "reasons", "Reasons", reference_reasons);
	}
	put_codes(h, "close-codes", "Close codes", reference_close_codes);
	html_close(h, "</section>");
}

static void put_main(struct html *h, const struct vec *groups)
{
	writer_line(h->w, "<main id=\"main\">");
	put_title(h);
	put_channels(h);
	put_messages(h, false);
	put_groups(h, groups);
	put_messages(h, true);
	put_types(h);
	put_refusals(h);
	writer_line(h->w,
	        "<p class=\"nothing\" id=\"nothing\" hidden>Nothing here has all of these "
	        "words.</p>");
	writer_add(h->w, "<footer>Made by msgc from <code>");
	html_text(h, h->r->model->main->file);
	html_close(h, "</code>.</footer>");
	html_close(h, "</main>");
}

/* What is led to from imported contracts is known only when all has been written. */
static void put_nav(struct html *h, const struct vec *groups)
{
	writer_line(h->w, "<nav aria-label=\"Contents\">");
	nav_channels(h);
	nav_messages(h, false, "Messages");
	nav_groups(h, groups);
	nav_messages(h, true, "Standard messages");
	nav_types(h);
	if (h->r->channels->list.n > 0) {
		writer_line(h->w, "<h2>Errors</h2>");
		if (h->r->channels->std != NULL)
			writer_line(h->w, "<a href=\"#reasons\">Reasons</a>");
		writer_line(h->w, "<a href=\"#close-codes\">Close codes</a>");
	}
	html_close(h, "</nav>");
}

void emit_html(const struct model *model, struct writer *writer)
{
	struct html h = {writer, reference_new(model)};
	struct vec groups = {0};

	reference_groups(h.r, &groups);
	reference_claim_own_types(h.r);
	put_head(&h);
	put_bar(&h);
	writer_line(writer, "<div class=\"page\">");
	put_main(&h, &groups);
	put_nav(&h, &groups);
	writer_line(writer, "</div>");
	writer_add(writer, "<script>");
	put_lines(&h, page_reference_js);
	writer_line(writer, "</script>");
	writer_line(writer, "</body>");
	writer_line(writer, "</html>");
	vec_clear(&groups);
	reference_free(h.r);
}
