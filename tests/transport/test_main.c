/* SPDX-License-Identifier: MIT */
/* Runs the transport's suites; prints the counts. */
#include <stdlib.h>

#include "certificate.h"
#include "mock_core.h"
#include "raw.h"
#include "suites.h"

void server_up_with(const struct mock_options *options)
{
	struct mock_options secure = *options;

	if (raw_over_tls()) {
		certificate_make();
		secure.certificate = certificate_file;
		secure.key = certificate_key;
	}
	mock_start(&secure);
}

void server_up(void)
{
	server_up_with(&(struct mock_options){0});
}

void server_down(void)
{
	mock_stop();
	if (raw_over_tls())
		certificate_remove();
}

int main(void)
{
	SRunner *runner = srunner_create(suite_handshake());
	int failed;

	srunner_add_suite(runner, suite_frames());
	srunner_add_suite(runner, suite_close());
	srunner_add_suite(runner, suite_idle());
	srunner_add_suite(runner, suite_http());
	srunner_add_suite(runner, suite_body());
	srunner_add_suite(runner, suite_limits());
	srunner_add_suite(runner, suite_tls());
	srunner_add_suite(runner, suite_deflate());
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
