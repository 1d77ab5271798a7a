/* SPDX-License-Identifier: MIT */
/*
 * writer.h - text in lines, indented.
 *
 * Emitters write through it: one call is one line of output. It owns indentation and escaping, and
 * knows nothing of the model or of files. Running out of memory ends in writer_failed(), checked
 * once at the end; every call is harmless after it.
 */
#ifndef MSGC_COMPILER_WRITER_H
#define MSGC_COMPILER_WRITER_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#define WRITER_FORMAT(string, first) __attribute__((format(printf, string, first)))

struct writer;

/* unit is one step of indentation: "\t" for C, "  " for JSON. NULL if there is no memory. */
struct writer *writer_new(const char *unit);
void writer_free(struct writer *writer);

/* One line at the present depth. An empty result is an empty line without indentation. */
void writer_line(struct writer *writer, const char *format, ...) WRITER_FORMAT(2, 3);

/* A line, then one step deeper: writer_open(w, "struct %s {", name). */
void writer_open(struct writer *writer, const char *format, ...) WRITER_FORMAT(2, 3);

/* One step back, then a line: writer_close(w, "};"). */
void writer_close(struct writer *writer, const char *format, ...) WRITER_FORMAT(2, 3);

/* A line one step back from the present depth, which stays: "case X:", "} else {", labels. */
void writer_outdent(struct writer *writer, const char *format, ...) WRITER_FORMAT(2, 3);

/* A line in the first column: preprocessor lines. */
void writer_flush_left(struct writer *writer, const char *format, ...) WRITER_FORMAT(2, 3);

/* An empty line; two in a row become one, and there is none at the beginning. */
void writer_blank(struct writer *writer);

/*
 * A line in pieces: each call appends, the first of them indents. writer_end() ends the line;
 * so does any call above. For lists whose length is known only while walking them.
 */
void writer_add(struct writer *writer, const char *format, ...) WRITER_FORMAT(2, 3);
void writer_end(struct writer *writer);

/*
 * A C comment of the contract's doc text at the present depth: one line where it fits in 100
 * columns, else wrapped. Cannot end early or begin a comment inside, whatever the text. doc == NULL
 * writes nothing.
 */
void writer_doc(struct writer *writer, const char *doc);

/* As writer_doc, with text made by a format. */
void writer_comment(struct writer *writer, const char *format, ...) WRITER_FORMAT(2, 3);

/*
 * Text for use as a %s argument, alive until writer_free(): a C string literal with its quotes (all
 * but printable ASCII as three-digit octal escapes, no trigraph; C and C++ alike), a JSON string
 * with its quotes (UTF-8 kept), and any formatted text. Never NULL.
 */
const char *writer_c_literal(struct writer *writer, const char *bytes, size_t length);
const char *writer_json_string(struct writer *writer, const char *bytes, size_t length);
const char *writer_format(struct writer *writer, const char *format, ...) WRITER_FORMAT(2, 3);

/* Deeper and shallower without a line. */
void writer_indent(struct writer *writer);
void writer_dedent(struct writer *writer);

bool writer_failed(const struct writer *writer);

/* What has been written, NUL-terminated; *ret_length without the NUL. */
const char *writer_text(const struct writer *writer, size_t *ret_length);

#endif
