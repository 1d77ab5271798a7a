/* SPDX-License-Identifier: MIT */
/*
 * What a client in C writes with stage.msg. It is compiled, never run: a change of the contract that breaks it must be an error here, at the line that no
 * longer fits.
 */
#include "stage.client.h"

int usage_enter(const struct msgc_client_options *options, struct stage_stage_door_client **ret);
int usage_add(struct stage_stage_door_client *client);
int usage_follow(struct stage_lounge_door_client *client, struct stage_discussion_client **ret);
int usage_answer(struct stage_lounge_door_client *client, struct msgc_str ref);

static void on_line(void *app, struct stage_stage_door_client *client,
        const struct stage_line *line, const struct msgc_client_frame *frame)
{
	struct msgc_buf *out = app;

	(void)client;
	if (!frame->is_mine)
		msgc_buf_append(out, line->payload.text.ptr, line->payload.text.len);
}

int usage_enter(const struct msgc_client_options *options, struct stage_stage_door_client **ret)
{
	static const struct stage_stage_door_client_handlers handlers = {
	        .line = on_line,
	};
	const struct stage_stage_door_params params = {
	        .name = MSGC_STR("x"),
	        .level = 1,
	};

	return stage_stage_door_client_new(options, &params, &handlers, ret);
}

static void on_sum(void *app, struct stage_stage_door_client *client,
        const struct msgc_outcome *outcome, const struct stage_sum *answer, void *arg)
{
	const int64_t *total = answer ? &answer->payload.total : 0;

	(void)app;
	(void)client;
	if (outcome->result == MSGC_OK)
		*(int64_t *)arg = *total;
}

int usage_add(struct stage_stage_door_client *client)
{
	static int64_t total;
	const struct stage_add add = {.payload = {.a = 1, .b = 2}};

	return stage_stage_door_client_request_add(client, &add, NULL, on_sum, &total);
}

int usage_follow(struct stage_lounge_door_client *client, struct stage_discussion_client **ret)
{
	return stage_lounge_door_client_topic_discussion(client, MSGC_STR("7"), NULL, NULL, ret);
}

int usage_answer(struct stage_lounge_door_client *client, struct msgc_str ref)
{
	const struct stage_answer answer = {.payload = {.choice = 3}};

	return stage_lounge_door_client_answer_ask_answer(client, &answer, ref);
}
