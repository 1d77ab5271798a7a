/* SPDX-License-Identifier: MIT */
/*
 * Documents of contracts over HTTP: where they are, that they are given out only where the configuration says so, what stands in
 * their way. In memory and over sockets.
 */
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include <msgc/http.h>
#include <msgc/test.h>

#include "desk.documents.h"
#include "people.documents.h"
#include "program.h"

static const char *const allowed[] = {"--documents=yes", NULL};
static struct msgc_test *test;
static bool with;

static struct msgc_test_browser *start(int mode, const char *const *arguments)
{
	test = msgc_test_start(
	        mode == 0 ? MSGC_TEST_SOCKETS : MSGC_TEST_MEMORY, program_server, &with, arguments);
	return msgc_test_browser_new(test);
}

static void setup(void)
{
	with = true;
}

static void check_document(
        struct msgc_test_browser *browser, const char *target, struct msgc_str document)
{
	const struct msgc_test_response *response = msgc_test_get(browser, target);

	ck_assert_int_eq(response->status, 200);
	ck_assert_str_eq(msgc_test_header(response, "content-type"), "application/json");
	ck_assert_str_eq(msgc_test_header(response, "cache-control"), "no-cache");
	ck_assert_msg(msgc_str_equal(response->body, document), "%s", target);
}

START_TEST(documents_are_where_they_are_looked_for)
{
	struct msgc_test_browser *browser = start(_i, allowed);

	check_document(browser, "/asyncapi.json", desk_documents.asyncapi);
	check_document(browser, "/asyncapi/desk.json", desk_documents.asyncapi);
	check_document(browser, "/schema/desk.json", desk_documents.schema);
	check_document(browser, "/schema/desk.schema.json", desk_documents.schema);
	check_document(browser, "/schema/people.json", people_documents.schema);
	check_document(browser, "/schema/people.schema.json", people_documents.schema);
	ck_assert_uint_gt(desk_documents.html.len, 1000);
	ck_assert_int_eq(memcmp(desk_documents.html.ptr, "<!doctype html>", 15), 0);
	ck_assert_msg(
	        msgc_test_get(browser, "/docs/desk")->status == 404, "only for administrators");
	msgc_test_stop(test);
}
END_TEST

START_TEST(other_paths_are_not_theirs)
{
	static const char *const targets[] = {"/schema/nobody.json", "/schema/.json",
	        "/schema/desk", "/schema/desk.json/", "/schema/", "/asyncapi/", "/asyncapi/.json",
	        "/asyncapi/desk.schema.json", "/asyncapi.json/", "/schema/desk.schema.schema.json",
	        "/schema", "/.json"};
	struct msgc_test_browser *browser = start(_i, allowed);

	for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++)
		ck_assert_msg(msgc_test_get(browser, targets[i])->status == 404, "%s", targets[i]);
	msgc_test_stop(test);
}
END_TEST

START_TEST(nothing_is_given_out_unless_it_is_allowed)
{
	static const char *const forbidden[] = {"--no-documents", NULL};
	struct msgc_test_browser *browser = start(MSGC_TEST_MEMORY, _i == 0 ? NULL : forbidden);

	ck_assert_int_eq(msgc_test_get(browser, "/asyncapi.json")->status, 404);
	ck_assert_int_eq(msgc_test_get(browser, "/schema/desk.json")->status, 404);
	msgc_test_stop(test);
}
END_TEST

START_TEST(a_program_without_documents_has_none)
{
	struct msgc_test_browser *browser;

	with = false;
	browser = start(_i, allowed);
	ck_assert_int_eq(msgc_test_get(browser, "/asyncapi.json")->status, 404);
	msgc_test_stop(test);
}
END_TEST

START_TEST(routes_of_the_program_come_first)
{
	struct msgc_test_browser *browser = start(_i, allowed);

	ck_assert_str_eq(
	        msgc_test_get(browser, "/asyncapi/people.json")->body.ptr, "the program's own");
	msgc_test_stop(test);
}
END_TEST

START_TEST(what_has_not_changed_is_not_sent_again)
{
	struct msgc_test_browser *browser = start(_i, allowed);
	const struct msgc_test_response *response = msgc_test_get(browser, "/asyncapi.json");
	char etag[64];

	ck_assert_ptr_nonnull(msgc_test_header(response, "etag"));
	strncpy(etag, msgc_test_header(response, "etag"), sizeof etag - 1);
	etag[sizeof etag - 1] = '\0';
	msgc_test_set_header(browser, "If-None-Match", etag);
	response = msgc_test_get(browser, "/asyncapi.json");
	ck_assert_int_eq(response->status, 304);
	ck_assert_uint_eq(response->body.len, 0);
	ck_assert_int_eq(msgc_test_get(browser, "/schema/desk.json")->status, 200);
	msgc_test_stop(test);
}
END_TEST

START_TEST(they_are_only_read)
{
	struct msgc_test_browser *browser = start(_i, allowed);
	const struct msgc_test_response *response =
	        msgc_test_post_json(browser, "/asyncapi.json", "{}");

	ck_assert_int_eq(response->status, 405);
	ck_assert_str_eq(msgc_test_header(response, "allow"), "GET, HEAD");
	response = msgc_test_http(browser, "HEAD", "/asyncapi.json", NULL, NULL);
	ck_assert_int_eq(response->status, 200);
	ck_assert_uint_eq(response->body.len, 0);
	msgc_test_stop(test);
}
END_TEST

static struct msgc_server *twice(int argc, char **argv, void *app)
{
	struct msgc_server *server = program_server(argc, argv, app);

	msgc_server_documents(server, &desk_documents);
	return server;
}

START_TEST(registering_twice_is_refused)
{
	char name[] = "program", *argv[] = {name, NULL};
	struct msgc_server *server = twice(1, argv, NULL);

	ck_assert(!msgc_server_will_run(server));
	msgc_server_free(server);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("documents");
	TCase *tcase = tcase_create("documents");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(tcase, setup, NULL);
	tcase_set_timeout(tcase, 30);
	tcase_add_loop_test(tcase, documents_are_where_they_are_looked_for, 0, 2);
	tcase_add_loop_test(tcase, other_paths_are_not_theirs, 0, 2);
	tcase_add_loop_test(tcase, nothing_is_given_out_unless_it_is_allowed, 0, 2);
	tcase_add_loop_test(tcase, a_program_without_documents_has_none, 0, 2);
	tcase_add_loop_test(tcase, routes_of_the_program_come_first, 0, 2);
	tcase_add_loop_test(tcase, what_has_not_changed_is_not_sent_again, 0, 2);
	tcase_add_loop_test(tcase, they_are_only_read, 0, 2);
	tcase_add_test(tcase, registering_twice_is_refused);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
