/* SPDX-License-Identifier: MIT */
/*
 * run.c - runs a list of tests twice each. It must not know what an index means.
 */
#include "run.h"

int protocol_run(const char *name, const TTest *const *tests, size_t n)
{
	Suite *suite = suite_create(name);
	TCase *tcase = tcase_create("protocol");
	SRunner *runner;
	int failed;

	for (size_t i = 0; i < n; i++)
		tcase_add_loop_test(tcase, tests[i], 0, 2);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
