/* SPDX-License-Identifier: MIT */
/*
 * judge.c - formats and case as a program. Each line of stdin is a name, a tab and a text in hexadecimal
 * digits. The name of a message of formats.msg: its generated decoder says ok or refused of a frame
 * with the text as payload. The name of a format or a type behind "default ": what the compiler says of
 * such a default. lower, upper: the text comes back changed, in digits. It must not know what is
 * right.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <msgc/codec_gen.h>

#include "checks.h"
#include "formats.msgc.h"

static const struct msgc_message *const messages[] = {
        &formats_blank_path_message,
        &formats_date_text_message,
        &formats_date_time_message,
        &formats_date_type_message,
        &formats_datetime_type_message,
        &formats_duration_text_message,
        &formats_duration_type_message,
        &formats_email_message,
        &formats_hostname_message,
        &formats_inherited_message,
        &formats_ipv4_message,
        &formats_ipv6_message,
        &formats_json_pointer_message,
        &formats_several_message,
        &formats_short_email_message,
        &formats_slug_message,
        &formats_time_text_message,
        &formats_time_type_message,
        &formats_uri_message,
        &formats_uri_reference_message,
        &formats_uuid_text_message,
        &formats_uuid_type_message,
};

static const struct msgc_message *find(const char *name)
{
	for (size_t i = 0; i < sizeof(messages) / sizeof(messages[0]); i++) {
		if (strcmp(messages[i]->name, name) == 0)
			return messages[i];
	}
	fprintf(stderr, "judge: no message %s\n", name);
	exit(2);
}

static unsigned digit(char c)
{
	return (unsigned)(c <= '9' ? c - '0' : c - 'a' + 10);
}

/* Decodes in place; returns how many bytes there are. */
static size_t decode(char *text)
{
	size_t n = strlen(text) / 2;

	for (size_t i = 0; i < n; i++)
		text[i] = (char)(digit(text[2 * i]) << 4 | digit(text[2 * i + 1]));
	text[n] = '\0';
	return n;
}

static void judge(const struct msgc_message *message, struct msgc_str text)
{
	char behind[MSGC_PADDING]; /* what a decoder may touch behind the frame */
	struct msgc_arena arena = {0};
	struct msgc_problems problems;
	struct msgc_buf frame = {0}, out = {0};
	void *value = calloc(1, message->size);
	size_t len;

	if (value == NULL)
		abort();
	memset(behind, 'x', sizeof(behind));
	msgc_write_lit(&frame, "{\"action\":");
	msgc_write_str(&frame, msgc_str_of(message->name, message->name_len));
	msgc_write_lit(&frame, ",\"payload\":");
	msgc_write_str(&frame, text);
	msgc_write_lit(&frame, "}");
	len = frame.len;
	msgc_buf_append(&frame, behind, sizeof(behind));
	if (frame.error)
		abort();
	if (msgc_message_decode_in_place(
	            message, frame.data, len, NULL, &arena, value, &problems) != 0)
		puts("refused");
	else if (msgc_message_validate(message, value, &problems) != 0 ||
	        msgc_message_encode(message, value, &out) != 0)
		puts("broken");
	else
		puts("ok");
	msgc_buf_free(&out);
	msgc_buf_free(&frame);
	msgc_arena_free(&arena);
	free(value);
}

static void change(struct msgc_str text,
        int (*to_case)(struct msgc_arena *arena, struct msgc_str s, struct msgc_str *ret))
{
	struct msgc_arena arena = {0};
	struct msgc_str changed;

	if (to_case(&arena, text, &changed) != 0)
		abort();
	for (size_t i = 0; i < changed.len; i++)
		printf("%02x", (unsigned char)changed.ptr[i]);
	putchar('\n');
	msgc_arena_free(&arena);
}

/* The name as the language has it: date-time is a format, datetime a type. */
static void judge_default(const char *name, struct msgc_str text)
{
	static const enum model_kind kinds[] = {
	        MODEL_UUID, MODEL_DATETIME, MODEL_DATE, MODEL_TIME, MODEL_DURATION};
	const char *wrong = NULL;
	bool found = false;

	for (int i = MODEL_FORMAT_EMAIL; i <= MODEL_FORMAT_SLUG && !found; i++) {
		found = strcmp(model_format_name((enum model_format)i), name) == 0;
		wrong = check_text_format((enum model_format)i, text.ptr, text.len);
	}
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]) && !found; i++) {
		found = strcmp(model_kind_name(kinds[i]), name) == 0;
		wrong = check_text_kind(kinds[i], text.ptr, text.len);
	}
	if (!found) {
		fprintf(stderr, "judge: no format or type %s\n", name);
		exit(2);
	}
	puts(wrong == NULL ? "ok" : "refused");
}

int main(void)
{
	char *line = NULL;
	size_t capacity = 0;

	while (getline(&line, &capacity, stdin) > 0) {
		char *tab = strchr(line, '\t');
		struct msgc_str text;

		if (tab == NULL)
			return 2;
		line[strcspn(line, "\n")] = '\0';
		*tab = '\0';
		text = msgc_str_of(tab + 1, decode(tab + 1));
		if (strcmp(line, "lower") == 0)
			change(text, msgc_str_lower);
		else if (strcmp(line, "upper") == 0)
			change(text, msgc_str_upper);
		else if (strncmp(line, "default ", 8) == 0)
			judge_default(line + 8, text);
		else
			judge(find(line), text);
	}
	free(line);
	return 0;
}
