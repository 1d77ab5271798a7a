/* SPDX-License-Identifier: MIT */
/*
 * The log's lines: times, pairs, quoting, bounds; and that no text can forge a pair or a line.
 */
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "server/log.h"
#include "suites.h"

static char line[MSGC__LOG_LINE_MAX + 1];

static const char *format_line(bool json, const char *format, ...) MSGC_PRINTF(2, 3);

/* The pairs of a line, without time, level and event. */
static const char *format_line(bool json, const char *format, ...)
{
	va_list args;
	size_t len;

	va_start(args, format);
	len = msgc__log_format(
	        line, json, 1700000000123, MSGC_LOG_WARNING, "test.event", format, args);
	va_end(args);
	ck_assert_uint_le(len, MSGC__LOG_LINE_MAX);
	ck_assert_int_eq(line[len - 1], '\n');
	line[len - 1] = '\0';
	ck_assert_ptr_null(strchr(line, '\n'));
	return line;
}

#define HEAD "time=2023-11-14T22:13:20.123Z level=warning event=test.event"
#define JSON_HEAD                                                                                  \
	"{\"time\":\"2023-11-14T22:13:20.123Z\",\"level\":\"warning\",\"event\":\"test.event\""

START_TEST(a_line_without_pairs)
{
	const char *const none[] = {"", NULL};

	for (int i = 0; i < 2; i++) {
		ck_assert_str_eq(format_line(false, none[i], 0), HEAD);
		ck_assert_str_eq(format_line(true, none[i], 0), JSON_HEAD "}");
	}
}
END_TEST

START_TEST(every_conversion_is_printed)
{
	const char *volatile nothing = NULL;

	ck_assert_str_eq(
	        format_line(false, "a=%d b=%u c=%x d=%lld e=%zu f=%c g=%5.2f h=%ld i=%hhu", -1, 2u,
	                255u, (long long)INT64_MIN, (size_t)7, 'x', 1.5, 9L, (unsigned char)200),
	        HEAD " a=-1 b=2 c=ff d=-9223372036854775808 e=7 f=x g=\" 1.50\" h=9 i=200");
	ck_assert_str_eq(format_line(false, "s=%.*s t=%s:%d u=100%%", 3, "abcdef", "host", 80),
	        HEAD " s=abc t=host:80 u=100%");
	ck_assert_str_eq(format_line(false, "w=%-4d|", 7), HEAD " w=\"7   |\"");
	ck_assert_str_eq(format_line(false, "n=%s", nothing), HEAD " n=(null)");
}
END_TEST

START_TEST(json_tells_numbers_from_text)
{
	ck_assert_str_eq(format_line(true, "a=%d b=%s c=%d:%d d=%04d e=%lld", 1, "2", 3, 4, 5, 6LL),
	        JSON_HEAD ",\"a\":1,\"b\":\"2\",\"c\":\"3:4\",\"d\":\"0005\",\"e\":6}");
}
END_TEST

START_TEST(text_cannot_forge_pairs_or_lines)
{
	ck_assert_str_eq(
	        format_line(false, "name=%s", "x level=error"), HEAD " name=\"x level=error\"");
	ck_assert_str_eq(format_line(false, "name=%s", "a\"b\\c"), HEAD " name=\"a\\\"b\\\\c\"");
	ck_assert_str_eq(
	        format_line(false, "name=%s", "a\r\ntime=1"), HEAD " name=\"a\\u000d\\ntime=1\"");
	ck_assert_str_eq(format_line(false, "name=%s", "\x1b[2J"), HEAD " name=\"\\u001b[2J\"");
	ck_assert_str_eq(format_line(false, "name=%s",
	                         "\xc2\x9b"
	                         "2J"),
	        HEAD " name=\"\\u009b2J\"");
	ck_assert_str_eq(format_line(true, "name=%s", "\"}\n{\"x\":\""),
	        JSON_HEAD ",\"name\":\"\\\"}\\n{\\\"x\\\":\\\"\"}");
}
END_TEST

START_TEST(empty_and_foreign_text_is_quoted)
{
	ck_assert_str_eq(format_line(false, "a=%s b=%s", "", "x"), HEAD " a=\"\" b=x");
	ck_assert_str_eq(
	        format_line(false, "a=%s", "\xff\xc3("), HEAD " a=\"\xef\xbf\xbd\xef\xbf\xbd(\"");
	ck_assert_str_eq(format_line(false, "a=%s", "Zoë"), HEAD " a=Zoë");
	ck_assert_str_eq(
	        format_line(false, "a=\"two words %d\" b=%d", 1, 2), HEAD " a=\"two words 1\" b=2");
}
END_TEST

START_TEST(long_values_are_cut_at_a_code_point)
{
	char text[4000];
	const char *value;

	for (size_t i = 0; i + 2 < sizeof(text); i += 2)
		memcpy(text + i, "\xc3\xa9", 3);
	value = strstr(format_line(false, "a=%s b=%d", text, 7), " a=") + 3;
	ck_assert_str_eq(strchr(value, ' '), " b=7");
	ck_assert_uint_eq((size_t)(strchr(value, ' ') - value), MSGC__LOG_VALUE_MAX + 3);
	ck_assert_int_eq(memcmp(strchr(value, ' ') - 5, "\xc3\xa9...", 5), 0);

	/* Off by one byte, the last code point does not fit. */
	text[0] = 'x';
	for (size_t i = 1; i + 2 < sizeof(text); i += 2)
		memcpy(text + i, "\xc3\xa9", 3);
	value = strstr(format_line(false, "a=%s", text), " a=") + 3;
	ck_assert(msgc_utf8_valid(value, strlen(value)));
	ck_assert_uint_eq(strlen(value), MSGC__LOG_VALUE_MAX - 1 + 3);
}
END_TEST

START_TEST(a_line_is_bounded_and_its_pairs_whole)
{
	char text[MSGC__LOG_VALUE_MAX + 1];

	memset(text, 'v', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	format_line(true, "a=%s b=%s c=%s d=%s e=%d", text, text, text, text, 5);
	ck_assert_ptr_nonnull(strstr(line, "\"c\":"));
	ck_assert_ptr_null(strstr(line, "\"d\":"));
	ck_assert_ptr_nonnull(strstr(line, ",\"e\":5}"));
}
END_TEST

START_TEST(levels_and_muted_actions)
{
	const char *muted[] = {"ping", "typing"};
	struct msgc__log log;

	msgc__log_init(&log);
	ck_assert(!msgc__log_enabled(&log, MSGC_LOG_DEBUG));
	ck_assert(msgc__log_enabled(&log, MSGC_LOG_INFO));
	log.muted = &(const struct msgc__log_muted){muted, 2};
	ck_assert(msgc__log_muted(&log, "typing", 6));
	ck_assert(!msgc__log_muted(&log, "typing_", 7));
	ck_assert(!msgc__log_muted(&log, "typin", 5));
}
END_TEST

START_TEST(lines_below_the_level_are_not_written)
{
	struct msgc__log log;
	char text[512];
	int ends[2];
	ssize_t n;

	ck_assert_int_eq(pipe(ends), 0);
	msgc__log_init(&log);
	log.fd = ends[1];
	msgc__log_write(&log, MSGC_LOG_DEBUG, "test.hidden", NULL);
	msgc__log_write(&log, MSGC_LOG_ERROR, "test.shown", "a=%d", 1);
	n = read(ends[0], text, sizeof(text) - 1);
	ck_assert_int_gt(n, 0);
	text[n] = '\0';
	ck_assert_ptr_null(strstr(text, "hidden"));
	ck_assert_ptr_nonnull(strstr(text, " level=error event=test.shown a=1\n"));
	close(ends[0]);
	close(ends[1]);
}
END_TEST

static void *write_many(void *log)
{
	for (int i = 0; i < 200; i++)
		msgc__log_write(log, MSGC_LOG_INFO, "test.thread", "a=%s i=%d", "some text", i);
	return NULL;
}

START_TEST(lines_of_many_threads_stay_whole)
{
	char path[] = "/tmp/msgc-log-XXXXXX", text[256];
	pthread_t threads[4];
	struct msgc__log log;
	int fd = mkstemp(path), lines = 0;
	FILE *file;

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(fcntl(fd, F_SETFL, O_APPEND), 0);
	msgc__log_init(&log);
	log.fd = fd;
	for (int i = 0; i < 4; i++)
		ck_assert_int_eq(pthread_create(&threads[i], NULL, write_many, &log), 0);
	for (int i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	file = fopen(path, "r");
	while (fgets(text, sizeof(text), file)) {
		ck_assert_int_eq(strncmp(text, "time=", 5), 0);
		ck_assert_ptr_nonnull(strstr(text, " event=test.thread a=\"some text\" i="));
		lines++;
	}
	ck_assert_int_eq(lines, 800);
	fclose(file);
	close(fd);
	unlink(path);
}
END_TEST

Suite *log_suite(void)
{
	Suite *suite = suite_create("log");
	TCase *tcase = tcase_create("log");

	tcase_add_test(tcase, a_line_without_pairs);
	tcase_add_test(tcase, every_conversion_is_printed);
	tcase_add_test(tcase, json_tells_numbers_from_text);
	tcase_add_test(tcase, text_cannot_forge_pairs_or_lines);
	tcase_add_test(tcase, empty_and_foreign_text_is_quoted);
	tcase_add_test(tcase, long_values_are_cut_at_a_code_point);
	tcase_add_test(tcase, a_line_is_bounded_and_its_pairs_whole);
	tcase_add_test(tcase, levels_and_muted_actions);
	tcase_add_test(tcase, lines_below_the_level_are_not_written);
	tcase_add_test(tcase, lines_of_many_threads_stay_whole);
	suite_add_tcase(suite, tcase);
	return suite;
}
