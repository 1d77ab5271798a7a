/* SPDX-License-Identifier: MIT */
/*
 * From names and numbers to entries of a type's tables: members, values of enums, tags of unions.
 * It knows the tables' arrays and nothing of readers or values.
 */
#include "name_hash.h"

#include "types.h"

static inline bool is_name(const char *name, size_t len, struct msgc_str wanted)
{
	return len == wanted.len && memcmp(name, wanted.ptr, len) == 0;
}

/* The place of the one name that may be this one, or SIZE_MAX. */
static inline size_t only_candidate(const struct msgc_type_slots *slots, struct msgc_str name)
{
	uint32_t hash = msgc__name_hash(name.ptr, name.len, slots->seed);
	uint8_t move = slots->moves[msgc__name_bucket(hash, slots->move_mask)];

	return slots->at[msgc__name_slot(hash, move, slots->mask)] - (size_t)1;
}

size_t msgc_find_member(const struct msgc_type_record *record, struct msgc_str name)
{
	const struct msgc_type_slots *slots = &record->slots;
	const struct msgc_member *m = record->members;
	size_t index;

	if (slots->at) {
		index = only_candidate(slots, name);
		return index != SIZE_MAX && is_name(m[index].wire, m[index].wire_len, name)
		        ? index
		        : SIZE_MAX;
	}
	for (index = 0; index < record->n_members; index++)
		if (is_name(m[index].wire, m[index].wire_len, name))
			return index;
	return SIZE_MAX;
}

bool msgc__is_envelope(const struct msgc_beside *beside, struct msgc_str name)
{
	for (; beside && beside->name; beside++)
		if (is_name(beside->name, strlen(beside->name), name))
			return true;
	return false;
}

bool msgc__is_taken(const struct msgc_type_record *record, struct msgc_str name)
{
	return msgc_find_member(record, name) != SIZE_MAX ||
	        msgc__is_envelope(record->beside, name);
}

/* Whether the literal at this place of an array of larger structs is this text. */
static inline bool is_text(
        const struct msgc_literal *first, size_t index, size_t stride, struct msgc_str name)
{
	const struct msgc_literal *literal = (const void *)msgc__part(first, index * stride);

	return literal->kind == MSGC_LITERAL_STR && is_name(literal->text, literal->len, name);
}

/* Literals stand in arrays of larger structs: at the first one, and every `stride` bytes. */
static size_t find_str(const struct msgc_type_slots *slots, const struct msgc_literal *first,
        size_t n, size_t stride, struct msgc_str name)
{
	size_t index;

	if (slots->at) {
		index = only_candidate(slots, name);
		return index != SIZE_MAX && is_text(first, index, stride, name) ? index : SIZE_MAX;
	}
	for (index = 0; index < n; index++)
		if (is_text(first, index, stride, name))
			return index;
	return SIZE_MAX;
}

size_t msgc_find_value(const struct msgc_type_enum *values, struct msgc_str name)
{
	return find_str(&values->slots, &values->values->literal, values->n_values,
	        sizeof *values->values, name);
}

size_t msgc__find_tag(const struct msgc_type_union *u, struct msgc_str tag)
{
	return find_str(&u->slots, &u->arms->tag, u->n_arms - u->has_else, sizeof *u->arms, tag);
}

/* An array of literals, within larger structs, and the order of its integers. */
struct numbered {
	const struct msgc_literal *first;
	size_t n, stride;
	const uint16_t *by_number; /* NULL: they are few, or run on from the first */
	size_t n_by_number;
};

static const struct msgc_literal *literal_at(const struct numbered *in, size_t index)
{
	return (const void *)msgc__part(in->first, index * in->stride);
}

static bool is_number(const struct msgc_literal *literal, int64_t number)
{
	return literal->kind == MSGC_LITERAL_INT && literal->number == number;
}

static size_t find_by_halves(const struct numbered *in, int64_t number)
{
	size_t from = 0, to = in->n_by_number;

	while (from < to) {
		size_t middle = from + (to - from) / 2;
		size_t index = in->by_number[middle];
		int64_t found = literal_at(in, index)->number;

		if (found == number)
			return index;
		if (found < number)
			from = middle + 1;
		else
			to = middle;
	}
	return SIZE_MAX;
}

/* Most integers run on from their first, so that the difference is the place. */
static size_t find_int(const struct numbered *in, int64_t number)
{
	uint64_t guess;

	if (in->n == 0)
		return SIZE_MAX;
	guess = (uint64_t)number - (uint64_t)in->first->number;
	if (guess < in->n && is_number(literal_at(in, (size_t)guess), number))
		return (size_t)guess;
	if (in->by_number)
		return find_by_halves(in, number);
	for (size_t i = 0; i < in->n; i++)
		if (is_number(literal_at(in, i), number))
			return i;
	return SIZE_MAX;
}

size_t msgc__find_literal_int(const struct msgc_type_enum *values, int64_t number)
{
	const struct numbered in = {&values->values->literal, values->n_values,
	        sizeof *values->values, values->by_number, values->n_by_number};

	return find_int(&in, number);
}

size_t msgc__find_tag_int(const struct msgc_type_union *u, int64_t number)
{
	const struct numbered in = {&u->arms->tag, u->n_arms - u->has_else, sizeof *u->arms,
	        u->by_number, u->n_by_number};

	return find_int(&in, number);
}

/* An enumerator is its value's place, or the number that travels. */
size_t msgc__find_enum_number(const struct msgc_type_enum *values, int32_t number)
{
	size_t index;

	if (number >= 0 && (size_t)number < values->n_values &&
	        values->values[number].number == number)
		return (size_t)number;
	if (!(values->json & MSGC_JSON_NUMBER))
		return SIZE_MAX;
	index = msgc__find_literal_int(values, number);
	return index != SIZE_MAX && values->values[index].number == number ? index : SIZE_MAX;
}

size_t msgc__find_literal_bool(const struct msgc_type_enum *values, bool value)
{
	for (size_t i = 0; i < values->n_values; i++)
		if (values->values[i].literal.kind == MSGC_LITERAL_BOOL &&
		        values->values[i].literal.number == value)
			return i;
	return SIZE_MAX;
}

static const char *name_of(const struct msgc_enum_value *value)
{
	return value->name ? value->name : value->literal.text;
}

const char *msgc_enum_name(const struct msgc_type *type, int32_t number)
{
	size_t index = msgc__find_enum_number(type->values, number);

	return index == SIZE_MAX ? NULL : name_of(&type->values->values[index]);
}

static bool is_called(const struct msgc_enum_value *value, struct msgc_str name)
{
	const char *known = name_of(value);

	return is_name(known, strlen(known), name);
}

static size_t find_called(const struct msgc_type_enum *values, struct msgc_str name)
{
	size_t index;

	if (values->slots.at) {
		index = only_candidate(&values->slots, name);
		return index != SIZE_MAX && is_called(&values->values[index], name) ? index
		                                                                    : SIZE_MAX;
	}
	for (index = 0; index < values->n_values; index++)
		if (is_called(&values->values[index], name))
			return index;
	return SIZE_MAX;
}

bool msgc_enum_from_name(const struct msgc_type *type, struct msgc_str name, int32_t *ret_number)
{
	size_t index = find_called(type->values, name);

	if (index == SIZE_MAX)
		return false;
	*ret_number = type->values->values[index].number;
	return true;
}
