/* SPDX-License-Identifier: MIT */
/* The smallest server: one message in, one message out. */
#include <msgc/server.h>

#include "echo.msgc.h"

static int say(struct echo_talk *talk, const struct echo_say *in, struct echo_said *reply)
{
	(void)talk;
	reply->payload = in->payload;
	return MSGC_OK;
}

int main(int argc, char **argv)
{
	static const struct echo_talk_handlers handlers = {.say = say};
	struct msgc_server *server = msgc_server_new(argc, argv);

	echo_talk_serve(server, &handlers, NULL);
	return msgc_server_run(server);
}
