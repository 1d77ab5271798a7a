/* SPDX-License-Identifier: MIT */
/*
 * emit_c_consumer.h - what the files of the consumer part of the C output share: views of the model
 * as generated code sees it, and the pieces that emit_c_consumer.c puts together.
 *
 * Knows the tables of <msgc/consumer.h> by heart; knows nothing of how types are encoded.
 */
#ifndef MSGC_COMPILER_EMIT_C_CONSUMER_H
#define MSGC_COMPILER_EMIT_C_CONSUMER_H

#include <stdbool.h>
#include <stddef.h>

#include "emit_c.h"
#include "model.h"
#include "writer.h"

/* A consumer on its way to C, or a topic: that is a consumer with a group. */
struct consumer_c {
	const struct emit_c *c;
	struct writer *w;
	const struct model_consumer *consumer;
	const char *stem;  /* "rooms_room" */
	const char *self;  /* the connection's name as an argument: "room" */
	const char *hook;  /* that begins it: "connected"; of a topic "subscribed" */
	const char *table; /* the end of its table's name: "consumer", "topic" */
};

struct consumer_c consumer_view(const struct emit_c *c, const struct model_consumer *consumer);

/*
 * Something that the program handles: a message received, or an event that it turns into a message.
 * Both are handled alike, so everything about them is written once.
 */
struct handler_c {
	const char *member; /* of the handlers struct: "chat", "event_room_archived" */
	const struct model_message *in;
	const struct model_message_ref *replies;
	size_t n_replies;
	bool is_event;
	const char *in_type; /* what it is handed, if not `in`: what came of a question */
};

/* Walks the consumer's handlers; begin with *at = 0. False at the end. */
bool consumer_next_handler(const struct consumer_c *cc, size_t *at, struct handler_c *ret_handler);

/* What the program is handed as the outcome of a question, "confirm_answer", like a handler. */
struct handler_c consumer_ask_handler(const struct consumer_c *cc, const struct model_ask *ask);

/* `receive ping -> pong` of the standard messages: the server answers by itself. */
bool consumer_receive_is_ping(const struct model_receive *receive);

/*
 * What the handler fills: "struct rooms_chat_saved", "struct rooms_room_search_reply" where it
 * chooses; NULL where it answers nothing.
 */
const char *consumer_reply_type(const struct consumer_c *cc, const struct handler_c *handler);

/* "struct rooms_room *room, const struct rooms_chat *in, struct rooms_chat_saved *reply" */
const char *consumer_handler_params(const struct consumer_c *cc, const struct handler_c *handler);

/* A reply's constant, where there are several: "ROOMS_ROOM_SEARCH_REPLY_RESULTS". */
const char *consumer_reply_kind(const struct consumer_c *cc, const struct handler_c *handler,
        const struct model_message_ref *reply);

/*
 * The arguments of the program's look-ups behind `app, lookup`: as a declaration (", const struct
 * msgc_user *user, …") or as what a trampoline passes (", room->user, …"). term NULL: of the
 * object's load function.
 */
const char *consumer_lookup_params(
        const struct consumer_c *cc, const struct model_permit_term *term, bool declare);

/* "void *app, struct msgc_lookup *lookup, …, struct msgc_user *ret_user" of an `auth message`. */
const char *consumer_authenticate_params(
        const struct consumer_c *cc, const struct model_receive *receive);

/* True if the term is asked after the object has been loaded; if it is handed the parameters. */
bool consumer_term_needs_object(
        const struct model_consumer *consumer, const struct model_permit_term *term);
bool consumer_term_has_params(
        const struct model_consumer *consumer, const struct model_permit_term *term);

/* True for the first join of its group: what is written once for each group. */
bool consumer_join_is_first(const struct model_consumer *consumer, size_t join);

/* Members of what handlers are given, but for the connection itself: server … params. */
void consumer_context_members(const struct consumer_c *cc);

/* The call that puts what `answer` (an expression for its address) holds: msgc_reply_put(…). */
const char *consumer_put_call(
        const struct consumer_c *cc, const struct handler_c *handler, const char *answer);

/* Groups: arguments of typed functions, ", int64_t room_id" and ", room_id". */
const char *group_params(struct writer *w, const struct model_group *group);
const char *group_args(struct writer *w, const struct model_group *group);
/* Is there a table of what the server must know of it beside its name? */
bool group_has_kind(const struct model_group *group);
/* (void)room_id; for each parameter. */
void group_unused(struct writer *w, const struct model_group *group);
bool group_has_argument(struct writer *w, const struct model_group *group, const char *name);

/* The call that appends a value to the struct msgc_group_name `to`. */
void group_name_value(struct writer *w, const struct model_type *type, const char *value);

/* One line of code, broken behind commas where it is longer than 100 columns. */
void wrap_line(struct writer *w, unsigned depth, const char *text);

/* In capitals. */
const char *upper_case(struct writer *w, const char *name);

/*
 * Presence (emit_c_presence.c). Joins of groups whose roster shows something, each group once; NULL at
 * the end.
 */
const struct model_join *presence_next_join(const struct model_consumer *consumer, size_t *at);
/* Is it a topic whose roster shows something? */
bool presence_in_topic(const struct model_consumer *consumer);
const char *presence_hook_params(const struct consumer_c *cc, const struct model_join *join);
void presence_group_header(const struct emit_c *c, const struct model_group *group);
void presence_kind_source(const struct emit_c *c, const struct model_group *group);
void presence_group_source(const struct emit_c *c, const struct model_group *group);
void presence_handlers(const struct consumer_c *cc);
void presence_calls_header(const struct consumer_c *cc);
void presence_hooks_source(const struct consumer_c *cc);
void presence_join_lines(const struct consumer_c *cc, const struct model_join *join);
void presence_calls_source(const struct consumer_c *cc);
void presence_stubs(const struct consumer_c *cc);

/* The pieces, in the order in which they are written. */
void group_header(const struct emit_c *c, const struct model_group *group);
void consumer_header_structs(const struct consumer_c *cc);  /* emit_c_consumer_struct.c */
void consumer_header_handlers(const struct consumer_c *cc); /* emit_c_consumer_handlers.c */
void consumer_header_calls(const struct consumer_c *cc);    /* emit_c_consumer_calls.c */
void consumer_header_asks(const struct consumer_c *cc);     /* emit_c_consumer_ask.c */
void consumer_header_laters(const struct consumer_c *cc);   /* emit_c_consumer_later.c */

void group_source(const struct emit_c *c, const struct model_group *group);
void consumer_source_params(const struct consumer_c *cc);   /* emit_c_consumer_params.c */
void consumer_source_handlers(const struct consumer_c *cc); /* emit_c_consumer_glue.c */
void consumer_source_laters(const struct consumer_c *cc);
void consumer_source_calls(const struct consumer_c *cc);
void consumer_source_asks(const struct consumer_c *cc);
void topic_source(const struct consumer_c *cc);          /* emit_c_topic.c */
void consumer_source_table(const struct consumer_c *cc); /* emit_c_consumer_table.c */
void consumer_source_tells(const struct consumer_c *cc); /* emit_c_consumer_calls.c */
void consumer_source_post(const struct consumer_c *cc);

/* What only topics have, and who mounts them (emit_c_topic.c): lines among others. */
void topic_header_hooks(const struct consumer_c *cc);
void topic_header_unsubscribe(const struct consumer_c *cc);
void topic_header_table(const struct consumer_c *cc);
void topic_table_members(const struct consumer_c *cc);
void topics_table(const struct consumer_c *cc);

#endif
