/* SPDX-License-Identifier: MIT */
/*
 * What a program in C writes with stage.msg. It is compiled, never run: a change of the contract that breaks it must be an error here.
 */
#include "stage.msgc.h"

int usage_say(struct msgc_buf *out);
int usage_hear(char *text, size_t len, struct msgc_arena *arena, struct msgc_buf *out);
int64_t usage_total(const struct stage_sum *sum);
size_t usage_tags(const struct stage_waved *waved);
double usage_prop(const struct stage_prop *prop);
int usage_tell(struct stage_gallery *gallery, const struct stage_line *line);
void usage_serve(struct msgc_server *server);

int usage_say(struct msgc_buf *out)
{
	const struct stage_say say = {
	        .payload = MSGC_STR("hello"), .mood = {.value = STAGE_MOOD_CALM}};

	return stage_say_encode(&say, out);
}

int usage_hear(char *text, size_t len, struct msgc_arena *arena, struct msgc_buf *out)
{
	struct stage_line line;
	int result = stage_line_decode_in_place(text, len, NULL, arena, &line, NULL);

	if (result == 0)
		msgc_buf_append(out, line.payload.text.ptr, line.payload.text.len);
	return result;
}

int64_t usage_total(const struct stage_sum *sum)
{
	const int64_t *total = &sum->payload.total;

	return *total;
}

size_t usage_tags(const struct stage_waved *waved)
{
	return waved->prop_is_null ? 0 : waved->tags.count;
}

double usage_prop(const struct stage_prop *prop)
{
	switch (prop->kind) {
	case STAGE_PROP_LAMP: return prop->lamp.watts;
	case STAGE_PROP_ROPE: return prop->rope.metres;
	case STAGE_PROP_ELSE: return 0;
	}
	return 0;
}

int usage_tell(struct stage_gallery *gallery, const struct stage_line *line)
{
	return stage_stage_broadcast_line(
	        gallery->server, gallery->params.name, gallery->sender, line, MSGC_TO_ALL);
}

static int say(struct stage_stage_door *door, const struct stage_say *in, struct stage_said *reply)
{
	(void)door;
	reply->payload.id = in->payload.len > 0;
	return MSGC_OK;
}

static int add(struct stage_stage_door *door, const struct stage_add *in, struct stage_sum *reply)
{
	(void)door;
	reply->payload.price = in->payload.price;
	return MSGC_OK;
}

void usage_serve(struct msgc_server *server)
{
	static const struct stage_stage_door_handlers handlers = {
	        .say = say,
	        .add = add,
	};

	stage_stage_door_serve(server, &handlers, NULL);
}
