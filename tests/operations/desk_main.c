/* SPDX-License-Identifier: MIT */
/*
 * The desk as a program of its own, for tests that start processes.
 */
#include "desk.h"

int main(int argc, char **argv)
{
	return msgc_server_run(desk_make(argc, argv, NULL));
}
