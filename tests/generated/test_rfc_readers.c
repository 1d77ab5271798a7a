/* SPDX-License-Identifier: MIT */
/*
 * The cases of tests/codec/rfc_cases.h in generated messages: each text in place of each value, and
 * of each name, of documents with every kind of member, read by the generated readers and by the
 * kernels without them, by every set of vector instructions, where memory begins and ends. All must
 * say what the tables say that know nothing quick; broken text is broken wherever it stands. So are
 * values at the limits of what a contract can say.
 */
#include "../codec/codec_test.h"
#include "../codec/rfc_cases.h"
#include "../fuzz/messages.h"
#include "../fuzz/only_tables.h"
#include "codec/kernels.h"
#include "readers.msgc.h"

#include <dirent.h>
#include <stdio.h>

#define ALIGNMENTS 64

static struct field field;
static const char *seeds; /* a folder */

/* ---- documents, and where their values and names are ---- */

struct span {
	const char *at;
	size_t len;
	bool is_name;
};

#define SPANS_MOST     512
#define DOCUMENTS_MOST 64

struct document {
	const struct msgc_message *message;
	const struct msgc_type *tables;
	struct msgc_type no_reader;
	char *text;
	bool is_thorough; /* by all sets, at every value; else by one of them, at some values */
	struct span spans[SPANS_MOST];
	size_t n_spans;
};

static struct document *documents[DOCUMENTS_MOST];
static size_t n_documents;

static const char *behind_blanks(const char *p)
{
	return p + strspn(p, " \t\r\n");
}

static const char *behind_string(const char *p)
{
	for (p++; *p != '"'; p++)
		p += *p == '\\';
	return p + 1;
}

static void note(struct document *d, const char *at, const char *end, bool is_name)
{
	ck_assert_uint_lt(d->n_spans, SPANS_MOST);
	d->spans[d->n_spans++] = (struct span){at, (size_t)(end - at), is_name};
}

/* The value at p, which is right, and all that is in it. Returns what is behind. */
static const char *note_value(struct document *d, const char *p)
{
	const char *begin = p = behind_blanks(p);
	bool is_object = *p == '{';

	if (*p == '"')
		p = behind_string(p);
	else if (*p != '{' && *p != '[')
		p += strcspn(p, " \t\r\n,]}");
	else
		for (p = behind_blanks(p + 1); *p != '}' && *p != ']';) {
			if (is_object) {
				const char *name = p;

				p = behind_string(p);
				note(d, name, p, true);
				p = behind_blanks(p) + 1;
			}
			p = behind_blanks(note_value(d, p));
			if (*p == ',')
				p = behind_blanks(p + 1);
		}
	if (*begin == '{' || *begin == '[')
		p++;
	note(d, begin, p, false);
	return p;
}

static void add_document(const struct msgc_message *message, const char *text, bool is_thorough)
{
	struct document *d = calloc(1, sizeof *d);

	ck_assert(d && n_documents < DOCUMENTS_MOST);
	d->message = message;
	d->tables = only_tables(message->type);
	d->no_reader = *message->type;
	d->no_reader.straight = NULL;
	d->text = strdup(text);
	d->is_thorough = is_thorough;
	ck_assert_ptr_nonnull(d->text);
	note_value(d, d->text);
	documents[n_documents++] = d;
}

/* A seed of fuzz_generated.c: the message, as a letter, and its text. */
static void add_seed(const char *folder, const char *name)
{
	static const struct msgc_message *const messages[] = {
#define MESSAGE(type) &type##_message,
	        FUZZ_MESSAGES(MESSAGE)
#undef MESSAGE
	};
	char path[1024], text[4096];
	FILE *f;
	size_t n;

	snprintf(path, sizeof path, "%s/%s", folder, name);
	f = fopen(path, "r");
	ck_assert_msg(f != NULL, "%s", path);
	n = fread(text, 1, sizeof text - 1, f);
	fclose(f);
	text[n] = '\0';
	ck_assert(n > 1 && (size_t)(text[0] - 'A') < sizeof messages / sizeof *messages);
	add_document(messages[text[0] - 'A'], text + 1, false);
}

static int is_seed(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static void add_seeds(const char *folder)
{
	struct dirent **entries;
	int n = scandir(folder, &entries, is_seed, alphasort);

	ck_assert_int_gt(n, 20);
	for (int i = 0; i < n; i++) {
		add_seed(folder, entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
}

/* One member of each kind that readers take, as they take it. */
static void add_readers(void)
{
	static const char post[] =
	        "{\"action\":\"post\",\"payload\":{\"text\":\"h\xC3\xA9llo\",\"name\":\"abcz\","
	        "\"day\":\"2026-11\",\"role\":\"guest\",\"any\":\"\","
	        "\"numbers\":{\"a\":-128,\"b\":100,\"c\":-300,\"d\":65535,\"e\":-5,\"f\":"
	        "4294967295,"
	        "\"g\":-9007199254740991,\"h\":123456789012345678,\"i\":18,\"x\":-12.625,"
	        "\"up\":true},"
	        "\"lists\":{\"names\":[\"a\"],\"texts\":[\"x\"],\"any\":[\"\",\"\\n\"],"
	        "\"ns\":[1,-2],\"xs\":[0.5,1e3],\"days\":[\"2026-11\"],\"words\":[\"ab\",\"c\"],"
	        "\"grid\":[[1],[]],\"parts\":[{\"id\":1},{\"id\":2,\"more\":[{\"id\":3}]}]},"
	        "\"odd\":{\"first\":\"f\",\"at\":-7,\"who\":\"w\",\"word\":\"words\",\"note\":"
	        "\"n\","
	        "\"role\":\"owner\",\"day\":\"1999-01\","
	        "\"a_name_that_is_longer_than_what_is_compared\":true,"
	        "\"when\":\"2026-11-22T10:00:00Z\",\"on\":false,\"tags\":[\"abc\"],\"last\":\"l\"}"
	        "}}";

	add_document(&readers_post_message, post, true);
	add_document(&readers_list_message,
	        " { \"payload\" : [ { \"id\" : 1 } ,\n{\"more\":[{\"id\":-2}],\"id\":3}]"
	        ",\"action\":\"list\"}",
	        true);
}

static void open_all(void)
{
	if (n_documents)
		return;
	field = field_new();
	add_readers();
	add_seeds(seeds);
}

/* ---- one text ---- */

struct outcome {
	int result;
	uint32_t n_problems;
	struct msgc_buf said; /* the value written again, or the problems */
};

enum way { FROM_CONST, IN_PLACE, AS_SLICES, N_WAYS };

/* What is behind the text is sown, as far as it may be read. */
static void run(const struct document *d, const struct msgc_type *type, char *at, const char *text,
        size_t len, enum way way, struct outcome *ret)
{
	static struct msgc_arena arena;
	static struct msgc_problems problems;
	static union {
		char memory[65536];
		max_align_t align;
	} value;
	struct msgc_decode_options options = {.keep_text = way == AS_SLICES};

	ck_assert_uint_le(d->message->size, sizeof value);
	memcpy(at, text, len);
	msgc_buf_reset(&ret->said);
	msgc_problems_clear(&problems);
	if (way == FROM_CONST) {
		ret->result = msgc_type_decode(type, at, len, &options, &arena, &value, &problems);
	} else {
		sow(at + len, MSGC_PADDING, (unsigned)len);
		ret->result = msgc_type_decode_in_place(
		        type, at, len, &options, &arena, &value, &problems);
	}
	ret->n_problems = problems.count;
	REQUIRE((ret->result == 0) == (problems.count == 0), "%d: %.*s", ret->result, (int)len,
	        text);
	if (ret->result == 0)
		REQUIRE(msgc_type_encode(d->tables, &value, &ret->said) == 0, "%.*s: not written",
		        (int)len, text);
	else
		msgc_problems_write(&problems, &ret->said);
	(void)msgc_buf_c(&ret->said); /* a NUL behind it */
	msgc_arena_reset(&arena);
}

static void same(const struct document *d, const struct msgc_type *type, char *at, const char *text,
        size_t len, enum way way, const struct outcome *want)
{
	static struct outcome got;

	run(d, type, at, text, len, way, &got);
	REQUIRE(got.result == want->result && got.n_problems == want->n_problems &&
	                got.said.len == want->said.len &&
	                memcmp(got.said.data, want->said.data, got.said.len) == 0,
	        "%s, way %d: %.*s\n%.*s\n%.*s", msgc__kernels->name, (int)way, (int)len, text,
	        (int)want->said.len, want->said.data, (int)got.said.len, got.said.data);
}

/* Before an inaccessible page, and somewhere behind one; way, place and who reads take turns. */
static void by_set(const struct document *d, const char *text, size_t len, unsigned turn,
        const struct outcome *want)
{
	const struct msgc_type *types[] = {d->message->type, &d->no_reader};
	enum way way = (enum way)(turn % N_WAYS), other = (enum way)((turn + 1) % N_WAYS);

	same(d, types[turn / 2 % 2], field.end - len - (way == FROM_CONST ? 0 : MSGC_PADDING), text,
	        len, way, want);
	same(d, types[turn / 2 % 2 ^ 1], field.begin + turn % ALIGNMENTS, text, len, other, want);
}

/* What the general way says, and all others with it. `turn` goes round. */
static const struct outcome *by_sets(
        const struct document *d, const char *text, size_t len, unsigned turn)
{
	static struct outcome want;
	const struct msgc__kernels *const *all = msgc__kernels_all();
	unsigned n = 0;

	ck_assert(msgc__kernels_use("portable"));
	run(d, d->tables, field.end - len, text, len, FROM_CONST, &want);
	while (all[n])
		n++;
	for (unsigned i = 0; i < n; i++)
		if (d->is_thorough || turn / N_WAYS % n == i) {
			msgc__kernels_use(all[i]->name);
			by_set(d, text, len, turn, &want);
		}
	msgc__kernels_use(NULL);
	return &want;
}

/* ---- a case in a document ---- */

static void require_broken(const struct outcome *o, const char *text, size_t len)
{
	static const char broken[] = "[{\"type\":\"json_invalid\",\"loc\":[]";

	REQUIRE(o->n_problems == 1 && o->said.len > sizeof broken &&
	                memcmp(o->said.data, broken, sizeof broken - 1) == 0,
	        "not broken: %.*s: %.*s", (int)len, text, (int)o->said.len, o->said.data);
}

/* In place of a value or name; then with nothing behind it, which no document survives. */
static void in_span(
        const struct document *d, const struct span *s, const struct rfc_case *c, unsigned turn)
{
	static char text[8192];
	size_t head = (size_t)(s->at - d->text), tail = strlen(s->at + s->len);
	size_t len = head + c->len + tail;
	bool is_json = c->is_taken || c->is_typed;
	const struct outcome *o;

	ck_assert_uint_lt(len, sizeof text);
	memcpy(text, d->text, head);
	memcpy(text + head, c->text, c->len);
	memcpy(text + head + c->len, s->at + s->len, tail);
	o = by_sets(d, text, len, turn);
	if (!is_json)
		require_broken(o, text, len);
	else if (!s->is_name)
		REQUIRE(!o->result || !strstr(o->said.data, "\"json_invalid\""), "broken: %.*s",
		        (int)len, text);
	if (s == &d->spans[d->n_spans - 1] || turn % 3)
		return; /* all of it, or not its turn */
	o = by_sets(d, text, head + c->len, turn / 3);
	if (is_json)
		require_broken(o, text, head + c->len);
}

static void in_documents(const struct rfc_case *c, enum rfc_where where, unsigned turn)
{
	for (size_t i = 0; i < n_documents; i++) {
		const struct document *d = documents[i];

		for (size_t j = 0; j < d->n_spans; j++, turn++)
			if ((where == RFC_STRING || !d->spans[j].is_name) &&
			        (d->is_thorough || turn % 32 == 0))
				in_span(d, &d->spans[j], c, turn / (d->is_thorough ? 1 : 32));
	}
}

static const struct rfc_rule *rules[128];
static int n_rules;

START_TEST(each_rule_in_every_member)
{
	unsigned n = 0;

	open_all();
	for (const struct rfc_case *c = rules[_i]->cases; c->text; c++)
		in_documents(c, rules[_i]->where, 11 * n++ + (unsigned)_i);
	ck_assert_uint_gt(n, 2);
}
END_TEST

/* clang-format off */
/* What stands at limits: of every width of integers, of the lengths and counts in the contracts. */
static const char *const edges[] = {
	"0", "1", "3", "5", "6", "-1", "-5", "-6", "99", "100", "101", "126", "-126", "127", "-127",
	"128", "-128", "129", "-129", "254", "255", "256", "257", "32766", "-32766", "32767",
	"-32767", "32768", "-32768", "32769", "-32769", "65534", "65535", "65536", "65537",
	"2147483646", "-2147483646", "2147483647", "-2147483647", "2147483648", "-2147483648",
	"2147483649", "-2147483649", "4294967294", "4294967295", "4294967296", "4294967297",
	"9007199254740990", "-9007199254740990", "9007199254740991", "-9007199254740991",
	"9007199254740992", "-9007199254740992", "9007199254740993", "-9007199254740993",
	"9223372036854775806", "-9223372036854775806", "9223372036854775807", "-9223372036854775807",
	"9223372036854775808", "-9223372036854775808", "9223372036854775809", "-9223372036854775809",
	"18446744073709551614", "18446744073709551615", "18446744073709551616",
	"18446744073709551617", "\"\"", "\"a\"", "\"aa\"", "\"aaa\"", "\"aaaa\"", "\"aaaaa\"",
	"\"aaaaaa\"", "\"aaaaaaaaa\"", "\"aaaaaaaaaa\"", "\"aaaaaaaaaaaaaaaaaaa\"",
	"\"aaaaaaaaaaaaaaaaaaaa\"", "\"aaaaaaaaaaaaaaaaaaaaa\"", "\"aaaaaaaaaaaaaaaaaaaaaa\"",
	"\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"", "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"",
	"\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"", "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"",
	"\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"",
	"\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"",
	"\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"",
	"\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"",
	"\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"", "\"\xC3\xA9\"",
	"\"\xC3\xA9\xC3\xA9\xC3\xA9\"", "\"\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\"",
	"\"\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\"",
	"\"\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\"",
	"\"\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\"",
	"\"\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\"",
	"\"\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\"",
	"\"\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\"",
	"[]", "[1]", "[1,2,3,4]", "[1,2,3,4,5]", "[\"a\",\"b\",\"c\"]", "[\"a\",\"b\",\"c\",\"d\"]",
	"[\"a\",\"a\"]", "[\"abcd\"]", "[\"a\",1]", "[null]", "[{\"id\":1},{\"id\":1}]", "[[1],[1]]",
};
/* clang-format on */
#define N_EDGES ((int)(sizeof edges / sizeof edges[0]))

START_TEST(each_edge_in_every_member)
{
	struct rfc_case c = {.text = edges[_i], .len = strlen(edges[_i]), .is_taken = true};

	open_all();
	in_documents(&c, RFC_VALUE, (unsigned)(11 * _i));
}
END_TEST

/* They would not test much if they were refused for something else. */
START_TEST(documents_are_right)
{
	static struct outcome o;
	size_t n = 0, n_readers = 0;

	open_all();
	for (size_t i = 0; i < n_documents; i++) {
		run(documents[i], documents[i]->message->type, field.begin, documents[i]->text,
		        strlen(documents[i]->text), IN_PLACE, &o);
		n += o.result == 0;
		n_readers += documents[i]->message->type->straight != NULL;
		ck_assert_msg(o.result == 0 || !documents[i]->is_thorough, "%.*s", (int)o.said.len,
		        o.said.data);
	}
	ck_assert_uint_gt(n, n_documents / 2);
	ck_assert_uint_gt(n_readers, n_documents / 2);
}
END_TEST

int main(int argc, char **argv)
{
	static const struct rfc_rule *const lists[] = {
	        rfc_8259_rules, rfc_3629_rules, rfc_7493_rules};
	Suite *suite = suite_create("generated_rfc");
	TCase *loops = codec_test_loops(suite, "rules");

	if (argc != 2) {
		fprintf(stderr, "usage: generated_rfc SEEDS\n");
		return EXIT_FAILURE;
	}
	seeds = argv[1];
	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
		for (const struct rfc_rule *rule = lists[i]; rule->section; rule++)
			if (rule->where <= RFC_STRING)
				rules[n_rules++] = rule;
	tcase_set_timeout(loops, 300); /* a second of work, on a machine with nothing else to do */
	tcase_add_test(loops, documents_are_right);
	tcase_add_loop_test(loops, each_rule_in_every_member, 0, n_rules);
	tcase_add_loop_test(loops, each_edge_in_every_member, 0, N_EDGES);
	return codec_test_run(suite);
}
