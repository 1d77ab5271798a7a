/* SPDX-License-Identifier: MIT */
/*
 * check_members.c - members of records and messages, and parameters: names, flags, defaults.
 */
#include "checks.h"

#include <stdlib.h>
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

/* A name of a record, and who brought it. */
struct name_key {
	const char *text;
	struct place place; /* where it stands in this record: a name, or the `...` */
	const struct model_member *member;
	const struct check_spread *spread; /* NULL: the record's own */
};

static int compare_name_keys(const void *a, const void *b)
{
	const struct name_key *x = a, *y = b;
	int order = strcmp(x->text, y->text);

	if (order != 0)
		return order;
	return x->member < y->member ? -1 : x->member > y->member;
}

/* Both places: here, and where the base declares it. */
static void report_name(struct check *c, const struct name_key *key, const struct name_key *first,
        enum diag_id id, const char *complaint, const char *note)
{
	if (key->spread == NULL && first->spread == NULL) {
		diag_report(c->diag, id, key->place, "'%s' %s", key->text, complaint);
		diag_note(c->diag, first->place, "%s", note);
		return;
	}
	if (key->spread != NULL)
		diag_report(c->diag, DIAG_SPREAD_CLASH, key->place,
		        "'...%s' brings '%s', which is here already", key->spread->name, key->text);
	else
		diag_report(c->diag, DIAG_SPREAD_CLASH, key->place, "'...%s' brings '%s' already",
		        first->spread->name, key->text);
	if (key->spread != NULL)
		diag_note(c->diag, key->member->place, "in '%s' it is this one", key->spread->name);
	if (first->spread != NULL)
		diag_note(c->diag, first->member->place, "in '%s' it is this one",
		        first->spread->name);
	else
		diag_note(c->diag, first->place, "%s", note);
}

/* Sorts keys and reports what stands twice; of one `...` only the first. */
static void unique_names(struct check *c, struct name_key *keys, size_t n, enum diag_id id,
        const char *complaint, const char *note)
{
	const struct check_spread *said = NULL;
	size_t first = 0, i;

	if (n > 1)
		qsort(keys, n, sizeof(*keys), compare_name_keys);
	for (i = 1; i < n; i++) {
		if (strcmp(keys[i].text, keys[first].text) != 0) {
			first = i;
			continue;
		}
		if (keys[i].spread == NULL || keys[i].spread != said)
			report_name(c, &keys[i], &keys[first], id, complaint, note);
		said = keys[i].spread;
	}
}

static struct name_key name_key(const struct check_record *record, size_t i, const char *text)
{
	const struct ast_member *ast = record->asts[i];
	const struct check_spread *spread = ast == NULL ? check_spread_of(record, i) : NULL;

	return (struct name_key){text, spread != NULL ? spread->place : record->members[i].place,
	        &record->members[i], spread};
}

bool check_member_names(struct check *c)
{
	size_t i, j;

	for (i = 0; i < c->records.n; i++) {
		struct check_record *record = c->records.items[i];
		struct name_key *keys = arena_array(c->arena, record->n, sizeof(*keys));
		size_t errors = diag_errors(c->diag), n = 0;

		for (j = 0; j < record->n; j++) {
			const struct ast_member *ast = record->asts[j];

			/* Elements of tuples without a name clash with nothing. */
			if (ast == NULL || ast->name.text != NULL)
				keys[n++] = name_key(record, j, record->members[j].name);
		}
		unique_names(c, keys, n, DIAG_DUPLICATE_MEMBER,
		        record->type == NULL                        ? "is a parameter already"
		                : record->type->kind == MODEL_TUPLE ? "is an element already"
		                                                    : "is a member already",
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
		/* A union's discriminator beside it is one more name. */
		struct name_key *keys = arena_array(c->arena, record->n, 2 * sizeof(*keys));
		size_t n = 0;

		if (record->type != NULL && record->type->kind == MODEL_TUPLE)
			continue;
		for (j = 0; j < record->n; j++) {
			const struct ast_member *ast = record->asts[j];

			keys[n++] = name_key(record, j, record->members[j].wire);
			if (ast != NULL && ast->wire.bytes != NULL) {
				check_wire_text(c, &ast->wire, false);
				keys[n - 1].place = ast->wire.place;
			}
			if (record->members[j].beside == NULL)
				continue;
			keys[n++] = name_key(record, j, record->members[j].beside);
			if (ast != NULL)
				keys[n - 1].place = ast->beside.place;
		}
		if (!record->has_duplicates)
			unique_names(c, keys, n, DIAG_DUPLICATE_WIRE,
			        "is the name of two members on the wire", "first used here");
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
	if (record->type != NULL && record->type->further != NULL)
		record->type->further_id = names_claim(&ids, "further");
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

static bool check_constant_default(
        struct check *c, const struct model_member *member, const struct ast_member *ast)
{
	if (member->use.type == NULL || !member->use.type->is_constant)
		return true;
	diag_report(c->diag, DIAG_OPTIONAL_DEFAULT, ast->default_value->place,
	        "'%s' has one value only, and no other default", ast->name.text);
	diag_hint(c->diag, "'%s?' says that it may be absent", ast->name.text);
	return false;
}

bool check_optional_defaults(struct check *c)
{
	size_t i, j;

	for (i = 0; i < c->records.n; i++) {
		const struct check_record *record = c->records.items[i];

		for (j = 0; j < record->n; j++) {
			const struct ast_member *ast = record->asts[j];

			if (ast == NULL || ast->default_value == NULL)
				continue;
			if (!check_constant_default(c, &record->members[j], ast) || !ast->optional)
				continue;
			diag_report(c->diag, DIAG_OPTIONAL_DEFAULT, ast->default_value->place,
			        "'%s' is optional and has a default", ast->name.text);
			diag_hint(c->diag,
			        "a member with a default may be absent anyway: drop the '?'");
		}
	}
	return true;
}

/* Of what is taken over, the base's: that stands before this record. */
static const struct model_value *default_of(
        struct check *c, const struct check_record *record, size_t i)
{
	const struct model_member *member = &record->members[i];
	const struct check_spread *spread;
	struct model_value *value;

	if (member->default_value == NULL)
		return NULL;
	if (record->asts[i] == NULL) {
		spread = check_spread_of(record, i);
		return spread->base->members[i - spread->first].default_value;
	}
	if (member->use.type != NULL && member->use.type->is_constant)
		return NULL; /* refused */
	value = arena_alloc(c->arena, sizeof(*value));
	if (!check_value(c, record->asts[i]->default_value, &member->use, value))
		return member->default_value;
	return value;
}

bool check_defaults(struct check *c)
{
	size_t i, j;

	for (i = 0; i < c->records.n; i++) {
		struct check_record *record = c->records.items[i];

		for (j = 0; j < record->n; j++)
			record->members[j].default_value = default_of(c, record, j);
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
