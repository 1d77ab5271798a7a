/* SPDX-License-Identifier: MIT */
/*
 * lower and upper: Unicode's simple case mappings, one code point for one. They may differ in their
 * number of bytes, so that a text is mapped in its place only where nothing grows. It knows tables,
 * no languages.
 */
#include "internal.h"

struct mapping {
	const struct msgc__case_run *runs;
	size_t n;
	char first, last; /* of the ASCII letters that change */
};

static struct mapping to_lower(void)
{
	return (struct mapping){msgc__lower_runs, msgc__lower_n, 'A', 'Z'};
}

static struct mapping to_upper(void)
{
	return (struct mapping){msgc__upper_runs, msgc__upper_n, 'a', 'z'};
}

static uint32_t decode(const uint8_t *p, size_t len)
{
	uint32_t v = p[0] & (0x7Fu >> len);

	for (size_t i = 1; i < len; i++)
		v = v << 6 | (p[i] & 0x3Fu);
	return v;
}

static size_t encoded_len(uint32_t v)
{
	return v < 0x80 ? 1 : v < 0x800 ? 2 : v < 0x10000 ? 3 : 4;
}

static void encode(uint32_t v, size_t len, char *to)
{
	static const uint8_t lead[] = {0, 0, 0xC0, 0xE0, 0xF0};

	for (size_t i = len - 1; i > 0; i--, v >>= 6)
		to[i] = (char)(0x80 | (v & 0x3F));
	to[0] = (char)(lead[len] | v);
}

static uint32_t map(const struct mapping *m, uint32_t v)
{
	size_t low = 0, high = m->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct msgc__case_run *run = &m->runs[middle];

		if (v < run->first)
			high = middle;
		else if (v > run->last)
			low = middle + 1;
		else
			return (v - run->first) % run->step ? v : v + (uint32_t)run->delta;
	}
	return v;
}

/* A character of a text: so many bytes, and what they become. */
struct step {
	size_t from, to;
	uint32_t v;
	bool changes;
};

static struct step step_at(const struct mapping *m, const char *p, size_t left)
{
	size_t len = (uint8_t)*p < 0x80 ? 0 : msgc__utf8_sequence((const uint8_t *)p, left);
	struct step step = {1, 1, (uint8_t)*p, *p >= m->first && *p <= m->last};
	uint32_t v;

	if (len == 0) {
		step.v ^= step.changes ? 0x20 : 0;
		return step;
	}
	v = decode((const uint8_t *)p, len);
	step.v = map(m, v);
	step.changes = step.v != v;
	step.from = len;
	step.to = encoded_len(step.v);
	return step;
}

/* The first character that changes; the length of the text: none does. */
static size_t first_change(const struct mapping *m, struct msgc_str s)
{
	struct step step;
	size_t at;

	for (at = 0; at < s.len; at += step.from) {
		step = step_at(m, s.ptr + at, s.len - at);
		if (step.changes)
			return at;
	}
	return s.len;
}

/* The length that the text will have; *ret_grows: not in its place, one character takes more bytes. */
static size_t mapped_len(const struct mapping *m, struct msgc_str s, size_t at, bool *ret_grows)
{
	size_t len = at;
	struct step step;

	*ret_grows = false;
	for (; at < s.len; at += step.from) {
		step = step_at(m, s.ptr + at, s.len - at);
		*ret_grows |= step.to > step.from;
		len += step.to;
	}
	return len;
}

/* From `at` on; to may be the text itself, where nothing grows. Ends it with NUL. */
static void put(const struct mapping *m, struct msgc_str s, size_t at, char *to)
{
	char *end = to + at;
	struct step step;

	for (; at < s.len; at += step.from) {
		step = step_at(m, s.ptr + at, s.len - at);
		if (step.to > 1)
			encode(step.v, step.to, end);
		else
			*end = (char)step.v;
		end += step.to;
	}
	*end = '\0';
}

/* to: where it goes if nothing grows; NULL: to the arena in any case. */
static int mapped(const struct mapping *m, struct msgc_arena *arena, struct msgc_str s, char *to,
        struct msgc_str *ret)
{
	size_t at = first_change(m, s), len;
	bool grows;

	if (at < s.len) {
		len = mapped_len(m, s, at, &grows);
		if (grows || !to) {
			to = msgc_arena_alloc(arena, len + 1, 1);
			if (!to)
				return MSGC_ENOMEM;
			memcpy(to, s.ptr, at);
		}
		put(m, s, at, to);
		s = msgc_str_of(to, len);
	}
	*ret = s;
	return 0;
}

int msgc_str_lower(struct msgc_arena *arena, struct msgc_str s, struct msgc_str *ret)
{
	struct mapping m = to_lower();

	return mapped(&m, arena, s, NULL, ret);
}

int msgc_str_upper(struct msgc_arena *arena, struct msgc_str s, struct msgc_str *ret)
{
	struct mapping m = to_upper();

	return mapped(&m, arena, s, NULL, ret);
}

/* A string just read stands in the text or in the arena, both ours to write. */
static void read_mapped(struct msgc_reader *r, const struct mapping *m, struct msgc_str *v)
{
	if (mapped(m, r->arena, *v, (char *)(uintptr_t)v->ptr, v) != 0)
		msgc_reader_no_memory(r);
}

void msgc_read_lower(struct msgc_reader *r, struct msgc_str *v)
{
	struct mapping m = to_lower();

	read_mapped(r, &m, v);
}

void msgc_read_upper(struct msgc_reader *r, struct msgc_str *v)
{
	struct mapping m = to_upper();

	read_mapped(r, &m, v);
}

bool msgc_check_lower(struct msgc_scope *s, struct msgc_str v)
{
	struct mapping m = to_lower();

	if (first_change(&m, v) == v.len)
		return true;
	msgc_refuse_value(s, "should be in lower case");
	return false;
}

bool msgc_check_upper(struct msgc_scope *s, struct msgc_str v)
{
	struct mapping m = to_upper();

	if (first_change(&m, v) == v.len)
		return true;
	msgc_refuse_value(s, "should be in upper case");
	return false;
}
