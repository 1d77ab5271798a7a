/* SPDX-License-Identifier: MIT */
/*
 * Messages of a contract as a client sends them: encoded, with a ref where the contract's envelope has its place. It must not know how bytes
 * travel.
 */
#include "testing.h"

#include <string.h>

#include <msgc/codec_gen.h>

#include "../server/standard.h"

static void write_ref(
        struct msgc_buf *out, const struct msgc_envelope_names *names, const char *ref)
{
	if (names->ref_type)
		msgc_buf_append_str(out, ref);
	else
		msgc_write_str(out, msgc_str_from(ref));
}

/* {…,"ref":"7"} */
static void add_member(
        struct msgc_buf *out, const struct msgc_envelope_names *names, const char *ref)
{
	bool is_empty = out->len == 2;

	out->len--; /* the closing brace */
	if (!is_empty)
		msgc_buf_append_char(out, ',');
	msgc_write_str(out, msgc_str_from(names->ref));
	msgc_buf_append_char(out, ':');
	write_ref(out, names, ref);
	msgc_buf_append_char(out, '}');
}

/* [3,null,…]: the encoder has left room for it. */
static void put_element(
        struct msgc_buf *out, const struct msgc_envelope_names *names, const char *ref)
{
	const size_t null_len = 4;
	size_t at = msgc__standard_element(msgc_buf_str(out), names->ref_at - 1u);
	struct msgc_buf text = {0};

	if (out->len < at + null_len || memcmp(out->data + at, "null", null_len) != 0) {
		msgc__test_fail("this message has no room for a ref");
		return;
	}
	msgc_buf_append(&text, out->data, at);
	write_ref(&text, names, ref);
	msgc_buf_append(&text, out->data + at + null_len, out->len - at - null_len);
	msgc_buf_free(out);
	*out = text;
}

static void add_ref(struct msgc_buf *out, const struct msgc_envelope_names *names, const char *ref)
{
	if (out->len > 0 && out->data[0] == '{' && names->ref)
		add_member(out, names, ref);
	else if (out->len > 0 && out->data[0] == '[' && names->ref_at > 0)
		put_element(out, names, ref);
	else
		msgc__test_fail("there are no refs: msgc_test_set_envelope() says what there is");
}

void msgc_test_send_message(struct msgc_test_client *client, const struct msgc_message *type,
        const void *message, const char *ref)
{
	struct msgc_buf text;
	int result;

	msgc_buf_init(&text, 0);
	result = msgc_message_encode(type, message, &text);
	if (result == 0 && ref) {
		add_ref(&text, &client->test->names, ref);
		result = text.error;
	}
	if (result < 0)
		msgc__test_fail("the message cannot be encoded: %s", msgc_error_name(result));
	msgc_test_send_text(client, text.data, text.len);
	msgc_buf_free(&text);
}

void msgc_test_answer(struct msgc_test_client *client, const struct msgc_test_frame *question,
        const struct msgc_message *type, const void *message)
{
	if (question->ref.len == 0)
		msgc__test_fail("this frame asks nothing: %s", question->text.ptr);
	msgc_test_send_message(client, type, message, question->ref.ptr);
}
