/* SPDX-License-Identifier: MIT */
/*
 * front.c - load, check each contract after those that it imports, hand over the model.
 */
#include "front.h"

#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "checks.h"
#include "diag.h"
#include "lint.h"
#include "load.h"

struct front {
	struct arena *arena;
	struct diag *diag;
	struct load load;
	const struct unit *main; /* once it has been checked without errors */
};

struct front *front_new(const char *const *include_dirs, size_t n_include_dirs)
{
	struct front *front = memory_get(sizeof(*front));

	*front = (struct front){.arena = arena_new(), .diag = diag_new()};
	front->load = (struct load){.arena = front->arena,
	        .diag = front->diag,
	        .include_dirs = include_dirs,
	        .n_include_dirs = n_include_dirs};
	return front;
}

void front_free(struct front *front)
{
	if (front == NULL)
		return;
	load_clear(&front->load);
	diag_free(front->diag);
	arena_free(front->arena);
	free(front);
}

/* An import that has errors breaks those that build on it; saying so again would help nobody. */
static bool imports_broken(const struct unit *unit)
{
	size_t i;

	for (i = 0; i < unit->n_imports; i++) {
		if (unit->imports[i].unit->broken)
			return true;
	}
	return false;
}

/* Built-in contracts see no standard messages: they are where those come from. */
static void check_all(struct front *front, struct unit *std)
{
	size_t i;

	for (i = 0; i < front->load.order.n && !diag_full(front->diag); i++) {
		struct unit *unit = front->load.order.items[i];

		unit->broken = unit->broken || imports_broken(unit);
		if (!unit->broken)
			check_unit(front->arena, front->diag, unit,
			        unit->source->is_builtin ? NULL : std);
	}
}

static const struct model *make_model(
        struct front *front, const struct unit *main_unit, const struct unit *std)
{
	struct model *model = arena_alloc(front->arena, sizeof(*model));
	const struct model_contract **contracts =
	        arena_array(front->arena, front->load.order.n, sizeof(*contracts));
	size_t i;

	for (i = 0; i < front->load.order.n; i++) {
		const struct unit *unit = front->load.order.items[i];

		if (unit != main_unit && (unit != std || !main_unit->source->is_builtin))
			contracts[model->n_contracts++] = unit->contract;
	}
	contracts[model->n_contracts++] = main_unit->contract;
	model->contracts = contracts;
	model->main = main_unit->contract;
	return model;
}

static enum front_result finish(struct front *front, const struct unit *unit, struct unit *std,
        const struct model **ret_model)
{
	if (unit == NULL)
		return FRONT_UNREADABLE;
	check_all(front, std);
	if (diag_errors(front->diag) != 0)
		return FRONT_BAD_CONTRACT;
	front->main = unit;
	/* Warnings that count as errors leave the model for those who look further. */
	*ret_model = make_model(front, unit, std);
	return FRONT_OK;
}

enum front_result front_compile_file(
        struct front *front, const char *path, const struct model **ret_model)
{
	struct unit *std = load_builtin(&front->load, "std.msg");

	return finish(front, load_file(&front->load, path), std, ret_model);
}

enum front_result front_compile_memory(struct front *front, const char *name, const char *text,
        size_t length, const struct model **ret_model)
{
	struct unit *std = load_builtin(&front->load, "std.msg");

	return finish(front, load_memory(&front->load, name, text, length), std, ret_model);
}

void front_lint(struct front *front)
{
	if (front->main != NULL)
		lint_unit(front->diag, front->main);
}

struct diag *front_diag(struct front *front)
{
	return front->diag;
}

bool front_failed(const struct front *front)
{
	return diag_errors(front->diag) != 0 || diag_promoted(front->diag) != 0;
}

void front_print(struct front *front, FILE *stream, const struct diag_style *style)
{
	diag_print(front->diag, stream, style);
}

const char *front_file(const struct front *front, size_t n)
{
	size_t i;

	for (i = 0; i < front->load.units.n; i++) {
		const struct unit *unit = front->load.units.items[i];

		/* Built-in contracts are part of the compiler, not of the file system. */
		if (strncmp(unit->key, "file:", 5) == 0 && n-- == 0)
			return unit->source->path;
	}
	return NULL;
}
