/* SPDX-License-Identifier: MIT */
/*
 * Requests through the whole HTTP side, without sockets: routes, errors, Origin, rates, users, static files.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <msgc/http.h>

#include "exchange_kit.h"
#include "suites.h"

static int released; /* users whose data was given back */

/* ---- the handlers of the tests */

/* Everything that a handler can know, as one text. */
static int echo(void *app, struct msgc_http_request *request, struct msgc_http_response *response)
{
	struct msgc_buf text;
	int result;

	msgc_buf_init(&text, 0);
	msgc_buf_printf(&text, "%s %s %s|", (const char *)app, msgc_http_method(request),
	        msgc_http_path(request).ptr);
	msgc_buf_printf(&text, "id=%s q=%s f=%s c=%s h=%s|", msgc_http_param(request, "id").ptr,
	        msgc_http_query(request, "q").ptr, msgc_http_form(request, "f").ptr,
	        msgc_http_cookie(request, "c").ptr, msgc_http_header(request, "X-Own").ptr);
	msgc_buf_printf(&text, "%s %s|", msgc_http_address(request),
	        msgc_http_is_secure(request) ? "tls" : "plain");
	msgc_buf_append(&text, msgc_http_body(request).ptr, msgc_http_body(request).len);
	ck_assert(msgc_http_server(request) == kit_server);
	/* The padding behind the body may be written to. */
	memset((char *)msgc_http_body(request).ptr + msgc_http_body(request).len, 0, MSGC_PADDING);
	result = msgc_http_text(response, "text/plain", msgc_buf_str(&text));
	msgc_buf_free(&text);
	return result;
}

static int fail_by_code(
        void *app, struct msgc_http_request *request, struct msgc_http_response *response)
{
	(void)app;
	msgc_http_set_header(response, "X-Secret", "inner");
	msgc_http_text(response, "text/plain", MSGC_STR("inner words"));
	return atoi(msgc_http_query(request, "code").ptr);
}

static int write_things(
        void *app, struct msgc_http_request *request, struct msgc_http_response *response)
{
	(void)app;
	(void)request;
	ck_assert_int_eq(msgc_http_set_header(response, "X-One", "1"), 0);
	ck_assert_int_eq(msgc_http_set_header(response, "x-one", "2"), 0);
	ck_assert_int_eq(msgc_http_set_header(response, "X-Frame-Options", "SAMEORIGIN"), 0);
	ck_assert_int_eq(msgc_http_set_header(response, "Referrer-Policy", ""), 0);
	ck_assert_int_eq(
	        msgc_http_set_header(response, "X-Bad", "a\r\nSet-Cookie: b=1"), MSGC_EINVAL);
	ck_assert_int_eq(msgc_http_set_header(response, "X Bad", "1"), MSGC_EINVAL);
	ck_assert_int_eq(msgc_http_set_header(response, "X-Bad\n", "1"), MSGC_EINVAL);
	ck_assert_int_eq(msgc_http_set_header(response, "", "1"), MSGC_EINVAL);
	ck_assert_int_eq(msgc_http_set_header(response, "Content-Length", "1"), MSGC_EINVAL);
	ck_assert_int_eq(
	        msgc_http_set_header(response, "Transfer-Encoding", "chunked"), MSGC_EINVAL);
	ck_assert_int_eq(msgc_http_set_cookie(response, "a", "1", NULL), 0);
	ck_assert_int_eq(msgc_http_set_cookie(response, "b", "2", NULL), 0);
	ck_assert_int_eq(msgc_http_set_cookie(response, "c", "3; Domain=x", NULL), MSGC_EINVAL);
	msgc_http_status(response, 201);
	msgc_http_status(response, 99);
	msgc_http_status(response, 600);
	ck_assert_int_eq(msgc_http_text(response, "text/html\r\n", MSGC_STR("")), MSGC_EINVAL);
	ck_assert_int_eq(msgc_http_text(response, "text/plain", MSGC_STR("first")), 0);
	return msgc_http_json(response, MSGC_STR("{\"last\":true}"));
}

static int many_headers(
        void *app, struct msgc_http_request *request, struct msgc_http_response *response)
{
	char name[16];
	int result = 0, count = 0;

	(void)app;
	(void)request;
	while (result == 0 && count < 1000) {
		snprintf(name, sizeof(name), "x-%d", count++);
		result = msgc_http_set_header(response, name, "1");
	}
	ck_assert_int_eq(result, MSGC_ELIMIT);
	return 0;
}

static int go(void *app, struct msgc_http_request *request, struct msgc_http_response *response)
{
	(void)app;
	ck_assert_int_eq(msgc_http_redirect(response, 200, "/"), MSGC_EINVAL);
	ck_assert_int_eq(msgc_http_redirect(response, 302, "/\r\nX: 1"), MSGC_EINVAL);
	return msgc_http_redirect(response, 303, msgc_http_query(request, "to").ptr);
}

static int refuse(void *app, struct msgc_http_request *request, struct msgc_http_response *response)
{
	(void)app;
	return msgc_http_error(
	        response, 422, "bad_name", "no \"%s\"", msgc_http_query(request, "name").ptr);
}

static int long_detail(
        void *app, struct msgc_http_request *request, struct msgc_http_response *response)
{
	char text[3000];

	(void)app;
	(void)request;
	for (size_t i = 0; i + 1 < sizeof(text); i += 2)
		memcpy(text + i, "\xc3\xa9", 2);
	text[sizeof(text) - 2] = '\0';
	return msgc_http_error(response, 400, "long", "x%s", text);
}

static int not_text(
        void *app, struct msgc_http_request *request, struct msgc_http_response *response)
{
	(void)app;
	(void)request;
	return msgc_http_error(response, 400, "odd", "\xff\xfe");
}

static int whoami(void *app, struct msgc_http_request *request, struct msgc_http_response *response)
{
	const struct msgc_user *user = NULL, *again = NULL;
	int result = msgc_http_user(request, &user);
	char text[128];

	(void)app;
	if (result)
		return result;
	ck_assert_int_eq(msgc_http_user(request, &again), 0);
	ck_assert_ptr_eq(user, again);
	snprintf(text, sizeof(text), "%s:%s", user->realm.ptr, user->id.ptr);
	return msgc_http_text(response, "text/plain", msgc_str_from(text));
}

static atomic_bool slow_may_end;

static int slow(void *app, struct msgc_http_request *request, struct msgc_http_response *response)
{
	(void)app;
	(void)request;
	while (!atomic_load(&slow_may_end))
		usleep(1000);
	return msgc_http_text(response, "text/plain", MSGC_STR("slow"));
}

static int greedy(void *app, struct msgc_http_request *request, struct msgc_http_response *response)
{
	struct msgc_str large = {.len = 20u << 20};
	char *text = calloc(1, large.len);

	(void)app;
	(void)request;
	large.ptr = text;
	ck_assert_int_eq(msgc_http_text(response, "text/plain", large), MSGC_ENOMEM);
	free(text);
	return 0; /* it does not care */
}

static char app_name[] = "app";
static const struct msgc_http_route routes[] = {
        {"GET", "/", echo, 0, 0, 0, 0},
        {"GET", "/rooms/{id}", echo, 0, 0, 0, 0},
        {"POST", "/rooms/{id}", echo, 100, 0, 0, 0},
        {"POST", "/open", echo, 0, MSGC_HTTP_ANY_ORIGIN, 0, 0},
        {"POST", "/login", echo, 0, 0, 2, 60000},
        {"GET", "/fail", fail_by_code, 0, 0, 0, 0},
        {"GET", "/things", write_things, 0, 0, 0, 0},
        {"GET", "/many", many_headers, 0, 0, 0, 0},
        {"GET", "/go", go, 0, 0, 0, 0},
        {"GET", "/refuse", refuse, 0, 0, 0, 0},
        {"GET", "/long", long_detail, 0, 0, 0, 0},
        {"GET", "/odd", not_text, 0, 0, 0, 0},
        {"GET", "/me", whoami, 0, 0, 0, 0},
        {"POST", "/me", whoami, 0, MSGC_HTTP_ANY_ORIGIN, 0, 0},
        {"GET", "/slow", slow, 0, 0, 0, 0},
        {"GET", "/greedy", greedy, 0, 0, 0, 0},
        {"POST", "/page.html", echo, 0, 0, 0, 0},
};
enum { ROUTES = sizeof(routes) / sizeof(routes[0]) };

static void release_data(void *data)
{
	ck_assert_ptr_eq(data, &released);
	released++;
}

static int find_session(
        void *app, struct msgc_lookup *lookup, struct msgc_str cookie, struct msgc_user *ret_user)
{
	static char id[16]; /* copied once the hook has answered */

	ck_assert_str_eq(app, "app");
	ck_assert_ptr_null(lookup);
	ck_assert(msgc_lookup_may_block(lookup));
	if (msgc_str_equal(cookie, MSGC_STR("broken")))
		return MSGC_EIO;
	if (!msgc_str_equal(cookie, MSGC_STR("ada")) && !msgc_str_equal(cookie, MSGC_STR("old")))
		return MSGC_EUNAUTHENTICATED;
	snprintf(id, sizeof(id), "%.*s", (int)cookie.len, cookie.ptr);
	ret_user->id = msgc_str_from(id);
	ret_user->data = &released;
	ret_user->release = release_data;
	ret_user->expires_at = id[0] == 'o' ? 1000 : 0;
	return 0;
}

static int verify_token(void *context, struct msgc_str token, int64_t now, struct msgc_arena *arena,
        struct msgc_user *ret_user)
{
	(void)context;
	ck_assert_int_gt(now, 1700000000);
	if (!msgc_str_equal(token, MSGC_STR("good")))
		return MSGC_EUNAUTHENTICATED;
	return msgc_arena_copy(arena, MSGC_STR("bob"), &ret_user->id);
}

static void serve(const char *const *arguments)
{
	kit_new(arguments);
	ck_assert_int_eq(msgc_server_routes(kit_server, routes, ROUTES, app_name), 0);
	msgc_server_use_sessions(kit_server, "sid", find_session, app_name);
	msgc_server_use_tokens(kit_server, verify_token, "token", NULL, NULL);
}

static void setup(void)
{
	static const char *const quiet[] = {"--log-level=error", NULL};

	released = 0;
	serve(quiet);
	ck_assert_int_eq(msgc_server_keep_header(kit_server, "X-Own"), 0);
	ck_assert_int_eq(kit_start(), 0);
}

static void teardown(void)
{
	if (kit_server)
		kit_free();
}

static void expect_error(int status, const char *reason)
{
	char start[64];

	snprintf(start, sizeof(start), "{\"error\":{\"reason\":\"%s\",\"detail\":\"", reason);
	ck_assert_int_eq(kit_response.status, status);
	ck_assert_msg(
	        strncmp(kit_response.body, start, strlen(start)) == 0, "%s", kit_response.body);
	ck_assert_str_eq(kit_value("content-type"), "application/json");
}

/* ---- routes */

START_TEST(a_handler_sees_the_request)
{
	kit_header("x-own", "own");
	kit_header("cookie", "c=cookie");
	ck_assert_int_eq(kit_request("GET", "/rooms/a%20b?q=1+2&q=3"), 200);
	ck_assert_str_eq(kit_response.body,
	        "app GET /rooms/a b|id=a b q=1 2 f= c=cookie h=own|192.0.2.1 plain|");
	ck_assert_str_eq(kit_value("content-type"), "text/plain");
	ck_assert_int_eq(kit_request("GET", "/"), 200);
	ck_assert_str_eq(kit_response.body, "app GET /|id= q= f= c= h=|192.0.2.1 plain|");
}
END_TEST

START_TEST(bodies_and_forms)
{
	kit_header("content-type", "application/x-www-form-urlencoded; charset=utf-8");
	kit_body("f=a%2Bb&g=1", 11);
	ck_assert_int_eq(kit_request("POST", "/rooms/1"), 200);
	ck_assert_uint_eq(kit_body_limit(), 100);
	ck_assert_str_eq(kit_response.body,
	        "app POST /rooms/1|id=1 q= f=a+b c= h=|192.0.2.1 plain|f=a%2Bb&g=1");
	kit_body("f=1", 3);
	kit_header("content-type", "application/json");
	ck_assert_int_eq(kit_request("POST", "/rooms/1"), 200);
	ck_assert_ptr_nonnull(strstr(kit_response.body, " f= "));
	kit_header("content-type", "application/x-www-form-urlencoded");
	kit_body("f=%", 3);
	ck_assert_int_eq(kit_request("POST", "/rooms/1"), 200);
	ck_assert_ptr_nonnull(strstr(kit_response.body, " f= "));
	kit_request("GET", "/");
	ck_assert_uint_eq(kit_body_limit(), 64 * 1024);
}
END_TEST

START_TEST(what_no_route_has)
{
	kit_request("GET", "/none");
	expect_error(404, "not_found");
	kit_request("DELETE", "/rooms/1");
	expect_error(405, "method_not_allowed");
	ck_assert_str_eq(kit_value("allow"), "OPTIONS, GET, HEAD, POST");
	ck_assert_int_eq(kit_request("OPTIONS", "/rooms/1"), 204);
	ck_assert_str_eq(kit_value("allow"), "OPTIONS, GET, HEAD, POST");
	ck_assert_uint_eq(kit_response.len, 0);
	ck_assert_int_eq(kit_request("OPTIONS", "/none"), 404);
	kit_request("PROPFINDER", "/");
	expect_error(501, "not_implemented");
}
END_TEST

START_TEST(head_is_get_without_the_body)
{
	ck_assert_int_eq(kit_request("HEAD", "/rooms/1"), 200);
	ck_assert(kit_response.head_only);
	ck_assert_uint_gt(kit_response.len, 0); /* the transport needs its length */
	kit_request("GET", "/rooms/1");
	ck_assert(!kit_response.head_only);
}
END_TEST

START_TEST(broken_requests)
{
	char path[MSGC__PATH_MAX + 2];

	kit_request("GET", "/%zz");
	expect_error(400, "invalid");
	kit_request("GET", "/a%00");
	expect_error(400, "invalid");
	memset(path, 'a', sizeof(path));
	path[0] = '/';
	path[sizeof(path) - 1] = '\0';
	kit_request("GET", path);
	expect_error(414, "too_large");
}
END_TEST

START_TEST(results_become_statuses)
{
	static const struct {
		int code;
		int status;
		const char *reason;
	} cases[] = {{MSGC_ECONTRACT, 400, "invalid"},
	        {MSGC_EUNAUTHENTICATED, 401, "unauthenticated"}, {MSGC_EDENIED, 403, "forbidden"},
	        {MSGC_EREFUSED, 403, "refused"}, {MSGC_ENOTFOUND, 404, "not_found"},
	        {MSGC_ECONFLICT, 409, "conflict"}, {MSGC_ELIMIT, 413, "too_large"},
	        {MSGC_EBUSY, 503, "busy"}, {MSGC_EIO, 500, "failed"},
	        {MSGC_EINTERNAL, 500, "failed"}, {MSGC_LATER, 500, "failed"},
	        {-999, 500, "failed"}};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char target[32];

		snprintf(target, sizeof(target), "/fail?code=%d", cases[i].code);
		kit_request("GET", target);
		expect_error(cases[i].status, cases[i].reason);
		ck_assert_ptr_null(
		        strstr(kit_response.body, "inner")); /* nothing of what it had written */
		ck_assert_str_eq(kit_value("x-secret"), "");
	}
	kit_request("GET", "/fail?code=-9");
	ck_assert_str_eq(kit_value("retry-after"), "1");
}
END_TEST

/* ---- responses */

START_TEST(responses_are_safe_by_default)
{
	kit_request("GET", "/");
	ck_assert_str_eq(kit_value("x-content-type-options"), "nosniff");
	ck_assert_str_eq(kit_value("x-frame-options"), "DENY");
	ck_assert_str_eq(kit_value("referrer-policy"), "same-origin");
	ck_assert_str_eq(kit_value("cache-control"), "no-store");
	kit_request("GET", "/none");
	ck_assert_str_eq(kit_value("x-content-type-options"), "nosniff");
}
END_TEST

START_TEST(handlers_write_headers_and_cookies)
{
	ck_assert_int_eq(kit_request("GET", "/things"), 201);
	ck_assert_str_eq(kit_response.body, "{\"last\":true}");
	ck_assert_str_eq(kit_value("content-type"), "application/json");
	ck_assert_str_eq(kit_value("x-one"), "2");
	ck_assert_str_eq(kit_value("x-frame-options"), "SAMEORIGIN");
	ck_assert_str_eq(kit_value("referrer-policy"), "");
	ck_assert_ptr_null(strstr(kit_response.headers, "x-bad"));
	ck_assert_ptr_nonnull(
	        strstr(kit_response.headers, "set-cookie: a=1; Path=/; HttpOnly; SameSite=Lax\n"));
	ck_assert_ptr_nonnull(
	        strstr(kit_response.headers, "set-cookie: b=2; Path=/; HttpOnly; SameSite=Lax\n"));
	ck_assert_ptr_null(strstr(kit_response.headers, "Domain"));
	ck_assert_int_eq(kit_request("GET", "/many"), 200);
	ck_assert_str_eq(
	        kit_value("x-content-type-options"), "nosniff"); /* there is room left for these */
}
END_TEST

START_TEST(redirects_and_errors)
{
	ck_assert_int_eq(kit_request("GET", "/go?to=/rooms/1"), 303);
	ck_assert_str_eq(kit_value("location"), "/rooms/1");
	kit_request("GET", "/go?to=");
	ck_assert_int_eq(kit_response.status, 500);
	kit_request("GET", "/refuse?name=a%22%0A");
	ck_assert_int_eq(kit_response.status, 422);
	ck_assert_str_eq(kit_response.body,
	        "{\"error\":{\"reason\":\"bad_name\",\"detail\":\"no \\\"a\\\"\\n\\\"\"}}");
	kit_request("GET", "/long");
	expect_error(400, "long");
	ck_assert_uint_gt(kit_response.len, 1000);
	ck_assert(msgc_utf8_valid(kit_response.body, kit_response.len));
	kit_request("GET", "/odd");
	expect_error(400, "odd");
}
END_TEST

START_TEST(memory_is_bounded)
{
	kit_request("GET", "/greedy");
	expect_error(503, "busy");
	ck_assert_str_eq(kit_value("x-content-type-options"), "nosniff");
}
END_TEST

/* ---- Origin */

START_TEST(posts_of_other_sites_are_refused)
{
	kit_header("host", "chat.example");
	kit_header("origin", "http://evil.example");
	kit_request("POST", "/rooms/1");
	expect_error(403, "forbidden");
	kit_header("host", "chat.example");
	kit_header("origin", "http://chat.example");
	kit_header("cookie", "sid=ada");
	ck_assert_int_eq(kit_request("POST", "/rooms/1"), 200);
	kit_header("cookie", "sid=ada");
	kit_request("POST", "/rooms/1"); /* no Origin beside a cookie */
	expect_error(403, "forbidden");
	ck_assert_int_eq(kit_request("POST", "/rooms/1"), 200); /* no cookie: nothing to misuse */
	kit_header("origin", "http://evil.example");
	ck_assert_int_eq(kit_request("POST", "/open"), 200);
	kit_header("origin", "http://evil.example");
	ck_assert_int_eq(kit_request("GET", "/rooms/1"), 200);
}
END_TEST

START_TEST(clients_that_are_no_browsers_can_be_let_in)
{
	static const char *const arguments[] = {"--no-origin-required", "--log-level=error", NULL};

	kit_free();
	serve(arguments);
	ck_assert_int_eq(kit_start(), 0);
	kit_header("cookie", "sid=ada");
	ck_assert_int_eq(kit_request("POST", "/rooms/1"), 200);
	kit_header("cookie", "sid=ada");
	kit_header("origin", "http://evil.example");
	ck_assert_int_eq(kit_request("POST", "/rooms/1"), 403);
}
END_TEST

/* ---- users */

START_TEST(who_asks)
{
	kit_header("cookie", "x=1; sid=ada");
	ck_assert_int_eq(kit_request("GET", "/me"), 200);
	ck_assert_str_eq(kit_response.body, "session:ada");
	ck_assert_int_eq(released, 1);
	kit_header("authorization", "bearer good");
	ck_assert_int_eq(kit_request("GET", "/me"), 200);
	ck_assert_str_eq(kit_response.body, "jwt:bob");
	kit_header("cookie", "sid=wrong; token=good");
	ck_assert_int_eq(kit_request("GET", "/me"), 200);
	ck_assert_str_eq(kit_response.body, "jwt:bob");
	kit_header("cookie", "sid=ada");
	kit_header("authorization", "Bearer good");
	kit_request("GET", "/me");
	ck_assert_str_eq(kit_response.body, "session:ada");
	ck_assert_int_eq(released, 2);
}
END_TEST

START_TEST(who_is_not_recognised)
{
	kit_request("GET", "/me");
	expect_error(401, "unauthenticated");
	ck_assert_str_eq(kit_value("www-authenticate"), "Bearer");
	kit_header("cookie", "sid=");
	ck_assert_int_eq(kit_request("GET", "/me"), 401);
	kit_header("cookie", "sid=old"); /* expired */
	ck_assert_int_eq(kit_request("GET", "/me"), 401);
	ck_assert_int_eq(released, 1);
	kit_header("cookie", "sid=broken");
	ck_assert_int_eq(kit_request("GET", "/me"), 500);
	kit_header("authorization", "Basic good");
	ck_assert_int_eq(kit_request("GET", "/me"), 401);
	kit_header("authorization", "Bearer ");
	ck_assert_int_eq(kit_request("GET", "/me"), 401);
}
END_TEST

START_TEST(cookies_of_a_foreign_page_are_nobodys)
{
	kit_header("origin", "http://evil.example");
	kit_header("cookie", "sid=ada; token=good");
	ck_assert_int_eq(kit_request("GET", "/me"), 401);
	kit_header("cookie",
	        "sid=ada; token=good"); /* a route that takes any origin, but no cookies from nowhere */
	ck_assert_int_eq(kit_request("POST", "/me"), 401);
	kit_header("origin", "http://evil.example");
	kit_header("authorization", "Bearer good");
	ck_assert_int_eq(kit_request("POST", "/me"), 200);
}
END_TEST

/* ---- limits */

START_TEST(a_route_has_a_rate_per_address)
{
	ck_assert_int_eq(kit_request("POST", "/login"), 200);
	ck_assert_int_eq(kit_request("POST", "/login"), 200);
	kit_request("POST", "/login");
	expect_error(429, "rate_limited");
	ck_assert_int_ge(atoi(kit_value("retry-after")), 29);
	ck_assert_int_le(atoi(kit_value("retry-after")), 30);
	ck_assert_int_eq(kit_request("POST", "/open"), 200);
}
END_TEST

START_TEST(a_full_pool_answers_busy)
{
	static const char *const arguments[] = {
	        "--pool-threads=1", "--pool-queue=1", "--log-level=error", NULL};
	struct msgc__exchange *many[8];
	int busy = 0;

	kit_free();
	serve(arguments);
	ck_assert_int_eq(kit_start(), 0);
	for (size_t i = 0; i < 8; i++) {
		many[i] = kit_begin("GET", "/slow");
		/* The thread may take the first job at any moment: then another one finds room. */
		if (!kit_response.arrived)
			continue;
		expect_error(503, "busy");
		busy++;
	}
	ck_assert_int_ge(busy, 6);
	for (size_t i = 0; i < 8; i++)
		msgc__exchange_end(many[i]); /* two of them while they are on the pool */
	atomic_store(&slow_may_end, true);
	kit_wait_for_ends();
}
END_TEST

START_TEST(a_client_that_leaves_is_not_answered)
{
	struct msgc__exchange *exchange = kit_begin("GET", "/slow");

	msgc__exchange_end(exchange);
	atomic_store(&slow_may_end, true);
	kit_wait_for_ends();
	ck_assert(!kit_response.arrived);
}
END_TEST

START_TEST(a_server_that_ends_frees_what_its_pool_drops)
{
	static const char *const arguments[] = {"--pool-threads=1", "--log-level=error", NULL};

	kit_free();
	serve(arguments);
	ck_assert_int_eq(kit_start(), 0);
	for (int i = 0; i < 5; i++)
		msgc__exchange_end(kit_begin("GET", "/slow"));
	atomic_store(&slow_may_end, true);
	kit_free(); /* looks for exchanges that are left */
}
END_TEST

/* ---- behind a proxy */

START_TEST(a_proxy_names_the_client)
{
	static const char *const arguments[] = {"--trusted-proxies=192.0.2.0/24",
	        "--public-url=https://chat.example", "--log-level=error", NULL};

	kit_free();
	serve(arguments);
	ck_assert_int_eq(kit_start(), 0);
	kit_header("x-forwarded-for", "198.51.100.9");
	kit_header("x-forwarded-proto", "https");
	kit_header("origin", "https://chat.example");
	ck_assert_int_eq(kit_request("POST", "/rooms/1"), 200);
	ck_assert_ptr_nonnull(strstr(kit_response.body, "|198.51.100.9 tls|"));
	kit_header("x-forwarded-for", "198.51.100.9");
	kit_header("x-forwarded-proto", "https");
	kit_request("GET", "/things");
	ck_assert_ptr_nonnull(strstr(
	        kit_response.headers, "set-cookie: a=1; Path=/; HttpOnly; Secure; SameSite=Lax\n"));
	kit_request("GET", "/");
	expect_error(400, "invalid");
	kit_header("x-forwarded-for", "198.51.100.9, 198.51.100.10");
	kit_request("GET", "/");
	expect_error(400, "invalid");
}
END_TEST

/* ---- administration */

START_TEST(health)
{
	ck_assert_int_eq(kit_admin_request("GET", "/healthz"), 200);
	ck_assert_str_eq(kit_response.body, "{\"status\":\"ok\"}");
	ck_assert_int_eq(kit_admin_request("HEAD", "/healthz"), 200);
	ck_assert_int_eq(kit_admin_request("POST", "/healthz"), 405);
	ck_assert_int_eq(kit_admin_request("GET", "/"), 404);
	ck_assert_int_eq(kit_request("GET", "/healthz"), 404); /* not for the public */
	atomic_store(&kit_server->stopping, true);
	ck_assert_int_eq(kit_admin_request("GET", "/healthz"), 503);
	ck_assert_str_eq(kit_response.body, "{\"status\":\"draining\"}");
}
END_TEST

START_TEST(playground)
{
	static const char *const on[] = {"--playground=yes", "--log-level=error", NULL};
	static const char *const off[] = {"--playground=no", "--log-level=error", NULL};

	kit_free();
	serve(on);
	ck_assert_int_eq(kit_start(), 0);
	kit_header("host", "localhost:8001");
	ck_assert_int_eq(kit_admin_request("GET", "/playground"), 200);
	ck_assert_str_eq(kit_value("content-type"), "text/html; charset=utf-8");
	ck_assert_ptr_nonnull(strstr(kit_response.body, "/playground/playground.js"));
	ck_assert_ptr_nonnull(strstr(kit_value("content-security-policy"),
	        "default-src 'none'; script-src 'self'; style-src 'self'"));
	ck_assert_ptr_nonnull(strstr(kit_value("content-security-policy"), " ws://localhost:"));
	kit_header("host", "x'; script-src *");
	ck_assert_int_eq(kit_admin_request("GET", "/playground/playground.js"), 200);
	ck_assert_str_eq(kit_value("content-type"), "text/javascript; charset=utf-8");
	ck_assert_ptr_null(strstr(kit_value("content-security-policy"), "*"));
	kit_header("if-none-match", kit_value("etag"));
	ck_assert_int_eq(kit_admin_request("GET", "/playground/playground.js"), 304);
	ck_assert_int_eq(kit_admin_request("GET", "/playground/server.json"), 200);
	ck_assert_ptr_nonnull(strstr(kit_response.body, "\"contracts\":["));
	ck_assert_int_eq(kit_admin_request("POST", "/playground"), 405);
	ck_assert_int_eq(kit_admin_request("GET", "/playground/ticket"), 405);
	ck_assert_int_eq(kit_admin_request("POST", "/playground/ticket"), 401);
	for (size_t i = 0; i < 6; i++) {
		static const char *const none[] = {"/playgrounds", "/playground/none.js",
		        "/playground/asyncapi/none.json", "/playground/asyncapi/.json",
		        "/playground/../healthz/x", "/playground/playground.js/"};

		ck_assert_msg(kit_admin_request("GET", none[i]) != 200, "%s", none[i]);
	}
	ck_assert_int_eq(kit_request("GET", "/playground/server.json"), 404);
	kit_free();
	serve(off);
	ck_assert_int_eq(kit_start(), 0);
	ck_assert_int_eq(kit_admin_request("GET", "/playground"), 404);
	ck_assert_int_eq(kit_admin_request("POST", "/playground/ticket"), 404);
}
END_TEST

START_TEST(a_draining_server_takes_no_new_requests)
{
	kit_worker->state = MSGC__WORKER_DRAINING;
	kit_request("GET", "/");
	expect_error(503, "busy");
	ck_assert_str_eq(kit_value("retry-after"), "1");
	kit_worker->state = MSGC__WORKER_SERVING;
}
END_TEST

/* ---- registration */

START_TEST(mistakes_of_the_program_refuse_the_start)
{
	static const struct msgc_http_route twice[] = {{"GET", "/rooms/{slug}", echo, 0, 0, 0, 0}};
	static const struct msgc_http_route odd[] = {{"GET", "rooms", echo, 0, 0, 0, 0}};
	static const char *const arguments[] = {"--log-level=error", NULL};

	kit_free();
	serve(arguments);
	ck_assert_int_eq(msgc_server_routes(kit_server, twice, 1, NULL), 0);
	ck_assert_int_eq(kit_start(), MSGC_ECONFIG);
	kit_free();
	serve(arguments);
	ck_assert_int_eq(msgc_server_routes(kit_server, odd, 1, NULL), MSGC_ECONFIG);
	ck_assert(!msgc_server_will_run(kit_server));
	kit_free();
	serve(arguments);
	ck_assert_int_eq(
	        msgc_server_static(kit_server, "/", "/nonexistent/directory"), MSGC_ECONFIG);
	ck_assert_int_eq(msgc_server_static(kit_server, "assets", "/tmp"), MSGC_ECONFIG);
	ck_assert_int_eq(msgc_server_static(kit_server, "/../", "/tmp"), MSGC_ECONFIG);
	ck_assert_int_eq(msgc_server_header(kit_server, "Content-Length", "1"), MSGC_ECONFIG);
	ck_assert_int_eq(msgc_server_header(kit_server, "X", "a\nb"), MSGC_ECONFIG);
	ck_assert_int_eq(msgc_server_keep_header(kit_server, "a b"), MSGC_ECONFIG);
	kit_free();
	serve(arguments);
	ck_assert_int_eq(msgc_server_static(kit_server, "/a", "/tmp"), 0);
	ck_assert_int_eq(msgc_server_static(kit_server, "/a/", "/usr"), 0);
	ck_assert_int_eq(kit_start(), MSGC_ECONFIG);
}
END_TEST

START_TEST(the_transport_learns_which_headers_to_copy)
{
	const char *const *names;
	size_t count = msgc__http_header_names(&kit_server->http, &names);
	bool own = false, host = false;

	for (size_t i = 0; i < count; i++) {
		own = own || strcmp(names[i], "x-own") == 0;
		host = host || strcmp(names[i], "host") == 0;
	}
	ck_assert(own);
	ck_assert(host);
	ck_assert_ptr_null(names[count]);
	msgc_server_keep_header(kit_server, "Host");
	ck_assert_uint_eq(msgc__http_header_names(&kit_server->http, &names), count);
}
END_TEST

/* ---- static files, through the exchange */

static char root[64];

static void write_file(const char *name, const char *text, size_t times)
{
	char path[128];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", root, name);
	file = fopen(path, "w");
	ck_assert_ptr_nonnull(file);
	for (size_t i = 0; i < times; i++)
		fputs(text, file);
	fclose(file);
}

static void setup_static(void)
{
	static const char *const arguments[] = {"--log-level=error", "--static-max-age=1h", NULL};
	char path[128];

	strcpy(root, "/tmp/msgc-exchange-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(root));
	snprintf(path, sizeof(path), "%s/docs", root);
	ck_assert_int_eq(mkdir(path, 0755), 0);
	write_file("page.html", "<p>", 1);
	write_file("app.js", "1", 1);
	write_file("large.txt", "0123456789abcdef", 20000);
	write_file("docs/index.html", "docs", 1);
	serve(arguments);
	ck_assert_int_eq(msgc_server_static(kit_server, "/", root), 0);
	ck_assert_int_eq(msgc_server_static(kit_server, "/deep/assets/", root), 0);
	ck_assert_int_eq(
	        msgc_server_header(kit_server, "Content-Security-Policy", "default-src 'self'"), 0);
	ck_assert_int_eq(msgc_server_header(kit_server, "X-Frame-Options", ""), 0);
	ck_assert_int_eq(kit_start(), 0);
}

static void teardown_static(void)
{
	char command[96];

	kit_free();
	snprintf(command, sizeof(command), "rm -r %s", root);
	ck_assert_int_eq(system(command), 0);
}

START_TEST(files_are_served_with_type_and_etag)
{
	char etag[128];

	ck_assert_int_eq(kit_request("GET", "/app.js"), 200);
	ck_assert_str_eq(kit_response.body, "1");
	ck_assert_str_eq(kit_value("content-type"), "text/javascript; charset=utf-8");
	ck_assert_str_eq(kit_value("cache-control"), "public, max-age=3600");
	ck_assert_str_eq(kit_value("content-security-policy"), "default-src 'self'");
	ck_assert_str_eq(kit_value("x-frame-options"), "");
	ck_assert_str_eq(kit_value("x-content-type-options"), "nosniff");
	snprintf(etag, sizeof(etag), "%s", kit_value("etag"));
	kit_header("if-none-match", etag);
	ck_assert_int_eq(kit_request("GET", "/app.js"), 304);
	ck_assert_uint_eq(kit_response.len, 0);
	ck_assert_str_eq(kit_value("etag"), etag);
	ck_assert_str_eq(kit_value("content-type"), "");
	kit_header("if-none-match", "\"other\"");
	ck_assert_int_eq(kit_request("GET", "/app.js"), 200);
	kit_request("GET", "/page.html");
	ck_assert_str_eq(kit_value("cache-control"), "no-cache"); /* pages are asked for anew */
	ck_assert_int_eq(kit_request("HEAD", "/app.js"), 200);
	ck_assert(kit_response.head_only);
}
END_TEST

START_TEST(directories_and_prefixes)
{
	ck_assert_int_eq(kit_request("GET", "/docs?a=1"), 301);
	ck_assert_str_eq(kit_value("location"), "/docs/?a=1");
	ck_assert_int_eq(kit_request("GET", "/docs/"), 200);
	ck_assert_str_eq(kit_response.body, "docs");
	ck_assert_int_eq(kit_request("GET", "/deep/assets/docs/"), 200);
	ck_assert_int_eq(kit_request("GET", "/deep/app.js"), 404);
	ck_assert_int_eq(kit_request("GET", "//docs"), 404);
	ck_assert_int_eq(kit_request("GET", "/\\docs"), 404);
	kit_request("GET", "/..%2f..%2fetc/passwd");
	expect_error(404, "not_found");
	kit_request("POST", "/app.js");
	expect_error(404, "not_found");
}
END_TEST

START_TEST(routes_come_before_files)
{
	kit_request("GET", "/");
	ck_assert_int_eq(strncmp(kit_response.body, "app GET /|", 10), 0);
	ck_assert_int_eq(kit_request("POST", "/page.html"), 200); /* a route of the same path */
	ck_assert_int_eq(kit_request("GET", "/page.html"), 200);  /* beside the file */
	ck_assert_str_eq(kit_response.body, "<p>");
	kit_request("GET", "/login"); /* a route, but not for GET, and no file */
	expect_error(405, "method_not_allowed");
	ck_assert_str_eq(kit_value("allow"), "OPTIONS, POST");
}
END_TEST

START_TEST(large_files_are_sent_from_the_open_file)
{
	struct msgc__exchange *exchange = kit_begin("GET", "/large.txt");
	char path[128], text[17] = "";
	int fd;

	kit_wait();
	ck_assert_int_eq(kit_response.status, 200);
	ck_assert_uint_eq(kit_response.len, 0);
	/* Even when its name is gone, or means another file. */
	snprintf(path, sizeof(path), "%s/large.txt", root);
	ck_assert_int_eq(unlink(path), 0);
	fd = open(kit_response.file, O_RDONLY);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(read(fd, text, 16), 16);
	ck_assert_str_eq(text, "0123456789abcdef");
	ck_assert_int_eq(lseek(fd, 0, SEEK_END), 320000);
	close(fd);
	msgc__exchange_end(exchange);
	fd = open(kit_response.file, O_RDONLY);
	ck_assert_int_lt(fd, 0);
}
END_TEST

Suite *exchange_suite(void)
{
	Suite *suite = suite_create("exchange");
	TCase *tcase = tcase_create("exchange"), *files = tcase_create("static files");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, a_handler_sees_the_request);
	tcase_add_test(tcase, bodies_and_forms);
	tcase_add_test(tcase, what_no_route_has);
	tcase_add_test(tcase, head_is_get_without_the_body);
	tcase_add_test(tcase, broken_requests);
	tcase_add_test(tcase, results_become_statuses);
	tcase_add_test(tcase, responses_are_safe_by_default);
	tcase_add_test(tcase, handlers_write_headers_and_cookies);
	tcase_add_test(tcase, redirects_and_errors);
	tcase_add_test(tcase, memory_is_bounded);
	tcase_add_test(tcase, posts_of_other_sites_are_refused);
	tcase_add_test(tcase, clients_that_are_no_browsers_can_be_let_in);
	tcase_add_test(tcase, who_asks);
	tcase_add_test(tcase, who_is_not_recognised);
	tcase_add_test(tcase, cookies_of_a_foreign_page_are_nobodys);
	tcase_add_test(tcase, a_route_has_a_rate_per_address);
	tcase_add_test(tcase, a_full_pool_answers_busy);
	tcase_add_test(tcase, a_client_that_leaves_is_not_answered);
	tcase_add_test(tcase, a_server_that_ends_frees_what_its_pool_drops);
	tcase_add_test(tcase, a_proxy_names_the_client);
	tcase_add_test(tcase, health);
	tcase_add_test(tcase, playground);
	tcase_add_test(tcase, a_draining_server_takes_no_new_requests);
	tcase_add_test(tcase, mistakes_of_the_program_refuse_the_start);
	tcase_add_test(tcase, the_transport_learns_which_headers_to_copy);
	suite_add_tcase(suite, tcase);

	tcase_add_checked_fixture(files, setup_static, teardown_static);
	tcase_add_test(files, files_are_served_with_type_and_etag);
	tcase_add_test(files, directories_and_prefixes);
	tcase_add_test(files, routes_come_before_files);
	tcase_add_test(files, large_files_are_sent_from_the_open_file);
	suite_add_tcase(suite, files);
	return suite;
}
