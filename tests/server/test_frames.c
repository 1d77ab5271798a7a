/* SPDX-License-Identifier: MIT */
/*
 * What each frame of a client gets: replies, errors with all problems, completion, limits, close codes.
 */
#include "hall.h"

#include <stdio.h>

static int echo(struct hall *hall, const struct note *in, struct note *reply)
{
	(void)hall;
	reply->payload = in->payload;
	return 0;
}

static int count_calls;
static int count(struct hall *hall, const struct note *in, struct note *reply)
{
	(void)hall, (void)in, (void)reply;
	count_calls++;
	return 0;
}

START_TEST(a_reply_repeats_the_ref_and_completion_follows_it)
{
	client *c;

	world_make(NULL);
	world->handlers.say = echo;
	world->consumer.completion = true;
	world_start();
	c = enter();
	tell(c, "{\"action\":\"say\",\"payload\":\"hi\",\"ref\":\"a\\\"b\"}");
	expect(c, "{\"action\":\"said\",\"payload\":\"hi\",\"ref\":\"a\\\"b\"}");
	expect(c, "{\"action\":\"complete\",\"ref\":\"a\\\"b\"}");
	tell(c, "{\"payload\":\"hi\",\"action\":\"say\"}");
	expect(c, "{\"action\":\"said\",\"payload\":\"hi\"}");
	expect(c, "{\"action\":\"complete\"}");
	expect_nothing(c);
	world_end();
}
END_TEST

START_TEST(ping_is_answered_without_a_handler)
{
	client *c;

	world_make(NULL);
	world_start();
	c = enter();
	tell(c, "{\"action\":\"ping\"}");
	expect(c, "{\"action\":\"pong\"}");
	tell(c, "{\"action\":\"ping\",\"payload\":null,\"ref\":\"1\"}");
	expect(c, "{\"action\":\"pong\",\"ref\":\"1\"}");
	world_end();
}
END_TEST

START_TEST(a_frame_that_breaks_the_contract_gets_all_its_problems_and_the_connection_lives)
{
	client *c;

	world_make(NULL);
	world->handlers.say = count;
	world->consumer.completion = true;
	world_start();
	c = enter();
	count_calls = 0;
	tell(c,
	        "{\"action\":\"say\",\"payload\":\"123456789012345678901\",\"tone\":\"x\",\"ref\":"
	        "\"7\"}");
	expect(c,
	        "{\"action\":\"error\",\"payload\":[{\"type\":\"string_too_long\",\"loc\":["
	        "\"payload\"],"
	        "\"msg\":\"String should have at most 20 characters\",\"ctx\":{\"max_length\":20}},"
	        "{\"type\":\"int_type\",\"loc\":[\"tone\"],\"msg\":\"Input should be a valid "
	        "integer\"}],"
	        "\"ref\":\"7\"}");
	tell(c, "{\"action\":\"say\"}");
	expect(c,
	        "{\"action\":\"error\",\"payload\":[{\"type\":\"missing\",\"loc\":[\"payload\"],"
	        "\"msg\":\"Field required\"}]}");
	expect_nothing(c);
	ck_assert_int_eq(count_calls, 0);
	tell(c, "{\"action\":\"say\",\"payload\":\"ok\"}");
	ck_assert_int_eq(count_calls, 1);
	expect_open(c);
	world_end();
}
END_TEST

START_TEST(an_unknown_action_is_told_the_allowed_ones_and_not_itself)
{
	client *c;

	world_make(NULL);
	world_start();
	c = enter();
	tell(c, "{\"action\":\"steal\",\"ref\":\"x\"}");
	expect(c,
	        "{\"action\":\"error\",\"payload\":[{\"type\":\"union_tag_invalid\",\"loc\":[],"
	        "\"msg\":\"Input tag found using 'action' does not match any of the expected tags: "
	        "'say', 'store', 'limited', 'ping'\","
	        "\"ctx\":{\"discriminator\":\"'action'\",\"expected_tags\":\"'say', 'store', "
	        "'limited', 'ping'\"}}],"
	        "\"ref\":\"x\"}");
	tell(c, "{\"payload\":\"hi\"}");
	expect_begin(c, "{\"action\":\"error\",\"payload\":[{\"type\":\"union_tag_not_found\"");
	tell(c, "{\"action\":7}");
	expect_begin(c, "{\"action\":\"error\",\"payload\":[{\"type\":\"union_tag_invalid\"");
	tell(c, "[1]");
	expect_begin(c, "{\"action\":\"error\",\"payload\":[{\"type\":\"model_type\"");
	expect_open(c);
	world_end();
}
END_TEST

START_TEST(text_that_is_not_json_is_told_the_byte)
{
	client *c;

	world_make(NULL);
	world_start();
	c = enter();
	tell(c, "{\"action\":\"say\",}");
	expect(c,
	        "{\"action\":\"error\",\"payload\":[{\"type\":\"json_invalid\",\"loc\":[],"
	        "\"msg\":\"Invalid JSON: trailing comma at byte 16\","
	        "\"ctx\":{\"error\":\"trailing comma at byte 16\",\"byte\":16}}]}");
	tell(c, "");
	expect_begin(c, "{\"action\":\"error\",\"payload\":[{\"type\":\"json_invalid\"");
	tell(c, "{\"action\":\"say\",\"action\":\"say\",\"payload\":\"x\"}");
	expect_begin(c, "{\"action\":\"error\",\"payload\":[{\"type\":\"json_invalid\"");
	expect_open(c);
	world_end();
}
END_TEST

START_TEST(a_frame_that_is_too_deep_is_refused)
{
	char frame[400] = "{\"action\":\"say\",\"payload\":";
	client *c;

	world_make("--depth-limit=10", NULL);
	world_start();
	c = enter();
	for (int i = 0; i < 100; i++)
		strcat(frame, "[");
	tell(c, frame);
	expect_begin(c, "{\"action\":\"error\",\"payload\":[{\"type\":");
	expect_nothing(c);
	expect_open(c);
	world_end();
}
END_TEST

START_TEST(a_binary_frame_closes_with_1003)
{
	client *c;

	world_make(NULL);
	world_start();
	c = enter();
	msgc__memory_send_binary(c);
	world_pump();
	expect_closed(c, 1003);
	world_end();
}
END_TEST

START_TEST(text_that_is_not_utf8_closes_with_1007)
{
	client *c;

	world_make(NULL);
	world_start();
	c = enter();
	tell(c, "{\"action\":\"say\",\"payload\":\"\xC3\x28\"}");
	expect_closed(c, 1007);
	c = enter();
	tell(c, "\xFF");
	expect_closed(c, 1007);
	world_end();
}
END_TEST

/* What has come, without its digits: bytes are counted from another beginning. */
static void hear(client *c, char *ret, size_t room)
{
	struct msgc__memory_state state;
	struct msgc_buf got;
	size_t len = 0;

	msgc_buf_init(&got, 0);
	while (msgc__memory_receive(c, &got, 0))
		msgc_buf_append_char(&got, '\n');
	for (size_t i = 0; i < got.len && len + 8 < room; i++)
		if (got.data[i] < '0' || got.data[i] > '9')
			ret[len++] = got.data[i];
	msgc__memory_look(c, &state);
	snprintf(ret + len, room - len, "%d", state.closed ? state.close_code : 0);
	msgc_buf_free(&got);
}

/* Frames whose envelope can be guessed, and the same with a member whose name makes that impossible: the client hears the same. */
START_TEST(a_guess_is_never_told_from_a_careful_look)
{
	static const char frame[] = "{\"action\":\"say\",\"ref\":\"r\",\"payload\":\"abc\"}";
	static const char others[] = "\"\\{}[],: 1x\x01\xC3";
	char text[64], careful[96], heard[2][2048];
	client *c[2];
	int answered = 0;

	world_make("--bad-frame-limit=0", NULL);
	world->handlers.say = echo;
	world_start();
	for (size_t at = 1; at < sizeof frame - 1; at++) {
		for (size_t i = 0; i < sizeof others - 1; i++) {
			snprintf(text, sizeof text, "%s", frame);
			text[at] = others[i];
			snprintf(careful, sizeof careful, "{\"\\u0078\":1,%s", text + 1);
			for (unsigned k = 0; k < 2; k++) {
				c[k] = enter();
				tell(c[k], k ? careful : text);
				hear(c[k], heard[k], sizeof heard[k]);
				msgc__memory_drop(c[k]);
			}
			/* `{}` is right by itself. */
			if (at > 1 || text[at] != '}')
				ck_assert_msg(!strcmp(heard[0], heard[1]), "%s\n%s\n%s", text,
				        heard[0], heard[1]);
			answered += strstr(heard[0], "\"said\"") != NULL;
		}
	}
	ck_assert_int_gt(answered, 40);
	world_end();
}
END_TEST

START_TEST(a_frame_beyond_the_limit_closes_with_1009)
{
	static char frame[600];
	client *c;

	world_make(NULL);
	world->consumer.frame_limit = 500;
	world_start();
	memset(frame, ' ', 501);
	c = enter();
	tell(c, frame);
	expect_closed(c, 1009);
	c = enter();
	memcpy(frame, "{\"action\":\"ping\"}", 17);
	frame[500] = '\0';
	tell(c, frame);
	expect(c, "{\"action\":\"pong\"}");
	expect_open(c);
	world_end();
}
END_TEST

START_TEST(an_action_beyond_its_rate_is_told_when_to_come_again)
{
	client *c;

	world_make(NULL);
	world->actions[2].rate = (struct msgc_rate){.tokens = 2, .burst = 2, .per_ms = 5000};
	world->handlers.say = echo;
	world_start();
	c = enter();
	for (int i = 0; i < 2; i++) {
		tell(c, "{\"action\":\"limited\",\"payload\":\"a\"}");
		expect(c, "{\"action\":\"said\",\"payload\":\"a\"}");
	}
	tell(c, "{\"action\":\"limited\",\"payload\":\"a\",\"ref\":\"3\"}");
	expect(c,
	        "{\"action\":\"error\",\"payload\":{\"reason\":\"rate_limited\","
	        "\"detail\":\"Too many messages.\",\"retry_after\":3},\"ref\":\"3\"}");
	/* The other actions have no such limit. */
	tell(c, "{\"action\":\"say\",\"payload\":\"b\"}");
	expect(c, "{\"action\":\"said\",\"payload\":\"b\"}");
	msgc__memory_advance(&world->memory, 2500);
	tell(c, "{\"action\":\"limited\",\"payload\":\"c\"}");
	expect(c, "{\"action\":\"said\",\"payload\":\"c\"}");
	world_end();
}
END_TEST

START_TEST(all_frames_together_have_a_rate_of_their_own)
{
	client *c;

	world_make(NULL);
	world->consumer.rate = (struct msgc_rate){.tokens = 2, .per_ms = 1000};
	world_start();
	c = enter();
	tell(c, "{\"action\":\"ping\"}");
	tell(c, "{\"action\":\"nonsense\"}");
	tell(c, "{\"action\":\"ping\",\"ref\":\"9\"}");
	expect(c, "{\"action\":\"pong\"}");
	expect_begin(c, "{\"action\":\"error\",\"payload\":[{\"type\":\"union_tag_invalid\"");
	expect(c,
	        "{\"action\":\"error\",\"payload\":{\"reason\":\"rate_limited\","
	        "\"detail\":\"Too many messages.\",\"retry_after\":1},\"ref\":\"9\"}");
	world_end();
}
END_TEST

START_TEST(a_flood_of_bad_frames_closes_with_4429)
{
	client *c;

	world_make("--bad-frame-limit=5", NULL);
	world_start();
	c = enter();
	for (int i = 0; i < 5; i++) {
		tell(c, "nonsense");
		expect_begin(c, "{\"action\":\"error\"");
	}
	expect_open(c);
	tell(c, "nonsense");
	expect_closed(c, 4429);

	/* Slowly, they are forgiven. */
	c = enter();
	for (int i = 0; i < 20; i++) {
		tell(c, "nonsense");
		msgc__memory_advance(&world->memory, 2500);
	}
	expect_open(c);
	world_end();
}
END_TEST

START_TEST(bad_frames_without_a_limit_never_close)
{
	client *c;

	world_make("--bad-frame-limit=0", NULL);
	world_start();
	c = enter();
	for (int i = 0; i < 500; i++)
		tell(c, "nonsense");
	expect_open(c);
	world_end();
}
END_TEST

START_TEST(a_renamed_discriminator_is_used_for_the_standard_messages_too)
{
	client *c;

	world_make(NULL);
	hall_discriminator("t");
	world->consumer.envelope.ref = "id";
	world->consumer.completion = true;
	world_start();
	c = visit("/ws/hall/1", NULL);
	expect(c,
	        "{\"t\":\"authentication\",\"payload\":{\"status_code\":200,\"status_text\":\"OK\","
	        "\"data\":{\"detail\":\"OK\"}}}");
	tell(c, "{\"t\":\"ping\",\"id\":\"5\"}");
	expect(c, "{\"action\":\"pong\",\"id\":\"5\"}"); /* the test's own table writes this one */
	expect(c, "{\"t\":\"complete\",\"id\":\"5\"}");
	tell(c, "{\"action\":\"ping\",\"id\":\"6\"}");
	expect_begin(c, "{\"t\":\"error\",\"payload\":[{\"type\":\"union_tag_not_found\"");
	world_end();

	world_make(NULL);
	hall_discriminator("a-much-longer-name");
	world_start();
	c = visit("/ws/hall/1", NULL);
	expect_begin(
	        c, "{\"a-much-longer-name\":\"authentication\",\"payload\":{\"status_code\":200");
	world_end();
}
END_TEST

static char order[64];
static int note_order(struct hall *hall, const struct note *in, struct note *reply)
{
	(void)hall, (void)reply;
	strncat(order, in->payload.ptr, in->payload.len);
	return 0;
}

START_TEST(frames_are_handled_in_the_order_in_which_they_came)
{
	client *c;

	world_make(NULL);
	world->handlers.say = note_order;
	world_start();
	c = enter();
	order[0] = '\0';
	for (char letter = 'a'; letter <= 'j'; letter++) {
		char frame[64];

		snprintf(frame, sizeof frame, "{\"action\":\"say\",\"payload\":\"%c\"}", letter);
		tell_only(c, frame);
	}
	world_pump();
	ck_assert_str_eq(order, "abcdefghij");
	world_end();
}
END_TEST

START_TEST(output_of_one_turn_is_one_write)
{
	struct msgc__memory_state before, after;
	client *c;

	world_make(NULL);
	world->handlers.say = echo;
	world->consumer.completion = true;
	world_start();
	c = enter();
	msgc__memory_look(c, &before);
	tell(c, "{\"action\":\"say\",\"payload\":\"hi\"}");
	msgc__memory_look(c, &after);
	ck_assert_uint_eq(after.frames - before.frames, 2);
	ck_assert_uint_eq(after.writes - before.writes, 1);
	world_end();
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
	        a_reply_repeats_the_ref_and_completion_follows_it,
	        ping_is_answered_without_a_handler,
	        a_frame_that_breaks_the_contract_gets_all_its_problems_and_the_connection_lives,
	        an_unknown_action_is_told_the_allowed_ones_and_not_itself,
	        text_that_is_not_json_is_told_the_byte,
	        a_frame_that_is_too_deep_is_refused,
	        a_binary_frame_closes_with_1003,
	        text_that_is_not_utf8_closes_with_1007,
	        a_guess_is_never_told_from_a_careful_look,
	        a_frame_beyond_the_limit_closes_with_1009,
	        an_action_beyond_its_rate_is_told_when_to_come_again,
	        all_frames_together_have_a_rate_of_their_own,
	        a_flood_of_bad_frames_closes_with_4429,
	        bad_frames_without_a_limit_never_close,
	        a_renamed_discriminator_is_used_for_the_standard_messages_too,
	        frames_are_handled_in_the_order_in_which_they_came,
	        output_of_one_turn_is_one_write,
	        NULL,
	};

	return hall_main("server frames", tests);
}
