/* SPDX-License-Identifier: MIT */
/*
 * source.h - contract files in memory, and places in them.
 *
 * A place is a file and two byte offsets; lines and columns are computed only when something is
 * said about it. Knows nothing of the language.
 */
#ifndef MSGC_COMPILER_SOURCE_H
#define MSGC_COMPILER_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

/* A contract longer than this is refused before it is read. */
#define SOURCE_MAX_BYTES ((size_t)4 * 1024 * 1024)

/* One file. text has length bytes and two NULs behind them (flex scans it in place). */
struct source {
	const char *path; /* as it is shown to people */
	const char *dir;  /* the folder it lies in, "." at least; NULL for memory and built-ins */
	char *text;
	size_t length;
	bool is_builtin;
};

/* Bytes [start, end) of a file. source == NULL: no place (a message about the whole run). */
struct place {
	const struct source *source;
	uint32_t start;
	uint32_t end;
};

/* Line and column (both from 1; a column is a code point, a tab counts as one). */
struct source_position {
	uint32_t line;
	uint32_t column;
	uint32_t line_start; /* byte offset of the line's first byte */
	uint32_t line_end;   /* byte offset behind its last byte, without CR or LF */
};

enum source_result {
	SOURCE_OK,
	SOURCE_MISSING,    /* no such file */
	SOURCE_UNREADABLE, /* exists, but cannot be read; errno says why */
	SOURCE_TOO_BIG,
};

/* Read the file at path. *ret_source lives in the arena. */
enum source_result source_read(
        struct arena *arena, const char *path, const struct source **ret_source);

/* The standard input, which is shown as "<stdin>". */
enum source_result source_read_stdin(struct arena *arena, const struct source **ret_source);

/* A source from memory (copied): built-in contracts, tests, the fuzzer. */
enum source_result source_from_memory(struct arena *arena, const char *path, const char *text,
        size_t length, bool is_builtin, const struct source **ret_source);

struct source_position source_position(const struct source *source, uint32_t offset);

/* The place from the beginning of a to the end of b (same file). */
struct place place_join(struct place a, struct place b);

#endif
