/* SPDX-License-Identifier: MIT */
/*
 * The consumer of the server's tests, as generated code would be: messages of one member, trampolines, a table. It must not know what is
 * tested with it.
 */
#include "hall.h"

#include <msgc/codec_gen.h>

struct msgc_str text(const char *c_string)
{
	return msgc_str_from(c_string);
}

/* ------------------------------------------------------------------------------------------ messages */

#define TEXT(c_name, most)                                                                         \
	static const struct msgc_type c_name##_type = {                                            \
	        .kind = MSGC_KIND_STR,                                                             \
	        .size = sizeof(struct msgc_str),                                                   \
	        .text = &(const struct msgc_type_text){.flags = MSGC_TEXT_LEN, .len_max = most},   \
	}

/* What a program says may be longer than what a client may. */
TEXT(asked, 20);
TEXT(told, 200000);

#define TAG(wire)                                                                                  \
	{                                                                                          \
		MSGC_MEMBER(ODD, "action",                                                         \
		        MSGC_CONSTANT(MSGC_LITERAL_OF_STR(wire), MSGC_JSON_STRING, "'" wire "'")), \
		        MSGC_NO_VALUE, .role = MSGC_ROLE_TAG                                       \
	}
#define MESSAGE(c_name, wire, c_type, of_kind)                                                     \
	const struct msgc_message c_name##_message = {.name = wire,                                \
	        .name_len = sizeof(wire) - 1,                                                      \
	        .tags = &(const struct msgc_tag){MSGC_TAG_STRING, MSGC_STR_INIT(wire), 0},         \
	        .tag_count = 1,                                                                    \
	        .size = sizeof(c_type),                                                            \
	        .kind = of_kind,                                                                   \
	        .type = &c_name##__type}
#define NOTE(c_name, text_type, wire, of_kind)                                                     \
	static const struct msgc_type c_name##__type = {.kind = MSGC_KIND_RECORD,                  \
	        .size = sizeof(struct note),                                                       \
	        .record = &(const struct msgc_type_record){.name = wire,                           \
	                .members =                                                                 \
	                        (const struct msgc_member[]){                                      \
	                                TAG(wire),                                                 \
	                                {MSGC_MEMBER(ODD, "payload", &text_type),                  \
	                                        MSGC_REQUIRED(note, payload)},                     \
	                                {MSGC_MEMBER(ODD, "tone", &msgc_int64_type),               \
	                                        MSGC_OPTIONAL(note, tone)},                        \
	                        },                                                                 \
	                .n_members = 3,                                                            \
	                .beside = msgc_envelope_beside}};                                          \
	MESSAGE(c_name, wire, struct note, of_kind)

NOTE(say, asked_type, "say", MSGC_MESSAGE_PLAIN);
NOTE(store, asked_type, "store", MSGC_MESSAGE_PLAIN);
NOTE(limited, asked_type, "limited", MSGC_MESSAGE_PLAIN);
NOTE(said, told_type, "said", MSGC_MESSAGE_PLAIN);
NOTE(reply, told_type, "reply", MSGC_MESSAGE_PLAIN);
NOTE(hello, told_type, "hello", MSGC_MESSAGE_PLAIN);
NOTE(shout, told_type, "shout", MSGC_MESSAGE_GROUP);
NOTE(plain, told_type, "plain", MSGC_MESSAGE_PLAIN);
NOTE(bell, told_type, "bell", MSGC_MESSAGE_EVENT);
NOTE(horn, told_type, "horn", MSGC_MESSAGE_EVENT);

struct empty {
	char none;
};

/* A ping is read whatever its discriminator is called. */
static const struct msgc_type ping__type = {.kind = MSGC_KIND_RECORD,
        .flags = MSGC_TYPE_FLAT | MSGC_TYPE_ANY,
        .size = sizeof(struct empty),
        .record = &(const struct msgc_type_record){.name = "ping"}};
static const struct msgc_type pong__type = {.kind = MSGC_KIND_RECORD,
        .flags = MSGC_TYPE_FLAT | MSGC_TYPE_ANY,
        .size = sizeof(struct empty),
        .record = &(const struct msgc_type_record){.name = "pong",
                .members = (const struct msgc_member[]){TAG("pong")},
                .n_members = 1}};
static MESSAGE(ping, "ping", struct empty, MSGC_MESSAGE_PLAIN);
static MESSAGE(pong, "pong", struct empty, MSGC_MESSAGE_PLAIN);

/* --------------------------------------------------------------------------------------- trampolines */

static int load(const void *handlers, void *self, struct msgc_lookup *lookup, void **ret_object)
{
	return ((const struct hall_handlers *)handlers)->load(self, lookup, ret_object);
}

static void release(const void *handlers, void *object)
{
	((const struct hall_handlers *)handlers)->release(object);
}

#define TERM(n)                                                                                    \
	static int ask##n(const void *handlers, void *self, struct msgc_lookup *lookup, bool *ret) \
	{                                                                                          \
		return ((const struct hall_handlers *)handlers)->term[n](self, lookup, ret);       \
	}
TERM(0)
TERM(1)
TERM(2)

static void bind_hall(void *self, const struct msgc_context *context)
{
	struct hall *hall = self;

	hall->connection = context->connection;
	hall->server = context->server;
	hall->sender = context->sender;
	hall->user = context->user;
	hall->arena = context->arena;
	hall->app = context->app;
	hall->object = context->object;
}

static int read_params(void *self, const struct msgc_str *values, struct msgc_arena *arena,
        struct msgc_problems *problems)
{
	struct hall *hall = self;
	char *end;

	(void)arena;
	hall->id = strtoll(values[0].ptr, &end, 10);
	if (*end != '\0' || hall->id < 1) {
		msgc_problems_add(problems, "int_parsing", "[\"path\",\"id\"]", "no number", NULL);
		return MSGC_ECONTRACT;
	}
	hall->mood = values[1];
	return 0;
}

static int connected(const void *handlers, void *self, struct msgc_reply *reply)
{
	const struct hall_handlers *h = handlers;

	(void)reply;
	return h->connected ? h->connected(self) : 0;
}

static void disconnected(const void *handlers, void *self, uint16_t code)
{
	const struct hall_handlers *h = handlers;

	if (h->disconnected)
		h->disconnected(self, code);
}

static int joins(void *self)
{
	struct hall *hall = self;

	return world->handlers.joins ? world->handlers.joins(hall) : 0;
}

typedef int note_fn(struct hall *hall, const struct note *in, struct note *reply);

/* A handler that leaves the reply's payload empty gives none. */
static int answer(note_fn *handler, void *self, const void *in, struct msgc_reply *reply)
{
	struct note note = {.payload = {NULL, 0}};
	int result = handler ? handler(self, in, &note) : 0;

	if (result == 0 && note.payload.ptr)
		return msgc_reply_put(reply, &said_message, &note);
	return result;
}

static int handle_say(const void *handlers, void *self, const void *in, struct msgc_reply *reply)
{
	return answer(((const struct hall_handlers *)handlers)->say, self, in, reply);
}

static int handle_store(const void *handlers, void *self, const void *in, struct msgc_reply *reply)
{
	return answer(((const struct hall_handlers *)handlers)->store, self, in, reply);
}

static int handle_bell(const void *handlers, void *self, const void *in, struct msgc_reply *reply)
{
	return answer(((const struct hall_handlers *)handlers)->bell, self, in, reply);
}

static int handle_ping(const void *handlers, void *self, const void *in, struct msgc_reply *reply)
{
	static const struct empty none;

	(void)handlers, (void)self, (void)in;
	return msgc_reply_put(reply, &pong_message, &none);
}

/* ---------------------------------------------------------------------------------------------- later */

static int run_work(void *typed)
{
	struct hall_pending *pending = typed;

	return pending->work ? pending->work(pending) : 0;
}

static int run_done(void *typed, void *self, struct msgc_reply *reply)
{
	struct hall_pending *pending = typed;
	int result = pending->done ? pending->done(pending, self) : 0;

	if (result == 0 && pending->reply.payload.ptr)
		return msgc_reply_put(reply, &said_message, &pending->reply);
	return result;
}

static int make_pending(
        struct hall *hall, const struct msgc_message *message, struct hall_pending **ret)
{
	static const struct msgc_pending_type store_type = {
	        sizeof(struct hall_pending), &store_message, run_work, run_done};
	static const struct msgc_pending_type hook_type = {
	        sizeof(struct hall_pending), NULL, run_work, run_done};
	struct msgc_pending *pending;
	const void *in;
	void *memory;
	int result = msgc_pending_new(
	        hall->connection, message ? &store_type : &hook_type, &memory, &in, &pending);

	if (result != MSGC_OK)
		return result;
	*ret = memory;
	(*ret)->pending = pending;
	(*ret)->server = hall->server;
	(*ret)->sender = hall->sender;
	(*ret)->in = in;
	return 0;
}

int hall_store_later(struct hall *hall, int (*work)(struct hall_pending *),
        int (*done)(struct hall_pending *, struct hall *))
{
	struct hall_pending *pending;
	int result = make_pending(hall, &store_message, &pending);

	if (result != MSGC_OK)
		return result;
	pending->work = work;
	pending->done = done;
	return msgc_pending_submit(pending->pending);
}

int hall_connected_later(struct hall *hall, int (*work)(struct hall_pending *),
        int (*done)(struct hall_pending *, struct hall *))
{
	struct hall_pending *pending;
	int result = make_pending(hall, NULL, &pending);

	if (result != MSGC_OK)
		return result;
	pending->work = work;
	pending->done = done;
	return msgc_pending_submit(pending->pending);
}

int hall_store_defer(struct hall *hall, int (*done)(struct hall_pending *, struct hall *),
        struct hall_pending **ret)
{
	int result = make_pending(hall, &store_message, ret);

	if (result != MSGC_OK)
		return result;
	(*ret)->done = done;
	return msgc_pending_defer((*ret)->pending);
}

/* ---------------------------------------------------------------------------------------------- calls */

int hall_join(struct hall *hall, const char *group)
{
	return msgc_connection_join(hall->connection, text(group));
}

int hall_leave(struct hall *hall, const char *group)
{
	return msgc_connection_leave(hall->connection, text(group));
}

int hall_publish(struct msgc_server *server, const char *group, const struct msgc_message *type,
        const struct msgc_sender *sender, const char *payload, unsigned flags)
{
	struct note note = {.payload = text(payload)};

	return msgc_group_publish(server, text(group), type, &note, sender, flags);
}

static const struct msgc_message *const stream_kept[] = {&shout_message};
const struct msgc_group_kind stream_type = {
        .name = "stream",
        .history = {.keep = 5, .for_ms = 60000},
        .kept = stream_kept,
        .kept_count = 1,
};

static const struct msgc_presence_kind who_is_there = {.item_size = sizeof(struct msgc_present)};
static const struct msgc_group_kind crowd_type = {.name = "crowd", .presence = &who_is_there};
static struct msgc_presence_kind what_is_shown = {.item_size = sizeof(struct msgc_present)};
static const struct msgc_group_kind show_type = {.name = "show", .presence = &what_is_shown};

static int present_note(const void *handlers, void *self, const void *args, void *ret_entry)
{
	struct note *note = ret_entry;

	(void)handlers, (void)self, (void)args;
	note->payload = text("here");
	return 0;
}

int hall_attend(struct hall *hall, const char *group)
{
	bool shows = strncmp(group, "show", 4) == 0;

	what_is_shown.type = plain_message.type;
	return msgc_connection_attend(hall->connection, shows ? &show_type : &crowd_type,
	        text(group), present_note, NULL);
}

int hall_enter(struct hall *hall, const char *group)
{
	return msgc_connection_enter(hall->connection, &stream_type, text(group));
}

int hall_broadcast(struct msgc_server *server, const char *group, const struct msgc_message *type,
        const struct msgc_sender *sender, const char *payload, unsigned flags)
{
	struct note note = {.payload = text(payload)};

	return msgc_group_broadcast(server, &stream_type, text(group), type, &note, sender, flags);
}

int hall_send(struct hall *hall, const struct msgc_message *type, const char *payload)
{
	struct note note = {.payload = text(payload)};

	return msgc_connection_send(hall->connection, type, &note);
}

/* ---------------------------------------------------------------------------------------------- table */

static int find_action(const char *name, size_t len)
{
	for (size_t i = 0; i < world->consumer.action_count; i++) {
		const struct msgc_message *message = world->actions[i].message;

		if (message->name_len == len && memcmp(message->name, name, len) == 0)
			return (int)i;
	}
	return -1;
}

void hall_fill_table(struct world *w);
static const char *hall_keys[] = {"action"};

void hall_fill_table(struct world *w)
{
	static const struct msgc_segment path[] = {{"ws", 0}, {"hall", 0}, {NULL, 0}};
	static const char *const params[] = {"id", "mood"};
	static const struct msgc_permit_term terms[] = {
	        {"is_staff", false, ask0}, {"is_member", true, ask1}, {"is_awake", false, ask2}};
	static const struct msgc_required required[] = {
	        {"say", offsetof(struct hall_handlers, say)},
	        {"store", offsetof(struct hall_handlers, store)},
	        {"bell", offsetof(struct hall_handlers, bell)}};

	w->actions[0] = (struct msgc_action){
	        .message = &say_message, .handler = "say", .handle = handle_say};
	w->actions[1] = (struct msgc_action){
	        .message = &store_message, .handler = "store", .handle = handle_store};
	w->actions[2] = (struct msgc_action){
	        .message = &limited_message, .handler = "say", .handle = handle_say};
	w->actions[3] = (struct msgc_action){
	        .message = &ping_message, .handler = NULL, .handle = handle_ping};
	w->events[0] = (struct msgc_event){&bell_message, "bell", handle_bell};
	w->events[1] = (struct msgc_event){&horn_message, NULL, NULL};
	hall_keys[0] = "action";
	w->consumer = (struct msgc_consumer){
	        .abi = MSGC_GENERATED_ABI,
	        .contract = "tests",
	        .name = "hall",
	        .handlers_size = sizeof(struct hall_handlers),
	        .self_size = sizeof(struct hall),
	        .path = path,
	        .path_count = 3,
	        .path_slash = true,
	        .params = params,
	        .param_count = 2,
	        .read_params = read_params,
	        .terms = terms,
	        .term_count = 3,
	        .bind = bind_hall,
	        .joins = joins,
	        .connected = connected,
	        .disconnected = disconnected,
	        .actions = w->actions,
	        .action_count = 4,
	        .find_action = find_action,
	        .events = w->events,
	        .event_count = 2,
	        .required = required,
	        .required_count = 3,
	        .envelope = {.keys = hall_keys,
	                .key_count = 1,
	                .ref = "ref",
	                .topic = "topic",
	                .message_id = "message_id"},
	        .speech = {.key = "action",
	                .is_mine = "is_mine",
	                .is_current = "is_current",
	                .seq = "seq",
	                .epoch = "epoch"},
	};
}

const struct msgc_object_type hall_object;
const struct msgc_object_type hall_object = {"hall", load, release};

void hall_discriminator(const char *key)
{
	hall_keys[0] = key;
	world->consumer.speech.key = key;
}
