/* SPDX-License-Identifier: MIT */
/*
 * The server that is to bear it: an answer for who asks, a group for who listens. It must not know who misbehaves.
 */
#include "overload.msgc.h"

static int ask(
        struct overload_desk *desk, const struct overload_ask *in, struct overload_answer *reply)
{
	(void)desk;
	reply->payload = in->payload;
	return MSGC_OK;
}

static int flood(struct overload_desk *desk, const struct overload_flood *in)
{
	const struct overload_flooded flooded = {.payload = in->payload};

	return overload_listeners_broadcast_flooded(
	        desk->server, desk->sender, &flooded, MSGC_TO_ALL);
}

int main(int argc, char **argv)
{
	static const struct overload_desk_handlers desk = {.ask = ask, .flood = flood};
	static const struct overload_seat_handlers seat = {0};
	struct msgc_server *server = msgc_server_new(argc, argv);

	overload_desk_serve(server, &desk, NULL);
	overload_seat_serve(server, &seat, NULL);
	return msgc_server_run(server);
}
