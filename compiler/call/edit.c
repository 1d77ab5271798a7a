/* SPDX-License-Identifier: MIT */
/*
 * edit.c - the terminal: lines edited with libedit where it is there, else read as they come; the client goes on meanwhile. It must not know what lines mean.
 */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <wchar.h>

#include "call.h"

static void run_line(struct call *call, const char *line)
{
	const struct call_action *action;
	char ref[24];

	if (call_say(call, line, ref, &action) != CALL_SAID_FRAME)
		return;
	if (msgc_client_send_text(call->client, msgc_buf_str(&call->text)) != MSGC_OK)
		call_complain(call, "not connected");
}

#ifdef MSGC_HAVE_LIBEDIT
#include <histedit.h>

enum { HISTORY_LINES = 1000 };

static struct call *of(EditLine *edit)
{
	struct call *call = NULL;

	el_get(edit, EL_CLIENTDATA, &call);
	return call;
}

static char *prompt(EditLine *edit)
{
	static char text[128];
	struct call *call = of(edit);

	snprintf(text, sizeof(text), "%s%s%.40s> ", call->consumer->name, call->topic ? " " : "",
	        call->topic ? call->topic : "");
	return text;
}

/* The next character; the client works while nobody types. */
static int get_char(EditLine *edit, wchar_t *ret)
{
	struct call *call = of(edit);
	mbstate_t state = {0};
	char byte;

	for (;;) {
		bool is_typed = call_turn(call, STDIN_FILENO, -1);

		if (call->has_shown) {
			call->has_shown = false;
			el_set(edit, EL_REFRESH);
		}
		if (call->is_closed)
			return 0;
		if (!is_typed)
			continue;
		if (read(STDIN_FILENO, &byte, 1) <= 0)
			return 0;
		switch (mbrtowc(ret, &byte, 1, &state)) {
		case (size_t)-2: continue;
		case (size_t)-1: state = (mbstate_t){0}; continue;
		default: return 1;
		}
	}
}

/* What all words begin with. */
static size_t common(const struct vec *words)
{
	const char *first = words->items[0];
	size_t len = strlen(first);

	for (size_t i = 1; i < words->n; i++) {
		const char *word = words->items[i];
		size_t same = 0;

		while (same < len && word[same] == first[same])
			same++;
		len = same;
	}
	return len;
}

static void list_words(struct call *call, const struct vec *words)
{
	struct msgc_buf line = {0};

	for (size_t i = 0; i < words->n; i++)
		msgc_buf_printf(&line, "%s%s", i > 0 ? "  " : "", (const char *)words->items[i]);
	fputc('\n', stdout);
	call->has_shown = true;
	call_note(call, "%s", line.len > 0 ? msgc_buf_c(&line) : "");
	call->has_shown = false;
	msgc_buf_free(&line);
}

static unsigned char complete(EditLine *edit, int key)
{
	struct call *call = of(edit);
	const LineInfo *line = el_line(edit);
	struct writer *w = writer_new("");
	unsigned char result = CC_ERROR;
	struct vec words = {0};
	size_t start, typed, len;

	(void)key;
	if (!w)
		return CC_ERROR;
	call_complete(call, line->buffer, (size_t)(line->cursor - line->buffer), w, &words, &start);
	if (words.n > 0) {
		typed = (size_t)(line->cursor - line->buffer) - start;
		len = common(&words);
		if (len > typed) {
			el_insertstr(edit,
			        writer_format(w, "%.*s", (int)(len - typed),
			                (const char *)words.items[0] + typed));
			result = CC_REFRESH;
		} else if (words.n > 1) {
			list_words(call, &words);
			result = CC_REDISPLAY;
		}
	}
	vec_clear(&words);
	writer_free(w);
	return result;
}

/* $XDG_STATE_HOME/msgc/call_history; "": none. */
static void history_path(const struct call *call, char path[512])
{
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
	char folder[480];

	path[0] = '\0';
	if (call->options.no_history || (!state && !home))
		return;
	if (state && *state)
		snprintf(folder, sizeof(folder), "%s/msgc", state);
	else
		snprintf(folder, sizeof(folder), "%s/.local/state/msgc", home ? home : "");
	for (char *at = strchr(folder + 1, '/'); at; at = strchr(at + 1, '/')) {
		*at = '\0';
		(void)mkdir(folder, 0700);
		*at = '/';
	}
	(void)mkdir(folder, 0700);
	snprintf(path, 512, "%s/call_history", folder);
}

static void edit_lines(struct call *call, EditLine *edit, History *past)
{
	HistEvent event;
	const char *line;
	int len;

	while (!call->is_closed && (line = el_gets(edit, &len)) != NULL && len > 0) {
		char *copy = strndup(line, strcspn(line, "\n"));

		if (!copy)
			return;
		call->has_shown = true; /* the line has ended: there is no prompt to make way */
		if (*copy != '\0')
			history(past, &event, H_ENTER, copy);
		run_line(call, copy);
		call->has_shown = false;
		free(copy);
	}
}

static int run_editor(struct call *call)
{
	EditLine *edit = el_init("msgc", stdin, stdout, stderr);
	History *past = history_init();
	HistEvent event;
	char path[512];

	if (!edit || !past)
		return CALL_FAILED;
	history_path(call, path);
	history(past, &event, H_SETSIZE, HISTORY_LINES);
	history(past, &event, H_SETUNIQUE, 1);
	if (path[0])
		history(past, &event, H_LOAD, path);
	el_set(edit, EL_CLIENTDATA, call);
	el_set(edit, EL_PROMPT, prompt);
	el_set(edit, EL_EDITOR, "emacs");
	el_set(edit, EL_SIGNAL, 1);
	el_set(edit, EL_HIST, history, past);
	el_set(edit, EL_GETCFN, get_char);
	/* The narrow one would copy its texts and never free them. */
	el_wset(edit, EL_ADDFN, L"msgc-complete", L"what may come next", complete);
	el_set(edit, EL_BIND, "^I", "msgc-complete", NULL);
	edit_lines(call, edit, past);
	if (path[0]) {
		mode_t mask = umask(0077);

		history(past, &event, H_SAVE, path);
		umask(mask);
	}
	history_end(past);
	el_end(edit);
	fputc('\n', stdout);
	return CALL_FINE;
}

#else

/* Lines as the terminal itself lets one edit them. */
static int run_editor(struct call *call)
{
	char line[16384];
	size_t len = 0;
	ssize_t n;

	while (!call->is_closed) {
		char *end;

		if (!call_turn(call, STDIN_FILENO, -1))
			continue;
		n = read(STDIN_FILENO, line + len, sizeof(line) - 1 - len);
		if (n <= 0)
			break;
		len += (size_t)n;
		line[len] = '\0';
		while ((end = memchr(line, '\n', len)) != NULL) {
			*end = '\0';
			run_line(call, line);
			len -= (size_t)(end + 1 - line);
			memmove(line, end + 1, len + 1);
		}
		if (len == sizeof(line) - 1)
			len = 0; /* longer than any frame that a person types */
	}
	return CALL_FINE;
}
#endif

int call_run_terminal(struct call *call)
{
	int status = run_editor(call);

	if (call->is_closed && !call->was_live)
		return CALL_FAILED;
	return status;
}
