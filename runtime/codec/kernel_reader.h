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

/*
 * A string with escapes, p behind its opening quote: into the arena, with a NUL behind. Only where
 * the open block has room; else as if it were wrong.
 */
static __attribute__((noinline)) char *take_escaped(
        struct msgc_reader *r, char *p, struct msgc_str *ret)
{
	struct msgc_arena *arena = r->arena;
	bool escaped;
	const char *quote = string_end(p, r->end, MSGC_PADDING, &escaped);
	char *to = arena->at;
	size_t len, n;

	if (!quote)
		return NULL;
	len = (size_t)(quote - p);
	if ((size_t)(arena->end - to) < len + BLOCK)
		return NULL;
	n = kernel_unescape(p, len, MSGC_PADDING, to);
	to[n] = '\0';
	arena->at = to + n + 1;
	*ret = msgc_str_of(to, n);
	return p + len + 1;
}

/* What follows a string of this length, which is right. */
ALWAYS char *end_string(struct msgc_reader *r, char *p, size_t len, struct msgc_str *ret)
{
	ret->ptr = p;
	ret->len = len;
	if (!r->keep_text)
		p[len] = '\0';
	return p + len + 1;
}

#if KERNEL_ISA == ISA_AVX2
/*
 * The whole padding at once: whether a string ends in the first block or in the second cannot be
 * foreseen, and a wrong guess costs more than the second look. NULL: it ends in neither, or is not
 * plain ASCII.
 */
ALWAYS char *take_two_blocks(struct msgc_reader *r, char *p, struct msgc_str *ret)
{
	block a = block_load(p), b = block_load(p + BLOCK);
	uint64_t m = block_special(a) | (uint64_t)block_special(b) << BLOCK;
	uint64_t high = block_high(a) | (uint64_t)block_high(b) << BLOCK;
	unsigned k = m ? msgc__trailing_zeros(m) : 0;

	if (MSGC__UNLIKELY(!m || p[k] != '"' || (high & ((UINT64_C(1) << k) - 1))))
		return NULL;
	return end_string(r, p, k, ret);
}
#else
ALWAYS char *take_two_blocks(struct msgc_reader *r, char *p, struct msgc_str *ret)
{
	(void)r;
	(void)p;
	(void)ret;
	return NULL;
}
#endif

/* p is behind the opening quote of a string. */
ALWAYS char *take_string(struct msgc_reader *r, char *p, struct msgc_str *ret)
{
	char *quote = take_two_blocks(r, p, ret);
	block v;
	mask m, high = 0;
	unsigned k;

	if (MSGC__LIKELY(quote != NULL))
		return quote;
	quote = p;
	v = block_load(p);
	m = block_special(v);

	while (MSGC__UNLIKELY(!m)) {
		high |= block_high(v);
		quote += BLOCK;
		v = block_load(quote);
		m = block_special(v);
	}
	k = mask_first(m);
	high |= block_high(v) & mask_below(k);
	quote += k;
	if (MSGC__UNLIKELY(*quote != '"'))
		return take_escaped(r, p, ret);
	if (MSGC__UNLIKELY(high) && !u8_valid_padded(p, (size_t)(quote - p)))
		return NULL;
	return end_string(r, p, (size_t)(quote - p), ret);
}

static char *kernel_take_str(struct msgc_reader *r, char *p, struct msgc_str *ret)
{
	if (MSGC__UNLIKELY(*p != '"')) {
		p += space_end(p, r->end, MSGC_PADDING) - p;
		if (*p != '"')
			return NULL;
	}
	return take_string(r, p + 1, ret);
}

/* ---- strings of a shape ---- */

#define SHAPE_TABLE 32 /* bytes of a shape's tables */

/* How many bytes from p on are of the class; more than `most`: too many. */
ALWAYS size_t class_run(const char *p, const struct msgc_shape *shape)
{
#if KERNEL_SHUFFLES
	mask m = block_not_in(block_load(p), shape->from, shape->span);

	return m ? mask_first(m) : SIZE_MAX;
#else
	size_t n = 0;

	while (n < SHAPE_TABLE && (shape->from[p[n] & 15] & shape->span[(uint8_t)p[n] >> 4]))
		n++;
	return n;
#endif
}

/* Do the places hold what they may, and then a quote? */
ALWAYS bool places_hold(const char *p, const struct msgc_shape *shape)
{
#if BLOCK == 32
	return block_within(block_load(p), shape->from, shape->span);
#elif BLOCK == 16
	return block_within(block_load(p), shape->from, shape->span) &&
	        block_within(block_load(p + 16), shape->from + 16, shape->span + 16);
#else
	unsigned good = 1;

	for (size_t i = 0; i <= shape->most; i++)
		good &= (uint8_t)((uint8_t)p[i] - shape->from[i]) <= shape->span[i];
	return good;
#endif
}

static char *kernel_take_shape(
        struct msgc_reader *r, char *p, const struct msgc_shape *shape, struct msgc_str *ret)
{
	size_t n;

	if (MSGC__UNLIKELY(*p++ != '"'))
		return NULL;
	if (shape->is_fixed) {
		/* The length is known beforehand: what follows does not wait for this. */
		n = shape->most;
		if (MSGC__UNLIKELY(!places_hold(p, shape)))
			return NULL;
	} else {
		n = class_run(p, shape);
		if (MSGC__UNLIKELY(n - shape->least > shape->most - shape->least || p[n] != '"'))
			return NULL;
	}
	return end_string(r, p, n, ret);
}

/* ---- members and items ---- */

/*
 * White space as it was the last time: what is pretty-printed has runs of the same length, and a
 * guess that the processor predicts costs less than the wait for a count.
 */
static __attribute__((noinline)) char *counted_space(struct msgc_reader *r, char *p)
{
	char *end = p + (space_end(p, r->end, MSGC_PADDING) - p);

	r->indent = end - p < BLOCK - 1 ? (uint32_t)(end - p) : 0;
	return end;
}

ALWAYS char *some_space(struct msgc_reader *r, char *p)
{
	unsigned guess = r->indent;
	mask m = block_not_space(block_load(p));

	if (MSGC__LIKELY((m & mask_below(guess + 1)) && !(m & mask_below(guess))))
		return p + guess;
	return counted_space(r, p);
}

ALWAYS char *space(struct msgc_reader *r, char *p)
{
	if (MSGC__LIKELY((uint8_t)*p > ' '))
		return p;
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
		if ((uint8_t)*p <= ' ')
			p = some_space(r, p);
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
