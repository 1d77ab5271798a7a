/* SPDX-License-Identifier: MIT */
/*
 * emit_c_consumer_calls.c - the typed functions that a program calls for a consumer: serve, send,
 * join, leave. What the contract does not allow has no function.
 */
#include <string.h>

#include "emit_c_consumer.h"

/* ------------------------------------------------------------- prototypes */

static const char *serve_prototype(const struct consumer_c *cc)
{
	return writer_format(cc->w,
	        "int %s_serve(struct msgc_server *server, const struct %s_handlers *handlers, void "
	        "*app)",
	        cc->stem, cc->stem);
}

static const char *send_prototype(
        const struct consumer_c *cc, const struct model_message_ref *message)
{
	return writer_format(cc->w, "int %s_send_%s(struct %s *%s, const struct %s *message)",
	        cc->stem, message->c_id, cc->stem, cc->self, message->message->c_name);
}

static const char *tell_prototype(
        const struct consumer_c *cc, const struct model_message_ref *message)
{
	return writer_format(cc->w,
	        "int %s_tell_%s(struct msgc_server *server, struct msgc_str realm, struct msgc_str "
	        "id, const struct %s *message)",
	        cc->stem, message->c_id, message->message->c_name);
}

static const char *join_prototype(
        const struct consumer_c *cc, const char *verb, const struct model_join *join)
{
	return writer_format(cc->w, "int %s_%s_%s(struct %s *%s%s)", cc->stem, verb, join->c_id,
	        cc->stem, cc->self, group_params(cc->w, join->group));
}

/* ----------------------------------------------------------- declarations */

static void declare(const struct consumer_c *cc, const char *prototype)
{
	wrap_line(cc->w, 0, writer_format(cc->w, "%s;", prototype));
}

static void sends_header(const struct consumer_c *cc)
{
	if (cc->consumer->n_sends == 0)
		return;
	writer_blank(cc->w);
	writer_comment(cc->w,
	        "Sends on the server's own initiative; in a handler it is staged. MSGC_ECONTRACT "
	        "when the message breaks the contract.");
	for (size_t i = 0; i < cc->consumer->n_sends; i++)
		declare(cc, send_prototype(cc, &cc->consumer->sends[i]));
	if (cc->consumer->topic)
		return;
	writer_blank(cc->w);
	writer_comment(cc->w,
	        "The same to all connections that the user of that realm and id has here, on every "
	        "worker. Any thread; in a handler it is staged.");
	for (size_t i = 0; i < cc->consumer->n_sends; i++)
		declare(cc, tell_prototype(cc, &cc->consumer->sends[i]));
}

static void joins_header(const struct consumer_c *cc)
{
	if (cc->consumer->n_joins == 0)
		return;
	writer_blank(cc->w);
	writer_comment(cc->w,
	        "Joins and leaves groups while the connection lives, on its worker. Joining twice "
	        "is joining once.");
	for (size_t i = 0; i < cc->consumer->n_joins; i++) {
		if (!consumer_join_is_first(cc->consumer, i))
			continue;
		declare(cc, join_prototype(cc, "join", &cc->consumer->joins[i]));
		declare(cc, join_prototype(cc, "leave", &cc->consumer->joins[i]));
	}
}

/* "/ws/rooms/{id}/"; a topic with a route is served there, too. */
static const char *served_name(const struct consumer_c *cc)
{
	const struct model_consumer *consumer = cc->consumer;

	if (!consumer->topic)
		return writer_format(cc->w, "\"%s\"", consumer->url);
	return consumer->url ? writer_format(cc->w, "topic %s where it is mounted, and at \"%s\"",
	                               consumer->name, consumer->url)
	                     : writer_format(cc->w, "topic %s where it is mounted", consumer->name);
}

void consumer_header_calls(const struct consumer_c *cc)
{
	writer_blank(cc->w);
	writer_comment(cc->w,
	        "Serves %s. handlers is copied; app is handed to every function of it. What is "
	        "missing is logged by name and makes msgc_server_run() refuse to start.",
	        served_name(cc));
	declare(cc, serve_prototype(cc));
	if (cc->consumer->topic)
		topic_header_table(cc);
	sends_header(cc);
	joins_header(cc);
	if (cc->consumer->topic)
		topic_header_unsubscribe(cc);
	presence_calls_header(cc);
}

/* ------------------------------------------------------------ definitions */

static void define(const struct consumer_c *cc, const char *prototype)
{
	writer_blank(cc->w);
	wrap_line(cc->w, 0, prototype);
	writer_open(cc->w, "{");
}

static void send_source(const struct consumer_c *cc, const struct model_message_ref *message)
{
	define(cc, send_prototype(cc, message));
	wrap_line(cc->w, 1,
	        writer_format(cc->w, "return %s, &%s_message, message);",
	                writer_format(cc->w,
	                        cc->consumer->topic ? "msgc_subscription_send(%s->subscription"
	                                            : "msgc_connection_send(%s->connection",
	                        cc->self),
	                message->message->c_name));
	writer_close(cc->w, "}");
}

static void tell_source(const struct consumer_c *cc, const struct model_message_ref *message)
{
	define(cc, tell_prototype(cc, message));
	wrap_line(cc->w, 1,
	        writer_format(cc->w,
	                "return msgc_consumer_tell(server, &%s__consumer, realm, id, &%s_message, "
	                "message);",
	                cc->stem, message->message->c_name));
	writer_close(cc->w, "}");
}

static void join_source(
        const struct consumer_c *cc, const char *verb, const struct model_join *join)
{
	struct writer *w = cc->w;
	const struct model_group *group = join->group;
	const char *args = group_args(w, group);

	define(cc, join_prototype(cc, verb, join));
	writer_line(w, "struct msgc_group_name to;");
	writer_line(w, "int result = %s_group_name(%s%s&to);", group->c_name,
	        group->n_params > 0 ? args + 2 : "", group->n_params > 0 ? ", " : "");
	writer_blank(w);
	writer_line(w, "if (result != MSGC_OK)");
	writer_line(w, "\treturn result;");
	if (group->has_presence && strcmp(verb, "join") == 0)
		presence_join_lines(cc, join);
	else if (group_has_kind(group) && strcmp(verb, "join") == 0)
		wrap_line(w, 1,
		        writer_format(w,
		                "return msgc_connection_enter(%s->connection, &%s__group, "
		                "msgc_str_of(to.text, to.len));",
		                cc->self, group->c_name));
	else
		wrap_line(w, 1,
		        writer_format(w,
		                "return msgc_connection_%s(%s->connection, msgc_str_of(to.text, "
		                "to.len));",
		                verb, cc->self));
	writer_close(w, "}");
}

void consumer_source_calls(const struct consumer_c *cc)
{
	for (size_t i = 0; i < cc->consumer->n_sends; i++)
		send_source(cc, &cc->consumer->sends[i]);
	for (size_t i = 0; i < cc->consumer->n_joins; i++) {
		if (!consumer_join_is_first(cc->consumer, i))
			continue;
		join_source(cc, "join", &cc->consumer->joins[i]);
		join_source(cc, "leave", &cc->consumer->joins[i]);
	}
	presence_calls_source(cc);
}

/* They name the consumer's table, behind which they stand. */
void consumer_source_tells(const struct consumer_c *cc)
{
	for (size_t i = 0; i < cc->consumer->n_sends && !cc->consumer->topic; i++)
		tell_source(cc, &cc->consumer->sends[i]);
}
