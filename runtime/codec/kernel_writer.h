/* SPDX-License-Identifier: MIT */
/*
 * Strings written: bytes are stored as they are and then looked at; from the first one that must
 * be escaped on they are written over. A value is read within its bounds only: what is shorter than
 * a block as two pieces that overlap.
 */
#ifndef MSGC_CODEC_KERNEL_WRITER_H
#define MSGC_CODEC_KERNEL_WRITER_H

#include "kernel_string.h"

#define WRITE_PIECE 1024        /* bytes for which room is made at once, six for each */
#define WRITE_SLACK (BLOCK + 8) /* room for quotes, and for what is stored and written over */

/* Is there a byte among these eight that must be escaped? */
ALWAYS uint64_t special8(uint64_t v)
{
	const uint64_t ones = UINT64_C(0x0101010101010101), highs = ones << 7;
	uint64_t quote = v ^ ones * '"', backslash = v ^ ones * '\\';

	return ((quote - ones) | (backslash - ones) | (v - ones * 0x20)) & ~v & highs;
}

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

/* One to seven bytes as they are; false: there is one that must be escaped. */
ALWAYS bool copy_few(char *to, const char *p, size_t n, uint64_t *high)
{
	uint32_t a, b;
	uint64_t both;

	if (n >= 4) {
		a = load4(p);
		b = load4(p + n - 4);
		store4(to, a);
		store4(to + n - 4, b);
		both = (uint64_t)b << 32 | a;
	} else {
		uint8_t first = (uint8_t)p[0], middle = (uint8_t)p[n / 2], last = (uint8_t)p[n - 1];

		to[0] = (char)first;
		to[n / 2] = (char)middle;
		to[n - 1] = (char)last;
		both = UINT64_C(0x2020202020000000) | (uint64_t)middle << 16 | (uint64_t)last << 8 |
		        first;
	}
	*high |= both & UINT64_C(0x8080808080808080);
	return !special8(both);
}

/* Fewer bytes than a block, at least one. */
ALWAYS bool copy_short(char *to, const char *p, size_t n, uint64_t *high)
{
#if KERNEL_X86
	if (n >= 16) {
		__m128i a = _mm_loadu_si128((const __m128i *)p);
		__m128i b = _mm_loadu_si128((const __m128i *)(p + n - 16));
		__m128i quote = _mm_set1_epi8('"'), backslash = _mm_set1_epi8('\\');
		__m128i control = _mm_set1_epi8(0x1F), found;

		_mm_storeu_si128((__m128i *)to, a);
		_mm_storeu_si128((__m128i *)(to + n - 16), b);
		*high |= (unsigned)_mm_movemask_epi8(_mm_or_si128(a, b));
		found = _mm_or_si128(
		        _mm_or_si128(_mm_cmpeq_epi8(a, quote), _mm_cmpeq_epi8(b, quote)),
		        _mm_or_si128(_mm_cmpeq_epi8(a, backslash), _mm_cmpeq_epi8(b, backslash)));
		a = _mm_cmpeq_epi8(_mm_min_epu8(a, control), a);
		b = _mm_cmpeq_epi8(_mm_min_epu8(b, control), b);
		return !_mm_movemask_epi8(_mm_or_si128(found, _mm_or_si128(a, b)));
	}
#endif
	if (n >= 8) {
		uint64_t a = msgc__load8(p), b = msgc__load8(p + n - 8);

		msgc__store8(to, a);
		msgc__store8(to + n - 8, b);
		*high |= (a | b) & UINT64_C(0x8080808080808080);
		return !(special8(a) | special8(b));
	}
	return copy_few(to, p, n, high);
}

/* The bytes of p…end, escaped; returns behind them. */
ALWAYS char *write_piece(char *to, const char *p, const char *end, uint64_t *high)
{
	block v;
	mask m;
	size_t left;
	unsigned k;

	const char *begin = p;

	for (;;) {
		left = (size_t)(end - p);
		if (left < BLOCK) {
			/* Behind whole blocks the rest is stored once more with what is before it. */
			if (left && p - begin >= BLOCK && !block_special(block_load(end - BLOCK))) {
				v = block_load(end - BLOCK);
				block_store(to + left - BLOCK, v);
				*high |= block_high(v);
				return to + left;
			}
			if (left == 0 || MSGC__LIKELY(copy_short(to, p, left, high)))
				return to + left;
			/* Up to what stopped it, and once more. */
			while (*p != '"' && *p != '\\' && (uint8_t)*p >= 0x20)
				*to++ = *p++;
			to = msgc__put_escape(to, *p++);
			continue;
		}
		v = block_load(p);
		block_store(to, v);
		*high |= block_high(v);
		m = block_special(v);
		k = m ? mask_first(m) : BLOCK;
		p += k;
		to += k;
		if (m)
			to = msgc__put_escape(to, *p++);
	}
}

static void kernel_write_str(struct msgc_buf *out, struct msgc_str s)
{
	const char *p = s.ptr;
	size_t start = out->len, left = s.len, n, room;
	uint64_t high = 0;
	char *to;

	do {
		n = left < WRITE_PIECE ? left : WRITE_PIECE;
		room = 6 * n + WRITE_SLACK;
		/* Where there is no room for the worst, there may be for what it is. */
		if (MSGC__UNLIKELY(out->error ||
		            (out->cap - out->len < room && !msgc__buf_try(out, room)))) {
			out->len = start;
			msgc__write_str(out, s);
			return;
		}
		to = out->data + out->len;
		if (left == s.len)
			*to++ = '"';
		if (n)
			to = write_piece(to, p, p + n, &high);
		if (n == left)
			*to++ = '"';
		out->len = (size_t)(to - out->data);
		p = n ? p + n : p;
		left -= n;
	} while (left);
	/* What is written can be read a block further than the string; escapes are ASCII. */
	if (MSGC__UNLIKELY(high) && !u8_valid_padded(out->data + start + 1, out->len - start - 2))
		out->error = MSGC_EINVAL;
}

#endif
