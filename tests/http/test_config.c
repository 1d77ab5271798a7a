/* SPDX-License-Identifier: MIT */
/*
 * Configuration: types and bounds, precedence of the sources, mistakes named at their place, help and printing.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "server/config_internal.h"
#include "server/log.h"
#include "suites.h"

static struct msgc__config config;
static bool loaded;
static char file_path[] = "/tmp/msgc-config-XXXXXX";

static const char *database, *token;
static int64_t retries, cache, ttl;
static bool verbose;
static const struct msgc_setting settings[] = {
        {"database", MSGC_SETTING_STRING, &database, "chat.sqlite", "the database file", false},
        {"token", MSGC_SETTING_STRING, &token, "", "a secret", true},
        {"retries", MSGC_SETTING_INT, &retries, "3", "how often", false},
        {"cache", MSGC_SETTING_SIZE, &cache, "1MiB", "how much", false},
        {"ttl", MSGC_SETTING_DURATION, &ttl, "24h", "how long", false},
        {"verbose", MSGC_SETTING_BOOL, &verbose, "no", "say more", false},
};
enum { SETTINGS = sizeof(settings) / sizeof(settings[0]) };

static void unload(void)
{
	if (loaded)
		msgc__config_free(&config);
	loaded = false;
}

static void setup(void)
{
	int fd;

	strcpy(file_path, "/tmp/msgc-config-XXXXXX");
	fd = mkstemp(file_path);
	ck_assert_int_ge(fd, 0);
	close(fd);
}

static void teardown(void)
{
	unload();
	unlink(file_path);
}

static void write_file(const char *text, size_t len)
{
	FILE *file = fopen(file_path, "w");

	ck_assert_ptr_nonnull(file);
	ck_assert_uint_eq(fwrite(text, 1, len, file), len);
	fclose(file);
}

#define WORDS(...)      ((const char *const[]){__VA_ARGS__, NULL})
#define NO_WORDS        ((const char *const[]){NULL})
#define LOAD(...)       load(WORDS("/usr/bin/chat", __VA_ARGS__), NO_WORDS)
#define LOAD_ENV(...)   load(WORDS("chat"), WORDS(__VA_ARGS__))
#define LOAD_DEFAULTS() load(WORDS("chat"), NO_WORDS)

static void load_settings(const char *const *argv, const char *const *environment,
        const struct msgc_setting *some, size_t count)
{
	static char *arguments[16], *variables[16];
	int argc = 0;

	unload();
	/* Both are borrowed until the configuration is freed. */
	for (; argv[argc]; argc++)
		arguments[argc] = (char *)argv[argc];
	arguments[argc] = NULL;
	for (int i = 0; i == 0 || environment[i - 1]; i++)
		variables[i] = (char *)environment[i];
	ck_assert_int_eq(msgc__config_load(&config, argc, arguments, variables, some, count), 0);
	loaded = true;
}

static void load(const char *const *argv, const char *const *environment)
{
	load_settings(argv, environment, settings, SETTINGS);
}

/* The log lines and the printed text of the conclusion. */
static char said[8192], printed[65536];

static int conclude(void)
{
	struct msgc__log log;
	FILE *out = fmemopen(printed, sizeof(printed), "w");
	int ends[2], code;
	ssize_t n;

	ck_assert_int_eq(pipe(ends), 0);
	msgc__log_init(&log);
	log.fd = ends[1];
	code = msgc__config_conclude(&config, &log, out);
	fclose(out);
	close(ends[1]);
	n = read(ends[0], said, sizeof(said) - 1);
	said[n > 0 ? n : 0] = '\0';
	close(ends[0]);
	return code;
}

static void expect_wrong(int code, const char *where, const char *detail)
{
	char wanted[512];

	ck_assert_int_eq(config.outcome, MSGC__CONFIG_WRONG);
	ck_assert_int_eq(conclude(), code);
	snprintf(wanted, sizeof(wanted), "level=error event=config.wrong where=%s detail=\"%s\"\n",
	        where, detail);
	ck_assert_msg(strstr(said, wanted) != NULL, "wanted %s\ngot %s", wanted, said);
}

START_TEST(defaults_work)
{
	LOAD_DEFAULTS();
	ck_assert_int_eq(config.outcome, MSGC__CONFIG_SERVE);
	ck_assert_int_eq(conclude(), -1);
	ck_assert_str_eq(said, "");
	ck_assert_str_eq(config.host, "127.0.0.1");
	ck_assert_int_eq(config.port, 8000);
	ck_assert_int_eq(config.admin_port, MSGC__PORT_OFF);
	ck_assert_int_eq(config.frame_limit, 64 * 1024);
	ck_assert_int_eq(config.depth_limit, 64);
	ck_assert_int_eq(config.outbox_limit, 1024 * 1024);
	ck_assert_int_eq(config.auth_timeout, 10000);
	ck_assert_int_eq(config.ping_interval, 25000);
	ck_assert_int_eq(config.ping_timeout, 33000);
	ck_assert(config.origin_required);
	ck_assert_int_eq(config.log_level, MSGC_LOG_INFO);
	ck_assert(!config.log_json);
	ck_assert_uint_eq(config.allowed_origins.count, 0);
	ck_assert_str_eq(database, "chat.sqlite");
	ck_assert_int_eq(retries, 3);
	ck_assert_int_eq(cache, 1 << 20);
	ck_assert_int_eq(ttl, 86400000);
	ck_assert(!verbose);
	ck_assert_str_eq(msgc__config_program(&config), "chat");
}
END_TEST

START_TEST(every_key_of_the_table_has_a_good_default)
{
	for (size_t i = 0; i < msgc__config_key_count; i++) {
		const struct msgc__key *key = &msgc__config_keys[i];

		ck_assert_ptr_nonnull(key->initial);
		ck_assert_ptr_nonnull(key->section);
		ck_assert_uint_gt(strlen(key->help), 3);
		for (size_t j = 0; j < i; j++) {
			ck_assert_str_ne(key->name, msgc__config_keys[j].name);
			ck_assert_uint_ne(key->offset, msgc__config_keys[j].offset);
		}
	}
	LOAD_DEFAULTS();
	for (size_t i = 0; i < config.state->entry_count; i++)
		ck_assert_msg(
		        config.state->entries[i].is_set, "%s", config.state->entries[i].key.name);
}
END_TEST

START_TEST(both_spellings_of_an_option)
{
	LOAD("--port=9000", "--host", "::1", "--no-origin-required", "--verbose", "--retries",
	        "-5");
	ck_assert_int_eq(config.outcome, MSGC__CONFIG_SERVE);
	ck_assert_int_eq(config.port, 9000);
	ck_assert_str_eq(config.host, "::1");
	ck_assert(!config.origin_required);
	ck_assert(verbose);
	ck_assert_int_eq(retries, -5);
	LOAD("--verbose", "no", "--origin-required=off", "--port=1", "--port=2");
	ck_assert_int_eq(config.outcome, MSGC__CONFIG_SERVE);
	ck_assert(!verbose);
	ck_assert(!config.origin_required);
	ck_assert_int_eq(config.port, 2);
	LOAD("--database=a=b", "--token=");
	ck_assert_str_eq(database, "a=b");
	ck_assert_str_eq(token, "");
}
END_TEST

START_TEST(the_command_line_wins_over_the_environment_over_the_file)
{
	static const char text[] = "port = 1\nhost = 10.0.0.1\nworkers = 2\nretries = 7\n";

	write_file(text, sizeof(text) - 1);
	load(WORDS("chat", "--config", file_path, "--port=3"),
	        WORDS("MSGC_PORT=2", "MSGC_HOST=10.0.0.2", "CHAT_RETRIES=8"));
	ck_assert_int_eq(config.outcome, MSGC__CONFIG_SERVE);
	ck_assert_int_eq(config.port, 3);
	ck_assert_str_eq(config.host, "10.0.0.2");
	ck_assert_int_eq(config.workers, 2);
	ck_assert_int_eq(retries, 8);
}
END_TEST

START_TEST(the_file_may_be_named_by_the_environment)
{
	char variable[64];

	write_file("port = 4", 8);
	snprintf(variable, sizeof(variable), "MSGC_CONFIG=%s", file_path);
	LOAD_ENV(variable);
	ck_assert_int_eq(config.port, 4);
}
END_TEST

START_TEST(empty_variables_count_as_not_set)
{
	LOAD_ENV("MSGC_PORT=", "MSGC_LOG_LEVEL=", "CHAT_DATABASE=");
	ck_assert_int_eq(config.outcome, MSGC__CONFIG_SERVE);
	ck_assert_int_eq(config.port, 8000);
	ck_assert_str_eq(database, "");
}
END_TEST

START_TEST(units)
{
	LOAD("--frame-limit=1KiB", "--outbox-limit=2MB", "--cache=3GiB", "--ttl=7d",
	        "--auth-timeout=250ms", "--drain-timeout=0", "--handler-timeout=2m");
	ck_assert_int_eq(config.outcome, MSGC__CONFIG_SERVE);
	ck_assert_int_eq(config.frame_limit, 1024);
	ck_assert_int_eq(config.outbox_limit, 2000000);
	ck_assert_int_eq(cache, 3LL << 30);
	ck_assert_int_eq(ttl, 7 * 86400000LL);
	ck_assert_int_eq(config.auth_timeout, 250);
	ck_assert_int_eq(config.drain_timeout, 0);
	ck_assert_int_eq(config.handler_timeout, 120000);
}
END_TEST

START_TEST(lists_are_parted_by_commas)
{
	LOAD("--log-muted-actions= ping ,typing,,", "--log-level=debug", "--log-format=json");
	ck_assert_int_eq(config.outcome, MSGC__CONFIG_SERVE);
	ck_assert_uint_eq(config.log_muted_actions.count, 2);
	ck_assert_str_eq(config.log_muted_actions.items[0], "ping");
	ck_assert_str_eq(config.log_muted_actions.items[1], "typing");
	struct msgc__log log;
	msgc__log_init(&log);
	msgc__config_apply_log(&config, &log);
	ck_assert(log.json);
	ck_assert_int_eq(log.level, MSGC_LOG_DEBUG);
	ck_assert(msgc__log_muted(&log, "ping", 4));
}
END_TEST

START_TEST(wrong_values_are_named_with_what_was_expected)
{
	static const struct {
		const char *argument;
		const char *detail;
	} cases[] = {
	        {"--port=65536", "port must be a number from 0 to 65535, not '65536'"},
	        {"--port=-1", "port must be a number from 0 to 65535, not '-1'"},
	        {"--port=80x", "port must be a number from 0 to 65535, not '80x'"},
	        {"--port=", "port must be a number from 0 to 65535, not ''"},
	        {"--port=99999999999999999999",
	                "port must be a number from 0 to 65535, not '99999999999999999999'"},
	        {"--admin-port=on", "admin-port must be a port from 0 to 65535, or off, not 'on'"},
	        {"--frame-limit=1", "frame-limit must be a size from 128 to 64MiB, not '1'"},
	        {"--frame-limit=1kb", "frame-limit must be a size from 128 to 64MiB, not '1kb'"},
	        {"--cache=9999999999999GiB",
	                "cache must be a size such as 512, 64KiB or 1MiB, not '9999999999999GiB'"},
	        {"--cache=-1", "cache must be a size such as 512, 64KiB or 1MiB, not '-1'"},
	        {"--auth-timeout=10", "auth-timeout must be a duration from 100ms to 1h, not '10'"},
	        {"--ttl=1h30m",
	                "ttl must be a duration such as 250ms, 10s, 5m, 24h or 7d, not '1h30m'"},
	        {"--origin-required=maybe", "origin-required must be yes or no, not 'maybe'"},
	        {"--log-level=loud", "log-level must be debug, info, warning or error, not 'loud'"},
	        {"--log-format=xml", "log-format must be logfmt or json, not 'xml'"},
	        {"--user-rate=5",
	                "user-rate must be a rate such as 20 per 1s burst 50, or off, not '5'"},
	        {"--user-rate=5 per 1",
	                "user-rate must be a rate such as 20 per 1s burst 50, or off, not '5 per "
	                "1'"},
	        {"--user-rate=5 per 0s",
	                "user-rate must be a rate such as 20 per 1s burst 50, or off, not '5 per "
	                "0s'"},
	        {"--user-rate=5 per 1s burst",
	                "user-rate must be a rate such as 20 per 1s burst 50, or off, not '5 per "
	                "1s burst'"},
	        {"--user-rate=5 per 1s burst 9 x",
	                "user-rate must be a rate such as 20 per 1s burst 50, or off, not '5 per "
	                "1s burst 9 x'"},
	        {"--outbox-policy=drop",
	                "outbox-policy must be disconnect, drop-oldest or drop-new, not 'drop'"},
	        {"--retries=1.5", "retries must be a whole number, not '1.5'"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		LOAD(cases[i].argument);
		expect_wrong(2, "\"command line\"", cases[i].detail);
		ck_assert_int_eq(config.port, 8000); /* the default stands in */
	}
}
END_TEST

START_TEST(rates_and_policies)
{
	struct msgc_consumer consumer = {.contract = "rooms", .name = "feed"};

	LOAD("--user-rate= 20  per 1m burst 50 ", "--address-rate=1 per 1ms",
	        "--outbox-policy=drop-new",
	        "--consumer-outbox-policy=feed=drop-oldest, rooms.room=disconnect");
	ck_assert_int_eq(config.outcome, MSGC__CONFIG_SERVE);
	ck_assert_uint_eq(config.user_rate.tokens, 20);
	ck_assert_uint_eq(config.user_rate.burst, 50);
	ck_assert_int_eq(config.user_rate.per_ms, 60000);
	ck_assert_uint_eq(config.address_rate.burst, 0);
	ck_assert_uint_eq(config.connection_rate.tokens, 0);
	ck_assert_int_eq(msgc__config_policy(&config, &consumer), MSGC_OUTBOX_DROP_OLDEST);
	consumer.name = "room";
	ck_assert_int_eq(msgc__config_policy(&config, &consumer), MSGC_OUTBOX_DISCONNECT);
	consumer.contract = "other";
	ck_assert_int_eq(msgc__config_policy(&config, &consumer), MSGC_OUTBOX_DROP_NEW);
	consumer.outbox_policy = MSGC_OUTBOX_DISCONNECT;
	ck_assert_int_eq(msgc__config_policy(&config, &consumer), MSGC_OUTBOX_DISCONNECT);
	LOAD("--consumer-outbox-policy=feed");
	expect_wrong(2, "\"command line\"",
	        "consumer-outbox-policy holds what is no consumer=policy: 'feed'");
	LOAD("--consumer-outbox-policy==drop-new");
	expect_wrong(2, "\"command line\"",
	        "consumer-outbox-policy holds what is no consumer=policy: '=drop-new'");
}
END_TEST

START_TEST(the_playground_is_there_by_itself_where_only_this_machine_comes)
{
	static const struct {
		const char *argument;
		bool served;
	} cases[] = {{"--port=1", true}, {"--host=127.8.0.1", true}, {"--host=localhost", true},
	        {"--host=::1", true}, {"--host=0.0.0.0", false}, {"--host=::", false},
	        {"--host=192.0.2.1", false}, {"--admin-host=0.0.0.0", false},
	        {"--public-url=http://localhost", false}, {"--trusted-proxies=127.0.0.1", false},
	        {"--playground=no", false}, {"--playground=off", false}};

	unsetenv("LISTEN_FDS");
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		LOAD(cases[i].argument);
		ck_assert_int_eq(config.outcome, MSGC__CONFIG_SERVE);
		ck_assert_msg(msgc__config_playground(&config) == cases[i].served, "%s",
		        cases[i].argument);
	}
	LOAD("--tls-certificate=a.pem", "--tls-key=a.key");
	ck_assert(!msgc__config_playground(&config));
	LOAD("--host=0.0.0.0", "--public-url=https://a.example", "--playground=yes");
	ck_assert(msgc__config_playground(&config));
	LOAD("--playground=auto");
	setenv("LISTEN_FDS", "1", 1); /* sockets of a service manager: who knows where */
	ck_assert(!msgc__config_playground(&config));
	unsetenv("LISTEN_FDS");
	LOAD("--playground=maybe");
	expect_wrong(2, "\"command line\"", "playground must be yes, no or auto, not 'maybe'");
}
END_TEST

START_TEST(unknown_keys_are_guessed_at)
{
	LOAD("--prot=80");
	expect_wrong(2, "\"command line\"", "unknown option --prot; did you mean --port?");
	LOAD("--max_connections", "5");
	expect_wrong(2, "\"command line\"",
	        "unknown option --max_connections; did you mean --max-connections?");
	LOAD("--databse=x");
	expect_wrong(2, "\"command line\"", "unknown option --databse; did you mean --database?");
	LOAD("--qqqqqqqq=x");
	expect_wrong(2, "\"command line\"", "unknown option --qqqqqqqq");
	LOAD("--no-port");
	expect_wrong(2, "\"command line\"", "unknown option --no-port");
	LOAD("serve");
	expect_wrong(2, "\"command line\"", "unexpected argument 'serve'");
	LOAD("--");
	expect_wrong(2, "\"command line\"", "unexpected argument '--'");
	LOAD("--port");
	expect_wrong(2, "\"command line\"", "--port needs a value");
	LOAD("--port", "--host=x");
	expect_wrong(2, "\"command line\"", "--port needs a value");
}
END_TEST

START_TEST(unknown_variables_are_doubted_not_refused)
{
	LOAD_ENV("MSGC_PROT=80", "MSGC_=1", "CHAT_UNKNOWN=1", "PATH=/bin");
	ck_assert_int_eq(config.outcome, MSGC__CONFIG_SERVE);
	ck_assert_int_eq(conclude(), -1);
	ck_assert_ptr_nonnull(strstr(said,
	        "level=warning event=config.doubtful where=environment detail=\"no key is named "
	        "MSGC_PROT; did you mean "
	        "MSGC_PORT?\"\n"));
	ck_assert_ptr_null(strstr(said, "UNKNOWN"));
}
END_TEST

START_TEST(wrong_variables_are_named)
{
	LOAD_ENV("MSGC_PORT=http");
	expect_wrong(1, "MSGC_PORT", "port must be a number from 0 to 65535, not 'http'");
}
END_TEST

START_TEST(the_file_has_comments_quotes_and_blank_lines)
{
	static const char text[] = "\xef\xbb\xbf# the chat\r\n\n  port=9001 # ours\n"
	                           "\tdatabase = \"a # b \\\"c\\\" \\\\ \"  # quoted\n"
	                           "token = x#y\n"
	                           "public-url = https://chat.example.org\r\n"
	                           "allowed-origins =\n"
	                           "ttl = 5m";

	write_file(text, sizeof(text) - 1);
	LOAD("--config", file_path);
	conclude();
	ck_assert_msg(config.outcome == MSGC__CONFIG_SERVE, "%s", said);
	ck_assert_int_eq(config.port, 9001);
	ck_assert_str_eq(database, "a # b \"c\" \\ ");
	ck_assert_str_eq(token, "x#y");
	ck_assert_str_eq(config.public_url, "https://chat.example.org");
	ck_assert_uint_eq(config.allowed_origins.count, 0);
	ck_assert_int_eq(ttl, 300000);
}
END_TEST

START_TEST(mistakes_of_the_file_are_told_by_line_and_all_at_once)
{
	static const char text[] = "prot = 80\nport\nport = x\nhost = a\nhost = b\ndatabase = \"a\n"
	                           "database = \"a\" b\n= 5\nttl = \"\\q\"\nretries = \xff\n";
	static const struct {
		int line;
		const char *detail;
	} cases[] = {
	        {1, "unknown key 'prot'; did you mean 'port'?"},
	        {2, "expected 'key = value'"},
	        {3, "port must be a number from 0 to 65535, not 'x'"},
	        {5, "host was already set in line 4"},
	        {6,
	                "a quoted value needs its closing quote and only the escapes \\\\\\\" "
	                "\\\\\\\\ \\\\n \\\\t"},
	        {7, "text behind the closing quote"},
	        {8, "expected 'key = value'"},
	        {9,
	                "a quoted value needs its closing quote and only the escapes \\\\\\\" "
	                "\\\\\\\\ \\\\n \\\\t"},
	        {10, "not UTF-8 text"},
	};

	write_file(text, sizeof(text) - 1);
	LOAD("--config", file_path);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char where[64];

		snprintf(where, sizeof(where), "%s:%d", file_path, cases[i].line);
		expect_wrong(1, where, cases[i].detail);
	}
}
END_TEST

START_TEST(files_that_cannot_be_read)
{
	static char large[1024 * 1024 + 1];

	LOAD("--config=/nonexistent/chat.conf");
	expect_wrong(1, "/nonexistent/chat.conf",
	        "cannot read the configuration file: No such file or directory");
	LOAD("--config=/tmp");
	expect_wrong(1, "/tmp", "cannot read the configuration file: not a regular file");
	memset(large, '\n', sizeof(large));
	write_file(large, sizeof(large));
	LOAD("--config", file_path);
	expect_wrong(1, file_path, "cannot read the configuration file: larger than 1 MiB");
	memset(large, 'x', sizeof(large));
	write_file(large, 20000);
	LOAD("--config", file_path);
	ck_assert_int_eq(conclude(), 1);
	ck_assert_ptr_nonnull(strstr(said, "line longer than 16384 bytes"));
}
END_TEST

START_TEST(keys_that_contradict_each_other)
{
	LOAD("--tls-key=a.pem");
	expect_wrong(2, "\"command line\"",
	        "tls-key needs the other one of tls-certificate and tls-key");
	LOAD("--ping-interval=40s");
	expect_wrong(1, "default", "ping-timeout must be longer than ping-interval");
	LOAD("--outbox-limit=32KiB");
	expect_wrong(2, "\"command line\"", "outbox-limit must not be less than frame-limit");
	LOAD("--public-url=chat.example.org");
	expect_wrong(2, "\"command line\"",
	        "public-url must be like https://chat.example.org: 'chat.example.org'");
	LOAD("--allowed-origins=https://a.example,https://b.example/x");
	expect_wrong(2, "\"command line\"",
	        "allowed-origins holds what is no scheme://host[:port]: 'https://b.example/x'");
	LOAD_ENV("MSGC_TRUSTED_PROXIES=10.0.0.0/8, proxy");
	expect_wrong(1, "MSGC_TRUSTED_PROXIES",
	        "trusted-proxies holds what is no address or network: 'proxy'");
}
END_TEST

START_TEST(a_required_key_is_asked_for)
{
	const struct msgc_setting required[] = {
	        {"api-key", MSGC_SETTING_STRING, &token, NULL, "a key", true}};

	load_settings(WORDS("chat"), NO_WORDS, required, 1);
	ck_assert_str_eq(token, "");
	expect_wrong(1, "configuration",
	        "api-key must be given: --api-key=…, CHAT_API_KEY or in the file of --config");
	load_settings(WORDS("chat"), WORDS("CHAT_API_KEY=k"), required, 1);
	ck_assert_int_eq(config.outcome, MSGC__CONFIG_SERVE);
	ck_assert_str_eq(token, "k");
}
END_TEST

START_TEST(settings_must_not_shadow_keys)
{
	const struct msgc_setting shadow[] = {
	        {"port", MSGC_SETTING_INT, &retries, "1", "mine", false}};
	const struct msgc_setting odd[] = {
	        {"Upper Case", MSGC_SETTING_INT, &retries, "1", "mine", false}};

	load_settings(WORDS("chat"), NO_WORDS, shadow, 1);
	ck_assert_int_eq(config.outcome, MSGC__CONFIG_WRONG);
	load_settings(WORDS("chat"), NO_WORDS, odd, 1);
	ck_assert_int_eq(config.outcome, MSGC__CONFIG_WRONG);
}
END_TEST

START_TEST(secrets_are_never_shown)
{
	const struct msgc_setting pins[] = {
	        {"pin", MSGC_SETTING_INT, &retries, "1", "a pin", true}};

	LOAD("--token=hunter2", "--print-config");
	ck_assert_int_eq(conclude(), 0);
	ck_assert_ptr_null(strstr(printed, "hunter2"));
	ck_assert_ptr_nonnull(strstr(printed, "# token = ***"));
	load_settings(WORDS("chat", "--pin=hunter2"), NO_WORDS, pins, 1);
	ck_assert_int_eq(conclude(), 2);
	ck_assert_ptr_null(strstr(said, "hunter2"));
	ck_assert_ptr_nonnull(strstr(said, "pin must be a whole number\""));
}
END_TEST

START_TEST(what_is_printed_can_be_read_back)
{
	static char first[sizeof(printed)];

	load(WORDS("chat", "--database= a # \"b\" \\ ", "--print-config", "--port=9", "--token=t"),
	        WORDS("MSGC_LOG_MUTED_ACTIONS=ping, typing"));
	ck_assert_int_eq(conclude(), 0);
	ck_assert_ptr_nonnull(strstr(printed, "\nport = 9 "));
	ck_assert_ptr_nonnull(strstr(printed, "# command line\n"));
	ck_assert_ptr_nonnull(strstr(printed, "# MSGC_LOG_MUTED_ACTIONS\n"));
	ck_assert_ptr_nonnull(strstr(printed, "# default\n"));
	ck_assert_ptr_nonnull(strstr(printed, "\n# One connection\n"));
	strcpy(first, printed);
	write_file(first, strlen(first));

	LOAD("--config", file_path, "--print-config");
	conclude();
	ck_assert_msg(config.outcome == MSGC__CONFIG_PRINT, "%s", said);
	ck_assert_str_eq(database, " a # \"b\" \\ ");
	ck_assert_int_eq(config.port, 9);
	ck_assert_uint_eq(config.log_muted_actions.count, 2);
	for (size_t i = 0; i < config.state->entry_count; i++)
		ck_assert_int_eq(config.state->entries[i].source,
		        config.state->entries[i].key.secret ? MSGC__FROM_DEFAULT : MSGC__FROM_FILE);
}
END_TEST

START_TEST(help_names_every_key_within_100_columns)
{
	LOAD("--help", "--port=nonsense"); /* help comes first */
	ck_assert_int_eq(conclude(), 0);
	ck_assert_str_eq(said, "");
	for (size_t i = 0; i < msgc__config_key_count; i++) {
		char option[80];

		snprintf(option, sizeof(option), "\n  --%s=", msgc__config_keys[i].name);
		ck_assert_msg(strstr(printed, option) != NULL, "%s", option);
	}
	ck_assert_ptr_nonnull(strstr(printed, "--database=TEXT"));
	ck_assert_ptr_nonnull(strstr(printed, "(default chat.sqlite)"));
	for (char *at = printed; *at;) {
		size_t len = strcspn(at, "\n");

		ck_assert_msg(len <= 100, "%.*s", (int)len, at);
		at += len + (at[len] == '\n');
	}
}
END_TEST

START_TEST(the_documentation_names_every_key_with_its_default)
{
	static char text[65536];
	FILE *file = fopen(DOCS "/configuration.md", "r");
	size_t len;

	ck_assert_ptr_nonnull(file);
	len = fread(text, 1, sizeof(text) - 1, file);
	text[len] = '\0';
	fclose(file);
	for (size_t i = 0; i < msgc__config_key_count; i++) {
		const struct msgc__key *key = &msgc__config_keys[i];
		char row[80], wanted[80];
		const char *at;

		snprintf(row, sizeof(row), "\n| `%s` | ", key->name);
		at = strstr(text, row);
		ck_assert_msg(at != NULL, "%s", key->name);
		snprintf(wanted, sizeof(wanted), *key->initial ? "| `%s` | " : "| (empty) | ",
		        key->initial);
		at = strstr(at + strlen(row), "| ");
		ck_assert_msg(strncmp(at, wanted, strlen(wanted)) == 0, "%s: %.60s", key->name, at);
		ck_assert_msg(strstr(at, key->help) != NULL, "%s: %s", key->name, key->help);
	}
}
END_TEST

START_TEST(as_many_workers_as_are_documented)
{
	char help[40], complaint[80];

	LOAD("--workers=64");
	ck_assert_int_eq(config.outcome, MSGC__CONFIG_SERVE);
	ck_assert_int_eq(config.workers, MSGC__WORKERS_MOST);
	snprintf(help, sizeof(help), "; %d at most", MSGC__WORKERS_MOST);
	snprintf(complaint, sizeof(complaint), "workers must be a number from 1 to %d, not '65'",
	        MSGC__WORKERS_MOST);
	for (size_t i = 0; i < msgc__config_key_count; i++) {
		const struct msgc__key *key = &msgc__config_keys[i];

		if (strcmp(key->name, "workers") == 0)
			ck_assert_ptr_nonnull(strstr(key->help, help));
	}
	LOAD("--workers=65");
	expect_wrong(2, "\"command line\"", complaint);
}
END_TEST

START_TEST(version_names_program_and_library)
{
	LOAD("--version");
	ck_assert_int_eq(conclude(), 0);
	ck_assert_str_eq(printed, "chat (msgc " MSGC_VERSION ")\n");
}
END_TEST

START_TEST(a_server_without_arguments)
{
	load_settings(NO_WORDS, NO_WORDS, NULL, 0);
	ck_assert_int_eq(config.outcome, MSGC__CONFIG_SERVE);
	ck_assert_str_eq(msgc__config_program(&config), "msgc");
}
END_TEST

Suite *config_suite(void)
{
	Suite *suite = suite_create("config");
	TCase *tcase = tcase_create("config");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, defaults_work);
	tcase_add_test(tcase, every_key_of_the_table_has_a_good_default);
	tcase_add_test(tcase, both_spellings_of_an_option);
	tcase_add_test(tcase, the_command_line_wins_over_the_environment_over_the_file);
	tcase_add_test(tcase, the_file_may_be_named_by_the_environment);
	tcase_add_test(tcase, empty_variables_count_as_not_set);
	tcase_add_test(tcase, units);
	tcase_add_test(tcase, lists_are_parted_by_commas);
	tcase_add_test(tcase, wrong_values_are_named_with_what_was_expected);
	tcase_add_test(tcase, rates_and_policies);
	tcase_add_test(tcase, the_playground_is_there_by_itself_where_only_this_machine_comes);
	tcase_add_test(tcase, unknown_keys_are_guessed_at);
	tcase_add_test(tcase, unknown_variables_are_doubted_not_refused);
	tcase_add_test(tcase, wrong_variables_are_named);
	tcase_add_test(tcase, the_file_has_comments_quotes_and_blank_lines);
	tcase_add_test(tcase, mistakes_of_the_file_are_told_by_line_and_all_at_once);
	tcase_add_test(tcase, files_that_cannot_be_read);
	tcase_add_test(tcase, keys_that_contradict_each_other);
	tcase_add_test(tcase, a_required_key_is_asked_for);
	tcase_add_test(tcase, settings_must_not_shadow_keys);
	tcase_add_test(tcase, secrets_are_never_shown);
	tcase_add_test(tcase, what_is_printed_can_be_read_back);
	tcase_add_test(tcase, help_names_every_key_within_100_columns);
	tcase_add_test(tcase, the_documentation_names_every_key_with_its_default);
	tcase_add_test(tcase, as_many_workers_as_are_documented);
	tcase_add_test(tcase, version_names_program_and_library);
	tcase_add_test(tcase, a_server_without_arguments);
	suite_add_tcase(suite, tcase);
	return suite;
}
