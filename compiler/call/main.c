/* SPDX-License-Identifier: MIT */
/*
 * main.c - msgc-call, which `msgc call` runs: a client in the terminal that knows a contract. A program of its own, so that the compiler itself links no run
 * time (docs/decisions/0007-call-is-a-program.md).
 */
#include <errno.h>
#include <getopt.h>
#include <locale.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "arena.h"
#include "call.h"
#include "front.h"

static const char usage[] =
        "usage: msgc call URL CONTRACT.msg [options]\n"
        "\n"
        "Connects to a server and speaks the contract: completion, checks before sending, "
        "history.\n"
        "URL: the whole address of a consumer (ws://127.0.0.1:8000/ws/room/7/), or the server's\n"
        "alone, with --consumer and --param. Lines from a pipe or --script are sent one after the\n"
        "other; exit status 1 where an error comes, or what /expect says does not.\n"
        "\n"
        "  --consumer NAME       which one, where the URL does not say\n"
        "  --param NAME=VALUE    a parameter of its URL\n"
        "  --cookie TEXT         the header Cookie\n"
        "  --header 'NAME: TEXT' another header\n"
        "  --token TOKEN         as the first frame; @FILE: from a file; or in $MSGC_TOKEN\n"
        "  --token-header        the token as Authorization: Bearer\n"
        "  --ticket TICKET       in the URL; http://…: fetched there, with cookie or token\n"
        "  --user NAME:PASSWORD  Basic; without a password: $MSGC_PASSWORD\n"
        "  --ca FILE             authorities for wss://\n"
        "  --script FILE         lines from a file; -: standard input\n"
        "  --timeout MS          how long an answer may take (15000)\n"
        "  --json                frames as they come, one a line\n"
        "  --no-color            also NO_COLOR in the environment\n"
        "  --no-history          the file of lines typed before is left alone\n"
        "  -I FOLDER             where imports are looked for\n"
        "  --help                this text; /help inside\n";

enum {
	OPT_CONSUMER = 256,
	OPT_PARAM,
	OPT_COOKIE,
	OPT_HEADER,
	OPT_TOKEN,
	OPT_TOKEN_HEADER,
	OPT_TICKET,
	OPT_USER,
	OPT_CA,
	OPT_SCRIPT,
	OPT_TIMEOUT,
	OPT_JSON,
	OPT_NO_COLOR,
	OPT_NO_HISTORY,
	OPT_HELP
};

static const struct option long_options[] = {{"consumer", required_argument, NULL, OPT_CONSUMER},
        {"param", required_argument, NULL, OPT_PARAM},
        {"cookie", required_argument, NULL, OPT_COOKIE},
        {"header", required_argument, NULL, OPT_HEADER},
        {"token", required_argument, NULL, OPT_TOKEN},
        {"token-header", no_argument, NULL, OPT_TOKEN_HEADER},
        {"ticket", required_argument, NULL, OPT_TICKET},
        {"user", required_argument, NULL, OPT_USER}, {"ca", required_argument, NULL, OPT_CA},
        {"script", required_argument, NULL, OPT_SCRIPT},
        {"timeout", required_argument, NULL, OPT_TIMEOUT}, {"json", no_argument, NULL, OPT_JSON},
        {"no-color", no_argument, NULL, OPT_NO_COLOR},
        {"no-history", no_argument, NULL, OPT_NO_HISTORY}, {"help", no_argument, NULL, OPT_HELP},
        {NULL, 0, NULL, 0}};

static bool apply(struct call_options *options, int option, char *value)
{
	switch (option) {
	case OPT_CONSUMER: options->consumer = value; break;
	case OPT_PARAM: vec_push(&options->params, value); break;
	case OPT_COOKIE: options->cookie = value; break;
	case OPT_HEADER: vec_push(&options->headers, value); break;
	case OPT_TOKEN: options->token = value; break;
	case OPT_TOKEN_HEADER: options->token_in_header = true; break;
	case OPT_TICKET: options->ticket = value; break;
	case OPT_USER: options->user = value; break;
	case OPT_CA: options->ca_file = value; break;
	case OPT_SCRIPT: options->script = value; break;
	case OPT_TIMEOUT: options->timeout_ms = strtol(value, NULL, 10); break;
	case OPT_JSON: options->is_json = true; break;
	case OPT_NO_COLOR: options->no_color = true; break;
	case OPT_NO_HISTORY: options->no_history = true; break;
	case 'I': vec_push(&options->include_dirs, value); break;
	default: return false;
	}
	return true;
}

/* -1: to go on. */
static int read_options(struct call_options *options, int argc, char **argv)
{
	int option;

	*options = (struct call_options){.timeout_ms = 15000, .token = getenv("MSGC_TOKEN")};
	while ((option = getopt_long(argc, argv, "I:h", long_options, NULL)) >= 0) {
		if (option == OPT_HELP || option == 'h') {
			fputs(usage, stdout);
			return CALL_FINE;
		}
		if (!apply(options, option, optarg)) {
			fputs("see msgc call --help\n", stderr);
			return CALL_USAGE;
		}
	}
	if (argc - optind != 2 || options->timeout_ms <= 0) {
		fputs(usage, stderr);
		return CALL_USAGE;
	}
	options->url = argv[optind];
	options->contract = argv[optind + 1];
	return -1;
}

/* -------------------------------------------------------------------------- credentials */

/* "@FILE": its first line. */
static const char *read_token(const char *given, char text[8192])
{
	FILE *file;

	if (!given || given[0] != '@')
		return given;
	file = fopen(given + 1, "re");
	if (!file || !fgets(text, 8192, file)) {
		fprintf(stderr, "msgc call: %s: %s\n", given + 1, strerror(errno));
		text[0] = '\0';
	}
	if (file)
		fclose(file);
	text[strcspn(text, "\r\n")] = '\0';
	return text;
}

static int give_token(void *app, struct msgc_client *client, struct msgc_credential *ret)
{
	struct call *call = app;

	(void)client;
	ret->text = msgc_str_from(call->options.token);
	return MSGC_OK;
}

/* A ticket is good for one connection. */
static int give_ticket(void *app, struct msgc_client *client, struct msgc_credential *ret)
{
	static struct msgc_buf ticket;
	struct call *call = app;

	(void)client;
	if (strncmp(call->options.ticket, "http", 4) != 0) {
		ret->text = msgc_str_from(call->options.ticket);
		return MSGC_OK;
	}
	msgc_buf_reset(&ticket);
	if (!call_fetch_ticket(call, call->options.ticket, &ticket))
		return MSGC_EDENIED;
	ret->text = msgc_buf_str(&ticket);
	return MSGC_OK;
}

/* --------------------------------------------------------------------------- connecting */

static int connect_client(struct call *call, const char *url)
{
	const struct call_options *from = &call->options;
	struct msgc_client_options options = {.url = url,
	        .cookie = from->cookie,
	        .ca_file = from->ca_file,
	        .stay_away = !call->is_interactive,
	        .connect_ms = from->timeout_ms > 15000 ? from->timeout_ms : 15000,
	        .memory_limit = (size_t)64 << 20,
	        .frame_limit = (size_t)16 << 20,
	        .app = call,
	        .events = {.frame = call_hear, .state = call_hear_state}};
	char user[256] = "", *password;
	int result;

	vec_push(&call->options.headers, NULL);
	options.headers = (const char *const *)call->options.headers.items;
	if (from->ticket)
		options.ticket = give_ticket;
	else if (from->token)
		options.token = give_token;
	/* Whom the consumer does not ask so, it would refuse. */
	options.token_in_header = from->token_in_header || !call->consumer->accepts_authenticate;
	if (from->user) {
		snprintf(user, sizeof(user), "%s", from->user);
		password = strchr(user, ':');
		options.password = password ? password + 1 : getenv("MSGC_PASSWORD");
		if (password)
			*password = '\0';
		options.user = user;
	}
	result = msgc_client_new(&call->type, &options, msgc_str_from(""), NULL, &call->client);
	if (result != MSGC_OK)
		fprintf(stderr, "msgc call: '%s': %s\n", url, msgc_error_name(result));
	else
		msgc_client_open(call->client);
	return result;
}

bool call_turn(struct call *call, int fd, int64_t ms)
{
	struct pollfd ready[2] = {{.fd = msgc_client_fd(call->client), .events = POLLIN},
	        {.fd = fd, .events = POLLIN}};
	int n = poll(ready, 2, ms < 0 ? -1 : (int)(ms < 1000000 ? ms : 1000000));

	fflush(stdout);
	if (n <= 0)
		return false;
	if (ready[0].revents)
		msgc_client_step(call->client);
	fflush(stdout);
	return fd >= 0 ? ready[1].revents != 0 : true;
}

bool call_wait_live(struct call *call)
{
	while (!call->was_live && !call->is_closed)
		(void)call_turn(call, -1, -1);
	return call->was_live;
}

/* --------------------------------------------------------------------------------- main */

static bool understand(struct call *call, struct front *front)
{
	const struct diag_style style = {DIAG_TEXT, false};

	if (front_compile_file(front, call->options.contract, &call->model) != FRONT_OK) {
		front_print(front, stderr, &style);
		return false;
	}
	call->types = call_types_new();
	return true;
}

static int run_lines(struct call *call)
{
	const char *name = call->options.script;
	FILE *script;
	int status;

	if (call->is_interactive)
		return call_run_terminal(call);
	if (!name || strcmp(name, "-") == 0)
		return call_run_script(call, stdin, "stdin");
	script = fopen(name, "re");
	if (!script) {
		fprintf(stderr, "msgc call: %s: %s\n", name, strerror(errno));
		return CALL_USAGE;
	}
	status = call_run_script(call, script, name);
	fclose(script);
	return status;
}

static int run(struct call *call, struct front *front)
{
	struct msgc_buf url = {0};
	int status = CALL_USAGE;

	if (understand(call, front) && call_place(call, &url)) {
		call_actions(call);
		call_describe_type(call);
		status = CALL_FAILED;
		if (connect_client(call, msgc_buf_c(&url)) == MSGC_OK)
			status = run_lines(call);
	}
	msgc_client_free(call->client);
	msgc_buf_free(&url);
	return status;
}

static void clear(struct call *call)
{
	call_forget_heard(call);
	for (size_t i = 0; i < call->actions.n; i++)
		free(call->actions.items[i]);
	vec_clear(&call->actions);
	vec_clear(&call->options.params);
	vec_clear(&call->options.headers);
	vec_clear(&call->options.include_dirs);
	call_types_free(call->types);
	msgc_buf_free(&call->text);
	msgc_arena_free(&call->arena);
	free(call->topic);
}

int main(int argc, char **argv)
{
	struct call call = {0};
	static char token[8192];
	struct front *front;
	int status = read_options(&call.options, argc, argv);

	if (status < 0) {
		setlocale(LC_ALL, "");
		call.options.token = read_token(call.options.token, token);
		call.heard_end = &call.heard;
		call.is_interactive =
		        !call.options.script && isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
		call.is_color =
		        isatty(STDOUT_FILENO) && !call.options.no_color && !getenv("NO_COLOR");
		front = front_new((const char *const *)call.options.include_dirs.items,
		        call.options.include_dirs.n);
		status = run(&call, front);
		front_free(front);
	}
	clear(&call);
	return status;
}
