/* SPDX-License-Identifier: MIT */
/*
 * A reader's beginning and end, and how it stops: at the NUL behind the text, where every other
 * function finds nothing to read. It knows no type of value.
 */
#include "reader.h"

#include <stdio.h>

/* What a reader that never began stands on. Nobody writes here. */
static char nothing[MSGC_PADDING];

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

static bool begin(struct msgc_reader *r, size_t len, const struct msgc_decode_options *options,
        struct msgc_arena *arena, struct msgc_problems *problems)
{
	static const struct msgc_decode_options defaults;
	size_t max_size;

	if (!options)
		options = &defaults;
	*r = (struct msgc_reader){.at = nothing, .text = nothing, .end = nothing, .arena = arena};
	r->max_depth = options->max_depth ? options->max_depth : MSGC_DEPTH_DEFAULT;
	if (r->max_depth > MSGC_DEPTH_MOST)
		r->max_depth = MSGC_DEPTH_MOST;
	r->unknown = options->unknown;
	r->keep_text = options->keep_text;
	msgc_scope_open(&r->scope, problems);
	max_size =
	        options->max_size && options->max_size < INT32_MAX ? options->max_size : INT32_MAX;
	if (len > max_size) {
		stop(r, MSGC_ELIMIT, "text too long", r->text);
		return false;
	}
	return true;
}

static void start_on(struct msgc_reader *r, char *text, size_t len)
{
	r->at = r->text = text;
	r->end = text + len;
	r->slack = MSGC_PADDING;
	*r->end = '\0';
}

bool msgc_reader_open(struct msgc_reader *r, char *text, size_t len,
        const struct msgc_decode_options *options, struct msgc_arena *arena,
        struct msgc_problems *problems)
{
	if (!begin(r, len, options, arena, problems))
		return false;
	start_on(r, text, len);
	return true;
}

bool msgc_reader_open_copy(struct msgc_reader *r, const char *text, size_t len,
        const struct msgc_decode_options *options, struct msgc_arena *arena,
        struct msgc_problems *problems)
{
	char *copy;

	if (!begin(r, len, options, arena, problems))
		return false;
	copy = msgc_arena_alloc(arena, len + MSGC_PADDING, 1);
	if (!copy) {
		msgc_reader_no_memory(r);
		return false;
	}
	if (len)
		memcpy(copy, text, len);
	memset(copy + len, 0, MSGC_PADDING);
	start_on(r, copy, len);
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

	if (begin(&r, len, options, arena, problems)) {
		/* Skipping only reads, and looks no further than end. */
		r.at = r.text = (char *)(uintptr_t)(len ? text : nothing);
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
