/* SPDX-License-Identifier: MIT */
/*
 * options.c - reading the command line.
 *
 * One row per option, with the commands that take it. Values stand behind a blank, or joined to the
 * option as -IDIR and --emit=NAME are. Opens no file.
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
	OPTION_OPTIMIZE,
	OPTION_M,
	OPTION_MD,
	OPTION_MF,
	OPTION_MT,
	OPTION_MP,
	OPTION_W,
	OPTION_FORMAT,
	OPTION_IDS,
	OPTION_FMT_CHECK,
	OPTION_FMT_DIFF,
	OPTION_URL,
	OPTION_KEY_FILE,
};

#define FOR(command)  (1u << COMMAND_##command)
#define FOR_CONTRACTS (FOR(COMPILE) | FOR(CHECK) | FOR(DIFF))
#define FOR_ALL       (FOR_CONTRACTS | FOR(FMT) | FOR(INIT))

static const struct row {
	const char *name;
	enum option_id id;
	bool has_value;
	unsigned commands;
} rows[] = {
        {"--help", OPTION_HELP, false, FOR_ALL},
        {"-h", OPTION_HELP, false, FOR_ALL},
        {"--version", OPTION_VERSION, false, FOR(COMPILE)},
        {"-o", OPTION_OUTPUT, true, FOR(COMPILE) | FOR(INIT)},
        {"-I", OPTION_INCLUDE, true, FOR_CONTRACTS},
        {"--emit", OPTION_EMIT, true, FOR(COMPILE)},
        {"--stubs", OPTION_STUBS, false, FOR(COMPILE)},
        {"--optimize", OPTION_OPTIMIZE, true, FOR(COMPILE)},
        {"-MD", OPTION_MD, false, FOR(COMPILE)},
        {"-MF", OPTION_MF, true, FOR(COMPILE)},
        {"-MT", OPTION_MT, true, FOR(COMPILE)},
        {"-MP", OPTION_MP, false, FOR(COMPILE)},
        {"-M", OPTION_M, false, FOR(COMPILE)},
        {"-W", OPTION_W, true, FOR_CONTRACTS},
        {"--message-format", OPTION_FORMAT, true, FOR_CONTRACTS | FOR(FMT)},
        {"--diagnostic-ids", OPTION_IDS, false, FOR_CONTRACTS | FOR(FMT)},
        {"--check", OPTION_FMT_CHECK, false, FOR(FMT)},
        {"--diff", OPTION_FMT_DIFF, false, FOR(FMT)},
        {"--url", OPTION_URL, true, FOR(PUBLISH)},
        {"--key-file", OPTION_KEY_FILE, true, FOR(PUBLISH)},
};

#define N_ROWS (sizeof(rows) / sizeof(rows[0]))

/* The first word of the command line, and how many names may follow. */
static const struct {
	const char *name; /* NULL: none is said */
	const char *see;  /* "see msgc … --help" */
	const char *few;
	const char *many;
	size_t min_files;
	size_t max_files; /* 0: any number */
} commands[] = {
        [COMMAND_COMPILE] = {NULL, "msgc --help", "no contract to compile", NULL, 1, 0},
        [COMMAND_CHECK] = {"check", "msgc check --help", "no contract to check", NULL, 1, 0},
        [COMMAND_FMT] = {"fmt", "msgc fmt --help", "no contract to lay out", NULL, 1, 0},
        [COMMAND_DIFF] = {"diff", "msgc diff --help", "two contracts are compared, not one",
                "two contracts are compared, not more", 2, 2},
        [COMMAND_INIT] = {"init", "msgc init --help", "the new contract has no name",
                "one project is begun at a time", 1, 1},
        [COMMAND_PUBLISH] = {"publish", "msgc publish --help", "no group to publish to",
                "one message is published at a time", 1, 2},
};

#define N_COMMANDS (sizeof(commands) / sizeof(commands[0]))

static bool find_command(const char *word, enum options_command *ret_command)
{
	size_t i;

	for (i = 0; i < N_COMMANDS; i++) {
		if (commands[i].name != NULL && strcmp(commands[i].name, word) == 0) {
			*ret_command = (enum options_command)i;
			return true;
		}
	}
	return false;
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

static bool set_format(struct options *options, const char *name)
{
	static const struct {
		const char *name;
		enum diag_format format;
	} formats[] = {{"text", DIAG_TEXT}, {"json", DIAG_JSON}, {"github", DIAG_GITHUB}};
	size_t i;

	for (i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		if (strcmp(formats[i].name, name) == 0) {
			options->style.format = formats[i].format;
			return true;
		}
	}
	fprintf(stderr, "msgc: there is no message format '%s': text, json or github\n", name);
	return false;
}

static bool set_optimize(struct options *options, const char *name)
{
	static const char *const names[] = {
	        [OPTIMIZE_AUTO] = "auto", [OPTIMIZE_SPEED] = "speed", [OPTIMIZE_SIZE] = "size"};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(names[i], name) == 0) {
			options->optimize = (enum options_optimize)i;
			return true;
		}
	}
	fprintf(stderr, "msgc: there is no '--optimize %s': auto, speed or size\n", name);
	return false;
}

static bool set_warning(struct options *options, const char *words)
{
	if (diag_policy_apply(&options->policy, words))
		return true;
	fprintf(stderr, "msgc: there is no warning '%s'; see msgc check --help\n", words);
	return false;
}

/* The row, and its value where that is joined to it. */
static const struct row *find_row(
        enum options_command command, const char *argument, const char **ret_value)
{
	size_t i;

	*ret_value = NULL;
	for (i = 0; i < N_ROWS; i++) {
		const struct row *row = &rows[i];
		size_t length = strlen(row->name);

		if ((row->commands & 1u << command) == 0)
			continue;
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
	case OPTION_OPTIMIZE: return set_optimize(options, value);
	case OPTION_M: options->depends_only = options->depends = true; break;
	case OPTION_MD: options->depends = true; break;
	case OPTION_MF: options->depends = true, options->depends_file = value; break;
	case OPTION_MT: vec_push(&options->depends_targets, (void *)(uintptr_t)value); break;
	case OPTION_MP: options->depends_phony = true; break;
	case OPTION_W: return set_warning(options, value);
	case OPTION_FORMAT: return set_format(options, value);
	case OPTION_IDS: options->style.show_ids = true; break;
	case OPTION_FMT_CHECK: options->fmt_check = true; break;
	case OPTION_FMT_DIFF: options->fmt_diff = true; break;
	case OPTION_URL: options->url = value; break;
	case OPTION_KEY_FILE: options->key_file = value; break;
	}
	return true;
}

static bool read_option(struct options *options, char **argv, int *at, enum options_action *action)
{
	const char *argument = argv[*at], *value;
	const struct row *row = find_row(options->command, argument, &value);

	if (row == NULL) {
		fprintf(stderr, "msgc: there is no option '%s'; see %s\n", argument,
		        commands[options->command].see);
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

/* `msgc help`, `msgc help fmt` */
static enum options_action read_help(struct options *options, int argc, char **argv)
{
	if (argc < 3)
		return OPTIONS_HELP;
	if (argc > 3 || !find_command(argv[2], &options->command)) {
		fprintf(stderr, "msgc: there is no help on '%s'; see msgc --help\n",
		        argv[argc - 1]);
		return OPTIONS_USAGE_ERROR;
	}
	return OPTIONS_HELP;
}

static bool check_files(const struct options *options)
{
	const char *complaint = NULL;
	size_t n = options->files.n;

	if (n < commands[options->command].min_files)
		complaint = commands[options->command].few;
	else if (commands[options->command].max_files != 0 &&
	        n > commands[options->command].max_files)
		complaint = commands[options->command].many;
	if (complaint != NULL)
		fprintf(stderr, "msgc: %s; see %s\n", complaint, commands[options->command].see);
	else if (n > 1 && options->depends_file != NULL)
		fputs(complaint = "msgc: -MF takes one contract\n", stderr);
	return complaint == NULL;
}

enum options_action options_read(struct options *options, int argc, char **argv)
{
	enum options_action action = OPTIONS_RUN;
	bool only_files = false;
	int i = 1;

	*options = (struct options){.command = COMMAND_COMPILE, .url = "http://127.0.0.1:9000"};
	if (argc > 1 && strcmp(argv[1], "help") == 0)
		return read_help(options, argc, argv);
	if (argc > 1 && find_command(argv[1], &options->command))
		i++;
	for (; i < argc; i++) {
		if (only_files || argv[i][0] != '-' || argv[i][1] == '\0')
			vec_push(&options->files, argv[i]);
		else if (strcmp(argv[i], "--") == 0)
			only_files = true;
		else if (!read_option(options, argv, &i, &action))
			return OPTIONS_USAGE_ERROR;
	}
	if (action != OPTIONS_RUN)
		return action;
	if (!check_files(options))
		return OPTIONS_USAGE_ERROR;
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
