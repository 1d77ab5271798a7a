/* SPDX-License-Identifier: MIT */
/*
 * A roster as a client keeps it. It must not know anything but the two messages.
 */
#include "model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

static struct model_user *find(struct model *model, struct msgc_str id)
{
	for (size_t i = 0; i < model->count; i++) {
		if (msgc_str_equal(msgc_str_from(model->users[i].id), id))
			return &model->users[i];
	}
	return NULL;
}

static void put(struct model *model, const struct msgc_std_presence_user *from)
{
	struct model_user *user = find(model, from->id);

	if (!user) {
		ck_assert_uint_lt(model->count, sizeof model->users / sizeof model->users[0]);
		user = &model->users[model->count++];
	}
	ck_assert_uint_gt(from->connections, 0);
	snprintf(user->id, sizeof user->id, "%.*s", (int)from->id.len, from->id.ptr);
	snprintf(user->info, sizeof user->info, "%.*s", (int)from->info.len, from->info.ptr);
	user->connections = from->connections;
}

static void take_out(struct model *model, const struct msgc_std_presence_user *from)
{
	struct model_user *user = find(model, from->id);

	ck_assert_uint_eq(from->connections, 0);
	if (user)
		*user = model->users[--model->count];
}

static void take_diff(struct model *model, const struct msgc_test_frame *frame)
{
	struct msgc_std_presence_diff diff;

	msgc_test_decode(frame, &msgc_std_presence_diff_message, &diff);
	ck_assert_msg(model->listed, "a diff for one who has no list: %s", frame->text.ptr);
	ck_assert_msg(diff.payload.joins.count + diff.payload.leaves.count > 0,
	        "a diff of nothing: %s", frame->text.ptr);
	for (size_t i = 0; i < diff.payload.joins.count; i++)
		put(model, &diff.payload.joins.items[i]);
	for (size_t i = 0; i < diff.payload.leaves.count; i++)
		take_out(model, &diff.payload.leaves.items[i]);
	model->told = diff.payload.count;
	model->diffs++;
}

static void take_state(struct model *model, const struct msgc_test_frame *frame)
{
	struct msgc_std_presence_state state;

	msgc_test_decode(frame, &msgc_std_presence_state_message, &state);
	model->count = 0;
	model->listed = state.payload.has_users;
	for (size_t i = 0; model->listed && i < state.payload.users.count; i++)
		put(model, &state.payload.users.items[i]);
	model->told = state.payload.count;
	model->states++;
}

void model_take(struct model *model, const struct msgc_test_frame *frame)
{
	if (msgc_str_equal(frame->action, msgc_str_from("presence_state")))
		take_state(model, frame);
	else if (msgc_str_equal(frame->action, msgc_str_from("presence_diff")))
		take_diff(model, frame);
	else
		ck_abort_msg("not of a roster: %s", frame->text.ptr);
	if (model->listed)
		ck_assert_msg(model->told == model->count, "counted %u, listed %zu: %s",
		        model->told, model->count, frame->text.ptr);
}

static int compare(const void *a, const void *b)
{
	const struct model_user *x = a, *y = b;

	return strcmp(x->id, y->id);
}

const char *model_text(const struct model *model)
{
	static char text[256 * 72];
	struct model copy = *model;
	size_t len = 0;

	if (!model->listed) {
		snprintf(text, sizeof text, "%u", model->told);
		return text;
	}
	qsort(copy.users, copy.count, sizeof copy.users[0], compare);
	text[0] = '\0';
	for (size_t i = 0; i < copy.count; i++) {
		len += (size_t)snprintf(
		        text + len, sizeof text - len, "%s%s", i > 0 ? " " : "", copy.users[i].id);
		if (copy.users[i].connections > 1)
			len += (size_t)snprintf(
			        text + len, sizeof text - len, "*%u", copy.users[i].connections);
	}
	return text;
}

const char *model_info(const struct model *model, const char *id)
{
	for (size_t i = 0; i < model->count; i++) {
		if (strcmp(model->users[i].id, id) == 0)
			return model->users[i].info;
	}
	return NULL;
}

void model_await(struct model *model, struct msgc_test_client *client, const char *text)
{
	while (model->states == 0 || strcmp(model_text(model), text) != 0)
		model_take(model, msgc_test_receive(client));
}
