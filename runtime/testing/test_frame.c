/* SPDX-License-Identifier: MIT */
/*
 * Looking into a frame: typed decoding, and JSON pointers (RFC 6901). It must not know where frames come from.
 */
#include "testing.h"

#include <string.h>

#include <msgc/codec_gen.h>

enum { POINTER_DEPTH = 16, TOKEN_MAX = 256 };

void msgc_test_decode(
        const struct msgc_test_frame *frame, const struct msgc_message *type, void *ret_message)
{
	struct msgc_test *test = frame->test;
	struct msgc_problems *problems = msgc__test_alloc(test, sizeof(*problems));
	char *text = msgc__test_alloc(test, frame->text.len + MSGC_PADDING);
	struct msgc_buf told;
	int result;

	memcpy(text, frame->text.ptr, frame->text.len);
	result = msgc_message_decode_in_place(
	        type, text, frame->text.len, NULL, &test->arena, ret_message, problems);
	if (result == 0)
		return;
	msgc_buf_init(&told, 0);
	msgc_problems_print(problems, &told);
	msgc__test_fail("the frame is no %s: %s\n%s%s", type->name, msgc_error_name(result),
	        told.len ? msgc_buf_c(&told) : "", frame->text.ptr);
}

/* The next token of a pointer, unescaped. False: the pointer has ended. */
static bool next_token(const char **at, char token[TOKEN_MAX])
{
	size_t len = 0;

	if (**at == '\0')
		return false;
	if (**at != '/')
		msgc__test_fail("a JSON pointer begins with '/'");
	for (++*at; **at && **at != '/'; ++*at) {
		char c = **at;

		if (c == '~') {
			c = (*at)[1] == '0' ? '~' : '/';
			if ((*at)[1] != '0' && (*at)[1] != '1')
				msgc__test_fail("a JSON pointer has only ~0 and ~1");
			++*at;
		}
		if (len + 1 == TOKEN_MAX)
			msgc__test_fail("the JSON pointer is too long");
		token[len++] = c;
	}
	token[len] = '\0';
	return true;
}

static bool enter_object(struct msgc_reader *r, struct msgc_object *o, const char *name)
{
	if (!msgc_read_object(r, o))
		return false;
	while (msgc_read_member(r, o)) {
		if (msgc_str_equal(o->at.key, msgc_str_from(name)))
			return true;
		msgc_read_skip(r);
	}
	return false;
}

static bool enter_list(struct msgc_reader *r, struct msgc_list *l, const char *index)
{
	size_t wanted = 0;

	if (!*index || strspn(index, "0123456789") != strlen(index) || strlen(index) > 6)
		return false;
	for (; *index; index++)
		wanted = wanted * 10 + (size_t)(*index - '0');
	if (!msgc_read_list(r, l, 0, MSGC_NO_MAX))
		return false;
	while (msgc_read_item(r, l)) {
		if (wanted-- == 0)
			return true;
		msgc_read_skip(r);
	}
	return false;
}

bool msgc_test_json(
        const struct msgc_test_frame *frame, const char *pointer, struct msgc_str *ret_json)
{
	union {
		struct msgc_object object;
		struct msgc_list list;
	} open[POINTER_DEPTH];
	struct msgc_test *test = frame->test;
	struct msgc_reader r;
	struct msgc_json json;
	char token[TOKEN_MAX];
	size_t depth = 0;

	if (!msgc_reader_open_copy(&r, frame->text.ptr, frame->text.len, NULL, &test->arena, NULL))
		return false;
	while (next_token(&pointer, token)) {
		if (depth == POINTER_DEPTH)
			msgc__test_fail("the JSON pointer is too deep");
		if (*r.at == '{'               ? !enter_object(&r, &open[depth].object, token)
		                : *r.at == '[' ? !enter_list(&r, &open[depth].list, token)
		                               : true)
			return false;
		depth++;
	}
	if (!msgc_read_json(&r, &json))
		return false;
	*ret_json = msgc_str_of(msgc__test_copy(test, json.ptr, json.len), json.len);
	return true;
}

void msgc_test_assert_json(
        const struct msgc_test_frame *frame, const char *pointer, const char *json)
{
	struct msgc_str found;

	if (!msgc_test_json(frame, pointer, &found)) {
		if (json)
			msgc__test_fail(
			        "nothing at %s, wanted %s: %s", pointer, json, frame->text.ptr);
		return;
	}
	if (!json)
		msgc__test_fail(
		        "%s at %s, wanted nothing: %s", found.ptr, pointer, frame->text.ptr);
	if (!msgc_str_equal(found, msgc_str_from(json)))
		msgc__test_fail(
		        "%s at %s, wanted %s: %s", found.ptr, pointer, json, frame->text.ptr);
}
