/* SPDX-License-Identifier: MIT */
/*
 * The words in which msgc writes readers: code for one record or list, its members in the order of
 * the contract, that reads what comes as usual in a straight line. Wherever something else comes it
 * hands over to the kernels, which go on from there by the type's table and tell all problems: the
 * result is the same to the letter.
 *
 *	static char *MSGC_OWN(rooms_entry)(struct msgc_reader *r, char *p, void *value)
 *	{
 *		struct rooms_entry *v = value;
 *
 *		MSGC_RECORD(&rooms_entry__type, 0, "{\"id\":");
 *		MSGC_TAKE_INT(0, v->id, 1, INT64_C(9007199254740991));
 *		MSGC_NEXT(1, ",\"text\":\"");
 *		MSGC_TAKE_TEXT(1, v->text, 1, 2000);
 *		MSGC_RECORD_END(2, 0);
 *	}
 *
 * Such a function takes the beginning of the value and returns what is behind it. It is compiled once
 * for each set of vector instructions (set.h); the type's table has all of them, and the codec takes
 * the one that the processor is for.
 *
 * Internal, as all in this folder.
 */
#ifndef MSGC_KERNEL_READERS_H
#define MSGC_KERNEL_READERS_H

#include <msgc/kernel/base.h>

/*
 * ---- which sets there are ----
 * A C compiler takes some milliseconds for each member and set. What SSSE3 has beside SSE2 is in
 * the kernels alone.
 */

#if defined(__x86_64__) && defined(__GNUC__)
#define MSGC__READERS_X86
#include <immintrin.h>
#elif defined(__aarch64__) && defined(__GNUC__) && defined(__ARM_NEON) &&                          \
        __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define MSGC__READERS_NEON
#include <arm_neon.h>
#else
#define MSGC__READERS_PORTABLE
#endif
/* Tests have that one, too. */
#if defined(MSGC_ALL_READERS) && !defined(MSGC__READERS_PORTABLE)
#define MSGC__READERS_PORTABLE
#endif

#if defined(MSGC__READERS_PORTABLE)
#define MSGC__DECLARE_PORTABLE(name) static msgc_type_straight_fn name##__portable;
#define MSGC__OF_PORTABLE(name)      [ISA_PORTABLE] = name##__portable,
#else
#define MSGC__DECLARE_PORTABLE(name)
#define MSGC__OF_PORTABLE(name)
#endif
#if defined(MSGC__READERS_X86)
#define MSGC__DECLARE_VECTOR(name) static msgc_type_straight_fn name##__sse2, name##__avx2;
#define MSGC__OF_VECTOR(name)                                                                      \
	[ISA_SSE2] = name##__sse2, [ISA_SSSE3] = name##__sse2, [ISA_AVX2] = name##__avx2,
#elif defined(MSGC__READERS_NEON)
#define MSGC__DECLARE_VECTOR(name) static msgc_type_straight_fn name##__neon;
#define MSGC__OF_VECTOR(name)      [ISA_NEON] = name##__neon,
#else
#define MSGC__DECLARE_VECTOR(name)
#define MSGC__OF_VECTOR(name)
#endif

/* Declares the readers of a type: MSGC_READER(rooms_entry); */
#define MSGC_READER(name)                                                                          \
	MSGC__DECLARE_PORTABLE(name) MSGC__DECLARE_VECTOR(name) struct name##__reader
/* What a type's table says of them. */
#define MSGC_READERS(name)                                                                         \
	((msgc_type_straight_fn *const[ISA_N]){MSGC__OF_PORTABLE(name) MSGC__OF_VECTOR(name)})

/* Whatever the readers of a file call, it refers to its version. */
#if defined(__GNUC__)
__attribute__((used)) static const void *const msgc__readers_version = &MSGC__BLOCKS;
#endif

/* rooms_entry__avx2 where that set is compiled. */
#define MSGC__OWN_2(name, set) name##__##set
#define MSGC__OWN_1(name, set) MSGC__OWN_2(name, set)
#define MSGC_OWN(name)         MSGC__OWN_1(name, MSGC__SET_WORD)
#define MSGC__KERNEL(name)     MSGC_OWN(msgc__##name)

/* ---- records ---- */

#define MSGC__IS(literal) MSGC__LIKELY(MSGC__KERNEL(literal_at)(p, literal, sizeof(literal) - 1))

/*
 * The record begins like this; else it is read in the general way. missing: a bit for each entry of
 * the table that is not looked for, and need not come.
 */
#define MSGC_RECORD(of_type, missing, literal)                                                     \
	const struct msgc_type *const type = of_type;                                              \
	uint64_t absent = missing;                                                                 \
	struct msgc_loc loc;                                                                       \
                                                                                                   \
	if (MSGC__UNLIKELY(!MSGC__IS(literal) || r->depth >= r->max_depth))                        \
		return msgc__kernels->aside->record(r, p, type, value);                            \
	(void)v;                                                                                   \
	p += sizeof(literal) - 1;                                                                  \
	r->depth++;                                                                                \
	loc.up = r->scope.at;                                                                      \
	r->scope.at = &loc

/* Entry `index` of the table and all behind it, in the general way. */
#define MSGC_REST(index) msgc__kernels->aside->rest(r, p, type, index, absent, value)

/* Entry `index` follows. */
#define MSGC_NEXT(index, literal)                                                                  \
	if (MSGC__UNLIKELY(!MSGC__IS(literal)))                                                    \
		return MSGC_REST(index);                                                           \
	p += sizeof(literal) - 1

/* Does entry `index` follow? It may be absent. */
#define MSGC_MAY_COME(index, literal)                                                              \
	(MSGC__IS(literal) ? (p += sizeof(literal) - 1, true)                                      \
	                   : (absent |= UINT64_C(1) << (index), false))

/* Behind the last of n entries. defaults: those that have to be filled in where they are absent. */
#define MSGC_RECORD_END(n, defaults)                                                               \
	if (MSGC__UNLIKELY(*p != '}' || (absent & (defaults))))                                    \
		return MSGC_REST(n);                                                               \
	r->scope.at = loc.up;                                                                      \
	r->depth--;                                                                                \
	return p + 1

/* ---- members: `to` is where the value goes; strings and enums of words are behind their quote ---- */

#define MSGC__TAKE(how, index, ...)                                                                \
	p = MSGC__KERNEL(straight_##how)(r, p, type, index, value, __VA_ARGS__)

#define MSGC_TAKE_STR(index, to)               MSGC__TAKE(str, index, &(to))
#define MSGC_TAKE_TEXT(index, to, least, most) MSGC__TAKE(text, index, &(to), least, most)
#define MSGC_TAKE_RUN(index, to, shape, least, most)                                               \
	MSGC__TAKE(run, index, &(to), shape, least, most)
#define MSGC_TAKE_PLACES(index, to, shape, len) MSGC__TAKE(places, index, &(to), shape, len)
#define MSGC_TAKE_BOOL(index, to)               MSGC__TAKE(bool, index, &(to))
#define MSGC_TAKE_INT(index, to, least, most)   MSGC__TAKE(int, index, &(to), sizeof(to), least, most)
#define MSGC_TAKE_FLOAT64(index, to)            MSGC__TAKE(float64, index, &(to))
#define MSGC_TAKE_ENUM(index, to, of_type)      MSGC__TAKE(enum, index, of_type, &(to))
/* A record or list that has a reader here. */
#define MSGC_TAKE_OWN(name, to, reader)                                                            \
	loc.key.ptr = "" name;                                                                     \
	loc.key.len = sizeof(name) - 1;                                                            \
	p = MSGC_OWN(reader)(r, p, &(to))
/* Any other member, by its table. */
#define MSGC_TAKE_MEMBER(index) p = msgc__kernels->aside->member(r, p, type, index, value)

/* ---- lists: from min to max items ---- */

#define MSGC__LIST(of_type, ...)                                                                   \
	return MSGC__KERNEL(straight_list)(                                                        \
	        r, p, of_type, (struct msgc__items_of){__VA_ARGS__}, value)

#define MSGC_LIST_OF_RECORDS(of_type, item, from, to, unique, reader)                              \
	MSGC__LIST(of_type, .what = MSGC__ITEMS_RECORDS, .opener = '{', .size = sizeof(item),      \
	        .min = from, .max = to, .is_unique = unique, .read = MSGC_OWN(reader))
#define MSGC_LIST_OF_STRS(of_type, from, to, unique)                                               \
	MSGC__LIST(of_type, .what = MSGC__ITEMS_STRS, .opener = '"',                               \
	        .size = sizeof(struct msgc_str), .min = from, .max = to, .is_unique = unique)
#define MSGC_LIST_OF_TEXTS(of_type, from, to, unique, len_min, len_max)                            \
	MSGC__LIST(of_type, .what = MSGC__ITEMS_TEXTS, .opener = '"',                              \
	        .size = sizeof(struct msgc_str), .min = from, .max = to, .is_unique = unique,      \
	        .least = len_min, .most = len_max)
#define MSGC_LIST_OF_RUNS(of_type, from, to, unique, of_shape, len_min, len_max)                   \
	MSGC__LIST(of_type, .what = MSGC__ITEMS_RUNS, .opener = '"',                               \
	        .size = sizeof(struct msgc_str), .min = from, .max = to, .is_unique = unique,      \
	        .shape = of_shape, .least = len_min, .most = len_max)
#define MSGC_LIST_OF_INTS(of_type, item, from, to, unique, int_min, int_max)                       \
	MSGC__LIST(of_type, .what = MSGC__ITEMS_INTS, .size = sizeof(item), .min = from,           \
	        .max = to, .is_unique = unique, .int_least = int_min, .int_most = int_max)
#define MSGC_LIST_OF_FLOAT64S(of_type, from, to, unique)                                           \
	MSGC__LIST(of_type, .what = MSGC__ITEMS_FLOAT64S, .size = sizeof(double), .min = from,     \
	        .max = to, .is_unique = unique)

/* What the items are and how many; constants. */
enum msgc__items_what {
	MSGC__ITEMS_RECORDS,
	MSGC__ITEMS_STRS,
	MSGC__ITEMS_TEXTS,
	MSGC__ITEMS_RUNS,
	MSGC__ITEMS_INTS,
	MSGC__ITEMS_FLOAT64S,
};
struct msgc__items_of {
	enum msgc__items_what what;
	char opener; /* what each begins with; 0: several characters */
	bool is_unique;
	size_t size;                 /* of an item in C */
	size_t min, max;             /* of the count */
	size_t least, most;          /* TEXTS, RUNS: of the length */
	int64_t int_least, int_most; /* INTS */
	const struct msgc_shape *shape;
	msgc_type_straight_fn *read; /* RECORDS */
};

#endif
