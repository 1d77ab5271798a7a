/* SPDX-License-Identifier: MIT */
/*
 * Runs the suites of configuration, log, URLs, origins, cookies, routes and static files.
 */
#include <stdlib.h>

#include "suites.h"

int main(void)
{
	SRunner *runner = srunner_create(log_suite());
	int failed;

	srunner_add_suite(runner, config_suite());
	srunner_add_suite(runner, url_suite());
	srunner_add_suite(runner, origin_suite());
	srunner_add_suite(runner, cookie_suite());
	srunner_add_suite(runner, route_suite());
	srunner_add_suite(runner, static_suite());
	srunner_add_suite(runner, throttle_suite());
	srunner_add_suite(runner, exchange_suite());
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
