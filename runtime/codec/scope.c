/* SPDX-License-Identifier: MIT */
/*
 * Where in a value we are: the path of a problem, made only when there is one. It knows links on
 * the C stack, not readers.
 */
#include "internal.h"

#define LOC_MOST 1024 /* bytes of JSON; of a longer path the outer part is left out */
#define KEY_MOST 256  /* bytes of one name */

/* Text that grows to the left. */
struct leftward {
	char text[LOC_MOST];
	size_t at;
};

static bool prepend(struct leftward *l, const char *text, size_t len)
{
	if (len + sizeof "\"\xE2\x80\xA6\",[" > l->at)
		return false;
	l->at -= len;
	memcpy(l->text + l->at, text, len);
	return true;
}

static bool prepend_link(struct leftward *l, const struct msgc_loc *link)
{
	char text[KEY_MOST * 6 + 4], *end;
	struct msgc_buf buf;

	msgc_buf_init_fixed(&buf, text, sizeof text);
	if (link->key.ptr) {
		msgc_buf_append_char(&buf, '"');
		msgc__write_escaped(
		        &buf, link->key.ptr, msgc_utf8_cut(link->key.ptr, link->key.len, KEY_MOST));
		msgc_buf_append_char(&buf, '"');
	} else {
		end = msgc__format_uint64(text, link->index);
		buf.len = (size_t)(end - text);
	}
	if (l->text[l->at] != ']')
		msgc_buf_append_char(&buf, ',');
	return prepend(l, text, buf.len);
}

/* The path as a JSON array in l->text + l->at. */
static void write_loc(struct leftward *l, const struct msgc_loc *link)
{
	l->at = sizeof l->text - 2;
	memcpy(l->text + l->at, "]", 2);
	for (; link; link = link->up) {
		if (!prepend_link(l, link)) {
			l->at -= 6;
			memcpy(l->text + l->at, "\"\xE2\x80\xA6\",", 6);
			break;
		}
	}
	l->text[--l->at] = '[';
}

MSGC__COLD void msgc__scope_problem(
        struct msgc_scope *s, const char *type, const char *msg, const char *ctx)
{
	struct leftward l;

	if (s->refused < UINT32_MAX)
		s->refused++;
	if (!s->problems)
		return;
	write_loc(&l, s->at);
	msgc_problems_add(s->problems, type, l.text + l.at, msg, ctx);
}

void msgc_scope_open(struct msgc_scope *s, struct msgc_problems *problems)
{
	*s = (struct msgc_scope){.problems = problems};
	msgc_problems_clear(problems);
}

bool msgc_scope_enter(struct msgc_scope *s, struct msgc_loc *loc)
{
	if (s->depth >= MSGC_DEPTH_MOST) {
		msgc__scope_problem(s, "recursion_depth_exceeded",
		        "Recursion error - maximum validation depth exceeded", NULL);
		return false;
	}
	s->depth++;
	*loc = (struct msgc_loc){.up = s->at, .key = {"", 0}};
	s->at = loc;
	return true;
}

void msgc_scope_key_begin(struct msgc_scope *s, struct msgc_loc *loc)
{
	*loc = (struct msgc_loc){.up = s->at, .key = MSGC_STR_INIT("[key]")};
	s->at = loc;
}

void msgc_scope_key_end(struct msgc_scope *s)
{
	s->at = s->at->up;
}
