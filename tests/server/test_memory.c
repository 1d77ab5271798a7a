/* SPDX-License-Identifier: MIT */
/*
 * The Nth allocation fails, for every N: from the server's start over authentication, frames, groups, events, pending work, publishing from outside
 * and a reload to its end
 * nothing crashes, leaks or hangs, every hook is answered for, and no client is told that something was stored that was not.
 */
#include "hall.h"

#include <stdio.h>
#include <unistd.h>

#include "shortage.h"

/* -------------------------------------------------------------------------------------------- the program */

#define KEY "a key of sixteen bytes, or more"

extern const struct msgc_object_type hall_object;
void hall_fill_table(struct world *w);

static char ticket_query[64]; /* of the last ticket */
static int drained;           /* clients that were told when to come back */
static int users, user_releases, objects, object_releases, arrivals, farewells, stored,
        acknowledged, stops;
static int reloads;                               /* of the program's hook */
static char config_path[64];                      /* read when it starts, and again by a reload */
static int once_effects, once_answers, recovered; /* of a message_id; of a history */

static void release_user(void *data)
{
	(void)data;
	user_releases++;
}

static int find_session(
        void *app, struct msgc_lookup *lookup, struct msgc_str cookie, struct msgc_user *ret)
{
	(void)app;
	if (!msgc_lookup_may_block(lookup))
		return MSGC_BLOCKS;
	users++;
	ret->id = cookie;
	ret->release = release_user;
	return 0;
}

static int verify_token(void *context, struct msgc_str token, int64_t now, struct msgc_arena *arena,
        struct msgc_user *ret)
{
	int result;

	(void)context;
	if (token.len != 4)
		return MSGC_EUNAUTHENTICATED;
	result = msgc_arena_copy(arena, token, &ret->id);
	if (result < 0)
		return result;
	users++;
	ret->release = release_user;
	ret->issued_at = now;
	return 0;
}

static int check_basic(void *app, struct msgc_lookup *lookup, struct msgc_str name,
        struct msgc_str password, struct msgc_user *ret)
{
	(void)password;
	return find_session(app, lookup, name, ret);
}

static int load(struct hall *hall, struct msgc_lookup *lookup, void **ret)
{
	(void)hall;
	if (!msgc_lookup_may_block(lookup))
		return MSGC_BLOCKS;
	objects++;
	*ret = &objects;
	return 0;
}

static void release_object(void *object)
{
	(void)object;
	object_releases++;
}

static int is_member(struct hall *hall, struct msgc_lookup *lookup, bool *ret)
{
	(void)hall, (void)lookup;
	*ret = true;
	return 0;
}

static int join_groups(struct hall *hall)
{
	int result = hall_join(hall, "hall");

	if (result == 0)
		result = hall_join(hall, "other");
	if (result == 0)
		result = hall_attend(hall, "show");
	return result < 0 ? result : hall_enter(hall, "stream");
}

static int arrive(struct hall *hall)
{
	int result;

	arrivals++;
	result = hall_publish(hall->server, "hall", &shout_message, hall->sender, "here I am", 0);
	return result < 0 ? result : hall_send(hall, &hello_message, "welcome");
}

static void take_leave(struct hall *hall, uint16_t code)
{
	(void)code;
	farewells++;
	(void)hall_publish(hall->server, "hall", &shout_message, hall->sender, "bye", 0);
}

static int echo(struct hall *hall, const struct note *in, struct note *reply)
{
	reply->payload = in->payload;
	once_effects += in->payload.len == 4 && memcmp(in->payload.ptr, "once", 4) == 0;
	return hall_publish(hall->server, "hall", &shout_message, hall->sender, in->payload.ptr, 0);
}

static int work(struct hall_pending *p)
{
	stored++;
	return msgc_arena_copy(msgc_pending_arena(p->pending), p->in->payload, &p->reply.payload);
}

static int store(struct hall *hall, const struct note *in, struct note *reply)
{
	(void)in, (void)reply;
	return hall_store_later(hall, work, NULL);
}

static int ring(struct hall *hall, const struct note *in, struct note *ret)
{
	(void)hall;
	ret->payload = in->payload;
	return 0;
}

static bool is_ready(void *app)
{
	(void)app;
	return true;
}

static int read_again(void *app)
{
	(void)app;
	reloads++;
	return 0;
}

static void stop_program(void *app)
{
	(void)app;
	stops++;
}

/* ------------------------------------------------------------------------------------------- the visit */

static client *come(struct msgc_server *server, const char *cookie)
{
	struct msgc__header headers[] = {{"host", MSGC_STR_INIT("hall.example")},
	        {"origin", MSGC_STR_INIT("http://hall.example")},
	        {"cookie", msgc_str_from(cookie)}};
	struct msgc__request request = {.method = "GET",
	        .path = MSGC_STR_INIT("/ws/hall/7/"),
	        .query = MSGC_STR_INIT("mood=fine"),
	        .headers = headers,
	        .header_count = 3,
	        .address = "127.0.0.1"};

	return msgc__memory_connect(server, 0, &request);
}

/* A plain request; what is answered does not matter. */
static void ask_as(struct msgc_server *server, const char *authorization, const char *method,
        const char *path, bool admin, const char *body)
{
	struct msgc__header headers[] = {{"authorization", msgc_str_from(authorization)}};
	struct msgc__request request = {.method = method,
	        .path = msgc_str_from(path),
	        .query = MSGC_STR_INIT(""),
	        .headers = headers,
	        .header_count = 1,
	        .address = "127.0.0.1"};
	client *c = msgc__memory_request(server, 0, &request, admin, msgc_str_from(body));

	world_pump();
	shortage_arm(false);
	if (c) {
		struct msgc_buf head, text;
		const char *ticket;

		msgc_buf_init(&head, 0);
		msgc_buf_init(&text, 0);
		(void)msgc__memory_response(c, &head, &text, 0);
		ticket = msgc_buf_c(&text) ? strstr(text.data, "\"ticket\":\"") : NULL;
		if (ticket)
			snprintf(ticket_query, sizeof ticket_query, "ticket=%.43s", ticket + 10);
		msgc_buf_free(&head);
		msgc_buf_free(&text);
		msgc__memory_free(c);
	}
	shortage_arm(true);
}

static void ask(struct msgc_server *server, const char *method, const char *path, bool admin,
        const char *body)
{
	ask_as(server, "Bearer carl", method, path, admin, body);
}

static client *come_with(struct msgc_server *server, const char *query, const char *authorization)
{
	struct msgc__header headers[] = {{"authorization", msgc_str_from(authorization)}};
	struct msgc__request request = {.method = "GET",
	        .path = MSGC_STR_INIT("/ws/hall/7/"),
	        .query = msgc_str_from(query),
	        .headers = headers,
	        .header_count = 1,
	        .address = "127.0.0.1"};
	client *c = msgc__memory_connect(server, 0, &request);

	world_pump();
	return c;
}

static void say(client *c, const char *frame)
{
	if (c)
		msgc__memory_send(c, frame, strlen(frame));
	world_pump();
}

/* What was acknowledged, among all that came. */
static void count_answers(client *c)
{
	static char memory[4096];
	struct msgc__memory_state state;
	struct msgc_buf message;

	msgc__memory_look(c, &state);
	ck_assert(!state.malformed);
	for (;;) {
		msgc_buf_init_fixed(&message, memory, sizeof memory - 1);
		if (!msgc__memory_receive(c, &message, 0))
			break;
		memory[message.len] = '\0';
		acknowledged += strstr(memory, "\"said\",\"payload\":\"keep\"") != NULL;
		drained += strstr(memory, "\"action\":\"draining\"") != NULL;
		once_answers += strstr(memory, "\"said\",\"payload\":\"once\"") != NULL;
	}
}

/* The other ways in, and the way out for all. */
static void show_credentials(struct msgc_server *server)
{
	client *c[3];

	ticket_query[0] = '\0';
	ask(server, "POST", "/ticket", false, "{\"path\":\"/ws/hall/7\"}");
	c[0] = come_with(server, ticket_query, "");
	c[1] = come_with(server, "", "Basic Ym9iOm5v");
	c[2] = come_with(server, "", "Bearer carl");
	say(c[2], "{\"action\":\"refresh\",\"payload\":{\"token\":\"carl\"}}");
	say(c[2], "{\"action\":\"refresh\",\"payload\":{\"token\":\"no token\"}}");
	ask(server, "GET", "/metrics", true, "");
	ask(server, "GET", "/readyz", true, "");
	(void)msgc_server_revoke(server, MSGC_STR("jwt"), MSGC_STR("carl"));
	world_pump();
	shortage_arm(false);
	for (int i = 0; i < 3; i++)
		msgc__memory_free(c[i]);
	shortage_arm(true);
	world_pump();
}

/* What somebody has seen of the stream: nothing is missing that it was not told of. */
struct seen {
	char epoch[32];
	unsigned seq;
};

static void look_at(struct seen *seen, const char *frame)
{
	const char *at = strstr(frame, "\"seq\":");
	char epoch[32] = "";
	unsigned seq;

	if (strstr(frame, "\"action\":\"recovered\"")) {
		at = strstr(frame, "\"epoch\":\"");
		(void)sscanf(at, "\"epoch\":\"%31[0-9a-f]\",\"seq\":%u", epoch, &seq);
		if (strstr(frame, "\"recovered\":true"))
			ck_assert_uint_eq(seq, seen->seq);
		recovered++;
	} else if (at) {
		ck_assert_int_eq(sscanf(at, "\"seq\":%u,\"epoch\":\"%31[0-9a-f]", &seq, epoch), 2);
		if (seen->epoch[0] && strcmp(seen->epoch, epoch) == 0)
			ck_assert_uint_eq(seq, seen->seq + 1);
	} else {
		return;
	}
	memcpy(seen->epoch, epoch, sizeof epoch);
	seen->seq = seq;
}

static void look_at_all(client *c, struct seen *seen)
{
	static char memory[4096];
	struct msgc__memory_state state = {.lost = true};
	struct msgc_buf message;

	if (c)
		msgc__memory_look(c, &state);
	/* A client without memory of its own cannot tell what it was sent. */
	for (bool any = !state.lost; any;) {
		msgc_buf_init_fixed(&message, memory, sizeof memory - 1);
		any = msgc__memory_receive(c, &message, 0);
		memory[message.len] = '\0';
		if (any)
			look_at(seen, memory);
	}
}

static void speak(struct msgc_server *server, unsigned times)
{
	while (times-- > 0) {
		(void)hall_broadcast(server, "stream", &shout_message, NULL, "word", 0);
		(void)hall_broadcast(server, "stream", &plain_message, NULL, "wink", 0);
	}
	world_pump();
}

/* From a program that knows no C: what is right, and what is refused. */
static void publish(struct msgc_server *server)
{
	ask_as(server, "Bearer " KEY, "POST", "/publish", true,
	        "{\"group\":\"stream\",\"message\":{\"action\":\"shout\",\"payload\":\"word\"}}");
	ask_as(server, "Bearer " KEY, "POST", "/publish", true,
	        "{\"group\":\"stream\",\"message\":{\"action\":\"shout\",\"payload\":7}}");
}

static void write_config(const char *text)
{
	bool before = shortage_arm(false);
	FILE *file;

	file = fopen(config_path, "w");
	ck_assert_ptr_nonnull(file);
	fputs(text, file);
	fclose(file);
	shortage_arm(before);
}

/* Something that may change, something that waits for a restart, and something that is wrong. */
static void reload(struct msgc_server *server)
{
	write_config(
	        "outbox-limit = 512KiB\nmailbox = 1000\nallowed-origins = https://b.example\n");
	msgc_server_reload(server);
	world_pump();
	write_config("outbox-limit = many\n");
	msgc_server_reload(server);
	world_pump();
}

/* Comes, goes, and comes back for what was said meanwhile. */
static void come_and_go(struct msgc_server *server)
{
	struct seen seen = {"", 0};
	char query[64];
	client *c = come_with(server, "", "Bearer carl");

	speak(server, 2);
	publish(server);
	shortage_arm(false);
	look_at_all(c, &seen);
	msgc__memory_free(c);
	shortage_arm(true);
	world_pump();
	speak(server, 3);
	/* It may have been told nothing: then it asks where the stream stands. */
	snprintf(query, sizeof query, "epoch=%s&seq=%u", seen.epoch, seen.seq);
	c = come_with(server, query, "Bearer carl");
	speak(server, 1);
	shortage_arm(false);
	look_at_all(c, &seen);
	msgc__memory_free(c);
	shortage_arm(true);
	world_pump();
}

static void visit_hall(struct msgc_server *server)
{
	static char deep[600];
	client *a = come(server, "session=anna");
	client *b;

	world_pump();
	b = come(server, "session=berta");
	world_pump();
	say(a, "{\"action\":\"say\",\"payload\":\"hi\",\"ref\":\"1\"}");
	say(a, "{\"action\":\"store\",\"payload\":\"keep\",\"ref\":\"2\"}");
	say(b, "{\"action\":\"nonsense\"}");
	say(b, "{\"action\":\"say\"}");
	memset(deep, '[', sizeof deep - 1);
	say(b, deep);
	say(b, "{\"action\":\"ping\"}");
	(void)hall_publish(server, "hall", &bell_message, NULL, "ding", 0);
	(void)hall_publish(server, "hall", &horn_message, NULL, "toot", 0);
	world_pump();
	if (a)
		msgc__memory_send(a, "{\"action\":\"store\",\"payload\":\"keep\"}", 35);
	say(b, "{\"action\":\"say\",\"payload\":\"once\",\"message_id\":\"1\"}");
	say(b, "{\"action\":\"say\",\"payload\":\"once\",\"message_id\":\"1\"}");
	come_and_go(server);
	reload(server);
	say(a, "{\"action\":\"ping\"}");
	if (a)
		msgc__memory_close(a, 1000);
	world_pump();
	shortage_arm(false);
	if (a)
		count_answers(a);
	msgc__memory_free(a);
	if (b)
		count_answers(b);
	msgc__memory_free(b);
	shortage_arm(true);
	show_credentials(server);
}

/* Configures and serves; false: it did not start, and said so. */
static bool start(struct msgc_server *server)
{
	static const enum msgc_auth_kind kinds[] = {
	        MSGC_AUTH_SESSION, MSGC_AUTH_JWT, MSGC_AUTH_TICKET, MSGC_AUTH_BASIC};
	static const char *const parts[] = {"stream"};
	static const struct msgc_message *const messages[] = {&shout_message};
	static const struct msgc_group_type group = {.name = "stream",
	        .parts = parts,
	        .part_count = 1,
	        .messages = messages,
	        .message_count = 1,
	        .kind = &stream_type};
	static const struct msgc_permit_op permit[] = {
	        {MSGC_PERMIT_TERM, -1}, {MSGC_PERMIT_TERM, 1}, {MSGC_PERMIT_AND, 0}};

	hall_fill_table(world);
	world->consumer.auth = kinds;
	world->consumer.auth_count = 4;
	world->consumer.permit = permit;
	world->consumer.permit_count = 3;
	world->consumer.groups = &group;
	world->consumer.group_count = 1;
	world->consumer.object = &hall_object;
	world->consumer.completion = true;
	world->actions[0].rate = (struct msgc_rate){.tokens = 100, .per_ms = 1000};
	world->handlers = (struct hall_handlers){.load = load,
	        .release = release_object,
	        .term = {is_member, is_member, is_member},
	        .joins = join_groups,
	        .connected = arrive,
	        .disconnected = take_leave,
	        .say = echo,
	        .store = store,
	        .bell = ring};
	msgc_server_use_sessions(server, "session", find_session, NULL);
	msgc_server_use_tokens(server, verify_token, NULL, NULL, NULL);
	msgc_server_use_basic(server, check_basic, NULL);
	if (msgc_server_use_tickets(server, "/ticket", NULL, NULL) < 0)
		return false;
	msgc_server_on_ready(server, is_ready, NULL);
	msgc_server_on_stop(server, stop_program, NULL);
	(void)msgc_server_on_reload(server, read_again, NULL);
	if (msgc_server_serve(server, &world->consumer, &world->handlers, NULL) < 0)
		return false;
	return msgc__memory_start(&world->memory, server) == 0;
}

/* One client waits, another has something in hand, when the server goes. */
static void drain(struct msgc_server *server)
{
	client *waiting = come(server, "session=dora"), *busy = come(server, "session=emma");

	world_pump();
	if (busy)
		msgc__memory_send(busy, "{\"action\":\"store\",\"payload\":\"keep\"}", 35);
	(void)msgc__memory_stop(&world->memory);
	shortage_arm(false);
	if (busy)
		count_answers(busy);
	if (waiting)
		count_answers(waiting);
	msgc__memory_free(waiting);
	msgc__memory_free(busy);
	shortage_arm(true);
}

/* The whole life of a server. True: it ran to its end. */
static bool live(void)
{
	static struct world w;
	static char file_key[96], drain_key[] = "--drain-timeout=1s", key[] = "--publish-key=" KEY,
	                          program[] = "tests";
	char *argv[] = {program, drain_key, key, file_key, NULL};
	struct msgc_server *server;
	bool ran = false;

	memset(&w, 0, sizeof w);
	world = &w;
	users = user_releases = objects = object_releases = 0;
	arrivals = farewells = stored = acknowledged = stops = 0;
	once_effects = once_answers = recovered = reloads = drained = 0;
	snprintf(file_key, sizeof file_key, "--config=%s", config_path);
	write_config("outbox-limit = 1MiB\n");
	server = msgc_server_new(4, argv);
	if (!server)
		return false;
	server->log.level = (enum msgc_log_level)(MSGC_LOG_ERROR + 1);
	if (start(server)) {
		ran = true;
		visit_hall(server);
		drain(server);
	}
	msgc_server_free(server);
	return ran;
}

static void check(unsigned long n, bool ran)
{
	ck_assert_msg(users == user_releases, "allocation %lu: %d users, %d released", n, users,
	        user_releases);
	ck_assert_msg(objects == object_releases, "allocation %lu: %d objects, %d released", n,
	        objects, object_releases);
	ck_assert_msg(
	        arrivals == farewells, "allocation %lu: %d came, %d left", n, arrivals, farewells);
	ck_assert_msg(once_answers < 2 || once_effects == 1,
	        "allocation %lu: %d effects of one message", n, once_effects);
	ck_assert_msg(acknowledged <= stored, "allocation %lu: a lie", n);
	ck_assert_msg(!ran || stops == 1, "allocation %lu: stopped %d times", n, stops);
}

static void make_config(void)
{
	int fd;

	snprintf(config_path, sizeof config_path, "%s/msgc-memory-XXXXXX",
	        access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	fd = mkstemp(config_path);
	ck_assert_int_ge(fd, 0);
	close(fd);
	/* A reload gives the log its level back, and every life would tell of itself. */
	ck_assert_ptr_nonnull(freopen("/dev/null", "w", stderr));
}

static unsigned long count_all(void)
{
	make_config();
	shortage_of(SHORTAGE_NONE, SHORTAGE_NONE);
	shortage_arm(true);
	ck_assert(live());
	shortage_arm(false);
	check(0, true);
	ck_assert_int_eq(arrivals, 9);
	ck_assert_int_eq(once_answers, 2);
	ck_assert_int_eq(once_effects, 1);
	ck_assert_int_eq(recovered, 1);
	ck_assert_int_eq(reloads, 2);
	ck_assert_str_ne(ticket_query, "");
	ck_assert_int_eq(stored, 3);
	ck_assert_int_eq(acknowledged, 3);
	ck_assert_int_eq(drained, 2);
	return shortage_count();
}

START_TEST(any_single_allocation_may_fail)
{
	unsigned long all = count_all();

	ck_assert_uint_gt(all, 100);
	for (unsigned long n = 1; n <= all; n++) {
		bool ran;

		shortage_of(n, n);
		shortage_arm(true);
		ran = live();
		shortage_arm(false);
		check(n, ran);
	}
	unlink(config_path);
}
END_TEST

START_TEST(memory_may_be_gone_for_a_while)
{
	unsigned long all = count_all();

	for (unsigned long n = 1; n <= all; n++) {
		bool ran;

		shortage_of(n, n + 7);
		shortage_arm(true);
		ran = live();
		shortage_arm(false);
		check(n, ran);
	}
	unlink(config_path);
}
END_TEST

START_TEST(memory_may_be_gone_for_good)
{
	unsigned long all = count_all();

	for (unsigned long n = 1; n <= all; n++) {
		bool ran;

		shortage_of(n, SHORTAGE_FOR_GOOD);
		shortage_arm(true);
		ran = live();
		shortage_arm(false);
		check(n, ran);
	}
	unlink(config_path);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
	        any_single_allocation_may_fail,
	        memory_may_be_gone_for_a_while,
	        memory_may_be_gone_for_good,
	        NULL,
	};

	return hall_main("server memory", tests);
}
