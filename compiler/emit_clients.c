/* SPDX-License-Identifier: MIT */
/*
 * emit_clients.c - what clients of all languages must know of a consumer. Knows nothing of what is written.
 */
#include "emit_clients.h"

#include <string.h>

static bool same_tags(const struct model_message *a, const struct model_message *b)
{
	if (a->n_tags != b->n_tags)
		return false;
	for (size_t i = 0; i < a->n_tags; i++) {
		if (a->tags[i].kind != b->tags[i].kind ||
		        strcmp(a->tags[i].text, b->tags[i].text) != 0)
			return false;
	}
	return true;
}

static bool is_question(const struct model_consumer *consumer, const struct model_message *message)
{
	for (size_t i = 0; i < consumer->n_asks; i++) {
		if (consumer->asks[i].question.message == message)
			return true;
	}
	return false;
}

static bool is_sent_unasked(
        const struct model_consumer *consumer, const struct model_message *message)
{
	for (size_t i = 0; i < consumer->n_sends; i++) {
		if (consumer->sends[i].message == message)
			return true;
	}
	for (size_t i = 0; i < consumer->n_receives; i++) {
		for (size_t j = 0; j < consumer->receives[i].n_replies; j++) {
			if (consumer->receives[i].replies[j].message == message)
				return false;
		}
	}
	return true;
}

bool client_hears(const struct model_consumer *consumer, const struct model_message_ref *ref)
{
	if (ref->message->is_std || is_question(consumer, ref->message))
		return false;
	if (is_sent_unasked(consumer, ref->message))
		return true;
	for (size_t i = 0; i < consumer->n_outgoing; i++) {
		const struct model_message *other = consumer->outgoing[i].message;

		if (other != ref->message && same_tags(other, ref->message))
			return false;
	}
	return true;
}

bool client_pings(const struct model_consumer *consumer)
{
	for (size_t i = 0; i < consumer->n_receives; i++) {
		const struct model_message *message = consumer->receives[i].in.message;

		if (message->is_std && strcmp(message->name, "ping") == 0)
			return true;
	}
	return false;
}

bool client_recovers(const struct model_consumer *consumer)
{
	/* A consumer that has a parameter of such a name cannot be asked. */
	for (size_t i = 0; i < consumer->n_params && consumer->topic == NULL; i++) {
		const char *name = consumer->params[i].member.name;

		if (strcmp(name, "epoch") == 0 || strcmp(name, "seq") == 0)
			return false;
	}
	if (consumer->topic != NULL && consumer->topic->n_histories > 0)
		return true;
	for (size_t i = 0; i < consumer->n_joins; i++) {
		if (consumer->joins[i].group->n_histories > 0)
			return true;
	}
	return false;
}

bool client_announces(const struct model_consumer *consumer)
{
	for (size_t i = 0; i < consumer->n_params; i++) {
		if (strcmp(consumer->params[i].member.name, "authenticate") == 0)
			return false;
	}
	for (size_t i = 0; i < consumer->n_auth; i++) {
		if (consumer->auth[i] == MODEL_AUTH_ANONYMOUS)
			return consumer->accepts_authenticate || consumer->auth_message != NULL;
	}
	return false;
}
