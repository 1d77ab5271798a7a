/* SPDX-License-Identifier: MIT */
/*
 * Frames that many outboxes share: members of one group that get the same, a part of it, or something of their own between. Each must have
 * exactly its own frames in the end, in order, whatever was appended to the buffers for others.
 */
#include "hall.h"

enum { MEMBERS = 7, EXPECTED_MAX = 1 << 20 };

struct member {
	struct msgc__outbox outbox;
	char *expected;
	size_t expected_len;
	size_t read;
};

static uint32_t random_state = 4711;
static uint32_t next_random(uint32_t below)
{
	random_state = random_state * 1664525u + 1013904223u;
	return (random_state >> 8) % below;
}

static struct msgc__buffer *make_frame(struct msgc__output *output, unsigned number)
{
	size_t len = next_random(20) == 0 ? next_random(5000) : next_random(200);
	struct msgc__buffer *frame = msgc__buffer_new(output, len + 12);
	size_t head = msgc__wire_head((unsigned char *)frame->bytes, len);

	for (size_t i = 0; i < len; i++)
		frame->bytes[head + i] = (char)('a' + (number + i) % 26);
	frame->len = head + len;
	return frame;
}

static void want(struct member *member, const char *bytes, size_t len)
{
	ck_assert_uint_le(member->expected_len + len, EXPECTED_MAX);
	memcpy(member->expected + member->expected_len, bytes, len);
	member->expected_len += len;
}

static void flush(struct msgc__output *output, struct member *member)
{
	struct msgc__batch batch = msgc__outbox_batch(output, &member->outbox);

	ck_assert_uint_le(member->read + batch.len, member->expected_len);
	ck_assert(
	        batch.len == 0 || !memcmp(batch.bytes, member->expected + member->read, batch.len));
	member->read += batch.len;
	msgc__outbox_took(output, &member->outbox, &batch);
}

static void say_to_one(struct msgc__output *output, struct member *member)
{
	static const char text[] = "for you alone";
	char frame[sizeof(text) + 1];
	size_t head = msgc__wire_head((unsigned char *)frame, sizeof(text) - 1);

	ck_assert_int_eq(msgc__outbox_put(output, &member->outbox, SIZE_MAX, 0, msgc_str_from(text),
	                         msgc_str_of(NULL, 0)),
	        0);
	memcpy(frame + head, text, sizeof(text) - 1);
	want(member, frame, head + sizeof(text) - 1);
}

/* `always`: a frame that lives on and is shared again and again, as completions are. */
static void say_to_many(struct msgc__output *output, struct member *members, unsigned number,
        struct msgc__buffer *always, uint32_t leave_out)
{
	struct msgc__buffer *frame = make_frame(output, number);
	const size_t len = frame->len;

	for (unsigned i = 0; i < MEMBERS; i++) {
		if (leave_out > 0 && next_random(leave_out) == 0)
			continue;
		ck_assert_int_eq(
		        msgc__outbox_share(output, &members[i].outbox, SIZE_MAX, frame), 0);
		want(&members[i], frame->bytes, len);
		ck_assert_uint_eq(msgc__buffer_frame_len(frame), len);
		if (number % 3)
			continue;
		ck_assert_int_eq(
		        msgc__outbox_share(output, &members[i].outbox, SIZE_MAX, always), 0);
		want(&members[i], always->bytes, msgc__buffer_frame_len(always));
	}
	msgc__buffer_unref(output, frame);
}

START_TEST(each_member_gets_exactly_its_own_frames_in_order)
{
	static struct member members[MEMBERS];
	struct msgc__output output;
	struct msgc__buffer *always;

	ck_assert_int_eq(msgc__output_init(&output), 0);
	always = make_frame(&output, 5);
	for (unsigned i = 0; i < MEMBERS; i++) {
		msgc__outbox_init(&members[i].outbox);
		members[i].outbox.by_reference = i == MEMBERS - 1;
		members[i].expected = malloc(EXPECTED_MAX);
		members[i].expected_len = members[i].read = 0;
	}
	for (unsigned number = 0; number < 3000; number++) {
		say_to_many(&output, members, number, always, number % 500 < 250 ? 0 : 5);
		if (next_random(6) == 0)
			say_to_one(&output, &members[next_random(MEMBERS)]);
		for (unsigned i = 0; i < MEMBERS; i++)
			if (next_random(i == 0 ? 40 : 8) == 0)
				flush(&output, &members[i]);
	}
	for (unsigned i = 0; i < MEMBERS; i++) {
		while (members[i].outbox.count > 0)
			flush(&output, &members[i]);
		ck_assert_uint_eq(members[i].read, members[i].expected_len);
		ck_assert_uint_eq(members[i].outbox.bytes, 0);
		ck_assert_uint_eq(members[i].outbox.held, 0);
		free(members[i].expected);
	}
	msgc__buffer_unref(&output, always);
	ck_assert_uint_eq(output.bytes, 0);
	msgc__output_free(&output);
}
END_TEST

START_TEST(what_all_members_got_is_one_buffer)
{
	struct msgc__output output;
	struct msgc__outbox outboxes[3];
	const struct msgc__buffer *first = NULL;

	ck_assert_int_eq(msgc__output_init(&output), 0);
	for (unsigned i = 0; i < 3; i++)
		msgc__outbox_init(&outboxes[i]);
	for (unsigned number = 0; number < 10; number++) {
		struct msgc__buffer *frame = msgc__buffer_new(&output, 100);

		memset(frame->bytes, 'a' + (int)number, 100);
		frame->len = 100;
		for (unsigned i = 0; i < 3; i++)
			ck_assert_int_eq(msgc__outbox_share(&output, &outboxes[i], 2000, frame), 0);
		msgc__buffer_unref(&output, frame);
	}
	for (unsigned i = 0; i < 3; i++) {
		struct msgc__batch batch = msgc__outbox_batch(&output, &outboxes[i]);

		ck_assert_uint_eq(outboxes[i].count, 1);
		ck_assert_uint_eq(batch.len, 1000);
		if (!first)
			first = outboxes[i].ring[0].buffer;
		ck_assert_ptr_eq(outboxes[i].ring[0].buffer, first);
		msgc__outbox_clear(&output, &outboxes[i]);
	}
	msgc__output_free(&output);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
	        each_member_gets_exactly_its_own_frames_in_order,
	        what_all_members_got_is_one_buffer,
	        NULL,
	};

	return hall_main("server shares", tests);
}
