/* SPDX-License-Identifier: MIT */
/*
 * emit_markdown.c - a reference page in Markdown, NAME.md: what the HTML page says, for repositories
 * and for programs that read.
 */
#include "emit_markdown.h"

#include <string.h>

#include "emit.h"

static void put_title(struct markdown *m)
{
	const struct model_contract *main = m->r->model->main;
	const struct model_options *options = &main->options;

	writer_add(m->w, "# ");
	markdown_text(m, options->title != NULL ? options->title : main->name);
	writer_end(m->w);
	writer_blank(m->w);
	markdown_prose(m, options->description != NULL ? options->description : main->doc);
	writer_line(m->w, "Contract `%s`, version %u.", main->name, main->version);
	writer_blank(m->w);
}

static void put_part(struct markdown *m, const char *title)
{
	writer_blank(m->w);
	writer_line(m->w, "## %s", title);
	writer_blank(m->w);
}

/* ------------------------------------------------------------------ messages */

static void put_direction(struct markdown *m, const struct reference_entry *entry)
{
	const char *words[5];
	size_t n = 0;

	if (entry->is_sent)
		words[n++] = "you send";
	if (entry->is_heard)
		words[n++] = "you hear";
	if (entry->message->kind == MODEL_MESSAGE_GROUP)
		words[n++] = "group message";
	if (entry->message->kind == MODEL_MESSAGE_EVENT)
		words[n++] = "event";
	if (entry->message->authenticates)
		words[n++] = "says who you are";
	for (size_t i = 0; i < n; i++)
		writer_add(m->w, "%s%s", i > 0 ? ", " : "*", words[i]);
	if (n == 0)
		return;
	writer_add(m->w, "*");
	writer_end(m->w);
	writer_blank(m->w);
}

static void put_links(struct markdown *m, const char *name, const struct vec *entries)
{
	if (entries->n == 0)
		return;
	markdown_fact(m, name);
	for (size_t i = 0; i < entries->n; i++) {
		const struct reference_entry *entry = entries->items[i];

		writer_add(m->w, i > 0 ? ", " : "");
		markdown_link(m, "message", entry->id);
	}
	writer_end(m->w);
}

static void put_errors(struct markdown *m, const struct reference_entry *entry)
{
	struct vec errors = {0};

	if (!entry->is_sent || m->r->channels->std == NULL)
		return;
	reference_errors(m->r, entry->message, &errors);
	if (errors.n > 0) {
		markdown_fact(m, "Refused for");
		for (size_t i = 0; i < errors.n; i++) {
			const struct reference_error *error = errors.items[i];

			writer_add(m->w, "%s`%s`", i > 0 ? ", " : "", error->name);
		}
		writer_end(m->w);
	}
	vec_clear(&errors);
}

static void put_message(struct markdown *m, const struct reference_entry *entry)
{
	const struct model_message *message = entry->message;

	markdown_heading(m, "message", entry->id);
	put_direction(m, entry);
	markdown_prose(m, message->doc);
	if (message->deprecated != NULL) {
		writer_add(m->w, "**Deprecated**%s", *message->deprecated != '\0' ? ": " : ".");
		markdown_text(m, message->deprecated);
		writer_end(m->w);
		writer_blank(m->w);
	}
	reference_message(m->r, message);
	markdown_rows(m);
	put_links(m, "Answered by", &entry->answers);
	put_links(m, "Answers", &entry->questions);
	put_errors(m, entry);
	markdown_example(m, reference_example(m->r, entry));
}

/* Of std itself all messages are its own. */
static void put_messages(struct markdown *m, bool standard)
{
	bool any = false;

	for (size_t i = 0; i < m->r->entries.n; i++) {
		const struct reference_entry *entry = m->r->entries.items[i];

		if ((entry->message->is_std && !m->r->model->main->is_builtin) != standard)
			continue;
		if (!any)
			put_part(m, standard ? "Standard messages" : "Messages");
		any = true;
		put_message(m, entry);
	}
}

/* --------------------------------------------------------------------- others */

static void put_envelope(struct markdown *m)
{
	reference_envelope(m->r);
	if (m->r->rows.n == 0)
		return;
	put_part(m, "Beside a message's own members");
	markdown_rows(m);
}

static void put_channels(struct markdown *m)
{
	const struct vec *list = &m->r->channels->list;

	if (list->n > 0)
		put_part(m, "Connections");
	for (size_t i = 0; i < list->n; i++)
		markdown_channel(m, list->items[i]);
}

static void put_groups(struct markdown *m)
{
	struct vec groups = {0};

	reference_groups(m->r, &groups);
	if (groups.n > 0)
		put_part(m, "Groups");
	for (size_t i = 0; i < groups.n; i++)
		markdown_group(m, groups.items[i]);
	vec_clear(&groups);
}

static void put_alias(struct markdown *m, const struct model_alias *alias)
{
	markdown_heading(m, "type", reference_name(m->r, alias->contract, alias->name));
	markdown_prose(m, alias->doc);
	reference_alias(m->r, alias);
	markdown_rows(m);
}

static void put_type(struct markdown *m, const struct model_type *type)
{
	markdown_heading(m, "type", reference_name(m->r, type->contract, type->name));
	markdown_prose(m, type->doc);
	reference_type(m->r, type);
	markdown_rows(m);
}

/* Describing one may lead to more of them. */
static void put_types(struct markdown *m)
{
	const struct reference *r = m->r;

	if (r->types.n + r->aliases.n == 0)
		return;
	put_part(m, "Types");
	for (size_t alias = 0, type = 0; alias < r->aliases.n || type < r->types.n;) {
		if (alias < r->aliases.n)
			put_alias(m, r->aliases.items[alias++]);
		else
			put_type(m, r->types.items[type++]);
	}
}

static void put_codes(struct markdown *m, const char *title, const struct reference_error *rows)
{
	put_part(m, title);
	writer_line(m->w, "| | |");
	writer_line(m->w, "| --- | --- |");
	for (; rows->name != NULL; rows++)
		writer_line(m->w, "| `%s` | %s |", rows->name, rows->meaning);
	writer_blank(m->w);
}

void emit_markdown(const struct model *model, struct writer *writer)
{
	struct markdown m = {writer, reference_new(model)};

	reference_claim_own_types(m.r);
	put_title(&m);
	put_channels(&m);
	put_envelope(&m);
	put_messages(&m, false);
	put_groups(&m);
	put_messages(&m, true);
	put_types(&m);
	if (m.r->channels->std != NULL && m.r->channels->list.n > 0)
		put_codes(&m, "Reasons of errors", reference_reasons);
	if (m.r->channels->list.n > 0)
		put_codes(&m, "Close codes", reference_close_codes);
	reference_free(m.r);
}
