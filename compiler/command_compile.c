/* SPDX-License-Identifier: MIT */
/*
 * command_compile.c - msgc FILE...: contracts in, outputs out.
 */
#include "command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "depfile.h"
#include "emit.h"
#include "front.h"
#include "options.h"
#include "output.h"

/* One contract on its way through. */
struct run {
	const struct options *options;
	struct arena *arena;
	struct front *front;
	const struct model *model;
	struct outputs *outputs;
	struct vec paths; /* of the outputs */
};

static enum status run_front(struct run *run, const char *file)
{
	const struct options *options = run->options;
	enum front_result result;

	run->front = command_front(options);
	result = front_compile_file(run->front, file, &run->model);
	front_print(run->front, stderr, &options->style);
	return command_status(run->front, result);
}

/* In the folder of -o. */
static char *output_path(struct run *run, const char *suffix)
{
	const char *dir = run->options->output_dir != NULL ? run->options->output_dir : ".";
	bool is_here = strcmp(dir, ".") == 0;

	return arena_printf(run->arena, "%s%s%s%s", is_here ? "" : dir,
	        is_here || dir[strlen(dir) - 1] == '/' ? "" : "/", run->model->main->stem, suffix);
}

static struct writer *new_writer(const char *unit)
{
	struct writer *writer = writer_new(unit);

	if (writer == NULL)
		memory_exhausted();
	return writer;
}

static enum status put_output(
        struct run *run, const struct emitter *emitter, const char *path, struct writer *writer)
{
	size_t length;
	const char *text;
	bool fine;

	if (writer_failed(writer))
		memory_exhausted();
	text = writer_text(writer, &length);
	fine = outputs_add(run->outputs, path, text, length, emitter->keep_existing);
	writer_free(writer);
	return fine ? STATUS_FINE : STATUS_FAILURE;
}

/* What writes the index-th file. */
static emit_fn *emit_function(const struct run *run, const struct emitter *emitter, size_t index)
{
	emit_fn *other = NULL;

	if (index == 1 && run->options->optimize == OPTIMIZE_SPEED)
		other = emitter->emit_speed;
	if (index == 1 && run->options->optimize == OPTIMIZE_SIZE)
		other = emitter->emit_size;
	return other != NULL ? other : emitter->files[index].emit;
}

static enum status run_emitter_file(struct run *run, const struct emitter *emitter, size_t index)
{
	const struct emit_file *file = &emitter->files[index];
	char *path = output_path(run, file->suffix);
	struct writer *writer;

	vec_push(&run->paths, path);
	if (run->options->depends_only)
		return STATUS_FINE;
	writer = new_writer(file->unit);
	emit_function(run, emitter, index)(run->model, writer);
	return put_output(run, emitter, path, writer);
}

/* Messages have folders of their own, so that none is called like a contract. */
static enum status run_emitter_message(
        struct run *run, const struct emitter *emitter, const struct model_message *message)
{
	char *suffix = arena_printf(run->arena, "/%s.schema.json", message->name);
	char *path = output_path(run, suffix);
	struct writer *writer;

	vec_push(&run->paths, path);
	if (run->options->depends_only)
		return STATUS_FINE;
	if (!outputs_folder(output_path(run, "")))
		return STATUS_FAILURE;
	writer = new_writer("  ");
	emitter->emit_message(run->model, message, writer);
	return put_output(run, emitter, path, writer);
}

static enum status run_emitter(struct run *run, const struct emitter *emitter)
{
	const struct model_contract *contract = run->model->main;
	enum status status = STATUS_FINE;
	size_t i;

	for (i = 0; i < EMIT_MAX_FILES && emitter->files[i].emit != NULL; i++) {
		status = run_emitter_file(run, emitter, i);
		if (status != STATUS_FINE)
			return status;
	}
	for (i = 0; emitter->emit_message != NULL && i < contract->n_messages; i++) {
		status = run_emitter_message(run, emitter, contract->messages[i]);
		if (status != STATUS_FINE)
			return status;
	}
	return status;
}

static enum status run_emitters(struct run *run)
{
	enum status status = STATUS_FINE;
	size_t i;

	for (i = 0; i < run->options->emitters.n && status == STATUS_FINE; i++)
		status = run_emitter(run, run->options->emitters.items[i]);
	return status;
}

static enum status put_depends(struct run *run, const char *text, size_t length)
{
	const struct options *options = run->options;
	const char *path = options->depends_file;

	if (path == NULL && options->depends_only) {
		fwrite(text, 1, length, stdout);
		return STATUS_FINE;
	}
	if (path == NULL)
		path = output_path(run, ".d");
	return outputs_add(run->outputs, path, text, length, false) ? STATUS_FINE : STATUS_FAILURE;
}

static enum status run_depends(struct run *run)
{
	const struct vec *targets = &run->options->depends_targets;
	struct vec sources = {0};
	enum status status;
	size_t length, i;
	const char *file;
	char *text;

	if (!run->options->depends)
		return STATUS_FINE;
	for (i = 0; (file = front_file(run->front, i)) != NULL; i++)
		vec_push(&sources, (void *)(uintptr_t)file);
	text = depfile_text(targets->n != 0 ? targets : &run->paths, &sources,
	        run->options->depends_phony, &length);
	vec_clear(&sources);
	if (text == NULL)
		memory_exhausted();
	status = put_depends(run, text, length);
	free(text);
	return status;
}

static enum status run_stages(struct run *run, const char *file)
{
	enum status status = run_front(run, file);

	if (status == STATUS_FINE)
		status = run_emitters(run);
	if (status == STATUS_FINE)
		status = run_depends(run);
	if (status == STATUS_FINE && !outputs_commit(run->outputs))
		status = STATUS_FAILURE;
	return status;
}

static enum status compile(const struct options *options, const char *file)
{
	struct run run = {.options = options, .arena = arena_new(), .outputs = outputs_new()};
	enum status status = run_stages(&run, file);

	outputs_free(run.outputs);
	front_free(run.front);
	vec_clear(&run.paths);
	arena_free(run.arena);
	return status;
}

/* Each contract by itself; the worst of their results is the result. */
enum status command_compile(const struct options *options)
{
	enum status worst = STATUS_FINE;
	size_t i;

	for (i = 0; i < options->files.n; i++) {
		enum status status = compile(options, options->files.items[i]);

		if (status > worst)
			worst = status;
	}
	return worst;
}
