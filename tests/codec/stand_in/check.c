/* SPDX-License-Identifier: MIT */
/*
 * See check.h: suites as lists, in the order in which tests were added.
 */
#include "check.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define TESTS_MOST 64

struct TCase {
	struct {
		const TTest *test;
		int from, to;
	} tests[TESTS_MOST];
	size_t n_tests;
	TCase *next;
};

struct Suite {
	const char *name;
	TCase *first, **last;
};

struct SRunner {
	const Suite *suite;
	int n_run;
};

static const char *running = "no test";
static int running_i;

static void *made(size_t size)
{
	void *p = calloc(1, size);

	if (!p)
		ck_abort_msg("no memory");
	return p;
}

Suite *suite_create(const char *name)
{
	Suite *suite = made(sizeof *suite);

	suite->name = name;
	suite->last = &suite->first;
	return suite;
}

TCase *tcase_create(const char *name)
{
	(void)name;
	return made(sizeof(TCase));
}

void suite_add_tcase(Suite *suite, TCase *tcase)
{
	*suite->last = tcase;
	suite->last = &tcase->next;
}

void tcase_add_loop_test(TCase *tcase, const TTest *test, int from, int to)
{
	if (tcase->n_tests == TESTS_MOST)
		ck_abort_msg("more than %d tests in one case", TESTS_MOST);
	tcase->tests[tcase->n_tests].test = test;
	tcase->tests[tcase->n_tests].from = from;
	tcase->tests[tcase->n_tests++].to = to;
}

void tcase_set_timeout(TCase *tcase, double seconds)
{
	(void)tcase;
	(void)seconds;
}

SRunner *srunner_create(Suite *suite)
{
	SRunner *runner = made(sizeof *runner);

	runner->suite = suite;
	return runner;
}

void srunner_run_all(SRunner *runner, enum print_output how)
{
	(void)how;
	for (const TCase *tcase = runner->suite->first; tcase; tcase = tcase->next)
		for (size_t k = 0; k < tcase->n_tests; k++)
			for (int i = tcase->tests[k].from; i < tcase->tests[k].to; i++) {
				running = tcase->tests[k].test->name;
				running_i = i;
				tcase->tests[k].test->run(i);
				runner->n_run++;
			}
	printf("%s: %d tests\n", runner->suite->name, runner->n_run);
}

int srunner_ntests_run(const SRunner *runner)
{
	return runner->n_run;
}

int srunner_ntests_failed(const SRunner *runner)
{
	(void)runner;
	return 0;
}

void srunner_free(SRunner *runner)
{
	free(runner);
}

void stand_in_failed(const char *file, int line, const char *format, ...)
{
	va_list args;

	fprintf(stderr, "%s:%d: %s, %d: ", file, line, running, running_i);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	exit(EXIT_FAILURE);
}
