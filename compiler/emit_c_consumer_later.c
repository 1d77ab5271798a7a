/* SPDX-License-Identifier: MIT */
/*
 * emit_c_consumer_later.c - answering later: for each handler and the connected hook a typed struct,
 * the functions that make one, and what calls the program back. docs/design/pending.md says what
 * both sides rely on.
 */
#include "emit_c_consumer.h"

/* One handler, or (handler NULL) the hook that begins it all. */
struct later_c {
	const struct consumer_c *cc;
	struct writer *w;
	const struct handler_c *handler;
	const char *member; /* "chat" */
	const char *type;   /* "struct rooms_room_chat_pending" */
	const char *work;   /* the callbacks as parameters */
	const char *done;
};

static struct later_c later_view(const struct consumer_c *cc, const struct handler_c *handler)
{
	const char *member = handler ? handler->member : cc->hook;
	const char *type = writer_format(cc->w, "struct %s_%s_pending", cc->stem, member);

	return (struct later_c){
	        .cc = cc,
	        .w = cc->w,
	        .handler = handler,
	        .member = member,
	        .type = type,
	        .work = writer_format(cc->w, "int (*work)(%s *pending)", type),
	        .done = writer_format(
	                cc->w, "int (*done)(%s *pending, struct %s *%s)", type, cc->stem, cc->self),
	};
}

static const char *later_prototype(const struct later_c *l)
{
	return writer_format(l->w, "int %s_%s_later(struct %s *%s, %s, %s)", l->cc->stem, l->member,
	        l->cc->stem, l->cc->self, l->work, l->done);
}

static const char *defer_prototype(const struct later_c *l)
{
	return writer_format(l->w, "int %s_%s_defer(struct %s *%s, %s, %s **ret_pending)",
	        l->cc->stem, l->member, l->cc->stem, l->cc->self, l->done, l->type);
}

/* ----------------------------------------------------------- declarations */

static void declare(const struct later_c *l)
{
	const char *reply = l->handler ? consumer_reply_type(l->cc, l->handler) : NULL;
	struct writer *w = l->w;

	writer_blank(w);
	writer_open(w, "%s {", l->type);
	writer_line(w, "struct msgc_pending *pending;");
	consumer_context_members(l->cc);
	if (l->handler)
		writer_line(w, "const struct %s *in;",
		        l->handler->in_type ? l->handler->in_type : l->handler->in->c_name);
	if (reply)
		writer_line(w, "%s reply;", reply);
	writer_line(w, "void *result; /* the program's, from work to done; NULL at first */");
	wrap_line(w, 1, writer_format(w, "%s;", l->work));
	wrap_line(w, 1, writer_format(w, "%s;", l->done));
	writer_close(w, "};");
	wrap_line(w, 0, writer_format(w, "%s;", later_prototype(l)));
	wrap_line(w, 0, writer_format(w, "%s;", defer_prototype(l)));
}

void consumer_header_laters(const struct consumer_c *cc)
{
	struct later_c later = later_view(cc, NULL);
	struct handler_c handler;
	size_t at = 0;

	writer_blank(cc->w);
	writer_comment(cc->w,
	        "Answering later: a handler (or the %s hook) returns what its …_later() "
	        "returns. work runs on a pool thread, may block and sees nothing but pending; if "
	        "it returns MSGC_OK, done runs on the worker, with NULL when the connection has "
	        "gone. done may be NULL: the reply that work has filled is sent. …_defer() does "
	        "without the pool: the program calls msgc_pending_finish() when it knows.",
	        cc->hook);
	declare(&later);
	while (consumer_next_handler(cc, &at, &handler)) {
		later = later_view(cc, &handler);
		declare(&later);
	}
	for (at = 0; at < cc->consumer->n_asks; at++) {
		handler = consumer_ask_handler(cc, &cc->consumer->asks[at]);
		later = later_view(cc, &handler);
		declare(&later);
	}
}

/* ---------------------------------------------------------- called back by */

static void work_source(const struct later_c *l)
{
	struct writer *w = l->w;

	writer_blank(w);
	writer_line(w, "static int %s__%s_work(void *typed)", l->cc->stem, l->member);
	writer_open(w, "{");
	writer_line(w, "%s *pending = typed;", l->type);
	writer_blank(w);
	writer_line(w, "return pending->work(pending);");
	writer_close(w, "}");
}

static void done_source(const struct later_c *l)
{
	bool answers = l->handler && l->handler->n_replies > 0;
	struct writer *w = l->w;

	writer_blank(w);
	wrap_line(w, 0,
	        writer_format(w,
	                "static int %s__%s_done(void *typed, void *self, struct msgc_reply *reply)",
	                l->cc->stem, l->member));
	writer_open(w, "{");
	writer_line(w, "%s *pending = typed;", l->type);
	if (answers) {
		writer_line(
		        w, "int result = pending->done ? pending->done(pending, self) : MSGC_OK;");
		writer_blank(w);
		writer_line(w, "if (result != MSGC_OK || !self)");
		writer_line(w, "\treturn result;");
		wrap_line(w, 1,
		        writer_format(w, "return %s;",
		                consumer_put_call(l->cc, l->handler, "&pending->reply")));
	} else {
		writer_blank(w);
		writer_line(w, "(void)reply;");
		writer_line(w, "return pending->done ? pending->done(pending, self) : MSGC_OK;");
	}
	writer_close(w, "}");
}

static void type_source(const struct later_c *l)
{
	struct writer *w = l->w;

	writer_blank(w);
	writer_open(w, "static const struct msgc_pending_type %s__%s_pending_type = {", l->cc->stem,
	        l->member);
	writer_line(w, ".size = sizeof(%s),", l->type);
	if (l->handler)
		writer_line(w, ".message = &%s_message,", l->handler->in->c_name);
	writer_line(w, ".work = %s__%s_work,", l->cc->stem, l->member);
	writer_line(w, ".done = %s__%s_done,", l->cc->stem, l->member);
	writer_close(w, "};");
}

/* ------------------------------------------------------- called by handlers */

static void fill(const struct later_c *l)
{
	const struct model_consumer *consumer = l->cc->consumer;
	const char *self = l->cc->self;
	struct writer *w = l->w;

	writer_line(w, "typed->pending = pending;");
	writer_line(w, "typed->server = %s->server;", self);
	writer_line(w, "typed->sender = %s->sender;", self);
	writer_line(w, "typed->user = %s->user;", self);
	writer_line(w, "typed->app = %s->app;", self);
	if (consumer->object)
		writer_line(w, "typed->object = %s->object;", self);
	if (consumer->n_params > 0)
		writer_line(w, "typed->params = %s->params;", self);
	if (l->handler)
		writer_line(w, "typed->in = in;");
	writer_line(w, "typed->work = work;");
	writer_line(w, "typed->done = done;");
}

/* The function that makes the struct, which _later and _defer share. */
static void make_source(const struct later_c *l)
{
	struct writer *w = l->w;

	writer_blank(w);
	wrap_line(w, 0,
	        writer_format(w,
	                "static int %s__%s_pending(struct %s *%s, %s, %s, %s **ret_pending)",
	                l->cc->stem, l->member, l->cc->stem, l->cc->self, l->work, l->done,
	                l->type));
	writer_open(w, "{");
	writer_line(w, "struct msgc_pending *pending;");
	writer_line(w, "%s *typed;", l->type);
	writer_line(w, "const void *in;");
	writer_line(w, "void *memory;");
	writer_line(w, "int result;");
	writer_blank(w);
	wrap_line(w, 1,
	        writer_format(w,
	                "result = msgc_pending_new(%s->connection, &%s__%s_pending_type, &memory, "
	                "&in, &pending);",
	                l->cc->self, l->cc->stem, l->member));
	writer_line(w, "if (result != MSGC_OK)");
	writer_line(w, "\treturn result;");
	writer_line(w, "typed = memory;");
	fill(l);
	writer_line(w, "*ret_pending = typed;");
	writer_line(w, "return MSGC_OK;");
	writer_close(w, "}");
}

static void define(const struct later_c *l, const char *prototype)
{
	writer_blank(l->w);
	wrap_line(l->w, 0, prototype);
	writer_open(l->w, "{");
	writer_line(l->w, "%s *pending;", l->type);
	writer_line(l->w, "int result;");
	writer_blank(l->w);
}

static void later_source(const struct later_c *l)
{
	struct writer *w = l->w;

	define(l, later_prototype(l));
	writer_line(w, "if (!work)");
	writer_line(w, "\treturn MSGC_EINVAL;");
	writer_line(w, "result = %s__%s_pending(%s, work, done, &pending);", l->cc->stem, l->member,
	        l->cc->self);
	writer_line(
	        w, "return result == MSGC_OK ? msgc_pending_submit(pending->pending) : result;");
	writer_close(w, "}");
}

static void defer_source(const struct later_c *l)
{
	struct writer *w = l->w;

	define(l, defer_prototype(l));
	writer_line(w, "result = %s__%s_pending(%s, NULL, done, &pending);", l->cc->stem, l->member,
	        l->cc->self);
	writer_line(w, "if (result != MSGC_OK)");
	writer_line(w, "\treturn result;");
	writer_line(w, "result = msgc_pending_defer(pending->pending);");
	writer_line(w, "if (result == MSGC_LATER)");
	writer_line(w, "\t*ret_pending = pending;");
	writer_line(w, "return result;");
	writer_close(w, "}");
}

static void source(const struct later_c *l)
{
	work_source(l);
	done_source(l);
	type_source(l);
	make_source(l);
	later_source(l);
	defer_source(l);
}

void consumer_source_laters(const struct consumer_c *cc)
{
	struct later_c later = later_view(cc, NULL);
	struct handler_c handler;
	size_t at = 0;

	source(&later);
	while (consumer_next_handler(cc, &at, &handler)) {
		later = later_view(cc, &handler);
		source(&later);
	}
	for (at = 0; at < cc->consumer->n_asks; at++) {
		handler = consumer_ask_handler(cc, &cc->consumer->asks[at]);
		later = later_view(cc, &handler);
		source(&later);
	}
}
