/* SPDX-License-Identifier: MIT */
/*
 * emit_c_consumer_glue.c - the static functions between the server's tables and the typed handlers:
 * they only convert and call. docs/design/pending.md says what both sides rely on.
 */
#include "emit_c_consumer.h"

/* Begins a static function. Its text is broken where it is too long. */
static void define(const struct consumer_c *cc, const char *text)
{
	writer_blank(cc->w);
	wrap_line(cc->w, 0, writer_format(cc->w, "static %s", text));
	writer_open(cc->w, "{");
}

static void declare_self(const struct consumer_c *cc)
{
	writer_line(cc->w, "struct %s *%s = self;", cc->stem, cc->self);
}

static void declare_handlers(const struct consumer_c *cc)
{
	writer_line(cc->w, "const struct %s_handlers *typed = handlers;", cc->stem);
}

/* ----------------------------------------------------- life of a connection */

static void bind_source(const struct consumer_c *cc)
{
	struct writer *w = cc->w;
	const char *self = cc->self;

	define(cc,
	        writer_format(w, "void %s__bind(void *self, const struct msgc_context *context)",
	                cc->stem));
	declare_self(cc);
	writer_blank(w);
	writer_line(w, "%s->connection = context->connection;", self);
	if (cc->consumer->topic)
		writer_line(w, "%s->subscription = context->subscription;", self);
	writer_line(w, "%s->server = context->server;", self);
	writer_line(w, "%s->sender = context->sender;", self);
	writer_line(w, "%s->user = context->user;", self);
	writer_line(w, "%s->app = context->app;", self);
	writer_line(w, "%s->arena = context->arena;", self);
	if (cc->consumer->object)
		writer_line(w, "%s->object = context->object;", self);
	writer_close(w, "}");
}

/* The joins at the start: join_X(room, room->params.room_id) in the contract's order. */
static void joins_source(const struct consumer_c *cc)
{
	const struct model_consumer *consumer = cc->consumer;
	struct writer *w = cc->w;
	bool any = false;

	for (size_t i = 0; i < consumer->n_joins; i++) {
		const struct model_join *join = &consumer->joins[i];
		const char *args = "";

		if (!join->at_start)
			continue;
		for (size_t j = 0; j < join->n_args; j++) {
			const struct model_join_arg *arg = &join->args[j];
			const struct model_type *type = join->group->params[j].member.use.type;

			args = arg->param ? writer_format(w, "%s, %s->params.%s", args, cc->self,
			                            arg->param->member.c_id)
			                  : writer_format(w, "%s, %s", args,
			                            emit_c_literal(w, type, arg->value));
		}
		if (!any) {
			define(cc, writer_format(w, "int %s__joins(void *self)", cc->stem));
			declare_self(cc);
			writer_line(w, "int result;");
			any = true;
		}
		writer_blank(w);
		wrap_line(w, 1,
		        writer_format(w, "result = %s_join_%s(%s%s);", cc->stem, join->c_id,
		                cc->self, args));
		writer_line(w, "if (result != MSGC_OK)");
		writer_line(w, "\treturn result;");
	}
	if (any) {
		writer_line(w, "return MSGC_OK;");
		writer_close(w, "}");
	}
}

static void hooks_source(const struct consumer_c *cc)
{
	const char *end = cc->consumer->topic ? "unsubscribed" : "disconnected";
	struct writer *w = cc->w;

	define(cc,
	        writer_format(w,
	                "int %s__%s(const void *handlers, void *self, struct msgc_reply *reply)",
	                cc->stem, cc->hook));
	declare_handlers(cc);
	writer_blank(w);
	writer_line(w, "(void)reply;");
	writer_line(w, "return typed->%s ? typed->%s(self) : MSGC_OK;", cc->hook, cc->hook);
	writer_close(w, "}");

	define(cc,
	        writer_format(w, "void %s__%s(const void *handlers, void *self, uint16_t code)",
	                cc->stem, end));
	declare_handlers(cc);
	writer_blank(w);
	writer_line(w, "if (typed->%s)", end);
	writer_line(w, "\ttyped->%s(self, code);", end);
	writer_close(w, "}");
}

/* --------------------------------------------------------------- look-ups */

static void object_source(const struct consumer_c *cc)
{
	struct writer *w = cc->w;
	const char *name;

	if (!cc->consumer->object)
		return;
	name = cc->consumer->object->name;
	define(cc,
	        writer_format(w,
	                "int %s__load(const void *handlers, void *self, struct msgc_lookup "
	                "*lookup, "
	                "void **ret_object)",
	                cc->stem));
	declare_handlers(cc);
	declare_self(cc);
	writer_blank(w);
	wrap_line(w, 1,
	        writer_format(w,
	                "return typed->load_%s(%s->app, lookup%s, (struct %s **)ret_object);", name,
	                cc->self, consumer_lookup_params(cc, NULL, false), name));
	writer_close(w, "}");

	define(cc,
	        writer_format(w, "void %s__release(const void *handlers, void *object)", cc->stem));
	declare_handlers(cc);
	writer_blank(w);
	writer_line(w, "if (typed->release_%s)", name);
	writer_line(w, "\ttyped->release_%s(object);", name);
	writer_close(w, "}");
}

static void terms_source(const struct consumer_c *cc)
{
	const struct model_consumer *consumer = cc->consumer;
	struct writer *w = cc->w;

	for (size_t i = 0; i < consumer->n_permit_terms; i++) {
		const struct model_permit_term *term = &consumer->permit_terms[i];

		if (term->is_authenticated)
			continue;
		define(cc,
		        writer_format(w,
		                "int %s__ask_%s(const void *handlers, void *self, struct "
		                "msgc_lookup *lookup, "
		                "bool *ret_allowed)",
		                cc->stem, term->c_id));
		declare_handlers(cc);
		declare_self(cc);
		writer_blank(w);
		wrap_line(w, 1,
		        writer_format(w, "return typed->%s(%s->app, lookup%s, ret_allowed);",
		                term->c_id, cc->self, consumer_lookup_params(cc, term, false)));
		writer_close(w, "}");
	}
}

static void authenticate_source(const struct consumer_c *cc, const struct model_receive *receive)
{
	struct writer *w = cc->w;

	define(cc,
	        writer_format(w,
	                "int %s__%s(const void *handlers, void *self, struct msgc_lookup *lookup, "
	                "const void *in, struct msgc_user *ret_user)",
	                cc->stem, receive->authenticate_id));
	declare_handlers(cc);
	declare_self(cc);
	writer_blank(w);
	wrap_line(w, 1,
	        writer_format(w, "return typed->%s(%s->app, lookup%s%s, in, ret_user);",
	                receive->authenticate_id, cc->self,
	                cc->consumer->n_params > 0 ? writer_format(w, ", &%s->params", cc->self)
	                                           : "",
	                cc->consumer->greeting != NULL ? writer_format(w, ", %s->state", cc->self)
	                                               : ""));
	writer_close(w, "}");
}

/* What greets, and what tells of errors. */
static void words_source(const struct consumer_c *cc)
{
	const struct model_consumer *consumer = cc->consumer;
	struct writer *w = cc->w;

	if (consumer->greeting != NULL) {
		define(cc,
		        writer_format(w,
		                "int %s__greet(const void *handlers, void *self, void *message)",
		                cc->stem));
		declare_handlers(cc);
		writer_blank(w);
		writer_line(w, "return typed->greet_%s(self, message);", consumer->greeting->c_id);
		writer_close(w, "}");
	}
	if (consumer->error != NULL) {
		define(cc,
		        writer_format(w,
		                "int %s__error(const void *handlers, void *self, const struct "
		                "msgc_refusal *refusal, void *message)",
		                cc->stem));
		declare_handlers(cc);
		writer_blank(w);
		writer_line(w, "return typed->error(self, refusal, message);");
		writer_close(w, "}");
	}
}

/* --------------------------------------------------------------- handlers */

/* put_X(reply, &answer) for a handler that chooses; nothing chosen is the program's defect. */
static void put_source(const struct consumer_c *cc, const struct handler_c *handler)
{
	struct writer *w = cc->w;

	if (handler->n_replies < 2)
		return;
	define(cc,
	        writer_format(w, "int %s__put_%s(struct msgc_reply *reply, const %s *answer)",
	                cc->stem, handler->member, consumer_reply_type(cc, handler)));
	writer_line(w, "switch (answer->kind) {");
	for (size_t i = 0; i < handler->n_replies; i++) {
		const struct model_message_ref *reply = &handler->replies[i];

		writer_line(w, "case %s:", consumer_reply_kind(cc, handler, reply));
		wrap_line(w, 2,
		        writer_format(w,
		                "\treturn msgc_reply_put(reply, &%s_message, &answer->%s);",
		                reply->message->c_name, reply->c_id));
	}
	writer_line(w, "}");
	writer_line(w, "return MSGC_EINTERNAL;");
	writer_close(w, "}");
}

const char *consumer_put_call(
        const struct consumer_c *cc, const struct handler_c *handler, const char *answer)
{
	if (handler->n_replies > 1)
		return writer_format(
		        cc->w, "%s__put_%s(reply, %s)", cc->stem, handler->member, answer);
	return writer_format(cc->w, "msgc_reply_put(reply, &%s_message, %s)",
	        handler->replies[0].message->c_name, answer);
}

static void handle_source(const struct consumer_c *cc, const struct handler_c *handler)
{
	struct writer *w = cc->w;

	define(cc,
	        writer_format(w,
	                "int %s__handle_%s(const void *handlers, void *self, const void *in, "
	                "struct "
	                "msgc_reply *reply)",
	                cc->stem, handler->member));
	declare_handlers(cc);
	if (handler->n_replies == 0) {
		writer_blank(w);
		writer_line(w, "(void)reply;");
		writer_line(w, "return typed->%s(self, in);", handler->member);
	} else {
		writer_line(w, "%s answer = {0};", consumer_reply_type(cc, handler));
		writer_line(w, "int result = typed->%s(self, in, &answer);", handler->member);
		writer_blank(w);
		writer_line(w, "if (result != MSGC_OK)");
		writer_line(w, "\treturn result;");
		wrap_line(w, 1,
		        writer_format(w, "return %s;", consumer_put_call(cc, handler, "&answer")));
	}
	writer_close(w, "}");
}

static void ping_source(const struct consumer_c *cc)
{
	struct writer *w = cc->w;

	for (size_t i = 0; i < cc->consumer->n_receives; i++) {
		const struct model_receive *receive = &cc->consumer->receives[i];
		const char *pong;

		if (!consumer_receive_is_ping(receive))
			continue;
		pong = receive->replies[0].message->c_name;
		define(cc,
		        writer_format(w,
		                "int %s__handle_%s(const void *handlers, void *self, const void "
		                "*in, struct "
		                "msgc_reply *reply)",
		                cc->stem, receive->in.c_id));
		writer_line(w, "static const struct %s answer;", pong);
		writer_blank(w);
		writer_line(w, "(void)handlers;");
		writer_line(w, "(void)self;");
		writer_line(w, "(void)in;");
		writer_line(w, "return msgc_reply_put(reply, &%s_message, &answer);", pong);
		writer_close(w, "}");
		return;
	}
}

void consumer_source_handlers(const struct consumer_c *cc)
{
	struct handler_c handler;
	size_t at = 0;

	bind_source(cc);
	presence_hooks_source(cc);
	joins_source(cc);
	object_source(cc);
	terms_source(cc);
	for (size_t i = 0; i < cc->consumer->n_receives; i++) {
		if (cc->consumer->receives[i].authenticate_id != NULL)
			authenticate_source(cc, &cc->consumer->receives[i]);
	}
	words_source(cc);
	hooks_source(cc);
	ping_source(cc);
	while (consumer_next_handler(cc, &at, &handler)) {
		put_source(cc, &handler);
		handle_source(cc, &handler);
	}
}
