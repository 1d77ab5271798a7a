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
static __attribute__((noinline)) bool take_escaped(
        struct msgc_reader *r, char *p, struct msgc_str *ret)
{
	struct msgc_arena *arena = r->arena;
	bool escaped;
	const char *quote = string_end(p, r->end, MSGC_PADDING, &escaped);
	char *to = arena->at;
	size_t len, n;

	if (!quote)
		return false;
	len = (size_t)(quote - p);
	if ((size_t)(arena->end - to) < len + BLOCK)
		return false;
	n = kernel_unescape(p, len, MSGC_PADDING, to);
	to[n] = '\0';
	arena->at = to + n + 1;
	*ret = msgc_str_of(to, n);
	r->at = p + len + 1;
	return true;
}

/* p is behind the opening quote of a string. */
ALWAYS bool take_string(struct msgc_reader *r, char *p, struct msgc_str *ret)
{
	block v = block_load(p);
	mask m = block_special(v), high = 0;
	char *quote = p;
	unsigned k;

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
		return false;
	ret->ptr = p;
	ret->len = (size_t)(quote - p);
	r->at = quote + 1;
	if (!r->keep_text)
		*quote = '\0';
	return true;
}

static bool kernel_take_str(struct msgc_reader *r, struct msgc_str *ret)
{
	char *p = r->at;

	if (MSGC__UNLIKELY(*p != '"')) {
		p += space_end(p, r->end, MSGC_PADDING) - p;
		if (*p != '"')
			return false;
	}
	return take_string(r, p + 1, ret);
}

static bool kernel_read_str(struct msgc_reader *r, struct msgc_str *ret)
{
	return kernel_take_str(r, ret) || msgc__read_str(r, ret);
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

static bool kernel_take_shape(
        struct msgc_reader *r, const struct msgc_shape *shape, struct msgc_str *ret)
{
	char *p = r->at + 1;
	size_t n;

	if (MSGC__UNLIKELY(p[-1] != '"'))
		return false;
	if (shape->is_fixed) {
		/* The length is known beforehand: what follows does not wait for this. */
		n = shape->most;
		if (MSGC__UNLIKELY(!places_hold(p, shape)))
			return false;
	} else {
		n = class_run(p, shape);
		if (MSGC__UNLIKELY(n - shape->least > shape->most - shape->least || p[n] != '"'))
			return false;
	}
	ret->ptr = p;
	ret->len = n;
	r->at = p + n + 1;
	if (!r->keep_text)
		p[n] = '\0';
	return true;
}

/* ---- members and items ---- */

/*
 * White space as it was the last time: what is pretty-printed has runs of the same length, and a
 * guess that the processor predicts costs less than the wait for a count.
 */
static __attribute__((noinline)) char *some_space(struct msgc_reader *r, char *p)
{
	unsigned guess = r->indent;
	mask m = block_not_space(block_load(p));
	char *end;

	if (MSGC__LIKELY((m & mask_below(guess + 1)) && !(m & mask_below(guess))))
		return p + guess;
	end = p + (space_end(p, r->end, MSGC_PADDING) - p);
	r->indent = end - p < BLOCK - 1 ? (uint32_t)(end - p) : 0;
	return end;
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
