/* SPDX-License-Identifier: MIT */
/*
 * scope.h - the names that a contract declares.
 *
 * All types, messages, groups and consumers of a contract share one scope. A symbol leads from
 * the declaration to what the checks make of it. Knows nothing of other contracts.
 */
#ifndef MSGC_COMPILER_SCOPE_H
#define MSGC_COMPILER_SCOPE_H

#include <stdbool.h>
#include <stddef.h>

#include "ast.h"
#include "diag.h"
#include "model.h"

struct arena;

enum symbol_kind {
	SYMBOL_TYPE,  /* type is set */
	SYMBOL_ALIAS, /* once resolved: alias is set, or type where it turned out to be one */
	SYMBOL_MESSAGE,
	SYMBOL_GROUP,
	SYMBOL_CONSUMER,
	SYMBOL_TOPIC, /* group and consumer are set */
	SYMBOL_MIXIN,
	SYMBOL_BROKEN, /* refused already: say nothing about it again */
};

enum symbol_state { SYMBOL_NEW, SYMBOL_OPEN, SYMBOL_DONE };

struct symbol {
	const char *name;
	struct place place;
	const struct ast_decl *decl; /* NULL: the second of its name */
	enum symbol_kind kind;
	bool used;                /* something of this contract or of another one names it */
	enum symbol_state state;  /* of aliases: has it been resolved */
	unsigned depth;           /* of aliases behind one another */
	struct model_type *type;  /* of aliases: of the choice that `… | null` declares */
	enum symbol_state inside; /* of types: is it filled */
	unsigned spreads;         /* of records: `...` behind one another */
	struct model_alias *alias;
	struct model_message *message;
	struct model_group *group;
	struct model_consumer *consumer;
	/* messages: by what they are told apart, and where clauses first name them (source NULL: not) */
	const struct model_discriminator *discriminator;
	struct place received_at;
	struct place sent_at;
	/* groups, topics, consumers, mixins: their own clauses and those of the mixins that they use */
	struct ast_clause *const *clauses;
	size_t n_clauses;
	/* groups and consumers: param_members are copied into params when they are complete */
	struct model_member *param_members;
	struct model_param *params;
	size_t n_params;
	/* consumers: what "handler-ids" still names */
	struct model_permit_term *permit_terms;
	struct model_receive *receives;
};

struct scope {
	struct symbol **by_name;  /* sorted by name; each name once */
	struct symbol **in_order; /* the same, as declared */
	size_t n;
};

/* All declarations of a file. A name declared twice is reported at the second place. */
void scope_build(struct arena *arena, struct diag *diag, const struct ast_file *file,
        struct scope *ret_scope);

/* NULL if there is none. */
struct symbol *scope_find(const struct scope *scope, const char *name);

void scope_suggest(const struct scope *scope, struct suggestion *suggestion);

/* "type", "message", "group", … as the contract says it. */
const char *symbol_word(const struct symbol *symbol);

#endif
