/* SPDX-License-Identifier: MIT */
/*
 * Who is it: sessions answered at once, on the pool and later, tokens in header, cookie and first frame, failures, deadlines, expiry.
 */
#include "hall.h"

#include <stdio.h>

#define REFUSED(status, phrase, detail)                                                            \
	"{\"action\":\"authentication\",\"payload\":{\"status_code\":" #status                     \
	",\"status_text\":\"" phrase "\",\"data\":{\"detail\":\"" detail "\"}}}"
#define NOT_AUTHENTICATED REFUSED(401, "Unauthorized", "Authentication required.")
#define INTERNAL          REFUSED(500, "Internal Server Error", "Internal error.")

static const enum msgc_auth_kind by_session[] = {MSGC_AUTH_SESSION};
static const enum msgc_auth_kind by_token[] = {MSGC_AUTH_JWT};
static const enum msgc_auth_kind by_both[] = {MSGC_AUTH_SESSION, MSGC_AUTH_JWT};
static const enum msgc_auth_kind by_token_or_nobody[] = {MSGC_AUTH_JWT, MSGC_AUTH_ANONYMOUS};

static unsigned releases;
static void count_release(void *data)
{
	(void)data;
	releases++;
}

/* "anna" and "late-anna" are good; "pool-…" is asked on the pool; "later" waits for the test. */
static struct msgc_lookup *kept;
static struct msgc_user *kept_user;
static unsigned session_calls;

static int find_session(
        void *app, struct msgc_lookup *lookup, struct msgc_str cookie, struct msgc_user *ret)
{
	static const char pool[] = "pool-";

	(void)app;
	session_calls++;
	if (cookie.len > 5 && memcmp(cookie.ptr, pool, 5) == 0) {
		if (!msgc_lookup_may_block(lookup))
			return MSGC_BLOCKS;
		cookie.ptr += 5;
		cookie.len -= 5;
	}
	if (msgc_str_equal(cookie, text("later"))) {
		kept = lookup;
		kept_user = ret;
		return MSGC_LATER;
	}
	if (msgc_str_equal(cookie, text("now-later"))) {
		ret->id = text("anna");
		msgc_lookup_finish(lookup, MSGC_OK);
		return MSGC_LATER;
	}
	if (msgc_str_equal(cookie, text("locked")))
		return MSGC_EBUSY;
	if (msgc_str_equal(cookie, text("stubborn")))
		return MSGC_BLOCKS;
	if (msgc_str_equal(cookie, text("old"))) {
		ret->id = text("anna");
		ret->expires_at = 1;
		ret->release = count_release;
		return 0;
	}
	if (!msgc_str_equal(cookie, text("anna")))
		return MSGC_EUNAUTHENTICATED;
	ret->id = text("anna");
	ret->data = &releases;
	ret->release = count_release;
	return 0;
}

static int verify(void *context, struct msgc_str token, int64_t now, struct msgc_arena *arena,
        struct msgc_user *ret)
{
	(void)context;
	if (token.len < 5 || memcmp(token.ptr, "good-", 5) != 0)
		return MSGC_EUNAUTHENTICATED;
	ret->expires_at = now + 60;
	return msgc_arena_copy(arena, msgc_str_of(token.ptr + 5, token.len - 5), &ret->id);
}

static char seen[64];
static int see(struct hall *hall)
{
	snprintf(seen, sizeof seen, "%.*s/%.*s", (int)hall->user->realm.len, hall->user->realm.ptr,
	        (int)hall->user->id.len, hall->user->id.ptr);
	return 0;
}

static void start(const enum msgc_auth_kind *auth, size_t count)
{
	msgc_server_use_sessions(world->server, "session", find_session, NULL);
	msgc_server_use_tokens(world->server, verify, "token", NULL, NULL);
	world->consumer.auth = auth;
	world->consumer.auth_count = count;
	world->handlers.connected = see;
	session_calls = 0;
	releases = 0;
	strcpy(seen, "-");
	world_start();
}

static client *with_cookie(const char *cookie)
{
	return visit("/ws/hall/1", "origin", "http://hall.example", "cookie", cookie, NULL);
}

START_TEST(without_an_auth_list_everybody_is_anonymous)
{
	world_make(NULL);
	start(NULL, 0);
	enter();
	ck_assert_str_eq(seen, "anonymous/");
	world_end();
}
END_TEST

START_TEST(a_session_is_recognised_and_released_with_the_connection)
{
	client *c;

	world_make(NULL);
	start(by_session, 1);
	c = with_cookie("a=b; session=anna; c=d");
	expect(c, AUTHENTICATED);
	expect_nothing(c);
	ck_assert_str_eq(seen, "session/anna");
	ck_assert_uint_eq(releases, 0);
	leave(c);
	ck_assert_uint_eq(releases, 1);
	world_end();
}
END_TEST

START_TEST(without_a_session_there_is_a_401_and_a_4401)
{
	static const char *const bad[] = {"a=b", "session=berta", "session="};

	world_make(NULL);
	start(by_session, 1);
	for (size_t i = 0; i < 3; i++) {
		client *c = with_cookie(bad[i]);

		ck_assert_int_eq(status_of(c), 101);
		expect(c, NOT_AUTHENTICATED);
		expect_nothing(c);
		expect_closed(c, 4401);
	}
	ck_assert_str_eq(seen, "-");
	world_end();
}
END_TEST

START_TEST(a_session_may_be_looked_up_on_the_pool)
{
	client *good, *bad;

	world_make(NULL);
	start(by_session, 1);
	world->memory.hold_pool = true;
	good = with_cookie("session=pool-anna");
	bad = with_cookie("session=pool-berta");
	expect_nothing(good);
	ck_assert_uint_eq(session_calls, 2);
	ck_assert(msgc__memory_pool(&world->memory));
	ck_assert(msgc__memory_pool(&world->memory));
	world_pump();
	ck_assert_uint_eq(session_calls, 4);
	expect(good, AUTHENTICATED);
	expect(bad, NOT_AUTHENTICATED);
	expect_closed(bad, 4401);
	world_end();
}
END_TEST

START_TEST(a_session_may_be_answered_later_from_the_worker_or_from_the_pool)
{
	static const char *const cookies[] = {"session=later", "session=pool-later"};
	client *c;

	world_make(NULL);
	start(by_session, 1);
	for (int i = 0; i < 2; i++) {
		c = with_cookie(cookies[i]);
		/* What comes meanwhile waits. */
		tell(c, "{\"action\":\"ping\"}");
		expect_nothing(c);
		kept_user->id = text("carl");
		msgc_lookup_finish(kept, MSGC_OK);
		world_pump();
		expect(c, AUTHENTICATED);
		expect(c, "{\"action\":\"pong\"}");
		ck_assert_str_eq(seen, "session/carl");
	}
	c = with_cookie("session=now-later");
	expect(c, AUTHENTICATED);
	c = with_cookie("session=pool-now-later");
	expect(c, AUTHENTICATED);
	world_end();
}
END_TEST

START_TEST(a_failing_session_hook_is_a_500_and_a_1011)
{
	static const char *const cookies[] = {
	        "session=locked", "session=pool-locked", "session=pool-stubborn"};

	world_make(NULL);
	start(by_session, 1);
	for (int i = 0; i < 3; i++) {
		client *c = with_cookie(cookies[i]);

		expect(c, INTERNAL);
		expect_closed(c, 1011);
	}
	world_end();
}
END_TEST

START_TEST(a_session_that_is_never_answered_times_out_and_a_late_answer_is_released)
{
	client *c;

	world_make("--auth-timeout=3s", NULL);
	start(by_session, 1);
	c = with_cookie("session=later");
	msgc__memory_advance(&world->memory, 2999);
	expect_open(c);
	msgc__memory_advance(&world->memory, 1);
	expect(c, INTERNAL);
	expect_closed(c, 1011);
	kept_user->id = text("anna");
	kept_user->release = count_release;
	msgc_lookup_finish(kept, MSGC_OK);
	ck_assert_uint_eq(releases, 0);
	world_pump();
	ck_assert_uint_eq(releases, 1);
	ck_assert_str_eq(seen, "-");
	world_end();
}
END_TEST

START_TEST(a_session_answered_after_its_client_has_gone_is_released)
{
	client *c;

	world_make(NULL);
	start(by_session, 1);
	c = with_cookie("session=later");
	msgc__memory_drop(c);
	world_pump();
	kept_user->release = count_release;
	msgc_lookup_finish(kept, MSGC_OK);
	world_pump();
	ck_assert_uint_eq(releases, 1);

	world->memory.hold_pool = true;
	c = with_cookie("session=pool-anna");
	msgc__memory_drop(c);
	world_pump();
	ck_assert(msgc__memory_pool(&world->memory));
	world_pump();
	ck_assert_uint_eq(releases, 2);
	world->memory.hold_pool = false;
	world_end();
}
END_TEST

START_TEST(an_expired_session_is_no_session_and_is_released)
{
	client *c;

	world_make(NULL);
	start(by_session, 1);
	c = with_cookie("session=old");
	expect(c, REFUSED(401, "Unauthorized", "Credentials have expired."));
	expect_closed(c, 4401);
	world_pump();
	ck_assert_uint_eq(releases, 1);
	world_end();
}
END_TEST

START_TEST(a_token_is_taken_from_the_header_or_its_cookie)
{
	client *c;

	world_make(NULL);
	start(by_token, 1);
	c = visit("/ws/hall/1", "authorization", "Bearer good-dora", NULL);
	expect(c, AUTHENTICATED);
	ck_assert_str_eq(seen, "jwt/dora");
	c = visit("/ws/hall/1", "authorization", "bearer   good-emil", NULL);
	expect(c, AUTHENTICATED);
	ck_assert_str_eq(seen, "jwt/emil");
	c = with_cookie("token=good-fritz");
	expect(c, AUTHENTICATED);
	ck_assert_str_eq(seen, "jwt/fritz");
	c = visit("/ws/hall/1", "authorization", "Bearer bad", NULL);
	expect(c, NOT_AUTHENTICATED);
	expect_closed(c, 4401);
	world_end();
}
END_TEST

START_TEST(the_kinds_are_asked_in_turn_and_the_first_that_recognises_decides)
{
	client *c;

	world_make(NULL);
	start(by_both, 2);
	c = visit("/ws/hall/1", "origin", "http://hall.example", "cookie", "session=anna",
	        "authorization", "Bearer good-gerd", NULL);
	expect(c, AUTHENTICATED);
	ck_assert_str_eq(seen, "session/anna");
	c = visit("/ws/hall/1", "origin", "http://hall.example", "cookie", "session=berta",
	        "authorization", "Bearer good-gerd", NULL);
	expect(c, AUTHENTICATED);
	ck_assert_str_eq(seen, "jwt/gerd");
	/* A token that was shown and is not good is no reason to wait for another. */
	c = visit("/ws/hall/1", "origin", "http://hall.example", "cookie", "session=berta",
	        "authorization", "Bearer bad", NULL);
	expect(c, NOT_AUTHENTICATED);
	expect_closed(c, 4401);
	c = with_cookie("token=bad");
	expect(c, NOT_AUTHENTICATED);
	expect_closed(c, 4401);
	world_end();
}
END_TEST

/* Scripts cannot see such a cookie, nor take it back. */
START_TEST(a_stale_session_does_not_stand_before_a_token_in_the_first_frame)
{
	static const char *const stale[] = {
	        "session=berta", "session=old", "session=pool-berta", "session=pool-old"};
	client *c;

	world_make("--auth-timeout=2s", NULL);
	start(by_both, 2);
	for (size_t i = 0; i < 4; i++) {
		c = with_cookie(stale[i]);
		expect_nothing(c);
		expect_open(c);
		tell(c, "{\"action\":\"authenticate\",\"payload\":{\"token\":\"good-hans\"}}");
		expect(c, AUTHENTICATED);
		ck_assert_str_eq(seen, "jwt/hans");
	}
	ck_assert_uint_eq(releases, 2); /* both old ones */
	c = with_cookie("session=old");
	tell(c, "{\"action\":\"authenticate\",\"payload\":{\"token\":\"bad\"}}");
	expect(c, NOT_AUTHENTICATED);
	expect_closed(c, 4401);
	c = with_cookie("session=berta");
	msgc__memory_advance(&world->memory, 2000);
	expect_nothing(c);
	expect_closed(c, 4408);
	world_end();
}
END_TEST

START_TEST(the_first_frame_may_bring_the_token)
{
	client *c;

	world_make(NULL);
	start(by_both, 2);
	c = visit("/ws/hall/1", NULL);
	expect_nothing(c);
	tell_only(c,
	        "{\"action\":\"authenticate\",\"payload\":{\"token\":\"good-hans\"},\"ref\":"
	        "\"1\"}");
	tell(c, "{\"action\":\"ping\"}");
	expect(c, AUTHENTICATED);
	expect(c, "{\"action\":\"pong\"}");
	ck_assert_str_eq(seen, "jwt/hans");
	/* Its time for that is over. */
	msgc__memory_advance(&world->memory, 20000);
	expect_open(c);
	tell(c, "{\"action\":\"authenticate\",\"payload\":{\"token\":\"good-hans\"}}");
	expect_begin(c, "{\"action\":\"error\",\"payload\":[{\"type\":\"union_tag_invalid\"");
	world_end();
}
END_TEST

START_TEST(who_announces_a_token_is_not_taken_for_nobody)
{
	client *c;

	world_make("--auth-timeout=2s", NULL);
	start(by_token_or_nobody, 2);
	c = visit("/ws/hall/1", NULL);
	expect(c, AUTHENTICATED); /* at once: it has announced nothing */
	c = visit("/ws/hall/1?authenticate=frame", NULL);
	expect_nothing(c);
	tell(c, "{\"action\":\"authenticate\",\"payload\":{\"token\":\"good-hans\"}}");
	expect(c, AUTHENTICATED);
	ck_assert_str_eq(seen, "jwt/hans");
	/* What was announced and is no good makes nobody of it. */
	c = visit("/ws/hall/1?authenticate=frame", NULL);
	tell(c, "{\"action\":\"authenticate\",\"payload\":{\"token\":\"bad\"}}");
	expect(c, NOT_AUTHENTICATED);
	expect_closed(c, 4401);
	c = visit("/ws/hall/1?authenticate=frame", NULL);
	msgc__memory_advance(&world->memory, 2000);
	expect_nothing(c);
	expect_closed(c, 4408);
	c = visit("/ws/hall/1?authenticate=header", NULL);
	expect(c, AUTHENTICATED);
	world_end();
}
END_TEST

START_TEST(a_first_frame_that_is_no_good_token_is_a_401)
{
	static const char *const frames[] = {
	        "{\"action\":\"authenticate\",\"payload\":{\"token\":\"bad\"}}",
	        "{\"action\":\"ping\"}", "nonsense", "{\"action\":\"authenticate\"}",
	        "{\"action\":\"authenticate\",\"payload\":{\"token\":7}}",
	        "{\"action\":\"authenticate\",\"payload\":{}}"};

	world_make(NULL);
	start(by_token, 1);
	for (size_t i = 0; i < sizeof frames / sizeof frames[0]; i++) {
		client *c = visit("/ws/hall/1", NULL);

		tell_only(c, frames[i]);
		tell(c, "{\"action\":\"authenticate\",\"payload\":{\"token\":\"good-hans\"}}");
		expect(c, NOT_AUTHENTICATED);
		expect_nothing(c);
		expect_closed(c, 4401);
	}
	ck_assert_str_eq(seen, "-");
	world_end();
}
END_TEST

START_TEST(a_client_that_sends_no_token_in_time_is_closed_with_4408)
{
	client *c;

	world_make("--auth-timeout=2s", NULL);
	start(by_token, 1);
	c = visit("/ws/hall/1", NULL);
	msgc__memory_advance(&world->memory, 1999);
	expect_open(c);
	msgc__memory_advance(&world->memory, 1);
	expect_nothing(c);
	expect_closed(c, 4408);
	world_end();
}
END_TEST

START_TEST(who_shows_nothing_is_anonymous_where_that_is_allowed)
{
	client *c;

	world_make(NULL);
	start(by_token_or_nobody, 2);
	c = visit("/ws/hall/1", NULL);
	expect(c, AUTHENTICATED);
	ck_assert_str_eq(seen, "anonymous/");
	c = visit("/ws/hall/1", "authorization", "Bearer bad", NULL);
	expect(c, AUTHENTICATED);
	ck_assert_str_eq(seen, "anonymous/");
	world_end();
}
END_TEST

START_TEST(a_connection_ends_with_its_credentials)
{
	client *c;

	world_make(NULL);
	start(by_token, 1);
	c = visit("/ws/hall/1", "authorization", "Bearer good-ida", NULL);
	expect(c, AUTHENTICATED);
	msgc__memory_advance(&world->memory, 59000);
	expect_open(c);
	msgc__memory_advance(&world->memory, 1000);
	expect_closed(c, 4410);
	world_end();
}
END_TEST

START_TEST(expiry_goes_by_the_wall_clock_even_when_that_is_set)
{
	client *c;

	world_make(NULL);
	start(by_token, 1);
	c = visit("/ws/hall/1", "authorization", "Bearer good-ida", NULL);
	expect(c, AUTHENTICATED);
	world->memory.unix_seconds -= 3600;
	msgc__memory_advance(&world->memory, 60000);
	expect_open(c);
	msgc__memory_advance(&world->memory, 3600000);
	expect_closed(c, 4410);
	world_end();
}
END_TEST

START_TEST(a_full_pool_is_a_500)
{
	client *first, *second;

	world_make("--pool-queue=1", NULL);
	start(by_session, 1);
	world->memory.hold_pool = true;
	first = with_cookie("session=pool-anna");
	second = with_cookie("session=pool-anna");
	expect(second, INTERNAL);
	expect_closed(second, 1011);
	world->memory.hold_pool = false;
	world_pump();
	expect(first, AUTHENTICATED);
	world_end();
}
END_TEST

START_TEST(a_token_with_a_renamed_discriminator)
{
	client *c;

	world_make(NULL);
	hall_discriminator("type");
	start(by_token, 1);
	c = visit("/ws/hall/1", NULL);
	tell(c, "{\"type\":\"authenticate\",\"payload\":{\"token\":\"good-jan\"}}");
	expect_begin(c, "{\"type\":\"authentication\",\"payload\":{\"status_code\":200");
	world_end();
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
	        without_an_auth_list_everybody_is_anonymous,
	        a_session_is_recognised_and_released_with_the_connection,
	        without_a_session_there_is_a_401_and_a_4401,
	        a_session_may_be_looked_up_on_the_pool,
	        a_session_may_be_answered_later_from_the_worker_or_from_the_pool,
	        a_failing_session_hook_is_a_500_and_a_1011,
	        a_session_that_is_never_answered_times_out_and_a_late_answer_is_released,
	        a_session_answered_after_its_client_has_gone_is_released,
	        an_expired_session_is_no_session_and_is_released,
	        a_token_is_taken_from_the_header_or_its_cookie,
	        the_kinds_are_asked_in_turn_and_the_first_that_recognises_decides,
	        a_stale_session_does_not_stand_before_a_token_in_the_first_frame,
	        the_first_frame_may_bring_the_token,
	        who_announces_a_token_is_not_taken_for_nobody,
	        a_first_frame_that_is_no_good_token_is_a_401,
	        a_client_that_sends_no_token_in_time_is_closed_with_4408,
	        who_shows_nothing_is_anonymous_where_that_is_allowed,
	        a_connection_ends_with_its_credentials,
	        expiry_goes_by_the_wall_clock_even_when_that_is_set,
	        a_full_pool_is_a_500,
	        a_token_with_a_renamed_discriminator,
	        NULL,
	};

	return hall_main("server authentication", tests);
}
