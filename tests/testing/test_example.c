/* SPDX-License-Identifier: MIT */
/*
 * The example of docs/testing.md, complete.
 */
#include <stdlib.h>

#include <check.h>

#include <msgc/test.h>

#include "kit.msgc.h"
#include "program.h"

static struct msgc_server *make(int argc, char **argv, void *app)
{
	return program_make(argc, argv, app);
}

START_TEST(a_shout_is_heard_by_all)
{
	static struct program program;
	struct msgc_test *test = msgc_test_start((enum msgc_test_mode)_i, make, &program, NULL);

	struct msgc_test_browser *browser = msgc_test_browser_new(test);
	msgc_test_log_in(browser, "/login", "name=ada");

	struct msgc_test_client *ada = msgc_test_connect(browser, "/ws/rooms/1/");
	msgc_test_wait_for_auth(ada);
	msgc_test_expect(ada, "welcome");

	msgc_test_send(ada, "{\"action\":\"shout\",\"payload\":\"hello\"}");
	const struct msgc_test_frame *frame = msgc_test_expect(ada, "heard");
	msgc_test_assert_json(frame, "/is_mine", "true");

	struct kit_heard heard;
	msgc_test_decode(frame, &kit_heard_message, &heard);
	ck_assert_str_eq(heard.payload.ptr, "hello");

	msgc_test_send(ada, "{\"action\":\"leave\",\"payload\":4000}");
	msgc_test_assert_closed(ada, 4000);
	msgc_test_stop(test);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("rooms");
	TCase *tcase = tcase_create("rooms");
	tcase_add_loop_test(
	        tcase, a_shout_is_heard_by_all, MSGC_TEST_SOCKETS, MSGC_TEST_MEMORY + 1);
	suite_add_tcase(suite, tcase);

	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
