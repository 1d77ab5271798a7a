/* SPDX-License-Identifier: MIT */
/* See party.h. */
#define _GNU_SOURCE 1

#include "party.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <msgc/std.msgc.h>

enum { PEOPLE_MOST = 8, ARGUMENTS_MOST = 8 };

static struct {
	pid_t pid;
	int port;
	char url[64], log[64];
	const char *arguments[ARGUMENTS_MOST + 4];
} stage;
static struct person *people[PEOPLE_MOST];
static unsigned n_people;

int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ------------------------------------------------------------------------------------------------ the server */

static struct sockaddr_in loopback(int port)
{
	return (struct sockaddr_in){.sin_family = AF_INET,
	        .sin_port = htons((uint16_t)port),
	        .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

/* A port that nobody gets by chance while the server is away: the kernel gives out those of its range only. */
static int fixed_port(void)
{
	FILE *file = fopen("/proc/sys/net/ipv4/ip_local_port_range", "r");
	bool is_free = false;
	int first, port = 0;
	uint64_t random;

	ck_assert_ptr_nonnull(file);
	ck_assert_int_eq(fscanf(file, "%d", &first), 1);
	fclose(file);
	ck_assert_int_gt(first, 1024);
	while (!is_free) {
		int fd = socket(AF_INET, SOCK_STREAM, 0);
		struct sockaddr_in address;

		ck_assert_int_eq(getrandom(&random, sizeof(random), 0), sizeof(random));
		port = 1024 + (int)(random % (uint64_t)(first - 1024));
		address = loopback(port);
		is_free = bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0;
		close(fd);
	}
	return port;
}

static bool answers(void)
{
	struct sockaddr_in address = loopback(stage.port);
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	bool is_there = connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0;

	close(fd);
	return is_there;
}

void stage_again(void)
{
	int64_t until = now_ms() + 20000;

	stage.pid = fork();
	ck_assert_int_ge(stage.pid, 0);
	if (stage.pid == 0) {
		int fd = open(stage.log, O_WRONLY | O_CREAT | O_APPEND, 0600);

		prctl(PR_SET_PDEATHSIG, SIGKILL);
		dup2(fd, STDOUT_FILENO);
		dup2(fd, STDERR_FILENO);
		execv(stage.arguments[0], (char *const *)(uintptr_t)stage.arguments);
		_exit(127);
	}
	while (!answers()) {
		ck_assert_msg(now_ms() < until, "the stage does not answer\n%s", stage_log());
		usleep(10000);
	}
}

void stage_begin(const char *const *arguments)
{
	stage_begin_other(STAGE_SERVER, arguments);
}

void stage_begin_other(const char *program, const char *const *arguments)
{
	static char port[32];
	size_t n = 0;

	signal(SIGPIPE, SIG_IGN);
	stage.port = fixed_port();
	snprintf(stage.url, sizeof(stage.url), "http://127.0.0.1:%d", stage.port);
	snprintf(stage.log, sizeof(stage.log), "/tmp/msgc-stage-%d.log", (int)getpid());
	snprintf(port, sizeof(port), "--port=%d", stage.port);
	stage.arguments[n++] = program;
	stage.arguments[n++] = port;
	stage.arguments[n++] = "--host=127.0.0.1";
	while (arguments && *arguments && n < ARGUMENTS_MOST + 3)
		stage.arguments[n++] = *arguments++;
	stage.arguments[n] = NULL;
	stage_again();
}

void stage_signal(int signal)
{
	kill(stage.pid, signal);
}

void stage_end(int signal)
{
	int status;

	if (!stage.pid)
		return;
	kill(stage.pid, signal);
	waitpid(stage.pid, &status, 0);
	stage.pid = 0;
}

const char *stage_url(void)
{
	return stage.url;
}

int stage_port(void)
{
	return stage.port;
}

/* The end of what the server has said. */
const char *stage_log(void)
{
	static char text[2048];
	FILE *file = fopen(stage.log, "r");
	size_t n = 0;

	if (file) {
		if (fseek(file, -(long)(sizeof(text) - 1), SEEK_END) != 0)
			rewind(file);
		n = fread(text, 1, sizeof(text) - 1, file);
		fclose(file);
	}
	text[n] = '\0';
	return text;
}

const char *fresh(void)
{
	static unsigned number;
	static char names[16][16];
	char *name = names[number % 16];

	snprintf(name, sizeof(names[0]), "s%d.%u", (int)getpid() % 10000, ++number);
	return name;
}

/* ---------------------------------------------------------------------------------------------------- memory */

void remember(struct texts *texts, const char *text, size_t len)
{
	ck_assert_uint_lt(texts->count, TEXTS_MOST);
	snprintf(texts->items[texts->count++], TEXT_MOST, "%.*s", (int)len, text);
}

const char *joined(const struct texts *texts)
{
	static char text[TEXTS_MOST * 16];
	size_t len = 0;

	text[0] = '\0';
	for (unsigned i = 0; i < texts->count && len < sizeof(text); i++)
		len += (size_t)snprintf(
		        text + len, sizeof(text) - len, "%s%s", i ? " " : "", texts->items[i]);
	return text;
}

static void on_state(void *app, struct msgc_client *client, const struct msgc_client_state *state)
{
	static const char *const names[] = {"idle", "connecting", "live", "waiting", "closed"};
	struct person *person = app;

	(void)client;
	remember(&person->states, names[state->phase], 16);
}

static void on_gap(void *app, struct msgc_channel *channel, struct msgc_str group)
{
	struct person *person = app;

	(void)channel;
	remember(&person->gaps, group.ptr, group.len);
}

static void on_problem(void *app, struct msgc_channel *channel, const struct msgc_outcome *problem)
{
	struct person *person = app;

	(void)channel;
	remember(&person->problems, problem->reason.ptr, problem->reason.len);
	snprintf(person->payload, sizeof(person->payload), "%.*s", (int)problem->payload.len,
	        problem->payload.ptr ? problem->payload.ptr : "");
}

static void on_unknown(
        void *app, struct msgc_channel *channel, const struct msgc_client_frame *frame)
{
	struct person *person = app;

	(void)channel;
	remember(&person->unknown, frame->action.ptr, frame->action.len);
}

static void on_completed(
        void *app, struct msgc_channel *channel, struct msgc_str action, struct msgc_str ref)
{
	struct person *person = app;

	(void)channel;
	(void)ref;
	remember(&person->completed, action.ptr, action.len);
}

static void on_recovered(void *app, struct msgc_channel *channel, struct msgc_str group, bool whole)
{
	struct person *person = app;

	(void)channel;
	(void)group;
	remember(&person->recovered, whole ? "whole" : "not", 8);
}

static void on_draining(void *app, struct msgc_client *client, int64_t ms)
{
	struct person *person = app;

	(void)client;
	(void)ms;
	person->drainings++;
}

static void on_refreshed(void *app, struct msgc_client *client, int64_t expires_at)
{
	struct person *person = app;

	(void)client;
	ck_assert_int_gt(expires_at, time(NULL));
	person->refreshes++;
}

static void on_presence(
        void *app, struct msgc_client *client, const struct msgc_std_presence_state *message)
{
	struct person *person = app;

	(void)client;
	person->present = message->payload.count;
}

static void on_presence_change(
        void *app, struct msgc_client *client, const struct msgc_std_presence_diff *message)
{
	struct person *person = app;

	(void)client;
	person->present = message->payload.count;
}

/* "NAME.ISSUED.EXPIRES" */
static int token(void *app, struct msgc_client *client, struct msgc_credential *ret)
{
	static char text[128];
	struct person *person = app;
	long long now = time(NULL);

	(void)client;
	person->tokens++;
	snprintf(text, sizeof(text), "%s.%lld.%lld", person->name, now, now + person->lasts);
	ret->text = msgc_str_from(text);
	ret->expires_at = person->tells_expiry ? now + person->lasts : 0;
	return MSGC_OK;
}

struct msgc_client_options options_for(struct person *person)
{
	if (person->lasts == 0)
		person->lasts = 3600;
	return (struct msgc_client_options){.url = stage.url,
	        .token = token,
	        .first_delay_ms = 50,
	        .longest_delay_ms = 200,
	        .app = person,
	        .events = {.state = on_state,
	                .gap = on_gap,
	                .problem = on_problem,
	                .unknown = on_unknown,
	                .completed = on_completed,
	                .recovered = on_recovered,
	                .draining = on_draining,
	                .refreshed = on_refreshed,
	                .presence_state = on_presence,
	                .presence_diff = on_presence_change}};
}

/* -------------------------------------------------------------------------------------------------- entering */

static void hear(
        struct person *person, const struct stage_line *line, const struct msgc_client_frame *frame)
{
	remember(&person->heard, line->payload.text.ptr, line->payload.text.len);
	remember(&person->mine, frame->is_mine ? "mine" : "other", 8);
}

static void door_line(void *app, struct stage_stage_door_client *client,
        const struct stage_line *line, const struct msgc_client_frame *frame)
{
	(void)client;
	hear(app, line, frame);
}

static void gallery_line(void *app, struct stage_gallery_client *client,
        const struct stage_line *line, const struct msgc_client_frame *frame)
{
	(void)client;
	hear(app, line, frame);
}

static void gallery_waved(void *app, struct stage_gallery_client *client,
        const struct stage_waved *waved, const struct msgc_client_frame *frame)
{
	struct person *person = app;

	(void)client;
	(void)frame;
	person->waved++;
	person->last_wave = waved->payload.len;
}

static void lounge_ask(void *app, struct stage_lounge_door_client *client,
        const struct stage_ask *ask, const struct msgc_client_frame *frame)
{
	static const struct stage_answer three = {.payload = {.choice = 3}};
	struct person *person = app;

	snprintf(person->question, TEXT_MOST, "%s", ask->payload.question.ptr);
	ck_assert_int_eq(
	        stage_lounge_door_client_answer_ask_answer(client, &three, frame->ref), MSGC_OK);
}

static void lounge_result(void *app, struct stage_lounge_door_client *client,
        const struct stage_result *result, const struct msgc_client_frame *frame)
{
	struct person *person = app;

	(void)client;
	(void)frame;
	snprintf(person->result, TEXT_MOST, "%s", result->payload.ptr);
}

void entered(struct person *person, struct msgc_client *client)
{
	ck_assert_uint_lt(n_people, PEOPLE_MOST);
	person->client = client;
	people[n_people++] = person;
	msgc_client_open(client);
}

void enter_stage(struct person *person, const char *name, const struct msgc_client_options *options)
{
	static const struct stage_stage_door_client_handlers handlers = {.line = door_line};
	const struct stage_stage_door_params params = {.name = msgc_str_from(name), .level = 2};

	ck_assert_int_eq(
	        stage_stage_door_client_new(options, &params, &handlers, &person->door), MSGC_OK);
	entered(person, stage_stage_door_client_connection(person->door));
}

void enter_gallery(
        struct person *person, const char *name, const struct msgc_client_options *options)
{
	static const struct stage_gallery_client_handlers handlers = {
	        .line = gallery_line, .waved = gallery_waved};
	const struct stage_gallery_params params = {.name = msgc_str_from(name)};

	ck_assert_int_eq(
	        stage_gallery_client_new(options, &params, &handlers, &person->gallery), MSGC_OK);
	entered(person, stage_gallery_client_connection(person->gallery));
}

void enter_lounge(
        struct person *person, const char *name, const struct msgc_client_options *options)
{
	static const struct stage_lounge_door_client_handlers handlers = {
	        .ask = lounge_ask, .result = lounge_result};
	const struct stage_lounge_door_params params = {.name = msgc_str_from(name)};

	ck_assert_int_eq(stage_lounge_door_client_new(options, &params, &handlers, &person->lounge),
	        MSGC_OK);
	entered(person, stage_lounge_door_client_connection(person->lounge));
}

void leave_all(void)
{
	for (unsigned i = 0; i < n_people; i++)
		msgc_client_free(people[i]->client);
	n_people = 0;
	stage_end(SIGKILL);
	unlink(stage.log);
}

void turn(int ms)
{
	struct pollfd ready[PEOPLE_MOST];

	for (unsigned i = 0; i < n_people; i++)
		ready[i] =
		        (struct pollfd){.fd = msgc_client_fd(people[i]->client), .events = POLLIN};
	if (poll(ready, n_people, ms) <= 0)
		return;
	for (unsigned i = 0; i < n_people; i++) {
		if (ready[i].revents)
			msgc_client_step(people[i]->client);
	}
}

/* -------------------------------------------------------------------------------------------------- requests */

static void copy(char *to, size_t size, struct msgc_str from)
{
	snprintf(to, size, "%.*s", (int)from.len, from.ptr ? from.ptr : "");
}

void fate_of(struct fate *fate, const struct msgc_outcome *outcome)
{
	ck_assert(!fate->is_known);
	fate->is_known = true;
	fate->result = outcome->result;
	fate->retry_after_ms = outcome->retry_after_ms;
	copy(fate->reason, sizeof(fate->reason), outcome->reason);
	copy(fate->detail, sizeof(fate->detail), outcome->detail);
	copy(fate->payload, sizeof(fate->payload), outcome->payload);
}

static void was_said(void *app, struct stage_stage_door_client *client,
        const struct msgc_outcome *outcome, const struct stage_said *answer, void *arg)
{
	struct fate *fate = arg;

	(void)app;
	(void)client;
	fate_of(fate, outcome);
	if (answer)
		fate->number = answer->payload.id;
}

int begin_say(struct person *person, const char *text, const struct msgc_send_options *options,
        struct fate *fate)
{
	const struct stage_say message = {.payload = msgc_str_from(text)};

	return stage_stage_door_client_request_say(person->door, &message, options, was_said, fate);
}

int64_t say(struct person *person, const char *text)
{
	struct fate fate = {0};

	ck_assert_int_eq(begin_say(person, text, NULL, &fate), MSGC_OK);
	EVENTUALLY(fate.is_known);
	ck_assert_int_eq(fate.result, MSGC_OK);
	return fate.number;
}

int run_suite(Suite *suite)
{
	SRunner *runner = srunner_create(suite);
	int failed;

	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
