/* SPDX-License-Identifier: MIT */
/*
 * emit_c_consumer.c - the consumer part of the C output: its order, and the views of the model that
 * its files share. It must not know the types of members: emit_c_type() and its like do.
 */
#include <limits.h>
#include <string.h>

#include "emit_c_consumer.h"
#include "names.h"

enum { COLUMNS = 100, TAB = 8 };

bool emit_c_has_consumers(const struct model_contract *contract)
{
	return contract->n_groups > 0 || contract->n_consumers > 0; /* topics are groups, too */
}

/* An argument named like the consumer must not hide another argument or a local of the same function. */
static bool name_is_taken(const char *name)
{
	static const char *const taken[] = {"answer", "answered", "app", "arena", "arg", "call",
	        "code", "connection", "context", "done", "event", "handlers", "in", "join",
	        "lookup", "message", "object", "outcome", "params", "pending", "problems",
	        "question", "refusal", "reply", "result", "ret", "ret_allowed", "ret_name",
	        "ret_object", "ret_pending", "self", "server", "state", "task", "timeout_ms",
	        "type", "typed", "user", "values", "which", "work"};

	for (size_t i = 0; i < sizeof(taken) / sizeof(taken[0]); i++) {
		if (strcmp(name, taken[i]) == 0)
			return true;
	}
	return false;
}

static bool is_group_argument(
        const struct emit_c *c, const struct model_consumer *consumer, const char *name)
{
	for (size_t i = 0; i < consumer->n_joins; i++) {
		if (group_has_argument(c->w, consumer->joins[i].group, name))
			return true;
	}
	return consumer->topic != NULL && group_has_argument(c->w, consumer->topic, name);
}

struct consumer_c consumer_view(const struct emit_c *c, const struct model_consumer *consumer)
{
	const char *self = consumer->c_id;

	while (names_is_reserved(self) || name_is_taken(self) ||
	        is_group_argument(c, consumer, self))
		self = writer_format(c->w, "%s_", self);
	return (struct consumer_c){
	        .c = c,
	        .w = c->w,
	        .consumer = consumer,
	        .stem = consumer->c_name,
	        .self = self,
	        .hook = consumer->topic != NULL ? "subscribed" : "connected",
	        .table = consumer->topic != NULL ? "topic" : "consumer",
	};
}

/* Where this part begins, for people who look for it. */
static void heading(const struct emit_c *c)
{
	if (!emit_c_has_consumers(c->contract))
		return;
	writer_blank(c->w);
	writer_line(c->w, "/* Groups and consumers. */");
}

static void one_header(const struct emit_c *c, const struct model_consumer *consumer)
{
	struct consumer_c cc = consumer_view(c, consumer);

	consumer_header_structs(&cc);
	consumer_header_handlers(&cc);
	consumer_header_calls(&cc);
	consumer_header_asks(&cc);
	consumer_header_laters(&cc);
}

static void one_source(const struct emit_c *c, const struct model_consumer *consumer)
{
	struct consumer_c cc = consumer_view(c, consumer);

	consumer_source_params(&cc);
	consumer_source_handlers(&cc);
	consumer_source_laters(&cc);
	consumer_source_calls(&cc);
	consumer_source_asks(&cc);
	topic_source(&cc);
	consumer_source_table(&cc);
	consumer_source_tells(&cc);
	if (consumer->topic == NULL)
		consumer_source_post(&cc);
}

void emit_c_consumer_header(const struct emit_c *c)
{
	heading(c);
	if (c->contract->n_groups > 0)
		writer_line(c->w, "struct msgc_group_name;");
	for (size_t i = 0, n = 0; i < c->contract->n_groups; i++) {
		if (group_has_kind(c->contract->groups[i]) && n++ == 0)
			writer_line(c->w, "struct msgc_group_kind;");
	}
	for (size_t i = 0; i < c->contract->n_groups; i++)
		group_header(c, c->contract->groups[i]);
	for (size_t i = 0; i < c->contract->n_topics; i++)
		one_header(c, c->contract->topics[i]);
	for (size_t i = 0; i < c->contract->n_consumers; i++)
		one_header(c, c->contract->consumers[i]);
}

void emit_c_consumer_source(const struct emit_c *c)
{
	heading(c);
	for (size_t i = 0; i < c->contract->n_groups; i++)
		group_source(c, c->contract->groups[i]);
	for (size_t i = 0; i < c->contract->n_topics; i++)
		one_source(c, c->contract->topics[i]);
	for (size_t i = 0; i < c->contract->n_consumers; i++)
		one_source(c, c->contract->consumers[i]);
}

/* ------------------------------------------------------------------ views */

bool consumer_receive_is_ping(const struct model_receive *receive)
{
	const struct model_message *in = receive->in.message;

	return in->is_std && strcmp(in->name, "ping") == 0 && receive->n_replies == 1 &&
	        receive->replies[0].message->is_std &&
	        strcmp(receive->replies[0].message->name, "pong") == 0;
}

bool consumer_next_handler(const struct consumer_c *cc, size_t *at, struct handler_c *ret_handler)
{
	const struct model_consumer *consumer = cc->consumer;

	for (; *at < consumer->n_receives; ++*at) {
		const struct model_receive *receive = &consumer->receives[*at];

		if (consumer_receive_is_ping(receive))
			continue;
		*ret_handler = (struct handler_c){
		        .member = receive->in.c_id,
		        .in = receive->in.message,
		        .replies = receive->replies,
		        .n_replies = receive->n_replies,
		};
		++*at;
		return true;
	}
	for (; *at < consumer->n_receives + consumer->n_events; ++*at) {
		const struct model_consumer_event *event =
		        &consumer->events[*at - consumer->n_receives];

		if (!event->output)
			continue;
		*ret_handler = (struct handler_c){
		        .member = writer_format(cc->w, "event_%s", event->event.c_id),
		        .in = event->event.message,
		        .replies = event->output,
		        .n_replies = 1,
		        .is_event = true,
		};
		++*at;
		return true;
	}
	return false;
}

const char *consumer_reply_type(const struct consumer_c *cc, const struct handler_c *handler)
{
	if (handler->n_replies == 0)
		return NULL;
	if (handler->n_replies == 1)
		return writer_format(cc->w, "struct %s", handler->replies[0].message->c_name);
	return writer_format(cc->w, "struct %s_%s_reply", cc->stem, handler->member);
}

const char *consumer_handler_params(const struct consumer_c *cc, const struct handler_c *handler)
{
	const char *reply = consumer_reply_type(cc, handler);
	const char *text = writer_format(cc->w, "struct %s *%s, const struct %s *%s", cc->stem,
	        cc->self, handler->in->c_name, handler->is_event ? "event" : "in");

	if (!reply)
		return text;
	return writer_format(cc->w, "%s, %s *%s", text, reply, handler->is_event ? "ret" : "reply");
}

const char *consumer_reply_kind(const struct consumer_c *cc, const struct handler_c *handler,
        const struct model_message_ref *reply)
{
	return upper_case(cc->w,
	        writer_format(cc->w, "%s_%s_reply_%s", cc->stem, handler->member, reply->c_id));
}

bool consumer_term_needs_object(
        const struct model_consumer *consumer, const struct model_permit_term *term)
{
	return consumer->object && term->after_object;
}

bool consumer_term_has_params(
        const struct model_consumer *consumer, const struct model_permit_term *term)
{
	/* NAME(user) is asked about the user alone; all others know where they are. */
	return consumer->n_params > 0 && !term->user_only;
}

const char *consumer_lookup_params(
        const struct consumer_c *cc, const struct model_permit_term *term, bool declare)
{
	const struct model_consumer *consumer = cc->consumer;
	const char *user = declare ? ", const struct msgc_user *user"
	                           : writer_format(cc->w, ", %s->user", cc->self);
	const char *params = "", *object = "";

	if (term ? consumer_term_has_params(consumer, term) : consumer->n_params > 0) {
		params = declare
		        ? writer_format(cc->w, ", const struct %s_params *params", cc->stem)
		        : writer_format(cc->w, ", &%s->params", cc->self);
	}
	if (term && consumer_term_needs_object(consumer, term)) {
		object = declare
		        ? writer_format(cc->w, ", struct %s *object", consumer->object->name)
		        : writer_format(cc->w, ", %s->object", cc->self);
	}
	return writer_format(cc->w, "%s%s%s", user, params, object);
}

bool consumer_join_is_first(const struct model_consumer *consumer, size_t join)
{
	for (size_t i = 0; i < join; i++) {
		if (consumer->joins[i].group == consumer->joins[join].group)
			return false;
	}
	return true;
}

/* ------------------------------------------------------------------- text */

/* Behind a string literal that begins at text, or text itself. */
static size_t skip_literal(const char *text)
{
	size_t i = 1;

	if (text[0] != '"')
		return 0;
	for (; text[i] != '"' && text[i] != '\0'; i++) {
		if (text[i] == '\\' && text[i + 1] != '\0')
			i++;
	}
	return i;
}

/*
 * Where to break, behind a comma or the first parenthesis: as far out as possible, then as late as
 * possible. Moves *open, the number of parentheses that are open there.
 */
static size_t break_at(const char *text, size_t columns, unsigned *open)
{
	unsigned depth = *open, outermost = UINT_MAX;
	size_t at = 0;

	for (size_t i = 0; text[i] != '\0' && (i + 1 <= columns || at == 0); i++) {
		bool parts = text[i] == ',' && text[i + 1] == ' ';

		i += skip_literal(text + i);
		if (text[i] == '(') {
			depth++;
			parts = at == 0 && depth == 1 && strncmp(text, "if (", i + 1) != 0;
		} else if (text[i] == ')') {
			depth--;
		}
		if (!parts || depth > outermost)
			continue;
		at = i + 1;
		outermost = depth;
		*open = depth;
	}
	return at;
}

void wrap_line(struct writer *w, unsigned depth, const char *text)
{
	static const char tabs[] = "\t\t\t\t\t\t\t\t";
	const unsigned most = sizeof(tabs) - 1;
	size_t columns = COLUMNS - (size_t)depth * TAB;
	unsigned open = 0;

	while ((size_t)open * TAB + strlen(text) > columns) {
		unsigned margin = open;
		size_t at = break_at(text, columns - (size_t)open * TAB, &open);

		if (at == 0 || open > most)
			break;
		writer_line(w, "%.*s%.*s", (int)margin, tabs, (int)at, text);
		text += at + (text[at] == ' ');
	}
	writer_line(w, "%.*s%s", (int)open, tabs, text);
}

const char *upper_case(struct writer *w, const char *name)
{
	const char *result = "";
	char piece[64];

	while (*name != '\0') {
		size_t n = 0;

		for (; n < sizeof(piece) - 1 && name[n] != '\0'; n++) {
			bool lower = name[n] >= 'a' && name[n] <= 'z';

			piece[n] = (char)(lower ? name[n] - 'a' + 'A' : name[n]);
		}
		piece[n] = '\0';
		result = writer_format(w, "%s%s", result, piece);
		name += n;
	}
	return result;
}
