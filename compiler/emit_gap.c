/* SPDX-License-Identifier: MIT */
/*
 * emit_gap.c - what of the language an output cannot write yet, found before it begins.
 *
 * Every output says what it lacks in its row of the table. Looks at all contracts of a model, since
 * outputs follow types across them. Knows nothing of what is written.
 */
#include "emit.h"

#include <string.h>

bool emit_gap_met(
        struct emit_gap_search *search, unsigned gap, struct place place, const char *what)
{
	if ((search->gaps & gap) == 0)
		return false;
	*search->gap = (struct emit_gap){place, what};
	return true;
}

static bool in_constraints(struct emit_gap_search *search, const struct model_type *type)
{
	const struct model_constraints *k = &type->constraints;

	return ((k->lower || k->upper) &&
	               emit_gap_met(
	                       search, EMIT_GAP_LETTERS, type->place, "'lower' and 'upper' are")) ||
	        (k->n_checks != 0 &&
	                emit_gap_met(search, EMIT_GAP_CHECKS, k->checks[0].place, "'check' is"));
}

static bool in_use(struct emit_gap_search *search, const struct model_use *use)
{
	const struct model_type *type = use->type;

	if (type->is_constant)
		return emit_gap_met(
		        search, EMIT_GAP_CONSTANTS, type->place, "single literals as types are");
	return in_constraints(search, type);
}

static bool in_members(struct emit_gap_search *search, const struct model_type *type)
{
	size_t i;

	for (i = 0; i < type->n_members; i++) {
		const struct model_member *member = &type->members[i];

		if (in_use(search, &member->use) ||
		        (member->beside != NULL &&
		                emit_gap_met(search, EMIT_GAP_UNIONS, member->place, "unions are")))
			return true;
	}
	return false;
}

static bool in_arms(struct emit_gap_search *search, const struct model_type *type)
{
	size_t i;

	for (i = 0; i < type->n_arms; i++) {
		if (in_use(search, &type->arms[i].use))
			return true;
	}
	return false;
}

static bool in_record(struct emit_gap_search *search, const struct model_type *type)
{
	return (type->further != NULL &&
	               emit_gap_met(
	                       search, EMIT_GAP_FURTHER, type->place, "further members are")) ||
	        (type->is_closed &&
	                emit_gap_met(search, EMIT_GAP_CLOSED, type->place,
	                        "closed types and messages are")) ||
	        (type->n_requires != 0 &&
	                emit_gap_met(search, EMIT_GAP_REQUIRES, type->requires[0].place,
	                        "'require' is")) ||
	        (type->n_checks != 0 &&
	                emit_gap_met(search, EMIT_GAP_CHECKS, type->checks[0].place, "'check' is"));
}

static bool in_kind(struct emit_gap_search *search, const struct model_type *type)
{
	switch (type->kind) {
	case MODEL_ENUM:
		return (type->is_of_literals &&
		               emit_gap_met(search, EMIT_GAP_ENUMS_IN_PLACE, type->place,
		                       "enums in place are")) ||
		        (type->is_open &&
		                emit_gap_met(search, EMIT_GAP_OPEN_ENUMS, type->place,
		                        "open enums are"));
	case MODEL_TUPLE: return emit_gap_met(search, EMIT_GAP_TUPLES, type->place, "tuples are");
	case MODEL_UNION: return emit_gap_met(search, EMIT_GAP_UNIONS, type->place, "unions are");
	case MODEL_CHOICE:
		return emit_gap_met(
		        search, EMIT_GAP_CHOICES, type->place, "choices between types are");
	case MODEL_MAP:
		return type->key != NULL &&
		        emit_gap_met(search, EMIT_GAP_MAP_KEYS, type->place,
		                "maps with a type for their keys are");
	default: return false;
	}
}

static bool in_type(struct emit_gap_search *search, const struct model_type *type)
{
	return in_kind(search, type) || in_constraints(search, type) || in_record(search, type) ||
	        in_members(search, type) || in_arms(search, type) ||
	        (type->element.type != NULL && in_use(search, &type->element));
}

bool emit_find_gap(
        const struct emitter *emitter, const struct model *model, struct emit_gap *ret_gap)
{
	struct emit_gap_search search = {emitter->gaps, ret_gap};
	size_t i, j;

	for (i = 0; i < model->n_contracts && search.gaps != 0; i++) {
		const struct model_contract *contract = model->contracts[i];

		if (emit_find_protocol_gap(emitter->gaps, contract, ret_gap))
			return true;
		for (j = 0; j < contract->n_types; j++) {
			if (in_type(&search, contract->types[j]))
				return true;
		}
	}
	return false;
}
