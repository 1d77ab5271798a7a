/* SPDX-License-Identifier: MIT */
/*
 * One JSON value, whatever it is, checked and passed over: grammar, UTF-8, depth, and with scratch
 * memory duplicate members at any depth. A loop over a stack of bits; scratch is taken back as
 * objects close. It changes nothing.
 */
#include "internal.h"

/* An open object whose names are being gathered. */
struct msgc__skip_level {
	struct msgc__skip_level *up;
	struct msgc__arena_mark before;
	struct msgc_names names;
};

static int wrong_at(struct msgc__skip *s, const char *wrong, const char *at)
{
	s->wrong = wrong;
	s->p = at;
	return MSGC_ECONTRACT;
}

static bool in_object(const struct msgc__skip *s)
{
	return s->objects[s->depth / 64] >> s->depth % 64 & 1;
}

static int open_level(struct msgc__skip *s, bool object)
{
	uint64_t bit;
	struct msgc__arena_mark before;
	struct msgc__skip_level *level;

	if (s->depth >= s->max_depth)
		return MSGC_ELIMIT;
	s->depth++;
	s->p++;
	bit = UINT64_C(1) << s->depth % 64;
	if (!object) {
		s->objects[s->depth / 64] &= ~bit;
		return 0;
	}
	s->objects[s->depth / 64] |= bit;
	if (!s->arena)
		return 0;
	before = msgc__arena_mark(s->arena);
	level = msgc_arena_alloc(s->arena, sizeof *level, _Alignof(struct msgc__skip_level));
	if (!level)
		return MSGC_ENOMEM;
	*level = (struct msgc__skip_level){.up = s->level, .before = before};
	s->level = level;
	return 0;
}

static void close_level(struct msgc__skip *s)
{
	struct msgc__skip_level *level = s->level;

	if (in_object(s) && level) {
		s->level = level->up;
		msgc__arena_rewind(s->arena, level->before);
	}
	s->depth--;
	s->p++;
}

/* The name of a member into the set of its object. */
static int add_name(struct msgc__skip *s, const struct msgc__string *string, const char *quote)
{
	struct msgc_str name = {string->raw, string->len};
	char *to;
	int result;

	if (!s->arena)
		return 0;
	if (string->escaped) {
		to = msgc_arena_alloc(s->arena, string->len, 1);
		if (!to)
			return MSGC_ENOMEM;
		name = msgc_str_of(to, msgc__unescape(string, to));
	}
	result = msgc__names_add(&s->level->names, s->arena, name);
	return result > 0 ? wrong_at(s, "duplicate member name", quote) : result;
}

/* A name and its colon. */
static int skip_name(struct msgc__skip *s)
{
	struct msgc__string string;
	const char *wrong, *bad, *quote = s->p;
	int result;

	if (s->p == s->end)
		return wrong_at(s, "EOF while parsing an object", s->p);
	if (*s->p != '"')
		return wrong_at(s, "key must be a string", s->p);
	wrong = msgc__scan_string(s->p + 1, s->end, s->slack, &string, &bad);
	if (wrong)
		return wrong_at(s, wrong, bad);
	result = add_name(s, &string, quote);
	if (result)
		return result;
	s->p = msgc__scan_space(string.raw + string.len + 1, s->end, s->slack);
	if (s->p == s->end)
		return wrong_at(s, "EOF while parsing an object", s->p);
	if (*s->p != ':')
		return wrong_at(s, "expected `:`", s->p);
	s->p++;
	return 0;
}

/* A value that holds no other. */
static int skip_scalar(struct msgc__skip *s)
{
	struct msgc__string string;
	struct msgc__number number;
	const char *wrong, *bad;
	size_t literal;

	if (*s->p == '"') {
		wrong = msgc__scan_string(s->p + 1, s->end, s->slack, &string, &bad);
		if (wrong)
			return wrong_at(s, wrong, bad);
		s->p = string.raw + string.len + 1;
		return 0;
	}
	if (*s->p == '-' || msgc__is_digit(*s->p)) {
		s->p = msgc__scan_number(s->p, s->end, &number, &bad);
		if (!s->p)
			return wrong_at(s, bad == s->end ? msgc__cut_value : "invalid number", bad);
		return 0;
	}
	literal = msgc__scan_literal(s->p, s->end);
	if (literal == 0)
		return wrong_at(s, "expected value", s->p);
	s->p += literal;
	return 0;
}

/*
 * Behind a value: closes what ends here. 1: a comma, the next part follows; 0: all is closed; or an
 * error.
 */
static int skip_separator(struct msgc__skip *s, uint32_t outer)
{
	bool object;

	while (s->depth > outer) {
		object = in_object(s);
		s->p = msgc__scan_space(s->p, s->end, s->slack);
		if (s->p == s->end)
			return wrong_at(s,
			        object ? "EOF while parsing an object" : "EOF while parsing a list",
			        s->p);
		if (*s->p == ',') {
			s->p = msgc__scan_space(s->p + 1, s->end, s->slack);
			if (s->p < s->end && *s->p == (object ? '}' : ']'))
				return wrong_at(s, "trailing comma", s->p);
			return 1;
		}
		if (*s->p != (object ? '}' : ']'))
			return wrong_at(
			        s, object ? "expected `,` or `}`" : "expected `,` or `]`", s->p);
		close_level(s);
	}
	return 0;
}

/* The beginning of an object or list. 1: it is not empty; 0: it is, and closed. */
static int skip_opening(struct msgc__skip *s)
{
	bool object = *s->p == '{';
	int result = open_level(s, object);

	if (result)
		return result;
	s->p = msgc__scan_space(s->p, s->end, s->slack);
	if (s->p < s->end && *s->p == (object ? '}' : ']')) {
		close_level(s);
		return 0;
	}
	return 1;
}

static int skip_all(struct msgc__skip *s)
{
	uint32_t outer = s->depth;
	int result;

	for (;;) {
		s->p = msgc__scan_space(s->p, s->end, s->slack);
		if (s->p == s->end)
			return wrong_at(s, msgc__cut_value, s->p);
		result = *s->p == '{' || *s->p == '[' ? skip_opening(s) : skip_scalar(s);
		if (result == 0)
			result = skip_separator(s, outer);
		if (result <= 0)
			return result;
		if (in_object(s)) {
			result = skip_name(s);
			if (result)
				return result;
		}
	}
}

int msgc__skip_value(struct msgc__skip *s)
{
	struct msgc__arena_mark before = {0};
	int result;

	s->level = NULL;
	s->wrong = NULL;
	if (s->arena)
		before = msgc__arena_mark(s->arena);
	result = skip_all(s);
	if (s->arena)
		msgc__arena_rewind(s->arena, before);
	return result;
}

const char *msgc__json_wrong(const char *text, size_t len)
{
	struct msgc__skip s = {.p = text, .max_depth = MSGC_DEPTH_MOST};

	if (len == 0)
		return msgc__cut_value;
	s.end = text + len;
	switch (msgc__skip_value(&s)) {
	case 0: return msgc__scan_space(s.p, s.end, 0) == s.end ? NULL : "trailing characters";
	case MSGC_ELIMIT: return "recursion limit exceeded";
	default: return s.wrong;
	}
}
