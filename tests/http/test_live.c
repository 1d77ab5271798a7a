/* SPDX-License-Identifier: MIT */
/*
 * The HTTP side through a transport, as a browser meets it: bodies, files small and large, refusals that the transport makes itself.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <check.h>

#include <msgc/http.h>
#include <msgc/test.h>

enum { SMALL = 300, LARGE = 3000000 };

static char root[64];
static struct msgc_test *test;

static int count_body(
        void *app, struct msgc_http_request *request, struct msgc_http_response *response)
{
	char text[64];
	unsigned sum = 0;

	(void)app;
	for (size_t i = 0; i < msgc_http_body(request).len; i++)
		sum += (unsigned char)msgc_http_body(request).ptr[i];
	snprintf(text, sizeof(text), "%zu %u %s", msgc_http_body(request).len, sum,
	        msgc_http_address(request));
	return msgc_http_text(response, "text/plain", msgc_str_from(text));
}

static atomic_bool is_waiting, may_answer;

static int wait_to_be_told(
        void *app, struct msgc_http_request *request, struct msgc_http_response *response)
{
	(void)app;
	(void)request;
	atomic_store(&is_waiting, true);
	while (!atomic_load(&may_answer))
		usleep(1000);
	return msgc_http_text(response, "text/plain", MSGC_STR("done"));
}

static struct msgc_server *make(int argc, char **argv, void *app)
{
	static const struct msgc_http_route routes[] = {
	        {.method = "POST",
	                .pattern = "/count",
	                .handler = count_body,
	                .body_limit = 100000},
	        {.method = "POST", .pattern = "/small", .handler = count_body, .body_limit = SMALL},
	        {.method = "GET", .pattern = "/wait", .handler = wait_to_be_told},
	};
	struct msgc_server *server = msgc_server_new(argc, argv);

	(void)app;
	msgc_server_routes(server, routes, sizeof(routes) / sizeof(routes[0]), NULL);
	msgc_server_static(server, "/", root);
	return server;
}

static void write_file(const char *name, size_t size)
{
	char path[128];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", root, name);
	file = fopen(path, "w");
	ck_assert_ptr_nonnull(file);
	for (size_t i = 0; i < size; i++)
		fputc('a' + (int)(i % 26), file);
	fclose(file);
}

static void setup(void)
{
	strcpy(root, "/tmp/msgc-live-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(root));
	write_file("index.html", 10);
	write_file("large.bin", LARGE);
	write_file("empty.txt", 0);
}

static void teardown(void)
{
	char command[96];

	snprintf(command, sizeof(command), "rm -r %s", root);
	ck_assert_int_eq(system(command), 0);
}

static struct msgc_test_browser *start(int i)
{
	test = msgc_test_start(i == 0 ? MSGC_TEST_SOCKETS : MSGC_TEST_MEMORY, make, NULL, NULL);
	return msgc_test_browser_new(test);
}

START_TEST(bodies_arrive_whole)
{
	static char body[100001];
	struct msgc_test_browser *browser = start(_i);
	const struct msgc_test_response *response;

	memset(body, 'x', sizeof(body) - 1);
	response = msgc_test_http(browser, "POST", "/count", "text/plain", body);
	ck_assert_int_eq(response->status, 200);
	ck_assert_str_eq(response->body.ptr, "100000 12000000 127.0.0.1");
	ck_assert_str_eq(
	        msgc_test_http(browser, "POST", "/count", NULL, NULL)->body.ptr, "0 0 127.0.0.1");
	msgc_test_stop(test);
}
END_TEST

START_TEST(a_body_beyond_the_limit_of_its_route)
{
	char body[SMALL + 2];
	struct msgc_test_browser *browser = start(_i);

	memset(body, 'x', sizeof(body));
	body[SMALL + 1] = '\0';
	ck_assert_int_eq(
	        msgc_test_http(browser, "POST", "/small", "text/plain", body)->status, 413);
	body[SMALL] = '\0';
	ck_assert_int_eq(
	        msgc_test_http(browser, "POST", "/small", "text/plain", body)->status, 200);
	msgc_test_stop(test);
}
END_TEST

START_TEST(small_files)
{
	struct msgc_test_browser *browser = start(_i);
	const struct msgc_test_response *response = msgc_test_get(browser, "/");

	ck_assert_int_eq(response->status, 200);
	ck_assert_str_eq(response->body.ptr, "abcdefghij");
	ck_assert_str_eq(msgc_test_header(response, "content-type"), "text/html; charset=utf-8");
	msgc_test_set_header(browser, "If-None-Match", msgc_test_header(response, "etag"));
	response = msgc_test_get(browser, "/");
	ck_assert_int_eq(response->status, 304);
	ck_assert_uint_eq(response->body.len, 0);
	response = msgc_test_get(browser, "/empty.txt");
	ck_assert_int_eq(response->status, 200);
	ck_assert_uint_eq(response->body.len, 0);
	msgc_test_stop(test);
}
END_TEST

START_TEST(large_files)
{
	struct msgc_test_browser *browser = start(0);
	const struct msgc_test_response *response = msgc_test_get(browser, "/large.bin");
	size_t wrong = 0;

	ck_assert_int_eq(response->status, 200);
	ck_assert_uint_eq(response->body.len, LARGE);
	for (size_t i = 0; i < LARGE; i++)
		wrong += response->body.ptr[i] != 'a' + (int)(i % 26);
	ck_assert_uint_eq(wrong, 0);
	ck_assert_str_eq(msgc_test_header(response, "content-type"), "application/octet-stream");
	ck_assert_str_eq(msgc_test_header(response, "content-length"), "3000000");
	response = msgc_test_http(browser, "HEAD", "/large.bin", NULL, NULL);
	ck_assert_int_eq(response->status, 200);
	ck_assert_str_eq(msgc_test_header(response, "content-length"), "3000000");
	msgc_test_stop(test);
}
END_TEST

START_TEST(paths_that_lead_out)
{
	static const char *const targets[] = {"/../etc/passwd", "/..%2f..%2fetc/passwd",
	        "/%2e%2e/%2e%2e/etc/passwd", "//etc/passwd", "/.index.html", "/index.html/",
	        "/%00index.html"};
	struct msgc_test_browser *browser = start(_i);

	for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++) {
		const struct msgc_test_response *response = msgc_test_get(browser, targets[i]);

		ck_assert_msg(response->status == 404 || response->status == 400, "%s: %d",
		        targets[i], response->status);
		ck_assert_ptr_null(strstr(response->body.ptr, "root:"));
	}
	msgc_test_stop(test);
}
END_TEST

static void *ask(void *browser)
{
	return (void *)msgc_test_get(browser, "/wait");
}

START_TEST(a_drain_finishes_what_was_asked)
{
	struct msgc_test_browser *browser = start(_i);
	const struct msgc_test_response *response;
	pthread_t thread;
	void *answer;

	ck_assert_int_eq(pthread_create(&thread, NULL, ask, browser), 0);
	while (!atomic_load(&is_waiting)) /* in its handler */
		usleep(1000);
	msgc_test_begin_stop(test);
	atomic_store(&may_answer, true);
	pthread_join(thread, &answer);
	response = answer;
	ck_assert_int_eq(response->status, 200);
	ck_assert_str_eq(response->body.ptr, "done");
	msgc_test_stop(test);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("live");
	TCase *tcase = tcase_create("live");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_set_timeout(tcase, 30);
	tcase_add_loop_test(tcase, bodies_arrive_whole, 0, 2);
	tcase_add_loop_test(tcase, a_body_beyond_the_limit_of_its_route, 0, 2);
	tcase_add_loop_test(tcase, small_files, 0, 2);
	tcase_add_test(tcase, large_files);
	tcase_add_loop_test(tcase, paths_that_lead_out, 0, 2);
	tcase_add_loop_test(tcase, a_drain_finishes_what_was_asked, 0, 2);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
