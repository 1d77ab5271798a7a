/* SPDX-License-Identifier: MIT */
/*
 * emit_stubs.c - NAME_handlers.c: a first .c for a contract, with every handler empty and a main
 * that serves. It compiles at once and belongs to the program from then on.
 *
 * What it cannot know it refuses: nobody is recognised, nobody is permitted, no frame is answered.
 */
#include <string.h>

#include "emit.h"
#include "emit_c.h"
#include "emit_c_consumer.h"

static void define(struct writer *w, const char *text)
{
	writer_blank(w);
	wrap_line(w, 0, writer_format(w, "static %s", text));
	writer_open(w, "{");
}

/* What has handlers: topics, then consumers. */
static size_t count_served(const struct model_contract *contract)
{
	return contract->n_topics + contract->n_consumers;
}

static const struct model_consumer *served_at(const struct model_contract *contract, size_t i)
{
	return i < contract->n_topics ? contract->topics[i]
	                              : contract->consumers[i - contract->n_topics];
}

static bool has_auth(const struct model_contract *contract, enum model_auth kind)
{
	for (size_t i = 0; i < count_served(contract); i++) {
		const struct model_consumer *consumer = served_at(contract, i);

		for (size_t j = 0; j < consumer->n_auth; j++) {
			if (consumer->auth[j] == kind)
				return true;
		}
	}
	return false;
}

/* ---------------------------------------------------------------- objects */

static bool object_came_before(const struct model_contract *contract, size_t consumer)
{
	const char *name = served_at(contract, consumer)->object->name;

	for (size_t i = 0; i < consumer; i++) {
		const struct model_object *object = served_at(contract, i)->object;

		if (object && strcmp(object->name, name) == 0)
			return true;
	}
	return false;
}

static void objects(const struct emit_c *c)
{
	for (size_t i = 0; i < count_served(c->contract); i++) {
		const struct model_object *object = served_at(c->contract, i)->object;

		if (!object || object_came_before(c->contract, i))
			continue;
		writer_blank(c->w);
		writer_comment(c->w, "What your program knows of a %s. Fill it.", object->name);
		writer_open(c->w, "struct %s {", object->name);
		writer_line(c->w, "int placeholder;");
		writer_close(c->w, "};");
	}
}

/* --------------------------------------------------------------- look-ups */

static void load_stub(const struct consumer_c *cc)
{
	struct writer *w = cc->w;
	const char *name;

	if (!cc->consumer->object)
		return;
	name = cc->consumer->object->name;
	define(w,
	        writer_format(w,
	                "int %s_load_%s(void *app, struct msgc_lookup *lookup%s, struct %s "
	                "**ret_object)",
	                cc->consumer->c_id, name, consumer_lookup_params(cc, NULL, true), name));
	writer_line(w, "struct %s *object = calloc(1, sizeof(*object));", name);
	writer_blank(w);
	writer_line(w, "(void)app;");
	writer_line(w, "(void)lookup;");
	writer_line(w, "(void)user;");
	if (cc->consumer->n_params > 0)
		writer_line(w, "(void)params;");
	writer_line(w, "if (!object)");
	writer_line(w, "\treturn MSGC_ENOMEM;");
	writer_line(w, "*ret_object = object; /* or MSGC_ENOTFOUND */");
	writer_line(w, "return MSGC_OK;");
	writer_close(w, "}");

	define(w,
	        writer_format(w, "void %s_release_%s(struct %s *object)", cc->consumer->c_id, name,
	                name));
	writer_line(w, "free(object);");
	writer_close(w, "}");
}

static void term_stub(const struct consumer_c *cc, const struct model_permit_term *term)
{
	struct writer *w = cc->w;

	define(w,
	        writer_format(w,
	                "int %s_%s(void *app, struct msgc_lookup *lookup%s, bool *ret_allowed)",
	                cc->consumer->c_id, term->c_id, consumer_lookup_params(cc, term, true)));
	writer_line(w, "(void)app;");
	writer_line(w, "(void)lookup;");
	writer_line(w, "(void)user;");
	if (consumer_term_has_params(cc->consumer, term))
		writer_line(w, "(void)params;");
	if (consumer_term_needs_object(cc->consumer, term))
		writer_line(w, "(void)object;");
	writer_line(w, "*ret_allowed = false; /* nobody yet: say who */");
	writer_line(w, "return MSGC_OK;");
	writer_close(w, "}");
}

static void authenticate_stub(const struct consumer_c *cc, const struct model_receive *receive)
{
	struct writer *w = cc->w;

	define(w,
	        writer_format(w, "int %s_%s(%s)", cc->consumer->c_id, receive->authenticate_id,
	                consumer_authenticate_params(cc, receive)));
	writer_line(w, "(void)app;");
	writer_line(w, "(void)lookup;");
	if (cc->consumer->n_params > 0)
		writer_line(w, "(void)params;");
	if (cc->consumer->greeting)
		writer_line(w, "(void)state;");
	writer_line(w, "(void)in;");
	writer_line(w, "(void)ret_user;");
	writer_line(w, "return MSGC_EUNAUTHENTICATED;");
	writer_close(w, "}");
}

static void word_stubs(const struct consumer_c *cc)
{
	const struct model_consumer *consumer = cc->consumer;
	struct writer *w = cc->w;

	if (consumer->greeting) {
		define(w,
		        writer_format(w, "int %s_greet_%s(struct %s *%s, struct %s *message)",
		                consumer->c_id, consumer->greeting->c_id, cc->stem, cc->self,
		                consumer->greeting->message->c_name));
		writer_line(w, "(void)%s;", cc->self);
		writer_line(w, "(void)message;");
		writer_line(w, "return MSGC_EINTERNAL; /* fill the message, and return MSGC_OK */");
		writer_close(w, "}");
	}
	if (consumer->error) {
		define(w,
		        writer_format(w,
		                "int %s_error(struct %s *%s, const struct msgc_refusal *refusal, "
		                "struct %s *message)",
		                consumer->c_id, cc->stem, cc->self,
		                consumer->error->message->c_name));
		writer_line(w, "(void)%s;", cc->self);
		writer_line(w, "(void)refusal;");
		writer_line(w, "(void)message;");
		writer_line(w, "return MSGC_EINTERNAL; /* fill the message, and return MSGC_OK */");
		writer_close(w, "}");
	}
}

/* --------------------------------------------------------------- handlers */

static const char *end_hook(const struct consumer_c *cc)
{
	return cc->consumer->topic ? "unsubscribed" : "disconnected";
}

static void hook_stubs(const struct consumer_c *cc)
{
	struct writer *w = cc->w;

	define(w,
	        writer_format(w, "int %s_%s(struct %s *%s)", cc->consumer->c_id, cc->hook, cc->stem,
	                cc->self));
	writer_line(w, "(void)%s;", cc->self);
	writer_line(w, "return MSGC_OK;");
	writer_close(w, "}");

	define(w,
	        writer_format(w, "void %s_%s(struct %s *%s, uint16_t code)", cc->consumer->c_id,
	                end_hook(cc), cc->stem, cc->self));
	writer_line(w, "(void)%s;", cc->self);
	writer_line(w, "(void)code;");
	writer_close(w, "}");
}

static void handler_stub(const struct consumer_c *cc, const struct handler_c *handler)
{
	struct writer *w = cc->w;
	const char *reply = consumer_reply_type(cc, handler);

	writer_blank(w);
	writer_doc(w, handler->in->doc);
	wrap_line(w, 0,
	        writer_format(w, "static int %s_%s(%s)", cc->consumer->c_id, handler->member,
	                consumer_handler_params(cc, handler)));
	writer_open(w, "{");
	writer_line(w, "(void)%s;", handler->is_event ? "event" : "in");
	if (reply) {
		writer_line(w, "(void)%s;", handler->is_event ? "ret" : "reply");
		wrap_line(w, 1,
		        writer_format(w,
		                "return msgc_refuse(%s->connection, \"%s: not implemented yet\");",
		                cc->self, handler->in->name));
	} else {
		writer_line(w, "(void)%s;", cc->self);
		writer_line(w, "return MSGC_OK;");
	}
	writer_close(w, "}");
}

/* --------------------------------------------------- what may be called */

static void group_calls(struct writer *w, const struct model_group *group)
{
	for (size_t i = 0; i < group->n_broadcasts; i++)
		writer_line(w, " *   %s_broadcast_%s()", group->c_name, group->broadcasts[i].c_id);
	for (size_t i = 0; i < group->n_events; i++)
		writer_line(w, " *   %s_event_%s()", group->c_name, group->events[i].event.c_id);
}

/* The functions whose names a reader of handlers alone would not meet. */
static void calls(const struct consumer_c *cc)
{
	const struct model_consumer *consumer = cc->consumer;
	struct writer *w = cc->w;

	if (consumer->n_sends + consumer->n_asks + consumer->n_joins == 0 && !consumer->topic)
		return;
	writer_blank(w);
	writer_line(w, "/*");
	writer_line(w, " * %s: what it may call besides answering; %s.msgc.h says more.",
	        consumer->name, cc->c->contract->stem);
	for (size_t i = 0; i < consumer->n_sends; i++) {
		if (&consumer->sends[i] != consumer->greeting)
			writer_line(w, " *   %s_send_%s()", cc->stem, consumer->sends[i].c_id);
	}
	for (size_t i = 0; i < consumer->n_asks; i++)
		writer_line(w, " *   %s_ask_%s()", cc->stem, consumer->asks[i].question.c_id);
	for (size_t i = 0; i < consumer->n_joins; i++) {
		if (consumer_join_is_first(consumer, i))
			group_calls(w, consumer->joins[i].group);
	}
	if (consumer->topic)
		group_calls(w, consumer->topic);
	writer_line(w, " */");
}

static void consumer_stubs(const struct consumer_c *cc)
{
	struct handler_c handler;
	size_t at = 0;

	calls(cc);
	word_stubs(cc);
	load_stub(cc);
	for (size_t i = 0; i < cc->consumer->n_receives; i++) {
		if (cc->consumer->receives[i].authenticate_id)
			authenticate_stub(cc, &cc->consumer->receives[i]);
	}
	for (size_t i = 0; i < cc->consumer->n_permit_terms; i++) {
		if (!cc->consumer->permit_terms[i].is_authenticated)
			term_stub(cc, &cc->consumer->permit_terms[i]);
	}
	presence_stubs(cc);
	hook_stubs(cc);
	while (consumer_next_handler(cc, &at, &handler))
		handler_stub(cc, &handler);
}

/* One row of the handlers' initialiser. */
static void row(const struct consumer_c *cc, const char *member)
{
	writer_line(cc->w, ".%s = %s_%s,", member, cc->consumer->c_id, member);
}

static void handlers_table(const struct consumer_c *cc)
{
	struct writer *w = cc->w;
	const struct model_join *join;
	struct handler_c handler;
	size_t at = 0;

	writer_blank(w);
	writer_open(
	        w, "static const struct %s_handlers %s_handlers = {", cc->stem, cc->consumer->c_id);
	if (cc->consumer->greeting)
		row(cc, writer_format(w, "greet_%s", cc->consumer->greeting->c_id));
	if (cc->consumer->error)
		row(cc, "error");
	for (size_t i = 0; i < cc->consumer->n_receives; i++) {
		if (cc->consumer->receives[i].authenticate_id)
			row(cc, cc->consumer->receives[i].authenticate_id);
	}
	if (cc->consumer->object) {
		row(cc, writer_format(w, "load_%s", cc->consumer->object->name));
		row(cc, writer_format(w, "release_%s", cc->consumer->object->name));
	}
	for (size_t i = 0; i < cc->consumer->n_permit_terms; i++) {
		if (!cc->consumer->permit_terms[i].is_authenticated)
			row(cc, cc->consumer->permit_terms[i].c_id);
	}
	if (presence_in_topic(cc->consumer))
		row(cc, "present");
	while ((join = presence_next_join(cc->consumer, &at)) != NULL)
		row(cc, writer_format(w, "present_%s", join->c_id));
	at = 0;
	row(cc, cc->hook);
	row(cc, end_hook(cc));
	while (consumer_next_handler(cc, &at, &handler))
		row(cc, handler.member);
	writer_close(w, "};");
}

/* ------------------------------------------------------- users, and main */

static void session_stub(struct writer *w)
{
	writer_blank(w);
	writer_comment(w, "Authentication kind session: whose cookie is this?");
	wrap_line(w, 0,
	        "static int find_session(void *app, struct msgc_lookup *lookup, struct msgc_str "
	        "cookie, "
	        "struct msgc_user *ret_user)");
	writer_open(w, "{");
	writer_line(w, "(void)app;");
	writer_line(w, "(void)lookup;");
	writer_line(w, "(void)cookie;");
	writer_line(w, "(void)ret_user;");
	writer_line(w, "return MSGC_EUNAUTHENTICATED;");
	writer_close(w, "}");
}

static void token_stub(struct writer *w)
{
	writer_blank(w);
	writer_comment(
	        w, "Authentication kind jwt: <msgc/jwt.h> has msgc_server_use_jwt(), with keys.");
	wrap_line(w, 0,
	        "static int verify_token(void *context, struct msgc_str token, int64_t "
	        "now_unix_seconds, "
	        "struct msgc_arena *arena, struct msgc_user *ret_user)");
	writer_open(w, "{");
	writer_line(w, "(void)context;");
	writer_line(w, "(void)token;");
	writer_line(w, "(void)now_unix_seconds;");
	writer_line(w, "(void)arena;");
	writer_line(w, "(void)ret_user;");
	writer_line(w, "return MSGC_EUNAUTHENTICATED;");
	writer_close(w, "}");
}

static void basic_stub(struct writer *w)
{
	writer_blank(w);
	writer_comment(w,
	        "What name and password mean is yours to say. Hashing takes time: see "
	        "msgc_lookup_may_block().");
	wrap_line(w, 0,
	        "static int check_basic(void *app, struct msgc_lookup *lookup, struct msgc_str "
	        "name, "
	        "struct msgc_str password, struct msgc_user *ret_user)");
	writer_open(w, "{");
	writer_line(w, "(void)app;");
	writer_line(w, "(void)lookup;");
	writer_line(w, "(void)name;");
	writer_line(w, "(void)password;");
	writer_line(w, "(void)ret_user;");
	writer_line(w, "return MSGC_EUNAUTHENTICATED;");
	writer_close(w, "}");
}

static void main_stub(const struct emit_c *c)
{
	struct writer *w = c->w;

	writer_blank(w);
	writer_line(w, "int main(int argc, char **argv)");
	writer_open(w, "{");
	writer_line(w, "struct msgc_server *server = msgc_server_new(argc, argv);");
	writer_blank(w);
	if (has_auth(c->contract, MODEL_AUTH_SESSION))
		writer_line(
		        w, "msgc_server_use_sessions(server, \"session\", find_session, NULL);");
	if (has_auth(c->contract, MODEL_AUTH_JWT))
		writer_line(w, "msgc_server_use_tokens(server, verify_token, NULL, NULL, NULL);");
	if (has_auth(c->contract, MODEL_AUTH_BASIC))
		writer_line(w, "msgc_server_use_basic(server, check_basic, NULL);");
	if (has_auth(c->contract, MODEL_AUTH_TICKET))
		writer_line(w, "msgc_server_use_tickets(server, \"/ticket\", NULL, NULL);");
	for (size_t i = 0; i < count_served(c->contract); i++) {
		const struct model_consumer *consumer = served_at(c->contract, i);

		writer_line(w, "%s_serve(server, &%s_handlers, NULL);", consumer->c_name,
		        consumer->c_id);
	}
	writer_line(w, "return msgc_server_run(server);");
	writer_close(w, "}");
}

void emit_stubs(const struct model *model, struct writer *w)
{
	struct emit_c c = {.model = model, .contract = model->main, .w = w};

	writer_comment(w,
	        "%s_handlers.c - a first draft of what %s needs. It compiles and serves, and "
	        "refuses what it "
	        "cannot know. It is yours: msgc does not overwrite it.",
	        c.contract->stem, c.contract->file);
	writer_line(w, "#include <stdlib.h>");
	writer_blank(w);
	writer_line(w, "#include <msgc/server.h>");
	writer_blank(w);
	writer_line(w, "#include \"%s.msgc.h\"", c.contract->stem);
	objects(&c);
	if (has_auth(c.contract, MODEL_AUTH_SESSION))
		session_stub(w);
	if (has_auth(c.contract, MODEL_AUTH_JWT))
		token_stub(w);
	if (has_auth(c.contract, MODEL_AUTH_BASIC))
		basic_stub(w);
	for (size_t i = 0; i < count_served(c.contract); i++) {
		struct consumer_c cc = consumer_view(&c, served_at(c.contract, i));

		consumer_stubs(&cc);
		handlers_table(&cc);
	}
	main_stub(&c);
}
