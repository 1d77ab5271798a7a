/* SPDX-License-Identifier: MIT */
/*
 * A reader's beginning and end, and how it stops: at the NUL behind the text, where every other
 * function finds nothing to read. It knows no type of value.
 */
#include "reader.h"

#include <stdio.h>

/* What a reader that never began stands on. Nobody writes here. */
static char no_text[MSGC_PADDING];

static void stand_nowhere(struct msgc_reader *r)
{
	r->at = r->text = r->end = no_text;
	r->slack = 0;
}

MSGC__COLD static void add_json_invalid(struct msgc_problems *problems, const char *what, size_t at)
{
	char text[192], msg[256], ctx[384];
	struct msgc_buf buf;

	snprintf(text, sizeof text, "%s at byte %zu", what, at);
	snprintf(msg, sizeof msg, "Invalid JSON: %s", text);
	msgc_buf_init_fixed(&buf, ctx, sizeof ctx);
	msgc_buf_append_str(&buf, "{\"error\":");
	msgc_write_str(&buf, msgc_str_from(text));
	msgc_buf_printf(&buf, ",\"byte\":%zu}", at);
	msgc_problems_add(problems, "json_invalid", "[]", msg, msgc_buf_c(&buf));
}

/* Nothing more is read, and nothing more is told. */
static void halt(struct msgc_reader *r, int error)
{
	r->error = error;
	r->scope.problems = NULL;
	r->at = r->end;
}

MSGC__COLD static void stop(struct msgc_reader *r, int error, const char *what, const char *where)
{
	if (r->error)
		return;
	if (r->scope.problems) {
		msgc_problems_clear(r->scope.problems);
		add_json_invalid(r->scope.problems, what, (size_t)(where - r->text));
	}
	halt(r, error);
}

void msgc__reader_stop(struct msgc_reader *r, const char *what, const char *where)
{
	stop(r, MSGC_ECONTRACT, what, where);
}

void msgc__reader_too_deep(struct msgc_reader *r, const char *where)
{
	stop(r, MSGC_ELIMIT, "recursion limit exceeded", where);
}

void msgc_reader_no_memory(struct msgc_reader *r)
{
	if (!r->error)
		halt(r, MSGC_ENOMEM);
}

bool msgc__reader_too_long(struct msgc_reader *r)
{
	stand_nowhere(r);
	stop(r, MSGC_ELIMIT, "text too long", r->text);
	return false;
}

bool msgc_reader_open(struct msgc_reader *r, char *text, size_t len,
        const struct msgc_decode_options *options, struct msgc_arena *arena,
        struct msgc_problems *problems)
{
	return msgc__reader_begin(r, text, len, options, arena, problems);
}

bool msgc_reader_open_copy(struct msgc_reader *r, const char *text, size_t len,
        const struct msgc_decode_options *options, struct msgc_arena *arena,
        struct msgc_problems *problems)
{
	char *copy;

	if (!msgc__reader_set_up(r, len, options, arena, problems))
		return msgc__reader_too_long(r);
	copy = msgc_arena_alloc(arena, len + MSGC_PADDING, 1);
	if (!copy) {
		stand_nowhere(r);
		msgc_reader_no_memory(r);
		return false;
	}
	if (len)
		memcpy(copy, text, len);
	memset(copy + len, 0, MSGC_PADDING);
	msgc__reader_start(r, copy, len);
	return true;
}

int msgc_reader_close(struct msgc_reader *r)
{
	if (r->at != r->end) {
		msgc__reader_space(r);
		if (r->at != r->end)
			msgc__reader_stop(r, "trailing characters", r->at);
	}
	if (r->error)
		return r->error;
	return msgc_scope_close(&r->scope);
}

int msgc_json_validate(const char *text, size_t len, const struct msgc_decode_options *options,
        struct msgc_arena *arena, struct msgc_problems *problems)
{
	struct msgc__arena_mark before = msgc__arena_mark(arena);
	struct msgc_reader r;

	if (!msgc__reader_set_up(&r, len, options, arena, problems)) {
		msgc__reader_too_long(&r);
	} else {
		/* Skipping only reads, and looks no further than end. */
		r.at = r.text = (char *)(uintptr_t)(len ? text : no_text);
		r.end = r.text + len;
		r.slack = 0;
		msgc__reader_skip(&r);
		if (!r.error) {
			r.at += msgc__scan_space(r.at, r.end, r.slack) - r.at;
			if (r.at != r.end)
				msgc__reader_stop(&r, "trailing characters", r.at);
		}
	}
	msgc__arena_rewind(arena, before);
	return r.error;
}

void msgc__reader_skip(struct msgc_reader *r)
{
	struct msgc__skip s;
	int result;

	if (r->error)
		return;
	if (MSGC__LIKELY(r->slack == MSGC_PADDING)) {
		const char *end = msgc__kernels->skip(r->at, r->end, r->max_depth - r->depth);

		if (MSGC__LIKELY(end != NULL)) {
			r->at += end - r->at;
			return;
		}
	}
	s.p = r->at;
	s.end = r->end;
	s.slack = r->slack;
	s.depth = r->depth;
	s.max_depth = r->max_depth;
	s.arena = r->arena;
	result = msgc__skip_value(&s);
	switch (result) {
	case 0: r->at += s.p - r->at; break;
	case MSGC_ECONTRACT: msgc__reader_stop(r, s.wrong, s.p); break;
	case MSGC_ELIMIT: msgc__reader_too_deep(r, s.p); break;
	default: msgc_reader_no_memory(r);
	}
}

void msgc_read_skip(struct msgc_reader *r)
{
	msgc__reader_skip(r);
}

bool msgc__read_wrong_kind(struct msgc_reader *r, const char *type, const char *msg)
{
	if (r->error)
		return false;
	msgc__scope_problem(&r->scope, type, msg, NULL);
	msgc__reader_skip(r);
	return false;
}

void msgc_read_refuse(struct msgc_reader *r, const char *type, const char *msg)
{
	msgc__read_wrong_kind(r, type, msg);
}
