/* SPDX-License-Identifier: MIT */
/*
 * What may it: terms about the user, the object, terms about both, each answered at once, on the pool or later.
 */
#include "hall.h"

#define REFUSED(status, phrase, detail)                                                            \
	"{\"action\":\"authentication\",\"payload\":{\"status_code\":" #status                     \
	",\"status_text\":\"" phrase "\",\"data\":{\"detail\":\"" detail "\"}}}"
#define FORBIDDEN REFUSED(403, "Forbidden", "Permission denied.")
#define NOT_FOUND REFUSED(404, "Not Found", "Not found.")
#define INTERNAL  REFUSED(500, "Internal Server Error", "Internal error.")

/* Terms: 0 is_staff (the user alone), 1 is_member (needs the object), 2 is_awake (the user alone). */
static const struct msgc_permit_op staff_or_member[] = {
        {MSGC_PERMIT_TERM, 0}, {MSGC_PERMIT_TERM, 1}, {MSGC_PERMIT_OR, 0}};
static const struct msgc_permit_op awake_and_member[] = {
        {MSGC_PERMIT_TERM, 2}, {MSGC_PERMIT_TERM, 1}, {MSGC_PERMIT_AND, 0}};
static const struct msgc_permit_op authenticated[] = {{MSGC_PERMIT_TERM, -1}};
static const struct msgc_permit_op not_staff[] = {{MSGC_PERMIT_TERM, 0}, {MSGC_PERMIT_NOT, 0}};

/* How each question is answered. */
enum way { AT_ONCE, ON_POOL, LATER };
static enum way ways[4];
static bool values[3];
static int results[4]; /* 3: of load */
static unsigned asked[4];
static char order[32];
static struct msgc_lookup *kept;
static bool *kept_value;
static void **kept_object;
static int thing, loaded, released;
static void *seen_object;

static int answer(unsigned which, struct msgc_lookup *lookup)
{
	size_t n = strlen(order);

	if (ways[which] == ON_POOL && !msgc_lookup_may_block(lookup))
		return MSGC_BLOCKS;
	asked[which]++;
	ck_assert_uint_lt(n + 1, sizeof order);
	order[n] = "smal"[which];
	order[n + 1] = '\0';
	if (ways[which] == LATER) {
		kept = lookup;
		return MSGC_LATER;
	}
	return results[which];
}

static int ask(unsigned which, struct hall *hall, struct msgc_lookup *lookup, bool *ret)
{
	if (which == 1)
		ck_assert_ptr_eq(hall->object, &thing);
	else
		ck_assert_ptr_null(hall->object);
	kept_value = ret;
	*ret = values[which];
	return answer(which, lookup);
}

static int is_staff(struct hall *hall, struct msgc_lookup *lookup, bool *ret)
{
	return ask(0, hall, lookup, ret);
}
static int is_member(struct hall *hall, struct msgc_lookup *lookup, bool *ret)
{
	return ask(1, hall, lookup, ret);
}
static int is_awake(struct hall *hall, struct msgc_lookup *lookup, bool *ret)
{
	return ask(2, hall, lookup, ret);
}

static int load(struct hall *hall, struct msgc_lookup *lookup, void **ret)
{
	int result;

	ck_assert_int_eq(hall->id, 7);
	kept_object = ret;
	*ret = &thing;
	result = answer(3, lookup);
	loaded += result == 0;
	return result;
}

static void release(void *object)
{
	ck_assert_ptr_eq(object, &thing);
	released++;
}

static int see(struct hall *hall)
{
	seen_object = hall->object;
	return 0;
}

extern const struct msgc_object_type hall_object;

static void start(const struct msgc_permit_op *permit, size_t count, bool with_object)
{
	memset(ways, 0, sizeof ways);
	memset(values, 0, sizeof values);
	memset(results, 0, sizeof results);
	memset(asked, 0, sizeof asked);
	order[0] = '\0';
	loaded = released = 0;
	seen_object = NULL;
	world->consumer.permit = permit;
	world->consumer.permit_count = count;
	if (with_object)
		world->consumer.object = &hall_object;
	world->handlers.load = load;
	world->handlers.release = release;
	world->handlers.term[0] = is_staff;
	world->handlers.term[1] = is_member;
	world->handlers.term[2] = is_awake;
	world->handlers.connected = see;
	world_start();
}

START_TEST(terms_about_the_user_are_asked_before_the_object_is_loaded)
{
	client *c;

	world_make(NULL);
	start(awake_and_member, 3, true);
	c = visit("/ws/hall/7", NULL);
	expect(c, FORBIDDEN);
	expect_nothing(c);
	expect_closed(c, 4403);
	ck_assert_str_eq(order, "a");
	order[0] = '\0';
	values[2] = values[1] = true;
	enter();
	ck_assert_str_eq(order, "alm");
	ck_assert_ptr_eq(seen_object, &thing);
	world_end();
	ck_assert_int_eq(released, 1);
}
END_TEST

START_TEST(a_term_that_can_no_longer_matter_is_not_asked_but_the_object_is_loaded)
{
	world_make(NULL);
	start(staff_or_member, 3, true);
	values[0] = true;
	enter();
	ck_assert_str_eq(order, "sl");
	ck_assert_ptr_eq(seen_object, &thing);
	world_end();
}
END_TEST

START_TEST(who_is_no_member_gets_403_and_the_object_is_released)
{
	client *c;

	world_make(NULL);
	start(staff_or_member, 3, true);
	c = visit("/ws/hall/7", NULL);
	expect(c, FORBIDDEN);
	expect_closed(c, 4403);
	ck_assert_str_eq(order, "slm");
	ck_assert_int_eq(loaded, 1);
	ck_assert_int_eq(released, 1);
	world_end();
}
END_TEST

START_TEST(an_object_that_is_not_there_is_a_404_and_a_4404)
{
	client *c;

	world_make(NULL);
	start(awake_and_member, 3, true);
	values[2] = true;
	results[3] = MSGC_ENOTFOUND;
	c = visit("/ws/hall/7", NULL);
	expect(c, NOT_FOUND);
	expect_closed(c, 4404);
	results[3] = MSGC_EDENIED;
	c = visit("/ws/hall/7", NULL);
	expect(c, FORBIDDEN);
	expect_closed(c, 4403);
	ck_assert_int_eq(released, 0);
	world_end();
}
END_TEST

START_TEST(failures_of_hooks_are_a_500_and_a_1011)
{
	static const int which[] = {0, 1, 3};
	client *c;

	world_make(NULL);
	start(staff_or_member, 3, true);
	for (int i = 0; i < 3; i++) {
		results[which[i]] = MSGC_EIO;
		c = visit("/ws/hall/7", NULL);
		expect(c, INTERNAL);
		expect_closed(c, 1011);
		results[which[i]] = 0;
	}
	ck_assert_int_eq(released, loaded);
	world_end();
}
END_TEST

START_TEST(all_of_it_may_be_answered_on_the_pool)
{
	client *c;

	world_make(NULL);
	start(awake_and_member, 3, true);
	ways[1] = ways[2] = ways[3] = ON_POOL;
	values[1] = values[2] = true;
	world->memory.hold_pool = true;
	c = visit("/ws/hall/7", NULL);
	for (int i = 0; i < 3; i++) {
		expect_nothing(c);
		ck_assert(msgc__memory_pool(&world->memory));
		world_pump();
	}
	expect(c, AUTHENTICATED);
	ck_assert_str_eq(order, "alm");
	world->memory.hold_pool = false;
	world_end();
	ck_assert_int_eq(released, 1);
}
END_TEST

START_TEST(all_of_it_may_be_answered_later)
{
	client *c;

	world_make(NULL);
	start(awake_and_member, 3, true);
	ways[1] = ways[2] = ways[3] = LATER;
	c = visit("/ws/hall/7", NULL);
	*kept_value = true;
	msgc_lookup_finish(kept, MSGC_OK);
	world_pump();
	*kept_object = &thing;
	msgc_lookup_finish(kept, MSGC_OK);
	world_pump();
	expect_nothing(c);
	*kept_value = true;
	msgc_lookup_finish(kept, MSGC_OK);
	/* Twice is once. */
	msgc_lookup_finish(kept, MSGC_EIO);
	world_pump();
	expect(c, AUTHENTICATED);
	world_end();
	ck_assert_int_eq(released, 1);
}
END_TEST

START_TEST(an_object_loaded_too_late_is_released)
{
	client *c;

	world_make("--auth-timeout=1s", NULL);
	start(staff_or_member, 3, true);
	ways[3] = LATER;
	c = visit("/ws/hall/7", NULL);
	msgc__memory_advance(&world->memory, 1000);
	expect(c, INTERNAL);
	expect_closed(c, 1011);
	*kept_object = &thing;
	msgc_lookup_finish(kept, MSGC_OK);
	world_pump();
	ck_assert_int_eq(released, 1);

	c = visit("/ws/hall/7", NULL);
	msgc__memory_drop(c);
	world_pump();
	*kept_object = &thing;
	msgc_lookup_finish(kept, MSGC_OK);
	world_pump();
	ck_assert_int_eq(released, 2);
	world_end();
}
END_TEST

START_TEST(denied_is_a_no_like_any_other)
{
	client *c;

	world_make(NULL);
	start(not_staff, 2, false);
	values[0] = true;
	c = visit("/ws/hall/7", NULL);
	expect(c, FORBIDDEN);
	results[0] = MSGC_EDENIED;
	enter();
	world_end();
}
END_TEST

START_TEST(the_anonymous_are_not_authenticated)
{
	client *c;

	world_make(NULL);
	start(authenticated, 1, false);
	c = visit("/ws/hall/7", NULL);
	expect(c, FORBIDDEN);
	expect_closed(c, 4403);
	world_end();
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
	        terms_about_the_user_are_asked_before_the_object_is_loaded,
	        a_term_that_can_no_longer_matter_is_not_asked_but_the_object_is_loaded,
	        who_is_no_member_gets_403_and_the_object_is_released,
	        an_object_that_is_not_there_is_a_404_and_a_4404,
	        failures_of_hooks_are_a_500_and_a_1011,
	        all_of_it_may_be_answered_on_the_pool,
	        all_of_it_may_be_answered_later,
	        an_object_loaded_too_late_is_released,
	        denied_is_a_no_like_any_other,
	        the_anonymous_are_not_authenticated,
	        NULL,
	};

	return hall_main("server permits", tests);
}
