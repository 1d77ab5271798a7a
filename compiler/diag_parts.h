/* SPDX-License-Identifier: MIT */
/*
 * diag_parts.h - what collecting and printing messages share.
 */
#ifndef MSGC_COMPILER_DIAG_PARTS_H
#define MSGC_COMPILER_DIAG_PARTS_H

#include "diag.h"
#include "vec.h"

struct diag_note {
	struct place place; /* no source: a hint */
	const char *text;
};

struct diag_message {
	enum diag_id id;
	enum diag_severity severity; /* DIAG_ERROR or DIAG_WARNING */
	size_t order;
	struct place place;
	const char *text;
	struct vec notes; /* struct diag_note * */
};

struct diag {
	struct arena *arena;
	struct diag_policy policy;
	struct vec messages;
	size_t n_errors;
	size_t n_promoted;
	struct diag_message *last; /* what hints and notes belong to; NULL: they are dropped */
};

struct diag_kind {
	const char *name;
	enum diag_severity severity;
};

extern const struct diag_kind diag_kinds[];

const char *diag_severity_name(enum diag_severity severity);

/* The length in bytes of the code point at text, or 0 if it is not valid there. */
size_t diag_code_point(const char *text, size_t rest);

/* One message in one of the formats. */
void diag_print_text(FILE *stream, const struct diag_message *message, bool show_id);
void diag_print_json(FILE *stream, const struct diag_message *message);
void diag_print_github(FILE *stream, const struct diag_message *message);

#endif
