/* SPDX-License-Identifier: MIT */
/*
 * Any bytes through every set of kernels that this machine has, at other alignments for each: as a
 * JSON text of exact length, as members and items read in place, as a record and a member that
 * nobody knows, as strings and numbers written. All must give what the portable ones give, problems
 * and their places included.
 */
#include <stdlib.h>
#include <string.h>

#include "codec/kernels.h"
#include "thing.h"

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

/* Where a text begins, relative to what is aligned to 64. */
static size_t skew;

/* A copy that ends where its memory does, the padding aside; free_text gives it back. */
static char *copy_text(const uint8_t *data, size_t size, size_t padding)
{
	size_t all = skew + size + padding;
	char *memory = malloc(all ? all : 1), *text;

	REQUIRE(memory);
	text = memory + skew;
	if (size)
		memcpy(text, data, size);
	memset(text + size, "\"}0,e]\\x"[skew % 8], padding); /* must not be taken for the text's */
	return text;
}

static void free_text(char *text)
{
	free(text - skew);
}

static void validate(struct outcome *o, const uint8_t *data, size_t size)
{
	char *exact = copy_text(data, size, 0);

	say_result(o, msgc_json_validate(exact, size, NULL, &o->arena, &o->problems));
	free_text(exact);
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
	char *text = copy_text(data, size, MSGC_PADDING);

	REQUIRE(msgc_reader_open(&r, text, size, &options, &o->arena, &o->problems));
	read_value(o, &r, 0);
	say_result(o, msgc_reader_close(&r));
	REQUIRE(!keep || size == 0 || memcmp(text, data, size) == 0);
	free_text(text);
}

/* By the record's table, which goes through one call of the kernel; and written again. */
static void read_thing(struct outcome *o, const uint8_t *data, size_t size, bool is_const)
{
	char *text = copy_text(data, size, is_const ? 0 : MSGC_PADDING);
	struct msgc_buf out = {0};
	struct thing thing;
	int result;

	result = is_const
	        ? msgc_type_decode(&thing_type, text, size, NULL, &o->arena, &thing, &o->problems)
	        : msgc_type_decode_in_place(
	                  &thing_type, text, size, NULL, &o->arena, &thing, &o->problems);
	say_result(o, result);
	if (result == 0) {
		REQUIRE(msgc_type_encode(&thing_type, &thing, &out) == 0);
		say(o, "thing", out.data, out.len);
		msgc_buf_free(&out);
	}
	free_text(text);
}

/* As the value of a member that the record does not know: taken if it is JSON. */
static void pass_over(struct outcome *o, const uint8_t *data, size_t size)
{
	static const char before[] = "{\"s\":\"\",\"x\":0,\"n\":0,\"b\":true,\"ss\":[],\"xs\":[],"
	                             "\"ns\":[],\"what\":";
	uint8_t *whole = malloc(sizeof before + size);

	REQUIRE(whole);
	memcpy(whole, before, sizeof before - 1);
	if (size)
		memcpy(whole + sizeof before - 1, data, size);
	whole[sizeof before - 1 + size] = '}';
	read_thing(o, whole, sizeof before + size, false);
	free(whole);
}

static void write_string(struct outcome *o, const uint8_t *data, size_t size)
{
	struct msgc_buf out = {0};
	char *exact = copy_text(data, size, 0);

	msgc_write_str(&out, msgc_str_of(exact, size));
	if (out.error)
		msgc_buf_printf(&o->said, "not written: %d\n", out.error);
	else
		say(o, "written", out.data, out.len);
	msgc_buf_printf(&o->said, "utf8 %d\n", msgc_utf8_valid(exact, size));
	msgc_buf_free(&out);
	free_text(exact);
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
	msgc_arena_reset(&o->arena);
	read_thing(o, data, size, false);
	msgc_arena_reset(&o->arena);
	read_thing(o, data, size, true);
	msgc_arena_reset(&o->arena);
	pass_over(o, data, size);
	write_string(o, data, size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct outcome want, got;
	const struct msgc__kernels *const *k = msgc__kernels_all();

	REQUIRE(msgc__kernels_use((*k)->name));
	skew = 0;
	run(&want, data, size);
	for (k++; *k; k++) {
		skew = (skew + 23 + size) % 64;
		REQUIRE(msgc__kernels_use((*k)->name));
		run(&got, data, size);
		REQUIRE(got.said.len == want.said.len);
		REQUIRE(memcmp(got.said.data, want.said.data, got.said.len) == 0);
	}
	return 0;
}
