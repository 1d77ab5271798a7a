/* SPDX-License-Identifier: MIT */
/*
 * The connection core fed without sockets: each line of the input is something that a client, another thread or the clock does. What the
 * server writes must be whole frames of valid JSON, and when all have gone nothing may be left of them.
 *
 * A line: a letter that says what, a digit that says which of four clients (where it matters), then the text.
 *   c connect to the target that follows      t text frame      b binary frame      x CLOSE frame      d the line is cut
 *   w the socket takes 16 times the text's length more          r it is read         p one piece of pool work
 *   a the clock goes on by the square of the text's length      e an event            g a group message    f a deferred frame is finished
 */
#include "../server/hall.h"
#include "clients.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

void hall_fill_table(struct world *w);
extern const struct msgc_object_type hall_object;

static struct world the_world;
static struct hall_pending *deferred;
static long arrivals, farewells, users, user_releases, objects, object_releases;

/* ------------------------------------------------------------------------------------------ the program */

static void release_user(void *data)
{
	(void)data;
	user_releases++;
}

/* The cookie's first letter says how it is answered. */
static int find_session(
        void *app, struct msgc_lookup *lookup, struct msgc_str cookie, struct msgc_user *ret)
{
	(void)app;
	if (cookie.len > 0 && cookie.ptr[0] == 'p' && !msgc_lookup_may_block(lookup))
		return MSGC_BLOCKS;
	if (cookie.len > 0 && cookie.ptr[0] == 'n')
		return MSGC_EUNAUTHENTICATED;
	users++;
	ret->id = cookie;
	ret->release = release_user;
	if (cookie.len == 0 || cookie.ptr[0] != 'l')
		return 0;
	msgc_lookup_finish(lookup, MSGC_OK);
	return MSGC_LATER;
}

static int verify(void *context, struct msgc_str token, int64_t now, struct msgc_arena *arena,
        struct msgc_user *ret)
{
	(void)context, (void)arena;
	if (token.len == 0)
		return MSGC_EUNAUTHENTICATED;
	ret->id = token;
	ret->expires_at = now + (token.ptr[0] == 's' ? 1 : 1000);
	return 0;
}

static int load(struct hall *hall, struct msgc_lookup *lookup, void **ret)
{
	if (hall->id % 2 && !msgc_lookup_may_block(lookup))
		return MSGC_BLOCKS;
	if (hall->id == 404)
		return MSGC_ENOTFOUND;
	objects++;
	*ret = &objects;
	return 0;
}

static void release_object(void *object)
{
	MUST(object == &objects);
	object_releases++;
}

static int is_member(struct hall *hall, struct msgc_lookup *lookup, bool *ret)
{
	(void)lookup;
	*ret = hall->id != 403;
	return 0;
}

static int join_groups(struct hall *hall)
{
	return hall_join(hall, hall->mood.ptr && hall->mood.len > 0 ? "other" : "hall");
}

static int arrive(struct hall *hall)
{
	arrivals++;
	hall->state = 1;
	(void)hall_send(hall, &hello_message, "welcome");
	if (hall->id == 9)
		return hall_connected_later(hall, NULL, NULL);
	return hall->id == 8 ? MSGC_EIO : 0;
}

static void take_leave(struct hall *hall, uint16_t code)
{
	(void)code;
	MUST(hall->state == 1);
	hall->state = 2;
	farewells++;
	(void)hall_publish(hall->server, "hall", &shout_message, hall->sender, "bye", 0);
}

static int handle_say(struct hall *hall, const struct note *in, struct note *reply)
{
	MUST(hall->state == 1);
	reply->payload = in->payload;
	switch (in->payload.len > 0 ? in->payload.ptr[0] : 0) {
	case 'j': return hall_join(hall, "more");
	case 'l': return hall_leave(hall, "hall");
	case 'c': msgc_connection_close(hall->connection, 4000, "asked for"); return 0;
	case 'r': return msgc_refuse(hall->connection, "no: %s", in->payload.ptr);
	case 'f': return MSGC_EIO;
	default: break;
	}
	return hall_publish(hall->server, "hall", &shout_message, hall->sender, "said",
	        in->payload.len % 2 ? MSGC_EXCLUDE_CURRENT : 0);
}

static int after(struct hall_pending *p, struct hall *hall)
{
	MUST(!hall || hall->state == 1);
	p->reply.payload = p->in->payload;
	if (p == deferred)
		deferred = NULL;
	return hall_publish(p->server, "hall", &shout_message, p->sender, "stored", 0);
}

static int handle_store(struct hall *hall, const struct note *in, struct note *reply)
{
	(void)reply;
	if (deferred || in->payload.len % 3)
		return hall_store_later(hall, NULL, after);
	return hall_store_defer(hall, after, &deferred);
}

static int handle_bell(struct hall *hall, const struct note *in, struct note *ret)
{
	MUST(hall->state == 1);
	ret->payload = in->payload;
	return in->payload.len % 4 == 3 ? MSGC_EIO : 0;
}

/* ------------------------------------------------------------------------------------------- the server */

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	static const enum msgc_auth_kind kinds[] = {
	        MSGC_AUTH_SESSION, MSGC_AUTH_JWT, MSGC_AUTH_ANONYMOUS};
	static const struct msgc_permit_op permit[] = {
	        {MSGC_PERMIT_TERM, 1}, {MSGC_PERMIT_TERM, -1}, {MSGC_PERMIT_OR, 0}};
	static char *arguments[] = {(char *)(uintptr_t) "fuzz",
	        (char *)(uintptr_t) "--frame-limit=1KiB", (char *)(uintptr_t) "--outbox-limit=4KiB",
	        (char *)(uintptr_t) "--pending-frames=4",
	        (char *)(uintptr_t) "--bad-frame-limit=20", (char *)(uintptr_t) "--max-groups=2",
	        (char *)(uintptr_t) "--depth-limit=8", NULL};

	(void)argc, (void)argv;
	world = &the_world;
	world->server = msgc_server_new(7, arguments);
	MUST(world->server && msgc_server_will_run(world->server));
	world->server->log.level = (enum msgc_log_level)(MSGC_LOG_ERROR + 1);
	hall_fill_table(world);
	world->consumer.auth = kinds;
	world->consumer.auth_count = 3;
	world->consumer.permit = permit;
	world->consumer.permit_count = 3;
	world->consumer.object = &hall_object;
	world->consumer.completion = true;
	world->consumer.rate = (struct msgc_rate){.tokens = 50, .per_ms = 1000};
	world->actions[2].rate = (struct msgc_rate){.tokens = 1, .burst = 2, .per_ms = 1000};
	world->handlers = (struct hall_handlers){.load = load,
	        .release = release_object,
	        .term = {is_member, is_member, is_member},
	        .joins = join_groups,
	        .connected = arrive,
	        .disconnected = take_leave,
	        .say = handle_say,
	        .store = handle_store,
	        .bell = handle_bell};
	msgc_server_use_sessions(world->server, "session", find_session, NULL);
	msgc_server_use_tokens(world->server, verify, "token", NULL, NULL);
	MUST(msgc_server_serve(world->server, &world->consumer, &world->handlers, NULL) == 0);
	MUST(msgc__memory_start(&world->memory, world->server) == 0);
	world->memory.hold_pool = true;
	return 0;
}

/* --------------------------------------------------------------------------------------------- one step */

static void step(const char *line, size_t len)
{
	client **c = &clients_of[len > 1 ? line[1] & 3 : 0];
	const char *text_of = len > 2 ? line + 2 : "";
	size_t text_len = len > 2 ? len - 2 : 0;

	switch (line[0]) {
	case 'c': connect_client(world->server, c, text_of); break;
	case 'p': (void)msgc__memory_pool(&world->memory); break;
	case 'a': msgc__memory_advance(&world->memory, (int64_t)(text_len * text_len)); break;
	case 'e':
		(void)hall_publish(world->server, "hall",
		        text_len % 2 ? &bell_message : &horn_message, NULL, text_of, 0);
		break;
	case 'g':
		(void)hall_publish(world->server, text_len % 5 ? "hall" : "more", &plain_message,
		        NULL, text_of, 0);
		break;
	case 'f':
		if (deferred) {
			struct hall_pending *pending = deferred;

			if (text_len % 2)
				deferred = NULL;
			msgc_pending_finish(pending->pending, text_len % 2 ? MSGC_EIO : MSGC_OK);
		}
		break;
	default:
		if (!*c)
			return;
		if (line[0] == 't')
			msgc__memory_send(*c, text_of, text_len);
		else if (line[0] == 'b')
			msgc__memory_send_binary(*c);
		else if (line[0] == 'x')
			msgc__memory_close(*c, 1000);
		else if (line[0] == 'w')
			msgc__memory_window(*c, text_len * 16);
		else if (line[0] == 'r')
			read_all(*c);
		else if (line[0] == 'd')
			cut_line(c);
	}
	if (line[0] >= 'a')
		msgc__memory_pump(&world->memory);
}

static void all_leave(void)
{
	if (deferred)
		msgc_pending_finish(deferred->pending, MSGC_OK);
	all_are_gone(&world->memory, world->server);
	MUST(!deferred);
	MUST(arrivals == farewells);
	MUST(users == user_releases);
	MUST(objects == object_releases);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	each_line(data, size, step);
	all_leave();
	return 0;
}
