/* SPDX-License-Identifier: MIT */
/*
 * Tickets, Basic credentials, refresh and revocation, on a server whose clock and pool are the test's.
 */
#include "hall.h"

#include <stdio.h>

#include <msgc/http.h>

#define REFUSED(status, phrase, detail)                                                            \
	"{\"action\":\"authentication\",\"payload\":{\"status_code\":" #status                     \
	",\"status_text\":\"" phrase "\",\"data\":{\"detail\":\"" detail "\"}}}"
#define NOT_AUTHENTICATED REFUSED(401, "Unauthorized", "Authentication required.")
#define REVOKED           REFUSED(401, "Unauthorized", "Credentials have been revoked.")

static unsigned releases;
static void count_release(void *data)
{
	(void)data;
	releases++;
}

static int find(
        void *app, struct msgc_lookup *lookup, struct msgc_str cookie, struct msgc_user *ret)
{
	(void)app;
	if (!msgc_lookup_may_block(lookup))
		return MSGC_BLOCKS;
	if (msgc_str_equal(cookie, text("bad")))
		return MSGC_EUNAUTHENTICATED;
	ret->realm = text("people");
	ret->id = cookie;
	return 0;
}

/* "anna.IAT.EXP": seconds. */
static int verify(void *context, struct msgc_str token, int64_t now, struct msgc_arena *arena,
        struct msgc_user *ret)
{
	char name[32];
	long long issued, expires;

	(void)context;
	(void)now;
	if (sscanf(token.ptr, "%30[a-z].%lld.%lld", name, &issued, &expires) != 3)
		return MSGC_EUNAUTHENTICATED;
	ret->realm = text("people");
	ret->issued_at = issued;
	ret->expires_at = expires;
	ret->release = count_release;
	return msgc_arena_copy(arena, text(name), &ret->id);
}

static unsigned basic_calls;
static int check_basic(void *app, struct msgc_lookup *lookup, struct msgc_str name,
        struct msgc_str password, struct msgc_user *ret)
{
	(void)app;
	if (!msgc_lookup_may_block(lookup))
		return MSGC_BLOCKS;
	basic_calls++;
	if (!msgc_str_equal(password, text("s\xC3\xA9same:open")))
		return MSGC_EUNAUTHENTICATED;
	ret->realm = text("people");
	ret->id = name;
	return 0;
}

static char seen[128];
static int see(struct hall *hall)
{
	snprintf(seen, sizeof seen, "%.*s/%.*s", (int)hall->user->realm.len, hall->user->realm.ptr,
	        (int)hall->user->id.len, hall->user->id.ptr);
	return 0;
}

static msgc_ticket_fn *recall_hook;
static int64_t epoch;

static void start(const char *argument)
{
	static const enum msgc_auth_kind kinds[] = {
	        MSGC_AUTH_SESSION, MSGC_AUTH_JWT, MSGC_AUTH_TICKET, MSGC_AUTH_BASIC};

	world_make("--admin-port=0", argument, NULL);
	msgc_server_use_sessions(world->server, "session", find, NULL);
	msgc_server_use_tokens(world->server, verify, NULL, NULL, NULL);
	msgc_server_use_basic(world->server, check_basic, NULL);
	ck_assert_int_eq(msgc_server_use_tickets(world->server, "/ticket", recall_hook, NULL), 0);
	world->consumer.auth = kinds;
	world->consumer.auth_count = 4;
	world->handlers.connected = see;
	strcpy(seen, "-");
	releases = basic_calls = 0;
	world_start();
	epoch = world->memory.unix_seconds;
}

static struct msgc_buf body;

static int post(const char *header, const char *value, const char *json)
{
	const struct msgc__header headers[] = {{header, text(value)},
	        {"origin", text("http://hall.example")}, {"host", text("hall.example")}};
	struct msgc__request request = {.method = "POST",
	        .path = text("/ticket"),
	        .query = text(""),
	        .headers = headers,
	        .header_count = 3,
	        .address = "127.0.0.1"};
	client *c = msgc__memory_request(world->server, 0, &request, false, text(json));
	struct msgc__memory_state state;
	struct msgc_buf ignored;

	world_pump();
	msgc_buf_init(&ignored, 0);
	msgc_buf_reset(&body);
	ck_assert(msgc__memory_response(c, &ignored, &body, 0));
	msgc_buf_free(&ignored);
	msgc__memory_look(c, &state);
	msgc__memory_free(c);
	ck_assert_ptr_nonnull(msgc_buf_c(&body));
	return state.status;
}

#define FOR_HALL_7 "{\"path\":\"/ws/hall/7/\"}"

/* "/ws/hall/7/?ticket=…" with a fresh ticket of that user. */
static const char *url_for(const char *user)
{
	static char url[128];
	char cookie[64], ticket[64];

	snprintf(cookie, sizeof cookie, "session=%s", user);
	ck_assert_int_eq(post("cookie", cookie, FOR_HALL_7), 200);
	ck_assert_int_eq(
	        sscanf(body.data, "{\"ticket\":\"%43[A-Za-z0-9_-]\",\"expires_in\":30}", ticket),
	        1);
	ck_assert_uint_eq(strlen(ticket), 43);
	snprintf(url, sizeof url, "/ws/hall/7/?ticket=%s", ticket);
	return url;
}

static void expect_in(client *c, const char *who)
{
	expect(c, AUTHENTICATED);
	expect_nothing(c);
	ck_assert_str_eq(seen, who);
}

static void expect_401(client *c)
{
	expect(c, NOT_AUTHENTICATED);
	expect_closed(c, 4401);
}

/* ----------------------------------------------------------------------------------------- tickets */

START_TEST(a_ticket_opens_one_connection)
{
	const char *url;

	start(NULL);
	url = url_for("anna");
	expect_in(visit(url, NULL), "people/anna");
	expect_401(visit(url, NULL));
	world_end();
}
END_TEST

START_TEST(a_ticket_may_come_as_first_frame)
{
	char frame[160];
	client *c;

	start(NULL);
	snprintf(frame, sizeof frame,
	        "{\"action\":\"authenticate\",\"payload\":{\"token\":\"%s\"}}",
	        strchr(url_for("anna"), '=') + 1);
	c = visit("/ws/hall/7/", NULL);
	tell(c, frame);
	expect_in(c, "people/anna");
	c = visit("/ws/hall/7/", NULL);
	tell(c, frame);
	expect_401(c);
	world_end();
}
END_TEST

START_TEST(a_ticket_is_bound_to_its_path)
{
	char url[128];

	start(NULL);
	strcpy(url, url_for("anna"));
	url[9] = '8';
	expect_401(visit(url, NULL));
	url[9] = '7';
	expect_401(visit(url, NULL)); /* spent at the wrong door */
	snprintf(url, sizeof url, "/ws/hall/7%s", strchr(url_for("anna"), '?'));
	expect_in(visit(url, NULL), "people/anna"); /* the same path without its slash */
	world_end();
}
END_TEST

START_TEST(a_ticket_ends_with_its_lifetime)
{
	const char *url;

	start(NULL);
	url = url_for("anna");
	msgc__memory_advance(&world->memory, 29999);
	expect_in(visit(url, NULL), "people/anna");
	url = url_for("anna");
	msgc__memory_advance(&world->memory, 30000);
	expect_401(visit(url, NULL));
	world_end();
}
END_TEST

START_TEST(who_gets_no_ticket)
{
	start(NULL);
	ck_assert_int_eq(post("cookie", "session=bad", FOR_HALL_7), 401);
	ck_assert_int_eq(post("x-nothing", "1", FOR_HALL_7), 401);
	ck_assert_int_eq(post("cookie", "session=anna", "{\"path\":\"/ws/nowhere/\"}"), 404);
	ck_assert_int_eq(post("cookie", "session=anna", "{\"path\":\"ws/hall/7\"}"), 400);
	ck_assert_int_eq(post("cookie", "session=anna", "{\"path\":\"/ws/hall/7/\\u0000\"}"), 400);
	ck_assert_int_eq(post("cookie", "session=anna", "{\"path\":7}"), 400);
	ck_assert_int_eq(post("cookie", "session=anna", "{}"), 400);
	ck_assert_int_eq(post("cookie", "session=anna", ""), 400);
	ck_assert_int_eq(post("authorization", "Bearer anna.5.99999999999", FOR_HALL_7), 200);
	ck_assert_int_eq(post("authorization", "Basic Ym9iOnPDqXNhbWU6b3Blbg==", FOR_HALL_7), 200);
	ck_assert_int_eq(post("authorization", "Basic Ym9iOm5v", FOR_HALL_7), 401);
	world_end();
}
END_TEST

START_TEST(nobody_gets_thousands_of_tickets)
{
	int i;

	start(NULL);
	for (i = 0; i < 121; i++) {
		if (post("cookie", "session=anna", FOR_HALL_7) != 200)
			break;
	}
	ck_assert_int_eq(i, 120);
	ck_assert_int_eq(post("cookie", "session=berta", FOR_HALL_7), 200);
	world_end();
}
END_TEST

START_TEST(what_is_no_ticket)
{
	static const char *const urls[] = {"/ws/hall/7/?ticket=",
	        "/ws/hall/7/?ticket=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
	        "/ws/hall/7/?ticket=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA%00",
	        "/ws/hall/7/?ticket=../../../../../../../../../../../../../../"};

	start(NULL);
	for (size_t i = 0; i < sizeof urls / sizeof urls[0]; i++)
		expect_401(visit(urls[i], NULL));
	world_end();
}
END_TEST

static int recall_today(
        void *app, struct msgc_lookup *lookup, const struct msgc_user *user, struct msgc_user *ret)
{
	(void)app;
	if (!msgc_lookup_may_block(lookup))
		return MSGC_BLOCKS;
	if (msgc_str_equal(user->id, text("gone")))
		return MSGC_EUNAUTHENTICATED;
	*ret = (struct msgc_user){
	        .realm = user->realm, .id = user->id, .data = &releases, .release = count_release};
	return 0;
}

START_TEST(the_program_recalls_the_user_of_a_ticket)
{
	client *c;

	recall_hook = recall_today;
	start(NULL);
	c = visit(url_for("anna"), NULL);
	expect_in(c, "people/anna");
	leave(c);
	ck_assert_uint_eq(releases, 1);
	expect_401(visit(url_for("gone"), NULL));
	world_end();
	recall_hook = NULL;
}
END_TEST

/* ------------------------------------------------------------------------------------------- Basic */

#define BOB       "Basic Ym9iOnPDqXNhbWU6b3Blbg==" /* bob:sésame:open */
#define BOB_WRONG "Basic Ym9iOm5v"                 /* bob:no */
#define EVE_WRONG "Basic ZXZlOm5v"

static client *with(const char *authorization)
{
	return visit("/ws/hall/7/", "authorization", authorization, NULL);
}

START_TEST(name_and_password_of_the_header)
{
	static const char *const broken[] = {"Basic", "Basic ", "Basic !!!!", "Basic Ym9i",
	        "Basic YW5uYTpub28=x", "Basic YQBiOmM=", "Basic /zp4",
	        "Basix Ym9iOnPDqXNhbWU6b3Blbg=="};

	start(NULL);
	expect_in(with(BOB), "people/bob");
	expect_in(with("bAsIc   Ym9iOnPDqXNhbWU6b3Blbg"), "people/bob");
	expect_401(with(BOB_WRONG));
	ck_assert_uint_eq(basic_calls, 3);
	for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
		client *c = with(broken[i]);

		expect_nothing(c); /* no credentials at all: it may still send a token */
		expect_open(c);
	}
	ck_assert_uint_eq(basic_calls, 3);
	world_end();
}
END_TEST

START_TEST(guessing_is_slowed_down)
{
	struct msgc__memory_state state;
	client *c;

	start("--auth-failure-rate=3 per 30s");
	for (int i = 0; i < 3; i++)
		expect_401(with(BOB_WRONG));
	c = with(BOB);
	msgc__memory_look(c, &state);
	ck_assert_int_eq(state.status, 429);
	ck_assert_int_eq(state.retry_after, 10);
	ck_assert_uint_eq(basic_calls, 3);
	c = with(EVE_WRONG); /* another name from the same address */
	msgc__memory_look(c, &state);
	ck_assert_int_eq(state.status, 429);
	ck_assert_int_eq(post("authorization", BOB, FOR_HALL_7), 401);
	ck_assert_uint_eq(basic_calls, 3);
	msgc__memory_advance(&world->memory, 30000);
	expect_in(with(BOB), "people/bob");
	world_end();
}
END_TEST

/* ----------------------------------------------------------------------------------------- refresh */

static client *with_token(const char *name, int64_t issued, int64_t expires)
{
	char header[96];

	snprintf(header, sizeof header, "Bearer %s.%lld.%lld", name, (long long)issued,
	        (long long)expires);
	return with(header);
}

static void refresh(client *c, const char *name, int64_t issued, int64_t expires)
{
	char frame[200];

	snprintf(frame, sizeof frame,
	        "{\"action\":\"refresh\",\"ref\":\"r\",\"payload\":{\"token\":\"%s.%lld.%lld\"}}",
	        name, (long long)issued, (long long)expires);
	tell(c, frame);
}

START_TEST(a_refreshed_connection_lives_on)
{
	client *c;

	start(NULL);
	c = with_token("anna", epoch, epoch + 60);
	expect_in(c, "people/anna");
	msgc__memory_advance(&world->memory, 50000);
	refresh(c, "anna", epoch + 50, epoch + 120);
	expect_begin(c, "{\"action\":\"refreshed\",\"payload\":{\"expires_at\":\"");
	msgc__memory_advance(&world->memory, 60000);
	expect_open(c);
	tell(c, "{\"action\":\"ping\"}");
	expect(c, "{\"action\":\"pong\"}");
	msgc__memory_advance(&world->memory, 15000);
	expect_closed(c, 4410);
	ck_assert_uint_eq(releases, 2);
	world_end();
}
END_TEST

START_TEST(a_token_without_an_end)
{
	client *c;

	start(NULL);
	c = with_token("anna", epoch, epoch + 60);
	expect_in(c, "people/anna");
	refresh(c, "anna", epoch, 0);
	expect(c,
	        "{\"action\":\"refreshed\",\"payload\":{\"expires_at\":\"9999-12-31T23:59:59Z\"},"
	        "\"ref\":\"r\"}");
	msgc__memory_advance(&world->memory, 3600000);
	expect_open(c);
	world_end();
}
END_TEST

START_TEST(another_users_token_ends_the_connection)
{
	client *c;

	start(NULL);
	c = with_token("anna", epoch, epoch + 60);
	expect_in(c, "people/anna");
	refresh(c, "berta", epoch, epoch + 600);
	expect(c, REFUSED(403, "Forbidden", "The token is another user's."));
	expect_closed(c, 4403);
	ck_assert_uint_eq(releases, 2);
	world_end();
}
END_TEST

#define NOT_VALID                                                                                  \
	"{\"action\":\"error\",\"payload\":{\"reason\":\"refused\",\"detail\":\"The token is not " \
	"valid.\"},\"ref\":\"r\"}"

START_TEST(a_bad_token_changes_nothing)
{
	client *c;

	start(NULL);
	c = with_token("anna", epoch, epoch + 60);
	expect_in(c, "people/anna");
	tell(c, "{\"action\":\"refresh\",\"ref\":\"r\",\"payload\":{\"token\":\"?\"}}");
	expect(c, NOT_VALID);
	tell(c, "{\"action\":\"refresh\",\"ref\":\"r\",\"payload\":{\"token\":\"anna\\u00001\"}}");
	expect(c, NOT_VALID);
	refresh(c, "anna", epoch - 100, epoch - 10);
	expect(c, NOT_VALID);
	tell(c, "{\"action\":\"refresh\",\"payload\":{}}");
	expect_begin(c,
	        "{\"action\":\"error\",\"payload\":[{\"type\":\"missing\",\"loc\":[\"payload\","
	        "\"token\"]");
	expect_open(c);
	msgc__memory_advance(&world->memory, 61000);
	expect_closed(c, 4410);
	world_end();
}
END_TEST

START_TEST(a_ticket_refreshes_too)
{
	char frame[160];
	client *c;

	start(NULL);
	c = with_token("anna", epoch, epoch + 60);
	expect_in(c, "people/anna");
	snprintf(frame, sizeof frame,
	        "{\"action\":\"refresh\",\"ref\":\"r\",\"payload\":{\"token\":\"%s\"}}",
	        strchr(url_for("anna"), '=') + 1);
	tell(c, frame);
	expect_begin(c, "{\"action\":\"refreshed\"");
	tell(c, frame);
	expect(c, NOT_VALID);
	world_end();
}
END_TEST

START_TEST(without_tokens_refresh_is_unknown)
{
	static const enum msgc_auth_kind by_session[] = {MSGC_AUTH_SESSION};
	client *c;

	world_make(NULL);
	msgc_server_use_sessions(world->server, "session", find, NULL);
	world->consumer.auth = by_session;
	world->consumer.auth_count = 1;
	world_start();
	c = enter_as("anna");
	tell(c, "{\"action\":\"refresh\",\"payload\":{\"token\":\"x\"}}");
	expect_begin(c, "{\"action\":\"error\",\"payload\":[{\"type\":\"union_tag_invalid\"");
	world_end();
}
END_TEST

/* -------------------------------------------------------------------------------------- revocation */

static client *by_session(const char *cookie)
{
	return visit("/ws/hall/7/", "origin", "http://hall.example", "cookie", cookie, NULL);
}

static void expect_closed_as_revoked(client *c)
{
	expect(c, REVOKED);
	expect_closed(c, 4401);
}

START_TEST(logged_out_everywhere)
{
	client *a, *b, *other, *nobody;

	start(NULL);
	a = by_session("session=anna");
	b = with_token("anna", epoch, 0);
	other = by_session("session=berta");
	nobody = visit("/ws/hall/7/", NULL);
	expect_in(a, "people/berta");
	expect_in(b, "people/berta");
	expect_in(other, "people/berta");
	ck_assert_int_eq(msgc_server_revoke(world->server, text("people"), text("anna")), 0);
	world_pump();
	expect_closed(a, 4410);
	expect_closed(b, 4410);
	expect_open(other);
	expect_open(nobody);
	world_end();
}
END_TEST

START_TEST(what_waits_for_who_is_logged_out_is_not_sent)
{
	client *c;

	start(NULL);
	c = by_session("session=anna");
	expect_in(c, "people/anna");
	msgc__memory_window(c, 0);
	for (int i = 0; i < 5; i++)
		tell(c, "{\"action\":\"ping\"}");
	ck_assert_int_eq(msgc_server_revoke(world->server, text("people"), text("anna")), 0);
	msgc__memory_window(c, SIZE_MAX);
	world_pump();
	expect_nothing(c);
	expect_closed(c, 4410);
	world_end();
}
END_TEST

START_TEST(older_tokens_are_not_believed_any_more)
{
	client *c;

	start("--revocation-memory=1h");
	msgc__memory_advance(&world->memory, 5000);
	ck_assert_int_eq(msgc_server_revoke(world->server, text("people"), text("anna")), 0);
	world_pump();
	c = with_token("anna", epoch + 4, 0);
	expect(c, REVOKED);
	expect_closed(c, 4401);
	c = with_token("anna", 0, 0); /* who knows when */
	expect(c, REVOKED);
	expect_in(with_token("anna", epoch + 6, 0), "people/anna");
	expect_in(with_token("berta", epoch, 0), "people/berta");
	msgc__memory_advance(&world->memory, 3600000);
	expect_in(with_token("anna", epoch + 4, 0), "people/anna"); /* forgotten */
	world_end();
}
END_TEST

START_TEST(a_new_session_is_believed_at_once)
{
	start(NULL);
	ck_assert_int_eq(msgc_server_revoke(world->server, text("people"), text("anna")), 0);
	world_pump();
	msgc__memory_advance(&world->memory, 1);
	expect_in(by_session("session=anna"), "people/anna");
	world_end();
}
END_TEST

/* What is proved by this machine's own clock does not ask the wall clock, whichever process it was. */
START_TEST(a_wall_clock_that_was_ahead_keeps_nobody_out)
{
	uint64_t line = UINT64_C(0x1234567);
	int64_t now;

	start(NULL);
	now = world->memory.unix_seconds;
	world->server->clock.since = line;
	world->memory.unix_seconds = now + 100 * 24 * 3600;
	ck_assert_int_eq(msgc_server_revoke(world->server, text("people"), text("anna")), 0);
	world_pump();
	world->memory.unix_seconds = now;
	world->server->process++; /* as after a restart */
	msgc__memory_advance(&world->memory, 1);
	expect_in(by_session("session=anna"), "people/anna");
	/* A token has nothing but the wall clock: it is believed when that has passed the log-out's. */
	expect_closed_as_revoked(with_token("anna", now + 1, 0));
	expect_in(with_token("anna", now + 100 * 24 * 3600 + 1, 0), "people/anna");
	/* In another life of the machine nobody can tell: it holds until the wall clock has got there. */
	world->server->clock.since = line + 2;
	expect_closed_as_revoked(by_session("session=anna"));
	world_end();
}
END_TEST

/* The session was found before the log-out, and its answer comes after: it must not slip through. */
START_TEST(a_look_up_on_its_way_does_not_slip_through)
{
	client *c;

	start(NULL);
	world->memory.hold_pool = true;
	c = by_session("session=anna");
	ck_assert_int_eq(msgc_server_revoke(world->server, text("people"), text("anna")), 0);
	world_pump();
	while (msgc__memory_pool(&world->memory))
		;
	world->memory.hold_pool = false;
	world_pump();
	expect(c, REVOKED);
	expect_closed(c, 4401);
	world_end();
}
END_TEST

START_TEST(tickets_and_refreshes_from_before)
{
	char frame[160];
	const char *url;
	client *c;

	start(NULL);
	url = url_for("anna");
	ck_assert_int_eq(msgc_server_revoke(world->server, text("people"), text("anna")), 0);
	world_pump();
	expect_401(visit(url, NULL));
	/* A token from before is worth no ticket either. */
	snprintf(frame, sizeof frame, "Bearer anna.%lld.0", (long long)epoch - 1);
	ck_assert_int_eq(post("authorization", frame, FOR_HALL_7), 401);
	msgc__memory_advance(&world->memory, 2000);
	c = with_token("anna", epoch + 1, 0);
	expect_in(c, "people/anna");
	refresh(c, "anna", epoch - 1, 0);
	expect(c, NOT_VALID);
	expect_in(visit(url_for("anna"), NULL), "people/anna");
	world_end();
}
END_TEST

START_TEST(revoking_wants_a_name)
{
	char large[2000];

	start(NULL);
	memset(large, 'x', sizeof large);
	ck_assert_int_eq(msgc_server_revoke(world->server, text(""), text("")), MSGC_EINVAL);
	ck_assert_int_eq(
	        msgc_server_revoke(world->server, text(""), msgc_str_of(large, 2000)), MSGC_EINVAL);
	/* Realm and id cannot be shifted against one another. */
	ck_assert_int_eq(msgc_server_revoke(world->server, text("peop"), text("le/anna")), 0);
	world_pump();
	msgc__memory_advance(&world->memory, 1);
	expect_in(with_token("anna", epoch, 0), "people/anna");
	world_end();
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {a_ticket_opens_one_connection,
	        a_ticket_may_come_as_first_frame, a_ticket_is_bound_to_its_path,
	        a_ticket_ends_with_its_lifetime, who_gets_no_ticket,
	        nobody_gets_thousands_of_tickets, what_is_no_ticket,
	        the_program_recalls_the_user_of_a_ticket, name_and_password_of_the_header,
	        guessing_is_slowed_down, a_refreshed_connection_lives_on, a_token_without_an_end,
	        another_users_token_ends_the_connection, a_bad_token_changes_nothing,
	        a_ticket_refreshes_too, without_tokens_refresh_is_unknown, logged_out_everywhere,
	        what_waits_for_who_is_logged_out_is_not_sent,
	        older_tokens_are_not_believed_any_more, a_new_session_is_believed_at_once,
	        a_wall_clock_that_was_ahead_keeps_nobody_out,
	        a_look_up_on_its_way_does_not_slip_through, tickets_and_refreshes_from_before,
	        revoking_wants_a_name, NULL};

	return hall_main("credentials", tests);
}
