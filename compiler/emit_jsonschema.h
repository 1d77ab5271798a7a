/* SPDX-License-Identifier: MIT */
/*
 * emit_jsonschema.h - JSON Schema 2020-12 for types and messages of the model, as json-c objects.
 *
 * The JSON Schema documents are made of these; so are other documents that hold schemas. What a
 * schema accepts is what the generated parser accepts, but for the list in the language reference;
 * where no keyword says what the parser does, a $comment tells people.
 */
#ifndef MSGC_COMPILER_EMIT_JSONSCHEMA_H
#define MSGC_COMPILER_EMIT_JSONSCHEMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <json-c/json.h>

#include "model.h"
#include "vec.h"
#include "writer.h"

/* --------------------------------------------- json-c (emit_jsonschema_doc.c)
 *
 * Values passed in are consumed. raw: JSON text, written as it is.
 */
struct json_object *schema_object(void);
struct json_object *schema_array(void);
struct json_object *schema_text(const char *text);
struct json_object *schema_raw(const char *json);
struct json_object *schema_literal(const struct model_literal *literal);
void schema_put(struct json_object *object, const char *key, struct json_object *value);
void schema_put_text(struct json_object *object, const char *key, const char *text);
void schema_put_raw(struct json_object *object, const char *key, const char *json);
void schema_put_bool(struct json_object *object, const char *key, bool value);
/* A lower and an upper bound, as far as the range has them; 0 is none. */
void schema_put_range(struct json_object *object, const struct model_range *range,
        const char *min_key, const char *max_key);
void schema_put_uint(struct json_object *object, const char *key, uint64_t number);
void schema_append(struct json_object *array, struct json_object *value);

/* "key": array, unless it is empty. */
void schema_put_unless_empty(
        struct json_object *object, const char *key, struct json_object *array);

/* Moves what a schema says into another, behind what is there. */
void schema_merge(struct json_object *into, struct json_object *from);

/* Says something to people in "$comment", behind what is there. */
void schema_note(struct json_object *schema, const char *format, ...) WRITER_FORMAT(2, 3);

/* "title", "description" and "deprecated"; each may be NULL. */
void schema_put_doc(
        struct json_object *schema, const char *title, const char *doc, const char *deprecated);

/* A text in pieces: writer_add() to what begin returns; result lives until writer_free(). */
struct writer *schema_text_begin(void);
const char *schema_text_result(struct writer *w);

/* The object, pretty, as the whole of a file; consumed. */
void schema_write(struct writer *writer, struct json_object *root);

/* ------------------------------------------------------------ values (emit_value.c) */

/* A default's value as JSON text. */
void emit_value(struct writer *w, const struct model_type *type, const struct model_value *value);

/* ---------------------------------------------------------- examples (emit_example.c) */

/*
 * A message as it may travel, as JSON text: small, the same every time, accepted by its schema and
 * its parser. False, and nothing worth keeping in w, where none was found: constraints that only a
 * search would meet, `require` and `check`, which are not tried.
 */
bool emit_example_message(struct writer *w, const struct model_message *message);

/* --------------------------------------------------- documents (emit_jsonschema.c) */

/*
 * A document under construction: how it refers to definitions. By default to "#/$defs/NAME", those
 * of imported contracts in documents of their own beside it. Bundled: it holds all that it refers
 * to itself, as "#/$defs/NAME" and "#/$defs/CONTRACT.NAME".
 */
struct schema_document {
	const struct model_contract *contract;
	struct json_object *defs; /* bundled: filled by schema_define_pending(); else NULL */
	const char *defs_at;      /* where definitions are; NULL: "#/$defs/" */
	struct vec types;         /* bundled: referred to, const struct model_type * … */
	struct vec aliases;       /* … and const struct model_alias * */
	unsigned n_inlined;       /* arms written where they stand though they have a name */
};

/* A contract's whole document. */
struct json_object *schema_contract(const struct model *model);

/* The schema of a type where it is used: a reference where the type has a name. */
struct json_object *schema_of_use(struct schema_document *doc, const struct model_use *use);

/* The schema of a named type, and of an alias, as a definition. */
struct json_object *schema_of_type(struct schema_document *doc, const struct model_type *type);
struct json_object *schema_of_alias(struct schema_document *doc, const struct model_alias *alias);

/* Bundled: defines what has been referred to, and what that refers to, until nothing is missing. */
void schema_define_pending(struct schema_document *doc);

/* {"$ref": …} to a definition, "name" of a contract. */
struct json_object *schema_reference(
        struct schema_document *doc, const struct model_contract *contract, const char *name);

/* --------------------------------------------- messages (emit_jsonschema_message.c) */

/* No name of a contract has a hyphen, so these clash with none. */
#define SCHEMA_ENVELOPE "envelope-members"

/* A message's whole frame. */
struct json_object *schema_of_message(
        struct schema_document *doc, const struct model_message *message);

/* What may stand beside the members of the contract's messages; NULL: nothing. */
struct json_object *schema_of_envelope(const struct model_contract *contract);

/* --------------------------------------------- rosters (emit_jsonschema_presence.c) */

/*
 * What members of a group with `presence` are told: GROUP-presence-state, GROUP-presence-diff and
 * the users in them, GROUP-presence-user. Nothing for other groups.
 */
void schema_put_presence(
        struct json_object *defs, struct schema_document *doc, const struct model_group *group);

/* ------------------------------- the parts (emit_jsonschema_type.c, …_union.c, …_scalar.c) */

/*
 * Members that an object has beside those of its record: the discriminators of the unions around
 * it, which only say so in the same schema where that is closed. From the inside out.
 */
struct schema_tags {
	const struct schema_tags *up;
	const char *key;
	struct json_object *schema; /* borrowed */
};

/* Adds what a type asks for, whatever its kind. */
void schema_put_type(struct json_object *schema, struct schema_document *doc,
        const struct model_type *type, const struct schema_tags *tags);

/* Adds what a record asks for; MODEL_RECORD. */
void schema_put_record(struct json_object *schema, struct schema_document *doc,
        const struct model_type *record, const struct schema_tags *tags);

/* Adds a tuple's elements; first: schemas that stand at fixed positions, NULL where an element does. */
void schema_put_tuple(struct json_object *schema, struct schema_document *doc,
        const struct model_type *tuple, struct json_object *const *fixed, size_t n_fixed);

/* Adds what a scalar's kind, form and constraints ask for. */
void schema_put_scalar(struct json_object *schema, const struct model_type *type);

void schema_put_union(struct json_object *schema, struct schema_document *doc,
        const struct model_type *type, const struct schema_tags *tags);
void schema_put_choice(
        struct json_object *schema, struct schema_document *doc, const struct model_type *type);

/*
 * A member that holds a union whose tag stands beside it: adds both to the record's "properties",
 * and to its "allOf" what they ask of each other.
 */
void schema_put_beside(struct json_object *schema, struct json_object *properties,
        struct schema_document *doc, const struct model_member *member);

#endif
