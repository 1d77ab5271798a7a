/* SPDX-License-Identifier: MIT */
/*
 * msgc's server as it is measured: every message is validated, dispatched to its handler, counted; what is broadcast goes to a group whose
 * members each see their own side of it. It must not know what is measured.
 */
#include "speed.msgc.h"

static int echo(
        struct speed_mirror *mirror, const struct speed_chat *in, struct speed_chat_back *reply)
{
	(void)mirror;
	reply->payload = in->payload;
	return MSGC_OK;
}

static int post(struct speed_room *room, const struct speed_chat *in)
{
	const struct speed_chat_posted posted = {.payload = in->payload};

	return speed_everybody_broadcast_chat_posted(
	        room->server, room->sender, &posted, MSGC_TO_ALL);
}

/* The handlers keep nothing between messages: a worker has nothing to begin with. */
static int start(void *app, unsigned worker)
{
	(void)app;
	(void)worker;
	return MSGC_OK;
}

int main(int argc, char **argv)
{
	static const struct speed_mirror_handlers mirror = {.chat = echo};
	static const struct speed_room_handlers room = {.chat = post};
	struct msgc_server *server = msgc_server_new(argc, argv);

	msgc_server_on_worker(server, start, NULL, NULL);
	speed_mirror_serve(server, &mirror, NULL);
	speed_room_serve(server, &room, NULL);
	return msgc_server_run(server);
}
