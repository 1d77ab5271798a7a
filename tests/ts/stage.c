/* SPDX-License-Identifier: MIT */
/*
 * The server that the TypeScript client is tested against. Tokens are "NAME.ISSUED.EXPIRES" in seconds. It must not know what is tested
 * with it.
 */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <msgc/http.h>
#include <msgc/server.h>

#include "stage.msgc.h"

static atomic_uint n_said;

static int verify(void *context, struct msgc_str token, int64_t now, struct msgc_arena *arena,
        struct msgc_user *ret_user)
{
	char name[32];
	long long issued, expires;

	(void)context;
	if (sscanf(token.ptr, "%30[a-z].%lld.%lld", name, &issued, &expires) != 3 ||
	        (expires && expires <= now))
		return MSGC_EUNAUTHENTICATED;
	ret_user->realm = MSGC_STR("stage");
	ret_user->issued_at = issued;
	ret_user->expires_at = expires;
	return msgc_arena_copy(arena, msgc_str_from(name), &ret_user->id);
}

static int check_basic(void *app, struct msgc_lookup *lookup, struct msgc_str name,
        struct msgc_str password, struct msgc_user *ret_user)
{
	(void)app;
	(void)lookup;
	if (!msgc_str_equal(password, MSGC_STR("sesame")))
		return MSGC_EUNAUTHENTICATED;
	ret_user->realm = MSGC_STR("stage");
	ret_user->id = name;
	return MSGC_OK;
}

static struct msgc_datetime now(void)
{
	struct msgc_datetime result = {0};
	struct timespec time;

	clock_gettime(CLOCK_REALTIME, &time);
	(void)msgc_datetime_from_unix_ns((int64_t)time.tv_sec * 1000000000 + time.tv_nsec, &result);
	return result;
}

static int broadcast(struct msgc_server *server, struct msgc_str name,
        const struct msgc_sender *sender, const struct stage_say *in)
{
	const struct stage_line line = {.payload = {.text = in->payload, .mood = in->mood}};

	return stage_stage_broadcast_line(server, name, sender, &line, MSGC_TO_ALL);
}

static int say(struct stage_stage_door *door, const struct stage_say *in, struct stage_said *reply)
{
	reply->payload.id = INT64_C(9007199254740993) + (int64_t)atomic_fetch_add(&n_said, 1);
	reply->payload.at = now();
	return broadcast(door->server, door->params.name, door->sender, in);
}

static int add(struct stage_stage_door *door, const struct stage_add *in, struct stage_sum *reply)
{
	(void)door;
	reply->payload.total = in->payload.a + in->payload.b;
	reply->payload.price = in->payload.price;
	return MSGC_OK;
}

static void rest(uint32_t ms)
{
	const struct timespec time = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L};

	nanosleep(&time, NULL);
}

static int door_rests(struct stage_stage_door_wait_for_pending *pending)
{
	rest(pending->in->payload);
	return MSGC_OK;
}

static int door_rested(
        struct stage_stage_door_wait_for_pending *pending, struct stage_stage_door *door)
{
	(void)pending;
	(void)door;
	return MSGC_OK;
}

static int door_waits(
        struct stage_stage_door *door, const struct stage_wait_for *in, struct stage_waited *reply)
{
	(void)in;
	(void)reply;
	return stage_stage_door_wait_for_later(door, door_rests, door_rested);
}

static int door_refuses(
        struct stage_stage_door *door, const struct stage_refuse *in, struct stage_fine *reply)
{
	(void)reply;
	return msgc_refuse(door->connection, "%.*s", (int)in->payload.len, in->payload.ptr);
}

static int wave(struct stage_stage_door *door, const struct stage_wave *in)
{
	const struct stage_waved waved = {
	        .payload = in->payload, .prop_is_null = !in->has_prop, .prop = in->prop};

	return stage_stage_broadcast_waved(
	        door->server, door->params.name, door->sender, &waved, MSGC_TO_ALL);
}

static int count(
        struct stage_stage_door *door, const struct stage_count *in, struct stage_counted *reply)
{
	(void)door;
	(void)in;
	reply->payload = atomic_load(&n_said);
	return MSGC_OK;
}

static int wonder(struct stage_stage_door *door, const struct stage_wonder *in)
{
	const struct stage_surprise surprise = {.payload = MSGC_STR("boo")};

	(void)in;
	return stage_stage_door_send_surprise(door, &surprise);
}

static int wonder_two(struct stage_stage_door *door, const struct stage_wonder_two *in)
{
	(void)in;
	return wonder(door, NULL);
}

static int gallery_says(struct stage_gallery *gallery, const struct stage_say *in)
{
	return broadcast(gallery->server, gallery->params.name, gallery->sender, in);
}

static int gallery_rests(struct stage_gallery_wait_for_pending *pending)
{
	rest(pending->in->payload);
	return MSGC_OK;
}

static int gallery_rested(
        struct stage_gallery_wait_for_pending *pending, struct stage_gallery *gallery)
{
	(void)pending;
	(void)gallery;
	return MSGC_OK;
}

static int gallery_waits(struct stage_gallery *gallery, const struct stage_wait_for *in)
{
	(void)in;
	return stage_gallery_wait_for_later(gallery, gallery_rests, gallery_rested);
}

static int gallery_refuses(struct stage_gallery *gallery, const struct stage_refuse *in)
{
	return msgc_refuse(gallery->connection, "%.*s", (int)in->payload.len, in->payload.ptr);
}

/* ------------------------------------------------------------------------------------------------ the lounge */

static int present(
        struct stage_lounge_door *door, struct msgc_str name, struct stage_face *ret_entry)
{
	(void)name;
	ret_entry->name = door->user->id.len > 0 ? door->user->id : MSGC_STR("nobody");
	ret_entry->mood.value = STAGE_MOOD_CALM;
	return MSGC_OK;
}

static int feel(struct stage_lounge_door *door, const struct stage_feel *in)
{
	struct stage_face face = {0};

	(void)present(door, door->params.name, &face);
	face.mood = in->payload;
	return stage_lounge_door_present_lounge(door, door->params.name, &face);
}

static int answered(struct stage_lounge_door *door,
        const struct stage_lounge_door_ask_answer *answer, void *arg)
{
	struct stage_result result = {.payload = MSGC_STR("nothing")};

	(void)arg;
	if (answer->result != MSGC_OK)
		return answer->result;
	if (answer->kind == STAGE_LOUNGE_DOOR_ASK_ANSWER_NO_IDEA)
		result.payload = MSGC_STR("no idea");
	else if (answer->answer.payload.choice == 3)
		result.payload = MSGC_STR("right");
	else
		result.payload = MSGC_STR("wrong");
	return stage_lounge_door_send_result(door, &result);
}

static int quiz(struct stage_lounge_door *door, const struct stage_quiz *in)
{
	const struct stage_ask ask = {.payload = {.question = MSGC_STR("1 + 2?")}};

	(void)in;
	return stage_lounge_door_ask_ask(door, &ask, 5000, answered, NULL);
}

/* Nobody reads what is secret. */
static int may_read(void *app, struct msgc_lookup *lookup, const struct msgc_user *user,
        const struct stage_discussion_params *params, bool *ret_allowed)
{
	(void)app;
	(void)lookup;
	(void)user;
	*ret_allowed = !msgc_str_equal(params->id, MSGC_STR("secret"));
	return MSGC_OK;
}

static int talk(struct stage_discussion *discussion, const struct stage_talk *in,
        struct stage_talked *reply)
{
	const struct stage_told told = {.payload = in->payload};

	reply->payload = atomic_fetch_add(&n_said, 1);
	return stage_discussion_broadcast_told(
	        discussion->server, discussion->params.id, discussion->sender, &told, MSGC_TO_ALL);
}

static int present_reader(struct stage_discussion *discussion, struct stage_face *ret_entry)
{
	ret_entry->name = discussion->user->id;
	ret_entry->mood.value = STAGE_MOOD_LOUD;
	return MSGC_OK;
}

static int discussion_refuses(struct stage_discussion *discussion, const struct stage_refuse *in,
        struct stage_fine *reply)
{
	(void)reply;
	return msgc_refuse(discussion->connection, "%.*s", (int)in->payload.len, in->payload.ptr);
}

static int start_worker(void *app, unsigned worker)
{
	(void)app;
	(void)worker;
	return MSGC_OK;
}

int main(int argc, char **argv)
{
	static const struct stage_stage_door_handlers door = {.say = say,
	        .add = add,
	        .wait_for = door_waits,
	        .refuse = door_refuses,
	        .wave = wave,
	        .count = count,
	        .wonder = wonder,
	        .wonder_two = wonder_two};
	static const struct stage_gallery_handlers gallery = {
	        .say = gallery_says, .wait_for = gallery_waits, .refuse = gallery_refuses};
	static const struct stage_lounge_door_handlers lounge = {
	        .present_lounge = present, .feel = feel, .quiz = quiz};
	static const struct stage_discussion_handlers discussion = {.may_read = may_read,
	        .present = present_reader,
	        .talk = talk,
	        .refuse = discussion_refuses};
	struct msgc_server *server = msgc_server_new(argc, argv);
	const char *pages = getenv("STAGE_PAGES");

	msgc_server_on_worker(server, start_worker, NULL, NULL);
	msgc_server_use_tokens(server, verify, NULL, NULL, NULL);
	msgc_server_use_basic(server, check_basic, NULL);
	msgc_server_use_tickets(server, "/ticket", NULL, NULL);
	if (pages)
		msgc_server_static(server, "/", pages);
	stage_stage_door_serve(server, &door, NULL);
	stage_gallery_serve(server, &gallery, NULL);
	stage_discussion_serve(server, &discussion, NULL);
	stage_lounge_door_serve(server, &lounge, NULL);
	return msgc_server_run(server);
}
