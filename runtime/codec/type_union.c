/* SPDX-License-Identifier: MIT */
/*
 * Unions told apart by a tag, inside the arm's object or beside it, and choices told apart by the
 * JSON kind of the value. Finds the tag ahead of the value, chooses the arm, and has the arm read
 * with the tag stepped over. What arms hold is read elsewhere.
 */
#include "reader.h"
#include "types.h"

void msgc__refuse_union(
        struct msgc_scope *s, const struct msgc_type_union *u, const char *by, bool is_unset)
{
	if (!u->discriminator)
		msgc_refuse_choice(s, u->expected);
	else if (is_unset)
		msgc_refuse_no_tag(s, by);
	else
		msgc_refuse_tag(s, by, u->expected);
}

/* ---- tags ---- */

/* Behind one member's name: its value, if the name is the discriminator; else behind the value. */
static const char *next_member(struct msgc__skip *s, struct msgc_str wanted, bool *ret_found)
{
	struct msgc__string name;
	const char *bad;

	if (s->p == s->end || *s->p != '"' ||
	        msgc__scan_string(s->p + 1, s->end, s->slack, &name, &bad))
		return NULL;
	s->p = msgc__scan_space(name.raw + name.len + 1, s->end, s->slack);
	if (s->p == s->end || *s->p != ':')
		return NULL;
	s->p = msgc__scan_space(s->p + 1, s->end, s->slack);
	*ret_found = msgc__string_is(&name, wanted);
	if (!*ret_found && msgc__skip_value(s))
		return NULL;
	return s->p;
}

/*
 * Where in the object that begins at `at` the discriminator's value stands. NULL: nowhere, or the
 * text is broken before it; whoever reads the object then says so.
 */
static const char *find_tag(const char *at, const char *end, struct msgc_str discriminator,
        ptrdiff_t slack, uint32_t depth, uint32_t max_depth)
{
	struct msgc__skip s = {
	        .end = end, .slack = slack, .depth = depth + 1, .max_depth = max_depth};
	bool found = false;

	s.p = msgc__scan_space(at + 1, end, slack);
	while (next_member(&s, discriminator, &found)) {
		if (found)
			return s.p;
		s.p = msgc__scan_space(s.p, end, slack);
		if (s.p == end || *s.p != ',')
			return NULL;
		s.p = msgc__scan_space(s.p + 1, end, slack);
	}
	return NULL;
}

/* There are two of these at most. */
static size_t find_bool(const struct msgc_type_union *u, bool v)
{
	for (size_t i = 0; i < u->n_arms - u->has_else; i++)
		if (u->arms[i].tag.kind == MSGC_LITERAL_BOOL && u->arms[i].tag.number == v)
			return i;
	return SIZE_MAX;
}

static void set_kind(void *value, size_t index)
{
	int32_t kind = (int32_t)index + 1;

	memcpy(value, &kind, sizeof kind);
}

/* Arms that are not known here: the else arm with its tag, or none. */
static bool choose_else(struct msgc_reader *r, const struct msgc_type_union *u, const char *by,
        bool is_int, const void *tag, void *value)
{
	if (!u->has_else || u->else_int != is_int) {
		if (!r->error)
			msgc_refuse_tag(&r->scope, by, u->expected);
		return false;
	}
	memcpy((char *)value + u->tag_at, tag, is_int ? sizeof(int64_t) : sizeof(struct msgc_str));
	set_kind(value, u->n_arms - 1);
	return true;
}

static bool read_tag_str(
        struct msgc_reader *r, const struct msgc_type_union *u, const char *by, void *value)
{
	struct msgc__string s;
	struct msgc_str tag, copy;
	size_t index;

	if (!msgc__read_string(r, &s) || !msgc__string_peek(r, &s, &tag))
		return false;
	index = msgc__find_tag(u, tag);
	if (index != SIZE_MAX) {
		set_kind(value, index);
		return true;
	}
	copy = tag;
	if (u->has_else && !u->else_int && !s.escaped && msgc_arena_copy(r->arena, tag, &copy)) {
		msgc_reader_no_memory(r);
		return false;
	}
	return choose_else(r, u, by, false, &copy, value);
}

static bool read_tag_number(
        struct msgc_reader *r, const struct msgc_type_union *u, const char *by, void *value)
{
	struct msgc_scope quiet = {0};
	struct msgc__number token;
	struct msgc__digits digits;
	const char *bad;
	int64_t number;
	size_t index;

	if (!msgc__scan_number(r->at, r->end, &token, &bad)) {
		msgc__reader_skip(r); /* which says what is wrong with it */
		return false;
	}
	r->at += token.end - r->at;
	msgc__digits_of(token.at, (size_t)(token.end - token.at), &digits);
	if (!msgc__digits_to_int(&quiet, &digits, INT64_MIN, INT64_MAX, &number)) {
		msgc_refuse_tag(&r->scope, by, u->expected);
		return false;
	}
	index = msgc__find_tag_int(u, number);
	if (index == SIZE_MAX)
		return choose_else(r, u, by, true, &number, value);
	set_kind(value, index);
	return true;
}

bool msgc__read_tag(
        struct msgc_reader *r, const struct msgc_type_union *u, const char *by, void *value)
{
	size_t index = SIZE_MAX;
	bool boolean;

	msgc__reader_space(r);
	switch (msgc__json_kind(*r->at)) {
	case MSGC_JSON_STRING: return read_tag_str(r, u, by, value);
	case MSGC_JSON_NUMBER: return read_tag_number(r, u, by, value);
	case MSGC_JSON_BOOLEAN:
		if (!msgc_read_bool(r, &boolean))
			return false;
		index = find_bool(u, boolean);
		break;
	default: msgc__reader_skip(r);
	}
	if (index != SIZE_MAX)
		set_kind(value, index);
	else if (!r->error)
		msgc_refuse_tag(&r->scope, by, u->expected);
	return index != SIZE_MAX && !r->error;
}

/* ---- reading ---- */

void msgc__read_arm(struct msgc_reader *r, const struct msgc_type_union *u, void *value)
{
	const struct msgc_arm *arm = msgc__arm_of(u, value);
	void *part = arm->shape & MSGC_SHAPE_NO_VALUE ? NULL : (char *)value + u->value_at;

	if (arm->shape & MSGC_SHAPE_BOXED) {
		void *boxed = msgc_arena_calloc(r->arena, 1, arm->type->size);

		memcpy(part, &boxed, sizeof boxed);
		if (!boxed) {
			msgc_reader_no_memory(r);
			return;
		}
		part = boxed;
	}
	msgc_type_read(r, arm->type, part);
}

void msgc__read_union(struct msgc_reader *r, const struct msgc_type *type, void *value)
{
	const struct msgc_type_union *u = type->arms;
	struct msgc_stepped stepped = {{u->discriminator, u->discriminator_len}, r->stepped};
	char *object, *tag;
	bool chosen;

	msgc__reader_space(r);
	if (*r->at != '{') {
		msgc__read_wrong_kind(r, "model_type", "Input should be an object");
		return;
	}
	object = r->at;
	tag = (char *)(uintptr_t)find_tag(
	        object, r->end, stepped.name, r->slack, r->depth, r->max_depth);
	if (!tag) {
		msgc_refuse_no_tag(&r->scope, u->discriminator);
		msgc__reader_skip(r);
		return;
	}
	r->at = tag;
	chosen = msgc__read_tag(r, u, u->discriminator, value);
	if (r->error)
		return;
	r->at = object;
	if (chosen) {
		r->stepped = &stepped;
		msgc__read_arm(r, u, value);
	} else {
		msgc__reader_skip(r);
	}
	r->stepped = NULL;
}

void msgc__read_choice(struct msgc_reader *r, const struct msgc_type *type, void *value)
{
	const struct msgc_type_union *u = type->arms;
	unsigned here;

	msgc__reader_space(r);
	here = msgc__json_kind(*r->at);
	for (size_t i = 0; i < u->n_arms; i++) {
		if (u->arms[i].json & here) {
			set_kind(value, i);
			msgc__read_arm(r, u, value);
			return;
		}
	}
	if (!r->error)
		msgc_refuse_choice(&r->scope, u->expected);
	msgc__reader_skip(r);
}

/* ---- validating ---- */

/* The tag that an else arm's text holds is the one that the struct says. */
static bool holds_tag(const struct msgc_type_union *u, const void *value, struct msgc_json json)
{
	struct msgc_str kept;
	struct msgc__string s;
	struct msgc__number token;
	struct msgc__digits digits;
	struct msgc_scope quiet = {0};
	int64_t number, kept_number;
	const char *end = json.ptr + json.len, *at = msgc__scan_space(json.ptr, end, 0), *bad;

	if (at == end || *at != '{')
		return false;
	at = find_tag(at, end, msgc_str_of(u->discriminator, u->discriminator_len), 0, 0,
	        MSGC_DEPTH_MOST);
	if (!at)
		return false;
	if (u->else_int) {
		memcpy(&kept_number, msgc__part(value, u->tag_at), sizeof kept_number);
		if (!msgc__scan_number(at, end, &token, &bad))
			return false;
		msgc__digits_of(token.at, (size_t)(token.end - token.at), &digits);
		return msgc__digits_to_int(&quiet, &digits, INT64_MIN, INT64_MAX, &number) &&
		        number == kept_number;
	}
	memcpy(&kept, msgc__part(value, u->tag_at), sizeof kept);
	return *at == '"' && !msgc__scan_string(at + 1, end, 0, &s, &bad) &&
	        msgc__string_is(&s, kept);
}

/* The else arm: its tag is none of the others', and stands in its text. */
static void validate_else(struct msgc_scope *s, const struct msgc_type_union *u, const void *value,
        const void *json, bool is_beside)
{
	struct msgc_json text;
	struct msgc_str tag;
	int64_t number;
	bool is_known;

	if (u->else_int) {
		memcpy(&number, msgc__part(value, u->tag_at), sizeof number);
		is_known = msgc__find_tag_int(u, number) != SIZE_MAX;
	} else {
		memcpy(&tag, msgc__part(value, u->tag_at), sizeof tag);
		is_known = msgc__find_tag(u, tag) != SIZE_MAX;
		if (!msgc_check_str(s, tag))
			return;
	}
	memcpy(&text, json, sizeof text);
	if (is_known)
		msgc_refuse_value(s, "the tag is the one of another arm");
	else if (!is_beside && !holds_tag(u, value, text))
		msgc_refuse_value(s, "the text does not hold the tag");
}

void msgc__validate_union(struct msgc_scope *s, const struct msgc_type_union *u, const void *value,
        const char *by, bool is_beside)
{
	const struct msgc_arm *arm = msgc__arm_of(u, value);
	uint32_t refused = s->refused;
	const void *part;

	if (!arm) {
		msgc__refuse_union(s, u, by, msgc__enum_at(value) == 0);
		return;
	}
	part = msgc__arm_value(u, arm, value);
	if (part)
		msgc__validate(s, arm->type, part);
	else if (!(arm->shape & MSGC_SHAPE_NO_VALUE))
		msgc_refuse_missing(s);
	if (part && msgc__is_else(u, arm) && s->refused == refused)
		validate_else(s, u, value, part, is_beside);
}
