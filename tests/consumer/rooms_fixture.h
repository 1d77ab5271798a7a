/* SPDX-License-Identifier: MIT */
/*
 * rooms_fixture.h - a program for rooms.msg whose handlers do what a test says, and a connection to its consumer room
 * over the server that only writes down (fake_server.h).
 */
#ifndef MSGC_TESTS_ROOMS_FIXTURE_H
#define MSGC_TESTS_ROOMS_FIXTURE_H

#include <check.h>

#include "fake_server.h"
#include "people.msgc.h"
#include "rooms.msgc.h"

struct chat_room {
	int number;
};

extern struct msgc_server server;
extern struct msgc_sender sender;
extern struct msgc_user user;
extern struct msgc_arena arena;
extern struct msgc_reply reply;
extern struct chat_room object;
extern int app;
extern const struct rooms_room_handlers handlers;

/* What the handlers return, which reply search chooses (0: none), and what they were given. */
extern int answer;
extern int chosen;
extern const void *seen_in;
extern uint16_t closed_with;

/* Set up for each test: the table of consumer room, and a connection with params {7, "en"}. */
extern const struct msgc_consumer *table;
extern struct rooms_room *room;
void rooms_setup(void);
void rooms_teardown(void);

const struct msgc_action *rooms_action(const char *wire);

/* Runs the tests with the fixture: an exit code. */
int rooms_run(const char *name, const TTest *const *tests, size_t count);

#endif
