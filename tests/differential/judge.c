/* SPDX-License-Identifier: MIT */
/*
 * judge.c - generated decoders as a program. Stdin: "INDEX LENGTH\n" and so many bytes, again and
 * again; INDEX is a type's place in the table. Stdout, a line each: "ok", a tab and the value
 * encoded again; "refused", a tab and the problems; "broken", a tab and what must not be. `--list`
 * prints the table. It must not know what is right.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "judge_table.h"

/* A decoded value and what it lives in. */
struct held {
	char *text;
	void *value;
	struct msgc_arena arena;
};

static void *get(size_t size)
{
	void *memory = calloc(1, size + 1);

	if (memory == NULL)
		abort();
	return memory;
}

static void release(struct held *held)
{
	free(held->text);
	free(held->value);
	held->text = NULL;
	held->value = NULL;
	msgc_arena_reset(&held->arena);
}

/* The text has its padding and nothing behind, so that a sanitizer sees what reads too far. */
static int decode(const struct judged *type, const char *text, size_t len, struct held *held,
        struct msgc_problems *problems)
{
	held->text = malloc(len + MSGC_PADDING);
	if (held->text == NULL)
		abort();
	memcpy(held->text, text, len);
	memset(held->text + len, 'x', MSGC_PADDING);
	held->value = get(type->size);
	return msgc_type_decode_in_place(
	        type->type, held->text, len, NULL, &held->arena, held->value, problems);
}

/* What a decoded value must be: valid, encoded, decoded again, and equal then. NULL: all of it. */
static const char *back(const struct judged *type, const struct held *held, struct held *again,
        struct msgc_buf *out, struct msgc_problems *problems)
{
	if (msgc_type_validate(type->type, held->value, problems) != 0)
		return "decoded, but not valid";
	if (msgc_type_encode(type->type, held->value, out) != 0)
		return "valid, but not encoded";
	if (decode(type, out->data, out->len, again, problems) != 0)
		return "encoded, but not decoded again";
	if (!msgc_type_equal(type->type, held->value, again->value))
		return "decoded again, but not equal";
	return NULL;
}

/* Values of the type json keep their white space; here a line is an answer. */
static const char *one_line(struct msgc_buf *out)
{
	for (size_t i = 0; i < out->len; i++) {
		if (out->data[i] == '\n')
			out->data[i] = ' ';
	}
	return msgc_buf_c(out);
}

static void judge(const struct judged *type, const char *text, size_t len)
{
	static struct held held, again;
	static struct msgc_problems problems;
	static struct msgc_buf out;
	const char *wrong = NULL;

	msgc_buf_reset(&out);
	if (decode(type, text, len, &held, &problems) == 0) {
		wrong = back(type, &held, &again, &out, &problems);
		if (wrong == NULL)
			printf("ok\t%s\n", one_line(&out));
		else
			printf("broken\t%s: %s\n", wrong, one_line(&out));
		release(&again);
	} else {
		msgc_problems_write(&problems, &out);
		printf("refused\t%s\n", one_line(&out));
	}
	release(&held);
}

static void list(void)
{
	for (size_t i = 0; i < sizeof(judged) / sizeof(judged[0]); i++)
		printf("%s\n", judged[i].name);
}

int main(int argc, char **argv)
{
	size_t index, len, capacity = 0;
	char *text = NULL;

	if (argc > 1 && strcmp(argv[1], "--list") == 0) {
		list();
		return 0;
	}
	while (scanf("%zu %zu", &index, &len) == 2 && getchar() == '\n') {
		if (index >= sizeof(judged) / sizeof(judged[0]))
			return 2;
		if (len > capacity) {
			free(text);
			text = get(len);
			capacity = len;
		}
		if (fread(text, 1, len, stdin) != len)
			return 2;
		judge(&judged[index], text == NULL ? "" : text, len);
		fflush(stdout);
	}
	free(text);
	return feof(stdin) ? 0 : 2;
}
