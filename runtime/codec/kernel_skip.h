/* SPDX-License-Identifier: MIT */
/*
 * Values that nobody wants, passed over and checked: grammar, UTF-8, names that are there twice.
 * Only what is small: a few levels, a few names in an object, none of them escaped. Everything else,
 * and everything that is wrong, is left to skip.c, which begins again; nothing has been written.
 */
#ifndef MSGC_CODEC_KERNEL_SKIP_H
#define MSGC_CODEC_KERNEL_SKIP_H

#include "kernel_string.h"

#define SKIP_LEVELS 8
#define SKIP_NAMES  16

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

static const char *skip_any(const char *p, const char *end, unsigned levels);

/* Behind an item or a value: at what comes next, or behind the closing bracket with *ret_closed. */
ALWAYS const char *skip_on(const char *p, const char *end, char bracket, bool *ret_closed)
{
	p = skip_space(p, end);
	*ret_closed = *p == bracket;
	if (*ret_closed)
		return p + 1;
	return *p == ',' ? skip_space(p + 1, end) : NULL;
}

static const char *skip_list(const char *p, const char *end, unsigned levels)
{
	bool closed = false;

	p = skip_space(p, end);
	if (*p == ']')
		return p + 1;
	while (p && !closed) {
		p = skip_any(p, end, levels);
		if (p)
			p = skip_on(p, end, ']', &closed);
	}
	return p;
}

static bool is_there(const struct msgc_str *names, size_t n, struct msgc_str name)
{
	for (size_t i = 0; i < n; i++)
		if (names[i].len == name.len && memcmp(names[i].ptr, name.ptr, name.len) == 0)
			return true;
	return false;
}

static const char *skip_object(const char *p, const char *end, unsigned levels)
{
	struct msgc_str names[SKIP_NAMES];
	bool closed = false, escaped;
	size_t n = 0;

	p = skip_space(p, end);
	if (*p == '}')
		return p + 1;
	while (p && !closed) {
		const char *name = p + 1;

		if (*p != '"' || n == SKIP_NAMES)
			return NULL;
		p = skip_string(name, end, &escaped);
		if (!p || escaped)
			return NULL;
		names[n] = (struct msgc_str){name, (size_t)(p - 1 - name)};
		if (is_there(names, n, names[n]))
			return NULL;
		n++;
		p = skip_space(p, end);
		if (*p != ':')
			return NULL;
		p = skip_any(skip_space(p + 1, end), end, levels);
		if (p)
			p = skip_on(p, end, '}', &closed);
	}
	return p;
}

/* No white space before it. NULL: left to others. */
static const char *skip_any(const char *p, const char *end, unsigned levels)
{
	bool escaped;

	switch (*p) {
	case '"': return skip_string(p + 1, end, &escaped);
	case '{': return levels ? skip_object(p + 1, end, levels - 1) : NULL;
	case '[': return levels ? skip_list(p + 1, end, levels - 1) : NULL;
	case 't': return memcmp(p, "true", 4) == 0 ? p + 4 : NULL;
	case 'f': return memcmp(p, "false", 5) == 0 ? p + 5 : NULL;
	case 'n': return memcmp(p, "null", 4) == 0 ? p + 4 : NULL;
	default: return skip_number(p);
	}
}

static const char *kernel_skip(const char *p, const char *end, unsigned levels)
{
	p = skip_space(p, end);
	return skip_any(p, end, levels < SKIP_LEVELS ? levels : SKIP_LEVELS);
}

#endif
