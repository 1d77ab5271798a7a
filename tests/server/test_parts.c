/* SPDX-License-Identifier: MIT */
/*
 * The core's parts by themselves: timers, mailbox, pool, rates, users, outbox, permits, names, keys. No connection is involved.
 */
#include "hall.h"

#include "../../runtime/backends/memory.h"
#include "../../runtime/server/addresses.h"
#include "../../runtime/server/rate.h"

/* ---------------------------------------------------------------------------------------------- timers */

enum { TIMERS = 300 };

static int64_t fired[2 * TIMERS];
static size_t fired_count;
static struct msgc__timers *rearm_in;
static struct msgc__timer *cancel_other;

static void note_firing(struct msgc__timer *timer)
{
	ck_assert(!timer->armed);
	fired[fired_count++] = timer->due;
}

static uint32_t random_state = 12345;
static uint32_t next_random(uint32_t below)
{
	random_state = random_state * 1664525u + 1013904223u;
	return (random_state >> 8) % below;
}

START_TEST(timers_fire_in_order_whatever_was_armed_moved_and_cancelled)
{
	static struct msgc__timer timers[TIMERS];
	struct msgc__timers heap = {0};
	size_t armed = 0;

	fired_count = 0;
	for (int round = 0; round < 5000; round++) {
		struct msgc__timer *timer = &timers[next_random(TIMERS)];

		timer->fire = note_firing;
		if (next_random(3) == 0)
			msgc__timer_cancel(&heap, timer);
		else
			msgc__timer_arm(&heap, timer, 1 + (int64_t)next_random(1000));
	}
	for (size_t i = 0; i < TIMERS; i++)
		armed += timers[i].armed;
	msgc__timers_run(&heap, 400);
	for (size_t i = 0; i < TIMERS; i++)
		ck_assert(!timers[i].armed || timers[i].due > 400);
	ck_assert_int_gt(msgc__timers_next(&heap), 400);
	msgc__timers_run(&heap, 1000);
	ck_assert_uint_eq(fired_count, armed);
	for (size_t i = 1; i < fired_count; i++)
		ck_assert_int_le(fired[i - 1], fired[i]);
	ck_assert_int_eq(msgc__timers_next(&heap), -1);
}
END_TEST

static void rearm(struct msgc__timer *timer)
{
	fired_count++;
	msgc__timer_arm(rearm_in, timer, timer->due);
}

START_TEST(a_timer_that_rearms_itself_does_not_keep_the_run_from_ending)
{
	struct msgc__timers heap = {0};
	struct msgc__timer timer = {.fire = rearm};

	rearm_in = &heap;
	fired_count = 0;
	msgc__timer_arm(&heap, &timer, 5);
	msgc__timers_run(&heap, 10);
	ck_assert_uint_eq(fired_count, 1);
	msgc__timers_run(&heap, 10);
	ck_assert_uint_eq(fired_count, 2);
}
END_TEST

static void cancel(struct msgc__timer *timer)
{
	(void)timer;
	fired_count++;
	msgc__timer_cancel(rearm_in, cancel_other);
}

START_TEST(a_timer_can_cancel_another_that_is_due_with_it)
{
	struct msgc__timers heap = {0};
	struct msgc__timer first = {.fire = cancel}, second = {.fire = note_firing};

	rearm_in = &heap;
	cancel_other = &second;
	fired_count = 0;
	msgc__timer_arm(&heap, &first, 1);
	msgc__timer_arm(&heap, &second, 2);
	msgc__timers_run(&heap, 10);
	ck_assert_uint_eq(fired_count, 1);
	ck_assert(!second.armed);
}
END_TEST

/* ------------------------------------------------------------------------------------- mailbox and pool */

static unsigned wakes;
static void count_wake(void *loop)
{
	(void)loop;
	wakes++;
}

START_TEST(a_mailbox_bounds_what_asks_and_takes_what_answers)
{
	struct msgc__mailbox mailbox;
	struct msgc__mail mail[4], *taken;
	int loop;

	wakes = 0;
	msgc__mailbox_init(&mailbox, 2);
	msgc__mailbox_open(&mailbox, count_wake, &loop);
	ck_assert_int_eq(msgc__mailbox_put(&mailbox, &mail[0], true), 0);
	ck_assert_int_eq(msgc__mailbox_put(&mailbox, &mail[1], true), 0);
	ck_assert_int_eq(msgc__mailbox_put(&mailbox, &mail[2], true), MSGC_EBUSY);
	ck_assert_int_eq(msgc__mailbox_put(&mailbox, &mail[3], false), 0);
	ck_assert_uint_eq(wakes, 1);
	taken = msgc__mailbox_take(&mailbox);
	ck_assert_ptr_eq(taken, &mail[0]);
	ck_assert_ptr_eq(taken->next, &mail[1]);
	ck_assert_ptr_eq(taken->next->next, &mail[3]);
	ck_assert_ptr_null(msgc__mailbox_take(&mailbox));
	ck_assert_int_eq(msgc__mailbox_put(&mailbox, &mail[2], true), 0);
	ck_assert_uint_eq(wakes, 2);
	msgc__mailbox_close(&mailbox);
	ck_assert_int_eq(msgc__mailbox_put(&mailbox, &mail[0], false), MSGC_EGONE);
	msgc__mailbox_free(&mailbox);
}
END_TEST

START_TEST(letters_that_are_left_wake_nobody_until_somebody_rings)
{
	struct msgc__mailbox mailbox;
	struct msgc__mail mail[4];
	int loop;

	wakes = 0;
	msgc__mailbox_init(&mailbox, 2);
	msgc__mailbox_open(&mailbox, count_wake, &loop);
	msgc__mailbox_ring(&mailbox);
	ck_assert_uint_eq(wakes, 0); /* there is nothing */
	ck_assert_int_eq(msgc__mailbox_leave(&mailbox, &mail[0], true), 0);
	ck_assert_int_eq(msgc__mailbox_leave(&mailbox, &mail[1], true), 0);
	ck_assert_int_eq(msgc__mailbox_leave(&mailbox, &mail[2], true), MSGC_EBUSY);
	ck_assert_uint_eq(wakes, 0);
	/* Another thread does not wait for whoever will ring. */
	ck_assert_int_eq(msgc__mailbox_put(&mailbox, &mail[2], false), 0);
	ck_assert_uint_eq(wakes, 1);
	msgc__mailbox_ring(&mailbox);
	ck_assert_uint_eq(wakes, 1); /* it has been woken */
	ck_assert_ptr_eq(msgc__mailbox_take(&mailbox), &mail[0]);
	ck_assert_int_eq(msgc__mailbox_leave(&mailbox, &mail[3], false), 0);
	msgc__mailbox_ring(&mailbox);
	ck_assert_uint_eq(wakes, 2);
	msgc__mailbox_close(&mailbox);
	msgc__mailbox_ring(&mailbox);
	ck_assert_int_eq(msgc__mailbox_leave(&mailbox, &mail[0], false), MSGC_EGONE);
	ck_assert_uint_eq(wakes, 2);
	msgc__mailbox_free(&mailbox);
}
END_TEST

START_TEST(a_pool_bounds_its_queue_reservations_included)
{
	struct msgc__pool *pool;

	ck_assert_int_eq(msgc__pool_new(0, 2, &pool), 0);
	ck_assert_int_eq(msgc__pool_reserve(pool), 0);
	ck_assert_int_eq(msgc__pool_reserve(pool), 0);
	ck_assert_int_eq(msgc__pool_reserve(pool), MSGC_EBUSY);
	msgc__pool_unreserve(pool);
	ck_assert_int_eq(msgc__pool_reserve(pool), 0);
	ck_assert(!msgc__pool_step(pool));
	ck_assert_int_eq(msgc__pool_stop(pool, 0), 0);
	ck_assert_int_eq(msgc__pool_reserve(pool), MSGC_EGONE);
	msgc__pool_free(pool);
}
END_TEST

/* --------------------------------------------------------------------------------------- rates, users */

START_TEST(a_rate_gives_its_burst_then_its_pace_and_says_how_long_to_wait)
{
	struct msgc_rate rate = {.tokens = 5, .burst = 10, .per_ms = 1000};
	struct msgc__bucket bucket = {0};
	int64_t now = 1000000;

	for (int i = 0; i < 10; i++)
		ck_assert_int_eq(msgc__bucket_take(&bucket, &rate, now), 0);
	ck_assert_int_eq(msgc__bucket_take(&bucket, &rate, now), 200);
	ck_assert_int_eq(msgc__bucket_take(&bucket, &rate, now + 199), 1);
	ck_assert_int_eq(msgc__bucket_take(&bucket, &rate, now + 200), 0);
	ck_assert_int_eq(msgc__bucket_take(&bucket, &rate, now + 200), 200);
	/* It fills up to the burst and not further. */
	now += 1000000;
	for (int i = 0; i < 10; i++)
		ck_assert_int_eq(msgc__bucket_take(&bucket, &rate, now), 0);
	ck_assert_int_gt(msgc__bucket_take(&bucket, &rate, now), 0);
}
END_TEST

START_TEST(a_rate_is_exact_over_a_long_time_and_never_overflows)
{
	struct msgc_rate third = {.tokens = 3, .per_ms = 1000};
	struct msgc_rate huge = {.tokens = UINT32_MAX, .burst = UINT32_MAX, .per_ms = INT64_MAX};
	struct msgc_rate none = {0};
	struct msgc__bucket bucket = {0}, other = {0};
	unsigned taken = 0;

	for (int64_t now = 1; now <= 10000; now++)
		taken += msgc__bucket_take(&bucket, &third, now) == 0;
	ck_assert_uint_ge(taken, 30 + 2);
	ck_assert_uint_le(taken, 30 + 3);
	ck_assert_int_eq(msgc__bucket_take(&other, &huge, INT64_MAX), 0);
	ck_assert_int_ge(msgc__bucket_take(&other, &huge, INT64_MAX), 0);
	ck_assert_int_eq(msgc__bucket_take(&other, &none, 5), 0);
}
END_TEST

static unsigned releases;
static void count_release(void *data)
{
	ck_assert_ptr_eq(data, &releases);
	releases++;
}

START_TEST(a_user_is_copied_counted_and_released_once)
{
	char id[] = "anna";
	struct msgc_user answered = {.id = {id, 4}, .data = &releases, .release = count_release};
	struct msgc_user nobody = {0};
	struct msgc__user *user, *same, *other, *anonymous;

	releases = 0;
	ck_assert_int_eq(msgc__user_new(&answered, "session", &user), 0);
	id[0] = 'h';
	answered.realm = text("jwt");
	answered.release = NULL;
	ck_assert_int_eq(msgc__user_new(&answered, "session", &other), 0);
	id[0] = 'a';
	answered.realm = text("session");
	ck_assert_int_eq(msgc__user_new(&answered, "x", &same), 0);
	ck_assert_int_eq(msgc__user_new(&nobody, "anonymous", &anonymous), 0);
	ck_assert(msgc_str_equal(user->is.id, text("anna")));
	ck_assert(msgc_str_equal(user->is.realm, text("session")));
	ck_assert(msgc__user_same(user, same));
	ck_assert(!msgc__user_same(user, other));
	ck_assert(!msgc__user_same(anonymous, anonymous));
	ck_assert(!msgc__user_same(NULL, user));
	ck_assert(msgc_user_is_anonymous(&anonymous->is) && msgc_user_is_anonymous(NULL));
	msgc__user_unref(msgc__user_ref(user));
	ck_assert_uint_eq(releases, 0);
	msgc__user_unref(user);
	ck_assert_uint_eq(releases, 1);
	msgc__user_unref(same);
	msgc__user_unref(other);
	msgc__user_unref(anonymous);
}
END_TEST

START_TEST(addresses_are_counted_and_forgotten)
{
	struct msgc__address_count *addresses;

	ck_assert_int_eq(msgc__addresses_new(&addresses), 0);
	ck_assert_int_eq(msgc__addresses_enter(addresses, "192.0.2.1", 2), 0);
	ck_assert_int_eq(msgc__addresses_enter(addresses, "192.0.2.1", 2), 0);
	ck_assert_int_eq(msgc__addresses_enter(addresses, "192.0.2.1", 2), MSGC_ELIMIT);
	ck_assert_int_eq(msgc__addresses_enter(addresses, "192.0.2.2", 2), 0);
	ck_assert_int_eq(msgc__addresses_enter(addresses, "192.0.2.1", 0), 0);
	for (int i = 0; i < 3; i++)
		msgc__addresses_leave(addresses, "192.0.2.1");
	ck_assert_int_eq(msgc__addresses_enter(addresses, "192.0.2.1", 1), 0);
	msgc__addresses_free(addresses);
}
END_TEST

/* --------------------------------------------------------------------------------------------- outbox */

START_TEST(a_frame_has_the_shortest_head)
{
	static const struct {
		size_t len, head;
	} cases[] = {{0, 2}, {125, 2}, {126, 4}, {65535, 4}, {65536, 10}, {(size_t)1 << 33, 10}};
	unsigned char head[MSGC__WIRE_HEAD_MAX];

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		ck_assert_uint_eq(msgc__wire_head(head, cases[i].len), cases[i].head);
		ck_assert_uint_eq(head[0], 0x81);
	}
	ck_assert_uint_eq(head[1], 127);
	ck_assert_uint_eq(head[5], 2);
}
END_TEST

/* Reads `len` bytes of frames whose payloads are all the letter that comes next. */
static void check_letters(const char *bytes, size_t len, char *next)
{
	while (len > 0) {
		size_t payload = (unsigned char)bytes[1], head = 2;

		if (payload == 126) {
			payload = (size_t)(unsigned char)bytes[2] << 8 | (unsigned char)bytes[3];
			head = 4;
		}
		ck_assert_uint_ge(len, head + payload);
		for (size_t i = 0; i < payload; i++)
			ck_assert_int_eq(bytes[head + i], *next);
		*next = (char)(*next == 'z' ? 'a' : *next + 1);
		bytes += head + payload;
		len -= head + payload;
	}
}

START_TEST(an_outbox_keeps_order_and_joins_whole_frames)
{
	struct msgc__output output;
	struct msgc__outbox outbox;
	static char payload[3000];
	char put = 'a', got = 'a';
	size_t total = 0;

	ck_assert_int_eq(msgc__output_init(&output), 0);
	msgc__outbox_init(&outbox);
	for (int i = 0; i < 2000; i++) {
		size_t len = next_random(10) == 0 ? 126 + next_random(2800) : next_random(100);
		struct msgc_str head = {payload, len / 2}, tail = {payload, len - len / 2};

		memset(payload, put, sizeof payload);
		put = (char)(put == 'z' ? 'a' : put + 1);
		if (next_random(4) == 0) {
			struct msgc__buffer *shared = msgc__buffer_new(&output, len + 10);
			size_t n = msgc__wire_head((unsigned char *)shared->bytes, len);

			memset(shared->bytes + n, payload[0], len);
			shared->len = n + len;
			ck_assert_int_eq(msgc__outbox_share(&output, &outbox, SIZE_MAX, shared), 0);
			msgc__buffer_unref(&output, shared);
		} else {
			ck_assert_int_eq(
			        msgc__outbox_put(&output, &outbox, SIZE_MAX, 0, head, tail), 0);
		}
		if (next_random(50) == 0) {
			struct msgc__batch batch = msgc__outbox_batch(&output, &outbox);

			ck_assert_uint_le(batch.len, MSGC__BATCH_MAX);
			check_letters(batch.bytes, batch.len, &got);
			total += batch.len;
			msgc__outbox_took(&output, &outbox, &batch);
		}
	}
	while (outbox.count > 0) {
		struct msgc__batch batch = msgc__outbox_batch(&output, &outbox);

		check_letters(batch.bytes, batch.len, &got);
		total += batch.len;
		msgc__outbox_took(&output, &outbox, &batch);
	}
	ck_assert_int_eq(got, put);
	ck_assert_uint_gt(total, 100000);
	ck_assert_uint_eq(outbox.bytes, 0);
	ck_assert_uint_eq(output.bytes, 0);
	msgc__output_free(&output);
}
END_TEST

/* Fills an outbox with small frames, of which every `nth` is shared; what it keeps in all. */
static size_t memory_of_small_frames(size_t limit, unsigned nth, size_t len, size_t *ret_bytes)
{
	static char payload[4096];
	struct msgc__output output;
	struct msgc__outbox outbox;
	struct msgc_str text = {payload, len}, none = {NULL, 0};
	size_t kept = 0;
	int result = 0;

	ck_assert_int_eq(msgc__output_init(&output), 0);
	msgc__outbox_init(&outbox);
	for (unsigned i = 0; result == 0; i++) {
		struct msgc__buffer *shared;
		size_t n;

		if (i % nth != 0) {
			result = msgc__outbox_put(&output, &outbox, limit, 0, text, none);
			continue;
		}
		shared = msgc__buffer_new(&output, len + MSGC__WIRE_HEAD_MAX);
		n = msgc__wire_head((unsigned char *)shared->bytes, len);
		memcpy(shared->bytes + n, payload, len);
		shared->len = n + len;
		result = msgc__outbox_share(&output, &outbox, limit, shared);
		msgc__buffer_unref(&output, shared);
	}
	ck_assert_int_eq(result, MSGC_ELIMIT);
	for (uint32_t i = 0; i < outbox.count; i++)
		kept += sizeof *outbox.ring[0].buffer +
		        outbox.ring[(outbox.head + i) & (outbox.cap - 1)].buffer->cap;
	if (outbox.ring != outbox.few)
		kept += outbox.cap * sizeof outbox.ring[0];
	ck_assert_uint_le(kept, outbox.held + 4 * sizeof outbox.ring[0]);
	*ret_bytes = outbox.bytes;
	msgc__outbox_clear(&output, &outbox);
	ck_assert_uint_eq(outbox.held, 0);
	ck_assert_uint_eq(output.bytes, 0);
	msgc__output_free(&output);
	return kept;
}

START_TEST(an_outbox_keeps_little_more_memory_than_its_limit)
{
	static const size_t limits[] = {4 * 1024, 64 * 1024, 1024 * 1024};
	static const size_t lens[] = {0, 20, 125, 700, 1100, 2100, 4000};

	for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
		for (size_t k = 0; k < sizeof lens / sizeof lens[0]; k++) {
			/* Shared ones alone, every second one, every seventh. */
			for (unsigned nth = 1; nth < 8; nth += nth == 1 ? 1 : 5) {
				size_t bytes;
				size_t kept =
				        memory_of_small_frames(limits[i], nth, lens[k], &bytes);

				ck_assert_uint_le(kept, limits[i] + MSGC__OUTBOX_SLACK + 64);
				/* And it does not refuse early. */
				ck_assert_uint_ge(bytes + lens[k] + 4, limits[i] / 2);
			}
		}
	}
}
END_TEST

START_TEST(an_outbox_refuses_what_exceeds_its_limit_and_keeps_the_rest)
{
	struct msgc__output output;
	struct msgc__outbox outbox;
	struct msgc_str sixty = {
	        "123456789012345678901234567890123456789012345678901234567890", 60};
	struct msgc_str none = {NULL, 0};

	ck_assert_int_eq(msgc__output_init(&output), 0);
	msgc__outbox_init(&outbox);
	ck_assert_int_eq(msgc__outbox_put(&output, &outbox, 124, 0, sixty, none), 0);
	ck_assert_int_eq(msgc__outbox_put(&output, &outbox, 124, 0, sixty, none), 0);
	ck_assert_int_eq(msgc__outbox_put(&output, &outbox, 124, 0, none, none), MSGC_ELIMIT);
	ck_assert_uint_eq(outbox.bytes, 124);
	msgc__outbox_clear(&output, &outbox);
	ck_assert_uint_eq(outbox.bytes, 0);
	msgc__output_free(&output);
}
END_TEST

/* --------------------------------------------------------------------------------------------- permit */

#define N MSGC__FALSE
#define Y MSGC__TRUE
#define U MSGC__UNKNOWN

static enum msgc__truth eval(const struct msgc_permit_op *ops, size_t count, enum msgc__truth a,
        enum msgc__truth b, bool with_object, int *next)
{
	/* Term 0 needs no object, term 1 does. */
	static const struct msgc_permit_term terms[] = {{"a", false, NULL}, {"b", true, NULL}};
	struct msgc_consumer consumer = {
	        .permit = ops, .permit_count = count, .terms = terms, .term_count = 2};
	enum msgc__truth known[] = {a, b};

	ck_assert(msgc__permit_check(&consumer));
	return msgc__permit_eval(&consumer, known, true, with_object, next);
}

START_TEST(permits_follow_kleene_and_ask_only_what_can_still_matter)
{
	static const struct msgc_permit_op a_and_b[] = {
	        {MSGC_PERMIT_TERM, 0}, {MSGC_PERMIT_TERM, 1}, {MSGC_PERMIT_AND, 0}};
	static const struct msgc_permit_op a_or_b[] = {
	        {MSGC_PERMIT_TERM, 0}, {MSGC_PERMIT_TERM, 1}, {MSGC_PERMIT_OR, 0}};
	static const struct msgc_permit_op not_a[] = {{MSGC_PERMIT_TERM, 0}, {MSGC_PERMIT_NOT, 0}};
	static const struct {
		enum msgc__truth a, b, both, either;
	} table[] = {{N, N, N, N}, {N, Y, N, Y}, {N, U, N, U}, {Y, N, N, Y}, {Y, Y, Y, Y},
	        {Y, U, U, Y}, {U, N, N, U}, {U, Y, U, Y}, {U, U, U, U}};
	int next;

	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		ck_assert_int_eq(
		        eval(a_and_b, 3, table[i].a, table[i].b, true, &next), table[i].both);
		ck_assert_int_eq(next >= 0, table[i].both == U);
		ck_assert_int_eq(
		        eval(a_or_b, 3, table[i].a, table[i].b, true, &next), table[i].either);
		ck_assert_int_eq(next >= 0, table[i].either == U);
	}
	ck_assert_int_eq(eval(not_a, 2, U, U, true, &next), U);
	ck_assert_int_eq(next, 0);
	ck_assert_int_eq(eval(not_a, 2, N, U, true, &next), Y);
	/* Before the object is there, terms about it are unknown and not asked. */
	ck_assert_int_eq(eval(a_and_b, 3, Y, U, false, &next), U);
	ck_assert_int_eq(next, -1);
	ck_assert_int_eq(eval(a_and_b, 3, Y, U, true, &next), U);
	ck_assert_int_eq(next, 1);
	ck_assert_int_eq(eval(NULL, 0, U, U, false, &next), Y);
}
END_TEST

START_TEST(malformed_permits_are_found)
{
	static const struct msgc_permit_op lonely_and[] = {
	        {MSGC_PERMIT_TERM, 0}, {MSGC_PERMIT_AND, 0}};
	static const struct msgc_permit_op two[] = {{MSGC_PERMIT_TERM, 0}, {MSGC_PERMIT_TERM, 0}};
	static const struct msgc_permit_op beyond[] = {{MSGC_PERMIT_TERM, 1}};
	static const struct msgc_permit_term term = {"a", false, NULL};
	struct msgc_consumer consumer = {.terms = &term, .term_count = 1};

	consumer.permit = lonely_and;
	consumer.permit_count = 2;
	ck_assert(!msgc__permit_check(&consumer));
	consumer.permit = two;
	ck_assert(!msgc__permit_check(&consumer));
	consumer.permit = beyond;
	consumer.permit_count = 1;
	ck_assert(!msgc__permit_check(&consumer));
}
END_TEST

/* --------------------------------------------------------------------------------------- names and keys */

START_TEST(group_names_encode_what_could_forge_another)
{
	struct msgc_group_name name = {0};

	msgc_group_name_text(&name, "room_", 5);
	msgc_group_name_int(&name, -7);
	msgc_group_name_text(&name, "_", 1);
	msgc_group_name_uint(&name, UINT64_MAX);
	msgc_group_name_str(&name, text("a_b/\xC3\xA4 ~.-z9"));
	ck_assert_str_eq(name.text, "room_%2D7_18446744073709551615a%5Fb%2F%C3%A4%20%7E%2E%2Dz9");
	ck_assert_uint_eq(name.len, strlen(name.text));
	ck_assert(!name.too_long);
	for (int i = 0; i < 30; i++)
		msgc_group_name_str(&name, text("ten bytes!"));
	ck_assert(name.too_long);
	ck_assert_uint_le(name.len, MSGC_GROUP_NAME_MAX);
}
END_TEST

static void check_value(
        struct msgc__memory_keys *keys, const char *key, bool take, int64_t now, const char *value)
{
	struct msgc_bytes got;

	ck_assert_int_eq(msgc__memory_keys_get(keys, text(key), take, now, &got), 0);
	if (!value) {
		ck_assert_ptr_null(got.ptr);
		return;
	}
	ck_assert_uint_eq(got.len, strlen(value));
	ck_assert_mem_eq(got.ptr, value, got.len);
	free((void *)(uintptr_t)got.ptr);
}

START_TEST(keys_expire_are_taken_once_and_count)
{
	struct msgc_bytes one = {(const uint8_t *)"one", 3}, two = {(const uint8_t *)"two", 3};
	struct msgc__memory_keys keys;
	int64_t sum;

	msgc__memory_keys_init(&keys, SIZE_MAX);
	ck_assert_int_eq(
	        msgc__memory_keys_put(&keys, text("k"), one, 100, MSGC__PUT_IF_ABSENT, 1000), 0);
	ck_assert_int_eq(
	        msgc__memory_keys_put(&keys, text("k"), two, 100, MSGC__PUT_IF_ABSENT, 1099),
	        MSGC_ECONFLICT);
	check_value(&keys, "k", false, 1099, "one");
	check_value(&keys, "k", false, 1100, NULL);
	ck_assert_int_eq(
	        msgc__memory_keys_put(&keys, text("k"), one, 100, MSGC__PUT_ALWAYS, 1100), 0);
	ck_assert_int_eq(
	        msgc__memory_keys_put(&keys, text("k"), two, 100, MSGC__PUT_ALWAYS, 1150), 0);
	check_value(&keys, "k", false, 1220, "two");
	check_value(&keys, "k", true, 1221, "two");
	check_value(&keys, "k", true, 1222, NULL);
	ck_assert_int_eq(msgc__memory_keys_count(&keys, text("n"), 2, 50, 2000, &sum), 0);
	ck_assert_int_eq(msgc__memory_keys_count(&keys, text("n"), 3, 50, 2049, &sum), 0);
	ck_assert_int_eq(sum, 5);
	ck_assert_int_eq(msgc__memory_keys_count(&keys, text("n"), 1, 50, 2050, &sum), 0);
	ck_assert_int_eq(sum, 1);
	ck_assert_int_eq(
	        msgc__memory_keys_count(&keys, text("n"), INT64_MAX, 50, 2051, &sum), MSGC_ELIMIT);
	ck_assert_int_eq(
	        msgc__memory_keys_put(&keys, text("k"), one, 0, MSGC__PUT_ALWAYS, 1), MSGC_EINVAL);
	ck_assert_int_eq(
	        msgc__memory_keys_put(&keys, text(""), one, 5, MSGC__PUT_ALWAYS, 1), MSGC_EINVAL);
	msgc__memory_keys_free(&keys);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
	        timers_fire_in_order_whatever_was_armed_moved_and_cancelled,
	        a_timer_that_rearms_itself_does_not_keep_the_run_from_ending,
	        a_timer_can_cancel_another_that_is_due_with_it,
	        a_mailbox_bounds_what_asks_and_takes_what_answers,
	        letters_that_are_left_wake_nobody_until_somebody_rings,
	        a_pool_bounds_its_queue_reservations_included,
	        a_rate_gives_its_burst_then_its_pace_and_says_how_long_to_wait,
	        a_rate_is_exact_over_a_long_time_and_never_overflows,
	        a_user_is_copied_counted_and_released_once,
	        addresses_are_counted_and_forgotten,
	        a_frame_has_the_shortest_head,
	        an_outbox_keeps_order_and_joins_whole_frames,
	        an_outbox_keeps_little_more_memory_than_its_limit,
	        an_outbox_refuses_what_exceeds_its_limit_and_keeps_the_rest,
	        permits_follow_kleene_and_ask_only_what_can_still_matter,
	        malformed_permits_are_found,
	        group_names_encode_what_could_forge_another,
	        keys_expire_are_taken_once_and_count,
	        NULL,
	};

	return hall_main("server parts", tests);
}
