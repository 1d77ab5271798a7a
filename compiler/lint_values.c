/* SPDX-License-Identifier: MIT */
/*
 * lint_values.c - questions about values: how large they may be, what is deprecated, what may come later.
 */
#include <stdlib.h>
#include <string.h>

#include "lint_parts.h"

/* ------------------------------------------------------------------ unbounded */

/* Edges between states other than 0 and 1, counted at the states that they lead to. */
static bool count_edges(const struct model_pattern *pattern, uint32_t *n_in)
{
	size_t i;

	for (i = (size_t)2 * pattern->n_classes; i < (size_t)pattern->n_states * pattern->n_classes;
	        i++) {
		/* A match, whatever follows: there is no end to what may follow. */
		if (pattern->next[i] == 1)
			return false;
		n_in[pattern->next[i]]++;
	}
	return true;
}

/* Takes away states that nothing leads to, until there are none. How many there were. */
static uint32_t take_away(const struct model_pattern *pattern, uint32_t *n_in, uint32_t *stack)
{
	uint32_t n = 0, taken = 0, state;
	size_t i;

	for (state = 2; state < pattern->n_states; state++) {
		if (n_in[state] == 0)
			stack[n++] = state;
	}
	while (n > 0) {
		state = stack[--n];
		taken++;
		for (i = 0; i < pattern->n_classes; i++) {
			uint32_t next = pattern->next[state * pattern->n_classes + i];

			if (next > 1 && --n_in[next] == 0)
				stack[n++] = next;
		}
	}
	return taken;
}

/* Texts that match are of bounded length: no way through the automaton comes back to where it was. */
static bool is_bounding(const struct model_pattern *pattern)
{
	size_t size = ((size_t)pattern->n_states + 1) * sizeof(uint32_t);
	uint32_t *n_in = memory_get(size), *stack = memory_get(size);
	bool bounding = pattern->start != 1;

	memset(n_in, 0, size);
	bounding = bounding && count_edges(pattern, n_in) &&
	        (pattern->n_states <= 2 ||
	                take_away(pattern, n_in, stack) == pattern->n_states - 2);
	free(n_in);
	free(stack);
	return bounding;
}

static bool has_bounding_format(enum model_format format)
{
	switch (format) {
	case MODEL_FORMAT_EMAIL:
	case MODEL_FORMAT_HOSTNAME:
	case MODEL_FORMAT_IPV4:
	case MODEL_FORMAT_IPV6:
	case MODEL_FORMAT_UUID:
	case MODEL_FORMAT_DATE_TIME:
	case MODEL_FORMAT_DATE:
	case MODEL_FORMAT_TIME: return true;
	default: return false;
	}
}

static bool is_endless_text(const struct model_type *type)
{
	const struct model_constraints *k = &type->constraints;
	size_t i;

	if (type->kind != MODEL_STRING && type->kind != MODEL_BYTES)
		return false;
	if (k->len.has_max || k->bytes.has_max || has_bounding_format(k->format))
		return false;
	for (i = 0; i < k->n_patterns; i++) {
		if (is_bounding(k->patterns[i]))
			return false;
	}
	return true;
}

static bool is_endless_list(const struct model_type *type)
{
	return (type->kind == MODEL_LIST || type->kind == MODEL_MAP) &&
	        !type->constraints.count.has_max;
}

/* A type that has a name is asked about where it is declared, and once. */
static void ask_size(struct lint *lint, const struct model_type *type, struct place place)
{
	if (is_endless_text(type)) {
		diag_report(lint->diag, DIAG_UNBOUNDED_TEXT, place,
		        type->kind == MODEL_BYTES
		                ? "clients may send as many bytes as a frame holds"
		                : "clients may send a text as long as a frame holds");
		diag_hint(lint->diag,
		        type->kind == MODEL_BYTES ? "for example: bytes(bytes ..4KiB)"
		                                  : "for example: string(len ..200)");
	} else if (is_endless_list(type)) {
		diag_report(lint->diag, DIAG_UNBOUNDED_LIST, place,
		        "clients may send as many elements as a frame holds");
		diag_hint(lint->diag,
		        type->kind == MODEL_MAP ? "for example: map<T>(count ..100)"
		                                : "for example: T[](count ..100)");
	}
}

/* Where a plain scalar is used. */
static void ask_use(struct lint *lint, const struct model_use *use, struct place place)
{
	if (use->type->c_name == NULL)
		ask_size(lint, use->type, place);
}

static void ask_parts(struct lint *lint, const struct model_type *type)
{
	size_t i;

	if (type->c_name != NULL)
		ask_size(lint, type, type->place);
	if (type->element.type != NULL)
		ask_use(lint, &type->element, type->place);
	if (type->further != NULL)
		ask_use(lint, &type->further->element, type->further->place);
	for (i = 0; i < type->n_members; i++)
		ask_use(lint, &type->members[i].use, type->members[i].place);
	for (i = 0; i < type->n_arms; i++)
		ask_use(lint, &type->arms[i].use, type->arms[i].place);
}

void lint_unbounded(struct lint *lint)
{
	size_t i;

	for (i = 0; i < lint->from_clients.types.n; i++) {
		const struct model_type *type = lint->from_clients.types.items[i];

		if (lint_is_own(lint, type))
			ask_parts(lint, type);
	}
}

/* ----------------------------------------------------------------- deprecated */

static bool says_nothing(const char *deprecated)
{
	return deprecated != NULL && deprecated[strspn(deprecated, " \t\n")] == '\0';
}

static void ask_hints(struct lint *lint, const struct model_type *type)
{
	size_t i;

	if (type->message != NULL && says_nothing(type->message->deprecated))
		diag_report(lint->diag, DIAG_EMPTY_DEPRECATION, type->message->place,
		        "what should be used instead of message '%s'?", type->message->name);
	for (i = 0; i < type->n_members; i++) {
		if (says_nothing(type->members[i].deprecated))
			diag_report(lint->diag, DIAG_EMPTY_DEPRECATION, type->members[i].place,
			        "what should be used instead of '%s'?", type->members[i].name);
	}
}

/* Clients cannot stop sending it. */
static void ask_required(struct lint *lint, const struct model_type *type)
{
	size_t i;

	for (i = 0; i < type->n_members; i++) {
		const struct model_member *member = &type->members[i];

		if (member->deprecated == NULL || member->optional ||
		        member->default_value != NULL || type->kind != MODEL_RECORD)
			continue;
		diag_report(lint->diag, DIAG_DEPRECATED_REQUIRED, member->place,
		        "'%s' is deprecated, but clients cannot leave it out", member->name);
		diag_hint(
		        lint->diag, "make it optional ('%s?'), or give it a default", member->name);
	}
}

void lint_deprecated(struct lint *lint)
{
	size_t i;

	for (i = 0; i < lint->contract->n_types; i++)
		ask_hints(lint, lint->contract->types[i]);
	for (i = 0; i < lint->from_clients.types.n; i++) {
		const struct model_type *type = lint->from_clients.types.items[i];

		if (lint_is_own(lint, type))
			ask_required(lint, type);
	}
}

/* --------------------------------------------------------------- closed enums */

void lint_closed_enums(struct lint *lint)
{
	size_t i;

	for (i = 0; i < lint->to_clients.types.n; i++) {
		const struct model_type *type = lint->to_clients.types.items[i];

		if (type->kind != MODEL_ENUM || type->is_open || type->name == NULL ||
		        !lint_is_own(lint, type))
			continue;
		diag_report(lint->diag, DIAG_CLOSED_ENUM, type->place,
		        "a value that '%s' gets later will break clients of today", type->name);
		diag_hint(lint->diag, "a final '...' prepares them for it");
	}
}
