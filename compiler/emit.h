/* SPDX-License-Identifier: MIT */
/*
 * emit.h - the outputs of the compiler.
 *
 * An output is one function per file that it consists of, and one row in emit.c. An emitter reads
 * the const model of one contract (imported ones get runs of their own) and writes to a writer; it
 * opens no files, prints nothing and decides nothing that the checks should have decided.
 */
#ifndef MSGC_COMPILER_EMIT_H
#define MSGC_COMPILER_EMIT_H

#include <stdbool.h>
#include <stddef.h>

#include "model.h"
#include "writer.h"

/* Writes one file for model->main. Same model, same bytes. */
typedef void emit_fn(const struct model *model, struct writer *writer);

/* The same for one message, of a file of its own. */
typedef void emit_message_fn(
        const struct model *model, const struct model_message *message, struct writer *writer);

struct emit_file {
	const char *suffix; /* behind the contract's stem: ".msgc.h" */
	const char *unit;   /* one step of indentation */
	emit_fn *emit;
};

#define EMIT_MAX_FILES 2

struct emitter {
	const char *name;    /* as in --emit NAME */
	const char *summary; /* for --help */
	bool by_default;     /* written without --emit */
	bool keep_existing;  /* a first draft for people: never overwrites a file */
	struct emit_file files[EMIT_MAX_FILES]; /* unused ones have emit == NULL */
	/* Instead of the second file's, for --optimize; NULL: it makes no difference. */
	emit_fn *emit_speed, *emit_size;
	/* A file for each message, in a folder named after the contract: STEM/MESSAGE.schema.json */
	emit_message_fn *emit_message; /* NULL: none */
};

extern const struct emitter emitters[];
extern const size_t n_emitters;

/*
 * emit_c.c: NAME.msgc.h and NAME.msgc.c; the source with readers for what messages begin with, for
 * everything, for nothing.
 */
emit_fn emit_c_header;
emit_fn emit_c_source, emit_c_source_speed, emit_c_source_size;

/* emit_c_client.c: NAME.client.h and NAME.client.c, beside those of emit_c.c */
emit_fn emit_c_client_header;
emit_fn emit_c_client_source;

/* emit_jsonschema.c: NAME.schema.json; NAME/MESSAGE.schema.json */
emit_fn emit_jsonschema;
emit_message_fn emit_jsonschema_message;

/* emit_asyncapi.c: NAME.asyncapi.json */
emit_fn emit_asyncapi;

/* emit_ts.c: NAME.ts; NAME.js and NAME.d.ts */
emit_fn emit_ts;
emit_fn emit_js;
emit_fn emit_dts;

/* emit_html.c: NAME.html; emit_markdown.c: NAME.md */
emit_fn emit_html;
emit_fn emit_markdown;

/* emit_documents.c: NAME.documents.h, NAME.documents.c */
emit_fn emit_documents_header;
emit_fn emit_documents_source;

/* emit_stubs.c: NAME_handlers.c */
emit_fn emit_stubs;

/* emit_model.c: NAME.model.txt, a dump for debugging and for tests of the front end */
emit_fn emit_model;

#endif
