/* SPDX-License-Identifier: MIT */
/* hello_handlers.c - the server of docs/getting-started.md, finished. */
#include <stdio.h>

#include <msgc/server.h>

#include "hello.msgc.h"

static int door_greet(
        struct hello_door *door, const struct hello_greet *in, struct hello_greeting *reply)
{
	size_t size = in->payload.name.len + sizeof("Hello, !");
	char *text = msgc_arena_alloc(door->arena, size, 1);

	if (!text)
		return MSGC_ENOMEM;
	snprintf(text, size, "Hello, %s!", in->payload.name.ptr);
	reply->payload = msgc_str_from(text);
	return MSGC_OK;
}

static const struct hello_door_handlers door_handlers = {
        .greet = door_greet,
};

int main(int argc, char **argv)
{
	struct msgc_server *server = msgc_server_new(argc, argv);

	hello_door_serve(server, &door_handlers, NULL);
	return msgc_server_run(server);
}
