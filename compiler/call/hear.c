/* SPDX-License-Identifier: MIT */
/*
 * hear.c - what comes in: shown to people or written for programs, and kept until a script has asked for it. What a server sends never moves a terminal's cursor. It
 * must not know what was said.
 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "arena.h"
#include "call.h"

enum { HEARD_MOST = 1000 };

/* ----------------------------------------------------------------- printing */

static const char *color(const struct call *call, const char *code)
{
	return call->is_color ? code : "";
}

/* The prompt stands where this is to be printed. */
static void make_way(struct call *call)
{
	if (call->is_interactive && !call->has_shown)
		fputs("\r\033[K", stdout);
	call->has_shown = true;
}

/* Control characters, C1 ones too, are shown as U+FFFD: a terminal would obey them. */
static void put_text(FILE *out, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c < 0x20 || c == 0x7f) {
			fputs("\xef\xbf\xbd", out);
		} else if (c == 0xc2 && i + 1 < len && (unsigned char)text[i + 1] < 0xa0) {
			fputs("\xef\xbf\xbd", out);
			i++;
		} else {
			fputc(c, out);
		}
	}
}

/* Beside what is heard: for people, on the terminal or where errors go. */
static void tell(struct call *call, const char *paint, const char *format, va_list args)
{
	FILE *out = call->is_interactive ? stdout : stderr;
	char *text = NULL;

	make_way(call);
	if (vasprintf(&text, format, args) < 0)
		text = NULL;
	if (paint)
		fputs(color(call, paint), out);
	put_text(out, text ? text : "", text ? strlen(text) : 0);
	fprintf(out, "%s\n", paint ? color(call, "\033[0m") : "");
	free(text);
}

void call_complain(struct call *call, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	tell(call, "\033[31m", format, args);
	va_end(args);
}

void call_note(struct call *call, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	tell(call, NULL, format, args);
	va_end(args);
}

/* "  payload.content: String should have at most 2000 characters" */
static void show_problems(struct call *call, struct json_object *problems)
{
	for (size_t i = 0; i < json_object_array_length(problems); i++) {
		struct json_object *problem = json_object_array_get_idx(problems, i);
		struct json_object *loc = NULL, *msg = NULL;

		if (json_object_object_get_ex(problem, "loc", &loc) &&
		        json_object_object_get_ex(problem, "msg", &msg))
			call_complain(call, "  %s %s",
			        json_object_to_json_string_ext(loc, JSON_C_TO_STRING_PLAIN),
			        json_object_get_string(msg));
	}
}

static void show(struct call *call, const struct call_heard *heard, size_t len)
{
	const char *code = heard->is_error ? "\033[31m" : "\033[32m";
	struct json_object *frame, *payload = NULL;

	if (call->options.is_json) {
		fwrite(heard->text, 1, len, stdout);
		fputc('\n', stdout);
		return;
	}
	make_way(call);
	printf("%s\xe2\x86\x90 ", color(call, code));
	put_text(stdout, heard->action, strlen(heard->action));
	fputs(color(call, "\033[0m"), stdout);
	fputc(' ', stdout);
	put_text(stdout, heard->text, len);
	fputc('\n', stdout);
	if (!heard->is_error)
		return;
	frame = json_tokener_parse(heard->text);
	if (json_object_object_get_ex(frame, "payload", &payload) &&
	        json_object_is_type(payload, json_type_array))
		show_problems(call, payload);
	json_object_put(frame);
}

/* ----------------------------------------------------------------- receiving */

static char *copy(struct msgc_str text)
{
	char *result = memory_get(text.len + 1);

	if (text.len > 0)
		memcpy(result, text.ptr, text.len);
	result[text.len] = '\0';
	return result;
}

/* The server's questions, of the consumer and of its topics. */
static const struct model_message *question_of(
        const struct model_consumer *consumer, const char *action)
{
	for (size_t i = 0; i < consumer->n_asks; i++) {
		const struct model_message *question = consumer->asks[i].question.message;

		if (question->n_tags > 0 && strcmp(question->wire, action) == 0)
			return question;
	}
	for (size_t i = 0; i < consumer->n_topics; i++) {
		const struct model_message *question = question_of(consumer->topics[i], action);

		if (question)
			return question;
	}
	return NULL;
}

static void keep(struct call *call, struct call_heard *heard)
{
	struct call_heard *oldest = call->heard;
	size_t n = 0;

	*call->heard_end = heard;
	call->heard_end = &heard->next;
	for (struct call_heard *at = call->heard; at; at = at->next)
		n++;
	/* Whom nobody asks for anything need not remember all of it; but no error is forgotten. */
	if (n <= HEARD_MOST || oldest->is_error)
		return;
	call->heard = oldest->next;
	call_heard_free(oldest);
}

static char *action_text(const struct msgc_envelope *envelope)
{
	char number[24];

	if (envelope->tag_count == 0)
		return copy(msgc_str_from(""));
	if (envelope->tags[0].kind == MSGC_TAG_STRING)
		return copy(envelope->tags[0].text);
	snprintf(number, sizeof(number), "%lld", (long long)envelope->tags[0].number);
	return copy(msgc_str_from(number));
}

void call_hear(void *app, struct msgc_client *client, struct msgc_str frame)
{
	struct call *call = app;
	struct call_heard *heard = memory_get(sizeof(*heard));
	char *text = memory_get(frame.len + MSGC_PADDING);
	const struct model_consumer *consumer = call->consumer;
	struct msgc_envelope envelope;

	(void)client;
	memcpy(text, frame.ptr, frame.len);
	msgc_arena_reset(&call->arena);
	(void)msgc_envelope_read(
	        text, frame.len, &call->type.heard.names, NULL, &call->arena, &envelope, NULL);
	free(text);
	*heard = (struct call_heard){.action = action_text(&envelope),
	        .ref = copy(envelope.has_ref ? envelope.ref : msgc_str_from("")),
	        .text = copy(frame)};
	heard->is_error = (call->type.has_std && strcmp(heard->action, "error") == 0) ||
	        (consumer->error && strcmp(heard->action, consumer->error->message->wire) == 0);
	if (question_of(consumer, heard->action)) {
		free(call->question.ref);
		call->question.ref = copy(msgc_str_from(heard->ref));
		call->question.message = question_of(consumer, heard->action);
	}
	/* What keeps the connection alive is of no interest, nor what a script waits for at its end. */
	if ((strcmp(heard->action, "pong") != 0 || heard->ref[0] != '\0' ||
	            !call->type.heartbeat) &&
	        strcmp(heard->ref, CALL_SETTLE_REF) != 0)
		show(call, heard, frame.len);
	keep(call, heard);
}

void call_hear_state(void *app, struct msgc_client *client, const struct msgc_client_state *state)
{
	struct call *call = app;

	(void)client;
	call->was_live |= state->phase == MSGC_CLIENT_LIVE;
	call->is_closed = state->phase == MSGC_CLIENT_CLOSED;
	if (state->phase == MSGC_CLIENT_WAITING)
		call_note(call, "* lost (%u %s); trying again in %lld ms", state->code,
		        state->reason, (long long)state->retry_in_ms);
	else if (state->phase == MSGC_CLIENT_LIVE && call->is_interactive)
		call_note(call, "* connected");
	else if (call->is_closed && state->http_status)
		call_note(call, "* refused with status %u: %s", state->http_status, state->reason);
	else if (call->is_closed && state->code != 1000)
		call_note(call, "* closed: %u %s", state->code, state->reason);
}

/* ------------------------------------------------------------------- asking */

/* Whether `whole` holds all that `part` says: members of objects may be more. */
static bool holds(struct json_object *whole, struct json_object *part)
{
	if (!json_object_is_type(part, json_type_object))
		return json_object_equal(whole, part);
	if (!json_object_is_type(whole, json_type_object))
		return false;
	json_object_object_foreach(part, key, value)
	{
		struct json_object *there;

		if (!json_object_object_get_ex(whole, key, &there) || !holds(there, value))
			return false;
	}
	return true;
}

/* `json` is members of the frame, or what its payload holds. */
static bool says(const struct call_heard *heard, const char *json)
{
	struct json_object *frame = json_tokener_parse(heard->text);
	struct json_object *part = json_tokener_parse(json), *payload = NULL;
	bool result = holds(frame, part) ||
	        (json_object_object_get_ex(frame, "payload", &payload) && holds(payload, part));

	json_object_put(frame);
	json_object_put(part);
	return result;
}

static struct call_heard *take(struct call *call, struct call_heard **at)
{
	struct call_heard *heard = *at;

	*at = heard->next;
	if (!*at)
		call->heard_end = at;
	heard->next = NULL;
	return heard;
}

struct call_heard *call_take(
        struct call *call, const char *action, const char *ref, const char *json)
{
	for (struct call_heard **at = &call->heard; *at; at = &(*at)->next) {
		if ((!action || strcmp((*at)->action, action) == 0) &&
		        (!ref || strcmp((*at)->ref, ref) == 0) && (!json || says(*at, json)))
			return take(call, at);
	}
	return NULL;
}

struct call_heard *call_take_error(struct call *call)
{
	for (struct call_heard **at = &call->heard; *at; at = &(*at)->next) {
		if ((*at)->is_error)
			return take(call, at);
	}
	return NULL;
}

void call_heard_free(struct call_heard *heard)
{
	if (!heard)
		return;
	free(heard->action);
	free(heard->ref);
	free(heard->text);
	free(heard);
}

void call_forget_heard(struct call *call)
{
	while (call->heard)
		call_heard_free(take(call, &call->heard));
	free(call->question.ref);
	call->question.ref = NULL;
}
