/* SPDX-License-Identifier: MIT */
/*
 * emit_c_presence.c - rosters in C: the struct of one user who is present and the function that reads
 * a group's; in consumers the hook that gives a connection's entry, and the function that changes it.
 * It must not know how rosters are kept.
 */
#include "emit_c_consumer.h"

/* ------------------------------------------------------------------ groups */

static const char *roster_prototype(struct writer *w, const struct model_group *group)
{
	return writer_format(w,
	        "int %s_read_roster(struct msgc_server *server%s, size_t most, struct msgc_arena "
	        "*arena, struct %s_roster *ret_roster)",
	        group->c_name, group_params(w, group), group->c_name);
}

void presence_group_header(const struct emit_c *c, const struct model_group *group)
{
	struct writer *w = c->w;

	if (!group->has_presence)
		return;
	writer_blank(w);
	writer_comment(
	        w, "A user who is present in a %s, and what the roster shows of him.", group->name);
	writer_open(w, "struct %s_present {", group->c_name);
	writer_line(w, "struct msgc_present who;");
	if (group->presence)
		writer_line(w, "struct %s info;", group->presence->c_name);
	writer_close(w, "};");
	writer_open(w, "struct %s_roster {", group->c_name);
	writer_line(w, "uint64_t count; /* users, listed or not */");
	writer_line(w, "const struct %s_present *items;", group->c_name);
	writer_line(w, "size_t item_count;");
	writer_close(w, "};");
	writer_comment(w,
	        "Who is present: at most `most` users, the longest present first, in `arena`. Any "
	        "thread. On a worker's MSGC_EBUSY where the backend would have to be waited for: "
	        "ask in work(), then.");
	wrap_line(w, 0, writer_format(w, "%s;", roster_prototype(w, group)));
}

void presence_kind_source(const struct emit_c *c, const struct model_group *group)
{
	struct writer *w = c->w;

	if (!group->has_presence)
		return;
	writer_blank(w);
	writer_open(w, "static const struct msgc_presence_kind %s__presence = {", group->c_name);
	if (group->presence)
		writer_line(w, ".type = &%s__type,", group->presence->c_name);
	writer_line(w, ".item_size = sizeof(struct %s_present),", group->c_name);
	if (group->presence)
		writer_line(w, ".info_at = offsetof(struct %s_present, info),", group->c_name);
	writer_close(w, "};");
}

static void define(struct writer *w, const char *prototype)
{
	writer_blank(w);
	wrap_line(w, 0, prototype);
	writer_open(w, "{");
}

/* The group's name into `to`, or out. */
static void name_lines(struct writer *w, const struct model_group *group)
{
	const char *args = group_args(w, group);

	writer_line(w, "struct msgc_group_name to;");
	writer_line(w, "int result = %s_group_name(%s%s&to);", group->c_name,
	        group->n_params > 0 ? args + 2 : "", group->n_params > 0 ? ", " : "");
}

void presence_group_source(const struct emit_c *c, const struct model_group *group)
{
	struct writer *w = c->w;

	if (!group->has_presence)
		return;
	define(w, roster_prototype(w, group));
	writer_line(w, "struct msgc_roster all;");
	name_lines(w, group);
	writer_blank(w);
	writer_line(w, "if (result != MSGC_OK)");
	writer_line(w, "\treturn result;");
	wrap_line(w, 1,
	        writer_format(w,
	                "result = msgc_group_roster(server, &%s__group, msgc_str_of(to.text, "
	                "to.len), most, arena, &all);",
	                group->c_name));
	writer_line(w, "if (result != MSGC_OK)");
	writer_line(w, "\treturn result;");
	writer_line(w, "ret_roster->count = all.count;");
	writer_line(w, "ret_roster->items = all.items;");
	writer_line(w, "ret_roster->item_count = all.item_count;");
	writer_line(w, "return MSGC_OK;");
	writer_close(w, "}");
}

/* --------------------------------------------------------------- consumers */

const struct model_join *presence_next_join(const struct model_consumer *consumer, size_t *at)
{
	while (*at < consumer->n_joins) {
		size_t i = (*at)++;

		if (consumer->joins[i].group->presence && consumer_join_is_first(consumer, i))
			return &consumer->joins[i];
	}
	return NULL;
}

bool presence_in_topic(const struct model_consumer *consumer)
{
	return consumer->topic && consumer->topic->presence;
}

/* "struct forum_talk *talk, struct forum_face *ret_entry" */
static const char *topic_params(const struct consumer_c *cc, const char *entry)
{
	return writer_format(cc->w, "struct %s *%s, %sstruct %s *%s", cc->stem, cc->self,
	        entry[0] == 'r' ? "" : "const ", cc->consumer->topic->presence->c_name, entry);
}

const char *presence_hook_params(const struct consumer_c *cc, const struct model_join *join)
{
	return writer_format(cc->w, "struct %s *%s%s, struct %s *ret_entry", cc->stem, cc->self,
	        group_params(cc->w, join->group), join->group->presence->c_name);
}

void presence_handlers(const struct consumer_c *cc)
{
	const struct model_join *join;
	struct writer *w = cc->w;
	size_t at = 0;

	if (presence_in_topic(cc->consumer)) {
		writer_comment(w,
		        "What the topic's roster shows of this client's user: asked when it "
		        "subscribes. An error, and it does not follow the topic.");
		wrap_line(w, 1,
		        writer_format(w, "int (*present)(%s);", topic_params(cc, "ret_entry")));
		writer_blank(w);
	}
	while ((join = presence_next_join(cc->consumer, &at)) != NULL) {
		writer_comment(w,
		        "What the roster of a %s shows of this connection's user: asked when it "
		        "joins. What the entry points to may live in the connection's arena. An "
		        "error, and it does not join.",
		        join->group->name);
		wrap_line(w, 1,
		        writer_format(w, "int (*present_%s)(%s);", join->c_id,
		                presence_hook_params(cc, join)));
		writer_blank(w);
	}
}

static const char *update_prototype(const struct consumer_c *cc, const struct model_join *join)
{
	return writer_format(cc->w, "int %s_present_%s(struct %s *%s%s, const struct %s *entry)",
	        cc->stem, join->c_id, cc->stem, cc->self, group_params(cc->w, join->group),
	        join->group->presence->c_name);
}

static const char *topic_update_prototype(const struct consumer_c *cc)
{
	return writer_format(cc->w, "int %s_present_as(%s)", cc->stem, topic_params(cc, "entry"));
}

void presence_calls_header(const struct consumer_c *cc)
{
	const struct model_join *join;
	struct writer *w = cc->w;
	size_t at = 0;
	bool any = false;

	if (presence_in_topic(cc->consumer)) {
		writer_blank(w);
		writer_comment(w,
		        "Shows another entry of this client's user from now on, on the "
		        "connection's worker; not staged. MSGC_ENOTFOUND: it does not follow the "
		        "topic.");
		wrap_line(w, 0, writer_format(w, "%s;", topic_update_prototype(cc)));
	}
	while ((join = presence_next_join(cc->consumer, &at)) != NULL) {
		if (!any) {
			writer_blank(w);
			writer_comment(w,
			        "Shows another entry of this connection's user from now on, on "
			        "its worker; not staged. MSGC_ENOTFOUND: it is not in that group.");
		}
		any = true;
		wrap_line(w, 0, writer_format(w, "%s;", update_prototype(cc, join)));
	}
}

/* The hook is called while the connection joins; the group's parameters go round by a struct. */
static void hook_source(const struct consumer_c *cc, const struct model_join *join)
{
	const struct model_group *group = join->group;
	struct writer *w = cc->w;
	const char *values = "";

	if (group->n_params > 0) {
		writer_blank(w);
		writer_open(w, "struct %s__%s_args {", cc->stem, join->c_id);
		for (size_t i = 0; i < group->n_params; i++)
			writer_line(w, "%s%s;", emit_c_declare(w, &group->params[i].member.use),
			        group->params[i].member.c_id);
		writer_close(w, "};");
	}
	for (size_t i = 0; i < group->n_params; i++)
		values = writer_format(w, "%s, with->%s", values, group->params[i].member.c_id);
	define(w,
	        writer_format(w,
	                "static int %s__present_%s(const void *handlers, void *self, const void "
	                "*args, void *ret_entry)",
	                cc->stem, join->c_id));
	writer_line(w, "const struct %s_handlers *typed = handlers;", cc->stem);
	if (group->n_params > 0)
		writer_line(w, "const struct %s__%s_args *with = args;", cc->stem, join->c_id);
	writer_blank(w);
	if (group->n_params == 0)
		writer_line(w, "(void)args;");
	wrap_line(w, 1,
	        writer_format(
	                w, "return typed->present_%s(self%s, ret_entry);", join->c_id, values));
	writer_close(w, "}");
}

static void topic_hook_source(const struct consumer_c *cc)
{
	struct writer *w = cc->w;

	define(w,
	        writer_format(w,
	                "static int %s__present(const void *handlers, void *self, const void "
	                "*args, void *ret_entry)",
	                cc->stem));
	writer_line(w, "const struct %s_handlers *typed = handlers;", cc->stem);
	writer_blank(w);
	writer_line(w, "(void)args;");
	writer_line(w, "return typed->present(self, ret_entry);");
	writer_close(w, "}");
}

void presence_hooks_source(const struct consumer_c *cc)
{
	const struct model_join *join;
	size_t at = 0;

	if (presence_in_topic(cc->consumer))
		topic_hook_source(cc);

	while ((join = presence_next_join(cc->consumer, &at)) != NULL)
		hook_source(cc, join);
}

void presence_join_lines(const struct consumer_c *cc, const struct model_join *join)
{
	const struct model_group *group = join->group;
	const char *args = group_args(cc->w, group), *hook = "NULL", *with = "NULL";
	struct writer *w = cc->w;

	if (group->presence)
		hook = writer_format(w, "%s__present_%s", cc->stem, join->c_id);
	if (group->presence && group->n_params > 0)
		with = writer_format(
		        w, "&(const struct %s__%s_args){%s}", cc->stem, join->c_id, args + 2);
	wrap_line(w, 1,
	        writer_format(w,
	                "return msgc_connection_attend(%s->connection, &%s__group, "
	                "msgc_str_of(to.text, to.len), %s, %s);",
	                cc->self, group->c_name, hook, with));
}

void presence_calls_source(const struct consumer_c *cc)
{
	const struct model_join *join;
	struct writer *w = cc->w;
	size_t at = 0;

	if (presence_in_topic(cc->consumer)) {
		define(w, topic_update_prototype(cc));
		writer_line(
		        w, "return msgc_subscription_present(%s->subscription, entry);", cc->self);
		writer_close(w, "}");
	}
	while ((join = presence_next_join(cc->consumer, &at)) != NULL) {
		define(w, update_prototype(cc, join));
		name_lines(w, join->group);
		writer_blank(w);
		writer_line(w, "if (result != MSGC_OK)");
		writer_line(w, "\treturn result;");
		wrap_line(w, 1,
		        writer_format(w,
		                "return msgc_connection_present(%s->connection, &%s__group, "
		                "msgc_str_of(to.text, to.len), entry);",
		                cc->self, join->group->c_name));
		writer_close(w, "}");
	}
}

void presence_stubs(const struct consumer_c *cc)
{
	const struct model_join *join;
	struct writer *w = cc->w;
	size_t at = 0;

	if (presence_in_topic(cc->consumer)) {
		define(w,
		        writer_format(w, "static int %s_present(%s)", cc->consumer->c_id,
		                topic_params(cc, "ret_entry")));
		writer_line(w, "(void)%s;", cc->self);
		writer_line(w, "(void)ret_entry; /* fill it: what others are shown of %s->user */",
		        cc->self);
		writer_line(w, "return MSGC_OK;");
		writer_close(w, "}");
	}
	while ((join = presence_next_join(cc->consumer, &at)) != NULL) {
		define(w,
		        writer_format(w, "static int %s_present_%s(%s)", cc->consumer->c_id,
		                join->c_id, presence_hook_params(cc, join)));
		writer_line(w, "(void)%s;", cc->self);
		group_unused(w, join->group);
		writer_line(w, "(void)ret_entry; /* fill it: what others are shown of %s->user */",
		        cc->self);
		writer_line(w, "return MSGC_OK;");
		writer_close(w, "}");
	}
}
