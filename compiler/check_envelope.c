/* SPDX-License-Identifier: MIT */
/*
 * check_envelope.c - `envelope { … }`: what stands in frames beside a message's own members, and
 * whether the standard messages are spoken.
 */
#include "checks.h"

#include <inttypes.h>
#include <string.h>

/* A member of the envelope; the word behind the last of them is no member. */
static const char *word(size_t i)
{
	return i < MODEL_N_ENVELOPE ? model_envelope_member_name((enum model_envelope_member)i)
	                            : "std";
}

struct statement {
	struct check *c;
	struct model_envelope *envelope;
	const struct ast_envelope_item *seen[MODEL_N_ENVELOPE + 1];
};

static size_t find_name(struct check *c, const struct ast_name *name)
{
	struct suggestion suggestion = suggestion_for(name->text);
	size_t i;

	for (i = 0; i <= MODEL_N_ENVELOPE; i++) {
		suggestion_offer(&suggestion, word(i));
		if (strcmp(word(i), name->text) == 0)
			return i;
	}
	diag_report(c->diag, DIAG_ENVELOPE_MEMBER, name->place, "the envelope has no member '%s'",
	        name->text);
	diag_suggest(c->diag, &suggestion);
	return i;
}

static void bad_form(struct check *c, const struct ast_envelope_item *item, const char *what)
{
	diag_report(c->diag, DIAG_ENVELOPE_FORM, item->place, "%s", what);
	diag_hint(c->diag,
	        "envelope { ref as \"id\": int53; seq off; std off; } or, for arrays, { ref as 1; "
	        "}");
}

static void set_off(struct statement *s, size_t at, const struct ast_envelope_item *item)
{
	if (strcmp(item->word.text, "off") != 0)
		bad_form(s->c, item, "a member of the envelope is renamed, or 'off'");
	else if (at == MODEL_N_ENVELOPE)
		s->envelope->std_off = true;
	else
		s->envelope->wire[at] = NULL;
}

static void set_ref_type(struct statement *s, const struct ast_qname *name)
{
	int kind;

	for (kind = MODEL_BOOL; kind < MODEL_NULL; kind++) {
		enum model_kind wanted = (enum model_kind)kind;

		if (name->scope.text != NULL ||
		        strcmp(name->name.text, model_kind_name(wanted)) != 0 ||
		        (wanted != MODEL_STRING && !model_kind_is_int(wanted)))
			continue;
		s->envelope->ref_kind = wanted;
		return;
	}
	diag_report(s->c->diag, DIAG_ENVELOPE_FORM, name->place,
	        "'ref' is a string, or an integer such as int53");
}

static bool all_are_arrays(const struct check *c)
{
	return c->contract->options.receive.keys == NULL && c->contract->options.send.keys == NULL;
}

static bool any_are_arrays(const struct check *c)
{
	return c->contract->options.receive.keys == NULL || c->contract->options.send.keys == NULL;
}

static bool is_taken(const struct model_discriminator *discriminator, uint32_t position)
{
	size_t i;

	for (i = 0; i < discriminator->n_keys && discriminator->positions != NULL; i++) {
		if (discriminator->positions[i] == position)
			return true;
	}
	return false;
}

static void set_position(struct statement *s, size_t at, const struct ast_envelope_item *item)
{
	const struct model_options *options = &s->c->contract->options;
	uint64_t position;

	if (at != MODEL_ENVELOPE_REF || !any_are_arrays(s->c)) {
		bad_form(s->c, item,
		        at != MODEL_ENVELOPE_REF ? "only 'ref' has a position, in array frames"
		                                 : "these frames are objects, without positions");
		return;
	}
	if (!check_count(s->c, &item->position, 0, CHECK_MAX_POSITION, &position))
		return;
	if (is_taken(&options->receive, (uint32_t)position) ||
	        is_taken(&options->send, (uint32_t)position)) {
		diag_report(s->c->diag, DIAG_ENVELOPE_CLASH, item->position.place,
		        "position %" PRIu64 " says which message a frame is", position);
		return;
	}
	s->envelope->ref_position = (int32_t)position;
	s->envelope->wire[at] = NULL;
}

static void set_item(struct statement *s, const struct ast_envelope_item *item)
{
	size_t at = find_name(s->c, &item->name);

	if (at > MODEL_N_ENVELOPE || strcmp(word(at), item->name.text) != 0)
		return;
	if (s->seen[at] != NULL) {
		diag_report(s->c->diag, DIAG_CLAUSE_TWICE, item->name.place, "'%s' is said twice",
		        word(at));
		diag_note(s->c->diag, s->seen[at]->place, "first said here");
		return;
	}
	s->seen[at] = item;
	if (item->word.text != NULL) {
		set_off(s, at, item);
		return;
	}
	if (at == MODEL_N_ENVELOPE ||
	        (item->wire.bytes == NULL && item->type == NULL && !item->has_position)) {
		bad_form(s->c, item,
		        at == MODEL_N_ENVELOPE ? "standard messages are spoken, or 'off'"
		                               : "a member of the envelope is renamed, or 'off'");
		return;
	}
	if (item->has_position)
		set_position(s, at, item);
	else if (all_are_arrays(s->c))
		bad_form(s->c, item, "these frames are arrays: 'ref' stands at a position");
	else if (item->wire.bytes != NULL && check_wire_text(s->c, &item->wire, false))
		s->envelope->wire[at] = item->wire.bytes;
	if (item->type != NULL && at == MODEL_ENVELOPE_REF)
		set_ref_type(s, item->type);
	else if (item->type != NULL)
		bad_form(s->c, item, "only the type of 'ref' can be chosen");
}

static void check_clash(struct statement *s, size_t at, const struct model_discriminator *with)
{
	const char *wire = s->envelope->wire[at];
	const struct ast_envelope_item *item = s->seen[at];
	size_t i;

	for (i = 0; i < with->n_keys && with->keys != NULL && wire != NULL; i++) {
		if (strcmp(with->keys[i], wire) != 0)
			continue;
		diag_report(s->c->diag, DIAG_ENVELOPE_CLASH,
		        item != NULL ? item->place : s->c->contract->place,
		        "'%s' is a member of the envelope, and says which message a frame is",
		        wire);
		if (item == NULL)
			diag_hint(s->c->diag, "switch it off: envelope { %s off; }", word(at));
		s->envelope->wire[at] = NULL;
	}
}

static void check_clashes(struct statement *s)
{
	size_t i, j;

	for (i = 0; i < MODEL_N_ENVELOPE; i++) {
		check_clash(s, i, &s->c->contract->options.receive);
		check_clash(s, i, &s->c->contract->options.send);
		for (j = 0; j < i && s->envelope->wire[i] != NULL; j++) {
			const struct ast_envelope_item *item =
			        s->seen[i] != NULL ? s->seen[i] : s->seen[j];

			if (s->envelope->wire[j] == NULL ||
			        strcmp(s->envelope->wire[i], s->envelope->wire[j]) != 0)
				continue;
			diag_report(s->c->diag, DIAG_ENVELOPE_CLASH, item->place,
			        "'%s' is the name of two members of the envelope",
			        s->envelope->wire[i]);
		}
	}
}

bool check_envelope(struct check *c)
{
	struct model_envelope *envelope = &c->contract->envelope;
	struct statement s = {.c = c, .envelope = envelope};
	size_t i, j;

	*envelope = (struct model_envelope){.ref_kind = MODEL_STRING, .ref_position = -1};
	for (i = 0; i < MODEL_N_ENVELOPE && !all_are_arrays(c); i++)
		envelope->wire[i] = word(i);
	/* Standard messages are objects. */
	envelope->std_off = any_are_arrays(c);
	envelope->place = c->contract->place;
	for (i = 0; i < c->file->n_envelopes; i++) {
		if (i == 0)
			envelope->place = c->file->envelopes[0]->place;
		else {
			diag_report(c->diag, DIAG_CLAUSE_TWICE, c->file->envelopes[i]->place,
			        "'envelope' is said twice");
			diag_note(c->diag, envelope->place, "first said here");
		}
		for (j = 0; j < c->file->envelopes[i]->n_items; j++)
			set_item(&s, c->file->envelopes[i]->items[j]);
	}
	check_clashes(&s);
	return true;
}

/* ------------------------------------------------------ members of messages */

static void check_member(
        struct check *c, const struct model_message *message, const struct model_member *member)
{
	const struct model_envelope *envelope = &c->contract->envelope;
	const struct model_discriminator *discriminator = message->discriminator;
	size_t i;

	for (i = 0; i < message->n_tags && discriminator->keys != NULL; i++) {
		if (strcmp(discriminator->keys[i], member->wire) != 0)
			continue;
		diag_report(c->diag, DIAG_ENVELOPE_NAME, member->place,
		        "'%s' is the member that says which message this is", member->wire);
		diag_hint(c->diag, "choose another name, or put it inside the payload");
		return;
	}
	for (i = 0; i < MODEL_N_ENVELOPE; i++) {
		if (envelope->wire[i] == NULL || strcmp(envelope->wire[i], member->wire) != 0)
			continue;
		diag_report(c->diag, DIAG_ENVELOPE_NAME, member->place,
		        "'%s' is a member of the envelope of every message", member->wire);
		diag_hint(c->diag,
		        "choose another name, put it inside the payload, or say envelope { %s off; "
		        "}",
		        word(i));
		return;
	}
}

bool check_envelope_names(struct check *c)
{
	size_t i, j;

	for (i = 0; i < c->records.n; i++) {
		const struct check_record *record = c->records.items[i];

		if (record->type == NULL || record->type->message == NULL ||
		        record->type->kind != MODEL_RECORD)
			continue;
		for (j = 0; j < record->n; j++)
			check_member(c, record->type->message, &record->members[j]);
	}
	return true;
}
