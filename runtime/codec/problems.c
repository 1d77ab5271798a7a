/* SPDX-License-Identifier: MIT */
/*
 * The list of what was refused: a bounded store of texts, and its JSON and plain forms. It knows no
 * constraint; what the words are is refuse.c's.
 */
#include "internal.h"

void msgc_problems_clear(struct msgc_problems *problems)
{
	if (problems)
		problems->count = problems->kept = problems->used = 0;
}

/* A copy in the store, or NULL when it is full. */
static const char *keep(struct msgc_problems *problems, const char *text)
{
	size_t len = strlen(text) + 1;
	char *to = problems->text + problems->used;

	if (len > sizeof problems->text - problems->used)
		return NULL;
	memcpy(to, text, len);
	problems->used += (uint32_t)len;
	return to;
}

void msgc_problems_add(struct msgc_problems *problems, const char *type, const char *loc,
        const char *msg, const char *ctx)
{
	struct msgc_problem *item;
	uint32_t used;

	if (!problems)
		return;
	if (problems->count < UINT32_MAX)
		problems->count++;
	if (problems->kept >= MSGC_PROBLEMS_KEPT)
		return;
	used = problems->used;
	item = &problems->items[problems->kept];
	item->type = keep(problems, type);
	item->loc = keep(problems, loc);
	item->msg = keep(problems, msg);
	if (!item->type || !item->loc || !item->msg) {
		problems->used = used;
		return;
	}
	item->ctx = ctx ? keep(problems, ctx) : NULL;
	problems->kept++;
}

static void write_member(struct msgc_buf *buf, const char *name, const char *value)
{
	msgc_buf_append_str(buf, name);
	msgc_write_str(buf, msgc_str_from(value));
}

int msgc_problems_write(const struct msgc_problems *problems, struct msgc_buf *buf)
{
	const struct msgc_problem *item;

	msgc_write_lit(buf, "[");
	for (uint32_t i = 0; i < problems->kept; i++) {
		item = &problems->items[i];
		write_member(buf, i ? ",{\"type\":" : "{\"type\":", item->type);
		msgc_write_lit(buf, ",\"loc\":");
		msgc_buf_append_str(buf, item->loc);
		write_member(buf, ",\"msg\":", item->msg);
		if (item->ctx) {
			msgc_write_lit(buf, ",\"ctx\":");
			msgc_buf_append_str(buf, item->ctx);
		}
		msgc_write_lit(buf, "}");
	}
	msgc_write_lit(buf, "]");
	return buf->error;
}

int msgc_problems_print(const struct msgc_problems *problems, struct msgc_buf *buf)
{
	const struct msgc_problem *item;

	for (uint32_t i = 0; i < problems->kept; i++) {
		item = &problems->items[i];
		msgc_buf_append_str(buf, item->loc);
		msgc_buf_append_str(buf, ": ");
		msgc_buf_append_str(buf, item->msg);
		msgc_buf_append_str(buf, " (");
		msgc_buf_append_str(buf, item->type);
		msgc_buf_append_str(buf, ")\n");
	}
	if (problems->count > problems->kept)
		msgc_buf_printf(buf, "and %u more\n", problems->count - problems->kept);
	return buf->error;
}
