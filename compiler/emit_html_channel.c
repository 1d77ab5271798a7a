/* SPDX-License-Identifier: MIT */
/*
 * emit_html_channel.c - connections, topics and groups on the HTML page.
 */
#include "emit_html.h"

#include <string.h>

/* ------------------------------------------------------------------ addresses */

/* What stands in braces, in a colour of its own. */
static void add_template(struct html *h, const char *text)
{
	while (*text != '\0') {
		size_t length = strcspn(text, "{");
		const char *close = text[length] != '\0' ? strchr(text + length, '}') : NULL;
		const char *piece;

		piece = arena_printf(h->r->arena, "%.*s", (int)length, text);
		html_text(h, piece);
		text += length;
		if (close == NULL) {
			html_text(h, text);
			return;
		}
		writer_add(h->w, "<span class=\"var\">");
		html_text(h, arena_printf(h->r->arena, "%.*s", (int)(close - text) + 1, text));
		writer_add(h->w, "</span>");
		text = close + 1;
	}
}

/* "wss://api.example.org" before the path, where the contract says where it is served. */
static const char *base_of(struct html *h)
{
	const char *url = h->r->model->main->options.server_url;
	size_t length;

	if (url == NULL)
		return "";
	length = strlen(url);
	while (length > 0 && url[length - 1] == '/')
		length--;
	return arena_printf(h->r->arena, "%.*s", (int)length, url);
}

static void put_address(struct html *h, const struct channel *channel)
{
	const struct model_consumer *route = channel->route;
	bool first = true;

	writer_add(h->w, "<code class=\"address\">");
	html_text(h, base_of(h));
	add_template(h, route->url);
	for (size_t i = 0; i < route->n_params; i++) {
		const char *wire = route->params[i].member.wire;

		if (route->params[i].in_path)
			continue;
		writer_add(h->w, first ? "?" : "&amp;");
		html_text(h, wire != NULL ? wire : route->params[i].member.name);
		writer_add(h->w, "=<span class=\"var\">…</span>");
		first = false;
	}
	html_close(h, "</code>");
}

/* ---------------------------------------------------------------------- facts */

static void open_fact(struct html *h, const char *name)
{
	writer_add(h->w, "<dt>%s</dt><dd>", name);
}

static void close_fact(struct html *h)
{
	html_close(h, "</dd>");
}

static void put_params(
        struct html *h, const struct model_param *params, size_t n, const char *title)
{
	if (n == 0)
		return;
	writer_line(h->w, "<h4>%s</h4>", title);
	for (size_t i = 0; i < n; i++) {
		reference_param(h->r, &params[i]);
		html_rows(h);
	}
}

static void put_auth(struct html *h, const struct model_consumer *route)
{
	open_fact(h, "Who you are");
	writer_add(h->w, "%s", reference_auth(h->r, route));
	if (route->auth_message != NULL)
		html_message_link(h, reference_message_id(h->r, route->auth_message));
	close_fact(h);
}

static void put_permit(struct html *h, const struct model_consumer *clause)
{
	if (clause->permit == NULL)
		return;
	open_fact(h, clause->topic != NULL ? "May subscribe" : "May enter");
	writer_add(h->w, "<code>");
	html_text(h, reference_permit(h->r, clause));
	writer_add(h->w, "</code>");
	close_fact(h);
}

static void put_object(struct html *h, const struct model_consumer *clause)
{
	const struct model_object *object = clause->object;

	if (object == NULL)
		return;
	open_fact(h, "Must exist");
	writer_add(h->w, "<code>%s</code> by ", object->name);
	for (size_t i = 0; i < object->n_by; i++)
		writer_add(
		        h->w, "%s<code>%s</code>", i > 0 ? ", " : "", object->by[i]->member.name);
	close_fact(h);
}

static void put_groups(struct html *h, const struct channel *channel)
{
	if (channel->groups.n == 0)
		return;
	open_fact(h, "Groups");
	for (size_t i = 0; i < channel->groups.n; i++) {
		const struct model_group *group = channel->groups.items[i];
		const char *name = reference_name(h->r, group->contract, group->name);

		writer_add(h->w, "%s<a href=\"#group-%s\"><code>%s</code></a>", i > 0 ? ", " : "",
		        name, name);
	}
	close_fact(h);
}

static void put_limits(struct html *h, const struct model_consumer *clause)
{
	if (clause->n_limits == 0)
		return;
	open_fact(h, "Limits");
	writer_add(h->w, "<ul>");
	for (size_t i = 0; i < clause->n_limits; i++) {
		const struct model_limit *limit = &clause->limits[i];

		writer_add(h->w, "<li>%s", reference_limit(h->r, limit));
		if (limit->kind == MODEL_LIMIT_ACTION) {
			writer_add(h->w, " of ");
			html_message_link(h, reference_message_id(h->r, limit->message));
		} else if (limit->kind == MODEL_LIMIT_ALL) {
			writer_add(h->w, " of all frames");
		}
		writer_add(h->w, "</li>");
	}
	writer_add(h->w, "</ul>");
	close_fact(h);
}

static void put_subprotocols(struct html *h, const struct model_consumer *route)
{
	if (route->n_subprotocols == 0)
		return;
	open_fact(h, "Subprotocols");
	for (size_t i = 0; i < route->n_subprotocols; i++) {
		writer_add(h->w, "%s<code>", i > 0 ? ", " : "");
		html_text(h, route->subprotocols[i]);
		writer_add(h->w, "</code>");
	}
	close_fact(h);
}

/* What begins the talk, and what ends a frame of it, in the contract's own words. */
static void put_own_words(struct html *h, const struct model_consumer *clause)
{
	if (clause->greeting != NULL) {
		open_fact(h, "First of all");
		writer_add(h->w, "you hear ");
		html_message_link(h, reference_message_id(h->r, clause->greeting->message));
		close_fact(h);
	}
	if (clause->error != NULL) {
		open_fact(h, "Refusals");
		writer_add(h->w, "of a frame are told by ");
		html_message_link(h, reference_message_id(h->r, clause->error->message));
		close_fact(h);
	}
}

static void put_facts(struct html *h, const struct channel *channel)
{
	writer_line(h->w, "<dl class=\"facts\">");
	if (channel->is_mounted) {
		open_fact(h, "On");
		writer_add(h->w, "<a href=\"#channel-%s\"><code>%s</code></a>, by subscribing",
		        channel->route->name, channel->route->name);
		close_fact(h);
	} else {
		put_auth(h, channel->route);
	}
	put_own_words(h, channel->clause);
	put_permit(h, channel->clause);
	put_object(h, channel->clause);
	put_groups(h, channel);
	put_limits(h, channel->clause);
	if (!channel->is_mounted)
		put_subprotocols(h, channel->route);
	if (channel_has_history(channel) && !channel->is_mounted) {
		open_fact(h, "Coming back");
		writer_add(h->w,
		        "with <code>?epoch=…&amp;seq=…</code> of the last message, to get what was "
		        "missed");
		close_fact(h);
	}
	html_close(h, "</dl>");
}

/* -------------------------------------------------------------------- traffic */

/* The first sentence of a doc comment, or its first line. */
static const char *first_sentence(struct html *h, const char *doc)
{
	size_t length;

	if (doc == NULL)
		return "";
	for (length = 0; doc[length] != '\0'; length++) {
		if (doc[length] == '\n' && doc[length + 1] == '\n')
			break;
		if (strchr(".!?", doc[length]) != NULL &&
		        (doc[length + 1] == ' ' || doc[length + 1] == '\n' ||
		                doc[length + 1] == '\0')) {
			length++;
			break;
		}
	}
	return arena_printf(h->r->arena, "%.*s", (int)length, doc);
}

static void add_answers(struct html *h, const struct channel_operation *operation)
{
	if (operation->n_replies == 0)
		return;
	writer_add(h->w, "<span class=\"answers\">→ ");
	for (size_t i = 0; i < operation->n_replies; i++) {
		writer_add(h->w, i > 0 ? " or " : "");
		html_message_link(h, operation->replies[i]->id);
	}
	writer_add(h->w, "</span>");
}

static void add_line(struct html *h, const struct channel_operation *operation)
{
	const struct model_message *message = operation->message->message;

	writer_add(h->w, "<li><span>");
	html_message_link(h, operation->message->id);
	add_answers(h, operation);
	writer_add(h->w, "</span><span class=\"what%s\">", message->is_std ? " standard" : "");
	html_text(h, first_sentence(h, message->doc));
	html_close(h, "</span></li>");
}

/* The frames of one direction; questions of the server are among what is heard. */
static void put_traffic(struct html *h, const struct channel *channel, bool sent, const char *title)
{
	bool any = false;

	for (size_t i = 0; i < channel->operations.n; i++) {
		const struct channel_operation *operation = channel->operations.items[i];

		if ((operation->verb == CHANNEL_RECEIVE) != sent)
			continue;
		if (!any)
			writer_line(h->w, "<h4>%s</h4><ul class=\"traffic\">", title);
		add_line(h, operation);
		any = true;
	}
	if (any)
		html_close(h, "</ul>");
}

static void put_topic_name(struct html *h, const struct model_group *topic)
{
	writer_add(h->w, "<code class=\"address\">\"");
	html_text(h, h->r->model->main->envelope.wire[MODEL_ENVELOPE_TOPIC]);
	writer_add(h->w, "\": \"");
	add_template(h, reference_group_name(h->r, topic));
	html_close(h, "\"</code>");
}

static const char *badge_of(const struct channel *channel)
{
	if (channel->is_mounted)
		return "topic";
	return channel->clause->topic != NULL ? "topic with a route" : "connection";
}

void html_channel(struct html *h, const struct channel *channel)
{
	const struct model_consumer *clause = channel->clause;

	writer_line(h->w, "<article class=\"entry\" id=\"channel-%s\" data-find=\"%s\">",
	        channel->id, badge_of(channel));
	writer_line(h->w,
	        "<header><h3><a href=\"#channel-%s\"><code>%s</code></a></h3><span "
	        "class=\"badge\">%s</span></header>",
	        channel->id, channel->id, badge_of(channel));
	html_doc(h, "doc", clause->doc);
	if (channel->is_mounted)
		put_topic_name(h, clause->topic);
	else
		put_address(h, channel);
	put_facts(h, channel);
	if (channel->is_mounted)
		put_params(
		        h, clause->topic->params, clause->topic->n_params, "In the topic's name");
	else
		put_params(h, channel->route->params, channel->route->n_params, "In the address");
	put_traffic(h, channel, true, "You send");
	put_traffic(h, channel, false, "You hear");
	html_close(h, "</article>");
}

/* --------------------------------------------------------------------- groups */

static void put_presence(struct html *h, const struct model_group *group)
{
	if (!group->has_presence)
		return;
	open_fact(h, "Presence");
	if (group->presence == NULL) {
		writer_add(h->w, "who is there, and on how many connections");
	} else {
		struct model_use use = {.type = group->presence};
		struct vec pieces = {0};

		reference_pieces(h->r, &pieces, &use);
		writer_add(h->w, "who is there, with ");
		html_pieces(h, &pieces);
		vec_clear(&pieces);
	}
	close_fact(h);
}

static void put_histories(struct html *h, const struct model_group *group)
{
	if (group->n_histories == 0)
		return;
	open_fact(h, "History");
	writer_add(h->w, "<ul>");
	for (size_t i = 0; i < group->n_histories; i++) {
		const struct model_history *history = &group->histories[i];
		const struct model_message *message = history->message.message;

		writer_add(h->w, "<li>");
		html_message_link(h, reference_message_id(h->r, message));
		writer_add(h->w, ": %s</li>", reference_history(h->r, history));
	}
	writer_add(h->w, "</ul>");
	if (group->is_durable)
		writer_add(h->w, "What is stored survives loss of power.");
	close_fact(h);
}

void html_group(struct html *h, const struct model_group *group)
{
	const char *name = reference_name(h->r, group->contract, group->name);

	writer_line(h->w, "<article class=\"entry\" id=\"group-%s\" data-find=\"group\">", name);
	writer_line(h->w,
	        "<header><h3><a href=\"#group-%s\"><code>%s</code></a></h3><span "
	        "class=\"badge\">group</span></header>",
	        name, name);
	html_doc(h, "doc", group->doc);
	writer_add(h->w, "<code class=\"address\">");
	add_template(h, reference_group_name(h->r, group));
	html_close(h, "</code><dl class=\"facts\">");
	put_presence(h, group);
	put_histories(h, group);
	html_close(h, "</dl>");
	put_params(h, group->params, group->n_params, "In its name");
	html_close(h, "</article>");
}
