/* SPDX-License-Identifier: MIT */
/*
 * command_check.c - msgc check: what there is to say about contracts, and no output.
 */
#include "command.h"

static enum status check_file(const struct options *options, const char *path)
{
	struct front *front = command_front(options);
	const struct model *model;
	enum front_result result = front_compile_file(front, path, &model);
	enum status status;

	front_lint(front);
	front_print(front, stderr, &options->style);
	status = command_status(front, result);
	front_free(front);
	return status;
}

enum status command_check(const struct options *options)
{
	enum status worst = STATUS_FINE;
	size_t i;

	for (i = 0; i < options->files.n; i++) {
		enum status status = check_file(options, options->files.items[i]);

		if (status > worst)
			worst = status;
	}
	return worst;
}
