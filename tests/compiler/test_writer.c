/* SPDX-License-Identifier: MIT */
/* The writer: indentation, comments that cannot end early, literals that say what they were given. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "writer.h"

static struct writer *w;

static void setup(void)
{
	w = writer_new("\t");
}

static void teardown(void)
{
	writer_free(w);
}

static void expect(const char *text)
{
	size_t length;
	const char *found = writer_text(w, &length);

	ck_assert(!writer_failed(w));
	ck_assert_str_eq(found, text);
	ck_assert_uint_eq(length, strlen(text));
}

START_TEST(test_nothing)
{
	expect("");
}
END_TEST

START_TEST(test_blocks)
{
	writer_open(w, "int %s(void) {", "f");
	writer_open(w, "switch (x) {");
	writer_outdent(w, "case %d:", 1);
	writer_line(w, "return 1;");
	writer_flush_left(w, "#endif");
	writer_line(w, "%s", "");
	writer_close(w, "}");
	writer_close(w, "}");
	expect("int f(void) {\n\tswitch (x) {\n\tcase 1:\n\t\treturn 1;\n#endif\n\n\t}\n}\n");
}
END_TEST

START_TEST(test_lines_in_pieces)
{
	writer_indent(w);
	writer_add(w, "a");
	writer_add(w, ", %d", 5);
	writer_end(w);
	writer_end(w);
	writer_add(w, "open");
	writer_line(w, "next");
	writer_add(w, "open");
	writer_dedent(w);
	writer_blank(w);
	writer_add(w, "end");
	writer_end(w);
	expect("\ta, 5\n\topen\n\tnext\n\topen\n\nend\n");
}
END_TEST

START_TEST(test_blank_lines_do_not_pile_up)
{
	writer_blank(w);
	writer_line(w, "a");
	writer_blank(w);
	writer_blank(w);
	writer_line(w, "b");
	expect("a\n\nb\n");
}
END_TEST

START_TEST(test_unbalanced_blocks_are_noticed)
{
	writer_close(w, "}");
	ck_assert(writer_failed(w));
}
END_TEST

/* ---------------------------------------------------------------- comments */

START_TEST(test_short_comments)
{
	writer_doc(w, NULL);
	writer_doc(w, "A room.");
	writer_comment(w, "%d of %s", 2, "them");
	expect("/* A room. */\n/* 2 of them */\n");
}
END_TEST

START_TEST(test_comments_with_lines)
{
	writer_indent(w);
	writer_doc(w, "One.\n\n  Two.");
	expect("\t/*\n\t * One.\n\t *\n\t * Two.\n\t */\n");
}
END_TEST

START_TEST(test_long_comments_are_wrapped)
{
	char text[600];
	size_t length, i, column = 0;
	const char *found;

	for (i = 0; i < sizeof(text) - 1; i++)
		text[i] = i % 7 == 6 ? ' ' : 'x';
	text[sizeof(text) - 1] = '\0';
	writer_indent(w);
	writer_doc(w, text);
	found = writer_text(w, &length);
	for (i = 0; i < length; i++) {
		column = found[i] == '\n' ? 0 : found[i] == '\t' ? column + 8 : column + 1;
		ck_assert_uint_le(column, 100);
	}
	writer_comment(w, "%s", text);
	ck_assert(!writer_failed(w));
}
END_TEST

/* Whatever the text: one comment begins, and ends at the end. */
static const char *const nasty[] = {"*/", "a */ int x; /* b", "/*", "*//*", "**//", "//", "/", "*",
        "a\\", "?\?/", "a\\\nb", "*\n/", "/\n*", "\r*/\t", "\x01*\x02/", "*\x7f/", "x */\\", "/*/"};

START_TEST(test_comments_cannot_end_early)
{
	size_t length;
	const char *found, *body;

	writer_doc(w, nasty[_i]);
	found = writer_text(w, &length);
	ck_assert(strncmp(found, "/*", 2) == 0);
	ck_assert_ptr_eq(strstr(found, "*/"), found + length - 3);
	body = found + 2;
	ck_assert_ptr_null(strstr(body, "/*"));
	ck_assert_ptr_null(strstr(body, "\\\n"));
	ck_assert_ptr_null(strstr(body, "?\?/"));
	ck_assert_ptr_null(strpbrk(body, "\r\x01\x02\x7f"));
}
END_TEST

/* ------------------------------------------------------------------- texts */

START_TEST(test_c_literals)
{
	ck_assert_str_eq(writer_c_literal(w, "", 0), "\"\"");
	ck_assert_str_eq(writer_c_literal(w, "a\"b\\c", 5), "\"a\\\"b\\\\c\"");
	ck_assert_str_eq(writer_c_literal(w,
	                         "\n\0"
	                         "7\xc3\xa4",
	                         5),
	        "\"\\012\\0007\\303\\244\"");
	ck_assert_str_eq(writer_c_literal(w, "?\?/", 3), "\"?\\077/\"");
	ck_assert_str_eq(writer_c_literal(w, "%d*/", 4), "\"%d*/\"");
}
END_TEST

START_TEST(test_json_strings)
{
	ck_assert_str_eq(writer_json_string(w, "", 0), "\"\"");
	ck_assert_str_eq(writer_json_string(w, "a\"b\\c/", 6), "\"a\\\"b\\\\c/\"");
	ck_assert_str_eq(
	        writer_json_string(w, "\b\t\n\f\r\v\x7f", 7), "\"\\b\\t\\n\\f\\r\\u000b\\u007f\"");
	ck_assert_str_eq(writer_json_string(w,
	                         "\0"
	                         "7\xc3\xa4",
	                         4),
	        "\"\\u00007\xc3\xa4\"");
}
END_TEST

/* Every byte, read back by the C compiler's rules. */
START_TEST(test_c_literals_say_every_byte)
{
	char bytes[512];
	const char *literal;
	size_t i, at = 0;

	for (i = 0; i < sizeof(bytes); i++)
		bytes[i] = (char)(i % 2 == 0 ? i / 2 : '7');
	literal = writer_c_literal(w, bytes, sizeof(bytes)) + 1;
	for (i = 0; i < sizeof(bytes); i++) {
		if (literal[at] != '\\') {
			ck_assert_int_eq(literal[at++], bytes[i]);
		} else if (literal[at + 1] == '"' || literal[at + 1] == '\\') {
			ck_assert_int_eq(literal[at + 1], bytes[i]);
			at += 2;
		} else {
			char octal[4] = {literal[at + 1], literal[at + 2], literal[at + 3], 0};

			ck_assert_int_eq((char)strtol(octal, NULL, 8), bytes[i]);
			at += 4;
		}
	}
	ck_assert_str_eq(literal + at, "\"");
}
END_TEST

START_TEST(test_formatted_texts_stay)
{
	const char *one = writer_format(w, "%s-%d", "one", 1);
	const char *two = writer_format(w, "%s", "");

	ck_assert_str_eq(one, "one-1");
	ck_assert_str_eq(two, "");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("writer");
	TCase *tests = tcase_create("writer");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_test(tests, test_nothing);
	tcase_add_test(tests, test_blocks);
	tcase_add_test(tests, test_lines_in_pieces);
	tcase_add_test(tests, test_blank_lines_do_not_pile_up);
	tcase_add_test(tests, test_unbalanced_blocks_are_noticed);
	tcase_add_test(tests, test_short_comments);
	tcase_add_test(tests, test_comments_with_lines);
	tcase_add_test(tests, test_long_comments_are_wrapped);
	tcase_add_loop_test(
	        tests, test_comments_cannot_end_early, 0, (int)(sizeof(nasty) / sizeof(nasty[0])));
	tcase_add_test(tests, test_c_literals);
	tcase_add_test(tests, test_json_strings);
	tcase_add_test(tests, test_c_literals_say_every_byte);
	tcase_add_test(tests, test_formatted_texts_stay);
	suite_add_tcase(suite, tests);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
