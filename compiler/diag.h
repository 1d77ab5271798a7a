/* SPDX-License-Identifier: MIT */
/*
 * diag.h - what the compiler has to say about a contract.
 *
 * Messages are collected, and printed once, sorted by place: file:line:col, the text, the line
 * itself with a caret, hints, and notes at other places; or in a format for programs. Every kind of
 * message has an id, one row of diagnostics.def; each id has a test case. Knows nothing of the
 * language.
 */
#ifndef MSGC_COMPILER_DIAG_H
#define MSGC_COMPILER_DIAG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "source.h"

/* So many errors are printed; a closing line says that there are more. */
#define DIAG_MAX_PRINTED 20

/* So many are collected before diag_full(): the stages give up then. */
#define DIAG_MAX_COLLECTED 200

enum diag_severity {
	DIAG_ERROR,
	DIAG_WARNING,
	DIAG_OPTIONAL, /* a warning that is given only where it is asked for */
};

enum diag_id {
#define DIAG(id, name, severity) DIAG_##id,
#include "diagnostics.def"
#undef DIAG
	DIAG_N_KINDS,
};

/* What becomes of the warnings of one kind. */
enum diag_level { DIAG_LEVEL_USUAL, DIAG_LEVEL_OFF, DIAG_LEVEL_WARNING, DIAG_LEVEL_ERROR };

/* Zeroed: as diagnostics.def has it. */
struct diag_policy {
	unsigned char levels[DIAG_N_KINDS];
	bool all_errors;
};

/* What stands behind -W: NAME, no-NAME, error=NAME, error, all. False: there is no such warning. */
bool diag_policy_apply(struct diag_policy *policy, const char *words);

/* The names of warnings, one after the other; NULL behind the last one. */
const char *diag_policy_name(size_t n, bool *ret_is_usual);

struct diag;

struct diag *diag_new(void);
void diag_free(struct diag *diag);

/* For what is reported from here on. */
void diag_set_policy(struct diag *diag, const struct diag_policy *policy);

/* A new message. Control characters in what the arguments bring become '?'. */
void diag_report(struct diag *diag, enum diag_id id, struct place place, const char *format, ...)
        __attribute__((format(printf, 4, 5)));

/* A hint below the message reported last. */
void diag_hint(struct diag *diag, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A note at another place, below the message reported last: "first declared here". */
void diag_note(struct diag *diag, struct place place, const char *format, ...)
        __attribute__((format(printf, 3, 4)));

/*
 * What has been collected so far, and going back to it: for reading a file again with what the
 * first time has taught.
 */
struct diag_mark {
	size_t n_messages;
	size_t n_errors;
	size_t n_promoted;
};
struct diag_mark diag_mark(const struct diag *diag);
void diag_rewind(struct diag *diag, struct diag_mark mark);

size_t diag_errors(const struct diag *diag);
/* Warnings that count as errors. They stop no stage: only what comes of it all. */
size_t diag_promoted(const struct diag *diag);
bool diag_full(const struct diag *diag);

enum diag_format {
	DIAG_TEXT,   /* for people */
	DIAG_JSON,   /* one object a line */
	DIAG_GITHUB, /* workflow commands: ::error file=... */
};

struct diag_style {
	enum diag_format format;
	bool show_ids; /* DIAG_TEXT: each message's id in brackets */
};

/* Everything collected. */
void diag_print(struct diag *diag, FILE *stream, const struct diag_style *style);

/* For others who write these formats: a text in quotes, and a command without its line end. */
void diag_put_json_string(FILE *stream, const char *text);
void diag_put_github(FILE *stream, const char *severity, struct place place, const char *title,
        const char *text);

/* The closest of several names, for "did you mean …?". */
struct suggestion {
	const char *word;
	const char *best; /* NULL: none is close */
	unsigned distance;
};

struct suggestion suggestion_for(const char *word);
void suggestion_offer(struct suggestion *suggestion, const char *candidate);

/* Hints at it if there is one. */
void diag_suggest(struct diag *diag, const struct suggestion *suggestion);

#endif
