/* SPDX-License-Identifier: MIT */
/*
 * Patterns of routes: which are refused, which contradict each other, which one a request gets.
 */
#include <stdio.h>
#include <string.h>

#include "server/http_internal.h"
#include "suites.h"

static struct msgc_arena arena;
static struct msgc_http_route declared[8];
static struct msgc__route routes[8];
static size_t count;

static int handler(
        void *app, struct msgc_http_request *request, struct msgc_http_response *response)
{
	(void)app;
	(void)request;
	(void)response;
	return 0;
}

static void setup(void)
{
	msgc_arena_init(&arena, 0);
	count = 0;
}

static void teardown(void)
{
	for (size_t i = 0; i < count; i++)
		msgc__route_free(&routes[i]);
	msgc_arena_free(&arena);
}

/* NULL, or why the pattern is refused. */
static const char *add(const char *method, const char *pattern)
{
	const char *reason = NULL;

	declared[count] =
	        (struct msgc_http_route){.method = method, .pattern = pattern, .handler = handler};
	if (msgc__route_compile(&declared[count], NULL, &routes[count], &reason) == 0)
		count++;
	return reason;
}

/* The pattern that a request gets; "405 METHODS" or "404". */
static const char *matched(const char *method, const char *path)
{
	static char out[128];
	struct msgc__path split;
	struct msgc__match match;

	ck_assert_int_eq(msgc__path_split(msgc_str_from(path), &arena, &split), 0);
	msgc__routes_match(routes, count, method, &split, &match);
	if (match.route)
		return match.route->declared->pattern;
	snprintf(out, sizeof(out), match.path_known ? "405 %s" : "404", match.allow);
	return out;
}

START_TEST(patterns_are_refused_with_a_reason)
{
	ck_assert_str_eq(add("FETCH", "/"), "the method must be GET, POST, PUT, PATCH or DELETE");
	ck_assert_str_eq(add("HEAD", "/"), "the method must be GET, POST, PUT, PATCH or DELETE");
	ck_assert_str_eq(add("GET", "x"), "the pattern must begin with '/'");
	ck_assert_str_eq(add("GET", "/a//b"), "the pattern has an empty segment");
	ck_assert_str_eq(add("GET", "/a{b}"), "a literal segment must not hold { } % ? or #");
	ck_assert_str_eq(add("GET", "/{b}c"), "a parameter is a whole segment, {name}");
	ck_assert_str_eq(add("GET", "/{}"), "a parameter is a whole segment, {name}");
	ck_assert_str_eq(add("GET", "/{1a}"), "a parameter is a whole segment, {name}");
	ck_assert_str_eq(add("GET", "/a?b"), "a literal segment must not hold { } % ? or #");
	ck_assert_str_eq(add("GET", "/{a}/{a}"), "two parameters have the same name");
	declared[0] = (struct msgc_http_route){.method = "GET", .pattern = "/"};
	const char *reason = NULL;
	ck_assert_int_eq(
	        msgc__route_compile(&declared[0], NULL, &routes[0], &reason), MSGC_ECONFIG);
	ck_assert_str_eq(reason, "the handler is missing");
}
END_TEST

START_TEST(a_request_gets_the_route_with_the_most_literals_on_the_left)
{
	ck_assert_ptr_null(add("GET", "/rooms/{slug}"));
	ck_assert_ptr_null(add("GET", "/rooms/new"));
	ck_assert_ptr_null(add("GET", "/{what}/new"));
	ck_assert_ptr_null(add("GET", "/"));
	ck_assert_str_eq(matched("GET", "/rooms/lobby"), "/rooms/{slug}");
	ck_assert_str_eq(matched("GET", "/rooms/new"), "/rooms/new");
	ck_assert_str_eq(matched("GET", "/users/new"), "/{what}/new");
	ck_assert_str_eq(matched("HEAD", "/"), "/");
	ck_assert_str_eq(matched("GET", "/rooms/lobby/"), "404");
	ck_assert_str_eq(matched("GET", "/rooms"), "404");
	ck_assert_str_eq(matched("GET", "//new"), "404"); /* a parameter is never empty */
	ck_assert_str_eq(matched("GET", "/rooms/a%2Fb"), "/rooms/{slug}");
}
END_TEST

START_TEST(other_methods_are_told)
{
	ck_assert_ptr_null(add("GET", "/login"));
	ck_assert_ptr_null(add("POST", "/login"));
	ck_assert_ptr_null(add("DELETE", "/rooms/{id}"));
	ck_assert_str_eq(matched("PUT", "/login"), "405 OPTIONS, GET, HEAD, POST");
	ck_assert_str_eq(matched("GET", "/rooms/1"), "405 OPTIONS, DELETE");
	ck_assert_str_eq(matched("BREW", "/login"), "405 OPTIONS, GET, HEAD, POST");
	ck_assert_str_eq(matched("POST", "/logout"), "404");
}
END_TEST

START_TEST(routes_that_match_the_same_requests_conflict)
{
	ck_assert_ptr_null(add("GET", "/a/{x}"));
	ck_assert_ptr_null(add("GET", "/a/{y}"));
	ck_assert_ptr_null(add("POST", "/a/{y}"));
	ck_assert_ptr_null(add("GET", "/a/{y}/"));
	ck_assert_ptr_null(add("GET", "/a/b"));
	ck_assert_ptr_null(add("GET", "/a/b"));
	ck_assert(msgc__route_conflicts(&routes[0], &routes[1]));
	ck_assert(!msgc__route_conflicts(&routes[0], &routes[2]));
	ck_assert(!msgc__route_conflicts(&routes[0], &routes[3]));
	ck_assert(!msgc__route_conflicts(&routes[0], &routes[4]));
	ck_assert(msgc__route_conflicts(&routes[4], &routes[5]));
}
END_TEST

Suite *route_suite(void)
{
	Suite *suite = suite_create("route");
	TCase *tcase = tcase_create("route");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, patterns_are_refused_with_a_reason);
	tcase_add_test(tcase, a_request_gets_the_route_with_the_most_literals_on_the_left);
	tcase_add_test(tcase, other_methods_are_told);
	tcase_add_test(tcase, routes_that_match_the_same_requests_conflict);
	suite_add_tcase(suite, tcase);
	return suite;
}
