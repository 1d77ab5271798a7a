/* SPDX-License-Identifier: MIT */
/*
 * messages.h - the messages that fuzzers of generated code read: X(name) for each, in an order that
 * seeds rely on.
 */
#ifndef MSGC_TESTS_FUZZ_MESSAGES_H
#define MSGC_TESTS_FUZZ_MESSAGES_H

#include "deep.msgc.h"
#include "everything.msgc.h"
#include "kinds.msgc.h"
#include "lobby.msgc.h"
#include "rules.msgc.h"
#include "words.msgc.h"

#define FUZZ_MESSAGES(X)                                                                           \
	X(everything_all)                                                                          \
	X(everything_maybes)                                                                       \
	X(everything_checked)                                                                      \
	X(everything_filled)                                                                       \
	X(deep_plant)                                                                              \
	X(lobby_history)                                                                           \
	X(lobby_knock)                                                                             \
	X(words_union)                                                                             \
	X(kinds_docs)                                                                              \
	X(kinds_fills)                                                                             \
	X(kinds_frames)                                                                            \
	X(kinds_bodies)                                                                            \
	X(kinds_extra)                                                                             \
	X(kinds_tight)                                                                             \
	X(kinds_open_end)                                                                          \
	X(kinds_meet)                                                                              \
	X(rules_place)

#endif
