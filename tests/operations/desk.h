/* SPDX-License-Identifier: MIT */
/*
 * A program with every kind of credentials, for the tests that meet a server as its clients and keepers do.
 */
#ifndef MSGC_TESTS_OPERATIONS_DESK_H
#define MSGC_TESTS_OPERATIONS_DESK_H

#include <msgc/test.h>

#include "desk.msgc.h"

/*
 * For msgc_test_start(). POST /login with name=…; POST /everywhere logs that user out everywhere; tokens are "NAME.IAT.EXP"; the password of
 * all is "sesame".
 */
struct msgc_server *desk_make(int argc, char **argv, void *app);

#endif
