/* SPDX-License-Identifier: MIT */
/*
 * check_messages.c - messages, group messages and events: members and tags, which tell them apart.
 */
#include "checks.h"

#include <inttypes.h>
#include <string.h>

#include "number.h"

static enum model_message_kind kind_of(const struct ast_decl *decl)
{
	switch (decl->kind) {
	case AST_DECL_GROUP_MESSAGE: return MODEL_MESSAGE_GROUP;
	case AST_DECL_EVENT: return MODEL_MESSAGE_EVENT;
	default: return MODEL_MESSAGE_PLAIN;
	}
}

/* -------------------------------------------------------------------- tags */

static bool read_tag(struct check *c, const struct ast_value *ast, struct model_literal *ret_tag)
{
	const struct model_number *number;

	if (ast->kind == AST_VALUE_STRING) {
		if (!check_wire_text(c, &ast->string, false))
			return false;
		*ret_tag = (struct model_literal){
		        .kind = MODEL_LITERAL_STRING, .text = ast->string.bytes};
		return true;
	}
	if (ast->kind != AST_VALUE_NUMBER) {
		diag_report(c->diag, DIAG_TAG, ast->place,
		        "a message is told apart by texts and whole numbers");
		return false;
	}
	number = number_read(c->arena, ast->number.text);
	if (number == NULL || !check_number_kind(c, MODEL_INT53, number, ast->place))
		return false;
	*ret_tag = (struct model_literal){
	        .kind = MODEL_LITERAL_INT, .text = number->text, .number = number->as_int64};
	return true;
}

/* Without `as` the name is the tag; `as null` leaves none. */
static void set_tags(struct check *c, const struct ast_decl *decl, struct model_message *message)
{
	size_t most = message->discriminator->n_keys, n = decl->n_tags, i;
	struct model_literal *tags = arena_array(c->arena, n + 1, sizeof(*tags));

	message->tags = tags;
	if (n == 1 && decl->tags[0]->kind == AST_VALUE_NULL)
		return;
	if (n == 0) {
		tags[0] =
		        (struct model_literal){.kind = MODEL_LITERAL_STRING, .text = message->name};
		message->n_tags = 1;
		return;
	}
	if (n > most) {
		diag_report(c->diag, DIAG_TAG, decl->tags[most]->place,
		        "messages are told apart by %zu %s here", most, most == 1 ? "tag" : "tags");
		diag_hint(c->diag,
		        "option discriminator names as many members, or positions in arrays");
		n = most;
	}
	for (i = 0; i < n; i++) {
		if (read_tag(c, decl->tags[i], &tags[message->n_tags]))
			message->n_tags++;
	}
	if (message->n_tags != 0)
		message->wire = tags[0].text;
}

/* ----------------------------------------------------------------- members */

static bool is_array_body(const struct ast_decl *decl, const struct model_message *message)
{
	bool is_empty = decl->type->kind == AST_TYPE_RECORD && decl->type->n_members == 0 &&
	        decl->type->n_statements == 0;

	/* `message ping;` is what the contract's frames are. */
	if (is_empty && message->n_tags != 0)
		return message->discriminator->keys == NULL;
	return decl->type->kind == AST_TYPE_TUPLE;
}

/* What has no tag may be an object among arrays, and the other way round. */
static void check_form(
        struct check *c, const struct ast_decl *decl, const struct model_message *message)
{
	bool is_array = is_array_body(decl, message);

	if (message->n_tags == 0 || is_array == (message->discriminator->keys == NULL))
		return;
	if (is_array) {
		diag_report(c->diag, DIAG_FRAME_FORM, decl->type->place,
		        "'%s' is an array, and the member '%s' says which message a frame is",
		        message->name, message->discriminator->keys[0]);
		diag_hint(c->diag,
		        "members stand in braces; option discriminator = 0; makes the frames "
		        "arrays");
		return;
	}
	diag_report(c->diag, DIAG_FRAME_FORM, decl->type->place,
	        "'%s' has members with names, and position %" PRIu32
	        " of an array says which message a frame is",
	        message->name, message->discriminator->positions[0]);
	diag_hint(c->diag, "elements stand in brackets: message %s [id: string];", message->name);
}

/* Positions of tags and ref are taken: what is declared must reach up to them. */
static void check_positions(
        struct check *c, const struct ast_decl *decl, const struct model_message *message)
{
	int32_t ref = c->contract->envelope.ref_position;
	size_t n = message->n_tags + (ref >= 0), last = ref >= 0 ? (size_t)ref : 0, i;

	for (i = 0; i < message->n_tags; i++) {
		if (message->discriminator->positions[i] > last)
			last = message->discriminator->positions[i];
	}
	for (i = 0; i < decl->type->n_members; i++)
		n += !decl->type->members[i]->optional;
	if (last < n)
		return;
	diag_report(c->diag, DIAG_POSITION, decl->name.place,
	        "frames of '%s' have %zu element%s for sure, and none at position %zu",
	        message->name, n, n == 1 ? "" : "s", last);
	diag_hint(c->diag, "positions count from 0");
}

static const struct model_type *new_record(
        struct check *c, const struct ast_decl *decl, const struct model_message *message)
{
	struct model_type *type = arena_alloc(c->arena, sizeof(*type));

	type->kind = is_array_body(decl, message) ? MODEL_TUPLE : MODEL_RECORD;
	type->name = message->name;
	type->c_name = message->c_name;
	type->doc = message->doc;
	type->contract = c->contract;
	type->place = message->place;
	type->message = message;
	check_form(c, decl, message);
	/* A body nested too deeply has no members left. */
	c->openness = decl->openness;
	if (type->kind == MODEL_RECORD)
		check_record_fill(c, decl->type, message->c_name, type);
	else
		check_tuple_fill(c, decl->type, message->c_name, type);
	c->openness = AST_OPENNESS_UNSAID;
	if (type->kind == MODEL_TUPLE && message->discriminator->keys == NULL)
		check_positions(c, decl, message);
	vec_push(&c->types, type);
	return type;
}

static struct model_message *new_message(struct check *c, const struct symbol *symbol)
{
	struct model_message *message = arena_alloc(c->arena, sizeof(*message));
	const struct ast_decl *decl = symbol->decl;

	message->kind = kind_of(decl);
	message->name = symbol->name;
	message->c_name = names_join(c->arena, c->contract->c_prefix, symbol->name);
	message->wire = symbol->name;
	message->discriminator = symbol->discriminator;
	message->authenticates = decl->authenticates;
	message->doc = decl->doc;
	message->deprecated = decl->deprecated.bytes;
	message->contract = c->contract;
	message->is_std = c->std == NULL;
	message->place = symbol->place;
	set_tags(c, decl, message);
	if (decl->authenticates && message->kind != MODEL_MESSAGE_PLAIN)
		diag_report(c->diag, DIAG_AUTH_MESSAGE, decl->auth_place,
		        "'%s' never comes from a client: it names nobody", message->name);
	return message;
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

/* ------------------------------------------------- how a message is called */

static bool is_plain_word(const char *text)
{
	return strcmp(text, "null") != 0 && text[0] != '-' && text[0] != '"' &&
	        (text[0] < '0' || text[0] > '9');
}

/* "chat"; "10"; "0, "READY""; two messages have the same where their tags are the same. */
const char *check_tags_text(struct check *c, const struct model_message *message)
{
	const char *text = "";
	size_t i;

	if (message->n_tags == 0)
		return "null";
	if (message->n_tags == 1 && message->tags[0].kind == MODEL_LITERAL_STRING &&
	        is_plain_word(message->tags[0].text))
		return message->tags[0].text;
	for (i = 0; i < message->n_tags; i++) {
		const char *quote = message->tags[i].kind == MODEL_LITERAL_STRING ? "\"" : "";

		text = arena_printf(c->arena, "%s%s%s%s%s", text, i == 0 ? "" : ", ", quote,
		        message->tags[i].text, quote);
	}
	return text;
}
