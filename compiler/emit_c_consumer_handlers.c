/* SPDX-License-Identifier: MIT */
/*
 * emit_c_consumer_handlers.c - the struct of typed functions that a program fills for a consumer.
 * The members' order is the order in which the server asks and calls.
 */
#include "emit_c_consumer.h"

static void object_members(const struct consumer_c *cc)
{
	const char *name = cc->consumer->object->name;
	struct writer *w = cc->w;

	writer_comment(w,
	        "Finds the object of a connection: a look-up hook, see <msgc/server.h>. "
	        "MSGC_ENOTFOUND: there is none. The server keeps it until the connection and "
	        "all that is pending have ended, then hands it to release_%s (may be NULL), "
	        "on any thread.",
	        name);
	wrap_line(w, 1,
	        writer_format(w,
	                "int (*load_%s)(void *app, struct msgc_lookup *lookup%s, "
	                "struct %s **ret_object);",
	                name, consumer_lookup_params(cc, NULL, true), name));
	writer_line(w, "void (*release_%s)(struct %s *object);", name, name);
	writer_blank(w);
}

const char *consumer_authenticate_params(
        const struct consumer_c *cc, const struct model_receive *receive)
{
	return writer_format(cc->w,
	        "void *app, struct msgc_lookup *lookup%s%s, const struct %s *in, struct msgc_user "
	        "*ret_user",
	        cc->consumer->n_params > 0
	                ? writer_format(cc->w, ", const struct %s_params *params", cc->stem)
	                : "",
	        cc->consumer->greeting != NULL ? ", void *state" : "", receive->in.message->c_name);
}

/* What is said before the client is known, and of what it got wrong. */
static void word_members(const struct consumer_c *cc)
{
	const struct model_consumer *consumer = cc->consumer;
	struct writer *w = cc->w;

	if (consumer->greeting != NULL) {
		writer_comment(w,
		        "Fills %s, the first frame of all: sent before the client has said who it "
		        "is. %s->user is NULL, %s->arena lives as long as the connection, and so "
		        "may "
		        "%s->state. An error ends the connection.",
		        consumer->greeting->message->name, cc->self, cc->self, cc->self);
		wrap_line(w, 1,
		        writer_format(w, "int (*greet_%s)(struct %s *%s, struct %s *message);",
		                consumer->greeting->c_id, cc->stem, cc->self,
		                consumer->greeting->message->c_name));
		writer_blank(w);
	}
	if (consumer->error != NULL) {
		writer_comment(w,
		        "Fills %s, which tells of a refused frame and has its ref. "
		        "MSGC_SAY_NOTHING: the frame is passed over. An error ends the connection, "
		        "as if the contract had no words for it.",
		        consumer->error->message->name);
		wrap_line(w, 1,
		        writer_format(w,
		                "int (*error)(struct %s *%s, const struct msgc_refusal *refusal, "
		                "struct %s *message);",
		                cc->stem, cc->self, consumer->error->message->c_name));
		writer_blank(w);
	}
}

/* Whom an `auth message` names. */
static void authenticate_member(const struct consumer_c *cc, const struct model_receive *receive)
{
	struct writer *w = cc->w;

	writer_comment(w,
	        "Whom does %s name, the first frame of a client that is nobody yet? A look-up "
	        "hook, "
	        "see <msgc/server.h>. MSGC_EUNAUTHENTICATED: nobody, and the connection is closed "
	        "with 4401. Then %s() answers it like any other frame.",
	        receive->in.message->name, receive->in.c_id);
	wrap_line(w, 1,
	        writer_format(w, "int (*%s)(%s);", receive->authenticate_id,
	                consumer_authenticate_params(cc, receive)));
	writer_blank(w);
}

static void term_member(const struct consumer_c *cc, const struct model_permit_term *term)
{
	bool is_early = cc->consumer->object && !term->after_object;
	struct writer *w = cc->w;

	writer_comment(w, "%s: a term of the permit clause%s; a look-up hook.", term->name,
	        is_early ? ", asked before the object is loaded" : "");
	wrap_line(w, 1,
	        writer_format(w,
	                "int (*%s)(void *app, struct msgc_lookup *lookup%s, bool *ret_allowed);",
	                term->c_id, consumer_lookup_params(cc, term, true)));
	writer_blank(w);
}

static void hook_members(const struct consumer_c *cc)
{
	struct writer *w = cc->w;

	writer_comment(w,
	        "The client is in and its groups are joined. May be NULL. An error ends the "
	        "connection.");
	writer_line(w, "int (*connected)(struct %s *%s);", cc->stem, cc->self);
	writer_blank(w);
	writer_comment(w,
	        "Runs once after connected, whatever ended the connection. code: RFC 6455 "
	        "section 7.4. May be NULL.");
	writer_line(w, "void (*disconnected)(struct %s *%s, uint16_t code);", cc->stem, cc->self);
}

static void handler_member(const struct consumer_c *cc, const struct handler_c *handler)
{
	writer_blank(cc->w);
	writer_doc(cc->w, handler->in->doc);
	wrap_line(cc->w, 1,
	        writer_format(cc->w, "int (*%s)(%s);", handler->member,
	                consumer_handler_params(cc, handler)));
}

void consumer_header_handlers(const struct consumer_c *cc)
{
	const struct model_consumer *consumer = cc->consumer;
	struct writer *w = cc->w;
	struct handler_c handler;
	size_t at = 0;

	writer_blank(w);
	writer_comment(w,
	        "What the program does for %s. Handlers run on the connection's worker, one at a "
	        "time, and must not block. They return MSGC_OK, MSGC_LATER (see below), "
	        "msgc_refuse() or a negative code; only with MSGC_OK their reply, broadcasts and "
	        "sends leave. Every member must be set unless it says otherwise.",
	        consumer->name);
	writer_open(w, "struct %s_handlers {", cc->stem);
	word_members(cc);
	if (consumer->object)
		object_members(cc);
	for (size_t i = 0; i < consumer->n_permit_terms; i++) {
		if (!consumer->permit_terms[i].is_authenticated)
			term_member(cc, &consumer->permit_terms[i]);
	}
	for (size_t i = 0; i < consumer->n_receives; i++) {
		if (consumer->receives[i].authenticate_id != NULL)
			authenticate_member(cc, &consumer->receives[i]);
	}
	presence_handlers(cc);
	if (consumer->topic)
		topic_header_hooks(cc);
	else
		hook_members(cc);
	while (consumer_next_handler(cc, &at, &handler))
		handler_member(cc, &handler);
	writer_close(w, "};");
}
