/* SPDX-License-Identifier: MIT */
/*
 * command_init.c - msgc init: a contract, a first program that serves it, and what builds both.
 *
 * The program is what --stubs writes. Overwrites nothing: where one of the files exists, none is
 * written.
 */
#include "command.h"

#include <string.h>
#include <sys/stat.h>

#include "arena.h"
#include "emit.h"
#include "init.h"
#include "output.h"

#define INIT_FILES 3

struct project {
	struct arena *arena;
	const char *name;
	const char *folder;
	const char *paths[INIT_FILES];
	const char *texts[INIT_FILES];
};

/* The handlers of the contract that is about to be written; NULL: nothing can be made of it. */
static const char *make_handlers(struct project *project, const char *contract)
{
	static const struct diag_style style = {DIAG_TEXT, false};
	struct front *front = front_new(NULL, 0);
	struct writer *writer = writer_new("\t");
	const struct model *model;
	const char *text = NULL;
	size_t length;

	if (writer == NULL)
		memory_exhausted();
	if (front_compile_memory(front, arena_printf(project->arena, "%s.msg", project->name),
	            contract, strlen(contract), &model) == FRONT_OK) {
		emit_stubs(model, writer);
		text = writer_text(writer, &length);
		text = arena_copy(project->arena, text, length);
	} else {
		front_print(front, stderr, &style);
	}
	if (writer_failed(writer))
		memory_exhausted();
	writer_free(writer);
	front_free(front);
	return text;
}

static bool add_texts(struct project *project)
{
	struct arena *arena = project->arena;
	const char *version = MSGC_COMPILER_VERSION;
	/* "0.1" of "0.1.0" */
	size_t length = (size_t)(strrchr(version, '.') - version);

	project->paths[0] = arena_printf(arena, "%s/%s.msg", project->folder, project->name);
	project->texts[0] = init_contract(arena, project->name);
	project->paths[1] = arena_printf(arena, "%s/%s_handlers.c", project->folder, project->name);
	project->texts[1] = make_handlers(project, project->texts[0]);
	project->paths[2] = arena_printf(arena, "%s/CMakeLists.txt", project->folder);
	project->texts[2] = init_cmake(arena, project->name, arena_copy(arena, version, length));
	return project->texts[1] != NULL;
}

static bool nothing_is_there(const struct project *project)
{
	struct stat info;
	size_t i;

	for (i = 0; i < INIT_FILES; i++) {
		if (lstat(project->paths[i], &info) != 0)
			continue;
		fprintf(stderr, "msgc: '%s' exists; nothing is overwritten\n", project->paths[i]);
		return false;
	}
	return true;
}

static bool write_files(const struct project *project)
{
	struct outputs *outputs = outputs_new();
	bool fine = outputs_folder(project->folder);
	size_t i;

	for (i = 0; i < INIT_FILES && fine; i++)
		fine = outputs_add(outputs, project->paths[i], project->texts[i],
		        strlen(project->texts[i]), true);
	fine = fine && outputs_commit(outputs);
	outputs_free(outputs);
	return fine;
}

static void say_what_next(const struct project *project)
{
	const char *folder = project->folder;

	printf("%s\n%s\n%s\n\nBuild it and run it:\n\n"
	       "  cmake -S %s -B %s/build && cmake --build %s/build && %s/build/%s_server\n",
	        project->paths[0], project->paths[1], project->paths[2], folder, folder, folder,
	        folder, project->name);
}

enum status command_init(const struct options *options)
{
	struct project project = {.arena = arena_new(), .name = options->files.items[0]};
	enum status status = STATUS_FAILURE;

	project.folder = options->output_dir != NULL ? options->output_dir : project.name;
	if (!init_is_name(project.name)) {
		fprintf(stderr,
		        "msgc: '%s' cannot be a contract's name: a letter, then letters, digits "
		        "and '_'\n",
		        project.name);
	} else if (add_texts(&project) && nothing_is_there(&project) && write_files(&project)) {
		say_what_next(&project);
		status = STATUS_FINE;
	}
	arena_free(project.arena);
	return status;
}
