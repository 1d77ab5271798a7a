/* SPDX-License-Identifier: MIT */
/*
 * served.h - a program for rooms.msg that uses all that generated code offers, for a real server.
 */
#ifndef MSGC_TESTS_SERVED_H
#define MSGC_TESTS_SERVED_H

#include <stdatomic.h>

#include <msgc/test.h>

#include "rooms.msgc.h"

/* What a test wants to know of the program. */
struct served {
	atomic_int loaded, released; /* objects */
	atomic_int disconnected;
	atomic_int stored;
	atomic_bool may_go_on;  /* the text "wait" is stored only when this is true */
	atomic_int wrong_later; /* the result of a …_later() of another message */
	atomic_bool done_without_connection;
	/* what the lobby's last visitor asked for; station: its length, -1 where there was none */
	atomic_int volume, station;
};

/* For msgc_test_start(); `app` is a struct served. */
struct msgc_server *served_make(int argc, char **argv, void *app);

#endif
