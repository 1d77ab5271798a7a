/* SPDX-License-Identifier: MIT */
/*
 * harness.c - see harness.h. It must not know any contract.
 */
#include "harness.h"

struct decoded *decode_with(const struct msgc_message *message, const char *text, size_t len,
        const struct msgc_decode_options *options)
{
	struct decoded *decoded = calloc(1, sizeof(*decoded));

	ck_assert_ptr_nonnull(decoded);
	decoded->message = message;
	decoded->text = malloc(len + MSGC_PADDING);
	decoded->value = calloc(1, message->size);
	ck_assert_ptr_nonnull(decoded->text);
	ck_assert_ptr_nonnull(decoded->value);
	memcpy(decoded->text, text, len);
	memset(decoded->text + len, '"', MSGC_PADDING);
	decoded->result = msgc_message_decode_in_place(message, decoded->text, len, options,
	        &decoded->arena, decoded->value, &decoded->problems);
	return decoded;
}

struct decoded *decode(const struct msgc_message *message, const char *text, size_t len)
{
	return decode_with(message, text, len, NULL);
}

void decoded_free(struct decoded *decoded)
{
	if (decoded == NULL)
		return;
	msgc_arena_free(&decoded->arena);
	free(decoded->text);
	free(decoded->value);
	free(decoded);
}

static char *problems_text(const struct msgc_problems *problems)
{
	struct msgc_buf buf = {0};
	char *text;

	ck_assert_int_eq(msgc_problems_write(problems, &buf), 0);
	text = strdup(msgc_buf_c(&buf));
	msgc_buf_free(&buf);
	return text;
}

char *encoded(const struct msgc_message *message, const void *value)
{
	struct msgc_buf buf = {0};
	char *text;

	ck_assert_int_eq(msgc_message_encode(message, value, &buf), 0);
	text = malloc(buf.len + 1);
	ck_assert_ptr_nonnull(text);
	memcpy(text, buf.data, buf.len);
	text[buf.len] = '\0';
	ck_assert_uint_eq(strlen(text), buf.len);
	msgc_buf_free(&buf);
	return text;
}

/* A clone shares nothing with what it was made of. */
static void check_clone(struct decoded *decoded, const char *json)
{
	const struct msgc_message *message = decoded->message;
	struct msgc_arena arena = {0};
	void *clone = malloc(message->size);
	char *again;

	ck_assert_ptr_nonnull(clone);
	memset(clone, 0x5a, message->size);
	ck_assert_int_eq(msgc_message_clone(message, decoded->value, &arena, clone), 0);
	ck_assert(msgc_message_equal(message, decoded->value, clone));

	decoded_free(decoded);
	again = encoded(message, clone);
	ck_assert_str_eq(again, json);
	free(again);
	free(clone);
	msgc_arena_free(&arena);
}

static void check_accepted(const struct decoded *decoded, const char *text)
{
	char *problems;

	if (decoded->result == 0)
		return;
	problems = problems_text(&decoded->problems);
	ck_abort_msg("%s: %s\n%s", msgc_error_name(decoded->result), text, problems);
}

void check_round_trip(const struct msgc_message *message, const char *text, const char *json)
{
	struct decoded *first = decode(message, text, strlen(text));
	struct decoded *second;
	struct msgc_problems problems;
	struct msgc_buf printed = {0};
	char *once, *twice;

	check_accepted(first, text);
	ck_assert_int_eq(msgc_message_validate(message, first->value, &problems), 0);
	once = encoded(message, first->value);
	ck_assert_int_eq(msgc_message_encode_checked(message, first->value, &printed), 0);
	ck_assert_str_eq(msgc_buf_c(&printed), once);
	msgc_buf_reset(&printed);
	if (json != NULL)
		ck_assert_str_eq(once, json);

	second = decode(message, once, strlen(once));
	check_accepted(second, once);
	ck_assert(msgc_message_equal(message, first->value, second->value));
	ck_assert(msgc_message_equal(message, second->value, first->value));
	twice = encoded(message, second->value);
	ck_assert_str_eq(once, twice);

	ck_assert_int_eq(msgc_message_print(message, first->value, &printed), 0);
	ck_assert_uint_gt(printed.len, 0);
	msgc_buf_free(&printed);

	check_clone(first, once);
	decoded_free(second);
	free(once);
	free(twice);
}

void check_refused(const struct msgc_message *message, const char *text, const char *problems)
{
	struct decoded *decoded = decode(message, text, strlen(text));
	char *found;

	ck_assert_msg(decoded->result != 0, "accepted: %s", text);
	found = problems_text(&decoded->problems);
	ck_assert_str_eq(found, problems);
	free(found);
	decoded_free(decoded);
}
