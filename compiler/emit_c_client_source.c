/* SPDX-License-Identifier: MIT */
/*
 * emit_c_client_source.c - the source of the C client: tables of what is sent and heard, and for each row the function that gives the program's its
 * type back.
 */
#include <string.h>

#include "emit.h"
#include "emit_c_client.h"
#include "emit_c_parts.h"
#include "emit_clients.h"

/* -------------------------------------------------------------- what is sent */

static void answered_body(const struct client_c *cc, const struct model_receive *receive)
{
	const char *function = writer_format(cc->w, "%s_%s_fn", cc->stem, receive->in.c_id);
	struct writer *w = cc->w;

	if (receive->n_replies > 1) {
		writer_line(w, "struct %s_%s_answer one = {0};", cc->stem, receive->in.c_id);
		writer_blank(w);
		writer_open(w, "switch (which) {");
		for (size_t i = 0; i < receive->n_replies; i++) {
			writer_outdent(w, "case %zu:", i);
			writer_line(w, "one.kind = %s;",
			        upper_case(w,
			                writer_format(w, "%s_%s_%s", cc->stem, receive->in.c_id,
			                        receive->replies[i].c_id)));
			writer_line(w, "one.%s = answer;", receive->replies[i].c_id);
			writer_line(w, "break;");
		}
		writer_close(w, "}");
	} else {
		writer_line(w, "(void)which;");
		if (receive->n_replies == 0)
			writer_line(w, "(void)answer;");
	}
	wrap_line(w, 1,
	        writer_format(w,
	                "((%s *)answered)(call->app, (struct %s *)call->channel, outcome%s, arg);",
	                function, cc->stem,
	                receive->n_replies == 0          ? ""
	                        : receive->n_replies > 1 ? ", answer ? &one : NULL"
	                                                 : ", answer"));
}

static void answered_source(const struct client_c *cc, const struct model_receive *receive)
{
	struct writer *w = cc->w;

	if (!client_is_request(cc, receive))
		return;
	writer_blank(w);
	wrap_line(w, 0,
	        writer_format(w,
	                "static void %s__%s_answered(const struct msgc_client_call *call, const "
	                "struct msgc_outcome *outcome, unsigned which, const void *answer, "
	                "msgc_client_fn *answered, void *arg)",
	                cc->stem, receive->in.c_id));
	writer_open(w, "{");
	answered_body(cc, receive);
	writer_close(w, "}");
	if (receive->n_replies == 0)
		return;
	writer_blank(w);
	writer_open(w, "static const struct msgc_message *const %s__%s_answers[] = {", cc->stem,
	        receive->in.c_id);
	for (size_t i = 0; i < receive->n_replies; i++)
		writer_line(w, "&%s_message,", receive->replies[i].message->c_name);
	writer_close(w, "};");
}

static void sent_row(const struct client_c *cc, const struct model_receive *receive)
{
	struct writer *w = cc->w;

	writer_open(w, "{");
	writer_line(w, ".message = &%s_message,", receive->in.message->c_name);
	if (client_is_request(cc, receive) && receive->n_replies > 0) {
		writer_line(w, ".answers = %s__%s_answers,", cc->stem, receive->in.c_id);
		writer_line(w, ".answer_count = %zu,", receive->n_replies);
	}
	if (client_is_request(cc, receive))
		writer_line(w, ".call = %s__%s_answered,", cc->stem, receive->in.c_id);
	writer_close(w, "},");
}

static size_t sent_table(const struct client_c *cc)
{
	const struct model_receive *receive;
	size_t at = 0, n = 0;

	while ((receive = client_next_sent(cc, &at)) != NULL) {
		answered_source(cc, receive);
		n++;
	}
	if (n == 0)
		return 0;
	writer_blank(cc->w);
	writer_open(cc->w, "static const struct msgc_client_sent %s__sent[] = {", cc->stem);
	for (at = 0; (receive = client_next_sent(cc, &at)) != NULL;)
		sent_row(cc, receive);
	writer_close(cc->w, "};");
	return n;
}

/* ------------------------------------------------------------- what is heard */

static void heard_source(const struct client_c *cc, const struct model_message_ref *ref)
{
	struct writer *w = cc->w;

	writer_blank(w);
	wrap_line(w, 0,
	        writer_format(w,
	                "static bool %s__on_%s(const struct msgc_client_call *call, const void "
	                "*message)",
	                cc->stem, ref->c_id));
	writer_open(w, "{");
	writer_line(w, "const struct %s_handlers *handlers = call->handlers;", cc->stem);
	writer_blank(w);
	writer_line(w, "if (!handlers || !handlers->%s)", ref->c_id);
	writer_line(w, "\treturn false;");
	wrap_line(w, 1,
	        writer_format(w,
	                "handlers->%s(call->app, (struct %s *)call->channel, message, "
	                "call->frame);",
	                ref->c_id, cc->stem));
	writer_line(w, "return true;");
	writer_close(w, "}");
}

static size_t heard_table(const struct client_c *cc)
{
	const struct model_message_ref *ref;
	struct writer *w = cc->w;
	size_t at = 0, n = 0;
	bool is_question;

	while ((ref = client_next_heard(cc, &at, &is_question)) != NULL) {
		heard_source(cc, ref);
		n++;
	}
	if (n == 0)
		return 0;
	writer_blank(w);
	writer_open(w, "static const struct msgc_client_incoming %s__incoming[] = {", cc->stem);
	for (at = 0; (ref = client_next_heard(cc, &at, &is_question)) != NULL;)
		writer_line(w, "{&%s_message, %s__on_%s, %s},", ref->message->c_name, cc->stem,
		        ref->c_id, is_question ? "true" : "false");
	writer_close(w, "};");
	return n;
}

/* ------------------------------------------------------------------- the type */

static bool sends_untagged(const struct model_consumer *consumer)
{
	for (size_t i = 0; i < consumer->n_receives; i++) {
		if (consumer->receives[i].in.message->n_tags == 0)
			return true;
	}
	for (size_t i = 0; i < consumer->n_asks; i++) {
		for (size_t j = 0; j < consumer->asks[i].n_answers; j++) {
			if (consumer->asks[i].answers[j].message->n_tags == 0)
				return true;
		}
	}
	return false;
}

static void flag(const struct client_c *cc, const char *member, bool value)
{
	if (value)
		writer_line(cc->w, ".%s = true,", member);
}

static void flags(const struct client_c *cc)
{
	const struct model_consumer *consumer = cc->consumer;
	const struct model_contract *contract = consumer->contract;
	bool has_std = !contract->envelope.std_off && contract->options.discriminator != NULL;

	flag(cc, "has_std", has_std);
	flag(cc, "heartbeat", has_std && client_pings(consumer));
	flag(cc, "completion", consumer->completion);
	flag(cc, "recoverable", has_std && client_recovers(consumer));
	flag(cc, "announces", client_announces(consumer));
	flag(cc, "asks_first", consumer->greeting != NULL);
}

static void subprotocols(const struct client_c *cc)
{
	const struct model_consumer *consumer = cc->consumer;
	const char *all = "";

	for (size_t i = 0; i < consumer->n_subprotocols; i++)
		all = writer_format(
		        cc->w, "%s%s%s", all, i > 0 ? ", " : "", consumer->subprotocols[i]);
	if (*all != '\0')
		writer_line(
		        cc->w, ".subprotocols = %s,", writer_c_literal(cc->w, all, strlen(all)));
}

void client_source_tables(const struct client_c *cc)
{
	const struct model_consumer *consumer = cc->consumer;
	const struct model_contract *contract = cc->c->contract;
	size_t n_sent = sent_table(cc), n_heard = heard_table(cc);
	struct writer *w = cc->w;

	writer_blank(w);
	writer_open(w, "const struct msgc_client_type %s__type = {", cc->stem);
	writer_line(w, ".abi = MSGC_GENERATED_ABI,");
	writer_line(
	        w, ".contract = %s,", writer_c_literal(w, contract->name, strlen(contract->name)));
	writer_line(w, ".name = %s,", writer_c_literal(w, consumer->name, strlen(consumer->name)));
	writer_line(w, ".handlers_size = sizeof(struct %s_handlers),", cc->stem);
	writer_open(w, ".said = {");
	emit_c_envelope_names(w, contract, &contract->options.receive, sends_untagged(consumer));
	writer_close(w, "},");
	writer_open(w, ".heard = {");
	emit_c_speech(w, contract);
	writer_close(w, "},");
	flags(cc);
	subprotocols(cc);
	if (n_sent > 0) {
		writer_line(w, ".sent = %s__sent,", cc->stem);
		writer_line(w, ".sent_count = %zu,", n_sent);
	}
	if (n_heard > 0) {
		writer_line(w, ".incoming = %s__incoming,", cc->stem);
		writer_line(w, ".incoming_count = %zu,", n_heard);
	}
	if (consumer->error != NULL)
		writer_line(w, ".refusal = &%s_message,", consumer->error->message->c_name);
	writer_close(w, "};");
}

void emit_c_client_source(const struct model *model, struct writer *w)
{
	const struct model_contract *contract = model->main;
	struct emit_c c = {.model = model, .contract = contract, .w = w};

	writer_comment(w, "Generated by msgc from %s. Do not edit.", contract->file);
	writer_flush_left(w, "#include \"%s.client.h\"", contract->stem);
	writer_blank(w);
	writer_flush_left(w, "#include <msgc/client_gen.h>");
	for (size_t i = 0; i < contract->n_topics + contract->n_consumers; i++) {
		struct client_c cc = client_view(&c,
		        i < contract->n_topics ? contract->topics[i]
		                               : contract->consumers[i - contract->n_topics]);

		client_source_tables(&cc);
		client_source_calls(&cc);
	}
}
