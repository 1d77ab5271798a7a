/* SPDX-License-Identifier: MIT */
/*
 * emit_ts_names.c - identifiers of TypeScript. chat_posted is ChatPosted; what its sender writes is ChatPostedInput; types of an imported
 * contract have its name in front. Words of the language, globals that the client uses and what it exports are taken: a trailing
 * underscore, as everywhere. Knows nothing of what is written.
 */
#define _GNU_SOURCE
#include "emit_ts.h"

#include <ctype.h>
#include <search.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"

/* ------------------------------------------------------------ what is taken */

/* Names of types and values that generated code or the client means something else by. Words of the language begin with
 * small letters, names made here never do. */
static const char *const globals[] = {"Array", "ArrayBuffer", "Boolean", "BigInt", "Date", "Error",
        "Function", "Infinity", "JSON", "Map", "Math", "NaN", "Number", "Object", "Omit", "Partial",
        "Pick", "Promise", "Readonly", "ReadonlyArray", "ReadonlyMap", "ReadonlySet", "Record",
        "RegExp", "Set", "String", "Symbol", "URL", "Uint8Array", "WeakMap", "WebSocket"};

static int compare_text(const void *a, const void *b)
{
	return strcmp(a, b);
}

static bool take(struct ts *ts, const char *name)
{
	const char *const *found = tsearch(name, &ts->taken, compare_text);

	if (found == NULL)
		memory_exhausted();
	return *found == name;
}

static const char *claim(struct ts *ts, const char *wanted)
{
	while (!take(ts, wanted))
		wanted = arena_printf(ts->arena, "%s_", wanted);
	return wanted;
}

static void take_words(struct ts *ts)
{
	for (size_t i = 0; i < sizeof(globals) / sizeof(globals[0]); i++)
		take(ts, globals[i]);
	for (size_t i = 0; ts_exports[i] != NULL; i++)
		take(ts, ts_exports[i]);
}

/* ------------------------------------------------------------- what is given */

struct given {
	const void *of;
	enum ts_role role;
	const char *name;
};

static int compare_given(const void *a_, const void *b_)
{
	const struct given *a = a_, *b = b_;

	if (a->of != b->of)
		return (uintptr_t)a->of < (uintptr_t)b->of ? -1 : 1;
	return (int)a->role - (int)b->role;
}

static void give(struct ts *ts, const void *of, enum ts_role role, const char *wanted)
{
	struct given *given = arena_alloc(ts->arena, sizeof(*given));

	*given = (struct given){of, role, claim(ts, wanted)};
	if (tsearch(given, &ts->names, compare_given) == NULL)
		memory_exhausted();
}

const char *ts_name(const struct ts *ts, const void *of, enum ts_role role)
{
	const struct given key = {of, role, NULL};
	const struct given *const *found = tfind(&key, &ts->names, compare_given);

	return found != NULL ? (*found)->name : "unknown";
}

/* chat_posted: ChatPosted */
static const char *pascal(struct ts *ts, const char *prefix, const char *name, const char *tail)
{
	size_t length = strlen(prefix), n = 0;
	char *made = arena_alloc(ts->arena, length + strlen(name) + strlen(tail) + 1);
	bool begins = true;

	memcpy(made, prefix, length);
	for (; *name != '\0'; name++) {
		if (*name == '_')
			begins = true;
		else {
			made[length + n++] = (char)(begins ? toupper((unsigned char)*name) : *name);
			begins = false;
		}
	}
	memcpy(made + length + n, tail, strlen(tail) + 1);
	return made;
}

/* ------------------------------------------------- what is sent in another form */

static int compare_pointer(const void *a, const void *b)
{
	return (uintptr_t)a < (uintptr_t)b ? -1 : (uintptr_t)a > (uintptr_t)b;
}

bool ts_has_input(const struct ts *ts, const struct model_type *type)
{
	return type != NULL && tfind(type, &ts->inputs, compare_pointer) != NULL;
}

static bool holds_input(const struct ts *ts, const struct model_type *type)
{
	for (size_t i = 0; i < type->n_members; i++) {
		if (type->members[i].default_value != NULL ||
		        ts_has_input(ts, type->members[i].use.type))
			return true;
	}
	for (size_t i = 0; i < type->n_arms; i++) {
		if (ts_has_input(ts, type->arms[i].use.type))
			return true;
	}
	return ts_has_input(ts, type->element.type) || ts_has_input(ts, type->further);
}

static bool mark_inputs(struct ts *ts, const struct model_contract *contract)
{
	bool any = false;

	for (size_t i = 0; i < contract->n_types; i++) {
		const struct model_type *type = contract->types[i];

		if (ts_has_input(ts, type) || !holds_input(ts, type))
			continue;
		if (tsearch(type, &ts->inputs, compare_pointer) == NULL)
			memory_exhausted();
		any = true;
	}
	return any;
}

/* Until nothing new is found: types may stand before those that they hold. */
static void find_inputs(struct ts *ts)
{
	bool any;

	do {
		any = false;
		for (size_t i = 0; i < ts->model->n_contracts; i++)
			any |= mark_inputs(ts, ts->model->contracts[i]);
	} while (any);
}

/* --------------------------------------------------------------- all of them */

bool ts_has_client(const struct ts *ts)
{
	return ts->model->main->n_consumers > 0;
}

bool ts_writes(const struct ts *ts, const struct model_contract *contract)
{
	return contract == ts->model->main || !contract->is_builtin ||
	        (!ts->model->main->envelope.std_off && ts_has_client(ts));
}

const struct model_contract *ts_carrier(const struct ts *ts, const struct model_message *message)
{
	return message->is_std ? ts->model->main : message->contract;
}

const struct model_discriminator *ts_discriminator(
        const struct ts *ts, const struct model_message *message)
{
	return message->is_std ? &ts->model->main->options.send : message->discriminator;
}

static const char *prefix_of(struct ts *ts, const struct model_contract *contract)
{
	return contract == ts->model->main && !contract->is_builtin
	        ? ""
	        : pascal(ts, "", contract->name, "");
}

static void give_type(struct ts *ts, const char *prefix, const void *of, const char *name,
        const struct model_type *type)
{
	give(ts, of, TS_RECEIVED, pascal(ts, prefix, name, ""));
	if (ts_has_input(ts, type))
		give(ts, of, TS_SENT, pascal(ts, prefix, name, "Input"));
}

static void give_contract(struct ts *ts, const struct model_contract *contract)
{
	const char *prefix = prefix_of(ts, contract);

	for (size_t i = 0; i < contract->n_types; i++) {
		const struct model_type *type = contract->types[i];

		if (type->name != NULL && type->message == NULL)
			give_type(ts, prefix, type, type->name, type);
	}
	for (size_t i = 0; i < contract->n_aliases; i++)
		give_type(ts, prefix, contract->aliases[i], contract->aliases[i]->name,
		        contract->aliases[i]->target.type);
	for (size_t i = 0; i < contract->n_messages; i++) {
		const struct model_message *message = contract->messages[i];

		give(ts, message, TS_RECEIVED, pascal(ts, prefix, message->name, ""));
		give(ts, message, TS_BODY, pascal(ts, prefix, message->name, "Input"));
	}
	give(ts, contract, TS_ENVELOPE, pascal(ts, prefix, "envelope", ""));
}

static void give_consumer(struct ts *ts, const struct model_consumer *consumer)
{
	give(ts, consumer, TS_CLASS, pascal(ts, "", consumer->name, "Client"));
	give(ts, consumer, TS_PROTOCOL, pascal(ts, "", consumer->name, "Protocol"));
	give(ts, consumer, TS_SPEC, arena_printf(ts->arena, "%s$", consumer->name));
}

void ts_names_make(struct ts *ts)
{
	const struct model_contract *main = ts->model->main;

	take_words(ts);
	find_inputs(ts);
	give_contract(ts, main);
	for (size_t i = 0; i < main->n_consumers; i++)
		give_consumer(ts, main->consumers[i]);
	for (size_t i = 0; i < main->n_topics; i++)
		give_consumer(ts, main->topics[i]);
	for (size_t i = 0; i < ts->model->n_contracts; i++) {
		const struct model_contract *contract = ts->model->contracts[i];

		if (contract == main)
			continue;
		give_contract(ts, contract);
		for (size_t j = 0; j < contract->n_topics; j++)
			give_consumer(ts, contract->topics[j]);
	}
}

static void forget(void *node)
{
	(void)node;
}

void ts_names_clear(struct ts *ts)
{
	tdestroy(ts->names, forget);
	tdestroy(ts->taken, forget);
	tdestroy(ts->inputs, forget);
}

/* ------------------------------------------------------------- other places */

static bool is_identifier(const char *name)
{
	if (!isalpha((unsigned char)*name) && *name != '_' && *name != '$')
		return false;
	for (name++; *name != '\0'; name++) {
		if (!isalnum((unsigned char)*name) && *name != '_' && *name != '$')
			return false;
	}
	return true;
}

const char *ts_key(const struct ts *ts, const char *name, bool in_table)
{
	if (in_table && strcmp(name, "__proto__") == 0)
		return "[\"__proto__\"]";
	return is_identifier(name) ? name : writer_json_string(ts->w, name, strlen(name));
}
