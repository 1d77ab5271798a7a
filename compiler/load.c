/* SPDX-License-Identifier: MIT */
/*
 * load.c - reading a contract and, through it, its imports.
 *
 * The depth of the recursion is bounded by the number of files. Knows nothing of what contracts
 * mean.
 */
#include "load.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "builtin.h"
#include "parse.h"

static void load_imports(struct load *load, struct unit *unit);

static struct unit *find_unit(const struct load *load, const char *key)
{
	size_t i;

	for (i = 0; i < load->units.n; i++) {
		struct unit *unit = load->units.items[i];

		if (strcmp(unit->key, key) == 0)
			return unit;
	}
	return NULL;
}

/* Parses a source that is read for the first time, and loads what it imports. */
static struct unit *add_unit(struct load *load, const struct source *source, const char *key)
{
	struct unit *unit = arena_alloc(load->arena, sizeof(*unit));
	size_t errors = diag_errors(load->diag);

	unit->source = source;
	unit->key = key;
	vec_push(&load->units, unit);
	unit->file = parse_source(load->arena, load->diag, source);
	unit->broken = diag_errors(load->diag) - errors != unit->file->n_mended;
	unit->open = true;
	vec_push(&load->open, unit);
	load_imports(load, unit);
	load->open.n--;
	unit->open = false;
	vec_push(&load->order, unit);
	return unit;
}

static const struct builtin *find_builtin(const char *name)
{
	size_t i;

	for (i = 0; i < n_builtins; i++) {
		if (strcmp(builtins[i].name, name) == 0)
			return &builtins[i];
	}
	return NULL;
}

struct unit *load_builtin(struct load *load, const char *name)
{
	const struct builtin *builtin = find_builtin(name);
	const char *key = arena_printf(load->arena, "builtin:%s", name);
	const struct source *source;
	struct unit *unit = find_unit(load, key);

	if (unit != NULL || builtin == NULL)
		return unit;
	if (source_from_memory(load->arena, key, builtin->text, builtin->length, true, &source) !=
	        SOURCE_OK)
		return NULL;
	return add_unit(load, source, key);
}

/* Two names of one file have one key. */
static const char *file_key(struct load *load, const char *path)
{
	char *real = realpath(path, NULL);
	const char *key = arena_printf(load->arena, "file:%s", real != NULL ? real : path);

	free(real);
	return key;
}

/* The file's text may be that of a built-in contract: compiling schemas/std.msg itself. */
static bool is_builtin_text(const struct source *source)
{
	size_t i;

	for (i = 0; i < n_builtins; i++) {
		if (builtins[i].length == source->length &&
		        memcmp(builtins[i].text, source->text, source->length) == 0)
			return true;
	}
	return false;
}

static enum source_result read_file(
        struct load *load, const char *path, const struct source **ret_source)
{
	const struct source *source;
	enum source_result result = source_read(load->arena, path, &source);
	struct source *builtin;

	if (result != SOURCE_OK)
		return result;
	*ret_source = source;
	if (is_builtin_text(source)) {
		builtin = arena_alloc(load->arena, sizeof(*builtin));
		*builtin = *source;
		builtin->is_builtin = true;
		*ret_source = builtin;
	}
	return SOURCE_OK;
}

/* ----------------------------------------------------------------- imports */

static void report_unreadable(
        struct load *load, struct place place, const char *path, enum source_result result)
{
	if (result == SOURCE_TOO_BIG)
		diag_report(load->diag, DIAG_FILE_TOO_BIG, place, "'%s' is larger than %zu MiB",
		        path, SOURCE_MAX_BYTES / 1024 / 1024);
	else
		diag_report(load->diag, DIAG_CANNOT_READ, place, "cannot read '%s': %s", path,
		        strerror(result == SOURCE_MISSING ? ENOENT : errno));
}

/* Tries one place. SOURCE_MISSING: go on; any other failure has been reported. */
static enum source_result try_path(
        struct load *load, const char *path, struct place place, struct unit **ret_unit)
{
	const char *key = file_key(load, path);
	const struct source *source;
	enum source_result result;

	*ret_unit = find_unit(load, key);
	if (*ret_unit != NULL)
		return SOURCE_OK;
	result = read_file(load, path, &source);
	if (result == SOURCE_MISSING)
		return result;
	if (result != SOURCE_OK)
		report_unreadable(load, place, path, result);
	else
		*ret_unit = add_unit(load, source, key);
	return result;
}

static const char *path_in(struct load *load, const char *dir, const char *path)
{
	if (path[0] == '/' || strcmp(dir, ".") == 0)
		return path;
	return arena_printf(load->arena, "%s%s%s", dir, strcmp(dir, "/") == 0 ? "" : "/", path);
}

/* NULL if the import leads nowhere; that has been reported then. */
static struct unit *find_import(
        struct load *load, const struct unit *from, const struct ast_import *import)
{
	const char *path = import->path.bytes;
	struct unit *unit;
	size_t i;

	if (from->source->dir != NULL &&
	        try_path(load, path_in(load, from->source->dir, path), import->path.place, &unit) !=
	                SOURCE_MISSING)
		return unit;
	for (i = 0; i < load->n_include_dirs; i++) {
		if (try_path(load, path_in(load, load->include_dirs[i], path), import->path.place,
		            &unit) != SOURCE_MISSING)
			return unit;
	}
	unit = load_builtin(load, path);
	if (unit == NULL) {
		diag_report(load->diag, DIAG_IMPORT_MISSING, import->path.place, "cannot find '%s'",
		        path);
		diag_hint(load->diag,
		        "imports are looked for beside the file that imports them, in the "
		        "folders given with -I, and among the built-in contracts");
	}
	return unit;
}

/* a.msg -> b.msg -> a.msg */
static void report_cycle(struct load *load, const struct unit *unit, struct place place)
{
	const char *path = "";
	bool inside = false;
	size_t i;

	for (i = 0; i < load->open.n; i++) {
		const struct unit *open = load->open.items[i];

		inside = inside || open == unit;
		if (inside)
			path = arena_printf(load->arena, "%s%s -> ", path, open->source->path);
	}
	diag_report(load->diag, DIAG_IMPORT_CYCLE, place, "contracts import each other: %s%s", path,
	        unit->source->path);
}

static bool check_import_path(struct load *load, const struct ast_import *import)
{
	const struct ast_string *path = &import->path;

	if (path->length == 0 || path->length >= PATH_MAX || strlen(path->bytes) != path->length) {
		diag_report(load->diag, DIAG_IMPORT_PATH, path->place, "this is no path of a file");
		return false;
	}
	if (load->units.n >= LOAD_MAX_FILES) {
		diag_report(load->diag, DIAG_TOO_MANY_FILES, path->place,
		        "more than %d files in one contract", LOAD_MAX_FILES);
		return false;
	}
	return true;
}

static void load_imports(struct load *load, struct unit *unit)
{
	const struct ast_file *file = unit->file;
	size_t i;

	unit->imports = arena_array(load->arena, file->n_imports, sizeof(*unit->imports));
	for (i = 0; i < file->n_imports && !diag_full(load->diag); i++) {
		const struct ast_import *import = file->imports[i];
		struct unit *found = NULL;

		if (check_import_path(load, import))
			found = find_import(load, unit, import);
		if (found != NULL && found->open) {
			report_cycle(load, found, import->path.place);
			found = NULL;
		}
		unit->broken = unit->broken || found == NULL || found->broken;
		if (found != NULL)
			unit->imports[unit->n_imports++] =
			        (struct unit_import){.unit = found, .place = import->path.place};
	}
}

/* --------------------------------------------------------------- main file */

struct unit *load_file(struct load *load, const char *path)
{
	const struct source *source;
	enum source_result result = read_file(load, path, &source);

	if (result != SOURCE_OK) {
		report_unreadable(load, (struct place){0}, path, result);
		return NULL;
	}
	return add_unit(load, source, file_key(load, path));
}

struct unit *load_memory(struct load *load, const char *name, const char *text, size_t length)
{
	const struct source *source;
	enum source_result result =
	        source_from_memory(load->arena, name, text, length, false, &source);

	if (result != SOURCE_OK) {
		report_unreadable(load, (struct place){0}, name, result);
		return NULL;
	}
	return add_unit(load, source, arena_printf(load->arena, "memory:%s", name));
}

void load_clear(struct load *load)
{
	vec_clear(&load->units);
	vec_clear(&load->order);
	vec_clear(&load->open);
}
