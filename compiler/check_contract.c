/* SPDX-License-Identifier: MIT */
/*
 * check_contract.c - the contract statement, options and imports.
 */
#include "checks.h"

#include <ctype.h>
#include <string.h>

/* ------------------------------------------------------------------- sizes */

bool check_parts(struct check *c, size_t n, struct place place, const char *what)
{
	if (n <= CHECK_MAX_PARTS)
		return true;
	diag_report(c->diag, DIAG_TOO_MANY_PARTS, place, "more than %d %s", CHECK_MAX_PARTS, what);
	return false;
}

/* Lists within clauses. */
static bool check_clause_sizes(struct check *c, const struct ast_decl *decl)
{
	bool fine = check_parts(c, decl->n_clauses, decl->place, "clauses");
	size_t i;

	for (i = 0; i < decl->n_clauses; i++) {
		const struct ast_clause *clause = decl->clauses[i];

		fine = check_parts(c, clause->n_names, clause->place, "names") && fine;
		fine = check_parts(c, clause->n_replies, clause->place, "replies") && fine;
		fine = check_parts(c, clause->n_words, clause->place, "names") && fine;
		fine = check_parts(c, clause->n_args, clause->place, "arguments") && fine;
		fine = check_parts(c, clause->n_strings, clause->place, "texts") && fine;
	}
	return fine;
}

bool check_sizes(struct check *c)
{
	size_t groups = 0, consumers = 0, i;
	bool fine = true;

	for (i = 0; i < c->file->n_decls && fine; i++) {
		const struct ast_decl *decl = c->file->decls[i];

		fine = check_parts(c, decl->n_values, decl->place, "values of an enum") &&
		        check_parts(c, decl->n_params, decl->place, "parameters") &&
		        check_parts(c, decl->n_arms, decl->place, "arms") &&
		        check_clause_sizes(c, decl);
		if (decl->kind == AST_DECL_GROUP || decl->kind == AST_DECL_TOPIC)
			fine = fine && check_parts(c, ++groups, decl->place, "groups");
		if (decl->kind == AST_DECL_CONSUMER || decl->kind == AST_DECL_TOPIC)
			fine = fine && check_parts(c, ++consumers, decl->place, "consumers");
	}
	return fine;
}

/* ------------------------------------------------------- contract statement */

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *colon = strncmp(path, "builtin:", 8) == 0 ? path + 7 : NULL;

	return slash != NULL ? slash + 1 : colon != NULL ? colon + 1 : path;
}

static bool check_version(struct check *c, const struct ast_header *header, uint32_t *ret_version)
{
	uint64_t version;

	if (!check_count(c, &header->version, 1, INT32_MAX, &version))
		return false;
	*ret_version = (uint32_t)version;
	return true;
}

static bool is_late(const struct check *c, uint32_t start)
{
	const struct ast_file *file = c->file;

	return (file->n_imports != 0 && file->imports[0]->place.start < start) ||
	        (file->n_options != 0 && file->options[0]->place.start < start) ||
	        (file->n_decls != 0 && file->decls[0]->place.start < start);
}

/* Exactly one, before everything else; std belongs to the built-in contract. */
bool check_statement(struct check *c)
{
	const struct source *source = c->file->source;
	struct model_contract *contract = c->contract;
	const struct ast_header *header;

	if (c->file->n_headers == 0) {
		diag_report(c->diag, DIAG_NO_STATEMENT, (struct place){source, 0, 0},
		        "a contract begins with its name and major version");
		diag_hint(c->diag, "for example: contract rooms 1;");
		return false;
	}
	header = c->file->headers[0];
	if (c->file->n_headers > 1) {
		diag_report(c->diag, DIAG_SECOND_STATEMENT, c->file->headers[1]->place,
		        "a file holds one contract");
		diag_note(c->diag, header->place, "this one");
	}
	if (is_late(c, header->place.start))
		diag_report(c->diag, DIAG_LATE_STATEMENT, header->place,
		        "the contract's name and version stand before everything else");
	if (strcmp(header->name.text, "std") == 0 && !source->is_builtin)
		diag_report(c->diag, DIAG_STD_CONTRACT, header->place,
		        "'std' is the contract of the standard messages");
	contract->name = header->name.text;
	contract->doc = header->doc;
	contract->place = header->place;
	contract->is_builtin = source->is_builtin;
	return check_version(c, header, &contract->version);
}

/* Names of generated files and of includes in them are made of the file's name. */
bool check_stem(struct check *c)
{
	const char *file = base_name(c->file->source->path);
	size_t length = strlen(file), i;

	c->contract->file = file;
	if (length > 4 && strcmp(file + length - 4, ".msg") == 0)
		length -= 4;
	c->contract->stem = arena_copy(c->arena, file, length);
	for (i = 0; i < length; i++) {
		if (isalnum((unsigned char)file[i]) || (strchr("_.-", file[i]) != NULL && i > 0))
			continue;
		diag_report(c->diag, DIAG_FILE_NAME, (struct place){c->file->source, 0, 0},
		        "the file's name '%s' holds more than letters, digits, '_', '-' and '.'",
		        file);
		diag_hint(c->diag, "names of generated files are made of it");
		return false;
	}
	return true;
}

/* ----------------------------------------------------------------- options */

enum option_kind {
	OPTION_TEXT, /* for people */
	OPTION_DISCRIMINATOR,
	OPTION_C_PREFIX, /* a C identifier */
	OPTION_CASE,     /* a word, as the next one */
	OPTION_UNKNOWN,
};

struct option_row {
	const char *name;
	enum option_kind kind;
	size_t offset; /* in struct model_options */
};

#define TEXT_OPTION(member)                                                                        \
	{                                                                                          \
#member, OPTION_TEXT, offsetof(struct model_options, member)                       \
	}

static const struct option_row option_rows[] = {
        /* The first sets the others where they are not said. */
        {"discriminator", OPTION_DISCRIMINATOR, 0},
        {"receive_discriminator", OPTION_DISCRIMINATOR, offsetof(struct model_options, receive)},
        {"send_discriminator", OPTION_DISCRIMINATOR, offsetof(struct model_options, send)},
        {"c_prefix", OPTION_C_PREFIX, 0},
        TEXT_OPTION(title),
        TEXT_OPTION(description),
        TEXT_OPTION(server_url),
        TEXT_OPTION(licence),
        TEXT_OPTION(contact),
        {"case", OPTION_CASE, 0},
        {"unknown", OPTION_UNKNOWN, 0},
};

#define N_OPTIONS (sizeof(option_rows) / sizeof(option_rows[0]))

static const struct option_row *find_option(struct check *c, const struct ast_option *option)
{
	struct suggestion suggestion = suggestion_for(option->name.text);
	size_t i;

	for (i = 0; i < N_OPTIONS; i++) {
		if (strcmp(option_rows[i].name, option->name.text) == 0)
			return &option_rows[i];
		suggestion_offer(&suggestion, option_rows[i].name);
	}
	diag_report(c->diag, DIAG_UNKNOWN_OPTION, option->name.place, "unknown option '%s'",
	        option->name.text);
	diag_suggest(c->diag, &suggestion);
	return NULL;
}

static bool is_single(struct check *c, const struct ast_option *option)
{
	if (option->n_values == 1)
		return true;
	diag_report(c->diag, DIAG_OPTION_VALUE, option->values[1]->place,
	        "option %s takes one value", option->name.text);
	return false;
}

/* The option's value as a text, or NULL with a message. */
static const char *option_text(struct check *c, const struct ast_option *option)
{
	const struct ast_value *value = option->values[0];

	if (value->kind != AST_VALUE_STRING ||
	        strlen(value->string.bytes) != value->string.length || value->string.length == 0) {
		diag_report(c->diag, DIAG_OPTION_VALUE, value->place,
		        "option %s takes a text in quotes", option->name.text);
		return NULL;
	}
	return is_single(c, option) ? value->string.bytes : NULL;
}

/*
 * Which of some words the option's value is, from 0 on; -1 with a message. Words stand without
 * quotes.
 */
static int option_word(
        struct check *c, const struct ast_option *option, const char *const *words, int n)
{
	const struct ast_value *value = option->values[0];
	const char *word = value->kind == AST_VALUE_NAME ? value->name.text : "";
	struct suggestion suggestion = suggestion_for(word);
	const char *all = "";
	int i;

	for (i = 0; i < n; i++) {
		if (strcmp(word, words[i]) == 0)
			return is_single(c, option) ? i : -1;
		suggestion_offer(&suggestion, words[i]);
		all = arena_printf(c->arena, "%s%s%s", all,
		        i == 0               ? ""
		                : i + 1 == n ? " or "
		                             : ", ",
		        words[i]);
	}
	diag_report(c->diag, DIAG_OPTION_VALUE, value->place, "option %s takes %s",
	        option->name.text, all);
	if (value->kind == AST_VALUE_STRING)
		diag_hint(c->diag, "it is a word, and stands without quotes");
	else
		diag_suggest(c->diag, &suggestion);
	return -1;
}

/* Names that begin with msgc_ are the run time's and the built-in contracts'. */
static bool is_own_prefix(const struct check *c, const char *prefix)
{
	bool is_ours = strcmp(prefix, "msgc") == 0 || strncmp(prefix, "msgc_", 5) == 0;

	return names_is_prefix(prefix) && (!is_ours || c->contract->is_builtin);
}

static void set_word(struct check *c, enum option_kind kind, const struct ast_option *option)
{
	static const char *const cases[] = {"camel", "pascal", "kebab"};
	static const char *const unknowns[] = {"ignore", "reject"};
	int word;

	if (kind == OPTION_UNKNOWN) {
		word = option_word(c, option, unknowns, 2);
		c->contract->options.reject_unknown = word == 1;
		return;
	}
	word = option_word(c, option, cases, 3);
	if (word >= 0)
		c->contract->options.member_case = (enum model_case)(MODEL_CASE_CAMEL + word);
}

static void set_option(
        struct check *c, const struct option_row *row, const struct ast_option *option)
{
	const char *text;

	if (row->kind == OPTION_DISCRIMINATOR)
		return;
	if (row->kind == OPTION_CASE || row->kind == OPTION_UNKNOWN) {
		set_word(c, row->kind, option);
		return;
	}
	text = option_text(c, option);
	if (text == NULL)
		return;
	if (row->kind == OPTION_C_PREFIX && !is_own_prefix(c, text)) {
		diag_report(c->diag, DIAG_OPTION_VALUE, option->values[0]->place,
		        "option c_prefix takes a letter, then letters, digits and '_', 32 in all, "
		        "and "
		        "does not begin with msgc_");
		return;
	}
	if (row->kind == OPTION_C_PREFIX)
		c->contract->c_prefix = text;
	else
		memcpy((char *)&c->contract->options + row->offset, &text, sizeof(text));
}

/* What sets one direction is stronger than what sets both, wherever it stands. */
static void set_discriminators(struct check *c, const struct ast_option *const *seen)
{
	static const char *const keys[] = {"action"};
	struct model_options *options = &c->contract->options;
	struct model_discriminator both = {.n_keys = 1, .keys = keys};
	size_t i;

	for (i = 0; i < N_OPTIONS; i++) {
		if (option_rows[i].kind == OPTION_DISCRIMINATOR && option_rows[i].offset == 0 &&
		        seen[i] != NULL)
			check_discriminator(c, seen[i], &both);
	}
	options->receive = both;
	options->send = both;
	for (i = 0; i < N_OPTIONS; i++) {
		if (option_rows[i].kind == OPTION_DISCRIMINATOR && option_rows[i].offset != 0 &&
		        seen[i] != NULL)
			check_discriminator(
			        c, seen[i], (void *)((char *)options + option_rows[i].offset));
	}
	options->discriminator = options->receive.keys != NULL ? options->receive.keys[0] : NULL;
}

bool check_options(struct check *c)
{
	const struct ast_option *seen[N_OPTIONS] = {NULL};
	struct model_contract *contract = c->contract;
	size_t i;

	contract->c_prefix = contract->name;
	for (i = 0; i < c->file->n_options; i++) {
		const struct ast_option *option = c->file->options[i];
		const struct option_row *row = find_option(c, option);

		if (row == NULL)
			continue;
		if (seen[row - option_rows] != NULL) {
			diag_report(c->diag, DIAG_OPTION_TWICE, option->name.place,
			        "option %s is set already", row->name);
			diag_note(c->diag, seen[row - option_rows]->place, "first set here");
			continue;
		}
		seen[row - option_rows] = option;
		set_option(c, row, option);
	}
	set_discriminators(c, seen);
	if (!is_own_prefix(c, contract->c_prefix)) {
		diag_report(c->diag, DIAG_CONTRACT_PREFIX, contract->place,
		        "'%s' cannot begin all names in C", contract->c_prefix);
		diag_hint(c->diag, "set another one: option c_prefix = \"rooms\";");
	}
	contract->c_prefix_upper = names_upper(c->arena, contract->c_prefix);
	return true;
}

/* ----------------------------------------------------------------- imports */

/* Imported names begin with the contract's name: it has to be clear whose they are. */
static bool check_import(struct check *c, size_t n)
{
	const struct unit_import *import = &c->unit->imports[n];
	const struct model_contract *contract = import->unit->contract;
	size_t i;

	if (strcmp(contract->name, c->contract->name) == 0) {
		diag_report(c->diag, DIAG_IMPORT_NAME, import->place,
		        "this contract and the one that it imports are both called '%s'",
		        contract->name);
		return false;
	}
	for (i = 0; i < n; i++) {
		const struct unit_import *other = &c->unit->imports[i];

		if (other->unit == import->unit) {
			diag_report(c->diag, DIAG_IMPORT_TWICE, import->place,
			        "'%s' is imported already", contract->name);
			diag_note(c->diag, other->place, "first imported here");
			return false;
		}
		if (strcmp(other->unit->contract->name, contract->name) == 0) {
			diag_report(c->diag, DIAG_IMPORT_NAME, import->place,
			        "two imported contracts are called '%s'", contract->name);
			diag_note(c->diag, other->place, "the other one");
			return false;
		}
	}
	return true;
}

/* One C program will hold all of them. */
static bool check_import_prefix(struct check *c, size_t n)
{
	const struct unit_import *import = &c->unit->imports[n];
	const char *prefix = import->unit->contract->c_prefix;
	bool same = strcmp(prefix, c->contract->c_prefix) == 0;
	size_t i;

	for (i = 0; i < n && !same; i++)
		same = strcmp(c->unit->imports[i].unit->contract->c_prefix, prefix) == 0;
	if (!same)
		return true;
	diag_report(c->diag, DIAG_SAME_PREFIX, import->place,
	        "names of two contracts would begin with '%s_' in C", prefix);
	diag_hint(c->diag, "set option c_prefix in one of them");
	return false;
}

bool check_imports(struct check *c)
{
	bool fine = true;
	size_t i;

	for (i = 0; i < c->unit->n_imports; i++) {
		if (!check_import(c, i) || !check_import_prefix(c, i))
			fine = false;
	}
	return fine;
}

bool check_unused_imports(struct check *c)
{
	size_t i;

	for (i = 0; i < c->unit->n_imports; i++) {
		const struct unit_import *import = &c->unit->imports[i];

		if (!import->used)
			diag_report(c->diag, DIAG_UNUSED_IMPORT, import->place,
			        "nothing of '%s' is used", import->unit->contract->name);
	}
	return true;
}
