/* SPDX-License-Identifier: MIT */
/*
 * emit_c_consumer_struct.c - the structs that a consumer's handlers see: its URL parameters, the
 * connection, and replies that are chosen among several.
 */
#include "emit_c_consumer.h"

static void struct_params(const struct consumer_c *cc)
{
	struct writer *w = cc->w;

	if (cc->consumer->n_params == 0)
		return;
	writer_blank(w);
	if (cc->consumer->topic)
		writer_comment(w, "The parameters of topic %s.", cc->consumer->name);
	else
		writer_comment(w, "The parameters of \"%s\".", cc->consumer->url);
	writer_open(w, "struct %s_params {", cc->stem);
	for (size_t i = 0; i < cc->consumer->n_params; i++) {
		const struct model_member *member = &cc->consumer->params[i].member;

		writer_doc(w, member->doc);
		if (member->optional)
			writer_line(w, "bool has_%s;", member->c_id);
		writer_line(w, "%s%s;", emit_c_declare(w, &member->use), member->c_id);
	}
	writer_close(w, "};");
}

void consumer_context_members(const struct consumer_c *cc)
{
	struct writer *w = cc->w;

	writer_line(w, "struct msgc_server *server;");
	writer_line(
	        w, "const struct msgc_sender *sender; /* for broadcasts: whose message it is */");
	writer_line(w, "const struct msgc_user *user;");
	writer_line(w, "void *app; /* as given to %s_serve() */", cc->stem);
	if (cc->consumer->object)
		writer_line(w, "struct %s *object;", cc->consumer->object->name);
	if (cc->consumer->n_params > 0)
		writer_line(w, "struct %s_params params;", cc->stem);
}

static void struct_connection(const struct consumer_c *cc)
{
	struct writer *w = cc->w;

	writer_blank(w);
	if (cc->consumer->doc)
		writer_doc(w, cc->consumer->doc);
	else if (cc->consumer->topic)
		writer_comment(w, "A client that follows a %s.", cc->consumer->name);
	else
		writer_comment(w, "A connection to \"%s\".", cc->consumer->url);
	writer_open(w, "struct %s {", cc->stem);
	writer_line(w, "struct msgc_connection *connection;");
	if (cc->consumer->topic)
		writer_line(w, "struct msgc_subscription *subscription;");
	consumer_context_members(cc);
	writer_line(w, "/* Memory until the effects of the handler in hand have been sent. */");
	writer_line(w, "struct msgc_arena *arena;");
	writer_line(w, "void *state; /* the program's own; NULL at first */");
	writer_close(w, "};");
}

static void struct_reply(const struct consumer_c *cc, const struct handler_c *handler)
{
	struct writer *w = cc->w;

	if (handler->n_replies < 2)
		return;
	writer_blank(w);
	writer_comment(w, "What the handler of %s answers: one of these.", handler->member);
	writer_open(w, "struct %s_%s_reply {", cc->stem, handler->member);
	writer_open(w, "enum {");
	for (size_t i = 0; i < handler->n_replies; i++)
		writer_line(w, "%s%s,", consumer_reply_kind(cc, handler, &handler->replies[i]),
		        i == 0 ? " = 1" : "");
	writer_close(w, "} kind;");
	writer_open(w, "union {");
	for (size_t i = 0; i < handler->n_replies; i++)
		writer_line(w, "struct %s %s;", handler->replies[i].message->c_name,
		        handler->replies[i].c_id);
	writer_close(w, "};");
	writer_close(w, "};");
}

void consumer_header_structs(const struct consumer_c *cc)
{
	struct handler_c handler;
	size_t at = 0;

	if (cc->consumer->object) {
		writer_blank(cc->w);
		writer_comment(cc->w, "What the program knows of a %s: its own struct.",
		        cc->consumer->object->name);
		writer_line(cc->w, "struct %s;", cc->consumer->object->name);
	}
	struct_params(cc);
	struct_connection(cc);
	while (consumer_next_handler(cc, &at, &handler))
		struct_reply(cc, &handler);
}
