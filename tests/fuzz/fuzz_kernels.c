/* SPDX-License-Identifier: MIT */
/*
 * Any bytes through every set of kernels that this machine has: as a JSON text of exact length, as
 * members and items read in place, as a string written. All must give what the portable ones give,
 * problems and their places included.
 */
#include <stdlib.h>
#include <string.h>

#include "codec/kernels.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define REQUIRE(condition)                                                                         \
	do {                                                                                       \
		if (!(condition))                                                                  \
			abort();                                                                   \
	} while (0)

/* What came out, as text: the same bytes for the same result. */
struct outcome {
	struct msgc_buf said;
	struct msgc_arena arena;
	struct msgc_problems problems;
};

static void say(struct outcome *o, const char *what, const char *text, size_t len)
{
	msgc_buf_printf(&o->said, "%s %zu ", what, len);
	msgc_buf_append(&o->said, text, len);
	msgc_buf_append_char(&o->said, '\n');
}

static void say_result(struct outcome *o, int result)
{
	msgc_buf_printf(&o->said, "%d ", result);
	msgc_problems_write(&o->problems, &o->said);
	msgc_problems_clear(&o->problems);
}

static void validate(struct outcome *o, const uint8_t *data, size_t size)
{
	char *exact = malloc(size ? size : 1);

	REQUIRE(exact);
	memcpy(exact, data, size);
	say_result(o, msgc_json_validate(exact, size, NULL, &o->arena, &o->problems));
	free(exact);
}

static void read_value(struct outcome *o, struct msgc_reader *r, int depth);

static void read_object(struct outcome *o, struct msgc_reader *r, int depth)
{
	struct msgc_object object;

	if (!msgc_read_object(r, &object))
		return;
	while (msgc_read_member(r, &object)) {
		say(o, "member", object.at.key.ptr, object.at.key.len);
		read_value(o, r, depth + 1);
	}
	msgc_read_object_end(r, &object);
}

static void read_list(struct outcome *o, struct msgc_reader *r, int depth)
{
	struct msgc_list list;

	if (!msgc_read_list(r, &list, 0, 7))
		return;
	while (msgc_read_item(r, &list))
		read_value(o, r, depth + 1);
	msgc_read_list_end(r, &list);
}

/* Whatever stands there, by the function for it. */
static void read_value(struct outcome *o, struct msgc_reader *r, int depth)
{
	struct msgc_str s;
	double d;

	if (r->error)
		return;
	while (msgc__is_space(*r->at))
		r->at++;
	switch (*r->at) {
	case '{':
		if (depth < 8)
			read_object(o, r, depth);
		else
			msgc_read_skip(r);
		break;
	case '[':
		if (depth < 8)
			read_list(o, r, depth);
		else
			msgc_read_skip(r);
		break;
	case '-':
	case '0':
	case '1':
	case '2':
	case '3':
		if (msgc_read_float64(r, &d))
			say(o, "number", (const char *)&d, sizeof d);
		break;
	case 't':
	case '4': msgc_read_skip(r); break;
	default:
		if (msgc_read_str(r, &s))
			say(o, "string", s.ptr, s.len);
	}
}

static void read_in_place(struct outcome *o, const uint8_t *data, size_t size, bool keep)
{
	struct msgc_decode_options options = {.keep_text = keep};
	struct msgc_reader r;
	char *text = malloc(size + MSGC_PADDING);

	REQUIRE(text);
	memcpy(text, data, size);
	memset(text + size, '"', MSGC_PADDING); /* what must not be taken for the text's */
	REQUIRE(msgc_reader_open(&r, text, size, &options, &o->arena, &o->problems));
	read_value(o, &r, 0);
	say_result(o, msgc_reader_close(&r));
	REQUIRE(!keep || memcmp(text, data, size) == 0);
	free(text);
}

static void write_string(struct outcome *o, const uint8_t *data, size_t size)
{
	struct msgc_buf out = {0};
	char *exact = malloc(size ? size : 1);

	REQUIRE(exact);
	memcpy(exact, data, size);
	msgc_write_str(&out, msgc_str_of(exact, size));
	if (out.error)
		msgc_buf_printf(&o->said, "not written: %d\n", out.error);
	else
		say(o, "written", out.data, out.len);
	msgc_buf_printf(&o->said, "utf8 %d\n", msgc_utf8_valid(exact, size));
	msgc_buf_free(&out);
	free(exact);
}

static void run(struct outcome *o, const uint8_t *data, size_t size)
{
	msgc_buf_reset(&o->said);
	msgc_arena_reset(&o->arena);
	msgc_problems_clear(&o->problems);
	validate(o, data, size);
	read_in_place(o, data, size, false);
	msgc_arena_reset(&o->arena);
	read_in_place(o, data, size, true);
	write_string(o, data, size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct outcome want, got;
	const struct msgc__kernels *const *k = msgc__kernels_all();

	REQUIRE(msgc__kernels_use((*k)->name));
	run(&want, data, size);
	for (k++; *k; k++) {
		REQUIRE(msgc__kernels_use((*k)->name));
		run(&got, data, size);
		REQUIRE(got.said.len == want.said.len);
		REQUIRE(memcmp(got.said.data, want.said.data, got.said.len) == 0);
	}
	return 0;
}
