/* SPDX-License-Identifier: MIT */
/*
 * check_members.c - members of records and messages, and parameters: names, flags, defaults.
 */
#include "checks.h"

#include <string.h>

#include "number.h"

/* Longest name or value on the wire, in bytes. */
#define CHECK_MAX_WIRE 255

bool check_wire_text(struct check *c, const struct ast_string *text, bool may_be_empty)
{
	size_t i;

	if (text->length == 0 && !may_be_empty) {
		diag_report(
		        c->diag, DIAG_WIRE_TEXT, text->place, "a name on the wire cannot be empty");
		return false;
	}
	if (text->length > CHECK_MAX_WIRE) {
		diag_report(c->diag, DIAG_WIRE_TEXT, text->place,
		        "a name on the wire has at most %d bytes", CHECK_MAX_WIRE);
		return false;
	}
	for (i = 0; i < text->length; i++) {
		if ((unsigned char)text->bytes[i] >= 0x20 && text->bytes[i] != 0x7f)
			continue;
		diag_report(c->diag, DIAG_WIRE_TEXT, text->place,
		        "a name on the wire has no control characters");
		return false;
	}
	return true;
}

/* ------------------------------------------------------------------- names */

bool check_member_names(struct check *c)
{
	size_t i, j;

	for (i = 0; i < c->records.n; i++) {
		struct check_record *record = c->records.items[i];
		struct check_key *keys = arena_array(c->arena, record->n, sizeof(*keys));
		size_t errors = diag_errors(c->diag);

		for (j = 0; j < record->n; j++)
			keys[j] = (struct check_key){
			        record->members[j].name, record->members[j].place};
		check_unique(c, keys, record->n, DIAG_DUPLICATE_MEMBER,
		        record->type != NULL ? "is a member already" : "is a parameter already",
		        "first declared here");
		record->has_duplicates = diag_errors(c->diag) != errors;
	}
	return true;
}

bool check_wire_names(struct check *c)
{
	size_t i, j;

	for (i = 0; i < c->records.n; i++) {
		const struct check_record *record = c->records.items[i];
		struct check_key *keys = arena_array(c->arena, record->n, sizeof(*keys));

		for (j = 0; j < record->n; j++) {
			const struct ast_string *wire = &record->asts[j]->wire;

			if (wire->bytes != NULL)
				check_wire_text(c, wire, false);
			keys[j] = (struct check_key){record->members[j].wire,
			        wire->bytes != NULL ? wire->place : record->members[j].place};
		}
		if (!record->has_duplicates)
			check_unique(c, keys, record->n, DIAG_DUPLICATE_WIRE,
			        "is the name of two members on the wire", "first used here");
	}
	return true;
}

/* What stands beside a message's own members: protocol.md. */
static const char *const envelope_names[] = {
        "ref", "topic", "message_id", "seq", "epoch", "version", "is_mine", "is_current"};

static void check_envelope_name(struct check *c, const struct model_member *member)
{
	const char *discriminator = c->contract->options.discriminator;
	bool is_discriminator = strcmp(member->wire, discriminator) == 0;
	bool is_envelope = is_discriminator;
	size_t i;

	for (i = 0; i < sizeof(envelope_names) / sizeof(envelope_names[0]) && !is_envelope; i++)
		is_envelope = strcmp(member->wire, envelope_names[i]) == 0;
	if (!is_envelope)
		return;
	diag_report(c->diag, DIAG_ENVELOPE_NAME, member->place, "'%s' is %s", member->wire,
	        is_discriminator ? "the member that says which message this is"
	                         : "a member of the envelope of every message");
	diag_hint(c->diag, "choose another name, or put it inside the payload");
}

bool check_envelope_names(struct check *c)
{
	size_t i, j;

	for (i = 0; i < c->records.n; i++) {
		const struct check_record *record = c->records.items[i];

		if (record->type == NULL || record->type->message == NULL)
			continue;
		for (j = 0; j < record->n; j++)
			check_envelope_name(c, &record->members[j]);
	}
	return true;
}

/* ----------------------------------------------------------- C identifiers */

/*
 * An optional member has a flag beside it: has_NAME in C. Those are claimed first, so that a member
 * that happens to be called has_… gives way.
 */
static void claim_ids(struct check *c, struct check_record *record)
{
	struct names ids = {.arena = c->arena};
	size_t i;

	for (i = 0; i < record->n; i++) {
		struct model_member *member = &record->members[i];

		if (!member->optional)
			continue;
		member->c_id = names_claim(&ids, member->name);
		names_claim(&ids, names_join(c->arena, "has", member->c_id));
	}
	for (i = 0; i < record->n; i++) {
		if (!record->members[i].optional)
			record->members[i].c_id = names_claim(&ids, record->members[i].name);
	}
	names_clear(&ids);
}

bool check_member_ids(struct check *c)
{
	size_t i;

	for (i = 0; i < c->records.n; i++) {
		struct check_record *record = c->records.items[i];

		if (!record->has_duplicates)
			claim_ids(c, record);
	}
	return true;
}

/* ---------------------------------------------------------------- defaults */

bool check_optional_defaults(struct check *c)
{
	size_t i, j;

	for (i = 0; i < c->records.n; i++) {
		const struct check_record *record = c->records.items[i];

		for (j = 0; j < record->n; j++) {
			const struct ast_member *ast = record->asts[j];

			if (!ast->optional || ast->default_value == NULL)
				continue;
			diag_report(c->diag, DIAG_OPTIONAL_DEFAULT, ast->default_value->place,
			        "'%s' is optional and has a default", ast->name.text);
			diag_hint(c->diag,
			        "a member with a default may be absent anyway: drop the '?'");
		}
	}
	return true;
}

bool check_defaults(struct check *c)
{
	size_t i, j;

	for (i = 0; i < c->records.n; i++) {
		struct check_record *record = c->records.items[i];

		for (j = 0; j < record->n; j++) {
			const struct ast_value *ast = record->asts[j]->default_value;
			struct model_value *value;

			if (ast == NULL)
				continue;
			value = arena_alloc(c->arena, sizeof(*value));
			if (check_value(c, ast, &record->members[j].use, value))
				record->members[j].default_value = value;
		}
	}
	return true;
}

/* ---------------------------------------------------------------- warnings */

/* Within what a JavaScript number holds exactly. */
static bool is_safe(const struct model_type *type)
{
	const struct model_constraints *k = &type->constraints;
	const struct model_number *low = k->min != NULL ? k->min : k->above;
	const struct model_number *high = k->max != NULL ? k->max : k->below;
	int64_t min;
	uint64_t max;

	model_int_bounds(MODEL_INT53, &min, &max);
	min -= k->min == NULL; /* above and below are one further out */
	max += k->max == NULL;
	if (high == NULL || (!high->is_negative && high->as_uint64 > max))
		return false;
	return type->kind == MODEL_UINT64 ||
	        (low != NULL && (!low->is_negative || low->as_int64 >= min));
}

bool check_javascript_numbers(struct check *c)
{
	size_t i;

	for (i = 0; i < c->wide_ints.n; i++) {
		const struct model_type *type = c->wide_ints.items[i];

		if (is_safe(type))
			continue;
		diag_report(c->diag, DIAG_JAVASCRIPT_NUMBER, type->place,
		        "a JavaScript client loses digits of %s beyond 2^53",
		        model_kind_name(type->kind));
		diag_hint(c->diag,
		        "int53 holds what a JavaScript number does; %s(as string) keeps all "
		        "digits; "
		        "%s(as number) says that this is meant",
		        model_kind_name(type->kind), model_kind_name(type->kind));
	}
	return true;
}
