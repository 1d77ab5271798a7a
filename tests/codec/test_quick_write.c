/* SPDX-License-Identifier: MIT */
/*
 * Whole values written by every set of kernels that this machine has, against the general way: every
 * quick kind, maps and null in lists, what may be absent or null in first and in other places, records
 * in records and in themselves, in buffers that grow, that have exactly the room and that have less;
 * and what no JSON stands for.
 */
#include "codec_test.h"

#include <math.h>

#include <msgc/type.h>

#include "codec/kernels.h"

/* The tables of
 *
 *	type leaf { a?: int32; b: string | null; c?: string | null; u: uint64; i: int8; w: uint16;
 *	        a_name_that_is_longer_than_what_is_expected: string; role: role; up: bool; x: float64;
 *	        texts: string[]; ints: int32[]; xs: float64[]; roles: role[]; leaves: leaf[];
 *	        day: datetime; labels: map<string>; marks: (int32 | null)[]; held: map<leaf | null>;
 *	        pages: map<int32[]>; }
 *	type first { nothing?: int32; leaf: leaf; }
 *	type second { first: first; } … type fifth { fourth: fourth; last?: int32 }
 */
enum role { ROLE_OWNER, ROLE_GUEST };

struct int32_list {
	const int32_t *items;
	size_t count;
};

struct role_list {
	const enum role *items;
	size_t count;
};

struct leaf_list {
	const struct leaf *items;
	size_t count;
};

struct label {
	struct msgc_str key, value;
};

struct label_map {
	const struct label *items;
	size_t count;
};

struct mark {
	bool is_null;
	int32_t value;
};

struct mark_list {
	const struct mark *items;
	size_t count;
};

struct held_map {
	const struct held *items;
	size_t count;
};

struct page {
	struct msgc_str key;
	struct int32_list value;
};

struct page_map {
	const struct page *items;
	size_t count;
};

struct leaf {
	bool has_a, b_is_null, has_c, c_is_null, up;
	int8_t i;
	uint16_t w;
	int32_t a;
	struct msgc_str b, c, long_name;
	uint64_t u;
	enum role role;
	double x;
	struct msgc_str_list texts;
	struct int32_list ints;
	struct msgc_float64_list xs;
	struct role_list roles;
	struct leaf_list leaves;
	struct msgc_datetime day;
	struct label_map labels;
	struct mark_list marks;
	struct held_map held;
	struct page_map pages;
};

struct held {
	struct msgc_str key;
	bool is_null;
	struct leaf value;
};

struct first {
	bool has_nothing;
	int32_t nothing;
	struct leaf leaf;
};
struct second {
	struct first first;
};
struct third {
	struct second second;
};
struct fourth {
	struct third third;
};
struct fifth {
	struct fourth fourth;
	bool has_last;
	int32_t last;
};

#define INT(name, of_kind, c_type)                                                                 \
	static const struct msgc_type name##_type = {                                              \
	        .kind = of_kind, .quick = MSGC_QUICK_INT, .size = sizeof(c_type)}
INT(quick_int8, MSGC_KIND_INT8, int8_t);
INT(quick_int32, MSGC_KIND_INT32, int32_t);
INT(quick_uint16, MSGC_KIND_UINT16, uint16_t);
INT(quick_uint64, MSGC_KIND_UINT64, uint64_t);

static const struct msgc_type role_type = {.kind = MSGC_KIND_ENUM,
        .quick = MSGC_QUICK_ENUM,
        .size = sizeof(enum role),
        .values = &(const struct msgc_type_enum){
                .values =
                        (const struct msgc_enum_value[]){
                                {MSGC_LITERAL_OF_STR("\"owner\""), ROLE_OWNER, NULL},
                                {MSGC_LITERAL_OF_STR("guest"), ROLE_GUEST, NULL},
                        },
                .n_values = 2,
                .json = MSGC_JSON_STRING}};

/*
 * Each type three times: as it is; as one that is not quick, for a reason that does not matter to
 * those who write; and without anything that is expected of any member, by the tables alone.
 */
struct types {
	struct msgc_type texts, ints, xs, roles, leaves, labels, marks, held, pages;
	struct msgc_type leaf, first, second, third, fourth, fifth;
	struct msgc_type_items text_items, int_items, x_items, role_items, leaf_items, label_items,
	        mark_items, held_items, page_items;
	struct msgc_member leaf_members[21], first_members[3], second_members[2], third_members[2],
	        fourth_members[2], fifth_members[3];
	struct msgc_type_record records[6];
};

static struct types quick, rare, slow;

static struct msgc_type list_of(
        struct msgc_type_items *items, const struct msgc_type *element, size_t size)
{
	*items = (struct msgc_type_items){
	        .element = element, .item_size = (uint32_t)size, .max = MSGC_NO_MAX};
	return (struct msgc_type){.kind = MSGC_KIND_LIST,
	        .quick = MSGC_QUICK_LIST,
	        .size = sizeof(struct msgc_str_list),
	        .items = items};
}

static struct msgc_type map_of(struct msgc_type_items *items, const struct msgc_type *element,
        size_t size, size_t value_at)
{
	struct msgc_type map = list_of(items, element, size);

	items->value_at = (uint32_t)value_at;
	map.kind = MSGC_KIND_MAP;
	map.quick = MSGC_QUICK_NONE;
	return map;
}

static void wrap(struct msgc_type_items *items, size_t null_at)
{
	items->is_wrapped = true;
	items->null_at = (uint32_t)null_at;
}

static struct msgc_type record_of(
        struct msgc_type_record *record, const struct msgc_member *members, size_t n, size_t size)
{
	*record = (struct msgc_type_record){.members = members, .n_members = n};
	return (struct msgc_type){.kind = MSGC_KIND_RECORD,
	        .quick = MSGC_QUICK_RECORD,
	        .size = (uint32_t)size,
	        .record = record};
}

static void make_leaf(struct types *t)
{
	const struct msgc_member members[] = {
	        {MSGC_MEMBER(ODD, "a", &quick_int32_type), MSGC_OPTIONAL(leaf, a)},
	        {MSGC_MEMBER(ODD, "b", &msgc_str_type), MSGC_NULLABLE(leaf, b)},
	        {MSGC_MEMBER(ODD, "c", &msgc_str_type), MSGC_OPTIONAL_NULLABLE(leaf, c)},
	        {MSGC_MEMBER(INT, "u", &quick_uint64_type), MSGC_REQUIRED(leaf, u)},
	        {MSGC_MEMBER(INT, "i", &quick_int8_type), MSGC_REQUIRED(leaf, i)},
	        {MSGC_MEMBER(INT, "w", &quick_uint16_type), MSGC_REQUIRED(leaf, w)},
	        {MSGC_LONG_MEMBER("a_name_that_is_longer_than_what_is_expected", &msgc_str_type),
	                MSGC_REQUIRED(leaf, long_name)},
	        {MSGC_MEMBER(ENUM, "role", &role_type), MSGC_REQUIRED(leaf, role)},
	        {MSGC_MEMBER(BOOL, "up", &msgc_bool_type), MSGC_REQUIRED(leaf, up)},
	        {MSGC_MEMBER(FLOAT64, "x", &msgc_float64_type), MSGC_REQUIRED(leaf, x)},
	        {MSGC_MEMBER(LIST, "texts", &t->texts), MSGC_REQUIRED(leaf, texts)},
	        {MSGC_MEMBER(LIST, "ints", &t->ints), MSGC_REQUIRED(leaf, ints)},
	        {MSGC_MEMBER(LIST, "xs", &t->xs), MSGC_REQUIRED(leaf, xs)},
	        {MSGC_MEMBER(LIST, "roles", &t->roles), MSGC_REQUIRED(leaf, roles)},
	        {MSGC_MEMBER(LIST, "leaves", &t->leaves), MSGC_REQUIRED(leaf, leaves)},
	        {MSGC_MEMBER(ODD, "day", &msgc_datetime_type), MSGC_REQUIRED(leaf, day)},
	        {MSGC_MEMBER(ODD, "labels", &t->labels), MSGC_REQUIRED(leaf, labels)},
	        {MSGC_MEMBER(ODD, "marks", &t->marks), MSGC_REQUIRED(leaf, marks)},
	        {MSGC_MEMBER(ODD, "held", &t->held), MSGC_REQUIRED(leaf, held)},
	        {MSGC_MEMBER(ODD, "pages", &t->pages), MSGC_REQUIRED(leaf, pages)},
	        MSGC_NO_MEMBER,
	};

	memcpy(t->leaf_members, members, sizeof members);
	t->texts = list_of(&t->text_items, &msgc_str_type, sizeof(struct msgc_str));
	t->ints = list_of(&t->int_items, &quick_int32_type, sizeof(int32_t));
	t->xs = list_of(&t->x_items, &msgc_float64_type, sizeof(double));
	t->roles = list_of(&t->role_items, &role_type, sizeof(enum role));
	t->leaves = list_of(&t->leaf_items, &t->leaf, sizeof(struct leaf));
	t->labels = map_of(&t->label_items, &msgc_str_type, sizeof(struct label),
	        offsetof(struct label, value));
	t->marks = list_of(&t->mark_items, &quick_int32_type, sizeof(struct mark));
	t->marks.quick = MSGC_QUICK_NONE;
	t->mark_items.value_at = offsetof(struct mark, value);
	wrap(&t->mark_items, offsetof(struct mark, is_null));
	t->held =
	        map_of(&t->held_items, &t->leaf, sizeof(struct held), offsetof(struct held, value));
	wrap(&t->held_items, offsetof(struct held, is_null));
	t->pages =
	        map_of(&t->page_items, &t->ints, sizeof(struct page), offsetof(struct page, value));
	t->leaf = record_of(&t->records[0], t->leaf_members, 20, sizeof(struct leaf));
	t->leaves.flags = t->leaf.flags = t->held.flags = MSGC_TYPE_RECURSIVE;
}

#define ONE_MEMBER(of, name)                                                                       \
	do {                                                                                       \
		const struct msgc_member all[] = {                                                 \
		        {MSGC_MEMBER(RECORD, #name, &t->name), MSGC_REQUIRED(of, name)},           \
		        MSGC_NO_MEMBER};                                                           \
		memcpy(t->of##_members, all, sizeof all);                                          \
	} while (0)

static void make(struct types *t)
{
	const struct msgc_member first[] = {
	        {MSGC_MEMBER(ODD, "nothing", &quick_int32_type), MSGC_OPTIONAL(first, nothing)},
	        {MSGC_MEMBER(RECORD, "leaf", &t->leaf), MSGC_REQUIRED(first, leaf)},
	        MSGC_NO_MEMBER};
	const struct msgc_member fifth[] = {
	        {MSGC_MEMBER(RECORD, "fourth", &t->fourth), MSGC_REQUIRED(fifth, fourth)},
	        {MSGC_MEMBER(ODD, "last", &quick_int32_type), MSGC_OPTIONAL(fifth, last)},
	        MSGC_NO_MEMBER};

	make_leaf(t);
	memcpy(t->first_members, first, sizeof first);
	ONE_MEMBER(second, first);
	ONE_MEMBER(third, second);
	ONE_MEMBER(fourth, third);
	memcpy(t->fifth_members, fifth, sizeof fifth);
	t->first = record_of(&t->records[1], t->first_members, 2, sizeof(struct first));
	t->second = record_of(&t->records[2], t->second_members, 1, sizeof(struct second));
	t->third = record_of(&t->records[3], t->third_members, 1, sizeof(struct third));
	t->fourth = record_of(&t->records[4], t->fourth_members, 1, sizeof(struct fourth));
	t->fifth = record_of(&t->records[5], t->fifth_members, 2, sizeof(struct fifth));
}

static void make_rare(struct types *t)
{
	struct msgc_type *all[] = {&t->texts, &t->ints, &t->xs, &t->roles, &t->leaves, &t->leaf,
	        &t->first, &t->second, &t->third, &t->fourth, &t->fifth};

	make(t);
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		all[i]->quick = MSGC_QUICK_NONE;
}

static void make_slow(struct types *t)
{
	struct msgc_member *all[] = {t->leaf_members, t->first_members, t->second_members,
	        t->third_members, t->fourth_members, t->fifth_members};

	make_rare(t);
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		for (size_t k = 0; k < t->records[i].n_members; k++)
			all[i][k].expect = (struct msgc_expect)MSGC_EXPECT_NOTHING;
}

static void make_types(void)
{
	make(&quick);
	make_rare(&rare);
	make_slow(&slow);
}

/* ---- values ---- */

#define TEXTS 8

/* What a round's values are made of; texts end where their memory ends. */
struct stock {
	uint64_t seed;
	struct guarded texts[128];
	size_t n_texts;
	struct msgc_str few[TEXTS];
	struct leaf leaves[3][3];
	struct label labels[TEXTS];
	struct held held[3][2];
};

static const int32_t some_ints[] = {0, -1, INT32_MAX, INT32_MIN, 100000000, 99999999, 7};
static const double some_xs[] = {0.0, -0.0, 0.5, 1e300, -2.25e-7, 123456.789, 5e-324};
static const enum role some_roles[] = {ROLE_OWNER, ROLE_GUEST, ROLE_OWNER};
static const struct mark some_marks[] = {{true, 0}, {false, -77}, {false, 0}, {true, 1}};
static const struct page some_pages[] = {{MSGC_STR_INIT("one"), {some_ints, 1}},
        {MSGC_STR_INIT("\"none\""), {NULL, 0}}, {MSGC_STR_INIT(""), {some_ints, 7}}};

/* Up to 80 bytes, mostly short and mostly plain. */
static struct msgc_str some_text(struct stock *s)
{
	static const char *const pieces[] = {"plain text ", "\"", "\\", "\n", "\x01", "\xC3\xA9",
	        "\xF0\x9F\x99\x82", "x", "some letters more than that"};
	size_t most = test_random(&s->seed) % 4 ? 33 : 80, wanted = test_random(&s->seed) % most;
	bool is_plain = test_random(&s->seed) % 2;
	char text[128];
	size_t len = 0;

	while (len < wanted) {
		const char *piece = pieces[is_plain ? 7 : test_random(&s->seed) % 9];

		memcpy(text + len, piece, strlen(piece));
		len += strlen(piece);
	}
	s->texts[s->n_texts] = guarded_new(len);
	memcpy(s->texts[s->n_texts].data, text, len);
	return msgc_str_of(s->texts[s->n_texts++].data, len);
}

static struct leaf some_leaf(struct stock *s, unsigned deep)
{
	uint64_t bits = test_random(&s->seed);
	struct leaf v = {.has_a = bits & 1,
	        .b_is_null = bits & 2,
	        .has_c = bits & 4,
	        .c_is_null = bits & 8,
	        .up = bits & 16,
	        .i = (int8_t)(bits >> 8),
	        .w = (uint16_t)(bits >> 16),
	        .a = (int32_t)(uint32_t)(bits >> 32),
	        .role = bits & 32 ? ROLE_GUEST : ROLE_OWNER,
	        .u = test_random(&s->seed) >> (bits >> 24 & 63),
	        .x = some_xs[(bits >> 40) % 7],
	        .texts = {s->few, (bits >> 44) % TEXTS},
	        .ints = {some_ints, (bits >> 48) % 8},
	        .xs = {some_xs, (bits >> 52) % 8},
	        .roles = {some_roles, (bits >> 56) % 4},
	        .day = {.seconds = (int64_t)(bits >> 33)},
	        .labels = {s->labels, (bits >> 4) % TEXTS},
	        .marks = {some_marks, (bits >> 12) % 5},
	        .pages = {some_pages, (bits >> 20) % 4}};

	v.b = some_text(s);
	v.c = some_text(s);
	v.long_name = some_text(s);
	if (deep < 3) {
		struct leaf *leaves = s->leaves[deep];

		v.leaves.count = (bits >> 60) % 3;
		for (size_t i = 0; i < v.leaves.count; i++)
			leaves[i] = some_leaf(s, deep + 1);
		v.leaves.items = leaves;
		v.held.count = test_random(&s->seed) % 3;
		for (size_t i = 0; i < v.held.count; i++) {
			struct held *held = &s->held[deep][i];

			*held = (struct held){.key = s->few[i], .is_null = bits & 64};
			if (!held->is_null)
				held->value = some_leaf(s, 3);
		}
		v.held.items = s->held[deep];
	}
	return v;
}

static struct fifth some_value(struct stock *s)
{
	struct fifth v = {.has_last = test_random(&s->seed) & 1, .last = -5};
	struct first *first = &v.fourth.third.second.first;

	s->n_texts = 0;
	for (size_t i = 0; i < TEXTS; i++)
		s->few[i] = some_text(s);
	for (size_t i = 0; i < TEXTS; i++)
		s->labels[i] = (struct label){s->few[i], s->few[TEXTS - 1 - i]};
	first->has_nothing = test_random(&s->seed) & 1;
	first->leaf = some_leaf(s, 0);
	return v;
}

static void clear(struct stock *s)
{
	while (s->n_texts > 0)
		guarded_free(&s->texts[--s->n_texts]);
}

/* ---- tests ---- */

/* Behind something that is there already, which stays; and nothing is written behind `room`. */
static void into(struct msgc_buf *out, const struct msgc_type *type, const void *value,
        const struct msgc_buf *want, size_t most)
{
	size_t start = out->len;
	int result = msgc_type_encode(type, value, out);

	ck_assert_int_eq(out->error, 0);
	if (want->len > most - start) {
		ck_assert_int_eq(result, MSGC_ENOMEM);
		ck_assert_uint_eq(out->len, start);
		return;
	}
	ck_assert_int_eq(result, 0);
	ck_assert_uint_eq(out->len, start + want->len);
	ck_assert_mem_eq(out->data + start, want->data, want->len);
}

static void into_all(
        const struct msgc_type *type, const void *value, const struct msgc_buf *want, size_t step)
{
	struct msgc_buf out = {0};

	into(&out, type, value, want, SIZE_MAX / 2);
	into(&out, type, value, want, SIZE_MAX / 2);
	msgc_buf_free(&out);
	for (size_t room = 0; room < want->len + 600; room += step) {
		struct guarded g = guarded_new(room);

		msgc_buf_init_fixed(&out, g.data, room);
		into(&out, type, value, want, room);
		guarded_free(&g);
		msgc_buf_init(&out, room + 1);
		msgc_buf_append(&out, "x", 1);
		into(&out, type, value, want, room + 1);
		msgc_buf_free(&out);
	}
}

START_TEST(like_the_general_way)
{
	struct stock s = {.seed = 11};
	struct msgc_buf want = {0};

	for (int round = 0; round < 200; round++) {
		struct fifth v = some_value(&s);

		msgc_buf_reset(&want);
		ck_assert_int_eq(msgc_type_encode(&slow.fifth, &v, &want), 0);
		for (const struct msgc__kernels *const *k = msgc__kernels_all(); *k; k++) {
			ck_assert(msgc__kernels_use((*k)->name));
			into_all(&quick.fifth, &v, &want, round < 4 ? 1 : 97);
			into_all(&rare.fifth, &v, &want, round < 4 ? 1 : 97);
		}
		clear(&s);
	}
	msgc__kernels_use(NULL);
	msgc_buf_free(&want);
}
END_TEST

/* What the general way and the others share is not what they say it is because they agree. */
START_TEST(maps_and_lists_with_null)
{
	static const struct label labels[] = {{MSGC_STR_INIT("a"), MSGC_STR_INIT("x\ny")},
	        {MSGC_STR_INIT("\"b\""), MSGC_STR_INIT("")}};
	struct leaf v = {.b = MSGC_STR_INIT("b"),
	        .long_name = MSGC_STR_INIT("n"),
	        .labels = {labels, 2},
	        .marks = {some_marks, 4},
	        .pages = {some_pages, 3}};
	struct held held[] = {{.key = MSGC_STR_INIT("no"), .is_null = true},
	        {.key = MSGC_STR_INIT("yes"), .value = v}};
	const char *body = "{\"b\":\"b\",\"u\":0,\"i\":0,\"w\":0,"
	                   "\"a_name_that_is_longer_than_what_is_expected\":\"n\","
	                   "\"role\":\"\\\"owner\\\"\",\"up\":false,\"x\":0.0,\"texts\":[],"
	                   "\"ints\":[],\"xs\":[],\"roles\":[],\"leaves\":[],"
	                   "\"day\":\"1970-01-01T00:00:00Z\","
	                   "\"labels\":{\"a\":\"x\\ny\",\"\\\"b\\\"\":\"\"},"
	                   "\"marks\":[null,-77,0,null],\"held\":%s,"
	                   "\"pages\":{\"one\":[0],\"\\\"none\\\"\":[],"
	                   "\"\":[0,-1,2147483647,-2147483648,100000000,99999999,7]}}";
	struct msgc_buf inner = {0}, want = {0};

	v.held = (struct held_map){held, 2};
	msgc_buf_append_str(&inner, "{\"no\":null,\"yes\":");
	msgc_buf_printf(&inner, body, "{}");
	msgc_buf_append(&inner, "}", 2);
	msgc_buf_printf(&want, body, inner.data);
	for (const struct msgc__kernels *const *k = msgc__kernels_all(); *k; k++) {
		ck_assert(msgc__kernels_use((*k)->name));
		into_all(&quick.leaf, &v, &want, 1);
		into_all(&rare.leaf, &v, &want, 1);
		into_all(&slow.leaf, &v, &want, 1);
	}
	msgc__kernels_use(NULL);
	msgc_buf_free(&inner);
	msgc_buf_free(&want);
}
END_TEST

static void refuses_as(const struct msgc_type *type, const struct fifth *v)
{
	struct msgc_buf out = {0};

	for (const struct msgc__kernels *const *k = msgc__kernels_all(); *k; k++) {
		ck_assert(msgc__kernels_use((*k)->name));
		msgc_buf_append(&out, "before", 6);
		ck_assert_int_eq(msgc_type_encode(type, v, &out), MSGC_EINVAL);
		ck_assert_int_eq(out.error, 0);
		ck_assert_uint_eq(out.len, 6);
		msgc_buf_free(&out);
	}
	msgc__kernels_use(NULL);
}

static void refuses(const struct fifth *v)
{
	refuses_as(&quick.fifth, v);
	refuses_as(&rare.fifth, v);
	refuses_as(&slow.fifth, v);
}

START_TEST(what_no_json_stands_for)
{
	enum { DEEPER = MSGC_DEPTH_MOST + 1 };
	static const char *const wrong[] = {"\x80", "\xC3",
	        "a long text, of which the end is cut: \xC3", "four\xED\xA0\x80", "\n\xF8"};
	const double xs[] = {1, NAN};
	const enum role roles[] = {ROLE_OWNER, (enum role)2};
	struct fifth v = {0};
	struct leaf *leaf = &v.fourth.third.second.first.leaf, inner = {0};
	static struct held held[DEEPER + 1];
	struct msgc_str text;

	leaf->x = INFINITY;
	refuses(&v);
	leaf->x = 0;
	leaf->xs = (struct msgc_float64_list){xs, 2};
	refuses(&v);
	leaf->xs.count = 0;
	leaf->role = (enum role) - 1;
	refuses(&v);
	leaf->role = ROLE_OWNER;
	leaf->roles = (struct role_list){roles, 2};
	refuses(&v);
	leaf->roles.count = 0;
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		text = msgc_str_from(wrong[i]);
		leaf->long_name = text;
		refuses(&v);
		leaf->long_name = msgc_str_from("");
		leaf->texts = (struct msgc_str_list){&text, 1};
		refuses(&v);
		leaf->texts.count = 0;
		leaf->labels = (struct label_map){&(struct label){text, {NULL, 0}}, 1};
		refuses(&v);
		leaf->labels = (struct label_map){&(struct label){{NULL, 0}, text}, 1};
		refuses(&v);
		leaf->labels.count = 0;
	}
	/* Deeper than a value may be. */
	inner.leaves = (struct leaf_list){&inner, 1};
	leaf->leaves = (struct leaf_list){&inner, 1};
	refuses(&v);
	leaf->leaves.count = 0;
	for (size_t i = 0; i < DEEPER; i++)
		held[i].value.held = (struct held_map){&held[i + 1], i + 1 < DEEPER};
	leaf->held = (struct held_map){held, 1};
	refuses(&v);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("codec_quick_write");
	TCase *values;

	make_types();
	values = codec_test_loops(suite, "values");
	tcase_add_test(values, like_the_general_way);
	tcase_add_test(values, maps_and_lists_with_null);
	tcase_add_test(values, what_no_json_stands_for);
	return codec_test_run(suite);
}
