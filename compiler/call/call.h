/* SPDX-License-Identifier: MIT */
/*
 * call.h - msgc call: a client in the terminal that knows a contract. What its files share: who speaks to whom (main.c, place.c, ticket.c), what is
 * typed (say.c, complete.c), what comes in (hear.c), and where lines come from (script.c, edit.c).
 */
#ifndef MSGC_CALL_H
#define MSGC_CALL_H

#include <stdio.h>

#include <msgc/client_gen.h>

#include "model.h"
#include "types.h"
#include "vec.h"

enum call_status { CALL_FINE = 0, CALL_FAILED = 1, CALL_USAGE = 2 };

struct call_options {
	const char *url, *contract;
	const char *consumer; /* NULL: the URL's path says which */
	struct vec params, headers, include_dirs;
	const char *cookie, *token, *ticket, *user, *ca_file, *script;
	bool token_in_header;
	bool is_json, no_color, no_history;
	int64_t timeout_ms;
};

/* What may be said: a message, and what is known of what follows. */
struct call_action {
	const struct model_message *message;
	const char *name;                    /* on the wire, as text */
	const struct model_receive *receive; /* NULL: an answer to `question` */
	const struct model_message *question;
};

/* A frame that has come, and that nothing has asked for yet. */
struct call_heard {
	struct call_heard *next;
	bool is_error;
	char *action, *ref, *text;
};

struct call {
	struct call_options options;
	const struct model *model;
	const struct model_consumer *consumer;
	struct call_types *types;
	struct vec actions; /* struct call_action * */

	struct msgc_client_type type;
	const char *said_keys[MSGC_TAGS_MAX], *heard_keys[MSGC_TAGS_MAX];
	uint8_t said_positions[MSGC_TAGS_MAX], heard_positions[MSGC_TAGS_MAX];
	struct msgc_client *client;
	struct msgc_buf text; /* of the frame in hand */
	struct msgc_arena arena;

	char *topic; /* of what is said; NULL: none */
	uint64_t last_ref;
	struct call_heard *heard, **heard_end;
	struct {
		const struct model_message *message;
		char *ref;
	} question; /* the last of the server's */

	bool is_color, is_interactive;
	bool is_closed;
	bool was_live;
	bool has_shown; /* something has been printed since the prompt */
	int status;
};

/* ---- place.c ---- */
/* The consumer that is meant, and the whole URL. False: said why. */
bool call_place(struct call *call, struct msgc_buf *ret_url);
/* What may be said there. */
void call_actions(struct call *call);
void call_describe_type(struct call *call);

/* ---- ticket.c ---- */
/* POST to an http:// address; false: said why. */
bool call_fetch_ticket(struct call *call, const char *url, struct msgc_buf *ret_ticket);

/* ---- say.c ---- */
/* What came of a line. */
enum call_said {
	CALL_SAID_NOTHING, /* a blank, a remark */
	CALL_SAID_COMMAND,
	CALL_SAID_FRAME, /* call->text; ret_ref is its ref, or "" */
	CALL_SAID_WRONG, /* and said why */
};
enum call_said call_say(struct call *call, const char *line, char ret_ref[24],
        const struct call_action **ret_action);
const struct call_action *call_find_action(const struct call *call, const char *name, size_t len);
/* The member `payload`; NULL: none. is_all: there is no other. */
const struct model_member *call_payload(const struct model_message *message, bool *ret_is_all);
/* Where the value at a path of names and indices begins in a JSON text; as near as may be. */
size_t call_locate(const char *text, size_t len, const char *loc);

/* ---- hear.c ---- */
void call_hear(void *app, struct msgc_client *client, struct msgc_str frame);
void call_hear_state(void *app, struct msgc_client *client, const struct msgc_client_state *state);
/* Of the frames that have come: the first with this action and ref (NULL: any) that holds `json` (NULL: anything); taken out. */
struct call_heard *call_take(
        struct call *call, const char *action, const char *ref, const char *json);
struct call_heard *call_take_error(struct call *call);
void call_heard_free(struct call_heard *heard);
void call_forget_heard(struct call *call);
void call_complain(struct call *call, const char *format, ...) MSGC_PRINTF(2, 3);
/* Lines that are no frames, to people. */
void call_note(struct call *call, const char *format, ...) MSGC_PRINTF(2, 3);

/* ---- commands.c ---- */
/* "/help" … False: wrong, and said so. */
bool call_command(struct call *call, const char *line);
extern const struct call_command {
	const char *name, *arguments, *what;
} call_commands[];

/* ---- loop ---- */
/* Lets the client do what there is to do, for so long at most; also ends when `fd` is readable. */
bool call_turn(struct call *call, int fd, int64_t ms);
bool call_wait_live(struct call *call);

/* The ref of the ping at a script's end. */
#define CALL_SETTLE_REF "settle"

/* ---- script.c, edit.c ---- */
int call_run_script(struct call *call, FILE *script, const char *name);
int call_run_terminal(struct call *call);

/* ---- complete.c ---- */
/* What may stand at the end of `text`: whole words that begin at *ret_start. Texts live as long as the writer. */
void call_complete(const struct call *call, const char *text, size_t len, struct writer *w,
        struct vec *ret_words, size_t *ret_start);

#endif
