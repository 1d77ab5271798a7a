/* SPDX-License-Identifier: MIT */
/*
 * The readers that msgc generates, by every set of vector instructions that this machine has,
 * against the tables alone: texts with every kind of member, cut off at every byte, with every byte
 * changed, their members turned around, with white space; in place before an inaccessible page, as
 * slices, from const memory, with little memory and little depth. Result, problems and value are the
 * same to the letter.
 */
#include <stdio.h>

#include "../codec/codec_test.h"
#include "../fuzz/only_tables.h"
#include "codec/kernels.h"
#include "readers.msgc.h"

#define NUMBERS                                                                                    \
	"{\"a\":-128,\"b\":100,\"c\":-300,\"d\":65535,\"e\":-5,\"f\":4294967295,"                  \
	"\"g\":-9007199254740991,\"h\":123456789012345678,\"i\":18,\"x\":-12.625,\"up\":true}"
#define LISTS                                                                                      \
	"{\"names\":[\"a\",\"bcd\"],\"texts\":[\"x\",\"\xC3\xA9t\"],\"any\":[\"\",\"\\n\"],"       \
	"\"ns\":[1,-2,3],\"xs\":[0.5,1e3,-7.25],\"days\":[\"2026-11\"],\"words\":[\"ab\",\"c\"],"  \
	"\"grid\":[[1],[]],"                                                                       \
	"\"parts\":[{\"id\":1},{\"id\":2,\"more\":[{\"id\":3,\"more\":[]}]}]}"
#define POST(text, odd)                                                                            \
	"{\"action\":\"post\",\"payload\":{\"text\":\"" text "\",\"name\":\"abcz\",\"day\":"       \
	"\"2026-11\",\"role\":\"guest\",\"any\":\"\",\"numbers\":" NUMBERS ",\"lists\":" LISTS     \
	",\"odd\":" odd "}}"

static const struct {
	const struct msgc_message *message;
	const char *text;
	bool is_right;
} cases[] = {
        {&readers_post_message,
                POST("h\xC3\xA9llo, a text of some length \\n",
                        "{\"first\":\"f\",\"at\":-7,\"who\":\"w\",\"word\":"
                        "\"wordsofmoreletterslongerthananyblockthatthereis\",\"note\":\"n\","
                        "\"role\":"
                        "\"owner\",\"day\":\"1999-01\",\"a_name_that_is_longer_than_what_is_"
                        "compared\":true,\"when\":\"2026-11-22T10:00:00Z\",\"on\":false,"
                        "\"tags\":[\"abc\"],\"last\":\"l\"}"),
                true},
        {&readers_post_message,
                POST("0123456789012345678901234567890123456789",
                        "{\"first\":\"f\",\"note\":null,\"last\":\"l\"}"),
                true},
        {&readers_post_message,
                POST("t",
                        "{\"first\":\"f\",\"who\":\"w\",\"at\":1,\"note\":\"0123456789\","
                        "\"on\":true,\"on\":false,\"last\":\"l\"}"),
                false},
        {&readers_post_message,
                POST("t",
                        "{\"first\":\"f\",\"at\":1,\"what\":[{}],\"note\":\"n\",\"tags\":[\"\"],"
                        "\"role\":\"none\",\"last\":7}"),
                false},
        {&readers_bare_message, "{\"action\":\"bare\"}", true},
        {&readers_bare_message, "{\"action\":\"bare\",\"payload\":null,\"ref\":\"1\"}", true},
        {&readers_list_message,
                "{\"action\":\"list\",\"payload\":[{\"id\":1},{\"more\":[{\"id\":-2}],\"id\":3}]}",
                true},
        {&readers_list_message,
                " { \"payload\" : [ { \"id\" : 1 } , {\"id\":2} ]\n,\"action\":\"list\"}", true},
        {&readers_list_message, "{\"action\":\"list\",\"payload\":[]}", true},
};
#define N_CASES ((int)(sizeof cases / sizeof cases[0]))

enum way { IN_PLACE, AS_SLICES, FROM_CONST, LITTLE_MEMORY, LITTLE_DEPTH, N_WAYS };

struct outcome {
	int result;
	size_t n_problems;
	struct msgc_buf out;
};

/* The text at the end of its memory, so that what is behind its padding cannot be read. */
static struct outcome run(const struct msgc_type *type, const struct msgc_type *tables,
        const char *text, size_t len, enum way way)
{
	struct msgc_decode_options options = {
	        .keep_text = way == AS_SLICES, .max_depth = way == LITTLE_DEPTH ? 4 : 0};
	struct guarded g = guarded_new(len + (way == FROM_CONST ? 0 : MSGC_PADDING));
	static struct msgc_problems problems;
	static union {
		struct readers_post post;
		struct readers_bare bare;
		struct readers_list list;
	} value;
	struct msgc_arena arena = {.limit = way == LITTLE_MEMORY ? 600 : 0};
	struct outcome o = {0};

	memcpy(g.data, text, len);
	if (way != FROM_CONST)
		memset(g.data + len, '"', MSGC_PADDING);
	if (way == FROM_CONST)
		o.result = msgc_type_decode(type, g.data, len, &options, &arena, &value, &problems);
	else
		o.result = msgc_type_decode_in_place(
		        type, g.data, len, &options, &arena, &value, &problems);
	o.n_problems = problems.count;
	if (o.result == 0)
		ck_assert_int_eq(msgc_type_encode(tables, &value, &o.out), 0);
	else
		msgc_problems_write(&problems, &o.out);
	msgc_arena_free(&arena);
	guarded_free(&g);
	return o;
}

static void same(int i, const char *text, size_t len, enum way way, const struct outcome *want)
{
	const struct msgc_type *type = cases[i].message->type;
	struct outcome got = run(type, only_tables(type), text, len, way);

	if (got.result != want->result || got.n_problems != want->n_problems ||
	        got.out.len != want->out.len ||
	        memcmp(got.out.data, want->out.data, want->out.len) != 0)
		ck_abort_msg("%s, way %d: %.*s\n%.*s\n%.*s", msgc__kernels->name, (int)way,
		        (int)len, text, (int)want->out.len, want->out.data, (int)got.out.len,
		        got.out.data);
	msgc_buf_free(&got.out);
}

/* The general way takes more memory: where it runs short, the same kernels without readers judge. */
static void same_by_all(int i, const char *text, size_t len, enum way way)
{
	const struct msgc_type *tables = only_tables(cases[i].message->type);
	struct outcome want = run(tables, tables, text, len, way);
	struct msgc_type no_reader = *cases[i].message->type;

	no_reader.straight = NULL;
	for (const struct msgc__kernels *const *k = msgc__kernels_all(); *k; k++) {
		ck_assert(msgc__kernels_use((*k)->name));
		if (way == LITTLE_MEMORY) {
			msgc_buf_free(&want.out);
			want = run(&no_reader, tables, text, len, way);
		}
		same(i, text, len, way, &want);
	}
	msgc__kernels_use(NULL);
	msgc_buf_free(&want.out);
}

START_TEST(there_is_one_for_every_set)
{
	msgc_type_straight_fn *const *readers = cases[_i].message->type->straight;
	size_t n = 0, n_sets = 0;

	ck_assert_ptr_nonnull(readers);
	for (size_t i = 0; i < ISA_N; i++)
		n += readers[i] != NULL;
	for (const struct msgc__kernels *const *k = msgc__kernels_all(); *k; k++)
		n_sets++;
	ck_assert_uint_ge(n, n_sets);
}
END_TEST

START_TEST(whole_messages)
{
	size_t len = strlen(cases[_i].text);
	struct outcome o = run(cases[_i].message->type, only_tables(cases[_i].message->type),
	        cases[_i].text, len, IN_PLACE);

	ck_assert_msg((o.result == 0) == cases[_i].is_right, "%.*s", (int)o.out.len, o.out.data);
	msgc_buf_free(&o.out);
	for (int way = 0; way < N_WAYS; way++)
		same_by_all(_i, cases[_i].text, len, (enum way)way);
}
END_TEST

START_TEST(cut_off_at_every_byte)
{
	for (size_t len = 0; len <= strlen(cases[_i].text); len++)
		for (int way = 0; way < N_WAYS; way++)
			same_by_all(_i, cases[_i].text, len, (enum way)way);
}
END_TEST

START_TEST(with_every_byte_changed)
{
	static const char other[] = "\"\\{}[],:0x \n\x01\x80";
	char text[2048];
	size_t len = strlen(cases[_i].text);

	ck_assert_uint_lt(len, sizeof text);
	for (size_t at = 0; at < len; at++)
		for (size_t c = 0; c < sizeof other; c++) {
			memcpy(text, cases[_i].text, len);
			text[at] = other[c];
			same_by_all(_i, text, len, (enum way)((at + c) % N_WAYS));
		}
}
END_TEST

/* A blank, an empty member, or nothing at all, in every place. */
START_TEST(with_something_between)
{
	static const char *const between[] = {" ", "\n\t\t", ",", "{}", "null", "\"\""};
	char text[2048];
	size_t len = strlen(cases[_i].text), more;

	for (size_t at = 0; at <= len; at++)
		for (size_t i = 0; i < sizeof between / sizeof between[0]; i++) {
			more = strlen(between[i]);
			memcpy(text, cases[_i].text, at);
			memcpy(text + at, between[i], more);
			memcpy(text + at + more, cases[_i].text + at, len - at);
			same_by_all(_i, text, len + more, (enum way)((at + i) % N_WAYS));
		}
}
END_TEST

/* Without what stands between two of the text's commas: a member, an item, halves of two. */
START_TEST(without_a_piece)
{
	const char *all = cases[_i].text;
	char text[2048];
	size_t len = strlen(all);

	for (size_t from = 0; from < len; from++) {
		if (all[from] != ',')
			continue;
		for (size_t to = from + 1; to < len && to < from + 120; to++) {
			if (all[to] != ',' && all[to] != '}' && all[to] != ']')
				continue;
			memcpy(text, all, from);
			memcpy(text + from, all + to, len - to);
			same_by_all(_i, text, from + len - to, IN_PLACE);
		}
	}
}
END_TEST

/* A list of strings into `to`: mostly letters, of all lengths, and now and then something odd. */
static size_t put_strings(char *to, uint64_t *seed)
{
	static const char odd[] = "\"\",,[]a \\\x01\x1F\x7F\xC3{}";
	size_t n = 0, count = test_random(seed) % 7, most = 1 + test_random(seed) % 24, len;

	to[n++] = '[';
	for (size_t i = 0; i < count; i++) {
		to[n++] = '"';
		len = test_random(seed) % most;
		while (len--)
			to[n++] = (char)('a' + test_random(seed) % 26);
		to[n++] = '"';
		to[n++] = ',';
	}
	n -= count > 0;
	to[n++] = ']';
	for (uint64_t changes = test_random(seed) % 4; changes > 1; changes--)
		to[1 + test_random(seed) % (n - 1)] = odd[test_random(seed) % (sizeof odd - 1)];
	return n;
}

/* What is read in one look: as many as there are or none, at the ends of what is looked at. */
START_TEST(lists_of_a_few_strings)
{
	static const char before[] =
	        "{\"action\":\"post\",\"payload\":{\"text\":\"t\",\"name\":\"abcz\",\"day\":"
	        "\"2026-11\",\"role\":\"guest\",\"any\":\"\",\"numbers\":" NUMBERS ",\"lists\":{";
	static const char behind[] = ",\"grid\":[],\"parts\":[]},\"odd\":{\"first\":\"f\","
	                             "\"note\":null,\"last\":\"l\"}}}";
	static const char *const names[] = {"\"names\":", ",\"texts\":", ",\"any\":",
	        ",\"ns\":[],\"xs\":[],\"days\":[],\"words\":"};
	uint64_t seed = 1;
	char text[2048];
	size_t len;

	for (int round = 0; round < 6000; round++) {
		len = sizeof before - 1;
		memcpy(text, before, len);
		for (int i = 0; i < 4; i++) {
			memcpy(text + len, names[i], strlen(names[i]));
			len += strlen(names[i]);
			if (i == round % 4)
				len += put_strings(text + len, &seed);
			else
				len += (size_t)snprintf(text + len, 8, "[\"a\"]");
		}
		memcpy(text + len, behind, sizeof behind - 1);
		len += sizeof behind - 1;
		same_by_all(0, text, len, (enum way)(round / 4 % N_WAYS));
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("generated_readers");
	TCase *loops = codec_test_loops(suite, "readers");

	tcase_add_loop_test(loops, there_is_one_for_every_set, 0, N_CASES);
	tcase_add_loop_test(loops, whole_messages, 0, N_CASES);
	tcase_add_loop_test(loops, cut_off_at_every_byte, 0, N_CASES);
	tcase_add_loop_test(loops, with_every_byte_changed, 0, N_CASES);
	tcase_add_loop_test(loops, with_something_between, 0, N_CASES);
	tcase_add_loop_test(loops, without_a_piece, 0, N_CASES);
	tcase_add_test(loops, lists_of_a_few_strings);
	return codec_test_run(suite);
}
