/* SPDX-License-Identifier: MIT */
/*
 * emit_jsonschema.h - JSON Schema 2020-12 for types of the model, as json-c objects.
 *
 * The JSON Schema document is made of these; so are other documents that hold schemas. What a
 * schema accepts is what the generated parser accepts, but for the list in the language reference.
 */
#ifndef MSGC_COMPILER_EMIT_JSONSCHEMA_H
#define MSGC_COMPILER_EMIT_JSONSCHEMA_H

#include <stdbool.h>
#include <stddef.h>

#include <json-c/json.h>

#include "model.h"
#include "writer.h"

/* --------------------------------------------- json-c (emit_jsonschema_doc.c)
 *
 * Values passed in are consumed. raw: JSON text, written as it is.
 */
struct json_object *schema_object(void);
struct json_object *schema_array(void);
struct json_object *schema_text(const char *text);
struct json_object *schema_raw(const char *json);
void schema_put(struct json_object *object, const char *key, struct json_object *value);
void schema_put_text(struct json_object *object, const char *key, const char *text);
void schema_put_raw(struct json_object *object, const char *key, const char *json);
void schema_put_bool(struct json_object *object, const char *key, bool value);
void schema_put_uint(struct json_object *object, const char *key, uint64_t number);
void schema_append(struct json_object *array, struct json_object *value);

/* A text in pieces: writer_add() to what begin returns; result lives until writer_free(). */
struct writer *schema_text_begin(void);
const char *schema_text_result(struct writer *w);

/* A default's value. */
void schema_put_value(struct json_object *object, const char *key, const struct model_type *type,
        const struct model_value *value);

/* ------------------------------------------------------------------ schemas */

/* Adds what a scalar's kind, form and constraints ask for. emit_jsonschema_scalar.c */
void schema_scalar(struct json_object *schema, const struct model_type *type);

/*
 * The schema of a type where it is used in a contract's document: a reference where the type has a
 * name. emit_jsonschema.c
 */
struct json_object *schema_of_use(
        const struct model_contract *contract, const struct model_use *use);

#endif
