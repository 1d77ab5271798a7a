/* SPDX-License-Identifier: MIT */
/*
 * check_messages.c - messages, group messages and events: a record and a name on the wire each.
 */
#include "checks.h"

static enum model_message_kind kind_of(const struct ast_decl *decl)
{
	switch (decl->kind) {
	case AST_DECL_GROUP_MESSAGE: return MODEL_MESSAGE_GROUP;
	case AST_DECL_EVENT: return MODEL_MESSAGE_EVENT;
	default: return MODEL_MESSAGE_PLAIN;
	}
}

static struct model_message *new_message(struct check *c, const struct symbol *symbol)
{
	struct model_message *message = arena_alloc(c->arena, sizeof(*message));
	const struct ast_decl *decl = symbol->decl;

	message->kind = kind_of(decl);
	message->name = symbol->name;
	message->c_name = names_join(c->arena, c->contract->c_prefix, symbol->name);
	message->wire = symbol->name;
	if (decl->n_tags == 1 && decl->tags[0]->kind == AST_VALUE_STRING &&
	        check_wire_text(c, &decl->tags[0]->string, false))
		message->wire = decl->tags[0]->string.bytes;
	message->doc = decl->doc;
	message->contract = c->contract;
	message->is_std = c->std == NULL;
	message->place = symbol->place;
	return message;
}

static const struct model_type *new_record(
        struct check *c, const struct ast_decl *decl, const struct model_message *message)
{
	struct model_type *type = arena_alloc(c->arena, sizeof(*type));

	type->kind = MODEL_RECORD;
	type->name = message->name;
	type->c_name = message->c_name;
	type->doc = message->doc;
	type->contract = c->contract;
	type->place = message->place;
	type->message = message;
	/* A body nested too deeply has no members left. */
	c->openness = decl->openness;
	check_record_fill(c, decl->type, message->c_name, type);
	c->openness = AST_OPENNESS_UNSAID;
	vec_push(&c->types, type);
	return type;
}

bool check_messages(struct check *c)
{
	struct symbol *symbol;
	size_t at = 0;

	while ((symbol = check_next(c, SYMBOL_MESSAGE, &at)) != NULL) {
		symbol->message = new_message(c, symbol);
		symbol->message->record = new_record(c, symbol->decl, symbol->message);
		vec_push(&c->messages, symbol->message);
	}
	return true;
}
