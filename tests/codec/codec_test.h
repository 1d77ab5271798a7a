/* SPDX-License-Identifier: MIT */
/*
 * What the codec's tests share: running one suite a program, decoding with one line, memory that
 * ends at a guard page.
 */
#ifndef CODEC_TEST_H
#define CODEC_TEST_H

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include <msgc/codec_gen.h>

/*
 * Runs the suite; the exit status of the program. By the set of kernels that MSGC_TEST_KERNELS
 * names, in the locale that MSGC_TEST_COMMA names (made from comma.locale).
 */
int codec_test_run(Suite *suite);

/* One test case of a suite out of functions, NULL at the end. */
void codec_test_case(Suite *suite, const char *name, const TTest *const *tests);

/* An empty test case, for tests that loop; with the time that slow machines need. */
TCase *codec_test_loops(Suite *suite, const char *name);

/* msgc_json_validate with an arena without limit. */
int codec_test_validate(const char *text, size_t len, struct msgc_problems *problems);

/* `size` bytes that end where an inaccessible page begins. */
struct guarded {
	char *data;
	void *map;
	size_t map_size;
};
struct guarded guarded_new(size_t size);
void guarded_free(struct guarded *g);

/* Some pages between two inaccessible ones, for many texts; they stay until the process ends. */
struct field {
	char *begin, *end;
};
struct field field_new(void);

/* Fills n bytes with what a text would not survive that ran on into them. */
void sow(char *at, size_t n, unsigned seed);

/* For what is asked millions of times, where Check's own would write each of them down. */
#define REQUIRE(condition, ...)                                                                    \
	do {                                                                                       \
		if (!(condition))                                                                  \
			ck_abort_msg(__VA_ARGS__);                                                 \
	} while (0)

/*
 * A reader on a copy of `text`, its arena and its problems in one, for tests of single reader
 * functions.
 */
struct bench {
	struct msgc_reader r;
	struct msgc_arena arena;
	struct msgc_problems problems;
	char *text;
};
void bench_open(struct bench *b, const char *text);
/* The reader's result; frees everything but problems. */
int bench_close(struct bench *b);

/* Type, loc, msg and ctx of the only problem. */
#define ASSERT_PROBLEM(problems, want_type, want_loc, want_msg, want_ctx)                          \
	do {                                                                                       \
		const struct msgc_problems *p_ = (problems);                                       \
		const char *ctx_ = (want_ctx);                                                     \
		ck_assert_uint_eq(p_->count, 1);                                                   \
		ck_assert_str_eq(p_->items[0].type, want_type);                                    \
		ck_assert_str_eq(p_->items[0].loc, want_loc);                                      \
		ck_assert_str_eq(p_->items[0].msg, want_msg);                                      \
		if (ctx_)                                                                          \
			ck_assert_str_eq(p_->items[0].ctx, ctx_);                                  \
		else                                                                               \
			ck_assert_ptr_null(p_->items[0].ctx);                                      \
	} while (0)

#define LITERAL(s) (s), (sizeof(s) - 1)

/* Random bits that are the same in every run. */
static inline uint64_t test_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state * UINT64_C(0x2545F4914F6CDD1D);
}

#endif
