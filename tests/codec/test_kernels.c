/* SPDX-License-Identifier: MIT */
/*
 * Every set of kernels that this machine has, against a model that looks at one byte after the
 * other: at every length and alignment, with every special byte at every place, texts that end at
 * an inaccessible page. What is exact reads nothing beyond its input, what is in place nothing
 * beyond its padding.
 */
#include "codec_test.h"

#include "codec/kernels.h"

#define LEN_MOST 100 /* three blocks of the widest kernel, and some */

static const struct msgc__kernels *const *kernels; /* all of them */

/* The unit of a \uXXXX at p, or -1. */
static long model_unit(const char *p, const char *end)
{
	char digits[5] = {0};

	if (end - p < 6 || p[0] != '\\' || p[1] != 'u')
		return -1;
	memcpy(digits, p + 2, 4);
	return strspn(digits, "0123456789abcdefABCDEF") == 4 ? strtol(digits, NULL, 16) : -1;
}

/* At a backslash: how long the escape is, 0: it is none. */
static size_t model_escape(const char *p, const char *end)
{
	long unit, low;

	if (end - p >= 2 && p[1] && strchr("\"\\/bfnrt", p[1]))
		return 2;
	unit = model_unit(p, end);
	if (unit < 0 || (unit >= 0xDC00 && unit <= 0xDFFF))
		return 0;
	if (unit < 0xD800 || unit > 0xDFFF)
		return 6;
	low = model_unit(p + 6, end);
	return low >= 0xDC00 && low <= 0xDFFF ? 12 : 0;
}

static const char *model_string_end(const char *begin, const char *end, bool *ret_escaped)
{
	const char *p = begin;
	size_t n;

	for (; p < end && *p != '"'; p += n) {
		if ((uint8_t)*p < 0x20)
			return NULL;
		n = *p == '\\' ? model_escape(p, end) : 1;
		if (n == 0)
			return NULL;
		*ret_escaped |= *p == '\\';
	}
	n = (size_t)(p - begin);
	return p < end && msgc__utf8_prefix(begin, n) == n ? p : NULL;
}

/* One text, its last byte before the guard page or `slack` bytes before it. */
static void same_end(const struct msgc__kernels *k, const char *text, size_t len, size_t slack)
{
	struct guarded g = guarded_new(len + slack);
	bool escaped = false, want_escaped = false;
	const char *got, *want;

	memset(g.data, 0, len + slack);
	memcpy(g.data, text, len);
	want = model_string_end(g.data, g.data + len, &want_escaped);
	got = k->string_end(g.data, g.data + len, (ptrdiff_t)slack, &escaped);
	ck_assert_msg(got == want, "%s: %.*s", k->name, (int)len, text);
	if (got)
		ck_assert_int_eq(escaped, want_escaped);
	guarded_free(&g);
}

static void fill(char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		text[i] = (char)('a' + i % 26);
}

START_TEST(finds_the_quote_at_every_place)
{
	static const char *const pieces[] = {"\"", "\\\"", "\\n\"", "\\u00e9\"", "\\ud83d\\ude00\"",
	        "\\ud83d\"", "\\", "\\u12", "\x1f", "\n", "\x7f", "\xC3\xA9\"", "\xC3\"", "\x80\"",
	        "\xE2\x82\xAC\"", "\xE2\x82\"", "\xED\xA0\x80\"", "\xF0\x9F\x99\x82\"",
	        "\xF4\x90\x80\x80\"", "\xC0\x80\"", "\xE0\x80\x80\"", "\xF0\x80\x80\x80\""};
	char text[LEN_MOST + 32];

	for (const struct msgc__kernels *const *k = kernels; *k; k++)
		for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++)
			for (size_t at = 0; at <= LEN_MOST; at++) {
				size_t n = strlen(pieces[i]);

				fill(text, sizeof text);
				memcpy(text + at, pieces[i], n);
				same_end(*k, text, at + n, 0);
				same_end(*k, text, at + n, MSGC_PADDING);
				same_end(*k, text, at + n + 7, 0);
			}
}
END_TEST

START_TEST(reads_nothing_behind_an_end_without_quote)
{
	char text[LEN_MOST];

	fill(text, sizeof text);
	for (const struct msgc__kernels *const *k = kernels; *k; k++)
		for (size_t len = 0; len <= LEN_MOST; len++) {
			same_end(*k, text, len, 0);
			same_end(*k, text, len, MSGC_PADDING);
		}
}
END_TEST

/* Beyond ASCII, where blocks are looked at once more: what is behind the quote may be read, if there is so much. */
START_TEST(looks_at_utf8_within_what_is_there)
{
	char text[LEN_MOST + 2 * MSGC_PADDING];

	for (const struct msgc__kernels *const *k = kernels; *k; k++)
		for (size_t len = 2; len <= LEN_MOST; len++)
			for (size_t behind = 0; behind <= MSGC_PADDING; behind++) {
				fill(text, sizeof text);
				memcpy(text + (len * 7 + behind) % (len - 1), "\xC3\xA9", 2);
				text[len] = '"';
				same_end(*k, text, len + 1 + behind, 0);
				text[len - 1] = (char)0xC3;
				same_end(*k, text, len + 1 + behind, 0);
			}
}
END_TEST

START_TEST(skips_white_space_of_every_length)
{
	static const char spaces[] = " \n\t\r";
	char text[LEN_MOST + 1];

	for (const struct msgc__kernels *const *k = kernels; *k; k++)
		for (size_t len = 0; len <= LEN_MOST; len++)
			for (int stop = -1; stop < 256; stop = stop < 0 ? 0 : stop * 2 + 1) {
				struct guarded g = guarded_new(len + (stop >= 0));
				size_t n = len;

				for (size_t i = 0; i < len; i++)
					text[i] = spaces[i * 7 % 4];
				if (stop >= 0)
					text[n++] = (char)stop;
				memcpy(g.data, text, n);
				ck_assert_ptr_eq((*k)->space_end(g.data, g.data + n, 0),
				        g.data + len + (stop >= 0 && msgc__is_space((char)stop)));
				guarded_free(&g);
			}
}
END_TEST

START_TEST(tells_no_byte_for_white_space_that_is_none)
{
	char text[2 * MSGC_PADDING];

	for (const struct msgc__kernels *const *k = kernels; *k; k++)
		for (int c = 0; c < 256; c++)
			for (size_t at = 0; at < MSGC_PADDING; at += 5) {
				memset(text, ' ', sizeof text);
				text[MSGC_PADDING] = '\0';
				text[at] = (char)c;
				ck_assert_ptr_eq(
				        (*k)->space_end(text, text + MSGC_PADDING, MSGC_PADDING),
				        text + (msgc__is_space((char)c) ? MSGC_PADDING : at));
				if (msgc__is_space((char)c))
					break;
			}
}
END_TEST

/* Bytes as texts of many scripts have them, some of them broken. */
static size_t some_utf8(char *text, size_t most, uint64_t *seed)
{
	static const char *const parts[] = {"a", "bc", " ", "\xC3\xA9", "\xDF\xBF", "\xE2\x82\xAC",
	        "\xED\x9F\xBF", "\xEE\x80\x80", "\xF0\x9F\x99\x82", "\xF4\x8F\xBF\xBF",
	        "abcdefghijklmnopqrstuvwxyz"};
	size_t len = 0, n;
	const char *part;

	for (;;) {
		part = parts[test_random(seed) % (sizeof parts / sizeof *parts)];
		n = strlen(part);
		if (len + n > most)
			break;
		memcpy(text + len, part, n);
		len += n;
	}
	if (len && test_random(seed) % 2)
		text[test_random(seed) % len] = (char)test_random(seed);
	if (len && test_random(seed) % 8 == 0)
		len -= 1 + test_random(seed) % (len < 3 ? len : 3);
	return len;
}

START_TEST(agrees_on_utf8)
{
	uint64_t seed = 11;
	char text[300];

	for (int round = 0; round < 60000; round++) {
		size_t len = some_utf8(text, 1 + test_random(&seed) % sizeof text, &seed);
		bool want = msgc__utf8_prefix(text, len) == len;
		struct guarded g = guarded_new(len);

		memcpy(g.data, text, len);
		for (const struct msgc__kernels *const *k = kernels; *k; k++)
			ck_assert_msg((*k)->utf8_valid(g.data, len) == want, "%s, round %d",
			        (*k)->name, round);
		guarded_free(&g);
	}
}
END_TEST

/* As UTF-8, exact and as a string with padding behind its quote. */
static void same_verdict(const struct msgc__kernels *k, const char *text, size_t len)
{
	bool want = msgc__utf8_prefix(text, len) == len, escaped;
	const char *quote = k->string_end(text, text + len + 1, MSGC_PADDING, &escaped);

	/* So many times that check's bookkeeping would take longer than all the rest. */
	if (k->utf8_valid(text, len) != want)
		ck_abort_msg("%s: %.*s", k->name, (int)len, text);
	if ((quote == text + len) != want)
		ck_abort_msg("%s in place: %.*s", k->name, (int)len, text);
}

/* Every byte above ASCII, then every byte, then what continues: all of it, or a byte too few. */
START_TEST(agrees_on_every_pair)
{
	static const size_t places[] = {0, 13, 14, 15, 30, 31}, behind[] = {0, 33};
	size_t at = places[_i / 2], more = behind[_i % 2];
	char text[128 + MSGC_PADDING];

	for (unsigned i = 0; i < 0x80 * 0x100 * 2; i++) {
		unsigned first = 0x80 + i / 0x200;
		size_t end = at + (first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4) - i % 2;

		memset(text, 'a', end + more);
		memset(text + end + more, '"', MSGC_PADDING);
		text[at] = (char)first;
		if (end > at + 1)
			text[at + 1] = (char)(i / 2);
		for (size_t j = at + 2; j < end; j++)
			text[j] = (char)(0x80 + i % 0x40);
		if (end > at + 1 && (uint8_t)text[at + 1] < 0x80)
			text[at + 1] = (char)(text[at + 1] |
			        0x41); /* no quote, nothing that JSON forbids */
		for (const struct msgc__kernels *const *k = kernels; *k; k++)
			same_verdict(*k, text, end + more);
	}
}
END_TEST

/* A string read in place, its padding before the guard page; and written from a guarded copy. */
static void reads_and_writes(const char *text, size_t len, bool keep)
{
	struct guarded in = guarded_new(len + MSGC_PADDING), value;
	struct msgc_decode_options options = {.keep_text = keep};
	struct msgc_arena arena = {0};
	struct msgc_buf out = {0}, slow = {0};
	struct msgc_reader r;
	struct msgc_str v;

	memcpy(in.data, text, len);
	ck_assert(msgc_reader_open(&r, in.data, len, &options, &arena, NULL));
	if (msgc_read_str(&r, &v)) {
		if (!keep)
			ck_assert_int_eq(v.ptr[v.len], '\0');
		else
			ck_assert_mem_eq(in.data, text, len);
		value = guarded_new(v.len);
		memcpy(value.data, v.ptr, v.len);
		msgc_write_str(&out, msgc_str_of(value.data, v.len));
		msgc__write_str(&slow, v);
		ck_assert_int_eq(out.error, 0);
		ck_assert_uint_eq(out.len, slow.len);
		ck_assert_mem_eq(out.data, slow.data, slow.len);
		guarded_free(&value);
	}
	msgc_reader_close(&r);
	msgc_buf_free(&out);
	msgc_buf_free(&slow);
	msgc_arena_free(&arena);
	guarded_free(&in);
}

START_TEST(reads_in_place_within_the_padding)
{
	uint64_t seed = 5;
	char text[400];

	for (int round = 0; round < 3000; round++) {
		size_t len = 1;

		text[0] = '"';
		len += some_utf8(text + 1, 1 + test_random(&seed) % 300, &seed);
		for (size_t i = 1; i < len; i++)
			if (test_random(&seed) % 32 == 0 && (uint8_t)text[i] < 0x80 &&
			        i + 1 < len && (uint8_t)text[i + 1] < 0x80) {
				text[i] = '\\';
				text[++i] = "\"\\/bfnrtu"[test_random(&seed) % 9];
			}
		if (test_random(&seed) % 16)
			text[len++] = '"';
		for (const struct msgc__kernels *const *k = kernels; *k; k++) {
			ck_assert(msgc__kernels_use((*k)->name));
			reads_and_writes(text, len, round & 1);
		}
	}
	msgc__kernels_use(NULL);
}
END_TEST

/* A short string before the guard page, written by every set as byte by byte. */
static void writes_alike(struct msgc_str v)
{
	struct msgc_buf slow = {0};

	msgc__write_str(&slow, v);
	for (const struct msgc__kernels *const *k = kernels; *k; k++) {
		struct msgc_buf out = {0};

		(*k)->write_str(&out, v);
		ck_assert_int_eq(out.error, slow.error);
		if (!slow.error) {
			ck_assert_uint_eq(out.len, slow.len);
			ck_assert_mem_eq(out.data, slow.data, slow.len);
		}
		msgc_buf_free(&out);
	}
	msgc_buf_free(&slow);
}

/* What has to be looked at in a string: alone, twice, cut off by its end. */
START_TEST(what_is_odd_is_found_at_every_place_of_a_short_string)
{
	static const char *const odd[] = {"\"", "\\", "\n", "\x01", "\x1f", "\x7f", "\"\x02\\", "é",
	        "\xa9", "日", "\xed\xa0\x80", "🙂", "\xf4\x90\x80\x80", "\tß\r", "\xc0\x80"};

	for (size_t len = 1; len <= 70; len++) {
		struct guarded g = guarded_new(len);

		for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++)
			for (size_t at = 0; at < len; at++) {
				size_t n = strlen(odd[i]), half = at / 2;

				memset(g.data, 'a', len);
				memcpy(g.data + half, odd[i], n < len - half ? n : len - half);
				memcpy(g.data + at, odd[i], n < len - at ? n : len - at);
				writes_alike(msgc_str_of(g.data, len));
			}
		guarded_free(&g);
	}
}
END_TEST

START_TEST(writes_within_a_limit)
{
	char text[LEN_MOST], room[8 * LEN_MOST], want[8 * LEN_MOST];
	struct msgc_buf out;

	for (const struct msgc__kernels *const *k = kernels; *k; k++)
		for (size_t len = 0; len <= LEN_MOST; len++)
			for (size_t at = 0; at <= len; at++) {
				struct msgc_str v = {text, len};
				size_t full;

				fill(text, len);
				if (at < len)
					text[at] = at % 2 ? '\x01' : '"';
				full = len + 2 + (at == len ? 0 : at % 2 ? 5 : 1);
				msgc_buf_init_fixed(&out, want, full);
				msgc__write_str(&out, v);
				ck_assert_int_eq(out.error, 0);
				/* Exactly the room that it takes, and one byte less. */
				memset(room, '#', sizeof room);
				msgc_buf_init_fixed(&out, room, full);
				(*k)->write_str(&out, v);
				ck_assert_int_eq(out.error, 0);
				ck_assert_uint_eq(out.len, full);
				ck_assert_mem_eq(room, want, full);
				ck_assert_int_eq(room[full], '#');
				msgc_buf_init_fixed(&out, room, full - 1);
				(*k)->write_str(&out, v);
				ck_assert_int_eq(out.error, MSGC_ENOMEM);
			}
}
END_TEST

START_TEST(refuses_to_write_what_is_no_utf8)
{
	uint64_t seed = 3;
	char text[200];

	for (int round = 0; round < 20000; round++) {
		size_t len = some_utf8(text, 1 + test_random(&seed) % sizeof text, &seed);
		bool want = msgc__utf8_prefix(text, len) == len;

		for (const struct msgc__kernels *const *k = kernels; *k; k++) {
			struct msgc_buf out = {0};

			(*k)->write_str(&out, msgc_str_of(text, len));
			ck_assert_int_eq(out.error, want ? 0 : MSGC_EINVAL);
			msgc_buf_free(&out);
		}
	}
}
END_TEST

START_TEST(chooses_by_name)
{
	ck_assert(msgc__kernels_use("portable"));
	ck_assert_ptr_eq(msgc__kernels, &msgc__kernels_portable);
	ck_assert(!msgc__kernels_use("mmx"));
	ck_assert_ptr_eq(msgc__kernels, &msgc__kernels_portable);
	ck_assert(msgc__kernels_use(NULL));
	for (; kernels[1]; kernels++)
		;
	ck_assert_ptr_eq(msgc__kernels, kernels[0]);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("kernels");
	TCase *pairs;
	const TTest *const strings[] = {finds_the_quote_at_every_place,
	        reads_nothing_behind_an_end_without_quote, looks_at_utf8_within_what_is_there,
	        skips_white_space_of_every_length, tells_no_byte_for_white_space_that_is_none,
	        agrees_on_utf8, reads_in_place_within_the_padding, NULL};
	const TTest *const writing[] = {what_is_odd_is_found_at_every_place_of_a_short_string,
	        writes_within_a_limit, refuses_to_write_what_is_no_utf8, chooses_by_name, NULL};

	kernels = msgc__kernels_all();
	codec_test_case(suite, "strings", strings);
	pairs = tcase_create("pairs");
	tcase_add_loop_test(pairs, agrees_on_every_pair, 0, 12);
	tcase_set_timeout(pairs, 60);
	suite_add_tcase(suite, pairs);
	codec_test_case(suite, "writing", writing);
	return codec_test_run(suite);
}
