/* SPDX-License-Identifier: MIT */
/*
 * emit_html_message.c - messages and types on the HTML page.
 */
#include "emit_html.h"

#include <string.h>

static void open_entry(struct html *h, const char *kind, const char *name, const char *also)
{
	writer_add(h->w, "<article class=\"entry\" id=\"%s-%s\" data-find=\"%s ", kind, name, kind);
	html_text(h, also);
	writer_line(h->w, "\">");
	writer_line(
	        h->w, "<header><h3><a href=\"#%s-%s\"><code>%s</code></a></h3>", kind, name, name);
}

static void badge(struct html *h, const char *class, const char *text)
{
	writer_line(h->w, "<span class=\"badge %s\">%s</span>", class, text);
}

/* -------------------------------------------------------------------- facts */

static void open_fact(struct html *h, const char *name)
{
	writer_add(h->w, "<dt>%s</dt><dd>", name);
}

static void close_fact(struct html *h)
{
	html_close(h, "</dd>");
}

static void put_entries(struct html *h, const char *name, const struct vec *entries)
{
	if (entries->n == 0)
		return;
	open_fact(h, name);
	for (size_t i = 0; i < entries->n; i++) {
		const struct reference_entry *entry = entries->items[i];

		writer_add(h->w, i > 0 ? ", " : "");
		html_message_link(h, entry->id);
	}
	close_fact(h);
}

static void put_channels(struct html *h, const struct reference_entry *entry)
{
	if (entry->channels.n == 0)
		return;
	open_fact(h, "Where");
	for (size_t i = 0; i < entry->channels.n; i++) {
		const struct channel *channel = entry->channels.items[i];

		writer_add(h->w, "%s<a href=\"#channel-%s\"><code>%s</code></a>", i > 0 ? ", " : "",
		        channel->id, channel->id);
	}
	close_fact(h);
}

static void put_groups(struct html *h, const struct reference_entry *entry)
{
	if (entry->groups.n == 0)
		return;
	open_fact(h, "To everybody in");
	for (size_t i = 0; i < entry->groups.n; i++) {
		const struct model_group *group = entry->groups.items[i];
		const char *name = reference_name(h->r, group->contract, group->name);

		writer_add(h->w, "%s<a href=\"#group-%s\"><code>%s</code></a>", i > 0 ? ", " : "",
		        name, name);
	}
	close_fact(h);
}

/* Of the clauses of the channels where clients send it. */
static void put_limits(struct html *h, const struct reference_entry *entry)
{
	bool any = false;

	for (size_t i = 0; i < entry->channels.n; i++) {
		const struct channel *channel = entry->channels.items[i];

		for (size_t j = 0; j < channel->clause->n_limits; j++) {
			const struct model_limit *limit = &channel->clause->limits[j];

			if (limit->kind != MODEL_LIMIT_ACTION || limit->message != entry->message)
				continue;
			if (!any)
				open_fact(h, "At most");
			writer_add(h->w, "%s%s", any ? "; " : "", reference_limit(h->r, limit));
			if (entry->channels.n > 1)
				writer_add(h->w, " in <code>%s</code>", channel->id);
			any = true;
		}
	}
	if (any)
		close_fact(h);
}

/* Which problems a list in `error` may name; what the server does not read cannot be wrong. */
static void put_errors(struct html *h, const struct reference_entry *entry)
{
	struct vec errors = {0};

	if (!entry->is_sent || h->r->channels->std == NULL)
		return;
	reference_errors(h->r, entry->message, &errors);
	if (errors.n > 0) {
		open_fact(h, "Refused for");
		writer_add(h->w, "<div class=\"chips\">");
		for (size_t i = 0; i < errors.n; i++) {
			const struct reference_error *error = errors.items[i];

			writer_add(
			        h->w, "<code title=\"%s\">%s</code>", error->meaning, error->name);
		}
		writer_add(h->w, "</div>");
		close_fact(h);
	}
	vec_clear(&errors);
}

static void put_facts(struct html *h, const struct reference_entry *entry)
{
	writer_line(h->w, "<dl class=\"facts\">");
	put_entries(h, "Answered by", &entry->answers);
	put_entries(h, "Answers", &entry->questions);
	put_groups(h, entry);
	put_limits(h, entry);
	put_errors(h, entry);
	put_channels(h, entry);
	html_close(h, "</dl>");
}

/* ------------------------------------------------------------------ messages */

static void put_badges(struct html *h, const struct reference_entry *entry)
{
	const struct model_message *message = entry->message;

	if (entry->is_sent)
		badge(h, "send", "you send");
	if (entry->is_heard)
		badge(h, "hear", "you hear");
	if (message->kind == MODEL_MESSAGE_GROUP)
		badge(h, "", "group");
	if (message->kind == MODEL_MESSAGE_EVENT)
		badge(h, "", "event");
	if (message->is_std)
		badge(h, "", "standard");
	if (message->authenticates)
		badge(h, "warn", "says who you are");
	if (message->deprecated != NULL)
		badge(h, "warn", "deprecated");
}

void html_message(struct html *h, const struct reference_entry *entry)
{
	const struct model_message *message = entry->message;
	const char *example = reference_example(h->r, entry);

	open_entry(h, "message", entry->id, message->wire);
	put_badges(h, entry);
	html_close(h, "</header>");
	html_doc(h, "doc", message->doc);
	html_deprecated(h, message->deprecated);
	writer_line(h->w, "<div class=\"split%s\">", example == NULL ? " bare" : "");
	writer_line(h->w, "<div>");
	reference_message(h->r, message);
	if (h->r->rows.n > 0)
		writer_line(h->w, "<h4>Members</h4>");
	html_rows(h);
	put_facts(h, entry);
	html_close(h, "</div>");
	html_example(h, example);
	html_close(h, "</div>");
	html_close(h, "</article>");
}

void html_envelope(struct html *h)
{
	reference_envelope(h->r);
	if (h->r->rows.n == 0)
		return;
	writer_line(h->w, "<article class=\"entry\" id=\"envelope\" data-find=\"\">");
	writer_line(h->w,
	        "<header><h3><a href=\"#envelope\">Beside a message's own "
	        "members</a></h3></header>");
	html_rows(h);
	html_close(h, "</article>");
}

/* --------------------------------------------------------------------- types */

static const char *kind_word(const struct model_type *type)
{
	switch (type->kind) {
	case MODEL_ENUM: return "one of these values";
	case MODEL_RECORD: return "object";
	case MODEL_UNION: return "one of these";
	case MODEL_CHOICE: return "one of these";
	case MODEL_LIST: return "array";
	case MODEL_MAP: return "map";
	case MODEL_TUPLE: return "array of fixed places";
	default: return "value";
	}
}

void html_type(struct html *h, const struct model_type *type)
{
	const char *name = reference_name(h->r, type->contract, type->name);

	open_entry(h, "type", name, "");
	writer_line(h->w, "<span class=\"badge\">%s</span></header>", kind_word(type));
	html_doc(h, "doc", type->doc);
	reference_type(h->r, type);
	if (h->r->rows.n > 0)
		writer_line(h->w, "<h4>%s</h4>",
		        type->kind == MODEL_ENUM             ? "Values"
		                : type->kind == MODEL_RECORD ? "Members"
		                                             : "What it is");
	html_rows(h);
	html_close(h, "</article>");
}

void html_alias(struct html *h, const struct model_alias *alias)
{
	const char *name = reference_name(h->r, alias->contract, alias->name);

	open_entry(h, "type", name, "");
	writer_line(h->w, "<span class=\"badge\">another name</span></header>");
	html_doc(h, "doc", alias->doc);
	reference_alias(h->r, alias);
	writer_line(h->w, "<h4>What it is</h4>");
	html_rows(h);
	html_close(h, "</article>");
}
