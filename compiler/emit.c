/* SPDX-License-Identifier: MIT */
/*
 * emit.c - the table of outputs.
 */
#include "emit.h"

const struct emitter emitters[] = {
        {.name = "c",
                .summary = "structs, parsers, tables: FILE.msgc.h, FILE.msgc.c",
                .by_default = true,
                .files = {{".msgc.h", "\t", emit_c_header}, {".msgc.c", "\t", emit_c_source}},
                .emit_speed = emit_c_source_speed,
                .emit_size = emit_c_source_size},
        {.name = "c-client",
                .summary = "a client in C, beside c: FILE.client.h, FILE.client.c",
                .files = {{".client.h", "\t", emit_c_client_header},
                        {".client.c", "\t", emit_c_client_source}}},
        {.name = "jsonschema",
                .summary = "JSON Schema 2020-12: FILE.schema.json",
                .files = {{".schema.json", "  ", emit_jsonschema}}},
        {.name = "jsonschema-messages",
                .summary = "one for each message: FILE/MESSAGE.schema.json",
                .emit_message = emit_jsonschema_message},
        {.name = "asyncapi",
                .summary = "AsyncAPI 3.0: FILE.asyncapi.json",
                .files = {{".asyncapi.json", "  ", emit_asyncapi}}},
        {.name = "ts",
                .summary = "TypeScript, types and a client: FILE.ts",
                .files = {{".ts", "\t", emit_ts}}},
        {.name = "js",
                .summary = "the same as JavaScript: FILE.js, FILE.d.ts",
                .files = {{".js", "\t", emit_js}, {".d.ts", "\t", emit_dts}}},
        {.name = "html",
                .summary = "a reference page for people: FILE.html",
                .files = {{".html", "", emit_html}}},
        {.name = "markdown",
                .summary = "the same in Markdown: FILE.md",
                .files = {{".md", "", emit_markdown}}},
        {.name = "documents",
                .summary =
                        "AsyncAPI and JSON Schema for a server to give out: FILE.documents.h, .c",
                .files = {{".documents.h", "\t", emit_documents_header},
                        {".documents.c", "\t", emit_documents_source}}},
        {.name = "stubs",
                .summary = "a first draft of handlers, as --stubs: FILE_handlers.c",
                .keep_existing = true,
                .files = {{"_handlers.c", "\t", emit_stubs}}},
        {.name = "model",
                .summary = "what msgc has understood, for debugging: FILE.model.txt",
                .files = {{".model.txt", "  ", emit_model}}},
};
const size_t n_emitters = sizeof(emitters) / sizeof(emitters[0]);
