/* SPDX-License-Identifier: MIT */
/*
 * emit_ts.h - TypeScript, and the same as JavaScript with declarations: what the parts of these outputs share.
 *
 * A module has three parts: the contract's types; the client, which is the same for all contracts and was written as TypeScript
 * (clients/typescript); the contract's tables and a class for each consumer. JavaScript has no first part, declarations have no tables.
 */
#ifndef MSGC_COMPILER_EMIT_TS_H
#define MSGC_COMPILER_EMIT_TS_H

#include <stdbool.h>
#include <stddef.h>

#include "model.h"
#include "writer.h"

struct arena;

enum ts_form { TS_TYPESCRIPT, TS_JAVASCRIPT, TS_DECLARATIONS };

struct ts {
	const struct model *model;
	struct writer *w;
	enum ts_form form;
	struct arena *arena;
	void *names;  /* of what has one: emit_ts_names.c */
	void *taken;  /* identifiers that have been given */
	void *inputs; /* types that are not sent as they are received */
};

/* What one thing of the contract is called for. */
enum ts_role {
	TS_RECEIVED, /* a type; a message's frame */
	TS_SENT,     /* what a program writes: members with defaults may be left out */
	TS_BODY,     /* a message's own members */
	TS_ENUM,     /* an enum's values by name */
	TS_PROTOCOL,
	TS_CLASS,
	TS_SPEC,
	TS_ENVELOPE,
};

/* ------------------------------------------------------- names (emit_ts_names.c) */

/* Gives names to everything that has one. Frees nothing: ts_names_clear() does. */
void ts_names_make(struct ts *ts);
void ts_names_clear(struct ts *ts);

/* The identifier of a type, alias, message, consumer or contract. */
const char *ts_name(const struct ts *ts, const void *of, enum ts_role role);

/* A member's name where a name of an object stands: as it is, or quoted; in a table, safe from __proto__. */
const char *ts_key(const struct ts *ts, const char *name, bool in_table);

/* The type, sent, differs from the type, received: somewhere in it is a default. */
bool ts_has_input(const struct ts *ts, const struct model_type *type);

/* Contracts whose types are written: all, but std only where its messages travel. */
bool ts_writes(const struct ts *ts, const struct model_contract *contract);

/* Consumers or topics of the main contract: there is a client. */
bool ts_has_client(const struct ts *ts);

/* The contract whose envelope a message travels in: std's messages travel in those of the main one. */
const struct model_contract *ts_carrier(const struct ts *ts, const struct model_message *message);
const struct model_discriminator *ts_discriminator(
        const struct ts *ts, const struct model_message *message);

/* --------------------------------------------------------- types (emit_ts_type.c) */

void ts_put_doc(struct ts *ts, const char *doc, const char *deprecated);
void ts_put_literal(struct ts *ts, const struct model_literal *literal);

/* A type where it is used, appended to the line. */
void ts_put_use(struct ts *ts, const struct model_use *use, enum ts_role role);

/* Members of a record, one per line. */
void ts_put_members(struct ts *ts, const struct model_type *record, enum ts_role role);

/* Members that hold a union whose tag stands beside them, and what they add to the record: "& (A | B)". */
bool ts_has_beside(const struct model_type *record);
void ts_put_besides(struct ts *ts, const struct model_type *record, enum ts_role role);

/* An element of a tuple, appended: "price: string, mark?: \"r\"". */
void ts_put_element(struct ts *ts, const struct model_member *element, enum ts_role role);

/* All named types, aliases and enums of a contract. */
void ts_put_types(struct ts *ts, const struct model_contract *contract);

/* -------------------------------------------------- messages (emit_ts_message.c) */

void ts_put_messages(struct ts *ts, const struct model_contract *contract);

/* Standard messages are written where a consumer names them. */
bool ts_uses(const struct ts *ts, const struct model_message *message);

/* ------------------------------------------------------- tables (emit_ts_shape.c) */

/* It has a name there. */
bool ts_is_in_table(const struct model_type *type);

/* "shapes": every named type. */
void ts_put_shapes(struct ts *ts);

/* A type where it is used, as a value, appended: itself, or a reference to the table. */
void ts_put_shape(struct ts *ts, const struct model_use *use);
/* The same, and whether it may be null. */
void ts_put_shape_use(struct ts *ts, const struct model_use *use);
/* The same of a member without its braces. */
void ts_put_shape_member(struct ts *ts, const struct model_member *member);

/* ---------------------------------------- consumers (emit_ts_protocol.c, emit_ts_spec.c) */

/* What is said, as types. */
void ts_put_protocol(struct ts *ts, const struct model_consumer *consumer);

/* A consumer's class, and in code its table. */
void ts_put_class(struct ts *ts, const struct model_consumer *consumer);
void ts_put_specs(struct ts *ts);

/* What is checked and converted: types, messages, and check(). */
void ts_put_tables(struct ts *ts);

/* ------------------------------------------- texts (generated: client_text.c) */

struct ts_text {
	const char *values; /* types and tables */
	const char *client; /* what uses them */
};

extern const struct ts_text ts_texts[]; /* by ts_form */
extern const char *const ts_exports[];  /* what these export; ends with NULL */

#endif
