/* SPDX-License-Identifier: MIT */
/*
 * Every case of rfc_cases.h wherever its text can stand (alone, in a member of each kind, an item, a
 * map, a member nobody knows, as a name), by every set of kernels, at every alignment, before and
 * behind inaccessible pages: from const memory nothing beyond the text is read, in place nothing
 * beyond its padding. With --list it prints docs/design/json.md.
 */
#include "codec_test.h"

#include <stdio.h>

#include <msgc/type.h>

#include "codec/kernels.h"
#include "rfc_cases.h"

#define ALIGNMENTS 64

/* ---- what "v" is ---- */

struct box {
	union {
		struct msgc_str str;
		struct msgc_bytes bytes;
		struct msgc_json json;
		struct msgc_str_list list;
		struct msgc_datetime datetime;
		int64_t integer;
		double float64;
		float float32;
		bool boolean;
	} v;
	bool has_w;
	struct msgc_json w;
};

struct entry {
	struct msgc_str key;
	struct msgc_json value;
};

#define LIST(name, of_element, c_type)                                                             \
	static const struct msgc_type name##_type = {.kind = MSGC_KIND_LIST,                       \
	        .quick = MSGC_QUICK_LIST,                                                          \
	        .size = sizeof(struct msgc_str_list),                                              \
	        .items = &(const struct msgc_type_items){                                          \
	                .element = of_element, .item_size = sizeof(c_type), .max = MSGC_NO_MAX}}
LIST(strs, &msgc_str_type, struct msgc_str);
LIST(floats, &msgc_float64_type, double);
LIST(ints, &msgc_int64_type, int64_t);
static const struct msgc_type map_type = {.kind = MSGC_KIND_MAP,
        .size = sizeof(struct msgc_str_list),
        .items = &(const struct msgc_type_items){.element = &msgc_json_type,
                .item_size = sizeof(struct entry),
                .value_at = offsetof(struct entry, value),
                .max = MSGC_NO_MAX}};

/* Read by the kernel, and by the tables beside it. */
#define BOXES(how, of_type, of_flags)                                                              \
	{                                                                                          \
		BOX(MSGC_QUICK_RECORD, how, of_type, of_flags),                                    \
		        BOX(MSGC_QUICK_NONE, how, of_type, of_flags)                               \
	}
#define BOX(of_quick, how, of_type, of_flags)                                                      \
	{                                                                                          \
		.kind = MSGC_KIND_RECORD, .quick = of_quick, .flags = of_flags,                    \
		.size = sizeof(struct box), .record = &(const struct msgc_type_record)             \
		{                                                                                  \
			.members = (const struct msgc_member[]){{MSGC_MEMBER(how, "v", of_type),   \
			                                                MSGC_REQUIRED(box, v)},    \
			        {MSGC_MEMBER(ODD, "w", &msgc_json_type), MSGC_OPTIONAL(box, w)},   \
			        MSGC_NO_MEMBER},                                                   \
			.n_members = 2, .must_come = 1                                             \
		}                                                                                  \
	}

static const struct msgc_type boxes[RFC_N_TARGETS][2] = {
        [RFC_ANY] = BOXES(ODD, &msgc_json_type, 0),
        [RFC_STR] = BOXES(STR, &msgc_str_type, 0),
        [RFC_FLOAT64] = BOXES(FLOAT64, &msgc_float64_type, 0),
        [RFC_FLOAT32] = BOXES(ODD, &msgc_float32_type, 0),
        [RFC_INT64] = BOXES(INT, &msgc_int64_type, 0),
        [RFC_INT53] = BOXES(INT, &msgc_int53_type, 0),
        [RFC_INT64_STR] = BOXES(ODD, &msgc_int64_str_type, 0),
        [RFC_BOOL] = BOXES(BOOL, &msgc_bool_type, 0),
        [RFC_STRS] = BOXES(LIST, &strs_type, 0),
        [RFC_FLOATS] = BOXES(LIST, &floats_type, 0),
        [RFC_INTS] = BOXES(LIST, &ints_type, 0),
        [RFC_MAP] = BOXES(ODD, &map_type, 0),
        [RFC_CLOSED] = BOXES(FLOAT64, &msgc_float64_type, MSGC_TYPE_CLOSED),
        [RFC_DATETIME] = BOXES(ODD, &msgc_datetime_type, 0),
        [RFC_BYTES] = BOXES(ODD, &msgc_bytes_type, 0),
};

static struct field field;

/* ---- one text, one way ---- */

struct outcome {
	int result;
	struct msgc_buf said; /* the value "v" written again, or the problems */
};

/* type NULL: any JSON text. */
struct way {
	const struct msgc_type *type;
	bool is_const, keep_text;
};

static int pass_over(char *at, size_t len, struct msgc_arena *arena, struct msgc_problems *problems)
{
	struct msgc_reader r;

	if (msgc_reader_open(&r, at, len, NULL, arena, problems))
		msgc_read_skip(&r);
	return msgc_reader_close(&r);
}

static int read_as(const struct way *way, char *at, size_t len, struct msgc_arena *arena,
        struct box *ret, struct msgc_problems *problems)
{
	struct msgc_decode_options options = {.keep_text = way->keep_text};

	if (!way->type && way->is_const)
		return msgc_json_validate(at, len, NULL, arena, problems);
	if (!way->type)
		return pass_over(at, len, arena, problems);
	if (way->is_const)
		return msgc_type_decode(way->type, at, len, &options, arena, ret, problems);
	return msgc_type_decode_in_place(way->type, at, len, &options, arena, ret, problems);
}

static void run_at(
        const struct way *way, char *at, const char *text, size_t len, struct outcome *ret)
{
	static struct msgc_arena arena;
	static struct msgc_problems problems;
	struct box box;

	if (len)
		memcpy(at, text, len);
	msgc_buf_reset(&ret->said);
	msgc_problems_clear(&problems);
	ret->result = read_as(way, at, len, &arena, &box, &problems);
	REQUIRE((ret->result == 0) == (problems.count == 0), "%.*s: %d", (int)len, text,
	        ret->result);
	if (ret->result) {
		msgc_problems_write(&problems, &ret->said);
		(void)msgc_buf_c(&ret->said);
	} else if (way->type)
		REQUIRE(msgc_type_encode(way->type->record->members[0].type, &box.v, &ret->said) ==
		                0,
		        "%.*s: not written", (int)len, text);
	REQUIRE(!len || !(way->is_const || way->keep_text) || memcmp(at, text, len) == 0,
	        "%.*s: changed", (int)len, text);
	msgc_arena_reset(&arena);
}

static void require_same(const struct outcome *want, const struct outcome *got, const char *text,
        size_t len, const char *where)
{
	if (got->result == want->result && got->said.len == want->said.len &&
	        (!got->said.len || memcmp(got->said.data, want->said.data, got->said.len) == 0))
		return;
	ck_abort_msg("%s, %s: %.*s\n%d %.*s\n%d %.*s", msgc__kernels->name, where, (int)len, text,
	        want->result, (int)want->said.len, want->said.data, got->result, (int)got->said.len,
	        got->said.data);
}

/* Everywhere the text can lie in memory, or at some of these places. */
static void at_places(const struct way *way, const char *text, size_t len, unsigned step,
        const struct outcome *want)
{
	static struct outcome got;
	size_t behind = way->is_const ? 0 : MSGC_PADDING;
	char *last = field.end - len - behind;

	sow(last + len, behind, (unsigned)len);
	run_at(way, last, text, len, &got);
	require_same(want, &got, text, len, "before a page");
	for (unsigned k = 0; k < ALIGNMENTS; k += step) {
		sow(field.begin + k + len, 2 * MSGC_PADDING, k);
		run_at(way, field.begin + k, text, len, &got);
		require_same(want, &got, text, len, "behind a page");
	}
}

/* At every distance from the inaccessible page: the problem's byte is another one then. */
static void behind_blanks(const struct way *way, const char *text, size_t len, unsigned step,
        const struct outcome *want)
{
	static struct outcome got;
	static char blank[4096];
	size_t behind = way->is_const ? 0 : MSGC_PADDING;

	ck_assert_uint_lt(len, sizeof blank - ALIGNMENTS);
	for (unsigned k = 1; k < ALIGNMENTS; k += step) {
		memset(blank, ' ', k);
		if (len)
			memcpy(blank + k, text, len);
		sow(field.end - behind, behind, k);
		run_at(way, field.end - behind - len - k, blank, len + k, &got);
		REQUIRE(got.result == want->result, "%s, behind %u blanks: %.*s",
		        msgc__kernels->name, k, (int)len, text);
		if (want->result == 0)
			require_same(want, &got, text, len, "behind blanks");
	}
}

/* Where two ways share all that looks at bytes, one goes everywhere and the other to some places. */
#define SOME 21

/* By all sets, from const memory and in place; what portable C said first is what all say. */
static const struct outcome *run(
        const struct msgc_type *type, const char *text, size_t len, unsigned step)
{
	static struct outcome want;
	struct way way = {type, true, false};

	ck_assert(msgc__kernels_use("portable"));
	run_at(&way, field.end - len, text, len, &want);
	for (const struct msgc__kernels *const *k = msgc__kernels_all(); *k; k++) {
		msgc__kernels_use((*k)->name);
		for (int how = 0; how < 3; how++) {
			way.is_const = how == 0;
			way.keep_text = how == 2;
			at_places(&way, text, len, way.keep_text ? SOME : step, &want);
			behind_blanks(&way, text, len, way.keep_text ? SOME : step, &want);
		}
	}
	msgc__kernels_use(NULL);
	return &want;
}

/* ---- the places of a case ---- */

enum verdict { TAKEN, BROKEN, REFUSED, EITHER };

static void require(enum verdict verdict, const struct outcome *o, const char *text, size_t len)
{
	static const char broken[] = "[{\"type\":\"json_invalid\",\"loc\":[]";
	const char *said = o->result ? o->said.data : "";
	bool is_broken = o->result && strncmp(said, broken, sizeof broken - 1) == 0;

	switch (verdict) {
	case TAKEN: REQUIRE(o->result == 0, "refused: %.*s: %s", (int)len, text, said); break;
	case BROKEN:
		REQUIRE(is_broken, "not broken: %.*s: %s", (int)len, text, said);
		REQUIRE(!strstr(said, "},{"), "more than that: %.*s: %s", (int)len, text, said);
		break;
	case REFUSED:
		REQUIRE(o->result == MSGC_ECONTRACT && !is_broken, "not refused: %.*s: %s",
		        (int)len, text, said);
		break;
	default: break;
	}
}

/* In a frame of JSON, as both of a target's types; target RFC_N_TARGETS: without a type. */
static void in_frame(const struct rfc_case *c, enum rfc_target target, const char *before,
        const char *after, enum verdict verdict, unsigned step)
{
	size_t head = strlen(before), tail = strlen(after), len = head + c->len + tail;
	char *text = malloc(len + 1);

	ck_assert_ptr_nonnull(text);
	memcpy(text, before, head);
	memcpy(text + head, c->text, c->len);
	memcpy(text + head + c->len, after, tail);
	if (target == RFC_N_TARGETS)
		require(verdict, run(NULL, text, len, step), text, len);
	else
		for (int i = 0; i < 2; i++)
			require(verdict, run(&boxes[target][i], text, len, i ? SOME : step), text,
			        len);
	free(text);
}

/* The value itself: taken by its type and written again, or refused by it. */
static void as_typed(const struct rfc_case *c, const char *before, const char *after)
{
	char text[512];
	int len = snprintf(text, sizeof text, "%s", before);

	memcpy(text + len, c->text, c->len);
	len += (int)c->len;
	len += snprintf(text + len, sizeof text - (size_t)len, "%s", after);
	for (int i = 0; i < 2; i++) {
		const struct outcome *o =
		        run(&boxes[c->target][i], text, (size_t)len, i ? SOME : 1);

		if (!c->is_taken) {
			REQUIRE(o->result == MSGC_ECONTRACT, "%s: %d", text, o->result);
			continue;
		}
		REQUIRE(o->result == 0, "refused: %s", text);
		REQUIRE(o->said.len == strlen(c->means) &&
		                memcmp(o->said.data, c->means, o->said.len) == 0,
		        "%s: %.*s", text, (int)o->said.len, o->said.data);
	}
}

/*
 * A value with nothing behind it, where memory may end: broken, if not as the value itself, then for
 * the brace that is missing. What brings a brace too many may be right.
 */
static void as_last(const struct rfc_case *c, enum rfc_target target)
{
	enum verdict verdict = c->is_taken || c->is_typed ? BROKEN : EITHER;

	in_frame(c, target, "{\"v\":", "", verdict, SOME);
	in_frame(c, target, "{\"x\":", "", verdict, SOME);
}

/* A value wherever one can stand. */
static void as_value(const struct rfc_case *c)
{
	bool is_json = c->is_taken || c->is_typed;
	enum verdict verdict = is_json ? TAKEN : BROKEN;

	in_frame(c, RFC_N_TARGETS, "", "", verdict, 1);
	in_frame(c, RFC_ANY, "{\"v\":", "}", verdict, 1);
	in_frame(c, RFC_ANY, "{\"v\":[", "]}", verdict, 1);
	in_frame(c, RFC_MAP, "{\"v\":{\"k\":", "}}", verdict, 1);
	in_frame(c, RFC_FLOAT64, "{\"x\":", ",\"v\":0}", verdict, 1);
	in_frame(c, RFC_STR, "{\"v\":\"\",\"x\":[0,", "]}", verdict, 1);
	if (c->is_typed)
		as_typed(c, "{\"v\":", "}");
	for (int target = 0; target < RFC_N_TARGETS; target++) {
		if (!c->is_typed)
			in_frame(c, (enum rfc_target)target, "{\"v\":", "}",
			        is_json ? EITHER : BROKEN, SOME);
		as_last(c, (enum rfc_target)target);
	}
}

/* A string as the name of a member: in a value that is kept, a map, one nobody knows. */
static void as_name(const struct rfc_case *c)
{
	enum verdict verdict = c->is_taken ? TAKEN : BROKEN;

	in_frame(c, RFC_N_TARGETS, "{", ":1}", verdict, 1);
	in_frame(c, RFC_ANY, "{\"v\":{", ":1}}", verdict, 1);
	in_frame(c, RFC_MAP, "{\"v\":{", ":1}}", verdict, 1);
	in_frame(c, RFC_FLOAT64, "{", ":1,\"v\":0}", verdict, 1);
	in_frame(c, RFC_STR, "{\"v\":\"\",", ":1}", verdict, 1);
	in_frame(c, RFC_CLOSED, "{\"v\":0,", ":1}", c->is_taken ? REFUSED : BROKEN, 1);
}

static void everywhere(const struct rfc_case *c, enum rfc_where where)
{
	switch (where) {
	case RFC_STRING:
		as_name(c);
		as_value(c);
		break;
	case RFC_VALUE: as_value(c); break;
	case RFC_TEXT: in_frame(c, RFC_N_TARGETS, "", "", c->is_taken ? TAKEN : BROKEN, 1); break;
	case RFC_MESSAGE: as_typed(c, "", "");
	}
}

static const struct rfc_rule *rules[128];
static int n_rules;

START_TEST(each_rule_everywhere)
{
	bool taken = false, refused = false;

	field = field_new();
	for (const struct rfc_case *c = rules[_i]->cases; c->text; c++) {
		everywhere(c, rules[_i]->where);
		taken |= c->is_taken;
		refused |= !c->is_taken;
	}
	ck_assert_msg(taken, "%s: no text is taken", rules[_i]->says);
	ck_assert_msg(refused || strcmp(rules[_i]->section, "10") == 0, "%s: no text is refused",
	        rules[_i]->says);
}
END_TEST

/* ---- depth ---- */

static int nested(const struct msgc_type *type, const char *before, size_t levels,
        const char *after, bool objects)
{
	const char *open = objects ? "{\"a\":" : "[", *close = objects ? "}" : "]";
	struct msgc_arena arena = {0};
	struct msgc_buf text = {0};
	struct box box;
	int result;

	msgc_buf_append(&text, before, strlen(before));
	for (size_t i = 0; i < levels; i++)
		msgc_buf_append(&text, open, strlen(open));
	msgc_buf_append_char(&text, '1');
	for (size_t i = 0; i < levels; i++)
		msgc_buf_append(&text, close, 1);
	msgc_buf_append(&text, after, strlen(after));
	ck_assert_int_eq(text.error, 0);
	if (type)
		result = msgc_type_decode(type, text.data, text.len, NULL, &arena, &box, NULL);
	else
		result = msgc_json_validate(text.data, text.len, NULL, &arena, NULL);
	msgc_buf_free(&text);
	msgc_arena_free(&arena);
	return result;
}

START_TEST(depth_is_bounded_everywhere)
{
	static const size_t beyond[] = {1, 2, 63, 64, 1024, 200000};

	for (const struct msgc__kernels *const *k = msgc__kernels_all(); *k; k++)
		for (int i = 0; i < 4; i++) {
			const struct msgc_type *any = &boxes[RFC_ANY][i / 2],
			                       *other = &boxes[RFC_FLOAT64][i / 2];
			bool objects = i % 2;

			ck_assert(msgc__kernels_use((*k)->name));
			ck_assert_int_eq(nested(NULL, "", 64, "", objects), 0);
			ck_assert_int_eq(nested(any, "{\"v\":", 63, "}", objects), 0);
			ck_assert_int_eq(nested(other, "{\"x\":", 63, ",\"v\":1}", objects), 0);
			for (size_t n = 0; n < sizeof beyond / sizeof beyond[0]; n++) {
				size_t levels = 63 + beyond[n];

				ck_assert_int_eq(
				        nested(NULL, "", levels + 1, "", objects), MSGC_ELIMIT);
				ck_assert_int_eq(
				        nested(any, "{\"v\":", levels, "}", objects), MSGC_ELIMIT);
				ck_assert_int_eq(
				        nested(other, "{\"x\":", levels, ",\"v\":1}", objects),
				        MSGC_ELIMIT);
			}
		}
	msgc__kernels_use(NULL);
}
END_TEST

/* ---- writing ---- */

/* The value read, written, and read again by every set: what was written is valid and the same. */
static void write_and_read(const struct rfc_case *c)
{
	static struct msgc_arena arena;
	const struct msgc_type *type = &boxes[c->target][0];
	struct msgc_buf text = {0}, first = {0}, again = {0};
	struct box box;

	msgc_write_lit(&text, "{\"v\":");
	msgc_buf_append(&text, c->text, c->len);
	msgc_write_lit(&text, "}");
	for (const struct msgc__kernels *const *k = msgc__kernels_all(); *k; k++) {
		ck_assert(msgc__kernels_use((*k)->name));
		msgc_buf_reset(&first);
		msgc_buf_reset(&again);
		ck_assert_int_eq(
		        msgc_type_decode(type, text.data, text.len, NULL, &arena, &box, NULL), 0);
		ck_assert_int_eq(msgc_type_encode(type, &box, &first), 0);
		ck_assert_int_eq(msgc_json_validate(first.data, first.len, NULL, &arena, NULL), 0);
		ck_assert_int_eq(
		        msgc_type_decode(type, first.data, first.len, NULL, &arena, &box, NULL), 0);
		ck_assert_int_eq(msgc_type_encode(type, &box, &again), 0);
		ck_assert_uint_eq(first.len, again.len);
		ck_assert_mem_eq(first.data, again.data, first.len);
		msgc_arena_reset(&arena);
	}
	msgc__kernels_use(NULL);
	msgc_buf_free(&text);
	msgc_buf_free(&first);
	msgc_buf_free(&again);
}

START_TEST(what_is_written_is_read_again)
{
	int n = 0;

	for (int i = 0; i < n_rules; i++)
		for (const struct rfc_case *c = rules[i]->cases; c->text; c++)
			if (c->is_taken && rules[i]->where <= RFC_STRING) {
				write_and_read(c);
				n++;
			}
	ck_assert_int_gt(n, 100);
}
END_TEST

int main(int argc, char **argv)
{
	Suite *suite;
	TCase *loops;
	const TTest *const others[] = {
	        depth_is_bounded_everywhere, what_is_written_is_read_again, NULL};

	if (argc > 1 && strcmp(argv[1], "--list") == 0)
		return rfc_list();
	suite = suite_create("codec_rfc");
	for (const struct rfc_document *d = rfc_documents; d->name; d++)
		for (const struct rfc_rule *rule = d->rules; rule->section; rule++)
			rules[n_rules++] = rule;
	loops = codec_test_loops(suite, "rules");
	tcase_set_timeout(loops, 300); /* a second of work, on a machine with nothing else to do */
	tcase_add_loop_test(loops, each_rule_everywhere, 0, n_rules);
	codec_test_case(suite, "bounds and writing", others);
	return codec_test_run(suite);
}
