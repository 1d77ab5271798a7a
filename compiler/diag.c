/* SPDX-License-Identifier: MIT */
/*
 * diag.c - collecting messages, and what becomes of warnings.
 *
 * Only what is printed is ever turned into lines and columns. Knows nothing of the language.
 */
#include "diag.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "diag_parts.h"

const struct diag_kind diag_kinds[] = {
#define DIAG(id, name, severity) {name, DIAG_##severity},
#include "diagnostics.def"
#undef DIAG
};

struct diag *diag_new(void)
{
	struct diag *diag = memory_get(sizeof(*diag));

	*diag = (struct diag){.arena = arena_new()};
	return diag;
}

void diag_set_policy(struct diag *diag, const struct diag_policy *policy)
{
	diag->policy = *policy;
}

/* ------------------------------------------------------------------ policy */

static bool find_kind(const char *name, enum diag_id *ret_id)
{
	size_t i;

	for (i = 0; i < DIAG_N_KINDS; i++) {
		if (diag_kinds[i].severity != DIAG_ERROR && strcmp(diag_kinds[i].name, name) == 0) {
			*ret_id = (enum diag_id)i;
			return true;
		}
	}
	return false;
}

static void set_all(struct diag_policy *policy, enum diag_level level)
{
	size_t i;

	for (i = 0; i < DIAG_N_KINDS; i++) {
		if (policy->levels[i] == DIAG_LEVEL_USUAL)
			policy->levels[i] = (unsigned char)level;
	}
}

bool diag_policy_apply(struct diag_policy *policy, const char *words)
{
	static const struct {
		const char *prefix;
		enum diag_level level;
	} forms[] = {
	        {"no-", DIAG_LEVEL_OFF}, {"error=", DIAG_LEVEL_ERROR}, {"", DIAG_LEVEL_WARNING}};
	enum diag_id id;
	size_t i;

	if (strcmp(words, "error") == 0) {
		policy->all_errors = true;
		return true;
	}
	if (strcmp(words, "all") == 0) {
		set_all(policy, DIAG_LEVEL_WARNING);
		return true;
	}
	for (i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		size_t length = strlen(forms[i].prefix);

		if (strncmp(words, forms[i].prefix, length) == 0 &&
		        find_kind(words + length, &id)) {
			policy->levels[id] = (unsigned char)forms[i].level;
			return true;
		}
	}
	return false;
}

const char *diag_policy_name(size_t n, bool *ret_is_usual)
{
	size_t i;

	for (i = 0; i < DIAG_N_KINDS; i++) {
		if (diag_kinds[i].severity == DIAG_ERROR || n-- != 0)
			continue;
		*ret_is_usual = diag_kinds[i].severity == DIAG_WARNING;
		return diag_kinds[i].name;
	}
	return NULL;
}

/* What a message of this kind is, or DIAG_OPTIONAL if nobody wants to hear it. */
static enum diag_severity severity_of(const struct diag *diag, enum diag_id id)
{
	enum diag_severity severity = diag_kinds[id].severity;

	if (severity == DIAG_ERROR)
		return severity;
	switch ((enum diag_level)diag->policy.levels[id]) {
	case DIAG_LEVEL_USUAL: break;
	case DIAG_LEVEL_OFF: return DIAG_OPTIONAL;
	case DIAG_LEVEL_WARNING: severity = DIAG_WARNING; break;
	case DIAG_LEVEL_ERROR: return DIAG_ERROR;
	}
	return severity == DIAG_WARNING && diag->policy.all_errors ? DIAG_ERROR : severity;
}

/* ----------------------------------------------------------------- messages */

void diag_free(struct diag *diag)
{
	size_t i;

	if (diag == NULL)
		return;
	for (i = 0; i < diag->messages.n; i++)
		vec_clear(&((struct diag_message *)diag->messages.items[i])->notes);
	vec_clear(&diag->messages);
	arena_free(diag->arena);
	free(diag);
}

static const char *diag_format(struct diag *diag, const char *format, va_list args)
{
	char *text = arena_vprintf(diag->arena, format, args);
	char *c;

	for (c = text; *c != '\0'; c++) {
		if ((unsigned char)*c < 0x20 || *c == 0x7f)
			*c = '?';
	}
	return text;
}

/* A clause of a mixin is looked at wherever it is used: what is said of it is said once. */
static bool is_said(const struct diag *diag, const struct diag_message *message)
{
	size_t i;

	for (i = 0; i < diag->messages.n; i++) {
		const struct diag_message *other = diag->messages.items[i];

		if (other->id == message->id && other->place.source == message->place.source &&
		        other->place.start == message->place.start &&
		        other->place.end == message->place.end &&
		        strcmp(other->text, message->text) == 0)
			return true;
	}
	return false;
}

void diag_report(struct diag *diag, enum diag_id id, struct place place, const char *format, ...)
{
	enum diag_severity severity = severity_of(diag, id);
	struct diag_message *message;
	va_list args;

	diag->last = NULL;
	if (severity == DIAG_OPTIONAL)
		return;
	if (diag_kinds[id].severity == DIAG_ERROR)
		diag->n_errors++;
	else if (severity == DIAG_ERROR)
		diag->n_promoted++;
	if (diag->messages.n >= 2 * DIAG_MAX_COLLECTED)
		return;
	message = arena_alloc(diag->arena, sizeof(*message));
	message->id = id;
	message->severity = severity;
	message->order = diag->messages.n;
	message->place = place;
	va_start(args, format);
	message->text = diag_format(diag, format, args);
	va_end(args);
	if (is_said(diag, message))
		return;
	vec_push(&diag->messages, message);
	diag->last = message;
}

static void diag_attach(struct diag *diag, struct place place, const char *format, va_list args)
{
	struct diag_note *note;

	if (diag->last == NULL)
		return;
	note = arena_alloc(diag->arena, sizeof(*note));
	note->place = place;
	note->text = diag_format(diag, format, args);
	vec_push(&diag->last->notes, note);
}

void diag_hint(struct diag *diag, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	diag_attach(diag, (struct place){0}, format, args);
	va_end(args);
}

void diag_note(struct diag *diag, struct place place, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	diag_attach(diag, place, format, args);
	va_end(args);
}

struct diag_mark diag_mark(const struct diag *diag)
{
	return (struct diag_mark){diag->messages.n, diag->n_errors, diag->n_promoted};
}

void diag_rewind(struct diag *diag, struct diag_mark mark)
{
	while (diag->messages.n > mark.n_messages) {
		struct diag_message *message = diag->messages.items[--diag->messages.n];

		vec_clear(&message->notes);
	}
	diag->n_errors = mark.n_errors;
	diag->n_promoted = mark.n_promoted;
	diag->last = NULL;
}

size_t diag_errors(const struct diag *diag)
{
	return diag->n_errors;
}

size_t diag_promoted(const struct diag *diag)
{
	return diag->n_promoted;
}

bool diag_full(const struct diag *diag)
{
	return diag->n_errors >= DIAG_MAX_COLLECTED;
}
