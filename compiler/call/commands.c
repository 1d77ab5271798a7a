/* SPDX-License-Identifier: MIT */
/*
 * commands.c - lines that begin with a slash: about what may be said, topics, and what scripts wait for. It must not know where lines come from.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <msgc/codec_gen.h>

#include "arena.h"
#include "call.h"

const struct call_command call_commands[] = {
        {"/help", "", "these words"},
        {"/actions", "", "what may be said here"},
        {"/show", "ACTION", "the members of a message"},
        {"/subscribe", "TOPIC", "follow a topic, and speak to it from now on"},
        {"/unsubscribe", "TOPIC", "follow it no longer"},
        {"/topic", "[TOPIC]", "speak to a topic; to the consumer itself"},
        {"/expect", "ACTION [JSON]", "wait for a message that holds this, or fail"},
        {"/wait", "MS", "wait"},
        {"/quit", "", "end"},
        {NULL, NULL, NULL},
};

/* ---------------------------------------------------------------- about messages */

static bool help(struct call *call)
{
	call_note(call, "ACTION [JSON]  sends a message: its members, or what its payload is");
	call_note(call, "{…}            sends a frame as it is");
	for (const struct call_command *command = call_commands; command->name; command++)
		call_note(call, "%-14s %-14s %s", command->name, command->arguments, command->what);
	return true;
}

static bool list_actions(struct call *call)
{
	for (size_t i = 0; i < call->actions.n; i++) {
		const struct call_action *action = call->actions.items[i];
		const struct model_receive *receive = action->receive;
		struct msgc_buf answers = {0};

		for (size_t j = 0; receive && j < receive->n_replies; j++)
			msgc_buf_printf(&answers, "%s%s", j > 0 ? " | " : " -> ",
			        receive->replies[j].message->wire);
		if (action->question)
			msgc_buf_printf(&answers, " answers %s", action->question->wire);
		call_note(call, "%s%s%s%s", action->name,
		        answers.len > 0 ? msgc_buf_c(&answers) : "",
		        action->message->doc ? "  " : "",
		        action->message->doc ? action->message->doc : "");
		msgc_buf_free(&answers);
	}
	return true;
}

static void show_members(struct call *call, const struct model_type *record, int depth)
{
	enum { DEPTH_MOST = 4 };

	for (size_t i = 0; i < record->n_members; i++) {
		const struct model_member *member = &record->members[i];
		const struct model_type *type = member->use.type;

		call_note(call, "%*s%s%s: %s%s%s%s", depth * 2, "",
		        member->wire ? member->wire : member->name,
		        member->optional || member->default_value ? "?" : "",
		        type->name ? type->name : model_kind_name(type->kind),
		        member->use.nullable ? " | null" : "", member->doc ? "  " : "",
		        member->doc ? member->doc : "");
		if ((type->kind == MODEL_RECORD || type->kind == MODEL_TUPLE) && depth < DEPTH_MOST)
			show_members(call, type, depth + 1);
	}
}

static bool show(struct call *call, const char *name)
{
	const struct call_action *action = call_find_action(call, name, strlen(name));

	if (!action) {
		call_complain(call, "there is no message '%s' here; /actions lists them", name);
		return false;
	}
	if (action->message->doc)
		call_note(call, "%s", action->message->doc);
	show_members(call, action->message->record, 1);
	if (action->message->record->n_members == 0)
		call_note(call, "  no members");
	return true;
}

/* ------------------------------------------------------------------------ topics */

static bool ask_topic(struct call *call, const char *action, const char *topic)
{
	const struct msgc_envelope_names *names = &call->type.said;
	struct call_heard *answer;
	char ref[24];
	int64_t waited = 0;

	if (*topic == '\0' || !call->type.has_std || !names->topic || !names->ref) {
		call_complain(call, "there is no such topic");
		return false;
	}
	snprintf(ref, sizeof(ref), names->ref_type ? "9%06llu" : "c%llu",
	        (unsigned long long)++call->last_ref);
	msgc_buf_reset(&call->text);
	msgc_buf_append_char(&call->text, '{');
	msgc_write_str(&call->text, msgc_str_from(names->keys[0]));
	msgc_buf_printf(&call->text, ":\"%s\"}", action);
	if (msgc_envelope_write(&call->text, names,
	            &(struct msgc_envelope){.has_ref = true,
	                    .ref = msgc_str_from(ref),
	                    .has_topic = true,
	                    .topic = msgc_str_from(topic)}) != MSGC_OK ||
	        msgc_client_send_text(call->client, msgc_buf_str(&call->text)) != MSGC_OK) {
		call_complain(call, "not connected");
		return false;
	}
	if (call->is_interactive)
		return true;
	while ((answer = call_take(call, NULL, ref, NULL)) == NULL &&
	        waited < call->options.timeout_ms && !call->is_closed)
		waited += call_turn(call, -1, 50) ? 0 : 50;
	if (answer && !answer->is_error) {
		call_heard_free(answer);
		return true;
	}
	call_complain(call, answer ? "'%s' was refused" : "'%s': no answer", topic);
	call_heard_free(answer);
	return false;
}

static bool speak_to(struct call *call, const char *topic)
{
	free(call->topic);
	call->topic = *topic ? strdup(topic) : NULL;
	return true;
}

/* ----------------------------------------------------------------------- waiting */

static int64_t clock_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool expect(struct call *call, char *arguments)
{
	char *json = arguments + strcspn(arguments, " \t");
	int64_t until = clock_ms() + call->options.timeout_ms;
	struct call_heard *heard;

	if (*json != '\0')
		*json++ = '\0';
	json += strspn(json, " \t");
	while ((heard = call_take(call, arguments, NULL, *json ? json : NULL)) == NULL &&
	        clock_ms() < until && !call->is_closed)
		(void)call_turn(call, -1, until - clock_ms());
	if (!heard)
		call_complain(call, "expected %s %s, and it did not come", arguments, json);
	call_heard_free(heard);
	return heard != NULL;
}

static bool wait_for(struct call *call, const char *ms)
{
	int64_t until = clock_ms() + strtol(ms, NULL, 10);

	while (clock_ms() < until)
		(void)call_turn(call, -1, until - clock_ms());
	return true;
}

/* --------------------------------------------------------------------------- all */

static bool run(struct call *call, const char *name, char *arguments)
{
	if (strcmp(name, "/help") == 0)
		return help(call);
	if (strcmp(name, "/actions") == 0)
		return list_actions(call);
	if (strcmp(name, "/show") == 0)
		return show(call, arguments);
	if (strcmp(name, "/subscribe") == 0)
		return ask_topic(call, "subscribe", arguments) && speak_to(call, arguments);
	if (strcmp(name, "/unsubscribe") == 0)
		return ask_topic(call, "unsubscribe", arguments) && speak_to(call, "");
	if (strcmp(name, "/topic") == 0)
		return speak_to(call, arguments);
	if (strcmp(name, "/expect") == 0)
		return expect(call, arguments);
	if (strcmp(name, "/wait") == 0)
		return wait_for(call, arguments);
	if (strcmp(name, "/quit") == 0) {
		msgc_client_close(call->client, 0, NULL);
		call->is_closed = true;
		return true;
	}
	call_complain(call, "there is no %s; see /help", name);
	return false;
}

bool call_command(struct call *call, const char *line)
{
	char *copy = strdup(line), *arguments, *end;
	bool result;

	if (!copy)
		memory_exhausted();
	arguments = copy + strcspn(copy, " \t");
	if (*arguments != '\0')
		*arguments++ = '\0';
	arguments += strspn(arguments, " \t");
	end = arguments + strlen(arguments);
	while (end > arguments && strchr(" \t", end[-1]))
		*--end = '\0';
	result = run(call, copy, arguments);
	free(copy);
	return result;
}
