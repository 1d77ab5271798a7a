/* SPDX-License-Identifier: MIT */
/*
 * command_fmt.c - msgc fmt: files in their canonical layout.
 *
 * Reads each file by itself, without what it imports. A file that does not parse stays as it is.
 */
#include "command.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "fmt.h"
#include "output.h"
#include "parse.h"
#include "textdiff.h"

/* One file. */
struct job {
	const struct options *options;
	struct arena *arena;
	struct diag *diag;
	const struct source *source;
	char *text;
	size_t length;
};

static enum status read_source(struct job *job, const char *path)
{
	enum source_result result = strcmp(path, "-") == 0
	        ? source_read_stdin(job->arena, &job->source)
	        : source_read(job->arena, path, &job->source);

	if (result == SOURCE_OK)
		return STATUS_FINE;
	if (result == SOURCE_TOO_BIG)
		diag_report(job->diag, DIAG_FILE_TOO_BIG, (struct place){0},
		        "'%s' is larger than %zu MiB", path, SOURCE_MAX_BYTES / 1024 / 1024);
	else
		diag_report(job->diag, DIAG_CANNOT_READ, (struct place){0}, "cannot read '%s': %s",
		        path, strerror(result == SOURCE_MISSING ? ENOENT : errno));
	return STATUS_FAILURE;
}

/* What is no contract's syntax is laid out by nobody: least of all by guessing. */
static enum status lay_out(struct job *job)
{
	parse_source(job->arena, job->diag, job->source);
	if (diag_errors(job->diag) != 0)
		return STATUS_FOUND;
	return fmt_source(job->diag, job->source, &job->text, &job->length) ? STATUS_FINE
	                                                                    : STATUS_FOUND;
}

/* Where the layouts part. */
static uint32_t first_difference(const struct job *job)
{
	uint32_t i = 0;

	while (i < job->source->length && i < job->length && job->source->text[i] == job->text[i])
		i++;
	return i;
}

/* Programs get a message; people the name alone, for xargs. */
static void say_changed(struct job *job)
{
	uint32_t at;

	if (job->options->style.format == DIAG_TEXT) {
		puts(job->source->path);
		return;
	}
	at = first_difference(job);
	diag_report(job->diag, DIAG_LAYOUT, (struct place){job->source, at, at},
	        "this is not the canonical layout");
	diag_hint(job->diag, "msgc fmt mends it");
}

static enum status put_stdout(const struct job *job)
{
	if (job->length > 0) /* an empty text may be NULL */
		fwrite(job->text, 1, job->length, stdout);
	return STATUS_FINE;
}

static enum status rewrite(const struct job *job)
{
	struct outputs *outputs = outputs_new();
	bool fine = outputs_replace(outputs, job->source->path, job->text, job->length) &&
	        outputs_commit(outputs);

	outputs_free(outputs);
	return fine ? STATUS_FINE : STATUS_FAILURE;
}

static enum status put_result(struct job *job, bool is_stdin)
{
	const struct source *source = job->source;
	const struct options *options = job->options;
	bool changed = job->length != source->length ||
	        (job->length != 0 && memcmp(job->text, source->text, job->length) != 0);

	if (!options->fmt_check && !options->fmt_diff && is_stdin)
		return put_stdout(job);
	if (!changed)
		return STATUS_FINE;
	if (options->fmt_diff)
		textdiff_print(stdout, source->path,
		        (struct textdiff_text){source->text, source->length},
		        (struct textdiff_text){job->text, job->length});
	if (options->fmt_check)
		say_changed(job);
	return options->fmt_diff || options->fmt_check ? STATUS_FOUND : rewrite(job);
}

static enum status format_file(const struct options *options, const char *path)
{
	struct job job = {.options = options, .arena = arena_new(), .diag = diag_new()};
	enum status status = read_source(&job, path);

	if (status == STATUS_FINE)
		status = lay_out(&job);
	if (status == STATUS_FINE)
		status = put_result(&job, strcmp(path, "-") == 0);
	/* Warnings are for those who compile. */
	if (diag_errors(job.diag) != 0)
		diag_print(job.diag, stderr, &options->style);
	free(job.text);
	diag_free(job.diag);
	arena_free(job.arena);
	return status;
}

enum status command_fmt(const struct options *options)
{
	enum status worst = STATUS_FINE;
	size_t i;

	for (i = 0; i < options->files.n; i++) {
		enum status status = format_file(options, options->files.items[i]);

		if (status > worst)
			worst = status;
	}
	return worst;
}
