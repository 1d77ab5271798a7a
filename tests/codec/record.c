/* SPDX-License-Identifier: MIT */
/*
 * See record.h: straight-line code over codec_gen.h, checks shared by reader and validator.
 */
#include "record.h"

/* ---- checks ---- */

static void check_id(struct msgc_scope *s, int64_t v)
{
	if (v < 1)
		msgc_refuse_min(s, "1");
	msgc_check_step_int64(s, v, "5");
}

static void check_text(struct msgc_scope *s, struct msgc_str v)
{
	msgc_check_len(s, v, 1, 5);
}

static void check_score(struct msgc_scope *s, double v)
{
	if (!(v < 100))
		msgc_refuse_below(s, "100");
}

static void check_tag(struct msgc_scope *s, struct msgc_str v)
{
	msgc_check_len(s, v, 1, 20);
}

static bool role_from_name(struct msgc_str name, enum role *ret)
{
	if (msgc_key_is(name, "owner"))
		*ret = ROLE_OWNER;
	else if (msgc_key_is(name, "member"))
		*ret = ROLE_MEMBER;
	else
		return false;
	return true;
}

static const struct msgc_type tags_type = {
        .kind = MSGC_KIND_LIST,
        .flags = MSGC_TYPE_UNIQUE,
        .size = sizeof(struct msgc_str_list),
        .items =
                &(const struct msgc_type_items){
                        .element = &msgc_str_type,
                        .item_size = sizeof(struct msgc_str),
                        .max = 3,
                },
};

/* ---- reading ---- */

static void read_role(struct msgc_reader *r, enum role *v)
{
	struct msgc_str name;

	if (msgc_read_enum_str(r, "'owner' or 'member'", &name) && !role_from_name(name, v))
		msgc_refuse_enum(&r->scope, "'owner' or 'member'");
}

static void read_tags(struct msgc_reader *r, struct msgc_str_list *v)
{
	struct msgc_items items = {0};
	struct msgc_list l;
	struct msgc_str *item;
	uint32_t refused = r->scope.refused;

	if (!msgc_read_list(r, &l, 0, 3))
		return;
	while (msgc_read_item(r, &l)) {
		item = msgc_items_push(r, &items, sizeof *item);
		if (item && msgc_read_str(r, item))
			check_tag(&r->scope, *item);
	}
	msgc_read_list_end(r, &l);
	v->items = items.items;
	v->count = items.count;
	/* What was refused left holes that may look alike. */
	if (r->scope.refused == refused)
		msgc_check_unique(&r->scope, &tags_type, v, r->arena);
}

static void read_marks(struct msgc_reader *r, struct marks *v)
{
	struct msgc_items items = {0};
	struct msgc_object o;
	struct msgc_loc key;
	struct mark *item;

	if (!msgc_read_map(r, &o, 0, 2))
		return;
	while (msgc_read_entry(r, &o)) {
		msgc_scope_key_begin(&r->scope, &key);
		msgc_check_len(&r->scope, o.at.key, 0, 4);
		msgc_scope_key_end(&r->scope);
		item = msgc_items_push(r, &items, sizeof *item);
		if (!item)
			break;
		item->key = o.at.key;
		msgc_read_int8(r, &item->value);
	}
	msgc_read_map_end(r, &o);
	v->items = items.items;
	v->count = items.count;
}

static void read_record(struct msgc_reader *r, struct record *v);

static void read_children(struct msgc_reader *r, struct record_list *v)
{
	struct msgc_items items = {0};
	struct msgc_list l;
	struct record *item;

	if (!msgc_read_list(r, &l, 0, 40))
		return;
	while (msgc_read_item(r, &l)) {
		item = msgc_items_push(r, &items, sizeof *item);
		if (item)
			read_record(r, item);
	}
	msgc_read_list_end(r, &l);
	v->items = items.items;
	v->count = items.count;
}

enum { ID, TEXT, ROLE, SCORE, AT, TAGS, MARKS, DATA, PRICE, EXTRA, CHILDREN };

static int record_member(struct msgc_str key)
{
	static const struct msgc_str names[] = {MSGC_STR_INIT("id"), MSGC_STR_INIT("text"),
	        MSGC_STR_INIT("role"), MSGC_STR_INIT("score"), MSGC_STR_INIT("at"),
	        MSGC_STR_INIT("tags"), MSGC_STR_INIT("marks"), MSGC_STR_INIT("data"),
	        MSGC_STR_INIT("price"), MSGC_STR_INIT("extra"), MSGC_STR_INIT("children")};

	for (int i = ID; i <= CHILDREN; i++)
		if (msgc_str_equal(key, names[i]))
			return i;
	return -1;
}

static void read_member(struct msgc_reader *r, struct msgc_object *o, int member, struct record *v)
{
	switch (member) {
	case ID:
		if (msgc_read_int53(r, &v->id))
			check_id(&r->scope, v->id);
		break;
	case TEXT:
		if (msgc_read_str(r, &v->text)) {
			msgc_read_trim(r, &v->text);
			check_text(&r->scope, v->text);
		}
		break;
	case ROLE: read_role(r, &v->role); break;
	case SCORE:
		v->has_score = true;
		if (msgc_read_float64(r, &v->score)) {
			check_score(&r->scope, v->score);
			msgc_check_step(&r->scope, r->number, "0.25");
		}
		break;
	case AT:
		if (msgc_read_null(r))
			v->at_is_null = true;
		else
			msgc_read_datetime(r, &v->at);
		break;
	case TAGS: read_tags(r, &v->tags); break;
	case MARKS:
		v->has_marks = true;
		read_marks(r, &v->marks);
		break;
	case DATA:
		v->has_data = true;
		if (msgc_read_bytes(r, &v->data))
			msgc_check_bytes(&r->scope, v->data.len, 0, 4);
		break;
	case PRICE:
		v->has_price = true;
		if (msgc_read_decimal(r, &v->price))
			msgc_check_decimal_min(&r->scope, v->price, "0.5");
		break;
	case EXTRA:
		v->has_extra = true;
		msgc_read_json(r, &v->extra);
		break;
	case CHILDREN: read_children(r, &v->children); break;
	default: msgc_read_unknown(r, o, false);
	}
}

static void read_record(struct msgc_reader *r, struct record *v)
{
	struct msgc_object o;
	uint64_t seen = 0;
	int member;

	v->role = ROLE_MEMBER;
	if (!msgc_read_object(r, &o))
		return;
	while (msgc_read_member(r, &o)) {
		member = record_member(o.at.key);
		if (member >= 0)
			msgc_read_once(r, &o, &seen, (unsigned)member);
		read_member(r, &o, member, v);
	}
	if (!(seen & 1u << ID))
		msgc_read_missing(r, &o, "id");
	if (!(seen & 1u << TEXT))
		msgc_read_missing(r, &o, "text");
	if (!(seen & 1u << AT))
		msgc_read_missing(r, &o, "at");
	msgc_read_object_end(r, &o);
}

static int decode(struct msgc_reader *r, struct record *ret)
{
	struct record v = {0};
	int result;

	read_record(r, &v);
	result = msgc_reader_close(r);
	if (result == 0)
		*ret = v;
	return result;
}

int record_decode(const char *text, size_t len, const struct msgc_decode_options *options,
        struct msgc_arena *arena, struct record *ret, struct msgc_problems *problems)
{
	struct msgc_reader r;

	msgc_reader_open_copy(&r, text, len, options, arena, problems);
	return decode(&r, ret);
}

int record_decode_in_place(char *text, size_t len, const struct msgc_decode_options *options,
        struct msgc_arena *arena, struct record *ret, struct msgc_problems *problems)
{
	struct msgc_reader r;

	msgc_reader_open(&r, text, len, options, arena, problems);
	return decode(&r, ret);
}

/* ---- writing ---- */

static void write_tags(struct msgc_buf *out, struct msgc_str_list v)
{
	msgc_write_lit(out, ",\"tags\":[");
	for (size_t i = 0; i < v.count; i++) {
		msgc_write_str(out, v.items[i]);
		msgc_write_lit(out, ",");
	}
	msgc_write_list_end(out);
}

static void write_marks(struct msgc_buf *out, struct marks v)
{
	msgc_write_lit(out, ",\"marks\":{");
	for (size_t i = 0; i < v.count; i++) {
		msgc_write_str(out, v.items[i].key);
		msgc_write_lit(out, ":");
		msgc_write_int64(out, v.items[i].value);
		msgc_write_lit(out, ",");
	}
	msgc_write_object_end(out);
}

static void write_record(struct msgc_buf *out, const struct record *v)
{
	if (!msgc_write_enter(out))
		return;
	msgc_write_lit(out, "{\"id\":");
	msgc_write_int64(out, v->id);
	msgc_write_lit(out, ",\"text\":");
	msgc_write_str(out, v->text);
	msgc_write_lit(out, ",\"role\":");
	msgc_write_str(out, v->role == ROLE_OWNER ? MSGC_STR("owner") : MSGC_STR("member"));
	if (v->has_score) {
		msgc_write_lit(out, ",\"score\":");
		msgc_write_float64(out, v->score);
	}
	msgc_write_lit(out, ",\"at\":");
	if (v->at_is_null)
		msgc_write_lit(out, "null");
	else
		msgc_write_datetime(out, v->at);
	write_tags(out, v->tags);
	if (v->has_marks)
		write_marks(out, v->marks);
	if (v->has_data) {
		msgc_write_lit(out, ",\"data\":");
		msgc_write_bytes(out, v->data);
	}
	if (v->has_price) {
		msgc_write_lit(out, ",\"price\":");
		msgc_write_decimal(out, v->price);
	}
	if (v->has_extra) {
		msgc_write_lit(out, ",\"extra\":");
		msgc_write_json(out, v->extra);
	}
	msgc_write_lit(out, ",\"children\":[");
	for (size_t i = 0; i < v->children.count; i++) {
		write_record(out, &v->children.items[i]);
		msgc_write_lit(out, ",");
	}
	msgc_write_list_end(out);
	msgc_write_lit(out, "}");
	msgc_write_leave(out);
}

int record_encode(const struct record *v, struct msgc_buf *out)
{
	size_t start = msgc_write_begin(out);

	write_record(out, v);
	return msgc_write_end(out, start);
}

/* ---- validating ---- */

static void validate_tags(struct msgc_scope *s, struct msgc_str_list v)
{
	struct msgc_loc at;

	if (!msgc_scope_enter(s, &at))
		return;
	for (size_t i = 0; i < v.count; i++) {
		msgc_scope_index(s, i);
		if (msgc_check_str(s, v.items[i]))
			check_tag(s, v.items[i]);
	}
	msgc_scope_leave(s);
	msgc_check_count(s, v.count, 0, 3);
	msgc_check_unique(s, &tags_type, &v, NULL);
}

static void validate_marks(struct msgc_scope *s, struct marks v)
{
	struct msgc_loc at, key;

	if (!msgc_scope_enter(s, &at))
		return;
	for (size_t i = 0; i < v.count; i++) {
		msgc_scope_entry(s, v.items[i].key);
		msgc_scope_key_begin(s, &key);
		msgc_check_len(s, v.items[i].key, 0, 4);
		msgc_scope_key_end(s);
	}
	msgc_scope_leave(s);
	msgc_check_map_count(s, v.count, 0, 2);
}

static void validate_record(struct msgc_scope *s, const struct record *v);

static void validate_children(struct msgc_scope *s, struct record_list v)
{
	struct msgc_loc at;

	if (!msgc_scope_enter(s, &at))
		return;
	for (size_t i = 0; i < v.count; i++) {
		msgc_scope_index(s, i);
		validate_record(s, &v.items[i]);
	}
	msgc_scope_leave(s);
	msgc_check_count(s, v.count, 0, 40);
}

static void validate_record(struct msgc_scope *s, const struct record *v)
{
	struct msgc_loc at;

	if (!msgc_scope_enter(s, &at))
		return;
	msgc_scope_member(s, "id");
	if (msgc_check_int53(s, v->id))
		check_id(s, v->id);
	msgc_scope_member(s, "text");
	if (msgc_check_str(s, v->text))
		check_text(s, v->text);
	msgc_scope_member(s, "score");
	if (v->has_score && msgc_check_float64(s, v->score)) {
		check_score(s, v->score);
		msgc_check_step_float64(s, v->score, "0.25");
	}
	msgc_scope_member(s, "at");
	if (!v->at_is_null)
		msgc_check_datetime(s, v->at);
	msgc_scope_member(s, "tags");
	validate_tags(s, v->tags);
	msgc_scope_member(s, "marks");
	if (v->has_marks)
		validate_marks(s, v->marks);
	msgc_scope_member(s, "data");
	if (v->has_data)
		msgc_check_bytes(s, v->data.len, 0, 4);
	msgc_scope_member(s, "price");
	if (v->has_price && msgc_check_decimal(s, v->price))
		msgc_check_decimal_min(s, v->price, "0.5");
	msgc_scope_member(s, "extra");
	if (v->has_extra)
		msgc_check_json(s, v->extra);
	msgc_scope_member(s, "children");
	validate_children(s, v->children);
	msgc_scope_leave(s);
}

int record_validate(const struct record *v, struct msgc_problems *problems)
{
	struct msgc_scope s;

	msgc_scope_open(&s, problems);
	validate_record(&s, v);
	return msgc_scope_close(&s);
}

/* ---- copying and comparing ---- */

static int clone_tags(
        const struct msgc_str_list *v, struct msgc_arena *arena, struct msgc_str_list *ret)
{
	struct msgc_str *items = msgc_clone_items(arena, v->items, v->count, sizeof *items);

	if (!items && v->count)
		return MSGC_ENOMEM;
	for (size_t i = 0; i < v->count; i++)
		if (msgc_clone_str(arena, v->items[i], &items[i]))
			return MSGC_ENOMEM;
	ret->items = items;
	ret->count = v->count;
	return 0;
}

static int clone_marks(const struct marks *v, struct msgc_arena *arena, struct marks *ret)
{
	struct mark *items = msgc_clone_items(arena, v->items, v->count, sizeof *items);

	if (!items && v->count)
		return MSGC_ENOMEM;
	for (size_t i = 0; i < v->count; i++)
		if (msgc_clone_str(arena, v->items[i].key, &items[i].key))
			return MSGC_ENOMEM;
	ret->items = items;
	ret->count = v->count;
	return 0;
}

int record_clone(const struct record *v, struct msgc_arena *arena, struct record *ret)
{
	struct record copy = *v,
	              *children = msgc_clone_items(
	                      arena, v->children.items, v->children.count, sizeof copy);

	if ((!children && v->children.count) || msgc_clone_str(arena, v->text, &copy.text) ||
	        clone_tags(&v->tags, arena, &copy.tags) ||
	        clone_marks(&v->marks, arena, &copy.marks) ||
	        msgc_clone_bytes(arena, v->data, &copy.data) ||
	        msgc_clone_decimal(arena, v->price, &copy.price) ||
	        msgc_clone_json(arena, v->extra, &copy.extra))
		return MSGC_ENOMEM;
	for (size_t i = 0; i < v->children.count; i++)
		if (record_clone(&v->children.items[i], arena, &children[i]))
			return MSGC_ENOMEM;
	copy.children.items = children;
	*ret = copy;
	return 0;
}

static bool tags_equal(struct msgc_str_list a, struct msgc_str_list b)
{
	if (a.count != b.count)
		return false;
	for (size_t i = 0; i < a.count; i++)
		if (!msgc_str_equal(a.items[i], b.items[i]))
			return false;
	return true;
}

static bool marks_equal(struct marks a, struct marks b)
{
	if (a.count != b.count)
		return false;
	for (size_t i = 0; i < a.count; i++)
		if (!msgc_str_equal(a.items[i].key, b.items[i].key) ||
		        a.items[i].value != b.items[i].value)
			return false;
	return true;
}

bool record_equal(const struct record *a, const struct record *b)
{
	if (a->id != b->id || !msgc_str_equal(a->text, b->text) || a->role != b->role ||
	        a->has_score != b->has_score ||
	        (a->has_score && (a->score < b->score || a->score > b->score)) ||
	        a->at_is_null != b->at_is_null ||
	        (!a->at_is_null && !msgc_datetime_equal(a->at, b->at)) ||
	        !tags_equal(a->tags, b->tags) || a->has_marks != b->has_marks ||
	        !marks_equal(a->marks, b->marks) || a->has_data != b->has_data ||
	        !msgc_bytes_equal(a->data, b->data) || a->has_price != b->has_price ||
	        (a->has_price && !msgc_decimal_equal(a->price, b->price)) ||
	        a->has_extra != b->has_extra || !msgc_json_equal(a->extra, b->extra) ||
	        a->children.count != b->children.count)
		return false;
	for (size_t i = 0; i < a->children.count; i++)
		if (!record_equal(&a->children.items[i], &b->children.items[i]))
			return false;
	return true;
}
