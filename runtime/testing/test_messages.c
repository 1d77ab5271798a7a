/* SPDX-License-Identifier: MIT */
/*
 * Messages of a contract as a client sends them: encoded, with a ref where the contract's envelope has its place. It must not know how bytes
 * travel.
 */
#include "testing.h"

static void add_ref(struct msgc_buf *out, const struct msgc_envelope_names *names, const char *ref)
{
	struct msgc_envelope envelope = {.has_ref = true, .ref = msgc_str_from(ref)};

	if (msgc_envelope_write(out, names, &envelope) == MSGC_EINVAL)
		msgc__test_fail(
		        "this message has no room for a ref; msgc_test_set_envelope() says what "
		        "there is");
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
