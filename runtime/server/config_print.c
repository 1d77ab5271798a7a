/* SPDX-License-Identifier: MIT */
/*
 * What people read: --help, and --print-config as a file that can be read back. It shows where each value came from and never a
 * secret.
 */
#include "config_internal.h"

#include <string.h>

enum { HELP_COLUMN = 34, HELP_WIDTH = 98, COMMENT_COLUMN = 44 };

void msgc__config_where(const struct msgc__config_state *state, const struct msgc__entry *entry,
        char *out, size_t size)
{
	switch (entry->source) {
	case MSGC__FROM_FILE: snprintf(out, size, "%.280s:%d", state->file, entry->line); break;
	case MSGC__FROM_ENVIRONMENT: snprintf(out, size, "%s", entry->variable); break;
	case MSGC__FROM_COMMAND_LINE: snprintf(out, size, "command line"); break;
	default: snprintf(out, size, "default"); break;
	}
}

static const char *metavariable(int type)
{
	switch (type) {
	case MSGC_SETTING_INT: return "N";
	case MSGC_SETTING_BOOL: return "yes|no";
	case MSGC_SETTING_SIZE: return "SIZE";
	case MSGC_SETTING_DURATION: return "TIME";
	case MSGC__KEY_LIST: return "LIST";
	case MSGC__KEY_PORT: return "PORT|off";
	case MSGC__KEY_LEVEL: return "LEVEL";
	case MSGC__KEY_FORMAT: return "FORMAT";
	case MSGC__KEY_RATE: return "RATE";
	case MSGC__KEY_POLICY: return "POLICY";
	case MSGC__KEY_AUTO: return "yes|no|auto";
	default: return "TEXT";
	}
}

/* Code points, near enough to columns for help texts. */
static int columns(const char *text, size_t len)
{
	return (int)msgc_utf8_count(msgc_str_of(text, len));
}

/* Words of `text`, wrapped between HELP_COLUMN and HELP_WIDTH; the cursor stands at `column`. Returns where it ends. */
static int print_wrapped(FILE *out, const char *text, int column)
{
	while (*text) {
		size_t len = strcspn(text, " ");
		int width = columns(text, len);

		if (column > HELP_COLUMN && column + 1 + width > HELP_WIDTH) {
			fprintf(out, "\n%*s", HELP_COLUMN, "");
			column = HELP_COLUMN;
		} else if (column > HELP_COLUMN) {
			fputc(' ', out);
			column++;
		}
		fprintf(out, "%.*s", (int)len, text);
		column += width;
		text += len;
		text += strspn(text, " ");
	}
	return column;
}

static void print_option(FILE *out, const char *left, const char *help, const char *tail)
{
	int column = 2 + columns(left, strlen(left));

	fprintf(out, "  %s", left);
	if (column >= HELP_COLUMN) {
		fputc('\n', out);
		column = 0;
	}
	fprintf(out, "%*s", HELP_COLUMN - column, "");
	column = print_wrapped(out, help, HELP_COLUMN);
	if (*tail)
		print_wrapped(out, tail, column);
	fputc('\n', out);
}

static void print_entry_help(FILE *out, const struct msgc__entry *entry)
{
	const struct msgc__key *key = &entry->key;
	char left[160], tail[320];

	snprintf(left, sizeof(left), "--%s=%s", key->name, metavariable(key->type));
	if (!key->initial)
		snprintf(tail, sizeof(tail), "(required)");
	else if (key->secret || !*key->initial)
		tail[0] = '\0';
	else
		snprintf(tail, sizeof(tail), "(default %.250s)", key->initial);
	print_option(out, left, key->help, tail);
}

static void print_usage(const struct msgc__config_state *state, FILE *out)
{
	char own[128] = "";

	for (size_t i = 0; i < state->entry_count; i++) {
		if (state->entries[i].of_program) {
			snprintf(own, sizeof(own), " (%s)", state->entries[i].variable);
			break;
		}
	}
	fprintf(out,
	        "Usage: %s [--key=value ...]\n"
	        "\n"
	        "Each key can also be set in the environment (MSGC_PORT for --port) or as a line "
	        "`port = 8000` in the\n"
	        "file of --config. The command line wins over the environment, the environment "
	        "over the file.\n",
	        state->program);
	if (*own)
		fprintf(out,
		        "Variables of the keys under \"%s\" begin with the program's name%s.\n",
		        state->program, own);
	fprintf(out, "\nGeneral\n");
	print_option(out, "--config=FILE", "reads keys from a file (MSGC_CONFIG)", "");
	print_option(out, "--print-config",
	        "prints all keys, their values and where they came from, and exits", "");
	print_option(out, "--version", "prints the version and exits", "");
	print_option(out, "--help", "prints this and exits", "");
}

void msgc__config_print_help(const struct msgc__config *config, FILE *out)
{
	const struct msgc__config_state *state = config->state;
	const char *section = NULL;
	bool titled = false;

	print_usage(state, out);
	for (size_t i = 0; i < state->entry_count; i++) {
		if (!state->entries[i].of_program)
			continue;
		if (!titled)
			fprintf(out, "\n%s\n", state->program);
		titled = true;
		print_entry_help(out, &state->entries[i]);
	}
	for (size_t i = 0; i < state->entry_count; i++) {
		const struct msgc__entry *entry = &state->entries[i];

		if (entry->of_program)
			continue;
		if (!section || strcmp(section, entry->key.section) != 0)
			fprintf(out, "\n%s\n", entry->key.section);
		section = entry->key.section;
		print_entry_help(out, entry);
	}
	fprintf(out,
	        "\nSizes: 512, 64KiB, 1MiB. Times: 250ms, 10s, 5m, 24h, 7d. Lists are parted by "
	        "commas.\nRates: 20 per 1s burst 50, or off.\n");
}

static bool needs_quotes(const char *text)
{
	size_t len = strlen(text);

	if (len == 0)
		return false;
	if (strchr(" \t\"#", text[0]) || strchr(" \t", text[len - 1]))
		return true;
	return strpbrk(text, "\n\r") || strstr(text, " #") || strstr(text, "\t#");
}

static int print_value(FILE *out, const char *text)
{
	int width = 0;

	if (!needs_quotes(text)) {
		fputs(text, out);
		return columns(text, strlen(text));
	}
	fputc('"', out);
	for (; *text; text++, width++) {
		if (*text == '"' || *text == '\\')
			width += fprintf(out, "\\%c", *text) - 1;
		else if (*text == '\n')
			width += fprintf(out, "\\n") - 1;
		else if (*text == '\t')
			width += fprintf(out, "\\t") - 1;
		else
			fputc(*text, out);
	}
	fputc('"', out);
	return width + 2;
}

/* A line that sets nothing when it is read back is a comment: an unset key, and a secret, which is not shown. */
static void print_entry_value(
        const struct msgc__config_state *state, FILE *out, const struct msgc__entry *entry)
{
	bool hidden = entry->key.secret && entry->text && *entry->text;
	bool commented = entry->key.secret || !entry->text;
	int column = fprintf(out, "%s%s = ", commented ? "# " : "", entry->key.name);
	char where[320];

	if (hidden)
		column += fprintf(out, "***");
	else if (entry->text)
		column += print_value(out, entry->text);
	if (column < COMMENT_COLUMN)
		fprintf(out, "%*s", COMMENT_COLUMN - column, "");
	msgc__config_where(state, entry, where, sizeof(where));
	fprintf(out, "  # %s\n", where);
}

void msgc__config_print_values(const struct msgc__config *config, FILE *out)
{
	const struct msgc__config_state *state = config->state;
	const char *section = "";

	fprintf(out, "# %s, msgc %s", state->program, MSGC_VERSION);
	if (state->file)
		fprintf(out, "; file: %s", state->file);
	fputc('\n', out);
	for (size_t i = 0; i < state->entry_count; i++) {
		const struct msgc__entry *entry = &state->entries[i];
		const char *title = entry->of_program ? state->program : entry->key.section;

		if (strcmp(section, title) != 0)
			fprintf(out, "\n# %s\n", title);
		section = title;
		print_entry_value(state, out, entry);
	}
}
