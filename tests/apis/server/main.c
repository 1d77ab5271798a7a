/* SPDX-License-Identifier: MIT */
/*
 * main.c - a server that speaks other people's protocols, for clients that know nothing of msgc. It must not know what is said.
 */
#include "foreign.h"

int main(int argc, char **argv)
{
	struct msgc_server *server = msgc_server_new(argc, argv);

	foreign_serve_station(server);
	foreign_serve_bots(server);
	return msgc_server_run(server);
}
