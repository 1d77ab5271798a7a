/* SPDX-License-Identifier: MIT */
/*
 * emit_reference_json.c - examples of whole frames, and how they are laid out for people, in pieces
 * that pages can colour.
 *
 * Reads JSON that the compiler has made: valid, one blank behind each ':' and ','.
 */
#include "emit_reference.h"

#include <string.h>

#include "emit_jsonschema.h"

/* An object or array of so many characters stays on its line. */
#define SHORT 32

struct layout {
	const char *at;
	reference_token_fn *token;
	void *context;
	size_t depth;
	uint64_t broken; /* a bit for each depth up to 63: its parts have lines of their own */
};

static size_t string_length(const char *at)
{
	size_t n = 1;

	while (at[n] != '"')
		n += at[n] == '\\' ? 2 : 1;
	return n + 1;
}

/* From an opening bracket behind the closing one. */
static size_t bracket_length(const char *at)
{
	size_t depth = 0, n = 0;

	do {
		if (at[n] == '"') {
			n += string_length(at + n);
			continue;
		}
		depth += at[n] == '{' || at[n] == '[';
		depth -= at[n] == '}' || at[n] == ']';
		n++;
	} while (depth > 0);
	return n;
}

static void say(struct layout *l, enum reference_token token, size_t length)
{
	l->token(l->context, token, l->at, length);
	l->at += length;
}

static void line_break(struct layout *l)
{
	l->token(l->context, REFERENCE_TOKEN_BREAK, "", l->depth);
}

static bool is_broken(const struct layout *l)
{
	return l->depth < 64 && (l->broken >> l->depth & 1) != 0;
}

static void open_bracket(struct layout *l)
{
	bool breaks = l->depth < 63 &&
	        (bracket_length(l->at) > SHORT || (l->depth == 0 && l->at[1] != '}'));

	say(l, REFERENCE_TOKEN_SIGN, 1);
	l->depth++;
	if (l->depth < 64) {
		l->broken &= ~(UINT64_C(1) << l->depth);
		l->broken |= (uint64_t)breaks << l->depth;
	}
	if (breaks)
		line_break(l);
}

static void close_bracket(struct layout *l)
{
	bool breaks = is_broken(l);

	l->depth--;
	if (breaks)
		line_break(l);
	say(l, REFERENCE_TOKEN_SIGN, 1);
}

static void put_string(struct layout *l)
{
	size_t length = string_length(l->at);

	say(l, l->at[length] == ':' ? REFERENCE_TOKEN_KEY : REFERENCE_TOKEN_STRING, length);
}

static void put_comma(struct layout *l)
{
	bool breaks = is_broken(l);

	say(l, REFERENCE_TOKEN_SIGN, breaks || l->at[1] != ' ' ? 1 : 2);
	while (*l->at == ' ')
		l->at++;
	if (breaks)
		line_break(l);
}

static void put_other(struct layout *l)
{
	size_t length = strcspn(l->at, ",]} ");
	bool is_word = *l->at == 't' || *l->at == 'f' || *l->at == 'n';

	say(l, is_word ? REFERENCE_TOKEN_WORD : REFERENCE_TOKEN_NUMBER, length);
}

void reference_json(const char *json, reference_token_fn *token, void *context)
{
	struct layout l = {.at = json, .token = token, .context = context};

	while (*l.at != '\0') {
		switch (*l.at) {
		case '{':
		case '[': open_bracket(&l); break;
		case '}':
		case ']': close_bracket(&l); break;
		case '"': put_string(&l); break;
		case ',': put_comma(&l); break;
		case ':': say(&l, REFERENCE_TOKEN_SIGN, l.at[1] == ' ' ? 2 : 1); break;
		case ' ': l.at++; break;
		default: put_other(&l); break;
		}
	}
}

/* ------------------------------------------------------------------------- the example of a frame */

static bool has_member(const struct model_type *record, const char *wire)
{
	for (size_t i = 0; i < record->n_members; i++) {
		if (strcmp(record->members[i].wire, wire) == 0)
			return true;
	}
	return false;
}

/* One member more at the end of an object, where the envelope has it and the message none of its name. */
static const char *with_member(struct reference *r, const struct model_message *message,
        const char *text, enum model_envelope_member member, const char *value)
{
	const char *wire = r->model->main->envelope.wire[member];

	size_t length = strlen(text);

	if (wire == NULL || has_member(message->record, wire) || length < 3 ||
	        text[length - 1] != '}')
		return text;
	return arena_printf(r->arena, "%.*s, \"%s\": %s}", (int)length - 1, text, wire, value);
}

static const char *quoted(struct reference *r, const char *text)
{
	struct writer *w = schema_text_begin();
	const char *json = arena_printf(r->arena, "%s", writer_json_string(w, text, strlen(text)));

	writer_free(w);
	return json;
}

/* The topic that all of it is about: its name with small numbers for what varies. NULL: not always one. */
static const char *topic_of(struct reference *r, const struct reference_entry *entry)
{
	const struct model_group *topic = NULL;
	const char *name = "";

	for (size_t i = 0; i < entry->channels.n; i++) {
		const struct channel *channel = entry->channels.items[i];

		if (!channel->is_mounted)
			return NULL;
		topic = topic != NULL ? topic : channel->clause->topic;
	}
	for (size_t i = 0; topic != NULL && i < topic->n_parts; i++) {
		const struct model_name_part *part = &topic->parts[i];

		name = arena_printf(
		        r->arena, "%s%s", name, part->literal != NULL ? part->literal : "1");
	}
	return topic != NULL ? quoted(r, name) : NULL;
}

/* What stands beside a message's own members in most frames: of whoever asks or answers a ref, on topics their name, on group messages whose
 * they are. */
static const char *with_envelope(
        struct reference *r, const struct reference_entry *entry, const char *text)
{
	const struct model_message *message = entry->message;
	bool is_text = r->model->main->envelope.ref_kind == MODEL_STRING;
	const char *topic = topic_of(r, entry);

	if (topic != NULL)
		text = with_member(r, message, text, MODEL_ENVELOPE_TOPIC, topic);
	if (entry->answers.n > 0 || entry->questions.n > 0)
		text = with_member(r, message, text, MODEL_ENVELOPE_REF, is_text ? "\"1\"" : "1");
	if (message->kind == MODEL_MESSAGE_GROUP) {
		text = with_member(r, message, text, MODEL_ENVELOPE_IS_MINE, "false");
		text = with_member(r, message, text, MODEL_ENVELOPE_IS_CURRENT, "false");
	}
	return text;
}

const char *reference_example(struct reference *r, const struct reference_entry *entry)
{
	const struct model_message *message = entry->message;
	struct writer *w = schema_text_begin();
	const char *text = NULL;

	if (emit_example_message(w, message))
		text = arena_printf(r->arena, "%s", schema_text_result(w));
	writer_free(w);
	return text != NULL ? with_envelope(r, entry, text) : NULL;
}
