/* SPDX-License-Identifier: MIT */
/*
 * Patterns: every construct with texts that match and texts that do not, everything that is refused
 * and where, the size of automata, and bounds on what any pattern may cost.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "codec/kernels.h"
#include "kit.h"

#define N(array) (sizeof(array) / sizeof(array[0]))

/* yes, no: texts, each ended by '|' ('|' itself does not occur in them). */
static const struct {
	const char *pattern;
	const char *yes;
	const char *no;
} verdicts[] = {
        /* the search, and anchors */
        {"", "|a|", ""},
        {"b", "b|abc|bb|", "|a|"},
        {"^b", "b|bc|", "|ab|"},
        {"b$", "b|ab|", "|ba|b\n|"},
        {"^$", "|", "a|\n|"},
        {"^ab|cd$", "ab|abx|xcd|cd|", "xab|cdx|"},
        {"(^|x)y", "y|xy|axy|", "ay|"},
        {"a$|^b", "ca|bc|", "ac|cb|"},
        {"x*$", "|a|", ""},
        /* alternatives and groups */
        {"^(a|bc|)d$", "ad|bcd|d|", "abcd|bd|"},
        {"^(?:a|b)(?<name>c)$", "ac|bc|", "a|c|abc|"},
        {"^(?<$_1>a)(?<b>b)$", "ab|", "a|"},
        {"^(?<\u00e9t\u00e9>a)(?<\\u00e8>b)(?<\\u{1d4b3}1>c)(?<\\ud835\\udcb4>d)(?<x\u200d>)$",
                "abcd|", "abc|"},
        {"^(|a)(b|)$", "|a|b|ab|", "ba|"},
        /* repeats, greedy and lazy */
        {"^a*$", "|a|aaaa|", "b|ab|"},
        {"^a+b?$", "a|aab|", "|b|abb|"},
        {"^a*?b+?c??$", "b|aabb|abc|", "a|abcc|"},
        {"^a{3}$", "aaa|", "aa|aaaa|"},
        {"^a{2,}$", "aa|aaaaa|", "|a|"},
        {"^a{1,3}?$", "a|aa|aaa|", "|aaaa|"},
        {"^a{0}$", "|", "a|"},
        {"^(ab){2}$", "abab|", "ab|ababab|"},
        {"^(a*)*b$", "b|aaab|", "a|"},
        {"^(a|a)*$", "|aaa|", "b|"},
        {"^(a?){3}a{3}$", "aaa|aaaaaa|", "aa|aaaaaaa|"},
        /* characters and classes */
        {"^.$", "a|é|中|😀|\t|\xE2\x80\xAF|", "|ab|\n|\r|\xE2\x80\xA8|\xE2\x80\xA9|"},
        {"^[abc]$", "a|b|c|", "d|ab||"},
        {"^[^abc]$", "d|\n|😀|", "a||"},
        {"^[a-cx-z-]$", "b|y|-|", "d|w|"},
        {"^[-a]$", "-|a|", "b|"},
        {"^[]$|x", "x|", "|a|"},
        {"^[^]$", "a|\n|é|😀|", "|ab|"},
        {"^[.*+?(){}/|^$[]$", ".|*|?|(|{|/|^|$|[|", "a|\\|"},
        {"^[\\]\\\\-]$", "]|\\|-|", "a|"},
        {"^[α-ω]+$", "αβγω|", "Α|a|"},
        {"^[\\u{1F600}-\\u{1F64F}]$", "😀|🙏|", "a|🚀|"},
        {"^[\\b]$", "\b|", "b|"},
        {"^[\\d_\\-x]+$", "1_-x|", "a|"},
        /* named sets */
        {"^bé*$", "b|bé|béé|", "|bb|é|bée|"},
        {"^[a-c]é?$", "a|bé|", "é|aéé|d|"},
        {"^\\d+\\D$", "1a|12é|",
                "a1|11|\xD9\xA3"
                "a|"},
        {"^\\w+$", "aZ_09|", "é|-||"},
        {"^\\W$", "é|-|\n|", "a|_|"},
        {"^\\s$", " |\t|\n|\v|\xC2\xA0|\xE2\x80\xA8|\xEF\xBB\xBF|\xE3\x80\x80|", "a|\xC2\x85|\b|"},
        {"^\\S$", "a|\xC2\x85|😀|", " |\xC2\xA0|"},
        {"^[\\s\\S]$", "a|\n|", "|"},
        /* escapes */
        {"^\\t\\n\\v\\f\\r$", "\t\n\v\f\r|", "tnvfr|"},
        {"^\\cA\\cz$", "\x01\x1A|", "AZ|"},
        {"^\\x41\\xe9$", "Aé|", "Ae|"},
        {"^\\u0041\\u{1f600}\\u{0000041}$", "A😀A|", "A|"},
        {"^\\ud83d\\ude00$", "😀|", "a|"},
        {"^[\\ud83d\\ude00]$", "😀|", "a|\xEF\xBF\xBD|"},
        {"\\ud83d|a", "a|", "😀|\xEF\xBF\xBD|"},
        {"^\\^\\$\\\\\\.\\*\\+\\?\\(\\)\\[\\]\\{\\}\\/$", "^$\\.*+?()[]{}/|", "a|"},
        {"^\\u00e9$", "é|", "e\xCC\x81|"},
        /* word edges */
        {"\\bfoo\\b", "foo|a foo.|-foo-|éfooé|", "afoo|foob|foo_|fo|"},
        {"^\\b", "a|a b|", "|-|é|"},
        {"\\b$", "a|", "|a-|"},
        {"\\Ba\\B", "bab|", "a|ab|ba|"},
        {"^\\B$", "|", "a|-|"},
        {"a\\B-|a\\b-", "a-|", "a|ab-|"},
        /* categories */
        {"^\\p{Lu}\\p{Ll}+$", "Éa|Ωmega|Жж|", "éa|A|"},
        {"^\\p{L}[\\p{L}\\p{M}' -]*$", "Zoë|O'Neil|مريم|中村|", "1a||"},
        {"^\\P{L}+$", "123|- |😀|", "a|1é|"},
        {"^[^\\p{N}\\s]$", "a|", "1|\xC2\xB2|"},
        {"^\\p{gc=Nd}\\p{General_Category=Decimal_Number}\\p{digit}$", "12\xD9\xA3|", "12a|"},
        {"^\\p{Sc}\\p{Sm}\\p{Pd}\\p{Zs}$", "€+- |", "e+- |"},
        {"^\\p{ASCII}\\p{AHex}\\p{Any}\\p{Assigned}$", "-fé😀|", "éfaa|-gaa|"},
};

static void expect(const struct compiled *compiled, const char *texts, int expected)
{
	const char *end;

	for (; (end = strchr(texts, '|')) != NULL; texts = end + 1)
		ck_assert_msg(compiled_matches(compiled, texts, (size_t)(end - texts)) == expected,
		        "%s on '%.*s': not %d", compiled->model.text, (int)(end - texts), texts,
		        expected);
}

START_TEST(test_verdicts)
{
	struct compiled compiled;

	compiled_init(
	        &compiled, verdicts[_i].pattern, strlen(verdicts[_i].pattern), PATTERN_MAX_WORK);
	ck_assert_msg(compiled.result == PATTERN_OK, "%s: %s", verdicts[_i].pattern,
	        compiled.error.message);
	expect(&compiled, verdicts[_i].yes, 1);
	expect(&compiled, verdicts[_i].no, 0);
	compiled_free(&compiled);
}
END_TEST

/* NUL is a character like others, for those who count. */
START_TEST(test_nul)
{
	struct compiled compiled;

	compiled_init(&compiled, "^a\\0b$", 6, PATTERN_MAX_WORK);
	ck_assert_int_eq(compiled.result, PATTERN_OK);
	ck_assert_int_eq(compiled_matches(&compiled, "a\0b", 3), 1);
	ck_assert_int_eq(compiled_matches(&compiled, "a", 1), 0);
	ck_assert_int_eq(compiled_matches(&compiled, "", 0), 0);
	compiled_free(&compiled);
}
END_TEST

/* Whatever the bytes are, and wherever they end, there is some verdict and no more. */
START_TEST(test_no_utf8)
{
	struct compiled compiled;
	char *exact;

	compiled_init(&compiled, "^[^a]*\\p{L}é$", strlen("^[^a]*\\p{L}é$"), PATTERN_MAX_WORK);
	for (unsigned first = 0x80; first < 0x100; first++) {
		for (size_t length = 1; length <= 4; length++) {
			exact = malloc(length);
			memset(exact, 0xFF, length);
			exact[length - 1] = (char)first;
			ck_assert_int_ne(compiled_matches(&compiled, exact, length), 1);
			free(exact);
		}
	}
	compiled_free(&compiled);
}
END_TEST

static const struct {
	const char *pattern;
	enum pattern_result result;
	size_t start;
	size_t end;
} refusals[] = {
        {"(a", PATTERN_SYNTAX, 0, 1},
        {"a(b(c)", PATTERN_SYNTAX, 1, 2},
        {"a)", PATTERN_SYNTAX, 1, 2},
        {"*", PATTERN_SYNTAX, 0, 1},
        {"a|+", PATTERN_SYNTAX, 2, 3},
        {"(?)", PATTERN_UNSUPPORTED, 0, 3},
        {"a**", PATTERN_SYNTAX, 2, 3},
        {"a{1}{2}", PATTERN_SYNTAX, 4, 5},
        {"a???", PATTERN_SYNTAX, 3, 4},
        {"^*", PATTERN_SYNTAX, 1, 2},
        {"\\b+", PATTERN_SYNTAX, 2, 3},
        {"$?", PATTERN_SYNTAX, 1, 2},
        {"{", PATTERN_SYNTAX, 0, 1},
        {"a{", PATTERN_SYNTAX, 1, 2},
        {"a{,3}", PATTERN_SYNTAX, 1, 2},
        {"a{2", PATTERN_SYNTAX, 1, 3},
        {"a{2,1}", PATTERN_SYNTAX, 1, 6},
        {"a{99999999999999999999,1}", PATTERN_SYNTAX, 1, 25},
        {"}", PATTERN_SYNTAX, 0, 1},
        {"]", PATTERN_SYNTAX, 0, 1},
        {"[a", PATTERN_SYNTAX, 0, 1},
        {"x[", PATTERN_SYNTAX, 1, 2},
        {"[z-a]", PATTERN_SYNTAX, 1, 4},
        {"[\\d-z]", PATTERN_SYNTAX, 1, 5},
        {"[a-\\w]", PATTERN_SYNTAX, 1, 5},
        {"[\\B]", PATTERN_SYNTAX, 1, 3},
        {"\\", PATTERN_SYNTAX, 0, 1},
        {"[\\", PATTERN_SYNTAX, 1, 2},
        {"\\q", PATTERN_SYNTAX, 0, 2},
        {"\\é", PATTERN_SYNTAX, 0, 3},
        {"\\-", PATTERN_SYNTAX, 0, 2},
        {"\\x4", PATTERN_SYNTAX, 0, 2},
        {"\\xg0", PATTERN_SYNTAX, 0, 2},
        {"\\u12", PATTERN_SYNTAX, 0, 2},
        {"\\u{}", PATTERN_SYNTAX, 0, 3},
        {"\\u{110000}", PATTERN_SYNTAX, 0, 9},
        {"\\u{41", PATTERN_SYNTAX, 0, 5},
        {"\\c1", PATTERN_SYNTAX, 0, 2},
        {"\\c", PATTERN_SYNTAX, 0, 2},
        {"\\01", PATTERN_SYNTAX, 0, 2},
        {"\\p", PATTERN_SYNTAX, 0, 2},
        {"\\p{L", PATTERN_SYNTAX, 0, 3},
        {"(?<1>a)", PATTERN_SYNTAX, 3, 4},
        {"(?<n", PATTERN_SYNTAX, 3, 5},
        {"(?<n>a)(?<n>b)", PATTERN_SYNTAX, 10, 11},
        {"(?<n>a)(?<\\u006e>b)", PATTERN_SYNTAX, 10, 16},
        {"(?<\\u{12>a)", PATTERN_SYNTAX, 3, 8},
        {"(?<n\\u{12>a)", PATTERN_SYNTAX, 4, 9},
        {"(?<n\\u1>a)", PATTERN_SYNTAX, 4, 6},
        {"(?<\\u0031>a)", PATTERN_SYNTAX, 3, 4},
        {"(?<ab\\u3010>a)", PATTERN_SYNTAX, 3, 6},
        {"(?<a-b>a)", PATTERN_SYNTAX, 3, 5},
        {"(?<a\\x41>a)", PATTERN_SYNTAX, 3, 5},
        {"(?<\u20ac>a)", PATTERN_SYNTAX, 3, 4},
        {"(?<\u200da>a)", PATTERN_SYNTAX, 3, 4},
        {"(?<\\ud835>a)", PATTERN_SYNTAX, 3, 4},
        {"(?<>a)", PATTERN_SYNTAX, 3, 4},
        {"a(?=b)", PATTERN_UNSUPPORTED, 1, 4},
        {"a(?!b)", PATTERN_UNSUPPORTED, 1, 4},
        {"(?<=a)", PATTERN_UNSUPPORTED, 0, 4},
        {"(?<!a)", PATTERN_UNSUPPORTED, 0, 4},
        {"(?i:a)", PATTERN_UNSUPPORTED, 0, 3},
        {"(a)\\1", PATTERN_UNSUPPORTED, 3, 5},
        {"(?<n>a)\\k<n>", PATTERN_UNSUPPORTED, 7, 9},
        {"\\p{Latin}", PATTERN_SYNTAX, 0, 9},
        {"\\p{Script=latin}", PATTERN_SYNTAX, 0, 16},
        {"a\\p{Script=L}", PATTERN_SYNTAX, 1, 13},
        {"\\p{sc=}", PATTERN_SYNTAX, 0, 7},
        {"\\p{scx=Hrkt}", PATTERN_SYNTAX, 0, 12},
        {"\\p{alphabetic}", PATTERN_SYNTAX, 0, 14},
        {"\\p{Alphabetic=Yes}", PATTERN_SYNTAX, 0, 18},
        {"[\\p{}]", PATTERN_SYNTAX, 1, 5},
        {"\\p{gc=Any}", PATTERN_SYNTAX, 0, 10},
        {"\\p{gc=Alphabetic}", PATTERN_SYNTAX, 0, 17},
        {"[]", PATTERN_NOTHING, 0, 2},
        {"$a", PATTERN_NOTHING, 0, 2},
        {"a^", PATTERN_NOTHING, 0, 2},
        {"\\ud800", PATTERN_NOTHING, 0, 6},
        {"^[a-b]{2001}$", PATTERN_TOO_BIG, 0, 13},
};

START_TEST(test_refusals)
{
	struct compiled compiled;

	compiled_init(
	        &compiled, refusals[_i].pattern, strlen(refusals[_i].pattern), PATTERN_MAX_WORK);
	ck_assert_msg(compiled.result == refusals[_i].result, "%s: %d", refusals[_i].pattern,
	        (int)compiled.result);
	ck_assert_msg(compiled.error.start == refusals[_i].start &&
	                compiled.error.end == refusals[_i].end,
	        "%s: %zu to %zu", refusals[_i].pattern, compiled.error.start, compiled.error.end);
	ck_assert_ptr_nonnull(compiled.error.message);
	compiled_free(&compiled);
}
END_TEST

/* Different ways to say the same are the same automaton, and it is the smallest. */
static const struct {
	const char *pattern;
	uint32_t n_states; /* with the two that decide */
	uint32_t n_classes;
} sizes[] = {
        {"", 2, 1},
        {"(a|a)*", 2, 1},
        {"a", 3, 2},
        {"(a*)*a", 3, 2},
        {".{0,1000}x", 3, 2},
        {"^[a-z]+$", 4, 2},
        {"^[a-z][a-z]*$", 4, 2},
        {"^(?:[a-m]|[n-z])+$", 4, 2},
        {"^\\p{L}{1,50}$", 53, 2},
        {"^(a|b)*c(a|b)*$", 4, 3},
        {"[ab]*a[ab]{12}", 15, 3},
        {"^(a?){500}a{500}$", 1003, 2},
};

START_TEST(test_sizes)
{
	struct compiled compiled;

	compiled_init(&compiled, sizes[_i].pattern, strlen(sizes[_i].pattern), PATTERN_MAX_WORK);
	ck_assert_int_eq(compiled.result, PATTERN_OK);
	ck_assert_msg(compiled.model.n_states == sizes[_i].n_states &&
	                compiled.model.n_classes == sizes[_i].n_classes,
	        "%s: %u states, %u classes", sizes[_i].pattern, compiled.model.n_states,
	        compiled.model.n_classes);
	compiled_free(&compiled);
}
END_TEST

static const char *const costly[] = {
        "(((x{100}){100}){100})",
        "(){1000000000}",
        "((){1000}){1000}",
        "(((((((((a*)*)*)*)*)*)*)*)*)*b",
        "(x+x+)+y",
        ".{0,1000}x.{0,1000}y.{0,1000}z",
        "[ab]*a[ab]{20}",
        "^[ab]*a[ab]{12}$",
        "(a|b|ab)*c{1000}(a|b|ab)*d{1000}",
        "^(\\b.){1000}$",
        "(\\p{L}|\\p{N}|\\p{P}|\\p{S}|\\p{Z}|\\p{C}|\\p{M}){1000}",
        "(a{0,50}){0,50}b",
        "^(a?b?c?d?e?f?g?h?){200}$",
        "(.*a){12}$",
};

/* Each of them comes to an end within the budget of work, whatever it is. */
START_TEST(test_costly)
{
	struct compiled compiled;
	clock_t begin = clock();

	compiled_init(&compiled, costly[_i], strlen(costly[_i]), PATTERN_MAX_WORK);
	ck_assert(compiled.result == PATTERN_OK || compiled.result == PATTERN_TOO_BIG);
	ck_assert_uint_le(compiled.work, PATTERN_MAX_WORK);
	/* With sanitizers on a busy machine; alone it is a tenth of a second. */
	ck_assert_msg((clock() - begin) / CLOCKS_PER_SEC < 10, "%s takes too long", costly[_i]);
	compiled_free(&compiled);
}
END_TEST

/* Groups deep in each other, many alternatives, more kinds of characters than there may be, and length. */
START_TEST(test_limits)
{
	char text[PATTERN_MAX_BYTES + 2];
	struct compiled compiled;
	size_t n = 0;

	memset(text, '(', 1000);
	memset(text + 1000, ')', 1000);
	compiled_init(&compiled, text, 2000, PATTERN_MAX_WORK);
	ck_assert_int_eq(compiled.result, PATTERN_TOO_BIG);
	ck_assert_uint_eq(compiled.error.start, 64);
	compiled_free(&compiled);
	for (unsigned c = 0x4E00; c < 0x4E00 + 300; c++) {
		text[n++] = (char)(0xE0 | c >> 12);
		text[n++] = (char)(0x80 | (c >> 6 & 0x3F));
		text[n++] = (char)(0x80 | (c & 0x3F));
	}
	compiled_init(&compiled, text, n, PATTERN_MAX_WORK);
	ck_assert_int_eq(compiled.result, PATTERN_TOO_BIG);
	compiled_free(&compiled);
	compiled_init(&compiled, text, 3 * 254, PATTERN_MAX_WORK);
	ck_assert_int_eq(compiled.result, PATTERN_OK);
	ck_assert_uint_eq(compiled.model.n_classes, 255);
	ck_assert_int_eq(compiled_matches(&compiled, text, 3 * 254), 1);
	ck_assert_int_eq(compiled_matches(&compiled, text + 1, 3 * 254), 0);
	compiled_free(&compiled);
	memset(text, 'a', sizeof(text));
	compiled_init(&compiled, text, PATTERN_MAX_BYTES + 1, PATTERN_MAX_WORK);
	ck_assert_int_eq(compiled.result, PATTERN_TOO_BIG);
	compiled_free(&compiled);
	compiled_init(&compiled, text, 1990, PATTERN_MAX_WORK);
	ck_assert_int_eq(compiled.result, PATTERN_OK);
	ck_assert_ptr_null(compiled.table.narrow);
	ck_assert_int_eq(compiled_matches(&compiled, text, 1990), 1);
	ck_assert_int_eq(compiled_matches(&compiled, text, 1989), 0);
	compiled_free(&compiled);
}
END_TEST

/* A budget that is spent refuses what it would otherwise take, and is never overdrawn. */
START_TEST(test_budget)
{
	struct compiled fine;
	struct model_pattern pattern;
	struct pattern_error error;
	uint64_t work;

	compiled_init(&fine, "^(ab?){10}$", 11, PATTERN_MAX_WORK);
	ck_assert_int_eq(fine.result, PATTERN_OK);
	for (uint64_t budget = 0; budget < fine.work; budget += fine.work / 37 + 1) {
		work = budget;
		ck_assert_int_eq(
		        pattern_compile(fine.arena, "^(ab?){10}$", 11, &work, &pattern, &error),
		        PATTERN_TOO_BIG);
		ck_assert_uint_le(work, budget);
	}
	work = fine.work;
	ck_assert_int_eq(pattern_compile(fine.arena, "^(ab?){10}$", 11, &work, &pattern, &error),
	        PATTERN_OK);
	ck_assert_uint_eq(work, 0);
	compiled_free(&fine);
}
END_TEST

/* By a walk over both automata: is there a text that both match? */
static const struct {
	const char *a;
	const char *b;
	bool meets;
} pairs[] = {
        {"", "x", true},
        {"^a", "^b", false},
        {"^a", "b$", true},
        {"a", "^[^a]*$", false},
        {"^[a-m]$", "^[m-z]$", true},
        {"^[a-l]$", "^[m-z]$", false},
        {"^[a-z]{3}$", "^.{4}$", false},
        {"^[a-z]{3,5}$", "^.{5,7}$", true},
        {"^(?:aa)+$", "^(?:aaa)+$", true},
        {"^(?:aa)+$", "^(?:aa)*a$", false},
        {"^\\p{Script=Greek}+$", "^\\p{Script=Cyrillic}+$", false},
        {"^\\p{L}+$", "\\p{Script=Han}", true},
        {"^\\p{L}+$", "\\d", false},
        {"^$", ".", false},
        {"^$", "^", true},
        {"\\bfoo\\b", "^[^ ]{4}$", true},
        {"\\bfoo\\b", "^\\w{4}$", false},
        {"^\\u{10ffff}$", "^[^\\0]$", true},
};

START_TEST(test_pairs)
{
	struct compiled a, b;
	uint64_t work = PATTERN_MAX_WORK, nothing = 0;

	compiled_init(&a, pairs[_i].a, strlen(pairs[_i].a), PATTERN_MAX_WORK);
	compiled_init(&b, pairs[_i].b, strlen(pairs[_i].b), PATTERN_MAX_WORK);
	ck_assert(a.result == PATTERN_OK && b.result == PATTERN_OK);
	ck_assert(pattern_meets(&a.model, &b.model, &work) == pairs[_i].meets);
	ck_assert(pattern_meets(&b.model, &a.model, &work) == pairs[_i].meets);
	ck_assert_uint_lt(work, PATTERN_MAX_WORK);
	/* Nothing is said against what could not be looked at. */
	ck_assert(pattern_meets(&a.model, &b.model, &nothing));
	compiled_free(&a);
	compiled_free(&b);
}
END_TEST

/* What is a shape, however it is written. */
static const struct {
	const char *pattern;
	bool has_shape, is_fixed;
	uint32_t least, most;
	bool has_ranges;
} shapes[] = {
        {"^[A-Za-z0-9_.-]{1,64}$", true, false, 1, 64, true},
        {"^\\w*$", true, false, 0, UINT32_MAX, true},
        {"^[a-z][a-z]+$", true, false, 2, UINT32_MAX, true},
        {"^(?:a|b|c){2,5}$", true, false, 2, 5, true},
        {"^[0-9a-f]{32}$", true, false, 32, 32, true}, /* no place is one range */
        {"^\\d{4}-\\d{2}-\\d{2}$", true, true, 10, 10, false},
        {"^\\d{31}$", true, true, 31, 31, false},
        {"^\\d{32}$", true, false, 32, 32, true}, /* too long for places, but one class */
        {"^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}Z$", true, true, 20, 20, false},
        {"^yes$", true, true, 3, 3, false},
        {"^[a-z0-9_-]+$", true, false, 1, UINT32_MAX, true},
        {"^[A-Z]+$", true, false, 1, UINT32_MAX, true},
        {"^[A-Za-z0-9+/=]{4,}$", true, false, 4, UINT32_MAX, true},
        {"^[!#-\\[\\]-~]{1,20}$", true, false, 1, 20, true},      /* all that needs no escape */
        {"^[BDFHJLbdfhjl]+$", true, false, 1, UINT32_MAX, false}, /* too many ranges */
        {"^[A-Ca-c03579]+$", true, false, 1, UINT32_MAX, false},
        {"^#[0-9a-fA-F]{6}$", false, false, 0, 0, false},
        {"^[a-z][a-z0-9]*$", false, false, 0, 0, false},
        {"[a-z]", false, false, 0, 0, false},
        {"^[a-z]+", false, false, 0, 0, false},
        {"^(?:ab)?$", false, false, 0, 0, false},
        {"^(?:aa|aaaa)$", false, false, 0, 0, false}, /* three are missing */
        {"^[^x]{3}$", false, false, 0, 0, false},     /* beyond ASCII */
        {"^[ -~]{3}$", false, false, 0, 0, false},    /* quotes and backslashes */
        {"^\\s{3}$", false, false, 0, 0, false},
        {"^\\t$", false, false, 0, 0, false},
        {"^$", false, false, 0, 0, false},
        {"", false, false, 0, 0, false},
};

START_TEST(test_shapes)
{
	struct compiled compiled;

	compiled_init(&compiled, shapes[_i].pattern, strlen(shapes[_i].pattern), PATTERN_MAX_WORK);
	ck_assert_int_eq(compiled.result, PATTERN_OK);
	ck_assert_msg(compiled.has_shape == shapes[_i].has_shape, "%s", shapes[_i].pattern);
	if (compiled.has_shape) {
		ck_assert_int_eq(compiled.shape.is_fixed, shapes[_i].is_fixed);
		ck_assert_uint_eq(compiled.shape.least, shapes[_i].least);
		ck_assert_uint_eq(compiled.shape.most, shapes[_i].most);
		ck_assert_int_eq(compiled.shape.has_ranges, shapes[_i].has_ranges);
	}
	compiled_free(&compiled);
}
END_TEST

/* A string read as generated code does it: is it there, and does it match? What does must be quick. */
static bool read_shaped(
        const struct msgc_pattern *pattern, const char *text, size_t len, struct msgc_str *ret)
{
	struct msgc_problems problems = {0};
	struct msgc_arena arena = {0};
	struct msgc_reader r;
	char room[256] = {0};
	bool is_quick;

	memcpy(room, text, len);
	ck_assert(msgc_reader_open(&r, room, len, NULL, &arena, &problems));
	is_quick = msgc__kernels->take_shape(&r, pattern->shape, ret);
	if (!is_quick && msgc_read_str(&r, ret))
		msgc_check_pattern(&r.scope, *ret, pattern);
	msgc_arena_free(&arena);
	return msgc_reader_close(&r) == 0 && is_quick;
}

/* Any bytes as a string of a shape, with every set of kernels: as the automaton says. */
START_TEST(test_shaped_strings)
{
	static const char letters[] = "abcxyzAZ059_.-:T#\"\\ \x1f\x7f\xC3\xA9/@[`{";
	struct compiled compiled;
	struct msgc_pattern pattern;
	struct msgc_str got;
	uint64_t seed = 17;
	char text[128];

	compiled_init(&compiled, shapes[_i].pattern, strlen(shapes[_i].pattern), PATTERN_MAX_WORK);
	pattern = compiled.shaped;
	pattern.shape = &compiled.shape;
	for (int round = 0; compiled.has_shape && round < 20000; round++) {
		size_t len = (size_t)(seed >> 33) % 70;
		bool want, valid = true;

		text[0] = '"';
		for (size_t i = 1; i <= len; i++) {
			seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
			/* Mostly what the shape wants, so that some match. */
			text[i] = (seed >> 40) % 24 == 0
			        ? letters[(seed >> 50) % (sizeof(letters) - 1)]
			        : compiled.shape.is_fixed && i <= 31
			        ? (char)(compiled.shape.from[i - 1] +
			                  (seed >> 45) % (compiled.shape.span[i - 1] + 1u) % 128)
			        : letters[(seed >> 50) % 6];
			valid &= text[i] != '"' && text[i] != '\\' && (uint8_t)text[i] >= 0x20;
		}
		if (compiled.shape.is_fixed && round % 2)
			len = compiled.shape.most;
		text[len + 1] = '"';
		valid = valid && msgc_utf8_valid(text + 1, len);
		want = valid && compiled_matches(&compiled, text + 1, len) == 1;
		for (const struct msgc__kernels *const *k = msgc__kernels_all(); *k; k++) {
			ck_assert(msgc__kernels_use((*k)->name));
			/* What is valid only as the beginning of the text is not this string. */
			if (valid || want)
				ck_assert_msg(read_shaped(&pattern, text, len + 2, &got) == want,
				        "%s %s: %.*s", (*k)->name, shapes[_i].pattern, (int)len + 2,
				        text);
		}
	}
	msgc__kernels_use(NULL);
	compiled_free(&compiled);
}
END_TEST

/* The codec's words for it. */
START_TEST(test_refused_text)
{
	struct msgc_problems problems = {0};
	struct compiled compiled;
	struct msgc_scope scope;

	compiled_init(&compiled, "^\"\\d+\"$", 7, PATTERN_MAX_WORK);
	msgc_scope_open(&scope, &problems);
	ck_assert(msgc_check_pattern(&scope, MSGC_STR("\"12\""), &compiled.table));
	ck_assert_int_eq(msgc_scope_close(&scope), 0);
	ck_assert(!msgc_check_pattern(&scope, MSGC_STR("12"), &compiled.table));
	ck_assert_int_eq(msgc_scope_close(&scope), MSGC_ECONTRACT);
	ck_assert_uint_eq(problems.count, 1);
	ck_assert_str_eq(problems.items[0].type, "string_pattern_mismatch");
	ck_assert_str_eq(problems.items[0].msg, "String should match pattern '^\"\\d+\"$'");
	ck_assert_str_eq(problems.items[0].ctx, "{\"pattern\":\"^\\\"\\\\d+\\\"$\"}");
	compiled_free(&compiled);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("pattern");
	TCase *tests = tcase_create("pattern");
	SRunner *runner;
	int failed;

	tcase_set_timeout(tests, 60);
	tcase_add_loop_test(tests, test_verdicts, 0, N(verdicts));
	tcase_add_test(tests, test_nul);
	tcase_add_test(tests, test_no_utf8);
	tcase_add_loop_test(tests, test_refusals, 0, N(refusals));
	tcase_add_loop_test(tests, test_sizes, 0, N(sizes));
	tcase_add_loop_test(tests, test_costly, 0, N(costly));
	tcase_add_test(tests, test_limits);
	tcase_add_test(tests, test_budget);
	tcase_add_loop_test(tests, test_pairs, 0, N(pairs));
	tcase_add_loop_test(tests, test_shapes, 0, N(shapes));
	tcase_add_loop_test(tests, test_shaped_strings, 0, N(shapes));
	tcase_add_test(tests, test_refused_text);
	suite_add_tcase(suite, tests);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
