/* SPDX-License-Identifier: MIT */
/*
 * Brings the table of keys together with its three sources: the file, then the environment, then the command line, each
 * overriding the one before. All mistakes are collected, none stops the reading. It must not know what a key means.
 */
#include "config_internal.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"

static const char command_line[] = "command line";

/* One option of the command line, to be applied after file and environment. */
struct option {
	struct msgc__entry *entry;
	const char *text;
};

/* ------------------------------------------------------------------------------------ the state */

void *msgc__config_own(struct msgc__config_state *state, size_t size)
{
	void *memory;

	if (state->owned_count == state->owned_cap) {
		size_t cap = state->owned_cap ? state->owned_cap * 2 : 64;
		void **grown = realloc(state->owned, cap * sizeof(*grown));

		if (!grown) {
			state->no_memory = true;
			return NULL;
		}
		state->owned = grown;
		state->owned_cap = cap;
	}
	memory = calloc(1, size ? size : 1);
	if (!memory)
		state->no_memory = true;
	else
		state->owned[state->owned_count++] = memory;
	return memory;
}

char *msgc__config_copy(struct msgc__config_state *state, const char *text, size_t len)
{
	char *copy = msgc__config_own(state, len + 1);

	if (copy)
		memcpy(copy, text, len);
	return copy;
}

void msgc__config_complain(
        struct msgc__config_state *state, bool warning, const char *where, const char *format, ...)
{
	struct msgc__complaint *complaint = &state->complaints[state->complaint_count];
	char text[512];
	va_list args;

	if (!warning) {
		state->wrong = true;
		if (where == command_line)
			state->command_line_wrong = true;
	}
	if (state->complaint_count == MSGC__COMPLAINTS_MAX)
		return;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	complaint->warning = warning;
	complaint->where = msgc__config_copy(state, where, strlen(where));
	complaint->text = msgc__config_copy(state, text, strlen(text));
	if (complaint->where && complaint->text)
		state->complaint_count++;
}

struct msgc__entry *msgc__config_find(
        struct msgc__config_state *state, const char *name, size_t len)
{
	for (size_t i = 0; i < state->entry_count; i++) {
		const char *key = state->entries[i].key.name;

		if (strlen(key) == len && memcmp(key, name, len) == 0)
			return &state->entries[i];
	}
	return NULL;
}

/* Edits (insert, delete, replace, swap of neighbours) between two short names. */
static size_t distance(const char *a, size_t a_len, const char *b, size_t b_len)
{
	enum { MOST = 48 };
	size_t rows[3][MOST + 1];

	if (a_len > MOST || b_len > MOST)
		return MOST;
	for (size_t j = 0; j <= b_len; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= a_len; i++) {
		size_t *now = rows[i % 3], *last = rows[(i - 1) % 3], *before = rows[(i + 1) % 3];

		now[0] = i;
		for (size_t j = 1; j <= b_len; j++) {
			size_t best = last[j - 1] + (a[i - 1] != b[j - 1]);

			if (last[j] + 1 < best)
				best = last[j] + 1;
			if (now[j - 1] + 1 < best)
				best = now[j - 1] + 1;
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
			        before[j - 2] + 1 < best)
				best = before[j - 2] + 1;
			now[j] = best;
		}
	}
	return rows[a_len % 3][b_len];
}

const char *msgc__config_guess(const struct msgc__config_state *state, const char *name, size_t len)
{
	static const char *const others[] = {msgc__key_file, "help", "version", "print-config"};
	size_t nearest = (len < 6 ? 1 : len / 3) + 1;
	const char *best = NULL;

	for (size_t i = 0; i < state->entry_count + 4; i++) {
		const char *key = i < 4 ? others[i] : state->entries[i - 4].key.name;
		size_t d = distance(name, len, key, strlen(key));

		if (d < nearest) {
			nearest = d;
			best = key;
		}
	}
	return best;
}

/* ------------------------------------------------------------------------------------ making the table */

static const char *base_name(int argc, char **argv)
{
	const char *slash;

	if (argc < 1 || !argv || !argv[0] || !argv[0][0])
		return "msgc";
	slash = strrchr(argv[0], '/');
	return slash && slash[1] ? slash + 1 : argv[0];
}

/* "chat" and "data-dir" become "CHAT_DATA_DIR". */
static void variable_name(char *out, size_t size, const char *prefix, const char *key)
{
	snprintf(out, size, "%s_%s", prefix, key);
	for (; *out; out++)
		*out = isalnum((unsigned char)*out) ? (char)toupper((unsigned char)*out) : '_';
}

static struct msgc__key key_of_setting(const struct msgc_setting *setting)
{
	return (struct msgc__key){
	        .section = NULL,
	        .name = setting->name,
	        .type = (int)setting->type,
	        .initial = setting->initial,
	        .help = setting->help ? setting->help : "",
	        .secret = setting->secret,
	};
}

static bool is_key_name(const char *name)
{
	if (!name || !*name || strlen(name) > 64)
		return false;
	return strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(name) &&
	        name[0] != '-';
}

static bool is_taken(struct msgc__config_state *state, const char *name)
{
	static const char *const reserved[] = {msgc__key_file, "help", "version", "print-config"};

	for (size_t i = 0; i < sizeof(reserved) / sizeof(reserved[0]); i++) {
		if (strcmp(name, reserved[i]) == 0)
			return true;
	}
	return msgc__config_find(state, name, strlen(name)) != NULL;
}

static void add_settings(
        struct msgc__config_state *state, const struct msgc_setting *settings, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct msgc__entry *entry = &state->entries[state->entry_count];

		if (!is_key_name(settings[i].name) || !settings[i].target ||
		        is_taken(state, settings[i].name)) {
			msgc__config_complain(state, false, "the program",
			        "setting '%s' has no usable name or target, or the server has a "
			        "key of that name",
			        settings[i].name ? settings[i].name : "");
			continue;
		}
		entry->key = key_of_setting(&settings[i]);
		entry->target = settings[i].target;
		entry->of_program = true;
		variable_name(
		        entry->variable, sizeof(entry->variable), state->program, entry->key.name);
		state->entry_count++;
	}
}

/* A target is never left unset, whatever goes wrong later. */
static void set_empty(struct msgc__entry *entry)
{
	switch (entry->key.type) {
	case MSGC_SETTING_STRING: *(const char **)entry->target = ""; break;
	case MSGC_SETTING_BOOL: *(bool *)entry->target = false; break;
	case MSGC_SETTING_INT:
	case MSGC_SETTING_SIZE:
	case MSGC_SETTING_DURATION: *(int64_t *)entry->target = 0; break;
	default: break; /* keys of the table have defaults, which a test reads */
	}
}

static void set_defaults(struct msgc__config_state *state)
{
	for (size_t i = 0; i < state->entry_count; i++) {
		struct msgc__entry *entry = &state->entries[i];

		set_empty(entry);
		if (entry->key.initial)
			msgc__config_set(state, entry, entry->key.initial,
			        strlen(entry->key.initial), MSGC__FROM_DEFAULT, "the program");
	}
}

static int make_table(
        struct msgc__config *config, const struct msgc_setting *settings, size_t count)
{
	struct msgc__config_state *state = config->state;

	state->entries = calloc(msgc__config_key_count + count, sizeof(*state->entries));
	if (!state->entries)
		return MSGC_ENOMEM;
	for (size_t i = 0; i < msgc__config_key_count; i++) {
		struct msgc__entry *entry = &state->entries[state->entry_count++];

		entry->key = msgc__config_keys[i];
		entry->target = (char *)config + entry->key.offset;
		variable_name(entry->variable, sizeof(entry->variable), "MSGC", entry->key.name);
	}
	add_settings(state, settings, count);
	set_defaults(state);
	return MSGC_OK;
}

/* ------------------------------------------------------------------------------------ the command line */

static void unknown_option(struct msgc__config_state *state, const char *name, size_t len)
{
	const char *guess = msgc__config_guess(state, name, len);

	msgc__config_complain(state, false, command_line, "unknown option --%.*s%s%s%s",
	        (int)(len < 64 ? len : 64), name, guess ? "; did you mean --" : "",
	        guess ? guess : "", guess ? "?" : "");
}

static bool is_action(struct msgc__config_state *state, const char *argument)
{
	if (strcmp(argument, "--help") == 0 || strcmp(argument, "-h") == 0)
		state->help = true;
	else if (strcmp(argument, "--version") == 0 || strcmp(argument, "-V") == 0)
		state->version = true;
	else if (strcmp(argument, "--print-config") == 0)
		state->print = true;
	else
		return false;
	return true;
}

static bool is_named(const char *name, size_t len, const char *key)
{
	return strlen(key) == len && memcmp(name, key, len) == 0;
}

/*
 * The option at argv[*i]; `*i` moves on to the last argument that belongs to it. False: nothing to apply (a mistake, or
 * --config, which is kept apart).
 */
static bool read_option(
        struct msgc__config_state *state, int argc, char **argv, int *i, struct option *ret)
{
	const char *name = argv[*i] + 2;
	size_t len = strcspn(name, "=");
	const char *text = name[len] == '=' ? name + len + 1 : NULL;
	const char *next = *i + 1 < argc ? argv[*i + 1] : NULL;
	bool is_file = is_named(name, len, msgc__key_file);
	struct msgc__entry *entry = is_file ? NULL : msgc__config_find(state, name, len);
	bool truth;

	if (!is_file && !entry) {
		if (!text && len > 3 && memcmp(name, "no-", 3) == 0)
			entry = msgc__config_find(state, name + 3, len - 3);
		if (!entry || entry->key.type != MSGC_SETTING_BOOL) {
			unknown_option(state, name, len);
			return false;
		}
		text = "no";
	}
	if (!text && entry && entry->key.type == MSGC_SETTING_BOOL) {
		if (next && msgc__config_read_bool(next, &truth))
			text = argv[++*i];
		else
			text = "yes";
	}
	if (!text && (!next || strncmp(next, "--", 2) == 0)) {
		msgc__config_complain(state, false, command_line, "--%.*s needs a value",
		        (int)(len < 64 ? len : 64), name);
		return false;
	}
	if (!text)
		text = argv[++*i];
	if (is_file) {
		state->file = text;
		state->file_source = MSGC__FROM_COMMAND_LINE;
		return false;
	}
	*ret = (struct option){entry, text};
	return true;
}

static size_t read_arguments(
        struct msgc__config_state *state, int argc, char **argv, struct option *options)
{
	size_t count = 0;

	for (int i = 1; i < argc; i++) {
		if (is_action(state, argv[i]))
			continue;
		if (strncmp(argv[i], "--", 2) != 0 || argv[i][2] == '\0') {
			msgc__config_complain(
			        state, false, command_line, "unexpected argument '%s'", argv[i]);
			continue;
		}
		if (read_option(state, argc, argv, &i, &options[count]))
			count++;
	}
	return count;
}

/* ------------------------------------------------------------------------------------ the environment */

static const char *variable(char **environment, const char *name)
{
	size_t len = strlen(name);

	for (; environment && *environment; environment++) {
		if (strncmp(*environment, name, len) == 0 && (*environment)[len] == '=')
			return *environment + len + 1;
	}
	return NULL;
}

/* An empty variable counts as not set, but for texts and lists, where it means "empty". */
static bool says_something(const struct msgc__entry *entry, const char *text)
{
	return *text || entry->key.type == MSGC_SETTING_STRING || entry->key.type == MSGC__KEY_LIST;
}

static void warn_of_unknown(struct msgc__config_state *state, char **environment)
{
	for (; environment && *environment; environment++) {
		char key[80], guessed[96] = "";
		const char *name = *environment + 5, *guess;
		size_t len = strcspn(*environment, "=");

		if (strncmp(*environment, "MSGC_", 5) != 0 || len < 6 || len - 5 >= sizeof(key))
			continue;
		len -= 5;
		for (size_t i = 0; i < len; i++)
			key[i] = name[i] == '_' ? '-' : (char)tolower((unsigned char)name[i]);
		if (is_named(key, len, msgc__key_file) || msgc__config_find(state, key, len))
			continue;
		guess = msgc__config_guess(state, key, len);
		if (guess)
			variable_name(guessed, sizeof(guessed), "MSGC", guess);
		msgc__config_complain(state, true, "environment", "no key is named MSGC_%.*s%s%s%s",
		        (int)len, name, guess ? "; did you mean " : "", guessed, guess ? "?" : "");
	}
}

static void read_environment(struct msgc__config_state *state, char **environment)
{
	for (size_t i = 0; i < state->entry_count; i++) {
		struct msgc__entry *entry = &state->entries[i];
		const char *text = variable(environment, entry->variable);

		if (text && says_something(entry, text))
			msgc__config_set(state, entry, text, strlen(text), MSGC__FROM_ENVIRONMENT,
			        entry->variable);
	}
	warn_of_unknown(state, environment);
}

/* ------------------------------------------------------------------------------------ all of it */

static void complain_of_missing(struct msgc__config_state *state)
{
	for (size_t i = 0; i < state->entry_count; i++) {
		const struct msgc__entry *entry = &state->entries[i];

		if (!entry->is_set && !entry->key.initial)
			msgc__config_complain(state, false, "configuration",
			        "%s must be given: --%s=…, %s or in the file of --config",
			        entry->key.name, entry->key.name, entry->variable);
	}
}

static enum msgc__config_outcome outcome(const struct msgc__config_state *state)
{
	if (state->help)
		return MSGC__CONFIG_HELP;
	if (state->version)
		return MSGC__CONFIG_VERSION;
	if (state->wrong)
		return MSGC__CONFIG_WRONG;
	return state->print ? MSGC__CONFIG_PRINT : MSGC__CONFIG_SERVE;
}

static void read_all(struct msgc__config *config, int argc, char **argv, char **environment,
        struct option *options)
{
	struct msgc__config_state *state = config->state;
	size_t option_count = read_arguments(state, argc, argv, options);

	if (!state->file) {
		state->file = variable(environment, "MSGC_CONFIG");
		state->file_source = MSGC__FROM_ENVIRONMENT;
		if (state->file && !*state->file)
			state->file = NULL;
	}
	if (state->file)
		msgc__config_read_file(state, state->file);
	read_environment(state, environment);
	for (size_t i = 0; i < option_count; i++)
		msgc__config_set(state, options[i].entry, options[i].text, strlen(options[i].text),
		        MSGC__FROM_COMMAND_LINE, command_line);
	complain_of_missing(state);
	if (!state->wrong)
		msgc__config_check(config);
}

int msgc__config_load(struct msgc__config *config, int argc, char **argv, char **environment,
        const struct msgc_setting *settings, size_t setting_count)
{
	struct option *options;
	int result;

	*config = (struct msgc__config){.state = calloc(1, sizeof(struct msgc__config_state))};
	options = calloc(argc > 0 ? (size_t)argc : 1, sizeof(*options));
	if (!config->state || !options) {
		result = MSGC_ENOMEM;
	} else {
		config->state->program = base_name(argc, argv);
		result = make_table(config, settings, setting_count);
	}
	if (!result) {
		read_all(config, argc, argv, environment, options);
		config->outcome = outcome(config->state);
		config->command_line_wrong = config->state->command_line_wrong;
		if (config->state->no_memory)
			result = MSGC_ENOMEM;
	}
	free(options);
	if (result)
		msgc__config_free(config);
	return result;
}

void msgc__config_complaints(const struct msgc__config *config, const struct msgc__log *log)
{
	const struct msgc__config_state *state = config->state;

	for (size_t i = 0; i < state->complaint_count; i++) {
		const struct msgc__complaint *complaint = &state->complaints[i];

		msgc__log_write(log, complaint->warning ? MSGC_LOG_WARNING : MSGC_LOG_ERROR,
		        complaint->warning ? "config.doubtful" : "config.wrong",
		        "where=%s detail=%s", complaint->where, complaint->text);
	}
}

int msgc__config_conclude(const struct msgc__config *config, const struct msgc__log *log, FILE *out)
{
	const struct msgc__config_state *state = config->state;

	switch (config->outcome) {
	case MSGC__CONFIG_HELP: msgc__config_print_help(config, out); return 0;
	case MSGC__CONFIG_VERSION:
		fprintf(out, "%s (msgc %s)\n", state->program, MSGC_VERSION);
		return 0;
	default: break;
	}
	msgc__config_complaints(config, log);
	if (config->outcome == MSGC__CONFIG_WRONG)
		return config->command_line_wrong ? 2 : 1;
	if (config->outcome == MSGC__CONFIG_PRINT) {
		msgc__config_print_values(config, out);
		return 0;
	}
	return -1;
}

void msgc__config_apply_log(const struct msgc__config *config, struct msgc__log *log)
{
	struct msgc__config_state *state = config->state;

	state->muted = (struct msgc__log_muted){
	        config->log_muted_actions.items, config->log_muted_actions.count};
	atomic_store(&log->level, (int)config->log_level);
	log->json = config->log_json;
	atomic_store(&log->muted, &state->muted);
}

const char *msgc__config_program(const struct msgc__config *config)
{
	return config->state ? config->state->program : "msgc";
}

void msgc__config_free(struct msgc__config *config)
{
	struct msgc__config_state *state = config->state;

	if (!state)
		return;
	for (size_t i = 0; i < state->owned_count; i++)
		free(state->owned[i]);
	free(state->owned);
	free(state->entries);
	free(state);
	config->state = NULL;
}
