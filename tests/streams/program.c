/* SPDX-License-Identifier: MIT */
/*
 * A program that keeps histories. It must not know what is tested with it.
 */
#include "program.h"

static int find_session(
        void *app, struct msgc_lookup *lookup, struct msgc_str cookie, struct msgc_user *ret_user)
{
	(void)app;
	(void)lookup;
	ret_user->id = cookie;
	return MSGC_OK;
}

static int say(struct streams_talk *talk, const struct streams_say *in, struct streams_said *reply)
{
	const struct streams_line line = {.payload = in->payload};

	(void)reply;
	return streams_channel_broadcast_line(
	        talk->server, talk->params.name, talk->sender, &line, MSGC_TO_ALL);
}

static int wave(struct streams_talk *talk, const struct streams_wave *in)
{
	const struct streams_wink wink = {.payload = in->payload};

	return streams_channel_broadcast_wink(
	        talk->server, talk->params.name, talk->sender, &wink, MSGC_TO_ALL);
}

static int start_worker(void *app, unsigned worker)
{
	(void)app;
	(void)worker;
	return MSGC_OK;
}

struct msgc_server *streams_make(int argc, char **argv, void *app)
{
	static const struct streams_talk_handlers talk = {.say = say, .wave = wave};
	struct msgc_server *server = msgc_server_new(argc, argv);

	msgc_server_use_sessions(server, "sid", find_session, NULL);
	msgc_server_on_worker(server, start_worker, NULL, NULL);
	streams_talk_serve(server, &talk, app);
	return server;
}
