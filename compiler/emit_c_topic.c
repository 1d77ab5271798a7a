/* SPDX-License-Identifier: MIT */
/*
 * emit_c_topic.c - what topics have in C beside what consumers have: hooks of their own names, a table
 * that consumers point to, and the way from their parameters to their group's name. It must not know
 * how a topic's name is read: the server does that, by the parts of the name.
 */
#include "emit_c_consumer.h"

void topic_header_hooks(const struct consumer_c *cc)
{
	struct writer *w = cc->w;

	writer_comment(w,
	        "The client follows the topic from now on: what this sends leaves behind "
	        "`subscribed`. May be NULL. An error, or msgc_refuse(), is the client's answer, "
	        "and "
	        "it does not follow the topic.");
	writer_line(w, "int (*subscribed)(struct %s *%s);", cc->stem, cc->self);
	writer_blank(w);
	writer_comment(w,
	        "Runs once after subscribed, whatever that said and whatever ended it. code: 0 "
	        "where it was the client's "
	        "wish, or the program's; else the connection has ended, see RFC 6455 section 7.4. "
	        "May be NULL.");
	writer_line(w, "void (*unsubscribed)(struct %s *%s, uint16_t code);", cc->stem, cc->self);
}

static const char *unsubscribe_prototype(const struct consumer_c *cc)
{
	return writer_format(
	        cc->w, "int %s_unsubscribe(struct %s *%s)", cc->stem, cc->stem, cc->self);
}

void topic_header_unsubscribe(const struct consumer_c *cc)
{
	writer_blank(cc->w);
	writer_comment(cc->w,
	        "Ends it by the program's wish: the client is told with `unsubscribed`. In a "
	        "handler it happens after what that has sent.");
	wrap_line(cc->w, 0, writer_format(cc->w, "%s;", unsubscribe_prototype(cc)));
}

static void unsubscribe_source(const struct consumer_c *cc)
{
	writer_blank(cc->w);
	wrap_line(cc->w, 0, unsubscribe_prototype(cc));
	writer_open(cc->w, "{");
	writer_line(cc->w, "return msgc_subscription_end(%s->subscription);", cc->self);
	writer_close(cc->w, "}");
}

void topic_header_table(const struct consumer_c *cc)
{
	writer_line(cc->w, "extern const struct msgc_consumer %s__topic;", cc->stem);
}

/* The name of the group that the parameters lead to. */
static void name_source(const struct consumer_c *cc)
{
	const struct model_group *group = cc->consumer->topic;
	struct writer *w = cc->w;
	const char *args = "";

	for (size_t i = 0; i < group->n_params; i++)
		args = writer_format(
		        w, "%s%s->params.%s, ", args, cc->self, group->params[i].member.c_id);
	writer_blank(w);
	wrap_line(w, 0,
	        writer_format(w,
	                "static int %s__topic_name(const void *self, struct msgc_group_name "
	                "*ret_name)",
	                cc->stem));
	writer_open(w, "{");
	if (group->n_params > 0)
		writer_line(w, "const struct %s *%s = self;", cc->stem, cc->self);
	else
		writer_line(w, "(void)self;");
	if (group->n_params > 0)
		writer_blank(w);
	wrap_line(w, 1, writer_format(w, "return %s_group_name(%sret_name);", group->c_name, args));
	writer_close(w, "}");
}

/* Which parameters stand in the name, in its order. */
static void params_table(const struct consumer_c *cc)
{
	const struct model_group *group = cc->consumer->topic;
	struct writer *w = cc->w;

	if (group->n_params == 0)
		return;
	writer_blank(w);
	writer_open(w, "static const unsigned %s__topic_params[] = {", cc->stem);
	for (size_t i = 0; i < group->n_parts; i++) {
		if (group->parts[i].param)
			writer_line(w, "%zu, /* %s */",
			        (size_t)(group->parts[i].param - group->params),
			        group->parts[i].param->member.name);
	}
	writer_close(w, "};");
}

void topic_source(const struct consumer_c *cc)
{
	const struct model_consumer *consumer = cc->consumer;
	struct writer *w = cc->w;

	if (!consumer->topic)
		return;
	unsubscribe_source(cc);
	name_source(cc);
	params_table(cc);
	writer_blank(w);
	writer_open(w, "static const struct msgc_topic_type %s__topic_type = {", cc->stem);
	if (consumer->url)
		writer_line(w, ".has_route = true,");
	if (consumer->topic->n_params > 0)
		writer_line(w, ".params = %s__topic_params,", cc->stem);
	writer_line(w, ".name = %s__topic_name,", cc->stem);
	if (presence_in_topic(consumer))
		writer_line(w, ".present = %s__present,", cc->stem);
	writer_close(w, "};");
}

void topic_table_members(const struct consumer_c *cc)
{
	if (cc->consumer->topic)
		writer_line(cc->w, ".topic = &%s__topic_type,", cc->stem);
}

/* The topics that a consumer mounts, which may be other contracts'. */
void topics_table(const struct consumer_c *cc)
{
	const struct model_consumer *consumer = cc->consumer;

	if (consumer->n_topics == 0)
		return;
	writer_blank(cc->w);
	writer_open(cc->w, "static const struct msgc_consumer *const %s__topics[] = {", cc->stem);
	for (size_t i = 0; i < consumer->n_topics; i++)
		writer_line(cc->w, "&%s__topic,", consumer->topics[i]->c_name);
	writer_close(cc->w, "};");
}
