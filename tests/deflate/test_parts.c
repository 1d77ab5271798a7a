/* SPDX-License-Identifier: MIT */
/*
 * permessage-deflate without a server: offers and answers, and messages through zlib, against zlib itself where that can be asked.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "../../runtime/deflate/deflate.h"

/* ---- the handshake */

#define FRESH "permessage-deflate; server_no_context_takeover; client_no_context_takeover"

static const struct {
	const char *offers;
	const char *answer; /* NULL: declined */
} offers[] = {
        {"permessage-deflate", FRESH},
        {"permessage-deflate; client_max_window_bits", FRESH},
        {"permessage-deflate; client_max_window_bits=8", FRESH},
        {"permessage-deflate;client_max_window_bits=\"15\"", FRESH},
        {"permessage-deflate; client_no_context_takeover; server_no_context_takeover", FRESH},
        {"permessage-deflate; server_max_window_bits=9", FRESH "; server_max_window_bits=9"},
        {"permessage-deflate; server_max_window_bits=15", FRESH "; server_max_window_bits=15"},
        {"permessage-deflate; server_max_window_bits=\"1\\2\"",
                FRESH "; server_max_window_bits=12"},
        {" permessage-deflate\t;  server_max_window_bits = 10 ",
                FRESH "; server_max_window_bits=10"},
        {"permessage-deflate; client_max_window_bits; server_max_window_bits=11; "
         "client_no_context_takeover; server_no_context_takeover",
                FRESH "; server_max_window_bits=11"},
        /* The first that is good, of several. */
        {"permessage-deflate; server_max_window_bits=12, permessage-deflate",
                FRESH "; server_max_window_bits=12"},
        {"permessage-deflate; server_max_window_bits=8, permessage-deflate", FRESH},
        {"permessage-deflate; nonsense, permessage-deflate; server_max_window_bits=13",
                FRESH "; server_max_window_bits=13"},
        {"x-webkit-deflate-frame, permessage-deflate", FRESH},
        {"mux; max=4; flow=\"control\", permessage-deflate", FRESH},
        {",, permessage-deflate ,", FRESH},
        /* Nothing of ours. */
        {"", NULL},
        {" , ", NULL},
        {"deflate", NULL},
        {"permessage-deflate2", NULL},
        {"x-permessage-deflate", NULL},
        {"permessage", NULL},
        /* Parameters that section 7.1 wants declined. */
        {"permessage-deflate; nonsense=1", NULL},
        {"permessage-deflate; nonsense", NULL},
        {"permessage-deflate; server_max_window_bits", NULL},
        {"permessage-deflate; server_max_window_bits=7", NULL},
        {"permessage-deflate; server_max_window_bits=8", NULL},
        {"permessage-deflate; server_max_window_bits=16", NULL},
        {"permessage-deflate; server_max_window_bits=09", NULL},
        {"permessage-deflate; server_max_window_bits=015", NULL},
        {"permessage-deflate; server_max_window_bits=1000000015", NULL},
        {"permessage-deflate; server_max_window_bits=a", NULL},
        {"permessage-deflate; client_max_window_bits=99", NULL},
        {"permessage-deflate; client_max_window_bits=7", NULL},
        {"permessage-deflate; client_max_window_bits=+9", NULL},
        {"permessage-deflate; server_no_context_takeover=1", NULL},
        {"permessage-deflate; client_no_context_takeover=true", NULL},
        {"permessage-deflate; client_max_window_bits; client_max_window_bits", NULL},
        {"permessage-deflate; client_max_window_bits=9; client_max_window_bits=9", NULL},
        {"permessage-deflate; server_max_window_bits=10; server_max_window_bits=10", NULL},
        {"permessage-deflate; server_no_context_takeover; server_no_context_takeover", NULL},
        {"permessage-deflate; Server_Max_Window_Bits=10", NULL},
        /* Malformed lists: nothing in them is believed. */
        {"permessage-deflate;", NULL},
        {"permessage-deflate; ;client_max_window_bits", NULL},
        {"permessage-deflate; client_max_window_bits=", NULL},
        {"permessage-deflate; =9", NULL},
        {"permessage-deflate client_max_window_bits", NULL},
        {"permessage-deflate; client_max_window_bits=\"9", NULL},
        {"permessage-deflate; client_max_window_bits=\"\"", NULL},
        {"permessage-deflate; client_max_window_bits=\"9\\", NULL},
        {"permessage-deflate; client_max_window_bits=\"9\" 9", NULL},
        {"permessage-deflate; client_max_window_bits=\"1 0\"", NULL},
        {"permessage-deflate, (", NULL},
        {"permessage-deflate, mux; a=\"", NULL},
        {"; permessage-deflate", NULL},
        {"\"permessage-deflate\"", NULL},
};
enum { OFFERS = sizeof(offers) / sizeof(offers[0]) };

START_TEST(offers_are_read_strictly)
{
	struct msgc__deflate_terms terms = {99, false};
	char answer[MSGC__DEFLATE_ANSWER_MAX], *copy;
	size_t len = strlen(offers[_i].offers);
	bool chosen;

	/* Memory of its exact length, so that a sanitizer sees a step too far. */
	copy = malloc(len ? len : 1);
	memcpy(copy, offers[_i].offers, len);
	chosen = msgc__deflate_choose(msgc_str_of(copy, len), &terms);
	free(copy);
	if (!offers[_i].answer) {
		ck_assert_msg(!chosen, "%s", offers[_i].offers);
		ck_assert_uint_eq(terms.window, 99);
		return;
	}
	ck_assert_msg(chosen, "%s", offers[_i].offers);
	len = msgc__deflate_answer(&terms, answer);
	ck_assert_str_eq(answer, offers[_i].answer);
	ck_assert_uint_eq(len, strlen(answer));
	ck_assert(msgc__deflate_agrees(msgc_str_of(answer, len)));
}
END_TEST

START_TEST(the_longest_answer_fits)
{
	struct msgc__deflate_terms terms = {MSGC__DEFLATE_WINDOW_MAX, true};
	char answer[MSGC__DEFLATE_ANSWER_MAX];

	ck_assert_uint_lt(msgc__deflate_answer(&terms, answer), sizeof(answer));
	ck_assert_ptr_nonnull(strstr(answer, "window_bits=15"));
}
END_TEST

START_TEST(offers_cut_anywhere_are_read)
{
	static const char text[] =
	        "mux; a=\"b\\\"\", permessage-deflate; server_max_window_bits=\"1\\2\" ; "
	        "client_max_window_bits=10,x";
	struct msgc__deflate_terms terms;
	size_t len;

	for (len = 0; len < sizeof(text); len++) {
		char *copy = malloc(len + 1);

		memcpy(copy, text, len);
		(void)msgc__deflate_choose(msgc_str_of(copy, len), &terms);
		free(copy);
	}
}
END_TEST

static const char *const no_answers[] = {
        "",
        "permessage-deflate",
        "permessage-deflate; client_no_context_takeover",
        "permessage-deflate; server_no_context_takeover; client_max_window_bits=10",
        "permessage-deflate; server_no_context_takeover; client_max_window_bits",
        "permessage-deflate; server_no_context_takeover; server_max_window_bits",
        "permessage-deflate; server_no_context_takeover; server_no_context_takeover",
        "permessage-deflate; server_no_context_takeover; nonsense",
        "permessage-deflate; server_no_context_takeover=1",
        "permessage-deflate; server_no_context_takeover, permessage-deflate",
        "permessage-deflate; server_no_context_takeover, mux",
        "mux",
        "permessage-deflate; server_no_context_takeover; server_max_window_bits=16",
        "permessage-deflate; server_no_context_takeover;",
};
enum { NO_ANSWERS = sizeof(no_answers) / sizeof(no_answers[0]) };

START_TEST(answers_to_something_else_are_refused)
{
	ck_assert_msg(!msgc__deflate_agrees(msgc_str_from(no_answers[_i])), "%s", no_answers[_i]);
}
END_TEST

START_TEST(a_server_may_say_less)
{
	ck_assert(msgc__deflate_agrees(MSGC_STR("permessage-deflate; server_no_context_takeover")));
	ck_assert(msgc__deflate_agrees(MSGC_STR(
	        "permessage-deflate; server_max_window_bits=8; server_no_context_takeover")));
}
END_TEST

/* ---- messages */

enum { TEXT_MAX = 200000 };

static struct msgc__deflater *deflater;
static struct msgc__inflater *inflater;
static char *memory;
static size_t cap;
static char text[TEXT_MAX + 1], deflated[TEXT_MAX + TEXT_MAX / 8 + 64];

static void up(void)
{
	deflater = msgc__deflater_new();
	inflater = msgc__inflater_new();
	cap = 16;
	memory = malloc(cap + MSGC_PADDING);
	ck_assert(deflater && inflater && memory);
}

static void down(void)
{
	msgc__deflater_free(deflater);
	msgc__inflater_free(inflater);
	free(memory);
}

/* Words, as in a chat; with `seed` 0 nothing that repeats. */
static void make_text(size_t len, unsigned seed)
{
	static const char *const words[] = {
	        "the ", "room ", "message ", "\"name\":", "42, ", "{}, "};
	unsigned state = seed * 2654435761u + 12345;
	size_t at = 0, i;

	while (at < len) {
		state = state * 1664525 + 1013904223;
		if (seed == 0) {
			text[at++] = (char)(state >> 24);
			continue;
		}
		for (i = 0; words[state >> 16 & 3][i] && at < len; i++)
			text[at++] = words[(state >> 16 & 3) + (state >> 30 & 1)][i % 3];
	}
}

static int inflate_back(const char *bytes, size_t len, size_t limit, size_t *ret_len)
{
	char *copy = malloc(len ? len : 1);
	int result;

	memcpy(copy, bytes, len);
	result = msgc__inflate(inflater, msgc_str_of(copy, len), limit, &memory, &cap, ret_len);
	free(copy);
	return result;
}

static const size_t sizes[] = {0, 1, 2, 10, 500, 511, 512, 513, 4095, 4096, 4097, 32767, 32768,
        32769, 65535, 65536, TEXT_MAX};
enum { SIZES = sizeof(sizes) / sizeof(sizes[0]) };

START_TEST(what_is_deflated_inflates_to_what_it_was)
{
	size_t size = sizes[_i], len, back, cut;
	unsigned allowed, window, seed;

	for (seed = 0; seed < 3; seed++) {
		for (allowed = MSGC__DEFLATE_WINDOW_MIN; allowed <= MSGC__DEFLATE_WINDOW_MAX;
		        allowed += seed == 1 ? 1 : 3) {
			make_text(size, seed);
			window = msgc__deflate_window(allowed, size);
			cut = size / 3;
			ck_assert_int_eq(msgc__deflate(deflater, window, msgc_str_of(text, cut),
			                         msgc_str_of(text + cut, size - cut), deflated,
			                         sizeof(deflated), &len),
			        0);
			ck_assert_int_eq(inflate_back(deflated, len, size, &back), 0);
			ck_assert_uint_eq(back, size);
			ck_assert_mem_eq(memory, text, size);
		}
	}
}
END_TEST

/* A peer whose window has no more than it asked for: zlib's own, of just that size. */
START_TEST(no_larger_window_is_needed_than_was_allowed)
{
	unsigned allowed;
	size_t size = sizes[_i], len;

	for (allowed = MSGC__DEFLATE_WINDOW_MIN; allowed <= MSGC__DEFLATE_WINDOW_MAX; allowed++) {
		static char back[TEXT_MAX + 1];
		z_stream peer = {.next_in = (Bytef *)deflated, .next_out = (Bytef *)back};
		size_t at;

		make_text(size, 7);
		/* What repeats from just as far away as the window reaches, and a little further. */
		for (at = 0; at + 40 < size; at += 40)
			memcpy(text + at, "0123456789", 10);
		ck_assert_int_eq(msgc__deflate(deflater, msgc__deflate_window(allowed, size),
		                         msgc_str_of(text, size), msgc_str_of(NULL, 0), deflated,
		                         sizeof(deflated), &len),
		        0);
		memcpy(deflated + len, "\0\0\xff\xff", 4);
		ck_assert_int_eq(inflateInit2(&peer, -(int)allowed), Z_OK);
		peer.avail_in = (uInt)len + 4;
		/* In small steps, so that its window is what it looks back into. */
		while (peer.avail_in > 0) {
			int result;

			peer.avail_out = 64;
			result = inflate(&peer, Z_SYNC_FLUSH);
			ck_assert_msg(result == Z_OK, "window %u, size %zu: %s", allowed, size,
			        peer.msg ? peer.msg : "");
		}
		ck_assert_uint_eq(peer.total_out, size);
		ck_assert_mem_eq(back, text, size);
		inflateEnd(&peer);
	}
}
END_TEST

START_TEST(what_does_not_fit_is_refused)
{
	size_t len, room;

	make_text(3000, 0);
	for (room = 0; room < 3000; room += 7)
		ck_assert_int_eq(msgc__deflate(deflater, 12, msgc_str_of(text, 3000),
		                         msgc_str_of(NULL, 0), deflated, room, &len),
		        MSGC_ELIMIT);
	make_text(3000, 1);
	ck_assert_int_eq(msgc__deflate(deflater, 12, msgc_str_of(text, 3000), msgc_str_of(NULL, 0),
	                         deflated, 3004, &len),
	        0);
	ck_assert_uint_lt(len, 3000);
	ck_assert_int_eq(msgc__deflate(deflater, 8, msgc_str_of(text, 10), msgc_str_of(NULL, 0),
	                         deflated, 3004, &len),
	        MSGC_EINVAL);
}
END_TEST

/* RFC 7692 section 7.2.3: the same message in many ways. */
static const struct {
	const char *bytes;
	size_t len;
	const char *text;
} examples[] = {
#define BYTES(bytes) bytes, sizeof(bytes) - 1
        {BYTES("\xf2\x48\xcd\xc9\xc9\x07\x00"), "Hello"},
        {BYTES("\x00\x05\x00\xfa\xff\x48\x65\x6c\x6c\x6f\x00"), "Hello"}, /* without compression */
        {BYTES("\xf3\x48\xcd\xc9\xc9\x07\x00\x00"), "Hello"}, /* the last block says so */
        {BYTES("\xf2\x48\x05\x00\x00\x00\xff\xff\xca\xc9\xc9\x07\x00"), "Hello"}, /* two blocks */
        {BYTES("\x00"), ""},
        {BYTES("\x01"), ""}, /* an empty block that is the last one, without its length */
        {BYTES("\x02\x00"), ""},
        /* A final block, and one that refers to what was before it: "Hello" and again "Hello". */
        {BYTES("\xf3\x48\xcd\xc9\xc9\x07\x00\x02\x13\x00\x00"), "HelloHello"},
};
enum { EXAMPLES = sizeof(examples) / sizeof(examples[0]) };

START_TEST(examples_of_the_standard)
{
	size_t len;
	int result = inflate_back(examples[_i].bytes, examples[_i].len, 100, &len);

	ck_assert_int_eq(result, 0);
	ck_assert_uint_eq(len, strlen(examples[_i].text));
	ck_assert_mem_eq(memory, examples[_i].text, len);
}
END_TEST

static const struct {
	const char *bytes;
	size_t len;
} malformed[] = {
        {BYTES("")},                 /* an empty message is one byte long */
        {BYTES("\xff\xff\xff\xff")}, /* a block of type 3 */
        {BYTES("\x06")},             /* the same */
        {BYTES("\x00\x05\x00\xfa\xfe\x48\x65\x6c\x6c\x6f\x00")}, /* a length that is none */
        {BYTES("\x00\x05\x00\xfa\xff\x48\x65")}, /* cut off, the tail becomes text */
        {BYTES("\xf2\x48\xcd\xc9")},             /* cut off */
        {BYTES("\x4a\x04\x04\x00")},             /* refers to what is before the message */
        {BYTES("\xf3\x48\xcd\xc9\xc9\x07\x00")}, /* nothing behind the last block */
        {BYTES("\xf2\x48\xcd\xc9\xc9\x07\x00\x00\x00\xff\xff\x07")},
};
enum { MALFORMED = sizeof(malformed) / sizeof(malformed[0]) };

START_TEST(malformed_messages_are_refused)
{
	size_t len = 77;

	ck_assert_int_eq(
	        inflate_back(malformed[_i].bytes, malformed[_i].len, 100, &len), MSGC_EINVAL);
	ck_assert_uint_eq(len, 77);
	/* And the next one is none the worse. */
	ck_assert_int_eq(inflate_back(examples[0].bytes, examples[0].len, 100, &len), 0);
	ck_assert_mem_eq(memory, "Hello", 5);
}
END_TEST

START_TEST(nothing_of_a_message_can_be_referred_to_by_the_next)
{
	size_t len;

	ck_assert_int_eq(inflate_back(examples[0].bytes, examples[0].len, 100, &len), 0);
	/* "Hello" once more, from five bytes back. */
	ck_assert_int_eq(inflate_back("\x02\x13\x00\x00", 4, 100, &len), MSGC_EINVAL);
}
END_TEST

START_TEST(the_limit_holds_to_the_byte)
{
	size_t len, back, size = 50000;

	make_text(size, 1);
	ck_assert_int_eq(msgc__deflate(deflater, 15, msgc_str_of(text, size), msgc_str_of(NULL, 0),
	                         deflated, sizeof(deflated), &len),
	        0);
	ck_assert_int_eq(inflate_back(deflated, len, size, &back), 0);
	ck_assert_uint_eq(back, size);
	ck_assert_int_eq(inflate_back(deflated, len, size - 1, &back), MSGC_ELIMIT);
	ck_assert_int_eq(inflate_back(deflated, len, 0, &back), MSGC_ELIMIT);
	ck_assert_uint_le(cap, size);
	ck_assert_int_eq(inflate_back(deflated, len, size + 1, &back), 0);
}
END_TEST

START_TEST(a_bomb_is_not_inflated_behind_the_limit)
{
	size_t len, back, limit = 1000;

	memset(text, 'b', TEXT_MAX);
	ck_assert_int_eq(msgc__deflate(deflater, 15, msgc_str_of(text, TEXT_MAX),
	                         msgc_str_of(NULL, 0), deflated, sizeof(deflated), &len),
	        0);
	ck_assert_uint_lt(len, 1200);
	ck_assert_int_eq(inflate_back(deflated, len, limit, &back), MSGC_ELIMIT);
	ck_assert_uint_le(cap, limit);
}
END_TEST

/* Each end of a stream costs a copy of what was before: there may be some, but not any number. */
START_TEST(many_final_blocks_are_refused)
{
	char many[64];
	size_t len;

	memcpy(many, examples[0].bytes, 7);
	memset(many + 7, 0, sizeof(many) - 7);
	for (size_t i = 0; i < 8; i++)
		memcpy(many + 2 * i, "\x03\x00", 2);
	ck_assert_int_eq(inflate_back(many, 17, 100, &len), 0);
	ck_assert_uint_eq(len, 0);
	memcpy(many + 16, "\x03\x00", 2);
	ck_assert_int_eq(inflate_back(many, 19, 100, &len), MSGC_EINVAL);
}
END_TEST

START_TEST(any_bytes_end_well)
{
	unsigned state = (unsigned)_i * 7919 + 1;
	size_t len, round, i;

	for (round = 0; round < 2000; round++) {
		size_t size = round % 300;

		for (i = 0; i < size; i++) {
			state = state * 1664525 + 1013904223;
			deflated[i] = (char)(state >> 24);
		}
		len = 0;
		if (inflate_back(deflated, size, 1000, &len) == 0)
			ck_assert_uint_le(len, 1000);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("deflate");
	TCase *handshake = tcase_create("handshake"), *messages = tcase_create("messages");
	SRunner *runner;
	int failed;

	tcase_add_loop_test(handshake, offers_are_read_strictly, 0, OFFERS);
	tcase_add_test(handshake, the_longest_answer_fits);
	tcase_add_test(handshake, offers_cut_anywhere_are_read);
	tcase_add_loop_test(handshake, answers_to_something_else_are_refused, 0, NO_ANSWERS);
	tcase_add_test(handshake, a_server_may_say_less);
	suite_add_tcase(suite, handshake);

	tcase_add_checked_fixture(messages, up, down);
	tcase_set_timeout(messages, 60);
	tcase_add_loop_test(messages, what_is_deflated_inflates_to_what_it_was, 0, SIZES);
	tcase_add_loop_test(messages, no_larger_window_is_needed_than_was_allowed, 0, SIZES);
	tcase_add_test(messages, what_does_not_fit_is_refused);
	tcase_add_loop_test(messages, examples_of_the_standard, 0, EXAMPLES);
	tcase_add_loop_test(messages, malformed_messages_are_refused, 0, MALFORMED);
	tcase_add_test(messages, nothing_of_a_message_can_be_referred_to_by_the_next);
	tcase_add_test(messages, the_limit_holds_to_the_byte);
	tcase_add_test(messages, a_bomb_is_not_inflated_behind_the_limit);
	tcase_add_test(messages, many_final_blocks_are_refused);
	tcase_add_loop_test(messages, any_bytes_end_well, 0, 4);
	suite_add_tcase(suite, messages);

	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
