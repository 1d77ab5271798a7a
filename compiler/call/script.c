/* SPDX-License-Identifier: MIT */
/*
 * script.c - lines from a file or a pipe, one after the other: each waits for its answer, and the first thing that goes wrong ends it. It must not know
 * what lines mean.
 */
#include <stdlib.h>
#include <string.h>

#include "call.h"

/* What cannot go on. */
static int fail(struct call *call, const char *name, unsigned line)
{
	call_note(call, "%s:%u: failed", name, line);
	call->status = CALL_FAILED;
	return CALL_FAILED;
}

/* True: an answer comes, or word that it has been dealt with. */
static bool has_answer(const struct call *call, const struct call_action *action, const char *ref)
{
	if (!action || !action->receive || *ref == '\0')
		return false;
	return action->receive->n_replies > 0 || (call->consumer->completion && !call->topic);
}

static bool is_expecting(const char *line)
{
	line += strspn(line, " \t");
	return strncmp(line, "/expect", 7) == 0 || *line == '#' || *line == '\0' || *line == '\n';
}

/* The answer itself stays, for an /expect behind it. */
static bool wait_for_answer(struct call *call, const char *ref)
{
	int64_t left = call->options.timeout_ms;

	while (left > 0 && !call->is_closed) {
		for (struct call_heard *heard = call->heard; heard; heard = heard->next) {
			if (strcmp(heard->ref, ref) == 0)
				return true;
		}
		if (!call_turn(call, -1, 50))
			left -= 50;
	}
	call_complain(call, call->is_closed ? "the connection is closed" : "there was no answer");
	return false;
}

static bool run_line(struct call *call, const char *line)
{
	const struct call_action *action;
	char ref[24];

	switch (call_say(call, line, ref, &action)) {
	case CALL_SAID_WRONG: return false;
	case CALL_SAID_FRAME: break;
	default: return true;
	}
	if (msgc_client_send_text(call->client, msgc_buf_str(&call->text)) != MSGC_OK) {
		call_complain(call, "not connected");
		return false;
	}
	return !has_answer(call, action, ref) || wait_for_answer(call, ref);
}

/* Frames are dealt with in order: a pong behind them says that no error is to come. */
static bool settle(struct call *call)
{
	struct msgc_envelope envelope = {.has_ref = true, .ref = msgc_str_from(CALL_SETTLE_REF)};
	const struct msgc_envelope_names *names = &call->type.said;

	if (!call->type.heartbeat || !names->ref || names->ref_type || call->is_closed) {
		(void)call_turn(call, -1, 200);
		return true;
	}
	msgc_buf_reset(&call->text);
	msgc_buf_printf(&call->text, "{\"%s\":\"ping\"}", names->keys[0]);
	return msgc_envelope_write(&call->text, names, &envelope) == MSGC_OK &&
	        msgc_client_send_text(call->client, msgc_buf_str(&call->text)) == MSGC_OK &&
	        wait_for_answer(call, CALL_SETTLE_REF);
}

int call_run_script(struct call *call, FILE *script, const char *name)
{
	struct call_heard *error = NULL;
	char *line = NULL;
	size_t size = 0;
	unsigned number = 0;
	ssize_t len;
	int status = CALL_FINE;

	if (!call_wait_live(call))
		return fail(call, name, 0);
	while (status == CALL_FINE && !call->is_closed &&
	        (len = getline(&line, &size, script)) >= 0) {
		number++;
		if (len > 0 && line[len - 1] == '\n')
			line[--len] = '\0';
		/* An error that the next line does not ask for is one. */
		if (!is_expecting(line))
			error = call_take_error(call);
		if (error || !run_line(call, line))
			status = fail(call, name, error ? number - 1 : number);
		call_heard_free(error);
		error = NULL;
	}
	if (status == CALL_FINE && !call->is_closed && !settle(call))
		status = fail(call, name, number);
	if (status == CALL_FINE && (error = call_take_error(call)) != NULL)
		status = fail(call, name, number);
	call_heard_free(error);
	free(line);
	return status;
}
