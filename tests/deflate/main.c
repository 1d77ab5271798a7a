/* SPDX-License-Identifier: MIT */
/* The program of packed.msg as a server of its own, for the clients of tests/interop and tests/browser. */
#include "program.h"

int main(int argc, char **argv)
{
	struct msgc_server *server = packed_make(argc, argv, NULL);

	return server ? msgc_server_run(server) : 1;
}
