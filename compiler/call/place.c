/* SPDX-License-Identifier: MIT */
/*
 * place.c - whom to call: the consumer that a URL's path means, or that was named with its parameters; and what may be said there. It must not know how
 * frames are made.
 */
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "call.h"
#include "emit_clients.h"

/* ---------------------------------------------------------------- which one */

/* The path between "scheme://authority" and the query; len 0: there is none. */
static const char *path_of(const char *url, size_t *ret_len)
{
	const char *authority = strstr(url, "://");
	const char *path = authority ? authority + 3 + strcspn(authority + 3, "/?#") : url;

	*ret_len = strcspn(path, "?#");
	return path;
}

/* The last segments of the path are the consumer's: a prefix may stand before them. */
static bool fits(const struct model_consumer *consumer, const char *path, size_t len)
{
	size_t n = consumer->n_segments;

	while (len > 0 && path[len - 1] == '/')
		len--;
	while (n > 0) {
		const struct model_segment *segment = &consumer->segments[--n];
		size_t begin = len;

		while (begin > 0 && path[begin - 1] != '/')
			begin--;
		if (begin == 0 || begin == len)
			return false;
		if (segment->literal &&
		        (strlen(segment->literal) != len - begin ||
		                memcmp(segment->literal, path + begin, len - begin) != 0))
			return false;
		len = begin - 1;
	}
	return true;
}

static const struct model_consumer *next_consumer(const struct call *call, size_t *at)
{
	const struct model_contract *main = call->model->main;

	while (*at < main->n_consumers + main->n_topics) {
		size_t i = (*at)++;
		const struct model_consumer *consumer = i < main->n_consumers
		        ? main->consumers[i]
		        : main->topics[i - main->n_consumers];

		if (consumer->url)
			return consumer;
	}
	return NULL;
}

static void list_consumers(const struct call *call)
{
	const struct model_consumer *consumer;
	size_t at = 0;

	while ((consumer = next_consumer(call, &at)) != NULL)
		fprintf(stderr, "  %-20s %s\n", consumer->name, consumer->url);
}

static const struct model_consumer *find_consumer(const struct call *call)
{
	const struct model_consumer *consumer, *found = NULL;
	size_t at = 0, len, n = 0;
	const char *path = path_of(call->options.url, &len);

	while ((consumer = next_consumer(call, &at)) != NULL) {
		bool is_meant = call->options.consumer
		        ? strcmp(call->options.consumer, consumer->name) == 0
		        : len > 1 && fits(consumer, path, len);

		if (is_meant && (!found || consumer->n_segments > found->n_segments))
			found = consumer;
		n++;
	}
	at = 0;
	if (!found && !call->options.consumer && n == 1 && len <= 1)
		found = next_consumer(call, &at);
	return found;
}

/* ---------------------------------------------------------------- its address */

static const char *value_of(const struct call *call, const char *name)
{
	size_t len = strlen(name);

	for (size_t i = 0; i < call->options.params.n; i++) {
		const char *param = call->options.params.items[i];

		if (strncmp(param, name, len) == 0 && param[len] == '=')
			return param + len + 1;
	}
	return NULL;
}

static bool put_param(struct call *call, const struct model_param *param, struct msgc_buf *url)
{
	const char *value = value_of(call, param->member.name);

	if (!value) {
		if (!param->in_path)
			return true;
		fprintf(stderr, "msgc call: '%s' needs --param %s=VALUE\n", call->consumer->url,
		        param->member.name);
		return false;
	}
	if (!param->in_path)
		msgc_url_query(url, param->member.wire);
	msgc_url_str(url, msgc_str_from(value));
	return true;
}

static bool put_path(struct call *call, struct msgc_buf *url)
{
	const struct model_consumer *consumer = call->consumer;

	for (size_t i = 0; i < consumer->n_segments; i++) {
		const struct model_segment *segment = &consumer->segments[i];

		msgc_buf_append_char(url, '/');
		if (segment->literal)
			msgc_url_str(url, msgc_str_from(segment->literal));
		else if (!put_param(call, segment->param, url))
			return false;
	}
	if (consumer->trailing_slash || consumer->n_segments == 0)
		msgc_buf_append_char(url, '/');
	for (size_t i = 0; i < consumer->n_params; i++) {
		if (!consumer->params[i].in_path && !put_param(call, &consumer->params[i], url))
			return false;
	}
	return true;
}

bool call_place(struct call *call, struct msgc_buf *ret_url)
{
	size_t path_len, len = strlen(call->options.url);
	const char *path = path_of(call->options.url, &path_len);

	call->consumer = find_consumer(call);
	if (!call->consumer) {
		fprintf(stderr, "msgc call: %s has no such consumer; there are\n",
		        call->options.contract);
		list_consumers(call);
		return false;
	}
	if (path_len > 1 && fits(call->consumer, path, path_len)) {
		msgc_buf_append(ret_url, call->options.url, len);
		return true;
	}
	if (path[path_len] != '\0') {
		fprintf(stderr, "msgc call: '%s' is no address of %s (%s)\n", call->options.url,
		        call->consumer->name, call->consumer->url);
		return false;
	}
	while (len > 0 && call->options.url[len - 1] == '/')
		len--;
	msgc_buf_append(ret_url, call->options.url, len);
	return put_path(call, ret_url);
}

/* ------------------------------------------------------------ what may be said */

static void add_action(struct call *call, const struct model_message *message,
        const struct model_receive *receive, const struct model_message *question)
{
	struct call_action *action;

	for (size_t i = 0; i < call->actions.n; i++) {
		action = call->actions.items[i];
		if (action->message == message)
			return;
	}
	action = memory_get(sizeof(*action));
	*action = (struct call_action){.message = message,
	        .name = message->n_tags > 0 ? message->wire : message->name,
	        .receive = receive,
	        .question = question};
	vec_push(&call->actions, action);
}

static void add_actions(struct call *call, const struct model_consumer *consumer)
{
	for (size_t i = 0; i < consumer->n_receives; i++)
		add_action(call, consumer->receives[i].in.message, &consumer->receives[i], NULL);
	for (size_t i = 0; i < consumer->n_asks; i++) {
		for (size_t j = 0; j < consumer->asks[i].n_answers; j++)
			add_action(call, consumer->asks[i].answers[j].message, NULL,
			        consumer->asks[i].question.message);
	}
}

void call_actions(struct call *call)
{
	add_actions(call, call->consumer);
	for (size_t i = 0; i < call->consumer->n_topics; i++)
		add_actions(call, call->consumer->topics[i]);
}

/* -------------------------------------------------------------- how it is said */

static void fill_names(struct msgc_envelope_names *names, const struct model_contract *contract,
        const struct model_discriminator *by, const char **keys, uint8_t *positions)
{
	const struct model_envelope *envelope = &contract->envelope;

	for (size_t i = 0; i < by->n_keys && i < MSGC_TAGS_MAX; i++) {
		if (by->keys)
			keys[i] = by->keys[i];
		else
			positions[i] = (uint8_t)by->positions[i];
	}
	names->keys = by->keys ? keys : NULL;
	names->positions = by->keys ? NULL : positions;
	names->key_count = by->n_keys;
	names->ref = envelope->wire[MODEL_ENVELOPE_REF];
	names->topic = envelope->wire[MODEL_ENVELOPE_TOPIC];
	names->message_id = envelope->wire[MODEL_ENVELOPE_MESSAGE_ID];
	if (envelope->ref_position >= 0)
		names->ref_at = (uint8_t)(envelope->ref_position + 1);
	if (envelope->ref_kind != MODEL_STRING)
		names->ref_type = &msgc_int53_type;
	names->untagged = true;
}

void call_describe_type(struct call *call)
{
	const struct model_contract *contract = call->consumer->contract;
	const struct model_options *options = &contract->options;
	struct msgc_client_type *type = &call->type;

	*type = (struct msgc_client_type){.abi = MSGC_GENERATED_ABI,
	        .contract = contract->name,
	        .name = call->consumer->name,
	        .has_std = !contract->envelope.std_off && options->discriminator != NULL,
	        .announces = client_announces(call->consumer),
	        .asks_first = call->consumer->greeting != NULL};
	type->heartbeat = type->has_std && client_pings(call->consumer);
	fill_names(&type->said, contract, &options->receive, call->said_keys, call->said_positions);
	fill_names(&type->heard.names, contract, &options->send, call->heard_keys,
	        call->heard_positions);
	type->heard.key = options->send.keys ? options->send.keys[0] : NULL;
}
