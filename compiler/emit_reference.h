/* SPDX-License-Identifier: MIT */
/*
 * emit_reference.h - contracts in words for people: what the HTML and Markdown pages share.
 *
 * Texts are plain, not escaped for any format, and live in the arena. Knows nothing of pages but
 * that types and messages have anchors there.
 */
#ifndef MSGC_COMPILER_EMIT_REFERENCE_H
#define MSGC_COMPILER_EMIT_REFERENCE_H

#include <stdbool.h>
#include <stddef.h>

#include "arena.h"
#include "emit_channels.h"
#include "emit_seen.h"
#include "model.h"
#include "vec.h"

/* A piece of what a type is called: words, code, or a name that leads to its description. */
struct reference_piece {
	const char *text;
	const char *anchor; /* NULL: leads nowhere */
	bool is_code;       /* a literal */
};

enum reference_kind {
	REFERENCE_MEMBER,
	REFERENCE_ARM,  /* one alternative; name: what it is told by */
	REFERENCE_RULE, /* a sentence about the members around it; words[0] */
};

/* A line of a description. What belongs to it follows, one step deeper. */
struct reference_row {
	enum reference_kind kind;
	unsigned depth;
	const char *name;  /* as it travels; NULL: none */
	struct vec pieces; /* struct reference_piece *: its type */
	struct vec words;  /* const char *: what its value must keep to */
	bool optional;
	const char *default_json; /* NULL: none */
	const char *doc;
	const char *deprecated; /* NULL: it is not */
};

/* A message and what it has to do with. */
struct reference_entry {
	const struct model_message *message;
	const char *id;       /* "chat", "accounts.note" */
	bool is_sent;         /* by clients */
	bool is_heard;        /* by clients */
	struct vec channels;  /* const struct channel *: where */
	struct vec answers;   /* const struct reference_entry *: what may answer it */
	struct vec questions; /* const struct reference_entry *: what it may answer */
	struct vec groups;    /* const struct model_group *: whose members hear it */
};

struct reference {
	struct arena *arena;
	const struct model *model;
	struct channels *channels;
	struct vec
	        entries; /* struct reference_entry *: own messages, then others, then standard ones */
	struct vec rows; /* struct reference_row *: of the description at hand */
	/* Named types and aliases that something on the page leads to, in order. */
	struct vec types;   /* const struct model_type * */
	struct vec aliases; /* const struct model_alias * */
	struct emit_seen seen;
};

struct reference *reference_new(const struct model *model);
void reference_free(struct reference *reference);

/* What a message is called here: "chat", "accounts.note"; the id of its entry. */
const char *reference_message_id(struct reference *r, const struct model_message *message);

/* Groups of this contract, then others that its connections are in: const struct model_group *. */
void reference_groups(const struct reference *r, struct vec *ret_groups);

/* This contract's types come first, in its order, whatever leads to them. */
void reference_claim_own_types(struct reference *r);

/* Fills entries; done by reference_new(). (emit_reference_index.c) */
void reference_index(struct reference *r);
void reference_index_clear(struct reference *r);

/* --------------------------------------------------------------- rows (emit_reference.c)
 *
 * Each fills reference->rows anew.
 */
void reference_message(struct reference *r, const struct model_message *message);
void reference_type(struct reference *r, const struct model_type *type);
void reference_alias(struct reference *r, const struct model_alias *alias);
/* Parameters of a URL (in the path or not) or of a group. */
void reference_param(struct reference *r, const struct model_param *param);

/* What may stand beside a message's own members, by the names that the contract has for it. */
void reference_envelope(struct reference *r);

/* What a use is called, added to a list of pieces. */
void reference_pieces(struct reference *r, struct vec *pieces, const struct model_use *use);

/* "accounts.user" where it is another contract's. */
const char *reference_name(
        struct reference *r, const struct model_contract *contract, const char *name);

/* --------------------------------------------------------- words (emit_reference_words.c) */

/* What a value's constraints ask, one text each; prefix: "each: " for elements. */
void reference_constraints(
        struct reference *r, struct vec *words, const struct model_type *type, const char *prefix);

/* A literal as JSON. */
const char *reference_literal(struct reference *r, const struct model_literal *literal);

/* "is_authenticated and (is_member or is_staff)" */
const char *reference_permit(struct reference *r, const struct model_consumer *consumer);

/* "5 per 1 s, 10 at once" */
const char *reference_limit(struct reference *r, const struct model_limit *limit);

/* "24 h" */
const char *reference_duration(struct reference *r, uint64_t ms);

/* "64 KiB" */
const char *reference_bytes(struct reference *r, uint64_t bytes);

/* "a session cookie; or a JWT …"; it ends in "a first frame " where a message that tells who it is comes behind it. */
const char *reference_auth(struct reference *r, const struct model_consumer *route);

/* "chat_room_{room_id}" */
const char *reference_group_name(struct reference *r, const struct model_group *group);

/* "the last 500, for 24 h" */
const char *reference_history(struct reference *r, const struct model_history *history);

/* -------------------------------------------------------- errors (emit_reference_errors.c) */

struct reference_error {
	const char *name; /* "string_too_long" */
	const char *meaning;
};

/* With which problems a frame of this message may be refused: struct reference_error *. */
void reference_errors(struct reference *r, const struct model_message *message, struct vec *errors);

/* With which reasons the server refuses any frame of a client, and the codes it closes with. Both
 * end with a name that is NULL. */
extern const struct reference_error reference_reasons[];
extern const struct reference_error reference_close_codes[];

/* ---------------------------------------------------------- examples (emit_reference_json.c) */

enum reference_token {
	REFERENCE_TOKEN_KEY,
	REFERENCE_TOKEN_STRING,
	REFERENCE_TOKEN_NUMBER,
	REFERENCE_TOKEN_WORD, /* true, false, null */
	REFERENCE_TOKEN_SIGN,
	REFERENCE_TOKEN_BREAK, /* a line ends; length is the depth of the next one */
};

typedef void reference_token_fn(
        void *context, enum reference_token token, const char *text, size_t length);

/* Valid JSON, laid out for people: what fits on a line stays on it. */
void reference_json(const char *json, reference_token_fn *token, void *context);

/* An example of the message as a frame, JSON: with the topic, ref and marks that stand beside its own
 * members in most. NULL: none is found. */
const char *reference_example(struct reference *r, const struct reference_entry *entry);

#endif
