/* SPDX-License-Identifier: MIT */
/*
 * Strings written: bytes are stored as they are and looked at once, for all that could be in the
 * way: what must be escaped, and what is beyond ASCII. What has neither is done then. A value is
 * read within its bounds only, whatever stands behind it. It knows strings, and no other values.
 */
#ifndef MSGC_CODEC_KERNEL_WRITER_H
#define MSGC_CODEC_KERNEL_WRITER_H

#include "kernel_string.h"

#define WRITE_PIECE 1024        /* bytes for which room is made at once, six for each */
#define WRITE_SLACK (BLOCK + 8) /* room for quotes, and for what is stored and written over */

ALWAYS uint32_t load4(const char *p)
{
	uint32_t v;

	memcpy(&v, p, sizeof v);
	return v;
}

ALWAYS void store4(char *to, uint32_t v)
{
	memcpy(to, &v, sizeof v);
}

/* Not 0: there is a byte among these eight that must be escaped, or is beyond ASCII. */
ALWAYS uint64_t odd8(uint64_t v)
{
	const uint64_t ones = UINT64_C(0x0101010101010101), highs = ones << 7;
	uint64_t quote = v ^ ones * '"', backslash = v ^ ones * '\\';

	return ((quote - ones) | (backslash - ones) | (v - ones * 0x20) | v) & highs;
}

/* One to seven bytes as they are; false: there is an odd one among them. */
ALWAYS bool copy_few(char *to, const char *p, size_t n)
{
	uint32_t a, b;

	if (n >= 4) {
		a = load4(p);
		b = load4(p + n - 4);
		store4(to, a);
		store4(to + n - 4, b);
		return !odd8((uint64_t)b << 32 | a);
	}
	a = (uint8_t)p[0];
	b = (uint32_t)(uint8_t)p[n / 2] << 8 | (uint32_t)(uint8_t)p[n - 1] << 16;
	to[0] = p[0];
	to[n / 2] = p[n / 2];
	to[n - 1] = p[n - 1];
	return !odd8(UINT64_C(0x2020202020000000) | b | a);
}

/* The same of one to BLOCK bytes. */
ALWAYS bool copy_short(char *to, const char *p, size_t n)
{
#if BLOCK > 16
	if (n >= 16) {
		half a = half_load(p), b = half_load(p + n - 16);

		half_store(to, a);
		half_store(to + n - 16, b);
		return !halves_odd(a, b);
	}
#endif
	if (n >= 8) {
		uint64_t a = msgc__load8(p), b = msgc__load8(p + n - 8);

		msgc__store8(to, a);
		msgc__store8(to + n - 8, b);
		return !(odd8(a) | odd8(b));
	}
	return copy_few(to, p, n);
}

/* What is among a string's bytes. */
struct odds {
	mask special, high;
};

/* One to BLOCK bytes. They are looked at where they are now: a block can be read there. */
ALWAYS struct odds look_short(char *to, const char *p, size_t n)
{
	mask all = n < BLOCK ? mask_below((unsigned)n) : ~(mask)0;
	block v;

	copy_short(to, p, n);
	v = block_load(to);
	return (struct odds){block_special(v) & all, block_high(v) & all};
}

/* More than BLOCK bytes: the last block is stored with what is before it. */
ALWAYS struct odds look_long(char *to, const char *p, size_t n)
{
	const char *last = p + n - BLOCK;
	block v = block_load(last);
	struct odds odds = {block_special(v), block_high(v)};

	block_store(to + n - BLOCK, v);
	do {
		v = block_load(p);
		block_store(to, v);
		odds.special |= block_special(v);
		odds.high |= block_high(v);
		p += BLOCK;
		to += BLOCK;
	} while (p < last);
	return odds;
}

/* ---- escapes ---- */

/*
 * Bytes of p…end, escaped, while there are `least` of them; a block can be read at each. Returns
 * where it stopped, which may be further than `end`.
 */
ALWAYS const char *escape_blocks(
        char **ret_to, const char *p, const char *end, ptrdiff_t least, mask *high)
{
	char *to = *ret_to;
	block v;
	mask m;
	unsigned k;

	while (end - p >= least) {
		v = block_load(p);
		block_store(to, v);
		m = block_special(v);
		*high |= block_high(v);
		k = m ? mask_first(m) : BLOCK;
		p += k;
		to += k;
		if (m) {
			const struct msgc__escape *escape = &msgc__escape_texts[(uint8_t)*p++];

			memcpy(to, escape, sizeof *escape);
			to += escape->len;
		}
	}
	*ret_to = to;
	return p;
}

/* The bytes of p[0…n), escaped; returns behind them. */
ALWAYS char *escape_piece(char *to, const char *p, size_t n, mask *high)
{
	char rest[2 * BLOCK], *from;
	const char *end = p + n;
	size_t left;

	p = escape_blocks(&to, p, end, BLOCK, high);
	left = (size_t)(end - p);
	if (!left || left >= BLOCK) /* which it never is; the compiler must be told */
		return to;
	/* What is behind the rest must not be read: it moves to where blanks are behind it. */
	memset(rest, ' ', sizeof rest);
	from = rest + BLOCK - left;
	if (n >= BLOCK)
		block_store(rest, block_load(end - BLOCK));
	else
		copy_short(from, p, left);
	end = rest + BLOCK;
	p = escape_blocks(&to, from, end, 1, high);
	return to - (p - end);
}

/* ---- strings ---- */

/* Room for `need` bytes behind `to`, or NULL. */
ALWAYS char *room_at(struct msgc_buf *out, char *to, size_t need)
{
	out->len = (size_t)(to - out->data);
	if (MSGC__LIKELY(out->cap - out->len >= need) || msgc__buf_try(out, need))
		return out->data + out->len;
	return NULL;
}

/* Where what has been written by others ends; NULL: it could not be. */
ALWAYS char *end_of(struct msgc_buf *out)
{
	return MSGC__LIKELY(!out->error) ? out->data + out->len : NULL;
}

/* Byte by byte, where there is no room for more than it takes, or not even that. */
static __attribute__((noinline)) char *exact_str(
        struct msgc_buf *out, size_t start, const char *p, size_t n)
{
	out->len = start;
	msgc__write_str(out, (struct msgc_str){p, n});
	return end_of(out);
}

/* With escapes, or beyond ASCII. */
static __attribute__((noinline)) char *escaped_str(
        struct msgc_buf *out, size_t start, const char *p, size_t n)
{
	char *to = out->data + start;
	size_t done = 0, piece;
	mask high = 0;

	do {
		piece = n - done < WRITE_PIECE ? n - done : WRITE_PIECE;
		to = room_at(out, to, 6 * piece + 2 * WRITE_SLACK);
		/* Where there is no room for the worst, there may be for what it is. */
		if (MSGC__UNLIKELY(!to))
			return exact_str(out, start, p, n);
		if (!done)
			*to++ = '"';
		to = escape_piece(to, p + done, piece, &high);
		done += piece;
	} while (done < n);
	*to++ = '"';
	p = out->data + start + 1;
	/* What is written can be read a block further than the string; escapes are ASCII. */
	if (high && MSGC__UNLIKELY(!u8_valid_padded(p, (size_t)(to - p) - 1))) {
		out->error = MSGC_EINVAL;
		return NULL;
	}
	return to;
}

/*
 * What has just been stored would have to be waited for; but a short string can be read a block
 * further only there.
 */
ALWAYS bool valid_copy(const char *copy, const char *p, size_t n)
{
	return n < U8_BLOCK + 3 ? u8_valid_padded(copy, n) : u8_valid(p, n);
}

/* Any string: where put_str() has something to do that is not usual. */
static __attribute__((noinline)) char *other_str(
        struct msgc_buf *out, char *to, const char *p, size_t n)
{
	size_t start = (size_t)(to - out->data);
	struct odds odds = {0, 0};

	to = n <= SIZE_MAX - 2 * WRITE_SLACK ? room_at(out, to, n + 2 * WRITE_SLACK) : NULL;
	if (MSGC__UNLIKELY(!to))
		return exact_str(out, start, p, n);
	*to++ = '"';
	if (n > BLOCK)
		odds = look_long(to, p, n);
	else if (n)
		odds = look_short(to, p, n);
	if (odds.special)
		return escaped_str(out, start, p, n);
	if (odds.high && MSGC__UNLIKELY(!valid_copy(to, p, n))) {
		out->error = MSGC_EINVAL;
		return NULL;
	}
	to[n] = '"';
	return to + n + 1;
}

#if KERNEL_ISA == ISA_AVX2
/* Four bytes each. */
static const uint32_t pen_places[16] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
/* From the middle: n bytes fewer of what is to be loaded. */
static const uint8_t pen_keep[64] = {255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
        255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
        255, 255};

/* What `n` bytes, up to a block, are loaded with, four each; what is masked is not read. */
ALWAYS block keep_of(size_t n)
{
	return block_load(pen_keep + BLOCK - (n & ~(size_t)3));
}

ALWAYS block load_kept(const char *p, block keep)
{
	return _mm256_maskload_epi32((const int *)(const void *)p, keep);
}

/* Four to BLOCK bytes. How many, cannot be foreseen, and no branch asks. */
ALWAYS bool copy_word(char *to, const char *p, size_t n)
{
	block keep = keep_of(n), v = load_kept(p, keep);
	uint32_t last = load4(p + n - 4);

	block_store(to, v);
	store4(to + n - 4, last);
	v = _mm256_blendv_epi8(_mm256_set1_epi32((int)last), v, keep);
	return !_mm256_movemask_epi8(odd_bytes(v));
}

/* Up to two blocks, the last one behind the first or the same. */
ALWAYS bool copy_text(char *to, const char *p, size_t n)
{
	size_t beyond = n > BLOCK ? n - BLOCK : 0;
	block keep = keep_of(n - beyond), v = load_kept(p, keep), w = load_kept(p + beyond, keep);
	uint32_t last = load4(p + n - 4);

	block_store(to, v);
	block_store(to + beyond, w);
	store4(to + n - 4, last);
	v = _mm256_blendv_epi8(_mm256_set1_epi32((int)last), v, keep);
	v = _mm256_or_si256(odd_bytes(v), _mm256_and_si256(odd_bytes(w), keep));
	return !_mm256_movemask_epi8(v);
}
#define COPY_LEAST 4
#define TEXT_MOST  (2 * BLOCK)

/* A text of up to two blocks in two registers, with zeros behind it. */
struct two_blocks {
	block a, b;
};

ALWAYS struct two_blocks load_text(const char *p, size_t n)
{
	size_t first = n < BLOCK ? n : BLOCK;
	block a = load_kept(p, keep_of(first)), b = load_kept(p + first, keep_of(n - first));
	/* What is left of four bytes, and where they stand: zero, where none is. */
	uint32_t left = (uint32_t)((uint64_t)load4(p + n - 4) >> (32 - 8 * (n & 3)));
	block rest = _mm256_set1_epi32((int)left), at = _mm256_set1_epi32((int)(n / 4));
	block at_a = _mm256_cmpeq_epi32(at, block_load(pen_places));
	block at_b = _mm256_cmpeq_epi32(at, block_load(pen_places + 8));

	a = _mm256_or_si256(a, _mm256_and_si256(rest, at_a));
	b = _mm256_or_si256(b, _mm256_and_si256(rest, at_b));
	return (struct two_blocks){a, b};
}

ALWAYS bool valid_text(struct two_blocks text)
{
	block a = text.a, b = text.b, none = _mm256_permute2x128_si256(a, a, 0x08);
	block middle = _mm256_permute2x128_si256(a, b, 0x21);
	u8v errors = u8_errors(a, _mm256_alignr_epi8(a, none, 15), _mm256_alignr_epi8(a, none, 14),
	        _mm256_alignr_epi8(a, none, 13));
	u8v others = u8_errors(b, _mm256_alignr_epi8(b, middle, 15),
	        _mm256_alignr_epi8(b, middle, 14), _mm256_alignr_epi8(b, middle, 13));

	/* Zeros follow what is shorter, and a sequence that is cut off shows against them. */
	errors = u8_or(errors, u8_or(others, u8_less(b, u8_load(u8_most))));
	return u8_is_zero(errors);
}

/*
 * Rows of indices by which eight bytes are escaped: those whose bit is set in m, which is the row's
 * number, get a backslash before them, which is the ninth byte.
 */
#define BYTE_0(i) i
#define BYTE_1(i) 8, i
#define ROW(a, b, c, d, e, f, g, h)                                                                \
	{                                                                                          \
		BYTE_##a(0), BYTE_##b(1), BYTE_##c(2), BYTE_##d(3), BYTE_##e(4), BYTE_##f(5),      \
		        BYTE_##g(6), BYTE_##h(7)                                                   \
	}
#define ROWS_2(...)   ROW(0, __VA_ARGS__), ROW(1, __VA_ARGS__)
#define ROWS_4(...)   ROWS_2(0, __VA_ARGS__), ROWS_2(1, __VA_ARGS__)
#define ROWS_8(...)   ROWS_4(0, __VA_ARGS__), ROWS_4(1, __VA_ARGS__)
#define ROWS_16(...)  ROWS_8(0, __VA_ARGS__), ROWS_8(1, __VA_ARGS__)
#define ROWS_32(...)  ROWS_16(0, __VA_ARGS__), ROWS_16(1, __VA_ARGS__)
#define ROWS_64(...)  ROWS_32(0, __VA_ARGS__), ROWS_32(1, __VA_ARGS__)
#define ROWS_128(...) ROWS_64(0, __VA_ARGS__), ROWS_64(1, __VA_ARGS__)
static const uint8_t pen_rows[256][16] = {ROWS_128(0), ROWS_128(1)};

/* By a control character, from 0 to 15: the letter of its short escape. */
static const uint8_t pen_letters[32] = {0, 0, 0, 0, 0, 0, 0, 0, 'b', 't', 'n', 0, 'f', 'r', 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 'b', 't', 'n', 0, 'f', 'r'};

/* Control characters become the letters of their short escapes; those that have none stay. */
ALWAYS block lettered(block v)
{
	/* What is above 15 gets its highest bit, for which nothing is looked up. */
	block at = _mm256_adds_epu8(v, _mm256_set1_epi8(0x70));

	return _mm256_max_epu8(v, _mm256_shuffle_epi8(block_load(pen_letters), at));
}

ALWAYS mask controls(block v)
{
	return block_same(v, _mm256_min_epu8(v, _mm256_set1_epi8(0x1F)));
}

/* Eight bytes from place i on, behind what those before them have become. */
ALWAYS void put_eight_escaped(char *to, const char *text, uint64_t special, unsigned i)
{
	uint64_t before = special & ((UINT64_C(1) << i) - 1);
	__m128i v = _mm_loadl_epi64((const __m128i *)(const void *)(text + i));

	v = _mm_unpacklo_epi64(v, half_of(backslash));
	v = _mm_shuffle_epi8(v, half_load(pen_rows[special >> i & 255]));
	half_store(to + i + __builtin_popcountll(before), v);
}

/* Its bytes, a backslash before each that is special. How many there are, no branch asks. */
ALWAYS char *put_backslashes(char *to, struct two_blocks text, size_t n, uint64_t special)
{
	char copy[TEXT_MOST];

	block_store(copy, text.a);
	block_store(copy + BLOCK, text.b);
	put_eight_escaped(to, copy, special, 0);
	put_eight_escaped(to, copy, special, 8);
	put_eight_escaped(to, copy, special, 16);
	put_eight_escaped(to, copy, special, 24);
	put_eight_escaped(to, copy, special, 32);
	put_eight_escaped(to, copy, special, 40);
	put_eight_escaped(to, copy, special, 48);
	put_eight_escaped(to, copy, special, 56);
	return to + n + __builtin_popcountll(special);
}

/* The same where one has no short escape. */
static __attribute__((noinline)) char *put_escapes(
        char *to, struct two_blocks text, size_t n, uint64_t special)
{
	char copy[2 * TEXT_MOST] = {0}, *from = copy;

	block_store(copy, text.a);
	block_store(copy + BLOCK, text.b);
	for (; special; special &= special - 1) {
		char *stop = copy + msgc__trailing_zeros(special);
		const struct msgc__escape *escape = &msgc__escape_texts[(uint8_t)*stop];

		block_store(to, block_load(from));
		block_store(to + BLOCK, block_load(from + BLOCK));
		to += stop - from;
		memcpy(to, escape, sizeof *escape);
		to += escape->len;
		from = stop + 1;
	}
	block_store(to, block_load(from));
	block_store(to + BLOCK, block_load(from + BLOCK));
	return to + (copy + n - from);
}

/*
 * What copy_text() has copied and did not like. Of the branches that cannot be foreseen there are few
 * here: each would cost more than what it saves.
 */
static __attribute__((noinline)) char *odd_text(
        struct msgc_buf *out, char *to, const char *p, size_t n)
{
	struct two_blocks text = load_text(p, n), letters;
	uint64_t special = block_special(text.a) | (uint64_t)block_special(text.b) << BLOCK;
	uint64_t all = UINT64_MAX >> (TEXT_MOST - n), left;
	size_t start = (size_t)(to - out->data);

	if (MSGC__UNLIKELY(!valid_text(text))) {
		out->error = MSGC_EINVAL;
		return NULL;
	}
	special &= all;
	to = room_at(out, to, 6 * TEXT_MOST + TEXT_MOST + 2 * WRITE_SLACK);
	if (MSGC__UNLIKELY(!to))
		return exact_str(out, start, p, n);
	letters = (struct two_blocks){lettered(text.a), lettered(text.b)};
	left = controls(letters.a) | (uint64_t)controls(letters.b) << BLOCK;
	*to++ = '"';
	if (MSGC__LIKELY(!(left & all)))
		to = put_backslashes(to, letters, n, special);
	else
		to = put_escapes(to, text, n, special);
	*to++ = '"';
	return to;
}
#else
#define copy_word(to, p, n) copy_short(to, p, n)
#define copy_text(to, p, n) copy_short(to, p, n)
#define odd_text            other_str
#define COPY_LEAST          1
#define TEXT_MOST           BLOCK
#endif

/* Where is written, and how far this may come before a member or an item. */
struct pen {
	struct msgc_buf *out;
	const char *limit;
};

/* A name, a string of two blocks or a number behind it, and brackets. */
#define PEN_ROOM (32 + 2 * WRITE_SLACK + 64)

ALWAYS void pen_look(struct pen *pen)
{
	struct msgc_buf *out = pen->out;

	pen->limit = out->cap > PEN_ROOM ? out->data + (out->cap - PEN_ROOM) : out->data;
}

/*
 * With quotes. Returns behind it; NULL: out->error says why not. The buffer may have moved. is_word:
 * it will not be longer than a block.
 */
ALWAYS char *put_str(struct pen *pen, char *to, const char *p, size_t n, bool is_word)
{
	const size_t most = is_word ? BLOCK : TEXT_MOST;

	if (MSGC__LIKELY(n - COPY_LEAST <= most - COPY_LEAST)) {
		if (MSGC__LIKELY(is_word ? copy_word(to + 1, p, n) : copy_text(to + 1, p, n))) {
			*to = '"';
			to[n + 1] = '"';
			return to + n + 2;
		}
		to = odd_text(pen->out, to, p, n);
	} else {
		to = other_str(pen->out, to, p, n);
	}
	pen_look(pen);
	return to;
}

static void kernel_write_str(struct msgc_buf *out, struct msgc_str s)
{
	struct pen pen = {out, NULL};
	char *to;

	if (MSGC__UNLIKELY(out->error))
		return;
	if (MSGC__LIKELY(out->cap - out->len >= 2 * WRITE_SLACK) ||
	        msgc__buf_try(out, 2 * WRITE_SLACK))
		to = put_str(&pen, out->data + out->len, s.ptr, s.len, false);
	else
		to = exact_str(out, out->len, s.ptr, s.len);
	if (MSGC__LIKELY(to != NULL))
		out->len = (size_t)(to - out->data);
}

#endif
