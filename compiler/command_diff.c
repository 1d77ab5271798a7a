/* SPDX-License-Identifier: MIT */
/*
 * command_diff.c - msgc diff: two versions of a contract.
 *
 * Each must be a contract without errors; their warnings are nobody's business here.
 */
#include "command.h"
#include "diff.h"

/* NULL: it has errors, which have been printed. */
static const struct model *read_version(
        struct front *front, const struct options *options, const char *path)
{
	const struct model *model;

	if (front_compile_file(front, path, &model) == FRONT_OK && !front_failed(front))
		return model;
	front_print(front, stderr, &options->style);
	return NULL;
}

static enum status compare(
        const struct options *options, const struct model *before, const struct model *after)
{
	struct diff *diff = diff_new(before, after);
	enum status status = diff_count(diff) != 0 ? STATUS_FOUND : STATUS_FINE;

	diff_print(diff, stdout, options->style.format);
	diff_free(diff);
	return status;
}

enum status command_diff(const struct options *options)
{
	struct front *fronts[2] = {command_front(options), command_front(options)};
	const struct model *before = read_version(fronts[0], options, options->files.items[0]);
	const struct model *after = read_version(fronts[1], options, options->files.items[1]);
	enum status status = STATUS_FAILURE;

	if (before != NULL && after != NULL)
		status = compare(options, before, after);
	front_free(fronts[0]);
	front_free(fronts[1]);
	return status;
}
