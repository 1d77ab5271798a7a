/* SPDX-License-Identifier: MIT */
/*
 * The configuration file: lines of `key = value`, '#' comments, values in double quotes where they need them. Bounded in size; every
 * mistake is named with its line. It must not know which keys there are.
 */
#include "config_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_MAX = 1024 * 1024, LINE_MAX_BYTES = 16 * 1024 };

struct place {
	struct msgc__config_state *state;
	const char *path;
	int line;
	char where[320]; /* "chat.conf:3" */
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static char *skip_blanks(char *at, const char *end)
{
	while (at < end && is_blank(*at))
		at++;
	return at;
}

/*
 * A value in quotes, unescaped in place: \" \\ \n \t. Returns behind the closing quote, or NULL. `at` stands behind the opening one.
 */
static char *read_quoted(char *at, const char *end, size_t *ret_len)
{
	char *out = at, *start = at;

	while (at < end && *at != '"') {
		if (*at != '\\') {
			*out++ = *at++;
			continue;
		}
		if (++at == end)
			return NULL;
		switch (*at++) {
		case '"': *out++ = '"'; break;
		case '\\': *out++ = '\\'; break;
		case 'n': *out++ = '\n'; break;
		case 't': *out++ = '\t'; break;
		default: return NULL;
		}
	}
	if (at == end)
		return NULL;
	*ret_len = (size_t)(out - start);
	return at + 1;
}

/* A bare value ends before a '#' that follows a blank, and before blanks at the end of the line. */
static size_t bare_length(const char *at, const char *end)
{
	const char *stop = at;

	while (stop < end && !(*stop == '#' && (stop == at || is_blank(stop[-1]))))
		stop++;
	while (stop > at && is_blank(stop[-1]))
		stop--;
	return (size_t)(stop - at);
}

static void unknown_key(const struct place *place, const char *name, size_t len)
{
	const char *guess = msgc__config_guess(place->state, name, len);

	msgc__config_complain(place->state, false, place->where, "unknown key '%.*s'%s%s%s",
	        (int)(len < 64 ? len : 64), name, guess ? "; did you mean '" : "",
	        guess ? guess : "", guess ? "'?" : "");
}

static void set_key(
        const struct place *place, const char *name, size_t name_len, const char *text, size_t len)
{
	struct msgc__entry *entry = msgc__config_find(place->state, name, name_len);

	if (!entry) {
		unknown_key(place, name, name_len);
		return;
	}
	if (entry->source == MSGC__FROM_FILE && entry->line) {
		msgc__config_complain(place->state, false, place->where,
		        "%s was already set in line %d", entry->key.name, entry->line);
		return;
	}
	if (msgc__config_set(place->state, entry, text, len, MSGC__FROM_FILE, place->where) ==
	        MSGC_OK)
		entry->line = place->line;
}

static void read_line(const struct place *place, char *at, char *end)
{
	char *name, *rest;
	size_t name_len, len;

	at = skip_blanks(at, end);
	if (at == end || *at == '#')
		return;
	name = at;
	while (at < end && *at != '=' && !is_blank(*at))
		at++;
	name_len = (size_t)(at - name);
	at = skip_blanks(at, end);
	if (at == end || *at != '=' || name_len == 0) {
		msgc__config_complain(place->state, false, place->where, "expected 'key = value'");
		return;
	}
	at = skip_blanks(at + 1, end);
	if (at == end || *at != '"') {
		set_key(place, name, name_len, at, bare_length(at, end));
		return;
	}
	rest = read_quoted(at + 1, end, &len);
	if (!rest) {
		msgc__config_complain(place->state, false, place->where,
		        "a quoted value needs its closing quote and only the escapes \\\" \\\\ \\n "
		        "\\t");
		return;
	}
	rest = skip_blanks(rest, end);
	if (rest < end && *rest != '#') {
		msgc__config_complain(
		        place->state, false, place->where, "text behind the closing quote");
		return;
	}
	set_key(place, name, name_len, at + 1, len);
}

void msgc__config_read_text(
        struct msgc__config_state *state, const char *path, char *text, size_t len)
{
	struct place place = {.state = state, .path = path};
	char *end = text + len;

	if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
		text += 3;
	while (text < end) {
		char *newline = memchr(text, '\n', (size_t)(end - text));
		char *line_end = newline ? newline : end;
		size_t line_len = (size_t)(line_end - text);

		place.line++;
		snprintf(place.where, sizeof(place.where), "%.290s:%d", path, place.line);
		if (line_len > LINE_MAX_BYTES)
			msgc__config_complain(state, false, place.where,
			        "line longer than %d bytes", LINE_MAX_BYTES);
		else if (memchr(text, '\0', line_len) || !msgc_utf8_valid(text, line_len))
			msgc__config_complain(state, false, place.where, "not UTF-8 text");
		else
			read_line(&place, text, line_end);
		text = newline ? newline + 1 : end;
	}
}

/* Reads the whole file. NULL with `*ret_why` set. */
static char *slurp(const char *path, size_t *ret_len, const char **ret_why)
{
	int fd = open(
	        path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a FIFO must not hold the start up */
	struct stat st;
	char *text = NULL;
	size_t len = 0;
	ssize_t n = 1;

	if (fd < 0) {
		*ret_why = strerror(errno);
		return NULL;
	}
	if (fstat(fd, &st) || !S_ISREG(st.st_mode))
		*ret_why = "not a regular file";
	else if (st.st_size > FILE_MAX)
		*ret_why = "larger than 1 MiB";
	else if (!(text = malloc(FILE_MAX + 1)))
		*ret_why = "no memory";
	while (text && n > 0 && len <= FILE_MAX) {
		n = read(fd, text + len, FILE_MAX + 1 - len);
		if (n > 0)
			len += (size_t)n;
	}
	if (text && (n < 0 || len > FILE_MAX)) {
		*ret_why = n < 0 ? strerror(errno) : "larger than 1 MiB";
		free(text);
		text = NULL;
	}
	close(fd);
	*ret_len = len;
	return text;
}

int msgc__config_read_file(struct msgc__config_state *state, const char *path)
{
	const char *why = NULL;
	size_t len = 0;
	char *text = slurp(path, &len, &why);

	if (!text) {
		msgc__config_complain(
		        state, false, path, "cannot read the configuration file: %s", why);
		return MSGC_ECONFIG;
	}
	msgc__config_read_text(state, path, text, len);
	free(text);
	return MSGC_OK;
}
