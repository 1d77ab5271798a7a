/* SPDX-License-Identifier: MIT */
/*
 * lint_names.c - names on the wire that people take for one another: chatId and chat_id.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "lint_parts.h"

struct name {
	const char *text;
	const char *bare; /* in small letters, without '_', '-' and '.' */
	struct place place;
};

static const char *bare(struct lint *lint, const char *text)
{
	char *copy = arena_copy(lint->arena, text, strlen(text));
	size_t n = 0;

	for (; *text != '\0'; text++) {
		if (strchr("_-.", *text) == NULL)
			copy[n++] = (char)tolower((unsigned char)*text);
	}
	copy[n] = '\0';
	return copy;
}

static int compare(const void *a, const void *b)
{
	const struct name *x = a, *y = b;
	int order = strcmp(x->bare, y->bare);

	if (order != 0)
		return order;
	return x->place.start < y->place.start ? -1 : x->place.start > y->place.start;
}

static void add(
        struct lint *lint, struct name *names, size_t *n, const char *text, struct place place)
{
	if (text != NULL && text[0] != '\0')
		names[(*n)++] = (struct name){text, bare(lint, text), place};
}

static void ask(struct lint *lint, struct name *names, size_t n)
{
	size_t i;

	if (n != 0)
		qsort(names, n, sizeof(*names), compare);
	for (i = 1; i < n; i++) {
		if (names[i].bare[0] == '\0' || strcmp(names[i].bare, names[i - 1].bare) != 0 ||
		        strcmp(names[i].text, names[i - 1].text) == 0)
			continue;
		diag_report(lint->diag, DIAG_CONFUSABLE_NAMES, names[i].place,
		        "\"%s\" is easily taken for \"%s\"", names[i].text, names[i - 1].text);
		diag_note(lint->diag, names[i - 1].place, "the other one");
	}
}

static void ask_type(struct lint *lint, const struct model_type *type)
{
	size_t most = type->n_members + type->n_values + type->n_arms, n = 0, i;
	struct name *names = arena_array(lint->arena, most, sizeof(*names));

	for (i = 0; i < type->n_members; i++)
		add(lint, names, &n, type->members[i].wire, type->members[i].place);
	for (i = 0; i < type->n_values; i++)
		add(lint, names, &n, type->values[i].wire, type->values[i].place);
	for (i = 0; i < type->n_arms; i++)
		add(lint, names, &n, type->arms[i].tag.text, type->arms[i].place);
	ask(lint, names, n);
}

void lint_confusable(struct lint *lint)
{
	const struct model_contract *contract = lint->contract;
	struct name *names = arena_array(lint->arena, contract->n_messages, sizeof(*names));
	size_t n = 0, i;

	for (i = 0; i < contract->n_types; i++)
		ask_type(lint, contract->types[i]);
	for (i = 0; i < contract->n_messages; i++)
		add(lint, names, &n, contract->messages[i]->wire, contract->messages[i]->place);
	ask(lint, names, n);
}
