/* SPDX-License-Identifier: MIT */
/*
 * complete.c - what may come next in a line: commands, actions, and inside of JSON the names of members, values of enums and tags. It must not know how lines
 * are edited.
 */
#include <string.h>

#include "call.h"

enum { DEPTH_MOST = 32 };

/* An open object or array. */
struct level {
	const struct model_type *type; /* NULL: not known */
	bool is_object, is_value;      /* behind a colon */
	const struct model_member *member;
	const struct model_arm *arm; /* of a union, once its tag is known */
	char seen[512];              /* names that stand already, each between commas */
};

struct spot {
	struct level levels[DEPTH_MOST];
	size_t depth;
	const struct model_type *root;
	const struct model_message *message; /* its members and its payload's are welcome */
	size_t word;                         /* where the word that is typed begins */
	bool in_string;
};

static void add(struct writer *w, struct vec *words, const char *start, const char *word)
{
	if (strncmp(word, start, strlen(start)) == 0)
		vec_push(words, (void *)(uintptr_t)writer_format(w, "%s", word));
}

/* ------------------------------------------------------------------- where we are */

static const struct model_type *arm_record(const struct level *level)
{
	if (level->type && level->type->kind == MODEL_UNION)
		return level->arm ? level->arm->use.type : NULL;
	return level->type;
}

static const struct model_member *member_of(const struct level *level, const char *name, size_t len)
{
	const struct model_type *record = arm_record(level);

	for (size_t i = 0; record && record->kind == MODEL_RECORD && i < record->n_members; i++) {
		const char *wire = record->members[i].wire;

		if (wire && strlen(wire) == len && memcmp(wire, name, len) == 0)
			return &record->members[i];
	}
	return NULL;
}

/* The type of the value that would stand here. */
static const struct model_type *value_type(const struct spot *place)
{
	const struct level *level;

	if (place->depth == 0)
		return place->root;
	level = &place->levels[place->depth - 1];
	if (!level->type)
		return NULL;
	if (level->is_object && level->type->kind == MODEL_MAP)
		return level->type->element.type;
	if (level->is_object)
		return level->member ? level->member->use.type : NULL;
	return level->type->kind == MODEL_LIST ? level->type->element.type : NULL;
}

static void enter(struct spot *place, bool is_object)
{
	const struct model_type *type = value_type(place);

	if (place->depth == DEPTH_MOST)
		return;
	place->levels[place->depth++] = (struct level){.type = type, .is_object = is_object};
}

static void remember(struct level *level, const char *name, size_t len)
{
	size_t used = strlen(level->seen);

	if (used + len + 2 < sizeof(level->seen))
		snprintf(level->seen + used, sizeof(level->seen) - used, "%s%.*s,", used ? "" : ",",
		        (int)len, name);
}

/* A string that ended: a name, or a tag. */
static void string_ended(struct spot *place, const char *name, size_t len)
{
	struct level *level = place->depth > 0 ? &place->levels[place->depth - 1] : NULL;
	const struct model_type *type = level ? level->type : NULL;

	if (!level || !level->is_object)
		return;
	if (!level->is_value) {
		remember(level, name, len);
		level->member = member_of(level, name, len);
		return;
	}
	if (!type || type->kind != MODEL_UNION || level->member)
		return;
	for (size_t i = 0; i < type->n_arms; i++) {
		const struct model_arm *arm = &type->arms[i];

		if (!arm->is_else && arm->tag.kind == MODEL_LITERAL_STRING &&
		        strlen(arm->tag.text) == len && memcmp(arm->tag.text, name, len) == 0)
			level->arm = arm;
	}
}

static void step(struct spot *place, char c)
{
	struct level *level = place->depth > 0 ? &place->levels[place->depth - 1] : NULL;

	if (c == '{' || c == '[')
		enter(place, c == '{');
	else if ((c == '}' || c == ']') && place->depth > 0)
		place->depth--;
	else if (level && c == ':')
		level->is_value = true;
	else if (level && c == ',' && level->is_object) {
		level->is_value = false;
		level->member = NULL;
	}
}

static void walk(struct spot *place, const char *text, size_t from, size_t len)
{
	place->word = from;
	for (size_t i = from; i < len; i++) {
		size_t begin = i + 1;

		if (strchr("{}[],: \t", text[i])) {
			step(place, text[i]);
			place->word = i + 1;
			continue;
		}
		if (text[i] != '"')
			continue;
		place->word = i;
		for (i++; i < len && text[i] != '"'; i++)
			i += text[i] == '\\';
		place->in_string = i >= len;
		if (!place->in_string)
			string_ended(place, text + begin, i - begin);
	}
}

/* ------------------------------------------------------------------- what may stand */

static bool was_seen(struct writer *w, const struct level *level, const char *name)
{
	return strstr(level->seen, writer_format(w, ",%s,", name)) != NULL;
}

static void add_names_of(const struct model_type *record, const struct level *level,
        const char *start, struct writer *w, struct vec *words)
{
	for (size_t i = 0; record && record->kind == MODEL_RECORD && i < record->n_members; i++) {
		const char *wire = record->members[i].wire;

		if (wire && !was_seen(w, level, wire))
			add(w, words, start, writer_format(w, "\"%s\": ", wire));
	}
}

static void add_names(const struct spot *place, const struct level *level, const char *start,
        struct writer *w, struct vec *words)
{
	const struct model_type *type = level->type;

	if (type && type->kind == MODEL_UNION && !level->arm)
		add(w, words, start, writer_format(w, "\"%s\": ", type->discriminator));
	add_names_of(arm_record(level), level, start, w, words);
	if (place->depth == 1 && place->message && type != place->message->record)
		add_names_of(place->message->record, level, start, w, words);
}

static void add_values(
        const struct model_type *type, const char *start, struct writer *w, struct vec *words)
{
	if (!type)
		return;
	if (type->kind == MODEL_BOOL) {
		add(w, words, start, "true");
		add(w, words, start, "false");
	}
	for (size_t i = 0; type->kind == MODEL_ENUM && i < type->n_values; i++) {
		const struct model_enum_value *value = &type->values[i];

		add(w, words, start,
		        value->literal.kind == MODEL_LITERAL_STRING || value->wire
		                ? writer_format(w, "\"%s\"",
		                          value->wire ? value->wire : value->literal.text)
		                : writer_format(w, "%d", (int)value->number));
	}
	if (type->kind == MODEL_RECORD || type->kind == MODEL_UNION || type->kind == MODEL_MAP)
		add(w, words, start, "{");
	if (type->kind == MODEL_LIST)
		add(w, words, start, "[");
}

static void add_tags(
        const struct level *level, const char *start, struct writer *w, struct vec *words)
{
	const struct model_type *type = level->type;

	for (size_t i = 0; i < type->n_arms; i++) {
		if (!type->arms[i].is_else && type->arms[i].tag.kind == MODEL_LITERAL_STRING)
			add(w, words, start, writer_format(w, "\"%s\"", type->arms[i].tag.text));
	}
}

static void complete_json(const struct call_action *action, const char *text, size_t from,
        size_t len, struct writer *w, struct vec *words, size_t *ret_start)
{
	bool is_all;
	const struct model_member *payload = call_payload(action->message, &is_all);
	struct spot place = {.message = action->message};
	const struct level *level;
	const char *start;

	place.root = payload ? payload->use.type : action->message->record;
	/* An object may be the message's own members, too. */
	if (payload && (payload->use.type->kind != MODEL_RECORD || !is_all) &&
	        payload->use.type->kind != MODEL_UNION && from < len && text[from] == '{')
		place.root = action->message->record;
	walk(&place, text, from, len);
	*ret_start = place.word;
	start = writer_format(w, "%.*s", (int)(len - place.word), text + place.word);
	level = place.depth > 0 ? &place.levels[place.depth - 1] : NULL;
	if (!level) {
		if (place.word == from)
			add_values(place.root, start, w, words);
	} else if (level->is_object && !level->is_value) {
		add_names(&place, level, start, w, words);
	} else if (level->type && level->type->kind == MODEL_UNION && !level->member) {
		add_tags(level, start, w, words);
	} else {
		add_values(value_type(&place), start, w, words);
	}
}

static void complete_command(const struct call *call, const char *text, size_t len,
        struct writer *w, struct vec *words, size_t *ret_start)
{
	size_t word = strcspn(text, " ");
	const char *start;

	if (word >= len) {
		start = writer_format(w, "%.*s", (int)len, text);
		for (const struct call_command *c = call_commands; c->name; c++)
			add(w, words, start,
			        writer_format(w, "%s%s", c->name, *c->arguments ? " " : ""));
		return;
	}
	while (word < len && text[word] == ' ')
		word++;
	*ret_start = word;
	start = writer_format(w, "%.*s", (int)(len - word), text + word);
	if (strncmp(text, "/show", 5) == 0) {
		for (size_t i = 0; i < call->actions.n; i++)
			add(w, words, start, ((struct call_action *)call->actions.items[i])->name);
	}
	for (size_t i = 0; strncmp(text, "/expect", 7) == 0 && i < call->consumer->n_outgoing; i++)
		add(w, words, start, call->consumer->outgoing[i].message->wire);
}

void call_complete(const struct call *call, const char *text, size_t len, struct writer *w,
        struct vec *ret_words, size_t *ret_start)
{
	const char *line = writer_format(w, "%.*s", (int)len, text);
	size_t word = strcspn(line, " ");
	const struct call_action *action;

	*ret_start = 0;
	if (*line == '/') {
		complete_command(call, line, len, w, ret_words, ret_start);
		return;
	}
	if (word >= len) {
		for (size_t i = 0; i < call->actions.n; i++) {
			action = call->actions.items[i];
			add(w, ret_words, line, writer_format(w, "%s ", action->name));
		}
		return;
	}
	action = call_find_action(call, line, word);
	while (word < len && line[word] == ' ')
		word++;
	if (action)
		complete_json(action, line, word, len, w, ret_words, ret_start);
}
