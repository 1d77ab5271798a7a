/* SPDX-License-Identifier: MIT */
/*
 * emit_c_client_calls.c - the functions of the C client: from parameters to an address, and what programs call. They are thin: a row of a table and
 * a call of the run time's.
 */
#include <stdio.h>
#include <string.h>

#include "emit_c_client.h"

/* ------------------------------------------------------------- addresses */

/* A literal of the path, percent-encoded (RFC 3986). */
static const char *encoded(struct writer *w, const char *text)
{
	const char *result = "";

	for (; *text != '\0'; text++) {
		unsigned char c = (unsigned char)*text;
		bool is_plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
		        (c >= 'A' && c <= 'Z') || strchr("-._~", c) != NULL;

		result = writer_format(w, is_plain ? "%s%c" : "%s%%%02X", result, c);
	}
	return result;
}

static void put_text(struct writer *w, const char *text)
{
	if (*text != '\0')
		writer_line(w, "msgc_url_text(&url, %s);", writer_c_literal(w, text, strlen(text)));
}

/* The number that a datetime travels as; else the value itself. */
static const char *number_of(struct writer *w, const struct model_type *type, const char *value)
{
	if (type->wire_form == MODEL_WIRE_UNIX)
		return writer_format(w, "%s.seconds", value);
	if (type->wire_form == MODEL_WIRE_UNIX_MS)
		return writer_format(
		        w, "%s.seconds * 1000 + %s.nanoseconds / 1000000", value, value);
	return NULL;
}

static void put_value(struct writer *w, const struct model_param *param)
{
	const struct model_type *type = param->member.use.type;
	const char *value = writer_format(w, "params->%s", param->member.c_id);
	const char *number = number_of(w, type, value);

	if (type->kind == MODEL_STRING) {
		writer_line(w, "msgc_url_str(&url, %s);", value);
		return;
	}
	writer_line(w, "to = (struct msgc_group_name){0};");
	if (number != NULL)
		writer_line(w, "msgc_group_name_int(&to, %s);", number);
	else
		group_name_value(w, type, value);
	writer_line(w, "msgc_url_value(&url, &to);");
}

static void put_query(struct writer *w, const struct model_param *param)
{
	const struct model_member *member = &param->member;

	if (member->optional)
		writer_open(w, "if (params->has_%s) {", member->c_id);
	writer_line(w, "msgc_url_query(&url, %s);",
	        writer_c_literal(w, member->wire, strlen(member->wire)));
	put_value(w, param);
	if (member->optional)
		writer_close(w, "}");
}

static void put_path(const struct client_c *cc)
{
	const struct model_consumer *consumer = cc->consumer;
	struct writer *w = cc->w;
	const char *text = "";

	for (size_t i = 0; i < consumer->n_segments; i++) {
		const struct model_segment *segment = &consumer->segments[i];

		text = writer_format(w, "%s/", text);
		if (segment->param == NULL) {
			text = writer_format(w, "%s%s", text, encoded(w, segment->literal));
			continue;
		}
		put_text(w, text);
		put_value(w, segment->param);
		text = "";
	}
	put_text(w,
	        consumer->trailing_slash || consumer->n_segments == 0
	                ? writer_format(w, "%s/", text)
	                : text);
	for (size_t i = 0; i < consumer->n_params; i++) {
		if (!consumer->params[i].in_path)
			put_query(w, &consumer->params[i]);
	}
}

static bool needs_value(const struct model_consumer *consumer)
{
	for (size_t i = 0; i < consumer->n_params; i++) {
		if (consumer->params[i].member.use.type->kind != MODEL_STRING)
			return true;
	}
	return false;
}

static void define(const struct client_c *cc, const char *prototype)
{
	writer_blank(cc->w);
	wrap_line(cc->w, 0, prototype);
	writer_open(cc->w, "{");
}

static void source_path(const struct client_c *cc)
{
	struct writer *w = cc->w;

	define(cc, client_path_prototype(cc));
	writer_line(w, "struct msgc_buf url = {0};");
	if (needs_value(cc->consumer))
		writer_line(w, "struct msgc_group_name to;");
	writer_line(w, "int result;");
	writer_blank(w);
	put_path(cc);
	writer_line(w, "result = url.error;");
	writer_line(w, "if (result == MSGC_OK)");
	writer_line(w, "\tmsgc_buf_append(ret, url.data, url.len);");
	writer_line(w, "msgc_buf_free(&url);");
	writer_line(w, "return result == MSGC_OK ? ret->error : result;");
	writer_close(w, "}");
}

static void source_new(const struct client_c *cc)
{
	struct writer *w = cc->w;

	define(cc, client_new_prototype(cc));
	writer_line(w, "struct msgc_client *client;");
	writer_line(w, "struct msgc_buf path = {0};");
	writer_line(w, "int result = %s_path(%s&path);", cc->stem,
	        cc->consumer->n_params > 0 ? "params, " : "");
	writer_blank(w);
	writer_line(w, "if (result == MSGC_OK)");
	wrap_line(w, 2,
	        writer_format(w,
	                "result = msgc_client_new(&%s__type, options, msgc_buf_str(&path), "
	                "handlers, &client);",
	                cc->stem));
	writer_line(w, "msgc_buf_free(&path);");
	writer_line(w, "if (result == MSGC_OK)");
	writer_line(w, "\t*ret = (struct %s *)msgc_client_channel(client);", cc->stem);
	writer_line(w, "return result;");
	writer_close(w, "}");
}

/* ------------------------------------------------------------------ calls */

static void source_sent(const struct client_c *cc)
{
	const struct model_receive *receive;
	struct writer *w = cc->w;
	size_t at = 0;
	unsigned row = 0;

	for (; (receive = client_next_sent(cc, &at)) != NULL; row++) {
		const char *params = writer_format(w,
		        "(struct %s *client, const struct %s *message, const struct "
		        "msgc_send_options *options",
		        cc->stem, receive->in.message->c_name);

		define(cc,
		        writer_format(w, "int %s_send_%s%s)", cc->stem, receive->in.c_id, params));
		writer_line(w,
		        "return msgc_channel_send(%s_channel(client), %u, message, options);",
		        cc->stem, row);
		writer_close(w, "}");
		if (!client_is_request(cc, receive))
			continue;
		define(cc,
		        writer_format(w, "int %s_request_%s%s, %s_%s_fn *answered, void *arg)",
		                cc->stem, receive->in.c_id, params, cc->stem, receive->in.c_id));
		wrap_line(w, 1,
		        writer_format(w,
		                "return msgc_channel_request(%s_channel(client), %u, message, "
		                "options, (msgc_client_fn *)answered, arg);",
		                cc->stem, row));
		writer_close(w, "}");
	}
}

static void source_answers(const struct client_c *cc)
{
	const struct model_consumer *consumer = cc->consumer;
	struct writer *w = cc->w;

	for (size_t i = 0; i < consumer->n_asks; i++) {
		const struct model_ask *ask = &consumer->asks[i];

		for (size_t j = 0; j < ask->n_answers && !ask->question.message->is_std; j++) {
			const char *name = ask->answers[j].message->c_name;

			define(cc,
			        writer_format(w,
			                "int %s_answer_%s_%s(struct %s *client, const struct %s "
			                "*message, struct msgc_str ref)",
			                cc->stem, ask->question.c_id, ask->answers[j].c_id,
			                cc->stem, name));
			wrap_line(w, 1,
			        writer_format(w,
			                "return msgc_channel_answer(%s_channel(client), "
			                "&%s_message, message, ref);",
			                cc->stem, name));
			writer_close(w, "}");
		}
	}
}

static void source_topic(const struct client_c *cc, const struct model_consumer *topic)
{
	struct writer *w = cc->w;
	const char *args = group_args(w, topic->topic);
	bool any = topic->topic->n_params > 0;

	define(cc, client_topic_prototype(cc, topic));
	writer_line(w, "struct msgc_channel *channel;");
	writer_line(w, "struct msgc_group_name to;");
	writer_line(w, "int result = %s_group_name(%s%s&to);", topic->topic->c_name,
	        any ? args + 2 : "", any ? ", " : "");
	writer_blank(w);
	writer_line(w, "if (result == MSGC_OK)");
	wrap_line(w, 2,
	        writer_format(w,
	                "result = msgc_client_topic(%s_connection(client), &%s_client__type, "
	                "msgc_str_of(to.text, to.len), handlers, app, &channel);",
	                cc->stem, topic->c_name));
	writer_line(w, "if (result == MSGC_OK)");
	writer_line(w, "\t*ret = (struct %s_client *)channel;", topic->c_name);
	writer_line(w, "return result;");
	writer_close(w, "}");
}

void client_source_calls(const struct client_c *cc)
{
	const struct model_consumer *consumer = cc->consumer;

	if (client_has_url(consumer)) {
		source_path(cc);
		source_new(cc);
	}
	source_sent(cc);
	source_answers(cc);
	for (size_t i = 0; i < consumer->n_topics; i++)
		source_topic(cc, consumer->topics[i]);
}
