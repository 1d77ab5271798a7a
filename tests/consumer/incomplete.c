/* SPDX-License-Identifier: MIT */
/*
 * incomplete.c - a server for rooms.msg in which most handlers and all authentication hooks are missing: it must name them and not start.
 */
#include <msgc/server.h>

#include "rooms.msgc.h"

static int chat(
        struct rooms_room *room, const struct rooms_chat *in, struct rooms_chat_saved *reply)
{
	(void)room;
	(void)in;
	reply->payload.id = 1;
	return MSGC_OK;
}

int main(int argc, char **argv)
{
	static const struct rooms_room_handlers handlers = {.chat = chat};
	struct msgc_server *server = msgc_server_new(argc, argv);

	rooms_room_serve(server, &handlers, NULL);
	return msgc_server_run(server);
}
