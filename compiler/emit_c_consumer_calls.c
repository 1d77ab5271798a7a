/* SPDX-License-Identifier: MIT */
/*
 * emit_c_consumer_calls.c - the typed functions that a program calls for a consumer: serve, send,
 * join, leave, later. What the contract does not allow has no function.
 */
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

static const char *join_prototype(
        const struct consumer_c *cc, const char *verb, const struct model_join *join)
{
	return writer_format(cc->w, "int %s_%s_%s(struct %s *%s%s)", cc->stem, verb, join->c_id,
	        cc->stem, cc->self, group_params(cc->w, join->group));
}

static const char *later_prototype(const struct consumer_c *cc, const char *member)
{
	const char *pending =
	        writer_format(cc->w, "struct %s_%s_pending *pending", cc->stem, member);

	return writer_format(cc->w,
	        "int %s_%s_later(struct %s *%s, int (*work)(%s), int (*done)(%s, struct %s *%s))",
	        cc->stem, member, cc->stem, cc->self, pending, pending, cc->stem, cc->self);
}

static const char *defer_prototype(const struct consumer_c *cc, const char *member)
{
	return writer_format(cc->w,
	        "int %s_%s_defer(struct %s *%s, int (*done)(struct %s_%s_pending *pending, "
	        "struct %s *%s), struct %s_%s_pending **ret_pending)",
	        cc->stem, member, cc->stem, cc->self, cc->stem, member, cc->stem, cc->self,
	        cc->stem, member);
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
	        "when the "
	        "message breaks the contract.");
	for (size_t i = 0; i < cc->consumer->n_sends; i++)
		declare(cc, send_prototype(cc, &cc->consumer->sends[i]));
}

static void joins_header(const struct consumer_c *cc)
{
	if (cc->consumer->n_joins == 0)
		return;
	writer_blank(cc->w);
	writer_comment(cc->w,
	        "Joins and leaves groups while the connection lives, on its worker. Joining twice "
	        "is joining "
	        "once.");
	for (size_t i = 0; i < cc->consumer->n_joins; i++) {
		if (!consumer_join_is_first(cc->consumer, i))
			continue;
		declare(cc, join_prototype(cc, "join", &cc->consumer->joins[i]));
		declare(cc, join_prototype(cc, "leave", &cc->consumer->joins[i]));
	}
}

static void laters_header(const struct consumer_c *cc)
{
	struct handler_c handler;
	size_t at = 0;

	writer_blank(cc->w);
	writer_comment(cc->w,
	        "Answering later; a handler (or the connected hook) returns what these return. "
	        "work runs on a "
	        "pool thread, may block and sees nothing but pending; if it returns MSGC_OK, done "
	        "runs on the "
	        "worker, with NULL when the connection has gone. done may be NULL: the reply that "
	        "work has "
	        "filled is sent. …_defer() does without the pool: the program calls "
	        "msgc_pending_finish() "
	        "when it knows.");
	declare(cc, later_prototype(cc, "connected"));
	declare(cc, defer_prototype(cc, "connected"));
	while (consumer_next_handler(cc, &at, &handler)) {
		declare(cc, later_prototype(cc, handler.member));
		declare(cc, defer_prototype(cc, handler.member));
	}
}

void consumer_header_calls(const struct consumer_c *cc)
{
	writer_blank(cc->w);
	writer_comment(cc->w,
	        "Serves \"%s\". handlers is copied; app is handed to every function of it. What is "
	        "missing is "
	        "logged by name and makes msgc_server_run() refuse to start.",
	        cc->consumer->url);
	declare(cc, serve_prototype(cc));
	sends_header(cc);
	joins_header(cc);
	laters_header(cc);
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
	        writer_format(cc->w,
	                "return msgc_connection_send(%s->connection, &%s_message, message);",
	                cc->self, message->message->c_name));
	writer_close(cc->w, "}");
}

static void join_source(
        const struct consumer_c *cc, const char *verb, const struct model_join *join)
{
	struct writer *w = cc->w;
	const struct model_group *group = join->group;
	const char *args = group_args(w, group);

	define(cc, join_prototype(cc, verb, join));
	writer_line(w, "struct msgc_group_name name;");
	writer_line(w, "int result = %s_group_name(%s%s&name);", group->c_name,
	        group->n_params > 0 ? args + 2 : "", group->n_params > 0 ? ", " : "");
	writer_blank(w);
	writer_line(w, "if (result != MSGC_OK)");
	writer_line(w, "\treturn result;");
	wrap_line(w, 1,
	        writer_format(w,
	                "return msgc_connection_%s(%s->connection, msgc_str_of(name.text, "
	                "name.len));",
	                verb, cc->self));
	writer_close(w, "}");
}

/* The members of the pending struct that come from the connection. */
static void pending_fill(const struct consumer_c *cc, bool has_in)
{
	struct writer *w = cc->w;
	const char *self = cc->self;

	writer_line(w, "typed->pending = pending;");
	writer_line(w, "typed->server = %s->server;", self);
	writer_line(w, "typed->sender = %s->sender;", self);
	writer_line(w, "typed->user = %s->user;", self);
	writer_line(w, "typed->app = %s->app;", self);
	if (cc->consumer->object)
		writer_line(w, "typed->object = %s->object;", self);
	if (cc->consumer->n_params > 0)
		writer_line(w, "typed->params = %s->params;", self);
	if (has_in)
		writer_line(w, "typed->in = in;");
	writer_line(w, "typed->work = work;");
	writer_line(w, "typed->done = done;");
}

/* The function that makes the pending struct, which _later and _defer share. */
static void pending_source(
        const struct consumer_c *cc, const char *member, const struct handler_c *handler)
{
	struct writer *w = cc->w;
	const char *type = writer_format(w, "struct %s_%s_pending", cc->stem, member);

	writer_blank(w);
	wrap_line(w, 0,
	        writer_format(w,
	                "static int %s__%s_pending(struct %s *%s, int (*work)(%s *), int "
	                "(*done)(%s *, "
	                "struct %s *), %s **ret_pending)",
	                cc->stem, member, cc->stem, cc->self, type, type, cc->stem, type));
	writer_open(w, "{");
	writer_line(w, "struct msgc_pending *pending;");
	writer_line(w, "%s *typed;", type);
	writer_line(w, "const void *in;");
	writer_line(w, "void *memory;");
	wrap_line(w, 1,
	        writer_format(w,
	                "int result = msgc_pending_new(%s->connection, &%s__%s_pending_type, "
	                "&memory, &in, "
	                "&pending);",
	                cc->self, cc->stem, member));
	writer_blank(w);
	writer_line(w, "if (result != MSGC_OK)");
	writer_line(w, "\treturn result;");
	writer_line(w, "typed = memory;");
	pending_fill(cc, handler != NULL);
	writer_line(w, "*ret_pending = typed;");
	writer_line(w, "return MSGC_OK;");
	writer_close(w, "}");
}

static void later_source(const struct consumer_c *cc, const char *member)
{
	struct writer *w = cc->w;

	define(cc, later_prototype(cc, member));
	writer_line(w, "struct %s_%s_pending *pending;", cc->stem, member);
	wrap_line(w, 1,
	        writer_format(w,
	                "int result = work ? %s__%s_pending(%s, work, done, &pending) : "
	                "MSGC_EINVAL;",
	                cc->stem, member, cc->self));
	writer_blank(w);
	writer_line(
	        w, "return result == MSGC_OK ? msgc_pending_submit(pending->pending) : result;");
	writer_close(w, "}");
}

static void defer_source(const struct consumer_c *cc, const char *member)
{
	struct writer *w = cc->w;

	define(cc, defer_prototype(cc, member));
	writer_line(w, "struct %s_%s_pending *pending;", cc->stem, member);
	wrap_line(w, 1,
	        writer_format(w, "int result = %s__%s_pending(%s, NULL, done, &pending);", cc->stem,
	                member, cc->self));
	writer_blank(w);
	writer_line(w, "if (result != MSGC_OK)");
	writer_line(w, "\treturn result;");
	writer_line(w, "result = msgc_pending_defer(pending->pending);");
	writer_line(w, "if (result == MSGC_LATER)");
	writer_line(w, "\t*ret_pending = pending;");
	writer_line(w, "return result;");
	writer_close(w, "}");
}

static void laters_source(const struct consumer_c *cc)
{
	struct handler_c handler;
	size_t at = 0;

	pending_source(cc, "connected", NULL);
	later_source(cc, "connected");
	defer_source(cc, "connected");
	while (consumer_next_handler(cc, &at, &handler)) {
		pending_source(cc, handler.member, &handler);
		later_source(cc, handler.member);
		defer_source(cc, handler.member);
	}
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
	laters_source(cc);
}
