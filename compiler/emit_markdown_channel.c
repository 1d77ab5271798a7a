/* SPDX-License-Identifier: MIT */
/*
 * emit_markdown_channel.c - connections, topics and groups on the Markdown page.
 */
#include "emit_markdown.h"

#include <string.h>

static void end_fact(struct markdown *m)
{
	writer_end(m->w);
}

static void put_params(
        struct markdown *m, const struct model_param *params, size_t n, const char *where)
{
	for (size_t i = 0; i < n; i++) {
		if (i == 0)
			writer_line(m->w, "%s:", where);
		reference_param(m->r, &params[i]);
		markdown_rows(m);
	}
}

static void put_auth(struct markdown *m, const struct model_consumer *route)
{
	markdown_fact(m, "Who you are");
	writer_add(m->w, "%s", reference_auth(m->r, route));
	if (route->auth_message != NULL)
		markdown_link(m, "message", reference_message_id(m->r, route->auth_message));
	end_fact(m);
}

static void put_permit(struct markdown *m, const struct model_consumer *clause)
{
	if (clause->permit == NULL)
		return;
	markdown_fact(m, clause->topic != NULL ? "May subscribe" : "May enter");
	markdown_code(m, reference_permit(m->r, clause));
	end_fact(m);
}

static void put_object(struct markdown *m, const struct model_object *object)
{
	if (object == NULL)
		return;
	markdown_fact(m, "Must exist");
	writer_add(m->w, "`%s` by ", object->name);
	for (size_t i = 0; i < object->n_by; i++)
		writer_add(m->w, "%s`%s`", i > 0 ? ", " : "", object->by[i]->member.name);
	end_fact(m);
}

static void put_groups(struct markdown *m, const struct channel *channel)
{
	if (channel->groups.n == 0)
		return;
	markdown_fact(m, "Groups");
	for (size_t i = 0; i < channel->groups.n; i++) {
		const struct model_group *group = channel->groups.items[i];

		writer_add(m->w, i > 0 ? ", " : "");
		markdown_link(m, "group", reference_name(m->r, group->contract, group->name));
	}
	end_fact(m);
}

static void put_limits(struct markdown *m, const struct model_consumer *clause)
{
	for (size_t i = 0; i < clause->n_limits; i++) {
		const struct model_limit *limit = &clause->limits[i];

		markdown_fact(m, "Limit");
		writer_add(m->w, "%s", reference_limit(m->r, limit));
		if (limit->kind == MODEL_LIMIT_ACTION) {
			writer_add(m->w, " of ");
			markdown_link(m, "message", reference_message_id(m->r, limit->message));
		} else if (limit->kind == MODEL_LIMIT_ALL) {
			writer_add(m->w, " of all frames");
		}
		end_fact(m);
	}
}

static void put_subprotocols(struct markdown *m, const struct model_consumer *route)
{
	if (route->n_subprotocols == 0)
		return;
	markdown_fact(m, "Subprotocols");
	for (size_t i = 0; i < route->n_subprotocols; i++) {
		writer_add(m->w, i > 0 ? ", " : "");
		markdown_code(m, route->subprotocols[i]);
	}
	end_fact(m);
}

/* What begins the talk, and what ends a frame of it, in the contract's own words. */
static void put_own_words(struct markdown *m, const struct model_consumer *clause)
{
	if (clause->greeting != NULL) {
		markdown_fact(m, "First of all");
		writer_add(m->w, "you hear ");
		markdown_link(m, "message", reference_message_id(m->r, clause->greeting->message));
		end_fact(m);
	}
	if (clause->error != NULL) {
		markdown_fact(m, "Refusals");
		writer_add(m->w, "of a frame are told by ");
		markdown_link(m, "message", reference_message_id(m->r, clause->error->message));
		end_fact(m);
	}
}

static void put_traffic(
        struct markdown *m, const struct channel *channel, bool sent, const char *title)
{
	bool any = false;

	for (size_t i = 0; i < channel->operations.n; i++) {
		const struct channel_operation *operation = channel->operations.items[i];

		if ((operation->verb == CHANNEL_RECEIVE) != sent)
			continue;
		if (!any)
			writer_line(m->w, "%s:", title), writer_blank(m->w);
		any = true;
		writer_add(m->w, "- ");
		markdown_link(m, "message", operation->message->id);
		for (size_t j = 0; j < operation->n_replies; j++) {
			writer_add(m->w, j > 0 ? " or " : " → ");
			markdown_link(m, "message", operation->replies[j]->id);
		}
		end_fact(m);
	}
	writer_blank(m->w);
}

void markdown_channel(struct markdown *m, const struct channel *channel)
{
	const struct model_consumer *clause = channel->clause, *route = channel->route;

	markdown_heading(m, "channel", channel->id);
	markdown_prose(m, clause->doc);
	if (channel->is_mounted) {
		markdown_fact(m, "Topic");
		markdown_code(m, reference_group_name(m->r, clause->topic));
		writer_add(m->w, " on ");
		markdown_link(m, "channel", route->name);
		writer_add(m->w, "; each of its frames says so in ");
		markdown_code(m, m->r->model->main->envelope.wire[MODEL_ENVELOPE_TOPIC]);
	} else {
		markdown_fact(m, "Address");
		markdown_code(m, route->url);
	}
	end_fact(m);
	if (!channel->is_mounted)
		put_auth(m, route);
	put_own_words(m, clause);
	put_permit(m, clause);
	put_object(m, clause->object);
	put_groups(m, channel);
	put_limits(m, clause);
	if (!channel->is_mounted)
		put_subprotocols(m, route);
	writer_blank(m->w);
	if (channel->is_mounted)
		put_params(
		        m, clause->topic->params, clause->topic->n_params, "In the topic's name");
	else
		put_params(m, route->params, route->n_params, "In the address");
	put_traffic(m, channel, true, "You send");
	put_traffic(m, channel, false, "You hear");
}

void markdown_group(struct markdown *m, const struct model_group *group)
{
	markdown_heading(m, "group", reference_name(m->r, group->contract, group->name));
	markdown_prose(m, group->doc);
	markdown_fact(m, "Name");
	markdown_code(m, reference_group_name(m->r, group));
	end_fact(m);
	if (group->has_presence) {
		struct model_use use = {.type = group->presence};
		struct vec pieces = {0};

		markdown_fact(m, "Presence");
		writer_add(m->w, "who is there%s", group->presence != NULL ? ", with " : "");
		if (group->presence != NULL)
			reference_pieces(m->r, &pieces, &use);
		markdown_pieces(m, &pieces);
		vec_clear(&pieces);
		end_fact(m);
	}
	for (size_t i = 0; i < group->n_histories; i++) {
		const struct model_message *message = group->histories[i].message.message;

		markdown_fact(m, "History");
		markdown_link(m, "message", reference_message_id(m->r, message));
		writer_add(m->w, ", %s", reference_history(m->r, &group->histories[i]));
		end_fact(m);
	}
	writer_blank(m->w);
	put_params(m, group->params, group->n_params, "In its name");
}
