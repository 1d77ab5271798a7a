/* SPDX-License-Identifier: MIT */
/*
 * emit_c_client.c - the header of the C client: for each consumer and topic a handle, a struct of handlers for what comes in, and a function for
 * each message that may be sent. It must not know how they work.
 */
#include "emit_c_client.h"

#include <string.h>

#include "emit.h"
#include "emit_clients.h"

struct client_c client_view(const struct emit_c *c, const struct model_consumer *consumer)
{
	return (struct client_c){
	        .c = c,
	        .w = c->w,
	        .consumer = consumer,
	        .stem = writer_format(c->w, "%s_client", consumer->c_name),
	};
}

/* ------------------------------------------------------------------ views */

const struct model_receive *client_next_sent(const struct client_c *cc, size_t *at)
{
	while (*at < cc->consumer->n_receives) {
		const struct model_receive *receive = &cc->consumer->receives[(*at)++];

		if (!consumer_receive_is_ping(receive))
			return receive;
	}
	return NULL;
}

const struct model_message_ref *client_next_heard(
        const struct client_c *cc, size_t *at, bool *ret_is_question)
{
	const struct model_consumer *consumer = cc->consumer;

	while (*at < consumer->n_outgoing) {
		const struct model_message_ref *ref = &consumer->outgoing[(*at)++];

		*ret_is_question = false;
		if (client_hears(consumer, ref))
			return ref;
	}
	while (*at < consumer->n_outgoing + consumer->n_asks) {
		const struct model_ask *ask = &consumer->asks[(*at)++ - consumer->n_outgoing];

		*ret_is_question = true;
		if (!ask->question.message->is_std)
			return &ask->question;
	}
	return NULL;
}

bool client_is_request(const struct client_c *cc, const struct model_receive *receive)
{
	const struct model_envelope *envelope = &cc->consumer->contract->envelope;
	bool has_ref = envelope->wire[MODEL_ENVELOPE_REF] != NULL || envelope->ref_position >= 0;

	return has_ref && (receive->n_replies > 0 || cc->consumer->completion);
}

const char *client_answer_param(const struct client_c *cc, const struct model_receive *receive)
{
	if (receive->n_replies == 0)
		return "";
	if (receive->n_replies == 1)
		return writer_format(
		        cc->w, ", const struct %s *answer", receive->replies[0].message->c_name);
	return writer_format(
	        cc->w, ", const struct %s_%s_answer *answer", cc->stem, receive->in.c_id);
}

bool client_has_url(const struct model_consumer *consumer)
{
	return consumer->url != NULL;
}

/* ------------------------------------------------------------- prototypes */

static const char *params_param(const struct client_c *cc)
{
	return cc->consumer->n_params == 0
	        ? ""
	        : writer_format(cc->w, "const struct %s_params *params, ", cc->consumer->c_name);
}

const char *client_new_prototype(const struct client_c *cc)
{
	return writer_format(cc->w,
	        "int %s_new(const struct msgc_client_options *options, %sconst struct "
	        "%s_handlers *handlers, struct %s **ret)",
	        cc->stem, params_param(cc), cc->stem, cc->stem);
}

const char *client_path_prototype(const struct client_c *cc)
{
	return writer_format(
	        cc->w, "int %s_path(%sstruct msgc_buf *ret)", cc->stem, params_param(cc));
}

const char *client_topic_prototype(const struct client_c *cc, const struct model_consumer *topic)
{
	return writer_format(cc->w,
	        "int %s_topic_%s(struct %s *client%s, const struct %s_client_handlers "
	        "*handlers, void *app, struct %s_client **ret)",
	        cc->stem, topic->c_id, cc->stem, group_params(cc->w, topic->topic), topic->c_name,
	        topic->c_name);
}

static void declare(const struct client_c *cc, const char *prototype)
{
	wrap_line(cc->w, 0, writer_format(cc->w, "%s;", prototype));
}

/* --------------------------------------------------------------- handlers */

static void header_handlers(const struct client_c *cc)
{
	const struct model_message_ref *ref;
	struct writer *w = cc->w;
	bool is_question, any = false;
	size_t at = 0;

	writer_blank(w);
	writer_comment(w,
	        "What comes in. Each may be NULL: nobody is told. app: that of the options, or of "
	        "the "
	        "topic. message and frame live until the function returns.");
	writer_open(w, "struct %s_handlers {", cc->stem);
	while ((ref = client_next_heard(cc, &at, &is_question)) != NULL) {
		any = true;
		writer_doc(w, ref->message->doc);
		if (is_question)
			writer_comment(w,
			        "A question: %s_answer_%s_…() answers it, with frame->ref.",
			        cc->stem, ref->c_id);
		wrap_line(w, 1,
		        writer_format(w,
		                "void (*%s)(void *app, struct %s *client, const struct %s "
		                "*message, const struct msgc_client_frame *frame);",
		                ref->c_id, cc->stem, ref->message->c_name));
	}
	if (!any)
		writer_line(w, "char nothing; /* comes in */");
	writer_close(w, "};");
}

/* ------------------------------------------------------------------ calls */

static void header_answer(const struct client_c *cc, const struct model_receive *receive)
{
	struct writer *w = cc->w;

	if (receive->n_replies > 1) {
		writer_blank(w);
		writer_comment(w, "What answers %s: one of these.", receive->in.message->name);
		writer_open(w, "struct %s_%s_answer {", cc->stem, receive->in.c_id);
		writer_open(w, "enum {");
		for (size_t i = 0; i < receive->n_replies; i++)
			writer_line(w, "%s%s,",
			        upper_case(w,
			                writer_format(w, "%s_%s_%s", cc->stem, receive->in.c_id,
			                        receive->replies[i].c_id)),
			        i == 0 ? " = 1" : "");
		writer_close(w, "} kind;");
		writer_open(w, "union {");
		for (size_t i = 0; i < receive->n_replies; i++)
			writer_line(w, "const struct %s *%s;", receive->replies[i].message->c_name,
			        receive->replies[i].c_id);
		writer_close(w, "};");
		writer_close(w, "};");
	}
	wrap_line(w, 0,
	        writer_format(w,
	                "typedef void %s_%s_fn(void *app, struct %s *client, const struct "
	                "msgc_outcome "
	                "*outcome%s, void *arg);",
	                cc->stem, receive->in.c_id, cc->stem, client_answer_param(cc, receive)));
}

static void header_sent(const struct client_c *cc)
{
	const struct model_receive *receive;
	struct writer *w = cc->w;
	size_t at = 0;

	writer_blank(w);
	writer_comment(w,
	        "Sends at once, or when there is a connection; options may be NULL. "
	        "MSGC_ECONTRACT: "
	        "it breaks the contract; MSGC_EBUSY: too much waits; MSGC_EGONE: closed. A "
	        "request "
	        "that returns MSGC_OK calls its function once, later: answer is NULL unless "
	        "outcome->result is MSGC_OK.");
	while ((receive = client_next_sent(cc, &at)) != NULL) {
		const char *params = writer_format(w,
		        "(struct %s *client, const struct %s *message, const struct "
		        "msgc_send_options "
		        "*options",
		        cc->stem, receive->in.message->c_name);

		if (at > 1)
			writer_blank(w);
		writer_doc(w, receive->in.message->doc);
		declare(cc,
		        writer_format(w, "int %s_send_%s%s)", cc->stem, receive->in.c_id, params));
		if (!client_is_request(cc, receive))
			continue;
		header_answer(cc, receive);
		declare(cc,
		        writer_format(w, "int %s_request_%s%s, %s_%s_fn *answered, void *arg)",
		                cc->stem, receive->in.c_id, params, cc->stem, receive->in.c_id));
	}
}

static void header_answers(const struct client_c *cc)
{
	const struct model_consumer *consumer = cc->consumer;

	for (size_t i = 0; i < consumer->n_asks; i++) {
		const struct model_ask *ask = &consumer->asks[i];

		for (size_t j = 0; j < ask->n_answers && !ask->question.message->is_std; j++)
			declare(cc,
			        writer_format(cc->w,
			                "int %s_answer_%s_%s(struct %s *client, const struct %s "
			                "*message, struct msgc_str ref)",
			                cc->stem, ask->question.c_id, ask->answers[j].c_id,
			                cc->stem, ask->answers[j].message->c_name));
	}
}

static void header_topics(const struct client_c *cc)
{
	const struct model_consumer *consumer = cc->consumer;

	if (consumer->n_topics == 0)
		return;
	writer_blank(cc->w);
	writer_comment(cc->w,
	        "Handles of topics on this connection; msgc_topic_subscribe() of their channel "
	        "follows them. They live until msgc_topic_free(), or as long as the client. "
	        "MSGC_EINVAL: there is such a handle already.");
	for (size_t i = 0; i < consumer->n_topics; i++)
		declare(cc, client_topic_prototype(cc, consumer->topics[i]));
}

static void header_handle(const struct client_c *cc)
{
	struct writer *w = cc->w;

	writer_blank(w);
	writer_comment(w, "A client of %s %s.%s%s", cc->consumer->topic ? "topic" : "consumer",
	        cc->consumer->name, cc->consumer->doc ? "\n" : "",
	        cc->consumer->doc ? cc->consumer->doc : "");
	writer_line(w, "struct %s;", cc->stem);
	header_handlers(cc);
	if (client_has_url(cc->consumer)) {
		writer_blank(w);
		writer_comment(w,
		        "handlers is copied, so are the options. MSGC_EINVAL: the options or a "
		        "parameter; MSGC_ECONFIG, MSGC_ENOMEM, MSGC_EIO. The client is freed "
		        "with msgc_client_free(%s_connection(client)).",
		        cc->stem);
		declare(cc, client_new_prototype(cc));
		writer_comment(w, "Appends its path and query.");
		declare(cc, client_path_prototype(cc));
	}
	writer_line(w, "extern const struct msgc_client_type %s__type;", cc->stem);
	writer_blank(w);
	writer_comment(w, "What it is made of: states, positions, topics, freeing it.");
	wrap_line(w, 0,
	        writer_format(w, "static inline struct msgc_channel *%s_channel(struct %s *client)",
	                cc->stem, cc->stem));
	writer_open(w, "{");
	writer_line(w, "return (struct msgc_channel *)client;");
	writer_close(w, "}");
	wrap_line(w, 0,
	        writer_format(w,
	                "static inline struct msgc_client *%s_connection(struct %s *client)",
	                cc->stem, cc->stem));
	writer_open(w, "{");
	writer_line(w, "return msgc_channel_client((struct msgc_channel *)client);");
	writer_close(w, "}");
	header_sent(cc);
	header_answers(cc);
	header_topics(cc);
}

/* ------------------------------------------------------------------ file */

/* Topics of other contracts have handles in their headers. */
static void include_topics(const struct emit_c *c)
{
	const struct model_contract *contract = c->contract;

	for (size_t i = 0; i < contract->n_imports; i++) {
		bool is_mounted = false;

		for (size_t j = 0; j < contract->n_consumers; j++) {
			const struct model_consumer *consumer = contract->consumers[j];

			for (size_t k = 0; k < consumer->n_topics; k++)
				is_mounted = is_mounted ||
				        consumer->topics[k]->contract == contract->imports[i];
		}
		if (is_mounted)
			writer_flush_left(
			        c->w, "#include \"%s.client.h\"", contract->imports[i]->stem);
	}
}

void emit_c_client_header(const struct model *model, struct writer *w)
{
	const struct model_contract *contract = model->main;
	struct emit_c c = {.model = model, .contract = contract, .w = w};

	writer_comment(w, "Generated by msgc from %s. Do not edit.", contract->file);
	writer_flush_left(w, "#ifndef %s_MSGC_CLIENT_H", contract->c_prefix_upper);
	writer_flush_left(w, "#define %s_MSGC_CLIENT_H", contract->c_prefix_upper);
	writer_blank(w);
	writer_flush_left(w, "#include <msgc/client.h>");
	writer_flush_left(w, "#include \"%s.msgc.h\"", contract->stem);
	include_topics(&c);
	writer_blank(w);
	writer_flush_left(w, "#ifdef __cplusplus");
	writer_flush_left(w, "extern \"C\" {");
	writer_flush_left(w, "#endif");
	writer_blank(w);
	writer_line(w, "struct msgc_client_type;");
	for (size_t i = 0; i < contract->n_topics; i++) {
		struct client_c cc = client_view(&c, contract->topics[i]);

		header_handle(&cc);
	}
	for (size_t i = 0; i < contract->n_consumers; i++) {
		struct client_c cc = client_view(&c, contract->consumers[i]);

		header_handle(&cc);
	}
	writer_blank(w);
	writer_flush_left(w, "#ifdef __cplusplus");
	writer_flush_left(w, "}");
	writer_flush_left(w, "#endif");
	writer_blank(w);
	writer_flush_left(w, "#endif");
}
