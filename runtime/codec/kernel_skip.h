/* SPDX-License-Identifier: MIT */
/*
 * Values that nobody wants, passed over and checked: grammar, UTF-8, names that are there twice.
 * Only what is usual: some levels, some names in the objects that are open, none of them escaped.
 * Everything else, and everything that is wrong or may be, is left to skip.c, which begins again;
 * nothing has been written.
 */
#ifndef MSGC_CODEC_KERNEL_SKIP_H
#define MSGC_CODEC_KERNEL_SKIP_H

#include "kernel_string.h"

#define SKIP_LEVELS 32
#define SKIP_NAMES  128

struct skip_level {
	char closing;       /* ] or } */
	unsigned first_key; /* of this object's names */
};

/* What is open: levels[1] to levels[depth]. */
struct skip {
	const char *end;
	unsigned depth, n_keys;
	struct skip_level levels[SKIP_LEVELS + 1];
	uint32_t keys[SKIP_NAMES]; /* in place of the names */
};

/* p is behind the opening quote; returns behind the closing one. */
ALWAYS const char *skip_string(const char *p, const char *end, bool *ret_escaped)
{
	block v = block_load(p);
	mask m = block_special(v);
	unsigned k;

	*ret_escaped = false;
	if (MSGC__LIKELY(m)) {
		k = mask_first(m);
		if (MSGC__LIKELY(p[k] == '"' && !(block_high(v) & mask_below(k))))
			return p + k + 1;
	}
	p = kernel_string_end(p, end, MSGC_PADDING, ret_escaped);
	return p ? p + 1 : NULL;
}

ALWAYS const char *skip_digits(const char *p)
{
	if (!msgc__is_digit(*p))
		return NULL;
	while (msgc__is_digit(*p))
		p++;
	return p;
}

/* Byte by byte: most are short, and how long the next one is can be foreseen. */
static const char *skip_number(const char *p)
{
	p += *p == '-';
	if (*p == '0')
		p = msgc__is_digit(p[1]) ? NULL : p + 1;
	else
		p = skip_digits(p);
	if (p && *p == '.')
		p = skip_digits(p + 1);
	if (p && (*p | 0x20) == 'e') {
		p++;
		p = skip_digits(p + (*p == '+' || *p == '-'));
	}
	return p;
}

ALWAYS const char *skip_space(const char *p, const char *end)
{
	return MSGC__LIKELY((uint8_t)*p > ' ') ? p : space_end(p, end, MSGC_PADDING);
}

/* A name as a number. Two may have the same: then skip.c compares them. */
ALWAYS uint32_t skip_key(const char *name, size_t len)
{
	const uint64_t prime = UINT64_C(0x9E3779B97F4A7C15);
	uint64_t key = len, last = swar_load(name);

	if (len >= 8) {
		for (size_t at = 0; at + 8 < len; at += 8) {
			key = (key ^ swar_load(name + at)) * prime;
			key ^= key >> 32;
		}
		last = swar_load(name + len - 8);
	} else {
		last &= (UINT64_C(1) << 8 * len) - 1;
	}
	return (uint32_t)((key ^ last) * prime >> 32);
}

/* Is it one of the n keys? */
ALWAYS bool skip_has_key(const uint32_t *keys, unsigned n, uint32_t key)
{
	bool is_there = false;
	unsigned i = 0;

#if KERNEL_X86
	if (n >= 4) {
		const __m128i all = _mm_set1_epi32((int)key);
		__m128i found =
		        _mm_cmpeq_epi32(_mm_loadu_si128((const __m128i *)(keys + n - 4)), all);

		for (; i + 4 < n; i += 4)
			found = _mm_or_si128(found,
			        _mm_cmpeq_epi32(_mm_loadu_si128((const __m128i *)(keys + i)), all));
		return _mm_movemask_epi8(found) != 0;
	}
#elif KERNEL_ISA == ISA_NEON
	if (n >= 4) {
		const uint32x4_t all = vdupq_n_u32(key);
		uint32x4_t found = vceqq_u32(vld1q_u32(keys + n - 4), all);

		for (; i + 4 < n; i += 4)
			found = vorrq_u32(found, vceqq_u32(vld1q_u32(keys + i), all));
		return vmaxvq_u32(found) != 0;
	}
#endif
	for (; i < n; i++)
		is_there |= keys[i] == key;
	return is_there;
}

/* A name that is new to its object, and the colon: at the value. */
ALWAYS const char *skip_name(struct skip *s, const char *p)
{
	const char *name = p + 1;
	unsigned first = s->levels[s->depth].first_key;
	bool escaped;
	uint32_t key;

	if (*p != '"' || s->n_keys == SKIP_NAMES)
		return NULL;
	p = skip_string(name, s->end, &escaped);
	if (!p || escaped)
		return NULL;
	key = skip_key(name, (size_t)(p - 1 - name));
	if (MSGC__UNLIKELY(skip_has_key(s->keys + first, s->n_keys - first, key)))
		return NULL;
	s->keys[s->n_keys++] = key;
	p = skip_space(p, s->end);
	return *p == ':' ? skip_space(p + 1, s->end) : NULL;
}

ALWAYS const char *skip_scalar(const char *p, const char *end)
{
	bool escaped;

	switch (*p) {
	case '"': return skip_string(p + 1, end, &escaped);
	case 't': return memcmp(p, "true", 4) == 0 ? p + 4 : NULL;
	case 'f': return memcmp(p, "false", 5) == 0 ? p + 5 : NULL;
	case 'n': return memcmp(p, "null", 4) == 0 ? p + 4 : NULL;
	default: return skip_number(p);
	}
}

/* Behind a value: closes what ends here; at the next name or item, or behind all of it. */
ALWAYS const char *skip_on(struct skip *s, const char *p)
{
	while (s->depth) {
		p = skip_space(p, s->end);
		if (*p == ',')
			return skip_space(p + 1, s->end);
		if (*p != s->levels[s->depth].closing)
			return NULL;
		s->n_keys = s->levels[s->depth--].first_key;
		p++;
	}
	return p;
}

/* '[' and '{' are alike but for a bit; what closes them comes two behind. */
ALWAYS bool skip_opens(char c)
{
	return (c | 0x20) == '{';
}

/* Of which so many levels may be open. NULL: left to others. */
static const char *skip_value(struct skip *s, const char *p, unsigned levels)
{
	bool is_behind;

	for (;;) {
		is_behind = true;
		if (skip_opens(*p)) {
			if (s->depth == levels)
				return NULL;
			s->levels[++s->depth] = (struct skip_level){(char)(*p + 2), s->n_keys};
			p = skip_space(p + 1, s->end);
			is_behind = *p == s->levels[s->depth].closing;
		} else {
			p = skip_scalar(p, s->end);
		}
		if (p && is_behind)
			p = skip_on(s, p);
		if (!p || s->depth == 0)
			return p;
		if (s->levels[s->depth].closing == '}') {
			p = skip_name(s, p);
			if (!p)
				return NULL;
		}
	}
}

static const char *kernel_skip(const char *p, const char *end, unsigned levels)
{
	struct skip s;

	s.end = end;
	s.depth = s.n_keys = 0;
	s.levels[0].closing = 0;
	return skip_value(&s, skip_space(p, end), levels < SKIP_LEVELS ? levels : SKIP_LEVELS);
}

#endif
