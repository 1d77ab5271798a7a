/* SPDX-License-Identifier: MIT */
/*
 * The keyed hash against published vectors, and `unique` on lists of every size, with and without
 * scratch memory.
 */
#include "codec_test.h"

#include <math.h>

#include "hash.h"

/*
 * SipHash-1-3 of 00 01 02 … (n - 1) under the key 00 01 … 0f: the vectors that the authors' code
 * prints.
 */
START_TEST(siphash_gives_the_published_values)
{
	static const uint64_t key[2] = {UINT64_C(0x0706050403020100), UINT64_C(0x0F0E0D0C0B0A0908)};
	static const struct {
		size_t len;
		uint64_t hash;
	} vectors[] = {
	        {0, UINT64_C(0xABAC0158050FC4DC)},
	        {1, UINT64_C(0xC9F49BF37D57CA93)},
	        {2, UINT64_C(0x82CB9B024DC7D44D)},
	        {3, UINT64_C(0x8BF80AB8E7DDF7FB)},
	        {4, UINT64_C(0xCF75576088D38328)},
	        {5, UINT64_C(0xDEF9D52F49533B67)},
	        {6, UINT64_C(0xC50D2B50C59F22A7)},
	        {7, UINT64_C(0xD3927D989BB11140)},
	        {8, UINT64_C(0x369095118D299A8E)},
	};
	uint8_t bytes[16];

	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = (uint8_t)i;
	for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++)
		ck_assert_uint_eq(msgc__siphash(key, bytes, vectors[i].len), vectors[i].hash);
}
END_TEST

START_TEST(hashes_chain_and_know_equal_values)
{
	uint64_t a = msgc_hash_bytes(0, "abc", 3);

	ck_assert_uint_eq(a, msgc_hash_bytes(0, "abc", 3));
	ck_assert_uint_ne(a, msgc_hash_bytes(1, "abc", 3));
	ck_assert_uint_ne(a, msgc_hash_bytes(0, "abd", 3));
	ck_assert_uint_eq(msgc_hash_float64(0, 0.0), msgc_hash_float64(0, -0.0));
	ck_assert_uint_ne(msgc_hash_uint64(msgc_hash_uint64(0, 1), 2),
	        msgc_hash_uint64(msgc_hash_uint64(0, 2), 1));
}
END_TEST

/* A list by its table, with its elements as they would have been read. */
static bool is_unique(struct msgc_scope *s, const struct msgc_type *element, size_t size,
        const void *items, size_t n, struct msgc_arena *scratch)
{
	const struct msgc_type_items list_items = {
	        .element = element, .item_size = (uint32_t)size, .max = MSGC_NO_MAX};
	const struct msgc_type list = {
	        .kind = MSGC_KIND_LIST, .flags = MSGC_TYPE_UNIQUE, .items = &list_items};
	const struct {
		const void *items;
		size_t count;
	} value = {items, n};

	return msgc_check_unique(s, &list, &value, scratch);
}

#define IS_UNIQUE(s, kind, items, n, scratch)                                                      \
	is_unique(s, &msgc_##kind##_type, sizeof *(items), items, n, scratch)

static const size_t counts[] = {0, 1, 2, 3, 15, 16, 17, 18, 100, 255, 256, 257, 1000, 5000};

/* `n` numbers, the element at `from` again at `to` (from == to: no twin). */
static bool ints_unique(size_t n, size_t from, size_t to, struct msgc_arena *scratch)
{
	struct msgc_scope s = {0};
	uint32_t *items = calloc(n + 1, sizeof *items);
	bool unique;

	ck_assert_ptr_nonnull(items);
	for (size_t i = 0; i < n; i++)
		items[i] = (uint32_t)(i * 2654435761u);
	if (n)
		items[to] = items[from];
	unique = IS_UNIQUE(&s, uint32, items, n, scratch);
	ck_assert_uint_eq(s.refused, !unique);
	free(items);
	return unique;
}

START_TEST(integers_on_lists_of_every_size)
{
	struct msgc_arena arena = {0};
	char little[64];
	struct msgc_arena fixed;
	size_t n = counts[_i];

	for (int k = 0; k < 3; k++) {
		struct msgc_arena *scratch = k == 0 ? &arena : k == 1 ? NULL : &fixed;
		size_t used = msgc_arena_used(&arena);

		msgc_arena_init_fixed(&fixed, little, sizeof little);
		ck_assert(ints_unique(n, 0, 0, scratch));
		ck_assert_uint_eq(msgc_arena_used(&arena), used);
		if (n < 2)
			continue;
		ck_assert(!ints_unique(n, 0, n - 1, scratch));
		ck_assert(!ints_unique(n, n - 1, 0, scratch));
		ck_assert(!ints_unique(n, n / 2, n - 1, scratch) || n / 2 == n - 1);
		ck_assert(!ints_unique(n, n - 2, n - 1, scratch));
	}
	msgc_arena_free(&arena);
}
END_TEST

START_TEST(strings_and_floats)
{
	struct msgc_arena arena = {0};
	struct msgc_scope s = {0};
	struct msgc_str strings[40];
	double doubles[40];
	float floats[40];
	char text[40];

	memset(text, 'a', sizeof text);
	for (size_t i = 0; i < 40; i++) {
		strings[i] = msgc_str_of(text, i);
		doubles[i] = (double)i / 8;
		floats[i] = (float)i / 8;
	}
	for (size_t n = 2; n <= 40; n++) {
		ck_assert(IS_UNIQUE(&s, str, strings, n, &arena) &&
		        IS_UNIQUE(&s, str, strings, n, NULL));
		ck_assert(IS_UNIQUE(&s, float64, doubles, n, &arena) &&
		        IS_UNIQUE(&s, float64, doubles, n, NULL));
		ck_assert(IS_UNIQUE(&s, float32, floats, n, &arena) &&
		        IS_UNIQUE(&s, float32, floats, n, NULL));
	}
	ck_assert_uint_eq(s.refused, 0);
	for (size_t n = 2; n <= 40; n++) {
		struct msgc_str kept = strings[n - 1];

		strings[n - 1] = msgc_str_from(""); /* as the first, at another address */
		doubles[n - 1] = -0.0;
		floats[n - 1] = -0.0f;
		ck_assert(!IS_UNIQUE(&s, str, strings, n, &arena) &&
		        !IS_UNIQUE(&s, str, strings, n, NULL));
		ck_assert(!IS_UNIQUE(&s, float64, doubles, n, &arena) &&
		        !IS_UNIQUE(&s, float64, doubles, n, NULL));
		ck_assert(!IS_UNIQUE(&s, float32, floats, n, &arena) &&
		        !IS_UNIQUE(&s, float32, floats, n, NULL));
		strings[n - 1] = kept;
		doubles[n - 1] = (double)(n - 1) / 8;
		floats[n - 1] = (float)(n - 1) / 8;
	}
	msgc_arena_free(&arena);
}
END_TEST

/* Datetimes of one second share a hash, and are compared. */
START_TEST(elements_of_the_same_hash)
{
	struct msgc_arena arena = {0};
	struct msgc_datetime items[300] = {{0}};

	for (size_t k = 1; k <= 300; k += 13) {
		for (size_t i = 0; i < 300; i++) {
			items[i].seconds = (int64_t)(i % k);
			items[i].nanoseconds = (int32_t)i;
		}
		for (int twice = 0; twice < 2; twice++) {
			struct msgc_scope s = {0};
			struct msgc_arena *scratch = twice ? NULL : &arena;

			ck_assert(IS_UNIQUE(&s, datetime, items, 300, scratch));
			items[299] = items[5];
			ck_assert(!IS_UNIQUE(&s, datetime, items, 300, scratch));
			items[299].nanoseconds = 299;
			ck_assert_uint_eq(s.refused, 1);
		}
	}
	msgc_arena_free(&arena);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("codec_sets");
	TCase *loops = codec_test_loops(suite, "sizes");
	const TTest *const sets[] = {siphash_gives_the_published_values,
	        hashes_chain_and_know_equal_values, strings_and_floats, elements_of_the_same_hash,
	        NULL};

	tcase_add_loop_test(
	        loops, integers_on_lists_of_every_size, 0, sizeof counts / sizeof *counts);
	codec_test_case(suite, "sets", sets);
	return codec_test_run(suite);
}
