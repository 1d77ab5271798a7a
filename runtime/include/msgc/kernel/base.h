/* SPDX-License-Identifier: MIT */
/*
 * What the kernels and the readers that msgc generates have in common, whatever the instructions:
 * bytes and digits in general registers, the tables behind them, the first room for a list's items.
 *
 * Internal to the codec and to generated code: no interface for programs. It belongs to one version
 * of the library; whoever changes what stands here, or in the files beside it, gives
 * MSGC__KERNEL_VERSION the next number, and code that was compiled with another one does not link.
 */
#ifndef MSGC_KERNEL_BASE_H
#define MSGC_KERNEL_BASE_H

#include <float.h>

#include <msgc/codec_gen.h>
#include <msgc/type.h>

/* Part of the name of what generated readers refer to. */
#define MSGC__KERNEL_VERSION 3

#if defined(__GNUC__)
#define MSGC__LIKELY(x)   __builtin_expect(!!(x), 1)
#define MSGC__UNLIKELY(x) __builtin_expect(!!(x), 0)
#define MSGC__COLD        __attribute__((cold, noinline))
#define MSGC__NEVER()     __builtin_unreachable() /* what the compiler may count on */
#else
#define MSGC__LIKELY(x)   (x)
#define MSGC__UNLIKELY(x) (x)
#define MSGC__COLD
#define MSGC__NEVER() ((void)0)
#endif

/*
 * Without optimization every inlined function would keep room of its own on the stack, for each
 * level of a nested value: 10 KiB with a sanitizer.
 */
#ifdef __OPTIMIZE__
#define ALWAYS static inline __attribute__((always_inline))
#else
#define ALWAYS static inline
#endif

/* ---- sets of vector instructions: the values of KERNEL_ISA ---- */

#define ISA_PORTABLE 0
#define ISA_SSE2     1
#define ISA_SSSE3    2
#define ISA_AVX2     3
#define ISA_NEON     4
#define ISA_N        5

/* ---- bytes ---- */

static inline bool msgc__is_digit(char c)
{
	return (uint8_t)(c - '0') < 10;
}

/* Eight bytes, the first in the lowest place whatever the machine's order. */
static inline uint64_t msgc__load8(const void *p)
{
	uint64_t v;

	memcpy(&v, p, sizeof v);
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	v = __builtin_bswap64(v);
#endif
	return v;
}

/* The reverse. */
static inline void msgc__store8(void *p, uint64_t v)
{
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	v = __builtin_bswap64(v);
#endif
	memcpy(p, &v, sizeof v);
}

static inline unsigned msgc__leading_zeros(uint64_t v) /* v != 0 */
{
#if defined(__GNUC__)
	return (unsigned)__builtin_clzll(v);
#else
	unsigned n = 0;

	for (; !(v >> 63); v <<= 1)
		n++;
	return n;
#endif
}

static inline unsigned msgc__trailing_zeros(uint64_t v) /* v != 0 */
{
#if defined(__GNUC__)
	return (unsigned)__builtin_ctzll(v);
#else
	unsigned n = 0;

	for (; !(v & 1); v >>= 1)
		n++;
	return n;
#endif
}

/* ---- digits, eight at a time in a general register; the caller makes sure that the bytes may be read ---- */

#define SWAR_ZEROS UINT64_C(0x3030303030303030)

/* Eight characters as values of digits; what is none has bits above the lowest four, or is above 9. */
static inline uint64_t swar_load(const char *p)
{
	return msgc__load8(p) ^ SWAR_ZEROS;
}

/* Bits in each of the eight that is no digit; and perhaps in those behind the first one. */
static inline uint64_t swar_none(uint64_t v)
{
	return ((v + UINT64_C(0x0606060606060606)) | v) & UINT64_C(0xF0F0F0F0F0F0F0F0);
}

/* How many of the eight are digits before the first that is none. */
static inline unsigned swar_count(uint64_t v)
{
	uint64_t none = swar_none(v);

	return none ? msgc__trailing_zeros(none) / 8 : 8;
}

/* The number that eight digits make. */
static inline uint32_t swar_eight(uint64_t v)
{
	const uint64_t pairs = UINT64_C(0x000000FF000000FF);

	v = v * 10 + (v >> 8);
	return (uint32_t)(((v & pairs) * (100 + (UINT64_C(1000000) << 32)) +
	                          (v >> 16 & pairs) * (1 + (UINT64_C(10000) << 32))) >>
	        32);
}

/* The number that the first n digits make, n from 1 to 8. */
static inline uint32_t swar_some(uint64_t v, unsigned n)
{
	return swar_eight(v << (64 - 8 * n));
}

extern const uint64_t msgc__tens[20]; /* 10^n */

/*
 * The digits at p: how many, up to 18 and 7 more that the caller refuses by their number. Reads 24
 * bytes.
 */
static inline __attribute__((always_inline)) unsigned swar_digits(const char *p, uint64_t *ret)
{
	uint64_t v = swar_load(p), number;
	unsigned n = swar_count(v);

	if (MSGC__LIKELY(n < 8)) {
		*ret = n ? swar_some(v, n) : 0;
		return n;
	}
	number = swar_eight(v);
	v = swar_load(p + 8);
	n = swar_count(v);
	if (n < 8) {
		*ret = n ? number * msgc__tens[n] + swar_some(v, n) : number;
		return 8 + n;
	}
	number = number * 100000000 + swar_eight(v);
	v = swar_load(p + 16);
	n = swar_count(v);
	/* Beyond 18 digits the number is not looked at. */
	*ret = n && n <= 2 ? number * msgc__tens[n] + swar_some(v, n) : number;
	return 16 + n;
}

/* ---- numbers ---- */

/*
 * A number token, its digits read as far as 19 significant ones go. Value: ±digits * 10^exponent.
 */
struct msgc__number {
	const char *at, *end;
	uint64_t digits;
	int32_t exponent; /* saturates near ±10^9 */
	bool negative;
	bool more;  /* further digits were left out */
	bool plain; /* neither fraction nor exponent */
};

#if defined(FLT_EVAL_METHOD) && FLT_EVAL_METHOD == 0
#define MSGC__EXACT_TENS 22 /* 10^0 to 10^22 are floats exactly */
extern const double msgc__exact_tens[MSGC__EXACT_TENS + 1];
#endif
/* Correctly rounded; false beyond the range. */
bool msgc__number_to_float64(const struct msgc__number *n, double *ret);

/* ---- vectors ---- */

/*
 * Blocks of one byte each, and factors. They are defined elsewhere because a compiler that knows what is in them
 * builds them anew for every use, by way of a general register.
 */
#define MSGC__BLOCK_MOST 32
struct msgc__blocks {
	uint8_t turned[MSGC__BLOCK_MOST]; /* turns quotes into blanks, and the sign over */
	uint8_t low[MSGC__BLOCK_MOST];    /* what follows a blank, its sign turned over */
	uint8_t two[MSGC__BLOCK_MOST];    /* turns quotes into blanks */
	uint8_t least[MSGC__BLOCK_MOST];  /* what follows a blank: the least that may stand there */
	uint8_t backslash[MSGC__BLOCK_MOST];
	uint8_t zero[MSGC__BLOCK_MOST];   /* the digit */
	uint8_t nine[MSGC__BLOCK_MOST];   /* the number */
	uint8_t nibble[MSGC__BLOCK_MOST]; /* the lower four bits */
	uint8_t quote[MSGC__BLOCK_MOST];
	uint8_t comma[MSGC__BLOCK_MOST];
	uint8_t bracket[MSGC__BLOCK_MOST]; /* the closing one */
	/* What makes one number of two neighbours: of one digit, of two, of four. */
	uint8_t ones[16];
	uint16_t twos[8], fours[8];
};
/* For generated readers; the codec's own do without the detour of a name that others may replace. */
#define MSGC__NAME_OF(name, version)   name##_##version
#define MSGC__VERSIONED(name, version) MSGC__NAME_OF(name, version)
#define MSGC__BLOCKS                   MSGC__VERSIONED(msgc__blocks, MSGC__KERNEL_VERSION)
extern const struct msgc__blocks MSGC__BLOCKS;

/* ---- room for items ---- */

#define MSGC__ROOM_FIRST ((size_t)512) /* bytes */

/* For how many items there is room at first: a power of two, or max. */
static inline size_t msgc__items_room(size_t size, size_t max)
{
	size_t n = 4;

	if (size <= MSGC__ROOM_FIRST / 8)
		n = size > 1 ? MSGC__ROOM_FIRST >> (64 - msgc__leading_zeros(size - 1))
		             : MSGC__ROOM_FIRST;
	return n < max ? n : max;
}

/* The first room for items, where the open block has it; false: nothing has happened. */
static inline bool msgc__items_first(
        struct msgc_arena *arena, struct msgc_items *items, size_t size, size_t max)
{
	size_t n = msgc__items_room(size, max), left = (size_t)(arena->end - arena->at);
	size_t pad = (size_t)(-(uintptr_t)arena->at & (_Alignof(max_align_t) - 1));

	if (MSGC__UNLIKELY(left < pad + n * size))
		return false;
	items->items = arena->at + pad;
	items->cap = n;
	arena->at += pad + n * size;
	return true;
}

/* What every list and map of C looks like. */
struct msgc__items {
	const void *items;
	size_t count;
};

/* An array on its way. */
struct msgc__room {
	struct msgc_list l;
	struct msgc_items items;
	size_t room; /* for so many, and not for more than there may be */
};

/* Room that no item took, if nothing else was taken from the arena since. */
static inline void msgc__give_back(
        struct msgc_arena *arena, const struct msgc_items *items, size_t size)
{
	if (items->cap && arena->at == items->bytes + items->cap * size)
		arena->at = items->bytes + items->count * size;
}

/* ---- what generated readers leave to the kernels ----
 * `type` is the record or list, `value` the C struct of it. Each returns what is behind what it has
 * read; r->scope.at is the link of the record or list that is open.
 */
struct msgc__aside {
	/* All of the record, or of the list; nothing of it has been read, nor has it been opened. */
	char *(*record)(struct msgc_reader *r, char *p, const struct msgc_type *type, void *value);
	char *(*list)(struct msgc_reader *r, char *p, const struct msgc_type *type, void *value);
	/*
	 * The rest of a record that is open, from the comma or white space before a member, or the
	 * brace, on; and leaves it. The first n members have come, but for those with a bit in
	 * `absent`.
	 */
	char *(*rest)(struct msgc_reader *r, char *p, const struct msgc_type *type, size_t n,
	        uint64_t absent, void *value);
	/* The value of a member, absent or null or not. */
	char *(*member)(struct msgc_reader *r, char *p, const struct msgc_type *type, size_t index,
	        void *value);
	/* One that is not as usual. */
	char *(*value)(struct msgc_reader *r, char *p, const struct msgc_type *type, size_t index,
	        void *value);
	/* A text that was read, and may be too long or too short. */
	void (*len)(struct msgc_reader *r, const struct msgc_type *type, size_t index, void *value);
	/*
	 * On item n, which does not follow at once, or for which there is no room. NULL: there is
	 * none, or no memory; to->l.count and r->at are set.
	 */
	char *(*item)(struct msgc_reader *r, char *p, const struct msgc_type *list,
	        struct msgc__room *to, size_t n);
	char *(*item_value)(struct msgc_reader *r, char *p, const struct msgc_type *list,
	        struct msgc__room *to, size_t n, void *item);
	void (*item_len)(struct msgc_reader *r, const struct msgc_type *list, struct msgc__room *to,
	        size_t n, const void *item);
	/* All items of the list are read; refused: r->scope.refused before them. */
	void (*items)(struct msgc_reader *r, const struct msgc_type *list, size_t n,
	        uint32_t refused, const void *value);
	/* A string with escapes, behind its opening quote; NULL: no room, or it is wrong. */
	char *(*take_escaped)(struct msgc_reader *r, char *p, struct msgc_str *ret);
	/* How many bytes of the shape's class from the n-th on stand before a quote; SIZE_MAX. */
	size_t (*run_on)(const char *p, size_t n, const struct msgc_shape *shape);
	/* UTF-8, with MSGC_PADDING bytes behind. */
	bool (*utf8_valid)(const char *p, size_t len);
};

#endif
