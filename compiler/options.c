/* SPDX-License-Identifier: MIT */
/*
 * options.c - reading the command line.
 *
 * One row per option. Values stand behind a blank, or joined to the option as -IDIR and
 * --emit=NAME are. Opens no file.
 */
#include "options.h"

#include <string.h>

#include "emit.h"

enum option_id {
	OPTION_HELP,
	OPTION_VERSION,
	OPTION_OUTPUT,
	OPTION_INCLUDE,
	OPTION_EMIT,
	OPTION_STUBS,
	OPTION_M,
	OPTION_MD,
	OPTION_MF,
	OPTION_MT,
	OPTION_MP,
	OPTION_IDS,
};

static const struct row {
	const char *name;
	enum option_id id;
	bool has_value;
} rows[] = {
        {"--help", OPTION_HELP, false},
        {"-h", OPTION_HELP, false},
        {"--version", OPTION_VERSION, false},
        {"-o", OPTION_OUTPUT, true},
        {"-I", OPTION_INCLUDE, true},
        {"--emit", OPTION_EMIT, true},
        {"--stubs", OPTION_STUBS, false},
        {"-MD", OPTION_MD, false},
        {"-MF", OPTION_MF, true},
        {"-MT", OPTION_MT, true},
        {"-MP", OPTION_MP, false},
        {"-M", OPTION_M, false},
        {"--diagnostic-ids", OPTION_IDS, false},
};

#define N_ROWS (sizeof(rows) / sizeof(rows[0]))

void options_help(FILE *stream)
{
	size_t i;

	fputs("Usage: msgc [OPTION]... FILE.msg...\n"
	      "Compiles contracts. Without --emit, writes C: FILE.msgc.h and FILE.msgc.c.\n"
	      "\n"
	      "  -o DIR            write outputs to DIR (default: the present folder)\n"
	      "  -I DIR            look for imports in DIR too; may be given several times\n"
	      "  --emit NAME,...   what to write:\n",
	        stream);
	for (i = 0; i < n_emitters; i++)
		fprintf(stream, "                      %-21s%s\n", emitters[i].name,
		        emitters[i].summary);
	fputs("  --stubs           write FILE_handlers.c as well, unless it exists\n"
	      "  -M                write what the outputs depend on, as a make rule, and nothing "
	      "else\n"
	      "  -MD               write that rule beside the outputs, to FILE.d\n"
	      "  -MF FILE          write it to FILE; implies -MD\n"
	      "  -MT TARGET        the rule's target instead of the outputs; may be given several "
	      "times\n"
	      "  -MP               add an empty rule for each import\n"
	      "  --help            this text\n"
	      "  --version         msgc's version\n"
	      "\n"
	      "Exit status: 0 if all is well, 1 for a contract with errors, 2 for a wrong command "
	      "line or\n"
	      "a file that cannot be read or written.\n",
	        stream);
}

static const struct emitter *find_emitter(const char *name, size_t length)
{
	size_t i;

	for (i = 0; i < n_emitters; i++) {
		if (strlen(emitters[i].name) == length &&
		        memcmp(emitters[i].name, name, length) == 0)
			return &emitters[i];
	}
	return NULL;
}

static bool add_emitters(struct options *options, const char *names)
{
	while (*names != '\0') {
		size_t length = strcspn(names, ","), i;
		const struct emitter *emitter = find_emitter(names, length);

		if (emitter == NULL) {
			fprintf(stderr, "msgc: there is no output '%.*s'; see msgc --help\n",
			        (int)length, names);
			return false;
		}
		for (i = 0; i < options->emitters.n; i++) {
			if (options->emitters.items[i] == emitter)
				break;
		}
		if (i == options->emitters.n)
			vec_push(&options->emitters, (void *)(uintptr_t)emitter);
		names += length + (names[length] == ',');
	}
	return true;
}

/* The row, and its value where that is joined to it. */
static const struct row *find_row(const char *argument, const char **ret_value)
{
	size_t i;

	*ret_value = NULL;
	for (i = 0; i < N_ROWS; i++) {
		const struct row *row = &rows[i];
		size_t length = strlen(row->name);

		if (strcmp(argument, row->name) == 0)
			return row;
		if (!row->has_value || strncmp(argument, row->name, length) != 0)
			continue;
		if (argument[1] != '-')
			*ret_value = argument + length;
		else if (argument[length] == '=')
			*ret_value = argument + length + 1;
		if (*ret_value != NULL)
			return row;
	}
	return NULL;
}

/* False: usage error. *action changes for --help and --version. */
static bool apply(struct options *options, const struct row *row, const char *value,
        enum options_action *action)
{
	switch (row->id) {
	case OPTION_HELP: *action = OPTIONS_HELP; break;
	case OPTION_VERSION: *action = OPTIONS_VERSION; break;
	case OPTION_OUTPUT: options->output_dir = value; break;
	case OPTION_INCLUDE: vec_push(&options->include_dirs, (void *)(uintptr_t)value); break;
	case OPTION_EMIT: options->chosen = true; return add_emitters(options, value);
	case OPTION_STUBS: return add_emitters(options, "stubs");
	case OPTION_M: options->depends_only = options->depends = true; break;
	case OPTION_MD: options->depends = true; break;
	case OPTION_MF: options->depends = true, options->depends_file = value; break;
	case OPTION_MT: vec_push(&options->depends_targets, (void *)(uintptr_t)value); break;
	case OPTION_MP: options->depends_phony = true; break;
	case OPTION_IDS: options->show_ids = true; break;
	}
	return true;
}

static bool read_option(struct options *options, char **argv, int *at, enum options_action *action)
{
	const char *argument = argv[*at], *value;
	const struct row *row = find_row(argument, &value);

	if (row == NULL) {
		fprintf(stderr, "msgc: there is no option '%s'; see msgc --help\n", argument);
		return false;
	}
	if (row->has_value && value == NULL) {
		value = argv[*at + 1];
		if (value == NULL) {
			fprintf(stderr, "msgc: option '%s' needs a value\n", row->name);
			return false;
		}
		++*at;
	}
	return apply(options, row, value, action);
}

/*
 * --stubs comes on top of what is written anyway; --emit names the whole. A draft is written once, beside the contract, where a header that
 * nobody renews would hide the one of the build.
 */
static void add_defaults(struct options *options)
{
	size_t i;

	for (i = 0; i < n_emitters && !options->chosen; i++) {
		if (emitters[i].by_default)
			vec_push(&options->emitters, (void *)(uintptr_t)&emitters[i]);
	}
}

enum options_action options_read(struct options *options, int argc, char **argv)
{
	enum options_action action = OPTIONS_COMPILE;
	bool only_files = false;
	int i;

	*options = (struct options){.output_dir = "."};
	for (i = 1; i < argc; i++) {
		if (only_files || argv[i][0] != '-' || argv[i][1] == '\0')
			vec_push(&options->files, argv[i]);
		else if (strcmp(argv[i], "--") == 0)
			only_files = true;
		else if (!read_option(options, argv, &i, &action))
			return OPTIONS_USAGE_ERROR;
	}
	if (action != OPTIONS_COMPILE)
		return action;
	if (options->files.n == 0) {
		fputs("msgc: no contract to compile; see msgc --help\n", stderr);
		return OPTIONS_USAGE_ERROR;
	}
	if (options->files.n > 1 && options->depends_file != NULL) {
		fputs("msgc: -MF takes one contract\n", stderr);
		return OPTIONS_USAGE_ERROR;
	}
	add_defaults(options);
	return action;
}

void options_clear(struct options *options)
{
	vec_clear(&options->include_dirs);
	vec_clear(&options->files);
	vec_clear(&options->emitters);
	vec_clear(&options->depends_targets);
}
