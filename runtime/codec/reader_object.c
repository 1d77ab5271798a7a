/* SPDX-License-Identifier: MIT */
/*
 * Objects, maps and lists of a reader: punctuation, names, duplicates, bounds, and the array that
 * list items go into. It knows no scalar.
 */
#include <msgc/type.h>

#include "reader.h"

#define UNKNOWN_NAME_MOST 64 /* bytes of an unknown member's name that are shown */

/* One level further in, with the link that names its parts. */
static inline bool open_level(struct msgc_reader *r, struct msgc_loc *loc)
{
	if (r->depth >= r->max_depth) {
		msgc__reader_too_deep(r, r->at);
		return false;
	}
	r->depth++;
	r->at++;
	*loc = (struct msgc_loc){.up = r->scope.at, .key = {"", 0}};
	r->scope.at = loc;
	return true;
}

static void close_level(struct msgc_reader *r, struct msgc_loc *loc)
{
	r->scope.at = loc->up;
	r->depth--;
}

static void stop_unless_cut(struct msgc_reader *r, const char *what, const char *cut)
{
	msgc__reader_stop(r, r->at == r->end ? cut : what, r->at);
}

/* ---- objects ---- */

static const char cut_object[] = "EOF while parsing an object";

static inline bool open_object(struct msgc_reader *r, struct msgc_object *o, size_t min, size_t max)
{
	if (!open_level(r, &o->at))
		return false;
	o->key_at = r->at;
	o->count = 0;
	o->names = (struct msgc_names){0};
	o->min = min;
	o->max = max;
	o->n_stepped = 0;
	o->stepped = r->stepped;
	r->stepped = NULL;
	return true;
}

bool msgc_read_object(struct msgc_reader *r, struct msgc_object *o)
{
	if (MSGC__UNLIKELY((uint8_t)*r->at <= ' '))
		msgc__reader_space(r);
	if (*r->at != '{')
		return msgc__read_wrong_kind(r, "model_type", "Input should be an object");
	return open_object(r, o, 0, MSGC_NO_MAX);
}

/* Behind the brace or a value: true on the next name's quote. */
static bool find_name(struct msgc_reader *r, const struct msgc_object *o)
{
	msgc__reader_space(r);
	if (*r->at == '}') {
		r->at++;
		return false;
	}
	if (o->count) {
		if (*r->at != ',') {
			stop_unless_cut(r, "expected `,` or `}`", cut_object);
			return false;
		}
		r->at++;
		msgc__reader_space(r);
	}
	if (*r->at == '"')
		return true;
	stop_unless_cut(r, *r->at == '}' ? "trailing comma" : "key must be a string", cut_object);
	return false;
}

bool msgc__read_member(struct msgc_reader *r, struct msgc_object *o)
{
	struct msgc__string name;

	if (!find_name(r, o))
		return false;
	o->key_at = r->at;
	if (!msgc__read_string(r, &name) || !msgc__string_peek(r, &name, &o->at.key))
		return false;
	msgc__reader_space(r);
	if (*r->at != ':') {
		stop_unless_cut(r, "expected `:`", cut_object);
		return false;
	}
	r->at++;
	o->count++;
	return true;
}

void msgc__read_duplicate(struct msgc_reader *r, struct msgc_object *o)
{
	msgc__reader_stop(r, "duplicate member name", o->key_at);
}

bool msgc__read_new_name(struct msgc_reader *r, struct msgc_object *o)
{
	int result = r->error ? r->error : msgc__names_add(&o->names, r->arena, o->at.key);

	if (result > 0)
		msgc__read_duplicate(r, o);
	else if (result < 0)
		msgc_reader_no_memory(r);
	return result == 0;
}

bool msgc__is_stepped_over(const struct msgc_object *o)
{
	for (const struct msgc_stepped *name = o->stepped; name; name = name->up)
		if (msgc_str_equal(name->name, o->at.key))
			return true;
	return false;
}

void msgc_read_unknown(struct msgc_reader *r, struct msgc_object *o, bool closed)
{
	if (!msgc__read_new_name(r, o))
		return;
	if ((r->unknown == MSGC_UNKNOWN_REJECT ||
	            (closed && r->unknown == MSGC_UNKNOWN_AS_DECLARED)) &&
	        !msgc__is_stepped_over(o)) {
		o->at.key.len = msgc_utf8_cut(o->at.key.ptr, o->at.key.len, UNKNOWN_NAME_MOST);
		msgc__scope_problem(
		        &r->scope, "extra_forbidden", "Extra inputs are not permitted", NULL);
	}
	msgc__reader_skip(r);
}

void msgc__read_missing(
        struct msgc_reader *r, struct msgc_object *o, const struct msgc_member *member)
{
	if (r->error)
		return;
	o->at.key = msgc_str_of(member->wire, member->wire_len);
	msgc__scope_problem(&r->scope, "missing", "Field required", NULL);
}

void msgc_read_missing(struct msgc_reader *r, struct msgc_object *o, const char *name)
{
	if (r->error)
		return;
	o->at.key = msgc_str_from(name);
	msgc__scope_problem(&r->scope, "missing", "Field required", NULL);
}

void msgc_read_object_end(struct msgc_reader *r, struct msgc_object *o)
{
	close_level(r, &o->at);
}

/* ---- maps ---- */

bool msgc_read_map(struct msgc_reader *r, struct msgc_object *o, size_t min, size_t max)
{
	msgc__reader_space(r);
	if (*r->at != '{')
		return msgc__read_wrong_kind(r, "dict_type", "Input should be an object");
	return open_object(r, o, min, max);
}

void msgc__read_end_key(struct msgc_reader *r, struct msgc_object *o)
{
	/* Without escapes the name is still in the text, and its closing quote has been read. */
	if (o->at.key.ptr == o->key_at + 1 && !r->keep_text)
		o->key_at[1 + o->at.key.len] = '\0';
}

bool msgc_read_entry(struct msgc_reader *r, struct msgc_object *o)
{
	while (msgc_read_member(r, o)) {
		if (!msgc__read_new_name(r, o))
			return false;
		if (MSGC__UNLIKELY(o->stepped != NULL) && msgc__is_stepped_over(o)) {
			o->n_stepped++;
			msgc__reader_skip(r);
			continue;
		}
		msgc__read_end_key(r, o);
		if (o->count - o->n_stepped <= o->max)
			return true;
		msgc__reader_skip(r);
	}
	return false;
}

void msgc_read_map_end(struct msgc_reader *r, struct msgc_object *o)
{
	close_level(r, &o->at);
	if (!r->error)
		msgc_check_map_count(&r->scope, o->count - o->n_stepped, o->min, o->max);
}

/* ---- lists ---- */

bool msgc_read_list(struct msgc_reader *r, struct msgc_list *l, size_t min, size_t max)
{
	msgc__reader_space(r);
	if (*r->at != '[')
		return msgc__read_wrong_kind(r, "list_type", "Input should be a valid array");
	if (!open_level(r, &l->at))
		return false;
	l->at.key.ptr = NULL;
	l->count = 0;
	l->min = min;
	l->max = max;
	return true;
}

/* Behind the bracket or a value: true where the next value must stand. */
static bool find_item(struct msgc_reader *r, const struct msgc_list *l)
{
	msgc__reader_space(r);
	if (*r->at == ']') {
		r->at++;
		return false;
	}
	if (l->count == 0) {
		if (r->at != r->end)
			return true;
		stop_unless_cut(r, "", "EOF while parsing a list");
		return false;
	}
	if (*r->at != ',') {
		stop_unless_cut(r, "expected `,` or `]`", "EOF while parsing a list");
		return false;
	}
	r->at++;
	msgc__reader_space(r);
	if (*r->at == ']') {
		msgc__reader_stop(r, "trailing comma", r->at);
		return false;
	}
	return true;
}

bool msgc__read_item(struct msgc_reader *r, struct msgc_list *l)
{
	while (find_item(r, l)) {
		l->at.index = l->count++;
		if (l->count <= l->max)
			return true;
		msgc__reader_skip(r);
	}
	return false;
}

void msgc_read_list_end(struct msgc_reader *r, struct msgc_list *l)
{
	close_level(r, &l->at);
	if (!r->error)
		msgc_check_count(&r->scope, l->count, l->min, l->max);
}

void msgc__read_tuple_end(struct msgc_reader *r, struct msgc_list *l, size_t n)
{
	close_level(r, &l->at);
	if (!r->error)
		msgc__check_tuple_count(&r->scope, l->count, n);
}

/* Twice the room: in place while nothing else was taken from the arena since. */
static bool grow(struct msgc_reader *r, struct msgc_items *items, size_t size, size_t max)
{
	size_t cap = items->cap ? items->cap * 2 : msgc__items_room(size, max);
	void *to;

	if (items->cap > SIZE_MAX / 4 || size > SIZE_MAX / 4 / cap)
		return false;
	if (!msgc__arena_extend(
	            r->arena, items->items, items->cap * size, (cap - items->cap) * size)) {
		to = msgc_arena_alloc(r->arena, cap * size, _Alignof(max_align_t));
		if (!to)
			return false;
		if (items->count)
			memcpy(to, items->items, items->count * size);
		items->items = to;
	}
	items->cap = cap;
	return true;
}

void *msgc__items_push(struct msgc_reader *r, struct msgc_items *items, size_t size)
{
	if (!grow(r, items, size, 4)) {
		msgc_reader_no_memory(r);
		return NULL;
	}
	return memset((char *)items->items + items->count++ * size, 0, size);
}

bool msgc__items_grow(struct msgc_reader *r, struct msgc_items *items, size_t size, size_t max)
{
	/* The first time, and there is room. */
	if (!items->cap && msgc__items_first(r->arena, items, size, max))
		return true;
	if (grow(r, items, size, max))
		return true;
	msgc_reader_no_memory(r);
	return false;
}
