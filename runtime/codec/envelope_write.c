/* SPDX-License-Identifier: MIT */
/*
 * The envelope's members in a frame that an encoder has written, as a client's frames have them. Such a text is known to be right and without
 * white space. It must not know which message it is.
 */
#include <msgc/codec_gen.h>

static bool is_integer(struct msgc_str text)
{
	size_t i = text.len > 0 && text.ptr[0] == '-';

	if (i == text.len)
		return false;
	for (; i < text.len; i++) {
		if (text.ptr[i] < '0' || text.ptr[i] > '9')
			return false;
	}
	return true;
}

static int write_ref(
        struct msgc_buf *out, const struct msgc_envelope_names *names, struct msgc_str ref)
{
	if (!names->ref_type)
		msgc_write_str(out, ref);
	else if (is_integer(ref))
		msgc_buf_append(out, ref.ptr, ref.len);
	else
		return MSGC_EINVAL;
	return out->error;
}

/* ,"topic": behind which a value follows. */
static void begin_member(struct msgc_buf *out, const char *name)
{
	out->len--; /* the closing brace */
	if (out->data[out->len - 1] != '{')
		msgc_buf_append_char(out, ',');
	msgc_write_str(out, msgc_str_from(name));
	msgc_buf_append_char(out, ':');
}

static int add_text(struct msgc_buf *out, const char *name, struct msgc_str text)
{
	if (!name)
		return MSGC_EINVAL;
	begin_member(out, name);
	msgc_write_str(out, text);
	msgc_buf_append_char(out, '}');
	return out->error;
}

static int add_members(struct msgc_buf *out, const struct msgc_envelope_names *names,
        const struct msgc_envelope *envelope)
{
	int result = MSGC_OK;

	if (envelope->has_ref && !names->ref)
		return MSGC_EINVAL;
	if (envelope->has_topic)
		result = add_text(out, names->topic, envelope->topic);
	if (result == MSGC_OK && envelope->has_message_id)
		result = add_text(out, names->message_id, envelope->message_id);
	if (result != MSGC_OK || !envelope->has_ref)
		return result;
	begin_member(out, names->ref);
	result = write_ref(out, names, envelope->ref);
	msgc_buf_append_char(out, '}');
	return result;
}

size_t msgc__json_element(struct msgc_str array, unsigned position)
{
	bool in_string = false;
	int depth = 0;
	size_t i = 1;

	for (; i < array.len && position > 0; i++) {
		char c = array.ptr[i];

		if (in_string) {
			i += c == '\\';
			in_string = c != '"';
		} else if (c == '"') {
			in_string = true;
		} else {
			depth += (c == '[' || c == '{') - (c == ']' || c == '}');
			position -= c == ',' && depth == 0;
		}
	}
	return i;
}

/* [3,null,...]: the encoder has left room for it. */
static int put_element(
        struct msgc_buf *out, const struct msgc_envelope_names *names, struct msgc_str ref)
{
	const size_t null_len = 4;
	struct msgc_buf text = {0};
	size_t at;
	int result;

	if (names->ref_at == 0)
		return MSGC_EINVAL;
	at = msgc__json_element(msgc_buf_str(out), names->ref_at - 1u);
	if (out->len < at + null_len || memcmp(out->data + at, "null", null_len) != 0)
		return MSGC_EINVAL;
	result = write_ref(&text, names, ref);
	if (result == MSGC_OK && text.len > null_len)
		msgc_buf_reserve(out, text.len - null_len);
	if (result == MSGC_OK && !out->error) {
		memmove(out->data + at + text.len, out->data + at + null_len,
		        out->len - at - null_len);
		memcpy(out->data + at, text.data, text.len);
		out->len += text.len - null_len; /* wraps where it becomes shorter, and fits */
	}
	msgc_buf_free(&text);
	return result != MSGC_OK ? result : out->error;
}

int msgc_envelope_write(struct msgc_buf *frame, const struct msgc_envelope_names *names,
        const struct msgc_envelope *envelope)
{
	if (frame->error)
		return frame->error;
	if (frame->len < 2)
		return MSGC_EINVAL;
	if (frame->data[0] == '{')
		return add_members(frame, names, envelope);
	if (envelope->has_topic || envelope->has_message_id)
		return MSGC_EINVAL;
	return envelope->has_ref ? put_element(frame, names, envelope->ref) : MSGC_OK;
}
