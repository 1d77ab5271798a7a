/* SPDX-License-Identifier: MIT */
/*
 * diag.h - what the compiler has to say about a contract.
 *
 * Messages are collected, and printed once, sorted by place: file:line:col, the text, the line
 * itself with a caret, hints, and notes at other places. Every kind of message has an id, one row
 * of diagnostics.def; each id has a test case. Knows nothing of the language.
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

enum diag_severity { DIAG_ERROR, DIAG_WARNING };

enum diag_id {
#define DIAG(id, name, severity) DIAG_##id,
#include "diagnostics.def"
#undef DIAG
};

struct diag;

struct diag *diag_new(void);
void diag_free(struct diag *diag);

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
};
struct diag_mark diag_mark(const struct diag *diag);
void diag_rewind(struct diag *diag, struct diag_mark mark);

size_t diag_errors(const struct diag *diag);
bool diag_full(const struct diag *diag);

/* Everything collected. show_ids appends each message's id in brackets. */
void diag_print(struct diag *diag, FILE *stream, bool show_ids);

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
