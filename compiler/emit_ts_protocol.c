/* SPDX-License-Identifier: MIT */
/*
 * emit_ts_protocol.c - what a consumer or topic says and hears, as one interface: the client's methods get their types from it. Knows
 * nothing of tables.
 */
#include "emit_clients.h"
#include "emit_ts.h"

/* -------------------------------------------------------------- parameters */

static void put_param(struct ts *ts, const struct model_param *param)
{
	const struct model_member *member = &param->member;

	ts_put_doc(ts, member->doc, member->deprecated);
	writer_add(ts->w, "%s%s: ", ts_key(ts, member->name, false),
	        member->optional || member->default_value != NULL ? "?" : "");
	ts_put_use(ts, &member->use, TS_SENT);
	writer_add(ts->w, ";");
	writer_end(ts->w);
}

static void put_params(struct ts *ts, const char *name, const struct model_param *params, size_t n)
{
	if (n == 0) {
		writer_line(ts->w, "%s: Record<string, never>;", name);
		return;
	}
	writer_open(ts->w, "%s: {", name);
	for (size_t i = 0; i < n; i++)
		put_param(ts, &params[i]);
	writer_close(ts->w, "};");
}

/* ---------------------------------------------------------------- messages */

static void put_ref(struct ts *ts, const struct model_message_ref *ref, enum ts_role role)
{
	ts_put_doc(ts, ref->message->doc, ref->message->deprecated);
	writer_line(
	        ts->w, "%s: %s;", ts_key(ts, ref->c_id, false), ts_name(ts, ref->message, role));
}

static void put_sends(struct ts *ts, const struct model_consumer *consumer)
{
	writer_open(ts->w, "send: {");
	for (size_t i = 0; i < consumer->n_receives; i++)
		put_ref(ts, &consumer->receives[i].in, TS_BODY);
	writer_close(ts->w, "};");
}

static void put_answers(struct ts *ts, const struct model_consumer *consumer)
{
	writer_open(ts->w, "answers: {");
	for (size_t i = 0; i < consumer->n_receives; i++) {
		const struct model_receive *receive = &consumer->receives[i];

		if (receive->n_replies == 0 && !consumer->completion)
			continue;
		ts_put_doc(ts, receive->in.message->doc, receive->in.message->deprecated);
		writer_add(ts->w, "%s: ", ts_key(ts, receive->in.c_id, false));
		for (size_t j = 0; j < receive->n_replies; j++)
			writer_add(ts->w, "%s%s", j > 0 ? " | " : "",
			        ts_name(ts, receive->replies[j].message, TS_RECEIVED));
		writer_add(ts->w, receive->n_replies == 0 ? "void;" : ";");
		writer_end(ts->w);
	}
	writer_close(ts->w, "};");
}

static void put_incoming(struct ts *ts, const struct model_consumer *consumer)
{
	writer_open(ts->w, "incoming: {");
	for (size_t i = 0; i < consumer->n_outgoing; i++) {
		if (client_hears(consumer, &consumer->outgoing[i]))
			put_ref(ts, &consumer->outgoing[i], TS_RECEIVED);
	}
	writer_close(ts->w, "};");
}

static void put_asks(struct ts *ts, const struct model_consumer *consumer)
{
	writer_open(ts->w, "asks: {");
	for (size_t i = 0; i < consumer->n_asks; i++) {
		const struct model_ask *ask = &consumer->asks[i];

		if (ask->question.message->is_std)
			continue; /* a ping: the client answers by itself */
		ts_put_doc(ts, ask->question.message->doc, ask->question.message->deprecated);
		writer_open(ts->w, "%s: {", ts_key(ts, ask->question.c_id, false));
		writer_line(
		        ts->w, "question: %s;", ts_name(ts, ask->question.message, TS_RECEIVED));
		writer_open(ts->w, "answers: {");
		for (size_t j = 0; j < ask->n_answers; j++)
			put_ref(ts, &ask->answers[j], TS_BODY);
		writer_close(ts->w, "};");
		writer_close(ts->w, "};");
	}
	writer_close(ts->w, "};");
}

/* ------------------------------------------------------------------ groups */

static void put_topics(struct ts *ts, const struct model_consumer *consumer)
{
	if (consumer->n_topics == 0) {
		writer_line(ts->w, "topics: Record<never, never>;");
		return;
	}
	writer_open(ts->w, "topics: {");
	for (size_t i = 0; i < consumer->n_topics; i++) {
		const struct model_consumer *topic = consumer->topics[i];

		ts_put_doc(ts, topic->doc, NULL);
		writer_line(ts->w, "%s: %s;", ts_key(ts, topic->c_id, false),
		        ts_name(ts, topic, TS_PROTOCOL));
	}
	writer_close(ts->w, "};");
}

static void put_roster(struct ts *ts, const char *name, const struct model_group *group)
{
	ts_put_doc(ts, group->doc, NULL);
	writer_open(ts->w, "%s: {", name);
	put_params(ts, "params", group->params, group->n_params);
	writer_add(ts->w, "info: ");
	if (group->presence != NULL) {
		const struct model_use use = {.type = group->presence};

		ts_put_use(ts, &use, TS_RECEIVED);
	} else {
		writer_add(ts->w, "null");
	}
	writer_add(ts->w, ";");
	writer_end(ts->w);
	writer_close(ts->w, "};");
}

static void put_presence(struct ts *ts, const struct model_consumer *consumer)
{
	bool any = false;

	if (consumer->topic != NULL && consumer->topic->has_presence) {
		writer_open(ts->w, "presence: {");
		put_roster(ts, "self", consumer->topic);
		writer_close(ts->w, "};");
		return;
	}
	for (size_t i = 0; i < consumer->n_joins; i++) {
		const struct model_join *join = &consumer->joins[i];

		if (!join->group->has_presence)
			continue;
		if (!any)
			writer_open(ts->w, "presence: {");
		any = true;
		put_roster(ts, ts_key(ts, join->c_id, false), join->group);
	}
	if (any)
		writer_close(ts->w, "};");
	else
		writer_line(ts->w, "presence: Record<never, never>;");
}

static void put_first(struct ts *ts, const struct model_consumer *consumer)
{
	bool any = false;

	writer_add(ts->w, "first: ");
	for (size_t i = 0; i < consumer->n_receives; i++) {
		const struct model_receive *receive = &consumer->receives[i];

		if (receive->authenticate_id == NULL)
			continue;
		writer_add(ts->w, "%s\"%s\"", any ? " | " : "", receive->in.c_id);
		any = true;
	}
	writer_add(ts->w, any ? ";" : "never;");
	writer_end(ts->w);
}

static void put_greeting(struct ts *ts, const struct model_consumer *consumer)
{
	writer_line(ts->w, "greeting: %s;",
	        consumer->greeting != NULL ? ts_name(ts, consumer->greeting->message, TS_RECEIVED)
	                                   : "undefined");
}

void ts_put_protocol(struct ts *ts, const struct model_consumer *consumer)
{
	writer_blank(ts->w);
	ts_put_doc(ts, consumer->doc, NULL);
	writer_open(ts->w, "export interface %s extends Protocol {",
	        ts_name(ts, consumer, TS_PROTOCOL));
	put_params(ts, "params", consumer->params, consumer->n_params);
	put_sends(ts, consumer);
	put_answers(ts, consumer);
	put_incoming(ts, consumer);
	put_asks(ts, consumer);
	put_topics(ts, consumer);
	put_presence(ts, consumer);
	put_first(ts, consumer);
	put_greeting(ts, consumer);
	writer_close(ts->w, "}");
}
