/* SPDX-License-Identifier: MIT */
#include "program.h"

int main(int argc, char **argv)
{
	return msgc_server_run(program_server(argc, argv, NULL));
}
