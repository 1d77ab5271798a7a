/* SPDX-License-Identifier: MIT */
/*
 * What the tests of the chat's server share: the real server behind the test kit, a database of its
 * own for each test, people who log in and enter rooms. It knows the demo data (ada and grace in
 * room 1, nobody in room 2) and holds no tests.
 */
#ifndef CHAT_ROOM_FIXTURE_H
#define CHAT_ROOM_FIXTURE_H

#include <check.h>
#include <msgc/test.h>
#include <string.h>

#include "chat.h"

#define LOBBY       "/ws/chat/1/"
#define ENGINE_ROOM "/ws/chat/2/"

struct server {
	struct msgc_test *test;
	struct app app; /* set what differs before server_start() */
	const char *const *
	        arguments; /* further ones of the command line; NULL: none. At first: rosters tell no changes. */
	struct store *store; /* the server's own, for use behind its back */
	char dir[128];
	char path[160];
};
extern struct server server;

/* Around each test: a copy of a new database with the demo's people; the server is not started. */
void server_prepare(void);
void server_start(enum msgc_test_mode mode);
/* server_prepare() and a start: over sockets where a loop test's _i is odd, else in memory. */
#define SERVER_MODES 2
void server_start_loop(int i);
/* Stops what runs; the drain must be clean. */
void server_end(void);

/* ---- people ---- */

/* With a session that is simply there: what a log-in does, test_routes.c tests. */
struct msgc_test_browser *logged_in(const char *name);
/* Sent as JSON, from our own page. */
const struct msgc_test_response *post(
        struct msgc_test_browser *browser, const char *target, const char *json);
/* Logs in and enters; authentication, user_joined and history have come. */
struct msgc_test_client *entered(struct msgc_test_browser *browser, const char *path);
struct msgc_test_client *ada_in_lobby(void);
struct msgc_test_client *grace_in_lobby(void);
/* Says it and waits until it is done. */
void say(struct msgc_test_client *client, const char *text);

/* ---- the database behind the server's back ---- */

int64_t user_id(const char *name);
void stored(int64_t room_id, const char *author, const char *text);
size_t stored_count(int64_t room_id);
/* Takes the write lock, as a backup or another program might; and lets it go. */
void database_lock(void);
void database_unlock(void);

/* ---- frames ---- */

void assert_text(const struct msgc_test_frame *frame, const char *pointer, const char *text);
/* The next frame is that group message, and the one after it group_complete. */
const struct msgc_test_frame *hear(struct msgc_test_client *client, const char *action);
/* What became of something that was said: `chat` or `error`, whichever comes first. */
const struct msgc_test_frame *outcome(struct msgc_test_client *client);
/* An `error` frame with that reason. */
const struct msgc_test_frame *expect_error(
        struct msgc_test_client *client, const char *reason, const char *ref);
/* The n-th problem of an `error` frame. */
void assert_problem(
        const struct msgc_test_frame *frame, unsigned n, const char *type, const char *loc);
void assert_no_problem(const struct msgc_test_frame *frame, unsigned n);

/* A suite of one case with these fixtures. */
TCase *add_case(Suite *suite, const char *name, void (*setup)(void));
int run_suite(Suite *suite);

#endif
