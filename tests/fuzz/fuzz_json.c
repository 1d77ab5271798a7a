/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as JSON: validated from const memory of exact length, skipped by a reader, read as an envelope. All ways must
 * agree, nothing may change the text, and what is told must be JSON itself.
 */
#include <stdlib.h>
#include <string.h>

#include <msgc/codec_gen.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define REQUIRE(condition)                                                                         \
	do {                                                                                       \
		if (!(condition))                                                                  \
			abort();                                                                   \
	} while (0)

static struct msgc_arena arena;

static void require_told(int result, const struct msgc_problems *problems)
{
	struct msgc_arena scratch = {0};
	struct msgc_buf out = {0};

	REQUIRE((result == 0) == (problems->count == 0));
	REQUIRE(msgc_problems_write(problems, &out) == 0);
	REQUIRE(msgc_json_validate(out.data, out.len, NULL, &scratch, NULL) == 0);
	msgc_buf_free(&out);
	msgc_arena_free(&scratch);
}

static int validate(const uint8_t *data, size_t size)
{
	struct msgc_problems problems;
	char *exact = malloc(size ? size : 1);
	int result;

	REQUIRE(exact);
	memcpy(exact, data, size);
	result = msgc_json_validate(exact, size, NULL, &arena, &problems);
	REQUIRE(memcmp(exact, data, size) == 0);
	require_told(result, &problems);
	free(exact);
	return result;
}

/* Duplicates apart, what is valid is valid without memory, too. */
static void check_as_value(const uint8_t *data, size_t size, int result)
{
	struct msgc_scope s = {0};
	bool valid = msgc_check_json(&s, (struct msgc_json){(const char *)data, size});

	REQUIRE(valid || result != 0);
}

static void read_raw(char *text, size_t size, int want)
{
	struct msgc_reader r;
	struct msgc_json raw;

	msgc_reader_open(&r, text, size, NULL, &arena, NULL);
	msgc_read_json(&r, &raw);
	REQUIRE(msgc_reader_close(&r) == want);
}

static void read_envelope(char *text, size_t size, int valid)
{
	static const char *const keys[] = {"action"};
	static const struct msgc_envelope_names names = {.keys = keys,
	        .key_count = 1,
	        .ref = "ref",
	        .topic = "topic",
	        .message_id = "message_id"};
	struct msgc_envelope envelope;
	struct msgc_problems problems;
	int result = msgc_envelope_read(text, size, &names, NULL, &arena, &envelope, &problems);

	require_told(result, &problems);
	if (valid != 0)
		REQUIRE(result == valid);
	if (envelope.has_ref)
		REQUIRE(msgc_utf8_valid(envelope.ref.ptr, envelope.ref.len) &&
		        envelope.ref.ptr[envelope.ref.len] == '\0');
}

/* Of a text that is right, a guess at its envelope is right. */
static void guess_envelope(char *text, size_t size)
{
	static const char *const keys[] = {"action", "kind"};
	static const struct msgc_envelope_names names = {
	        .keys = keys, .key_count = 2, .ref = "ref", .topic = "topic"};
	struct msgc_envelope envelope, guess;

	memset(text + size, '\0', MSGC_PADDING);
	if (!msgc_envelope_guess(text, size, &names, &arena, &guess) ||
	        msgc_envelope_read(text, size, &names, NULL, &arena, &envelope, NULL) != 0)
		return;
	REQUIRE(guess.tag_count == envelope.tag_count);
	for (size_t i = 0; i < guess.tag_count; i++)
		REQUIRE(guess.tags[i].kind == envelope.tags[i].kind &&
		        (guess.tags[i].kind == MSGC_TAG_ABSENT ||
		                msgc_tag_equal(&guess.tags[i], &envelope.tags[i])));
	REQUIRE(guess.has_ref == envelope.has_ref && guess.has_topic == envelope.has_topic);
	REQUIRE(!guess.has_ref || msgc_str_equal(guess.ref, envelope.ref));
	REQUIRE(!guess.has_topic || msgc_str_equal(guess.topic, envelope.topic));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + MSGC_PADDING);
	int result;

	REQUIRE(text);
	memcpy(text, data, size);
	memset(text + size, '"', MSGC_PADDING);
	result = validate(data, size);
	check_as_value(data, size, result);
	read_raw(text, size, result);
	read_envelope(text, size, result);
	guess_envelope(text, size);
	REQUIRE(memcmp(text, data, size) == 0);
	msgc_arena_reset(&arena);
	free(text);
	return 0;
}
