/* SPDX-License-Identifier: MIT */
/*
 * The envelope of a frame: what is found, that all of it is checked, that the text stays as it was;
 * descriptors' maps and lists at their bounds.
 */
#include <msgc/type.h>

#include "codec_test.h"

static const char *const action[] = {"action"};
static const struct msgc_envelope_names names = {
        action, 1, NULL, "ref", "topic", "message_id", 0, NULL, false};

static struct msgc_problems problems;
static struct msgc_arena arena;
static struct msgc_envelope envelope;

static bool guessed; /* the last frame's envelope could be guessed */

static void assert_same_str(bool has, struct msgc_str a, bool other_has, struct msgc_str b)
{
	ck_assert_int_eq(has, other_has);
	if (has)
		ck_assert(msgc_str_equal(a, b) && a.ptr[a.len] == '\0');
}

/* Where the text is right, a guess is what a reader finds, or there is none. */
static void guess_with(const char *text, const struct msgc_envelope_names *with, bool is_right)
{
	size_t len = strlen(text);
	struct guarded g = guarded_new(len + MSGC_PADDING);
	struct msgc_envelope guess;

	memcpy(g.data, text, len);
	memset(g.data + len, 0, MSGC_PADDING);
	memset(&guess, 0xFF, sizeof guess);
	guessed = msgc_envelope_guess(g.data, len, with, &arena, &guess);
	ck_assert_mem_eq(g.data, text, len + 1);
	if (guessed && is_right) {
		ck_assert_uint_eq(guess.tag_count, envelope.tag_count);
		for (size_t i = 0; i < guess.tag_count; i++)
			ck_assert(guess.tags[i].kind == envelope.tags[i].kind &&
			        (guess.tags[i].kind == MSGC_TAG_ABSENT ||
			                msgc_tag_equal(&guess.tags[i], &envelope.tags[i])));
		assert_same_str(guess.has_ref, guess.ref, envelope.has_ref, envelope.ref);
		assert_same_str(guess.has_topic, guess.topic, envelope.has_topic, envelope.topic);
		assert_same_str(guess.has_message_id, guess.message_id, envelope.has_message_id,
		        envelope.message_id);
	}
	guarded_free(&g);
}

static int read_with(const char *text, const struct msgc_envelope_names *with)
{
	size_t len = strlen(text);
	struct guarded g = guarded_new(len + MSGC_PADDING);
	int result;

	msgc_arena_reset(&arena);
	memcpy(g.data, text, len);
	memset(g.data + len, 'x', MSGC_PADDING);
	memset(&envelope, 0xFF, sizeof envelope);
	result = msgc_envelope_read(g.data, len, with, NULL, &arena, &envelope, &problems);
	ck_assert_mem_eq(g.data, text, len + 1);
	guarded_free(&g);
	guess_with(text, with, result == 0);
	return result;
}

static int read_envelope(const char *text)
{
	return read_with(text, &names);
}

START_TEST(finds_everything_in_any_order)
{
	ck_assert_int_eq(read_envelope("{\"action\":\"chat\",\"payload\":{\"a\":[1]},\"ref\":\"7\","
	                               "\"topic\":\"t:1\",\"message_id\":\"m\"}"),
	        0);
	ck_assert_int_eq(envelope.tags[0].kind, MSGC_TAG_STRING);
	ck_assert_uint_eq(envelope.tag_count, 1);
	ck_assert_str_eq(envelope.tags[0].text.ptr, "chat");
	ck_assert(envelope.has_ref && envelope.has_topic && envelope.has_message_id);
	ck_assert_str_eq(envelope.ref.ptr, "7");
	ck_assert_str_eq(envelope.topic.ptr, "t:1");
	ck_assert_str_eq(envelope.message_id.ptr, "m");
	ck_assert_int_eq(read_envelope(" { \"ref\" : \"\\u0037\\n\" , \"x\" : null , "
	                               "\"act\\u0069on\" : \"ch\\u0061t\" } "),
	        0);
	ck_assert_str_eq(envelope.tags[0].text.ptr, "chat");
	ck_assert_str_eq(envelope.ref.ptr, "7\n");
	ck_assert(!envelope.has_topic && !envelope.has_message_id);
	msgc_arena_free(&arena);
}
END_TEST

START_TEST(discriminators_may_be_integers)
{
	ck_assert_int_eq(read_envelope("{\"action\":10}"), 0);
	ck_assert_int_eq(envelope.tags[0].kind, MSGC_TAG_INTEGER);
	ck_assert_int_eq(envelope.tags[0].number, 10);
	ck_assert_int_eq(read_envelope("{\"action\":-1.0e1}"), 0);
	ck_assert_int_eq(envelope.tags[0].number, -10);
	ck_assert_int_eq(read_envelope("{\"action\":9223372036854775807}"), 0);
	ck_assert_int_eq(envelope.tags[0].number, INT64_MAX);
	msgc_arena_free(&arena);
}
END_TEST

START_TEST(tells_when_there_is_no_discriminator)
{
	static const char *const frames[] = {"{}", "{\"payload\":1}", "{\"action\":null}",
	        "{\"action\":1.5}", "{\"action\":true}", "{\"action\":[]}",
	        "{\"action\":{\"action\":\"chat\"}}", "{\"action\":1e30}", "{\"Action\":\"chat\"}",
	        "{\"action \":\"chat\"}"};

	for (size_t i = 0; i < sizeof frames / sizeof *frames; i++) {
		ck_assert_int_eq(read_envelope(frames[i]), MSGC_ECONTRACT);
		ck_assert_uint_eq(envelope.tag_count, 0);
		ASSERT_PROBLEM(&problems, "union_tag_not_found", "[]",
		        "Unable to extract tag using discriminator 'action'",
		        "{\"discriminator\":\"'action'\"}");
	}
	msgc_arena_free(&arena);
}
END_TEST

START_TEST(only_objects_are_frames)
{
	static const char *const frames[] = {"[]", "1", "\"action\"", "null"};

	for (size_t i = 0; i < sizeof frames / sizeof *frames; i++) {
		ck_assert_int_eq(read_envelope(frames[i]), MSGC_ECONTRACT);
		ASSERT_PROBLEM(&problems, "model_type", "[]", "Input should be an object", NULL);
	}
	msgc_arena_free(&arena);
}
END_TEST

START_TEST(members_of_the_envelope_are_strings)
{
	ck_assert_int_eq(
	        read_envelope("{\"action\":\"a\",\"ref\":7,\"topic\":null,\"message_id\":[]}"),
	        MSGC_ECONTRACT);
	ck_assert_uint_eq(problems.count, 3);
	ck_assert_str_eq(problems.items[0].type, "string_type");
	ck_assert_str_eq(problems.items[0].loc, "[\"ref\"]");
	ck_assert_str_eq(problems.items[1].loc, "[\"topic\"]");
	ck_assert_str_eq(problems.items[2].loc, "[\"message_id\"]");
	ck_assert(!envelope.has_ref && !envelope.has_topic && !envelope.has_message_id);
	ck_assert_str_eq(envelope.tags[0].text.ptr, "a");
	msgc_arena_free(&arena);
}
END_TEST

START_TEST(a_broken_frame_still_gives_its_ref)
{
	ck_assert_int_eq(
	        read_envelope("{\"ref\":\"7\",\"action\":\"a\",\"payload\":{\"x\":1,\"x\":2}}"),
	        MSGC_ECONTRACT);
	ASSERT_PROBLEM(&problems, "json_invalid", "[]",
	        "Invalid JSON: duplicate member name at byte 41",
	        "{\"error\":\"duplicate member name at byte 41\",\"byte\":41}");
	ck_assert(envelope.has_ref);
	ck_assert_str_eq(envelope.ref.ptr, "7");
	msgc_arena_free(&arena);
}
END_TEST

START_TEST(duplicates_at_the_top_are_refused)
{
	static const char *const frames[] = {"{\"action\":\"a\",\"action\":\"a\"}",
	        "{\"action\":\"a\",\"ref\":\"1\",\"ref\":\"2\"}",
	        "{\"action\":\"a\",\"x\":1,\"y\":1,\"x\":1}",
	        "{\"action\":\"a\",\"\\u0061ction\":\"a\"}",
	        "{\"ref\":1,\"ref\":\"2\",\"action\":\"a\"}"};

	for (size_t i = 0; i < sizeof frames / sizeof *frames; i++) {
		ck_assert_int_eq(read_envelope(frames[i]), MSGC_ECONTRACT);
		ck_assert_uint_eq(problems.count, 1);
		ck_assert_str_eq(problems.items[0].type, "json_invalid");
	}
	msgc_arena_free(&arena);
}
END_TEST

START_TEST(names_may_be_others_or_switched_off)
{
	static const char *const type[] = {"type"};
	struct msgc_envelope_names other = {.keys = type, .key_count = 1, .ref = "reqid"};

	ck_assert_int_eq(read_with("{\"type\":\"x\",\"reqid\":\"1\",\"topic\":5,\"message_id\":{},"
	                           "\"action\":0}",
	                         &other),
	        0);
	ck_assert_str_eq(envelope.tags[0].text.ptr, "x");
	ck_assert_str_eq(envelope.ref.ptr, "1");
	ck_assert(!envelope.has_topic && !envelope.has_message_id);
	other.key_count = 0;
	ck_assert_int_eq(read_with("{}", &other), 0);
	msgc_arena_free(&arena);
}
END_TEST

START_TEST(there_may_be_several_discriminators)
{
	static const char *const keys[] = {"op", "t"};
	const struct msgc_envelope_names two = {.keys = keys, .key_count = 2};

	ck_assert_int_eq(read_with("{\"t\":\"READY\",\"d\":{\"op\":1},\"op\":0}", &two), 0);
	ck_assert_uint_eq(envelope.tag_count, 2);
	ck_assert_int_eq(envelope.tags[0].kind, MSGC_TAG_INTEGER);
	ck_assert_int_eq(envelope.tags[0].number, 0);
	ck_assert_str_eq(envelope.tags[1].text.ptr, "READY");
	/* What stands at the second is anybody's: messages that need it are told apart later. */
	ck_assert_int_eq(read_with("{\"op\":10,\"t\":null}", &two), 0);
	ck_assert_int_eq(envelope.tags[1].kind, MSGC_TAG_OTHER);
	ck_assert_int_eq(read_with("{\"op\":10}", &two), 0);
	ck_assert_int_eq(envelope.tags[1].kind, MSGC_TAG_ABSENT);
	ck_assert_int_eq(read_with("{\"t\":\"READY\"}", &two), MSGC_ECONTRACT);
	ASSERT_PROBLEM(&problems, "union_tag_not_found", "[]",
	        "Unable to extract tag using discriminator 'op'", "{\"discriminator\":\"'op'\"}");
	ck_assert_int_eq(read_with("{\"op\":0,\"t\":\"A\",\"t\":\"A\"}", &two), MSGC_ECONTRACT);
	ck_assert_str_eq(problems.items[0].type, "json_invalid");
	msgc_arena_free(&arena);
}
END_TEST

START_TEST(discriminators_with_odd_names_are_told_as_json)
{
	static const char *const keys[] = {"a\"b"};
	const struct msgc_envelope_names odd = {.keys = keys, .key_count = 1};

	ck_assert_int_eq(read_with("{}", &odd), MSGC_ECONTRACT);
	ASSERT_PROBLEM(&problems, "union_tag_not_found", "[]",
	        "Unable to extract tag using discriminator 'a\"b'",
	        "{\"discriminator\":\"'a\\\"b'\"}");
	msgc_arena_free(&arena);
}
END_TEST

START_TEST(frames_may_be_arrays)
{
	static const uint8_t positions[] = {0, 2};
	const struct msgc_envelope_names arrays = {
	        .positions = positions, .key_count = 2, .ref_at = 2};

	ck_assert_int_eq(read_with(" [2,\"19\" ,\"Boot\",{\"x\":[1,{}]}]", &arrays), 0);
	ck_assert_int_eq(envelope.tags[0].number, 2);
	ck_assert_str_eq(envelope.tags[1].text.ptr, "Boot");
	ck_assert(envelope.has_ref);
	ck_assert_str_eq(envelope.ref.ptr, "19");
	ck_assert_int_eq(read_with("[3,\"19\",{}]", &arrays), 0);
	ck_assert_int_eq(envelope.tags[1].kind, MSGC_TAG_OTHER);
	ck_assert_int_eq(read_with("[3]", &arrays), 0);
	ck_assert(!envelope.has_ref);
	ck_assert_int_eq(read_with("[]", &arrays), MSGC_ECONTRACT);
	ASSERT_PROBLEM(&problems, "union_tag_not_found", "[]",
	        "Unable to extract tag using discriminator 0", "{\"discriminator\":\"0\"}");
	ck_assert_int_eq(read_with("[2,19,\"Boot\"]", &arrays), MSGC_ECONTRACT);
	ASSERT_PROBLEM(&problems, "string_type", "[1]", "Input should be a valid string", NULL);
	ck_assert_int_eq(read_with("{\"action\":\"x\"}", &arrays), MSGC_ECONTRACT);
	ck_assert_uint_eq(problems.count, 1);
	ck_assert_str_eq(problems.items[0].type, "list_type");
	ck_assert_int_eq(
	        read_with("[2,\"19\",\"Boot\",{\"x\":1,\"x\":2}]", &arrays), MSGC_ECONTRACT);
	ck_assert_str_eq(problems.items[0].type, "json_invalid");
	ck_assert_int_eq(read_with("[2,\"19\",\"Boot\",{}", &arrays), MSGC_ECONTRACT);
	ck_assert_str_eq(problems.items[0].type, "json_invalid");
	msgc_arena_free(&arena);
}
END_TEST

START_TEST(a_ref_may_be_an_integer)
{
	const struct msgc_envelope_names integers = {
	        .keys = action, .key_count = 1, .ref = "id", .ref_type = &msgc_int53_type};
	const struct msgc_envelope_names small = {
	        .keys = action, .key_count = 1, .ref = "id", .ref_type = &msgc_uint8_type};
	const struct msgc_envelope_names wide = {
	        .keys = action, .key_count = 1, .ref = "id", .ref_type = &msgc_uint64_type};

	ck_assert_int_eq(read_with("{\"action\":\"a\",\"id\":-7}", &integers), 0);
	ck_assert_str_eq(envelope.ref.ptr, "-7");
	ck_assert_int_eq(read_with("{\"action\":\"a\",\"id\":1.5e1}", &integers), 0);
	ck_assert_str_eq(envelope.ref.ptr, "15");
	ck_assert_int_eq(read_with("{\"action\":\"a\",\"id\":18446744073709551615}", &wide), 0);
	ck_assert_str_eq(envelope.ref.ptr, "18446744073709551615");
	ck_assert_int_eq(read_with("{\"action\":\"a\",\"id\":\"7\"}", &integers), MSGC_ECONTRACT);
	ck_assert(!envelope.has_ref);
	ck_assert_str_eq(problems.items[0].type, "int_type");
	ck_assert_str_eq(problems.items[0].loc, "[\"id\"]");
	ck_assert_int_eq(
	        read_with("{\"action\":\"a\",\"id\":9007199254740992}", &integers), MSGC_ECONTRACT);
	ck_assert(!envelope.has_ref);
	ck_assert_int_eq(read_with("{\"action\":\"a\",\"id\":256}", &small), MSGC_ECONTRACT);
	ck_assert_int_eq(read_with("{\"action\":\"a\",\"id\":255}", &small), 0);
	ck_assert_str_eq(envelope.ref.ptr, "255");
	msgc_arena_free(&arena);
}
END_TEST

START_TEST(a_frame_may_be_without_discriminator)
{
	static const uint8_t positions[] = {1};
	const struct msgc_envelope_names objects = {
	        .keys = action, .key_count = 1, .ref = "ref", .untagged = true};
	const struct msgc_envelope_names arrays = {
	        .positions = positions, .key_count = 1, .untagged = true};

	ck_assert_int_eq(read_with("{\"result\":null,\"ref\":\"1\"}", &objects), 0);
	ck_assert_uint_eq(envelope.tag_count, 0);
	ck_assert_str_eq(envelope.ref.ptr, "1");
	ck_assert_int_eq(read_with("[1,2]", &objects), 0);
	ck_assert_uint_eq(envelope.tag_count, 0);
	ck_assert_int_eq(read_with("{\"action\":\"a\"}", &objects), 0);
	ck_assert_uint_eq(envelope.tag_count, 1);
	ck_assert_int_eq(read_with("{\"event\":\"pong\"}", &arrays), 0);
	ck_assert_uint_eq(envelope.tag_count, 0);
	ck_assert_int_eq(read_with("[7,\"tick\"]", &arrays), 0);
	ck_assert_uint_eq(envelope.tag_count, 1);
	ck_assert_int_eq(read_with("5", &objects), MSGC_ECONTRACT);
	ck_assert_str_eq(problems.items[0].type, "model_type");
	msgc_arena_free(&arena);
}
END_TEST

/* The members of a message whose contract names none of these. */
static int read_beside(const char *text, bool closed)
{
	struct bench b;
	struct msgc_object o;
	int result;

	bench_open(&b, text);
	ck_assert(msgc_read_object(&b.r, &o));
	while (msgc_read_member(&b.r, &o))
		msgc_read_beside(&b.r, &o, msgc_envelope_beside, closed);
	msgc_read_object_end(&b.r, &o);
	result = bench_close(&b);
	problems = b.problems;
	return result;
}

START_TEST(typed_messages_accept_envelope_members_even_when_closed)
{
	static const char all[] =
	        "{\"ref\":\"7\",\"topic\":\"t\",\"message_id\":\"m\",\"epoch\":\"e\","
	        "\"seq\":5,\"version\":1,\"is_mine\":true,\"is_current\":false}";

	ck_assert_int_eq(read_beside(all, true), 0);
	ck_assert_int_eq(read_beside(all, false), 0);
	ck_assert_int_eq(read_beside("{\"other\":1}", false), 0);
	ck_assert_int_eq(read_beside("{\"other\":1}", true), MSGC_ECONTRACT);
	ASSERT_PROBLEM(&problems, "extra_forbidden", "[\"other\"]",
	        "Extra inputs are not permitted", NULL);
	ck_assert_int_eq(read_beside("{\"ref\":7}", false), MSGC_ECONTRACT);
	ASSERT_PROBLEM(
	        &problems, "string_type", "[\"ref\"]", "Input should be a valid string", NULL);
	ck_assert_int_eq(read_beside("{\"seq\":1.5}", false), MSGC_ECONTRACT);
	ck_assert_str_eq(problems.items[0].type, "int_from_float");
	ck_assert_int_eq(read_beside("{\"is_mine\":1}", false), MSGC_ECONTRACT);
	ASSERT_PROBLEM(
	        &problems, "bool_type", "[\"is_mine\"]", "Input should be a valid boolean", NULL);
	ck_assert_int_eq(
	        read_beside("{\"ref\":\"1\",\"x\":1,\"r\\u0065f\":\"1\"}", false), MSGC_ECONTRACT);
	ck_assert_str_eq(problems.items[0].type, "json_invalid");
}
END_TEST

/* Every cut of a frame is refused, and nothing is read behind it. */
START_TEST(cut_frames_are_refused)
{
	static const char frame[] = "{\"action\":\"ch\\u0061t\",\"ref\":\"\xC3\xA9\",\"payload\":{"
	                            "\"a\":[1.5e3,true,null,\"\\n\"]}}";
	char text[sizeof frame];

	for (size_t len = 0; len < sizeof frame - 1; len++) {
		memcpy(text, frame, len);
		text[len] = '\0';
		ck_assert_int_eq(read_envelope(text), MSGC_ECONTRACT);
		ck_assert_str_eq(problems.items[0].type, "json_invalid");
	}
	ck_assert_int_eq(read_envelope(frame), 0);
	msgc_arena_free(&arena);
}
END_TEST

START_TEST(runs_out_of_memory_with_grace)
{
	static const char frame[] =
	        "{\"action\":\"ch\\u0061t\",\"ref\":\"1\",\"x\":1,\"y\":{\"z\":1}}";
	char memory[1024], text[sizeof frame + MSGC_PADDING];
	struct msgc_arena fixed;
	int good = 0, result;

	for (size_t size = 0; size < sizeof memory; size++) {
		msgc_arena_init_fixed(&fixed, memory, size);
		memcpy(text, frame, sizeof frame);
		result = msgc_envelope_read(
		        text, sizeof frame - 1, &names, NULL, &fixed, &envelope, &problems);
		ck_assert(result == MSGC_ENOMEM || result == 0);
		ck_assert_int_eq(good && result, 0);
		good += result == 0;
	}
	ck_assert_int_gt(good, 0);
}
END_TEST

/* Braces in strings, escaped quotes, more than one block of 64 bytes, members in any order. */
START_TEST(usual_frames_are_guessed)
{
	static const char *const frames[] = {
	        "{\"action\":\"chat\"}",
	        " {\t\"action\" : \"chat\" }\n",
	        "{\"payload\":{\"a\":[1,{\"ref\":2}],\"b\":{}},\"action\":\"\"}",
	        "{\"payload\":\"}]\\\"{[,\\\\\",\"action\":\"chat\",\"ref\":\"7\"}",
	        "{\"action\":\"chat\",\"payload\":{\"text\":"
	        "\"0123456789012345678901234567890123456789"
	        "0123456789012345678901234567890123456789\\\\\\\"}\"},\"topic\":\"t\",\"message_"
	        "id\":\"\xC3\xA9\"}",
	        "{\"y\":true,\"_\":[[[]]],\"action\":\"chat\",\"ref\":\"1\"}",
	};

	for (size_t i = 0; i < sizeof frames / sizeof frames[0]; i++) {
		ck_assert_int_eq(read_envelope(frames[i]), 0);
		ck_assert_msg(guessed, "%s", frames[i]);
	}
	msgc_arena_free(&arena);
}
END_TEST

START_TEST(unusual_frames_are_not)
{
	static const char *const frames[] = {
	        "",
	        "[\"action\",\"chat\"]",
	        "{}",
	        "{\"payload\":{\"action\":\"chat\"}}",
	        "{\"action\":null}",
	        "{\"action\":\"ch\\u0061t\"}",
	        "{\"act\\u0069on\":\"chat\"}",
	        "{\"action\":\"chat\",\"ref\":null}",
	        "{\"action\":\"chat\",\"r\\u0065f\":\"1\"}",
	        "{\"action\":\"chat\",\"action\":\"chat\"}",
	        "{\"action\":\"chat\",\"ref\":\"1\",\"ref\":\"1\"}",
	        "{\"action\":\"chat\"",
	        "{\"action\":\"chat\"}}",
	        "{\"action\":\"chat",
	        "{\"action\" \"chat\"}",
	};

	for (size_t i = 0; i < sizeof frames / sizeof frames[0]; i++) {
		guess_with(frames[i], &names, false);
		ck_assert_msg(!guessed, "%s", frames[i]);
	}
	msgc_arena_free(&arena);
}
END_TEST

/* Each byte in turn is each of those that matter; what is still JSON must be told alike. */
START_TEST(a_guess_is_what_a_reader_finds)
{
	static const char frame[] =
	        "{\"action\":\"chat\",\"payload\":{\"id\":[1],\"text\":\"\\\\ \\\"a,b\",\"more\":"
	        "\"0123456789 0123456789\"},\"ref\":\"7\",\"topic\":\"t\"}";
	static const char others[] = "\"\\{}[],: 1xr\x01\x80";
	char text[sizeof frame];
	int right = 0, guesses = 0;

	for (size_t at = 0; at < sizeof frame - 1; at++) {
		for (size_t i = 0; i < sizeof others - 1; i++) {
			memcpy(text, frame, sizeof frame);
			text[at] = others[i];
			if (read_envelope(text) != 0)
				continue;
			right++;
			guesses += guessed;
		}
	}
	ck_assert_int_gt(guesses, 300);
	ck_assert_int_ge(right, guesses);
	msgc_arena_free(&arena);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("codec_envelope");
	const TTest *const found[] = {finds_everything_in_any_order, discriminators_may_be_integers,
	        names_may_be_others_or_switched_off, there_may_be_several_discriminators,
	        discriminators_with_odd_names_are_told_as_json, frames_may_be_arrays,
	        a_ref_may_be_an_integer, a_frame_may_be_without_discriminator,
	        a_broken_frame_still_gives_its_ref,
	        typed_messages_accept_envelope_members_even_when_closed, NULL};
	const TTest *const refused[] = {tells_when_there_is_no_discriminator,
	        only_objects_are_frames, members_of_the_envelope_are_strings,
	        duplicates_at_the_top_are_refused, cut_frames_are_refused,
	        runs_out_of_memory_with_grace, NULL};

	const TTest *const guesses[] = {usual_frames_are_guessed, unusual_frames_are_not,
	        a_guess_is_what_a_reader_finds, NULL};

	codec_test_case(suite, "found", found);
	codec_test_case(suite, "guesses", guesses);
	codec_test_case(suite, "refused", refused);
	return codec_test_run(suite);
}
