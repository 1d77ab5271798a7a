/* SPDX-License-Identifier: MIT */
/*
 * The mock core as a program, for clients of other languages (tests/interop): prints "port N", then serves until its standard input
 * ends. Its exit code is 0 if every connection was told its end.
 */
#include <check.h>
#include <stdio.h>
#include <unistd.h>

#include "mock_core.h"

START_TEST(serve)
{
	char byte;

	mock_start(&(struct mock_options){.ping_ms = 25000, .hangup_ms = 33000, .close_ms = 2000});
	printf("port %d\n", mock_port());
	fflush(stdout);
	while (read(0, &byte, 1) > 0)
		;
	mock_stop();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("mock server");
	TCase *one = tcase_create("until stdin ends");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_add_test(one, serve);
	tcase_set_timeout(one, 0);
	suite_add_tcase(suite, one);
	srunner_set_fork_status(runner, CK_NOFORK);
	srunner_run_all(runner, CK_SILENT);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? 1 : 0;
}
