/* SPDX-License-Identifier: MIT */
/*
 * Tokens on their way to a server: in the Authorization header, a cookie, the first frame; for WebSockets and routes; and that none of them
 * is ever logged. Over sockets and in memory.
 */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <check.h>

#include <msgc/http.h>
#include <msgc/jwt.h>
#include <msgc/test.h>

#include "fixtures.h"
#include "token.msgc.h"

static const char secret[] = "the secret of this test, of 32 bytes and more";
/* {"sub":"ada","name":"Ada","exp":4102444800}, HS256 with that secret. */
#define HEADER "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."
static const char good[] = HEADER "eyJzdWIiOiJhZGEiLCJuYW1lIjoiQWRhIiwiZXhwIjo0MTAyNDQ0ODAwfQ."
                                  "p3sysfqXZeOaMAXMevKQTVJAXrHLQse-4H4nGtZAGNo";
/* The same until 1700000000. */
static const char expired[] = HEADER "eyJzdWIiOiJhZGEiLCJuYW1lIjoiQWRhIiwiZXhwIjoxNzAwMDAwMDAwfQ."
                                     "sqcuLdzziN5LG2ZdeoUVAb88hZphDEHNwUeD5ar9VkQ";

static struct msgc_test *test;
static const char *const none[] = {NULL};

static int whoami(struct token_desk *desk, const struct token_whoami *in, struct token_you *reply)
{
	(void)in;
	reply->payload.realm = desk->user->realm;
	reply->payload.id = desk->user->id;
	reply->payload.name = desk->user->name;
	return MSGC_OK;
}

static int who(void *app, struct msgc_http_request *request, struct msgc_http_response *response)
{
	const struct msgc_user *user;
	int result = msgc_http_user(request, &user);

	(void)app;
	return result ? result : msgc_http_text(response, "text/plain", user->name);
}

static struct msgc_server *make(int argc, char **argv, void *app)
{
	static const struct token_desk_handlers handlers = {.whoami = whoami};
	static const struct msgc_http_route routes[] = {
	        {.method = "GET", .pattern = "/who", .handler = who}};
	struct msgc_jwt_options options = {.realm = "id.example", .cookie_name = "token"};
	struct msgc_server *server = msgc_server_new(argc, argv);
	struct msgc_jwt_keys *keys = msgc_jwt_keys_new();

	(void)app;
	ck_assert_int_eq(
	        msgc_jwt_keys_add(keys, MSGC_JWT_HS256, NULL, msgc_str_from(secret), NULL), 0);
	ck_assert_int_eq(msgc_server_use_jwt(server, keys, &options), 0);
	memset(&options, 0, sizeof(options)); /* it was copied */
	msgc_server_routes(server, routes, 1, NULL);
	token_desk_serve(server, &handlers, NULL);
	return server;
}

static void start(int i, const char *const *arguments)
{
	test = msgc_test_start(
	        i == 0 ? MSGC_TEST_SOCKETS : MSGC_TEST_MEMORY, make, NULL, arguments);
}

static struct msgc_test_browser *with_header(const char *scheme, const char *token)
{
	struct msgc_test_browser *browser = msgc_test_browser_new(test);
	char value[512];

	snprintf(value, sizeof(value), "%s %s", scheme, token);
	msgc_test_set_header(browser, "Authorization", value);
	return browser;
}

static void expect_ada(struct msgc_test_client *client)
{
	msgc_test_send(client, "{\"action\":\"whoami\"}");
	msgc_test_assert_json(msgc_test_expect(client, "you"), "/payload",
	        "{\"realm\":\"id.example\",\"id\":\"ada\",\"name\":\"Ada\"}");
}

static void expect_refused(struct msgc_test_browser *browser)
{
	struct msgc_test_client *client = msgc_test_connect(browser, "/ws/desk/");

	msgc_test_assert_auth(client, 401);
	msgc_test_assert_closed(client, 4401);
}

START_TEST(a_token_in_the_header)
{
	struct msgc_test_browser *browser;
	struct msgc_test_client *client;

	start(_i, none);
	browser = with_header("Bearer", good);
	client = msgc_test_connect(browser, "/ws/desk/");
	msgc_test_wait_for_auth(client);
	expect_ada(client);
	ck_assert_str_eq(msgc_test_get(browser, "/who")->body.ptr, "Ada");
	/* A program that is no browser sends no Origin, or any. */
	msgc_test_set_header(browser, "Origin", "https://elsewhere.example");
	msgc_test_wait_for_auth(msgc_test_connect(browser, "/ws/desk/"));
	expect_refused(with_header("Bearer", expired));
	ck_assert_int_eq(msgc_test_get(with_header("Bearer", expired), "/who")->status, 401);
	ck_assert_int_eq(msgc_test_get(with_header("Basic", good), "/who")->status, 401);
	msgc_test_stop(test);
}
END_TEST

START_TEST(a_token_in_a_cookie)
{
	struct msgc_test_browser *browser;
	struct msgc_test_client *client;

	start(_i, none);
	browser = msgc_test_browser_new(test);
	msgc_test_set_cookie(browser, "token", good);
	client = msgc_test_connect(browser, "/ws/desk/");
	msgc_test_wait_for_auth(client);
	expect_ada(client);
	ck_assert_str_eq(msgc_test_get(browser, "/who")->body.ptr, "Ada");
	msgc_test_set_header(browser, "Origin", "https://elsewhere.example");
	ck_assert_int_eq(msgc_test_get(browser, "/who")->status, 401);
	msgc_test_stop(test);
}
END_TEST

START_TEST(a_token_in_the_first_frame)
{
	struct msgc_test_client *client;

	start(_i, none);
	client = msgc_test_connect(msgc_test_browser_new(test), "/ws/desk/");
	msgc_test_sendf(
	        client, "{\"action\":\"authenticate\",\"payload\":{\"token\":\"%s\"}}", good);
	msgc_test_wait_for_auth(client);
	expect_ada(client);
	client = msgc_test_connect(msgc_test_browser_new(test), "/ws/desk/");
	msgc_test_sendf(
	        client, "{\"action\":\"authenticate\",\"payload\":{\"token\":\"%s\"}}", expired);
	msgc_test_assert_auth(client, 401);
	msgc_test_assert_closed(client, 4401);
	msgc_test_stop(test);
}
END_TEST

START_TEST(tokens_are_never_logged)
{
	static const char *const loud[] = {"--log-level=debug", NULL};
	static char log[65536];
	struct msgc_test_browser *browser;
	struct msgc_test_client *client;
	int ends[2];
	ssize_t n;

	ck_assert_int_eq(pipe(ends), 0);
	start(_i, loud);
	ck_assert_int_ge(dup2(ends[1], STDERR_FILENO), 0); /* where the log goes */
	browser = with_header("Bearer", good);
	msgc_test_set_cookie(browser, "token", expired);
	msgc_test_wait_for_auth(msgc_test_connect(browser, "/ws/desk/"));
	ck_assert_int_eq(msgc_test_get(with_header("Bearer", expired), "/who")->status, 401);
	client = msgc_test_connect(msgc_test_browser_new(test), "/ws/desk/");
	msgc_test_sendf(
	        client, "{\"action\":\"authenticate\",\"payload\":{\"token\":\"%s\"}}", expired);
	msgc_test_assert_closed(client, 4401);
	msgc_test_stop(test);
	n = read(ends[0], log, sizeof(log) - 1);
	ck_assert_int_gt(n, 0);
	log[n] = '\0';
	ck_assert_ptr_nonnull(strstr(log, "event=jwt.refused reason=expired"));
	ck_assert_ptr_null(strstr(log, "eyJ"));
}
END_TEST

START_TEST(mistakes_of_the_program)
{
	char name[] = "test", *argv[] = {name, NULL};
	struct msgc_server *server = msgc_server_new(1, argv);
	struct msgc_jwt_options options = {.leeway_seconds = 61};
	struct msgc_jwt_keys *keys;

	ck_assert_int_eq(msgc_server_use_jwt(server, msgc_jwt_keys_new(), NULL), MSGC_ECONFIG);
	ck_assert_int_eq(msgc_server_use_jwt(server, NULL, NULL), MSGC_ECONFIG);
	keys = msgc_jwt_keys_new();
	ck_assert_int_eq(
	        msgc_jwt_keys_add(keys, MSGC_JWT_HS256, NULL, msgc_str_from(secret), NULL), 0);
	ck_assert_int_eq(msgc_server_use_jwt(server, keys, &options), MSGC_ECONFIG);
	ck_assert(!msgc_server_will_run(server));
	msgc_server_free(server);
}
END_TEST

/* -------------------------------------------------------------------------------------- rotation */

static char directory[64];

static void write_text(const char *name, const char *text)
{
	char path[128];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	file = fopen(path, "w");
	ck_assert_ptr_nonnull(file);
	fputs(text, file);
	fclose(file);
}

static atomic_int reloads;

static int count_reload(void *app)
{
	(void)app;
	atomic_fetch_add(&reloads, 1);
	return MSGC_OK;
}

static struct msgc_server *make_from_file(int argc, char **argv, void *app)
{
	static const struct token_desk_handlers handlers = {.whoami = whoami};
	static const struct msgc_http_route routes[] = {
	        {.method = "GET", .pattern = "/who", .handler = who}};
	struct msgc_server *server = msgc_server_new(argc, argv);
	char path[128];

	(void)app;
	snprintf(path, sizeof(path), "%s/keys", directory);
	ck_assert_int_eq(msgc_server_use_jwt_file(server, path, NULL), 0);
	/* Behind it: what is counted has read the keys. */
	ck_assert_int_eq(msgc_server_on_reload(server, count_reload, &reloads), 0);
	msgc_server_routes(server, routes, 1, NULL);
	token_desk_serve(server, &handlers, NULL);
	return server;
}

/* Reads the keys again, until they are believed, or no longer. */
static void reload_until(struct msgc_test_browser *browser, int status)
{
	msgc_server_reload(msgc_test_server(test));
	for (int i = 0; i < 20000 && msgc_test_get(browser, "/who")->status != status; i++)
		usleep(1000);
	ck_assert_int_eq(msgc_test_get(browser, "/who")->status, status);
}

START_TEST(keys_are_rotated_by_a_reload)
{
	struct msgc_test_browser *browser;
	char header[300], command[100];
	int before;

	strcpy(directory, "/tmp/msgc-keys-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(directory));
	write_text("a", secret);
	write_text("b", "another secret, which is as long as it has to be");
	write_text("keys", "# one for all\nHS256 - a\n");
	test = msgc_test_start(
	        _i == 0 ? MSGC_TEST_SOCKETS : MSGC_TEST_MEMORY, make_from_file, NULL, none);
	browser = msgc_test_browser_new(test);
	snprintf(header, sizeof(header), "Bearer %s", good);
	msgc_test_set_header(browser, "Authorization", header);
	ck_assert_int_eq(msgc_test_get(browser, "/who")->status, 200);
	write_text("keys", "HS256 new b\n");
	reload_until(browser, 401);
	write_text("keys", "HS256 new b\nHS256 - a  # until all have a new one\n");
	reload_until(browser, 200);
	write_text("keys", "HS256 - missing\n"); /* wrong: the keys stay as they are */
	before = atomic_load(&reloads);
	msgc_server_reload(msgc_test_server(test));
	for (int i = 0; i < 20000 && atomic_load(&reloads) == before; i++)
		usleep(1000);
	ck_assert_int_eq(atomic_load(&reloads), before + 1);
	ck_assert_int_eq(msgc_test_get(browser, "/who")->status, 200);
	msgc_test_stop(test);
	snprintf(command, sizeof(command), "rm -r %s", directory);
	ck_assert_int_eq(system(command), 0);
}
END_TEST

static const char *fixture(const struct fixture *all, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(all[i].name, name) == 0)
			return all[i].text;
	ck_abort_msg("there is no fixture %s", name);
	return NULL;
}

#define FIXTURE(all, name) fixture(all, sizeof(all) / sizeof(all[0]), name)

START_TEST(each_algorithm_has_its_key)
{
	static const char *const tokens[] = {"long_rs256", "long_es256", "long_eddsa"};
	char header[800], command[100];
	struct msgc_test_browser *browser;
	struct msgc_test_client *client;

	strcpy(directory, "/tmp/msgc-keys-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(directory));
	write_text("rsa", FIXTURE(fixture_keys, "rsa"));
	write_text("p256", FIXTURE(fixture_keys, "p256"));
	write_text("ed25519", FIXTURE(fixture_keys, "ed25519"));
	write_text("keys", "RS256 rsa rsa\nES256 p256 p256\nEdDSA ed25519 ed25519\n");
	test = msgc_test_start(
	        _i == 0 ? MSGC_TEST_SOCKETS : MSGC_TEST_MEMORY, make_from_file, NULL, none);
	for (size_t i = 0; i < sizeof(tokens) / sizeof(tokens[0]); i++) {
		browser = msgc_test_browser_new(test);
		snprintf(header, sizeof(header), "Bearer %s", FIXTURE(fixture_tokens, tokens[i]));
		msgc_test_set_header(browser, "Authorization", header);
		client = msgc_test_connect(browser, "/ws/desk/");
		msgc_test_wait_for_auth(client);
		msgc_test_send(client, "{\"action\":\"whoami\"}");
		msgc_test_assert_json(msgc_test_expect(client, "you"), "/payload/id", "\"ada\"");
	}
	browser = msgc_test_browser_new(test);
	snprintf(header, sizeof(header), "Bearer %s", FIXTURE(fixture_tokens, "long_wrong_kid"));
	msgc_test_set_header(browser, "Authorization", header);
	expect_refused(browser);
	msgc_test_stop(test);
	snprintf(command, sizeof(command), "rm -r %s", directory);
	ck_assert_int_eq(system(command), 0);
}
END_TEST

START_TEST(what_is_wrong_with_a_file_of_keys)
{
	static const struct {
		const char *text, *reason;
	} cases[] = {
	        {"HS256 - a\nRS256 x\n", "keys:2: a key is ALGORITHM KID FILE"},
	        {"HS256 - a b\n", "keys:1: a key is ALGORITHM KID FILE"},
	        {"none - a\n", "keys:1: no algorithm: HS256, RS256, ES256 or EdDSA"},
	        {"\n\nHS256 k short", "keys:3: a secret must have at least 32 bytes"},
	        {"RS256 k a", "keys:1: the key is no PEM with one public key (BEGIN PUBLIC KEY)"},
	        {"HS256 - .", "cannot be read"},
	        {"HS256 - missing", "No such file or directory"},
	        {"# nothing\n", "there is no key"},
	};
	char path[128], reason[256], command[100];
	struct msgc_jwt_keys *keys = NULL;

	strcpy(directory, "/tmp/msgc-keys-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(directory));
	write_text("a", secret);
	write_text("short", "too short");
	snprintf(path, sizeof(path), "%s/keys", directory);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		write_text("keys", cases[i].text);
		ck_assert_int_lt(msgc_jwt_keys_load(path, &keys, reason), 0);
		ck_assert_msg(strstr(reason, cases[i].reason) != NULL, "%s", reason);
		ck_assert_int_lt(msgc_jwt_keys_load(path, &keys, NULL), 0);
		ck_assert_ptr_null(keys);
	}
	write_text("keys", "HS256 - a\r\nHS256 second a");
	ck_assert_int_eq(msgc_jwt_keys_load(path, &keys, reason), 0);
	msgc_jwt_keys_free(keys);
	snprintf(command, sizeof(command), "rm -r %s", directory);
	ck_assert_int_eq(system(command), 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("jwt, served");
	TCase *tcase = tcase_create("both");
	SRunner *runner;
	int failed;

	tcase_set_timeout(tcase, 30);
	tcase_add_loop_test(tcase, a_token_in_the_header, 0, 2);
	tcase_add_loop_test(tcase, a_token_in_a_cookie, 0, 2);
	tcase_add_loop_test(tcase, a_token_in_the_first_frame, 0, 2);
	tcase_add_loop_test(tcase, tokens_are_never_logged, 0, 2);
	tcase_add_loop_test(tcase, keys_are_rotated_by_a_reload, 0, 2);
	tcase_add_loop_test(tcase, each_algorithm_has_its_key, 0, 2);
	tcase_add_test(tcase, what_is_wrong_with_a_file_of_keys);
	tcase_add_test(tcase, mistakes_of_the_program);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
