/* SPDX-License-Identifier: MIT */
/*
 * judge.c - the generated decoders as a program: each line of stdin is "contract.message", a tab
 * and a JSON text; each line of stdout is "ok", a tab and the value encoded again, or "refused", a
 * tab and why. It must not know what is right.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "deep.msgc.h"
#include "everything.msgc.h"
#include "lobby.msgc.h"
#include "people.msgc.h"
#include "wide.msgc.h"
#include "words.msgc.h"

static const struct {
	const char *name;
	const struct msgc_message *message;
} messages[] = {
        {"deep.plant", &deep_plant_message},
        {"everything.all", &everything_all_message},
        {"everything.bare", &everything_bare_message},
        {"everything.checked", &everything_checked_message},
        {"everything.filled", &everything_filled_message},
        {"everything.happened", &everything_happened_message},
        {"everything.idle", &everything_idle_message},
        {"everything.maybes", &everything_maybes_message},
        {"everything.moods", &everything_moods_message},
        {"everything.named", &everything_named_message},
        {"everything.shown", &everything_shown_message},
        {"lobby.history", &lobby_history_message},
        {"lobby.knock", &lobby_knock_message},
        {"lobby.said", &lobby_said_message},
        {"lobby.say", &lobby_say_message},
        {"people.arrived", &people_arrived_message},
        {"wide.send", &wide_send_message},
        {"words.union", &words_union_message},
        {"words.void", &words_void_message},
        {"words.while", &words_while_message},
};

static const struct msgc_message *find(const char *name)
{
	for (size_t i = 0; i < sizeof(messages) / sizeof(messages[0]); i++) {
		if (strcmp(messages[i].name, name) == 0)
			return messages[i].message;
	}
	fprintf(stderr, "judge: no message %s\n", name);
	exit(2);
}

static void judge(const struct msgc_message *message, const char *text, size_t len)
{
	struct msgc_arena arena = {0};
	struct msgc_problems problems;
	struct msgc_buf out = {0};
	char *copy = malloc(len + MSGC_PADDING);
	void *value = calloc(1, message->size);

	if (copy == NULL || value == NULL)
		abort();
	memcpy(copy, text, len);
	memset(copy + len, 'x', MSGC_PADDING);
	if (msgc_message_decode_in_place(message, copy, len, NULL, &arena, value, &problems) != 0) {
		msgc_problems_write(&problems, &out);
		printf("refused\t%s\n", msgc_buf_c(&out));
	} else if (msgc_message_validate(message, value, &problems) != 0 ||
	        msgc_message_encode(message, value, &out) != 0) {
		printf("broken\tdecoded, but not valid\n");
	} else {
		printf("ok\t%s\n", msgc_buf_c(&out));
	}
	msgc_buf_free(&out);
	msgc_arena_free(&arena);
	free(copy);
	free(value);
}

int main(void)
{
	char *line = NULL;
	size_t capacity = 0;
	ssize_t length;

	while ((length = getline(&line, &capacity, stdin)) > 0) {
		char *tab = strchr(line, '\t');

		if (line[length - 1] == '\n')
			line[--length] = '\0';
		if (tab == NULL)
			return 2;
		*tab = '\0';
		judge(find(line), tab + 1, (size_t)(line + length - tab - 1));
	}
	free(line);
	return 0;
}
