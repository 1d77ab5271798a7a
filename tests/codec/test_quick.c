/* SPDX-License-Identifier: MIT */
/*
 * Whole messages by every set of kernels that this machine has, against the general way: a message
 * of every quick kind, cut off at every byte, with every byte changed, at every alignment, its
 * padding before an inaccessible page; from const memory of its exact length, too.
 */
#include "codec_test.h"

#include <msgc/type.h>

#include "codec/kernels.h"

/* The tables of
 *
 *	message post { text: string(len 1..40); name: string(pattern r"^[a-z]{1,20}$");
 *	        day: string(pattern r"^\d{4}-\d{2}$"); n: int53(min 0); up: bool; x: float64;
 *	        role: role; any: string; at?: int32; tags: string(len 1..5)[](count ..3);
 *	        xs: float64[]; more: { ns: int64[]; }[]; }
 */
enum role { ROLE_OWNER, ROLE_GUEST };

struct more {
	bool has_a;
	int64_t a, b;
	bool has_c, c_is_null;
	struct msgc_str c;
	struct msgc_int64_list ns;
	bool has_d, d;
};

struct more_list {
	const struct more *items;
	size_t count;
};

struct post {
	struct msgc_str text, name, day;
	int64_t n;
	bool up;
	double x;
	enum role role;
	struct msgc_str any;
	bool has_at;
	int32_t at;
	struct msgc_str_list tags;
	struct msgc_float64_list xs;
	struct more_list more;
};

#define SIXTEEN(c) c, c, c, c, c, c, c, c, c, c, c, c, c, c, c, c
static const struct msgc_shape name_shape = {.least = 1,
        .most = 20,
        .has_ranges = true,
        .from = {128, 192, 192, 192, 192, 192, 192, 192, 192, 192, 192, 64, 64, 64, 64, 64,
                SIXTEEN('z')},
        .span = {[6] = 64, [7] = 128, [16] = SIXTEEN('z' - 'a')}};
static const struct msgc_shape day_shape = {.least = 7,
        .most = 7,
        .is_fixed = true,
        .from = {'0', '0', '0', '0', '-', '0', '0', '"'},
        .span = {9, 9, 9, 9, 0, 9, 9, 0, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
                255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255}};
static const struct msgc_pattern name_pattern = {.text = "^[a-z]{1,20}$", .shape = &name_shape};
static const struct msgc_pattern day_pattern = {.text = "^\\d{4}-\\d{2}$", .shape = &day_shape};

#define TEXT(name, how, ...)                                                                       \
	static const struct msgc_type name##_type = {.kind = MSGC_KIND_STR,                        \
	        .quick = MSGC_QUICK_##how,                                                         \
	        .size = sizeof(struct msgc_str),                                                   \
	        .text = &(const struct msgc_type_text){__VA_ARGS__}}
TEXT(text, LEN, .flags = MSGC_TEXT_LEN, .len_min = 1, .len_max = 40);
TEXT(tag, LEN, .flags = MSGC_TEXT_LEN, .len_min = 1, .len_max = 5);
TEXT(name, RUN, .patterns = (const struct msgc_pattern *const[]){&name_pattern}, .n_patterns = 1);
TEXT(day, PLACES, .patterns = (const struct msgc_pattern *const[]){&day_pattern}, .n_patterns = 1);

static const struct msgc_type count_type = {.kind = MSGC_KIND_INT53,
        .quick = MSGC_QUICK_INT,
        .size = sizeof(int64_t),
        .number = &(const struct msgc_type_number){
                .bounds = &(const struct msgc_bound){MSGC_MIN, "0", {.i = 0}},
                .n_bounds = 1,
                .least = 0,
                .most = INT64_C(9007199254740991)}};
static const struct msgc_type role_type = {.kind = MSGC_KIND_ENUM,
        .quick = MSGC_QUICK_ENUM,
        .size = sizeof(enum role),
        .values = &(const struct msgc_type_enum){
                .values =
                        (const struct msgc_enum_value[]){
                                {MSGC_LITERAL_OF_STR("owner"), ROLE_OWNER, NULL},
                                {MSGC_LITERAL_OF_STR("guest"), ROLE_GUEST, NULL},
                        },
                .n_values = 2,
                .expected = "'owner' or 'guest'",
                .json = MSGC_JSON_STRING}};

#define LIST(name, of_element, c_type, most)                                                       \
	static const struct msgc_type name##_type = {.kind = MSGC_KIND_LIST,                       \
	        .quick = MSGC_QUICK_LIST,                                                          \
	        .size = sizeof(struct msgc_str_list),                                              \
	        .items = &(const struct msgc_type_items){                                          \
	                .element = of_element, .item_size = sizeof(c_type), .max = most}}
LIST(tags, &tag_type, struct msgc_str, 3);
LIST(floats, &msgc_float64_type, double, MSGC_NO_MAX);
LIST(ints, &msgc_int64_type, int64_t, MSGC_NO_MAX);

static const int64_t five = 5;
static const struct msgc_member more_members[] = {
        {MSGC_MEMBER(ODD, "a", &msgc_int64_type), MSGC_OPTIONAL(more, a)},
        {MSGC_MEMBER(INT, "b", &msgc_int64_type), MSGC_REQUIRED(more, b), .fill = &five},
        {MSGC_MEMBER(ODD, "c", &text_type), MSGC_OPTIONAL_NULLABLE(more, c)},
        {MSGC_MEMBER(LIST, "ns", &ints_type), MSGC_REQUIRED(more, ns)},
        {MSGC_MEMBER(ODD, "d", &msgc_bool_type), MSGC_OPTIONAL(more, d)},
        MSGC_NO_MEMBER,
};
static const struct msgc_type more_type = {.kind = MSGC_KIND_RECORD,
        .quick = MSGC_QUICK_RECORD,
        .size = sizeof(struct more),
        .record = &(const struct msgc_type_record){
                .members = more_members, .n_members = 5, .must_come = 0xA}};
/* The same, and never quick: what it is compared with. */
static const struct msgc_type slow_more_type = {.kind = MSGC_KIND_RECORD,
        .size = sizeof(struct more),
        .record = &(const struct msgc_type_record){
                .members = more_members, .n_members = 5, .must_come = 0xA}};
LIST(mores, &more_type, struct more, MSGC_NO_MAX);

static const struct msgc_member members[] = {
        {MSGC_WHOLE_MEMBER("action", "\"post\"",
                 MSGC_CONSTANT(MSGC_LITERAL_OF_STR("post"), MSGC_JSON_STRING, "'post'")),
                MSGC_NO_VALUE, .role = MSGC_ROLE_TAG},
        {MSGC_MEMBER(LEN, "text", &text_type), MSGC_REQUIRED(post, text)},
        {MSGC_MEMBER(RUN, "name", &name_type), MSGC_REQUIRED(post, name)},
        {MSGC_MEMBER(PLACES, "day", &day_type), MSGC_REQUIRED(post, day)},
        {MSGC_MEMBER(INT, "n", &count_type), MSGC_REQUIRED(post, n)},
        {MSGC_MEMBER(BOOL, "up", &msgc_bool_type), MSGC_REQUIRED(post, up)},
        {MSGC_MEMBER(FLOAT64, "x", &msgc_float64_type), MSGC_REQUIRED(post, x)},
        {MSGC_MEMBER(ENUM, "role", &role_type), MSGC_REQUIRED(post, role)},
        {MSGC_MEMBER(STR, "any", &msgc_str_type), MSGC_REQUIRED(post, any)},
        {MSGC_MEMBER(ODD, "at", &msgc_int32_type), MSGC_OPTIONAL(post, at)},
        {MSGC_MEMBER(LIST, "tags", &tags_type), MSGC_REQUIRED(post, tags)},
        {MSGC_MEMBER(LIST, "xs", &floats_type), MSGC_REQUIRED(post, xs)},
        {MSGC_MEMBER(LIST, "more", &mores_type), MSGC_REQUIRED(post, more)},
        MSGC_NO_MEMBER,
};
#define RECORD(how)                                                                                \
	{                                                                                          \
		.kind = MSGC_KIND_RECORD, .quick = how, .size = sizeof(struct post),               \
		.record = &(const struct msgc_type_record)                                         \
		{                                                                                  \
			.name = "post", .members = members, .n_members = 13, .must_come = 0x1DFF,  \
			.beside = msgc_envelope_beside                                             \
		}                                                                                  \
	}
static const struct msgc_type quick = RECORD(MSGC_QUICK_RECORD), slow = RECORD(MSGC_QUICK_NONE);

static const char *const texts[] = {
        "{\"action\":\"post\",\"text\":\"h\xC3\xA9llo, a text of some length "
        "\\n\",\"name\":\"abcz\","
        "\"day\":\"2026-11\",\"n\":1234567890123,\"up\":true,\"x\":-12.625,\"role\":\"guest\","
        "\"any\":\"\","
        "\"at\":-7,\"tags\":[\"a\",\"bcdef\"],\"xs\":[0.5,1e3,7],\"more\":[{\"ns\":[1,-2]},{\"ns\":"
        "[]}]}",
        " { \"more\" : [ ] , \"xs\":[] ,\n "
        "\"what\":{\"a\":[1,{\"b\":null}],\"c\":\"d\"},\"tags\":[ \"x\" , \"y\" ],"
        " \"any\": \"z\", \"role\":\"owner\", \"x\": 1, \"up\": false, \"n\": 0, "
        "\"day\":\"1999-01\","
        " \"name\":\"q\", \"text\":\"0123456789012345678901234567890123456789\", \"ref\":\"7\","
        " \"action\":\"post\" } ",
};

struct outcome {
	int result;
	struct msgc_buf out;
};

/* The text at the end of its memory, so that what is behind its padding cannot be read. */
static struct outcome run(const struct msgc_type *type, const char *text, size_t len, bool is_const)
{
	struct guarded g = guarded_new(len + (is_const ? 0 : MSGC_PADDING));
	static struct msgc_problems problems;
	struct msgc_arena arena = {0};
	struct outcome o = {0};
	union {
		struct post post;
		struct more more;
	} value;

	memcpy(g.data, text, len);
	if (is_const)
		o.result = msgc_type_decode(type, g.data, len, NULL, &arena, &value, &problems);
	else
		memset(g.data + len, '"', MSGC_PADDING);
	if (!is_const)
		o.result = msgc_type_decode_in_place(
		        type, g.data, len, NULL, &arena, &value, &problems);
	if (o.result == 0)
		ck_assert_int_eq(msgc_type_encode(type, &value, &o.out), 0);
	else
		msgc_problems_write(&problems, &o.out);
	msgc_arena_free(&arena);
	guarded_free(&g);
	return o;
}

static void same_of(const struct msgc_type *general, const struct msgc_type *type, const char *text,
        size_t len, bool is_const)
{
	struct outcome want = run(general, text, len, is_const), got;

	for (const struct msgc__kernels *const *k = msgc__kernels_all(); *k; k++) {
		ck_assert(msgc__kernels_use((*k)->name));
		got = run(type, text, len, is_const);
		if (got.result != want.result || got.out.len != want.out.len ||
		        memcmp(got.out.data, want.out.data, want.out.len) != 0)
			ck_abort_msg("%s: %.*s\n%.*s\n%.*s", (*k)->name, (int)len, text,
			        (int)want.out.len, want.out.data, (int)got.out.len, got.out.data);
		msgc_buf_free(&got.out);
	}
	msgc__kernels_use(NULL);
	msgc_buf_free(&want.out);
}

static void same_by_all(const char *text, size_t len, bool is_const)
{
	same_of(&slow, &quick, text, len, is_const);
}

START_TEST(whole_messages)
{
	struct outcome o = run(&quick, texts[_i], strlen(texts[_i]), false);

	ck_assert_msg(o.result == 0, "%.*s", (int)o.out.len, o.out.data);
	msgc_buf_free(&o.out);
}
END_TEST

START_TEST(cut_off_at_every_byte)
{
	for (size_t len = 0; len <= strlen(texts[_i]); len++) {
		same_by_all(texts[_i], len, false);
		same_by_all(texts[_i], len, true);
	}
}
END_TEST

START_TEST(with_every_byte_changed)
{
	static const char other[] = "\"\\{}[],:0x \n\x01\x7F\x80\xC3";
	char text[512];
	size_t len = strlen(texts[_i]);

	for (size_t at = 0; at < len; at++)
		for (size_t c = 0; c < sizeof other; c++) {
			memcpy(text, texts[_i], len);
			text[at] = other[c];
			same_by_all(text, len, false);
		}
}
END_TEST

START_TEST(at_every_alignment)
{
	char text[512];
	size_t len = strlen(texts[_i]);

	for (size_t blanks = 0; blanks < 64; blanks++) {
		memset(text, ' ', blanks);
		memcpy(text + blanks, texts[_i], len);
		same_by_all(text, blanks + len, false);
	}
}
END_TEST

/* Any of them, from any on, null or not, with one that is there twice or that nobody knows. */
START_TEST(members_that_may_be_absent)
{
	static const char *const members_of_more[] = {
	        "\"a\":1", "\"b\":2", "\"c\":\"x\"", "\"ns\":[3,4]", "\"d\":true"};
	static const char *const others_of_c[] = {
	        "\"c\":null", "\"c\": null", "\"c\":nulx", "\"c\":\"\""};
	static const char *const behind[] = {"", "\"a\":7", "\"b\":8", "\"z\":[{}]", "\"d\":nope"};
	struct msgc_buf text = {0};

	for (int set = 0; set < 32; set++)
		for (size_t first = 0; first < 5; first++)
			for (size_t c = 0; c < 5; c++)
				for (size_t more = 0; more < 5; more++) {
					msgc_buf_reset(&text);
					msgc_buf_append_char(&text, '{');
					for (size_t i = 0; i < 6; i++) {
						size_t which = (first + i) % 5;
						const char *piece = i == 5 ? behind[more]
						        : which == 2 && c < 4
						        ? others_of_c[c]
						        : members_of_more[which];

						if ((i < 5 && !(set >> which & 1)) || !*piece)
							continue;
						if (text.len > 1)
							msgc_buf_append_char(&text, ',');
						msgc_buf_append_str(&text, piece);
					}
					msgc_buf_append_char(&text, '}');
					same_of(&slow_more_type, &more_type, text.data, text.len,
					        false);
				}
	msgc_buf_free(&text);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("codec_quick");
	TCase *loops = codec_test_loops(suite, "messages");
	const int n = (int)(sizeof texts / sizeof texts[0]);

	tcase_add_loop_test(loops, whole_messages, 0, n);
	tcase_add_loop_test(loops, cut_off_at_every_byte, 0, n);
	tcase_add_loop_test(loops, with_every_byte_changed, 0, n);
	tcase_add_loop_test(loops, at_every_alignment, 0, n);
	tcase_add_test(loops, members_that_may_be_absent);
	return codec_test_run(suite);
}
