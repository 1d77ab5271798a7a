/* SPDX-License-Identifier: MIT */
/*
 * fuzz_fmt.c - any bytes, laid out: the same tokens and comments in the same order, and laid out again
 * the same text; a contract that compiles is the same contract afterwards.
 *
 * Imports reach the built-in contracts only.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "emit.h"
#include "fmt.h"
#include "front.h"
#include "tokens.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Tokens and comments, each on a line. */
struct words {
	const struct source *source;
	uint32_t end; /* of the token before */
	char *text;
	size_t length;
};

static void add_bytes(struct words *words, const char *bytes, size_t length)
{
	memcpy(words->text + words->length, bytes, length);
	words->length += length;
	words->text[words->length++] = '\n';
}

/* Behind the token before: comments, without the blanks at their ends. */
static void add_comments(struct words *words, uint32_t start)
{
	const char *text = words->source->text;
	uint32_t at = words->end;

	while (at < start) {
		uint32_t end = at;

		if (text[at] != '/') {
			at++;
			continue;
		}
		while (end < start && text[end] != '\n')
			end++;
		while (strchr(" \t\r", text[end - 1]) != NULL)
			end--;
		add_bytes(words, text + at, end - at);
		at = end;
	}
}

static void add_word(void *context, uint32_t start, uint32_t end)
{
	struct words *words = context;

	add_comments(words, start);
	add_bytes(words, words->source->text + start, end - start);
	words->end = end;
}

static struct words words_of(struct diag *diag, const struct source *source)
{
	struct words words = {.source = source, .text = malloc(source->length * 2 + 1)};

	if (words.text == NULL || !tokens_scan(diag, source, add_word, &words))
		abort();
	add_comments(&words, (uint32_t)source->length);
	return words;
}

static void expect_same(const char *a, size_t a_length, const char *b, size_t b_length)
{
	if (a_length != b_length || (a_length != 0 && memcmp(a, b, a_length) != 0))
		abort();
}

static void check_words(struct diag *diag, const struct source *before, const struct source *after)
{
	struct words a = words_of(diag, before), b = words_of(diag, after);

	expect_same(a.text, a.length, b.text, b.length);
	free(a.text);
	free(b.text);
}

static void check_again(struct diag *diag, const struct source *once)
{
	char *text;
	size_t length;

	if (!fmt_source(diag, once, &text, &length))
		abort();
	expect_same(once->text, once->length, text, length);
	free(text);
}

/* What the compiler understands. NULL: errors. */
static struct writer *model_of(const struct source *source)
{
	struct front *front = front_new(NULL, 0);
	struct writer *writer = NULL;
	const struct model *model;

	if (front_compile_memory(front, "fuzz.msg", source->text, source->length, &model) ==
	        FRONT_OK) {
		writer = writer_new(" ");
		if (writer == NULL)
			abort();
		emit_model(model, writer);
	}
	front_free(front);
	return writer;
}

static void check_model(const struct source *before, const struct source *after)
{
	struct writer *a = model_of(before), *b = model_of(after);
	size_t a_length, b_length;
	const char *a_text, *b_text;

	if ((a == NULL) != (b == NULL))
		abort();
	if (a == NULL)
		return;
	a_text = writer_text(a, &a_length);
	b_text = writer_text(b, &b_length);
	expect_same(a_text, a_length, b_text, b_length);
	writer_free(a);
	writer_free(b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new();
	struct diag *diag = diag_new();
	const struct source *before, *after;
	char *text;
	size_t length;

	if (source_from_memory(arena, "fuzz.msg", (const char *)data, size, false, &before) ==
	                SOURCE_OK &&
	        fmt_source(diag, before, &text, &length)) {
		if (source_from_memory(arena, "fuzz.msg", text, length, false, &after) != SOURCE_OK)
			abort();
		free(text);
		check_words(diag, before, after);
		check_again(diag, after);
		check_model(before, after);
	}
	diag_free(diag);
	arena_free(arena);
	return 0;
}
