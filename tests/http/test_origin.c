/* SPDX-License-Identifier: MIT */
/*
 * Origins compared exactly, and the address of a client behind proxies.
 */
#include <string.h>

#include "server/origin.h"
#include "suites.h"

/* Rules and a request, put together by each test. */
static struct msgc__config config;
static struct msgc__origins origins;
static struct msgc__header headers[8];
static struct msgc__request request;
static const char *items[8];

static void setup(void)
{
	config = (struct msgc__config){.public_url = "", .origin_required = true};
	request =
	        (struct msgc__request){.method = "GET", .headers = headers, .address = "127.0.0.1"};
}

static void teardown(void)
{
	msgc__origins_free(&origins);
}

static int rules(void)
{
	const char *wrong = NULL;

	msgc__origins_free(&origins);
	return msgc__origins_init(&origins, &config, &wrong);
}

static void header(const char *name, const char *value)
{
	for (size_t i = 0; i < request.header_count; i++) {
		if (strcmp(headers[i].name, name) == 0) {
			headers[i].value = msgc_str_from(value);
			return;
		}
	}
	headers[request.header_count++] = (struct msgc__header){name, msgc_str_from(value)};
}

static enum msgc__origin_verdict judged(const char *origin)
{
	struct msgc__client client;

	if (origin)
		header("origin", origin);
	ck_assert_int_eq(msgc__origins_client(&origins, &request, &client), 0);
	return msgc__origins_judge(&origins, &request, &client);
}

START_TEST(an_origin_is_scheme_host_and_port)
{
	struct msgc__origin a, b;

	ck_assert_int_eq(
	        msgc__origin_parse(msgc_str_from("HTTPS://Chat.Example.ORG"), false, &a), 0);
	ck_assert_str_eq(a.scheme, "https");
	ck_assert_str_eq(a.host, "chat.example.org");
	ck_assert_uint_eq(a.port, 443);
	ck_assert_int_eq(
	        msgc__origin_parse(msgc_str_from("https://chat.example.org:443"), false, &b), 0);
	ck_assert(msgc__origin_equal(&a, &b));
	ck_assert_int_eq(
	        msgc__origin_parse(msgc_str_from("http://chat.example.org:443"), false, &b), 0);
	ck_assert(!msgc__origin_equal(&a, &b));
	ck_assert_int_eq(msgc__origin_parse(msgc_str_from("http://[0:0::1]:8000"), false, &b), 0);
	ck_assert_str_eq(b.host, "[::1]");
	ck_assert_uint_eq(b.port, 8000);
	ck_assert_int_eq(msgc__origin_parse(msgc_str_from("capacitor://localhost"), false, &b), 0);
	ck_assert_uint_eq(b.port, 0);
	ck_assert_int_eq(
	        msgc__origin_parse(msgc_str_from("https://a.example/chat/?x"), true, &b), 0);
	ck_assert_str_eq(b.host, "a.example");
}
END_TEST

START_TEST(what_is_no_origin_is_refused)
{
	static const char *const bad[] = {"", "null", "https", "https:", "https:/", "https://",
	        "://a", "https:///", "https://a/", "https://a/b", "https://a?b", "https://u@a",
	        "https://u:p@a", "https://a:", "https://a:0", "https://a:65536", "https://a:123456",
	        "https://a:8x", "https://a b", "https://a,https://b", "https://[::1",
	        "https://[::g]", "https://[]", "https://::1", " https://a", "https://a ",
	        "1https://a", "h*ps://a", "https://\xc3\xa9.example"};
	struct msgc__origin origin;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ck_assert_msg(
		        msgc__origin_parse(msgc_str_from(bad[i]), false, &origin) == MSGC_EINVAL,
		        "%s", bad[i]);
}
END_TEST

START_TEST(a_long_origin_is_refused)
{
	struct msgc__origin origin;
	char text[400] = "https://";

	memset(text + 8, 'a', MSGC__HOST_MAX);
	ck_assert_int_eq(msgc__origin_parse(msgc_str_from(text), false, &origin), 0);
	text[8 + MSGC__HOST_MAX] = 'a';
	ck_assert_int_eq(msgc__origin_parse(msgc_str_from(text), false, &origin), MSGC_EINVAL);
	memset(text, 'h', 100);
	memcpy(text + 100, "://a", 5);
	ck_assert_int_eq(msgc__origin_parse(msgc_str_from(text), false, &origin), MSGC_EINVAL);
}
END_TEST

START_TEST(the_playgrounds_origin_is_own_while_it_is_served)
{
	config.public_url = "https://chat.example.org";
	ck_assert_int_eq(rules(), 0);
	header("host", "localhost:8000");
	ck_assert_int_eq(judged("http://localhost:8001"), MSGC__ORIGIN_FOREIGN);
	origins.playground_port = 8001;
	ck_assert_int_eq(judged("http://localhost:8001"), MSGC__ORIGIN_OWN);
	ck_assert_int_eq(judged("https://chat.example.org"), MSGC__ORIGIN_OWN);
	ck_assert_int_eq(judged("https://localhost:8001"), MSGC__ORIGIN_FOREIGN);
	ck_assert_int_eq(judged("http://localhost:8002"), MSGC__ORIGIN_FOREIGN);
	ck_assert_int_eq(judged("http://127.0.0.1:8001"), MSGC__ORIGIN_FOREIGN);
	ck_assert_int_eq(judged("http://evil.example:8001"), MSGC__ORIGIN_FOREIGN);
	header("host", "[::1]:8000");
	ck_assert_int_eq(judged("http://[::1]:8001"), MSGC__ORIGIN_OWN);
	header("host", "a b");
	ck_assert_int_eq(judged("http://localhost:8001"), MSGC__ORIGIN_FOREIGN);
}
END_TEST

START_TEST(by_default_the_own_origin_is_that_of_the_host_header)
{
	ck_assert_int_eq(rules(), 0);
	header("host", "localhost:8000");
	ck_assert_int_eq(judged(NULL), MSGC__ORIGIN_MISSING);
	ck_assert_int_eq(judged("http://localhost:8000"), MSGC__ORIGIN_OWN);
	ck_assert_int_eq(judged("http://LOCALHOST:8000"), MSGC__ORIGIN_OWN);
	ck_assert_int_eq(judged("https://localhost:8000"), MSGC__ORIGIN_FOREIGN);
	ck_assert_int_eq(judged("http://localhost"), MSGC__ORIGIN_FOREIGN);
	ck_assert_int_eq(judged("http://localhost:8001"), MSGC__ORIGIN_FOREIGN);
	ck_assert_int_eq(judged("http://localhost:8000.evil.example"), MSGC__ORIGIN_FOREIGN);
	ck_assert_int_eq(judged("http://evil-localhost:8000"), MSGC__ORIGIN_FOREIGN);
	ck_assert_int_eq(judged("null"), MSGC__ORIGIN_FOREIGN);
	ck_assert_int_eq(judged(""), MSGC__ORIGIN_FOREIGN);
	request.secure = true;
	ck_assert_int_eq(judged("https://localhost:8000"), MSGC__ORIGIN_OWN);
	ck_assert_int_eq(judged("http://localhost:8000"), MSGC__ORIGIN_FOREIGN);
	header("host", "");
	ck_assert_int_eq(judged("https://localhost:8000"), MSGC__ORIGIN_FOREIGN);
}
END_TEST

START_TEST(public_url_replaces_the_host_header)
{
	config.public_url = "https://chat.example.org/app";
	ck_assert_int_eq(rules(), 0);
	header("host", "10.0.0.5:8000");
	ck_assert_int_eq(judged("https://chat.example.org"), MSGC__ORIGIN_OWN);
	ck_assert_int_eq(judged("http://10.0.0.5:8000"), MSGC__ORIGIN_FOREIGN);
}
END_TEST

START_TEST(allowed_origins_come_beside_the_own)
{
	items[0] = "https://app.example.org";
	items[1] = "http://[::1]:3000";
	config.allowed_origins = (struct msgc__config_list){items, 2};
	ck_assert_int_eq(rules(), 0);
	header("host", "a.example");
	ck_assert_int_eq(judged("http://a.example"), MSGC__ORIGIN_OWN);
	ck_assert_int_eq(judged("https://app.example.org:443"), MSGC__ORIGIN_OWN);
	ck_assert_int_eq(judged("http://[::1]:3000"), MSGC__ORIGIN_OWN);
	ck_assert_int_eq(judged("http://app.example.org"), MSGC__ORIGIN_FOREIGN);
	ck_assert_int_eq(judged("https://sub.app.example.org"), MSGC__ORIGIN_FOREIGN);
}
END_TEST

START_TEST(cookies_need_an_origin_unless_told_otherwise)
{
	ck_assert_int_eq(rules(), 0);
	ck_assert(msgc__origins_trusts_cookies(&origins, MSGC__ORIGIN_OWN));
	ck_assert(!msgc__origins_trusts_cookies(&origins, MSGC__ORIGIN_MISSING));
	ck_assert(!msgc__origins_trusts_cookies(&origins, MSGC__ORIGIN_FOREIGN));
	config.origin_required = false;
	ck_assert_int_eq(rules(), 0);
	ck_assert(msgc__origins_trusts_cookies(&origins, MSGC__ORIGIN_MISSING));
	ck_assert(!msgc__origins_trusts_cookies(&origins, MSGC__ORIGIN_FOREIGN));
}
END_TEST

START_TEST(networks)
{
	struct msgc__network network;

	ck_assert_int_eq(msgc__network_parse("10.0.0.0/8", &network), 0);
	ck_assert(msgc__network_has(&network, "10.255.1.2"));
	ck_assert(msgc__network_has(&network, "::ffff:10.1.1.1"));
	ck_assert(!msgc__network_has(&network, "11.0.0.1"));
	ck_assert(!msgc__network_has(&network, "::1"));
	ck_assert_int_eq(msgc__network_parse("192.168.4.0/23", &network), 0);
	ck_assert(msgc__network_has(&network, "192.168.5.255"));
	ck_assert(!msgc__network_has(&network, "192.168.6.0"));
	ck_assert_int_eq(msgc__network_parse("2001:db8::/32", &network), 0);
	ck_assert(msgc__network_has(&network, "2001:db8:ffff::1"));
	ck_assert(!msgc__network_has(&network, "2001:db9::1"));
	ck_assert_int_eq(msgc__network_parse("127.0.0.1", &network), 0);
	ck_assert(msgc__network_has(&network, "127.0.0.1"));
	ck_assert(!msgc__network_has(&network, "127.0.0.2"));
	ck_assert(!msgc__network_has(&network, "no address"));
	ck_assert_int_eq(msgc__network_parse("0.0.0.0/0", &network), 0);
	ck_assert(msgc__network_has(&network, "8.8.8.8"));
	ck_assert(!msgc__network_has(&network, "::1"));
}
END_TEST

START_TEST(what_is_no_network_is_refused)
{
	static const char *const bad[] = {"", "/8", "10", "10.0.0/8", "10.0.0.0/", "10.0.0.0/33",
	        "10.0.0.0/-1", "10.0.0.0/8/8", "10.0.0.0/0008", "10.1.0.0/8", "::/129", "localhost",
	        "10.0.0.0 /8", "::1%lo"};
	struct msgc__network network;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ck_assert_msg(msgc__network_parse(bad[i], &network) == MSGC_EINVAL, "%s", bad[i]);
}
END_TEST

static const char *client_address(void)
{
	static struct msgc__client client;
	int result = msgc__origins_client(&origins, &request, &client);

	return result ? msgc_error_name(result) : client.address;
}

START_TEST(forwarded_headers_of_strangers_mean_nothing)
{
	ck_assert_int_eq(rules(), 0);
	header("x-forwarded-for", "192.0.2.1");
	header("x-forwarded-proto", "https");
	ck_assert_str_eq(client_address(), "127.0.0.1");
	request.address = "::ffff:198.51.100.7";
	ck_assert_str_eq(client_address(), "198.51.100.7");
}
END_TEST

START_TEST(a_trusted_proxy_gives_exactly_one_address)
{
	static const char *const bad[] = {"", " ", "192.0.2.1, 192.0.2.2", "192.0.2.1,", "unknown",
	        "192.0.2.1:80", "[2001:db8::1]", "192.0.2.256", "_hidden"};

	items[0] = "127.0.0.0/8";
	config.trusted_proxies = (struct msgc__config_list){items, 1};
	ck_assert_int_eq(rules(), 0);
	ck_assert_str_eq(client_address(), "MSGC_EINVAL"); /* none at all */
	header("x-forwarded-for", "192.0.2.1");
	ck_assert_str_eq(client_address(), "192.0.2.1");
	header("x-forwarded-for", " 2001:DB8::0:1 ");
	ck_assert_str_eq(client_address(), "2001:db8::1");
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		header("x-forwarded-for", bad[i]);
		ck_assert_msg(strcmp(client_address(), "MSGC_EINVAL") == 0, "%s", bad[i]);
	}
}
END_TEST

START_TEST(a_trusted_proxy_tells_whether_there_was_tls)
{
	struct msgc__client client;

	items[0] = "127.0.0.1";
	config.trusted_proxies = (struct msgc__config_list){items, 1};
	ck_assert_int_eq(rules(), 0);
	header("x-forwarded-for", "192.0.2.1");
	header("host", "chat.example.org");
	ck_assert_int_eq(msgc__origins_client(&origins, &request, &client), 0);
	ck_assert(!client.secure);
	header("x-forwarded-proto", "https");
	ck_assert_int_eq(msgc__origins_client(&origins, &request, &client), 0);
	ck_assert(client.secure);
	ck_assert_int_eq(judged("https://chat.example.org"), MSGC__ORIGIN_OWN);
	header("x-forwarded-proto", "https,http");
	ck_assert_int_eq(msgc__origins_client(&origins, &request, &client), MSGC_EINVAL);
}
END_TEST

START_TEST(wrong_rules_are_named)
{
	const char *wrong = NULL;

	items[0] = "https://ok.example";
	items[1] = "ok.example";
	config.allowed_origins = (struct msgc__config_list){items, 2};
	ck_assert_int_eq(msgc__origins_init(&origins, &config, &wrong), MSGC_ECONFIG);
	ck_assert_str_eq(wrong, "ok.example");
	config.allowed_origins.count = 1;
	items[2] = "10.0.0.0/99";
	config.trusted_proxies = (struct msgc__config_list){items + 2, 1};
	ck_assert_int_eq(msgc__origins_init(&origins, &config, &wrong), MSGC_ECONFIG);
	ck_assert_str_eq(wrong, "10.0.0.0/99");
	config.trusted_proxies.count = 0;
	config.public_url = "chat.example.org";
	ck_assert_int_eq(msgc__origins_init(&origins, &config, &wrong), MSGC_ECONFIG);
	ck_assert_str_eq(wrong, "chat.example.org");
}
END_TEST

Suite *origin_suite(void)
{
	Suite *suite = suite_create("origin");
	TCase *tcase = tcase_create("origin");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, an_origin_is_scheme_host_and_port);
	tcase_add_test(tcase, what_is_no_origin_is_refused);
	tcase_add_test(tcase, a_long_origin_is_refused);
	tcase_add_test(tcase, the_playgrounds_origin_is_own_while_it_is_served);
	tcase_add_test(tcase, by_default_the_own_origin_is_that_of_the_host_header);
	tcase_add_test(tcase, public_url_replaces_the_host_header);
	tcase_add_test(tcase, allowed_origins_come_beside_the_own);
	tcase_add_test(tcase, cookies_need_an_origin_unless_told_otherwise);
	tcase_add_test(tcase, networks);
	tcase_add_test(tcase, what_is_no_network_is_refused);
	tcase_add_test(tcase, forwarded_headers_of_strangers_mean_nothing);
	tcase_add_test(tcase, a_trusted_proxy_gives_exactly_one_address);
	tcase_add_test(tcase, a_trusted_proxy_tells_whether_there_was_tls);
	tcase_add_test(tcase, wrong_rules_are_named);
	suite_add_tcase(suite, tcase);
	return suite;
}
