/* SPDX-License-Identifier: MIT */
/*
 * Values from JSON by their type's tables, the general way. Parts go back to the kernels, through
 * msgc_type_read. Unions are elsewhere (type_union.c), and so are scalars.
 */
#include "reader.h"
#include "types.h"

/* Members seen in one object: in place for most records. */
#define SEEN_WORDS 4

struct seen {
	uint64_t few[SEEN_WORDS];
	uint64_t *bits;
};

static bool seen_begin(struct seen *seen, struct msgc_reader *r, size_t n)
{
	size_t words = (n + 63) / 64;

	memset(seen->few, 0, sizeof seen->few);
	seen->bits = seen->few;
	if (words > SEEN_WORDS) {
		seen->bits = msgc_arena_calloc(r->arena, words, sizeof *seen->bits);
		if (!seen->bits)
			msgc_reader_no_memory(r);
	}
	return seen->bits != NULL;
}

static bool was_seen(const uint64_t *seen, size_t index)
{
	return seen[index / 64] >> index % 64 & 1;
}

/* ---- one member ---- */

static void read_boxed(struct msgc_reader *r, const struct msgc_member *member, char *record)
{
	unsigned shape = member->shape;
	void *boxed;

	if (shape & MSGC_SHAPE_NULLABLE && msgc_read_null(r)) {
		if (shape & MSGC_SHAPE_OPTIONAL)
			*(bool *)(record + member->null_at) = true;
		return;
	}
	boxed = msgc_arena_calloc(r->arena, 1, member->type->size);
	memcpy(record + member->at, &boxed, sizeof boxed);
	if (boxed)
		msgc_type_read(r, member->type, boxed);
	else
		msgc_reader_no_memory(r);
}

void msgc__read_record_member(struct msgc_reader *r, const struct msgc_member *member, char *record)
{
	unsigned shape = member->shape;

	if (shape & MSGC_SHAPE_BOXED) {
		read_boxed(r, member, record);
		return;
	}
	if (shape & MSGC_SHAPE_OPTIONAL)
		*(bool *)(record + member->has_at) = true;
	if (shape & MSGC_SHAPE_NULLABLE) {
		bool is_null = msgc_read_null(r);

		*(bool *)(record + member->null_at) = is_null;
		if (is_null)
			return;
	}
	msgc_type_read(r, member->type, record + member->at);
}

static void fill(const struct msgc_member *member, char *record)
{
	if (member->fill == msgc_fill_null) {
		if (!(member->shape & MSGC_SHAPE_BOXED))
			*(bool *)(record + member->null_at) = true;
	} else if (member->fill != msgc_fill_zero) {
		if (member->shape & MSGC_SHAPE_BOXED)
			memcpy(record + member->at, &member->fill, sizeof member->fill);
		else
			memcpy(record + member->at, member->fill, member->type->size);
	}
}

/* ---- records ---- */

/* An open record on its way. */
struct record {
	struct msgc_object o;
	const struct msgc_type_record *tables;
	char *value;
	bool is_closed;
	struct seen seen;
	struct msgc_items further;
	size_t n_further; /* with those beyond the most that there may be */
	/* Values that came before the tags beside them: where each begins. NULL: none has come. */
	char **late;
};

/* A value whose tag has not come: to be read again when it has. */
static void put_off(struct msgc_reader *r, struct record *open, size_t index)
{
	if (!open->late)
		open->late =
		        msgc_arena_calloc(r->arena, open->tables->n_members, sizeof *open->late);
	if (!open->late) {
		msgc_reader_no_memory(r);
		return;
	}
	msgc__reader_space(r);
	open->late[index] = r->at;
	msgc__reader_skip(r);
}

/* The union of a member whose tag stands beside it; NULL: no memory, and the reader has stopped. */
static void *beside_value(
        struct msgc_reader *r, struct record *open, const struct msgc_member *member)
{
	char *at = open->value + member->at;
	void *boxed;

	if (!(member->shape & MSGC_SHAPE_BOXED))
		return at;
	memcpy(&boxed, at, sizeof boxed);
	if (!boxed) {
		boxed = msgc_arena_calloc(r->arena, 1, member->type->size);
		memcpy(at, &boxed, sizeof boxed);
		if (!boxed)
			msgc_reader_no_memory(r);
	}
	return boxed;
}

static void read_beside_value(struct msgc_reader *r, struct record *open, size_t index)
{
	const struct msgc_member *member = &open->tables->members[index];
	void *value;

	if (member->shape & MSGC_SHAPE_OPTIONAL && !(member->shape & MSGC_SHAPE_BOXED))
		*(bool *)(open->value + member->has_at) = true;
	if (!was_seen(open->seen.bits, index - 1)) {
		put_off(r, open, index);
		return;
	}
	value = beside_value(r, open, member);
	if (value && msgc__enum_at(value) != 0)
		msgc__read_arm(r, member->type->arms, value);
	else
		msgc__reader_skip(r); /* its tag was refused */
}

/* The tag beside the value of the member behind it: chooses the arm. Problems are that member's. */
static void read_beside_tag(struct msgc_reader *r, struct record *open, size_t index)
{
	const struct msgc_member *tag = &open->tables->members[index], *member = tag + 1;
	void *value = beside_value(r, open, member);
	char *after;

	open->o.at.key = msgc_str_of(member->wire, member->wire_len);
	if (value)
		msgc__read_tag(r, member->type->arms, tag->wire, value);
	if (!open->late || !open->late[index + 1] || r->error)
		return;
	after = r->at;
	r->at = open->late[index + 1];
	read_beside_value(r, open, index + 1);
	if (!r->error)
		r->at = after;
}

static void read_further(struct msgc_reader *r, struct record *open)
{
	const struct msgc_type_items *map = open->tables->further->items;
	char *entry;

	if (!msgc__read_new_name(r, &open->o))
		return;
	if (++open->n_further > map->max) {
		msgc__reader_skip(r);
		return;
	}
	msgc__read_end_key(r, &open->o);
	entry = msgc_items_push(r, &open->further, map->item_size);
	if (entry)
		msgc__read_entry_value(r, map, open->o.at.key, entry);
}

/* The value of the member that the reader stands on; index: SIZE_MAX where it is unknown. */
static void read_value(struct msgc_reader *r, struct record *open, size_t index)
{
	const struct msgc_member *member;

	if (index == SIZE_MAX) {
		if (open->tables->further && !msgc__is_stepped_over(&open->o) &&
		        !msgc__is_envelope(open->tables->beside, open->o.at.key))
			read_further(r, open);
		else if (open->tables->beside)
			msgc_read_beside(r, &open->o, open->tables->beside, open->is_closed);
		else
			msgc_read_unknown(r, &open->o, open->is_closed);
		return;
	}
	member = &open->tables->members[index];
	msgc_read_once(r, &open->o, open->seen.bits, (unsigned)index);
	if (member->role & MSGC_ROLE_SPARE) {
		if (!msgc_read_null(r))
			msgc_read_beside(r, &open->o, open->tables->beside, open->is_closed);
	} else if (member->role & MSGC_ROLE_BESIDE) {
		read_beside_tag(r, open, index);
	} else if (msgc__is_beside(open->tables, index)) {
		read_beside_value(r, open, index);
	} else {
		msgc__read_record_member(r, member, open->value);
	}
}

/* The fast way: the text goes on with this member, without white space. */
static bool expect(struct msgc_reader *r, struct msgc_object *o, const struct msgc_member *member)
{
	size_t comma = o->count != 0, len = member->wire_len;
	const char *at = r->at;

	if ((comma && *at != ',') || len + 4 >= MSGC_PADDING || at[comma] != '"' ||
	        memcmp(at + comma + 1, member->wire, len) != 0 || at[comma + 1 + len] != '"' ||
	        at[comma + 2 + len] != ':')
		return false;
	o->key_at = r->at + comma;
	o->at.key = msgc_str_of(at + comma + 1, len);
	o->count++;
	r->at += comma + len + 3;
	return true;
}

static void read_members(struct msgc_reader *r, struct record *open)
{
	const struct msgc_type_record *tables = open->tables;
	size_t next = 0;

	for (;;) {
		if (next < tables->n_members && !(tables->members[next].role & MSGC_ROLE_ESCAPED) &&
		        expect(r, &open->o, &tables->members[next])) {
			read_value(r, open, next++);
			continue;
		}
		if (!msgc_read_member(r, &open->o))
			return;
		next = msgc_find_member(tables, open->o.at.key);
		read_value(r, open, next);
		next = next == SIZE_MAX ? 0 : next + 1;
	}
}

/* The value came, and the tag beside it did not. */
static void read_no_tag(struct msgc_reader *r, struct msgc_object *o, const struct msgc_member *tag)
{
	if (r->error)
		return;
	o->at.key = msgc_str_of(tag[1].wire, tag[1].wire_len);
	msgc_refuse_no_tag(&r->scope, tag->wire);
}

void msgc_read_absent(struct msgc_reader *r, struct msgc_object *o, const struct msgc_type *record,
        const uint64_t *seen, void *value)
{
	const struct msgc_member *member = record->record->members;

	for (size_t i = 0; i < record->record->n_members; i++, member++) {
		if (was_seen(seen, i) || member->role & MSGC_ROLE_SPARE)
			continue;
		/* A tag and the value beside it come together. */
		if (member->role & MSGC_ROLE_BESIDE) {
			if (was_seen(seen, i + 1))
				read_no_tag(r, o, member);
		} else if (member->fill) {
			fill(member, value);
		} else if (!(member->shape & MSGC_SHAPE_OPTIONAL) ||
		        (msgc__is_beside(record->record, i) && was_seen(seen, i - 1))) {
			msgc__read_missing(r, o, member);
		}
	}
}

static void close_further(struct msgc_reader *r, struct record *open)
{
	const struct msgc_type *further = open->tables->further;
	struct msgc__items items = {open->further.items, open->further.count};

	memcpy(open->value + open->tables->further_at, &items, sizeof items);
	if (!r->error)
		msgc_check_map_count(
		        &r->scope, open->n_further, further->items->min, further->items->max);
}

static void read_record(struct msgc_reader *r, const struct msgc_type *type, void *value)
{
	struct record open = {.tables = type->record, .value = value};
	uint32_t refused = r->scope.refused;

	open.is_closed = type->flags & MSGC_TYPE_CLOSED;
	if (!msgc_read_object(r, &open.o))
		return;
	if (seen_begin(&open.seen, r, open.tables->n_members)) {
		read_members(r, &open);
		msgc_read_absent(r, &open.o, type, open.seen.bits, value);
	}
	msgc_read_object_end(r, &open.o);
	if (open.tables->further)
		close_further(r, &open);
	msgc__read_rules(r, type, refused, value);
}

void msgc__read_rules(
        struct msgc_reader *r, const struct msgc_type *type, uint32_t refused, const void *value)
{
	if (r->error || r->scope.refused != refused)
		return;
	if (type->kind == MSGC_KIND_RECORD || type->kind == MSGC_KIND_TUPLE)
		msgc__run_rules(&r->scope, type->record, value);
	if (type->checks && r->scope.refused == refused)
		msgc__run_checks(&r->scope, type, value);
}

/* ---- tuples ---- */

/* What the server does with it is read elsewhere (envelope.c). */
static void read_placed_ref(struct msgc_reader *r, bool is_integer)
{
	if (msgc_read_null(r))
		return;
	if (is_integer)
		msgc_read_envelope_int(r);
	else
		msgc_read_envelope_str(r);
}

static void read_tuple(struct msgc_reader *r, const struct msgc_type *type, void *value)
{
	const struct msgc_type_record *tables = type->record;
	uint32_t refused = r->scope.refused;
	struct msgc_list l;
	size_t i = 0;

	if (!msgc_read_list(r, &l, 0, MSGC_NO_MAX))
		return;
	for (; msgc_read_item(r, &l); i++) {
		unsigned role = i < tables->n_members ? tables->members[i].role : 0;

		if (i >= tables->n_members)
			msgc__reader_skip(r);
		else if (role & (MSGC_ROLE_REF | MSGC_ROLE_REF_INT))
			read_placed_ref(r, role & MSGC_ROLE_REF_INT);
		else
			msgc__read_record_member(r, &tables->members[i], value);
	}
	for (; i < tables->n_members && !r->error; i++) {
		l.at.index = i;
		if (!(tables->members[i].shape & MSGC_SHAPE_OPTIONAL))
			msgc_refuse_missing(&r->scope);
	}
	msgc__read_tuple_end(r, &l, tables->n_members);
	msgc__read_rules(r, type, refused, value);
}

/* ---- lists and maps ---- */

/* An element of a list or the value of an entry. */
static void read_item(struct msgc_reader *r, const struct msgc_type_items *items, char *item)
{
	bool is_null;

	if (items->is_wrapped) {
		is_null = items->element->kind == MSGC_KIND_NULL ? msgc_read_none(r)
		                                                 : msgc_read_null(r);
		*(bool *)(item + items->null_at) = is_null;
		if (is_null || items->element->kind == MSGC_KIND_NULL)
			return;
	}
	msgc_type_read(r, items->element, item + items->value_at);
}

static void put_items(void *value, const struct msgc_items *items)
{
	struct msgc__items list = {items->items, items->count};

	memcpy(value, &list, sizeof list);
}

static void read_list(struct msgc_reader *r, const struct msgc_type *type, void *value)
{
	const struct msgc_type_items *tables = type->items;
	uint32_t refused = r->scope.refused;
	struct msgc_items items = {0};
	struct msgc_list l;
	void *item;

	if (!msgc_read_list(r, &l, tables->min, tables->max))
		return;
	while (msgc_read_item(r, &l)) {
		item = msgc_items_push(r, &items, tables->item_size);
		if (!item)
			break;
		read_item(r, tables, item);
	}
	put_items(value, &items);
	msgc_read_list_end(r, &l);
	if (type->flags & MSGC_TYPE_UNIQUE && r->scope.refused == refused)
		msgc_check_unique(&r->scope, type, value, r->arena);
	msgc__read_rules(r, type, refused, value);
}

void msgc__read_entry_value(
        struct msgc_reader *r, const struct msgc_type_items *map, struct msgc_str key, char *entry)
{
	struct msgc_loc loc;

	memcpy(entry, &key, sizeof key);
	if (map->key) {
		uint32_t refused = r->scope.refused;

		msgc_scope_key_begin(&r->scope, &loc);
		msgc__check_limits(&r->scope, map->key, &key, (struct msgc_str){NULL, 0});
		if (map->key->checks && r->scope.refused == refused)
			msgc__run_checks(&r->scope, map->key, &key);
		msgc_scope_key_end(&r->scope);
	}
	read_item(r, map, entry);
}

static void read_map(struct msgc_reader *r, const struct msgc_type *type, void *value)
{
	const struct msgc_type_items *tables = type->items;
	uint32_t refused = r->scope.refused;
	struct msgc_items items = {0};
	struct msgc_object o;
	void *entry;

	if (!msgc_read_map(r, &o, tables->min, tables->max))
		return;
	while (msgc_read_entry(r, &o)) {
		entry = msgc_items_push(r, &items, tables->item_size);
		if (!entry)
			break;
		msgc__read_entry_value(r, tables, o.at.key, entry);
	}
	put_items(value, &items);
	msgc_read_map_end(r, &o);
	msgc__read_rules(r, type, refused, value);
}

void msgc__read_by_tables(struct msgc_reader *r, const struct msgc_type *type, void *value)
{
	switch ((enum msgc_type_kind)type->kind) {
	case MSGC_KIND_CONSTANT: msgc__read_constant(r, type); break;
	case MSGC_KIND_ENUM: msgc__read_enum(r, type, value); break;
	case MSGC_KIND_RECORD: read_record(r, type, value); break;
	case MSGC_KIND_TUPLE: read_tuple(r, type, value); break;
	case MSGC_KIND_LIST: read_list(r, type, value); break;
	case MSGC_KIND_MAP: read_map(r, type, value); break;
	case MSGC_KIND_UNION: msgc__read_union(r, type, value); break;
	case MSGC_KIND_CHOICE: msgc__read_choice(r, type, value); break;
	default: msgc__read_scalar(r, type, value);
	}
}
