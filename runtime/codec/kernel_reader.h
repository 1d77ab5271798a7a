/* SPDX-License-Identifier: MIT */
/*
 * What a reader does most: the next string, the next member's name, the next item. Each of these
 * either does all of it or leaves the reader as it was and hands over to the function of the same
 * purpose that is compiled once (reader_string.c, reader_object.c), which can do everything and
 * tells problems. A reader's text has MSGC_PADDING bytes behind it, so that a block can be read
 * anywhere.
 */
#ifndef MSGC_CODEC_KERNEL_READER_H
#define MSGC_CODEC_KERNEL_READER_H

#include "kernel_string.h"
#include "reader.h"

#define ESCAPE_MOST 4 /* bytes that one escape can stand for */

/* At a backslash: what the escape stands for into *to; behind it, NULL: it is none. */
ALWAYS char *take_escape(struct msgc_reader *r, char *p, char **to)
{
	char c = msgc__escapes[(uint8_t)p[1]];
	const char *end;

	if (MSGC__LIKELY(c)) {
		*(*to)++ = c;
		return p + 2;
	}
	end = escape_end(p, r->end);
	if (!end)
		return NULL;
	put_escape(p, to);
	return p + (end - p);
}

/*
 * Two blocks where a mask has room for both: whether a string goes on behind the first one cannot be
 * foreseen, nor whether there is another escape in it.
 */
#if BLOCK == 32
#define WINDOW 64
typedef uint64_t window;

ALWAYS window window_of(mask first, mask second)
{
	return first | (window)second << BLOCK;
}

ALWAYS window window_special(const char *p)
{
	return window_of(block_special(block_load(p)), block_special(block_load(p + BLOCK)));
}

ALWAYS window window_high(const char *p)
{
	return window_of(block_high(block_load(p)), block_high(block_load(p + BLOCK)));
}
#else
#define WINDOW BLOCK
typedef mask window;

ALWAYS window window_special(const char *p)
{
	return block_special(block_load(p));
}

ALWAYS window window_high(const char *p)
{
	return block_high(block_load(p));
}
#endif

ALWAYS void window_copy(char *to, const char *p)
{
	for (size_t at = 0; at < WINDOW; at += BLOCK)
		block_store(to + at, block_load(p + at));
}

/* The bytes before place k, k < WINDOW. */
ALWAYS window window_below(unsigned k)
{
	return ((window)1 << k * MASK_STEP) - 1;
}

#define TAKE_AHEAD (2 * WINDOW + ESCAPE_MOST) /* bytes that one window may store */

/*
 * A string with escapes, p behind its opening quote: into the arena, with a NUL behind. A window is
 * looked at once, however many escapes are in it; what follows one of them is stored once more where
 * it belongs. Only where the open block of the arena has room; else as if it were wrong. Returns
 * behind the closing quote, or NULL.
 */
static __attribute__((noinline)) char *take_escaped(
        struct msgc_reader *r, char *p, struct msgc_str *ret)
{
	struct msgc_arena *arena = r->arena;
	char *begin = p, *to = arena->at, *at;
	window high = 0, above, m;
	unsigned k;

	for (;;) {
		if (MSGC__UNLIKELY((size_t)(arena->end - to) < TAKE_AHEAD))
			return NULL;
		m = window_special(p);
		above = window_high(p);
		window_copy(to, p);
		for (at = p; m; m &= ~window_below((unsigned)(at - p))) {
			k = msgc__trailing_zeros(m) / MASK_STEP;
			to += p + k - at;
			at = p + k;
			if (*at == '"')
				goto quote;
			if (MSGC__UNLIKELY(*at != '\\'))
				return NULL;
			at = take_escape(r, at, &to);
			if (MSGC__UNLIKELY(!at))
				return NULL;
			/* Portable C knows the first one of a block only. */
			if (BLOCK == 8 || at - p >= WINDOW)
				break;
			window_copy(to, at);
		}
		high |= above;
		if (m) {
			p = at;
		} else {
			to += p + WINDOW - at;
			p += WINDOW;
		}
	}
quote:
	high |= above & window_below(k);
	/* Escapes are ASCII, so that the raw text is valid exactly when the value is. */
	if (high && !u8_valid_padded(begin, (size_t)(at - begin)))
		return NULL;
	*to = '\0';
	ret->ptr = arena->at;
	ret->len = (size_t)(to - arena->at);
	arena->at = to + 1;
	return at + 1;
}

/* class_run from byte n on, where the quote is not as near as usual. */
static __attribute__((noinline)) size_t class_run_on(
        const char *p, size_t n, const struct msgc_shape *shape)
{
#if KERNEL_SHUFFLES
	mask other;

	for (; !(other = block_not_in(block_load(p + n), shape->from, shape->span)); n += BLOCK)
		;
	n += mask_first(other);
#else
	while (shape->from[p[n] & 15] & shape->span[(uint8_t)p[n] >> 4])
		n++;
#endif
	return p[n] == '"' ? n : SIZE_MAX;
}

#include <msgc/kernel/token.h>

static bool kernel_take_str(struct msgc_reader *r, struct msgc_str *ret)
{
	char *p = r->at;
	bool high;

	if (MSGC__UNLIKELY(*p != '"')) {
		p += space_end(p, r->end, MSGC_PADDING) - p;
		if (*p != '"')
			return false;
	}
	p = take_string(r, p + 1, ret, &high);
	if (!p)
		return false;
	r->at = p;
	return true;
}

static bool kernel_read_str(struct msgc_reader *r, struct msgc_str *ret)
{
	return kernel_take_str(r, ret) || msgc__read_str(r, ret);
}

static bool kernel_take_shape(
        struct msgc_reader *r, const struct msgc_shape *shape, struct msgc_str *ret)
{
	char *p = r->at;

	if (*p != '"')
		return false;
	p = shape->is_fixed ? take_places(r, p + 1, shape, ret) : take_run(r, p + 1, shape, ret);
	if (!p)
		return false;
	r->at = p;
	return true;
}

/* ---- numbers ---- */

static bool kernel_take_float64(struct msgc_reader *r, double *ret)
{
	char *begin = r->at, *end = take_float64(begin, ret);

	if (!end)
		return false;
	r->number.ptr = begin;
	r->number.len = (size_t)(end - begin);
	r->at = end;
	return true;
}

/* ---- members and items ---- */

static __attribute__((noinline)) char *some_space(struct msgc_reader *r, char *p)
{
	char *end = p + (space_end(p, r->end, MSGC_PADDING) - p);

	r->indent = end - p < BLOCK - 1 ? (uint32_t)(end - p) : 0;
	return end;
}

/*
 * White space as it was the last time: what is pretty-printed has runs of the same length, and a
 * guess that the processor predicts costs less than the wait for a count.
 */
ALWAYS char *space(struct msgc_reader *r, char *p)
{
	unsigned guess = r->indent;
	mask m;

	if (MSGC__LIKELY((uint8_t)*p > ' '))
		return p;
	m = block_not_space(block_load(p)) & mask_below(guess + 1);
	if (MSGC__LIKELY(m && mask_first(m) == guess))
		return p + guess;
	return some_space(r, p);
}

/* Around a colon there is one blank or none. */
ALWAYS char *one_space(struct msgc_reader *r, char *p)
{
	if (*p == ' ')
		p++;
	if (MSGC__LIKELY((uint8_t)*p > ' '))
		return p;
	return p + (space_end(p, r->end, MSGC_PADDING) - p);
}

static bool kernel_read_member(struct msgc_reader *r, struct msgc_object *o)
{
	char *p = space(r, r->at), *key;
	block v;
	mask m;
	unsigned k;

	if (*p == '}') {
		r->at = p + 1;
		return false;
	}
	if (MSGC__LIKELY(o->count)) {
		if (MSGC__UNLIKELY(*p != ','))
			return msgc__read_member(r, o);
		p = space(r, p + 1);
	}
	if (MSGC__UNLIKELY(*p != '"'))
		return msgc__read_member(r, o);
	key = p + 1;
	v = block_load(key);
	m = block_special(v);
	k = m ? mask_first(m) : 0;
	if (MSGC__UNLIKELY(!m || key[k] != '"' || (block_high(v) & mask_below(k))))
		return msgc__read_member(r, o);
	o->key_at = p;
	o->at.key.ptr = key;
	o->at.key.len = k;
	p = one_space(r, key + k + 1);
	if (MSGC__UNLIKELY(*p != ':'))
		return msgc__read_member(r, o);
	r->at = one_space(r, p + 1);
	o->count++;
	return true;
}

static bool kernel_read_item(struct msgc_reader *r, struct msgc_list *l)
{
	char *p = r->at;

	/* Else there is no item, or something is wrong. */
	if (MSGC__LIKELY(l->count && l->count < l->max)) {
		p = space(r, p);
		if (*p == ',') {
			p = space(r, p + 1);
			if (MSGC__LIKELY(*p != ']')) {
				l->at.index = l->count++;
				r->at = p;
				return true;
			}
		} else if (*p == ']') {
			r->at = p + 1;
			return false;
		}
	}
	return msgc__read_item(r, l);
}

#endif
