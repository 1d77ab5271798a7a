/* SPDX-License-Identifier: MIT */
/*
 * command.h - what msgc can be asked to do, one file each.
 *
 * A command reads its options, calls the stages that it needs, and says on stdout and stderr what
 * came of it.
 */
#ifndef MSGC_COMPILER_COMMAND_H
#define MSGC_COMPILER_COMMAND_H

#include "front.h"
#include "options.h"

/* The exit status. */
enum status {
	STATUS_FINE = 0,
	STATUS_FOUND = 1,   /* errors in a contract, a layout to mend, a change that breaks */
	STATUS_FAILURE = 2, /* a wrong command line; a file that cannot be read or written */
};

enum status command_compile(const struct options *options);
enum status command_check(const struct options *options);
enum status command_fmt(const struct options *options);
enum status command_diff(const struct options *options);
enum status command_init(const struct options *options);
enum status command_publish(const struct options *options);

/* `msgc call …`, `msgc help call`: another program, whose options are its own. */
bool command_is_call(int argc, char **argv);
enum status command_call(int argc, char **argv);

/* A front that looks where the options say, and warns as they say. */
struct front *command_front(const struct options *options);

/* Once all has been reported. */
enum status command_status(const struct front *front, enum front_result result);

#endif
