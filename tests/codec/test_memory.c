/* SPDX-License-Identifier: MIT */
/*
 * Arena and buffer: limits, reuse, alignment; and every allocation of decode, encode and clone
 * failing in turn.
 */
#include "../fuzz/thing.h"
#include "record.h"
#include "codec_test.h"
#include "shortage.h"

#include <stdint.h>

START_TEST(arena_gives_aligned_pieces_that_do_not_overlap)
{
	struct msgc_arena arena = {0};
	uint64_t state = 1;
	struct {
		unsigned char *p;
		size_t size;
	} pieces[500];

	for (size_t i = 0; i < 500; i++) {
		size_t align = (size_t)1 << test_random(&state) % 7;

		pieces[i].size = test_random(&state) % (i % 50 ? 300 : 20000);
		pieces[i].p = msgc_arena_alloc(&arena, pieces[i].size, align);
		ck_assert_ptr_nonnull(pieces[i].p);
		ck_assert_uint_eq((uintptr_t)pieces[i].p % align, 0);
		memset(pieces[i].p, (int)(i & 255), pieces[i].size);
	}
	for (size_t i = 0; i < 500; i++)
		for (size_t k = 0; k < pieces[i].size; k++)
			ck_assert_uint_eq(pieces[i].p[k], i & 255);
	msgc_arena_free(&arena);
	ck_assert_uint_eq(arena.total, 0);
}
END_TEST

START_TEST(arena_refuses_what_is_wrong_or_overflows)
{
	struct msgc_arena arena = {0};

	ck_assert_ptr_null(msgc_arena_alloc(&arena, 1, 0));
	ck_assert_ptr_null(msgc_arena_alloc(&arena, 1, 3));
	ck_assert_ptr_null(msgc_arena_alloc(&arena, 1, 128));
	ck_assert_ptr_null(msgc_arena_alloc(&arena, SIZE_MAX, 1));
	ck_assert_ptr_null(msgc_arena_alloc(&arena, SIZE_MAX - 32, 16));
	ck_assert_ptr_null(msgc_arena_calloc(&arena, SIZE_MAX / 8, 16));
	ck_assert_ptr_nonnull(msgc_arena_alloc(&arena, 0, 1));
	msgc_arena_free(&arena);
	msgc_arena_free(NULL);
}
END_TEST

START_TEST(arena_keeps_to_its_limit)
{
	struct msgc_arena arena;
	size_t given = 0;

	msgc_arena_init(&arena, 100000);
	while (msgc_arena_alloc(&arena, 1000, 8))
		given += 1000;
	ck_assert_uint_gt(given, 90000);
	ck_assert_uint_le(arena.total, 100000);
	ck_assert_ptr_null(msgc_arena_alloc(&arena, 100001, 1));
	msgc_arena_free(&arena);
}
END_TEST

START_TEST(arena_reset_keeps_blocks_and_needs_no_more_malloc)
{
	struct msgc_arena arena = {0};
	int given;

	for (int round = 0; round < 3; round++) {
		shortage_of(SHORTAGE_NONE, SHORTAGE_NONE);
		shortage_arm(true);
		for (given = 0; given < 100 && msgc_arena_alloc(&arena, 1000, 8); given++)
			;
		shortage_arm(false);
		ck_assert_int_eq(given, 100);
		ck_assert_uint_ge(msgc_arena_used(&arena), 100000);
		ck_assert(round ? shortage_count() == 0 : shortage_count() > 0);
		msgc_arena_reset(&arena);
		ck_assert_uint_eq(msgc_arena_used(&arena), 0);
	}
	msgc_arena_free(&arena);
}
END_TEST

START_TEST(blocks_of_an_earlier_use_do_not_eat_the_limit)
{
	struct msgc_arena arena;

	msgc_arena_init(&arena, 100000);
	while (msgc_arena_alloc(&arena, 1000, 8))
		;
	msgc_arena_reset(&arena);
	ck_assert_ptr_nonnull(msgc_arena_alloc(&arena, 80000, 8));
	ck_assert_uint_le(arena.total, 100000);
	msgc_arena_free(&arena);
}
END_TEST

START_TEST(fixed_arena_never_calls_malloc)
{
	char memory[256];
	struct msgc_arena arena;
	size_t given[2] = {0};
	void *all, *none;

	shortage_of(SHORTAGE_NONE, SHORTAGE_NONE);
	shortage_arm(true);
	msgc_arena_init_fixed(&arena, memory, sizeof memory);
	for (int round = 0; round < 2; round++) {
		while (msgc_arena_alloc(&arena, 10, 1))
			given[round] += 10;
		msgc_arena_reset(&arena);
	}
	msgc_arena_free(&arena);
	all = msgc_arena_alloc(&arena, sizeof memory, 1);
	msgc_arena_init_fixed(&arena, NULL, 0);
	none = msgc_arena_alloc(&arena, 1, 1);
	shortage_arm(false);
	ck_assert_uint_eq(given[0], 250);
	ck_assert_uint_eq(given[1], 250);
	ck_assert_ptr_eq(all, memory);
	ck_assert_ptr_null(none);
	ck_assert_uint_eq(shortage_count(), 0);
}
END_TEST

START_TEST(buffer_grows_to_its_limit_and_failure_sticks)
{
	struct msgc_buf buf;

	msgc_buf_init(&buf, 1000);
	for (int i = 0; i < 100; i++)
		msgc_buf_append(&buf, "0123456789", 10);
	ck_assert_int_eq(buf.error, 0);
	ck_assert_uint_eq(buf.len, 1000);
	msgc_buf_append_char(&buf, 'x');
	ck_assert_int_eq(buf.error, MSGC_ENOMEM);
	ck_assert_ptr_null(msgc_buf_c(&buf));
	buf.len = 0;
	msgc_buf_append_char(&buf, 'x');
	ck_assert_uint_eq(buf.len, 0);
	msgc_buf_reset(&buf);
	msgc_buf_append_str(&buf, "again");
	ck_assert_str_eq(msgc_buf_c(&buf), "again");
	ck_assert_ptr_null(msgc_buf_reserve(&buf, SIZE_MAX));
	ck_assert_int_eq(buf.error, MSGC_ENOMEM);
	msgc_buf_free(&buf);
	msgc_buf_free(NULL);
}
END_TEST

START_TEST(printf_cuts_and_says_nothing_wrong)
{
	struct msgc_buf buf = {0};
	char text[3000];

	memset(text, 'a', sizeof text);
	text[sizeof text - 1] = '\0';
	msgc_buf_printf(&buf, "%d:%s", 5, text);
	ck_assert_uint_eq(buf.len, 1023);
	ck_assert_int_eq(buf.error, 0);
	msgc_buf_free(&buf);
}
END_TEST

static const char text[] = "{\"id\":5,\"te\\u0078t\":\"\\u0061\",\"at\":null,\"tags\":[\"a\",\"b\"]"
                           ",\"marks\":{\"a\":1},"
                           "\"u1\":{\"a\":[{\"b\":1,\"c\":2}]},\"u2\":1,\"u3\":1,\"u4\":1,\"u5\":1,"
                           "\"u6\":1,\"u7\":1,\"u8\":1,"
                           "\"u9\":1,\"children\":[{\"id\":5,\"text\":\"x\",\"at\":null}]}";

/* All of it once; the arena starts small so that it allocates often. `failing` 0: none. */
static int everything(unsigned long failing, size_t *ret_kept)
{
	struct msgc_arena arena = {0}, other = {0};
	struct msgc_buf out = {0};
	struct msgc_problems problems;
	struct record v, copy;
	char *filler;
	int result = MSGC_ENOMEM;

	shortage_of(failing, failing);
	shortage_arm(true);
	/* Uses up the first block, so that each further piece asks for memory soon. */
	filler = msgc_arena_alloc(&arena, 4000, 1);
	if (filler)
		result = record_decode(LITERAL(text), NULL, &arena, &v, &problems);
	if (result == 0)
		result = record_clone(&v, &other, &copy);
	if (result == 0)
		result = record_encode(&copy, &out);
	shortage_arm(false);
	*ret_kept = out.len;
	msgc_buf_free(&out);
	msgc_arena_free(&other);
	msgc_arena_free(&arena);
	return result;
}

START_TEST(every_allocation_may_fail)
{
	size_t len;
	unsigned long total;

	ck_assert_int_eq(everything(SHORTAGE_NONE, &len), 0);
	ck_assert_uint_gt(len, 100);
	total = shortage_count();
	ck_assert_uint_gt(total, 3);
	for (unsigned long n = 1; n <= total; n++) {
		ck_assert_int_eq(everything(n, &len), MSGC_ENOMEM);
		ck_assert_uint_eq(len, 0);
	}
	ck_assert_int_eq(everything(total + 1, &len), 0);
}
END_TEST

/*
 * With an arena of every size: each piece that a decode takes fails once, and problems told before
 * stay.
 */
START_TEST(every_piece_of_an_arena_may_fail)
{
	static const char bad[] =
	        "{\"id\":0,\"x\\u0061\":1,\"text\":\"\\u0061\",\"at\":null,\"tags\":[\"a\",\"b\"]}";
	struct msgc_problems problems;
	struct msgc_arena arena;
	struct record v;
	char memory[2048];
	int refusals = 0, result;

	for (size_t size = 1; size < sizeof memory; size++) {
		msgc_arena_init_fixed(&arena, memory, size);
		result = record_decode(LITERAL(bad), NULL, &arena, &v, &problems);
		if (result == MSGC_ECONTRACT) {
			refusals++;
			ck_assert_uint_eq(problems.count, 1);
		} else {
			ck_assert_int_eq(result, MSGC_ENOMEM);
			ck_assert_int_eq(refusals, 0);
			ck_assert_uint_le(problems.count, 1);
		}
	}
	ck_assert_int_gt(refusals, 0);
	ck_assert_uint_eq(problems.count, 1);
}
END_TEST

/*
 * The way of a server: the same memory for one message after the other. By the quick ways and the
 * general one, with escapes, unknown members, lists and refusals: nothing comes from malloc.
 */
START_TEST(fixed_memory_is_enough_for_a_server)
{
	static const char *const texts[] = {
	        "{\"s\":\"a\\u0000\",\"x\":1e-7,\"n\":-5,\"b\":true,\"ss\":[\"a\",\"\\n\",\"\"],"
	        "\"xs\":[0.1,123456789012345678901234567890e-20],\"ns\":[1,2.0],"
	        "\"any\":{\"k\":[1,{\"\\u0061\":2}]},"
	        "\"more\":[{\"s\":\"\",\"x\":0,\"n\":0,\"b\":false,\"ss\":[],\"xs\":[],"
	        "\"ns\":[]}]}",
	        " { \"n\" : 1 , \"what\" : { \"a\" : [ { \"b\" : \"\\ud83d\\ude00\" } ] } , "
	        "\"b\":false,\"s\":\"\",\"x\":1.7976931348623157e308,\"ns\":[],\"xs\":[],\"ss\":[]"
	        "}",
	        "{\"s\":1,\"x\":\"\",\"n\":1.5,\"b\":null,\"ss\":[1],\"xs\":[\"\"],\"ns\":{}}",
	        "{\"s\":\"\\ud800\"", "{\"s\":\"a\",\"s\":\"a\"}"};
	static char memory[4096], written[1024], copy[1024];
	static struct msgc_problems problems;
	struct msgc_arena arena;
	struct msgc_buf out;
	struct thing thing;

	msgc_arena_init_fixed(&arena, memory, sizeof memory);
	msgc_buf_init_fixed(&out, written, sizeof written);
	shortage_of(SHORTAGE_NONE, SHORTAGE_NONE);
	for (int round = 0; round < 100; round++)
		for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
			size_t len = strlen(texts[i]);
			int result;

			memcpy(copy, texts[i], len);
			shortage_arm(true);
			result = round % 2 ? msgc_type_decode(&thing_type, copy, len, NULL, &arena,
			                             &thing, &problems)
			                   : msgc_type_decode_in_place(&thing_type, copy, len, NULL,
			                             &arena, &thing, &problems);
			if (result == 0)
				result = msgc_type_encode(&thing_type, &thing, &out);
			shortage_arm(false);
			ck_assert_int_eq(result, i < 2 ? 0 : MSGC_ECONTRACT);
			ck_assert_uint_gt(msgc_arena_used(&arena) + problems.count, 0);
			msgc_arena_reset(&arena);
			msgc_buf_reset(&out);
		}
	ck_assert_uint_eq(shortage_count(), 0);
}
END_TEST

START_TEST(validate_needs_memory_only_for_names)
{
	static const char names[] = "{\"a\":[{\"b\":{}}]}", none[] = "[[1,\"a\",[true,null]],[]]";
	struct msgc_problems problems;
	struct msgc_arena arena;
	char memory[2048];
	int good = 0, result;

	msgc_arena_init_fixed(&arena, memory, 0);
	ck_assert_int_eq(msgc_json_validate(LITERAL(none), NULL, &arena, &problems), 0);
	for (size_t size = 0; size < sizeof memory; size++) {
		msgc_arena_init_fixed(&arena, memory, size);
		result = msgc_json_validate(LITERAL(names), NULL, &arena, &problems);
		ck_assert_int_eq(result, good ? 0 : result);
		good += result == 0;
		ck_assert(result == 0 || result == MSGC_ENOMEM);
		ck_assert_uint_eq(msgc_arena_used(&arena), 0);
	}
	ck_assert_int_gt(good, 0);
}
END_TEST

/* Closed objects give their names back: a thousand of them need no more than one. */
START_TEST(validate_needs_memory_only_for_open_objects)
{
	struct msgc_arena arena;
	struct msgc_buf json = {0};
	char memory[1024];

	msgc_write_lit(&json, "[");
	for (int i = 0; i < 1000; i++)
		msgc_write_lit(&json, "{\"a\":{\"b\":1,\"\\u0063\":2}},");
	msgc_write_list_end(&json);
	msgc_arena_init_fixed(&arena, memory, sizeof memory);
	ck_assert_int_eq(msgc_json_validate(json.data, json.len, NULL, &arena, NULL), 0);
	msgc_buf_free(&json);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("codec_memory");
	const TTest *const arena[] = {arena_gives_aligned_pieces_that_do_not_overlap,
	        arena_refuses_what_is_wrong_or_overflows, arena_keeps_to_its_limit,
	        arena_reset_keeps_blocks_and_needs_no_more_malloc,
	        blocks_of_an_earlier_use_do_not_eat_the_limit, fixed_arena_never_calls_malloc,
	        NULL};
	const TTest *const buffer[] = {buffer_grows_to_its_limit_and_failure_sticks,
	        printf_cuts_and_says_nothing_wrong, NULL};
	const TTest *const failures[] = {every_allocation_may_fail,
	        every_piece_of_an_arena_may_fail, fixed_memory_is_enough_for_a_server,
	        validate_needs_memory_only_for_names, validate_needs_memory_only_for_open_objects,
	        NULL};

	codec_test_case(suite, "arena", arena);
	codec_test_case(suite, "buffer", buffer);
	codec_test_case(suite, "failures", failures);
	return codec_test_run(suite);
}
