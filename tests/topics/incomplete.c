/* SPDX-License-Identifier: MIT */
/*
 * incomplete.c - a server for topics.msg that serves one topic without some of its handlers, one twice, and one not at all: it must name
 * them and not start.
 */
#include <msgc/server.h>

#include "topics.msgc.h"

static int say(struct topics_discussion *discussion, const struct topics_say *in,
        struct topics_said *reply)
{
	(void)discussion;
	(void)in;
	reply->payload.id = 1;
	return MSGC_OK;
}

static int shout(struct topics_news *news, const struct topics_shout *in)
{
	(void)news;
	(void)in;
	return MSGC_OK;
}

int main(int argc, char **argv)
{
	static const struct topics_discussion_handlers discussion = {.say = say};
	static const struct topics_news_handlers news = {.shout = shout};
	static const struct topics_log_handlers log;
	static const struct topics_door_handlers door;
	struct msgc_server *server = msgc_server_new(argc, argv);

	topics_discussion_serve(server, &discussion, NULL);
	topics_news_serve(server, &news, NULL);
	topics_news_serve(server, &news, NULL);
	topics_log_serve(server, &log, NULL);
	topics_door_serve(server, &door, NULL);
	return msgc_server_run(server);
}
