/* SPDX-License-Identifier: MIT */
/*
 * foreign.h - what the test server of other people's protocols serves: one function for each contract.
 */
#ifndef TESTS_APIS_FOREIGN_H
#define TESTS_APIS_FOREIGN_H

#include <msgc/server.h>

void foreign_serve_station(struct msgc_server *server); /* devices.msg */
void foreign_serve_bots(struct msgc_server *server);    /* gateway.msg */

#endif
