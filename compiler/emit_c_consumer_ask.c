/* SPDX-License-Identifier: MIT */
/*
 * emit_c_consumer_ask.c - questions of the server: a typed function for each, the struct that shows
 * what came of it, and the table that the server knows it by; and the way to a connection from
 * anywhere. When a question is asked and what ends it, is the server's business.
 */
#include "emit_c_consumer.h"

/* "rooms_room_confirm_answer" */
static const char *answer_type(const struct consumer_c *cc, const struct model_ask *ask)
{
	return writer_format(cc->w, "%s_%s_answer", cc->stem, ask->question.c_id);
}

struct handler_c consumer_ask_handler(const struct consumer_c *cc, const struct model_ask *ask)
{
	return (struct handler_c){
	        .member = writer_format(cc->w, "%s_answer", ask->question.c_id),
	        .in = ask->question.message,
	        .in_type = answer_type(cc, ask),
	};
}

static const char *answer_kind(const struct consumer_c *cc, const struct model_ask *ask, size_t i)
{
	return upper_case(
	        cc->w, writer_format(cc->w, "%s_%s", answer_type(cc, ask), ask->answers[i].c_id));
}

static const char *ask_prototype(const struct consumer_c *cc, const struct model_ask *ask)
{
	return writer_format(cc->w,
	        "int %s_ask_%s(struct %s *%s, const struct %s *question, int64_t timeout_ms, int "
	        "(*answered)(struct %s *%s, const struct %s *answer, void *arg), void *arg)",
	        cc->stem, ask->question.c_id, cc->stem, cc->self, ask->question.message->c_name,
	        cc->stem, cc->self, answer_type(cc, ask));
}

static const char *post_prototype(const struct consumer_c *cc)
{
	return writer_format(cc->w,
	        "int %s_post(struct msgc_server *server, uint64_t connection, void (*task)(struct "
	        "%s *%s, void *arg), void *arg)",
	        cc->stem, cc->stem, cc->self);
}

/* ----------------------------------------------------------- declarations */

static void struct_answer(const struct consumer_c *cc, const struct model_ask *ask)
{
	struct writer *w = cc->w;

	writer_blank(w);
	writer_comment(w, "What came of %s.", ask->question.message->name);
	writer_open(w, "struct %s {", answer_type(cc, ask));
	writer_line(w, "int result; /* MSGC_OK: the answer is below */");
	if (ask->n_answers == 1) {
		writer_line(
		        w, "struct %s %s;", ask->answers[0].message->c_name, ask->answers[0].c_id);
		writer_close(w, "};");
		return;
	}
	writer_open(w, "enum {");
	for (size_t i = 0; i < ask->n_answers; i++)
		writer_line(w, "%s%s,", answer_kind(cc, ask, i), i == 0 ? " = 1" : "");
	writer_close(w, "} kind;");
	writer_open(w, "union {");
	for (size_t i = 0; i < ask->n_answers; i++)
		writer_line(
		        w, "struct %s %s;", ask->answers[i].message->c_name, ask->answers[i].c_id);
	writer_close(w, "};");
	writer_close(w, "};");
}

static void post_header(const struct consumer_c *cc)
{
	struct writer *w = cc->w;

	writer_blank(w);
	writer_comment(w,
	        "Runs task on the worker of the connection with this number "
	        "(msgc_connection_id()); %s is NULL when that has gone. What it sends leaves when "
	        "it has returned. Any thread. MSGC_EBUSY or MSGC_EGONE: it will not run.",
	        cc->self);
	wrap_line(w, 0, writer_format(w, "%s;", post_prototype(cc)));
}

void consumer_header_asks(const struct consumer_c *cc)
{
	const struct model_consumer *consumer = cc->consumer;
	struct writer *w = cc->w;

	if (consumer->topic == NULL)
		post_header(cc);
	if (consumer->n_asks == 0)
		return;
	writer_blank(w);
	writer_comment(w,
	        "Questions to the client. In a handler they are staged; one that answers later has "
	        "asked as soon as it says so. If asking returns MSGC_OK, answered is called once, "
	        "as a handler is: with the answer, or with why there is none: MSGC_ETIMEOUT after "
	        "timeout_ms (0: question-timeout), MSGC_ECONTRACT if until then only wrong answers "
	        "came, MSGC_EGONE when the connection ends, MSGC_EREFUSED when the handler that "
	        "asked has failed. MSGC_EBUSY: the client has to answer others first.");
	for (size_t i = 0; i < consumer->n_asks; i++) {
		struct_answer(cc, &consumer->asks[i]);
		writer_doc(w, consumer->asks[i].question.message->doc);
		wrap_line(w, 0, writer_format(w, "%s;", ask_prototype(cc, &consumer->asks[i])));
	}
}

/* ------------------------------------------------------------ definitions */

static void call_source(const struct consumer_c *cc, const struct model_ask *ask)
{
	struct writer *w = cc->w;

	writer_blank(w);
	wrap_line(w, 0,
	        writer_format(w,
	                "static int %s__answered_%s(void *self, void *outcome, int result, "
	                "unsigned which, msgc_answered_fn *answered, void *arg)",
	                cc->stem, ask->question.c_id));
	writer_open(w, "{");
	writer_line(w, "struct %s *answer = outcome;", answer_type(cc, ask));
	writer_blank(w);
	writer_line(w, "answer->result = result;");
	if (ask->n_answers == 1) {
		writer_line(w, "(void)which;");
	} else {
		writer_line(w, "if (result == MSGC_OK)");
		writer_line(w, "\tanswer->kind = which + 1;");
	}
	wrap_line(w, 1,
	        writer_format(w,
	                "return ((int (*)(struct %s *, const struct %s *, void *))answered)(self, "
	                "answer, arg);",
	                cc->stem, answer_type(cc, ask)));
	writer_close(w, "}");
}

static void answers_table(const struct consumer_c *cc, const struct model_ask *ask)
{
	struct writer *w = cc->w;

	writer_blank(w);
	writer_open(w, "static const struct msgc_ask_answer %s__answers_%s[] = {", cc->stem,
	        ask->question.c_id);
	for (size_t i = 0; i < ask->n_answers; i++)
		wrap_line(w, 1,
		        writer_format(w, "{&%s_message, offsetof(struct %s, %s)},",
		                ask->answers[i].message->c_name, answer_type(cc, ask),
		                ask->answers[i].c_id));
	writer_close(w, "};");
}

static void asks_table(const struct consumer_c *cc)
{
	struct writer *w = cc->w;

	writer_blank(w);
	writer_open(w, "static const struct msgc_ask %s__asks[] = {", cc->stem);
	for (size_t i = 0; i < cc->consumer->n_asks; i++) {
		const struct model_ask *ask = &cc->consumer->asks[i];
		const char *id = ask->question.c_id;

		writer_open(w, "{");
		writer_line(w, ".question = &%s_message,", ask->question.message->c_name);
		writer_line(w, ".answers = %s__answers_%s,", cc->stem, id);
		writer_line(w, ".answer_count = %zu,", ask->n_answers);
		writer_line(w, ".size = sizeof(struct %s),", answer_type(cc, ask));
		writer_line(w, ".call = %s__answered_%s,", cc->stem, id);
		writer_close(w, "},");
	}
	writer_close(w, "};");
}

static void ask_source(const struct consumer_c *cc, size_t i)
{
	struct writer *w = cc->w;

	writer_blank(w);
	wrap_line(w, 0, ask_prototype(cc, &cc->consumer->asks[i]));
	writer_open(w, "{");
	wrap_line(w, 1,
	        writer_format(w,
	                "return %s, &%s__asks[%zu], question, timeout_ms, (msgc_answered_fn "
	                "*)answered, arg);",
	                writer_format(w,
	                        cc->consumer->topic ? "msgc_subscription_ask(%s->subscription"
	                                            : "msgc_connection_ask(%s->connection",
	                        cc->self),
	                cc->stem, i));
	writer_close(w, "}");
}

void consumer_source_asks(const struct consumer_c *cc)
{
	const struct model_consumer *consumer = cc->consumer;

	if (consumer->n_asks == 0)
		return;
	for (size_t i = 0; i < consumer->n_asks; i++) {
		call_source(cc, &consumer->asks[i]);
		answers_table(cc, &consumer->asks[i]);
	}
	asks_table(cc);
	for (size_t i = 0; i < consumer->n_asks; i++)
		ask_source(cc, i);
}

void consumer_source_post(const struct consumer_c *cc)
{
	struct writer *w = cc->w;

	writer_blank(w);
	wrap_line(w, 0,
	        writer_format(w, "static void %s__run(void *self, msgc_task_fn *task, void *arg)",
	                cc->stem));
	writer_open(w, "{");
	writer_line(w, "((void (*)(struct %s *, void *))task)(self, arg);", cc->stem);
	writer_close(w, "}");
	writer_blank(w);
	wrap_line(w, 0, post_prototype(cc));
	writer_open(w, "{");
	wrap_line(w, 1,
	        writer_format(w,
	                "return msgc_connection_post(server, &%s__consumer, connection, %s__run, "
	                "(msgc_task_fn *)task, arg);",
	                cc->stem, cc->stem));
	writer_close(w, "}");
}
